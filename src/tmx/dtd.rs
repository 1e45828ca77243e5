//! What the TMX 1.4 DTD allows: attributes of each element, and the content of inline codes.
//!
//! Source: TMX 1.4b specification, section "Document Type Definition" (`tmx14.dtd`).

use crate::xml;

/// An element whose attributes are kept as a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    /// `<header>`
    Header,
    /// `<tu>`
    Tu,
    /// `<tuv>`, its `xml:lang` aside
    Tuv,
    /// `<prop>` (its `type` aside) and `<note>`
    Meta,
    /// `<ude>`
    Ude,
    /// `<map>`
    Map,
}

/// Whether the element may carry this attribute with this value.
pub(super) fn allows(element: Element, name: &str, value: &str) -> bool {
    match element {
        Element::Header => is_common(name) || is_of_header(name) || is_segtype(name, value),
        Element::Tu => {
            is_common(name) || is_of_use(name) || matches!(name, "tuid" | "srclang") || is_segtype(name, value)
        }
        Element::Tuv => is_common(name) || is_of_use(name) || name == "lang",
        Element::Meta => matches!(name, "xml:lang" | "o-encoding" | "lang"),
        Element::Ude => matches!(name, "name" | "base"),
        Element::Map => matches!(name, "unicode" | "code" | "ent" | "subst"),
    }
}

/// The attributes of units, variants, props and notes as bits: [`allows`] without comparing one name after the other.
pub(super) mod bit {
    pub(in crate::tmx) const SRCLANG: u32 = 1 << 11;
    pub(in crate::tmx) const SEGTYPE: u32 = 1 << 12;
    pub(in crate::tmx) const O_ENCODING: u32 = 1 << 13;
    pub(in crate::tmx) const LANG: u32 = 1 << 14;
    pub(in crate::tmx) const XML_LANG: u32 = 1 << 15;
    /// Of `prop`.
    pub(in crate::tmx) const TYPE: u32 = 1 << 16;
    const TUID: u32 = 1 << 10;
    /// What unit and variant share, `o-encoding` aside.
    const SHARED: u32 = (1 << 10) - 1;
    pub(super) const TU: u32 = SHARED | TUID | SRCLANG | SEGTYPE | O_ENCODING;
    pub(super) const TUV: u32 = SHARED | O_ENCODING | LANG;
    pub(super) const META: u32 = O_ENCODING | LANG | XML_LANG;

    /// The bit of this attribute; 0 for all others.
    pub(in crate::tmx) fn of(name: &[u8]) -> u32 {
        match name.len() {
            4 => match name {
                b"tuid" => TUID,
                b"lang" => LANG,
                b"type" => TYPE,
                _ => 0,
            },
            5 if name == b"o-tmf" => 1,
            7 => match name {
                b"srclang" => SRCLANG,
                b"segtype" => SEGTYPE,
                _ => 0,
            },
            8 => match name {
                b"xml:lang" => XML_LANG,
                b"datatype" => 1 << 1,
                b"changeid" => 1 << 2,
                _ => 0,
            },
            10 => match name {
                b"changedate" => 1 << 3,
                b"creationid" => 1 << 4,
                b"usagecount" => 1 << 5,
                b"o-encoding" => O_ENCODING,
                _ => 0,
            },
            12 => match name {
                b"creationdate" => 1 << 6,
                b"creationtool" => 1 << 7,
                _ => 0,
            },
            13 if name == b"lastusagedate" => 1 << 8,
            19 if name == b"creationtoolversion" => 1 << 9,
            _ => 0,
        }
    }
}

/// The [bits](bit) of the attributes that the element may carry; of `segtype` the value decides.
pub(super) fn allowed(element: Element) -> u32 {
    match element {
        Element::Tu => bit::TU,
        Element::Tuv => bit::TUV,
        Element::Meta => bit::META,
        Element::Header | Element::Ude | Element::Map => 0,
    }
}

/// What header, unit and variant share.
fn is_common(name: &str) -> bool {
    matches!(
        name,
        "o-encoding"
            | "datatype"
            | "creationtool"
            | "creationtoolversion"
            | "creationdate"
            | "creationid"
            | "changedate"
            | "changeid"
            | "o-tmf"
    )
}

fn is_of_use(name: &str) -> bool {
    matches!(name, "usagecount" | "lastusagedate")
}

fn is_of_header(name: &str) -> bool {
    matches!(name, "adminlang" | "srclang")
}

pub(super) fn is_segtype(name: &str, value: &str) -> bool {
    name == "segtype" && matches!(value, "block" | "paragraph" | "sentence" | "phrase")
}

/// Whether `name` is an element whose content is native code.
pub(super) fn is_code(name: &str) -> bool {
    matches!(name, "bpt" | "ept" | "it" | "ph" | "ut")
}

/// Whether the DTD lets an inline element carry exactly these attributes, and whether the values are well formed.
fn inline_allows(name: &str, attributes: &[(&str, &str)]) -> bool {
    let (required, optional): (&[&str], &[&str]) = match name {
        "bpt" => (&["i"], &["x", "type"]),
        "ept" => (&["i"], &[]),
        "it" => (&["pos"], &["x", "type"]),
        "ph" => (&[], &["x", "assoc", "type"]),
        "hi" => (&[], &["x", "type"]),
        "ut" => (&[], &["x"]),
        "sub" => (&[], &["datatype", "type"]),
        _ => return false,
    };
    required.iter().all(|r| attributes.iter().any(|(n, _)| n == r))
        && attributes.iter().all(|(n, v)| {
            (required.contains(n) || optional.contains(n))
                && xml::attribute_value(v).is_ok_and(|v| *n != "pos" || matches!(&*v, "begin" | "end"))
        })
}

