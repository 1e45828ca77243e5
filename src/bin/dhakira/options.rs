//! Options that several commands share.

use crate::choice::{Bidi, Colour, DialectName};
use clap::Args;
use dhakira::LangTag;
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
}

/// How units go out. Without these options nothing in them changes.
#[derive(Debug, Clone, Args)]
pub struct Delivery {
    /// The form, where the ending does not tell it: tmx, tsv, csv, jsonl, xlf (1.2), xliff2 (2.0), po.
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
    /// The memory: a folder of TMX files.
    #[arg(long, short, value_name = "FOLDER", env = "DHAKIRA_MEMORY", default_value = "tmx")]
    pub memory: PathBuf,
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
