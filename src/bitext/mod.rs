//! The other file kinds of the trade behind one face: tables (TSV, CSV), JSON lines, Moses pairs, XLIFF and PO, read into
//! units and written from them.
//!
//! With the feature `parquet` units are written as Apache Parquet, too; it is not read.
//!
//! Every kind is read in any encoding, the first four line by line, XLIFF and PO whole; a line, a unit or an entry that
//! can not be read is one error item with its line, byte and reason, and reading goes on behind it.

#[cfg(feature = "parquet")]
mod columnar;
mod columns;
mod formula;
pub(crate) mod inline;
mod json;
mod markup;
mod moses;
mod plural;
mod po;
pub(crate) mod po_catalogue;
pub(crate) mod po_entry;
mod sides;
mod table;
pub(crate) mod tree;
pub(crate) mod whole;
mod writer;
mod xliff;
pub(crate) mod xliff1;
pub(crate) mod xliff2;
mod xliff_file;
mod xliff_id;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use crate::error::{Error, Place};
use crate::lang::{Lang, LangTag};
use crate::unit::Unit;

#[cfg(feature = "parquet")]
pub use columnar::ParquetWriter;
pub use formula::{guard_formulas, unguard_formulas};
pub use writer::{WriteOptions, Writer, Written, XliffVersion, write};

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Columns between tabs (`.tsv`, `.tab`). Quotes and backslashes are text, unless [`Quoting`] says otherwise.
    Tsv,
    /// Columns between commas or semicolons, quoted as RFC 4180 says (`.csv`).
    Csv,
    /// One JSON object a line (`.jsonl`, `.ndjson`).
    JsonLines,
    /// Two files of equal length, a line for a line: `NAME.ar` and `NAME.en`.
    Moses,
    /// XLIFF 1.0 to 2.2 and what translation tools make of it (`.xlf`, `.xliff`, `.sdlxliff`, `.mqxliff`, `.mxliff`).
    ///
    /// The file itself tells its version. A unit's `id` is the prop `x-xliff-id` (it is unique in its file only, so it is
    /// no `tuid`), the state of its translation `x-status`, the `original` of its file `x-document`; notes are notes. A
    /// unit that is divided into segments on both sides is a unit for each (`x-xliff-mid`). Inline codes are TMX codes
    /// with the XLIFF markup as their content and the same `x` on both sides; markers (`mrk`) are `hi`. Proposals
    /// (`alt-trans`, `mtc:matches`) are not read.
    Xliff,
    /// The catalogues of GNU gettext (`.po`).
    ///
    /// `msgctxt` is the prop `x-context`, references are `x-reference`, comments notes; placeholders are text. An entry
    /// with a plural is two units: `msgid` with the form for one, `msgid_plural` with the other forms as variants, each
    /// with its number as the prop `x-pluralform`. The header's `Language` is the target, `X-Source-Language` the source;
    /// what it does not name the script of the texts tells.
    Po,
}

impl Kind {
    /// The kind that a file name's ending tells.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKind`] for any other ending.
    ///
    /// ```
    /// use dhakira::bitext::Kind;
    /// assert_eq!(Kind::of("مسرد.csv").unwrap(), Kind::Csv);
    /// assert_eq!(Kind::of("corpus.ar").unwrap(), Kind::Moses);
    /// assert!(Kind::of("صورة.png").is_err());
    /// ```
    pub fn of(path: impl AsRef<Path>) -> Result<Kind, Error> {
        let path = path.as_ref();
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        match ending.as_str() {
            "tsv" | "tab" => Ok(Kind::Tsv),
            "csv" => Ok(Kind::Csv),
            "jsonl" | "ndjson" => Ok(Kind::JsonLines),
            "xlf" | "xliff" | "sdlxliff" | "mqxliff" | "mxliff" => Ok(Kind::Xliff),
            "po" => Ok(Kind::Po),
            ending if LangTag::new(ending).lang().is_some() => Ok(Kind::Moses),
            _ => Err(Error::UnknownKind {
                path: path.to_path_buf(),
                known: ".tsv, .tab, .csv, .jsonl, .ndjson, .ar with .en (Moses), .xlf, .xliff, .sdlxliff, .mqxliff, .mxliff, .po",
            }),
        }
    }
}

