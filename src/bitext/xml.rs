//! The XML under XLIFF: markup found in a text, one element as a flat tree, escaping.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::errors::IllFormedError;
use quick_xml::events::Event;

/// A result whose error is a byte offset and what is wrong there.
pub(super) type At<T> = Result<T, (usize, String)>;

/// A piece of markup that [`Scanner`] finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Markup<'a> {
    /// `<name …>`
    Start(&'a str),
    /// `<name …/>`
    Empty(&'a str),
    /// `</name>`
    End(&'a str),
}

/// Walks over a text's tags, whatever is wrong between them; comments, CDATA sections, processing instructions and a
/// DOCTYPE with its inner subset are jumped over. Linear in the text, broken or not.
#[derive(Debug, Clone)]
pub(super) struct Scanner {
    /// Where it looks next.
    pub(super) at: usize,
    /// Of the sections of [`ASIDE`], those whose end is known not to come any more.
    absent: [bool; ASIDE.len()],
}

/// Sections that are jumped over: what opens them, what closes them.
const ASIDE: [(&str, &str); 4] = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!DOCTYPE", ">")];

impl Scanner {
    /// A scanner that starts at byte `at`.
    pub(super) fn new(at: usize) -> Scanner {
        Scanner { at, absent: [false; ASIDE.len()] }
    }

    /// The next tag and where it stands.
    pub(super) fn next<'a>(&mut self, text: &'a str) -> Option<(Range<usize>, Markup<'a>)> {
        loop {
            let from = self.at + text[self.at..].find('<')?;
            self.at = from + 1;
            let rest = &text[from..];
            if rest.starts_with("<!") || rest.starts_with("<?") {
                self.jump(text, from);
                continue;
            }
            let Some(len) = tag_len(rest) else { continue };
            let inside = &rest[1..len - 1];
            let (inside, end) = inside.strip_prefix('/').map_or((inside, false), |i| (i, true));
            let name = &inside[..inside.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(inside.len())];
            if name.is_empty() {
                continue;
            }
            self.at = from + len;
            let markup = match (end, inside.ends_with('/')) {
                (true, _) => Markup::End(name),
                (false, true) => Markup::Empty(name),
                (false, false) => Markup::Start(name),
            };
            return Some((from..from + len, markup));
        }
    }

    fn jump(&mut self, text: &str, from: usize) {
        let rest = &text[from..];
        let Some(kind) = ASIDE.iter().position(|(open, _)| rest.starts_with(open)) else { return };
        if self.absent[kind] {
            return;
        }
        let (open, close) = ASIDE[kind];
        let len = if open == "<!DOCTYPE" {
            doctype_len(rest)
        } else {
            rest[open.len()..].find(close).map(|n| n + open.len() + close.len())
        };
        match len {
            Some(len) => self.at = from + len,
            None => self.absent[kind] = true,
        }
    }
}

/// The length of the tag that `text` opens with, `>` in quoted values jumped over; `None` where a `<` or the end of the
/// text comes first.
fn tag_len(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    let mut quote = None;
    loop {
        match (*bytes.get(at)?, quote) {
            (b'<', _) => return None,
            (b'>', None) => return Some(at + 1),
            (b @ (b'"' | b'\''), None) => quote = Some(b),
            (b, Some(open)) if b == open => quote = None,
            _ => {}
        }
        at += 1;
    }
}

/// The length of a DOCTYPE with its inner subset, quoted strings and comments in it jumped over.
fn doctype_len(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut inside) = (1, false);
    loop {
        match *bytes.get(at)? {
            b'>' if !inside => return Some(at + 1),
            b'[' => inside = true,
            b']' => inside = false,
            b'<' if text[at..].starts_with("<!--") => at += text[at..].find("-->")?,
            b @ (b'"' | b'\'') => at += 1 + text[at + 1..].find(b as char)?,
            _ => {}
        }
        at += 1;
    }
}

/// An element or a text of a [`Tree`].
#[derive(Debug)]
pub(super) struct Node<'a> {
    /// The element's name; `None` for a text.
    pub(super) name: Option<&'a str>,
    /// The element's attributes, in their order, references resolved.
    pub(super) attrs: Vec<(&'a str, Cow<'a, str>)>,
    /// The text, references resolved; empty for an element.
    pub(super) text: String,
    /// Where it stands in the source, from `<` to `>`.
    pub(super) span: Range<usize>,
    /// Where its content stands in the source.
    pub(super) content: Range<usize>,
    /// The index behind its last descendant.
    pub(super) end: usize,
}

