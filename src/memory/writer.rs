//! The one writer of a memory: files that are there whole or not at all, behind a lock that dies with its process.

use super::deletions::Deletions;
use super::held::Held;
use super::identity::{self, unit_id};
use super::live::{live_header, live_name, live_number};
use super::lock::Lock;
use super::shard::Shard;
use super::standing::Place;
use super::{Memory, Moment, Snapshot};
use crate::error::{Error, Place as FilePlace};
use crate::file::{self, NewFile, WriteError};
use crate::tmx::{self, Header};
use crate::unit::Unit;
use std::borrow::Borrow;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// A live file is closed when it has so many units: small enough to be written again for each new one.
pub const LIVE_UNITS: usize = 1_000;

/// The right to write to a memory, held until it is dropped.
///
/// What is asked of it is on disk when it returns: written to a temporary file in the same folder, brought to disk, renamed,
/// and the folder brought to disk.
///
/// The lock is the operating system's, on the file `.lock` of the folder: a process that dies cannot hold it, and a lock
/// file that is left behind means nothing. While it is held, the file names the process that has it. Readers need no lock.
///
/// ```
/// use dhakira::memory::{Memory, Moment};
/// use dhakira::unit::{Seg, Unit, Variant};
/// use dhakira::Lang;
///
/// let folder = tempfile::tempdir().unwrap();
/// let memory = Memory::open(folder.path()).unwrap();
/// let mut writer = memory.writer().unwrap();
/// let pair = |ar: &str, en: &str| Unit {
///     variants: vec![Variant::new(Lang::Ar, Seg::plain(ar)), Variant::new(Lang::En, Seg::plain(en))],
///     ..Unit::default()
/// };
/// let (morning, evening) = (Moment::new("20260101T090000Z").unwrap(), Moment::new("20260101T190000Z").unwrap());
/// let id = writer.add(pair("صباح الخير", "Good day"), morning).unwrap();
/// writer.replace(&id, pair("صباح الخير", "Good morning"), evening).unwrap();
/// let snapshot = memory.snapshot().unwrap();
/// assert_eq!(snapshot.unit_of(&id).unwrap().text_of(Lang::En).as_deref(), Some("Good morning"));
/// assert_eq!(snapshot.history(&id).len(), 2);
/// writer.delete(&id, evening).unwrap();
/// assert!(memory.snapshot().unwrap().is_empty());
/// assert_eq!(snapshot.len(), 1);
/// ```
#[derive(Debug)]
pub struct Writer {
    pub(super) memory: Memory,
    pub(super) view: Snapshot,
    /// Whether `view` is of the live files alone.
    live: bool,
    _lock: Lock,
}

/// A change to a memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A new unit. Without a `tuid` it gets one; with one that the memory has, it becomes that unit's newer version, or brings
    /// a deleted one back.
    Add(Unit),
    /// A newer version of the unit with this id.
    Replace(String, Unit),
    /// The unit with this id goes. What it said stays in its history.
    Delete(String),
    /// A unit that [`Deletions`] hide comes back as the newest version of the deleted one. Where another unit has its `tuid`
    /// by now, it comes back under its [`content_id`](super::content_id).
    Return(Unit),
}

impl Writer {
    pub(super) fn new(memory: Memory, lock: Lock) -> Writer {
        Writer { memory, view: Snapshot::default(), live: true, _lock: lock }
    }

    /// Adds a unit, and gives its id: its `tuid`, or one that is made for it. A unit that has no date is dated `when`. See
    /// [`Change::Add`].
    ///
    /// # Errors
    ///
    /// As [`Writer::apply`].
    pub fn add(&mut self, unit: Unit, when: Moment) -> Result<String, Error> {
        let ids = self.apply([Change::Add(unit)], when)?;
        Ok(ids.into_iter().next().expect("one change gives one id"))
    }

