//! A table of noise: F1 on what noise makes of the documents that nothing was fitted to, where there are links enough to tell small
//! differences.

use super::gold::{self, Link, Score};
use super::noise::noisy;
use dhakira::align::{Scorer, align};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;

/// The sets whose odd documents are made harder.
const SETS: [&str; 5] = ["ntrex", "tico19", "xquad", "debian-handbook", "flores"];
/// How often, with seeds that no fit uses.
const SEEDS: std::ops::Range<u64> = 1000..1012;

pub fn print(scorer: &dyn Scorer, folder: &Path) -> Result<(), Box<dyn Error>> {
    println!("| noise of odd documents | {} |", SETS.join(" | "));
    println!("| --- |{}", " ---: |".repeat(SETS.len()));
    let (mut strict, mut lax, mut sure) = (String::new(), String::new(), String::new());
    for name in SETS {
        let documents = gold::set(&folder.join(name))?;
        let odd: Vec<_> = documents.iter().skip(1).step_by(2).collect();
        let tasks: Vec<_> = odd.iter().flat_map(|gold| SEEDS.map(move |seed| (gold, seed))).collect();
        let scores: Vec<(Score, usize, usize)> = tasks
            .par_iter()
            .map(|(gold, seed)| {
                let example = noisy(&gold::example(&gold.plain_ar, &gold.plain_en, &gold.links), *seed);
                let right: BTreeSet<Link> =
                    example.links.iter().map(|(a, e)| (a.clone().collect(), e.clone().collect())).collect();
                let found = align(&example.ar, &example.en, scorer);
                let sure = found.beads.iter().filter(|b| b.is_two_sided() && b.confidence >= 0.9);
                let (mut all, mut good) = (0, 0);
                for bead in sure {
                    all += 1;
                    good += usize::from(right.contains(&(bead.ar.clone().collect(), bead.en.clone().collect())));
                }
                let mut score = Score::default();
                score.add(&right, &found);
                (score, all, good)
            })
            .collect();
        let mut sum = Score::default();
        scores.iter().for_each(|(score, ..)| sum.join(score));
        let (all, good) = scores.iter().fold((0, 0), |(a, b), (_, c, d)| (a + c, b + d));
        strict += &format!(" {:.2} |", sum.strict());
        lax += &format!(" {:.2} |", sum.lax());
        sure += &format!(" {:.2} |", 100.0 * good as f64 / all as f64);
    }
    println!("| strict F1 |{strict}\n| lax F1 |{lax}\n| of links >= 0.9 right |{sure}");
    Ok(())
}
