//! The JSON forms, lines of UTF-8: what programs write to us and read from us. An API: names and meanings stay.
//!
//! One object a line. Unknown keys are ignored. A line that cannot be understood is answered in its place by an
//! [`ErrorRecord`]. Offsets are bytes, ranges half-open. Scores are 0 to 100 (101 for a context match), of links 0 to 1.

use dhakira::Lang;
use dhakira::bitext::LeftOut;
use dhakira::glossary::Hit;
use dhakira::memory::Repaired;
use dhakira::repair::Edit;
use dhakira::task::{Delivered, Imported};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// `split --json`, in.
#[derive(Debug, Deserialize)]
pub struct SplitRequest {
    pub id: serde_json::Value,
    #[serde(default)]
    pub lang: Option<String>,
    pub raw: String,
}

/// `split --json`, out. `sentences[i]` is `raw[spans[i]]`; joined, the sentences are `raw` again, so that each but the last
/// holds the white space that follows it.
#[derive(Debug, Serialize)]
pub struct SplitAnswer<'a> {
    pub id: serde_json::Value,
    pub sentences: Vec<&'a str>,
    pub spans: Vec<[usize; 2]>,
}

/// `align --to json`, out: one article pair.
#[derive(Debug, Serialize)]
pub struct AlignAnswer<'a> {
    pub id: &'a str,
    /// How sure it is that the two texts are translations of each other, 0 to 1.
    pub confidence: f64,
    pub translation: bool,
    /// The sentences of each side, in order.
    pub ar: Vec<&'a str>,
    pub en: Vec<&'a str>,
    pub beads: Vec<BeadRecord>,
}

/// A link: sentence numbers from 0 on each side, and the probability that it is right.
#[derive(Debug, Serialize)]
pub struct BeadRecord {
    pub ar: Vec<usize>,
    pub en: Vec<usize>,
    pub score: f64,
}

/// `align --json`, out: what became of one pair.
#[derive(Debug, Serialize)]
pub struct AlignReport<'a> {
    pub id: &'a str,
    pub output: Option<String>,
    pub ar_sentences: usize,
    pub en_sentences: usize,
    pub units: usize,
    pub confidence: f64,
    pub translation: bool,
    pub removed: usize,
    /// Whether the links are those of an earlier run.
    pub kept: bool,
    /// Units that the filter left out or marked.
    pub filtered: usize,
    /// How sure it is that the two belong together, if `--pair` found that out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pairing: Option<f64>,
    /// And what the English one is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<&'a str>,
}

/// `align --pair --json`, out: an article that has no partner.
#[derive(Debug, Serialize)]
pub struct AloneRecord<'a> {
    pub id: &'a str,
    pub lang: &'a str,
    /// Always null.
    pub partner: Option<&'a str>,
}

/// `align --progress json`, a line a second on stderr.
#[derive(Debug, Serialize)]
pub struct ProgressRecord {
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Pairs of which is known what became of them.
    pub done: u64,
    pub failed: u64,
    /// Those that an earlier run had done.
    pub kept: u64,
    /// How much of the input was taken, 0 to 1; null where its length is not known.
    pub fraction: Option<f64>,
    pub per_second: f64,
    pub seconds_left: Option<f64>,
}

/// `learn --json`, out.
#[derive(Debug, Serialize)]
pub struct LearnReport {
    /// Units that were learned from.
    pub units: usize,
    /// Units that were only judged by.
    pub held_out: usize,
    pub before: JudgedRecord,
    pub after: JudgedRecord,
    /// The file; null if nothing was written, for it would not have been better.
    pub output: Option<String>,
}

/// How well a lexicon finds the translations of held-out units among those of 31 others: the mean of −ln of the right one's
/// probability, and how many were found.
#[derive(Debug, Serialize)]
pub struct JudgedRecord {
    pub loss: f64,
    pub found: usize,
}

