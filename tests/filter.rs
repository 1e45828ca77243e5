//! What a batch leaves out, and what it says of itself: verdicts, rejects, reports, forms to publish.
#![cfg(feature = "cli")]

mod desk;

use desk::{Desk, json_lines};
use dhakira::Lang;
use dhakira::task::{Source, SourceOptions};
use dhakira::unit::Unit;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

fn units(path: impl AsRef<Path>) -> Vec<Unit> {
    let source = Source::open(path, &SourceOptions::default()).unwrap();
    source.map(|placed| placed.unwrap().unit).collect()
}

const OLIVES: [&str; 2] = [
    "أعلنت وزارة الزراعة في مدينة الرمانة أن موسم الزيتون بدأ هذا العام قبل موعده بأسبوعين بسبب الأمطار.",
    "The ministry of agriculture in the city of Rummana announced that the olive season began two weeks early this year because of the rain.",
];
const TRAIN: [&str; 2] =
    ["وصل القطار إلى المحطة في الساعة 9 صباحا.", "The train reached the station at 9 in the morning."];
const BOATS: [&str; 2] =
    ["وفي الميناء 312 قاربا مسجلا لدى الهيئة.", "The port has 320 boats that are registered with the authority."];

/// Three documents: the second has a sentence of the first, nearly one of it, and one whose numbers disagree.
fn manifest(desk: &Desk) {
    let near = [OLIVES[0].replace("بأسبوعين", "بأسبوع"), OLIVES[1].replace("two weeks", "a week")];
    let line = |id: &str, source: &str, links: &[[&str; 2]]| {
        let side = |side: usize| links.iter().map(|link| link[side]).collect::<Vec<_>>().join("\n\n");
        json!({"id": id, "ar_text": side(0), "en_text": side(1), "source": source, "licence": "CC0"}).to_string()
    };
    let third = [
        "افتتح الوزير <script>alert(1)</script> مستشفى جديدا.",
        "The minister opened a new <script>alert(1)</script> hospital.",
    ];
    let lines = [
        line("one", "صحيفة", &[OLIVES, TRAIN]),
        line("two", "River & Post", &[[&near[0], &near[1]], TRAIN, BOATS]),
        "nonsense".to_owned(),
        line(
            "three",
            "صحيفة",
            &[third, ["عاد الطلاب إلى المدرسة يوم الأحد.", "The students went back to school on Sunday."]],
        ),
    ];
    desk.file("list.jsonl", lines.join("\n"));
}

#[test]
fn what_is_left_out_is_kept_with_its_reasons() {
    let desk = Desk::new();
    manifest(&desk);
    let run = |output: &str, more: &[&str]| desk.run(&[&["align", "list.jsonl", "-o", output][..], more].concat());
    run("all", &["--shard-units", "100"]);
    let all = units(desk.path("all/part-0001.tmx"));
    assert_eq!(all.len(), 7);
    let filter =
        ["--shard-units", "100", "--filter", "usual", "--rejects", "out.tmx", "--report", "out.json", "--json"];
    let ran = run("some", &filter);
    assert!(ran.err.contains("3 units left out: 1 duplicate, 1 near-duplicate, 1 numbers-differ"), "{}", ran.err);
    let answers = json_lines(&ran.out);
    let filtered = |id: &str| answers.iter().find(|line| line["id"] == id).unwrap()["filtered"].clone();
    assert_eq!([filtered("one"), filtered("two"), filtered("three")], [json!(0), json!(3), json!(0)]);
    let (some, rejects) = (units(desk.path("some/part-0001.tmx")), units(desk.path("out.tmx")));
    let reasons: Vec<&str> = rejects.iter().map(|unit| unit.prop("x-reject-reason").unwrap()).collect();
    assert!(reasons[0].starts_with("near-duplicate: ") && reasons[1].starts_with("duplicate: "), "{reasons:?}");
    assert_eq!(reasons[2], "numbers-differ: the Arabic side says 312, the English side 320");
    // Nothing is lost.
    let ids = |units: &[Unit]| units.iter().map(|unit| unit.id().unwrap().to_owned()).collect::<Vec<_>>();
    let mut both = [ids(&some), ids(&rejects)].concat();
    both.sort();
    let mut expected = ids(&all);
    expected.sort();
    assert_eq!(both, expected);
    let report: Value = serde_json::from_slice(&fs::read(desk.path("out.json")).unwrap()).unwrap();
    assert_eq!(report["filtered"], json!({"duplicate": 1, "near-duplicate": 1, "numbers-differ": 1}));
    assert_eq!((&report["pairs"], &report["failed"], &report["units"]), (&json!(4), &json!(1), &json!(4)));
    // The same from any number of threads, and from links of an earlier run; and in a file for each article.
    let bytes = fs::read(desk.path("some/part-0001.tmx")).unwrap();
    for threads in ["1", "2"] {
        run("some", &[&filter[..], &["--threads", threads]].concat());
        assert_eq!(fs::read(desk.path("some/part-0001.tmx")).unwrap(), bytes);
    }
    run("files", &["--filter", "numbers-differ"]);
    assert_eq!(units(desk.path("files/two.tmx")).len(), 2);
    // Marked, nothing goes.
    run("marked", &["--shard-units", "100", "--filter", "usual", "--mark"]);
    let marked = units(desk.path("marked/part-0001.tmx"));
    assert_eq!(ids(&marked), ids(&all));
    assert_eq!(marked.iter().filter(|unit| unit.prop("x-verdict").is_some()).count(), 3);
    assert!(run("x", &["--filter", "boring"]).err.contains("no reason is called so"));
    let sure = run("sure", &["--shard-units", "100", "--min-confidence", "1"]);
    assert!(sure.err.contains(" confidence"), "{}", sure.err);
}

