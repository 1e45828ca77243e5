//! One TMX file of a memory, as it was when it was looked at: in memory if it is small or live, else behind an index file.

use super::Indexing;
use super::build::Build;
use super::held::{Held, Holding, under};
use super::live::{is_live, live_number};
use super::stamp::Stamp;
use super::stored::Stored;
use crate::error::Error;
use crate::lang::Lang;
use crate::tmx::{self, Entry, Header};
use crate::unit::Unit;
use std::fs::File;
use std::io::{self, BufReader, Seek};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// A file of the memory. Units have numbers in the order of the file.
#[derive(Debug)]
pub(super) struct Shard {
    pub(super) path: PathBuf,
    /// The number of the live file that it is, if it is one.
    pub(super) live: Option<u32>,
    /// What its path takes off the score of what is found in it, in hundredths of a percent.
    pub(super) penalty: u16,
    /// What could not be read.
    pub(super) problems: Vec<Arc<Error>>,
    stamp: Option<Stamp>,
    /// Whether a later change of the file is sure to show in its stamp.
    settled: bool,
    body: Body,
    /// All units of a stored file: made if its index turns out to be wrong.
    rescued: OnceLock<Holding>,
}

#[derive(Debug)]
enum Body {
    Held(Box<Holding>),
    Stored(Box<Stored>),
}

