//! `dhakira worker` as an engine meets it: JSON lines in, an answer to each in its place, whatever stands in them.
#![cfg(feature = "cli")]

mod desk;

use desk::{Desk, json_lines};
use dhakira::memory::Memory;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

const AR: &str = "عودة الحافلة رقم 12\n\nعادت الحافلة رقم 12 إلى شوارع مدينة الرمانة يوم 3 مايو 2022. وقال السائق Karim إنه سعيد.\n\nهل تعود بقية الخطوط؟\n";
const EN: &str = "Bus No. 12 Returns\n\nBus 12 returned to the streets of the city of Rummana on 3 May 2022. The driver, Karim, said he was happy.\n\nWill the other lines return?\n";

fn lines(requests: &[Value]) -> String {
    requests.iter().map(|request| format!("{request}\n")).collect()
}

/// The articles of `corpora/`: name, and the text of each side.
fn articles() -> Vec<(String, [String; 2])> {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora");
    let pairs = dhakira::corpus::pairs(&corpora).unwrap().into_iter().map(Result::unwrap);
    let is_text = |path: &PathBuf| path.extension().is_some_and(|e| e == "txt");
    let texts = pairs.filter(|pair| is_text(&pair.ar) && is_text(&pair.en));
    texts.map(|pair| (pair.name, [pair.ar, pair.en].map(|path| fs::read_to_string(path).unwrap()))).collect()
}

#[test]
fn each_task_is_answered_in_the_forms_of_its_command() {
    let desk = Desk::new();
    desk.file("bus.ar.txt", AR);
    desk.file("bus.en.txt", EN);
    assert_eq!(desk.run(&["align", "bus.ar.txt", "bus.en.txt", "-o", "tmx/"]).code, Some(2), "no such folder yet");
    fs::create_dir(desk.path("tmx")).unwrap();
    assert_eq!(desk.run(&["align", "bus.ar.txt", "bus.en.txt", "-o", "tmx"]).code, Some(0));
    let source = "هل تعود بقية الخطوط؟";
    let requests = [
        json!({"id": "bus", "task": "align", "ar_text": AR, "en_text": EN}),
        json!({"id": 2, "task": "split", "raw": "وصل د. سامي. هل رأيته؟"}),
        json!({"id": [3], "task": "match", "source": source}),
        json!({"id": 4, "task": "pair", "articles": [
            {"id": "a", "ar_text": "افتتح الوزير مستشفى جديدا في المدينة يوم ١٢ مايو."},
            {"id": "b", "en_text": "The team won the match against Japan."},
            {"en_text": "On 12 May the minister opened a new hospital in the city."},
            {"id": "d", "ar": "missing.txt"},
        ]}),
        json!({"id": 5, "task": "check", "units": [{"ar": "عاد في ١٩٩٩.", "en": "He came back in 1998."}, {"ar": "نعم", "en": "yes"}]}),
    ];
    let ran = desk.run_with(&["worker"], lines(&requests));
    let answers = json_lines(&ran.out);
    let ids: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(ids, requests.iter().map(|request| &request["id"]).collect::<Vec<_>>());

    let aligned = desk.run(&["align", "bus.ar.txt", "bus.en.txt", "--to", "json"]);
    assert_eq!(answers[0], json_lines(&aligned.out)[0]);
    let split = desk.run_with(&["split", "--json"], lines(&requests[1..2]));
    assert_eq!(answers[1], json_lines(&split.out)[0]);
    let matched = desk.run_with(&["match", "--json"], lines(&requests[2..3]));
    assert_eq!(answers[2], json_lines(&matched.out)[0]);
    assert_eq!(answers[2]["matches"][0]["score"], 100.0);
    assert_eq!(answers[3]["pairs"][0]["id"], "a");
    assert_eq!(answers[3]["pairs"][0]["partner"], "2");
    assert_eq!(answers[3]["alone"], json!([{"id": "b", "lang": "en", "partner": null}]));
    assert_eq!(
        (&answers[3]["failed"][0]["id"], &answers[3]["failed"][0]["error"]["code"]),
        (&json!("d"), &json!("io"))
    );
    assert_eq!(answers[4]["units"][0][0]["kind"], "numbers-differ");
    assert_eq!(answers[4]["units"][1], json!([]));
    assert_eq!(ran.code, Some(2), "an article could not be read: {}", ran.err);
}