/// `import --json`, out: what became of one file.
#[derive(Debug, Serialize)]
pub struct ImportReport {
    pub file: String,
    #[serde(flatten)]
    pub counts: ImportCounts,
    /// Comments and processing instructions of a TMX file outside its units, which no memory holds.
    pub comments: u64,
    /// Units of an XLIFF or PO file that were not read though nothing is wrong with them.
    pub left_out: LeftOutRecord,
    /// Units that could not be read, each with its reason.
    pub set_aside: Vec<ErrorBody>,
    /// The file of the memory that holds the new units; null if there are none, and in a dry run.
    pub output: Option<String>,
    pub dry_run: bool,
}

/// What became of the units of a file.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct ImportCounts {
    /// Units read from the file.
    pub read: usize,
    /// Of these, new to the memory.
    pub new: usize,
    /// Of these, in the place of units of the memory.
    pub updated: usize,
    /// Of these, deleted in the memory before and brought back.
    pub returned: usize,
    /// Of these, there already.
    pub kept: usize,
    /// Of these, left out because the memory translates their source otherwise, or because they were deleted in it.
    pub refused: usize,
}

impl From<&Imported> for ImportCounts {
    fn from(imported: &Imported) -> ImportCounts {
        let &Imported { read, new, updated, returned, kept, refused, .. } = imported;
        ImportCounts { read, new, updated, returned, kept, refused }
    }
}

/// Units without a translation, with a fuzzy one, and in files between other languages.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct LeftOutRecord {
    pub untranslated: u64,
    pub fuzzy: u64,
    pub foreign: u64,
}

impl From<LeftOut> for LeftOutRecord {
    fn from(left_out: LeftOut) -> LeftOutRecord {
        LeftOutRecord { untranslated: left_out.untranslated, fuzzy: left_out.fuzzy, foreign: left_out.foreign }
    }
}

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

/// `match --json`, in.
#[derive(Debug, Deserialize)]
pub struct MatchRequest {
    pub id: serde_json::Value,
    /// The sentence, perhaps with a U+FFFC for each inline code.
    #[serde(default)]
    pub source: Option<String>,
    /// What each of those codes says (`<b>`, `%s`), if that shall count.
    #[serde(default)]
    pub codes: Option<Vec<String>>,
    /// Instead of both the content of a TMX or XLIFF segment.
    #[serde(default)]
    pub seg: Option<String>,
    /// `ar` or `en`, perhaps with a region (`ar-EG`).
    #[serde(default)]
    pub lang: Option<String>,
    /// The sentences before and after it in its document; empty at its beginning and end, missing where nobody knows.
    #[serde(default)]
    pub before: Option<String>,
    #[serde(default)]
    pub after: Option<String>,
    /// The id that its file format gives it (`msgctxt`, a key).
    #[serde(default)]
    pub context: Option<String>,
}

/// `match --json`, out, best first.
#[derive(Debug, Serialize)]
pub struct MatchAnswer<'a> {
    pub id: serde_json::Value,
    pub matches: Vec<MatchRecord<'a>>,
    /// With --glossary: the terms in the sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms: Option<Vec<TermRecord<'a>>>,
}

/// A term of the glossary in a sentence.
#[derive(Debug, Serialize)]
pub struct TermRecord<'a> {
    /// As the glossary writes it.
    pub term: &'a str,
    /// Its bytes in the sentence, clitics and endings with it.
    pub span: [usize; 2],
    /// Whether it is preferred, admitted or forbidden.
    pub standing: &'a str,
    /// What it is in the other language, the preferred one first.
    pub targets: Vec<&'a str>,
    pub note: Option<&'a str>,
}

impl<'a> TermRecord<'a> {
    /// Of a hit in a sentence of that language.
    pub fn new(hit: &Hit<'a>, lang: Lang) -> TermRecord<'a> {
        TermRecord {
            term: &hit.term.text,
            span: [hit.range.start, hit.range.end],
            standing: hit.term.standing.name(),
            targets: hit.entry.allowed(lang.other()).map(|term| term.text.as_str()).collect(),
            note: hit.entry.note.as_deref(),
        }
    }
}

/// One suggestion.
#[derive(Debug, Serialize)]
pub struct MatchRecord<'a> {
    pub source: &'a str,
    pub target: &'a str,
    pub score: f64,
    pub kind: &'a str,
    pub why: Vec<String>,
    /// The folder and the file of it that hold the unit.
    pub folder: Cow<'a, str>,
    pub memory: &'a str,
    pub tuid: Option<&'a str>,
    pub changed: Option<&'a str>,
    /// Which match of the list, from 0, has the same source with another translation.
    pub alternative_to: Option<usize>,
    /// Both texts with their inline codes, as TMX writes them; only if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_seg: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_seg: Option<String>,
    /// The suggestion with the sentence's own values, if any could surely be put in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repaired: Option<RepairedRecord>,
    /// With --explain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explain: Option<ExplainRecord<'a>>,
    pub diff: Vec<DiffRecord<'a>>,
}

