//! The scorer: a log-linear model of beads, whose weights were fitted to texts with known links.

use super::anchor::anchors;
use super::band::Band;
use super::feature::{FEATURES, Feature, Vector, Weights};
use super::habit::Habit;
use super::length::LengthModel;
use super::odds::{Chances, Gains, KINDS, KindWeights};
use super::scorer::{Cost, PairCost, Scorer};
use super::search::Link;
use super::words::{WordSide, WordTables, words};
use crate::corpus::furniture_look;
use crate::lexicon::Lexicon;
use crate::segment::{Document, split};
use crate::text::{Token, tokens};
use std::borrow::Cow;
use std::ops::{AddAssign, Range};
use std::sync::LazyLock;

/// Scores beads by what they share: words as a lexicon knows them, numbers, dates, names and marks, lengths, paragraphs.
#[derive(Debug, Clone)]
pub struct LogLinear {
    /// How much each feature counts.
    pub weights: Weights,
    /// The lengths.
    pub length: LengthModel,
    /// The anchors.
    pub chances: Chances,
    /// The words.
    pub lexicon: Cow<'static, Lexicon>,
}

impl Default for LogLinear {
    /// The weights and the lexicon that are part of the crate.
    fn default() -> LogLinear {
        static WEIGHTS: LazyLock<Weights> =
            LazyLock::new(|| Weights::parse(include_str!("weights.txt")).expect("a test reads the weights that ship"));
        LogLinear {
            weights: WEIGHTS.clone(),
            length: LengthModel::default(),
            chances: Chances::default(),
            lexicon: Cow::Borrowed(Lexicon::shipped()),
        }
    }
}

impl Scorer for LogLinear {
    fn prepare<'a>(&'a self, ar: &'a Document, en: &'a Document) -> Box<dyn PairCost + 'a> {
        Box::new(self.ready(ar, en))
    }

    fn lexicon(&self) -> Option<&Lexicon> {
        Some(&self.lexicon)
    }

    fn with_lexicon(&self, lexicon: Lexicon) -> Option<Box<dyn Scorer + '_>> {
        Some(Box::new(LogLinear { lexicon: Cow::Owned(lexicon), ..self.clone() }))
    }
}

impl LogLinear {
    pub(super) fn ready<'a>(&'a self, ar: &'a Document, en: &'a Document) -> Prepared<'a> {
        let side = |document: &'a Document| -> Vec<Vec<Token<'a>>> { document.sentences().map(tokens).collect() };
        let (ar_tokens, en_tokens) = (side(ar), side(en));
        let (ar_side, en_side) = anchors(&ar_tokens, &en_tokens);
        let (ar_words, en_words) = words(&self.lexicon, &ar_tokens, &en_tokens);
        let kinds = self.kind_weights();
        let (ar_length, en_length) = (lengths(ar), lengths(en));
        let mut length = self.length.clone();
        length.ratio = document_ratio(length.ratio, total(&ar_length), total(&en_length));
        Prepared {
            ar: Gains::new(ar_side, en.len(), &self.chances, kinds),
            en: Gains::new(en_side, ar.len(), &self.chances, kinds),
            ar_words,
            en_words,
            ar_length,
            en_length,
            ar_opens: openings(ar),
            en_opens: openings(en),
            ar_furniture: furniture(ar),
            en_furniture: furniture(en),
            ar_split: splits(ar),
            en_split: splits(en),
            length,
            habit: Habit::default(),
            scorer: self,
            tables: None,
        }
    }

    fn kind_weights(&self) -> KindWeights {
        KIND_FEATURES.map(|feature| self.weights.of(feature))
    }
}

/// The features of the kinds of anchors.
const KIND_FEATURES: [Feature; KINDS] = [
    Feature::Number,
    Feature::NumberWord,
    Feature::Date,
    Feature::Latin,
    Feature::Address,
    Feature::Question,
    Feature::Mark,
];

/// The sums of the first 0, 1, 2 … values.
fn sums<T: Copy + Default + AddAssign>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut sum = T::default();
    let mut sums = vec![sum];
    sums.extend(values.map(|value| {
        sum += value;
        sum
    }));
    sums
}

/// Lengths of the first 0, 1, 2 … sentences.
fn lengths(document: &Document) -> Vec<f64> {
    sums(document.sentences().map(|sentence| f64::from(LengthModel::length(sentence))))
}

fn total(sums: &[f64]) -> f64 {
    sums.last().copied().unwrap_or_default()
}

/// How many sentences the first 0, 1, 2 … segments have, as splitting would count them.
fn splits(document: &Document) -> Vec<u32> {
    sums(document.sentences().map(|text| split(document.lang(), text).len() as u32))
}

