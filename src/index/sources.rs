//! Which sources have which key: for each entry a run of source numbers, and a bit vector that says where runs begin.
//!
//! To find the run of an entry is to find the n-th set bit: from every 256th, whose place is noted, word by word.

use super::number::{u32_at, u64_at};
use std::ops::Range;

/// The place of every so many-th set bit is noted.
pub(super) const SAMPLE: usize = 256;

/// Numbers of sources, ascending.
#[derive(Debug, Clone)]
pub struct Sources<'a> {
    bytes: &'a [u8],
    /// How many sources the index has: what is not below is damage.
    below: u32,
}

impl Iterator for Sources<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let (first, rest) = self.bytes.split_first_chunk()?;
        self.bytes = rest;
        Some(u32::from_le_bytes(*first).min(self.below.saturating_sub(1)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.bytes.len() / 4, Some(self.bytes.len() / 4))
    }
}

impl ExactSizeIterator for Sources<'_> {}

/// The runs of all entries, as bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Runs<'a> {
    pub(super) boundaries: &'a [u8],
    pub(super) selects: &'a [u8],
    pub(super) sources: &'a [u8],
}

impl<'a> Runs<'a> {
    /// The sources of an entry.
    pub(super) fn of(&self, entry: usize) -> Sources<'a> {
        let range = self.range(entry).unwrap_or(0..0);
        let bytes = self.sources.get(4 * range.start..4 * range.end).unwrap_or(&[]);
        Sources { bytes, below: u32::try_from(self.sources.len() / 4).unwrap_or(u32::MAX) }
    }

    fn range(&self, entry: usize) -> Option<Range<usize>> {
        let sample = u32_at(self.selects, entry / SAMPLE * 4)? as usize;
        let start = self.set_bit(sample, entry % SAMPLE)?;
        let end = self.set_bit(start, 1).unwrap_or(self.sources.len() / 4);
        (start < end && end <= self.sources.len() / 4).then_some(start..end)
    }

    /// The `nth` set bit from bit `from` on, the first one being number 0.
    fn set_bit(&self, from: usize, mut nth: usize) -> Option<usize> {
        let mut at = from / 64;
        let mut word = u64_at(self.boundaries, 8 * at)? & (!0 << (from % 64));
        loop {
            let ones = word.count_ones() as usize;
            if nth < ones {
                for _ in 0..nth {
                    word &= word - 1;
                }
                return Some(64 * at + word.trailing_zeros() as usize);
            }
            nth -= ones;
            at += 1;
            word = u64_at(self.boundaries, 8 * at)?;
        }
    }
}

/// The three sections, from the number of sources of each entry and the sources in order of their entries.
pub(super) fn write(counts: impl Iterator<Item = usize>, sources: &[u32]) -> [Vec<u8>; 3] {
    let mut words = vec![0u64; sources.len().div_ceil(64)];
    let mut selects = Vec::new();
    let mut at = 0;
    for (entry, count) in counts.enumerate() {
        if entry.is_multiple_of(SAMPLE) {
            selects.extend((at as u32).to_le_bytes());
        }
        words[at / 64] |= 1 << (at % 64);
        at += count;
    }
    let boundaries = words.into_iter().flat_map(u64::to_le_bytes).collect();
    [boundaries, selects, sources.iter().flat_map(|s| s.to_le_bytes()).collect()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn runs_are_those_written(counts in proptest::collection::vec(prop_oneof![4 => 1usize..3, 1 => 1usize..900], 0..600)) {
            let sources: Vec<u32> = (0..counts.iter().sum::<usize>() as u32).rev().collect();
            let [boundaries, selects, bytes] = write(counts.iter().copied(), &sources);
            let runs = Runs { boundaries: &boundaries, selects: &selects, sources: &bytes };
            let mut left = &sources[..];
            for (entry, count) in counts.iter().enumerate() {
                let (run, rest) = left.split_at(*count);
                prop_assert_eq!(runs.of(entry).collect::<Vec<_>>(), run);
                left = rest;
            }
            prop_assert_eq!(runs.of(counts.len()).len(), 0);
        }
    }
}
