//! The document's confidence: whether two texts are translations of each other at all.

use super::Bead;
use super::scorer::PairCost;

/// What a document's confidence is reckoned from.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Signs {
    /// How much cheaper the links are than leaving all sentences alone, in nats by the sentence of the longer side.
    pub gain: f32,
    /// Sentences of the longer side; 0 if one of the sides is empty.
    pub sentences: usize,
}

/// Gain by the sentence beyond which more of it says nothing more.
const PLENTY: f32 = 12.0;

/// A logistic model of the gain.
///
/// Chance meetings gain something, too, for the search picks the best of them, but little by the sentence. `examples/weights`
/// fits the figures by logistic regression on every second document (and pieces of them from 4 to 40 sentences) of the
/// development sets against pairs of different documents of one set, as many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judge {
    /// For each document: what the regression finds, + ln 9, for of the pairs that people give nine in ten are thought to be
    /// true.
    pub prior: f32,
    /// For [`Signs::gain`].
    pub gain: f32,
}

impl Default for Judge {
    fn default() -> Judge {
        Judge { prior: -4.55, gain: 1.39 }
    }
}

impl Judge {
    /// The probability that documents with these signs are translations of each other; 0 where one of them is empty.
    pub fn confidence(&self, signs: &Signs) -> f32 {
        if signs.sentences == 0 {
            return 0.0;
        }
        let odds = self.prior + self.gain * signs.gain.clamp(0.0, PLENTY);
        // Costs that are no numbers prove nothing.
        if odds.is_nan() { 0.0 } else { 1.0 / (1.0 + (-odds).exp()) }
    }
}

/// The signs of these links.
pub(super) fn signs(beads: &[Bead], cost: &dyn PairCost) -> Signs {
    let mut gain = 0.0;
    let (mut ar, mut en) = (0, 0);
    for bead in beads {
        (ar, en) = (ar + bead.ar.len(), en + bead.en.len());
        if !bead.is_two_sided() {
            continue;
        }
        gain += bead.ar.clone().map(|i| cost.cost(i..i + 1, bead.en.start..bead.en.start).0).sum::<f32>();
        gain += bead.en.clone().map(|j| cost.cost(bead.ar.start..bead.ar.start, j..j + 1).0).sum::<f32>();
        gain -= cost.cost(bead.ar.clone(), bead.en.clone()).0;
    }
    if ar == 0 || en == 0 {
        return Signs::default();
    }
    let longer = ar.max(en);
    Signs { gain: gain / longer as f32, sentences: longer }
}
