//! TMX in and out, seen from outside: the zoo of broken files, round trips, validity against the DTD.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use dhakira::tmx::{self, Header, ReadOptions, Reader, Reject, Writer};
use dhakira::unit::{Meta, Piece, Seg, Unit, Variant};
use dhakira::{Error, Lang, LangTag};
use proptest::prelude::*;

/// The folder of shared data, if it is there.
fn shared(below: &str) -> Option<PathBuf> {
    let root = std::env::var_os("DHAKIRA_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = root.join(below);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: no {}", path.display());
    None
}

fn read_all(bytes: &[u8]) -> (Header, Vec<Unit>, Vec<Reject>, tmx::Report) {
    let mut reader = Reader::from_bytes(bytes, "test.tmx").unwrap();
    let (mut units, mut rejects) = (Vec::new(), Vec::new());
    for item in reader.by_ref() {
        match item {
            Ok(entry) => units.push(entry.unit),
            Err(reject) => rejects.push(reject),
        }
    }
    assert_eq!(reader.report().read, units.len() as u64);
    (reader.header().clone(), units, rejects, reader.report().clone())
}

fn write_all(header: &Header, units: &[Unit]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), header).unwrap();
    for unit in units {
        writer.write_unit(unit).unwrap();
    }
    writer.finish().unwrap()
}

/// Reads, writes, reads, writes: the units are equal and the bytes are.
fn assert_stable(header: &Header, units: &[Unit], name: &str) {
    let once = write_all(header, units);
    let (header_again, again, rejects, report) = read_all(&once);
    assert!(rejects.is_empty(), "{name}: {}", rejects[0].error);
    assert!(!report.truncated && report.warnings.is_empty(), "{name}: {report:?}");
    assert_eq!(again, units, "{name}");
    let twice = write_all(&header_again, &again);
    assert_eq!(String::from_utf8(once).unwrap(), String::from_utf8(twice).unwrap(), "{name}");
}

