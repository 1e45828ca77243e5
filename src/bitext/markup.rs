//! Tags found in a text, whatever is wrong between them.

use std::ops::Range;

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

/// The tag of the markup that `native` begins with, if it is a tag with one of these names.
pub(super) fn first_tag(native: &str, names: &[&str]) -> Option<usize> {
    if !native.starts_with('<') {
        return None;
    }
    let (span, Markup::Start(name) | Markup::Empty(name) | Markup::End(name)) = Scanner::new(0).next(native)?;
    (span.start == 0 && names.contains(&name)).then_some(span.end)
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
}
