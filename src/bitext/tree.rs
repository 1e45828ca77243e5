//! One XML element as a flat tree: what stands in it, and where its source has it.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::errors::IllFormedError;
use quick_xml::events::Event;

use crate::xml::{self, At};

/// An element or a text of a [`Tree`].
#[derive(Debug)]
pub(crate) struct Node<'a> {
    /// The element's name; `None` for a text.
    pub(crate) name: Option<&'a str>,
    /// The element's attributes, in their order, references resolved.
    pub(crate) attrs: Vec<(&'a str, Cow<'a, str>)>,
    /// The text, references resolved; empty for an element.
    pub(crate) text: String,
    /// Where it stands in the source, from `<` to `>`.
    pub(crate) span: Range<usize>,
    /// Where its content stands in the source.
    pub(crate) content: Range<usize>,
    /// The index behind its last descendant.
    pub(crate) end: usize,
}

impl Node<'_> {
    /// The value of an attribute.
    pub(crate) fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_ref())
    }
}

/// One element with all that is in it, in document order. Flat, so that neither reading nor dropping it recurses.
#[derive(Debug)]
pub(crate) struct Tree<'a> {
    /// The XML that it was read from.
    pub(crate) source: &'a str,
    /// The nodes; the first is the element itself.
    pub(crate) nodes: Vec<Node<'a>>,
}

impl<'a> Tree<'a> {
    /// Reads `source`, which is one element from its `<` to its `>`: well formed, only characters that XML allows, only
    /// XML's five entities and numbers (none that a DOCTYPE defines is ever expanded). Comments and processing
    /// instructions are left out. Names lose `prefix` (`xlf:`); a name without it is then foreign, and empty.
    pub(crate) fn parse(source: &'a str, prefix: &str) -> At<Tree<'a>> {
        if let Some((at, c)) = source.char_indices().find(|&(_, c)| !xml::is_char(c)) {
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
                Ok(Event::Text(_)) => xml::push_lines(tree.text(from..to), raw),
                Ok(Event::CData(_)) => {
                    xml::push_lines(tree.text(from..to), &raw["<![CDATA[".len()..raw.len() - "]]>".len()])
                }
                Ok(Event::GeneralRef(name)) => {
                    let c = xml::reference(&name.into_inner()).map_err(|reason| (from, reason))?;
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
        let attrs = xml::tag_attributes(raw, name_len).map_err(|(at, reason)| (span.start + at, reason))?;
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
    pub(crate) fn children(&self, of: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.nodes[of].end;
        let mut next = of + 1;
        std::iter::from_fn(move || {
            let at = (next < end).then_some(next)?;
            next = self.nodes[at].end;
            Some(at)
        })
    }

    /// The first child of node `of` with this name.
    pub(crate) fn child(&self, of: usize, name: &str) -> Option<usize> {
        self.children(of).find(|&at| self.nodes[at].name == Some(name))
    }

    /// All text in node `of`.
    pub(crate) fn text_in(&self, of: usize) -> String {
        self.nodes[of..self.nodes[of].end].iter().map(|n| n.text.as_str()).collect()
    }

    /// A node as its source has it.
    pub(crate) fn raw(&self, of: usize) -> &'a str {
        &self.source[self.nodes[of].span.clone()]
    }

    /// What stands between the tags of a node, as its source has it.
    pub(crate) fn raw_content(&self, of: usize) -> &'a str {
        &self.source[self.nodes[of].content.clone()]
    }

    /// The start tag of a node as its source has it.
    pub(crate) fn start_tag(&self, of: usize) -> &'a str {
        let node = &self.nodes[of];
        &self.source[node.span.start..node.content.start]
    }
}

/// `name` without `prefix`; where that is missing: names with another prefix as they are, names without any as nothing.
pub(crate) fn local<'a>(name: &'a str, prefix: &str) -> &'a str {
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

#[cfg(test)]
mod tests {
    use super::*;

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
