//! The two sides of a unit as files for two languages want them: one source, one target, and their tags.

use crate::lang::{Lang, LangTag};
use crate::unit::{Unit, Variant};

/// The pairs of a unit that are written: the first source with each target, each further source with the first target.
pub(super) fn pairs(unit: &Unit, source: Lang) -> Vec<(&Variant, &Variant)> {
    let side = |lang: Lang| -> Vec<&Variant> { unit.variants_of(lang).filter(|v| !v.seg.is_blank()).collect() };
    let (sources, targets) = (side(source), side(source.other()));
    let (Some(first_source), Some(first_target)) = (sources.first(), targets.first()) else { return Vec::new() };
    let first = targets.iter().map(|&target| (*first_source, target));
    first.chain(sources[1..].iter().map(|&source| (source, *first_target))).collect()
}

/// A language tag as XML wants it: `ar_SA` is `ar-SA`.
pub(super) fn xml_tag(tag: &LangTag) -> String {
    tag.as_str().trim().replace('_', "-")
}
