//! The search: the cheapest way of beads through a band, and how probable each bead is among all ways.

use super::band::Band;
use super::scorer::PairCost;
use std::ops::Range;

/// The bead shapes that are tried, (Arabic, English) sentences, the plainest first: of ways that cost the same the
/// plainest is taken. Greater ones with one sentence on a side are found by `grown`.
pub const SHAPES: [(usize, usize); 18] = [
    (1, 1),
    (1, 0),
    (0, 1),
    (1, 2),
    (2, 1),
    (2, 2),
    (1, 3),
    (3, 1),
    (2, 3),
    (3, 2),
    (1, 4),
    (4, 1),
    (3, 3),
    (2, 4),
    (4, 2),
    (3, 4),
    (4, 3),
    (4, 4),
];

/// The shapes of a first, wide search.
pub(super) const PLAIN: &[(usize, usize)] = SHAPES.split_at(12).0;

/// A bead without its confidence.
pub(super) type Link = (Range<usize>, Range<usize>);

/// What the beads of a band cost, reckoned once: by the cell that they lead to, in the order of [`SHAPES`].
pub(super) struct Prices(Vec<[f32; SHAPES.len()]>);

impl Prices {
    /// The costs of all beads of `band`.
    pub fn new(band: &Band, cost: &dyn PairCost) -> Prices {
        let mut prices = vec![[f32::NAN; SHAPES.len()]; band.cells()];
        let mut next = prices.iter_mut();
        for i in 0..=band.ar() {
            for (j, prices) in band.row(i).zip(&mut next) {
                cost.costs_before((i, j), &SHAPES, prices);
            }
        }
        Prices(prices)
    }

    /// The cheapest sequence of beads that tiles both sides within `band`.
    pub fn cheapest(&self, band: &Band) -> Vec<Link> {
        cheapest_by(band, &SHAPES, |at, _, prices| prices.copy_from_slice(&self.0[at]))
    }
}

/// The cheapest sequence of beads of these shapes that tiles both sides within `band`.
pub(super) fn cheapest(band: &Band, cost: &dyn PairCost, shapes: &[(usize, usize)]) -> Vec<Link> {
    cheapest_by(band, shapes, |_, end, prices| cost.costs_before(end, shapes, prices))
}

/// The same, where the prices of beads, one for each shape, are told by the cell that they lead to: its number, and where it is.
fn cheapest_by(band: &Band, shapes: &[(usize, usize)], tell: impl Fn(usize, (usize, usize), &mut [f32])) -> Vec<Link> {
    let mut total = vec![f64::INFINITY; band.cells()];
    let mut shape = vec![u8::MAX; band.cells()];
    let mut prices = [f32::NAN; SHAPES.len()];
    let prices = &mut prices[..shapes.len()];
    total[0] = 0.0;
    for i in 0..=band.ar() {
        let row = band.row(i);
        let start = band.cell(i, row.start).expect("a row's start is in the band");
        let steps = steps(band, i, shapes);
        for (at, j) in (start..).zip(row) {
            tell(at, (i, j), prices);
            for step in &steps {
                let Some(from) = step.from(j) else { continue };
                let sum = total[from] + f64::from(prices[step.shape]);
                if sum < total[at] {
                    total[at] = sum;
                    shape[at] = step.shape as u8;
                }
            }
        }
    }
    let (mut i, mut j) = (band.ar(), band.en());
    let mut links = Vec::new();
    while i + j > 0 {
        let k = band.cell(i, j).map_or(u8::MAX, |at| shape[at]);
        // A scorer whose costs are not numbers finds no way; then everything stays alone.
        let Some(&(a, b)) = SHAPES.get(usize::from(k)) else { return alone(band.ar(), band.en()) };
        links.push((i - a..i, j - b..j));
        (i, j) = (i - a, j - b);
    }
    links.reverse();
    links
}

/// The way through `band` on which the contents of single pairs of sentences say most, whatever else a way costs: a first
/// sketch, for a twelfth of what a search costs.
pub(super) fn sketch(band: &Band, cost: &dyn PairCost) -> Vec<Link> {
    const STEPS: [(usize, usize); 3] = [(1, 1), (1, 0), (0, 1)];
    cheapest_by(band, &STEPS, |_, (i, j), prices| {
        let evidence = (i > 0 && j > 0).then(|| cost.evidence(i - 1..i, j - 1..j).0.min(0.0));
        prices.copy_from_slice(&[evidence.unwrap_or_default(), 0.0, 0.0]);
    })
}

