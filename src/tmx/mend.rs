//! What a machine may mend in the XML of a unit that was set aside: references and characters, never words.

use super::parse::{Flaw, parse_unit};
use crate::unit::Unit;
use crate::xml;

/// A unit that was set aside, readable again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// The unit.
    pub unit: Unit,
    /// What was changed to make it so, in the order of the text.
    pub changes: Vec<Mend>,
}

/// One change: what the XML had, and what stands there now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mend {
    /// The byte of the unit's XML where it was.
    pub offset: usize,
    /// What stood there; control characters as their pictures (U+2400 on).
    pub before: String,
    /// What stands there now.
    pub after: String,
}

/// Mends the XML of a unit and reads it; the raw bytes of a [`Reject`](super::Reject) are such.
///
/// - A `&` that opens no reference becomes `&amp;`: `R&D`.
/// - An entity of HTML (`&nbsp;`, `&rlm;`, `&eacute;`) becomes its character; any other name keeps its letters: a file may
///   define entities, and expanding them is how files are made to leak or explode.
/// - Two references to surrogates (`&#xD83D;&#xDE00;`) become the one character that they mean in UTF-16.
/// - A character that XML 1.0 forbids (§2.2), written or referred to, goes; a vertical tab or form feed, which Word writes
///   for a line break, becomes a space.
///
/// Text between `<!--` and `-->` and in CDATA sections is left alone.
///
/// # Errors
///
/// What is still wrong after that: bytes that are no UTF-8, tags that do not match, a unit cut in its middle.
///
/// ```
/// use dhakira::{Lang, tmx};
/// let raw = "<tu><tuv xml:lang=\"ar\"><seg>قسم R&D&nbsp;&#x1;</seg></tuv><tuv xml:lang=\"en\"><seg>R&D</seg></tuv></tu>";
/// let mended = tmx::mend(raw.as_bytes()).unwrap();
/// assert_eq!(mended.unit.text_of(Lang::Ar).as_deref(), Some("قسم R&D\u{A0}"));
/// assert_eq!(mended.changes[0].after, "&amp;");
/// ```
pub fn mend(raw: &[u8]) -> Result<Mended, Flaw> {
    let source = std::str::from_utf8(raw).map_err(|error| Flaw {
        offset: error.valid_up_to(),
        tuid: None,
        reason: "bytes that are no UTF-8; name the file's encoding".to_owned(),
    })?;
    let mut out = String::with_capacity(source.len() + 16);
    let mut changes = Vec::new();
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        let rest = &source[at..];
        if let Some(aside) = untouched(rest) {
            out.push_str(aside);
            at += aside.len();
            continue;
        }
        let (before, after) = match c {
            '&' => match reference(rest) {
                Reference::Kept(len) => {
                    out.push_str(&rest[..len]);
                    at += len;
                    continue;
                }
                Reference::Becomes(len, after) => (&rest[..len], after),
            },
            '\u{B}' | '\u{C}' => (&rest[..1], " ".to_owned()),
            c if !xml::is_char(c) => (&rest[..c.len_utf8()], String::new()),
            c => {
                out.push(c);
                at += c.len_utf8();
                continue;
            }
        };
        out.push_str(&after);
        changes.push(Mend { offset: at, before: before.chars().map(picture).collect(), after });
        at += before.len();
    }
    Ok(Mended { unit: parse_unit(&out)?, changes })
}

/// A comment or CDATA section that `rest` opens with.
fn untouched(rest: &str) -> Option<&str> {
    let (open, close) = [("<!--", "-->"), ("<![CDATA[", "]]>")].into_iter().find(|(open, _)| rest.starts_with(open))?;
    // One that is never closed is a flaw for the parser to name.
    let len = rest[open.len()..].find(close)? + open.len() + close.len();
    Some(&rest[..len])
}

/// What becomes of the `&` that a text opens with.
enum Reference {
    /// A reference that XML knows, so many bytes long.
    Kept(usize),
    /// So many bytes become this XML.
    Becomes(usize, String),
}

