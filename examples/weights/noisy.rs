//! A table of noise: F1 on what noise makes of the documents, those that weights were fitted to and the others, where there are links
//! enough to tell small differences.

use super::batch::taught_by_each_other;
use super::calibration::Calibration;
use super::gold::{self, Gold, Link, Score};
use super::noise::noisy;
use dhakira::align::{Alignment, Example, Scorer, align, reconsider};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;

/// The sets whose documents are made harder.
const SETS: [&str; 5] = ["ntrex", "tico19", "xquad", "debian-handbook", "flores"];
/// How often, with seeds that no fit uses.
const SEEDS: std::ops::Range<u64> = 1000..1012;

/// How right some alignments are.
#[derive(Default)]
struct Rightness {
    score: Score,
    calibration: Calibration,
}

impl Rightness {
    fn add(&mut self, right: &BTreeSet<Link>, found: &Alignment) {
        self.calibration.add(right, found);
        self.score.add(right, found);
    }

    fn join(&mut self, other: &Rightness) {
        self.score.join(&other.score);
        self.calibration.join(&other.calibration);
    }

    fn figures(&self) -> [f64; 3] {
        [self.score.strict(), self.score.lax(), self.calibration.above(0.9)]
    }
}

/// What one seed makes of the documents, aligned one by one, and again as pairs that teach each other.
fn looked_at(documents: &[&Gold], seed: u64, scorer: &dyn Scorer) -> [Rightness; 2] {
    let mut found = [Rightness::default(), Rightness::default()];
    let noise = |gold: &&Gold| noisy(&gold::example(&gold.plain_ar, &gold.plain_en, &gold.links), seed);
    let examples: Vec<Example> = documents.iter().map(noise).collect();
    let (pairs, again) = taught_by_each_other(&examples, scorer);
    for (Example { ar, en, links }, pair) in examples.iter().zip(&pairs) {
        let right: BTreeSet<Link> = links.iter().map(|(a, e)| (a.clone().collect(), e.clone().collect())).collect();
        found[0].add(&right, &align(ar, en, scorer));
        found[1].add(&right, &reconsider(ar, en, &pair.alignment, &pair.notes, again.as_deref().unwrap_or(scorer)));
    }
    found
}

pub fn print(scorer: &dyn Scorer, folder: &Path) -> Result<(), Box<dyn Error>> {
    println!("| noise of documents | {} |", SETS.join(" | "));
    println!("| --- |{}", " ---: |".repeat(SETS.len()));
    for (half, first) in [("even", 0), ("odd", 1)] {
        let mut rows: [String; 6] = Default::default();
        for name in SETS {
            let documents = gold::set(&folder.join(name))?;
            let documents: Vec<&Gold> = documents.iter().skip(first).step_by(2).collect();
            let results: Vec<[Rightness; 2]> =
                SEEDS.into_par_iter().map(|seed| looked_at(&documents, seed, scorer)).collect();
            for which in 0..2 {
                let mut sum = Rightness::default();
                results.iter().for_each(|result| sum.join(&result[which]));
                let figures = sum.figures();
                rows[3 * which..].iter_mut().zip(figures).for_each(|(row, figure)| *row += &format!(" {figure:.2} |"));
            }
        }
        let what = ["strict F1", "lax F1", "of links >= 0.9 right"];
        for (number, row) in rows.iter().enumerate() {
            let taught = if number < 3 { "" } else { ", taught" };
            println!("| {half}, {}{taught} |{row}", what[number % 3]);
        }
    }
    Ok(())
}
