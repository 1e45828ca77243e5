//! A large TMX file behind its index file: nothing of it is parsed but the units that are asked for.

use super::held::Said;
use super::identity;
use super::layout::{Head, Section, Sections};
use super::map::Bytes;
use super::stamp::Stamp;
use super::traits::Traits;
use crate::error::{Error, Place};
use crate::file;
use crate::index::Index;
use crate::lang::Lang;
use crate::matching::Context;
use crate::tmx;
use crate::unit::Unit;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Files of at least so many units have an index file: below it, reading all units takes about as long as a person blinks.
pub const INDEXED_UNITS: usize = 4_096;

/// The folder of the index files, in that of the TMX files. It can be removed at any time.
pub(super) const FOLDER: &str = ".index";

/// A TMX file with its tables.
#[derive(Debug)]
pub(super) struct Stored {
    /// Open for as long as this lives, so that units can be read when another file has the name.
    file: File,
    head: Head,
    sections: Arc<Sections>,
    /// Where the index file is, if there is one.
    path: Option<PathBuf>,
    /// For the search in each language, opened when first asked for; `None` where that cannot be done.
    indexes: [OnceLock<Option<Index<Part>>>; 2],
}

/// The bytes of a section.
#[derive(Debug, Clone)]
pub(super) struct Part(Arc<Sections>, Section);

impl AsRef<[u8]> for Part {
    fn as_ref(&self) -> &[u8] {
        self.0.unchecked(self.1)
    }
}

/// What is searched is read here and there, so it is checked as a whole: up to so many bytes before the first search, which
/// takes some milliseconds, larger ones while it is searched already.
const CHECKED_FIRST: usize = 16 << 20;

/// Where the index file of a TMX file is.
pub(super) fn index_path(path: &Path) -> Option<PathBuf> {
    let mut name: OsString = path.file_name()?.to_owned();
    name.push(".idx");
    Some(path.parent()?.join(FOLDER).join(name))
}

fn name(path: &Path) -> &[u8] {
    path.file_name().unwrap_or_default().as_encoded_bytes()
}

impl Stored {
    /// The file by its index file, if there is one and it fits; with what could not be read of it.
    pub(super) fn open(path: &Path, file: &File, stamp: &Stamp) -> Option<(Stored, Vec<Arc<Error>>)> {
        let index = index_path(path)?;
        let bytes = Bytes::map(&File::open(&index).ok()?).ok()?;
        let opened = Sections::open(bytes, name(path), &stamp.bytes())?;
        let stored = Stored::new(file.try_clone().ok()?, opened, Some(index));
        let problems = stored.problems(path)?;
        Some((stored, problems))
    }

    /// The same from what [`Build`](super::build::Build) made, which is written as an index file if the folder lets it.
    pub(super) fn made(path: &Path, file: &File, stamp: &Stamp, bytes: Vec<u8>, keep: bool) -> io::Result<Stored> {
        let written = index_path(path).filter(|index| keep && write(index, &bytes).is_ok());
        let mapped = written.as_ref().and_then(|index| Bytes::map(&File::open(index).ok()?).ok());
        let open = |bytes| Sections::open(bytes, name(path), &stamp.bytes());
        // The name may have been taken by what another process made meanwhile, of another state of the file.
        let (index, made) = match mapped.and_then(open) {
            Some(opened) => (written, Some(opened)),
            None => (None, open(Bytes::Held(bytes))),
        };
        let made = made.ok_or_else(|| io::Error::other("an index that was made cannot be read"))?;
        Ok(Stored::new(file.try_clone()?, made, index))
    }

    fn new(file: File, (head, sections): (Head, Sections), path: Option<PathBuf>) -> Stored {
        Stored { file, head, sections: Arc::new(sections), path, indexes: Default::default() }
    }

    /// What can be searched in a language.
    pub(super) fn index(&self, lang: Lang) -> Option<&Index<Part>> {
        let section = [Section::IndexAr, Section::IndexEn][lang as usize];
        let open = || {
            let sections = self.sections.clone();
            let len = sections.len(section);
            let check = move || sections.get(section, 0..len).is_some();
            if len <= CHECKED_FIRST || std::thread::Builder::new().spawn(check.clone()).is_err() {
                check();
            }
            let index = Index::open(Part(self.sections.clone(), section)).ok();
            let index = index.filter(|index| index.len() as u64 == self.head.sources[lang as usize]);
            if index.is_none() {
                self.sections.damage();
            }
            index
        };
        self.indexes[lang as usize].get_or_init(open).as_ref()
    }

    /// Takes note that something the index says is wrong.
    pub(super) fn damage(&self) {
        self.sections.damage();
    }

    /// How many bytes its index has.
    pub(super) fn size(&self) -> u64 {
        self.sections.size()
    }

    /// Whether what the index says was found to be wrong.
    pub(super) fn is_damaged(&self) -> bool {
        self.sections.is_damaged()
    }

