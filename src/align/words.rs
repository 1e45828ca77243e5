//! Words: how probable the words of one side are, given those of the other.
//!
//! IBM Model 1 (Brown et al. 1993, §4.2) as a likelihood ratio: each word comes from a word of the other side, as the lexicon
//! says, or from the language at large. That a word is frequent in the document counts, too, so that the subject of a text is
//! no proof of a link.

use super::band::Band;
use super::lists::Lists;
use super::names::names;
use super::row::{Partnered, Row};
use crate::lang::Lang;
use crate::lexicon::{Lexicon, Word, Words};
use foldhash::HashMap;
use std::ops::Range;

/// The share of words that have a partner the lexicon may know.
const PARTNERED: f32 = 0.4;
/// The probability of a word that the lexicon does not know.
const UNKNOWN: f32 = 1e-7;
/// What a document says of a word's frequency: a part of its share among the words, and words that others would have.
const OWN_SHARE: f32 = 0.3;
const OTHERS: f32 = 200.0;
/// How much more probable a word must be beside another for their meeting to guide the search.
const SURE_RATIO: f32 = 1000.0;
/// Places of a word from which on what it shares is reckoned for a whole text at once.
const AGAIN: usize = 4;
/// The probability that a name that surely sounds like another is its translation.
const AS_NAME: f32 = 0.6;

/// The words of one side, as far as they have links.
#[derive(Debug, Clone)]
pub(super) struct WordSide {
    /// For each sentence its words' types and how often each stands in it.
    sentences: Lists<(u32, u32)>,
    /// How many words the first 0, 1, 2 … sentences have.
    sizes: Vec<f32>,
    /// What a word's partners among those of each window count for.
    partnered: Partnered,
    /// For each type the sentences that have it, rising, one that has it twice twice.
    places: Lists<u32>,
    /// For each type the types of the other side that it may come from, with P(type | other) / P(type).
    links: Lists<(u32, f32)>,
}

/// A pair of types, Arabic and English, with P(type | other) / P(type) of each.
type Pair = ((u32, f32), (u32, f32));

/// The words of both sides, linked by the lexicon.
pub(super) fn words(lexicon: &Lexicon, ar: &Words, en: &Words) -> (WordSide, WordSide) {
    let found =
        |lang, side: &Words| -> Vec<Option<Word>> { side.stems().map(|stem| lexicon.word(lang, stem)).collect() };
    let (ar_words, en_words) = (found(Lang::Ar, ar), found(Lang::En, en));
    let (ar_places, en_places) = (places(ar), places(en));
    let chance = |words: &[Option<Word>], places: &Lists<u32>| -> Vec<f32> {
        let share = OWN_SHARE / (places.items.len() as f32 + OTHERS);
        let frequency = |word: &Option<Word>| word.map_or(UNKNOWN, |word| word.frequency);
        words.iter().zip(places.iter()).map(|(w, at)| frequency(w).max(share * at.len() as f32)).collect()
    };
    let (ar_chance, en_chance) = (chance(&ar_words, &ar_places), chance(&en_words, &en_places));
    let by_number: HashMap<u32, u32> =
        (0u32..).zip(&en_words).filter_map(|(kind, word)| Some((word.as_ref()?.number, kind))).collect();
    // Few translations of a word are in the text, and a look at a bit tells of most that they are not.
    let mut present = vec![0u64; lexicon.stems(Lang::En) / 64 + 1];
    by_number.keys().for_each(|number| present[*number as usize / 64] |= 1 << (number % 64));
    let mut pairs: Vec<Pair> = Vec::new();
    let mut linked = vec![false; ar_words.len()];
    for (kind, word) in ar_words.iter().enumerate() {
        let present = word
            .iter()
            .flat_map(|word| lexicon.translations(*word))
            .filter(|translation| present[translation.en as usize / 64] & (1 << (translation.en % 64)) != 0);
        for translation in present {
            if let Some(&other) = by_number.get(&translation.en) {
                linked[kind] = true;
                let ar_ratio = translation.ar_given_en / ar_chance[kind];
                pairs.push(((kind as u32, ar_ratio), (other, translation.en_given_ar / en_chance[other as usize])));
            }
        }
    }
    // What the lexicon does not link may be a name.
    let unlinked = (0..linked.len()).filter(|kind| !linked[*kind]);
    let ar_unlinked: Vec<(u32, &str)> = unlinked.map(|kind| (kind as u32, ar.written(kind))).collect();
    let en_capital: Vec<(u32, &str, bool)> = (0..en.stem_count())
        .filter(|kind| en.capital(*kind)[0])
        .map(|kind| (kind as u32, en.written(kind), en.capital(kind)[1]))
        .collect();
    for (ar_kind, en_kind, sure) in names(&ar_unlinked, &en_capital) {
        let probability = AS_NAME * sure * sure;
        let ratios = [probability / ar_chance[ar_kind as usize], probability / en_chance[en_kind as usize]];
        pairs.push(((ar_kind, ratios[0]), (en_kind, ratios[1])));
    }
    let ar_links = pairs.iter().map(|((kind, ratio), (other, _))| (*kind, (*other, *ratio)));
    let en_links = pairs.iter().map(|((other, _), (kind, ratio))| (*kind, (*other, *ratio)));
    let ar_links = Lists::gather(ar.stem_count(), ar_links);
    let en_links = Lists::gather(en.stem_count(), en_links);
    (WordSide::new(ar, ar_places, ar_links), WordSide::new(en, en_places, en_links))
}