/// A suggestion with the sentence's own numbers, dates, names, codes and words.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct RepairedRecord {
    pub target: String,
    /// The score that the stored source would have with the same changes, 99 at most.
    pub score: f64,
    /// Whether nothing else differs, but for its form.
    pub complete: bool,
    /// The target with its inline codes, as TMX writes it; only if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_seg: Option<String>,
    /// What was changed, in the order of the target.
    pub edits: Vec<EditRecord>,
}

/// A change of the target.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct EditRecord {
    /// number, date, name, code or word.
    pub kind: &'static str,
    /// What stood there, and what stands there now; a code by what it says.
    pub from: String,
    pub to: String,
    /// Its bytes in `target`, in which each inline code is one U+FFFC.
    pub span: [usize; 2],
    /// How the stored source has it, and the sentence.
    pub stored: String,
    pub asked: String,
    /// The same as a sentence.
    pub why: String,
}

impl From<&Repaired> for RepairedRecord {
    fn from(repaired: &Repaired) -> RepairedRecord {
        let Repaired { repair, score } = repaired;
        let edit = |edit: &Edit| EditRecord {
            kind: edit.kind.name(),
            from: edit.from.clone(),
            to: edit.to.clone(),
            span: [edit.range.start, edit.range.end],
            stored: edit.stored.clone(),
            asked: edit.asked.clone(),
            why: edit.to_string(),
        };
        RepairedRecord {
            target: repair.target.text(),
            score: score.percent(),
            complete: repair.complete,
            target_seg: repair.target.has_codes().then(|| repair.target.markup()),
            edits: repair.edits.iter().map(edit).collect(),
        }
    }
}

/// How a score came to be, all points in percent like the score.
#[derive(Debug, Serialize)]
pub struct ExplainRecord<'a> {
    /// Of texts with the same key, what each difference in form costs.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub forms: BTreeMap<&'a str, f64>,
    /// Of others, what the edit distance gives of 40 points: letters changed, of the longer text's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edits: Option<PartRecord>,
    /// And the trigrams of 60: the weight of those that both have twice, of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigrams: Option<PartRecord>,
    /// With --score words: words changed, of the longer text's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<PartRecord>,
    /// Whether what is above 90 counts half.
    pub halved: bool,
    /// What is taken off for memory and path.
    pub penalty: f64,
    /// What decides where it stands, in this order; coverage (how much of the query the translation says, 0 to 1) only below
    /// 85, agreement (0 to 1) only below 95 and beside others of the same percent.
    pub coverage: Option<f64>,
    pub agreement: Option<f64>,
    /// both, one or neither.
    pub neighbours: &'a str,
    /// The number of the memory, from 0.
    pub memory: u32,
    /// same, unsaid or other.
    pub region: &'a str,
    /// human, aligned or machine.
    pub origin: &'a str,
    /// final, reviewed, translated or draft.
    pub status: &'a str,
}

/// A part of a score.
#[derive(Debug, Serialize)]
pub struct PartRecord {
    pub points: f64,
    pub part: u64,
    pub whole: u64,
}

/// One step of the way from the stored source to the query: `op` is equal, form, replace, insert or delete. The spans are
/// bytes of both texts, which the steps tile, in whole words.
#[derive(Debug, Serialize)]
pub struct DiffRecord<'a> {
    pub op: &'a str,
    pub query: &'a str,
    pub source: &'a str,
    pub query_span: [usize; 2],
    pub source_span: [usize; 2],
}

