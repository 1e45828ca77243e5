//! Batches that are stopped, killed and done again: nothing is done twice, and the bytes are those of a run that nobody disturbed.
#![cfg(feature = "cli")]

mod desk;
#[path = "../examples/articles/generator.rs"]
mod generator;
#[path = "../fuzz/src/model.rs"]
mod model;

use desk::{Desk, json_lines};
use generator::Generator;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A manifest of generated articles, a few of its lines bad.
fn manifest(desk: &Desk, articles: u64) {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora");
    let generator = Generator::new(&corpora, 7).unwrap();
    let mut lines = Vec::new();
    for number in 0..articles {
        let [ar, en] = generator.article(number);
        let source = ["نهر", "River Post"][usize::from(number % 3 == 0)];
        lines.push(json!({"id": format!("a/{number:04}"), "ar_text": ar, "en_text": en, "source": source}).to_string());
        if number % 50 == 0 {
            lines.push("nonsense".to_owned());
        }
    }
    desk.file("list.jsonl", lines.join("\n"));
}

/// The visible files of a folder, with their bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = entries.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path));
    let visible = named.filter(|(name, path)| !name.starts_with('.') && path.is_file());
    visible.map(|(name, path)| (name, fs::read(path).unwrap())).collect()
}

/// What of a run's pairs an earlier one had aligned.
fn kept(out: &str) -> usize {
    json_lines(out).iter().filter(|line| line["kept"] == true).count()
}

