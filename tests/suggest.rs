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
fn inline_codes_come_as_markup_or_as_a_list_and_go_back_as_markup() {
    let desk = Desk::new();
    let code = |n: &str, name: &str| format!("<{n} i=\"1\">&lt;{name}&gt;</{n}>");
    let (open, close) = (code("bpt", "b"), code("ept", "/b"));
    memory(&desk, "tmx/a.tmx", "", "ar", &format!("اضغط {open}حفظ{close}"), &format!("Press {open}Save{close}"));
    let first = |request: Value| {
        let ran = desk.run_with(&["match", "--json"], format!("{request}\n"));
        let answer = json_lines(&ran.out).remove(0);
        format!(
            "{} {} {}",
            answer["matches"][0]["score"], answer["matches"][0]["why"], answer["matches"][0]["target_seg"]
        )
    };
    let back = json!(format!("Press {open}Save{close}")).to_string();
    let codes = |codes: [&str; 2]| json!({"id": 1, "source": "اضغط \u{FFFC}حفظ\u{FFFC}", "codes": codes});
    assert_eq!(first(codes(["<b>", "</b>"])), format!("100.0 [] {back}"));
    assert_eq!(first(codes(["<i>", "</i>"])), format!("99.0 [\"inline-codes\"] {back}"));
    assert_eq!(first(json!({"id": 1, "source": "اضغط حفظ"})), format!("99.0 [\"inline-codes\"] {back}"));
    let seg = |open: &str, close: &str| json!({"id": 1, "seg": format!("اضغط {open}حفظ{close}")});
    assert_eq!(first(seg("<bpt i='7' x='2'>&lt;b></bpt>", "<ept i='7'>&lt;/b></ept>")), format!("100.0 [] {back}"));
    assert_eq!(first(seg("<g id='1'>", "</g>")), format!("99.0 [\"inline-codes\"] {back}"));
    let ran = desk.run(&["match", "--markup", "اضغط <ph>{0}</ph>حفظ", "--bidi", "off"]);
    assert!(ran.out.contains("   99  normalized  a\n") && ran.out.contains("the inline codes differ"), "{}", ran.out);
    for wrong in ["{\"id\": 1}", "{\"id\": 1, \"seg\": \"<ph>\"}", "{\"id\": 1, \"source\": \"\", \"codes\": [\"x\"]}"]
    {
        let ran = desk.run_with(&["match", "--json"], format!("{wrong}\n"));
        assert_eq!((&json_lines(&ran.out)[0]["error"]["code"], ran.code), (&json!("format"), Some(2)), "{wrong}");
    }
    // Words are found through codes.
    assert_eq!(desk.run(&["concordance", "اضغط حفظ", "--count"]).out, "1 segments, 1 hits\n");
}

