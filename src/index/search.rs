//! Searches an index: all keys that score as much as wanted.

use super::bound::{Bound, Extent};
use super::dictionary::List;
use super::layout::{LONG, Section};
use super::number::{u16_at, u64_at};
use super::postings::{self, Form, Part, Sums};
use super::sources::Sources;
use super::words::WordScratch;
use super::{Index, MOST_CHARS};
use crate::matching::{Grams, Measure, Query, Score};
use std::ops::Range;

/// A key that was found, and the sources that have it.
#[derive(Debug, Clone)]
pub struct Hit<'a> {
    /// How like the query it is.
    pub likeness: Likeness,
    /// The key.
    pub key: &'a str,
    /// The numbers of its sources, ascending.
    pub sources: Sources<'a>,
}

/// How like the query a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// It is the query's. What its sources score depends on how they are written, which the index does not know.
    EqualKey,
    /// Another one, with the score of all of its sources.
    Fuzzy(Score),
}

/// What a search did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effort {
    /// Postings walked, more or less.
    pub postings: u64,
    /// Entries that gathered enough to be looked at one by one.
    pub survivors: u64,
    /// Entries whose key was compared.
    pub compared: u64,
}

/// Room to search in; give the same one to the next search, of any index.
#[derive(Debug, Clone)]
pub struct Scratch {
    /// All zero between searches.
    sums: Box<Sums>,
    /// Entries of short lists.
    short: Vec<u32>,
    survivors: Vec<Survivor>,
    pub(super) by_words: WordScratch,
    pub(super) text: String,
}

impl Default for Scratch {
    fn default() -> Scratch {
        let sums = vec![0; postings::MOST].into_boxed_slice().try_into().expect("just as many");
        Scratch {
            sums,
            short: Vec::new(),
            survivors: Vec::new(),
            by_words: WordScratch::default(),
            text: String::new(),
        }
    }
}

/// An entry with a long key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Long<'a> {
    weight: u64,
    chars: usize,
    pub(super) words: usize,
    pub(super) key: &'a str,
}

/// An entry that may be like the query.
#[derive(Debug, Clone, Copy)]
struct Survivor {
    /// What it shares at most.
    shared: u64,
    entry: usize,
}

/// The postings of one of the query's trigrams.
#[derive(Debug)]
struct Wanted {
    weight: u16,
    /// How much walking all of it takes.
    cost: usize,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// A range of [`Scratch::short`].
    Short(Range<usize>),
    /// The first of its parts, one for each chunk.
    Long(usize),
}

/// The lists of a query, those that cost least for their weight first.
struct Plan<'a> {
    lists: Vec<Wanted>,
    parts: Vec<Part<'a>>,
}

