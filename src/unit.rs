//! The translation unit: one source with its translations, and all that its file said about it.
//!
//! The types follow TMX 1.4b (`tu`, `tuv`, `seg`, `prop`, `note`) because TMX is what is stored; every other file kind is
//! read into them and written from them. Nothing is dropped: attributes and props that nobody here knows are kept in order.

use crate::lang::{Lang, LangTag};
use crate::xml;

/// A translation unit (`<tu>`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unit {
    /// The attributes of `<tu>` in their order, as written, `tuid` among them.
    pub attrs: Vec<(String, String)>,
    /// Props and notes before the first variant, in their order.
    pub meta: Vec<Meta>,
    /// The variants in their order; several of one language are allowed.
    pub variants: Vec<Variant>,
}

/// One language's side of a unit (`<tuv>`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// `xml:lang` (or `lang`) as written.
    pub tag: LangTag,
    /// The other attributes of `<tuv>` in their order.
    pub attrs: Vec<(String, String)>,
    /// Props and notes of this variant, in their order.
    pub meta: Vec<Meta>,
    /// The segment.
    pub seg: Seg,
}

/// A `<prop>` or a `<note>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// `Some(type)` for a prop, `None` for a note.
    pub kind: Option<String>,
    /// The other attributes in their order (`xml:lang`, `o-encoding`).
    pub attrs: Vec<(String, String)>,
    /// The text.
    pub text: String,
}

/// A segment's content (`<seg>`): text with inline codes between.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Seg {
    /// The pieces in their order.
    pub pieces: Vec<Piece>,
}

/// A piece of a segment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Translatable text, unescaped.
    Text(String),
    /// An inline code (`bpt ept ph it ut`, or an element that TMX does not know), its markup kept byte for byte.
    Code(String),
    /// The start or end tag of a `<hi>`, byte for byte: what stands between is text of the segment.
    Highlight(String),
}

impl Seg {
    /// A segment of plain text.
    pub fn plain(text: impl Into<String>) -> Seg {
        Seg { pieces: vec![Piece::Text(text.into())] }
    }

