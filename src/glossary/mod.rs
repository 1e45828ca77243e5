//! The glossary: terms of both languages that belong together, found in texts whatever is written on to them.
//!
//! It is read from TBX, of 2008 (ISO 30042:2008, `martif`) and of 2019 (ISO 30042:2019, `tbx`), and from tables ([`Glossary::open`]). A term is
//! found behind `و ف ب ك ل ال` and with endings and attached pronouns, an English one in the plural ([`Stem`](crate::text::Stem)); a broken plural
//! (`كتب` of `كتاب`) is another word, and found where the entry lists it.
//!
//! ```
//! use dhakira::Lang;
//! use dhakira::glossary::Glossary;
//! use std::path::Path;
//! let table = "ar\ten\nوزارة الصحة\tMinistry of Health|!Health Ministry\nتقرير|تقارير\treport\n";
//! let glossary = Glossary::read_table(Path::new("terms.tsv"), table).unwrap();
//! let text = "رفعت التقارير إلى وزارة الصحة";
//! let found: Vec<&str> = glossary.hits(Lang::Ar, text).into_iter().map(|hit| &text[hit.range]).collect();
//! assert_eq!(found, ["التقارير", "وزارة الصحة"]);
//! let breaches = glossary.breaches(text, "The reports went to the Health Ministry");
//! assert_eq!(breaches.iter().map(|b| b.to_string()).collect::<Vec<_>>(), [
//!     "“Health Ministry” is a forbidden term; the glossary has “Ministry of Health” for “وزارة الصحة”",
//! ]);
//! ```

mod breach;
mod entry;
mod hit;
mod table;
mod tbx;

pub use breach::{Breach, BreachKind};
pub use entry::{Entry, Standing, Term};
pub use hit::Hit;

use crate::error::{Error, Place};
use crate::file::Source;
use crate::lang::Lang;
use hit::Index;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// The endings that [`Glossary::open`] knows.
const ENDINGS: &str = ".tbx .xml .tsv .txt";

/// Terms, ready to be looked for.
#[derive(Debug, Clone, Default)]
pub struct Glossary {
    entries: Vec<Entry>,
    arabic: Index,
    english: Index,
}

impl Glossary {
    /// Of these entries; those that have no term in one of the languages are kept for the other.
    pub fn new(entries: Vec<Entry>) -> Glossary {
        let [arabic, english] = Lang::BOTH.map(|lang| Index::new(lang, &entries));
        Glossary { entries, arabic, english }
    }

    /// Reads a file, by its ending: TBX (`.tbx`, `.xml`) or a table (`.tsv`, `.txt`), in UTF-8, or in what a byte order mark or the
    /// text shows.
    ///
    /// # Errors
    ///
    /// [`Error::Io`], [`Error::UnknownKind`], [`Error::Encoding`], and those of [`Glossary::read_tbx`] and
    /// [`Glossary::read_table`].
    pub fn open(path: &Path) -> Result<Glossary, Error> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
        let read = match ending.as_str() {
            "tbx" | "xml" => Glossary::read_tbx,
            "tsv" | "txt" => Glossary::read_table,
            _ => return Err(Error::UnknownKind { path: path.to_path_buf(), known: ENDINGS }),
        };
        read(path, &text(path)?)
    }

    /// Reads TBX: `termEntry` or `conceptEntry`, with the languages' sections below (`langSet`, `langSec`), terms in `tig`, `ntig` or
    /// `termSec`, and their status (`administrativeStatus`, `normativeAuthorization`) as a `termNote` or, in the style that names
    /// elements by categories, as an element. Other languages than the two are left out, and so is all else. `path` is what errors
    /// name.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] with line and byte for what is no well-formed XML or no TBX, [`Error::Empty`] if there is no entry.
    pub fn read_tbx(path: &Path, text: &str) -> Result<Glossary, Error> {
        let wrong = |(at, reason): (usize, String)| {
            let before = &text.as_bytes()[..at.min(text.len())];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count() as u64;
            let place = Place { line: Some(line), byte: Some(at as u64), ..Place::default() };
            Error::Format { path: path.to_path_buf(), place, reason }
        };
        Glossary::of(path, tbx::entries(text).map_err(wrong)?)
    }

    /// Reads a table, one entry a line, cells with tabs between: an Arabic and an English cell, told apart by their letters, or as a
    /// header line names them (`ar`, `en`, `note`, `id`). Several terms of a cell have `|` between them; the first is the preferred one, and those with `!` before
    /// them are forbidden. Lines that begin with `#` are left out.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] with its line for a line without two sides, [`Error::Empty`] if there is none.
    pub fn read_table(path: &Path, text: &str) -> Result<Glossary, Error> {
        let wrong = |(line, reason): (u64, String)| {
            let place = Place { line: Some(line), ..Place::default() };
            Error::Format { path: path.to_path_buf(), place, reason }
        };
        Glossary::of(path, table::entries(text).map_err(wrong)?)
    }

    fn of(path: &Path, entries: Vec<Entry>) -> Result<Glossary, Error> {
        match entries.is_empty() {
            true => Err(Error::Empty { path: path.to_path_buf() }),
            false => Ok(Glossary::new(entries)),
        }
    }

    /// The entries in the order of the file.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The terms that stand in `text`, from the left, the longest first where several begin at the same word; each word is part of one
    /// hit, or of several that are as long.
    pub fn hits(&self, lang: Lang, text: &str) -> Vec<Hit<'_>> {
        self.index(lang).hits(&self.entries, text)
    }

    /// What two sides of a unit have against the glossary: terms whose other side is missing, and forbidden ones.
    pub fn breaches(&self, ar: &str, en: &str) -> Vec<Breach<'_>> {
        breach::breaches(self, ar, en)
    }

    /// The terms that `term` (in any spelling) is in the other language: those of entries that have it, forbidden ones left out.
    pub fn translations(&self, lang: Lang, term: &str) -> Vec<&str> {
        let whole = |hit: &Hit<'_>| {
            let rest = [&term[..hit.range.start], &term[hit.range.end..]];
            rest.iter().all(|rest| !rest.contains(char::is_alphanumeric))
        };
        let same = |hit: &Hit<'_>| crate::text::key(lang, &hit.term.text) == crate::text::key(lang, term);
        let hits = self.hits(lang, term).into_iter().filter(|hit| whole(hit) && same(hit));
        hits.flat_map(|hit| hit.entry.allowed(lang.other()).map(|term| term.text.as_str())).collect()
    }

    fn index(&self, lang: Lang) -> &Index {
        match lang {
            Lang::Ar => &self.arabic,
            Lang::En => &self.english,
        }
    }
}

/// The whole text of a file.
fn text(path: &Path) -> Result<String, Error> {
    let failed = |error| Error::io("read", path, error);
    let file = File::open(path).map_err(failed)?;
    let mut source = Source::new(BufReader::new(file), None).map_err(failed)?;
    while source.fill().map_err(failed)? {}
    let bytes = source.window();
    String::from_utf8(bytes.to_vec()).map_err(|error| Error::Encoding {
        path: path.to_path_buf(),
        place: Place { byte: Some(error.utf8_error().valid_up_to() as u64), ..Place::default() },
        encoding: source.encoding().name(),
    })
}
