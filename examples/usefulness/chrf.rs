//! chrF: how near a translation is to a reference, in characters (Popović 2015, WMT).
//!
//! As sacreBLEU 2 computes it for a sentence by default: character 1- to 6-grams without white space, β = 2, orders that
//! one of the two is too short for left out.

use std::collections::HashMap;

const ORDERS: usize = 6;
const BETA: f64 = 2.0;

fn grams(text: &[char], order: usize) -> HashMap<&[char], usize> {
    let mut counts = HashMap::new();
    text.windows(order).for_each(|gram| *counts.entry(gram).or_default() += 1);
    counts
}

/// 0 to 100.
pub fn chrf(hypothesis: &str, reference: &str) -> f64 {
    let characters = |text: &str| -> Vec<char> { text.chars().filter(|c| !c.is_whitespace()).collect() };
    let (hypothesis, reference) = (characters(hypothesis), characters(reference));
    let (mut precision, mut recall, mut orders) = (0.0, 0.0, 0.0);
    for order in 1..=ORDERS {
        let (ours, theirs) = (grams(&hypothesis, order), grams(&reference, order));
        if ours.is_empty() || theirs.is_empty() {
            continue;
        }
        let common: usize = ours.iter().map(|(gram, n)| *n.min(theirs.get(gram).unwrap_or(&0))).sum();
        precision += common as f64 / ours.values().sum::<usize>() as f64;
        recall += common as f64 / theirs.values().sum::<usize>() as f64;
        orders += 1.0;
    }
    if precision + recall == 0.0 {
        return 0.0;
    }
    let (precision, recall, weight) = (precision / orders, recall / orders, BETA * BETA);
    100.0 * (1.0 + weight) * precision * recall / (weight * precision + recall)
}
