//! Arabic: whether a sentence ends at a stop.

use super::abbreviation::{Abbreviations, Lists, Role};
use super::character::{is_arabic, is_invisible, is_mark, is_word};
use super::en::{self, Opening};
use super::stop::{Stop, is_item_number, is_label, is_spaced_date, last_token};
use crate::lang::Lang;

/// Whether the sentence ends.
///
/// Arabic has no capitals: behind a plain full stop every letter begins a sentence, unless the word before it is known to
/// be an abbreviation. Two or three dots are a pause in Arabic headlines and prose ("بعد الحرب.. هل") and end a sentence
/// only together with another mark, or when a fourth dot is the full stop.
pub(super) fn ends(stop: &Stop<'_>, lists: Lists<'_>) -> bool {
    let opening = Opening::of(stop.after);
    if opening.dash && stop.closed && !opening.opened {
        return false;
    }
    let Some(first) = opening.first else { return false };
    if !is_word(first) {
        return false;
    }
    if stop.asks {
        // The Arabic of a foreign question in brackets: "Continue? (هل نتابع؟)".
        let foreign =
            stop.before.chars().rev().find(|c| is_word(*c)).is_some_and(|c| c.is_alphabetic() && !is_arabic(c));
        if foreign && is_arabic(first) && stop.after.starts_with('(') {
            return false;
        }
        // "«هل عدت؟» سأل الأب", but "قال: «هل عدت؟» قالت: …".
        return !(stop.closed && stop.dots == 0 && !stop.reported && lists.has(opening.word(), Role::Speech));
    }
    if (2..=3).contains(&stop.dots) {
        return stop.reported && !goes_on(&opening, lists);
    }
    if stop.dots == 1 {
        if is_item_number(stop.before) || is_label(stop.before, lists) || is_spaced_date(stop) {
            return false;
        }
        if let Some(answer) = abbreviation(stop, &opening, lists) {
            return answer;
        }
    }
    true
}

/// Whether a sentence ends at a closing quotation mark without a stop: it does when a verb of saying takes the report up
/// again behind a quotation of some length ("… بلا شروط" وأضاف), when a word follows that continues no clause ("…" لقد عاد),
/// when a usual first word follows a quotation that a colon introduced, and when the next quotation follows without a comma
/// or conjunction.
pub(super) fn ends_with_quotation(words: usize, reported: bool, after: &str, lists: Lists<'_>) -> bool {
    // Names and catchwords stand in quotation marks too; statements are longer.
    const STATEMENT: usize = 4;
    let opening = Opening::of(after);
    if opening.opened {
        let fresh = || lists.has(opening.word(), Role::Fresh) && !opening.word().starts_with('و');
        return (words >= STATEMENT || fresh())
            && !opening.dash
            && after.starts_with(['"', '«', '“'])
            && opening.first.is_some_and(is_word);
    }
    let word = opening.word();
    words >= STATEMENT
        && (lists.has(word, Role::Resume) || lists.has(word, Role::Fresh) || (reported && lists.has(word, Role::Start)))
}

/// Whether a question that opens with "هل" at the head of `after` is a sentence of its own though nothing stands before it
/// ("لم تُحفظ تغييراتك هل تريد المتابعة؟"). "هل" is always the first word of its clause, so the clause before is at an end;
/// an indirect question is told by the verb before it or by not ending with a question mark.
pub(super) fn begins_question(before: &str, after: &str, lists: Lists<'_>) -> bool {
    // Shorter beginnings are interjections and adverbs. Longer questions are looked at no further: the walk stays linear.
    const STATEMENT: usize = 3;
    const LONGEST: usize = 240;
    let visible = after.chars().take(3 * LONGEST).filter(|c| !is_invisible(*c) && !is_mark(*c)).take(LONGEST);
    let mut letters = visible.clone();
    if !(letters.next() == Some('ه') && letters.next() == Some('ل') && letters.next().is_some_and(char::is_whitespace))
    {
        return false;
    }
    let last = last_token(before.trim_end());
    let begin = before.char_indices().nth(LONGEST).map_or(before, |(at, _)| &before[..at]);
    let mut words = begin.split_whitespace();
    // "بالإضافة إلى السعال هل …": the question takes its beginning from an adverb.
    words.next().is_some_and(|first| !lists.has(first, Role::Indirect))
        && words.take(STATEMENT - 1).count() == STATEMENT - 1
        && !lists.has(last, Role::Indirect)
        && !lists.has(last, Role::Link)
        && visible
            .into_iter()
            .find(|c| matches!(c, '.' | '!' | '؟' | '?' | '…' | ':' | '؛'))
            .is_some_and(|c| matches!(c, '؟' | '?'))
}

/// Whether the sentence goes on behind a report that trails off ("همس: «ادخلي…» ثم سكت"): with a conjunction or another word
/// that leans on what was said. Waw may be a letter of the word; then the sentence goes on as well.
fn goes_on(opening: &Opening<'_>, lists: Lists<'_>) -> bool {
    let word = opening.word();
    word.starts_with(['و', 'ف']) || lists.has(word, Role::Link)
}

/// What an abbreviation before a single full stop says; `None`: there is none.
fn abbreviation(stop: &Stop<'_>, opening: &Opening<'_>, lists: Lists<'_>) -> Option<bool> {
    let token = last_token(stop.before);
    let first = opening.first.unwrap_or(' ');
    let last = token.chars().rev().find(|c| !is_invisible(*c) && !is_mark(*c))?;
    if !is_arabic(last) {
        // A Latin stretch inside Arabic follows the English rules; where Arabic begins again, an abbreviation that may end
        // a sentence goes by the Arabic first words, and a letter is rather the end ("لغة C.") than an initial.
        let english = Lists { shipped: Abbreviations::of(Lang::En), added: lists.added };
        if is_arabic(first) {
            let open = english.has(token, Role::Never) || english.has(token, Role::End) || token.contains('.');
            return if open && last.is_alphabetic() && en::abbreviation(stop, english).is_some() {
                Some(lists.has(opening.word(), Role::Start))
            } else {
                None
            };
        }
        let goes_on = !stop.closed && last.is_alphabetic() && first.is_lowercase();
        return en::abbreviation(stop, english).or(goes_on.then_some(false));
    }
    let earlier = stop.before[..stop.before.len() - token.len()]
        .trim_end_matches(|c: char| c.is_whitespace() || is_invisible(c) || is_mark(c));
    let behind_number = earlier.chars().next_back().is_some_and(char::is_numeric);
    // "50 كم/س." is a unit as well.
    if (lists.has(token, Role::Unit) && behind_number) || earlier.ends_with('/') {
        return None;
    }
    let begins = || lists.has(opening.word(), Role::Start);
    if lists.has(token, Role::Number) && first.is_numeric() {
        return Some(false);
    }
    if lists.has(token, Role::Initial) {
        // "بي بي سي." is a name of letters, and only "سي." behind another word is an initial.
        let before = last_token(earlier);
        if lists.has(before, Role::Lettered) {
            return None;
        }
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