impl Node<'_> {
    /// The value of an attribute.
    pub(super) fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_ref())
    }
}

/// One element with all that is in it, in document order. Flat, so that neither reading nor dropping it recurses.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    /// The XML that it was read from.
    pub(super) source: &'a str,
    /// The nodes; the first is the element itself.
    pub(super) nodes: Vec<Node<'a>>,
}

impl<'a> Tree<'a> {
    /// Reads `source`, which is one element from its `<` to its `>`: well formed, only characters that XML allows, only
    /// XML's five entities and numbers (none that a DOCTYPE defines is ever expanded). Comments and processing
    /// instructions are left out. Names lose `prefix` (`xlf:`); a name without it is then foreign, and empty.
    pub(super) fn parse(source: &'a str, prefix: &str) -> At<Tree<'a>> {
        if let Some((at, c)) = source.char_indices().find(|&(_, c)| !is_char(c)) {
            return Err((at, format!("character U+{:04X}, which XML forbids; remove it", c as u32)));
        }
        let mut tree = Tree { source, nodes: Vec::new() };
        let mut reader = Reader::from_str(source);
        let mut open: Vec<usize> = Vec::new();
        let mut to = 0;
        loop {
            let event = reader.read_event();
            let from = to;
            to = usize::try_from(reader.buffer_position()).map_or(source.len(), |n| n.min(source.len()));
            let raw = &source[from..to];
            let wrong = |reason: String| Err((from, reason));
            if open.is_empty() && !tree.nodes.is_empty() && !matches!(event, Ok(Event::Eof)) {
                return wrong("something stands behind the element's end".to_owned());
            }
            if open.is_empty() && matches!(event, Ok(Event::Text(_) | Event::CData(_) | Event::GeneralRef(_))) {
                return wrong("text where an element should begin".to_owned());
            }
            match event {
                Ok(Event::Start(tag)) => {
                    let name_len = tag.name().as_ref().len();
                    open.push(tree.nodes.len());
                    tree.element(from..to, name_len, prefix)?;
                }
                Ok(Event::Empty(tag)) => {
                    let name_len = tag.name().as_ref().len();
                    tree.element(from..to, name_len, prefix)?;
                }
                Ok(Event::End(_)) => {
                    let Some(at) = open.pop() else { return wrong("an end tag without its start".to_owned()) };
                    let end = tree.nodes.len();
                    let node = &mut tree.nodes[at];
                    (node.end, node.span.end, node.content.end) = (end, to, from);
                }
                Ok(Event::Text(_)) if raw.contains("]]>") => return wrong("]]> in text (write ]]&gt;)".to_owned()),
                Ok(Event::Text(_)) => push_lines(tree.text(from..to), raw),
                Ok(Event::CData(_)) => {
                    push_lines(tree.text(from..to), &raw["<![CDATA[".len()..raw.len() - "]]>".len()])
                }
                Ok(Event::GeneralRef(name)) => {
                    let c = reference(&name.into_inner()).map_err(|reason| (from, reason))?;
                    tree.text(from..to).push(c);
                }
                Ok(Event::Comment(_) | Event::PI(_) | Event::Decl(_)) => {}
                Ok(Event::DocType(_)) => return wrong("a DOCTYPE has no place here".to_owned()),
                Ok(Event::Eof) if open.is_empty() && !tree.nodes.is_empty() => return Ok(tree),
                Ok(Event::Eof) => return wrong("an element has no end".to_owned()),
                Err(quick_xml::Error::IllFormed(IllFormedError::UnclosedReference)) => {
                    return Err((error_at(&reader, source, from), "a bare & (write &amp;)".to_owned()));
                }
                Err(error) => return Err((error_at(&reader, source, from), format!("not well-formed XML: {error}"))),
            }
        }
    }

    fn element(&mut self, span: Range<usize>, name_len: usize, prefix: &str) -> At<()> {
        let raw = &self.source[span.clone()];
        let name = local(&raw[1..1 + name_len], prefix);
        let attrs = attributes(raw, name_len).map_err(|(at, reason)| (span.start + at, reason))?;
        let content = span.end..span.end;
        let end = self.nodes.len() + 1;
        self.nodes.push(Node { name: Some(name), attrs, text: String::new(), span, content, end });
        Ok(())
    }

    /// The text at the end of the tree, made if there is none that ends where the new part begins.
    fn text(&mut self, span: Range<usize>) -> &mut String {
        let grows = self.nodes.last().is_some_and(|n| n.name.is_none() && n.span.end == span.start);
        if !grows {
            let end = self.nodes.len() + 1;
            let content = span.clone();
            self.nodes.push(Node {
                name: None,
                attrs: Vec::new(),
                text: String::new(),
                span: span.clone(),
                content,
                end,
            });
        }
        let last = self.nodes.len() - 1;
        let node = &mut self.nodes[last];
        (node.span.end, node.content.end) = (span.end, span.end);
        &mut node.text
    }

    /// The indices of the children of node `of`.
    pub(super) fn children(&self, of: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.nodes[of].end;
        let mut next = of + 1;
        std::iter::from_fn(move || {
            let at = (next < end).then_some(next)?;
            next = self.nodes[at].end;
            Some(at)
        })
    }

    /// The first child of node `of` with this name.
    pub(super) fn child(&self, of: usize, name: &str) -> Option<usize> {
        self.children(of).find(|&at| self.nodes[at].name == Some(name))
    }

    /// All text in node `of`.
    pub(super) fn text_in(&self, of: usize) -> String {
        self.nodes[of..self.nodes[of].end].iter().map(|n| n.text.as_str()).collect()
    }

    /// A node as its source has it.
    pub(super) fn raw(&self, of: usize) -> &'a str {
        &self.source[self.nodes[of].span.clone()]
    }

