//! XLIFF 1.2 and 2.x, seen from outside.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

use dhakira::bitext::{self, Kind, LeftOut, ReadOptions, Reader, WriteOptions, Writer, XliffVersion};
use dhakira::unit::{Meta, Piece, Seg, Unit, Variant};
use dhakira::{Error, Lang, LangTag, tmx};
use proptest::prelude::*;

const VERSIONS: [XliffVersion; 2] = [XliffVersion::V1_2, XliffVersion::V2_0];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/bitext").join(name)
}

fn open(bytes: &[u8], options: &ReadOptions) -> Reader {
    bitext::read_from(Kind::Xliff, Cursor::new(bytes.to_vec()), "t.xlf", options).unwrap()
}

/// What a file gives, as `arabic|english` or as `line: reason`.
fn shown(items: impl Iterator<Item = Result<Unit, Error>>) -> Vec<String> {
    items
        .map(|item| match item {
            Ok(unit) => [Lang::Ar, Lang::En].map(|l| unit.text_of(l).unwrap_or_default()).join("|"),
            Err(error) => {
                let line = error.place().and_then(|p| p.line).unwrap_or_default();
                format!("{line}: {}", error.to_string().split_once("): ").unwrap().1)
            }
        })
        .collect()
}

/// The units of a fixture, all of which can be read.
fn units(name: &str) -> (Vec<Unit>, LeftOut) {
    let mut reader = bitext::read(fixture(name), &ReadOptions::default()).unwrap();
    let units = reader.by_ref().map(Result::unwrap).collect();
    (units, reader.left_out())
}

fn texts(units: &[Unit]) -> Vec<String> {
    shown(units.iter().cloned().map(Ok))
}

/// The codes of a unit's side, in their order.
fn codes(unit: &Unit, lang: Lang) -> Vec<String> {
    let pieces = &unit.variants_of(lang).next().unwrap().seg.pieces;
    let markup = |p: &Piece| match p {
        Piece::Code(code) | Piece::Highlight(code) => Some(code.clone()),
        Piece::Text(_) => None,
    };
    pieces.iter().filter_map(markup).collect()
}

/// The units of a version 1.2 body from English to Arabic.
fn check_body(body: &str, expected: &[&str]) {
    let text = format!(
        "<xliff version=\"1.2\"><file original=\"o\" source-language=\"en\" target-language=\"ar\" datatype=\"x\"><body>\n{body}\n</body></file></xliff>"
    );
    assert_eq!(shown(open(text.as_bytes(), &ReadOptions::default())), expected, "{body}");
}

#[test]
fn weblate() {
    let (units, left_out) = units("weblate.xlf");
    assert_eq!(
        texts(&units),
        [
            "استعر هذا الكتاب|Borrow this book",
            "أعده قبل <b>الأحد</b> ولا تدفع شيئًا|Return by <b>Sunday</b> & pay nothing"
        ]
    );
    assert_eq!(left_out, LeftOut { untranslated: 3, fuzzy: 1, foreign: 0 });
    let expected = [
        Meta::prop("x-document", "library/main"),
        Meta::prop("x-xliff-id", "1"),
        Meta::prop("x-resname", "menu.borrow"),
        Meta::prop("x-approved", "yes"),
        Meta::prop("x-status", "final"),
        Meta::note("Button under the picture"),
        Meta::prop("x-sourcefile", "menu.c"),
        Meta::prop("x-linenumber", "12"),
    ];
    assert_eq!(units[0].meta, expected);
    let fuzzy = ReadOptions { fuzzy: true, ..ReadOptions::default() };
    let last = bitext::read(fixture("weblate.xlf"), &fuzzy).unwrap().last().unwrap().unwrap();
    assert_eq!(last.prop("x-state-qualifier"), Some("fuzzy-match"));
}

