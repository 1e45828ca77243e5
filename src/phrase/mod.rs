//! Phrases: what a part of a sentence is in the sentence's translation, found by linking their words.
//!
//! Words are linked by how probably the lexicon makes the one of the other, in both directions, with a leaning towards the diagonal
//! (Dyer, Chahuneau and Smith, "A Simple, Fast, and Effective Reparameterization of IBM Model 2", 2013). A phrase's translation is the
//! stretch of words that are linked with its words and with no others (Och and Ney, "The Alignment Template Approach to Statistical Machine
//! Translation", 2004, §3: consistent phrase pairs). What is not sure is no translation.

mod links;
mod word;

use crate::lang::Lang;
use crate::lexicon::Lexicon;
use links::Links;
use std::ops::Range;
use word::{Word, words};

pub use word::{Asked, asked};

/// A phrase's translation.
#[derive(Debug, Clone, PartialEq)]
pub struct Phrase {
    /// Its bytes in the translation.
    pub range: Range<usize>,
    /// How sure it is, 0 to 1: how much of both phrases is linked, the rarer words counting more, times how surely.
    pub confidence: f32,
}

/// Words of a text beyond this many are not linked: nobody translates longer sentences in parts.
const LONGEST: usize = 120;

/// Phrases less sure than this are none.
const LEAST: f32 = 0.35;

/// A sentence and its translation, their words linked: phrases can be asked for.
///
/// ```
/// use dhakira::Lang;
/// use dhakira::lexicon::Lexicon;
/// use dhakira::phrase::Pair;
/// let (source, target) = ("وصل الوزير إلى الميناء القديم صباح اليوم", "The minister arrived at the old port this morning");
/// let pair = Pair::new(Lang::Ar, source, target, Lexicon::shipped());
/// let phrase = "الميناء القديم";
/// let start = source.find(phrase).unwrap();
/// let found = pair.translation(start..start + phrase.len()).unwrap();
/// assert_eq!(&target[found.range], "the old port");
/// ```
#[derive(Debug)]
pub struct Pair {
    lang: Lang,
    source: Vec<Word>,
    target: Vec<Word>,
    links: Links,
}

impl Pair {
    /// Links the words of `source`, a text of language `lang`, and of its translation.
    pub fn new(lang: Lang, source: &str, target: &str, lexicon: &Lexicon) -> Pair {
        let side = |lang: Lang, text: &str| {
            let mut words = words(lang, text, lexicon);
            words.truncate(LONGEST);
            words
        };
        let (source, target) = (side(lang, source), side(lang.other(), target));
        let links = match lang {
            Lang::Ar => Links::new(&source, &target, lexicon),
            Lang::En => Links::new(&target, &source, lexicon).turned(),
        };
        Pair { lang, source, target, links }
    }

    /// What some bytes of the source, from the start of a word to the end of one, are in the translation; `None` if that is not sure.
    pub fn translation(&self, phrase: Range<usize>) -> Option<Phrase> {
        let first = self.source.iter().position(|word| word.span.start >= phrase.start)?;
        let end = self.source.iter().rposition(|word| word.span.end <= phrase.end)? + 1;
        let own = first..end;
        if own.is_empty() {
            return None;
        }
        let linked = |j: &usize| own.clone().any(|i| self.links.is_link(i, *j));
        let low = (0..self.target.len()).find(linked)?;
        let high = (0..self.target.len()).rfind(linked)?;
        // The telling words at both ends are linked, and most of those between: what else stands at an end would be left out unseen.
        if !self.is_held(&own, &(low..high + 1), |i, j| (i, j), &self.source) {
            return None;
        }
        let outside = |j: usize| (0..self.source.len()).any(|i| !own.contains(&i) && self.links.is_link(i, j));
        if (low..=high).any(outside) {
            return None;
        }
        let found = self.widened(low..high + 1);
        // What denies has to be within both or without both, and so has what denies right before them.
        let denies = |words: &[Word], range: Range<usize>| words[range].iter().any(|word| word.is_negation);
        let before = |range: &Range<usize>| range.start.saturating_sub(1)..range.end;
        if denies(&self.source, own.clone()) != denies(&self.target, found.clone())
            || denies(&self.source, before(&own)) != denies(&self.target, before(&found))
        {
            return None;
        }
        let confidence =
            self.said(&own, &found, |i, j| (i, j), &self.source) * self.said(&found, &own, |j, i| (i, j), &self.target);
        let range = self.target[found.start].span.start..self.target[found.end - 1].span.end;
        (confidence >= LEAST).then_some(Phrase { range, confidence })
    }

