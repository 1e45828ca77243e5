//! The scorer: a log-linear model of beads, whose weights were fitted to texts with known links.

use super::band::Band;
use super::feature::{FEATURES, Feature, Vector, Weights};
use super::habit::Habit;
use super::length::LengthModel;
use super::notes::{Noted, Notes};
use super::odds::{Chances, Gains, KINDS, KindWeights};
use super::scorer::{Cost, PairCost, Region, Scorer};
use super::search::Link;
use super::window::{Window, Windows};
use super::words::{WordSide, WordTables, words};
use crate::lexicon::Lexicon;
use crate::segment::Document;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

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

    fn prepare_again<'a>(&'a self, ar: &'a Document, en: &'a Document, notes: &Notes) -> Box<dyn PairCost + 'a> {
        Box::new(self.ready_again(ar, en, notes))
    }

    fn lexicon(&self) -> Option<&Lexicon> {
        Some(&self.lexicon)
    }

    fn with_lexicon(&self, lexicon: Lexicon) -> Option<Box<dyn Scorer + '_>> {
        Some(Box::new(self.taught(lexicon)))
    }
}

impl LogLinear {
    pub(super) fn ready(&self, ar: &Document, en: &Document) -> Prepared<'_> {
        self.ready_again(ar, en, &Notes::default())
    }

    pub(super) fn ready_again(&self, ar: &Document, en: &Document, notes: &Notes) -> Prepared<'_> {
        self.with_notes(notes.of(ar, en).unwrap_or_else(|| Arc::new(Noted::pair(ar, en))))
    }

    /// The same by another lexicon.
    pub(super) fn taught(&self, lexicon: Lexicon) -> LogLinear {
        LogLinear { lexicon: Cow::Owned(lexicon), ..self.clone() }
    }

    fn with_notes(&self, noted: Arc<[Noted; 2]>) -> Prepared<'_> {
        let [ar, en] = &*noted;
        let (ar_words, en_words) = words(&self.lexicon, &ar.words, &en.words);
        let kinds = self.kind_weights();
        let mut length = self.length.clone();
        length.ratio = document_ratio(length.ratio, ar.whole_length(), en.whole_length());
        Prepared {
            ar: Gains::new(ar.anchors.clone(), en.words.len(), &self.chances, kinds),
            en: Gains::new(en.anchors.clone(), ar.words.len(), &self.chances, kinds),
            ar_words,
            en_words,
            spreads: spreads(&length),
            length,
            habit: Habit::default(),
            terms: self.terms(Habit::default()),
            scorer: self,
            tables: None,
            skimmed: None,
            noted,
        }
    }

    /// What counts for all beads of a document with these habits.
    fn terms(&self, habit: Habit) -> Terms {
        let w = |feature| self.weights.of(feature);
        let free = habit.free * w(Feature::CountFree);
        Terms {
            shapes: std::array::from_fn(|a| std::array::from_fn(|b| self.of_shape(a + 1, b + 1, habit))),
            words: [w(Feature::CountAr) + free, w(Feature::CountEn) + free],
            length: w(Feature::Length),
            opening: w(Feature::Opening),
            crossing: w(Feature::Crossing),
            sentences: w(Feature::Sentences),
            alone: w(Feature::AloneHabit) * habit.alone,
        }
    }

    /// What the shape of a bead with two sides says, weighted.
    fn of_shape(&self, ar: usize, en: usize, habit: Habit) -> f32 {
        let merged = self.weights.of(Feature::MergedHabit) * habit.merged;
        shape(ar, en).map_or(0.0, |(feature, value)| self.weights.of(feature) * value + merged)
    }

    fn kind_weights(&self) -> KindWeights {
        KIND_FEATURES.map(|feature| self.weights.of(feature))
    }
}

/// Characters of both sides of a bead up to which its length is looked up: most have less.
const SPREADS: usize = 2048;

