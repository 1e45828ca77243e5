//! A field of a CSV file.

use std::borrow::Cow;

/// RFC 4180: in quotes, if the field needs them.
pub fn field(text: &str) -> Cow<'_, str> {
    match text.contains(['"', ',', '\n', '\r']) {
        true => Cow::Owned(format!("\"{}\"", text.replace('"', "\"\""))),
        false => Cow::Borrowed(text),
    }
}
