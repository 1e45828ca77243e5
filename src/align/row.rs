//! The row: what the words of one sentence say of every window of the other side, reckoned together.

use super::lists::{Cursors, Lists};
use std::ops::Range;

/// Cells that are reckoned together.
const LANES: usize = 4;
/// Sentences of a window before its last one, at most.
const LEAD: usize = 3;
/// Words after which powers of two are taken out of a product: at most some 2²⁴ a word, it stays a number until then.
const FLUSH: u32 = 4;

/// Texts of at most so many sentences may be reckoned as a whole: 2 kB for a word.
const SHORT: usize = 512;

/// A figure for each of some cells, by the width of the window (from 1).
type Block<T> = [[T; LANES]; 4];

/// What a word's partners in the windows of a side count for, by the width of the window (from 1) and its last sentence.
#[derive(Debug, Clone)]
pub(super) struct Partnered([Vec<f32>; 4]);

impl Partnered {
    /// `sizes` are how many words the first 0, 1, 2 … sentences have, `partnered` tells it for so many words.
    pub fn of(sizes: &[f32], partnered: impl Fn(f32) -> f32) -> Partnered {
        Partnered(std::array::from_fn(|lead| {
            let counts = (1..sizes.len()).map(|end| sizes[end] - sizes[end.saturating_sub(lead + 1)]);
            // What is read behind the last one counts for nothing.
            counts.map(&partnered).chain([0.0; LANES]).collect()
        }))
    }
}

/// Room for what a sentence has with the windows of the other side, and the result. It serves for all sentences of a side, one after the other.
#[derive(Debug)]
pub(super) struct Row<'o> {
    /// The sentences that have each type of the other side.
    places: &'o Lists<u32>,
    partnered: &'o Partnered,
    cursors: Cursors,
    /// Sentences of a window at most, one to four.
    widths: usize,
    reach: Range<usize>,
    /// By the window's end, from the reach's start + 1 on, and its width (from 1): the log odds.
    pub odds: Vec<[f32; 4]>,
    /// Products of odds, without the powers of two that were taken out of them.
    products: Vec<Block<f32>>,
    powers: Vec<Block<u32>>,
    /// Products have so many factors that may be large.
    factors: u32,
    /// What a word has with each sentence in reach, behind [`LEAD`] that stay 0. All are 0 between two words.
    sums: Vec<f32>,
    /// The sums that are not 0.
    part: Range<usize>,
    /// By words: what some have with every sentence of the other side, behind [`LEAD`] that stay 0.
    everywhere: Vec<Vec<f32>>,
}

