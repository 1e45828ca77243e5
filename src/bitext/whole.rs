//! A file's whole text, and the way from a place in it back to the file's bytes.

use std::io::BufRead;
use std::path::PathBuf;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::error::{Error, Place};
use crate::file::Source;

/// Stands in a text for bytes that are none in the file's encoding; XML forbids it, and no one writes it (U+FFFF is no
/// character), so what holds it is set aside.
pub(crate) const MALFORMED: char = '\u{FFFF}';

/// Why what holds [`MALFORMED`] is set aside.
pub(crate) const NOT_TEXT: &str = "bytes that are no text in the file's encoding; name another encoding";

/// A file read whole.
#[derive(Debug)]
pub(crate) struct Whole {
    /// The text.
    pub(crate) text: String,
    path: PathBuf,
    encoding: &'static Encoding,
    /// The file's length in bytes.
    size: u64,
    /// A place from which counting goes on: offset in the text, line, byte in the file.
    counted: (usize, u64, u64),
    /// Line and byte of the text's beginning.
    begin: (usize, u64, u64),
}

impl Whole {
    /// Reads all of `input` and decodes it: as told, else as its bytes tell, else as `declared` reads it from them.
    pub(crate) fn open(
        mut input: impl BufRead,
        path: PathBuf,
        told: Option<&'static Encoding>,
        declared: fn(&[u8]) -> Option<&'static Encoding>,
    ) -> Result<Whole, Error> {
        let failed = |e| Error::io("read", &path, e);
        let mut bytes = Vec::new();
        input.read_to_end(&mut bytes).map_err(failed)?;
        if bytes.trim_ascii().is_empty() {
            return Err(Error::Empty { path });
        }
        let told = told.or_else(|| std::str::from_utf8(&bytes).is_err().then(|| declared(&bytes)).flatten());
        let mut source = Source::new(&bytes[..], told).map_err(failed)?;
        while source.fill().map_err(failed)? {}
        let (encoding, (_, bom)) = (source.encoding(), source.place(0));
        let mut text = String::with_capacity(source.window().len());
        for chunk in source.window().utf8_chunks() {
            text.push_str(chunk.valid());
            text.extend(chunk.invalid().iter().map(|_| MALFORMED));
        }
        Ok(Whole { text, path, encoding, size: bytes.len() as u64, counted: (0, 1, bom), begin: (0, 1, bom) })
    }

    /// The place of byte `at` of the text. Quick where places are asked for in their order.
    pub(crate) fn place(&mut self, at: usize) -> Place {
        let at = at.min(self.text.len());
        if at < self.counted.0 {
            self.counted = self.begin;
        }
        let stretch = &self.text[self.counted.0..at];
        let lines = stretch.bytes().filter(|&b| b == b'\n').count() as u64;
        self.counted = (at, self.counted.1 + lines, self.counted.2 + file_len(self.encoding, stretch));
        Place { line: Some(self.counted.1), byte: Some(self.counted.2.min(self.size)), tuid: None }
    }

    /// The error for what is wrong at byte `at` of the text.
    pub(crate) fn error(&mut self, at: usize, reason: String) -> Error {
        Error::Format { path: self.path.clone(), place: self.place(at), reason }
    }
}

/// How many bytes a stretch of text was in its file.
fn file_len(encoding: &'static Encoding, text: &str) -> u64 {
    let malformed = if text.contains(MALFORMED) { text.matches(MALFORMED).count() } else { 0 };
    let len = if encoding == UTF_8 {
        text.len() - malformed * MALFORMED.len_utf8()
    } else if encoding == UTF_16LE || encoding == UTF_16BE {
        2 * (text.encode_utf16().count() - malformed)
    } else if encoding.is_single_byte() {
        text.chars().count() - malformed
    } else {
        // As near as writing it again comes: these encodings have several ways to write some characters.
        text.split(MALFORMED).map(|part| encoding.encode(part).0.len()).sum()
    };
    (len + malformed) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_file() {
        let check = |bytes: &[u8], needle: char, line, byte| {
            let mut whole = Whole::open(bytes, PathBuf::from("f"), None, |_| None).unwrap();
            let at = whole.text.find(needle).unwrap();
            let place = whole.place(at);
            assert_eq!((place.line, place.byte), (Some(line), Some(byte)), "{bytes:?}");
        };
        check("\u{FEFF}أ\nبx".as_bytes(), 'x', 2, 8);
        check(b"\xFF\xFEa\0\n\0\x28\x06x\0", 'x', 2, 8);
        check(b"\xD8\xA3\n\xFF\xFFx", 'x', 2, 5);
        assert!(Whole::open(&b" \n"[..], PathBuf::from("f"), None, |_| None).is_err());
    }
}
