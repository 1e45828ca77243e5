//! Notes: what is read in two texts whatever a lexicon says of their words, once for all looks at them.

use super::anchor::{self, anchors};
use super::length::LengthModel;
use crate::corpus::furniture_look;
use crate::lang::Lang;
use crate::lexicon::Words;
use crate::segment::{Document, split};
use crate::text::{Token, tokens};
use std::ops::{AddAssign, Range};
use std::sync::Arc;

/// What a scorer noted of two texts when it looked at them first: another look at the same texts need not read them again
/// ([`reconsider`](super::reconsider)). Cloning is cheap; the default has nothing noted.
#[derive(Debug, Clone, Default)]
pub struct Notes(Option<Arc<[Noted; 2]>>);

/// What is noted of one side.
#[derive(Debug)]
pub(super) struct Noted {
    pub anchors: Arc<anchor::Side>,
    pub words: Words,
    /// Lengths of the first 0, 1, 2 … sentences.
    lengths: Vec<f64>,
    /// How much the first 0, 1, 2 … sentences look like page furniture.
    furniture: Vec<f32>,
    /// How many sentences the first 0, 1, 2 … segments have, as splitting would count them.
    splits: Vec<u32>,
    /// Whether each sentence begins a paragraph.
    openings: Vec<bool>,
}

impl Notes {
    /// Both sides, if they are of texts of so many sentences.
    pub(super) fn of(&self, ar: &Document, en: &Document) -> Option<Arc<[Noted; 2]>> {
        self.fitting(ar, en).cloned()
    }

    /// The words of the Arabic and of the English sentences, if they are noted of texts of so many sentences.
    pub fn words(&self, ar: &Document, en: &Document) -> Option<[&Words; 2]> {
        let [ar, en] = &**self.fitting(ar, en)?;
        Some([&ar.words, &en.words])
    }

    fn fitting(&self, ar: &Document, en: &Document) -> Option<&Arc<[Noted; 2]>> {
        self.0.as_ref().filter(|noted| [0, 1].map(|side| noted[side].words.len()) == [ar.len(), en.len()])
    }
}

impl From<Arc<[Noted; 2]>> for Notes {
    fn from(noted: Arc<[Noted; 2]>) -> Notes {
        Notes(Some(noted))
    }
}

impl Noted {
    /// What is noted of a pair, Arabic and English.
    pub fn pair(ar: &Document, en: &Document) -> [Noted; 2] {
        let [ar_tokens, en_tokens]: [Vec<Vec<Token<'_>>>; 2] =
            [ar, en].map(|side| side.sentences().map(tokens).collect());
        let (ar_anchors, en_anchors) = anchors(&ar_tokens, &en_tokens);
        let (ar_words, en_words) = (Words::new(Lang::Ar, &ar_tokens), Words::new(Lang::En, &en_tokens));
        [Noted::new(ar, ar_anchors, ar_words), Noted::new(en, en_anchors, en_words)]
    }

    fn new(document: &Document, anchors: anchor::Side, words: Words) -> Noted {
        let segments = document.segments();
        let opens = |i: usize| i == 0 || segments[i].paragraph != segments[i - 1].paragraph;
        Noted {
            anchors: Arc::new(anchors),
            words,
            lengths: sums(document.sentences().map(|sentence| f64::from(LengthModel::length(sentence)))),
            furniture: sums(document.sentences().map(furniture_look)),
            splits: sums(document.sentences().map(|text| split(document.lang(), text).len() as u32)),
            openings: (0..segments.len()).map(opens).collect(),
        }
    }

    /// How long some sentences are.
    pub fn length(&self, sentences: &Range<usize>) -> f32 {
        (self.lengths[sentences.end] - self.lengths[sentences.start]) as f32
    }

    /// How long all sentences are.
    pub fn whole_length(&self) -> f64 {
        self.lengths.last().copied().unwrap_or_default()
    }

    /// How much some sentences look like page furniture.
    pub fn furniture(&self, sentences: &Range<usize>) -> f32 {
        self.furniture[sentences.end] - self.furniture[sentences.start]
    }

    /// How many sentences splitting would find in some segments.
    pub fn splits(&self, segments: &Range<usize>) -> u32 {
        self.splits[segments.end] - self.splits[segments.start]
    }

    /// Whether a sentence begins a paragraph.
    pub fn opens(&self, sentence: usize) -> bool {
        self.openings[sentence]
    }

    /// Whether a paragraph begins inside of some sentences.
    pub fn is_crossed(&self, sentences: &Range<usize>) -> bool {
        self.openings[sentences.start + 1..sentences.end].iter().any(|opens| *opens)
    }
}

/// The sums of the first 0, 1, 2 … values.
fn sums<T: Copy + Default + AddAssign>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut sum = T::default();
    let mut sums = vec![sum];
    sums.extend(values.map(|value| {
        sum += value;
        sum
    }));
    sums
}
