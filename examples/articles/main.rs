//! Generates article pairs for measurements: a manifest of JSON lines on stdout, with the texts inside.
//!
//! ```text
//! cargo run --release --example articles -- 100000 1 > list.jsonl     so many pairs, with this seed, from corpora/
//! ```

mod generator;

use generator::Generator;
use std::error::Error;
use std::io::{BufWriter, Write, stdout};
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let usage = "say how many pairs, and a seed";
    let pairs: u64 = args.next().ok_or(usage)?.parse()?;
    let seed: u64 = args.next().ok_or(usage)?.parse()?;
    let folder = args.next().unwrap_or_else(|| "corpora".to_owned());
    let generator = Generator::new(Path::new(&folder), seed)?;
    let mut out = BufWriter::new(stdout().lock());
    for number in 0..pairs {
        let [ar, en] = generator.article(number);
        let date = format!("20{:02}-{:02}-{:02}", number % 23, 1 + number / 23 % 12, 1 + number % 28);
        let line = serde_json::json!({
            "id": format!("article-{number:07}"), "ar_text": ar, "en_text": en, "date": date,
            "source": format!("archive-{}", number % 5), "licence": "MIT OR Apache-2.0",
        });
        writeln!(out, "{line}")?;
    }
    Ok(out.flush()?)
}
