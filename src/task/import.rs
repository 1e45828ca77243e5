//! Taking other files into a memory: what is new is added as one more file of it, what is there already stays.

use super::duplicates::{Duplicates, Identity};
use super::progress::Progress;
use super::source::{SetAside, Source, SourceOptions, is_live, is_tmx};
use super::stream::{Portion, stream_blocks, stream_memory};
use crate::bitext::LeftOut;
use crate::error::Error;
use crate::file::WriteError;
use crate::lang::{Lang, LangTag};
use crate::memory::{Change, Deletions, Memory, Moment, Numbers, Snapshot, Writer, content_id, unit_id};
use crate::tmx::{Blocks, Content, Header, Line, Reader, Reject};
use crate::unit::Unit;
use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
    /// Of these, left out because the memory translates their source otherwise, or because they were deleted in it
    /// ([`Duplicates::Keep`]).
    pub refused: usize,
    /// Of these, deleted in the memory before and brought back.
    pub returned: usize,
    /// Units of an XLIFF or PO file that have no translation to take.
    pub left_out: LeftOut,
    /// Comments and processing instructions outside units, which are no part of a memory.
    pub comments: u64,
    /// What could not be read, each with its place and reason.
    pub set_aside: Vec<SetAside>,
    /// The file of the memory that holds the new units.
    pub output: Option<PathBuf>,
}

/// The units that a memory has, known by their content and, as far as it matters for what becomes of duplicates, by their
/// sources.
///
/// Memory: seven bytes for each unit, twice that for each that names a place (above some 900,000 units; below, sixteen);
/// with [`Duplicates::Keep`] three times as much. [`Duplicates::Overwrite`] needs the whole memory at hand, since any of its
/// units may be replaced: see [`Known::of`].
#[derive(Debug, Default)]
pub struct Known {
    contents: Numbers,
    /// The sources of the memory and of the files that were taken in before, for [`Duplicates::Keep`] only.
    sources: Numbers,
    /// Those of the file that is taken in: alternatives within a file stay.
    own_sources: Numbers,
    /// The units of each source, by their numbers in `ids`; for [`Duplicates::Overwrite`] only.
    owners: HashMap<u64, Vec<usize>>,
    /// How each is addressed; `None` once it is replaced or deleted.
    ids: Vec<Option<String>>,
    /// What was deleted.
    deletions: Deletions,
}

impl Known {
    /// All units of a snapshot: what [`Duplicates::Overwrite`] needs.
    ///
    /// Measured with the snapshot: 3.2 kB for each unit of a memory whose units take 580 bytes of file (920 MiB for 175 MB);
    /// the [`Writer`] holds the units once more while it replaces some.
    pub fn of(snapshot: &Snapshot, duplicates: Duplicates) -> Known {
        let mut known = Known { deletions: snapshot.deletions(), ..Known::default() };
        for (_, unit) in snapshot.units() {
            known.note_stored(&Content::of(&unit), duplicates);
            if duplicates == Duplicates::Overwrite {
                known.note_owner(snapshot, &unit);
            }
        }
        known
    }

    /// All units of a memory, read in a stream by the threads of the pool that this is called in, without holding them: for
    /// [`Duplicates::Both`] and [`Duplicates::Keep`]. What can not be read goes to `problem`, once.
    ///
    /// # Errors
    ///
    /// The folder can not be listed; a file changed while it was read.
    pub fn of_memory(
        memory: &Memory,
        duplicates: Duplicates,
        mut problem: impl FnMut(&Error) + Send,
    ) -> Result<Known, Error> {
        let deletions = memory.deletions()?;
        let mut roll = memory.roll()?;
        roll.problems().iter().for_each(|error| problem(error));
        let mut is_first = true;
        loop {
            let mut known = Known { deletions: deletions.clone(), ..Known::default() };
            let again = stream_memory(&mut roll, |item| {
                match item {
                    Ok(line) => known.note_stored(line.content(), duplicates),
                    Err(error) if is_first => problem(&error),
                    Err(_) => {}
                }
                Ok::<(), Error>(())
            })?;
            is_first = false;
            if !again {
                return Ok(known);
            }
        }
    }

    /// Takes note of a unit that the memory has.
    fn note_stored(&mut self, content: &Content, duplicates: Duplicates) {
        self.note(Identity::whole(content));
        if duplicates == Duplicates::Keep {
            for source in Lang::BOTH.into_iter().filter_map(|lang| Identity::side(content, lang)) {
                self.sources.insert(source.here);
                self.sources.insert(source.anywhere);
            }
        }
    }

