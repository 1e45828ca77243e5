//! Inline codes: whether they are paired inside a segment, and the same on both sides (TMX 1.4b, `bpt ept ph it hi ut`).

use crate::unit::{Piece, Seg};
use std::collections::BTreeMap;

/// A code as far as pairing needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Code {
    /// The element's name.
    pub name: String,
    i: Option<String>,
    x: Option<String>,
    pos: Option<String>,
}

/// The codes of a segment in their order, `hi` by its start tags.
pub(super) fn codes(seg: &Seg) -> Vec<Code> {
    seg.pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Code(markup) => code(markup),
            Piece::Highlight(markup) if markup.starts_with("</") => None,
            Piece::Highlight(markup) => code(markup),
        })
        .collect()
}

/// Reads a start tag; `None` for what is no tag.
fn code(markup: &str) -> Option<Code> {
    let tag = markup.strip_prefix('<')?;
    let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(tag.len());
    let (name, mut rest) = tag.split_at(end);
    let mut code = Code { name: name.to_owned(), i: None, x: None, pos: None };
    loop {
        rest = rest.trim_start();
        if rest.is_empty() || rest.starts_with(['>', '/']) {
            return Some(code);
        }
        let Some((attribute, value)) = rest.split_once('=') else { return Some(code) };
        let value = value.trim_start();
        let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return Some(code) };
        let Some((value, behind)) = value[1..].split_once(quote) else { return Some(code) };
        let slot = match attribute.trim() {
            "i" => Some(&mut code.i),
            "x" => Some(&mut code.x),
            "pos" => Some(&mut code.pos),
            _ => None,
        };
        if let Some(slot) = slot {
            *slot = Some(value.to_owned());
        }
        rest = behind;
    }
}

/// What is not paired in the segment, in words; `None` when all is.
pub(super) fn unbalanced(seg: &Seg) -> Option<String> {
    let mut open: Vec<String> = Vec::new();
    let mut used: Vec<String> = Vec::new();
    for code in codes(seg) {
        let i = code.i.clone().unwrap_or_default();
        match code.name.as_str() {
            "bpt" if code.i.is_none() => return Some("a bpt has no i, so no ept can close it".to_owned()),
            "bpt" if used.contains(&i) => return Some(format!("two bpt have the same i=\"{i}\"")),
            "bpt" => {
                open.push(i.clone());
                used.push(i);
            }
            "ept" => match open.iter().rposition(|o| *o == i) {
                Some(at) => {
                    open.remove(at);
                }
                None => return Some(format!("the ept i=\"{i}\" closes no bpt")),
            },
            "it" if !matches!(code.pos.as_deref(), Some("begin" | "end")) => {
                return Some("an it does not say whether it begins or ends (pos)".to_owned());
            }
            _ => {}
        }
    }
    if let Some(i) = open.first() {
        return Some(format!("the bpt i=\"{i}\" has no ept"));
    }
    let mut depth = 0usize;
    for piece in &seg.pieces {
        if let Piece::Highlight(markup) = piece {
            match markup.starts_with("</") {
                false if markup.trim_end().ends_with("/>") => {}
                false => depth += 1,
                true if depth == 0 => return Some("a </hi> closes nothing".to_owned()),
                true => depth -= 1,
            }
        }
    }
    (depth > 0).then(|| "a <hi> is not closed".to_owned())
}

/// How the codes of two segments differ, in words: what the first lacks and what the second lacks.
///
/// Where every code says its `x`, which pairs codes across the variants, the `x` decide (`ept` have none). Else codes
/// are counted by what they do, because a pair may be written `bpt … ept` or `it … it`.
pub(super) fn difference(first: &Seg, second: &Seg) -> Option<(Vec<String>, Vec<String>)> {
    let (first, second) = (codes(first), codes(second));
    let paired = |codes: &[Code]| codes.iter().all(|c| c.x.is_some() || c.name == "ept");
    let by_x = paired(&first) && paired(&second);
    let count = |codes: &[Code]| {
        let mut counts: BTreeMap<String, i64> = BTreeMap::new();
        for code in codes.iter().filter(|c| !by_x || c.name != "ept") {
            let name = match (&code.x, code.name.as_str()) {
                (Some(x), _) if by_x => format!("x=\"{x}\""),
                (_, "bpt" | "ept" | "it") => "bpt/ept/it".to_owned(),
                (_, name) => name.to_owned(),
            };
            *counts.entry(name).or_default() += 1;
        }
        counts
    };
    let (first, second) = (count(&first), count(&second));
    let lacking = |from: &BTreeMap<String, i64>, of: &BTreeMap<String, i64>| -> Vec<String> {
        of.iter()
            .filter(|(name, n)| from.get(*name).copied().unwrap_or(0) < **n)
            .map(|(name, _)| name.clone())
            .collect()
    };
    let lists = (lacking(&first, &second), lacking(&second, &first));
    (lists != (Vec::new(), Vec::new())).then_some(lists)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seg(markups: &[&str]) -> Seg {
        Seg {
            pieces: markups
                .iter()
                .map(|m| match *m {
                    m if m.starts_with("<hi") || m.starts_with("</hi") => Piece::Highlight(m.to_owned()),
                    m if m.starts_with('<') => Piece::Code(m.to_owned()),
                    m => Piece::Text(m.to_owned()),
                })
                .collect(),
        }
    }

    #[test]
    fn pairs_are_checked() {
        let check = |markups: &[&str], expected: Option<&str>| {
            assert_eq!(unbalanced(&seg(markups)).as_deref(), expected, "{markups:?}");
        };
        check(&["<bpt i=\"1\" x='1'>&lt;b></bpt>", "نعم", "<ept i=\"1\">&lt;/b></ept>"], None);
        check(&["<bpt i=\"1\"/>", "نعم"], Some("the bpt i=\"1\" has no ept"));
        check(&["<ept i=\"2\"/>"], Some("the ept i=\"2\" closes no bpt"));
        check(&["<bpt i=\"1\"/>", "<ept i=\"1\"/>", "<bpt i=\"1\"/>"], Some("two bpt have the same i=\"1\""));
        check(&["<bpt/>"], Some("a bpt has no i, so no ept can close it"));
        check(&["<it pos=\"begin\"/>"], None);
        check(&["<it/>"], Some("an it does not say whether it begins or ends (pos)"));
        check(&["<hi>", "نعم"], Some("a <hi> is not closed"));
        check(&["<hi>", "نعم", "</hi>", "</hi>"], Some("a </hi> closes nothing"));
        check(&["<", "<ph x", "<ph x=1>", "<ph x=\"1>"], None);
    }

    #[test]
    fn sides_are_compared() {
        let check = |a: &[&str], b: &[&str], expected: Option<(&[&str], &[&str])>| {
            let found = difference(&seg(a), &seg(b));
            let owned = |l: &[&str]| l.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
            assert_eq!(found, expected.map(|(x, y)| (owned(x), owned(y))), "{a:?} {b:?}");
        };
        check(&["<ph x=\"1\"/>", "<ph x=\"2\"/>"], &["<ph x=\"2\"/>", "<ph x=\"1\"/>"], None);
        check(&["<ph x=\"1\"/>"], &["<ph x=\"2\"/>"], Some((&["x=\"2\""], &["x=\"1\""])));
        check(&["<bpt i='1'/>", "<ept i='1'/>"], &["<it pos='begin'/>", "<it pos='end'/>"], None);
        check(&["<ph/>"], &[], Some((&[], &["ph"])));
    }
}
