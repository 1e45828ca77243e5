//! What a batch teaches itself: each set is aligned, and once more with the words that its sure links taught.

use super::calibration::Calibration;
use super::gold::{self, Gold, Score};
use super::{FITTED, LAST};
use dhakira::align::{Alignment, Example, LogLinear, Notes, Scorer, align_at_first, reconsider};
use dhakira::corpus::Facts;
use dhakira::lexicon::Lexicon;
use dhakira::segment::Document;
use dhakira::task::{AlignedPair, Side, taught};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

fn aligned(set: &[Gold], scorer: &LogLinear) -> Vec<(Alignment, Notes)> {
    set.par_iter().map(|gold| align_at_first(&gold.plain_ar, &gold.plain_en, scorer)).collect()
}

/// Examples as the pairs of a batch, and the scorer that these teach.
pub fn taught_by_each_other<'s>(
    examples: &[Example],
    scorer: &'s dyn Scorer,
) -> (Vec<AlignedPair>, Option<Box<dyn Scorer + 's>>) {
    let pairs = examples.iter().map(|e| pair(&e.ar, &e.en, align_at_first(&e.ar, &e.en, scorer)));
    let pairs: Vec<AlignedPair> = pairs.collect();
    let lexicon = scorer.lexicon().and_then(|usual| taught(&pairs, usual));
    (pairs, lexicon.and_then(|lexicon| scorer.with_lexicon(lexicon)))
}

/// Documents with their links, as the batch has them.
fn pair(ar: &Document, en: &Document, (alignment, notes): (Alignment, Notes)) -> AlignedPair {
    let [ar, en] = [ar, en].map(|document| Side { article: None, document: document.clone() });
    AlignedPair { name: String::new(), ar, en, alignment, facts: Facts::default(), notes }
}

fn score<'a>(set: &[Gold], found: impl IntoIterator<Item = &'a Alignment>) -> String {
    let mut score = Score::default();
    set.iter().zip(found).for_each(|(gold, alignment)| score.add(&gold.links, alignment));
    format!("{:.2} | {:.2}", score.strict(), score.lax())
}

/// How many documents a batch has.
const SIZES: [usize; 4] = [1, 4, 16, usize::MAX];

/// Sets as batches of so many documents, for a whole set is a batch of one subject; what each costs is told of whole sets, on
/// as many threads as there are.
pub fn print(folder: &Path, scorer: &dyn Scorer) -> Result<(), Box<dyn Error>> {
    println!(
        "| set | documents in a batch | before: strict | lax | after: strict | lax | >= 0.9 right | ECE | precision at 95 % | ms for 1,000 links: first | to learn | again |"
    );
    println!("| --- |{}", " ---: |".repeat(11));
    let each = |time: Duration, links: usize| time.as_secs_f64() * 1e6 / links as f64;
    let mut all = ([Duration::ZERO; 3], 0);
    for name in FITTED.iter().chain(&LAST) {
        let set = gold::set(&folder.join(name))?;
        let links: usize = set.iter().map(|gold| gold.links.len()).sum();
        let usual = LogLinear::default();
        let begin = Instant::now();
        let before = aligned(&set, &usual);
        let first = begin.elapsed();
        let sizes: BTreeSet<usize> = SIZES.iter().map(|size| set.len().min(*size)).collect();
        for size in sizes {
            let mut after = Vec::new();
            let mut times = [first, Duration::ZERO, Duration::ZERO];
            for (golds, alignments) in set.chunks(size).zip(before.chunks(size)) {
                let pairs: Vec<AlignedPair> = golds
                    .iter()
                    .zip(alignments)
                    .map(|(gold, alignment)| pair(&gold.plain_ar, &gold.plain_en, alignment.clone()))
                    .collect();
                let begin = Instant::now();
                let lexicon = taught(&pairs, Lexicon::shipped());
                times[1] += begin.elapsed();
                let begin = Instant::now();
                let again = lexicon.and_then(|lexicon| scorer.with_lexicon(lexicon));
                let again = again.as_deref().unwrap_or(scorer);
                let anew = pairs
                    .into_par_iter()
                    .map(|pair| reconsider(&pair.ar.document, &pair.en.document, &pair.alignment, &pair.notes, again));
                after.extend(anew.collect::<Vec<_>>());
                times[2] += begin.elapsed();
            }
            let [first, learn, second] = times.map(|time| each(time, links));
            let mut calibration = Calibration::default();
            set.iter().zip(&after).for_each(|(gold, alignment)| calibration.add(&gold.links, alignment));
            let sure = calibration.above(0.9);
            let (error, precision) = (calibration.error(), calibration.covering(0.95));
            println!(
                "| {name} | {size} | {} | {} | {sure:.2} | {error:.4} | {precision:.2} | {first:.0} | {learn:.0} | {second:.0} |",
                score(&set, before.iter().map(|found| &found.0)),
                score(&set, &after)
            );
            if size == set.len() {
                all.1 += links;
                all.0.iter_mut().zip(times).for_each(|(sum, time)| *sum += time);
            }
        }
    }
    let [first, learn, second] = all.0.map(|time| each(time, all.1));
    println!("| all sets | | | | | | | | | {first:.0} | {learn:.0} | {second:.0} |");
    Ok(())
}
