//! Where units stand: line and byte of each, whatever kind of file they are read from.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use dhakira::bitext::{self, Kind, ReadOptions, Reader, WriteOptions, XliffVersion};
use dhakira::lang::Lang;
use dhakira::task::{Source, SourceOptions};
use dhakira::unit::{Meta, Seg, Unit, Variant};
use proptest::prelude::*;

/// Line and byte of each item.
fn places(mut reader: Reader) -> Vec<(u64, usize)> {
    let mut places = Vec::new();
    while reader.next().is_some() {
        let place = reader.place();
        places.push((place.line.unwrap(), place.byte.unwrap() as usize));
    }
    places
}

fn open(kind: Kind, bytes: &[u8]) -> Reader {
    bitext::read_from(kind, Cursor::new(bytes.to_vec()), "t", &ReadOptions::default()).unwrap()
}

/// Each item begins with what is expected, in UTF-8 with and without its mark and in UTF-16, on the line that its line
/// breaks tell.
fn check(kind: Kind, text: &str, expected: &[&str]) {
    type Encode = fn(&str) -> Vec<u8>;
    let utf8: Encode = |text| text.as_bytes().to_vec();
    let utf16: Encode = |text| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (encode, mark) in [(utf8, ""), (utf8, "\u{FEFF}"), (utf16, "\u{FEFF}")] {
        let bytes = encode(&format!("{mark}{text}"));
        let places = places(open(kind, &bytes));
        assert_eq!(places.len(), expected.len(), "{text}");
        for ((line, byte), expected) in places.into_iter().zip(expected) {
            assert!(bytes[byte..].starts_with(&encode(expected)), "{expected} is not at {byte} of\n{text}");
            let before = bytes[..byte].iter().filter(|b| **b == b'\n').count() as u64;
            assert_eq!(line, before + 1, "{expected} in\n{text}");
        }
    }
}

#[test]
fn rows() {
    check(Kind::Tsv, "ar\ten\nكتاب\tbook\n\nقلم\tpen\r\nباب\nبحر\tsea", &["كتاب", "قلم", "باب", "بحر"]);
    check(Kind::Tsv, "كتاب\tbook\nقلم\tpen\n", &["كتاب", "قلم"]);
    check(Kind::Csv, "ar,en\n\"سطر\nوآخر\",two\nقلم,pen\n", &["\"سطر", "قلم"]);
    check(
        Kind::JsonLines,
        "{\"ar\":\"كتاب\",\"en\":\"book\"}\n\n {\"en\":\"pen\",\"ar\":\"قلم\"}\n{\n",
        &["{\"ar\"", " {\"en\"", "{\n"],
    );
}

#[test]
fn entries() {
    let text = "# هذه ملاحظة\nmsgid \"\"\nmsgstr \"Language: ar\\n\"\n\nmsgid \"book\"\nmsgstr \"كتاب\"\n\n# ملاحظة\n#: a.c:1\n\
                msgid \"pen\"\nmsgstr \"قلم\"\n\nmsgid \"door\"\nmsgstr \"\"\n\nmsgid x\n\nmsgid \"%d day\"\nmsgid_plural \"%d days\"\n\
                msgstr[0] \"يوم\"\nmsgstr[1] \"أيام\"\nmsgid \"sea\"\nmsgstr \"بحر\"\n";
    let plural = "msgid \"%d day\"";
    check(Kind::Po, text, &["msgid \"book\"", "# ملاحظة\n", "x\n", plural, plural, "msgid \"sea\""]);
}

