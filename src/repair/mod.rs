//! Fuzzy match repair: what differs between a sentence and the source of a suggestion is put into the suggestion, where it
//! stands, if that is sure.
//!
//! [`repair()`] aligns the sentence with the stored source (`alignment`), and looks for each number, date, name, code or
//! word that became another one in the stored translation. If what was there stands on both stored sides just once, the
//! new value takes its place, in the digits, the month names and the spelling of the translation. What is not sure is left alone: a value
//! that occurs twice, a number whose counted noun would have to change, a day of the week without its date. The idea is that of
//! *placeables* and of patching fuzzy matches (Ortega, Sánchez-Martínez and Forcada, "Fuzzy-match repair using black-box machine
//! translation systems", 2014); what is black box there is here what the memory or the user knows ([`Knowledge`]).
//!
//! ```
//! use dhakira::Lang;
//! use dhakira::repair::{Kinds, repair};
//! use dhakira::unit::Seg;
//! let [query, source, target] = ["في الميناء ٣٢٠ قاربا منذ ٣ مايو", "في الميناء ٣١٢ قاربا منذ ٣ مارس", "The port has had 312 boats since 3 March"]
//!     .map(Seg::plain);
//! let repaired = repair(Lang::Ar, &query, &source, &target, Kinds::default(), &()).unwrap();
//! assert_eq!(repaired.target.text(), "The port has had 320 boats since 3 May");
//! assert_eq!(repaired.edits.iter().map(|e| (e.from.as_str(), e.to.as_str())).collect::<Vec<_>>(), [("312", "320"), ("March", "May")]);
//! // Four boats are counted otherwise in Arabic: nothing is sure here.
//! let [query, source, target] = ["4 boats", "12 boats", "١٢ قاربا"].map(Seg::plain);
//! assert_eq!(repair(Lang::En, &query, &source, &target, Kinds::default(), &()), None);
//! ```

mod agreement;
mod alignment;
mod calendar;
mod code;
mod edit;
mod item;
mod name;
mod numeral;
mod piece;
mod word;

pub use edit::{Edit, Kind, Kinds};
pub use word::Knowledge;

use crate::lang::Lang;
use crate::text::key;
use crate::unit::Seg;
use alignment::{Alignment, Likeness};
use edit::{Splice, spliced};
use piece::{Piece, Signs, pieces};
use std::ops::Range;

/// A suggestion with the sentence's own values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// The translation.
    pub target: Seg,
    /// The stored source with the same changes: what `target` translates.
    pub source: String,
    /// What was changed, in the order of the target. Never empty.
    pub edits: Vec<Edit>,
    /// Whether nothing is left in which the sentence differs from `source`, but for its form.
    pub complete: bool,
}

/// The stored unit and the sentence, in pieces.
struct Case<'a> {
    /// The language of the sentence.
    lang: Lang,
    texts: Texts<&'a str>,
    pieces: Texts<Vec<Piece>>,
    /// What the inline codes say.
    codes: Texts<Vec<Box<str>>>,
    alignment: Alignment,
}

/// Something of the sentence, of the stored source, and of the stored target.
#[derive(Debug, Clone, Default)]
struct Texts<T> {
    query: T,
    source: T,
    target: T,
}

/// A change that is sure: what stands in the source and in its target, and what takes its place.
#[derive(Debug, Clone)]
struct Change {
    kind: Kind,
    /// Bytes of the sentence and of the source.
    query: Range<usize>,
    source: Range<usize>,
    splices: Vec<Splice>,
}

/// The suggestion `target`, whose stored source is `source`, repaired for the sentence `query` of language `lang`; `None` if there
/// is nothing that surely can be. `kinds` says what may be changed, `knowledge` what a changed word is in the other language (`&()`
/// knows nothing).
///
/// The sentence's inline codes take the place of the stored ones as they are in `query`. Stored segments do not change. Total; texts
/// of more than about a thousand differing words are not repaired.
pub fn repair(
    lang: Lang,
    query: &Seg,
    source: &Seg,
    target: &Seg,
    kinds: Kinds,
    knowledge: &dyn Knowledge,
) -> Option<Repair> {
    let (query_text, source_text, target_text) = (query.text(), source.text(), target.text());
    if query_text == source_text && query.codes() == source.codes() {
        return None;
    }
    let (ar, en) = match lang {
        Lang::Ar => (source_text.as_str(), target_text.as_str()),
        Lang::En => (target_text.as_str(), source_text.as_str()),
    };
    let signs = Signs::of(ar, en);
    let pieces = Texts {
        query: pieces(lang, &query_text, signs),
        source: pieces(lang, &source_text, signs),
        target: pieces(lang.other(), &target_text, signs),
    };
    let codes = Texts { query: query.codes(), source: source.codes(), target: target.codes() };
    let code = |a: usize, b: usize| match codes.query.get(a) == codes.source.get(b) {
        true => Likeness::Equal,
        false => Likeness::Alike,
    };
    let alignment = alignment::align(&pieces.query, &pieces.source, &code)?;
    let texts = Texts { query: query_text.as_str(), source: source_text.as_str(), target: target_text.as_str() };
    let case = Case { lang, texts, pieces, codes, alignment };
    let mut changes = item::changes(&case);
    changes.extend(code::changes(&case, query));
    changes.extend(name::changes(&case));
    if kinds.has(Kind::Word) {
        changes.extend(word::changes(&case, knowledge));
    }
    changes.retain(|change| kinds.has(change.kind));
    let changes = apart(changes);
    let repaired = case.made(target, &changes)?;
    if repaired.complete || !changes.iter().any(|change| change.kind == Kind::Word) {
        return Some(repaired);
    }
    // A word beside others that changed may mean another thing.
    let without: Vec<Change> = changes.into_iter().filter(|change| change.kind != Kind::Word).collect();
    case.made(target, &without)
}

impl Case<'_> {
    /// What comes of the changes; `None` of none.
    fn made(&self, target: &Seg, changes: &[Change]) -> Option<Repair> {
        let mut source = self.texts.source.to_owned();
        let mut in_source: Vec<&Change> = changes.iter().collect();
        in_source.sort_by_key(|change| std::cmp::Reverse(change.source.start));
        for change in in_source {
            source.replace_range(change.source.clone(), &self.texts.query[change.query.clone()]);
        }
        let (target, edits) = spliced(target, self, changes);
        let codes_left = self.codes.query.len() != target.codes().len();
        let complete = !codes_left && key(self.lang, &source) == key(self.lang, self.texts.query);
        (!edits.is_empty()).then_some(Repair { target, source, edits, complete })
    }
}

/// The changes without those that take the same place as another one, on any side.
fn apart(mut changes: Vec<Change>) -> Vec<Change> {
    let meet = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end || a == b;
    let clash = |a: &Change, b: &Change| {
        let spliced = || a.splices.iter().any(|s| b.splices.iter().any(|t| meet(&s.range, &t.range)));
        meet(&a.source, &b.source) && !a.source.is_empty() || spliced()
    };
    let clashing: Vec<bool> = (0..changes.len())
        .map(|at| changes.iter().enumerate().any(|(other, change)| other != at && clash(&changes[at], change)))
        .collect();
    let mut at = 0;
    changes.retain(|_| {
        at += 1;
        !clashing[at - 1]
    });
    changes
}