/// How much the first 0, 1, 2 … sentences look like page furniture.
fn furniture(document: &Document) -> Vec<f32> {
    sums(document.sentences().map(furniture_look))
}

/// The usual ratio, moved towards the document's own: half the way for a long one, hardly for a few lines (of which one
/// without partner makes any ratio); never far from the usual one.
fn document_ratio(usual: f32, ar: f64, en: f64) -> f32 {
    let own = if ar > 0.0 { (en / ar) as f32 } else { usual };
    let trust = 0.5 * (en / (en + 400.0)) as f32;
    usual + trust * (own.clamp(0.7 * usual, 1.4 * usual) - usual)
}

/// Whether each sentence begins a paragraph.
fn openings(document: &Document) -> Vec<bool> {
    let segments = document.segments();
    (0..segments.len()).map(|i| i == 0 || segments[i].paragraph != segments[i - 1].paragraph).collect()
}

/// The pair at hand.
pub(super) struct Prepared<'a> {
    scorer: &'a LogLinear,
    ar: Gains<'a>,
    en: Gains<'a>,
    ar_words: WordSide,
    en_words: WordSide,
    ar_length: Vec<f64>,
    en_length: Vec<f64>,
    ar_opens: Vec<bool>,
    en_opens: Vec<bool>,
    ar_furniture: Vec<f32>,
    en_furniture: Vec<f32>,
    ar_split: Vec<u32>,
    en_split: Vec<u32>,
    length: LengthModel,
    habit: Habit,
    tables: Option<Tables>,
}

/// Log odds of single sentences against windows, for every cell of a band.
struct Tables {
    band: Band,
    /// Anchors, weighted. At cell (i, j), width w: English sentence j − 1 against the w Arabic sentences before i.
    en: Vec<[f32; 4]>,
    /// At cell (i, j), width w: Arabic sentence i − 1 against the w English sentences before j.
    ar: Vec<[f32; 4]>,
    words: WordTables,
    /// The logarithms of the lengths of windows, by where they begin.
    ar_logs: Vec<[f32; 4]>,
    en_logs: Vec<[f32; 4]>,
}

