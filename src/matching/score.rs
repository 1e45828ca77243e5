//! The score: how alike two sentences are, in hundredths of a percent, and how it is made. This is its only place.
//!
//! 1. Texts equal as written: 100.
//! 2. Keys equal: 100 less the cost of each form that differs ([`form_cost`]), never below 95.
//! 3. Else: with `s = 100 · (1 − d / l)`, where `d` is the Levenshtein distance between the keys in characters and `l` the
//!    length of the longer key (strsim's `normalized_levenshtein`): `s` up to 90, and `90 + (s − 90) / 2` above, so that
//!    nothing that differs in a word or a number reaches what differs in form only, however long the sentence.
//!
//! All in whole numbers, rounded down: the same on every machine. Symmetric; falls (or stays) with every step of `d`.

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
    pub fn from_hundredths(hundredths: u16) -> Score {
        Score(hundredths.min(Score::CONTEXT.0))
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

    /// Rule 2 above: the score of texts with equal keys that differ in these forms.
    pub(super) fn of_forms(forms: &[Form]) -> Score {
        let cost: u16 = forms.iter().map(|f| form_cost(*f)).sum();
        Score::EXACT.less(cost).max(Score::NORMALIZED_FLOOR)
    }

    /// Rule 3 above: the score of keys at this distance, the longer of which has `longer` characters.
    pub(super) fn of_distance(distance: usize, longer: usize) -> Score {
        if longer == 0 {
            return Score::ZERO;
        }
        let alike = (longer - distance.min(longer)) as u64;
        let similarity = alike.saturating_mul(10_000) / longer as u64;
        Score(if similarity <= KNEE { similarity } else { KNEE + (similarity - KNEE) / 2 } as u16)
    }

    /// The largest distance that still scores `self`, if keys that differ can score it at all: rule 3 turned round.
    pub(super) fn distance_within(self, longer: usize) -> Option<usize> {
        let score = u64::from(self.0);
        let similarity = if score <= KNEE { score } else { KNEE + (score - KNEE) * 2 };
        // Rounding down: similarity ≥ s exactly when 10,000 · alike ≥ s · longer.
        // A text long enough to overflow here does not fit into memory.
        let alike = similarity.saturating_mul(longer as u64).div_ceil(10_000);
        longer.checked_sub(usize::try_from(alike).unwrap_or(usize::MAX))
    }
}

/// Above this similarity (hundredths of a percent) the scale is halved, rule 3.
const KNEE: u64 = 9_000;

/// What a form difference costs, in hundredths of a percent, however often it occurs in the sentence.
///
/// One point where a reader reads another letter or mark, half a point where only the shape differs, a quarter where
/// nothing can be seen; so that of two units with equal keys the one written like the query comes first.
pub fn form_cost(form: Form) -> u16 {
    match form {
        Form::Tashkeel
        | Form::Hamza
        | Form::Yeh
        | Form::TehMarbuta
        | Form::PersianLetters
        | Form::Case
        | Form::Punctuation => 100,
        Form::Tatweel | Form::Digits | Form::PresentationForms | Form::Width | Form::Spacing => 50,
        _ => 25,
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (percent, rest) = (self.0 / 100, self.0 % 100);
        match (rest, rest % 10) {
            (0, _) => write!(f, "{percent}"),
            (_, 0) => write!(f, "{percent}.{}", rest / 10),
            _ => write!(f, "{percent}.{rest:02}"),
        }
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
        assert!(Score::of_distance(1, usize::MAX >> 20) < Score::NORMALIZED_FLOOR);
    }

    proptest! {
        #[test]
        fn falls_with_distance(longer in 1usize..5_000, distance in 0usize..5_000) {
            let distance = distance.min(longer);
            prop_assert!(Score::of_distance(distance, longer) >= Score::of_distance(distance + 1, longer));
        }

        #[test]
        fn distance_within_is_the_largest(longer in 1usize..2_000, score in 0u16..=10_100) {
            let score = Score::from_hundredths(score);
            let slow = (1..=longer).rev().find(|d| Score::of_distance(*d, longer) >= score);
            prop_assert_eq!(score.distance_within(longer).filter(|d| *d > 0), slow);
        }
    }
}
