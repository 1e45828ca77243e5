//! Several memories searched as one, in the order of priority, each with a penalty.
//!
//! The folders below a memory, hidden ones aside, are memories of their own here, in the order of their names right behind it:
//! so `tm/penalty-30/` of an OmegaT project is found with 30 points less than `tm/`. They are read only; what writes to a
//! memory, and every command that takes one folder, sees the files of that folder alone.

use super::concordance::{Concordance, Found, Occurrences, Position};
use super::find::{Find, Match, Volume, find};
use super::{Memory, Snapshot};
use crate::concordance::Pattern;
use crate::error::Error;
use crate::index::Scratch;
use crate::matching::Query;
use rayon::prelude::*;
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Memories, the one that counts most first.
///
/// ```
/// use dhakira::matching::Query;
/// use dhakira::memory::{Find, Library, Memory, Shelf};
/// use dhakira::{Lang, unit::{Seg, Unit, Variant}};
/// let folder = tempfile::tempdir().unwrap();
/// let shelf = |name: &str, en: &str, penalty| {
///     let memory = Memory::create(folder.path().join(name)).unwrap();
///     let variants = vec![Variant::new(Lang::Ar, Seg::plain("صباح الخير")), Variant::new(Lang::En, Seg::plain(en))];
///     let moment = dhakira::memory::Moment::new("20260101T000000Z").unwrap();
///     memory.writer().unwrap().add(Unit { variants, ..Unit::default() }, moment).unwrap();
///     Shelf { memory, penalty }
/// };
/// let shelves = vec![shelf("theirs", "Morning!", 1_000), shelf("mine", "Good morning", 0)];
/// let library = Library::new(shelves).unwrap();
/// let found = library.find(&Query::new(Lang::Ar, "صباح الخير"), &Find::default());
/// let found: Vec<_> = found.iter().map(|m| (m.score.percent(), m.target.as_str())).collect();
/// assert_eq!(found, [(100.0, "Good morning"), (90.0, "Morning!")]);
/// ```
#[derive(Debug, Clone)]
pub struct Library {
    shelves: Vec<Shelf>,
    volumes: Vec<Held>,
    problems: Vec<Arc<Error>>,
}

/// A memory among others.
#[derive(Debug, Clone)]
pub struct Shelf {
    /// The memory, with the folders below it.
    pub memory: Memory,
    /// What is taken off the score of all that is found in it, in hundredths of a percent; what its paths say comes on top
    /// (`penalty-30`: 30 points).
    pub penalty: u16,
}

/// A folder as it was when it was looked at.
#[derive(Debug, Clone)]
struct Held {
    memory: Memory,
    penalty: u16,
    snapshot: Snapshot,
}

impl Library {
    /// Reads the memories as they are now.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the folder of one of them can not be listed. What can not be read below is in
    /// [`Library::problems`].
    pub fn new(shelves: Vec<Shelf>) -> Result<Library, Error> {
        let mut library = Library { shelves, volumes: Vec::new(), problems: Vec::new() };
        library.refresh()?;
        Ok(library)
    }

    /// Looks at the folders again: afterwards all is found that writers had acknowledged before. Files that did not change are
    /// not read again.
    ///
    /// # Errors
    ///
    /// As [`Library::new`]; what was there stays then.
    pub fn refresh(&mut self) -> Result<(), Error> {
        let mut problems = Vec::new();
        let mut folders: Vec<(Memory, u16, bool)> = Vec::new();
        for Shelf { memory, penalty } in &self.shelves {
            folders.push((memory.clone(), *penalty, true));
            for folder in folders_below(memory.folder(), &mut problems) {
                folders.push((memory.beside(folder), *penalty, false));
            }
        }
        let none = Snapshot::default();
        let mut volumes = Vec::new();
        for (memory, penalty, is_named) in folders {
            let old = self.volumes.iter().find(|held| held.memory.folder() == memory.folder());
            match memory.refresh(old.map_or(&none, |held| &held.snapshot)) {
                Ok(snapshot) => volumes.push(Held { memory, penalty, snapshot }),
                Err(error) if is_named => return Err(error),
                Err(error) => problems.push(Arc::new(error)),
            }
        }
        problems.extend(volumes.iter().flat_map(|held| held.snapshot.problems().iter().cloned()));
        (self.volumes, self.problems) = (volumes, problems);
        Ok(())
    }

    /// Some of the memories in another order, those below each with it, each with points taken off in addition, in
    /// hundredths.
    pub fn arranged(&self, wanted: &[(PathBuf, u16)]) -> Library {
        let held = |(folder, penalty): &(PathBuf, u16)| {
            let penalty = *penalty;
            let below = self.volumes.iter().filter(|held| held.memory.folder().starts_with(folder)).cloned();
            below.map(move |held| Held { penalty: held.penalty.saturating_add(penalty), ..held }).collect::<Vec<_>>()
        };
        let volumes = wanted.iter().flat_map(held).collect();
        Library { shelves: self.shelves.clone(), volumes, problems: self.problems.clone() }
    }

