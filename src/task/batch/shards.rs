//! Shards: the units of many articles in a few numbered files, in the order of the input.

use super::super::output::{Delivered, Output, OutputOptions};
use super::name::file_stem;
use crate::error::Error;
use crate::lang::Lang;
use crate::tmx::Header;
use crate::unit::Unit;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// How units are shared out.
#[derive(Debug, Clone)]
pub struct ShardOptions {
    /// Units a file at most, but for an article that alone has more: articles stay whole. 0: as many as there are.
    pub units: u64,
    /// Whether each source has files of its own, called after it.
    pub by_source: bool,
    /// The ending of the files, without a dot; it tells their form.
    pub ending: String,
    /// How they are written.
    pub output: OutputOptions,
}

/// Files that are open at once: far below what systems allow a process. Of more sources than these, the one that was written to
/// longest ago ends its file and begins another one when it comes again.
const OPEN: usize = 64;

/// Files that are written, `part-0001.tmx` or `SOURCE-0001.tmx` and so on in a folder. Which unit is in which depends on the order
/// of the units and on nothing else. A file is there when it is whole; dropped before [`Shards::finish`], those that were being
/// written are not.
///
/// ```
/// use dhakira::task::batch::{ShardOptions, Shards};
/// use dhakira::tmx::{Header, parse_unit};
/// let folder = tempfile::tempdir().unwrap();
/// let options = ShardOptions { units: 2, by_source: false, ending: "tsv".to_owned(), output: Default::default() };
/// let unit = parse_unit("<tu><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv><tuv xml:lang=\"en\"><seg>yes</seg></tuv></tu>").unwrap();
/// let mut shards = Shards::new(folder.path(), &Header::new("ar"), options);
/// let mut ready = Vec::new();
/// for _article in 0..2 {
///     shards.write(None, &[unit.clone(), unit.clone()], |name, _| { ready.push(name.to_path_buf()); Ok(()) }).unwrap();
/// }
/// shards.finish(|name, _| { ready.push(name.to_path_buf()); Ok(()) }).unwrap();
/// assert_eq!(ready, ["part-0001.tsv", "part-0002.tsv"].map(std::path::PathBuf::from));
/// ```
pub struct Shards {
    folder: PathBuf,
    header: Header,
    options: ShardOptions,
    /// For each stem the number of its last file.
    numbers: HashMap<String, u64>,
    open: HashMap<String, Shard>,
    /// Articles so far: a clock.
    now: u64,
}

struct Shard {
    name: PathBuf,
    output: Output,
    units: u64,
    used: u64,
}

/// Is told of each file that is whole: its name in the folder, and what was written (for both files of a Moses pair, the same).
pub type Ready<'a> = &'a mut dyn FnMut(&Path, Delivered) -> Result<(), Error>;

impl Shards {
    /// No file yet.
    pub fn new(folder: &Path, header: &Header, options: ShardOptions) -> Shards {
        let (folder, header) = (folder.to_path_buf(), header.clone());
        Shards { folder, header, options, numbers: HashMap::new(), open: HashMap::new(), now: 0 }
    }

    /// Writes the units of an article, and says into which file; `ready` is told of each file that is whole by now.
    ///
    /// # Errors
    ///
    /// Those of [`Output`] and of `ready`.
    pub fn write(
        &mut self,
        source: Option<&str>,
        units: &[Unit],
        mut ready: impl FnMut(&Path, Delivered) -> Result<(), Error>,
    ) -> Result<Option<PathBuf>, Error> {
        if units.is_empty() {
            return Ok(None);
        }
        self.now += 1;
        let stem = match source {
            Some(source) if self.options.by_source => file_stem(source).to_lowercase(),
            None if self.options.by_source => "without-source".to_owned(),
            _ => "part".to_owned(),
        };
        let is_full = |shard: &Shard| {
            self.options.units > 0 && shard.units > 0 && shard.units + units.len() as u64 > self.options.units
        };
        if self.open.get(&stem).is_some_and(is_full) {
            self.close(&stem, &mut ready)?;
        }
        if !self.open.contains_key(&stem) {
            let oldest = self.open.iter().min_by_key(|(_, shard)| shard.used).map(|(stem, _)| stem.clone());
            if let Some(oldest) = oldest.filter(|_| self.open.len() >= OPEN) {
                self.close(&oldest, &mut ready)?;
            }
            let number = self.numbers.entry(stem.clone()).or_default();
            *number += 1;
            let name = PathBuf::from(format!("{stem}-{number:04}.{}", self.options.ending));
            let output = Output::create(&self.folder.join(&name), &self.header, &self.options.output)?;
            self.open.insert(stem.clone(), Shard { name, output, units: 0, used: 0 });
        }
        let Some(shard) = self.open.get_mut(&stem) else { return Ok(None) };
        shard.used = self.now;
        shard.units += units.len() as u64;
        units.iter().try_for_each(|unit| shard.output.write(unit))?;
        Ok(Some(shard.name.clone()))
    }

    fn close(&mut self, stem: &str, ready: Ready<'_>) -> Result<(), Error> {
        let Some(shard) = self.open.remove(stem) else { return Ok(()) };
        let delivered = shard.output.finish()?;
        ready(&shard.name, delivered)?;
        // A Moses pair is two files.
        if shard.name.extension().is_some_and(|ending| ending == Lang::Ar.code()) {
            ready(&shard.name.with_extension(Lang::En.code()), delivered)?;
        }
        Ok(())
    }

    /// Ends all files, in the order of their names.
    ///
    /// # Errors
    ///
    /// Those of [`Output`] and of `ready`.
    pub fn finish(mut self, mut ready: impl FnMut(&Path, Delivered) -> Result<(), Error>) -> Result<(), Error> {
        let mut stems: Vec<String> = self.open.keys().cloned().collect();
        stems.sort();
        stems.iter().try_for_each(|stem| self.close(stem, &mut ready))
    }
}
