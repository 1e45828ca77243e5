//! Promises of TMX: nothing is lost, nothing is silent, and what is written reads back.

use dhakira::tmx::{
    Block, Blocks, Content, Entry, Header, ReadOptions, Reader, Reject, Report, Writer, parse_unit, unit_xml,
};
use dhakira::unit::{Piece, Unit};

/// What a file gave.
struct Read {
    header: Header,
    entries: Vec<Entry>,
    rejects: Vec<Reject>,
    report: Report,
    utf8: bool,
}

fn read_all(bytes: &[u8], keep_empty: bool) -> Option<Read> {
    let options = ReadOptions { keep_empty, ..ReadOptions::default() };
    let mut reader = Reader::new(bytes, "f.tmx", options).ok()?;
    let (mut entries, mut rejects) = (Vec::new(), Vec::new());
    for item in reader.by_ref() {
        match item {
            Ok(entry) => entries.push(entry),
            Err(reject) => rejects.push(reject),
        }
    }
    let utf8 = reader.encoding() == encoding_rs::UTF_8;
    Some(Read { header: reader.header().clone(), entries, rejects, report: reader.report().clone(), utf8 })
}

fn write_all<'u>(header: &Header, units: impl IntoIterator<Item = &'u Unit>) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), header).unwrap();
    for unit in units {
        writer.write_unit(unit).unwrap();
    }
    assert_eq!(writer.removed(), 0, "what was read holds nothing that XML forbids");
    writer.finish().unwrap()
}

/// What is read in blocks, as canonical lines, is what is read unit by unit.
fn read_in_blocks(bytes: &[u8], keep_empty: bool, len: usize, slow: &Read) {
    let options = ReadOptions { keep_empty, ..ReadOptions::default() };
    let mut blocks = Blocks::with_len(Reader::new(bytes, "f.tmx", options).unwrap(), len);
    let (mut lines, mut rejects) = (Vec::new(), Vec::new());
    while blocks.fill(3) {
        let read = blocks.cut(3).iter().map(Block::read).collect();
        let done = blocks.settle(read, &mut |item| {
            match item {
                Ok(line) => lines.push((line.xml().to_owned(), *line.content())),
                Err(reject) => rejects.push((reject.error.to_string(), reject.byte, reject.raw)),
            }
            Ok::<(), ()>(())
        });
        assert_eq!(done, Ok(()));
    }
    let units = slow.entries.iter().map(|e| (unit_xml(&e.unit).unwrap(), Content::of(&e.unit)));
    assert_eq!(lines, units.collect::<Vec<_>>());
    let slow_rejects = slow.rejects.iter().map(|r| (r.error.to_string(), r.byte, r.raw.clone()));
    assert_eq!(rejects, slow_rejects.collect::<Vec<_>>());
    assert_eq!(blocks.report(), &slow.report);
}

/// Any bytes as a TMX file.
pub fn read(data: &[u8]) {
    let strict = read_all(data, false);
    let Some(all) = read_all(data, true) else { return };
    let strict = strict.expect("options do not decide whether a file opens");
    // As one block, some units in each, one unit in each.
    for len in [128 * 1024, 400, 1] {
        read_in_blocks(data, false, len, &strict);
        read_in_blocks(data, true, len, &all);
    }
    let Read { header, entries, rejects, report, utf8 } = all;
    assert!(
        strict.entries.len() <= entries.len()
            && strict.entries.len() + strict.rejects.len() == entries.len() + rejects.len()
    );

    assert_eq!(report.read, entries.len() as u64);
    let more = rejects.len() as u64 - report.set_aside;
    assert!(more <= 1 && (more == 0 || report.truncated), "{report:?} with {} rejects", rejects.len());
    let size = data.len() as u64;
    let mut last = 0;
    for Entry { unit, line, byte, len } in &entries {
        assert!(*line > 0 && *byte >= last && byte + len <= size, "a unit at {byte}+{len} of {size}");
        last = byte + len;
        let xml = unit_xml(unit).unwrap();
        assert_eq!(parse_unit(&xml).as_ref(), Ok(unit), "{xml}");
        if utf8 {
            let raw = std::str::from_utf8(&data[*byte as usize..][..*len as usize]).unwrap();
            assert_eq!(parse_unit(raw).as_ref(), Ok(unit), "the place of a unit is its place");
        }
    }
    for reject in &rejects {
        let place = reject.error.place().cloned().unwrap_or_default();
        assert!(place.byte.is_none_or(|b| b <= size) && reject.byte <= size, "{}", reject.error);
        let xml = unit_xml(&reject.to_unit()).unwrap();
        assert!(parse_unit(&xml).is_ok(), "a reject is a unit: {xml}");
    }

    let once = write_all(&header, entries.iter().map(|e| &e.unit));
    let again = read_all(&once, true).unwrap();
    let (report, broken) = (again.report, again.rejects);
    assert!(broken.is_empty() && !report.truncated && report.warnings.is_empty(), "{report:?} {broken:?}");
    assert!(again.entries.iter().map(|e| &e.unit).eq(entries.iter().map(|e| &e.unit)));
    let twice = write_all(&again.header, again.entries.iter().map(|e| &e.unit));
    assert_eq!(String::from_utf8(once), String::from_utf8(twice));
}

/// Any unit, well made or not: it is written as well-formed XML on one line, and reads back with all its text.
pub fn unit(data: &[u8]) {
    let unit = super::unit::unit(data);
    let Ok(xml) = unit_xml(&unit) else {
        assert!(unit.variants.is_empty());
        return;
    };
    assert!(!xml.contains(['\n', '\r']), "{xml}");
    let again = parse_unit(&xml).unwrap_or_else(|flaw| panic!("{flaw:?} in {xml}"));
    assert_eq!(unit_xml(&again).unwrap(), xml, "a second writing changes nothing");
    assert_eq!(again.variants.len(), unit.variants.len());
    let text = |unit: &Unit| -> Vec<String> {
        let is_char =
            |c: &char| !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}');
        let of = |piece: &Piece| match piece {
            Piece::Text(text) => text.chars().filter(is_char).collect(),
            _ => String::new(),
        };
        unit.variants.iter().map(|v| v.seg.pieces.iter().map(of).collect()).collect()
    };
    assert_eq!(text(&again), text(&unit));
    let file = write_all(&Header::new("ar"), [&again]);
    let Read { entries, rejects, .. } = read_all(&file, true).unwrap();
    assert!(rejects.is_empty() && entries.len() == 1 && entries[0].unit == again);
}
