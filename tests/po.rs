//! PO catalogues, seen from outside.

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use dhakira::bitext::{self, Kind, LeftOut, ReadOptions, Reader, WriteOptions, Writer};
use dhakira::unit::{Piece, Seg, Unit, Variant};
use dhakira::{Error, Lang, LangTag};
use proptest::prelude::*;

const AR: &str = "msgid \"\"\nmsgstr \"Language: ar\\n\"\n\n";

fn open(bytes: &[u8], options: &ReadOptions) -> Reader {
    bitext::read_from(Kind::Po, Cursor::new(bytes.to_vec()), "t.po", options).unwrap()
}

/// What a file gives, as `english|arabic|further variants` or as `line: reason`.
fn shown(items: impl Iterator<Item = Result<Unit, Error>>) -> Vec<String> {
    items
        .map(|item| match item {
            Ok(unit) => unit.variants.iter().map(|v| v.seg.text()).collect::<Vec<_>>().join("|"),
            Err(error) => {
                let line = error.place().and_then(|p| p.line).unwrap_or_default();
                format!("{line}: {}", error.to_string().rsplit("): ").next().unwrap_or_default())
            }
        })
        .collect()
}

fn check(text: &str, expected: &[&str]) {
    assert_eq!(shown(open(text.as_bytes(), &ReadOptions::default())), expected, "{text}");
}

/// The same behind a header that says Arabic.
fn check_arabic(text: &str, expected: &[&str]) {
    check(&format!("{AR}{text}"), expected);
}

#[test]
fn a_catalogue_as_translators_have_it() {
    let text = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/bitext/library.po")).unwrap();
    let mut reader = open(&text, &ReadOptions::default());
    let units: Vec<Unit> = reader.by_ref().map(Result::unwrap).collect();
    let texts = shown(units.iter().cloned().map(Ok));
    assert_eq!(
        texts,
        [
            "Borrow|استعر",
            "Open \"%s\"|افتح \"%s\"",
            "%d book|كتاب واحد",
            "%d books|لا كتب|كتابان|%d كتب|%d كتابًا|%d كتاب",
            "First line\n\tsecond line\n|السطر الأول\n\tالسطر الثاني\n",
        ]
    );
    assert_eq!(reader.left_out(), LeftOut { untranslated: 1, fuzzy: 1, foreign: 0 });
    assert_eq!(units[0].meta[1].text, "Button under the picture");
    assert_eq!(units[0].prop("x-reference"), Some("menu.c:12 menu.c:40"));
    assert_eq!(units[1].prop("x-context"), Some("menu|\nverb"));
    assert_eq!(units[1].prop("x-flags"), Some("c-format"));
    let forms: Vec<_> = units[3].variants[1..].iter().map(|v| v.meta[0].text.as_str()).collect();
    assert_eq!(forms, ["0", "2", "3", "4", "5"]);
    assert_eq!(units[0].variants.iter().map(|v| v.tag.as_str()).collect::<Vec<_>>(), ["en", "ar"]);
}

#[test]
fn fuzzy_on_request() {
    let options = ReadOptions { fuzzy: true, ..ReadOptions::default() };
    let mut reader = open(format!("{AR}#, fuzzy\nmsgid \"a\"\nmsgstr \"ا\"\n").as_bytes(), &options);
    assert_eq!(reader.next().unwrap().unwrap().prop("x-status"), Some("fuzzy"));
}

