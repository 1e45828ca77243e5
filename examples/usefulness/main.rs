//! How much help the first suggestion is: ours beside other scores, on real queries whose translation is known.
//!
//! ```text
//! cargo run --release --example usefulness -- ../shared/data development
//! cargo run --release --example usefulness -- ../shared/data test
//! cargo run --release --example usefulness -- ../shared/data synthetic
//! cargo run --release --example usefulness -- ../shared/data repair-test
//! ```
//!
//! The memory is `tm/software.tsv` and `tm/general.tsv`. The queries are those of `queries/queries.{ar,en}.tsv` whose kind
//! begins with `software`; the half for development are those where the first byte of the SHA-256 of the query is even, the
//! test half the others. For each score the whole memory is compared, and the translation of the first suggestion with the
//! query's own by chrF (Popović 2015, as sacreBLEU 2 computes it). Means have 95 % intervals, the differences from the
//! first column paired ones. With a fourth argument, the suggestions go into that folder as JSON lines, one file a score.
//!
//! `repair-development` and `repair-test` set the first suggestion beside itself repaired ([`dhakira::repair`]), kind by kind of query,
//! all kinds; what words are the units say that consist of nothing else.
//!
//! `synthetic` takes the seeded edits of `queries/synthetic.tsv`, whose bases are put behind the memory where it has not
//! got them, and asks whether the base comes first.

mod chrf;
mod judge;
mod repaired;
mod sha256;
mod synthetic;

use dhakira::Lang;
use dhakira::matching::{Candidate, Coverage, Found, LEAST_FOUND, Preference, Query, Rank, Ranking, Score, order};
use dhakira::text::{Key, key};
use judge::Judge;
use rayon::prelude::*;
use std::error::Error;
use std::fs;
use std::path::Path;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A memory in one direction.
struct Memory {
    lang: Lang,
    candidates: Vec<Candidate>,
    targets: Vec<String>,
    target_keys: Vec<Key>,
}

impl Memory {
    fn new(lang: Lang, pairs: &[(String, String)]) -> Memory {
        let sides = |pair: &(String, String)| match lang {
            Lang::Ar => (pair.0.clone(), pair.1.clone()),
            Lang::En => (pair.1.clone(), pair.0.clone()),
        };
        let (sources, targets): (Vec<String>, Vec<String>) = pairs.iter().map(sides).unzip();
        let candidates = sources.par_iter().map(|text| Candidate::new(lang, text)).collect();
        let target_keys = targets.par_iter().map(|text| key(lang.other(), text)).collect();
        Memory { lang, candidates, targets, target_keys }
    }

    /// The best by score and place, compared with all.
    fn best(&self, text: &str) -> Vec<Rank> {
        let query = Query::new(self.lang, text);
        let mut ranking = Ranking::new(LEAST_FOUND, Score::ZERO);
        for (place, candidate) in (0..).zip(&self.candidates) {
            ranking.offer(&query, candidate, 0, place);
        }
        ranking.into_sorted()
    }

    /// The same in the order in which they are shown.
    fn ordered(&self, text: &str, ranks: &[Rank]) -> Vec<Rank> {
        let coverage = Coverage::new(&Query::new(self.lang, text));
        let found = |rank: &Rank| Found {
            score: rank.score,
            source: self.candidates[rank.place as usize].key(),
            target: &self.target_keys[rank.place as usize],
            coverage: coverage.of(&self.target_keys[rank.place as usize]),
            preference: Preference::default(),
            changed: rank.changed,
            place: rank.place,
        };
        order(&ranks.iter().map(found).collect::<Vec<_>>()).into_iter().map(|p| ranks[p.index]).collect()
    }
}

/// A first suggestion.
struct First {
    place: usize,
    percent: f64,
}

impl From<Rank> for First {
    fn from(rank: Rank) -> First {
        First { place: rank.place as usize, percent: rank.score.percent() }
    }
}

/// The scores of the table; the first one is the baseline.
const COLUMNS: [&str; 6] =
    ["key Indel", "ours", "ours, in its order", "words on keys", "words, raw (OmegaT's kind)", "characters, raw"];

/// The first suggestion of each of [`COLUMNS`].
fn firsts(memory: &Memory, judges: &[Judge; 4], text: &str) -> [Option<First>; COLUMNS.len()] {
    let letters = memory.best(text);
    let first = |ranks: &[Rank]| ranks.first().map(|rank| First::from(*rank));
    let judged = |judge: &Judge| judge.first(text).map(|(place, percent)| First { place, percent });
    let [indel, words, raw_words, raw] = judges;
    [
        judged(indel),
        first(&letters),
        first(&memory.ordered(text, &letters)),
        judged(words),
        judged(raw_words),
        judged(raw),
    ]
}