/// Where the units of a file are found at this moment.
pub(super) enum Searched<'a> {
    /// In memory: one by one.
    One(&'a Holding),
    /// By its index.
    Index(&'a Stored),
}

/// How often a file that changes while it is read is read again.
const ROUNDS: usize = 4;

/// How many units are read at once while tables are made: enough for all threads, little memory.
const BATCH: usize = 4_096;

impl Shard {
    /// Reads the file, or opens its index. What cannot be read is in `problems`; `None` if there is no such file (any more).
    /// Of units that `old` has too, what is known is taken over.
    pub(super) fn read(path: &Path, indexing: Indexing, old: Option<&Shard>) -> Option<Shard> {
        let failed = |error| {
            let mut shard = Shard::new(path, Body::Held(Box::default()));
            shard.problems.push(Arc::new(Error::io("read", path, error)));
            Some(shard)
        };
        for _ in 0..ROUNDS {
            match Shard::read_once(path, indexing, old) {
                Ok(Some(shard)) => return Some(shard),
                Ok(None) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
                Err(error) => return failed(error),
            }
        }
        failed(io::Error::other("it keeps changing while it is read; ask again when it is saved"))
    }

    /// `None` if the file changed meanwhile: what was read may be half of the old and half of the new.
    fn read_once(path: &Path, indexing: Indexing, old: Option<&Shard>) -> io::Result<Option<Shard>> {
        let file = File::open(path)?;
        // Live files are never written in place.
        let may_be_live = live_number(path).is_some();
        let before = if may_be_live { Stamp::new(&file.metadata()?) } else { Stamp::rested(&file)? };
        let settled = before.settled();
        let stored = if settled && !may_be_live { Stored::open(path, &file, &before) } else { None };
        let mut shard = match stored.filter(|(stored, _)| stored.len() as usize >= indexing.least_units) {
            Some((stored, problems)) => {
                let mut shard = Shard::new(path, Body::Stored(Box::new(stored)));
                shard.problems = problems;
                shard
            }
            None => {
                let known = old.and_then(Shard::held).unwrap_or(&[]);
                let shard = match may_be_live {
                    true => None,
                    false => {
                        let indexing = Indexing { write: indexing.write && settled, ..indexing };
                        Shard::index(path, &file, &before, indexing)?
                    }
                };
                shard.map_or_else(|| Shard::parse(path, &file, known), Ok)?
            }
        };
        // A new file under the name does no harm: this one was whole.
        if !Stamp::new(&file.metadata()?).has_content_of(&before) {
            return Ok(None);
        }
        shard.stamp = Some(before);
        shard.settled = settled;
        if let Some(header) = shard.header() {
            shard.live = live_number(path).filter(|_| is_live(header));
        }
        Ok(Some(shard))
    }

    /// All units of the file.
    fn parse(path: &Path, file: &File, known: &[Arc<Held>]) -> io::Result<Shard> {
        let mut problems = Vec::new();
        let mut units = Vec::new();
        let mut header = Header::new("*all*");
        match open(path, file)? {
            Err(error) => problems.push(Arc::new(error)),
            Ok(mut reader) => {
                header = reader.header().clone();
                for entry in reader.by_ref() {
                    match entry {
                        Ok(entry) => units.push(match known.get(units.len()) {
                            Some(held) if *held.unit == entry.unit => held.clone(),
                            _ => Arc::new(Held::new(entry.unit)),
                        }),
                        Err(reject) => problems.push(Arc::new(reject.error)),
                    }
                }
            }
        }
        let mut shard = Shard::new(path, Body::Held(Box::new(Holding::new(header, units))));
        shard.problems = problems;
        Ok(shard)
    }

    /// The file with tables, if it is large enough and they can hold it. Of a file that may still be changing no index file
    /// is written: its stamp may be that of two states.
    fn index(path: &Path, file: &File, stamp: &Stamp, indexing: Indexing) -> io::Result<Option<Shard>> {
        let Ok(mut reader) = open(path, file)? else { return Ok(None) };
        let encoding = reader.encoding();
        let is_exact = encoding == encoding_rs::UTF_8
            || encoding == encoding_rs::UTF_16LE
            || encoding == encoding_rs::UTF_16BE
            || encoding.is_single_byte();
        let header = reader.header().clone();
        let mut problems = Vec::new();
        let mut next = |reader: &mut tmx::Reader<_>, count: usize| {
            let mut batch: Vec<Entry> = Vec::new();
            while batch.len() < count
                && let Some(entry) = reader.next()
            {
                match entry {
                    Ok(entry) => batch.push(entry),
                    Err(reject) => problems.push(Arc::new(reject.error)),
                }
            }
            batch
        };
        let mut batch = next(&mut reader, indexing.least_units.max(1));
        if batch.len() < indexing.least_units.max(1) {
            let units = batch.into_iter().map(|entry| Arc::new(Held::new(entry.unit))).collect();
            let mut shard = Shard::new(path, Body::Held(Box::new(Holding::new(header, units))));
            shard.problems = problems;
            return Ok(Some(shard));
        }
        if !is_exact {
            return Ok(None);
        }
        let mut build = Build::default();
        while !batch.is_empty() {
            let mut following = Vec::new();
            rayon::join(|| build.add(&batch), || following = next(&mut reader, BATCH));
            batch = following;
        }
        let Some(bytes) = build.finish(path, stamp, encoding, &problems) else { return Ok(None) };
        let keep = indexing.write && Stamp::new(&file.metadata()?) == *stamp;
        let stored = Stored::made(path, file, stamp, bytes, keep)?;
        let mut shard = Shard::new(path, Body::Stored(Box::new(stored)));
        shard.problems = problems;
        Ok(Some(shard))
    }

    /// The file as its writer knows it.
    pub(super) fn written(path: &Path, header: &Header, units: Vec<Arc<Held>>) -> io::Result<Shard> {
        let mut shard = Shard::new(path, Body::Held(Box::new(Holding::new(header.clone(), units))));
        shard.stamp = Some(Stamp::of(path)?);
        // It was made by renaming: another state of it is another inode.
        shard.settled = cfg!(unix);
        shard.live = live_number(path).filter(|_| is_live(header));
        Ok(shard)
    }

    fn new(path: &Path, body: Body) -> Shard {
        let (path, penalty) = (path.to_path_buf(), path_penalty(path));
        let (live, problems, stamp, settled, rescued) = Default::default();
        Shard { path, live, penalty, problems, stamp, settled, body, rescued }
    }

    /// Whether the file is still as it was when it was read.
    pub(super) fn is_fresh(&self) -> bool {
        self.settled && self.is_same() && !self.is_damaged()
    }

    /// Whether the file is still as it was when it was read, as far as its stamp tells.
    pub(super) fn is_same(&self) -> bool {
        self.stamp.is_some() && Stamp::of(&self.path).ok() == self.stamp
    }

    /// Whether its index was found to be wrong: what was asked before is to be asked again.
    pub(super) fn is_damaged(&self) -> bool {
        matches!(&self.body, Body::Stored(stored) if stored.is_damaged())
    }

    /// How many bytes its index has, if it has one.
    pub(super) fn index_size(&self) -> Option<u64> {
        match &self.body {
            Body::Stored(stored) => Some(stored.size()),
            Body::Held(_) => None,
        }
    }

    /// Where the units are.
    pub(super) fn searched(&self) -> Searched<'_> {
        match &self.body {
            Body::Held(holding) => Searched::One(holding),
            Body::Stored(stored) if !stored.is_damaged() => Searched::Index(stored),
            Body::Stored(stored) => Searched::One(self.rescued.get_or_init(|| {
                stored.discard();
                self.all(stored)
            })),
        }
    }

    /// All units of a stored file, read anew.
    fn all(&self, stored: &Stored) -> Holding {
        let shard = Shard::parse(&self.path, stored.file(), &[]);
        match shard.map(|shard| shard.body) {
            Ok(Body::Held(holding)) => *holding,
            _ => Holding::default(),
        }
    }

    /// The header, as far as it is in memory: of files that are written here.
    pub(super) fn header(&self) -> Option<&Header> {
        self.holding()?.header.as_ref()
    }

    /// The units that are in memory; `None` if there is an index instead.
    pub(super) fn held(&self) -> Option<&[Arc<Held>]> {
        self.holding().map(|holding| &holding.units[..])
    }

    pub(super) fn holding(&self) -> Option<&Holding> {
        match &self.body {
            Body::Held(holding) => Some(holding),
            Body::Stored(_) => None,
        }
    }

    /// How many units there are.
    pub(super) fn len(&self) -> u32 {
        match self.searched() {
            Searched::One(holding) => holding.units.len() as u32,
            Searched::Index(stored) => stored.len(),
        }
    }

    /// A unit; `None` if the file does not have it (any more) where its index says.
    pub(super) fn unit(&self, unit: u32) -> Option<Arc<Unit>> {
        match self.searched() {
            Searched::One(holding) => holding.unit(unit),
            Searched::Index(stored) => stored.unit(unit),
        }
    }

    /// The date of a unit as a number.
    pub(super) fn date(&self, unit: u32) -> u64 {
        match self.searched() {
            Searched::One(holding) => holding.date(unit),
            Searched::Index(stored) => stored.date(unit),
        }
    }

    /// The number of a unit's `tuid`.
    pub(super) fn tuid(&self, unit: u32) -> Option<u64> {
        match self.searched() {
            Searched::One(holding) => holding.tuid(unit),
            Searched::Index(stored) => stored.tuid(unit),
        }
    }

    /// What a unit says, as a number.
    pub(super) fn content(&self, unit: u32) -> u64 {
        match self.searched() {
            Searched::One(holding) => holding.content(unit),
            Searched::Index(stored) => stored.content(unit),
        }
    }

    /// Marks of a unit's sides: see [`identity::side_marks`](super::identity::side_marks).
    pub(super) fn marks(&self, unit: u32) -> [u8; 2] {
        match self.searched() {
            Searched::One(holding) => holding.marks(unit),
            Searched::Index(stored) => stored.marks(unit),
        }
    }

    /// Whether the unit stands for a deleted one.
    pub(super) fn is_deleted(&self, unit: u32) -> bool {
        match self.searched() {
            Searched::One(holding) => holding.is_deleted(unit),
            Searched::Index(stored) => stored.is_deleted(unit),
        }
    }

    /// The units whose `tuid` has this number, in their order.
    pub(super) fn with_tuid(&self, number: u64) -> Vec<u32> {
        match self.searched() {
            Searched::One(holding) => under(holding.ids(), number).collect(),
            Searched::Index(stored) => stored.with_tuid(number).collect(),
        }
    }

    /// The units that say this, in their order.
    pub(super) fn with_content(&self, content: u64) -> Vec<u32> {
        match self.searched() {
            Searched::One(holding) => under(holding.contents(), content).collect(),
            Searched::Index(stored) => stored.with_content(content).collect(),
        }
    }

    /// Unit and variant (among those of its language that have text) of the `at`th source of a language.
    pub(super) fn source(&self, lang: Lang, at: usize) -> (u32, u32) {
        match self.searched() {
            Searched::One(holding) => holding.sources(lang).get(at).copied().unwrap_or_default(),
            Searched::Index(stored) => stored.source(lang, at),
        }
    }

    /// Takes note that what the index of the file says is wrong.
    pub(super) fn damage(&self) {
        if let Body::Stored(stored) = &self.body {
            stored.damage();
        }
    }
}

