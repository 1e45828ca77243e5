//! `deploy/spark/align.py` on Apache Spark with executors of their own: the result is that of one process, whatever dies on the way.
//!
//! `DHAKIRA_SPARK` names a Python that has `pyspark` 4, and `java` is on the PATH (17 or later). Without them the tests skip.
#![cfg(all(feature = "cli", unix))]

mod desk;

use desk::{Desk, json_lines};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The Python that has Spark, or none and a line that says so.
fn python() -> Option<PathBuf> {
    let runs = |command: &mut Command| {
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let python = std::env::var_os("DHAKIRA_SPARK").map(PathBuf::from);
    let found = python.filter(|python| runs(Command::new(python).args(["-c", "import pyspark"])));
    if found.is_none() || !runs(Command::new("java").arg("-version")) {
        eprintln!("skipped: DHAKIRA_SPARK names no Python that has pyspark, or there is no Java");
        return None;
    }
    found
}

/// A manifest of articles of `corpora/`, in files and in its lines, with every kind of bad line between them.
fn manifest(desk: &Desk) -> PathBuf {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora");
    let pairs: Vec<_> = dhakira::corpus::pairs(&corpora).unwrap().into_iter().map(Result::unwrap).collect();
    let mut lines = Vec::new();
    for (number, pair) in pairs.iter().cycle().take(60).enumerate() {
        let (ar, en) = (&pair.ar, &pair.en);
        let is_text = [ar, en].iter().all(|path| path.extension().is_some_and(|ending| ending == "txt"));
        let id = format!("{}/{number}", pair.name);
        lines.push(match number % 3 {
            0 => json!({"id": id, "ar": ar, "en": format!("file://{}", en.display()), "licence": "CC0"}),
            _ if is_text => {
                let [ar, en] = [ar, en].map(|path| fs::read_to_string(path).unwrap());
                json!({"name": id, "ar_text": ar, "en_text": en, "date": "3 May 2022", "source": "صحيفة"})
            }
            _ => json!({"id": id, "ar": ar, "en": en, "url": "https://news.example/?a=1&b=2"}),
        });
    }
    let mut lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    let (ar, en) =
        ("وصل القطار. نزل الركاب.", "The team won the cup. Nobody had expected that. The trainer wept with joy.");
    lines.insert(50, json!({"ar_text": ar, "en_text": "The train arrived. The passengers got off."}).to_string());
    lines.insert(40, json!({"id": "far", "ar_text": ar, "en_text": en}).to_string());
    lines.insert(30, lines[2].clone());
    lines.insert(20, json!({"id": "missing", "ar": "missing.txt", "en": "missing.txt"}).to_string());
    lines.insert(10, "nonsense".to_owned());
    lines.insert(9, String::new());
    lines.insert(5, json!({"id": "half", "ar_text": ar}).to_string());
    desk.file("list.jsonl", lines.join("\n"))
}

/// The file URIs that the program itself does not take, as paths.
fn with_paths(list: &Path) -> PathBuf {
    let plain = list.with_file_name("plain.jsonl");
    fs::write(&plain, fs::read_to_string(list).unwrap().replace("\"file://", "\"")).unwrap();
    plain
}

fn script(desk: &Desk, name: &str, text: &str) -> PathBuf {
    let path = desk.file(name, text);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// Runs the job on two executors; its output by folder, the files put together in the order of their names.
fn run(desk: &Desk, python: &Path, output: &str, program: &Path, more: &[&str]) -> BTreeMap<&'static str, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/spark/align.py");
    let submit = python.with_file_name("spark-submit");
    let ran = Command::new(submit)
        .args(["--master", "local-cluster[2,1,1024]", "--conf", "spark.ui.enabled=false"])
        .args(["--conf", "spark.executor.memory=512m", "--conf", "spark.speculation=true"])
        // A job of seconds is over before a better compiler is worth its time.
        .args(["--driver-java-options", "-XX:TieredStopAtLevel=1"])
        .args(["--conf", "spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1"])
        .arg(script)
        .args([desk.path("list.jsonl"), desk.path(output)])
        .args(["--program".as_ref(), program.as_os_str()])
        .args(["--partitions", "7"])
        .args(more)
        .env("PYSPARK_PYTHON", python)
        .env("SPARK_LOCAL_IP", "127.0.0.1")
        .current_dir(desk.path(""))
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    // Some lines are bad on purpose.
    assert_eq!(ran.status.code(), Some(2), "{out}\n{err}");
    let mut outputs = BTreeMap::new();
    for folder in ["units", "pairs", "summary"] {
        let files = fs::read_dir(desk.path(output).join(folder)).unwrap().map(|entry| entry.unwrap().path());
        let is_part = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("part-");
        let mut files: Vec<PathBuf> = files.filter(is_part).collect();
        files.sort();
        outputs.insert(folder, files.iter().map(|path| fs::read_to_string(path).unwrap()).collect());
    }
    outputs
}

#[test]
fn the_units_are_those_of_one_process_also_when_workers_and_executors_die() {
    let Some(python) = python() else { return };
    let desk = Desk::new();
    let list = with_paths(&manifest(&desk));
    let list = list.to_str().unwrap();
    let dhakira = Path::new(env!("CARGO_BIN_EXE_dhakira"));
    let one = |form: &str| {
        let alone = ["--no-self-train", "--json"];
        let ran =
            desk.run(&[&["align", list, "-o", "one", "--to", form, "--shard-units", "100000"][..], &alone].concat());
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        (fs::read_to_string(desk.path(&format!("one/part-0001.{form}"))).unwrap(), json_lines(&ran.out))
    };
    let (expected, reports) = one("jsonl");
    let plain = run(&desk, &python, "plain", dhakira, &[]);
    assert_eq!(plain["units"], expected);

    // Of each pair the same is said, and in the same order.
    let pairs = json_lines(&plain["pairs"]);
    assert_eq!(pairs.len(), reports.len());
    for (pair, report) in pairs.iter().zip(&reports) {
        let keys: &[&str] =
            if report.get("error").is_some() { &[] } else { &["id", "confidence", "translation", "units"] };
        keys.iter().for_each(|key| assert_eq!(pair[*key], report[*key], "{key}: {pair}"));
        assert_eq!(pair.get("error").is_some(), report.get("error").is_some(), "{pair}\n{report}");
        if pair.get("error").is_some() {
            assert_eq!(pair["error"]["line"], report["error"]["line"], "{pair}\n{report}");
        }
    }
    let summary = &json_lines(&plain["summary"])[0];
    assert_eq!((&summary["pairs"], &summary["failed"], &summary["no_translation"]), (&json!(66), &json!(4), &json!(1)));
    assert_eq!(summary["units"], expected.lines().count());

    // The first worker aborts after some lines; the second one's executor is killed, with all that runs on it.
    let dhakira = dhakira.display();
    let once = desk.path("once").display().to_string();
    let faulty = script(
        &desk,
        "faulty",
        &format!(
            "#!/bin/sh
if [ \"$1\" != worker ]; then
    exec {dhakira} \"$@\"
elif mkdir {once}.aborted 2>/dev/null; then
    head -n 3 | {dhakira} \"$@\"
    kill -ABRT $$
elif mkdir {once}.killed 2>/dev/null; then
    head -n 2 | {dhakira} \"$@\"
    process=$$
    while [ \"$(cat /proc/$process/comm)\" != java ]; do
        process=$(awk '/^PPid:/ {{ print $2 }}' /proc/$process/status)
        [ \"$process\" -gt 1 ] || exit 3
    done
    kill -KILL $process
    exit 3
fi
exec {dhakira} \"$@\"
"
        ),
    );
    let (expected, _) = one("tmx");
    let survived = run(&desk, &python, "survived", &faulty, &["--to", "tmx"]);
    assert!(desk.path("once.aborted").exists() && desk.path("once.killed").exists());
    let units = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.starts_with("<tu ")).map(str::to_owned).collect()
    };
    assert_eq!(units(&survived["units"]), units(&expected));
    assert_eq!(survived["pairs"], plain["pairs"]);
    assert_eq!(survived["summary"], plain["summary"]);
    // Each file is a memory by itself.
    let part = desk.path("survived/units/part-00003.tmx").display().to_string();
    assert_eq!(desk.run(&["stats", &part]).code, Some(0));
}
