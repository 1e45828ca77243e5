//! What differs between two memories or files, unit by unit.

use super::duplicates::Identity;
use super::source::Placed;
use crate::unit::{Meta, Seg, Unit, Variant};
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::Hash;

/// A unit in which two memories differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// In the second only.
    Added(Placed),
    /// In the first only.
    Removed(Placed),
    /// In both, but not alike.
    Changed {
        /// As the first has it.
        before: Box<Placed>,
        /// As the second has it.
        after: Box<Placed>,
        /// In what they differ.
        parts: Vec<Part>,
    },
}

/// In what two states of a unit differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A side: a variant of a language, by its number among those of that language.
    Side {
        /// Its language: the code of ours, else the tag.
        lang: String,
        /// What stood there; `None` for a side that is new.
        before: Option<Seg>,
        /// What stands there now; `None` for a side that is gone.
        after: Option<Seg>,
    },
    /// Attributes, props and notes, by name: `changedate`, `x-document`, `note`, `xml:lang`.
    Properties(Vec<String>),
}

/// What differs between `a` and `b`: removed and changed units in the order of `a`, then added ones in the order of `b`.
///
/// Units belong together that have one `tuid` and a side in common; then those that say the same; then those of one source
/// text (and context); then those that have only the `tuid` in common. So neither new ids nor ids that were counted anew in
/// each file hide what really changed. Time and memory grow with both.
///
/// ```
/// use dhakira::task::{Difference, Part, Source, SourceOptions, differences};
/// let folder = tempfile::tempdir().unwrap();
/// let read = |name: &str, text: &str| -> Vec<_> {
///     let path = folder.path().join(name);
///     std::fs::write(&path, text).unwrap();
///     Source::open(&path, &SourceOptions::default()).unwrap().flatten().collect()
/// };
/// let a = read("a.tsv", "ar\ten\nنعم\tyes\nلا\tno\n");
/// let b = read("b.tsv", "ar\ten\nلا\tno\nنعم\taye\n");
/// assert!(differences(a.clone(), a.clone()).is_empty());
/// let found = differences(a, b);
/// let [Difference::Changed { parts, .. }] = &found[..] else { panic!("{found:?}") };
/// assert!(matches!(&parts[..], [Part::Side { lang, .. }] if lang == "en"));
/// ```
pub fn differences(a: Vec<Placed>, b: Vec<Placed>) -> Vec<Difference> {
    let mut pairing = Pairing { partner: vec![None; a.len()], taken: vec![false; b.len()] };
    let id = |p: &Placed| p.unit.id().filter(|id| !id.is_empty()).map(str::to_owned);
    let content = |p: &Placed| Identity::of_content(&p.unit);
    pairing.pair(&a, &b, |p| Some((id(p)?, content(p).here)), |_, _| true);
    pairing.pair(&a, &b, id, |a, b| have_a_side_in_common(&a.unit, &b.unit));
    pairing.pair(&a, &b, |p| Some(content(p).here), |_, _| true);
    pairing.pair(&a, &b, |p| Some(content(p).anywhere), |_, _| true);
    pairing.pair(&a, &b, |p| Some(Identity::of_source(&p.unit, p.source)?.here), |_, _| true);
    pairing.pair(&a, &b, id, |_, _| true);
    let Pairing { partner, taken } = pairing;
    let mut b: Vec<Option<Placed>> = b.into_iter().map(Some).collect();
    let mut found = Vec::new();
    for (before, partner) in a.into_iter().zip(partner) {
        let Some(after) = partner.and_then(|at| b[at].take()) else {
            found.push(Difference::Removed(before));
            continue;
        };
        let parts = parts(&before.unit, &after.unit);
        if !parts.is_empty() {
            found.push(Difference::Changed { before: Box::new(before), after: Box::new(after), parts });
        }
    }
    let added = b.into_iter().zip(taken).filter(|(_, taken)| !taken).filter_map(|(placed, _)| placed);
    found.extend(added.map(Difference::Added));
    found
}

/// Which unit of the second belongs to which of the first.
struct Pairing {
    partner: Vec<Option<usize>>,
    taken: Vec<bool>,
}

/// How many units of one key are looked at for one that fits: a key that a million units share costs no more.
const TRIED: usize = 16;

impl Pairing {
    /// Pairs what has no partner yet, has the same key, and fits; in the order of both.
    fn pair<K: Hash + Eq>(
        &mut self,
        a: &[Placed],
        b: &[Placed],
        key: impl Fn(&Placed) -> Option<K>,
        fits: impl Fn(&Placed, &Placed) -> bool,
    ) {
        let mut open: HashMap<K, VecDeque<usize>> = HashMap::new();
        for (at, placed) in a.iter().enumerate().filter(|(at, _)| self.partner[*at].is_none()) {
            if let Some(key) = key(placed) {
                open.entry(key).or_default().push_back(at);
            }
        }
        if open.is_empty() {
            return;
        }
        for (at, placed) in b.iter().enumerate() {
            if self.taken[at] {
                continue;
            }
            let Some(queue) = key(placed).and_then(|key| open.get_mut(&key)) else { continue };
            let Some(place) = queue.iter().take(TRIED).position(|&first| fits(&a[first], placed)) else { continue };
            if let Some(first) = queue.remove(place) {
                self.partner[first] = Some(at);
                self.taken[at] = true;
            }
        }
    }
}

fn language(variant: &Variant) -> String {
    match variant.tag.lang() {
        Some(lang) => lang.code().to_owned(),
        None => variant.tag.as_str().trim().to_ascii_lowercase().replace('_', "-"),
    }
}

