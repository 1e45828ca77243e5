//! Commands that ask a memory: suggestions, and where words occur.

use crate::choice::Language;
use crate::options::{MemoriesArg, Suggesting};
use clap::Args;

/// Suggests earlier translations for a new sentence.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dhakira match --document --json < sentences.jsonl\n  dhakira match -m mine -m theirs --penalty theirs=10 'افتتح الوزير الميناء الجديد'\n  dhakira match 'افتتح الوزير الميناء الجديد' --memory tmx"
)]
pub struct Match {
    /// The new sentences; without them, one a line from stdin.
    #[arg(value_name = "TEXT")]
    pub texts: Vec<String>,
    #[command(flatten)]
    pub suggesting: Suggesting,
    /// The sentence before it: a unit equal as written between the same neighbours scores 101. '' where there is none.
    #[arg(long, value_name = "TEXT")]
    pub before: Option<String>,
    /// The sentence after it.
    #[arg(long, value_name = "TEXT")]
    pub after: Option<String>,
    /// The id that its file format gives it (msgctxt, a key): a unit with the same one scores 101 too.
    #[arg(long, value_name = "ID")]
    pub context: Option<String>,
    /// The sentences are those of a document in their order: each has its neighbours for context. (So the answer to a line of
    /// stdin comes when the next line has come.)
    #[arg(long, conflicts_with_all = ["before", "after"])]
    pub document: bool,
    /// TEXT, and what is before and after it, holds inline codes, as the content of a TMX or XLIFF segment: codes that differ
    /// cost a point. (With --json: the field "seg".)
    #[arg(long)]
    pub markup: bool,
    /// JSON lines: in {"id", "source"}, out {"id", "matches"}; given TEXT is answered in the same form.
    #[arg(long)]
    pub json: bool,
    /// A page of HTML, changed words marked.
    #[arg(long, conflicts_with = "json")]
    pub html: bool,
}

/// Finds where words occur in the memory, with what stands around them and how it was translated.
///
/// Spelling does not count: vowel marks, tatweel, hamza seats, digit families, case (see --verbatim). Exit code: 0 found, 1
/// nothing found, 2 something failed.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dhakira concordance 'وزارة الصحة' --stem\n  dhakira concordance 'معد* ** جديد*' --wildcard --count\n  dhakira concordance 'ministry' --since 2024 --json"
)]
pub struct Concordance {
    /// What to look for: a phrase, if none of --all-words, --wildcard and --regex says otherwise. It may begin and end
    /// inside words.
    #[arg(value_name = "PATTERN")]
    pub pattern: String,
    #[command(flatten)]
    pub memory: MemoriesArg,
    /// All words of PATTERN, in any order and any place.
    #[arg(long, group = "kind")]
    pub all_words: bool,
    /// `*` is any part of a word, `**` anything; from one word's border to another.
    #[arg(long, group = "kind", conflicts_with = "stem")]
    pub wildcard: bool,
    /// PATTERN is a regular expression (syntax of the Rust crate regex).
    #[arg(long, group = "kind", conflicts_with = "stem")]
    pub regex: bool,
    /// Words with other clitics, articles and endings too: كتاب finds وبكتابهم, opened finds opening.
    #[arg(long, conflicts_with_all = ["whole_words", "verbatim"])]
    pub stem: bool,
    /// A hit begins and ends where words do.
    #[arg(long, short)]
    pub whole_words: bool,
    /// Letter by letter as written, vowel marks, hamza and case too.
    #[arg(long)]
    pub verbatim: bool,
    /// The side to look in; seen from the letters of PATTERN if not given.
    #[arg(long = "in", value_name = "LANG")]
    pub side: Option<Language>,
    /// Only units of this document (their x-document prop).
    #[arg(long, value_name = "NAME")]
    pub document: Option<String>,
    /// Only units that this person made or changed (changeid, creationid).
    #[arg(long, value_name = "NAME")]
    pub author: Option<String>,
    /// Only units of this origin (their x-origin prop, for example align).
    #[arg(long, value_name = "NAME")]
    pub origin: Option<String>,
    /// Only this file of the memory, with or without .tmx.
    #[arg(long, value_name = "NAME")]
    pub file: Option<String>,
    /// Only units changed, made or else dated in this year, month or day or later, for example 2024-03.
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Only units changed, made or else dated in this year, month or day or earlier.
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Only says how many segments and hits there are.
    #[arg(long, conflicts_with_all = ["csv", "limit"])]
    pub count: bool,
    /// At most so many segments.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: u64,
    /// Goes on behind a place that --json or the last line named.
    #[arg(long, value_name = "POSITION")]
    pub from: Option<String>,
    /// How wide a line is, in characters of a terminal; without it the width of the terminal, or 80.
    #[arg(long, value_name = "CELLS")]
    pub width: Option<usize>,
    /// CSV with a header, one hit a line.
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// Puts an apostrophe before fields of --csv that a spreadsheet would take for formulas (they begin with =, +, - or @).
    #[arg(long, requires = "csv")]
    pub guard_formulas: bool,
    /// JSON lines, one a segment, `spans` being bytes of `text`; at last one with the position to go on from.
    #[arg(long)]
    pub json: bool,
}
