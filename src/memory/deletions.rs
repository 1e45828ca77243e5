//! What was deleted in a memory, and which units of files that come in it would hide.

use super::folder::Memory;
use super::identity;
use super::moment;
use super::snapshot::Snapshot;
use super::standing::Place;
use crate::error::Error;
use crate::unit::Unit;
use std::collections::{HashMap, HashSet};

/// The deletions of a memory, told from its live files.
///
/// A unit that was deleted stays hidden in the files of other tools, by the rules of [`Snapshot::history`]; so it would in
/// one that comes in. [`Deletions::hides`] tells beforehand, and [`Change::Return`](super::Change::Return) brings it back.
#[derive(Debug, Clone, Default)]
pub struct Deletions {
    /// The `tuid` of each deleted unit.
    tuids: Vec<String>,
    /// The numbers of these.
    ids: HashSet<u64>,
    /// The sides of all versions, each with its latest date and the number of the deleted unit.
    sides: HashMap<u64, (u64, usize)>,
    /// What versions superseded in files of other tools, likewise.
    contents: HashMap<u64, Vec<(u64, usize)>>,
}

impl Memory {
    /// What was deleted in the memory: as [`Snapshot::deletions`], from its live files alone.
    ///
    /// # Errors
    ///
    /// As [`Memory::snapshot`].
    pub fn deletions(&self) -> Result<Deletions, Error> {
        Ok(self.look(&Snapshot::default(), true)?.deletions())
    }
}

impl Snapshot {
    /// What was deleted in the memory.
    pub fn deletions(&self) -> Deletions {
        Deletions::of(self)
    }
}

impl Deletions {
    fn of(view: &Snapshot) -> Deletions {
        let mut versions: HashMap<&str, Vec<(Place, &Unit)>> = HashMap::new();
        for (at, shard) in view.shards().iter().enumerate().skip(view.foreign().len()) {
            for (unit, held) in (0..).zip(shard.held().unwrap_or(&[])) {
                if let Some(id) = identity::tuid(&held.unit) {
                    versions.entry(id).or_default().push(((at as u32, unit), &held.unit));
                }
            }
        }
        let mut deletions = Deletions::default();
        for (tuid, versions) in versions {
            let newest = versions.iter().max_by_key(|(place, _)| view.tables().age(*place));
            if newest.is_some_and(|(_, unit)| identity::is_deleted(unit)) {
                deletions.note(tuid, versions.iter().map(|&(place, unit)| (unit, view.date(place))));
            }
        }
        deletions
    }

    fn note<'a>(&mut self, tuid: &str, versions: impl Iterator<Item = (&'a Unit, u64)>) {
        let number = self.tuids.len();
        self.tuids.push(tuid.to_owned());
        self.ids.insert(identity::number(tuid));
        for (unit, date) in versions {
            for side in identity::sides(unit) {
                let (latest, of) = self.sides.entry(side).or_insert((date, number));
                (*latest, *of) = (date.max(*latest), number);
            }
            for content in identity::supersedes(unit) {
                self.contents.entry(content).or_default().push((date, number));
            }
        }
    }

    /// Whether nothing was deleted.
    pub fn is_empty(&self) -> bool {
        self.tuids.is_empty()
    }

    /// Whether a unit with this `tuid`, or without one, is worth asking [`Deletions::hides`] about: quick, and `true` in
    /// doubt.
    pub fn may_hide(&self, tuid: Option<&str>) -> bool {
        !self.contents.is_empty() || tuid.is_some_and(|tuid| self.ids.contains(&identity::number(tuid)))
    }

    /// Whether the unit was deleted and would stay hidden in a file that comes in: it has the `tuid` and languages of a
    /// deleted one and one side says what a version of that said, or it is one that a deletion names, and it is not dated
    /// behind the version that hides it.
    ///
    /// ```
    /// use dhakira::memory::{Memory, Moment};
    /// use dhakira::tmx::parse_unit;
    /// let folder = tempfile::tempdir().unwrap();
    /// let memory = Memory::open(folder.path()).unwrap();
    /// let unit = |date: &str, ar: &str| parse_unit(&format!(
    ///     "<tu tuid=\"7\" changedate=\"{date}\"><tuv xml:lang=\"ar\"><seg>{ar}</seg></tuv><tuv xml:lang=\"en\"><seg>yes</seg></tuv></tu>"
    /// )).unwrap();
    /// let mut writer = memory.writer().unwrap();
    /// writer.add(unit("20250101T000000Z", "نعم"), Moment::new("20260101T000000Z").unwrap()).unwrap();
    /// writer.delete("7", Moment::new("20260102T000000Z").unwrap()).unwrap();
    /// let deletions = memory.snapshot().unwrap().deletions();
    /// assert!(deletions.hides(&unit("20250101T000000Z", "نعم")));
    /// assert!(!deletions.hides(&unit("20260103T000000Z", "نعم")));
    /// ```
    pub fn hides(&self, unit: &Unit) -> bool {
        self.hidden_by(unit).is_some()
    }

    /// The `tuid` of the deleted unit that hides this one.
    pub(super) fn hidden_by(&self, unit: &Unit) -> Option<&str> {
        let (own, date) = (identity::tuid(unit), moment::changed_number(unit));
        if !self.may_hide(own) {
            return None;
        }
        let by_side = || {
            own?;
            let newer = |side| self.sides.get(&side).filter(|(latest, _)| *latest >= date);
            identity::sides(unit).find_map(newer).map(|&(_, number)| number)
        };
        let by_content = || {
            let content = identity::content(unit);
            let id = own.map(identity::number);
            let is_meant = |number: usize| identity::is_meant(id, content, Some(&self.tuids[number]));
            let entries = self.contents.get(&content)?;
            entries.iter().find(|(latest, number)| *latest >= date && is_meant(*number)).map(|&(_, number)| number)
        };
        by_side().or_else(by_content).map(|number| self.tuids[number].as_str())
    }
}
