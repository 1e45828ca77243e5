//! Tables: F1 of each set on both halves, speed, and how true the confidences are.

use super::gold::{self, Score};
use super::{FITTED, LAST};
use dhakira::align::{LogLinear, Scorer, align};
use std::error::Error;
use std::path::Path;
use std::time::Instant;

/// Links by what was said of them and whether they are right.
#[derive(Default)]
struct Calibration {
    links: Vec<(f32, bool)>,
}

impl Calibration {
    /// Of links said to be at least this sure: how many there are, and which share is right.
    fn above(&self, least: f32) -> (usize, f64) {
        let right: Vec<bool> = self.links.iter().filter(|l| l.0 >= least).map(|l| l.1).collect();
        (right.len(), 100.0 * right.iter().filter(|r| **r).count() as f64 / right.len().max(1) as f64)
    }

    /// Of the surest part of the links, the share that is right.
    fn covering(&mut self, part: f64) -> f64 {
        self.links.sort_by(|a, b| b.0.total_cmp(&a.0));
        let count = (part * self.links.len() as f64) as usize;
        100.0 * self.links[..count].iter().filter(|l| l.1).count() as f64 / count.max(1) as f64
    }

    /// The expected calibration error over ten bins (Guo et al. 2017).
    fn error(&self) -> f64 {
        let mut bins = [(0.0f64, 0.0f64); 10];
        for (said, right) in &self.links {
            let bin = &mut bins[((said * 10.0) as usize).min(9)];
            bin.0 += f64::from(*said);
            bin.1 += f64::from(u8::from(*right));
        }
        bins.iter().map(|(said, right)| (said - right).abs()).sum::<f64>() / self.links.len().max(1) as f64
    }
}

pub fn print(scorer: &dyn Scorer, folder: &Path) -> Result<(), Box<dyn Error>> {
    println!(
        "| set | even: strict | lax | odd: strict | lax | all: strict | lax | with blank lines | >= 0.9 right | ECE | precision at 95 % |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    let (mut pairs, mut seconds) = (0, 0.0);
    for name in FITTED.iter().chain(&LAST) {
        let (mut halves, mut all, mut blank) = ([Score::default(); 2], Score::default(), Score::default());
        let mut calibration = Calibration::default();
        for (number, gold) in gold::set(&folder.join(name))?.iter().enumerate() {
            let started = Instant::now();
            let plain = align(&gold.plain_ar, &gold.plain_en, scorer);
            seconds += started.elapsed().as_secs_f64();
            pairs += gold.ar.len().max(gold.en.len());
            halves[number % 2].add(&gold.links, &plain);
            all.add(&gold.links, &plain);
            blank.add(&gold.links, &align(&gold.ar, &gold.en, scorer));
            let full = plain.beads.iter().filter(|b| b.is_two_sided());
            calibration.links.extend(full.map(|b| {
                let link = (b.ar.clone().collect(), b.en.clone().collect());
                (b.confidence, gold.links.contains(&link))
            }));
        }
        let [even, odd] = halves;
        println!(
            "| {name} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.4} | {:.2} |",
            even.strict(),
            even.lax(),
            odd.strict(),
            odd.lax(),
            all.strict(),
            all.lax(),
            blank.strict(),
            calibration.above(0.9).1,
            calibration.error(),
            calibration.covering(0.95),
        );
    }
    println!("\n{:.3} s for 1,000 pairs (wall time, one thread)", 1000.0 * seconds / pairs as f64);
    Ok(())
}

/// The head of the table of [`row`].
pub fn head() {
    println!("| strict F1 | {} |", FITTED.join(" | "));
    println!("| --- |{}", " ---: |".repeat(FITTED.len()));
}

/// The strict F1 of each set, in one row.
pub fn row(name: &str, scorer: &LogLinear, folder: &Path) -> Result<(), Box<dyn Error>> {
    print!("| {name} |");
    for set in FITTED {
        let mut score = Score::default();
        gold::set(&folder.join(set))?
            .iter()
            .for_each(|gold| score.add(&gold.links, &align(&gold.plain_ar, &gold.plain_en, scorer)));
        print!(" {:.2} |", score.strict());
    }
    println!();
    Ok(())
}
