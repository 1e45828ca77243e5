//! What `benches/worker/run` compares the worker with: the pairs of a manifest on stdin, read before and aligned one by one.
//!
//! ```text
//! cargo run --release --example calls < list.jsonl           prints how many links were made
//! cargo run --release --example calls units < list.jsonl     and how many units of them
//! ```

use dhakira::align::LogLinear;
use dhakira::corpus::{Entry, Manifest};
use dhakira::task::{Reading, align_entry};
use std::error::Error;
use std::io::{BufReader, stdin};
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = Manifest::new(Box::new(BufReader::new(stdin())), Path::new("stdin"))?;
    let entries: Vec<Entry> = manifest.collect::<Result<_, _>>()?;
    let (reading, scorer) = (Reading::default(), LogLinear::default());
    let with_units = std::env::args().nth(1).is_some_and(|argument| argument == "units");
    let (mut links, mut units) = (0, 0);
    for entry in &entries {
        let aligned = align_entry(entry, &reading, &scorer)?;
        links += aligned.alignment.beads.len();
        units += if with_units { aligned.units().len() } else { 0 };
    }
    println!("{links} {units}");
    Ok(())
}
