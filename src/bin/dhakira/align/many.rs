//! Many pairs, from a folder or a manifest, into a folder.

use super::form::{file_name, form};
use super::progress::Progress;
use super::source::Source;
use super::{How, doubt, explain, println_json, report, withheld};
use crate::Ending;
use crate::args::Align as Args;
use crate::choice::AlignForm;
use crate::options::General;
use crate::talk::Talk;
use crate::wire::{ErrorBody, ErrorRecord};
use anyhow::{Result, bail};
use dhakira::error::in_line;
use dhakira::file;
use dhakira::memory::Memory;
use dhakira::task::Workers;
use dhakira::task::batch::{Batch, Outcome};
use std::io::Write;

/// Every pair of a folder or a manifest, each to its own file.
pub fn run(source: Source, args: &Args, general: &General, how: &How<'_>, talk: &Talk) -> Result<Ending> {
    let Some(output) = &args.output else { bail!("say where the results go: --output FOLDER (for example tmx/)") };
    // A folder of TMX files is a memory: whoever writes it holds its lock.
    let memory = Memory::create(output)?;
    let _lock = if args.to == AlignForm::Tmx { Some(memory.writer()?) } else { None };
    let mut progress = Progress::new(args.progress, general);
    let fraction = source.fraction();
    let (mut seen, mut done, mut units) = (0u64, 0u64, 0);
    let batch = Batch { reading: &how.reading, scorer: how.scorer };
    batch.run(
        source,
        &Workers::new(general.threads),
        |aligned| if withheld(aligned, args) { Ok(None) } else { form(aligned, args.to).map(Some) },
        |outcome| -> Result<()> {
            seen += 1;
            let failed = outcome.result.is_err();
            progress.aside(|| -> Result<()> {
                let Outcome { name, result } = outcome;
                let (aligned, bytes) = match result {
                    Ok(done) => *done,
                    Err(error) => {
                        talk.error(&error);
                        if args.json {
                            println_json(&ErrorRecord { id: name.into(), error: ErrorBody::from(&error) })?;
                        }
                        return Ok(());
                    }
                };
                explain(&aligned, args, talk);
                doubt(&aligned, talk);
                let path = bytes.is_some().then(|| output.join(file_name(&aligned.name, args.to)));
                let report = report(&aligned, path.as_deref());
                if let (Some(path), Some(bytes)) = (&path, bytes) {
                    // A full disk fails for this pair and for all that follow: that is an end, and every file there is whole.
                    file::replace(path, |file| Ok(file.write_all(&bytes)?))?;
                    done += 1;
                    units += report.units;
                }
                if args.json {
                    println_json(&report)?;
                }
                Ok(())
            })?;
            progress.step(failed, false, fraction.get());
            Ok(())
        },
    )?;
    progress.finish();
    if seen == 0 {
        talk.note(format_args!("{}: no pairs in it (NAME.ar.txt with NAME.en.txt)", in_line(&args.ar)));
        return Ok(Ending::Nothing);
    }
    talk.note(format_args!("{}: {done} pairs, {units} links with both sides", in_line(output)));
    Ok(if done > 0 { Ending::Done } else { Ending::Nothing })
}