/// No reference is longer: `&thetasym;` is the longest of HTML 4.
const LONGEST: usize = 12;

fn reference(rest: &str) -> Reference {
    let bare = || Reference::Becomes(1, "&amp;".to_owned());
    let Some(end) = rest.bytes().take(LONGEST).position(|b| b == b';') else { return bare() };
    let name = &rest[1..end];
    if xml::reference(name).is_ok() {
        return Reference::Kept(end + 1);
    }
    let Some(number) = number(name) else {
        return match html(name) {
            Some(c) => Reference::Becomes(end + 1, c.to_string()),
            None => bare(),
        };
    };
    // UTF-16 writes a character beyond the first plane as two surrogates, and careless tools refer to each.
    let low = rest[end + 1..].strip_prefix('&').and_then(|next| {
        let len = next.bytes().take(LONGEST).position(|b| b == b';')?;
        Some((self::number(&next[..len])?, len + 2))
    });
    if let (0xD800..=0xDBFF, Some((low @ 0xDC00..=0xDFFF, len))) = (number, low) {
        let code = 0x10000 + ((number - 0xD800) << 10) + (low - 0xDC00);
        if let Some(c) = char::from_u32(code) {
            return Reference::Becomes(end + 1 + len, c.to_string());
        }
    }
    let gap = if matches!(number, 0xB | 0xC) { " " } else { "" };
    Reference::Becomes(end + 1, gap.to_owned())
}

/// The number of a numeric reference, `#65` or `#x41`, whatever it refers to.
fn number(name: &str) -> Option<u32> {
    let digits = name.strip_prefix('#')?;
    match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    }
}

fn picture(c: char) -> char {
    match c {
        '\0'..='\u{1F}' => char::from_u32(0x2400 + c as u32).unwrap_or(c),
        _ => c,
    }
}

/// The entities of HTML 4.01 (§24) that stand in texts; Greek and mathematics are left to people.
fn html(name: &str) -> Option<char> {
    HTML.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)
}

