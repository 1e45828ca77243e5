//! The scorer: what a bead costs; the seam at which a stronger judgement takes the place of the first one.

use super::band::Band;
use super::notes::Notes;
use crate::lexicon::Lexicon;
use crate::segment::Document;
use std::ops::Range;

/// A cost in nats (natural logarithms of odds), lower is better; negative costs speak for a link.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Cost(pub f32);

/// A stretch of both texts whose links are unsure, between links that are sure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Numbers of the Arabic sentences, at least one.
    pub ar: Range<usize>,
    /// Numbers of the English sentences, at least one.
    pub en: Range<usize>,
    /// Numbers of the links that were found there.
    pub links: Range<usize>,
}

/// A way to judge links, the same for all documents.
pub trait Scorer: Send + Sync {
    /// Gets ready for one pair of documents.
    fn prepare<'a>(&'a self, ar: &'a Document, en: &'a Document) -> Box<dyn PairCost + 'a>;

    /// The same where another scorer noted something of the two when it looked at them.
    fn prepare_again<'a>(&'a self, ar: &'a Document, en: &'a Document, notes: &Notes) -> Box<dyn PairCost + 'a> {
        let _ = notes;
        self.prepare(ar, en)
    }

    /// The lexicon it goes by, if there is one.
    fn lexicon(&self) -> Option<&Lexicon> {
        None
    }

    /// Whether there is a second look ([`PairCost::closer`]), which may take much longer than the first.
    fn looks_closer(&self) -> bool {
        false
    }

    /// The same by another lexicon, which decides anew what this one left unsure ([`reconsider`](super::reconsider)); `None` if it has none.
    fn with_lexicon(&self, lexicon: Lexicon) -> Option<Box<dyn Scorer + '_>> {
        let _ = lexicon;
        None
    }
}

/// The costs of the beads of one pair of documents.
pub trait PairCost {
    /// What it costs to link these Arabic sentences with these English ones, the prior of the bead's shape included. One
    /// range may be empty: that sentence is without partner. Ranges hold four sentences at most, or one of them more and the
    /// other one.
    fn cost(&self, ar: Range<usize>, en: Range<usize>) -> Cost;

    /// What it costs to link the sentences before a boundary of the Arabic text with those before one of the English text, in each of these
    /// shapes (how many Arabic and English sentences, at most four); for shapes that reach beyond the beginning, or beyond what the search was
    /// said to enter, anything.
    fn costs_before(&self, (ar, en): (usize, usize), shapes: &[(usize, usize)], costs: &mut [f32]) {
        one_by_one((ar, en), shapes, costs, |ar, en| self.cost(ar, en));
    }

    /// What the content alone says about such a link, without the prior of its shape: negative where the two are more
    /// probably translations than not. 0 for a sentence without partner.
    fn evidence(&self, ar: Range<usize>, en: Range<usize>) -> Cost;

    /// Points that the way surely passes, rising, as far as the scorer can tell at sight: sentence `ar` belongs with
    /// sentence `en`. The band of a long pair follows them.
    fn guide(&self) -> Vec<(usize, usize)> {
        Vec::new()
    }

    /// Told before a search of single pairs of sentences, which asks for nothing but their [`PairCost::evidence`], which cells it will enter.
    fn skim(&mut self, band: &Band) {
        self.focus(band);
    }

    /// Told before a search which cells it will enter: the time to make tables, and to reckon what is rare among them.
    fn focus(&mut self, band: &Band) {
        let _ = band;
    }

    /// Told before a search of a part of the cells that a search of `band` would enter: what is rare is so among all of them.
    fn focus_within(&mut self, band: &Band, part: &Band) {
        let _ = part;
        self.focus(band);
    }

    /// Told before some regions of a pair are decided anew what links the whole pair has, within a band of its cells: what is rare is so among all
    /// of these, and what is usual follows the links. No bead is asked for but within the regions.
    fn focus_on(&mut self, band: &Band, regions: &[Region], links: &[(Range<usize>, Range<usize>)]) {
        let _ = regions;
        self.focus(band);
        self.adapt(links);
    }

    /// What was noted of the two texts that another scorer may know ([`Scorer::prepare_again`]).
    fn notes(&self) -> Notes {
        Notes::default()
    }

    /// Told after a search what it found, before the next one: what is usual may follow the document.
    fn adapt(&mut self, links: &[(Range<usize>, Range<usize>)]) {
        let _ = links;
    }

    /// Asked at last, of a pair that looks like translations: the costs of a second look at the regions where links are
    /// unsure, if there is one. They are asked for no other beads, and for beads of at most four sentences a side.
    fn closer(&self, regions: &[Region]) -> Option<Box<dyn PairCost + '_>> {
        let _ = regions;
        None
    }
}

/// [`PairCost::costs_before`] by what each bead costs; those that reach beyond the beginning are left out.
pub(super) fn one_by_one(
    (ar, en): (usize, usize),
    shapes: &[(usize, usize)],
    costs: &mut [f32],
    cost: impl Fn(Range<usize>, Range<usize>) -> Cost,
) {
    for (to, (a, b)) in costs.iter_mut().zip(shapes) {
        if let (Some(i), Some(j)) = (ar.checked_sub(*a), en.checked_sub(*b)) {
            *to = cost(i..ar, j..en).0;
        }
    }
}
