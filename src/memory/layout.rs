//! The layout of an index file: a head that says what it is made of, sections, and a sum for each block.
//!
//! An index file is a cache: what it says of a TMX file can always be made again from that. So every doubt is decided
//! against it. The head is checked when it is opened, each block of 4,096 bytes when something of it is first read.

use super::identity::Fnv;
use super::map::Bytes;
use crate::index::{INDEX_VERSION, SCORE_VERSION};
use crate::text::KEY_VERSION;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Grows with every change of what an index file holds.
const FORMAT: u32 = 3;
const MAGIC: [u8; 8] = *b"DHAKIRA\x1A";
/// What is checked at once; a page of most machines.
const BLOCK: usize = 4_096;

/// The parts of an index file in their order. Numbers are little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// Of each unit, 40 bits of its place in the TMX file and 24 bits of its length there.
    Places,
    /// Of each unit, the lower 32 bits of its date.
    DatesLow,
    /// Of each unit, the upper 16 bits of its date.
    DatesHigh,
    /// Of each unit, the number of what it says.
    Contents,
    /// The units in the order of that number.
    ByContent,
    /// Of each unit, the number of its `tuid`; 0 for none.
    Tuids,
    /// The units that have one, in the order of that number.
    ByTuid,
    /// Of each unit, two marks of its sides.
    Sides,
    /// The units that stand for deleted ones, in their order.
    Deleted,
    /// The unit of each Arabic source; nothing if that is its own number.
    SourcesAr,
    /// The same for English.
    SourcesEn,
    /// What could not be read, as JSON.
    Problems,
    /// The Arabic sources for the search.
    IndexAr,
    /// The English ones.
    IndexEn,
    /// Of each unit, a byte of [`Traits`](super::traits::Traits); nothing if all are 0.
    Traits,
    /// The region of each Arabic source, two bytes; nothing if there is none.
    RegionsAr,
    /// The same for English.
    RegionsEn,
    /// The numbers of what stands before and behind each Arabic source, and of its id, four bytes each; nothing if nothing is
    /// known.
    ContextsAr,
    /// The same for English.
    ContextsEn,
}

pub(super) const SECTIONS: usize = 19;

/// What an index file says about itself and its TMX file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// How many units there are.
    pub(super) units: u64,
    /// How many sources in each language.
    pub(super) sources: [u64; 2],
    /// The encoding of the TMX file.
    pub(super) encoding: &'static encoding_rs::Encoding,
}

/// What an index file must begin with to be that of a TMX file with this name in this state, read by this program.
fn origin(name: &[u8], stamp: &[u8; 48]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    for version in [FORMAT, KEY_VERSION, SCORE_VERSION, INDEX_VERSION] {
        bytes.extend(version.to_le_bytes());
    }
    bytes.extend(0x0102_0304u32.to_ne_bytes());
    bytes.extend(stamp);
    let mut hash = Fnv::default();
    hash.part(name);
    bytes.extend(hash.number().to_le_bytes());
    bytes
}

/// The bytes of an index file.
pub(super) fn assemble(name: &[u8], stamp: &[u8; 48], head: &Head, sections: &[Vec<u8>; SECTIONS]) -> Vec<u8> {
    let padded = |len: usize| len.next_multiple_of(8);
    let total: usize = sections.iter().map(|section| padded(section.len())).sum();
    let mut bytes = Vec::with_capacity(BLOCK + total + total.div_ceil(BLOCK) * 8);
    bytes.resize(BLOCK, 0);
    let mut table = Vec::new();
    for section in sections {
        table.extend([bytes.len() as u64, section.len() as u64]);
        bytes.extend(section);
        bytes.resize(padded(bytes.len()), 0);
    }
    let end = bytes.len();
    let sums: Vec<u64> = bytes[BLOCK..].chunks(BLOCK).map(sum).collect();
    sums.iter().for_each(|sum| bytes.extend(sum.to_le_bytes()));
    let mut first = origin(name, stamp);
    let name = head.encoding.name().as_bytes();
    let mut label = [0u8; 32];
    label[..name.len().min(32)].copy_from_slice(&name[..name.len().min(32)]);
    first.extend(label);
    for number in [head.units, head.sources[0], head.sources[1], end as u64, bytes.len() as u64].iter().chain(&table) {
        first.extend(number.to_le_bytes());
    }
    first.resize(BLOCK - 8, 0);
    first.extend(sum(&first).to_le_bytes());
    bytes[..BLOCK].copy_from_slice(&first);
    bytes
}

