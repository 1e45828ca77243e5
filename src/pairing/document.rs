//! Documents as bags of terms: what they share across the languages, before anything is weighed.

use crate::lang::Lang;
use crate::lexicon::{Lexicon, stem};
use crate::text::{Number, TokenKind, key, name_skeletons, skeleton, tokens};
use std::collections::{BTreeMap, HashMap};

/// A document to be paired.
#[derive(Debug, Clone, Copy, Default)]
pub struct Document<'t> {
    /// What it says, title and all.
    pub text: &'t str,
    /// The day it was published, counted in days from any fixed one.
    pub day: Option<i32>,
    /// What it is called (a file name, an address) where that may tell it apart.
    pub name: Option<&'t str>,
}

/// What kind of thing documents share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A stem of one of the languages.
    Stem(Lang),
    /// A number, by value.
    Number,
    /// What is left of a name's sound.
    Skeleton,
    /// A word or number of the document's name.
    Name,
}

/// A term and how often a document has it.
pub(super) type Count = (u32, u16);

/// Documents of both languages as they are gathered.
///
/// Only terms and counts are kept, some 6 bytes for each different word of a document, not the texts.
#[derive(Debug, Clone)]
pub struct Pairing<'l> {
    pub(super) lexicon: &'l Lexicon,
    numbers: HashMap<(Kind, String), u32>,
    /// The terms, by number.
    pub(super) terms: Vec<(Kind, String)>,
    /// For each side, the documents.
    pub(super) sides: [Vec<Gathered>; 2],
    /// Terms by the word as written, for each side.
    known: [HashMap<String, Vec<u32>>; 2],
}

/// A document as it is kept.
#[derive(Debug, Clone)]
pub(super) struct Gathered {
    /// Its terms, rising.
    pub counts: Vec<Count>,
    pub day: Option<i32>,
}

/// The place of a language's documents.
pub(super) fn side(lang: Lang) -> usize {
    usize::from(lang == Lang::En)
}

/// Skeletons shorter than this say nothing.
const LEAST_SKELETON: usize = 3;

impl<'l> Pairing<'l> {
    /// No documents yet; `lexicon` tells which words translate each other.
    pub fn new(lexicon: &'l Lexicon) -> Pairing<'l> {
        Pairing {
            lexicon,
            numbers: HashMap::new(),
            terms: Vec::new(),
            sides: [Vec::new(), Vec::new()],
            known: [HashMap::new(), HashMap::new()],
        }
    }

    /// Takes in a document; those of each language are counted from 0 in the order in which they come.
    pub fn add(&mut self, lang: Lang, document: &Document<'_>) {
        let mut counts: BTreeMap<u32, u16> = BTreeMap::new();
        let mut count = |term: u32| {
            let n = counts.entry(term).or_default();
            *n = n.saturating_add(1);
        };
        for token in tokens(document.text) {
            match token.kind {
                TokenKind::Word(script) => self.word(lang, script, token.text).into_iter().for_each(&mut count),
                TokenKind::Number => {
                    if let Some(number) = Number::parse(token.text) {
                        count(self.term(Kind::Number, number.as_str().to_owned()));
                    }
                }
                TokenKind::Url | TokenKind::Email => count(self.term(Kind::Name, token.text.to_lowercase())),
                TokenKind::Mark(_) => {}
            }
        }
        for token in tokens(document.name.unwrap_or_default()) {
            let is_language = Lang::BOTH.iter().any(|lang| lang.code().eq_ignore_ascii_case(token.text));
            if matches!(token.kind, TokenKind::Word(_) | TokenKind::Number) && !is_language {
                count(self.term(Kind::Name, key(lang, token.text).as_str().to_owned()));
            }
        }
        let gathered = Gathered { counts: counts.into_iter().collect(), day: document.day };
        self.sides[side(lang)].push(gathered);
    }

    /// How many documents of a language there are.
    pub fn len(&self, lang: Lang) -> usize {
        self.sides[side(lang)].len()
    }

    /// Whether there are none at all.
    pub fn is_empty(&self) -> bool {
        self.sides.iter().all(Vec::is_empty)
    }

    fn term(&mut self, kind: Kind, text: String) -> u32 {
        let next = self.terms.len() as u32;
        *self.numbers.entry((kind, text)).or_insert_with_key(|term| {
            self.terms.push(term.clone());
            next
        })
    }

    /// The terms of a word: its stem, and its skeletons where it may be a name.
    fn word(&mut self, lang: Lang, script: Lang, word: &str) -> Vec<u32> {
        if let Some(terms) = self.known[side(script)].get(word) {
            return terms.clone();
        }
        let stem = stem(script, word);
        let skeletons = match script {
            Lang::Ar if self.lexicon.word(Lang::Ar, &stem).is_none() => name_skeletons(word),
            Lang::En if lang == Lang::En && word.starts_with(char::is_uppercase) => vec![skeleton(Lang::En, word)],
            _ => Vec::new(),
        };
        let mut terms = vec![self.term(Kind::Stem(script), stem)];
        let long = skeletons.into_iter().filter(|skeleton| skeleton.len() >= LEAST_SKELETON);
        terms.extend(long.map(|skeleton| self.term(Kind::Skeleton, skeleton)).collect::<Vec<_>>());
        self.known[side(script)].insert(word.to_owned(), terms.clone());
        terms
    }
}
