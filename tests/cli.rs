//! The program as a user meets it: the real binary, each test in a folder of its own.
#![cfg(feature = "cli")]

mod desk;
#[path = "../fuzz/src/model.rs"]
mod model;

use desk::{Desk, json_lines, partial_files};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn corpora() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora").display().to_string()
}

const AR: &str = "عودة الحافلة رقم 12\n\nعادت الحافلة رقم 12 إلى شوارع مدينة الرمانة يوم 3 مايو 2022. وقال السائق Karim إنه سعيد.\n\nهل تعود بقية الخطوط؟\n";
const EN: &str = "Bus No. 12 Returns\n\nBus 12 returned to the streets of the city of Rummana on 3 May 2022. The driver, Karim, said he was happy.\n\nWill the other lines return?\n";

#[test]
fn split_prints_a_sentence_a_line_in_the_language_of_each_line() {
    let desk = Desk::new();
    let ran = desk.run_with(&["split"], "وصل د. سامي. هل رأيته؟\nMr. Lee left. He was late.\n");
    assert_eq!(ran.out, "وصل د. سامي.\nهل رأيته؟\nMr. Lee left.\nHe was late.\n");
    assert_eq!(ran.code, Some(0));
    let ran = desk.run_with(&["split"], " \n");
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("no text"), "{}", ran.err);
}

#[test]
fn split_json_keeps_every_byte_and_answers_bad_lines_in_their_place() {
    let desk = Desk::new();
    let raw = "  قالَ: «نعم.»  ثم مضى! \t";
    let good = serde_json::json!({"id": 7, "lang": "ar", "raw": raw}).to_string();
    let input = format!("{good}\n{{\"id\": 8}}\n{{\"id\": 9, \"lang\": \"fr\", \"raw\": \"x\"}}\n{good}\n");
    let ran = desk.run_with(&["split", "--json"], input);
    let answers = json_lines(&ran.out);
    assert_eq!(answers.len(), 4);
    let sentences: Vec<&str> =
        answers[0]["sentences"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
    assert_eq!(sentences.concat(), raw);
    assert_eq!(sentences.len(), 2);
    for (sentence, span) in sentences.iter().zip(answers[0]["spans"].as_array().unwrap()) {
        let (from, to) = (span[0].as_u64().unwrap() as usize, span[1].as_u64().unwrap() as usize);
        assert_eq!(*sentence, &raw[from..to]);
    }
    assert_eq!(answers[1]["error"]["line"], 2);
    assert_eq!(answers[2]["id"], 9);
    assert_eq!(answers[2]["error"]["code"], "language");
    assert_eq!(answers[3], answers[0]);
    assert_eq!(ran.code, Some(2));
}

#[test]
fn a_pair_becomes_tmx_on_stdout_and_answers_a_query() {
    let desk = Desk::new();
    desk.file("bus.ar.txt", AR);
    desk.file("bus.en.txt", EN);
    let ran = desk.run(&["align", "bus.ar.txt", "bus.en.txt"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("<tuv xml:lang=\"ar\"><seg>هل تعود بقية الخطوط؟</seg></tuv><tuv xml:lang=\"en\"><seg>Will the other lines return?</seg></tuv>"));
    desk.file("tmx/bus.tmx", &ran.out);

    // With tashkeel and Arabic-Indic digits: the right one first, and the reasons named.
    let ran = desk.run(&["match", "عَادَتِ الحافلةُ رقم ١٢ إلى شوارع مدينة الرمانة يوم ٣ مايو ٢٠٢٢.", "--json"]);
    let answer = &json_lines(&ran.out)[0];
    let first = &answer["matches"][0];
    assert_eq!(first["target"], "Bus 12 returned to the streets of the city of Rummana on 3 May 2022.");
    assert_eq!(first["kind"], "normalized");
    assert!(first["score"].as_f64().unwrap() >= 95.0);
    let why: Vec<&str> = first["why"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
    assert_eq!(why, ["tashkeel", "digits"]);
    assert_eq!(first["memory"], "bus.tmx");

    // The same memory the other way round.
    let ran = desk.run(&["match", "Will the other lines return?"]);
    assert!(ran.out.contains("100  exact  bus"), "{}", ran.out);
    assert!(ran.out.contains("\u{2067}هل تعود بقية الخطوط؟\u{2069}"), "{}", ran.out);
    assert!(!desk.run(&["match", "Will the other lines return?", "--bidi", "off"]).out.contains('\u{2067}'));

    let ran = desk.run(&["match", "لا شيء يشبه هذا الكلام البتة"]);
    assert_eq!(ran.code, Some(1));

    // Nothing at 90: the best one below, marked; or nothing at all, as asked.
    let reworded = ["match", "هل تعود خطوط أخرى؟", "--min", "90", "--json"];
    let answer = &json_lines(&desk.run(&reworded).out)[0];
    assert_eq!(answer["matches"][0]["target"], "Will the other lines return?");
    assert!(answer["matches"][0]["why"].as_array().unwrap().contains(&"below-threshold".into()));
    let ran = desk.run(&[&reworded[..], &["--strict"]].concat());
    assert_eq!((ran.code, json_lines(&ran.out)[0]["matches"].as_array().unwrap().len()), (Some(1), 0));
}

#[test]
fn match_answers_lines_of_stdin_in_order() {
    let desk = Desk::new();
    desk.file("bus.ar.txt", AR);
    desk.file("bus.en.txt", EN);
    fs::create_dir(desk.path("tmx")).unwrap();
    assert_eq!(desk.run(&["align", "bus.ar.txt", "bus.en.txt", "-o", "tmx"]).code, Some(0));
    let input = "{\"id\": \"a\", \"source\": \"هل تعود بقية الخطوط؟\"}\nnonsense\n{\"id\": \"c\", \"source\": \"\"}\n";
    let ran = desk.run_with(&["match", "--json"], input);
    let answers = json_lines(&ran.out);
    assert_eq!(answers[0]["matches"][0]["score"], 100.0);
    assert_eq!(answers[1]["error"]["code"], "format");
    assert_eq!(answers[2], serde_json::json!({"id": "c", "matches": []}));
    assert_eq!(ran.code, Some(2));
}

#[test]
fn folders_give_the_same_bytes_from_any_number_of_threads() {
    let desk = Desk::new();
    let files = |folder: &str| -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<_> = fs::read_dir(desk.path(folder))
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.extension().is_some_and(|e| e == "tmx"))
            .map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), fs::read(p).unwrap()))
            .collect();
        files.sort();
        files
    };
    for (folder, threads) in [("one", "1"), ("two", "2"), ("again", "2")] {
        let ran = desk.run(&["align", &corpora(), "-o", folder, "--threads", threads, "--quiet"]);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""));
    }
    assert!(files("one").len() >= 12);
    assert_eq!(files("one"), files("two"));
    assert_eq!(files("two"), files("again"));
}

