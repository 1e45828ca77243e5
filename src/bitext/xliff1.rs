//! XLIFF 1.2: what a `<trans-unit>` holds, and how one is written.
//!
//! Source: XLIFF 1.2, OASIS Standard, 1 February 2008 (`urn:oasis:names:tc:xliff:document:1.2`), §2 and §4; 1.0 and 1.1
//! differ in nothing that is read here.

use std::collections::{HashMap, HashSet};

use super::inline::{self, About, Ids, Numbers, Pieces, Role, Side as Half, TMX_MARK};
use super::markup::first_tag;
use super::sides::{pairs, xml_tag};
use super::tree::Tree;
use super::xliff_file::{File, Found, Side, prop_type, shared};
use super::xliff_id::{TUID_PROP, UnitIds};
use crate::lang::{Lang, LangTag};
use crate::unit::{Meta, Piece, Seg, Unit};
use crate::xml::{self, At, Spot, escaped};

/// States that say that the target is no translation yet (§2.5.9, `state`).
const UNTRANSLATED: [&str; 2] = ["new", "needs-translation"];

/// Reads a `<trans-unit>`.
///
/// Where source and target are divided by `<mrk mtype="seg">` and each division of the target has its `mid` in the source,
/// each pair is a unit; otherwise the whole is one.
pub(super) fn read(tree: &Tree, file: &File) -> At<Found> {
    let mut found = Found::default();
    let Some(source) = tree.child(0, "source") else {
        return Err((0, "a <trans-unit> without a <source>".to_owned()));
    };
    let Some(target) = tree.child(0, "target") else {
        found.untranslated = 1;
        return Ok(found);
    };
    let unit = &tree.nodes[0];
    let state = tree.nodes[target].attr("state");
    let mut meta = Vec::new();
    for (attr, prop) in
        [("id", "x-xliff-id"), ("resname", "x-resname"), ("approved", "x-approved"), ("translate", "x-translate")]
    {
        if let Some(value) = unit.attr(attr) {
            meta.push(Meta::prop(prop, value));
        }
    }
    // memoQ and Phrase keep their state on the unit, in their own namespaces.
    let status = state.or_else(|| unit.attr("mq:status"));
    if let Some(status) = status {
        meta.push(Meta::prop("x-status", status));
    }
    let qualifier = tree.nodes[target].attr("state-qualifier");
    if let Some(qualifier) = qualifier {
        meta.push(Meta::prop("x-state-qualifier", qualifier));
    }
    notes(tree, &mut meta);
    let fuzzy = qualifier == Some("fuzzy-match") && state.is_some_and(|s| s.starts_with("needs-"));
    let untranslated = state.is_some_and(|s| UNTRANSLATED.contains(&s));
    let segmented = tree.child(0, "seg-source").unwrap_or(source);
    let pairs = match (divisions(tree, segmented), divisions(tree, target)) {
        (Some(source), Some(target)) if is_part_of(&target, &source) => {
            let mut of: HashMap<&str, usize> = target.into_iter().collect();
            source.into_iter().map(|(mid, at)| (Some(mid), at, of.remove(mid))).collect()
        }
        _ => vec![(None, source, Some(target))],
    };
    let shared = shared(&meta, pairs.len());
    let status_of = sdl_states(tree);
    let langs = (tree.nodes[source].attr("xml:lang"), tree.nodes[target].attr("xml:lang"));
    for (mid, source, target) in pairs {
        let mut numbers = Numbers::default();
        let source_seg = seg(tree, source, &mut numbers);
        let target_seg = target.map(|at| seg(tree, at, &mut numbers)).unwrap_or_default();
        if untranslated || source_seg.is_blank() || target_seg.is_blank() {
            found.untranslated += 1;
        } else if fuzzy && !file.fuzzy {
            found.fuzzy += 1;
        } else {
            let mut meta = if found.units.is_empty() { meta.clone() } else { shared.to_vec() };
            if let Some(mid) = mid {
                meta.push(Meta::prop("x-xliff-mid", mid));
                meta.extend(status_of.get(mid).into_iter().flatten().cloned());
            }
            let sides = (Side { lang: langs.0, seg: source_seg }, Side { lang: langs.1, seg: target_seg });
            let unit = file.unit(sides.0, sides.1, meta).map_err(|reason| (0, reason))?;
            // The whole begins with its tag, a division of it with its own.
            found.units.push((if mid.is_some() { tree.nodes[source].span.start } else { 0 }, unit));
        }
    }
    Ok(found)
}