/// What should come of a case.
enum Outcome {
    /// One unit with these texts: English, then every Arabic one.
    Import(&'static str, &'static [&'static str]),
    /// The one unit is set aside; its reason contains this.
    Reject(&'static str),
}
use Outcome::{Import, Reject as Aside};

const EN: &str = "The Security Council adopted the resolution.";
const AR: &str = "اعتمد مجلس الأمن القرار.";

#[test]
fn the_zoo() {
    let cases: [(&str, Outcome); 32] = [
        ("01_plain", Import(EN, &[AR])),
        ("02_no_doctype", Import(EN, &[AR])),
        ("03_ar-EG", Import(EN, &[AR])),
        ("04_AR_upper", Import(EN, &[AR])),
        ("05_underscore", Import(EN, &[AR])),
        ("06_lang_attr", Import(EN, &[AR])),
        ("07_srclang_all", Import(EN, &[AR])),
        ("08_srclang_other", Import(EN, &[AR])),
        ("09_reversed", Import(EN, &[AR])),
        ("10_utf8_bom", Import(EN, &[AR])),
        ("11_utf16_bom", Import(EN, &[AR])),
        ("12_utf16le_nobom", Import(EN, &[AR])),
        ("13_cp1256", Import(EN, &[AR])),
        ("14_iso8859-6", Import(EN, &[AR])),
        ("15_declared_utf16_is_utf8", Import(EN, &[AR])),
        ("16_raw_ctrl", Aside("U+000B")),
        ("17_charref_ctrl", Aside("&#x1;")),
        ("18_lone_amp", Aside("bare &")),
        ("19_entity", Aside("unsupported entity &x;")),
        ("20_xxe", Aside("unsupported entity &x;")),
        ("21_laughs", Aside("unsupported entity &i;")),
        ("22_level2", Import("Press \u{FFFC}Save\u{FFFC}\u{FFFC}.", &["اضغط \u{FFFC}حفظ\u{FFFC}\u{FFFC}."])),
        ("23_ut_hi_sub", Import("A term \u{FFFC}x \u{FFFC}.", &["ا مصطلح \u{FFFC}س \u{FFFC}."])),
        ("24_two_targets", Import(EN, &[AR, "بديل ثان."])),
        ("25_rlm_lrm_tatweel", Import(EN, &["\u{200F}اعتمد مجلس الأمن القرار.\u{200E} \u{0640}"])),
        ("26_newline_in_seg", Import(EN, &["اعتمد مجلس الأمن القرار.\n  سطر ثان"])),
        ("27_bad_date", Import(EN, &[AR])),
        ("28_truncated", Aside("stops inside this unit")),
        ("29_trados_encoding_attr", Import(EN, &[AR])),
        ("30_v1.1", Import(EN, &[AR])),
        ("31_empty_seg", Aside("side without text")),
        ("32_no_header", Import(EN, &[AR])),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tmx/cases");
    for (name, outcome) in cases {
        let bytes = fs::read(folder.join(format!("{name}.tmx"))).unwrap();
        let (header, units, rejects, report) = read_all(&bytes);
        match outcome {
            Import(english, arabic) => {
                assert_eq!(
                    (units.len(), rejects.len()),
                    (1, 0),
                    "{name}: {:?}",
                    rejects.first().map(|r| r.error.to_string())
                );
                assert_eq!(units[0].text_of(Lang::En).as_deref(), Some(english), "{name}");
                let found: Vec<String> = units[0].variants_of(Lang::Ar).map(|v| v.seg.text()).collect();
                assert_eq!(found, arabic, "{name}");
                assert_stable(&header, &units, name);
            }
            Aside(reason) => {
                assert_eq!((units.len(), rejects.len()), (0, 1), "{name}");
                let error = &rejects[0].error;
                assert!(error.to_string().contains(reason), "{name}: {error}");
                assert!(
                    matches!(error, Error::Format { place, .. } if place.line.is_some() && place.byte.is_some()),
                    "{name}"
                );
                assert!(rejects[0].raw.starts_with(b"<tu>"), "{name}");
                assert_eq!(report.truncated, name.contains("truncated"), "{name}");
            }
        }
    }
}

/// Units as a naive look at the decoded text counts them.
fn naive_count(bytes: &[u8]) -> u64 {
    let text = match bytes {
        [0xFF, 0xFE, ..] => encoding_rs::UTF_16LE.decode(bytes).0,
        [0xFE, 0xFF, ..] => encoding_rs::UTF_16BE.decode(bytes).0,
        _ => String::from_utf8_lossy(bytes),
    };
    text.match_indices("<tu").filter(|(at, _)| text[at + 3..].starts_with([' ', '>', '\n', '\r', '\t', '/'])).count()
        as u64
}

#[test]
fn files_of_other_tools() {
    let Some(folder) = shared("data/tmx/real") else { return };
    let keep = ReadOptions { keep_empty: true, ..ReadOptions::default() };
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = fs::read(&path).unwrap();
        files += 1;
        let Ok(mut reader) = Reader::open(&path) else {
            assert!(name.ends_with(".gz"), "{name} is not opened");
            continue;
        };
        let rejects: Vec<Reject> = reader.by_ref().filter_map(Result::err).collect();
        let report = reader.report();
        assert_eq!(report.read + report.set_aside, naive_count(&bytes), "{name}: {report:?}");
        for reject in &rejects {
            eprintln!("{}", reject.error);
        }
        let mut reader = Reader::new(&bytes[..], &path, keep.clone()).unwrap();
        let units: Vec<Unit> = reader.by_ref().filter_map(|item| item.ok().map(|e| e.unit)).collect();
        let header = reader.header().clone();
        let once = write_all(&header, &units);
        let mut again = Reader::new(&once[..], &path, keep.clone()).unwrap();
        let units_again: Vec<Unit> = again.by_ref().map(|item| item.unwrap().unit).collect();
        assert!(units_again == units, "{name}");
        assert!(write_all(again.header(), &units_again) == once, "{name}");
        assert_valid(&once, &name);
    }
    assert!(files >= 100, "{files} files");
}

/// Asks xmllint whether the file is valid against the DTD, where both are there.
fn assert_valid(bytes: &[u8], name: &str) {
    let Some(dtd) = shared("data/tmx/tmx14.dtd") else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.tmx");
    fs::write(&path, bytes).unwrap();
    let run =
        Command::new("xmllint").args(["--noout", "--nonet", "--huge", "--dtdvalid"]).arg(&dtd).arg(&path).output();
    match run {
        Ok(output) => assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => eprintln!("skipped: xmllint: {error}"),
    }
}

#[test]
fn a_position_finds_its_unit_in_every_encoding() {
    let units: Vec<Unit> = (0..40)
        .map(|n| {
            let mut unit = pair(&format!("الجملة رقم {n} 😀"), &format!("sentence number {n}"));
            unit.set_attr("tuid", n.to_string());
            unit
        })
        .collect();
    let utf8 = String::from_utf8(write_all(&Header::new("en"), &units)).unwrap();
    let utf16 = |big: bool, bom: bool| -> Vec<u8> {
        let declared = if bom { utf8.replace("UTF-8", "UTF-16") } else { utf8.clone() };
        let text = if bom { format!("\u{FEFF}{declared}") } else { declared };
        text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    };
    let arabic_of_windows = |label: &str| {
        let text = utf8.replace("UTF-8", label).replace(" 😀", "");
        encoding_rs::WINDOWS_1256.encode(&text).0.into_owned()
    };
    let bom8 = [b"\xEF\xBB\xBF", utf8.as_bytes()].concat();
    let files = [
        ("UTF-8", utf8.clone().into_bytes()),
        ("UTF-8", bom8),
        ("UTF-8", utf8.replace("UTF-8", "windows-1256").into_bytes()),
        ("UTF-16LE", utf16(false, true)),
        ("UTF-16BE", utf16(true, true)),
        ("UTF-16LE", utf16(false, false)),
        ("UTF-16BE", utf16(true, false)),
        ("windows-1256", arabic_of_windows("windows-1256")),
        // Declarations that lie, and one that is not there.
        ("windows-1256", arabic_of_windows("UTF-8")),
        ("windows-1256", arabic_of_windows("UTF-16")),
        ("windows-1256", arabic_of_windows("nonsense")),
    ];
    for (encoding, bytes) in files {
        let mut reader = Reader::from_bytes(&bytes, "test.tmx").unwrap();
        assert_eq!(reader.encoding().name(), encoding);
        let mut count = 0;
        for (entry, unit) in reader.by_ref().zip(&units) {
            let entry = entry.unwrap();
            let stretch = &bytes[entry.byte as usize..][..entry.len as usize];
            let (text, _) = reader_encoding(encoding).decode_without_bom_handling(stretch);
            assert_eq!(tmx::parse_unit(&text).unwrap(), entry.unit, "{encoding}");
            assert_eq!(entry.unit.id(), unit.id());
            assert_eq!(entry.line, count + 6, "{encoding}");
            count += 1;
        }
        assert_eq!(count, 40, "{encoding}");
    }
}

/// The window is filled in chunks: a unit, a comment, a character may be cut by one anywhere.
#[test]
fn chunks_cut_anywhere() {
    let mut unit = pair("ﷺ قال 😀: نعم & لا", "yes <b>");
    unit.variants[0].seg.pieces.push(Piece::Code("<ph x=\"1\"/>".into()));
    let text = String::from_utf8(write_all(&Header::new("en"), &vec![unit.clone(); 4000])).unwrap();
    let text = text.replacen("</tu>\n", "</tu>\n<!-- <tu> 😀 --><![CDATA[<tu>]]>\n", 3000);
    assert!(text.len() > 600_000);
    for pad in 0..40 {
        let text = text.replacen("<body>", &format!("<body>{}", " ".repeat(pad * 7)), 1);
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [text.into_bytes(), utf16] {
            let mut count = 0;
            for entry in Reader::from_bytes(&bytes, "chunks.tmx").unwrap() {
                assert!(entry.unwrap().unit == unit, "unit {count}, pad {pad}");
                count += 1;
            }
            assert_eq!(count, 4000);
        }
    }
}

/// Files of other tools with pieces cut out, put in and exchanged: nothing panics, and what is read can be written and read.
#[test]
fn damaged_files_of_other_tools() {
    let Some(folder) = shared("data/tmx/real") else { return };
    // A small generator of its own, so that a failure comes again.
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 16) as usize % below.max(1)
    };
    let splinters: [&[u8]; 12] = [
        b"<",
        b">",
        b"\"",
        b"&",
        b"<tu>",
        b"</tu>",
        b"<!--",
        b"<![CDATA[",
        b"<?",
        b"\0",
        b"\xFF",
        b"<seg><ph type=\"x-raw\">",
    ];
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let bytes = fs::read(&path).unwrap();
        if bytes.len() > 20_000 {
            continue;
        }
        for _ in 0..40 {
            let mut broken = bytes.clone();
            for _ in 0..=random(4) {
                let from = random(broken.len());
                let to = (from + random(30)).min(broken.len());
                broken.splice(from..to, splinters[random(splinters.len())].iter().copied());
            }
            let options = ReadOptions { keep_empty: true, ..ReadOptions::default() };
            let Ok(mut reader) = Reader::new(&broken[..], &path, options.clone()) else { continue };
            let units: Vec<Unit> = reader.by_ref().filter_map(|item| item.ok().map(|e| e.unit)).collect();
            let once = write_all(reader.header(), &units);
            let mut again = Reader::new(&once[..], &path, options).unwrap();
            let read: Vec<Unit> = again.by_ref().map(|item| item.unwrap().unit).collect();
            assert!(read == units, "{}: {}", path.display(), String::from_utf8_lossy(&broken));
            assert!(write_all(again.header(), &read) == once, "{}", path.display());
        }
    }
}

