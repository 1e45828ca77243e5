//! Numbers that one side has and the other has not, by value; in doubt none.
//!
//! Translations write numbers in words, shift them between clocks, calendars and scales, and drop small ones; so a number
//! counts as lacking only when nothing on the other side can be it.

use super::character::references;
use super::placeholder::{Placeholder, PlaceholderKind};
use super::script::is_tashkeel;
use crate::lang::Lang;
use crate::text::{Month, Number, Token, TokenKind, dates, digit, number_word_runs, tokens};
use std::ops::Range;

/// A number that the text writes in digits and that the other side should have.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Written {
    /// The canonical value of [`Number`].
    value: String,
    /// Its digits without separators, where a separator before three digits could mean either.
    digits: Option<String>,
    /// The numbers that a list or a version is made of.
    parts: Vec<String>,
    range: Range<usize>,
}

/// What a side says in numbers.
#[derive(Debug, Default)]
struct Said {
    required: Vec<Written>,
    /// Every value that stands there in any way.
    values: Vec<String>,
    digits: Vec<String>,
    /// Number words whose value may be part of a greater one: `ثلاثمئة وخمسون ألفًا`, `2 million`.
    scales: bool,
    /// Number words at all.
    words: usize,
    clock: bool,
    hijri: bool,
}

/// The numbers of each side that the other lacks, as they are written; Arabic first. Empty lists for no finding.
pub(super) fn difference(
    ar: (&str, &[Placeholder]),
    en: (&str, &[Placeholder]),
) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let none = (Vec::new(), Vec::new());
    if !has_digit(ar.0) && !has_digit(en.0) {
        return none;
    }
    // “%50” is a percentage where English has no such placeholder.
    let numbered = |p: &Placeholder| matches!(p.kind, PlaceholderKind::Numbered(_));
    let keep = en.1.iter().any(numbered);
    let masks = |side: (&str, &[Placeholder])| -> Vec<Range<usize>> {
        let placeholders = side.1.iter().filter(|p| keep || !numbered(p)).map(|p| p.range.clone());
        placeholders.chain(references(side.0)).collect()
    };
    let (arabic, english) = (said(Lang::Ar, ar.0, &masks(ar)), said(Lang::En, en.0, &masks(en)));
    let mut lacking_in_en = lacking(&arabic, &english);
    let mut lacking_in_ar = lacking(&english, &arabic);
    let one_sided = lacking_in_en.is_empty() || lacking_in_ar.is_empty();
    if one_sided {
        // Alone, a small number may be an article, a dual, a word: “1 file” is “ملف”.
        lacking_in_en.retain(|w| is_telling(w) && !(english.words > 0 && english.scales));
        lacking_in_ar.retain(|w| is_telling(w) && !(arabic.words > 0 && arabic.scales));
    }
    let ranges = |list: Vec<&Written>| list.into_iter().map(|w| w.range.clone()).collect();
    (ranges(lacking_in_en), ranges(lacking_in_ar))
}

fn has_digit(text: &str) -> bool {
    text.contains(|c: char| digit(c).is_some())
}

/// Two digits or more.
fn is_telling(written: &Written) -> bool {
    written.value.len() >= 2
}

fn lacking<'w>(of: &'w Said, from: &Said) -> Vec<&'w Written> {
    of.required.iter().filter(|w| !is_said(w, of, from)).collect()
}

/// Whether `other` says the number in any way.
fn is_said(written: &Written, own: &Said, other: &Said) -> bool {
    if other.values.contains(&written.value) {
        return true;
    }
    if let Some(digits) = &written.digits
        && (other.digits.contains(digits) || other.values.contains(digits))
    {
        return true;
    }
    if !written.parts.is_empty() && written.parts.iter().all(|p| other.values.contains(p)) {
        return true;
    }
    if other.digits.contains(&written.value) {
        return true;
    }
    let Ok(value) = written.value.parse::<f64>() else { return false };
    // A number word of hundreds or more on the other side: its sum is not known here.
    if other.scales && other.words > 0 && value >= 100.0 {
        return true;
    }
    // “an hour and a half”
    if value.fract() == 0.5 && other.values.iter().any(|v| v == "0.5") {
        return true;
    }
    let year = |v: f64| (1000.0..3000.0).contains(&v) && v.fract() == 0.0;
    other.values.iter().filter_map(|v| v.parse::<f64>().ok()).any(|v| {
        let scaled = |a: f64, b: f64| [1e2, 1e3, 1e6, 1e9, 1e12].iter().any(|s| (a * s - b).abs() <= 1e-9 * b.abs());
        (own.scales || other.scales) && (scaled(value, v) || scaled(v, value))
            || (own.clock || other.clock) && (value - v).abs() == 12.0 && value <= 24.0 && v <= 24.0
            // “1998–99”, “’68”
            || year(v) && v % 100.0 == value
            || year(value) && value % 100.0 == v && v >= 10.0
            || own.hijri != other.hijri && value >= 100.0 && v >= 100.0
    })
}

