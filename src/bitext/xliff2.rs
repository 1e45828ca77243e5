//! XLIFF 2.0, 2.1 and 2.2: what a `<unit>` holds, and how one is written.
//!
//! Source: XLIFF 2.0, OASIS Standard, 5 August 2014 (`urn:oasis:names:tc:xliff:document:2.0`), §4; 2.1 and 2.2 add modules
//! and change nothing that is read here.

use std::collections::HashMap;

use super::inline::{self, About, Ids, Numbers, Pieces, Role, Side as Half};
use super::markup::first_tag;
use super::sides::{pairs, xml_tag};
use super::tree::Tree;
use super::xliff_file::{File, Found, Side, prop_type, shared};
use super::xliff_id::{TUID_PROP, UnitIds};
use crate::lang::{Lang, LangTag};
use crate::unit::{Meta, Piece, Seg, Unit};
use crate::xml::{self, At, Spot, escaped};

/// Begins the `subType` of a code that came from TMX; its type there follows, or [`NO_TYPE`].
pub(super) const TMX_MARK: &str = "tmx:";
/// Stands for a code without a type.
pub(super) const NO_TYPE: &str = "-";

/// Reads a `<unit>`: each of its segments with a translation is a unit of its own; ignorables are left out.
pub(super) fn read(tree: &Tree, file: &File) -> At<Found> {
    let mut found = Found::default();
    let mut meta = Vec::new();
    for (attr, prop) in [("id", "x-xliff-id"), ("name", "x-resname"), ("translate", "x-translate")] {
        if let Some(value) = tree.nodes[0].attr(attr) {
            meta.push(Meta::prop(prop, value));
        }
    }
    notes(tree, &mut meta);
    let data = originals(tree);
    let segments: Vec<usize> = tree.children(0).filter(|&at| tree.nodes[at].name == Some("segment")).collect();
    if segments.is_empty() {
        return Err((0, "a <unit> without a <segment>".to_owned()));
    }
    let several = segments.len() > 1;
    let shared = shared(&meta, segments.len());
    for (number, segment) in segments.into_iter().enumerate() {
        let node = &tree.nodes[segment];
        let Some(source) = tree.child(segment, "source") else {
            return Err((node.span.start, "a <segment> without a <source>".to_owned()));
        };
        let target = tree.child(segment, "target");
        let mut numbers = Numbers::default();
        let source_seg = seg(tree, source, &data, &mut numbers);
        let target_seg = target.map(|at| seg(tree, at, &data, &mut numbers)).unwrap_or_default();
        // `initial` is also what a segment without the attribute is in; only who writes it means it.
        if node.attr("state") == Some("initial") || source_seg.is_blank() || target_seg.is_blank() {
            found.untranslated += 1;
            continue;
        }
        let mut meta = if found.units.is_empty() { meta.clone() } else { shared.to_vec() };
        if several {
            let mid = node.attr("id").map_or_else(|| (number + 1).to_string(), str::to_owned);
            meta.push(Meta::prop("x-xliff-mid", mid));
        }
        for (attr, prop) in [("state", "x-status"), ("subState", "x-sub-state")] {
            if let Some(value) = node.attr(attr) {
                meta.push(Meta::prop(prop, value));
            }
        }
        let side = |at: usize, seg: Seg| Side { lang: tree.nodes[at].attr("xml:lang"), seg };
        let target = side(target.unwrap_or(source), target_seg);
        let unit = file.unit(side(source, source_seg), target, meta).map_err(|reason| (node.span.start, reason))?;
        found.units.push((if several { node.span.start } else { 0 }, unit));
    }
    Ok(found)
}

/// Notes, and metadata (`mda:meta`) as props, in their order.
fn notes(tree: &Tree, meta: &mut Vec<Meta>) {
    for child in tree.children(0) {
        match tree.nodes[child].name {
            Some("notes") => {
                let notes = tree.children(child).filter(|&at| tree.nodes[at].name == Some("note"));
                meta.extend(notes.map(|at| tree.text_in(at)).filter(|t| !t.trim().is_empty()).map(Meta::note));
            }
            Some("mda:metadata") => {
                for at in child + 1..tree.nodes[child].end {
                    let node = &tree.nodes[at];
                    if let (Some("mda:meta"), Some(kind)) = (node.name, node.attr("type")) {
                        meta.push(Meta::prop(prop_type(kind), tree.text_in(at)));
                    }
                }
            }
            _ => {}
        }
    }
}