impl<'o> Row<'o> {
    /// For windows of up to `widths` sentences.
    pub fn new(places: &'o Lists<u32>, partnered: &'o Partnered, widths: usize) -> Row<'o> {
        Row {
            places,
            partnered,
            cursors: Cursors::default(),
            widths,
            reach: 0..0,
            odds: Vec::new(),
            products: Vec::new(),
            powers: Vec::new(),
            factors: 0,
            sums: Vec::new(),
            part: 0..0,
            everywhere: Vec::new(),
        }
    }

    /// Begins a sentence that reaches these of the other side.
    pub fn begin(&mut self, reach: &Range<usize>) {
        self.cursors.go_to(self.places, reach.start);
        self.reach = reach.clone();
        let blocks = reach.len().div_ceil(LANES);
        self.products.clear();
        self.products.resize(blocks, [[1.0; LANES]; 4]);
        self.powers.clear();
        self.powers.resize(blocks, [[0; LANES]; 4]);
        self.factors = 0;
        self.sums.resize(self.sums.len().max(LEAD + blocks * LANES), 0.0);
    }

    /// Takes a word, of so many times in the sentence, that may come from these types.
    pub fn take(&mut self, times: u32, links: &[(u32, f32)]) {
        let (mut first, mut end) = (usize::MAX, 0);
        for &(from, ratio) in links {
            for &place in self.cursors.within(self.places, from, &self.reach) {
                let at = place as usize - self.reach.start;
                self.sums[LEAD + at] += ratio;
                (first, end) = (first.min(at), end.max(at + 1));
            }
        }
        self.part = first..end;
        self.multiply(times);
    }

    /// Whether the other side is short enough for [`Row::take_again`].
    pub fn is_short(&self) -> bool {
        self.partnered.0[0].len() <= SHORT
    }

    /// The same for a word, known by a number, that comes in many sentences: what it has with all of the other side is reckoned once.
    pub fn take_again(&mut self, word: u32, times: u32, links: &[(u32, f32)]) {
        let word = word as usize;
        if self.everywhere.len() <= word {
            self.everywhere.resize(word + 1, Vec::new());
        }
        let known = &mut self.everywhere[word];
        if known.is_empty() {
            known.resize(LEAD + self.partnered.0[0].len(), 0.0);
            for &(from, ratio) in links {
                self.places.of(from as usize).iter().for_each(|place| known[LEAD + *place as usize] += ratio);
            }
        }
        // With the sentences before the reach.
        let (from, count) = (self.reach.start, LEAD + self.reach.len());
        self.sums[..count].copy_from_slice(&known[from..from + count]);
        self.part = 0..self.reach.len();
        self.multiply(times);
    }

    /// Multiplies the odds of all windows with those of the word that was met, so many times.
    fn multiply(&mut self, times: u32) {
        if self.part.is_empty() {
            return;
        }
        // The windows that end up to three sentences behind have some of it, too.
        let blocks = self.part.start / LANES..(self.part.end + LEAD).div_ceil(LANES).min(self.products.len());
        for _ in 0..times {
            for (block, products) in blocks.clone().zip(&mut self.products[blocks.clone()]) {
                let at = block * LANES;
                let mut sum = [0.0; LANES];
                for (width, products) in products.iter_mut().enumerate().take(self.widths) {
                    let more = lanes(&self.sums, LEAD + at - width);
                    let partnered = lanes(&self.partnered.0[width], self.reach.start + at);
                    for lane in 0..LANES {
                        sum[lane] += more[lane];
                        products[lane] *= 1.0 + partnered[lane] * sum[lane];
                    }
                }
            }
            self.factors += 1;
            if self.factors == FLUSH {
                self.flush();
            }
        }
        self.sums[..LEAD + self.part.end].fill(0.0);
    }

    /// Takes the powers of two out of the products, which are positive and finite: then they are from 1 to 2 again.
    fn flush(&mut self) {
        const FRACTION: u32 = f32::MANTISSA_DIGITS - 1;
        const ONE: u32 = 1.0f32.to_bits();
        self.factors = 0;
        for (products, powers) in self.products.iter_mut().zip(&mut self.powers) {
            for (products, powers) in products.iter_mut().zip(powers).take(self.widths) {
                for lane in 0..LANES {
                    let bits = products[lane].to_bits();
                    powers[lane] += (bits >> FRACTION) - (ONE >> FRACTION);
                    products[lane] = f32::from_bits((bits & ((1 << FRACTION) - 1)) | ONE);
                }
            }
        }
    }

    /// Ends the sentence: [`Row::odds`] are known then.
    pub fn end(&mut self) {
        self.odds.clear();
        self.odds.resize(self.reach.len(), [0.0; 4]);
        for (odds, (products, powers)) in self.odds.chunks_mut(LANES).zip(self.products.iter().zip(&self.powers)) {
            for width in 0..self.widths {
                let lanes = products[width].iter().zip(&powers[width]);
                for (odds, (&product, &power)) in odds.iter_mut().zip(lanes) {
                    if power > 0 || product != 1.0 {
                        odds[width] = product.ln() + power as f32 * std::f32::consts::LN_2;
                    }
                }
            }
        }
    }
}

/// Some figures in a row.
fn lanes(figures: &[f32], from: usize) -> [f32; LANES] {
    let mut lanes = [0.0; LANES];
    lanes.copy_from_slice(&figures[from..from + LANES]);
    lanes
}
