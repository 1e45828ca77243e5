//! `dhakira diff`: in which units two files or memories differ.

use crate::args::Diff as Args;
use crate::options::General;
use crate::talk::{Talk, counted};
use crate::terminal::{Look, Style};
use crate::wire::{DifferenceRecord, PlaceRecord, SideRecord};
use crate::{Ending, highlight, input};
use anyhow::Result;
use dhakira::error::in_line;
use dhakira::task::{Difference, Part, Placed, Source, SourceOptions, differences};
use dhakira::unit::{Piece, Seg};
use dhakira::{Lang, LangTag};
use std::io::Write;
use std::path::Path;

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let options = input::source_options(&args.reading)?.keep_empty();
    let (before, after) = (read(&args.before, &options, talk)?, read(&args.after, &options, talk)?);
    let totals = (before.len(), after.len());
    let mut found = differences(before, after);
    if args.texts {
        found.retain_mut(|difference| match difference {
            Difference::Changed { parts, .. } => {
                parts.retain(|part| matches!(part, Part::Side { .. }));
                !parts.is_empty()
            }
            _ => true,
        });
    }
    let look = Look::new(general);
    let mut out = look.stdout();
    let mut counts = [0u64; 3];
    for difference in &found {
        let which = match difference {
            Difference::Added(_) => 0,
            Difference::Removed(_) => 1,
            Difference::Changed { .. } => 2,
        };
        counts[which] += 1;
        if args.json {
            writeln!(out, "{}", record(difference)?)?;
        } else {
            write!(out, "{}", shown(difference, &look))?;
        }
    }
    let [added, removed, changed] = counts;
    let (a, b) = totals;
    let (a, b) = (counted(a, "unit"), counted(b, "unit"));
    talk.note(format_args!("{a} and {b}: {added} added, {removed} removed, {changed} changed"));
    Ok(if found.is_empty() { Ending::Done } else { Ending::Nothing })
}

fn read(path: &Path, options: &SourceOptions, talk: &Talk) -> Result<Vec<Placed>> {
    let mut units = Vec::new();
    for item in Source::open(path, options)? {
        match item {
            Ok(placed) => units.push(placed),
            Err(aside) => talk.error(&aside.error),
        }
    }
    Ok(units)
}

/// The text, its codes as their markup.
fn markup(seg: &Seg) -> String {
    let pieces = seg.pieces.iter().map(|piece| match piece {
        Piece::Text(text) | Piece::Code(text) | Piece::Highlight(text) => text.as_str(),
    });
    pieces.collect()
}

/// All sides of a unit, as if each was there or not.
fn sides(placed: &Placed) -> impl Iterator<Item = (String, String)> {
    placed.unit.variants.iter().map(|v| (v.tag.as_str().to_owned(), markup(&v.seg)))
}

fn record(difference: &Difference) -> Result<String> {
    let place = |p: &Placed| Some(PlaceRecord { file: p.file.display().to_string(), line: p.place.line });
    let record = match difference {
        Difference::Added(placed) => DifferenceRecord {
            change: "added",
            tuid: placed.place.tuid.as_deref(),
            before: None,
            after: place(placed),
            sides: sides(placed).map(|(lang, text)| SideRecord { lang, before: None, after: Some(text) }).collect(),
            properties: &[],
        },
        Difference::Removed(placed) => DifferenceRecord {
            change: "removed",
            tuid: placed.place.tuid.as_deref(),
            before: place(placed),
            after: None,
            sides: sides(placed).map(|(lang, text)| SideRecord { lang, before: Some(text), after: None }).collect(),
            properties: &[],
        },
        Difference::Changed { before, after, parts } => {
            let side = |part: &Part| match part {
                Part::Side { lang, before, after } => Some(SideRecord {
                    lang: lang.clone(),
                    before: before.as_ref().map(markup),
                    after: after.as_ref().map(markup),
                }),
                Part::Properties(_) => None,
            };
            let properties = parts.iter().find_map(|part| match part {
                Part::Properties(names) => Some(names.as_slice()),
                Part::Side { .. } => None,
            });
            DifferenceRecord {
                change: "changed",
                tuid: after.place.tuid.as_deref(),
                before: place(before),
                after: place(after),
                sides: parts.iter().filter_map(side).collect(),
                properties: properties.unwrap_or_default(),
            }
        }
    };
    Ok(serde_json::to_string(&record)?)
}

/// For eyes: `+` added, `-` removed, `~` changed, below it the sides.
fn shown(difference: &Difference, look: &Look) -> String {
    let at = |placed: &Placed| {
        let line = placed.place.line.map(|line| format!(":{line}")).unwrap_or_default();
        format!("{}{line}", in_line(&placed.file))
    };
    let tuid = |placed: &Placed| placed.place.tuid.as_ref().map(|t| format!(" (tuid {t:?})")).unwrap_or_default();
    let text = |lang: &str, text: &str| match LangTag::new(lang).lang() {
        Some(lang) => look.side(lang, text),
        None => look.text(text),
    };
    let mut shown = String::new();
    let mut line = |line: String| {
        shown.push_str(&line);
        shown.push('\n');
    };
    match difference {
        Difference::Added(placed) | Difference::Removed(placed) => {
            let (sign, style) =
                if matches!(difference, Difference::Added(_)) { ("+", Style::New) } else { ("-", Style::Gone) };
            line(look.paint(Style::Strong, &format!("{sign} {}{}", at(placed), tuid(placed))));
            for (lang, side) in sides(placed) {
                line(format!("    {lang:<5}{}", look.paint(style, &text(&lang, &side))));
            }
        }
        Difference::Changed { before, after, parts } => {
            let places = format!("~ {} → {}{}", at(before), at(after), tuid(after));
            line(look.paint(Style::Strong, &places));
            for part in parts {
                match part {
                    Part::Properties(names) => line(format!("    {}", names.join(", "))),
                    Part::Side { lang, before, after } => {
                        let (before, after) = (before.as_ref().map(markup), after.as_ref().map(markup));
                        let sides = match (&before, &after) {
                            (Some(before), Some(after)) => {
                                let seen = || Lang::of_script(before).unwrap_or(Lang::En);
                                let (old, new) = highlight::sides(
                                    look,
                                    LangTag::new(lang).lang().unwrap_or_else(seen),
                                    before,
                                    after,
                                );
                                [("-", Some(old)), ("+", Some(new))]
                            }
                            (before, after) => {
                                let all = |style, side: &Option<String>| side.as_ref().map(|s| look.paint(style, s));
                                [("-", all(Style::Gone, before)), ("+", all(Style::New, after))]
                            }
                        };
                        for (sign, side) in sides {
                            if let Some(side) = side {
                                line(format!("    {lang:<5}{sign} {}", text(lang, &side)));
                            }
                        }
                    }
                }
            }
        }
    }
    shown
}
