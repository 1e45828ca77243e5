//! The first suggestion as it is stored and as it is repaired, kind by kind of query.

use crate::{Memory, Result, chrf, interval, pairs, rows, sha256};
use dhakira::Lang;
use dhakira::repair::{Kinds, repair};
use dhakira::text::{Key, key};
use dhakira::unit::Seg;
use rayon::prelude::*;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// What a query got.
struct Got<'r> {
    row: &'r [String],
    percent: f64,
    /// The translation as it is stored, and repaired if it could be.
    stored: String,
    repaired: Option<String>,
}

impl Got<'_> {
    fn best(&self) -> &str {
        self.repaired.as_deref().unwrap_or(&self.stored)
    }
}

pub fn run(data: &Path, parity: u8, out: Option<&Path>) -> Result<()> {
    let pairs = pairs(data)?;
    println!("mean chrF of the first suggestion, stored and repaired; the difference ± 95 % interval, paired\n");
    for lang in Lang::BOTH {
        let name = if lang == Lang::Ar { "ar" } else { "en" };
        let memory = Memory::new(lang, &pairs);
        // What the units say that are a word or a few.
        let mut known: HashMap<&Key, Vec<&str>> = HashMap::new();
        for (candidate, target) in memory.candidates.iter().zip(&memory.targets) {
            if candidate.text().split(' ').count() <= 3 {
                known.entry(candidate.key()).or_default().push(target);
            }
        }
        let knowledge = |of: Lang, term: &str| -> Vec<String> {
            known.get(&key(of, term)).into_iter().flatten().map(|text| (*text).to_owned()).collect()
        };
        let rows = rows(&data.join(format!("queries/queries.{name}.tsv")))?;
        let rows: Vec<&Vec<String>> =
            rows.iter().filter(|row| sha256::first_byte(row[2].as_bytes()) % 2 == parity).collect();
        let ask = |row: &&Vec<String>| {
            let first = *memory.ordered(&row[2], &memory.best(&row[2])).first()?;
            let place = first.place as usize;
            let (source, stored) = (memory.candidates[place].text(), memory.targets[place].clone());
            let [query, source, target] = [row[2].as_str(), source, &stored].map(Seg::plain);
            let repaired = repair(lang, &query, &source, &target, Kinds::default(), &knowledge);
            let repaired = repaired.map(|repaired| repaired.target.text());
            Some((first.score.percent(), stored, repaired))
        };
        let got: Vec<Got<'_>> = rows
            .par_iter()
            .filter_map(|row| ask(row).map(|(percent, stored, repaired)| Got { row, percent, stored, repaired }))
            .collect();
        let mut kinds: Vec<&str> = got.iter().map(|got| got.row[1].as_str()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        println!("{name} → {}, {} units", lang.other().code(), pairs.len());
        println!("  {:18} queries  repaired  stored  repaired", "kind");
        for kind in [""].into_iter().chain(kinds) {
            let these: Vec<&Got<'_>> = got.iter().filter(|got| got.row[1].starts_with(kind)).collect();
            let stored: Vec<f64> = these.iter().map(|got| chrf::chrf(&got.stored, &got.row[3])).collect();
            let repaired: Vec<f64> = these.iter().map(|got| chrf::chrf(got.best(), &got.row[3])).collect();
            let differences: Vec<f64> = repaired.iter().zip(&stored).map(|(r, s)| r - s).collect();
            let (more, half) = interval(&differences);
            let changed = these.iter().filter(|got| got.repaired.is_some()).count();
            println!(
                "  {:18} {:7}  {changed:8}  {:6.2}  {:8.2}   {more:+.2} ± {half:.2}",
                if kind.is_empty() { "all" } else { kind },
                these.len(),
                interval(&stored).0,
                interval(&repaired).0,
            );
        }
        println!();
        if let Some(folder) = out {
            fs::create_dir_all(folder)?;
            let file = |title: &str, text: fn(&Got<'_>) -> String| {
                let line = |got: &Got<'_>| {
                    let matches = [serde_json::json!({"target": text(got), "score": got.percent})];
                    format!("{}\n", serde_json::json!({"id": got.row[0], "matches": matches}))
                };
                fs::write(folder.join(format!("{name}.{title}.jsonl")), got.iter().map(line).collect::<String>())
            };
            file("stored", |got| got.stored.clone())?;
            file("repaired", |got| got.best().to_owned())?;
        }
    }
    Ok(())
}
