//! Compaction: live files without what was superseded.

use super::held::Held;
use super::identity;
use super::live::live_header;
use super::standing::Place;
use super::writer::{LIVE_UNITS, Writer};
use crate::error::Error;
use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;

/// What compaction keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CompactOptions {
    /// Keeps superseded versions and what deleted units said: files are merged only.
    pub history: bool,
}

/// What compaction did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Live files before.
    pub files_before: usize,
    /// Live files after.
    pub files_after: usize,
    /// Versions that are in them still.
    pub kept: usize,
    /// Versions that were dropped.
    pub dropped: usize,
}

impl Writer {
    /// Writes the live files anew, each full but the last, without versions that were superseded by newer live ones. Of a
    /// deleted unit the mark stays while a file of another tool has it, since it would come back.
    ///
    /// Files of other tools are not changed, and what a reader finds is the same at every moment. A live file in which
    /// something cannot be read stays as it is.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; nothing is lost then, and the next compaction brings it to its end.
    pub fn compact(&mut self, options: &CompactOptions) -> Result<Compacted, Error> {
        self.look(false)?;
        let files_before = self.view.live().len();
        let mut done = Compacted { files_before, files_after: files_before, ..Compacted::default() };
        let first = self.view.foreign().len() as u32;
        let sound: Vec<u32> = (first..self.view.shards().len() as u32)
            .filter(|&at| self.view.shards()[at as usize].problems.is_empty())
            .collect();
        let places: Vec<Place> = sound
            .iter()
            .flat_map(|&at| (0..self.view.shards()[at as usize].len()).map(move |unit| (at, unit)))
            .collect();
        if options.history {
            self.merge(&sound)?;
            self.look(false)?;
            return Ok(Compacted { files_after: self.view.live().len(), kept: places.len(), ..done });
        }
        let newest = self.newest();
        let kept: Vec<Place> = places.iter().copied().filter(|place| newest.contains(place)).collect();
        let needed: Vec<Place> = kept.iter().copied().filter(|&place| !self.is_spent(place)).collect();
        done.kept = needed.len();
        done.dropped = places.len() - needed.len();
        let files = sound.len();
        if done.dropped == 0 && files <= kept.len().div_ceil(LIVE_UNITS) {
            return Ok(done);
        }
        let old: Vec<PathBuf> = sound.iter().map(|&at| self.view.shards()[at as usize].path.clone()).collect();
        let held = |&(shard, unit): &Place| self.view.shards()[shard as usize].held()?.get(unit as usize).cloned();
        let units = |places: &[Place]| -> Vec<Arc<Held>> { places.iter().filter_map(held).collect() };
        let (kept, needed) = (units(&kept), units(&needed));
        // First everything with the marks of deleted units, behind the old files, and only when these are gone without the
        // marks: whenever the process dies, nothing deleted comes back.
        let with_marks = self.write_behind(&kept)?;
        self.remove(&old)?;
        if needed.len() < kept.len() {
            self.write_behind(&needed)?;
            self.remove(&with_marks)?;
        }
        self.look(false)?;
        done.files_after = self.view.live().len();
        Ok(done)
    }

    /// Merges each live file into the one before it where both fit: every version keeps its place in the order of age.
    fn merge(&mut self, sound: &[u32]) -> Result<(), Error> {
        let shards: Vec<_> = sound.iter().map(|&at| (at, self.view.shards()[at as usize].clone())).collect();
        let mut into: Option<(u32, PathBuf, Vec<Arc<Held>>)> = None;
        for (at, shard) in shards {
            let held = shard.held().unwrap_or(&[]);
            match &mut into {
                Some((last, path, units)) if *last + 1 == at && units.len() + held.len() <= LIVE_UNITS => {
                    *last = at;
                    units.extend(held.iter().cloned());
                    self.write_live(path.clone(), live_header(), units.clone())?;
                    self.remove(std::slice::from_ref(&shard.path))?;
                }
                _ => into = Some((at, shard.path.clone(), held.to_vec())),
            }
        }
        Ok(())
    }

    /// The newest version of each live unit, also of those in files that stay as they are; a unit without an id is one of its
    /// own.
    fn newest(&self) -> HashSet<Place> {
        let mut newest: HashMap<String, Place> = HashMap::new();
        let mut alone = HashSet::new();
        let shards = self.view.shards().iter().enumerate().skip(self.view.foreign().len());
        for place in shards.flat_map(|(at, shard)| (0..shard.len()).map(move |unit| (at as u32, unit))) {
            let Some(unit) = self.view.unit(place) else { continue };
            let Some(id) = identity::tuid(&unit) else {
                alone.insert(place);
                continue;
            };
            let newest = newest.entry(id.to_owned()).or_insert(place);
            let tables = self.view.tables();
            if tables.age(place) > tables.age(*newest) {
                *newest = place;
            }
        }
        alone.extend(newest.into_values());
        alone
    }

    /// Whether the unit is the mark of a deleted one that no file of another tool has.
    fn is_spent(&self, place: Place) -> bool {
        let Some(unit) = self.view.unit(place) else { return false };
        let is_foreign = |place: &Place| !self.view.is_live(*place);
        let id = identity::tuid(&unit).unwrap_or_default();
        let kept = || {
            self.view.with_tuid(id).iter().any(is_foreign)
                || identity::supersedes(&unit).any(|content| self.view.with_content(content).iter().any(is_foreign))
        };
        identity::is_deleted(&unit) && !self.view.soundly(kept)
    }

    /// Writes units into new live files behind all others; gives the files.
    fn write_behind(&mut self, units: &[Arc<Held>]) -> Result<Vec<PathBuf>, Error> {
        let mut files = Vec::new();
        for units in units.chunks(LIVE_UNITS) {
            let path = self.next_live()?;
            self.write_live(path.clone(), live_header(), units.to_vec())?;
            files.push(path);
        }
        Ok(files)
    }

    fn remove(&mut self, files: &[PathBuf]) -> Result<(), Error> {
        for path in files {
            fs::remove_file(path).map_err(|e| Error::io("remove", path, e))?;
        }
        if cfg!(unix) {
            let folder = self.memory.folder();
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(|e| Error::io("write", folder, e))?;
        }
        Ok(())
    }
}
