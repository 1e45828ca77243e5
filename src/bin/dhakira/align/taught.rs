//! Self-training: a first run over all pairs, whose sure links teach the words for the second.

use super::{How, opened};
use crate::args::Align as Args;
use crate::options::General;
use crate::talk::{Talk, counted};
use anyhow::{Result, bail};
use dhakira::Error;
use dhakira::lexicon::Lexicon;
use dhakira::task::batch::{Batch, End, Journal, Recipe};
use dhakira::task::{SelfTraining, Workers};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// What the first run came to.
pub enum Taught {
    /// A lexicon for the second run.
    Lexicon(Box<Lexicon>),
    /// Too few sure links: the second run goes as the first.
    Nothing,
    /// Somebody wants the program to end; so many pairs were done.
    Stopped(u64),
}

/// Aligns every pair, writes nothing but the journal, and says of no pair what became of it: the second run does.
pub fn taught(
    args: &Args,
    general: &General,
    how: &How<'_>,
    (journal, recipe): (&Journal, &Recipe),
    stop: &AtomicBool,
    talk: &Talk,
) -> Result<Taught> {
    if args.ar == Path::new("-") {
        bail!("--self-train reads the articles twice: give the manifest as a file");
    }
    let Some((source, _)) = opened(args, general, how)? else { return Ok(Taught::Nothing) };
    let scorer = how.scorer();
    let journal = Some((journal, recipe));
    let batch = Batch { reading: &how.reading, scorer: scorer.as_ref(), journal, redo: args.redo, stop };
    let (mut training, mut pairs) = (SelfTraining::default(), 0);
    let end = batch.run(
        source,
        &Workers::new(general.threads),
        |_| Ok(()),
        |outcome| -> Result<(), Error> {
            pairs += 1;
            if let Ok(done) = &outcome.result {
                training.add(&done.0);
            }
            Ok(())
        },
    )?;
    if end == End::Stopped {
        return Ok(Taught::Stopped(pairs));
    }
    let links = counted(training.len() as u64, "sure link");
    Ok(match training.lexicon(&how.first.lexicon) {
        Some(lexicon) => {
            talk.note(format_args!("the words of {links} of {} are learned", counted(pairs, "pair")));
            Taught::Lexicon(Box::new(lexicon))
        }
        None => {
            talk.note(format_args!("{links} are too few to learn words from"));
            Taught::Nothing
        }
    })
}
