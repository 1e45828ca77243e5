//! Pairing measured: documents of development data, shuffled and without names, their partners found by content.
//!
//! ```text
//! cargo run --release --example pairing -- ../shared/data          how many are found, whole and in halves, all and with gaps
//! cargo run --release --example pairing -- ../shared/data fit      the figures of `pairing::Sureness`
//! cargo run --release --example pairing -- ../shared/data many N   N generated documents against as many
//! ```

#[path = "../weights/gold.rs"]
mod gold;
mod logistic;
#[path = "../articles/random.rs"]
mod random;

use dhakira::Lang;
use dhakira::lexicon::Lexicon;
use dhakira::pairing::{Document, Pairing, Partner};
use random::Random;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

const SETS: [&str; 6] = ["ntrex", "ntrex-harder", "tico19", "xquad", "debian-handbook", "flores"];

/// The texts of a set, Arabic and English; `part` of the sentences of each, the first ones or the last.
fn texts(folder: &Path, part: f64, last: bool) -> Result<Vec<[String; 2]>, Box<dyn Error>> {
    let cut = |document: &dhakira::segment::Document| {
        let lines: Vec<&str> = document.sentences().collect();
        let count = (lines.len() as f64 * part).ceil() as usize;
        let from = if last { lines.len() - count } else { 0 };
        lines[from..from + count].join("\n")
    };
    Ok(gold::set(folder)?.iter().map(|gold| [cut(&gold.plain_ar), cut(&gold.plain_en)]).collect())
}

/// Pairs shuffled texts of which a part of the English ones was taken away, and a part of the Arabic ones (of other pairs as far as
/// there are); the partners, whether each is right, and how many there were to find.
fn pair(texts: &[[String; 2]], gone: [f64; 2], seed: u64) -> (Vec<(Partner, bool)>, usize) {
    let mut random = Random(seed);
    let mut numbers: Vec<usize> = (0..texts.len()).collect();
    random.shuffle(&mut numbers);
    let left = |part: f64| texts.len() - (texts.len() as f64 * part).round() as usize;
    let mut ar = numbers[texts.len() - left(gone[0])..].to_vec();
    let mut en = numbers[..left(gone[1])].to_vec();
    random.shuffle(&mut ar);
    random.shuffle(&mut en);
    let mut pairing = Pairing::new(Lexicon::shipped());
    for (lang, order, side) in [(Lang::Ar, &ar, 0), (Lang::En, &en, 1)] {
        for n in order {
            pairing.add(lang, &Document { text: &texts[*n][side], ..Document::default() });
        }
    }
    let found = pairing.ready().partners();
    let judged = found.into_iter().map(|p| (p, ar[p.ar as usize] == en[p.en as usize])).collect();
    (judged, ar.iter().filter(|n| en.contains(n)).count())
}

fn table(folder: &Path) -> Result<(), Box<dyn Error>> {
    println!("| set | documents | part | gone: Arabic, English | right | wrong | missed | precision | recall |");
    println!("| --- | ---: | --- | --- | ---: | ---: | ---: | ---: | ---: |");
    for set in SETS {
        for (part, name) in [(1.0, "whole"), (0.5, "first half"), (0.15, "first 15 %")] {
            let texts = texts(&folder.join(set), part, false)?;
            for gone in [[0.0, 0.0], [0.0, 1.0 / 3.0], [1.0 / 3.0, 1.0 / 3.0], [0.0, 0.9]] {
                // Ten shuffles, pooled.
                let (mut right, mut all, mut there) = (0, 0, 0);
                for seed in 0..10 {
                    let (found, to_find) = pair(&texts, gone, seed);
                    let believed = || found.iter().filter(|(p, _)| p.confidence >= 0.5);
                    right += believed().filter(|(_, right)| *right).count();
                    all += believed().count();
                    there += to_find;
                }
                let percent = |n: usize, of: usize| 100.0 * n as f64 / of.max(1) as f64;
                println!(
                    "| {set} | {} | {name} | {:.0} %, {:.0} % | {right} | {} | {} | {:.1} | {:.1} |",
                    texts.len(),
                    100.0 * gone[0],
                    100.0 * gone[1],
                    all - right,
                    there - right,
                    percent(right, all),
                    percent(right, there)
                );
            }
        }
    }
    Ok(())
}

/// The share of true ones.
fn share_true<T>(signs: &[(T, bool)]) -> f64 {
    signs.iter().filter(|s| s.1).count() as f64 / signs.len().max(1) as f64
}

