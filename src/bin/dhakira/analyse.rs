//! `dhakira analyse`: how much of a job is new, as a table, CSV, JSON or OmegaT's text.

use crate::args::Analyse as Args;
use crate::options::General;
use crate::talk::Talk;
use crate::wire::{AnalysisRecord, RowRecord};
use crate::{Ending, csv, job};
use anyhow::{Context, Result, anyhow};
use dhakira::document::Document;
use dhakira::error::in_line;
use dhakira::task::{Analysis, AnalysisOptions, Band, Rates, Row, Workers, analyse};
use std::io::{self, BufWriter, Write};

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let rates = match &args.rates {
        Some(path) => {
            let table = std::fs::read_to_string(path).map_err(|e| dhakira::Error::io("read", path, e))?;
            Rates::parse(&table).map_err(|why| anyhow!("{}: {why}", in_line(path)))?
        }
        None => Rates::default(),
    };
    let options = job::options(args.from, args.encoding.as_deref())?;
    let workers = Workers::new(general.threads);
    let library = job::library(&args.memory, &args.penalty, &workers, talk)?;
    let documents = job::documents(&args.files, &options, talk);
    let options =
        AnalysisOptions { measure: args.score.into(), internal: args.internal, untranslated: args.untranslated };
    let analyses = analyse(&documents, &library, &options, &workers);
    let mut total = Analysis::default();
    analyses.iter().for_each(|analysis| total.add(analysis));
    let found: Vec<(&Document, &Analysis)> = documents.iter().zip(&analyses).collect();
    let mut out = BufWriter::new(io::stdout().lock());
    let text = if args.json {
        json(&found, &total, &rates).context("cannot write JSON")?
    } else if args.csv {
        csv(&found, &total, &rates)
    } else if args.to.is_some() {
        omegat(&total)
    } else {
        table(&found, &total, &rates)
    };
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(if total.total().segments > 0 { Ending::Done } else { Ending::Nothing })
}

fn records(analysis: &Analysis, rates: &Rates) -> (Vec<RowRecord>, RowRecord) {
    let record = |band: &'static str, row: Row, rate: Option<u32>, payable: u64| RowRecord {
        band,
        segments: row.segments,
        words: row.count.words,
        characters: row.count.characters,
        characters_without_spaces: row.count.characters_without_spaces,
        rate,
        payable_words: payable as f64 / 100.0,
    };
    let row = |band: &Band| {
        let payable = analysis.payable(*band, rates);
        record(band.name(), analysis.row(*band), Some(rates.percent(*band)), payable)
    };
    (Band::ALL.iter().map(row).collect(), record("total", analysis.total(), None, analysis.payable_total(rates)))
}

fn json(found: &[(&Document, &Analysis)], total: &Analysis, rates: &Rates) -> serde_json::Result<String> {
    let mut out = String::new();
    let mut line = |kind, document: Option<&Document>, analysis: &Analysis| {
        let (rows, total) = records(analysis, rates);
        let file = document.map(|d| d.path().to_string_lossy().into_owned());
        let record = AnalysisRecord { kind, file, lang: document.map(|d| d.source().code()), rows, total };
        out += &serde_json::to_string(&record)?;
        out.push('\n');
        Ok(())
    };
    found.iter().try_for_each(|(document, analysis)| line("file", Some(document), analysis))?;
    line("total", None, total)?;
    Ok(out)
}

fn csv(found: &[(&Document, &Analysis)], total: &Analysis, rates: &Rates) -> String {
    let mut out = "file,band,segments,words,characters,characters_without_spaces,rate,payable_words\n".to_owned();
    let mut lines = |file: &str, analysis: &Analysis| {
        let file = csv::field(file);
        let (rows, total) = records(analysis, rates);
        for row in rows.into_iter().chain([total]) {
            let rate = row.rate.map(|rate| rate.to_string()).unwrap_or_default();
            out += &format!(
                "{file},{},{},{},{},{},{rate},{:.2}\n",
                row.band, row.segments, row.words, row.characters, row.characters_without_spaces, row.payable_words
            );
        }
    };
    for (document, analysis) in found {
        lines(&document.path().to_string_lossy(), analysis);
    }
    lines("", total);
    out
}

/// The name of a row for eyes.
fn shown(band: &'static str) -> &'static str {
    match band {
        "context" => "Context (101)",
        "repetition" => "Repetitions",
        "100" => "100 %",
        "95-99" => "95–99 %",
        "85-94" => "85–94 %",
        "75-84" => "75–84 %",
        "50-74" => "50–74 %",
        "new" => "No match",
        _ => "Total",
    }
}

fn table(found: &[(&Document, &Analysis)], total: &Analysis, rates: &Rates) -> String {
    let mut out = String::new();
    let mut part = |title: &str, analysis: &Analysis| {
        if !out.is_empty() {
            out.push('\n');
        }
        out += &format!("{title}\n");
        out += &format!(
            "{:<14}{:>10}{:>10}{:>12}{:>12}{:>7}{:>11}\n",
            "", "segments", "words", "characters", "no spaces", "rate", "payable"
        );
        let (rows, total) = records(analysis, rates);
        for row in rows.into_iter().chain([total]) {
            let rate = row.rate.map(|rate| format!("{rate} %")).unwrap_or_default();
            let line = format!(
                "{:<14}{:>10}{:>10}{:>12}{:>12}{rate:>7}{:>11.1}",
                shown(row.band),
                row.segments,
                row.words,
                row.characters,
                row.characters_without_spaces,
                row.payable_words
            );
            out += line.trim_end();
            out.push('\n');
        }
    };
    for (document, analysis) in found {
        part(&format!("{} ({})", in_line(document.path()), document.source()), analysis);
    }
    if found.len() != 1 {
        part(&format!("{} files", found.len()), total);
    }
    out
}

/// The layout of OmegaT's match statistics (its `TextUtil.showTextTable`): columns between tabs, numbers to the right. What
/// OmegaT does not tell from a 100 % match, our 101, is among them.
fn omegat(total: &Analysis) -> String {
    let header = ["", "Segments", "Words", "Characters (without spaces)", "Characters (including spaces)"];
    let mut exact = total.row(Band::Context);
    exact.segments += total.row(Band::Exact).segments;
    exact.count += total.row(Band::Exact).count;
    let rows = [
        ("Repetitions:", total.row(Band::Repetition)),
        ("Exact match:", exact),
        ("95%-100%:", total.row(Band::From95)),
        ("85%-94%:", total.row(Band::From85)),
        ("75%-84%:", total.row(Band::From75)),
        ("50%-74%:", total.row(Band::From50)),
        ("No match:", total.row(Band::New)),
        ("Total:", total.total()),
    ];
    let mut cells = vec![header.map(str::to_owned)];
    cells.extend(rows.map(|(name, row)| {
        let count = row.count;
        let numbers =
            [row.segments, count.words, count.characters_without_spaces, count.characters].map(|n| n.to_string());
        let [a, b, c, d] = numbers;
        [name.to_owned(), a, b, c, d]
    }));
    let width = |column: usize| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let mut out = String::new();
    for row in &cells {
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            out += &if column == 0 { format!("{cell:<width$}\t") } else { format!("{cell:>width$}\t") };
        }
        out.push('\n');
    }
    out
}
