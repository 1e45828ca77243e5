//! Tables, JSON lines and Moses pairs, seen from outside.

use std::fs;

use dhakira::bitext::{self, Kind, Quoting, ReadOptions, WriteOptions};
use dhakira::unit::{Meta, Piece, Seg, Unit, Variant};
use dhakira::{Error, Lang, LangTag};
use proptest::prelude::*;

fn read(kind: Kind, bytes: &[u8], options: &ReadOptions) -> Vec<Result<Unit, Error>> {
    bitext::read_from(kind, std::io::Cursor::new(bytes.to_vec()), "t", options).unwrap().collect()
}

/// What a file gives, as `arabic|english` or as `line: reason`.
fn shown(items: &[Result<Unit, Error>]) -> Vec<String> {
    let show = |item: &Result<Unit, Error>| match item {
        Ok(unit) => [Lang::Ar, Lang::En].map(|l| unit.text_of(l).unwrap_or_default()).join("|"),
        Err(error) => {
            let line = error.place().and_then(|p| p.line).unwrap_or_default();
            format!("{line}: {}", error.to_string().rsplit("): ").next().unwrap_or_default())
        }
    };
    items.iter().map(show).collect()
}

fn check(kind: Kind, text: &str, expected: &[&str]) {
    check_with(kind, text, &ReadOptions::default(), expected);
}

fn check_with(kind: Kind, text: &str, options: &ReadOptions, expected: &[&str]) {
    assert_eq!(shown(&read(kind, text.as_bytes(), options)), expected, "{text}");
}

fn columns(names: &str) -> ReadOptions {
    ReadOptions { columns: names.split(',').map(str::to_owned).collect(), ..ReadOptions::default() }
}

#[test]
fn tables() {
    check(Kind::Tsv, "ar\ten\nكتاب\tbook\n\nقلم\tpen", &["كتاب|book", "قلم|pen"]);
    check(Kind::Tsv, "English\tArabic\r\nbook\tكتاب\r\n", &["كتاب|book"]);
    check(Kind::Tsv, "source\ttarget\nbook\tكتاب\n12\t١٢\n", &["كتاب|book", "١٢|12"]);
    check(Kind::Tsv, "المصدر\tالهدف\nكتاب\tbook\n", &["كتاب|book"]);
    // No header: the script tells.
    check(Kind::Tsv, "book\tكتاب\npen\tقلم\n", &["كتاب|book", "قلم|pen"]);
    check_with(Kind::Tsv, "7\tكتاب\tbook\tmore\n", &columns("id,ar,en"), &["كتاب|book"]);
    // Plain: quotes and backslashes are text.
    check(Kind::Tsv, "ar\ten\n\"أ\tC:\\new\n", &["\"أ|C:\\new"]);
    let escaped = ReadOptions { quoting: Some(Quoting::Escaped), ..ReadOptions::default() };
    check_with(Kind::Tsv, "ar\ten\nأ\\nب\tC:\\\\new\\x\n", &escaped, &["أ\nب|C:\\new\\x"]);
    let quoted = ReadOptions { quoting: Some(Quoting::Quoted), ..ReadOptions::default() };
    check_with(Kind::Tsv, "ar\ten\n\"أ\tب\"\tx\n", &quoted, &["أ\tب|x"]);
}

#[test]
fn csv_is_quoted() {
    check(Kind::Csv, "ar,en\n\"قال: \"\"نعم\"\"\",\"a, b\"\n", &["قال: \"نعم\"|a, b"]);
    check(Kind::Csv, "ar;en\nأ، ب;a, b\n", &["أ، ب|a, b"]);
    check(Kind::Csv, "sep=;\r\nar;en\r\nأ;a\r\n", &["أ|a"]);
    check(Kind::Csv, "ar,en\n\"سطر\r\nآخر\",\"two\nlines\"\nأ,a\n", &["سطر\r\nآخر|two\nlines", "أ|a"]);
    check(Kind::Csv, "ar,en\nقال \"نعم\",said \"yes\"\n", &["قال \"نعم\"|said \"yes\""]);
}

