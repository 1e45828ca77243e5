//! Care for a memory: what is wrong with a unit between Arabic and English, and what a machine may mend.
//!
//! [`check()`] says what is wrong with one unit, [`Repeats`] what is wrong across the units of a memory, and [`repair()`]
//! mends what [`Checks`] asks for. No file is known here. Tashkeel and tatweel never make a finding (but `tatweel`).
//!
//! | kind | example | severity | `repair` |
//! | --- | --- | --- | --- |
//! | `empty-side` | `نعم` : ` ` | error | |
//! | `missing-side` | `نعم` and nothing in English | error | |
//! | `unknown-language` | `xml:lang="Arabic"` | error | names of languages become codes |
//! | `same-language-twice` | two variants `ar-EG` | info | |
//! | `swapped-sides` | `Yes` under `ar`, `نعم` under `en` | error | exchanges the tags |
//! | `untranslated` | `Save the file` : `Save the file` | warning | |
//! | `wrong-script` | `Ahfaz al malaf` under `ar` | error | |
//! | `codes-unbalanced` | `<bpt i="1"/>نعم` | error | |
//! | `codes-differ` | `<ph x="1"/>` on one side only | warning | |
//! | `placeholders-differ` | `لا يمكن فتح` : `Cannot open %s` | warning | |
//! | `numbers-differ` | `المادة ١٨٢` : `Article 181` | warning | |
//! | `length-ratio` | three words for three lines | warning | |
//! | `mojibake` | `ط§ظ„ط¹ط±ط¨ظٹط©` | error | decodes again |
//! | `replacement-characters` | `ال�ربية`, `???????` | error | |
//! | `control-characters` | U+000B, U+0001, U+FEFF inside | error | removes them, a line break becomes a space |
//! | `visual-order` | `ةيبرعلا ةغللا` | error | |
//! | `presentation-forms` | U+FEFB for `لا` | warning | letters for shapes |
//! | `bidi-unbalanced` | U+202B without U+202C | warning | closes what is open, removes strays |
//! | `bidi-controls` (off) | U+200F | info | on request: removes them |
//! | `entities` | `قال &amp;quot;نعم` | warning | on request: decodes them |
//! | `leading-trailing-space` | `نعم ` : `Yes` | info | on request: trims the side |
//! | `double-space` (off) | `نعم  ولا` | info | on request: one space |
//! | `tatweel` (off) | `نعـــم` | info | on request: removes it |
//! | `persian-letters` | `کتاب` | info | on request: the Arabic letter, but not for a last `ی` |
//! | `latin-punctuation` (off) | `نعم, لا?` | info | on request: `،` `؛` `؟` |
//! | `end-punctuation` | `من أنت` : `Who are you?` | info | |
//! | `bad-date` | `changedate="2021-08-31 12:00"` | warning | `20210831T120000Z` |
//! | `duplicate` | a unit as an earlier one | warning | |
//! | `inconsistent` | its source translated otherwise before | info | |
//! | `term-missing` | `وزارة الصحة` : `the ministry`, against a glossary | warning | |
//! | `term-forbidden` | `Health Ministry`, which the glossary forbids | warning | |

mod attribute;
mod bidi;
mod character;
mod code;
mod finding;
mod kind;
mod mojibake;
mod number;
mod pair;
mod placeholder;
mod repair;
mod repeat;
mod script;
mod shape;

pub use finding::Finding;
pub use kind::{Checks, FindingKind, Mending, Severity};
pub use placeholder::{Placeholder, PlaceholderKind, placeholders};
pub use repair::{Change, ChangePlace, repair};
pub use repeat::{Repeat, Repeats, repeats};

use crate::lang::{Lang, LangTag};
use crate::unit::{Seg, Unit, Variant};
use attribute::{DATES, code_of_name, is_date, is_language, read_date};
use finding::{Spot, quoted, side_name};
use pair::Side;
use script::Census;

