//! What a batch came to: counts, histograms, the worst documents; the same size whatever the corpus.

use super::super::pair::AlignedPair;
use super::filter::Verdict;
use crate::error::Error;
use std::collections::BTreeMap;

/// Parts of a histogram of probabilities.
pub const PARTS: usize = 20;
/// Parts of each side of the table of lengths: a quarter of a doubling each, from 1 letter to 4096.
pub const LENGTHS: usize = 48;
/// How many of the worst documents are kept, and links of each.
const WORST: usize = 10;
const LINKS: usize = 12;
/// Sources that are counted by themselves.
const SOURCES: usize = 1000;
/// Failures that are kept with their messages.
const FAILURES: usize = 100;

/// Counts of a run, filled pair by pair.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Pairs whose fate is known.
    pub pairs: u64,
    /// Of them, those that an earlier run had aligned.
    pub kept: u64,
    /// Pairs that could not be read.
    pub failed: u64,
    /// Pairs that look like no translations, and were withheld.
    pub withheld: u64,
    /// The first hundred failures: the pair's name, its code and message.
    pub failures: Vec<(String, &'static str, String)>,
    /// Units written.
    pub units: u64,
    /// Units that the filter left out or marked, by the names of all their reasons.
    pub filtered: BTreeMap<&'static str, u64>,
    /// Units of which there is a verdict.
    pub judged: u64,
    /// Links with both sides by their probability, in twentieths.
    pub links: [u64; PARTS],
    /// Pairs by the probability that they are translations, in twentieths.
    pub documents: [u64; PARTS],
    /// Links by how many Arabic and English sentences they have.
    pub beads: BTreeMap<(usize, usize), u64>,
    /// Links with both sides by the letters of each, Arabic first: see [`LENGTHS`].
    pub lengths: BTreeMap<(u8, u8), u64>,
    /// By source; the empty name for pairs without one, `…` for sources beyond the first thousand.
    pub sources: BTreeMap<String, SourceTally>,
    /// Licences, with their units.
    pub licences: BTreeMap<String, u64>,
    /// The documents whose links are least sure on average, the worst first.
    pub worst: Vec<Document>,
}

/// What came of one source.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SourceTally {
    /// Its pairs.
    pub pairs: u64,
    /// Its units written.
    pub units: u64,
    /// Its units with a verdict.
    pub judged: u64,
    /// Its links with both sides, and the sum of their probabilities.
    pub links: u64,
    /// See there.
    pub confidence: f64,
}

/// A document as a reader of the report sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its name.
    pub name: String,
    /// The mean probability of its links; of a sentence without partner that it has none.
    pub confidence: f32,
    /// Whether it is a translation at all.
    pub translation: bool,
    /// Its first links: Arabic, English, probability.
    pub links: Vec<(String, String, f32)>,
}

impl Report {
    /// Counts a pair that failed.
    pub fn fail(&mut self, name: &str, error: &Error) {
        self.pairs += 1;
        self.failed += 1;
        if self.failures.len() < FAILURES {
            self.failures.push((name.to_owned(), error.code(), error.to_string()));
        }
    }

