//! Text decoded in the wrong encoding, and what it was.
//!
//! | what happened | what one sees for `العربية` |
//! | --- | --- |
//! | windows-1256 read as Latin-1 or windows-1252 | `ÇáÚÑÈíÉ` |
//! | UTF-8 read as windows-1252 | `Ø§Ù„Ø¹Ø±Ø¨ÙŠØ©`, and `â€™` for `’` |
//! | UTF-8 read as windows-1256 | `ط§ظ„ط¹ط±ط¨ظٹط©` |
//!
//! Each is undone by encoding again and decoding rightly (tables: WHATWG Encoding Standard §9.1), and believed only when
//! nothing but Arabic letters or common signs come out.

use super::finding::Spot;
use super::kind::FindingKind;
use super::script::{Census, is_arabic_letter, is_tashkeel};
use crate::lang::Lang;
use encoding_rs::{Encoding, WINDOWS_1252, WINDOWS_1256};
use std::ops::Range;

/// The stretches of `text` that were decoded wrongly, each with what it was.
pub(super) fn spots(text: &str, lang: Option<Lang>, census: &Census) -> Vec<Spot> {
    let mut found = Vec::new();
    if census.high >= 2 {
        found = utf8_as_1252(text);
        if found.is_empty() && lang == Some(Lang::Ar) && census.arabic == 0 {
            found = arabic_as_latin(text);
        }
    }
    if found.is_empty() && census.arabic >= 2 {
        found = utf8_as_1256(text);
    }
    found
        .into_iter()
        .map(|(range, was)| Spot {
            kind: FindingKind::Mojibake,
            message: format!("“{}” was decoded in the wrong encoding; it reads “{was}”", &text[range.clone()]),
            range,
            fix: Some(was),
        })
        .collect()
}

/// Maximal stretches of characters beyond ASCII, inline codes between them.
fn stretches(text: &str) -> impl Iterator<Item = Range<usize>> {
    let outside = |c: char| c.is_ascii() || c == '\u{FFFC}';
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(|c| !outside(c))?;
        at = start + text[start..].find(outside).unwrap_or(text.len() - start);
        Some(start..at)
    })
}

/// The byte that shows as `c` when windows-1252 or Latin-1 is read.
fn byte_1252(c: char) -> Option<u8> {
    u8::try_from(c as u32).ok().or_else(|| byte_of(c, WINDOWS_1252))
}

fn byte_of(c: char, encoding: &'static Encoding) -> Option<u8> {
    let mut buffer = [0; 4];
    let (bytes, _, failed) = encoding.encode(c.encode_utf8(&mut buffer));
    match (bytes.as_ref(), failed) {
        ([byte], false) => Some(*byte),
        _ => None,
    }
}

/// Whether `c` is a character that one meets in Arabic or English text beyond ASCII.
fn is_common(c: char) -> bool {
    is_arabic_letter(c)
        || is_tashkeel(c)
        || matches!(c, '\u{00A0}'..='\u{017F}' | '\u{0600}'..='\u{06FF}' | '\u{200B}'..='\u{2069}' | '\u{20AC}' | '\u{2122}'
            | '\u{2190}'..='\u{21FF}' | '\u{1F300}'..='\u{1FAFF}')
}

/// Every multi-byte sequence of UTF-8 among the bytes that windows-1252 shows; one is enough: no language writes `Ã©`.
fn utf8_as_1252(text: &str) -> Vec<(Range<usize>, String)> {
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    for stretch in stretches(text) {
        let chars: Vec<(usize, u8)> =
            text[stretch.clone()].char_indices().map(|(i, c)| (stretch.start + i, byte_1252(c).unwrap_or(0))).collect();
        let mut at = 0;
        while at < chars.len() {
            let length = match chars[at].1 {
                0xC2..=0xDF => 2,
                0xE0..=0xEF => 3,
                0xF0..=0xF4 => 4,
                _ => 0,
            };
            let bytes: Vec<u8> = chars.iter().skip(at).take(length).map(|(_, b)| *b).collect();
            let decoded = std::str::from_utf8(&bytes).ok().filter(|d| !d.is_empty() && d.chars().all(is_common));
            let Some(decoded) = decoded else {
                at += 1;
                continue;
            };
            let start = chars[at].0;
            at += length;
            let end = chars.get(at).map_or(stretch.end, |(i, _)| *i);
            match found.last_mut() {
                Some((range, was)) if range.end == start => {
                    range.end = end;
                    was.push_str(decoded);
                }
                _ => found.push((start..end, decoded.to_owned())),
            }
        }
    }
    found
}

