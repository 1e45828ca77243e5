//! Nothing lost: headers, tables of private characters and texts inside codes through read and write of one file, and what
//! several files contradict each other in is said.

use dhakira::check::{Checks, check};
use dhakira::task::{SourceOptions, shared_header};
use dhakira::tmx::{Blocks, Header, Reader, Reject, Writer, parse_unit, unit_xml};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const UNIT: &str = "<tu><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv><tuv xml:lang=\"en\"><seg>yes</seg></tuv></tu>";

fn read(text: &str) -> (Header, Vec<(u64, String)>) {
    let mut reader = Reader::from_bytes(text.as_bytes(), "ذاكرة.tmx").unwrap();
    reader.by_ref().for_each(drop);
    (reader.header().clone(), reader.report().warnings.clone())
}

fn file(header: &str) -> String {
    format!("<tmx version=\"1.4\">{header}<body>{UNIT}</body></tmx>")
}

fn written(header: &Header) -> String {
    let mut writer = Writer::new(Vec::new(), header).unwrap();
    writer.write_unit(&parse_unit(UNIT).unwrap()).unwrap();
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

const FULL: &str = "<header creationtool=\"x\" creationtoolversion=\"1\" segtype=\"sentence\" o-tmf=\"y\" adminlang=\"ar\" srclang=\"ar\" \
    datatype=\"xml\" own=\"ق\" creationdate=\"20200101T000000Z\"><note>أولى</note><ude name=\"خاص\" base=\"cp1256\">\
    <map unicode=\"#xE000\" code=\"#x80\" ent=\"&amp;x;\"/><!-- c --> <map unicode=\"#xE001\"></map></ude>\
    <prop type=\"client\" xml:lang=\"ar\">عميل</prop><note lang=\"en\">last</note></header>";

#[test]
fn a_header_comes_back_whole() {
    let (header, warnings) = read(&file(FULL));
    assert_eq!(warnings, []);
    assert_eq!((header.attr("own"), header.meta.len(), header.ude.len()), (Some("ق"), 3, 1));
    assert_eq!(header.ude[0].maps.len(), 2);
    let text = written(&header);
    assert!(text.contains("<ude name=\"خاص\" base=\"cp1256\"><map unicode=\"#xE000\" code=\"#x80\" ent=\"&amp;x;\"/><map unicode=\"#xE001\"/></ude>\n</header>"), "{text}");
    let again = read(&text).0;
    assert_eq!((&again.attrs, &again.meta, &again.ude), (&header.attrs, &header.meta, &header.ude));
    assert_eq!(written(&again), text);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("header.tmx");
    fs::write(&path, &text).unwrap();
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let dtd = std::env::var_os("DHAKIRA_SHARED").map_or_else(beside, PathBuf::from).join("data/tmx/tmx14.dtd");
    if !dtd.exists() {
        eprintln!("skipped: no {}", dtd.display());
        return;
    }
    match Command::new("xmllint").args(["--noout", "--nonet", "--dtdvalid"]).arg(&dtd).arg(&path).output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(_) => eprintln!("skipped: xmllint"),
    }
}

#[test]
fn a_table_that_tmx_does_not_allow_is_left_out_and_said() {
    for ude in [
        "<ude/>",
        "<ude name=\"a\"/>",
        "<ude name=\"a\"></ude>",
        "<ude><map unicode=\"1\"/></ude>",
        "<ude name=\"a\"><map/></ude>",
        "<ude name=\"a\"><map unicode=\"1\"/>loose</ude>",
        "<ude name=\"a\"><map unicode=\"1\"><x/></map></ude>",
        "<ude name=\"a\" own=\"1\"><map unicode=\"1\"/></ude>",
    ] {
        let (header, warnings) = read(&file(&format!("<header srclang=\"ar\">{ude}<note>ن</note></header>")));
        assert_eq!((header.ude.len(), header.meta.len()), (0, 1), "{ude}");
        assert_eq!(warnings, [(1, "a <ude> that TMX does not allow is left out".to_owned())], "{ude}");
    }
}

