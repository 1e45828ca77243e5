//! Links between the sentences of an Arabic text and its English translation: the search, what links cost, and how sure
//! each one is.
//!
//! [`align`] is the way in; [`Anchored`] is the scorer that needs nothing but the two texts.

mod anchor;
mod anchored;
mod band;
mod confidence;
mod guide;
mod length;
mod prior;
mod scorer;
mod search;

pub use anchor::{AnchorKind, Kept};
pub use anchored::Anchored;
pub use band::Band;
pub use length::LengthModel;
pub use prior::Prior;
pub use scorer::{Cost, PairCost, Scorer};
pub use search::SHAPES;

use crate::segment::Document;
use std::fmt::Write;
use std::ops::Range;

/// A link: these sentences of the one side are those of the other. One side may be empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Bead {
    /// Numbers of the Arabic sentences.
    pub ar: Range<usize>,
    /// Numbers of the English sentences.
    pub en: Range<usize>,
    /// The probability, 0 to 1, that this very link is right: its posterior among all ways to link the two texts.
    pub confidence: f32,
}

/// All links of two documents, in the order of the texts, every sentence of both sides in exactly one.
#[derive(Debug, Clone, PartialEq)]
pub struct Alignment {
    /// The links.
    pub beads: Vec<Bead>,
    /// How sure it is, 0 to 1, that the two texts are translations of each other at all.
    pub confidence: f32,
}

impl Alignment {
    /// Whether the two texts are translations of each other, as far as can be told: confidence of at least 0.5.
    pub fn is_translation(&self) -> bool {
        self.confidence >= 0.5
    }
}

/// How much of a cost counts when ways are weighted against each other for [`Bead::confidence`].
const SHARPNESS: f64 = 1.1;

/// Links the sentences of two documents. Total, deterministic, on the caller's thread.
///
/// The cheapest sequence of beads (the shapes are [`SHAPES`]) within a band, by dynamic programming; up to three times,
/// for the scorer's priors follow the document. The band is the whole grid for short texts; for long ones it follows the
/// scorer's [`PairCost::guide`] and widens where the way touches its edge.
///
/// ```
/// use dhakira::align::{Anchored, align, ladder};
/// use dhakira::lang::Lang;
/// use dhakira::segment::split;
/// let ar = split(Lang::Ar, "وصل جو بايدن إلى الدوحة.\nبقي هناك ٣ أيام.");
/// let en = split(Lang::En, "Joe Biden arrived in Doha.\nHe stayed there for 3 days.");
/// assert_eq!(ladder(&align(&ar, &en, &Anchored::default())), "[0]:[0]\n[1]:[1]\n");
/// ```
pub fn align(ar: &Document, en: &Document, scorer: &dyn Scorer) -> Alignment {
    let mut cost = scorer.prepare(ar, en);
    let chain = cost.guide();
    let mut band = guide::band(ar.len(), en.len(), &chain, 0).unwrap_or_else(|| Band::whole(ar.len(), en.len()));
    cost.focus(&band);
    let mut links = search::cheapest(&band, cost.as_ref());
    let mut widening = 0;
    while links.iter().any(|(ar, en)| band.is_edge(ar.end, en.end)) && widening < 4 {
        widening += 1;
        let Some(wider) = guide::band(ar.len(), en.len(), &chain, widening) else { break };
        band = wider;
        cost.focus(&band);
        links = search::cheapest(&band, cost.as_ref());
    }
    for _ in 0..2 {
        cost.adapt(&links);
        let again = search::cheapest(&band, cost.as_ref());
        if again == links {
            break;
        }
        links = again;
    }
    let posteriors = search::posteriors(&band, cost.as_ref(), &links, SHARPNESS);
    let beads: Vec<Bead> =
        links.into_iter().zip(posteriors).map(|((ar, en), confidence)| Bead { ar, en, confidence }).collect();
    let confidence = confidence::confidence(&beads, cost.as_ref());
    Alignment { beads, confidence }
}

/// The links as the usual text form, a line each, Arabic first: `[0]:[0]`, `[1, 2]:[1]`, `[]:[3]`.
///
/// ```
/// use dhakira::align::{Alignment, Bead, ladder};
/// let beads = vec![Bead { ar: 0..2, en: 0..1, confidence: 0.9 }, Bead { ar: 2..2, en: 1..2, confidence: 0.7 }];
/// assert_eq!(ladder(&Alignment { beads, confidence: 0.9 }), "[0, 1]:[0]\n[]:[1]\n");
/// ```
pub fn ladder(alignment: &Alignment) -> String {
    let mut text = String::new();
    for bead in &alignment.beads {
        let side = |range: &Range<usize>| range.clone().map(|n| n.to_string()).collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "[{}]:[{}]", side(&bead.ar), side(&bead.en));
    }
    text
}
