//! Taking other files into a memory: what is new is added as one more file of it, what is there already stays.

use crate::bitext;
use crate::error::Error;
use crate::memory::{Snapshot, Writer};
use crate::tmx::{self, Header};
use crate::unit::Unit;
use std::collections::HashSet;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// What became of one file.
#[derive(Debug, Default)]
pub struct Imported {
    /// Units read.
    pub read: usize,
    /// Of these, new.
    pub new: usize,
    /// Of these, in the memory already, all their variants alike to the last code.
    pub kept: usize,
    /// What could not be read, each with its place and reason.
    pub set_aside: Vec<Error>,
    /// The file of the memory that holds the new units.
    pub output: Option<PathBuf>,
}

/// The units that a memory has, known by their content.
#[derive(Debug, Default)]
pub struct Known(HashSet<u64>);

impl Known {
    /// All units of a snapshot.
    pub fn of(snapshot: &Snapshot) -> Known {
        Known(snapshot.units().map(|(_, unit)| content(unit)).collect())
    }

    /// Takes note of a unit; `false` if it was known.
    fn note(&mut self, unit: &Unit) -> bool {
        self.0.insert(content(unit))
    }
}

/// A number for what a unit says: languages and segments with their codes, not its dates and props.
///
/// SipHash-1-3 of `std`, only ever compared within one run: among ten million units the chance that any two share it is
/// below 3 in 10⁶.
fn content(unit: &Unit) -> u64 {
    let mut hasher = DefaultHasher::new();
    for variant in &unit.variants {
        variant.tag.as_str().to_ascii_lowercase().replace('_', "-").hash(&mut hasher);
        format!("{:?}", variant.seg.pieces).hash(&mut hasher);
    }
    hasher.finish()
}

/// How files are read that are taken into a memory.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// For TMX.
    pub tmx: tmx::ReadOptions,
    /// For every other kind.
    pub bitext: bitext::ReadOptions,
}

/// Takes a file into the memory: units that it does not have become one more file, named after this one.
///
/// Nothing that is in the memory changes. Read in a stream: the file may be larger than memory.
///
/// # Errors
///
/// The file cannot be read at all, or the new one cannot be written; the memory is then as it was. A unit that is broken
/// and a file that stops half-way are in [`Imported::set_aside`], the rest is taken.
pub fn import(file: &Path, options: &ImportOptions, writer: &Writer, known: &mut Known) -> Result<Imported, Error> {
    let (srclang, mut units) = open(file, options)?;
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let name = writer.free_name(if stem.is_empty() { "import" } else { &stem });
    let mut imported = Imported::default();
    let mut new = std::iter::from_fn(|| {
        loop {
            match units.next()? {
                Err(error) => imported.set_aside.push(error),
                Ok(unit) => {
                    imported.read += 1;
                    if known.note(&unit) {
                        imported.new += 1;
                        return Some(unit);
                    }
                    imported.kept += 1;
                }
            }
        }
    })
    .peekable();
    if new.peek().is_some() {
        let output = writer.write_file(&name, &Header::new(&srclang), new)?;
        imported.output = Some(output);
    }
    Ok(imported)
}

type Units = Box<dyn Iterator<Item = Result<Unit, Error>>>;

/// The source language that the file names, and its units.
fn open(file: &Path, options: &ImportOptions) -> Result<(String, Units), Error> {
    if !file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("tmx")) {
        let units = bitext::read(file, &options.bitext).map_err(with_tmx_among_the_kinds)?;
        return Ok(("*all*".to_owned(), Box::new(units)));
    }
    let input = BufReader::new(File::open(file).map_err(|e| Error::io("read", file, e))?);
    let reader = tmx::Reader::new(input, file, options.tmx.clone())?;
    let srclang = reader.header().srclang().unwrap_or("*all*").to_owned();
    Ok((srclang, Box::new(reader.map(|item| item.map(|entry| entry.unit).map_err(Error::from)))))
}

fn with_tmx_among_the_kinds(error: Error) -> Error {
    match error {
        Error::UnknownKind { path, .. } => Error::UnknownKind { path, known: IMPORT_ENDINGS },
        error => error,
    }
}

/// The endings that [`import`] knows, for messages.
pub const IMPORT_ENDINGS: &str = "tmx, tsv, tab, csv, jsonl, ndjson, ar with en (Moses)";
