//! How long a text is: words and characters, as bills and analyses count them.
//!
//! - A **word** is a word of UAX #29 (Unicode Standard Annex 29, "Word Boundaries", §4) that has a letter or a digit: what stands
//!   between white space or marks. A clitic is part of its word (`وبكتابهم` is one), so are tashkeel, tatweel and invisible
//!   direction marks; a number is one with its separators (`١٬٢٣٤٫٥`, `1,234.5`); so is `don't`. Hyphens and slashes part words
//!   (`well-known` is two), where word processors count by white space alone.
//! - A **character** is a Unicode scalar value that can be seen or is white space: each vowel mark counts, as in word processors;
//!   invisible ones (direction marks, joiners, soft hyphen, byte order mark) do not.
//! - U+FFFC, which stands for an inline code, is neither.

use std::iter::Sum;
use std::ops::{Add, AddAssign};
use unicode_segmentation::UnicodeSegmentation;

/// Words and characters of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Count {
    /// Words.
    pub words: u64,
    /// Characters, white space among them.
    pub characters: u64,
    /// Characters that are no white space.
    pub characters_without_spaces: u64,
}

impl Count {
    /// Counts `text`. Total, and linear in its length.
    ///
    /// ```
    /// use dhakira::text::Count;
    /// let count = Count::of("وبكتابهم ١٬٢٣٤ صفحةً.");
    /// assert_eq!((count.words, count.characters, count.characters_without_spaces), (3, 21, 19));
    /// assert_eq!(Count::of("It's a well-known book.").words, 5);
    /// assert_eq!(Count::of("اضغط \u{FFFC}حفظ\u{FFFC}").characters, 8);
    /// ```
    pub fn of(text: &str) -> Count {
        let (mut characters, mut spaces) = (0, 0);
        for c in text.chars().filter(|&c| !is_invisible(c)) {
            characters += 1;
            spaces += u64::from(c.is_whitespace());
        }
        let words = text.unicode_words().count() as u64;
        Count { words, characters, characters_without_spaces: characters - spaces }
    }
}

/// Whether a character takes no room on a line and says nothing there, or stands for a code.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' // soft hyphen
        | '\u{61C}' // Arabic letter mark
        | '\u{200B}'..='\u{200F}' // zero width space and joiners, left-to-right and right-to-left marks
        | '\u{202A}'..='\u{202E}' // embeddings and overrides
        | '\u{2060}'..='\u{206F}' // word joiner, isolates, deprecated format characters
        | '\u{FEFF}' // byte order mark
        | '\u{FFFC}' // object replacement character
    )
}

impl Add for Count {
    type Output = Count;

    fn add(self, other: Count) -> Count {
        Count {
            words: self.words + other.words,
            characters: self.characters + other.characters,
            characters_without_spaces: self.characters_without_spaces + other.characters_without_spaces,
        }
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Count) {
        *self = *self + other;
    }
}

impl Sum for Count {
    fn sum<I: Iterator<Item = Count>>(counts: I) -> Count {
        counts.fold(Count::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, words: u64, characters: u64, characters_without_spaces: u64) {
        assert_eq!(Count::of(text), Count { words, characters, characters_without_spaces }, "{text:?}");
    }

    #[test]
    fn arabic() {
        check("", 0, 0, 0);
        check("كتابٌ جديد", 2, 10, 9);
        check("وبالكتابِ فسيكفيكهم", 2, 19, 18);
        check("الـــسلام", 1, 9, 9);
        check("في ٢٠٢١، دفع ١٬٢٣٤٫٥ دينارًا؟", 5, 29, 25);
        check("\u{200F}مرحبًا\u{200F}\u{202B}!\u{202C}", 1, 7, 7);
        check("… — « » ؟!", 0, 10, 6);
        check("سطر\nثانٍ\tوثالث", 3, 14, 12);
        check("ﷺ ﻻ", 2, 3, 2);
    }

    #[test]
    fn english() {
        check("The price is $1,234.50 (net).", 5, 29, 25);
        check("don't O’Neill", 2, 13, 12);
        check("and/or well-known", 4, 17, 16);
        check("See example.com, e-mail me.", 5, 27, 24);
        check("ver. 2.0", 2, 8, 7);
        check("\u{FFFC}Save\u{FFFC} file\u{AD}name", 2, 13, 12);
    }

    #[test]
    fn counts_add_up() {
        let parts = ["زار Google", " في ٢٠٢١"];
        let sum: Count = parts.iter().map(|part| Count::of(part)).sum();
        assert_eq!(sum, Count::of(&parts.concat()));
    }

    proptest::proptest! {
        #[test]
        fn invisible_characters_change_nothing_but_never_more_than_there_is(text in "[a-z ا-ي\u{64B}\u{640}\u{200F}١0-9.,]{0,40}") {
            let count = Count::of(&text);
            let seen: String = text.chars().filter(|c| *c != '\u{200F}').collect();
            proptest::prop_assert_eq!(count.characters, seen.chars().count() as u64);
            proptest::prop_assert!(count.words <= count.characters_without_spaces);
            proptest::prop_assert!(count.characters_without_spaces <= count.characters);
        }
    }
}
