//! The length model: how well the lengths of two sides go together.

/// How long the translation of a text is, in characters without tashkeel: ln(English / Arabic) is normal around ln(ratio),
/// with a variance that shrinks as texts grow.
///
/// After Gale and Church 1993, with the log ratio in the place of their difference, which has tails that are too thin for
/// free translation; here what counts is how much more probable two lengths are as a pair than by chance.
#[derive(Debug, Clone, PartialEq)]
pub struct LengthModel {
    /// English characters per Arabic character.
    pub ratio: f32,
    /// Variance of the log ratio of long texts.
    pub variance: f32,
    /// Characters of both sides together at which the variance is twice that of long texts.
    pub settling: f32,
    /// Variance of the log ratio of sentences that are not each other's translation.
    pub chance: f32,
}

/// Characters added to both sides, so that very short ones do not have wild ratios.
const CUSHION: f32 = 8.0;

impl Default for LengthModel {
    /// Fitted with [`LengthModel::fit`] on the linked sentences of every second document of NTREX-128 (CC BY-SA 4.0),
    /// TICO-19 (CC0), XQuAD (CC BY-SA 4.0) and the Debian Administrator's Handbook (GPL-2+ or CC BY-SA 3.0): the test
    /// `the_length_model_is_the_one_of_the_data` in `tests/align.rs` prints the fit and holds these figures to it.
    fn default() -> LengthModel {
        LengthModel { ratio: 1.106, variance: 0.0174, settling: 120.0, chance: 0.506 }
    }
}

impl LengthModel {
    /// The log odds (nats) of these lengths as those of a translation, against lengths that have met by chance.
    ///
    /// ```
    /// use dhakira::align::LengthModel;
    /// let model = LengthModel::default();
    /// assert!(model.odds(100.0, 117.0) > 0.0);
    /// assert!(model.odds(100.0, 30.0) < 0.0);
    /// ```
    pub fn odds(&self, ar: f32, en: f32) -> f32 {
        self.odds_of(self.log_ratio(ar, en), ar, en)
    }

    /// The logarithms whose difference is the log ratio: of an Arabic length and of an English one.
    pub(super) fn logs(&self, ar: f32, en: f32) -> (f32, f32) {
        ((ar * self.ratio + CUSHION).ln(), (en + CUSHION).ln())
    }

    /// The log odds where the log ratio is known.
    fn odds_of(&self, d: f32, ar: f32, en: f32) -> f32 {
        let [spread, rarity] = self.spread(ar + en);
        d * d * spread + rarity
    }

    /// What the log odds of both sides of so many characters are made of: times the square of the log ratio, and beside it.
    pub(super) fn spread(&self, both: f32) -> [f32; 2] {
        let variance = self.variance * (1.0 + self.settling / (both + 1.0));
        [0.5 * (1.0 / self.chance - 1.0 / variance), -0.5 * (variance / self.chance).ln()]
    }

    fn log_ratio(&self, ar: f32, en: f32) -> f32 {
        ((en + CUSHION) / (ar * self.ratio + CUSHION)).ln()
    }

    /// The model of `pairs`, lengths of true translations in the order of their texts (a pair and the next one's other
    /// side stand for chance). Less than 10 pairs leave the default.
    pub fn fit(pairs: &[(f32, f32)]) -> LengthModel {
        let mut model = LengthModel::default();
        if pairs.len() < 10 {
            return model;
        }
        let sum = |f: fn(&(f32, f32)) -> f32| pairs.iter().map(|p| f64::from(f(p))).sum::<f64>();
        model.ratio = (sum(|p| p.1) / sum(|p| p.0).max(1.0)) as f32;
        let mean_square = |values: &mut dyn Iterator<Item = f32>| {
            let (mut total, mut count) = (0.0f64, 0u32);
            for value in values {
                total += f64::from(value * value);
                count += 1;
            }
            (total / f64::from(count.max(1))) as f32
        };
        model.chance = mean_square(&mut pairs.windows(2).map(|w| model.log_ratio(w[0].0, w[1].1)));
        // For each settling the variance is the mean of d²/(1 + settling/n); the likelihood chooses among them.
        let mut best = f64::NEG_INFINITY;
        for step in 0..=40 {
            let settling = step as f32 * 10.0;
            let spread = |p: &(f32, f32)| 1.0 + settling / (p.0 + p.1 + 1.0);
            let variance = mean_square(&mut pairs.iter().map(|p| model.log_ratio(p.0, p.1) / spread(p).sqrt()));
            let likelihood: f64 = pairs
                .iter()
                .map(|p| {
                    let (d, v) = (f64::from(model.log_ratio(p.0, p.1)), f64::from(variance * spread(p)));
                    -0.5 * (d * d / v + v.ln())
                })
                .sum();
            if likelihood > best {
                best = likelihood;
                (model.variance, model.settling) = (variance, settling);
            }
        }
        model
    }

    /// The length of a text as this model counts it: characters without tashkeel and tatweel.
    pub fn length(text: &str) -> f32 {
        let counts = |c: &char| !matches!(c, '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{0610}'..='\u{061A}' | '\u{200B}'..='\u{200F}');
        text.chars().filter(counts).count() as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fit_finds_the_ratio() {
        let pairs: Vec<(f32, f32)> = (0..400u16)
            .map(|i| {
                let ar = 20.0 + f32::from(i * 37 % 101);
                (ar, ar * 1.3 * (1.0 + 0.1 * f32::from(i % 3) - 0.1))
            })
            .collect();
        let model = LengthModel::fit(&pairs);
        assert!((model.ratio - 1.3).abs() < 0.02, "{model:?}");
        assert!(model.variance < 0.02 && model.chance > 0.1, "{model:?}");
    }

    #[test]
    fn tashkeel_has_no_length() {
        assert_eq!(LengthModel::length("كَتَبَ"), LengthModel::length("كتب"));
    }
}
