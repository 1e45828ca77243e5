//! A memory as it was at one moment: its units and their history.

use super::shard::Shard;
use super::standing::{Base, Files, Place};
use super::{identity, moment};
use crate::error::Error;
use crate::unit::Unit;
use rayon::prelude::*;
use std::path::Path;
use std::sync::Arc;

/// What was in the memory when it was read, without what was superseded or deleted. Nothing that happens to the files
/// afterwards changes it. A clone is cheap.
///
/// Which of two units supersedes the other is told by [`Snapshot::history`].
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Files of other tools by name, then live files by number.
    shards: Arc<Vec<Arc<Shard>>>,
    /// How many of them are of other tools.
    foreign: usize,
    base: Arc<Base>,
    problems: Vec<Arc<Error>>,
}

/// A version of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version<'a> {
    /// What it says; of a deleted unit, what it said at last.
    pub unit: Arc<Unit>,
    /// The file of the memory that holds it.
    pub file: &'a Path,
    /// What became of it.
    pub state: State,
}

impl Version<'_> {
    /// When it was written, as its file says it.
    pub fn changed(&self) -> Option<&str> {
        moment::changed(&self.unit)
    }
}

/// What became of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It stands: searches find it.
    Current,
    /// A newer one has its place.
    Superseded,
    /// It says that the unit was deleted.
    Deleted,
}

impl State {
    /// A stable name for programs: `current`, `superseded`, `deleted`.
    pub fn name(self) -> &'static str {
        match self {
            State::Current => "current",
            State::Superseded => "superseded",
            State::Deleted => "deleted",
        }
    }
}

impl Snapshot {
    /// Of these shards, in any order. What `old` knows of files that are the same is taken over.
    pub(super) fn new(mut shards: Vec<Arc<Shard>>, mut problems: Vec<Arc<Error>>, old: &Snapshot) -> Snapshot {
        shards.sort_by(|a, b| (a.live, &a.path).cmp(&(b.live, &b.path)));
        let foreign = shards.partition_point(|shard| shard.live.is_none());
        let known = foreign == old.foreign
            && shards[..foreign].iter().zip(old.shards.iter()).all(|(new, old)| Arc::ptr_eq(new, old));
        problems.extend(shards.iter().flat_map(|shard| shard.problems.iter().cloned()));
        let base = if known { old.base.clone() } else { Arc::new(Base::new(&shards[..foreign])) };
        Snapshot { shards: Arc::new(shards), foreign, base, problems }
    }

    pub(super) fn shards(&self) -> &[Arc<Shard>] {
        &self.shards
    }

    /// The shards of other tools.
    pub(super) fn foreign(&self) -> &[Arc<Shard>] {
        &self.shards[..self.foreign]
    }

    /// The live shards.
    pub(super) fn live(&self) -> &[Arc<Shard>] {
        &self.shards[self.foreign..]
    }

