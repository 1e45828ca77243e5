//! Taking other files into a memory: what is new is added as one more file of it, what is there already stays.

use super::duplicates::{Duplicates, Identity, Seen};
use super::source::{SetAside, Source, SourceOptions, is_live};
use crate::bitext::LeftOut;
use crate::error::Error;
use crate::lang::Lang;
use crate::memory::{Change, Moment, Snapshot, Writer, content_id, unit_id};
use crate::tmx::Header;
use crate::unit::Unit;
use std::collections::HashMap;
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
    /// Of these, in the place of a unit of the memory ([`Duplicates::Overwrite`]).
    pub updated: usize,
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
    /// The units of each source, by their numbers in `ids`; for [`Duplicates::Overwrite`] only.
    owners: HashMap<u64, Vec<usize>>,
    /// How each is addressed; `None` once it is replaced or deleted.
    ids: Vec<Option<String>>,
    /// The number of the file that is taken in; what was there before has 0.
    file: u32,
}

impl Known {
    /// All units of a snapshot.
    pub fn of(snapshot: &Snapshot, duplicates: Duplicates) -> Known {
        let mut known = Known::default();
        for (_, unit) in snapshot.units() {
            known.contents.first(Identity::of_content(unit), 0);
            Lang::BOTH.into_iter().for_each(|lang| known.note_source(unit, lang));
            if duplicates == Duplicates::Overwrite {
                known.note_owner(snapshot, unit);
            }
        }
        known
    }

    fn note_source(&mut self, unit: &Unit, lang: Lang) {
        if let Some(source) = Identity::of_source(unit, lang) {
            self.sources.first(source, self.file);
        }
    }

    fn note_owner(&mut self, snapshot: &Snapshot, unit: &Unit) {
        let id = unit_id(unit);
        // A tuid that strangers share names none of them.
        let id = if snapshot.unit_of(&id).is_some() { id.into_owned() } else { content_id(unit) };
        let number = self.ids.len();
        self.ids.push(Some(id));
        for lang in Lang::BOTH {
            let Some(source) = Identity::of_source(unit, lang) else { continue };
            self.owners.entry(source.here).or_default().push(number);
            if source.anywhere != source.here {
                self.owners.entry(source.anywhere).or_default().push(number);
            }
        }
    }

    /// The ids of the units that translate this source, which they do no more.
    fn take_owners(&mut self, source: Identity) -> Vec<String> {
        let owners = self.owners.remove(&source.here).unwrap_or_default();
        owners.into_iter().filter_map(|number| self.ids[number].take()).collect()
    }
}

/// How files are taken into a memory.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// How they are read.
    pub source: SourceOptions,
    /// What becomes of units whose source the memory translates otherwise.
    pub duplicates: Duplicates,
}

/// Takes a file into the memory: units that it does not have become one more file, named after this one, under its header.
///
/// A unit that is there already is left out: the same languages and segments to the last code; where it names a document or
/// a context, the same there. Alternatives within the file stay. With [`Duplicates::Overwrite`] a unit becomes the newer
/// version, dated as told, of the one that has its source, and others with that source are deleted; their history stays.
/// Otherwise nothing that is in the memory changes.
///
/// Read in a stream, the file may be larger than memory, except for [`Duplicates::Overwrite`]. Without a writer nothing is
/// written, and the answer is what would happen.
///
/// # Errors
///
/// The file cannot be read at all, or the memory cannot be written; it is then as it was, but for units that were
/// overwritten before. A unit that is broken and a file that stops half-way are in [`Imported::set_aside`], the rest is
/// taken.
pub fn import(
    file: &Path,
    options: &ImportOptions,
    writer: Option<(&mut Writer, Moment)>,
    known: &mut Known,
) -> Result<Imported, Error> {
    let mut source = Source::open(file, &options.source)?;
    let header = source.headers().first().map_or_else(|| Header::new("*all*"), |(_, header)| header.clone());
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    // Live files are the memory's own.
    let name = if stem.is_empty() || is_live(file) { "import" } else { &stem };
    let mut imported = Imported::default();
    let mut changes = Vec::new();
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
            match (options.duplicates, source) {
                (Duplicates::Keep, Some(source)) if known.sources.first(source, known.file).is_some() => {
                    imported.refused += 1;
                    continue;
                }
                (Duplicates::Overwrite, Some(source)) => {
                    let mut owners = known.take_owners(source).into_iter();
                    if let Some(id) = owners.next() {
                        known.contents.first(content, known.file);
                        imported.updated += 1;
                        changes.push(Change::Replace(id, placed.unit));
                        changes.extend(owners.map(Change::Delete));
                        continue;
                    }
                }
                _ => {}
            }
            known.contents.first(content, known.file);
            known.note_source(&placed.unit, placed.source);
            imported.new += 1;
            return Some(placed.unit);
        }
    })
    .peekable();
    match writer {
        None => new.for_each(drop),
        Some((writer, when)) if options.duplicates == Duplicates::Overwrite => {
            // The newcomers may have ids of units that are replaced: those go first.
            let new: Vec<Unit> = new.collect();
            if !changes.is_empty() {
                writer.apply(changes, when)?;
            }
            if !new.is_empty() {
                imported.output = Some(writer.write_file(&writer.free_name(name), &header, new)?);
            }
        }
        Some((writer, _)) => {
            if new.peek().is_some() {
                imported.output = Some(writer.write_file(&writer.free_name(name), &header, new)?);
            }
        }
    }
    imported.left_out = source.left_out();
    Ok(imported)
}
