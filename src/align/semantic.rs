//! The scorer that takes a sentence model to help where the built-in one is unsure.

use super::band::Band;
use super::feature::{Vector, Weights};
use super::loglinear::{LogLinear, Prepared};
use super::meaning::{Meaning, meanings};
use super::notes::Notes;
use super::scorer::{Cost, PairCost, Region, Scorer};
use super::search::Link;
use crate::encoder::Encoder;
use crate::lexicon::Lexicon;
use crate::segment::Document;
use std::ops::Range;
use std::sync::LazyLock;

/// Scores beads as [`LogLinear`] does, and those between sure links a second time, by what a sentence model thinks of them.
///
/// The second cost is a log-linear model, too: of what the first look found, and of the cosine of the two sides, alone and
/// against what stands near them (a margin, as Artetxe and Schwenk 2019, "Margin-based parallel corpus mining", have it for single
/// sentences). Its weights are fitted as those of the first are ([`Fit::second_weights`](super::Fit::second_weights)), so that
/// the confidence of links is a probability there, too.
///
/// ```no_run
/// use dhakira::align::{LogLinear, Semantic, align, ladder};
/// use dhakira::{encoder::Encoder, lang::Lang, segment::split};
/// let encoder = Encoder::open("model".as_ref())?;
/// let scorer = Semantic::new(LogLinear::default(), &encoder);
/// let ar = split(Lang::Ar, "غابت الشمس خلف التلال.\nأشعلت الجدة قنديلها.");
/// let en = split(Lang::En, "The sun sank behind the hills.\nGrandmother lit her lamp.");
/// assert_eq!(ladder(&align(&ar, &en, &scorer)), "[0]:[0]\n[1]:[1]\n");
/// # Ok::<(), dhakira::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Semantic<'m> {
    /// The first look.
    pub first: LogLinear,
    /// How much each feature counts in the second one.
    pub weights: Weights,
    /// The model.
    pub encoder: &'m Encoder,
}

impl<'m> Semantic<'m> {
    /// With the weights of the second look that are part of the crate.
    pub fn new(first: LogLinear, encoder: &'m Encoder) -> Semantic<'m> {
        static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
            Weights::parse(include_str!("second-weights.txt")).expect("a test reads the weights that ship")
        });
        Semantic { first, weights: WEIGHTS.clone(), encoder }
    }

    pub(super) fn ready<'a>(&'a self, ar: &'a Document, en: &'a Document) -> PreparedTwice<'a> {
        PreparedTwice { first: self.first.ready(ar, en), scorer: self, ar, en }
    }
}

impl Scorer for Semantic<'_> {
    fn prepare<'a>(&'a self, ar: &'a Document, en: &'a Document) -> Box<dyn PairCost + 'a> {
        Box::new(self.ready(ar, en))
    }

    fn prepare_again<'a>(&'a self, ar: &'a Document, en: &'a Document, notes: &Notes) -> Box<dyn PairCost + 'a> {
        Box::new(PreparedTwice { first: self.first.ready_again(ar, en, notes), scorer: self, ar, en })
    }

    fn looks_closer(&self) -> bool {
        true
    }

    fn lexicon(&self) -> Option<&Lexicon> {
        Some(&self.first.lexicon)
    }

    fn with_lexicon(&self, lexicon: Lexicon) -> Option<Box<dyn Scorer + '_>> {
        Some(Box::new(Semantic { first: self.first.taught(lexicon), ..self.clone() }))
    }
}

/// The pair at hand.
pub(super) struct PreparedTwice<'a> {
    first: Prepared<'a>,
    scorer: &'a Semantic<'a>,
    ar: &'a Document,
    en: &'a Document,
}

impl PreparedTwice<'_> {
    /// The costs of a second look at these regions.
    pub fn second(&self, regions: &[Region]) -> SecondLook<'_> {
        let encoder = self.scorer.encoder;
        let meanings = meanings(self.ar, self.en, regions, |texts| encoder.encode(texts), encoder.gauge());
        SecondLook { first: &self.first, weights: &self.scorer.weights, meanings }
    }
}

impl PairCost for PreparedTwice<'_> {
    fn cost(&self, ar: Range<usize>, en: Range<usize>) -> Cost {
        self.first.cost(ar, en)
    }

    fn costs_before(&self, end: (usize, usize), shapes: &[(usize, usize)], costs: &mut [f32]) {
        self.first.costs_before(end, shapes, costs);
    }

    fn evidence(&self, ar: Range<usize>, en: Range<usize>) -> Cost {
        self.first.evidence(ar, en)
    }

    fn guide(&self) -> Vec<(usize, usize)> {
        self.first.guide()
    }

    fn focus(&mut self, band: &Band) {
        self.first.focus(band);
    }

    fn skim(&mut self, band: &Band) {
        self.first.skim(band);
    }

    fn focus_within(&mut self, band: &Band, part: &Band) {
        self.first.focus_within(band, part);
    }

    fn focus_on(&mut self, band: &Band, regions: &[Region], links: &[Link]) {
        self.first.focus_on(band, regions, links);
    }

    fn notes(&self) -> Notes {
        self.first.notes()
    }

    fn adapt(&mut self, links: &[Link]) {
        self.first.adapt(links);
    }

    fn closer(&self, regions: &[Region]) -> Option<Box<dyn PairCost + '_>> {
        Some(Box::new(self.second(regions)))
    }
}

/// The costs within some regions.
pub(super) struct SecondLook<'a> {
    first: &'a Prepared<'a>,
    weights: &'a Weights,
    /// In the order of the regions.
    meanings: Vec<Meaning>,
}

impl SecondLook<'_> {
    /// The features of a bead within one of the regions; `None` for others.
    pub fn features(&self, ar: &Range<usize>, en: &Range<usize>) -> Option<Vector> {
        Some(self.meaning(ar, en)?.features(ar, en, self.first.cost(ar.clone(), en.clone()).0))
    }

    /// What is known of the region in which a bead lies.
    fn meaning(&self, ar: &Range<usize>, en: &Range<usize>) -> Option<&Meaning> {
        let behind = self.meanings.partition_point(|meaning| {
            let region = meaning.region();
            region.ar.end < ar.end || region.en.end < en.end
        });
        let within =
            |meaning: &&Meaning| meaning.region().ar.start <= ar.start && meaning.region().en.start <= en.start;
        self.meanings.get(behind).filter(within)
    }
}

impl PairCost for SecondLook<'_> {
    fn cost(&self, ar: Range<usize>, en: Range<usize>) -> Cost {
        self.features(&ar, &en).map_or_else(|| self.first.cost(ar, en), |x| Cost(-self.weights.dot(&x)))
    }

    fn costs_before(&self, (ar, en): (usize, usize), shapes: &[(usize, usize)], costs: &mut [f32]) {
        // The costs of the first look are a feature.
        self.first.costs_before((ar, en), shapes, costs);
        for (cost, (a, b)) in costs.iter_mut().zip(shapes) {
            let (Some(i), Some(j)) = (ar.checked_sub(*a), en.checked_sub(*b)) else { continue };
            if let Some(meaning) = self.meaning(&(i..ar), &(j..en)) {
                *cost = -self.weights.dot(&meaning.features(&(i..ar), &(j..en), *cost));
            }
        }
    }

    fn evidence(&self, ar: Range<usize>, en: Range<usize>) -> Cost {
        self.first.evidence(ar, en)
    }
}
