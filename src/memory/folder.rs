//! The folder itself: which files of it are memory, and who may write.

use super::{Snapshot, Writer};
use crate::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of TMX files.
///
/// Opening it reads nothing: a [`Snapshot`] reads, a [`Writer`] writes. Every file in the folder that ends in `.tmx` counts;
/// hidden files, other endings and folders below it do not.
#[derive(Debug, Clone)]
pub struct Memory {
    folder: PathBuf,
}

impl Memory {
    /// The memory in `folder`, which must be there.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the folder is missing or cannot be listed.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Memory, Error> {
        let memory = Memory { folder: folder.into() };
        memory.files()?;
        Ok(memory)
    }

    /// The memory in `folder`, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the folder cannot be made or listed.
    pub fn create(folder: impl Into<PathBuf>) -> Result<Memory, Error> {
        let folder = folder.into();
        fs::create_dir_all(&folder).map_err(|e| Error::io("make the folder", &folder, e))?;
        Memory::open(folder)
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its TMX files, sorted by name, so that every walk over a memory has the same order on every machine.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the folder cannot be listed.
    pub fn files(&self) -> Result<Vec<PathBuf>, Error> {
        let refuse = |e| Error::io("read the memory", &self.folder, e);
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(refuse)? {
            let path = entry.map_err(refuse)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let is_tmx = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("tmx"));
            if is_tmx && !name.starts_with('.') && path.is_file() {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    /// Reads every unit of every file, in parallel, as it is now.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the folder cannot be listed. Files and units that cannot be read are in
    /// [`Snapshot::problems`], the rest is there.
    pub fn snapshot(&self) -> Result<Snapshot, Error> {
        Ok(Snapshot::read(&self.files()?))
    }

    /// The one writer.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] if another process has it, [`Error::Io`] if the lock file cannot be made.
    pub fn writer(&self) -> Result<Writer, Error> {
        Writer::lock(&self.folder)
    }
}
