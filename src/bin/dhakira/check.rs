//! `dhakira check`: what is wrong with the units of files, and the mended units.

use crate::args::Check as Args;
use crate::delivery::{self, Rejects};
use crate::options::General;
use crate::talk::{Talk, counted};
use crate::terminal::Look;
use crate::wire::{ChangeRecord, CheckRecord, FindingRecord, PlaceRecord};
use crate::{Ending, input};
use anyhow::{Result, bail};
use dhakira::Error;
use dhakira::check::{Change, ChangePlace, Checks, Finding, FindingKind, Mending, Severity};
use dhakira::error::Place;
use dhakira::error::in_line;
use dhakira::glossary::Glossary;
use dhakira::task::{
    InspectOptions, Inspected, Output, RepeatFinder, Repeated, SetAside, Source, Tally, Warning, Workers, inspect,
};
use dhakira::tmx::Mend;
use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::Path;
use std::sync::Arc;

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let checks = checks(args)?;
    let glossary = args.glossary.as_deref().map(Glossary::open).transpose()?;
    let source = input::source_options(&args.reading)?.keep_empty();
    let workers = Workers::new(general.threads);
    let output = match &args.output {
        Some(path) => {
            let header = delivery::shared_header(&args.files, &source, talk);
            Some(delivery::open(path, &header, &delivery::options(&args.delivery)?)?)
        }
        None => None,
    };
    let mut door = Door {
        out: BufWriter::new(io::stdout().lock()),
        json: args.json,
        look: Look::new(general),
        tally: Tally::default(),
        units: 0,
        unreadable: 0,
        warnings: 0,
        changes: 0,
        repeats: RepeatFinder::new(&checks),
        opened: false,
        output,
        rejects: Rejects::create(args.rejects.as_deref())?,
    };
    let options = InspectOptions { checks, repair: args.repair.is_some(), glossary: glossary.map(Arc::new) };
    for file in &args.files {
        let mut source = match Source::open(file, &source) {
            Ok(source) => source,
            Err(error) => {
                door.unreadable(&error)?;
                continue;
            }
        };
        door.opened = true;
        inspect(&mut source, &options, &workers, |item| door.take(item))?;
        source.warnings().iter().try_for_each(|warning| door.warning(warning))?;
    }
    door.finish(args, talk)
}

/// The kinds that are looked for, and mended.
fn checks(args: &Args) -> Result<Checks> {
    let mut checks = if args.all { Checks::all() } else { Checks::default() };
    if !args.only.is_empty() {
        checks = kinds(&args.only, "--only")?.into_iter().fold(Checks::none(), Checks::with);
    }
    for kind in kinds(args.repair.as_deref().unwrap_or_default(), "--repair")? {
        if kind.mending() == Mending::Never {
            bail!("--repair={kind}: only a person can mend that");
        }
        checks = checks.mending(kind);
    }
    Ok(kinds(&args.without, "--without")?.into_iter().fold(checks, Checks::without))
}

/// Kinds by their names.
pub fn kinds(names: &[String], option: &str) -> Result<Vec<FindingKind>> {
    let named = |name: &String| match FindingKind::from_name(name.trim()) {
        Some(kind) => Ok(kind),
        None => {
            let known: Vec<&str> = FindingKind::all().map(FindingKind::name).collect();
            bail!("{option} {name}: no such kind; there are {}", known.join(", "))
        }
    };
    names.iter().filter(|name| !name.is_empty()).map(named).collect()
}

/// The kind of what could not be read, beside those of the library's findings.
const UNREADABLE: &str = "unreadable";

struct Door {
    out: BufWriter<StdoutLock<'static>>,
    json: bool,
    look: Look,
    tally: Tally,
    units: u64,
    unreadable: u64,
    warnings: u64,
    changes: u64,
    repeats: RepeatFinder,
    /// Whether any file could be opened. If none could, what stands under the output's name stays.
    opened: bool,
    output: Option<Output>,
    rejects: Rejects,
}

