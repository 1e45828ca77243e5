//! Fitting the weights: those under which the right links of known documents are most probable.
//!
//! The ways to link two documents are a chain of beads, so the model is a conditional random field (Lafferty, McCallum and
//! Pereira 2001) over them: a way's probability is proportional to e to the power of its weighted features. The
//! likelihood's gradient is what the right way has of each feature, less what all ways have of it on average, by
//! forward–backward. It is climbed by BFGS (Nocedal and Wright, "Numerical Optimization", 2006, algorithm 6.1).

use super::band::Band;
use super::feature::{FEATURES, Feature, Vector, Weights};
use super::first_look;
use super::habit::Habit;
use super::loglinear::LogLinear;
use super::region;
use super::scorer::{PairCost, Region};
use super::search::{self, Link, SHAPES};
use super::semantic::{SecondLook, Semantic};
use crate::segment::Document;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::OnceLock;

/// A pair of documents and its right links, which tile both.
#[derive(Debug, Clone)]
pub struct Example {
    /// The Arabic side.
    pub ar: Document,
    /// The English side.
    pub en: Document,
    /// The right links, in order.
    pub links: Vec<(Range<usize>, Range<usize>)>,
}

/// Cells to both sides of the right way that are weighed against it.
const AROUND: usize = 14;

/// One bead that the search might take.
struct Edge {
    from: u32,
    to: u32,
    /// The features, those of the habits without them.
    features: Vector,
}

/// An example as the model sees it.
struct Lattice {
    cells: usize,
    /// By the cell they lead to, rising.
    edges: Vec<Edge>,
    /// The edges of the right way.
    right: Vec<usize>,
    /// What the document's habits were thought to be: each is an example of its own.
    habits: Vec<Habit>,
}

/// Features with the habits at work.
fn with_habit(features: &Vector, habit: Habit) -> Vector {
    let mut x = *features;
    let mut scale = |feature: Feature, by: f32| x[feature as usize] *= by;
    scale(Feature::AloneHabit, habit.alone);
    scale(Feature::MergedHabit, habit.merged);
    scale(Feature::WordsFree, habit.free);
    scale(Feature::CountFree, habit.free);
    x
}

impl Lattice {
    /// One for each region that is unsure at the first look, as far as the right way leads through both its ends.
    fn unsure(scorer: &Semantic<'_>, example: &Example) -> Vec<Lattice> {
        let mut prepared = scorer.ready(&example.ar, &example.en);
        let judged = first_look(&example.ar, &example.en, &mut prepared);
        let regions = region::regions(&judged, region::UNSURE);
        let second = prepared.second(&regions);
        regions.iter().filter_map(|region| Lattice::of_region(&second, region, &example.links)).collect()
    }

    fn of_region(second: &SecondLook<'_>, region: &Region, links: &[Link]) -> Option<Lattice> {
        let (i, j) = (region.ar.start, region.en.start);
        let from = links.iter().position(|(ar, en)| (ar.start, en.start) == (i, j))?;
        let count = links[from..].iter().position(|(ar, en)| (ar.end, en.end) == (region.ar.end, region.en.end))? + 1;
        let way: Vec<Link> = (links[from..from + count].iter())
            .map(|(ar, en)| (ar.start - i..ar.end - i, en.start - j..en.end - j))
            .collect();
        let band = Band::whole(region.ar.len(), region.en.len()).along(&way, AROUND);
        Lattice::within(&band, &way, vec![Habit::default()], |ar, en| {
            second.features(&(ar.start + i..ar.end + i), &(en.start + j..en.end + j))
        })
    }

    /// `None` where the right way has a bead that the search does not try.
    fn new(scorer: &LogLinear, example: &Example) -> Option<Lattice> {
        let mut guide = vec![(0, 0)];
        guide.extend(example.links.iter().map(|(ar, en)| (ar.end, en.end)));
        let band = Band::around(&guide, |_| AROUND);
        if example.links.iter().any(|(ar, en)| !SHAPES.contains(&(ar.len(), en.len()))) {
            return None;
        }
        let mut prepared = scorer.ready(&example.ar, &example.en);
        prepared.focus(&band);
        prepared.set_habit(Habit { alone: 1.0, merged: 1.0, free: 1.0 });
        let lattice = Lattice::within(&band, &example.links, Vec::new(), |ar, en| Some(prepared.features(ar, en)))?;
        prepared.adapt(&example.links);
        Some(Lattice { habits: vec![Habit::default(), prepared.habit()], ..lattice })
    }

    /// All beads of a band, and which of them are the right ones.
    fn within(
        band: &Band,
        links: &[Link],
        habits: Vec<Habit>,
        features: impl Fn(&Range<usize>, &Range<usize>) -> Option<Vector>,
    ) -> Option<Lattice> {
        let known: HashSet<&Link> = links.iter().collect();
        let mut edges = Vec::new();
        let mut right = Vec::new();
        for i in 0..=band.ar() {
            for j in band.row(i) {
                let to = band.cell(i, j)?;
                for (ar, en, from) in search::into(band, i, j, &SHAPES) {
                    let bead = (ar, en);
                    if known.contains(&bead) {
                        right.push(edges.len());
                    }
                    edges.push(Edge { from: from as u32, to: to as u32, features: features(&bead.0, &bead.1)? });
                }
            }
        }
        (right.len() == links.len()).then_some(Lattice { cells: band.cells(), edges, right, habits })
    }

