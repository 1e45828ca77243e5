//! Lines that are nothing but a date, in the ways that Arabic and English newspapers write one.

use super::fold::fold;
use crate::lang::Lang;
use std::collections::HashMap;
use std::sync::LazyLock;

/// When an article was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Date {
    /// As the source writes it.
    pub text: String,
    /// The day as `2021-08-31` (ISO 8601), where it could be read beyond doubt; Hijri dates alone are not converted.
    pub iso: Option<String>,
    /// The time of day as `22:49`, where one is written; its zone is in `text`, if anywhere.
    pub time: Option<String>,
}

/// Longest date line in words, both calendars and a label included.
const WORDS: usize = 22;

/// The twelve months as Arabic papers write them: the Egyptian and Gulf habit, then the Levantine and Iraqi one, then the
/// Tunisian and Algerian one, then the Moroccan one, then English.
const MONTHS: [&str; 12] = [
    "يناير|كانون الثاني|جانفي|january|jan",
    "فبراير|شباط|فيفري|february|feb",
    "مارس|آذار|march|mar",
    "أبريل|إبريل|نيسان|أفريل|april|apr",
    "مايو|أيار|ماي|may",
    "يونيو|يونية|حزيران|جوان|june|jun",
    "يوليو|يولية|تموز|جويلية|يوليوز|july|jul",
    "أغسطس|آب|أوت|غشت|august|aug",
    "سبتمبر|أيلول|شتنبر|september|sept|sep",
    "أكتوبر|تشرين الأول|october|oct",
    "نوفمبر|تشرين الثاني|نونبر|november|nov",
    "ديسمبر|كانون الأول|دجنبر|december|dec",
];

/// The months of the Hijri year; known so that a line with both calendars is a date line.
const HIJRI: &str = "محرم|المحرم|صفر|ربيع الأول|ربيع الآخر|ربيع الثاني|جمادى الأولى|جمادى الأول|جمادى الآخرة|جمادى الثانية|\
رجب|شعبان|رمضان|شوال|ذو القعدة|ذي القعدة|ذو الحجة|ذي الحجة|muharram|safar|rabi al awwal|rabi al thani|jumada al awwal|\
jumada al thani|rajab|shaban|ramadan|shawwal|dhu al qadah|dhu al hijjah";

const WEEKDAYS: &str = "السبت|الأحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|saturday|sunday|monday|tuesday|wednesday|\
thursday|friday|sat|sun|mon|tue|tues|wed|thu|thur|thurs|fri";

/// Words that stand beside a date and say nothing else.
const FILLERS: &str = "يوم|في|من|شهر|عام|سنة|الساعة|الموافق|بتوقيت|مكة|المكرمة|غرينتش|جرينتش|القاهرة|بيروت|الرياض|التاريخ|تاريخ|\
نشر|نشرت|النشر|آخر|تحديث|التحديث|تم|هـ|ه|ميلادي|هجري|مساء|صباحا|ظهرا|و|published|publish|updated|update|last|posted|modified|\
first|created|on|at|of|the|date|time|gmt|utc|bst|est|edt|et|pst|pdt|pt|cet|ast|st|nd|rd|th|a|p|m|am|pm|h|hrs|ah|ce|z|t";

/// Words that say that the date is that of a later change.
const CHANGES: &str = "آخر|تحديث|التحديث|updated|update|modified";

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(u32, usize),
    Month(usize),
    Hijri,
    Weekday,
    /// `true` for the afternoon.
    Half(bool),
    /// م: afternoon behind a time, else "of the Common Era".
    Mim,
    /// هـ: what precedes it is a Hijri year.
    Era,
    Filler,
    Sign(char),
}

/// The date, if `line` is one from end to end; and whether it calls itself the date of an update.
pub(super) fn parse(lang: Lang, line: &str) -> Option<(Date, bool)> {
    if line.len() > 400 || !line.chars().any(|c| digit(c).is_some()) || line.split_whitespace().nth(WORDS).is_some() {
        return None;
    }
    let (tokens, change) = tokens(line)?;
    let (time, tokens) = take_time(tokens);
    let iso = by_name(&tokens).or_else(|| by_numbers(lang, &tokens));
    let hijri = tokens.contains(&Token::Hijri) && tokens.iter().any(|t| matches!(t, Token::Number(..)));
    let known = match &iso {
        Some(found) => found.is_ok(),
        None => hijri,
    };
    let iso = iso.and_then(Result::ok).flatten();
    known.then(|| (Date { text: super::collapse(line), iso, time }, change))
}

