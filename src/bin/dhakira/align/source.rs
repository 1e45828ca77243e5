//! Where the pairs of a batch come from: a folder, or a manifest.

use anyhow::Result;
use dhakira::Error;
use dhakira::corpus::{self, Entry, Manifest};
use std::cell::Cell;
use std::io::{self, BufReader};
use std::path::Path;
use std::rc::Rc;

/// Pairs in their order, each with how much of all that comes before it.
pub struct Source {
    entries: Entries,
    fraction: Rc<Cell<Option<f64>>>,
}

enum Entries {
    Folder { pairs: std::vec::IntoIter<Result<corpus::Pair, Error>>, all: usize },
    Manifest(Box<Manifest>),
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
            Entries::Manifest(manifest) => {
                let next = manifest.next();
                self.fraction.set(manifest.fraction());
                next
            }
        }
    }
}
