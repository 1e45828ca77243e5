//! TMX files of extreme size and shape, and files with zero bytes: read or set aside, never a crash, never endless.

use dhakira::task::stream;
use dhakira::tmx::{Blocks, Reader, Reject};
use dhakira::unit::Unit;

/// The body in a whole file.
fn file(body: &str) -> String {
    format!("<?xml version=\"1.0\"?>\n<tmx version=\"1.4\"><header srclang=\"en\"/><body>\n{body}\n</body></tmx>\n")
}

const GOOD: &str =
    "<tu tuid=\"g\"><tuv xml:lang=\"ar\"><seg>كتاب</seg></tuv><tuv xml:lang=\"en\"><seg>book</seg></tuv></tu>";

fn read_all(bytes: &[u8]) -> (Vec<Unit>, Vec<Reject>) {
    let (mut units, mut rejects) = (Vec::new(), Vec::new());
    for item in Reader::from_bytes(bytes, "x.tmx").unwrap() {
        match item {
            Ok(entry) => units.push(entry.unit),
            Err(reject) => rejects.push(reject),
        }
    }
    (units, rejects)
}

/// What a file gives in blocks: lengths of the lines, and the reasons of what is set aside.
fn read_in_blocks(bytes: &[u8]) -> (Vec<usize>, Vec<String>) {
    let mut blocks = Blocks::new(Reader::from_bytes(bytes, "x.tmx").unwrap());
    let (mut lines, mut reasons) = (Vec::new(), Vec::new());
    stream(&mut blocks, |item| {
        match item {
            Ok(line) => lines.push(line.xml().len()),
            Err(reject) => reasons.push(reject.error.to_string()),
        }
        Ok::<(), ()>(())
    })
    .unwrap();
    (lines, reasons)
}

#[test]
fn a_hundred_megabytes_in_one_segment() {
    let word = "كلمة ";
    let seg = word.repeat((100 << 20) / word.len());
    let unit = format!("<tu><tuv xml:lang=\"ar\"><seg>{seg}</seg></tuv></tu>");
    let text = file(&[&unit, GOOD].join("\n"));
    let (units, rejects) = read_all(text.as_bytes());
    assert_eq!((units.len(), rejects.len()), (2, 0));
    assert_eq!(units[0].variants[0].seg.text().len(), seg.len());
    assert_eq!(read_in_blocks(text.as_bytes()).0[0], unit.len());
    // Beyond the limit it is one unit that is set aside, and the next is read.
    let text = file(&[&format!("<tu><tuv xml:lang=\"ar\"><seg>{seg}{seg}</seg></tuv></tu>"), GOOD].join("\n"));
    let (units, rejects) = read_all(text.as_bytes());
    assert_eq!((units.len(), rejects.len()), (1, 1));
    assert!(rejects[0].error.to_string().contains("longer than the limit"), "{}", rejects[0].error);
    let (lines, reasons) = read_in_blocks(text.as_bytes());
    assert_eq!((lines.len(), reasons.len()), (1, 1), "{reasons:?}");
}

#[test]
fn ten_million_props() {
    // In one unit, which is longer than the limit then; as many as the limit allows; and ten in each of a million units.
    let prop = "<prop type=\"a\"/>";
    let variant = "<tuv xml:lang=\"ar\"><seg>نعم</seg></tuv>";
    let unit = |count: usize| format!("<tu>{}{variant}</tu>", prop.repeat(count));
    let text = file(&[&unit(10_000_000), GOOD].join("\n"));
    let (lines, reasons) = read_in_blocks(text.as_bytes());
    assert_eq!((lines.len(), reasons.len()), (1, 1), "{reasons:?}");
    assert!(reasons[0].contains("longer than the limit"), "{reasons:?}");
    drop(text);
    let text = file(&[&unit(2_000_000), GOOD].join("\n"));
    let (units, rejects) = read_all(text.as_bytes());
    assert_eq!((units.len(), rejects.len(), units[0].meta.len()), (2, 0, 2_000_000));
    drop((text, units));
    let text = file(&unit(10).repeat(1_000_000));
    assert_eq!(read_in_blocks(text.as_bytes()).0.len(), 1_000_000);
}

#[test]
fn a_nul_byte_costs_its_unit_only() {
    let bad = GOOD.replace("tuid=\"g\"", "tuid=\"bad\"").replacen("<seg>", "<seg>\0", 1);
    let between = file(&format!("{GOOD}\0\0<!-- \0 -->{GOOD}\n{bad}{GOOD}"));
    let (units, rejects) = read_all(between.as_bytes());
    assert_eq!((units.len(), rejects.len()), (3, 1), "{rejects:?}");
    assert!(rejects[0].error.to_string().contains("U+0000"), "{}", rejects[0].error);
    // At the very start, where two of them would be UTF-16.
    for start in ["\0", "\0\0\0\0"] {
        let text = format!("{start}{}", file(GOOD));
        match Reader::from_bytes(text.as_bytes(), "x.tmx") {
            Ok(reader) => assert_eq!(reader.filter(Result::is_ok).count(), 1),
            Err(error) => panic!("{error}"),
        }
    }
}
