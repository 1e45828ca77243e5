//! The header of a TMX file: who wrote it, from which language, and what holds for all its units.

use super::dtd::{self, Element};
use crate::unit::Meta;

/// `<header>` with the version that `<tmx>` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// `version` of `<tmx>` as the file has it (`1.4`, `1.1`, Lokalize's `2.0`); empty where there is none. Written is
    /// always `1.4`.
    pub version: String,
    /// The attributes in their order, those that TMX knows before the others.
    pub attrs: Vec<(String, String)>,
    /// Props and notes in their order.
    pub meta: Vec<Meta>,
    /// Tables of private characters, in their order.
    pub ude: Vec<Ude>,
}

/// A `<ude>`: what a set of characters of its own means. Kept as it is; nothing here looks into it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ude {
    /// Its attributes in their order: `name`, and perhaps `base`.
    pub attrs: Vec<(String, String)>,
    /// The attributes of each `<map>`: `unicode`, and perhaps `code`, `ent`, `subst`.
    pub maps: Vec<Vec<(String, String)>>,
}

impl Ude {
    /// Whether the DTD allows it.
    pub(super) fn is_valid(&self) -> bool {
        let fits = |attrs: &[(String, String)], element, required| {
            attrs.iter().all(|(name, value)| dtd::allows(element, name, value))
                && attrs.iter().any(|(name, _)| name == required)
        };
        fits(&self.attrs, Element::Ude, "name")
            && !self.maps.is_empty()
            && self.maps.iter().all(|map| fits(map, Element::Map, "unicode"))
    }
}

/// The attributes that TMX 1.4 requires, with what is written where a header lacks one.
const REQUIRED: [(&str, &str); 7] = [
    ("creationtool", "dhakira"),
    ("creationtoolversion", env!("CARGO_PKG_VERSION")),
    ("segtype", "sentence"),
    ("o-tmf", "dhakira"),
    ("adminlang", "en"),
    ("srclang", "*all*"),
    ("datatype", "plaintext"),
];

impl Header {
    /// A strict TMX 1.4 header with all seven required attributes; `srclang` is the source language (`en`, `ar`, `*all*`).
    ///
    /// ```
    /// let header = dhakira::tmx::Header::new("ar");
    /// assert_eq!(header.srclang(), Some("ar"));
    /// assert_eq!(header.attr("segtype"), Some("sentence"));
    /// assert_eq!(header.attrs.len(), 7);
    /// ```
    pub fn new(srclang: &str) -> Header {
        let attrs = REQUIRED
            .iter()
            .map(|&(name, value)| (name.to_owned(), if name == "srclang" { srclang } else { value }.to_owned()))
            .collect();
        Header { version: "1.4".to_owned(), attrs, meta: Vec::new(), ude: Vec::new() }
    }

    /// The value of an attribute.
    pub fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The source language as the file has it, which may be `*all*`: any variant may be the source.
    pub fn srclang(&self) -> Option<&str> {
        self.attr("srclang")
    }

    /// The header of a file that has none.
    pub(super) fn missing() -> Header {
        Header { version: String::new(), attrs: Vec::new(), meta: Vec::new(), ude: Vec::new() }
    }

    /// What is written for required attributes that are missing, and at last for those whose value TMX does not allow: a
    /// reader that takes the odd value back puts it last as well.
    pub(super) fn defaults(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let odd = |name| self.attr(name).is_some_and(|v| !dtd::allows(Element::Header, name, v));
        let missing = REQUIRED.into_iter().filter(|&(name, _)| self.attr(name).is_none());
        missing.chain(REQUIRED.into_iter().filter(move |&(name, _)| odd(name)))
    }
}
