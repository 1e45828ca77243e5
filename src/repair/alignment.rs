//! The pieces of the sentence beside those of the stored source: which belong together, and which of these are sure.
//!
//! A longest common subsequence with weights (Wagner and Fischer 1974), in which numbers, dates and codes may go with their like
//! whatever they say, though rather with what says the same. What is equal at both ends goes together.

use super::piece::{Item, Piece, PieceKind};
use crate::matching::{Pair as Step, heaviest};
use std::ops::Range;

/// Up to this many cells (4 MiB) pieces are aligned; nobody wants a longer sentence repaired.
const MOST_CELLS: usize = 1 << 20;

/// For each piece of the one text its partner in the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alignment {
    pub of_query: Vec<Option<usize>>,
    pub of_source: Vec<Option<usize>>,
}

/// What two pieces are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    Equal,
    /// Items of one kind that say different things.
    Alike,
    Other,
}

/// How the pieces of two texts compare; `codes` says it of inline codes, by their numbers.
pub(super) fn likeness(a: &Piece, b: &Piece, codes: &dyn Fn(usize, usize) -> Likeness) -> Likeness {
    match (&a.kind, &b.kind) {
        (PieceKind::Item(Item::Code(a)), PieceKind::Item(Item::Code(b))) => codes(*a, *b),
        (PieceKind::Item(a), PieceKind::Item(b)) if !a.is_like(b) => Likeness::Other,
        (PieceKind::Item(a), PieceKind::Item(b)) if a.says_the_same(b) => Likeness::Equal,
        (PieceKind::Item(_), PieceKind::Item(_)) => Likeness::Alike,
        (a, b) if a == b => Likeness::Equal,
        _ => Likeness::Other,
    }
}

/// What it is worth that two pieces go together, if they may.
fn gain(piece: &Piece, likeness: Likeness) -> Option<u32> {
    match (&piece.kind, likeness) {
        (_, Likeness::Other) => None,
        (PieceKind::Space, _) => Some(1),
        (PieceKind::Word(_, key), _) => Some(2 + 2 * key.chars().take(20).count() as u32),
        (PieceKind::Mark(_), _) => Some(3),
        (PieceKind::Item(_), Likeness::Equal) => Some(16),
        (PieceKind::Item(_), Likeness::Alike) => Some(4),
    }
}

/// Aligns two texts; `None` if they are too long.
pub(super) fn align(query: &[Piece], source: &[Piece], codes: &dyn Fn(usize, usize) -> Likeness) -> Option<Alignment> {
    let like = |i: usize, j: usize| likeness(&query[i], &source[j], codes);
    let shorter = query.len().min(source.len());
    let head = (0..shorter).take_while(|k| like(*k, *k) == Likeness::Equal).count();
    let tail =
        (0..shorter - head).take_while(|k| like(query.len() - 1 - k, source.len() - 1 - k) == Likeness::Equal).count();
    let (rows, columns) = (query.len() - head - tail, source.len() - head - tail);
    if rows.saturating_mul(columns) > MOST_CELLS {
        return None;
    }
    let mut found = Alignment { of_query: vec![None; query.len()], of_source: vec![None; source.len()] };
    let mut pair = |i: usize, j: usize| {
        found.of_query[i] = Some(j);
        found.of_source[j] = Some(i);
    };
    (0..head).for_each(|k| pair(k, k));
    (0..tail).for_each(|k| pair(query.len() - 1 - k, source.len() - 1 - k));
    let gain = |i: usize, j: usize| gain(&query[head + i], like(head + i, head + j));
    for step in heaviest(rows, columns, gain) {
        if let Step::Both(i, j) = step {
            pair(head + i, head + j);
        }
    }
    Some(found)
}

/// How sure one side of a pair is that it stands in the same place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// The same word, or an item that says the same.
    Word,
    /// Both texts end, or the same mark or another item of the same kind.
    Something,
    Other,
}

impl Alignment {
    /// Whether the pieces, which go together, surely stand in the same place of both texts: beside the same word, or between
    /// the same marks.
    pub(super) fn is_sure(&self, query: &[Piece], source: &[Piece], (i, j): (usize, usize)) -> bool {
        self.are_sure(query, source, (i..i + 1, j..j + 1))
    }

    /// The same for several pieces that took the place of others.
    pub(super) fn are_sure(&self, query: &[Piece], source: &[Piece], (a, b): (Range<usize>, Range<usize>)) -> bool {
        let before = self.beside(query, source, (0..a.start).rev(), (0..b.start).rev());
        let behind = self.beside(query, source, a.end..query.len(), b.end..source.len());
        before == Beside::Word || behind == Beside::Word || before == Beside::Something && behind == Beside::Something
    }

    fn beside(
        &self,
        query: &[Piece],
        source: &[Piece],
        mut in_query: impl Iterator<Item = usize>,
        mut in_source: impl Iterator<Item = usize>,
    ) -> Beside {
        let i = in_query.find(|i| !query[*i].is_space());
        let j = in_source.find(|j| !source[*j].is_space());
        match (i, j) {
            (None, None) => Beside::Something,
            (Some(i), Some(j)) if self.of_query[i] == Some(j) => match (&query[i].kind, &source[j].kind) {
                (PieceKind::Word(..), _) => Beside::Word,
                (PieceKind::Item(a), PieceKind::Item(b)) if a.says_the_same(b) => Beside::Word,
                _ => Beside::Something,
            },
            _ => Beside::Other,
        }
    }

    /// Whether what is glued to both pieces is the same on both sides: currency signs, units, letters. Stops and brackets
    /// may differ.
    pub(super) fn is_glued_alike(&self, query: &[Piece], source: &[Piece], (i, j): (usize, usize)) -> bool {
        let free = |piece: &Piece| {
            piece.is_space()
                || matches!(
                    piece.kind,
                    PieceKind::Mark('.' | ',' | ';' | ':' | '!' | '?' | '(' | ')' | '[' | ']' | '"' | '\'' | '…')
                )
                || matches!(piece.kind, PieceKind::Item(Item::Code(_)))
        };
        let same = |i: Option<usize>, j: Option<usize>| {
            let bound =
                |texts: &[Piece], at: Option<usize>| at.is_some_and(|at| texts.get(at).is_some_and(|p| !free(p)));
            match (bound(query, i), bound(source, j)) {
                (false, false) => true,
                (true, true) => i.is_some_and(|i| self.of_query[i] == j),
                _ => false,
            }
        };
        same(i.checked_sub(1), j.checked_sub(1)) && same(Some(i + 1), Some(j + 1))
    }
}
