//! Numbers by value: digits of any family, and number words of both languages.

use super::token::{FoldedWords, Token, TokenKind, digit};
use crate::lang::Lang;
use foldhash::HashMap;
use std::sync::LazyLock;

/// A number by its value, exact at any length: `١٬٢٠٠٫٥٠`, `1,200.5` and `1200.5` are one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Number(Box<str>);

impl Number {
    /// The number that `text` writes with digits, whatever their family and separators; `None` if it is no number.
    ///
    /// Groups of three behind a comma, an Arabic thousands separator or a no-break space are thousands (`1,234`), and so
    /// are two or more such groups behind points (`1.234.567`); any other last separator is the decimal one, the comma
    /// of Maghrebi texts (`3,5`) too. What fits neither (`1.2.3`, a version) is no number.
    ///
    /// ```
    /// use dhakira::text::Number;
    /// assert_eq!(Number::parse("١٬٢٠٠٫٥٠"), Number::parse("1,200.5"));
    /// assert_eq!(Number::parse("٣،٥"), Number::parse("3.5"));
    /// assert_eq!(Number::parse("عشرون"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Number> {
        let mut groups: Vec<String> = vec![String::new()];
        let mut separators: Vec<char> = Vec::new();
        for c in text.trim().chars() {
            match digit(c) {
                Some(value) => groups.last_mut()?.push(char::from(b'0' + value)),
                None => {
                    separators.push(match c {
                        ',' | '\u{060C}' => ',',
                        '.' | '\u{066B}' => c,
                        '\u{066C}' | '\u{00A0}' | '\u{202F}' => '\u{066C}',
                        _ => return None,
                    });
                    groups.push(String::new());
                }
            }
        }
        if groups.iter().any(String::is_empty) {
            return None;
        }
        let decimal = separators.last().is_some_and(|&last| {
            let alone = separators.iter().filter(|&&s| s == last).count() == 1;
            let three = groups.last().is_some_and(|g| g.len() == 3);
            match last {
                '\u{066B}' => true,
                '.' => alone,
                ',' => alone && !(three && groups[0].len() <= 3),
                _ => false,
            }
        });
        let fraction = if decimal { groups.pop().unwrap_or_default() } else { String::new() };
        // What is neither thousands nor a fraction is a version, a section, a list: `1.2.3` is no 123.
        if groups[1..].iter().any(|group| group.len() != 3) {
            return None;
        }
        Some(Number::new(&groups.concat(), &fraction))
    }

    fn new(whole: &str, fraction: &str) -> Number {
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        let mut text = if whole.is_empty() { "0".to_owned() } else { whole.to_owned() };
        if !fraction.is_empty() {
            text.push('.');
            text.push_str(fraction);
        }
        Number(text.into())
    }

    /// The canonical decimal writing: ASCII digits, no sign, no grouping, no superfluous zero, `.` before a fraction.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value as a small whole number, if it is one.
    pub fn small(&self) -> Option<u32> {
        self.0.parse().ok()
    }
}

impl From<u32> for Number {
    fn from(value: u32) -> Number {
        Number(value.to_string().into())
    }
}

/// The values of the numbers that `tokens` (of one text) write in words, in their order.
///
/// ```
/// use dhakira::lang::Lang;
/// use dhakira::text::{Number, number_word_runs, tokens};
/// let ar = number_word_runs(Lang::Ar, &tokens("اجتماعها السادس والثلاثون"));
/// assert_eq!(ar, number_word_runs(Lang::En, &tokens("her thirty-sixth meeting")));
/// assert_eq!(ar, [Number::from(36)]);
/// ```
pub fn number_word_runs(lang: Lang, tokens: &[Token<'_>]) -> Vec<Number> {
    number_word_runs_among(lang, tokens, &FoldedWords::new(tokens))
}

/// The same, where the words are folded already.
pub(crate) fn number_word_runs_among(lang: Lang, tokens: &[Token<'_>], words: &FoldedWords) -> Vec<Number> {
    // Words of the other language say nothing.
    let word = |at: usize| -> &str {
        let own = tokens.get(at).is_some_and(|token| token.kind == TokenKind::Word(lang));
        if own { words.get(at).unwrap_or_default() } else { "" }
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match number_words(lang, &[word(at), word(at + 1)]) {
            Some((number, taken)) => {
                found.push(number);
                at += taken;
            }
            None => at += 1,
        }
    }
    found
}

/// A run of number words from the start of `words` (each folded): the value and how many words it takes.
///
/// Units and tens are added in the order of the language (`thirty-six`, `ستة وثلاثون`, `السادس والثلاثين`), teens are two
/// words in Arabic. Hundreds and above stand for themselves (a text may write `20 مليون`): the value of `million` is a
/// million. *One* and its ordinal are left out: both languages use them for other things all the time.
pub(super) fn number_words(lang: Lang, words: &[&str]) -> Option<(Number, usize)> {
    let value = |at: usize| words.get(at).and_then(|w| number_word(lang, w));
    let first = value(0)?;
    match lang {
        Lang::En => match (first, words.get(1).and_then(|w| unit_or_one(w))) {
            (20..=90, Some(unit)) => Some((Number::from(first + unit), 2)),
            _ => Some((Number::from(first), 1)),
        },
        Lang::Ar => {
            let next = words.get(1).copied().unwrap_or_default();
            if (2..10).contains(&first) && ["عشر", "عشره"].contains(&next) {
                return Some((Number::from(first + 10), 2));
            }
            let tens = next.strip_prefix('و').and_then(|w| number_word(lang, w));
            match (first, tens) {
                (2..10, Some(tens @ 20..=90)) => Some((Number::from(first + tens), 2)),
                _ => Some((Number::from(first), 1)),
            }
        }
    }
}

fn unit_or_one(word: &str) -> Option<u32> {
    match word {
        "one" | "first" => Some(1),
        _ => number_word(Lang::En, word).filter(|v| *v < 10),
    }
}

/// The value of one folded number word, cardinal or ordinal, an Arabic one also behind `و ف ب ك ل` and `ال`.
fn number_word(lang: Lang, word: &str) -> Option<u32> {
    match lang {
        Lang::En => ENGLISH_VALUES.get(word).copied(),
        Lang::Ar => {
            let find = |w: &str| ARABIC_VALUES.get(w).copied();
            let article = |w: &str| w.strip_prefix("ال").and_then(find);
            let glued = word.strip_prefix(['و', 'ف', 'ب', 'ك', 'ل']);
            find(word).or_else(|| article(word)).or_else(|| {
                let bare = glued?;
                find(bare).or_else(|| article(bare)).or_else(|| find(bare.strip_prefix('ل')?))
            })
        }
    }
}

static ENGLISH_VALUES: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| by_name(ENGLISH));
static ARABIC_VALUES: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| by_name(ARABIC));

