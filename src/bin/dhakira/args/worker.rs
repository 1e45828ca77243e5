//! The command that engines run many of.

use crate::choice::{TaskName, UnitForm};
use crate::options::{Linking, Suggesting};
use clap::Args;
use std::path::PathBuf;

/// Answers JSON lines, one after the other, for engines that run many of us: align, split, match, pair, check.
///
/// A line is an object with an id and a task; the fields of each task stand in the README. A line that can not be answered is
/// answered by an error in its place, and the exit code at the end is 2. One thread, unless --threads says otherwise.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  echo '{\"id\": 1, \"task\": \"split\", \"raw\": \"وصل د. سامي. هل رأيته؟\"}' | dhakira worker\n  dhakira worker --task align --units jsonl < list.jsonl"
)]
pub struct Worker {
    /// JSON lines; `-` or nothing is stdin. Relative paths in them start at the folder of the file.
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The task of lines that name none; so a manifest is work as it is.
    #[arg(long, value_name = "TASK")]
    pub task: Option<TaskName>,
    /// Gives with links the units, as lines of this form, where a line does not say so ("units").
    #[arg(long, value_name = "FORM")]
    pub units: Option<UnitForm>,
    /// Gives units even of texts that do not look like translations of each other.
    #[arg(long)]
    pub force: bool,
    /// The longest line that is read, in megabytes; a longer one is answered by an error and not held in memory.
    #[arg(long, value_name = "MB", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub max_line: u32,
    #[command(flatten)]
    pub linking: Linking,
    #[command(flatten)]
    pub suggesting: Suggesting,
}
