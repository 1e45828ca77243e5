//! TMX in: one unit at a time in constant memory, broken units set aside, nothing else lost.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use super::header::Header;
use super::parse::{Flaw, parse_header, parse_unit, start_tag_attributes};
use super::scan::{End, Mark, Root, Scanner, State};
use crate::error::{Error, Place};
use crate::file::Source;
use crate::lang::LangTag;
use crate::unit::{Meta, Piece, Seg, Unit, Variant};

/// How a file is read.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// The encoding, where the file says it wrongly and it can not be told from its bytes.
    pub encoding: Option<&'static Encoding>,
    /// Whether a unit is read although it has a side without text and fewer than two sides with text. Otherwise it is set
    /// aside: an empty translation that is taken for one has been written into documents.
    pub keep_empty: bool,
    /// A unit longer than this (in bytes of UTF-8) is set aside, its beginning as its raw bytes.
    pub max_unit: usize,
}

impl Default for ReadOptions {
    fn default() -> ReadOptions {
        ReadOptions { encoding: None, keep_empty: false, max_unit: 128 << 20 }
    }
}

/// A unit and where it stands: `len` bytes from `byte` of the file, which [`parse_unit`] reads again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The unit.
    pub unit: Unit,
    /// 1-based line of its start.
    pub line: u64,
    /// 0-based byte offset of its start in the file.
    pub byte: u64,
    /// Its length in bytes of the file.
    pub len: u64,
}

/// Something that could not be read and was set aside; reading goes on behind it.
#[derive(Debug)]
pub struct Reject {
    /// Where (the very line and byte of the flaw), why, and what to do.
    pub error: Error,
    /// 0-based byte offset of the unit's start in the file.
    pub byte: u64,
    /// The unit as its file has it, decoded to UTF-8; bytes that are no text stay as they are in a UTF-8 file. Empty where the
    /// error is not about a unit.
    pub raw: Vec<u8>,
}

impl Reject {
    /// The reject as a unit of a rejects file that is TMX itself, so that every tool can open it: reason, file, line and byte
    /// as props (`x-reject-…`), the raw bytes as the one segment's text, control characters as their pictures (U+2400 on).
    ///
    /// ```
    /// use dhakira::tmx;
    /// let file = "<tmx version=\"1.4\"><body>\n<tu tuid=\"5\"><tuv xml:lang=\"ar\"><seg>سطر\u{B}آخر</seg></tuv></tu>\n</body></tmx>";
    /// let reject = tmx::Reader::from_bytes(file.as_bytes(), "قديم.tmx").unwrap().next().unwrap().unwrap_err();
    /// let unit = reject.to_unit();
    /// assert_eq!((unit.id(), unit.prop("x-reject-file"), unit.prop("x-reject-line")), (Some("5"), Some("قديم.tmx"), Some("2")));
    /// assert_eq!(unit.prop("x-reject-reason"), Some("character U+000B, which XML forbids; remove it"));
    /// assert!(unit.variants[0].seg.text().contains("<seg>سطر␋آخر</seg>"));
    /// ```
    pub fn to_unit(&self) -> Unit {
        let mut unit = Unit::default();
        let place = self.error.place().cloned().unwrap_or_default();
        if let Some(tuid) = place.tuid {
            unit.set_attr("tuid", tuid);
        }
        let reason = match &self.error {
            Error::Format { reason, .. } => reason.clone(),
            other => other.to_string(),
        };
        let mut prop = |name: &str, text: String| unit.meta.push(Meta::prop(format!("x-reject-{name}"), text));
        prop("reason", reason);
        prop("file", self.error.path().display().to_string());
        if let Some(line) = place.line {
            prop("line", line.to_string());
        }
        if let Some(byte) = place.byte {
            prop("byte", byte.to_string());
        }
        let picture = |c: char| match c {
            '\t' | '\n' | '\r' => c,
            '\0'..='\u{1F}' => char::from_u32(0x2400 + c as u32).unwrap_or(c),
            _ => c,
        };
        let raw: String = String::from_utf8_lossy(&self.raw).chars().map(picture).collect();
        let seg = if raw.is_empty() { Seg::default() } else { Seg::plain(raw) };
        // `und` is BCP 47's tag for a language that is not known.
        unit.variants.push(Variant::new(LangTag::new("und"), seg));
        unit
    }
}