fn reader_encoding(name: &str) -> &'static encoding_rs::Encoding {
    encoding_rs::Encoding::for_label(name.as_bytes()).unwrap()
}

fn pair(arabic: &str, english: &str) -> Unit {
    Unit {
        variants: vec![Variant::new(Lang::Ar, Seg::plain(arabic)), Variant::new(Lang::En, Seg::plain(english))],
        ..Unit::default()
    }
}

/// The body in a whole file.
fn file(body: &str) -> String {
    format!("<?xml version=\"1.0\"?>\n<tmx version=\"1.4\"><header srclang=\"en\"/><body>\n{body}\n</body></tmx>\n")
}

const GOOD: &str =
    "<tu tuid=\"g\"><tuv xml:lang=\"ar\"><seg>كتاب</seg></tuv><tuv xml:lang=\"en\"><seg>book</seg></tuv></tu>";

#[test]
fn one_broken_unit_never_costs_another() {
    let tuv = "<tuv xml:lang=\"ar\"><seg>كتاب</seg></tuv>";
    let cases: [(&str, u64, &str); 26] = [
        ("<tu>TUV", 1, "without </tu>"),
        ("<tu tuid=\"1\" tuid=\"2\">TUV</tu>", 1, "stands twice"),
        ("<tu tuid=\"1>TUV</tu>", 1, ""),
        ("<tu tuid=1>TUV</tu>", 1, "no value in quotes"),
        ("<tu a=\"1\"b=\"2\">TUV</tu>", 1, "no space"),
        ("<tu></tu>", 1, "without any <tuv>"),
        ("<tu/>", 1, "without any <tuv>"),
        ("<tu>TUV</tuv></tu>", 1, "not well-formed"),
        ("<tu><tuv xml:lang=\"ar\"></tuv></tu>", 1, "without a <seg>"),
        ("<tu><tuv><seg>x</seg></tuv></tu>", 1, "without xml:lang"),
        ("<tu><tuv xml:lang=\"ar\"><seg>a</seg><seg>b</seg></tuv></tu>", 1, "second <seg>"),
        ("<tu><tuv xml:lang=\"ar\"><seg>a <b c</seg></tuv></tu>", 1, ""),
        ("<tu><tuv xml:lang=\"ar\"><seg>&nbsp;</seg></tuv></tu>", 1, "unsupported entity &nbsp;"),
        ("<tu><tuv xml:lang=\"ar\"><seg>&#xD83D;&#xDE00;</seg></tuv></tu>", 1, "forbids"),
        ("<tu><tuv xml:lang=\"ar\"><seg>a\u{0}b</seg></tuv></tu>", 1, "U+0000"),
        ("<tu><tuv xml:lang=\"ar\"><seg>a\u{FFFF}b</seg></tuv></tu>", 1, "U+FFFF"),
        ("<tu><tuv xml:lang=\"ar\"><seg><ph>x</seg></tuv></tu>", 1, "not well-formed"),
        ("<tu>TUV loose text</tu>", 1, "loose"),
        ("<tu><other/>TUV</tu>", 1, "<other> has no place"),
        ("<!-- <tu> never closed", 1, "without </tu>"),
        ("<tu><!-- never closed TUV</tu>", 1, "not well-formed"),
        ("<xu>TUV</tu>", 1, "outside a unit"),
        ("TUV TUV", 1, "outside a unit"),
        // Not broken at all.
        ("<!-- <tu>TUV</tu> -->", 0, ""),
        ("<![CDATA[ <tu> ]]><?pi <tu> ?>", 0, ""),
        ("</tu></tuv></seg> < & stray", 0, ""),
    ];
    for (broken, set_aside, reason) in cases {
        let broken = broken.replace("TUV", tuv);
        let text = file(&format!("{GOOD}\n{broken}\n{GOOD}\n{GOOD}"));
        let (_, units, rejects, report) = read_all(text.as_bytes());
        assert_eq!((units.len() as u64, rejects.len() as u64), (3, set_aside), "{broken}");
        assert!(!report.truncated, "{broken}");
        if let Some(reject) = rejects.first() {
            assert!(reject.error.to_string().contains(reason), "{broken}: {}", reject.error);
            assert_eq!(reject.error.place().and_then(|p| p.line), Some(4), "{broken}");
            assert!(text.as_bytes()[reject.byte as usize..].starts_with(&reject.raw), "{broken}");
        }
    }
}

