//! JSON lines: one object a line, languages and props as its keys.

use std::fmt;
use std::io::BufRead;
use std::path::PathBuf;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::columns::{Column, Rows};
use super::{Item, ReadOptions, format_error, not_text, place};
use crate::error::Error;
use crate::file::Lines;
use crate::unit::Unit;

pub(super) struct JsonLines<R> {
    lines: Lines<R>,
    path: PathBuf,
    rows: Rows,
    done: bool,
}

impl<R: BufRead> JsonLines<R> {
    pub(super) fn open(input: R, path: PathBuf, options: &ReadOptions) -> Result<JsonLines<R>, Error> {
        let lines = Lines::new(input, options.encoding).map_err(|e| Error::io("read", &path, e))?;
        Ok(JsonLines { lines, path, rows: Rows::new(options), done: false })
    }

    fn unit(&mut self, text: &str) -> Result<Unit, String> {
        let object: Object = serde_json::from_str(text).map_err(|e| {
            // A line's own number in the message would contradict the file's.
            let message = e.to_string();
            let message = message.rsplit_once(" at line").map_or(message.as_str(), |(before, _)| before).to_owned();
            format!("not a JSON object: {message} at column {}", e.column())
        })?;
        let mut cells = Vec::new();
        for (key, value) in object.0 {
            match value {
                // {"translation": {"ar": …, "en": …}}: a common form of data sets.
                Value::Object(inner) if key == "translation" => {
                    inner.into_iter().for_each(|(key, value)| push(&mut cells, &key, value));
                }
                value => push(&mut cells, &key, value),
            }
        }
        self.rows.unit(cells)
    }
}

fn push(cells: &mut Vec<(Column, String)>, key: &str, value: Value) {
    match value {
        Value::Null => {}
        Value::String(text) => cells.push((Column::named(key), text)),
        Value::Array(values) if values.iter().all(Value::is_string) => {
            values.into_iter().for_each(|value| push(cells, key, value));
        }
        // Numbers, truth values, structures: their JSON is the prop's text.
        other => cells.push((Column::named(key), other.to_string())),
    }
}

impl<R: BufRead> Iterator for JsonLines<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        while !self.done {
            let line = match self.lines.next_line() {
                Ok(Some(line)) => line,
                Ok(None) => break,
                Err(error) => {
                    self.done = true;
                    return Some(Err(Error::io("read", &self.path, error)));
                }
            };
            match line.text {
                Ok(text) if text.trim().is_empty() => {}
                Ok(text) => {
                    let at = place(line.line, line.byte);
                    return Some(match self.unit(&text) {
                        Ok(unit) => Ok((unit, at)),
                        Err(reason) => Err(format_error(&self.path, at, reason)),
                    });
                }
                Err(byte) => {
                    return Some(Err(not_text(self.path.clone(), line.line, byte, self.lines.encoding())));
                }
            }
        }
        self.done = true;
        None
    }
}

/// An object with its keys in their order.
struct Object(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Object(entries))
            }
        }
        deserializer.deserialize_map(Keys)
    }
}
