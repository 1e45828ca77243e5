//! How a score came to be, for whoever asks.

use super::query::{Candidate, Query};
use super::score::{Parts, form_cost};
use crate::text::Form;

/// What the score of a text is made of, context and penalties aside.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Explanation {
    /// Equal as written.
    Equal,
    /// The keys are equal: each form that differs, and what it costs in hundredths of a percent; together no more than 500.
    Forms(Vec<(Form, u16)>),
    /// The keys differ: the two parts of the score. From 90 on half of what they give counts.
    Parts(Parts),
    /// The keys differ, and words are counted: how many are changed, of how many in the longer text. From 90 on half of
    /// what is equal counts.
    Words {
        /// The Levenshtein distance in words.
        changed: usize,
        /// The words of the longer text.
        longer: usize,
    },
}

impl Query {
    /// How the score of `candidate` came to be.
    ///
    /// ```
    /// use dhakira::Lang;
    /// use dhakira::matching::{Candidate, Explanation, Query, Score};
    /// let query = Query::new(Lang::Ar, "غادر الوفد المدينة");
    /// let candidate = Candidate::new(Lang::Ar, "غادر الوفد القرية");
    /// let Explanation::Parts(parts) = query.explain(&candidate) else { panic!() };
    /// assert_eq!((parts.distance, parts.longer), (3, 18));
    /// assert_eq!(Some(parts.score()), query.score(&candidate, Score::ZERO));
    /// ```
    pub fn explain(&self, candidate: &Candidate) -> Explanation {
        if self.key() == candidate.key() {
            let forms = self.forms(candidate);
            return match forms.is_empty() {
                true => Explanation::Equal,
                false => Explanation::Forms(forms.into_iter().map(|form| (form, form_cost(form))).collect()),
            };
        }
        match self.changed_words(candidate) {
            Some((changed, longer)) => Explanation::Words { changed, longer },
            None => Explanation::Parts(self.parts(candidate)),
        }
    }
}

impl Parts {
    /// What the edit distance gives of its 40 points, and the trigrams of their 60, in hundredths, each rounded down.
    pub fn points(self) -> (u16, u16) {
        let Parts { distance, longer, shared, total } = self;
        let part = |most: u128, of: u128, all: u128| (most * of).checked_div(all).unwrap_or(0) as u16;
        let edits = part(4_000, longer.saturating_sub(distance) as u128, longer as u128);
        (edits, part(6_000, 2 * u128::from(shared), total.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::matching::{Measure, Score};
    use proptest::prelude::*;

    fn sentence() -> impl Strategy<Value = String> {
        prop::collection::vec("(ال)?[كتب]{1,3}[ةه]?|[١1]|\u{FFFC}", 0..7).prop_map(|words| words.join(" "))
    }

    proptest! {
        #[test]
        fn what_is_explained_is_the_score(a in sentence(), b in sentence()) {
            let candidate = Candidate::new(Lang::Ar, &b);
            for measure in [Measure::Letters, Measure::Words] {
                let query = Query::with_measure(Lang::Ar, &a, measure);
                let score = query.score(&candidate, Score::ZERO).unwrap();
                match query.explain(&candidate) {
                    Explanation::Equal => prop_assert_eq!(score, Score::EXACT),
                    Explanation::Forms(forms) if !query.key().is_empty() => {
                        let cost: u16 = forms.iter().map(|(_, cost)| cost).sum();
                        prop_assert_eq!(score, Score::EXACT.less(cost.min(500)));
                    }
                    Explanation::Forms(_) => prop_assert_eq!(score, Score::ZERO),
                    Explanation::Parts(parts) => {
                        prop_assert_eq!(score, parts.score());
                        let (edits, grams) = parts.points();
                        let sum = edits + grams;
                        let halved = if sum > 9_000 { 9_000 + (sum - 9_000) / 2 } else { sum };
                        prop_assert!(score.hundredths() - halved <= 1);
                    }
                    Explanation::Words { changed, longer } => {
                        let percent = 100.0 * (longer - changed) as f64 / longer as f64;
                        let percent = if percent > 90.0 { 90.0 + (percent - 90.0) / 2.0 } else { percent };
                        prop_assert!((score.percent() - percent).abs() < 0.011);
                    }
                }
            }
        }
    }
}