/// How a table writes what would break it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quoting {
    /// Every character is itself: what a TSV of a corpus means.
    Plain,
    /// RFC 4180: a field in quotation marks may hold anything, a mark in it is doubled.
    Quoted,
    /// `\t`, `\n`, `\r` and `\\` stand for tab, line breaks and backslash: what databases write.
    Escaped,
}

/// How a file is read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// What the columns of a table are, in their order, instead of a header line: a language (`ar`,
    /// `en-GB`), `source`, `target`, `id`, `note`, `-` for a column to leave out; any other name makes props of that type.
    /// The first line is data then. Columns beyond those named are left out.
    pub columns: Vec<String>,
    /// The language of `source` columns; otherwise the script of the first line that is clear tells it. Also the source of
    /// an XLIFF or PO file that names none.
    pub source: Option<Lang>,
    /// The encoding, where it can not be told from the bytes.
    pub encoding: Option<&'static Encoding>,
    /// What stands between columns; otherwise a tab in TSV, the commonest of comma, semicolon and tab in a CSV's first line.
    pub delimiter: Option<char>,
    /// How a table is quoted; otherwise plain in TSV, quoted in CSV.
    pub quoting: Option<Quoting>,
    /// Whether a unit with a side without text is read; otherwise it is an error item. Not so in XLIFF and PO, where it
    /// waits for its translation: there it is never read, and counted by [`Reader::left_out`].
    pub keep_empty: bool,
    /// Whether fuzzy translations (PO's flag; in XLIFF a `fuzzy-match` that needs review) are read, marked by the prop
    /// `x-status` or `x-state-qualifier`; otherwise they are counted by [`Reader::left_out`].
    pub fuzzy: bool,
    /// Whether cells of a table were written with [`WriteOptions::guard_formulas`]: the apostrophes go again.
    pub formulas_guarded: bool,
}

/// Units of an XLIFF or PO file that were left out though nothing is wrong with them, counted by reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Without a translation: none, an empty one, or a state that says so (`new`, `needs-translation`, `initial`).
    pub untranslated: u64,
    /// Fuzzy: filled in from something similar, confirmed by nobody.
    pub fuzzy: u64,
    /// In a file that is not between Arabic and English; one error item says which.
    pub foreign: u64,
}

/// Reads a file of any kind unit by unit; errors of single lines come as items between the units.
pub struct Reader {
    items: Items,
    kind: Kind,
    place: Place,
}

/// A unit and where it begins, or what could not be read.
type Item = Result<(Unit, Place), Error>;

enum Items {
    Lines(Box<dyn Iterator<Item = Item>>),
    Xliff(Box<xliff::Reader>),
    Po(Box<po::Reader>),
}

impl Reader {
    /// The kind of the file.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Where the item that was read last begins: the unit's row, object, element or entry (its comments with it); what an
    /// error says of its own. Where an XLIFF unit is divided into segments, each has its own. Of a Moses pair
    /// it is in the file that was named, or in the Arabic one.
    ///
    /// ```
    /// use dhakira::bitext;
    /// let table = "ar,en\n\"سطر\nوآخر\",two lines\nنعم,yes\n";
    /// let options = bitext::ReadOptions::default();
    /// let mut reader = bitext::read_from(bitext::Kind::Csv, table.as_bytes(), "t.csv", &options).unwrap();
    /// let mut places = Vec::new();
    /// while let Some(unit) = reader.next() {
    ///     assert!(unit.is_ok());
    ///     places.push((reader.place().line.unwrap(), reader.place().byte.unwrap()));
    /// }
    /// assert_eq!(places, [(2, 6), (4, 34)]);
    /// assert_eq!(&table[34..], "نعم,yes\n");
    /// ```
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// What was left out so far though nothing is wrong with it: what waits for its translation is no part of a memory.
    ///
    /// ```
    /// use dhakira::{Lang, bitext};
    /// let catalogue = "msgid \"\"\nmsgstr \"Language: ar\\n\"\n\nmsgid \"Save\"\nmsgstr \"حفظ\"\n\nmsgid \"Open\"\nmsgstr \"\"\n";
    /// let options = bitext::ReadOptions::default();
    /// let mut reader = bitext::read_from(bitext::Kind::Po, catalogue.as_bytes(), "ar.po", &options).unwrap();
    /// assert_eq!(reader.next().unwrap().unwrap().text_of(Lang::Ar).as_deref(), Some("حفظ"));
    /// assert!(reader.next().is_none());
    /// assert_eq!(reader.left_out().untranslated, 1);
    /// ```
    pub fn left_out(&self) -> LeftOut {
        match &self.items {
            Items::Lines(_) => LeftOut::default(),
            Items::Xliff(items) => items.left_out(),
            Items::Po(items) => items.left_out(),
        }
    }
}

