//! Light stems: what stays of a word for the lexicon, the same for the words that it was made from and those looked up.
//!
//! Arabic follows light10 (Larkey, Ballesteros and Connell, "Light Stemming for Arabic Information Retrieval", 2007) with
//! the attached pronouns added; English takes away the endings of plurals and verbs. A stem is no word and is never shown:
//! what counts is that two forms of a word meet, so that a small lexicon knows more of them.

use crate::lang::Lang;
use crate::text::key;
use std::ops::Range;

/// The article with the letters that are written on to it, the longest first.
const ARTICLES: [&str; 10] = ["وبال", "وكال", "وال", "بال", "فال", "كال", "ولل", "فلل", "لل", "ال"];

/// Endings, of which the first that fits is taken away.
const ENDINGS: [&str; 16] =
    ["هما", "تين", "تان", "ها", "هم", "هن", "كم", "نا", "ات", "ون", "ين", "ان", "يه", "وا", "ه", "ي"];

/// The stem of a word, in any spelling.
///
/// ```
/// use dhakira::lang::Lang;
/// use dhakira::lexicon::stem;
/// assert_eq!(stem(Lang::Ar, "والمَدرَسة"), stem(Lang::Ar, "مدرسات"));
/// assert_eq!(stem(Lang::En, "Schools"), "school");
/// ```
pub fn stem(lang: Lang, word: &str) -> String {
    let mut folded = key(lang, word).into_string();
    match lang {
        Lang::Ar => {
            let stem = arabic(&folded);
            folded.truncate(stem.end);
            folded.drain(..stem.start);
            folded
        }
        Lang::En => english(folded),
    }
}

/// Whether `text` has at least `letters` of them.
fn has(text: &str, letters: usize) -> bool {
    text.chars().nth(letters - 1).is_some()
}

/// Where the stem of a word of a key is: two letters stay behind an article, three before an ending.
fn arabic(word: &str) -> Range<usize> {
    let article = ARTICLES.iter().find_map(|article| word.strip_prefix(article).filter(|rest| has(rest, 2)));
    let bare = article.unwrap_or_else(|| {
        let bare = word.strip_prefix('و').filter(|rest| has(rest, 3)).unwrap_or(word);
        bare.strip_prefix("لل").or(bare.strip_prefix("ال")).filter(|rest| has(rest, 3)).unwrap_or(bare)
    });
    let stem = ENDINGS.iter().find_map(|ending| bare.strip_suffix(ending).filter(|rest| has(rest, 3))).unwrap_or(bare);
    let start = word.len() - bare.len();
    start..start + stem.len()
}

/// Of a word of a key.
fn english(mut word: String) -> String {
    if word.contains('\'') {
        word = word.strip_suffix("'s").unwrap_or(&word).replace('\'', "");
    }
    if !word.is_ascii() {
        return word;
    }
    let mut stem = word;
    let ends = |stem: &str, ending: &str, more_than: usize| stem.len() > more_than && stem.ends_with(ending);
    if ends(&stem, "ies", 4) {
        stem.truncate(stem.len() - 3);
        stem.push('y');
        return stem;
    }
    if ends(&stem, "sses", 4) {
        stem.truncate(stem.len() - 2);
        return stem;
    }
    if ends(&stem, "s", 3) && !stem.ends_with("ss") && !stem.ends_with("us") {
        stem.pop();
    }
    if ends(&stem, "ing", 5) {
        stem.truncate(stem.len() - 3);
    } else if ends(&stem, "ed", 4) || ends(&stem, "ly", 4) {
        stem.truncate(stem.len() - 2);
    }
    if ends(&stem, "e", 4) {
        stem.pop();
    }
    if let [.., a, b] = *stem.as_bytes()
        && stem.len() > 4
        && a == b
        && !matches!(b, b'l' | b's')
    {
        stem.pop();
    }
    if ends(&stem, "i", 4) {
        stem.pop();
        stem.push('y');
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_meet() {
        for (lang, one, other) in [
            (Lang::Ar, "كتاب", "الكتاب"),
            (Lang::Ar, "كتاب", "وبالكتاب"),
            (Lang::Ar, "كتاب", "وكتابهم"),
            (Lang::Ar, "إدارة", "الادارات"),
            (Lang::Ar, "مسؤول", "المسؤولين"),
            (Lang::En, "study", "studies"),
            (Lang::En, "stopped", "stopping"),
            (Lang::En, "Create", "creating"),
            (Lang::En, "Cairo’s", "Cairo"),
            (Lang::En, "class", "classes"),
        ] {
            assert_eq!(stem(lang, one), stem(lang, other), "{one} {other}");
        }
        for (lang, one, other) in [(Lang::Ar, "ولد", "لد"), (Lang::Ar, "دان", "د"), (Lang::En, "bus", "bu")] {
            assert_ne!(stem(lang, one), stem(lang, other), "{one} {other}");
        }
        assert_eq!(stem(Lang::Ar, ""), "");
    }
}
