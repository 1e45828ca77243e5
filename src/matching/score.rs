//! The score: how alike two sentences are, in hundredths of a percent, and how it is made. This is its only place.
//!
//! 1. Texts equal as written, with the same inline codes as far as those are known: 100.
//! 2. Keys equal: 100 less the cost of each form that differs ([`form_cost`]), never below 95.
//! 3. Else, of the [`Parts`] that two keys make: `s = 40 · (1 − d / l) + 60 · 2g / t` percent, and the score is `s` up to 90,
//!    `90 + (s − 90) / 2` above, so that nothing that differs in a word or a number reaches what differs in form only,
//!    however long the sentence.
//!    - `d` is the Levenshtein distance between the keys in characters (strsim is the judge), `l` the length of the longer
//!      key: what a translator would have to type.
//!    - `g` is the weight of the trigrams that both keys have ([`Grams`](super::Grams)), `t` that of all trigrams of both
//!      (Dice 1945, Ecology 26:3, weighted): rare words count more than frequent ones, and it matters less where they stand.
//!
//! The weights of the two parts were chosen by how near (chrF) the translation of the first suggestion comes to the
//! query's own on one half of a set of real queries; `benches/results` has what they do on the other half.
//!
//! With [`Measure::Words`](super::Measure::Words) rule 3 is `s = 100 · (1 − d / l)` with distance and length in words.
//!
//! All in whole numbers, rounded down once: the same on every machine. Symmetric; it depends on the two texts alone, never on
//! what else is in a memory; with the same overlap it falls (or stays) with every step of `d`, with the same distance it
//! rises (or stays) with `g`.

use crate::text::Form;
use std::fmt;

/// Likeness in hundredths of a percent: 10000 is 100 %. Higher is better.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Score(u16);

impl Score {
    /// Nothing in common.
    pub const ZERO: Score = Score(0);
    /// Equal as written.
    pub const EXACT: Score = Score(10_000);
    /// Equal as written, and so are the sentences before and after: 101, as the trade counts.
    pub const CONTEXT: Score = Score(10_100);
    /// What a text with an equal key has at least, and any other text never reaches.
    pub const NORMALIZED_FLOOR: Score = Score(9_500);

    /// A score from its hundredths of a percent; above 101 % is 101 %.
    pub const fn from_hundredths(hundredths: u16) -> Score {
        if hundredths < Score::CONTEXT.0 { Score(hundredths) } else { Score::CONTEXT }
    }

    /// A score from percent, rounded to the next hundredth; what is no number is 0.
    ///
    /// ```
    /// use dhakira::matching::Score;
    /// assert_eq!(Score::from_percent(97.5).to_string(), "97.5");
    /// assert!(Score::from_percent(70.0) < Score::EXACT);
    /// ```
    pub fn from_percent(percent: f64) -> Score {
        // `as` turns NaN into 0 and stays within u16.
        Score::from_hundredths((percent * 100.0).round() as u16)
    }

    /// Hundredths of a percent.
    pub fn hundredths(self) -> u16 {
        self.0
    }