#[test]
fn trados_studio_in_its_segments() {
    let (units, left_out) = units("studio.sdlxliff");
    assert_eq!(
        texts(&units),
        [
            "وصلت \u{FFFC}الرسالة\u{FFFC}.|The \u{FFFC}letter\u{FFFC} arrived.",
            "من أرسلها؟|Who sent it?",
            "سطر واحد.|One line."
        ]
    );
    assert_eq!(left_out.untranslated, 2);
    let props = |unit: &Unit| ["x-xliff-mid", "x-status", "x-origin"].map(|p| unit.prop(p).unwrap_or("-").to_owned());
    assert_eq!(props(&units[0]), ["1", "ApprovedTranslation", "tm"]);
    assert_eq!(props(&units[1]), ["2", "Draft", "-"]);
    let pair = ["<bpt i=\"1\" x=\"1\">&lt;g id=\"7\"&gt;</bpt>", "<ept i=\"1\">&lt;/g&gt;</ept>"];
    assert_eq!(
        (codes(&units[0], Lang::Ar), codes(&units[0], Lang::En)),
        (pair.map(String::from).into(), pair.map(String::from).into())
    );
    assert_eq!(codes(&units[1], Lang::En), ["<hi type=\"x-sdl-comment\">", "</hi>"]);
    assert_eq!(units[0].variants[0].tag.as_str(), "ar-SA");
}

#[test]
fn memoq() {
    let (units, left_out) = units("memoq.mqxliff");
    assert_eq!(texts(&units), ["\u{FFFC}تمطر\u{FFFC} شتاءً\u{FFFC}.|It \u{FFFC}rains\u{FFFC} in winter\u{FFFC}."]);
    assert_eq!((left_out.untranslated, units[0].prop("x-status")), (1, Some("ManuallyConfirmed")));
    assert_eq!(
        codes(&units[0], Lang::Ar),
        [
            "<bpt i=\"1\" x=\"1\" type=\"bold\">&lt;bpt id=\"1\" ctype=\"bold\"&gt;{}&lt;/bpt&gt;</bpt>",
            "<ept i=\"1\">&lt;ept id=\"1\"&gt;{}&lt;/ept&gt;</ept>",
            "<ph x=\"2\">&lt;ph id=\"2\"&gt;&amp;lt;mq:ch val=\"&amp;#160;\" /&amp;gt;&lt;/ph&gt;</ph>",
        ]
    );
}

#[test]
fn okapi_with_a_prefix_and_an_entity() {
    let items: Vec<_> = bitext::read(fixture("okapi.xlf"), &ReadOptions::default()).unwrap().collect();
    assert_eq!(
        shown(items.into_iter()),
        [
            "ركبنا \u{FFFC}القطار\u{FFFC} ليلًا.\u{FFFC}|We took the \u{FFFC}night train\u{FFFC}.\u{FFFC}",
            " نمنا.| We slept.",
            "11: unsupported entity &tool; (only XML's five and character numbers are read, none is ever expanded); put the text \
             itself in its place",
            "بداية \u{FFFC}مائلة|An \u{FFFC}italic start",
        ]
    );
}

#[test]
fn version_2() {
    let (units, left_out) = units("two.xlf");
    assert_eq!(
        texts(&units),
        [
            "اغسل \u{FFFC}الأرز\u{FFFC}.\u{FFFC}|Wash the \u{FFFC}rice\u{FFFC}.\u{FFFC}",
            "انقعه ليلة كاملة.|Soak it overnight.",
            "خطوة \u{FFFC}جريئة\u{FFFC} \u{FFFC}حقًا\u{FFFC}|A \u{FFFC}bold\u{FFFC} \u{FFFC}move\u{FFFC}"
        ]
    );
    assert_eq!(left_out.untranslated, 2);
    assert_eq!(units[0].prop("x-client"), Some("مطبخ"));
    assert_eq!(units[0].prop("x-status"), Some("final"));
    assert_eq!(units[1].prop("x-xliff-mid"), Some("s2"));
    assert_eq!(
        codes(&units[0], Lang::Ar),
        [
            "<bpt i=\"1\" x=\"1\">&lt;pc id=\"1\" dataRefStart=\"d1\" dataRefEnd=\"d2\"&gt;&amp;lt;b&amp;gt;</bpt>",
            "<ept i=\"1\">&amp;lt;/b&amp;gt;&lt;/pc&gt;</ept>",
            "<ph x=\"2\">&lt;ph id=\"2\" dataRef=\"d3\"&gt;&amp;lt;br/&amp;gt;&lt;/ph&gt;</ph>",
        ]
    );
    assert_eq!(codes(&units[1], Lang::En), ["<hi type=\"term\">", "</hi>"]);
    assert!(codes(&units[2], Lang::Ar)[2].starts_with("<it pos=\"begin\" x="));
}

