//! Single characters that do not belong into a text, or not into a text of its language.

use super::bidi;
use super::finding::Spot;
use super::kind::FindingKind;
use super::script::{Census, is_arabic_letter, is_bidi_control, is_control, is_tashkeel, persian};
use encoding_rs::{WINDOWS_1252, WINDOWS_1256};

/// Control characters, non-characters and byte order marks: line breaks of old programs become a space, the others go.
///
/// C1 controls are bytes that were taken for Latin-1: those that windows-1252 and windows-1256 show as the same sign
/// become it; what the others were nobody can tell.
pub(super) fn controls(text: &str) -> Vec<Spot> {
    let fix = |c: char| match c {
        '\u{0B}' | '\u{0C}' => Some(" ".to_owned()),
        '\u{80}'..='\u{9F}' => {
            let sign = |e: &'static encoding_rs::Encoding| e.decode_without_bom_handling(&[c as u8]).0.into_owned();
            let (western, arabic) = (sign(WINDOWS_1252), sign(WINDOWS_1256));
            (western == arabic && !western.contains(|c: char| c.is_alphanumeric() || is_control(c))).then_some(western)
        }
        _ => Some(String::new()),
    };
    text.char_indices()
        .filter(|(_, c)| is_control(*c))
        .map(|(at, c)| Spot {
            kind: FindingKind::ControlCharacters,
            range: at..at + c.len_utf8(),
            message: format!("U+{:04X} is a control character and no text", c as u32),
            fix: fix(c),
        })
        .collect()
}

/// U+FFFD, and texts of question marks where the other side has words.
pub(super) fn lost_letters(text: &str, question: usize, alphanumeric: usize, other_letters: usize) -> Vec<Spot> {
    let spot = |at: usize, end: usize, message: &str| Spot {
        kind: FindingKind::ReplacementCharacters,
        range: at..end,
        message: message.to_owned(),
        fix: None,
    };
    if question >= 4 && alphanumeric == 0 && other_letters >= 4 {
        return vec![spot(0, text.len(), "the letters were lost: only question marks are left")];
    }
    text.match_indices('\u{FFFD}')
        .map(|(at, c)| spot(at, at + c.len(), "a letter was lost (U+FFFD stands in its place)"))
        .collect()
}

/// Bidi marks, embeddings and isolates.
pub(super) fn bidi_controls(text: &str) -> Vec<Spot> {
    text.char_indices()
        .filter(|(_, c)| is_bidi_control(*c))
        .map(|(at, c)| Spot {
            kind: FindingKind::BidiControls,
            range: at..at + c.len_utf8(),
            message: format!("the text holds a {}", bidi::name(c)),
            fix: Some(String::new()),
        })
        .collect()
}

/// A tatweel between two letters of one word. One at the end of a prefix or an abbreviation (`الـ20`, `هـ`) is meant.
pub(super) fn tatweels(text: &str) -> Vec<Spot> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('\u{0640}').map(|i| at + i) {
        let skip = |c: &char| is_tashkeel(*c) || *c == '\u{0640}';
        let end = start + text[start..].find(|c| c != '\u{0640}').unwrap_or(text.len() - start);
        let before = text[..start].chars().rev().find(|c| !skip(c));
        let behind = text[end..].chars().find(|c| !skip(c));
        if before.is_some_and(is_arabic_letter) && behind.is_some_and(is_arabic_letter) {
            found.push(Spot {
                kind: FindingKind::Tatweel,
                range: start..end,
                message: "a word is stretched by tatweel".to_owned(),
                fix: Some(String::new()),
            });
        }
        at = end;
    }
    found
}

