//! `dhakira export`: the memory out again, as one file.

use crate::Ending;
use crate::args::{Export as Args, General};
use crate::talk::Talk;
use anyhow::Result;
use dhakira::bitext::{self, Kind, WriteOptions, Written};
use dhakira::memory::Memory;
use dhakira::task::{IMPORT_ENDINGS, Workers};
use dhakira::tmx::{Header, Writer};
use dhakira::unit::Unit;
use dhakira::{Error, Lang, file};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let memory = Memory::open(&args.memory.memory)?;
    let snapshot = Workers::new(general.threads).run(|| memory.snapshot())?;
    // Half a memory that looks like a whole one would be taken for it: what is missing is said and counted.
    snapshot.problems().iter().for_each(|problem| talk.error(problem));
    let wanted = |unit: &&Unit| args.document.as_deref().is_none_or(|name| unit.prop("x-document") == Some(name));
    let units: Vec<&Unit> = snapshot.units().map(|(_, unit)| unit).filter(wanted).collect();
    if units.is_empty() {
        talk.note(format_args!("{}: no such units", memory.folder().display()));
        return Ok(Ending::Nothing);
    }
    let header = Header::new(Lang::from(args.from).code());
    let columns = WriteOptions::default();
    let path = args.output.as_deref().filter(|path| *path != Path::new("-"));
    let kind = kind(args, path)?;
    match (path, kind) {
        (None, None) => write(BufWriter::new(io::stdout().lock()), &header, &units)?,
        (None, Some(kind)) => {
            let mut writer = bitext::Writer::new(kind, BufWriter::new(io::stdout().lock()), &columns)?;
            units.iter().try_for_each(|unit| writer.write_unit(unit))?;
            said(&writer.finish()?.1, "stdout", talk);
        }
        (Some(path), None) => {
            file::replace(path, |file| Ok(write(file, &header, &units)?))?;
            talk.note(format_args!("{}: {} units", path.display(), units.len()));
        }
        (Some(path), Some(_)) => {
            said(&bitext::write(path, units.iter().copied(), &columns)?, &path.display().to_string(), talk)
        }
    }
    Ok(Ending::Done)
}

/// What the file is; `None` is TMX.
fn kind(args: &Args, path: Option<&Path>) -> Result<Option<Kind>> {
    let named = match (&args.to, path) {
        (Some(form), _) => PathBuf::from(format!("x.{form}")),
        (None, Some(path)) => path.to_path_buf(),
        (None, None) => return Ok(None),
    };
    if named.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("tmx")) {
        return Ok(None);
    }
    Ok(Some(Kind::of(&named).map_err(|error| match error {
        Error::UnknownKind { path, .. } => Error::UnknownKind { path, known: IMPORT_ENDINGS },
        error => error,
    })?))
}

/// What was written, and what this kind of file could not hold.
fn said(written: &Written, what: &str, talk: &Talk) {
    let losses = [
        (written.left_out, "units without both sides left out"),
        (written.flattened, "texts whose line breaks became spaces"),
        (written.codes, "segments without their inline codes"),
    ];
    let losses = losses.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!(", {n} {what}"));
    talk.note(format_args!("{what}: {} units{}", written.units, losses.collect::<String>()));
}

fn write(out: impl Write, header: &Header, units: &[&Unit]) -> io::Result<()> {
    let mut writer = Writer::new(out, header)?;
    units.iter().try_for_each(|unit| writer.write_unit(unit))?;
    writer.finish()?.flush()
}
