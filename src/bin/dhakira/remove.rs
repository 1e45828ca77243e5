//! `dhakira remove`: units out of the memory.

use crate::Ending;
use crate::args::Remove as Args;
use crate::options::General;
use crate::talk::{Talk, counted};
use crate::wire::{Changed, ErrorBody, ErrorRecord};
use anyhow::Result;
use dhakira::Error;
use dhakira::error::in_line;
use dhakira::memory::{Memory, Moment};
use dhakira::task::Workers;
use std::io::Write;
use std::time::SystemTime;

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let memory = Memory::open(args.memory.folder())?;
    let mut writer = memory.writer_waiting(args.writing.patience())?;
    let moment = Moment::from(SystemTime::now());
    let workers = Workers::new(general.threads);
    let mut out = std::io::stdout().lock();
    let mut removed = 0;
    for id in &args.ids {
        let said = match workers.run(|| writer.delete(id, moment)) {
            Ok(()) => {
                removed += 1;
                serde_json::to_string(&Changed { id })?
            }
            // One id that names nothing does not keep the others.
            Err(error @ Error::Id { .. }) => {
                talk.error(&error);
                serde_json::to_string(&ErrorRecord { id: id.as_str().into(), error: ErrorBody::from(&error) })?
            }
            Err(error) => return Err(error.into()),
        };
        if args.json {
            writeln!(out, "{said}")?;
        }
    }
    talk.note(format_args!("{}: {} removed", in_line(memory.folder()), counted(removed, "unit")));
    Ok(if removed > 0 { Ending::Done } else { Ending::Nothing })
}