    /// Percent.
    pub fn percent(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// The score less a penalty in hundredths of a percent, not below zero.
    pub fn less(self, hundredths: u16) -> Score {
        Score(self.0.saturating_sub(hundredths))
    }

    /// The least score from which a penalty in hundredths of a percent leaves `self`, if any does.
    ///
    /// ```
    /// use dhakira::matching::Score;
    /// let seventy = Score::from_percent(70.0);
    /// assert_eq!(seventy.before(1_000), Some(Score::from_percent(80.0)));
    /// assert_eq!(seventy.before(4_000), None);
    /// assert_eq!(Score::ZERO.before(4_000), Some(Score::ZERO));
    /// ```
    pub fn before(self, penalty: u16) -> Option<Score> {
        if self == Score::ZERO {
            return Some(Score::ZERO);
        }
        self.0.checked_add(penalty).filter(|score| *score <= Score::CONTEXT.0).map(Score)
    }

    /// Rule 2 above: the score of texts with equal keys that differ in these forms.
    pub(super) fn of_forms(forms: &[Form]) -> Score {
        let cost: u16 = forms.iter().map(|f| form_cost(*f)).sum();
        Score::EXACT.less(cost).max(Score::NORMALIZED_FLOOR)
    }

    /// Rule 3 above for words: the score of keys at this distance, the longer of which has `longer` words.
    ///
    /// ```
    /// use dhakira::matching::Score;
    /// let score = Score::of_words(3, 10);
    /// assert_eq!(score, Score::from_percent(70.0));
    /// assert_eq!(score.most_words(10), Some(3));
    /// ```
    pub fn of_words(distance: usize, longer: usize) -> Score {
        let alike = wide(longer.saturating_sub(distance) as u64) * u128::from(MOST);
        // Not more than 10,000; no words have nothing in common.
        Score::of_similarity(alike.checked_div(wide(longer as u64)).unwrap_or(0) as u64)
    }

    /// The largest distance in words that still scores `self`, if any does: a bound for indexes.
    pub fn most_words(self, longer: usize) -> Option<usize> {
        let alike = (u128::from(self.similarity()) * wide(longer as u64)).div_ceil(u128::from(MOST));
        longer.checked_sub(usize::try_from(alike).unwrap_or(usize::MAX))
    }

    /// The most words that the longer of two keys may have to score `self`, one of which has `m`.
    pub(super) fn most_longer(self, m: usize) -> usize {
        let most = (wide(m as u64) * u128::from(MOST)).checked_div(u128::from(self.similarity()));
        most.map_or(usize::MAX, |most| m.max(usize::try_from(most).unwrap_or(usize::MAX)))
    }

    fn of_similarity(similarity: u64) -> Score {
        Score(if similarity <= KNEE { similarity } else { KNEE + (similarity - KNEE) / 2 } as u16)
    }

    /// The least similarity that scores `self`: the knee turned round.
    fn similarity(self) -> u64 {
        let score = u64::from(self.0);
        if score <= KNEE { score } else { KNEE + (score - KNEE) * 2 }
    }

    /// The least weight that keys at this distance must share to score `self`, if any does. The larger the distance, the
    /// larger it is; so a bound below the distance gives a bound below what is shared.
    ///
    /// ```
    /// use dhakira::matching::{Parts, Score};
    /// let cutoff = Score::from_percent(70.0);
    /// let shared = cutoff.least_shared(6, 40, 500).unwrap();
    /// let score = |shared| Parts { distance: 6, longer: 40, shared, total: 500 }.score();
    /// assert!(score(shared) >= cutoff && score(shared - 1) < cutoff);
    /// assert_eq!(cutoff.least_shared(40, 40, 500), None);
    /// ```
    pub fn least_shared(self, distance: usize, longer: usize, total: u64) -> Option<u64> {
        let (distance, longer, total) = (wide(distance as u64), wide(longer as u64), wide(total));
        let wanted = u128::from(self.similarity()) * longer * total;
        // s ≥ wanted exactly when the fraction before rounding down is: all terms are whole.
        let missing = wanted.saturating_sub(EDITS * longer.saturating_sub(distance) * total);
        let shared = if missing == 0 { 0 } else { missing.div_ceil(2 * GRAMS * longer) };
        u64::try_from(shared).ok().filter(|shared| u128::from(*shared) * 2 <= total)
    }

    /// The largest distance at which keys that share `shared` of `total` still score `self`, if any does. The more is shared,
    /// the larger it is; so a bound above what is shared gives a bound above the distance.
    pub fn most_distance(self, longer: usize, shared: u64, total: u64) -> Option<usize> {
        if total == 0 {
            return (self == Score::ZERO).then_some(longer);
        }
        if let Some(few) = Few::of(longer, shared, total) {
            let wanted = self.similarity() * few.longer * few.total;
            let left = (EDITS as u64 * few.total + 2 * GRAMS as u64 * few.shared) * few.longer;
            return Some((left.checked_sub(wanted)? / (EDITS as u64 * few.total)).min(few.longer) as usize);
        }
        let (length, shared, total) = (wide(longer as u64), wide(shared), wide(total));
        let wanted = u128::from(self.similarity()) * length * total;
        let left = (EDITS * total + 2 * GRAMS * shared) * length;
        let most = left.checked_sub(wanted)? / (EDITS * total);
        Some(usize::try_from(most).unwrap_or(longer).min(longer))
    }
}

/// Changes whenever two texts get another score; what was computed with another version is computed again.
pub const SCORE_VERSION: u32 = 3;

/// Hundredths of a percent for keys without a difference, of those that the distance gives.
const EDITS: u128 = 4_000;
/// And of those that the trigrams give.
const GRAMS: u128 = 6_000;

/// What the score of two keys that differ is made of: rule 3 of the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Parts {
    /// The Levenshtein distance between the keys, in characters.
    pub distance: usize,
    /// The length of the longer key, in characters.
    pub longer: usize,
    /// The weight of the trigrams that both have, each as often as both have it.
    pub shared: u64,
    /// The weights of all trigrams of both keys together: twice `shared` if they have the same.
    pub total: u64,
}