#[test]
fn a_bad_line_costs_itself_only() {
    check(
        Kind::Csv,
        "ar,en\n\"لم يغلق,x\nأ,a\n\"ب\" ج,b\nد,d,more\nه\n,e\nو,f\n",
        &[
            "2: text behind a closing quotation mark (a mark inside is written twice)",
            "أ|a",
            "4: text behind a closing quotation mark (a mark inside is written twice)",
            "5: 3 columns where the header has 2",
            "6: one side is missing",
            "7: a side without text",
            "و|f",
        ],
    );
    check(Kind::Csv, "ar,en\nأ,a\n\"لم يغلق,x\nب,b\n", &["أ|a", "3: a field's quotation mark is not closed", "ب|b"]);
    check(
        Kind::JsonLines,
        "{\"ar\":\"أ\",\"en\":\"a\"}\n{\"ar\":\n[1]\n\n{\"ar\":\"ب\"}\n{\"ar\":\"ت\",\"en\":\"t\"}",
        &[
            "أ|a",
            "2: not a JSON object: EOF while parsing a value at column 6",
            "3: not a JSON object: invalid type: sequence, expected an object with texts at column 0",
            "5: one side is missing",
            "ت|t",
        ],
    );
    let mut bytes = "ar\ten\nأ\ta\nب\tb\nت\tt\n".as_bytes().to_vec();
    bytes[12] = 0xFF;
    let items = read(Kind::Tsv, &bytes, &ReadOptions { encoding: Some(encoding_rs::UTF_8), ..ReadOptions::default() });
    assert_eq!(items.iter().filter(|i| i.is_ok()).count(), 2);
    assert!(matches!(&items[1], Err(Error::Encoding { place, .. }) if place.line == Some(3) && place.byte == Some(11)));
}

#[test]
fn columns_that_can_not_be_told_are_an_error_at_once() {
    let input = std::io::Cursor::new("a\tb\tc\n".as_bytes());
    let error = bitext::read_from(Kind::Tsv, input, "x.tsv", &ReadOptions::default()).err().unwrap();
    assert!(error.to_string().contains("name the columns"), "{error}");
    check(
        Kind::Tsv,
        "1\t2\nكتاب\tbook\n3\t4\n",
        &["1: which side is Arabic can not be told; name the source language", "كتاب|book", "3|4"],
    );
    let told = ReadOptions { source: Some(Lang::En), ..ReadOptions::default() };
    check_with(Kind::Tsv, "1\t2\n", &told, &["2|1"]);
}

#[test]
fn other_columns_and_keys_are_kept() {
    let units = read(
        Kind::Tsv,
        "id\tar-EG\ten\tdomain\tnote\n7\tأ\ta\tlaw\tن\n8\tب\tb\t\t\n".as_bytes(),
        &ReadOptions::default(),
    );
    let unit = units[0].as_ref().unwrap();
    assert_eq!((unit.id(), unit.prop("domain")), (Some("7"), Some("law")));
    assert_eq!(unit.meta[1], Meta::note("ن"));
    assert_eq!(unit.variants[0].tag.as_str(), "ar-EG");
    assert!(units[1].as_ref().unwrap().meta.is_empty());
    let line = "{\"id\":\"1\",\"translation\":{\"en\":\"a\",\"ar\":[\"أ\",\"ا\"]},\"score\":0.5,\"z\":\"1\",\"b\":\"2\",\"none\":null}";
    let units = read(Kind::JsonLines, line.as_bytes(), &ReadOptions::default());
    let unit = units[0].as_ref().unwrap();
    assert_eq!(unit.variants_of(Lang::Ar).count(), 2);
    let props: Vec<_> = unit.meta.iter().map(|m| (m.kind.as_deref().unwrap(), m.text.as_str())).collect();
    assert_eq!(props, [("score", "0.5"), ("z", "1"), ("b", "2")]);
}

#[test]
fn encodings() {
    let text = "ar\ten\nكتاب\tbook\n";
    let utf16: Vec<u8> = format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let windows = encoding_rs::WINDOWS_1256.encode(text).0.into_owned();
    for bytes in [utf16, windows, format!("\u{FEFF}{text}").into_bytes()] {
        assert_eq!(shown(&read(Kind::Tsv, &bytes, &ReadOptions::default())), ["كتاب|book"]);
    }
}

fn pair(arabic: &str, english: &str) -> Unit {
    let variants = vec![Variant::new(Lang::Ar, Seg::plain(arabic)), Variant::new(Lang::En, Seg::plain(english))];
    Unit { variants, ..Unit::default() }
}

#[test]
fn moses_pairs() {
    let folder = tempfile::tempdir().unwrap();
    let units = [pair("كتاب", "book"), pair("سطر\nآخر", "two\r\nlines")];
    let written = bitext::write(folder.path().join("c.ar"), &units, &WriteOptions::default()).unwrap();
    assert_eq!((written.units, written.flattened), (2, 2));
    assert_eq!(fs::read_to_string(folder.path().join("c.en")).unwrap(), "book\ntwo lines\n");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    for name in ["c", "c.ar", "c.en"] {
        let items: Vec<_> = bitext::read(folder.path().join(name), &ReadOptions::default()).unwrap().collect();
        assert_eq!(shown(&items), ["كتاب|book", "سطر آخر|two lines"], "{name}");
    }
    fs::write(folder.path().join("c.en"), "book\n").unwrap();
    let items: Vec<_> = bitext::read(folder.path().join("c.ar"), &ReadOptions::default()).unwrap().collect();
    assert!(items[0].is_ok());
    assert!(items[1].as_ref().unwrap_err().to_string().contains("has no line 2"));
    assert_eq!(items.len(), 2);
    fs::remove_file(folder.path().join("c.en")).unwrap();
    assert!(matches!(
        bitext::read(folder.path().join("c.ar"), &ReadOptions::default()),
        Err(Error::Unpaired { missing: Lang::En, .. })
    ));
    assert!(matches!(
        bitext::read(folder.path().join("c.docx"), &ReadOptions::default()),
        Err(Error::UnknownKind { .. })
    ));
}