impl Prepared<'_> {
    pub fn habit(&self) -> Habit {
        self.habit
    }

    pub fn set_habit(&mut self, habit: Habit) {
        self.habit = habit;
    }

    /// The features of a bead, reckoned one by one: what [`PairCost::cost`] must agree with.
    pub fn features(&self, ar: &Range<usize>, en: &Range<usize>) -> Vector {
        let mut x = [0.0; FEATURES];
        let mut set = |feature: Feature, value: f32| x[feature as usize] = value;
        if ar.is_empty() || en.is_empty() {
            set(if en.is_empty() { Feature::AloneAr } else { Feature::AloneEn }, 1.0);
            set(Feature::AloneLength, self.alone_length(ar, en));
            set(Feature::AloneHabit, self.habit.alone);
            set(Feature::AloneFurniture, self.furniture(ar, en));
            return x;
        }
        if let Some((feature, value)) = shape(ar.len(), en.len()) {
            set(feature, value);
            set(Feature::MergedHabit, self.habit.merged);
        }
        set(Feature::Length, self.length_odds(ar, en));
        let (en_words, ar_words) = self.word_odds(ar, en);
        let (en_count, ar_count) = (self.en_words.count(en), self.ar_words.count(ar));
        set(Feature::WordsEn, en_words);
        set(Feature::WordsAr, ar_words);
        set(Feature::CountEn, en_count);
        set(Feature::CountAr, ar_count);
        set(Feature::WordsFree, self.habit.free * (en_words + ar_words));
        set(Feature::CountFree, self.habit.free * (en_count + ar_count));
        let (opening, crossing) = self.paragraphs(ar, en);
        set(Feature::Opening, opening);
        set(Feature::Crossing, crossing);
        set(Feature::Sentences, self.sentences(ar, en));
        let mut kinds = [0.0; KINDS];
        let mut add = |odds: KindWeights| kinds.iter_mut().zip(odds).for_each(|(sum, odds)| *sum += 0.5 * odds);
        en.clone().for_each(|j| add(self.en.odds(j, ar.clone())));
        ar.clone().for_each(|i| add(self.ar.odds(i, en.clone())));
        KIND_FEATURES.iter().zip(kinds).for_each(|(feature, odds)| set(*feature, odds));
        x
    }

    fn alone_length(&self, ar: &Range<usize>, en: &Range<usize>) -> f32 {
        let length = if en.is_empty() { between(&self.ar_length, ar) } else { between(&self.en_length, en) };
        ((length + 1.0) / 100.0).ln()
    }

    fn length_odds(&self, ar: &Range<usize>, en: &Range<usize>) -> f32 {
        let (ar_length, en_length) = (between(&self.ar_length, ar), between(&self.en_length, en));
        let known = self.tables.as_ref().and_then(|tables| {
            let (ar_log, en_log) =
                (tables.ar_logs[ar.start].get(ar.len() - 1)?, tables.en_logs[en.start].get(en.len() - 1)?);
            Some(en_log - ar_log)
        });
        match known {
            Some(log_ratio) => self.length.odds_of(log_ratio, ar_length, en_length),
            None => self.length.odds(ar_length, en_length),
        }
    }

    /// The logarithms of the lengths of all windows of one to four sentences, by where they begin: Arabic, English.
    fn length_logs(&self) -> (Vec<[f32; 4]>, Vec<[f32; 4]>) {
        let windows = |sums: &[f64], log: &dyn Fn(f32) -> f32| -> Vec<[f32; 4]> {
            let last = sums.len() - 1;
            let window =
                |start: usize| std::array::from_fn(|w| log(between(sums, &(start..(start + w + 1).min(last)))));
            (0..last).map(window).collect()
        };
        let ar = windows(&self.ar_length, &|length| self.length.logs(length, 0.0).0);
        (ar, windows(&self.en_length, &|length| self.length.logs(0.0, length).1))
    }

    /// The log odds of the English words and of the Arabic ones.
    fn word_odds(&self, ar: &Range<usize>, en: &Range<usize>) -> (f32, f32) {
        let looked_up = self.tables.as_ref().and_then(|tables| {
            let en_sum = tables.sum_en(&tables.words.en, ar, en)?;
            Some((en_sum, tables.sum_ar(&tables.words.ar, ar, en)?))
        });
        looked_up.unwrap_or_else(|| {
            let en_sum = en.clone().map(|j| self.en_words.odds(j, &self.ar_words, ar)).sum();
            (en_sum, ar.clone().map(|i| self.ar_words.odds(i, &self.en_words, en)).sum())
        })
    }

    /// The weighted log odds of the anchors.
    fn anchor_odds(&self, ar: &Range<usize>, en: &Range<usize>) -> f32 {
        let looked_up = self
            .tables
            .as_ref()
            .and_then(|tables| Some(0.5 * (tables.sum_en(&tables.en, ar, en)? + tables.sum_ar(&tables.ar, ar, en)?)));
        looked_up.unwrap_or_else(|| {
            let weights = self.scorer.kind_weights();
            let weigh = |odds: KindWeights| -> f32 { odds.iter().zip(weights).map(|(x, w)| w * x).sum() };
            let en_sum: f32 = en.clone().map(|j| weigh(self.en.odds(j, ar.clone()))).sum();
            let ar_sum: f32 = ar.clone().map(|i| weigh(self.ar.odds(i, en.clone()))).sum();
            0.5 * (en_sum + ar_sum)
        })
    }

    fn paragraphs(&self, ar: &Range<usize>, en: &Range<usize>) -> (f32, f32) {
        let opening = match (self.ar_opens[ar.start], self.en_opens[en.start]) {
            (true, true) => 1.0,
            (false, false) => 0.0,
            _ => -1.0,
        };
        let crossed = |opens: &[bool], range: &Range<usize>| opens[range.start + 1..range.end].iter().any(|o| *o);
        (opening, f32::from(u8::from(crossed(&self.ar_opens, ar) || crossed(&self.en_opens, en))))
    }

    /// How much the sentences of a bead look like page furniture.
    fn furniture(&self, ar: &Range<usize>, en: &Range<usize>) -> f32 {
        let sum = |sums: &[f32], range: &Range<usize>| sums[range.end] - sums[range.start];
        sum(&self.ar_furniture, ar) + sum(&self.en_furniture, en)
    }

    fn sentences(&self, ar: &Range<usize>, en: &Range<usize>) -> f32 {
        let count = |sums: &[u32], range: &Range<usize>| sums[range.end] - sums[range.start];
        count(&self.ar_split, ar).abs_diff(count(&self.en_split, en)) as f32
    }

    /// What the content of a bead with two sides says, weighted: all but its shape.
    fn content(&self, ar: &Range<usize>, en: &Range<usize>) -> f32 {
        let w = |feature| self.scorer.weights.of(feature);
        let (en_words, ar_words) = self.word_odds(ar, en);
        let (en_count, ar_count) = (self.en_words.count(en), self.ar_words.count(ar));
        let (opening, crossing) = self.paragraphs(ar, en);
        let free = self.habit.free;
        self.anchor_odds(ar, en)
            + (w(Feature::WordsEn) + free * w(Feature::WordsFree)) * en_words
            + (w(Feature::WordsAr) + free * w(Feature::WordsFree)) * ar_words
            + (w(Feature::CountEn) + free * w(Feature::CountFree)) * en_count
            + (w(Feature::CountAr) + free * w(Feature::CountFree)) * ar_count
            + w(Feature::Length) * self.length_odds(ar, en)
            + w(Feature::Opening) * opening
            + w(Feature::Crossing) * crossing
            + w(Feature::Sentences) * self.sentences(ar, en)
    }
}

