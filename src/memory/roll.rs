//! Which units of a memory stand, told from its files in a stream: what a [`Snapshot`](super::Snapshot) says, without holding
//! the units.

use super::folder::Memory;
use super::live::{is_live, live_number};
use super::numbers::Numbers;
use super::stamp::Stamp;
use super::standing::{Place, is_newer};
use super::{identity, moment};
use crate::error::Error;
use crate::tmx::{self, Line};
use crate::unit::Unit;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufReader, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The files of a memory as they were at one moment, and which of their units stand.
///
/// The files are read in a stream, one behind the other, and whoever reads asks [`Roll::stands`] for each unit. Almost always
/// one reading is enough. Where files of other tools have two units under one `tuid`, only the second tells about the first:
/// then two more readings are needed, which [`Roll::advance`] says, and what was made of the first is to be dropped.
///
/// The units that stand, and their order, are those of [`Memory::snapshot`]: files of other tools by name, then live files by
/// number. Ids are compared by 64-bit numbers: among ten million units the chance that any two are mistaken for each other is
/// below 3 in 10⁶.
///
/// Memory: seven bytes for each unit that has a `tuid`; sixty more for each whose `tuid` another unit has too; some two hundred
/// for each version in live files. Live files are held open, so that a writer who changes them meanwhile changes nothing here.
#[derive(Debug)]
pub struct Roll {
    folder: PathBuf,
    files: Vec<Listed>,
    /// How many of the files are of other tools; the live ones come behind them.
    foreign: usize,
    /// What could not be listed.
    problems: Vec<Arc<Error>>,
    live_ids: HashSet<u64>,
    newest_live: HashMap<u64, (u64, Place)>,
    /// The latest date at which each content was superseded under each `tuid`.
    superseded: HashMap<u64, Vec<(Option<String>, u64)>>,
    /// One entry for each side of each unit that shares its `tuid`: the side, the date, the place.
    sides: Vec<(u64, u64, Place)>,
    stage: Stage,
    /// Units that do not stand, of each file, as far as they were found by comparing.
    hidden: Vec<HashSet<u32>>,
}

#[derive(Debug)]
struct Listed {
    path: PathBuf,
    /// Of a live file.
    held: Option<File>,
    stamp: Option<Stamp>,
}

/// What the reading that is going on is for.
#[derive(Debug)]
enum Stage {
    /// Nothing is known of files of other tools; what is told holds if no `tuid` comes twice.
    First { seen: Numbers, doubled: HashSet<u64> },
    /// Units of these ids are compared.
    Comparing { doubled: HashSet<u64> },
    /// All is known.
    Last,
}

/// How often a folder whose files come and go is looked at.
const ROUNDS: usize = 64;

impl Memory {
    /// The files as they are now, for reading in a stream. Of the units only those of live files are looked at.
    ///
    /// # Errors
    ///
    /// The folder can not be listed, or its files keep coming and going. What is wrong with single files is said when they are
    /// read.
    pub fn roll(&self) -> Result<Roll, Error> {
        for _ in 0..ROUNDS {
            let (paths, problems) = self.listed()?;
            // While a writer puts many files in place of others, a list may have neither; what has the same names before and
            // after was whole.
            let Some(roll) = Roll::of(self.folder(), &paths, problems) else { continue };
            if self.listed()?.0 == paths {
                return Ok(roll);
            }
        }
        let reason = io::Error::other("files keep coming and going; ask again when they are at rest");
        Err(Error::io("read the memory", self.folder(), reason))
    }
}

