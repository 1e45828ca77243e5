//! The first scorer: lengths, anchors across the scripts, paragraph breaks, and a prior that follows the document.

use super::anchor::{Anchor, Kept, Side, anchors};
use super::band::Band;
use super::length::LengthModel;
use super::prior::Prior;
use super::scorer::{Cost, PairCost, Scorer};
use super::search::Link;
use crate::segment::Document;
use std::ops::Range;

/// Scores by length, anchors and paragraph breaks alone: it knows no word of either language but numbers and dates.
#[derive(Debug, Clone, PartialEq)]
pub struct Anchored {
    /// The lengths.
    pub length: LengthModel,
    /// How often anchors are kept.
    pub kept: Kept,
    /// The shapes.
    pub prior: Prior,
    /// How much the log odds of the lengths count.
    pub length_weight: f32,
    /// How much the log odds of the anchors count: less than 1, for they are not independent.
    pub anchor_weight: f32,
    /// Sentences of other texts that each document is thought to have beside its own when rarity is reckoned: what is
    /// rare in a short text would else be common.
    pub elsewhere: f32,
    /// Nats for a bead whose two sides both begin a paragraph, and against one of which only one does.
    pub paragraph: f32,
}

impl Default for Anchored {
    /// Tuned on every second document of the sets that [`LengthModel::default`] names.
    fn default() -> Anchored {
        Anchored {
            length: LengthModel::default(),
            kept: Kept::default(),
            prior: Prior::default(),
            length_weight: 0.8,
            anchor_weight: 0.7,
            elsewhere: 30.0,
            paragraph: 0.5,
        }
    }
}

impl Scorer for Anchored {
    fn prepare<'a>(&'a self, ar: &'a Document, en: &'a Document) -> Box<dyn PairCost + 'a> {
        let (ar_side, en_side) = anchors(ar, en);
        let (ar_length, en_length) = (sums(ar), sums(en));
        let mut length = self.length.clone();
        length.ratio = document_ratio(length.ratio, total(&ar_length), total(&en_length));
        Box::new(Prepared {
            ar: Gains::new(ar_side, en.len(), self),
            en: Gains::new(en_side, ar.len(), self),
            ar_length,
            en_length,
            ar_opens: openings(ar),
            en_opens: openings(en),
            length,
            prior: self.prior.clone(),
            scorer: self,
            tables: None,
        })
    }
}

/// Lengths of the first 0, 1, 2 … sentences.
fn sums(document: &Document) -> Vec<f64> {
    let mut sums = vec![0.0];
    let mut sum = 0.0;
    for i in 0..document.len() {
        sum += f64::from(LengthModel::length(document.sentence(i)));
        sums.push(sum);
    }
    sums
}

fn total(sums: &[f64]) -> f64 {
    sums.last().copied().unwrap_or_default()
}

/// Half the usual ratio, half the document's; never far from the usual one.
fn document_ratio(usual: f32, ar: f64, en: f64) -> f32 {
    let own = if ar > 0.0 { (en / ar) as f32 } else { usual };
    0.5 * usual + 0.5 * own.clamp(0.7 * usual, 1.4 * usual)
}

/// Whether each sentence begins a paragraph.
fn openings(document: &Document) -> Vec<bool> {
    let segments = document.segments();
    (0..segments.len()).map(|i| i == 0 || segments[i].paragraph != segments[i - 1].paragraph).collect()
}

/// The log odds of anchors of one side, by sentence.
struct Gains {
    side: Side,
    /// For each anchor: what it costs that a window lacks it (≤ 0).
    missing: Vec<f32>,
    /// For each sentence: the sum of its anchors' `missing`.
    bare: Vec<f32>,
    /// For each anchor: the chance that one unrelated sentence of the other side has it.
    chance: Vec<f32>,
    kept: Vec<f32>,
}

impl Gains {
    fn new(side: Side, others: usize, scorer: &Anchored) -> Gains {
        let kept: Vec<f32> = side.anchors.iter().map(|a| scorer.kept.by_kind[a.kind as usize]).collect();
        let missing: Vec<f32> = side
            .anchors
            .iter()
            .zip(&kept)
            .map(|(anchor, kept)| {
                let surest = anchor.other.iter().map(|o| o.1).fold(0.0, f32::max);
                let surest = if anchor.other.is_empty() { 0.5 } else { surest };
                (1.0 - kept * surest).ln()
            })
            .collect();
        let bare = side.sentences.iter().map(|s| s.iter().map(|&a| missing[a as usize]).sum()).collect();
        let chance = side
            .anchors
            .iter()
            .map(|a| (a.other.len() as f32 + 0.5) / (others as f32 + scorer.elsewhere + 1.0))
            .collect();
        Gains { side, missing, bare, chance, kept }
    }