/// A tag inside a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag<'a> {
    Start(&'a str),
    End(&'a str),
    Empty(&'a str),
}

/// The tag that `markup` is, if it is one tag, well formed, and as the DTD wants it.
pub(super) fn tag(markup: &str) -> Option<Tag<'_>> {
    let inside = markup.strip_prefix('<')?.strip_suffix('>')?;
    if let Some(name) = inside.strip_prefix('/') {
        let name = name.trim_ascii_end();
        return (is_code(name) || matches!(name, "hi" | "sub")).then_some(Tag::End(name));
    }
    let (inside, empty) = inside.strip_suffix('/').map_or((inside, false), |inside| (inside, true));
    let name_len = inside.find(|c: char| c.is_ascii_whitespace()).unwrap_or(inside.len());
    let (name, rest) = inside.split_at(name_len);
    let attributes = xml::attributes(rest).ok()?;
    if !inline_allows(name, &attributes) {
        return None;
    }
    Some(if empty { Tag::Empty(name) } else { Tag::Start(name) })
}

/// Whether `markup` is one inline code (`bpt ept it ph ut`), well formed, valid to the letter and on one line, so that it
/// may stand in a segment as it is.
pub(super) fn is_valid_code(markup: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = markup;
    while !rest.is_empty() {
        // The DTD: codes hold text and sub; sub holds text, codes and hi; hi the same.
        let allowed_here = |name: &str, open: &[&str]| match open.last() {
            None => is_code(name),
            Some(&"sub" | &"hi") => is_code(name) || name == "hi",
            Some(_) => name == "sub",
        };
        let aside = [("<![CDATA[", "]]>"), ("<!--", "-->")].into_iter().find(|(start, _)| rest.starts_with(start));
        if let Some((start, end)) = aside {
            let Some(len) = rest[start.len()..].find(end) else { return false };
            let inside = &rest[start.len()..start.len() + len];
            let double_hyphen = start == "<!--" && (inside.contains("--") || inside.ends_with('-'));
            if open.is_empty() || double_hyphen || inside.contains(['\n', '\r']) {
                return false;
            }
            rest = &rest[start.len() + len + end.len()..];
        } else if rest.starts_with('<') {
            let Some(len) = xml::tag_len(rest) else { return false };
            match tag(&rest[..len]) {
                Some(Tag::Start(name)) if allowed_here(name, &open) => open.push(name),
                Some(Tag::Empty(name)) if allowed_here(name, &open) => {}
                Some(Tag::End(name)) if open.last() == Some(&name) => {
                    open.pop();
                }
                _ => return false,
            }
            if rest[..len].contains(['\n', '\r']) {
                return false;
            }
            rest = &rest[len..];
            if open.is_empty() {
                return rest.is_empty();
            }
        } else {
            let len = rest.find('<').unwrap_or(rest.len());
            if open.is_empty() || !is_valid_text(&rest[..len]) {
                return false;
            }
            rest = &rest[len..];
        }
    }
    false
}

/// Whether `raw` may stand between tags on one line as it is.
fn is_valid_text(raw: &str) -> bool {
    if raw.contains("]]>") || raw.contains(['\n', '\r']) || xml::forbidden(raw).is_some() {
        return false;
    }
    raw.split('&').skip(1).all(|part| part.split_once(';').is_some_and(|(name, _)| xml::reference(name).is_ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_say_what_names_say() {
        let names = "o-encoding datatype creationtool creationtoolversion creationdate creationid changedate changeid o-tmf \
            usagecount lastusagedate adminlang srclang segtype tuid lang xml:lang type name base unicode Tuid tui x segtypes";
        let mut seen = 0;
        for name in names.split_whitespace() {
            let bit = bit::of(name.as_bytes());
            assert!(bit == 0 || bit.is_power_of_two() && seen & bit == 0, "{name}");
            seen |= bit;
            for element in [Element::Tu, Element::Tuv, Element::Meta] {
                assert_eq!(allowed(element) & bit != 0, allows(element, name, "phrase"), "{name} in {element:?}");
            }
        }
        assert_eq!(seen.count_ones(), 17);
    }

    #[test]
    fn codes_are_valid_to_the_letter() {
        for good in [
            "<ph/>",
            "<ph x=\"1\">{0}</ph>",
            "<bpt i='1' type=\"bold\">&lt;b a=\">\"&gt;</bpt>",
            "<ph>img<sub>نص <hi>بديل</hi> <ph/></sub></ph>",
            "<it pos=\"begin\"/>",
            "<ut>{\\b </ut>",
            "<ph><![CDATA[<br/>]]><!-- سطر --></ph>",
        ] {
            assert!(is_valid_code(good), "{good}");
        }
        for bad in [
            "",
            "<ph>",
            "ph",
            "<ph/> ",
            "<ph/><ph/>",
            "<g id=\"1\">",
            "<bpt>x</bpt>",
            "<it pos=\"x\"/>",
            "<ph id=\"1\"/>",
            "<ph>&nbsp;</ph>",
            "<ph>&</ph>",
            "<ph><ph/></ph>",
            "<hi>x</hi>",
            "<ph>a\nb</ph>",
            "<ph x=\"&\"/>",
            "<ph x=\"1\n\"/>",
            "<ph><!-- -- --></ph>",
            "<ph></ut>",
            "<sub/>",
        ] {
            assert!(!is_valid_code(bad), "{bad}");
        }
    }
}