/// `file:line (tuid "x")`
fn at(file: &Path, place: &Place) -> String {
    let line = place.line.map(|line| format!(":{line}")).unwrap_or_default();
    let tuid = place.tuid.as_ref().map(|tuid| format!(" (tuid {tuid:?})")).unwrap_or_default();
    format!("{}{line}{tuid}", in_line(file))
}

impl Door {
    fn take(&mut self, item: Result<Inspected, SetAside>) -> Result<()> {
        let inspected = match item {
            Ok(inspected) => inspected,
            Err(aside) => {
                self.unreadable(&aside.error)?;
                return Ok(self.rejects.write(&aside.reject)?);
            }
        };
        self.units += 1;
        for mend in &inspected.mends {
            self.changes += 1;
            self.mend(&inspected, mend)?;
        }
        for change in &inspected.changes {
            self.changes += 1;
            self.change(&inspected, change)?;
        }
        for finding in &inspected.findings {
            self.finding(&inspected, finding, None)?;
        }
        for repeated in self.repeats.add(&inspected.placed) {
            self.finding(&inspected, &repeated.finding, Some(&repeated))?;
        }
        if let Some(output) = &mut self.output {
            output.write(&inspected.placed.unit)?;
        }
        Ok(())
    }

    /// What was mended so that the unit could be read at all.
    fn mend(&mut self, inspected: &Inspected, mend: &Mend) -> Result<()> {
        let placed = &inspected.placed;
        if self.json {
            return self.record(&CheckRecord::Change(ChangeRecord {
                file: placed.file.display().to_string(),
                line: placed.place.line,
                tuid: placed.place.tuid.as_deref(),
                kind: UNREADABLE,
                variant: None,
                place: "xml".to_owned(),
                before: &mend.before,
                after: &mend.after,
            }));
        }
        let (place, before, after) = (at(&placed.file, &placed.place), &mend.before, &mend.after);
        Ok(writeln!(self.out, "{place}: {UNREADABLE}: mended xml: “{before}” → “{after}”")?)
    }

    fn change(&mut self, inspected: &Inspected, change: &Change) -> Result<()> {
        let placed = &inspected.placed;
        if self.json {
            return self.record(&CheckRecord::Change(ChangeRecord {
                file: placed.file.display().to_string(),
                line: placed.place.line,
                tuid: placed.place.tuid.as_deref(),
                kind: change.kind.name(),
                variant: change.variant,
                place: change.place.to_string(),
                before: &change.before,
                after: &change.after,
            }));
        }
        let show = |text: &str| match change.place {
            ChangePlace::Text => self.look.text(text),
            _ => text.to_owned(),
        };
        let (place, before, after) = (at(&placed.file, &placed.place), show(&change.before), show(&change.after));
        Ok(writeln!(self.out, "{place}: {}: mended {}: “{before}” → “{after}”", change.kind, change.place)?)
    }

    fn finding(&mut self, inspected: &Inspected, finding: &Finding, earlier: Option<&Repeated>) -> Result<()> {
        self.tally.add(finding.kind);
        let placed = &inspected.placed;
        let earlier = earlier.map(|e| PlaceRecord { file: e.file.display().to_string(), line: e.line });
        if self.json {
            return self.record(&CheckRecord::Finding(FindingRecord {
                file: placed.file.display().to_string(),
                line: placed.place.line,
                byte: placed.place.byte,
                tuid: placed.place.tuid.as_deref(),
                kind: finding.kind.name(),
                severity: finding.severity.name(),
                message: &finding.message,
                lang: finding.lang.map(|lang| lang.code()),
                variant: finding.variant,
                span: finding.range.as_ref().map(|r| [r.start, r.end]),
                mendable: finding.mendable,
                earlier,
            }));
        }
        let earlier = match earlier {
            Some(PlaceRecord { file, line: Some(line) }) => format!(" ({}:{line})", in_line(file.as_ref())),
            Some(PlaceRecord { file, line: None }) => format!(" ({})", in_line(file.as_ref())),
            None => String::new(),
        };
        let message = self.look.message(&finding.message);
        Ok(writeln!(self.out, "{}: {}: {message}{earlier}", at(&placed.file, &placed.place), finding.kind)?)
    }

