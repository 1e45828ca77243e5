//! Many pairs, from a folder or a manifest, into a folder.

use super::form::{ending, form};
use super::progress::Progress;
use super::run::{Formed, Run};
use super::source::Source;
use super::{How, interrupt, println_json, sheet, withheld};
use crate::Ending;
use crate::args::Align as Args;
use crate::choice::AlignForm;
use crate::delivery::Rejects;
use crate::options::General;
use crate::talk::{Talk, counted};
use crate::wire::AloneRecord;
use anyhow::{Result, bail};
use dhakira::Lang;
use dhakira::corpus;
use dhakira::error::in_line;
use dhakira::memory::Memory;
use dhakira::task::batch::{
    Batch, Candidate, End, Filter, FilterOptions, Journal, Reason, Recipe, Report, ShardOptions, Shards,
};
use dhakira::task::{AlignedPair, OutputOptions, Workers};
use dhakira::tmx::Header;
use std::path::Path;

/// Every pair of a folder or a manifest; `alone` have no partner.
pub fn run(
    source: Source,
    alone: &[(Lang, corpus::Candidate)],
    args: &Args,
    general: &General,
    how: &How<'_>,
    talk: &Talk,
) -> Result<Ending> {
    let Some(output) = args.place() else { bail!("say where the results go: --output FOLDER (for example tmx/)") };
    let shard_options = shard_options(args)?;
    let filter_options = filter_options(args)?;
    args.report.iter().try_for_each(|path| sheet::check(path))?;
    // A folder of TMX files is a memory, and one of anything has one journal: whoever writes it holds its lock.
    let memory = Memory::create(output)?;
    let _lock = memory.writer()?;
    let journal = Journal::open(output)?;
    journal.sweep(ending(args.to));
    tell_alone(alone, args, talk)?;
    let recipe = recipe(args)?;
    let stop = interrupt::watch()?;
    let scorer = how.scorer();
    let mut progress = Progress::new(args.progress, general);
    let fraction = source.fraction();
    let into_shards = shard_options.is_some();
    let mut run = Run {
        args,
        output,
        journal: &journal,
        shards: shard_options.map(|options| Shards::new(output, &Header::new(Lang::Ar.code()), options)),
        filter: Filter::new(filter_options.clone()),
        rejects: Rejects::create(args.rejects.as_deref())?,
        report: Report::default(),
        done: 0,
        files: 0,
        talk,
    };
    let formed = |aligned: &AlignedPair| {
        Ok(match withheld(aligned, args) {
            true => Formed::Withheld,
            false if into_shards || !filter_options.is_none() => Formed::Units(candidates(aligned, &filter_options)),
            false => Formed::File(form(aligned, args.to)?),
        })
    };
    let journal_of = Some((&journal, &recipe));
    let batch = Batch {
        reading: &how.reading,
        scorer: scorer.as_ref(),
        journal: journal_of,
        self_train: !args.no_self_train,
        redo: args.redo,
        stop,
    };
    let end = batch.run(source, &Workers::new(general.threads), formed, |outcome| -> Result<()> {
        let (failed, kept) = (outcome.result.is_err(), outcome.kept);
        progress.aside(|| run.take(outcome))?;
        progress.step(failed, kept, fraction.get());
        Ok(())
    })?;
    progress.finish();
    if end == End::Stopped {
        return Ok(stopped(run.report.pairs, output, talk));
    }
    run.finish_shards()?;
    let Run { rejects, report, done, files, .. } = run;
    if report.pairs == 0 {
        let what = if alone.is_empty() {
            "no pairs in it (NAME.ar.txt with NAME.en.txt)"
        } else {
            "no two articles in it belong together"
        };
        talk.note(format_args!("{}: {what}", in_line(&args.ar)));
        return Ok(Ending::Nothing);
    }
    let in_files = if into_shards { format!(" in {}", counted(files, "file")) } else { String::new() };
    let before = match report.kept {
        0 => String::new(),
        kept => format!("; {kept} of the pairs were aligned before"),
    };
    talk.note(format_args!(
        "{}: {done} pairs, {} links with both sides{in_files}{before}",
        in_line(output),
        report.units
    ));
    if report.judged > 0 {
        let reasons: Vec<String> = report.filtered.iter().map(|(reason, units)| format!("{units} {reason}")).collect();
        let what = if args.mark { "marked" } else { "left out" };
        talk.note(format_args!("{} {what}: {}", counted(report.judged, "unit"), reasons.join(", ")));
    }
    rejects.finish(talk)?;
    args.report.iter().try_for_each(|path| sheet::write(path, &report, args))?;
    clear(&journal, args, talk)?;
    Ok(if done > 0 { Ending::Done } else { Ending::Nothing })
}

/// Says how to go on after so many pairs.
fn stopped(pairs: u64, output: &Path, talk: &Talk) -> Ending {
    talk.error(format_args!(
        "stopped after {}; what is done is written down in {}: the same command goes on from there",
        counted(pairs, "pair"),
        in_line(output)
    ));
    Ending::Wrong
}

