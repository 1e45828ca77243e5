//! Whether a number may take another's place without a word beside it having to change: counted nouns, articles.
//!
//! Arabic counts in one way with three to ten (`٣ كتب`), in another with eleven to ninety-nine (`١١ كتابًا`), in a third with
//! hundreds (`١٠٠ كتاب`); one and two are said by the noun itself. English knows one and all others. The classes are the plural
//! rules of Unicode CLDR 46 (`ar`, `en`), with what CLDR calls *other* parted again: `١٠١` and `١٠٢` are not like `١٠٠`. Within a class
//! nothing changes; across classes only where nothing is counted: before a stop, before a word that is never a noun, behind
//! what is numbered (`صفحة ٥`, `version 5`).

use super::numeral::Numeral;
use super::piece::{Item, Piece, PieceKind};
use crate::lang::Lang;

/// Where a number stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'p> {
    pub lang: Lang,
    /// The pieces of its text.
    pub pieces: &'p [Piece],
    /// Its own among them.
    pub at: usize,
}

impl<'p> Spot<'p> {
    /// The piece before it, spaces aside.
    fn before(&self) -> Option<&'p Piece> {
        self.pieces[..self.at].iter().rev().find(|piece| !piece.is_space())
    }
}

/// What a counted noun looks like beside a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Zero,
    One,
    Two,
    Few,
    Many,
    Hundreds,
    HundredAndOne,
    HundredAndTwo,
    Other,
}

fn class(lang: Lang, number: &Numeral) -> Class {
    let digits = number.whole_digits();
    match lang {
        Lang::En if digits == "1" && !number.has_fraction() => Class::One,
        Lang::En => Class::Other,
        Lang::Ar => {
            let hundred: u32 = digits[digits.len().saturating_sub(2)..].parse().unwrap_or(0);
            let small = digits.len() < 3;
            match hundred {
                0 if small => Class::Zero,
                0 => Class::Hundreds,
                1 if small => Class::One,
                1 => Class::HundredAndOne,
                2 if small => Class::Two,
                2 => Class::HundredAndTwo,
                3..=10 => Class::Few,
                _ => Class::Many,
            }
        }
    }
}

/// Whether `new` may stand in the target `there`, where the number `old` is. `here` is where the stored source has it; `ordinal`
/// says that one of the languages writes it as one: such a number counts nothing.
pub(super) fn agrees(new: &Numeral, old: &Numeral, there: &Spot<'_>, here: &Spot<'_>, ordinal: bool) -> bool {
    let &Spot { lang, pieces, at } = there;
    if lang == Lang::En
        && there.before().and_then(Piece::word).is_some_and(|word| word == "a" || word == "an")
        && (sound(old).is_none() || sound(old) != sound(new))
    {
        return false;
    }
    let (new_class, old_class) = (class(lang, new), class(lang, old));
    if new_class == old_class && new.has_fraction() == old.has_fraction() || ordinal {
        return true;
    }
    // “الـ٥” may stand behind a counted noun: one and two would change it.
    let small = |class: Class| matches!(class, Class::One | Class::Two);
    let glued = at > 0 && pieces[at - 1].word().is_some_and(|word| word == "ال");
    if lang == Lang::Ar && glued && (small(new_class) || small(old_class)) {
        return false;
    }
    is_year(there, new, old) || is_numbered(there) && is_numbered(here) || counts_nothing(lang, pieces, at)
}

/// How the number begins to the ear: with a vowel (*an 8-year-old*) or not. `None` where that depends on how it is read.
fn sound(number: &Numeral) -> Option<bool> {
    let digits = number.whole_digits();
    match (digits.as_bytes(), digits.len() % 3) {
        ([b'8', ..], _) => Some(true),
        ([b'1', b'1' | b'8', ..], 2) => Some(true),
        ([b'1', b'1' | b'8', ..], 1) if digits.len() == 4 => None, // eleven hundred, one thousand one hundred
        _ => Some(false),
    }
}