    /// Another file is taken in.
    fn next_file(&mut self) {
        let own = std::mem::take(&mut self.own_sources);
        self.sources.absorb(own);
    }

    /// Takes note of a unit; `false` if it was there.
    fn note(&mut self, content: Identity) -> bool {
        let is_new = self.contents.insert(content.here);
        if is_new && content.anywhere != content.here {
            self.contents.insert(content.anywhere);
        }
        is_new
    }

    /// What becomes of a unit that is translated from this language. It is noted unless it is left out.
    fn judge(&mut self, content: &Content, source: Lang, duplicates: Duplicates) -> Verdict {
        let whole = Identity::whole(content);
        // Where nothing but the content decides, one look is enough.
        let side = if duplicates == Duplicates::Both { None } else { Identity::side(content, source) };
        let verdict = match (duplicates, side) {
            (Duplicates::Both, _) | (_, None) => {
                return if self.note(whole) { Verdict::New } else { Verdict::Kept };
            }
            _ if self.contents.has(whole.here) => return Verdict::Kept,
            (Duplicates::Keep, Some(source)) if self.sources.has(source.here) => return Verdict::Refused,
            (Duplicates::Keep, Some(source)) => {
                self.own_sources.insert(source.here);
                self.own_sources.insert(source.anywhere);
                Verdict::New
            }
            (Duplicates::Overwrite, Some(source)) => match self.take_owners(source) {
                owners if owners.is_empty() => Verdict::New,
                owners => Verdict::Updates(owners),
            },
        };
        self.note(whole);
        verdict
    }

