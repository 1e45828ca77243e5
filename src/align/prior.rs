//! The prior: how often each shape of bead occurs, before anything is known of its content.

use super::search::Link;

/// Log odds (nats) of bead shapes against a 1-1 bead that carries as much; a document's own habits move them.
#[derive(Debug, Clone, PartialEq)]
pub struct Prior {
    /// A sentence without partner (1-0, 0-1).
    pub alone: f32,
    /// 1-2 and 2-1.
    pub two: f32,
    /// 1-3 and 3-1.
    pub three: f32,
    /// 1-4 and 4-1.
    pub four: f32,
    /// 2-2.
    pub square: f32,
    /// 2-3 and 3-2.
    pub oblong: f32,
    /// How far `alone` follows the document (0: not, 1: fully).
    pub follow_alone: f32,
    /// How far the merged shapes follow the document.
    pub follow_merged: f32,
}

impl Default for Prior {
    /// Tuned as [`super::Anchored::default`].
    fn default() -> Prior {
        Prior {
            alone: -2.4,
            two: -2.2,
            three: -3.6,
            four: -6.0,
            square: -4.5,
            oblong: -6.9,
            follow_alone: 0.8,
            follow_merged: 0.6,
        }
    }
}

/// The share of lonely and of merged beads at which the defaults hold, and how many beads of evidence these are worth.
const USUAL_ALONE: f32 = 0.08;
const USUAL_MERGED: f32 = 0.12;
const STANDING: f32 = 15.0;

impl Prior {
    /// The log odds of a shape of `ar` and `en` sentences.
    pub(super) fn odds(&self, ar: usize, en: usize) -> f32 {
        match (ar.min(en), ar.max(en)) {
            (0, n) => self.alone * n as f32,
            (1, 1) => 0.0,
            (1, 2) => self.two,
            (1, 3) => self.three,
            (1, _) => self.four,
            (2, 2) => self.square,
            _ => self.oblong,
        }
    }

    /// The prior for a document in which a first search found `links`.
    ///
    /// Lonely sentences of both sides that stand together are a pair that the search did not trust: they count a quarter.
    pub(super) fn adapted(&self, links: &[Link]) -> Prior {
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
        let more = self.follow_merged * shift(merged, USUAL_MERGED);
        Prior {
            alone: self.alone + self.follow_alone * shift(alone, USUAL_ALONE),
            two: self.two + more,
            three: self.three + more,
            four: self.four + more,
            square: self.square + more,
            oblong: self.oblong + more,
            ..self.clone()
        }
    }
}
