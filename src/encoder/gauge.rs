//! The gauge: cosines of one model on the scale of another.
//!
//! How near two sentences of equal meaning are is each model's own: Universal Sentence Encoder's cosines are about 0.74 for
//! translations and 0.07 for other sentences, those of multilingual-e5 lie between 0.7 and 1. What is fitted to the first
//! (`align/second-weights.txt`) would misread the others. So a few pairs that were written for this (`encoder/pairs.txt`) are
//! encoded when a model is opened, and the line through two points says what its cosines are on the first one's
//! scale: the mean of the pairs, and the mean of all sentences with the translations of others.

#[cfg(any(feature = "hugging-face", test))]
use std::ops::Range;

/// The pairs.
#[cfg(any(feature = "hugging-face", test))]
const PAIRS: &str = include_str!("pairs.txt");
/// The means of Universal Sentence Encoder multilingual 3 for the pairs, right ones and wrong ones. Made by
/// `cargo test --lib encoder::gauge -- --nocapture`, which holds them, where `.ci/run` has fetched the model.
#[cfg(any(feature = "hugging-face", test))]
const UNIVERSAL: [f64; 2] = [0.7404, 0.0659];

/// A line: what a cosine of a model's vectors is on the scale of Universal Sentence Encoder's.
///
/// ```
/// use dhakira::encoder::Gauge;
/// assert_eq!(Gauge::IDENTITY.apply(0.62), 0.62);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gauge {
    slope: f32,
    offset: f32,
}

impl Gauge {
    /// That of Universal Sentence Encoder itself.
    pub const IDENTITY: Gauge = Gauge { slope: 1.0, offset: 0.0 };

    /// The cosine on that scale: about 0.74 for translations, 0.07 for other pairs, at times above 1 or below -1.
    #[must_use]
    pub fn apply(self, cosine: f32) -> f32 {
        cosine * self.slope + self.offset
    }

    /// The gauge of a model that encodes texts like this; else what is wrong with it.
    ///
    /// A model has to find at least half of the translations among all that there are. Chance finds one or two of 64.
    #[cfg(any(feature = "hugging-face", test))]
    pub(super) fn measured(encode: impl Fn(&[&str]) -> Vec<f32>) -> Result<Gauge, String> {
        let measure = Measure::of(encode);
        let slope = (UNIVERSAL[0] - UNIVERSAL[1]) / (measure.right - measure.wrong);
        let gauge = Gauge { slope: slope as f32, offset: (UNIVERSAL[1] - slope * measure.wrong) as f32 };
        // Of a model that makes all vectors the same, or none, no slope can be told.
        if 2 * measure.found < measure.all || !(slope > 0.0 && slope < 1000.0) {
            let Measure { found, all, .. } = measure;
            return Err(format!(
                "tells translations from other texts hardly better than chance: of {all} sentences it finds the translation of {found}"
            ));
        }
        Ok(gauge)
    }
}

/// What a model does with the pairs.
#[cfg(any(feature = "hugging-face", test))]
#[derive(Debug)]
struct Measure {
    /// The mean cosine of a sentence and its translation.
    right: f64,
    /// The mean cosine of a sentence and the translation of another one.
    wrong: f64,
    /// How many sentences, of `all`, are nearer to their translation than to that of any other one.
    found: usize,
    all: usize,
}

