//! A query: a sentence prepared once, and compared with many candidates from the memory.

use super::context::Context;
use super::distance::Pattern;
use super::gram::{Gram, Sought, gram_codes, gram_weight};
use super::score::{MatchKind, Parts, Score};
use super::why::{Why, reasons};
use super::words::{Measure, WordPattern};
use crate::lang::{Lang, LangTag};
use crate::text::{Form, Key, form_differences, key};
use std::collections::HashMap;
use std::ops::RangeInclusive;

/// A sentence of the memory, prepared for being compared with any query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    text: Box<str>,
    key: Key,
    /// Length of the key in characters.
    length: usize,
    /// The weight of its trigrams.
    weight: u64,
    bag: Bag,
    /// What its inline codes say, in their order; empty if that is not known.
    codes: Box<[Box<str>]>,
}

impl Candidate {
    /// Prepares the text of a segment, with U+FFFC for each inline code.
    pub fn new(lang: Lang, text: &str) -> Candidate {
        let key = key(lang, text);
        let (length, bag) = (key.as_str().chars().count(), Bag::of(key.as_str()));
        let (weight, codes) = (gram_weight(key.as_str()), Box::default());
        Candidate { text: text.into(), key, length, weight, bag, codes }
    }

    /// The same text, each of whose inline codes says this.
    pub fn with_codes(self, codes: Vec<Box<str>>) -> Candidate {
        Candidate { codes: codes.into(), ..self }
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its key.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The length of the key in characters.
    pub fn length_chars(&self) -> usize {
        self.length
    }
}

/// A sentence to look for.
#[derive(Debug, Clone)]
pub struct Query {
    lang: Lang,
    text: Box<str>,
    key: Key,
    pattern: Pattern,
    grams: Sought,
    bag: Bag,
    /// To be compared in words.
    words: Option<WordPattern>,
    context: Context,
    region: Option<Box<str>>,
    /// What its inline codes say, if that is known.
    codes: Option<Box<[Box<str>]>>,
}

impl Query {
    /// Prepares `text`.
    ///
    /// ```
    /// use dhakira::matching::{Candidate, Query, Score};
    /// use dhakira::Lang;
    /// let query = Query::new(Lang::Ar, "وصل ١٨١ مسافرًا أمس");
    /// let at_least = Score::from_percent(70.0);
    /// let form_only = query.score(&Candidate::new(Lang::Ar, "وصل 181 مسافراً امس"), at_least).unwrap();
    /// let number = query.score(&Candidate::new(Lang::Ar, "وصل ١٨٢ مسافرًا أمس"), at_least).unwrap();
    /// assert!(form_only >= Score::NORMALIZED_FLOOR && number < Score::NORMALIZED_FLOOR);
    /// assert_eq!(query.score(&Candidate::new(Lang::Ar, "غدًا"), at_least), None);
    /// ```
    pub fn new(lang: Lang, text: &str) -> Query {
        let key = key(lang, text);
        let (pattern, grams, bag) = (Pattern::new(key.as_str()), Sought::new(key.as_str()), Bag::of(key.as_str()));
        let (words, context, region, codes) = Default::default();
        Query { lang, text: text.into(), key, pattern, grams, bag, words, context, region, codes }
    }

    /// Prepares `text` for a score of this measure.
    pub fn with_measure(lang: Lang, text: &str, measure: Measure) -> Query {
        let query = Query::new(lang, text);
        let words = (measure == Measure::Words).then(|| WordPattern::new(query.key.as_str()));
        Query { words, ..query }
    }

    /// The same query in a place: units from the same one are preferred.
    pub fn with_context(self, context: Context) -> Query {
        Query { context, ..self }
    }

    /// The same query in the language of a region, that of `tag` if it names one: units from there are preferred.
    pub fn with_region(self, tag: &LangTag) -> Query {
        Query { region: tag.region().map(Into::into), ..self }
    }

