//! `dhakira merge`: several files or memories as one.

use crate::args::Merge as Args;
use crate::delivery::{self, Rejects};
use crate::talk::Talk;
use crate::wire::{ChangedRecord, WriteReport};
use crate::{Ending, input};
use anyhow::Result;
use dhakira::Error;
use dhakira::task::{MergeOptions, merge};

pub fn run(args: &Args, talk: &Talk) -> Result<Ending> {
    let source = input::source_options(&args.reading)?;
    let files = input::readable(&args.files, &source, talk);
    if files.is_empty() {
        // A file that stands under the output's name is worth more than an empty one.
        return Ok(Ending::Nothing);
    }
    let header = delivery::shared_header(&files, &source, talk);
    let mut output = delivery::open(&args.output, &header, &delivery::options(&args.delivery)?)?;
    let mut rejects = Rejects::create(args.rejects.as_deref())?;
    let options = MergeOptions { source, duplicates: args.duplicates.into() };
    let merged = merge(&files, &options, |item| -> Result<(), Error> {
        match item {
            Ok(placed) => output.write(&placed.unit),
            Err(aside) => rejects.set_aside(&aside, talk),
        }
    })?;
    let delivered = output.finish()?;
    rejects.finish(talk)?;
    let more = format!(", {} of {} left out as duplicates", merged.left_out, merged.read);
    delivery::left_out(merged.comments, talk);
    delivery::said(&delivered, &args.output, &more, talk);
    if args.json {
        let report = WriteReport {
            output: args.output.display().to_string(),
            read: merged.read,
            units: delivered.units,
            left_out: merged.left_out,
            set_aside: merged.set_aside,
            changed: ChangedRecord::from(&delivered),
            ..WriteReport::default()
        };
        println!("{}", serde_json::to_string(&report)?);
    }
    Ok(if delivered.units > 0 { Ending::Done } else { Ending::Nothing })
}