/// Every sentence without partner.
fn alone(ar: usize, en: usize) -> Vec<Link> {
    (0..ar).map(|i| (i..i + 1, 0..0)).chain((0..en).map(|j| (ar..ar, j..j + 1))).collect()
}

/// The posterior probability of each of `links` among all ways through `band`, each way weighted by
/// exp(−its cost): the forward–backward algorithm (Rabiner 1989, §III.A) over beads.
pub(super) fn posteriors(band: &Band, prices: &Prices, links: &[Link]) -> Vec<f32> {
    let weight = |at: usize, k: usize| -f64::from(prices.0[at][k]);
    let mut forward = vec![f64::NEG_INFINITY; band.cells()];
    forward[0] = 0.0;
    let mut terms = Vec::with_capacity(SHAPES.len());
    for i in 0..=band.ar() {
        let row = band.row(i);
        let start = band.cell(i, row.start).expect("a row's start is in the band");
        let steps = steps(band, i, &SHAPES);
        for (at, j) in (start..).zip(row) {
            terms.clear();
            for step in &steps {
                terms.extend(step.from(j).map(|from| forward[from] + weight(at, step.shape)));
            }
            if at > 0 {
                forward[at] = log_sum(&terms);
            }
        }
    }
    let all = forward[band.cells() - 1];
    // Backward, of which only the last rows are kept: no bead spans more than four Arabic sentences.
    let mut rows: Vec<(Range<usize>, Vec<f64>)> = Vec::new();
    let mut found = vec![0.0; links.len()];
    let mut open = links.len();
    for i in (0..=band.ar()).rev() {
        let row = band.row(i);
        let mut backward = vec![f64::NEG_INFINITY; row.len()];
        // For each shape the row where its beads end: which columns it has, and the cell of the first.
        let ends: Vec<_> = (SHAPES.into_iter().enumerate())
            .filter(|(_, (a, _))| i + a <= band.ar())
            .filter_map(|(k, shape)| {
                let columns = band.row(i + shape.0);
                let first = band.cell(i + shape.0, columns.start)?;
                Some((k, shape, columns, first))
            })
            .collect();
        for j in row.clone().rev() {
            terms.clear();
            if i == band.ar() && j == band.en() {
                terms.push(0.0);
            }
            for (k, (a, b), columns, first) in &ends {
                if !columns.contains(&(j + b)) {
                    continue;
                }
                let behind = match a {
                    0 => backward[j + b - row.start],
                    a => rows[rows.len() - a].1[j + b - columns.start],
                };
                terms.push(behind + weight(first + j + b - columns.start, *k));
            }
            backward[j - row.start] = log_sum(&terms);
        }
        rows.push((row.clone(), backward));
        if rows.len() > 5 {
            rows.remove(0);
        }
        while let Some((ar, en)) = open.checked_sub(1).map(|last| &links[last])
            && ar.start == i
        {
            let (span, values) = &rows[rows.len() - 1 - ar.len()];
            let before = band.cell(ar.start, en.start).map_or(f64::NEG_INFINITY, |at| forward[at]);
            let behind = if span.contains(&en.end) { values[en.end - span.start] } else { f64::NEG_INFINITY };
            open -= 1;
            let shape = SHAPES.iter().position(|shape| *shape == (ar.len(), en.len()));
            let own = shape.zip(band.cell(ar.end, en.end)).map_or(f64::NEG_INFINITY, |(k, at)| weight(at, k));
            let posterior = (before + own + behind - all).exp();
            found[open] = if posterior.is_finite() { posterior.clamp(0.0, 1.0) as f32 } else { 0.0 };
        }
    }
    found
}

/// The beads of a shape that end in a row of a band.
struct Step {
    /// The number of the shape.
    shape: usize,
    /// Where they end, if they begin in the band.
    columns: Range<usize>,
    /// The cell where that begins which ends in the first of these columns.
    first: usize,
}

impl Step {
    /// The cell where the bead begins that ends at column `j`; `None` if that is not in the band.
    fn from(&self, j: usize) -> Option<usize> {
        self.columns.contains(&j).then(|| self.first + (j - self.columns.start))
    }
}