impl Parts {
    /// The score. Two empty keys have nothing in common.
    pub fn score(self) -> Score {
        let Parts { distance, longer, shared, total } = self;
        let distance = distance.min(longer);
        let similarity = if longer == 0 || total == 0 {
            0
        } else if let Some(few) = Few::of(longer, shared, total) {
            let edits = EDITS as u64 * (few.longer - distance as u64) * few.total;
            (edits + 2 * GRAMS as u64 * few.shared * few.longer) / (few.longer * few.total)
        } else {
            let (longer, total) = (wide(longer as u64), wide(total));
            let edits = EDITS * longer.saturating_sub(wide(distance as u64)) * total;
            ((edits + 2 * GRAMS * wide(shared) * longer) / (longer * total)) as u64
        };
        Score::of_similarity(similarity.min(MOST))
    }
}

/// The similarity of keys without a difference, in hundredths of a percent.
const MOST: u64 = 10_000;

/// For products in 128 bits: no text has 2^56 characters.
fn wide(n: u64) -> u128 {
    u128::from(n.min(1 << 56))
}

/// Parts so small that no product overflows 64 bits; four times as fast as in 128.
struct Few {
    longer: u64,
    shared: u64,
    total: u64,
}

impl Few {
    #[inline]
    fn of(longer: usize, shared: u64, total: u64) -> Option<Few> {
        // 2^22 · 2^26 · (10,100 · 2 or 4,000 + 12,000) < 2^63.
        let fits = longer < 1 << 22 && total < 1 << 26 && shared <= total;
        fits.then_some(Few { longer: longer as u64, shared, total })
    }
}

/// Above this similarity (hundredths of a percent) the scale is halved, rule 3.
const KNEE: u64 = 9_000;

/// What a form difference costs, in hundredths of a percent, however often it occurs in the sentence.
///
/// One point where a reader reads another letter or mark, half a point where only the shape differs, a quarter where
/// nothing can be seen. Codes cost the point that Trados Studio takes for missing or different formatting (its penalty
/// settings, "Missing formatting" and "Different formatting", 1 % each by default). So of two units with equal keys the one written like the query comes first.
pub fn form_cost(form: Form) -> u16 {
    match form {
        Form::Tashkeel
        | Form::Hamza
        | Form::Yeh
        | Form::TehMarbuta
        | Form::PersianLetters
        | Form::Case
        | Form::Punctuation
        | Form::InlineCodes => 100,
        Form::Tatweel | Form::Digits | Form::PresentationForms | Form::Width | Form::Spacing => 50,
        _ => 25,
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_points(f, self.0)
    }
}

/// Hundredths of a percent as percent without idle zeros.
pub(super) fn write_points(f: &mut fmt::Formatter<'_>, hundredths: u16) -> fmt::Result {
    let (percent, rest) = (hundredths / 100, hundredths % 100);
    match (rest, rest % 10) {
        (0, _) => write!(f, "{percent}"),
        (_, 0) => write!(f, "{percent}.{}", rest / 10),
        _ => write!(f, "{percent}.{rest:02}"),
    }
}

/// What kind of match a suggestion is, best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MatchKind {
    /// The keys differ.
    Fuzzy,
    /// The keys are equal, the texts are not: they differ in form only.
    Normalized,
    /// The texts are equal as written.
    Exact,
    /// The texts and their neighbours are equal.
    Context,
}

impl MatchKind {
    /// The stable name: `context`, `exact`, `normalized` or `fuzzy`.
    pub fn name(self) -> &'static str {
        match self {
            MatchKind::Context => "context",
            MatchKind::Exact => "exact",
            MatchKind::Normalized => "normalized",
            MatchKind::Fuzzy => "fuzzy",
        }
    }
}

