//! `dhakira export`: the memory out again, as one file.

use crate::args::Export as Args;
use crate::options::General;
use crate::talk::Talk;
use crate::{Ending, delivery};
use anyhow::Result;
use dhakira::Lang;
use dhakira::error::in_line;
use dhakira::memory::Memory;
use dhakira::task::{ExportOptions, Workers, export, export_to};
use dhakira::tmx::Header;
use std::path::Path;

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let memory = Memory::open(args.memory.folder())?;
    let options = ExportOptions {
        output: delivery::options(&args.delivery)?,
        header: Header::new(Lang::from(args.from).code()),
        document: args.document.clone(),
        ..ExportOptions::default()
    };
    let path = args.output.as_deref().unwrap_or(Path::new("-"));
    // Half a memory that looks like a whole one would be taken for it: what is missing is said and counted.
    let problem = |error: &dhakira::Error| talk.error(error);
    let delivered = Workers::new(general.threads).run(|| match path.to_str() {
        Some("-") => export_to(&memory, &options, || delivery::open(path, &options.header, &options.output), problem),
        _ => export(&memory, &options, path, problem),
    })?;
    let Some(delivered) = delivered else {
        talk.note(format_args!("{}: no such units", in_line(memory.folder())));
        return Ok(Ending::Nothing);
    };
    delivery::said(&delivered, path, "", talk);
    Ok(Ending::Done)
}