    /// What stands between the tags of a node, as its source has it.
    pub(super) fn raw_content(&self, of: usize) -> &'a str {
        &self.source[self.nodes[of].content.clone()]
    }

    /// The start tag of a node as its source has it.
    pub(super) fn start_tag(&self, of: usize) -> &'a str {
        let node = &self.nodes[of];
        &self.source[node.span.start..node.content.start]
    }
}

/// `name` without `prefix`; where that is missing: names with another prefix as they are, names without any as nothing.
pub(super) fn local<'a>(name: &'a str, prefix: &str) -> &'a str {
    match name.strip_prefix(prefix) {
        Some(name) => name,
        None if name.contains(':') => name,
        None => "",
    }
}

fn error_at(reader: &Reader<&[u8]>, source: &str, from: usize) -> usize {
    let at = usize::try_from(reader.error_position()).map_or(from, |n| n.min(source.len()));
    if source.is_char_boundary(at) { at } else { from }
}

/// The attributes of a start tag: white space between them, quotes around values, no `<` in a value, no name twice.
pub(super) fn attributes(tag: &str, name_len: usize) -> At<Vec<(&str, Cow<'_, str>)>> {
    let inside = tag[..tag.len() - 1].trim_end_matches('/');
    let bytes = inside.as_bytes();
    let space = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        at
    };
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut at = (1 + name_len).min(bytes.len());
    loop {
        let start = space(at);
        if start == bytes.len() {
            return Ok(found);
        }
        if start == at {
            return Err((at, "no space before an attribute".to_owned()));
        }
        let end = bytes[start..]
            .iter()
            .position(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\'' | b'<'))
            .map_or(bytes.len(), |n| start + n);
        let name = &inside[start..end];
        let equals = space(end);
        let quote_at = space(equals + 1);
        let quote = match (bytes.get(equals), bytes.get(quote_at)) {
            (Some(b'='), Some(&q @ (b'"' | b'\''))) if !name.is_empty() => q,
            _ => return Err((start, format!("attribute {name} has no value in quotes"))),
        };
        let value_at = quote_at + 1;
        let Some(len) = inside[value_at..].find(quote as char) else {
            return Err((start, format!("the value of attribute {name} has no end")));
        };
        let value = &inside[value_at..value_at + len];
        if value.contains('<') {
            return Err((value_at, format!("< in the value of attribute {name} (write &lt;)")));
        }
        if !seen.insert(name) {
            return Err((start, format!("attribute {name} stands twice")));
        }
        found.push((name, attribute_value(value).map_err(|reason| (value_at, format!("attribute {name}: {reason}")))?));
        at = value_at + len + 1;
    }
}

/// The value of an attribute as XML 1.0 §3.3.3 normalises it: references resolved, white space to spaces.
fn attribute_value(raw: &str) -> Result<Cow<'_, str>, String> {
    if !raw.bytes().any(|b| matches!(b, b'&' | b'\r' | b'\n' | b'\t')) {
        return Ok(Cow::Borrowed(raw));
    }
    let mut out = String::with_capacity(raw.len());
    let mut parts = raw.split('&');
    let mut lines = String::new();
    push_lines(&mut lines, parts.next().unwrap_or_default());
    out.extend(lines.chars().map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c }));
    for part in parts {
        let (name, rest) = part.split_once(';').ok_or("& without ; (write &amp;)")?;
        out.push(reference(name)?);
        lines.clear();
        push_lines(&mut lines, rest);
        out.extend(lines.chars().map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c }));
    }
    Ok(Cow::Owned(out))
}

