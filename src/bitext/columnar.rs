//! Units as columns: Apache Parquet, for programs that analyse corpora.
//!
//! The schema, each column a text (UTF-8) but for the two probabilities; `ar` and `en` are required, all others optional:
//!
//! | column | holds |
//! | --- | --- |
//! | `id` | the `tuid` |
//! | `ar`, `en` | the texts, without inline codes |
//! | `document`, `date`, `url`, `licence`, `source`, `origin` | the props `x-document`, `x-document-date`, `x-url`, … |
//! | `bead` | `x-align-bead`, sentences on each side (`1:2`) |
//! | `confidence`, `pairing` (float) | `x-align-score`, `x-pairing-score`, 0 to 1 |
//! | `more` | a JSON object of all other props and the notes: name to text, or to a list of texts |
//!
//! Row groups of [`ROWS`] units, pages compressed with Snappy (Apache Parquet format 2.x, `LogicalTypes.md`). The same units give the
//! same bytes.

use super::Written;
use crate::lang::Lang;
use crate::unit::{Piece, Unit, Variant};
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, FloatType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use serde_json::{Map, Value};
use std::io::{self, Write};
use std::sync::Arc;

/// Units of a row group, which are in memory until it is written: some 16 MB of sentences.
pub const ROWS: usize = 16_384;

/// Columns of texts that are props.
const PROPS: [(&str, &str); 7] = [
    ("document", "x-document"),
    ("date", "x-document-date"),
    ("url", "x-url"),
    ("licence", "x-licence"),
    ("source", "x-source"),
    ("origin", "x-origin"),
    ("bead", "x-align-bead"),
];

/// Columns of numbers that are props.
const NUMBERS: [(&str, &str); 2] = [("confidence", "x-align-score"), ("pairing", "x-pairing-score")];

/// Writes units as rows of a Parquet file.
///
/// ```
/// use dhakira::bitext::ParquetWriter;
/// use dhakira::tmx::parse_unit;
/// use parquet::file::reader::{FileReader, SerializedFileReader};
/// let unit = parse_unit("<tu tuid=\"1\"><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv><tuv xml:lang=\"en\"><seg>yes</seg></tuv></tu>").unwrap();
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("ذاكرة.parquet");
/// let mut writer = ParquetWriter::new(std::fs::File::create(&path)?)?;
/// writer.write_unit(&unit)?;
/// writer.finish()?;
/// let reader = SerializedFileReader::new(std::fs::File::open(&path)?)?;
/// assert_eq!(reader.metadata().file_metadata().num_rows(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ParquetWriter<W: Write + Send> {
    file: SerializedFileWriter<W>,
    rows: Rows,
    written: Written,
}

/// The rows of the group that is being gathered, column by column; a text or a number that is not there has level 0.
#[derive(Default)]
struct Rows {
    len: usize,
    id: Column<ByteArray>,
    sides: [Column<ByteArray>; 2],
    props: [Column<ByteArray>; PROPS.len()],
    numbers: [Column<f32>; NUMBERS.len()],
    more: Column<ByteArray>,
}

impl Rows {
    /// In the order of the schema.
    fn write<W: Write + Send>(&self, group: &mut SerializedRowGroupWriter<'_, W>) -> Result<(), ParquetError> {
        write::<W, ByteArrayType>(group, &self.id, true)?;
        self.sides.iter().try_for_each(|side| write::<W, ByteArrayType>(group, side, false))?;
        self.props.iter().try_for_each(|prop| write::<W, ByteArrayType>(group, prop, true))?;
        self.numbers.iter().try_for_each(|number| write::<W, FloatType>(group, number, true))?;
        write::<W, ByteArrayType>(group, &self.more, true)
    }
}

#[derive(Default)]
struct Column<T> {
    values: Vec<T>,
    levels: Vec<i16>,
}

impl<T> Column<T> {
    fn push(&mut self, value: Option<T>) {
        self.levels.push(i16::from(value.is_some()));
        self.values.extend(value);
    }
}

fn text(value: &str) -> ByteArray {
    ByteArray::from(value)
}

fn number(text: &str) -> Option<f32> {
    text.trim().parse().ok()
}

fn failed(error: ParquetError) -> io::Error {
    io::Error::other(error)
}