    /// Puts `unit` in the place of the unit that is addressed by `id`, whose id and date of creation it gets.
    ///
    /// # Errors
    ///
    /// As [`Writer::apply`].
    pub fn replace(&mut self, id: &str, unit: Unit, when: Moment) -> Result<(), Error> {
        self.apply([Change::Replace(id.to_owned(), unit)], when).map(drop)
    }

    /// Deletes the unit that is addressed by `id`. A live file says so from then on, and keeps what it said: the file of
    /// another tool that holds it is not changed.
    ///
    /// # Errors
    ///
    /// As [`Writer::apply`].
    pub fn delete(&mut self, id: &str, when: Moment) -> Result<(), Error> {
        self.apply([Change::Delete(id.to_owned())], when).map(drop)
    }

    /// Makes many changes in their order; each file is written once. Gives the id of each unit.
    ///
    /// A version is dated `when`, or as the one whose place it takes if that is later, so that it is the newer one whatever
    /// a clock says. A unit is addressed by its `tuid`, or if it has none, or shares it with a stranger, by
    /// [`content_id`](super::content_id); after an earlier one of these changes, by its `tuid` alone.
    ///
    /// # Errors
    ///
    /// [`Error::Id`] if a change names a unit that is not there or more than one, [`Error::Format`] for a unit that no TMX
    /// can hold: nothing is changed then. [`Error::Io`] if a file cannot be written: of changes for more than one live file
    /// the first ones may then be made, in their order and each whole.
    pub fn apply(&mut self, changes: impl IntoIterator<Item = Change>, when: Moment) -> Result<Vec<String>, Error> {
        let mut changes = changes.into_iter().peekable();
        let mut pending = Pending::default();
        let mut ids = Vec::new();
        self.look(true)?;
        for change in changes.by_ref() {
            // Only a new unit can be added without looking at the files of others.
            if self.live && !matches!(&change, Change::Add(unit) if identity::tuid(unit).is_none()) {
                self.look(false)?;
            }
            ids.push(pending.change(&self.memory, &self.view, change, when)?);
        }
        self.append(pending.units)?;
        Ok(ids)
    }

    /// Sees what is in the folder now; once all of it was needed, all of it is kept in view.
    pub(super) fn look(&mut self, live: bool) -> Result<(), Error> {
        self.live &= live;
        self.view = self.memory.look(&self.view, self.live)?;
        Ok(())
    }

    /// Writes units behind those of the last live file, and into new ones.
    pub(super) fn append(&mut self, units: Vec<Unit>) -> Result<(), Error> {
        let mut units = units.into_iter().peekable();
        while units.peek().is_some() {
            // A file in which something is broken is left as it is: what could not be read would be lost.
            let open = self.view.live().last().filter(|shard| {
                let is_own = std::fs::symlink_metadata(&shard.path).is_ok_and(|meta| meta.is_file());
                let count = shard.held().map_or(LIVE_UNITS, <[_]>::len);
                count < LIVE_UNITS && shard.problems.is_empty() && is_own && shard.is_same()
            });
            let open = open.and_then(|shard| Some((&shard.path, shard.header()?, shard.held()?)));
            let (path, header, mut content) = match open {
                Some((path, header, units)) => (path.clone(), header.clone(), units.to_vec()),
                None => (self.next_live()?, live_header(), Vec::new()),
            };
            let room = LIVE_UNITS - content.len();
            content.extend(units.by_ref().take(room).map(|unit| Arc::new(Held::new(unit))));
            self.write_live(path, header, content)?;
        }
        Ok(())
    }

    pub(super) fn write_live(&mut self, path: PathBuf, header: Header, units: Vec<Arc<Held>>) -> Result<(), Error> {
        write(&path, &header, units.iter().map(|held| &*held.unit))?;
        let shard = Shard::written(&path, &header, units).map_err(|e| Error::io("read", &path, e))?;
        let others = self.view.shards().iter().filter(|shard| shard.path != path).cloned();
        let shards = others.chain([Arc::new(shard)]).collect();
        self.view = Snapshot::new(shards, Vec::new(), &self.view);
        Ok(())
    }