    /// The translatable text: text pieces joined, `hi` transparent, each code replaced by one U+FFFC (object replacement
    /// character), so that words on both sides of a code never run together.
    ///
    /// ```
    /// use dhakira::unit::{Piece, Seg};
    /// let seg = Seg { pieces: vec![Piece::Text("قال".into()), Piece::Code("<ph>&lt;br/&gt;</ph>".into()), Piece::Text("ثم".into())] };
    /// assert_eq!(seg.text(), "قال\u{FFFC}ثم");
    /// ```
    pub fn text(&self) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(t) => text.push_str(t),
                Piece::Code(_) => text.push('\u{FFFC}'),
                Piece::Highlight(_) => {}
            }
        }
        text
    }

    /// The text as it stands in forms that know no codes: `hi` transparent, a paired code (`bpt`, `ept`) gone without a trace,
    /// any other code gone too, with one space in its place where it alone stood between two words.
    ///
    /// ```
    /// use dhakira::unit::{Piece, Seg};
    /// let (text, code) = (|t: &str| Piece::Text(t.into()), |c: &str| Piece::Code(c.into()));
    /// let seg = Seg { pieces: vec![text("قال"), code("<ph>&lt;br/&gt;</ph>"), text("ثم "), code("<ph/>"), text("ذهب")] };
    /// assert_eq!(seg.plain_text(), "قال ثم ذهب");
    /// let seg = Seg { pieces: vec![text("الـ"), code("<bpt i=\"1\">&lt;b&gt;</bpt>"), text("كتاب"), code("<ept i=\"1\"/>")] };
    /// assert_eq!(seg.plain_text(), "الـكتاب");
    /// ```
    pub fn plain_text(&self) -> String {
        let mut text = String::new();
        let mut between = false;
        for piece in &self.pieces {
            match piece {
                Piece::Text(t) => {
                    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                    if between && word(text.chars().next_back()) && word(t.chars().next()) {
                        text.push(' ');
                    }
                    between = false;
                    text.push_str(t);
                }
                Piece::Code(code) => between |= !code.starts_with("<bpt") && !code.starts_with("<ept"),
                Piece::Highlight(_) => {}
            }
        }
        text
    }

    /// The texts of the `sub` elements inside inline codes: footnotes, titles and alternatives of pictures, index entries, which
    /// TMX 1.4b (section "Content markup", `sub`) calls sub-flows. They are no part of [`Seg::text`], which is what is matched:
    /// each is a text of its own, in the order in which they begin.
    ///
    /// In such a text `hi` is transparent and a code is one U+FFFC as in [`Seg::text`]; a `sub` inside that code follows as
    /// another text. Total: what is no well-formed markup gives what can be read of it.
    ///
    /// ```
    /// use dhakira::unit::{Piece, Seg};
    /// let code = "<ph>&lt;img alt=\"<sub>خريطة <hi>عمّان</hi> &amp; ضواحيها</sub>\" title=\"<sub>Map</sub>\"></ph>";
    /// let seg = Seg { pieces: vec![Piece::Text("انظر ".into()), Piece::Code(code.into())] };
    /// assert_eq!(seg.subs(), ["خريطة عمّان & ضواحيها", "Map"]);
    /// assert_eq!(seg.text(), "انظر \u{FFFC}");
    /// ```
    pub fn subs(&self) -> Vec<String> {
        let mut texts = Vec::new();
        for piece in &self.pieces {
            if let Piece::Code(markup) = piece
                && markup.contains("<sub")
            {
                push_subs(markup, &mut texts);
            }
        }
        texts
    }

    /// What each inline code says, in their order, in a form that tools can be compared by: its native code (`<b>` of
    /// `<bpt i="1">&lt;b&gt;</bpt>`), or where it holds none its element (`<x/>`). Numbers that only count the codes of a
    /// segment (`id`, `rid`, `mid`, `i`, `x`) are left out.
    ///
    /// ```
    /// use dhakira::unit::{Piece, Seg, code_text};
    /// let codes = ["<bpt i=\"1\">&lt;g id=\"7\"&gt;</bpt>", "<ph>%s</ph>", "<ph x='2'/>", "<ept i=\"1\">&lt;/g&gt;</ept>"];
    /// let seg = Seg { pieces: codes.map(|code| Piece::Code(code.into())).into() };
    /// assert_eq!(seg.codes(), ["<g>", "%s", "<ph/>", "</g>"].map(Box::from));
    /// assert_eq!(code_text("<g id='1'>"), "<g>");
    /// ```
    pub fn codes(&self) -> Vec<Box<str>> {
        let code = |piece: &Piece| match piece {
            Piece::Code(markup) => Some(native_code(markup).into_boxed_str()),
            Piece::Text(_) | Piece::Highlight(_) => None,
        };
        self.pieces.iter().filter_map(code).collect()
    }

    /// The content as TMX writes it: text escaped, codes and highlights byte for byte.
    pub fn markup(&self) -> String {
        let mut markup = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => _ = xml::push_escaped(&mut markup, text, xml::Spot::Text),
                Piece::Code(code) | Piece::Highlight(code) => markup.push_str(code),
            }
        }
        markup
    }

    /// Whether there is an inline code.
    pub fn has_codes(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Code(_)))
    }

    /// Whether there is no text but white space.
    pub fn is_blank(&self) -> bool {
        self.pieces.iter().all(|p| !matches!(p, Piece::Text(t) if !t.trim().is_empty()))
    }
}

/// A native code as it is compared: see [`Seg::codes`]. Of a tag the attributes that only count are left out.
pub fn code_text(native: &str) -> String {
    let native = native.trim();
    if !native.starts_with('<') {
        return native.to_owned();
    }
    let counts = |word: &str| ["id=", "rid=", "mid=", "i=", "x="].iter().any(|name| word.starts_with(name));
    let (body, end) = match native.strip_suffix("/>") {
        Some(body) => (body, "/>"),
        None => native.strip_suffix('>').map_or((native, ""), |body| (body, ">")),
    };
    body.split_whitespace().filter(|word| !counts(word)).collect::<Vec<_>>().join(" ") + end
}

/// The native code in a code's markup.
fn native_code(markup: &str) -> String {
    let start = xml::tag_len(markup).unwrap_or(markup.len());
    let inside = markup[start..].rsplit_once("</").map_or("", |(inside, _)| inside);
    let mut native = String::new();
    let mut rest = inside;
    while let Some(at) = rest.find('<') {
        push_resolved(&mut native, &rest[..at]);
        rest = &rest[at..];
        rest = &rest[xml::tag_len(rest).unwrap_or(rest.len())..];
    }
    push_resolved(&mut native, rest);
    if !native.trim().is_empty() {
        return code_text(&native);
    }
    let name = markup.trim_start_matches('<');
    let name = &name[..name.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(name.len())];
    format!("<{name}/>")
}

