//! The bytes of an index: a header that says what they are, and sections that it points to.
//!
//! All numbers are little-endian, whatever the machine. The header has its own checksum, so that an index is opened without
//! reading the rest; the sections have one together. Whatever stands in the sections, reading it is safe: every access is
//! within bounds or gives nothing.

use super::hash::checksum;
use super::number::{u32_at, u64_at};
use crate::lang::Lang;
use crate::text::KEY_VERSION;
use std::fmt;
use std::ops::Range;

/// Changes whenever the layout of the bytes does; an index with another version is made anew.
pub const INDEX_VERSION: u32 = 2;

/// The first bytes of every index.
const MAGIC: [u8; 8] = *b"dhk-idx\n";

/// Bytes of the header: magic, four short numbers, three long ones, the sections, two checksums.
pub(super) const HEADER: usize = 8 + 4 * 4 + 3 * 8 + SECTIONS * 16 + 2 * 8;

/// The parts of an index, in the order of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// The most frequent characters, four bytes each: what the bytes of a key stand for.
    Alphabet,
    /// For each chunk the fewest and the most characters of a key, two bytes each.
    Chunks,
    /// For each entry the weight of its key, two bytes.
    Weights,
    /// For each entry the bytes of its key; the highest bit says that it is UTF-8. Two bytes.
    Lengths,
    /// Where the key of every 64th entry begins, eight bytes.
    KeySamples,
    /// The keys.
    Keys,
    /// For each long entry: weight, characters, words, first byte, bytes; eight bytes each.
    Longs,
    /// The keys of long entries, in UTF-8.
    LongKeys,
    /// One bit for each source: whether another entry begins with it.
    Boundaries,
    /// Which bit of the boundaries every 256th entry has, four bytes.
    Selects,
    /// The sources of the entries, four bytes each.
    Sources,
    /// For each block of the dictionary: the first trigram, its occurrence number and the block's place; 16 bytes.
    Blocks,
    /// The blocks: trigrams and their postings.
    Lists,
    /// The words, as a hash table; 16 bytes a slot.
    WordSlots,
    /// Their postings.
    WordLists,
    /// For each entry one bit for each of its words, or the number of a wide signature; eight bytes.
    Signatures,
    /// One bit for each word; 32 bytes.
    WideSignatures,
}

impl Section {
    /// Their names, in the order of the header.
    pub(super) const NAMES: [&'static str; SECTIONS] = [
        "alphabet",
        "chunks",
        "weights",
        "lengths",
        "key samples",
        "keys",
        "long entries",
        "long keys",
        "boundaries",
        "selects",
        "sources",
        "blocks",
        "lists",
        "word slots",
        "word lists",
        "signatures",
        "wide signatures",
    ];
}

/// How many there are.
pub(super) const SECTIONS: usize = 17;

/// The bytes of a long entry's record.
pub(super) const LONG: usize = 40;

/// Why bytes are no index to search in. The way out is the same for all: make the index anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// They begin like something else.
    NotAnIndex,
    /// An index of another version of this format, of keys, or of weights.
    Version,
    /// They end early, or a checksum does not fit.
    Damaged,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Damage::NotAnIndex => "not an index",
            Damage::Version => "an index of another version",
            Damage::Damaged => "a damaged index",
        })
    }
}

impl std::error::Error for Damage {}

/// What the header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) lang: Lang,
    /// A chunk is so many entries: two to the power of this.
    pub(super) chunk_bits: u32,
    /// Entries with a key of at most [`MOST_CHARS`](super::MOST_CHARS).
    pub(super) entries: usize,
    /// Entries with a longer key.
    pub(super) longs: usize,
    pub(super) sources: usize,
    pub(super) sections: [Range<usize>; SECTIONS],
    checksum: u64,
}

