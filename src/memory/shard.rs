//! One TMX file of a memory, as it was when it was read.

use super::{identity, moment};
use crate::error::Error;
use crate::lang::Lang;
use crate::matching::Candidate;
use crate::tmx::{self, Header};
use crate::unit::{Meta, Unit, Variant};
use std::fs::{self, File, Metadata};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A file of the memory with everything that was read from it.
#[derive(Debug)]
pub(super) struct Shard {
    pub(super) path: PathBuf,
    pub(super) header: Header,
    pub(super) units: Vec<Unit>,
    /// The date of each unit as a number.
    pub(super) dates: Vec<u64>,
    /// The number of each unit's `tuid` with the unit, sorted; units without one are not in it.
    pub(super) ids: Vec<(u64, u32)>,
    /// The units that stand for deleted ones.
    pub(super) deleted: Vec<u32>,
    /// What units say that they supersede, with the unit, sorted.
    pub(super) supersedes: Vec<(u64, u32)>,
    /// The number of the live file that it is, if it is one.
    pub(super) live: Option<u32>,
    /// What could not be read.
    pub(super) problems: Vec<Arc<Error>>,
    stamp: Option<Stamp>,
    /// Whether a later change of the file is sure to show in its stamp.
    settled: bool,
    /// What each unit says, by [`identity::content`]; made when first asked for.
    contents: OnceLock<Vec<u64>>,
    /// What can be searched for in each language, in the order of [`Lang::BOTH`]; made when first asked for.
    sources: OnceLock<[Vec<Source>; 2]>,
}

/// A variant that can be searched for: it has text, and so has a variant of the other language.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) unit: usize,
    pub(super) candidate: Candidate,
}

/// What tells two states of a file apart without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
    /// On Unix device, inode, and seconds and nanoseconds of the last change of the inode, which no program can set back.
    node: [i64; 4],
}

impl Stamp {
    fn new(meta: &Metadata) -> Stamp {
        #[cfg(unix)]
        let node = {
            use std::os::unix::fs::MetadataExt;
            [meta.dev().cast_signed(), meta.ino().cast_signed(), meta.ctime(), meta.ctime_nsec()]
        };
        #[cfg(not(unix))]
        let node = [0; 4];
        Stamp { len: meta.len(), modified: meta.modified().ok(), node }
    }

    pub(super) fn of(path: &Path) -> io::Result<Stamp> {
        fs::metadata(path).map(|meta| Stamp::new(&meta))
    }

    /// That of a file that is about to be read. One that is being written in place is waited for: a change within this step of
    /// the clock would not show.
    pub(super) fn rested(file: &File) -> io::Result<Stamp> {
        let stamp = Stamp::new(&file.metadata()?);
        if stamp.modified.is_none_or(|time| age(time) >= STEP) {
            return Ok(stamp);
        }
        std::thread::sleep(STEP);
        Ok(Stamp::new(&file.metadata()?))
    }

    /// Whether another file has taken the name.
    pub(super) fn is_other_file(&self, other: &Stamp) -> bool {
        self.node[..2] != other.node[..2]
    }

    /// Whether the file was at rest when it was looked at. Clocks of file systems go in steps: two changes within one step
    /// have one stamp, and the second would never be seen.
    fn settled(&self) -> bool {
        let Some(modified) = self.modified else { return false };
        // Where a time has parts of a second, steps are those of the kernel's clock, 10 ms at most; FAT has two seconds.
        let is_fine = modified.duration_since(UNIX_EPOCH).is_ok_and(|since| since.subsec_nanos() != 0);
        let step = if is_fine { STEP } else { Duration::from_secs(2) };
        age(modified) > step
    }

    /// Whether the content is the same: not the node, which changes when another file takes the name.
    fn has_content_of(&self, other: &Stamp) -> bool {
        (self.len, self.modified) == (other.len, other.modified)
    }
}

/// More than one step of the clock of a file system that knows parts of a second.
const STEP: Duration = Duration::from_millis(20);

/// How far a time is from now; the clock of another machine may be ahead.
fn age(time: SystemTime) -> Duration {
    SystemTime::now().duration_since(time).unwrap_or_else(|ahead| ahead.duration())
}

/// How often a file that changes while it is read is read again.
const ROUNDS: usize = 4;

impl Shard {
    /// Reads the file. What cannot be read is in `problems`; `None` if there is no such file (any more).
    pub(super) fn read(path: &Path) -> Option<Shard> {
        for _ in 0..ROUNDS {
            match Shard::read_once(path) {
                Ok(Some(shard)) => return Some(shard),
                Ok(None) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
                Err(error) => {
                    let mut shard = Shard::new(path, Header::new("*all*"));
                    shard.problems.push(Arc::new(Error::io("read", path, error)));
                    return Some(shard);
                }
            }
        }
        let mut shard = Shard::new(path, Header::new("*all*"));
        let reason = io::Error::other("it keeps changing while it is read; ask again when it is saved");
        shard.problems.push(Arc::new(Error::io("read", path, reason)));
        Some(shard)
    }

