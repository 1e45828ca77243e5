//! Makes an index out of keys.

use super::dictionary::{DictionaryWriter, List};
use super::hash::{Mixed, checksum};
use super::keys::KeysWriter;
use super::layout::{self, Section};
use super::words::WordsWriter;
use super::{CHUNK_BITS_LEAST, CHUNK_BITS_MOST, MOST_CHARS, number, postings, sources};
use crate::lang::Lang;
use crate::matching::{gram_codes, gram_weight, key_words};
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// Keys on their way into an index.
///
/// ```
/// use dhakira::Lang;
/// use dhakira::index::{Builder, Index, Scratch};
/// use dhakira::matching::{Query, Score};
/// use dhakira::text::key;
/// let mut builder = Builder::new(Lang::Ar);
/// for text in ["يفتح المتحف يوم الأحد", "شكرًا جزيلًا", "يُفتح المتحف يوم الأحد"] {
///     builder.add(key(Lang::Ar, text).as_str());
/// }
/// let index = Index::open(builder.finish()).unwrap();
/// let query = Query::new(Lang::Ar, "يفتح المتحف يوم الجمعة");
/// let mut found: Vec<u32> = Vec::new();
/// let cutoff = Score::from_percent(60.0);
/// index.search(&query, cutoff, &mut Scratch::default(), |hit| {
///     found.extend(hit.sources);
///     cutoff
/// });
/// assert_eq!(found, [0, 2]); // one key, two sources
/// ```
#[derive(Debug, Clone)]
pub struct Builder {
    lang: Lang,
    /// All different keys, one behind the other.
    text: String,
    keys: Vec<Span>,
    /// The key of each source.
    sources: Vec<u32>,
    /// From the hash of a key to its number. Of two keys with one hash only the first one is known; the other may stand
    /// in `keys` many times, until all are sorted.
    known: HashMap<u64, u32, BuildHasherDefault<Mixed>>,
    letters: Letters,
}

#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    length: usize,
    chars: usize,
    weight: u64,
}

impl Builder {
    /// Without keys yet, of texts in this language.
    pub fn new(lang: Lang) -> Builder {
        Builder {
            lang,
            text: String::new(),
            keys: Vec::new(),
            sources: Vec::new(),
            known: HashMap::default(),
            letters: Letters::default(),
        }
    }

    /// Adds a source with this key: [`key`](crate::text::key) of its text. Sources are numbered from 0 as they are added.
    ///
    /// There is room for four billion; further ones are left out.
    pub fn add(&mut self, key: &str) {
        if self.sources.len() >= u32::MAX as usize {
            return;
        }
        let number = *self.known.entry(checksum(key.as_bytes())).or_insert(self.keys.len() as u32);
        let is_known =
            self.keys.get(number as usize).is_some_and(|span| &self.text[span.start..][..span.length] == key);
        if is_known {
            self.sources.push(number);
            return;
        }
        self.sources.push(self.keys.len() as u32);
        let (start, chars) = (self.text.len(), self.letters.count(key));
        self.keys.push(Span { start, length: key.len(), chars, weight: gram_weight(key) });
        self.text.push_str(key);
    }

    /// How many sources were added.
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether none was added.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    fn key(&self, span: &Span) -> &str {
        &self.text[span.start..][..span.length]
    }