impl From<Reject> for Error {
    fn from(reject: Reject) -> Error {
        reject.error
    }
}

/// What was read so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Units that were handed out.
    pub read: u64,
    /// Units that were set aside.
    pub set_aside: u64,
    /// Whether the file stops before its end.
    pub truncated: bool,
    /// What is wrong with the file as a whole and did no harm, as `line, what`: a header that is missing or broken, a
    /// declaration that lies about the encoding.
    pub warnings: Vec<(u64, String)>,
    /// Comments and processing instructions outside units and header. They are no part of a memory: whoever writes what was
    /// read should say that they are gone.
    pub comments: u64,
}

/// Reads a TMX file unit by unit: an iterator over units and, as errors, what had to be set aside.
///
/// TMX 1.1 to 1.4b, level 1 and 2. The encoding is told by byte order mark, zero bytes, UTF-8 itself, the declaration and
/// at last a guess; `lang` counts as `xml:lang`; a DOCTYPE is never fetched and no entity expanded. A broken unit is one
/// error item with its place and its raw bytes, and reading goes on behind it. A file that stops half-way gives all its
/// complete units and then an error: it is never taken for a shorter memory. After an error of the system itself
/// ([`Error::Io`]) the iterator ends.
///
/// ```
/// use dhakira::{Lang, tmx};
/// let file = "<tmx version=\"1.4\"><body>
/// <tu><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv><tuv xml:lang=\"en\"><seg>yes</seg></tuv></tu>
/// <tu><tuv xml:lang=\"ar\"><seg>R&D</seg></tuv></tu>
/// </body></tmx>";
/// let mut reader = tmx::Reader::from_bytes(file.as_bytes(), "ذاكرة.tmx").unwrap();
/// let first = reader.next().unwrap().unwrap();
/// assert_eq!(first.unit.text_of(Lang::Ar).as_deref(), Some("نعم"));
/// assert_eq!(&file[first.byte as usize..][..first.len as usize], tmx::unit_xml(&first.unit).unwrap());
/// let second = reader.next().unwrap().unwrap_err();
/// assert!(second.error.to_string().starts_with("ذاكرة.tmx:3 (byte 146): a bare &"), "{}", second.error);
/// assert!(reader.next().is_none());
/// assert_eq!((reader.report().read, reader.report().set_aside), (1, 1));
/// ```
pub struct Reader<R> {
    pub(super) scanner: Scanner<R>,
    path: PathBuf,
    pub(super) options: ReadOptions,
    header: Header,
    pub(super) report: Report,
}

/// First bytes of what is no TMX, and what it is.
const FOREIGN: [(&[u8], &str); 8] = [
    (b"\x1F\x8B", "a gzip archive; unpack it first"),
    (b"PK\x03\x04", "a zip archive; unpack it first"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"\xFD7zXZ", "an xz archive; unpack it first"),
    (b"\0\0\xFE\xFF", "UTF-32, which TMX does not allow; convert it to UTF-8"),
    (b"\xFF\xFE\0\0", "UTF-32, which TMX does not allow; convert it to UTF-8"),
    (b"\0\0\0<", "UTF-32, which TMX does not allow; convert it to UTF-8"),
    (b"<\0\0\0", "UTF-32, which TMX does not allow; convert it to UTF-8"),
];

impl Reader<BufReader<File>> {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    ///
    /// The file can not be read, is empty, or is no TMX by its first bytes (an archive, UTF-32).
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let file = File::open(path).map_err(|e| Error::io("read", path, e))?;
        Reader::new(BufReader::with_capacity(64 * 1024, file), path, ReadOptions::default())
    }
}

impl<'a> Reader<&'a [u8]> {
    /// Reads from memory; `name` stands in messages.
    ///
    /// # Errors
    ///
    /// As [`Reader::open`].
    pub fn from_bytes(bytes: &'a [u8], name: impl AsRef<Path>) -> Result<Self, Error> {
        Reader::new(bytes, name, ReadOptions::default())
    }
}

