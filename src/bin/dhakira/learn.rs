//! `dhakira learn`: which words translate each other in the user's own units, for `align --lexicon`.

use crate::Ending;
use crate::args::Learn as Args;
use crate::options::General;
use crate::talk::{Talk, counted};
use crate::wire::{JudgedRecord, LearnReport};
use anyhow::Result;
use dhakira::error::in_line;
use dhakira::lexicon::Lexicon;
use dhakira::memory::Memory;
use dhakira::task::{Workers, learn, lesson, read_lexicon, stream_memory, write_lexicon};
use dhakira::tmx::Line;
use std::io::{self, Write};

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let memory = Memory::open(args.memory.folder())?;
    // An earlier outcome is what the new one must be better than.
    let earlier = if args.output.exists() { Some(read_lexicon(&args.output)?) } else { None };
    let mut lessons = Vec::new();
    let mut roll = memory.roll()?;
    let read = |lessons: &mut Vec<(String, String)>, roll: &mut _| {
        stream_memory(roll, |item: Result<Line<'_>, dhakira::Error>| -> Result<(), dhakira::Error> {
            match item {
                Ok(line) => lessons.extend(line.to_unit().ok().as_ref().and_then(lesson)),
                Err(error) => talk.error(&error),
            }
            Ok(())
        })
    };
    let workers = Workers::new(general.threads);
    while workers.run(|| read(&mut lessons, &mut roll))? {
        lessons.clear();
    }
    talk.note(format_args!("{}: {} to learn from", in_line(memory.folder()), counted(lessons.len(), "unit")));
    let shipped = Lexicon::shipped();
    let learned = learn(lessons, shipped, earlier.as_ref().unwrap_or(shipped));
    if let Some(lexicon) = &learned.lexicon {
        write_lexicon(&args.output, lexicon)?;
    }
    let (before, after) = (learned.before, learned.after);
    if args.json {
        let judged = |judged: dhakira::task::Judged| JudgedRecord { loss: rounded(judged.loss), found: judged.found };
        let report = LearnReport {
            units: learned.units,
            held_out: learned.held_out,
            before: judged(before),
            after: judged(after),
            output: learned.lexicon.as_ref().map(|_| args.output.display().to_string()),
        };
        writeln!(io::stdout().lock(), "{}", serde_json::to_string(&report)?)?;
    }
    let of = format!(
        "{} of {} held-out units found before, {} now; loss {:.3} before, {:.3} now",
        before.found, learned.held_out, after.found, before.loss, after.loss
    );
    match (&learned.lexicon, learned.held_out, after.found + before.found) {
        (Some(lexicon), ..) => {
            talk.note(format_args!("{}: {}; {of}", in_line(&args.output), counted(lexicon.len(), "pair")));
            return Ok(Ending::Done);
        }
        (None, held_out, 0) => talk.note(format_args!(
            "{} held out, too few to tell whether learning helps; nothing was written",
            counted(held_out, "unit")
        )),
        (None, ..) => talk.note(format_args!("{of}: no better, so that all stays as it was; nothing was written")),
    }
    Ok(Ending::Nothing)
}

/// To four decimals.
fn rounded(loss: f64) -> f64 {
    (loss * 1e4).round() / 1e4
}
