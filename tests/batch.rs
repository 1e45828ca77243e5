//! Many articles at once, as a user aligns them: folders, manifests, and what is wrong with their lines.
#![cfg(feature = "cli")]

mod desk;

use desk::{Desk, json_lines, partial_files};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const AR: &str = "عودة الحافلة رقم 12\n\nعادت الحافلة رقم 12 إلى شوارع مدينة الرمانة يوم 3 مايو 2022. وقال السائق Karim إنه سعيد.\n\nهل تعود بقية الخطوط؟\n";
const EN: &str = "Bus No. 12 Returns\n\nBus 12 returned to the streets of the city of Rummana on 3 May 2022. The driver, Karim, said he was happy.\n\nWill the other lines return?\n";

fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora")
}

/// The visible files of a folder, with their bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = entries.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path));
    named
        .filter(|(name, path)| !name.starts_with('.') && path.is_file())
        .map(|(name, path)| (name, fs::read(path).unwrap()))
        .collect()
}

/// The articles of `corpora/`: name, and the file of each side.
fn articles() -> Vec<(String, PathBuf, PathBuf)> {
    let pairs = dhakira::corpus::pairs(&corpora()).unwrap();
    pairs.into_iter().map(Result::unwrap).map(|pair| (pair.name, pair.ar, pair.en)).collect()
}