impl<R: BufRead> Reader<R> {
    /// Reads from `input`; `name` stands in messages.
    ///
    /// # Errors
    ///
    /// As [`Reader::open`].
    pub fn new(mut input: R, name: impl AsRef<Path>, options: ReadOptions) -> Result<Reader<R>, Error> {
        let path = name.as_ref().to_path_buf();
        let failed = |e| Error::io("read", &path, e);
        let head = input.fill_buf().map_err(failed)?;
        if let Some((_, what)) = FOREIGN.iter().find(|(magic, _)| head.starts_with(magic)) {
            let place = Place { line: Some(1), byte: Some(0), tuid: None };
            return Err(Error::Format { path, place, reason: format!("not a TMX file but {what}") });
        }
        let mut source = Source::new(input, options.encoding).map_err(failed)?;
        if source.window().trim_ascii().is_empty() {
            return Err(Error::Empty { path });
        }
        let mut report = Report::default();
        if let Some(lie) = source.lie() {
            report.warnings.push((1, lie));
        }
        let mut reader = Reader {
            scanner: Scanner::new(source, options.max_unit),
            path,
            options,
            header: Header::missing(),
            report,
        };
        reader.prolog().map_err(|e| Error::io("read", name, e))?;
        Ok(reader)
    }

    /// The header as the file has it; without attributes if the file has none.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The encoding that was found.
    pub fn encoding(&self) -> &'static Encoding {
        self.scanner.source.encoding()
    }

    /// What was read so far.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The name that stands in messages.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads up to the first unit.
    fn prolog(&mut self) -> io::Result<()> {
        loop {
            let mark = self.scanner.outside()?;
            self.report.comments = self.scanner.comments;
            match mark {
                Some(Mark::Header) => {
                    let (line, _) = self.scanner.source.place(0);
                    let len = self.scanner.header_len()?;
                    let text = String::from_utf8_lossy(&self.scanner.source.window()[..len]).into_owned();
                    let version = std::mem::take(&mut self.header.version);
                    let (header, flaws) = parse_header(&text);
                    self.header = header;
                    self.header.version = version;
                    for flaw in flaws {
                        let line = line + text[..flaw.offset].matches('\n').count() as u64;
                        self.report.warnings.push((line, flaw.reason));
                    }
                    self.scanner.source.consume(len);
                    return Ok(());
                }
                Some(Mark::Root) => {
                    let len = self.scanner.tag_len()?.unwrap_or(4);
                    let tag = String::from_utf8_lossy(&self.scanner.source.window()[..len]).into_owned();
                    let version = start_tag_attributes(&tag).into_iter().find(|(n, _)| n == "version");
                    self.header.version = version.map(|(_, v)| v).unwrap_or_default();
                    self.scanner.source.consume(len);
                    if tag.ends_with("/>") {
                        self.scanner.root = Root::Closed;
                    }
                }
                Some(Mark::Unit | Mark::Orphan | Mark::Body) | None => {
                    let (line, _) = self.scanner.source.place(0);
                    self.report.warnings.push((line, "the file has no <header>".to_owned()));
                    return Ok(());
                }
            }
        }
    }

    /// Reads the unit (or what is left of one) at the window's start.
    fn unit(&mut self, mark: Mark) -> Option<Result<Entry, Reject>> {
        let end = match self.scanner.unit_end() {
            Ok(end) => end,
            Err(error) => return Some(Err(self.fatal(error))),
        };
        let (len, trouble) = match end {
            End::Whole(len) | End::Unclosed(len) if mark == Mark::Orphan => {
                (len, Some("a <tuv> outside a unit: its <tu> is missing or broken"))
            }
            End::Whole(len) => (len, None),
            End::Unclosed(len) => (len, Some("a unit without </tu>")),
            End::TooLong(len) => (len, Some("a unit longer than the limit for one")),
            End::Truncated(len) => {
                (len, Some("the file stops inside this unit; the rest of it is missing, get the file again"))
            }
        };
        let slice = &self.scanner.source.window()[..len];
        let result = match trouble {
            Some(reason) => {
                let text = std::str::from_utf8(slice).unwrap_or_default();
                Err(Flaw { offset: 0, tuid: tuid_of(text), reason: reason.to_owned() })
            }
            None => read_unit(slice, self.scanner.source.encoding(), self.options.keep_empty),
        };
        let (line, byte) = self.scanner.source.place(0);
        let result = match result {
            Ok(unit) => {
                self.report.read += 1;
                Ok(Entry { unit, line, byte, len: self.scanner.source.file_len(slice) })
            }
            Err(flaw) => {
                let shown = if matches!(end, End::TooLong(_)) { len.min(4096) } else { len };
                Err(self.set_aside(flaw, len, shown))
            }
        };
        match end {
            End::TooLong(_) => self.scanner.state = State::Skipping,
            End::Truncated(_) => {
                self.report.truncated = true;
                self.scanner.state = State::Done;
            }
            _ => {}
        }
        self.scanner.source.consume(len);
        Some(result)
    }

    /// The reject for a flaw of the unit of `len` bytes at the window's start, of which it shows the first ones.
    pub(super) fn set_aside(&mut self, flaw: Flaw, len: usize, shown: usize) -> Reject {
        self.report.set_aside += 1;
        let (line, at) = self.scanner.source.place(flaw.offset.min(len));
        let place = Place { line: Some(line), byte: Some(at), tuid: flaw.tuid };
        let error = Error::Format { path: self.path.clone(), place, reason: flaw.reason };
        let byte = self.scanner.source.place(0).1;
        Reject { error, byte, raw: self.scanner.source.window()[..shown].to_vec() }
    }

    /// The end of the input: fine, or too early.
    fn end(&mut self) -> Option<Reject> {
        self.scanner.state = State::Done;
        if self.scanner.root == Root::Closed {
            return None;
        }
        self.report.truncated = true;
        let reason = match self.scanner.root {
            Root::Unseen if self.report.read + self.report.set_aside == 0 => {
                "no <tmx> in it: not a TMX file".to_owned()
            }
            _ => format!("the file stops before </tmx>: {} complete units, what followed is missing", self.report.read),
        };
        let (line, byte) = self.scanner.source.place(0);
        let place = Place { line: Some(line), byte: Some(byte), tuid: None };
        Some(Reject { error: Error::Format { path: self.path.clone(), place, reason }, byte, raw: Vec::new() })
    }

    pub(super) fn fatal(&mut self, error: io::Error) -> Reject {
        self.scanner.state = State::Done;
        let error = Error::io("read", &self.path, error);
        Reject { error, byte: self.scanner.source.place(0).1, raw: Vec::new() }
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Entry, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.scanner.state != State::Done {
            let mark = self.scanner.outside();
            self.report.comments = self.scanner.comments;
            match mark {
                Ok(Some(mark @ (Mark::Unit | Mark::Orphan))) => {
                    self.scanner.state = State::Reading;
                    return self.unit(mark);
                }
                Ok(Some(_)) => self.scanner.source.consume(1),
                Ok(None) => return self.end().map(Err),
                Err(error) => return Some(Err(self.fatal(error))),
            }
        }
        None
    }
}

