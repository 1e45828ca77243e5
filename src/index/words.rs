//! Which entries have a word among their rarest ones, and a signature of the words of each entry.
//!
//! Words are in one order, *rarest first*: by the number of entries that have them. Two keys of which all but few words are
//! the same share one of the rarest words of each (prefix filtering: Chaudhuri, Ganti and Kaushik 2006, "A primitive
//! operator for similarity joins in data cleaning"), so an entry is listed under the rarer half of its words and one more:
//! enough for every score from [`LEAST`] on. A posting says, too, how rare the word is among those of the entry and where it
//! stands, both in four bits (Xiao and others 2008, "Efficient similarity joins for near duplicate detection").
//!
//! A word is known by a hash of 32 bits. Two words with the same one are taken for one word, which only makes bounds wider.
//!
//! - *Slots*: a hash table with half as many slots again as words, open with linear probing; a slot is the hash, in how many
//!   entries the word is (0: the slot is free), four bytes each, and the place of its list, eight bytes.
//! - *Lists*: the bytes of the heads; the heads, one for each number of words that entries of the list have, ascending: by
//!   how much more it is than the one before, and the bytes of its body; the bodies. A body is a posting for each
//!   entry: the standing, and by how much the number of the entry is more than the one before. All but the standing are
//!   varints.
//! - *Signatures*: for each entry of up to [`NARROW`] words 64 bits, one set for each of its words. Of one with more there
//!   stands the number of its wide signature instead, all bits turned: so more of them are set.
//! - *Wide signatures*: 256 bits.

use super::hash::{Mixed, checksum};
use super::number::{self, u32_at, u64_at};
use crate::matching::{Score, key_words};
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// From this score on, whatever is to be found shares a word that both keys are listed under: of `l` words, half.
pub(super) const LEAST: Score = Score::from_hundredths(5_000);

/// Bytes of a slot.
pub(super) const SLOT: usize = 16;

/// What stands for a word.
#[inline]
pub(super) fn word_number(word: &str) -> u32 {
    (checksum(word.as_bytes()) >> 32) as u32
}

/// Entries of more words have a wide signature.
const NARROW: u32 = 16;
/// The words of eight bytes in it.
const WIDE: usize = 4;

/// Which words there are, in bits, so that those that only one of two has can be counted, most of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Signature {
    narrow: u64,
    wide: [u64; WIDE],
}

impl Signature {
    /// Of these words.
    pub(super) fn of(words: impl Iterator<Item = u32>) -> Signature {
        let mut signature = Signature::default();
        words.for_each(|word| signature.add(word));
        signature
    }

    #[inline]
    fn add(&mut self, word: u32) {
        let mixed = word.wrapping_mul(0x9E37_79B9);
        self.narrow |= 1 << (mixed >> 26);
        self.wide[(mixed >> 30) as usize] |= 1 << (mixed >> 24 & 63);
    }
}

/// Under how many of its words, the rarest, an entry of `n` is listed.
fn listed(n: usize) -> usize {
    (n / 2 + 1).min(n)
}

/// Where a word stands among the words of an entry, and how rare it is among them: as a byte, in which both are a number from
/// 0, halved until what every word of the entry can have is below [`SEVERAL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scale(u32);

/// The place of a word that stands in several.
const SEVERAL: u8 = 15;

impl Scale {
    /// For entries of `n` words.
    #[inline]
    pub(super) fn of(n: usize) -> Scale {
        let mut halved = 0;
        while n.saturating_sub(1) >> halved >= usize::from(SEVERAL) {
            halved += 1;
        }
        Scale(halved)
    }

    /// The word that is number `rank` by rarity and stands at `place`, or in several.
    fn standing(self, rank: usize, place: Option<usize>) -> u8 {
        ((rank >> self.0) as u8) << 4 | place.map_or(SEVERAL, |place| (place >> self.0) as u8)
    }

    /// What to let through: ranks and places up to the last ones here, or a little more.
    #[inline]
    pub(super) fn filter(self, last_rank: usize, places: Option<(usize, usize)>) -> Filter {
        let scaled = |number: usize| (number >> self.0).min(15) as u8;
        let (first, last) = places.map_or((0, 15), |(first, last)| (scaled(first), scaled(last)));
        Filter { last_rank: scaled(last_rank), first, last }
    }
}

/// Which standings are let through.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filter {
    last_rank: u8,
    first: u8,
    last: u8,
}

