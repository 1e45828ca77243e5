//! `dhakira split-by`: one file or memory as several.

use crate::args::SplitBy as Args;
use crate::delivery::{self, Rejects};
use crate::talk::Talk;
use crate::wire::{ChangedRecord, WriteReport};
use crate::{Ending, input};
use anyhow::{Result, bail};
use dhakira::bitext::Kind;
use dhakira::task::{OutputForm, PartitionKey, partition};

pub fn run(args: &Args, talk: &Talk) -> Result<Ending> {
    let (key, files) = match (args.units, args.files.split_first()) {
        (Some(units), _) => (PartitionKey::Units(units), &args.files[..]),
        (None, Some((key, files))) => (PartitionKey::named(&key.to_string_lossy()), files),
        (None, None) => bail!("what to split by, and which files"),
    };
    if files.is_empty() {
        bail!("split-by KEY FILE…: the file is missing; KEY is document, lang or the type of a prop");
    }
    let source = input::source_options(&args.reading)?;
    let files = input::readable(files, &source, talk);
    let output = delivery::options(&args.delivery)?;
    let ending = match output.form {
        None | Some(OutputForm::Tmx) => "tmx",
        Some(OutputForm::Bitext(Kind::Tsv)) => "tsv",
        Some(OutputForm::Bitext(Kind::Csv)) => "csv",
        Some(OutputForm::Bitext(Kind::JsonLines)) => "jsonl",
        Some(OutputForm::Bitext(Kind::Moses)) => "ar",
        Some(OutputForm::Bitext(Kind::Po)) => "po",
        Some(OutputForm::Bitext(_)) => "xlf",
        #[cfg(feature = "parquet")]
        Some(OutputForm::Parquet) => "parquet",
    };
    let mut rejects = Rejects::create(args.rejects.as_deref())?;
    let (mut set_aside, mut failed) = (0, None);
    let partitioned = partition(&files, &source, &key, &args.output, (ending, &output), |aside| {
        set_aside += 1;
        failed = rejects.set_aside(&aside, talk).err().or(failed.take());
    })?;
    failed.map_or(Ok(()), Err)?;
    rejects.finish(talk)?;
    delivery::headers_differ(&partitioned.dropped, talk);
    for (path, delivered) in &partitioned.files {
        delivery::said(delivered, path, "", talk);
        if args.json {
            let report = WriteReport {
                output: path.display().to_string(),
                read: partitioned.read,
                units: delivered.units,
                set_aside,
                changed: ChangedRecord::from(delivered),
                ..WriteReport::default()
            };
            println!("{}", serde_json::to_string(&report)?);
        }
    }
    Ok(if partitioned.files.is_empty() { Ending::Nothing } else { Ending::Done })
}
