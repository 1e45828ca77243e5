//! Self-training: what the sure links of some pairs teach about their words, for another look at what is unsure in them.

use super::pair::AlignedPair;
use crate::align::{Region, Scorer, reconsider};
use crate::lang::Lang;
use crate::lexicon::{Lexicon, Training, Words};
use crate::text::tokens;
use foldhash::fast::FixedState;
use foldhash::{HashMap, HashMapExt};
use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::BuildHasher;
use std::ops::Range;

/// Links of at least this confidence teach: of those that are said to be so sure 99 of 100 are right.
const LEAST_CONFIDENCE: f32 = 0.9;
/// Fewer links than this teach nothing: some three articles of news. 24 and 60 were tried on the same documents, one by one and four by four,
/// and are as good.
const LEAST: usize = 40;
/// How many words of running text what the usual lexicon knows of frequencies is worth, so that a few articles do not make their own
/// words look frequent in the language.
const FAMILIAR: f64 = 10_000.0;
/// Rounds of expectation and maximisation. Five, three and two were tried on 12 kinds of noise of the even development documents: three
/// are as good as five, and two are worse.
const ROUNDS: usize = 3;
/// A link is learned from for the sake of words that stand in unsure regions and are rarer than this in running text (the usual lexicon knows others well
/// enough), and of each only so often. On the same documents that is as good as learning from all links.
const RARE: f32 = 1e-4;
const OFTEN: u32 = 5;

/// The lexicon that pairs teach: that of IBM Model 1 both ways over their sure links, in which the usual one is worth a few sightings of
/// each word ([`Training`]). It has the words of these pairs alone, and is for looking at them again. Words that the usual lexicon lacks
/// come to be known when they stand in sure links, and help where they stand again in unsure ones.
///
/// `None` where nothing is unsure, where there are too few sure links, under 40, and where none of them tells of a word that matters.
///
/// ```
/// use dhakira::align::LogLinear;
/// use dhakira::corpus::Kind;
/// use dhakira::lexicon::Lexicon;
/// use dhakira::task::{Reading, align_texts, taught};
/// let texts = ["غابت الشمس خلف التلال.\n\nأشعلت الجدة قنديلها.", "The sun sank behind the hills.\n\nGrandmother lit her lamp."];
/// let pair = align_texts("lamp", Kind::Text, texts, &Reading::default(), &LogLinear::default());
/// assert!(taught([&pair], Lexicon::shipped()).is_none(), "two links teach nothing");
/// ```
pub fn taught<'p>(pairs: impl IntoIterator<Item = &'p AlignedPair>, usual: &Lexicon) -> Option<Lexicon> {
    let pairs = pairs.into_iter().filter(|pair| pair.alignment.is_translation());
    let pairs: Vec<(&AlignedPair, Vec<Region>)> = pairs.map(|pair| (pair, pair.alignment.unsure())).collect();
    if pairs.iter().all(|(_, regions)| regions.is_empty()) {
        return None;
    }
    let words: Vec<[Cow<'_, Words>; 2]> = pairs.iter().map(|(pair, _)| words(pair)).collect();
    let mut sides = Lang::BOTH.map(Vocabulary::new);
    let mut lessons: Vec<Line> = Vec::new();
    let mut known = HashSet::new();
    for ((pair, regions), [ar_words, en_words]) in pairs.iter().zip(&words) {
        let [ar, en] = &mut sides;
        let (ar_numbers, en_numbers) = (ar.numbers(ar_words), en.numbers(en_words));
        let line = |ar: &Range<usize>, en: &Range<usize>| -> Line {
            let of = |words: &Words, numbers: &[u32], sentences: &Range<usize>| {
                words.sentences(sentences.clone()).iter().map(|own| numbers[*own as usize]).collect()
            };
            (of(ar_words, &ar_numbers, ar), of(en_words, &en_numbers, en))
        };
        for region in regions {
            let (ar_line, en_line) = line(&region.ar, &region.en);
            ar.want(&ar_line);
            en.want(&en_line);
        }
        for bead in pair.alignment.beads.iter().filter(|bead| bead.confidence >= LEAST_CONFIDENCE) {
            let line = line(&bead.ar, &bead.en);
            // Whatever is written again and again is one lesson. Of 2⁶⁴ hashes two are hardly ever one.
            if bead.is_two_sided() && known.insert(FixedState::default().hash_one(&line)) {
                lessons.push(line);
            }
        }
    }
    if lessons.len() < LEAST {
        return None;
    }
    sides.iter_mut().for_each(|side| side.forget_common(usual));
    let [ar, en] = &mut sides;
    // Both sides are counted.
    lessons.retain(|line| ar.is_helped_by(&line.0) | en.is_helped_by(&line.1));
    if lessons.is_empty() {
        return None;
    }
    let training = Training { familiar: Some(FAMILIAR), iterations: ROUNDS, ..Training::default() };
    Some(usual.taught(&training, [&ar.stems, &en.stems], &lessons))
}

/// `scorer` as some pairs teach it; `None` if they do not, or it does not learn.
pub(super) fn learned<'s, 'p>(
    pairs: impl IntoIterator<Item = &'p AlignedPair>,
    scorer: &'s dyn Scorer,
) -> Option<Box<dyn Scorer + 's>> {
    scorer.with_lexicon(taught(pairs, scorer.lexicon()?)?)
}

