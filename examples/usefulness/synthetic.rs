//! Seeded edits of known units: does the base come first, and what do differences in form only score?

use crate::{Memory, Result, pairs, rows};
use dhakira::Lang;
use dhakira::matching::{Candidate, Query, Score, Why};
use rayon::prelude::*;
use std::collections::HashSet;
use std::path::Path;

/// Edits that change the form only.
const FORMS: [&str; 12] =
    ["alef", "arabdig", "bidi", "case", "nfd", "presentation", "quote", "space", "tatweel", "teh", "undia", "yeh"];

/// What one query showed.
struct Shown {
    form_only: bool,
    /// The first suggestion's source is the base, as written.
    first: bool,
    /// Or its key is the base's: another spelling of it.
    same_key: bool,
    /// The base is among the first five at 70 or better.
    in_five: bool,
    /// The base's score is 95 or more.
    kept: bool,
    /// Suggestions that differ in a number or a word and yet are not below the base.
    above: usize,
}

pub fn run(data: &Path) -> Result<()> {
    let rows = rows(&data.join("queries/synthetic.tsv"))?;
    let mut pairs = pairs(data)?;
    let mut there: HashSet<(String, String)> = pairs.iter().cloned().collect();
    for row in &rows {
        let pair = match row[1].as_str() {
            "ar" => (row[4].clone(), row[5].clone()),
            _ => (row[5].clone(), row[4].clone()),
        };
        if there.insert(pair.clone()) {
            pairs.push(pair);
        }
    }
    println!("seeded edits, {} units", pairs.len());
    for lang in Lang::BOTH {
        let name = if lang == Lang::Ar { "ar" } else { "en" };
        let memory = Memory::new(lang, &pairs);
        let rows: Vec<&Vec<String>> = rows.iter().filter(|row| row[1] == name).collect();
        let shown: Vec<Shown> = rows.par_iter().map(|row| show(&memory, row)).collect();
        let share = |test: fn(&Shown) -> bool| {
            let n = shown.iter().filter(|s| test(s)).count();
            format!("{n} of {} ({:.1} %)", shown.len(), 100.0 * n as f64 / shown.len() as f64)
        };
        println!("\n{name}");
        println!("  base first, as written            {}", share(|s| s.first));
        println!("  first has the base's key          {}", share(|s| s.same_key));
        println!("  base in the first five, 70 or more {}", share(|s| s.in_five));
        let forms: Vec<&Shown> = shown.iter().filter(|s| s.form_only).collect();
        println!("  edits of form only                {}", forms.len());
        println!("    95 or more                      {}", forms.iter().filter(|s| s.kept).count());
        println!("    something else not below        {}", forms.iter().filter(|s| s.above > 0).count());
    }
    Ok(())
}

fn show(memory: &Memory, row: &[String]) -> Shown {
    let (query, base) = (Query::new(memory.lang, &row[3]), Candidate::new(memory.lang, &row[4]));
    let base_score = query.score(&base, Score::ZERO).unwrap_or_default();
    let shown = memory.ordered(&row[3], &memory.best(&row[3]));
    let candidate = |place: u64| &memory.candidates[place as usize];
    let first = shown.first().map(|rank| candidate(rank.place));
    let differs = |why: &Why| matches!(why, Why::Number { .. } | Why::Words(_));
    let above = shown.iter().filter(|r| r.score >= base_score && query.why(candidate(r.place)).iter().any(differs));
    let least = Score::from_percent(70.0);
    Shown {
        form_only: row[2].split('+').all(|op| FORMS.contains(&op)) && row[3] != row[4],
        first: first.is_some_and(|c| c.text() == base.text()),
        same_key: first.is_some_and(|c| c.key() == base.key()),
        in_five: shown.iter().take(5).any(|r| r.score >= least && candidate(r.place).text() == base.text()),
        kept: base_score >= Score::NORMALIZED_FLOOR,
        above: above.count(),
    }
}
