//! What a user may type: the commands, their options and their help.

use clap::{Args, Parser, Subcommand, ValueEnum};
use dhakira::Lang;
use std::path::PathBuf;
use std::time::Duration;

/// Arabic–English translation memory: align articles with their translations, store them as TMX, get suggestions back.
#[derive(Debug, Parser)]
#[command(name = "dhakira", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub general: General,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub struct General {
    /// How many threads work; 0 means one for each core. The answer is the same with any number.
    #[arg(long, global = true, default_value_t = 0, value_name = "N")]
    pub threads: usize,
    /// Says nothing but errors on stderr.
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Colours: auto means on a terminal only.
    #[arg(long, global = true, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub color: Colour,
    /// Directional isolates around each side of mixed lines: on keeps Arabic and English apart in a terminal that knows
    /// bidi; off leaves them out.
    #[arg(long, global = true, default_value_t = Bidi::On, value_name = "HOW")]
    pub bidi: Bidi,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Split(Split),
    Align(Align),
    Import(Import),
    Export(Export),
    Match(Match),
    Add(Add),
    Remove(Remove),
    History(History),
    Compact(Compact),
}

/// Splits text into sentences, one a line.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  echo 'وصل د. سامي. هل رأيته؟' | dhakira split -")]
pub struct Split {
    /// Text files; `-` or nothing is stdin.
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The language of the text; auto goes by its letters, line by line.
    #[arg(long, value_name = "LANG")]
    pub lang: Option<Language>,
    /// JSON lines: in {"id", "lang", "raw"}, out {"id", "sentences", "spans"} with byte ranges into raw; joined, the sentences
    /// are raw again.
    #[arg(long)]
    pub json: bool,
    /// Breaks after a semicolon too (؛ and ;).
    #[arg(long)]
    pub semicolon: bool,
    /// A text file of further abbreviations, in the form of the built-in lists.
    #[arg(long, value_name = "FILE")]
    pub abbreviations: Option<PathBuf>,
    /// The encoding of the files, where it is not found out (for example windows-1256).
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,
}

/// Aligns an Arabic article with its English translation, sentence by sentence, into TMX.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dhakira align article.ar.txt article.en.txt > article.tmx\n  dhakira align corpora/ -o tmx/"
)]
pub struct Align {
    /// The Arabic article, or a folder of pairs (NAME.ar.txt with NAME.en.txt, also .md and .html, or ar/NAME with en/NAME).
    #[arg(value_name = "AR|FOLDER")]
    pub ar: PathBuf,
    /// The English article.
    #[arg(value_name = "EN")]
    pub en: Option<PathBuf>,
    /// Where the result goes: a file for a pair (stdout if not given), a folder for a folder.
    #[arg(long, short, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// The form of the result.
    #[arg(long, default_value_t = AlignForm::Tmx, value_name = "FORM")]
    pub to: AlignForm,
    /// The sides are split already, one sentence a line, blank lines between paragraphs; nothing is taken out.
    #[arg(long)]
    pub lines: bool,
    /// Shows on stderr what was taken out of the articles, and by which rule.
    #[arg(long)]
    pub explain: bool,
    /// Writes the result even if the two do not look like translations of each other.
    #[arg(long)]
    pub force: bool,
    /// A text file of further page furniture, in the form of the built-in lists.
    #[arg(long, value_name = "FILE")]
    pub furniture: Option<PathBuf>,
    /// The encoding of the articles, where it is not found out (for example windows-1256).
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,
    /// A report as JSON lines on stdout, one a pair, with --output.
    #[arg(long, requires = "output")]
    pub json: bool,
}

/// Takes the units of other files into the memory.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dhakira import old.tmx glossary.tsv --memory tmx")]
pub struct Import {
    /// TMX, TSV, CSV, JSON lines, or one side of a Moses pair (NAME.ar beside NAME.en).
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub memory: MemoryArg,
    #[command(flatten)]
    pub writing: Writing,
    /// The columns of a TSV or CSV file without a header line, for example `ar,en` or `id,en,ar`.
    #[arg(long, value_name = "NAMES")]
    pub columns: Option<String>,
    /// The encoding of the files, where it is not found out (for example windows-1256).
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,
    /// A report as JSON lines on stdout, one a file.
    #[arg(long)]
    pub json: bool,
}

/// Writes the memory out again as one file.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dhakira export --memory tmx -o everything.tmx")]
pub struct Export {
    #[command(flatten)]
    pub memory: MemoryArg,
    /// The file; its ending tells the form (tmx, tsv, csv, jsonl). `-` or nothing is stdout.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The form, where the ending does not tell it.
    #[arg(long, value_name = "FORM")]
    pub to: Option<String>,
    /// Only units of this document (their x-document prop).
    #[arg(long, value_name = "NAME")]
    pub document: Option<String>,
    /// The source language of the file.
    #[arg(long, value_name = "LANG", default_value_t = Language::Ar)]
    pub from: Language,
}