    pub(super) fn tables(&self) -> Files<'_> {
        Files { shards: &self.shards, foreign: self.foreign, base: &self.base }
    }

    /// The unit at a place; `None` where its file is found not to be what its index says.
    pub(super) fn unit(&self, (shard, unit): Place) -> Option<Arc<Unit>> {
        self.shards[shard as usize].unit(unit)
    }

    /// The date of a unit as a number.
    pub(super) fn date(&self, place: Place) -> u64 {
        self.tables().age(place).0
    }

    /// The answer of `ask`, asked again where an index turned out to be wrong meanwhile: its file has been read then.
    pub(super) fn soundly<T>(&self, ask: impl Fn() -> T) -> T {
        soundly(&[self], ask)
    }

    pub(super) fn is_live(&self, place: Place) -> bool {
        place.0 as usize >= self.foreign
    }

    /// All units with this `tuid`, hidden ones too, oldest first.
    pub(super) fn with_tuid(&self, id: &str) -> Vec<Place> {
        let mut places = self.tables().with_tuid(identity::number(id));
        // Numbers of ids may be equal by chance.
        places.retain(|&place| self.unit(place).is_some_and(|unit| identity::tuid(&unit) == Some(id)));
        places.sort_by_key(|&place| self.tables().age(place));
        places
    }

    /// All units that say this, hidden ones too, oldest first.
    pub(super) fn with_content(&self, content: u64) -> Vec<Place> {
        let mut places = self.tables().with_content(content);
        places.sort_by_key(|&place| self.tables().age(place));
        places
    }

    /// What could not be read: whole files, and units that were set aside.
    pub fn problems(&self) -> &[Arc<Error>] {
        &self.problems
    }

    /// The files that have an index, each with the size of that in bytes.
    pub fn indexes(&self) -> impl Iterator<Item = (&Path, u64)> {
        self.shards.iter().filter_map(|shard| Some((shard.path.as_path(), shard.index_size()?)))
    }

    /// All units with the file that holds each: files in the order of their names, live files last, units in the order of
    /// their file. Units of large files are read as they come.
    pub fn units(&self) -> impl Iterator<Item = (&Path, Arc<Unit>)> {
        self.shards.iter().enumerate().flat_map(move |(at, shard)| {
            (0..shard.len()).filter_map(move |unit| {
                let place = (at as u32, unit);
                let unit = self.soundly(|| self.tables().stands(place).then(|| self.unit(place)).flatten())?;
                Some((shard.path.as_path(), unit))
            })
        })
    }

    /// How many units there are.
    pub fn len(&self) -> usize {
        let standing = |(at, shard): (usize, &Arc<Shard>)| {
            let units = (0..shard.len()).into_par_iter().with_min_len(BLOCK);
            units.filter(|&unit| self.tables().stands((at as u32, unit))).count()
        };
        self.soundly(|| self.shards.par_iter().enumerate().map(standing).sum())
    }

    /// Whether there is no unit.
    pub fn is_empty(&self) -> bool {
        let has_any =
            |(at, shard): (usize, &Arc<Shard>)| (0..shard.len()).any(|unit| self.tables().stands((at as u32, unit)));
        self.soundly(|| !self.shards.iter().enumerate().any(has_any))
    }

    /// The unit with this id, if there is exactly one: by its `tuid`, or by [`content_id`](super::content_id).
    pub fn unit_of(&self, id: &str) -> Option<Arc<Unit>> {
        self.soundly(|| match self.standing_of(id)[..] {
            [place] => self.unit(place),
            _ => None,
        })
    }

    /// The units that stand and are addressed by this id, oldest first: those with this `tuid`, or if there are none those
    /// that say this.
    pub(super) fn standing_of(&self, id: &str) -> Vec<Place> {
        let standing = |mut places: Vec<Place>| {
            places.retain(|&place| self.tables().stands(place));
            places
        };
        let places = standing(self.with_tuid(id));
        match identity::content_of_id(id) {
            Some(content) if places.is_empty() => standing(self.with_content(content)),
            _ => places,
        }
    }

    /// All that the files have of the unit with this id, oldest first. Empty if there was never such a unit.
    ///
    /// Any two units have one order of age: by date (the latest `changedate` or else `creationdate` of unit and variants,
    /// none is oldest), then files of other tools before live files, then by name of the file, then by place in the file. A
    /// unit is superseded if
    ///
    /// - a newer one is in the live files under the same `tuid`, itself being in them, or
    /// - a newer one has the same `tuid` and languages, and one side says the same. A `tuid` alone proves nothing: most
    ///   tools count 1, 2, 3 in each file. Inside one file of another tool only a later date counts, or
    /// - it is in a file of another tool, and one in the live files that is not dated before it names it in an
    ///   `x-supersedes` prop, by [`content_id`](super::content_id).
    pub fn history(&self, id: &str) -> Vec<Version<'_>> {
        self.soundly(|| self.versions(id))
    }

    fn versions(&self, id: &str) -> Vec<Version<'_>> {
        let mut places = self.with_tuid(id);
        let mut contents: Vec<u64> = places
            .iter()
            .filter(|&&place| self.is_live(place))
            .filter_map(|&place| self.unit(place))
            .flat_map(|unit| identity::supersedes(&unit).collect::<Vec<_>>())
            .collect();
        contents.extend(identity::content_of_id(id));
        contents.sort_unstable();
        contents.dedup();
        for content in contents {
            places.extend(self.with_content(content));
        }
        places.sort_by_key(|&place| self.tables().age(place));
        places.dedup();
        let version = |&place: &Place| {
            let unit = self.unit(place)?;
            let state = match self.tables().stands(place) {
                true => State::Current,
                false if identity::is_deleted(&unit) => State::Deleted,
                false => State::Superseded,
            };
            Some(Version { unit, file: &self.shards[place.0 as usize].path, state })
        };
        places.iter().filter_map(version).collect()
    }
}

/// [`Snapshot::soundly`] for several.
pub(super) fn soundly<T>(snapshots: &[&Snapshot], ask: impl Fn() -> T) -> T {
    let damaged = || snapshots.iter().flat_map(|snapshot| snapshot.shards()).filter(|shard| shard.is_damaged()).count();
    let mut before = damaged();
    loop {
        let answer = ask();
        match damaged() {
            after if after == before => return answer,
            after => before = after,
        }
    }
}

/// How many units a thread looks at before it hands out others.
const BLOCK: usize = 2_048;