#[test]
fn codes_are_those_of_tmx() {
    for name in ["weblate.xlf", "studio.sdlxliff", "memoq.mqxliff", "okapi.xlf", "two.xlf"] {
        for unit in bitext::read(fixture(name), &ReadOptions::default()).unwrap().flatten() {
            // A code that TMX does not allow would come back inside a <ph type="x-raw">.
            let xml = tmx::unit_xml(&unit).unwrap();
            assert!(!xml.contains("x-raw"), "{name}: {xml}");
            assert_eq!(tmx::parse_unit(&xml).unwrap(), unit, "{name}");
        }
    }
}

#[test]
fn a_broken_unit_costs_itself_only() {
    let good = "<trans-unit id=\"g\"><source>good</source><target>جيد</target></trans-unit>";
    for (bad, error) in [
        ("<trans-unit id=\"1\"><source>R&D</source><target>ا</target></trans-unit>", "2: a bare & (write &amp;)"),
        (
            "<trans-unit id=\"1\"><source>a</source><target>ا\u{1}</target></trans-unit>",
            "2: character U+0001, which XML forbids; remove it",
        ),
        (
            "<trans-unit id=\"1\"><source>a</source>\n<target>\u{0}</target></trans-unit>",
            "3: character U+0000, which XML forbids; remove it",
        ),
        ("<trans-unit id=\"1\"><target>ا</target></trans-unit>", "2: a <trans-unit> without a <source>"),
        ("<trans-unit id=\"1\"/>", "2: a <trans-unit> without a <source>"),
        ("<trans-unit id=\"1\"><source>a</source>", "2: a <trans-unit> that has no end"),
        (
            "<trans-unit id=\"1\" id=\"2\"><source>a</source><target>ا</target></trans-unit>",
            "2: attribute id stands twice",
        ),
    ] {
        check_body(&format!("{bad}\n{good}"), &[error, "جيد|good"]);
    }
    check_body(
        &format!("<!-- <trans-unit> --><group>{good}</wrong><![CDATA[<trans-unit>]]>{good}"),
        &["جيد|good", "جيد|good"],
    );
}

#[test]
fn a_file_that_stops_gives_what_was_complete() {
    let text = fs::read_to_string(fixture("weblate.xlf")).unwrap();
    let whole = shown(open(text.as_bytes(), &ReadOptions::default()));
    for cut in (0..text.len()).filter(|&at| text.is_char_boundary(at)).step_by(7) {
        let items = match bitext::read_from(
            Kind::Xliff,
            Cursor::new(text.as_bytes()[..cut].to_vec()),
            "t",
            &ReadOptions::default(),
        ) {
            Ok(reader) => shown(reader),
            Err(_) => continue,
        };
        let (last, before) = items.split_last().unwrap();
        assert!(
            last.contains("stops before </xliff>") || last.contains("no <xliff>") || cut + 4 > text.len(),
            "{cut}: {last}"
        );
        assert!(before.iter().zip(&whole).all(|(a, b)| a == b), "{cut}");
    }
}

