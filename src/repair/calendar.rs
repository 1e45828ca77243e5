//! The names of months and weekdays as texts write them, in the habits of their countries.

use crate::lang::Lang;
use crate::text::{Month, key};

/// The months in the four habits of Arabic: Egypt and the Gulf; the Levant and Iraq; Tunisia and Algeria; Morocco.
/// Names: Unicode CLDR 46 (`ar`, `ar-SY`, `ar-DZ`, `ar-MA`; Unicode License v3).
const ARABIC: [[&str; 12]; 4] = [
    ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"],
    [
        "كانون الثاني",
        "شباط",
        "آذار",
        "نيسان",
        "أيار",
        "حزيران",
        "تموز",
        "آب",
        "أيلول",
        "تشرين الأول",
        "تشرين الثاني",
        "كانون الأول",
    ],
    ["جانفي", "فيفري", "مارس", "أفريل", "ماي", "جوان", "جويلية", "أوت", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"],
    ["يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر"],
];

/// Egypt's other spelling of two of them.
const OTHERWISE: [(u8, &str); 2] = [(6, "يونيه"), (7, "يوليه")];

const HIJRI: [&str; 12] = [
    "محرم",
    "صفر",
    "ربيع الأول",
    "ربيع الآخر",
    "جمادى الأولى",
    "جمادى الآخرة",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "ذي القعدة",
    "ذي الحجة",
];

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const ENGLISH_HIJRI: [&str; 12] = [
    "Muharram",
    "Safar",
    "Rabi al-Awwal",
    "Rabi al-Thani",
    "Jumada al-Awwal",
    "Jumada al-Thani",
    "Rajab",
    "Shaban",
    "Ramadan",
    "Shawwal",
    "Dhu al-Qidah",
    "Dhu al-Hijjah",
];

const ENGLISH_DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const ARABIC_DAYS: [&str; 7] = ["الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"];

/// The name of `new` in the habit in which `place` names `old`: a month's name, in Arabic perhaps behind a glued letter, or two
/// names with a stroke or a bracket between them. `others` are further names of months in the same text, which tell the habit where
/// `place` has a name that several share. `None` if `place` is nothing that is known here.
pub(super) fn month_like(lang: Lang, new: Month, old: Month, place: &str, others: &[&str]) -> Option<String> {
    match lang {
        Lang::Ar => arabic_month(new, old, place, others),
        Lang::En => english_month(new, old, place),
    }
}

fn same(a: &str, b: &str) -> bool {
    key(Lang::Ar, a) == key(Lang::Ar, b)
}

/// The letter glued before one of `names`, if that is what `place` is.
fn glued<'p>(place: &'p str, name: &str) -> Option<&'p str> {
    if same(place, name) {
        return Some("");
    }
    let first = place.chars().next().filter(|c| matches!(c, 'و' | 'ب' | 'ل' | 'ك' | 'ف'))?;
    let (prefix, rest) = place.split_at(first.len_utf8());
    same(rest, name).then_some(prefix)
}

fn arabic_month(new: Month, old: Month, place: &str, others: &[&str]) -> Option<String> {
    match (old, new) {
        (Month::Gregorian(old), Month::Gregorian(new)) => {
            let (old, new) = (usize::from(old).checked_sub(1)?, usize::from(new).checked_sub(1)?);
            // “آب/أغسطس”, “أغسطس (آب”
            if let Some((first, second)) = place.split_once(['/', '(']) {
                let habit = |name: &str| {
                    ARABIC.iter().position(|habit| habit.get(old).is_some_and(|n| glued(name, n).is_some()))
                };
                let (a, b) = (habit(first.trim())?, habit(second.trim())?);
                let prefix = glued(first.trim(), ARABIC[a].get(old)?)?;
                let slash = &place[first.trim_end().len()..place.len() - second.trim_start().len()];
                return Some(format!("{prefix}{}{slash}{}", ARABIC[a].get(new)?, ARABIC[b].get(new)?));
            }
            if let Some((_, name)) =
                OTHERWISE.iter().find(|(m, name)| usize::from(*m) == old + 1 && glued(place, name).is_some())
            {
                let prefix = glued(place, name)?;
                let other = OTHERWISE.iter().find(|(m, _)| usize::from(*m) == new + 1).map(|(_, name)| *name);
                return Some(format!("{prefix}{}", other.or(ARABIC[0].get(new).copied())?));
            }
            let fits = |habit: &&[&str; 12]| habit.get(old).is_some_and(|name| glued(place, name).is_some());
            let known = |habit: &&[&str; 12]| others.iter().all(|o| habit.iter().any(|name| glued(o, name).is_some()));
            let habit = ARABIC.iter().filter(fits).find(known).or_else(|| ARABIC.iter().find(fits))?;
            Some(format!("{}{}", glued(place, habit[old])?, habit.get(new)?))
        }
        (Month::Hijri(old), Month::Hijri(new)) => {
            let (old, new) = (usize::from(old).checked_sub(1)?, usize::from(new).checked_sub(1)?);
            let nominative = |name: &str| name.replacen("ذي ", "ذو ", 1);
            let name = *HIJRI.get(old)?;
            let other_names: &[&str] = match old {
                0 => &["المحرم"],
                3 => &["ربيع الثاني"],
                4 => &["جمادى الأول"],
                5 => &["جمادى الثانية"],
                _ => &[],
            };
            let prefix = glued(place, name)
                .or_else(|| glued(place, &nominative(name)))
                .or_else(|| other_names.iter().find_map(|name| glued(place, name)))?;
            let name = *HIJRI.get(new)?;
            let name = if place.contains("ذو") { nominative(name) } else { name.to_owned() };
            Some(format!("{prefix}{name}"))
        }
        _ => None,
    }
}