#[test]
fn strings_are_those_of_c() {
    check_arabic(r#"msgid "a\tb\\n\"" msgstr"#, &["4: text outside quotation marks; the file may have lost its end"]);
    check_arabic("msgid \"a\\tb\\\\n\\\"\"\nmsgstr \"\\330\\243\\xD8\\xA8\"\n", &["a\tb\\n\"|أب"]);
    check_arabic("msgid \"a\" \"b\"\n\t\"c\"\nmsgstr \"\"\n\"أ\"   \r\n  \"ب\"\r\n", &["abc|أب"]);
    check_arabic("msgid\"a\"\nmsgstr\"أ\"", &["a|أ"]);
    check_arabic("msgid \"a\"\nmsgid_plural \"as\"\nmsgstr [0]\"أ\"\nmsgstr[ 1 ] \"ب\"", &["a|أ", "as|ب"]);
    // Without blank lines between, with them inside.
    check_arabic("msgid \"a\"\nmsgstr \"أ\"\nmsgid \"b\"\n\nmsgstr \"ب\"\n", &["a|أ", "b|ب"]);
    check("\u{FEFF}msgid \"\"\r\nmsgstr \"Language: ar\\n\"\r\n\r\nmsgid \"a\"\r\nmsgstr \"أ\"\r\n", &["a|أ"]);
}

#[test]
fn what_is_not_read() {
    check_arabic(
        "#~ msgid \"a\"\n#~ msgstr \"أ\"\n\nmsgid \"b\"\nmsgstr \"ب\"\n#~ msgid \"c\"\n#~ msgstr \"ج\"\n",
        &["b|ب"],
    );
    check_arabic("#| msgctxt \"x\"\n#| msgid \"old\"\n#| \"er\"\nmsgid \"b\"\nmsgstr \"ب\"\n# at the end\n", &["b|ب"]);
    check_arabic("domain \"x\"\nmsgid \"b\"\nmsgstr \"ب\"\n", &["b|ب"]);
}

#[test]
fn a_broken_entry_costs_itself_only() {
    let good = "\nmsgid \"b\"\nmsgstr \"ب\"\n";
    for (bad, error) in [
        ("msgid \"a\nmsgstr \"أ\"\n", "4: a string without its closing quotation mark"),
        ("msgid \"a\"\nmsgstr \"أ\\q\"\n", "5: an escape that PO does not know (write \\\\ for a backslash)"),
        ("msgid \"a\"\nmsgstr \"\\377\"\n", "5: escapes that give no character in UTF-8"),
        ("msgid \"a\"\nmsgstr \"أ\u{0}\"\n", "5: a NUL character; remove it"),
        ("msgid \"a\"\nmsgstr \"\\0\"\n", "5: a NUL character; remove it"),
        ("msgid \"a\"\nmsgtsr \"أ\"\n", "5: \"msgtsr\" is no keyword of PO (msgctxt, msgid, msgid_plural, msgstr)"),
        ("msgid \"a\"\n", "4: a msgid without a msgstr"),
        ("msgctxt \"a\"\nmsgstr \"أ\"\n", "5: a msgstr that has no place here"),
        ("\"a\"\nmsgid \"a\"\nmsgstr \"أ\"\n", "4: a string without a keyword"),
        ("msgid \"a\"\nmsgstr\n", "5: a keyword without a string"),
    ] {
        check_arabic(&format!("{bad}{good}"), &[error, "b|ب"]);
    }
    check_arabic(
        "msgid \"a\"\nmsgstr \"أ\"\n\nmsgid \"b\"\nms",
        &[
            "a|أ",
            "8: \"ms\" is no keyword of PO (msgctxt, msgid, msgid_plural, msgstr); the file may have lost its end",
        ],
    );
    check_arabic(
        "msgid \"a\"\nmsgstr \"أ\"\n\nmsgid \"b\"\n",
        &["a|أ", "7: a msgid without a msgstr; the file may have lost its end"],
    );
    check_arabic(
        "msgid \"a\"\nmsgstr \"أ\"\n\nmsgid \"b\"\nmsgstr \"ب",
        &["a|أ", "8: a string without its closing quotation mark; the file may have lost its end"],
    );
}

#[test]
fn languages() {
    let entry = "msgid \"Save\"\nmsgstr \"حفظ\"\n";
    let reverse = "msgid \"حفظ\"\nmsgstr \"Save\"\n";
    let header = |fields: &str| format!("msgid \"\"\nmsgstr \"{fields}\"\n\n");
    check(entry, &["Save|حفظ"]);
    check(reverse, &["حفظ|Save"]);
    check(&format!("{}{entry}", header("Language: ar_EG.UTF-8\\n")), &["Save|حفظ"]);
    check(&format!("{}{reverse}", header("Language: en\\nX-Source-Language: ar\\n")), &["حفظ|Save"]);
    check(&format!("{}{reverse}", header("Language: en\\n")), &["حفظ|Save"]);
    let refused = |from: &str, to: &str| {
        format!(
            "1: from {from} to {to}: only Arabic and English are read, one from the other; the units of this file are left out \
             (its header says so under Language and X-Source-Language)"
        )
    };
    let french = format!("{}msgid \"Save\"\nmsgstr \"Enregistrer\"\n", header("Language: fr\\n"));
    let mut reader = open(french.as_bytes(), &ReadOptions::default());
    assert_eq!(shown(reader.by_ref()), [refused("\"en\"", "\"fr\"")]);
    assert_eq!(reader.left_out().foreign, 1);
    // en.po of an English program.
    check(&format!("{}msgid \"Save\"\nmsgstr \"Save\"\n", header("Language: en\\n")), &[&refused("\"en\"", "\"en\"")]);
}

#[test]
fn old_encodings() {
    let text = "msgid \"\"\nmsgstr \"Language: ar\\nContent-Type: text/plain; charset=CP1256\\n\"\n\nmsgid \"a\"\nmsgstr \"ش\"\n";
    let (bytes, ..) = encoding_rs::WINDOWS_1256.encode(text);
    assert_eq!(shown(open(&bytes, &ReadOptions::default())), ["a|ش"]);
    let mut broken = format!("{AR}msgid \"a\"\nmsgstr \"أ\"\n\nmsgid \"b\"\nmsgstr \"").into_bytes();
    broken.extend(b"\xD8\"\n\nmsgid \"c\"\nmsgstr \"");
    broken.extend("ج كلمات كثيرة تقول إن الملف بالترميز الموحد\"\n".as_bytes());
    let options = ReadOptions { encoding: Some(encoding_rs::UTF_8), ..ReadOptions::default() };
    let items = shown(open(&broken, &options));
    assert_eq!(items[1], "8: bytes that are no text in the file's encoding; name another encoding");
    assert_eq!((items[0].as_str(), items.len()), ("a|أ", 3));
}

fn unit(english: &str, arabic: &str) -> Unit {
    let variants = [("en", english), ("ar", arabic)];
    let variants = variants.map(|(tag, text)| Variant::new(LangTag::new(tag), Seg::plain(text))).into();
    Unit { variants, ..Unit::default() }
}

fn written(units: &[Unit]) -> String {
    let mut writer = Writer::new(Kind::Po, Vec::new(), &WriteOptions::default()).unwrap();
    units.iter().for_each(|unit| writer.write_unit(unit).unwrap());
    String::from_utf8(writer.finish().unwrap().0.remove(0)).unwrap()
}

#[test]
fn keys_stand_once() {
    let mut coded = unit("", "حفظ {0}");
    coded.variants[0].seg =
        Seg { pieces: vec![Piece::Text("Save ".into()), Piece::Code("<ph x=\"1\">{0}</ph>".into())] };
    let text = written(&[unit("Open", "افتح"), unit("Open", "مفتوح"), unit("Open", "افتح"), coded]);
    let entries: Vec<&str> = text.split("\n\n").skip(1).collect();
    assert_eq!(
        entries,
        [
            "msgid \"Open\"\nmsgstr \"افتح\"",
            "msgctxt \"2\"\nmsgid \"Open\"\nmsgstr \"مفتوح\"",
            "msgid \"Save {0}\"\nmsgstr \"حفظ {0}\"\n",
        ]
    );
}

/// Whether gettext's own checker takes the text; `None` where it is not installed.
fn msgfmt_takes(text: &str) -> Option<bool> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.po");
    fs::write(&path, text).unwrap();
    let output = Command::new("msgfmt").args(["-c", "-o"]).arg(folder.path().join("t.mo")).arg(&path).output().ok()?;
    if !output.stderr.is_empty() {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Some(output.status.success())
}

#[test]
fn msgfmt_is_content() {
    let units = [
        unit("a \"quoted\" \\ line\nand another\n", "سطر \"مقتبس\" \\\nوآخر\n"),
        unit("tab\there, \u{1} and \u{7F}", "هنا\tجدولة"),
        unit("Open", "افتح"),
        unit("Open", "مفتوح"),
    ];
    match msgfmt_takes(&written(&units)) {
        Some(taken) => assert!(taken),
        None => eprintln!("msgfmt is not installed: skipped"),
    }
    if let Some(taken) = msgfmt_takes(
        &fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/bitext/library.po")).unwrap(),
    ) {
        assert!(taken);
    }
}

fn text_of(unit: &Unit) -> [String; 2] {
    [Lang::En, Lang::Ar].map(|lang| unit.text_of(lang).unwrap_or_default())
}

proptest! {
    /// What is written is read again, each text to the letter.
    #[test]
    fn round_trip(pairs in prop::collection::vec(("[a-zA-Z \\n\\t\\\\\"{}%]{0,12}[a-z]", "[\u{621}-\u{652} \\n\\r\\\\\"\u{1}-\u{8}]{0,12}[\u{621}-\u{63A}]"), 1..8)) {
        let units: Vec<Unit> = pairs.iter().map(|(english, arabic)| unit(english, arabic)).collect();
        let back: Vec<_> = open(written(&units).as_bytes(), &ReadOptions::default()).map(|u| text_of(&u.unwrap())).collect();
        let mut expected: Vec<_> = Vec::new();
        for unit in &units {
            if !expected.contains(&text_of(unit)) {
                expected.push(text_of(unit));
            }
        }
        prop_assert_eq!(back, expected);
    }

    /// No text, however broken, makes the reader fail or lose an entry that stands apart.
    #[test]
    fn any_text(noise in "(msgid|msgstr|msgctxt|\"|\\\\|#|~|,|\\[1\\]|\n| |ب|\u{0}){0,60}") {
        let text = format!("{AR}{noise}\n\n#\nmsgid \"end\"\nmsgstr \"نهاية\"\n");
        let items = shown(open(text.as_bytes(), &ReadOptions::default()));
        prop_assert!(items.len() < 100);
    }
}
