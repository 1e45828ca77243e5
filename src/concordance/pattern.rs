//! What is looked for: a pattern in one of four kinds, prepared once, and its hits in a text.

use super::wildcard::Wildcard;
use super::word::{is_bounded, words};
use crate::lang::Lang;
use crate::text::{Key, Stem, key, key_mapped, whole_clusters};
use memchr::memmem::Finder;
use regex::Regex;
use std::ops::Range;

/// How a pattern is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum PatternKind {
    /// Its characters, in their order.
    #[default]
    Phrase,
    /// Its words, parted by white space, in any order and any place; a text without one of them is no hit.
    AllWords,
    /// From one word's border to another, `*` being any part of a word (none of it too), `**` anything, both as short as
    /// the rest allows; `\*` and `\\` are the characters themselves.
    Wildcard,
    /// A regular expression as the crate `regex` reads them, on keys without regard to case. What is not ASCII in it is
    /// folded character by character; classes and escapes mean characters of the key, in which there is no tashkeel.
    Regex,
}

/// What a word of a pattern is to be in the text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Fit {
    /// Any part of a word will do: `كتاب` is in `والكتاب`.
    #[default]
    Part,
    /// A hit begins and ends where words do.
    Word,
    /// The words of a phrase, or all words, by their stem: see [`Stem`]. What stands between words does not count.
    Stem,
}

/// How to look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct PatternOptions {
    /// How the pattern is read.
    pub kind: PatternKind,
    /// What its words are to be.
    pub fit: Fit,
    /// Character by character as written, not by the key of [`key`].
    pub verbatim: bool,
}

/// Why a pattern can not be looked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// Nothing is left of it.
    #[error(
        "nothing to look for: in keys there are no vowel marks, no tatweel and no direction marks; look for them verbatim"
    )]
    Empty,
    /// It is no regular expression.
    #[error("no regular expression: {0}")]
    Regex(String),
    /// Stems are of words that are folded, not of expressions.
    #[error("stems go with a phrase or with all words, folded; not with wildcards, regular expressions or verbatim")]
    Stem,
}

/// A pattern, prepared.
#[derive(Debug, Clone)]
pub struct Pattern {
    options: PatternOptions,
    matcher: Matcher,
    /// What the key of every text with a hit contains, where the hits themselves are looked for in the text.
    in_key: Option<Finder<'static>>,
}