    /// The same query, each of whose inline codes (U+FFFC in the text) says this: [`Candidate::with_codes`] that say
    /// otherwise cost as much as a code that is missing.
    ///
    /// ```
    /// use dhakira::matching::{Candidate, Query, Score};
    /// use dhakira::Lang;
    /// let text = "اضغط \u{FFFC}حفظ\u{FFFC}";
    /// let codes = |open: &str, close: &str| vec![open.into(), close.into()];
    /// let query = Query::new(Lang::Ar, text).with_codes(codes("<b>", "</b>"));
    /// let score = |codes| query.score(&Candidate::new(Lang::Ar, text).with_codes(codes), Score::ZERO);
    /// assert_eq!(score(codes("<b>", "</b>")), Some(Score::EXACT));
    /// assert_eq!(score(codes("<i>", "</i>")), Some(Score::from_percent(99.0)));
    /// ```
    pub fn with_codes(self, codes: Vec<Box<str>>) -> Query {
        Query { codes: Some(codes.into()), ..self }
    }

    /// Whether both are known to have other codes.
    fn has_other_codes(&self, candidate: &Candidate) -> bool {
        !candidate.codes.is_empty() && self.codes.as_ref().is_some_and(|codes| *codes != candidate.codes)
    }

    /// What is known of its place.
    pub fn context(&self) -> Context {
        self.context
    }

