//! Word documents: the paragraphs of a DOCX, their runs as inline codes, direction set where a translation goes in.
//!
//! Source: ECMA-376, Office Open XML, Part 1, §17.3 (paragraphs and runs): `w:bidi` (§17.3.1.6) makes a paragraph one from right
//! to left, `w:rtl` (§17.3.2.30) a run; in a run from right to left `w:bCs`, `w:iCs`, `w:szCs` stand for `w:b`, `w:i`, `w:sz`. Children
//! of properties have an order (§17.3.1.26, §17.3.2.28), which is kept.
//!
//! A paragraph that gets a translation has its runs written anew: each stretch of text in the format that it had, all that is no
//! text (tabs, breaks, pictures, notes, fields, bookmarks, links) as it was. Every other paragraph stays byte for byte, and so does
//! every other file in the archive. Not segments: paragraphs with tracked changes, text boxes, comments, charts.

use super::edit::{Edit, applied};
use super::fill::Fill;
use super::part::{Part, stands_once};
use super::prose::{Atom, Paragraph, Role, What};
use super::segment::Segment;
use crate::bitext::tree::Tree;
use crate::error::{Error, Place};
use crate::lang::Lang;
use crate::xml::{Spot, escaped};
use std::collections::HashMap;
use std::io::{Cursor, Read, Write};
use std::ops::Range;
use std::path::Path;

/// No part of an archive may be larger when it is unpacked: 256 MiB. A book has 5.
const MOST_BYTES: u64 = 256 << 20;

/// An archive and its paragraphs.
#[derive(Debug, Clone)]
pub(super) struct Body {
    bytes: Vec<u8>,
    parts: Vec<Xml>,
    pub(super) paragraphs: Vec<Para>,
}

/// A part of the archive that has text.
#[derive(Debug, Clone)]
struct Xml {
    name: String,
    text: String,
}

/// A paragraph.
#[derive(Debug, Clone)]
pub(super) struct Para {
    part: usize,
    /// The bytes of the part from its first run to its last.
    runs: Range<usize>,
    /// Its properties, as they stand; an empty range behind its start tag if it has none.
    properties: Range<usize>,
    /// The run properties of most of its text.
    base: String,
    /// Ranges of its atoms are those of its text, one byte for a code.
    pub(super) paragraph: Paragraph,
    /// For each pair of codes that sets a format, the run properties; for others nothing.
    formats: HashMap<usize, String>,
    /// Its segments, and which atoms each has.
    pub(super) segments: Vec<(usize, Range<usize>)>,
}

fn wrong(path: &Path, reason: String) -> Error {
    Error::Format { path: path.to_owned(), place: Place::default(), reason }
}

/// Reads an archive.
pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<Body, Error> {
    let broken = |e: zip::result::ZipError| wrong(path, format!("not a DOCX file, or not all of it ({e})"));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let names = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned()));
    let mut names: Vec<String> = names.filter(|name| order(name).is_some()).collect();
    names.sort_by_key(|name| (order(name), name.len(), name.clone()));
    if names.first().is_none_or(|name| name != DOCUMENT) {
        return Err(wrong(path, format!("an archive without {DOCUMENT}: no DOCX file")));
    }
    let mut body = Body { bytes: bytes.to_vec(), parts: Vec::new(), paragraphs: Vec::new() };
    for name in names {
        let file = archive.by_name(&name).map_err(broken)?;
        let mut text = Vec::new();
        file.take(MOST_BYTES + 1).read_to_end(&mut text).map_err(|e| wrong(path, format!("{name}: {e}")))?;
        if text.len() as u64 > MOST_BYTES {
            return Err(wrong(path, format!("{name} is larger than {} MiB when it is unpacked", MOST_BYTES >> 20)));
        }
        let text = String::from_utf8(text).map_err(|_| wrong(path, format!("{name} is not UTF-8")))?;
        paragraphs(&mut body, &text).map_err(|(at, reason)| wrong(path, format!("{name}, byte {at}: {reason}")))?;
        body.parts.push(Xml { name, text });
    }
    Ok(body)
}

const DOCUMENT: &str = "word/document.xml";