/// Mean and half of the 95 % interval.
fn interval(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(2) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, 1.96 * (variance / n).sqrt())
}

/// The lines of a table behind its first one, as fields.
fn rows(path: &Path) -> Result<Vec<Vec<String>>> {
    let text = fs::read_to_string(path)?;
    Ok(text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect())
}

fn pairs(data: &Path) -> Result<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    for file in ["tm/software.tsv", "tm/general.tsv"] {
        for line in fs::read_to_string(data.join(file))?.lines() {
            // Behind the pair stands where it is from.
            let mut columns = line.split('\t');
            let (Some(ar), Some(en)) = (columns.next(), columns.next()) else {
                return Err("a line without a tab".into());
            };
            pairs.push((ar.to_owned(), en.to_owned()));
        }
    }
    Ok(pairs)
}

fn json_lines(
    memory: &Memory,
    rows: &[&Vec<String>],
    firsts: &[[Option<First>; COLUMNS.len()]],
    column: usize,
) -> String {
    let line = |(row, firsts): (&&Vec<String>, &[Option<First>; COLUMNS.len()])| {
        let matches: Vec<serde_json::Value> = firsts[column]
            .iter()
            .map(|f| serde_json::json!({"target": memory.targets[f.place], "score": f.percent}))
            .collect();
        format!("{}\n", serde_json::json!({"id": row[0], "matches": matches}))
    };
    rows.iter().zip(firsts).map(line).collect()
}

fn compare(data: &Path, parity: u8, out: Option<&Path>) -> Result<()> {
    let pairs = pairs(data)?;
    println!("mean chrF of the first suggestion ± 95 % interval; difference from key Indel, paired\n");
    for lang in Lang::BOTH {
        let name = if lang == Lang::Ar { "ar" } else { "en" };
        let memory = Memory::new(lang, &pairs);
        let rows = rows(&data.join(format!("queries/queries.{name}.tsv")))?;
        let asked =
            |row: &&Vec<String>| row[1].starts_with("software") && sha256::first_byte(row[2].as_bytes()) % 2 == parity;
        let rows: Vec<&Vec<String>> = rows.iter().filter(asked).collect();
        let judges = Judge::all(lang, &memory.candidates);
        let firsts: Vec<_> = rows.par_iter().map(|row| firsts(&memory, &judges, &row[2])).collect();
        println!("{name} → {}, {} queries, {} units", if name == "ar" { "en" } else { "ar" }, rows.len(), pairs.len());
        let of = |column: usize| -> Vec<f64> {
            let chrf = |(row, firsts): (&&Vec<String>, &[Option<First>; COLUMNS.len()])| {
                firsts[column].as_ref().map_or(0.0, |f| chrf::chrf(&memory.targets[f.place], &row[3]))
            };
            rows.iter().zip(&firsts).map(chrf).collect()
        };
        let base = of(0);
        for (column, title) in COLUMNS.iter().enumerate() {
            let values = of(column);
            let differences: Vec<f64> = values.iter().zip(&base).map(|(v, b)| v - b).collect();
            let ((mean, half), (more, more_half)) = (interval(&values), interval(&differences));
            println!("  {title:28} {mean:6.2} ± {half:4.2}   {more:+6.2} ± {more_half:4.2}");
            if let Some(folder) = out {
                fs::create_dir_all(folder)?;
                let file = format!("{name}.{column}.jsonl");
                fs::write(folder.join(file), json_lines(&memory, &rows, &firsts, column))?;
            }
        }
        println!();
    }
    Ok(())
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let usage = "usage: usefulness DATA_FOLDER development|test|repair-development|repair-test|synthetic [FOLDER_FOR_JSON_LINES]";
    let (data, what) = match &arguments[..] {
        [data, what] | [data, what, _] => (Path::new(data), what.as_str()),
        _ => return Err(usage.into()),
    };
    let out = arguments.get(2).map(Path::new);
    match what {
        "development" => compare(data, 0, out),
        "test" => compare(data, 1, out),
        "repair-development" => repaired::run(data, 0, out),
        "repair-test" => repaired::run(data, 1, out),
        "synthetic" => synthetic::run(data),
        _ => Err(usage.into()),
    }
}