#[test]
fn lines_are_taken_as_they_are() {
    let desk = Desk::new();
    desk.file("in/x.ar.txt", "إعلان\nوصل د. سامي. جلس.\n\nعاد في 1999.\n");
    desk.file("in/x.en.txt", "Advertisement\nDr. Sami arrived. He sat down.\n\nHe came back in 1999.\n");
    let ran = desk.run(&["align", "--lines", "in", "--to", "ladder", "-o", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    // The line that an article would lose is sentence 0 on both sides.
    let ladder = fs::read_to_string(desk.path("out/x.ladder")).unwrap();
    assert!(ladder.contains("[0]:[") && ladder.ends_with("[1]:[1]\n[2]:[2]\n"), "{ladder}");
}

#[test]
fn one_bad_pair_never_ends_a_batch() {
    let desk = Desk::new();
    desk.file("in/bus.ar.txt", AR);
    desk.file("in/bus.en.txt", EN);
    desk.file("in/empty.ar.txt", "");
    desk.file("in/empty.en.txt", EN);
    desk.file("in/lonely.ar.txt", AR);
    desk.file("in/picture.ar.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0");
    desk.file("in/picture.en.txt", EN);
    let ran = desk.run(&["align", "in", "-o", "out", "--json"]);
    assert_eq!(ran.code, Some(2));
    let codes: Vec<Value> = json_lines(&ran.out).iter().map(|r| r["error"]["code"].clone()).collect();
    assert_eq!(codes, [Value::Null, "empty".into(), "unpaired".into(), "binary".into()]);
    assert!(ran.err.contains("lonely.ar.txt: no en side"), "{}", ran.err);
    assert!(desk.path("out/bus.tmx").exists());
    assert_eq!(partial_files(&desk.path("out")), Vec::<PathBuf>::new());
}

#[test]
fn articles_in_old_encodings_are_read_or_name_the_way_out() {
    let desk = Desk::new();
    let (cp1256, _, unmappable) = encoding_rs::WINDOWS_1256.encode(AR);
    assert!(!unmappable);
    desk.file("bus.ar.txt", &cp1256);
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(EN.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    desk.file("bus.en.txt", utf16);
    let detected = desk.run(&["align", "bus.ar.txt", "bus.en.txt"]);
    assert!(detected.out.contains("هل تعود بقية الخطوط؟"), "{}", detected.err);
    assert!(detected.out.contains("Will the other lines return?"));
    let broken =
        desk.file("broken.ar.txt", "قال\u{0}".as_bytes().iter().chain(b"\xFF\xC0\x81").copied().collect::<Vec<u8>>());
    let ran = desk.run(&["align", broken.to_str().unwrap(), "bus.en.txt"]);
    assert_eq!(ran.code, Some(2));
    let ran = desk.run(&["align", "bus.ar.txt", "bus.en.txt", "--encoding", "utf-8"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("--encoding"), "{}", ran.err);
}

#[test]
fn what_is_no_translation_is_said_and_withheld() {
    let desk = Desk::new();
    let article = |name: &str| format!("{}/{name}", corpora());
    let (ar, en) = (article("recipe-lentils.ar.txt"), article("history-post.en.txt"));
    let ran = desk.run(&["align", &ar, &en]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("do not look like translations"), "{}", ran.err);
    let ran = desk.run(&["align", &ar, &en, "--force"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.out.contains("<tu "));
    // A program is told: no output, no translation.
    let ran = desk.run(&["align", &ar, &en, "-o", "none.tmx", "--json"]);
    let report = &json_lines(&ran.out)[0];
    assert_eq!((ran.code, &report["translation"], &report["output"]), (Some(2), &false.into(), &Value::Null));
    assert!(!desk.path("none.tmx").exists());
}

#[test]
fn a_pair_goes_to_stdout_for_a_dash_and_many_do_not() {
    let desk = Desk::new();
    desk.file("in/bus.ar.txt", AR);
    desk.file("in/bus.en.txt", EN);
    let pair = ["align", "in/bus.ar.txt", "in/bus.en.txt"];
    let ran = desk.run(&[&pair[..], &["-o", "-"]].concat());
    assert_eq!((ran.code, ran.out), (Some(0), desk.run(&pair).out));
    let ran = desk.run(&[&pair[..], &["-o", "-", "--json"]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    let ran = desk.run(&["align", "in", "-o", "-"]);
    assert!(ran.code == Some(2) && ran.err.contains("--output FOLDER"), "{}", ran.err);
    assert!(!desk.path("-").exists());
}

#[test]
fn swapped_sides_and_one_side_given_twice_are_told() {
    let desk = Desk::new();
    desk.file("in/bus.ar.txt", AR);
    desk.file("in/bus.en.txt", EN);
    desk.file("in/swapped.ar.txt", EN);
    desk.file("in/swapped.en.txt", AR);
    for (ar, en, wrong) in [
        ("bus.en.txt", "bus.ar.txt", "bus.en.txt: Arabic is wanted here, and this is in Latin letters"),
        ("bus.ar.txt", "bus.ar.txt", "bus.ar.txt: English is wanted here, and this is in Arabic letters"),
        ("bus.en.txt", "bus.en.txt", "bus.en.txt: Arabic is wanted here"),
    ] {
        for form in [&[][..], &["--lines"]] {
            let (ar, en) = (format!("in/{ar}"), format!("in/{en}"));
            let ran = desk.run(&[&["align", &ar, &en][..], form].concat());
            assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
            assert!(ran.err.contains(wrong), "{}", ran.err);
        }
    }
    let ran = desk.run(&["align", "in", "-o", "out", "--json"]);
    let lines = json_lines(&ran.out);
    assert_eq!((ran.code, &lines[0]["id"], &lines[1]["error"]["code"]), (Some(2), &"bus".into(), &"language".into()));
    assert!(desk.path("out/bus.tmx").exists() && !desk.path("out/swapped.tmx").exists());
}

#[test]
fn a_sentence_of_a_hundred_thousand_words_is_only_long() {
    let desk = Desk::new();
    desk.file("long.ar.txt", "كلمة ".repeat(100_000));
    desk.file("long.en.txt", "word ".repeat(100_000));
    assert!(desk.run(&["align", "long.ar.txt", "long.en.txt", "--force"]).out.contains("كلمة كلمة"));
    let ran = desk.run_with(&["split"], "كلمة ".repeat(100_000));
    assert_eq!(ran.out.lines().count(), 1);
}

#[test]
fn what_is_not_there_is_said_with_its_path() {
    let desk = Desk::new();
    for args in [
        &["align", "gone.ar.txt", "gone.en.txt"][..],
        &["align", "gone"],
        &["match", "نص", "--memory", "gone"],
        &["import", "gone.tmx"],
        &["split", "gone.txt"],
    ] {
        let ran = desk.run(args);
        assert_eq!(ran.code, Some(2), "{args:?}");
        assert!(ran.err.contains("gone"), "{args:?}: {}", ran.err);
    }
}

#[test]
fn a_full_disk_leaves_nothing_half_written() {
    if !Path::new("/dev/full").exists() {
        eprintln!("skipped: no /dev/full here");
        return;
    }
    let desk = Desk::new();
    desk.file("bus.ar.txt", AR);
    desk.file("bus.en.txt", EN);
    let ran = desk.run(&["align", "bus.ar.txt", "bus.en.txt", "-o", "/dev/full"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("/dev/full"), "{}", ran.err);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let desk = Desk::new();
    desk.file("bus.ar.txt", AR);
    desk.file("bus.en.txt", EN);
    desk.file("taken", "a file where a folder should be");
    let ran = desk.run(&["align", "bus.ar.txt", "bus.en.txt", "-o", "taken/bus.tmx"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("taken"), "{}", ran.err);
}

#[test]
fn import_adds_what_is_new_and_export_gives_it_back() {
    let desk = Desk::new();
    let unit = |ar: &str, en: &str| {
        format!("<tu><tuv xml:lang=\"ar\"><seg>{ar}</seg></tuv><tuv xml:lang=\"en\"><seg>{en}</seg></tuv></tu>\n")
    };
    let file = |units: &[String]| {
        format!("<tmx version=\"1.4\"><header srclang=\"ar\"/><body>\n{}</body></tmx>", units.concat())
    };
    desk.file("a.tmx", file(&[unit("نعم", "yes"), unit("R&D", "broken"), unit("لا", "no")]));
    let ran = desk.run(&["import", "a.tmx", "--json"]);
    let report = &json_lines(&ran.out)[0];
    assert_eq!((&report["read"], &report["new"], &report["kept"]), (&2.into(), &2.into(), &0.into()));
    assert_eq!(report["set_aside"][0]["line"], 3);
    assert_eq!(ran.code, Some(2));

    desk.file("b/a.tmx", file(&[unit("لا", "no"), unit("ربما", "maybe")]));
    let ran = desk.run(&["import", "b/a.tmx", "--json"]);
    let report = &json_lines(&ran.out)[0];
    assert_eq!((&report["read"], &report["new"], &report["kept"]), (&2.into(), &1.into(), &1.into()));
    assert_eq!(ran.code, Some(0), "{}", ran.err);

    let ran = desk.run(&["export"]);
    for word in ["نعم", "لا", "ربما"] {
        assert_eq!(ran.out.matches(&format!("<seg>{word}</seg>")).count(), 1, "{}", ran.out);
    }
    assert_eq!(desk.run(&["export", "-o", "all.tmx"]).code, Some(0));
    assert_eq!(fs::read_to_string(desk.path("all.tmx")).unwrap(), ran.out);
}

#[test]
fn a_second_writer_is_refused_and_told_who_writes() {
    let desk = Desk::new();
    desk.file("a.tmx", "<tmx version=\"1.4\"><body></body></tmx>");
    let memory = dhakira::memory::Memory::create(desk.path("tmx")).unwrap();
    let writer = memory.writer().unwrap();
    let ran = desk.run(&["import", "a.tmx"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains(&format!("process {}", std::process::id())), "{}", ran.err);
    drop(writer);
    assert_eq!(desk.run(&["import", "a.tmx"]).code, Some(1));
}

#[test]
fn units_are_added_replaced_and_removed_by_hand() {
    let desk = Desk::new();
    let add = |args: &[&str]| {
        let ran = desk.run(&[&["add", "--json"], args].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        json_lines(&ran.out)[0]["id"].as_str().unwrap().to_owned()
    };
    let id = add(&["--ar", "صباح الخير", "--en", "Good day", "--document", "حوار"]);
    assert_eq!(add(&["--ar", "صباح الخير", "--en", "Good morning", "--id", &id]), id);
    let answer = &json_lines(&desk.run(&["match", "--json", "صباح الخير"]).out)[0];
    assert_eq!((answer["matches"][0]["target"].as_str(), answer["matches"][1].is_null()), (Some("Good morning"), true));
    assert_eq!(desk.run(&["export", "--document", "حوار"]).code, Some(0));
    let ran = desk.run(&["remove", "--json", "nobody", &id]);
    let lines = json_lines(&ran.out);
    assert_eq!((lines[0]["error"]["code"].as_str(), lines[1]["id"].as_str()), (Some("id"), Some(id.as_str())));
    assert_eq!(ran.code, Some(2));
    assert_eq!(desk.run(&["match", "صباح الخير"]).code, Some(1));
    let states: Vec<String> = json_lines(&desk.run(&["history", "--json", &id]).out)
        .iter()
        .map(|version| version["state"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(states, ["superseded", "superseded", "deleted"]);
    let report = &json_lines(&desk.run(&["compact", "--json"]).out)[0];
    assert_eq!((report["kept"].as_u64(), report["dropped"].as_u64()), (Some(0), Some(3)));
    assert_eq!(desk.run(&["history", &id]).code, Some(1));
}

#[test]
fn what_is_learned_from_a_memory_is_used_where_it_is_named() {
    let desk = Desk::new();
    let words = [
        ("زغطب", "wug"),
        ("قنفشم", "dax"),
        ("درجفس", "blicket"),
        ("خلبضت", "toma"),
        ("شمطرق", "fep"),
        ("فجنزل", "zib"),
    ];
    let mut table = "ar\ten\n".to_owned();
    for n in 0..216 {
        let [a, b, c] = [n % 6, n / 6 % 6, n / 36].map(|k: usize| words[k]);
        table += &format!("{} {} {}\t{} {} {}\n", a.0, b.0, c.0, a.1, b.1, c.1);
    }
    desk.file("units.tsv", &table);
    assert_eq!(desk.run(&["import", "units.tsv"]).code, Some(0));
    let ran = desk.run(&["learn", "-o", "my.lexicon", "--json"]);
    let report = &json_lines(&ran.out)[0];
    assert_eq!((ran.code, &report["output"]), (Some(0), &"my.lexicon".into()), "{}", ran.err);
    assert!(report["after"]["loss"].as_f64() < report["before"]["loss"].as_f64());
    // Lines in which nothing but these words tells whether they belong together.
    desk.file("a.ar.txt", "زغطب زغطب خلبضت\nدرجفس قنفشم شمطرق\nشمطرق فجنزل شمطرق\n");
    desk.file("a.en.txt", "wug wug toma\nblicket dax fep\nfep zib fep\n");
    let confidence = |more: &[&str]| {
        let ran = desk.run(&[&["align", "--lines", "a.ar.txt", "a.en.txt", "--to", "json"], more].concat());
        json_lines(&ran.out)[0]["confidence"].as_f64().unwrap()
    };
    assert!(confidence(&["--lexicon", "my.lexicon"]) > confidence(&[]) + 0.1);
    // Again: no better than itself, and nothing is written.
    let bytes = fs::read(desk.path("my.lexicon")).unwrap();
    let ran = desk.run(&["learn", "-o", "my.lexicon", "--json"]);
    assert_eq!((ran.code, &json_lines(&ran.out)[0]["output"]), (Some(1), &Value::Null));
    assert_eq!(fs::read(desk.path("my.lexicon")).unwrap(), bytes);
    desk.file("bad.lexicon", "كلام");
    for args in [&["align", "a.ar.txt", "a.en.txt", "--lexicon", "bad.lexicon"][..], &["learn", "-o", "bad.lexicon"]] {
        let ran = desk.run(args);
        assert_eq!(ran.code, Some(2));
        assert!(ran.err.contains("bad.lexicon: not a learned lexicon; make it again"), "{}", ran.err);
    }
}

#[test]
fn help_opens_with_a_line_and_ends_with_an_example() {
    let desk = Desk::new();
    for command in [
        "split", "align", "import", "export", "match", "check", "clean", "merge", "split-by", "diff", "stats", "add",
        "remove", "history", "compact", "learn",
    ] {
        let ran = desk.run(&[command, "--help"]);
        assert_eq!(ran.code, Some(0));
        assert!(ran.out.lines().next().unwrap().len() > 20, "{command}");
        assert!(ran.out.trim_end().lines().last().unwrap().contains(&format!("dhakira {command}")), "{}", ran.out);
    }
    assert_eq!(desk.run(&["nonsense"]).code, Some(2));
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let desk = Desk::new();
    desk.file("long.txt", "جملة قصيرة.\n".repeat(100_000));
    let mut child = Command::new(env!("CARGO_BIN_EXE_dhakira"))
        .args(["split", "long.txt"])
        .current_dir(desk.path("."))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn concordance_shows_words_in_context_and_goes_on_where_it_ended() {
    let desk = Desk::new();
    for (ar, en) in [
        ("افتتح الوزيرُ المدرسةَ الجديدة أمس", "The minister opened the new school yesterday"),
        ("قال إن المدارس مفتوحة", "He said that schools are open"),
        ("عاد إلى مدرسته، ثم غادر المدرسة", "He returned to his school, then left it"),
    ] {
        assert_eq!(desk.run(&["add", "--ar", ar, "--en", en, "--memory", "m"]).code, Some(0));
    }
    let ran = desk.run(&["concordance", "المدرسه", "--memory", "m", "--bidi", "off", "--width", "46"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("افتتح الوزيرُ [المدرسةَ] الجديدة أمس\n"), "{}", ran.out);
    assert!(ran.out.contains("  The minister opened the new school yesterday\n"), "{}", ran.out);
    let ran = desk.run(&["concordance", "مدرسة", "--stem", "--json", "--limit", "1", "--memory", "m"]);
    let lines = json_lines(&ran.out);
    assert_eq!((lines.len(), &lines[1]["type"]), (2, &Value::from("end")));
    let next = lines[1]["next"].as_str().unwrap();
    let ran = desk.run(&["concordance", "مدرسة", "--stem", "--json", "--from", next, "--memory", "m"]);
    let lines = json_lines(&ran.out);
    assert_eq!((lines.len(), &lines[1]["next"]), (2, &Value::Null));
    let text = lines[0]["text"].as_str().unwrap();
    let spans = lines[0]["spans"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| &text[s[0].as_u64().unwrap() as usize..s[1].as_u64().unwrap() as usize]);
    assert_eq!(spans.collect::<Vec<_>>(), ["مدرسته", "المدرسة"]);
    let ran = desk.run(&["concordance", "school*", "--wildcard", "--count", "--memory", "m"]);
    assert_eq!((ran.out.as_str(), ran.code), ("3 segments, 3 hits\n", Some(0)));
    let ran = desk.run(&["concordance", "return", "--stem", "--csv", "--memory", "m"]);
    let csv: Vec<&str> = ran.out.lines().collect();
    assert_eq!(csv[0], "memory,id,before,hit,after,target");
    assert!(
        csv[1].ends_with(",He ,returned,\" to his school, then left it\",عاد إلى مدرسته، ثم غادر المدرسة"),
        "{}",
        csv[1]
    );
    let ran = desk.run(&["concordance", "المصنع", "--memory", "m"]);
    assert_eq!((ran.out.as_str(), ran.code), ("", Some(1)));
    for wrong in [&["(", "--regex"][..], &["\u{064E}"], &["x", "--since", "soon"], &["x", "--from", "here"]] {
        // a fatha
        let ran = desk.run(&[&["concordance", "--memory", "m"], wrong].concat());
        assert_eq!((ran.out.as_str(), ran.code), ("", Some(2)), "{wrong:?}");
        assert!(ran.err.starts_with("dhakira: "), "{}", ran.err);
    }
}

#[test]
fn differences_are_whole_words_in_a_terminal_in_json_and_in_a_page() {
    let desk = Desk::new();
    let stored = "غادر السفيرُ القاهرة <أمس>";
    assert_eq!(desk.run(&["add", "--ar", stored, "--en", "The ambassador left", "--memory", "m"]).code, Some(0));
    let query = "غادر الوزير Ali القاهره";
    let ask = |more: &[&str]| desk.run(&[&["match", query, "--min", "20", "--memory", "m"], more].concat()).out;
    let shown = ask(&["--color", "always"]);
    let replaced = "\u{1b}[35;9mالسفيرُ\u{1b}[0m \u{1b}[36;4m\u{2068}الوزير Ali\u{2069}\u{1b}[0m"; // FSI, PDI
    assert!(shown.contains(replaced), "{shown:?}");
    assert!(shown.contains("\u{1b}[33mالقاهرة\u{1b}[0m\u{1b}[31;9m <أمس>\u{1b}[0m"), "{shown:?}");
    let page = ask(&["--html"]);
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    let line = "<p lang=\"ar\" dir=\"rtl\">غادر <del class=\"r\">السفيرُ</del> <ins class=\"r\" dir=\"auto\">الوزير Ali</ins> \
                <mark title=\"القاهره\">القاهرة</mark><del> &lt;أمس&gt;</del></p>";
    assert!(page.contains(line), "{page}");
    let json = &json_lines(&ask(&["--json"]))[0]["matches"][0]["diff"];
    let steps = json.as_array().unwrap();
    for (step, op) in steps.iter().zip(["equal", "replace", "equal", "form", "delete"]) {
        assert_eq!(step["op"], op);
        for (side, text) in [("query", query), ("source", stored)] {
            let span = &step[format!("{side}_span")];
            let at = |n: usize| span[n].as_u64().unwrap() as usize;
            assert_eq!(&text[at(0)..at(1)], step[side].as_str().unwrap());
        }
    }
    assert_eq!(steps.len(), 5);
}

#[test]
fn other_translations_of_a_source_and_a_score_in_words() {
    let desk = Desk::new();
    for (ar, en) in [("زر الحفظ السريع", "Quick save button"), ("زر الحفظ السريع", "The button of quick saving")]
    {
        assert_eq!(desk.run(&["add", "--ar", ar, "--en", en]).code, Some(0));
    }
    let ran = desk.run(&["match", "زر الحفظ السريع", "--json"]);
    let matches = json_lines(&ran.out)[0]["matches"].as_array().unwrap().clone();
    let told: Vec<Option<u64>> = matches.iter().map(|m| m["alternative_to"].as_u64()).collect();
    assert_eq!(told, [None, Some(0)]);
    assert!(desk.run(&["match", "زر الحفظ السريع"]).out.contains("another translation"));

    let score = |kind: &str| {
        let ran = desk.run(&["match", "زر الحفظ البطيء", "--score", kind, "--min", "10", "--top", "1", "--json"]);
        json_lines(&ran.out)[0]["matches"][0]["score"].as_f64().unwrap()
    };
    assert_eq!(score("words"), 66.66);
    assert_ne!(score("letters"), 66.66);
}

#[test]
fn a_model_is_a_folder_with_one_and_threads_change_nothing() {
    let desk = Desk::new();
    desk.file("bus.ar.txt", AR);
    desk.file("bus.en.txt", EN);
    desk.file("empty/README", "no model");
    desk.file("broken/sp.model", "no model");
    desk.file("broken/weights.npz", "no weights");
    for (folder, says) in [("empty", "no sp.model with weights.npz"), ("broken", "sp.model"), ("nowhere", "nowhere")] {
        let ran = desk.run(&["align", "bus.ar.txt", "bus.en.txt", "--model", folder]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{folder}");
        assert!(ran.err.contains(says), "{}", ran.err);
    }
    desk.file("model/sp.model", model::sp_model());
    desk.file("model/weights.npz", model::npz(&model::weights(1)));
    let ran = desk.run(&["align", "bus.ar.txt", "bus.en.txt", "--model", "model", "--to", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(json_lines(&ran.out)[0]["beads"].as_array().is_some_and(|beads| !beads.is_empty()));
    let tmx = |threads: &str, folder: &str| -> Vec<(PathBuf, Vec<u8>)> {
        let ran = desk.run(&["align", &corpora(), "-o", folder, "--model", "model", "--threads", threads]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let files = fs::read_dir(desk.path(folder)).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|e| e == "tmx")).collect();
        files.sort();
        files.into_iter().map(|path| (path.file_name().unwrap().into(), fs::read(&path).unwrap())).collect()
    };
    let one = tmx("1", "one");
    assert!(one.len() >= 12);
    assert_eq!(one, tmx("4", "four"));
}
