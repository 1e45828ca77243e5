//! Meaning: what the vectors of a sentence model say about the links of a region.

use super::feature::{FEATURES, Feature, Vector};
use super::scorer::Region;
use crate::encoder::Gauge;
use crate::segment::Document;
use std::ops::Range;

/// Sentences to both sides of a region with which its own are compared, too. On 12 kinds of noise of the even development documents one is as
/// good as three, if the weights are fitted to it, for two fifths less work.
const AROUND: usize = 1;
/// Sentences in a window at most: no bead has more on a side.
const WIDEST: usize = 4;

/// The cosines of a region: of all its windows of one to four sentences with each other, and of these with the single
/// sentences in and around it.
#[derive(Debug)]
pub(super) struct Meaning {
    region: Region,
    en_count: usize,
    /// Arabic window by English window; windows that would end behind the region have none.
    cosines: Vec<f32>,
    ar: Standing,
    en: Standing,
}

/// What the windows of one side have with the other side.
#[derive(Debug)]
struct Standing {
    /// The mean cosine with its single sentences.
    usual: Vec<f32>,
    /// The best cosine with a window of the region.
    best: Vec<f32>,
}

/// The texts of one side that need vectors: which they are, in the order of [`texts`].
struct Side {
    /// Numbers of the windows in the region.
    windows: Vec<usize>,
    /// Places of the single sentences, those of the region and those around it.
    singles: Vec<usize>,
    count: usize,
}

/// The number of a window of `width` sentences that begins `start` sentences behind the region's start.
fn window(start: usize, width: usize) -> usize {
    start * WIDEST + width - 1
}

/// The sentences around a region's side, before and behind.
fn around(document: &Document, side: &Range<usize>) -> (Range<usize>, Range<usize>) {
    (side.start.saturating_sub(AROUND)..side.start, side.end..(side.end + AROUND).min(document.len()))
}

/// The texts of a region's side: each sentence, alone and joined with those behind it, as a model has least work with them,
/// then the sentences around.
fn texts(document: &Document, side: &Range<usize>, texts: &mut Vec<String>) -> Side {
    let before = texts.len();
    let (mut windows, mut singles) = (Vec::new(), Vec::new());
    for start in side.clone() {
        singles.push(texts.len() - before);
        let mut text = String::new();
        for at in start..(start + WIDEST).min(side.end) {
            if at > start {
                text.push(' ');
            }
            text.push_str(document.sentence(at));
            windows.push(window(start - side.start, at + 1 - start));
            texts.push(text.clone());
        }
    }
    let (left, right) = around(document, side);
    for at in left.chain(right) {
        singles.push(texts.len() - before);
        texts.push(document.sentence(at).to_owned());
    }
    Side { windows, singles, count: texts.len() - before }
}

/// What is known of some regions, when `encode` makes vectors of length 1 of texts, one behind the other, and `gauge` tells what
/// their cosines are worth.
pub(super) fn meanings(
    ar: &Document,
    en: &Document,
    regions: &[Region],
    encode: impl FnOnce(&[&str]) -> Vec<f32>,
    gauge: Gauge,
) -> Vec<Meaning> {
    let mut all = Vec::new();
    let sides: Vec<(Side, Side)> =
        regions.iter().map(|region| (texts(ar, &region.ar, &mut all), texts(en, &region.en, &mut all))).collect();
    let vectors = encode(&all.iter().map(String::as_str).collect::<Vec<_>>());
    let dimensions = vectors.len() / all.len().max(1);
    let mut rest = vectors.as_slice();
    let mut take = |side: &Side| {
        let (own, behind) = rest.split_at(side.count * dimensions);
        rest = behind;
        own
    };
    let each = regions.iter().zip(&sides).map(|(region, (ar, en))| {
        let (ar_vectors, en_vectors) = (take(ar), take(en));
        Meaning::new(region.clone(), (ar, ar_vectors), (en, en_vectors), dimensions, gauge)
    });
    each.collect()
}