#[test]
fn scores_are_explained() {
    let desk = Desk::new();
    memory(
        &desk,
        "tmx/a.tmx",
        "<prop type=\"x-origin\">mt</prop>",
        "ar-EG",
        "غادر الوفد القرية أمس",
        "The delegation left the village",
    );
    memory(&desk, "tmx/penalty-5/b.tmx", "", "ar", "غادر الوفد المدينة امس", "The delegation left the city");
    let ask = |more: &[&str]| {
        desk.run(&[&["match", "غادر الوفد المدينة أمس", "--explain", "--min", "50", "--from", "ar-SA"], more].concat())
            .out
    };
    let shown = ask(&["--bidi", "off"]);
    assert!(shown.contains("       score: 100 less 1 for hamza, not below 95\n"), "{shown}");
    assert!(
        shown.contains("       order: less 5 of penalty; memory 2; human, translated; without a date\n"),
        "{shown}"
    );
    assert!(shown.contains(" of 40 for 3 letters changed of 22; "), "{shown}");
    assert!(shown.contains("memory 1; other region; machine, translated; without a date\n"), "{shown}");
    let answer = json_lines(&ask(&["--json"])).remove(0);
    let explained = |n: usize| answer["matches"][n]["explain"].clone();
    assert_eq!(explained(0)["forms"], json!({"hamza": 1.0}));
    assert_eq!((&explained(0)["penalty"], &explained(0)["memory"]), (&json!(5.0), &json!(1)));
    let parts = explained(1);
    assert_eq!(
        (&parts["edits"]["part"], &parts["edits"]["whole"], &parts["halved"]),
        (&json!(3), &json!(22), &json!(false))
    );
    let sum = parts["edits"]["points"].as_f64().unwrap() + parts["trigrams"]["points"].as_f64().unwrap();
    assert!((answer["matches"][1]["score"].as_f64().unwrap() - sum).abs() < 0.011);
    assert!(!desk.run(&["match", "غادر الوفد المدينة أمس"]).out.contains("order:"));
    let words = json_lines(&ask(&["--json", "--score", "words"])).remove(0);
    assert_eq!(words["matches"][1]["explain"]["words"], json!({"points": 75.0, "part": 1, "whole": 4}));
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

#[test]
fn what_differs_is_put_into_the_suggestion_where_that_is_sure() {
    let desk = Desk::new();
    memory(
        &desk,
        "tmx/a.tmx",
        "",
        "ar",
        "يضم الميناء ٣١٢ قاربا منذ ٣ مارس",
        "The port has had 312 boats since 3 March",
    );
    memory(&desk, "tmx/penalty-5/b.tmx", "", "ar", "احذف الملف رقم ٥ الآن", "Delete the file number 5 now");
    memory(&desk, "tmx/c.tmx", "", "ar", "الملف", "file");
    memory(&desk, "tmx/d.tmx", "", "ar", "المجلد", "Folder");
    let ask = |text: &str, more: &[&str]| {
        let ran = desk.run(&[&["match", text, "--json"], more].concat());
        json_lines(&ran.out).remove(0)["matches"][0].clone()
    };
    let port = "يضم الميناء 320 قاربا منذ ٣ مايو";
    let found = ask(port, &[]);
    assert_eq!(found["target"], "The port has had 312 boats since 3 March");
    let repaired = &found["repaired"];
    assert_eq!(repaired["target"], "The port has had 320 boats since 3 May");
    // With these changes only the digits of the stored source are of another family.
    assert_eq!((&repaired["score"], &repaired["complete"]), (&json!(99.0), &json!(true)));
    assert!(found["score"].as_f64().unwrap() < 95.0);
    assert_eq!(
        repaired["edits"][0],
        json!({"kind": "number", "from": "312", "to": "320", "span": [17, 20], "stored": "٣١٢", "asked": "320",
            "why": "number: 312 became 320, for the sentence has 320 and the stored source ٣١٢"})
    );
    assert_eq!((&repaired["edits"][1]["kind"], &repaired["edits"][1]["to"]), (&json!("date"), &json!("May")));
    let dates = ask(port, &["--repair", "date,code"]);
    assert_eq!(dates["repaired"]["target"], "The port has had 312 boats since 3 May");
    assert_eq!(dates["repaired"]["complete"], false);
    assert_eq!(ask(port, &["--no-repair"])["repaired"], json!(null));
    assert_eq!(desk.run(&["match", port, "--repair", "all"]).code, Some(2));
    // A word that the memory knows; what is taken off for the folder is taken off here too.
    let folder = ask("احذف المجلد رقم ٥ الآن", &["--min", "50"]);
    assert_eq!(folder["repaired"]["target"], "Delete the folder number 5 now");
    assert_eq!(folder["repaired"]["score"], json!(95.0));
    assert_eq!(ask("احذف الكتاب رقم ٥ الآن", &["--min", "50"])["repaired"], json!(null));
    // For eyes, and as a page.
    let shown = desk.run(&["match", port, "--bidi", "off"]).out;
    assert!(shown.contains("\n        →  The port has had 320 boats since 3 May\n"), "{shown}");
    assert!(shown.contains("\n       → repaired, 99: 320 for 312, May for March\n"), "{shown}");
    let coloured = desk.run(&["match", port, "--bidi", "off", "--color", "always"]).out;
    assert!(coloured.contains("\u{1b}[36;4m320\u{1b}[0m boats"), "{coloured}");
    let page = desk.run(&["match", port, "--html"]).out;
    assert!(page.contains("has had <ins class=\"r\" dir=\"auto\">320</ins> boats since 3 <ins"), "{page}");
    // The sentence's own codes, as they came.
    let code = |n: &str, name: &str| format!("<{n} i=\"1\">&lt;{name}&gt;</{n}>");
    let (open, close) = (code("bpt", "b"), code("ept", "/b"));
    memory(&desk, "tmx/e.tmx", "", "ar", &format!("اضغط {open}حفظ{close}"), &format!("Press {open}Save{close}"));
    let first = |request: Value| {
        let ran = desk.run_with(&["match", "--json"], format!("{request}\n"));
        json_lines(&ran.out).remove(0)["matches"][0]["repaired"].clone()
    };
    let seg = first(json!({"id": 1, "seg": "اضغط <bpt i=\"4\">&lt;i&gt;</bpt>حفظ<ept i=\"4\">&lt;/i&gt;</ept>"}));
    assert_eq!(seg["target_seg"], "Press <bpt i=\"4\">&lt;i&gt;</bpt>Save<ept i=\"4\">&lt;/i&gt;</ept>");
    assert_eq!(seg["score"], json!(99.0));
    let list = first(json!({"id": 1, "source": "اضغط \u{FFFC}حفظ\u{FFFC}", "codes": ["<i>", "</i>"]}));
    assert_eq!(list["target_seg"], "Press <ph>&lt;i&gt;</ph>Save<ph>&lt;/i&gt;</ph>");
    assert_eq!(first(json!({"id": 1, "source": "اضغط \u{FFFC}حفظ\u{FFFC}"})), json!(null));
    assert_eq!(first(json!({"id": 1, "source": "اضغط حفظ"}))["target"], "Press Save");
}

#[test]
fn terms_of_a_glossary_are_shown_and_known_to_repair() {
    let desk = Desk::new();
    memory(&desk, "tmx/a.tmx", "", "ar", "افتتح الوزير الجامعة أمس", "The minister opened the university yesterday");
    desk.file("terms.tsv", "ar\ten\nالجامعة\tuniversity\nالمدرسة|المدارس\tschool|!schoolhouse\n");
    let ask = |more: &[&str]| {
        desk.run(&[&["match", "افتتح الوزير المدرسة أمس", "--min", "50", "--bidi", "off"], more].concat()).out
    };
    let answer = json_lines(&ask(&["--json", "--glossary", "terms.tsv"])).remove(0);
    assert_eq!(
        answer["terms"],
        json!([{"term": "المدرسة", "span": [24, 38], "standing": "preferred", "targets": ["school"], "note": null}])
    );
    assert_eq!(answer["matches"][0]["repaired"]["target"], "The minister opened the school yesterday");
    assert!(ask(&["--glossary", "terms.tsv"]).contains("\n       term المدرسة = school\n"));
    assert_eq!(json_lines(&ask(&["--json"]))[0]["terms"], json!(null));
    desk.file("terms.tbx", "<tbx><text>");
    let ran = desk.run(&["match", "نعم", "--glossary", "terms.tbx"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("terms.tbx:1") && ran.err.contains("inside an element"), "{}", ran.err);
    // And check.
    desk.file(
        "units.tsv",
        "ar\ten\nافتتح المدارس\tHe opened the schoolhouse and the school\nبالمدرسة\tat home\nالجامعات\tuniversities\n",
    );
    let ran = desk.run(&[
        "check",
        "units.tsv",
        "--glossary",
        "terms.tsv",
        "--only",
        "term-missing,term-forbidden",
        "--bidi",
        "off",
    ]);
    let lines: Vec<&str> = ran.out.lines().take(2).collect();
    assert!(lines[0].contains("term-forbidden: “schoolhouse” is a forbidden term"), "{}", ran.out);
    assert!(lines[1].contains("term-missing: the Arabic side says “بالمدرسة”"), "{}", ran.out);
    assert_eq!(desk.run(&["check", "units.tsv", "--glossary", "none.tsv"]).code, Some(2));
}

#[test]
fn parts_are_shown_where_no_match_is_good() {
    let desk = Desk::new();
    memory(
        &desk,
        "tmx/a.tmx",
        "",
        "ar",
        "افتتح الوزير الميناء القديم أمس",
        "The minister opened the old port &lt;b&gt; yesterday",
    );
    memory(&desk, "tmx/b.tmx", "", "ar", "المتحف الوطني", "National Museum");
    let sentence = "نقلت اللوحات من الميناء القديم إلى المتحف الوطني";
    let ran = desk.run(&["match", sentence, "--fragments", "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let answer = json_lines(&ran.out).remove(0);
    let start = sentence.find("الميناء").unwrap();
    let expected = json!({
        "text": "الميناء القديم", "span": [start, start + "الميناء القديم".len()], "target": "the old port",
        "kind": "phrase", "times": 1, "source": "افتتح الوزير الميناء القديم أمس",
        "translation": "The minister opened the old port <b> yesterday", "tuid": null, "memory": "a.tmx",
        "confidence": answer["fragments"][0]["confidence"],
    });
    assert_eq!(answer["fragments"][0], expected);
    assert_eq!(
        (&answer["fragments"][1]["target"], &answer["fragments"][1]["kind"]),
        (&json!("National Museum"), &json!("whole"))
    );
    let ran = desk.run(&["match", sentence, "--fragments", "--bidi", "off"]);
    assert!(ran.out.contains(" part  المتحف الوطني = National Museum  a unit of its own\n"), "{}", ran.out);
    let ran = desk.run(&["match", sentence, "--fragments", "--html"]);
    assert!(ran.out.contains("<dd lang=\"en\" dir=\"ltr\">the old port</dd>"), "{}", ran.out);
    // Not asked for, or not needed, there are none; nothing found at all is 1.
    assert_eq!(desk.run(&["match", sentence]).code, Some(1));
    let ran = desk.run(&["match", "المتحف الوطني", "--fragments", "--json"]);
    assert_eq!(json_lines(&ran.out)[0]["fragments"], json!([]));
    assert_eq!(desk.run(&["match", "شيء آخر تماما", "--fragments", "--json"]).code, Some(1));
}
