//! A manifest: a file that lists article pairs, a line each, with what is known of them; read in a stream.
//!
//! Two forms, told apart by the first line: JSON lines (an object each), or a table with tabs and a header line (TSV as IANA's
//! text/tab-separated-values has it, without quotes). The same fields in both:
//!
//! | field | says |
//! | --- | --- |
//! | `ar`, `en` | the file of a side; a relative path starts at the manifest's folder |
//! | `ar_text`, `en_text` | the text of a side itself; in a table `\n`, `\t` and `\\` are a line break, a tab, a backslash |
//! | `kind` | what texts given here are: `text` (so without the field), `markdown` or `html` |
//! | `id` or `name` | the pair's name; otherwise that of the Arabic file, or the line's number |
//! | `url`, `date`, `licence` (`license`), `source` | see [`Facts`] |
//!
//! Fields of other names are passed over, and so are blank lines.

use super::candidate::Candidate;
use super::dateline;
use super::entry::{Body, Entry, Facts, Listed};
use super::kind_named;
use super::pair::name_of_file;
use crate::error::{Error, Place};
use crate::file::{Line, Lines};
use crate::lang::Lang;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The endings of manifests.
pub const MANIFEST_ENDINGS: &str = "tsv, tab, jsonl, ndjson";

/// Iterates over the pairs of a manifest. A line that lists none is an error with its place, and the next line follows.
///
/// ```
/// use dhakira::corpus::{Manifest, Body};
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("قائمة.jsonl");
/// std::fs::write(&path, "{\"id\": \"نهر\", \"ar_text\": \"جرى النهر.\", \"en\": \"river.txt\", \"licence\": \"CC0\"}\n{\"id\": 2}\n")?;
/// let entries: Vec<_> = Manifest::open(&path)?.collect();
/// let entry = entries[0].as_ref().unwrap();
/// assert_eq!((entry.name.as_str(), entry.facts.licence.as_deref()), ("نهر", Some("CC0")));
/// assert_eq!(entry.en, Body::File(folder.path().join("river.txt")));
/// assert_eq!(entries[1].as_ref().unwrap_err().place().unwrap().line, Some(2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Manifest {
    path: Arc<Path>,
    folder: PathBuf,
    lines: Lines<Box<dyn BufRead + Send>>,
    form: Form,
    /// The first line, read to see the form.
    pending: Option<Line>,
    len: Option<u64>,
    read: u64,
    ended: bool,
}

enum Form {
    Json,
    /// What each column holds.
    Table(Vec<Option<Field>>),
}

/// A field that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Id,
    Name,
    Ar,
    En,
    ArText,
    EnText,
    Kind,
    Url,
    Date,
    Licence,
    Source,
}

const FIELDS: usize = Field::Source as usize + 1;

impl Field {
    fn named(name: &str) -> Option<Field> {
        Some(match name.trim().to_ascii_lowercase().as_str() {
            "id" => Field::Id,
            "name" => Field::Name,
            "ar" => Field::Ar,
            "en" => Field::En,
            "ar_text" => Field::ArText,
            "en_text" => Field::EnText,
            "kind" => Field::Kind,
            "url" => Field::Url,
            "date" => Field::Date,
            "licence" | "license" => Field::Licence,
            "source" => Field::Source,
            _ => return None,
        })
    }
}

/// The known fields of a line.
#[derive(Default)]
struct Fields([Option<String>; FIELDS]);

impl Fields {
    /// Blank is as good as missing.
    fn set(&mut self, field: Field, value: String) -> Result<(), String> {
        if value.trim().is_empty() {
            return Ok(());
        }
        match self.0[field as usize].replace(value) {
            None => Ok(()),
            Some(_) => Err(format!("the field {field:?} is given twice; give it once").to_lowercase()),
        }
    }

    fn take(&mut self, field: Field) -> Option<String> {
        self.0[field as usize].take()
    }
}

