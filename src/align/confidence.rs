//! The document's confidence: whether two texts are translations of each other at all.

use super::Bead;
use super::scorer::PairCost;

/// A logistic model of three signs, each by the sentence: the evidence of the links' content, how sure the links are, and
/// how many are one to one. Many sentences say more than few: the signs count by the root of their number.
///
/// Chance meetings give some evidence, too, for the search picks the best of them; but then its links are unsure, merged and
/// lonely. Fitted by logistic regression on every second document (and pieces of them from 1 to 40 sentences) of NTREX-128
/// (CC BY-SA 4.0), TICO-19 (CC0), XQuAD (CC BY-SA 4.0) and the Debian Administrator's Handbook (GPL-2+ or CC BY-SA 3.0)
/// against pairs of different documents of one set.
const BASE: f64 = -7.1;
const EVIDENCE: f64 = 1.82;
const SURE: f64 = 4.17;
const ONE_TO_ONE: f64 = 2.95;
/// The regression's constant for as many true pairs as false ones was −2.9; of the pairs that people give, nine in ten
/// are thought to be true: + ln 9.
const PRIOR: f64 = -0.7;
/// Evidence by the sentence beyond which more of it says nothing more.
const PLENTY: f64 = 3.0;

/// The probability that the documents of these links are translations of each other; 0 where one of them is empty.
pub(super) fn confidence(beads: &[Bead], cost: &dyn PairCost) -> f32 {
    let (mut evidence, mut sure, mut one_to_one) = (0.0, 0.0, 0.0);
    let (mut ar, mut en) = (0, 0);
    for bead in beads {
        (ar, en) = (ar + bead.ar.len(), en + bead.en.len());
        if bead.ar.is_empty() || bead.en.is_empty() {
            continue;
        }
        let sentences = (bead.ar.len() + bead.en.len()) as f64;
        evidence -= f64::from(cost.evidence(bead.ar.clone(), bead.en.clone()).0);
        sure += sentences * f64::from(bead.confidence);
        one_to_one += if sentences == 2.0 { sentences } else { 0.0 };
    }
    if ar == 0 || en == 0 {
        return 0.0;
    }
    let (all, longer) = ((ar + en) as f64, ar.max(en) as f64);
    let signs = EVIDENCE * (evidence / longer).min(PLENTY) + SURE * sure / all + ONE_TO_ONE * one_to_one / all;
    let odds = PRIOR + longer.sqrt() * (BASE + signs);
    // Costs that are no numbers prove nothing.
    if odds.is_nan() { 0.0 } else { (1.0 / (1.0 + (-odds).exp())) as f32 }
}
