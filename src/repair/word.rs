//! Words that became others, where the memory or a glossary knows what both are in the other language.

use super::edit::{Kind, New, Splice};
use super::item::{are_words, replaced};
use super::piece::{Piece, PieceKind};
use super::{Case, Change};
use crate::glossary::Glossary;
use crate::lang::Lang;
use crate::text::{TokenKind, key, tokens};
use std::ops::Range;

/// What is known of words: a memory, a glossary.
pub trait Knowledge {
    /// The translations of a word or a few (in any spelling) into the other language, as they are written; none if it is not known.
    fn translations(&self, lang: Lang, term: &str) -> Vec<String>;
}

/// Nothing is known.
impl Knowledge for () {
    fn translations(&self, _: Lang, _: &str) -> Vec<String> {
        Vec::new()
    }
}

impl Knowledge for Glossary {
    fn translations(&self, lang: Lang, term: &str) -> Vec<String> {
        self.translations(lang, term).into_iter().map(str::to_owned).collect()
    }
}

impl<K: Knowledge> Knowledge for Option<K> {
    fn translations(&self, lang: Lang, term: &str) -> Vec<String> {
        self.as_ref().map(|known| known.translations(lang, term)).unwrap_or_default()
    }
}

impl<F: Fn(Lang, &str) -> Vec<String>> Knowledge for F {
    fn translations(&self, lang: Lang, term: &str) -> Vec<String> {
        self(lang, term)
    }
}

/// So many words at most may change together, and in so many places.
const MOST_WORDS: usize = 3;
const MOST_PLACES: usize = 2;
/// From this similarity on (Levenshtein, of the longer one) two words are forms of one.
const SAME_WORD: f64 = 0.6;

/// The changes that are sure.
pub(super) fn changes(case: &Case<'_>, knowledge: &dyn Knowledge) -> Vec<Change> {
    let places: Vec<(Range<usize>, Range<usize>)> = replaced(case);
    if places.len() > MOST_PLACES {
        return Vec::new();
    }
    let words = |pieces: &[Piece]| pieces.iter().filter(|piece| !piece.is_space()).count();
    // A word for a phrase is seldom the same kind of thing.
    let are_alike = |new: &[Piece], old: &[Piece]| {
        are_words(new) && are_words(old) && words(new) == words(old) && (1..=MOST_WORDS).contains(&words(new))
    };
    places
        .into_iter()
        .filter(|(a, b)| are_alike(&case.pieces.query[a.clone()], &case.pieces.source[b.clone()]))
        .filter_map(|(a, b)| change(case, knowledge, a, b))
        .collect()
}

fn change(case: &Case<'_>, knowledge: &dyn Knowledge, a: Range<usize>, b: Range<usize>) -> Option<Change> {
    let span = |pieces: &[Piece]| Some(pieces.first()?.range.start..pieces.last()?.range.end);
    let (query, source) = (span(&case.pieces.query[a])?, span(&case.pieces.source[b])?);
    let (new, old) = (&case.texts.query[query.clone()], &case.texts.source[source.clone()]);
    if occurrences(case.lang, case.texts.source, old).len() != 1 || !are_like(case.lang, new, old) {
        return None;
    }
    let to = case.lang.other();
    let olds = knowledge.translations(case.lang, old);
    // Each translation that stands in the target, by its place.
    let mut places: Vec<(Range<usize>, String)> = Vec::new();
    for translation in olds {
        for range in occurrences(to, case.texts.target, &translation) {
            if !places.iter().any(|(other, _)| *other == range) {
                places.push((range, translation.clone()));
            }
        }
    }
    let [(range, known)] = &places[..] else { return None };
    let mut news: Vec<String> = Vec::new();
    for translation in knowledge.translations(case.lang, new) {
        if !news.iter().any(|other| key(to, other) == key(to, &translation)) {
            news.push(translation);
        }
    }
    let [translation] = &news[..] else { return None };
    let there = &case.texts.target[range.clone()];
    if key(to, translation) == key(to, there) {
        return None;
    }
    let written = match to {
        Lang::Ar => arabic(translation, known)?,
        Lang::En => english(case, range, translation, there, known)?,
    };
    let splices = vec![Splice { range: range.clone(), to: New::Text(written) }];
    Some(Change { kind: Kind::Word, query, source, splices })
}

