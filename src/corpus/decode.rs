//! Bytes become text: byte order marks, UTF-16 without one, UTF-8, declared and detected eight-bit encodings.

use crate::error::{Error, Place};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, ISO_8859_6, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1256};
use std::path::Path;

/// How many bytes are looked at for a declaration: the HTML standard's own 1024 (§13.2.3.2 "prescan a byte stream").
const DECLARATION: usize = 1024;

/// How many bytes are looked at to tell UTF-16 and binary files.
const HEAD: usize = 64 * 1024;

/// Decodes a file's bytes, in this order: `label` where the caller gives one; byte order mark; UTF-16 by where its zero
/// bytes stand; UTF-8 where every byte fits; the encoding that HTML or XML declares; detection (chardetng), believed
/// only where the outcome is plainly Arabic or Latin text. Returns the text, without byte order mark, and the WHATWG
/// name of the encoding. Never lossy: text that does not decode is an error, not U+FFFD.
///
/// ```
/// use dhakira::corpus::decode;
/// let bytes = [0xE3, 0xCF, 0xED, 0xE4, 0xC9, 0x20, 0xC7, 0xE1, 0xD3, 0xE1, 0xC7, 0xE3];
/// assert_eq!(decode("a.txt".as_ref(), &bytes, None)?, ("مدينة السلام".to_owned(), "windows-1256"));
/// # Ok::<(), dhakira::Error>(())
/// ```
///
/// # Errors
/// [`Error::Encoding`] with the first byte that does not fit (an unknown `label` is one too), [`Error::Binary`], and
/// [`Error::Empty`] for a file of nothing but white space.
pub fn decode(path: &Path, bytes: &[u8], label: Option<&str>) -> Result<(String, &'static str), Error> {
    let found = match label {
        Some(label) => {
            let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(|| Error::Encoding {
                path: path.to_path_buf(),
                place: Place::default(),
                encoding: "an encoding of that name (it is not known)",
            })?;
            // A label `utf-16` does not tell the byte order; the mark does.
            let encoding = Encoding::for_bom(bytes).map_or(encoding, |(marked, _)| marked);
            strict(path, bytes, encoding)?
        }
        None => detect(path, bytes)?,
    };
    if found.0.trim_matches(|c: char| c.is_whitespace() || c == '\0').is_empty() {
        return Err(Error::Empty { path: path.to_path_buf() });
    }
    Ok(found)
}

fn detect(path: &Path, bytes: &[u8]) -> Result<(String, &'static str), Error> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return strict(path, bytes, encoding);
    }
    if let Some(encoding) = utf_16(bytes) {
        return strict(path, bytes, encoding);
    }
    if let Some(byte) = binary(bytes) {
        return Err(Error::Binary { path: path.to_path_buf(), byte });
    }
    if std::str::from_utf8(bytes).is_ok() {
        return strict(path, bytes, UTF_8);
    }
    // A file with far more good UTF-8 than bad bytes is a damaged UTF-8 file, not one in another encoding.
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if good > 10 * bad {
        return strict(path, bytes, UTF_8);
    }
    if let Some(encoding) = declared(bytes).filter(|e| *e != UTF_8) {
        return strict(path, bytes, encoding);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    [guess, WINDOWS_1256, ISO_8859_6, WINDOWS_1252]
        .into_iter()
        .filter_map(|encoding| strict(path, bytes, encoding).ok())
        .find(|(text, _)| plausible(text))
        .ok_or_else(|| {
            let byte = std::str::from_utf8(bytes).map_or_else(|e| e.valid_up_to(), |_| 0);
            not_text(path, bytes, byte, "UTF-8 nor in any encoding that could be told")
        })
}

/// UTF-16 without a mark: text of our two languages has a zero or U+06xx high byte in nearly every unit.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(HEAD) & !1];
    if head.len() < 4 || !bytes.len().is_multiple_of(2) || memchr::memchr(0, head).is_none() {
        return None;
    }
    let units = head.len() / 2;
    let high = |parity: usize| {
        let half = head.iter().skip(parity).step_by(2);
        half.filter(|b| matches!(b, 0x00 | 0x06)).count() * 10 >= units * 9
    };
    match (high(0), high(1)) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ => None,
    }
}

/// The first byte that no text file holds: a zero, or where more than a thirtieth are controls, the first of those.
fn binary(bytes: &[u8]) -> Option<u64> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let control = |b: &u8| matches!(b, 0x00..=0x08 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F);
    let controls = head.iter().filter(|b| control(b)).count();
    if controls == 0 {
        return None;
    }
    let zero = memchr::memchr(0, head);
    let first = head.iter().position(control);
    zero.or(first.filter(|_| controls * 30 > head.len())).map(|at| at as u64)
}

/// The encoding that an HTML `meta` or an XML declaration names in the first kilobyte.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(DECLARATION)].to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head);
    if !head.trim_start().starts_with('<') {
        return None;
    }
    let after = |name: &str| {
        let rest = &head[head.find(name)? + name.len()..];
        let value = rest.trim_start().strip_prefix('=')?.trim_start();
        let value = value.trim_start_matches(['"', '\'']);
        Encoding::for_label(value.split(['"', '\'', ' ', ';', '>', '/', '?']).next()?.as_bytes())
    };
    // An eight-bit file can not be UTF-16, whatever it says (HTML standard, same section).
    after("charset").or_else(|| after("encoding")).filter(|e| *e != UTF_16LE && *e != UTF_16BE)
}

