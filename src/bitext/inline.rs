//! Inline codes between TMX, in which segments are kept, and XLIFF: numbers that hold across source and target.

use std::collections::HashMap;

use super::tree::Tree;
use crate::unit::{Piece, Seg};
use crate::xml::{self, Spot};

/// The type that marks a code in XLIFF as one that came from TMX: its content is the native code, not XLIFF markup.
pub(crate) const TMX_MARK: &str = "x-tmx";

/// The numbers (`x`) of a unit's codes: the same for the same id in source and target.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    known: HashMap<(Side, String), usize>,
}

/// What an id names: one code, the start of a pair (and the pair), or an end that has lost its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Side {
    Single,
    Start,
    End,
}

impl Numbers {
    /// The number of the code with this id.
    pub(crate) fn of(&mut self, side: Side, id: &str) -> usize {
        let next = self.known.len() + 1;
        *self.known.entry((side, id.to_owned())).or_insert(next)
    }
}

/// A segment while it is read.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    pieces: Vec<Piece>,
    /// The last `i` given.
    pairs: usize,
}

/// What is known of a code besides its content.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct About<'a> {
    /// `x`, where the code has an id.
    pub(crate) x: Option<usize>,
    /// `type`
    pub(crate) kind: Option<&'a str>,
}

impl Pieces {
    pub(crate) fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some(Piece::Text(last)) => last.push_str(text),
            _ => self.pieces.push(Piece::Text(text.to_owned())),
        }
    }

    /// A code that stands alone; `raw` is its content, escaped already.
    pub(crate) fn single(&mut self, about: About, raw: &str) {
        self.code("ph", "", about, raw);
    }

    /// The start of a pair; its number `i` goes to [`Pieces::close`].
    pub(crate) fn open(&mut self, about: About, raw: &str) -> usize {
        self.pairs += 1;
        self.code("bpt", &format!(" i=\"{}\"", self.pairs), about, raw);
        self.pairs
    }

    /// The end of pair `i`.
    pub(crate) fn close(&mut self, i: usize, raw: &str) {
        self.code("ept", &format!(" i=\"{i}\""), About::default(), raw);
    }

    /// A start (`begin`) or end (`end`) whose other half is not in the segment.
    pub(crate) fn isolated(&mut self, pos: &str, about: About, raw: &str) {
        self.code("it", &format!(" pos=\"{pos}\""), about, raw);
    }

    pub(crate) fn highlight(&mut self, kind: Option<&str>) {
        let kind = kind.map(|k| format!(" type=\"{}\"", xml::escaped(k, Spot::Attribute))).unwrap_or_default();
        self.pieces.push(Piece::Highlight(format!("<hi{kind}>")));
    }

    pub(crate) fn end_highlight(&mut self) {
        self.pieces.push(Piece::Highlight("</hi>".to_owned()));
    }

    pub(crate) fn finish(self) -> Seg {
        Seg { pieces: self.pieces }
    }

    fn code(&mut self, name: &str, required: &str, about: About, raw: &str) {
        let x = about.x.map(|x| format!(" x=\"{x}\"")).unwrap_or_default();
        let kind = about.kind.map(|k| format!(" type=\"{}\"", xml::escaped(k, Spot::Attribute))).unwrap_or_default();
        let code = match raw {
            "" => format!("<{name}{required}{x}{kind}/>"),
            _ => format!("<{name}{required}{x}{kind}>{raw}</{name}>"),
        };
        self.pieces.push(Piece::Code(code));
    }
}

/// A TMX code taken apart for writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) role: Role,
    /// `x` as it is written.
    pub(crate) x: Option<String>,
    /// `type`
    pub(crate) kind: Option<String>,
    /// The native code, unescaped.
    pub(crate) native: String,
}

/// What a code does in its segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Single,
    /// The start of the pair with this number, counted from 1 in the order of the starts.
    Open(usize),
    /// The end of that pair.
    Close(usize),
    /// A start without its end.
    LoneOpen,
    /// An end without its start.
    LoneClose,
}