/// `concordance --json`, out: `type` says which.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ConcordanceRecord<'a> {
    /// A segment with hits. `spans` are bytes of `text`, in which each inline code is one U+FFFC.
    Line {
        lang: &'a str,
        text: &'a str,
        spans: Vec<[usize; 2]>,
        target: &'a str,
        memory: &'a str,
        id: &'a str,
        document: Option<&'a str>,
        origin: Option<&'a str>,
        changed: Option<&'a str>,
    },
    /// The last line: `next` is for `--from`, null if there is no more.
    End { segments: usize, hits: usize, next: Option<String> },
    /// With --count, instead of all others.
    Count { segments: usize, hits: usize },
}

/// `add --json` and `remove --json`, out: the unit that was changed, and is on disk.
#[derive(Debug, Serialize)]
pub struct Changed<'a> {
    pub id: &'a str,
}

/// `history --json`, out, oldest first: `state` is current, superseded or deleted.
#[derive(Debug, Serialize)]
pub struct VersionRecord<'a> {
    pub id: &'a str,
    pub state: &'a str,
    pub changed: Option<&'a str>,
    pub memory: &'a str,
    pub ar: &'a str,
    pub en: &'a str,
}

/// `compact --json`, out.
#[derive(Debug, Serialize)]
pub struct CompactReport {
    pub files_before: usize,
    pub files_after: usize,
    /// Versions that are in live files still.
    pub kept: usize,
    pub dropped: usize,
}

/// Stands in the place of an answer that cannot be given.
#[derive(Debug, Serialize)]
pub struct ErrorRecord {
    pub id: serde_json::Value,
    pub error: ErrorBody,
}

/// What went wrong.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    pub code: String,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tuid: Option<String>,
}

impl From<&dhakira::Error> for ErrorBody {
    fn from(error: &dhakira::Error) -> ErrorBody {
        let place = error.place().cloned().unwrap_or_default();
        ErrorBody {
            code: error.code().to_owned(),
            message: error.to_string(),
            line: place.line,
            byte: place.byte,
            tuid: place.tuid,
        }
    }
}

/// `analyse --json`, out: a file (`type` is `file`), or at last all of them (`total`).
#[derive(Debug, Serialize)]
pub struct AnalysisRecord<'a> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The language of the sources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<&'a str>,
    pub rows: Vec<RowRecord>,
    pub total: RowRecord,
}

/// A row of an analysis. `band` is context, repetition, 100, 95-99, 85-94, 75-84, 50-74, new or total; `rate` is in percent.
#[derive(Debug, Serialize)]
pub struct RowRecord {
    pub band: &'static str,
    pub segments: u64,
    pub words: u64,
    pub characters: u64,
    pub characters_without_spaces: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<u32>,
    pub payable_words: f64,
}

/// `pretranslate --json`, out: what became of a segment. `verdict` is kept, confirmed, draft, codes, unfillable or nothing.
#[derive(Debug, Serialize)]
pub struct SegmentRecord<'a> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub file: &'a str,
    pub line: u64,
    pub id: Option<&'a str>,
    pub source: String,
    pub verdict: &'static str,
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    pub used: Option<UsedRecord<'a>>,
}

/// The match that was put into a segment, or the best there is.
#[derive(Debug, Serialize)]
pub struct UsedRecord<'a> {
    pub score: f64,
    pub kind: String,
    pub why: Vec<String>,
    pub source: &'a str,
    pub target: &'a str,
    pub memory: String,
    pub tuid: &'a str,
    /// Whether the memory translates the same source otherwise, too.
    pub ambiguous: bool,
    /// Whether the place of an inline code is a guess.
    pub codes_guessed: bool,
    /// How like the segment it is with what was repaired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repaired: Option<f64>,
    /// What was repaired, and why.
    pub notes: &'a [String],
}

/// `pretranslate --json`, out: a file.
#[derive(Debug, Serialize)]
pub struct PretranslatedRecord {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub file: String,
    pub output: String,
    pub segments: usize,
    pub kept: usize,
    pub confirmed: usize,
    pub draft: usize,
    pub codes: usize,
    pub unfillable: usize,
    pub nothing: usize,
}