const HTML: [(&str, char); 97] = [
    ("nbsp", '\u{A0}'),
    ("iexcl", '¡'),
    ("cent", '¢'),
    ("pound", '£'),
    ("curren", '¤'),
    ("yen", '¥'),
    ("brvbar", '¦'),
    ("sect", '§'),
    ("uml", '¨'),
    ("copy", '©'),
    ("ordf", 'ª'),
    ("laquo", '«'),
    ("not", '¬'),
    ("shy", '\u{AD}'),
    ("reg", '®'),
    ("macr", '¯'),
    ("deg", '°'),
    ("plusmn", '±'),
    ("sup2", '²'),
    ("sup3", '³'),
    ("acute", '´'),
    ("micro", 'µ'),
    ("para", '¶'),
    ("middot", '·'),
    ("cedil", '¸'),
    ("sup1", '¹'),
    ("ordm", 'º'),
    ("raquo", '»'),
    ("frac14", '¼'),
    ("frac12", '½'),
    ("frac34", '¾'),
    ("iquest", '¿'),
    ("times", '×'),
    ("divide", '÷'),
    ("Agrave", 'À'),
    ("Aacute", 'Á'),
    ("Acirc", 'Â'),
    ("Atilde", 'Ã'),
    ("Auml", 'Ä'),
    ("Aring", 'Å'),
    ("AElig", 'Æ'),
    ("Ccedil", 'Ç'),
    ("Egrave", 'È'),
    ("Eacute", 'É'),
    ("Ecirc", 'Ê'),
    ("Euml", 'Ë'),
    ("Iacute", 'Í'),
    ("Icirc", 'Î'),
    ("Ntilde", 'Ñ'),
    ("Oacute", 'Ó'),
    ("Ocirc", 'Ô'),
    ("Ouml", 'Ö'),
    ("Oslash", 'Ø'),
    ("Uacute", 'Ú'),
    ("Uuml", 'Ü'),
    ("szlig", 'ß'),
    ("agrave", 'à'),
    ("aacute", 'á'),
    ("acirc", 'â'),
    ("atilde", 'ã'),
    ("auml", 'ä'),
    ("aring", 'å'),
    ("aelig", 'æ'),
    ("ccedil", 'ç'),
    ("egrave", 'è'),
    ("eacute", 'é'),
    ("ecirc", 'ê'),
    ("euml", 'ë'),
    ("igrave", 'ì'),
    ("iacute", 'í'),
    ("icirc", 'î'),
    ("iuml", 'ï'),
    ("ntilde", 'ñ'),
    ("oacute", 'ó'),
    ("ocirc", 'ô'),
    ("ouml", 'ö'),
    ("oslash", 'ø'),
    ("uacute", 'ú'),
    ("uuml", 'ü'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("thinsp", '\u{2009}'),
    ("zwnj", '\u{200C}'),
    ("zwj", '\u{200D}'),
    ("lrm", '\u{200E}'),
    ("rlm", '\u{200F}'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bull", '•'),
    ("hellip", '…'),
    ("euro", '€'),
    ("trade", '™'),
    ("oelig", 'œ'),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::tmx::unit_xml;
    use proptest::prelude::*;

    fn unit(text: &str) -> String {
        format!("<tu><tuv xml:lang=\"ar\"><seg>{text}</seg></tuv></tu>")
    }

    #[test]
    fn references_and_characters_are_mended() {
        let check = |text: &str, expected: &str| {
            let mended = mend(unit(text).as_bytes()).unwrap_or_else(|flaw| panic!("{text}: {}", flaw.reason));
            assert_eq!(mended.unit.text_of(Lang::Ar).as_deref(), Some(expected), "{text}");
        };
        check("R&D", "R&D");
        check("قال & سكت; ثم", "قال & سكت; ثم");
        check("&amp;nbsp;", "&nbsp;");
        check("نعم&rlm;&nbsp;لا&hellip;", "نعم\u{200F}\u{A0}لا…");
        check("&#xD83D;&#xDE00;", "😀");
        check("&#xD83D; وحدها", " وحدها");
        check("سطر&#11;سطر&#x1;", "سطر سطر");
        check("سطر\u{B}سطر\u{1}", "سطر سطر");
        check("&unknown;", "&unknown;");
        check("&#x41;&#1633;", "A١");
        check("<![CDATA[R&D]]>", "R&D");
        check("&", "&");
    }

    #[test]
    fn what_is_broken_otherwise_stays_broken() {
        for raw in
            ["<tu><tuv xml:lang=\"ar\"><seg>نعم", "<tu></tu>", "<tu><tuv xml:lang=\"ar\"><seg>نعم</tuv></seg></tu>"]
        {
            assert!(mend(raw.as_bytes()).is_err(), "{raw}");
        }
        assert_eq!(mend(b"<tu>\xFF</tu>").unwrap_err().offset, 4);
    }

    proptest! {
        #[test]
        fn nothing_happens_to_a_sound_unit(text in "[ا-ي\u{64B}-\u{652}a-z<>&\"' ]{0,40}") {
            let mut xml = String::new();
            xml::push_escaped(&mut xml, &text, xml::Spot::Text);
            let mended = mend(unit(&xml).as_bytes()).unwrap();
            prop_assert_eq!(mended.changes, vec![]);
            prop_assert_eq!(mended.unit.text_of(Lang::Ar), Some(text));
        }

        #[test]
        fn what_is_mended_can_be_written_and_read(text in "[ا-ي&;#xa-f0-9\u{0}-\u{1F} ]{0,40}") {
            if let Ok(mended) = mend(unit(&text).as_bytes()) {
                prop_assert_eq!(parse_unit(&unit_xml(&mended.unit).unwrap()), Ok(mended.unit));
            }
        }
    }
}