#[test]
fn killed_and_started_again_it_ends_with_the_same_bytes() {
    let kills: u64 = std::env::var("DHAKIRA_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(5);
    let desk = Desk::new();
    let articles = 150;
    manifest(&desk, articles);
    for (form, more) in [
        ("one", &[][..]),
        ("parts", &["--shard-units", "100"]),
        ("sources", &["--by-source", "--to", "tsv"]),
        ("untaught", &["--no-self-train"]),
    ] {
        let calm = format!("{form}-calm");
        let run = |output: &str| desk.run(&[&["align", "list.jsonl", "-o", output, "--json"][..], more].concat());
        let ran = run(&calm);
        assert_eq!((ran.code, kept(&ran.out)), (Some(2), 0));
        let mut seen = 0;
        for kill in 0..kills {
            let args = [&["align", "list.jsonl", "-o", form, "--quiet"][..], more].concat();
            let mut child = Command::new(env!("CARGO_BIN_EXE_dhakira"))
                .args(args)
                .current_dir(desk.path("."))
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            // Later each time, by steps that fall anywhere in the work.
            std::thread::sleep(Duration::from_millis(150 + kill * 137 % 900));
            // SIGKILL, unless it is done.
            let _ = child.kill();
            child.wait().unwrap();
            let journal = fs::read(desk.path(form).join(".align-journal")).unwrap_or_default();
            let text = String::from_utf8_lossy(&journal);
            let pairs =
                text.split_inclusive('\n').filter(|line| line.ends_with('\n') && line.contains(" pair ")).count();
            assert!(pairs >= seen, "{pairs} pairs, {seen} before");
            seen = pairs;
        }
        let ran = run(form);
        assert_eq!(ran.code, Some(2));
        eprintln!("{form}: {} of {articles} pairs were kept through {kills} kills", kept(&ran.out));
        assert_eq!(kept(&ran.out), seen);
        assert!(files(&desk.path(form)) == files(&desk.path(&calm)), "{form}: the bytes differ");
        let left = files(&desk.path(form)).into_keys().filter(|name| name.ends_with(".partial")).count();
        assert_eq!(left, 0);
    }
}

#[test]
fn only_what_changed_is_done_again() {
    let desk = Desk::new();
    manifest(&desk, 12);
    let run = |more: &[&str]| desk.run(&[&["align", "list.jsonl", "-o", "out", "--json"][..], more].concat());
    assert_eq!(kept(&run(&[]).out), 0);
    let first = files(&desk.path("out"));
    assert_eq!(first.len(), 12);
    let ran = run(&[]);
    assert_eq!(kept(&ran.out), 12);
    assert!(ran.err.contains("12 of the pairs were aligned before"), "{}", ran.err);
    // What vanished or was changed is written again, without being aligned again.
    fs::remove_file(desk.path("out/a.0003.tmx")).unwrap();
    fs::write(desk.path("out/a.0004.tmx"), "damaged").unwrap();
    assert_eq!(kept(&run(&[]).out), 12);
    assert_eq!(files(&desk.path("out")), first);
    assert_eq!(kept(&run(&["--redo"]).out), 0);
    assert_eq!(files(&desk.path("out")), first);
    // Another way of reading is another result.
    assert_eq!(kept(&run(&["--encoding", "utf-8"]).out), 0);

    // One article changes, one is renamed, one goes.
    let list = fs::read_to_string(desk.path("list.jsonl")).unwrap();
    let mut lines: Vec<String> = list.lines().filter(|line| line.contains("a/0")).map(str::to_owned).collect();
    lines[1] = lines[1].replace("ar_text\":\"", "ar_text\":\"عنوان جديد. ");
    lines[2] = lines[2].replace("a/0002", "b/0002");
    lines.remove(5);
    desk.file("list.jsonl", lines.join("\n"));
    let ran = run(&[]);
    assert_eq!((ran.code, kept(&ran.out)), (Some(0), 10), "{}", ran.err);
    assert!(ran.err.contains("2 files of an earlier run") && ran.err.contains("--prune"), "{}", ran.err);
    let second = files(&desk.path("out"));
    assert_eq!(second.len(), 13);
    assert_ne!(second["a.0001.tmx"], first["a.0001.tmx"]);
    assert_eq!(second["a.0002.tmx"], first["a.0002.tmx"]);
    // Somebody worked on one of the files that no article has any more: that one stays.
    fs::write(desk.path("out/a.0005.tmx"), "mine").unwrap();
    let ran = run(&["--prune"]);
    assert!(ran.err.contains("1 file of an earlier run removed") && ran.err.contains("yours"), "{}", ran.err);
    let third = files(&desk.path("out"));
    assert!(!third.contains_key("a.0002.tmx") && third.contains_key("a.0005.tmx") && third.contains_key("b.0002.tmx"));
}

#[test]
fn shards_hold_what_the_files_of_the_articles_hold() {
    let desk = Desk::new();
    manifest(&desk, 30);
    let units = |folder: &str| -> Vec<String> {
        let source = dhakira::task::Source::open(desk.path(folder), &dhakira::task::SourceOptions::default()).unwrap();
        source.map(|placed| format!("{:?}", placed.unwrap().unit)).collect()
    };
    desk.run(&["align", "list.jsonl", "-o", "out"]);
    let all = units("out");
    let ran = desk.run(&["align", "list.jsonl", "-o", "parts", "--shard-units", "60"]);
    assert!(ran.err.contains(" files"), "{}", ran.err);
    let names: Vec<String> = files(&desk.path("parts")).into_keys().collect();
    assert_eq!(names[..2], ["part-0001.tmx", "part-0002.tmx"]);
    assert!(names.len() >= all.len().div_ceil(60));
    assert_eq!(units("parts"), all);
    // Larger parts are fewer: those that are no more go.
    desk.run(&["align", "list.jsonl", "-o", "parts", "--shard-units", "100000"]);
    assert_eq!(files(&desk.path("parts")).into_keys().collect::<Vec<_>>(), ["part-0001.tmx"]);
    assert_eq!(units("parts"), all);
    let ran = desk.run(&["align", "list.jsonl", "-o", "sources", "--by-source", "--threads", "1"]);
    let names: Vec<String> = files(&desk.path("sources")).into_keys().collect();
    assert_eq!(names, ["river post-0001.tmx", "نهر-0001.tmx"], "{}", ran.err);
    let (mut by_source, mut all) = (units("sources"), all);
    by_source.sort();
    all.sort();
    assert_eq!(by_source, all);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_cleanly_and_says_how_to_go_on() {
    let desk = Desk::new();
    manifest(&desk, 400);
    let child = Command::new(env!("CARGO_BIN_EXE_dhakira"))
        .args(["align", "list.jsonl", "-o", "out", "--shard-units", "50", "--json"])
        .current_dir(desk.path("."))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // When the first part is there, it is at work.
    for _ in 0..600 {
        if desk.path("out/part-0001.tmx").exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    if !said.contains("stopped after") {
        eprintln!("skipped: it was done before it could be stopped");
        return;
    }
    assert!(said.contains("the same command goes on from there"), "{said}");
    assert!(files(&desk.path("out")).into_keys().all(|name| !name.ends_with(".partial")));
    let ran = desk.run(&["align", "list.jsonl", "-o", "out", "--shard-units", "50", "--json"]);
    assert!(kept(&ran.out) > 0);
    desk.run(&["align", "list.jsonl", "-o", "calm", "--shard-units", "50"]);
    assert!(files(&desk.path("out")) == files(&desk.path("calm")));
}

/// A sentence model as small as can be, as `--model` reads it.
fn small_model(desk: &Desk) {
    desk.file("model/sp.model", model::sp_model());
    fs::write(desk.path("model/weights.npz"), model::npz(&model::weights(3))).unwrap();
}

#[test]
fn a_model_looks_once_at_what_is_unsure() {
    let desk = Desk::new();
    manifest(&desk, 60);
    small_model(&desk);
    let journal = |folder: &str| fs::read(desk.path(folder).join(".align-journal")).unwrap();
    for more in [&[][..], &["--no-self-train"]] {
        let folder = if more.is_empty() { "taught" } else { "alone" };
        let run = |output: &str| {
            let common = ["align", "list.jsonl", "-o", output, "--to", "json", "--model", "model", "--json"];
            desk.run(&[&common[..], more].concat())
        };
        assert_eq!(kept(&run(folder).out), 0);
        let (first, known) = (files(&desk.path(folder)), journal(folder));
        // What was found by the model is found in the journal.
        assert_eq!(kept(&run(folder).out), 60);
        assert!(files(&desk.path(folder)) == first && journal(folder) == known, "{folder}");
        // Half of the journal is lost with half a line.
        fs::write(desk.path(folder).join(".align-journal"), &known[..known.len() / 2]).unwrap();
        run(folder);
        assert!(files(&desk.path(folder)) == first, "{folder}");
    }
    assert!(files(&desk.path("taught")) != files(&desk.path("alone")));
    // Another model is asked anew.
    fs::write(desk.path("model/weights.npz"), model::npz(&model::weights(5))).unwrap();
    let ran = desk.run(&["align", "list.jsonl", "-o", "taught", "--to", "json", "--model", "model", "--json"]);
    assert_eq!(kept(&ran.out), 0);
}

#[test]
fn what_pairs_teach_each_other_depends_on_no_thread_and_can_be_left_out() {
    let desk = Desk::new();
    manifest(&desk, 150);
    let run = |output: &str, more: &[&str]| {
        let ran = desk.run(&[&["align", "list.jsonl", "-o", output, "--to", "ladder"][..], more].concat());
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        files(&desk.path(output))
    };
    let one = run("one", &["--threads", "1"]);
    assert!(one == run("two", &["--threads", "2"]));
    // Found again in the journal, they teach the same.
    assert!(one == run("two", &["--threads", "2"]));
    let alone = run("alone", &["--no-self-train"]);
    assert!(one != alone, "some link among 150 noisy articles is unsure");
    // Alone, each is what it is in any company.
    let list = fs::read_to_string(desk.path("list.jsonl")).unwrap();
    let some: Vec<&str> = list.lines().skip(40).take(30).collect();
    desk.file("some.jsonl", some.join("\n"));
    desk.run(&["align", "some.jsonl", "-o", "some", "--to", "ladder", "--no-self-train"]);
    let some = files(&desk.path("some"));
    let same = |(name, bytes): (&String, &Vec<u8>)| name.starts_with('.') || alone.get(name) == Some(bytes);
    assert!(some.len() > 20 && some.iter().all(same));
}