    /// The index as bytes; the same keys in the same order give the same bytes.
    pub fn finish(self) -> Vec<u8> {
        let (entries, runs) = self.entries();
        let longs_from = entries.partition_point(|span| span.chars <= MOST_CHARS);
        let (short, longs) = entries.split_at(longs_from);
        // Small memories have small chunks, since what is in one is judged by its lightest and heaviest key.
        let chunk_bits = (short.len() / 24).max(1).ilog2().clamp(CHUNK_BITS_LEAST, CHUNK_BITS_MOST);

        let alphabet = self.letters.alphabet();
        let mut keys = KeysWriter::new(alphabet.clone());
        let mut lists = Lists::new(&alphabet);
        let mut words = WordsWriter::default();
        for (entry, span) in (0u32..).zip(short) {
            // Keys lie in the order in which they came: a look at one to come has it at hand when its turn is.
            let to_come = short.get(entry as usize + AHEAD).map(|span| self.text.as_bytes().get(span.start));
            std::hint::black_box(to_come);
            keys.push(self.key(span));
            lists.add(self.key(span), entry);
            words.push(self.key(span));
        }

        let mut parts: [Vec<u8>; layout::SECTIONS] = Default::default();
        let mut put = |section: Section, bytes: Vec<u8>| parts[section as usize] = bytes;
        let [blocks, bytes] = lists.finish(short.len(), chunk_bits);
        put(Section::Blocks, blocks);
        put(Section::Lists, bytes);
        let [slots, lists, signatures, wide] = words.finish();
        put(Section::WordSlots, slots);
        put(Section::WordLists, lists);
        put(Section::Signatures, signatures);
        put(Section::WideSignatures, wide);
        let [alphabet, lengths, samples, bytes] = keys.finish();
        put(Section::Alphabet, alphabet);
        put(Section::Lengths, lengths);
        put(Section::KeySamples, samples);
        put(Section::Keys, bytes);
        let [boundaries, selects, bytes] = runs;
        put(Section::Boundaries, boundaries);
        put(Section::Selects, selects);
        put(Section::Sources, bytes);
        put(Section::Weights, short.iter().flat_map(|span| (span.weight as u16).to_le_bytes()).collect());
        let chunks = short.chunks(1 << chunk_bits).flat_map(|chunk| {
            let chars = || chunk.iter().map(|span| span.chars as u16);
            [chars().min().unwrap_or(0), chars().max().unwrap_or(0)].map(u16::to_le_bytes)
        });
        put(Section::Chunks, chunks.flatten().collect());
        let (mut records, mut utf8) = (Vec::new(), Vec::new());
        for span in longs {
            let words = key_words(self.key(span)).count();
            let record = [span.weight, span.chars as u64, words as u64, utf8.len() as u64, span.length as u64];
            records.extend(record.into_iter().flat_map(u64::to_le_bytes));
            utf8.extend(self.key(span).as_bytes());
        }
        put(Section::Longs, records);
        put(Section::LongKeys, utf8);
        layout::write(self.lang, chunk_bits, [short.len(), longs.len(), self.sources.len()], parts)
    }

    /// The keys, each once, in the order of entries: those that are not too long by weight, length and bytes, then the long
    /// ones; and which sources have them.
    fn entries(&self) -> (Vec<Span>, [Vec<u8>; 3]) {
        // Comparing numbers settles nearly all: the first letters stand in them, too. Long ones come last.
        let rank = |span: &Span| {
            if span.chars > MOST_CHARS {
                return u128::MAX;
            }
            let mut first = [0; 16];
            let head = &self.key(span).as_bytes()[..span.length.min(12)];
            first[4..4 + head.len()].copy_from_slice(head);
            u128::from(span.weight) << 112 | (span.chars as u128) << 96 | u128::from_be_bytes(first)
        };
        let mut order: Vec<(u128, u32)> = (0u32..).zip(&self.keys).map(|(number, span)| (rank(span), number)).collect();
        let key = |number: u32| self.key(&self.keys[number as usize]);
        order.sort_unstable_by(|a, b| {
            let more = |number: u32| {
                (self.keys[number as usize].weight, self.keys[number as usize].chars, key(number), number)
            };
            a.0.cmp(&b.0).then_with(|| more(a.1).cmp(&more(b.1)))
        });
        let mut entries: Vec<Span> = Vec::with_capacity(order.len());
        let mut entry_of = vec![0u32; self.keys.len()];
        let mut last = None;
        for (rank, number) in order {
            // Ranks that differ say so without a look at the keys.
            if last.is_none_or(|(other, before)| other != rank || key(before) != key(number)) {
                entries.push(self.keys[number as usize]);
            }
            last = Some((rank, number));
            entry_of[number as usize] = (entries.len() - 1) as u32;
        }
        let mut counts = vec![0usize; entries.len()];
        for number in &self.sources {
            counts[entry_of[*number as usize] as usize] += 1;
        }
        let mut next: Vec<usize> = counts
            .iter()
            .scan(0, |at, count| {
                *at += count;
                Some(*at - count)
            })
            .collect();
        let mut placed = vec![0u32; self.sources.len()];
        for (source, number) in (0u32..).zip(&self.sources) {
            let at = &mut next[entry_of[*number as usize] as usize];
            placed[*at] = source;
            *at += 1;
        }
        (entries, sources::write(counts.into_iter(), &placed))
    }
}