#[test]
fn a_manifest_is_work_as_it_is_and_gives_the_units_of_align() {
    let desk = Desk::new();
    let lines: Vec<String> = articles()
        .iter()
        .map(|(name, [ar, en])| json!({"id": name, "ar_text": ar, "en_text": en, "source": "صحيفة", "date": "2022-05-03"}))
        .map(|line| line.to_string())
        .collect();
    desk.file("list.jsonl", lines.join("\n"));
    for form in ["jsonl", "tmx"] {
        let ran = desk.run(&[
            "align",
            "list.jsonl",
            "-o",
            "out",
            "--to",
            form,
            "--shard-units",
            "100000",
            "--no-self-train",
            "-q",
        ]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let ran = desk.run(&["worker", "--task", "align", "--units", form, "list.jsonl"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let units: Vec<String> = json_lines(&ran.out)
            .iter()
            .flat_map(|answer| answer["units"].as_array().unwrap().clone())
            .map(|unit| unit.as_str().unwrap().to_owned())
            .collect();
        let file = fs::read_to_string(desk.path(&format!("out/part-0001.{form}"))).unwrap();
        let written: Vec<&str> = file.lines().filter(|line| form == "jsonl" || line.starts_with("<tu ")).collect();
        assert_eq!(units.len(), written.len());
        assert!(units.len() > 100);
        assert_eq!(units, written);
    }
}

#[test]
fn relative_paths_start_at_the_folder_of_the_list() {
    let desk = Desk::new();
    desk.file("news/bus.ar.txt", AR);
    desk.file("news/bus.en.txt", EN);
    desk.file("news/list.jsonl", "{\"id\": 1, \"ar\": \"bus.ar.txt\", \"en\": \"bus.en.txt\"}\n");
    let ran = desk.run(&["worker", "--task", "align", "news/list.jsonl"]);
    assert_eq!((ran.code, json_lines(&ran.out)[0]["translation"].as_bool()), (Some(0), Some(true)), "{}", ran.err);
}

#[test]
fn texts_that_are_no_translations_have_links_and_no_units_unless_forced() {
    let desk = Desk::new();
    let en = "The team won the cup. Nobody in the stadium had expected that. The trainer wept.\n\nRain is expected on Friday.";
    let request =
        |force: bool| json!({"id": 1, "task": "align", "units": "jsonl", "force": force, "ar_text": AR, "en_text": en});
    let ran = desk.run_with(&["worker"], lines(&[request(false), request(true)]));
    let answers = json_lines(&ran.out);
    assert_eq!((ran.code, &answers[0]["translation"]), (Some(0), &json!(false)), "{}", ran.err);
    assert_eq!(answers[0]["beads"], answers[1]["beads"]);
    assert_eq!(answers[0]["units"], json!([]));
    let full =
        |bead: &&Value| ["ar", "en"].iter().all(|side| bead[*side].as_array().is_some_and(|side| !side.is_empty()));
    let beads = answers[1]["beads"].as_array().unwrap().iter().filter(full).count();
    assert_eq!(answers[1]["units"].as_array().unwrap().len(), beads);
}

#[test]
fn a_bad_line_is_an_error_in_its_place() {
    let desk = Desk::new();
    let split = "{\"id\": \"good\", \"task\": \"split\", \"raw\": \"نعم.\"}";
    let bomb = format!("{{\"id\": 7, \"task\": \"split\", \"raw\": {}", "[".repeat(100_000));
    let huge = format!("{{\"id\": \"huge\", \"task\": \"split\", \"raw\": \"{}\"}}", "x".repeat(3 << 20));
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    let cases: Vec<(Vec<u8>, Value, &str)> = vec![
        (b"nonsense".to_vec(), Value::Null, "format"),
        (b"[1]".to_vec(), Value::Null, "format"),
        (b"7".to_vec(), Value::Null, "format"),
        (b"{\"id\": 1, \"task\": \"split\", \"raw\": \"x\"".to_vec(), json!(1), "format"),
        (b"{\"id\": 1, \"task\": \"split\", \"raw\": \"x\"} {}".to_vec(), json!(1), "format"),
        (b"{\"id\": 2, \"task\": \"split\", \"raw\": \"\xff\"}".to_vec(), json!(2), "encoding"),
        (b"\xff\xfe{\"id\": 3}".to_vec(), Value::Null, "encoding"),
        (b"{\"id\": 4, \"task\": \"translate\"}".to_vec(), json!(4), "task"),
        (b"{\"id\": 4, \"task\": 5}".to_vec(), json!(4), "task"),
        (b"{\"id\": 4}".to_vec(), json!(4), "task"),
        (b"{\"task\": \"split\", \"raw\": \"x\"}".to_vec(), Value::Null, "format"),
        (b"{\"id\": 5, \"task\": \"split\"}".to_vec(), json!(5), "format"),
        (b"{\"id\": 5, \"task\": \"split\", \"raw\": 1}".to_vec(), json!(5), "format"),
        ("{\"id\": 6, \"task\": \"split\", \"lang\": \"fr\", \"raw\": \"x\"}".into(), json!(6), "language"),
        (bomb.into_bytes(), json!(7), "format"),
        (format!("{{\"id\": 8, \"task\": \"split\", \"raw\": {deep}}}").into_bytes(), json!(8), "format"),
        (huge.into_bytes(), json!("huge"), "too-long"),
        (b"{\"id\": 9, \"task\": \"align\", \"ar_text\": \"x\"}".to_vec(), json!(9), "format"),
        (b"{\"id\": {}, \"task\": \"align\", \"ar_text\": \"x\", \"en_text\": \"y\"}".to_vec(), json!({}), "format"),
        (b"{\"id\": 9, \"task\": \"align\", \"ar\": \"none.txt\", \"en\": \"none.txt\"}".to_vec(), json!(9), "io"),
        (
            "{\"id\": 9, \"task\": \"align\", \"ar_text\": \"وصل القطار.\", \"en_text\": \" \\n \"}".into(),
            json!(9),
            "format",
        ),
        (
            "{\"id\": 9, \"task\": \"align\", \"ar_text\": \"وصل القطار.\", \"en_text\": \"وصل القطار إلى المدينة.\"}"
                .into(),
            json!(9),
            "language",
        ),
        (
            b"{\"id\": 9, \"task\": \"align\", \"units\": \"pdf\", \"ar_text\": \"x\", \"en_text\": \"y\"}".to_vec(),
            json!(9),
            "format",
        ),
        (b"{\"id\": 10, \"task\": \"match\"}".to_vec(), json!(10), "format"),
        ("{\"id\": 10, \"task\": \"match\", \"source\": \"نعم\"}".into(), json!(10), "memory"),
        (b"{\"id\": 11, \"task\": \"pair\", \"articles\": [1]}".to_vec(), json!(11), "format"),
        (b"{\"id\": 12, \"task\": \"check\", \"units\": [{\"ar\": \"x\"}]}".to_vec(), json!(12), "format"),
    ];
    let mut input = Vec::new();
    for (line, _, _) in &cases {
        // Blank lines are counted, and not answered.
        [line, b"\n \t\r\n".as_slice(), split.as_bytes(), b"\r\n"]
            .iter()
            .for_each(|part| input.extend_from_slice(part));
    }
    let ran = desk.run_with(&["worker", "--max-line", "2"], &input);
    let answers = json_lines(&ran.out);
    assert_eq!(answers.len(), 2 * cases.len());
    for (number, (line, id, code)) in cases.iter().enumerate() {
        let [bad, good] = [&answers[2 * number], &answers[2 * number + 1]];
        let shown = String::from_utf8_lossy(&line[..line.len().min(120)]);
        assert_eq!((&bad["id"], bad["error"]["code"].as_str()), (id, Some(*code)), "{shown}: {bad}");
        assert_eq!(bad["error"]["line"], 1 + 3 * number, "{shown}: {bad}");
        let message = bad["error"]["message"].as_str().unwrap();
        assert!(ran.err.contains(&format!("stdin: line {}: {message}", 1 + 3 * number)), "{shown}: {}", ran.err);
        assert_eq!(good["sentences"], json!(["نعم."]), "{shown}");
    }
    assert_eq!(ran.code, Some(2));
    assert_eq!(desk.run_with(&["worker"], "\n\n").code, Some(0), "nothing to do is no failure");
    assert_eq!(desk.run(&["worker", "missing.jsonl"]).code, Some(2));
}

#[test]
fn the_bytes_are_the_same_with_any_number_of_threads_and_in_any_run() {
    let desk = Desk::new();
    fs::create_dir(desk.path("tmx")).unwrap();
    desk.file("bus.ar.txt", AR);
    desk.file("bus.en.txt", EN);
    assert_eq!(desk.run(&["align", "bus.ar.txt", "bus.en.txt", "-o", "tmx"]).code, Some(0));
    let mut requests = Vec::new();
    for (number, (_, [ar, en])) in articles().iter().cycle().take(120).enumerate() {
        requests.push(json!({"id": number, "task": "align", "units": "tmx", "ar_text": ar, "en_text": en}));
        requests.push(json!({"id": number, "task": "split", "raw": ar}));
        requests.push(json!({"id": number, "task": "match", "source": ar.lines().next()}));
        requests.push(json!({"id": number, "task": "check", "units": [{"ar": ar, "en": en}]}));
        requests.push(json!({"id": number, "task": ["bad"]}));
    }
    let input = lines(&requests);
    let one = desk.run_with(&["worker"], &input);
    assert_eq!(json_lines(&one.out).len(), requests.len());
    for threads in ["2", "3"] {
        let many = desk.run_with(&["worker", "--threads", threads], &input);
        assert_eq!((many.out == one.out, many.err == one.err, many.code), (true, true, Some(2)));
    }
}

#[test]
fn one_line_is_answered_before_the_next_one_comes() {
    let desk = Desk::new();
    for threads in ["1", "2"] {
        let mut talk = desk.talk(&["worker", "--threads", threads, "--task", "split"]);
        for id in 0..5 {
            let answer = talk.ask(&json!({"id": id, "raw": "نعم. لا."}).to_string());
            assert_eq!((&answer["id"], answer["sentences"].as_array().unwrap().len()), (&json!(id), 2));
        }
    }
}

#[test]
fn whoever_has_read_enough_may_close_the_pipe() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dhakira"))
        .args(["worker", "--task", "split"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || {
        let line = format!("{}\n", json!({"id": 1, "raw": "نعم. ".repeat(1000)}));
        while input.write_all(line.as_bytes()).is_ok() {}
    });
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""));
    feeder.join().unwrap();
}

/// The largest resident set of a process, in bytes.
#[cfg(target_os = "linux")]
fn peak(process: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() << 10
}

#[cfg(target_os = "linux")]
#[test]
fn a_line_that_is_too_long_is_never_held() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dhakira"))
        .args(["worker", "--task", "split", "--max-line", "1", "-q"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut ask = |parts: &mut dyn Iterator<Item = Vec<u8>>| -> Value {
        parts.for_each(|part| input.write_all(&part).unwrap());
        input.write_all(b"\n").unwrap();
        let mut answer = String::new();
        output.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap()
    };
    let good = || std::iter::once(b"{\"id\": 1, \"raw\": \"x\"}".to_vec());
    assert_eq!(ask(&mut good())["sentences"], json!(["x"]));
    let before = peak(child.id());
    let head = std::iter::once(b"{\"id\": \"long\", \"raw\": \"".to_vec());
    let answer = ask(&mut head.chain((0..300).map(|_| vec![b'x'; 1 << 20])));
    assert_eq!((&answer["id"], &answer["error"]["code"]), (&json!("long"), &json!("too-long")));
    assert_eq!(ask(&mut good())["sentences"], json!(["x"]));
    let grown = peak(child.id()) - before;
    assert!(grown < 30 << 20, "{grown} bytes more for a line of 300 MB");
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

/// Every file below a folder, with its time and its length.
fn state(folder: &Path) -> BTreeMap<PathBuf, (SystemTime, u64)> {
    let mut state = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            state.extend(crate::state(&path));
        } else {
            let meta = fs::metadata(&path).unwrap();
            state.insert(path, (meta.modified().unwrap(), meta.len()));
        }
    }
    state
}

#[test]
fn match_only_reads_the_memory_while_somebody_writes_to_it() {
    let desk = Desk::new();
    let rows: String = (0..5000).map(|n| format!("في الميناء {n} قاربا\tThe port has {n} boats\n")).collect();
    desk.file("boats.tsv", format!("ar\ten\n{rows}"));
    assert_eq!(desk.run(&["import", "boats.tsv", "--memory", "tmx"]).code, Some(0));
    let ask = json!({"id": 1, "task": "match", "source": "في الميناء ٤٢٤٢ قاربا"}).to_string();
    // Whoever asks first makes the index.
    assert_eq!(desk.run_with(&["worker"], &ask).code, Some(0));
    let memory = Memory::open(desk.path("tmx")).unwrap();
    let writer = memory.writer().unwrap();
    let before = state(&desk.path("tmx"));
    assert!(before.keys().any(|path| path.extension().is_some_and(|ending| ending == "idx")), "{before:?}");
    let ran = desk.run_with(&["worker"], &ask);
    assert_eq!(json_lines(&ran.out)[0]["matches"][0]["target"], "The port has 4242 boats", "{}", ran.err);
    assert_eq!(state(&desk.path("tmx")), before);
    drop(writer);
}

#[cfg(unix)]
#[test]
fn an_array_of_slurm_tasks_gives_the_answers_of_one_worker() {
    let desk = Desk::new();
    let article = |number: usize| json!({"id": format!("bus-{number}"), "ar_text": AR, "en_text": EN});
    desk.file("list.jsonl", lines(&(0..11).map(article).collect::<Vec<_>>()).trim_end());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/slurm/align.sbatch");
    let program = Path::new(env!("CARGO_BIN_EXE_dhakira")).parent().unwrap();
    let path = std::env::join_paths(
        std::iter::once(program.to_path_buf()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let path = path.unwrap();
    for task in ["4", "2", "3", "1"] {
        let ran = Command::new("bash")
            .arg(&script)
            .args(["list.jsonl", "out"])
            .current_dir(desk.path(""))
            .envs([("SLURM_ARRAY_TASK_ID", task), ("SLURM_ARRAY_TASK_MIN", "1"), ("SLURM_ARRAY_TASK_COUNT", "4")])
            .env("PATH", &path)
            .output()
            .unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    }
    let parts = (0..4).map(|part| fs::read_to_string(desk.path(&format!("out/part-0000{part}.jsonl"))).unwrap());
    let one = desk.run(&["worker", "--task", "align", "--units", "jsonl", "list.jsonl"]);
    assert_eq!(parts.collect::<String>(), one.out);
    assert_eq!(json_lines(&one.out).len(), 11);
}
