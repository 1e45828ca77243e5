//! `dhakira import`: other files into the memory.

use crate::Ending;
use crate::args::{General, Import as Args};
use crate::talk::Talk;
use crate::wire::{ErrorBody, ErrorRecord, ImportReport};
use anyhow::{Result, bail};
use dhakira::memory::Memory;
use dhakira::task::{ImportOptions, Known, Workers, import};
use std::io::Write;

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let mut options = ImportOptions::default();
    if let Some(label) = &args.encoding {
        let Some(encoding) = encoding_rs::Encoding::for_label(label.as_bytes()) else {
            bail!("--encoding {label}: no such encoding (for example utf-8, utf-16le, windows-1256)");
        };
        (options.tmx.encoding, options.bitext.encoding) = (Some(encoding), Some(encoding));
    }
    if let Some(columns) = &args.columns {
        options.bitext.columns = columns.split(',').map(|name| name.trim().to_owned()).collect();
    }
    let memory = Memory::create(&args.memory.memory)?;
    let writer = memory.writer_waiting(args.writing.patience())?;
    let snapshot = Workers::new(general.threads).run(|| memory.snapshot())?;
    snapshot.problems().iter().for_each(|problem| talk.note(problem));
    let mut known = Known::of(&snapshot);
    drop(snapshot);
    let mut out = std::io::stdout().lock();
    let mut found = false;
    for file in &args.files {
        let imported = match import(file, &options, &writer, &mut known) {
            Ok(imported) => imported,
            Err(error) => {
                talk.error(&error);
                if args.json {
                    let record = ErrorRecord { id: file.display().to_string().into(), error: ErrorBody::from(&error) };
                    writeln!(out, "{}", serde_json::to_string(&record)?)?;
                }
                continue;
            }
        };
        found |= imported.read > 0;
        imported.set_aside.iter().for_each(|error| talk.error(error));
        talk.note(format_args!(
            "{}: {} units read, {} new, {} known, {} set aside",
            file.display(),
            imported.read,
            imported.new,
            imported.kept,
            imported.set_aside.len()
        ));
        if args.json {
            let report = ImportReport {
                file: file.display().to_string(),
                read: imported.read,
                new: imported.new,
                kept: imported.kept,
                set_aside: imported.set_aside.iter().map(ErrorBody::from).collect(),
                output: imported.output.map(|path| path.display().to_string()),
            };
            writeln!(out, "{}", serde_json::to_string(&report)?)?;
        }
    }
    Ok(if found { Ending::Done } else { Ending::Nothing })
}