/// Suggests earlier translations for a new sentence.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dhakira match 'افتتح الوزير الميناء الجديد' --memory tmx")]
pub struct Match {
    /// The new sentences; without them, one a line from stdin.
    #[arg(value_name = "TEXT")]
    pub texts: Vec<String>,
    #[command(flatten)]
    pub memory: MemoryArg,
    /// At most so many suggestions.
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub top: usize,
    /// Nothing below this score, 0 to 100. If nothing reaches it, the best one at 50 or better is shown, marked as below.
    #[arg(long, value_name = "SCORE", default_value_t = 70.0)]
    pub min: f64,
    /// Shows nothing below --min, not even the best one.
    #[arg(long)]
    pub strict: bool,
    /// The language of the sentences; seen from their letters if not given.
    #[arg(long, value_name = "LANG")]
    pub from: Option<Language>,
    /// JSON lines: in {"id", "source"}, out {"id", "matches"}; given TEXT is answered in the same form.
    #[arg(long)]
    pub json: bool,
}

/// Puts a translation into the memory; it is on disk when its id is printed.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dhakira add --ar 'صباح الخير' --en 'Good morning' --memory tmx")]
pub struct Add {
    #[command(flatten)]
    pub memory: MemoryArg,
    /// The Arabic text.
    #[arg(long, value_name = "TEXT")]
    pub ar: String,
    /// The English text.
    #[arg(long, value_name = "TEXT")]
    pub en: String,
    /// The unit's id (tuid): of a unit that is there, this becomes the newer version. One is made if not given.
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// The document that it comes from (its x-document prop).
    #[arg(long, value_name = "NAME")]
    pub document: Option<String>,
    #[command(flatten)]
    pub writing: Writing,
    /// The id as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Takes units out of the memory; what they said stays in their history, files of other tools stay as they are.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dhakira remove 3f9a1c0b7d2e4856 --memory tmx")]
pub struct Remove {
    /// The ids of the units; of a unit without a tuid its `~` id, which an error or `history` names.
    #[arg(value_name = "ID", required = true)]
    pub ids: Vec<String>,
    #[command(flatten)]
    pub memory: MemoryArg,
    #[command(flatten)]
    pub writing: Writing,
    /// JSON lines, one for each id.
    #[arg(long)]
    pub json: bool,
}

/// Shows all versions of a unit, oldest first.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dhakira history 3f9a1c0b7d2e4856 --memory tmx")]
pub struct History {
    /// The id of the unit.
    #[arg(value_name = "ID")]
    pub id: String,
    #[command(flatten)]
    pub memory: MemoryArg,
    /// JSON lines, one for each version.
    #[arg(long)]
    pub json: bool,
}

/// Merges the live files of the memory and drops what newer versions superseded.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dhakira compact --memory tmx")]
pub struct Compact {
    #[command(flatten)]
    pub memory: MemoryArg,
    /// Keeps all versions: files are merged only.
    #[arg(long)]
    pub history: bool,
    #[command(flatten)]
    pub writing: Writing,
    /// A report as JSON.
    #[arg(long)]
    pub json: bool,
}

/// What every command takes that writes to a memory.
#[derive(Debug, Clone, Args)]
pub struct Writing {
    /// How long to wait while another process writes to the memory, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub wait: u32,
}

impl Writing {
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.wait.into())
    }
}

/// Which memory.
#[derive(Debug, Clone, Args)]
pub struct MemoryArg {
    /// The memory: a folder of TMX files.
    #[arg(long, short, value_name = "FOLDER", env = "DHAKIRA_MEMORY", default_value = "tmx")]
    pub memory: PathBuf,
}

/// `ar` or `en`, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    Ar,
    En,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Lang {
        match language {
            Language::Ar => Lang::Ar,
            Language::En => Lang::En,
        }
    }
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    Auto,
    Always,
    Never,
}

/// Whether to isolate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Bidi {
    On,
    Off,
}

/// What an alignment is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AlignForm {
    /// TMX 1.4, links with both sides.
    Tmx,
    /// Arabic, English and score, a link a line.
    Tsv,
    /// One object: every link with its sentence numbers and score.
    Json,
    /// `[0]:[0]` lines, sentence numbers from 0, Arabic first.
    Ladder,
}

/// Displays an option's value as it is typed.
macro_rules! shown_as_typed {
    ($($name:ty),*) => {$(
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let value = self.to_possible_value().expect("no value is skipped");
                f.write_str(value.get_name())
            }
        }
    )*};
}
shown_as_typed!(Language, Colour, Bidi, AlignForm);
