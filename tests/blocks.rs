//! Blocks of a TMX file, read side by side, give what its reader gives: the same lines and rejects in the same order.

use dhakira::task::{Workers, stream};
use dhakira::tmx::{self, Blocks, Content, Line, ReadOptions, Reader, Reject};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

/// What reading gives, one entry a unit: its line and number, or the error with what was set aside.
#[derive(Debug, PartialEq, Eq)]
enum Item {
    Line(String, Content),
    Reject(String, u64, Vec<u8>),
}

fn aside(reject: Reject) -> Item {
    Item::Reject(reject.error.to_string(), reject.byte, reject.raw)
}

/// The slow twin and the fast one, with one thread and with more, in blocks as long as ever and in short ones.
fn check(bytes: &[u8], options: &ReadOptions, name: &str) -> usize {
    let open = || Reader::new(bytes, "x.tmx", options.clone());
    let Ok(mut reader) = open() else { return 0 };
    let slow: Vec<Item> = reader
        .by_ref()
        .map(|item| match item {
            Ok(entry) => Item::Line(tmx::unit_xml(&entry.unit).unwrap(), Content::of(&entry.unit)),
            Err(reject) => aside(reject),
        })
        .collect();
    for (threads, len) in [(1, None), (3, None), (2, Some(1_000)), (3, Some(1))] {
        let again = open().unwrap();
        let mut blocks = match len {
            Some(len) => Blocks::with_len(again, len),
            None => Blocks::new(again),
        };
        let mut fast = Vec::new();
        let mut take = |item: Result<Line<'_>, Reject>| {
            fast.push(match item {
                Ok(line) => {
                    assert_eq!(tmx::unit_xml(&line.to_unit().unwrap()).unwrap(), line.xml(), "{name}");
                    Item::Line(line.xml().to_owned(), *line.content())
                }
                Err(reject) => aside(reject),
            });
            Ok::<(), ()>(())
        };
        Workers::new(threads).run(|| stream(&mut blocks, &mut take)).unwrap();
        for (at, (fast, slow)) in fast.iter().zip(&slow).enumerate() {
            assert_eq!(fast, slow, "{name}, unit {at}, {threads} threads, blocks of {len:?}");
        }
        assert_eq!(fast.len(), slow.len(), "{name}");
        assert_eq!(blocks.report(), reader.report(), "{name}");
    }
    slow.len()
}

fn check_file(path: &Path) -> usize {
    let bytes = fs::read(path).unwrap();
    let keep = ReadOptions { keep_empty: true, ..ReadOptions::default() };
    let name = path.display().to_string();
    check(&bytes, &keep, &name) + check(&bytes, &ReadOptions::default(), &name)
}

#[test]
fn the_zoo() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tmx/cases");
    let items: usize = fs::read_dir(folder).unwrap().map(|entry| check_file(&entry.unwrap().path())).sum();
    assert!(items >= 64, "{items}");
}

#[test]
fn files_of_other_tools() {
    let root = std::env::var_os("DHAKIRA_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let Ok(folder) = fs::read_dir(root.join("data/tmx/real")) else {
        eprintln!("skipped: no {}", root.display());
        return;
    };
    let items: usize = folder.map(|entry| check_file(&entry.unwrap().path())).sum();
    assert!(items > 10_000, "{items}");
}

const GOOD: &str = "<tu tuid=\"7\">\n  <tuv lang='ar'>\n    <seg>كِتاب &amp; قلم</seg>\n  </tuv>\n  <tuv xml:lang=\"en\"><seg>a > b</seg></tuv>\n</tu>";

/// A file of many blocks, with `odd` here and there.
fn long(odd: &[&str], every: usize) -> Vec<u8> {
    let mut text = "<tmx version=\"1.4\"><header srclang=\"en\"/><body>\n".to_owned();
    for n in 0..4_000 {
        text.push_str(&GOOD.replace('7', &n.to_string()));
        text.push('\n');
        if n % every == every - 1 {
            text.push_str(odd[(n / every) % odd.len()]);
        }
    }
    text.push_str("</body></tmx>\n");
    text.into_bytes()
}