#[test]
fn rejects_are_a_tmx_themselves() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tmx/cases");
    let names = ["16_raw_ctrl", "17_charref_ctrl", "18_lone_amp", "21_laughs", "28_truncated", "31_empty_seg"];
    let files = names.map(|name| fs::read(folder.join(format!("{name}.tmx"))).unwrap());
    let rejects: Vec<Unit> = files.iter().flat_map(|bytes| read_all(bytes).2).map(|r| r.to_unit()).collect();
    assert_eq!(rejects.len(), 6);
    let written = write_all(&Header::new("*all*"), &rejects);
    assert_valid(&written, "rejects");
    let (_, again, broken, _) = read_all(&written);
    assert!(broken.is_empty());
    assert_eq!(again, rejects);
}

#[test]
fn bytes_that_are_no_text_cost_their_unit_only() {
    let text = file(&format!("{GOOD}\n{GOOD}\n{GOOD}"));
    let at = text.rfind("book").unwrap();
    let mut bytes = text.into_bytes();
    bytes[at] = 0xE3;
    let (_, units, rejects, _) = read_all(&bytes);
    assert_eq!((units.len(), rejects.len()), (2, 1));
    let place = rejects[0].error.place().unwrap();
    assert_eq!((place.line, place.byte, place.tuid.as_deref()), (Some(5), Some(at as u64), Some("g")));
}