    /// Removes the index file, so that a new one is made.
    pub(super) fn discard(&self) {
        if let Some(index) = &self.path {
            let _ = fs::remove_file(index);
        }
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    pub(super) fn len(&self) -> u32 {
        // Unit numbers have 32 bits: a file with more is not indexed.
        self.head.units as u32
    }

    /// The unit, if the file still has it where it was.
    pub(super) fn unit(&self, unit: u32) -> Option<Arc<Unit>> {
        let read = self.read(unit).filter(|read| identity::content(read) == self.content(unit));
        if read.is_none() {
            self.sections.damage();
        }
        read.map(Arc::new)
    }

    fn read(&self, unit: u32) -> Option<Unit> {
        let place = self.sections.number::<8>(Section::Places, unit as usize);
        let mut bytes = vec![0; (place & 0xFF_FFFF) as usize];
        read_at(&self.file, &mut bytes, place >> 24).ok()?;
        let text = self.head.encoding.decode_without_bom_handling_and_without_replacement(&bytes)?;
        if !text.starts_with("<tu") {
            return None;
        }
        tmx::parse_unit(&text).ok()
    }

    pub(super) fn date(&self, unit: u32) -> u64 {
        let low = self.sections.number::<4>(Section::DatesLow, unit as usize);
        self.sections.number::<2>(Section::DatesHigh, unit as usize) << 32 | low
    }

    pub(super) fn tuid(&self, unit: u32) -> Option<u64> {
        Some(self.sections.number::<8>(Section::Tuids, unit as usize)).filter(|number| *number != 0)
    }

    pub(super) fn content(&self, unit: u32) -> u64 {
        self.sections.number::<8>(Section::Contents, unit as usize)
    }

    pub(super) fn marks(&self, unit: u32) -> [u8; 2] {
        (self.sections.number::<2>(Section::Sides, unit as usize) as u16).to_le_bytes()
    }

    pub(super) fn is_deleted(&self, unit: u32) -> bool {
        let count = self.sections.len(Section::Deleted) / 4;
        let at = |at| self.sections.number::<4>(Section::Deleted, at) as u32;
        let from = partition_point(count, |n| at(n) < unit);
        from < count && at(from) == unit
    }

    pub(super) fn with_tuid(&self, number: u64) -> impl Iterator<Item = u32> + '_ {
        self.under(Section::ByTuid, Section::Tuids, number)
    }

    pub(super) fn with_content(&self, number: u64) -> impl Iterator<Item = u32> + '_ {
        self.under(Section::ByContent, Section::Contents, number)
    }

    fn under(&self, order: Section, numbers: Section, number: u64) -> impl Iterator<Item = u32> + '_ {
        let count = self.sections.len(order) / 4;
        let unit = move |at| self.sections.number::<4>(order, at) as u32;
        let found = move |at| self.sections.number::<8>(numbers, unit(at) as usize);
        let from = partition_point(count, |at| found(at) < number);
        (from..count).take_while(move |&at| found(at) == number).map(unit)
    }

    /// Unit and variant of the `at`th source of a language.
    pub(super) fn source(&self, lang: Lang, at: usize) -> (u32, u32) {
        let section = [Section::SourcesAr, Section::SourcesEn][lang as usize];
        if self.sections.len(section) == 0 {
            return (at as u32, 0);
        }
        let unit = |at| self.sections.number::<4>(section, at) as u32;
        let own = unit(at);
        let before = (0..at).rev().take_while(|&at| unit(at) == own).count();
        (own, before as u32)
    }

    /// What the order of suggestions asks about the `at`th source of a language, which is of `unit`.
    pub(super) fn said(&self, lang: Lang, at: usize, unit: u32, context: bool) -> Said {
        let lang = lang as usize;
        // A section that has nothing to say is empty.
        let has = |section: Section| self.sections.len(section) > 0;
        let regions = [Section::RegionsAr, Section::RegionsEn][lang];
        let contexts = [Section::ContextsAr, Section::ContextsEn][lang];
        let number = |n: usize| self.sections.number::<4>(contexts, 3 * at + n) as u32;
        Said {
            date: self.date(unit),
            traits: Traits(if has(Section::Traits) {
                self.sections.number::<1>(Section::Traits, unit as usize) as u8
            } else {
                0
            }),
            region: if has(regions) { self.sections.number::<2>(regions, at) as u16 } else { 0 },
            context: match context && has(contexts) {
                true => Context { before: number(0), after: number(1), id: number(2) },
                false => Context::default(),
            },
        }
    }

    fn problems(&self, path: &Path) -> Option<Vec<Arc<Error>>> {
        let json = self.sections.get(Section::Problems, 0..self.sections.len(Section::Problems))?;
        if json.is_empty() {
            return Some(Vec::new());
        }
        let all: Vec<Problem> = serde_json::from_slice(json).ok()?;
        let error = |(line, byte, tuid, reason): Problem| {
            Arc::new(Error::Format { path: path.to_path_buf(), place: Place { line, byte, tuid }, reason })
        };
        Some(all.into_iter().map(error).collect())
    }
}

/// Line, byte, `tuid` and reason of something that could not be read.
type Problem = (Option<u64>, Option<u64>, Option<String>, String);

/// What could not be read of a file, as JSON for its index file; `None` for what that cannot hold.
pub(super) fn problems_json(problems: &[Arc<Error>]) -> Option<Vec<u8>> {
    let one = |problem: &Arc<Error>| match &**problem {
        Error::Format { place, reason, .. } => Some((place.line, place.byte, place.tuid.clone(), reason.clone())),
        _ => None,
    };
    let all: Vec<Problem> = problems.iter().map(one).collect::<Option<_>>()?;
    if all.is_empty() { Some(Vec::new()) } else { serde_json::to_vec(&all).ok() }
}

fn write(index: &Path, bytes: &[u8]) -> Result<(), Error> {
    if let Some(folder) = index.parent() {
        fs::create_dir_all(folder).map_err(|e| Error::io("make the folder", folder, e))?;
    }
    file::replace(index, |file| Ok(io::Write::write_all(file, bytes)?))
}

/// How many of the first numbers are so; all of those that are come first.
fn partition_point(count: usize, is_so: impl Fn(usize) -> bool) -> usize {
    let (mut from, mut to) = (0, count);
    while from < to {
        let middle = from + (to - from) / 2;
        if is_so(middle) { from = middle + 1 } else { to = middle }
    }
    from
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, bytes, at)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[read..];
        at += read as u64;
    }
    Ok(())
}
