//! HTML as a document: the text of its blocks, the tags of phrases as inline codes.
//!
//! The tags are found by their letters, without a tree, so that every byte keeps its place: what a browser would repair is left
//! as it is. Not segments: attributes, scripts, styles, `pre`, `textarea`, and what says `translate="no"`. `code` and its like are
//! one code each.

use super::prose::{Paragraph, Role};
use crate::xml;
use dom_query::Document;
use std::collections::HashMap;
use std::ops::Range;

/// Elements of phrases (HTML standard, "Phrasing content"); all others begin and end a paragraph.
const PHRASES: [&str; 46] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "button", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "img", "input", "ins", "kbd", "label", "mark", "math", "meter", "object", "output", "picture", "progress",
    "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "svg", "time", "tt", "u",
    "var", "wbr",
];

/// Phrases that are one code with all that is in them.
const CLOSED: [&str; 8] = ["code", "kbd", "math", "object", "picture", "samp", "svg", "var"];

/// Blocks that are left as they are.
const ASIDE: [&str; 11] =
    ["iframe", "noembed", "noframes", "pre", "script", "select", "style", "template", "textarea", "xmp", "plaintext"];

/// Elements in which nothing is markup but their own end (HTML standard, "Raw text elements").
const RAW: [&str; 8] = ["iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp"];

/// Whether an element has no end tag (HTML standard, "Void elements").
pub(super) fn is_void(name: &str) -> bool {
    let void = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];
    void.contains(&name)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Start,
    Empty,
    End,
    /// A comment, a DOCTYPE, a processing instruction.
    Other,
}

struct Token {
    kind: Kind,
    range: Range<usize>,
    /// Of a tag, in lower case.
    name: String,
}

/// The paragraphs of a page. Total: every string is some page.
pub(super) fn paragraphs(source: &str) -> Vec<Paragraph> {
    let tokens = tokens(source);
    let ends = ends(&tokens);
    let mut reader = Reader { source, paragraphs: Vec::new(), here: Paragraph::default(), open: Vec::new(), pairs: 0 };
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        let name = token.name.as_str();
        let raw = &source[token.range.clone()];
        let phrase = PHRASES.contains(&name);
        match token.kind {
            Kind::Text => reader.text(token.range.clone()),
            Kind::Other if raw.starts_with("<!--") && !reader.here.atoms.is_empty() => {
                reader.here.code(Role::Single, raw, token.range.clone());
            }
            Kind::Other => {}
            Kind::Start if CLOSED.contains(&name) || ASIDE.contains(&name) || is_kept(raw, name.len()) => {
                let end = ends[at - 1];
                let range = token.range.start..tokens[end - 1].range.end;
                match phrase {
                    true => reader.here.code(Role::Single, &source[range.clone()], range),
                    false => reader.flush(),
                }
                at = end;
            }
            _ if !phrase => reader.flush(),
            Kind::Empty => reader.here.code(Role::Single, raw, token.range.clone()),
            Kind::Start if is_void(name) => reader.here.code(Role::Single, raw, token.range.clone()),
            Kind::Start => {
                reader.pairs += 1;
                reader.open.push((reader.pairs, token.name.clone()));
                reader.here.code(Role::Open(reader.pairs), raw, token.range.clone());
            }
            Kind::End => {
                let role = match reader.open.pop_if(|(_, open)| *open == name) {
                    Some((pair, _)) => Role::Close(pair),
                    None => Role::Single,
                };
                reader.here.code(role, raw, token.range.clone());
            }
        }
    }
    reader.flush();
    reader.paragraphs
}

/// Whether a start tag says that its element is not to be translated.
fn is_kept(tag: &str, name_len: usize) -> bool {
    // Attributes without quotes or values are no XML; `translate` is seldom written so.
    let attrs = xml::tag_attributes(tag, name_len).unwrap_or_default();
    attrs.iter().any(|(name, value)| name.eq_ignore_ascii_case("translate") && value.eq_ignore_ascii_case("no"))
}

/// For each token the number behind the end tag of the element that it starts; behind itself if it starts none, or none that
/// ends.
fn ends(tokens: &[Token]) -> Vec<usize> {
    let mut ends: Vec<usize> = (1..=tokens.len()).collect();
    let mut open: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Start => open.entry(&token.name).or_default().push(number),
            Kind::End => {
                if let Some(start) = open.get_mut(token.name.as_str()).and_then(Vec::pop) {
                    ends[start] = number + 1;
                }
            }
            _ => {}
        }
    }
    ends
}

struct Reader<'a> {
    source: &'a str,
    paragraphs: Vec<Paragraph>,
    here: Paragraph,
    open: Vec<(usize, String)>,
    pairs: usize,
}

impl Reader<'_> {
    /// Text, its references resolved. Each line break and tab is a space, as long as it was.
    fn text(&mut self, range: Range<usize>) {
        let spaced = |text: &str| text.replace(['\n', '\r', '\t'], " ");
        let (mut from, mut at) = (range.start, range.start);
        while let Some(n) = self.source[at..range.end].find('&') {
            at += n;
            match reference(&self.source[at..range.end]) {
                Some((text, len)) => {
                    self.here.text(spaced(&self.source[from..at]), from..at);
                    self.here.text(text, at..at + len);
                    at += len;
                    from = at;
                }
                None => at += 1,
            }
        }
        self.here.text(spaced(&self.source[from..range.end]), from..range.end);
    }

    fn flush(&mut self) {
        self.open.clear();
        let here = std::mem::take(&mut self.here);
        if !here.atoms.is_empty() {
            self.paragraphs.push(here);
        }
    }
}