#[test]
fn languages() {
    let file = |attrs: &str, unit: &str| {
        let text = format!("<xliff version=\"1.2\"><file original=\"o\" {attrs}><body>{unit}</body></file></xliff>");
        let mut reader = open(text.as_bytes(), &ReadOptions::default());
        (shown(reader.by_ref()), reader.left_out().foreign)
    };
    let unit = "<trans-unit id=\"1\"><source>Save</source><target>حفظ</target></trans-unit>";
    let good = || (vec!["حفظ|Save".to_owned()], 0);
    assert_eq!(file("source-language=\"EN_us\" target-language=\"ara\"", unit), good());
    assert_eq!(file("source-language=\"en\"", unit), good());
    let (items, foreign) = file("source-language=\"en\" target-language=\"fr\"", &unit.repeat(3));
    assert_eq!(
        (items, foreign),
        (vec!["1: from \"en\" to \"fr\": only Arabic and English are read, one from the other; the units of this file are left out".to_owned()], 3)
    );
    assert_eq!(file("source-language=\"en\" target-language=\"en-GB\"", unit).1, 1);
    let other = "<trans-unit id=\"1\"><source>Save</source><target>Enregistrer</target></trans-unit>";
    assert!(file("source-language=\"en\"", other).0[0].contains("this text is not ar"));
    assert!(file("", unit).0[0].contains("no source language"));
    let text = format!("<xliff version=\"1.2\"><file><body>{unit}</body></file></xliff>");
    let told = ReadOptions { source: Some(Lang::En), ..ReadOptions::default() };
    assert_eq!(shown(open(text.as_bytes(), &told)), ["حفظ|Save"]);
}

#[test]
fn depth_and_repetition_are_no_danger() {
    let deep = format!("{}نص{}", "<g id=\"1\">".repeat(100_000), "</g>".repeat(100_000));
    let unit =
        |target: &str| format!("<trans-unit id=\"1\"><source>text</source><target>{target}</target></trans-unit>");
    let body = |body: &str| {
        format!(
            "<xliff version=\"1.2\"><file source-language=\"en\" target-language=\"ar\"><body>{body}</body></file></xliff>"
        )
    };
    let items: Vec<_> = open(body(&unit(&deep)).as_bytes(), &ReadOptions::default()).collect();
    let read = items[0].as_ref().unwrap();
    assert_eq!(codes(read, Lang::Ar).len(), 200_000);
    for version in VERSIONS {
        assert!(!written(std::slice::from_ref(read), version).is_empty());
    }
    // Each of these took quadratic time in a reader that looked for the end of what has none.
    for noise in [
        "<!-- ",
        "<![CDATA[",
        "<?x ",
        "<!DOCTYPE [",
        "<a \"",
        "<trans-unit ",
        "<trans-unit>",
        "<g><",
        "&",
        "<bpt id=\"1\"/>",
    ] {
        let text = body(&format!("{}{}", noise.repeat(60_000), unit("نص")));
        assert!(open(text.as_bytes(), &ReadOptions::default()).count() > 0, "{noise}");
        let text = body(&unit(&noise.repeat(60_000)));
        open(text.as_bytes(), &ReadOptions::default()).for_each(drop);
    }
    // Divisions in divisions, and many of them with many notes.
    let seg = |at: usize| format!("<mrk mtype=\"seg\" mid=\"{at}\">نص");
    let nested = (0..20_000).map(seg).chain(std::iter::repeat_n("</mrk>".to_owned(), 20_000)).collect::<String>();
    let flat = (0..20_000).map(|at| seg(at) + "</mrk>").collect::<String>();
    for target in [nested, flat] {
        let notes = "<note>x</note>".repeat(20_000);
        let text = body(&format!(
            "<trans-unit id=\"1\"><source>{target}</source><target>{target}</target>{notes}</trans-unit>"
        ));
        assert!(open(text.as_bytes(), &ReadOptions::default()).all(|unit| unit.is_ok()));
    }
}

#[test]
fn encodings() {
    let text = "<?xml version=\"1.0\" encoding=\"windows-1256\"?><xliff version=\"1.2\"><file source-language=\"en\" target-language=\"ar\"><body>\n<trans-unit id=\"1\"><source>a</source><target>شكر\u{A0}&</target></trans-unit></body></file></xliff>";
    let (bytes, ..) = encoding_rs::WINDOWS_1256.encode(text);
    let error = open(&bytes, &ReadOptions::default()).next().unwrap().unwrap_err();
    let at = bytes.iter().position(|&b| b == b'&').unwrap() as u64;
    assert_eq!((error.place().unwrap().line, error.place().unwrap().byte), (Some(2), Some(at)));
    let utf16: Vec<u8> =
        format!("\u{FEFF}{}", text.replace(";&", "")).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let error = open(&utf16, &ReadOptions::default()).next().unwrap().unwrap_err();
    assert_eq!(
        error.place().unwrap().byte,
        Some(2 + 2 * text.encode_utf16().position(|u| u == u16::from(b'&')).unwrap() as u64)
    );
}

