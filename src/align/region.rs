//! Regions: the stretches of two texts where links are unsure, between links that are sure.

use super::band::Band;
use super::scorer::{Cost, PairCost, Region, one_by_one};
use super::search::{Judged, Link, Prices, SHAPES, posteriors};
use std::ops::Range;

/// A link is unsure if it is less probable than this, and the region around it reaches to links that are at least as
/// probable as that. On the even development documents and 36 kinds of noise of them, 57,608 links, a twelfth lies in such
/// regions, and 38 that are wrong lie outside.
pub(super) const UNSURE: f32 = 0.97;
/// The same for a second look that takes long. On 12 kinds of noise of the even development documents that is as good, for a fifth less work.
pub(super) const VERY_UNSURE: f32 = 0.93;
const SURE: f32 = 0.99;
/// Regions are parted at their surest link before one of the sides has more sentences.
const LONGEST: usize = 48;
/// Cells to both sides of the first way that a second look enters.
const NEAR: usize = 12;

/// The regions of these links, in order, in which one is less probable than `unsure`. Links of more sentences than the search tries stay as they are.
pub(super) fn regions(links: &[Judged], unsure: f32) -> Vec<Region> {
    let open = |judged: &Judged| judged.1 < SURE && SHAPES.contains(&(judged.0.0.len(), judged.0.1.len()));
    let mut found = Vec::new();
    let mut from = 0;
    for run in links.chunk_by(|a, b| open(a) == open(b)) {
        if open(&run[0]) {
            part(links, from..from + run.len(), unsure, &mut found);
        }
        from += run.len();
    }
    found
}

/// Takes a run of links as regions, if there is something to decide in it.
fn part(links: &[Judged], run: Range<usize>, unsure: f32, found: &mut Vec<Region>) {
    let (first, last) = (&links[run.start].0, &links[run.end - 1].0);
    let (ar, en) = (first.0.start..last.0.end, first.1.start..last.1.end);
    if ar.is_empty() || en.is_empty() || links[run.clone()].iter().all(|judged| judged.1 >= unsure) {
        return;
    }
    if ar.len().max(en.len()) <= LONGEST {
        found.push(Region { ar, en, links: run });
        return;
    }
    // Of the links of the middle half the surest ends one part, the earliest of several.
    let middle = run.start + run.len() / 4..run.end - run.len().div_ceil(4);
    let surest = middle.rev().max_by(|a, b| links[*a].1.total_cmp(&links[*b].1)).unwrap_or(run.start);
    part(links, run.start..surest + 1, unsure, found);
    part(links, surest + 1..run.end, unsure, found);
}

/// The links of a range, in which these regions lie, with those of the regions decided anew.
pub(super) fn anew(links: &[Judged], range: Range<usize>, regions: &[Region], cost: &dyn PairCost) -> Vec<Judged> {
    let mut found = Vec::with_capacity(range.len());
    let mut next = range.start;
    for region in regions {
        found.extend_from_slice(&links[next..region.links.start]);
        found.extend(decided_anew(&links[region.links.clone()], region, cost));
        next = region.links.end;
    }
    found.extend_from_slice(&links[next..range.end]);
    found
}

/// The links of a region decided anew by what beads cost there now; their confidence is the posterior among all ways
/// through the region. `links` are those of the first look.
fn decided_anew(links: &[Judged], region: &Region, cost: &dyn PairCost) -> Vec<Judged> {
    let (ar, en) = (region.ar.start, region.en.start);
    let way: Vec<Link> = links.iter().map(|((a, e), _)| (a.start - ar..a.end - ar, e.start - en..e.end - en)).collect();
    let band = Band::whole(region.ar.len(), region.en.len()).along(&way, NEAR);
    let prices = Prices::new(&band, &Shifted { cost, ar, en });
    let found = prices.cheapest(&band);
    let judged = posteriors(&band, &prices, &found);
    let shifted = found.into_iter().map(|(a, e)| (a.start + ar..a.end + ar, e.start + en..e.end + en));
    shifted.zip(judged).collect()
}