/// The postings of one trigram in one chunk.
enum Here<'a> {
    Entries(&'a [u32]),
    Part(Part<'a>),
}

impl<B: AsRef<[u8]>> Index<B> {
    /// Gives to `found` each key that scores at least the cutoff, with its sources; the query's own key first, if it is
    /// there, the others in no order that is promised. `found` returns the cutoff from then on: the higher, the sooner the
    /// search is done. A lower one than before is taken as the same.
    ///
    /// What [`Query::score`] says of each key is the truth that is kept to, for every cutoff.
    pub fn search(
        &self,
        query: &Query,
        cutoff: Score,
        scratch: &mut Scratch,
        found: impl FnMut(Hit<'_>) -> Score,
    ) -> Effort {
        if query.measure() == Measure::Words {
            return self.search_words(query, cutoff, scratch, found);
        }
        let key = query.key().as_str();
        let grams = Grams::of(key);
        let bound = Bound::new(grams.count(), &grams);
        let own = self.own(key, grams.total(), &mut scratch.text);
        let mut search = Search { index: self, query, bound, cutoff, found, own, effort: Effort::default() };
        if let Some(own) = own {
            search.show(own, key, Likeness::EqualKey);
        }
        // Even with the same trigrams, another key is one edit away.
        let best = Extent { weight: (grams.total(), grams.total()), chars: (grams.count(), grams.count() + 1) };
        if search.bound.reaches(search.cutoff, grams.total(), &best) {
            let plan = self.plan(&grams, &mut scratch.short);
            search.chunks(&plan, scratch);
            search.longs();
        }
        search.effort
    }

    fn plan(&self, grams: &Grams, short: &mut Vec<u32>) -> Plan<'_> {
        let dictionary = self.dictionary();
        let chunks = self.header.chunks();
        let mut plan = Plan { lists: Vec::with_capacity(grams.count().min(MOST_CHARS)), parts: Vec::new() };
        short.clear();
        for gram in grams.iter() {
            for occurrence in 0..gram.count.min(MOST_CHARS as u32) {
                let weight = u16::from(gram.weight);
                match dictionary.find(gram.code, occurrence as u16) {
                    None => break,
                    Some(List::Short(bytes)) => {
                        let start = short.len();
                        postings::read_short(bytes, self.header.entries, short);
                        let place = Place::Short(start..short.len());
                        plan.lists.push(Wanted { weight, cost: short.len() - start, place });
                    }
                    Some(List::Long(bytes)) => {
                        let first = plan.parts.len();
                        let mut cost = 0;
                        postings::read_long(bytes, chunks, |part| {
                            cost += part.cost();
                            plan.parts.push(part);
                        });
                        // Damage may have fewer.
                        plan.parts.resize(first + chunks, Part { form: Form::Places, bytes: &[] });
                        plan.lists.push(Wanted { weight, cost, place: Place::Long(first) });
                    }
                }
            }
        }
        plan.lists.sort_by(|a, b| (a.cost * usize::from(b.weight)).cmp(&(b.cost * usize::from(a.weight))));
        plan
    }

    #[inline]
    fn weight(&self, entry: usize) -> u64 {
        u16_at(self.section(Section::Weights), 2 * entry).unwrap_or(0).into()
    }

    pub(super) fn long(&self, number: usize) -> Option<Long<'_>> {
        let field = |at: usize| u64_at(self.section(Section::Longs), LONG * number + 8 * at);
        let size = |at: usize| field(at).and_then(|n| usize::try_from(n).ok());
        let (start, length) = (size(3)?, size(4)?);
        let bytes = self.section(Section::LongKeys).get(start..start.checked_add(length)?)?;
        let key = std::str::from_utf8(bytes).ok()?;
        Some(Long { weight: field(0)?, chars: size(1)?, words: size(2)?, key })
    }

    /// The entry with this key, of this weight: by its order, weight, length, bytes.
    pub(super) fn own(&self, key: &str, weight: u64, text: &mut String) -> Option<usize> {
        let chars = key.chars().count();
        if chars > MOST_CHARS {
            let long = (0..self.header.longs).find(|number| self.long(*number).is_some_and(|long| long.key == key));
            return long.map(|number| self.header.entries + number);
        }
        let mut before = |entry: usize| {
            let theirs = self.weight(entry);
            theirs < weight
                || theirs == weight && self.decode(entry, text) && (text.chars().count(), text.as_str()) < (chars, key)
        };
        let (mut from, mut to) = (0, self.header.entries);
        while from < to {
            let middle = from.midpoint(to);
            if before(middle) { from = middle + 1 } else { to = middle }
        }
        Some(from).filter(|entry| *entry < self.header.entries && self.decode(*entry, text) && text == key)
    }

    /// Puts the key of an entry, one of the not too long, into `text`; false if damage has taken it.
    pub(super) fn decode(&self, entry: usize, text: &mut String) -> bool {
        match self.keys().get(entry) {
            Some(stored) => {
                stored.decode(&self.alphabet, text);
                true
            }
            None => false,
        }
    }

    /// The entries of a list, ascending.
    pub(super) fn entries_of(&self, list: List<'_>) -> Vec<u32> {
        let mut entries = Vec::new();
        match list {
            List::Short(bytes) => postings::read_short(bytes, self.header.entries, &mut entries),
            List::Long(bytes) => {
                let mut first = 0;
                postings::read_long(bytes, self.header.chunks(), |part| {
                    let end = self.header.entries.min(first + (1 << self.header.chunk_bits));
                    part.places(|place| {
                        if first + place < end {
                            entries.push((first + place) as u32);
                        }
                    });
                    first += 1 << self.header.chunk_bits;
                });
            }
        }
        entries
    }
}