/// The native codes in `<originalData>` by id, as their source has them.
pub(crate) type Originals<'t> = HashMap<&'t str, &'t str>;

fn originals<'t>(tree: &'t Tree) -> Originals<'t> {
    let Some(list) = tree.child(0, "originalData") else { return HashMap::new() };
    let data = tree.children(list).filter(|&at| tree.nodes[at].name == Some("data"));
    data.filter_map(|at| Some((tree.nodes[at].attr("id")?, tree.raw_content(at)))).collect()
}

/// What is done where an element ends.
enum Closing {
    /// The end of pair `i`, with this content.
    Pair(usize, String),
    Highlight,
}

/// The content of node `of` as a segment.
///
/// A code's content is the XLIFF markup that stood there, its native code (`<data>`) inside: `<ph id="1" dataRef="d1">`,
/// the native code, `</ph>`; a code whose `subType` begins with [`TMX_MARK`] came from TMX and becomes what it was.
/// `mrk` is a highlight, `sm` and `em` (which may cross other elements) are nothing, `cp` is a code.
pub(crate) fn seg(tree: &Tree, of: usize, data: &Originals, numbers: &mut Numbers) -> Seg {
    let range = of + 1..tree.nodes[of].end;
    let mut starts: HashMap<&str, usize> = HashMap::new();
    let mut ended: HashMap<&str, usize> = HashMap::new();
    for at in range.clone() {
        let node = &tree.nodes[at];
        match (node.name, node.attr("id"), node.attr("startRef")) {
            (Some("sc"), Some(id), _) => _ = starts.entry(id).or_insert(at),
            (Some("ec"), _, Some(start)) if starts.contains_key(start) => _ = ended.entry(start).or_insert(at),
            _ => {}
        }
    }
    let mut pair_of: HashMap<usize, usize> = HashMap::new();
    let mut pieces = Pieces::default();
    let mut open: Vec<(usize, Closing)> = Vec::new();
    for at in range.clone() {
        close_until(&mut open, at, &mut pieces);
        let node = &tree.nodes[at];
        let Some(name) = node.name else {
            pieces.text(&node.text);
            continue;
        };
        let mark = node.attr("subType").and_then(|t| t.strip_prefix(TMX_MARK));
        let kind = match mark {
            Some(kind) => Some(kind).filter(|k| *k != NO_TYPE),
            None => node.attr("type"),
        };
        let original = |attr: &str| node.attr(attr).and_then(|id| data.get(id)).copied().unwrap_or_default();
        let id = node.attr("id").or(node.attr("startRef"));
        let mut x = |half: Half| match mark {
            Some(_) => id.and_then(Ids::x_in),
            None => id.map(|id| numbers.of(half, id)),
        };
        let whole = || match (mark, original("dataRef")) {
            (Some(_), native) => native.to_owned(),
            (None, "") => escaped(tree.raw(at), Spot::Lines),
            (None, native) => escaped(&format!("{}{native}</{name}>", opened(tree.start_tag(at))), Spot::Lines),
        };
        match name {
            "ph" | "cp" => pieces.single(About { x: x(Half::Single), kind }, &whole()),
            "sc" => {
                let about = About { x: x(Half::Start), kind };
                match node.attr("id").filter(|id| starts.get(id) == Some(&at)).and_then(|id| ended.get(id)) {
                    Some(&end) => _ = pair_of.insert(end, pieces.open(about, &whole())),
                    None => pieces.isolated("begin", about, &whole()),
                }
            }
            "ec" => match pair_of.get(&at) {
                Some(&i) => pieces.close(i, &whole()),
                None => pieces.isolated("end", About { x: x(Half::End), kind }, &whole()),
            },
            "mrk" => {
                let kind = node.attr("type");
                pieces.highlight(kind.map(|k| k.strip_prefix(TMX_MARK).unwrap_or(k)).filter(|k| *k != NO_TYPE));
                open.push((node.end, Closing::Highlight));
            }
            "sm" | "em" => {}
            _ if node.content.is_empty() && node.content.end == node.span.end && name != "pc" => {
                pieces.single(About { x: x(Half::Single), kind }, &whole());
            }
            // <pc>, and elements that XLIFF does not know: their text is text.
            _ => {
                let start =
                    escaped(&format!("{}{}", opened(tree.start_tag(at)), original("dataRefStart")), Spot::Lines);
                let i = pieces.open(About { x: x(Half::Start), kind }, &start);
                let end = escaped(&format!("{}</{name}>", original("dataRefEnd")), Spot::Lines);
                open.push((node.end, Closing::Pair(i, end)));
            }
        }
    }
    close_until(&mut open, range.end, &mut pieces);
    pieces.finish()
}

