//! Changes to a text: stretches that are replaced, all else staying as it is.

use std::ops::Range;

/// A stretch and what takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) range: Range<usize>,
    pub(super) with: String,
}

impl Edit {
    /// Something new at byte `at`.
    pub(super) fn insert(at: usize, with: impl Into<String>) -> Edit {
        Edit { range: at..at, with: with.into() }
    }
}

/// The text with these edits. They may come in any order; of two that overlap the earlier one holds. Of several at the same
/// place, each finds its room in the order given.
pub(super) fn applied(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut out = String::with_capacity(text.len() + edits.iter().map(|edit| edit.with.len()).sum::<usize>());
    let mut at = 0;
    for edit in edits {
        if edit.range.start < at {
            continue;
        }
        out.push_str(&text[at..edit.range.start]);
        out.push_str(&edit.with);
        at = edit.range.end;
    }
    out + &text[at..]
}

/// A start tag (or an empty-element tag) with an attribute set to `value`, which is escaped already: in the place of the old
/// one if there is one, else as the last one.
pub(super) fn with_attribute(tag: &str, name: &str, value: &str) -> String {
    let name_len =
        tag[1..].find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).map_or(tag.len(), |n| n + 1);
    let end = tag.strip_suffix('>').map_or(tag.len(), |rest| rest.strip_suffix('/').unwrap_or(rest).len());
    let inside = tag.get(name_len..end).unwrap_or_default();
    let old = crate::xml::attributes(inside).unwrap_or_default().into_iter().find(|(n, _)| *n == name);
    match old {
        Some((_, old)) => {
            // `old` is a part of `tag`: the difference of their addresses is its offset.
            let from = old.as_ptr() as usize - tag.as_ptr() as usize;
            // The quotation mark around it may be a single one.
            let value = value.replace('\'', "&#39;");
            format!("{}{value}{}", &tag[..from], &tag[from + old.len()..])
        }
        None => {
            let before = tag[..end].trim_end();
            format!("{before} {name}=\"{value}\"{}", &tag[end..])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_find_their_places() {
        let edit = |range, with: &str| Edit { range, with: with.to_owned() };
        let edits = vec![edit(4..6, "x"), edit(0..0, "1"), edit(0..0, "2"), edit(5..7, "lost")];
        assert_eq!(applied("abcdefgh", edits), "12abcdxgh");
    }

    #[test]
    fn attributes_are_set() {
        assert_eq!(with_attribute("<a>", "s", "1"), "<a s=\"1\">");
        assert_eq!(with_attribute("<a b='2' />", "s", "1"), "<a b='2' s=\"1\"/>");
        assert_eq!(with_attribute("<x:a s='ش' b=\"2\">", "s", "it's"), "<x:a s='it&#39;s' b=\"2\">");
        assert_eq!(with_attribute("<a/>", "s", "1"), "<a s=\"1\"/>");
    }
}