    /// The mean over the habits of the log likelihood of the right way, and its gradient.
    fn mean_likelihood(&self, weights: &Weights) -> (f64, [f64; FEATURES]) {
        let mut gradient = [0.0; FEATURES];
        let share = 1.0 / self.habits.len() as f64;
        let sum: f64 = self.habits.iter().map(|habit| self.likelihood(weights, *habit, &mut gradient)).sum();
        (sum * share, gradient.map(|g| g * share))
    }

    /// The log likelihood of the right way; its gradient is added to `gradient`.
    fn likelihood(&self, weights: &Weights, habit: Habit, gradient: &mut [f64; FEATURES]) -> f64 {
        // The habits weigh on weights as well as on features.
        let scaled = Weights(with_habit(&weights.0, habit));
        let scores: Vec<f64> = self.edges.iter().map(|edge| f64::from(scaled.dot(&edge.features))).collect();
        let mut forward = vec![f64::NEG_INFINITY; self.cells];
        let mut backward = vec![f64::NEG_INFINITY; self.cells];
        forward[0] = 0.0;
        backward[self.cells - 1] = 0.0;
        for (edge, score) in self.edges.iter().zip(&scores) {
            let (from, to) = (edge.from as usize, edge.to as usize);
            forward[to] = log_add(forward[to], forward[from] + score);
        }
        for (edge, score) in self.edges.iter().zip(&scores).rev() {
            let (from, to) = (edge.from as usize, edge.to as usize);
            backward[from] = log_add(backward[from], backward[to] + score);
        }
        let all = forward[self.cells - 1];
        let mut own = [0.0f64; FEATURES];
        for (edge, score) in self.edges.iter().zip(&scores) {
            let p = (forward[edge.from as usize] + score + backward[edge.to as usize] - all).exp();
            if p > 1e-9 {
                own.iter_mut().zip(&edge.features).for_each(|(sum, x)| *sum -= p * f64::from(*x));
            }
        }
        let mut way = 0.0;
        for &edge in &self.right {
            way += scores[edge];
            own.iter_mut().zip(&self.edges[edge].features).for_each(|(sum, x)| *sum += f64::from(*x));
        }
        let scale = with_habit(&[1.0; FEATURES], habit);
        gradient.iter_mut().zip(own).zip(scale).for_each(|((sum, own), by)| *sum += own * f64::from(by));
        way - all
    }
}

/// ln(eᵃ + eᵇ).
fn log_add(a: f64, b: f64) -> f64 {
    let (more, less) = if a > b { (a, b) } else { (b, a) };
    if less == f64::NEG_INFINITY { more } else { more + (less - more).exp().ln_1p() }
}

/// How weights are fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// How strongly the weights are held where they begin: half of this times the square of each one's way.
    pub hold: f64,
    /// Steps at most.
    pub steps: usize,
    /// Names of features that are to weigh nothing.
    pub left_out: Vec<String>,
}

impl Default for Fit {
    fn default() -> Fit {
        Fit { hold: 2.0, steps: 80, left_out: Vec::new() }
    }
}

impl Fit {
    /// The weights that make the right links of `examples` most probable, beginning with those of `scorer`. Examples with
    /// beads that the search does not try are left out. `run` does a task for each number below its first argument, on as many
    /// threads as the caller likes: the weights are the same.
    ///
    /// ```
    /// use dhakira::align::{Example, Fit, LogLinear};
    /// use dhakira::{Lang, segment::Document};
    /// let example = Example {
    ///     ar: Document::from_lines(Lang::Ar, "وصل القارب.\nإعلان\nنزل منه سبعة رجال."),
    ///     en: Document::from_lines(Lang::En, "The boat arrived.\nSeven men got off."),
    ///     links: vec![(0..1, 0..1), (1..2, 1..1), (2..3, 1..2)],
    /// };
    /// let scorer = LogLinear::default();
    /// let fit = Fit { steps: 3, ..Fit::default() };
    /// let fitted = fit.weights(&scorer, &[example.clone()], &|n, task| (0..n).for_each(task));
    /// let better = LogLinear { weights: fitted, ..scorer.clone() };
    /// assert!(Fit::loss(&better, &example) < Fit::loss(&scorer, &example));
    /// ```
    pub fn weights(&self, scorer: &LogLinear, examples: &[Example], run: Run<'_>) -> Weights {
        let lattices: Vec<Lattice> =
            each(examples.len(), run, |n| Lattice::new(scorer, &examples[n])).into_iter().flatten().collect();
        self.climb(&scorer.weights, &lattices, run)
    }

