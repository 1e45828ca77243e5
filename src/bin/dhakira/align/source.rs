//! Where the pairs of a batch come from: a folder, or a manifest.

use super::How;
use anyhow::Result;
use dhakira::corpus::{self, Candidate, Entry, Manifest};
use dhakira::task::Workers;
use dhakira::task::batch::{Paired, pair_up};
use dhakira::{Error, Lang};
use std::cell::Cell;
use std::io::{self, BufReader};
use std::path::Path;
use std::rc::Rc;

/// Pairs, and the articles that have no partner.
pub type Opened = (Source, Vec<(Lang, Candidate)>);

/// Pairs in their order, each with how much of all that comes before it.
pub struct Source {
    entries: Entries,
    fraction: Rc<Cell<Option<f64>>>,
}

enum Entries {
    Folder { pairs: std::vec::IntoIter<Result<corpus::Pair, Error>>, all: usize },
    Manifest(Box<Manifest>),
    Paired { entries: std::vec::IntoIter<Result<Entry, Error>>, all: usize },
}

impl Source {
    /// A folder, a manifest, or `-` for a manifest on stdin; `None` for anything else.
    pub fn open(path: &Path) -> Result<Option<Source>, Error> {
        let entries = if path.is_dir() {
            let pairs = corpus::pairs(path)?;
            Entries::Folder { all: pairs.len(), pairs: pairs.into_iter() }
        } else if path == Path::new("-") {
            Entries::Manifest(Box::new(Manifest::new(Box::new(BufReader::new(io::stdin())), Path::new("stdin"))?))
        } else if Manifest::has_ending(path) {
            Entries::Manifest(Box::new(Manifest::open(path)?))
        } else {
            return Ok(None);
        };
        Ok(Some(Source { entries, fraction: Rc::default() }))
    }

    /// Articles of a folder or a manifest, paired by what they say; those that have no partner. `None` for anything else.
    pub fn paired(path: &Path, how: &How<'_>, workers: &Workers) -> Result<Option<Opened>, Error> {
        let (scorer, lexicon) = (how.scorer(), how.first.lexicon.as_ref());
        let paired = if path.is_dir() {
            pair_up(corpus::candidates(path)?, &how.reading, scorer.as_ref(), lexicon, workers)
        } else {
            match Source::open(path)?.map(|source| source.entries) {
                Some(Entries::Manifest(mut manifest)) => {
                    let candidates = std::iter::from_fn(|| manifest.next_candidates()).flatten();
                    pair_up(candidates, &how.reading, scorer.as_ref(), lexicon, workers)
                }
                _ => return Ok(None),
            }
        };
        let Paired { entries, alone, failed } = paired;
        let failed = failed.into_iter().map(|(_, error)| Err(error));
        let entries: Vec<_> = entries.into_iter().map(Ok).chain(failed).collect();
        let entries = Entries::Paired { all: entries.len(), entries: entries.into_iter() };
        Ok(Some((Source { entries, fraction: Rc::default() }, alone)))
    }

    /// How much was taken, 0 to 1, as far as that can be known; it goes on changing.
    pub fn fraction(&self) -> Rc<Cell<Option<f64>>> {
        self.fraction.clone()
    }
}

impl Iterator for Source {
    type Item = Result<Entry, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.entries {
            Entries::Folder { pairs, all } => {
                let next = pairs.next();
                self.fraction.set(Some(1.0 - pairs.len() as f64 / (*all).max(1) as f64));
                Some(next?.map(Entry::from))
            }
            Entries::Paired { entries, all } => {
                let next = entries.next();
                self.fraction.set(Some(1.0 - entries.len() as f64 / (*all).max(1) as f64));
                next
            }
            Entries::Manifest(manifest) => {
                let next = manifest.next();
                self.fraction.set(manifest.fraction());
                next
            }
        }
    }
}