/// Whether XML 1.0 (§2.2, production 2) allows the character.
pub(super) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The character behind `&name;`: XML's five and numbers, never an entity that the file defines itself.
fn reference(name: &str) -> Result<char, String> {
    let number = match name {
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "amp" => return Ok('&'),
        "apos" => return Ok('\''),
        "quot" => return Ok('"'),
        _ => match name.strip_prefix('#').map(|digits| digits.strip_prefix('x').ok_or(digits)) {
            Some(Ok(hex)) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16).ok(),
            Some(Err(digits)) if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok(),
            Some(_) => None,
            None => {
                let shown: String = name.chars().take(40).collect();
                return Err(format!(
                    "unsupported entity &{shown}; (only XML's five and character numbers are read, none is ever \
                     expanded); put the text itself in its place"
                ));
            }
        },
    };
    match number.and_then(char::from_u32) {
        Some(c) if is_char(c) => Ok(c),
        _ => Err(format!("&{name}; is a character that XML forbids; remove it")),
    }
}

/// Appends `raw` with XML's line ends: `\r\n` and `\r` become `\n` (XML 1.0 §2.11).
fn push_lines(out: &mut String, raw: &str) {
    let mut rest = raw;
    while let Some(at) = rest.find('\r') {
        out.push_str(&rest[..at]);
        out.push('\n');
        rest = &rest[at + 1..];
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    out.push_str(rest);
}

/// Appends `text` escaped for content and for values in double quotes; characters that XML forbids are left out, and
/// their number is returned.
pub(super) fn push_escaped(out: &mut String, text: &str, in_attribute: bool) -> u64 {
    let mut removed = 0;
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if in_attribute => out.push_str("&quot;"),
            '\n' if in_attribute => out.push_str("&#10;"),
            '\t' if in_attribute => out.push_str("&#9;"),
            '\r' => out.push_str("&#13;"),
            c if is_char(c) => out.push(c),
            _ => removed += 1,
        }
    }
    removed
}

/// `text` escaped for content.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    push_escaped(&mut out, text, false);
    out
}

/// `text` escaped for a value in double quotes.
pub(super) fn escaped_value(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    push_escaped(&mut out, text, true);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_between_what_is_no_tag() {
        let text =
            "<?xml v?><!DOCTYPE x [<!ENTITY a \"]>\"><!-- ]> -->]><!-- <u> --><u a='>'><![CDATA[</u>]]>< b<c/></u><u";
        let mut scanner = Scanner::new(0);
        let mut found = Vec::new();
        while let Some((_, markup)) = scanner.next(text) {
            found.push(markup);
        }
        assert_eq!(found, [Markup::Start("u"), Markup::Empty("c"), Markup::End("u")]);
    }

    #[test]
    fn a_tree_is_flat_and_keeps_the_source() {
        let tree =
            Tree::parse("<u id=\"1\"><source>ا&amp;<g id='2'>ب<x/></g></source><!-- c --><note/></u>", "").unwrap();
        assert_eq!(tree.children(0).map(|at| tree.nodes[at].name).collect::<Vec<_>>(), [Some("source"), Some("note")]);
        let source = tree.child(0, "source").unwrap();
        assert_eq!((tree.text_in(source).as_str(), tree.raw_content(source)), ("ا&ب", "ا&amp;<g id='2'>ب<x/></g>"));
    }

    #[test]
    fn what_is_not_well_formed_is_refused_with_its_place() {
        for (bad, at) in [
            ("<u>a & b</u>", 5),
            ("<u>&nbsp;</u>", 3),
            ("<u><g></u>", 6),
            ("<u a='1' a='2'/>", 9),
            ("<u>\u{0}</u>", 3),
            ("<u>&#1;</u>", 3),
            ("<u>", 3),
            ("<u/><u/>", 4),
            ("<u></u>x", 7),
            ("x", 0),
        ] {
            let error = Tree::parse(bad, "").map(|_| ()).expect_err(bad);
            assert_eq!(error.0, at, "{bad}: {error:?}");
        }
    }

    #[test]
    fn nesting_is_no_depth() {
        let deep = format!("{}{}", "<g>".repeat(100_000), "</g>".repeat(100_000));
        assert_eq!(Tree::parse(&deep, "").unwrap().nodes.len(), 100_000);
    }
}
