//! Coverage: how much of what a query says a translation says, as far as the lexicon can tell.
//!
//! The score compares sources. Where none is really like the query, several are about as unlike it, and what helps is the
//! one whose translation already has most of the words that the new translation needs. A query's word is said by a
//! translation that has a word which the [`Lexicon`] gives for it, or the word itself: a number of the same value, a name or
//! a command in Latin letters. Words count by their rarity, so that an article is no reason for a place.

use super::query::Query;
use crate::lang::Lang;
use crate::lexicon::{Lexicon, Word, stem};
use crate::text::{Key, Number, Token, TokenKind, tokens};
use std::collections::HashSet;

/// A pair of words with so much probability, in the one direction or the other, is a translation; with less, in part.
const SURE: f32 = 0.2;
/// What a word tells, in tenths of a bit, that the lexicon does not know: it is one of eight thousand.
const UNKNOWN: u64 = 130;
/// What no word tells more than: one of ten million.
const MOST: f32 = 232.0;
/// A word that is wholly said.
const WHOLE: u64 = 1_000;

/// What a query says, to be looked for in translations.
#[derive(Debug, Clone)]
pub struct Coverage {
    lexicon: &'static Lexicon,
    lang: Lang,
    words: Vec<Asked>,
}

/// A word of the query.
#[derive(Debug, Clone)]
struct Asked {
    word: Option<Word>,
    literal: String,
    /// In tenths of a bit.
    weight: u64,
}

impl Coverage {
    /// Of a query, by the lexicon that ships.
    ///
    /// ```
    /// use dhakira::Lang;
    /// use dhakira::matching::{Coverage, Query};
    /// use dhakira::text::key;
    /// let coverage = Coverage::new(&Query::new(Lang::Ar, "تعذر فتح الملف ٣"));
    /// let [most, some] = ["Cannot open file 3", "Cannot open the door"].map(|text| coverage.of(&key(Lang::En, text)));
    /// assert!(10_000 >= most && most > some && some > 0);
    /// ```
    pub fn new(query: &Query) -> Coverage {
        let (lexicon, lang) = (Lexicon::shipped(), query.lang());
        let asked = |token: &Token<'_>| {
            let (literal, word) = (literal(token)?, known(lexicon, lang, token));
            let weight = word.map_or(UNKNOWN, |word| (-10.0 * word.frequency.log2()).clamp(1.0, MOST).round() as u64);
            Some(Asked { word, literal, weight })
        };
        Coverage { lexicon, lang, words: tokens(query.key().as_str()).iter().filter_map(asked).collect() }
    }

    /// How much of it a translation says, given its key, in hundredths of a percent; 0 if the query has no word.
    pub fn of(&self, translation: &Key) -> u16 {
        let tokens = tokens(translation.as_str());
        let literals: HashSet<String> = tokens.iter().filter_map(literal).collect();
        let answers: Vec<Word> =
            tokens.iter().filter_map(|token| known(self.lexicon, self.lang.other(), token)).collect();
        let said = |asked: &Asked| match asked.word {
            _ if literals.contains(&asked.literal) => WHOLE,
            Some(word) => answers.iter().map(|answer| self.sure(word, *answer)).max().unwrap_or(0),
            None => 0,
        };
        let (part, whole) = self
            .words
            .iter()
            .fold((0, 0), |(part, whole), asked| (part + asked.weight * said(asked), whole + asked.weight * WHOLE));
        (10_000 * part).checked_div(whole).unwrap_or(0) as u16
    }

    /// How sure it is that one word is the other's translation, of [`WHOLE`].
    fn sure(&self, asked: Word, answer: Word) -> u64 {
        let (ar, en) = if self.lang == Lang::Ar { (asked, answer) } else { (answer, asked) };
        let pair = self.lexicon.translations(ar).find(|translation| translation.en == en.number);
        let probability = pair.map_or(0.0, |pair| pair.en_given_ar.max(pair.ar_given_en));
        (WHOLE as f32 * (probability / SURE).min(1.0)).round() as u64
    }
}

/// What a token is, whatever the language: a number's value, a word as its key has it.
fn literal(token: &Token<'_>) -> Option<String> {
    match token.kind {
        TokenKind::Mark(_) => None,
        TokenKind::Number => Some(Number::parse(token.text).map_or(token.text.to_owned(), |n| n.as_str().to_owned())),
        _ => Some(token.text.to_owned()),
    }
}

/// What the lexicon knows of a token, a word of this language.
fn known(lexicon: &Lexicon, lang: Lang, token: &Token<'_>) -> Option<Word> {
    (token.kind == TokenKind::Word(lang)).then(|| lexicon.word(lang, &stem(lang, token.text))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::key;

    fn covered(lang: Lang, query: &str, translation: &str) -> u16 {
        Coverage::new(&Query::new(lang, query)).of(&key(lang.other(), translation))
    }

    #[test]
    fn what_says_more_covers_more() {
        for (lang, query, translations) in [
            (Lang::Ar, "يغلق المتحف يوم الجمعة", ["The museum closes on Friday", "The museum closes", "The bank"]),
            (Lang::En, "The museum closes on Friday", ["يغلق المتحف يوم الجمعة", "يغلق المتحف", "بنك"]),
        ] {
            let covered = translations.map(|translation| covered(lang, query, translation));
            assert!(covered.is_sorted_by(|a, b| a > b) && covered[0] > 7_000, "{covered:?}");
        }
    }

    #[test]
    fn numbers_by_value_and_names_as_written() {
        assert_eq!(covered(Lang::Ar, "١٬٥٠٠", "1500 or more"), 10_000);
        assert_eq!(covered(Lang::Ar, "١٥٠", "151"), 0);
        assert_eq!(covered(Lang::En, "Zorkqux", "افتح zorkqux الآن"), 10_000);
    }

    #[test]
    fn nothing_asked_is_nothing_said() {
        for query in ["", "…!", "\u{64B}"] {
            assert_eq!(covered(Lang::Ar, query, "Something"), 0);
        }
        assert_eq!(covered(Lang::Ar, "كتاب", ""), 0);
        let long = "كتاب ".repeat(5_000);
        assert_eq!(covered(Lang::Ar, &long, "book"), 10_000);
    }
}