/// The sentences that have each type.
fn places(words: &Words) -> Lists<u32> {
    let of = |sentence: usize| words.sentences(sentence..sentence + 1).iter().map(move |kind| (*kind, sentence as u32));
    Lists::gather(words.stem_count(), (0..words.len()).flat_map(of))
}

impl WordSide {
    fn new(words: &Words, places: Lists<u32>, links: Lists<(u32, f32)>) -> WordSide {
        let mut sizes = vec![0.0];
        let (mut items, mut ends) = (Vec::with_capacity(places.items.len()), Vec::with_capacity(words.len()));
        let mut linked: Vec<u32> = Vec::new();
        for sentence in 0..words.len() {
            let own = words.sentences(sentence..sentence + 1);
            sizes.push(sizes[sentence] + own.len() as f32);
            linked.clear();
            linked.extend(own.iter().filter(|kind| !links.of(**kind as usize).is_empty()));
            linked.sort_unstable();
            items.extend(linked.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32)));
            ends.push(items.len());
        }
        let partnered = Partnered::of(&sizes, partnered);
        WordSide { sentences: Lists { items, ends }, sizes, partnered, places, links }
    }

    /// Where words that stand in few sentences meet what they surely translate, as (sentence of `other`, own sentence,
    /// weight): the rarer the weightier.
    pub fn rare_meetings(&self, other: &WordSide) -> Vec<(usize, usize, f32)> {
        let mut points = Vec::new();
        for (own, links) in self.places.iter().zip(self.links.iter()) {
            for &(from, ratio) in links {
                let theirs = other.places.of(from as usize);
                let meetings = own.len() * theirs.len();
                if meetings <= 4 && ratio >= SURE_RATIO {
                    let weight = 1.0 / meetings as f32;
                    points.extend(
                        own.iter().flat_map(|&j| theirs.iter().map(move |&i| (i as usize, j as usize, weight))),
                    );
                }
            }
        }
        points
    }

    /// How many words some sentences have.
    pub fn count(&self, sentences: &Range<usize>) -> f32 {
        self.sizes[sentences.end] - self.sizes[sentences.start]
    }

    /// The log odds of the words of `sentence`, when `window` of the other side is its translation.
    pub fn odds(&self, sentence: usize, other: &WordSide, window: &Range<usize>) -> f32 {
        let partnered = partnered(other.count(window));
        let odds = self.sentences.of(sentence).iter().map(|&(kind, times)| {
            let sum: f32 = self
                .links
                .of(kind as usize)
                .iter()
                .map(|&(from, ratio)| ratio * within(other.places.of(from as usize), window).len() as f32)
                .sum();
            times as f32 * (1.0 + partnered * sum).ln()
        });
        odds.sum()
    }

    /// Room for what sentences of the other side have with windows of this one, of up to `widths` sentences.
    pub fn row(&self, widths: usize) -> Row<'_> {
        Row::new(&self.places, &self.partnered, widths)
    }

    /// The same for all windows in `reach` of the side that `row` is of, at once.
    pub fn all_odds(&self, sentence: usize, reach: &Range<usize>, row: &mut Row<'_>) {
        row.begin(reach);
        for &(kind, times) in self.sentences.of(sentence) {
            let links = self.links.of(kind as usize);
            if self.places.of(kind as usize).len() >= AGAIN && row.is_short() {
                row.take_again(kind, times, links);
            } else {
                row.take(times, links);
            }
        }
        row.end();
    }
}