#[test]
fn the_report_is_a_page_that_runs_nothing() {
    let desk = Desk::new();
    manifest(&desk);
    let report = ["--report", "out.html", "--report", "sheet.md"];
    let ran = desk.run(
        &[&["align", "list.jsonl", "-o", "out", "--shard-units", "10", "--filter", "usual"][..], &report].concat(),
    );
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    let page = fs::read_to_string(desk.path("out.html")).unwrap();
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    for wrong in ["<script", "http://", "https://", "src=", "@import", "onload"] {
        assert!(!page.contains(wrong), "{wrong}");
    }
    for there in [
        "lang=\"ar\" dir=\"rtl\"",
        "lang=\"en\" dir=\"ltr\"",
        "<svg",
        "River &amp; Post",
        "near-duplicate",
        "list.jsonl:3",
        "prefers-color-scheme: dark",
    ] {
        assert!(page.contains(there), "{there}");
    }
    let sheet = fs::read_to_string(desk.path("sheet.md")).unwrap();
    for there in ["dhakira align list.jsonl -o out", "| CC0 | 4 |", "| صحيفة | 2 | 4 |", "| numbers-differ | 1 |"]
    {
        assert!(sheet.contains(there), "{there}: {sheet}");
    }
    let ran = desk.run(&["align", "list.jsonl", "-o", "out", "--report", "report.pdf"]);
    assert!(ran.err.contains(".json, .html or .md"), "{}", ran.err);
}

#[test]
fn forms_to_publish_hold_the_same_units() {
    let desk = Desk::new();
    manifest(&desk);
    let expected: Vec<[String; 2]> = {
        desk.run(&["align", "list.jsonl", "-o", "tmx", "--shard-units", "4"]);
        let units = units(desk.path("tmx"));
        units.iter().map(|unit| Lang::BOTH.map(|lang| unit.text_of(lang).unwrap())).collect()
    };
    for (form, files) in [("tsv", "part-0001.tsv"), ("jsonl", "part-0001.jsonl"), ("moses", "part-0001.ar")] {
        for args in [&["--shard-units", "4"][..], &[]] {
            if args.is_empty() && form == "tsv" {
                continue;
            }
            let output = format!("{form}{}", args.len());
            let ran = desk.run(&[&["align", "list.jsonl", "-o", &output, "--to", form][..], args].concat());
            assert!(desk.path(&output).join(files).exists(), "{form}: {}", ran.err);
            let mut names: Vec<_> =
                fs::read_dir(desk.path(&output)).unwrap().map(|entry| entry.unwrap().path()).collect();
            names.retain(|path| path.extension().is_some_and(|ending| Path::new(files).extension() == Some(ending)));
            names.sort();
            let found: Vec<[String; 2]> =
                names.iter().flat_map(units).map(|unit| Lang::BOTH.map(|lang| unit.text_of(lang).unwrap())).collect();
            assert_eq!(found, expected, "{form}");
        }
    }
}