impl Filter {
    #[inline]
    fn takes(self, standing: u8) -> bool {
        let (rank, place) = (standing >> 4, standing & 15);
        rank <= self.last_rank && ((self.first..=self.last).contains(&place) || place == SEVERAL)
    }
}

/// The words of an index, as bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) slots: &'a [u8],
    pub(super) lists: &'a [u8],
    pub(super) signatures: &'a [u8],
    pub(super) wide: &'a [u8],
}

/// A word of the index: in how many entries it is, and where its list begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) entries: u32,
    place: u64,
}

impl<'a> Words<'a> {
    /// A word; of one that is in no entry, none.
    #[inline]
    pub(super) fn find(&self, word: u32) -> Known {
        let slots = self.slots.len() / SLOT;
        let mut at = first_slot(word, slots);
        for _ in 0..slots {
            let slot = at * SLOT;
            let entries = u32_at(self.slots, slot + 4).unwrap_or(0);
            if entries == 0 {
                break;
            }
            if u32_at(self.slots, slot) == Some(word) {
                return Known { entries, place: u64_at(self.slots, slot + 8).unwrap_or(u64::MAX) };
            }
            at = if at + 1 == slots { 0 } else { at + 1 };
        }
        Known::default()
    }

    /// The list of a word, as one group of postings for each number of words that entries have, ascending.
    #[inline]
    pub(super) fn groups(&self, word: Known) -> Groups<'a> {
        let parts = || {
            let mut rest = self.lists.get(usize::try_from(word.place).ok()?..)?;
            let heads = usize::try_from(number::read_varint(&mut rest)?).ok()?;
            rest.split_at_checked(heads)
        };
        let (heads, bodies) = if word.entries == 0 { None } else { parts() }.unwrap_or_default();
        Groups { heads, bodies, words: 0 }
    }

    /// How many words at least these have that an entry has not, and the entry that these have not.
    #[inline]
    pub(super) fn apart(&self, ours: &Signature, entry: usize) -> Option<(usize, usize)> {
        let theirs = u64_at(self.signatures, 8 * entry)?;
        let without = |a: u64, b: u64| (a & !b).count_ones() as usize;
        if theirs.count_ones() <= NARROW {
            return Some((without(ours.narrow, theirs), without(theirs, ours.narrow)));
        }
        let place = usize::try_from(!theirs).ok()?.checked_mul(8 * WIDE)?;
        let theirs = self.wide.get(place..)?.get(..8 * WIDE)?.chunks_exact(8);
        let sum = |(a, b): (usize, usize), (ours, theirs): (&u64, &[u8])| {
            let theirs = u64_at(theirs, 0).unwrap_or(0);
            (a + without(*ours, theirs), b + without(theirs, *ours))
        };
        Some(ours.wide.iter().zip(theirs).fold((0, 0), sum))
    }
}

#[inline]
fn first_slot(word: u32, slots: usize) -> usize {
    ((u128::from(word) * slots as u128) >> 32) as usize
}

/// A list: each group is a number of words and the postings of entries with so many.
#[derive(Debug, Clone, Copy)]
pub(super) struct Groups<'a> {
    heads: &'a [u8],
    bodies: &'a [u8],
    words: usize,
}

impl<'a> Iterator for Groups<'a> {
    type Item = (usize, Group<'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (step, length) = (number::read_varint(&mut self.heads)?, number::read_varint(&mut self.heads)?);
        self.words = self.words.checked_add(usize::try_from(step).ok()?)?;
        let (body, rest) = self.bodies.split_at_checked(usize::try_from(length).ok()?)?;
        self.bodies = rest;
        Some((self.words, Group(body)))
    }
}

/// Postings of entries with equally many words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group<'a>(&'a [u8]);

impl Group<'_> {
    /// Appends the entries that the filter lets through; returns how many postings there are.
    #[inline]
    pub(super) fn read(self, filter: Filter, entries: &mut Vec<u32>) -> usize {
        let (mut bytes, mut entry, mut count) = (self.0, 0u32, 0);
        while let Some((standing, rest)) = bytes.split_first() {
            bytes = rest;
            let Some(gap) = number::read_varint(&mut bytes) else { break };
            entry = entry.wrapping_add(gap as u32);
            count += 1;
            if filter.takes(*standing) {
                entries.push(entry);
            }
        }
        count
    }
}

