//! The translation unit: one source with its translations, and all that its file said about it.
//!
//! The types follow TMX 1.4b (`tu`, `tuv`, `seg`, `prop`, `note`) because TMX is what is stored; every other file kind is
//! read into them and written from them. Nothing is dropped: attributes and props that nobody here knows are kept in order.

use crate::lang::{Lang, LangTag};

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

    /// Whether there is no text but white space.
    pub fn is_blank(&self) -> bool {
        self.pieces.iter().all(|p| !matches!(p, Piece::Text(t) if !t.trim().is_empty()))
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