/// Notes, and contexts as props, in their order.
fn notes(tree: &Tree, meta: &mut Vec<Meta>) {
    for child in tree.children(0) {
        match tree.nodes[child].name {
            Some("note") => meta.extend(Some(tree.text_in(child)).filter(|t| !t.trim().is_empty()).map(Meta::note)),
            Some("context-group") => {
                for context in tree.children(child).filter(|&at| tree.nodes[at].name == Some("context")) {
                    let kind = tree.nodes[context].attr("context-type").unwrap_or("context");
                    meta.push(Meta::prop(prop_type(kind), tree.text_in(context)));
                }
            }
            _ => {}
        }
    }
}

/// What Trados says of each segment in `<sdl:seg-defs>`, by `mid`.
fn sdl_states<'t>(tree: &'t Tree) -> HashMap<&'t str, Vec<Meta>> {
    let mut states = HashMap::new();
    let Some(list) = tree.child(0, "sdl:seg-defs") else { return states };
    for at in tree.children(list).filter(|&at| tree.nodes[at].name == Some("sdl:seg")) {
        let node = &tree.nodes[at];
        let props = [("conf", "x-status"), ("origin", "x-origin"), ("percent", "x-percent")];
        let props = props.into_iter().filter_map(|(attr, prop)| node.attr(attr).map(|v| Meta::prop(prop, v)));
        if let Some(id) = node.attr("id") {
            states.insert(id, props.collect());
        }
    }
    states
}

/// The divisions `<mrk mtype="seg" mid="…">` in node `of` in their order; `None` without any, and where a `mid` is missing
/// or stands twice.
pub(crate) fn divisions<'t>(tree: &'t Tree, of: usize) -> Option<Vec<(&'t str, usize)>> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut at = of + 1;
    while at < tree.nodes[of].end {
        let node = &tree.nodes[at];
        at += 1;
        if node.name == Some("mrk") && node.attr("mtype") == Some("seg") {
            let mid = node.attr("mid")?;
            if !seen.insert(mid) {
                return None;
            }
            found.push((mid, at - 1));
            // A division in a division is not one: its text would stand twice.
            at = node.end;
        }
    }
    (!found.is_empty()).then_some(found)
}

/// Whether each of `divisions` has its `mid` among `others`.
fn is_part_of(divisions: &[(&str, usize)], others: &[(&str, usize)]) -> bool {
    let others: HashSet<&str> = others.iter().map(|(mid, _)| *mid).collect();
    divisions.iter().all(|(mid, _)| others.contains(mid))
}

/// What is done where an element ends.
enum Closing<'t> {
    /// The end of pair `i`, with this markup.
    Pair(usize, &'t str),
    Highlight,
}