/// A search on its way.
struct Search<'a, B, F> {
    index: &'a Index<B>,
    query: &'a Query,
    bound: Bound,
    cutoff: Score,
    found: F,
    /// The entry with the query's own key.
    own: Option<usize>,
    effort: Effort,
}

impl<B: AsRef<[u8]>, F: FnMut(Hit<'_>) -> Score> Search<'_, B, F> {
    fn show(&mut self, entry: usize, key: &str, likeness: Likeness) {
        let hit = Hit { likeness, key, sources: self.index.runs().of(entry) };
        self.cutoff = self.cutoff.max((self.found)(hit));
    }

    /// All chunks, the one with keys as heavy as the query's first, since there the most similar ones are.
    fn chunks(&mut self, plan: &Plan<'_>, scratch: &mut Scratch) {
        let (chunks, bits) = (self.index.header.chunks(), self.index.header.chunk_bits);
        let (mut from, mut to) = (0, chunks);
        while from < to {
            let middle = from.midpoint(to);
            if self.index.weight(middle << bits) < self.bound.weight() { from = middle + 1 } else { to = middle }
        }
        let (mut below, mut above) = ((0..from).rev(), from..chunks);
        loop {
            let two = (below.next(), above.next());
            for chunk in [two.0, two.1].into_iter().flatten() {
                self.chunk(chunk, plan, scratch);
            }
            if two == (None, None) {
                return;
            }
        }
    }

    fn chunk(&mut self, chunk: usize, plan: &Plan<'_>, scratch: &mut Scratch) {
        let header = &self.index.header;
        let (first, bits) = (chunk << header.chunk_bits, header.chunk_bits);
        let size = (header.entries - first).min(1 << bits);
        let chars = |at: usize| usize::from(u16_at(self.index.section(Section::Chunks), 4 * chunk + at).unwrap_or(0));
        let keys = Extent {
            weight: (self.index.weight(first), self.index.weight(first + size - 1)),
            chars: (chars(0), chars(2)),
        };
        let Some(needed) = self.bound.least_shared(self.cutoff, &keys) else { return };

        let here = plan.here(chunk, first..first + size, &scratch.short);
        let mut rest: u64 = here.iter().map(|(weight, _)| u64::from(*weight)).sum();
        if rest < needed {
            return;
        }
        let enough = needed * WALKED_UNTIL / 100;
        let mut walked = 0;
        for (weight, postings) in &here {
            if rest <= enough && rest < needed {
                break;
            }
            self.effort.postings += postings.add(*weight, first, &mut scratch.sums) as u64;
            rest -= u64::from(*weight);
            walked += 1;
        }
        let asked: Vec<(u64, Part<'_>)> = here[walked..]
            .iter()
            .filter_map(|(weight, postings)| match postings {
                Here::Part(part) if part.form == Form::Bits => Some((u64::from(*weight), *part)),
                _ => None,
            })
            .collect();

        scratch.survivors.clear();
        let threshold = u16::try_from(needed.saturating_sub(rest)).unwrap_or(u16::MAX);
        let sums = &mut scratch.sums[..size.next_multiple_of(GROUP)];
        for (number, group) in sums.chunks_exact_mut(GROUP).enumerate() {
            if group.iter().fold(0, |most, sum| most.max(*sum)) < threshold {
                group.fill(0);
                continue;
            }
            for (at, sum) in group.iter_mut().enumerate() {
                let (place, sum) = (number * GROUP + at, std::mem::take(sum));
                if sum >= threshold && place < size {
                    self.effort.survivors += 1;
                    let entry = first + place;
                    let weight = self.index.weight(entry);
                    let keys = Extent { weight: (weight, weight), chars: self.index.keys().chars(entry) };
                    let mut shared = u64::from(sum) + rest;
                    if !self.bound.reaches(self.cutoff, shared, &keys) {
                        continue;
                    }
                    for (weight, part) in &asked {
                        if !part.has(place) {
                            shared -= weight;
                        }
                    }
                    if asked.is_empty() || self.bound.reaches(self.cutoff, shared, &keys) {
                        scratch.survivors.push(Survivor { shared, entry });
                    }
                }
            }
        }
        scratch.survivors.sort_unstable_by(|a, b| b.shared.cmp(&a.shared).then(a.entry.cmp(&b.entry)));
        let Scratch { survivors, text, .. } = scratch;
        let mut cutoff = self.cutoff;
        for survivor in survivors.iter() {
            if self.cutoff > cutoff {
                let weight = self.index.weight(survivor.entry);
                let keys = Extent { weight: (weight, weight), chars: self.index.keys().chars(survivor.entry) };
                if !self.bound.reaches(self.cutoff, survivor.shared, &keys) {
                    continue;
                }
            }
            self.compare(survivor.entry, text);
            cutoff = cutoff.min(self.cutoff);
        }
    }

    fn compare(&mut self, entry: usize, text: &mut String) {
        if self.own == Some(entry) || !self.index.decode(entry, text) {
            return;
        }
        self.effort.compared += 1;
        if let Some(score) = self.query.score_of_key(text, self.cutoff) {
            self.show(entry, text, Likeness::Fuzzy(score));
        }
    }

    /// All long entries, one by one.
    fn longs(&mut self) {
        let index = self.index;
        for number in 0..index.header.longs {
            let entry = index.header.entries + number;
            let Some(Long { weight, chars, key, .. }) = index.long(number) else { continue };
            let keys = Extent { weight: (weight, weight), chars: (chars, chars) };
            if self.own == Some(entry) || !self.bound.reaches(self.cutoff, weight, &keys) {
                continue;
            }
            self.effort.compared += 1;
            if let Some(score) = self.query.score_of_key(key, self.cutoff) {
                self.show(entry, key, Likeness::Fuzzy(score));
            }
        }
    }
}

/// Lists are walked until what is left of them weighs no more than so many percent of what is needed: the rest is asked for
/// what survived only.
const WALKED_UNTIL: u64 = 40;
/// So many sums are passed over at once if none of them is enough.
const GROUP: usize = 32;

impl Plan<'_> {
    /// The lists that have anything among these entries, the chunk.
    fn here<'s>(&'s self, chunk: usize, entries: Range<usize>, short: &'s [u32]) -> Vec<(u16, Here<'s>)> {
        let here = self.lists.iter().filter_map(|list| match &list.place {
            Place::Short(range) => {
                let all = &short[range.clone()];
                let from = all.partition_point(|entry| (*entry as usize) < entries.start);
                let some = &all[from..];
                let some = &some[..some.partition_point(|entry| (*entry as usize) < entries.end)];
                (!some.is_empty()).then_some((list.weight, Here::Entries(some)))
            }
            Place::Long(at) => {
                let part = self.parts[at + chunk];
                (!part.bytes.is_empty()).then_some((list.weight, Here::Part(part)))
            }
        });
        here.collect()
    }
}

impl Here<'_> {
    /// Adds `weight` to the sums of these entries, of a chunk that begins with entry `first`; returns how much it took.
    fn add(&self, weight: u16, first: usize, sums: &mut Sums) -> usize {
        match self {
            Here::Entries(entries) => {
                for entry in *entries {
                    let sum = &mut sums[(*entry as usize - first) % postings::MOST];
                    *sum = sum.wrapping_add(weight);
                }
                entries.len()
            }
            Here::Part(part) => {
                part.add(weight, sums);
                part.cost()
            }
        }
    }
}