/// Room for a search by words.
#[derive(Debug, Clone, Default)]
pub(super) struct WordScratch {
    pub(super) words: Vec<Word>,
    /// What the postings of one group let through.
    pub(super) entries: Vec<u32>,
    pub(super) candidates: Vec<Candidate>,
}

/// A word of the query.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    pub(super) number: u32,
    pub(super) known: Known,
    /// Where it stands.
    pub(super) place: usize,
}

/// An entry, and the most that it can score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) best: Score,
    pub(super) entry: u32,
}

/// Gathers the words of entries.
#[derive(Debug, Default)]
pub(super) struct WordsWriter {
    /// From the hash of a word to its number here.
    numbers: HashMap<u32, u32, BuildHasherDefault<Mixed>>,
    /// By that number: the hash, and how many entries have the word.
    words: Vec<Counted>,
    /// The words of all entries.
    text: Vec<u32>,
    /// Where each entry ends in it.
    ends: Vec<usize>,
    signatures: Vec<u8>,
    wide: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
struct Counted {
    hash: u32,
    entries: u32,
    /// One more than the last entry that has it.
    next: u32,
}

/// A posting on its way into a list.
#[derive(Debug, Clone, Copy)]
struct Posting {
    entry: u32,
    words: u16,
    standing: u8,
}

impl WordsWriter {
    /// Appends an entry.
    pub(super) fn push(&mut self, key: &str) {
        let entry = self.ends.len() as u32;
        let (start, mut signature) = (self.text.len(), Signature::default());
        for word in key_words(key) {
            let hash = word_number(word);
            signature.add(hash);
            let number = *self.numbers.entry(hash).or_insert(self.words.len() as u32);
            if number as usize == self.words.len() {
                self.words.push(Counted { hash, entries: 0, next: 0 });
            }
            let counted = &mut self.words[number as usize];
            counted.entries += u32::from(counted.next != entry + 1);
            counted.next = entry + 1;
            self.text.push(number);
        }
        self.ends.push(self.text.len());
        let mut narrow = signature.narrow;
        if self.text.len() - start > NARROW as usize {
            narrow = !((self.wide.len() / (8 * WIDE)) as u64);
            self.wide.extend(signature.wide.into_iter().flat_map(u64::to_le_bytes));
        }
        self.signatures.extend(narrow.to_le_bytes());
    }

    /// The sections: slots, lists, signatures, wide ones.
    pub(super) fn finish(self) -> [Vec<u8>; 4] {
        let lists = self.lists();
        let slots = (self.words.len() + self.words.len() / 2).max(usize::from(!self.words.is_empty()));
        let (mut table, mut bytes) = (vec![0; slots * SLOT], Vec::new());
        let mut by_hash: Vec<usize> = (0..self.words.len()).collect();
        by_hash.sort_unstable_by_key(|number| self.words[*number].hash);
        for number in by_hash {
            let Counted { hash, entries, .. } = self.words[number];
            let mut at = first_slot(hash, slots);
            while table[at * SLOT + 4..][..4] != [0; 4] {
                at = if at + 1 == slots { 0 } else { at + 1 };
            }
            let slot = &mut table[at * SLOT..][..SLOT];
            slot[..4].copy_from_slice(&hash.to_le_bytes());
            slot[4..8].copy_from_slice(&entries.to_le_bytes());
            slot[8..].copy_from_slice(&(bytes.len() as u64).to_le_bytes());
            write_list(&lists[number], &mut bytes);
        }
        [table, bytes, self.signatures, self.wide]
    }

