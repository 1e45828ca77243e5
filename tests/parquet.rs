//! Units as Apache Parquet, as other programs read them: the crate itself, and pyarrow where a Python has it.
#![cfg(all(feature = "cli", feature = "parquet"))]

mod desk;

use desk::{Desk, json_lines, partial_files};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

/// The rows of a file as objects, empty cells left out.
fn rows(path: &Path) -> Vec<Value> {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let object = |row: Row| {
        let cell = |field: &Field| match field {
            Field::Null => None,
            Field::Str(text) => Some(json!(text)),
            Field::Float(number) => Some(json!(number)),
            other => panic!("{other:?}"),
        };
        Value::Object(row.get_column_iter().filter_map(|(name, field)| Some((name.clone(), cell(field)?))).collect())
    };
    reader.get_row_iter(None).unwrap().map(|row| object(row.unwrap())).collect()
}

fn corpora() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora").display().to_string()
}

#[test]
fn an_alignment_is_the_same_in_parquet_and_in_json_lines() {
    let desk = Desk::new();
    for form in ["jsonl", "parquet"] {
        let ran = desk.run(&["align", &corpora(), "-o", form, "--to", form]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    let lines = json_lines(&fs::read_to_string(desk.path("jsonl/part-0001.jsonl")).unwrap());
    let rows = rows(&desk.path("parquet/part-0001.parquet"));
    assert!(rows.len() > 100);
    assert_eq!(rows.len(), lines.len());
    for (row, line) in rows.iter().zip(&lines) {
        for (column, key) in [
            ("id", "id"),
            ("ar", "ar"),
            ("en", "en"),
            ("document", "x-document"),
            ("date", "x-document-date"),
            ("origin", "x-origin"),
            ("bead", "x-align-bead"),
        ] {
            assert_eq!(row.get(column), line.get(key), "{column}: {row}");
        }
        let score: f32 = line["x-align-score"].as_str().unwrap().parse().unwrap();
        assert_eq!(row["confidence"], json!(score));
        assert_eq!(row.get("more"), None);
    }
    // In numbered files, and the same bytes again.
    let shards = ["align", &corpora(), "-o", "shards", "--to", "parquet", "--shard-units", "60"];
    assert_eq!(desk.run(&shards).code, Some(0));
    let first = fs::read(desk.path("shards/part-0001.parquet")).unwrap();
    assert_eq!(desk.run(&[&shards[..], &["--redo"]].concat()).code, Some(0));
    assert_eq!(fs::read(desk.path("shards/part-0001.parquet")).unwrap(), first);
    assert!(desk.path("shards/part-0002.parquet").exists());
    let ran = desk.run(&["align", "a.ar.txt", "a.en.txt", "--to", "parquet"]);
    assert!(
        ran.code == Some(2) && ran.err.contains("--to parquet puts the units of many pairs together"),
        "{}",
        ran.err
    );
}

#[test]
fn an_export_keeps_every_prop_and_says_what_it_leaves_out() {
    let desk = Desk::new();
    let tmx = "<?xml version=\"1.0\"?><tmx version=\"1.4\"><header creationtool=\"x\" creationtoolversion=\"1\" segtype=\"sentence\" o-tmf=\"x\" adminlang=\"en\" srclang=\"ar\" datatype=\"plaintext\"/><body>\
        <tu tuid=\"1\"><note>first</note><note>second</note><prop type=\"x-source\">صحيفة</prop><prop type=\"x-source\">another</prop><prop type=\"x-align-score\">unknown</prop><prop type=\"x-key\">k</prop>\
        <tuv xml:lang=\"ar\"><seg>اضغط <ph>&lt;b/&gt;</ph>هنا</seg></tuv><tuv xml:lang=\"en\"><seg>Press <ph>&lt;b/&gt;</ph>here</seg></tuv></tu>\
        <tu tuid=\"2\"><tuv xml:lang=\"ar\"><seg>وحيد</seg></tuv></tu>\
        <tu><tuv xml:lang=\"en\"><seg>yes</seg></tuv><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv></tu></body></tmx>";
    desk.file("tmx/a.tmx", tmx);
    let ran = desk.run(&["export", "--memory", "tmx", "-o", "out.parquet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.err.contains("2 units, 1 unit without both sides left out, 2 segments without their inline codes"),
        "{}",
        ran.err
    );
    let rows = rows(&desk.path("out.parquet"));
    assert_eq!(
        (&rows[0]["ar"], &rows[0]["en"], &rows[0]["source"]),
        (&json!("اضغط هنا"), &json!("Press here"), &json!("صحيفة"))
    );
    let more: Value = serde_json::from_str(rows[0]["more"].as_str().unwrap()).unwrap();
    assert_eq!(
        more,
        json!({"note": ["first", "second"], "x-source": "another", "x-align-score": "unknown", "x-key": "k"})
    );
    assert_eq!(rows[1], json!({"ar": "نعم", "en": "yes"}));
    // Into a stream, too.
    let ran = Command::new(env!("CARGO_BIN_EXE_dhakira"))
        .args(["export", "--memory", "tmx", "--to", "parquet"])
        .current_dir(desk.path(""))
        .output()
        .unwrap();
    assert_eq!(ran.stdout, fs::read(desk.path("out.parquet")).unwrap());
    assert_eq!(partial_files(&desk.path("")), Vec::<std::path::PathBuf>::new());
}

#[test]
fn more_units_than_a_row_group_are_read_by_others() {
    let desk = Desk::new();
    let table: String = (0..40_000).map(|n| format!("في الميناء {n} قاربا\tThe port has {n} boats\n")).collect();
    desk.file("boats.tsv", format!("ar\ten\n{table}"));
    let ran = desk.run(&["merge", "boats.tsv", "-o", "boats.parquet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let path = desk.path("boats.parquet");
    let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
    assert_eq!(reader.num_row_groups(), 3);
    let rows = rows(&path);
    assert_eq!((rows.len(), &rows[39_999]["en"]), (40_000, &json!("The port has 39999 boats")));

    let has = |python: &std::ffi::OsString| {
        let ran = Command::new(python).args(["-c", "import pyarrow"]).stderr(std::process::Stdio::null()).status();
        ran.is_ok_and(|status| status.success())
    };
    let Some(python) = std::env::var_os("DHAKIRA_PYARROW").filter(has) else {
        eprintln!("skipped: DHAKIRA_PYARROW names no Python that has pyarrow");
        return;
    };
    let code = "import sys, pyarrow.parquet as p; t = p.read_table(sys.argv[1]); r = t.slice(4242, 1).to_pylist()[0]; \
        print(t.num_rows, ','.join(t.column_names), r['ar'], r['confidence'], t.schema.field('ar').nullable, t.schema.field('ar').type)";
    let ran = Command::new(python).args(["-c", code]).arg(&path).env("PYTHONUTF8", "1").output().unwrap();
    let columns = "id,ar,en,document,date,url,licence,source,origin,bead,confidence,pairing,more";
    let said = String::from_utf8(ran.stdout).unwrap();
    assert_eq!(
        said.trim(),
        format!("40000 {columns} في الميناء 4242 قاربا None False string"),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
}
