//! Documents to be translated: `analyse`, `pretranslate`.

use serde::Serialize;

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
    /// With --glossary: terms that are missing or forbidden.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub terms: &'a [String],
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