#[cfg(any(feature = "hugging-face", test))]
impl Measure {
    fn of(encode: impl Fn(&[&str]) -> Vec<f32>) -> Measure {
        let pairs: Vec<(&str, &str)> =
            PAIRS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t')).collect();
        let count = pairs.len();
        let texts: Vec<&str> = pairs.iter().map(|pair| pair.0).chain(pairs.iter().map(|pair| pair.1)).collect();
        let vectors = encode(&texts);
        let dimensions = vectors.len() / texts.len();
        let row = |at: usize| -> Range<usize> { at * dimensions..(at + 1) * dimensions };
        let cosine = |ar: usize, en: usize| -> f64 {
            let (ar, en) = (&vectors[row(ar)], &vectors[row(count + en)]);
            ar.iter().zip(en).map(|(x, y)| f64::from(x * y)).sum()
        };
        let others = |own: usize| (0..count).filter(move |other| *other != own);
        let right = (0..count).map(|at| cosine(at, at)).sum::<f64>() / count as f64;
        let wrong = (0..count).flat_map(|ar| others(ar).map(move |en| (ar, en))).map(|(ar, en)| cosine(ar, en));
        let wrong = wrong.sum::<f64>() / (count * (count - 1)) as f64;
        let by_ar = |at: &usize| others(*at).all(|en| cosine(*at, *at) > cosine(*at, en));
        let by_en = |at: &usize| others(*at).all(|ar| cosine(*at, *at) > cosine(ar, *at));
        let found = (0..count).filter(by_ar).count() + (0..count).filter(by_en).count();
        Measure { right, wrong, found, all: 2 * count }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Encoder;
    use super::*;
    use proptest::prelude::*;
    use std::path::{Path, PathBuf};

    /// Vectors of the pairs: each like that of its translation, as much as `near` says, and with `all` in common.
    fn encode(texts: &[&str], near: f32, all: f32) -> Vec<f32> {
        let count = texts.len() / 2;
        let vector = |at: usize| {
            let mut vector = vec![0.0; 3 * count + 1];
            vector[at % count] = near;
            vector[count + at] = 1.0;
            vector[3 * count] = all;
            let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
            vector.iter_mut().for_each(|x| *x /= length);
            vector
        };
        (0..texts.len()).flat_map(vector).collect()
    }

    proptest! {
        /// Whatever a model's means are, on the scale they are those of the first model.
        #[test]
        fn means_go_where_those_of_the_first_model_are(near in 0.2f32..5.0, all in 0f32..3.0) {
            let gauge = Gauge::measured(|texts| encode(texts, near, all)).unwrap();
            let measure = Measure::of(|texts| encode(texts, near, all));
            prop_assert_eq!(measure.found, measure.all);
            for (mean, universal) in [measure.right, measure.wrong].into_iter().zip(UNIVERSAL) {
                prop_assert!((f64::from(gauge.apply(mean as f32)) - universal).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn a_model_that_knows_nothing_has_no_gauge() {
        let same = |texts: &[&str]| vec![0.5; 4 * texts.len()];
        let lengths = |texts: &[&str]| -> Vec<f32> {
            texts.iter().flat_map(|text| [(text.len() as f32 / 40.0).cos(), (text.len() as f32 / 40.0).sin()]).collect()
        };
        let none = |texts: &[&str]| vec![f32::NAN; texts.len()];
        for refused in [Gauge::measured(same), Gauge::measured(lengths), Gauge::measured(none)] {
            let reason = refused.unwrap_err();
            assert!(
                reason.starts_with("tells translations from other texts hardly better than chance: of 64 "),
                "{reason}"
            );
        }
    }

    /// The constants, where the model is at hand.
    #[test]
    #[allow(clippy::print_stderr)]
    fn of_universal_sentence_encoder() {
        let folder = std::env::var_os("DHAKIRA_MODEL").map(PathBuf::from);
        let folder = folder.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/model"));
        if !folder.exists() {
            eprintln!("skipped: no {}; .ci/run fetches it", folder.display());
            return;
        }
        let encoder = Encoder::open(&folder).unwrap();
        let measure = Measure::of(|texts| encoder.encode(texts));
        eprintln!("{measure:?}");
        assert!(
            (measure.right - UNIVERSAL[0]).abs() < 5e-4 && (measure.wrong - UNIVERSAL[1]).abs() < 5e-4,
            "{measure:?}"
        );
        assert_eq!(measure.found, measure.all);
        // Its own gauge, were it measured, is none at all.
        let gauge = Gauge::measured(|texts| encoder.encode(texts)).unwrap();
        assert!((gauge.apply(0.0)).abs() < 2e-3 && (gauge.apply(1.0) - 1.0).abs() < 2e-3, "{gauge:?}");
        assert_eq!(encoder.gauge(), Gauge::IDENTITY);
    }
}