/// The day of an ISO 8601 date or date-time, as metadata writes it, and its time.
pub(super) fn machine(text: &str) -> Option<Date> {
    let text = text.trim();
    let whole = || Date { text: text.to_owned(), iso: None, time: None };
    let day = text.get(..10)?;
    let mut parts = day.split('-');
    let (y, m, d) = (parts.next()?, parts.next()?, parts.next()?);
    if (y.len(), m.len(), d.len()) != (4, 2, 2) {
        return None;
    }
    let iso = iso(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?)?;
    let clock = text.get(11..16).filter(|t| {
        let b = t.as_bytes();
        b[2] == b':' && [0, 1, 3, 4].iter().all(|&i| b[i].is_ascii_digit())
    });
    Some(Date { iso: Some(iso), time: clock.map(str::to_owned), ..whole() })
}

/// What each folded word or run of words of a date line is, and whether it speaks of a later change.
static KNOWN: LazyLock<HashMap<String, (Token, bool)>> = LazyLock::new(|| {
    let mut known = HashMap::new();
    let mut add = |list: &str, token: Token| {
        for entry in list.split('|').map(fold).filter(|e| !e.is_empty()) {
            known.entry(entry).or_insert((token.clone(), false));
        }
    };
    for (month, names) in MONTHS.iter().enumerate() {
        add(names, Token::Month(month));
    }
    add(HIJRI, Token::Hijri);
    add(WEEKDAYS, Token::Weekday);
    add("م", Token::Mim);
    add("ص|صباحا|am|a", Token::Half(false)); // "p.m." comes as two words with a sign between them
    add("مساء|pm|p", Token::Half(true));
    add("ه|ah", Token::Era);
    add(FILLERS, Token::Filler);
    for word in CHANGES.split('|') {
        if let Some((_, change)) = known.get_mut(&fold(word)) {
            *change = true;
        }
    }
    known
});

fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '\u{0660}'..='\u{0669}' => Some(c as u32 - 0x0660),
        '\u{06F0}'..='\u{06F9}' => Some(c as u32 - 0x06F0),
        _ => None,
    }
}

/// The line's tokens, and whether one speaks of a change; `None` as soon as a word is not one of a date line.
fn tokens(line: &str) -> Option<(Vec<Token>, bool)> {
    let mut tokens = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut change = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        if let Some(first) = digit(c) {
            let (mut value, mut digits) = (first, 1);
            while let Some(next) = chars.peek().copied().and_then(digit) {
                value = value.saturating_mul(10).saturating_add(next);
                digits += 1;
                chars.next();
            }
            name(&mut words, &mut tokens, &mut change)?;
            tokens.push(Token::Number(value, digits));
        } else if c.is_alphabetic() {
            let mut word = String::from(c);
            while let Some(next) = chars.next_if(|c| c.is_alphabetic() || is_mark(*c)) {
                word.push(next);
            }
            words.push(fold(&word));
            if words.len() > 8 {
                name(&mut words, &mut tokens, &mut change)?; // a sentence: seen at its first words
            }
        } else if matches!(c, ':' | '/' | '-' | '.') {
            name(&mut words, &mut tokens, &mut change)?;
            tokens.push(Token::Sign(c));
        } else if !(c.is_whitespace() || "،,|–—()[]•·+".contains(c) || is_mark(c)) {
            return None;
        }
    }
    name(&mut words, &mut tokens, &mut change)?;
    Some((tokens, change))
}

/// Tashkeel, tatweel, and the invisible marks of direction.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}')
        || matches!(c, '\u{2066}'..='\u{2069}' | '\u{061C}' | '\u{FEFF}')
}

