//! Fragments: the longest parts of a sentence that a memory knows, with what they are in the other language.
//!
//! Where no unit is like the whole sentence, parts of it may stand in many: whole short units (a term, a heading), and phrases inside of
//! longer ones, whose translation is found by linking the words of the unit ([`crate::phrase`]). Units that agree on a translation make it surer.

use super::{Concordance, ConcordanceLine, Library, Match};
use crate::concordance::{Fit, Pattern, PatternKind, PatternOptions};
use crate::lang::Lang;
use crate::lexicon::Lexicon;
use crate::phrase::{Asked, Pair, asked};
use crate::text::{Key, key};
use crate::unit::Unit;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// A part of a sentence that the memory knows.
#[derive(Debug, Clone)]
pub struct Fragment<'a> {
    /// Its bytes in the sentence: whole words.
    pub span: Range<usize>,
    /// What it is in the other language, as a unit says it.
    pub target: String,
    /// How sure that is, 0 to 1. Of a whole unit 1.
    pub confidence: f32,
    /// Whether a unit says nothing else.
    pub is_whole: bool,
    /// How many units say so, of those that were looked at: some 24 at most.
    pub times: usize,
    /// The one of these whose words are linked most surely.
    pub unit: Arc<Unit>,
    /// The text of its side in which the phrase stands.
    pub source: String,
    /// Its other side.
    pub translation: String,
    /// The file that holds it.
    pub file: &'a Path,
}

/// Units that are looked at for one phrase.
const LOOKED_AT: usize = 24;
/// Words of a phrase at most.
const LONGEST: usize = 12;
/// Words of a sentence beyond this many are not looked for.
const WORDS: usize = 120;
/// Parts of a phrase that are tried where the whole of it has no sure translation.
const PARTS: usize = 8;
/// A translation is sure from this on.
const SURE: f32 = 0.5;

impl Library {
    /// The parts of a sentence that units of these memories contain, of at least two words or a whole unit each, none within another one or beside
    /// it in the same words, in the order of the sentence. The longest and surest are taken; where the translation of a part is not sure, a shorter one
    /// may be.
    ///
    /// ```
    /// use dhakira::memory::{Library, Memory, Moment, Shelf};
    /// use dhakira::{Lang, unit::{Seg, Unit, Variant}};
    /// let folder = tempfile::tempdir().unwrap();
    /// let memory = Memory::create(folder.path().join("tmx")).unwrap();
    /// let variants = vec![
    ///     Variant::new(Lang::Ar, Seg::plain("افتتح الوزير الميناء القديم أمس")),
    ///     Variant::new(Lang::En, Seg::plain("The minister opened the old port yesterday")),
    /// ];
    /// let moment = Moment::new("20260101T000000Z").unwrap();
    /// memory.writer().unwrap().add(Unit { variants, ..Unit::default() }, moment).unwrap();
    /// let library = Library::new(vec![Shelf { memory, penalty: 0 }]).unwrap();
    /// let sentence = "تسكن سلمى قرب الميناء القديم";
    /// let found = library.fragments(Lang::Ar, sentence);
    /// let found: Vec<_> = found.iter().map(|f| (&sentence[f.span.clone()], f.target.as_str())).collect();
    /// assert_eq!(found, [("الميناء القديم", "the old port")]);
    /// ```
    pub fn fragments(&self, lang: Lang, text: &str) -> Vec<Fragment<'_>> {
        let mut words = asked(lang, text, Lexicon::shipped());
        words.truncate(WORDS);
        let search = Search { library: self, lang, text, words };
        let mut fragments = search.phrases();
        // The longest first: by what their words tell.
        let worth = |fragment: &Fragment<'_>| {
            let inside = |word: &&Asked| fragment.span.start <= word.span.start && word.span.end <= fragment.span.end;
            fragment.confidence * search.words.iter().filter(inside).map(|word| word.weight).sum::<f32>()
        };
        fragments.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then(a.span.start.cmp(&b.span.start)));
        let mut chosen: Vec<Fragment<'_>> = Vec::new();
        for fragment in fragments {
            if chosen.iter().all(|c| c.span.end <= fragment.span.start || fragment.span.end <= c.span.start) {
                chosen.push(fragment);
            }
        }
        for word in &search.words {
            let is_free = chosen.iter().all(|c| c.span.end <= word.span.start || word.span.end <= c.span.start);
            if is_free && word.is_telling && word.is_word {
                chosen.extend(search.whole(word.span.clone()));
            }
        }
        chosen.sort_by_key(|fragment| fragment.span.start);
        chosen
    }
}

/// A sentence whose parts are looked for.
struct Search<'a, 's> {
    library: &'a Library,
    lang: Lang,
    text: &'s str,
    words: Vec<Asked>,
}

