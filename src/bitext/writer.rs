//! Units out as tables, JSON lines, Moses pairs, XLIFF and PO.

use std::borrow::{Borrow, Cow};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::columns::Column;
use super::po_catalogue::{self, Catalogue};
use super::xliff_id::UnitIds;
use super::{Kind, Quoting, guard_formulas, xliff1, xliff2};
use crate::error::Error;
use crate::file::NewFile;
use crate::lang::{Lang, LangTag};
use crate::unit::{Unit, Variant};

/// How units are written.
#[derive(Debug, Clone)]
pub struct WriteOptions {
    /// The columns of a table in their order, by the names that [`ReadOptions::columns`](super::ReadOptions::columns) has;
    /// they are also its header line.
    pub columns: Vec<String>,
    /// Whether a table gets a header line.
    pub header: bool,
    /// How a table is quoted; otherwise plain in TSV (line breaks and tabs in text become spaces and are counted), quoted in
    /// CSV.
    pub quoting: Option<Quoting>,
    /// Whether cells of a table that a spreadsheet would take for formulas get an apostrophe before them
    /// ([`guard_formulas`](super::guard_formulas)), which [`ReadOptions::formulas_guarded`](super::ReadOptions::formulas_guarded)
    /// takes away. Otherwise every cell is the text as stored.
    pub guard_formulas: bool,
    /// The source language of XLIFF and PO; otherwise that of the first unit's first variant.
    pub source: Option<Lang>,
    /// The version of XLIFF.
    pub xliff: XliffVersion,
}

/// A version of XLIFF that is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum XliffVersion {
    /// XLIFF 1.2, which every translation tool reads.
    #[default]
    V1_2,
    /// XLIFF 2.0 with the metadata module.
    V2_0,
}

impl Default for WriteOptions {
    fn default() -> WriteOptions {
        WriteOptions {
            columns: vec!["ar".to_owned(), "en".to_owned()],
            header: true,
            quoting: None,
            guard_formulas: false,
            source: None,
            xliff: XliffVersion::default(),
        }
    }
}

/// What was written, and what of it this kind of file could not hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Units written.
    pub units: u64,
    /// Units left out because they lack a side, or because all sides they have are empty.
    pub left_out: u64,
    /// Texts in which line breaks or tabs became spaces.
    pub flattened: u64,
    /// Cells that got an apostrophe, for a spreadsheet would take them for formulas.
    pub guarded: u64,
    /// Units that PO can not hold beside an earlier one: they say the same in the same context.
    pub repeated: u64,
    /// Segments that lost inline codes; in PO they keep the native code as text.
    pub codes: u64,
    /// Characters left out because XML forbids them.
    pub removed: u64,
}

/// Writes units one by one; [`Writer::finish`] flushes and counts.
#[derive(Debug)]
pub struct Writer<W: Write> {
    form: Form,
    /// One sink, or the Arabic and the English one of a Moses pair.
    sinks: Vec<W>,
    written: Written,
}

#[derive(Debug)]
enum Form {
    Table {
        columns: Vec<Column>,
        delimiter: char,
        quoting: Quoting,
        guard: bool,
    },
    JsonLines,
    Moses,
    /// A file of two languages, which its first unit tells where the options do not.
    Bilingual {
        form: Bilingual,
        source: Option<Lang>,
        tags: Option<(LangTag, LangTag)>,
    },
}

#[derive(Debug)]
enum Bilingual {
    Xliff1(UnitIds),
    Xliff2(UnitIds),
    Po(Catalogue),
}

impl Bilingual {
    fn head(&self, source: &LangTag, target: &LangTag) -> String {
        match self {
            Bilingual::Xliff1(_) => xliff1::head(source, target),
            Bilingual::Xliff2(_) => xliff2::head(source, target),
            Bilingual::Po(_) => po_catalogue::head(source, target),
        }
    }

    fn tail(&self) -> &'static str {
        match self {
            Bilingual::Xliff1(_) => xliff1::TAIL,
            Bilingual::Xliff2(_) => xliff2::TAIL,
            Bilingual::Po(_) => "",
        }
    }
}