    /// What is gained over `missing` when a window of `width` sentences has the anchor as surely as `sure`.
    fn found(&self, anchor: usize, sure: f32, width: usize) -> f32 {
        let chance = 1.0 - (1.0 - self.chance[anchor]).powi(width as i32);
        let kept = self.kept[anchor] * sure;
        ((kept + (1.0 - kept) * chance) / chance).ln() - self.missing[anchor]
    }

    /// The log odds of the anchors of `sentence` when `window` of the other side is its translation.
    fn odds(&self, sentence: usize, window: Range<usize>) -> f32 {
        let mut sum = 0.0;
        self.each(sentence, window.clone(), |end, width, gain| {
            if end == window.end && width == window.len() {
                sum += gain;
            }
        });
        self.bare[sentence] + sum
    }

    /// Calls `add(end, width, gain)` for each anchor of `sentence` and each window (1 to 4 sentences, ending before `end`,
    /// within `range`) of the other side that has it, anchors in their order.
    fn each(&self, sentence: usize, range: Range<usize>, mut add: impl FnMut(usize, usize, f32)) {
        for &number in &self.side.sentences[sentence] {
            let Anchor { other, .. } = &self.side.anchors[number as usize];
            let first = other.partition_point(|o| (o.0 as usize) < range.start);
            for (at, &(place, _)) in other.iter().enumerate().skip(first) {
                let place = place as usize;
                if place >= range.end {
                    break;
                }
                let next = other.get(at + 1).map_or(usize::MAX, |o| o.0 as usize);
                // Windows in which this is the last place.
                for end in place + 1..=(place + 4).min(range.end).min(next) {
                    for width in end - place..=4.min(end - range.start) {
                        let begin = (end - width) as u32;
                        let places = other[first..=at].iter().rev().take_while(|o| o.0 >= begin);
                        let sure = places.map(|o| o.1).fold(0.0, f32::max);
                        add(end, width, self.found(number as usize, sure, width));
                    }
                }
            }
        }
    }
}

/// The pair at hand.
struct Prepared<'a> {
    scorer: &'a Anchored,
    ar: Gains,
    en: Gains,
    ar_length: Vec<f64>,
    en_length: Vec<f64>,
    ar_opens: Vec<bool>,
    en_opens: Vec<bool>,
    length: LengthModel,
    prior: Prior,
    tables: Option<Tables>,
}

/// Anchor odds of single sentences against windows, for every cell of a band.
struct Tables {
    band: Band,
    /// At cell (i, j), width w: English sentence j − 1 against the w Arabic sentences before i.
    en: Vec<[f32; 4]>,
    /// At cell (i, j), width w: Arabic sentence i − 1 against the w English sentences before j.
    ar: Vec<[f32; 4]>,
}

impl Prepared<'_> {
    fn anchor_odds(&self, ar: &Range<usize>, en: &Range<usize>) -> f32 {
        let looked_up = self.tables.as_ref().and_then(|tables| tables.odds(ar, en));
        looked_up.unwrap_or_else(|| {
            let en_sum: f32 = en.clone().map(|j| self.en.odds(j, ar.clone())).sum();
            let ar_sum: f32 = ar.clone().map(|i| self.ar.odds(i, en.clone())).sum();
            0.5 * (en_sum + ar_sum)
        })
    }

    fn paragraph_odds(&self, ar: &Range<usize>, en: &Range<usize>) -> f32 {
        let starts = match (self.ar_opens[ar.start], self.en_opens[en.start]) {
            (true, true) => 1.0,
            (false, false) => 0.0,
            _ => -1.0,
        };
        let crossed = |opens: &[bool], range: &Range<usize>| opens[range.start + 1..range.end].iter().any(|o| *o);
        let across = f32::from(u8::from(crossed(&self.ar_opens, ar) || crossed(&self.en_opens, en)));
        self.scorer.paragraph * (starts - across)
    }
}

impl Tables {
    fn odds(&self, ar: &Range<usize>, en: &Range<usize>) -> Option<f32> {
        let mut en_sum = 0.0;
        for j in en.clone() {
            en_sum += self.en[self.band.cell(ar.end, j + 1)?][ar.len() - 1];
        }
        let mut ar_sum = 0.0;
        for i in ar.clone() {
            ar_sum += self.ar[self.band.cell(i + 1, en.end)?][en.len() - 1];
        }
        Some(0.5 * (en_sum + ar_sum))
    }
}

