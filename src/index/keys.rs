//! The keys of entries: a byte for each character where all its characters are among the most frequent ones of the index,
//! else UTF-8.

use super::number::{u16_at, u32_at, u64_at};
use std::ops::Range;

/// The place of every so many-th key is noted.
pub(super) const SAMPLE: usize = 64;
/// So many characters have a byte of their own.
pub(super) const LETTERS: usize = 256;
/// The bit of a length that says that the key is UTF-8.
const UTF8: u16 = 1 << 15;

/// The characters that bytes stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alphabet([char; LETTERS]);

impl Alphabet {
    /// Of the section; a byte without a character is U+FFFD.
    pub(super) fn read(bytes: &[u8]) -> Alphabet {
        let of = |at: usize| u32_at(bytes, 4 * at).and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
        Alphabet(std::array::from_fn(of))
    }

    /// The bytes of these characters, if all of them have one.
    pub(super) fn bytes(&self, chars: &[char]) -> Option<Vec<u8>> {
        let byte = |c: &char| self.0.iter().position(|other| other == c).map(|at| at as u8);
        chars.iter().map(byte).collect()
    }

    /// What the byte stands for.
    #[inline]
    pub(super) fn char(&self, byte: u8) -> char {
        self.0[usize::from(byte)]
    }
}

/// A key as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored<'a> {
    /// A byte of the alphabet for each character.
    Letters(&'a [u8]),
    /// UTF-8, for keys with rare characters.
    Utf8(&'a str),
}

impl Stored<'_> {
    /// Writes the key to `text`, and what was there away.
    pub(super) fn decode(&self, alphabet: &Alphabet, text: &mut String) {
        text.clear();
        match self {
            Stored::Letters(bytes) => text.extend(bytes.iter().map(|byte| alphabet.char(*byte))),
            Stored::Utf8(utf8) => text.push_str(utf8),
        }
    }
}

/// The keys of all entries, as bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keys<'a> {
    pub(super) lengths: &'a [u8],
    pub(super) samples: &'a [u8],
    pub(super) bytes: &'a [u8],
}

impl<'a> Keys<'a> {
    /// The fewest and the most characters that the key of an entry can have.
    #[inline]
    pub(super) fn chars(&self, entry: usize) -> (usize, usize) {
        let length = u16_at(self.lengths, 2 * entry).unwrap_or(0);
        let bytes = usize::from(length & !UTF8);
        if length & UTF8 == 0 { (bytes, bytes) } else { (bytes / 4, bytes) }
    }

    /// The key of an entry.
    #[inline]
    pub(super) fn get(&self, entry: usize) -> Option<Stored<'a>> {
        self.at(self.start(entry)?, u16_at(self.lengths, 2 * entry)?)
    }

    /// The keys of these entries, with their numbers.
    pub(super) fn run(&self, entries: Range<usize>) -> impl Iterator<Item = (usize, Stored<'a>)> + use<'a> {
        let keys = *self;
        let mut start = keys.start(entries.start).unwrap_or(usize::MAX);
        entries.filter_map(move |entry| {
            let length = u16_at(keys.lengths, 2 * entry)?;
            let stored = keys.at(start, length);
            start = start.saturating_add(usize::from(length & !UTF8));
            Some((entry, stored?))
        })
    }

    /// Where the key of an entry begins.
    #[inline]
    fn start(&self, entry: usize) -> Option<usize> {
        let sampled = entry / SAMPLE * SAMPLE;
        let before = self.lengths.get(2 * sampled..2 * entry)?;
        let skipped: u32 =
            before.chunks_exact(2).map(|two| u32::from(u16::from_le_bytes([two[0], two[1]]) & !UTF8)).sum();
        usize::try_from(u64_at(self.samples, entry / SAMPLE * 8)?).ok()?.checked_add(skipped as usize)
    }

    #[inline]
    fn at(&self, start: usize, length: u16) -> Option<Stored<'a>> {
        let bytes = self.bytes.get(start..start.checked_add(usize::from(length & !UTF8))?)?;
        if length & UTF8 == 0 {
            Some(Stored::Letters(bytes))
        } else {
            std::str::from_utf8(bytes).ok().map(Stored::Utf8)
        }
    }
}

