//! A memory out again in a stream: the units that its snapshot has, in the same order, with any number of threads.

use dhakira::memory::{Memory, content_id};
use dhakira::task::{ExportOptions, Workers, export, stream_memory};
use dhakira::tmx::{Line, parse_unit, unit_xml};
use proptest::prelude::*;
use std::fs;
use std::path::Path;

/// A unit of few possible ones, so that many are alike.
fn unit() -> impl Strategy<Value = String> {
    let pick = |from: &'static [&'static str]| prop::sample::select(from);
    (
        pick(&[
            "",
            "",
            " tuid=\"1\"",
            " tuid=\"1\"",
            " tuid=\"2\"",
            " tuid=\"\"",
            " tuid=\"أ&amp;ب\"",
            " tuid=\"SELF\"",
        ]),
        pick(&["", "", " changedate=\"20250101T000000Z\"", " creationdate=\"20260101T000000Z\""]),
        pick(&[
            "",
            "",
            "",
            "<prop type=\"x-status\">deleted</prop>",
            "<prop type=\"x-note\">x-status</prop>",
            "<prop type=\"x-document\">أ</prop>",
        ]),
        pick(&["", "", " changedate=\"20270101T000000Z\""]),
        pick(&["نعم", "نَعم", "لا <ph x=\"1\"/>"]),
        pick(&["yes", "no", "", "R&D"]),
        pick(&["", "<!-- c -->", "\n  "]),
    )
        .prop_map(|(tuid, date, prop, own, ar, en, aside)| {
            let side =
                format!("{aside}<tuv xml:lang=\"ar\"{own}><seg>{ar}</seg></tuv><tuv lang=\"EN\"><seg>{en}</seg></tuv>");
            // Some are addressed by what they say.
            let id = parse_unit(&format!("<tu>{side}</tu>")).map_or("3".to_owned(), |unit| content_id(&unit));
            format!("<tu{}{date}>{prop}{side}</tu>", tuid.replace("SELF", &id))
        })
}

fn write(folder: &Path, name: &str, header: &str, units: &[String]) {
    let text = format!("<tmx version=\"1.4\"><header>{header}</header><body>\n{}\n</body></tmx>", units.join("\n"));
    fs::write(folder.join(name), text).unwrap();
}

const LIVE: &str = "<prop type=\"x-dhakira\">live</prop>";

/// What stands, told from the stream.
fn streamed(memory: &Memory, threads: usize) -> (Vec<String>, usize) {
    let mut roll = memory.roll().unwrap();
    loop {
        let (mut lines, mut problems) = (Vec::new(), 0);
        let take = |item: Result<Line<'_>, dhakira::Error>| {
            match item {
                Ok(line) => lines.push(line.xml().to_owned()),
                Err(_) => problems += 1,
            }
            Ok::<(), dhakira::Error>(())
        };
        let was_final = roll.is_final();
        let again = Workers::new(threads).run(|| stream_memory(&mut roll, take)).unwrap();
        assert!(!(again && was_final));
        if !again {
            return (lines, problems);
        }
    }
}

fn check(memory: &Memory) {
    let snapshot = memory.snapshot().unwrap();
    let units: Vec<String> = snapshot.units().map(|(_, unit)| unit_xml(&unit).unwrap()).collect();
    assert_eq!(streamed(memory, 2), (units, snapshot.problems().len()));
}

/// Says of some units that they take the place of others.
fn superseding(mut live: Vec<String>, foreign: &[String], which: &[usize]) -> Vec<String> {
    for (unit, at) in live.iter_mut().zip(which) {
        let Some(Ok(other)) = foreign.get(*at).map(|other| parse_unit(other)) else { continue };
        let prop = format!("<prop type=\"x-supersedes\">{}</prop>", content_id(&other));
        let end = unit.find('>').unwrap() + 1;
        unit.insert_str(end, &prop);
    }
    live
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]
    #[test]
    fn stands_what_stands_in_a_snapshot(
        files in prop::collection::vec(prop::collection::vec(unit(), 0..6), 0..3),
        live in prop::collection::vec(prop::collection::vec(unit(), 0..4), 0..3),
        which in prop::collection::vec(0usize..8, 0..4),
        odd in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let foreign: Vec<String> = files.concat();
        for (name, units) in ["a.tmx", "z.tmx"].iter().zip(&files) {
            write(folder.path(), name, "", units);
        }
        for (name, units) in ["live-0001.tmx", "live-0010.tmx"].iter().zip(live) {
            write(folder.path(), name, if odd { "" } else { LIVE }, &superseding(units, &foreign, &which));
        }
        check(&Memory::open(folder.path()).unwrap());
    }
}

#[test]
fn large_files_with_units_twice_are_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let unit = |n: usize, file: usize| {
        let date = format!("20{:02}0101T000000Z", 20 + n % 3 * file);
        format!(
            "<tu tuid=\"{n}\" changedate=\"{date}\"><tuv xml:lang=\"ar\"><seg>الجملة {n}</seg></tuv><tuv xml:lang=\"en\"><seg>Sentence {n}.{file}</seg></tuv></tu>"
        )
    };
    for file in 0..3 {
        let units: Vec<String> = (0..4_000).map(|n| unit(n * (file + 1), file)).collect();
        write(folder.path(), &format!("{file}.tmx"), "", &units);
    }
    let memory = Memory::open(folder.path()).unwrap();
    check(&memory);
    let out = folder.path().join("out");
    let bytes = [1, 3].map(|threads| {
        let delivered = Workers::new(threads).run(|| export(&memory, &options_for_tmx(), &out, |_| {})).unwrap();
        assert_eq!(delivered.unwrap().units as usize, memory.snapshot().unwrap().len());
        fs::read(&out).unwrap()
    });
    assert!(bytes[0] == bytes[1]);
}

fn options_for_tmx() -> ExportOptions {
    let mut options = ExportOptions::default();
    options.output.form = Some(dhakira::task::OutputForm::Tmx);
    options
}

#[test]
fn what_can_not_be_read_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let twice = ["<tu tuid=\"1\"><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv></tu>".to_owned(), "<tu/>".to_owned()];
    write(folder.path(), "a.tmx", "", &twice);
    write(folder.path(), "b.tmx", "", &twice);
    fs::write(folder.path().join("c.tmx"), "").unwrap();
    let memory = Memory::open(folder.path()).unwrap();
    let (mut said, out) = (Vec::new(), folder.path().join("out.tsv"));
    let delivered = export(&memory, &options_for_tmx(), &out, |error| said.push(error.to_string())).unwrap();
    assert_eq!(delivered.unwrap().units, 1);
    assert_eq!(said.len(), 3, "{said:?}");
    let none = ExportOptions { document: Some("أ".to_owned()), ..options_for_tmx() };
    fs::remove_file(&out).unwrap();
    assert_eq!(export(&memory, &none, &out, |_| {}).unwrap(), None);
    assert!(!out.exists());
}
