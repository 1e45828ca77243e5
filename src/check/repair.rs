//! Mending what a machine may mend, with every change told.

use super::attribute::{DATES, code_of_name, is_date, is_language, read_date};
use super::finding::Spot;
use super::kind::{Checks, FindingKind};
use super::{is_swapped, side_spots};
use crate::lang::Lang;
use crate::unit::{Piece, Seg, Unit};
use std::fmt;
use std::ops::Range;

/// A change that [`repair`] made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What was wrong.
    pub kind: FindingKind,
    /// The number of the variant; `None` for the unit's own attributes.
    pub variant: Option<usize>,
    /// What was changed there.
    pub place: ChangePlace,
    /// What stood there: the text of the whole segment (codes as U+FFFC), the tag, or the attribute's value.
    pub before: String,
    /// What stands there now.
    pub after: String,
}

/// What of a unit or variant was changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ChangePlace {
    /// The text of the segment.
    Text,
    /// The language tag.
    Tag,
    /// The attribute of this name.
    Attribute(String),
}

impl fmt::Display for ChangePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChangePlace::Text => f.write_str("text"),
            ChangePlace::Tag => f.write_str("xml:lang"),
            ChangePlace::Attribute(name) => f.write_str(name),
        }
    }
}

/// The kinds that mend a segment's text, in an order in which an earlier one may uncover a later one.
const OF_TEXT: [FindingKind; 11] = [
    FindingKind::Mojibake,
    FindingKind::ControlCharacters,
    FindingKind::PresentationForms,
    FindingKind::Entities,
    FindingKind::BidiControls,
    FindingKind::BidiUnbalanced,
    FindingKind::PersianLetters,
    FindingKind::Tatweel,
    FindingKind::LatinPunctuation,
    FindingKind::DoubleSpace,
    FindingKind::LeadingTrailingSpace,
];

/// Text that was escaped or decoded wrongly more often than this stays as it is then.
const ROUNDS: usize = 16;

/// Mends what `checks` [mend](Checks::mends) in `unit`, and says each change. Inline codes and all else stay as they are.
///
/// After it, [`check`](super::check()) finds nothing of these kinds that is mendable.
///
/// ```
/// use dhakira::check::{Checks, repair};
/// use dhakira::unit::{Seg, Unit, Variant};
/// use dhakira::LangTag;
/// let mut unit = Unit {
///     variants: vec![
///         Variant::new(LangTag::new("ar"), Seg::plain("ط§ظ„ط¹ط±ط¨ظٹط©")),
///         Variant::new(LangTag::new("English"), Seg::plain("Arabic")),
///     ],
///     ..Unit::default()
/// };
/// let changes = repair(&mut unit, &Checks::default());
/// assert_eq!(unit.variants[0].seg, Seg::plain("العربية"));
/// assert_eq!(unit.variants[1].tag, LangTag::new("en"));
/// assert_eq!(changes.len(), 2);
/// ```
pub fn repair(unit: &mut Unit, checks: &Checks) -> Vec<Change> {
    let mut changes = Vec::new();
    if checks.mends(FindingKind::BadDate) {
        mend_dates(unit, &mut changes);
    }
    if checks.mends(FindingKind::UnknownLanguage) {
        for (at, variant) in unit.variants.iter_mut().enumerate() {
            if let Some(code) = code_of_name(&variant.tag).filter(|_| !is_language(&variant.tag)) {
                changes.push(Change {
                    kind: FindingKind::UnknownLanguage,
                    variant: Some(at),
                    place: ChangePlace::Tag,
                    before: variant.tag.as_str().to_owned(),
                    after: code.as_str().to_owned(),
                });
                variant.tag = code;
            }
        }
    }
    for _ in 0..ROUNDS {
        let before = changes.len();
        mend_texts(unit, checks, &mut changes);
        if checks.mends(FindingKind::SwappedSides) && is_swapped(unit) {
            swap_tags(unit, &mut changes);
        }
        if changes.len() == before {
            break;
        }
    }
    changes
}