impl<W: Write> Writer<W> {
    /// Writes to one sink; the header line of a table goes out at once.
    ///
    /// # Errors
    ///
    /// Those of the sink; `InvalidInput` for [`Kind::Moses`], which [`Writer::moses`] writes.
    ///
    /// ```
    /// use dhakira::bitext::{Kind, WriteOptions, Writer};
    /// use dhakira::unit::{Seg, Unit, Variant};
    /// let sides = [("ar", "قال: \"نعم\""), ("en", "He said, yes")];
    /// let variants = sides.map(|(tag, text)| Variant::new(dhakira::LangTag::new(tag), Seg::plain(text))).into();
    /// let mut writer = Writer::new(Kind::Csv, Vec::new(), &WriteOptions::default()).unwrap();
    /// writer.write_unit(&Unit { variants, ..Unit::default() }).unwrap();
    /// let (sinks, written) = writer.finish().unwrap();
    /// assert_eq!(String::from_utf8_lossy(&sinks[0]), "ar,en\r\n\"قال: \"\"نعم\"\"\",\"He said, yes\"\r\n");
    /// assert_eq!(written.units, 1);
    /// ```
    pub fn new(kind: Kind, sink: W, options: &WriteOptions) -> io::Result<Writer<W>> {
        let form = match kind {
            Kind::Moses => return Err(io::Error::new(io::ErrorKind::InvalidInput, "a Moses pair needs two files")),
            Kind::JsonLines => Form::JsonLines,
            Kind::Xliff | Kind::Po => {
                let form = match (kind, options.xliff) {
                    (Kind::Po, _) => Bilingual::Po(Catalogue::default()),
                    (_, XliffVersion::V1_2) => Bilingual::Xliff1(UnitIds::default()),
                    (_, XliffVersion::V2_0) => Bilingual::Xliff2(UnitIds::default()),
                };
                Form::Bilingual { form, source: options.source, tags: None }
            }
            Kind::Tsv | Kind::Csv => Form::Table {
                columns: options.columns.iter().map(|name| Column::named(name)).collect(),
                delimiter: if kind == Kind::Csv { ',' } else { '\t' },
                quoting: options.quoting.unwrap_or(if kind == Kind::Csv { Quoting::Quoted } else { Quoting::Plain }),
                guard: options.guard_formulas,
            },
        };
        let mut writer = Writer { form, sinks: vec![sink], written: Written::default() };
        if options.header && matches!(writer.form, Form::Table { .. }) {
            writer.write_row(&options.columns)?;
        }
        Ok(writer)
    }

    /// Writes a Moses pair, a line to each sink.
    pub fn moses(arabic: W, english: W) -> Writer<W> {
        Writer { form: Form::Moses, sinks: vec![arabic, english], written: Written::default() }
    }

