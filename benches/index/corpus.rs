//! The texts that are searched and searched for: those of `tm/software.tsv` and `tm/general.tsv` beside the project, enlarged by
//! seeded edits: in each copy one to three words are replaced by, dropped for, or followed by words of the same corpus. So a query
//! has more near neighbours than in life, which is the harder case. Queries are real strings that are not in it.

use dhakira::Lang;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the texts, if it is there.
pub fn shared() -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    let data = std::env::var_os("DHAKIRA_SHARED").map_or_else(beside, PathBuf::from).join("data");
    data.exists().then_some(data)
}

fn column_of(path: &Path, column: usize) -> Vec<String> {
    let text = fs::read_to_string(path).expect("the file can be read");
    text.lines().filter_map(|line| line.split('\t').nth(column)).map(str::to_owned).collect()
}

/// So many texts.
pub fn texts(folder: &Path, lang: Lang, units: usize) -> Vec<String> {
    let column = lang as usize;
    let mut texts = column_of(&folder.join("tm/software.tsv"), column);
    texts.extend(column_of(&folder.join("tm/general.tsv"), column));
    let words: Vec<String> = texts.iter().flat_map(|text| text.split(' ')).map(str::to_owned).collect();
    let real = texts.len();
    let mut seed = 1u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below.max(1)
    };
    while texts.len() < units {
        let mut edited: Vec<&str> = texts[random(real)].split(' ').collect();
        for _ in 0..1 + random(3) {
            let (at, word) = (random(edited.len()), words[random(words.len())].as_str());
            match random(3) {
                0 if edited.len() > 1 => _ = edited.remove(at),
                1 => edited.insert(at, word),
                _ => edited[at] = word,
            }
        }
        let edited = edited.join(" ");
        texts.push(edited);
    }
    texts.truncate(units);
    texts
}

/// Real strings to look for.
pub fn queries(folder: &Path, lang: Lang) -> Vec<String> {
    let path = folder.join(format!("queries/queries.{}.tsv", lang.code()));
    column_of(&path, 2).into_iter().skip(1).collect()
}