/// The content of node `of` as a segment.
///
/// A code's content is the XLIFF markup that stood there, so that nothing is lost; a code that [`TMX_MARK`] marks came
/// from TMX and becomes what it was. Markers are highlights, divisions nothing, text that Trados tracks as deleted is
/// left out.
pub(crate) fn seg(tree: &Tree, of: usize, numbers: &mut Numbers) -> Seg {
    let range = of + 1..tree.nodes[of].end;
    let halves = halves(tree, range.clone());
    let mut pair_of: HashMap<usize, usize> = HashMap::new();
    let mut pieces = Pieces::default();
    let mut open: Vec<(usize, Closing)> = Vec::new();
    let mut at = range.start;
    while at < range.end {
        close_until(&mut open, at, &mut pieces);
        let node = &tree.nodes[at];
        let Some(name) = node.name else {
            pieces.text(&node.text);
            at += 1;
            continue;
        };
        let (marked, kind) = kind_in(node.attr("ctype"));
        let id = node.attr("rid").or(node.attr("id"));
        let x = |half: Half, numbers: &mut Numbers| match marked {
            true => node.attr("id").and_then(Ids::x_in),
            false => id.map(|id| numbers.of(half, id)),
        };
        let whole = || if marked { tree.raw_content(at).to_owned() } else { escaped(tree.raw(at), Spot::Lines) };
        let mut skip = false;
        match name {
            "mrk" if node.attr("mtype") == Some("x-sdl-deleted") => skip = true,
            "mrk" if node.attr("mtype") == Some("seg") => {}
            "mrk" => {
                pieces.highlight(kind_in(node.attr("mtype")).1);
                open.push((node.end, Closing::Highlight));
            }
            "sub" => {}
            "bx" | "bpt" if halves.contains_key(&at) => {
                let about = About { x: x(Half::Start, numbers), kind };
                pair_of.insert(halves[&at], pieces.open(about, &whole()));
                skip = true;
            }
            "ex" | "ept" if pair_of.contains_key(&at) => {
                let marked = halves.get(&at).is_some_and(|&start| kind_in(tree.nodes[start].attr("ctype")).0);
                let raw = if marked { tree.raw_content(at).to_owned() } else { escaped(tree.raw(at), Spot::Lines) };
                pieces.close(pair_of[&at], &raw);
                skip = true;
            }
            "bx" | "bpt" | "ex" | "ept" | "it" => {
                let begins = matches!(name, "bx" | "bpt") || node.attr("pos") == Some("open");
                let (pos, half) = if begins { ("begin", Half::Start) } else { ("end", Half::End) };
                pieces.isolated(pos, About { x: x(half, numbers), kind }, &whole());
                skip = true;
            }
            "x" | "ph" => {
                pieces.single(About { x: x(Half::Single, numbers), kind }, &whole());
                skip = true;
            }
            // <g>, and elements that XLIFF does not know: their text is text.
            _ if node.content.is_empty() && node.content.end == node.span.end => {
                pieces.single(About { x: x(Half::Single, numbers), kind }, &escaped(tree.raw(at), Spot::Lines));
            }
            _ => {
                let i =
                    pieces.open(About { x: x(Half::Start, numbers), kind }, &escaped(tree.start_tag(at), Spot::Lines));
                open.push((node.end, Closing::Pair(i, &tree.source[node.content.end..node.span.end])));
            }
        }
        at = if skip { node.end } else { at + 1 };
    }
    close_until(&mut open, range.end, &mut pieces);
    pieces.finish()
}

fn close_until(open: &mut Vec<(usize, Closing)>, at: usize, pieces: &mut Pieces) {
    while let Some((_, closing)) = open.pop_if(|(end, _)| *end <= at) {
        match closing {
            Closing::Pair(i, tag) => pieces.close(i, &escaped(tag, Spot::Lines)),
            Closing::Highlight => pieces.end_highlight(),
        }
    }
}

/// Whether a `ctype` or `mtype` marks what came from TMX, and the type without the mark.
fn kind_in(attr: Option<&str>) -> (bool, Option<&str>) {
    match attr.and_then(|kind| kind.strip_prefix(TMX_MARK)) {
        Some("") => (true, None),
        Some(kind) if kind.starts_with('-') => (true, Some(&kind[1..])),
        _ => (false, attr),
    }
}

/// For each `bx`/`bpt` and `ex`/`ept` that has its other half in the range: where that stands. Halves belong together by
/// `rid`, or by `id` where there is none.
fn halves(tree: &Tree, range: std::ops::Range<usize>) -> HashMap<usize, usize> {
    let mut waiting: HashMap<(bool, &str), Vec<usize>> = HashMap::new();
    let mut found = HashMap::new();
    for at in range {
        let node = &tree.nodes[at];
        let (native, start) = match node.name {
            Some("bpt") => (true, true),
            Some("ept") => (true, false),
            Some("bx") => (false, true),
            Some("ex") => (false, false),
            _ => continue,
        };
        let Some(id) = node.attr("rid").or(node.attr("id")) else { continue };
        let list = waiting.entry((native, id)).or_default();
        if start {
            list.push(at);
        } else if let Some(open) = list.pop() {
            found.insert(open, at);
            found.insert(at, open);
        }
    }
    found
}

/// Everything before the first unit. `original` is empty: units of a memory come from many documents.
pub(super) fn head(source: &LangTag, target: &LangTag) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\">\n\
         <file original=\"\" source-language=\"{}\" target-language=\"{}\" datatype=\"plaintext\" xml:space=\"preserve\">\n\
         <body>\n",
        escaped(&xml_tag(source), Spot::Attribute),
        escaped(&xml_tag(target), Spot::Attribute),
    )
}

/// Everything behind the last unit.
pub(super) const TAIL: &str = "</body>\n</file>\n</xliff>\n";

/// The values of `state` (§2.5.9).
const STATES: [&str; 10] = [
    "final",
    "needs-adaptation",
    "needs-l10n",
    "needs-review-adaptation",
    "needs-review-l10n",
    "needs-review-translation",
    "needs-translation",
    "new",
    "signed-off",
    "translated",
];

