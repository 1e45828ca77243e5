//! `dhakira import`: other files into the memory.

use crate::args::Import as Args;
use crate::delivery::Rejects;
use crate::options::General;
use crate::talk::{Talk, counted};
use crate::wire::{ErrorBody, ErrorRecord, ImportCounts, ImportReport};
use crate::{Ending, input};
use anyhow::Result;
use dhakira::error::in_line;
use dhakira::memory::{Memory, Moment, Snapshot, Writer};
use dhakira::task::{Duplicates, ImportOptions, Imported, Known, Workers, import};
use std::io::{StdoutLock, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let source = input::source_options(&args.reading)?;
    let options = ImportOptions { source, duplicates: args.duplicates.into(), ..ImportOptions::default() };
    let (memory, writer) = memory(args)?;
    let workers = Workers::new(general.threads);
    let rejects = Rejects::create(args.rejects.as_deref())?;
    let out = std::io::stdout().lock();
    let (snapshot, known) = (Snapshot::default(), Known::default());
    let mut door = Door { args, talk, options, memory, snapshot, known, writer, workers, rejects, out, found: false };
    door.look(|problem| talk.note(problem))?;
    for file in &args.files {
        match files_of(file) {
            Ok(files) => files.iter().try_for_each(|file| door.import(file))?,
            Err(error) => door.failed(file, &error)?,
        }
    }
    door.rejects.finish(talk)?;
    Ok(if door.found { Ending::Done } else { Ending::Nothing })
}

/// The memory and the right to write to it. In a dry run nothing is made, not even the folder.
fn memory(args: &Args) -> Result<(Option<Memory>, Option<Writer>)> {
    let folder = args.memory.folder();
    if args.dry_run {
        return Ok((if folder.exists() { Some(Memory::open(folder)?) } else { None }, None));
    }
    let memory = Memory::create(folder)?;
    let writer = memory.writer_waiting(args.writing.patience())?;
    Ok((Some(memory), Some(writer)))
}

/// Each file of a folder becomes a file of the memory; another memory with live files is taken as a whole, without what
/// was superseded or deleted in it.
fn files_of(path: &Path) -> Result<Vec<PathBuf>, dhakira::Error> {
    let files = if path.is_dir() { Memory::open(path)?.files()? } else { Vec::new() };
    let is_live = |file: &PathBuf| file.file_name().is_some_and(|n| n.to_string_lossy().starts_with("live-"));
    Ok(if !path.is_dir() || files.iter().any(is_live) { vec![path.to_path_buf()] } else { files })
}

struct Door<'a> {
    args: &'a Args,
    talk: &'a Talk,
    options: ImportOptions,
    memory: Option<Memory>,
    snapshot: Snapshot,
    known: Known,
    writer: Option<Writer>,
    workers: Workers,
    rejects: Rejects,
    out: StdoutLock<'static>,
    found: bool,
}

impl Door<'_> {
    fn import(&mut self, file: &Path) -> Result<()> {
        let when = Moment::from(SystemTime::now());
        let writer = self.writer.as_mut().map(|writer| (writer, when));
        let (options, known) = (&self.options, &mut self.known);
        let imported = match self.workers.run(|| import(file, options, writer, known)) {
            Ok(imported) => imported,
            Err(error) => {
                // What this file would have brought is not there: the next one may bring it.
                self.look_again()?;
                return self.failed(file, &error);
            }
        };
        // What one file brought, the next one may overwrite.
        if self.options.duplicates == Duplicates::Overwrite {
            self.look_again()?;
        }
        self.found |= imported.read > 0;
        imported.set_aside.iter().try_for_each(|aside| self.rejects.set_aside(aside, self.talk))?;
        self.talk.note(format_args!("{}: {}", in_line(file), said(&imported, self.args.dry_run)));
        if self.args.json {
            let report = ImportReport {
                file: file.display().to_string(),
                counts: ImportCounts::from(&imported),
                comments: imported.comments,
                left_out: imported.left_out.into(),
                set_aside: imported.set_aside.iter().map(|aside| ErrorBody::from(&aside.error)).collect(),
                output: imported.output.map(|path| path.display().to_string()),
                dry_run: self.args.dry_run,
            };
            writeln!(self.out, "{}", serde_json::to_string(&report)?)?;
        }
        Ok(())
    }

    /// Sees what is in the memory now.
    fn look(&mut self, mut problem: impl FnMut(&dhakira::Error) + Send) -> Result<()> {
        let Some(memory) = &self.memory else { return Ok(()) };
        self.known = match self.options.duplicates {
            Duplicates::Overwrite => {
                self.snapshot = self.workers.run(|| memory.refresh(&self.snapshot))?;
                self.snapshot.problems().iter().for_each(|error| problem(error));
                Known::of(&self.snapshot, Duplicates::Overwrite)
            }
            duplicates => self.workers.run(|| Known::of_memory(memory, duplicates, problem))?,
        };
        Ok(())
    }

    /// Sees what is in the memory now, if it may have changed. What is wrong with it was said before.
    fn look_again(&mut self) -> Result<()> {
        if self.writer.is_some() { self.look(|_| {}) } else { Ok(()) }
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
        (imported.updated as u64, "overwrite older ones"),
        (imported.returned as u64, "brought back that were deleted"),
        (imported.refused as u64, "translated otherwise or deleted in the memory"),
        (left_out.untranslated, "untranslated"),
        (left_out.fuzzy, "fuzzy"),
        (left_out.foreign, "in other languages"),
        (imported.set_aside.len() as u64, "set aside"),
        (imported.comments, if imported.comments == 1 { "comment left out" } else { "comments left out" }),
    ];
    let more = more.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!(", {n} {what}"));
    let would = if dry_run { " (dry run: nothing written)" } else { "" };
    format!(
        "{} read, {} new, {} there already{}{would}",
        counted(imported.read, "unit"),
        imported.new,
        imported.kept,
        more.collect::<String>()
    )
}
