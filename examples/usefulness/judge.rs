//! Other scores, compared with every unit: what stands beside ours in the table.

use dhakira::Lang;
use dhakira::matching::{Candidate, key_words};
use dhakira::text::key;
use std::collections::HashMap;

/// A score on sequences of characters or words.
pub struct Judge {
    kind: Kind,
    lang: Lang,
    /// What each unit is compared as, shortest first, with its place.
    units: Vec<(Box<[u32]>, usize)>,
    /// The characters or words of the memory.
    numbers: HashMap<String, u32>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Normalized Indel similarity of the keys' characters: `2 · LCS / (m + n)`.
    KeyIndel,
    /// Normalized Levenshtein similarity of the keys' words: what `--score words` counts.
    KeyWords,
    /// Normalized Levenshtein similarity of words as written, in lower case.
    RawWords,
    /// Normalized Levenshtein similarity of characters as written.
    RawCharacters,
}

impl Judge {
    /// Key Indel, words of keys, words and characters as written.
    pub fn all(lang: Lang, candidates: &[Candidate]) -> [Judge; 4] {
        let kinds = [Kind::KeyIndel, Kind::KeyWords, Kind::RawWords, Kind::RawCharacters];
        kinds.map(|kind| Judge::new(kind, lang, candidates))
    }

    fn new(kind: Kind, lang: Lang, candidates: &[Candidate]) -> Judge {
        let mut judge = Judge { kind, lang, units: Vec::new(), numbers: HashMap::new() };
        for (place, candidate) in candidates.iter().enumerate() {
            let mut sequence = Vec::new();
            for symbol in judge.symbols(candidate.text()) {
                let next = judge.numbers.len() as u32;
                sequence.push(*judge.numbers.entry(symbol).or_insert(next));
            }
            judge.units.push((sequence.into(), place));
        }
        judge.units.sort_by_key(|(sequence, place)| (sequence.len(), *place));
        judge
    }

    fn symbols(&self, text: &str) -> Vec<String> {
        let characters = |text: &str| text.chars().map(String::from).collect();
        match self.kind {
            Kind::KeyIndel => characters(key(self.lang, text).as_str()),
            Kind::KeyWords => key_words(key(self.lang, text).as_str()).map(str::to_owned).collect(),
            Kind::RawWords => words(text).collect(),
            Kind::RawCharacters => characters(text),
        }
    }

    /// The place and percent of the best unit; of equally good ones the first.
    pub fn first(&self, text: &str) -> Option<(usize, f64)> {
        let query: Vec<Option<u32>> = self.symbols(text).iter().map(|s| self.numbers.get(s).copied()).collect();
        let masks = Masks::new(&query, self.numbers.len());
        let start = self.units.partition_point(|(s, _)| s.len() < query.len());
        let (mut below, mut above) = (start, start);
        let mut best: Option<(f64, usize)> = None;
        // From the query's own length outward, while a length can still be better.
        loop {
            let bound = |at: usize| self.bound(query.len(), self.units[at].0.len());
            let down = (below > 0).then(|| bound(below - 1));
            let up = (above < self.units.len()).then(|| bound(above));
            let (next, bound) = match (down, up) {
                (None, None) => break,
                (Some(d), Some(u)) if d > u => (below - 1, d),
                (Some(d), None) => (below - 1, d),
                (_, Some(u)) => (above, u),
            };
            if best.is_some_and(|(similarity, _)| bound < similarity) {
                break;
            }
            if next < above && next < start {
                below = next
            } else {
                above = next + 1
            }
            let (sequence, place) = &self.units[next];
            let similarity = self.similarity(&masks, sequence);
            if best.is_none_or(|(s, p)| similarity > s || similarity == s && *place < p) {
                best = Some((similarity, *place));
            }
        }
        best.map(|(similarity, place)| (place, 100.0 * similarity))
    }

    /// The most that sequences of these lengths can score.
    fn bound(&self, m: usize, n: usize) -> f64 {
        let (shorter, longer) = (m.min(n), m.max(n));
        match self.kind {
            Kind::KeyIndel => ratio(2 * shorter, m + n),
            _ => ratio(shorter, longer),
        }
    }

    fn similarity(&self, query: &Masks, other: &[u32]) -> f64 {
        let longer = query.length.max(other.len());
        match self.kind {
            Kind::KeyIndel => ratio(2 * query.common(other), query.length + other.len()),
            _ => ratio(longer - query.distance(other), longer),
        }
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Words and signs as OmegaT's tokens: in lower case, spaces left out.
fn words(text: &str) -> impl Iterator<Item = String> {
    use unicode_segmentation::UnicodeSegmentation;
    text.split_word_bounds().filter(|w| !w.trim().is_empty()).map(str::to_lowercase)
}

/// A query, for bit-parallel comparisons: for each symbol of the memory the places where the query has it.
struct Masks {
    length: usize,
    words: usize,
    of: Vec<u64>,
}

impl Masks {
    fn new(query: &[Option<u32>], symbols: usize) -> Masks {
        let words = query.len().div_ceil(64);
        let mut of = vec![0; words * symbols];
        for (at, symbol) in query.iter().enumerate() {
            if let Some(symbol) = symbol {
                of[*symbol as usize * words + at / 64] |= 1 << (at % 64);
            }
        }
        Masks { length: query.len(), words, of }
    }

    fn mask(&self, symbol: u32) -> &[u64] {
        &self.of[symbol as usize * self.words..][..self.words]
    }

    /// The length of the longest common subsequence (Hyyrö 2004, "Bit-parallel LCS-length computation revisited").
    fn common(&self, other: &[u32]) -> usize {
        let mut rows = vec![u64::MAX; self.words];
        for symbol in other {
            let mut carry = false;
            for (row, mask) in rows.iter_mut().zip(self.mask(*symbol)) {
                let both = *row & mask;
                let (sum, over) = row.overflowing_add(both);
                let (sum, over_again) = sum.overflowing_add(u64::from(carry));
                carry = over || over_again;
                *row = sum | (*row & !mask);
            }
        }
        // Bits behind the last row stay ones: no mask has them.
        rows.iter().map(|row| row.count_zeros() as usize).sum()
    }

    /// The Levenshtein distance (Myers 1999, as in Hyyrö 2003).
    fn distance(&self, other: &[u32]) -> usize {
        if self.length == 0 {
            return other.len();
        }
        let last = 1u64 << ((self.length - 1) % 64);
        let mut columns = vec![(u64::MAX, 0u64); self.words];
        let mut distance = self.length;
        for symbol in other {
            let (mut up, mut down) = (1, 0);
            for (word, ((plus, minus), mask)) in columns.iter_mut().zip(self.mask(*symbol)).enumerate() {
                let eq = mask | down;
                let d0 = ((eq & *plus).wrapping_add(*plus) ^ *plus) | eq | *minus;
                let (hp, hn) = (*minus | !(d0 | *plus), d0 & *plus);
                if word + 1 == self.words {
                    distance = distance + usize::from(hp & last != 0) - usize::from(hn & last != 0);
                }
                let (shifted_hp, shifted_hn) = (hp << 1 | up, hn << 1 | down);
                (up, down) = (hp >> 63, hn >> 63);
                *plus = shifted_hn | !(d0 | shifted_hp);
                *minus = d0 & shifted_hp;
            }
        }
        distance
    }
}
