//! A title that runs into the article: the first sentence of a paragraph is parted where the news begins.
//!
//! Where a text lost the line break between a headline and the news, the news says the same once more: a cut is made before
//! a word that opens news when content words of the part before it come back right behind it. Each condition here leaves
//! titles standing rather than cutting a sentence: titles are found in a third of the cases, and sentences of running text
//! are not cut.
//!
//! An Arabic headline is a nominal sentence ("الوزارة تعلن …") or a verb in the present; the news opens with a verb ("أعلنت
//! الوزارة …"). English news open with a capital behind a word that no comma or stop follows ("… plans The ministry said").

use super::abbreviation::{Lists, Role};
use super::character::{is_arabic, is_invisible, is_mark, is_word};
use crate::lang::Lang;
use std::collections::BTreeSet;

/// Words that a title has.
const TITLE: std::ops::RangeInclusive<usize> = 4..=22;
/// A title and its news have no fewer words.
const SHORTEST: usize = 14;
/// Words of the news in which the title comes back.
const WINDOW: usize = 14;
/// Different content words that come back.
const REPEATED: usize = 2;

/// Where the news begins in `sentence`, the first of a paragraph that has more.
pub(super) fn end(lang: Lang, sentence: &str, lists: Lists<'_>) -> Option<usize> {
    let mut at = 0;
    let words: Vec<(usize, &str)> = sentence
        .split_inclusive(char::is_whitespace)
        .map(|piece| {
            at += piece.len();
            (at - piece.len(), piece.trim_end())
        })
        .filter(|(_, word)| !word.is_empty())
        .take(TITLE.end() + WINDOW)
        .collect();
    if words.len() < SHORTEST || (lang == Lang::Ar && !is_title_start(words[0].1, lists)) {
        return None;
    }
    let stems: Vec<Option<String>> = words.iter().map(|(_, word)| stem(lang, word, lists)).collect();
    let mut best: Option<(usize, usize)> = None;
    for cut in TITLE {
        if cut + 4 > words.len() {
            break;
        }
        let opens = is_whole(words[cut - 1].1, lists)
            && match lang {
                Lang::Ar => opens_news(&words[cut..], lists),
                Lang::En => opens_english_news(&words[..cut], &words[cut..], lists),
            };
        if !opens {
            continue;
        }
        let before: BTreeSet<&String> = stems[..cut].iter().flatten().collect();
        let behind: BTreeSet<&String> = stems[cut..].iter().take(WINDOW).flatten().collect();
        let repeated = before.intersection(&behind).count();
        // A verb in the present stands behind its subject as well ("المؤشر يشير"): one word more must come again.
        let present = lang == Lang::Ar && words[cut].1.starts_with('ي');
        if repeated >= REPEATED + usize::from(present) && best.is_none_or(|(most, _)| repeated > most) {
            best = Some((repeated, words[cut].0));
        }
    }
    best.map(|(_, at)| at)
}

/// A title opens neither with a particle nor with a verb in the past; "قد" before the present ("may") is usual.
fn is_title_start(word: &str, lists: Lists<'_>) -> bool {
    let word = bare(word);
    word == "قد" || !(lists.has(word, Role::Link) || (lists.has(word, Role::Lead) && !word.starts_with('ي')))
}

/// Whether a title may end with `word`: it neither leans on what follows nor has a comma or a colon behind it.
fn is_whole(word: &str, lists: Lists<'_>) -> bool {
    let seen = word.chars().rev().find(|c| !is_mark(*c) && !is_invisible(*c));
    !lists.has(bare(word), Role::Link)
        && seen.is_some_and(|c| is_word(c) || matches!(c, '"' | '\'' | '’' | '»' | '”' | ')' | '%' | '٪'))
}

