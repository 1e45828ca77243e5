//! A batch: many article pairs, aligned in parallel, each outcome handed on in the order of the input, none aligned twice.
//!
//! Pairs may teach each other what their words mean. Memory is bounded by a window of pairs and does not grow with the corpus, but for some 50 bytes a pair by which names are told
//! apart and finished work is known.

mod filter;
mod journal;
mod name;
mod near;
mod pairs;
mod recipe;
mod report;
mod shards;

pub use filter::{Candidate, Filter, FilterOptions, Reason, Verdict};
pub use journal::{Journal, Leftover};
pub use name::file_stem;
pub use pairs::{Paired, pair_up};
pub use recipe::Recipe;
pub use report::{Document, LENGTHS, PARTS, Report, SourceTally};
pub use shards::{Ready, ShardOptions, Shards};

use super::pair::{AlignedPair, Reading, side};
use super::self_training::learned;
use super::workers::Workers;
use crate::align::{Notes, Scorer};
use crate::corpus::Entry;
use crate::error::Error;
use crate::lang::Lang;
use journal::pair_record;
use name::Names;
use recipe::{Key, further, hash_of};
use std::sync::atomic::{AtomicBool, Ordering};

/// How the pairs of a batch are read and linked.
#[derive(Clone, Copy)]
pub struct Batch<'a> {
    /// How articles are read.
    pub reading: &'a Reading,
    /// What tells how well sentences go together.
    pub scorer: &'a dyn Scorer,
    /// Where finished work is written down and found again, and what, beside the texts, it depends on: `reading`, `scorer`, the
    /// program.
    pub journal: Option<(&'a Journal, &'a Recipe)>,
    /// Whether pairs teach each other: what is unsure is decided anew by what the sure links of a window of pairs, some 2,048 sentences,
    /// say of its words ([`taught`](super::taught)). Windows follow the order of the pairs, not the threads. Otherwise each pair has but its own
    /// links to learn from.
    pub self_train: bool,
    /// Whether to align what the journal has, too.
    pub redo: bool,
    /// Set from elsewhere, it ends the run as soon as may be.
    pub stop: &'a AtomicBool,
}

/// What became of one pair.
#[derive(Debug)]
pub struct Outcome<T> {
    /// The pair's name; of what could not even be listed, its path and line.
    pub name: String,
    /// Whether its links are the journal's.
    pub kept: bool,
    /// The pair, and what was made of it.
    pub result: Result<Box<(AlignedPair, T)>, Error>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With the last pair.
    Whole,
    /// It was stopped: what follows the last outcome was not looked at.
    Stopped,
}

/// A window is whole when the pairs in it have so many Arabic sentences: enough to learn from (a thousand are), few enough to be held in
/// memory with what training needs, some 60 MB.
const WINDOW: usize = 2048;

/// What became of one pair at first.
struct Linked {
    name: String,
    result: Result<Found, Error>,
}

/// A pair whose links are found.
struct Found {
    pair: Box<AlignedPair>,
    /// Whether they are the journal's.
    kept: bool,
    /// What the journal knows it by.
    key: Option<Key>,
    /// Its line for the journal, if that has none.
    record: Option<String>,
}

