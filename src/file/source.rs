//! A file's bytes as UTF-8 in a sliding window, whatever encoding it is in and whatever it says about that.

use std::io::{self, BufRead, Read};
use std::str::Utf8Chunk;

use encoding_rs::{Decoder, DecoderResult, Encoding, ISO_8859_6, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1256};

/// How much is read at once, and how much the encoding is told from.
const CHUNK: usize = 256 * 1024;

/// Stands in the window for a byte that is in no character of the encoding; it is in no UTF-8 text.
pub(crate) const MALFORMED: u8 = 0xFF;

/// The window on a file: decoded, or as it is where the file is UTF-8 already.
pub(crate) struct Source<R> {
    input: R,
    encoding: &'static Encoding,
    /// `None` for UTF-8: the bytes pass as they are, and each unit is checked by itself.
    decoder: Option<Decoder>,
    buf: Vec<u8>,
    start: usize,
    /// Bytes of decoded text before `buf[start]`.
    consumed: u64,
    /// Position in the file of `buf[start]`.
    byte: u64,
    /// Bytes of the file that have been read for decoding.
    taken: u64,
    line: u64,
    eof: bool,
    /// What the file says about its encoding, where that is not what was found.
    lie: Option<String>,
    next: Next,
}

/// What was read before the window has room for it.
#[derive(Default)]
struct Next {
    /// [`HEADROOM`] bytes, into which what is left in the window is moved, then bytes of the file.
    buf: Vec<u8>,
    eof: bool,
    failed: Option<io::Error>,
}

/// So much can be left in the window when what was read ahead takes its place without being moved.
const HEADROOM: usize = 512 * 1024;

/// Reads the next bytes of a file while its window is looked at: the work is [`Ahead::read`].
pub(crate) struct Ahead<'a, R> {
    input: &'a mut R,
    next: &'a mut Next,
    len: usize,
}

impl<R: BufRead> Ahead<'_, R> {
    /// Reads; what comes of it is found by [`Source::fill`].
    pub(crate) fn read(self) {
        if self.len == 0 {
            return;
        }
        self.next.buf.resize(HEADROOM, 0);
        self.next.buf.reserve(self.len);
        match read_into(self.input, &mut self.next.buf, self.len) {
            Ok(eof) => self.next.eof = eof,
            Err(error) => self.next.failed = Some(error),
        }
    }
}

impl<R: BufRead> Source<R> {
    /// Reads the first chunk and finds the encoding, unless it is told.
    pub(crate) fn new(mut input: R, told: Option<&'static Encoding>) -> io::Result<Source<R>> {
        let mut head = Vec::new();
        let eof = read_into(&mut input, &mut head, CHUNK)?;
        let found =
            told.map_or_else(|| detect(&head), |encoding| Found { encoding, bom: bom_len(&head, encoding), lie: None });
        let utf8 = found.encoding == UTF_8;
        let mut source = Source {
            input,
            encoding: found.encoding,
            decoder: (!utf8).then(|| found.encoding.new_decoder_without_bom_handling()),
            buf: Vec::new(),
            start: 0,
            consumed: 0,
            byte: found.bom as u64,
            taken: found.bom as u64,
            line: 1,
            eof: false,
            lie: found.lie,
            next: Next::default(),
        };
        source.push(&head[found.bom..], eof);
        source.eof = eof;
        Ok(source)
    }