    /// For each word its postings, by the number of words of the entry.
    fn lists(&self) -> Vec<Vec<Posting>> {
        let mut order: Vec<u32> = (0..self.words.len() as u32).collect();
        order.sort_unstable_by_key(|number| {
            let Counted { hash, entries, .. } = self.words[*number as usize];
            rarity(entries, hash)
        });
        let mut ranks = vec![0u32; order.len()];
        (0u32..).zip(&order).for_each(|(rank, number)| ranks[*number as usize] = rank);
        let mut lists: Vec<Vec<Posting>> = vec![Vec::new(); order.len()];
        let (mut start, mut sorted) = (0, Vec::new());
        for (entry, end) in (0u32..).zip(&self.ends) {
            let words = &self.text[start..*end];
            start = *end;
            sorted.clear();
            sorted.extend(words.iter().zip(0u32..).map(|(number, place)| (ranks[*number as usize], place)));
            sorted.sort_unstable();
            let scale = Scale::of(words.len());
            for rank in 0..listed(words.len()) {
                let (word, place) = sorted[rank];
                if rank > 0 && sorted[rank - 1].0 == word {
                    continue;
                }
                let several = sorted.get(rank + 1).is_some_and(|next| next.0 == word);
                let standing = scale.standing(rank, (!several).then_some(place as usize));
                let posting = Posting { entry, words: words.len() as u16, standing };
                lists[order[word as usize] as usize].push(posting);
            }
        }
        lists.iter_mut().for_each(|list| list.sort_by_key(|posting| posting.words));
        lists
    }
}

/// The order of words: rarest first.
pub(super) fn rarity(entries: u32, word: u32) -> u64 {
    u64::from(entries) << 32 | u64::from(word)
}

fn write_list(list: &[Posting], to: &mut Vec<u8>) {
    let (mut heads, mut bodies) = (Vec::new(), Vec::new());
    let mut before = 0;
    for group in list.chunk_by(|a, b| a.words == b.words) {
        let (start, mut last) = (bodies.len(), 0);
        for posting in group {
            bodies.push(posting.standing);
            number::write_varint(&mut bodies, u64::from(posting.entry - last));
            last = posting.entry;
        }
        number::write_varint(&mut heads, u64::from(group[0].words - before));
        number::write_varint(&mut heads, (bodies.len() - start) as u64);
        before = group[0].words;
    }
    number::write_varint(to, heads.len() as u64);
    to.append(&mut heads);
    to.append(&mut bodies);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_is_enough_for_the_least_score() {
        for n in 0..5_000 {
            let apart = LEAST.most_words(n).unwrap();
            assert!(apart < listed(n).max(1), "{n}");
            let scale = Scale::of(n);
            for at in [0, n / 2, n.saturating_sub(1)] {
                let standing = scale.standing(at, Some(at));
                assert!(standing & 15 != SEVERAL || n == 0);
                assert!(scale.filter(at, Some((at, at))).takes(standing));
            }
        }
    }

    proptest! {
        #[test]
        fn lists_hold_the_rarest_words(keys in proptest::collection::vec("([ابت]{1,2} ){0,40}|(\\PC{0,3} ){0,3}", 0..60)) {
            let mut writer = WordsWriter::default();
            keys.iter().for_each(|key| writer.push(key));
            let [slots, lists, signatures, wide] = writer.finish();
            let index = Words { slots: &slots, lists: &lists, signatures: &signatures, wide: &wide };
            let of = |key: &str| key_words(key).map(word_number).collect::<Vec<u32>>();
            let all: Vec<Vec<u32>> = keys.iter().map(|key| of(key)).collect();
            for word in all.iter().flatten().copied().chain([7]) {
                let known = index.find(word);
                prop_assert_eq!(known.entries as usize, all.iter().filter(|words| words.contains(&word)).count());
                let mut found = Vec::new();
                for (words, group) in index.groups(known) {
                    let mut entries = Vec::new();
                    group.read(Scale::of(words).filter(words, None), &mut entries);
                    found.extend(entries.into_iter().map(|entry| (words, entry as usize)));
                }
                let mut slow: Vec<(usize, usize)> = all.iter().enumerate().filter(|(_, words)| {
                    let mut sorted: Vec<u32> = words.to_vec();
                    sorted.sort_by_key(|word| rarity(index.find(*word).entries, *word));
                    sorted[..listed(words.len())].contains(&word)
                }).map(|(entry, words)| (words.len(), entry)).collect();
                slow.sort();
                prop_assert_eq!(found, slow);
            }
            let without = |a: &[u32], b: &[u32]| {
                a.iter().filter(|word| !b.contains(word)).collect::<std::collections::HashSet<_>>().len()
            };
            for (entry, words) in all.iter().enumerate() {
                let (same, other) = (Signature::of(words.iter().copied()), all.first().map_or(&[][..], |words| &words[..]));
                prop_assert_eq!(index.apart(&same, entry), Some((0, 0)));
                let (ours, theirs) = index.apart(&Signature::of(other.iter().copied()), entry).unwrap();
                prop_assert!(ours <= without(other, words) && theirs <= without(words, other));
            }
            prop_assert_eq!(index.apart(&Signature::default(), keys.len()), None);
        }
    }
}