fn have_a_side_in_common(a: &Unit, b: &Unit) -> bool {
    let same = |v: &Variant, w: &Variant| language(v) == language(w) && v.seg == w.seg;
    a.variants.iter().any(|v| b.variants.iter().any(|w| same(v, w)))
}

/// In what two units differ.
fn parts(a: &Unit, b: &Unit) -> Vec<Part> {
    let mut languages: Vec<String> = Vec::new();
    for variant in a.variants.iter().chain(&b.variants) {
        let language = language(variant);
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    let mut parts = Vec::new();
    let mut names = BTreeSet::new();
    attributes(&a.attrs, &b.attrs, &mut names);
    metas(&a.meta, &b.meta, &mut names);
    for lang in languages {
        let of = |unit: &'_ Unit| unit.variants.iter().filter(|v| language(v) == lang).cloned().collect::<Vec<_>>();
        let (a, b) = (of(a), of(b));
        for at in 0..a.len().max(b.len()) {
            let (before, after) = (a.get(at), b.get(at));
            if let (Some(before), Some(after)) = (before, after) {
                if before.tag != after.tag {
                    names.insert("xml:lang".to_owned());
                }
                attributes(&before.attrs, &after.attrs, &mut names);
                metas(&before.meta, &after.meta, &mut names);
            }
            let seg = |variant: Option<&Variant>| variant.map(|v| v.seg.clone());
            let (before, after) = (seg(before), seg(after));
            if before != after {
                parts.push(Part::Side { lang: lang.clone(), before, after });
            }
        }
    }
    if !names.is_empty() {
        parts.push(Part::Properties(names.into_iter().collect()));
    }
    parts
}

fn attributes(a: &[(String, String)], b: &[(String, String)], names: &mut BTreeSet<String>) {
    let differ = |a: &[(String, String)], b: &[(String, String)]| -> Vec<String> {
        a.iter().filter(|entry| !b.contains(entry)).map(|(name, _)| name.clone()).collect()
    };
    names.extend(differ(a, b));
    names.extend(differ(b, a));
}

fn metas(a: &[Meta], b: &[Meta], names: &mut BTreeSet<String>) {
    let differ = |a: &[Meta], b: &[Meta]| -> Vec<String> {
        let name = |meta: &Meta| meta.kind.clone().unwrap_or_else(|| "note".to_owned());
        a.iter().filter(|meta| !b.contains(meta)).map(name).collect()
    };
    names.extend(differ(a, b));
    names.extend(differ(b, a));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;
    use crate::lang::{Lang, LangTag};
    use std::path::Path;

    fn unit(id: &str, ar: &str, en: &str) -> Placed {
        let variant = |tag: &str, text: &str| Variant::new(LangTag::new(tag), Seg::plain(text));
        let mut unit = Unit { variants: vec![variant("ar", ar), variant("en", en)], ..Unit::default() };
        if !id.is_empty() {
            unit.set_attr("tuid", id);
        }
        Placed { unit, file: Path::new("x.tmx").into(), place: Place::default(), source: Lang::Ar }
    }

    fn told(a: &[(&str, &str, &str)], b: &[(&str, &str, &str)]) -> Vec<String> {
        let units = |list: &[(&str, &str, &str)]| list.iter().map(|(i, a, e)| unit(i, a, e)).collect::<Vec<_>>();
        let side = |p: &Placed| p.unit.text_of(Lang::Ar).unwrap();
        let text = |seg: &Option<Seg>| seg.as_ref().map(Seg::text).unwrap_or_default();
        let part = |part: &Part| match part {
            Part::Side { lang, before, after } => format!(" {lang} {}>{}", text(before), text(after)),
            Part::Properties(names) => format!(" {}", names.join(",")),
        };
        let line = |found: &Difference| match found {
            Difference::Added(p) => format!("+{}", side(p)),
            Difference::Removed(p) => format!("-{}", side(p)),
            Difference::Changed { before, parts, .. } => {
                format!("~{}{}", side(before), parts.iter().map(part).collect::<String>())
            }
        };
        differences(units(a), units(b)).iter().map(line).collect()
    }

    #[test]
    fn units_belong_together_by_id_by_content_and_by_source() {
        assert!(told(&[("1", "أ", "a"), ("", "ب", "b")], &[("", "ب", "b"), ("1", "أ", "a")]).is_empty());
        assert_eq!(told(&[("1", "أ", "a")], &[("1", "أ", "b")]), ["~أ en a>b"]);
        assert_eq!(told(&[("1", "أ", "a")], &[("1", "ب", "b")]), ["~أ ar أ>ب en a>b"]);
        assert_eq!(told(&[("", "أ", "a")], &[("", "أ", "b"), ("", "ج", "c")]), ["~أ en a>b", "+ج"]);
        assert_eq!(told(&[("1", "أ", "a"), ("2", "ب", "b")], &[("2", "ب", "b")]), ["-أ"]);
        // Counted anew: 1 is another unit now, and the old one has only a new number.
        assert_eq!(told(&[("1", "أ", "a")], &[("1", "ج", "c"), ("2", "أ", "a")]), ["~أ tuid", "+ج"]);
    }

    #[test]
    fn twins_are_counted() {
        let one = ("", "نعم", "yes");
        assert!(told(&[one, one], &[one, one]).is_empty());
        assert_eq!(told(&[one, one], &[one]), ["-نعم"]);
        assert_eq!(told(&[one], &[one, one]), ["+نعم"]);
    }
}