/// Appends a `<trans-unit>` for each pair of the unit; returns how many characters that XML forbids were left out.
pub(super) fn push(out: &mut String, unit: &Unit, source: Lang, tags: (&LangTag, &LangTag), ids: &mut UnitIds) -> u64 {
    let mut removed = 0;
    for (from, to) in pairs(unit, source) {
        let mut metas: Vec<(String, &str)> = Vec::new();
        metas.extend(unit.id().map(|id| (TUID_PROP.to_owned(), id)));
        let id = ids.of(unit, |_| true);
        out.push_str(&format!("<trans-unit id=\"{}\"", escaped(&id, Spot::Attribute)));
        for (prop, attr) in [("x-resname", "resname"), ("x-approved", "approved"), ("x-translate", "translate")] {
            if let Some(value) = unit.prop(prop).filter(|v| attr == "resname" || matches!(*v, "yes" | "no")) {
                out.push_str(&format!(" {attr}=\"{}\"", escaped(value, Spot::Attribute)));
            }
        }
        let state = unit.prop("x-status").filter(|s| STATES.contains(s));
        for meta in &unit.meta {
            match meta.kind.as_deref() {
                None | Some("x-xliff-id" | "x-resname" | "x-approved" | "x-translate") => {}
                Some("x-status") if state.is_some() => {}
                Some(kind) => metas.push((prop_type(kind), &meta.text)),
            }
        }
        let state = state.map(|s| format!(" state=\"{s}\"")).unwrap_or_default();
        out.push_str(" xml:space=\"preserve\">\n");
        let (source_xml, target_xml) = native(&from.seg, &to.seg).unwrap_or_else(|| (plain(&from.seg), plain(&to.seg)));
        let lang = |own: &LangTag, file: &LangTag| match own == file {
            true => String::new(),
            false => format!(" xml:lang=\"{}\"", escaped(&xml_tag(own), Spot::Attribute)),
        };
        for (name, tag, file, state, (xml, lost)) in
            [("source", &from.tag, tags.0, "", source_xml), ("target", &to.tag, tags.1, state.as_str(), target_xml)]
        {
            out.push_str(&format!("<{name}{state}{}>{xml}</{name}>\n", lang(tag, file)));
            removed += lost;
        }
        for note in unit.meta.iter().filter(|m| m.kind.is_none()) {
            out.push_str("<note>");
            removed += xml::push_escaped(out, &note.text, Spot::Lines);
            out.push_str("</note>\n");
        }
        let contexts: Vec<_> = metas.into_iter().filter(|(kind, _)| !kind.contains(char::is_whitespace)).collect();
        if !contexts.is_empty() {
            out.push_str("<context-group purpose=\"information\">");
            for (kind, text) in contexts {
                out.push_str(&format!("<context context-type=\"{}\">", escaped(&kind, Spot::Attribute)));
                removed += xml::push_escaped(out, text, Spot::Lines);
                out.push_str("</context>");
            }
            out.push_str("</context-group>\n");
        }
        out.push_str("</trans-unit>\n");
    }
    removed
}

/// A segment whose codes are `ph`, `bpt`, `ept` and `it` with the native code as content.
fn plain(seg: &Seg) -> (String, u64) {
    let mut out = String::new();
    let mut removed = 0;
    let paired = inline::paired_highlights(seg);
    let mut ids = Ids::default();
    let mut open_ids: HashMap<usize, String> = HashMap::new();
    for (at, (piece, code)) in seg.pieces.iter().zip(inline::codes(seg)).enumerate() {
        match (piece, code) {
            (Piece::Text(text), _) => removed += xml::push_escaped(&mut out, text, Spot::Lines),
            (Piece::Highlight(markup), _) if paired[at] => out.push_str(&highlight(markup)),
            (Piece::Code(_), Some(code)) => {
                let id = match code.role {
                    Role::Close(pair) => open_ids.get(&pair).cloned().unwrap_or_default(),
                    _ => ids.of(&code),
                };
                let kind = code.kind.as_deref().filter(|k| !k.is_empty() && !k.contains(char::is_whitespace));
                let ctype = match kind {
                    Some(kind) => format!(" ctype=\"{TMX_MARK}-{}\"", escaped(kind, Spot::Attribute)),
                    None => format!(" ctype=\"{TMX_MARK}\""),
                };
                let (name, more) = match code.role {
                    Role::Single => ("ph", ctype),
                    Role::Open(pair) => ("bpt", format!(" rid=\"{pair}\"{ctype}")),
                    Role::Close(pair) => ("ept", format!(" rid=\"{pair}\"")),
                    Role::LoneOpen => ("it", format!(" pos=\"open\"{ctype}")),
                    Role::LoneClose => ("it", format!(" pos=\"close\"{ctype}")),
                };
                if let Role::Open(pair) = code.role {
                    open_ids.insert(pair, id.clone());
                }
                out.push_str(&format!("<{name} id=\"{id}\"{more}>"));
                removed += xml::push_escaped(&mut out, &code.native, Spot::Lines);
                out.push_str(&format!("</{name}>"));
            }
            _ => {}
        }
    }
    (out, removed)
}

