//! What a user may type: the commands and their help, by what they are about.

mod articles;
mod files;
mod job;
mod memory;
mod search;
#[cfg(feature = "serve")]
mod server;
mod worker;

pub use articles::{Align, Learn, Split};
pub use files::{Check, Clean, Diff, Merge, SplitBy, Stats};
pub use job::{Analyse, Pretranslate};
pub use memory::{Add, Compact, Export, History, Import, Remove};
pub use search::{Concordance, Match};
#[cfg(feature = "serve")]
pub use server::{Mcp, Serve};
pub use worker::Worker;

use crate::options::General;
use clap::{Parser, Subcommand};

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
    Worker(Worker),
    #[cfg(feature = "serve")]
    Serve(Serve),
    #[cfg(feature = "serve")]
    Mcp(Mcp),
}