    /// Whether the first and the last telling word of `own` are linked with `other`, and no more than a third of the others is not.
    fn is_held(
        &self,
        own: &Range<usize>,
        other: &Range<usize>,
        order: fn(usize, usize) -> (usize, usize),
        words: &[Word],
    ) -> bool {
        let telling: Vec<usize> = own.clone().filter(|n| words[*n].is_telling).collect();
        let is_linked = |n: &usize| {
            other.clone().any(|m| {
                let (i, j) = order(*n, m);
                self.links.is_link(i, j)
            })
        };
        let loose = telling.iter().filter(|n| !is_linked(n)).count();
        telling.first().is_some_and(is_linked) && telling.last().is_some_and(is_linked) && 3 * loose <= telling.len()
    }

    /// How much of what the words of `own` say is linked with words of `other`, and how surely.
    fn said(
        &self,
        own: &Range<usize>,
        other: &Range<usize>,
        order: fn(usize, usize) -> (usize, usize),
        words: &[Word],
    ) -> f32 {
        let best = |n: usize| {
            other.clone().map(|m| order(n, m)).map(|(i, j)| self.links.strength(i, j)).fold(0.0f32, f32::max)
        };
        let (mut said, mut all) = (0.0, 0.0);
        for n in own.clone() {
            // A link at half its strength is as sure as any.
            said += words[n].weight * (2.0 * best(n)).min(1.0);
            all += words[n].weight;
        }
        if all > 0.0 { said / all } else { 0.0 }
    }

    /// With the English article before it, which is no word of the Arabic, if nothing else claims that.
    fn widened(&self, mut found: Range<usize>) -> Range<usize> {
        while self.lang == Lang::Ar
            && let Some(before) = found.start.checked_sub(1)
            && self.target[before].is_article
            && (0..self.source.len()).all(|i| !self.links.is_link(i, before))
            && self.target[before].run == self.target[found.start].run
        {
            found.start = before;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(lang: Lang, source: &str, phrase: &str, target: &str) -> Option<String> {
        let start = source.find(phrase).unwrap();
        let pair = Pair::new(lang, source, target, Lexicon::shipped());
        pair.translation(start..start + phrase.len()).map(|found| target[found.range].to_owned())
    }

    #[test]
    fn phrases_are_found_in_both_directions() {
        let (ar, en) = (
            "اشترى المتحف الوطني ١٢ لوحة من القرن الماضي في باريس",
            "The National Museum bought 12 paintings of the last century in Paris",
        );
        for (in_ar, in_en) in [
            ("المتحف الوطني", "The National Museum"),
            ("١٢ لوحة", "12 paintings"),
            ("القرن الماضي", "the last century"),
        ] {
            assert_eq!(found(Lang::Ar, ar, in_ar, en).as_deref(), Some(in_en));
        }
        for (in_en, in_ar) in [("National Museum", "المتحف الوطني"), ("last century in Paris", "القرن الماضي في باريس")]
        {
            assert_eq!(found(Lang::En, en, in_en, ar).as_deref(), Some(in_ar));
        }
    }

    #[test]
    fn what_is_not_sure_is_left_alone() {
        // The words of the phrase stand apart in the translation, with others between them.
        assert_eq!(found(Lang::Ar, "الماء البارد والخبز", "الماء البارد", "water and bread, cold"), None);
        // Nothing of it is there.
        assert_eq!(found(Lang::Ar, "غابت الشمس خلف التلال", "خلف التلال", "Good evening"), None);
        assert_eq!(found(Lang::Ar, "كتاب", "كتاب", ""), None);
    }

    proptest! {
        #[test]
        fn ranges_are_words_of_the_translation(
            ar in "((كتاب|الكِتاب|بيت|في|١٢|،|Google|ـــ|\u{64B}) ?){0,9}",
            en in "((book|the|house|in|12|,|Google|’) ?){0,9}",
            from in 0usize..60, to in 0usize..60,
        ) {
            for (lang, source, target) in [(Lang::Ar, &ar, &en), (Lang::En, &en, &ar)] {
                let pair = Pair::new(lang, source, target, Lexicon::shipped());
                if let Some(found) = pair.translation(from.min(to)..from.max(to)) {
                    prop_assert!((LEAST..=1.0).contains(&found.confidence));
                    prop_assert!(!target[found.range].is_empty());
                }
            }
        }
    }
}