/// [`LengthModel::spread`] of so many characters, which no document changes.
fn spreads(model: &LengthModel) -> Cow<'static, [[f32; 2]]> {
    static USUAL: LazyLock<Vec<[f32; 2]>> = LazyLock::new(|| all(&LengthModel::default()));
    fn all(model: &LengthModel) -> Vec<[f32; 2]> {
        (0..SPREADS).map(|both| model.spread(both as f32)).collect()
    }
    let is_usual = LengthModel { ratio: LengthModel::default().ratio, ..model.clone() } == LengthModel::default();
    if is_usual { Cow::Borrowed(&USUAL) } else { Cow::Owned(all(model)) }
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

/// The usual ratio, moved towards the document's own: half the way for a long one, hardly for a few lines (of which one
/// without partner makes any ratio); never far from the usual one.
fn document_ratio(usual: f32, ar: f64, en: f64) -> f32 {
    let own = if ar > 0.0 { (en / ar) as f32 } else { usual };
    let trust = 0.5 * (en / (en + 400.0)) as f32;
    usual + trust * (own.clamp(0.7 * usual, 1.4 * usual) - usual)
}

/// The pair at hand.
pub(super) struct Prepared<'a> {
    scorer: &'a LogLinear,
    noted: Arc<[Noted; 2]>,
    ar: Gains<'a>,
    en: Gains<'a>,
    ar_words: WordSide,
    en_words: WordSide,
    length: LengthModel,
    /// [`LengthModel::spread`] of so many characters.
    spreads: Cow<'static, [[f32; 2]]>,
    habit: Habit,
    terms: Terms,
    tables: Option<Tables>,
    skimmed: Option<Skimmed>,
}

/// What single pairs of sentences share, for every cell of a band.
struct Skimmed {
    band: Band,
    /// At cell (i, j), weighted: the words and those anchors that are found of Arabic sentence i − 1 and English sentence j − 1.
    shared: Vec<f32>,
    /// What sentences say by themselves.
    ar: Vec<Window>,
    en: Vec<Windows>,
}

/// Log odds of single sentences against windows, for every cell of a band.
struct Tables {
    band: Band,
    /// `None` where they are not kept apart, for they take as much memory as all else. Here and below no numbers (NaN) where nobody looked.
    words: Option<WordTables>,
    /// Words and anchors, weighted, at the same places.
    both: WordTables,
    /// What words weigh in it: English, Arabic.
    word_weights: [f32; 2],
    /// All windows of one to four sentences, by where they end; those that would begin before the text are the text's beginning.
    ar: Vec<[Window; 4]>,
    en: Vec<Windows>,
    /// What each sentence costs alone: [`Prepared::lonely`].
    ar_lonely: Vec<f32>,
    en_lonely: Vec<f32>,
}

/// What counts for all beads of a document: weights, and what its habits make of them.
#[derive(Debug, Clone, Copy)]
struct Terms {
    /// By how many Arabic and English sentences there are, one to four.
    shapes: [[f32; 4]; 4],
    /// Each word: Arabic, English.
    words: [f32; 2],
    length: f32,
    opening: f32,
    crossing: f32,
    sentences: f32,
    alone: f32,
}

