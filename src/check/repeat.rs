//! What is wrong across the units of a memory: the same unit twice, the same source translated in two ways.

use super::finding::{Finding, quoted};
use super::kind::{Checks, FindingKind};
use crate::lang::Lang;
use crate::text::key;
use crate::unit::Unit;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Remembers the units of a memory one after the other, by the hashes of their keys: 64 bytes or so for each unit,
/// however long it is.
///
/// ```
/// use dhakira::check::{Checks, FindingKind, Repeats};
/// use dhakira::unit::{Seg, Unit, Variant};
/// let unit = |ar: &str, en: &str| Unit {
///     variants: vec![Variant::new(dhakira::LangTag::new("ar"), Seg::plain(ar)), Variant::new(dhakira::LangTag::new("en"), Seg::plain(en))],
///     ..Unit::default()
/// };
/// let mut repeats = Repeats::new(dhakira::Lang::Ar, &Checks::default());
/// assert!(repeats.add(0, &unit("انتهى الاجتماع.", "The meeting ended.")).is_empty());
/// let again = repeats.add(1, &unit("انتهى الاجتماعُ.", "The meeting ended."));
/// assert_eq!((again[0].kind, again[0].earlier), (FindingKind::Duplicate, 0));
/// ```
#[derive(Debug, Clone)]
pub struct Repeats {
    source: Lang,
    checks: Checks,
    /// By the key of the source: the first unit with it, and the hash of its translation's key.
    sources: HashMap<u128, (usize, u128)>,
    /// By both keys, where a source has more than one translation.
    pairs: HashMap<(u128, u128), usize>,
}

/// A unit that repeats an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeat {
    /// [`FindingKind::Duplicate`] or [`FindingKind::Inconsistent`].
    pub kind: FindingKind,
    /// The number under which the earlier unit was added.
    pub earlier: usize,
    /// The finding about the later unit.
    pub finding: Finding,
}

impl Repeats {
    /// For a memory that translates from `source`.
    pub fn new(source: Lang, checks: &Checks) -> Repeats {
        Repeats { source, checks: *checks, sources: HashMap::new(), pairs: HashMap::new() }
    }

    /// Adds a unit under a number of the caller's choice (its place in the memory), and says which earlier one it
    /// repeats. The first variant of each language counts; units without text on both sides repeat nothing.
    pub fn add(&mut self, number: usize, unit: &Unit) -> Vec<Repeat> {
        let (Some(source), Some(target)) = (unit.text_of(self.source), unit.text_of(self.source.other())) else {
            return Vec::new();
        };
        let (Some(from), Some(to)) = (hash(self.source, &source), hash(self.source.other(), &target)) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut repeat = |kind: FindingKind, earlier: usize, message: String| {
            if self.checks.looks_for(kind) {
                found.push(Repeat { kind, earlier, finding: Finding::of_unit(kind, message) });
            }
        };
        let said = quoted(&source);
        match self.sources.get(&from).copied() {
            None => {
                self.sources.insert(from, (number, to));
            }
            Some((earlier, same)) if same == to => {
                repeat(
                    FindingKind::Duplicate,
                    earlier,
                    format!("{said} is translated the same way in an earlier unit"),
                );
            }
            Some((first, _)) => match self.pairs.get(&(from, to)).copied() {
                Some(earlier) => {
                    repeat(
                        FindingKind::Duplicate,
                        earlier,
                        format!("{said} is translated the same way in an earlier unit"),
                    );
                }
                None => {
                    self.pairs.insert((from, to), number);
                    repeat(
                        FindingKind::Inconsistent,
                        first,
                        format!("{said} is translated otherwise in an earlier unit"),
                    );
                }
            },
        }
        found
    }
}

/// 128 bits of the key, so that two of a billion units meet by chance less than once in 10²⁰ memories; `None` for an
/// empty key.
fn hash(lang: Lang, text: &str) -> Option<u128> {
    let key = key(lang, text);
    if key.is_empty() {
        return None;
    }
    let places: Vec<usize> = text.split('\u{FFFC}').map(|part| crate::text::key(lang, part).as_str().len()).collect();
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        key.hash(&mut hasher);
        // Keys do not tell codes; a unit without the codes of another is no copy of it.
        places.hash(&mut hasher);
        u128::from(hasher.finish())
    };
    Some(half(0) << 64 | half(1))
}

/// All repeats among `units`, each with the number of the later unit.
///
/// ```
/// use dhakira::check::{Checks, repeats};
/// use dhakira::Lang;
/// assert!(repeats(&[], Lang::Ar, &Checks::default()).is_empty());
/// ```
pub fn repeats<'u>(units: impl IntoIterator<Item = &'u Unit>, source: Lang, checks: &Checks) -> Vec<(usize, Repeat)> {
    let mut seen = Repeats::new(source, checks);
    units
        .into_iter()
        .enumerate()
        .flat_map(|(number, unit)| seen.add(number, unit).into_iter().map(move |r| (number, r)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::LangTag;
    use crate::unit::{Seg, Variant};

    #[test]
    fn repeats_point_to_the_earlier_unit() {
        let unit = |ar: &str, en: &str| Unit {
            variants: vec![
                Variant::new(LangTag::new("en"), Seg::plain(en)),
                Variant::new(LangTag::new("ar"), Seg::plain(ar)),
            ],
            ..Unit::default()
        };
        let units = [
            unit("نعم", "Yes"),
            unit("لا", "No"),
            unit("نَعَم", "yes"),
            unit("نعم", "Aye"),
            unit("نعم", "Aye"),
            unit("نعم", ""),
            unit("نعم \u{FFFC}", "Yes"),
        ];
        let found: Vec<_> = repeats(&units, Lang::Ar, &Checks::default())
            .into_iter()
            .map(|(n, r)| (n, r.kind.name(), r.earlier))
            .collect();
        assert_eq!(found, [(2, "duplicate", 0), (3, "inconsistent", 0), (4, "duplicate", 3)]);
    }
}
