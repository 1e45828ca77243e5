//! Makes the table of trigram weights, `src/matching/rarity.bin`, from a folder of development data.
//!
//! ```text
//! cargo run --release --example rarity -- ../shared/data src/matching/rarity.bin
//! ```
//!
//! It reads `align/SET/*.ar.txt` and `*.en.txt` (a segment a line; of the sets made harder by a program only the
//! originals) and `tm/general.tsv` and `tm/software.tsv` (`ar<TAB>en<TAB>source` a line, of which the source is left out), counts in how many lines each trigram of
//! classes stands, and writes the weights by the formula in `src/matching/rarity.rs`. The same data give the same bytes.

use dhakira::Lang;
use dhakira::matching::{Gram, gram_codes};
use dhakira::text::key;
use std::error::Error;
use std::fs;
use std::path::Path;

/// The largest weight: four bits.
const MOST: f64 = 15.0;

/// In how many lines each trigram stands.
struct Counts {
    lines: u32,
    of: Vec<u32>,
}

impl Counts {
    fn add(&mut self, lang: Lang, line: &str) {
        let key = key(lang, line);
        let mut places: Vec<usize> = gram_codes(key.as_str().chars()).map(Gram::place_of).collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().for_each(|place| self.of[place] += 1);
        self.lines += 1;
    }

    fn weights(&self) -> Vec<u8> {
        let pairs = f64::from(self.lines) / 2.0;
        let idf = |count: f64| (1.0 + pairs / (1.0 + count)).ln();
        let weight = |count: &u32| (MOST * idf(f64::from(*count)) / (1.0 + pairs).ln()).round().clamp(1.0, MOST) as u8;
        self.of.iter().map(weight).collect()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, out] = &arguments[..] else { return Err("usage: rarity DATA_FOLDER OUT_FILE".into()) };
    let data = Path::new(data);
    let mut counts = Counts { lines: 0, of: vec![0; 1 << 18] };
    for set in fs::read_dir(data.join("align"))? {
        let set = set?.path();
        if set.to_string_lossy().contains("-hard") {
            continue;
        }
        for file in fs::read_dir(set)? {
            let file = file?.path();
            let name = file.to_string_lossy();
            let lang = match () {
                () if name.ends_with(".ar.txt") => Lang::Ar,
                () if name.ends_with(".en.txt") => Lang::En,
                () => continue,
            };
            let text = fs::read_to_string(&file)?;
            text.lines().filter(|line| !line.trim().is_empty()).for_each(|line| counts.add(lang, line));
        }
    }
    for file in ["tm/general.tsv", "tm/software.tsv"] {
        for line in fs::read_to_string(data.join(file))?.lines() {
            // Behind the pair stands where it is from.
            let mut columns = line.split('\t');
            let (Some(ar), Some(en)) = (columns.next(), columns.next()) else {
                return Err("a line without a tab".into());
            };
            counts.add(Lang::Ar, ar);
            counts.add(Lang::En, en);
        }
    }
    let bytes: Vec<u8> = counts.weights().chunks(2).map(|two| two[0] | two[1] << 4).collect();
    fs::write(out, &bytes)?;
    let seen = counts.of.iter().filter(|count| **count > 0).count();
    println!("{out}: {} lines, {seen} of {} trigrams of classes seen", counts.lines, counts.of.len());
    Ok(())
}