    /// Writes one unit, or leaves it out and counts it.
    ///
    /// # Errors
    ///
    /// Those of the sink.
    pub fn write_unit(&mut self, unit: &Unit) -> io::Result<()> {
        let sides = Lang::BOTH.map(|lang| unit.variants_of(lang).find(|v| !v.seg.is_blank()));
        let ([Some(arabic), Some(english)], true) = (sides, unit.variants.len() > 1) else {
            self.written.left_out += 1;
            return Ok(());
        };
        match &mut self.form {
            Form::Bilingual { form, source, tags } => {
                let source =
                    *source.get_or_insert_with(|| unit.variants.iter().find_map(|v| v.tag.lang()).unwrap_or(Lang::Ar));
                let mut out = String::new();
                let (from, to) = if source == Lang::Ar { (arabic, english) } else { (english, arabic) };
                let tags = tags.get_or_insert_with(|| {
                    let tags = (from.tag.clone(), to.tag.clone());
                    out.push_str(&form.head(&tags.0, &tags.1));
                    tags
                });
                let removed = match form {
                    Bilingual::Xliff1(ids) => xliff1::push(&mut out, unit, source, (&tags.0, &tags.1), ids),
                    Bilingual::Xliff2(ids) => xliff2::push(&mut out, unit, source, ids),
                    Bilingual::Po(catalogue) => {
                        let is_code =
                            |v: &&Variant| v.seg.pieces.iter().any(|p| !matches!(p, crate::unit::Piece::Text(_)));
                        if !catalogue.push(&mut out, unit, source) {
                            self.written.repeated += 1;
                            return self.sinks[0].write_all(out.as_bytes());
                        }
                        self.written.codes += [arabic, english].iter().filter(|v| is_code(v)).count() as u64;
                        0
                    }
                };
                self.written.removed += removed;
                self.sinks[0].write_all(out.as_bytes())?;
            }
            Form::JsonLines => {
                let line = self.object(unit);
                self.sinks[0].write_all(line.as_bytes())?;
                self.sinks[0].write_all(b"\n")?;
            }
            Form::Moses => {
                for (side, variant) in [arabic, english].into_iter().enumerate() {
                    let text = self.text(variant);
                    let mut line = self.flat(&text, &['\n', '\r']);
                    line.push('\n');
                    self.sinks[side].write_all(line.as_bytes())?;
                }
            }
            Form::Table { columns, delimiter, quoting, guard } => {
                let (delimiter, is_plain, guard) = (*delimiter, *quoting == Quoting::Plain, *guard);
                let source = unit.variants.first().and_then(|v| v.tag.lang()).unwrap_or(Lang::Ar);
                let columns = columns.clone();
                let mut cells: Vec<String> = columns.iter().map(|column| self.cell(unit, column, source)).collect();
                for cell in &mut cells {
                    if is_plain {
                        *cell = self.flat(cell, &[delimiter, '\n', '\r']);
                    }
                    if let (true, Cow::Owned(guarded)) = (guard, guard_formulas(cell)) {
                        *cell = guarded;
                        self.written.guarded += 1;
                    }
                }
                self.write_row(&cells)?;
            }
        }
        self.written.units += 1;
        Ok(())
    }

    /// Flushes and gives the sinks back (two for a Moses pair, Arabic first).
    ///
    /// # Errors
    ///
    /// Those of the sinks.
    pub fn finish(mut self) -> io::Result<(Vec<W>, Written)> {
        if let Form::Bilingual { form, source, tags } = &self.form {
            let source = source.unwrap_or(Lang::Ar);
            if tags.is_none() {
                self.sinks[0].write_all(form.head(&source.into(), &source.other().into()).as_bytes())?;
            }
            self.sinks[0].write_all(form.tail().as_bytes())?;
        }
        for sink in &mut self.sinks {
            sink.flush()?;
        }
        Ok((self.sinks, self.written))
    }

    /// A variant's text without codes.
    fn text(&mut self, variant: &Variant) -> String {
        let text = variant.seg.plain_text();
        self.written.codes += u64::from(variant.seg.pieces.iter().any(|p| !matches!(p, crate::unit::Piece::Text(_))));
        text
    }

    /// `text` with each of these characters, and `\r\n`, as one space.
    fn flat(&mut self, text: &str, breaks: &[char]) -> String {
        if !text.contains(breaks) {
            return text.to_owned();
        }
        self.written.flattened += 1;
        text.replace("\r\n", "\n").replace(breaks, " ")
    }

    fn cell(&mut self, unit: &Unit, column: &Column, source: Lang) -> String {
        let in_language = |lang: Lang| unit.variants_of(lang).next();
        let variant = match column {
            Column::Text(tag) => {
                let exact = unit.variants.iter().find(|v| v.tag == *tag);
                exact.or_else(|| tag.lang().and_then(in_language))
            }
            Column::Source => in_language(source),
            Column::Target => in_language(source.other()),
            Column::Id => return unit.id().unwrap_or_default().to_owned(),
            Column::Note => {
                return unit.meta.iter().find(|m| m.kind.is_none()).map(|m| m.text.clone()).unwrap_or_default();
            }
            Column::Prop(kind) => return unit.prop(kind).unwrap_or_default().to_owned(),
            Column::Skip => None,
        };
        variant.map(|v| self.text(v)).unwrap_or_default()
    }

