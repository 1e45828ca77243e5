//! Promises of the other file kinds: what was read is written, and what is written reads back with the same texts.

use dhakira::Lang;
use dhakira::bitext::{Kind, Quoting, ReadOptions, WriteOptions, Writer, XliffVersion, read_from};
use dhakira::tmx::{parse_unit, unit_xml};
use dhakira::unit::Unit;
use std::collections::BTreeSet;
use std::io::Cursor;

fn read(kind: Kind, bytes: &[u8], options: &ReadOptions) -> Vec<Unit> {
    let Ok(reader) = read_from(kind, Cursor::new(bytes.to_vec()), "f", options) else { return Vec::new() };
    let (mut units, mut errors) = (Vec::new(), 0);
    for item in reader {
        match item {
            Ok(unit) => units.push(unit),
            Err(error) => {
                errors += 1;
                let byte = error.place().and_then(|p| p.byte);
                assert!(byte.is_none_or(|b| b <= bytes.len() as u64), "{error} of {}", bytes.len());
            }
        }
    }
    assert!(units.len() + errors <= bytes.len() + 1, "an item has at least a byte");
    units
}

fn write(kind: Kind, units: &[&Unit], options: &WriteOptions) -> Vec<u8> {
    let mut writer = Writer::new(kind, Vec::new(), options).unwrap();
    for unit in units {
        writer.write_unit(unit).unwrap();
    }
    let (mut sinks, written) = writer.finish().unwrap();
    assert_eq!(written.units + written.left_out + written.repeated, units.len() as u64);
    sinks.remove(0)
}

/// The Arabic and English text of each unit.
fn texts<'u>(units: impl IntoIterator<Item = &'u Unit>) -> Vec<[String; 2]> {
    let text = |unit: &Unit| Lang::BOTH.map(|lang| unit.text_of(lang).unwrap_or_default());
    units.into_iter().map(text).collect()
}

/// Units of one Arabic and one English side, both with text: what every kind can hold.
fn pairs(units: &[Unit]) -> Vec<&Unit> {
    let is_pair = |unit: &&Unit| {
        let side = |lang| unit.variants_of(lang).filter(|v| !v.seg.is_blank()).count() == 1;
        unit.variants.len() == 2 && Lang::BOTH.into_iter().all(side)
    };
    units.iter().filter(is_pair).collect()
}

/// Lossless forms give back every text to the letter.
fn lossless(units: &[Unit]) {
    let pairs = pairs(units);
    for (kind, quoting) in [
        (Kind::Csv, None),
        (Kind::Tsv, Some(Quoting::Escaped)),
        (Kind::Tsv, Some(Quoting::Quoted)),
        (Kind::JsonLines, None),
    ] {
        for guard_formulas in [false, true] {
            let file = write(kind, &pairs, &WriteOptions { quoting, guard_formulas, ..WriteOptions::default() });
            let options = ReadOptions { quoting, formulas_guarded: guard_formulas, ..ReadOptions::default() };
            let (again, shown) = (read(kind, &file, &options), String::from_utf8_lossy(&file));
            assert_eq!(texts(&again), texts(pairs.iter().copied()), "{kind:?} {quoting:?} {shown}");
        }
    }
    // A plain table loses line breaks and tabs, and no unit.
    let file = write(Kind::Tsv, &pairs, &WriteOptions::default());
    assert_eq!(read(Kind::Tsv, &file, &ReadOptions::default()).len(), pairs.len());
}

/// Any bytes as a table; the first byte chooses how it is read.
pub fn table(data: &[u8]) {
    let Some((&how, data)) = data.split_first() else { return };
    let kind = if how & 1 == 0 { Kind::Csv } else { Kind::Tsv };
    let options = ReadOptions {
        columns: if how & 2 == 0 {
            Vec::new()
        } else {
            ["source", "target", "id", "note", "x"].map(str::to_owned).into()
        },
        quoting: [None, Some(Quoting::Plain), Some(Quoting::Quoted), Some(Quoting::Escaped)][usize::from(how >> 2 & 3)],
        delimiter: [None, None, Some('|'), Some('،')][usize::from(how >> 4 & 3)],
        source: (how & 64 != 0).then_some(Lang::En),
        keep_empty: how & 128 != 0,
        ..ReadOptions::default()
    };
    lossless(&read(kind, data, &options));
}

/// Any bytes as JSON lines.
pub fn json(data: &[u8]) {
    lossless(&read(Kind::JsonLines, data, &ReadOptions::default()));
    lossless(&read(
        Kind::JsonLines,
        data,
        &ReadOptions { source: Some(Lang::En), keep_empty: true, ..ReadOptions::default() },
    ));
}

/// Any bytes as XLIFF of any version.
pub fn xliff(data: &[u8]) {
    let options = ReadOptions { fuzzy: true, ..ReadOptions::default() };
    read(Kind::Xliff, data, &ReadOptions::default());
    let units = read(Kind::Xliff, data, &options);
    for unit in &units {
        // A line break in a code is `&#10;` as soon as it stands in TMX.
        let xml = unit_xml(unit).unwrap();
        let stored = parse_unit(&xml).unwrap_or_else(|flaw| panic!("{flaw:?} in {xml}"));
        assert_eq!(unit_xml(&stored).unwrap(), xml);
        assert_eq!(texts([&stored]), texts([unit]));
    }
    let pairs = pairs(&units);
    for xliff in [XliffVersion::V1_2, XliffVersion::V2_0] {
        let file = write(Kind::Xliff, &pairs, &WriteOptions { xliff, ..WriteOptions::default() });
        let again = read(Kind::Xliff, &file, &options);
        assert_eq!(texts(&again), texts(pairs.iter().copied()), "{}", String::from_utf8_lossy(&file));
    }
}

/// Any bytes as a catalogue.
pub fn po(data: &[u8]) {
    let options = ReadOptions { fuzzy: true, ..ReadOptions::default() };
    read(Kind::Po, data, &ReadOptions::default());
    let units = read(Kind::Po, data, &options);
    lossless(&units);
    let pairs = pairs(&units);
    let file = write(Kind::Po, &pairs, &WriteOptions::default());
    let again = read(Kind::Po, &file, &options);
    // A key that is there already with the same translation is not repeated.
    let set = |texts: Vec<[String; 2]>| texts.into_iter().collect::<BTreeSet<_>>();
    assert_eq!(set(texts(&again)), set(texts(pairs.iter().copied())), "{}", String::from_utf8_lossy(&file));
}
