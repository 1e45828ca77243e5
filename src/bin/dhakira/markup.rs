//! Sentences with inline codes, as a CAT tool holds them: the content of a TMX or XLIFF segment.

#[cfg(feature = "serve")]
use dhakira::LangTag;
use dhakira::tmx;
use dhakira::unit::{Piece, Seg, Variant, code_text};

/// The text with U+FFFC for each code, and what each code says.
pub type Coded = (String, Vec<Box<str>>);

/// Codes of XLIFF 1.2 (§2.3) and 2.x (§4.7) that stand around text or have none; in TMX they would be unknown.
const XLIFF: [&str; 11] = ["g", "x", "bx", "ex", "mrk", "pc", "sc", "ec", "cp", "sm", "em"];

/// A variant out of the content of a segment, as [`read`] understands it.
#[cfg(feature = "serve")]
pub fn variant(tag: &LangTag, markup: &str) -> Result<Variant, String> {
    let mut variant = parsed(markup)?;
    variant.tag = tag.clone();
    Ok(variant)
}

/// Reads the content of a segment: TMX 1.4's `bpt ept ph it ut hi`, and XLIFF's codes, each tag for itself.
pub fn read(markup: &str) -> Result<Coded, String> {
    parsed(markup).map(|variant| (variant.seg.text(), variant.seg.codes()))
}

/// The sentence as a segment, for repair: its codes as they came, if they came as markup, or by what they say. A code of which
/// nothing is known is an empty one; then the second is false.
pub fn segment(text: &str, codes: Option<&[Box<str>]>, seg: Option<&str>) -> (Seg, bool) {
    if let Some(variant) = seg.and_then(|seg| parsed(seg).ok()) {
        return (variant.seg, true);
    }
    let mut pieces = Vec::new();
    for (number, part) in text.split('\u{FFFC}').enumerate() {
        if let Some(number) = number.checked_sub(1) {
            let code = codes.and_then(|codes| codes.get(number)).map_or("", |code| code);
            pieces.push(Piece::Code(format!("<ph>{}</ph>", escaped(code))));
        }
        if !part.is_empty() {
            pieces.push(Piece::Text(part.to_owned()));
        }
    }
    let known = codes.is_some() || !text.contains('\u{FFFC}');
    (Seg { pieces }, known)
}

fn escaped(code: &str) -> String {
    code.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A text, and what its codes say if that is known.
pub type Sentence = (String, Option<Vec<Box<str>>>);

/// A sentence as JSON brings it: the content of a segment, or a text with what each U+FFFC in it says, if that shall count.
pub fn sentence(seg: Option<&str>, source: Option<String>, codes: Option<Vec<String>>) -> Result<Sentence, String> {
    let source = match (seg, source) {
        (Some(seg), _) => return read(seg).map(|(text, codes)| (text, Some(codes))),
        (None, Some(source)) => source,
        (None, None) => return Err("missing field `source` (or `seg`)".to_owned()),
    };
    let codes: Option<Vec<Box<str>>> = codes.map(|codes| codes.iter().map(|code| code_text(code).into()).collect());
    let count = source.matches('\u{FFFC}').count();
    match &codes {
        Some(codes) if codes.len() != count => {
            Err(format!("{} codes, but {count} times U+FFFC in the source", codes.len()))
        }
        _ => Ok((source, codes)),
    }
}

fn parsed(markup: &str) -> Result<Variant, String> {
    let seg = tags_as_codes(markup);
    let unit = tmx::parse_unit(&format!("<tu><tuv xml:lang=\"ar\"><seg>{seg}</seg></tuv></tu>"));
    let unit = unit.map_err(|flaw| format!("no content of a segment: {}", flaw.reason))?;
    let mut variants = unit.variants;
    match variants.pop().filter(|_| variants.is_empty()) {
        Some(variant) => Ok(variant),
        None => Err("no content of a segment: it ends before its end".to_owned()),
    }
}

/// Each tag of XLIFF as the native code of a `ph`.
fn tags_as_codes(markup: &str) -> String {
    let mut out = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (tag, behind) = rest.split_at(tag_len(rest));
        let name = tag.trim_start_matches(['<', '/']);
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        if XLIFF.contains(&name) {
            out.push_str(&format!("<ph>{}</ph>", escaped(tag)));
        } else {
            out.push_str(tag);
        }
        rest = behind;
    }
    out + rest
}

/// The bytes of the tag that `text` begins with, attribute values passed over.
fn tag_len(text: &str) -> usize {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tmx_and_xliff_say_the_same() {
        let check = |markup: &str| {
            let (text, codes) = read(markup).unwrap();
            assert_eq!(text, "اضغط \u{FFFC}حفظ\u{FFFC} & انتظر", "{markup}");
            assert_eq!(codes, ["<g>", "</g>"].map(Box::from), "{markup}");
        };
        check("اضغط <g id=\"1\">حفظ</g> &amp; انتظر");
        check("اضغط <bpt i='1'>&lt;g id=\"4\"></bpt>حفظ<ept i='1'>&lt;/g></ept> &amp; انتظر");
        let (text, codes) = read("<x id=\"a>b\"/>نعم<ph>%s</ph><hi>لا</hi>").unwrap();
        assert_eq!((text.as_str(), codes), ("\u{FFFC}نعم\u{FFFC}لا", ["<x/>", "%s"].map(Box::from).into()));
        for broken in ["<ph>", "a & b", "</seg></tuv><tuv xml:lang=\"en\"><seg>", "<", "</tu>"] {
            assert!(read(broken).is_err(), "{broken}");
        }
    }
}
