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
    /// Tuned by coordinate descent of strict F1 (as `tests/align.rs` reckons it) on every second document of the sets that
    /// [`LengthModel::default`] names.
    fn default() -> Anchored {
        Anchored {
            length: LengthModel::default(),
            kept: Kept::default(),
            prior: Prior::default(),
            length_weight: 0.64,
            anchor_weight: 0.8,
            elsewhere: 54.0,
            paragraph: 0.3,
        }
    }
}

impl Scorer for Anchored {
    fn prepare<'a>(&'a self, ar: &'a Document, en: &'a Document) -> Box<dyn PairCost + 'a> {
        Box::new(self.ready(ar, en))
    }
}

impl Anchored {
    fn ready<'a>(&'a self, ar: &'a Document, en: &'a Document) -> Prepared<'a> {
        let (ar_side, en_side) = anchors(ar, en);
        let (ar_length, en_length) = (sums(ar), sums(en));
        let mut length = self.length.clone();
        length.ratio = document_ratio(length.ratio, total(&ar_length), total(&en_length));
        Prepared {
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
        }
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

/// The log odds of anchors of one side, by sentence.
struct Gains<'a> {
    scorer: &'a Anchored,
    side: Side,
    /// For each sentence: which sentences of the other side can be its translation at all. What an anchor is worth is
    /// reckoned among these, so that a sentence of a book is judged as one of a short text is.
    reach: Vec<Range<usize>>,
    /// For each sentence: what it costs that none of its anchors is found (≤ 0).
    bare: Vec<f32>,
}

impl<'a> Gains<'a> {
    fn new(side: Side, others: usize, scorer: &'a Anchored) -> Gains<'a> {
        let sentences = side.sentences.len();
        let mut gains = Gains { scorer, side, reach: Vec::new(), bare: Vec::new() };
        gains.focus(vec![0..others; sentences]);
        gains
    }

    fn focus(&mut self, reach: Vec<Range<usize>>) {
        self.reach = reach;
        let bare = (0..self.reach.len()).map(|s| self.local(s).map(|anchor| anchor.missing).sum()).collect();
        self.bare = bare;
    }

    /// The anchors of a sentence as they are in its reach. A number or a mark that is not in reach at all still counts, for
    /// it is missing; of other anchors nobody knows then that they are any.
    fn local(&self, sentence: usize) -> impl Iterator<Item = LocalAnchor<'_>> {
        let reach = self.reach[sentence].clone();
        self.side.sentences[sentence].iter().filter_map(move |&number| {
            let Anchor { kind, other, .. } = &self.side.anchors[number as usize];
            let first = other.partition_point(|o| (o.0 as usize) < reach.start);
            let end = first + other[first..].partition_point(|o| (o.0 as usize) < reach.end);
            let places = &other[first..end];
            let kept = self.scorer.kept.by_kind[*kind as usize];
            let surest = places.iter().map(|o| o.1).fold(0.0, f32::max);
            let surest = match (places.is_empty(), kind.is_missed()) {
                (true, true) => 0.5,
                (true, false) => return None,
                _ => surest,
            };
            let among = reach.len() as f32 + self.scorer.elsewhere + 1.0;
            let chance = (places.len() as f32 + 0.5) / among;
            Some(LocalAnchor { places, kept, chance, missing: (1.0 - kept * surest).ln() })
        })
    }

    /// The log odds of the anchors of `sentence` when `window` of the other side is its translation.
    fn odds(&self, sentence: usize, window: Range<usize>) -> f32 {
        let found = self.local(sentence).map(|anchor| {
            let inside = anchor.places.iter().filter(|o| window.contains(&(o.0 as usize)));
            let sure = inside.map(|o| o.1).fold(0.0, f32::max);
            if sure > 0.0 { anchor.gains(sure)[window.len() - 1] } else { 0.0 }
        });
        self.bare[sentence] + found.sum::<f32>()
    }

    /// The same for all windows at once: calls `add(end, width, gain)` for each anchor of `sentence` and each window (1 to 4
    /// sentences, ending before `end`) in reach that has it, anchors in their order.
    fn each(&self, sentence: usize, mut add: impl FnMut(usize, usize, f32)) {
        let reach = &self.reach[sentence];
        for anchor in self.local(sentence) {
            let mut known = (0.0, [0.0; 4]);
            for (at, &(place, _)) in anchor.places.iter().enumerate() {
                let place = place as usize;
                let next = anchor.places.get(at + 1).map_or(usize::MAX, |o| o.0 as usize);
                // Windows in which this is the last place.
                for end in place + 1..=(place + 4).min(reach.end).min(next) {
                    for width in end - place..=4.min(end - reach.start) {
                        let begin = (end - width) as u32;
                        let inside = anchor.places[..=at].iter().rev().take_while(|o| o.0 >= begin);
                        let sure = inside.map(|o| o.1).fold(0.0, f32::max);
                        if sure != known.0 {
                            known = (sure, anchor.gains(sure));
                        }
                        add(end, width, known.1[width - 1]);
                    }
                }
            }
        }
    }
}

/// An anchor as one sentence sees it.
struct LocalAnchor<'a> {
    /// Where it is in reach, and how surely.
    places: &'a [(u32, f32)],
    /// The probability that a translation keeps it.
    kept: f32,
    /// The chance that one unrelated sentence has it.
    chance: f32,
    /// What it costs that a window lacks it (≤ 0).
    missing: f32,
}

impl LocalAnchor<'_> {
    /// What is gained over `missing` when a window of 1, 2, 3, 4 sentences has the anchor as surely as `sure`.
    fn gains(&self, sure: f32) -> [f32; 4] {
        let kept = self.kept * sure;
        let mut without = 1.0;
        std::array::from_fn(|_| {
            without *= 1.0 - self.chance;
            let chance = 1.0 - without;
            ((kept + (1.0 - kept) * chance) / chance).ln() - self.missing
        })
    }
}

/// The pair at hand.
struct Prepared<'a> {
    scorer: &'a Anchored,
    ar: Gains<'a>,
    en: Gains<'a>,
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
        // Anchors that stand in few sentences of either side, the rarer the weightier.
        let mut points: Vec<(usize, usize, f32)> = Vec::new();
        for anchor in &self.en.side.anchors {
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
        let mut tables =
            Tables { band: band.clone(), en: vec![[0.0; 4]; band.cells()], ar: vec![[0.0; 4]; band.cells()] };
        for i in 0..=band.ar() {
            for j in band.row(i) {
                if let Some(at) = band.cell(i, j) {
                    tables.en[at] = [j.checked_sub(1).map_or(0.0, |j| self.en.bare[j]); 4];
                    tables.ar[at] = [i.checked_sub(1).map_or(0.0, |i| self.ar.bare[i]); 4];
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
            let mut quick = scorer.ready(&ar, &en);
            quick.focus(&Band::around(&[(0, 0), (ar.len(), en.len())], |_| width));
            let mut slow = scorer.ready(&ar, &en);
            slow.focus(&Band::around(&[(0, 0), (ar.len(), en.len())], |_| width));
            slow.tables = None;
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