/// Which parts have text, and in which order they are read.
fn order(name: &str) -> Option<u8> {
    let file = name.strip_prefix("word/")?.strip_suffix(".xml")?;
    let numbered = |stem: &str| file.strip_prefix(stem).is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    match file {
        "document" => Some(0),
        "footnotes" => Some(1),
        "endnotes" => Some(2),
        _ if numbered("header") => Some(3),
        _ if numbered("footer") => Some(4),
        _ => None,
    }
}

/// Where the root element begins.
fn root(text: &str) -> usize {
    let mut at = 0;
    while let Some(n) = text[at..].find('<') {
        at += n;
        if !text[at..].starts_with("<?") && !text[at..].starts_with("<!") {
            return at;
        }
        at += 2;
    }
    text.len()
}

fn paragraphs(body: &mut Body, text: &str) -> crate::xml::At<()> {
    let base = root(text);
    let tree = Tree::parse(text[base..].trim_end(), "").map_err(|(at, reason)| (base + at, reason))?;
    let part = body.parts.len();
    let mut at = 0;
    while at < tree.nodes.len() {
        if tree.nodes[at].name == Some("w:p") {
            body.paragraphs.extend(paragraph(&tree, at, base, part));
            at = tree.nodes[at].end;
        } else {
            at += 1;
        }
    }
    Ok(())
}

/// Elements that record changes: a paragraph that has one is left as it is until they are accepted.
const TRACKED: [&str; 6] = ["w:ins", "w:del", "w:moveFrom", "w:moveTo", "w:moveFromRangeStart", "w:moveToRangeStart"];

/// Elements between runs that say nothing that lasts.
const IGNORED: [&str; 3] = ["w:proofErr", "w:permStart", "w:permEnd"];

/// What stands in a paragraph, while it is gathered.
enum Piece {
    /// A text and its run properties.
    Text(String, String),
    /// What is written as it stands.
    Raw(String),
    /// The start tag of a link, and its end tag.
    Open(String),
    Close(String),
}

fn paragraph(tree: &Tree, at: usize, base: usize, part: usize) -> Option<Para> {
    let node = &tree.nodes[at];
    if tree.nodes[at..node.end].iter().any(|n| n.name.is_some_and(|name| TRACKED.contains(&name))) {
        return None;
    }
    let properties = tree.child(at, "w:pPr");
    let children: Vec<usize> =
        tree.children(at).filter(|&n| Some(n) != properties && tree.nodes[n].name.is_some()).collect();
    let (first, last) = (*children.first()?, *children.last()?);
    let mut pieces = Vec::new();
    gather(tree, &children, &mut pieces);
    // The format of most letters is that of the paragraph.
    let mut letters: Vec<(&str, usize)> = Vec::new();
    for piece in &pieces {
        if let Piece::Text(text, format) = piece {
            match letters.iter_mut().find(|(f, _)| f == format) {
                Some((_, n)) => *n += text.len(),
                None => letters.push((format, text.len())),
            }
        }
    }
    let most = letters.iter().map(|(_, n)| *n).max()?;
    let own = letters.iter().find(|(_, n)| *n == most)?.0.to_owned();
    let mut para = Para {
        part,
        runs: base + tree.nodes[first].span.start..base + tree.nodes[last].span.end,
        properties: match properties {
            Some(n) => base + tree.nodes[n].span.start..base + tree.nodes[n].span.end,
            None => base + node.content.start..base + node.content.start,
        },
        base: own.clone(),
        paragraph: Paragraph::default(),
        formats: HashMap::new(),
        segments: Vec::new(),
    };
    let mut pairs = 0;
    // The format that is on, with its pair.
    let mut on: Option<(usize, String)> = None;
    let mut links: Vec<usize> = Vec::new();
    let code = |para: &mut Para, role: Role, native: String, raw: String| {
        para.paragraph.atoms.push(Atom { range: 0..1, what: What::Code(role, native, raw) });
    };
    for piece in pieces {
        let format = match &piece {
            Piece::Text(_, format) => Some(format.clone()).filter(|format| *format != own),
            // A tab or a break is inside whatever is around it.
            Piece::Raw(_) => on.as_ref().map(|(_, format)| format.clone()),
            Piece::Open(_) | Piece::Close(_) => None,
        };
        if on.as_ref().map(|(_, on)| on) != format.as_ref() {
            if let Some((pair, format)) = on.take() {
                code(&mut para, Role::Close(pair), format!("</{}>", names(&format)), String::new());
            }
            if let Some(format) = format {
                pairs += 1;
                code(&mut para, Role::Open(pairs), format!("<{}>", names(&format)), String::new());
                para.formats.insert(pairs, format.clone());
                on = Some((pairs, format));
            }
        }
        match piece {
            Piece::Text(text, _) => {
                para.paragraph.atoms.push(Atom { range: 0..text.len(), what: What::Text(text) });
            }
            Piece::Raw(raw) => code(&mut para, Role::Single, raw.clone(), raw),
            Piece::Open(raw) => {
                pairs += 1;
                links.push(pairs);
                code(&mut para, Role::Open(pairs), "<a>".to_owned(), raw);
            }
            Piece::Close(raw) => {
                let role = links.pop().map_or(Role::Single, Role::Close);
                code(&mut para, role, "</a>".to_owned(), raw);
            }
        }
    }
    if let Some((pair, format)) = on {
        code(&mut para, Role::Close(pair), format!("</{}>", names(&format)), String::new());
    }
    let mut at = 0;
    for atom in &mut para.paragraph.atoms {
        let len = if let What::Text(text) = &atom.what { text.len() } else { 1 };
        atom.range = at..at + len;
        at += len;
    }
    Some(para)
}

