//! XML at the level of characters and tags: what is allowed, how it is escaped, how a tag's attributes are read.
//!
//! Source: Extensible Markup Language (XML) 1.0, fifth edition. What is made of tags is the business of each kind of file.

use std::borrow::Cow;
use std::collections::HashSet;

/// A flaw inside a slice: byte offset in it, and what is wrong there.
pub(crate) type At<T> = Result<T, (usize, String)>;

/// Whether XML 1.0 (§2.2, production 2) allows the character.
pub(crate) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The first character that XML 1.0 forbids, with its offset.
pub(crate) fn forbidden(text: &str) -> Option<(usize, char)> {
    // One pass without branches that the compiler turns into vector code; 0xEF opens U+FFFE and U+FFFF.
    let suspect = text
        .bytes()
        .fold(false, |found, b| found | ((b < 0x20) & (b != b'\t') & (b != b'\n') & (b != b'\r')) | (b == 0xEF));
    if suspect { text.char_indices().find(|&(_, c)| !is_char(c)) } else { None }
}

/// Where escaped text will stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spot {
    /// Between tags, in one line: a line break is `&#10;`.
    Text,
    /// Between tags, where a line break stays one.
    Lines,
    /// In an attribute value between double quotes.
    Attribute,
}

/// Appends `text` escaped and returns how many forbidden characters were left out.
///
/// A carriage return is `&#13;` everywhere, or XML's line-end rule (§2.11) would change it.
pub(crate) fn push_escaped(out: &mut String, text: &str, spot: Spot) -> u64 {
    let bytes = text.as_bytes();
    let mut removed = 0;
    let mut run = 0;
    for (at, &b) in bytes.iter().enumerate() {
        let (with, len) = match b {
            b'&' => ("&amp;", 1),
            b'<' => ("&lt;", 1),
            b'>' => ("&gt;", 1),
            b'"' if spot == Spot::Attribute => ("&quot;", 1),
            b'\t' if spot == Spot::Attribute => ("&#9;", 1),
            b'\n' if spot == Spot::Lines => continue,
            b'\n' => ("&#10;", 1),
            b'\r' => ("&#13;", 1),
            b'\t' => continue,
            0..=0x1F => ("", 1),
            0xEF if matches!(bytes.get(at + 1..at + 3), Some([0xBF, 0xBE | 0xBF])) => ("", 3),
            _ => continue,
        };
        removed += u64::from(with.is_empty());
        out.push_str(&text[run..at]);
        out.push_str(with);
        run = at + len;
    }
    out.push_str(&text[run..]);
    removed
}

/// `text` escaped for this place.
pub(crate) fn escaped(text: &str, spot: Spot) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    push_escaped(&mut out, text, spot);
    out
}

/// The character behind `&name;`: XML's five and numbers, never an entity that the file defines itself.
pub(crate) fn reference(name: &str) -> Result<char, String> {
    let number = match name {
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "amp" => return Ok('&'),
        "apos" => return Ok('\''),
        "quot" => return Ok('"'),
        _ => match name.strip_prefix('#') {
            Some(digits) => match digits.strip_prefix('x') {
                Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16),
                None if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse(),
                _ => return Err(format!("&{name}; is not a character number")),
            },
            None => {
                let shown: String = name.chars().take(40).collect();
                return Err(format!(
                    "unsupported entity &{shown}; (only XML's five and character numbers are read, none is ever \
                     expanded); put the text itself in its place"
                ));
            }
        },
    };
    match number.ok().and_then(char::from_u32) {
        Some(c) if is_char(c) => Ok(c),
        _ => Err(format!("&{name}; is a character that XML forbids; remove it")),
    }
}

/// Appends `raw` (a stretch without references) with XML's line ends: `\r\n` and `\r` become `\n` (§2.11).
pub(crate) fn push_lines(out: &mut String, raw: &str) {
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\r', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        out.push('\n');
        rest = &rest[at + 1..];
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    out.push_str(rest);
}

/// The value of an attribute as XML normalises it (§3.3.3): references resolved, white space to spaces.
pub(crate) fn attribute_value(raw: &str) -> At<Cow<'_, str>> {
    if !raw.bytes().any(|b| matches!(b, b'&' | b'\r' | b'\n' | b'\t')) {
        return Ok(Cow::Borrowed(raw));
    }
    let mut out = String::with_capacity(raw.len());
    let mut at = 0;
    while let Some(c) = raw[at..].chars().next() {
        match c {
            '&' => {
                let end = raw[at..].find(';').ok_or((at, "& without ; (write &amp;)".to_owned()))?;
                out.push(reference(&raw[at + 1..at + end]).map_err(|reason| (at, reason))?);
                at += end + 1;
                continue;
            }
            '\r' if raw[at + 1..].starts_with('\n') => {}
            '\r' | '\n' | '\t' => out.push(' '),
            _ => out.push(c),
        }
        at += c.len_utf8();
    }
    Ok(Cow::Owned(out))
}

/// Whether `name` is a name as XML allows it (§2.3; every letter beyond ASCII is let through).
pub(crate) fn is_name(name: &str) -> bool {
    let inner = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '-' | '.') || (c as u32 >= 0xB7 && c.is_alphanumeric())
    };
    name.chars().next().is_some_and(|c| inner(c) && !c.is_ascii_digit() && !matches!(c, '-' | '.'))
        && name.chars().all(inner)
}

