//! The folder itself: which files of it are memory, and who may write.

use super::live::live_number;
use super::lock::Lock;
use super::shard::Shard;
use super::stored::{self, INDEXED_UNITS};
use super::{Snapshot, Writer};
use crate::error::Error;
use rayon::prelude::*;
use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A folder of TMX files.
///
/// Opening it reads nothing: a [`Snapshot`] reads, a [`Writer`] writes. Every file in the folder that ends in `.tmx` counts;
/// hidden files, other endings and folders below it do not ([`Library`](super::Library) searches those too).
#[derive(Debug, Clone)]
pub struct Memory {
    folder: PathBuf,
    indexing: Indexing,
}

/// Which files get an index file, in the folder `.index` of the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Indexing {
    /// Files of at least so many units. Of smaller ones all units are read instead, and compared one by one.
    pub least_units: usize,
    /// Whether index files are written. Otherwise an index that is missing is made in memory, each time anew.
    pub write: bool,
}

impl Default for Indexing {
    /// [`INDEXED_UNITS`], written. A folder that is read-only is not written to, of course, and that is no error.
    fn default() -> Indexing {
        Indexing { least_units: INDEXED_UNITS, write: true }
    }
}

impl Memory {
    /// The memory in `folder`, which must be there.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the folder is missing or cannot be listed.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Memory, Error> {
        let memory = Memory { folder: folder.into(), indexing: Indexing::default() };
        memory.files()?;
        Ok(memory)
    }

    /// The same memory with other rules for index files. What is found does not depend on them.
    pub fn with_indexing(mut self, indexing: Indexing) -> Memory {
        self.indexing = indexing;
        self
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

    /// The memory in another folder, under the same rules.
    pub(super) fn beside(&self, folder: PathBuf) -> Memory {
        Memory { folder, ..self.clone() }
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
        self.list().map(|listing| listing.files)
    }

    /// As [`Memory::files`], with what could not even be listed.
    pub(super) fn listed(&self) -> Result<(Vec<PathBuf>, Vec<Arc<Error>>), Error> {
        self.list().map(|listing| (listing.files, listing.problems))
    }

    fn list(&self) -> Result<Listing, Error> {
        let refuse = |e| Error::io("read the memory", &self.folder, e);
        let mut listing = Listing::default();
        for entry in fs::read_dir(&self.folder).map_err(refuse)? {
            let path = entry.map_err(refuse)?.path();
            let is_tmx = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("tmx"));
            let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
            if !is_tmx || is_hidden {
                continue;
            }
            match fs::metadata(&path) {
                Ok(meta) if meta.is_file() => listing.files.push(path),
                Ok(_) => {}
                // Gone since it was listed; but a link that leads nowhere is said.
                Err(e) if e.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(&path).is_err() => {}
                Err(e) => listing.problems.push(Arc::new(Error::io("read", &path, e))),
            }
        }
        listing.files.sort();
        Ok(listing)
    }

    /// Reads every unit of every file, in parallel, as it is now: with all that a writer had acknowledged before.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the folder cannot be listed. Files and units that cannot be read are in
    /// [`Snapshot::problems`], the rest is there.
    pub fn snapshot(&self) -> Result<Snapshot, Error> {
        self.refresh(&Snapshot::default())
    }

    /// The memory as it is now, where `old` is how it was: only files that changed are read again.
    ///
    /// # Errors
    ///
    /// As [`Memory::snapshot`].
    pub fn refresh(&self, old: &Snapshot) -> Result<Snapshot, Error> {
        self.look(old, false)
    }

    /// As [`Memory::refresh`]; if `live` then of the live files alone.
    pub(super) fn look(&self, old: &Snapshot, live: bool) -> Result<Snapshot, Error> {
        let mut known: HashMap<PathBuf, Arc<Shard>> =
            old.shards().iter().map(|shard| (shard.path.clone(), shard.clone())).collect();
        let list = || {
            let mut listing = self.list()?;
            listing.files.retain(|path| !live || live_number(path).is_some());
            Ok::<Listing, Error>(listing)
        };
        let mut listing = list()?;
        for _ in 0..ROUNDS {
            let read = |path: &PathBuf| match known.get(path).filter(|shard| shard.is_fresh()) {
                Some(shard) => Some(shard.clone()),
                None => Shard::read(path, self.indexing, known.get(path).map(|shard| &**shard)).map(Arc::new),
            };
            let shards: Vec<Option<Arc<Shard>>> = listing.files.par_iter().map(read).collect();
            // While a writer puts many files in place of others, a list may have neither. What has the same names before and
            // after reading was whole.
            let after = list()?;
            let whole = after.files == listing.files && shards.iter().all(Option::is_some);
            let mut shards: Vec<Arc<Shard>> = shards.into_iter().flatten().collect();
            if whole {
                shards.retain(|shard| !live || shard.live.is_some());
                return Ok(Snapshot::new(shards, after.problems, old));
            }
            known.extend(shards.into_iter().map(|shard| (shard.path.clone(), shard)));
            listing = after;
        }
        let reason = io::Error::other("files keep coming and going; ask again when they are at rest");
        Err(Error::io("read the memory", &self.folder, reason))
    }

    /// The one writer.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] if another process has it, [`Error::Io`] if the lock file cannot be made.
    pub fn writer(&self) -> Result<Writer, Error> {
        self.writer_waiting(Duration::ZERO)
    }

    /// The one writer, waiting up to `patience` until another one is done.
    ///
    /// # Errors
    ///
    /// As [`Memory::writer`].
    pub fn writer_waiting(&self, patience: Duration) -> Result<Writer, Error> {
        let lock = Lock::take(&self.folder, patience)?;
        self.sweep();
        Ok(Writer::new(self.clone(), lock))
    }

    /// Removes what dead writers left behind: files that were never whole. What cannot be removed does no harm.
    fn sweep(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            if is_file && name.to_str().and_then(partial_owner).is_some_and(|process| process != std::process::id()) {
                let _ = fs::remove_file(entry.path());
            }
        }
        // Index files of TMX files that are gone, and half-written ones.
        let Ok(entries) = fs::read_dir(self.folder.join(stored::FOLDER)) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let of = Path::new(&name).file_stem().map(|of| self.folder.join(of));
            let is_orphan = Path::new(&name).extension().is_some_and(|ending| ending == "idx")
                && of.is_some_and(|of| fs::symlink_metadata(of).is_err());
            let is_half = name.to_str().and_then(partial_owner).is_some_and(|process| process != std::process::id());
            if is_orphan || is_half {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// How often a folder whose files come and go is looked at.
const ROUNDS: usize = 64;

/// What a folder holds.
#[derive(Debug, Default)]
struct Listing {
    files: Vec<PathBuf>,
    problems: Vec<Arc<Error>>,
}

/// The process that wrote `NAME.tmx.PROCESS-NUMBER.partial`, or the same of an index file.
fn partial_owner(name: &str) -> Option<u32> {
    let (name, owner) = name.strip_suffix(".partial")?.rsplit_once('.')?;
    let (process, number) = owner.split_once('-')?;
    number.parse::<u64>().ok()?;
    let name = name.strip_suffix(".idx").unwrap_or(name);
    name.to_ascii_lowercase().ends_with(".tmx").then(|| process.parse().ok())?
}
