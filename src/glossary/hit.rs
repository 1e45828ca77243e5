//! Terms in a text: word by word by their stems, found through the first word.

use super::entry::{Entry, Term};
use crate::lang::Lang;
use crate::text::{Stem, TokenKind, key, tokens};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// A term where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit<'g> {
    /// The entry that it is of.
    pub entry: &'g Entry,
    /// The term.
    pub term: &'g Term,
    /// Its bytes in the text, clitics and endings with it.
    pub range: Range<usize>,
    /// The number of the entry.
    pub(super) number: usize,
}

/// The terms of one language by what their first word's stem contains at least.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    lang: Option<Lang>,
    by_first: HashMap<Box<str>, Vec<Sought>>,
}

/// A term to be looked for.
#[derive(Debug, Clone)]
struct Sought {
    entry: usize,
    term: usize,
    words: Vec<SoughtWord>,
}

#[derive(Debug, Clone)]
enum SoughtWord {
    Stem(Stem),
    /// An abbreviation in capitals (`IT`), which is not the word in small letters.
    Exact(Box<str>),
    /// A word of one or two letters, by its key: what it carries could not be told from other words.
    Short(Box<str>),
}

/// A word of a text.
struct Word<'t> {
    text: &'t str,
    key: String,
    range: Range<usize>,
}

fn words(lang: Lang, text: &str) -> Vec<Word<'_>> {
    let is_word = |kind| matches!(kind, TokenKind::Word(_) | TokenKind::Number);
    let word = |token: crate::text::Token<'_>| {
        let text = &text[token.span.clone()];
        Word { text, key: key(lang, text).as_str().to_owned(), range: token.span }
    };
    tokens(text).into_iter().filter(|token| is_word(token.kind)).map(word).filter(|word| !word.key.is_empty()).collect()
}

impl Index {
    pub(super) fn new(lang: Lang, entries: &[Entry]) -> Index {
        let mut by_first: HashMap<Box<str>, Vec<Sought>> = HashMap::new();
        for (entry, of) in entries.iter().enumerate() {
            for (term, written) in of.terms.iter().enumerate().filter(|(_, term)| term.lang == lang) {
                let words: Vec<SoughtWord> = words(lang, &written.text).iter().map(sought).collect();
                let first = match words.first() {
                    Some(SoughtWord::Stem(stem)) => stem.literal().into(),
                    Some(SoughtWord::Exact(text)) => text.to_lowercase().into(),
                    Some(SoughtWord::Short(key)) => key.clone(),
                    None => continue,
                };
                by_first.entry(first).or_default().push(Sought { entry, term, words });
            }
        }
        Index { lang: Some(lang), by_first }
    }

    /// See [`Glossary::hits`](super::Glossary::hits).
    pub(super) fn hits<'g>(&self, entries: &'g [Entry], text: &str) -> Vec<Hit<'g>> {
        let Some(lang) = self.lang else { return Vec::new() };
        let words = words(lang, text);
        let mut hits = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let here = self.at(&words, at);
            let longest = here.iter().map(|sought| sought.words.len()).max().unwrap_or(0);
            for sought in here.iter().filter(|sought| sought.words.len() == longest) {
                let entry = &entries[sought.entry];
                let range = words[at].range.start..words[at + longest - 1].range.end;
                hits.push(Hit { entry, term: &entry.terms[sought.term], range, number: sought.entry });
            }
            at += longest.max(1);
        }
        hits
    }

    /// Every term that begins at a word, in the order of the entries; none twice.
    fn at(&self, words: &[Word<'_>], at: usize) -> Vec<&Sought> {
        let fits = |sought: &&Sought| {
            let here = words.get(at..at + sought.words.len());
            here.is_some_and(|here| here.iter().zip(&sought.words).all(|(word, sought)| sought.fits(word)))
        };
        let mut found: Vec<&Sought> =
            parts(&words[at].key).filter_map(|part| self.by_first.get(part)).flatten().filter(fits).collect();
        found.sort_by_key(|sought| (sought.entry, sought.term));
        found.dedup_by_key(|sought| (sought.entry, sought.term));
        found
    }

    /// The numbers of the entries of which an allowed term stands anywhere in the text, inside a longer one too.
    pub(super) fn allowed(&self, entries: &[Entry], text: &str) -> HashSet<usize> {
        let Some(lang) = self.lang else { return HashSet::new() };
        let words = words(lang, text);
        let here = (0..words.len()).flat_map(|at| self.at(&words, at));
        let allowed =
            |sought: &&Sought| entries[sought.entry].terms[sought.term].standing != super::Standing::Forbidden;
        here.filter(allowed).map(|sought| sought.entry).collect()
    }
}