#[test]
fn oddities_between_blocks() {
    let odd = [
        "<tu><tuv xml:lang=\"ar\"><seg>R&D</seg></tuv></tu>",
        "<tu own=\"1\"><tuv xml:lang=\"ar\"><seg>نعم<g>x</g></seg></tuv></tu>",
        "<!-- </tu> <tu> -->",
        "<tu><!-- </tu> --><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv></tu>",
        "<tu><tuv xml:lang=\"ar\"><seg><![CDATA[</tu>]]></seg></tuv></tu>",
        "<tu><tuv xml:lang=\"ar\"><seg></seg></tuv><tuv xml:lang=\"en\"><seg>x</seg></tuv></tu>",
        "loose <b/> </tu> text",
        "<tu>",
        "<tuv xml:lang=\"ar\"><seg>orphan</seg></tuv>",
        "<tu/>",
        "<tu tuid=\"</tu>\"><tuv xml:lang=\"ar\"><seg>x</seg></tuv></tu >",
        "<tu><tuv xml:lang=\"ar\"><seg>\u{B}</seg></tuv></tu>",
        "</body></tmx><tmx>",
        "<?tu </tu>?>",
        "<!-- never closed",
    ];
    for every in [1, 7, 300] {
        assert!(check(&long(&odd, every), &ReadOptions::default(), "oddities") > 4_000);
    }
    for one in odd {
        assert!(check(&long(&[one], 900), &ReadOptions::default(), one) >= 4_000);
    }
    let huge = format!("<!-- {} -->", GOOD.repeat(3_000));
    assert_eq!(check(&long(&[&huge], 3_000), &ReadOptions::default(), "huge comment"), 4_000);
    let seg = format!("<tu><tuv xml:lang=\"ar\"><seg>{}</seg></tuv></tu>", "كلمة ".repeat(100_000));
    assert_eq!(check(&long(&[&seg], 3_000), &ReadOptions::default(), "huge unit"), 4_001);
    let short = ReadOptions { max_unit: 100_000, ..ReadOptions::default() };
    assert_eq!(check(&long(&[&seg], 3_000), &short, "unit over the limit"), 4_001);
    let tiny = ReadOptions { max_unit: 100, ..ReadOptions::default() };
    check(&long(&odd, 50), &tiny, "all units over the limit");
}

#[test]
fn other_encodings_and_bytes_that_are_no_text() {
    let text = String::from_utf8(long(&["<tu><tuv xml:lang=\"ar\"><seg>R&D</seg></tuv></tu>"], 100)).unwrap();
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(check(&utf16, &ReadOptions::default(), "UTF-16"), 4_040);
    let windows = encoding_rs::WINDOWS_1256.encode(&text).0;
    assert_eq!(check(&windows, &ReadOptions::default(), "windows-1256"), 4_040);
    let mut bytes = text.into_bytes();
    for at in (5_000..bytes.len()).step_by(70_001) {
        bytes[at] = 0xE3;
    }
    check(&bytes, &ReadOptions::default(), "broken bytes");
    for cut in (100..bytes.len()).step_by(50_021) {
        check(&bytes[..cut], &ReadOptions::default(), "cut");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn damage_anywhere(cuts in prop::collection::vec((0usize..40_000, 0usize..60, "[<>\"&\u{0}-]{0,3}|</tu>|<tu>|<!--|-->|<tu |</body>"), 1..6)) {
        let mut bytes = long(&["<!-- c -->"], 90);
        bytes.truncate(40_000);
        for (from, len, put) in cuts {
            let from = from.min(bytes.len());
            let to = (from + len).min(bytes.len());
            bytes.splice(from..to, put.bytes());
        }
        check(&bytes, &ReadOptions::default(), "damaged");
    }
}