/// Whether decoded eight-bit text reads like Arabic or like English: its other-than-ASCII characters are Arabic, or few
/// and Latin letters and signs of print.
fn plausible(text: &str) -> bool {
    let (mut arabic, mut latin, mut ascii, mut foreign) = (0usize, 0usize, 0usize, 0usize);
    for c in text.chars() {
        match c {
            '\u{0621}'..='\u{0652}' => arabic += 1,
            'a'..='z' | 'A'..='Z' => ascii += 1,
            '\u{00C0}'..='\u{00FF}' | '\u{0152}' | '\u{0153}' | '\u{0160}' | '\u{0161}' => latin += 1,
            '\u{0000}'..='\u{007F}' | '\u{00A0}'..='\u{00BF}' | '\u{2010}'..='\u{203A}' => {}
            '\u{060C}' | '\u{061B}' | '\u{061F}' | '\u{200C}'..='\u{200F}' | '\u{20AC}' | '\u{2122}' => {}
            _ => foreign += 1,
        }
    }
    let letters = arabic + latin + ascii;
    foreign * 50 <= letters && (latin * 20 <= arabic || (arabic == 0 && latin * 8 <= ascii)) && letters > 0
}

fn strict(path: &Path, bytes: &[u8], encoding: &'static Encoding) -> Result<(String, &'static str), Error> {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0));
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
        (DecoderResult::InputEmpty, _) => Ok((text, encoding.name())),
        (DecoderResult::Malformed(bad, consumed), read) => {
            let byte = read.saturating_sub(usize::from(bad) + usize::from(consumed));
            Err(not_text(path, bytes, byte, encoding.name()))
        }
        (DecoderResult::OutputFull, read) => Err(not_text(path, bytes, read, encoding.name())),
    }
}

fn not_text(path: &Path, bytes: &[u8], byte: usize, encoding: &'static str) -> Error {
    let line = 1 + bytes[..byte.min(bytes.len())].iter().filter(|b| **b == b'\n').count();
    let place = Place { line: Some(line as u64), byte: Some(byte as u64), tuid: None };
    Error::Encoding { path: path.to_path_buf(), place, encoding }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARABIC: &str = "وصلت القافلة إلى المدينة، ثم نزل الناس عند البئر؟ نعم؛ نزلوا.";

    fn check(bytes: &[u8], label: Option<&str>, expected: Result<(&str, &str), &str>) {
        let found = decode("a.txt".as_ref(), bytes, label);
        match (&found, expected) {
            (Ok((text, encoding)), Ok(expected)) => assert_eq!((text.as_str(), *encoding), expected),
            (Err(error), Err(code)) => assert_eq!(error.code(), code, "{error}"),
            _ => panic!("{found:?} is not {expected:?}"),
        }
    }

    fn utf_16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    }

    #[test]
    fn told_and_found() {
        let in_1256 = WINDOWS_1256.encode(ARABIC).0.into_owned();
        let in_6 = ISO_8859_6.encode(ARABIC).0.into_owned();
        check(ARABIC.as_bytes(), None, Ok((ARABIC, "UTF-8")));
        check(format!("\u{FEFF}{ARABIC}").as_bytes(), None, Ok((ARABIC, "UTF-8")));
        check(&in_1256, None, Ok((ARABIC, "windows-1256")));
        check(&in_6, None, Ok((ARABIC, "ISO-8859-6")));
        check(&in_6, Some("iso-8859-6"), Ok((ARABIC, "ISO-8859-6")));
        check(&WINDOWS_1252.encode("The “old” town – café").0, None, Ok(("The “old” town – café", "windows-1252")));
        for big in [false, true] {
            let name = if big { "UTF-16BE" } else { "UTF-16LE" };
            check(&utf_16(ARABIC, big), None, Ok((ARABIC, name)));
            check(&utf_16("The old town", big), None, Ok(("The old town", name)));
            check(&utf_16(&format!("\u{FEFF}{ARABIC}"), big), None, Ok((ARABIC, name)));
            check(&utf_16(&format!("\u{FEFF}{ARABIC}"), big), Some("utf-16"), Ok((ARABIC, name)));
        }
    }

    #[test]
    fn refused() {
        check(b"", None, Err("empty"));
        check(b" \r\n\t", None, Err("empty"));
        check(b"\xEF\xBB\xBF\n", None, Err("empty"));
        check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None, Err("binary"));
        check(b"PK\x03\x04\x14\0\x08", None, Err("binary"));
        check(ARABIC.as_bytes(), Some("klingon"), Err("encoding"));
        check(&WINDOWS_1256.encode(ARABIC).0, Some("utf-8"), Err("encoding"));
        let mut damaged = ARABIC.as_bytes().to_vec();
        damaged.truncate(damaged.len() - 2);
        damaged.push(0xD9);
        check(&damaged, None, Err("encoding"));
    }

    #[test]
    fn the_place_of_the_first_bad_byte() {
        let error = decode("a.txt".as_ref(), b"one\ntwo \xFF", Some("utf-8")).unwrap_err();
        let place = error.place().unwrap();
        assert_eq!((place.line, place.byte), (Some(2), Some(8)));
        assert!(error.to_string().contains("--encoding"));
    }

    proptest::proptest! {
        #[test]
        fn never_a_replacement_character(bytes: Vec<u8>) {
            if let Ok((text, _)) = decode("a.txt".as_ref(), &bytes, None) {
                let own = bytes.windows(3).any(|w| w == "\u{FFFD}".as_bytes()) || bytes.contains(&0xFD);
                let lossy = text.contains(char::REPLACEMENT_CHARACTER);
                proptest::prop_assert!(own || !lossy);
            }
        }
    }
}