    /// The same for the weights of the second look: those that make the right links most probable where the first one is
    /// unsure.
    pub fn second_weights(&self, scorer: &Semantic<'_>, examples: &[Example], run: Run<'_>) -> Weights {
        let lattices: Vec<Lattice> =
            each(examples.len(), run, |n| Lattice::unsure(scorer, &examples[n])).into_iter().flatten().collect();
        self.climb(&scorer.weights, &lattices, run)
    }

    fn climb(&self, start: &Weights, lattices: &[Lattice], run: Run<'_>) -> Weights {
        let out: Vec<bool> =
            Feature::ALL.iter().map(|feature| self.left_out.iter().any(|name| name == feature.name())).collect();
        let start: [f64; FEATURES] = std::array::from_fn(|k| if out[k] { 0.0 } else { f64::from(start.0[k]) });
        let objective = |at: &[f64; FEATURES]| -> (f64, [f64; FEATURES]) {
            let weights = Weights(at.map(|w| w as f32));
            let parts = each(lattices.len(), run, |n| lattices[n].mean_likelihood(&weights));
            let mut value = 0.0;
            let mut slope = [0.0; FEATURES];
            for (part, gradient) in parts {
                value -= part;
                slope.iter_mut().zip(gradient).for_each(|(sum, g)| *sum -= g);
            }
            for (k, way) in at.iter().zip(&start).map(|(at, start)| at - start).enumerate() {
                value += 0.5 * self.hold * way * way;
                slope[k] = if out[k] { 0.0 } else { slope[k] + self.hold * way };
            }
            (value, slope)
        };
        Weights(bfgs(start, self.steps, objective).map(|w| w as f32))
    }

    /// How improbable the right links of an example are under the weights of `scorer`, in nats; infinitely, if the search
    /// does not try one of them.
    pub fn loss(scorer: &LogLinear, example: &Example) -> f64 {
        Lattice::new(scorer, example).map_or(f64::INFINITY, |lattice| -lattice.mean_likelihood(&scorer.weights).0)
    }
}

/// Does a task for each number below the first argument.
pub type Run<'r> = &'r dyn Fn(usize, &(dyn Fn(usize) + Sync));

/// What `task` makes of each number below `count`, in their order.
fn each<T: Send + Sync>(count: usize, run: Run<'_>, task: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let made: Vec<OnceLock<T>> = (0..count).map(|_| OnceLock::new()).collect();
    run(count, &|n| {
        made[n].get_or_init(|| task(n));
    });
    made.into_iter().filter_map(OnceLock::into_inner).collect()
}

/// Where a smooth function is least, as far as `steps` lead.
fn bfgs(
    mut at: [f64; FEATURES],
    steps: usize,
    objective: impl Fn(&[f64; FEATURES]) -> (f64, [f64; FEATURES]),
) -> [f64; FEATURES] {
    let dot = |a: &[f64; FEATURES], b: &[f64; FEATURES]| -> f64 { a.iter().zip(b).map(|(x, y)| x * y).sum() };
    let mut inverse = [[0.0; FEATURES]; FEATURES];
    let (mut value, mut slope) = objective(&at);
    let first = 0.1 / dot(&slope, &slope).sqrt().max(1e-9);
    (0..FEATURES).for_each(|k| inverse[k][k] = first);
    let mut small = 0;
    for step in 0..steps {
        let direction: [f64; FEATURES] = std::array::from_fn(|k| -dot(&inverse[k], &slope));
        let down = dot(&direction, &slope);
        let mut length = 1.0;
        // Backtracking until the decrease is sufficient (Armijo).
        let (next, next_value, next_slope) = loop {
            let next: [f64; FEATURES] = std::array::from_fn(|k| at[k] + length * direction[k]);
            let (v, s) = objective(&next);
            if v <= value + 1e-4 * length * down || length < 1e-6 {
                break (next, v, s);
            }
            length *= 0.5;
        };
        let moved: [f64; FEATURES] = std::array::from_fn(|k| next[k] - at[k]);
        let turned: [f64; FEATURES] = std::array::from_fn(|k| next_slope[k] - slope[k]);
        let gained = value - next_value;
        if gained <= 0.0 {
            break;
        }
        (at, value, slope) = (next, next_value, next_slope);
        small = if gained < 1e-4 * value.abs() { small + 1 } else { 0 };
        if small == 5 {
            break;
        }
        let curvature = dot(&moved, &turned);
        if curvature > 1e-12 {
            if step == 0 {
                let scale = curvature / dot(&turned, &turned);
                (0..FEATURES).for_each(|k| inverse[k][k] = scale);
            }
            let pressed: [f64; FEATURES] = std::array::from_fn(|k| dot(&inverse[k], &turned));
            let factor = (1.0 + dot(&turned, &pressed) / curvature) / curvature;
            for a in 0..FEATURES {
                for b in 0..FEATURES {
                    inverse[a][b] +=
                        factor * moved[a] * moved[b] - (pressed[a] * moved[b] + moved[a] * pressed[b]) / curvature;
                }
            }
        }
    }
    at
}
