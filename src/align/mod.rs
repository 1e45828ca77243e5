//! Links between the sentences of an Arabic text and its English translation: the search, what links cost, and how sure
//! each one is.
//!
//! [`align`] is the way in; [`LogLinear`] is the scorer, whose lexicon and weights are part of the crate; [`Semantic`] asks a
//! sentence model, too, where that one is unsure.

mod anchor;
mod band;
mod confidence;
mod feature;
mod fit;
mod guide;
mod habit;
mod length;
mod lists;
mod loglinear;
mod meaning;
mod names;
mod notes;
mod odds;
mod region;
mod row;
mod scorer;
mod search;
mod semantic;
mod window;
mod words;

pub use anchor::{AnchorKind, Kept};
pub use band::Band;
pub use confidence::{Judge, Signs};
pub use feature::{FEATURES, Feature, Vector, Weights};
pub use fit::{Example, Fit, Run};
pub use length::LengthModel;
pub use loglinear::LogLinear;
pub use notes::Notes;
pub use odds::Chances;
pub use scorer::{Cost, PairCost, Region, Scorer};
pub use search::SHAPES;
pub use semantic::Semantic;

use crate::segment::Document;
use search::{Judged, Prices};
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

impl Bead {
    /// Whether there are sentences on both sides.
    pub fn is_two_sided(&self) -> bool {
        !self.ar.is_empty() && !self.en.is_empty()
    }
}

/// All links of two documents, in the order of the texts, every sentence of both sides in exactly one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Alignment {
    /// The links.
    pub beads: Vec<Bead>,
    /// How sure it is, 0 to 1, that the two texts are translations of each other at all.
    pub confidence: f32,
    /// What that was reckoned from.
    pub signs: Signs,
}

impl Alignment {
    /// Whether the two texts are translations of each other, as far as can be told: confidence of at least 0.5.
    pub fn is_translation(&self) -> bool {
        self.confidence >= 0.5
    }

    /// The stretches of both texts where links are unsure, in order, if the two are translations at all: what [`reconsider`] may decide
    /// otherwise.
    pub fn unsure(&self) -> Vec<Region> {
        if self.is_translation() { region::regions(&self.judged(), region::UNSURE) } else { Vec::new() }
    }

    fn judged(&self) -> Vec<Judged> {
        self.beads.iter().map(|bead| ((bead.ar.clone(), bead.en.clone()), bead.confidence)).collect()
    }
}

/// Sentences to both sides of one way within which the next one is looked for. On 12 kinds of noise of the even development documents six
/// are as good as twelve.
const NEAR: usize = 6;
/// How many times wider than what is near the way a band is that is skimmed first.
const WIDE: usize = 2;
/// Unsure regions that are looked at together: enough for a model to work in batches, few enough for its vectors to need
/// little memory.
const TOGETHER: usize = 32;

/// Links the sentences of two documents. Total, deterministic, on the caller's thread.
///
/// The cheapest sequence of beads (the shapes are [`SHAPES`]) within a band, by dynamic programming; up to three times,
/// for the scorer follows the document's habits. Where links are unsure then, and the scorer has a second look
/// ([`PairCost::closer`]), they are decided anew by that. The band is the whole grid for short texts; for long ones it follows the
/// scorer's [`PairCost::guide`] and widens where the way touches its edge.
///
/// ```
/// use dhakira::align::{LogLinear, align, ladder};
/// use dhakira::lang::Lang;
/// use dhakira::segment::split;
/// let ar = split(Lang::Ar, "وصل جو بايدن إلى الدوحة.\nبقي هناك ٣ أيام.");
/// let en = split(Lang::En, "Joe Biden arrived in Doha.\nHe stayed there for 3 days.");
/// assert_eq!(ladder(&align(&ar, &en, &LogLinear::default())), "[0]:[0]\n[1]:[1]\n");
/// ```
pub fn align(ar: &Document, en: &Document, scorer: &dyn Scorer) -> Alignment {
    let mut cost = scorer.prepare(ar, en);
    let judged = first_look(ar, en, cost.as_mut());
    let mut alignment = linked(&judged, cost.as_ref());
    if alignment.is_translation()
        && let Some(judged) = second_look(&judged, cost.as_ref())
    {
        alignment.beads = beads(&judged);
    }
    alignment
}

/// As [`align`], by the scorer's first look alone, and what was noted of the two texts on the way: for [`reconsider`].
pub fn align_at_first(ar: &Document, en: &Document, scorer: &dyn Scorer) -> (Alignment, Notes) {
    let mut cost = scorer.prepare(ar, en);
    let judged = first_look(ar, en, cost.as_mut());
    (linked(&judged, cost.as_ref()), cost.notes())
}

