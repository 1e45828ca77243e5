//! `dhakira pretranslate`: documents filled with what the memory knows, and a report.

use crate::args::Pretranslate as Args;
use crate::options::General;
use crate::talk::{Talk, counted};
use crate::wire::{PretranslatedRecord, SegmentRecord, UsedRecord};
use crate::{Ending, job};
use anyhow::{Result, bail};
use dhakira::document::Document;
use dhakira::error::in_line;
use dhakira::glossary::Glossary;
use dhakira::matching::Score;
use dhakira::memory::Library;
use dhakira::repair::Kinds;
use dhakira::task::{PretranslateOptions, Pretranslated, Verdict, Workers, pretranslate};
use dhakira::{Error, file};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    if args.min.is_some_and(|min| !(0.0..=101.0).contains(&min)) {
        bail!("--min {}: a score is between 0 and 101", args.min.unwrap_or_default());
    }
    let to_stdout = args.output.as_os_str() == "-";
    let into_folder = args.files.len() > 1 || args.output.is_dir();
    if to_stdout && (args.files.len() > 1 || args.json) {
        bail!("-o -: stdout takes one document, and no report beside it; name a file or a folder");
    }
    let options = job::options(args.from, args.encoding.as_deref())?;
    let workers = Workers::new(general.threads);
    let library = job::library(&args.memory, &args.penalty, &workers, talk)?;
    if into_folder {
        std::fs::create_dir_all(&args.output).map_err(|e| Error::io("write", &args.output, e))?;
    }
    let glossary = args.glossary.as_deref().map(Glossary::open).transpose()?;
    let mut filled = 0;
    for path in &args.files {
        let output = match (into_folder, path.file_name()) {
            (true, Some(name)) => args.output.join(name),
            _ => args.output.clone(),
        };
        let done = Document::read(path, &options)
            .and_then(|document| one(args, glossary.as_ref(), &document, &output, &library, &workers));
        match done {
            Ok((document, all)) => {
                filled += report(args, &document, &output, &all, talk)?;
            }
            Err(error) => talk.error(error),
        }
    }
    Ok(if filled > 0 { Ending::Done } else { Ending::Nothing })
}

/// Fills a document and writes it.
fn one(
    args: &Args,
    glossary: Option<&Glossary>,
    document: &Document,
    output: &Path,
    library: &Library,
    workers: &Workers,
) -> Result<(Document, Vec<Pretranslated>), Error> {
    let options = PretranslateOptions {
        min: args.min.map(Score::from_percent),
        proposals: args.proposals,
        measure: args.score.into(),
        drafts: args.drafts,
        repair: if args.no_repair { Kinds::NONE } else { Kinds::of(args.repair.iter().copied()) },
        glossary,
    };
    let (fills, all) = pretranslate(document, library, &options, workers);
    let bytes = document.fill(&fills)?;
    if output.as_os_str() == "-" {
        io::stdout().lock().write_all(&bytes).map_err(|e| Error::io("write", output, e))?;
    } else {
        file::replace(output, |file| Ok(file.write_all(&bytes)?))?;
    }
    Ok((document.clone(), all))
}

/// Says what was filled; how many segments.
fn report(args: &Args, document: &Document, output: &Path, all: &[Pretranslated], talk: &Talk) -> Result<usize> {
    let count = |verdict: Verdict| all.iter().filter(|p| p.verdict == verdict).count();
    let (confirmed, draft) = (count(Verdict::Confirmed), count(Verdict::Draft));
    let file = document.path().to_string_lossy();
    if args.json {
        let mut out = io::stdout().lock();
        for what in all {
            let segment = &document.segments()[what.segment];
            let record = SegmentRecord {
                kind: "segment",
                file: &file,
                line: segment.line,
                id: segment.context.as_deref().or(segment.id.as_deref()),
                source: segment.source.text(),
                verdict: what.verdict.name(),
                used: what.used.as_ref().map(|used| UsedRecord {
                    score: used.score.percent(),
                    kind: used.kind.to_string(),
                    why: used.why.iter().map(ToString::to_string).collect(),
                    source: &used.source,
                    target: &used.target,
                    memory: name_of(&used.file),
                    tuid: &used.id,
                    ambiguous: used.ambiguous,
                    codes_guessed: used.codes_guessed,
                    repaired: used.repaired.map(Score::percent),
                    notes: &used.notes,
                    terms: &used.terms,
                }),
            };
            writeln!(out, "{}", serde_json::to_string(&record)?)?;
        }
        let record = PretranslatedRecord {
            kind: "file",
            file: file.to_string(),
            output: output.to_string_lossy().into_owned(),
            segments: all.len(),
            kept: count(Verdict::Kept),
            confirmed,
            draft,
            codes: count(Verdict::Codes),
            unfillable: count(Verdict::Unfillable),
            nothing: count(Verdict::Nothing),
        };
        writeln!(out, "{}", serde_json::to_string(&record)?)?;
    }
    let mut said = vec![format!("{confirmed} confirmed"), format!("{draft} to be reviewed")];
    for (verdict, name) in [
        (Verdict::Kept, "translated already"),
        (Verdict::Codes, "left because of their codes"),
        (Verdict::Unfillable, "plural or otherwise not to be filled"),
        (Verdict::Nothing, "without a match that is good enough"),
    ] {
        if count(verdict) > 0 {
            said.push(format!("{} {name}", count(verdict)));
        }
    }
    let put = |what: &&Pretranslated| matches!(what.verdict, Verdict::Confirmed | Verdict::Draft);
    let against = all.iter().filter(put).filter(|what| what.used.iter().any(|used| !used.terms.is_empty()));
    for what in against.clone() {
        let line = document.segments()[what.segment].line;
        for breach in what.used.iter().flat_map(|used| &used.terms) {
            talk.note(format_args!("{}:{line}: {breach}", in_line(document.path())));
        }
    }
    if against.clone().next().is_some() {
        said.push(format!("{} with terms that are not the glossary's", against.count()));
    }
    talk.note(format_args!(
        "{}: {}: {}",
        in_line(document.path()),
        counted(all.len() as u64, "segment"),
        said.join(", ")
    ));
    Ok(confirmed + draft)
}

fn name_of(file: &Path) -> String {
    PathBuf::from(file).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
