//! The report of a run over many pairs: JSON for programs, and one page of HTML for people, without scripts or links.

use super::form::rounded;
use crate::args::Align as Args;
use crate::highlight::escaped;
use anyhow::{Result, bail};
use dhakira::Lang;
use dhakira::error::in_line;
use dhakira::file;
use dhakira::task::batch::{Document, LENGTHS, Report};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// Refuses a file whose ending tells no form.
pub fn check(path: &Path) -> Result<()> {
    match ending(path) {
        Some("json" | "html" | "htm" | "md") => Ok(()),
        _ => bail!("--report {}: its ending says which form it has; .json, .html or .md", in_line(path)),
    }
}

fn ending(path: &Path) -> Option<&str> {
    path.extension().and_then(|ending| ending.to_str())
}

/// Writes the report in the form that the file's ending tells.
pub fn write(path: &Path, report: &Report, args: &Args) -> Result<()> {
    let text = match ending(path) {
        Some("json") => serde_json::to_string_pretty(&record(report))? + "\n",
        Some("md") => datasheet(report, args),
        _ => page(report, args),
    };
    Ok(file::replace(path, |file| Ok(file.write_all(text.as_bytes())?))?)
}

/// What whoever gets the corpus should know, in Markdown.
fn datasheet(report: &Report, args: &Args) -> String {
    let mut text =
        "# Datasheet\n\nSentence-aligned Arabic and English, made from articles and their translations by\n\n```sh\n"
            .to_owned();
    let quoted = |arg: String| {
        let plain = !arg.is_empty() && arg.chars().all(|c| c.is_alphanumeric() || "-_./=:,+@".contains(c));
        if plain { arg } else { format!("'{}'", arg.replace('\'', "'\\''")) }
    };
    let command: Vec<String> =
        std::env::args_os().skip(1).map(|arg| quoted(arg.to_string_lossy().into_owned())).collect();
    let _ = writeln!(
        text,
        "dhakira {}\n```\n\n(dhakira {})\n\n| what | count |\n| --- | ---: |",
        command.join(" "),
        env!("CARGO_PKG_VERSION")
    );
    for (what, count) in [
        ("article pairs", report.pairs),
        ("that could not be read", report.failed),
        ("that look like no translations, and were left out", report.withheld),
        ("links with both sides", report.full_links()),
        (if args.mark { "units marked by the filter" } else { "units left out by the filter" }, report.judged),
        ("**units**", report.units),
    ] {
        let _ = writeln!(text, "| {what} | {count} |");
    }
    let cell = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|").replace(['\n', '\r'], " ");
    let mut table = |title: &str, heads: &str, rows: Vec<String>| {
        if !rows.is_empty() {
            let _ = writeln!(text, "\n## {title}\n\n{heads}\n{}", rows.join("\n"));
        }
    };
    let named = |name: &str| if name.is_empty() { "(none named)".to_owned() } else { cell(name) };
    let licences = report.licences.iter().map(|(licence, units)| format!("| {} | {units} |", cell(licence)));
    table("Licences", "| licence | units |\n| --- | ---: |", licences.collect());
    let sources = report.sources.iter().map(|(source, tally)| {
        let confidence = mean(tally.confidence, tally.links);
        format!("| {} | {} | {} | {confidence:.3} |", named(source), tally.pairs, tally.units)
    });
    table(
        "Sources",
        "| source | article pairs | units | mean link confidence |\n| --- | ---: | ---: | ---: |",
        sources.collect(),
    );
    let filtered = report.filtered.iter().map(|(reason, units)| format!("| {reason} | {units} |"));
    table(
        "What the filter found (a unit may have several reasons)",
        "| reason | units |\n| --- | ---: |",
        filtered.collect(),
    );
    text + "\nA link's confidence is the probability that it is right. Links are made by machine and were not read by anybody, unless said\nelsewhere. Licences are those that the manifest names; nothing here checked them.\n"
}

fn mean(sum: f64, count: u64) -> f64 {
    rounded(sum / count.max(1) as f64)
}

