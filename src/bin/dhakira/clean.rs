//! `dhakira clean`: files without what is wrong, doubled or badly aligned.

use crate::args::Clean as Args;
use crate::delivery::{self, Rejects};
use crate::options::General;
use crate::talk::Talk;
use crate::wire::{ChangedRecord, WriteReport};
use crate::{Ending, check, input};
use anyhow::{Result, bail};
use dhakira::check::{Checks, FindingKind, Severity};
use dhakira::task::{InspectOptions, RepeatFinder, Source, Workers, inspect};
use std::collections::BTreeMap;

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    if args.min_score.is_some_and(|score| !(0.0..=1.0).contains(&score)) {
        bail!("--min-score: a score is between 0 and 1");
    }
    let checks = dropped(&args.drop)?;
    let source = input::source_options(&args.reading)?.keep_empty();
    let files = input::readable(&args.files, &source, talk);
    if files.is_empty() {
        // A file that stands under the output's name is worth more than an empty one.
        return Ok(Ending::Nothing);
    }
    let workers = Workers::new(general.threads);
    let header = delivery::shared_header(&files, &source, talk);
    let mut output = delivery::open(&args.output, &header, &delivery::options(&args.delivery)?)?;
    let mut rejects = Rejects::create(args.rejects.as_deref())?;
    let mut repeats = RepeatFinder::new(&checks);
    let options = InspectOptions { checks, ..InspectOptions::default() };
    let mut report = WriteReport { output: args.output.display().to_string(), ..WriteReport::default() };
    let mut reasons: BTreeMap<&'static str, u64> = BTreeMap::new();
    let mut comments = 0;
    for file in &files {
        let mut source = Source::open(file, &source)?;
        inspect(&mut source, &options, &workers, |item| {
            let inspected = match item {
                Ok(inspected) => inspected,
                Err(aside) => {
                    report.set_aside += 1;
                    return rejects.set_aside(&aside, talk);
                }
            };
            report.read += 1;
            let told = inspected.findings.iter().map(|f| (f.kind.name(), f.to_string()));
            let mut why: Vec<(&'static str, String)> = told.collect();
            let score = inspected.placed.unit.prop("x-align-score").and_then(|s| s.trim().parse::<f64>().ok());
            if let (Some(score), Some(min)) = (score, args.min_score)
                && score < min
            {
                why.push(("score", format!("score: {score} is below {min}")));
            }
            if why.is_empty() {
                // What goes for another reason must not take its twin with it.
                let repeated = repeats.add(&inspected.placed);
                why.extend(repeated.iter().map(|r| (r.finding.kind.name(), r.finding.to_string())));
            }
            if why.is_empty() {
                return output.write(&inspected.placed.unit);
            }
            report.left_out += 1;
            let mut kinds: Vec<&'static str> = why.iter().map(|(kind, _)| *kind).collect();
            kinds.dedup();
            kinds.into_iter().for_each(|kind| *reasons.entry(kind).or_default() += 1);
            rejects.write(&inspected.reject(why.iter().map(|(_, reason)| reason.as_str())))
        })?;
        comments += source.comments();
    }
    let delivered = output.finish()?;
    rejects.finish(talk)?;
    for (reason, count) in &reasons {
        talk.note(format_args!("{count:>8}  {reason}"));
    }
    delivery::left_out(comments, talk);
    let more = format!(", {} of {} dropped", report.left_out, report.read);
    delivery::said(&delivered, &args.output, &more, talk);
    if args.json {
        (report.units, report.changed, report.reasons) = (delivered.units, ChangedRecord::from(&delivered), reasons);
        println!("{}", serde_json::to_string(&report)?);
    }
    Ok(if report.units > 0 || delivered.units > 0 { Ending::Done } else { Ending::Nothing })
}

/// The kinds for which units go.
fn dropped(names: &[String]) -> Result<Checks> {
    let (errors, named): (Vec<String>, Vec<String>) = names.iter().cloned().partition(|name| name == "errors");
    let of_errors = FindingKind::all().filter(|kind| !errors.is_empty() && kind.severity() == Severity::Error);
    Ok(of_errors.chain(check::kinds(&named, "--drop")?).fold(Checks::none(), Checks::with))
}
