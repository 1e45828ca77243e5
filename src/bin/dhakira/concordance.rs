//! `dhakira concordance`: where words occur in the memory, as keywords in context, CSV or JSON lines.

use crate::Ending;
use crate::args::Concordance as Args;
use crate::csv;
use crate::options::General;
use crate::talk::Talk;
use crate::terminal::{Look, Style};
use crate::wire::ConcordanceRecord;
use anyhow::{Context, Result, bail};
use dhakira::Lang;
use dhakira::bitext::guard_formulas;
use dhakira::concordance::{Fit, Pattern, PatternKind, PatternOptions, fitting, kwic, width};
use dhakira::error::in_line;
use dhakira::memory::{Concordance, ConcordanceLine, DateRange, Filter, Found, Position, unit_id};
use dhakira::task::Workers;
use std::io::{self, Write};
use std::ops::Range;

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let pattern = Pattern::new(&args.pattern, &pattern_options(args))?;
    let options = options(args)?;
    let workers = Workers::new(general.threads);
    let library = workers.run(|| args.memory.library(&[]))?;
    library.problems().iter().for_each(|problem| talk.error(problem));
    if library.is_empty() {
        let folders: Vec<String> = args.memory.folders().iter().map(|folder| in_line(folder).to_string()).collect();
        talk.note(format_args!("{}: the memory is empty", folders.join(", ")));
    }
    let look = Look::new(general);
    let mut out = look.stdout();
    if args.count {
        let counted = workers.run(|| library.occurrences(&pattern, &options));
        match args.json {
            true => {
                let record = ConcordanceRecord::Count { segments: counted.segments, hits: counted.hits };
                writeln!(out, "{}", serde_json::to_string(&record)?)?;
            }
            false => writeln!(out, "{} segments, {} hits", counted.segments, counted.hits)?,
        }
        return Ok(if counted.segments > 0 { Ending::Done } else { Ending::Nothing });
    }
    let found = workers.run(|| library.concordance(&pattern, &options));
    if args.json {
        json(&found, options.side, &mut out)?;
    } else if args.csv {
        csv(&found, args.guard_formulas, &mut out)?;
    } else {
        let cells = args.width.unwrap_or_else(terminal_width);
        let page = Page { look, side: options.side, cells };
        found.lines.iter().try_for_each(|line| page.show(line, &mut out))?;
    }
    out.flush()?;
    if let (Some(next), false) = (&found.next, args.json) {
        talk.note(format_args!("there are more: --from {}", shell_word(&next.to_string())));
    }
    Ok(if found.lines.is_empty() { Ending::Nothing } else { Ending::Done })
}

fn pattern_options(args: &Args) -> PatternOptions {
    let kind = match args {
        Args { all_words: true, .. } => PatternKind::AllWords,
        Args { wildcard: true, .. } => PatternKind::Wildcard,
        Args { regex: true, .. } => PatternKind::Regex,
        _ => PatternKind::Phrase,
    };
    let fit = match args {
        Args { stem: true, .. } => Fit::Stem,
        Args { whole_words: true, .. } => Fit::Word,
        _ => Fit::Part,
    };
    PatternOptions { kind, fit, verbatim: args.verbatim }
}

fn options(args: &Args) -> Result<Concordance> {
    let (since, until) = (args.since.as_deref(), args.until.as_deref());
    let Some(dates) = DateRange::new(since, until) else {
        bail!("--since, --until: a date is a year, a month or a day, for example 2024, 2024-03 or 2024-03-31");
    };
    let position = |text: &String| {
        Position::new(text).with_context(|| format!("--from {text}: no position; --json names one on its last line"))
    };
    let (document, author) = (args.document.clone(), args.author.clone());
    let (origin, file) = (args.origin.clone(), args.file.clone());
    // Without letters (a number, a sign) either side would do; Arabic is the source more often here.
    let side = args.side.map(Lang::from).or_else(|| Lang::of_script(&args.pattern)).unwrap_or(Lang::Ar);
    Ok(Concordance {
        side,
        filter: Filter { document, author, origin, file, dates },
        limit: usize::try_from(args.limit).unwrap_or(usize::MAX),
        from: args.from.as_ref().map(position).transpose()?,
    })
}