#[test]
fn a_manifest_gives_what_its_folder_gives() {
    let desk = Desk::new();
    let lines: Vec<String> = articles().iter().map(|(_, ar, en)| json!({"ar": ar, "en": en}).to_string()).collect();
    desk.file("list.jsonl", lines.join("\n"));
    let rows: Vec<String> =
        articles().iter().map(|(name, ar, en)| format!("{}\t{name}\t{}\n", en.display(), ar.display())).collect();
    desk.file("list.tsv", format!("en\tname\tar\n{}", rows.concat()));
    let corpora = corpora().display().to_string();
    for (input, output) in [(corpora.as_str(), "a"), ("list.tsv", "b")] {
        let ran = desk.run(&["align", input, "-o", output]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{}", ran.err);
        assert!(!ran.err.contains("left"), "no bar in a pipe: {}", ran.err);
    }
    assert_eq!(files(&desk.path("a")), files(&desk.path("b")));
    // A pair without a name has that of its Arabic file, with its folders if it is not beside the manifest.
    let ran = desk.run(&["align", "list.jsonl", "-o", "c"]);
    assert_eq!(files(&desk.path("c")).len(), articles().len(), "{}", ran.err);
    let list = fs::read(desk.path("list.tsv")).unwrap();
    assert_eq!(desk.run_with(&["align", "-", "-o", "d"], list).code, Some(0));
    assert_eq!(files(&desk.path("a")), files(&desk.path("d")));
}

#[test]
fn what_a_manifest_knows_stands_in_the_units() {
    let desk = Desk::new();
    let line = json!({
        "id": "bus", "ar_text": AR, "en_text": EN, "url": "https://news.example/bus?a=1&b=2", "date": "4 May 2022",
        "licence": "CC-BY-4.0", "source": "صحيفة <الرمانة>",
    });
    desk.file("list.jsonl", line.to_string());
    let ran = desk.run(&["align", "list.jsonl", "-o", "out", "--progress", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let progress: Value = serde_json::from_str(ran.err.lines().find(|l| l.starts_with('{')).unwrap()).unwrap();
    assert_eq!((&progress["done"], &progress["failed"], &progress["fraction"]), (&1.into(), &0.into(), &1.0.into()));
    let units: Vec<_> = dhakira::task::Source::open(desk.path("out/bus.tmx"), &dhakira::task::SourceOptions::default())
        .unwrap()
        .map(|placed| placed.unwrap().unit)
        .collect();
    assert_eq!(units.len(), 4);
    for unit in units {
        let props =
            ["x-document", "x-url", "x-document-date", "x-licence", "x-source"].map(|kind| unit.prop(kind).unwrap());
        assert_eq!(props, ["bus", "https://news.example/bus?a=1&b=2", "2022-05-04", "CC-BY-4.0", "صحيفة <الرمانة>"]);
    }
}

#[test]
fn every_kind_of_bad_line_is_reported_and_the_rest_is_done() {
    let desk = Desk::new();
    desk.file("bus.ar.txt", AR);
    desk.file("bus.en.txt", EN);
    desk.file("empty.txt", " \n");
    desk.file("picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0");
    desk.file("bus.pdf", AR);
    let good = |name: &str| json!({"id": name, "ar": "bus.ar.txt", "en": "bus.en.txt"}).to_string();
    let pair = |ar: &str, en: &str| json!({"id": format!("{ar} {en}"), "ar": ar, "en": en}).to_string();
    let bad = [
        ("not JSON at all".to_owned(), "format", "not JSON"),
        ("[\"bus.ar.txt\", \"bus.en.txt\"]".to_owned(), "format", "not a JSON object"),
        (json!({"ar": "bus.ar.txt"}).to_string(), "format", "no en side"),
        (json!({"ar": ["bus.ar.txt"], "en": "bus.en.txt"}).to_string(), "format", "not a text"),
        (json!({"ar": "bus.ar.txt", "ar_text": AR, "en": "bus.en.txt"}).to_string(), "format", "give one of them"),
        (json!({"ar": "bus.ar.txt", "en": "bus.en.txt", "date": "soon"}).to_string(), "format", "the date"),
        (json!({"ar_text": AR, "en": "bus.en.txt", "kind": "pdf"}).to_string(), "format", "the kind"),
        (good("first"), "format", "an earlier pair is called"),
        (pair("gone.txt", "bus.en.txt"), "io", "gone.txt"),
        (pair("bus.pdf", "bus.en.txt"), "unknown-kind", "bus.pdf"),
        (pair("empty.txt", "bus.en.txt"), "empty", "empty.txt: no text"),
        (pair("picture.txt", "bus.en.txt"), "binary", "not a text file"),
        (pair("bus.en.txt", "bus.ar.txt"), "language", "are the two sides swapped?"),
        (json!({"ar_text": EN, "en_text": EN}).to_string(), "language", "ar_text: Arabic is wanted"),
    ];
    let mut lines = vec![good("first").into_bytes()];
    lines.extend(bad.iter().map(|b| b.0.clone().into_bytes()));
    lines.push(b"{\"ar\": \"bus.ar.txt\", \"en\": \"\xFF.txt\"}".to_vec());
    lines.push(Vec::new());
    lines.push(good("last").into_bytes());
    desk.file("list.jsonl", lines.join(&b'\n'));
    let ran = desk.run(&["align", "list.jsonl", "-o", "out", "--json"]);
    assert_eq!(ran.code, Some(2));
    let answers = json_lines(&ran.out);
    assert_eq!(answers.len(), bad.len() + 3);
    assert_eq!((&answers[0]["id"], &answers.last().unwrap()["id"]), (&"first".into(), &"last".into()));
    for (number, (answer, (line, code, reason))) in (2..).zip(answers[1..].iter().zip(&bad)) {
        let error = &answer["error"];
        assert_eq!((error["code"].as_str(), error["line"].as_u64()), (Some(*code), Some(number)), "{line}: {error}");
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with(&format!("list.jsonl:{number}")) && message.contains(reason), "{line}: {message}");
        assert!(ran.err.contains(message), "{message}");
    }
    assert_eq!(answers[bad.len() + 1]["error"]["code"], "encoding");
    assert_eq!(files(&desk.path("out")).into_keys().collect::<Vec<_>>(), ["first.tmx", "last.tmx"]);
    assert_eq!(partial_files(&desk.path("out")), Vec::<PathBuf>::new());
    // What is no manifest at all ends before anything is done.
    desk.file("list.tsv", "bus.ar.txt\tbus.en.txt\n");
    let ran = desk.run(&["align", "list.tsv", "-o", "out"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("list.tsv:1") && ran.err.contains("header line"), "{}", ran.err);
}
