//! Arabic: whether a sentence ends at a stop.

use super::abbreviation::{Abbreviations, Lists, Role};
use super::en::{self, Opening};
use super::splitter::{Stop, is_arabic, is_invisible, is_item_number, is_label, is_mark, is_word, last_token};
use crate::lang::Lang;

/// Whether the sentence ends.
///
/// Arabic has no capitals: behind a plain full stop every letter begins a sentence, unless the word before it is known to
/// be an abbreviation. Two or three dots are a pause in Arabic headlines and prose ("بعد الحرب.. هل") and end a sentence
/// only together with another mark, or when a fourth dot is the full stop.
pub(super) fn ends(stop: &Stop<'_>, lists: Lists<'_>) -> bool {
    let opening = Opening::of(stop.after);
    if opening.dash && stop.closed {
        return false;
    }
    let Some(first) = opening.first else { return false };
    if !is_word(first) {
        return false;
    }
    if stop.asks {
        return !(stop.closed && stop.dots == 0 && lists.has(opening.word(), Role::Speech));
    }
    if (2..=3).contains(&stop.dots) {
        return false;
    }
    if stop.dots == 1 && !stop.closed {
        if is_item_number(stop.before) || is_label(stop.before, lists) {
            return false;
        }
        if let Some(answer) = abbreviation(stop, &opening, lists) {
            return answer;
        }
    }
    true
}

/// What an abbreviation before a single full stop says; `None`: there is none.
fn abbreviation(stop: &Stop<'_>, opening: &Opening<'_>, lists: Lists<'_>) -> Option<bool> {
    let token = last_token(stop.before);
    let first = opening.first.unwrap_or(' ');
    let last = token.chars().rev().find(|c| !is_invisible(*c) && !is_mark(*c))?;
    if !is_arabic(last) {
        if is_arabic(first) {
            return None;
        }
        // A Latin stretch inside Arabic follows the English rules.
        let english = Lists { shipped: Abbreviations::of(Lang::En), added: lists.added };
        let goes_on = last.is_alphabetic() && first.is_lowercase();
        return en::abbreviation(stop, english).or(goes_on.then_some(false));
    }
    let earlier =
        stop.before[..stop.before.len() - token.len()].trim_end_matches(|c: char| c.is_whitespace() || is_invisible(c));
    let behind_number = earlier.chars().next_back().is_some_and(char::is_numeric);
    if lists.has(token, Role::Unit) && behind_number {
        return None;
    }
    let begins = || lists.has(opening.word(), Role::Start);
    if lists.has(token, Role::Number) && first.is_numeric() {
        return Some(false);
    }
    if lists.has(token, Role::Initial) {
        // "بي بي سي." is a name of letters, and only "سي." behind another word is an initial.
        let before = last_token(earlier);
        let spelled = !before.is_empty() && earlier.ends_with(before) && lists.has(before, Role::Initial);
        return if spelled { None } else { Some(begins()) };
    }
    let bare = token.strip_prefix('و').filter(|rest| !rest.is_empty()).unwrap_or(token);
    if lists.has(token, Role::Never) || lists.has(bare, Role::Never) || lists.has(token, Role::End) {
        return Some(begins());
    }
    let letters: String =
        token.chars().filter(|c| !is_invisible(*c) && !is_mark(*c) && *c != '\u{0640}' /* tatweel */).collect();
    let single = letters.split('.').all(|part| part.chars().count() == 1 && part.chars().all(is_arabic));
    single.then(begins)
}