fn mend_dates(unit: &mut Unit, changes: &mut Vec<Change>) {
    let own = std::iter::once((None, &mut unit.attrs));
    let theirs = unit.variants.iter_mut().enumerate().map(|(at, v)| (Some(at), &mut v.attrs));
    for (variant, attrs) in own.chain(theirs) {
        for (name, value) in attrs.iter_mut().filter(|(name, value)| DATES.contains(&name.as_str()) && !is_date(value))
        {
            let Some(date) = read_date(value) else { continue };
            changes.push(Change {
                kind: FindingKind::BadDate,
                variant,
                place: ChangePlace::Attribute(name.clone()),
                before: std::mem::replace(value, date.clone()),
                after: date,
            });
        }
    }
}

/// Every Arabic variant takes the tag of the first English one, and the other way round.
fn swap_tags(unit: &mut Unit, changes: &mut Vec<Change>) {
    let tag_of = |lang: Lang| unit.variants_of(lang).next().map(|v| v.tag.clone());
    let (Some(ar), Some(en)) = (tag_of(Lang::Ar), tag_of(Lang::En)) else { return };
    for (at, variant) in unit.variants.iter_mut().enumerate() {
        let tag = match variant.tag.lang() {
            Some(Lang::Ar) => en.clone(),
            Some(Lang::En) => ar.clone(),
            None => continue,
        };
        changes.push(Change {
            kind: FindingKind::SwappedSides,
            variant: Some(at),
            place: ChangePlace::Tag,
            before: variant.tag.as_str().to_owned(),
            after: tag.as_str().to_owned(),
        });
        variant.tag = tag;
    }
}

fn mend_texts(unit: &mut Unit, checks: &Checks, changes: &mut Vec<Change>) {
    for at in 0..unit.variants.len() {
        for kind in OF_TEXT.into_iter().filter(|k| checks.mends(*k)) {
            let edits: Vec<(Range<usize>, String)> = side_spots(unit, at, &Checks::none().with(kind))
                .into_iter()
                .filter_map(|Spot { range, fix, .. }| Some((range, fix?)))
                .collect();
            if edits.is_empty() {
                continue;
            }
            let seg = &mut unit.variants[at].seg;
            let before = seg.text();
            edit(seg, edits);
            let after = seg.text();
            if before != after {
                changes.push(Change { kind, variant: Some(at), place: ChangePlace::Text, before, after });
            }
        }
    }
}

/// Carries out edits in the segment's text, which are in order and do not overlap. An edit belongs to the text piece in
/// which it begins; what it covers of later ones goes, and the codes between stay.
fn edit(seg: &mut Seg, edits: Vec<(Range<usize>, String)>) {
    let length = seg.text().len();
    let mut start = 0;
    for piece in &mut seg.pieces {
        let text = match piece {
            Piece::Text(text) => text,
            Piece::Code(_) => {
                start += '\u{FFFC}'.len_utf8();
                continue;
            }
            Piece::Highlight(_) => continue,
        };
        let end = start + text.len();
        for (range, with) in edits.iter().rev().filter(|(r, _)| r.start < end && (r.end > start || r.start >= start)) {
            let here = range.start.max(start) - start..range.end.min(end) - start;
            text.replace_range(here, if range.start >= start { with } else { "" });
        }
        start = end;
    }
    for (_, with) in edits.into_iter().filter(|(r, _)| r.start >= length) {
        match seg.pieces.last_mut() {
            Some(Piece::Text(text)) => text.push_str(&with),
            _ => seg.pieces.push(Piece::Text(with)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_keep_codes_where_they_stand() {
        let check = |pieces: &[Piece], edits: &[(Range<usize>, &str)], expected: &[Piece]| {
            let mut seg = Seg { pieces: pieces.to_vec() };
            edit(&mut seg, edits.iter().map(|(r, w)| (r.clone(), (*w).to_owned())).collect());
            assert_eq!(seg.pieces, expected);
        };
        let text = |t: &str| Piece::Text(t.to_owned());
        let code = || Piece::Code("<ph/>".to_owned());
        let hi = || Piece::Highlight("<hi>".to_owned());
        let edits = [(0..1, "x"), (5..6, "y"), (7..7, "z")];
        check(&[text("ab"), code(), text("cd")], &edits, &[text("xb"), code(), text("ydz")]);
        check(&[text("ab"), hi(), text("cd")], &[(1..3, "x")], &[text("ax"), hi(), text("d")]);
        check(&[text("a"), code()], &[(4..4, "z")], &[text("a"), code(), text("z")]);
        check(&[code()], &[(3..3, "z")], &[code(), text("z")]);
    }
}
