//! Documents of Word: paragraphs read with their formats as codes, filled with direction set, all else in the archive the same.

use dhakira::Lang;
use dhakira::document::{Document, Fill, Kind, Options, Part};
use std::io::{Cursor, Read, Write};
use std::process::Command;

const TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
const RELS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>";
const TAIL: &str = "<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/></w:sectPr></w:body></w:document>";

fn archive(body: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let stored = options.compression_method(zip::CompressionMethod::Stored);
    for (name, text, options) in [
        ("[Content_Types].xml", TYPES.to_owned(), options),
        ("_rels/.rels", RELS.to_owned(), stored),
        ("word/document.xml", format!("{HEAD}{body}{TAIL}"), options),
        ("word/media/image1.png", "not a picture, any bytes \u{1}".to_owned(), stored),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn entry(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn run(format: &str, text: &str) -> String {
    let format = if format.is_empty() { String::new() } else { format!("<w:rPr>{format}</w:rPr>") };
    format!("<w:r w:rsidR=\"00A1\">{format}<w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

fn parse(bytes: &[u8]) -> Document {
    Document::parse(Kind::Docx, bytes, "f.docx", &Options::default()).unwrap()
}

/// The document with its first segment filled: `[n]` are its codes.
#[track_caller]
fn check(paragraph: &str, sources: &[&str], target: &str, expected: &str) {
    let other = "<w:p w:rsidR=\"00B2\"><w:r><w:t>Left as it is.</w:t></w:r><w:proofErr w:type=\"gramEnd\"/></w:p>";
    let bytes = archive(&format!("{paragraph}{other}"));
    let document = parse(&bytes);
    let mut found: Vec<String> = document.segments().iter().map(|s| s.source.text()).collect();
    assert_eq!(found.pop().as_deref(), Some("Left as it is."));
    assert_eq!(found, sources);
    let mut parts = Vec::new();
    for (number, piece) in target.split('[').enumerate() {
        let (code, text) = if number == 0 { ("", piece) } else { piece.split_once(']').unwrap() };
        parts.extend(code.parse().ok().map(Part::Code));
        parts.extend((!text.is_empty()).then(|| Part::Text(text.to_owned())));
    }
    let fill = Fill { segment: 0, target: Some(parts), confirmed: true, proposals: Vec::new() };
    let out = document.fill(&[fill]).unwrap();
    let xml = entry(&out, "word/document.xml");
    assert_eq!(xml, format!("{HEAD}{expected}{other}{TAIL}"));
    same_elsewhere(&bytes, &out);
    // It is read again, and what was not filled is there once.
    let again = parse(&out);
    assert_eq!(again.segments().len(), document.segments().len());
}

fn same_elsewhere(before: &[u8], after: &[u8]) {
    let (mut one, mut two) =
        (zip::ZipArchive::new(Cursor::new(before)).unwrap(), zip::ZipArchive::new(Cursor::new(after)).unwrap());
    assert_eq!(one.len(), two.len());
    for at in 0..one.len() {
        let (mut a, mut b) = (one.by_index_raw(at).unwrap(), two.by_index_raw(at).unwrap());
        assert_eq!(a.name().unwrap(), b.name().unwrap());
        if a.name().unwrap() != "word/document.xml" {
            let (mut x, mut y) = (Vec::new(), Vec::new());
            a.read_to_end(&mut x).unwrap();
            b.read_to_end(&mut y).unwrap();
            assert_eq!((x, a.compression(), a.crc32()), (y, b.compression(), b.crc32()));
        }
    }
}

const AR: &str = "<w:pPr><w:bidi/></w:pPr>";

fn ar(format: &str, text: &str) -> String {
    format!("<w:r><w:rPr>{format}<w:rtl/></w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

#[test]
fn a_paragraph_is_filled_from_right_to_left() {
    let paragraph =
        format!("<w:p>{}{}</w:p>", run("", "The boats "), run("<w:lang w:val=\"en-US\"/>", "came &amp; went."));
    check(
        &paragraph,
        &["The boats came & went."],
        "عادت < القوارب",
        &format!("<w:p>{AR}{}</w:p>", ar("", "عادت &lt; القوارب")),
    );
}

#[test]
fn formats_go_with_their_words() {
    let paragraph = format!(
        "<w:p><w:pPr><w:pStyle w:val=\"x\"/><w:jc w:val=\"both\"/></w:pPr>{}{}{}</w:p>",
        run("", "Press "),
        run("<w:b/><w:sz w:val=\"28\"/>", "Save"),
        run("", " now.")
    );
    let expected = format!(
        "<w:p><w:pPr><w:pStyle w:val=\"x\"/><w:bidi/><w:jc w:val=\"both\"/></w:pPr>{}{}{}</w:p>",
        ar("", "اضغط "),
        ar("<w:b/><w:bCs/><w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/>", "حفظ"),
        ar("", " الآن.")
    );
    check(&paragraph, &["Press \u{FFFC}Save\u{FFFC} now."], "اضغط [0]حفظ[1] الآن.", &expected);
}

#[test]
fn a_sentence_that_is_not_filled_keeps_its_direction() {
    let paragraph = format!("<w:p>{}</w:p>", run("<w:i/>", "One went. Two came."));
    let rest = "<w:r><w:rPr><w:i/></w:rPr><w:t xml:space=\"preserve\"> Two came.</w:t></w:r>";
    let expected = format!("<w:p>{AR}{}{rest}</w:p>", ar("<w:i/><w:iCs/>", "ذهب واحد."));
    check(&paragraph, &["One went.", "Two came."], "ذهب واحد.", &expected);
}

#[test]
fn tabs_notes_links_fields_and_bookmarks_stay() {
    let field = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
    let mark = "<w:bookmarkStart w:id=\"0\" w:name=\"a\"/>";
    let end = "<w:bookmarkEnd w:id=\"0\"/>";
    let note = "<w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:footnoteReference w:id=\"2\"/></w:r>";
    let link = "<w:hyperlink r:id=\"rId4\" xmlns:r=\"r\">";
    let paragraph = format!(
        "<w:p>{mark}{}{link}{}</w:hyperlink>{}{field}{}{note}{end}</w:p>",
        run("", "See "),
        run("", "the page"),
        run("", " on page "),
        run("", " soon.")
    );
    let expected = format!(
        "<w:p>{AR}{mark}{}{field}{}{link}{}</w:hyperlink>{note}{end}</w:p>",
        ar("", "قريبا في الصفحة "),
        ar("", " انظر "),
        ar("", "الموقع")
    );
    check(
        &paragraph,
        &["See \u{FFFC}the page\u{FFFC} on page \u{FFFC} soon."],
        "قريبا في الصفحة [2] انظر [0]الموقع[1]",
        &expected,
    );
}

#[test]
fn from_arabic_the_direction_goes() {
    let paragraph =
        format!("<w:p><w:pPr><w:bidi/><w:jc w:val=\"left\"/></w:pPr>{}</w:p>", run("<w:b/><w:rtl/>", "عادت القوارب."));
    let bytes = archive(&paragraph);
    let document = parse(&bytes);
    assert_eq!((document.source(), document.segments()[0].source.text().as_str()), (Lang::Ar, "عادت القوارب."));
    let fill = Fill {
        segment: 0,
        target: Some(vec![Part::Text("The boats came.".into())]),
        confirmed: true,
        proposals: Vec::new(),
    };
    let xml = entry(&document.fill(&[fill]).unwrap(), "word/document.xml");
    let expected = "<w:p><w:pPr><w:jc w:val=\"left\"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">The boats came.</w:t></w:r></w:p>";
    assert_eq!(xml, format!("{HEAD}{expected}{TAIL}"));
}

#[test]
fn what_is_no_segment_and_what_is_no_document() {
    let tracked = "<w:p><w:ins w:id=\"1\"><w:r><w:t>New text.</w:t></w:r></w:ins></w:p>";
    let text_box = "<w:p><w:r><w:t>Outside.</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Inside.</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>";
    let table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>A cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/><w:p><w:r><w:tab/></w:r></w:p>";
    let bytes = archive(&format!("{tracked}{text_box}{table}"));
    let document = parse(&bytes);
    let found: Vec<String> = document.segments().iter().map(|s| s.source.text()).collect();
    assert_eq!(found, ["Outside.", "A cell"]);
    assert_eq!(document.fill(&[]).unwrap(), bytes);
    for (number, broken) in
        [&bytes[..bytes.len() / 2], b"PK\x03\x04", b"", &archive("<w:p><w:r></w:p>")].into_iter().enumerate()
    {
        let error = Document::parse(Kind::Docx, broken, "f.docx", &Options::default()).map(|_| ()).expect_err("broken");
        assert_eq!(error.code(), "format", "{number} {error}");
    }
}

#[test]
fn libreoffice_opens_what_was_filled() {
    let paragraph = |text: &str| format!("<w:p>{}{}{}</w:p>", run("", text), run("<w:b/>", " Save "), run("", "now."));
    let document = parse(&archive(&format!("{}{}", paragraph("Press"), paragraph("Then press"))));
    let text = |text: &str| Part::Text(text.to_owned());
    let target = Some(vec![text("اضغط"), Part::Code(0), text(" حفظ "), Part::Code(1), text("الآن.")]);
    let out = document.fill(&[Fill { segment: 0, target, confirmed: true, proposals: Vec::new() }]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.docx");
    std::fs::write(&path, out).unwrap();
    let office = Command::new("libreoffice")
        .arg(format!("-env:UserInstallation=file://{}/profile", folder.path().display()))
        .args(["--headless", "--convert-to", "pdf", "--outdir"])
        .arg(folder.path())
        .arg(&path)
        .output();
    let Ok(office) = office else {
        eprintln!("skipped: LibreOffice is not installed");
        return;
    };
    assert!(folder.path().join("out.pdf").exists(), "{}", String::from_utf8_lossy(&office.stderr));
    if let Ok(said) = Command::new("pdftotext").arg(folder.path().join("out.pdf")).arg("-").output() {
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        assert!(said.contains("Then press Save now."), "{said}");
        assert!(
            said.chars().any(|c| ('\u{621}'..='\u{64A}').contains(&c) || ('\u{FE70}'..='\u{FEFC}').contains(&c)),
            "{said}"
        );
    }
}
