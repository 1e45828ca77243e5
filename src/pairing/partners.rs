//! Partners: which neighbours belong together, and how surely.
//!
//! Nearness alone misleads: a long document on a common matter is near to everything. What counts is by how much two are nearer to
//! each other than to their other neighbours (Conneau et al., "Word Translation Without Parallel Data", 2018, §2.3). Pairs are taken by
//! falling margin, each document once: the one stable assignment in which no two would rather have each other.

use super::neighbours::{Neighbour, Ready, Room};
use crate::lang::Lang;

/// Two documents that belong together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Partner {
    /// The number of the Arabic document.
    pub ar: u32,
    /// The number of the English document.
    pub en: u32,
    /// The probability, 0 to 1, that the one is the other's translation.
    pub confidence: f32,
    /// How near they are, 0 to 1.
    pub nearness: f32,
    /// How near the nearest other document of either is, as a part of that, among those that have no partner who is nearer to
    /// them; 0 if there is none.
    pub contest: f32,
    /// How near the other neighbours of both are in the mean.
    pub background: f32,
}

/// Neighbours whose mean a margin is reckoned from.
const MEAN_OF: usize = 3;

/// How near documents of different content usually are, and how many neighbours this belief is worth where there are few.
const USUAL: f32 = 0.06;
const USUAL_COUNT: f32 = 4.0;

/// A logistic model of how sure a partner is.
///
/// `examples/pairing` fits the figures by logistic regression to the even documents of six sets: whole ones and pieces, among few
/// and many, with and without partners.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sureness {
    /// For each pair: what the regression finds, moved to what is usual, that nine of ten pairs which can be made are true.
    pub prior: f32,
    /// For the natural logarithm of [`Partner::nearness`].
    pub nearness: f32,
    /// For [`Partner::contest`].
    pub contest: f32,
    /// For the natural logarithm of [`Partner::background`].
    pub background: f32,
}

impl Default for Sureness {
    fn default() -> Sureness {
        Sureness { prior: 1.48, nearness: 8.43, contest: -4.24, background: -4.46 }
    }
}

/// A rival that is nearer by more than this says nothing more.
const MOST_CONTEST: f32 = 1.5;

impl Sureness {
    /// The probability that two documents this near, with such rivals, are translations of each other.
    pub fn confidence(&self, partner: &Partner) -> f32 {
        let [nearness, contest, background] = partner.signs();
        let odds = self.prior + self.nearness * nearness + self.contest * contest + self.background * background;
        1.0 / (1.0 + (-odds).exp())
    }
}

impl Partner {
    /// What the confidence is reckoned from.
    pub fn signs(&self) -> [f32; 3] {
        [self.nearness.max(1e-6).ln(), self.contest.min(MOST_CONTEST), self.background.max(1e-6).ln()]
    }
}

impl Ready {
    /// All pairs that can be made, the surest first; [`Partner::confidence`] says which to believe (0.5 or more).
    pub fn partners(&self) -> Vec<Partner> {
        let mut room = Room::default();
        let lists: Vec<Vec<Neighbour>> = (0..self.len(Lang::Ar)).map(|ar| self.neighbours(ar, &mut room)).collect();
        partners(&lists, self.len(Lang::En), &Sureness::default())
    }
}

/// The pairs that lists of neighbours make, one list for each Arabic document, out of so many English ones; the surest first.
pub fn partners(lists: &[Vec<Neighbour>], english: usize, sureness: &Sureness) -> Vec<Partner> {
    // The neighbours of the English documents.
    let mut columns: Vec<Vec<Neighbour>> = vec![Vec::new(); english];
    for (ar, list) in (0u32..).zip(lists) {
        for neighbour in list {
            columns[neighbour.number as usize].push(Neighbour { number: ar, ..*neighbour });
        }
    }
    columns.iter_mut().for_each(|column| column.sort_by(|a, b| b.nearness.total_cmp(&a.nearness)));
    let mean = |list: &[Neighbour]| list.iter().take(MEAN_OF).map(|n| n.nearness).sum::<f32>() / MEAN_OF as f32;
    let column_means: Vec<f32> = columns.iter().map(|column| mean(column)).collect();
    let mut pairs: Vec<(f32, u32, Neighbour)> = Vec::new();
    for (ar, list) in (0u32..).zip(lists) {
        let row_mean = mean(list);
        pairs.extend(list.iter().map(|neighbour| {
            (neighbour.nearness - 0.5 * (row_mean + column_means[neighbour.number as usize]), ar, *neighbour)
        }));
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2.number).cmp(&(b.1, b.2.number))));
    // Whom each has, and how near that is.
    let (mut of_ar, mut of_en) = (vec![None::<Neighbour>; lists.len()], vec![None::<Neighbour>; english]);
    for (_, ar, neighbour) in pairs {
        let (one, other) = (&mut of_ar[ar as usize], &mut of_en[neighbour.number as usize]);
        if one.is_none() && other.is_none() {
            *one = Some(neighbour);
            *other = Some(Neighbour { number: ar, ..neighbour });
        }
    }
    let mut found = Vec::new();
    for (ar, partner) in (0u32..).zip(&of_ar) {
        let Some(Neighbour { number: en, nearness }) = *partner else { continue };
        // The neighbours of one of the two but for the other one, and whom those have.
        let row = lists[ar as usize].iter().filter(|n| n.number != en).map(|n| (n, of_en[n.number as usize]));
        let column = columns[en as usize].iter().filter(|n| n.number != ar).map(|n| (n, of_ar[n.number as usize]));
        let mut contest = 0.0f32;
        let (mut sum, mut count) = (USUAL * USUAL_COUNT, USUAL_COUNT);
        for (rival, has) in row.chain(column) {
            let part = if nearness > 0.0 { rival.nearness / nearness } else { MOST_CONTEST };
            (sum, count) = (sum + rival.nearness, count + 1.0);
            if has.is_none_or(|partner| partner.nearness < rival.nearness) {
                contest = contest.max(part);
            }
        }
        let mut partner = Partner { ar, en, confidence: 0.0, nearness, contest, background: sum / count };
        partner.confidence = sureness.confidence(&partner);
        found.push(partner);
    }
    found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then((a.ar, a.en).cmp(&(b.ar, b.en))));
    found
}