impl fmt::Display for MatchKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shown_without_idle_zeros() {
        let check = |hundredths, shown: &str| assert_eq!(Score::from_hundredths(hundredths).to_string(), shown);
        check(0, "0");
        check(9750, "97.5");
        check(9725, "97.25");
        check(9705, "97.05");
        check(10_000, "100");
        check(u16::MAX, "101");
        assert_eq!(Score::from_percent(f64::NAN), Score::ZERO);
        assert_eq!(Score::from_percent(-1.0), Score::ZERO);
        assert_eq!(Score::from_percent(1e9), Score::CONTEXT);
    }

    #[test]
    fn forms_never_cost_more_than_five_points() {
        assert_eq!(Score::of_forms(&Form::ALL), Score::NORMALIZED_FLOOR);
        assert!(Form::ALL.into_iter().all(|f| (1..=100).contains(&form_cost(f))));
        let nearly = Parts { distance: 1, longer: 1 << 55, shared: 1 << 54, total: 1 << 55 };
        assert!(nearly.score() < Score::NORMALIZED_FLOOR);
    }

    #[test]
    fn parts_without_text() {
        let empty = Parts { distance: 0, longer: 0, shared: 0, total: 0 };
        assert_eq!(empty.score(), Score::ZERO);
        assert_eq!(Parts { distance: usize::MAX, longer: 3, shared: 0, total: 9 }.score(), Score::ZERO);
        assert_eq!(Parts { distance: 0, longer: usize::MAX, shared: u64::MAX, total: u64::MAX }.score(), Score(9_500));
        assert_eq!(Score::ZERO.most_distance(0, 0, 0), Some(0));
        assert_eq!(Score::CONTEXT.most_distance(0, 0, 0), None);
        assert_eq!(Score::ZERO.least_shared(0, 0, 0), Some(0));
    }

    /// Parts as keys can have them, small and huge.
    fn parts() -> impl Strategy<Value = Parts> {
        let sizes = prop_oneof![(1usize..60, 1u64..900), (1usize..1 << 40, 1u64..1 << 44)];
        (sizes, 0.0..=1.0f64, 0.0..=1.0f64).prop_map(|((longer, total), near, alike)| Parts {
            distance: (near * longer as f64) as usize,
            longer,
            shared: (alike * (total / 2) as f64) as u64,
            total,
        })
    }

    proptest! {
        #[test]
        fn before_a_penalty(cutoff in 0u16..=10_100, penalty in prop_oneof![0u16..=10_200, any::<u16>()], score in 0u16..=10_100) {
            let (cutoff, score) = (Score::from_hundredths(cutoff), Score::from_hundredths(score));
            prop_assert_eq!(score.less(penalty) >= cutoff, cutoff.before(penalty).is_some_and(|least| score >= least));
        }

        #[test]
        fn most_words_is_the_largest_distance(longer in 0usize..200, cutoff in 0u16..=10_100) {
            let cutoff = Score::from_hundredths(cutoff);
            let slow = (0..=longer).rev().find(|d| Score::of_words(*d, longer) >= cutoff);
            prop_assert_eq!(cutoff.most_words(longer).filter(|_| longer > 0), slow.filter(|_| longer > 0));
        }

        #[test]
        fn as_the_formula_says(parts in parts()) {
            let Parts { distance, longer, shared, total } = parts;
            let (l, d, g, t) = (longer as u128, distance as u128, u128::from(shared), u128::from(total));
            let s = (4_000 * (l - d) * t + 12_000 * g * l) / (l * t);
            let slow = if s <= 9_000 { s } else { 9_000 + (s - 9_000) / 2 };
            prop_assert_eq!(u128::from(parts.score().hundredths()), slow);
        }

        #[test]
        fn falls_with_distance_and_rises_with_overlap(parts in parts()) {
            let Parts { distance, shared, .. } = parts;
            let further = Parts { distance: distance + 1, ..parts };
            let less = Parts { shared: shared.saturating_sub(1), ..parts };
            prop_assert!(parts.score() >= further.score() && parts.score() >= less.score());
        }

        #[test]
        fn bounds_are_exact(parts in parts(), cutoff in 0u16..=10_100) {
            let Parts { distance, longer, shared, total } = parts;
            let (cutoff, half) = (Score::from_hundredths(cutoff), total / 2);
            let reaches = |distance, shared| Parts { distance, longer, shared, total }.score() >= cutoff;
            match cutoff.least_shared(distance, longer, total) {
                Some(least) => {
                    prop_assert!(reaches(distance, least) && least <= half);
                    prop_assert!(least == 0 || !reaches(distance, least - 1));
                }
                None => prop_assert!(!reaches(distance, half)),
            }
            match cutoff.most_distance(longer, shared, total) {
                Some(most) => {
                    prop_assert!(reaches(most, shared) && most <= longer);
                    prop_assert!(most == longer || !reaches(most + 1, shared));
                }
                None => prop_assert!(!reaches(0, shared)),
            }
        }
    }
}
