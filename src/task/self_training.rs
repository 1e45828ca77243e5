//! Self-training: what the sure links of a batch teach about its words, for a second look at the same batch.

use super::pair::{AlignedPair, fnv1a};
use crate::lexicon::{Lexicon, Training};
use std::collections::BTreeMap;

/// Links of at least this confidence teach: of those that are said to be so sure 99 of 100 are right.
const LEAST_CONFIDENCE: f32 = 0.9;
/// Fewer links than this teach nothing: some two articles of news.
const LEAST: usize = 24;
/// Links that are learned from, at most: those with the smallest hashes. They are held in memory, some 30 MB of them.
const MOST: usize = 100_000;
/// How many words of running text what the usual lexicon knows of frequencies is worth, so that a few articles do not make their own
/// words look frequent in the language.
const FAMILIAR: f64 = 10_000.0;

/// Gathers the sure links of a batch, and makes a lexicon of them and of what is known already.
///
/// The lexicon is that of IBM Model 1 both ways, in which the usual one is worth a few sightings of each word ([`Training`]). The same
/// pairs in any order teach the same. Words that the usual lexicon lacks come to be known when they stand in sure links, and help where
/// they stand again in unsure ones.
///
/// ```
/// use dhakira::align::LogLinear;
/// use dhakira::corpus::Kind;
/// use dhakira::lexicon::Lexicon;
/// use dhakira::task::{Reading, SelfTraining, align_texts};
/// let texts = ["غابت الشمس خلف التلال.\n\nأشعلت الجدة قنديلها.", "The sun sank behind the hills.\n\nGrandmother lit her lamp."];
/// let pair = align_texts("lamp", Kind::Text, texts, &Reading::default(), &LogLinear::default());
/// let mut training = SelfTraining::default();
/// training.add(&pair);
/// assert!(training.lexicon(Lexicon::shipped()).is_none(), "two links teach nothing");
/// ```
#[derive(Debug, Clone, Default)]
pub struct SelfTraining {
    lessons: BTreeMap<u64, (String, String)>,
}

impl SelfTraining {
    /// Takes the sure links of a pair, if it is one of translations.
    pub fn add(&mut self, pair: &AlignedPair) {
        if !pair.alignment.is_translation() {
            return;
        }
        let full = pair.alignment.beads.iter().filter(|bead| bead.is_two_sided());
        for bead in full.filter(|bead| bead.confidence >= LEAST_CONFIDENCE) {
            let (ar, en) = (pair.ar.text(bead.ar.clone()), pair.en.text(bead.en.clone()));
            self.lessons.insert(fnv1a(&[&ar, "\0", &en]), (ar, en));
            if self.lessons.len() > MOST {
                self.lessons.pop_last();
            }
        }
    }

    /// How many links are learned from.
    pub fn len(&self) -> usize {
        self.lessons.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lessons.is_empty()
    }

    /// What the links and `usual` teach together; `None` if there are too few links, under 24.
    pub fn lexicon(&self, usual: &Lexicon) -> Option<Lexicon> {
        if self.lessons.len() < LEAST {
            return None;
        }
        let pairs = self.lessons.values().map(|(ar, en)| (ar.as_str(), en.as_str()));
        let training = Training { familiar: Some(FAMILIAR), ..Training::default() };
        Some(training.train_with(pairs, &usual.knowledge()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::pair::{Reading, align_texts};
    use super::*;
    use crate::align::{Bead, LogLinear};
    use crate::corpus::Kind;
    use crate::lang::Lang;

    /// A pair about a thing that no lexicon knows, told in some thirty sentences.
    fn pair(name: &str) -> AlignedPair {
        const THINGS: [(&str, &str); 6] = [
            ("الكتاب", "book"),
            ("القارب", "boat"),
            ("البيت", "house"),
            ("الجسر", "bridge"),
            ("النهر", "river"),
            ("الباب", "door"),
        ];
        let (mut ar, mut en) = (String::new(), String::new());
        for n in 0..30 {
            let (thing, other) = (THINGS[n % 6], THINGS[(n + 1 + n / 6) % 6]);
            ar += &format!("وضع الزغطبي {n} مرات {} أمام {}.\n\n", thing.0, other.0);
            en += &format!("The wugger put the {} in front of the {} {n} times.\n\n", thing.1, other.1);
        }
        align_texts(name, Kind::Text, [&ar, &en], &Reading::default(), &LogLinear::default())
    }

    #[test]
    fn sure_links_teach_words_that_the_usual_lexicon_lacks() {
        let usual = Lexicon::shipped();
        let stem = crate::lexicon::stem(Lang::Ar, "الزغطبي");
        assert!(usual.word(Lang::Ar, &stem).is_none());
        let mut training = SelfTraining::default();
        training.add(&pair("a"));
        let lexicon = training.lexicon(usual).unwrap();
        let word = lexicon.word(Lang::Ar, &stem).expect("the word is known now");
        let best = lexicon.translations(word).max_by(|a, b| a.ar_given_en.total_cmp(&b.ar_given_en)).unwrap();
        assert_eq!(lexicon.stem(Lang::En, best.en), crate::lexicon::stem(Lang::En, "wugger"));
        // What was known stays known.
        let book = lexicon.word(Lang::Ar, &crate::lexicon::stem(Lang::Ar, "الكتاب")).unwrap();
        assert!(lexicon.translations(book).any(|t| lexicon.stem(Lang::En, t.en) == "book"));
    }

    #[test]
    fn the_order_of_pairs_does_not_matter_and_unsure_links_teach_nothing() {
        let (a, mut b) = (pair("a"), pair("b"));
        b.alignment.beads.truncate(10);
        let of = |pairs: [&AlignedPair; 2]| {
            let mut training = SelfTraining::default();
            pairs.into_iter().for_each(|pair| training.add(pair));
            training.lexicon(Lexicon::shipped()).unwrap()
        };
        assert_eq!(of([&a, &b]).as_bytes(), of([&b, &a]).as_bytes());
        let mut training = SelfTraining::default();
        let unsure = |bead: &Bead| Bead { confidence: 0.8, ..bead.clone() };
        b.alignment.beads = b.alignment.beads.iter().map(unsure).collect();
        training.add(&b);
        let mut other = a.clone();
        other.alignment.confidence = 0.4;
        training.add(&other);
        assert!(training.is_empty());
    }
}