/// Reads a whole unit from its bytes: text or not, as XML, and with something on its sides.
pub(super) fn read_unit(slice: &[u8], encoding: &'static Encoding, keep_empty: bool) -> Result<Unit, Flaw> {
    let text = std::str::from_utf8(slice).map_err(|error| {
        let valid = std::str::from_utf8(&slice[..error.valid_up_to()]).unwrap_or_default();
        let reason =
            format!("bytes that are no text in {}; if the file is in another encoding, name it", encoding.name());
        Flaw { offset: error.valid_up_to(), tuid: tuid_of(valid), reason }
    })?;
    let unit = parse_unit(text)?;
    let content = |v: &&Variant| !v.seg.is_blank() || v.seg.pieces.iter().any(|p| matches!(p, Piece::Code(_)));
    let full = unit.variants.iter().filter(content).count();
    if keep_empty || full >= 2 || full == unit.variants.len() {
        return Ok(unit);
    }
    let reason = "a side without text: nothing to learn from, and dangerous as a translation".to_owned();
    Err(Flaw { offset: 0, tuid: unit.id().map(str::to_owned), reason })
}

fn tuid_of(xml: &str) -> Option<String> {
    start_tag_attributes(xml).into_iter().find(|(n, _)| n == "tuid").map(|(_, v)| v)
}
