//! Sentences and links: `split`, `align`, `learn`.

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
    pub id: serde_json::Value,
    /// How sure it is that the two texts are translations of each other, 0 to 1.
    pub confidence: f64,
    pub translation: bool,
    /// The sentences of each side, in order.
    pub ar: Vec<&'a str>,
    pub en: Vec<&'a str>,
    pub beads: Vec<BeadRecord>,
    /// `worker`, if it is asked for them: the links that have both sides as units, each the line that `align --to` writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<Vec<String>>,
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
