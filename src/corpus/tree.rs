//! An HTML page as a flat tree: nodes in the order of the source, each knowing where its subtree ends.

use dom_query::{Document, NodeRef};
use std::borrow::Cow;

/// Deepest nesting that reaches the parser; Blink's parser stops at 512 (`kMaximumHTMLParserDOMTreeDepth`). Each new
/// element costs the parser a look through the open ones, so a page nested without end would take time squared.
const DEPTH: usize = 400;

/// A parsed page. Node 0 is the document.
pub(super) struct Page {
    pub(super) nodes: Vec<Node>,
}

/// An element or a text.
#[derive(Default)]
pub(super) struct Node {
    /// Lower-case name of an element, empty for a text.
    pub(super) name: Box<str>,
    pub(super) text: Box<str>,
    pub(super) parent: usize,
    /// One behind the last node inside.
    pub(super) end: usize,
    attrs: Vec<(Box<str>, Box<str>)>,
}

impl Node {
    pub(super) fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.iter().find(|(n, _)| **n == *name).map(|(_, value)| value.as_ref())
    }

    pub(super) fn is(&self, names: &[&str]) -> bool {
        names.contains(&self.name.as_ref())
    }
}

impl Page {
    /// Parses HTML of any quality; every string is some page.
    pub(super) fn parse(source: &str) -> Page {
        let document = Document::from(tame(source).as_ref());
        let mut nodes = vec![Node::default()];
        // What is still to be visited, each with its parent's number: no recursion, whatever the depth.
        let mut open: Vec<(NodeRef<'_>, usize)> = document.root().children_it(true).map(|n| (n, 0)).collect();
        while let Some((at, parent)) = open.pop() {
            if at.is_text() {
                nodes.push(Node { text: at.text().to_string().into(), parent, ..Node::default() });
            } else if at.is_element() {
                let name = at.node_name().map(|n| n.to_ascii_lowercase()).unwrap_or_default();
                let attrs = at.attrs().iter().map(|a| (Box::from(&*a.name.local), Box::from(&*a.value))).collect();
                nodes.push(Node { name: name.into(), parent, attrs, ..Node::default() });
                let number = nodes.len() - 1;
                open.extend(at.children_it(true).map(|n| (n, number)));
            }
        }
        // Children stand behind their parents, so ends are known from the back.
        let mut ends: Vec<usize> = (1..=nodes.len()).collect();
        for at in (1..nodes.len()).rev() {
            let parent = nodes[at].parent;
            ends[parent] = ends[parent].max(ends[at]);
        }
        for (node, end) in nodes.iter_mut().zip(ends) {
            node.end = end;
        }
        Page { nodes }
    }

    /// The numbers of the elements with one of these names, in order.
    pub(super) fn elements<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = usize> + 'a {
        (0..self.nodes.len()).filter(|&at| self.nodes[at].is(names))
    }

    /// The words inside a node, white space collapsed.
    pub(super) fn text(&self, at: usize) -> String {
        let mut text = String::new();
        for node in &self.nodes[at..self.nodes[at].end] {
            if node.name.is_empty() {
                text.push_str(&node.text);
            } else if is_block(&node.name) || &*node.name == "br" {
                text.push(' ');
            }
        }
        super::collapse(&text)
    }
}

/// Elements that stand in a line of text (HTML "phrasing content"): all others begin a block of their own.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "option"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "title"
            | "tr"
            | "ul"
            | "listing"
            | "xmp"
    )
}

/// Elements that never hold others, and those whose end tag may be missing: they say nothing of depth.
fn is_flat(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
            | "p"
            | "li"
            | "dt"
            | "dd"
            | "tr"
            | "td"
            | "th"
            | "option"
            | "optgroup"
            | "thead"
            | "tbody"
            | "tfoot"
            | "colgroup"
            | "rt"
            | "rp"
            | "html"
            | "head"
            | "body"
    )
}

/// The source as the parser can bear it: tags nested deeper than [`DEPTH`] left out, and in XHTML `<a/>` written
/// `<a></a>`, which an HTML parser would take for an open `<a>`.
fn tame(source: &str) -> Cow<'_, str> {
    let head = source.get(..source.len().min(600)).unwrap_or_else(|| {
        let end = (0..600).rev().find(|&at| source.is_char_boundary(at)).unwrap_or(0);
        &source[..end]
    });
    let xhtml = head.trim_start().starts_with("<?xml") || head.contains("-//W3C//DTD XHTML");
    let mut tamed = String::new();
    let mut kept = 0;
    let (mut depth, mut dropped) = (0usize, 0usize);
    let mut at = 0;
    while let Some(tag) = next_tag(source, &mut at) {
        let flat = is_flat(&tag.name);
        let mut edit = None;
        if tag.closing {
            if !flat && dropped > 0 {
                dropped -= 1;
                edit = Some(String::from(" "));
            } else if !flat {
                depth = depth.saturating_sub(1);
            }
        } else if tag.empty && xhtml {
            if !flat {
                let opening = source[tag.start..tag.end].trim_end_matches(['>', '/', ' ']);
                edit = Some(format!("{opening}></{}>", tag.name));
            }
        } else if !flat {
            if depth >= DEPTH {
                dropped += 1;
                edit = Some(if is_block(&tag.name) { "<br>".to_owned() } else { String::new() });
            } else {
                depth += 1;
            }
        }
        if let Some(edit) = edit {
            tamed.push_str(&source[kept..tag.start]);
            tamed.push_str(&edit);
            kept = tag.end;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(source);
    }
    tamed.push_str(&source[kept..]);
    Cow::Owned(tamed)
}