/// Names the words gathered so far: months of two or three words first.
fn name(words: &mut Vec<String>, tokens: &mut Vec<Token>, change: &mut bool) -> Option<()> {
    let mut at = 0;
    while at < words.len() {
        let (length, (token, changes)) = (1..=3.min(words.len() - at))
            .rev()
            .find_map(|length| Some((length, KNOWN.get(&words[at..at + length].join(" "))?)))?;
        tokens.push(token.clone());
        *change |= *changes;
        at += length;
    }
    words.clear();
    Some(())
}

/// Takes `10:49 م`, `م 10:49` or `22:49` out of the tokens.
fn take_time(tokens: Vec<Token>) -> (Option<String>, Vec<Token>) {
    use Token::{Half, Mim, Number, Sign};
    for at in 0..tokens.len() {
        let [Number(hour, _), Sign(':' | '.'), Number(minute, 2), ..] = &tokens[at..] else { continue };
        let colon = tokens[at + 1] == Sign(':');
        if *hour > 24 || *minute > 59 || (!colon && !matches!(tokens.get(at + 3), Some(Half(_) | Mim))) {
            continue;
        }
        let mut end = at + 3;
        if let [Sign(':'), Number(_, 2), ..] = &tokens[end..] {
            end += 2;
        }
        let half = |token: Option<&Token>| match token {
            Some(Half(after)) => Some(*after),
            Some(Mim) => Some(true),
            _ => None,
        };
        let mut start = at;
        let mut afternoon = half(tokens.get(end));
        if afternoon.is_some() {
            end += 1;
        } else if at > 0 && matches!(tokens[at - 1], Half(_)) {
            afternoon = half(tokens.get(at - 1));
            start -= 1;
        }
        let hour = match afternoon {
            Some(true) if *hour < 12 => hour + 12,
            Some(false) if *hour == 12 => 0,
            _ => *hour,
        };
        let rest = tokens[..start].iter().chain(&tokens[end..]).cloned().collect();
        return (Some(format!("{hour:02}:{minute:02}")), rest);
    }
    (None, tokens)
}

/// A day written with its month's name: `Ok(None)` where the month is there and the day or year is not to be told,
/// `Err` where the line is no date after all.
fn by_name(tokens: &[Token]) -> Option<Result<Option<String>, ()>> {
    let words: Vec<&Token> =
        tokens.iter().filter(|t| !matches!(t, Token::Sign(_) | Token::Filler | Token::Weekday)).collect();
    let at = words.iter().position(|t| matches!(t, Token::Month(_)))?;
    let Token::Month(month) = words[at] else { return None };
    // Two names of one month ("فبراير/ شباط") are one month; two months are a span of time, not a date.
    if words.iter().any(|t| matches!(t, Token::Month(other) if other != month)) {
        return Some(Err(()));
    }
    let mut after = at + 1;
    while matches!(words.get(after), Some(Token::Month(_))) {
        after += 1;
    }
    let number = |i: usize| match words.get(i) {
        Some(Token::Number(n, _)) => Some(*n),
        _ => None,
    };
    let before = at.checked_sub(1).and_then(number).filter(|n| (1..=31).contains(n));
    let (day, year) = match (before, number(after), number(after + 1)) {
        (Some(day), Some(year), _) if year > 31 => (day, year),
        (_, Some(day), Some(year)) if day <= 31 => (day, year),
        _ => return Some(Err(())),
    };
    if words.iter().skip(after).take(3).any(|t| matches!(t, Token::Era)) && year < 1700 {
        return Some(Ok(None));
    }
    Some(iso(year, *month as u32 + 1, day).map(Some).ok_or(()))
}

/// A day in numbers alone: `2021-08-31`, `31/8/2021`; the order of day and month is the language's habit in Arabic, and
/// told by a number above 12 in English.
fn by_numbers(lang: Lang, tokens: &[Token]) -> Option<Result<Option<String>, ()>> {
    use Token::{Number, Sign};
    for at in 0..tokens.len() {
        let [Number(a, first), Sign(s), Number(b, _), Sign(t), Number(c, last), ..] = &tokens[at..] else { continue };
        if s != t || *s == ':' {
            continue;
        }
        return match (first, last) {
            (4, 1..=2) => Some(iso(*a, *b, *c).map(Some).ok_or(())),
            (1..=2, 4) if *b > 12 => Some(iso(*c, *a, *b).map(Some).ok_or(())),
            (1..=2, 4) if *a > 12 || lang == Lang::Ar || a == b => Some(iso(*c, *b, *a).map(Some).ok_or(())),
            (1..=2, 4) => Some(if *a >= 1 && *b >= 1 { Ok(None) } else { Err(()) }),
            _ => Some(Err(())),
        };
    }
    None
}