#[test]
fn a_file_cut_anywhere_gives_its_complete_units_and_says_so() {
    let text = file(&format!("{GOOD}\n{GOOD}"));
    let ends: Vec<usize> = text.match_indices("</tu>").map(|(at, _)| at + 5).collect();
    let whole = text.rfind("</tmx").unwrap() + 5;
    for cut in 1..text.len() {
        let mut reader = Reader::from_bytes(&text.as_bytes()[..cut], "cut.tmx").unwrap();
        let items: Vec<_> = reader.by_ref().collect();
        let complete = ends.iter().filter(|&&end| end <= cut).count();
        assert_eq!(items.iter().filter(|i| i.is_ok()).count(), complete, "cut at {cut}");
        assert_eq!(reader.report().truncated, cut < whole, "cut at {cut}");
        assert_eq!(items.last().is_some_and(Result::is_err), cut < whole, "cut at {cut}");
    }
}

#[test]
fn what_is_no_tmx_says_so() {
    for (bytes, reason) in [
        (&b""[..], "no text"),
        (b"  \n ", "no text"),
        (b"\x1F\x8B\x08\0", "gzip archive"),
        (b"<\0\0\0t\0\0\0", "UTF-32"),
    ] {
        let error = Reader::from_bytes(bytes, "x.tmx").err().unwrap();
        assert!(error.to_string().contains(reason), "{error}");
    }
    let (_, units, rejects, _) = read_all("<html><p>مرحبا</p></html>".as_bytes());
    assert!(units.is_empty());
    assert!(rejects[0].error.to_string().contains("not a TMX file"), "{}", rejects[0].error);
}

