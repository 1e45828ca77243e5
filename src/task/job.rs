//! The segments of a document as queries to the memory.

use crate::document::{Document, Kind};
use crate::matching::{Context, Measure, Query};

/// A query for each segment, in their order, in its place: between its neighbours, where the order of segments is that of a text;
/// with the id that its like has elsewhere.
pub(super) fn queries(document: &Document, measure: Measure) -> Vec<Query> {
    let lang = document.source();
    let segments = document.segments();
    let texts: Vec<String> = segments.iter().map(|segment| segment.source.text()).collect();
    let in_order = !matches!(document.kind(), Kind::Po | Kind::Tmx);
    let query = |at: usize| {
        let neighbour = |at: Option<usize>| match in_order {
            true => Some(at.and_then(|at| texts.get(at)).map_or("", String::as_str)),
            false => None,
        };
        let context =
            Context::of(lang, neighbour(at.checked_sub(1)), neighbour(Some(at + 1)), segments[at].context.as_deref());
        Query::with_measure(lang, &texts[at], measure).with_context(context).with_codes(segments[at].source.codes())
    };
    (0..segments.len()).map(query).collect()
}