impl Roll {
    /// `None` if a file is gone.
    fn of(folder: &Path, paths: &[PathBuf], problems: Vec<Arc<Error>>) -> Option<Roll> {
        let (mut files, mut live) = (Vec::new(), Vec::new());
        for path in paths {
            let listed = Listed { path: path.clone(), held: None, stamp: None };
            let Some(number) = live_number(path) else {
                files.push(listed);
                continue;
            };
            let opened = File::open(path);
            if opened.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
                return None;
            }
            // What can not be read is said when its turn comes.
            let Ok(file) = opened else {
                files.push(listed);
                continue;
            };
            match units(&file, path) {
                Some(units) => live.push((number, Listed { held: Some(file), ..listed }, units)),
                None => files.push(listed),
            }
        }
        live.sort_by_key(|(number, ..)| *number);
        let mut roll = Roll {
            folder: folder.to_path_buf(),
            foreign: files.len(),
            problems,
            live_ids: HashSet::new(),
            newest_live: HashMap::new(),
            superseded: HashMap::new(),
            sides: Vec::new(),
            stage: Stage::First { seen: Numbers::default(), doubled: HashSet::new() },
            hidden: vec![HashSet::new(); files.len() + live.len()],
            files,
        };
        let mut newest: HashMap<u64, (u64, Place)> = HashMap::new();
        for (at, (_, listed, units)) in (roll.foreign as u32..).zip(live) {
            roll.files.push(listed);
            for (unit, place) in units.iter().zip((0..).map(|unit| (at, unit))) {
                roll.note_live(unit, place, &mut newest);
            }
        }
        Some(roll)
    }

    /// Rules 1, 2 and 4 of [`standing`](super::standing) for a live unit.
    fn note_live(&mut self, unit: &Unit, place: Place, newest: &mut HashMap<u64, (u64, Place)>) {
        let date = moment::changed_number(unit);
        if identity::is_deleted(unit) {
            self.hide(place);
        }
        for content in identity::supersedes(unit) {
            let by = identity::tuid(unit);
            let entries = self.superseded.entry(content).or_default();
            match entries.iter_mut().find(|(other, _)| other.as_deref() == by) {
                Some((_, latest)) => *latest = date.max(*latest),
                None => entries.push((by.map(str::to_owned), date)),
            }
        }
        let Some(id) = identity::tuid(unit).map(identity::number) else { return };
        self.live_ids.insert(id);
        let best = newest.entry(id).or_insert((date, place));
        let older = if (date, place) > *best { std::mem::replace(best, (date, place)).1 } else { place };
        if older != best.1 {
            self.hide(older);
        }
        for side in identity::sides(unit) {
            self.sides.push((side, date, place));
            let best = self.newest_live.entry(side).or_default();
            *best = (date, place).max(*best);
        }
    }

    fn hide(&mut self, (file, unit): Place) {
        self.hidden[file as usize].insert(unit);
    }

    /// How many files there are; all may be empty.
    pub fn files(&self) -> usize {
        self.files.len()
    }

    /// What could not even be listed: links that lead nowhere.
    pub fn problems(&self) -> &[Arc<Error>] {
        &self.problems
    }

    /// The folder of the memory.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Opens a file, which must be read to its end and before all behind it.
    ///
    /// # Errors
    ///
    /// It can not be read, is no TMX, or changed since an earlier reading.
    pub fn open(&mut self, file: usize) -> Result<tmx::Reader<BufReader<File>>, Error> {
        if file == self.foreign {
            self.compare();
        }
        let Listed { path, held, stamp } = &mut self.files[file];
        let failed = |error| Error::io("read", &*path, error);
        let input = match held {
            Some(held) => {
                held.rewind().map_err(failed)?;
                held.try_clone().map_err(failed)?
            }
            None => {
                let input = File::open(&*path).map_err(failed)?;
                let now = Stamp::rested(&input).map_err(failed)?;
                if *stamp.get_or_insert(now) != now {
                    return Err(changed(path));
                }
                input
            }
        };
        tmx::Reader::new(BufReader::with_capacity(256 * 1024, input), &*path, tmx::ReadOptions::default())
    }

    /// To be asked behind each file.
    ///
    /// # Errors
    ///
    /// The file was written in place while it was read: what was read is half of one and half of another.
    pub fn close(&mut self, file: usize) -> Result<(), Error> {
        let Listed { path, stamp: Some(stamp), .. } = &self.files[file] else { return Ok(()) };
        match Stamp::of(path) {
            // A new file under the name does no harm: the one that was read was whole.
            Ok(now) if now.is_other_file(stamp) || now == *stamp => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            _ => Err(changed(path)),
        }
    }

    /// Whether the unit stands that is number `unit` of those that can be read in `file`. To be asked for each, in order.
    pub fn stands(&mut self, file: usize, unit: usize, line: &Line<'_>) -> bool {
        let place = (file as u32, unit as u32);
        if file >= self.foreign {
            return !self.hidden[file].contains(&place.1);
        }
        let id = line.tuid().filter(|id| !id.is_empty()).map(|id| identity::number(&id));
        let mut must_compare = false;
        let mut is_told = true;
        if let Some(id) = id {
            must_compare = self.live_ids.contains(&id);
            match &mut self.stage {
                Stage::First { seen, doubled } => {
                    if !seen.insert(id) {
                        doubled.insert(id);
                    }
                }
                Stage::Comparing { doubled } => {
                    must_compare |= doubled.contains(&id);
                    is_told = false;
                }
                Stage::Last => must_compare = false,
            }
        }
        if matches!(self.stage, Stage::Last) && self.hidden[file].contains(&place.1) {
            return false;
        }
        let may_be_deleted = line.may_have_prop(identity::STATUS.0);
        if !must_compare && !may_be_deleted && self.superseded.is_empty() {
            return is_told;
        }
        let Ok(unit) = line.to_unit() else { return is_told };
        let date = moment::changed_number(&unit);
        let mut stands = !(identity::is_deleted(&unit) || self.is_superseded(&unit, date));
        if must_compare {
            for side in identity::sides(&unit) {
                stands &= !self.newest_live.get(&side).is_some_and(|newest| is_newer(*newest, date, place));
                self.sides.push((side, date, place));
            }
        }
        is_told && stands
    }

    /// Rule 4 of [`standing`](super::standing).
    fn is_superseded(&self, unit: &Unit, date: u64) -> bool {
        if self.superseded.is_empty() {
            return false;
        }
        let (own, content) = (identity::tuid(unit).map(identity::number), identity::content(unit));
        let by = self.superseded.get(&content).into_iter().flatten();
        by.into_iter().any(|(by, latest)| date <= *latest && identity::is_meant(own, content, by.as_deref()))
    }

    /// Rule 3 of [`standing`](super::standing), for all that is known.
    fn compare(&mut self) {
        if matches!(self.stage, Stage::Last) {
            return;
        }
        let mut sides = std::mem::take(&mut self.sides);
        sides.sort_unstable();
        for side in sides.chunk_by(|a, b| a.0 == b.0) {
            let Some(&(_, date, place)) = side.last() else { continue };
            for &(_, own_date, own) in side {
                if is_newer((date, place), own_date, own) {
                    self.hide(own);
                }
            }
        }
        // Only those of live files are of use to another reading.
        sides.retain(|(_, _, (file, _))| *file as usize >= self.foreign);
        self.sides = sides;
    }

    /// To be asked when all files were read: whether they must be read again, since what was told of their units was not all
    /// right.
    pub fn advance(&mut self) -> bool {
        self.compare();
        let stage = std::mem::replace(&mut self.stage, Stage::Last);
        match stage {
            Stage::First { doubled, .. } if !doubled.is_empty() => {
                self.stage = Stage::Comparing { doubled };
                true
            }
            Stage::Comparing { .. } => true,
            Stage::First { .. } | Stage::Last => false,
        }
    }

    /// Whether what is told in the reading that comes holds in any case, so that it may go where it can not be taken back.
    pub fn is_final(&self) -> bool {
        matches!(self.stage, Stage::Last)
    }
}

fn changed(path: &Path) -> Error {
    Error::io("read", path, io::Error::other("it changed while it was read; ask again when it is saved"))
}

/// The units of a live file; `None` if it is none though it is named like one.
fn units(file: &File, path: &Path) -> Option<Vec<Unit>> {
    let reader = tmx::Reader::new(BufReader::new(file), path, tmx::ReadOptions::default()).ok()?;
    is_live(reader.header()).then(|| reader.flatten().map(|entry| entry.unit).collect())
}