    /// Counts a pair, of which `units` were written; the verdicts are those of its units, some empty.
    ///
    /// ```
    /// use dhakira::align::LogLinear;
    /// use dhakira::corpus::Kind;
    /// use dhakira::task::{Reading, align_texts, batch::Report};
    /// let texts = ["وصل القطار. نزل الركاب.", "The train arrived. The passengers got off."];
    /// let pair = align_texts("train", Kind::Text, texts, &Reading::default(), &LogLinear::default());
    /// let mut report = Report::default();
    /// report.add(&pair, 2, false, &[]);
    /// assert_eq!((report.pairs, report.units, report.beads[&(1, 1)]), (1, 2, 2));
    /// ```
    pub fn add(&mut self, aligned: &AlignedPair, units: u64, kept: bool, verdicts: &[Vec<Verdict>]) {
        self.pairs += 1;
        self.kept += u64::from(kept);
        self.units += units;
        let judged = verdicts.iter().filter(|verdicts| !verdicts.is_empty()).count() as u64;
        self.judged += judged;
        for verdict in verdicts.iter().flatten() {
            *self.filtered.entry(verdict.reason.name()).or_default() += 1;
        }
        let alignment = &aligned.alignment;
        self.withheld += u64::from(!alignment.is_translation() && units == 0);
        self.documents[part(alignment.confidence)] += 1;
        let source = aligned.facts.source.clone().unwrap_or_default();
        let is_known = self.sources.len() < SOURCES || self.sources.contains_key(&source);
        let tally = self.sources.entry(if is_known { source } else { "…".to_owned() }).or_default();
        tally.pairs += 1;
        tally.units += units;
        tally.judged += judged;
        if let Some(licence) = &aligned.facts.licence
            && (self.licences.len() < SOURCES || self.licences.contains_key(licence))
        {
            *self.licences.entry(licence.clone()).or_default() += units;
        }
        for bead in &alignment.beads {
            *self.beads.entry((bead.ar.len(), bead.en.len())).or_default() += 1;
            if !bead.is_two_sided() {
                continue;
            }
            self.links[part(bead.confidence)] += 1;
            tally.links += 1;
            tally.confidence += f64::from(bead.confidence);
            let length = |text: String| length_part(text.chars().count());
            let lengths = (length(aligned.ar.text(bead.ar.clone())), length(aligned.en.text(bead.en.clone())));
            *self.lengths.entry(lengths).or_default() += 1;
        }
        self.compare(aligned);
    }

    /// Keeps the document if it is among the worst.
    fn compare(&mut self, aligned: &AlignedPair) {
        let beads = &aligned.alignment.beads;
        let mean = beads.iter().map(|bead| bead.confidence).sum::<f32>() / beads.len().max(1) as f32;
        let confidence = mean.min(aligned.alignment.confidence);
        let at = self.worst.partition_point(|document| document.confidence <= confidence);
        if at >= WORST {
            return;
        }
        let links = beads
            .iter()
            .take(LINKS)
            .map(|bead| (aligned.ar.text(bead.ar.clone()), aligned.en.text(bead.en.clone()), bead.confidence));
        let translation = aligned.alignment.is_translation();
        self.worst.insert(at, Document { name: aligned.name.clone(), confidence, translation, links: links.collect() });
        self.worst.truncate(WORST);
    }

    /// Links with both sides.
    pub fn full_links(&self) -> u64 {
        self.links.iter().sum()
    }

    /// What the sides of a length part begin at, in letters.
    pub fn letters(part: u8) -> f64 {
        (f64::from(part) / 4.0).exp2()
    }
}

fn part(probability: f32) -> usize {
    ((probability * PARTS as f32) as usize).min(PARTS - 1)
}

fn length_part(letters: usize) -> u8 {
    let quarter = (letters.max(1) as f64).log2() * 4.0;
    (quarter as usize).min(LENGTHS - 1) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::LogLinear;
    use crate::corpus::Kind;
    use crate::task::{Reading, align_texts};

    #[test]
    fn only_the_worst_are_kept_and_lengths_stay_in_the_table() {
        let mut report = Report::default();
        for number in 0..30 {
            let ar = if number == 7 {
                "لا صلة لهذا الكلام بذاك."
            } else {
                "وصل القطار. نزل الركاب."
            };
            let texts = [ar, "The train arrived. The passengers got off."];
            let pair =
                align_texts(&format!("n{number}"), Kind::Text, texts, &Reading::default(), &LogLinear::default());
            report.add(&pair, 2, false, &[]);
        }
        assert_eq!((report.pairs, report.worst.len(), report.worst[0].name.as_str()), (30, WORST, "n7"));
        assert_eq!(length_part(0), 0);
        assert_eq!(usize::from(length_part(1 << 20)), LENGTHS - 1);
        assert_eq!(Report::letters(length_part(64)), 64.0);
        assert_eq!(part(1.0), PARTS - 1);
    }
}