/// Whether what follows the number is no noun that it counts.
fn counts_nothing(lang: Lang, pieces: &[Piece], at: usize) -> bool {
    let Some(next) = pieces[at + 1..].iter().find(|piece| !piece.is_space()) else { return true };
    let glued = next.range.start == pieces[at].range.end;
    match &next.kind {
        PieceKind::Mark('%' | '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '…' | '/' | '\n') => true,
        // “5-year”, as an adjective; “5-7 books”, where the last one counts.
        PieceKind::Mark('-') => {
            let after = pieces.iter().find(|piece| piece.range.start == next.range.end);
            glued && (lang == Lang::En || after.is_some_and(|piece| matches!(piece.item(), Some(Item::Number { .. }))))
        }
        PieceKind::Mark('"') => glued,
        PieceKind::Word(of, word) if *of == lang => {
            let words: &[&str] = if lang == Lang::Ar { &ARABIC_FREE } else { &ENGLISH_FREE };
            words.contains(&&**word)
        }
        // Units in the other script: `٥ GB`.
        PieceKind::Word(Lang::En, word) => UNITS.contains(&&**word),
        _ => false,
    }
}

/// Whether what stands before the number is what it names: a page, a version. A noun that is counted may follow all the same
/// (`في الصفحة ٣ صور`), but then the other language says it otherwise.
fn is_numbered(spot: &Spot<'_>) -> bool {
    let labels: &[&str] = if spot.lang == Lang::Ar { &ARABIC_LABELS } else { &ENGLISH_LABELS };
    spot.before().and_then(Piece::word).is_some_and(|word| bare(spot.lang, word).any(|bare| labels.contains(&bare)))
}

/// Whether both are years behind a word for it.
fn is_year(spot: &Spot<'_>, new: &Numeral, old: &Numeral) -> bool {
    let year = |number: &Numeral| !number.has_fraction() && !number.is_grouped() && number.whole_digits().len() == 4;
    let word = spot.before().and_then(Piece::word);
    year(new) && year(old) && word.is_some_and(|word| bare(spot.lang, word).any(|bare| YEARS.contains(&bare)))
}

/// The word as it is, and an Arabic one without what may be glued before it: `و ف`, `ب ك ل`, the article.
fn bare(lang: Lang, word: &str) -> impl Iterator<Item = &str> {
    let glued = lang == Lang::Ar;
    let first = [Some(word), word.strip_prefix(['و', 'ف']).filter(|_| glued)].into_iter().flatten();
    let second =
        first.flat_map(move |word| [Some(word), word.strip_prefix(['ب', 'ك', 'ل']).filter(|_| glued)]).flatten();
    second.flat_map(|word| [Some(word), word.strip_prefix("ال"), word.strip_prefix('ل')]).flatten()
}

/// Words behind which no noun is counted by the number before them, and units that have no plural.
const ENGLISH_FREE: [&str; 60] = [
    "of", "to", "and", "or", "in", "on", "at", "from", "by", "with", "for", "than", "as", "until", "till", "through",
    "into", "out", "after", "before", "between", "if", "when", "because", "while", "percent", "per", "million",
    "billion", "thousand", "hundred", "trillion", "am", "pm", "km", "kg", "cm", "mm", "mg", "ml", "kb", "mb", "gb",
    "tb", "hz", "khz", "mhz", "ghz", "px", "pt", "dpi", "kw", "mw", "gw", "ad", "bc", "ah", "gmt", "utc", "ce",
];

const UNITS: [&str; 27] = [
    "km", "kg", "cm", "mm", "mg", "ml", "kb", "mb", "gb", "tb", "hz", "khz", "mhz", "ghz", "px", "pt", "dpi", "kw",
    "mw", "gw", "m", "g", "l", "k", "gmt", "utc", "w",
];

/// Folded as keys are.
const ARABIC_FREE: [&str; 32] = [
    "من",
    "الي",
    "في",
    "علي",
    "عن",
    "حتي",
    "او",
    "ام",
    "ثم",
    "بعد",
    "قبل",
    "بين",
    "مع",
    "عند",
    "منذ",
    "خلال",
    "ان",
    "اذا",
    "لان",
    "بالميه",
    "بالمايه",
    "بالمئه",
    "كم",
    "كلم",
    "كغ",
    "كجم",
    "سم",
    "مم",
    "ص",
    "م",
    "ه",
    "هـ",
];

/// What a number behind it names.
const ENGLISH_LABELS: [&str; 62] = [
    "page",
    "chapter",
    "section",
    "step",
    "version",
    "figure",
    "table",
    "level",
    "line",
    "row",
    "column",
    "article",
    "part",
    "volume",
    "number",
    "no",
    "room",
    "gate",
    "channel",
    "season",
    "episode",
    "phase",
    "grade",
    "class",
    "type",
    "port",
    "group",
    "tab",
    "slide",
    "question",
    "lesson",
    "unit",
    "floor",
    "route",
    "flight",
    "clause",
    "paragraph",
    "annex",
    "appendix",
    "act",
    "scene",
    "series",
    "round",
    "stage",
    "zone",
    "id",
    "code",
    "error",
    "disk",
    "drive",
    "track",
    "layer",
    "option",
    "resolution",
    "law",
    "decree",
    "document",
    "heading",
    "item",
    "rule",
    "form",
    "building",
];

/// Folded, without article.
const ARABIC_LABELS: [&str; 58] = [
    "صفحه",
    "فصل",
    "قسم",
    "باب",
    "ماده",
    "رقم",
    "اصدار",
    "خطوه",
    "شكل",
    "جدول",
    "مستوي",
    "سطر",
    "صف",
    "عمود",
    "بند",
    "جزء",
    "مجلد",
    "غرفه",
    "بوابه",
    "قناه",
    "موسم",
    "حلقه",
    "مرحله",
    "منفذ",
    "مجموعه",
    "لسان",
    "شريحه",
    "سوال",
    "درس",
    "وحده",
    "طابق",
    "خط",
    "رحله",
    "فقره",
    "ملحق",
    "مشهد",
    "جوله",
    "منطقه",
    "معرف",
    "رمز",
    "خطا",
    "قرص",
    "مسار",
    "طبقه",
    "خيار",
    "نسخه",
    "ترويسه",
    "مثال",
    "قرار",
    "قانون",
    "مرسوم",
    "وثيقه",
    "نموذج",
    "مبني",
    "شارع",
    "لوحه",
    "قاعده",
    "دور",
];

/// Behind these a number of four digits is a year.
const YEARS: [&str; 3] = ["عام", "سنه", "year"];

#[cfg(test)]
mod tests {
    use super::super::piece::{Signs, pieces};
    use super::*;

    /// The first number of the text becomes `new`; the other language has it in `source`.
    fn check_beside(lang: Lang, text: &str, source: &str, new: &str, expected: bool) {
        let first = |pieces: &[Piece]| {
            let number = |(at, piece): (usize, &Piece)| match piece.item() {
                Some(Item::Number { numeral, .. }) => Some((at, numeral.clone())),
                _ => None,
            };
            pieces.iter().enumerate().find_map(number).unwrap()
        };
        let (there, here) = (pieces(lang, text, Signs::default()), pieces(lang.other(), source, Signs::default()));
        let ((at, old), (from, _)) = (first(&there), first(&here));
        let there = Spot { lang, pieces: &there, at };
        let here = Spot { lang: lang.other(), pieces: &here, at: from };
        assert_eq!(agrees(&Numeral::read(new).unwrap(), &old, &there, &here, false), expected, "{text} {new}");
    }

    fn check(lang: Lang, text: &str, new: &str, expected: bool) {
        check_beside(lang, text, "5", new, expected);
    }

    #[test]
    fn counted_nouns_keep_their_form() {
        check(Lang::Ar, "قرأت 3 كتب", "7", true);
        check(Lang::Ar, "قرأت 3 كتب", "11", false);
        check(Lang::Ar, "قرأت 12 كتابا", "99", true);
        check(Lang::Ar, "قرأت 12 كتابا", "100", false);
        check(Lang::Ar, "قرأت 100 كتاب", "3000", true);
        check(Lang::Ar, "قرأت 100 كتاب", "101", false);
        check(Lang::Ar, "قرأت 103 كتب", "5", true);
        check(Lang::Ar, "قرأت 3 كتب", "2", false);
        check(Lang::Ar, "قرأت ٣٫٥ صفحة", "3", false);
        check(Lang::En, "I read 5 books", "2", true);
        check(Lang::En, "I read 5 books", "1", false);
        check(Lang::En, "I read 1 book", "2", false);
        check(Lang::En, "only 5 are left", "1", false);
        check(Lang::En, "only 5 are left", "6", true);
    }

    #[test]
    fn what_counts_nothing_is_free() {
        check_beside(Lang::Ar, "انظر صفحة 3 أولا", "See page 3 first", "11", true);
        check_beside(Lang::Ar, "في الصفحة 3 صور", "3 pictures on the page", "11", false);
        check_beside(Lang::Ar, "وبالإصدار 3 تحسينات", "In version 3 there are improvements", "11", true);
        check_beside(Lang::En, "page 5 is empty", "الصفحة 5 فارغة", "1", true);
        check(Lang::Ar, "زاد 3 في المئة", "11", true);
        check(Lang::Ar, "زاد 3%", "11", true);
        check(Lang::Ar, "في عام 2003 اجتمعوا", "2021", true);
        check(Lang::Ar, "في عام 2003 اجتمعوا", "21", false);
        check(Lang::Ar, "من 3 إلى 12 كتابا", "11", true);
        check(Lang::Ar, "العدد 3", "11", true);
        check(Lang::Ar, "الأيام الـ3 الماضية", "2", false);
        check(Lang::Ar, "حجمه 3 GB", "11", true);
        check(Lang::En, "5 of 10 files", "1", true);
        check(Lang::En, "a 5-year plan", "1", true);
        check(Lang::En, "a 5-year plan", "8", false);
        check(Lang::En, "an 8-year plan", "18", true);
        check(Lang::En, "a 1200-seat hall", "1100", false);
        check(Lang::En, "5 (new) files", "1", false);
        check(Lang::En, "Files: 5", "1", true);
    }
}