impl Manifest {
    /// Whether the ending of a file name is that of a manifest.
    pub fn has_ending(path: &Path) -> bool {
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        MANIFEST_ENDINGS.split(", ").any(|known| known.eq_ignore_ascii_case(ending))
    }

    /// Opens a manifest.
    ///
    /// # Errors
    ///
    /// Those of [`Manifest::new`].
    pub fn open(path: &Path) -> Result<Manifest, Error> {
        let failed = |e| Error::io("read", path, e);
        let file = File::open(path).map_err(failed)?;
        let len = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|meta| meta.len());
        let manifest = Manifest::new(Box::new(BufReader::new(file)), path)?;
        Ok(Manifest { len, ..manifest })
    }

    /// A manifest out of a stream; relative paths start at the folder of `path`.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; [`Error::Empty`]; [`Error::Format`] for a header line without columns for both sides.
    pub fn new(input: Box<dyn BufRead + Send>, path: &Path) -> Result<Manifest, Error> {
        let mut lines = Lines::new(input, None).map_err(|e| Error::io("read", path, e))?;
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let first = loop {
            match lines.next_line().map_err(|e| Error::io("read", path, e))? {
                None => return Err(Error::Empty { path: path.to_path_buf() }),
                Some(Line { text: Ok(text), .. }) if text.trim().is_empty() => {}
                Some(line) => break line,
            }
        };
        let is_json = first.text.as_ref().is_ok_and(|text| text.trim_start().starts_with('{'));
        let (form, pending) = if is_json { (Form::Json, Some(first)) } else { (header(&first, path)?, None) };
        Ok(Manifest { path: path.into(), folder, lines, form, pending, len: None, read: 0, ended: false })
    }

    /// How much of the file was read: 0 to 1; `None` for a stream whose length is not known.
    pub fn fraction(&self) -> Option<f64> {
        self.len.map(|len| if len == 0 { 1.0 } else { (self.read as f64 / len as f64).min(1.0) })
    }

    /// The next articles each by itself, whatever stands beside it in its line: one or two, to be paired by what they say.
    ///
    /// ```
    /// use dhakira::{Lang, corpus::Manifest};
    /// let lines = "{\"ar_text\": \"وصل القطار.\"}\n{\"en_text\": \"The train arrived.\"}\n";
    /// let mut manifest = Manifest::new(Box::new(lines.as_bytes()), "قائمة.jsonl".as_ref())?;
    /// let langs: Vec<_> = std::iter::from_fn(|| manifest.next_candidates()).flatten().map(|c| c.unwrap().lang).collect();
    /// assert_eq!(langs, [Some(Lang::Ar), Some(Lang::En)]);
    /// # Ok::<(), dhakira::Error>(())
    /// ```
    pub fn next_candidates(&mut self) -> Option<Vec<Result<Candidate, Error>>> {
        let (text, listed) = match self.next_line()? {
            Ok(line) => line,
            Err(error) => return Some(vec![Err(error)]),
        };
        let row = match self.row(&text, &listed) {
            Ok(row) => row,
            Err(error) => return Some(vec![Err(error)]),
        };
        let Row { name, facts, bodies } = row;
        if bodies.iter().all(Option::is_none) {
            let reason =
                "no side; give the path of an article as ar or en, or its text as ar_text or en_text".to_owned();
            return Some(vec![Err(self.refused(&listed, reason))]);
        }
        let candidates = bodies.into_iter().zip(Lang::BOTH).filter_map(|(body, lang)| {
            let body = body?;
            let name = name.clone().unwrap_or_else(|| self.name(&body, &listed));
            Some(Ok(Candidate { name, lang: Some(lang), body, facts: facts.clone(), listed: Some(listed.clone()) }))
        });
        Some(candidates.collect())
    }

    fn refused(&self, listed: &Listed, reason: String) -> Error {
        Error::Format { path: self.path.to_path_buf(), place: listed.place(), reason }
    }

    /// What a pair or an article is called that has no name.
    fn name(&self, body: &Body, listed: &Listed) -> String {
        match body {
            Body::File(path) => name_of_file(&self.folder, path),
            Body::Inline { .. } => format!("line-{}", listed.line),
        }
    }

    fn entry(&self, text: &str, listed: Listed) -> Result<Entry, Error> {
        let Row { name, facts, bodies } = self.row(text, &listed)?;
        let [ar, en] = bodies;
        let missing = |lang: Lang| {
            self.refused(&listed, format!("no {lang} side; give its path as {lang}, or its text as {lang}_text"))
        };
        let (ar, en) = (ar.ok_or_else(|| missing(Lang::Ar))?, en.ok_or_else(|| missing(Lang::En))?);
        let name = name.unwrap_or_else(|| self.name(&ar, &listed));
        Ok(Entry { name, ar, en, facts, listed: Some(listed) })
    }

    fn row(&self, text: &str, listed: &Listed) -> Result<Row, Error> {
        let refused = |reason: String| self.refused(listed, reason);
        let fields = match &self.form {
            Form::Json => fields_of_json(text),
            Form::Table(columns) => fields_of_row(text, columns),
        };
        let mut fields = fields.map_err(refused)?;
        let kind = match fields.take(Field::Kind) {
            None => super::Kind::Text,
            Some(name) => kind_named(&name)
                .ok_or_else(|| refused(format!("the kind {name:?} is unknown; say text, markdown or html")))?,
        };
        let mut body = |lang: Lang| -> Result<Option<Body>, Error> {
            let (path, text, field) = match lang {
                Lang::Ar => (Field::Ar, Field::ArText, "ar_text"),
                Lang::En => (Field::En, Field::EnText, "en_text"),
            };
            match (fields.take(path), fields.take(text)) {
                (Some(_), Some(_)) => Err(refused(format!("both {lang} and {field} are given; give one of them"))),
                (Some(path), None) => Ok(Some(Body::File(self.folder.join(path.trim())))),
                (None, text) => Ok(text.map(|text| Body::Inline { field, text, kind })),
            }
        };
        let bodies = [body(Lang::Ar)?, body(Lang::En)?];
        let name = fields.take(Field::Id).or_else(|| fields.take(Field::Name)).map(|name| name.trim().to_owned());
        let date = fields.take(Field::Date).map(|date| {
            let day = dateline::machine(&date).or_else(|| dateline::parse(Lang::En, &date).map(|(date, _)| date));
            day.and_then(|day| day.iso).ok_or_else(|| {
                refused(format!("the date {date:?} can not be read beyond doubt; write it as 2021-08-31"))
            })
        });
        let mut said = |field| fields.take(field).map(|value| value.trim().to_owned());
        let facts = Facts {
            url: said(Field::Url),
            date: date.transpose()?,
            licence: said(Field::Licence),
            source: said(Field::Source),
            pairing: None,
        };
        Ok(Row { name, facts, bodies })
    }

    /// The next line that is not blank.
    fn next_line(&mut self) -> Option<Result<(String, Listed), Error>> {
        while !self.ended {
            let line = match self.pending.take().map_or_else(|| self.lines.next_line(), |line| Ok(Some(line))) {
                Ok(Some(line)) => line,
                Ok(None) => break,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(Error::io("read", &self.path, error)));
                }
            };
            let listed = Listed { path: self.path.clone(), line: line.line, byte: line.byte };
            let text = match line.text {
                Ok(text) => text,
                Err(byte) => {
                    let place = Place { byte: Some(byte), ..listed.place() };
                    let encoding = self.lines.encoding().name();
                    return Some(Err(Error::Encoding { path: self.path.to_path_buf(), place, encoding }));
                }
            };
            self.read = line.byte + text.len() as u64;
            if !text.trim().is_empty() {
                return Some(Ok((text, listed)));
            }
        }
        self.ended = true;
        self.read = self.len.unwrap_or(self.read);
        None
    }
}