/// What is wrong with `unit`, in the order of [`FindingKind`] and of the variants; one finding for each kind and variant,
/// however many places there are.
///
/// Total. Variants of other languages than the two are looked at for what needs no language; so are texts inside codes
/// (`sub`), which are never mended.
///
/// ```
/// use dhakira::check::{Checks, check};
/// use dhakira::unit::{Seg, Unit, Variant};
/// use dhakira::LangTag;
/// let unit = Unit {
///     variants: vec![
///         Variant::new(LangTag::new("ar"), Seg::plain("تنصّ المادة ١٨٢ على ذلك.")),
///         Variant::new(LangTag::new("en"), Seg::plain("Article 181 says so.")),
///     ],
///     ..Unit::default()
/// };
/// let findings = check(&unit, &Checks::default());
/// assert_eq!(findings[0].to_string(), "numbers-differ: the Arabic side says ١٨٢, the English side 181");
/// ```
pub fn check(unit: &Unit, checks: &Checks) -> Vec<Finding> {
    let mut found = Vec::new();
    languages(unit, &mut found);
    dates(unit, &mut found);
    let (mut arabic, mut english) = sides(unit);
    let swapped = pair::are_swapped(&arabic, &english);
    if swapped {
        let message =
            format!("Arabic text stands under “en” and English text under “ar”: {}", quoted(&english[0].text));
        found.push(Finding { mendable: true, ..Finding::of_unit(FindingKind::SwappedSides, message) });
        std::mem::swap(&mut arabic, &mut english);
        arabic.iter_mut().for_each(|s| s.lang = Lang::Ar);
        english.iter_mut().for_each(|s| s.lang = Lang::En);
    }
    blanks(&arabic, &english, &mut found);
    arabic.retain(|s| !s.is_blank());
    english.retain(|s| !s.is_blank());
    for (at, variant) in unit.variants.iter().enumerate() {
        if checks.looks_for(FindingKind::CodesUnbalanced)
            && let Some(message) = code::unbalanced(&variant.seg)
        {
            found.push(Finding::of_variant(FindingKind::CodesUnbalanced, at, variant.tag.lang(), message));
        }
        let inside = sub_spots(variant, checks);
        told(side_spots(unit, at, checks), inside, at, &variant.tag, &mut found);
    }
    // Every alternative is held against the first variant of the other language.
    if let (Some(ar), Some(en)) = (arabic.first(), english.first()) {
        pair::findings(ar, en, checks, &mut found);
        arabic.iter().skip(1).for_each(|ar| pair::findings(ar, en, checks, &mut found));
        english.iter().skip(1).for_each(|en| pair::findings(ar, en, checks, &mut found));
    }
    found.retain(|f| checks.looks_for(f.kind));
    found.sort_by_key(|f| (f.kind, f.variant));
    // Two alternatives can lack the same of one text: once is enough.
    found.dedup();
    found
}

/// The sides by their tags.
fn sides(unit: &Unit) -> (Vec<Side<'_>>, Vec<Side<'_>>) {
    let of = |lang: Lang| {
        let variants = unit.variants.iter().enumerate().filter(move |(_, v)| v.tag.lang() == Some(lang));
        variants.map(move |(at, v)| Side::new(at, lang, &v.seg)).collect::<Vec<_>>()
    };
    (of(Lang::Ar), of(Lang::En))
}

fn is_swapped(unit: &Unit) -> bool {
    let (arabic, english) = sides(unit);
    pair::are_swapped(&arabic, &english)
}

fn languages(unit: &Unit, found: &mut Vec<Finding>) {
    for (at, variant) in unit.variants.iter().enumerate() {
        if !is_language(&variant.tag) {
            let code = code_of_name(&variant.tag);
            let hint = code.as_ref().map(|c| format!("; its code is “{c}”")).unwrap_or_default();
            let message = format!("“{}” is no language code{hint}", variant.tag);
            let finding = Finding::of_variant(FindingKind::UnknownLanguage, at, None, message);
            found.push(Finding { mendable: code.is_some(), ..finding });
            continue;
        }
        let Some(lang) = variant.tag.lang() else { continue };
        let region = variant.tag.region();
        let same = |v: &crate::unit::Variant| v.tag.lang() == Some(lang) && v.tag.region() == region;
        if unit.variants[..at].iter().any(same) {
            let message = format!("the unit has more than one text in “{}”; other programs keep one", variant.tag);
            found.push(Finding::of_variant(FindingKind::SameLanguageTwice, at, Some(lang), message));
        }
    }
    for lang in Lang::BOTH {
        if unit.variants_of(lang).next().is_none() {
            let message = format!("the unit has no text in {}", if lang == Lang::Ar { "Arabic" } else { "English" });
            found.push(Finding { lang: Some(lang), ..Finding::of_unit(FindingKind::MissingSide, message) });
        }
    }
}

fn dates(unit: &Unit, found: &mut Vec<Finding>) {
    let theirs = unit.variants.iter().enumerate().map(|(at, v)| (Some(at), v.tag.lang(), &v.attrs));
    for (variant, lang, attrs) in std::iter::once((None, None, &unit.attrs)).chain(theirs) {
        for (name, value) in attrs.iter().filter(|(name, value)| DATES.contains(&name.as_str()) && !is_date(value)) {
            let date = read_date(value);
            let hint = date.as_ref().map(|d| format!(", which would be {d}")).unwrap_or_default();
            let message = format!("{name}=“{value}” is not YYYYMMDDThhmmssZ{hint}");
            let finding = Finding::of_unit(FindingKind::BadDate, message);
            found.push(Finding { variant, lang, mendable: date.is_some(), ..finding });
        }
    }
}

