//! Commands about what is in a memory: units in and out, added, removed, their versions.

use crate::choice::{DuplicatesName, Language};
use crate::options::{Delivery, MemoryArg, Reading, Writing};
use clap::Args;
use std::path::PathBuf;

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
