//! A batch: many article pairs, aligned in parallel, each outcome handed on in the order of the input.
//!
//! Memory is bounded by a window of pairs and does not grow with the corpus, but for 16 bytes a pair by which names are told apart.

mod name;

pub use name::file_stem;

use super::pair::{AlignedPair, Reading, align_entry};
use super::workers::Workers;
use crate::align::Scorer;
use crate::corpus::Entry;
use crate::error::Error;
use name::Names;

/// How the pairs of a batch are read and linked.
#[derive(Clone, Copy)]
pub struct Batch<'a> {
    /// How articles are read.
    pub reading: &'a Reading,
    /// What tells how well sentences go together.
    pub scorer: &'a dyn Scorer,
}

/// What became of one pair.
#[derive(Debug)]
pub struct Outcome<T> {
    /// The pair's name; of what could not even be listed, its path and line.
    pub name: String,
    /// The pair, and what was made of it.
    pub result: Result<Box<(AlignedPair, T)>, Error>,
}

impl Batch<'_> {
    /// Aligns every pair, makes what is wanted of it by `form`, in parallel, and hands all to `take` in the order of `entries`.
    ///
    /// A pair that fails is an outcome, and the next one follows. So does one whose name is that of an earlier pair, or would make
    /// the same [`file_stem`].
    ///
    /// # Errors
    ///
    /// The first error of `take` ends the run.
    ///
    /// ```
    /// use dhakira::align::LogLinear;
    /// use dhakira::corpus::{Body, Entry, Kind};
    /// use dhakira::task::{Reading, Workers, batch::Batch};
    /// let text = |text: &str| Body::Inline { field: "text", text: text.to_owned(), kind: Kind::Text };
    /// let train = Entry::new("قطار", text("وصل القطار. نزل الركاب."), text("The train arrived. The passengers got off."));
    /// let empty = Entry::new("فارغ", text(""), text("Nothing."));
    /// let (reading, scorer) = (Reading::default(), LogLinear::default());
    /// let batch = Batch { reading: &reading, scorer: &scorer };
    /// let mut units = Vec::new();
    /// batch.run([Ok(train), Ok(empty)], &Workers::new(1), |pair| Ok(pair.units().len()), |outcome| {
    ///     units.push(outcome.result.ok().map(|done| done.1));
    ///     Ok::<(), ()>(())
    /// })?;
    /// assert_eq!(units, [Some(2), None]);
    /// # Ok::<(), ()>(())
    /// ```
    pub fn run<T: Send, E>(
        &self,
        entries: impl IntoIterator<Item = Result<Entry, Error>>,
        workers: &Workers,
        form: impl Fn(&AlignedPair) -> Result<T, Error> + Sync,
        take: impl FnMut(Outcome<T>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut names = Names::default();
        let entries = entries.into_iter().map(|entry| {
            let entry = entry.map_err(|error| Box::new((whereabouts(&error), error)))?;
            names.take(&entry).map_err(|error| Box::new((entry.name.clone(), error)))?;
            Ok(entry)
        });
        let work = |entry: Result<Entry, Box<(String, Error)>>| {
            let entry = match entry {
                Ok(entry) => entry,
                Err(failed) => {
                    let (name, error) = *failed;
                    return Outcome { name, result: Err(error) };
                }
            };
            let result = align_entry(&entry, self.reading, self.scorer).and_then(|aligned| {
                let formed = form(&aligned)?;
                Ok(Box::new((aligned, formed)))
            });
            Outcome { name: entry.name, result }
        };
        workers.run_all(entries, work, take)
    }
}

/// Path and line of what could not be listed.
fn whereabouts(error: &Error) -> String {
    let line = error.place().and_then(|place| place.line).map(|line| format!(":{line}")).unwrap_or_default();
    format!("{}{line}", error.path().display())
}