#[test]
fn great_depth_and_great_length() {
    let deep = format!(
        "<tu><tuv xml:lang=\"ar\"><seg>{}نص{}</seg></tuv></tu>",
        "<hi>".repeat(100_000),
        "</hi>".repeat(100_000)
    );
    let deeper = format!("<tu><tuv xml:lang=\"ar\"><seg>{}نص", "<ph><sub>".repeat(100_000));
    let nested = "<tu>".repeat(100_000);
    let long = format!("<tu><tuv xml:lang=\"ar\"><seg>{}</seg></tuv></tu>", "كلمة ".repeat(400_000));
    let comments = "<!-- ".repeat(50_000);
    let text = file(&[&deep, &deeper, &long, &nested, &comments, GOOD].join("\n"));
    let (header, units, rejects, _) = read_all(text.as_bytes());
    assert_eq!((units.len(), rejects.len()), (3, 100_001));
    assert_stable(&header, &units, "deep");
    let options = ReadOptions { max_unit: 100_000, ..ReadOptions::default() };
    let text = file(&[&long, GOOD].join("\n"));
    let mut reader = Reader::new(text.as_bytes(), "long.tmx", options).unwrap();
    let reject = reader.next().unwrap().unwrap_err();
    assert!(reject.error.to_string().contains("longer than the limit"), "{}", reject.error);
    assert_eq!(reader.next().unwrap().unwrap().unit.id(), Some("g"));
    assert!(reader.next().is_none());
}

#[test]
fn what_tmx_does_not_allow_is_kept_and_written_validly() {
    let text = "<tmx version=\"1.4\" encoding=\"x\"><header segtype=\"Sentence\" own=\"1\" srclang=\"ar\"><prop type=\"a\">ب</prop>\
        <ude name=\"u\"><map unicode=\"#xF8FF\"/></ude><note>ملاحظة</note></header><body>\
        <tu own=\"&quot;\n1&#10;\" tuid=\"7\" segtype=\"odd\"><tuv lang=\"ar\" creationid=\"DOM\\u\" weight=\"3\">\
        <seg>أ<g id=\"1\">ب</g><x/><hi type=\"t\">ت<hi bad=\"1\">ث</hi></hi><ph id=\"9\">{0}\r\n</ph><![CDATA[<&>]]></seg>\
        <prop type=\"late\" color=\"red\">v</prop></tuv>\
        <note o-encoding=\"e\" type=\"n\">ن</note><prop>untyped <b>x</b></prop></tu></body></tmx>";
    let (header, units, rejects, _) = read_all(text.as_bytes());
    assert!(rejects.is_empty(), "{}", rejects[0].error);
    let seg = &units[0].variants[0].seg;
    let code = |s: &str| Piece::Code(s.to_owned());
    let words = |s: &str| Piece::Text(s.to_owned());
    let highlight = |s: &str| Piece::Highlight(s.to_owned());
    assert_eq!(
        seg.pieces,
        [
            words("أ"),
            code("<g id=\"1\">"),
            words("ب"),
            code("</g>"),
            code("<x/>"),
            highlight("<hi type=\"t\">"),
            words("ت"),
            highlight("<hi bad=\"1\">"),
            words("ث"),
            highlight("</hi>"),
            highlight("</hi>"),
            code("<ph id=\"9\">{0}&#10;</ph>"),
            words("<&>"),
        ]
    );
    assert_eq!(units[0].attr("own"), Some("\" 1\n"));
    assert_eq!(units[0].attr("segtype"), Some("odd"));
    assert_eq!(units[0].prop(""), Some("untyped <b>x</b>"));
    assert_stable(&header, &units, "odd");
    let written = write_all(&header, &units);
    assert_valid(&written, "odd");
    let (header_again, ..) = read_all(&written);
    assert_eq!(header_again.attr("segtype"), Some("Sentence"));
    assert_eq!(header_again.attr("own"), Some("1"));
    assert_eq!(header_again.meta, header.meta);
}

#[test]
fn a_unit_without_variants_is_not_written() {
    let mut writer = Writer::new(Vec::new(), &Header::new("ar")).unwrap();
    assert!(writer.write_unit(&Unit::default()).is_err());
    writer.write_unit(&pair("ورقة\u{B}", "sheet\u{1}")).unwrap();
    assert_eq!((writer.units(), writer.removed()), (1, 2));
    assert_valid(&writer.finish().unwrap(), "plain");
}