/// What of a word the stem of a term may be: all that is in an Arabic word, all that another one begins with. No word of a
/// language is longer than forty letters; of longer ones only the whole is.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    const LONGEST: usize = 40;
    let borders: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
    let arabic = word.contains(|c| matches!(c, '\u{0621}'..='\u{064A}'));
    let long = borders.len() > LONGEST;
    let starts = if arabic && !long { borders.len() - 1 } else { usize::from(!long) };
    let inner = (0..starts).flat_map(move |from| {
        let borders = borders.clone();
        (from + 1..borders.len()).map(move |to| &word[borders[from]..borders[to]])
    });
    inner.chain(long.then_some(word))
}

fn sought(word: &Word<'_>) -> SoughtWord {
    let capitals = word.text.chars().all(|c| c.is_ascii_uppercase()) && (2..=5).contains(&word.text.len());
    match capitals {
        true => SoughtWord::Exact(word.text.into()),
        false if word.key.chars().count() < 3 => SoughtWord::Short(word.key.as_str().into()),
        false => SoughtWord::Stem(Stem::of(word.text)),
    }
}

impl SoughtWord {
    fn fits(&self, word: &Word<'_>) -> bool {
        match self {
            SoughtWord::Stem(stem) => stem.fits_folded(&word.key),
            SoughtWord::Exact(text) => word.text == &**text,
            SoughtWord::Short(key) => word.key == **key,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Standing;
    use super::*;
    use proptest::prelude::*;

    fn entries(terms: &[(Lang, &str)]) -> Vec<Entry> {
        let entry = |(lang, text): &(Lang, &str)| Entry {
            terms: vec![Term { lang: *lang, text: (*text).to_owned(), standing: Standing::Preferred }],
            ..Entry::default()
        };
        terms.iter().map(entry).collect()
    }

    #[test]
    fn terms_are_found_behind_what_is_written_on_to_them() {
        let entries = entries(&[
            (Lang::Ar, "وزارة الصحة"),
            (Lang::Ar, "وزارة"),
            (Lang::Ar, "كتاب"),
            (Lang::Ar, "كتب"),
            (Lang::Ar, "API"),
        ]);
        let index = Index::new(Lang::Ar, &entries);
        let check = |text: &str, expected: &[(&str, &str)]| {
            let hits = index.hits(&entries, text);
            let found: Vec<(&str, &str)> =
                hits.iter().map(|hit| (hit.term.text.as_str(), &text[hit.range.clone()])).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("زار وَزَارَةَ الصِّحَّةِ", &[("وزارة الصحة", "وَزَارَةَ الصِّحَّةِ")]);
        check("وبوزارة الصحة والوزارة", &[("وزارة الصحة", "وبوزارة الصحة"), ("وزارة", "والوزارة")]);
        check("فبكتابهم", &[("كتاب", "فبكتابهم")]);
        check("والكتب", &[("كتب", "والكتب")]);
        check("مكتب مكتبة كاتب", &[]);
        check("واجهة API لا api", &[("API", "API")]);
        check("", &[]);
    }

    #[test]
    fn english_terms_are_found_in_the_plural() {
        let entries = entries(&[(Lang::En, "health ministry"), (Lang::En, "IT"), (Lang::En, "report")]);
        let index = Index::new(Lang::En, &entries);
        let text = "It sent Reports to IT and the health ministries";
        let found: Vec<&str> = index.hits(&entries, text).into_iter().map(|hit| &text[hit.range]).collect();
        assert_eq!(found, ["Reports", "IT", "health ministries"]);
    }

    proptest! {
        #[test]
        fn the_index_finds_what_comparing_with_every_term_finds(
            terms in prop::collection::vec("(ال)?[كتب]{1,4}(ة|ات)?( [كتب]{3})?|[ab]{2,3}s?|AB", 1..8),
            text in "((و|ب|ال|لل)?[كتب]{1,4}(ة|ها|ات)? ?|[abAB]{2,3}s? |1 ){0,8}",
        ) {
            let terms: Vec<(Lang, &str)> = terms.iter().map(|term| (Lang::Ar, term.as_str())).collect();
            let entries = entries(&terms);
            let index = Index::new(Lang::Ar, &entries);
            let all: Vec<&Sought> = index.by_first.values().flatten().collect();
            let words = words(Lang::Ar, &text);
            for at in 0..words.len() {
                let fits = |sought: &&&Sought| {
                    let here = words.get(at..at + sought.words.len());
                    here.is_some_and(|here| here.iter().zip(&sought.words).all(|(word, sought)| sought.fits(word)))
                };
                let mut slow: Vec<usize> = all.iter().filter(fits).map(|sought| sought.entry).collect();
                slow.sort_unstable();
                let fast: Vec<usize> = index.at(&words, at).iter().map(|sought| sought.entry).collect();
                prop_assert_eq!(fast, slow);
            }
            let mut end = 0;
            for hit in index.hits(&entries, &text) {
                prop_assert!(hit.range.start >= end || hit.range.end == end, "{:?}", hit);
                end = hit.range.end;
            }
        }
    }
}