    fn write_row(&mut self, cells: &[String]) -> io::Result<()> {
        let Form::Table { delimiter, quoting, .. } = self.form else { return Ok(()) };
        let mut row = String::new();
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                row.push(delimiter);
            }
            match quoting {
                Quoting::Plain => row.push_str(&self.flat(cell, &[delimiter, '\n', '\r'])),
                Quoting::Escaped => {
                    for c in cell.chars() {
                        match c {
                            '\t' => row.push_str("\\t"),
                            '\n' => row.push_str("\\n"),
                            '\r' => row.push_str("\\r"),
                            '\\' => row.push_str("\\\\"),
                            _ => row.push(c),
                        }
                    }
                }
                Quoting::Quoted if cell.contains([delimiter, '"', '\n', '\r']) => {
                    row.push('"');
                    row.push_str(&cell.replace('"', "\"\""));
                    row.push('"');
                }
                Quoting::Quoted => row.push_str(cell),
            }
        }
        // RFC 4180 ends lines so; a plain table as every tool of the shell reads it.
        row.push_str(if quoting == Quoting::Quoted { "\r\n" } else { "\n" });
        self.sinks[0].write_all(row.as_bytes())
    }

    /// The unit as a JSON object: `id`, one key for each tag, `note`, one key for each type of prop.
    fn object(&mut self, unit: &Unit) -> String {
        let mut entries: Vec<(String, Vec<String>)> = Vec::new();
        let mut add = |key: &str, text: String| match entries.iter_mut().find(|(k, _)| k == key) {
            Some((_, texts)) => texts.push(text),
            None => entries.push((key.to_owned(), vec![text])),
        };
        if let Some(id) = unit.id() {
            add("id", id.to_owned());
        }
        for variant in &unit.variants {
            let text = self.text(variant);
            add(variant.tag.as_str(), text);
        }
        for meta in &unit.meta {
            add(meta.kind.as_deref().unwrap_or("note"), meta.text.clone());
        }
        // Entry by entry: a map of this library would sort the keys.
        let mut line = String::from("{");
        for (at, (key, mut texts)) in entries.into_iter().enumerate() {
            if at > 0 {
                line.push(',');
            }
            let value = match texts.len() {
                1 => Value::String(texts.remove(0)),
                _ => Value::Array(texts.into_iter().map(Value::String).collect()),
            };
            let entry = Value::Object(Map::from_iter([(key, value)])).to_string();
            line.push_str(&entry[1..entry.len() - 1]);
        }
        line.push('}');
        line
    }
}

/// Writes a file whole or not at all, its kind told by its ending; for a Moses pair the path of either side.
///
/// # Errors
///
/// An ending that is unknown, a folder that can not be written, a full disk: nothing of the name is changed then.
pub fn write<U: Borrow<Unit>>(
    path: impl AsRef<Path>,
    units: impl IntoIterator<Item = U>,
    options: &WriteOptions,
) -> Result<Written, Error> {
    let path = path.as_ref();
    let kind = Kind::of(path)?;
    let failed = |e| Error::io("write", path, e);
    let mut writer = if kind == Kind::Moses {
        let ending = LangTag::new(path.extension().and_then(|e| e.to_str()).unwrap_or_default());
        let side = |lang: Lang| -> PathBuf {
            if ending.lang() == Some(lang) { path.to_path_buf() } else { path.with_extension(lang.code()) }
        };
        Writer::moses(NewFile::create(side(Lang::Ar))?, NewFile::create(side(Lang::En))?)
    } else {
        Writer::new(kind, NewFile::create(path)?, options).map_err(failed)?
    };
    for unit in units {
        writer.write_unit(unit.borrow()).map_err(failed)?;
    }
    let (files, written) = writer.finish().map_err(failed)?;
    for file in files {
        file.commit()?;
    }
    Ok(written)
}