/// What a line says.
struct Row {
    name: Option<String>,
    facts: Facts,
    bodies: [Option<Body>; 2],
}

impl Iterator for Manifest {
    type Item = Result<Entry, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.next_line()?.and_then(|(text, listed)| self.entry(&text, listed)))
    }
}

fn header(line: &Line, path: &Path) -> Result<Form, Error> {
    let place = Place { line: Some(line.line), byte: Some(line.byte), tuid: None };
    let refused = |reason: String| Error::Format { path: path.to_path_buf(), place: place.clone(), reason };
    let text = line.text.as_ref().map_err(|_| refused("the header line is no text".to_owned()))?;
    let columns: Vec<Option<Field>> = text.split('\t').map(Field::named).collect();
    for (lang, sides) in [(Lang::Ar, [Field::Ar, Field::ArText]), (Lang::En, [Field::En, Field::EnText])] {
        if !columns.iter().flatten().any(|field| sides.contains(field)) {
            let reason = format!(
                "no column {lang} or {lang}_text in the header line; a manifest is a table with a header line, or JSON lines"
            );
            return Err(refused(reason));
        }
    }
    Ok(Form::Table(columns))
}

fn fields_of_json(text: &str) -> Result<Fields, String> {
    let value: Value = serde_json::from_str(text).map_err(|e| format!("not JSON: {e}"))?;
    let Value::Object(object) = value else { return Err("not a JSON object; a pair is { … }".to_owned()) };
    let mut fields = Fields::default();
    for (name, value) in object {
        let Some(field) = Field::named(&name) else { continue };
        match value {
            Value::String(text) => fields.set(field, text)?,
            Value::Number(number) if matches!(field, Field::Id | Field::Name) => {
                fields.set(field, number.to_string())?
            }
            Value::Null => {}
            _ => return Err(format!("the field {name:?} is not a text")),
        }
    }
    Ok(fields)
}