/// What the children of a paragraph, or of a link in it, say.
fn gather(tree: &Tree, children: &[usize], pieces: &mut Vec<Piece>) {
    let mut number = 0;
    while let Some(&at) = children.get(number) {
        number += 1;
        let node = &tree.nodes[at];
        let Some(name) = node.name else { continue };
        if name == "w:r" {
            let fields = field_depth(tree, at);
            if fields > 0 {
                // A field up to the run in which it ends.
                let mut depth = fields;
                let mut end = at;
                while depth > 0 {
                    let Some(&next) = children.get(number) else { break };
                    number += 1;
                    end = next;
                    depth += field_depth(tree, next);
                }
                pieces.push(Piece::Raw(tree.source[node.span.start..tree.nodes[end].span.end].to_owned()));
                continue;
            }
            run(tree, at, pieces);
        } else if name == "w:hyperlink" && !node.content.is_empty() {
            pieces.push(Piece::Open(tree.start_tag(at).to_owned()));
            let inside: Vec<usize> = tree.children(at).filter(|&n| tree.nodes[n].name.is_some()).collect();
            gather(tree, &inside, pieces);
            pieces.push(Piece::Close(tree.source[node.content.end..node.span.end].to_owned()));
        } else if !IGNORED.contains(&name) {
            pieces.push(Piece::Raw(tree.raw(at).to_owned()));
        }
    }
}

/// How many fields begin in a node less those that end there.
fn field_depth(tree: &Tree, at: usize) -> i64 {
    let kind = |n: &crate::bitext::tree::Node| match (n.name, n.attr("w:fldCharType")) {
        (Some("w:fldChar"), Some("begin")) => 1,
        (Some("w:fldChar"), Some("end")) => -1,
        _ => 0,
    };
    tree.nodes[at..tree.nodes[at].end].iter().map(kind).sum()
}

fn run(tree: &Tree, at: usize, pieces: &mut Vec<Piece>) {
    let format = tree.child(at, "w:rPr").map_or("", |n| tree.raw(n));
    for child in tree.children(at) {
        match tree.nodes[child].name {
            Some("w:t") => {
                let (text, format) = (tree.text_in(child), plain_format(format));
                match pieces.last_mut() {
                    Some(Piece::Text(before, same)) if *same == format => before.push_str(&text),
                    _ if text.is_empty() => {}
                    _ => pieces.push(Piece::Text(text, format)),
                }
            }
            None | Some("w:rPr" | "w:lastRenderedPageBreak") => {}
            Some(_) => pieces.push(Piece::Raw(format!("<w:r>{format}{}</w:r>", tree.raw(child)))),
        }
    }
}