fn iso(year: u32, month: u32, day: u32) -> Option<String> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    ((1700..=2200).contains(&year) && (1..=last).contains(&day)).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_lines() {
        let check = |line: &str, iso: &str, time: &str| {
            let lang = Lang::of_script(line).unwrap_or(Lang::Ar);
            let found = parse(lang, line).unwrap_or_else(|| panic!("{line} is a date")).0;
            assert_eq!(
                (found.iso.as_deref().unwrap_or(""), found.time.as_deref().unwrap_or("")),
                (iso, time),
                "{line}"
            );
        };
        check("10:49 م الثلاثاء 31 أغسطس 2021", "2021-08-31", "22:49");
        check("٠٨:١٥ ص - الأربعاء ٢ يونيو ٢٠٢١", "2021-06-02", "08:15");
        check("السبت، 5 شباط/فبراير 2022", "2022-02-05", "");
        check("الجمعة 7 كانون الثاني 2022", "2022-01-07", "");
        check("نشر في: 12 جانفي 2020 الساعة 18:30", "2020-01-12", "18:30");
        check("الإثنين 3 ماي 2021", "2021-05-03", "");
        check("الثلاثاء 23 محرم 1443 هـ - 31 أغسطس 2021 م", "2021-08-31", "");
        check("23 محرم 1443 هـ", "", "");
        check("31/8/2021", "2021-08-31", "");
        check("2021-08-31", "2021-08-31", "");
        check("آخر تحديث: 03/09/2020 - 14:35", "2020-09-03", "14:35");
        check("31 August 2021", "2021-08-31", "");
        check("Tuesday, August 31st, 2021", "2021-08-31", "");
        check("Published Aug. 3, 2021 at 9:05 p.m. ET", "2021-08-03", "21:05");
        check("Last updated: 14:35 GMT, 3 Sept 2020", "2020-09-03", "14:35");
        check("03 / 09 / 2020", "2020-09-03", "");
        assert_eq!(parse(Lang::En, "03/09/2020").unwrap().0.iso, None);
        assert!(parse(Lang::En, "Updated 3 May 2021").unwrap().1);
    }

    #[test]
    fn other_lines() {
        for line in [
            "",
            "2021",
            "في 27 أغسطس، نشرت الصحيفة تقريرا",
            "بين 3 مارس و 5 أبريل 2020",
            "31 فبراير 2021",
            "مارس 2020",
            "The 31 August 2021 decision",
            "May",
            "10:49",
            "1.2.3",
            "3-2",
        ] {
            assert_eq!(parse(Lang::of_script(line).unwrap_or(Lang::En), line), None, "{line}");
        }
    }

    #[test]
    fn metadata_dates() {
        let check = |text: &str, iso: Option<&str>, time: Option<&str>| {
            let found = machine(text);
            assert_eq!(found.as_ref().and_then(|d| d.iso.as_deref()), iso, "{text}");
            assert_eq!(found.as_ref().and_then(|d| d.time.as_deref()), time, "{text}");
        };
        check("2021-08-31T22:49:00+02:00", Some("2021-08-31"), Some("22:49"));
        check("2021-08-31", Some("2021-08-31"), None);
        check("31 August 2021", None, None);
        check("2021-13-31", None, None);
        check("أغسطس 2021", None, None);
    }

    proptest::proptest! {
        #[test]
        fn total(line: String, seed in "[0-9٠-٩/:. مصهـaفيpm،-]{0,40}") {
            for lang in Lang::BOTH {
                parse(lang, &line);
                parse(lang, &seed);
            }
            machine(&line);
        }
    }
}