/// Writes the keys of entries one by one.
#[derive(Debug)]
pub(super) struct KeysWriter {
    alphabet: Vec<char>,
    /// For characters below 0x800, one more than their byte, 0 where they have none.
    table: Box<[u16]>,
    others: std::collections::HashMap<char, u8>,
    lengths: Vec<u8>,
    samples: Vec<u8>,
    bytes: Vec<u8>,
    count: usize,
}

impl KeysWriter {
    /// With these characters as the alphabet; those beyond [`LETTERS`] are left out.
    pub(super) fn new(mut alphabet: Vec<char>) -> KeysWriter {
        alphabet.truncate(LETTERS);
        let mut table = vec![0; 0x800].into_boxed_slice();
        let mut others = std::collections::HashMap::new();
        for (byte, c) in (0u8..=255).zip(&alphabet) {
            match table.get_mut(*c as usize) {
                Some(slot) => *slot = u16::from(byte) + 1,
                None => _ = others.insert(*c, byte),
            }
        }
        KeysWriter { alphabet, table, others, lengths: Vec::new(), samples: Vec::new(), bytes: Vec::new(), count: 0 }
    }

    fn byte(&self, c: char) -> Option<u8> {
        match self.table.get(c as usize) {
            Some(slot) => slot.checked_sub(1).map(|byte| byte as u8),
            None => self.others.get(&c).copied(),
        }
    }

    /// Appends a key of at most [`MOST_CHARS`](super::MOST_CHARS).
    pub(super) fn push(&mut self, key: &str) {
        if self.count.is_multiple_of(SAMPLE) {
            self.samples.extend((self.bytes.len() as u64).to_le_bytes());
        }
        let start = self.bytes.len();
        let mut utf8 = 0;
        for c in key.chars() {
            match self.byte(c) {
                Some(byte) => self.bytes.push(byte),
                None => {
                    self.bytes.truncate(start);
                    self.bytes.extend(key.as_bytes());
                    utf8 = UTF8;
                    break;
                }
            }
        }
        let length = (self.bytes.len() - start) as u16 | utf8;
        self.lengths.extend(length.to_le_bytes());
        self.count += 1;
    }

    /// The sections: alphabet, lengths, samples, keys.
    pub(super) fn finish(self) -> [Vec<u8>; 4] {
        let alphabet = self.alphabet.iter().flat_map(|c| (*c as u32).to_le_bytes()).collect();
        [alphabet, self.lengths, self.samples, self.bytes]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keys_are_those_written(keys in proptest::collection::vec("[ابتث\u{064E} ab漢]{0,60}", 0..200), alphabet in "[ابتثab ]{0,5}") {
            let mut writer = KeysWriter::new(alphabet.chars().collect());
            keys.iter().for_each(|key| writer.push(key));
            let [alphabet, lengths, samples, bytes] = writer.finish();
            let (alphabet, stored) = (Alphabet::read(&alphabet), Keys { lengths: &lengths, samples: &samples, bytes: &bytes });
            let mut text = String::new();
            for (entry, key) in keys.iter().enumerate() {
                stored.get(entry).unwrap().decode(&alphabet, &mut text);
                prop_assert_eq!(&text, key);
                let (least, most) = stored.chars(entry);
                prop_assert!((least..=most).contains(&key.chars().count()));
            }
            prop_assert_eq!(stored.get(keys.len()), None);
            for from in [0, keys.len() / 3, keys.len()] {
                let slow: Vec<_> = (from..keys.len()).map(|entry| (entry, stored.get(entry).unwrap())).collect();
                prop_assert_eq!(stored.run(from..keys.len()).collect::<Vec<_>>(), slow);
            }
        }
    }
}