// ---- generated units ----

/// Arabic with and without tashkeel, English, marks of direction, characters that need care.
fn text() -> impl Strategy<Value = String> {
    let bits = prop_oneof![
        "[\u{0621}-\u{064A}]{1,8}",
        "[\u{0621}-\u{064A}][\u{064B}-\u{0652}]{0,2}[\u{0640}]?",
        "[a-zA-Z0-9٠-٩]{1,8}",
        "[ \t\n\r]{1,2}",
        "[\u{200E}\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}\u{200B}-\u{200D}\u{FEFF}]",
        "[&<>\"'\\]\\[;#/!?-]{1,3}",
        "[\u{FFFC}\u{FFFD}\u{85}\u{2028}\u{A0}\u{10FFFF}😀ﷺﻻ]",
    ];
    prop::collection::vec(bits, 1..6).prop_map(|bits| bits.concat())
}

fn piece() -> impl Strategy<Value = Piece> {
    let code = prop_oneof![
        Just("<ph x=\"1\">{0}</ph>".to_owned()),
        Just("<bpt i=\"1\">&lt;b&gt;</bpt>".to_owned()),
        Just("<ept i=\"1\"/>".to_owned()),
        Just("<ut>{\\b </ut>".to_owned()),
        Just("<ph>img<sub>نص <hi>بديل</hi></sub></ph>".to_owned()),
        Just("<g id=\"1\">".to_owned()),
        Just("</g>".to_owned()),
        Just("<x id=\"&amp;\"/>".to_owned()),
        Just("<ph id=\"1\"/>".to_owned()),
        text().prop_map(|t| format!("<broken {}", t.replace(['\r', '\n'], " "))),
    ];
    let hi = prop_oneof![Just("<hi>"), Just("</hi>"), Just("<hi type=\"t\"/>"), Just("<hi odd=\"1\">")];
    prop_oneof![4 => text().prop_map(Piece::Text), 2 => code.prop_map(Piece::Code), 1 => hi.prop_map(|h| Piece::Highlight(h.to_owned()))]
}

fn seg() -> impl Strategy<Value = Seg> {
    prop::collection::vec(piece(), 0..8).prop_map(|pieces| {
        // As a reader gives it: neighbouring texts are one.
        let mut joined: Vec<Piece> = Vec::new();
        for piece in pieces {
            match (joined.last_mut(), piece) {
                (Some(Piece::Text(before)), Piece::Text(more)) => before.push_str(&more),
                (_, piece) => joined.push(piece),
            }
        }
        Seg { pieces: joined }
    })
}

fn meta() -> impl Strategy<Value = Meta> {
    let attrs =
        prop_oneof![Just(vec![]), Just(vec![("xml:lang", "ar")]), Just(vec![("o-encoding", "x"), ("own", "1\n\"")])];
    (prop::option::of("[a-z:]{0,6}"), attrs, prop_oneof![Just(String::new()), text()]).prop_map(
        |(kind, attrs, text)| Meta {
            kind,
            attrs: attrs.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
            text,
        },
    )
}

fn attrs() -> impl Strategy<Value = Vec<(String, String)>> {
    (prop::option::of(text()), prop::option::of(text()), prop::option::of(text())).prop_map(|(date, tool, own)| {
        let named = [("creationdate", date), ("creationtool", tool), ("x:own", own)];
        named.into_iter().filter_map(|(n, v)| Some((n.to_owned(), v?))).collect()
    })
}

fn variant() -> impl Strategy<Value = Variant> {
    let tag = prop_oneof!["ar|AR|ar-EG|ar_SA|en|EN-us|fr", text()];
    (tag, attrs(), prop::collection::vec(meta(), 0..3), seg()).prop_map(|(tag, attrs, meta, seg)| Variant {
        tag: LangTag::new(&tag),
        attrs,
        meta,
        seg,
    })
}

fn unit() -> impl Strategy<Value = Unit> {
    (attrs(), prop::collection::vec(meta(), 0..3), prop::collection::vec(variant(), 1..4))
        .prop_map(|(attrs, meta, variants)| Unit { attrs, meta, variants })
}