impl Meaning {
    fn new(region: Region, ar: (&Side, &[f32]), en: (&Side, &[f32]), dimensions: usize, gauge: Gauge) -> Meaning {
        let vector =
            |of: &'_ [f32], at: usize| -> Range<usize> { at * dimensions..((at + 1) * dimensions).min(of.len()) };
        let cosine = |i: usize, j: usize| -> f32 {
            gauge.apply(ar.1[vector(ar.1, i)].iter().zip(&en.1[vector(en.1, j)]).map(|(x, y)| x * y).sum())
        };
        let en_count = region.en.len() * WIDEST;
        let ar_count = region.ar.len() * WIDEST;
        let mut cosines = vec![f32::NAN; ar_count * en_count];
        let new = |count: usize| Standing { usual: vec![0.0; count], best: vec![f32::NEG_INFINITY; count] };
        let (mut ar_standing, mut en_standing) = (new(ar_count), new(en_count));
        for (i, &ar_window) in ar.0.windows.iter().enumerate() {
            for (j, &en_window) in en.0.windows.iter().enumerate() {
                let value = cosine(i, j);
                cosines[ar_window * en_count + en_window] = value;
                ar_standing.best[ar_window] = ar_standing.best[ar_window].max(value);
                en_standing.best[en_window] = en_standing.best[en_window].max(value);
            }
            let sum: f32 = en.0.singles.iter().map(|&j| cosine(i, j)).sum();
            ar_standing.usual[ar_window] = sum / en.0.singles.len() as f32;
        }
        for (j, &en_window) in en.0.windows.iter().enumerate() {
            let sum: f32 = ar.0.singles.iter().map(|&i| cosine(i, j)).sum();
            en_standing.usual[en_window] = sum / ar.0.singles.len() as f32;
        }
        Meaning { region, en_count, cosines, ar: ar_standing, en: en_standing }
    }

    pub fn region(&self) -> &Region {
        &self.region
    }

    fn numbers(&self, ar: &Range<usize>, en: &Range<usize>) -> (usize, usize) {
        (window(ar.start - self.region.ar.start, ar.len()), window(en.start - self.region.en.start, en.len()))
    }

    fn cosine(&self, ar: &Range<usize>, en: &Range<usize>) -> f32 {
        let (ar, en) = self.numbers(ar, en);
        self.cosines[ar * self.en_count + en]
    }

    /// The features of a bead of the region, of at most four sentences a side, that the first look gave this cost.
    pub fn features(&self, ar: &Range<usize>, en: &Range<usize>, first_look: f32) -> Vector {
        let mut x = [0.0; FEATURES];
        let mut set = |feature: Feature, value: f32| x[feature as usize] = value;
        set(Feature::FirstLook, -first_look);
        if ar.is_empty() || en.is_empty() {
            set(Feature::Alone, 1.0);
            return x;
        }
        let cosine = self.cosine(ar, en);
        let (i, j) = self.numbers(ar, en);
        set(Feature::Cosine, cosine);
        set(Feature::Margin, cosine - 0.5 * (self.ar.usual[i] + self.en.usual[j]));
        set(Feature::CosineMerged, cosine * (ar.len() + en.len() - 2) as f32);
        set(Feature::Gain, self.gain(ar, en, cosine));
        set(Feature::Rival, self.ar.best[i] + self.en.best[j] - 2.0 * cosine);
        x
    }

