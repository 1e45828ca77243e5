//! `dhakira match` as a translator and a CAT tool meet it: several memories, contexts, regions.
#![cfg(feature = "cli")]

mod desk;

use desk::{Desk, json_lines};
use serde_json::{Value, json};

/// A memory with one unit; `props` and `tag` as its file writes them.
fn memory(desk: &Desk, file: &str, props: &str, tag: &str, ar: &str, en: &str) {
    let tuv = |tag: &str, text: &str| format!("<tuv xml:lang=\"{tag}\"><seg>{text}</seg></tuv>");
    let unit = format!("<tu>{props}{}{}</tu>", tuv(tag, ar), tuv("en", en));
    desk.file(file, format!("<tmx version=\"1.4\"><header/><body>{unit}</body></tmx>"));
}

/// Score, kind and translation of each match.
fn matches(answer: &Value) -> Vec<(f64, &str, &str)> {
    let found = answer["matches"].as_array().unwrap().iter();
    found.map(|m| (m["score"].as_f64().unwrap(), m["kind"].as_str().unwrap(), m["target"].as_str().unwrap())).collect()
}

#[test]
fn memories_have_an_order_and_penalties() {
    let desk = Desk::new();
    memory(&desk, "mine/a.tmx", "", "ar", "افتح الملف", "Open the file");
    memory(&desk, "mine/penalty-30/b.tmx", "", "ar", "افتح الملف", "Open that file");
    memory(&desk, "theirs/c.tmx", "", "ar", "افتح الملف", "Open file");
    let ask = |more: &[&str]| {
        let ran = desk.run(&[&["match", "افتح الملف", "--json"], more].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        json_lines(&ran.out).remove(0)
    };
    let both = ask(&["-m", "theirs", "-m", "mine"]);
    let expected =
        [(100.0, "exact", "Open file"), (100.0, "exact", "Open the file"), (70.0, "exact", "Open that file")];
    assert_eq!(matches(&both), expected);
    assert_eq!(both["matches"][2]["why"], json!(["penalty"]));
    assert_eq!(
        (&both["matches"][2]["folder"], &both["matches"][2]["memory"]),
        (&json!("mine/penalty-30"), &json!("b.tmx"))
    );
    let punished = ask(&["-m", "theirs", "-m", "mine", "--penalty", "theirs=2.5", "--min", "71"]);
    assert_eq!(matches(&punished), [(100.0, "exact", "Open the file"), (97.5, "exact", "Open file")]);
    let ran =
        desk.run(&["match", "افتح الملف", "-m", "mine", "-m", "theirs", "--penalty", "theirs=2.5", "--bidi", "off"]);
    assert!(ran.out.contains(" 97.5  exact  theirs/c  another translation\n"), "{}", ran.out);
    assert!(ran.out.contains("       a penalty of 2.5 points\n"), "{}", ran.out);
    // A list in the environment; whoever writes takes the first.
    let list = ["mine", "theirs"];
    let ran = desk.run_in(&list, &["match", "افتح الملف", "--json"]);
    assert_eq!(matches(&json_lines(&ran.out)[0])[0].2, "Open the file");
    assert_eq!(desk.run_in(&list, &["add", "--ar", "نعم", "--en", "yes"]).code, Some(0));
    assert!(desk.path("mine/live-0001.tmx").exists());
    let ran = desk.run_in(&list, &["concordance", "الملف", "--count"]);
    assert_eq!(ran.out, "3 segments, 3 hits\n");
    for wrong in [["--penalty", "other=3"], ["--penalty", "mine"], ["--penalty", "mine=101"], ["--from", "fr"]] {
        assert_eq!(desk.run(&[&["match", "x", "-m", "mine"], &wrong[..]].concat()).code, Some(2), "{wrong:?}");
    }
}

#[test]
fn neighbours_and_ids_make_a_context_match() {
    let desk = Desk::new();
    let around = "<prop type=\"x-context-pre\">أغلق الباب.</prop><prop type=\"x-context-post\">ثم غادر.</prop>";
    memory(&desk, "tmx/a.tmx", "", "ar", "نظر إليه.", "He looked at it.");
    memory(&desk, "tmx/b.tmx", around, "ar", "نظر إليه.", "He looked at him.");
    memory(&desk, "tmx/c.tmx", "<prop type=\"x-context\">ui.look</prop>", "ar", "نظر إليه.", "Look");
    let ask = |more: &[&str]| json_lines(&desk.run(&[&["match", "نظر إليه.", "--json"], more].concat()).out).remove(0);
    let first = |answer: &Value| {
        let (score, kind, target) = matches(answer)[0];
        format!("{score} {kind} {target}")
    };
    assert_eq!(first(&ask(&[])), "100 exact He looked at it.");
    assert_eq!(first(&ask(&["--before", "اغلق الباب", "--after", "ثم غادر."])), "100 exact He looked at him.");
    assert_eq!(first(&ask(&["--before", "اغلق الباب.", "--after", "ثُمّ غادر."])), "101 context He looked at him.");
    assert_eq!(first(&ask(&["--context", "ui.look"])), "101 context Look");
    // By the order of lines, and by what each line says itself.
    let lines = "أغلق الباب.\nنظر إليه.\nثم غادر.\n";
    let ran = desk.run_with(&["match", "--document"], lines);
    assert!(ran.out.contains("  101  context  b\n"), "{}", ran.out);
    let request = |source: &str| format!("{{\"id\": 1, \"source\": \"{source}\"}}\n");
    let all: String = lines.lines().map(request).collect();
    let ran = desk.run_with(&["match", "--document", "--json"], &all);
    assert_eq!(first(&json_lines(&ran.out)[1]), "101 context He looked at him.");
    let broken = all.replacen("{", "", 1);
    let ran = desk.run_with(&["match", "--document", "--json"], &broken);
    assert_eq!(first(&json_lines(&ran.out)[1]), "100 exact He looked at him.");
    let own = "{\"id\": 1, \"source\": \"نظر إليه.\", \"before\": \"أغلق الباب.\", \"after\": \"ثم غادر.\"}\n\
               {\"id\": 2, \"source\": \"نظر إليه.\", \"context\": \"ui.look\"}\n";
    let answers = json_lines(&desk.run_with(&["match", "--json"], own).out);
    assert_eq!(
        (first(&answers[0]).as_str(), first(&answers[1]).as_str()),
        ("101 context He looked at him.", "101 context Look")
    );
}

#[test]
fn units_of_an_aligned_document_are_each_other_s_context() {
    let desk = Desk::new();
    desk.file("a.ar.txt", "وصل القطار رقم 7.\n\nنزل الركاب منه.\n\nثم عاد القطار إلى المدينة.\n");
    desk.file("a.en.txt", "Train No. 7 arrived.\n\nThe passengers got off.\n\nThen the train returned to the city.\n");
    desk.file("tmx/x", "");
    assert_eq!(desk.run(&["align", "a.ar.txt", "a.en.txt", "-o", "tmx/a.tmx", "--force"]).code, Some(0));
    let ran =
        desk.run_with(&["match", "--document"], "وصل القطار رقم 7.\nنزل الركاب منه.\nثم عاد القطار إلى المدينة.\n");
    assert_eq!(ran.out.matches("  101  context  a\n").count(), 3, "{}", ran.out);
    let ran =
        desk.run_with(&["match", "--document"], "The passengers got off.\nThen the train returned to the city.\n");
    assert_eq!(ran.out.matches("  101  context  a\n").count(), 1, "{}", ran.out);
}

#[test]
fn units_from_the_region_asked_for_come_first() {
    let desk = Desk::new();
    memory(&desk, "tmx/a.tmx", "", "ar-SA", "هاتف محمول", "Mobile phone");
    memory(&desk, "tmx/b.tmx", "", "ar_eg", "هاتف محمول", "Cell phone");
    let first = |from: &str| {
        let ran = desk.run(&["match", "هاتف محمول", "--from", from, "--json"]);
        let answer = json_lines(&ran.out).remove(0);
        format!("{} {}", answer["matches"][0]["target"].as_str().unwrap(), answer["matches"][0]["why"])
    };
    assert_eq!(first("ar"), "Mobile phone []");
    assert_eq!(first("ar-EG"), "Cell phone []");
    assert_eq!(first("ar-sa"), "Mobile phone []");
    assert_eq!(first("ar-MA"), "Mobile phone [\"region\"]");
}

#[test]
fn who_waits_for_each_answer_is_answered_from_the_memory_as_it_is_then() {
    let desk = Desk::new();
    desk.file("tmx/x", "");
    let mut talk = desk.talk(&["match", "--json"]);
    assert_eq!(talk.ask("{\"id\": 1, \"source\": \"أهلا بك\"}")["matches"], json!([]));
    assert_eq!(desk.run(&["add", "--ar", "أهلا بك", "--en", "Welcome"]).code, Some(0));
    assert_eq!(matches(&talk.ask("{\"id\": 2, \"source\": \"أهلا بك\"}")), [(100.0, "exact", "Welcome")]);
}