/// The units of a pair, looked at one by one.
fn candidates(aligned: &AlignedPair, options: &FilterOptions) -> Vec<Candidate> {
    let full = aligned.alignment.beads.iter().filter(|b| b.is_two_sided());
    aligned.units().into_iter().zip(full).map(|(unit, bead)| Candidate::new(unit, bead.confidence, options)).collect()
}

/// Says which articles are left out.
fn tell_alone(alone: &[(Lang, corpus::Candidate)], args: &Args, talk: &Talk) -> Result<()> {
    for (lang, candidate) in alone {
        let (id, missing) = (candidate.name.as_str(), lang.other());
        talk.note(format_args!("{}: nothing in {missing} belongs to it", in_line(candidate.body.path())));
        if args.json {
            println_json(&AloneRecord { id, lang: lang.code(), partner: None })?;
        }
    }
    Ok(())
}

/// What is left out or marked.
fn filter_options(args: &Args) -> Result<FilterOptions> {
    let mut reasons = Vec::new();
    for name in &args.filter {
        match Reason::named(name) {
            _ if name == "usual" => reasons.extend(Reason::usual()),
            Some(reason) => reasons.push(reason),
            None => bail!("--filter {name}: no reason is called so; `usual`, or a list of {}", known_reasons()),
        }
    }
    let options = FilterOptions { min_confidence: args.min_confidence, reasons };
    if options.is_none() && (args.mark || args.rejects.is_some()) {
        bail!("--mark and --rejects are for what --filter and --min-confidence find: give one of these");
    }
    if !options.is_none() && matches!(args.to, AlignForm::Json | AlignForm::Ladder) {
        bail!("--filter and --min-confidence judge units: with --to tmx, tsv, jsonl or moses");
    }
    Ok(options)
}

fn known_reasons() -> String {
    let names: Vec<&str> = Reason::usual().into_iter().map(Reason::name).collect();
    format!("{}, or any kind that `dhakira check` finds", names.join(", "))
}
/// How units are shared out, if articles are not to have a file each.
fn shard_options(args: &Args) -> Result<Option<ShardOptions>> {
    let together = args.shard_units.is_some() || args.by_source;
    match args.to {
        AlignForm::Tmx | AlignForm::Tsv if !together => return Ok(None),
        AlignForm::Json | AlignForm::Ladder if !together => return Ok(None),
        AlignForm::Json | AlignForm::Ladder => {
            bail!("--shard-units and --by-source put units together: with --to tmx, tsv, jsonl or moses")
        }
        // These are forms for units put together: without a number all go into one file.
        _ => {}
    }
    Ok(Some(ShardOptions {
        units: args.shard_units.unwrap_or(0),
        by_source: args.by_source,
        ending: ending(args.to).to_owned(),
        output: OutputOptions::default(),
    }))
}

/// What the links of a pair depend on, but for its texts: if one of these is another one, it is aligned again.
fn recipe(args: &Args) -> Result<Recipe> {
    // The program by its version and by the size and the time of its file: to read all of it takes longer than a hundred articles do.
    let mut recipe = Recipe::default().with("version", env!("CARGO_PKG_VERSION").as_bytes());
    if let Ok(program) = std::env::current_exe().and_then(std::fs::metadata) {
        let changed = program.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
        recipe = recipe.with("program", format!("{} {changed:?}", program.len()).as_bytes());
    }
    recipe = recipe.with("lines", &[u8::from(args.linking.lines)]);
    recipe = recipe.with("encoding", args.linking.encoding.as_deref().unwrap_or_default().as_bytes());
    for (name, path) in
        [("furniture", &args.linking.furniture), ("lexicon", &args.linking.lexicon), ("model", &args.linking.model)]
    {
        recipe = match path {
            Some(path) => recipe.with_file(name, path)?,
            None => recipe.with(name, b""),
        };
    }
    Ok(recipe)
}

/// What earlier runs wrote and this one did not: numbered files are one set and go; files of articles stay, unless asked.
fn clear(journal: &Journal, args: &Args, talk: &Talk) -> Result<()> {
    let (mut removed, mut stay) = (0, Vec::new());
    for leftover in journal.leftovers()? {
        if leftover.unchanged && (leftover.numbered || args.prune) {
            std::fs::remove_file(&leftover.path).map_err(|e| dhakira::Error::io("remove", &leftover.path, e))?;
            removed += 1;
        } else {
            stay.push(leftover);
        }
    }
    if removed > 0 {
        talk.note(format_args!("{} of an earlier run removed", counted(removed, "file")));
    }
    if let Some(first) = stay.first() {
        let more = if stay.len() > 1 { ", …" } else { "" };
        let way_out = if stay.iter().all(|left| !left.unchanged) {
            "changed since, they are yours to remove"
        } else {
            "--prune removes what nobody changed since"
        };
        let files = counted(stay.len(), "file");
        talk.note(format_args!(
            "{files} of an earlier run, not of this one, stay: {}{more}; {way_out}",
            in_line(&first.path)
        ));
    }
    Ok(())
}