#[test]
fn comments_outside_units_are_counted() {
    let text = format!(
        "<?xml version=\"1.0\"?><!-- 1 --><?xml-stylesheet x?><tmx version=\"1.4\"><header><!-- not counted --></header><body><!-- 3 -->\n\
         {UNIT}<!-- 4 -->{UNIT}<?five?>\n<tu><!-- inside --><tuv xml:lang=\"ar\"><seg>لا</seg></tuv></tu></body></tmx><!-- 6 -->"
    );
    let mut reader = Reader::from_bytes(text.as_bytes(), "x.tmx").unwrap();
    assert_eq!(reader.by_ref().filter(Result::is_ok).count(), 3);
    assert_eq!(reader.report().comments, 6);
    let mut blocks = Blocks::new(Reader::from_bytes(text.as_bytes(), "x.tmx").unwrap());
    while blocks.fill(2) {
        let lines = blocks.cut(2).iter().map(|block| block.read()).collect();
        blocks.settle(lines, &mut |item| item.map(drop).map_err(|reject: Reject| reject.error)).unwrap();
    }
    assert_eq!(blocks.report(), reader.report());
}

#[test]
fn what_headers_contradict_each_other_in_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, header: &str| {
        let path = folder.path().join(name);
        fs::write(&path, file(header)).unwrap();
        path
    };
    let one = path("one.tmx", FULL);
    let other =
        path("other.tmx", &FULL.replace("own=\"ق\"", "own=\"ك\"").replace("#xE001", "#xE002").replace("أولى", "ثانية"));
    let bare = path("bare.tmx", "<header srclang=\"ar\"/>");
    let live = path("live.tmx", "<header srclang=\"ar\"><prop type=\"x-dhakira\">live</prop></header>");
    let options = SourceOptions::default();
    let alone = shared_header(std::slice::from_ref(&one), &options);
    assert_eq!((alone.header.ude.len(), alone.dropped.len()), (1, 0));
    let shared = shared_header(&[one.clone(), bare, live.clone(), one.clone()], &options);
    assert_eq!(shared.dropped, [""; 0]);
    assert_eq!((shared.header.attr("own"), shared.header.meta.len(), shared.header.ude.len()), (Some("ق"), 3, 1));
    let shared = shared_header(&[one, other], &options);
    assert_eq!(shared.dropped, ["attribute own", "the table of private characters “خاص”"]);
    assert_eq!((shared.header.meta.len(), shared.header.attr("datatype")), (4, Some("xml")));
    assert_eq!(shared_header(&[live], &options).header.meta, []);
}

#[test]
fn texts_inside_codes_are_checked_and_kept() {
    let unit = |sub: &str| {
        let unit = format!(
            "<tu><tuv xml:lang=\"ar\"><seg>انظر<ph>&lt;img alt=\"<sub>{sub}</sub>\"&gt;</ph></seg></tuv><tuv xml:lang=\"en\"><seg>See<ph>&lt;img alt=\"<sub>a map</sub>\"&gt;</ph></seg></tuv></tu>"
        );
        let read = parse_unit(&unit).unwrap();
        assert_eq!(unit_xml(&read).unwrap(), unit);
        read
    };
    let messages = |sub: &str| -> Vec<String> {
        check(&unit(sub), &Checks::default()).iter().map(|finding| finding.to_string()).collect()
    };
    assert_eq!(messages("خريطة"), [""; 0]);
    assert_eq!(unit("خريطة &amp; صورة").variants[0].seg.subs(), ["خريطة & صورة"]);
    for (sub, kind) in [
        ("ط§ظ„ط¹ط±ط¨ظٹط©", "mojibake: "),
        ("\u{FEFB}", "presentation-forms: "), // Arabic ligature lam with alef isolated form
        ("\u{202B}خريطة", "bidi-unbalanced: "), // right-to-left embedding
    ] {
        let found = messages(sub);
        assert!(found.len() == 1 && found[0].starts_with(kind), "{found:?}");
        assert!(found[0].contains("in a text inside a code"), "{found:?}");
    }
}
