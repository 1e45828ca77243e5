//! `dhakira align`: one article with its translation, or a folder of them, into TMX.

use crate::Ending;
use crate::args::Align as Args;
use crate::choice::AlignForm;
use crate::options::General;
use crate::talk::Talk;
use crate::wire::{AlignAnswer, AlignReport, BeadRecord, ErrorBody, ErrorRecord};
use anyhow::{Context, Result, bail};
use dhakira::align::{LogLinear, Scorer, Semantic, ladder};
use dhakira::corpus::{self, Furniture, ReadOptions};
use dhakira::encoder::Encoder;
use dhakira::error::in_line;
use dhakira::file;
use dhakira::memory::Memory;
use dhakira::task::{AlignedPair, Form, Reading, Workers, align_pair, pair_name, read_lexicon};
use dhakira::tmx::{self, Header};
use dhakira::{Error, Lang};
use std::borrow::Cow;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let reading = reading(args)?;
    let encoder = args.model.as_deref().map(Encoder::open).transpose()?;
    let first = match &args.lexicon {
        Some(path) => LogLinear { lexicon: Cow::Owned(read_lexicon(path)?), ..LogLinear::default() },
        None => LogLinear::default(),
    };
    let scorer: Box<dyn Scorer + '_> = match &encoder {
        Some(encoder) => Box::new(Semantic::new(first, encoder)),
        None => Box::new(first),
    };
    let how = How { reading, scorer: scorer.as_ref() };
    match &args.en {
        Some(en) => pair(args, en, &how, talk),
        None if args.ar.is_dir() => folder(args, general, &how, talk),
        None if args.ar.exists() => {
            bail!("{}: where is its translation? Give both files, or a folder", in_line(&args.ar))
        }
        None => Err(Error::io("read", &args.ar, io::ErrorKind::NotFound.into()).into()),
    }
}

/// How pairs are read and linked.
struct How<'a> {
    reading: Reading,
    scorer: &'a dyn Scorer,
}

fn reading(args: &Args) -> Result<Reading> {
    let furniture = match &args.furniture {
        Some(path) => Furniture::read(path)?,
        None => Furniture::default(),
    };
    let options = ReadOptions { encoding: args.encoding.clone(), furniture, ..ReadOptions::default() };
    Ok(Reading { form: if args.lines { Form::Lines } else { Form::Article }, options })
}

