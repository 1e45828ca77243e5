//! `dhakira compact`: live files without what was superseded.

use crate::Ending;
use crate::args::Compact as Args;
use crate::options::General;
use crate::talk::Talk;
use crate::wire::CompactReport;
use anyhow::Result;
use dhakira::error::in_line;
use dhakira::memory::{CompactOptions, Memory};
use dhakira::task::Workers;
use std::io::Write;

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let memory = Memory::open(args.memory.folder())?;
    let mut writer = memory.writer_waiting(args.writing.patience())?;
    let options = CompactOptions { history: args.history };
    let done = Workers::new(general.threads).run(|| writer.compact(&options))?;
    talk.note(format_args!(
        "{}: {} live files instead of {}, {} units kept, {} older versions dropped",
        in_line(memory.folder()),
        done.files_after,
        done.files_before,
        done.kept,
        done.dropped
    ));
    if args.json {
        let report = CompactReport {
            files_before: done.files_before,
            files_after: done.files_after,
            kept: done.kept,
            dropped: done.dropped,
        };
        writeln!(std::io::stdout(), "{}", serde_json::to_string(&report)?)?;
    }
    Ok(Ending::Done)
}