/// Whether the words can take each other's place: another form of the same word is grammar (`use`, `usage`). In Arabic only words with
/// the article are surely nouns or their adjectives, and both are adjectives of relation (`الشخصية`) or neither.
fn are_like(lang: Lang, new: &str, old: &str) -> bool {
    let (new, old) = (key(lang, new), key(lang, old));
    let (new, old) = (new.as_str(), old.as_str());
    let relation = |text: &str| text.split(' ').any(|word| word.ends_with("يه") || word.ends_with('ي'));
    let definite = |text: &str| text.starts_with("ال");
    let bare = |text: &str| text.strip_prefix("ال").unwrap_or(text).to_owned();
    strsim::normalized_levenshtein(&bare(new), &bare(old)) < SAME_WORD
        && (lang == Lang::En || definite(new) && definite(old) && relation(new) == relation(old))
}

/// Where `term` stands in `text`, word by word, whatever their spelling.
fn occurrences(lang: Lang, text: &str, term: &str) -> Vec<Range<usize>> {
    let words = |text: &str| -> Vec<(Range<usize>, String)> {
        let word = |token: &crate::text::Token<'_>| matches!(token.kind, TokenKind::Word(_) | TokenKind::Number);
        let tokens = tokens(text);
        let words = tokens.iter().filter(|token| word(token));
        words.map(|token| (token.span.clone(), key(lang, token.text).as_str().to_owned())).collect()
    };
    let (text, term) = (words(text), words(term));
    if term.is_empty() || term.len() > text.len() {
        return Vec::new();
    }
    let same = |window: &&[(Range<usize>, String)]| window.iter().zip(&term).all(|(a, b)| a.1 == b.1);
    text.windows(term.len()).filter(same).map(|found| found[0].0.start..found[term.len() - 1].0.end).collect()
}

/// The Arabic words, if they are nouns with the article that agree with what is around them as the old ones did: in gender and
/// number, as far as the ending tells it, and in number of words.
fn arabic(new: &str, old: &str) -> Option<String> {
    let words = |text: &str| -> Vec<(bool, bool, bool)> {
        let folded = key(Lang::Ar, text);
        let word = |word: &str| {
            let plural = ["ات", "ون", "ين"].iter().any(|ending| word.ends_with(ending));
            (word.starts_with("ال"), word.ends_with('ه'), plural)
        };
        folded.as_str().split(' ').map(word).collect()
    };
    if !are_like(Lang::Ar, new, old) {
        return None;
    }
    let (a, b) = (words(new), words(old));
    let clean = |text: &str| !text.contains(|c: char| c.is_ascii_punctuation() || matches!(c, '،' | '؛' | '؟'));
    (a.len() == b.len() && a == b && clean(new)).then(|| new.trim().to_owned())
}

/// The English words with the capitals of the place; not behind *a* or *an* if the sound changes.
fn english(case: &Case<'_>, range: &Range<usize>, new: &str, there: &str, known: &str) -> Option<String> {
    let new = new.trim();
    if new.contains(|c: char| c.is_ascii_punctuation() && c != '-' && c != '\'') {
        return None;
    }
    let before = case.pieces.target.iter().rev().find(|piece| piece.range.end <= range.start && !piece.is_space());
    let article =
        before.is_some_and(|piece| matches!(&piece.kind, PieceKind::Word(_, word) if matches!(&**word, "a" | "an")));
    let vowel = |text: &str| text.chars().next().is_some_and(|c| "aeiouhAEIOUH".contains(c));
    if article && (vowel(new) || vowel(there)) {
        return None;
    }
    let plural = |text: &str| text.ends_with('s') && !text.ends_with("ss");
    if plural(new) != plural(there) {
        return None;
    }
    let capital = |text: &str| text.chars().next().is_some_and(char::is_uppercase);
    let inner = |text: &str| text.chars().skip(1).any(char::is_uppercase);
    if inner(new) || inner(there) || capital(there) == capital(new) && there == known {
        return Some(new.to_owned());
    }
    let mut letters = new.chars();
    let first = letters.next()?;
    let first: String = if capital(there) { first.to_uppercase().collect() } else { first.to_lowercase().collect() };
    Some(first + letters.as_str())
}
