//! A place where a sentence may end, with what stands around it.

use super::abbreviation::{Lists, Role};
use super::character::is_unseen;

/// A place where a sentence may end.
#[derive(Debug)]
pub(super) struct Stop<'a> {
    /// The sentence before the stop's first mark.
    pub before: &'a str,
    /// How many full stops the stop has; an ellipsis character counts three.
    pub dots: usize,
    /// Whether a question mark or an exclamation mark is among the marks.
    pub asks: bool,
    /// Whether a closing bracket or quotation mark stands behind the last mark.
    pub closed: bool,
    /// Whether that mark closes a quotation that a colon introduced: who says it was told before.
    pub reported: bool,
    /// The line from the first visible character behind the stop and its white space.
    pub after: &'a str,
}

/// The last word of `text` with the dots inside it, at most 32 characters: "U.S", "e.g", "أ.د", "2014م".
pub(super) fn last_token(text: &str) -> &str {
    let mut start = text.len();
    for (taken, (at, c)) in text.char_indices().rev().enumerate() {
        let inside = c.is_alphanumeric()
            || is_unseen(c)
            || matches!(c, '.' | '\'' | '’' | '\u{0640}' /* tatweel */ | '°' | '@' | '_' | '&');
        if !inside || taken == 32 {
            break;
        }
        start = at;
    }
    text[start..].trim_start_matches(|c: char| is_unseen(c) || matches!(c, '.' | '\'' | '’'))
}

/// Whether the sentence so far is only the number of a heading or list item: "1", "6.1", "B.3.1", "(2)", "iv", "٣".
///
/// A number of four digits is a year, not an item.
pub(super) fn is_item_number(before: &str) -> bool {
    // "Do this: 1. Open the lid." has its item behind a colon.
    let number = last_token(before);
    let earlier = &before[..before.len() - number.len()];
    if (1..=2).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
        && earlier.ends_with(char::is_whitespace)
        && earlier.trim_end().ends_with(':')
    {
        return true;
    }
    if before.len() > 128 {
        return false;
    }
    let bare = before.trim_matches(|c: char| {
        is_unseen(c) || matches!(c, '(' | ')' | '[' | ']' | '*' | '•' | '‣' | '⁃' | '-' | ' ' | '#')
    });
    if bare.is_empty() {
        return false;
    }
    let part = |part: &str| {
        let count = part.chars().filter(|c| !is_unseen(*c)).count();
        (part.chars().all(|c| c.is_numeric() || is_unseen(c)) && (1..=3).contains(&count))
            || (count == 1 && part.chars().all(|c| c.is_alphabetic() || is_unseen(c)))
            || (count <= 5 && (part.bytes().all(|b| b"ivx".contains(&b)) || part.bytes().all(|b| b"IVX".contains(&b))))
    };
    bare.split(['.', '-']).all(part)
}

/// Whether the stop is inside a date that was written with spaces: "5. 6. 2020", "١٢. ٣. ٢٠٢٠".
pub(super) fn is_spaced_date(stop: &Stop<'_>) -> bool {
    // How many digits `text` begins with, and what follows them.
    let number = |text: &str| {
        let digits = text.chars().take(5).take_while(|c| c.is_numeric()).count();
        (digits, text.chars().skip(digits).take(8).collect::<String>())
    };
    let last: String = stop.before.chars().rev().take(8).collect();
    let (count, earlier) = number(&last);
    if !(1..=2).contains(&count) {
        return false;
    }
    let (next, rest) = number(stop.after);
    match next {
        1 | 2 => rest.strip_prefix('.').is_some_and(|rest| matches!(number(rest.trim_start()).0, 2 | 4)),
        4 => {
            earlier.trim_start().starts_with('.')
                && earlier.trim_start()[1..].trim_start().starts_with(char::is_numeric)
        }
        _ => false,
    }
}

/// Whether the sentence so far is the label of a numbered heading or caption: "Figure 4.16", "شكل 4.16".
pub(super) fn is_label(before: &str, lists: Lists<'_>) -> bool {
    if before.len() > 64 {
        return false;
    }
    let mut words = before.trim_matches(is_unseen).split_whitespace();
    let (Some(label), Some(number), None) = (words.next(), words.next(), words.next()) else { return false };
    is_item_number(number) && lists.has(label.trim_end_matches('.'), Role::Label)
}
