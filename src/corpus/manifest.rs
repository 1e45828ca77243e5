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
//! | `url`, `date`, `licence` (`license`), `source` | see [`Facts`](super::Facts) |
//!
//! Fields of other names are passed over, and so are blank lines.

use super::candidate::Candidate;
use super::entry::{Entry, Listed};
use super::row::{Field, Fields, Row};
use crate::error::{Error, Place};
use crate::file::{Line, Lines};
use crate::lang::Lang;
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
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
        let first = loop {
            match lines.next_line().map_err(|e| Error::io("read", path, e))? {
                None => return Err(Error::Empty { path: path.to_path_buf() }),
                Some(Line { text: Ok(text), .. }) if text.trim().is_empty() => {}
                Some(line) => break line,
            }
        };
        let is_json = first.text.as_ref().is_ok_and(|text| text.trim_start().starts_with('{'));
        let (form, pending) = if is_json { (Form::Json, Some(first)) } else { (header(&first, path)?, None) };
        Ok(Manifest { path: path.into(), lines, form, pending, len: None, read: 0, ended: false })
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
        let row = self.next_row()?;
        Some(match row.and_then(Row::candidates) {
            Ok(candidates) => candidates.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        })
    }

    /// What the next line says.
    fn next_row(&mut self) -> Option<Result<Row, Error>> {
        Some(self.next_line()?.and_then(|(text, listed)| {
            let fields = match &self.form {
                Form::Json => object(&text).and_then(Fields::of_object),
                Form::Table(columns) => Fields::of_cells(&text, columns),
            };
            Row::read(fields, listed)
        }))
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

impl Iterator for Manifest {
    type Item = Result<Entry, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.next_row()?.and_then(Row::entry))
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

fn object(text: &str) -> Result<Map<String, Value>, String> {
    match serde_json::from_str(text).map_err(|e| format!("not JSON: {e}"))? {
        Value::Object(object) => Ok(object),
        _ => Err("not a JSON object; a pair is { … }".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Body;

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
