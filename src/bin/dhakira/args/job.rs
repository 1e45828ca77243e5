//! Commands about documents to be translated.

use crate::choice::{AnalysisForm, Language, MeasureName};
use crate::options::{MemoriesArg, penalty, repair_kind};
use clap::Args;
use dhakira::repair::Kind;
use std::path::PathBuf;

/// Says how much of documents is new: segments, words and characters by how much of them the memory knows.
///
/// Each segment is in one row: 101 (equal as written, in the same place), repeated, 100 %, and by the best match. Words are those
/// of UAX #29; a clitic is part of its word.
#[derive(Debug, Args)]
#[command(
    after_help = "Kinds of file: text (a line is a paragraph), Markdown, HTML, SRT, XLIFF 1.2 and 2.x, PO, TMX.\n\nA table of rates has a row and its percent on each line; without one it is:\n  context 0, repetition 20, 100 20, 95-99 30, 85-94 50, 75-84 70, 50-74 100, new 100\n\nExamples:\n  dhakira analyse job/*.xlf --internal --rates agreed.txt --csv\n  dhakira analyse README.md --memory tmx"
)]
pub struct Analyse {
    /// The documents of the job, in its order.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub memory: MemoriesArg,
    /// Takes points off the score of all that is found in this memory; may be given several times.
    #[arg(long, value_name = "FOLDER=POINTS", value_parser = penalty)]
    pub penalty: Vec<(PathBuf, u16)>,
    /// The language of the documents, where they do not name it; else seen from their letters.
    #[arg(long, value_name = "LANG")]
    pub from: Option<Language>,
    /// Counts the segments before as if they were translated: likeness within the job.
    #[arg(long)]
    pub internal: bool,
    /// Leaves out segments that have a translation.
    #[arg(long)]
    pub untranslated: bool,
    /// What the scores of matches count: letters and rare trigrams, or whole words.
    #[arg(long, value_name = "KIND", default_value = "letters")]
    pub score: MeasureName,
    /// A file of rates, for payable words.
    #[arg(long, value_name = "FILE")]
    pub rates: Option<PathBuf>,
    /// The encoding of the files, where it is not found out (for example windows-1256).
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,
    /// Another form: omegat is the text layout of OmegaT's match statistics.
    #[arg(long, value_name = "FORM")]
    pub to: Option<AnalysisForm>,
    /// CSV with a header, a line for each row of each file and of all.
    #[arg(long, conflicts_with_all = ["json", "to"])]
    pub csv: bool,
    /// JSON lines, one a file, and at last their sum.
    #[arg(long, conflicts_with = "to")]
    pub json: bool,
}

/// Fills documents with what the memory knows, all else in them the same, and says why.
///
/// XLIFF, PO and TMX get translations beside their sources, and what is not equal as written is marked for review; in text,
/// Markdown, HTML and SRT a translation takes the place of its source. Inline codes are carried over, each once. Exit code: 0
/// something was filled, 1 nothing, 2 something failed.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dhakira pretranslate README.md -o README.ar.md --memory tmx --json")]
pub struct Pretranslate {
    /// The documents.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Where the filled document goes; a folder for several. `-` is stdout.
    #[arg(long, short, value_name = "FILE|FOLDER")]
    pub output: PathBuf,
    #[command(flatten)]
    pub memory: MemoriesArg,
    /// Takes points off the score of all that is found in this memory; may be given several times.
    #[arg(long, value_name = "FOLDER=POINTS", value_parser = penalty)]
    pub penalty: Vec<(PathBuf, u16)>,
    /// The language of the documents, where they do not name it; else seen from their letters.
    #[arg(long, value_name = "LANG")]
    pub from: Option<Language>,
    /// The least score that fills a segment, 0 to 101; if not given, 75 in XLIFF, PO and TMX, 95 (the same words in another
    /// form) where nothing marks what is to be reviewed.
    #[arg(long, value_name = "SCORE")]
    pub min: Option<f64>,
    /// At most so many proposals beside a segment of XLIFF that is not confirmed.
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub proposals: usize,
    /// Replaces drafts too: fuzzy and unreviewed translations that the file has.
    #[arg(long)]
    pub drafts: bool,
    /// What the scores of matches count: letters and rare trigrams, or whole words.
    #[arg(long, value_name = "KIND", default_value = "letters")]
    pub score: MeasureName,
    /// Which differences are put into a draft where that is sure, in XLIFF, PO and TMX: number, date, name, word (one that the
    /// memory translates). Inline codes are carried over in any case.
    #[arg(long, value_name = "KINDS", value_delimiter = ',', value_parser = repair_kind, default_value = "number,date,name,word")]
    pub repair: Vec<Kind>,
    /// Repairs nothing.
    #[arg(long, conflicts_with = "repair")]
    pub no_repair: bool,
    /// Terms to be kept: known to repair, and told where a translation lacks one or has a forbidden one, which is then to be reviewed. TBX
    /// (2008, 2019), or a table with ar and en columns.
    #[arg(long, value_name = "FILE")]
    pub glossary: Option<PathBuf>,
    /// The encoding of the files, where it is not found out (for example windows-1256).
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,
    /// A report as JSON lines on stdout: each segment, and for each file a summary.
    #[arg(long)]
    pub json: bool,
}