    /// The region that is asked for, in upper case.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// What the scores of other keys count.
    pub fn measure(&self) -> Measure {
        if self.words.is_some() { Measure::Words } else { Measure::Letters }
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Its key.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The score of `candidate`, if it is at least `cutoff`. The higher the cutoff, the sooner most candidates are done:
    /// by length and weight, by the characters they have, by their trigrams, within the distance.
    ///
    /// An empty key (no text, or marks alone) is like nothing but the same text as written.
    pub fn score(&self, candidate: &Candidate, cutoff: Score) -> Option<Score> {
        self.score_known(candidate, cutoff, &mut Known::default())
    }

    /// [`Query::score`] that remembers what it found out about forms.
    pub(super) fn score_known(&self, candidate: &Candidate, cutoff: Score, known: &mut Known) -> Option<Score> {
        let (m, n) = (self.pattern.length(), candidate.length);
        let score = if m == n && self.grams.total() == candidate.weight && self.key == candidate.key {
            self.score_of_equal_keys(candidate, known)
        } else {
            self.score_of_other_keys(candidate, cutoff)?
        };
        (score >= cutoff).then_some(score)
    }

    /// The score of keys that differ, if it can be as much as `cutoff`.
    fn score_of_other_keys(&self, candidate: &Candidate, cutoff: Score) -> Option<Score> {
        if let Some(words) = &self.words {
            return words.score(candidate.key.as_str(), cutoff);
        }
        let (m, n) = (self.pattern.length(), candidate.length);
        // What is shared weighs no more than the lighter one; keys that differ are at least one apart, and as much as their
        // lengths are.
        let (lighter, total) = (self.grams.total().min(candidate.weight), self.grams.total() + candidate.weight);
        let limit = cutoff.most_distance(m.max(n), lighter, total)?;
        if m.abs_diff(n).max(1) > limit || self.bag.least_distance(&candidate.bag) > limit {
            return None;
        }
        self.compare(candidate.key.as_str(), n, candidate.weight, cutoff)
    }

    /// The score of a text with the key `key`, another one than the query's, if it is at least `cutoff`: what
    /// [`Query::score`] says of it, which depends on nothing else.
    pub fn score_of_key(&self, key: &str, cutoff: Score) -> Option<Score> {
        if let Some(words) = &self.words {
            return words.score(key, cutoff);
        }
        let weigh = |(n, weight), code| (n + 1, weight + u64::from(Gram::weight_of(code)));
        let (n, weight) = gram_codes(key.chars()).fold((0, 0), weigh);
        self.compare(key, n, weight, cutoff).filter(|score| *score >= cutoff)
    }

    /// Compares with another key of `n` characters and this weight, as far as it can score `cutoff`.
    fn compare(&self, key: &str, n: usize, weight: u64, cutoff: Score) -> Option<Score> {
        let (longer, total) = (self.pattern.length().max(n), self.grams.total() + weight);
        let overlap = self.grams.overlap(key);
        let limit = cutoff.most_distance(longer, overlap.weight, total)?;
        // An edit touches no more than three trigrams of either key (the q-gram lemma; Jokinen and Ukkonen 1991).
        if (longer - overlap.count).div_ceil(3).max(1) > limit {
            return None;
        }
        let distance = self.pattern.distance(key, n, limit)?;
        Some(Parts { distance, longer, shared: overlap.weight, total }.score())
    }

    fn score_of_equal_keys(&self, candidate: &Candidate, known: &mut Known) -> Score {
        if self.text != candidate.text && !self.key.is_empty() {
            let compare = || Score::of_forms(&self.forms(candidate));
            known.look_up((self.lang, &self.text), &candidate.text, self.has_other_codes(candidate), compare)
        } else if self.text != candidate.text {
            Score::ZERO
        } else if self.has_other_codes(candidate) {
            Score::of_forms(&[Form::InlineCodes])
        } else {
            Score::EXACT
        }
    }

    /// The forms in which a text with the same key differs.
    pub(super) fn forms(&self, candidate: &Candidate) -> Vec<Form> {
        let mut forms = form_differences(self.lang, &self.text, &candidate.text);
        if self.has_other_codes(candidate) && !forms.contains(&Form::InlineCodes) {
            forms.push(Form::InlineCodes);
        }
        forms
    }

    /// What the score of a text with another key is made of, in letters.
    pub(super) fn parts(&self, candidate: &Candidate) -> Parts {
        let longer = self.pattern.length().max(candidate.length);
        let shared = self.grams.overlap(candidate.key.as_str()).weight;
        let distance = self.pattern.distance(candidate.key.as_str(), candidate.length, longer).unwrap_or(longer);
        Parts { distance, longer, shared, total: self.grams.total() + candidate.weight }
    }

    /// And in words: how many are changed, and how many the longer text has.
    pub(super) fn changed_words(&self, candidate: &Candidate) -> Option<(usize, usize)> {
        self.words.as_ref().map(|words| words.changed(candidate.key.as_str()))
    }

    /// What kind of match `candidate` is, its neighbours aside.
    pub fn kind(&self, candidate: &Candidate) -> MatchKind {
        if self.text == candidate.text && !self.has_other_codes(candidate) {
            MatchKind::Exact
        } else if self.key == candidate.key && (!self.key.is_empty() || self.text == candidate.text) {
            MatchKind::Normalized
        } else {
            MatchKind::Fuzzy
        }
    }

    /// What keeps `candidate` from 100, in a stable order; empty when the texts are equal as written.
    pub fn why(&self, candidate: &Candidate) -> Vec<Why> {
        let mut reasons = reasons(self.lang, &self.text, &candidate.text);
        if self.has_other_codes(candidate) && !reasons.contains(&Why::InlineCodes) {
            let behind = reasons.iter().take_while(|why| matches!(why, Why::Words(_) | Why::Number { .. })).count();
            reasons.insert(behind, Why::InlineCodes);
        }
        reasons
    }

    /// The lengths, in characters of the key, that a candidate must have to reach `cutoff`: a bound for indexes.
    pub fn lengths_chars(&self, cutoff: Score) -> RangeInclusive<usize> {
        let (m, weight) = (self.pattern.length(), self.grams.total());
        // A word is of any length.
        if cutoff == Score::ZERO || self.words.is_some() {
            return 0..=usize::MAX;
        }
        // At best a candidate of n characters weighs what the query weighs, as far as n trigrams can.
        let reaches = |n: usize| {
            let theirs = weight.clamp(n as u64, 15 * n as u64);
            let most = cutoff.most_distance(m.max(n), weight.min(theirs), weight + theirs);
            most.is_some_and(|most| m.abs_diff(n) <= most)
        };
        // The further from m, the less: above, even a hundredth of a percent needs one trigram in 20,000.
        let boundary = |mut inside: usize, mut outside: usize| {
            while inside.abs_diff(outside) > 1 {
                let middle = inside.midpoint(outside);
                *(if reaches(middle) { &mut inside } else { &mut outside }) = middle;
            }
            inside
        };
        let from = if reaches(0) { 0 } else { boundary(m, 0) };
        from..=boundary(m, m.saturating_mul(20_000 * 15).saturating_add(1))
    }
}

/// The scores of texts that differ from a query in form only.
///
/// Telling forms apart takes some twenty microseconds, a thousand times as long as a bound; a memory with a million copies
/// of one sentence would wait half a minute for the same answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    query: Option<(Lang, Box<str>)>,
    /// Of texts with the same codes, and with others.
    scores: [HashMap<Box<str>, Score>; 2],
}

impl Known {
    /// More spellings of one sentence than this are not remembered.
    const MOST: usize = 1_024;

