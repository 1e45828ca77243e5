//! Gale–Church: links by the lengths of sentences alone.
//!
//! Gale and Church, "A Program for Aligning Sentences in Bilingual Corpora", Computational Linguistics 19, 1993, with the
//! constants of its appendix: one character for one (c = 1), a variance of 6.8 a character, and the frequencies of the shapes in the
//! Canadian Hansards. Quadratic in the number of sentences; it wins where nothing is missing, and one sentence too many misleads it.

use dhakira::align::{Alignment, Bead};
use dhakira::segment::Document;

/// The expected number of Arabic characters for one English one.
const C: f64 = 1.0;
/// The variance of that number, for each character.
const S2: f64 = 6.8;
/// Steps of sentences, Arabic and English, and how probable each shape is.
const SHAPES: [(usize, usize, f64); 6] =
    [(1, 1, 0.89), (1, 0, 0.0099), (0, 1, 0.0099), (2, 1, 0.089), (1, 2, 0.089), (2, 2, 0.011)];
/// The cost of lengths whose probability is none.
const FAR: f64 = 25.0;

/// The links of least cost.
pub fn align(ar: &Document, en: &Document) -> Alignment {
    let sums = |document: &Document| -> Vec<f64> {
        let mut sums = vec![0.0];
        for sentence in document.sentences() {
            sums.push(sums[sums.len() - 1] + sentence.chars().count() as f64);
        }
        sums
    };
    let (x, y) = (sums(ar), sums(en));
    best(ar.len(), en.len(), &SHAPES.map(|(a, e, _)| (a, e)), |i, j, shape| {
        let (a, e, prior) = SHAPES[shape];
        cost(x[i] - x[i - a], y[j] - y[j - e]) - prior.ln()
    })
}

/// −ln P(|δ|): two-sided, for lengths of a normal difference.
fn cost(ar: f64, en: f64) -> f64 {
    if ar == 0.0 && en == 0.0 {
        return 0.0;
    }
    let mean = (ar + en / C) / 2.0;
    let delta = (C * ar - en).abs() / (S2 * mean).sqrt();
    let probability = 2.0 * (1.0 - normal(delta));
    if probability > 0.0 { (-probability.ln()).min(FAR) } else { FAR }
}

/// The standard normal distribution function for `z` ≥ 0 (Abramowitz and Stegun 1964, 26.2.17: seven digits).
fn normal(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let series = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let sum = series.iter().rev().fold(0.0, |sum, b| (sum + b) * t);
    1.0 - 0.398_942_280_4 * (-z * z / 2.0).exp() * sum
}

/// The cheapest way from (0, 0) to the end by steps of `shapes`; `cost(i, j, shape)` is that of the step that ends there.
pub fn best(ar: usize, en: usize, shapes: &[(usize, usize)], cost: impl Fn(usize, usize, usize) -> f64) -> Alignment {
    let at = |i: usize, j: usize| i * (en + 1) + j;
    let mut costs = vec![f64::INFINITY; (ar + 1) * (en + 1)];
    let mut steps = vec![0usize; costs.len()];
    costs[0] = 0.0;
    for i in 0..=ar {
        for j in 0..=en {
            for (number, &(a, e)) in shapes.iter().enumerate() {
                if a <= i && e <= j {
                    let sum = costs[at(i - a, j - e)] + cost(i, j, number);
                    if sum < costs[at(i, j)] {
                        costs[at(i, j)] = sum;
                        steps[at(i, j)] = number;
                    }
                }
            }
        }
    }
    let (mut i, mut j) = (ar, en);
    let mut beads = Vec::new();
    while (i, j) != (0, 0) {
        let (a, e) = shapes[steps[at(i, j)]];
        beads.push(Bead { ar: i - a..i, en: j - e..j, confidence: 1.0 });
        (i, j) = (i - a, j - e);
    }
    beads.reverse();
    Alignment { beads, ..Alignment::default() }
}
