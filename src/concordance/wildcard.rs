//! Wildcards: `*` is any part of a word, `**` is anything.

use super::word::{is_inside, is_word};
use std::ops::Range;

/// A pattern of literals and stars, matched from a word's border to a word's border.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wildcard(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(Box<str>),
    /// Any run of word characters, none too; as short as the rest allows, at the end as long as can be.
    Star,
    /// Any run of characters, none too, as short as the rest allows.
    Gap,
}

impl Wildcard {
    /// Reads a pattern; `\*` and `\\` are the characters themselves. At the ends `**` says no more than `*`. `None` if there
    /// is nothing but stars and spaces.
    pub(super) fn new(pattern: &str) -> Option<Wildcard> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut literal = String::new();
        let mut chars = pattern.chars().peekable();
        loop {
            let c = chars.next();
            match c {
                Some('\\') if matches!(chars.peek(), Some('*' | '\\')) => literal.extend(chars.next()),
                Some('*') | None => {
                    if !literal.is_empty() {
                        pieces.push(Piece::Literal(std::mem::take(&mut literal).into()));
                    }
                    if c.is_none() {
                        break;
                    }
                    let gap = chars.next_if_eq(&'*').is_some();
                    while chars.next_if_eq(&'*').is_some() {}
                    pieces.push(if gap { Piece::Gap } else { Piece::Star });
                }
                Some(c) => literal.push(c),
            }
        }
        let mut ends = [0, pieces.len().saturating_sub(1)].into_iter();
        ends.try_for_each(|end| {
            let piece = pieces.get_mut(end)?;
            if *piece == Piece::Gap {
                *piece = Piece::Star;
            }
            Some(())
        })?;
        let says = |piece: &Piece| matches!(piece, Piece::Literal(text) if text.contains(|c: char| !c.is_whitespace()));
        pieces.iter().any(says).then_some(Wildcard(pieces))
    }

    /// The literals.
    pub(super) fn literals(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Literal(text) => Some(&**text),
            _ => None,
        })
    }

    /// The first hit in `text` that begins at `from` or later: the first border from which one is possible, the shortest
    /// for the stars inside. Linear in the text for each word.
    pub(super) fn find(&self, text: &str, from: usize) -> Option<Range<usize>> {
        for (at, _) in text[from..].char_indices() {
            let start = from + at;
            if is_inside(text, start) {
                continue;
            }
            match self.end_of_match(text, start) {
                Ok(end) if end > start => return Some(start..end),
                Err(Hopeless) => return None,
                _ => {}
            }
        }
        None
    }

    /// Where the match ends that begins at `start`; `start` itself if there is none.
    ///
    /// A star cannot go past its word's end, so what stands between two gaps is best found as early as can be, and for
    /// stars between them likewise: it is enough to go back to the last star, then to the last gap. If the rest behind a
    /// gap is nowhere in the text, no later start can help.
    fn end_of_match(&self, text: &str, start: usize) -> Result<usize, Hopeless> {
        let (mut piece, mut at) = (0, start);
        let mut star: Option<(usize, usize)> = None;
        let mut gap: Option<(usize, usize)> = None;
        loop {
            let fits = match self.0.get(piece) {
                None => !is_inside(text, at),
                Some(Piece::Literal(literal)) => text[at..].starts_with(&**literal),
                Some(Piece::Star | Piece::Gap) => true,
            };
            match self.0.get(piece) {
                None if fits => return Ok(at),
                Some(Piece::Literal(literal)) if fits => at += literal.len(),
                Some(Piece::Star) if piece + 1 == self.0.len() => {
                    at += text[at..].find(|c| !is_word(c)).unwrap_or(text.len() - at);
                }
                Some(Piece::Star) => star = Some((piece + 1, at)),
                Some(Piece::Gap) => {
                    gap = Some((piece + 1, at));
                    star = None;
                }
                _ => {
                    let longer =
                        |(piece, at): (usize, usize)| Some((piece, at + text[at..].chars().next()?.len_utf8()));
                    let in_word = star.filter(|(_, at)| text[*at..].chars().next().is_some_and(is_word));
                    if let Some(next) = in_word.and_then(longer) {
                        star = Some(next);
                        (piece, at) = next;
                    } else if let Some(behind) = gap {
                        let Some(next) = longer(behind) else { return Err(Hopeless) };
                        (gap, star) = (Some(next), None);
                        (piece, at) = next;
                    } else {
                        return Ok(start);
                    }
                    continue;
                }
            }
            piece += 1;
        }
    }
}

/// No hit begins here or later.
struct Hopeless;
