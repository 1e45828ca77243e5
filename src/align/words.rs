//! Words: how probable the words of one side are, given those of the other.
//!
//! IBM Model 1 (Brown et al. 1993, §4.2) as a likelihood ratio: each word comes from a word of the other side, as the lexicon
//! says, or from the language at large. That a word is frequent in the document counts, too, so that the subject of a text is
//! no proof of a link.

use super::band::Band;
use super::names::names;
use crate::lang::Lang;
use crate::lexicon::{Lexicon, Word, stem};
use crate::text::{Token, TokenKind};
use foldhash::{HashMap, HashMapExt};
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

/// The words of one side.
#[derive(Debug, Clone, Default)]
pub(super) struct WordSide {
    /// For each sentence its words' types and how often each stands in it, without those that have no link.
    sentences: Vec<Vec<(u32, u32)>>,
    /// How many words the first 0, 1, 2 … sentences have.
    sizes: Vec<f32>,
    /// For each type the sentences that have it, rising, one that has it twice twice.
    places: Vec<Vec<u32>>,
    /// For each type the types of the other side that it may come from, with P(type | other) / P(type).
    links: Vec<Vec<(u32, f32)>>,
}

/// The types of a side as they are gathered.
struct Gathered<'t> {
    sentences: Vec<Vec<u32>>,
    stems: Vec<String>,
    places: Vec<Vec<u32>>,
    /// For each type the first word of it, as written.
    written: Vec<&'t str>,
    /// Whether it has a capital letter: at all, and inside of a sentence.
    capital: Vec<(bool, bool)>,
}

fn gather<'t>(lang: Lang, side: &[Vec<Token<'t>>]) -> Gathered<'t> {
    let mut known: HashMap<&'t str, u32> = HashMap::new();
    let mut types: HashMap<String, u32> = HashMap::new();
    let mut gathered = Gathered {
        sentences: Vec::with_capacity(side.len()),
        stems: Vec::new(),
        places: Vec::new(),
        written: Vec::new(),
        capital: Vec::new(),
    };
    for (number, tokens) in side.iter().enumerate() {
        let mut words = Vec::new();
        for token in tokens.iter().filter(|t| t.kind == TokenKind::Word(lang)) {
            let kind = *known.entry(token.text).or_insert_with(|| {
                let stem = stem(lang, token.text);
                let next = gathered.stems.len() as u32;
                let kind = *types.entry(stem.clone()).or_insert(next);
                if kind == next {
                    gathered.stems.push(stem);
                    gathered.places.push(Vec::new());
                    gathered.written.push(token.text);
                    gathered.capital.push((false, false));
                }
                kind
            });
            if lang == Lang::En && token.text.starts_with(char::is_uppercase) {
                let capital = &mut gathered.capital[kind as usize];
                *capital = (true, capital.1 || !words.is_empty());
            }
            gathered.places[kind as usize].push(number as u32);
            words.push(kind);
        }
        gathered.sentences.push(words);
    }
    gathered
}

