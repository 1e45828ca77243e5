//! What one line says of an article pair: the fields of a manifest, wherever the line comes from.

use super::candidate::Candidate;
use super::dateline;
use super::entry::{Body, Entry, Facts, Listed};
use super::kind_named;
use super::pair::name_of_file;
use crate::error::Error;
use crate::lang::Lang;
use serde_json::{Map, Value};
use std::path::Path;

/// A field that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
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
    pub(super) fn named(name: &str) -> Option<Field> {
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
pub(super) struct Fields([Option<String>; FIELDS]);

impl Fields {
    /// The members of an object.
    pub(super) fn of_object(object: Map<String, Value>) -> Result<Fields, String> {
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

    /// The cells of a line of a table.
    pub(super) fn of_cells(text: &str, columns: &[Option<Field>]) -> Result<Fields, String> {
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

/// What a line says.
pub(super) struct Row {
    name: Option<String>,
    facts: Facts,
    /// Arabic, English.
    bodies: [Option<Body>; 2],
    listed: Listed,
}

fn refused(listed: &Listed, reason: String) -> Error {
    Error::Format { path: listed.path.to_path_buf(), place: listed.place(), reason }
}

/// Where relative paths start.
fn folder(listed: &Listed) -> &Path {
    listed.path.parent().unwrap_or(Path::new(""))
}

impl Row {
    pub(super) fn read(fields: Result<Fields, String>, listed: Listed) -> Result<Row, Error> {
        let refused = |reason: String| refused(&listed, reason);
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
                (Some(path), None) => Ok(Some(Body::File(folder(&listed).join(path.trim())))),
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
        Ok(Row { name, facts, bodies, listed })
    }

    /// What a pair or an article is called that has no name.
    fn unnamed(listed: &Listed, body: &Body) -> String {
        match body {
            Body::File(path) => name_of_file(folder(listed), path),
            Body::Inline { .. } => format!("line-{}", listed.line),
        }
    }

    pub(super) fn entry(self) -> Result<Entry, Error> {
        let Row { name, facts, bodies: [ar, en], listed } = self;
        let missing = |lang: Lang| {
            refused(&listed, format!("no {lang} side; give its path as {lang}, or its text as {lang}_text"))
        };
        let (ar, en) = (ar.ok_or_else(|| missing(Lang::Ar))?, en.ok_or_else(|| missing(Lang::En))?);
        let name = name.unwrap_or_else(|| Row::unnamed(&listed, &ar));
        Ok(Entry { name, ar, en, facts, listed: Some(listed) })
    }

    /// Each side by itself.
    pub(super) fn candidates(self) -> Result<Vec<Candidate>, Error> {
        let Row { name, facts, bodies, listed } = self;
        if bodies.iter().all(Option::is_none) {
            let reason =
                "no side; give the path of an article as ar or en, or its text as ar_text or en_text".to_owned();
            return Err(refused(&listed, reason));
        }
        let candidate = |(body, lang): (Option<Body>, Lang)| {
            let body = body?;
            let name = name.clone().unwrap_or_else(|| Row::unnamed(&listed, &body));
            Some(Candidate { name, lang: Some(lang), body, facts: facts.clone(), listed: Some(listed.clone()) })
        };
        Ok(bodies.into_iter().zip(Lang::BOTH).filter_map(candidate).collect())
    }
}

impl Entry {
    /// The pair that an object says, with the fields of a [`Manifest`](super::Manifest); others are passed over. Relative paths
    /// start at the folder of `listed`.
    ///
    /// # Errors
    ///
    /// [`Error::Format`], with the place of `listed`.
    ///
    /// ```
    /// use dhakira::corpus::{Entry, Listed};
    /// let listed = Listed { path: std::path::Path::new("قائمة.jsonl").into(), line: 7, byte: 0 };
    /// let object = |text| serde_json::from_str(text).unwrap();
    /// let pair = object(r#"{"id": "نهر", "ar_text": "جرى النهر.", "en": "river.txt"}"#);
    /// assert_eq!(Entry::of_object(pair, listed.clone()).unwrap().name, "نهر");
    /// assert_eq!(Entry::of_object(object("{}"), listed).unwrap_err().place().unwrap().line, Some(7));
    /// ```
    pub fn of_object(object: Map<String, Value>, listed: Listed) -> Result<Entry, Error> {
        Row::read(Fields::of_object(object), listed)?.entry()
    }
}

impl Candidate {
    /// The articles that an object says, one or two, as [`Entry::of_object`] reads it.
    ///
    /// # Errors
    ///
    /// [`Error::Format`], with the place of `listed`.
    ///
    /// ```
    /// use dhakira::{Lang, corpus::{Candidate, Listed}};
    /// let listed = Listed { path: std::path::Path::new("قائمة.jsonl").into(), line: 1, byte: 0 };
    /// let object = serde_json::from_str(r#"{"ar_text": "وصل القطار."}"#).unwrap();
    /// assert_eq!(Candidate::of_object(object, listed).unwrap()[0].lang, Some(Lang::Ar));
    /// ```
    pub fn of_object(object: Map<String, Value>, listed: Listed) -> Result<Vec<Candidate>, Error> {
        Row::read(Fields::of_object(object), listed)?.candidates()
    }
}