    /// `None` if the file changed meanwhile: what was read may be half of the old and half of the new.
    fn read_once(path: &Path) -> io::Result<Option<Shard>> {
        let file = File::open(path)?;
        // Live files are never written in place.
        let named_live = live_number(path).is_some();
        let before = if named_live { Stamp::new(&file.metadata()?) } else { Stamp::rested(&file)? };
        let settled = before.settled();
        let mut shard = Shard::new(path, Header::new("*all*"));
        let input = BufReader::with_capacity(256 * 1024, &file);
        match tmx::Reader::new(input, path, tmx::ReadOptions::default()) {
            Err(error) => shard.problems.push(Arc::new(error)),
            Ok(mut reader) => {
                shard.header = reader.header().clone();
                for entry in reader.by_ref() {
                    match entry {
                        Ok(entry) => shard.push(entry.unit),
                        Err(reject) => shard.problems.push(Arc::new(reject.error)),
                    }
                }
            }
        }
        // A new file under the name does no harm: this one was whole.
        if !Stamp::new(&file.metadata()?).has_content_of(&before) {
            return Ok(None);
        }
        shard.stamp = Some(before);
        shard.settled = settled;
        shard.live = live_number(path).filter(|_| is_live(&shard.header));
        shard.finish();
        Ok(Some(shard))
    }

    /// The file as its writer knows it.
    pub(super) fn written(path: &Path, header: &Header, units: Vec<Unit>) -> io::Result<Shard> {
        let mut shard = Shard::new(path, header.clone());
        units.into_iter().for_each(|unit| shard.push(unit));
        shard.stamp = Some(Stamp::of(path)?);
        // It was made by renaming: another state of it is another inode.
        shard.settled = cfg!(unix);
        shard.live = live_number(path).filter(|_| is_live(header));
        shard.finish();
        Ok(shard)
    }

    fn new(path: &Path, header: Header) -> Shard {
        Shard {
            path: path.to_path_buf(),
            header,
            units: Vec::new(),
            dates: Vec::new(),
            ids: Vec::new(),
            deleted: Vec::new(),
            supersedes: Vec::new(),
            live: None,
            problems: Vec::new(),
            stamp: None,
            settled: false,
            contents: OnceLock::new(),
            sources: OnceLock::new(),
        }
    }

    fn push(&mut self, unit: Unit) {
        if let Some(id) = identity::tuid(&unit) {
            self.ids.push((identity::number(id), self.units.len() as u32));
        }
        let at = self.units.len() as u32;
        self.supersedes.extend(identity::supersedes(&unit).map(|content| (content, at)));
        if identity::is_deleted(&unit) {
            self.deleted.push(at);
        }
        self.dates.push(moment::changed_number(&unit));
        self.units.push(unit);
    }

    fn finish(&mut self) {
        self.ids.sort_unstable();
        self.supersedes.sort_unstable();
    }

    /// Whether the file is still as it was when it was read.
    pub(super) fn is_fresh(&self) -> bool {
        self.settled && self.stamp.is_some() && Stamp::of(&self.path).ok() == self.stamp
    }

    /// Whether the file is still as it was when it was read, as far as its stamp tells.
    pub(super) fn is_same(&self) -> bool {
        self.stamp.is_some() && Stamp::of(&self.path).ok() == self.stamp
    }

    /// The units that have this `tuid`, in their order.
    pub(super) fn with_tuid<'a>(&'a self, id: &'a str) -> impl Iterator<Item = usize> + 'a {
        let number = identity::number(id);
        let from = self.ids.partition_point(|(n, _)| *n < number);
        let same = self.ids[from..].iter().take_while(move |(n, _)| *n == number);
        same.map(|(_, unit)| *unit as usize).filter(move |unit| identity::tuid(&self.units[*unit]) == Some(id))
    }

    pub(super) fn contents(&self) -> &[u64] {
        self.contents.get_or_init(|| self.units.iter().map(identity::content).collect())
    }

    pub(super) fn sources(&self) -> &[Vec<Source>; 2] {
        self.sources.get_or_init(|| {
            Lang::BOTH.map(|lang| {
                let units = self.units.iter().enumerate();
                let both = units.filter(|(_, unit)| filled(unit, lang.other()).next().is_some());
                let sources = both.flat_map(|(at, unit)| {
                    filled(unit, lang).map(move |v| Source { unit: at, candidate: Candidate::new(lang, &v.seg.text()) })
                });
                sources.collect()
            })
        })
    }
}

/// The variants of a language that have text.
pub(super) fn filled(unit: &Unit, lang: Lang) -> impl Iterator<Item = &Variant> {
    unit.variants_of(lang).filter(|variant| !variant.seg.is_blank())
}

/// The prop in the header of a live file: only files that have it are ever rewritten.
const LIVE: (&str, &str) = ("x-dhakira", "live");

/// The header of a live file.
pub(super) fn live_header() -> Header {
    let mut header = Header::new("*all*");
    header.meta.push(Meta::prop(LIVE.0, LIVE.1));
    header
}

pub(super) fn is_live(header: &Header) -> bool {
    header.meta.iter().any(|meta| meta.kind.as_deref() == Some(LIVE.0) && meta.text == LIVE.1)
}

/// The name of a live file: `live-0001.tmx`.
pub(super) fn live_name(number: u32) -> String {
    format!("live-{number:04}.tmx")
}

/// Its number, if a file is named like a live file.
pub(super) fn live_number(path: &Path) -> Option<u32> {
    let number = path.file_name()?.to_str()?.strip_prefix("live-")?.strip_suffix(".tmx")?;
    let number: u32 = number.parse().ok().filter(|_| number.bytes().all(|b| b.is_ascii_digit()))?;
    (path.file_name()? == live_name(number).as_str()).then_some(number)
}