    fn unreadable(&mut self, error: &Error) -> Result<()> {
        self.unreadable += 1;
        let place = error.place().cloned().unwrap_or_default();
        // The place stands before the kind already.
        let said = error.to_string();
        let message = match error {
            Error::Format { reason, .. } => reason.as_str(),
            _ => said.strip_prefix(&format!("{}: ", in_line(error.path()))).unwrap_or(&said),
        };
        self.about_file(error.path(), &place, UNREADABLE, Severity::Error, message)
    }

    fn warning(&mut self, warning: &Warning) -> Result<()> {
        self.warnings += 1;
        let place = Place { line: Some(warning.line), ..Place::default() };
        self.about_file(&warning.file, &place, "file", Severity::Warning, &warning.message)
    }

    fn about_file(&mut self, file: &Path, place: &Place, kind: &str, severity: Severity, message: &str) -> Result<()> {
        if self.json {
            return self.record(&CheckRecord::Finding(FindingRecord {
                file: file.display().to_string(),
                line: place.line,
                byte: place.byte,
                tuid: place.tuid.as_deref(),
                kind,
                severity: severity.name(),
                message,
                lang: None,
                variant: None,
                span: None,
                mendable: false,
                earlier: None,
            }));
        }
        let byte = place.byte.map(|byte| format!(" (byte {byte})")).unwrap_or_default();
        Ok(writeln!(self.out, "{}: {kind}: {}{byte}", at(file, place), self.look.message(message))?)
    }

    fn record(&mut self, record: &CheckRecord<'_>) -> Result<()> {
        Ok(writeln!(self.out, "{}", serde_json::to_string(record)?)?)
    }

    fn finish(mut self, args: &Args, talk: &Talk) -> Result<Ending> {
        let errors = self.tally.of(Severity::Error) + self.unreadable;
        let warnings = self.tally.of(Severity::Warning) + self.warnings;
        let infos = self.tally.of(Severity::Info);
        let kinds = self.tally.kinds();
        let of_files = [(UNREADABLE, Severity::Error, self.unreadable), ("file", Severity::Warning, self.warnings)];
        let of_files = of_files.into_iter().filter(|(_, _, count)| *count > 0);
        if self.json {
            let counted = kinds.iter().map(|(kind, count)| (kind.name(), *count));
            let changes = args.repair.is_some().then_some(self.changes);
            let kinds = counted.chain(of_files.map(|(kind, _, count)| (kind, count))).collect();
            self.record(&CheckRecord::Summary { units: self.units, errors, warnings, infos, kinds, changes })?;
        } else {
            let lines = kinds.iter().map(|(kind, count)| (kind.name(), kind.severity(), *count));
            for (kind, severity, count) in of_files.chain(lines) {
                talk.note(format_args!("{:>8}  {kind}  {count}", severity.name()));
            }
        }
        let one_sided = kinds.iter().find(|(kind, _)| *kind == FindingKind::MissingSide).map_or(0, |(_, count)| *count);
        if one_sided * 2 > self.units {
            talk.note(
                "most units have no Arabic or no English; --without missing-side tells the rest of what is wrong",
            );
        }
        self.out.flush()?;
        let mended =
            if args.repair.is_some() { format!(", {}", counted(self.changes, "change")) } else { String::new() };
        talk.note(format_args!(
            "{} checked: {}, {}, {}{mended}",
            counted(self.units, "unit"),
            counted(errors, "error"),
            counted(warnings, "warning"),
            counted(infos, "info")
        ));
        drop(self.out);
        if let (true, Some(output), Some(path)) = (self.opened, self.output, &args.output) {
            delivery::said(&output.finish()?, path, "", talk);
        }
        self.rejects.finish(talk)?;
        Ok(if errors > 0 { Ending::Wrong } else { Ending::Done })
    }
}