    pub(crate) fn encoding(&self) -> &'static Encoding {
        self.encoding
    }

    pub(crate) fn lie(&mut self) -> Option<String> {
        self.lie.take()
    }

    /// What has been read and not yet consumed.
    pub(crate) fn window(&self) -> &[u8] {
        &self.buf[self.start..]
    }

    /// The window, and a way to read `len` bytes more meanwhile. Where the file has to be decoded nothing is read ahead.
    pub(crate) fn window_and_ahead(&mut self, len: usize) -> (&[u8], Ahead<'_, R>) {
        let is_idle = self.decoder.is_none() && self.next.buf.len() <= HEADROOM && self.next.failed.is_none();
        let len = if is_idle && !self.eof && !self.next.eof { len } else { 0 };
        (&self.buf[self.start..], Ahead { input: &mut self.input, next: &mut self.next, len })
    }

    /// Reads more into the window; false when there is no more.
    pub(crate) fn fill(&mut self) -> io::Result<bool> {
        if self.next.buf.len() > HEADROOM {
            self.take_next();
            return Ok(true);
        }
        if let Some(error) = self.next.failed.take() {
            return Err(error);
        }
        self.eof |= self.next.eof;
        if self.eof {
            return Ok(false);
        }
        // Moving what is left costs less than letting the buffer grow, as long as more was consumed than is left.
        if self.start > self.buf.len() - self.start {
            self.buf.copy_within(self.start.., 0);
            self.buf.truncate(self.buf.len() - self.start);
            self.start = 0;
        }
        if self.decoder.is_none() {
            self.eof = read_into(&mut self.input, &mut self.buf, CHUNK)?;
        } else {
            let mut raw = Vec::new();
            let eof = read_into(&mut self.input, &mut raw, CHUNK)?;
            self.push(&raw, eof);
            self.eof = eof;
        }
        Ok(true)
    }

    /// Puts what was read ahead behind what is left in the window.
    fn take_next(&mut self) {
        let left = &self.buf[self.start..];
        if left.len() <= HEADROOM {
            let start = HEADROOM - left.len();
            self.next.buf[start..HEADROOM].copy_from_slice(left);
            std::mem::swap(&mut self.buf, &mut self.next.buf);
            self.start = start;
        } else {
            self.buf.extend_from_slice(&self.next.buf[HEADROOM..]);
        }
        self.next.buf.truncate(HEADROOM);
        self.eof = self.next.eof;
    }

    /// Appends bytes of the file to the window.
    fn push(&mut self, mut raw: &[u8], last: bool) {
        let Some(decoder) = &mut self.decoder else {
            self.buf.extend_from_slice(raw);
            return;
        };
        self.taken += raw.len() as u64;
        loop {
            let room = decoder.max_utf8_buffer_length_without_replacement(raw.len()).unwrap_or(raw.len() * 4 + 16);
            let old = self.buf.len();
            self.buf.resize(old + room, 0);
            let (result, read, written) = decoder.decode_to_utf8_without_replacement(raw, &mut self.buf[old..], last);
            self.buf.truncate(old + written);
            raw = &raw[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(bytes, _) => self.buf.extend((0..bytes).map(|_| MALFORMED)),
            }
        }
    }

    /// Drops the first `len` bytes of the window.
    pub(crate) fn consume(&mut self, len: usize) {
        let breaks = breaks(&self.buf[self.start..self.start + len]);
        self.consume_counted(len, breaks);
    }

    /// [`Source::consume`], where it is known how many line breaks these bytes hold.
    pub(crate) fn consume_counted(&mut self, len: usize, breaks: u64) {
        let gone = &self.buf[self.start..self.start + len];
        self.line += breaks;
        self.byte += self.file_len(gone);
        self.start += len;
        self.consumed += len as u64;
    }

    /// How many bytes of the decoded text have been consumed.
    pub(crate) fn consumed(&self) -> u64 {
        self.consumed
    }

    /// Line and byte in the file of the position `at` of the window.
    pub(crate) fn place(&self, at: usize) -> (u64, u64) {
        let before = &self.window()[..at];
        (self.line + breaks(before), self.byte + self.file_len(before))
    }

    /// How many bytes of the file these bytes of the window were.
    pub(crate) fn file_len(&self, window: &[u8]) -> u64 {
        if self.decoder.is_none() {
            return window.len() as u64;
        }
        let chars = window.iter().filter(|&&b| b & 0xC0 != 0x80).count();
        if self.encoding == UTF_16LE || self.encoding == UTF_16BE {
            let pairs = window.iter().filter(|&&b| b >= 0xF0 && b != MALFORMED).count();
            let malformed = window.iter().filter(|&&b| b == MALFORMED).count();
            (2 * (chars + pairs) - malformed) as u64
        } else if self.encoding.is_single_byte() {
            chars as u64
        } else {
            // As near as writing it again comes: these encodings have several ways to write some characters.
            let len = |chunk: Utf8Chunk<'_>| self.encoding.encode(chunk.valid()).0.len() + chunk.invalid().len();
            let len = window.utf8_chunks().map(len).sum::<usize>() as u64;
            len.min(self.taken - self.byte)
        }
    }
}

