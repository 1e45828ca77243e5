//! What the attributes of a unit say: dates and languages.

use crate::lang::LangTag;

/// The attributes of `<tu>` and `<tuv>` that are dates (TMX 1.4b).
pub(super) const DATES: [&str; 3] = ["creationdate", "changedate", "lastusagedate"];

/// Whether `text` is a date as TMX 1.4b wants it: `YYYYMMDDThhmmssZ` (ISO 8601 basic form, UTC).
pub(super) fn is_date(text: &str) -> bool {
    text.len() == 16 && text.as_bytes()[8] == b'T' && text.ends_with('Z') && read_date(text).as_deref() == Some(text)
}

/// The date that `text` means, in the form of TMX; `None` where it can be read in two ways or in none.
///
/// Read are the basic and extended forms of ISO 8601, with or without time, fraction and offset (a time without one is
/// taken as UTC), and the same with a space for the `T`. A year comes first: `05/04/2021` is two dates.
pub(super) fn read_date(text: &str) -> Option<String> {
    let text = text.trim();
    if !text.is_ascii() {
        return None;
    }
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(separator(rest, &['-', '/', '.']), 2)?;
    let (day, rest) = digits(separator(rest, &['-', '/', '.']), 2)?;
    let rest = rest.trim_start_matches(['T', 't', ' ']);
    let (mut minutes, mut second, mut zone) = (0, 0, rest);
    if let Some((hour, rest)) = digits(rest, 2) {
        let (minute, rest) = digits(separator(rest, &[':', '.']), 2)?;
        let (s, rest) = digits(separator(rest, &[':', '.']), 2).unwrap_or((0, rest));
        if hour > 23 || minute > 59 || s > 60 {
            return None;
        }
        (minutes, second, zone) = (i64::from(hour) * 60 + i64::from(minute), s.min(59), rest);
    }
    if let Some(fraction) = zone.strip_prefix(['.', ',']) {
        zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    minutes -= offset(zone.trim())?;
    if !(1..=12).contains(&month) || day < 1 || day > days_of(year, month) || year < 1900 {
        return None;
    }
    let days = days_from_epoch(year, month, day) + minutes.div_euclid(1440);
    let (year, month, day) = date_of(days);
    let minutes = minutes.rem_euclid(1440);
    Some(format!("{year:04}{month:02}{day:02}T{:02}{:02}{second:02}Z", minutes / 60, minutes % 60))
}

/// A number of exactly this many digits from the start of `text`, and what follows.
fn digits(text: &str, count: usize) -> Option<(u32, &str)> {
    let digits = text.get(..count).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
    Some((digits.parse().ok()?, &text[count..]))
}

fn separator<'t>(text: &'t str, any: &[char]) -> &'t str {
    text.strip_prefix(any).unwrap_or(text)
}

/// `Z`, nothing, `+03`, `+0300`, `+03:00` in minutes.
fn offset(zone: &str) -> Option<i64> {
    let sign = match zone.as_bytes().first() {
        None => return Some(0),
        Some(b'Z' | b'z') if zone.len() == 1 => return Some(0),
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return None,
    };
    let (hours, rest) = digits(&zone[1..], 2)?;
    let (minutes, rest) = digits(separator(rest, &[':']), 2).unwrap_or((0, rest));
    (rest.is_empty() && hours <= 14 && minutes <= 59).then(|| sign * (i64::from(hours) * 60 + i64::from(minutes)))
}

fn days_of(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar (H. Hinnant, “chrono-Compatible Low-Level Date Algorithms”,
/// `days_from_civil`).
fn days_from_epoch(year: u32, month: u32, day: u32) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (i64::from(month) + if month > 2 { -3 } else { 9 }) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The inverse (`civil_from_days`).
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// The two-letter codes of ISO 639-1.
const TWO_LETTERS: &str = " aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de \
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu iw \
    ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl \
    nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te \
    tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu ";

/// Whether `tag` can be a language: a two-letter code of ISO 639-1, three letters (ISO 639-2 and 639-3 have some eight
/// thousand, which are not told apart here), or a private one (`x-…`, `i-…`), with subtags of up to eight letters and
/// digits (RFC 5646 §2.1); `_` for `-` will do.
pub(super) fn is_language(tag: &LangTag) -> bool {
    let mut subtags = tag.as_str().trim().split(['-', '_']);
    let first = subtags.next().unwrap_or_default().to_ascii_lowercase();
    let letters = first.bytes().all(|b| b.is_ascii_lowercase());
    let private = matches!(first.as_str(), "x" | "i");
    let known = match first.len() {
        2 => letters && TWO_LETTERS.contains(&format!(" {first} ")),
        3 => letters,
        _ => private,
    };
    let mut rest = subtags.peekable();
    known
        && (!private || rest.peek().is_some())
        && rest.all(|s| (1..=8).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// The code of a language that is written as a name: `Arabic`, `English (United States)`, `العربية`.
pub(super) fn code_of_name(tag: &LangTag) -> Option<LangTag> {
    let name = tag.as_str().trim().to_lowercase();
    let name = name.split([' ', '(', '-', '_', ',']).next().unwrap_or_default();
    let code = match name {
        "arabic" | "arabe" | "arabisch" | "عربي" | "عربية" | "العربية" => "ar",
        "english" | "anglais" | "englisch" | "إنجليزي" | "انجليزي" | "الإنجليزية" | "الانجليزية" => {
            "en"
        }
        _ => return None,
    };
    Some(LangTag::new(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_leniently() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(read_date(text).as_deref(), expected, "{text}");
            assert_eq!(is_date(text), expected == Some(text), "{text}");
        };
        check("20210831T120000Z", Some("20210831T120000Z"));
        check("2021-08-31T12:00:00Z", Some("20210831T120000Z"));
        check("2021-08-31 12:00", Some("20210831T120000Z"));
        check("2021-08-31T01:30:00.123+03:00", Some("20210830T223000Z"));
        check("2021-12-31T23:30:00-0100", Some("20220101T003000Z"));
        check("20210831T120000", Some("20210831T120000Z"));
        check("20210831120000", Some("20210831T120000Z"));
        check("2021/08/31", Some("20210831T000000Z"));
        check("20240229", Some("20240229T000000Z"));
        check("20230229", None);
        check("31/08/2021", None);
        check("1630411200", None);
        check("20211331T120000Z", None);
        check("20210831T250000Z", None);
        check("20210831T120000Z and more", None);
        check("أمس", None);
        check("", None);
    }

    #[test]
    fn languages_are_known() {
        for tag in ["ar", "AR_sa", "en-US", "ara", "zh-Hant-TW", "x-klingon", "sr-Latn", "es-419"] {
            assert!(is_language(&LangTag::new(tag)), "{tag}");
        }
        for tag in ["", "xx", "Arabic", "English (US)", "a", "en-", "x", "*all*", "عربي", "en-verylongsubtag"] {
            assert!(!is_language(&LangTag::new(tag)), "{tag}");
        }
        assert_eq!(code_of_name(&LangTag::new("English (US)")), Some(LangTag::new("en")));
        assert_eq!(code_of_name(&LangTag::new("Klingon")), None);
    }
}
