//! From a trigram to its postings: trigrams in order, in blocks of which the first is known without reading the block.
//!
//! A trigram that stands in an entry a second time is in a list of its own, its *occurrence* 1, and so on; so the lists of a
//! query's trigrams sum up to what the entry shares with it, each trigram as often as both have it.

use super::number::{self, u16_at, u64_at};
use std::cmp::Ordering;

/// So many lists make a block.
const BLOCK: usize = 16;
/// Bytes of a block's sample: the code, six bytes of place and two of occurrence.
const SAMPLE: usize = 16;

/// The postings of a trigram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List<'a> {
    /// As varints, see [`super::postings`].
    Short(&'a [u8]),
    /// In parts.
    Long(&'a [u8]),
}

impl<'a> List<'a> {
    /// Its bytes.
    pub(super) fn bytes(&self) -> &'a [u8] {
        match self {
            List::Short(bytes) | List::Long(bytes) => bytes,
        }
    }
}

/// The dictionary, as bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dictionary<'a> {
    pub(super) blocks: &'a [u8],
    pub(super) lists: &'a [u8],
}

impl<'a> Dictionary<'a> {
    /// The postings of the trigram with this code, standing there for the `occurrence`-th time, counted from 0.
    pub(super) fn find(&self, code: u64, occurrence: u16) -> Option<List<'a>> {
        let sample =
            |block: usize| Some((u64_at(self.blocks, block * SAMPLE)?, u16_at(self.blocks, block * SAMPLE + 14)?));
        let (mut from, mut to) = (0, self.blocks.len() / SAMPLE);
        while from < to {
            let middle = from.midpoint(to);
            if sample(middle)?.cmp(&(code, occurrence)) == Ordering::Greater { to = middle } else { from = middle + 1 }
        }
        let block = from.checked_sub(1)?;
        let place = u64_at(self.blocks, block * SAMPLE + 8)? & ((1 << 48) - 1);
        let mut bytes = self.lists.get(usize::try_from(place).ok()?..)?;
        let mut here = sample(block)?;
        let (count, heads_length) = (number::read_varint(&mut bytes)?, number::read_varint(&mut bytes)?);
        let (mut heads, mut bodies) = bytes.split_at_checked(usize::try_from(heads_length).ok()?)?;
        for number in 0..count {
            let (step, head) = (number::read_varint(&mut heads)?, number::read_varint(&mut heads)?);
            if number > 0 {
                here = if step == 0 { (here.0, here.1.wrapping_add(1)) } else { (here.0.wrapping_add(step), 0) };
            }
            let (body, rest) = bodies.split_at_checked(usize::try_from(head >> 1).ok()?)?;
            match here.cmp(&(code, occurrence)) {
                Ordering::Less => bodies = rest,
                Ordering::Equal if head & 1 == 1 => return Some(List::Long(body)),
                Ordering::Equal => return Some(List::Short(body)),
                Ordering::Greater => return None,
            }
        }
        None
    }
}

/// Writes lists in order of code and occurrence.
#[derive(Debug, Default)]
pub(super) struct DictionaryWriter {
    blocks: Vec<u8>,
    lists: Vec<u8>,
    first: (u64, u16),
    last: (u64, u16),
    count: u64,
    heads: Vec<u8>,
    bodies: Vec<u8>,
}

impl DictionaryWriter {
    /// Appends a list. Occurrences of a trigram come without a gap, from 0.
    pub(super) fn push(&mut self, code: u64, occurrence: u16, list: List<'_>) {
        if self.count == BLOCK as u64 {
            self.close();
        }
        let step = if self.count == 0 { 0 } else { code - self.last.0 };
        if self.count == 0 {
            self.first = (code, occurrence);
        }
        self.last = (code, occurrence);
        let (body, long) = match list {
            List::Short(body) => (body, 0),
            List::Long(body) => (body, 1),
        };
        number::write_varint(&mut self.heads, step);
        number::write_varint(&mut self.heads, (body.len() as u64) << 1 | long);
        self.bodies.extend(body);
        self.count += 1;
    }

    fn close(&mut self) {
        if self.count == 0 {
            return;
        }
        self.blocks.extend(self.first.0.to_le_bytes());
        // 2 to the power of 48 bytes are more than any memory.
        self.blocks.extend((self.lists.len() as u64 | u64::from(self.first.1) << 48).to_le_bytes());
        number::write_varint(&mut self.lists, self.count);
        number::write_varint(&mut self.lists, self.heads.len() as u64);
        self.lists.append(&mut self.heads);
        self.lists.append(&mut self.bodies);
        self.count = 0;
    }

    /// The sections: blocks and lists.
    pub(super) fn finish(mut self) -> [Vec<u8>; 2] {
        self.close();
        [self.blocks, self.lists]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn lists_are_those_written(
            lists in proptest::collection::btree_map(prop_oneof![0u64..60, any::<u64>()], proptest::collection::vec("[a-c]{0,9}", 1..4), 0..80),
            other in any::<u64>(),
        ) {
            let mut writer = DictionaryWriter::default();
            let mut written = BTreeMap::new();
            for (code, bodies) in &lists {
                for (occurrence, body) in (0..).zip(bodies) {
                    let list = if body.len() > 4 { List::Long(body.as_bytes()) } else { List::Short(body.as_bytes()) };
                    writer.push(*code, occurrence, list);
                    written.insert((*code, occurrence), list);
                }
            }
            let [blocks, bytes] = writer.finish();
            let dictionary = Dictionary { blocks: &blocks, lists: &bytes };
            for code in (0..61).chain(lists.keys().copied()).chain([other]) {
                for occurrence in 0..5 {
                    prop_assert_eq!(dictionary.find(code, occurrence), written.get(&(code, occurrence)).copied());
                }
            }
        }
    }
}
