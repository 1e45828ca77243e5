//! A unit as its canonical line, without ever having been taken apart.

use super::content::Content;
use super::parse::{Flaw, parse_unit};
use crate::unit::Unit;

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
