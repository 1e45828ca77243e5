//! A set of 64-bit numbers that stays small: seven bytes for each of ten million, where a hash table takes twenty.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// Numbers that are hashes of something.
///
/// The first million are in a hash table, which is faster. Of more, the upper 16 bits choose a bucket, so that only 48 are
/// stored; a bucket grows by an eighth, and is searched from end to end, which for ten million numbers is a hundred and
/// fifty comparisons that the machine does side by side.
#[derive(Debug, Clone)]
pub(crate) struct Numbers {
    table: HashSet<u64, BuildHasherDefault<Own>>,
    /// How many the table takes; then all go into the buckets, and it stays empty.
    room: usize,
    buckets: Vec<Bucket>,
}

/// The hash of a number that is spread is the number.
#[derive(Debug, Clone, Copy, Default)]
struct Own(u64);

impl Hasher for Own {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(u64::from(byte)));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// What fills a table of 2²⁰ places to seven eighths, after which it would double.
const ROOM: usize = (1 << 20) / 8 * 7;

impl Default for Numbers {
    fn default() -> Numbers {
        Numbers { table: HashSet::default(), room: ROOM, buckets: Vec::new() }
    }
}

#[derive(Debug, Clone, Default)]
struct Bucket {
    low: Vec<u32>,
    middle: Vec<u16>,
}

impl Numbers {
    /// Takes a number in; `false` if it was there.
    pub(crate) fn insert(&mut self, number: u64) -> bool {
        self.insert_spread(spread(number))
    }

    fn insert_spread(&mut self, number: u64) -> bool {
        if self.buckets.is_empty() {
            if self.table.len() < self.room {
                return self.table.insert(number);
            }
            self.buckets = vec![Bucket::default(); 1 << 16];
            for number in std::mem::take(&mut self.table) {
                self.insert_in_bucket(number);
            }
        }
        self.insert_in_bucket(number)
    }

    fn insert_in_bucket(&mut self, number: u64) -> bool {
        let bucket = &mut self.buckets[(number >> 48) as usize];
        let is_new = !bucket.has(number);
        if is_new {
            if bucket.low.len() == bucket.low.capacity() {
                let more = bucket.low.len() / 8 + 2;
                bucket.low.reserve_exact(more);
                bucket.middle.reserve_exact(more);
            }
            bucket.low.push(number as u32);
            bucket.middle.push((number >> 32) as u16);
        }
        is_new
    }

    /// Takes all numbers of another set in.
    pub(crate) fn absorb(&mut self, other: Numbers) {
        let in_buckets = other.buckets.iter().zip(0u64..).flat_map(|(bucket, high)| {
            let parts = bucket.low.iter().zip(&bucket.middle);
            parts.map(move |(&low, &middle)| high << 48 | u64::from(middle) << 32 | u64::from(low))
        });
        for number in other.table.into_iter().chain(in_buckets) {
            self.insert_spread(number);
        }
    }

    /// Whether the number is there.
    pub(crate) fn has(&self, number: u64) -> bool {
        let number = spread(number);
        self.table.contains(&number)
            || self.buckets.get((number >> 48) as usize).is_some_and(|bucket| bucket.has(number))
    }
}

/// The number with its bits spread over both ends, at which tables and buckets look: hashes of short texts are alike there.
/// Two numbers stay two: both steps can be undone. The factor: Steele and Vigna, "Computationally easy, spectrally good
/// multipliers for congruential pseudorandom number generators", table 5 (64 bits).
fn spread(number: u64) -> u64 {
    (number ^ (number >> 32)).wrapping_mul(0xd134_2543_de82_ef95)
}

impl Bucket {
    fn has(&self, number: u64) -> bool {
        let (low, middle) = (number as u32, (number >> 32) as u16);
        // Without an early end the compiler compares many at once; that any is alike at all is rare.
        let found = self.low.iter().fold(false, |found, &n| found | (n == low));
        found && self.low.iter().zip(&self.middle).any(|pair| pair == (&low, &middle))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn is_a_set(room in 0usize..200, numbers in prop::collection::vec(prop_oneof![any::<u64>(), 0u64..8, (0u64..4).prop_map(|n| n << 47 | 1 << 32)], 0..300)) {
            let (mut slow, mut fast) = (HashSet::new(), Numbers { room, ..Numbers::default() });
            for number in numbers {
                prop_assert_eq!(fast.has(number), slow.contains(&number));
                prop_assert_eq!(fast.insert(number), slow.insert(number));
                prop_assert!(fast.has(number));
            }
            let mut both = Numbers { room: 3, ..Numbers::default() };
            both.insert(5);
            both.absorb(fast);
            prop_assert!(slow.iter().all(|&number| both.has(number)) && both.has(5) && both.has(6) == slow.contains(&6));
        }
    }
}