fn said(lang: Lang, text: &str, masks: &[Range<usize>]) -> Said {
    let masked = |t: &Token<'_>| masks.iter().any(|m| m.start < t.span.end && t.span.start < m.end);
    let tokens: Vec<Token<'_>> = tokens(text).into_iter().filter(|t| !masked(t)).collect();
    let mut said = Said::default();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Number => number(&mut said, text, &tokens, at),
            TokenKind::Word(of) => word(&mut said, of, text, token),
            _ => {}
        }
    }
    let runs = number_word_runs(lang, &tokens);
    said.words += runs.len();
    said.scales |= runs.iter().any(|n| n.small().is_none_or(|v| v >= 100));
    said.values.extend(runs.iter().map(|n| n.as_str().to_owned()));
    sums(&mut said, lang, &tokens);
    for (date, _) in dates(lang, &tokens) {
        let (Month::Gregorian(month) | Month::Hijri(month)) = date.month;
        said.values.push(month.to_string());
        said.values.extend(date.day.map(|d| d.to_string()));
    }
    said
}

fn number(said: &mut Said, text: &str, tokens: &[Token<'_>], at: usize) {
    let token = &tokens[at];
    let Some(value) = Number::parse(token.text) else { return };
    let parts: Vec<&str> = token.text.split(|c: char| digit(c).is_none()).collect();
    let digits = bare_digits(token.text);
    // “50 000” is one number, or two.
    if let Some(next) = tokens.get(at + 1)
        && next.kind == TokenKind::Number
        && text[token.span.end..next.span.start] == *" "
        && token.text.chars().all(|c| digit(c).is_some())
        && next.text.chars().count() == 3
        && let Some(behind) = Number::parse(next.text)
    {
        let joined = bare_digits(token.text) + &bare_digits(next.text);
        let joined = joined.trim_start_matches('0').to_owned();
        said.digits.push(joined.clone());
        said.values.push(value.as_str().to_owned());
        said.required.push(Written {
            value: joined,
            digits: None,
            parts: vec![value.as_str().to_owned(), behind.as_str().to_owned()],
            range: token.span.start..next.span.end,
        });
        return;
    }
    if said.required.last().is_some_and(|w| w.range.end == token.span.end) {
        said.values.push(value.as_str().to_owned());
        return;
    }
    let grouped = parts.len() > 1 && parts[1..].iter().all(|p| p.chars().count() == 3);
    let range = token.span.clone();
    // “1،2،3” is a list, “1.2.3” a version: the parts are what can be compared.
    if parts.len() > 2 && !grouped {
        let parts: Vec<String> = parts.into_iter().filter_map(Number::parse).map(|n| n.as_str().to_owned()).collect();
        said.values.extend(parts.iter().cloned());
        said.digits.push(digits.clone());
        said.required.push(Written { value: value.as_str().to_owned(), digits: Some(digits), parts, range });
        return;
    }
    said.values.push(value.as_str().to_owned());
    if grouped {
        said.digits.push(digits.clone());
    }
    said.clock |= text[range.end..].starts_with(':') && text[range.end + 1..].starts_with(|c| digit(c).is_some());
    if is_name(text, tokens, at) {
        return;
    }
    // “1،0” is two numbers as well as a decimal fraction.
    let comma = token.text.contains([',', '،']) && parts.len() == 2;
    let parts: Vec<String> =
        parts.into_iter().filter(|_| comma).filter_map(Number::parse).map(|n| n.as_str().to_owned()).collect();
    said.values.extend(parts.iter().cloned());
    said.required.push(Written { value: value.as_str().to_owned(), digits: grouped.then_some(digits), parts, range });
}

/// The digits of `text` in ASCII, without what stands between them.
fn bare_digits(text: &str) -> String {
    text.chars().filter_map(digit).map(|value| char::from(b'0' + value)).collect()
}

/// Whether the digits are part of a name or an abbreviation (`MP3`, `COVID-19`, `3D`, `1960s`), which a translation may
/// write in letters.
fn is_name(text: &str, tokens: &[Token<'_>], at: usize) -> bool {
    let span = &tokens[at].span;
    let latin = |c: char| c.is_ascii_alphabetic();
    let before = text[..span.start].trim_end_matches(['-', '_', '.', '/', '\u{2011}']);
    if before.ends_with(latin) && (before.len() < span.start || text[..span.start].ends_with(latin)) {
        return true;
    }
    match tokens.get(at + 1) {
        Some(next) if next.span.start == span.end && next.kind == TokenKind::Word(Lang::En) => {
            next.text == "s" || next.text.chars().count() == 1
        }
        _ => text[span.end..].starts_with(['\'', '’']) && text[span.end..].chars().nth(1) == Some('s'),
    }
}

/// What a fraction is in percent, in minutes and as a decimal.
const HALF: [&str; 3] = ["50", "30", "0.5"];
const QUARTER: [&str; 6] = ["25", "15", "45", "75", "0.25", "0.75"];
const THIRD: [&str; 4] = ["33", "20", "40", "66"];

fn fraction(said: &mut Said, values: &[&str]) {
    said.values.extend(values.iter().map(|v| (*v).to_owned()));
}

/// Every number word by itself, and every sum of a ten and a unit, however they are joined (`الثاني و العشرون`,
/// `twenty-second`, `الثالثة وعشرون دقيقة`).
fn sums(said: &mut Said, lang: Lang, tokens: &[Token<'_>]) {
    let mut units = Vec::new();
    let mut tens = Vec::new();
    for token in tokens.iter().filter(|t| t.kind == TokenKind::Word(lang)) {
        let alone = number_word_runs(lang, std::slice::from_ref(token)).first().and_then(Number::small);
        match alone.or_else(|| first_or_second(lang, token.text)) {
            Some(unit @ 1..=9) => units.push(unit),
            Some(ten @ 10..=90) => tens.push(ten),
            _ => {}
        }
    }
    for ten in &tens {
        said.values.push(ten.to_string());
        said.values.extend(units.iter().map(|unit| (ten + unit).to_string()));
    }
    said.values.extend(units.iter().filter(|u| **u > 2).map(u32::to_string));
}

/// The words for one and two, which stand for a number only beside a ten.
fn first_or_second(lang: Lang, word: &str) -> Option<u32> {
    match lang {
        Lang::En => match word.to_ascii_lowercase().as_str() {
            "one" | "first" => Some(1),
            "second" => Some(2),
            _ => None,
        },
        Lang::Ar => {
            let bare: String = word.chars().filter(|c| !is_tashkeel(*c)).collect();
            match bare.trim_start_matches(['و', 'ب', 'ل', 'ف']).trim_start_matches("ال") {
                "حادي" | "حادية" | "احد" | "احدة" | "إحدى" | "احدى" | "أحد" | "واحد" | "واحدة" => {
                    Some(1)
                }
                "ثاني" | "ثانية" | "ثان" | "اثنا" | "اثني" | "اثنتا" | "اثنتي" | "إثنا" | "إثني" => {
                    Some(2)
                }
                _ => None,
            }
        }
    }
}

/// The value of a Roman numeral in capitals, up to the hundreds.
fn roman(word: &str) -> Option<u32> {
    let value = |c: char| match c {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        'L' => Some(50),
        'C' => Some(100),
        _ => None,
    };
    let values: Vec<u32> = word.chars().take(10).map(value).collect::<Option<_>>()?;
    let sum = values.iter().enumerate().fold(0i64, |sum, (at, v)| {
        let less = values.get(at + 1).is_some_and(|next| next > v);
        sum + if less { -i64::from(*v) } else { i64::from(*v) }
    });
    u32::try_from(sum).ok()
}

/// Words that say something about the numbers around them.
fn word(said: &mut Said, of: Lang, text: &str, token: &Token<'_>) {
    match of {
        Lang::En => {
            said.values.extend(roman(token.text).map(|v| v.to_string()));
            let word = token.text.to_ascii_lowercase();
            match word.as_str() {
                "hundred" | "hundreds" | "thousand" | "thousands" | "million" | "millions" | "billion" | "billions"
                | "trillion" | "trillions" | "bn" | "mn" | "m" | "k" => said.scales = true,
                "dozen" | "dozens" => said.values.extend(["12", "24"].map(str::to_owned)),
                "decade" | "decades" => said.values.extend(["10", "20"].map(str::to_owned)),
                "half" => fraction(said, &HALF),
                "quarter" | "quarters" => fraction(said, &QUARTER),
                "third" | "thirds" => fraction(said, &THIRD),
                "am" | "pm" | "noon" | "midnight" | "o'clock" => said.clock = true,
                "a" | "p" if text[token.span.end..].starts_with(".m") => said.clock = true,
                "ah" | "hijri" => said.hijri = true,
                _ => {}
            }
        }
        Lang::Ar => {
            let word: String = token
                .text
                .chars()
                .filter(|c| !is_tashkeel(*c))
                .map(|c| if matches!(c, 'أ' | 'إ' | 'آ' | 'ٱ') { 'ا' } else { c })
                .collect();
            let bare = word.trim_end_matches('\u{0640}');
            let unglued = bare.trim_start_matches(['و', 'ب', 'ل', 'ف', 'ك']);
            let stem = unglued.strip_prefix("ال").unwrap_or(unglued);
            // Duals and compounds of hundreds (`مئتين`, `ثلاثمائة`, `ألفان`) are no words of the number table.
            let scale = ["مليون", "ملايين", "مليار", "بليون", "تريليون"].iter().any(|s| stem.starts_with(s))
                || [stem, unglued].iter().any(|w| ["الف", "الفا", "الفان", "الفين", "الفي", "الاف", "الوف"].contains(w))
                || [
                    "مئة",
                    "مائة",
                    "مئتي",
                    "مائتي",
                    "مئتا",
                    "مائتا",
                    "مئتين",
                    "مائتين",
                    "مئتان",
                    "مائتان",
                    "مئات",
                    "مية",
                ]
                .iter()
                .any(|s| bare.ends_with(s));
            if scale {
                said.scales = true;
                said.words += 1;
            }
            match stem {
                "نصف" => fraction(said, &HALF),
                "ربع" | "ربعا" => fraction(said, &QUARTER),
                "دزينة" => said.values.extend(["12", "24"].map(str::to_owned)),
                "عقد" | "عقدا" | "عقدين" | "عقدان" => {
                    said.values.extend(["10", "20"].map(str::to_owned))
                }
                "ثلث" | "ثلثا" | "ثلثي" | "ثلثين" => fraction(said, &THIRD),
                "صباحا" | "مساء" | "ظهرا" | "ليلا" | "عصرا" | "ساعة" | "صباح" | "ص" | "م" => {
                    said.clock = true
                }
                "ه" | "هجري" | "هجرية" if word != "ه" || token.text.contains('\u{0640}') => {
                    said.hijri = true
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::placeholder::placeholders;

    #[test]
    fn numbers_are_compared_by_value() {
        let check = |ar: &str, en: &str, ar_only: &[&str], en_only: &[&str]| {
            let (a, e) = difference((ar, &placeholders(ar)), (en, &placeholders(en)));
            let a: Vec<&str> = a.into_iter().map(|r| &ar[r]).collect();
            let e: Vec<&str> = e.into_iter().map(|r| &en[r]).collect();
            assert_eq!((a.as_slice(), e.as_slice()), (ar_only, en_only), "{ar} | {en}");
        };
        check("المادة ١٨١", "Article 181", &[], &[]);
        check("المادة ١٨٢", "Article 181", &["١٨٢"], &["181"]);
        check("المادة １８٢", "Article", &["１８٢"], &[]);
        check("١٬٢٠٠ كتاب", "1,200 books", &[], &[]);
        check("1.200 كتاب", "1,200 books", &[], &[]);
        check("٣٫٥٪", "3.5%", &[], &[]);
        check("ملف واحد", "1 file", &[], &[]);
        check("خمسة عشر كتابًا", "15 books", &[], &[]);
        check("مئتا كتاب وخمسون", "250 books", &[], &[]);
        check("مليونا كتاب", "2,000,000 books", &[], &[]);
        check("1.5 مليون", "1,500,000", &[], &[]);
        check("في الساعة 15:30", "at 3:30 pm", &[], &[]);
        check("5 مايو 2020", "5/5/2020", &[], &[]);
        check("سنة 1442هـ", "in 2021", &[], &[]);
        check("عام 1998", "in 1998–99", &[], &["99"]);
        check("الستينيات", "the 1960s", &[], &[]);
        check("ملفات إم بي ثري", "MP3 files", &[], &[]);
        check("صدر العدد", "Issue 47 is out", &[], &["47"]);
        check("%1$s في 10", "%1$s at 10", &[], &[]);
        check("1،2،3", "1, 2, 3", &[], &[]);
        check("الثّاني و العشرون", "22nd", &[], &[]);
        check("الحادي والثلاثين", "31st", &[], &[]);
        check("الثاني عشر", "12th", &[], &[]);
        check("السادسة و النصف", "6:30", &[], &[]);
        check("الثالثة وعشرون دقيقة", "3:20", &[], &[]);
        check("المجموعة 12", "Group XII", &[], &[]);
        check("ما الجديد", "What&#8217;s new", &[], &[]);
        check("50 000 كتاب", "50,000 books", &[], &[]);
        check("50 100 كتاب", "50,000 books", &["50 100"], &["50,000"]);
        check("(1،0)", "(0,1)", &[], &[]);
        check("ساعة ونصف الساعة", "1.5 hours", &[], &[]);
        check("في القرن الواحد والعشرين", "in the 21st century", &[], &[]);
        check("قبل ألفَيْ عام", "2,000 years ago", &[], &[]);
        check("أكثر من 10 سنوات", "more than a decade", &[], &[]);
    }
}