impl Batch<'_> {
    /// Aligns every pair, makes what is wanted of it by `form`, in parallel, and hands all to `take` in the order of `entries`.
    ///
    /// A pair that fails is an outcome, and the next one follows. So does one whose name is that of an earlier pair, or would make
    /// the same [`file_stem`].
    ///
    /// # Errors
    ///
    /// The first error of `take` ends the run, and so does a journal that can not be written.
    ///
    /// ```
    /// use dhakira::Error;
    /// use dhakira::align::LogLinear;
    /// use dhakira::corpus::{Body, Entry, Kind};
    /// use dhakira::task::{Reading, Workers, batch::{Batch, Journal, Recipe}};
    /// use std::sync::atomic::AtomicBool;
    /// let text = |text: &str| Body::Inline { field: "text", text: text.to_owned(), kind: Kind::Text };
    /// let train = Entry::new("قطار", text("وصل القطار. نزل الركاب."), text("The train arrived. The passengers got off."));
    /// let empty = Entry::new("فارغ", text(""), text("Nothing."));
    /// let (reading, scorer, stop) = (Reading::default(), LogLinear::default(), AtomicBool::new(false));
    /// let (folder, recipe) = (tempfile::tempdir().unwrap(), Recipe::default());
    /// let mut seen = Vec::new();
    /// for _ in 0..2 {
    ///     let journal = Journal::open(folder.path())?;
    ///     let batch = Batch { reading: &reading, scorer: &scorer, journal: Some((&journal, &recipe)), self_train: false, redo: false, stop: &stop };
    ///     let entries = [Ok(train.clone()), Ok(empty.clone())];
    ///     batch.run(entries, &Workers::new(1), |pair| Ok(pair.units().len()), |outcome| {
    ///         seen.push((outcome.kept, outcome.result.ok().map(|done| done.1)));
    ///         Ok::<(), Error>(())
    ///     })?;
    /// }
    /// assert_eq!(seen, [(false, Some(2)), (false, None), (true, Some(2)), (false, None)]);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn run<T: Send, E: From<Error>>(
        &self,
        entries: impl IntoIterator<Item = Result<Entry, Error>>,
        workers: &Workers,
        form: impl Fn(&AlignedPair) -> Result<T, Error> + Sync,
        mut take: impl FnMut(Outcome<T>) -> Result<(), E>,
    ) -> Result<End, E> {
        let mut names = Names::default();
        let entries = entries.into_iter().take_while(|_| !self.is_stopped()).map(|entry| {
            let entry = entry.map_err(|error| Box::new((whereabouts(&error), error)))?;
            names.take(&entry).map_err(|error| Box::new((entry.name.clone(), error)))?;
            Ok(entry)
        });
        let mut end = End::Whole;
        let (mut window, mut sentences) = (Vec::new(), 0);
        let linked = |linked: Option<Linked>| -> Result<(), E> {
            let Some(mut linked) = linked.filter(|_| end == End::Whole) else {
                end = End::Stopped;
                return Ok(());
            };
            // The work is done, whatever becomes of it.
            self.keep(linked.result.as_mut().ok().and_then(|found| found.record.take()))?;
            // What failed counts, too, for it is held as well.
            sentences += linked.result.as_ref().map_or(1, |found| found.pair.ar.document.len().max(1));
            window.push(linked);
            if sentences >= WINDOW || !self.self_train && window.len() >= workers.window() {
                sentences = 0;
                return self.finish(std::mem::take(&mut window), workers, &form, &mut take);
            }
            Ok(())
        };
        workers.run_all(entries, |entry| self.linked(entry), linked)?;
        if end == End::Whole {
            self.finish(window, workers, &form, &mut take)?;
        }
        Ok(if self.is_stopped() { End::Stopped } else { end })
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// `None` where the run was stopped before.
    fn linked(&self, entry: Result<Entry, Box<(String, Error)>>) -> Option<Linked> {
        if self.is_stopped() {
            return None;
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(failed) => {
                let (name, error) = *failed;
                return Some(Linked { name, result: Err(error) });
            }
        };
        let result = self.aligned(&entry);
        Some(Linked { name: entry.name, result })
    }

    /// Lets the pairs of a window teach each other, forms them, and hands them on.
    fn finish<T: Send, E: From<Error>>(
        &self,
        window: Vec<Linked>,
        workers: &Workers,
        form: &(impl Fn(&AlignedPair) -> Result<T, Error> + Sync),
        take: &mut impl FnMut(Outcome<T>) -> Result<(), E>,
    ) -> Result<(), E> {
        let pairs = window.iter().filter_map(|linked| Some(&*linked.result.as_ref().ok()?.pair));
        let learned = self.self_train.then(|| learned(pairs, self.scorer)).flatten();
        let learned = learned.as_deref();
        // Where a look may cost much it is not taken twice.
        let journal = self.journal.filter(|_| self.self_train && self.scorer.looks_closer());
        let words = journal.and_then(|_| Some(hash_of(learned?.lexicon()?.as_bytes())));
        // Gives the line for the journal.
        let decide = |Found { pair, key, .. }: &mut Found| -> Option<String> {
            let kept = journal
                .zip(key.as_ref())
                .map(|((journal, _), key)| (journal, further(key, words.as_ref().map_or(b"usual", |hash| hash))));
            let known = kept.filter(|_| !self.redo).and_then(|(journal, key)| journal.find(&key, pair.sentences()));
            if let Some(known) = known {
                pair.alignment = known;
                return None;
            }
            pair.decide(learned, self.scorer);
            kept.map(|(_, key)| pair_record(&key, &pair.alignment))
        };
        let formed = |Linked { name, mut result }: Linked| -> (Outcome<T>, Option<String>) {
            let record = result.as_mut().ok().filter(|_| self.self_train).and_then(decide);
            let kept = result.as_ref().is_ok_and(|found| found.kept);
            let result = result.and_then(|Found { pair, .. }| {
                let formed = form(&pair)?;
                Ok(Box::new((*pair, formed)))
            });
            (Outcome { name, kept, result }, record)
        };
        workers.run_all(window, formed, |(outcome, record)| {
            self.keep(record)?;
            take(outcome)
        })
    }

    /// Writes a line into the journal, if there are both.
    fn keep(&self, record: Option<String>) -> Result<(), Error> {
        self.journal.zip(record).map_or(Ok(()), |((journal, _), record)| journal.keep(&record))
    }

    fn aligned(&self, entry: &Entry) -> Result<Found, Error> {
        let failed = |error| entry.failed(error);
        let (ar_bytes, en_bytes) = (entry.ar.bytes().map_err(failed)?, entry.en.bytes().map_err(failed)?);
        let ar = side(Lang::Ar, &entry.ar, &ar_bytes, self.reading).map_err(failed)?;
        let en = side(Lang::En, &entry.en, &en_bytes, self.reading).map_err(failed)?;
        let journal = self.journal.map(|(journal, recipe)| {
            let first = recipe.key([(&entry.ar, &ar_bytes), (&entry.en, &en_bytes)]);
            (journal, if self.self_train { first } else { further(&first, b"alone") })
        });
        let key = journal.map(|(_, key)| key);
        let sentences = [ar.document.len(), en.document.len()];
        let found = journal.filter(|_| !self.redo).and_then(|(journal, key)| journal.find(&key, sentences));
        if let Some(alignment) = found {
            let (name, facts) = (entry.name.clone(), entry.facts.clone());
            let pair = Box::new(AlignedPair { name, ar, en, alignment, facts, notes: Notes::default() });
            return Ok(Found { pair, kept: true, key, record: None });
        }
        let mut pair = Box::new(AlignedPair::at_first(&entry.name, [ar, en], entry.facts.clone(), self.scorer));
        if !self.self_train {
            pair.decide_alone(self.scorer);
        }
        let record = key.map(|key| pair_record(&key, &pair.alignment));
        Ok(Found { pair, kept: false, key, record })
    }
}

/// Path and line of what could not be listed.
fn whereabouts(error: &Error) -> String {
    let line = error.place().and_then(|place| place.line).map(|line| format!(":{line}")).unwrap_or_default();
    format!("{}{line}", error.path().display())
}
