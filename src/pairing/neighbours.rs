//! Neighbours: documents as vectors, and the nearest ones of the other language by an inverted index.
//!
//! Salton and Buckley, "Term-weighting approaches in automatic text retrieval", 1988: (1 + ln tf) · idf, unit length. A word stands
//! in the vector of its own language and, shared among its translations as the lexicon has it, in that of the other one. A term
//! that very many documents have says little and would be met everywhere: it is left out, so that a document meets a bounded number
//! of others. No matrix is made: 100,000 documents against as many cost what they share.

use super::document::{Count, Gathered, Kind, Pairing, side};
use crate::lang::Lang;
use crate::lexicon::Lexicon;
use std::collections::HashMap;

/// Terms that a document is known by at most, the weightiest.
const TERMS: usize = 384;
/// Neighbours that are looked at.
pub(super) const NEIGHBOURS: usize = 16;
/// Translations less probable than this are none.
const LEAST_PROBABILITY: f32 = 0.02;
/// Documents of other texts that are thought to stand beside those at hand when rarity is reckoned, and the words of one:
/// among few documents every word is rare.
const ELSEWHERE: f32 = 10.0;
const WORDS: f32 = 300.0;
/// A term says too little if more documents have it than this many, and this part of all.
const MANY: usize = 200;
const PART: usize = 200;

/// A document of the other language, and how near it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// Its number.
    pub number: u32,
    /// The cosine of the two vectors, times what the days between them leave of it: 0 to 1.
    pub nearness: f32,
}

/// A vector: terms and weights, in no order.
type Vector = Vec<(u32, f32)>;

/// All documents weighed, the English ones in an index.
#[derive(Debug, Clone)]
pub struct Ready {
    sides: [Vec<Gathered>; 2],
    /// For each term: its weight where a document has it once; 0 if it says too little.
    rarity: Vec<f32>,
    /// For each term of a language: the other language's terms and their probabilities.
    translations: Vec<Vec<(u32, f32)>>,
    /// For each term the English documents that have it, with weights.
    postings: Vec<Vec<(u32, f32)>>,
}

impl Pairing<'_> {
    /// Weighs what was gathered.
    pub fn ready(self) -> Ready {
        let mut having = [vec![0u32; self.terms.len()], vec![0u32; self.terms.len()]];
        for (documents, having) in self.sides.iter().zip(&mut having) {
            let counts = documents.iter().flat_map(|document| &document.counts);
            counts.for_each(|(term, _)| having[*term as usize] += 1);
        }
        let translations = translations(&self.terms, self.lexicon);
        let rarity = self.terms.iter().enumerate().map(|(term, (kind, text))| {
            // Of a word that the lexicon does not know, nobody can say that the other side lacks it; nor of a name.
            let is_shared = having[0][term] > 0 && having[1][term] > 0;
            let is_missed = match kind {
                Kind::Stem(lang) => self.lexicon.word(*lang, text).is_some(),
                Kind::Number => true,
                Kind::Skeleton | Kind::Name => false,
            };
            if !is_shared && !is_missed {
                return 0.0;
            }
            let (documents, having, usual) = match kind {
                Kind::Stem(lang) => {
                    let frequency = self.lexicon.word(*lang, text).map_or(0.0, |word| word.frequency);
                    (self.len(*lang), having[side(*lang)][term], frequency)
                }
                _ => (self.len(Lang::Ar).max(self.len(Lang::En)), having[0][term].max(having[1][term]), 0.0),
            };
            if having as usize > MANY.max(documents / PART) {
                return 0.0;
            }
            let elsewhere = ELSEWHERE * (1.0 - (-WORDS * usual).exp());
            ((documents as f32 + ELSEWHERE + 1.0) / (having as f32 + elsewhere + 0.5)).ln().max(0.0)
        });
        let rarity: Vec<f32> = rarity.collect();
        let mut ready = Ready { rarity, translations, postings: vec![Vec::new(); self.terms.len()], sides: self.sides };
        for number in 0..ready.sides[1].len() {
            for (term, weight) in ready.vector(Lang::En, number) {
                ready.postings[term as usize].push((number as u32, weight));
            }
        }
        ready
    }
}

