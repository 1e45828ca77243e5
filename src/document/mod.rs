//! A document to be translated, as a CAT tool's file filter gives it: a file of any kind becomes segments in their order, and
//! goes out again with some of them filled, every other byte the same.
//!
//! ```
//! use dhakira::document::{Document, Fill, Kind, Options, Part};
//! let text = "# The port\n\nThe boats came **home**. Nobody sang.\n";
//! let document = Document::parse(Kind::Markdown, text.as_bytes(), "port.md", &Options::default())?;
//! let sources: Vec<String> = document.segments().iter().map(|s| s.source.text()).collect();
//! assert_eq!(sources, ["The port", "The boats came \u{FFFC}home\u{FFFC}.", "Nobody sang."]);
//! let target = Some(vec![Part::Text("عادت القوارب إلى ".into()), Part::Code(0), Part::Text("الديار".into()), Part::Code(1)]);
//! let filled = document.fill(&[Fill { segment: 1, target, confirmed: true, proposals: Vec::new() }])?;
//! assert_eq!(filled, "# The port\n\nعادت القوارب إلى **الديار** Nobody sang.\n".as_bytes());
//! # Ok::<(), dhakira::Error>(())
//! ```

mod carry;
mod docx;
mod edit;
mod encoded;
mod fill;
mod html;
mod markdown;
mod part;
mod plain;
mod po;
mod prose;
mod segment;
mod units;
mod xliff;

pub use carry::{Carried, carried};
pub use fill::{Fill, Proposal};
pub use part::Part;
pub use segment::{Segment, State};

use crate::error::Error;
use crate::lang::Lang;
use edit::Edit;
use encoded::{Encoded, Foreign};
use encoding_rs::Encoding;
use fill::rendered;
use prose::Paragraph;
use std::collections::HashMap;
use std::path::Path;

/// The endings that [`Kind::of`] knows, for messages.
pub const ENDINGS: &str = ".txt, .text, .md, .markdown, .html, .htm, .xhtml, .srt, .xlf, .xliff, .sdlxliff, .mqxliff, .mxliff, .po, .pot, .tmx, .docx";

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Plain text: each line a paragraph (`.txt`).
    Text,
    /// CommonMark with tables and footnotes (`.md`). Blocks of code and of HTML, front matter and targets of links stay.
    Markdown,
    /// HTML of any age, and XHTML. Attributes, scripts, `pre` and what says `translate="no"` stay.
    Html,
    /// Subtitles (`.srt`): a cue is a segment.
    Srt,
    /// XLIFF 1.0 to 2.2, and what translation tools make of it.
    Xliff,
    /// A catalogue of GNU gettext. Entries with a plural are counted, not filled.
    Po,
    /// TMX whose units wait for a translation.
    Tmx,
    /// A document of Word: body, notes, headers and footers. Paragraphs with tracked changes, text boxes and comments stay.
    Docx,
}

impl Kind {
    /// The kind that a file name's ending tells, whatever its case.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKind`] for an ending not in [`ENDINGS`].
    ///
    /// ```
    /// use dhakira::document::Kind;
    /// assert_eq!(Kind::of("دليل.MD").unwrap(), Kind::Markdown);
    /// assert!(Kind::of("صورة.png").is_err());
    /// ```
    pub fn of(path: impl AsRef<Path>) -> Result<Kind, Error> {
        let path = path.as_ref();
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        match ending.as_str() {
            "txt" | "text" => Ok(Kind::Text),
            "md" | "markdown" => Ok(Kind::Markdown),
            "html" | "htm" | "xhtml" => Ok(Kind::Html),
            "srt" => Ok(Kind::Srt),
            "xlf" | "xliff" | "sdlxliff" | "mqxliff" | "mxliff" => Ok(Kind::Xliff),
            "po" | "pot" => Ok(Kind::Po),
            "tmx" => Ok(Kind::Tmx),
            "docx" => Ok(Kind::Docx),
            _ => Err(Error::UnknownKind { path: path.to_path_buf(), known: ENDINGS }),
        }
    }

    /// Whether files of this kind hold source and translation side by side, with what is to be reviewed marked. In the others
    /// a translation takes the place of its source, and nothing tells one that is sure from one that is not.
    pub fn is_bilingual(self) -> bool {
        matches!(self, Kind::Xliff | Kind::Po | Kind::Tmx)
    }
}

/// How a document is read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The source language, where the file does not name it; else the script of its texts tells it.
    pub from: Option<Lang>,
    /// The encoding, where it can not be told from the bytes.
    pub encoding: Option<&'static Encoding>,
}

/// A document to be translated.
#[derive(Debug, Clone)]
pub struct Document {
    kind: Kind,
    file: Encoded,
    source: Lang,
    segments: Vec<Segment>,
    body: Body,
}

/// What is known of a file besides its segments.
#[derive(Debug, Clone)]
enum Body {
    /// A translation takes the place of its source.
    Prose,
    Xliff(xliff::Body),
    Po(Vec<po::Slot>),
    Tmx(Vec<units::Slot>),
    Docx(Box<docx::Body>),
}

impl Document {
    /// Reads a file; its ending tells the kind.
    ///
    /// # Errors
    ///
    /// The file can not be read or is of an unknown kind; it is not text in its encoding, or breaks its own format: then nothing
    /// of it is read. It is not from Arabic into English or the other way round.
    pub fn read(path: impl AsRef<Path>, options: &Options) -> Result<Document, Error> {
        let path = path.as_ref();
        let kind = Kind::of(path)?;
        let bytes = std::fs::read(path).map_err(|e| Error::io("read", path, e))?;
        Document::parse(kind, &bytes, path, options)
    }

