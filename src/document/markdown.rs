//! Markdown as a document: the blocks of CommonMark with tables and footnotes, emphasis, links and code as inline codes.
//!
//! Not segments: front matter, blocks of code and of HTML, targets and titles of links. A picture is one code, its own words
//! with it.

use super::prose::{Paragraph, Role};
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// The blocks of a Markdown text.
pub(super) fn paragraphs(source: &str) -> Vec<Paragraph> {
    let extensions = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = Reader {
        source,
        paragraphs: Vec::new(),
        here: Paragraph::default(),
        open: Vec::new(),
        pairs: 0,
        aside: 0,
        auto: false,
    };
    for (event, range) in Parser::new_ext(source, extensions).into_offset_iter() {
        reader.take(event, range);
    }
    reader.flush();
    reader.paragraphs
}

struct Reader<'a> {
    source: &'a str,
    paragraphs: Vec<Paragraph>,
    here: Paragraph,
    /// Pairs that wait for their end: number, and the name of a tag of HTML or nothing for one of Markdown.
    open: Vec<(usize, String)>,
    pairs: usize,
    /// Depth of what is left as it is: pictures, code, HTML, metadata.
    aside: usize,
    /// Whether that is an automatic link.
    auto: bool,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_)) => {
                self.flush();
                self.aside += 1;
            }
            Event::Start(Tag::Image { .. }) => {
                if self.aside == 0 {
                    self.code(Role::Single, range);
                }
                self.aside += 1;
            }
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_) | TagEnd::Image) => {
                self.aside = self.aside.saturating_sub(1);
            }
            Event::End(TagEnd::Link) if self.auto => {
                self.auto = false;
                self.aside -= 1;
            }
            _ if self.aside > 0 => {}
            Event::Start(Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. }) => {
                self.code(Role::Single, range);
                self.aside += 1;
                self.auto = true;
            }
            Event::Start(Tag::Emphasis) => self.start(range.start..range.start + 1),
            Event::Start(Tag::Strong) => self.start(range.start..range.start + 2),
            Event::Start(Tag::Strikethrough) => {
                let len = self.tildes(&range);
                self.start(range.start..range.start + len);
            }
            Event::Start(Tag::Link { .. }) => self.start(range.start..range.start + 1),
            Event::End(TagEnd::Emphasis) => self.end(range.end - 1..range.end, None),
            Event::End(TagEnd::Strong) => self.end(range.end - 2..range.end, None),
            Event::End(TagEnd::Strikethrough) => {
                let len = self.tildes(&range);
                self.end(range.end - len..range.end, None);
            }
            Event::End(TagEnd::Link) => self.end_link(range),
            Event::Start(_) | Event::End(_) => self.flush(),
            Event::Text(text) => self.text(&text, range),
            Event::SoftBreak => self.here.text(" ", range),
            // What stands on the next line, in front of the text (`>`), is between segments.
            Event::HardBreak | Event::Rule | Event::Html(_) => self.flush(),
            Event::InlineHtml(tag) => self.tag(&tag, range),
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) => {
                self.code(Role::Single, range);
            }
            Event::TaskListMarker(_) => {}
        }
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        // A backslash belongs to what it escapes.
        let before = self.here.atoms.last().map_or(range.start, |atom| atom.range.end);
        let escaped =
            self.source[..range.start].ends_with('\\') && (self.here.atoms.is_empty() || before < range.start);
        let first = text.chars().next().filter(|c| escaped && c.is_ascii_punctuation()).map_or(0, char::len_utf8);
        if first > 0 {
            self.here.text(&text[..first], range.start - 1..range.start + first);
        }
        self.here.text(&text[first..], range.start + first..range.end);
    }

    fn code(&mut self, role: Role, range: Range<usize>) {
        let raw = self.source[range.clone()].to_owned();
        self.here.code(role, &raw, range);
    }

    fn start(&mut self, mark: Range<usize>) {
        self.pairs += 1;
        self.open.push((self.pairs, String::new()));
        self.code(Role::Open(self.pairs), mark);
    }

    fn end(&mut self, mark: Range<usize>, raw: Option<String>) {
        // Tags of HTML that were opened inside and not closed there are single codes.
        let at = self.open.iter().rposition(|(_, name)| name.is_empty());
        let pair = at.and_then(|at| self.open.drain(at..).next());
        let role = pair.map_or(Role::Single, |(pair, _)| Role::Close(pair));
        let raw = raw.unwrap_or_else(|| self.source[mark.clone()].to_owned());
        self.here.code(role, &raw, mark);
    }

    /// The end of a link: `](target)`, `][label]`; of a label that was its own text, with the label.
    fn end_link(&mut self, range: Range<usize>) {
        let inside =
            self.here.atoms.last().map_or(range.start + 1, |atom| atom.range.end.clamp(range.start + 1, range.end));
        let raw = &self.source[inside..range.end];
        let label = &self.source[range.start + 1..inside];
        let raw = if matches!(raw, "]" | "][]") { format!("][{label}]") } else { raw.to_owned() };
        self.end(inside..range.end, Some(raw));
    }

    fn tildes(&self, range: &Range<usize>) -> usize {
        if self.source[range.clone()].starts_with("~~") { 2 } else { 1 }
    }

    /// A tag of HTML among text.
    fn tag(&mut self, tag: &str, range: Range<usize>) {
        let name = tag.trim_start_matches(['<', '/']);
        let name = name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())].to_ascii_lowercase();
        if name == "br" {
            self.flush();
        } else if tag.starts_with("</") {
            let role = match self.open.pop_if(|(_, open)| *open == name) {
                Some((pair, _)) => Role::Close(pair),
                None => Role::Single,
            };
            self.code(role, range);
        } else if tag.ends_with("/>") || name.is_empty() || super::html::is_void(&name) {
            self.code(Role::Single, range);
        } else {
            self.pairs += 1;
            self.open.push((self.pairs, name));
            self.code(Role::Open(self.pairs), range);
        }
    }

    fn flush(&mut self) {
        self.open.clear();
        let here = std::mem::take(&mut self.here);
        if !here.atoms.is_empty() {
            self.paragraphs.push(here);
        }
    }
}

