//! Words: how probable the words of one side are, given those of the other.
//!
//! IBM Model 1 (Brown et al. 1993, §4.2) as a likelihood ratio: each word comes from a word of the other side, as the lexicon
//! says, or from the language at large. That a word is frequent in the document counts, too, so that the subject of a text is
//! no proof of a link.

use super::band::Band;
use super::names::names;
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
/// The probability that a name that surely sounds like another is its translation.
const AS_NAME: f32 = 0.6;
/// Words after which a product becomes a logarithm: at most 7·10⁶ a word, it stays a number.
const FLUSH: usize = 32;

/// The words of one side, as far as they have links.
#[derive(Debug, Clone)]
pub(super) struct WordSide {
    /// For each sentence its words' types and how often each stands in it.
    sentences: Lists<(u32, u32)>,
    /// How many words the first 0, 1, 2 … sentences have.
    sizes: Vec<f32>,
    /// For each type the sentences that have it, rising, one that has it twice twice.
    places: Lists<u32>,
    /// For each type the types of the other side that it may come from, with P(type | other) / P(type).
    links: Lists<(u32, f32)>,
}

/// Lists one behind the other.
#[derive(Debug, Clone)]
struct Lists<T> {
    items: Vec<T>,
    ends: Vec<usize>,
}

impl<T> Lists<T> {
    fn of(&self, number: usize) -> &[T] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.items[start..self.ends[number]]
    }

    fn iter(&self) -> impl Iterator<Item = &[T]> {
        (0..self.ends.len()).map(|number| self.of(number))
    }
}

impl<T: Copy + Default> Lists<T> {
    /// So many lists out of items that come with the number of theirs; in each they stay in their order.
    fn gather(lists: usize, items: impl Iterator<Item = (u32, T)> + Clone) -> Lists<T> {
        let mut ends = vec![0; lists];
        items.clone().for_each(|(list, _)| ends[list as usize] += 1);
        let mut all = 0;
        ends.iter_mut().for_each(|end| {
            all += *end;
            *end = all - *end;
        });
        // Each end is where the next item of the list goes.
        let mut gathered = vec![T::default(); all];
        items.for_each(|(list, item)| {
            let end = &mut ends[list as usize];
            gathered[*end] = item;
            *end += 1;
        });
        Lists { items: gathered, ends }
    }
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
        WordSide { sentences: Lists { items, ends }, sizes, places, links }
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
        let partnered = PARTNERED / (1.0 - PARTNERED) / (other.count(window) + 1.0);
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

    /// The same for all windows of 1 to 4 sentences in `reach` at once: by where the window ends, from `reach.start` + 1 on.
    pub fn row(&self, sentence: usize, other: &WordSide, reach: &Range<usize>, row: &mut Row) {
        let cells = reach.len();
        row.odds.clear();
        row.odds.resize(cells, [0.0; 4]);
        row.products.clear();
        row.products.resize(cells, [1.0; 4]);
        row.partnered.clear();
        row.partnered.extend((reach.start + 1..=reach.end).map(|end| {
            std::array::from_fn::<f32, 4, _>(|w| {
                let start = end.saturating_sub(w + 1).max(reach.start);
                PARTNERED / (1.0 - PARTNERED) / (other.count(&(start..end)) + 1.0)
            })
        }));
        row.sums.clear();
        row.sums.resize(cells, 0.0f32);
        let mut factors = 0;
        for &(kind, times) in self.sentences.of(sentence) {
            // All but this part of the row is 0.
            let mut part = cells..0;
            for &(from, ratio) in self.links.of(kind as usize) {
                for &place in within(other.places.of(from as usize), reach) {
                    let at = place as usize - reach.start;
                    row.sums[at] += ratio;
                    part = part.start.min(at)..part.end.max(at + 1);
                }
            }
            if part.is_empty() {
                continue;
            }
            // The windows that end up to three sentences behind have some of it, too.
            let windows = part.start..(part.end + 3).min(cells);
            for _ in 0..times {
                let mut last = [0.0f32; 3];
                let products = row.products[windows.clone()].iter_mut().zip(&row.partnered[windows.clone()]);
                for (sum, (product, partnered)) in row.sums[windows.clone()].iter().zip(products) {
                    let two = sum + last[0];
                    let three = two + last[1];
                    let four = three + last[2];
                    if four > 0.0 {
                        for (product, (sum, partnered)) in
                            product.iter_mut().zip([*sum, two, three, four].iter().zip(partnered))
                        {
                            *product *= f64::from(1.0 + partnered * sum);
                        }
                    }
                    last = [*sum, last[0], last[1]];
                }
                factors += 1;
                if factors % FLUSH == 0 {
                    row.flush();
                }
            }
            row.sums[part].fill(0.0);
        }
        row.flush();
    }
}

/// The places in a window of sentences.
fn within<'p>(places: &'p [u32], window: &Range<usize>) -> &'p [u32] {
    let first = places.partition_point(|p| (*p as usize) < window.start);
    let end = first + places[first..].partition_point(|p| (*p as usize) < window.end);
    &places[first..end]
}

/// Room for [`WordSide::row`], and its result.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// By window's end and width (from 1): the log odds.
    pub odds: Vec<[f32; 4]>,
    products: Vec<[f64; 4]>,
    partnered: Vec<[f32; 4]>,
    sums: Vec<f32>,
}

impl Row {
    fn flush(&mut self) {
        for (odds, products) in self.odds.iter_mut().zip(&mut self.products) {
            for (odds, product) in odds.iter_mut().zip(products) {
                if *product != 1.0 {
                    *odds += product.ln() as f32;
                    *product = 1.0;
                }
            }
        }
    }
}

/// The log odds of words, for every cell of a band.
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
        let mut tables = WordTables { en: vec![[0.0; 4]; band.cells()], ar: vec![[0.0; 4]; band.cells()] };
        let mut row = Row::default();
        for (j, reach) in en_reach.iter().enumerate() {
            en.row(j, ar, reach, &mut row);
            for (end, odds) in (reach.start + 1..).zip(&row.odds) {
                if let Some(at) = band.cell(end, j + 1) {
                    tables.en[at] = *odds;
                }
            }
        }
        for (i, reach) in ar_reach.iter().enumerate() {
            ar.row(i, en, reach, &mut row);
            for (end, odds) in (reach.start + 1..).zip(&row.odds) {
                if let Some(at) = band.cell(i + 1, end) {
                    tables.ar[at] = *odds;
                }
            }
        }
        tables
    }
}