    /// Reads the bytes of a file; `name` stands in messages.
    ///
    /// # Errors
    ///
    /// As [`Document::read`].
    pub fn parse(kind: Kind, bytes: &[u8], name: impl AsRef<Path>, options: &Options) -> Result<Document, Error> {
        if kind == Kind::Docx {
            return Document::parse_docx(bytes, name.as_ref(), options);
        }
        let file = Encoded::read(name.as_ref(), bytes, options.encoding)?;
        let (mut segments, source, body) = match kind {
            // An archive went its own way above.
            Kind::Text | Kind::Docx => prose(plain::lines(&file.text), options),
            Kind::Markdown => prose(markdown::paragraphs(&file.text), options),
            Kind::Html => {
                let (mut segments, source, body) = prose(html::paragraphs(&file.text), options);
                segments.iter_mut().for_each(prose::squeezed);
                (segments, source, body)
            }
            Kind::Srt => prose(plain::cues(&file)?, options),
            Kind::Xliff => {
                let (segments, source, body) = xliff::read(&file, options.from)?;
                (segments, source, Body::Xliff(body))
            }
            Kind::Po => {
                let (segments, source, slots) = po::read(&file, options.from)?;
                (segments, source, Body::Po(slots))
            }
            Kind::Tmx => {
                let (segments, source, slots) = units::read(&file, options.from)?;
                (segments, source, Body::Tmx(slots))
            }
        };
        number_lines(&file.text, &mut segments);
        Ok(Document { kind, file, source, segments, body })
    }

    fn parse_docx(bytes: &[u8], path: &Path, options: &Options) -> Result<Document, Error> {
        let mut body = docx::read(path, bytes)?;
        let said = prose::language(body.paragraphs.iter().map(|p| &p.paragraph));
        let source = options.from.or(said).unwrap_or(Lang::Ar);
        let mut segments = Vec::new();
        for para in &mut body.paragraphs {
            for (segment, atoms) in para.paragraph.sentences(source) {
                para.segments.push((segments.len(), atoms));
                segments.push(segment);
            }
        }
        let file = Encoded::of_archive(path);
        Ok(Document { kind: Kind::Docx, file, source, segments, body: Body::Docx(Box::new(body)) })
    }

    /// The kind of the file.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The name that the file was read under.
    pub fn path(&self) -> &Path {
        &self.file.path
    }

    /// The language that it is written in.
    pub fn source(&self) -> Lang {
        self.source
    }

    /// What is to be translated, in its order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The bytes of the file with these segments filled, every other byte the same. A fill in whose target not each code of the
    /// segment stands once, pairs closing in their order, puts nothing in; so does one for a segment that takes none.
    ///
    /// # Errors
    ///
    /// The encoding of a text, of subtitles or of a catalogue lacks letters of the translations.
    pub fn fill(&self, fills: &[Fill]) -> Result<Vec<u8>, Error> {
        let fillable = |fill: &&Fill| self.segments.get(fill.segment).is_some_and(|segment| segment.fillable);
        let fills: HashMap<usize, &Fill> = fills.iter().filter(fillable).map(|fill| (fill.segment, fill)).collect();
        let edits = match &self.body {
            Body::Prose => self.prose_edits(&fills),
            Body::Xliff(body) => xliff::edits(&self.file, &self.segments, body, &fills),
            Body::Po(slots) => po::edits(&self.file, &self.segments, slots, &fills),
            Body::Tmx(slots) => units::edits(&self.segments, self.source.other(), slots, &fills),
            Body::Docx(body) => {
                return docx::filled(&self.file.path, body, &self.segments, self.source.other(), &fills);
            }
        };
        let foreign = match self.kind {
            Kind::Markdown | Kind::Html | Kind::Xliff | Kind::Tmx => Foreign::Reference,
            _ => Foreign::Refused,
        };
        self.file.edited(edits, foreign)
    }

    fn prose_edits(&self, fills: &HashMap<usize, &Fill>) -> Vec<Edit> {
        let newline = self.file.newline();
        let escape = |text: &str| match self.kind {
            Kind::Markdown => markdown::escaped(text),
            Kind::Html => html::escaped(text),
            // A blank line would end a cue.
            Kind::Srt => text.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(newline),
            _ => text.replace(['\n', '\r'], " "),
        };
        let edit = |(number, fill): (&usize, &&Fill)| {
            let segment = &self.segments[*number];
            let mut with = rendered(segment, fill.target.as_deref()?, escape)?;
            if self.kind == Kind::Markdown {
                with = markdown::escaped_start(with);
            }
            Some(Edit { range: segment.span.clone(), with })
        };
        fills.iter().filter_map(edit).collect()
    }
}

/// The sentences of paragraphs.
fn prose(paragraphs: Vec<Paragraph>, options: &Options) -> (Vec<Segment>, Lang, Body) {
    // Without letters (numbers, signs) either language would do; Arabic is the source more often here.
    let source = options.from.or_else(|| prose::language(&paragraphs)).unwrap_or(Lang::Ar);
    let sentences = paragraphs.iter().flat_map(|paragraph| paragraph.sentences(source));
    (sentences.map(|(segment, _)| segment).collect(), source, Body::Prose)
}

/// Gives the segments of a text their lines, which are counted from each to the next.
fn number_lines(text: &str, segments: &mut [Segment]) {
    let (mut at, mut line) = (0, 1);
    for segment in segments {
        let start = segment.span.start;
        if start < at {
            (at, line) = (0, 1);
        }
        line += memchr::memchr_iter(b'\n', &text.as_bytes()[at..start]).count() as u64;
        at = start;
        segment.line = line;
    }
}