#[test]
fn what_a_kind_can_not_hold_is_counted() {
    let mut coded = pair("قبل", "before");
    coded.variants[0].seg.pieces.push(Piece::Code("<ph x=\"1\"/>".into()));
    coded.variants[0].seg.pieces.push(Piece::Text("بعد".into()));
    let lonely = Unit { variants: vec![Variant::new(Lang::Ar, Seg::plain("وحيد"))], ..Unit::default() };
    let mut writer = bitext::Writer::new(Kind::Tsv, Vec::new(), &WriteOptions::default()).unwrap();
    for unit in [coded, lonely, pair("أ\tب", "x")] {
        writer.write_unit(&unit).unwrap();
    }
    let (sinks, written) = writer.finish().unwrap();
    assert_eq!(String::from_utf8_lossy(&sinks[0]), "ar\ten\nقبل بعد\tbefore\nأ ب\tx\n");
    assert_eq!((written.units, written.left_out, written.flattened, written.codes), (2, 1, 1, 1));
}

fn text() -> impl Strategy<Value = String> {
    "[=+@]?[\\u{0621}-\\u{0652}a-z0-9٠-٩ =,;\"'\\\\\t\n\\r\\u{200F}{}:]{0,12}[\\u{0621}-\\u{064A}a-z][ \"\n]?"
}

fn unit() -> impl Strategy<Value = Unit> {
    (prop::option::of(text()), text(), text(), prop::option::of(text())).prop_map(|(id, arabic, english, domain)| {
        let mut unit = pair(&arabic, &english);
        if let Some(id) = id {
            unit.set_attr("tuid", id);
        }
        unit.meta.extend(domain.map(|d| Meta::prop("domain", d)));
        unit
    })
}

proptest! {
    #[test]
    fn lossless_kinds_give_back_what_was_written(units in prop::collection::vec(unit(), 1..5)) {
        let columns: Vec<String> = ["id", "ar", "en", "domain"].map(str::to_owned).into();
        let options = WriteOptions { columns, ..WriteOptions::default() };
        for (kind, quoting) in [(Kind::Csv, None), (Kind::Tsv, Some(Quoting::Escaped)), (Kind::Tsv, Some(Quoting::Quoted)), (Kind::JsonLines, None)] {
            for guard_formulas in [false, true] {
                let options = WriteOptions { quoting, guard_formulas, ..options.clone() };
                let mut writer = bitext::Writer::new(kind, Vec::new(), &options).unwrap();
                for unit in &units {
                    writer.write_unit(unit).unwrap();
                }
                let (sinks, _) = writer.finish().unwrap();
                let reading = ReadOptions { quoting, formulas_guarded: guard_formulas, ..ReadOptions::default() };
                let items = read(kind, &sinks[0], &reading);
                let again: Vec<Unit> = items.into_iter().map(Result::unwrap).collect();
                prop_assert_eq!(&again, &units, "{:?}", kind);
            }
        }
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[a,;\"\n\r\t{}:أ\\[\\]]{0,60}") {
        for kind in [Kind::Tsv, Kind::Csv, Kind::JsonLines] {
            for bytes in [bytes.clone(), text.clone().into_bytes()] {
                if let Ok(reader) = bitext::read_from(kind, std::io::Cursor::new(bytes), "x", &ReadOptions::default()) {
                    reader.for_each(drop);
                }
            }
        }
    }
}

#[test]
fn tags_stay_as_written() {
    let variants = vec![
        Variant::new(LangTag::new("ar-EG"), Seg::plain("أ")),
        Variant::new(LangTag::new("EN_us"), Seg::plain("a")),
    ];
    let mut writer = bitext::Writer::new(Kind::JsonLines, Vec::new(), &WriteOptions::default()).unwrap();
    writer.write_unit(&Unit { variants, ..Unit::default() }).unwrap();
    let (sinks, _) = writer.finish().unwrap();
    assert_eq!(String::from_utf8_lossy(&sinks[0]), "{\"ar-EG\":\"أ\",\"EN_us\":\"a\"}\n");
}