/// Fits [`Sureness`] to the even documents, says what comes out, and how well it judges the odd ones.
fn fit(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut signs: [Vec<([f64; 4], bool)>; 2] = Default::default();
    let sign = |(partner, right): (Partner, bool)| {
        let [nearness, contest, background] = partner.signs().map(f64::from);
        ([1.0, nearness, contest, background], right)
    };
    for set in SETS {
        for (part, last) in [(1.0, false), (0.5, false), (0.5, true), (0.15, false)] {
            let texts = texts(&folder.join(set), part, last)?;
            for (half, signs) in signs.iter_mut().enumerate() {
                let mine: Vec<[String; 2]> = texts.iter().skip(half).step_by(2).cloned().collect();
                for (seed, size) in [1, 2, 3, 5, 10, 20, 40].into_iter().cycle().take(70).enumerate() {
                    let seed = seed as u64;
                    let mut few = mine.clone();
                    Random(seed).shuffle(&mut few);
                    few.truncate(size);
                    for gone in [[0.0, 0.0], [1.0 / 3.0, 1.0 / 3.0], [0.5, 0.5]] {
                        signs.extend(pair(&few, gone, seed).0.into_iter().map(sign));
                    }
                    if size == 1 {
                        // Two that do not belong together, alone.
                        let other = &mine[Random(seed).next() as usize % mine.len()];
                        if other[0] != few[0][0] {
                            let foreign = [few[0][0].clone(), other[1].clone()];
                            let found = pair(&[foreign], [0.0, 0.0], seed).0;
                            signs.extend(found.into_iter().map(|(partner, _)| sign((partner, false))));
                        }
                    }
                }
            }
        }
    }
    let weights = logistic::fit(&signs[0]);
    let [prior, nearness, contest, background] = weights;
    let share = share_true(&signs[0]);
    let prior = prior - (share / (1.0 - share)).ln() + 9.0f64.ln();
    println!("prior: {prior:.2}, nearness: {nearness:.2}, contest: {contest:.2}, background: {background:.2}");
    for (name, half) in ["even", "odd"].iter().zip(&signs) {
        let count = |test: &dyn Fn(f64, bool) -> bool| {
            half.iter().filter(|(x, truth)| test(logistic::said(x, &weights), *truth)).count()
        };
        println!(
            "{name}: {} true, {} false; {} taken for none, {} for one; of those at 0.9 or more {:.2} % are true",
            count(&|_, truth| truth),
            count(&|_, truth| !truth),
            count(&|p, truth| truth && p < 0.5),
            count(&|p, truth| !truth && p >= 0.5),
            100.0 * count(&|p, truth| truth && p >= 0.9) as f64 / count(&|p, _| p >= 0.9).max(1) as f64
        );
    }
    Ok(())
}

fn many(folder: &Path, documents: usize) -> Result<(), Box<dyn Error>> {
    let mut sentences: Vec<[String; 2]> = Vec::new();
    for set in ["ntrex", "tico19", "flores"] {
        for gold in gold::set(&folder.join(set))? {
            let full = gold.links.iter().filter(|l| l.0.len() == 1 && l.1.len() == 1);
            sentences.extend(
                full.map(|l| [gold.plain_ar.sentence(l.0[0]).to_owned(), gold.plain_en.sentence(l.1[0]).to_owned()]),
            );
        }
    }
    let mut random = Random(1);
    let mut order: Vec<u64> = (0..documents as u64).collect();
    let text = |seed: u64, side: usize| -> String {
        let mut random = Random(seed);
        let lines = (0..12).map(|_| sentences[(random.next() % sentences.len() as u64) as usize][side].as_str());
        lines.collect::<Vec<_>>().join("\n")
    };
    let started = Instant::now();
    let mut pairing = Pairing::new(Lexicon::shipped());
    for seed in 0..documents as u64 {
        pairing.add(Lang::Ar, &Document { text: &text(seed, 0), ..Document::default() });
    }
    random.shuffle(&mut order);
    for seed in &order {
        pairing.add(Lang::En, &Document { text: &text(*seed, 1), ..Document::default() });
    }
    println!("{documents} documents: {:.1} s to take them in", started.elapsed().as_secs_f64());
    let ready = pairing.ready();
    println!("{:.1} s, ready", started.elapsed().as_secs_f64());
    let found = ready.partners();
    let is_right = |p: &&Partner| order[p.en as usize] == u64::from(p.ar);
    let believed = || found.iter().filter(|p| p.confidence >= 0.5);
    println!(
        "{:.1} s; {} of {documents} found, {} pairs believed, {} of them right",
        started.elapsed().as_secs_f64(),
        found.iter().filter(is_right).count(),
        believed().count(),
        believed().filter(is_right).count()
    );
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [data, more @ ..] = &words[..] else { return Err("usage: pairing DATA_FOLDER [fit | many N]".into()) };
    let folder = Path::new(data).join("align");
    match more {
        [] => table(&folder),
        ["fit"] => fit(&folder),
        ["many", n] => many(&folder, n.parse()?),
        _ => Err("usage: pairing DATA_FOLDER [fit | many N]".into()),
    }
}