impl AlignedPair {
    /// Decides anew what is unsure, by what was taught, or where nothing was by the usual scorer, if that looks closer. Then nothing is noted
    /// any more.
    pub(super) fn decide(&mut self, learned: Option<&dyn Scorer>, usual: &dyn Scorer) {
        let notes = std::mem::take(&mut self.notes);
        if let Some(scorer) = learned.or(usual.looks_closer().then_some(usual)) {
            self.alignment = reconsider(&self.ar.document, &self.en.document, &self.alignment, &notes, scorer);
        }
    }

    /// The same, where the pair is its own teacher, as a long one can be.
    pub(super) fn decide_alone(&mut self, usual: &dyn Scorer) {
        let learned = learned([&*self], usual);
        self.decide(learned.as_deref(), usual);
    }
}

/// A link as the numbers of its stems, Arabic and English.
type Line = (Vec<u32>, Vec<u32>);

/// The words of a pair: as they were noted when it was aligned, or read now.
fn words(pair: &AlignedPair) -> [Cow<'_, Words>; 2] {
    let (ar, en) = (&pair.ar.document, &pair.en.document);
    match pair.notes.words(ar, en) {
        Some(words) => words.map(Cow::Borrowed),
        None => [ar, en].map(|side| Cow::Owned(Words::new(side.lang(), side.sentences().map(tokens)))),
    }
}

/// The stems of one side of all pairs, numbered as they come.
struct Vocabulary<'p> {
    lang: Lang,
    stems: Vec<&'p str>,
    numbers: HashMap<&'p str, u32>,
    /// For each stem how often it may still choose a lesson.
    wanted: Vec<u32>,
}

impl<'p> Vocabulary<'p> {
    fn new(lang: Lang) -> Vocabulary<'p> {
        Vocabulary { lang, stems: Vec::new(), numbers: HashMap::new(), wanted: Vec::new() }
    }

    /// The numbers here of a document's stems.
    fn numbers(&mut self, words: &'p Words) -> Vec<u32> {
        let number = |stem: &'p str| {
            *self.numbers.entry(stem).or_insert_with(|| {
                self.stems.push(stem);
                self.wanted.push(0);
                self.stems.len() as u32 - 1
            })
        };
        words.stems().map(number).collect()
    }

    /// Something is to be learned of these words.
    fn want(&mut self, words: &[u32]) {
        words.iter().for_each(|number| self.wanted[*number as usize] = OFTEN);
    }

    /// But not of those that everybody knows.
    fn forget_common(&mut self, usual: &Lexicon) {
        for (wanted, stem) in self.wanted.iter_mut().zip(&self.stems).filter(|(wanted, _)| **wanted > 0) {
            if usual.word(self.lang, stem).is_some_and(|word| word.frequency >= RARE) {
                *wanted = 0;
            }
        }
    }

    /// Whether something wanted is in one side of a link; counts it.
    fn is_helped_by(&mut self, words: &[u32]) -> bool {
        let mut helped = false;
        for number in words {
            let wanted = &mut self.wanted[*number as usize];
            helped |= *wanted > 0;
            *wanted = wanted.saturating_sub(1);
        }
        helped
    }
}

