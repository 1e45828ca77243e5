//! Inline codes that became others, came or went.

use super::edit::{Kind, New, Splice};
use super::piece::Item;
use super::{Case, Change};
use crate::unit::{self, Seg};
use std::ops::Range;

/// The bytes of U+FFFC (object replacement character), which stands for a code.
const LENGTH: usize = '\u{FFFC}'.len_utf8();

/// The changes that are sure; all codes or none, so that no pair is torn.
pub(super) fn changes(case: &Case<'_>, query: &Seg) -> Vec<Change> {
    let (asked, stored, there) = (&case.codes.query, &case.codes.source, &case.codes.target);
    if asked == stored {
        return Vec::new();
    }
    let raw: Vec<&unit::Piece> = query.pieces.iter().filter(|p| matches!(p, unit::Piece::Code(_))).collect();
    let changes = match (asked.is_empty(), stored.is_empty() && there.is_empty()) {
        (true, _) => taken_out(case),
        (false, true) => put_around(case, &raw),
        (false, false) => exchanged(case, &raw),
    };
    changes.unwrap_or_default()
}

/// Each code of the source by the one that the sentence has in its place.
fn exchanged(case: &Case<'_>, raw: &[&unit::Piece]) -> Option<Vec<Change>> {
    let (query, source) = (&case.pieces.query, &case.pieces.source);
    if case.codes.query.len() != case.codes.source.len() {
        return None;
    }
    let mut changes = Vec::new();
    for (i, piece) in query.iter().enumerate() {
        let Some(Item::Code(asked)) = piece.item() else { continue };
        let j = case.alignment.of_query[i]?;
        let Some(Item::Code(stored)) = source[j].item() else { return None };
        let (new, old) = (case.codes.query.get(*asked)?, case.codes.source.get(*stored)?);
        if new == old {
            continue;
        }
        let places: Vec<usize> = (0..case.codes.target.len()).filter(|at| case.codes.target[*at] == *old).collect();
        let once = case.codes.source.iter().filter(|code| *code == old).count() == 1;
        let ([place], true) = (&places[..], once) else { return None };
        if is_pair(new) != is_pair(old) {
            return None;
        }
        let splice =
            Splice { range: code_at(case.texts.target, *place)?, to: New::Codes(vec![(*raw.get(*asked)?).clone()]) };
        changes.push(Change {
            kind: Kind::Code,
            query: piece.range.clone(),
            source: source[j].range.clone(),
            splices: vec![splice],
        });
    }
    Some(changes)
}

/// The sentence has no codes: those that only stand around text go, if both stored sides have the same.
fn taken_out(case: &Case<'_>) -> Option<Vec<Change>> {
    let sorted = |codes: &[Box<str>]| {
        let mut codes = codes.to_vec();
        codes.sort();
        codes
    };
    let (stored, there) = (&case.codes.source, &case.codes.target);
    if sorted(stored) != sorted(there) || !stored.iter().all(|code| is_pair(code)) {
        return None;
    }
    let ranges =
        |text: &str| -> Vec<Range<usize>> { text.match_indices('\u{FFFC}').map(|(at, _)| at..at + LENGTH).collect() };
    let in_source = ranges(case.texts.source);
    let mut left = in_source.clone();
    let mut changes = Vec::new();
    for (number, range) in ranges(case.texts.target).into_iter().enumerate() {
        // Any of the source's codes that says the same stands for it.
        let at = left.iter().position(|range| {
            let at = in_source.iter().position(|r| r == range);
            at.and_then(|at| stored.get(at)) == there.get(number)
        })?;
        let source = left.remove(at);
        // Where the code was, the sentence has the words beside it.
        let empty = 0..0;
        changes.push(Change {
            kind: Kind::Code,
            query: empty,
            source,
            splices: vec![Splice { range, to: New::Text(String::new()) }],
        });
    }
    Some(changes)
}

/// The sentence stands between two codes as a whole: so does the translation.
fn put_around(case: &Case<'_>, raw: &[&unit::Piece]) -> Option<Vec<Change>> {
    let [open, close] = raw else { return None };
    let text = case.texts.query;
    let whole = text.starts_with('\u{FFFC}') && text.ends_with('\u{FFFC}') && text.len() > 2 * LENGTH;
    let said: Vec<&str> = case.codes.query.iter().map(|code| &**code).collect();
    let opens = said.first().is_some_and(|code| code.starts_with('<') && !code.starts_with("</") && is_pair(code));
    let closes = said.get(1).is_some_and(|code| code.starts_with("</") || *code == "<ept/>");
    if !whole || !opens || !closes {
        return None;
    }
    let around = |at_query: Range<usize>, at_source: usize, at_target: usize, code: &unit::Piece| Change {
        kind: Kind::Code,
        query: at_query,
        source: at_source..at_source,
        splices: vec![Splice { range: at_target..at_target, to: New::Codes(vec![code.clone()]) }],
    };
    let (source, target) = (case.texts.source.len(), case.texts.target.len());
    if source == 0 || target == 0 {
        return None;
    }
    Some(vec![around(0..LENGTH, 0, 0, open), around(text.len() - LENGTH..text.len(), source, target, close)])
}

/// Whether a code, by what it says, is one half of a pair around text.
fn is_pair(code: &str) -> bool {
    code == "<bpt/>" || code == "<ept/>" || code.starts_with('<') && code.ends_with('>') && !code.ends_with("/>")
}

fn code_at(text: &str, number: usize) -> Option<Range<usize>> {
    text.match_indices('\u{FFFC}').nth(number).map(|(at, _)| at..at + LENGTH)
}