fn written(units: &[Unit], xliff: XliffVersion) -> String {
    let options = WriteOptions { xliff, ..WriteOptions::default() };
    let mut writer = Writer::new(Kind::Xliff, Vec::new(), &options).unwrap();
    units.iter().for_each(|unit| writer.write_unit(unit).unwrap());
    String::from_utf8(writer.finish().unwrap().0.remove(0)).unwrap()
}

fn segs(units: &[Unit]) -> Vec<Vec<Seg>> {
    units.iter().map(|u| u.variants.iter().map(|v| v.seg.clone()).collect()).collect()
}

fn read_again(text: &str) -> Vec<Unit> {
    open(text.as_bytes(), &ReadOptions::default()).map(Result::unwrap).collect()
}

/// A unit from pieces written as TMX.
fn coded(arabic: &str, english: &str) -> Unit {
    let xml = format!(
        "<tu tuid=\"t 1\"><prop type=\"x-document\">مقال</prop><note>ملاحظة</note><tuv xml:lang=\"ar\"><seg>{arabic}</seg></tuv><tuv xml:lang=\"en-GB\"><seg>{english}</seg></tuv></tu>"
    );
    tmx::parse_unit(&xml).unwrap()
}

#[test]
fn what_was_read_is_written_as_it_was() {
    // The codes hold XLIFF markup of the same version: it stands in its place again.
    let read = |name: &str| units(name).0;
    let text = written(&read("studio.sdlxliff"), XliffVersion::V1_2);
    assert!(
        text.contains(
            "<source>وصلت <g id=\"7\">الرسالة</g>.</source>\n<target>The <g id=\"7\">letter</g> arrived.</target>"
        ),
        "{text}"
    );
    let text = written(&read("memoq.mqxliff"), XliffVersion::V1_2);
    assert!(text.contains("<bpt id=\"1\" ctype=\"bold\">{}</bpt>تمطر<ept id=\"1\">{}</ept>"), "{text}");
    let text = written(&read("two.xlf"), XliffVersion::V2_0);
    assert!(text.contains("<target>اغسل <pc id=\"1\" dataRefStart=\"d1\" dataRefEnd=\"d2\">الأرز</pc>.<ph id=\"2\" dataRef=\"d3\"/></target>"), "{text}");
    assert!(text.contains("srcDir=\"ltr\" trgDir=\"rtl\""));
    for name in ["weblate.xlf", "studio.sdlxliff", "memoq.mqxliff", "two.xlf"] {
        for version in VERSIONS {
            let units = read(name);
            let back = read_again(&written(&units, version));
            assert_eq!(segs(&back), segs(&units), "{name} {version:?}");
        }
    }
}

#[test]
fn codes_of_tmx_go_out_and_come_back() {
    let unit = coded(
        "قال <bpt i=\"1\" x=\"1\" type=\"bold\">&lt;b&gt;</bpt>نعم<ept i=\"1\">&lt;/b&gt;</ept> <ph/><hi type=\"term\">حقًا</hi><it pos=\"end\" x=\"7\">&lt;/i&gt;</it>",
        "He <bpt i=\"1\" x=\"1\" type=\"bold\">&lt;b&gt;</bpt>said<ept i=\"1\">&lt;/b&gt;</ept> <ph x=\"3\" type=\"a b\">{0}</ph> &amp; <hi>yes</hi><it pos=\"begin\">&lt;i&gt;</it>",
    );
    let text = written(std::slice::from_ref(&unit), XliffVersion::V1_2);
    assert!(
        text.contains(
            "<bpt id=\"x1\" rid=\"1\" ctype=\"x-tmx-bold\">&lt;b&gt;</bpt>نعم<ept id=\"x1\" rid=\"1\">&lt;/b&gt;</ept>"
        ),
        "{text}"
    );
    let text = written(std::slice::from_ref(&unit), XliffVersion::V2_0);
    assert!(
        text.contains(
            "<sc id=\"x1\" dataRef=\"d1\" type=\"other\" subType=\"tmx:bold\"/>نعم<ec startRef=\"x1\" dataRef=\"d2\""
        ),
        "{text}"
    );
    for version in VERSIONS {
        let back = read_again(&written(std::slice::from_ref(&unit), version));
        // A type with a space is one that XLIFF can not hold.
        let mut expected = unit.clone();
        for piece in &mut expected.variants[1].seg.pieces {
            if let Piece::Code(code) = piece {
                *code = code.replace(" type=\"a b\"", "");
            }
        }
        assert_eq!(segs(&back), segs(&[expected]));
        assert_eq!((back[0].id(), back[0].prop("x-document")), (Some("t 1"), Some("مقال")));
        assert!(back[0].meta.contains(&Meta::note("ملاحظة")));
    }
}