/// The pieces of a segment with their codes taken apart and their pairs found: `None` where a piece is no code.
pub(crate) fn codes(seg: &Seg) -> Vec<Option<Code>> {
    let mut found: Vec<Option<Code>> = Vec::with_capacity(seg.pieces.len());
    // `i` → starts that wait for their end.
    let mut open: HashMap<String, Vec<usize>> = HashMap::new();
    let mut partner: HashMap<usize, usize> = HashMap::new();
    for (at, piece) in seg.pieces.iter().enumerate() {
        let Piece::Code(markup) = piece else {
            found.push(None);
            continue;
        };
        let tree = Tree::parse(markup, "").ok();
        let root = tree.as_ref().map(|t| &t.nodes[0]);
        let (mut code, name) = match (&tree, root.and_then(|n| n.name)) {
            (Some(tree), Some(name @ ("bpt" | "ept" | "it" | "ph" | "ut"))) => {
                let elements = tree.nodes[1..].iter().any(|n| n.name.is_some());
                let native = if elements { tree.raw_content(0).to_owned() } else { tree.text_in(0) };
                let attr = |n: &str| tree.nodes[0].attr(n).map(str::to_owned);
                (Code { role: Role::Single, x: attr("x"), kind: attr("type"), native }, name)
            }
            _ => (Code { role: Role::Single, x: None, kind: None, native: markup.clone() }, "ph"),
        };
        let attr = |n: &str| root.and_then(|r| r.attr(n)).unwrap_or_default();
        match name {
            "bpt" => {
                code.role = Role::LoneOpen;
                open.entry(attr("i").to_owned()).or_default().push(at);
            }
            "ept" => {
                code.role = Role::LoneClose;
                if let Some(start) = open.get_mut(attr("i")).and_then(Vec::pop) {
                    partner.insert(start, at);
                }
            }
            "it" => code.role = if attr("pos") == "end" { Role::LoneClose } else { Role::LoneOpen },
            _ => {}
        }
        found.push(Some(code));
    }
    let mut starts: Vec<_> = partner.into_iter().collect();
    starts.sort_unstable();
    for (number, (start, end)) in starts.into_iter().enumerate() {
        for (at, role) in [(start, Role::Open(number + 1)), (end, Role::Close(number + 1))] {
            if let Some(code) = &mut found[at] {
                code.role = role;
            }
        }
    }
    found
}

/// Ids for the codes of a segment: `x5` for a code with `x="5"`, else `n1`, `n2`, …; each once.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    given: HashMap<String, usize>,
    plain: usize,
}

impl Ids {
    pub(crate) fn of(&mut self, code: &Code) -> String {
        let number =
            code.x.as_deref().filter(|x| !x.is_empty() && x.len() < 10 && x.bytes().all(|b| b.is_ascii_digit()));
        let Some(x) = number else {
            self.plain += 1;
            return format!("n{}", self.plain);
        };
        let count = self.given.entry(x.to_owned()).or_default();
        *count += 1;
        if *count == 1 { format!("x{x}") } else { format!("x{x}.{count}") }
    }

    /// The `x` in such an id.
    pub(crate) fn x_in(id: &str) -> Option<usize> {
        let digits = id.strip_prefix('x')?;
        digits.split('.').next()?.parse().ok()
    }
}

/// The type of a highlight's start tag; `Ok(None)` without one, `Err` where `markup` is no `<hi …>`.
pub(crate) fn highlight_type(markup: &str) -> Result<Option<String>, ()> {
    let name_ends = |rest: &str| rest.starts_with(|c: char| c.is_ascii_whitespace() || c == '>');
    if !markup.strip_prefix("<hi").is_some_and(name_ends) || !markup.ends_with('>') || markup.ends_with("/>") {
        return Err(());
    }
    let attrs = xml::tag_attributes(markup, 2).map_err(|_| ())?;
    Ok(attrs.into_iter().find(|(n, _)| *n == "type").map(|(_, v)| v.into_owned()))
}

/// For each piece, whether it is a highlight tag that has its other half and crosses no other.
pub(crate) fn paired_highlights(seg: &Seg) -> Vec<bool> {
    let mut paired = vec![false; seg.pieces.len()];
    let mut open: Vec<Option<usize>> = Vec::new();
    for (at, piece) in seg.pieces.iter().enumerate() {
        let Piece::Highlight(markup) = piece else { continue };
        if markup.starts_with("</") {
            if let Some(Some(start)) = open.pop() {
                (paired[start], paired[at]) = (true, true);
            }
        } else if !markup.ends_with("/>") {
            open.push(highlight_type(markup).is_ok().then_some(at));
        }
    }
    paired
}
