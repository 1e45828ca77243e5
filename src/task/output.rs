//! Where units go: a file of any kind, whole or not at all, or a stream such as stdout.

use super::adaptation::{Adaptation, Adapted};
use super::source::{is_tmx, with_tmx_among_the_kinds};
use crate::bitext::{self, Kind};
use crate::error::Error;
use crate::file::NewFile;
use crate::lang::{Lang, LangTag};
use crate::tmx::{self, Header, Line, Selection};
use crate::unit::Unit;
use std::io::{self, IoSlice, Write};
use std::path::{Path, PathBuf};

/// What a file is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputForm {
    /// TMX 1.4.
    Tmx,
    /// Another kind.
    Bitext(Kind),
    /// Apache Parquet.
    #[cfg(feature = "parquet")]
    Parquet,
}

impl OutputForm {
    /// The form that a file name's ending tells.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKind`] for an ending that says nothing here.
    ///
    /// ```
    /// use dhakira::bitext::Kind;
    /// use dhakira::task::OutputForm;
    /// assert_eq!(OutputForm::of("ذاكرة.tmx".as_ref()).unwrap(), OutputForm::Tmx);
    /// assert_eq!(OutputForm::of("ذاكرة.po".as_ref()).unwrap(), OutputForm::Bitext(Kind::Po));
    /// assert!(OutputForm::of("ذاكرة.docx".as_ref()).is_err());
    /// ```
    pub fn of(path: &Path) -> Result<OutputForm, Error> {
        if is_tmx(path) {
            return Ok(OutputForm::Tmx);
        }
        #[cfg(feature = "parquet")]
        if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet")) {
            return Ok(OutputForm::Parquet);
        }
        Kind::of(path).map(OutputForm::Bitext).map_err(with_tmx_among_the_kinds)
    }
}

/// How units are written.
#[derive(Debug, Clone, Default)]
pub struct OutputOptions {
    /// The form; otherwise the file's ending tells it.
    pub form: Option<OutputForm>,
    /// What is changed on the way.
    pub adaptation: Adaptation,
    /// For every form but TMX.
    pub bitext: bitext::WriteOptions,
}

/// What was written, what this form could not hold, and what was changed because it was asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Units written.
    pub units: u64,
    /// Units without both sides, which only TMX can hold.
    pub left_out: u64,
    /// Units that say what an earlier one says, of which PO holds one only.
    pub repeated: u64,
    /// Texts in which line breaks or tabs became spaces.
    pub flattened: u64,
    /// Cells of a table that got an apostrophe, for a spreadsheet would take them for formulas.
    pub guarded: u64,
    /// Segments that lost inline codes because the form has none.
    pub codes: u64,
    /// Characters left out because XML forbids them.
    pub removed: u64,
    /// What was asked for.
    pub adapted: Adapted,
}

/// A file or stream that takes units; only [`Output::finish`] gives a file its name. Dropped before, it leaves nothing.
///
/// ```
/// use dhakira::task::{Output, OutputOptions};
/// use dhakira::tmx::{Header, parse_unit};
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("نعم.tsv");
/// let unit = parse_unit("<tu><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv><tuv xml:lang=\"en\"><seg>yes</seg></tuv></tu>").unwrap();
/// let mut output = Output::create(&path, &Header::new("ar"), &OutputOptions::default()).unwrap();
/// output.write(&unit).unwrap();
/// assert!(!path.exists());
/// assert_eq!(output.finish().unwrap().units, 1);
/// assert_eq!(std::fs::read_to_string(&path).unwrap(), "ar\ten\nنعم\tyes\n");
/// ```
pub struct Output {
    writer: Writer,
    name: PathBuf,
    adaptation: Adaptation,
    source: Option<Lang>,
    adapted: Adapted,
}

enum Writer {
    Tmx(tmx::Writer<Sink>),
    Bitext(bitext::Writer<Sink>),
    #[cfg(feature = "parquet")]
    Parquet(Box<bitext::ParquetWriter<Sink>>),
}

enum Sink {
    File(NewFile),
    Stream(Box<dyn Write + Send>),
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sink::File(file) => file.write(bytes),
            Sink::Stream(stream) => stream.write(bytes),
        }
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        match self {
            Sink::File(file) => file.write_vectored(slices),
            Sink::Stream(stream) => stream.write_vectored(slices),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Sink::File(file) => file.flush(),
            Sink::Stream(stream) => stream.flush(),
        }
    }
}

impl Output {
    /// A file, which takes its name at [`Output::finish`]; for a Moses pair the path of either side. `header` is that of a
    /// TMX file; other forms take their source language from it.
    ///
    /// # Errors
    ///
    /// An ending that is unknown, a folder that can not be written.
    pub fn create(path: &Path, header: &Header, options: &OutputOptions) -> Result<Output, Error> {
        let form = options.form.map_or_else(|| OutputForm::of(path), Ok)?;
        if form == OutputForm::Bitext(Kind::Moses) {
            let ending = LangTag::new(path.extension().and_then(|e| e.to_str()).unwrap_or_default());
            let side = |lang: Lang| {
                let path =
                    if ending.lang() == Some(lang) { path.to_path_buf() } else { path.with_extension(lang.code()) };
                NewFile::create(path).map(Sink::File)
            };
            let writer = Writer::Bitext(bitext::Writer::moses(side(Lang::Ar)?, side(Lang::En)?));
            return Ok(Output::with(writer, path, header, options));
        }
        Output::new(Sink::File(NewFile::create(path)?), path, form, header, options)
    }

