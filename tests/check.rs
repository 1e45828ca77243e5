//! What `check` finds and `repair` mends: golden cases, and what holds for every text.

use dhakira::LangTag;
use dhakira::check::{Checks, FindingKind, check, repair};
use dhakira::unit::{Piece, Seg, Unit, Variant};
use proptest::prelude::*;
use std::fs;
use std::path::Path;

fn unit(ar: &str, en: &str) -> Unit {
    Unit {
        variants: vec![Variant::new(LangTag::new("ar"), seg(ar)), Variant::new(LangTag::new("en"), seg(en))],
        ..Unit::default()
    }
}

/// Text with inline codes between `⟦` and `⟧`.
fn seg(text: &str) -> Seg {
    let mut pieces = Vec::new();
    for (at, part) in text.split('⟦').enumerate() {
        let (code, text) = if at == 0 { ("", part) } else { part.split_once('⟧').unwrap_or(("", part)) };
        match code {
            "" => {}
            hi if hi.starts_with("<hi") || hi.starts_with("</hi") => pieces.push(Piece::Highlight(hi.to_owned())),
            code => pieces.push(Piece::Code(code.to_owned())),
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text.to_owned()));
        }
    }
    Seg { pieces }
}

/// `\u{…}` as in Rust.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("\\u{") {
        let (hex, after) = behind.split_once('}').expect("a closing brace");
        out.push_str(before);
        out.push(char::from_u32(u32::from_str_radix(hex, 16).expect("hexadecimal")).expect("a character"));
        rest = after;
    }
    out + rest
}

fn kinds(unit: &Unit, checks: &Checks) -> Vec<&'static str> {
    check(unit, checks).into_iter().map(|f| f.kind.name()).collect()
}

