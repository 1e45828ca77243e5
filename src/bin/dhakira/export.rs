//! `dhakira export`: the memory out again, as one file.

use crate::Ending;
use crate::args::{Export as Args, General};
use crate::talk::Talk;
use anyhow::Result;
use dhakira::memory::Memory;
use dhakira::task::Workers;
use dhakira::tmx::{self, Header};
use dhakira::unit::Unit;
use dhakira::{Lang, tmx::Writer};
use std::io::{self, BufWriter, Write};
use std::path::Path;

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
    match args.output.as_deref().filter(|path| *path != Path::new("-")) {
        None => write(BufWriter::new(io::stdout().lock()), &header, &units)?,
        Some(path) => {
            tmx::replace(path, |file| Ok(write(file, &header, &units)?))?;
            talk.note(format_args!("{}: {} units", path.display(), units.len()));
        }
    }
    Ok(Ending::Done)
}

fn write(out: impl Write, header: &Header, units: &[&Unit]) -> io::Result<()> {
    let mut writer = Writer::new(out, header)?;
    units.iter().try_for_each(|unit| writer.write_unit(unit))?;
    writer.finish()?.flush()
}