/// One pair, to a file or to stdout.
fn pair(args: &Args, en: &Path, how: &How<'_>, talk: &Talk) -> Result<Ending> {
    let name = pair_name(&args.ar);
    let aligned = align_pair(&name, &args.ar, en, &how.reading, how.scorer)?;
    explain(&aligned, args, talk);
    doubt(&aligned, talk);
    let report = report(&aligned, None);
    if withheld(&aligned, args) {
        talk.note(format_args!("{name}: nothing was written; --force writes it all the same"));
        if args.json {
            println_json(&report)?;
        }
        return Ok(Ending::Nothing);
    }
    let bytes = form(&aligned, args.to)?;
    match &args.output {
        None => io::stdout().lock().write_all(&bytes)?,
        Some(path) => {
            let path = if path.is_dir() { path.join(file_name(&name, args.to)) } else { path.clone() };
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

/// Every pair below a folder, each to its own file.
fn folder(args: &Args, general: &General, how: &How<'_>, talk: &Talk) -> Result<Ending> {
    let Some(output) = &args.output else { bail!("say where the results go: --output FOLDER (for example tmx/)") };
    let pairs = corpus::pairs(&args.ar)?;
    if pairs.is_empty() {
        talk.note(format_args!("{}: no pairs in it (NAME.ar.txt with NAME.en.txt)", in_line(&args.ar)));
        return Ok(Ending::Nothing);
    }
    // A folder of TMX files is a memory: whoever writes it holds its lock.
    let memory = Memory::create(output)?;
    let _lock = if args.to == AlignForm::Tmx { Some(memory.writer()?) } else { None };
    let (mut done, mut units) = (0, 0);
    Workers::new(general.threads).run_all(
        pairs,
        |pair| finish(pair, how, args),
        |finished| -> Result<()> {
            let (aligned, bytes) = match finished.outcome {
                Ok(outcome) => *outcome,
                Err(error) => {
                    talk.error(&error);
                    if args.json {
                        println_json(&ErrorRecord { id: finished.name.into(), error: ErrorBody::from(&error) })?;
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
        },
    )?;
    talk.note(format_args!("{}: {done} pairs, {units} links with both sides", in_line(output)));
    Ok(if done > 0 { Ending::Done } else { Ending::Nothing })
}

/// A pair of a folder, aligned and formed; the bytes are missing if they are withheld.
struct Finished {
    name: String,
    outcome: Result<Box<Formed>, Error>,
}

type Formed = (AlignedPair, Option<Vec<u8>>);

fn finish(pair: Result<corpus::Pair, Error>, how: &How<'_>, args: &Args) -> Finished {
    let pair = match pair {
        Ok(pair) => pair,
        Err(error) => return Finished { name: error.path().display().to_string(), outcome: Err(error) },
    };
    let outcome = align_pair(&pair.name, &pair.ar, &pair.en, &how.reading, how.scorer).and_then(|aligned| {
        let bytes = if withheld(&aligned, args) { None } else { Some(form(&aligned, args.to)?) };
        Ok(Box::new((aligned, bytes)))
    });
    Finished { name: pair.name, outcome }
}

/// Whether the result is kept back: it would put wrong links into a memory.
fn withheld(aligned: &AlignedPair, args: &Args) -> bool {
    let into_memory = matches!(args.to, AlignForm::Tmx | AlignForm::Tsv);
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

fn form(aligned: &AlignedPair, form: AlignForm) -> Result<Vec<u8>, Error> {
    let both = |ar: String, en: String, score: f32| format!("{}\t{}\t{score:.2}\n", cell(&ar), cell(&en));
    let text = match form {
        AlignForm::Tmx => return tmx(aligned),
        AlignForm::Ladder => ladder(&aligned.alignment),
        AlignForm::Json => json(aligned),
        AlignForm::Tsv => {
            let full = aligned.alignment.beads.iter().filter(|b| !b.ar.is_empty() && !b.en.is_empty());
            let rows = full.map(|b| both(aligned.ar.text(b.ar.clone()), aligned.en.text(b.en.clone()), b.confidence));
            "ar\ten\tscore\n".to_owned() + &rows.collect::<String>()
        }
    };
    Ok(text.into_bytes())
}

fn tmx(aligned: &AlignedPair) -> Result<Vec<u8>, Error> {
    let written = || -> io::Result<Vec<u8>> {
        let mut writer = tmx::Writer::new(Vec::new(), &Header::new(Lang::Ar.code()))?;
        aligned.units().iter().try_for_each(|unit| writer.write_unit(unit))?;
        writer.finish()
    };
    written().map_err(|e| Error::io("write", &aligned.name, e))
}

/// A cell of a TSV: what would end it becomes a space.
fn cell(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}

fn json(aligned: &AlignedPair) -> String {
    let sentences = |side: &'_ dhakira::task::Side| -> Vec<String> {
        (0..side.document.len()).map(|i| side.document.sentence(i).to_owned()).collect()
    };
    let (ar, en) = (sentences(&aligned.ar), sentences(&aligned.en));
    let answer = AlignAnswer {
        id: &aligned.name,
        confidence: rounded(aligned.alignment.confidence),
        translation: aligned.alignment.is_translation(),
        ar: ar.iter().map(String::as_str).collect(),
        en: en.iter().map(String::as_str).collect(),
        beads: aligned
            .alignment
            .beads
            .iter()
            .map(|b| BeadRecord {
                ar: b.ar.clone().collect(),
                en: b.en.clone().collect(),
                score: rounded(b.confidence),
            })
            .collect(),
    };
    serde_json::to_string(&answer).expect("strings and finite numbers are always JSON") + "\n"
}

/// To four decimals: more would differ between machines' arithmetic libraries.
fn rounded(probability: f32) -> f64 {
    (f64::from(probability) * 1e4).round() / 1e4
}

fn report<'a>(aligned: &'a AlignedPair, output: Option<&Path>) -> AlignReport<'a> {
    let removed = [&aligned.ar, &aligned.en].into_iter().filter_map(|s| s.article.as_ref());
    AlignReport {
        id: &aligned.name,
        output: output.map(|p| p.display().to_string()),
        ar_sentences: aligned.ar.document.len(),
        en_sentences: aligned.en.document.len(),
        units: aligned.alignment.beads.iter().filter(|b| !b.ar.is_empty() && !b.en.is_empty()).count(),
        confidence: rounded(aligned.alignment.confidence),
        translation: aligned.alignment.is_translation(),
        removed: removed.map(|article| article.removed.len()).sum(),
    }
}

/// The file of a pair. Folders in its name become dots: a memory is one flat folder.
fn file_name(name: &str, form: AlignForm) -> PathBuf {
    let ending = match form {
        AlignForm::Tmx => "tmx",
        AlignForm::Tsv => "tsv",
        AlignForm::Json => "json",
        AlignForm::Ladder => "ladder",
    };
    PathBuf::from(format!("{}.{ending}", name.replace('/', ".")))
}

fn println_json(record: &impl serde::Serialize) -> Result<()> {
    let line = serde_json::to_string(record).context("the report as JSON")?;
    Ok(writeln!(io::stdout().lock(), "{line}")?)
}