impl PairCost for Prepared<'_> {
    fn cost(&self, ar: Range<usize>, en: Range<usize>) -> Cost {
        let prior = self.prior.odds(ar.len(), en.len());
        Cost(self.evidence(ar, en).0 - prior)
    }

    fn evidence(&self, ar: Range<usize>, en: Range<usize>) -> Cost {
        if ar.is_empty() || en.is_empty() {
            return Cost(0.0);
        }
        let ar_length = (self.ar_length[ar.end] - self.ar_length[ar.start]) as f32;
        let en_length = (self.en_length[en.end] - self.en_length[en.start]) as f32;
        let length = self.scorer.length_weight * self.length.odds(ar_length, en_length);
        let anchors = self.scorer.anchor_weight * self.anchor_odds(&ar, &en);
        Cost(-(length + anchors + self.paragraph_odds(&ar, &en)))
    }

    fn guide(&self) -> Vec<(usize, usize)> {
        // An anchor that stands in one sentence of each side: the rarest there are.
        let mut points: Vec<(usize, usize, f32)> = Vec::new();
        for (number, anchor) in self.en.side.anchors.iter().enumerate() {
            if let ([own], [(other, sure)]) = (anchor.own.as_slice(), anchor.other.as_slice()) {
                points.push((*other as usize, *own as usize, self.en.found(number, *sure, 1)));
            }
        }
        super::guide::heaviest_chain(points)
    }

    fn focus(&mut self, band: &Band) {
        let mut tables =
            Tables { band: band.clone(), en: vec![[0.0; 4]; band.cells()], ar: vec![[0.0; 4]; band.cells()] };
        // English sentences, column by column: the rows that have the column are neighbours, for rows never step back.
        let (mut low, mut high) = (0, 0);
        for j in 1..=band.en() {
            while high <= band.ar() && band.row(high).start <= j {
                high += 1;
            }
            while low < high && band.row(low).end <= j {
                low += 1;
            }
            for i in low..high {
                if let Some(at) = band.cell(i, j) {
                    tables.en[at] = [self.en.bare[j - 1]; 4];
                }
            }
            self.en.each(j - 1, low.saturating_sub(4)..high.min(band.ar() + 1), |end, width, gain| {
                if let Some(at) = band.cell(end, j) {
                    tables.en[at][width - 1] += gain;
                }
            });
        }
        for i in 1..=band.ar() {
            let row = band.row(i);
            for j in row.clone() {
                if let Some(at) = band.cell(i, j) {
                    tables.ar[at] = [self.ar.bare[i - 1]; 4];
                }
            }
            self.ar.each(i - 1, row.start.saturating_sub(4)..row.end, |end, width, gain| {
                if let Some(at) = band.cell(i, end) {
                    tables.ar[at][width - 1] += gain;
                }
            });
        }
        self.tables = Some(tables);
    }

    fn adapt(&mut self, links: &[Link]) {
        self.prior = self.scorer.prior.adapted(links);
        let linked = |sums: &[f64], side: fn(&Link) -> &Range<usize>| -> f64 {
            let full = links.iter().filter(|l| !l.0.is_empty() && !l.1.is_empty());
            full.map(|l| sums[side(l).end] - sums[side(l).start]).sum()
        };
        let (ar, en) = (linked(&self.ar_length, |l| &l.0), linked(&self.en_length, |l| &l.1));
        self.length.ratio = document_ratio(self.scorer.length.ratio, ar, en);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn tables_say_what_the_slow_way_says(
            ar in prop::collection::vec("(بايدن|وبَايْدِن|لندن|١٢|12|Firefox|؟|\"| ){1,6}ا", 1..8),
            en in prop::collection::vec("a (Biden|London|12|Firefox|\\?|\"| ){1,6}b", 1..8),
            width in 1usize..9,
        ) {
            let (ar, en) = (Document::from_lines(Lang::Ar, &ar.join("\n")), Document::from_lines(Lang::En, &en.join("\n")));
            let scorer = Anchored::default();
            let slow = scorer.prepare(&ar, &en);
            let mut quick = scorer.prepare(&ar, &en);
            quick.focus(&Band::around(&[(0, 0), (ar.len(), en.len())], |_| width));
            for i in 0..ar.len() {
                for j in 0..en.len() {
                    for (a, b) in super::super::SHAPES {
                        if i + a <= ar.len() && j + b <= en.len() {
                            let (x, y) = (slow.cost(i..i + a, j..j + b).0, quick.cost(i..i + a, j..j + b).0);
                            prop_assert!((x - y).abs() < 1e-3, "{i}+{a} {j}+{b}: {x} {y}");
                        }
                    }
                }
            }
        }
    }
}