/// Decides anew where the links of `known` are unsure: by the first look of a scorer that has learned meanwhile, and by its second look, if
/// it has one, where they are unsure even then. All other links stay, and so does what is thought of the pair. What was noted when the
/// texts were aligned saves reading them again; nothing need be.
///
/// ```
/// use dhakira::align::{Alignment, Bead, LogLinear, Notes, ladder, reconsider};
/// use dhakira::lang::Lang;
/// use dhakira::segment::split;
/// let ar = split(Lang::Ar, "وصل جو بايدن إلى الدوحة.\nبقي هناك ٣ أيام.");
/// let en = split(Lang::En, "Joe Biden arrived in Doha.\nHe stayed there for 3 days.");
/// let beads = vec![Bead { ar: 0..2, en: 0..2, confidence: 0.4 }];
/// let known = Alignment { beads, confidence: 0.9, ..Alignment::default() };
/// assert_eq!(known.unsure().len(), 1);
/// assert_eq!(ladder(&reconsider(&ar, &en, &known, &Notes::default(), &LogLinear::default())), "[0]:[0]\n[1]:[1]\n");
/// ```
pub fn reconsider(ar: &Document, en: &Document, known: &Alignment, notes: &Notes, scorer: &dyn Scorer) -> Alignment {
    let (judged, regions) = (known.judged(), known.unsure());
    if regions.is_empty() {
        return known.clone();
    }
    let links: Vec<search::Link> = judged.iter().map(|judged| judged.0.clone()).collect();
    let mut cost = scorer.prepare_again(ar, en, notes);
    let band = Band::whole(ar.len(), en.len()).along(&links, NEAR);
    cost.focus_on(&band, &regions, &links);
    let anew = region::anew(&judged, 0..judged.len(), &regions, cost.as_ref());
    let anew = second_look(&anew, cost.as_ref()).unwrap_or(anew);
    Alignment { beads: beads(&anew), ..known.clone() }
}

/// The links that the scorer finds at first.
fn first_look(ar: &Document, en: &Document, cost: &mut dyn PairCost) -> Vec<Judged> {
    let chain = cost.guide();
    let mut wide = guide::band(ar.len(), en.len(), &chain, 0).unwrap_or_else(|| Band::whole(ar.len(), en.len()));
    let (mut links, mut looked_at) = first(&wide, cost);
    let mut widening = 0;
    while links.iter().any(|(ar, en)| wide.is_edge(ar.end, en.end)) && widening < 4 {
        widening += 1;
        let Some(wider) = guide::band(ar.len(), en.len(), &chain, widening) else { break };
        wide = wider;
        (links, looked_at) = first(&wide, cost);
    }
    let band = wide.along(&links, NEAR);
    if looked_at.is_large() || !looked_at.holds(&band) {
        cost.focus_within(&wide, &band);
    }
    cost.adapt(&links);
    let mut prices = Prices::new(&band, cost);
    let again = prices.cheapest(&band);
    if again != links {
        links = again;
        cost.adapt(&links);
        prices = Prices::new(&band, cost);
        links = prices.cheapest(&band);
    }
    let posteriors = search::posteriors(&band, &prices, &links);
    search::grown(links.into_iter().zip(posteriors).collect(), cost)
}

/// The links after a second look where they are unsure; `None` if the scorer has none, or there is nothing to look at.
fn second_look(judged: &[Judged], cost: &dyn PairCost) -> Option<Vec<Judged>> {
    let regions = region::regions(judged, region::VERY_UNSURE);
    let mut links = Vec::with_capacity(judged.len());
    let mut next = 0;
    for some in regions.chunks(TOGETHER) {
        let closer = cost.closer(some)?;
        let end = some[some.len() - 1].links.end;
        links.extend(region::anew(judged, next..end, some, closer.as_ref()));
        next = end;
    }
    links.extend_from_slice(&judged[next..]);
    (!regions.is_empty()).then_some(links)
}

fn beads(judged: &[Judged]) -> Vec<Bead> {
    judged
        .iter()
        .map(|((ar, en), confidence)| Bead { ar: ar.clone(), en: en.clone(), confidence: *confidence })
        .collect()
}

fn linked(judged: &[Judged], cost: &dyn PairCost) -> Alignment {
    let beads = beads(judged);
    let signs = confidence::signs(&beads, cost);
    Alignment { beads, confidence: Judge::default().confidence(&signs), signs }
}

/// A first search of the plainer shapes: beside a sketch of the way, or in the whole band where it leaves that. What it finds, and the band that the
/// scorer looked at for it.
fn first(band: &Band, cost: &mut dyn PairCost) -> (Vec<search::Link>, Band) {
    // It pays to look at single sentences first where most of the band is far from the way.
    let is_wide = band.cells() > WIDE * (2 * NEAR + 1) * (band.ar() + 1);
    if is_wide {
        cost.skim(band);
    } else {
        cost.focus(band);
    }
    let sketch = search::sketch(band, cost);
    let near = band.along(&sketch, NEAR);
    // The way may leave the sketch a little.
    let around = if is_wide { band.along(&sketch, NEAR + 2) } else { band.clone() };
    if is_wide {
        cost.focus_within(band, &around);
    }
    let links = search::cheapest(&near, cost, search::PLAIN);
    let leaves = links.iter().any(|(ar, en)| near.is_edge(ar.end, en.end) && !band.is_edge(ar.end, en.end));
    if !leaves {
        return (links, around);
    }
    if is_wide {
        cost.focus(band);
    }
    (search::cheapest(band, cost, search::PLAIN), band.clone())
}

/// The links as the usual text form, a line each, Arabic first: `[0]:[0]`, `[1, 2]:[1]`, `[]:[3]`.
///
/// ```
/// use dhakira::align::{Alignment, Bead, ladder};
/// let beads = vec![Bead { ar: 0..2, en: 0..1, confidence: 0.9 }, Bead { ar: 2..2, en: 1..2, confidence: 0.7 }];
/// assert_eq!(ladder(&Alignment { beads, ..Alignment::default() }), "[0, 1]:[0]\n[]:[1]\n");
/// ```
pub fn ladder(alignment: &Alignment) -> String {
    let mut text = String::new();
    for bead in &alignment.beads {
        let side = |range: &Range<usize>| range.clone().map(|n| n.to_string()).collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "[{}]:[{}]", side(&bead.ar), side(&bead.en));
    }
    text
}