impl<W: Write + Send> ParquetWriter<W> {
    /// A file without rows.
    ///
    /// # Errors
    ///
    /// Those of the sink.
    pub fn new(sink: W) -> io::Result<ParquetWriter<W>> {
        let optional = |kind: &str, name: &str| match kind {
            "float" => format!("optional float {name};"),
            _ => format!("optional binary {name} ({kind});"),
        };
        let mut schema = format!("message unit {{ {}", optional("UTF8", "id"));
        schema += "required binary ar (UTF8); required binary en (UTF8);";
        schema.extend(PROPS.iter().map(|(name, _)| optional("UTF8", name)));
        schema.extend(NUMBERS.iter().map(|(name, _)| optional("float", name)));
        schema += &(optional("JSON", "more") + "}");
        let schema = Arc::new(parse_message_type(&schema).map_err(failed)?);
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let file = SerializedFileWriter::new(sink, schema, Arc::new(properties)).map_err(failed)?;
        Ok(ParquetWriter { file, rows: Rows::default(), written: Written::default() })
    }

    /// Writes one unit, or leaves it out and counts it, if it has not both sides.
    ///
    /// # Errors
    ///
    /// Those of the sink.
    pub fn write_unit(&mut self, unit: &Unit) -> io::Result<()> {
        let sides = Lang::BOTH.map(|lang| unit.variants_of(lang).find(|variant| !variant.seg.is_blank()));
        let [Some(arabic), Some(english)] = sides else {
            self.written.left_out += 1;
            return Ok(());
        };
        let rows = &mut self.rows;
        rows.id.push(unit.id().map(text));
        for (column, variant) in rows.sides.iter_mut().zip([arabic, english]) {
            self.written.codes += u64::from(has_codes(variant));
            column.push(Some(text(&variant.seg.plain_text())));
        }
        for (column, (_, prop)) in rows.props.iter_mut().zip(PROPS) {
            column.push(unit.prop(prop).map(text));
        }
        for (column, (_, prop)) in rows.numbers.iter_mut().zip(NUMBERS) {
            column.push(unit.prop(prop).and_then(number));
        }
        rows.more.push(more(unit).as_deref().map(text));
        rows.len += 1;
        self.written.units += 1;
        if rows.len == ROWS { self.write_group() } else { Ok(()) }
    }

    fn write_group(&mut self) -> io::Result<()> {
        let rows = std::mem::take(&mut self.rows);
        if rows.len == 0 {
            return Ok(());
        }
        let mut group = self.file.next_row_group().map_err(failed)?;
        rows.write(&mut group).map_err(failed)?;
        group.close().map(drop).map_err(failed)
    }

    /// Writes what is left and the file's end, and gives the sink back.
    ///
    /// # Errors
    ///
    /// Those of the sink.
    pub fn finish(mut self) -> io::Result<(W, Written)> {
        self.write_group()?;
        let sink = self.file.into_inner().map_err(failed)?;
        Ok((sink, self.written))
    }
}

/// The next column of a group.
fn write<W: Write + Send, T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: &Column<T::T>,
    is_optional: bool,
) -> Result<(), ParquetError> {
    let levels = is_optional.then_some(column.levels.as_slice());
    let next = group.next_column()?;
    let mut next = next.ok_or_else(|| ParquetError::General("the schema has fewer columns".to_owned()))?;
    next.typed::<T>().write_batch(&column.values, levels, None)?;
    next.close()
}

fn has_codes(variant: &Variant) -> bool {
    variant.seg.pieces.iter().any(|piece| !matches!(piece, Piece::Text(_)))
}

/// What has no column of its own.
fn more(unit: &Unit) -> Option<String> {
    let own = |kind: &str, text: &str| {
        let is = |(_, prop): &(&str, &str)| *prop == kind;
        PROPS.iter().any(is) || NUMBERS.iter().any(is) && number(text).is_some()
    };
    let mut seen: Vec<&str> = Vec::new();
    let mut object = Map::new();
    for meta in &unit.meta {
        let kind = meta.kind.as_deref().unwrap_or("note");
        // A column holds the first one.
        if own(kind, &meta.text) && !seen.contains(&kind) {
            seen.push(kind);
            continue;
        }
        let value = Value::String(meta.text.clone());
        match object.get_mut(kind) {
            None => drop(object.insert(kind.to_owned(), value)),
            Some(Value::Array(values)) => values.push(value),
            Some(one) => *one = Value::Array(vec![one.take(), value]),
        }
    }
    (!object.is_empty()).then(|| Value::Object(object).to_string())
}
