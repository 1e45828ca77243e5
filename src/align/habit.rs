//! The habits of a document, as a first search found them: how often sentences stand alone, how often they are merged, how
//! freely it translates.

use super::search::Link;

/// Nought is what is usual.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Habit {
    /// ln of how much more frequent sentences without partner are.
    pub alone: f32,
    /// ln of how much more frequent merged beads are.
    pub merged: f32,
    /// By how much the words of links fit less well, log odds a word.
    pub free: f32,
}

/// The usual shares of lonely and of merged beads, and how many beads of evidence these are worth.
const USUAL_ALONE: f32 = 0.08;
const USUAL_MERGED: f32 = 0.12;
const STANDING: f32 = 15.0;
/// The usual log odds a word of right links, and how many links of evidence they are worth.
const USUAL_WORDS: f32 = 0.8;
const WORDS_STANDING: f32 = 5.0;

impl Habit {
    /// The habits of a document in which a first search found `links`; `words` are the log odds a word of those with two
    /// sides.
    ///
    /// Lonely sentences of both sides that stand together are a pair that the search did not trust: they count a quarter.
    pub fn of(links: &[Link], mut words: Vec<f32>) -> Habit {
        let (mut alone, mut merged, mut all) = (0.0f32, 0.0f32, 0.0f32);
        let mut run = (0usize, 0usize);
        for (ar, en) in links.iter().chain([&(0..1, 0..1)]) {
            if ar.is_empty() || en.is_empty() {
                run = (run.0 + ar.len(), run.1 + en.len());
                continue;
            }
            alone += run.0.abs_diff(run.1) as f32 + 0.25 * run.0.min(run.1) as f32;
            all += run.0.max(run.1) as f32 + 1.0;
            run = (0, 0);
            merged += f32::from(u8::from(ar.len().max(en.len()) > 1));
        }
        let shift = |count: f32, usual: f32| ((count + usual * STANDING) / (all + STANDING) / usual).ln();
        words.sort_by(f32::total_cmp);
        let (count, middle) = (words.len() as f32, words.get(words.len() / 2).copied().unwrap_or(USUAL_WORDS));
        let typical = (middle * count + USUAL_WORDS * WORDS_STANDING) / (count + WORDS_STANDING);
        Habit { alone: shift(alone, USUAL_ALONE), merged: shift(merged, USUAL_MERGED), free: USUAL_WORDS - typical }
    }
}
