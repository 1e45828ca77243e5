//! Comparing in words: the score for those who count and bill by words changed, as OmegaT and most agencies do.
//!
//! A word is a run of letters and digits; an apostrophe, a full stop or a comma between two of them belongs to it (`don't`,
//! `3.5`), after the word boundaries of UAX #29. Every other character but the space is a word of its own.

use super::distance::Pattern;
use super::score::Score;
use std::cmp::Ordering;

/// What the score of two sentences with different keys counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Characters changed, and trigrams shared, the rare ones more: which translation helps most.
    #[default]
    Letters,
    /// Words changed: `100 · (1 − d / l)`, where `d` is the Levenshtein distance between the keys in words and `l` the words
    /// of the longer one; up to 90, halved above like the other. At least one word differs if the keys do.
    Words,
}

impl Measure {
    /// The stable name: `letters` or `words`.
    pub fn name(self) -> &'static str {
        match self {
            Measure::Letters => "letters",
            Measure::Words => "words",
        }
    }
}

/// The words of a key, in their order.
///
/// ```
/// use dhakira::matching::key_words;
/// let words: Vec<&str> = key_words("قال: 3.5 ثم don't.").collect();
/// assert_eq!(words, ["قال", ":", "3.5", "ثم", "don't", "."]);
/// ```
pub fn key_words(key: &str) -> impl Iterator<Item = &str> {
    let mut rest = key;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(' ');
        let (word, behind) = rest.split_at(word_length(rest));
        rest = behind;
        (!word.is_empty()).then_some(word)
    })
}

/// The bytes of the first word of `text`, which does not begin with a space.
fn word_length(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    match chars.next() {
        None => return 0,
        Some((_, first)) if !first.is_alphanumeric() => return first.len_utf8(),
        Some(_) => {}
    }
    while let Some((at, c)) = chars.next() {
        let joins = matches!(c, '\'' | '.' | ',') && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        if !joins && !c.is_alphanumeric() {
            return at;
        }
    }
    text.len()
}

/// A key's words, prepared for many comparisons: each different word is a character, and the distance between strings
/// of them is the distance in words.
#[derive(Debug, Clone)]
pub(super) struct WordPattern {
    /// By length, then bytes.
    numbers: Vec<(Box<str>, char)>,
    pattern: Pattern,
}

/// What stands for a word that the query has not.
const OTHER: char = '\0';

impl WordPattern {
    pub(super) fn new(key: &str) -> WordPattern {
        let mut words: Vec<&str> = key_words(key).collect();
        words.sort_unstable_by(|a, b| order(a, b));
        words.dedup();
        // More different words than there are characters would be a segment of megabytes; the rest then find no equal.
        let free = ('\u{1}'..=char::MAX).chain(std::iter::repeat(OTHER));
        let numbers = words.into_iter().map(Box::from).zip(free).collect();
        let mut words = WordPattern { numbers, pattern: Pattern::new("") };
        words.pattern = Pattern::new(&key_words(key).map(|word| words.number(word)).collect::<String>());
        words
    }

    /// How many words another key has changed, and how many words the longer of both has.
    pub(super) fn changed(&self, key: &str) -> (usize, usize) {
        let spelled: String = key_words(key).map(|word| self.number(word)).collect();
        let n = spelled.chars().count();
        let longer = self.pattern.length().max(n);
        (self.pattern.distance(&spelled, n, longer).unwrap_or(longer).max(1), longer)
    }

    /// The score of another key, if it is at least `cutoff`.
    pub(super) fn score(&self, key: &str, cutoff: Score) -> Option<Score> {
        let m = self.pattern.length();
        // Each word that the query has not costs one, and this is the most that any number of words may cost.
        let most = cutoff.most_words(cutoff.most_longer(m))?;
        let (mut spelled, mut n, mut others) = (String::with_capacity(key.len()), 0, 0);
        for word in key_words(key) {
            let number = self.number(word);
            n += 1;
            others += usize::from(number == OTHER);
            if others > most {
                return None;
            }
            spelled.push(number);
        }
        let longer = m.max(n);
        let limit = cutoff.most_words(longer)?;
        let distance = self.pattern.distance(&spelled, n, limit)?.max(1);
        Some(Score::of_words(distance, longer)).filter(|score| *score >= cutoff)
    }