/// The columns that the terminal says it has (many shells export them), or 80.
fn terminal_width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(80)
}

fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "._-".contains(c);
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

fn file_name<'a>(line: &'a ConcordanceLine) -> &'a str {
    line.file.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn json(found: &Found, side: Lang, out: &mut impl Write) -> Result<()> {
    for line in &found.lines {
        let record = ConcordanceRecord::Line {
            lang: side.code(),
            text: &line.text,
            spans: line.hits.iter().map(|hit| [hit.start, hit.end]).collect(),
            target: &line.target,
            memory: file_name(line),
            id: &unit_id(&line.unit),
            document: line.unit.prop("x-document"),
            origin: line.unit.prop("x-origin"),
            changed: line.changed(),
        };
        writeln!(out, "{}", serde_json::to_string(&record)?)?;
    }
    let (segments, hits) = (found.lines.len(), found.lines.iter().map(|line| line.hits.len()).sum());
    let next = found.next.as_ref().map(ToString::to_string);
    writeln!(out, "{}", serde_json::to_string(&ConcordanceRecord::End { segments, hits, next })?)?;
    Ok(())
}

/// RFC 4180; a field that begins like a formula stays as it is stored unless it is to be guarded.
fn csv(found: &Found, guard: bool, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "memory,id,before,hit,after,target")?;
    for line in &found.lines {
        let id = unit_id(&line.unit);
        for Range { start, end } in line.hits.iter().cloned() {
            let (before, hit, after) = (&line.text[..start], &line.text[start..end], &line.text[end..]);
            let fields = [file_name(line), &id, before, hit, after, &line.target];
            let fields = fields.map(|field| if guard { guard_formulas(field) } else { field.into() });
            let fields = fields.each_ref().map(|field| csv::field(field));
            writeln!(out, "{}", fields.join(","))?;
        }
    }
    Ok(())
}

/// Keywords in context for eyes: the hits under each other, the translation below them.
struct Page {
    look: Look,
    side: Lang,
    cells: usize,
}

impl Page {
    fn show(&self, line: &ConcordanceLine, out: &mut impl Write) -> io::Result<()> {
        // Two signs for what was cut, two brackets for the hit where there are no colours.
        let room = self.cells.saturating_sub(if self.look.coloured() { 2 } else { 4 });
        let mut shown = 0..0;
        for hit in &line.hits {
            let kwic = kwic(&line.text, hit.clone(), room);
            if shown == kwic.hit {
                continue; // two hits in one word: the line would be the same
            }
            shown = kwic.hit.clone();
            let part = |range: &Range<usize>| line.text[range.clone()].replace(['\n', '\r', '\t'], " ");
            let (mut before, mut after) = (part(&kwic.before), part(&kwic.after));
            if kwic.cut_before {
                before = format!("…{}", before.trim_start());
            }
            if kwic.cut_after {
                after = format!("{}…", after.trim_end());
            }
            let hit = match self.look.coloured() {
                true => self.look.paint(Style::Strong, &part(&kwic.hit)),
                false => format!("[{}]", part(&kwic.hit)),
            };
            // What stands on the left of the hit is filled up to the middle.
            let left = if self.side == Lang::Ar { &after } else { &before };
            let middle = self.cells.saturating_sub(width(&part(&kwic.hit))) / 2;
            let indent = " ".repeat(middle.saturating_sub(width(left)));
            writeln!(out, "{indent}{}", self.look.side(self.side, &format!("{before}{hit}{after}")))?;
        }
        let target = line.target.replace(['\n', '\r', '\t'], " ");
        let room = self.cells.saturating_sub(2);
        let fits = if width(&target) <= room { target.len() } else { fitting(&target, room.saturating_sub(1)) };
        let dots = if fits < target.len() { "…" } else { "" };
        let target = self.look.side(self.side.other(), &format!("{}{dots}", target[..fits].trim_end()));
        let file = line.file.file_stem().unwrap_or_default().to_string_lossy();
        writeln!(out, "  {target}")?;
        writeln!(out, "  {}", self.look.paint(Style::Dim, &format!("{file}  {}", unit_id(&line.unit))))
    }
}