/// Blank sides; two sides that hold codes only are no text to translate.
fn blanks(arabic: &[Side<'_>], english: &[Side<'_>], found: &mut Vec<Finding>) {
    let both = || arabic.iter().chain(english);
    if !arabic.is_empty() && !english.is_empty() && both().all(|s| s.is_blank() && !code::codes(s.seg).is_empty()) {
        return;
    }
    for side in both().filter(|s| s.is_blank()) {
        let what = if code::codes(side.seg).is_empty() { "is empty" } else { "has codes and no words" };
        let message = format!("{} {what}", side_name(side.lang));
        found.push(Finding::of_variant(FindingKind::EmptySide, side.variant, Some(side.lang), message));
    }
}

/// What is wrong with the text of one variant by itself, in the order of the text within each kind.
fn side_spots(unit: &Unit, at: usize, checks: &Checks) -> Vec<Spot> {
    use FindingKind as K;
    let variant = &unit.variants[at];
    let lang = variant.tag.lang();
    let text = variant.seg.text();
    let census = Census::of(&text);
    let on = |kind: FindingKind| checks.looks_for(kind);
    let other = || lang.and_then(|l| unit.text_of(l.other()));
    let mut spots = Vec::new();
    // What is decoded wrongly is looked at again when it is mended; its characters mean nothing before.
    let wrong = mojibake::spots(&text, lang, &census);
    let garbled = !wrong.is_empty();
    spots.extend(wrong);
    if on(K::ControlCharacters) && census.control > 0 && !garbled {
        spots.extend(character::controls(&text));
    }
    if on(K::ReplacementCharacters) && (census.replacement > 0 || census.question >= 4) {
        let other_letters = other().map_or(0, |o| Census::of(&o).alphanumeric);
        spots.extend(character::lost_letters(&text, census.question, census.alphanumeric, other_letters));
    }
    if (on(K::PresentationForms) || on(K::VisualOrder)) && !garbled && census.arabic + census.presentation > 0 {
        spots.extend(shape::spots(&text, &census));
    }
    if census.bidi > 0 {
        spots.extend(bidi::spots(&text));
        if on(K::BidiControls) {
            spots.extend(character::bidi_controls(&text));
        }
    }
    if on(K::Entities) && census.ampersand > 0 {
        spots.extend(character::entities(&text, other().as_deref().unwrap_or_default()));
    }
    if on(K::LeadingTrailingSpace)
        && (text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace))
        && let Some(other) = other()
    {
        spots.extend(character::outer_spaces(&text, &other));
    }
    if on(K::DoubleSpace) {
        spots.extend(character::double_spaces(&text));
    }
    if lang == Some(Lang::Ar) && !garbled {
        if on(K::Tatweel) && census.tatweel > 0 {
            spots.extend(character::tatweels(&text));
        }
        if on(K::PersianLetters) && census.persian > 0 {
            spots.extend(character::persian_letters(&text));
        }
        if on(K::LatinPunctuation) && census.arabic > 0 {
            spots.extend(character::latin_marks(&text));
        }
    }
    spots.retain(|s| on(s.kind));
    spots
}

/// What is wrong with the texts inside the codes of a variant ([`Seg::subs`](crate::unit::Seg::subs)), each by itself. They are
/// looked at for what can be told of a text alone, and not mended: their markup is kept byte for byte.
fn sub_spots(variant: &Variant, checks: &Checks) -> Vec<Spot> {
    let texts = variant.seg.subs().into_iter();
    let alone = |text| Unit { variants: vec![Variant::new(variant.tag.clone(), Seg::plain(text))], ..Unit::default() };
    texts.flat_map(|text| side_spots(&alone(text), 0, checks)).collect()
}

/// One finding for all spots of a kind; `inside` are those of texts inside codes.
fn told(spots: Vec<Spot>, inside: Vec<Spot>, variant: usize, tag: &LangTag, found: &mut Vec<Finding>) {
    let lang = tag.lang();
    for kind in FindingKind::all() {
        let mut of_kind = spots.iter().chain(&inside).filter(|s| s.kind == kind);
        let Some(first) = of_kind.next() else { continue };
        let is_outside = spots.iter().any(|s| s.kind == kind);
        let mendable = spots.iter().any(|s| s.kind == kind && s.fix.is_some());
        let more = of_kind.count();
        let also = match more {
            0 => String::new(),
            1 => " (and in another place)".to_owned(),
            n => format!(" (and in {n} other places)"),
        };
        let place = if is_outside { "" } else { ", in a text inside a code" };
        let side = lang.map_or_else(|| format!("the side “{}”", tag.as_str()), |lang| side_name(lang).to_owned());
        let message = format!("{side}{place}: {}{also}", first.message);
        let finding = Finding::of_variant(kind, variant, lang, message);
        found.push(Finding { range: is_outside.then(|| first.range.clone()), mendable, ..finding });
    }
}