    fn look_up(
        &mut self,
        query: (Lang, &str),
        text: &str,
        other_codes: bool,
        compare: impl FnOnce() -> Score,
    ) -> Score {
        if self.query.as_ref().is_none_or(|(lang, text)| (*lang, &**text) != query) {
            *self = Known { query: Some((query.0, query.1.into())), ..Known::default() };
        }
        let scores = &mut self.scores[usize::from(other_codes)];
        if let Some(score) = scores.get(text) {
            return *score;
        }
        let score = compare();
        if scores.len() < Known::MOST {
            scores.insert(text.into(), score);
        }
        score
    }
}

/// How often the characters of a key occur, in 32 drawers, up to 255 each: a bound that needs no alignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bag([u8; 32]);

impl Bag {
    fn of(key: &str) -> Bag {
        let mut drawers = [0u8; 32];
        for c in key.chars() {
            // The second term parts the two rows of the Arabic block (ا from ه, ب from و), which the first would join.
            let drawer = (c as usize + 13 * (c as usize >> 6)) % 32;
            drawers[drawer] = drawers[drawer].saturating_add(1);
        }
        Bag(drawers)
    }

    /// No distance is below this: every edit takes away at most one surplus on each side. Sharing drawers and stopping at
    /// 255 can only make surpluses smaller.
    #[inline]
    fn least_distance(&self, other: &Bag) -> usize {
        let (mut ours, mut theirs) = (0u32, 0u32);
        for (a, b) in self.0.iter().zip(&other.0) {
            ours += u32::from(a.saturating_sub(*b));
            theirs += u32::from(b.saturating_sub(*a));
        }
        ours.max(theirs) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::Grams;
    use proptest::prelude::*;

    /// The specification, with strsim as the judge of distances.
    fn slow_score(lang: Lang, a: &str, b: &str) -> Score {
        let (ka, kb) = (key(lang, a), key(lang, b));
        if a == b {
            Score::EXACT
        } else if ka == kb && !ka.is_empty() {
            Score::of_forms(&form_differences(lang, a, b))
        } else {
            let distance = strsim::levenshtein(ka.as_str(), kb.as_str());
            let longer = ka.as_str().chars().count().max(kb.as_str().chars().count());
            let (a, b) = (Grams::of(ka.as_str()), Grams::of(kb.as_str()));
            let (shared, total) = (a.shared(&b), a.total() + b.total());
            let score = Parts { distance, longer, shared, total }.score();
            if total > 0 {
                let alike = strsim::normalized_levenshtein(ka.as_str(), kb.as_str());
                let percent = 40.0 * alike + 60.0 * (2 * shared) as f64 / total as f64;
                let percent = if percent <= 90.0 { percent } else { 90.0 + (percent - 90.0) / 2.0 };
                assert!((score.percent() - percent).abs() < 0.02, "{score} {percent}");
            }
            score
        }
    }

    fn score(a: &str, b: &str) -> Score {
        Query::new(Lang::Ar, a).score(&Candidate::new(Lang::Ar, b), Score::ZERO).unwrap()
    }

    #[test]
    fn only_the_same_text_has_a_hundred() {
        let check = |a: &str, b: &str, from: f64, to: f64| {
            let percent = score(a, b).percent();
            assert!((from..=to).contains(&percent), "{a:?} {b:?} {percent}");
        };
        check("غادرت الطائرة", "غادرت الطائرة", 100.0, 100.0);
        check("غادرت الطائرة", "غَادَرَتِ الطَّائِرَةُ", 95.0, 99.99);
        check("غادرت الطائرة", "غــادرت الطائره", 95.0, 99.99);
        check("رحلة ١٨١", "رحلة 181", 95.0, 99.99);
        check("رحلة 182", "رحلة 181", 50.0, 94.99);
        check("نعم", "لا", 0.0, 0.0);
        check("", "", 100.0, 100.0);
        check("", "نعم", 0.0, 0.0);
        check("\u{064E}", "\u{064F}", 0.0, 0.0); // a fatha and a damma
        check("\u{FFFC}", "\u{FFFC}", 100.0, 100.0); // a lone inline code
        check("؟", "?", 95.0, 99.99);
    }

    #[test]
    fn long_sentences_that_differ_in_a_digit_stay_below_form_differences() {
        let long = "قال المتحدث إن الشحنة وصلت إلى الميناء صباح اليوم ".repeat(8);
        let digit = score(&format!("{long}181"), &format!("{long}182"));
        let forms = score(&format!("{long}181"), &format!("{}١٨١ ", long.replace('ل', "لـ").replace("صباح", "صَباح")));
        assert!(digit < forms, "{digit} {forms}");
    }

    fn sentence() -> impl Strategy<Value = String> {
        prop_oneof![
            proptest::collection::vec("(ال)?[كتبسمعل]{1,3}[اةىأ]?|[0-9١-٣]{1,2}|[،.؟]", 0..8).prop_map(|w| w.join(" ")),
            proptest::collection::vec("([كتبسم][\u{064E}-\u{0652}\u{0640}]{0,1}){1,4}|\u{FFFC}", 0..6)
                .prop_map(|w| w.join(" ")),
            "\\PC{0,12}",
        ]
    }

    proptest! {
        #[test]
        fn as_the_specification_says(a in sentence(), b in sentence(), cutoff in 0u16..=10_100) {
            let cutoff = Score::from_hundredths(cutoff);
            let slow = slow_score(Lang::Ar, &a, &b);
            let (query, candidate) = (Query::new(Lang::Ar, &a), Candidate::new(Lang::Ar, &b));
            prop_assert_eq!(query.score(&candidate, cutoff), (slow >= cutoff).then_some(slow));
            prop_assert_eq!(slow_score(Lang::Ar, &b, &a), slow);
            if slow >= cutoff {
                prop_assert!(query.lengths_chars(cutoff).contains(&candidate.length_chars()));
            }
        }

        #[test]
        fn each_further_letter_costs(words in "[بتجد ]{1,60}", at in proptest::collection::vec(any::<prop::sample::Index>(), 1..8)) {
            // Letters that the text has not: each one that replaces another adds one to the distance.
            let text = format!("ا{words}ا");
            let mut edited: Vec<char> = text.chars().collect();
            let mut before = Score::EXACT;
            for index in at {
                let at = index.index(edited.len());
                edited[at] = 'ض';
                let now = score(&text, &edited.iter().collect::<String>());
                prop_assert!(now <= before);
                before = now;
            }
        }
    }
}
