//! Articles that nobody paired: `dhakira align --pair` on documents whose names were taken away.
#![cfg(feature = "cli")]

mod desk;

use desk::{Desk, json_lines};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// The development documents, or nothing where they are not at hand.
fn documents() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("DHAKIRA_SHARED").map_or(beside, PathBuf::from);
    Some(shared.join("data/align/ntrex")).filter(|folder| folder.is_dir())
}

/// Splitmix64, to shuffle.
fn shuffled<T>(mut items: Vec<T>, mut seed: u64) -> Vec<T> {
    for i in (1..items.len()).rev() {
        seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        items.swap(i, ((z ^ (z >> 31)) % (i as u64 + 1)) as usize);
    }
    items
}

/// Aligns the documents, `gone` of the English ones left out; how many were there to find, found, and right.
fn paired(folder: &Path, gone: usize, seed: u64) -> (usize, usize, usize) {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_string_lossy().strip_suffix(".gold").map(str::to_owned))
        .collect();
    names.sort();
    assert_eq!(names.len(), 64);
    let desk = Desk::new();
    let left: Vec<String> = shuffled(names.clone(), seed).split_off(gone);
    let articles = names.iter().map(|name| (name, "ar")).chain(left.iter().map(|name| (name, "en")));
    let mut was = HashMap::new();
    for (number, (name, lang)) in shuffled(articles.collect(), seed + 1).into_iter().enumerate() {
        let bytes = std::fs::read(folder.join(format!("{name}.{lang}.raw.txt"))).unwrap();
        desk.file(&format!("in/{number:03}.txt"), bytes);
        was.insert(format!("{number:03}"), (name.clone(), lang));
    }
    let ran = desk.run(&["align", "in", "--pair", "-o", "out", "--json", "--force"]);
    let (mut found, mut right) = (0, 0);
    let mut alone = HashSet::new();
    for line in json_lines(&ran.out) {
        let (name, lang) = &was[line["id"].as_str().unwrap()];
        if line["partner"].is_null() {
            assert_eq!(line["lang"], *lang);
            alone.insert((name, *lang));
            continue;
        }
        found += 1;
        right += usize::from(was[line["partner"].as_str().unwrap()] == (name.clone(), "en"));
        assert!(line["pairing"].as_f64().unwrap() >= 0.5);
    }
    assert_eq!(2 * found + alone.len(), names.len() + left.len(), "{}", ran.err);
    assert_eq!(ran.err.matches("belongs to it").count(), alone.len());
    (left.len(), found, right)
}

#[test]
fn documents_without_names_find_their_translations() {
    let Some(folder) = documents() else {
        eprintln!("skipped: no ../shared/data/align/ntrex here");
        return;
    };
    assert_eq!(paired(&folder, 0, 1), (64, 64, 64));
    let (mut there, mut found, mut right) = (0, 0, 0);
    // Ten shuffles, pooled, as in examples/pairing.
    for seed in 0..10 {
        let (t, f, r) = paired(&folder, 21, seed);
        (there, found, right) = (there + t, found + f, right + r);
    }
    eprintln!("a third of the English ones gone: {there} to find, {found} found, {right} right");
    assert!(right * 100 >= found * 99, "precision {right} of {found}");
    assert!(right * 100 >= there * 99, "recall {right} of {there}");
}

#[test]
fn a_manifest_may_list_sides_in_lines_of_their_own() {
    let desk = Desk::new();
    let lines = [
        r#"{"id": "a", "ar_text": "افتتح الوزير مستشفى جديدا في مدينة الرمانة يوم ١٢ مايو. وحضر الافتتاح مئات السكان.", "source": "صحيفة"}"#,
        r#"{"id": "b", "en_text": "The national team won the match against Japan by three goals."}"#,
        r#"{"id": "c"}"#,
        r#"{"id": "d", "en_text": "On 12 May the minister opened a new hospital in the city of Rummana. Hundreds of residents attended the opening.", "licence": "CC0"}"#,
    ];
    desk.file("list.jsonl", lines.join("\n"));
    let ran = desk.run(&["align", "list.jsonl", "--pair", "-o", "out", "--json"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    let answers = json_lines(&ran.out);
    assert_eq!(
        (&answers[0]["id"], &answers[0]["lang"], &answers[0]["partner"]),
        (&"b".into(), &"en".into(), &serde_json::Value::Null)
    );
    assert_eq!((&answers[1]["id"], &answers[1]["partner"]), (&"a".into(), &"d".into()));
    assert_eq!(answers[2]["error"]["line"], 3);
    let source = dhakira::task::Source::open(desk.path("out/a.tmx"), &dhakira::task::SourceOptions::default()).unwrap();
    for placed in source {
        let unit = placed.unwrap().unit;
        assert_eq!((unit.prop("x-source"), unit.prop("x-licence")), (Some("صحيفة"), Some("CC0")));
        assert!(unit.prop("x-pairing-score").is_some_and(|score| score.parse::<f32>().unwrap() >= 0.5));
    }
}
