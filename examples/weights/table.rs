//! Tables: F1 of each set on both halves, speed, and how true the confidences are.

use super::calibration::Calibration;
use super::gold::{self, Score};
use super::{FITTED, LAST};
use dhakira::align::{LogLinear, Scorer, align};
use std::error::Error;
use std::path::Path;
use std::time::Instant;

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
            calibration.add(&gold.links, &plain);
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
            calibration.above(0.9),
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
