//! The order of the suggestions that a search has found: which of nearly equal ones a translator sees first.
//!
//! A search gives the best by rules 3 to 6, exactly ([`Rank`](super::Rank)). What it found is then ordered by, in this order:
//!
//! 1. what has [`SCORE_ALONE`] or more, penalties taken off, by whole percents, higher first; what has less behind it, by the
//!    score with a fifth of its *coverage* ([`Coverage`](super::Coverage)) in whole percents: among sources that are not
//!    very like the query, the translation that says more of it may come before one whose source scores up to 20 more;
//! 2. below [`Score::NORMALIZED_FLOOR`], *agreement*: how like the translation is to the other translations found, higher
//!    first. Where several sources are about as like the query, the translation that most of them support is the safest;
//!    consensus decoding chooses so among hypotheses (minimum Bayes risk; Kumar and Byrne 2004, HLT-NAACL);
//! 3. the score in hundredths of a percent, a context match at 101;
//! 4. [`Preference`]: of texts equal as written how many [`Neighbours`] are the same, then the order of the memories, then
//!    region, origin, status;
//! 5. the later change;
//! 6. the smaller place.
//!
//! No two suggestions share a place, so the order is total. Agreement of a translation is the mean of its likeness to each
//! other one found, weighted by the fourth power of that one's score; the likeness is Dice's coefficient of the weighted
//! trigrams of the keys. All in whole numbers.

use super::context::Neighbours;
use super::gram::Grams;
use super::score::Score;
use crate::text::Key;
use std::cmp::Reverse;
use std::collections::HashMap;

/// Search so many, even if fewer are asked for: what the order, and so the first suggestion, depends on.
pub const LEAST_FOUND: usize = 10;

/// From here on, the score is what is first: of what scores as much, others are hardly ever more help.
///
/// This and the fifth were chosen on the development half of `examples/usefulness`; from a tenth to two fifths, and with any
/// threshold from 80 on, both languages gain nearly the same.
pub const SCORE_ALONE: Score = Score::from_hundredths(8_500);

/// A suggestion that was found, as far as its order among others depends on it.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// Its score.
    pub score: Score,
    /// The key of its source.
    pub source: &'a Key,
    /// The key of its translation.
    pub target: &'a Key,
    /// How much of the query its translation says, as [`Coverage::of`](super::Coverage::of) tells; asked for below
    /// [`SCORE_ALONE`] only.
    pub coverage: u16,
    /// What is known about its unit.
    pub preference: Preference,
    /// When it was last changed, as in [`Rank`](super::Rank).
    pub changed: u64,
    /// Its number in the memory, different for each.
    pub place: u64,
}

/// What is known about a unit besides its text: among equally good suggestions the smaller is preferred.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Preference {
    /// Of a text equal as written, how many neighbours are the query's.
    pub neighbours: Neighbours,
    /// The number of its memory in the order in which they were named.
    pub memory: u32,
    /// Whose Arabic or English it is.
    pub region: Region,
    /// Who made it.
    pub origin: Origin,
    /// How far its translation has come.
    pub status: Status,
}

/// A unit's region, seen from what is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Region {
    /// The one asked for.
    Same,
    /// The unit or the question names none.
    #[default]
    Unsaid,
    /// Another one.
    Other,
}

impl Region {
    /// Of a unit from `region`, where `asked` is asked for.
    pub fn of<R: PartialEq>(region: Option<R>, asked: Option<R>) -> Region {
        match (region, asked) {
            (Some(region), Some(asked)) if region == asked => Region::Same,
            (Some(_), Some(_)) => Region::Other,
            _ => Region::Unsaid,
        }
    }

    /// A stable name: `same`, `unsaid`, `other`.
    pub fn name(self) -> &'static str {
        match self {
            Region::Same => "same",
            Region::Unsaid => "unsaid",
            Region::Other => "other",
        }
    }
}

/// Who made a unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// Nobody says otherwise: a translator.
    #[default]
    Human,
    /// A program that linked sentences of translated texts.
    Aligned,
    /// A program that translated.
    Machine,
}

