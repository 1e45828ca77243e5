//! What a batch teaches itself: each set is aligned, and once more with the words that its sure links taught.

use super::gold::{self, Gold, Score};
use super::{FITTED, LAST};
use dhakira::align::{Alignment, LogLinear, align};
use dhakira::corpus::Facts;
use dhakira::lexicon::Lexicon;
use dhakira::task::{AlignedPair, SelfTraining, Side};
use rayon::prelude::*;
use std::borrow::Cow;
use std::error::Error;
use std::path::Path;

fn aligned(set: &[Gold], scorer: &LogLinear) -> Vec<Alignment> {
    set.par_iter().map(|gold| align(&gold.plain_ar, &gold.plain_en, scorer)).collect()
}

fn score(set: &[Gold], found: &[Alignment]) -> String {
    let mut score = Score::default();
    set.iter().zip(found).for_each(|(gold, alignment)| score.add(&gold.links, alignment));
    format!("{:.2} | {:.2}", score.strict(), score.lax())
}

/// Sets as batches of at most `size` documents, for a whole set is a batch of one subject.
pub fn print(folder: &Path, sizes: &[usize]) -> Result<(), Box<dyn Error>> {
    println!("| set | documents in a batch | before: strict | lax | after: strict | lax |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    for name in FITTED.iter().chain(&LAST) {
        let set = gold::set(&folder.join(name))?;
        let usual = LogLinear::default();
        let before = aligned(&set, &usual);
        for &size in sizes {
            let mut after = Vec::new();
            for (golds, alignments) in set.chunks(size).zip(before.chunks(size)) {
                let mut training = SelfTraining::default();
                for (gold, alignment) in golds.iter().zip(alignments) {
                    let side =
                        |document: &dhakira::segment::Document| Side { article: None, document: document.clone() };
                    let (ar, en) = (side(&gold.plain_ar), side(&gold.plain_en));
                    training.add(&AlignedPair {
                        name: String::new(),
                        ar,
                        en,
                        alignment: alignment.clone(),
                        facts: Facts::default(),
                    });
                }
                after.extend(match training.lexicon(Lexicon::shipped()) {
                    Some(lexicon) => aligned(golds, &LogLinear { lexicon: Cow::Owned(lexicon), ..usual.clone() }),
                    None => alignments.to_vec(),
                });
            }
            println!("| {name} | {} | {} | {} |", size.min(set.len()), score(&set, &before), score(&set, &after));
        }
    }
    Ok(())
}
