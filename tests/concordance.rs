//! Concordance from outside: what is found in a memory is what a look at every unit finds, whatever the filter, the limit
//! and the place to go on from.

use dhakira::Lang;
use dhakira::concordance::{Fit, Pattern, PatternKind, PatternOptions};
use dhakira::memory::{Concordance, DateRange, Filter, Found, Memory, Occurrences, Snapshot};
use dhakira::text::key;
use proptest::prelude::*;
use std::fs;
use std::path::Path;

fn file(folder: &Path, name: &str, units: &[String]) {
    let text = format!("<tmx version=\"1.4\"><header srclang=\"ar\"/><body>\n{}\n</body></tmx>", units.concat());
    fs::write(folder.join(name), text).unwrap();
}

fn tu(attrs: &str, props: &[(&str, &str)], ar: &[&str], en: &str) -> String {
    let props: String = props.iter().map(|(kind, text)| format!("<prop type=\"{kind}\">{text}</prop>")).collect();
    let ar: String = ar.iter().map(|text| format!("<tuv xml:lang=\"ar\"><seg>{text}</seg></tuv>")).collect();
    format!("<tu {attrs}>{props}{ar}<tuv xml:lang=\"en\"><seg>{en}</seg></tuv></tu>\n")
}

fn small() -> (tempfile::TempDir, Snapshot) {
    let folder = tempfile::tempdir().unwrap();
    file(
        folder.path(),
        "وزارات.tmx",
        &[
            tu(
                "tuid=\"1\" changedate=\"20240301T100000Z\" changeid=\"Huda\"",
                &[("x-document", "صحة")],
                &["قالت وزارةُ الصحة أمس"],
                "The ministry of health said yesterday",
            ),
            tu(
                "tuid=\"2\" creationid=\"Sami\"",
                &[("x-document-date", "2021-08-31")],
                &["الوزير في الوزاره", "وزيرنا"],
                "The minister is in the ministry",
            ),
            tu("tuid=\"3\"", &[("x-origin", "align")], &["لا شيء"], "Nothing"),
        ],
    );
    file(folder.path(), "b.tmx", &[tu("", &[], &["بوزارته"], "in his ministry"), tu("", &[], &["وزارة"], " ")]);
    let snapshot = Memory::open(folder.path()).unwrap().snapshot().unwrap();
    (folder, snapshot)
}

fn texts(found: &Found) -> Vec<String> {
    found.lines.iter().map(|line| line.text.clone()).collect()
}

#[test]
fn lines_come_in_the_order_of_the_memory_with_their_hits() {
    let (_folder, snapshot) = small();
    let pattern = Pattern::new("وزارة", &PatternOptions { fit: Fit::Stem, ..Default::default() }).unwrap();
    let found = snapshot.concordance(&pattern, &Concordance::default());
    // A unit with one side only is no translation.
    assert_eq!(texts(&found), ["بوزارته", "قالت وزارةُ الصحة أمس", "الوزير في الوزاره"]);
    let line = &found.lines[1];
    assert_eq!(line.hits.iter().map(|hit| &line.text[hit.clone()]).collect::<Vec<_>>(), ["وزارةُ"]);
    assert_eq!(line.target, "The ministry of health said yesterday");
    assert_eq!((line.unit.id(), line.changed()), (Some("1"), Some("20240301T100000Z")));
    assert_eq!(line.file.file_name().unwrap(), "وزارات.tmx");
    assert_eq!(found.next, None);
    assert_eq!(snapshot.occurrences(&pattern, &Concordance::default()), Occurrences { segments: 3, hits: 3 });
}

