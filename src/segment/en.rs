//! English: whether a sentence ends at a stop.

use super::abbreviation::{Lists, Role};
use super::character::{is_invisible, is_mark, is_opener, is_word};
use super::stop::{Stop, is_item_number, is_label, is_spaced_date, last_token};

/// Whether the sentence ends.
pub(super) fn ends(stop: &Stop<'_>, lists: Lists<'_>) -> bool {
    if stop.dots == 1 && !stop.asks {
        if is_item_number(stop.before) || is_label(stop.before, lists) || is_spaced_date(stop) {
            return false;
        }
        if let Some(answer) = abbreviation(stop, lists) {
            return answer;
        }
    }
    let opening = Opening::of(stop.after);
    if opening.dash && stop.closed && !opening.opened {
        // "“Text.” — Author"
        return false;
    }
    let Some(first) = opening.first else { return false };
    if first.is_numeric() {
        // "-20 ... 20" is a range.
        return stop.asks || stop.dots < 2 || !stop.before.trim_end().ends_with(char::is_numeric);
    }
    if !first.is_alphabetic() {
        return false;
    }
    if first.is_lowercase() {
        // "iPhone", "eBay": a name that begins small begins a sentence small. In a text without capitals (transcripts) the
        // question mark alone must do. A bracket or quotation behind a full stop is a new sentence, whatever its case.
        return opening.word().chars().skip(1).any(char::is_uppercase)
            || (stop.asks && !stop.closed && stop.before.trim_end().ends_with(is_word) && begins_small(stop.before))
            || (opening.opened && stop.dots == 1 && !stop.asks)
            || opening.bullet;
    }
    !(stop.asks && stop.closed && stop.dots == 0 && is_attribution(opening.rest, lists))
}

/// What an abbreviation before a single full stop says; `None`: there is none.
pub(super) fn abbreviation(stop: &Stop<'_>, lists: Lists<'_>) -> Option<bool> {
    let token = last_token(stop.before);
    let opening = Opening::of(stop.after);
    let begins = || lists.has(opening.word(), Role::Start);
    let numbered = || opening.first.is_some_and(char::is_numeric) || is_numeral(opening.word(), token);
    if lists.has(token, Role::Never) {
        return Some(false);
    }
    if lists.has(token, Role::Number) && !opening.opened && numbered() {
        return Some(false);
    }
    if lists.has(token, Role::End) {
        return Some(begins());
    }
    let bare: String = token.chars().filter(|c| !is_invisible(*c) && !is_mark(*c)).collect();
    // "U.S.", "a.m.", "Ph.D.", "L.P.": letters with dots between them.
    if bare.contains('.') {
        let short = bare
            .split('.')
            .all(|part| (1..=2).contains(&part.chars().count()) && part.chars().all(char::is_alphabetic));
        return short.then(begins);
    }
    // An initial.
    let mut letters = bare.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_uppercase() => {
            let earlier = stop.before[..stop.before.len() - token.len()].trim_end();
            let noun = last_token(earlier);
            if lists.has(noun, Role::Lettered) && earlier.len() < stop.before.len() - token.len() {
                return None;
            }
            Some(begins())
        }
        _ => None,
    }
}

/// Whether the word behind "No." or "vol." is its number: "IV", "A".
fn is_numeral(word: &str, token: &str) -> bool {
    let word: String = word.chars().filter(|c| !is_invisible(*c) && !is_mark(*c)).collect();
    let roman = !word.is_empty() && word.len() <= 6 && word.bytes().all(|b| b"IVXLC".contains(&b));
    let letter = word.len() == 1 && word.bytes().all(|b| b.is_ascii_uppercase()) && word != "A" && word != "I";
    // "No. I think so."
    (roman || letter) && !(token.eq_ignore_ascii_case("no") && word == "I")
}

/// Whether the sentence begins with a small letter: then its writer does without capitals.
fn begins_small(sentence: &str) -> bool {
    sentence.chars().take(64).find(|c| is_word(*c)).is_some_and(char::is_lowercase)
}

/// Whether `rest` goes on with who said it: "John asked", "Mr. J. Smith said", "I said".
fn is_attribution(rest: &str, lists: Lists<'_>) -> bool {
    for (number, word) in rest.split(char::is_whitespace).take(5).enumerate() {
        if word.len() > 48 {
            return false;
        }
        let bare = word.trim_end_matches([',', '.', ':', ';']);
        if lists.has(bare, Role::Speech) && bare.starts_with(char::is_lowercase) {
            return number > 0;
        }
        let name = bare.starts_with(char::is_uppercase) && (word == bare || word.ends_with('.'));
        if !name || (number == 0 && bare != "I" && lists.has(bare, Role::Start)) {
            return false;
        }
    }
    false
}

/// How what follows a stop begins.
pub(super) struct Opening<'a> {
    /// The first letter, digit or other sign behind opening brackets and quotation marks, dashes and bullets.
    pub first: Option<char>,
    /// Whether there was an opening bracket or quotation mark.
    pub opened: bool,
    /// Whether there was a dash.
    pub dash: bool,
    /// Whether there was a bullet.
    pub bullet: bool,
    /// The text from `first` on.
    pub rest: &'a str,
}

impl<'a> Opening<'a> {
    pub(super) fn of(after: &'a str) -> Opening<'a> {
        let mut found = Opening { first: None, opened: false, dash: false, bullet: false, rest: after };
        // More than a few are no opening.
        for (at, c) in after.char_indices().take(12) {
            match c {
                _ if is_opener(c) || matches!(c, '¿' | '¡') => found.opened = true,
                '-' | '–' | '—' | '―' => found.dash = true,
                '•' | '●' | '▪' | '■' | '◦' | '·' | '‣' | '⁃' | '*' => found.bullet = true,
                '$' | '€' | '£' | '¥' | '#' | '@' | '§' | '±' => {}
                _ if is_invisible(c) || is_mark(c) || c.is_whitespace() => {}
                _ => {
                    found.first = Some(c);
                    found.rest = &after[at..];
                    break;
                }
            }
        }
        found
    }

    /// The first word, with apostrophes and marks.
    pub(super) fn word(&self) -> &'a str {
        if self.first.is_none() {
            return "";
        }
        let inside = |c: char| {
            c.is_alphanumeric()
                || is_mark(c)
                || is_invisible(c)
                || matches!(c, '\'' | '’' | '\u{0640}' /* tatweel */)
        };
        let end = self.rest.char_indices().take(33).find(|(_, c)| !inside(*c)).map(|(at, _)| at);
        let whole = end.unwrap_or_else(|| self.rest.char_indices().nth(33).map_or(self.rest.len(), |(at, _)| at));
        // "J." and "I-95" are not the words "J" and "I"; a quotation mark behind a word is not of it.
        let word = self.rest[..whole].trim_end_matches(['\'', '’']);
        match self.rest[whole..].chars().next() {
            Some('.') if word.chars().filter(|c| !is_mark(*c) && !is_invisible(*c)).count() == 1 => "",
            Some('-') => "",
            _ => word,
        }
    }
}