    #[inline]
    fn number(&self, word: &str) -> char {
        self.numbers.binary_search_by(|(other, _)| order(other, word)).map_or(OTHER, |at| self.numbers[at].1)
    }
}

/// Any order will do: most words are told apart by their length.
#[inline]
fn order(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::matching::{Candidate, Query};
    use crate::text::key;
    use proptest::prelude::*;

    fn check(key: &str, words: &[&str]) {
        assert_eq!(key_words(key).collect::<Vec<_>>(), words);
    }

    #[test]
    fn words_of_keys() {
        check("", &[]);
        check("نعم", &["نعم"]);
        check("نعم, لا.", &["نعم", ",", "لا", "."]);
        check("1,000.5 كم", &["1,000.5", "كم"]);
        check("o'neill's 'a'", &["o'neill's", "'", "a", "'"]);
        check("a..b", &["a", ".", ".", "b"]);
        check("\u{FFFC}a\u{FFFC}", &["\u{FFFC}", "a", "\u{FFFC}"]);
        check("50% - x", &["50", "%", "-", "x"]);
    }

    #[test]
    fn words_count_whole() {
        let score = |a: &str, b: &str| {
            let query = Query::with_measure(Lang::Ar, a, Measure::Words);
            query.score(&Candidate::new(Lang::Ar, b), Score::ZERO).unwrap().to_string()
        };
        assert_eq!(score("وصل القطار السريع أمس", "وصل القطار البطيء أمس"), "75");
        assert_eq!(score("وصل القطار", "غادرت"), "0");
        assert_eq!(score("وصل القطار", "وصل القطَار"), "99");
        assert_eq!(score("", "نعم"), "0");
        assert_eq!(score("..", ". ."), "50"); // other keys, the same words
    }

    /// The specification: tokens by hand, strsim as the judge of the distance.
    fn slow_score(a: &str, b: &str) -> u16 {
        let (a, b): (Vec<&str>, Vec<&str>) = (key_words(a).collect(), key_words(b).collect());
        let distance = strsim::generic_levenshtein(&a, &b).max(1);
        let longer = a.len().max(b.len());
        let s = (10_000 * (longer - distance.min(longer))).checked_div(longer).unwrap_or(0);
        (if s <= 9_000 { s } else { 9_000 + (s - 9_000) / 2 }) as u16
    }

    fn sentence() -> impl Strategy<Value = String> {
        let word =
            prop::sample::select(vec!["كتب", "كَتب", "الولد", "رساله", "في", "10", "١٠", "11", ".", "،", "\u{FFFC}"]);
        prop_oneof![prop::collection::vec(word, 0..25).prop_map(|words| words.join(" ")), "\\PC{0,12}"]
    }

    proptest! {
        #[test]
        fn as_the_specification_says(a in sentence(), b in sentence(), cutoff in 0u16..=10_100) {
            let (ka, kb) = (key(Lang::Ar, &a), key(Lang::Ar, &b));
            prop_assume!(ka != kb);
            let query = Query::with_measure(Lang::Ar, &a, Measure::Words);
            let slow = Score::from_hundredths(slow_score(ka.as_str(), kb.as_str()));
            let expected = (slow >= Score::from_hundredths(cutoff)).then_some(slow);
            prop_assert_eq!(query.score(&Candidate::new(Lang::Ar, &b), Score::from_hundredths(cutoff)), expected);
        }

        #[test]
        fn words_are_all_but_the_spaces(text in "\\PC{0,30}|[a.,' ١ب\u{64E}]{0,20}") {
            let key = key(Lang::En, &text);
            let joined: String = key_words(key.as_str()).collect();
            prop_assert_eq!(joined, key.as_str().replace(' ', ""));
        }
    }
}