impl Iterator for Reader {
    type Item = Result<Unit, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = match &mut self.items {
            Items::Lines(items) => items.next(),
            Items::Xliff(items) => items.next(),
            Items::Po(items) => items.next(),
        }?;
        Some(match item {
            Ok((unit, place)) => {
                self.place = place;
                Ok(unit)
            }
            Err(error) => {
                self.place = error.place().cloned().unwrap_or_default();
                Err(error)
            }
        })
    }
}

/// Opens a file, its kind told by its ending. For a Moses pair the path of either side, or both names' common stem.
///
/// # Errors
///
/// The file can not be read, its ending is unknown, the other side of a pair is missing, or a table's columns can not be
/// told.
pub fn read(path: impl AsRef<Path>, options: &ReadOptions) -> Result<Reader, Error> {
    let path = path.as_ref();
    let kind = match Kind::of(path) {
        Err(_) if moses::is_stem(path) => Kind::Moses,
        kind => kind?,
    };
    if kind == Kind::Moses {
        let items = Items::Lines(Box::new(moses::open(path, options)?));
        return Ok(Reader { items, kind, place: Place::default() });
    }
    let file = File::open(path).map_err(|e| Error::io("read", path, e))?;
    read_from(kind, BufReader::with_capacity(64 * 1024, file), path, options)
}

/// Reads from `input`; `name` stands in messages.
///
/// # Errors
///
/// As [`read`]; [`Kind::Moses`] has two inputs and is not read so.
///
/// ```
/// use dhakira::{Lang, bitext};
/// let table = "Arabic\tEnglish\tdomain\nالسلام عليكم\tPeace be upon you\tgreeting\nسطر بلا ترجمة\n";
/// let options = bitext::ReadOptions::default();
/// let items: Vec<_> = bitext::read_from(bitext::Kind::Tsv, table.as_bytes(), "t.tsv", &options).unwrap().collect();
/// let unit = items[0].as_ref().unwrap();
/// assert_eq!(unit.text_of(Lang::Ar).as_deref(), Some("السلام عليكم"));
/// assert_eq!(unit.prop("domain"), Some("greeting"));
/// assert!(items[1].as_ref().unwrap_err().to_string().starts_with("t.tsv:3 (byte 73): "));
/// ```
pub fn read_from(
    kind: Kind,
    input: impl BufRead + 'static,
    name: impl AsRef<Path>,
    options: &ReadOptions,
) -> Result<Reader, Error> {
    let path = name.as_ref().to_path_buf();
    let items = match kind {
        Kind::Tsv | Kind::Csv => Items::Lines(Box::new(table::Table::open(kind, input, path, options)?)),
        Kind::JsonLines => Items::Lines(Box::new(json::JsonLines::open(input, path, options)?)),
        Kind::Xliff => Items::Xliff(Box::new(xliff::Reader::open(input, path, options)?)),
        Kind::Po => Items::Po(Box::new(po::Reader::open(input, path, options)?)),
        Kind::Moses => {
            let reason = "a Moses pair is two files and can not come from one input".to_owned();
            return Err(format_error(&path, Place::default(), reason));
        }
    };
    Ok(Reader { items, kind, place: Place::default() })
}

fn format_error(path: &Path, place: Place, reason: String) -> Error {
    Error::Format { path: path.to_path_buf(), place, reason }
}

/// A place in a file.
fn place(line: u64, byte: u64) -> Place {
    Place { line: Some(line), byte: Some(byte), tuid: None }
}

/// The error of a line whose bytes are no text.
fn not_text(path: PathBuf, line: u64, byte: u64, encoding: &'static Encoding) -> Error {
    Error::Encoding { path, place: place(line, byte), encoding: encoding.name() }
}