/// Text that is text in Markdown too: what could be markup is escaped with a backslash (CommonMark 0.31, §2.4).
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' => out.extend(['\\', c]),
            '&' if text[at + 1..].starts_with(|c: char| c == '#' || c.is_ascii_alphanumeric()) => out.push_str("&amp;"),
            '\n' | '\r' => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}

/// What begins a line, so that it begins no heading, list or rule.
pub(super) fn escaped_start(text: String) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if text.starts_with(['#', '+', '-', '=', ':']) {
        return format!("\\{text}");
    }
    if (1..10).contains(&digits) && text[digits..].starts_with(['.', ')']) {
        return format!("{}\\{}", &text[..digits], &text[digits..]);
    }
    text
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
            "# The *old* town\n\nIt rained. Nobody\nwent out.\n",
            &["The *old* town", "It rained.", "Nobody\nwent out."],
        );
        check("---\ntitle: x\n---\n\n> One.\n> Two.\n\n- [x] three\n- four\n", &["One.", "Two.", "three", "four"]);
        check("```\ncode\n```\n\n<div>no</div>\n\n| a | b |\n| - | - |\n| c | d\\|e |\n", &["a", "b", "c", "d\\|e"]);
        check(
            "See [the page](http://a.b \"t\") now. ![alt](x.png) End\n",
            &["See [the page](http://a.b \"t\") now.", "End"],
        );
        check(
            "A \\*star\\* and `code` &amp; <b>bold</b>  \nnext\n",
            &["A \\*star\\* and `code` &amp; <b>bold</b>", "next"],
        );
        check("\\# no heading\n", &["\\# no heading"]);
        check("Go to <http://a.b/c> or [ref] there.\n\n[ref]: http://x\n", &["Go to <http://a.b/c> or [ref] there."]);
    }

    #[test]
    fn what_is_written_is_text_again() {
        for text in
            ["# 5 * 3_a_ [x](y) <b> &amp; `c` \\ ~~n~~ | z", "1. one", "- item", "12) x", "a: b", "=", "> q", "+1"]
        {
            let source = format!("{}\n", escaped_start(escaped(text)));
            let found: String = paragraphs(&source).iter().map(Paragraph::plain).collect();
            assert_eq!(found, text, "{source}");
            assert_eq!(
                paragraphs(&source)[0]
                    .atoms
                    .iter()
                    .filter(|a| matches!(a.what, super::super::prose::What::Code(..)))
                    .count(),
                0
            );
        }
    }
}
