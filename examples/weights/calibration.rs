//! Calibration: how true the confidences of links are.

use super::gold::Link;
use dhakira::align::Alignment;
use std::collections::BTreeSet;

/// Links by what was said of them and whether they are right.
#[derive(Default)]
pub struct Calibration {
    links: Vec<(f32, bool)>,
}

impl Calibration {
    /// Adds the links with both sides of a document whose right links are known.
    pub fn add(&mut self, right: &BTreeSet<Link>, found: &Alignment) {
        let full = found.beads.iter().filter(|bead| bead.is_two_sided());
        self.links.extend(full.map(|bead| {
            let link = (bead.ar.clone().collect(), bead.en.clone().collect());
            (bead.confidence, right.contains(&link))
        }));
    }

    /// Adds the links of another.
    pub fn join(&mut self, other: &Calibration) {
        self.links.extend_from_slice(&other.links);
    }

    /// Of links said to be at least this sure, the share that is right, in per cent.
    pub fn above(&self, least: f32) -> f64 {
        let sure = || self.links.iter().filter(|link| link.0 >= least);
        100.0 * sure().filter(|link| link.1).count() as f64 / sure().count().max(1) as f64
    }

    /// Of the surest part of the links, the share that is right, in per cent.
    pub fn covering(&mut self, part: f64) -> f64 {
        self.links.sort_by(|a, b| b.0.total_cmp(&a.0));
        let count = (part * self.links.len() as f64) as usize;
        100.0 * self.links[..count].iter().filter(|l| l.1).count() as f64 / count.max(1) as f64
    }

    /// The expected calibration error over ten bins (Guo et al. 2017).
    pub fn error(&self) -> f64 {
        let mut bins = [(0.0f64, 0.0f64); 10];
        for (said, right) in &self.links {
            let bin = &mut bins[((said * 10.0) as usize).min(9)];
            bin.0 += f64::from(*said);
            bin.1 += f64::from(u8::from(*right));
        }
        bins.iter().map(|(said, right)| (said - right).abs()).sum::<f64>() / self.links.len().max(1) as f64
    }
}