    /// A live file behind all that are there.
    pub(super) fn next_live(&self) -> Result<PathBuf, Error> {
        let files = self.memory.files()?;
        let last = files.iter().filter_map(|path| live_number(path)).max().unwrap_or(0);
        Ok((last + 1..)
            .map(|number| self.memory.folder().join(live_name(number)))
            .find(|path| std::fs::symlink_metadata(path).is_err())
            .expect("no folder holds that many files"))
    }

    /// Writes `units` as the file `NAME.tmx`, in place of one that is there. At every moment the name stands for a complete
    /// file: the old one, then the new one.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; the memory is then as it was.
    pub fn write_file(
        &self,
        name: &str,
        header: &Header,
        units: impl IntoIterator<Item = impl Borrow<Unit>>,
    ) -> Result<PathBuf, Error> {
        let path = self.memory.folder().join(format!("{name}.tmx"));
        write(&path, header, units)?;
        Ok(path)
    }

    /// Writes the file `NAME.tmx` as [`Writer::write_file`] does, filled by `fill`, with units that need not be [`Unit`]s on
    /// the way; no file if it writes none. Gives the path.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] and the errors of `fill`; the memory is then as it was.
    pub fn fill_file(
        &self,
        name: &str,
        header: &Header,
        fill: impl FnOnce(&mut tmx::Writer<NewFile>) -> Result<(), WriteError>,
    ) -> Result<Option<PathBuf>, Error> {
        let path = self.memory.folder().join(format!("{name}.tmx"));
        let failed = |e| Error::io("write", &path, e);
        let mut writer = tmx::Writer::new(NewFile::create(&path)?, header).map_err(failed)?;
        fill(&mut writer).map_err(|error| match error {
            WriteError::Io(source) => failed(source),
            WriteError::Other(error) => error,
        })?;
        if writer.units() == 0 {
            return Ok(None);
        }
        writer.finish().map_err(failed)?.commit()?;
        Ok(Some(path))
    }

    /// A name that no file of the memory has: `wanted`, or `wanted-2`, `wanted-3`, …
    pub fn free_name(&self, wanted: &str) -> String {
        let taken = |name: &str| self.memory.folder().join(format!("{name}.tmx")).exists();
        let numbered = (2..).map(|n| format!("{wanted}-{n}"));
        let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
        names.find(|name| !taken(name)).expect("no folder holds that many files")
    }
}

fn write(path: &PathBuf, header: &Header, units: impl IntoIterator<Item = impl Borrow<Unit>>) -> Result<(), Error> {
    file::replace(path, |file| {
        let mut writer = tmx::Writer::new(file, header)?;
        units.into_iter().try_for_each(|unit| writer.write_unit(unit.borrow()))?;
        writer.finish()?;
        Ok(())
    })
}

/// What is to be appended to the live files.
#[derive(Default)]
struct Pending {
    units: Vec<Unit>,
    /// The newest of them for each `tuid`.
    ids: HashMap<String, usize>,
    /// What they supersede in files of other tools, each with the `tuid` of those that do.
    taken: HashMap<u64, Vec<String>>,
    /// What was deleted before, once it is asked for.
    deletions: Option<Deletions>,
}

/// The unit that a change is about.
struct Target {
    /// Under which `tuid` its next version goes.
    tuid: String,
    /// Its last version, deleted or not; `None` if there was never one.
    last: Option<Unit>,
    /// The date that the next version may not be before.
    date: u64,
    /// What the next version supersedes in files of other tools.
    supersedes: Vec<u64>,
}