/// For each term that is a stem, the terms of the other language that translate it.
fn translations(terms: &[(Kind, String)], lexicon: &Lexicon) -> Vec<Vec<(u32, f32)>> {
    let mut found = vec![Vec::new(); terms.len()];
    let stems = |lang: Lang| {
        let of_lang = (0u32..).zip(terms).filter(move |(_, (kind, _))| *kind == Kind::Stem(lang));
        of_lang.filter_map(move |(term, (_, text))| Some((lexicon.word(lang, text)?, term)))
    };
    let english: HashMap<u32, u32> = stems(Lang::En).map(|(word, term)| (word.number, term)).collect();
    for (word, ar) in stems(Lang::Ar) {
        for translation in lexicon.translations(word) {
            let Some(&en) = english.get(&translation.en) else { continue };
            for (from, to, probability) in [(ar, en, translation.en_given_ar), (en, ar, translation.ar_given_en)] {
                if probability >= LEAST_PROBABILITY {
                    found[from as usize].push((to, probability));
                }
            }
        }
    }
    found
}

/// What is left of nearness if documents were published this many days apart. By judgement: a translation follows its original
/// within days, rarely within weeks; nothing is excluded, for dates are often those of another event.
fn days_leave(ar: Option<i32>, en: Option<i32>) -> f32 {
    match (ar, en) {
        (Some(ar), Some(en)) => 1.0 / (1.0 + (ar.abs_diff(en).max(1) as f32).ln() / 8.0),
        _ => 1.0,
    }
}

impl Ready {
    /// How many documents of a language there are.
    pub fn len(&self, lang: Lang) -> usize {
        self.sides[side(lang)].len()
    }

    /// Whether there are none at all.
    pub fn is_empty(&self) -> bool {
        self.sides.iter().all(Vec::is_empty)
    }

    /// The vector of a document, of unit length (or empty).
    fn vector(&self, lang: Lang, number: usize) -> Vector {
        let mut own: HashMap<u32, f32> = HashMap::new();
        let counts: &[Count] = &self.sides[side(lang)][number].counts;
        for &(term, count) in counts {
            *own.entry(term).or_default() += 1.0 + f32::from(count).ln();
            for &(translation, probability) in &self.translations[term as usize] {
                *own.entry(translation).or_default() += f32::from(count) * probability;
            }
        }
        let mut vector: Vector = own
            .into_iter()
            .map(|(term, count)| (term, count.ln_1p() * self.rarity[term as usize]))
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        vector.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        vector.truncate(TERMS);
        let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        vector.iter_mut().for_each(|(_, weight)| *weight /= length);
        vector
    }

    /// The nearest English documents of an Arabic one, the nearest first, at most 16. The room is used again from call to call;
    /// what comes out does not depend on it.
    pub fn neighbours(&self, ar: usize, room: &mut Room) -> Vec<Neighbour> {
        room.cosines.resize(self.len(Lang::En), 0.0);
        room.met.clear();
        for (term, weight) in self.vector(Lang::Ar, ar) {
            for &(number, other) in &self.postings[term as usize] {
                let cosine = &mut room.cosines[number as usize];
                if *cosine == 0.0 {
                    room.met.push(number);
                }
                *cosine += weight * other;
            }
        }
        let day = self.sides[0][ar].day;
        let neighbour = |number: u32| {
            let cosine = std::mem::take(&mut room.cosines[number as usize]);
            Neighbour { number, nearness: cosine * days_leave(day, self.sides[1][number as usize].day) }
        };
        let mut all: Vec<Neighbour> = room.met.drain(..).map(neighbour).collect();
        let nearer = |a: &Neighbour, b: &Neighbour| b.nearness.total_cmp(&a.nearness).then(a.number.cmp(&b.number));
        if all.len() > NEIGHBOURS {
            all.select_nth_unstable_by(NEIGHBOURS, nearer);
        }
        let mut nearest: Vec<Neighbour> = all.iter().take(NEIGHBOURS).copied().collect();
        nearest.sort_by(nearer);
        nearest
    }
}