/// What `penalty-NN` in a path says: so many points are taken off. The first one counts, as in OmegaT (`FindMatches`), which
/// users know to put old or foreign memories into folders `penalty-10`, `penalty-30`. In hundredths of a percent.
pub(super) fn path_penalty(path: &Path) -> u16 {
    let path = path.to_string_lossy();
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let said = path.match_indices(PENALTY).map(|(at, _)| &path[at + PENALTY.len()..]);
    let points = said.map(|text| &text[..digits(text)]).find(|points| !points.is_empty());
    points.map_or(0, |points| points.parse::<u16>().unwrap_or(u16::MAX).saturating_mul(100))
}

const PENALTY: &str = "penalty-";

fn open<'a>(path: &Path, mut file: &'a File) -> io::Result<Result<tmx::Reader<BufReader<&'a File>>, Error>> {
    file.rewind()?;
    let input = BufReader::with_capacity(256 * 1024, file);
    Ok(tmx::Reader::new(input, path, tmx::ReadOptions::default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_say_penalties() {
        let check = |path: &str, penalty: u16| assert_eq!(path_penalty(Path::new(path)), penalty, "{path}");
        check("tm/old.tmx", 0);
        check("tm/penalty-010/old.tmx", 1_000);
        check("tm/قديم/penalty-7-قديم/penalty-30/old.tmx", 700);
        check("tm/penalty-/penalty-x/penalty-30.tmx", 3_000);
        check("tm/penalty-99999999999999999999/old.tmx", u16::MAX);
    }
}
