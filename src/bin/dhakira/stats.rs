//! `dhakira stats`: what files hold, in numbers.

use crate::args::Stats as Args;
use crate::options::General;
use crate::talk::Talk;
use crate::wire::{LanguageRecord, StatsRecord};
use crate::{Ending, input};
use anyhow::Result;
use dhakira::task::{Source, Statistics, Workers, statistics};
use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let options = input::source_options(&args.reading)?.keep_empty();
    let files = if args.files.is_empty() { vec![args.memory.folder()] } else { args.files.clone() };
    let sources = files.iter().filter_map(|file| Source::open(file, &options).map_err(|e| talk.error(e)).ok());
    let counted = statistics(sources, &Workers::new(general.threads), |aside| talk.error(&aside.error));
    let mut out = BufWriter::new(io::stdout().lock());
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&record(&counted))?)?;
    } else {
        write!(out, "{}", table(&counted))?;
    }
    out.flush()?;
    Ok(if counted.units > 0 { Ending::Done } else { Ending::Nothing })
}

fn record(counted: &Statistics) -> StatsRecord<'_> {
    let languages = counted.languages.iter().map(|(tag, l)| {
        let record = LanguageRecord {
            variants: l.variants,
            empty: l.empty,
            words: l.words,
            characters: l.characters,
            codes: l.codes,
        };
        (tag.as_str(), record)
    });
    StatsRecord {
        units: counted.units,
        set_aside: counted.set_aside,
        languages: languages.collect(),
        documents: counted.documents,
        duplicates: counted.duplicates,
        inconsistent: counted.inconsistent,
        props: &counted.props,
        notes: counted.notes,
        dates: counted.dates.as_ref().map(|(first, last)| [first.as_str(), last.as_str()]),
        tools: &counted.tools,
        scores: counted.scores,
    }
}

/// For eyes.
fn table(counted: &Statistics) -> String {
    let mut lines = vec![format!("units         {:>12}", counted.units)];
    let mut number = |name: &str, n: u64| {
        if n > 0 {
            lines.push(format!("{name:<14}{n:>12}"));
        }
    };
    number("unreadable", counted.set_aside);
    number("documents", counted.documents);
    number("duplicates", counted.duplicates);
    number("inconsistent", counted.inconsistent);
    number("notes", counted.notes);
    if let Some((first, last)) = &counted.dates {
        lines.push(format!("dates         {first} to {last}"));
    }
    if !counted.languages.is_empty() {
        lines.push(format!(
            "\nlanguage      {:>12}{:>12}{:>12}{:>12}{:>12}",
            "segments", "empty", "words", "characters", "codes"
        ));
    }
    for (tag, l) in &counted.languages {
        lines.push(format!(
            "{tag:<14}{:>12}{:>12}{:>12}{:>12}{:>12}",
            l.variants, l.empty, l.words, l.characters, l.codes
        ));
    }
    let mut list = |title: &str, counts: &BTreeMap<String, u64>| {
        if !counts.is_empty() {
            lines.push(format!("\n{title}"));
            lines.extend(counts.iter().map(|(name, count)| format!("{count:>26}  {name}")));
        }
    };
    list("made by", &counted.tools);
    list("props", &counted.props);
    let most = counted.scores.iter().copied().max().unwrap_or_default();
    if most > 0 {
        lines.push("\nscore (x-align-score)".to_owned());
        for (tenth, &count) in counted.scores.iter().enumerate() {
            // Forty columns for the longest bar; what is there at all shows.
            let bar = "█".repeat((count * 40).div_ceil(most) as usize);
            lines.push(format!("0.{tenth} up        {count:>12}  {bar}").trim_end().to_owned());
        }
    }
    lines.push(String::new());
    lines.join("\n")
}