/// Whether the first of `words` is a verb that opens news, and not an attribute of the noun before it, which the pronoun
/// gives away ("بيانًا أعلنت فيه").
fn opens_news(words: &[(usize, &str)], lists: Lists<'_>) -> bool {
    let verb = words[0].1;
    let is_letter = |c: char| is_arabic(c) || is_mark(c) || is_invisible(c);
    if !verb.chars().all(is_letter) || !lists.has(verb, Role::Lead) {
        return false;
    }
    let attribute = |(_, word): &(usize, &str)| lists.has(bare(word), Role::Resumptive);
    let passive = |(_, word): &(usize, &str)| {
        let object = folded(bare(word));
        matches!(folded(verb).as_str(), "تم" | "تمت" | "جري" | "جرت")
            && object.chars().count() > 3
            && (object.ends_with('\u{0647}' /* heh */) || object.ends_with("ها"))
            && !bare(word).trim_end_matches(is_mark).ends_with('ة')
    };
    !words[1..].iter().take(3).any(attribute) && !words.get(1).is_some_and(passive)
}

/// Whether the first of `words` is a capitalized word that opens sentences. Where the title gives every long word a capital,
/// the word behind must have none ("Farmers Plant Early | A farmer was …"; but "Farmers Plant | In Spring").
fn opens_english_news(title: &[(usize, &str)], words: &[(usize, &str)], lists: Lists<'_>) -> bool {
    const LONG: usize = 4;
    let word = words[0].1;
    let is_opener = word != "I" && word.starts_with(char::is_uppercase) && lists.has(word, Role::Start);
    let small = |(_, word): &(usize, &str)| word.starts_with(char::is_lowercase);
    is_opener && (title.iter().any(|word| word.1.len() >= LONG && small(word)) || words.get(1).is_some_and(small))
}

/// The word without the punctuation around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !is_word(c) && !is_mark(c))
}

/// Letters and digits in one spelling: without diacritics, hamza on alif, alif maqsura, teh marbuta.
fn folded(word: &str) -> String {
    word.chars()
        .filter(|c| is_word(*c) && *c != '\u{0640}' /* tatweel */)
        .map(|c| match c {
            'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
            'ى' | 'ئ' => 'ي',
            'ؤ' => 'و',
            'ة' => 'ه',
            c => c,
        })
        .collect()
}

/// What two forms of a content word share, roughly (light stemming as in Larkey, Ballesteros and Connell 2002, "light10",
/// with the feminine ending; English endings only): `None` for particles and what is too short.
fn stem(lang: Lang, word: &str, lists: Lists<'_>) -> Option<String> {
    let word = bare(word);
    if lists.has(word, Role::Link) || word.len() > 64 {
        return None;
    }
    if lang == Lang::En {
        let whole = word.to_lowercase();
        let whole = whole.trim_end_matches("'s").trim_end_matches("’s");
        let ending = ["ing", "ers", "ed", "es", "er", "s", "e"].into_iter().find_map(|e| whole.strip_suffix(e));
        let rest = ending.filter(|rest| rest.len() >= 3).unwrap_or(whole);
        return (rest.len() >= 3).then(|| rest.to_owned());
    }
    let whole = folded(word);
    let length = |w: &str| w.chars().count();
    if whole.chars().all(char::is_numeric) {
        return (length(&whole) >= 2).then_some(whole);
    }
    if length(&whole) < 3 {
        return None;
    }
    let mut rest = whole.as_str();
    if let Some(joined) = rest.strip_prefix(['و', 'ف'])
        && length(joined) >= 3
    {
        rest = joined;
    }
    let article = ["بال", "كال", "ال", "لل"].into_iter().find_map(|a| rest.strip_prefix(a).filter(|r| length(r) >= 3));
    rest = article.unwrap_or(rest);
    if length(rest) >= 5 {
        rest = rest.strip_prefix(['ب', 'ل', 'ك']).unwrap_or(rest);
        let ending =
            ["ات", "ون", "ين", "ان", "يه", "ها", "هم", "ه", "ي"].into_iter().find_map(|e| rest.strip_suffix(e));
        rest = ending.unwrap_or(rest);
    }
    if length(rest) >= 4 {
        rest = rest.strip_suffix(['ه', 'ت', 'ي']).unwrap_or(rest);
    }
    (length(rest) >= 2).then(|| rest.to_owned())
}
