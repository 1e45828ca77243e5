//! `dhakira export`: the memory out again, as one file.

use crate::args::Export as Args;
use crate::options::General;
use crate::talk::Talk;
use crate::{Ending, delivery};
use anyhow::Result;
use dhakira::Lang;
use dhakira::error::in_line;
use dhakira::memory::Memory;
use dhakira::task::Workers;
use dhakira::tmx::Header;
use dhakira::unit::Unit;
use std::path::Path;

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let memory = Memory::open(&args.memory.memory)?;
    let snapshot = Workers::new(general.threads).run(|| memory.snapshot())?;
    // Half a memory that looks like a whole one would be taken for it: what is missing is said and counted.
    snapshot.problems().iter().for_each(|problem| talk.error(problem));
    let wanted = |unit: &&Unit| args.document.as_deref().is_none_or(|name| unit.prop("x-document") == Some(name));
    let mut units = snapshot.units().map(|(_, unit)| unit).filter(wanted).peekable();
    if units.peek().is_none() {
        talk.note(format_args!("{}: no such units", in_line(memory.folder())));
        return Ok(Ending::Nothing);
    }
    let path = args.output.as_deref().unwrap_or(Path::new("-"));
    let header = Header::new(Lang::from(args.from).code());
    let mut output = delivery::open(path, &header, &delivery::options(&args.delivery)?)?;
    units.try_for_each(|unit| output.write(unit))?;
    delivery::said(&output.finish()?, path, "", talk);
    Ok(Ending::Done)
}