impl<'a> Search<'a, '_> {
    /// The fragments of two words and more: of each longest phrase that some unit has, or of parts of it.
    fn phrases(&self) -> Vec<Fragment<'a>> {
        let mut known = BTreeMap::new();
        let mut fragments = Vec::new();
        let mut end = 0;
        for start in 0..self.words.len() {
            // What a longer phrase contains is found, too.
            let before = end;
            end = end.max(start + 1);
            while end < self.words.len() && end - start < LONGEST && self.is_found(start, end + 1) {
                end += 1;
            }
            if end > before.max(start + 1) {
                fragments.extend(self.surest(&mut known, start, end));
            }
        }
        fragments
    }

    /// The fragment of a phrase, or that of the longest part of it that has one.
    fn surest(
        &self,
        known: &mut BTreeMap<(usize, usize), Option<Fragment<'a>>>,
        from: usize,
        to: usize,
    ) -> Option<Fragment<'a>> {
        // Small words at its ends are left out: nobody knows whether they are in the translation.
        let words = &self.words[from..to];
        let first = from + words.iter().position(Asked::is_border)?;
        let to = from + words.iter().rposition(Asked::is_border)? + 1;
        let from = first;
        let parts = (2..=to - from).rev().flat_map(|length| (from..=to - length).map(move |at| (at, at + length)));
        parts
            .take(1 + PARTS)
            .find_map(|part| known.entry(part).or_insert_with(|| self.fragment(part.0, part.1)).clone())
    }

    /// Whether any unit has these words.
    fn is_found(&self, from: usize, to: usize) -> bool {
        let words = &self.words[from..to];
        // Words with a mark between them are no phrase. Small words alone stand everywhere: they are not looked for before a word that tells
        // something comes to them.
        words.iter().all(|word| word.run == words[0].run)
            && (!words.iter().any(|word| word.is_telling) || !self.lines(from, to, 1).is_empty())
    }

    /// The segments of units that have these words.
    fn lines(&self, from: usize, to: usize, limit: usize) -> Vec<ConcordanceLine<'a>> {
        let options = PatternOptions { kind: PatternKind::Phrase, fit: Fit::Word, verbatim: false };
        let Ok(pattern) = Pattern::new(&self.text[self.span(from, to)], &options) else { return Vec::new() };
        let looked = Concordance { side: self.lang, limit, ..Concordance::default() };
        self.library.concordance(&pattern, &looked).lines
    }

    /// The bytes of these words.
    fn span(&self, from: usize, to: usize) -> Range<usize> {
        self.words[from].span.start..self.words[to - 1].span.end
    }

    /// What units say of a phrase.
    fn fragment(&self, from: usize, to: usize) -> Option<Fragment<'a>> {
        let words = &self.words[from..to];
        let is_phrase = words[0].is_border() && words[words.len() - 1].is_border();
        let telling = words.iter().filter(|word| word.is_telling).count();
        if !is_phrase || telling < 2 || !words.iter().any(|word| word.is_telling && word.is_word) {
            return None;
        }
        let span = self.span(from, to);
        let phrase = &self.text[span.clone()];
        let own = key(self.lang, phrase);
        let mut said: BTreeMap<Key, Vec<Fragment<'a>>> = BTreeMap::new();
        for line in self.lines(from, to, LOOKED_AT) {
            let is_whole = key(self.lang, bare(&line.text)) == own;
            let translation = if is_whole {
                Some((bare(&line.target).to_owned(), 1.0))
            } else {
                let pair = Pair::new(self.lang, &line.text, &line.target, Lexicon::shipped());
                let phrase = line.hits.first().and_then(|hit| pair.translation(hit.clone()));
                phrase.map(|phrase| (line.target[phrase.range].to_owned(), phrase.confidence))
            };
            let Some((target, confidence)) = translation.filter(|(target, _)| is_text(target)) else { continue };
            let fragment = Fragment {
                span: span.clone(),
                target,
                confidence,
                is_whole,
                times: 1,
                unit: line.unit,
                source: line.text,
                translation: line.target,
                file: line.file,
            };
            said.entry(key(self.lang.other(), &fragment.target)).or_default().push(fragment);
        }
        let all: f32 = said.values().flatten().map(|fragment| fragment.confidence).sum();
        let agreed = said.into_values().map(|same| {
            let sum: f32 = same.iter().map(|fragment| fragment.confidence).sum();
            let doubt: f32 = same.iter().map(|fragment| 1.0 - fragment.confidence).product();
            let times = same.len();
            // The first of the surest.
            let best = same.into_iter().rev().max_by(|a, b| a.confidence.total_cmp(&b.confidence));
            best.map(|best| Fragment {
                confidence: if best.is_whole { 1.0 } else { (1.0 - doubt) * sum / all },
                times,
                ..best
            })
        });
        let best = agreed.flatten().rev().max_by(|a, b| {
            a.is_whole.cmp(&b.is_whole).then(a.confidence.total_cmp(&b.confidence)).then(a.times.cmp(&b.times))
        });
        best.filter(|best| best.confidence >= SURE)
    }

    /// A word that is a unit of its own.
    fn whole(&self, span: Range<usize>) -> Option<Fragment<'a>> {
        let mut found = self.library.units_of(self.lang, &self.text[span.clone()]);
        found.retain(|found| is_text(&found.target));
        // What most of them say; of as many that without marks of programs (`&Open`), then the first.
        let is_clean = |text: &str| !bare(text).contains(['&', '_', '%', '~', '{', '<']);
        let said = |found: &Match<'_>| key(self.lang.other(), bare(&found.target));
        let keys: Vec<Key> = found.iter().map(said).collect();
        let times = |key: &Key| keys.iter().filter(|other| *other == key).count();
        let best = (0..found.len()).rev().max_by_key(|at| (times(&keys[*at]), is_clean(&found[*at].target)))?;
        let times = times(&keys[best]);
        let best = found.swap_remove(best);
        Some(Fragment {
            span,
            target: bare(&best.target).to_owned(),
            confidence: 1.0,
            is_whole: true,
            times,
            unit: best.unit,
            source: best.source,
            translation: best.target,
            file: best.file,
        })
    }
}

/// Without the marks that end a sentence.
fn bare(text: &str) -> &str {
    let is_mark =
        |c: char| c.is_whitespace() || matches!(c, '.' | '!' | '?' | '؟' | ':' | '،' | ',' | '؛' | ';' | '…' | '۔');
    text.trim_matches(is_mark)
}

/// Whether there is something to write, and no inline code in it.
fn is_text(text: &str) -> bool {
    !bare(text).is_empty() && !text.contains('\u{FFFC}')
}