#[cfg(test)]
mod tests {
    use super::super::pair::{Reading, align_texts};
    use super::*;
    use crate::align::LogLinear;
    use crate::corpus::Kind;
    use crate::lang::Lang;
    use crate::lexicon::stem;

    /// A pair about a thing that no lexicon knows, told in some fifty sentences.
    fn pair(name: &str) -> AlignedPair {
        const THINGS: [(&str, &str); 8] = [
            ("الكتاب", "book"),
            ("القارب", "boat"),
            ("البيت", "house"),
            ("الجسر", "bridge"),
            ("النهر", "river"),
            ("الباب", "door"),
            ("القلم", "pen"),
            ("الحصان", "horse"),
        ];
        let (mut ar, mut en) = (String::new(), String::new());
        for n in 0..50 {
            let (thing, other) = (THINGS[n % 8], THINGS[(n + 1 + n / 8) % 8]);
            ar += &format!("وضع الزغطبي {n} مرات {} أمام {}.\n\n", thing.0, other.0);
            en += &format!("The wugger put the {} in front of the {} {n} times.\n\n", thing.1, other.1);
        }
        align_texts(name, Kind::Text, [&ar, &en], &Reading::default(), &LogLinear::default())
    }

    /// The pair, but that nobody knows any more what its last links are.
    fn unsure(mut pair: AlignedPair) -> AlignedPair {
        let beads = &mut pair.alignment.beads;
        beads.iter_mut().rev().take(4).for_each(|bead| bead.confidence = 0.6);
        pair
    }

    #[test]
    fn sure_links_teach_words_that_the_usual_lexicon_lacks() {
        let usual = Lexicon::shipped();
        let ar_stem = stem(Lang::Ar, "الزغطبي");
        assert!(usual.word(Lang::Ar, &ar_stem).is_none());
        let lexicon = taught([&unsure(pair("a"))], usual).unwrap();
        let word = lexicon.word(Lang::Ar, &ar_stem).expect("the word is known now");
        let best = lexicon.translations(word).max_by(|a, b| a.ar_given_en.total_cmp(&b.ar_given_en)).unwrap();
        assert_eq!(lexicon.stem(Lang::En, best.en), stem(Lang::En, "wugger"));
        // What was known stays known.
        let book = lexicon.word(Lang::Ar, &stem(Lang::Ar, "الكتاب")).unwrap();
        assert!(lexicon.translations(book).any(|t| lexicon.stem(Lang::En, t.en) == "book"));
    }

    #[test]
    fn a_long_pair_is_its_own_teacher() {
        let mut pair = unsure(pair("a"));
        let usual = LogLinear::default();
        assert!(learned([&pair], &usual).is_some());
        let sure = pair.alignment.beads.len() - 4;
        let before = pair.alignment.clone();
        pair.decide_alone(&usual);
        assert_eq!(pair.alignment.beads[..sure], before.beads[..sure]);
        assert!(pair.alignment.beads[sure..].iter().all(|bead| bead.confidence > 0.6), "{:?}", pair.alignment.beads);
        // Whoever has nothing to learn and no closer look leaves everything as it is.
        let mut short =
            unsure(align_texts("b", Kind::Text, ["بيت كبير.", "A big house."], &Reading::default(), &usual));
        let before = short.alignment.clone();
        short.decide_alone(&usual);
        assert_eq!(short.alignment, before);
    }

    #[test]
    fn unsure_links_teach_nothing_and_nobody_learns_without_need() {
        let (a, b) = (unsure(pair("a")), pair("b"));
        let lexicon = || taught([&a, &b], Lexicon::shipped()).unwrap();
        assert_eq!(lexicon().as_bytes(), lexicon().as_bytes());
        let mut vague = a.clone();
        vague.alignment.beads.iter_mut().for_each(|bead| bead.confidence = 0.8);
        let mut other = a.clone();
        other.alignment.confidence = 0.4;
        assert!(taught([&vague, &other], Lexicon::shipped()).is_none());
        assert!(taught([&b], Lexicon::shipped()).is_none());
    }
}