#[derive(Debug, Clone)]
enum Matcher {
    Phrase(Finder<'static>),
    All(Vec<Finder<'static>>),
    /// With its longest literal.
    Wildcard(Wildcard, Finder<'static>),
    Regex(Regex),
    /// With the longest literal of all.
    Stems(Vec<Stem>, Finder<'static>),
    AllStems(Vec<(Stem, Finder<'static>)>),
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// See [`PatternError`].
    ///
    /// ```
    /// use dhakira::concordance::{Fit, Pattern, PatternKind, PatternOptions};
    /// let hits = |pattern: &str, options: PatternOptions, text: &str| -> Vec<String> {
    ///     let pattern = Pattern::new(pattern, &options).unwrap();
    ///     pattern.hits(text).into_iter().map(|hit| text[hit].to_owned()).collect()
    /// };
    /// let text = "قال الوَزيرُ إنّ وزارتَه وزّعت ٣٠٠ كتاب";
    /// assert_eq!(hits("الوزير ان", PatternOptions::default(), text), ["الوَزيرُ إنّ"]);
    /// assert_eq!(hits("وز*", PatternOptions { kind: PatternKind::Wildcard, ..Default::default() }, text), ["وزارتَه", "وزّعت"]);
    /// assert_eq!(hits("وزارة", PatternOptions { fit: Fit::Stem, ..Default::default() }, text), ["وزارتَه"]);
    /// assert_eq!(hits(r"\d+ كتاب", PatternOptions { kind: PatternKind::Regex, ..Default::default() }, text), ["٣٠٠ كتاب"]);
    /// ```
    pub fn new(pattern: &str, options: &PatternOptions) -> Result<Pattern, PatternError> {
        let options = *options;
        let expression = matches!(options.kind, PatternKind::Wildcard | PatternKind::Regex);
        if options.fit == Fit::Stem && (options.verbatim || expression) {
            return Err(PatternError::Stem);
        }
        let folded = if options.verbatim { pattern.to_owned() } else { key(Lang::Ar, pattern).as_str().to_owned() };
        let (matcher, literal) = match (options.kind, options.fit) {
            (PatternKind::Regex, _) => (Matcher::Regex(regex(pattern, options.verbatim)?), None),
            (PatternKind::Wildcard, _) => {
                let wildcard = Wildcard::new(&folded).ok_or(PatternError::Empty)?;
                let longest = longest(wildcard.literals()).to_owned();
                (Matcher::Wildcard(wildcard, finder(&longest)), Some(longest))
            }
            (PatternKind::Phrase, Fit::Stem) => {
                let stems = stems(&folded);
                let finder = finder(longest(stems.iter().map(Stem::literal)));
                (Matcher::Stems(stems, finder), None)
            }
            (PatternKind::AllWords, Fit::Stem) => {
                let stems = stems(&folded).into_iter();
                (Matcher::AllStems(stems.map(|stem| (stem.clone(), finder(stem.literal()))).collect()), None)
            }
            (PatternKind::Phrase, _) => (Matcher::Phrase(finder(&folded)), Some(folded)),
            (PatternKind::AllWords, _) => {
                let mut all: Vec<&str> = folded.split_whitespace().collect();
                // What is rare is more often long; and a word that is a part of another adds nothing before it.
                all.sort_by_key(|word| std::cmp::Reverse(word.len()));
                (Matcher::All(all.iter().copied().map(finder).collect()), all.first().map(|word| (*word).to_owned()))
            }
        };
        let empty = match &matcher {
            Matcher::Phrase(finder) => finder.needle().is_empty(),
            Matcher::All(all) => all.is_empty(),
            Matcher::Stems(stems, _) => stems.is_empty(),
            Matcher::AllStems(all) => all.is_empty(),
            Matcher::Wildcard(..) | Matcher::Regex(_) => false,
        };
        if empty {
            return Err(PatternError::Empty);
        }
        let in_key = literal.filter(|_| options.verbatim).and_then(|literal| sure_in_key(&literal));
        Ok(Pattern { options, matcher, in_key })
    }

    /// How it looks.
    pub fn options(&self) -> &PatternOptions {
        &self.options
    }

    /// Whether there is a hit in `text`, of which `key` is the key. Most texts without one cost a search of one literal.
    pub fn is_in(&self, text: &str, key: &Key) -> bool {
        if !self.options.verbatim {
            return !self.find(key.as_str(), 1).is_empty();
        }
        self.may_be_in(key.as_str()) && !self.find(text, 1).is_empty()
    }

    /// Whether a text with this key can have a hit; for patterns that are not verbatim, whether it has one.
    pub fn may_be_in(&self, key: &str) -> bool {
        match &self.in_key {
            Some(finder) => finder.find(key.as_bytes()).is_some(),
            None => self.options.verbatim || !self.find(key, 1).is_empty(),
        }
    }

    /// What the key of every text with a hit holds: a bound for indexes. Empty if there is nothing that all of them hold.
    ///
    /// ```
    /// use dhakira::concordance::{Pattern, PatternKind, PatternOptions};
    /// let options = PatternOptions { kind: PatternKind::AllWords, ..Default::default() };
    /// assert_eq!(Pattern::new("في الميناء", &options).unwrap().literal(), "الميناء");
    /// ```
    pub fn literal(&self) -> &str {
        let finder = match &self.matcher {
            _ if self.options.verbatim => self.in_key.as_ref(),
            Matcher::Phrase(finder) | Matcher::Wildcard(_, finder) | Matcher::Stems(_, finder) => Some(finder),
            Matcher::All(all) => all.first(),
            Matcher::AllStems(all) => all.iter().map(|(_, finder)| finder).max_by_key(|finder| finder.needle().len()),
            Matcher::Regex(_) => None,
        };
        // Finders are made of text.
        finder.and_then(|finder| std::str::from_utf8(finder.needle()).ok()).unwrap_or_default()
    }

    /// Whether texts with this key have just one hit, as far as that can be told without them.
    pub fn is_once_in(&self, key: &str) -> bool {
        let is_plain = matches!(self.matcher, Matcher::Phrase(_) | Matcher::Stems(..));
        is_plain && !self.options.verbatim && self.find(key, 2).len() == 1
    }

    /// The hits in `text`: its bytes, in whole grapheme clusters with the marks on their last letter, in their order, none
    /// empty, none in another. Leftmost first, a hit begins behind the one before it. Hits within one cluster (in a
    /// ligature that is stored as one character) are one; of [`PatternKind::AllWords`] hits that overlap are one.
    pub fn hits(&self, text: &str) -> Vec<Range<usize>> {
        let hits: Vec<Range<usize>> = if self.options.verbatim {
            self.find(text, usize::MAX).into_iter().map(|hit| whole_clusters(text, hit)).collect()
        } else {
            let mapped = key_mapped(Lang::Ar, text);
            let found = self.find(mapped.key().as_str(), usize::MAX);
            found.into_iter().map(|hit| mapped.original_range(text, hit)).filter(|hit| !hit.is_empty()).collect()
        };
        joined(hits)
    }

    /// How many hits [`Pattern::hits`] would find in `text`, of which `key` is the key.
    pub fn count(&self, text: &str, key: &Key) -> usize {
        // Where each character of the key has a cluster of its own, no two hits become one.
        let has_own_cluster = |c: char| matches!(c, ' '..='~' | '\u{0606}'..='\u{06DC}' | '\u{06DE}'..='\u{06FF}' | '\u{2010}'..='\u{2026}');
        if !self.options.verbatim && text.chars().all(has_own_cluster) {
            return self.find(key.as_str(), usize::MAX).len();
        }
        self.hits(text).len()
    }

    /// The first `most` hits (of all words: at least so many) in a key, or if verbatim in a text.
    fn find(&self, hay: &str, most: usize) -> Vec<Range<usize>> {
        let finds = |finder: &Finder| finder.find(hay.as_bytes()).is_some();
        match &self.matcher {
            Matcher::Phrase(finder) => self.find_literal(finder, hay, most),
            Matcher::All(all) => {
                let mut hits = Vec::new();
                for finder in all {
                    let found = self.find_literal(finder, hay, most);
                    if found.is_empty() {
                        return found;
                    }
                    hits.extend(found);
                }
                joined(hits)
            }
            Matcher::Wildcard(wildcard, longest) if finds(longest) => {
                let mut at = 0;
                let next = std::iter::from_fn(|| {
                    let hit = wildcard.find(hay, at)?;
                    at = hit.end;
                    Some(hit)
                });
                next.take(most).collect()
            }
            Matcher::Regex(regex) => {
                let hits = regex.find_iter(hay).map(|found| found.range());
                hits.filter(|hit| !hit.is_empty() && self.accepts(hay, hit)).take(most).collect()
            }
            Matcher::Stems(stems, longest) if finds(longest) => {
                let words: Vec<Range<usize>> = words(hay).collect();
                let fits = |run: &[Range<usize>]| stems.iter().zip(run).all(|(s, w)| s.fits_folded(&hay[w.clone()]));
                let (mut hits, mut at) = (Vec::new(), 0);
                while let Some(run) = words.get(at..at + stems.len())
                    && hits.len() < most
                {
                    match fits(run) {
                        true => {
                            hits.push(run[0].start..run[run.len() - 1].end);
                            at += stems.len();
                        }
                        false => at += 1,
                    }
                }
                hits
            }
            Matcher::AllStems(all) if all.iter().all(|(_, finder)| finds(finder)) => {
                let mut missing: Vec<bool> = vec![true; all.len()];
                let mut hits = Vec::new();
                for word in words(hay) {
                    let mut fits = false;
                    for ((stem, _), missing) in all.iter().zip(&mut missing) {
                        if stem.fits_folded(&hay[word.clone()]) {
                            (fits, *missing) = (true, false);
                        }
                    }
                    hits.extend(fits.then_some(word));
                }
                if missing.contains(&true) { Vec::new() } else { hits }
            }
            Matcher::Wildcard(..) | Matcher::Stems(..) | Matcher::AllStems(_) => Vec::new(),
        }
    }

    fn find_literal(&self, finder: &Finder, hay: &str, most: usize) -> Vec<Range<usize>> {
        let mut hits = Vec::new();
        let mut from = 0;
        while hits.len() < most
            && let Some(at) = finder.find(&hay.as_bytes()[from..])
        {
            let hit = from + at..from + at + finder.needle().len();
            if self.accepts(hay, &hit) {
                from = hit.end;
                hits.push(hit);
            } else {
                from = hit.start + hay[hit.start..].chars().next().map_or(1, char::len_utf8);
            }
        }
        hits
    }

    fn accepts(&self, hay: &str, hit: &Range<usize>) -> bool {
        match (self.options.fit, self.options.verbatim) {
            (Fit::Word, true) => is_bounded(hay, &whole_clusters(hay, hit.clone())),
            (Fit::Word, false) => is_bounded(hay, hit),
            _ => true,
        }
    }
}

fn finder(literal: &str) -> Finder<'static> {
    Finder::new(literal.as_bytes()).into_owned()
}

fn longest<'a>(literals: impl Iterator<Item = &'a str>) -> &'a str {
    literals.max_by_key(|literal| literal.len()).unwrap_or_default()
}

fn stems(folded: &str) -> Vec<Stem> {
    words(folded).map(|word| Stem::of(&folded[word])).collect()
}

/// Sorted, what overlaps joined.
fn joined(mut hits: Vec<Range<usize>>) -> Vec<Range<usize>> {
    hits.sort_by_key(|hit| (hit.start, hit.end));
    let mut out: Vec<Range<usize>> = Vec::with_capacity(hits.len());
    for hit in hits {
        match out.last_mut() {
            Some(last) if hit.start < last.end => last.end = last.end.max(hit.end),
            _ => out.push(hit),
        }
    }
    out
}

fn regex(pattern: &str, verbatim: bool) -> Result<Regex, PatternError> {
    let fail = |error: regex::Error| PatternError::Regex(error.to_string());
    // Said of the pattern as it was typed.
    let typed = Regex::new(pattern).map_err(fail)?;
    if verbatim {
        return Ok(typed);
    }
    let mut folded = String::with_capacity(pattern.len());
    for c in pattern.chars() {
        match c {
            c if c.is_ascii() => folded.push(c),
            c if c.is_whitespace() => folded.push(' '),
            // What a letter becomes may mean something in an expression: `؟`.
            c => folded.push_str(&regex::escape(key(Lang::Ar, c.encode_utf8(&mut [0; 4])).as_str())),
        }
    }
    regex::RegexBuilder::new(&folded).case_insensitive(true).build().map_err(fail)
}

/// What is sure to be in the key of a text that contains `literal` as written: its key without the ends that may compose
/// with what stands beside them in the text. Arabic letters and digits do not (their marks are folded away), nor does
/// anything in ASCII with what stands before it.
fn sure_in_key(literal: &str) -> Option<Finder<'static>> {
    let folded = key(Lang::Ar, literal);
    let is_arabic = |c: char| matches!(c, '\u{0621}'..='\u{064A}' | '0'..='9');
    let loose = |c: char| !is_arabic(c) && !c.is_ascii();
    let sure = folded.as_str().trim_matches(loose);
    let sure = sure.strip_suffix(|c| !is_arabic(c)).unwrap_or(sure).trim();
    (!sure.is_empty()).then(|| finder(sure))
}

#[cfg(test)]
mod tests {
    use super::super::word::is_word;
    use super::*;
    use proptest::prelude::*;

    fn options(kind: PatternKind, fit: Fit, verbatim: bool) -> PatternOptions {
        PatternOptions { kind, fit, verbatim }
    }

    /// The hits, parted by ` | `.
    fn check(kind: PatternKind, fit: Fit, verbatim: bool, pattern: &str, text: &str, expected: &str) {
        let found = Pattern::new(pattern, &options(kind, fit, verbatim)).unwrap();
        let hits: Vec<&str> = found.hits(text).into_iter().map(|hit| &text[hit]).collect();
        assert_eq!(hits.join(" | "), expected, "{pattern:?} in {text:?}");
        let key = key(Lang::Ar, text);
        assert_eq!(found.is_in(text, &key), !expected.is_empty(), "{pattern:?} in {text:?}");
        assert!(!found.is_once_in(key.as_str()) || hits.len() == 1, "{pattern:?} in {text:?}");
        assert!(hits.is_empty() || key.as_str().contains(found.literal()), "{pattern:?} in {text:?}");
    }

    #[test]
    fn phrases() {
        let folded = |pattern, text, expected| check(PatternKind::Phrase, Fit::Part, false, pattern, text, expected);
        folded("كتاب", "قرأتُ الكِتَابَ وكتابين", "كِتَابَ | كتاب");
        folded("المدرسه", "إلى المدرســةِ؟", "المدرســةِ");
        folded("إِلَى  المدرسة", "الى المدرسة", "الى المدرسة");
        folded("181", "الرحلة ١٨١", "١٨١");
        folded("؟", "هل؟ Why?", "؟ | ?");
        folded("ل", "\u{FEFB}", "\u{FEFB}"); // lam-alef
        folded("file", "The FILE “file”", "FILE | file");
        folded("اا", "ااااا", "اا | اا");
        let whole = |pattern, text, expected| check(PatternKind::Phrase, Fit::Word, false, pattern, text, expected);
        whole("كتاب", "قرأت الكتاب، كتاب: كتابين", "كتاب");
        whole("ا ا", "با ا ا", "ا ا");
        whole("C++", "in C++, C++x C", "C++ | C++");
        let verbatim = |pattern, text, expected| check(PatternKind::Phrase, Fit::Part, true, pattern, text, expected);
        verbatim("كتاب", "كِتاب كتابُ", "كتابُ");
        verbatim("أ", "ا إ أ", "أ");
        verbatim("\u{064E}", "بَ ب", "بَ"); // a fatha
        verbatim("e", "cafe\u{0301} E", "e\u{0301}");
        check(PatternKind::Phrase, Fit::Word, true, "كتاب", "الكتاب كتابُ", "كتابُ");
    }

    #[test]
    fn all_words() {
        let all = |fit, pattern, text, expected| check(PatternKind::AllWords, fit, false, pattern, text, expected);
        all(Fit::Part, "الصحة وزير", "وَزِيرُ الصحّة", "وَزِيرُ | الصحّة");
        all(Fit::Part, "صحة وزير", "الوزير", "");
        all(Fit::Part, "كتاب اب", "كتابه أبي", "كتاب | أب");
        all(Fit::Word, "كتاب اب", "كتاب أبي", "");
        all(Fit::Stem, "كتب مدارس", "في المدارس كتبٌ كثيرة وكتبنا", "المدارس | كتبٌ | وكتبنا");
    }

    #[test]
    fn wildcards() {
        let wild = |pattern, text, expected| check(PatternKind::Wildcard, Fit::Part, false, pattern, text, expected);
        wild("كت*", "كتب مكتب الكتاب كِتاب، كت", "كتب | كِتاب | كت");
        wild("*كتب*", "مكتبة كتب الكاتب", "مكتبة | كتب");
        wild("م*ة", "مدرسة ومدرسة ملعب كرة", "مدرسة");
        wild("من ** إلى", "من القاهرة، ثم إلى إلى", "من القاهرة، ثم إلى");
        wild("وزير * جديد", "وزير العدل جديد", "وزير العدل جديد");
        wild("وزير * جديد", "وزير جديد", "");
        wild("a**b*c", "a b, bxc c", "a b, bxc");
        wild("a*b", "axb-b ab a b", "axb | ab");
        wild(r"5 \* 3", "5 * 3", "5 * 3");
        wild("**ab**", "xabx", "xabx");
        wild("(*", "(abc) x", "(abc");
        check(PatternKind::Wildcard, Fit::Part, true, "كِ*", "كتاب كِتاب", "كِتاب");
        assert_eq!(
            Pattern::new("* **", &options(PatternKind::Wildcard, Fit::Part, false)).unwrap_err(),
            PatternError::Empty
        );
    }

    #[test]
    fn regular_expressions() {
        let regex = |pattern, text, expected| check(PatternKind::Regex, Fit::Part, false, pattern, text, expected);
        regex(r"[أإ]لى (ال)?\w+", "الى المَدرسة", "الى المَدرسة");
        regex("هل؟", "هل؟ هه", "هل؟");
        regex(r"\d+", "١٢ و 3", "١٢ | 3");
        regex("File", "FILE", "FILE");
        regex("x*", "ab", "");
        check(PatternKind::Regex, Fit::Word, false, "كتاب", "الكتاب كتاب", "كتاب");
        check(PatternKind::Regex, Fit::Part, true, "[\u{064B}-\u{0652}]", "كِتاب", "كِ");
        let wrong = Pattern::new("(أ", &options(PatternKind::Regex, Fit::Part, false)).unwrap_err();
        assert!(wrong.to_string().contains("unclosed group"), "{wrong}");
    }

    #[test]
    fn stems() {
        let stem = |pattern, text, expected| check(PatternKind::Phrase, Fit::Stem, false, pattern, text, expected);
        stem("وزارة الصحة", "قالت وزارةُ الصحة، وبوزارة صحتهم ووزير الصحة", "وزارةُ الصحة | وبوزارة صحتهم");
        stem("open files", "Opening a file, opened: FILES.", "opened: FILES");
    }

    #[test]
    fn what_can_not_be_looked_for() {
        let error =
            |pattern: &str, kind, fit, verbatim| Pattern::new(pattern, &options(kind, fit, verbatim)).unwrap_err();
        assert_eq!(error(" \u{064E}\u{0640}", PatternKind::Phrase, Fit::Part, false), PatternError::Empty); // fatha, tatweel
        assert_eq!(error("", PatternKind::AllWords, Fit::Part, true), PatternError::Empty);
        assert_eq!(error("،", PatternKind::Phrase, Fit::Stem, false), PatternError::Empty);
        assert_eq!(error("كتاب", PatternKind::Phrase, Fit::Stem, true), PatternError::Stem);
        assert_eq!(error("كت*", PatternKind::Wildcard, Fit::Stem, false), PatternError::Stem);
    }

    /// The hits by their definition: each stretch of the text is asked whether it is one.
    fn slow(hay: &str, greedy: bool, is_hit: impl Fn(&str, Range<usize>) -> bool) -> Vec<Range<usize>> {
        let borders: Vec<usize> = hay.char_indices().map(|(at, _)| at).chain([hay.len()]).collect();
        let (mut hits, mut from) = (Vec::new(), 0);
        for &start in &borders {
            let mut ends = borders.iter().filter(|end| **end > start);
            if start >= from
                && let Some(&end) = ends.find(|end| is_hit(hay, start..**end))
            {
                // A star at the end takes all of its word.
                let word = if greedy { hay[end..].find(|c| !is_word(c)).unwrap_or(hay.len() - end) } else { 0 };
                let end = end + word;
                hits.push(start..end);
                from = end;
            }
        }
        hits
    }

    /// Whether a wildcard pattern of letters, spaces and stars is all of `text`.
    fn slow_wildcard(pattern: &[char], text: &[char]) -> bool {
        match pattern {
            [] => text.is_empty(),
            ['*', '*', rest @ ..] => (0..=text.len()).any(|n| slow_wildcard(rest, &text[n..])),
            ['*', rest @ ..] => {
                let word = text.iter().take_while(|c| is_word(**c)).count();
                (0..=word).any(|n| slow_wildcard(rest, &text[n..]))
            }
            [c, rest @ ..] => text.first() == Some(c) && slow_wildcard(rest, &text[1..]),
        }
    }

    fn back(text: &str, hits: Vec<Range<usize>>) -> Vec<Range<usize>> {
        let mapped = key_mapped(Lang::Ar, text);
        joined(hits.into_iter().map(|hit| mapped.original_range(text, hit)).collect())
    }

    fn text() -> impl Strategy<Value = String> {
        "([اأبة][\u{064E}\u{0640}]?|[ab ,.-]|\u{FEFB}|\u{FFFC}|1|١|e\u{0301}){0,16}"
    }

    proptest! {
        #[test]
        fn phrases_are_where_they_stand(pattern in "([اأبة]|[ab ,]|١){1,3}", text in text(), word: bool) {
            let fit = if word { Fit::Word } else { Fit::Part };
            let Ok(found) = Pattern::new(&pattern, &options(PatternKind::Phrase, fit, false)) else { return Ok(()) };
            let folded = key(Lang::Ar, &pattern);
            let hay = key(Lang::Ar, &text);
            let slow = slow(hay.as_str(), false, |hay, r| hay[r.clone()] == *folded.as_str() && (!word || is_bounded(hay, &r)));
            prop_assert_eq!(found.is_in(&text, &hay), !slow.is_empty());
            prop_assert_eq!(found.hits(&text), back(&text, slow));
        }

        #[test]
        fn verbatim_phrases_too(pattern in "([اأبة][\u{064E}\u{0640}]?|[abe ,]|\u{0301}|\u{FEFB}|١){1,3}", text in text(), all: bool) {
            let kind = if all { PatternKind::AllWords } else { PatternKind::Phrase };
            let Ok(found) = Pattern::new(&pattern, &options(kind, Fit::Part, true)) else { return Ok(()) };
            let expected = match all {
                true => pattern.split_whitespace().all(|word| text.contains(word)),
                false => text.contains(&pattern),
            };
            prop_assert_eq!(found.is_in(&text, &key(Lang::Ar, &text)), expected);
            prop_assert_eq!(found.hits(&text).is_empty(), !expected);
        }

        #[test]
        fn wildcards_are_what_they_say(pattern in "[اب a]?(\\*{0,2}[اب a,-]){1,3}\\*{0,2}", text in "[اب a,-]{0,12}") {
            let Ok(found) = Pattern::new(&pattern, &options(PatternKind::Wildcard, Fit::Part, true)) else { return Ok(()) };
            let trimmed = pattern.trim_matches('*');
            let ends = |at: bool| if at { "*" } else { "" };
            let same = format!("{}{trimmed}{}", ends(pattern.starts_with('*')), ends(pattern.ends_with('*')));
            let chars: Vec<char> = same.chars().collect();
            let slow = slow(&text, pattern.ends_with('*'), |text, r| {
                let inside: Vec<char> = text[r.clone()].chars().collect();
                is_bounded(text, &r) && slow_wildcard(&chars, &inside)
            });
            prop_assert_eq!(found.hits(&text), slow, "{:?} {:?}", pattern, text);
        }

        #[test]
        fn hits_are_clusters_in_order(pattern in "\\PC{0,4}|[اب*. ]{1,4}", text in text(), kind in 0usize..4, fit in 0usize..3, verbatim: bool) {
            let kind = [PatternKind::Phrase, PatternKind::AllWords, PatternKind::Wildcard, PatternKind::Regex][kind];
            let fit = [Fit::Part, Fit::Word, Fit::Stem][fit];
            let Ok(found) = Pattern::new(&pattern, &options(kind, fit, verbatim)) else { return Ok(()) };
            let hits = found.hits(&text);
            prop_assert_eq!(found.is_in(&text, &key(Lang::Ar, &text)), !hits.is_empty());
            prop_assert_eq!(found.count(&text, &key(Lang::Ar, &text)), hits.len());
            let mut end = 0;
            for hit in hits {
                prop_assert!(hit.start >= end && !hit.is_empty());
                prop_assert_eq!(whole_clusters(&text, hit.clone()), hit.clone());
                end = hit.end;
            }
        }
    }
}
