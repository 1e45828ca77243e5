//! The postings of a trigram: which entries have it, in the form in which they are walked fastest.
//!
//! A short list is the distances between its entries as varints. A long one is cut where the chunks of entries are; what
//! stands in a chunk takes the shortest of three forms, none of which needs a branch that a processor guesses wrong:
//!
//! - *places*: two bytes each, for lists with gaps of hundreds,
//! - *steps*: one byte each, the distance from the one before; 0 goes on by 255 without an entry,
//! - *bits*: one for each entry of the chunk, for trigrams that a tenth of the entries have. Of these a single entry can be
//!   asked for.

use super::number;

/// A chunk has at most so many entries.
pub(super) const MOST: usize = 1 << super::CHUNK_BITS_MOST;
/// A place within a chunk.
const PLACE: usize = MOST - 1;
/// How far a step without an entry goes.
const EMPTY_STEP: usize = 255;

/// What each entry of a chunk has gathered.
pub(super) type Sums = [u16; MOST];

/// How the postings of a chunk are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Places,
    Steps,
    Bits,
}

/// The postings of one trigram in one chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part<'a> {
    pub(super) form: Form,
    pub(super) bytes: &'a [u8],
}

impl Part<'_> {
    /// What it takes to walk it, in postings, more or less.
    pub(super) fn cost(&self) -> usize {
        match self.form {
            Form::Places => self.bytes.len() / 2,
            Form::Steps => self.bytes.len(),
            Form::Bits => self.bytes.len() * 2,
        }
    }

    /// Adds `weight` to the sum of each entry.
    pub(super) fn add(&self, weight: u16, sums: &mut Sums) {
        match self.form {
            Form::Places => {
                for two in self.bytes.chunks_exact(2) {
                    let sum = &mut sums[usize::from(u16::from_le_bytes([two[0], two[1]])) & PLACE];
                    *sum = sum.wrapping_add(weight);
                }
            }
            Form::Steps => {
                let mut at = PLACE;
                for step in self.bytes {
                    let (step, weight) = if *step == 0 { (EMPTY_STEP, 0) } else { (usize::from(*step), weight) };
                    at = (at + step) & PLACE;
                    sums[at] = sums[at].wrapping_add(weight);
                }
            }
            Form::Bits => {
                for (eight, sums) in self.bytes.chunks_exact(8).zip(sums.chunks_exact_mut(64)) {
                    let mut word = u64::from_le_bytes(eight.try_into().expect("eight bytes"));
                    while word != 0 {
                        let sum = &mut sums[word.trailing_zeros() as usize];
                        *sum = sum.wrapping_add(weight);
                        word &= word - 1;
                    }
                }
            }
        }
    }

    /// Shows each place where it stands, ascending.
    pub(super) fn places(&self, mut show: impl FnMut(usize)) {
        match self.form {
            Form::Places => {
                self.bytes
                    .chunks_exact(2)
                    .for_each(|two| show(usize::from(u16::from_le_bytes([two[0], two[1]])) & PLACE));
            }
            Form::Steps => {
                let mut next = 0;
                for step in self.bytes {
                    next += if *step == 0 { EMPTY_STEP } else { usize::from(*step) };
                    if *step != 0 {
                        show((next - 1) & PLACE);
                    }
                }
            }
            Form::Bits => {
                for (number, byte) in self.bytes.iter().enumerate() {
                    (0..8).filter(|bit| byte >> bit & 1 == 1).for_each(|bit| show((8 * number + bit) & PLACE));
                }
            }
        }
    }

    /// Whether the entry at this place of the chunk is there; only [`Form::Bits`] can be asked.
    #[inline]
    pub(super) fn has(&self, place: usize) -> bool {
        self.bytes.get(place / 8).is_some_and(|byte| byte >> (place % 8) & 1 == 1)
    }
}

