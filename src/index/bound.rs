//! What a key must share with the query to reach a score: the bounds that let a search leave keys aside.

use crate::matching::{Gram, Grams, Score};

/// An edit touches three trigrams of either key at most (the q-gram lemma; Jokinen and Ukkonen 1991).
const TOUCHED: usize = 3;
/// The most that a trigram weighs.
const HEAVIEST: u64 = 15;

/// A query, as far as bounds need it.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    /// Characters of the query's key.
    chars: usize,
    /// What its trigrams weigh.
    weight: u64,
    /// For each number of edits, the most weight that they can take from the query's trigrams; ascends to `weight`.
    lost: Vec<u64>,
}

/// The lightest and the heaviest, the shortest and the longest of some keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) weight: (u64, u64),
    pub(super) chars: (usize, usize),
}

impl Bound {
    pub(super) fn new(chars: usize, grams: &Grams) -> Bound {
        let mut weights: Vec<u64> = grams
            .iter()
            .flat_map(|gram: &Gram| std::iter::repeat_n(u64::from(gram.weight), gram.count as usize))
            .collect();
        weights.sort_unstable_by(|a, b| b.cmp(a));
        let mut lost = vec![0];
        for three in weights.chunks(TOUCHED) {
            lost.push(lost[lost.len() - 1] + three.iter().sum::<u64>());
        }
        Bound { chars, weight: grams.total(), lost }
    }

    /// What the query's trigrams weigh.
    pub(super) fn weight(&self) -> u64 {
        self.weight
    }

    /// Whether one of these keys, none of them the query's own, can score `cutoff` if it shares no more than `shared`.
    #[inline]
    pub(super) fn reaches(&self, cutoff: Score, shared: u64, keys: &Extent) -> bool {
        let shared = shared.min(self.weight).min(keys.weight.1);
        // The lightest is the most like the query, but it weighs what it shares at least.
        let weight = keys.weight.0.max(shared);
        // What is not shared was edited away, or came in by edits.
        let missing = self.lost.partition_point(|lost| *lost < self.weight - shared);
        let added = (weight - shared).div_ceil(TOUCHED as u64 * HEAVIEST) as usize;
        let edits = missing.max(added).max(1);
        // Of keys that need so many edits the longest is the most like the query, as long as it needs no more for its length.
        let (least, most) = keys.chars;
        let chars = if most <= self.chars { most } else { (self.chars + edits).max(least).min(most) };
        let edits = edits.max(chars.abs_diff(self.chars));
        cutoff.most_distance(chars.max(self.chars), shared, self.weight + weight).is_some_and(|limit| edits <= limit)
    }

    /// The least weight that one of these keys must share to score `cutoff`, if any can.
    pub(super) fn least_shared(&self, cutoff: Score, keys: &Extent) -> Option<u64> {
        let mut most = self.weight.min(keys.weight.1);
        if !self.reaches(cutoff, most, keys) {
            return None;
        }
        let mut least = 0;
        while least < most {
            let middle = least.midpoint(most);
            if self.reaches(cutoff, middle, keys) { most = middle } else { least = middle + 1 }
        }
        Some(least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::Parts;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn never_above_what_is_scored(
            a in "[ابتكلم ]{0,14}|[ابت]{0,40}", b in "[ابتكلم ]{0,14}|[ابت]{0,40}",
            cutoff in 0u16..=10_000, slack in 0u64..30, wider in (0u64..40, 0u64..40, 0usize..9, 0usize..9),
        ) {
            prop_assume!(a != b);
            let (of_a, of_b) = (Grams::of(&a), Grams::of(&b));
            let (m, n) = (of_a.count(), of_b.count());
            let shared = of_a.shared(&of_b);
            let parts = Parts { distance: strsim::levenshtein(&a, &b), longer: m.max(n), shared, total: of_a.total() + of_b.total() };
            let bound = Bound::new(m, &of_a);
            let keys = Extent {
                weight: (of_b.total().saturating_sub(wider.0), of_b.total() + wider.1),
                chars: (n.saturating_sub(wider.2), n + wider.3),
            };
            for cutoff in [Score::from_hundredths(cutoff), parts.score()] {
                if parts.score() >= cutoff {
                    prop_assert!(bound.reaches(cutoff, shared + slack, &keys));
                    prop_assert!(bound.least_shared(cutoff, &keys).is_some_and(|least| least <= shared));
                }
                let least = bound.least_shared(cutoff, &keys);
                for shared in 0..=bound.weight().min(keys.weight.1) {
                    prop_assert_eq!(bound.reaches(cutoff, shared, &keys), least.is_some_and(|least| least <= shared));
                }
            }
        }
    }
}
