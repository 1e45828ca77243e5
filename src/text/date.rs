//! Dates: months in the three naming habits of Arabic, the Hijri months, weekdays.

use super::number::Number;
use super::token::{FoldedWords, Token, TokenKind, fold_word};
use crate::lang::Lang;
use foldhash::{HashMap, HashMapExt};
use std::ops::Range;
use std::sync::LazyLock;

/// A month of one of the two calendars, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Month {
    /// January is 1.
    Gregorian(u8),
    /// Muharram is 1.
    Hijri(u8),
}

/// A date as far as the text tells it: a named month, or a numeric date with a year of four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Date {
    /// The day of the month, 1 to 31, where it is told.
    pub day: Option<u8>,
    /// The month.
    pub month: Month,
    /// The year of the month's calendar, where it is told.
    pub year: Option<u32>,
}

/// A date where it stands: the numbers of the tokens that tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatePlace {
    /// What it tells.
    pub date: Date,
    /// The token of the day; none in numbers alone.
    pub day: Option<usize>,
    /// The tokens of the month's name, perhaps of several words or in two habits side by side; of a date in numbers alone all.
    pub month: Range<usize>,
    /// The token of the year; none in numbers alone.
    pub year: Option<usize>,
    /// Whether it is written in numbers alone.
    pub numeric: bool,
}