proptest! {
    #[test]
    fn read_of_write_is_the_unit(units in prop::collection::vec(unit(), 1..4)) {
        let mut writer = Writer::new(Vec::new(), &Header::new("ar")).unwrap();
        for unit in &units {
            writer.write_unit(unit).unwrap();
        }
        prop_assert_eq!(writer.removed(), 0);
        let bytes = writer.finish().unwrap();
        prop_assert_eq!(bytes.iter().filter(|&&b| b == b'\n').count(), units.len() + 7);
        let options = ReadOptions { keep_empty: true, ..ReadOptions::default() };
        let mut reader = Reader::new(&bytes[..], "p.tmx", options).unwrap();
        let again: Vec<Unit> = reader.by_ref().map(|item| item.unwrap().unit).collect();
        prop_assert_eq!(&again, &units);
        prop_assert_eq!(write_all(reader.header(), &again), bytes);
    }

    #[test]
    fn control_characters_go_and_the_rest_stays(text in "[\u{0}-\u{1F}\u{0627}-\u{064A}\u{FFFD}-\u{FFFF}]{0,20}") {
        let mut writer = Writer::new(Vec::new(), &Header::new("ar")).unwrap();
        writer.write_unit(&pair(&format!("س{text}"), "x")).unwrap();
        let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r') || (*c >= ' ' && !matches!(c, '\u{FFFE}' | '\u{FFFF}'));
        let kept: String = text.chars().filter(allowed).collect();
        prop_assert_eq!(writer.removed(), (text.chars().count() - kept.chars().count()) as u64);
        let (_, units, rejects, _) = read_all(&writer.finish().unwrap());
        prop_assert!(rejects.is_empty());
        prop_assert_eq!(units[0].text_of(Lang::Ar), Some(format!("س{kept}")));
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(reader) = Reader::from_bytes(&bytes, "x") {
            reader.for_each(drop);
        }
    }

    #[test]
    fn a_unit_of_any_text_is_survived(text in "[<>/&;\"'=a-z؀-ۿ \n\u{FEFF}!\\[\\]-]{0,60}") {
        let _ = tmx::parse_unit(&text);
        let _ = tmx::parse_unit(&format!("<tu>{text}</tu>"));
        let _ = tmx::parse_unit(&format!("<tu><tuv xml:lang='ar'><seg>{text}</seg></tuv></tu>"));
    }

    /// Damage inside one stretch: units that it does not touch are all still read.
    #[test]
    fn damage_costs_no_untouched_unit(
        at in 0.0f64..1.0,
        cut in 0usize..60,
        insert in prop_oneof![Just(String::new()), "[<>/&;\"'= tuvseg!\\[-]{0,12}", Just("<tu>".to_owned()), Just("</tu>".to_owned()), Just("<!--".to_owned()), Just("<![CDATA[".to_owned()), Just("<?".to_owned()), Just("<!DOCTYPE [".to_owned()), Just("</tmx>".to_owned())],
    ) {
        let units: Vec<Unit> = (0..12).map(|n| {
            let mut unit = pair(&format!("جملة {n}"), "text");
            unit.set_attr("tuid", n.to_string());
            unit
        }).collect();
        let mut bytes = write_all(&Header::new("en"), &units);
        let body = bytes.windows(6).position(|w| w == b"<body>").unwrap() + 6;
        let end = bytes.windows(7).position(|w| w == b"</body>").unwrap();
        let from = body + ((end - body) as f64 * at) as usize;
        let to = (from + cut).min(end);
        let text = String::from_utf8(bytes.clone()).unwrap();
        let touched = |n: usize| {
            let start = text.find(&format!("<tu tuid=\"{n}\"")).unwrap();
            let stop = start + text[start..].find("</tu>").unwrap() + 5;
            // One byte of air: `<` put right before a unit is a flaw of the unit.
            from < stop + 1 && to + 1 > start
        };
        let untouched: Vec<String> = (0..12).filter(|&n| !touched(n)).map(|n| n.to_string()).collect();
        bytes.splice(from..to, insert.bytes());
        let read: Vec<String> = Reader::from_bytes(&bytes, "d.tmx").unwrap()
            .filter_map(|i| i.ok().and_then(|e| e.unit.id().map(str::to_owned))).collect();
        for id in &untouched {
            prop_assert!(read.contains(id), "{} is lost, read {:?}", id, read);
        }
    }
}