/// Room for [`Ready::neighbours`].
#[derive(Debug, Clone, Default)]
pub struct Room {
    /// For each English document; 0 between calls.
    cosines: Vec<f32>,
    met: Vec<u32>,
}

#[cfg(test)]
mod tests {
    use super::super::document::Document;
    use super::*;
    use proptest::prelude::*;

    /// The slow twin: each document against each, all nearnesses, in order.
    fn slow(ready: &Ready, ar: usize) -> Vec<Neighbour> {
        let own = ready.vector(Lang::Ar, ar);
        let mut all: Vec<Neighbour> = (0..ready.len(Lang::En))
            .filter_map(|en| {
                let other: HashMap<u32, f32> = ready.vector(Lang::En, en).into_iter().collect();
                let shared: Vec<f32> = own.iter().filter_map(|(term, w)| Some(w * other.get(term)?)).collect();
                let days = days_leave(ready.sides[0][ar].day, ready.sides[1][en].day);
                let nearness = shared.iter().fold(0.0, |sum, product| sum + product) * days;
                (!shared.is_empty()).then_some(Neighbour { number: en as u32, nearness })
            })
            .collect();
        all.sort_by(|a, b| b.nearness.total_cmp(&a.nearness).then(a.number.cmp(&b.number)));
        all.truncate(NEIGHBOURS);
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn the_index_finds_what_the_full_matrix_has(
            ar in prop::collection::vec("((كتاب|الكِتَابُ|لندن|وبايدن|مدينة|جديد|١٢|2021|Firefox|ماء) ){0,9}", 0..40),
            en in prop::collection::vec("((book|books|London|Biden|city|new|12|2,021|Firefox|water) ){0,9}", 0..40),
            days in prop::collection::vec(prop::option::of(0i32..60), 40),
        ) {
            let mut pairing = Pairing::new(Lexicon::shipped());
            for (lang, texts) in [(Lang::Ar, &ar), (Lang::En, &en)] {
                for (text, day) in texts.iter().zip(&days) {
                    pairing.add(lang, &Document { text, day: *day, name: None });
                }
            }
            let ready = pairing.ready();
            let mut room = Room::default();
            for number in 0..ar.len() {
                prop_assert_eq!(ready.neighbours(number, &mut room), slow(&ready, number));
            }
        }
    }

    #[test]
    fn dates_and_names_decide_between_like_texts() {
        let text = [("انعقد الاجتماع في القاهرة.", "The meeting was held in Cairo."); 3];
        let mut pairing = Pairing::new(Lexicon::shipped());
        for (day, (ar, en)) in [10, 400, 900].into_iter().zip(text) {
            pairing.add(Lang::Ar, &Document { text: ar, day: Some(day), name: None });
            pairing.add(Lang::En, &Document { text: en, day: Some(910 - day), name: None });
        }
        let partners = pairing.ready().partners();
        let of = |ar: u32| partners.iter().find(|p| p.ar == ar).map(|p| p.en);
        assert_eq!((of(0), of(2)), (Some(2), Some(0)));
        let mut pairing = Pairing::new(Lexicon::shipped());
        for (names, (ar, en)) in [["news-77.ar", "72-en"], ["72.ar", "story-77.en"]].into_iter().zip(text) {
            pairing.add(Lang::Ar, &Document { text: ar, day: None, name: Some(names[0]) });
            pairing.add(Lang::En, &Document { text: en, day: None, name: Some(names[1]) });
        }
        let partners = pairing.ready().partners();
        assert!(partners.iter().all(|p| p.ar != p.en), "{partners:?}");
    }
}