/// Persian letters in words that are otherwise Arabic. Words with letters that Arabic does not have (`پ چ ژ گ`) are
/// foreign names, those with a non-joiner inside are Persian; a Farsi yeh at the end of a word may stand for `ي` or `ى`, which nobody can tell here.
pub(super) fn persian_letters(text: &str) -> Vec<Spot> {
    let mut found = Vec::new();
    let inside = |c: char| is_arabic_letter(c) || is_tashkeel(c) || matches!(c, '\u{0640}' | '\u{200C}');
    let mut at = 0;
    while let Some(start) = text[at..].find(is_arabic_letter).map(|i| at + i) {
        let end = start + text[start..].find(|c| !inside(c)).unwrap_or(text.len() - start);
        let word = &text[start..end];
        at = end;
        if word.trim_end_matches('\u{200C}').contains(['پ', 'چ', 'ژ', 'گ', '\u{200C}']) {
            continue;
        }
        for (i, c) in word.char_indices() {
            let Some(letter) = persian(c) else { continue };
            let last = !word[i + c.len_utf8()..].contains(is_arabic_letter);
            let range = start + i..start + i + c.len_utf8();
            found.push(Spot {
                kind: FindingKind::PersianLetters,
                range,
                message: format!(
                    "“{c}” (U+{:04X}) in “{word}” is no Arabic letter; Arabic writes “{letter}”",
                    c as u32
                ),
                fix: (!(last && c == '\u{06CC}')).then(|| letter.to_string()),
            });
        }
    }
    found
}

/// Latin commas, semicolons and question marks right behind an Arabic word and before a space or the end.
pub(super) fn latin_marks(text: &str) -> Vec<Spot> {
    let mut found = Vec::new();
    for (at, c) in text.char_indices() {
        let arabic = match c {
            '?' => '؟',
            ',' => '،',
            ';' => '؛',
            _ => continue,
        };
        let before = text[..at].chars().rev().find(|c| !is_tashkeel(*c) && *c != '\u{0640}');
        let behind = text[at + 1..].chars().next();
        let ends = behind.is_none_or(|c| c.is_whitespace() || matches!(c, '»' | '"' | '”' | ')' | '!'));
        if ends && before.is_some_and(is_arabic_letter) {
            found.push(Spot {
                kind: FindingKind::LatinPunctuation,
                range: at..at + 1,
                message: format!("a Latin “{c}” stands behind an Arabic word; Arabic writes “{arabic}”"),
                fix: Some(arabic.to_string()),
            });
        }
    }
    found
}

/// Runs of spaces between two other characters.
pub(super) fn double_spaces(text: &str) -> Vec<Spot> {
    let inner = text.trim();
    let offset = text.len() - text.trim_start().len();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = inner[at..].find("  ").map(|i| at + i) {
        let end = start + inner[start..].find(|c| c != ' ').unwrap_or(inner.len() - start);
        found.push(Spot {
            kind: FindingKind::DoubleSpace,
            range: offset + start..offset + end,
            message: "two words stand more than one space apart".to_owned(),
            fix: Some(" ".to_owned()),
        });
        at = end;
    }
    found
}

/// White space at an end of `text` where `other` has none.
pub(super) fn outer_spaces(text: &str, other: &str) -> Vec<Spot> {
    let spot = |range: std::ops::Range<usize>, message: &str| Spot {
        kind: FindingKind::LeadingTrailingSpace,
        range,
        message: message.to_owned(),
        fix: Some(String::new()),
    };
    let mut found = Vec::new();
    if Census::of(text).visible == 0 || Census::of(other).visible == 0 {
        return found;
    }
    let (start, end) = (text.len() - text.trim_start().len(), text.trim_end().len());
    if start > 0 && other.trim_start().len() == other.len() {
        found.push(spot(0..start, "white space stands before the text on this side only"));
    }
    if end < text.len() && other.trim_end().len() == other.len() {
        found.push(spot(end..text.len(), "white space stands behind the text on this side only"));
    }
    found
}