/// Whole stretches of windows-1256 characters that are UTF-8. Two Arabic characters in one stretch are the least: `ط،`
/// at the end of a list is the UTF-8 of `ء` by chance.
fn utf8_as_1256(text: &str) -> Vec<(Range<usize>, String)> {
    let decode = |stretch: Range<usize>| {
        let (bytes, _, failed) = WINDOWS_1256.encode(&text[stretch.clone()]);
        let decoded = std::str::from_utf8(&bytes).ok().filter(|_| !failed)?;
        decoded.chars().all(is_common).then(|| (stretch, decoded.to_owned()))
    };
    let found: Vec<_> = stretches(text).filter_map(decode).collect();
    let certain = found.iter().any(|(_, was)| was.chars().filter(|c| is_arabic_letter(*c)).count() >= 2);
    if certain { found } else { Vec::new() }
}

/// Stretches of Latin letters beyond ASCII that are Arabic letters in windows-1256, where they touch no ASCII letter and
/// the text has at least four of them: `naïve` and `À Á` are no Arabic.
fn arabic_as_latin(text: &str) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let mut letters = 0;
    for stretch in stretches(text) {
        let touches = text[..stretch.start].ends_with(|c: char| c.is_ascii_alphabetic())
            || text[stretch.end..].starts_with(|c: char| c.is_ascii_alphabetic());
        let Some(bytes) = text[stretch.clone()].chars().map(byte_1252).collect::<Option<Vec<u8>>>() else {
            return Vec::new();
        };
        let was = WINDOWS_1256.decode_without_bom_handling(&bytes).0.into_owned();
        let clean =
            |c: char| is_arabic_letter(c) || is_tashkeel(c) || !c.is_alphanumeric() && is_common(c) || c == '\u{0640}';
        if touches || !was.chars().all(clean) {
            return Vec::new();
        }
        letters += was.chars().filter(|c| is_arabic_letter(*c)).count();
        found.push((stretch, was));
    }
    if letters >= 4 { found } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, lang: Lang, expected: &str) {
        let mut mended = text.to_owned();
        for spot in spots(text, Some(lang), &Census::of(text)).into_iter().rev() {
            mended.replace_range(spot.range, &spot.fix.unwrap());
        }
        assert_eq!(mended, expected, "{text}");
    }

    #[test]
    fn wrong_decodings_are_undone() {
        let arabic = "كتابٌ «جديد» عن العربية، 2021";
        let as_1256 = WINDOWS_1256.encode(arabic).0.into_owned();
        let latin: String = as_1256.iter().map(|b| char::from(*b)).collect();
        check(&latin, Lang::Ar, arabic);
        check(&WINDOWS_1252.decode_without_bom_handling(&as_1256).0, Lang::Ar, arabic);
        check(&WINDOWS_1252.decode_without_bom_handling(arabic.as_bytes()).0, Lang::Ar, arabic);
        check(&WINDOWS_1256.decode_without_bom_handling(arabic.as_bytes()).0, Lang::Ar, arabic);
        check("Itâ€™s a cafÃ©", Lang::En, "It’s a café");
    }

    #[test]
    fn right_decodings_stay() {
        for (text, lang) in [
            ("naïve café, São Tomé", Lang::En),
            ("À Á", Lang::Ar),
            ("الحروف: ص، ط، ظ، ع؟", Lang::Ar),
            ("فقط؛ ومحفوظ»، ومربوط…", Lang::Ar),
            ("« CAFÉ »", Lang::En),
            ("© 2021 – 5 £", Lang::Ar),
            ("Ísland", Lang::Ar),
        ] {
            check(text, lang, text);
        }
    }
}