/// A long list as bytes: for each chunk the length and form of its part, then the parts. `entries` ascend.
pub(super) fn write_long(entries: &[u32], chunks: usize, chunk_bits: u32) -> Vec<u8> {
    let size = 1usize << chunk_bits;
    let (mut heads, mut parts) = (Vec::new(), Vec::new());
    let mut left = entries;
    for chunk in 0..chunks {
        let first = (chunk * size) as u64;
        let here = left.partition_point(|entry| u64::from(*entry) < first + size as u64);
        let (places, rest) = left.split_at(here);
        left = rest;
        let places = || places.iter().map(|entry| (u64::from(*entry) - first) as usize);
        let steps = steps(places());
        // The words of the bits that are needed, whole ones.
        let bits = places().next_back().map_or(0, |last| 8 * (last / 64 + 1));
        let start = parts.len();
        let form = if bits < steps.len().min(2 * here) {
            parts.resize(start + bits, 0);
            places().for_each(|place| parts[start + place / 8] |= 1 << (place % 8));
            Form::Bits
        } else if steps.len() < 2 * here {
            parts.extend(steps);
            Form::Steps
        } else {
            parts.extend(places().flat_map(|place| (place as u16).to_le_bytes()));
            Form::Places
        };
        number::write_varint(&mut heads, ((parts.len() - start) as u64) << 2 | form as u64);
    }
    heads.extend(parts);
    heads
}

fn steps(places: impl Iterator<Item = usize>) -> Vec<u8> {
    let mut steps = Vec::new();
    // One before the first place.
    let mut next = 0;
    for place in places {
        let mut gap = place + 1 - next;
        while gap > EMPTY_STEP {
            steps.push(0);
            gap -= EMPTY_STEP;
        }
        steps.push(gap as u8);
        next = place + 1;
    }
    steps
}

/// Shows the parts of a long list, one for each chunk.
pub(super) fn read_long<'a>(mut bytes: &'a [u8], chunks: usize, mut show: impl FnMut(Part<'a>)) -> Option<()> {
    let mut heads = bytes;
    for _ in 0..chunks {
        number::read_varint(&mut bytes)?;
    }
    for _ in 0..chunks {
        let head = number::read_varint(&mut heads)?;
        let form = match head & 3 {
            0 => Form::Places,
            1 => Form::Steps,
            _ => Form::Bits,
        };
        let (part, rest) = bytes.split_at_checked(usize::try_from(head >> 2).ok()?)?;
        bytes = rest;
        show(Part { form, bytes: part });
    }
    Some(())
}

/// Appends the entries of a short list that are below `end`, ascending.
pub(super) fn read_short(mut bytes: &[u8], end: usize, entries: &mut Vec<u32>) {
    let mut next = 0u64;
    while let Some(gap) = number::read_varint(&mut bytes) {
        let entry = next.saturating_add(gap);
        if entry >= end as u64 {
            return;
        }
        entries.push(entry as u32);
        next = entry + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn walked_as_written(dense in 0u32..200, seed in proptest::collection::btree_set(0u32..9_000, 0..400), from in 0u32..5_000) {
            let mut entries = seed.clone();
            entries.extend((from..from + 10 * dense).step_by(2));
            let entries: Vec<u32> = entries.into_iter().collect();
            let (bits, chunks) = (10, 9);
            let bytes = write_long(&entries, chunks, bits);
            let mut found = Vec::new();
            let mut chunk = 0;
            let whole = read_long(&bytes, chunks, |part| {
                let mut sums = Box::new([0; MOST]);
                part.add(3, &mut sums);
                let mut places = Vec::new();
                part.places(|place| places.push(place));
                assert!(places.is_sorted() && places == (0..MOST).filter(|place| sums[*place] > 0).collect::<Vec<_>>());
                for place in 0..MOST {
                    assert!(sums[place] == 0 || sums[place] == 3);
                    assert!(part.form != Form::Bits || part.has(place) == (sums[place] == 3));
                    if sums[place] == 3 {
                        found.push((chunk << bits) + place as u32);
                    }
                }
                chunk += 1;
            });
            prop_assert_eq!(whole, Some(()));
            prop_assert_eq!(&found, &entries);
        }

        #[test]
        fn any_bytes_are_walked(bytes in proptest::collection::vec(any::<u8>(), 0..300), end in 0usize..100) {
            let mut sums = Box::new([0; MOST]);
            read_long(&bytes, 3, |part| part.add(1, &mut sums));
            for form in [Form::Places, Form::Steps, Form::Bits] {
                Part { form, bytes: &bytes }.add(1, &mut sums);
                Part { form, bytes: &bytes }.has(end);
                Part { form, bytes: &bytes }.places(|_| ());
            }
            let mut entries = Vec::new();
            read_short(&bytes, end, &mut entries);
            prop_assert!(entries.is_sorted() && entries.iter().all(|e| (*e as usize) < end));
        }
    }
}