/// Character references (HTML 4.01 §24, XML 1.0 §4.1) left in the text, however often they were escaped.
///
/// Those that `other` has too are meant: a text about markup.
pub(super) fn entities(text: &str, other: &str) -> Vec<Spot> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('&').map(|i| at + i) {
        at = start + 1;
        let mut name = &text[at..];
        while let Some(rest) = name.strip_prefix("amp;") {
            // “&amp;” itself stands for a sign; “&amp;quot;” is escaped once more.
            if reference(rest).is_none() && !rest.starts_with("amp;") {
                break;
            }
            name = rest;
        }
        let Some((sign, length)) = reference(name) else { continue };
        let end = text.len() - name.len() + length;
        at = end;
        let written = &text[start..end];
        if !other.contains(written) {
            found.push(Spot {
                kind: FindingKind::Entities,
                range: start..end,
                message: format!("“{written}” was left undecoded; it stands for “{sign}”"),
                fix: Some(sign.to_string()),
            });
        }
    }
    found
}

/// Where character references stand: their digits and letters are no text.
pub(super) fn references(text: &str) -> Vec<std::ops::Range<usize>> {
    let found = text.match_indices('&').filter_map(|(at, _)| Some(at..at + 1 + reference(&text[at + 1..])?.1));
    found.collect()
}

/// The character that a reference without its `&` stands for, and the length of the reference.
fn reference(text: &str) -> Option<(char, usize)> {
    const NAMED: [(&str, char); 25] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", '\u{00A0}'),
        ("ndash", '–'),
        ("mdash", '—'),
        ("hellip", '…'),
        ("laquo", '«'),
        ("raquo", '»'),
        ("ldquo", '“'),
        ("rdquo", '”'),
        ("lsquo", '‘'),
        ("rsquo", '’'),
        ("copy", '©'),
        ("reg", '®'),
        ("trade", '™'),
        ("bull", '•'),
        ("middot", '·'),
        ("deg", '°'),
        ("zwnj", '\u{200C}'),
        ("zwj", '\u{200D}'),
        ("lrm", '\u{200E}'),
        ("rlm", '\u{200F}'),
    ];
    // The longest is “#x10FFFF;”.
    let end = text.bytes().take(9).position(|b| b == b';')?;
    let name = &text[..end];
    let sign = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !is_control(*c))?
        }
        None => NAMED.iter().find(|(n, _)| *n == name)?.1,
    };
    Some((sign, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(spots: Vec<Spot>, text: &str, mended: &str) {
        let mut edited = text.to_owned();
        for spot in spots.into_iter().rev() {
            edited.replace_range(spot.range, &spot.fix.unwrap_or_default());
        }
        assert_eq!(edited, mended, "{text:?}");
    }

    #[test]
    fn characters_are_mended() {
        let c = |text: &str, mended| check(controls(text), text, mended);
        c("سطر\u{0B}آخر\u{1}\u{FEFF}", "سطر آخر");
        c("a\tb\nc", "a\tb\nc");
        c("it\u{92}s\u{85}", "it’s…");
        assert_eq!(controls("a\u{9C}b")[0].fix, None);
        let t = |text: &str, mended| check(tatweels(text), text, mended);
        t("محـــمد ومُـحَمد", "محمد ومُحَمد");
        t("الـ20 هـ بـ «كتاب»", "الـ20 هـ بـ «كتاب»");
        let p = |text: &str, mended| check(persian_letters(text), text, mended);
        p("کتاب", "كتاب");
        p("بازی کیمیا", "باز كيميا");
        p("گوگل", "گوگل");
        let l = |text: &str, mended| check(latin_marks(text), text, mended);
        l("نعم, من? 1,000", "نعم، من؟ 1,000");
        let d = |text: &str, mended| check(double_spaces(text), text, mended);
        d("  نعم   لا  ", "  نعم لا  ");
    }

    #[test]
    fn entities_are_decoded_however_often_they_were_escaped() {
        let check = |text: &str, mended| check(entities(text, ""), text, mended);
        check("قال &quot;نعم&quot;", "قال \"نعم\"");
        check("&amp;amp;amp;lt;b&amp;gt;", "<b>");
        check("AT&amp;T & Co; R&D", "AT&T & Co; R&D");
        check("&#1593; &#x639;&#0; &foo; &amp", "ع ع&#0; &foo; &amp");
        assert!(entities("رمز &lt;", "the sign &lt;").is_empty());
    }
}