/// How many line breaks there are in these bytes.
pub(crate) fn breaks(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// Reads `len` bytes; true at the end of the input.
fn read_into(input: &mut impl BufRead, buf: &mut Vec<u8>, len: usize) -> io::Result<bool> {
    // Past its own buffer a buffered reader reads straight into this one.
    let read = input.take(len as u64).read_to_end(buf)?;
    Ok(read < len)
}

struct Found {
    encoding: &'static Encoding,
    bom: usize,
    lie: Option<String>,
}

fn bom_len(head: &[u8], encoding: &'static Encoding) -> usize {
    Encoding::for_bom(head).map_or(0, |(found, len)| if found == encoding { len } else { 0 })
}

/// The encoding: byte order mark, then zero bytes (UTF-16), then UTF-8 if the beginning is that and not mere ASCII, then the
/// declaration if the bytes fit it, then a guess.
fn detect(head: &[u8]) -> Found {
    if let Some((encoding, bom)) = Encoding::for_bom(head) {
        return Found { encoding, bom, lie: None };
    }
    let (label, declared) = declaration(head);
    let found = |encoding| {
        let says_utf16 = |e: &Encoding| e == UTF_16LE || e == UTF_16BE;
        let honest = declared.is_none_or(|d| d == encoding || (says_utf16(d) && says_utf16(encoding)));
        let lie = (!honest).then(|| format!("declared encoding {label:?}, but it is {}", encoding.name()));
        Found { encoding, bom: 0, lie }
    };
    match head {
        [0, b, 0, c, ..] if *b != 0 && *c != 0 => return found(UTF_16BE),
        [b, 0, c, 0, ..] if *b != 0 && *c != 0 => return found(UTF_16LE),
        _ => {}
    }
    let (valid, broken) = match std::str::from_utf8(head) {
        Ok(text) => (text, false),
        // A character cut by the chunk's end is not broken.
        Err(error) => {
            (std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(), error.error_len().is_some())
        }
    };
    let declared = declared.filter(|&d| d != UTF_16LE && d != UTF_16BE);
    if !broken && (!valid.is_ascii() || declared.is_none_or(|d| d == UTF_8)) {
        return found(UTF_8);
    }
    if let Some(declared) = declared
        && declared != UTF_8
    {
        // ISO-8859-6 has many unassigned bytes: where they are used the file is the Arabic of Windows.
        let holes = declared == ISO_8859_6 && has_malformed(declared, head);
        return found(if holes { WINDOWS_1256 } else { declared });
    }
    if mostly_utf8(head) {
        return found(UTF_8);
    }
    // The trade is Arabic: its two old encodings come before a guess over all the world's, which short texts mislead.
    let (windows, iso) = (arabic_share(WINDOWS_1256, head), arabic_share(ISO_8859_6, head));
    if windows >= 0.85 && windows >= iso {
        return found(WINDOWS_1256);
    }
    if iso >= 0.97 {
        return found(ISO_8859_6);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(head, false);
    found(detector.guess(None, chardetng::Utf8Detection::Deny))
}

/// Which share of the characters beyond ASCII are Arabic letters that touch no Latin one, if the bytes are in this encoding:
/// Cyrillic read as Arabic has à, è, î, ô among its letters, and the accents of French stand between Latin letters.
fn arabic_share(encoding: &'static Encoding, head: &[u8]) -> f64 {
    let (text, _) = encoding.decode_without_bom_handling(head);
    let (mut beyond, mut arabic) = (0usize, 0usize);
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        beyond += usize::from(!c.is_ascii() && (c.is_alphabetic() || c == '\u{FFFD}'));
        let after = chars.peek().copied().unwrap_or(' ');
        let alone = !before.is_ascii_alphabetic() && !after.is_ascii_alphabetic();
        arabic += usize::from(alone && matches!(c, '\u{0620}'..='\u{064A}'));
        before = c;
    }
    if beyond == 0 { 0.0 } else { arabic as f64 / beyond as f64 }
}

/// Whether `bytes` are not all text in the encoding.
fn has_malformed(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    let mut out = vec![0; bytes.len() * 3 + 16];
    let mut decoder = encoding.new_decoder_without_bom_handling();
    matches!(decoder.decode_to_utf8_without_replacement(bytes, &mut out, false).0, DecoderResult::Malformed(..))
}

/// Whether a text with broken bytes is UTF-8 with some damage rather than another encoding: more whole characters beyond
/// ASCII than broken places.
fn mostly_utf8(head: &[u8]) -> bool {
    let (mut whole, mut broken) = (0usize, 0usize);
    for chunk in head.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > broken || (whole == 0 && broken == 1 && head.len() > 1024)
}

/// The label in `<?xml … encoding="…"?>` and what it means.
fn declaration(head: &[u8]) -> (String, Option<&'static Encoding>) {
    let start: Vec<u8> = head.iter().copied().filter(|&b| b != 0).take(400).collect();
    let text = String::from_utf8_lossy(&start);
    let declaration = text.trim_start().strip_prefix("<?xml").and_then(|t| t.split_once("?>")).map_or("", |(d, _)| d);
    let label = declaration
        .split_once("encoding")
        .and_then(|(_, rest)| rest.trim_start().strip_prefix('='))
        .map(str::trim_start)
        .and_then(|rest| rest.strip_prefix(['"', '\'']))
        .and_then(|rest| rest.split(['"', '\'']).next())
        .unwrap_or_default();
    (label.to_owned(), Encoding::for_label(label.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(encoding: &'static Encoding, text: &str) {
        let bytes = encoding.encode(text).0;
        assert_eq!(detect(&bytes).encoding, encoding, "{text}");
    }

    #[test]
    fn undeclared_encodings_are_told_from_a_line() {
        check(WINDOWS_1256, "كتاب\tbook");
        check(WINDOWS_1256, "اجتمع الوزراء أمس في عمّان، ثم عادوا إلى بلدانهم.");
        check(ISO_8859_6, "اجتمع الوزراء أمس في عمان، ثم عادوا إلى بلدانهم.");
        check(UTF_8, "قلم");
        check(UTF_8, "plain");
        check(encoding_rs::WINDOWS_1251, "Министры встретились вчера и затем вернулись домой");
        check(encoding_rs::WINDOWS_1252, "Les ministres réunis à Genève ont été très déçus");
    }

    #[test]
    fn declarations_are_read() {
        let label = |text: &str| declaration(text.as_bytes()).0;
        assert_eq!(label("<?xml version='1.0' encoding = 'windows-1256' ?>"), "windows-1256");
        assert_eq!(label("<?xml version=\"1.0\"?><a encoding=\"x\"/>"), "");
    }
}