fn record(report: &Report) -> Value {
    let document = |document: &Document| {
        let link =
            |(ar, en, score): &(String, String, f32)| json!({"ar": ar, "en": en, "score": rounded(f64::from(*score))});
        json!({
            "id": document.name, "confidence": rounded(f64::from(document.confidence)), "translation": document.translation,
            "links": document.links.iter().map(link).collect::<Vec<_>>(),
        })
    };
    let sources = report.sources.iter().map(|(source, tally)| {
        let source = (!source.is_empty()).then_some(source);
        let confidence = mean(tally.confidence, tally.links);
        json!({"source": source, "pairs": tally.pairs, "units": tally.units, "judged": tally.judged, "confidence": confidence})
    });
    let beads = report.beads.iter().map(|((ar, en), count)| json!({"ar": ar, "en": en, "links": count}));
    let lengths = report.lengths.iter().map(|((ar, en), count)| {
        let letters = |part: u8| Report::letters(part).round();
        json!({"ar_letters": letters(*ar), "en_letters": letters(*en), "links": count})
    });
    let failures =
        report.failures.iter().map(|(id, code, message)| json!({"id": id, "code": code, "message": message}));
    json!({
        "pairs": report.pairs, "kept": report.kept, "failed": report.failed, "withheld": report.withheld,
        "units": report.units, "judged": report.judged, "filtered": report.filtered,
        "links_by_confidence": report.links, "pairs_by_confidence": report.documents,
        "beads": beads.collect::<Vec<_>>(), "lengths": lengths.collect::<Vec<_>>(),
        "sources": sources.collect::<Vec<_>>(), "licences": report.licences,
        "worst": report.worst.iter().map(document).collect::<Vec<_>>(), "failures": failures.collect::<Vec<_>>(),
    })
}

const HEAD: &str = r#"<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>dhakira align: report</title>
<style>
:root { color-scheme: light dark; --ink: #1d2530; --dim: #5c6570; --paper: #fbfaf7; --line: #ddd8cd; --bar: #0b6e6e; --warm: #a8481f; --soft: #f1efe8 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e5de; --dim: #a3a9b0; --paper: #14181c; --line: #343b43; --bar: #4fbfb0; --warm: #f2a27a; --soft: #1d2329 }
}
body { font: 15px/1.5 system-ui, sans-serif; max-width: 66rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink); background: var(--paper) }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; padding: 0 }
.numbers div { background: var(--soft); border-radius: .5rem; padding: .6rem .8rem }
.numbers b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1rem 2rem } figure { margin: 0 }
svg { width: 100%; height: auto } svg text { fill: var(--dim); font-size: 11px } .bar { fill: var(--bar) } .axis { stroke: var(--line) } .even { stroke: var(--warm); stroke-dasharray: 4 3 }
table { border-collapse: collapse; width: 100% } th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; text-align: start }
th { color: var(--dim); font-weight: 600 } .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
td[lang=ar] { font-size: 1.1em } .side { width: 46% } .doubt { color: var(--warm) } .about { color: var(--dim) }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; padding: .4rem .8rem } summary { cursor: pointer }
</style>
"#;