/// The costs of a region, numbered from its start.
pub(super) struct Shifted<'c> {
    pub cost: &'c dyn PairCost,
    pub ar: usize,
    pub en: usize,
}

impl Shifted<'_> {
    fn absolute(&self, ar: &Range<usize>, en: &Range<usize>) -> Link {
        (ar.start + self.ar..ar.end + self.ar, en.start + self.en..en.end + self.en)
    }
}

impl PairCost for Shifted<'_> {
    fn cost(&self, ar: Range<usize>, en: Range<usize>) -> Cost {
        let (ar, en) = self.absolute(&ar, &en);
        self.cost.cost(ar, en)
    }

    fn costs_before(&self, (ar, en): (usize, usize), shapes: &[(usize, usize)], costs: &mut [f32]) {
        const MOST: usize = 4;
        if ar >= MOST && en >= MOST {
            return self.cost.costs_before((ar + self.ar, en + self.en), shapes, costs);
        }
        // Near its start only the beads that begin in the region, for nobody has looked at others.
        one_by_one((ar, en), shapes, costs, |ar, en| self.cost(ar, en));
    }

    fn evidence(&self, ar: Range<usize>, en: Range<usize>) -> Cost {
        let (ar, en) = self.absolute(&ar, &en);
        self.cost.evidence(ar, en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Links of these shapes one behind the other.
    fn chain(shapes: &[((usize, usize), f32)]) -> Vec<Judged> {
        let (mut i, mut j) = (0, 0);
        let each = shapes.iter().map(|&((a, b), confidence)| {
            (i, j) = (i + a, j + b);
            ((i - a..i, j - b..j), confidence)
        });
        each.collect()
    }

    #[test]
    fn regions_reach_from_sure_link_to_sure_link() {
        let links =
            chain(&[((1, 1), 1.0), ((1, 0), 0.98), ((1, 2), 0.6), ((1, 1), 0.995), ((1, 1), 0.98), ((0, 1), 0.5)]);
        let expected = [Region { ar: 1..3, en: 1..3, links: 1..3 }, Region { ar: 4..5, en: 4..6, links: 4..6 }];
        assert_eq!(regions(&links, UNSURE), expected);
        // Nothing unsure, nothing on one of the sides, a link that the search does not try.
        assert_eq!(regions(&chain(&[((1, 1), 0.98), ((1, 1), 0.98)]), UNSURE), []);
        assert_eq!(regions(&chain(&[((1, 0), 0.5), ((1, 0), 0.5)]), UNSURE), []);
        assert_eq!(regions(&chain(&[((9, 1), 0.5)]), UNSURE), []);
    }

    proptest! {
        #[test]
        fn links_decided_anew_tile_both_sides(
            shapes in prop::collection::vec(((0usize..3, 1usize..3), 0.5f32..1.0), 1..80),
            costs in prop::collection::vec(-40i16..60, 40..90),
        ) {
            struct Table(Vec<i16>);
            impl PairCost for Table {
                fn cost(&self, ar: Range<usize>, en: Range<usize>) -> Cost {
                    let at = ar.start * 31 + ar.len() * 7 + en.start * 13 + en.len() * 3;
                    Cost(f32::from(self.0[at % self.0.len()]) / 16.0)
                }
                fn evidence(&self, ar: Range<usize>, en: Range<usize>) -> Cost {
                    self.cost(ar, en)
                }
            }
            let links = chain(&shapes);
            let regions = regions(&links, UNSURE);
            for region in &regions {
                prop_assert!(region.ar.len().max(region.en.len()) <= LONGEST);
            }
            let table = Table(costs);
            let anew = anew(&links, 0..links.len(), &regions, &table);
            let mut at = (0, 0);
            for ((ar, en), confidence) in &anew {
                prop_assert_eq!((ar.start, en.start), at);
                prop_assert!((0.0..=1.0).contains(confidence));
                at = (ar.end, en.end);
            }
            let end = &links[links.len() - 1].0;
            prop_assert_eq!(at, (end.0.end, end.1.end));
            for (link, confidence) in &links {
                prop_assert!(*confidence < SURE || anew.contains(&(link.clone(), *confidence)));
            }
        }
    }
}