/// Run properties without what a reader does not see: language, spelling marks.
fn plain_format(format: &str) -> String {
    let Ok(tree) = Tree::parse(format, "") else { return String::new() };
    let unseen = |name: &str| matches!(name, "w:lang" | "w:noProof" | "w:rtl" | "w:cs" | "w:webHidden");
    let kept: Vec<&str> = tree
        .children(0)
        .filter(|&n| tree.nodes[n].name.is_some_and(|name| !unseen(name)))
        .map(|n| tree.raw(n))
        .collect();
    if kept.is_empty() { String::new() } else { format!("<w:rPr>{}</w:rPr>", kept.concat()) }
}

/// The names of a format's properties, for comparing: `b+i`.
fn names(format: &str) -> String {
    let Ok(tree) = Tree::parse(format, "") else { return "plain".to_owned() };
    let names: Vec<&str> = tree.children(0).filter_map(|n| tree.nodes[n].name?.strip_prefix("w:")).collect();
    names.join("+")
}

/// The run properties of a text in `lang`.
fn directed(format: &str, lang: Lang) -> String {
    if lang == Lang::En {
        return format.to_owned();
    }
    if format.is_empty() {
        return "<w:rPr><w:rtl/></w:rPr>".to_owned();
    }
    let Ok(tree) = Tree::parse(format, "") else { return format.to_owned() };
    let has = |name: &str| tree.child(0, name).is_some();
    let mut out = String::from("<w:rPr>");
    let mut done = false;
    for child in tree.children(0) {
        let Some(name) = tree.nodes[child].name else { continue };
        if !done && matches!(name, "w:cs" | "w:em" | "w:lang" | "w:eastAsianLayout" | "w:specVanish" | "w:oMath") {
            out.push_str("<w:rtl/>");
            done = true;
        }
        let raw = tree.raw(child);
        out.push_str(raw);
        // The twin for complex scripts stands right behind.
        for (own, twin) in [("w:b", "w:bCs"), ("w:i", "w:iCs"), ("w:sz", "w:szCs")] {
            if name == own && !has(twin) {
                out.push_str(&raw.replacen(own, twin, 1));
            }
        }
    }
    if !done {
        out.push_str("<w:rtl/>");
    }
    out + "</w:rPr>"
}

/// Children of paragraph properties that come behind `w:bidi`.
const BEHIND_BIDI: [&str; 17] = [
    "w:adjustRightInd",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:mirrorIndents",
    "w:suppressOverlap",
    "w:jc",
    "w:textDirection",
    "w:textAlignment",
    "w:textboxTightWrap",
    "w:outlineLvl",
    "w:divId",
    "w:cnfStyle",
    "w:rPr",
    "w:sectPr",
    "w:pPrChange",
];

/// Paragraph properties in the direction of `lang`.
fn paragraph_properties(properties: &str, lang: Lang) -> String {
    let own = if lang == Lang::Ar { "<w:bidi/>" } else { "" };
    let tree = match Tree::parse(properties, "") {
        Ok(tree) => tree,
        Err(_) if own.is_empty() => return properties.to_owned(),
        Err(_) => return format!("<w:pPr>{own}</w:pPr>"),
    };
    let tag = tree.start_tag(0);
    let mut out = tag.strip_suffix("/>").map_or(tag.to_owned(), |inside| format!("{inside}>"));
    let mut done = own.is_empty();
    for child in tree.children(0) {
        let name = tree.nodes[child].name.unwrap_or_default();
        if !done && BEHIND_BIDI.contains(&name) {
            out.push_str(own);
            done = true;
        }
        if name != "w:bidi" {
            out.push_str(tree.raw(child));
        }
    }
    if !done {
        out.push_str(own);
    }
    out + "</w:pPr>"
}