impl Prepared<'_> {
    pub fn habit(&self) -> Habit {
        self.habit
    }

    pub fn set_habit(&mut self, habit: Habit) {
        self.habit = habit;
        self.terms = self.scorer.terms(habit);
        self.skimmed = None;
        let word_weights = self.word_weights();
        self.tables = self.tables.take().and_then(|mut tables| tables.weigh(word_weights).then_some(tables));
    }

    /// Makes the tables of a band. Anchors are as rare as they are within the reach of a sentence; no words are looked at but those within its
    /// part of that. Unless words are kept apart, the tables serve until the habit changes.
    fn make_tables(
        &mut self,
        band: Band,
        [ar, en]: [Vec<Range<usize>>; 2],
        [ar_part, en_part]: [Vec<Range<usize>>; 2],
        keep_words: bool,
    ) {
        // The old ones go before there are new ones.
        (self.tables, self.skimmed) = (None, None);
        self.ar.focus(ar);
        self.en.focus(en);
        let words = WordTables::new(&self.ar_words, &self.en_words, &band, &ar_part, &en_part);
        let (mut both, words) = if keep_words { (words.clone(), Some(words)) } else { (words, None) };
        let word_weights = self.word_weights();
        let [en_weight, ar_weight] = word_weights;
        for i in 0..=band.ar() {
            for j in band.row(i) {
                if let Some(at) = band.cell(i, j) {
                    let en_bare = 0.5 * j.checked_sub(1).map_or(0.0, |j| self.en.bare(j));
                    let ar_bare = 0.5 * i.checked_sub(1).map_or(0.0, |i| self.ar.bare(i));
                    both.en[at] = both.en[at].map(|odds| en_bare + en_weight * odds);
                    both.ar[at] = both.ar[at].map(|odds| ar_bare + ar_weight * odds);
                }
            }
        }
        for j in 0..band.en() {
            self.en.each(j, |end, width, gain| {
                if let Some(at) = band.cell(end, j + 1) {
                    both.en[at][width - 1] += 0.5 * gain;
                }
            });
        }
        for i in 0..band.ar() {
            self.ar.each(i, |end, width, gain| {
                if let Some(at) = band.cell(i + 1, end) {
                    both.ar[at][width - 1] += 0.5 * gain;
                }
            });
        }
        let count = self.noted.each_ref().map(|noted| noted.words.len());
        let windows = |count: usize, window: &dyn Fn(&Range<usize>) -> Window| -> Vec<[Window; 4]> {
            let of_width = |end: usize, width: usize| window(&(end.saturating_sub(width)..end));
            (1..=count).map(|end| std::array::from_fn(|width| of_width(end, width + 1))).collect()
        };
        let ar = windows(count[0], &|window| self.ar_window(window));
        let en = windows(count[1], &|window| self.en_window(window)).into_iter().map(Windows::from).collect();
        let ar_lonely = (0..count[0]).map(|i| self.lonely(&(i..i + 1), &(0..0))).collect();
        let en_lonely = (0..count[1]).map(|j| self.lonely(&(0..0), &(j..j + 1))).collect();
        self.tables = Some(Tables { band, words, both, word_weights, ar, en, ar_lonely, en_lonely });
    }

    /// What the log odds of an English and of an Arabic word weigh.
    fn word_weights(&self) -> [f32; 2] {
        let (w, free) =
            (|feature| self.scorer.weights.of(feature), self.habit.free * self.scorer.weights.of(Feature::WordsFree));
        [w(Feature::WordsEn) + free, w(Feature::WordsAr) + free]
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

    /// The length of what has no partner, as a feature.
    fn alone_length(&self, ar: &Range<usize>, en: &Range<usize>) -> f32 {
        let (ar, en) = self.lengths(ar, en);
        ((ar + en + 1.0) / 100.0).ln()
    }

    fn length_odds(&self, ar: &Range<usize>, en: &Range<usize>) -> f32 {
        let (ar, en) = self.lengths(ar, en);
        self.length.odds(ar, en)
    }

    fn lengths(&self, ar: &Range<usize>, en: &Range<usize>) -> (f32, f32) {
        (self.noted[0].length(ar), self.noted[1].length(en))
    }

    fn ar_window(&self, sentences: &Range<usize>) -> Window {
        Window::new(&self.noted[0], &self.ar_words, sentences, |length| self.length.logs(length, 0.0).0)
    }

    fn en_window(&self, sentences: &Range<usize>) -> Window {
        Window::new(&self.noted[1], &self.en_words, sentences, |length| self.length.logs(0.0, length).1)
    }

    /// What sentences without partner say, weighted, but for the document's habits.
    fn lonely(&self, ar: &Range<usize>, en: &Range<usize>) -> f32 {
        let w = |feature| self.scorer.weights.of(feature);
        w(if en.is_empty() { Feature::AloneAr } else { Feature::AloneEn })
            + w(Feature::AloneLength) * self.alone_length(ar, en)
            + w(Feature::AloneFurniture) * self.furniture(ar, en)
    }

    /// The log odds of the English words and of the Arabic ones.
    fn word_odds(&self, ar: &Range<usize>, en: &Range<usize>) -> (f32, f32) {
        let looked_up = self.tables.as_ref().and_then(|tables| {
            let words = tables.words.as_ref()?;
            Some((tables.sum_en(&words.en, ar, en)?, tables.sum_ar(&words.ar, ar, en)?))
        });
        looked_up.filter(|(en, ar)| !(en + ar).is_nan()).unwrap_or_else(|| {
            let en_sum = en.clone().map(|j| self.en_words.odds(j, &self.ar_words, ar)).sum();
            (en_sum, ar.clone().map(|i| self.ar_words.odds(i, &self.en_words, en)).sum())
        })
    }

    /// The weighted log odds of the anchors and of the words.
    fn shared(&self, ar: &Range<usize>, en: &Range<usize>) -> f32 {
        let looked_up = self.tables.as_ref().and_then(|tables| {
            let en_sum = tables.sum_en(&tables.both.en, ar, en)?;
            Some(en_sum + tables.sum_ar(&tables.both.ar, ar, en)?)
        });
        looked_up.filter(|sum| !sum.is_nan()).unwrap_or_else(|| {
            let weights = self.scorer.kind_weights();
            let weigh = |odds: KindWeights| -> f32 { odds.iter().zip(weights).map(|(x, w)| w * x).sum() };
            let en_sum: f32 = en.clone().map(|j| weigh(self.en.odds(j, ar.clone()))).sum();
            let ar_sum: f32 = ar.clone().map(|i| weigh(self.ar.odds(i, en.clone()))).sum();
            let ((en_words, ar_words), [en_weight, ar_weight]) = (self.word_odds(ar, en), self.word_weights());
            0.5 * (en_sum + ar_sum) + en_weight * en_words + ar_weight * ar_words
        })
    }

    /// [`Prepared::content`] of an Arabic and an English sentence, if the band was skimmed.
    fn at_sight(&self, i: usize, j: usize) -> Option<f32> {
        let Skimmed { band, shared, ar, en } = self.skimmed.as_ref()?;
        let shared = shared[band.cell(i + 1, j + 1)?] + 0.5 * (self.ar.bare(i) + self.en.bare(j));
        Some(shared + self.beside_words(&ar[i], &en[j])[0])
    }

    fn paragraphs(&self, ar: &Range<usize>, en: &Range<usize>) -> (f32, f32) {
        let [ar_noted, en_noted] = &*self.noted;
        let opening = match (ar_noted.opens(ar.start), en_noted.opens(en.start)) {
            (true, true) => 1.0,
            (false, false) => 0.0,
            _ => -1.0,
        };
        (opening, f32::from(u8::from(ar_noted.is_crossed(ar) || en_noted.is_crossed(en))))
    }

    /// How much the sentences of a bead look like page furniture.
    fn furniture(&self, ar: &Range<usize>, en: &Range<usize>) -> f32 {
        self.noted[0].furniture(ar) + self.noted[1].furniture(en)
    }

    fn sentences(&self, ar: &Range<usize>, en: &Range<usize>) -> f32 {
        self.noted[0].splits(ar).abs_diff(self.noted[1].splits(en)) as f32
    }

    /// What the content of a bead with two sides says, weighted: all but its shape.
    fn content(&self, ar: &Range<usize>, en: &Range<usize>) -> f32 {
        let known = self.tables.as_ref().and_then(|tables| {
            let window = tables.ar[ar.end - 1].get(ar.len() - 1)?;
            self.beside_words(window, &tables.en[en.end - 1]).get(en.len() - 1).copied()
        });
        let beside =
            known.unwrap_or_else(|| self.beside_words(&self.ar_window(ar), &Windows::from([self.en_window(en); 4]))[0]);
        self.shared(ar, en) + beside
    }

    /// What a window and each of four others say as the sides of a bead, weighted, but for what they share.
    #[inline(always)]
    fn beside_words(&self, ar: &Window, en: &Windows) -> [f32; 4] {
        let Terms { words: [ar_word, en_word], length, opening, crossing, sentences, .. } = self.terms;
        // Lengths are counts.
        let mut of_length = [[0.0; 2]; 4];
        for (of_length, en_length) in of_length.iter_mut().zip(en.length) {
            let both = ar.length + en_length;
            *of_length = self.spreads.get(both as usize).copied().unwrap_or_else(|| self.length.spread(both));
        }
        let mut beside = [0.0; 4];
        for (b, beside) in beside.iter_mut().enumerate() {
            let log_ratio = en.log[b] - ar.log;
            let [spread, rarity] = of_length[b];
            let (x, y) = (ar.opens, en.opens[b]);
            *beside = en_word * en.words[b]
                + ar_word * ar.words
                + length * (log_ratio * log_ratio * spread + rarity)
                // As `paragraphs` has it: 1 if both do, 0 if none does, else -1.
                + opening * (3.0 * x * y - x - y)
                + crossing * ar.crossed.max(en.crossed[b])
                + sentences * (ar.splits - en.splits[b]).abs();
        }
        beside
    }
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

/// For each Arabic and each English sentence all boundaries of the rows or columns that a bead with it may touch.
fn reaches(band: &Band) -> [Vec<Range<usize>>; 2] {
    // Rows never step back.
    let rows = |i: usize| band.row(i.saturating_sub(3)).start..band.row((i + 4).min(band.ar())).end - 1;
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
    [(0..band.ar()).map(rows).collect(), (0..band.en()).map(columns).collect()]
}

impl Tables {
    /// Lets words weigh so much; `false` where they can not be told from anchors any more.
    fn weigh(&mut self, word_weights: [f32; 2]) -> bool {
        let [en, ar] = [0, 1].map(|side| word_weights[side] - self.word_weights[side]);
        let Some(words) = &self.words else { return en == 0.0 && ar == 0.0 };
        for (both, words, more) in [(&mut self.both.en, &words.en, en), (&mut self.both.ar, &words.ar, ar)] {
            for (both, words) in both.iter_mut().zip(words) {
                both.iter_mut().zip(words).for_each(|(both, odds)| *both += more * odds);
            }
        }
        self.word_weights = word_weights;
        true
    }

    /// What is shared, weighted, by the beads that lead to a cell, as far as they lie in the band: what its one to four English sentences say
    /// of one to four Arabic ones, and the other way round.
    fn sums_before(&self, ar: usize, en: usize) -> [Sums; 2] {
        let mut sums = [Sums::default(); 2];
        let Some(at) = self.band.cell(ar, en) else { return sums };
        for k in 0..(en - self.band.row(ar).start + 1).min(en).min(4) {
            sums[0].add(&self.both.en[at - k]);
        }
        for k in 0..ar.min(4) {
            let Some(at) = self.band.cell(ar - k, en) else { break };
            sums[1].add(&self.both.ar[at]);
        }
        sums
    }

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

/// Of one, two, three and four sentences of a side, what they say of one to four of the other one.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    of: [[f32; 4]; 4],
    /// How many are known.
    known: usize,
}

impl Sums {
    /// With one sentence more.
    fn add(&mut self, odds: &[f32; 4]) {
        let before = self.known.checked_sub(1).map_or([0.0; 4], |last| self.of[last]);
        self.of[self.known] = std::array::from_fn(|width| before[width] + odds[width]);
        self.known += 1;
    }
}

/// Links that tell how freely a document is translated, at most, where it is not read as a whole.
const SAMPLE: usize = 48;

fn has_both((ar, en): &&Link) -> bool {
    !ar.is_empty() && !en.is_empty()
}

impl Prepared<'_> {
    /// Lets what is usual follow the links of the document; what is said of words, every so many of them.
    fn follow(&mut self, links: &[Link], every: usize) {
        let full = || links.iter().filter(has_both);
        let per_word = full().step_by(every).map(|(ar, en)| {
            let (en_words, ar_words) = self.word_odds(ar, en);
            (en_words + ar_words) / (self.en_words.count(en) + self.ar_words.count(ar) + 2.0)
        });
        self.habit = Habit::of(links, per_word.collect());
        self.terms = self.scorer.terms(self.habit);
        let (mut ar, mut en) = (0.0, 0.0);
        for lengths in full().map(|(ar, en)| self.lengths(ar, en)) {
            (ar, en) = (ar + f64::from(lengths.0), en + f64::from(lengths.1));
        }
        self.length.ratio = document_ratio(self.scorer.length.ratio, ar, en);
    }
}