fn fields_of_row(text: &str, columns: &[Option<Field>]) -> Result<Fields, String> {
    let cells: Vec<&str> = text.split('\t').collect();
    if cells.len() != columns.len() {
        return Err(format!("{} cells, and the header line has {}", cells.len(), columns.len()));
    }
    let mut fields = Fields::default();
    for (cell, field) in cells.into_iter().zip(columns) {
        match field {
            Some(field @ (Field::ArText | Field::EnText)) => fields.set(*field, unescaped(cell))?,
            Some(field) => fields.set(*field, cell.to_owned())?,
            None => {}
        }
    }
    Ok(fields)
}

/// `\n`, `\t` and `\\`; any other backslash is one.
fn unescaped(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut chars = cell.chars().peekable();
    while let Some(c) = chars.next() {
        let meant = match (c, chars.peek()) {
            ('\\', Some('n')) => '\n',
            ('\\', Some('t')) => '\t',
            ('\\', Some('\\')) => '\\',
            _ => {
                text.push(c);
                continue;
            }
        };
        chars.next();
        text.push(meant);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> Vec<Result<Entry, Error>> {
        let input: Box<dyn BufRead + Send> = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
        Manifest::new(input, "list/of.tsv".as_ref()).unwrap().collect()
    }

    #[test]
    fn a_table_and_json_lines_say_the_same() {
        let table = "\u{feff}source\tar\ten_text\turl\tdate\tother\nصحيفة\tnews/ميناء.ar.txt\tOne.\\nTwo\\\\.\thttps://a.example/1\t3 May 2022\tx\n\n";
        let json = "{\"source\": \"صحيفة\", \"ar\": \"news/ميناء.ar.txt\", \"en_text\": \"One.\\nTwo\\\\.\", \"url\": \"https://a.example/1\", \"date\": \"2022-05-03T10:00:00Z\", \"x\": 1}\n";
        let (table, json) = (entries(table), entries(json));
        let [Ok(table)] = table.as_slice() else { panic!("{table:?}") };
        let [Ok(json)] = json.as_slice() else { panic!("{json:?}") };
        assert_eq!(table.listed.as_ref().unwrap().line, 2);
        assert_eq!(Entry { listed: None, ..table.clone() }, Entry { listed: None, ..json.clone() });
        assert_eq!((table.name.as_str(), table.facts.date.as_deref()), ("news/ميناء", Some("2022-05-03")));
        assert_eq!(table.ar, Body::File("list/news/ميناء.ar.txt".into()));
        let text = "One.\nTwo\\.".to_owned();
        assert_eq!(table.en, Body::Inline { field: "en_text", text, kind: crate::corpus::Kind::Text });
    }

    #[test]
    fn every_kind_of_bad_line_is_said_with_its_line() {
        let good = "{\"ar\": \"a.txt\", \"en\": \"b.txt\"}";
        let bad = [
            ("nonsense", "not JSON"),
            ("[1]", "not a JSON object"),
            ("{\"ar\": \"a.txt\"", "not JSON"),
            ("{\"ar\": \"a.txt\"}", "no en side"),
            ("{\"ar\": \" \", \"en\": \"b.txt\"}", "no ar side"),
            ("{\"ar\": null, \"en\": \"b.txt\"}", "no ar side"),
            ("{\"ar\": 1, \"en\": \"b.txt\"}", "the field \"ar\" is not a text"),
            ("{\"ar\": \"a.txt\", \"ar_text\": \"نص\", \"en\": \"b.txt\"}", "both ar and ar_text"),
            ("{\"ar\": \"a.txt\", \"en\": \"b.txt\", \"date\": \"01/02/03\"}", "the date"),
            ("{\"ar_text\": \"نص\", \"en\": \"b.txt\", \"kind\": \"pdf\"}", "the kind"),
            ("{\"ar\": \"a.txt\", \"en\": \"b.txt\", \"licence\": \"x\", \"license\": \"y\"}", "given twice"),
        ];
        let lines: Vec<&str> = std::iter::once(good).chain(bad.iter().map(|b| b.0)).chain([good]).collect();
        let entries = entries(&lines.join("\r\n"));
        assert_eq!(entries.len(), bad.len() + 2);
        assert!(entries[0].is_ok() && entries.last().unwrap().is_ok());
        for (number, (entry, (line, reason))) in (2..).zip(entries[1..].iter().zip(bad)) {
            let error = entry.as_ref().unwrap_err();
            assert_eq!(error.place().unwrap().line, Some(number), "{line}");
            assert!(error.to_string().contains(reason), "{line}: {error}");
        }
        let table = "ar\ten\na.txt\nb.ar.txt\tb.en.txt\textra\n\tb.txt\nc.ar.txt\tc.en.txt\n";
        let lines: Vec<Option<u64>> =
            super::tests::entries(table).iter().map(|e| e.as_ref().err().and_then(|e| e.place()?.line)).collect();
        assert_eq!(lines, [Some(2), Some(3), Some(4), None]);
    }

    #[test]
    fn bytes_that_are_no_text_cost_their_line_only() {
        // So much of it is UTF-8 that nobody takes it for another encoding.
        let good = "أخبار/ميناء مدينة الرمانة القديم.ar.txt\tharbour.txt\n";
        let mut bytes = format!("ar\ten\n{good}").into_bytes();
        bytes.extend_from_slice(b"\xFF.txt\tb.txt\n");
        bytes.extend_from_slice(good.as_bytes());
        let manifest = Manifest::new(Box::new(std::io::Cursor::new(bytes)), "m.tsv".as_ref()).unwrap();
        let found: Vec<bool> = manifest.map(|entry| entry.is_ok()).collect();
        assert_eq!(found, [true, false, true]);
    }

    #[test]
    fn what_lists_no_sides_is_no_manifest() {
        let open = |text: &'static str| Manifest::new(Box::new(text.as_bytes()), "m.tsv".as_ref()).err().unwrap();
        assert_eq!(open(" \n").code(), "empty");
        assert_eq!(open("a.txt\tb.txt\n").code(), "format");
        assert_eq!(open("ar\tfr\n").code(), "format");
    }
}
