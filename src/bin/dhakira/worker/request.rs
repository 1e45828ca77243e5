//! A line of JSON as a request: whose it is, what is asked, and its fields.

use super::arrivals::Text;
use crate::choice::TaskName;
use crate::wire::ErrorBody;
use clap::ValueEnum;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;
use std::io;

/// What a line asks.
pub struct Request {
    pub line: u64,
    /// What the asker calls it; null if that can not be read.
    pub id: Value,
    /// The task, and the fields of the line, or what is wrong with it.
    pub asked: Result<(TaskName, Map<String, Value>), ErrorBody>,
}

/// What is wrong with a line.
pub fn refusal(line: u64, code: &str, message: impl Into<String>) -> ErrorBody {
    ErrorBody { code: code.to_owned(), message: message.into(), line: Some(line), byte: None, tuid: None }
}

impl Request {
    /// `None` for a line that is blank.
    pub fn read(line: u64, text: io::Result<Text>, usual: Option<TaskName>, longest: usize) -> Option<Request> {
        let mut fields = Map::new();
        let read = match &text {
            Err(error) => Err(refusal(line, "io", error.to_string())),
            Ok(Text::Whole(text)) => match std::str::from_utf8(text) {
                Ok(text) if text.trim().is_empty() => return None,
                Ok(text) => gather(text.as_bytes(), &mut fields).map_err(|why| refusal(line, "format", why)),
                Err(error) => {
                    // What stands before the first bad byte may still say whose line it is.
                    let _ = gather(&text[..error.valid_up_to()], &mut fields);
                    let at = error.valid_up_to();
                    Err(refusal(line, "encoding", format!("not UTF-8 from byte {at} of the line on")))
                }
            },
            Ok(Text::TooLong(beginning)) => {
                let _ = gather(beginning, &mut fields);
                let most = longest >> 20;
                Err(refusal(
                    line,
                    "too-long",
                    format!("the line has more than {most} MB; --max-line lets it have more"),
                ))
            }
        };
        let id = fields.get("id").cloned().unwrap_or_default();
        let asked = read.and_then(|()| {
            let task = task(&fields, usual).map_err(|why| refusal(line, "task", why))?;
            if id.is_null() {
                return Err(refusal(line, "format", "missing field `id`"));
            }
            Ok((task, fields))
        });
        Some(Request { line, id, asked })
    }
}

fn task(fields: &Map<String, Value>, usual: Option<TaskName>) -> Result<TaskName, String> {
    let known = || {
        let names = TaskName::value_variants().iter().filter_map(|task| task.to_possible_value());
        names.map(|value| value.get_name().to_owned()).collect::<Vec<_>>().join(", ")
    };
    match (fields.get("task"), usual) {
        (None | Some(Value::Null), Some(usual)) => Ok(usual),
        (None | Some(Value::Null), None) => Err(format!("missing field `task`: one of {}", known())),
        (Some(Value::String(name)), _) => {
            TaskName::from_str(name, false).map_err(|_| format!("{name:?} is no task of ours; there are {}", known()))
        }
        (Some(_), _) => Err(format!("the field `task` is not a text: one of {}", known())),
    }
}

/// Reads an object into `fields`, which at an error has what stands before it.
fn gather(text: &[u8], fields: &mut Map<String, Value>) -> Result<(), String> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let read = reader.deserialize_map(Gather(fields)).and_then(|()| reader.end());
    read.map_err(|error| {
        // A line's own number in the message would contradict the file's.
        let message = error.to_string();
        let message = message.rsplit_once(" at line").map_or(message.as_str(), |(before, _)| before);
        format!("not a JSON object: {message} at column {}", error.column())
    })
}

struct Gather<'a>(&'a mut Map<String, Value>);

impl<'de> Visitor<'de> for Gather<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let value = map.next_value_seed(std::marker::PhantomData::<Value>)?;
            self.0.insert(key, value);
        }
        Ok(())
    }
}

/// The fields as what a task takes.
pub fn taken<T: for<'de> Deserialize<'de>>(fields: Map<String, Value>, line: u64) -> Result<T, ErrorBody> {
    serde_json::from_value(Value::Object(fields)).map_err(|error| refusal(line, "format", error.to_string()))
}
