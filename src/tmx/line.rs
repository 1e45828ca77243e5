//! A unit as its canonical line, without ever having been taken apart.

use super::content::Content;
use super::parse::{Flaw, parse_unit};
use crate::unit::Unit;
use crate::xml;
use memchr::memmem::Finder;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Made once: making one costs more than most searches.
static TUID: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(" tuid=\""));
static TUV: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("<tuv"));

/// A unit as [`unit_xml`](super::unit_xml) writes it, with its content numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// With the line break behind it.
    xml: &'a str,
    content: Content,
}

impl<'a> Line<'a> {
    /// `xml` is canonical and ends with a line break.
    pub(super) fn new(xml: &'a str, content: Content) -> Line<'a> {
        Line { xml, content }
    }

    /// The canonical XML, `<tu …>` to `</tu>`.
    pub fn xml(&self) -> &'a str {
        &self.xml[..self.xml.len() - 1]
    }

    /// The numbers for what the unit says, as [`Content::of`] gives them.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The unit's `tuid`.
    pub fn tuid(&self) -> Option<Cow<'a, str>> {
        let tag = &self.xml[..memchr::memchr(b'>', self.xml.as_bytes())?];
        // Canonical values hold no quotes, so nothing else looks like this attribute.
        let value = &tag[TUID.find(tag.as_bytes())? + TUID.needle().len()..];
        xml::attribute_value(&value[..value.find('"')?]).ok()
    }

    /// Whether the unit may have a prop of this type: never `false` where it has one.
    pub fn may_have_prop(&self, kind: &str) -> bool {
        let bytes = self.xml.as_bytes();
        let Some(tag) = memchr::memchr(b'>', bytes) else { return true };
        if bytes[tag + 1..].starts_with(b"<tuv") {
            return false;
        }
        let end = TUV.find(bytes).unwrap_or(bytes.len());
        memchr::memmem::find(&bytes[..end], kind.as_bytes()).is_some()
    }

    /// The unit.
    ///
    /// # Errors
    ///
    /// None that is known: what is written canonically can be read.
    pub fn to_unit(&self) -> Result<Unit, Flaw> {
        parse_unit(self.xml())
    }

    pub(super) fn with_break(&self) -> &'a str {
        self.xml
    }
}