/// The words of both sides, linked by the lexicon.
pub(super) fn words(lexicon: &Lexicon, ar: &[Vec<Token<'_>>], en: &[Vec<Token<'_>>]) -> (WordSide, WordSide) {
    let (ar, en) = (gather(Lang::Ar, ar), gather(Lang::En, en));
    let found = |lang, side: &Gathered| -> Vec<Option<Word>> {
        side.stems.iter().map(|stem| lexicon.word(lang, stem)).collect()
    };
    let (ar_words, en_words) = (found(Lang::Ar, &ar), found(Lang::En, &en));
    let chance = |words: &[Option<Word>], side: &Gathered| -> Vec<f32> {
        let all: usize = side.sentences.iter().map(Vec::len).sum();
        let share = OWN_SHARE / (all as f32 + OTHERS);
        let frequency = |word: &Option<Word>| word.map_or(UNKNOWN, |word| word.frequency);
        words.iter().zip(&side.places).map(|(w, at)| frequency(w).max(share * at.len() as f32)).collect()
    };
    let (ar_chance, en_chance) = (chance(&ar_words, &ar), chance(&en_words, &en));
    let by_number: HashMap<u32, u32> =
        (0u32..).zip(&en_words).filter_map(|(kind, word)| Some((word.as_ref()?.number, kind))).collect();
    let mut ar_links: Vec<Vec<(u32, f32)>> = vec![Vec::new(); ar.stems.len()];
    let mut en_links: Vec<Vec<(u32, f32)>> = vec![Vec::new(); en.stems.len()];
    for (kind, word) in ar_words.iter().enumerate() {
        for translation in word.iter().flat_map(|word| lexicon.translations(*word)) {
            if let Some(&other) = by_number.get(&translation.en) {
                ar_links[kind].push((other, translation.ar_given_en / ar_chance[kind]));
                en_links[other as usize].push((kind as u32, translation.en_given_ar / en_chance[other as usize]));
            }
        }
    }
    // What the lexicon does not link may be a name.
    let unlinked = (0u32..).zip(&ar_links).filter(|(_, links)| links.is_empty());
    let ar_unlinked: Vec<(u32, &str)> = unlinked.map(|(kind, _)| (kind, ar.written[kind as usize])).collect();
    let en_capital: Vec<(u32, &str, bool)> = (0u32..)
        .zip(en.written.iter().zip(&en.capital))
        .filter(|(_, (_, capital))| capital.0)
        .map(|(kind, (word, capital))| (kind, *word, capital.1))
        .collect();
    for (ar_kind, en_kind, sure) in names(&ar_unlinked, &en_capital) {
        let probability = AS_NAME * sure * sure;
        ar_links[ar_kind as usize].push((en_kind, probability / ar_chance[ar_kind as usize]));
        en_links[en_kind as usize].push((ar_kind, probability / en_chance[en_kind as usize]));
    }
    (WordSide::new(ar, ar_links), WordSide::new(en, en_links))
}

impl WordSide {
    fn new(gathered: Gathered, links: Vec<Vec<(u32, f32)>>) -> WordSide {
        let mut sizes = vec![0.0];
        let mut size = 0.0;
        let sentences = gathered.sentences.into_iter().map(|mut words| {
            size += words.len() as f32;
            sizes.push(size);
            words.retain(|kind| !links[*kind as usize].is_empty());
            words.sort_unstable();
            words.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32)).collect()
        });
        let sentences = sentences.collect();
        WordSide { sentences, sizes, places: gathered.places, links }
    }

    /// Where words that stand in few sentences meet what they surely translate, as (sentence of `other`, own sentence,
    /// weight): the rarer the weightier.
    pub fn rare_meetings(&self, other: &WordSide) -> Vec<(usize, usize, f32)> {
        let mut points = Vec::new();
        for (own, links) in self.places.iter().zip(&self.links) {
            for &(from, ratio) in links {
                let theirs = &other.places[from as usize];
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
        let odds = self.sentences[sentence].iter().map(|&(kind, times)| {
            let sum: f32 = self.links[kind as usize]
                .iter()
                .map(|&(from, ratio)| ratio * within(&other.places[from as usize], window).len() as f32)
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
        let mut factors = 0;
        for &(kind, times) in &self.sentences[sentence] {
            row.sums.clear();
            row.sums.resize(cells, 0.0f32);
            let mut any = false;
            for &(from, ratio) in &self.links[kind as usize] {
                for &place in within(&other.places[from as usize], reach) {
                    row.sums[place as usize - reach.start] += ratio;
                    any = true;
                }
            }
            if !any {
                continue;
            }
            for _ in 0..times {
                let mut last = [0.0f32; 3];
                for ((sum, product), partnered) in row.sums.iter().zip(&mut row.products).zip(&row.partnered) {
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