/// How often each character was seen.
#[derive(Debug, Clone)]
struct Letters {
    /// Those below 0x800.
    low: Box<[u64]>,
    others: HashMap<char, u64>,
}

impl Default for Letters {
    fn default() -> Letters {
        Letters { low: vec![0; 0x800].into_boxed_slice(), others: HashMap::new() }
    }
}

impl Letters {
    /// Counts those of a key; returns how many there are.
    fn count(&mut self, key: &str) -> usize {
        let mut chars = 0;
        for c in key.chars() {
            chars += 1;
            match self.low.get_mut(c as usize) {
                Some(count) => *count += 1,
                None => *self.others.entry(c).or_default() += 1,
            }
        }
        chars
    }

    /// The characters, the most frequent first.
    fn alphabet(&self) -> Vec<char> {
        let low = (0u32..).zip(&self.low).filter_map(|(c, count)| Some((char::from_u32(c)?, *count)));
        let others = self.others.iter().map(|(c, count)| (*c, *count));
        let mut counts: Vec<(char, u64)> = low.chain(others).filter(|(_, count)| *count > 0).collect();
        counts.sort_unstable_by_key(|(c, count)| (std::cmp::Reverse(*count), *c));
        counts.into_iter().map(|(c, _)| c).collect()
    }
}

/// The lists of all trigrams while they grow.
#[derive(Debug)]
struct Lists {
    /// For each character below 0x800 its number among the most frequent ones, [`OTHERS`] for all that are not.
    letters: Box<[u8]>,
    /// By the numbers of three letters: one more than the number of their list. What saves hashing nearly every trigram.
    frequent: Box<[u32]>,
    numbers: HashMap<u64, u32, BuildHasherDefault<Mixed>>,
    /// Those of a second, third, … occurrence.
    repeated: HashMap<(u64, u16), u32>,
    grown: Vec<Growing>,
    /// Code, occurrence and number of each list.
    codes: Vec<(u64, u16, u32)>,
    /// How often the entry in hand has a trigram, less one, by the number of its first list, where that is not 0.
    repeats: HashMap<u32, u16, BuildHasherDefault<Mixed>>,
    /// Room.
    lists_of_key: Vec<(u32, u64)>,
}

/// The number of all letters that are not frequent.
const OTHERS: u8 = 63;
/// Three numbers of six bits.
const TRIPLES: usize = 1 << 18;

/// A list while it grows: as small as can be, since there are hundreds of thousands and each key touches as many as it has
/// trigrams.
#[derive(Debug, Default)]
struct Growing {
    /// Gaps as varints.
    bytes: Vec<u8>,
    /// One more than the last entry.
    next: u32,
}

impl Growing {
    fn push(&mut self, entry: u32) {
        number::write_varint(&mut self.bytes, u64::from(entry - self.next));
        self.next = entry + 1;
    }

    /// How many entries there are: each varint ends with a byte below 0x80.
    fn count(&self) -> usize {
        self.bytes.iter().filter(|byte| **byte < 0x80).count()
    }
}

impl Lists {
    /// `alphabet`: the characters, the most frequent first.
    fn new(alphabet: &[char]) -> Lists {
        let mut letters = vec![OTHERS; 0x800].into_boxed_slice();
        for (number, c) in (0..OTHERS).zip(alphabet) {
            if let Some(letter) = letters.get_mut(*c as usize) {
                *letter = number;
            }
        }
        Lists {
            letters,
            frequent: vec![0; TRIPLES].into_boxed_slice(),
            numbers: HashMap::default(),
            repeated: HashMap::new(),
            grown: Vec::new(),
            codes: Vec::new(),
            repeats: HashMap::default(),
            lists_of_key: Vec::new(),
        }
    }