fn page(report: &Report, args: &Args) -> String {
    let mut page = HEAD.to_owned();
    let output = args.output.as_deref().unwrap_or(Path::new("")).display().to_string();
    let _ = write!(
        page,
        "<h1>{} aligned into {}</h1>\n<div class=\"numbers\">\n",
        escaped(&args.ar.display().to_string()),
        escaped(&output)
    );
    let confidence: f64 = report.sources.values().map(|tally| tally.confidence).sum();
    for (number, what) in [
        (report.pairs.to_string(), "article pairs"),
        (report.kept.to_string(), "of them aligned before"),
        (report.failed.to_string(), "could not be read"),
        (report.withheld.to_string(), "no translations"),
        (report.units.to_string(), "units written"),
        (report.judged.to_string(), if args.mark { "units marked" } else { "units left out" }),
        (format!("{:.2}", mean(confidence, report.full_links())), "mean link confidence"),
    ] {
        let _ = writeln!(page, "<div><b>{number}</b>{what}</div>");
    }
    page += "</div>\n<div class=\"plots\">\n";
    page += &histogram("Links by confidence", &report.links);
    page += &histogram("Article pairs by confidence", &report.documents);
    page += &beads(report);
    page += &lengths(report);
    page += "</div>\n";
    if !report.filtered.is_empty() {
        let rows = report.filtered.iter().map(|(reason, units)| [(*reason).to_owned(), units.to_string()]);
        let title = if args.mark { "Marked, and why" } else { "Left out, and why" };
        page += &table(title, &["reason", "units"], rows);
        page += "<p class=\"about\">A unit may have several reasons.</p>\n";
    }
    let sources = report.sources.iter().map(|(source, tally)| {
        let source = if source.is_empty() { "(none named)" } else { source };
        [
            source.to_owned(),
            tally.pairs.to_string(),
            tally.units.to_string(),
            tally.judged.to_string(),
            format!("{:.3}", mean(tally.confidence, tally.links)),
        ]
    });
    let judged = if args.mark { "marked" } else { "left out" };
    page += &table("Sources", &["source", "pairs", "units", judged, "mean confidence"], sources);
    if !report.licences.is_empty() {
        let rows = report.licences.iter().map(|(licence, units)| [licence.clone(), units.to_string()]);
        page += &table("Licences", &["licence", "units"], rows);
    }
    page += "<h2>The least sure documents</h2>\n";
    for (at, document) in report.worst.iter().enumerate() {
        page += &side_by_side(document, at == 0);
    }
    if !report.failures.is_empty() {
        let rows =
            report.failures.iter().map(|(name, code, message)| [name.clone(), (*code).to_owned(), message.clone()]);
        page += &table("Could not be read", &["pair", "what", "message"], rows);
        let more = report.failed - report.failures.len() as u64;
        if more > 0 {
            let _ = writeln!(page, "<p class=\"about\">and {more} more.</p>");
        }
    }
    page + "</html>\n"
}

/// A table whose cells are text; all but those of the first column that are numbers stand to the right.
fn table<const N: usize>(title: &str, heads: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut text = format!("<h2>{title}</h2>\n<table>\n<tr>");
    let is_number = |at: usize, cell: &str| at > 0 && cell.chars().all(|c| c.is_ascii_digit() || c == '.');
    let rows: Vec<[String; N]> = rows.collect();
    for (at, head) in heads.iter().enumerate() {
        let class = if rows.iter().all(|row| is_number(at, &row[at])) { " class=\"n\"" } else { "" };
        let _ = write!(text, "<th{class}>{head}</th>");
    }
    text += "</tr>\n";
    for row in rows {
        text += "<tr>";
        for (at, cell) in row.iter().enumerate() {
            let class = if is_number(at, cell) { " class=\"n\"" } else { " dir=\"auto\"" };
            let _ = write!(text, "<td{class}>{}</td>", escaped(cell));
        }
        text += "</tr>\n";
    }
    text + "</table>\n"
}

/// Bars of a histogram from 0 to 1. Heights are square roots of counts: few unsure links stay seen beside many sure ones.
fn histogram(title: &str, counts: &[u64]) -> String {
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let mut svg = format!(
        "<figure><h2>{title}</h2>\n<svg viewBox=\"-8 0 436 190\" role=\"img\" aria-label=\"{title}\">\n<line class=\"axis\" x1=\"10\" y1=\"160\" x2=\"410\" y2=\"160\"/>\n"
    );
    let width = 400.0 / counts.len() as f64;
    for (at, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let height = 140.0 * (*count as f64 / most).sqrt();
        let (x, y) = (10.0 + width * at as f64, 160.0 - height);
        let from = at as f64 / counts.len() as f64;
        let to = (at + 1) as f64 / counts.len() as f64;
        let _ = writeln!(
            svg,
            "<rect class=\"bar\" x=\"{:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{height:.1}\"><title>{from:.2} to {to:.2}: {count}</title></rect>",
            x + 1.0,
            width - 2.0
        );
    }
    for tick in 0..=4 {
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"178\" text-anchor=\"middle\">{:.2}</text>",
            10 + tick * 100,
            f64::from(tick) / 4.0
        );
    }
    let _ =
        writeln!(svg, "<text x=\"410\" y=\"14\" text-anchor=\"end\">most: {most} (heights are square roots)</text>");
    svg + "</svg></figure>\n"
}