/// The attributes in `inside` (a tag without `<name` and `>`), values raw; strict: white space between them, quotes
/// around values, no `<` in a value, no name twice.
pub(crate) fn attributes(inside: &str) -> At<Vec<(&str, &str)>> {
    let bytes = inside.as_bytes();
    let space = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        at
    };
    let mut found: Vec<(&str, &str)> = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    let mut at = 0;
    loop {
        let start = space(at);
        if start == bytes.len() {
            return Ok(found);
        }
        if start == at {
            return Err((at, "no space before an attribute".to_owned()));
        }
        let end = bytes[start..]
            .iter()
            .position(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\'' | b'<'))
            .map_or(bytes.len(), |n| start + n);
        let name = &inside[start..end];
        if !is_name(name) {
            return Err((start, format!("{name:?} is no attribute name")));
        }
        let equals = space(end);
        let quote_at = space(equals + 1);
        let quote = match (bytes.get(equals), bytes.get(quote_at)) {
            (Some(b'='), Some(&q @ (b'"' | b'\''))) => q,
            _ => return Err((start, format!("attribute {name} has no value in quotes"))),
        };
        let value_at = quote_at + 1;
        let Some(len) = memchr::memchr(quote, &bytes[value_at..]) else {
            return Err((start, format!("the value of attribute {name} has no end")));
        };
        let value = &inside[value_at..value_at + len];
        if let Some(lt) = value.find('<') {
            return Err((value_at + lt, format!("< in the value of attribute {name} (write &lt;)")));
        }
        // A short list is searched faster than hashed; a tag with a million attributes must not take a million squared.
        let twice = if found.len() < 32 {
            found.iter().any(|(n, _)| *n == name)
        } else {
            if seen.is_empty() {
                seen.extend(found.iter().map(|(n, _)| *n));
            }
            !seen.insert(name)
        };
        if twice {
            return Err((start, format!("attribute {name} stands twice")));
        }
        found.push((name, value));
        at = value_at + len + 1;
    }
}

/// The attributes of a start tag or empty-element tag, from `<` to `>`, whose name has `name_len` bytes; values as XML
/// normalises them.
pub(crate) fn tag_attributes(tag: &str, name_len: usize) -> At<Vec<(&str, Cow<'_, str>)>> {
    let base = 1 + name_len;
    let end = tag.strip_suffix('>').map_or(tag.len(), |rest| rest.strip_suffix('/').unwrap_or(rest).len());
    let inside = tag.get(base..end).unwrap_or_default();
    let raw = attributes(inside).map_err(|(at, reason)| (base + at, reason))?;
    let resolved = raw.into_iter().map(|(name, value)| {
        // `value` is a part of `tag`: the difference of their addresses is its offset.
        let from = value.as_ptr() as usize - tag.as_ptr() as usize;
        let value =
            attribute_value(value).map_err(|(at, reason)| (from + at, format!("attribute {name}: {reason}")))?;
        Ok((name, value))
    });
    resolved.collect()
}

/// The length of the tag that `text` opens with, `>` in quoted values jumped over.
pub(crate) fn tag_len(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'>' => return Some(at + 1),
            b'<' => return None,
            &quote @ (b'"' | b'\'') => at += 2 + memchr::memchr(quote, &bytes[at + 1..])?,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_counts_what_it_leaves_out() {
        let mut out = String::new();
        let removed = push_escaped(&mut out, "أ & ب <\u{B}>\n\"\u{FFFE}ﷺ\u{FFFD}", Spot::Attribute);
        assert_eq!((out.as_str(), removed), ("أ &amp; ب &lt;&gt;&#10;&quot;ﷺ\u{FFFD}", 2));
        let text = "سطر\n\"آخر\"\t\r";
        assert_eq!(escaped(text, Spot::Text), "سطر&#10;\"آخر\"\t&#13;");
        assert_eq!(escaped(text, Spot::Lines), "سطر\n\"آخر\"\t&#13;");
        assert_eq!(escaped(text, Spot::Attribute), "سطر&#10;&quot;آخر&quot;&#9;&#13;");
    }

    #[test]
    fn references() {
        assert_eq!(reference("amp"), Ok('&'));
        assert_eq!(reference("#x0645"), Ok('م'));
        assert_eq!(reference("#1605"), Ok('م'));
        for bad in ["nbsp", "#1", "#xD800", "#+65", "#x", "", "#99999999999"] {
            assert!(reference(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn attributes_are_strict() {
        assert_eq!(attributes(" a=\"1\"\n b = 'ش' "), Ok(vec![("a", "1"), ("b", "ش")]));
        for bad in [" a", " a=1", " a='1' a='2'", " a='1'b='2'", " a='<'", " a='", " 1a=''", "a=''"] {
            assert!(attributes(bad).is_err(), "{bad}");
        }
        let check = |tag: &str, expected: Result<&[(&str, &str)], usize>| {
            let found = tag_attributes(tag, 1).map_err(|(at, _)| at);
            let expected = expected.map(|list| list.iter().map(|&(n, v)| (n, Cow::Borrowed(v))).collect());
            assert_eq!(found, expected, "{tag}");
        };
        check("<u>", Ok(&[]));
        check("<u/>", Ok(&[]));
        check("<u x:a=\"ا&amp;&#1576;\r\nج\" b='/'/>", Ok(&[("x:a", "ا&ب ج"), ("b", "/")]));
        check("<u a='ش' b='& '>", Err(13));
        check("<u a='1'//>", Err(8));
        check("<u", Ok(&[]));
    }

    #[test]
    fn forbidden_characters_are_found() {
        assert_eq!(forbidden("سطر\u{B}آخر"), Some((6, '\u{B}')));
        assert_eq!(forbidden("ﷺ \u{FFFD}\t\n\r"), None);
        assert_eq!(forbidden("ﷺ\u{FFFF}"), Some((3, '\u{FFFF}')));
    }
}
