//! Care for a memory, as a user meets it: check, clean, merge, split-by, diff, stats, import and export.
#![cfg(feature = "cli")]

mod desk;

use desk::{Desk, json_lines, partial_files};
use dhakira::check::{Checks, check, repair};
use dhakira::task::{Duplicates, MergeOptions, PartitionKey, Source, SourceOptions, differences, merge, partition};
use dhakira::tmx::{Header, Writer, unit_xml};
use dhakira::unit::{Meta, Seg, Unit, Variant};
use dhakira::{Error, LangTag};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

/// A TMX file, each unit on a line of its own from line 2.
fn tmx(units: &[&str]) -> String {
    let lines: Vec<String> = units.iter().map(|unit| format!("{unit}\n")).collect();
    format!("<tmx version=\"1.4\"><header srclang=\"ar\"/><body>\n{}</body></tmx>", lines.concat())
}

fn pair(ar: &str, en: &str) -> String {
    tu("", ar, en)
}

/// A unit with attributes, and props before the variants.
fn tu(head: &str, ar: &str, en: &str) -> String {
    let (attrs, props) = head.split_once('|').unwrap_or((head, ""));
    format!(
        "<tu{attrs}>{props}<tuv xml:lang=\"ar\"><seg>{ar}</seg></tuv><tuv xml:lang=\"en\"><seg>{en}</seg></tuv></tu>"
    )
}

const SICK: [&str; 7] = [
    "<tu tuid=\"1\"><tuv xml:lang=\"ar\"><seg>عاد الوفد في عام ١٩٩٩.</seg></tuv><tuv xml:lang=\"en\"><seg>The delegation returned in 1998.</seg></tuv></tu>",
    "<tu tuid=\"2\"><tuv xml:lang=\"ar\"><seg>ط§ظ„ط¹ط±ط¨ظٹط© لغة جميلة</seg></tuv><tuv xml:lang=\"en\"><seg>Arabic is a beautiful language</seg></tuv></tu>",
    "<tu tuid=\"3\"><tuv xml:lang=\"ar\"><seg>R&D</tuv><tuv xml:lang=\"en\"><seg>Research</seg></tuv></tu>",
    "<tu tuid=\"4\"><tuv xml:lang=\"ar\"><seg></seg></tuv><tuv xml:lang=\"en\"><seg>Nothing beside it</seg></tuv></tu>",
    "<tu tuid=\"5\"><tuv xml:lang=\"ar\"><seg>انتهى الاجتماع.</seg></tuv><tuv xml:lang=\"en\"><seg>The meeting ended.</seg></tuv></tu>",
    "<tu tuid=\"6\"><tuv xml:lang=\"ar\"><seg>انتهى الاجتماعُ.</seg></tuv><tuv xml:lang=\"en\"><seg>The meeting ended.</seg></tuv></tu>",
    "<tu tuid=\"7\" changedate=\"2021-08-31 12:00\"><tuv xml:lang=\"ar\"><seg>بدأ الدرس.</seg></tuv><tuv xml:lang=\"en\"><seg>The lesson began.</seg></tuv></tu>",
];

