//! Names in Latin letters and placeholders that took each other's place: both languages write them in the same letters.

use super::edit::{Kind, New, Splice};
use super::item::replaced;
use super::piece::{Item, Piece, PieceKind};
use super::{Case, Change};
use crate::lang::Lang;
use crate::lexicon::{Lexicon, stem};

/// The changes that are sure.
pub(super) fn changes(case: &Case<'_>) -> Vec<Change> {
    replaced(case)
        .into_iter()
        .filter_map(|(a, b)| {
            let (new, old) = (&case.pieces.query[a.clone()], &case.pieces.source[b.clone()]);
            let old_range = old.first()?.range.start..old.last()?.range.end;
            let new_range = new.first()?.range.start..new.last()?.range.end;
            let (new_text, old_text) = (&case.texts.query[new_range.clone()], &case.texts.source[old_range.clone()]);
            let placeholders = [new, old].iter().any(|pieces| matches!(pieces, [piece] if is_placeholder(piece)));
            let literal =
                |pieces: &[Piece]| pieces.iter().all(is_latin) || matches!(pieces, [piece] if is_placeholder(piece));
            let sure = case.alignment.are_sure(&case.pieces.query, &case.pieces.source, (a.clone(), b.clone()));
            if !sure || !literal(new) || !literal(old) || new == old {
                return None;
            }
            // What English writes in Latin letters Arabic does with names only.
            let is_name = |pieces: &[Piece], text: &str| {
                case.lang == Lang::Ar
                    || placeholders && !pieces.iter().all(is_latin)
                    || matches!(pieces, [_]) && is_name(text)
            };
            if !is_name(new, new_text) {
                return None;
            }
            let once_here = once(case.texts.source, old_text)?;
            let range = once(case.texts.target, old_text).filter(|_| once_here == old_range)?;
            let kind = if placeholders { Kind::Code } else { Kind::Name };
            let splices = vec![Splice { range, to: New::Text(new_text.to_owned()) }];
            Some(Change { kind, query: new_range, source: old_range, splices })
        })
        .collect()
}

fn is_latin(piece: &Piece) -> bool {
    matches!(piece.kind, PieceKind::Word(Lang::En, _) | PieceKind::Space)
}

fn is_placeholder(piece: &Piece) -> bool {
    matches!(piece.item(), Some(Item::Placeholder(text)) if !text.starts_with('<'))
}

/// Whether a Latin word in an English text is surely a name: written so (`WebRender`, `GTK`), or with a capital and unknown to the
/// lexicon.
fn is_name(word: &str) -> bool {
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    let length = word.chars().count();
    let inner = word.chars().skip(1).any(char::is_uppercase);
    let unknown = || Lexicon::shipped().word(Lang::En, &stem(Lang::En, word)).is_none();
    inner && (capitals < length || length <= 5) || capitals == 1 && length > 2 && unknown()
}

/// Where `part` stands in `text`, between no letters or digits, if it does just once.
fn once(text: &str, part: &str) -> Option<std::ops::Range<usize>> {
    let borders = |at: usize| {
        let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        !word(text[..at].chars().next_back()) && !word(text[at + part.len()..].chars().next())
    };
    let mut found = text.match_indices(part).filter(|(at, _)| borders(*at));
    let first = found.next()?;
    found.next().is_none().then(|| first.0..first.0 + part.len())
}