    /// What could not be read.
    pub fn problems(&self) -> &[Arc<Error>] {
        &self.problems
    }

    /// Whether no memory has a unit.
    pub fn is_empty(&self) -> bool {
        self.volumes.iter().all(|held| held.snapshot.is_empty())
    }

    /// The folders with the memory each stands for, in the order of priority.
    pub fn snapshots(&self) -> impl Iterator<Item = (&Path, &Snapshot)> {
        self.volumes.iter().map(|held| (held.memory.folder(), &held.snapshot))
    }

    /// The best suggestions of all memories: see [`Snapshot::find`]. Of equal ones, that of the earlier memory comes first.
    pub fn find(&self, query: &Query, options: &Find) -> Vec<Match<'_>> {
        find(&self.searched(), query, options, &mut Scratch::default())
    }

    /// [`Library::find`] for many queries, shared out among the threads of the pool that this is called in.
    pub fn find_many(&self, queries: &[Query], options: &Find) -> Vec<Vec<Match<'_>>> {
        let searched = self.searched();
        let find = |scratch: &mut Scratch, query: &Query| find(&searched, query, options, scratch);
        queries.par_iter().map_init(Scratch::default, find).collect()
    }

    fn searched(&self) -> Vec<Volume<'_>> {
        let volumes = (0..).zip(&self.volumes);
        volumes.map(|(order, held)| Volume { snapshot: &held.snapshot, order, penalty: held.penalty }).collect()
    }

    /// Every segment with a hit, memory by memory: see [`Snapshot::concordance`].
    pub fn concordance(&self, pattern: &Pattern, options: &Concordance) -> Found<'_> {
        let mut found = Found { lines: Vec::new(), next: None };
        if options.limit == 0 {
            return found;
        }
        for (at, held) in self.from(options) {
            let part = held.snapshot.concordance(
                pattern,
                &Concordance {
                    // Of a memory behind a full list it is asked only whether there is one.
                    limit: (options.limit - found.lines.len()).max(1),
                    from: options.from.clone().filter(|from| from.memory() == at),
                    ..options.clone()
                },
            );
            if found.lines.len() == options.limit {
                if part.next.is_some() || !part.lines.is_empty() {
                    found.next = Some(Position::start_of(at));
                    break;
                }
                continue;
            }
            found.lines.extend(part.lines);
            found.next = part.next.map(|next| next.in_memory(at));
            if found.next.is_some() {
                break;
            }
        }
        found
    }

    /// How often a pattern occurs: see [`Snapshot::occurrences`].
    pub fn occurrences(&self, pattern: &Pattern, options: &Concordance) -> Occurrences {
        let mut all = Occurrences::default();
        for (at, held) in self.from(options) {
            let from = options.from.clone().filter(|from| from.memory() == at);
            let here = held.snapshot.occurrences(pattern, &Concordance { from, ..options.clone() });
            all.segments += here.segments;
            all.hits += here.hits;
        }
        all
    }

    /// The memories from that of a position on, with their numbers.
    fn from(&self, options: &Concordance) -> impl Iterator<Item = (u32, &Held)> {
        let first = options.from.as_ref().map_or(0, Position::memory);
        (0..).zip(&self.volumes).skip(first as usize)
    }
}

/// The folders below one, hidden ones aside, sorted; none twice, whatever links lead there.
fn folders_below(folder: &Path, problems: &mut Vec<Arc<Error>>) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut seen = HashSet::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(here) = open.pop() {
        let is_top = here == folder;
        let entries = match fs::read_dir(&here) {
            Ok(entries) => entries,
            Err(error) => {
                // That of the memory itself is said by whoever lists its files.
                if !is_top {
                    problems.push(Arc::new(Error::io("read the memory", &here, error)));
                }
                continue;
            }
        };
        let mut below = Vec::new();
        for entry in entries.flatten() {
            let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            let is_folder = || match entry.file_type() {
                Ok(kind) if kind.is_symlink() => entry.path().is_dir(),
                kind => kind.is_ok_and(|kind| kind.is_dir()),
            };
            if !is_hidden && is_folder() {
                below.push(entry.path());
            }
        }
        if seen.is_empty() && !below.is_empty() {
            seen.extend(fs::canonicalize(folder));
        }
        below.retain(|folder| fs::canonicalize(folder).is_ok_and(|path| seen.insert(path)));
        open.extend(below.iter().cloned());
        all.extend(below);
    }
    all.sort();
    all
}
