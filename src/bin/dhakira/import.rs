//! `dhakira import`: other files into the memory.

use crate::args::{General, Import as Args};
use crate::delivery::Rejects;
use crate::talk::Talk;
use crate::wire::{ErrorBody, ErrorRecord, ImportReport};
use crate::{Ending, input};
use anyhow::Result;
use dhakira::memory::{Memory, Writer};
use dhakira::task::{ImportOptions, Imported, Known, Workers, import};
use std::io::{StdoutLock, Write};
use std::path::{Path, PathBuf};

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let options = ImportOptions { source: input::source_options(&args.reading)?, duplicates: args.duplicates.into() };
    let (known, writer) = memory(args, general, talk)?;
    let rejects = Rejects::create(args.rejects.as_deref())?;
    let mut door = Door { args, talk, options, known, writer, rejects, out: std::io::stdout().lock(), found: false };
    for file in &args.files {
        match files_of(file) {
            Ok(files) => files.iter().try_for_each(|file| door.import(file))?,
            Err(error) => door.failed(file, &error)?,
        }
    }
    door.rejects.finish(talk)?;
    Ok(if door.found { Ending::Done } else { Ending::Nothing })
}

/// What the memory has, and the right to write to it. In a dry run nothing is made, not even the folder.
fn memory(args: &Args, general: &General, talk: &Talk) -> Result<(Known, Option<Writer>)> {
    let folder = &args.memory.memory;
    if args.dry_run && !folder.exists() {
        return Ok((Known::default(), None));
    }
    let memory = if args.dry_run { Memory::open(folder)? } else { Memory::create(folder)? };
    let writer = if args.dry_run { None } else { Some(memory.writer_waiting(args.writing.patience())?) };
    let snapshot = Workers::new(general.threads).run(|| memory.snapshot())?;
    snapshot.problems().iter().for_each(|problem| talk.note(problem));
    Ok((Known::of(&snapshot), writer))
}

/// Each file of a folder becomes a file of the memory.
fn files_of(path: &Path) -> Result<Vec<PathBuf>, dhakira::Error> {
    if path.is_dir() { Memory::open(path)?.files() } else { Ok(vec![path.to_path_buf()]) }
}

struct Door<'a> {
    args: &'a Args,
    talk: &'a Talk,
    options: ImportOptions,
    known: Known,
    writer: Option<Writer>,
    rejects: Rejects,
    out: StdoutLock<'static>,
    found: bool,
}

impl Door<'_> {
    fn import(&mut self, file: &Path) -> Result<()> {
        let imported = match import(file, &self.options, self.writer.as_ref(), &mut self.known) {
            Ok(imported) => imported,
            Err(error) => return self.failed(file, &error),
        };
        self.found |= imported.read > 0;
        imported.set_aside.iter().try_for_each(|aside| self.rejects.set_aside(aside, self.talk))?;
        self.talk.note(format_args!("{}: {}", file.display(), said(&imported, self.args.dry_run)));
        if self.args.json {
            let report = ImportReport {
                file: file.display().to_string(),
                read: imported.read,
                new: imported.new,
                updated: 0,
                kept: imported.kept,
                refused: imported.refused,
                left_out: imported.left_out.into(),
                set_aside: imported.set_aside.iter().map(|aside| ErrorBody::from(&aside.error)).collect(),
                output: imported.output.map(|path| path.display().to_string()),
                dry_run: self.args.dry_run,
            };
            writeln!(self.out, "{}", serde_json::to_string(&report)?)?;
        }
        Ok(())
    }

    /// A file that can not be read ends nothing.
    fn failed(&mut self, file: &Path, error: &dhakira::Error) -> Result<()> {
        self.talk.error(error);
        if self.args.json {
            let record = ErrorRecord { id: file.display().to_string().into(), error: ErrorBody::from(error) };
            writeln!(self.out, "{}", serde_json::to_string(&record)?)?;
        }
        Ok(())
    }
}

fn said(imported: &Imported, dry_run: bool) -> String {
    let left_out = imported.left_out;
    let more = [
        (imported.refused as u64, "translated otherwise in the memory"),
        (left_out.untranslated, "untranslated"),
        (left_out.fuzzy, "fuzzy"),
        (left_out.foreign, "in other languages"),
        (imported.set_aside.len() as u64, "set aside"),
    ];
    let more = more.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!(", {n} {what}"));
    let would = if dry_run { " (dry run: nothing written)" } else { "" };
    format!(
        "{} units read, {} new, {} there already{}{would}",
        imported.read,
        imported.new,
        imported.kept,
        more.collect::<String>()
    )
}
