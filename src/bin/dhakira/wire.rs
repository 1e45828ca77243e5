//! The JSON forms, lines of UTF-8: what programs write to us and read from us. An API: names and meanings stay.
//!
//! One object a line. Unknown keys are ignored. A line that cannot be understood is answered in its place by an
//! [`ErrorRecord`]. Offsets are bytes, ranges half-open. Scores are 0 to 100 (101 for a context match), of links 0 to 1.

use serde::{Deserialize, Serialize};

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
}

/// `import --json`, out: what became of one file.
#[derive(Debug, Serialize)]
pub struct ImportReport {
    pub file: String,
    /// Units read from the file.
    pub read: usize,
    /// Of these, new to the memory.
    pub new: usize,
    /// Of these, there already.
    pub kept: usize,
    /// Units that could not be read, each with its reason.
    pub set_aside: Vec<ErrorBody>,
    /// The file of the memory that holds the new units.
    pub output: Option<String>,
}

/// `match --json`, in.
#[derive(Debug, Deserialize)]
pub struct MatchRequest {
    pub id: serde_json::Value,
    pub source: String,
    #[serde(default)]
    pub lang: Option<String>,
}

/// `match --json`, out, best first.
#[derive(Debug, Serialize)]
pub struct MatchAnswer<'a> {
    pub id: serde_json::Value,
    pub matches: Vec<MatchRecord<'a>>,
}

/// One suggestion.
#[derive(Debug, Serialize)]
pub struct MatchRecord<'a> {
    pub source: &'a str,
    pub target: &'a str,
    pub score: f64,
    pub kind: &'a str,
    pub why: Vec<String>,
    pub memory: &'a str,
    pub tuid: Option<&'a str>,
    pub changed: Option<&'a str>,
    pub diff: Vec<DiffRecord<'a>>,
}

/// One step of the way from the stored source to the query: `op` is equal, form, replace, insert or delete.
#[derive(Debug, Serialize)]
pub struct DiffRecord<'a> {
    pub op: &'a str,
    pub query: &'a str,
    pub source: &'a str,
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
