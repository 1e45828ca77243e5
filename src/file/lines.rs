//! The lines of a file in any encoding, each with its place.

use std::io::{self, BufRead};

use encoding_rs::Encoding;

use super::source::Source;

/// A line longer than this is cut: memory stays bounded, and no sentence is so long.
const MAX_LINE: usize = 64 << 20;

/// One line without its line break.
#[derive(Debug)]
pub(crate) struct Line {
    /// 1-based.
    pub(crate) line: u64,
    /// Offset of its first byte in the file.
    pub(crate) byte: u64,
    /// Its text, or the offset in the file of the first byte that is no text.
    pub(crate) text: Result<String, u64>,
}

/// Iterates over lines; `\n`, `\r\n` end them.
pub(crate) struct Lines<R> {
    source: Source<R>,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(input: R, encoding: Option<&'static Encoding>) -> io::Result<Lines<R>> {
        Ok(Lines { source: Source::new(input, encoding)? })
    }

    pub(crate) fn encoding(&self) -> &'static Encoding {
        self.source.encoding()
    }

    /// The next line, and `more` lines after it as part of it: a quoted field that goes over lines.
    pub(crate) fn next_line(&mut self) -> io::Result<Option<Line>> {
        let Some((len, skip)) = self.find_break(0)? else { return Ok(None) };
        Ok(Some(self.take(len, skip)))
    }

    /// The lengths of a stretch that ends with the first line break from `from` on, without and with that break; `None` at the
    /// end of the file.
    pub(crate) fn find_break(&mut self, from: usize) -> io::Result<Option<(usize, usize)>> {
        let mut searched = from;
        loop {
            let window = self.source.window();
            let found = memchr::memchr(b'\n', &window[searched.min(window.len())..]).map(|n| searched + n);
            if let Some(end) = found {
                let text_end = if end > 0 && window[end - 1] == b'\r' { end - 1 } else { end };
                return Ok(Some((text_end, end + 1)));
            }
            searched = window.len().max(from);
            if window.len() > MAX_LINE || !self.source.fill()? {
                let len = self.source.window().len();
                return Ok((len > from).then_some((len, len)));
            }
        }
    }

    /// The first `len` bytes of what follows.
    pub(crate) fn peek(&self, len: usize) -> &[u8] {
        &self.source.window()[..len]
    }

    /// Takes a stretch that [`Lines::find_break`] measured.
    pub(crate) fn take(&mut self, len: usize, skip: usize) -> Line {
        let (line, byte) = self.source.place(0);
        let text = match std::str::from_utf8(&self.source.window()[..len]) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(self.source.place(error.valid_up_to()).1),
        };
        self.source.consume(skip);
        Line { line, byte, text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &[(u64, u64, &str)]) {
        let mut lines = Lines::new(bytes, None).unwrap();
        for &(line, byte, text) in expected {
            let found = lines.next_line().unwrap().unwrap();
            assert_eq!((found.line, found.byte, found.text), (line, byte, Ok(text.to_owned())));
        }
        assert!(lines.next_line().unwrap().is_none());
    }

    #[test]
    fn lines_have_places() {
        check(b"", &[]);
        check(b"\n", &[(1, 0, "")]);
        check("أ\r\n\nب".as_bytes(), &[(1, 0, "أ"), (2, 4, ""), (3, 5, "ب")]);
        check(b"\xFF\xFEa\0\n\0\x28\x06\n\0", &[(1, 2, "a"), (2, 6, "ب")]);
        let mut lines = Lines::new(&b"\xD8\xA3\n\xD8\nb\n"[..], Some(encoding_rs::UTF_8)).unwrap();
        assert!(lines.next_line().unwrap().unwrap().text.is_ok());
        assert_eq!(lines.next_line().unwrap().unwrap().text, Err(3));
        assert_eq!(lines.next_line().unwrap().unwrap().text, Ok("b".to_owned()));
        // A character of UTF-16, a lone surrogate, a character: four bytes before, two of it, two behind.
        let mut lines = Lines::new(&b"\xFF\xFE\x28\x06\x00\xD8\x28\x06\n\0b\0"[..], None).unwrap();
        assert_eq!(lines.next_line().unwrap().unwrap().text, Err(4));
        assert_eq!(lines.next_line().unwrap().unwrap().byte, 10);
    }
}