impl Origin {
    /// A stable name: `human`, `aligned`, `machine`.
    pub fn name(self) -> &'static str {
        match self {
            Origin::Human => "human",
            Origin::Aligned => "aligned",
            Origin::Machine => "machine",
        }
    }

    /// From a prop's value, whatever its case: `align` and `alignment` are aligned; what begins with `mt` or `machine`, and
    /// `automatic`, is a machine's (XLIFF 1.2 §3.2 `state-qualifier`, XLIFF 2.1 `mtc:origin`, as tools write them).
    pub fn from_name(name: &str) -> Origin {
        match name.trim().to_ascii_lowercase().as_str() {
            "align" | "aligned" | "alignment" => Origin::Aligned,
            "automatic" => Origin::Machine,
            name if name.starts_with("mt") || name.starts_with("machine") => Origin::Machine,
            _ => Origin::Human,
        }
    }
}

/// How far a translation has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Signed off.
    Final,
    /// Reviewed.
    Reviewed,
    /// Translated, or nobody says.
    #[default]
    Translated,
    /// Still to be looked at.
    Draft,
}

impl Status {
    /// A stable name: `final`, `reviewed`, `translated`, `draft`.
    pub fn name(self) -> &'static str {
        match self {
            Status::Final => "final",
            Status::Reviewed => "reviewed",
            Status::Translated => "translated",
            Status::Draft => "draft",
        }
    }

    /// From the name of a state in XLIFF 1.2 (§3.2 `state`) or 2.1 (§4.3.1.29 `state`), or as Trados writes it in its prop
    /// `x-ConfirmationLevel`, whatever its case.
    pub fn from_name(name: &str) -> Status {
        match name.trim().to_ascii_lowercase().as_str() {
            "final" | "signed-off" | "approved" | "approvedsignoff" => Status::Final,
            "reviewed" | "approvedtranslation" => Status::Reviewed,
            "initial"
            | "new"
            | "fuzzy"
            | "draft"
            | "needs-translation"
            | "needs-adaptation"
            | "needs-l10n"
            | "needs-review-translation"
            | "needs-review-adaptation"
            | "needs-review-l10n" => Status::Draft,
            _ => Status::Translated,
        }
    }
}

/// A place in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Which one it is of those found.
    pub index: usize,
    /// The first one before it with the same source (its key), if its translation is another than all those between say.
    pub alternative_to: Option<usize>,
    /// How like its translation is to the others found, in millionths, where that was asked: below
    /// [`Score::NORMALIZED_FLOOR`], beside others that are as good by the first rule.
    pub agreement: Option<u64>,
}

