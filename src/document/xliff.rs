//! XLIFF 1.x and 2.x as a document: units in order, targets put in, proposals beside them.
//!
//! Sources: XLIFF 1.2, OASIS Standard, 1 February 2008, §2.5 and §3.2.2.7 (`alt-trans`); XLIFF 2.0, OASIS Standard, 5 August
//! 2014, §4.3 and §5.1 (Translation Candidates module). A target says what it is: `state` (and in 1.2 `state-qualifier`).

use super::edit::{Edit, with_attribute};
use super::encoded::Encoded;
use super::fill::{Fill, Proposal, rendered};
use super::segment::{Segment, State};
use crate::bitext::inline::Numbers;
use crate::bitext::tree::Tree;
use crate::bitext::{xliff1, xliff2};
use crate::error::Error;
use crate::lang::{Lang, LangTag};
use crate::unit::{Piece, Seg};
use crate::xml::{self, Spot, escaped};
use std::collections::HashMap;
use std::ops::Range;

/// What is known of the file besides its segments.
#[derive(Debug, Clone)]
pub(super) struct Body {
    /// The prefix of XLIFF's own names (`xlf:`), mostly none.
    prefix: String,
    units: Vec<Unit>,
    /// Tags that need an attribute once anything is filled: the tag, the attribute, its value.
    heads: Vec<(Range<usize>, &'static str, String)>,
}

/// A unit that has segments.
#[derive(Debug, Clone)]
struct Unit {
    /// Its segments, by their numbers.
    segments: Range<usize>,
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    First {
        /// The target element, if there is one.
        target: Option<Element>,
        /// Where a target goes.
        behind: usize,
        /// The line break and white space in front of a new element.
        indent: String,
        /// The text that the divisions of the target stand in, with their ids; `None` for a unit in one piece.
        divided: Option<(String, Vec<Division>)>,
    },
    Second {
        /// Where proposals go, and whether an element for them is there.
        proposals: (usize, Option<String>),
        indent: String,
        /// For each segment its start tag, its target, where one goes, and what is put in front of it.
        segments: Vec<(Range<usize>, Option<Element>, usize, String)>,
    },
}

/// A division of a target: its `mid`, the bytes of its content in the text around it, and whether it is an empty-element tag.
#[derive(Debug, Clone)]
struct Division {
    mid: String,
    content: Range<usize>,
    old: String,
}

#[derive(Debug, Clone)]
struct Element {
    span: Range<usize>,
    /// Its start tag, as one that is not empty.
    tag: String,
}

/// States that say that the target is no translation yet.
const UNTRANSLATED: [&str; 2] = ["new", "needs-translation"];

/// Reads the text of an XLIFF file.
pub(super) fn read(file: &Encoded, from: Option<Lang>) -> Result<(Vec<Segment>, Lang, Body), Error> {
    let text = &file.text;
    let (root, prefix) = root(text).ok_or_else(|| file.error_at(0, "no <xliff> element in it".to_owned()))?;
    let base = root.start;
    let tree = Tree::parse(&text[root], &prefix).map_err(|(at, reason)| file.error_at(base + at, reason))?;
    let top = &tree.nodes[0];
    let second = top.attr("version").is_some_and(|v| v.starts_with('2'));
    let mut reader = Reader {
        file,
        tree: &tree,
        base,
        from,
        second,
        langs: None,
        heads: Vec::new(),
        segments: Vec::new(),
        units: Vec::new(),
    };
    if second {
        reader.languages(0, top.attr("srcLang"), top.attr("trgLang"))?;
    }
    let mut at = 1;
    while at < tree.nodes.len() {
        let node = &tree.nodes[at];
        let next = match node.name {
            Some("file") if !second => {
                reader.languages(at, node.attr("source-language"), node.attr("target-language"))?;
                at + 1
            }
            Some("file") => {
                reader.direction(at);
                at + 1
            }
            Some("group" | "trans-unit" | "unit") if node.attr("translate") == Some("no") => node.end,
            Some("trans-unit") if !second => {
                reader.first(at)?;
                node.end
            }
            Some("unit") if second => {
                reader.second(at)?;
                node.end
            }
            Some("header" | "bin-unit" | "skeleton") => node.end,
            _ => at + 1,
        };
        at = next;
    }
    let Some((source, _)) = reader.langs else {
        return Err(file.error_at(base, "an XLIFF file without a <file>".to_owned()));
    };
    let body = Body { prefix, units: reader.units, heads: reader.heads };
    Ok((reader.segments, source, body))
}

/// Where the root element stands, and the prefix of its name.
fn root(text: &str) -> Option<(Range<usize>, String)> {
    let mut at = 0;
    loop {
        at += text[at..].find('<')?;
        let rest = &text[at..];
        if rest.starts_with("<!--") {
            at += rest.find("-->")? + 3;
        } else if rest.starts_with("<!") || rest.starts_with("<?") {
            at += 2;
        } else {
            let name = &rest[1..rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'))?];
            let prefix = name.strip_suffix("xliff")?;
            let end = text.rfind('>')? + 1;
            // Comments behind the root are none of it.
            let close = format!("</{name}");
            let end =
                text[at..end].rfind(&close).and_then(|n| Some(at + n + text[at + n..].find('>')? + 1)).unwrap_or(end);
            return Some((at..end, prefix.to_owned()));
        }
    }
}

struct Reader<'a> {
    file: &'a Encoded,
    tree: &'a Tree<'a>,
    base: usize,
    from: Option<Lang>,
    second: bool,
    langs: Option<(Lang, LangTag)>,
    heads: Vec<(Range<usize>, &'static str, String)>,
    segments: Vec<Segment>,
    units: Vec<Unit>,
}

impl Reader<'_> {
    fn wrong<T>(&self, node: usize, reason: String) -> Result<T, Error> {
        Err(self.file.error_at(self.base + self.tree.nodes[node].span.start, reason))
    }

    fn at(&self, range: &Range<usize>) -> Range<usize> {
        self.base + range.start..self.base + range.end
    }

    fn start_tag(&self, node: usize) -> Range<usize> {
        let node = &self.tree.nodes[node];
        self.base + node.span.start..self.base + node.content.start
    }

    /// Takes the languages of the file, or of one of its files.
    fn languages(&mut self, node: usize, source: Option<&str>, target: Option<&str>) -> Result<(), Error> {
        let told = source.map(LangTag::new);
        let source = match &told {
            Some(tag) => tag.lang(),
            None => self.from,
        };
        let named = |tag: Option<&str>| tag.map_or("an unnamed language".to_owned(), |t| format!("{t:?}"));
        let foreign = |this: &Self| {
            let reason = format!(
                "from {} to {}: only Arabic and English are translated, one into the other",
                named(told.as_ref().map(LangTag::as_str)),
                named(target)
            );
            this.wrong(node, reason)
        };
        let Some(source) = source else { return foreign(self) };
        let tag = target.map_or_else(|| LangTag::from(source.other()), LangTag::new);
        if tag.lang() != Some(source.other()) {
            return foreign(self);
        }
        if target.is_none() {
            let name = if self.second { "trgLang" } else { "target-language" };
            self.heads.push((self.start_tag(node), name, tag.as_str().to_owned()));
        }
        match &self.langs {
            Some((first, _)) if *first != source => self.wrong(node, "files in two directions in one XLIFF".to_owned()),
            Some(_) => Ok(()),
            None => {
                self.langs = Some((source, tag));
                Ok(())
            }
        }
    }

    /// The direction of the target, which a reader must else guess (2.0, §4.3.1.34 `trgDir`).
    fn direction(&mut self, node: usize) {
        let target = self.langs.as_ref().and_then(|(_, tag)| tag.lang());
        if target == Some(Lang::Ar) && self.tree.nodes[node].attr("trgDir").is_none() {
            self.heads.push((self.start_tag(node), "trgDir", Lang::Ar.dir().to_owned()));
        }
    }

    /// The white space in front of a node, from the line break on.
    fn indent(&self, node: usize) -> String {
        let before = &self.tree.source[..self.tree.nodes[node].span.start];
        let space = &before[before.trim_end().len()..];
        space.rfind('\n').map_or(String::new(), |n| {
            let n = if space[..n].ends_with('\r') { n - 1 } else { n };
            space[n..].to_owned()
        })
    }

    fn element(&self, node: usize) -> Element {
        let found = &self.tree.nodes[node];
        let tag = self.tree.start_tag(node);
        let tag = tag.strip_suffix("/>").map_or_else(|| tag.to_owned(), |inside| format!("{}>", inside.trim_end()));
        Element { span: self.at(&found.span), tag }
    }

    fn push(
        &mut self,
        node: usize,
        source: Seg,
        raws: Vec<String>,
        target: Option<Seg>,
        state: State,
        id: Option<&str>,
    ) {
        let span = self.at(&self.tree.nodes[node].content);
        let is_same = source.pieces.iter().filter(|p| matches!(p, Piece::Code(_))).count() == raws.len();
        let mut segment = Segment::new(source, raws, span);
        segment.id = id.map(str::to_owned);
        // A target of white space alone is none.
        segment.target = target.filter(|seg| !seg.is_blank());
        segment.state = if segment.target.is_none() { State::Untranslated } else { state };
        segment.fillable = is_same;
        self.segments.push(segment);
    }

    /// A `<trans-unit>`.
    fn first(&mut self, unit: usize) -> Result<(), Error> {
        let tree = self.tree;
        let Some(source) = tree.child(unit, "source") else {
            return self.wrong(unit, "a <trans-unit> without a <source>".to_owned());
        };
        let target = tree.child(unit, "target");
        let seg_source = tree.child(unit, "seg-source");
        let segmented = seg_source.unwrap_or(source);
        let divisions = xliff1::divisions(tree, segmented);
        let attr = |name: &str| target.and_then(|t| tree.nodes[t].attr(name));
        let state = attr("state").or(tree.nodes[unit].attr("mq:status"));
        let state = match state {
            _ if tree.nodes[unit].attr("approved") == Some("yes") => State::Translated,
            Some(state) if UNTRANSLATED.contains(&state) || state == "NotStarted" => State::Untranslated,
            Some(state) if state.starts_with("needs-") => State::Draft,
            _ if attr("state-qualifier") == Some("fuzzy-match") => State::Draft,
            _ => State::Translated,
        };
        let from = self.segments.len();
        let id = tree.nodes[unit].attr("id");
        let seg = |at: usize| xliff1::seg(tree, at, &mut Numbers::default());
        let divided = match divisions {
            Some(list) => {
                let theirs: HashMap<&str, usize> =
                    target.and_then(|t| xliff1::divisions(tree, t)).unwrap_or_default().into_iter().collect();
                let has_all = list.iter().all(|(mid, _)| theirs.contains_key(mid));
                let frame = if has_all { target.unwrap_or(segmented) } else { segmented };
                let start = tree.nodes[frame].content.start;
                let mut parts = Vec::new();
                for (mid, at) in xliff1::divisions(tree, frame).unwrap_or_default() {
                    let content = &tree.nodes[at].content;
                    let old = theirs.get(mid).map_or("", |&at| tree.raw_content(at)).to_owned();
                    parts.push(Division {
                        mid: mid.to_owned(),
                        content: content.start - start..content.end - start,
                        old,
                    });
                }
                for (mid, at) in list {
                    let theirs = theirs.get(mid).map(|&at| seg(at));
                    self.push(at, seg(at), raws(tree, at, false), theirs, state, Some(mid));
                }
                Some((tree.raw_content(frame).to_owned(), parts))
            }
            None => {
                self.push(segmented, seg(segmented), raws(tree, segmented, false), target.map(seg), state, id);
                None
            }
        };
        // A division whose tag is an empty element has no content to fill.
        if let Some((frame, parts)) = &divided
            && parts.iter().any(|p| p.content.is_empty() && !frame[p.content.start..].starts_with("</"))
        {
            self.segments[from..].iter_mut().for_each(|segment| segment.fillable = false);
        }
        let behind = self.base + tree.nodes[seg_source.unwrap_or(source)].span.end;
        let form =
            Form::First { target: target.map(|t| self.element(t)), behind, indent: self.indent(source), divided };
        self.units.push(Unit { segments: from..self.segments.len(), form });
        Ok(())
    }

    /// A `<unit>`.
    fn second(&mut self, unit: usize) -> Result<(), Error> {
        let tree = self.tree;
        let mut data = xliff2::Originals::new();
        if let Some(list) = tree.child(unit, "originalData") {
            let own = tree.children(list).filter(|&at| tree.nodes[at].name == Some("data"));
            data.extend(own.filter_map(|at| Some((tree.nodes[at].attr("id")?, tree.raw_content(at)))));
        }
        let from = self.segments.len();
        let mut segments = Vec::new();
        for segment in tree.children(unit).filter(|&at| tree.nodes[at].name == Some("segment")) {
            let Some(source) = tree.child(segment, "source") else {
                return self.wrong(segment, "a <segment> without a <source>".to_owned());
            };
            let target = tree.child(segment, "target");
            let state = match tree.nodes[segment].attr("state") {
                Some("initial") => State::Draft,
                _ => State::Translated,
            };
            let seg = |at: usize| xliff2::seg(tree, at, &data, &mut Numbers::default());
            let id = tree.nodes[segment].attr("id").or(tree.nodes[unit].attr("id"));
            self.push(source, seg(source), raws(tree, source, true), target.map(seg), state, id);
            let behind = self.base + tree.nodes[source].span.end;
            segments.push((self.start_tag(segment), target.map(|t| self.element(t)), behind, self.indent(source)));
        }
        if segments.is_empty() {
            return self.wrong(unit, "a <unit> without a <segment>".to_owned());
        }
        let old = tree.children(unit).find(|&at| tree.nodes[at].name.is_some_and(|n| n.ends_with(":matches")));
        let proposals = match old.filter(|&at| !tree.nodes[at].content.is_empty()) {
            Some(at) => {
                let prefix = tree.nodes[at].name.and_then(|n| n.strip_suffix("matches")).unwrap_or_default();
                (self.base + tree.nodes[at].content.end, Some(prefix.to_owned()))
            }
            None => (self.base + tree.nodes[unit].content.start, None),
        };
        let child = tree.children(unit).find(|&at| tree.nodes[at].name.is_some()).unwrap_or(unit);
        let form = Form::Second { proposals, indent: self.indent(child), segments };
        self.units.push(Unit { segments: from..self.segments.len(), form });
        Ok(())
    }
}

/// The codes of a source as the file writes them, in the order in which they are read.
fn raws(tree: &Tree, of: usize, second: bool) -> Vec<String> {
    let mut raws = Vec::new();
    let mut open: Vec<(usize, &str)> = Vec::new();
    let end = tree.nodes[of].end;
    let mut at = of + 1;
    while at < end {
        while let Some((_, tag)) = open.pop_if(|(end, _)| *end <= at) {
            raws.push(tag.to_owned());
        }
        let node = &tree.nodes[at];
        let mut skip = false;
        match node.name {
            None => {}
            Some("mrk") if !second && node.attr("mtype") == Some("x-sdl-deleted") => skip = true,
            Some("mrk") => {}
            Some("sub") if !second => {}
            Some("sm" | "em") if second => {}
            Some("ph" | "cp" | "sc" | "ec") if second => raws.push(tree.raw(at).to_owned()),
            Some("bx" | "bpt" | "ex" | "ept" | "it" | "x" | "ph") if !second => {
                raws.push(tree.raw(at).to_owned());
                skip = true;
            }
            Some(name) if node.content.is_empty() && node.content.end == node.span.end && !(second && name == "pc") => {
                raws.push(tree.raw(at).to_owned());
            }
            Some(_) => {
                raws.push(tree.start_tag(at).to_owned());
                open.push((node.end, &tree.source[node.content.end..node.span.end]));
            }
        }
        at = if skip { node.end } else { at + 1 };
    }
    while let Some((_, tag)) = open.pop() {
        raws.push(tag.to_owned());
    }
    raws
}

/// The edits that put these fills in; the fills by the number of their segment.
pub(super) fn edits(file: &Encoded, segments: &[Segment], body: &Body, fills: &HashMap<usize, &Fill>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for unit in &body.units {
        let here: Vec<(usize, &Fill)> = unit.segments.clone().filter_map(|n| Some((n, *fills.get(&n)?))).collect();
        if here.is_empty() {
            continue;
        }
        match &unit.form {
            Form::First { .. } => first(body, unit, segments, &here, &mut edits),
            Form::Second { .. } => second(file, body, unit, segments, &here, &mut edits),
        }
    }
    if !edits.is_empty() {
        // Two attributes of one tag are one edit.
        let mut tags: Vec<(Range<usize>, String)> = Vec::new();
        for (range, name, value) in &body.heads {
            if tags.last().is_none_or(|(last, _)| last != range) {
                tags.push((range.clone(), file.text[range.clone()].to_owned()));
            }
            if let Some((_, tag)) = tags.last_mut() {
                *tag = with_attribute(tag, name, &escaped(value, Spot::Attribute));
            }
        }
        edits.extend(tags.into_iter().map(|(range, with)| Edit { range, with }));
    }
    edits
}

fn content(segment: &Segment, fill: &Fill) -> Option<String> {
    rendered(segment, fill.target.as_deref()?, |text| escaped(text, Spot::Lines))
}

fn first(body: &Body, unit: &Unit, segments: &[Segment], fills: &[(usize, &Fill)], edits: &mut Vec<Edit>) {
    let Form::First { target, behind, indent, divided } = &unit.form else { return };
    let p = &body.prefix;
    let mut written = None;
    // Whether each segment has a confirmed translation, and whether any has none.
    let confirmed = unit.segments.clone().all(|n| {
        match fills.iter().find(|(number, fill)| *number == n && fill.target.is_some()) {
            Some((_, fill)) => fill.confirmed,
            None => segments[n].state == State::Translated,
        }
    });
    if let Some((frame, parts)) = divided {
        let mut inside = String::new();
        let mut from = 0;
        let mut any = false;
        for part in parts {
            inside.push_str(&frame[from..part.content.start]);
            from = part.content.end;
            let fill = fills.iter().find(|(n, _)| segments[*n].id.as_deref() == Some(&*part.mid));
            match fill.and_then(|(n, fill)| content(&segments[*n], fill)) {
                Some(text) => {
                    any = true;
                    inside.push_str(&text);
                }
                None => inside.push_str(&part.old),
            }
        }
        inside.push_str(&frame[from..]);
        written = any.then_some(inside);
    } else if let Some((number, fill)) = fills.first() {
        written = content(&segments[*number], fill);
    }
    let mut out = String::new();
    if let Some(inside) = written {
        let tag = target.as_ref().map_or_else(|| format!("<{p}target>"), |target| target.tag.clone());
        let (state, qualifier) = match confirmed {
            true => ("translated", "exact-match"),
            false => ("needs-review-translation", "fuzzy-match"),
        };
        let tag = with_attribute(&with_attribute(&tag, "state", state), "state-qualifier", qualifier);
        let element = format!("{tag}{inside}</{p}target>");
        match target {
            Some(target) => edits.push(Edit { range: target.span.clone(), with: element }),
            None => out.push_str(&format!("{indent}{element}")),
        }
    }
    for (number, fill) in fills {
        let mid = match divided {
            Some(_) => segments[*number].id.as_deref().map(|m| format!(" mid=\"{}\"", escaped(m, Spot::Attribute))),
            None => None,
        };
        for proposal in &fill.proposals {
            let text = |text: &str| escaped(text, Spot::Lines);
            out.push_str(&format!(
                "{indent}<{p}alt-trans{} match-quality=\"{}%\" origin=\"{}\"><{p}source>{}</{p}source><{p}target>{}</{p}target></{p}alt-trans>",
                mid.as_deref().unwrap_or_default(),
                proposal.quality.floor(),
                escaped(&proposal.origin, Spot::Attribute),
                text(&proposal.source),
                text(&proposal.target),
            ));
        }
    }
    if !out.is_empty() {
        edits.push(Edit::insert(target.as_ref().map_or(*behind, |target| target.span.end), out));
    }
}

fn second(
    file: &Encoded,
    body: &Body,
    unit: &Unit,
    segments: &[Segment],
    fills: &[(usize, &Fill)],
    edits: &mut Vec<Edit>,
) {
    let Form::Second { proposals, indent, segments: places } = &unit.form else { return };
    let p = &body.prefix;
    let mut matches = String::new();
    let (at, prefix) = proposals;
    let m = prefix.as_deref().unwrap_or("mtc:");
    for (number, fill) in fills {
        let place = number - unit.segments.start;
        let (tag_at, target, behind, own_indent) = &places[place];
        let mut tag = file.text[tag_at.clone()].to_owned();
        if let Some(inside) = content(&segments[*number], fill) {
            let element = match target {
                Some(target) => format!("{}{inside}</{p}target>", target.tag),
                None => format!("{own_indent}<{p}target>{inside}</{p}target>"),
            };
            match target {
                Some(target) => edits.push(Edit { range: target.span.clone(), with: element }),
                None => edits.push(Edit::insert(*behind, element)),
            }
            tag = with_attribute(&tag, "state", if fill.confirmed { "translated" } else { "initial" });
            if !fill.confirmed {
                tag = with_attribute(&tag, "subState", "dhakira:fuzzy");
            }
        }
        if !fill.proposals.is_empty() {
            let name_len =
                tag[1..].find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).map_or(tag.len(), |n| n + 1);
            let attrs = xml::tag_attributes(&tag, name_len - 1).unwrap_or_default();
            let id = attrs.iter().find(|(n, _)| *n == "id").map(|(_, v)| v.to_string());
            let id = id.unwrap_or_else(|| format!("dhakira-{}", place + 1));
            tag = with_attribute(&tag, "id", &escaped(&id, Spot::Attribute));
            for proposal in &fill.proposals {
                matches.push_str(&matched(m, p, &id, proposal));
            }
        }
        if tag != file.text[tag_at.clone()] {
            edits.push(Edit { range: tag_at.clone(), with: tag });
        }
    }
    if matches.is_empty() {
        return;
    }
    let with = match prefix {
        Some(_) => matches,
        None => {
            format!("{indent}<mtc:matches xmlns:mtc=\"urn:oasis:names:tc:xliff:matches:2.0\">{matches}</mtc:matches>")
        }
    };
    edits.push(Edit::insert(*at, with));
}

/// A `<mtc:match>`.
fn matched(m: &str, p: &str, id: &str, proposal: &Proposal) -> String {
    format!(
        "<{m}match ref=\"#{}\" type=\"tm\" matchQuality=\"{:.1}\" origin=\"{}\"><{p}source>{}</{p}source><{p}target>{}</{p}target></{m}match>",
        escaped(id, Spot::Attribute),
        proposal.quality.min(100.0),
        escaped(&proposal.origin, Spot::Attribute),
        escaped(&proposal.source, Spot::Lines),
        escaped(&proposal.target, Spot::Lines),
    )
}
