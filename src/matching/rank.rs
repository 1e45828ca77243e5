//! The best few candidates, in one total order, whoever found them and in which order they came.

use super::order::Preference;
use super::query::{Candidate, Known, Query};
use super::score::Score;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// Where a candidate stands among others. Smaller is better: a sorted list has the best first.
///
/// Order: higher score, then preference, then later change, then smaller place. No two candidates share a place, so the order is total, and
/// the same candidates give the same list from any number of threads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Rank {
    /// The score; a context match (101) thereby stands before every other.
    pub score: Score,
    /// What is known of the unit besides its text.
    pub preference: Preference,
    /// When the unit was last changed, as a number that grows with time (`20210831120000`); 0 if nobody knows.
    pub changed: u64,
    /// The candidate's number in its memory; the caller's to choose, different for each.
    pub place: u64,
}

impl Ord for Rank {
    fn cmp(&self, other: &Rank) -> Ordering {
        let order = |r: &Rank| (Reverse(r.score), r.preference, Reverse(r.changed), r.place);
        order(self).cmp(&order(other))
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Rank) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Keeps the best `size` of all ranks that it is shown.
#[derive(Debug, Clone)]
pub struct Ranking {
    size: usize,
    least: Score,
    /// The worst on top.
    kept: BinaryHeap<Rank>,
    known: Known,
}

impl Ranking {
    /// An empty ranking of at most `size` candidates that score at least `least`.
    pub fn new(size: usize, least: Score) -> Ranking {
        Ranking { size, least, kept: BinaryHeap::new(), known: Known::default() }
    }

    /// The score below which nothing more can enter: it rises with the worst one kept. One that scores just this may
    /// still enter, being newer or earlier.
    pub fn cutoff(&self) -> Score {
        match self.kept.peek() {
            Some(worst) if self.kept.len() >= self.size => worst.score.max(self.least),
            _ => self.least,
        }
    }

    /// Shows one rank to the ranking.
    pub fn push(&mut self, rank: Rank) {
        if rank.score < self.least {
            return;
        }
        if self.kept.len() < self.size {
            self.kept.push(rank);
        } else if let Some(mut worst) = self.kept.peek_mut()
            && rank < *worst
        {
            *worst = rank;
        }
    }

    /// Whether the rank would be kept.
    pub fn takes(&self, rank: &Rank) -> bool {
        let is_better = |worst: &Rank| rank < worst;
        rank.score >= self.least && (self.kept.len() < self.size || self.kept.peek().is_some_and(is_better))
    }

    /// The score of `candidate`, if it is at least `cutoff`: [`Query::score`] that remembers what it found out.
    pub fn score(&mut self, query: &Query, candidate: &Candidate, cutoff: Score) -> Option<Score> {
        query.score_known(candidate, cutoff, &mut self.known)
    }

    /// A ranking for candidates that stand beside those of this one: empty, and nothing enters that could not enter here.
    pub fn emptied(&self) -> Ranking {
        Ranking::new(self.size, self.cutoff())
    }

    /// Scores `candidate` as far as it can still enter, and shows it to the ranking.
    pub fn offer(&mut self, query: &Query, candidate: &Candidate, changed: u64, place: u64) {
        let cutoff = self.cutoff();
        if let Some(score) = query.score_known(candidate, cutoff, &mut self.known) {
            self.push(Rank { score, changed, place, ..Rank::default() });
        }
    }

    /// Takes over what another ranking kept: of another thread, or another memory.
    pub fn merge(mut self, other: Ranking) -> Ranking {
        other.kept.into_iter().for_each(|rank| self.push(rank));
        self
    }

    /// The ranks kept, best first.
    pub fn into_sorted(self) -> Vec<Rank> {
        self.kept.into_sorted_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn as_sorting_all(shown in proptest::collection::vec((0u16..8, 0u64..3, 0u32..3), 0..40), size in 0usize..6, least in 0u16..8, cut in 0usize..40) {
            let ranks: Vec<Rank> = (0..).zip(&shown).map(|(place, (score, changed, memory))| {
                let preference = Preference { memory: *memory, ..Preference::default() };
                Rank { score: Score::from_hundredths(*score), preference, changed: *changed, place }
            }).collect();
            let least = Score::from_hundredths(least);
            let mut slow: Vec<Rank> = ranks.iter().copied().filter(|r| r.score >= least).collect();
            slow.sort();
            slow.truncate(size);

            let (left, right) = ranks.split_at(cut.min(ranks.len()));
            let half = |part: &[Rank]| {
                let mut ranking = Ranking::new(size, least);
                part.iter().rev().for_each(|rank| ranking.push(*rank));
                ranking
            };
            prop_assert_eq!(half(right).merge(half(left)).into_sorted(), slow);
        }
    }
}