fn between(sums: &[f64], range: &Range<usize>) -> f32 {
    (sums[range.end] - sums[range.start]) as f32
}

/// The feature of a shape that is not 1-1, and its value.
fn shape(ar: usize, en: usize) -> Option<(Feature, f32)> {
    let feature = match (ar, en) {
        (1, 1) => return None,
        (1, 2) => Feature::OneTwo,
        (2, 1) => Feature::TwoOne,
        (1, 3) => Feature::OneThree,
        (3, 1) => Feature::ThreeOne,
        (1, 4) | (4, 1) => Feature::OneFour,
        (1, n) | (n, 1) => return Some((Feature::OneMany, 1.0 + 0.25 * (n as f32 - 4.0))),
        (2, 2) => Feature::TwoTwo,
        (2, 3) | (3, 2) => Feature::TwoThree,
        _ => Feature::Greater,
    };
    Some((feature, 1.0))
}

impl Tables {
    /// The sum over the English sentences of a bead; `None` outside the band, and for windows of more than four.
    fn sum_en(&self, table: &[[f32; 4]], ar: &Range<usize>, en: &Range<usize>) -> Option<f32> {
        let mut sum = 0.0;
        for j in en.clone() {
            sum += table[self.band.cell(ar.end, j + 1)?].get(ar.len() - 1)?;
        }
        Some(sum)
    }

    fn sum_ar(&self, table: &[[f32; 4]], ar: &Range<usize>, en: &Range<usize>) -> Option<f32> {
        let mut sum = 0.0;
        for i in ar.clone() {
            sum += table[self.band.cell(i + 1, en.end)?].get(en.len() - 1)?;
        }
        Some(sum)
    }
}