impl Pending {
    /// Takes up a change; gives the id of its unit.
    fn change(&mut self, memory: &Memory, view: &Snapshot, change: Change, when: Moment) -> Result<String, Error> {
        let refuse =
            |id: &str, candidates| Error::Id { path: memory.folder().to_path_buf(), id: id.to_owned(), candidates };
        let unit = match change {
            Change::Add(unit) => match identity::tuid(&unit).map(str::to_owned) {
                None => self.new_unit(view, unit, when),
                Some(id) => {
                    let target = self.target(view, &id).map_err(|candidates| refuse(&id, candidates))?;
                    version(unit, target, when)
                }
            },
            Change::Return(unit) => {
                let deletions = self.deletions.get_or_insert_with(|| view.deletions());
                let is_free = |id: &&str| !self.ids.contains_key(*id) && view.standing_of(id).is_empty();
                let own = deletions.hidden_by(&unit).filter(is_free).map(str::to_owned);
                let id = own.unwrap_or_else(|| super::content_id(&unit));
                let target = self.target(view, &id).map_err(|candidates| refuse(&id, candidates))?;
                version(unit, target, when)
            }
            Change::Replace(id, unit) => {
                let target = self.target(view, &id).map_err(|candidates| refuse(&id, candidates))?;
                if target.last.as_ref().is_none_or(identity::is_deleted) {
                    return Err(refuse(&id, Vec::new()));
                }
                version(unit, target, when)
            }
            Change::Delete(id) => {
                let target = self.target(view, &id).map_err(|candidates| refuse(&id, candidates))?;
                let Some(last) = target.last.clone().filter(|last| !identity::is_deleted(last)) else {
                    return Err(refuse(&id, Vec::new()));
                };
                let mut unit = version(last, target, when);
                identity::mark_deleted(&mut unit);
                unit
            }
        };
        let unit = storable(memory, unit)?;
        let id = unit.id().unwrap_or_default().to_owned();
        for content in identity::supersedes(&unit) {
            self.taken.entry(content).or_default().push(id.clone());
        }
        self.ids.insert(id.clone(), self.units.len());
        self.units.push(unit);
        Ok(id)
    }

    /// A unit that there was not.
    fn new_unit(&self, view: &Snapshot, mut unit: Unit, when: Moment) -> Unit {
        let made = identity::new_id(&unit, when.number());
        let is_free = |id: &String| {
            let number = identity::number(id);
            !self.ids.contains_key(id) && view.shards().iter().all(|shard| shard.with_tuid(number).is_empty())
        };
        let numbered = (2..).map(|n| format!("{made}-{n}"));
        let id = std::iter::once(made.clone()).chain(numbered).find(is_free).expect("some number is free");
        identity::unmark_deleted(&mut unit);
        identity::mark_supersedes(&mut unit, &[]);
        unit.set_attr("tuid", id);
        if super::moment::changed(&unit).is_none() {
            unit.set_attr("creationdate", when.to_string());
        }
        unit
    }

