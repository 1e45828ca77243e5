//! Words as a concordance means them: runs of letters, digits and the marks on them.

use std::ops::Range;
use unicode_normalization::char::is_combining_mark;

/// Whether `c` is part of a word: letters and digits of any script, marks, joiners, the low line.
pub(super) fn is_word(c: char) -> bool {
    match c {
        '\0'..='\u{7F}' => c.is_ascii_alphanumeric() || c == '_',
        '\u{0620}'..='\u{064A}' => true,
        '\u{200C}' | '\u{200D}' => true, // the joiners
        _ => c.is_alphanumeric() || is_combining_mark(c),
    }
}

/// Whether `at`, a character boundary of `text`, lies between two characters of one word.
pub(super) fn is_inside(text: &str, at: usize) -> bool {
    text[at..].chars().next().is_some_and(is_word) && text[..at].chars().next_back().is_some_and(is_word)
}

/// Whether neither end of `range` lies inside a word.
pub(super) fn is_bounded(text: &str, range: &Range<usize>) -> bool {
    !is_inside(text, range.start) && !is_inside(text, range.end)
}

/// The words of `text`, in their order.
pub(super) fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(is_word)?;
        at = start + text[start..].find(|c| !is_word(c)).unwrap_or(text.len() - start);
        Some(start..at)
    })
}