fn english_month(new: Month, old: Month, place: &str) -> Option<String> {
    let upper = place.chars().all(|c| !c.is_lowercase());
    let cased = |name: &str| if upper { name.to_uppercase() } else { name.to_owned() };
    match (old, new) {
        (Month::Gregorian(old), Month::Gregorian(new)) => {
            let (old, new) =
                (*ENGLISH.get(usize::from(old).checked_sub(1)?)?, *ENGLISH.get(usize::from(new).checked_sub(1)?)?);
            // May is as long as its abbreviation: then the full name is the usual one.
            match place.eq_ignore_ascii_case(old) {
                true => Some(cased(new)),
                false => Some(cased(new.get(..3)?)),
            }
        }
        (Month::Hijri(_), Month::Hijri(new)) => Some(cased(ENGLISH_HIJRI.get(usize::from(new).checked_sub(1)?)?)),
        _ => None,
    }
}

/// The name of a weekday in the place of another one, with the letter before it or the ending behind it that is there.
pub(super) fn weekday_like(lang: Lang, new: u8, old: u8, place: &str) -> Option<String> {
    let (new, old) = (usize::from(new), usize::from(old));
    match lang {
        Lang::Ar => {
            let prefix = glued(place, ARABIC_DAYS.get(old)?)?;
            Some(format!("{prefix}{}", ARABIC_DAYS.get(new)?))
        }
        Lang::En => {
            let name = ENGLISH_DAYS.get(old)?;
            let bare = place.get(..name.len()).filter(|bare| bare.eq_ignore_ascii_case(name))?;
            let upper = bare.chars().all(char::is_uppercase);
            let new = ENGLISH_DAYS.get(new)?;
            Some(format!("{}{}", if upper { new.to_uppercase() } else { (*new).to_owned() }, &place[name.len()..]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Month::{Gregorian, Hijri};

    #[test]
    fn months_keep_the_habit_of_the_place() {
        let check = |lang, new, old, place: &str, expected: Option<&str>| {
            assert_eq!(month_like(lang, new, old, place, &[]).as_deref(), expected, "{place}");
        };
        let g = Gregorian;
        check(Lang::Ar, g(9), g(8), "أغسطس", Some("سبتمبر"));
        check(Lang::Ar, g(9), g(8), "آب", Some("أيلول"));
        check(Lang::Ar, g(7), g(8), "أوت", Some("جويلية"));
        check(Lang::Ar, g(11), g(8), "غشت", Some("نونبر"));
        check(Lang::Ar, g(1), g(11), "تشرين الثاني", Some("كانون الثاني"));
        check(Lang::Ar, g(9), g(8), "آب/أغسطس", Some("أيلول/سبتمبر"));
        check(Lang::Ar, g(9), g(8), "أغسطس (آب", Some("سبتمبر (أيلول"));
        check(Lang::Ar, g(7), g(6), "يونيه", Some("يوليه"));
        check(Lang::Ar, g(5), g(11), "بنوفمبر", Some("بمايو"));
        check(Lang::Ar, g(4), g(10), "اكتوبر", Some("أبريل"));
        check(Lang::Ar, Hijri(12), Hijri(9), "رمضان", Some("ذي الحجة"));
        check(Lang::Ar, Hijri(11), Hijri(12), "ذو الحجة", Some("ذو القعدة"));
        check(Lang::Ar, g(5), Hijri(12), "ذو الحجة", None);
        check(Lang::En, g(9), g(8), "August", Some("September"));
        check(Lang::En, g(9), g(8), "Aug", Some("Sep"));
        check(Lang::En, g(9), g(5), "May", Some("September"));
        check(Lang::En, g(9), g(8), "AUGUST", Some("SEPTEMBER"));
        check(Lang::En, Hijri(1), Hijri(9), "Ramadan", Some("Muharram"));
        let morocco = month_like(Lang::Ar, g(8), g(3), "مارس", &["شتنبر"]);
        assert_eq!(morocco.as_deref(), Some("غشت"));
    }

    #[test]
    fn weekdays_keep_what_is_on_them() {
        assert_eq!(weekday_like(Lang::Ar, 0, 2, "والثلاثاء").as_deref(), Some("والأحد"));
        assert_eq!(weekday_like(Lang::En, 0, 2, "Tuesday's").as_deref(), Some("Sunday's"));
        assert_eq!(weekday_like(Lang::En, 0, 3, "Tuesday"), None);
    }
}