/// The beads that end in row `i` of a band and begin in it, by their shapes.
fn steps(band: &Band, i: usize, shapes: &[(usize, usize)]) -> Vec<Step> {
    let steps = shapes.iter().enumerate().filter_map(|(shape, &(a, b))| {
        let row = band.row(i.checked_sub(a)?);
        Some(Step { shape, columns: row.start + b..row.end + b, first: band.cell(i - a, row.start)? })
    });
    steps.collect()
}

/// The beads that end at `(i, j)` and begin in the band, with the number of the cell they begin at.
pub(super) fn into<'s>(
    band: &'s Band,
    i: usize,
    j: usize,
    shapes: &'s [(usize, usize)],
) -> impl Iterator<Item = (Range<usize>, Range<usize>, usize)> + 's {
    shapes.iter().filter_map(move |&(a, b)| {
        let from = band.cell(i.checked_sub(a)?, j.checked_sub(b)?)?;
        Some((i - a..i, j - b..j, from))
    })
}

/// Sentences that a link of one with many may take at most.
const MOST: usize = 64;

/// A link and its confidence.
pub(super) type Judged = (Link, f32);

/// Lets links of one sentence with others take more than four, where that costs less: sentences without partner beside them
/// go into the link, if all of them together are what the one sentence says. The confidence of such a link is its
/// probability against those it was made of.
pub(super) fn grown(links: Vec<Judged>, cost: &dyn PairCost) -> Vec<Judged> {
    grown_on(grown_on(links, cost, |link| (&link.0, &link.1)), cost, |link| (&link.1, &link.0))
}

/// The same on the side that `sides` gives first.
fn grown_on(
    links: Vec<Judged>,
    cost: &dyn PairCost,
    sides: fn(&Link) -> (&Range<usize>, &Range<usize>),
) -> Vec<Judged> {
    let price = |link: &Link| f64::from(cost.cost(link.0.clone(), link.1.clone()).0);
    let alone = |judged: &&Judged| sides(&judged.0).1.is_empty();
    let mut done: Vec<Judged> = Vec::with_capacity(links.len());
    let mut at = 0;
    while at < links.len() {
        let (link, confidence) = links[at].clone();
        at += 1;
        let (many, one) = sides(&link);
        let before = done.iter().rev().take_while(alone).take(MOST).count();
        let behind = links[at..].iter().take_while(alone).take(MOST).count();
        if one.len() != 1 || many.is_empty() || before + behind == 0 {
            done.push((link, confidence));
            continue;
        }
        let stretched = |before: usize, behind: usize| -> Link {
            let wide = many.start - before..many.end + behind;
            if std::ptr::eq(many, &link.0) { (wide, one.clone()) } else { (one.clone(), wide) }
        };
        let mut best = (0.0, 0, 0);
        let mut lead = 0.0;
        for b in 0..=before {
            lead += if b > 0 { price(&done[done.len() - b].0) } else { 0.0 };
            let mut tail = 0.0;
            for a in 0..=behind {
                tail += if a > 0 { price(&links[at + a - 1].0) } else { 0.0 };
                let size = many.len() + a + b;
                if size > 4 && size <= MOST {
                    let gain = price(&link) + lead + tail - price(&stretched(b, a));
                    best = if gain > best.0 { (gain, b, a) } else { best };
                }
            }
        }
        let (gain, b, a) = best;
        done.truncate(done.len() - b);
        done.push(if gain > 0.0 {
            (stretched(b, a), (1.0 / (1.0 + (-gain).exp())) as f32)
        } else {
            (link, confidence)
        });
        at += a;
    }
    done
}