/// Puts header and sections together.
pub(super) fn write(
    lang: Lang,
    chunk_bits: u32,
    [entries, longs, sources]: [usize; 3],
    parts: [Vec<u8>; SECTIONS],
) -> Vec<u8> {
    let size = HEADER + parts.iter().map(|part| part.len()).sum::<usize>();
    let mut bytes = Vec::with_capacity(size);
    bytes.extend(MAGIC);
    for number in versions().into_iter().chain([lang as u32 | chunk_bits << 8]) {
        bytes.extend(number.to_le_bytes());
    }
    let mut at = HEADER;
    let mut numbers = vec![entries, longs, sources];
    for part in &parts {
        numbers.extend([at, part.len()]);
        at += part.len();
    }
    for number in numbers {
        bytes.extend((number as u64).to_le_bytes());
    }
    let checksums_at = bytes.len();
    bytes.extend([0; 16]);
    for part in parts {
        bytes.extend(part);
    }
    let of_sections = checksum(&bytes[HEADER..]);
    bytes[checksums_at..][..8].copy_from_slice(&of_sections.to_le_bytes());
    let of_header = checksum(&bytes[..HEADER - 8]);
    bytes[checksums_at + 8..][..8].copy_from_slice(&of_header.to_le_bytes());
    bytes
}

/// Of the format, of keys, of scores.
fn versions() -> [u32; 3] {
    [INDEX_VERSION, KEY_VERSION, super::SCORE_VERSION]
}

impl Header {
    /// Reads and checks the header, and that all sections are there.
    pub(super) fn read(bytes: &[u8]) -> Result<Header, Damage> {
        if bytes.get(..8) != Some(&MAGIC[..]) {
            return Err(Damage::NotAnIndex);
        }
        let head = bytes.get(..HEADER).ok_or(Damage::Damaged)?;
        let short = |at: usize| u32_at(head, 8 + 4 * at).unwrap_or(0);
        let long = |at: usize| u64_at(head, 24 + 8 * at).unwrap_or(0);
        if [short(0), short(1), short(2)] != versions() {
            return Err(Damage::Version);
        }
        if u64_at(head, HEADER - 8) != Some(checksum(&head[..HEADER - 8])) {
            return Err(Damage::Damaged);
        }
        let size = |at: usize| usize::try_from(long(at)).map_err(|_| Damage::Damaged);
        let [entries, longs, sources] = [size(0)?, size(1)?, size(2)?];
        let mut sections = std::array::from_fn(|_| 0..0);
        for (number, section) in sections.iter_mut().enumerate() {
            let (start, length) = (size(3 + 2 * number)?, size(4 + 2 * number)?);
            *section = start..start.checked_add(length).ok_or(Damage::Damaged)?;
            bytes.get(section.clone()).ok_or(Damage::Damaged)?;
        }
        let (lang, chunk_bits) = (short(3) & 0xFF, short(3) >> 8);
        let lang = Lang::BOTH.into_iter().find(|l| *l as u32 == lang).ok_or(Damage::Damaged)?;
        let header = Header { lang, chunk_bits, entries, longs, sources, sections, checksum: long(3 + 2 * SECTIONS) };
        if header.fits() { Ok(header) } else { Err(Damage::Damaged) }
    }

    /// Whether the sections are as long as the numbers say.
    fn fits(&self) -> bool {
        let is = |section: Section, count: usize, size: usize| {
            count.checked_mul(size).is_some_and(|bytes| self.sections[section as usize].len() == bytes)
        };
        let all = self.entries.checked_add(self.longs);
        (super::CHUNK_BITS_LEAST..=super::CHUNK_BITS_MOST).contains(&self.chunk_bits)
            && u32::try_from(self.sources).is_ok()
            && all
                .is_some_and(|all| all <= self.sources && is(Section::Selects, all.div_ceil(super::sources::SAMPLE), 4))
            && is(Section::Chunks, self.chunks(), 4)
            && is(Section::Weights, self.entries, 2)
            && is(Section::Lengths, self.entries, 2)
            && is(Section::KeySamples, self.entries.div_ceil(super::keys::SAMPLE), 8)
            && is(Section::Longs, self.longs, LONG)
            && is(Section::Signatures, self.entries, 8)
            && self.sections[Section::WordSlots as usize].len().is_multiple_of(super::words::SLOT)
            && is(Section::Boundaries, self.sources.div_ceil(64), 8)
            && is(Section::Sources, self.sources, 4)
            && self.sections[Section::Alphabet as usize].len() <= 4 * super::keys::LETTERS
    }

    /// How many chunks the entries make.
    pub(super) fn chunks(&self) -> usize {
        self.entries.div_ceil(1 << self.chunk_bits)
    }

    /// Whether the sections are those that were written.
    pub(super) fn holds(&self, bytes: &[u8]) -> bool {
        bytes.get(HEADER..).is_some_and(|sections| checksum(sections) == self.checksum)
    }
}