/// How many links join how many sentences.
fn beads(report: &Report) -> String {
    let mut kinds: Vec<_> = report.beads.iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let all: u64 = report.beads.values().sum();
    kinds.truncate(9);
    let most = kinds.first().map_or(1.0, |(_, count)| **count as f64).max(1.0);
    let mut svg = "<figure><h2>Sentences in a link, Arabic : English</h2>\n<svg viewBox=\"0 0 420 190\" role=\"img\" aria-label=\"Links by numbers of sentences\">\n".to_owned();
    for (at, ((ar, en), count)) in kinds.into_iter().enumerate() {
        let (y, width) = (8 + at * 20, 270.0 * (*count as f64 / most).sqrt());
        let percent = 100.0 * *count as f64 / all.max(1) as f64;
        let _ = writeln!(
            svg,
            "<text x=\"34\" y=\"{}\" text-anchor=\"end\">{ar} : {en}</text><rect class=\"bar\" x=\"40\" y=\"{y}\" width=\"{width:.1}\" height=\"14\"/><text x=\"{:.1}\" y=\"{}\">{count} ({percent:.1} %)</text>",
            y + 11,
            46.0 + width,
            y + 11
        );
    }
    svg + "</svg></figure>\n"
}

/// Letters of both sides of the links, on logarithmic scales.
fn lengths(report: &Report) -> String {
    let place = |part: u8| f64::from(part) / LENGTHS as f64;
    let (left, bottom, size) = (44.0, 330.0, 320.0);
    let mut svg = "<figure><h2>Letters of the two sides</h2>\n<svg viewBox=\"0 0 420 360\" role=\"img\" aria-label=\"Letters of the Arabic and the English side of the links\" style=\"max-width: 24rem\">\n".to_owned();
    for power in 0..=12 {
        let at = f64::from(power) / 12.0 * size;
        if power % 2 == 0 {
            let letters = 1u32 << power;
            let _ = writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"346\" text-anchor=\"middle\">{letters}</text><text x=\"38\" y=\"{:.1}\" text-anchor=\"end\">{letters}</text>",
                left + at,
                bottom - at + 4.0
            );
        }
    }
    let _ = writeln!(
        svg,
        "<path class=\"axis\" fill=\"none\" d=\"M{left} {} V{bottom} H{}\"/><line class=\"even\" x1=\"{left}\" y1=\"{bottom}\" x2=\"{}\" y2=\"{}\"/>",
        bottom - size,
        left + size,
        left + size,
        bottom - size
    );
    let most = report.lengths.values().copied().max().unwrap_or(1).max(1) as f64;
    for ((ar, en), count) in &report.lengths {
        let weight = (*count as f64).ln_1p() / most.ln_1p();
        let (x, y) = (left + size * place(*ar) + 3.0, bottom - size * place(*en) - 3.0);
        let (radius, opacity) = (1.2 + 2.6 * weight, 0.25 + 0.65 * weight);
        let (ar, en) = (Report::letters(*ar).round(), Report::letters(*en).round());
        let _ = writeln!(
            svg,
            "<circle class=\"bar\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" opacity=\"{opacity:.2}\"><title>Arabic {ar}, English {en} letters: {count}</title></circle>"
        );
    }
    svg += "<text x=\"404\" y=\"322\" text-anchor=\"end\">Arabic</text><text x=\"50\" y=\"20\">English</text>\n";
    svg + "</svg></figure>\n"
}

/// A document, Arabic on the right.
fn side_by_side(document: &Document, open: bool) -> String {
    let open = if open { " open" } else { "" };
    let said = if document.translation { "" } else { " <span class=\"doubt\">does not look like a translation</span>" };
    let mut text = format!(
        "<details{open}>\n<summary><bdi>{}</bdi> <span class=\"about\">{:.2}</span>{said}</summary>\n<table>\n",
        escaped(&document.name),
        document.confidence
    );
    for (ar, en, score) in &document.links {
        let doubt = if *score < 0.5 { " doubt" } else { "" };
        let cell = |lang: Lang, text: &str| {
            format!("<td class=\"side\" lang=\"{}\" dir=\"{}\">{}</td>", lang.code(), lang.dir(), escaped(text))
        };
        let _ = writeln!(
            text,
            "<tr>{}<td class=\"n{doubt}\">{score:.2}</td>{}</tr>",
            cell(Lang::En, en),
            cell(Lang::Ar, ar)
        );
    }
    text + "</table>\n</details>\n"
}