#[test]
fn filters() {
    let (_folder, snapshot) = small();
    let pattern = Pattern::new("*", &PatternOptions { kind: PatternKind::Regex, ..Default::default() });
    assert!(pattern.is_err());
    let pattern = Pattern::new(r"\w", &PatternOptions { kind: PatternKind::Regex, ..Default::default() }).unwrap();
    let check = |filter: Filter, tuids: &str| {
        let found = snapshot.concordance(&pattern, &Concordance { side: Lang::En, filter, ..Default::default() });
        let ids: Vec<&str> = found.lines.iter().map(|line| line.unit.id().unwrap_or("-")).collect();
        assert_eq!(ids.join(" "), tuids);
    };
    let dates = |since, until| Filter { dates: DateRange::new(since, until).unwrap(), ..Default::default() };
    let some = |text: &str| Some(text.to_owned());
    check(Filter::default(), "- 1 2 3");
    check(Filter { document: some("صحة"), ..Default::default() }, "1");
    check(Filter { origin: some("align"), ..Default::default() }, "3");
    check(Filter { author: some("Sami"), ..Default::default() }, "2");
    check(Filter { author: some("Huda"), document: some("x"), ..Default::default() }, "");
    check(Filter { file: some("وزارات"), ..Default::default() }, "1 2 3");
    check(Filter { file: some("b.tmx"), ..Default::default() }, "-");
    check(dates(Some("2021"), None), "1 2");
    check(dates(Some("2021-08"), Some("2021-08")), "2");
    check(dates(None, Some("2021-08-30")), "");
    check(dates(Some("2024-03-01"), Some("2024-03-01")), "1");
    check(dates(Some("20240301T100001Z"), None), "");
}

/// Small words in several spellings.
fn sentence() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "كتاب",
        "كِتاب",
        "الكتاب",
        "وكتابه",
        "كتب",
        "أبي",
        "ابي",
        "في",
        "file",
        "Files",
        "١٢",
        "12",
        "،",
        "\u{FEFB}",
    ]);
    prop::collection::vec(word, 1..6).prop_map(|words| words.join(" "))
}

fn kinds() -> impl Strategy<Value = (&'static str, PatternOptions)> {
    use PatternKind::{AllWords, Phrase, Regex, Wildcard};
    let pattern = prop::sample::select(vec![
        ("كتاب", Phrase, Fit::Part),
        ("كتاب", Phrase, Fit::Word),
        ("كتاب", Phrase, Fit::Stem),
        ("كتاب في", Phrase, Fit::Part),
        ("في كتاب", AllWords, Fit::Part),
        ("files كتاب", AllWords, Fit::Stem),
        ("كت*", Wildcard, Fit::Part),
        ("كتاب ** في", Wildcard, Fit::Part),
        (r"\d+", Regex, Fit::Part),
        ("ل", Phrase, Fit::Part),
    ]);
    (pattern, any::<bool>()).prop_map(|((text, kind, fit), verbatim)| {
        (text, PatternOptions { kind, fit, verbatim: verbatim && fit != Fit::Stem })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn all_that_a_look_at_every_unit_finds(
        files in prop::collection::vec(prop::collection::vec(prop::collection::vec(sentence(), 1..3), 0..12), 1..4),
        (pattern, options) in kinds(),
        limit in 1usize..9,
    ) {
        let folder = tempfile::tempdir().unwrap();
        for (number, units) in files.iter().enumerate() {
            let units: Vec<String> = units.iter().enumerate().map(|(at, ar)| {
                let ar: Vec<&str> = ar.iter().map(String::as_str).collect();
                tu(&format!("tuid=\"{number}.{at}\""), &[], &ar, &format!("translation {number}.{at}"))
            }).collect();
            file(folder.path(), &format!("{number}.tmx"), &units);
        }
        let snapshot = Memory::open(folder.path()).unwrap().snapshot().unwrap();
        let pattern = Pattern::new(pattern, &options).unwrap();

        // What `hits` says is held against its definition beside it.
        let slow: Vec<(String, String)> = snapshot.units().flat_map(|(_, unit)| {
            let texts: Vec<String> = unit.variants_of(Lang::Ar).map(|v| v.seg.text()).collect();
            let target = unit.text_of(Lang::En).unwrap();
            texts.into_iter().filter(|text| !pattern.hits(text).is_empty()).map(|text| (text, target.clone())).collect::<Vec<_>>()
        }).collect();
        let hits: usize = slow.iter().map(|(text, _)| pattern.count(text, &key(Lang::Ar, text))).sum();
        prop_assert_eq!(snapshot.occurrences(&pattern, &Concordance::default()), Occurrences { segments: slow.len(), hits });

        let mut found: Vec<(String, String)> = Vec::new();
        let mut from = None;
        loop {
            let page = snapshot.concordance(&pattern, &Concordance { limit, from, ..Default::default() });
            prop_assert!(page.lines.len() <= limit);
            found.extend(page.lines.iter().map(|line| (line.text.clone(), line.target.clone())));
            // Another reader of the same files goes on from there.
            from = page.next.map(|next| dhakira::memory::Position::new(&next.to_string()).unwrap());
            if from.is_none() {
                break;
            }
        }
        prop_assert_eq!(found, slow);
    }
}