/// ln Σ exp(term), −∞ of none.
fn log_sum(terms: &[f64]) -> f64 {
    let most = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return most;
    }
    // What is e to the 40 times less changes no digit.
    let sum: f64 = terms.iter().map(|t| t - most).filter(|less| *less > -40.0).map(f64::exp).sum();
    most + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::super::scorer::Cost;
    use super::*;
    use proptest::prelude::*;

    /// Costs out of a table, any bead its own.
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

    /// Every way through the whole grid.
    fn ways(ar: usize, en: usize) -> Vec<Vec<Link>> {
        fn go(at: (usize, usize), end: (usize, usize), way: &mut Vec<Link>, found: &mut Vec<Vec<Link>>) {
            if at == end {
                found.push(way.clone());
            }
            for (a, b) in SHAPES {
                let next = (at.0 + a, at.1 + b);
                if next.0 <= end.0 && next.1 <= end.1 {
                    way.push((at.0..next.0, at.1..next.1));
                    go(next, end, way, found);
                    way.pop();
                }
            }
        }
        let mut found = Vec::new();
        go((0, 0), (ar, en), &mut Vec::new(), &mut found);
        found
    }

    fn sum(way: &[Link], cost: &dyn PairCost) -> f64 {
        way.iter().map(|(ar, en)| f64::from(cost.cost(ar.clone(), en.clone()).0)).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_search_agrees_with_trying_every_way(
            ar in 0usize..5, en in 0usize..5, costs in prop::collection::vec(-40i16..60, 40..90)
        ) {
            let cost = Table(costs);
            let band = Band::whole(ar, en);
            let links = cheapest(&band, &cost, &SHAPES);
            let ways = ways(ar, en);
            let least = ways.iter().map(|w| sum(w, &cost)).fold(f64::INFINITY, f64::min);
            prop_assert!((sum(&links, &cost) - least).abs() < 1e-6);
            let weights: Vec<f64> = ways.iter().map(|w| (-sum(w, &cost)).exp()).collect();
            let all: f64 = weights.iter().sum();
            for (link, found) in links.iter().zip(posteriors(&band, &Prices::new(&band, &cost), &links)) {
                let with: f64 = ways.iter().zip(&weights).filter(|(w, _)| w.contains(link)).map(|(_, x)| x).sum();
                prop_assert!((with / all - f64::from(found)).abs() < 1e-4, "{link:?} {} {found}", with / all);
            }
        }

        #[test]
        fn a_band_that_holds_the_way_changes_nothing(
            size in 5usize..30, costs in prop::collection::vec(0i16..60, 40..90)
        ) {
            let cost = Table(costs);
            let dense = cheapest(&Band::whole(size, size), &cost, &SHAPES);
            let guide: Vec<_> = std::iter::once((0, 0)).chain(dense.iter().map(|(a, e)| (a.end, e.end))).collect();
            let band = Band::around(&guide, |_| 1);
            prop_assert!((sum(&cheapest(&band, &cost, &SHAPES), &cost) - sum(&dense, &cost)).abs() < 1e-6);
        }
    }

    #[test]
    fn costs_that_are_no_numbers_leave_everything_alone() {
        struct Broken;
        impl PairCost for Broken {
            fn cost(&self, _: Range<usize>, _: Range<usize>) -> Cost {
                Cost(f32::NAN)
            }
            fn evidence(&self, _: Range<usize>, _: Range<usize>) -> Cost {
                Cost(f32::NAN)
            }
        }
        let links = cheapest(&Band::whole(2, 1), &Broken, &SHAPES);
        assert_eq!(links, [(0..1, 0..0), (1..2, 0..0), (2..2, 0..1)]);
    }

    /// One link of one with all is cheap, all else is dear.
    struct Wide(usize);

    impl PairCost for Wide {
        fn cost(&self, ar: Range<usize>, en: Range<usize>) -> Cost {
            Cost(if ar.len() == self.0 && en.len() == 1 { -9.0 } else { 4.0 * ar.len().max(en.len()) as f32 })
        }

        fn evidence(&self, ar: Range<usize>, en: Range<usize>) -> Cost {
            self.cost(ar, en)
        }
    }

    #[test]
    fn one_sentence_may_go_with_many() {
        let lonely = |n: usize| ((n..n + 1, 1..1), 0.5);
        let links: Vec<Judged> = vec![
            ((0..1, 0..1), 0.9),
            lonely(1),
            lonely(2),
            ((3..5, 1..2), 0.4),
            ((5..6, 2..2), 0.5),
            ((6..7, 2..2), 0.5),
            ((7..7, 2..3), 0.5),
        ];
        let wide = grown(links.clone(), &Wide(6));
        let found: Vec<Link> = wide.iter().map(|(link, _)| link.clone()).collect();
        assert_eq!(found, [(0..1, 0..1), (1..7, 1..2), (7..7, 2..3)]);
        assert!(wide[1].1 > 0.99);
        assert_eq!(grown(links.clone(), &Wide(99)), links);
    }
}
