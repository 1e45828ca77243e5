//! Plain aligners beside ours, on documents with gold links: strict F1 and CPU time.
//!
//! ```text
//! cargo run --release --example baselines -- ../shared/data          the table of benches/results/align.md
//! cargo run --release --example baselines -- ../shared/data tune     how `hunalign`'s constants were found
//! ```
//!
//! They are what [`dhakira::align`] is measured against, written as the papers tell it: by lengths alone ([`gale_church`]), and by
//! lengths, equal words and a dictionary ([`hunalign`]).

mod gale_church;
#[path = "../weights/gold.rs"]
mod gold;
mod hunalign;

use dhakira::align::{Alignment, LogLinear, align};
use dhakira::segment::Document;
use gold::Score;
use hunalign::Hunalign;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

const SETS: [&str; 10] = [
    "ntrex",
    "ntrex-hard",
    "ntrex-harder",
    "tico19",
    "tico19-hard",
    "xquad",
    "debian-handbook",
    "flores",
    "john",
    "john-hard",
];

type Aligner<'a> = &'a dyn Fn(&Document, &Document) -> Alignment;

/// The seconds that this thread has worked; where the system does not tell, the time that went by.
fn worked(started: Instant) -> f64 {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|line| line.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| started.elapsed().as_secs_f64(), |ns| ns * 1e-9)
}

fn table(folder: &Path) -> Result<(), Box<dyn Error>> {
    println!("| strict F1 | {} | CPU s for 1,000 pairs |", SETS.join(" | "));
    println!("| --- |{} ---: |", " ---: |".repeat(SETS.len()));
    let scorer = LogLinear::default();
    let (bare, dictionary) = (Hunalign { dictionary: false, ..Hunalign::default() }, Hunalign::default());
    let aligners: [(&str, Aligner); 4] = [
        ("Gale–Church 1993", &gale_church::align),
        ("hunalign-like, no dictionary", &|ar, en| bare.align(ar, en)),
        ("hunalign-like, our lexicon", &|ar, en| dictionary.align(ar, en)),
        ("dhakira", &|ar, en| align(ar, en, &scorer)),
    ];
    let started = Instant::now();
    for (name, aligner) in aligners {
        print!("| {name} |");
        let (mut seconds, mut pairs) = (0.0, 0);
        for set in SETS {
            let mut score = Score::default();
            for gold in gold::set(&folder.join(set))? {
                let before = worked(started);
                let links = aligner(&gold.plain_ar, &gold.plain_en);
                seconds += worked(started) - before;
                pairs += gold.ar.len().max(gold.en.len());
                score.add(&gold.links, &links);
            }
            print!(" {:.1} |", score.strict());
        }
        println!(" {:.3} |", 1000.0 * seconds / pairs.max(1) as f64);
    }
    Ok(())
}

/// All constants of a grid, by the mean of strict F1 over the even documents of the sets that our weights were fitted to.
fn tune(folder: &Path) -> Result<(), Box<dyn Error>> {
    let sets = SETS[..7].iter().map(|set| gold::set(&folder.join(set))).collect::<Result<Vec<_>, _>>()?;
    let mut tried = Vec::new();
    for length in [0.05, 0.1, 0.2, 0.4] {
        for skip in [-0.02, -0.05, -0.1, -0.2, -0.3] {
            for merge in [0.0, -0.05, -0.1, -0.2] {
                let aligner = Hunalign { length, skip, merge, ..Hunalign::default() };
                let mut sum = 0.0;
                for set in &sets {
                    let mut score = Score::default();
                    let even = set.iter().step_by(2);
                    even.for_each(|gold| score.add(&gold.links, &aligner.align(&gold.plain_ar, &gold.plain_en)));
                    sum += score.strict();
                }
                tried.push((sum / sets.len() as f64, format!("length {length}, skip {skip}, merge {merge}")));
            }
        }
    }
    tried.sort_by(|a, b| b.0.total_cmp(&a.0));
    tried.iter().take(5).for_each(|(mean, constants)| println!("{mean:.2}  {constants}"));
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [data] => table(&Path::new(data).join("align")),
        [data, "tune"] => tune(&Path::new(data).join("align")),
        _ => Err("usage: baselines DATA_FOLDER [tune]".into()),
    }
}