fn by_name(table: &'static [(u32, &'static str)]) -> HashMap<&'static str, u32> {
    table.iter().flat_map(|(value, names)| names.split(' ').map(|name| (name, *value))).collect()
}

const ENGLISH: &[(u32, &str)] = &[
    (2, "two"),
    (3, "three third"),
    (4, "four fourth"),
    (5, "five fifth"),
    (6, "six sixth"),
    (7, "seven seventh"),
    (8, "eight eighth"),
    (9, "nine ninth"),
    (10, "ten tenth"),
    (11, "eleven eleventh"),
    (12, "twelve twelfth"),
    (13, "thirteen thirteenth"),
    (14, "fourteen fourteenth"),
    (15, "fifteen fifteenth"),
    (16, "sixteen sixteenth"),
    (17, "seventeen seventeenth"),
    (18, "eighteen eighteenth"),
    (19, "nineteen nineteenth"),
    (20, "twenty twentieth"),
    (30, "thirty thirtieth"),
    (40, "forty fortieth"),
    (50, "fifty fiftieth"),
    (60, "sixty sixtieth"),
    (70, "seventy seventieth"),
    (80, "eighty eightieth"),
    (90, "ninety ninetieth"),
    (100, "hundred hundreds hundredth"),
    (1000, "thousand thousands thousandth"),
    (1_000_000, "million millions"),
    (1_000_000_000, "billion billions"),
];

/// In the folded spelling of `fold_word`.
const ARABIC: &[(u32, &str)] = &[
    (2, "اثنان اثنين اثنتان اثنتين"),
    (3, "ثلاث ثلاثه ثالث ثالثه"),
    (4, "اربع اربعه رابع رابعه"),
    (5, "خمس خمسه خامس خامسه"),
    (6, "ست سته سادس سادسه"),
    (7, "سبع سبعه سابع سابعه"),
    (8, "ثمان ثماني ثمانيه ثامن ثامنه"),
    (9, "تسع تسعه تاسع تاسعه"),
    (10, "عشر عشره عاشر عاشره"),
    (20, "عشرون عشرين"),
    (30, "ثلاثون ثلاثين"),
    (40, "اربعون اربعين"),
    (50, "خمسون خمسين"),
    (60, "ستون ستين"),
    (70, "سبعون سبعين"),
    (80, "ثمانون ثمانين"),
    (90, "تسعون تسعين"),
    (100, "مايه ميه مييه مات ميات"),
    (1000, "الف الاف الوف الفا"),
    (1_000_000, "مليون ملايين مليونا"),
    (1_000_000_000, "مليار مليارات بليون"),
];

#[cfg(test)]
mod tests {
    use super::super::token::fold_word;
    use super::*;

    #[test]
    fn digits_of_any_family_are_one_value() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Number::parse(text).as_ref().map(Number::as_str), expected, "{text}");
        };
        check("٢٠٢١", Some("2021"));
        check("۲۰۲۱", Some("2021"));
        check("007", Some("7"));
        check("1,234", Some("1234"));
        check("1,234,567.80", Some("1234567.8"));
        check("1.234.567", Some("1234567"));
        check("1.5", Some("1.5"));
        check("3,5", Some("3.5"));
        check("٣٫٥", Some("3.5"));
        check("٢٠\u{00A0}٠٠٠", Some("20000"));
        check("0.0", Some("0"));
        check("1.2.3", None);
        check("12.3.456", None);
        check("1,,2", None);
        check("", None);
        check("x", None);
    }

    #[test]
    fn number_words_have_values() {
        let check = |lang, text: &str, expected: Option<(u32, usize)>| {
            let words: Vec<String> = text.split([' ', '-']).map(fold_word).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            assert_eq!(number_words(lang, &words), expected.map(|(v, n)| (Number::from(v), n)), "{text}");
        };
        check(Lang::En, "thirty-six", Some((36, 2)));
        check(Lang::En, "twenty-first", Some((21, 2)));
        check(Lang::En, "Twelve men", Some((12, 1)));
        check(Lang::En, "one", None);
        check(Lang::Ar, "السادس والثلاثين", Some((36, 2)));
        check(Lang::Ar, "خمسة عشر رجلًا", Some((15, 2)));
        check(Lang::Ar, "وعشرين", Some((20, 1)));
        check(Lang::Ar, "مليون", Some((1_000_000, 1)));
        check(Lang::Ar, "بألف", Some((1000, 1)));
        check(Lang::Ar, "كتاب", None);
    }
}
