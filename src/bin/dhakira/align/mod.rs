//! `dhakira align`: one article with its translation, or many of them, into TMX.

pub mod form;
mod interrupt;
mod many;
mod progress;
mod run;
mod sheet;
mod source;

use crate::Ending;
use crate::args::Align as Args;
use crate::choice::AlignForm;
use crate::options::{General, Linking};
use crate::talk::Talk;
use crate::wire::AlignReport;
use anyhow::{Context, Result, bail};
use dhakira::align::{LogLinear, Scorer, Semantic};
use dhakira::corpus::{Furniture, ReadOptions};
use dhakira::encoder::Encoder;
use dhakira::error::in_line;
use dhakira::file;
use dhakira::task::{AlignedPair, Form, Reading, Workers, align_pair, pair_name, read_lexicon};
use dhakira::{Error, Lang};
use form::{file_name, form, rounded};
use source::{Opened, Source};
use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let encoder = args.linking.model.as_deref().map(Encoder::open).transpose()?;
    let how = How::new(&args.linking, encoder.as_ref())?;
    match &args.en {
        Some(en) => pair(args, en, &how, talk),
        None => match opened(args, general, &how)? {
            Some((source, alone)) => many::run(source, &alone, args, general, &how, talk),
            None if args.ar.exists() => {
                let way_out = "Give both files, a folder, or a manifest (.tsv, .jsonl)";
                bail!("{}: where is its translation? {way_out}", in_line(&args.ar))
            }
            None => Err(Error::io("read", &args.ar, io::ErrorKind::NotFound.into()).into()),
        },
    }
}

/// The pairs of a folder or a manifest, with the articles that have no partner where what they say pairs them.
fn opened(args: &Args, general: &General, how: &How<'_>) -> Result<Option<Opened>, Error> {
    match args.pair {
        false => Ok(Source::open(&args.ar)?.map(|source| (source, Vec::new()))),
        true => Source::paired(&args.ar, how, &Workers::new(general.threads)),
    }
}

/// How pairs are read and linked.
pub struct How<'a> {
    pub reading: Reading,
    pub first: LogLinear,
    encoder: Option<&'a Encoder>,
}

impl<'a> How<'a> {
    pub fn new(linking: &Linking, encoder: Option<&'a Encoder>) -> Result<How<'a>> {
        let furniture = match &linking.furniture {
            Some(path) => Furniture::read(path)?,
            None => Furniture::default(),
        };
        let options = ReadOptions { encoding: linking.encoding.clone(), furniture, ..ReadOptions::default() };
        let reading = Reading { form: if linking.lines { Form::Lines } else { Form::Article }, options };
        let first = match &linking.lexicon {
            Some(path) => LogLinear { lexicon: Cow::Owned(read_lexicon(path)?), ..LogLinear::default() },
            None => LogLinear::default(),
        };
        Ok(How { reading, first, encoder })
    }

    /// What tells how well sentences go together.
    pub fn scorer(&self) -> Box<dyn Scorer + '_> {
        let first = self.first.clone();
        match self.encoder {
            Some(encoder) => Box::new(Semantic::new(first, encoder)),
            None => Box::new(first),
        }
    }
}

/// One pair, to a file or to stdout.
fn pair(args: &Args, en: &Path, how: &How<'_>, talk: &Talk) -> Result<Ending> {
    if args.to.is_for_many() {
        bail!("--to {} puts the units of many pairs together: give a folder or a manifest", args.to);
    }
    if args.json && args.place().is_none() {
        bail!("--json tells on stdout of a result that goes elsewhere: give a file as --output");
    }
    let name = pair_name(&args.ar);
    let aligned = align_pair(&name, &args.ar, en, &how.reading, how.scorer().as_ref())?;
    explain(&aligned, args, talk);
    doubt(&aligned, talk);
    let report = report(&aligned, None, false);
    if withheld(&aligned, args) {
        talk.note(format_args!("{name}: nothing was written; --force writes it all the same"));
        if args.json {
            println_json(&report)?;
        }
        return Ok(Ending::Nothing);
    }
    let bytes = form(&aligned, args.to)?;
    match args.place() {
        None => io::stdout().lock().write_all(&bytes)?,
        Some(path) => {
            let path = if path.is_dir() { path.join(file_name(&name, args.to)) } else { path.to_path_buf() };
            file::replace(&path, |file| Ok(file.write_all(&bytes)?))?;
            talk.note(format_args!("{}: {} links with both sides", in_line(&path), report.units));
            if args.json {
                let output = Some(path.display().to_string());
                println_json(&AlignReport { output, ..report })?;
            }
        }
    }
    Ok(Ending::Done)
}

/// Whether the result is kept back: it would put wrong links into a memory.
fn withheld(aligned: &AlignedPair, args: &Args) -> bool {
    let into_memory = !matches!(args.to, AlignForm::Json | AlignForm::Ladder);
    into_memory && !args.force && !aligned.alignment.is_translation()
}

/// Says that a pair does not look like one: counted as a failure, whatever is written.
fn doubt(aligned: &AlignedPair, talk: &Talk) {
    if !aligned.alignment.is_translation() {
        talk.error(format_args!(
            "{}: the two do not look like translations of each other (confidence {:.2})",
            aligned.name, aligned.alignment.confidence
        ));
    }
}

/// What was taken out of both articles, by which rule.
fn explain(aligned: &AlignedPair, args: &Args, talk: &Talk) {
    if !args.explain {
        return;
    }
    for (lang, side) in [(Lang::Ar, &aligned.ar), (Lang::En, &aligned.en)] {
        for removed in side.article.iter().flat_map(|article| &article.removed) {
            let line = if removed.line > 0 { format!(":{}", removed.line) } else { String::new() };
            talk.note(format_args!("{} {lang}{line}: out by {}: {}", aligned.name, removed.rule, removed.text));
        }
    }
}

fn report<'a>(aligned: &'a AlignedPair, output: Option<&Path>, kept: bool) -> AlignReport<'a> {
    let removed = [&aligned.ar, &aligned.en].into_iter().filter_map(|s| s.article.as_ref());
    AlignReport {
        id: &aligned.name,
        output: output.map(|p| p.display().to_string()),
        ar_sentences: aligned.ar.document.len(),
        en_sentences: aligned.en.document.len(),
        units: aligned.alignment.beads.iter().filter(|b| b.is_two_sided()).count(),
        confidence: rounded(aligned.alignment.confidence),
        translation: aligned.alignment.is_translation(),
        removed: removed.map(|article| article.removed.len()).sum(),
        kept,
        filtered: 0,
        pairing: aligned.facts.pairing.as_ref().and_then(|found| found.score.parse().ok()),
        partner: aligned.facts.pairing.as_ref().map(|found| found.partner.as_str()),
    }
}

fn println_json(record: &impl serde::Serialize) -> Result<()> {
    let line = serde_json::to_string(record).context("the report as JSON")?;
    Ok(writeln!(io::stdout().lock(), "{line}")?)
}