fn close_until(open: &mut Vec<(usize, Closing)>, at: usize, pieces: &mut Pieces) {
    while let Some((_, closing)) = open.pop_if(|(end, _)| *end <= at) {
        match closing {
            Closing::Pair(i, raw) => pieces.close(i, &raw),
            Closing::Highlight => pieces.end_highlight(),
        }
    }
}

/// An empty-element tag as a start tag.
fn opened(tag: &str) -> String {
    match tag.strip_suffix("/>") {
        Some(inside) => format!("{}>", inside.trim_end()),
        None => tag.to_owned(),
    }
}

/// Everything before the first unit. The directions are written out: a reader need not guess them from the first letter.
pub(super) fn head(source: &LangTag, target: &LangTag) -> String {
    let dir = |tag: &LangTag| tag.lang().map_or("auto", Lang::dir);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xliff version=\"2.0\" xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" \
         xmlns:mda=\"urn:oasis:names:tc:xliff:metadata:2.0\" srcLang=\"{}\" trgLang=\"{}\">\n\
         <file id=\"f1\" srcDir=\"{}\" trgDir=\"{}\" xml:space=\"preserve\">\n",
        escaped(&xml_tag(source), Spot::Attribute),
        escaped(&xml_tag(target), Spot::Attribute),
        dir(source),
        dir(target),
    )
}

/// Everything behind the last unit.
pub(super) const TAIL: &str = "</file>\n</xliff>\n";

/// The values of `state` (§4.3.1.26).
const STATES: [&str; 4] = ["initial", "translated", "reviewed", "final"];