/// Where a schema of OASIS or translate-toolkit's Python is told, they judge what is written.
#[test]
fn others_accept_it() {
    let unit = coded(
        "قال <bpt i=\"1\" x=\"1\">&lt;b&gt;</bpt>نعم<ept i=\"1\">&lt;/b&gt;</ept> <ph x=\"2\" type=\"lb\"/><hi type=\"term\">حقًا</hi>",
        "He <bpt i=\"1\" x=\"1\">&lt;b&gt;</bpt>said<ept i=\"1\">&lt;/b&gt;</ept> <ph x=\"2\" type=\"lb\"/>&amp; <hi>yes</hi><it pos=\"end\"/>",
    );
    let mut units = vec![unit.clone(), unit];
    for name in ["weblate.xlf", "studio.sdlxliff", "memoq.mqxliff", "two.xlf"] {
        units.extend(self::units(name).0.into_iter().filter(|u| u.variants[0].tag.lang() == Some(Lang::Ar)));
    }
    let folder = tempfile::tempdir().unwrap();
    for (version, schema) in VERSIONS.into_iter().zip(["XLIFF12_XSD", "XLIFF20_XSD"]) {
        let path = folder.path().join("t.xlf");
        fs::write(&path, written(&units, version)).unwrap();
        match std::env::var(schema) {
            Ok(schema) => {
                let output = Command::new("xmllint")
                    .args(["--noout", "--nonet", "--schema", &schema])
                    .arg(&path)
                    .output()
                    .unwrap();
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            }
            Err(_) => eprintln!("{schema} names no schema: not validated"),
        }
    }
    let Ok(python) = std::env::var("TOOLKIT_PYTHON") else {
        eprintln!("TOOLKIT_PYTHON names no Python with translate-toolkit: skipped");
        return;
    };
    let path = folder.path().join("t.xlf");
    fs::write(&path, written(&units, XliffVersion::V1_2)).unwrap();
    let script = "import sys\nfrom translate.storage import factory\nfor u in factory.getobject(sys.argv[1]).units: print(str(u.source) + '|' + str(u.target))";
    let output = Command::new(python).args(["-c", script]).arg(&path).output().unwrap();
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(lines.lines().count(), units.len(), "{lines}");
}