    /// Adds the trigrams of an entry; entries come in order.
    fn add(&mut self, key: &str, entry: u32) {
        let mut lists = std::mem::take(&mut self.lists_of_key);
        lists.clear();
        self.find(key, &mut lists);
        // All lists are touched before any is changed: the processor waits for many of them at once, not for one after the
        // other.
        std::hint::black_box(lists.iter().fold(0, |all, (number, _)| all ^ self.grown[*number as usize].next));
        for (number, code) in &lists {
            let list = &mut self.grown[*number as usize];
            if list.next != entry + 1 {
                list.push(entry);
            } else {
                self.repeat(*number, *code, entry);
            }
        }
        if !self.repeats.is_empty() {
            self.repeats.clear();
        }
        self.lists_of_key = lists;
    }

    /// The lists of a key's trigrams, with their codes; new ones where there are none.
    fn find(&mut self, key: &str, lists: &mut Vec<(u32, u64)>) {
        // The numbers of the last three letters, and how many of them are frequent ones without a break.
        let mut window = (0, 0);
        self.step(&mut window, ' ');
        let mut chars = key.chars().chain([' ']);
        chars.next().into_iter().for_each(|c| self.step(&mut window, c));
        for (code, c) in gram_codes(key.chars()).zip(chars) {
            self.step(&mut window, c);
            let (letters, frequent) = window;
            let known = if frequent < 3 { 0 } else { self.frequent[letters] };
            let number = known.checked_sub(1).unwrap_or_else(|| {
                let new = self.grown.len() as u32;
                let number = *self.numbers.entry(code).or_insert(new);
                if number == new {
                    self.grow(code, 0);
                }
                if frequent >= 3 {
                    self.frequent[letters] = number + 1;
                }
                number
            });
            lists.push((number, code));
        }
    }

    /// Adds a trigram that the entry has already, in the first list with this number.
    fn repeat(&mut self, first: u32, code: u64, entry: u32) {
        // No more than MOST_CHARS.
        let occurrence = self.repeats.entry(first).or_default();
        *occurrence += 1;
        let occurrence = *occurrence;
        let new = self.grown.len() as u32;
        let number = *self.repeated.entry((code, occurrence)).or_insert(new);
        if number == new {
            self.grow(code, occurrence);
        }
        self.grown[number as usize].push(entry);
    }

    #[inline]
    fn step(&self, (letters, frequent): &mut (usize, usize), c: char) {
        let letter = self.letters.get(c as usize).copied().unwrap_or(OTHERS);
        *letters = (*letters << 6 | usize::from(letter)) % TRIPLES;
        *frequent = if letter == OTHERS { 0 } else { *frequent + 1 };
    }

    /// Begins a list.
    fn grow(&mut self, code: u64, occurrence: u16) {
        self.codes.push((code, occurrence, self.grown.len() as u32));
        self.grown.push(Growing::default());
    }

    /// The sections: blocks and lists.
    fn finish(mut self, entries: usize, chunk_bits: u32) -> [Vec<u8>; 2] {
        let chunks = entries.div_ceil(1 << chunk_bits);
        self.codes.sort_unstable();
        let mut writer = DictionaryWriter::default();
        let mut decoded = Vec::new();
        for (code, occurrence, number) in self.codes {
            let list = std::mem::take(&mut self.grown[number as usize]);
            if list.count() < SHORT.max(PER_CHUNK * chunks) {
                writer.push(code, occurrence, List::Short(&list.bytes));
            } else {
                decoded.clear();
                postings::read_short(&list.bytes, entries, &mut decoded);
                writer.push(code, occurrence, List::Long(&postings::write_long(&decoded, chunks, chunk_bits)));
            }
        }
        writer.finish()
    }
}

/// So many entries ahead, a key is looked at.
const AHEAD: usize = 8;
/// Lists of fewer entries are read whole for a query: so few take no time.
const SHORT: usize = 128;
/// And so are those of fewer entries in a chunk, since each chunk costs a byte or two.
const PER_CHUNK: usize = 8;
