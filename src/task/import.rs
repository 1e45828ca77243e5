//! Taking other files into a memory: what is new is added as one more file of it, what is there already stays.

use super::duplicates::{Duplicates, Identity, Seen};
use super::source::{SetAside, Source, SourceOptions};
use crate::bitext::LeftOut;
use crate::error::Error;
use crate::lang::Lang;
use crate::memory::{Snapshot, Writer};
use crate::tmx::Header;
use crate::unit::Unit;
use std::path::{Path, PathBuf};

/// What became of one file.
#[derive(Debug, Default)]
pub struct Imported {
    /// Units read.
    pub read: usize,
    /// Of these, new.
    pub new: usize,
    /// Of these, in the memory already: the same text in all languages to the last code, in the same place.
    pub kept: usize,
    /// Of these, left out because the memory translates their source otherwise ([`Duplicates::Keep`]).
    pub refused: usize,
    /// Units of an XLIFF or PO file that have no translation to take.
    pub left_out: LeftOut,
    /// What could not be read, each with its place and reason.
    pub set_aside: Vec<SetAside>,
    /// The file of the memory that holds the new units.
    pub output: Option<PathBuf>,
}

/// The units that a memory has, known by their content and by their sources.
#[derive(Debug, Default)]
pub struct Known {
    contents: Seen,
    sources: Seen,
    /// The number of the file that is taken in; what was there before has 0.
    file: u32,
}

impl Known {
    /// All units of a snapshot.
    pub fn of(snapshot: &Snapshot) -> Known {
        let mut known = Known::default();
        for (_, unit) in snapshot.units() {
            known.contents.first(Identity::of_content(unit), 0);
            Lang::BOTH.into_iter().for_each(|lang| known.note_source(unit, lang));
        }
        known
    }

    fn note_source(&mut self, unit: &Unit, lang: Lang) {
        if let Some(source) = Identity::of_source(unit, lang) {
            self.sources.first(source, self.file);
        }
    }
}

/// How files are taken into a memory.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// How they are read.
    pub source: SourceOptions,
    /// What becomes of units whose source the memory translates otherwise. [`Duplicates::Overwrite`] is taken for
    /// [`Duplicates::Both`] here: nothing that is in the memory changes.
    pub duplicates: Duplicates,
}

/// Takes a file into the memory: units that it does not have become one more file, named after this one, under its header.
///
/// Nothing that is in the memory changes. A unit that is there already is left out: the same languages and segments to the
/// last code; where it names a document or a context, the same there. Alternatives within the file stay. Read in a stream:
/// the file may be larger than memory. Without a writer nothing is written, and the answer is what would happen.
///
/// # Errors
///
/// The file cannot be read at all, or the new one cannot be written; the memory is then as it was. A unit that is broken
/// and a file that stops half-way are in [`Imported::set_aside`], the rest is taken.
pub fn import(
    file: &Path,
    options: &ImportOptions,
    writer: Option<&Writer>,
    known: &mut Known,
) -> Result<Imported, Error> {
    let mut source = Source::open(file, &options.source)?;
    let header = source.headers().first().map_or_else(|| Header::new("*all*"), |(_, header)| header.clone());
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let name = if stem.is_empty() { "import" } else { &stem };
    let mut imported = Imported::default();
    known.file += 1;
    let mut new = std::iter::from_fn(|| {
        loop {
            let placed = match source.next()? {
                Err(aside) => {
                    imported.set_aside.push(aside);
                    continue;
                }
                Ok(placed) => placed,
            };
            imported.read += 1;
            let content = Identity::of_content(&placed.unit);
            if known.contents.has(content) {
                imported.kept += 1;
                continue;
            }
            let source = Identity::of_source(&placed.unit, placed.source);
            if options.duplicates == Duplicates::Keep
                && source.is_some_and(|source| known.sources.first(source, known.file).is_some())
            {
                imported.refused += 1;
                continue;
            }
            known.contents.first(content, known.file);
            known.note_source(&placed.unit, placed.source);
            imported.new += 1;
            return Some(placed.unit);
        }
    })
    .peekable();
    match writer {
        Some(writer) if new.peek().is_some() => {
            let output = writer.write_file(&writer.free_name(name), &header, new)?;
            imported.output = Some(output);
        }
        _ => new.for_each(drop),
    }
    imported.left_out = source.left_out();
    Ok(imported)
}