    /// What becomes of a unit that is new: one that was deleted would be as invisible in a file as it is now.
    fn judge_new(&self, unit: &Unit, duplicates: Duplicates) -> Verdict {
        match duplicates {
            _ if !self.deletions.hides(unit) => Verdict::New,
            // What is in the memory stays as it is, a deletion too.
            Duplicates::Keep => Verdict::Refused,
            Duplicates::Overwrite | Duplicates::Both => Verdict::Returns,
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

/// What becomes of a unit.
enum Verdict {
    New,
    Kept,
    Refused,
    /// It takes the place of the units with these ids.
    Updates(Vec<String>),
    /// It was deleted, and comes back.
    Returns,
}

impl Imported {
    /// Counts a unit.
    fn count(&mut self, verdict: &Verdict) {
        self.read += 1;
        match verdict {
            Verdict::New => self.new += 1,
            Verdict::Kept => self.kept += 1,
            Verdict::Refused => self.refused += 1,
            Verdict::Updates(_) => self.updated += 1,
            Verdict::Returns => self.returned += 1,
        }
    }
}

/// How files are taken into a memory.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// How they are read.
    pub source: SourceOptions,
    /// What becomes of units whose source the memory translates otherwise.
    pub duplicates: Duplicates,
    /// How far it is: bytes of the file.
    pub progress: Progress,
}

/// Takes a file into the memory: units that it does not have become one more file, named after this one, under its header.
///
/// A unit that is there already is left out: the same languages and segments to the last code; where it names a document or
/// a context, the same there. Alternatives within the file stay. With [`Duplicates::Overwrite`] a unit becomes the newer
/// version, dated as told, of the one that has its source, and others with that source are deleted; their history stays.
/// Otherwise nothing that is in the memory changes.
///
/// A unit that was deleted in the memory, and is not dated behind that, comes back as the newest version of it, dated as
/// told: to take a file in is the newer act. With [`Duplicates::Keep`] it stays deleted.
///
/// Read in a stream, the file may be larger than memory, except for [`Duplicates::Overwrite`]. Without a writer nothing is
/// written, and the answer is what would happen. TMX is read by the threads of the pool that this is called in
/// ([`Workers::run`](super::Workers::run)).
///
/// # Errors
///
/// The file cannot be read at all, it was told to stop, or the memory cannot be written; the memory is then as it was, but for units that were
/// overwritten before, or the new ones where only those that come back could not be written. `known` has units then that
/// the memory has not: make it anew before the next file. A unit that is broken and a file that stops half-way are in [`Imported::set_aside`], the rest is
/// taken.
pub fn import(
    file: &Path,
    options: &ImportOptions,
    writer: Option<(&mut Writer, Moment)>,
    known: &mut Known,
) -> Result<Imported, Error> {
    if is_tmx(file) && options.duplicates != Duplicates::Overwrite {
        return import_lines(file, options, writer, known);
    }
    import_units(file, options, writer, known)
}

/// Any file, unit by unit.
fn import_units(
    file: &Path,
    options: &ImportOptions,
    writer: Option<(&mut Writer, Moment)>,
    known: &mut Known,
) -> Result<Imported, Error> {
    let mut source = Source::watched(file, &options.source, &options.progress)?;
    let header = source.headers().first().map_or_else(|| Header::new("*all*"), |(_, header)| header.clone());
    let mut imported = Imported::default();
    let mut changes = Vec::new();
    known.next_file();
    let mut new = std::iter::from_fn(|| {
        loop {
            let placed = match source.next()? {
                Err(aside) => {
                    imported.set_aside.push(aside);
                    continue;
                }
                Ok(placed) => placed,
            };
            let verdict = match known.judge(&Content::of(&placed.unit), placed.source, options.duplicates) {
                Verdict::New => known.judge_new(&placed.unit, options.duplicates),
                verdict => verdict,
            };
            imported.count(&verdict);
            match verdict {
                Verdict::New => return Some(placed.unit),
                Verdict::Updates(owners) => {
                    let mut owners = owners.into_iter();
                    changes.extend(owners.next().map(|id| Change::Replace(id, placed.unit)));
                    changes.extend(owners.map(Change::Delete));
                }
                Verdict::Returns => changes.push(Change::Return(placed.unit)),
                Verdict::Kept | Verdict::Refused => {}
            }
        }
    })
    .peekable();
    match writer {
        None => new.try_for_each(|_| options.progress.check(file))?,
        Some((writer, when)) if options.duplicates == Duplicates::Overwrite => {
            // The newcomers may have ids of units that are replaced: those go first.
            let new: Vec<Unit> = new.collect();
            options.progress.check(file)?;
            if !changes.is_empty() {
                writer.apply(changes, when)?;
            }
            if !new.is_empty() {
                imported.output = Some(writer.write_file(&free_name(writer, file), &header, new)?);
            }
        }
        Some((writer, when)) => {
            let output = match new.peek() {
                Some(_) => writer.fill_file(&free_name(writer, file), &header, |out| {
                    new.try_for_each(|unit| {
                        options.progress.check(file)?;
                        Ok::<(), WriteError>(out.write_unit(&unit)?)
                    })?;
                    // What stood behind the last new unit was read in vain, too.
                    Ok(options.progress.check(file)?)
                })?,
                None => None,
            };
            options.progress.check(file)?;
            if !changes.is_empty() {
                writer.apply(changes, when)?;
            }
            imported.output = output;
        }
    }
    imported.left_out = source.left_out();
    imported.comments = source.comments();
    Ok(imported)
}

/// TMX, as canonical lines.
fn import_lines(
    file: &Path,
    options: &ImportOptions,
    writer: Option<(&mut Writer, Moment)>,
    known: &mut Known,
) -> Result<Imported, Error> {
    let input = File::open(file).map_err(|e| Error::io("read", file, e))?;
    let input = BufReader::new(options.progress.watch(input));
    let reader = Reader::new(input, file, options.source.tmx.clone())?;
    let header = reader.header().clone();
    let srclang = header.srclang().and_then(|tag| LangTag::new(tag).lang());
    let place: Arc<Path> = file.into();
    let mut blocks = Blocks::new(reader);
    let mut imported = Imported::default();
    let mut returning = Vec::new();
    known.next_file();
    let has_deletions = !known.deletions.is_empty();
    let mut is_new = |item: Result<Line<'_>, Reject>| match item {
        Err(reject) => {
            imported.set_aside.push(SetAside::of_tmx(reject, &place, srclang));
            false
        }
        Ok(line) => {
            let content = line.content();
            let source = content.srclang.or(srclang).or(content.first).unwrap_or(Lang::Ar);
            let verdict = match known.judge(content, source, options.duplicates) {
                // The numbers do not tell; only what may have been deleted is taken apart.
                Verdict::New if has_deletions && known.deletions.may_hide(line.tuid().as_deref()) => {
                    match line.to_unit() {
                        Ok(unit) => {
                            let verdict = known.judge_new(&unit, options.duplicates);
                            if matches!(verdict, Verdict::Returns) {
                                returning.push(Change::Return(unit));
                            }
                            verdict
                        }
                        Err(_) => Verdict::New,
                    }
                }
                verdict => verdict,
            };
            imported.count(&verdict);
            matches!(verdict, Verdict::New)
        }
    };
    imported.output = match writer {
        Some((writer, when)) => {
            let output = writer.fill_file(&free_name(writer, file), &header, |out| {
                stream_blocks(&mut blocks, |portion| match portion {
                    Portion::Lines(lines) => {
                        options.progress.check(file)?;
                        Ok(out.write_selection(&lines.select(|line| is_new(Ok(*line))))?)
                    }
                    Portion::Item(Ok(line)) if is_new(Ok(line)) => Ok(out.write_line(&line)?),
                    Portion::Item(Ok(_)) => Ok(()),
                    Portion::Item(Err(reject)) => {
                        is_new(Err(reject));
                        Ok::<(), WriteError>(())
                    }
                })?;
                Ok(options.progress.check(file)?)
            })?;
            if !returning.is_empty() {
                writer.apply(returning, when)?;
            }
            output
        }
        None => {
            super::stream(&mut blocks, |item| {
                is_new(item);
                options.progress.check(file)
            })?;
            None
        }
    };
    imported.comments = blocks.report().comments;
    Ok(imported)
}

/// The name of the file that it becomes.
fn free_name(writer: &Writer, file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    // Live files are the memory's own.
    writer.free_name(if stem.is_empty() || is_live(file) { "import" } else { &stem })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::Memory;
    use std::fs;

    type Import = fn(&Path, &ImportOptions, Option<&mut Writer>, &mut Known) -> Result<Imported, Error>;

    fn by_units(
        file: &Path,
        options: &ImportOptions,
        writer: Option<&mut Writer>,
        known: &mut Known,
    ) -> Result<Imported, Error> {
        let when = Moment::new("20260101T090000Z").unwrap();
        import_units(file, options, writer.map(|writer| (writer, when)), known)
    }

    fn by_lines(
        file: &Path,
        options: &ImportOptions,
        writer: Option<&mut Writer>,
        known: &mut Known,
    ) -> Result<Imported, Error> {
        let when = Moment::new("20260101T090000Z").unwrap();
        import_lines(file, options, writer.map(|writer| (writer, when)), known)
    }

    /// What becomes of the file twice in a row: in words, and the bytes of the memory's files.
    fn outcome(import: Import, file: &Path, options: &ImportOptions) -> (Vec<String>, Vec<Vec<u8>>) {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::create(folder.path()).unwrap();
        let mut writer = memory.writer().unwrap();
        let mut known = Known::default();
        let mut words = Vec::new();
        for dry in [true, false, false] {
            let mut known_of_dry_run = Known::default();
            let (writer, known) = if dry { (None, &mut known_of_dry_run) } else { (Some(&mut writer), &mut known) };
            words.push(match import(file, options, writer, known) {
                Err(error) => error.to_string(),
                Ok(imported) => {
                    let asides: Vec<String> = imported.set_aside.iter().map(|aside| aside.error.to_string()).collect();
                    let name = imported.output.map(|path| path.file_name().unwrap_or_default().to_owned());
                    format!(
                        "{} {} {} {} {asides:?} {name:?}",
                        imported.read, imported.new, imported.kept, imported.refused
                    )
                }
            });
        }
        let files = memory.files().unwrap().iter().map(|path| fs::read(path).unwrap()).collect();
        (words, files)
    }

    fn check(file: &Path) -> usize {
        for duplicates in [Duplicates::Both, Duplicates::Keep] {
            let options = ImportOptions { duplicates, ..ImportOptions::default() };
            let (slow, fast) = (outcome(by_units, file, &options), outcome(by_lines, file, &options));
            assert_eq!(slow.0, fast.0, "{}", file.display());
            assert!(slow.1 == fast.1, "{}", file.display());
        }
        1
    }

    #[test]
    fn lines_are_taken_as_units_are() {
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tmx/cases");
        let files: usize = fs::read_dir(cases).unwrap().map(|entry| check(&entry.unwrap().path())).sum();
        assert!(files >= 32, "{files}");
        let mut text = "<tmx version=\"1.4\"><header srclang=\"en-US\" own=\"ق\"/><body>\n".to_owned();
        for n in 0..3_000 {
            let (ar, en) = (n % 700, n % 900);
            let place = ["", "<prop type=\"x-context\">3</prop>", "<prop type=\"x-document\">news</prop>"][n % 3];
            let srclang = ["", " srclang=\"ar\""][n / 7 % 2];
            text.push_str(&format!(
                "<tu tuid=\"{n}\"{srclang}>{place}<tuv xml:lang=\"ar\"><seg>كتاب {ar}</seg></tuv>\n<tuv lang=\"EN\"><seg>book {en}</seg></tuv></tu>\n"
            ));
        }
        text.push_str("<tu><tuv xml:lang=\"ar\"><seg>R&D</seg></tuv></tu></body></tmx>");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("كتب.tmx");
        fs::write(&file, text).unwrap();
        check(&file);
    }
}