/// The texts of the `sub` elements in a code's markup.
fn push_subs(markup: &str, texts: &mut Vec<String>) {
    // For each open element the text that stands directly in it belongs to.
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut rest = markup;
    while !rest.is_empty() {
        let here = open.last().copied().flatten();
        if let Some(inside) = rest.strip_prefix("<![CDATA[") {
            let (text, behind) = inside.split_once("]]>").unwrap_or((inside, ""));
            if let Some(at) = here {
                texts[at].push_str(text);
            }
            rest = behind;
        } else if let Some(inside) = rest.strip_prefix("<!--") {
            rest = inside.split_once("-->").map_or("", |(_, behind)| behind);
        } else if rest.starts_with('<') {
            let (tag, behind) = rest.split_at(xml::tag_len(rest).unwrap_or(rest.len()));
            rest = behind;
            if tag.starts_with("</") {
                open.pop();
                continue;
            }
            let name_len = tag[1..].find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'));
            let inside = match &tag[1..1 + name_len.unwrap_or(tag.len() - 1)] {
                "sub" => {
                    texts.push(String::new());
                    Some(texts.len() - 1)
                }
                "hi" => here,
                _ => {
                    if let Some(at) = here {
                        texts[at].push('\u{FFFC}'); // object replacement character
                    }
                    None
                }
            };
            if !tag.ends_with("/>") {
                open.push(inside);
            }
        } else {
            let (text, behind) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            rest = behind;
            if let Some(at) = here {
                push_resolved(&mut texts[at], text);
            }
        }
    }
}

/// Appends text with its references resolved; what is none stays as it is.
fn push_resolved(out: &mut String, raw: &str) {
    let mut parts = raw.split('&');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        match part.split_once(';').and_then(|(name, text)| Some((xml::reference(name).ok()?, text))) {
            Some((c, text)) => {
                out.push(c);
                out.push_str(text);
            }
            None => {
                out.push('&');
                out.push_str(part);
            }
        }
    }
}

impl Meta {
    /// A prop.
    pub fn prop(kind: impl Into<String>, text: impl Into<String>) -> Meta {
        Meta { kind: Some(kind.into()), attrs: Vec::new(), text: text.into() }
    }

    /// A note.
    pub fn note(text: impl Into<String>) -> Meta {
        Meta { kind: None, attrs: Vec::new(), text: text.into() }
    }
}

impl Variant {
    /// A variant of plain text without attributes.
    pub fn new(tag: impl Into<LangTag>, seg: Seg) -> Variant {
        Variant { tag: tag.into(), attrs: Vec::new(), meta: Vec::new(), seg }
    }

    /// The value of an attribute of `<tuv>`.
    pub fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

impl Unit {
    /// The `tuid`.
    pub fn id(&self) -> Option<&str> {
        self.attr("tuid")
    }

    /// The value of an attribute of `<tu>`.
    pub fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Sets an attribute of `<tu>`, in place where it is there already.
    pub fn set_attr(&mut self, name: &str, value: impl Into<String>) {
        match self.attrs.iter_mut().find(|(n, _)| n == name) {
            Some((_, v)) => *v = value.into(),
            None => self.attrs.push((name.to_owned(), value.into())),
        }
    }

    /// The text of the first prop of this type.
    pub fn prop(&self, kind: &str) -> Option<&str> {
        self.meta.iter().find(|m| m.kind.as_deref() == Some(kind)).map(|m| m.text.as_str())
    }

    /// The variants of a language, in their order.
    pub fn variants_of(&self, lang: Lang) -> impl Iterator<Item = &Variant> {
        self.variants.iter().filter(move |v| v.tag.lang() == Some(lang))
    }

    /// The text of the first variant of a language.
    pub fn text_of(&self, lang: Lang) -> Option<String> {
        self.variants_of(lang).next().map(|v| v.seg.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_inside_codes_stand_apart() {
        let check = |markup: &str, expected: &[&str]| {
            let seg = Seg { pieces: vec![Piece::Text("قبل".into()), Piece::Code(markup.into())] };
            assert_eq!(seg.subs(), expected, "{markup}");
        };
        check("<ph/>", &[]);
        check("<ph>sub</ph>", &[]);
        check("<ph><sub/></ph>", &[""]);
        check("<ph><sub type=\"a>b\">نص</sub> بينهما <sub>ثان</sub></ph>", &["نص", "ثان"]);
        check("<ph><sub>أ<ph x=\"1\">{<sub>داخل</sub>}</ph>ب</sub></ph>", &["أ\u{FFFC}ب", "داخل"]);
        check("<ph><sub><hi><hi>أ</hi></hi>&#x628;&nbsp;<![CDATA[<ت>]]><!-- ث --></sub></ph>", &["أب&nbsp;<ت>"]);
        check("<ph><sub>لا نهاية", &["لا نهاية"]);
        check("</ph><sub>a</sub", &["a"]);
        check("<ph><subject>أ</subject></ph>", &[]);
    }

    proptest! {
        #[test]
        fn any_markup_has_its_texts(markup in "(<sub>|</sub>|<ph>|<hi/>|<|>|/|\"|&|;|lt|ا|\u{64E}){0,12}") {
            Seg { pieces: vec![Piece::Code(markup)] }.subs();
        }
    }
}
