//! The words of a document as stems, found once for all that ask for them.

use super::stem::stem;
use crate::lang::Lang;
use crate::text::{Token, TokenKind};
use foldhash::{HashMap, HashMapExt};
use std::ops::Range;

/// The words of the sentences of one side: for each sentence the numbers of its stems, counted as they come.
///
/// ```
/// use dhakira::lang::Lang;
/// use dhakira::lexicon::Words;
/// use dhakira::text::tokens;
/// let words = Words::new(Lang::Ar, ["كتاب المدرسة", "مدرسة وكتاب"].map(tokens));
/// assert_eq!((words.sentences(0..1), words.sentences(1..2)), (&[0, 1][..], &[1, 0][..]));
/// assert_eq!(words.stem(1), dhakira::lexicon::stem(Lang::Ar, "مدرسات"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Words {
    words: Vec<u32>,
    /// Where the words of each sentence end.
    ends: Vec<usize>,
    /// Each stem, and the first word of it as written.
    text: String,
    /// Where each of these ends: the stem, the word.
    text_ends: Vec<[usize; 2]>,
    /// Whether a word of the stem has a capital letter: at all, and inside of a sentence.
    capitals: Vec<[bool; 2]>,
}

impl Words {
    /// The words among the tokens of each sentence that are written in the language's own script.
    pub fn new<'t, S: AsRef<[Token<'t>]>>(lang: Lang, sentences: impl IntoIterator<Item = S>) -> Words {
        let mut known: HashMap<&'t str, u32> = HashMap::new();
        let mut numbers: HashMap<String, u32> = HashMap::new();
        let mut found = Words::default();
        for tokens in sentences {
            let start = found.words.len();
            for token in tokens.as_ref().iter().filter(|token| token.kind == TokenKind::Word(lang)) {
                let word = token.text;
                let number = *known.entry(word).or_insert_with(|| {
                    *numbers.entry(stem(lang, word)).or_insert_with_key(|stem| found.add(stem, word))
                });
                if lang == Lang::En && word.starts_with(char::is_uppercase) {
                    let [any, inside] = &mut found.capitals[number as usize];
                    (*any, *inside) = (true, *inside || found.words.len() > start);
                }
                found.words.push(number);
            }
            found.ends.push(found.words.len());
        }
        found
    }

    /// Takes a new stem, and gives its number.
    fn add(&mut self, stem: &str, word: &str) -> u32 {
        self.text.push_str(stem);
        let end = self.text.len();
        self.text.push_str(word);
        self.text_ends.push([end, self.text.len()]);
        self.capitals.push([false, false]);
        self.text_ends.len() as u32 - 1
    }

    /// How many sentences there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How many different stems there are.
    pub fn stem_count(&self) -> usize {
        self.text_ends.len()
    }

    /// The numbers of the stems of some sentences in a row, one behind the other.
    pub fn sentences(&self, sentences: Range<usize>) -> &[u32] {
        &self.words[self.start(sentences.start)..self.start(sentences.end)]
    }

    /// How many words stand before a sentence.
    fn start(&self, sentence: usize) -> usize {
        sentence.checked_sub(1).map_or(0, |before| self.ends[before])
    }

    /// The stem with this number.
    pub fn stem(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.text_ends[before][1]);
        &self.text[start..self.text_ends[number][0]]
    }

    /// The first word of the stem with this number, as it is written.
    pub fn written(&self, number: usize) -> &str {
        let [start, end] = self.text_ends[number];
        &self.text[start..end]
    }

    /// Whether a word of the stem with this number has a capital letter, which only English ones have: at all, and inside of a sentence.
    pub fn capital(&self, number: usize) -> [bool; 2] {
        self.capitals[number]
    }

    /// All stems, by their numbers.
    pub fn stems(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.stem_count()).map(|number| self.stem(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokens;

    #[test]
    fn words_are_told_apart_by_their_stems() {
        let words = Words::new(Lang::En, ["Schools opened in Doha.", "", "The school, مدرسة"].map(tokens));
        assert_eq!((words.len(), words.stem_count()), (3, 5));
        assert_eq!(words.sentences(0..1), [0, 1, 2, 3]);
        assert_eq!((words.sentences(1..2), words.sentences(1..3)), (&[][..], &[4, 0][..]));
        assert_eq!(words.stems().collect::<Vec<_>>(), ["school", "open", "in", "doha", "the"]);
        assert_eq!((words.written(0), words.written(3)), ("Schools", "Doha"));
        assert_eq!(
            [0, 1, 3, 4].map(|n| words.capital(n)),
            [[true, false], [false, false], [true, true], [true, false]]
        );
        assert!(Words::default().is_empty() && Words::new(Lang::Ar, [[]; 0]).is_empty());
    }
}