/// A segment: words with codes between, pairs closed in their order, `x` and `i` counted.
fn seg(words: &'static str) -> impl Strategy<Value = Seg> {
    let word = move || prop::string::string_regex(words).unwrap();
    let kind = prop_oneof![Just(0u8), Just(1), Just(2), Just(3), Just(4), Just(5)];
    (word(), prop::collection::vec((kind, word(), "[a-z<>&\"' ]{0,6}"), 0..6)).prop_map(|(first, rest)| {
        let mut pieces = vec![Piece::Text(first)];
        let (mut open, mut pairs, mut x) = (Vec::new(), 0, 0);
        for (kind, word, native) in rest {
            let native = native.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            x += 1;
            let body = |name: &str| if native.is_empty() { "/>".to_owned() } else { format!(">{native}</{name}>") };
            let code = match kind {
                0 => format!("<ph x=\"{x}\"{}", body("ph")),
                1 => format!("<ph{}", body("ph")),
                2 => {
                    pairs += 1;
                    open.push(pairs);
                    format!("<bpt i=\"{pairs}\" x=\"{x}\" type=\"bold\"{}", body("bpt"))
                }
                3 => match open.pop() {
                    Some(i) => format!("<ept i=\"{i}\"{}", body("ept")),
                    None => format!("<it pos=\"end\" x=\"{x}\"{}", body("it")),
                },
                4 => format!("<it pos=\"begin\" x=\"{x}\"{}", body("it")),
                _ => {
                    pieces.extend([
                        Piece::Highlight("<hi type=\"term\">".into()),
                        Piece::Text(word),
                        Piece::Highlight("</hi>".into()),
                    ]);
                    continue;
                }
            };
            pieces.extend([Piece::Code(code), Piece::Text(word)]);
        }
        while let Some(i) = open.pop() {
            pieces.push(Piece::Code(format!("<ept i=\"{i}\"/>")));
        }
        let mut joined: Vec<Piece> = Vec::new();
        for piece in pieces {
            match (joined.last_mut(), piece) {
                (Some(Piece::Text(last)), Piece::Text(text)) => last.push_str(&text),
                (_, piece) => joined.push(piece),
            }
        }
        Seg { pieces: joined }
    })
}

proptest! {
    /// What is written is read again: each text to the letter, each code.
    #[test]
    fn round_trip(pairs in prop::collection::vec((seg("[\u{621}-\u{63A}][\u{621}-\u{652} \n\r\t&<>\"']{0,8}"), seg("[a-z][a-zA-Z \n\r]{0,8}]?")), 1..5)) {
        let units: Vec<Unit> = pairs
            .into_iter()
            .map(|(arabic, english)| {
                let variants = [("ar", arabic), ("en", english)].map(|(tag, seg)| Variant::new(LangTag::new(tag), seg)).into();
                Unit { variants, ..Unit::default() }
            })
            .collect();
        for version in VERSIONS {
            let text = written(&units, version);
            prop_assert_eq!(segs(&read_again(&text)), segs(&units), "{}", text);
        }
    }

    /// No text, however broken, makes the reader fail or lose a unit that stands apart.
    #[test]
    fn any_text(noise in "(<trans-unit>|</trans-unit>|<source>|</source>|<target|<mrk mtype=\"seg\"|<g id=\"1\">|</g>|<bx id='1'/>|<!--|-->|\\]\\]>|&#|;|>|\"|'|\u{0}|ب){0,40}") {
        let text = format!(
            "<xliff version=\"1.2\"><file source-language=\"en\" target-language=\"ar\"><body>{noise}\n\"'>--> ]]> </trans-unit>\
             <trans-unit id=\"1\"><source>end</source><target>نهاية</target></trans-unit></body></file></xliff>"
        );
        let items = shown(open(text.as_bytes(), &ReadOptions::default()));
        prop_assert_eq!(items.last().map(String::as_str), Some("نهاية|end"));
    }

    /// The same for what stands in a segment of either version.
    #[test]
    fn any_content(noise in "(<(g|x|bx|ex|bpt|ept|ph|it|mrk|sub|pc|sc|ec|sm|em|cp)( (id|rid|mid|startRef|dataRef|hex)=\"[12]\")?( mtype=\"(seg|term)\")?/?>|</(g|bpt|ph|mrk|sub|pc)>|ب){0,30}") {
        for (unit, inner) in [("trans-unit", ("", "")), ("unit", ("<segment>", "</segment>"))] {
            let text = format!(
                "<xliff srcLang=\"en\" trgLang=\"ar\"><file source-language=\"en\" target-language=\"ar\"><{unit} id=\"1\">{}<source>a{noise}</source>\
                 <target>أ{noise}</target>{}</{unit}></file></xliff>", inner.0, inner.1
            );
            for unit in open(text.as_bytes(), &ReadOptions::default()).flatten() {
                let xml = tmx::unit_xml(&unit).unwrap();
                prop_assert_eq!(tmx::parse_unit(&xml).unwrap(), unit.clone(), "{}", xml);
                for version in VERSIONS {
                    prop_assert_eq!(read_again(&written(std::slice::from_ref(&unit), version)).len(), 1);
                }
            }
        }
    }
}