    /// What is addressed by `id`; an error is the ids of the units that it may mean.
    fn target(&self, view: &Snapshot, id: &str) -> Result<Target, Vec<String>> {
        if let Some(target) = self.own(id) {
            return Ok(target);
        }
        // A unit that a pending one supersedes stands no more.
        let is_taken = |(place, unit): &(Place, Arc<Unit>)| match view.is_live(*place) {
            true => identity::tuid(unit).is_some_and(|id| self.ids.contains_key(id)),
            false => {
                let (tuid, content) = (identity::tuid(unit).map(identity::number), identity::content(unit));
                let by = |by: &String| identity::is_meant(tuid, content, Some(by));
                self.taken.get(&content).is_some_and(|takers| takers.iter().any(by))
            }
        };
        let units = |places: Vec<Place>| -> Vec<(Place, Arc<Unit>)> {
            places.into_iter().filter_map(|place| Some((place, view.unit(place)?))).collect()
        };
        let mut standing = view.soundly(|| units(view.standing_of(id)));
        standing.retain(|found| !is_taken(found));
        let mut contents: Vec<u64> = standing.iter().map(|(_, unit)| identity::content(unit)).collect();
        contents.sort_unstable();
        contents.dedup();
        let mut tuids: Vec<&str> = standing.iter().filter_map(|(_, unit)| identity::tuid(unit)).collect();
        tuids.sort_unstable();
        tuids.dedup();
        if tuids.len() > 1 || contents.len() > 1 {
            let name = |(_, unit): &(Place, Arc<Unit>)| match contents.len() {
                1 => unit_id(unit).into_owned(),
                _ => super::content_id(unit),
            };
            return Err(standing.iter().map(name).collect());
        }
        let tuid = match standing.iter().find(|(place, _)| view.is_live(*place)) {
            Some((_, unit)) => unit_id(unit).into_owned(),
            None => id.to_owned(),
        };
        if let Some(target) = self.own(&tuid) {
            return Ok(target);
        }
        let all = view.soundly(|| units(view.with_tuid(&tuid)));
        let own = all.iter().rev().find(|(place, _)| view.is_live(*place));
        let last = standing.last().or(own);
        let mut supersedes: Vec<u64> = own.iter().flat_map(|(_, unit)| identity::supersedes(unit)).collect();
        if standing.iter().any(|(place, _)| !view.is_live(*place)) {
            supersedes.extend(contents);
        }
        supersedes.sort_unstable();
        supersedes.dedup();
        let date = all.iter().chain(&standing).map(|(place, _)| view.date(*place)).max().unwrap_or(0);
        Ok(Target { tuid, last: last.map(|(_, unit)| Unit::clone(unit)), date, supersedes })
    }

    /// A pending unit as the target of a later change.
    fn own(&self, id: &str) -> Option<Target> {
        let unit = &self.units[*self.ids.get(id)?];
        Some(Target {
            tuid: unit.id()?.to_owned(),
            last: Some(unit.clone()),
            date: super::moment::changed_number(unit),
            supersedes: identity::supersedes(unit).collect(),
        })
    }
}

/// `unit` as the next version of `target`.
fn version(mut unit: Unit, target: Target, when: Moment) -> Unit {
    identity::unmark_deleted(&mut unit);
    identity::mark_supersedes(&mut unit, &target.supersedes);
    unit.set_attr("tuid", target.tuid);
    let Some(last) = target.last else {
        if super::moment::changed(&unit).is_none() {
            unit.set_attr("creationdate", when.to_string());
        }
        return unit;
    };
    if unit.attr("creationdate").is_none()
        && let Some(made) = last.attr("creationdate")
    {
        unit.set_attr("creationdate", made);
    }
    unit.set_attr("changedate", Moment::from_number(target.date).max(when).to_string());
    unit
}

/// The unit as it will be read again, if nothing of it is lost on the way.
fn storable(memory: &Memory, unit: Unit) -> Result<Unit, Error> {
    let refuse = |reason: String| Error::Format {
        path: memory.folder().to_path_buf(),
        place: FilePlace { line: None, byte: None, tuid: unit.id().map(str::to_owned) },
        reason: format!("the unit can not be stored: {reason}"),
    };
    let xml = tmx::unit_xml(&unit).map_err(|error| refuse(error.to_string()))?;
    let read = tmx::parse_unit(&xml).map_err(|flaw| refuse(flaw.reason))?;
    let says = |unit: &Unit| -> Vec<(String, String)> {
        unit.variants.iter().map(|v| (v.tag.as_str().to_owned(), v.seg.text())).collect()
    };
    if says(&read) != says(&unit) || read.id() != unit.id() {
        return Err(refuse("it has characters that XML forbids; take them out".to_owned()));
    }
    let full = read.variants.iter().filter(|variant| !variant.seg.is_blank()).count();
    if full < 2 && full < read.variants.len() {
        return Err(refuse("a side has no text; give both".to_owned()));
    }
    Ok(read)
}