struct TagAt {
    name: String,
    start: usize,
    end: usize,
    closing: bool,
    empty: bool,
}

/// The next tag from `at` on, comments, declarations and the insides of scripts and styles passed over.
fn next_tag(source: &str, at: &mut usize) -> Option<TagAt> {
    let bytes = source.as_bytes();
    let find = |from: usize, what: &str| source.get(from..).and_then(|s| s.find(what)).map(|i| from + i);
    loop {
        let start = find(*at, "<")?;
        let rest = &bytes[start + 1..];
        if rest.starts_with(b"!--") {
            *at = find(start + 4, "-->")? + 3;
            continue;
        }
        if rest.first().is_some_and(|b| matches!(b, b'!' | b'?')) {
            *at = find(start, ">")? + 1;
            continue;
        }
        let closing = rest.first() == Some(&b'/');
        let name_at = start + 1 + usize::from(closing);
        if !bytes.get(name_at).is_some_and(u8::is_ascii_alphabetic) {
            *at = start + 1;
            continue;
        }
        let name_end = (name_at..bytes.len())
            .find(|&i| matches!(bytes[i], b' ' | b'\t' | b'\n' | b'\r' | b'\x0C' | b'/' | b'>'))?;
        let name = source[name_at..name_end].to_ascii_lowercase();
        // A quotation mark opens a value only behind an equals sign.
        let mut end = name_end;
        let mut equals = false;
        while end < bytes.len() && bytes[end] != b'>' {
            let byte = bytes[end];
            if equals && matches!(byte, b'"' | b'\'') {
                end = (end + 1..bytes.len()).find(|&i| bytes[i] == byte)?;
            }
            equals = byte == b'=' || (equals && byte.is_ascii_whitespace());
            end += 1;
        }
        if end >= bytes.len() {
            return None;
        }
        let empty = bytes[end - 1] == b'/';
        end += 1;
        *at = end;
        if !closing && !empty && matches!(name.as_str(), "script" | "style" | "textarea" | "title" | "iframe" | "xmp") {
            let close = format!("</{name}");
            let inside = (end..bytes.len()).find(|&i| {
                bytes[i] == b'<'
                    && bytes.get(i..i + close.len()).is_some_and(|b| b.eq_ignore_ascii_case(close.as_bytes()))
            });
            *at = inside.unwrap_or(bytes.len());
        }
        return Some(TagAt { name, start, end, closing, empty });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subtrees_end_where_they_end() {
        let page = Page::parse("<body><div><p>واحد<b>اثنان</b></p><p>ثلاثة</p></div><p>أربعة");
        let texts: Vec<String> = page.elements(&["p", "div", "b"]).map(|at| page.text(at)).collect();
        assert_eq!(texts, ["واحداثنان ثلاثة", "واحداثنان", "اثنان", "ثلاثة", "أربعة"]);
    }

    #[test]
    fn depth_without_end() {
        for tag in ["div", "span", "b", "table><tr><td", "ul><li", "blockquote", "font size=1"] {
            let page = format!("{}نص{}", format!("<{tag}>").repeat(100_000), "</div>".repeat(100));
            assert!(Page::parse(&page).text(0).contains("نص"), "{tag}");
        }
    }

    #[test]
    fn tags_of_xhtml() {
        let source =
            "<?xml version='1.0'?><html><body><a id='x' /><script src=\"a>b\"/><p>نص<br/>آخر</p></body></html>";
        assert_eq!(Page::parse(source).text(0), "نص آخر");
        assert!(matches!(tame("<p>نص<br/><a/>"), Cow::Borrowed(_)));
    }

    proptest::proptest! {
        #[test]
        fn total(source in "(<|>|/|!--|-->|div|p|a=|\"|'| |script|نص){0,60}") {
            let page = Page::parse(&source);
            proptest::prop_assert!(page.nodes.iter().enumerate().all(|(at, n)| n.end > at && n.end <= page.nodes.len()));
        }
    }
}