/// A number that is another one whenever one word of the bytes is: four chains of steps that can each be undone.
fn sum(bytes: &[u8]) -> u64 {
    const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut lanes = [1u64, 2, 3, bytes.len() as u64];
    let word = |bytes: &[u8]| {
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        u64::from_le_bytes(word)
    };
    let add = |lane: &mut u64, word: u64| *lane = (*lane ^ word).wrapping_mul(STEP).rotate_left(29);
    let mut wide = bytes.chunks_exact(32);
    for words in &mut wide {
        for (lane, bytes) in lanes.iter_mut().zip(words.chunks_exact(8)) {
            add(lane, word(bytes));
        }
    }
    wide.remainder().chunks(8).zip(&mut lanes).for_each(|(bytes, lane)| add(lane, word(bytes)));
    lanes[0] ^ lanes[1].rotate_left(16) ^ lanes[2].rotate_left(32) ^ lanes[3].rotate_left(48)
}

/// An index file that is read.
#[derive(Debug)]
pub(super) struct Sections {
    bytes: Bytes,
    ranges: [Range<usize>; SECTIONS],
    /// Where the sums begin.
    end: usize,
    /// A bit for each block that was found to be right.
    checked: Box<[AtomicU64]>,
    damaged: AtomicBool,
}

impl Sections {
    /// The sections, if the head is sound and that of the file with this name in this state.
    pub(super) fn open(bytes: Bytes, name: &[u8], stamp: &[u8; 48]) -> Option<(Head, Sections)> {
        let first = bytes.get(..BLOCK)?;
        let (said, wanted) = (first.get(..BLOCK - 8)?, origin(name, stamp));
        if !first.starts_with(&wanted) || first[BLOCK - 8..] != sum(said).to_le_bytes() {
            return None;
        }
        let rest = &said[wanted.len()..];
        let label = rest.get(..32)?.split(|b| *b == 0).next().unwrap_or_default();
        let encoding = encoding_rs::Encoding::for_label(label)?;
        let mut numbers = rest[32..].chunks_exact(8).map(|b| {
            let number = u64::from_le_bytes(b.try_into().expect("eight bytes"));
            usize::try_from(number).unwrap_or(usize::MAX)
        });
        let mut next = || numbers.next().unwrap_or(usize::MAX);
        let (units, sources, end, len) = (next() as u64, [next() as u64, next() as u64], next(), next());
        let ranges: [Range<usize>; SECTIONS] = std::array::from_fn(|_| {
            let (from, len) = (next(), next());
            from..from.saturating_add(len)
        });
        let blocks = end.checked_sub(BLOCK)?.div_ceil(BLOCK);
        let whole = len == bytes.len() && end.checked_add(blocks * 8) == Some(len);
        if !whole || ranges.iter().any(|range| range.start < BLOCK || range.end > end) {
            return None;
        }
        // What this process made it need not check.
        let known = if matches!(bytes, Bytes::Held(_)) { u64::MAX } else { 0 };
        let checked = (0..blocks.div_ceil(64)).map(|_| AtomicU64::new(known)).collect();
        let head = Head { units, sources, encoding };
        Some((head, Sections { bytes, ranges, end, checked, damaged: AtomicBool::new(false) }))
    }

    /// How many bytes the file has.
    pub(super) fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The length of a section in bytes.
    pub(super) fn len(&self, section: Section) -> usize {
        self.ranges[section as usize].len()
    }

    /// A section without any check.
    pub(super) fn unchecked(&self, section: Section) -> &[u8] {
        &self.bytes[self.ranges[section as usize].clone()]
    }

    /// Bytes of a section; `None` if it has no such bytes or they are not what was written.
    pub(super) fn get(&self, section: Section, range: Range<usize>) -> Option<&[u8]> {
        let whole = &self.ranges[section as usize];
        let range = whole.start.saturating_add(range.start)..whole.start.saturating_add(range.end);
        let sound = range.start <= range.end && range.end <= whole.end && self.check(range.clone());
        if !sound {
            self.damage();
        }
        sound.then(|| &self.bytes[range])
    }