/// What the partners of a word count for among so many words.
fn partnered(count: f32) -> f32 {
    PARTNERED / (1.0 - PARTNERED) / (count + 1.0)
}

/// The places in a window of sentences.
fn within<'p>(places: &'p [u32], window: &Range<usize>) -> &'p [u32] {
    let first = places.partition_point(|p| (*p as usize) < window.start);
    let end = first + places[first..].partition_point(|p| (*p as usize) < window.end);
    &places[first..end]
}

/// The log odds of words, for every cell of a band; no numbers (NaN) where nobody looked.
#[derive(Debug, Clone)]
pub(super) struct WordTables {
    /// At cell (i, j), width w: English sentence j − 1 against the w Arabic sentences before i.
    pub en: Vec<[f32; 4]>,
    /// At cell (i, j), width w: Arabic sentence i − 1 against the w English sentences before j.
    pub ar: Vec<[f32; 4]>,
}

impl WordTables {
    /// Fills the tables; the reaches are those of `Gains::focus`.
    pub fn new(
        ar: &WordSide,
        en: &WordSide,
        band: &Band,
        ar_reach: &[Range<usize>],
        en_reach: &[Range<usize>],
    ) -> Self {
        let unknown = || vec![[f32::NAN; 4]; band.cells()];
        let mut tables = WordTables { en: unknown(), ar: unknown() };
        let mut row = ar.row(4);
        for (j, reach) in en_reach.iter().enumerate().filter(|(_, reach)| !reach.is_empty()) {
            en.all_odds(j, reach, &mut row);
            for (end, odds) in (reach.start + 1..).zip(&row.odds) {
                if let Some(at) = band.cell(end, j + 1) {
                    tables.en[at] = *odds;
                }
            }
        }
        let mut row = en.row(4);
        for (i, reach) in ar_reach.iter().enumerate().filter(|(_, reach)| !reach.is_empty()) {
            ar.all_odds(i, reach, &mut row);
            for (end, odds) in (reach.start + 1..).zip(&row.odds) {
                if let Some(at) = band.cell(i + 1, end) {
                    tables.ar[at] = *odds;
                }
            }
        }
        tables
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokens;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// Slow twin: window by window, word by word.
        #[test]
        fn rows_say_what_single_windows_say(
            ar in prop::collection::vec("(كتاب|الكِتاب|بيت|في|بايدن|نهر| ){1,12}", 1..12),
            en in prop::collection::vec("(book|house|in|Biden|river|the| ){1,12}", 1..12),
            (from, count, widths) in (0usize..12, 1usize..12, 1usize..5),
        ) {
            let noted = |lang, side: &[String]| Words::new(lang, side.iter().map(String::as_str).map(tokens));
            let (ar, en) = words(Lexicon::shipped(), &noted(Lang::Ar, &ar), &noted(Lang::En, &en));
            for (own, other) in [(&ar, &en), (&en, &ar)] {
                let (count_own, count_other) = (own.sizes.len() - 1, other.sizes.len() - 1);
                let mut row = other.row(widths);
                for sentence in 0..count_own {
                    // Reaches move on, and back.
                    let start = (from + sentence % 5).min(count_other - 1);
                    let reach = start..(start + count).min(count_other);
                    own.all_odds(sentence, &reach, &mut row);
                    prop_assert_eq!(row.odds.len(), reach.len());
                    for (end, odds) in (reach.start + 1..).zip(&row.odds) {
                        for width in 1..=widths.min(end - reach.start) {
                            let slow = own.odds(sentence, other, &(end - width..end));
                            let quick = odds[width - 1];
                            prop_assert!((slow - quick).abs() < 1e-3 * (1.0 + slow.abs()), "{sentence} {end} {width}: {slow} {quick}");
                        }
                    }
                }
            }
        }
    }
}