/// The dates that `tokens` (of one text) tell, in their order, for each the index of the first token of its month.
///
/// The day is looked for in the two tokens before the month, in English also after it; the year up to three tokens
/// after it. Numeric dates are `d/m/y`, `y/m/d` and `y-m-d`; of `d/m/y` the first two change places where that alone
/// gives a month.
///
/// ```
/// use dhakira::lang::Lang;
/// use dhakira::text::{Date, Month, dates, tokens};
/// let august = Some((Date { day: Some(31), month: Month::Gregorian(8), year: Some(2021) }, 1));
/// for (lang, text) in [
///     (Lang::Ar, "31 أغسطس 2021"),
///     (Lang::Ar, "٣١ آب/أغسطس ٢٠٢١"),
///     (Lang::Ar, "31 أوت 2021"),
///     (Lang::En, "31 August 2021"),
/// ] {
///     assert_eq!(dates(lang, &tokens(text)).pop(), august, "{text}");
/// }
/// ```
pub fn dates(lang: Lang, tokens: &[Token<'_>]) -> Vec<(Date, usize)> {
    date_places(lang, tokens).into_iter().map(|place| (place.date, place.month.start)).collect()
}

/// The same with the tokens that tell each of them.
///
/// ```
/// use dhakira::lang::Lang;
/// use dhakira::text::{date_places, tokens};
/// let tokens = tokens("في ٣١ آب/أغسطس ٢٠٢١");
/// let place = date_places(Lang::Ar, &tokens).remove(0);
/// assert_eq!((place.day, place.month, place.year), (Some(1), 2..5, Some(5)));
/// ```
pub fn date_places(lang: Lang, tokens: &[Token<'_>]) -> Vec<DatePlace> {
    date_places_among(lang, tokens, &FoldedWords::new(tokens))
}

/// The same, where the words are folded already.
pub(crate) fn date_places_among(lang: Lang, tokens: &[Token<'_>], words: &FoldedWords) -> Vec<DatePlace> {
    let number = |at: usize| -> Option<u32> {
        let token = tokens.get(at).filter(|t| t.kind == TokenKind::Number)?;
        Number::parse(token.text)?.small()
    };
    let day = |at: usize| {
        let value = number(at).filter(|d| (1..=31).contains(d)).and_then(|d| u8::try_from(d).ok());
        value.map(|value| (value, at))
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if let Some((month, mut end)) = month_at(lang, tokens, words, at) {
            let start = at;
            // "آب/أغسطس": two habits side by side name one month.
            while let Some((again, after)) = month_at(lang, tokens, words, end + 1)
                && again == month
                && matches!(tokens[end].kind, TokenKind::Mark('/' | '(' | '—'))
            {
                end = after;
            }
            let before = (1..=2).filter_map(|back| at.checked_sub(back)).find_map(day);
            let after = if lang == Lang::En && before.is_none() { day(end) } else { None };
            let year =
                (end..end + 3).find_map(|a| number(a).filter(|y| (1000..=2999).contains(y)).map(|year| (year, a)));
            let told = before.or(after);
            let date = Date { day: told.map(|d| d.0), month, year: year.map(|y| y.0) };
            let certain = date.day.is_some() || date.year.is_some();
            if certain || !is_ambiguous(lang, words.get(at).unwrap_or_default(), tokens[at].text, at) {
                let (day, year) = (told.map(|d| d.1), year.map(|y| y.1));
                found.push(DatePlace { date, day, month: start..end, year, numeric: false });
            }
            at = end;
        } else if let Some(date) = numeric(tokens, at, &number) {
            found.push(DatePlace { date, day: None, month: at..at + 5, year: None, numeric: true });
            at += 5;
        } else {
            at += 1;
        }
    }
    found
}

/// The weekday that a word names, 0 for Sunday; `None` for any other word.
///
/// `الأحد` and `الاثنين` are weekdays only with their article, English ones only with a capital.
///
/// ```
/// use dhakira::lang::Lang;
/// use dhakira::text::weekday;
/// assert_eq!(weekday(Lang::Ar, "الثُّلاثاء"), weekday(Lang::En, "Tuesday"));
/// assert_eq!(weekday(Lang::Ar, "أحد"), None);
/// ```
pub fn weekday(lang: Lang, word: &str) -> Option<u8> {
    folded_weekday(lang, word, &fold_word(word))
}

/// The same of a word that is folded already.
pub(crate) fn folded_weekday(lang: Lang, word: &str, folded: &str) -> Option<u8> {
    let index = match lang {
        Lang::En => {
            let bare = folded.strip_suffix("'s").or_else(|| folded.strip_suffix('s')).unwrap_or(folded);
            let capital = word.chars().next().is_some_and(char::is_uppercase);
            ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
                .iter()
                .position(|d| capital && *d == bare)
        }
        Lang::Ar => {
            let bare = folded.strip_prefix(['و', 'ف', 'ب', 'ك']).filter(|w| w.starts_with("ال")).unwrap_or(folded);
            ["الاحد", "الاثنين", "الثلاثاء", "الاربعاء", "الخميس", "الجمعه", "السبت"].iter().position(|d| *d == bare)
        }
    };
    index.and_then(|i| u8::try_from(i).ok())
}

/// The month that begins at a token, and the index behind it.
fn month_at(lang: Lang, tokens: &[Token<'_>], words: &FoldedWords, at: usize) -> Option<(Month, usize)> {
    let word = words.get(at).filter(|w| !w.is_empty())?;
    if tokens[at].kind != TokenKind::Word(lang) {
        return None;
    }
    let find = |first: &str| {
        let names = BY_FIRST_WORD.get(&(lang, first))?;
        names.iter().find_map(|(month, rest)| {
            let fits = rest.iter().enumerate().all(|(i, p)| words.get(at + 1 + i).is_some_and(|w| w == *p));
            fits.then(|| (*month, at + 1 + rest.len()))
        })
    };
    match lang {
        Lang::En if !tokens[at].text.starts_with(char::is_uppercase) => None,
        Lang::En => find(word),
        Lang::Ar => find(word).or_else(|| {
            let bare = word.strip_prefix(['و', 'ف', 'ب', 'ل', 'ك'])?;
            // A month of one or two letters behind a glued letter is more often another word.
            (bare.chars().count() > 3).then(|| find(bare)).flatten()
        }),
    }
}

/// Names that are other words, too: they are months only beside a day or a year (`May` also inside a sentence).
fn is_ambiguous(lang: Lang, folded: &str, written: &str, at: usize) -> bool {
    match lang {
        Lang::En => ["march", "may"].contains(&folded) && (at == 0 || written.chars().all(char::is_uppercase)),
        Lang::Ar => ["اب", "مارس", "ماي", "رجب", "شعبان", "صفر", "نيسان", "رمضان"].contains(&folded),
    }
}

fn numeric(tokens: &[Token<'_>], at: usize, number: &impl Fn(usize) -> Option<u32>) -> Option<Date> {
    let glued = tokens.get(at..at + 5)?.windows(2).all(|pair| pair[0].span.end == pair[1].span.start);
    let slash = |i: usize| tokens[i].kind == TokenKind::Mark('/');
    if !glued || !slash(at + 1) || !slash(at + 3) {
        return None;
    }
    let (a, b, c) = (number(at)?, number(at + 2)?, number(at + 4)?);
    let (day, month, year) = match (a, b, c) {
        (1000..=2999, 1..=12, 1..=31) => (c, b, a),
        (1..=31, 1..=12, 1000..=2999) => (a, b, c),
        (1..=12, 13..=31, 1000..=2999) => (b, a, c),
        _ => return None,
    };
    let month = u8::try_from(month).ok()?;
    // Years before 1700 are Hijri: numeric dates are those of living calendars.
    let month = if year < 1700 { Month::Hijri(month) } else { Month::Gregorian(month) };
    Some(Date { day: u8::try_from(day).ok(), month, year: Some(year) })
}

type Names = Vec<(Month, Vec<&'static str>)>;

/// Each name under its language and first word, with its month and its other words.
static BY_FIRST_WORD: LazyLock<HashMap<(Lang, &str), Names>> = LazyLock::new(|| {
    let mut names: HashMap<(Lang, &str), Names> = HashMap::new();
    for (month, arabic, english) in MONTHS {
        for (lang, list) in [(Lang::Ar, arabic), (Lang::En, english)] {
            for name in list.split(", ") {
                let mut words = name.split(' ');
                if let Some(first) = words.next() {
                    names.entry((lang, first)).or_default().push((*month, words.collect()));
                }
            }
        }
    }
    names
});

/// The months: Arabic names (Egypt and the Gulf, the Levant and Iraq, the Maghreb; spellings folded as `fold_word` does),
/// English names. Names: Unicode CLDR 46 (`ar`, `ar-SY`, `ar-MA`, `ar-DZ`; Unicode License v3), and the spellings that
/// newspapers of these countries use beside them.
const MONTHS: &[(Month, &str, &str)] = &[
    (Month::Gregorian(1), "يناير, كانون الثاني, كانون ثاني, جانفي", "january, jan"),
    (Month::Gregorian(2), "فبراير, شباط, فيفري", "february, feb"),
    (Month::Gregorian(3), "مارس, اذار", "march, mar"),
    (Month::Gregorian(4), "ابريل, نيسان, افريل", "april, apr"),
    (Month::Gregorian(5), "مايو, ايار, ماي", "may"),
    (Month::Gregorian(6), "يونيو, يونيه, حزيران, جوان", "june, jun"),
    (Month::Gregorian(7), "يوليو, يوليه, تموز, جويليه, يوليوز", "july, jul"),
    (Month::Gregorian(8), "اغسطس, اب, اوت, غشت", "august, aug"),
    (Month::Gregorian(9), "سبتمبر, ايلول, شتنبر", "september, sep, sept"),
    (Month::Gregorian(10), "اكتوبر, تشرين الاول, تشرين اول", "october, oct"),
    (Month::Gregorian(11), "نوفمبر, تشرين الثاني, تشرين ثاني, نونبر", "november, nov"),
    (Month::Gregorian(12), "ديسمبر, كانون الاول, كانون اول, دجنبر", "december, dec"),
    (Month::Hijri(1), "المحرم, محرم", "muharram"),
    (Month::Hijri(2), "صفر", "safar"),
    (Month::Hijri(3), "ربيع الاول, ربيع اول", "rabi al awwal, rabi i"),
    (Month::Hijri(4), "ربيع الاخر, ربيع الثاني, ربيع ثاني", "rabi al thani, rabi ii"),
    (Month::Hijri(5), "جمادي الاولي, جمادي الاول", "jumada al awwal, jumada al ula, jumada i"),
    (Month::Hijri(6), "جمادي الاخره, جمادي الثانيه, جمادي الاخر", "jumada al thani, jumada al akhirah, jumada ii"),
    (Month::Hijri(7), "رجب", "rajab"),
    (Month::Hijri(8), "شعبان", "shaban, sha'ban"),
    (Month::Hijri(9), "رمضان", "ramadan, ramadhan"),
    (Month::Hijri(10), "شوال", "shawwal"),
    (Month::Hijri(11), "ذو القعده, ذي القعده", "dhu al qidah, dhul qidah, dhu al qadah"),
    (Month::Hijri(12), "ذو الحجه, ذي الحجه", "dhu al hijjah, dhul hijjah, dhu al hijja"),
];

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;
    use Month::{Gregorian, Hijri};

    fn check(lang: Lang, text: &str, expected: &[(Option<u8>, Month, Option<u32>)]) {
        let found: Vec<_> = dates(lang, &tokens(text)).into_iter().map(|(d, _)| (d.day, d.month, d.year)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_three_habits_name_the_same_months() {
        let habits = [
            "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
            "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول",
            "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر",
        ];
        for habit in habits {
            for (i, name) in habit.split(' ').enumerate() {
                let text = format!("3 {} ٢٠٢١", name.replace('_', " "));
                check(Lang::Ar, &text, &[(Some(3), Gregorian(i as u8 + 1), Some(2021))]);
            }
        }
    }

    #[test]
    fn dates_are_found_where_they_stand() {
        check(Lang::Ar, "الثلاثاء 31 أغسطس 2021", &[(Some(31), Gregorian(8), Some(2021))]);
        check(Lang::Ar, "في 1 رمضان 1442 هـ", &[(Some(1), Hijri(9), Some(1442))]);
        check(Lang::Ar, "ربيع الآخر ١٤٤٣", &[(None, Hijri(4), Some(1443))]);
        check(Lang::Ar, "بنوفمبر المقبل", &[(None, Gregorian(11), None)]);
        check(Lang::Ar, "مارس عمله", &[]);
        check(Lang::Ar, "في 31/8/2021", &[(Some(31), Gregorian(8), Some(2021))]);
        check(Lang::Ar, "كتب أب", &[]);
        check(Lang::En, "On August 31, 2021 he", &[(Some(31), Gregorian(8), Some(2021))]);
        check(Lang::En, "May he live", &[]);
        check(Lang::En, "in May he left", &[(None, Gregorian(5), None)]);
        check(Lang::En, "8/31/2021", &[(Some(31), Gregorian(8), Some(2021))]);
        check(Lang::En, "they march", &[]);
    }
}