#[test]
fn elements() {
    let one = "<xliff version='1.2'><file source-language='ar' target-language='en'><body>\n\
               <trans-unit id='1'><source>كتاب</source><target>book</target></trans-unit>\n\
               <trans-unit id='2'>\n<source>باب</source></trans-unit>\n\
               <trans-unit id='3'><source>قلم & ورق</source><target>pen</target></trans-unit>\n\
               <trans-unit id='4'>\n<source><mrk mtype='seg' mid='a'>بحر.</mrk>\n<mrk mtype='seg' mid='b'>نهر.</mrk></source>\n\
               <target><mrk mtype='seg' mid='a'>Sea.</mrk><mrk mtype='seg' mid='b'>River.</mrk></target></trans-unit>\n\
               </body></file></xliff>";
    let expected = ["<trans-unit id='1'", "& ورق", "<mrk mtype='seg' mid='a'>بحر", "<mrk mtype='seg' mid='b'>نهر"];
    check(Kind::Xliff, one, &expected);
    let two = "<xliff version='2.0' srcLang='ar' trgLang='en'><file id='f'>\n\
               <unit id='1'>\n<segment><source>كتاب</source><target>book</target></segment></unit>\n\
               <unit id='2'><segment><source>بحر.</source><target>Sea.</target></segment>\n\
               <segment id='s'><source>نهر.</source><target>River.</target></segment></unit></file></xliff>";
    check(Kind::Xliff, two, &["<unit id='1'", "<segment><source>بحر", "<segment id='s'"]);
}

#[test]
fn lines_of_a_pair_are_those_of_the_file_that_was_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("c.ar"), "كتاب\nقلم\n").unwrap();
    fs::write(folder.path().join("c.en"), "book\npen\n").unwrap();
    for (name, byte) in [("c", 9), ("c.ar", 9), ("c.en", 5)] {
        let reader = bitext::read(folder.path().join(name), &ReadOptions::default()).unwrap();
        assert_eq!(places(reader), [(1, 0), (2, byte)], "{name}");
    }
}

fn units() -> impl Strategy<Value = Vec<Unit>> {
    let text = "[ا-ي\u{064B}-\u{0652}a-z\"'<&\\\\\n\t,]{1,12}";
    let unit = (text, text, proptest::option::of(text)).prop_map(|(ar, en, note)| Unit {
        attrs: Vec::new(),
        meta: note.into_iter().map(Meta::note).collect(),
        variants: vec![
            Variant::new(Lang::Ar, Seg::plain(format!("ك{ar}"))),
            Variant::new(Lang::En, Seg::plain(format!("b{en}"))),
        ],
    });
    prop::collection::vec(unit, 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever is written: places rise, and lines are what counting line breaks gives.
    #[test]
    fn places_are_what_counting_gives(units in units()) {
        let folder = tempfile::tempdir().unwrap();
        for (name, xliff) in [
            ("u.tsv", XliffVersion::V1_2),
            ("u.csv", XliffVersion::V1_2),
            ("u.jsonl", XliffVersion::V1_2),
            ("u.po", XliffVersion::V1_2),
            ("u.xlf", XliffVersion::V1_2),
            ("u.xliff", XliffVersion::V2_0),
            ("u.tmx", XliffVersion::V1_2),
        ] {
            let path = folder.path().join(name);
            if name == "u.tmx" {
                write_tmx(&path, &units);
            } else {
                bitext::write(&path, &units, &WriteOptions { xliff, ..WriteOptions::default() }).unwrap();
            }
            let bytes = fs::read(&path).unwrap();
            let mut last = 0;
            for placed in Source::open(&path, &SourceOptions::default()).unwrap() {
                let place = placed.unwrap().place;
                let (line, byte) = (place.line.unwrap(), place.byte.unwrap() as usize);
                prop_assert!(byte > last || last == 0, "{name}");
                let counted = bytes[..byte].iter().filter(|b| **b == b'\n').count() as u64 + 1;
                prop_assert_eq!(line, counted, "{}", name);
                last = byte;
            }
        }
    }
}

fn write_tmx(path: &Path, units: &[Unit]) {
    let header = dhakira::tmx::Header::new("ar");
    let mut writer = dhakira::tmx::Writer::new(fs::File::create(path).unwrap(), &header).unwrap();
    units.iter().for_each(|unit| writer.write_unit(unit).unwrap());
    writer.finish().unwrap();
}