    /// By how much the cosine grows with the outermost sentence that brings least.
    fn gain(&self, ar: &Range<usize>, en: &Range<usize>, cosine: f32) -> f32 {
        let mut least = f32::INFINITY;
        if ar.len() > 1 {
            least = least.min(cosine - self.cosine(&(ar.start + 1..ar.end), en));
            least = least.min(cosine - self.cosine(&(ar.start..ar.end - 1), en));
        }
        if en.len() > 1 {
            least = least.min(cosine - self.cosine(ar, &(en.start + 1..en.end)));
            least = least.min(cosine - self.cosine(ar, &(en.start..en.end - 1)));
        }
        if least.is_finite() { least } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::search::SHAPES;
    use super::*;
    use crate::lang::Lang;
    use proptest::prelude::*;

    /// A vector of length 1 of a text: what letters it has, folded into five numbers.
    fn vector(text: &str) -> [f32; 5] {
        let mut sums = [0.1f32; 5];
        text.chars().enumerate().for_each(|(n, c)| sums[(c as usize * 7 + n) % 5] += 1.0);
        let length = sums.iter().map(|x| x * x).sum::<f32>().sqrt();
        sums.map(|x| x / length)
    }

    fn cosine(a: &str, b: &str) -> f32 {
        vector(a).iter().zip(vector(b)).map(|(x, y)| x * y).sum()
    }

    fn text(document: &Document, range: &Range<usize>) -> String {
        range.clone().map(|n| document.sentence(n)).collect::<Vec<_>>().join(" ")
    }

    /// The slow twin: every cosine made when it is needed.
    fn slow(ar: &Document, en: &Document, region: &Region, a: &Range<usize>, e: &Range<usize>) -> Vector {
        let mut x = [0.0; FEATURES];
        x[Feature::FirstLook as usize] = -1.5;
        if a.is_empty() || e.is_empty() {
            x[Feature::Alone as usize] = 1.0;
            return x;
        }
        let (own_ar, own_en) = (text(ar, a), text(en, e));
        let own = cosine(&own_ar, &own_en);
        let near = |d: &Document, r: &Range<usize>| r.start.saturating_sub(AROUND)..(r.end + AROUND).min(d.len());
        let mean = |values: Vec<f32>| values.iter().sum::<f32>() / values.len() as f32;
        let ar_usual = mean(near(en, &region.en).map(|j| cosine(&own_ar, en.sentence(j))).collect());
        let en_usual = mean(near(ar, &region.ar).map(|i| cosine(ar.sentence(i), &own_en)).collect());
        let windows = |side: &Range<usize>| {
            let end = side.end;
            side.clone().flat_map(move |start| (1..=4).map(move |n| start..start + n)).filter(move |w| w.end <= end)
        };
        let ar_best = windows(&region.en).map(|w| cosine(&own_ar, &text(en, &w))).fold(-1.0, f32::max);
        let en_best = windows(&region.ar).map(|w| cosine(&text(ar, &w), &own_en)).fold(-1.0, f32::max);
        let mut gains = Vec::new();
        for (first, last) in [(1, 0), (0, 1)] {
            if a.len() > 1 {
                gains.push(own - cosine(&text(ar, &(a.start + first..a.end - last)), &own_en));
            }
            if e.len() > 1 {
                gains.push(own - cosine(&own_ar, &text(en, &(e.start + first..e.end - last))));
            }
        }
        x[Feature::Cosine as usize] = own;
        x[Feature::Margin as usize] = own - (ar_usual + en_usual) / 2.0;
        x[Feature::CosineMerged as usize] = own * (a.len() + e.len() - 2) as f32;
        x[Feature::Gain as usize] = gains.into_iter().reduce(f32::min).unwrap_or(0.0);
        x[Feature::Rival as usize] = (ar_best - own) + (en_best - own);
        x
    }

    proptest! {
        #[test]
        fn features_are_those_of_the_slow_way(
            ar in prop::collection::vec("[ابتثجحخد \u{064E}\u{0651}٠-٩]{1,12}ا", 2..12),
            en in prop::collection::vec("[a-h 0-9]{1,12}z", 2..12),
            cut in (0usize..4, 0usize..4, 1usize..6, 1usize..6),
        ) {
            let ar = Document::from_lines(Lang::Ar, &ar.join("\n"));
            let en = Document::from_lines(Lang::En, &en.join("\n"));
            let side = |n: usize, start: usize, count: usize| start.min(n - 1)..(start.min(n - 1) + count).min(n);
            let first = Region { ar: 0..1, en: 0..1, links: 0..1 };
            let region =
                Region { ar: side(ar.len(), cut.0, cut.2), en: side(en.len(), cut.1, cut.3), links: 0..1 };
            let encode = |texts: &[&str]| texts.iter().flat_map(|text| vector(text)).collect();
            let found = meanings(&ar, &en, &[first, region.clone()], encode, Gauge::IDENTITY);
            for i in region.ar.clone() {
                for j in region.en.clone() {
                    for (a, b) in SHAPES {
                        let (a, e) = (i..i + a, j..j + b);
                        if a.end > region.ar.end || e.end > region.en.end {
                            continue;
                        }
                        let expected = slow(&ar, &en, &region, &a, &e);
                        for (x, y) in found[1].features(&a, &e, 1.5).iter().zip(expected) {
                            prop_assert!((x - y).abs() < 1e-4, "{a:?} {e:?}: {x} {y}");
                        }
                    }
                }
            }
        }
    }
}
