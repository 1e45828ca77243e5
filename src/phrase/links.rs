//! Links: how surely each word of a text is each word of its translation.

use super::word::Word;
use crate::lexicon::Lexicon;
use crate::text::name_similarity;

/// How strongly words lean towards the diagonal: λ of Dyer et al. 2013, as their program begins with it.
const TENSION: f32 = 4.0;
/// From this strength on two words are linked.
const LEAST: f32 = 0.2;
/// The probability that a number, a Latin word or an address is the same in the translation.
const SAME: f32 = 0.8;
/// That a word which sounds like a name is that name, and how like it has to sound.
const NAME: f32 = 0.4;
const ALIKE: f64 = 0.86;
/// How many times more probable than by chance a word without partner is.
const ALONE: f32 = 20.0;

/// The strengths of all links, source word by target word.
#[derive(Debug)]
pub(super) struct Links {
    strengths: Vec<Vec<f32>>,
}

impl Links {
    /// The links of Arabic words with English ones.
    pub fn new(ar: &[Word], en: &[Word], lexicon: &Lexicon) -> Links {
        let mut en_given_ar = vec![vec![0.0f32; en.len()]; ar.len()];
        let mut ar_given_en = en_given_ar.clone();
        for (i, a) in ar.iter().enumerate() {
            for translation in a.known.iter().flat_map(|known| lexicon.translations(*known)) {
                for (j, _) in en.iter().enumerate().filter(|(_, e)| e.known.is_some_and(|e| e.number == translation.en))
                {
                    en_given_ar[i][j] = translation.en_given_ar;
                    ar_given_en[i][j] = translation.ar_given_en;
                }
            }
            for (j, e) in en.iter().enumerate() {
                let other = if a.literal.is_some() && a.literal == e.literal {
                    SAME
                } else if en_given_ar[i][j] == 0.0 && sounds_alike(a, e) {
                    NAME
                } else {
                    0.0
                };
                en_given_ar[i][j] = en_given_ar[i][j].max(other);
                ar_given_en[i][j] = ar_given_en[i][j].max(other);
            }
        }
        let place = |n: usize, count: usize| (n as f32 + 0.5) / count as f32;
        let near = |i: usize, j: usize| (-TENSION * (place(i, ar.len()) - place(j, en.len())).abs()).exp();
        let mut strengths = vec![vec![0.0f32; en.len()]; ar.len()];
        // Each word comes from one word of the other side, or from none.
        for (j, e) in en.iter().enumerate() {
            let sum: f32 = (0..ar.len()).map(|i| en_given_ar[i][j] * near(i, j)).sum();
            (0..ar.len()).for_each(|i| strengths[i][j] = en_given_ar[i][j] * near(i, j) / (sum + ALONE * e.chance));
        }
        for (i, a) in ar.iter().enumerate() {
            let sum: f32 = (0..en.len()).map(|j| ar_given_en[i][j] * near(i, j)).sum();
            for j in 0..en.len() {
                let other = ar_given_en[i][j] * near(i, j) / (sum + ALONE * a.chance);
                strengths[i][j] = (strengths[i][j] * other).sqrt();
            }
        }
        Links { strengths }
    }

    /// With the sides exchanged.
    pub fn turned(&self) -> Links {
        let width = self.strengths.first().map_or(0, Vec::len);
        let column = |j: usize| self.strengths.iter().map(|row| row[j]).collect();
        Links { strengths: (0..width).map(column).collect() }
    }

    /// How surely two words are linked, 0 to 1: the geometric mean of what both directions say.
    pub fn strength(&self, source: usize, target: usize) -> f32 {
        self.strengths[source][target]
    }

    /// Whether two words are linked.
    pub fn is_link(&self, source: usize, target: usize) -> bool {
        self.strengths[source][target] >= LEAST
    }
}

fn sounds_alike(ar: &Word, en: &Word) -> bool {
    let [name] = en.skeletons.as_slice() else { return false };
    name.len() >= 3 && ar.skeletons.iter().any(|own| own.len() >= 3 && name_similarity(own, name) >= ALIKE)
}