    /// The `at`th number of a section; 0 if it cannot be read, which is then [damage](Sections::is_damaged).
    pub(super) fn number<const BYTES: usize>(&self, section: Section, at: usize) -> u64 {
        let start = at.saturating_mul(BYTES);
        let bytes = self.get(section, start..start.saturating_add(BYTES)).unwrap_or(&[]);
        bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// Whether the blocks that these bytes lie in are what was written.
    fn check(&self, range: Range<usize>) -> bool {
        if range.is_empty() {
            return true;
        }
        let (first, last) = ((range.start - BLOCK) / BLOCK, (range.end - 1) / BLOCK);
        (first..last).all(|block| {
            let bit = 1 << (block % 64);
            let word = &self.checked[block / 64];
            if word.load(Ordering::Relaxed) & bit != 0 {
                return true;
            }
            let start = BLOCK + block * BLOCK;
            let said = &self.bytes[self.end + block * 8..][..8];
            let right = sum(&self.bytes[start..self.end.min(start + BLOCK)]).to_le_bytes() == said;
            if right {
                word.fetch_or(bit, Ordering::Relaxed);
            }
            right
        })
    }

    /// Whether something of the file was found to be wrong: all that was read of it is to be asked for again elsewhere.
    pub(super) fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Acquire)
    }

    pub(super) fn damage(&self) {
        self.damaged.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        let head = Head { units: 3, sources: [1, 2], encoding: encoding_rs::UTF_16LE };
        let sections = std::array::from_fn(|n| (0..n * 1_000).map(|at| (at * n % 251) as u8).collect());
        assemble(b"a.tmx", &[7; 48], &head, &sections)
    }

    fn open(bytes: Vec<u8>) -> Option<(Head, Sections)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("i");
        std::fs::write(&path, bytes).unwrap();
        Sections::open(Bytes::map(&std::fs::File::open(path).unwrap()).ok()?, b"a.tmx", &[7; 48])
    }

    /// All that can be read, if nothing is found to be wrong.
    fn read(bytes: Vec<u8>) -> Option<(Head, Vec<Vec<u8>>)> {
        let (head, sections) = open(bytes)?;
        let all = [
            Section::Places,
            Section::DatesLow,
            Section::DatesHigh,
            Section::Contents,
            Section::ByContent,
            Section::Tuids,
            Section::ByTuid,
            Section::Sides,
            Section::Deleted,
            Section::SourcesAr,
            Section::SourcesEn,
            Section::Problems,
            Section::IndexAr,
            Section::IndexEn,
            Section::Traits,
            Section::RegionsAr,
            Section::RegionsEn,
            Section::ContextsAr,
            Section::ContextsEn,
        ];
        let read = |section: Section| sections.get(section, 0..sections.len(section)).map(<[u8]>::to_vec);
        let parts = all.into_iter().map(read).collect::<Option<Vec<_>>>();
        assert_eq!(parts.is_none(), sections.is_damaged());
        parts.map(|parts| (head, parts))
    }

    #[test]
    fn what_was_written_is_read_and_every_other_byte_is_seen() {
        let bytes = sample();
        let (head, parts) = read(bytes.clone()).unwrap();
        assert_eq!((head.units, head.sources, head.encoding), (3, [1, 2], encoding_rs::UTF_16LE));
        assert_eq!(parts[9].len(), 9_000);
        assert_eq!(parts[2][1_000], (2_000 % 251) as u8);
        let (_, sections) = open(bytes.clone()).unwrap();
        assert_eq!(sections.number::<4>(Section::DatesLow, 1), 0x0706_0504);
        assert_eq!(sections.number::<4>(Section::DatesLow, 250), 0);
        assert!(sections.is_damaged());
        // Padding is in no section: it may be found wrong or not, but nothing else is read for it.
        let sound = |(found, sections): (Head, Vec<Vec<u8>>)| found == head && sections == parts;
        for at in (0..bytes.len()).step_by(37) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            assert!(read(flipped).is_none_or(sound), "{at}");
            assert!(read(bytes[..at].to_vec()).is_none(), "{at}");
        }
        assert!(Sections::open(Bytes::Held(bytes.clone()), b"b.tmx", &[7; 48]).is_none());
        assert!(Sections::open(Bytes::Held(bytes), b"a.tmx", &[8; 48]).is_none());
    }
}