impl PairCost for Prepared<'_> {
    fn cost(&self, ar: Range<usize>, en: Range<usize>) -> Cost {
        let w = |feature| self.scorer.weights.of(feature);
        if ar.is_empty() || en.is_empty() {
            let side = if en.is_empty() { Feature::AloneAr } else { Feature::AloneEn };
            return Cost(
                -(w(side)
                    + w(Feature::AloneLength) * self.alone_length(&ar, &en)
                    + w(Feature::AloneHabit) * self.habit.alone
                    + w(Feature::AloneFurniture) * self.furniture(&ar, &en)),
            );
        }
        let shape = shape(ar.len(), en.len())
            .map_or(0.0, |(feature, value)| w(feature) * value + w(Feature::MergedHabit) * self.habit.merged);
        Cost(-(shape + self.content(&ar, &en)))
    }

    fn evidence(&self, ar: Range<usize>, en: Range<usize>) -> Cost {
        if ar.is_empty() || en.is_empty() {
            return Cost(0.0);
        }
        Cost(-self.content(&ar, &en))
    }

    fn guide(&self) -> Vec<(usize, usize)> {
        // Anchors and words that stand in few sentences of either side, the rarer the weightier.
        let mut points = self.en_words.rare_meetings(&self.ar_words);
        for anchor in self.en.anchors() {
            let meetings = anchor.own.len() * anchor.other.len();
            if meetings <= 4 {
                for &own in &anchor.own {
                    points.extend(anchor.other.iter().map(|o| (o.0 as usize, own as usize, o.1 / meetings as f32)));
                }
            }
        }
        super::guide::heaviest_chain(super::guide::supported(points))
    }

    fn focus(&mut self, band: &Band) {
        let band = &band.touched();
        // A sentence's reach: all boundaries of the rows or columns that a bead with it may touch. Rows never step back.
        let rows = |i: usize| band.row(i.saturating_sub(3)).start..band.row((i + 4).min(band.ar())).end - 1;
        self.ar.focus((0..band.ar()).map(rows).collect());
        let (mut low, mut high) = (0, 0);
        let columns = |j: usize| {
            while high <= band.ar() && band.row(high).start <= j + 4 {
                high += 1;
            }
            while low < band.ar() && band.row(low).end + 3 <= j {
                low += 1;
            }
            low.min(high - 1)..high - 1
        };
        self.en.focus((0..band.en()).map(columns).collect());
        let words = WordTables::new(&self.ar_words, &self.en_words, band, self.ar.reach(), self.en.reach());
        let empty = || vec![[0.0; 4]; band.cells()];
        let (ar_logs, en_logs) = self.length_logs();
        let mut tables = Tables { band: band.clone(), en: empty(), ar: empty(), words, ar_logs, en_logs };
        for i in 0..=band.ar() {
            for j in band.row(i) {
                if let Some(at) = band.cell(i, j) {
                    tables.en[at] = [j.checked_sub(1).map_or(0.0, |j| self.en.bare(j)); 4];
                    tables.ar[at] = [i.checked_sub(1).map_or(0.0, |i| self.ar.bare(i)); 4];
                }
            }
        }
        for j in 0..band.en() {
            self.en.each(j, |end, width, gain| {
                if let Some(at) = band.cell(end, j + 1) {
                    tables.en[at][width - 1] += gain;
                }
            });
        }
        for i in 0..band.ar() {
            self.ar.each(i, |end, width, gain| {
                if let Some(at) = band.cell(i + 1, end) {
                    tables.ar[at][width - 1] += gain;
                }
            });
        }
        self.tables = Some(tables);
    }

    fn adapt(&mut self, links: &[Link]) {
        let full = || links.iter().filter(|l| !l.0.is_empty() && !l.1.is_empty());
        let per_word = full().map(|(ar, en)| {
            let (en_words, ar_words) = self.word_odds(ar, en);
            (en_words + ar_words) / (self.en_words.count(en) + self.ar_words.count(ar) + 2.0)
        });
        self.habit = Habit::of(links, per_word.collect());
        let linked = |sums: &[f64], side: fn(&Link) -> &Range<usize>| -> f64 {
            full().map(|l| f64::from(between(sums, side(l)))).sum()
        };
        let (ar, en) = (linked(&self.ar_length, |l| &l.0), linked(&self.en_length, |l| &l.1));
        self.length.ratio = document_ratio(self.scorer.length.ratio, ar, en);
        let (ar_logs, en_logs) = self.length_logs();
        if let Some(tables) = &mut self.tables {
            (tables.ar_logs, tables.en_logs) = (ar_logs, en_logs);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::search::SHAPES;
    use super::*;
    use crate::lang::Lang;
    use proptest::prelude::*;

    #[test]
    fn the_weights_that_ship_are_read() {
        let weights = LogLinear::default().weights;
        assert!(weights.of(Feature::WordsEn) > 0.0 && weights.of(Feature::AloneAr) < 0.0, "{weights:?}");
        assert_eq!(Weights::parse(&weights.to_string()).map(|w| w.to_string()), Some(weights.to_string()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn tables_say_what_the_slow_way_says(
            ar in prop::collection::vec("(بايدن|وبَايْدِن|لندن|كتاب|الكِتاب|إعلان|١٢|12|Firefox|؟|\"| ){1,6}ا", 1..8),
            en in prop::collection::vec("a (Biden|London|book|books|12|Firefox|\\?|\"| ){1,6}b", 1..8),
            width in 1usize..9,
        ) {
            let (ar, en) = (Document::from_lines(Lang::Ar, &ar.join("\n")), Document::from_lines(Lang::En, &en.join("\n\n")));
            let scorer = LogLinear::default();
            let mut quick = scorer.ready(&ar, &en);
            quick.focus(&Band::around(&[(0, 0), (ar.len(), en.len())], |_| width));
            let habit = Habit { alone: 0.7, merged: -0.3, free: 0.2 };
            quick.set_habit(habit);
            let mut slow = scorer.ready(&ar, &en);
            slow.focus(&Band::around(&[(0, 0), (ar.len(), en.len())], |_| width));
            slow.set_habit(habit);
            slow.tables = None;
            for i in 0..ar.len() {
                for j in 0..en.len() {
                    for (a, b) in SHAPES {
                        let (x, y) = (i..i + a, j..j + b);
                        if x.end > ar.len() || y.end > en.len() {
                            continue;
                        }
                        let expected = slow.features(&x, &y);
                        let (expected, found) = (-scorer.weights.dot(&expected), quick.cost(x.clone(), y.clone()).0);
                        prop_assert!((expected - found).abs() < 2e-3 * (1.0 + found.abs()), "{x:?} {y:?}: {expected} {found}");
                    }
                }
            }
        }
    }
}
