//! The documents of a job, and the memories that they are held against.

use crate::choice::Language;
use crate::input;
use crate::options::MemoriesArg;
use crate::talk::Talk;
use anyhow::Result;
use dhakira::document::{Document, Options};
use dhakira::error::in_line;
use dhakira::memory::Library;
use dhakira::task::Workers;
use std::path::PathBuf;

/// How documents are read, as the command line says it.
pub fn options(from: Option<Language>, encoding: Option<&str>) -> Result<Options> {
    Ok(Options { from: from.map(Into::into), encoding: input::encoding(encoding)? })
}

/// Those of the documents that can be read. The others are said; they end nothing.
pub fn documents(files: &[PathBuf], options: &Options, talk: &Talk) -> Vec<Document> {
    let read = |file: &PathBuf| Document::read(file, options).map_err(|error| talk.error(error)).ok();
    files.iter().filter_map(read).collect()
}

/// The memories, their problems said.
pub fn library(memory: &MemoriesArg, penalties: &[(PathBuf, u16)], workers: &Workers, talk: &Talk) -> Result<Library> {
    let library = workers.run(|| memory.library(penalties))?;
    library.problems().iter().for_each(|problem| talk.error(problem));
    if library.is_empty() {
        let folders: Vec<String> = memory.folders().iter().map(|folder| in_line(folder).to_string()).collect();
        talk.note(format_args!("{}: the memory is empty", folders.join(", ")));
    }
    Ok(library)
}