/// Orders what a search has found. Each appears once.
///
/// ```
/// use dhakira::Lang;
/// use dhakira::matching::{Found, Preference, Score, order};
/// use dhakira::text::key;
/// let units = [("زر الحفظ", "Button of saving"), ("زر الحفظ", "Save button"), ("زر حفظ", "The save button")];
/// let keys = units.map(|(ar, en)| (key(Lang::Ar, ar), key(Lang::En, en)));
/// let found: Vec<Found> = (0..).zip(&keys).map(|(place, (source, target))| {
///     let score = Score::from_hundredths(8_050 - place as u16 % 2);
///     Found { score, source, target, coverage: 0, preference: Preference::default(), changed: 0, place }
/// }).collect();
/// let ordered = order(&found);
/// assert_eq!(ordered.iter().map(|p| p.index).collect::<Vec<_>>(), [1, 2, 0]);
/// assert_eq!(ordered[2].alternative_to, Some(1));
/// ```
pub fn order(found: &[Found<'_>]) -> Vec<Position> {
    let agreements = agreements(found);
    let mut indices: Vec<usize> = (0..found.len()).collect();
    indices.sort_by_key(|&index| {
        let Found { score, preference, changed, place, .. } = found[index];
        let near = (Reverse(worth(&found[index])), Reverse(agreements[index]), Reverse(score));
        (near, preference, Reverse(changed), place)
    });
    // For each source the first one with it, and what its translations were.
    let mut sources: HashMap<&Key, (usize, Vec<&Key>)> = HashMap::new();
    let position = |index: usize| {
        let Found { source, target, .. } = found[index];
        let (first, said) = sources.entry(source).or_insert((index, Vec::new()));
        let is_new = !said.contains(&target);
        said.push(target);
        let alternative_to = Some(*first).filter(|first| is_new && *first != index);
        Position { index, alternative_to, agreement: agreements[index] }
    };
    indices.into_iter().map(position).collect()
}

/// By the first rule: whether the score alone counts, and whole percents.
fn worth(found: &Found<'_>) -> (bool, u16) {
    let alone = found.score >= SCORE_ALONE;
    let coverage = if alone { 0 } else { found.coverage / 5 };
    (alone, (found.score.hundredths() + coverage) / 100)
}

/// How like each translation is to the others, in millionths, where it matters.
fn agreements(found: &[Found<'_>]) -> Vec<Option<u64>> {
    let asked = |a: &Found<'_>| a.score < Score::NORMALIZED_FLOOR;
    let near = |i: usize, j: usize| i != j && worth(&found[i]) == worth(&found[j]);
    let doubtful = |i: usize| asked(&found[i]) && (0..found.len()).any(|j| near(i, j));
    if !(0..found.len()).any(doubtful) {
        return vec![None; found.len()];
    }
    let grams: Vec<Grams> = found.iter().map(|f| Grams::of(f.target.as_str())).collect();
    let agreement = |i: usize| {
        if !doubtful(i) {
            return None;
        }
        let (mut sum, mut weights) = (0u128, 0u128);
        for (j, other) in found.iter().enumerate().filter(|(j, _)| *j != i) {
            let weight = u128::from(other.score.hundredths()).pow(4);
            sum += weight * u128::from(likeness(&grams[i], &grams[j]));
            weights += weight;
        }
        Some(sum.checked_div(weights).unwrap_or(0) as u64)
    };
    (0..found.len()).map(agreement).collect()
}

/// Dice's coefficient in millionths; two empty ones are alike.
fn likeness(a: &Grams, b: &Grams) -> u64 {
    (2_000_000 * a.shared(b)).checked_div(a.total() + b.total()).unwrap_or(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::text::key;
    use proptest::prelude::*;

    struct Unit {
        score: u16,
        source: Key,
        target: Key,
        coverage: u16,
        preference: Preference,
        changed: u64,
    }

    fn unit(score: u16, source: &str, target: &str) -> Unit {
        let (source, target) = (key(Lang::Ar, source), key(Lang::En, target));
        Unit { score, source, target, coverage: 0, preference: Preference::default(), changed: 0 }
    }

    fn found(units: &[Unit]) -> Vec<Found<'_>> {
        let found = |(place, u): (u64, &'_ Unit)| (place, u.preference, u.changed, Score::from_hundredths(u.score));
        (0..)
            .zip(units)
            .map(|(place, u)| {
                let (place, preference, changed, score) = found((place, u));
                Found { score, source: &u.source, target: &u.target, coverage: u.coverage, preference, changed, place }
            })
            .collect()
    }

    fn check(units: &[Unit], expected: &[usize]) {
        assert_eq!(order(&found(units)).iter().map(|p| p.index).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_others_say_too_comes_first_within_a_percent() {
        let units = |first| {
            [unit(first, "ا", "An odd reading"), unit(8_010, "ب", "Save the file"), unit(7_000, "ج", "Save this file")]
        };
        check(&units(8_090), &[1, 0, 2]);
        check(&units(8_100), &[0, 1, 2]);
    }

    #[test]
    fn above_the_floor_the_score_decides() {
        let others = || [unit(9_510, "ب", "Save the file"), unit(7_000, "ج", "Save this file")];
        let [a, b] = others();
        check(&[unit(9_590, "ا", "An odd reading"), a, b], &[0, 1, 2]);
        let [a, b] = others();
        check(&[a, unit(9_590, "ا", "An odd reading"), b], &[1, 0, 2]);
    }

    #[test]
    fn what_says_more_comes_first_among_the_less_like() {
        let said = |score, coverage| Unit { coverage, ..unit(score, "ا", "Save") };
        check(&[said(7_000, 3_000), said(6_000, 9_000)], &[1, 0]);
        check(&[said(7_000, 3_000), said(6_000, 7_900)], &[0, 1]);
        check(&[said(8_400, 10_000), said(8_500, 0)], &[1, 0]);
        check(&[said(8_500, 10_000), said(8_600, 0)], &[1, 0]);
    }

    #[test]
    fn then_neighbours_memory_region_origin_status_age_and_place() {
        let with = |preference, changed| Unit { preference, changed, ..unit(10_000, "ا", "Save") };
        let base = Preference::default();
        check(&[with(base, 0), with(base, 0), with(base, 5)], &[2, 0, 1]);
        let draft = Preference { status: Status::Draft, ..base };
        let machine = Preference { origin: Origin::Machine, ..base };
        let other = Preference { region: Region::Other, ..base };
        let same = Preference { region: Region::Same, status: Status::Draft, ..base };
        check(&[with(other, 9), with(machine, 9), with(draft, 9), with(base, 0), with(same, 0)], &[4, 3, 2, 1, 0]);
        let second = Preference { memory: 1, region: Region::Same, ..base };
        let one = Preference { neighbours: Neighbours::One, memory: 2, ..base };
        check(&[with(second, 9), with(base, 0), with(one, 0)], &[2, 1, 0]);
        let regions = [(Some("EG"), Some("EG")), (None, Some("EG")), (Some("EG"), None), (Some("EG"), Some("SA"))];
        let regions = regions.map(|(region, asked)| Region::of(region, asked).name());
        assert_eq!(regions, ["same", "unsaid", "unsaid", "other"]);
    }

    #[test]
    fn other_translations_of_a_source_are_told() {
        let units = [
            unit(9_990, "حفظ", "Save"),
            unit(9_980, "حِفظ", "Keep"),
            unit(9_970, "حفظ", "Save"),
            unit(9_960, "فتح", "Save"),
        ];
        let told: Vec<_> = order(&found(&units)).iter().map(|p| p.alternative_to).collect();
        assert_eq!(told, [None, Some(0), None, None]);
        assert_eq!(order(&[]), []);
    }

    #[test]
    fn names_of_states_and_origins() {
        assert_eq!(Status::from_name("Signed-Off"), Status::Final);
        assert_eq!(Status::from_name("needs-review-translation"), Status::Draft);
        assert_eq!(Status::from_name(""), Status::Translated);
        assert_eq!(Origin::from_name("align"), Origin::Aligned);
        assert_eq!(Origin::from_name("MT-suggestion"), Origin::Machine);
        assert_eq!(Origin::from_name("Amal"), Origin::Human);
    }

    proptest! {
        #[test]
        fn the_same_order_however_they_come(
            parts in prop::collection::vec((8_400u16..8_600, 0u16..500, "[ab]{0,3}", "[a-c ]{0,9}", 0u64..2), 0..12),
            turn in 0usize..12,
        ) {
            let units: Vec<Unit> =
                parts.iter().map(|(score, coverage, s, t, changed)| Unit { coverage: *coverage, changed: *changed, ..unit(*score, s, t) }).collect();
            let straight = found(&units);
            let mut turned = straight.clone();
            turned.rotate_left(turn % units.len().max(1));
            let places = |found: &[Found]| order(found).iter().map(|p| found[p.index].place).collect::<Vec<_>>();
            prop_assert_eq!(places(&straight), places(&turned));
            let mut all = places(&straight);
            prop_assert!(all.iter().map(|p| worth(&straight[*p as usize])).rev().is_sorted());
            all.sort_unstable();
            prop_assert_eq!(all, (0..units.len() as u64).collect::<Vec<_>>());
        }

        #[test]
        fn agreement_is_the_weighted_mean(parts in prop::collection::vec((7_900u16..8_000, "[ab]{0,3}", "[a-c ]{0,9}"), 2..12)) {
            let units: Vec<Unit> = parts.iter().map(|(score, s, t)| unit(*score, s, t)).collect();
            let fast = agreements(&found(&units));
            for (i, u) in units.iter().enumerate() {
                let dice = |other: &Unit| {
                    let (a, b) = (Grams::of(u.target.as_str()), Grams::of(other.target.as_str()));
                    if a.total() + b.total() == 0 { 1.0 } else { 2.0 * a.shared(&b) as f64 / (a.total() + b.total()) as f64 }
                };
                let others = || units.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| (f64::from(other.score).powi(4), dice(other)));
                let slow = others().map(|(w, d)| w * d).sum::<f64>() / others().map(|(w, _)| w).sum::<f64>();
                prop_assert!((fast[i].unwrap() as f64 / 1e6 - slow).abs() < 1e-5);
            }
        }
    }
}
