//! The search: the cheapest way of beads through a band, and how probable each bead is among all ways.

use super::band::Band;
use super::scorer::PairCost;
use std::ops::Range;

/// The bead shapes that are tried, (Arabic, English) sentences, the plainest first: of ways that cost the same the
/// plainest is taken.
pub const SHAPES: [(usize, usize); 12] =
    [(1, 1), (1, 0), (0, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1), (2, 3), (3, 2), (1, 4), (4, 1)];

/// A bead without its confidence.
pub(super) type Link = (Range<usize>, Range<usize>);

/// The cheapest sequence of beads that tiles both sides within `band`.
pub(super) fn cheapest(band: &Band, cost: &dyn PairCost) -> Vec<Link> {
    let mut total = vec![f64::INFINITY; band.cells()];
    let mut shape = vec![u8::MAX; band.cells()];
    total[0] = 0.0;
    for i in 0..=band.ar() {
        let row = band.row(i);
        let start = band.cell(i, row.start).expect("a row's start is in the band");
        for (at, j) in (start..).zip(row) {
            for (k, (ar, en, from)) in into(band, i, j) {
                let sum = total[from] + f64::from(cost.cost(ar, en).0);
                if sum < total[at] {
                    total[at] = sum;
                    shape[at] = k as u8;
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

/// Every sentence without partner.
fn alone(ar: usize, en: usize) -> Vec<Link> {
    (0..ar).map(|i| (i..i + 1, 0..0)).chain((0..en).map(|j| (ar..ar, j..j + 1))).collect()
}

/// The posterior probability of each of `links` among all ways through `band`, each way weighted by
/// exp(−`sharpness` × its cost): the forward–backward algorithm (Rabiner 1989, §III.A) over beads.
pub(super) fn posteriors(band: &Band, cost: &dyn PairCost, links: &[Link], sharpness: f64) -> Vec<f32> {
    let weight = |ar: Range<usize>, en: Range<usize>| -sharpness * f64::from(cost.cost(ar, en).0);
    let mut forward = vec![f64::NEG_INFINITY; band.cells()];
    forward[0] = 0.0;
    let mut terms = Vec::with_capacity(SHAPES.len());
    for i in 0..=band.ar() {
        let row = band.row(i);
        let start = band.cell(i, row.start).expect("a row's start is in the band");
        for (at, j) in (start..).zip(row) {
            terms.clear();
            terms.extend(into(band, i, j).map(|(_, (ar, en, from))| forward[from] + weight(ar, en)));
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
        for j in row.clone().rev() {
            terms.clear();
            if i == band.ar() && j == band.en() {
                terms.push(0.0);
            }
            for (a, b) in SHAPES {
                let behind = match a {
                    0 => row.contains(&(j + b)).then(|| backward[j + b - row.start]),
                    _ => rows.len().checked_sub(a).and_then(|r| {
                        let (span, values) = &rows[r];
                        span.contains(&(j + b)).then(|| values[j + b - span.start])
                    }),
                };
                if let Some(behind) = behind {
                    terms.push(behind + weight(i..i + a, j..j + b));
                }
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
            let posterior = (before + weight(ar.clone(), en.clone()) + behind - all).exp();
            found[open] = if posterior.is_finite() { posterior.clamp(0.0, 1.0) as f32 } else { 0.0 };
        }
    }
    found
}

/// The beads that end at `(i, j)` and begin in the band, with the number of their shape and of the cell they begin at.
fn into(band: &Band, i: usize, j: usize) -> impl Iterator<Item = (usize, (Range<usize>, Range<usize>, usize))> + '_ {
    SHAPES.iter().enumerate().filter_map(move |(k, &(a, b))| {
        let from = band.cell(i.checked_sub(a)?, j.checked_sub(b)?)?;
        Some((k, (i - a..i, j - b..j, from)))
    })
}

/// ln Σ exp(term), −∞ of none.
fn log_sum(terms: &[f64]) -> f64 {
    let most = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return most;
    }
    most + terms.iter().map(|t| (t - most).exp()).sum::<f64>().ln()
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
            let links = cheapest(&band, &cost);
            let ways = ways(ar, en);
            let least = ways.iter().map(|w| sum(w, &cost)).fold(f64::INFINITY, f64::min);
            prop_assert!((sum(&links, &cost) - least).abs() < 1e-6);
            let weights: Vec<f64> = ways.iter().map(|w| (-0.5 * sum(w, &cost)).exp()).collect();
            let all: f64 = weights.iter().sum();
            for (link, found) in links.iter().zip(posteriors(&band, &cost, &links, 0.5)) {
                let with: f64 = ways.iter().zip(&weights).filter(|(w, _)| w.contains(link)).map(|(_, x)| x).sum();
                prop_assert!((with / all - f64::from(found)).abs() < 1e-4, "{link:?} {} {found}", with / all);
            }
        }

        #[test]
        fn a_band_that_holds_the_way_changes_nothing(
            size in 5usize..30, costs in prop::collection::vec(0i16..60, 40..90)
        ) {
            let cost = Table(costs);
            let dense = cheapest(&Band::whole(size, size), &cost);
            let guide: Vec<_> = std::iter::once((0, 0)).chain(dense.iter().map(|(a, e)| (a.end, e.end))).collect();
            let band = Band::around(&guide, |_| 1);
            prop_assert!((sum(&cheapest(&band, &cost), &cost) - sum(&dense, &cost)).abs() < 1e-6);
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
        let links = cheapest(&Band::whole(2, 1), &Broken);
        assert_eq!(links, [(0..1, 0..0), (1..2, 0..0), (2..2, 0..1)]);
    }
}