/// `expected TAB ar TAB en [TAB ar after repair]`, `-` for no finding.
#[test]
fn golden_cases_have_their_findings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/check");
    let mut wrong = Vec::new();
    let mut count = 0;
    for name in ["pairs.txt", "texts.txt", "good.txt"] {
        let file = fs::read_to_string(folder.join(name)).unwrap();
        for (number, line) in file.lines().enumerate().filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#')) {
            count += 1;
            let fields: Vec<String> = line.split('\t').map(unescaped).collect();
            let [expected, ar, en, rest @ ..] = fields.as_slice() else { panic!("{name}:{}: {line}", number + 1) };
            let mut expected: Vec<&str> = expected.split(' ').filter(|k| *k != "-").collect();
            // Kinds that are off by default are looked for where a case names one.
            let checks = expected
                .iter()
                .filter_map(|k| FindingKind::from_name(k))
                .fold(Checks::default(), |c, k| if rest.is_empty() { c.with(k) } else { c.mending(k) });
            expected.sort_by_key(|k| FindingKind::from_name(k));
            let mut unit = unit(ar, en);
            let found = kinds(&unit, &checks);
            if found != expected {
                wrong.push(format!("{name}:{}: found {found:?}, expected {expected:?}", number + 1));
            }
            if let [after, ..] = rest {
                repair(&mut unit, &checks);
                let mended = unit.variants[0].seg.text();
                if mended != seg(after).text() {
                    wrong.push(format!("{name}:{}: mended to {mended:?}, expected {after:?}", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 120, "{count} cases");
}

fn tagged(variants: &[(&str, &str)]) -> Unit {
    let variant = |(tag, text): &(&str, &str)| Variant::new(LangTag::new(tag), seg(text));
    Unit { variants: variants.iter().map(variant).collect(), ..Unit::default() }
}

#[test]
fn languages_and_variants() {
    let expect = |variants: &[(&str, &str)], expected: &[&str]| {
        assert_eq!(kinds(&tagged(variants), &Checks::default()), expected, "{variants:?}");
    };
    expect(&[("ar-EG", "نعم"), ("en_US", "Yes")], &[]);
    expect(&[("ar", "نعم"), ("en", "Yes"), ("fr", "Oui")], &[]);
    expect(&[("ar-EG", "نعم"), ("ar-SA", "أجل"), ("en", "Yes")], &[]);
    expect(&[("ar", "نعم"), ("AR", "أجل"), ("en", "Yes")], &["same-language-twice"]);
    expect(&[("ar", "نعم")], &["missing-side"]);
    expect(&[], &["missing-side", "missing-side"]);
    expect(&[("ar", "نعم"), ("English", "Yes")], &["missing-side", "unknown-language"]);
    expect(&[("ar", "نعم"), ("en", "Yes"), ("qqqq", "?")], &["unknown-language"]);
    expect(&[("ar", "Yes"), ("en", "نعم")], &["swapped-sides"]);
    expect(&[("ar", "المادة ٥٢"), ("ar-EG", "المادة ٥٣"), ("en", "Article 52")], &["numbers-differ"]);
}

#[test]
fn swapped_sides_take_each_others_tag() {
    let mut unit = tagged(&[("ar-EG", "Article 5"), ("en-GB", "المادة ٥")]);
    let changes = repair(&mut unit, &Checks::default());
    assert_eq!(changes.len(), 2);
    assert_eq!(unit, tagged(&[("en-GB", "Article 5"), ("ar-EG", "المادة ٥")]));
}

#[test]
fn dates_are_checked_and_mended_wherever_they_stand() {
    let mut unit = unit("نعم", "Yes");
    unit.attrs.push(("creationdate".into(), "20210831T120000Z".into()));
    unit.variants[0].attrs.push(("changedate".into(), "2021-08-31 12:00".into()));
    unit.variants[1].attrs.push(("changedate".into(), "yesterday".into()));
    assert_eq!(kinds(&unit, &Checks::default()), ["bad-date", "bad-date"]);
    let changes = repair(&mut unit, &Checks::default());
    assert_eq!(changes.len(), 1);
    assert_eq!(unit.variants[0].attr("changedate"), Some("20210831T120000Z"));
    assert_eq!(kinds(&unit, &Checks::default()), ["bad-date"]);
}

#[test]
fn a_change_says_where_and_what() {
    let mut unit = unit("السطر\u{0B}التالي", "Next line");
    let changes = repair(&mut unit, &Checks::default());
    let told: Vec<_> =
        changes.iter().map(|c| (c.kind.name(), c.variant, c.before.as_str(), c.after.as_str())).collect();
    assert_eq!(told, [("control-characters", Some(0), "السطر\u{0B}التالي", "السطر التالي")]);
}

/// Texts of all kinds, broken ones among them.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[ابتثجحخدرسعفقكلمنهويةى]{1,6} ",
        3 => "[a-zA-Z]{1,7} ",
        2 => "[0-9٠-٩]{1,4}[.,٫٬:%٪ ]",
        1 => prop::sample::select(vec![
            "%s ", "%1$d", "{name}", "{0", "<b>", "</b>", "&amp;quot;", "&nbsp;", "&#x639;", "%", "${x}", "؟", "?", ":", "«", "»", "  ", "\u{0B}",
            "\u{1}", "\u{FEFF}", "\u{FFFD}", "\u{FFFC}", "\u{FDD0}", "\u{202B}", "\u{202C}", "\u{2067}", "\u{2069}", "\u{200F}", "\n", "ـ", "ک", "ی",
            "ÇáÚÑÈíÉ ", "Ø§Ù„Ø¹Ø±", "ط§ظ„ط¹", "â€™", "Ã©", "\u{FEFB}", "\u{FEB3}\u{FEFC}\u{FEE1}", "\u{FEE1}\u{FEFC}\u{FEB3}", "⟦<ph x=\"1\"/>⟧",
            "⟦<bpt i=\"1\"/>⟧", "⟦<ept i=\"1\"/>⟧", "⟦<hi>⟧", "⟦</hi>⟧", "مليون ", "pm ", "هـ "
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,4}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|p| p.concat())
}

fn any_unit() -> impl Strategy<Value = Unit> {
    let tag =
        prop::sample::select(vec!["ar", "ar", "ar-EG", "en", "en", "en-US", "fr", "Arabic", "English", "", "x-y"]);
    let date = prop::sample::select(vec!["20210831T120000Z", "2021-08-31", "31/8/2021", ""]);
    (prop::collection::vec((tag, text()), 0..4), date).prop_map(|(variants, date)| {
        let variants: Vec<(&str, &str)> = variants.iter().map(|(tag, text)| (*tag, text.as_str())).collect();
        let mut unit = tagged(&variants);
        unit.set_attr("changedate", date);
        unit
    })
}

/// Every kind looked for and mended that can be.
fn everything() -> Checks {
    FindingKind::all().fold(Checks::all(), Checks::mending)
}

/// The text with tashkeel on its letters, the `n`th bit of `where_` for the `n`th.
fn marked(text: &str, where_: u64) -> String {
    let mut out = String::new();
    let mut letters = 0;
    for c in text.chars() {
        out.push(c);
        if ('\u{0621}'..='\u{064A}').contains(&c) && c != '\u{0640}' {
            if where_ >> (letters % 64) & 1 == 1 {
                out.push(['\u{064E}', '\u{064F}', '\u{0650}', '\u{0652}', '\u{064B}'][letters % 5]); // fatha, damma, kasra, sukun, fathatan
            }
            letters += 1;
        }
    }
    out
}

/// A sentence of Arabic words, numbers and what else belongs into text that was decoded rightly.
fn sound_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        5 => "[ابتثجحخدرسعفقكلمنهويةىأإآءئؤ]{1,7} ",
        1 => "[a-z]{2,7} ",
        2 => "[0-9]{1,4} ",
        2 => prop::sample::select(vec![
            "مليون ", "ألف ", "خمسة وعشرون ", "مايو ", "مساءً ", "هـ ", "%s ", "{name} ", "؟ ", ": ", "، ", "محـمد ", "کتاب ", "یوم ", "نصف ", "مئة ",
            "العربیة ", "Firefox ", "\u{202B}", "نعم, "
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..10).prop_map(|p| p.concat())
}

proptest! {
    #[test]
    fn repair_leaves_nothing_that_it_could_mend(unit in any_unit()) {
        for checks in [Checks::default(), everything()] {
            let mut mended = unit.clone();
            let changes = repair(&mut mended, &checks);
            prop_assert_eq!(changes.is_empty(), mended == unit);
            for finding in check(&mended, &checks) {
                prop_assert!(!(finding.mendable && checks.mends(finding.kind)), "{:?} in {:?}", finding, mended);
            }
            prop_assert!(repair(&mut mended.clone(), &checks).is_empty());
        }
    }

    #[test]
    fn ranges_lie_in_their_text(unit in any_unit()) {
        for finding in check(&unit, &Checks::all()) {
            if let (Some(variant), Some(range)) = (finding.variant, finding.range) {
                prop_assert!(unit.variants[variant].seg.text().get(range).is_some());
            }
        }
    }

    #[test]
    fn what_has_no_mendable_finding_is_not_changed(unit in any_unit()) {
        if check(&unit, &everything()).iter().all(|f| !f.mendable) {
            let mut mended = unit.clone();
            prop_assert!(repair(&mut mended, &everything()).is_empty());
            prop_assert_eq!(mended, unit);
        }
    }

    #[test]
    fn codes_are_never_changed(unit in any_unit()) {
        let codes = |unit: &Unit| -> Vec<Vec<Piece>> {
            let of = |v: &Variant| v.seg.pieces.iter().filter(|p| !matches!(p, Piece::Text(_))).cloned().collect();
            unit.variants.iter().map(of).collect()
        };
        let mut mended = unit.clone();
        repair(&mut mended, &everything());
        prop_assert_eq!(codes(&mended), codes(&unit));
    }

    #[test]
    fn tashkeel_never_matters(ar in sound_text(), en in "[a-z]{0,8} [A-Z][a-z]{0,8} [0-9]{0,4} (%s|pm|million|)[?:.]?", where_ in any::<u64>()) {
        let plain = kinds(&unit(&ar, &en), &Checks::all());
        prop_assert_eq!(kinds(&unit(&marked(&ar, where_), &en), &Checks::all()), plain);
    }
}
