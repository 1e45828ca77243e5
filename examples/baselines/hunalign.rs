//! An aligner like hunalign: lengths, equal words and numbers, and a word-by-word translation.
//!
//! Varga, Németh, Halácsy, Kornai, Trón and Nagy, "Parallel corpora for medium density languages", RANLP 2005, §4: each word is
//! replaced by that of its translations that the other text has most often, or by itself; two sentences are as alike as the share of
//! common words is great in the larger of them, and as their lengths are; common numbers are rewarded; a sentence that is skipped and
//! sentences that are joined cost a constant. Three sentences that belong to one are found afterwards, by joining neighbours as long as
//! that makes them more alike. The constants of the paper's program were set for Hungarian; these by the grid of `tune`.

use super::gale_church::best;
use dhakira::Lang;
use dhakira::align::{Alignment, Bead};
use dhakira::lexicon::{Lexicon, stem};
use dhakira::segment::Document;
use dhakira::text::{Number, TokenKind, tokens};
use std::collections::HashMap;

/// A dictionary has a pair of words if the one comes from the other this often.
const IN_DICTIONARY: f32 = 0.05;
/// The share of common numbers that is rewarded.
const COMMON_NUMBERS: f64 = 0.5;

/// The constants.
pub struct Hunalign {
    /// What the logarithm of the ratio of lengths costs.
    pub length: f64,
    /// What common numbers add.
    pub number: f64,
    /// What a sentence without partner adds.
    pub skip: f64,
    /// What joining two sentences adds.
    pub merge: f64,
    /// Whether words are translated.
    pub dictionary: bool,
}

impl Default for Hunalign {
    fn default() -> Hunalign {
        Hunalign { length: 0.1, number: 0.2, skip: -0.05, merge: -0.1, dictionary: true }
    }
}

/// The words of a sentence, sorted, and its numbers, sorted.
#[derive(Clone, Default)]
struct Bag {
    words: Vec<String>,
    numbers: Vec<Number>,
    characters: f64,
}

fn bag(text: &str, mut word: impl FnMut(Lang, &str) -> String) -> Bag {
    let mut bag = Bag { characters: text.chars().count() as f64, ..Bag::default() };
    for token in tokens(text) {
        match token.kind {
            TokenKind::Word(lang) => bag.words.push(word(lang, token.text)),
            TokenKind::Number => bag.numbers.extend(Number::parse(token.text)),
            TokenKind::Mark(mark) => bag.words.push(mark.to_string()),
            TokenKind::Url | TokenKind::Email => bag.words.push(token.text.to_lowercase()),
        }
    }
    bag.words.sort();
    bag.numbers.sort();
    bag
}

/// How many items two sorted lists share.
fn common<T: Ord>(a: &[T], b: &[T]) -> usize {
    let (mut i, mut j, mut found) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, found) = (i + 1, j + 1, found + 1),
        }
    }
    found
}

fn joined(bags: &[Bag]) -> Bag {
    let mut all = Bag::default();
    for bag in bags {
        all.words.extend_from_slice(&bag.words);
        all.numbers.extend_from_slice(&bag.numbers);
        all.characters += bag.characters;
    }
    all.words.sort();
    all.numbers.sort();
    all
}

impl Hunalign {
    fn likeness(&self, ar: &Bag, en: &Bag) -> f64 {
        let share = |common: usize, a: usize, b: usize| common as f64 / a.max(b).max(1) as f64;
        let words = share(common(&ar.words, &en.words), ar.words.len(), en.words.len());
        let numbers = share(common(&ar.numbers, &en.numbers), ar.numbers.len(), en.numbers.len());
        let ratio = ((ar.characters + 1.0) / (en.characters + 1.0)).ln().abs();
        words + if numbers >= COMMON_NUMBERS { self.number } else { 0.0 } - self.length * ratio
    }

    pub fn align(&self, ar: &Document, en: &Document) -> Alignment {
        let lexicon = Lexicon::shipped();
        let english: Vec<Bag> = en.sentences().map(|text| bag(text, stem)).collect();
        let mut frequency: HashMap<&str, usize> = HashMap::new();
        english.iter().flat_map(|bag| &bag.words).for_each(|word| *frequency.entry(word).or_default() += 1);
        let translated = |lang: Lang, word: &str| -> String {
            let stem = stem(lang, word);
            let known = lexicon.word(lang, &stem).filter(|_| lang == Lang::Ar && self.dictionary);
            let translations = known.into_iter().flat_map(|word| lexicon.translations(word));
            let likely = translations.filter(|t| t.en_given_ar >= IN_DICTIONARY);
            let found = likely.max_by(|a, b| {
                let often = |en| frequency.get(lexicon.stem(Lang::En, en)).copied().unwrap_or(0);
                often(a.en).cmp(&often(b.en)).then(a.en_given_ar.total_cmp(&b.en_given_ar))
            });
            found.map_or(stem, |translation| lexicon.stem(Lang::En, translation.en).to_owned())
        };
        let arabic: Vec<Bag> = ar.sentences().map(|text| bag(text, translated)).collect();
        let pairs = |bags: &[Bag]| -> Vec<Bag> { bags.windows(2).map(joined).collect() };
        let (arabic_pairs, english_pairs) = (pairs(&arabic), pairs(&english));
        const SHAPES: [(usize, usize); 5] = [(1, 1), (1, 0), (0, 1), (2, 1), (1, 2)];
        let found = best(ar.len(), en.len(), &SHAPES, |i, j, shape| -match SHAPES[shape] {
            (1, 1) => self.likeness(&arabic[i - 1], &english[j - 1]),
            (2, 1) => self.likeness(&arabic_pairs[i - 2], &english[j - 1]) + self.merge,
            (1, 2) => self.likeness(&arabic[i - 1], &english_pairs[j - 2]) + self.merge,
            _ => self.skip,
        });
        let alike = |bead: &Bead| self.likeness(&joined(&arabic[bead.ar.clone()]), &joined(&english[bead.en.clone()]));
        Alignment { beads: coalesced(found.beads, alike), ..Alignment::default() }
    }
}

/// Joins a lonely sentence with the link beside it where the two are then more alike, until none is.
fn coalesced(mut beads: Vec<Bead>, alike: impl Fn(&Bead) -> f64) -> Vec<Bead> {
    let lonely = |bead: &Bead| bead.ar.is_empty() || bead.en.is_empty();
    let mut at = 0;
    while at + 1 < beads.len() {
        let (one, two) = (&beads[at], &beads[at + 1]);
        if lonely(one) != lonely(two) {
            let both = Bead { ar: one.ar.start..two.ar.end, en: one.en.start..two.en.end, confidence: 1.0 };
            let full = if lonely(one) { two } else { one };
            if alike(&both) > alike(full) {
                beads[at] = both;
                beads.remove(at + 1);
                at = at.saturating_sub(1);
                continue;
            }
        }
        at += 1;
    }
    beads
}