impl PairCost for Prepared<'_> {
    /// The slow twin is [`Prepared::cost`] of each.
    fn costs_before(&self, (ar, en): (usize, usize), shapes: &[(usize, usize)], costs: &mut [f32]) {
        let all = self.tables.as_ref().filter(|_| ar > 0 && en > 0).map(|tables| {
            let [en_sums, ar_sums] = tables.sums_before(ar, en);
            let en_windows = &tables.en[en - 1];
            let mut all = tables.ar[ar - 1].each_ref().map(|window| self.beside_words(window, en_windows));
            for (a, all) in all.iter_mut().enumerate() {
                for (b, sum) in all.iter_mut().enumerate() {
                    *sum += self.terms.shapes[a][b] + (en_sums.of[b][a] + ar_sums.of[a][b]);
                }
            }
            (all, [ar_sums.known, en_sums.known])
        });
        for (cost, &(a, b)) in costs.iter_mut().zip(shapes) {
            let (Some(i), Some(j)) = (ar.checked_sub(a), en.checked_sub(b)) else { continue };
            let known = match (a, b) {
                (0, 1) => self.tables.as_ref().map(|tables| tables.en_lonely[en - 1] + self.terms.alone),
                (1, 0) => self.tables.as_ref().map(|tables| tables.ar_lonely[ar - 1] + self.terms.alone),
                _ => all.as_ref().filter(|(_, known)| a <= known[0] && b <= known[1]).map(|(all, _)| all[a - 1][b - 1]),
            };
            *cost = known.filter(|sum| !sum.is_nan()).map_or_else(|| self.cost(i..ar, j..en).0, |sum| -sum);
        }
    }

    fn cost(&self, ar: Range<usize>, en: Range<usize>) -> Cost {
        if ar.is_empty() || en.is_empty() {
            return Cost(-(self.lonely(&ar, &en) + self.terms.alone));
        }
        Cost(-(self.scorer.of_shape(ar.len(), en.len(), self.habit) + self.content(&ar, &en)))
    }

    fn evidence(&self, ar: Range<usize>, en: Range<usize>) -> Cost {
        if ar.is_empty() || en.is_empty() {
            return Cost(0.0);
        }
        let is_single = (ar.len(), en.len()) == (1, 1);
        let at_sight = if is_single { self.at_sight(ar.start, en.start) } else { None };
        Cost(-at_sight.unwrap_or_else(|| self.content(&ar, &en)))
    }

    fn guide(&self) -> Vec<(usize, usize)> {
        // Anchors and words that stand in few sentences of either side, the rarer the weightier.
        let mut points = self.en_words.rare_meetings(&self.ar_words);
        for anchor in self.en.anchors() {
            let meetings = anchor.own.len() * anchor.other.len();
            if meetings <= 4 {
                for &own in &anchor.own {
                    points.extend(anchor.other.iter().map(|o| (*o as usize, own as usize, 1.0 / meetings as f32)));
                }
            }
        }
        super::guide::heaviest_chain(super::guide::supported(points))
    }

    fn skim(&mut self, band: &Band) {
        (self.tables, self.skimmed) = (None, None);
        let [ar_reach, en_reach] = reaches(&band.touched());
        let mut shared = vec![0.0; band.cells()];
        let mut add = |i: usize, j: usize, odds: f32| {
            if let Some(at) = band.cell(i + 1, j + 1) {
                shared[at] += odds;
            }
        };
        let [en_weight, ar_weight] = self.word_weights();
        let (ar_words, en_words) = (&self.ar_words, &self.en_words);
        let mut row = ar_words.row(1);
        for (j, reach) in en_reach.iter().enumerate() {
            en_words.all_odds(j, reach, &mut row);
            reach.clone().zip(&row.odds).for_each(|(i, odds)| add(i, j, en_weight * odds[0]));
        }
        let mut row = en_words.row(1);
        for (i, reach) in ar_reach.iter().enumerate() {
            ar_words.all_odds(i, reach, &mut row);
            reach.clone().zip(&row.odds).for_each(|(j, odds)| add(i, j, ar_weight * odds[0]));
        }
        self.ar.focus(ar_reach);
        self.en.focus(en_reach);
        (0..band.en()).for_each(|j| self.en.each_single(j, |i, gain| add(i, j, 0.5 * gain)));
        (0..band.ar()).for_each(|i| self.ar.each_single(i, |j, gain| add(i, j, 0.5 * gain)));
        let ar = (0..band.ar()).map(|i| self.ar_window(&(i..i + 1))).collect();
        let en = (0..band.en()).map(|j| Windows::from([self.en_window(&(j..j + 1)); 4])).collect();
        self.skimmed = Some(Skimmed { band: band.clone(), shared, ar, en });
    }

    fn focus(&mut self, band: &Band) {
        let touched = band.touched();
        let reaches = reaches(&touched);
        self.make_tables(touched, reaches.clone(), reaches, !band.is_large());
    }

    fn focus_within(&mut self, band: &Band, part: &Band) {
        let part = part.touched();
        let within = reaches(&part);
        self.make_tables(part, reaches(&band.touched()), within, true);
    }

    fn notes(&self) -> Notes {
        Notes::from(self.noted.clone())
    }

    fn focus_on(&mut self, band: &Band, regions: &[Region], links: &[Link]) {
        (self.tables, self.skimmed) = (None, None);
        let full = links.iter().filter(has_both).count();
        self.follow(links, full.div_ceil(SAMPLE).max(1));
        let part = band.within(regions.iter().map(|region| (&region.ar, &region.en)), links).touched();
        let [mut ar_part, mut en_part] = reaches(&part);
        for (parts, side) in [(&mut ar_part, 0), (&mut en_part, 1)] {
            let mut sides = regions.iter().map(|region| [&region.ar, &region.en][side]).peekable();
            for (sentence, reach) in parts.iter_mut().enumerate() {
                while sides.next_if(|side| side.end <= sentence).is_some() {}
                if sides.peek().is_none_or(|side| !side.contains(&sentence)) {
                    reach.end = reach.start;
                }
            }
        }
        self.make_tables(part, reaches(&band.touched()), [ar_part, en_part], false);
    }

    fn adapt(&mut self, links: &[Link]) {
        self.follow(links, 1);
        if let Some(tables) = &mut self.tables {
            // The ratio of the lengths is in those of the Arabic side alone.
            tables.ar.iter_mut().flatten().for_each(|window| window.log = self.length.logs(window.length, 0.0).0);
        }
        self.set_habit(self.habit);
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

    /// Slow twin: the features one by one.
    #[test]
    fn a_large_band_costs_the_same_before_and_after_it_adapts() {
        let lines = |texts: [&str; 3]| (0..1450).map(|n| format!("{} {n}\n", texts[n % 3])).collect::<String>();
        let ar = Document::from_lines(Lang::Ar, &lines(["كتاب.", "وصل بايدن.", "بيت كبير؟"]));
        let en = Document::from_lines(Lang::En, &lines(["A book.", "Biden arrived.", "A big house?"]));
        let scorer = LogLinear::default();
        let mut prepared = scorer.ready(&ar, &en);
        let agrees = |prepared: &Prepared<'_>| {
            for bead in [(0..1, 0..1), (7..9, 7..8), (700..702, 702..705), (1449..1450, 1449..1450)] {
                let slow = -scorer.weights.dot(&prepared.features(&bead.0, &bead.1));
                let found = prepared.cost(bead.0.clone(), bead.1.clone()).0;
                assert!((slow - found).abs() < 2e-3 * (1.0 + found.abs()), "{bead:?}: {slow} {found}");
            }
        };
        let whole = Band::whole(1450, 1450);
        assert!(whole.is_large());
        prepared.focus(&whole);
        assert!(prepared.tables.as_ref().is_some_and(|tables| tables.words.is_none()));
        agrees(&prepared);
        let way: Vec<Link> = (0..1450).map(|n| (n..n + 1, n..n + 1)).collect();
        prepared.focus_within(&whole, &whole.along(&way, 8));
        prepared.adapt(&way);
        assert!(prepared.tables.as_ref().is_some_and(|tables| tables.words.is_some()));
        agrees(&prepared);
        // Whoever does not look at a part gets right figures late.
        prepared.focus(&whole);
        prepared.set_habit(Habit { free: 0.3, ..Habit::default() });
        assert!(prepared.tables.is_none());
        agrees(&prepared);
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
            let mut skimmed = scorer.ready(&ar, &en);
            skimmed.set_habit(habit);
            skimmed.skim(&Band::around(&[(0, 0), (ar.len(), en.len())], |_| width));
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
                        if (a, b) == (1, 1) {
                            let (expected, found) = (slow.evidence(x.clone(), y.clone()).0, skimmed.evidence(x.clone(), y.clone()).0);
                            prop_assert!((expected - found).abs() < 2e-3 * (1.0 + found.abs()), "{x:?} {y:?}: {expected} {found}");
                        }
                        let mut before = [f32::NAN];
                        for prepared in [&quick, &slow] {
                            prepared.costs_before((x.end, y.end), &[(a, b)], &mut before);
                            prop_assert!((expected - before[0]).abs() < 2e-3 * (1.0 + found.abs()), "{x:?} {y:?}: {expected} {before:?}");
                        }
                    }
                }
            }
        }

        /// Slow twin: everything looked at.
        #[test]
        fn a_part_costs_what_it_costs_in_the_whole(
            ar in prop::collection::vec("(بايدن|وبَايْدِن|لندن|كتاب|الكِتاب|إعلان|١٢|12|Firefox|؟|\"| ){1,6}ا", 4..12),
            cut in (0usize..4, 1usize..4),
        ) {
            let en: Vec<&str> = ar.iter().map(|ar| if ar.contains('ك') { "A book." } else { "Biden in London, 12?" }).collect();
            let (ar, en) = (Document::from_lines(Lang::Ar, &ar.join("\n")), Document::from_lines(Lang::En, &en.join("\n\n")));
            let way: Vec<Link> = (0..ar.len()).map(|n| (n..n + 1, n..n + 1)).collect();
            let some = cut.0..(cut.0 + cut.1).min(ar.len());
            let band = Band::around(&[(0, 0), (ar.len(), en.len())], |_| 5);
            let part = band.within([(&some, &some)], &way);
            prop_assert!(part.cells() <= band.cells());
            let scorer = LogLinear::default();
            let (mut whole, mut within) = (scorer.ready(&ar, &en), scorer.ready(&ar, &en));
            whole.focus(&band);
            within.focus_within(&band, &part);
            whole.adapt(&way);
            within.adapt(&way);
            let mut region = scorer.ready(&ar, &en);
            region.focus_on(&band, &[Region { ar: some.clone(), en: some.clone(), links: some.clone() }], &way);
            for (a, b) in SHAPES {
                for (i, j) in (0..ar.len()).flat_map(|i| (0..en.len()).map(move |j| (i, j))) {
                    let (x, y) = (i..i + a, j..j + b);
                    if x.end <= ar.len() && y.end <= en.len() && band.cell(i, j).and(band.cell(x.end, y.end)).is_some() {
                        let expected = whole.cost(x.clone(), y.clone()).0;
                        // Whoever asks for more than was said gets right figures late.
                        for part in [&within, &region] {
                            let found = part.cost(x.clone(), y.clone()).0;
                            prop_assert!((expected - found).abs() < 1e-3 * (1.0 + found.abs()), "{x:?} {y:?}: {expected} {found}");
                        }
                    }
                }
            }
        }
    }
}
