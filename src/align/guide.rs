//! The guide: the chain of sure points that the band of a long pair follows.

use super::band::Band;
use std::collections::BTreeMap;

/// Sentences to both sides within which points support each other, and how much of their weight a sure point needs: more
/// than what two chance meetings bring.
const NEAR: usize = 8;
const ENOUGH: f32 = 2.5;

/// The points that others nearby agree with: what has met by chance stands alone.
pub(super) fn supported(points: Vec<(usize, usize, f32)>) -> Vec<(usize, usize, f32)> {
    let mut squares: BTreeMap<(usize, usize), f32> = BTreeMap::new();
    for &(i, j, weight) in &points {
        *squares.entry((i / NEAR + 1, j / NEAR + 1)).or_insert(0.0) += weight;
    }
    let support = |i: usize, j: usize| -> f32 {
        let around = (0..3).flat_map(|a| (0..3).map(move |b| (i / NEAR + a, j / NEAR + b)));
        around.filter_map(|square| squares.get(&square)).sum()
    };
    points
        .into_iter()
        .filter_map(|(i, j, _)| Some((i, j, support(i, j))).filter(|(_, _, weight)| *weight >= ENOUGH))
        .collect()
}

/// Of `(ar, en, weight)` points the rising chain of the greatest weight (both numbers strictly rising), by a Fenwick tree
/// of best weights: n log n.
pub(super) fn heaviest_chain(mut points: Vec<(usize, usize, f32)>) -> Vec<(usize, usize)> {
    // Points of one cell are one, of their common weight; of one row the later columns come first, so that none follows
    // another of its own row.
    points.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then(a.2.total_cmp(&b.2)));
    points.dedup_by(|again, kept| {
        let same = (again.0, again.1) == (kept.0, kept.1);
        if same {
            kept.2 += again.2;
        }
        same
    });
    let columns = points.iter().map(|p| p.1 + 1).max().unwrap_or(0);
    let mut tree: Vec<Option<usize>> = vec![None; columns + 1];
    let mut best: Vec<(f64, Option<usize>)> = Vec::with_capacity(points.len());
    let better = |best: &[(f64, Option<usize>)], a: Option<usize>, b: Option<usize>| match (a, b) {
        (Some(x), Some(y)) => Some(if best[y].0 > best[x].0 { y } else { x }),
        (x, y) => x.or(y),
    };
    let mut top = None;
    for (number, &(_, column, weight)) in points.iter().enumerate() {
        let mut before = None;
        let mut at = column;
        while at > 0 {
            before = better(&best, before, tree[at]);
            at &= at - 1;
        }
        best.push((f64::from(weight) + before.map_or(0.0, |b: usize| best[b].0), before));
        let mut at = column + 1;
        while at <= columns {
            tree[at] = better(&best, tree[at], Some(number));
            at += at & at.wrapping_neg();
        }
        top = better(&best, top, Some(number));
    }
    let mut chain = Vec::new();
    while let Some(number) = top {
        chain.push((points[number].0, points[number].1));
        top = best[number].1;
    }
    chain.reverse();
    chain
}

/// Grids of at most this many cells are searched whole.
const WHOLE: usize = 10_000;
/// No band gets more cells than this: some 250 MB at the most.
const MOST_CELLS: usize = 6_000_000;

/// Cells to both sides of the guide that a band has at least.
const LEAST: usize = 8;

/// The band for a pair of `ar` and `en` sentences along `chain`; each `widening` doubles its width. `None` where it can not
/// become wider.
pub(super) fn band(ar: usize, en: usize, chain: &[(usize, usize)], widening: u32) -> Option<Band> {
    if (ar + 1).saturating_mul(en + 1) <= WHOLE {
        return (widening == 0).then(|| Band::whole(ar, en));
    }
    let mut guide = vec![(0, 0)];
    guide.extend(chain.iter().copied().filter(|p| *p != (0, 0)));
    guide.push((ar, en));
    // As wide as a text may wander between two sure points.
    let most = (MOST_CELLS / (2 * (ar + 1))).max(8);
    let width = |gap: usize| ((LEAST + gap / 4) << widening).min(most);
    let band = Band::around(&guide, width);
    let narrower = widening > 0 && Band::around(&guide, |gap| ((LEAST + gap / 4) << (widening - 1)).min(most)) == band;
    (!narrower).then_some(band)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn weight_of(chain: &[(usize, usize)], points: &[(usize, usize, f32)]) -> f32 {
        points.iter().filter(|p| chain.contains(&(p.0, p.1))).map(|p| p.2).sum()
    }

    proptest! {
        #[test]
        fn the_chain_rises_and_none_is_heavier(
            points in prop::collection::vec((0usize..8, 0usize..8, 1u8..9), 0..9)
        ) {
            let points: Vec<_> = points.into_iter().map(|(i, j, w)| (i, j, f32::from(w))).collect();
            let chain = heaviest_chain(points.clone());
            prop_assert!(chain.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1));
            let mut most = 0.0f32;
            for set in 0u32..1 << points.len() {
                let mut chosen: Vec<_> =
                    (0..points.len()).filter(|k| set >> k & 1 == 1).map(|k| (points[k].0, points[k].1)).collect();
                chosen.sort_unstable();
                chosen.dedup();
                if chosen.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1) {
                    most = most.max(weight_of(&chosen, &points));
                }
            }
            prop_assert_eq!(weight_of(&chain, &points), most);
        }
    }
}
