//! Files of units: `check`, `clean`, `merge`, `split-by`, `diff`, `stats`.

use dhakira::task::Delivered;
use serde::Serialize;
use std::collections::BTreeMap;

/// `check --json`, out: `type` says which.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CheckRecord<'a> {
    Finding(FindingRecord<'a>),
    Change(ChangeRecord<'a>),
    /// The last line.
    Summary {
        /// Units that could be read.
        units: u64,
        errors: u64,
        warnings: u64,
        infos: u64,
        /// How many findings of each kind.
        kinds: BTreeMap<&'a str, u64>,
        /// With --repair: how many changes were made.
        #[serde(skip_serializing_if = "Option::is_none")]
        changes: Option<u64>,
    },
}

/// Something that is wrong with a unit. `kind` is one of those of `check --help`, or `unreadable` (no unit: `message` is the
/// reason) or `file` (something about the file as a whole).
#[derive(Debug, Serialize)]
pub struct FindingRecord<'a> {
    pub file: String,
    pub line: Option<u64>,
    pub byte: Option<u64>,
    pub tuid: Option<&'a str>,
    pub kind: &'a str,
    pub severity: &'a str,
    pub message: &'a str,
    /// The side it is about: `ar` or `en`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<&'a str>,
    /// The number of the variant from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<usize>,
    /// The first place: bytes in the variant's text, in which each inline code is one U+FFFC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<[usize; 2]>,
    /// Whether check --repair=KIND mends it.
    pub mendable: bool,
    /// For `duplicate` and `inconsistent`: where the earlier unit is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earlier: Option<PlaceRecord>,
}

/// A unit's file and line.
#[derive(Debug, Serialize)]
pub struct PlaceRecord {
    pub file: String,
    pub line: Option<u64>,
}

/// A change that --repair made: `place` is `text` (of the variant's segment), `xml:lang`, an attribute's name, or with the
/// kind `unreadable` `xml`: a part of the unit's XML.
#[derive(Debug, Serialize)]
pub struct ChangeRecord<'a> {
    pub file: String,
    pub line: Option<u64>,
    pub tuid: Option<&'a str>,
    pub kind: &'a str,
    pub variant: Option<usize>,
    pub place: String,
    pub before: &'a str,
    pub after: &'a str,
}

/// `clean --json`, `merge --json`, and for each file `split-by --json`, out.
#[derive(Debug, Default, Serialize)]
pub struct WriteReport<'a> {
    pub output: String,
    /// Units read; of all files together for split-by.
    pub read: u64,
    /// Units written.
    pub units: u64,
    /// Units that were left out: dropped by clean, with another input in merge.
    pub left_out: u64,
    /// What could not be read.
    pub set_aside: u64,
    /// `clean`: how many units had each reason, `score` among them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub reasons: BTreeMap<&'a str, u64>,
    pub changed: ChangedRecord,
}

/// What the form could not hold, and what was asked to be changed: numbers of texts, tags and units.
#[derive(Debug, Default, Serialize)]
pub struct ChangedRecord {
    pub one_sided_left_out: u64,
    pub repeated_left_out: u64,
    pub flattened: u64,
    pub formulas_guarded: u64,
    pub codes_stripped: u64,
    pub bidi_controls_stripped: u64,
    pub tags_mapped: u64,
    pub alternatives_parted: u64,
    pub props_renamed: u64,
    pub forbidden_characters_removed: u64,
}

impl From<&Delivered> for ChangedRecord {
    fn from(delivered: &Delivered) -> ChangedRecord {
        ChangedRecord {
            one_sided_left_out: delivered.left_out,
            repeated_left_out: delivered.repeated,
            flattened: delivered.flattened,
            formulas_guarded: delivered.guarded,
            codes_stripped: delivered.codes + delivered.adapted.codes,
            bidi_controls_stripped: delivered.adapted.bidi_controls,
            tags_mapped: delivered.adapted.tags,
            alternatives_parted: delivered.adapted.parted,
            props_renamed: delivered.adapted.props,
            forbidden_characters_removed: delivered.removed,
        }
    }
}

/// `diff --json`, out: one difference.
#[derive(Debug, Serialize)]
pub struct DifferenceRecord<'a> {
    /// added, removed or changed.
    pub change: &'a str,
    pub tuid: Option<&'a str>,
    /// Where the unit was, and where it is.
    pub before: Option<PlaceRecord>,
    pub after: Option<PlaceRecord>,
    /// The sides that differ; of an added or removed unit all.
    pub sides: Vec<SideRecord>,
    /// Attributes, props and notes that differ, by name.
    pub properties: &'a [String],
}

/// One side of a difference, inline codes as their markup; null where there is none.
#[derive(Debug, Serialize)]
pub struct SideRecord {
    pub lang: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// `stats --json`, out.
#[derive(Debug, Serialize)]
pub struct StatsRecord<'a> {
    pub units: u64,
    pub set_aside: u64,
    pub languages: BTreeMap<&'a str, LanguageRecord>,
    pub documents: u64,
    pub duplicates: u64,
    pub inconsistent: u64,
    pub props: &'a BTreeMap<String, u64>,
    pub notes: u64,
    /// The earliest and the latest date, as files write them.
    pub dates: Option<[&'a str; 2]>,
    /// Units by the program that made them.
    pub tools: &'a BTreeMap<String, u64>,
    /// Units with an x-align-score from 0.0, 0.1, … 0.9 up.
    pub scores: [u64; 10],
}

/// What there is of one language tag.
#[derive(Debug, Serialize)]
pub struct LanguageRecord {
    pub variants: u64,
    pub empty: u64,
    pub words: u64,
    pub characters: u64,
    pub codes: u64,
}