    /// A stream, TMX unless the options say otherwise; `name` stands in messages.
    ///
    /// # Errors
    ///
    /// Those of the stream; a Moses pair, which is two files.
    pub fn stream(
        stream: Box<dyn Write + Send>,
        name: &Path,
        header: &Header,
        options: &OutputOptions,
    ) -> Result<Output, Error> {
        let form = options.form.unwrap_or(OutputForm::Tmx);
        Output::new(Sink::Stream(stream), name, form, header, options)
    }

    fn new(
        sink: Sink,
        name: &Path,
        form: OutputForm,
        header: &Header,
        options: &OutputOptions,
    ) -> Result<Output, Error> {
        let failed = |e| Error::io("write", name, e);
        let writer = match form {
            OutputForm::Tmx => Writer::Tmx(tmx::Writer::new(sink, &options.adaptation.header(header)).map_err(failed)?),
            OutputForm::Bitext(kind) => {
                let mut bitext = options.bitext.clone();
                bitext.source = bitext.source.or_else(|| source_of(header));
                Writer::Bitext(bitext::Writer::new(kind, sink, &bitext).map_err(failed)?)
            }
            #[cfg(feature = "parquet")]
            OutputForm::Parquet => Writer::Parquet(Box::new(bitext::ParquetWriter::new(sink).map_err(failed)?)),
        };
        Ok(Output::with(writer, name, header, options))
    }

    fn with(writer: Writer, name: &Path, header: &Header, options: &OutputOptions) -> Output {
        Output {
            writer,
            name: name.to_path_buf(),
            adaptation: options.adaptation.clone(),
            source: source_of(header),
            adapted: Adapted::default(),
        }
    }

    /// Writes one unit.
    ///
    /// # Errors
    ///
    /// The disk is full or failed.
    pub fn write(&mut self, unit: &Unit) -> Result<(), Error> {
        if self.adaptation.is_none() {
            return self.write_as_is(unit);
        }
        let first = || unit.variants.iter().find_map(|v| v.tag.lang());
        let source = self.source.or_else(first).unwrap_or(Lang::Ar);
        let units = self.adaptation.adapt(unit, source, &mut self.adapted);
        units.iter().try_for_each(|unit| self.write_as_is(unit))
    }

    /// Writes one unit that is a canonical line; into TMX that changes nothing it goes as it is.
    ///
    /// # Errors
    ///
    /// The disk is full or failed.
    pub fn write_line(&mut self, line: &Line<'_>) -> Result<(), Error> {
        match &mut self.writer {
            Writer::Tmx(writer) if self.adaptation.is_none() => {
                writer.write_line(line).map_err(|e| Error::io("write", &self.name, e))
            }
            _ => self.write(&line.to_unit().expect("what is written canonically can be read")),
        }
    }

    /// Writes some units of a block of canonical lines, as [`Output::write_line`] would one by one.
    ///
    /// # Errors
    ///
    /// The disk is full or failed.
    pub fn write_selection(&mut self, selection: &Selection<'_>) -> Result<(), Error> {
        match &mut self.writer {
            Writer::Tmx(writer) if self.adaptation.is_none() => {
                writer.write_selection(selection).map_err(|e| Error::io("write", &self.name, e))
            }
            _ => selection.units().try_for_each(|unit| self.write(&unit)),
        }
    }

    fn write_as_is(&mut self, unit: &Unit) -> Result<(), Error> {
        let written = match &mut self.writer {
            Writer::Tmx(writer) => writer.write_unit(unit),
            Writer::Bitext(writer) => writer.write_unit(unit),
            #[cfg(feature = "parquet")]
            Writer::Parquet(writer) => writer.write_unit(unit),
        };
        written.map_err(|e| Error::io("write", &self.name, e))
    }

    /// Brings everything to disk, gives files their names, and says what was written.
    ///
    /// # Errors
    ///
    /// The disk is full or failed; the name is then as it was.
    pub fn finish(self) -> Result<Delivered, Error> {
        let failed = |e| Error::io("write", &self.name, e);
        let adapted = self.adapted;
        let (sinks, delivered) = match self.writer {
            Writer::Tmx(writer) => {
                let (units, removed) = (writer.units(), writer.removed());
                (vec![writer.finish().map_err(failed)?], Delivered { units, removed, ..Delivered::default() })
            }
            Writer::Bitext(writer) => {
                let (sinks, written) = writer.finish().map_err(failed)?;
                let delivered = Delivered {
                    units: written.units,
                    left_out: written.left_out,
                    repeated: written.repeated,
                    flattened: written.flattened,
                    guarded: written.guarded,
                    codes: written.codes,
                    removed: written.removed,
                    adapted,
                };
                (sinks, delivered)
            }
            #[cfg(feature = "parquet")]
            Writer::Parquet(writer) => {
                let (sink, written) = writer.finish().map_err(failed)?;
                let bitext::Written { units, left_out, codes, .. } = written;
                (vec![sink], Delivered { units, left_out, codes, ..Delivered::default() })
            }
        };
        for sink in sinks {
            if let Sink::File(file) = sink {
                file.commit()?;
            }
        }
        Ok(Delivered { adapted, ..delivered })
    }
}

fn source_of(header: &Header) -> Option<Lang> {
    header.srclang().and_then(|tag| LangTag::new(tag).lang())
}