#[test]
fn check_tells_each_finding_with_its_line() {
    let desk = Desk::new();
    desk.file("sick.tmx", tmx(&SICK));
    let ran = desk.run(&["check", "sick.tmx", "--bidi", "off"]);
    assert_eq!(ran.code, Some(2));
    let starts: Vec<&str> = ran.out.lines().map(|line| line.split(": ").take(2).last().unwrap()).collect();
    assert_eq!(starts, ["numbers-differ", "mojibake", "unreadable", "empty-side", "duplicate", "bad-date"]);
    assert!(
        ran.out
            .starts_with("sick.tmx:2 (tuid \"1\"): numbers-differ: the Arabic side says ١٩٩٩, the English side 1998\n"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("\nsick.tmx:4 (tuid \"3\"): unreadable: a bare &"), "{}", ran.out);
    assert!(ran.out.contains("in an earlier unit (sick.tmx:6)\n"), "{}", ran.out);
    assert!(ran.err.contains("6 units checked: 3 errors, 3 warnings, 0 infos"), "{}", ran.err);

    let only = desk.run(&["check", "sick.tmx", "--only", "numbers-differ,bad-date", "--quiet"]);
    assert_eq!(only.out.lines().filter(|l| !l.contains("unreadable")).count(), 2);
    let without = desk.run(&["check", "sick.tmx", "--without", "numbers-differ"]);
    assert!(!without.out.contains("numbers-differ"));
    let wrong = desk.run(&["check", "sick.tmx", "--only", "numbers"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("no such kind") && wrong.err.contains("numbers-differ"), "{}", wrong.err);
}

#[test]
fn check_passes_what_has_only_warnings() {
    let desk = Desk::new();
    desk.file("warned.tmx", tmx(&[SICK[0]]));
    desk.file("well.tmx", tmx(&[SICK[4]]));
    assert_eq!(desk.run(&["check", "warned.tmx"]).code, Some(0));
    let well = desk.run(&["check", "well.tmx"]);
    assert_eq!((well.code, well.out.as_str()), (Some(0), ""));
    desk.file("cut.tmx", &tmx(&[SICK[4]])[..150]);
    let cut = desk.run(&["check", "cut.tmx", "gone.tmx", "well.tmx"]);
    assert_eq!(cut.code, Some(2));
    assert!(cut.out.contains("gone.tmx: unreadable: "), "{}", cut.out);
    assert!(cut.err.contains("1 unit checked"), "{}", cut.err);
    desk.file("m.tmx.gz", "x");
    let foreign = desk.run(&["check", "m.tmx.gz"]).out;
    assert!(foreign.starts_with("m.tmx.gz: unreadable: unknown kind of file; known endings: .tmx"), "{foreign}");
}

#[test]
fn sides_in_other_languages_are_named_by_their_tags() {
    let desk = Desk::new();
    let unit = "<tu><tuv xml:lang=\"fa\"><seg>\u{FEFB}م</seg></tuv><tuv xml:lang=\"en\"><seg>no</seg></tuv></tu>";
    desk.file("fa.tmx", tmx(&[unit]));
    let found = desk.run(&["check", "fa.tmx", "--only", "presentation-forms"]).out;
    assert!(found.contains("the side “fa”: "), "{found}");
    let whole = desk.run(&["check", "fa.tmx"]);
    assert!(whole.err.contains("--without missing-side"), "{}", whole.err);
    assert!(!desk.run(&["check", "fa.tmx", "--without", "missing-side"]).err.contains("missing-side"));
}

#[test]
fn what_po_can_not_hold_twice_is_counted() {
    let desk = Desk::new();
    let units = [tu(" tuid=\"1\"", "نعم", "Yes"), tu(" tuid=\"2\"", "نعم", "Yes"), tu(" tuid=\"3\"", "نعم", "Aye")];
    desk.file("tmx/a.tmx", tmx(&units.each_ref().map(String::as_str)));
    let ran = desk.run(&["export", "-o", "a.po"]);
    assert!(ran.err.contains("a.po: 2 units, 1 unit that says nothing new left out"), "{}", ran.err);
    assert_eq!(fs::read_to_string(desk.path("a.po")).unwrap().matches("\nmsgid ").count(), 2);
}

#[test]
fn check_speaks_json() {
    let desk = Desk::new();
    desk.file("memory/sick.tmx", tmx(&SICK));
    let ran = desk.run(&["check", "memory", "--json", "--repair", "-o", "mended.tmx"]);
    let records = json_lines(&ran.out);
    let of = |kind: &str| records.iter().find(|r| r["kind"] == kind).unwrap_or_else(|| panic!("{}", ran.out));
    let numbers = of("numbers-differ");
    assert_eq!((&numbers["type"], &numbers["line"]), (&"finding".into(), &2.into()));
    assert_eq!((&numbers["severity"], &numbers["tuid"]), (&"warning".into(), &"1".into()));
    assert_eq!(of("unreadable")["line"], 4);
    assert!(of("unreadable")["byte"].as_u64().unwrap() > 0);
    let mojibake = of("mojibake");
    assert_eq!((&mojibake["type"], &mojibake["place"]), (&"change".into(), &"text".into()));
    assert_eq!(
        (&mojibake["before"], &mojibake["after"]),
        (&"ط§ظ„ط¹ط±ط¨ظٹط© لغة جميلة".into(), &"العربية لغة جميلة".into())
    );
    assert_eq!(of("duplicate")["earlier"]["line"], 6);
    let summary = records.last().unwrap();
    assert_eq!((&summary["units"], &summary["errors"], &summary["changes"]), (&6.into(), &2.into(), &2.into()));
    assert_eq!(ran.code, Some(2));
}

#[test]
fn findings_have_their_place_in_every_kind_of_file() {
    let desk = Desk::new();
    let (ar, en) = ("عاد الوفد في عام ١٩٩٩.", "The delegation returned in 1998.");
    desk.file("a.tsv", format!("ar\ten\nنعم\tyes\n{ar}\t{en}\n{ar}\t{en}\n"));
    desk.file("a.csv", format!("ar,en\n\"نعم\nبلى\",yes\n{ar},{en}\n"));
    desk.file("a.jsonl", format!("{{\"ar\":\"نعم\",\"en\":\"yes\"}}\n\n{{\"ar\":\"{ar}\",\"en\":\"{en}\"}}\n"));
    desk.file("a.po", format!("msgid \"\"\nmsgstr \"Language: en\\n\"\n\nmsgid \"{ar}\"\nmsgstr \"{en}\"\n"));
    let unit = format!("<trans-unit id='1'><source>{ar}</source><target>{en}</target></trans-unit>");
    desk.file(
        "a.xlf",
        format!("<xliff version='1.2'><file source-language='ar' target-language='en'><body>\n\n{unit}</body></file></xliff>"),
    );
    desk.file("m.ar", format!("نعم\n{ar}\n"));
    desk.file("m.en", format!("yes\n{en}\n"));
    for (file, line, begins) in [
        ("a.tsv", 3, ar),
        ("a.csv", 4, ar),
        ("a.jsonl", 3, "{\"ar\":\"عاد"),
        ("a.po", 4, "msgid \"عاد"),
        ("a.xlf", 3, "<trans-unit"),
        ("m.en", 2, en),
    ] {
        let ran = desk.run(&["check", file, "--only", "numbers-differ"]);
        assert!(ran.out.starts_with(&format!("{file}:{line}: numbers-differ")), "{}", ran.out);
        let finding = &json_lines(&desk.run(&["check", file, "--only", "numbers-differ", "--json"]).out)[0];
        let text = fs::read_to_string(desk.path(file)).unwrap();
        let byte = finding["byte"].as_u64().unwrap() as usize;
        assert_eq!(finding["line"], line, "{file}");
        assert!(text[byte..].starts_with(begins), "{file}: {byte}");
    }
    let ran = desk.run(&["check", "a.tsv", "--only", "duplicate"]);
    assert!(ran.out.starts_with("a.tsv:4: duplicate") && ran.out.contains("(a.tsv:3)"), "{}", ran.out);
    desk.run(&["clean", "a.tsv", "-o", "good.tmx", "--drop", "duplicate", "--rejects", "bad.tmx"]);
    let bad = fs::read_to_string(desk.path("bad.tmx")).unwrap();
    let byte = format!("<prop type=\"x-reject-byte\">{}</prop>", 6 + 11 + ar.len() + en.len() + 2);
    assert!(bad.contains("<prop type=\"x-reject-line\">4</prop>") && bad.contains(&byte), "{bad}");
}

#[test]
fn what_repair_writes_checks_clean_and_the_rest_stays() {
    let desk = Desk::new();
    desk.file("sick.tmx", tmx(&SICK));
    let ran =
        desk.run(&["check", "sick.tmx", "--repair", "-o", "mended.tmx", "--rejects", "rejects.tmx", "--bidi", "off"]);
    assert!(
        ran.out.contains(
            "sick.tmx:8 (tuid \"7\"): bad-date: mended changedate: “2021-08-31 12:00” → “20210831T120000Z”\n"
        ),
        "{}",
        ran.out
    );
    let again = desk.run(&["check", "mended.tmx", "--only", "mojibake,bad-date"]);
    assert_eq!((again.code, again.out.as_str()), (Some(0), ""));
    let mended = fs::read_to_string(desk.path("mended.tmx")).unwrap();
    assert_eq!(mended.matches("<tu ").count(), 6);
    assert!(mended.contains("<seg>انتهى الاجتماعُ.</seg>"));
    let rejects = fs::read_to_string(desk.path("rejects.tmx")).unwrap();
    assert!(rejects.contains("<prop type=\"x-reject-line\">4</prop>") && rejects.contains("R&amp;D"), "{rejects}");

    // On request only.
    desk.file("kashida.tmx", tmx(&[&pair("نعـــم", "Yes")]));
    let plain = desk.run(&["check", "kashida.tmx", "--repair", "-o", "k.tmx"]);
    assert_eq!((plain.code, plain.out.as_str()), (Some(0), ""));
    let asked = desk.run(&["check", "kashida.tmx", "--repair=tatweel", "-o", "k.tmx"]);
    assert!(asked.out.contains("tatweel: mended text"), "{}", asked.out);
    assert!(fs::read_to_string(desk.path("k.tmx")).unwrap().contains("<seg>نعم</seg>"));
    assert_eq!(desk.run(&["check", "kashida.tmx", "--repair=numbers-differ", "-o", "k.tmx"]).code, Some(2));
}

#[test]
fn clean_drops_what_it_is_told_and_says_why() {
    let desk = Desk::new();
    let mut units: Vec<&str> = SICK.to_vec();
    let scored = [
        tu("|<prop type=\"x-align-score\">0.31</prop>", "وقف القطار.", "The train stopped."),
        tu("|<prop type=\"x-align-score\">0.97</prop>", "سار القطار.", "The train left."),
    ];
    units.extend(scored.iter().map(String::as_str));
    desk.file("sick.tmx", tmx(&units));
    let ran =
        desk.run(&["clean", "sick.tmx", "-o", "good.tmx", "--rejects", "bad.tmx", "--min-score", "0.5", "--json"]);
    let report = &json_lines(&ran.out)[0];
    assert_eq!((&report["read"], &report["units"], &report["left_out"]), (&8.into(), &4.into(), &4.into()));
    let reasons = serde_json::json!({"mojibake": 1, "empty-side": 1, "duplicate": 1, "score": 1});
    assert_eq!((&report["set_aside"], &report["reasons"]), (&1.into(), &reasons));
    assert_eq!(ran.code, Some(2), "one unit could not be read");
    let bad = fs::read_to_string(desk.path("bad.tmx")).unwrap();
    assert_eq!(bad.matches("<tu").count() - bad.matches("<tuv").count(), 5);
    assert!(bad.contains("<prop type=\"x-reject-reason\">score: 0.31 is below 0.5</prop>"), "{bad}");
    assert!(desk.run(&["check", "bad.tmx"]).out.contains("mojibake"));

    let ran = desk.run(&["clean", "good.tmx", "-o", "-", "--drop", "numbers-differ"]);
    assert_eq!(ran.out.matches("<seg>").count(), 6);
    assert_eq!(ran.code, Some(0));

    // A unit that goes for another reason does not take its twin with it.
    let twin =
        "<tu><tuv xml:lang=\"ar\"><seg>قال \u{FFFD} نعم</seg></tuv><tuv xml:lang=\"en\"><seg>Yes</seg></tuv></tu>";
    desk.file("twins.tmx", tmx(&[twin, &pair("نعم", "Yes"), &pair("نَعَم", "Yes")]));
    let ran = desk.run(&["clean", "twins.tmx", "-o", "-"]);
    assert_eq!(ran.out.matches("<seg>نعم</seg>").count(), 1);
    assert_eq!(ran.out.matches("<seg>").count(), 2);
}

#[test]
fn merge_has_three_ways_with_other_translations() {
    let desk = Desk::new();
    desk.file("mine.tmx", tmx(&[&pair("نعم", "Yes"), &pair("لا", "No")]));
    desk.file("hers.tmx", tmx(&[&pair("نعم", "Aye"), &pair("لا", "No"), &pair("ربما", "Maybe")]));
    let english = |how: &str| {
        let ran = desk.run(&["merge", "mine.tmx", "hers.tmx", "-o", "both.tsv", "--duplicates", how]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let table = fs::read_to_string(desk.path("both.tsv")).unwrap();
        table.lines().skip(1).map(|line| line.split('\t').next_back().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(english("keep"), ["Yes", "No", "Maybe"]);
    assert_eq!(english("overwrite"), ["Aye", "No", "Maybe"]);
    assert_eq!(english("both"), ["Yes", "No", "Aye", "Maybe"]);

    // A file that can not be read ends nothing, and is in the exit code.
    let ran = desk.run(&["merge", "gone.tmx", "mine.tmx", "-o", "out.tmx", "--json"]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(json_lines(&ran.out)[0]["units"], 2);
}

#[test]
fn split_by_document_and_by_number_and_together_again() {
    let desk = Desk::new();
    let unit =
        |document: &str, ar: &str, en: &str| tu(&format!("|<prop type=\"x-document\">{document}</prop>"), ar, en);
    let units = [
        unit("أخبار/ميناء", "نعم", "Yes"),
        unit("b", "لا", "No"),
        unit("أخبار/ميناء", "ربما", "Maybe"),
        pair("كلا", "Nay"),
    ];
    let units: Vec<&str> = units.iter().map(String::as_str).collect();
    desk.file("all.tmx", tmx(&units));
    let ran = desk.run(&["split-by", "document", "all.tmx", "-o", "parts", "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let names: Vec<String> =
        json_lines(&ran.out).iter().map(|r| r["output"].as_str().unwrap().replace('\\', "/")).collect();
    assert_eq!(names, ["parts/أخبار_ميناء.tmx", "parts/b.tmx", "parts/without-x-document.tmx"]);
    assert_eq!(desk.run(&["merge", "parts", "-o", "again.tmx"]).code, Some(0));
    assert_eq!(desk.run(&["diff", "all.tmx", "again.tmx"]).code, Some(0));

    let ran = desk.run(&["split-by", "--units", "3", "all.tmx", "-o", "threes", "--to", "tsv"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(fs::read_to_string(desk.path("threes/part-0002.tsv")).unwrap(), "ar\ten\nكلا\tNay\n");
    assert_eq!(desk.run(&["split-by", "lang", "all.tmx", "-o", "langs"]).code, Some(0));
    assert!(desk.path("langs/ar_en.tmx").exists());

    // What is written must not be what is read.
    let ran = desk.run(&["split-by", "document", "parts", "-o", "parts"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("another folder"), "{}", ran.err);
    assert_eq!(desk.run(&["split-by", "document", "-o", "x"]).code, Some(2));
}

#[test]
fn diff_shows_what_was_added_removed_and_changed() {
    let desk = Desk::new();
    desk.file("a.tmx", tmx(&[&tu(" tuid=\"1\"", "نعم", "Yes"), &pair("لا", "No"), &tu(" tuid=\"3\"", "قف", "Stop")]));
    desk.file(
        "b.tmx",
        tmx(&[
            &pair("ربما", "Maybe"),
            &tu(" tuid=\"3\" usagecount=\"2\"", "قف", "Stop"),
            &tu(" tuid=\"1\"", "نعم", "Aye"),
        ]),
    );
    let ran = desk.run(&["diff", "a.tmx", "b.tmx", "--bidi", "off"]);
    let expected = "~ a.tmx:2 → b.tmx:4 (tuid \"1\")\n    en   - Yes\n    en   + Aye\n- a.tmx:3\n    ar   لا\n    en   No\n~ a.tmx:4 → b.tmx:3 (tuid \"3\")\n    usagecount\n+ b.tmx:2\n    ar   ربما\n    en   Maybe\n";
    assert_eq!((ran.out.as_str(), ran.code), (expected, Some(1)));
    assert!(ran.err.contains("1 added, 1 removed, 2 changed"), "{}", ran.err);
    assert!(desk.run(&["diff", "a.tmx", "b.tmx"]).out.contains("\u{2067}ربما\u{2069}"));
    assert!(!desk.run(&["diff", "a.tmx", "b.tmx", "--texts"]).out.contains("usagecount"));

    let ran = desk.run(&["diff", "a.tmx", "b.tmx", "--json"]);
    let records = json_lines(&ran.out);
    assert_eq!(records[0]["sides"], serde_json::json!([{"lang": "en", "before": "Yes", "after": "Aye"}]));
    assert_eq!((&records[1]["change"], &records[1]["before"]["line"]), (&"removed".into(), &3.into()));
    assert_eq!(records[2]["properties"], serde_json::json!(["usagecount"]));

    let same = desk.run(&["diff", "a.tmx", "a.tmx"]);
    assert_eq!((same.code, same.out.as_str()), (Some(0), ""));
    assert_eq!(desk.run(&["diff", "a.tmx", "gone.tmx"]).code, Some(2));
}

#[test]
fn stats_counts_what_there_is() {
    let desk = Desk::new();
    let first = tu(
        " creationdate=\"20200101T000000Z\"|<prop type=\"x-align-score\">0.95</prop>",
        "عاد <ph/>الوفد.",
        "The delegation returned.",
    );
    desk.file("a.tmx", tmx(&[&first, &tu(" changedate=\"20210101T000000Z\"", "نعم", "Yes"), &pair("نعم", "Aye")]));
    let ran = desk.run(&["stats", "a.tmx", "--json"]);
    let stats = &json_lines(&ran.out)[0];
    assert_eq!(
        stats["languages"]["ar"],
        serde_json::json!({"variants": 3, "empty": 0, "words": 4, "characters": 16, "codes": 1})
    );
    assert_eq!(stats["languages"]["en"]["words"], 5);
    assert_eq!(stats["dates"], serde_json::json!(["20200101T000000Z", "20210101T000000Z"]));
    assert_eq!((&stats["units"], &stats["inconsistent"], &stats["scores"][9]), (&3.into(), &1.into(), &1.into()));
    assert_eq!(stats["props"], serde_json::json!({"x-align-score": 1}));
    let table = desk.run(&["stats", "a.tmx"]);
    assert!(table.out.starts_with("units                    3\n"), "{}", table.out);
    assert!(table.out.contains("0.9 up                   1  ████"), "{}", table.out);
    assert_eq!(desk.run(&["stats", "gone.tmx"]).code, Some(2));
}

#[test]
fn import_keeps_or_takes_both_and_can_be_tried_first() {
    let desk = Desk::new();
    desk.file("tmx/old.tmx", tmx(&[&pair("نعم", "Yes"), &pair("لا", "No")]));
    desk.file("new.tmx", tmx(&[&pair("نعم", "Aye"), &pair("لا", "No"), &pair("ربما", "Maybe"), SICK[2]]));
    let report = |args: &[&str]| {
        let ran = desk.run(&[&["import", "new.tmx", "--json"], args].concat());
        let report = json_lines(&ran.out).remove(0);
        let numbers: Vec<u64> =
            ["read", "new", "kept", "refused"].iter().map(|k| report[k].as_u64().unwrap()).collect();
        (numbers, report)
    };
    let files =
        || fs::read_dir(desk.path("tmx")).unwrap().filter(|e| e.as_ref().unwrap().path().extension().is_some()).count();
    let (numbers, tried) = report(&["--dry-run"]);
    assert_eq!((numbers, &tried["dry_run"], files()), (vec![3, 2, 1, 0], &true.into(), 1));
    let (numbers, _) = report(&["--dry-run", "--duplicates", "keep"]);
    assert_eq!(numbers, [3, 1, 1, 1]);
    let ran = desk.run(&["import", "new.tmx", "--dry-run", "--memory", "none"]);
    assert!(ran.err.contains("3 units read, 3 new"), "{}", ran.err);
    assert!(!desk.path("none").exists());
    let (numbers, _) = report(&["--rejects", "rejects.tmx"]);
    assert_eq!((numbers, files()), (vec![3, 2, 1, 0], 2));
    assert!(fs::read_to_string(desk.path("rejects.tmx")).unwrap().contains("x-reject-reason"));
    let (numbers, _) = report(&[]);
    assert_eq!((numbers, files()), (vec![3, 0, 3, 0], 2));
}

#[test]
fn import_overwrites_with_a_history() {
    let desk = Desk::new();
    let old = [tu(" tuid=\"1\"", "نعم", "Yes"), pair("لا", "No"), pair("لا", "Nope"), tu(" tuid=\"1\"", "كلا", "Nay")];
    desk.file("tmx/old.tmx", tmx(&old.iter().map(String::as_str).collect::<Vec<_>>()));
    let new =
        [tu(" tuid=\"9\"", "نعم", "Aye"), pair("لا", "Not"), tu(" tuid=\"1\"", "ربما", "Maybe"), pair("كلا", "Nay")];
    desk.file("new.tmx", tmx(&new.iter().map(String::as_str).collect::<Vec<_>>()));
    let ran = desk.run(&["import", "new.tmx", "--duplicates", "overwrite", "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let report = &json_lines(&ran.out)[0];
    assert_eq!((&report["new"], &report["updated"], &report["kept"]), (&1.into(), &2.into(), &1.into()));
    let english = |command: &[&str]| {
        let table = desk.run(&[command, &["--to", "tsv"]].concat()).out;
        let mut english: Vec<String> =
            table.lines().skip(1).map(|l| l.split('\t').nth(1).unwrap().to_owned()).collect();
        english.sort();
        english
    };
    assert_eq!(english(&["export"]), ["Aye", "Maybe", "Nay", "Not"]);
    // What was superseded or deleted is nowhere seen.
    assert_eq!(english(&["merge", "tmx", "-o", "-"]), ["Aye", "Maybe", "Nay", "Not"]);
    assert_eq!(json_lines(&desk.run(&["stats", "--json"]).out)[0]["units"], 4);
    let ran = desk.run(&["import", "tmx", "--memory", "copy", "--json"]);
    assert_eq!(json_lines(&ran.out)[0]["new"], 4);
    let again = desk.run(&["import", "new.tmx", "--duplicates", "overwrite", "--json"]);
    assert_eq!(json_lines(&again.out)[0]["kept"], 4);
}

#[test]
fn import_says_what_waits_for_its_translation_and_takes_folders() {
    let desk = Desk::new();
    desk.file("ar.po", "msgid \"\"\nmsgstr \"Language: ar\\n\"\n\nmsgid \"Save\"\nmsgstr \"حفظ\"\n\n#, fuzzy\nmsgid \"Open\"\nmsgstr \"فتح\"\n\nmsgid \"Close\"\nmsgstr \"\"\n");
    let ran = desk.run(&["import", "ar.po", "--json"]);
    let report = &json_lines(&ran.out)[0];
    assert_eq!(report["left_out"], serde_json::json!({"untranslated": 1, "fuzzy": 1, "foreign": 0}));
    assert_eq!((&report["new"], ran.code), (&1.into(), Some(0)));
    let ran = desk.run(&["import", "ar.po", "--fuzzy", "--json"]);
    assert_eq!(json_lines(&ran.out)[0]["new"], 1);
    desk.file("others/x.tmx", tmx(&[&pair("نعم", "Yes")]));
    desk.file("others/y.tmx", tmx(&[&pair("لا", "No")]));
    let ran = desk.run(&["import", "others", "--json"]);
    assert_eq!(json_lines(&ran.out).len(), 2);
    assert!(desk.path("tmx/x.tmx").exists() && desk.path("tmx/y.tmx").exists());
}

#[test]
fn export_changes_only_what_is_asked() {
    let desk = Desk::new();
    let unit = "<tu tuid=\"1\"><prop type=\"x-context-pre\">قبل</prop><tuv xml:lang=\"ar_EG\"><seg>\u{200F}قال<ph x=\"1\"/>نعم</seg></tuv><tuv xml:lang=\"en\"><seg>Yes</seg></tuv><tuv xml:lang=\"en\"><seg>Aye</seg></tuv></tu>";
    desk.file("tmx/a.tmx", tmx(&[unit]));
    assert!(desk.run(&["export"]).out.contains(unit));
    let ran = desk.run(&["export", "--strip-codes", "--strip-bidi-controls", "--lang-map", "ar-EG=ar"]);
    assert!(ran.out.contains("<tuv xml:lang=\"ar\"><seg>قال نعم</seg></tuv>"), "{}", ran.out);
    assert!(
        ran.err.contains("1 unit, 1 segment without its inline codes, 1 segment without its bidi controls, 1 language tag written otherwise"),
        "{}",
        ran.err
    );
    let ran = desk.run(&["export", "--dialect", "memoq"]);
    assert!(
        ran.out.contains("<tuv xml:lang=\"ar-EG\"><prop type=\"x-context-pre\">&lt;seg&gt;قبل&lt;/seg&gt;</prop><seg>"),
        "{}",
        ran.out
    );
    assert_eq!(ran.out.matches("<tu ").count(), 2);
    let ran = desk.run(&["export", "--dialect", "omegat-level1"]);
    assert!(!ran.out.contains("<ph"), "{}", ran.out);
    assert!(
        desk.run(&["export", "--dialect", "trados"])
            .out
            .contains("<prop type=\"x-context-pre:SingleString\">قبل</prop>")
    );
    assert!(desk.run(&["export", "--to", "xliff2"]).out.contains("version=\"2.0\""));
    assert_eq!(desk.run(&["export", "--to", "docx"]).code, Some(2));
    assert_eq!(desk.run(&["export", "--lang-map", "ar"]).code, Some(2));
    assert_eq!(desk.run(&["export", "-o", "x.ar"]).code, Some(0));
    assert_eq!(fs::read_to_string(desk.path("x.en")).unwrap(), "Yes\n");
}

#[test]
fn a_full_disk_leaves_nothing_half_written() {
    if !Path::new("/dev/full").exists() {
        eprintln!("skipped: no /dev/full here");
        return;
    }
    let desk = Desk::new();
    desk.file("tmx/a.tmx", tmx(&[&pair("نعم", "Yes")]));
    for args in [
        &["export", "-o", "/dev/full", "--to", "tmx"][..],
        &["merge", "tmx", "-o", "/dev/full", "--to", "tmx"],
        &["clean", "tmx", "-o", "/dev/full", "--to", "tmx"],
        &["check", "tmx", "--repair", "-o", "/dev/full", "--to", "tmx"],
    ] {
        let ran = desk.run(args);
        assert_eq!(ran.code, Some(2), "{args:?}");
        assert!(ran.err.contains("/dev/full"), "{args:?}: {}", ran.err);
    }
    desk.file("taken", "a file where a folder should be");
    assert_eq!(desk.run(&["split-by", "document", "tmx", "-o", "taken"]).code, Some(2));
    assert_eq!(desk.run(&["merge", "tmx", "-o", "taken/x.tmx"]).code, Some(2));
    assert_eq!(partial_files(&desk.path(".")), Vec::<PathBuf>::new());
}

/// Units of a small world, so that sources meet again, translated in the same way or otherwise.
fn units() -> impl Strategy<Value = Vec<Unit>> {
    let text = |words: &'static [&'static str]| {
        prop::collection::vec(prop::sample::select(words), 1..3).prop_map(|w| w.join(" "))
    };
    let ar = text(&["نعم", "نَعَمْ", "كتاب", "كتـاب", "١٩٩٩", "\u{200F}لا", "ط§ظ„", "قال&"]);
    let en = text(&["yes", "Yes", "book", "1999", "no <b>", "a\u{202B}"]);
    let unit = (ar, en, prop::option::of(0..4u8), prop::option::of(0..3u8)).prop_map(|(ar, en, tuid, document)| Unit {
        attrs: tuid.map(|n| ("tuid".to_owned(), n.to_string())).into_iter().collect(),
        meta: document.map(|n| Meta::prop("x-document", format!("{n}"))).into_iter().collect(),
        variants: vec![
            Variant::new(LangTag::new("ar"), Seg::plain(ar)),
            Variant::new(LangTag::new("en"), Seg::plain(en)),
        ],
    });
    prop::collection::vec(unit, 0..12)
}

fn write(path: &Path, units: &[Unit]) {
    let mut writer = Writer::new(Vec::new(), &Header::new("ar")).unwrap();
    units.iter().for_each(|unit| writer.write_unit(unit).unwrap());
    fs::write(path, writer.finish().unwrap()).unwrap();
}

fn merged(inputs: &[PathBuf], duplicates: Duplicates) -> Vec<Unit> {
    let options = MergeOptions { duplicates, ..MergeOptions::default() };
    let mut units = Vec::new();
    merge(inputs, &options, |item| {
        units.push(item.unwrap().unit);
        Ok::<(), Error>(())
    })
    .unwrap();
    units
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_memory_merged_with_itself_is_itself(units in units()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tmx");
        write(&path, &units);
        for duplicates in [Duplicates::Keep, Duplicates::Both] {
            prop_assert_eq!(&merged(&[path.clone(), path.clone()], duplicates), &units);
        }
        prop_assert_eq!(&merged(&[path.clone(), path], Duplicates::Overwrite), &units);
    }

    #[test]
    fn parts_merged_are_the_whole(units in units()) {
        let folder = tempfile::tempdir().unwrap();
        let (path, parts) = (folder.path().join("a.tmx"), folder.path().join("parts"));
        write(&path, &units);
        let key = PartitionKey::named("document");
        let done = partition(&[path], &SourceOptions::default(), &key, &parts, ("tmx", &Default::default()), |_| ()).unwrap();
        let files: Vec<PathBuf> = done.files.into_iter().map(|(path, _)| path).collect();
        let sorted = |units: &[Unit]| {
            let mut lines: Vec<String> = units.iter().map(|unit| unit_xml(unit).unwrap()).collect();
            lines.sort();
            lines
        };
        let with_document: Vec<Unit> = units.iter().filter(|u| u.prop("x-document").is_some()).cloned().collect();
        let again = merged(&files, Duplicates::Both);
        let again: Vec<Unit> = again.into_iter().filter(|u| u.prop("x-document").is_some()).collect();
        prop_assert_eq!(sorted(&again), sorted(&with_document));
    }

    #[test]
    fn nothing_differs_from_itself(units in units()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tmx");
        write(&path, &units);
        let read = || Source::open(&path, &SourceOptions::default()).unwrap().map(|item| item.unwrap()).collect::<Vec<_>>();
        prop_assert!(differences(read(), read()).is_empty());
        let mut turned = read();
        turned.reverse();
        let found = differences(read(), turned);
        // Units of one content and id can change places; nothing is ever added or removed.
        prop_assert!(found.iter().all(|d| matches!(d, dhakira::task::Difference::Changed { .. })), "{:?}", found);
    }

    #[test]
    fn what_was_mended_is_found_no_more(units in units()) {
        let checks = Checks::default();
        for mut unit in units {
            let changes = repair(&mut unit, &checks);
            let left = check(&unit, &checks);
            for change in changes {
                prop_assert!(!left.iter().any(|f| f.kind == change.kind && f.mendable), "{:?}", change);
            }
        }
    }
}

#[test]
fn a_unit_that_one_character_made_unreadable_comes_back() {
    let desk = Desk::new();
    let units =
        [pair("R&D قسم", "R&D"), pair("نعم&nbsp;&#x1;", "yes"), "<tu><tuv xml:lang=\"ar\"><seg>نصف</tu>".to_owned()];
    desk.file("sick.tmx", tmx(&units.each_ref().map(String::as_str)));
    let ran = desk.run(&["check", "sick.tmx", "--repair", "-o", "well.tmx"]);
    assert!(ran.out.contains("sick.tmx:2: unreadable: mended xml: “&” → “&amp;”"), "{}", ran.out);
    // What no machine can mend is still said.
    assert_eq!(ran.code, Some(2));
    assert!(ran.out.contains("sick.tmx:4: unreadable: "), "{}", ran.out);
    let well = fs::read_to_string(desk.path("well.tmx")).unwrap();
    assert!(well.contains("<seg>R&amp;D قسم</seg>") && well.contains("<seg>نعم\u{A0}</seg>"), "{well}");
    assert_eq!(well.matches("<tu>").count(), 2);
}