/// Whether `id` may be an id (NMTOKEN; every letter beyond ASCII is kept out, which is stricter than XML).
fn is_token(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// Appends a `<unit>` for each pair of the unit; returns how many characters that XML forbids were left out of props and notes (in segments they are `<cp>`).
pub(super) fn push(out: &mut String, unit: &Unit, source: Lang, ids: &mut UnitIds) -> u64 {
    let mut removed = 0;
    for (from, to) in pairs(unit, source) {
        let id = ids.of(unit, is_token);
        let mut attrs = format!(" id=\"{id}\"");
        if let Some(name) = unit.prop("x-resname") {
            attrs.push_str(&format!(" name=\"{}\"", escaped(name, Spot::Attribute)));
        }
        if let Some(value @ ("yes" | "no")) = unit.prop("x-translate") {
            attrs.push_str(&format!(" translate=\"{value}\""));
        }
        out.push_str(&format!("<unit{attrs}>\n"));
        let state = unit.prop("x-status").filter(|s| STATES.contains(s));
        let mut metas: Vec<(String, &str)> = Vec::new();
        metas.extend(unit.id().map(|id| (TUID_PROP.to_owned(), id)));
        for meta in &unit.meta {
            match meta.kind.as_deref() {
                None | Some("x-xliff-id" | "x-resname" | "x-translate") => {}
                Some("x-status") if state.is_some() => {}
                Some(kind) => metas.push((prop_type(kind), &meta.text)),
            }
        }
        if !metas.is_empty() {
            out.push_str("<mda:metadata><mda:metaGroup category=\"dhakira\">");
            for (kind, text) in metas {
                out.push_str(&format!("<mda:meta type=\"{}\">", escaped(&kind, Spot::Attribute)));
                removed += xml::push_escaped(out, text, Spot::Lines);
                out.push_str("</mda:meta>");
            }
            out.push_str("</mda:metaGroup></mda:metadata>\n");
        }
        let mut notes = unit.meta.iter().filter(|m| m.kind.is_none()).peekable();
        if notes.peek().is_some() {
            out.push_str("<notes>");
            for note in notes {
                out.push_str("<note>");
                removed += xml::push_escaped(out, &note.text, Spot::Lines);
                out.push_str("</note>");
            }
            out.push_str("</notes>\n");
        }
        let (source_xml, target_xml, data) = native(&from.seg, &to.seg).unwrap_or_else(|| {
            let mut data = Data::default();
            (plain(&from.seg, &mut data), plain(&to.seg, &mut data), data)
        });
        if !data.list.is_empty() {
            out.push_str("<originalData>");
            for (id, native) in &data.list {
                out.push_str(&format!("<data id=\"{id}\">{native}</data>"));
            }
            out.push_str("</originalData>\n");
        }
        let state = state.map(|s| format!(" state=\"{s}\"")).unwrap_or_default();
        out.push_str(&format!(
            "<segment{state}>\n<source>{source_xml}</source>\n<target>{target_xml}</target>\n</segment>\n</unit>\n"
        ));
    }
    removed
}

/// The native codes of a unit, each once: id, and the code escaped.
#[derive(Debug, Default)]
struct Data {
    list: Vec<(String, String)>,
    /// Code → id in a new list, id → code in one that is kept.
    known: HashMap<String, String>,
}

impl Data {
    /// The attribute that refers to this code, which is escaped already; nothing for none.
    fn reference(&mut self, attr: &str, native: &str) -> String {
        if native.is_empty() {
            return String::new();
        }
        let next = format!("d{}", self.list.len() + 1);
        let id = self.known.entry(native.to_owned()).or_insert_with(|| {
            self.list.push((next.clone(), native.to_owned()));
            next
        });
        format!(" {attr}=\"{id}\"")
    }

    /// Keeps a code under the id that it had; false if another has it.
    fn keep(&mut self, id: &str, native: &str) -> bool {
        if let Some(known) = self.known.get(id) {
            return known == native;
        }
        self.known.insert(id.to_owned(), native.to_owned());
        self.list.push((id.to_owned(), native.to_owned()));
        true
    }
}

/// Appends text; a character that XML forbids is a `<cp>` (§4.2.3.1), which was made for that.
fn push_text(out: &mut String, text: &str) {
    for part in text.split_inclusive(|c| !xml::is_char(c)) {
        let bad = part.chars().next_back().filter(|&c| !xml::is_char(c));
        let good = &part[..part.len() - bad.map_or(0, char::len_utf8)];
        xml::push_escaped(out, good, Spot::Lines);
        if let Some(bad) = bad {
            out.push_str(&format!("<cp hex=\"{:04X}\"/>", bad as u32));
        }
    }
}

/// A segment whose codes are `ph`, `sc` and `ec` with the native code as original data.
fn plain(seg: &Seg, data: &mut Data) -> String {
    let mut out = String::new();
    let paired = inline::paired_highlights(seg);
    let mut ids = Ids::default();
    let mut open_ids: HashMap<usize, String> = HashMap::new();
    let mut marks = 0;
    for (at, (piece, code)) in seg.pieces.iter().zip(inline::codes(seg)).enumerate() {
        match (piece, code) {
            (Piece::Text(text), _) => push_text(&mut out, text),
            (Piece::Highlight(markup), _) if paired[at] => {
                if markup.starts_with("</") {
                    out.push_str("</mrk>");
                    continue;
                }
                marks += 1;
                let kind = inline::highlight_type(markup).ok().flatten();
                let kind = match kind.as_deref() {
                    Some(kind @ ("term" | "generic" | "comment")) => kind.to_owned(),
                    kind => user_type(kind),
                };
                out.push_str(&format!("<mrk id=\"m{marks}\" type=\"{kind}\">"));
            }
            (Piece::Code(_), Some(code)) => {
                let kind = format!(" type=\"other\" subType=\"{}\"", user_type(code.kind.as_deref()));
                let reference = data.reference("dataRef", &escaped(&code.native, Spot::Lines));
                let (name, own) = match code.role {
                    Role::Close(pair) => {
                        ("ec", format!(" startRef=\"{}\"", open_ids.get(&pair).map_or("", String::as_str)))
                    }
                    role => {
                        let id = ids.of(&code);
                        let own = format!(" id=\"{id}\"");
                        match role {
                            Role::Open(pair) => {
                                open_ids.insert(pair, id);
                                ("sc", own)
                            }
                            Role::LoneOpen => ("sc", own + " isolated=\"yes\""),
                            Role::LoneClose => ("ec", own + " isolated=\"yes\""),
                            _ => ("ph", own),
                        }
                    }
                };
                out.push_str(&format!("<{name}{own}{reference}{kind}/>"));
            }
            _ => {}
        }
    }
    out
}

/// A type of TMX as XLIFF allows types of one's own: a prefix, a colon, no further colon and no white space.
fn user_type(kind: Option<&str>) -> String {
    let kind =
        kind.filter(|k| !k.is_empty() && !k.contains(|c: char| c == ':' || c.is_whitespace())).unwrap_or(NO_TYPE);
    format!("{TMX_MARK}{}", escaped(kind, Spot::Attribute))
}

/// Source and target with the XLIFF markup that their codes were read from put back in its place, native codes back in
/// the original data; `None` where there is none, where it is not this version's, or where it would not be read as the
/// same codes again.
fn native(source: &Seg, target: &Seg) -> Option<(String, String, Data)> {
    let has_codes = [source, target].iter().any(|s| s.pieces.iter().any(|p| matches!(p, Piece::Code(_))));
    if !has_codes {
        return None;
    }
    let mut data = Data::default();
    let source_xml = restored(source, &mut data)?;
    let target_xml = restored(target, &mut data)?;
    let originals: Originals = data.list.iter().map(|(id, native)| (id.as_str(), native.as_str())).collect();
    let mut numbers = Numbers::default();
    let mut reads = |xml: &str, seg: &Seg| {
        let whole = format!("<source>{xml}</source>");
        let tree = Tree::parse(&whole, "").ok();
        tree.is_some_and(|tree| {
            // Attributes with a prefix would need their namespace.
            let known = |name: &str| matches!(name, "ph" | "pc" | "sc" | "ec" | "cp" | "mrk");
            let valid = tree.nodes[1..]
                .iter()
                .all(|n| n.name.is_none_or(known) && n.attrs.iter().all(|(a, _)| !a.contains(':')));
            valid && self::seg(&tree, 0, &originals, &mut numbers) == *seg
        })
    };
    (reads(&source_xml, source) && reads(&target_xml, target)).then_some((source_xml, target_xml, data))
}

/// A segment with the markup that its codes hold.
fn restored(seg: &Seg, data: &mut Data) -> Option<String> {
    let mut out = String::new();
    let mut marks = 0;
    // Which `dataRefEnd` the open <pc> has.
    let mut ends: Vec<Option<String>> = Vec::new();
    for (piece, code) in seg.pieces.iter().zip(inline::codes(seg)) {
        let native = match (piece, code) {
            (Piece::Text(text), _) if text.chars().all(xml::is_char) => {
                push_text(&mut out, text);
                continue;
            }
            (Piece::Highlight(markup), _) if markup.starts_with("</") => {
                out.push_str("</mrk>");
                continue;
            }
            (Piece::Highlight(markup), _) => {
                marks += 1;
                let kind =
                    inline::highlight_type(markup).ok()?.map(|k| format!(" type=\"{}\"", escaped(&k, Spot::Attribute)));
                out.push_str(&format!("<mrk id=\"m{marks}\"{}>", kind.unwrap_or_default()));
                continue;
            }
            (Piece::Code(_), Some(code)) => code.native,
            _ => return None,
        };
        if let Some(end_data) = native.strip_suffix("</pc>").filter(|n| !n.starts_with("<pc")) {
            match ends.pop()? {
                Some(id) if !data.keep(&id, end_data) => return None,
                None if !end_data.is_empty() => return None,
                _ => {}
            }
            out.push_str("</pc>");
            continue;
        }
        let len = first_tag(&native, &["ph", "pc", "sc", "ec", "cp"])?;
        let (tag, behind) = native.split_at(len);
        let name = &tag[1..3];
        let attrs = xml::tag_attributes(tag, 2).ok()?;
        let value = |attr: &str| attrs.iter().find(|(n, _)| *n == attr).map(|(_, v)| v.as_ref());
        if name == "pc" {
            ends.push(value("dataRefEnd").map(str::to_owned));
            if value("dataRefStart").map_or(!behind.is_empty(), |id| !data.keep(id, behind)) {
                return None;
            }
            out.push_str(tag);
        } else if tag.ends_with("/>") {
            if !behind.is_empty() {
                return None;
            }
            out.push_str(tag);
        } else {
            let inner = behind.strip_suffix(&format!("</{name}>"))?;
            if value("dataRef").map_or(!inner.is_empty(), |id| !data.keep(id, inner)) {
                return None;
            }
            out.push_str(&format!("{}/>", &tag[..tag.len() - 1]));
        }
    }
    Some(out)
}
