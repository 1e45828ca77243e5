//! Fits the aligner's weights, and shows how good they are.
//!
//! ```text
//! cargo run --release --example weights -- ../shared/data fit -o src/align/weights.txt   the weights
//! cargo run --release --example weights -- ../shared/data judge                          the figures of `align::Judge`
//! cargo run --release --example weights -- ../shared/data second MODEL -o src/align/second-weights.txt
//!                                                                                        the weights of the second look
//! cargo run --release --example weights -- ../shared/data table [MODEL]                  F1 on both halves, calibration
//! cargo run --release --example weights -- ../shared/data noisy [MODEL]                  F1 on noise of both halves, before and after the pairs teach each other
//! cargo run --release --example weights -- ../shared/data ablation                       F1 without each group of features
//! cargo run --release --example weights -- ../shared/data batch [MODEL]                  F1 after what a batch teaches itself
//! ```
//!
//! Fitted to is every second document (numbers 0, 2, 4 …) of the sets in [`FITTED`], as they are and made harder ([`noise`]), and of `corpora/`.
//! The others are for looking at what comes out; those of [`LAST`] are fitted to by nobody. MODEL is a folder that
//! `dhakira::encoder` reads.

mod batch;
mod calibration;
mod gold;
mod judge;
mod noise;
mod noisy;
mod table;

use dhakira::Lang;
use dhakira::align::{Example, Fit, LogLinear, Semantic, Weights};
use dhakira::corpus::{self, ReadOptions};
use dhakira::encoder::Encoder;
use dhakira::segment::split;
use rayon::prelude::*;
use std::error::Error;
use std::fs;
use std::path::Path;

/// The sets whose even documents the weights are fitted to.
const FITTED: [&str; 7] = ["ntrex", "ntrex-hard", "ntrex-harder", "tico19", "tico19-hard", "xquad", "debian-handbook"];
/// The sets that are looked at last.
const LAST: [&str; 3] = ["flores", "john", "john-hard"];

/// Groups of features for the ablation.
const GROUPS: [(&str, &[&str]); 8] = [
    ("words", &["words-en", "words-ar", "count-en", "count-ar", "words-free", "count-free"]),
    ("length", &["length", "alone-length"]),
    ("numbers, dates", &["number", "number-word", "date"]),
    ("Latin words, addresses", &["latin", "address"]),
    ("marks", &["question", "mark"]),
    ("habits", &["alone-habit", "merged-habit", "words-free", "count-free"]),
    ("furniture", &["alone-furniture"]),
    ("sentences, paragraphs", &["sentences", "opening", "crossing"]),
];

const USAGE: &str = "usage: weights DATA_FOLDER fit -o FILE | judge | second MODEL -o FILE | table [MODEL] | noisy [MODEL] | ablation | batch [MODEL]";

/// How often noise is made of a document: for the first look, and for the second, which sees only what is unsure.
const NOISY: u64 = 3;
const NOISY_UNSURE: u64 = 36;

/// How strongly the weights of the second look are held where they begin: less than others, for cosines are small numbers.
const SECOND_HOLD: f64 = 0.1;

fn run(count: usize, task: &(dyn Fn(usize) + Sync)) {
    (0..count).into_par_iter().for_each(task);
}

/// The even documents, and what noise makes of those that are one to one.
fn examples(folder: &Path, noisy: u64) -> Result<Vec<Example>, Box<dyn Error>> {
    let mut examples = Vec::new();
    for name in FITTED {
        for gold in gold::set(&folder.join(name))?.iter().step_by(2) {
            examples.push(gold::example(&gold.plain_ar, &gold.plain_en, &gold.links));
            if gold.ar != gold.plain_ar {
                examples.push(gold::example(&gold.ar, &gold.en, &gold.links));
            }
            if name == "ntrex" || name == "tico19" {
                let clean = gold::example(&gold.plain_ar, &gold.plain_en, &gold.links);
                examples.extend((0..noisy).map(|seed| noise::noisy(&clean, seed)));
            }
        }
    }
    for pair in corpus::pairs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora"))?.into_iter().step_by(2) {
        let pair = pair?;
        let (ar, en) = pair.read(&ReadOptions::default())?;
        let links = gold::links(&fs::read_to_string(pair.ar.with_file_name(format!("{}.gold", pair.name)))?);
        examples.push(gold::example(&split(Lang::Ar, &ar.text), &split(Lang::En, &en.text), &links));
    }
    Ok(examples)
}

/// The weights before anything is fitted: what keeps those near that the examples say little of.
fn start() -> Result<LogLinear, Box<dyn Error>> {
    let weights = Weights::parse(include_str!("start.txt")).ok_or("start.txt: no weights")?;
    Ok(LogLinear { weights, ..LogLinear::default() })
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [data, command, more @ ..] = &words[..] else { return Err(USAGE.into()) };
    let folder = Path::new(data).join("align");
    match (*command, more) {
        ("fit", ["-o", file]) => {
            let weights = Fit::default().weights(&start()?, &examples(&folder, NOISY)?, &run);
            fs::write(file, format!("{}{weights}", include_str!("head.txt")))?;
        }
        ("judge", []) => judge::fit(&LogLinear::default(), &folder)?,
        ("second", [model, "-o", file]) => {
            let encoder = Encoder::open(Path::new(model))?;
            let weights = Weights::parse("first-look 1").ok_or("no weights")?;
            let start = Semantic { weights, ..Semantic::new(LogLinear::default(), &encoder) };
            let fit = Fit { hold: SECOND_HOLD, ..Fit::default() };
            let weights = fit.second_weights(&start, &examples(&folder, NOISY_UNSURE)?, &run);
            fs::write(file, format!("{}{weights}", include_str!("head-second.txt")))?;
        }
        ("table", []) => table::print(&LogLinear::default(), &folder)?,
        ("table", [model]) => {
            let encoder = Encoder::open(Path::new(model))?;
            table::print(&Semantic::new(LogLinear::default(), &encoder), &folder)?;
        }
        ("noisy", []) => noisy::print(&LogLinear::default(), &folder)?,
        ("noisy", [model]) => {
            let encoder = Encoder::open(Path::new(model))?;
            noisy::print(&Semantic::new(LogLinear::default(), &encoder), &folder)?;
        }
        ("batch", []) => batch::print(&folder, &LogLinear::default())?,
        ("batch", [model]) => {
            let encoder = Encoder::open(Path::new(model))?;
            batch::print(&folder, &Semantic::new(LogLinear::default(), &encoder))?;
        }
        ("ablation", []) => {
            let examples = examples(&folder, NOISY)?;
            table::head();
            table::row("all", &LogLinear::default(), &folder)?;
            for (name, features) in GROUPS {
                let fit = Fit { left_out: features.iter().map(|f| (*f).to_owned()).collect(), ..Fit::default() };
                let weights = fit.weights(&start()?, &examples, &run);
                table::row(&format!("without {name}"), &LogLinear { weights, ..LogLinear::default() }, &folder)?;
            }
        }
        _ => return Err(USAGE.into()),
    }
    Ok(())
}