/// The character that a reference at the beginning of `text` names, and how long that is.
fn reference(text: &str) -> Option<(String, usize)> {
    let end = text.bytes().take(40).position(|b| b == b';')?;
    let name = &text[1..end];
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#') {
        return None;
    }
    if let Ok(c) = xml::reference(name) {
        return Some((c.to_string(), end + 1));
    }
    if name == "nbsp" {
        return Some(("\u{A0}".to_owned(), end + 1));
    }
    if name.starts_with('#') {
        return None;
    }
    // The two thousand others stand in the parser's table.
    let text = Document::fragment(&text[..=end]).text().to_string();
    let mut chars = text.chars();
    (chars.next().is_some_and(|c| c != '&') && chars.next().is_none()).then_some((text, end + 1))
}

fn tokens(source: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let bytes = source.as_bytes();
    let (mut from, mut at) = (0, 0);
    let other = |range: Range<usize>, kind| Token { kind, range, name: String::new() };
    while let Some(n) = memchr::memchr(b'<', &bytes[at..]) {
        at += n;
        let rest = &source[at..];
        let (token, len) = if let Some(inside) = rest.strip_prefix("<!--") {
            (other(0..0, Kind::Other), inside.find("-->").map_or(rest.len(), |n| n + 7))
        } else if rest.starts_with("<!") || rest.starts_with("<?") {
            (other(0..0, Kind::Other), rest.find('>').map_or(rest.len(), |n| n + 1))
        } else {
            let name_at = if rest.starts_with("</") { 2 } else { 1 };
            let is_tag = rest[name_at..].starts_with(|c: char| c.is_ascii_alphabetic());
            let Some(len) = xml::tag_len(rest).filter(|_| is_tag) else {
                at += 1;
                continue;
            };
            let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
            let name = rest[name_at..].split(ends).next().unwrap_or_default().to_ascii_lowercase();
            let kind = match (name_at, rest[..len].ends_with("/>")) {
                (2, _) => Kind::End,
                (_, true) => Kind::Empty,
                _ => Kind::Start,
            };
            (Token { kind, range: 0..0, name }, len)
        };
        if from < at {
            tokens.push(other(from..at, Kind::Text));
        }
        let raw = (token.kind == Kind::Start && RAW.contains(&token.name.as_str())).then(|| token.name.clone());
        tokens.push(Token { range: at..at + len, ..token });
        at += len;
        from = at;
        if let Some(name) = raw {
            at = end_of_raw(source, at, &name);
        }
    }
    if from < source.len() {
        tokens.push(other(from..source.len(), Kind::Text));
    }
    tokens
}

/// Where the end tag of a raw element stands; the end of the page if there is none.
fn end_of_raw(source: &str, from: usize, name: &str) -> usize {
    let mut at = from;
    while let Some(n) = source[at..].find("</") {
        at += n;
        let here = source.as_bytes().get(at + 2..at + 2 + name.len());
        if here.is_some_and(|here| here.eq_ignore_ascii_case(name.as_bytes())) {
            return at;
        }
        at += 2;
    }
    source.len()
}

/// Text as HTML writes it.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{A0}' => out.push_str("&nbsp;"), // no-break space
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::prose;
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &[&str]) {
        prose::assert_sentences(source, &paragraphs(source), expected);
    }

    #[test]
    fn sentences_know_their_bytes() {
        check(
            "<!DOCTYPE html><title>A &amp; B</title><style>p > b {}</style><p>It <b>rained</b>.\nNobody\n went.</p>",
            &["A &amp; B", "It <b>rained</b>.", "Nobody\n went."],
        );
        check("<ul><li>One<li>two <br>three</ul>", &["One", "two", "three"]);
        check(
            "<p><b>Note:</b> press <code>x < y</code> twice<!-- no --> now</p>",
            &["<b>Note:</b> press <code>x < y</code> twice<!-- no --> now"],
        );
        check(
            "<p translate=\"no\">no <i>no</i></p><pre>no</pre>a <span translate='no'>no</span> b",
            &["a <span translate='no'>no</span> b"],
        );
        check(
            "<script>a</b></SCRIPT >x<img alt=\"no\"> &nosuch; &copy; 5 < 6 &",
            &["x<img alt=\"no\"> &nosuch; &copy; 5 < 6 &"],
        );
        check("<p>One <b>two. Three</p><p>four</b> five</p>", &["One <b>two.", "Three", "four</b> five"]);
    }

    #[test]
    fn references_are_resolved() {
        let resolved = |source: &str| paragraphs(source).iter().map(Paragraph::plain).collect::<String>();
        assert_eq!(
            resolved("a&nbsp;b &lt; &#1605; &hellip; &bogus; &amp;amp; AT&T"),
            "a\u{A0}b < م … &bogus; &amp; AT&T"
        );
        let text = "a < b & c > «د»";
        assert_eq!(resolved(&escaped(text)), text);
    }
}
