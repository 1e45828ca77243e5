//! Commands about files of units: what is wrong with them, what is in them, one of many and many of one.

use crate::choice::DuplicatesName;
use crate::options::{Delivery, MemoryArg, Reading};
use clap::Args;
use std::path::PathBuf;

/// Says what is wrong with the units of files, line by line, and mends what a machine may mend.
///
/// Each finding is one line, FILE:LINE (tuid): KIND: what. Exit code: 0 no errors (warnings perhaps), 2 errors.
#[derive(Debug, Args)]
#[command(
    after_help = "Kinds, by severity (* by default off, + mended by --repair, (+) mended by --repair=KIND):\n  error    empty-side missing-side unknown-language+ swapped-sides+ wrong-script\n           codes-unbalanced mojibake+ replacement-characters control-characters+\n           visual-order, and unreadable: what no unit could be read from\n  warning  untranslated codes-differ placeholders-differ numbers-differ\n           length-ratio presentation-forms+ bidi-unbalanced+ entities(+) bad-date+\n           duplicate, and file: what is wrong with a file as a whole\n  info     same-language-twice bidi-controls*(+) leading-trailing-space(+)\n           double-space*(+) tatweel*(+) persian-letters(+) latin-punctuation*(+)\n           end-punctuation inconsistent\n  with --glossary, warning  term-missing term-forbidden\n\nExamples:\n  dhakira check tmx/ --without length-ratio,inconsistent\n  dhakira check old.tmx --repair -o mended.tmx"
)]
pub struct Check {
    /// Files of any kind that import reads, and folders of TMX files.
    #[arg(value_name = "FILE|FOLDER", required = true)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    /// Only these kinds.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Not these kinds.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    pub without: Vec<String>,
    /// The kinds that are off by default too.
    #[arg(long)]
    pub all: bool,
    /// Terms that units are held against: TBX (2008, 2019), or a table with ar and en columns, several terms with | between,
    /// forbidden ones behind !.
    #[arg(long, value_name = "FILE")]
    pub glossary: Option<PathBuf>,
    /// Mends what is safe to mend, and the kinds named here; every change is told. The units go to --output, the mended
    /// and the others.
    #[arg(long, value_name = "KIND", value_delimiter = ',', num_args = 0.., require_equals = true, requires = "output")]
    pub repair: Option<Vec<String>>,
    /// Where the units go with --repair.
    #[arg(long, short, value_name = "FILE", requires = "repair")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub delivery: Delivery,
    /// A TMX file for what could not be read, each unit with its reason.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// JSON lines on stdout: findings, changes, and at last a summary.
    #[arg(long)]
    pub json: bool,
}

/// Leaves out of files what is wrong, doubled or badly aligned.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dhakira clean old.tmx -o good.tmx --rejects bad.tmx\n  dhakira clean tmx/ -o good.tmx --drop numbers-differ,duplicate --min-score 0.5"
)]
pub struct Clean {
    /// Files of any kind that import reads, and folders of TMX files.
    #[arg(value_name = "FILE|FOLDER", required = true)]
    pub files: Vec<PathBuf>,
    /// Where the good units go; `-` is stdout.
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
    /// The kinds of findings (see check) for which a unit goes; errors stands for all of that severity. Nothing else goes
    /// then.
    #[arg(long, value_name = "KIND", value_delimiter = ',', default_value = "errors,duplicate")]
    pub drop: Vec<String>,
    /// Units with a lower x-align-score go too; those without one stay.
    #[arg(long, value_name = "SCORE")]
    pub min_score: Option<f64>,
    /// A TMX file for what goes and what could not be read, each unit with its reasons.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    #[command(flatten)]
    pub delivery: Delivery,
    /// A report as JSON on stdout.
    #[arg(long)]
    pub json: bool,
}

/// Makes one file of several files or memories.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dhakira merge mine.tmx hers.tmx -o ours.tmx --duplicates keep")]
pub struct Merge {
    /// Files of any kind that import reads, and folders of TMX files.
    #[arg(value_name = "FILE|FOLDER", required = true)]
    pub files: Vec<PathBuf>,
    /// The file; `-` is stdout.
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
    /// Where two inputs translate one source in different ways: keep takes the first input's, overwrite the last one's, both
    /// takes both. What stands in one input stays as it is.
    #[arg(long, value_name = "HOW", default_value_t = DuplicatesName::Both)]
    pub duplicates: DuplicatesName,
    /// A TMX file for what could not be read, each unit with its reason.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    #[command(flatten)]
    pub delivery: Delivery,
    /// A report as JSON on stdout.
    #[arg(long)]
    pub json: bool,
}

/// Makes several files of one: by document, by languages, by a prop, or so many units a file.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dhakira split-by --units 10000 big.tmx -o parts\n  dhakira split-by document tmx/ -o documents"
)]
pub struct SplitBy {
    /// document, lang or the type of a prop; not with --units. Then files of any kind that import reads, and folders of TMX
    /// files.
    #[arg(value_names = ["KEY", "FILE|FOLDER"], required = true)]
    pub files: Vec<PathBuf>,
    /// So many units a file.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub units: Option<u64>,
    /// The folder for the files, each named after its part.
    #[arg(long, short, value_name = "FOLDER")]
    pub output: PathBuf,
    /// A TMX file for what could not be read, each unit with its reason.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    #[command(flatten)]
    pub delivery: Delivery,
    /// A report as JSON lines on stdout, one a file.
    #[arg(long)]
    pub json: bool,
}

/// Shows in which units two files or memories differ.
///
/// Units belong together by their tuid, else by what they say, else by their source text. Exit code: 0 no difference, 1
/// differences, 2 something failed.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dhakira diff monday.tmx tuesday.tmx")]
pub struct Diff {
    /// What was: a file of any kind that import reads, or a folder of TMX files.
    #[arg(value_name = "A")]
    pub before: PathBuf,
    /// What is.
    #[arg(value_name = "B")]
    pub after: PathBuf,
    /// Only what differs in the texts, not in dates, props and notes.
    #[arg(long)]
    pub texts: bool,
    #[command(flatten)]
    pub reading: Reading,
    /// JSON lines, one a difference.
    #[arg(long)]
    pub json: bool,
}

/// Counts what files hold: units, words, languages, props, dates, tools, duplicates, scores.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dhakira stats tmx/")]
pub struct Stats {
    /// Files of any kind that import reads, and folders of TMX files; without them, the memory.
    #[arg(value_name = "FILE|FOLDER")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub memory: MemoryArg,
    #[command(flatten)]
    pub reading: Reading,
    /// One JSON object.
    #[arg(long)]
    pub json: bool,
}
