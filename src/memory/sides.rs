//! The sides of a unit that count: variants with text, and those of them that can be searched for.

use crate::lang::Lang;
use crate::matching::Candidate;
use crate::unit::{Unit, Variant};

/// The variants that can be searched for: they have text, and so has one of the other language.
pub(super) fn sources(unit: &Unit, lang: Lang) -> impl Iterator<Item = &Variant> {
    let both = filled(unit, lang.other()).next().is_some();
    filled(unit, lang).filter(move |_| both)
}

/// The variants of a language that have text.
pub(super) fn filled(unit: &Unit, lang: Lang) -> impl Iterator<Item = &Variant> {
    unit.variants_of(lang).filter(|variant| !variant.seg.is_blank())
}

/// A variant prepared for being compared.
pub(super) fn candidate(lang: Lang, variant: &Variant) -> Candidate {
    let candidate = Candidate::new(lang, &variant.seg.text());
    if variant.seg.has_codes() { candidate.with_codes(variant.seg.codes()) } else { candidate }
}
