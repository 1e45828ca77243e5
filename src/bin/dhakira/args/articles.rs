//! Commands about articles: splitting, alignment, the lexicon.

use crate::choice::{AlignForm, Language, ProgressForm};
use crate::options::{Linking, MemoryArg};
use clap::Args;
use std::path::{Path, PathBuf};

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
    after_help = "Examples:\n  dhakira align article.ar.txt article.en.txt > article.tmx\n  dhakira align corpora/ -o tmx/\n  dhakira align list.jsonl -o tmx/"
)]
pub struct Align {
    /// The Arabic article; or a folder of pairs (NAME.ar.txt with NAME.en.txt, also .md and .html, or ar/NAME with en/NAME); or a
    /// manifest (.tsv with a header line, .jsonl, or `-` for one on stdin) with ar and en (paths) or ar_text and en_text, and
    /// perhaps id, url, date, licence, source.
    #[arg(value_name = "AR|FOLDER|MANIFEST")]
    pub ar: PathBuf,
    /// The English article.
    #[arg(value_name = "EN")]
    pub en: Option<PathBuf>,
    /// Where the result goes: a file for a pair (stdout if not given, or for `-`), a folder for many.
    #[arg(long, short, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// The form of the result.
    #[arg(long, default_value_t = AlignForm::Tmx, value_name = "FORM")]
    pub to: AlignForm,
    #[command(flatten)]
    pub linking: Linking,
    /// Shows on stderr what was taken out of the articles, and by which rule.
    #[arg(long)]
    pub explain: bool,
    /// Writes TMX and tables even if the two do not look like translations of each other (ladders and JSON always are).
    #[arg(long)]
    pub force: bool,
    /// Finds out which Arabic article belongs to which English one, of all in the folder or the manifest, by what they say and
    /// when they were published; names count for nothing. Articles without a partner are left out and named.
    #[arg(long, conflicts_with = "en")]
    pub pair: bool,
    /// Of many pairs: each one's links depend on its own two texts and on nothing else. Without it, what is unsure is decided anew by
    /// what the sure links of some 2,048 sentences, of pairs that follow each other, teach about their words.
    #[arg(long)]
    pub no_self_train: bool,
    /// Of many pairs: aligns all anew. Without it, what an earlier run into the same folder aligned is not aligned again, if its
    /// texts, the program, the lexicon, the model and the options are the same.
    #[arg(long)]
    pub redo: bool,
    /// Of many pairs: puts their units together in numbered files of so many units at most (articles stay whole), in the order
    /// of the input.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub shard_units: Option<u64>,
    /// Of many pairs: puts units together in files called after the source that the manifest names.
    #[arg(long)]
    pub by_source: bool,
    /// Of many pairs: leaves out units of which one of these is true: `usual`, or a list of length-ratio, wrong-script,
    /// numbers-differ, untranslated, language, duplicate, near-duplicate, or any other kind that `dhakira check` finds.
    #[arg(long, value_name = "REASONS", value_delimiter = ',')]
    pub filter: Vec<String>,
    /// Of many pairs: leaves out units whose link is less sure than this, 0 to 1.
    #[arg(long, value_name = "P", value_parser = probability)]
    pub min_confidence: Option<f32>,
    /// A TMX file for the units that are left out, each with its reasons (`x-reject-reason`).
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Leaves nothing out: units keep their place, with the reasons in them (`x-verdict`).
    #[arg(long, conflicts_with = "rejects")]
    pub mark: bool,
    /// Of many pairs: a report on all of them, as .json, as a page (.html), or as a datasheet (.md); may be given several times.
    #[arg(long, value_name = "FILE")]
    pub report: Vec<PathBuf>,
    /// Of many pairs: removes files that an earlier run wrote to the folder and this one did not, if nobody changed them since.
    #[arg(long)]
    pub prune: bool,
    /// A report as JSON lines on stdout, one a pair, with --output.
    #[arg(long, requires = "output")]
    pub json: bool,
    /// How far many pairs are: auto is a bar on a terminal; json is a line a second on stderr.
    #[arg(long, default_value_t = ProgressForm::Auto, value_name = "HOW")]
    pub progress: ProgressForm,
}

impl Align {
    /// The file or folder that results go to, if not to stdout.
    pub fn place(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| *path != Path::new("-"))
    }
}

/// Learns from the units of a memory which words translate each other, for `align --lexicon`.
///
/// A tenth of the units is held out. The lexicon is written only if it finds the translations of those better than the one before:
/// the file's, if it is there, or else the built-in one.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  dhakira learn --memory tmx -o my.lexicon && dhakira align --lexicon my.lexicon corpora/ -o tmx/\n  dhakira learn -o my.lexicon"
)]
pub struct Learn {
    #[command(flatten)]
    pub memory: MemoryArg,
    /// The file of the lexicon.
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
    /// A report as JSON on stdout.
    #[arg(long)]
    pub json: bool,
}

/// A probability, as typed.
fn probability(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|p| (0.0..=1.0).contains(p)).ok_or_else(|| "a number from 0 to 1".to_owned())
}