/// The tag of a marker for one of a highlight. Types that XLIFF does not know, and those that would be read as divisions or
/// deleted text, are marked as TMX's.
fn highlight(markup: &str) -> String {
    if markup.starts_with("</") {
        return "</mrk>".to_owned();
    }
    let known = |k: &str| ["abbreviation", "acronym", "datetime", "name", "phrase", "protected", "term"].contains(&k);
    let own = |k: &str| k.starts_with("x-") && k != "x-sdl-deleted" && !k.starts_with(TMX_MARK);
    let mtype = match inline::highlight_type(markup)
        .ok()
        .flatten()
        .filter(|k| !k.is_empty() && !k.contains(char::is_whitespace))
    {
        None => TMX_MARK.to_owned(),
        Some(kind) if known(&kind) || own(&kind) => kind,
        Some(kind) => format!("{TMX_MARK}-{kind}"),
    };
    format!("<mrk mtype=\"{}\">", escaped(&mtype, Spot::Attribute))
}

/// Inline elements and the attributes that they may carry, `id` aside, which all must (§2.4; `pos` of `it` too).
const INLINE: [(&str, &[&str]); 8] = [
    ("g", &["ctype", "clone", "xid", "equiv-text"]),
    ("x", &["ctype", "clone", "xid", "equiv-text"]),
    ("bx", &["rid", "ctype", "clone", "xid", "equiv-text"]),
    ("ex", &["rid", "xid", "equiv-text"]),
    ("bpt", &["rid", "ctype", "crc", "xid", "equiv-text"]),
    ("ept", &["rid", "crc", "xid", "equiv-text"]),
    ("ph", &["ctype", "crc", "assoc", "xid", "equiv-text"]),
    ("it", &["pos", "rid", "ctype", "crc", "xid", "equiv-text"]),
];

/// Source and target with the XLIFF markup that their codes were read from put back in its place; `None` where there is
/// none, where it is not this version's, or where it would not be read as the same codes again.
fn native(source: &Seg, target: &Seg) -> Option<((String, u64), (String, u64))> {
    let names = INLINE.map(|(name, _)| name);
    let mut numbers = Numbers::default();
    let mut restored = |seg: &Seg| {
        let mut out = String::new();
        let mut removed = 0;
        for (piece, code) in seg.pieces.iter().zip(inline::codes(seg)) {
            match (piece, code) {
                (Piece::Text(text), _) => removed += xml::push_escaped(&mut out, text, Spot::Lines),
                (Piece::Highlight(markup), _) => out.push_str(&highlight(markup)),
                (Piece::Code(_), code) => {
                    let native = code?.native;
                    first_tag(&native, &names)?;
                    out.push_str(&native);
                }
            }
        }
        let whole = format!("<source>{out}</source>");
        let tree = Tree::parse(&whole, "").ok()?;
        let valid = tree.nodes[1..].iter().all(|node| match node.name {
            None | Some("mrk") => true,
            Some(name) => INLINE.iter().find(|(n, _)| *n == name).is_some_and(|(_, allowed)| {
                let known = |n: &str| n == "id" || allowed.contains(&n);
                node.attr("id").is_some() && node.attrs.iter().all(|(n, _)| known(n))
            }),
        });
        (valid && removed == 0 && self::seg(&tree, 0, &mut numbers) == *seg).then_some((out, 0))
    };
    let has_codes = [source, target].iter().any(|s| s.pieces.iter().any(|p| matches!(p, Piece::Code(_))));
    if !has_codes {
        return None;
    }
    Some((restored(source)?, restored(target)?))
}
