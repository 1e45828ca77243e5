//! What goes into a segment of a document: a translation whose codes are those of the segment, and proposals beside it.

use super::part::{Part, stands_once};
use super::segment::Segment;

/// What a segment gets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fill {
    /// The number of the segment.
    pub segment: usize,
    /// The translation; `None` where there are proposals only.
    pub target: Option<Vec<Part>>,
    /// Whether it needs nobody's review: else the kinds of file that can say so do.
    pub confirmed: bool,
    /// What XLIFF keeps beside the segment, best first; of the first one PO keeps the source.
    pub proposals: Vec<Proposal>,
}

/// A match as it is kept beside a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// Its source.
    pub source: String,
    /// Its translation.
    pub target: String,
    /// How like the segment it is, in percent.
    pub quality: f64,
    /// Where it comes from.
    pub origin: String,
}

/// The translation as the file writes it: text by `escape`, codes as the segment has them. `None` if not each code of the
/// segment stands in it once, pairs closing in their order: what would be lost or doubled is not written.
pub(super) fn rendered(segment: &Segment, parts: &[Part], escape: impl Fn(&str) -> String) -> Option<String> {
    if !stands_once(&segment.source, parts) {
        return None;
    }
    let written = parts.iter().map(|part| match part {
        Part::Text(text) => Some(escape(text)),
        Part::Code(number) => segment.raws.get(*number).cloned(),
    });
    written.collect()
}