/// The archive with these fills put in; the fills by the number of their segment.
pub(super) fn filled(
    path: &Path,
    body: &Body,
    segments: &[Segment],
    target: Lang,
    fills: &HashMap<usize, &Fill>,
) -> Result<Vec<u8>, Error> {
    let mut edits: Vec<Vec<Edit>> = vec![Vec::new(); body.parts.len()];
    for para in &body.paragraphs {
        let of = |number: &usize| {
            let parts = fills.get(number)?.target.as_deref()?;
            stands_once(&segments[*number].source, parts).then_some(parts)
        };
        if !para.segments.iter().any(|(number, _)| of(number).is_some()) {
            continue;
        }
        let properties = &body.parts[para.part].text[para.properties.clone()];
        let new = paragraph_properties(properties, target);
        if new != properties {
            edits[para.part].push(Edit { range: para.properties.clone(), with: new });
        }
        let with = runs(para, segments, target, of);
        edits[para.part].push(Edit { range: para.runs.clone(), with });
    }
    if edits.iter().all(Vec::is_empty) {
        return Ok(body.bytes.clone());
    }
    let failed = |e: zip::result::ZipError| wrong(path, format!("the archive can not be written again ({e})"));
    let mut archive = zip::ZipArchive::new(Cursor::new(&body.bytes[..])).map_err(failed)?;
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..archive.len() {
        let file = archive.by_index_raw(number).map_err(failed)?;
        let name = file.name().map_err(failed)?.into_owned();
        let part = body.parts.iter().position(|part| part.name == name).filter(|part| !edits[*part].is_empty());
        let Some(part) = part else {
            out.raw_copy_file(file).map_err(failed)?;
            continue;
        };
        let mut options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        if let Some(time) = file.last_modified() {
            options = options.last_modified_time(time);
        }
        drop(file);
        out.start_file(name, options).map_err(failed)?;
        let text = applied(&body.parts[part].text, std::mem::take(&mut edits[part]));
        out.write_all(text.as_bytes()).map_err(|e| Error::io("write", path, e))?;
    }
    Ok(out.finish().map_err(failed)?.into_inner())
}

/// The runs of a paragraph with translations in the place of some of its sentences.
fn runs<'f>(para: &Para, segments: &[Segment], target: Lang, of: impl Fn(&usize) -> Option<&'f [Part]>) -> String {
    let source = target.other();
    let mut out = Out { para, xml: String::new(), on: None };
    let atoms = &para.paragraph.atoms;
    let mut at = 0;
    // How much of the text of atom `at` is written.
    let mut done = 0;
    for (number, within) in &para.segments {
        let Some(parts) = of(number) else { continue };
        let span = &segments[*number].span;
        while at < within.start {
            out.atom(at, done..usize::MAX, source);
            (at, done) = (at + 1, 0);
        }
        let before = span.start.saturating_sub(atoms[at].range.start);
        if matches!(atoms[at].what, What::Text(_)) && before > done {
            out.atom(at, done..before, source);
        }
        let codes: Vec<usize> = within.clone().filter(|&n| matches!(atoms[n].what, What::Code(..))).collect();
        for part in parts {
            match part {
                Part::Text(text) => out.text(text, target),
                Part::Code(n) => out.atom(codes[*n], 0..usize::MAX, target),
            }
        }
        at = within.end - 1;
        done = span.end - atoms[at].range.start;
        if matches!(atoms[at].what, What::Code(..)) {
            (at, done) = (at + 1, 0);
        }
    }
    while at < atoms.len() {
        out.atom(at, done..usize::MAX, source);
        (at, done) = (at + 1, 0);
    }
    out.xml
}

/// Runs while they are written.
struct Out<'a> {
    para: &'a Para,
    xml: String,
    /// The format that is on, if it is not the paragraph's own.
    on: Option<&'a str>,
}

impl Out<'_> {
    /// Writes the bytes `within` of a text, or a code.
    fn atom(&mut self, number: usize, within: Range<usize>, lang: Lang) {
        let para = self.para;
        match &para.paragraph.atoms[number].what {
            What::Text(text) => self.text(&text[within.start.min(text.len())..within.end.min(text.len())], lang),
            What::Code(Role::Open(pair), ..) if para.formats.contains_key(pair) => {
                self.on = para.formats.get(pair).map(String::as_str)
            }
            What::Code(Role::Close(pair), ..) if para.formats.contains_key(pair) => self.on = None,
            What::Code(_, _, raw) => self.xml.push_str(raw),
        }
    }

    fn text(&mut self, text: &str, lang: Lang) {
        let text = text.replace(['\n', '\r'], " ");
        if text.is_empty() {
            return;
        }
        // White space and signs between sentences go with what is around them.
        let format = directed(
            self.on.unwrap_or(&self.para.base),
            if Lang::of_script(&text).is_some() { lang } else { Lang::En },
        );
        self.xml
            .push_str(&format!("<w:r>{format}<w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(&text, Spot::Lines)));
    }
}
