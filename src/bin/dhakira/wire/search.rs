//! What a memory is asked and what it answers: `match`, `concordance`.

use dhakira::Lang;
use dhakira::glossary::Hit;
use dhakira::memory::{Fragment, Repaired};
use dhakira::repair::Edit;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

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
    pub terms: Option<Vec<TermRecord>>,
    /// With --fragments, where no match is good: the parts that the memory knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fragments: Option<Vec<FragmentRecord>>,
}

/// A term of the glossary in a sentence.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct TermRecord {
    /// As the glossary writes it.
    pub term: String,
    /// Its bytes in the sentence, clitics and endings with it.
    pub span: [usize; 2],
    /// Whether it is preferred, admitted or forbidden.
    pub standing: &'static str,
    /// What it is in the other language, the preferred one first.
    pub targets: Vec<String>,
    pub note: Option<String>,
}

impl TermRecord {
    /// Of a hit in a sentence of that language.
    pub fn new(hit: &Hit<'_>, lang: Lang) -> TermRecord {
        TermRecord {
            term: hit.term.text.clone(),
            span: [hit.range.start, hit.range.end],
            standing: hit.term.standing.name(),
            targets: hit.entry.allowed(lang.other()).map(|term| term.text.clone()).collect(),
            note: hit.entry.note.clone(),
        }
    }
}

/// A part of a sentence that the memory knows.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct FragmentRecord {
    /// The part as the sentence has it.
    pub text: String,
    /// Its bytes in the sentence.
    pub span: [usize; 2],
    /// What it is in the other language.
    pub target: String,
    /// How sure that is, 0 to 1.
    pub confidence: f64,
    /// `whole` for a unit that says nothing else, `phrase` for a part of a longer one.
    pub kind: &'static str,
    /// How many units say so, of those that were looked at.
    pub times: usize,
    /// The texts of one of these units.
    pub source: String,
    pub translation: String,
    /// Its id, if its file gives it one, and that file's name.
    pub tuid: Option<String>,
    pub memory: String,
}

impl FragmentRecord {
    /// Of a fragment of this sentence.
    pub fn new(sentence: &str, fragment: &Fragment<'_>) -> FragmentRecord {
        FragmentRecord {
            text: sentence[fragment.span.clone()].to_owned(),
            span: [fragment.span.start, fragment.span.end],
            target: fragment.target.clone(),
            confidence: (f64::from(fragment.confidence) * 100.0).round() / 100.0,
            kind: if fragment.is_whole { "whole" } else { "phrase" },
            times: fragment.times,
            source: fragment.source.clone(),
            translation: fragment.translation.clone(),
            tuid: fragment.unit.id().map(str::to_owned),
            memory: fragment.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
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
