//! The odds of anchors: what it says that a bead's sides share a number, a name or a mark, or that one lacks it.

use super::anchor::{Anchor, AnchorKind, Kept, Side};
use std::ops::Range;
use std::sync::Arc;

/// How many kinds of anchors there are.
pub(super) const KINDS: usize = 7;

/// A figure for each kind, in the order of [`AnchorKind`].
pub(super) type KindWeights = [f32; KINDS];

/// How anchors are judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Chances {
    /// How often anchors are kept.
    pub kept: Kept,
    /// Sentences of other texts that each document is thought to have beside its own when rarity is reckoned: what is
    /// rare in a short text would else be common.
    pub elsewhere: f32,
}

impl Default for Chances {
    /// Found by coordinate descent of strict F1 on every second document of the development sets.
    fn default() -> Chances {
        Chances { kept: Kept::default(), elsewhere: 54.0 }
    }
}

/// The log odds of anchors of one side, by sentence.
pub(super) struct Gains<'a> {
    chances: &'a Chances,
    weights: KindWeights,
    side: Arc<Side>,
    /// For each sentence: which sentences of the other side can be its translation at all. What an anchor is worth is
    /// reckoned among these, so that a sentence of a book is judged as one of a short text is.
    reach: Vec<Range<usize>>,
    /// For each sentence: what it costs that none of its anchors is found (≤ 0).
    bare: Vec<f32>,
}

impl<'a> Gains<'a> {
    pub fn new(side: Arc<Side>, others: usize, chances: &'a Chances, weights: KindWeights) -> Gains<'a> {
        let sentences = side.sentences.len();
        let mut gains = Gains { chances, weights, side, reach: Vec::new(), bare: Vec::new() };
        gains.focus(vec![0..others; sentences]);
        gains
    }

    /// The anchors of the side.
    pub fn anchors(&self) -> &[Anchor] {
        &self.side.anchors
    }

    /// What it costs, weighted, that none of a sentence's anchors is found.
    pub fn bare(&self, sentence: usize) -> f32 {
        self.bare[sentence]
    }

    /// Looks no further than these sentences from each.
    pub fn focus(&mut self, reach: Vec<Range<usize>>) {
        self.reach = reach;
        let bare = |s| self.local(s).map(|anchor| self.weights[anchor.kind as usize] * anchor.missing).sum();
        self.bare = (0..self.reach.len()).map(bare).collect();
    }

    /// The anchors of a sentence as they are in its reach. A number or a mark that is not in reach at all still counts, for
    /// it is missing; of other anchors nobody knows then that they are any.
    fn local(&self, sentence: usize) -> impl Iterator<Item = LocalAnchor<'_>> {
        let reach = self.reach[sentence].clone();
        self.side.sentences[sentence].iter().filter_map(move |&number| {
            let Anchor { kind, other, .. } = &self.side.anchors[number as usize];
            let first = other.partition_point(|place| (*place as usize) < reach.start);
            let end = first + other[first..].partition_point(|place| (*place as usize) < reach.end);
            let places = &other[first..end];
            let kept = self.chances.kept.by_kind[*kind as usize];
            let surest = match (places.is_empty(), kind.is_missed()) {
                (true, true) => 0.5,
                (true, false) => return None,
                _ => 1.0,
            };
            let among = reach.len() as f32 + self.chances.elsewhere + 1.0;
            let chance = (places.len() as f32 + 0.5) / among;
            Some(LocalAnchor { kind: *kind, places, kept, chance, missing: (1.0 - kept * surest).ln() })
        })
    }

    /// The log odds of the anchors of `sentence` when `window` of the other side is its translation, by kind, without the weights.
    pub fn odds(&self, sentence: usize, window: Range<usize>) -> KindWeights {
        let mut odds = [0.0; KINDS];
        for anchor in self.local(sentence) {
            let is_inside = anchor.places.iter().any(|place| window.contains(&(*place as usize)));
            let gain = if is_inside { anchor.gains()[(window.len() - 1).min(3)] } else { 0.0 };
            odds[anchor.kind as usize] += anchor.missing + gain;
        }
        odds
    }

    /// The same for all windows at once: calls `add(end, width, gain)`, weighted, for each anchor of `sentence` and each window (1 to 4
    /// sentences, ending before `end`) in reach that has it, anchors in their order.
    pub fn each(&self, sentence: usize, mut add: impl FnMut(usize, usize, f32)) {
        let reach = &self.reach[sentence];
        for anchor in self.local(sentence) {
            let weight = self.weights[anchor.kind as usize];
            let gains = anchor.gains().map(|gain| weight * gain);
            for (at, &place) in anchor.places.iter().enumerate() {
                let place = place as usize;
                let next = anchor.places.get(at + 1).map_or(usize::MAX, |next| *next as usize);
                // Windows in which this is the last place.
                for end in place + 1..=(place + 4).min(reach.end).min(next) {
                    for width in end - place..=4.min(end - reach.start) {
                        add(end, width, gains[width - 1]);
                    }
                }
            }
        }
    }

    /// The same for single sentences: calls `add(sentence, gain)`.
    pub fn each_single(&self, sentence: usize, mut add: impl FnMut(usize, f32)) {
        for anchor in self.local(sentence) {
            let gain = self.weights[anchor.kind as usize] * anchor.gains()[0];
            anchor.places.iter().for_each(|place| add(*place as usize, gain));
        }
    }
}

/// An anchor as one sentence sees it.
struct LocalAnchor<'a> {
    kind: AnchorKind,
    /// Where it is in reach.
    places: &'a [u32],
    /// The probability that a translation keeps it.
    kept: f32,
    /// The chance that one unrelated sentence has it.
    chance: f32,
    /// What it costs that a window lacks it (≤ 0).
    missing: f32,
}

impl LocalAnchor<'_> {
    /// What is gained over `missing` when a window of 1, 2, 3, 4 sentences has the anchor.
    fn gains(&self) -> [f32; 4] {
        let kept = self.kept;
        let mut without = 1.0;
        std::array::from_fn(|_| {
            without *= 1.0 - self.chance;
            let chance = 1.0 - without;
            ((kept + (1.0 - kept) * chance) / chance).ln() - self.missing
        })
    }
}
