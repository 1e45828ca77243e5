//! Fuzzy repair: what is changed is told, nothing else changes, and what is equal is never changed.

use dhakira::Lang;
use dhakira::repair::{Kinds, repair as repaired};
use dhakira::unit::Seg;

/// The sentence, the stored source and its target, a line each.
pub fn repair(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.splitn(3, '\n');
    let [query, source, target] = std::array::from_fn(|_| Seg::plain(lines.next().unwrap_or_default()));
    let know = |_: Lang, term: &str| vec![term.to_owned()];
    for lang in Lang::BOTH {
        assert_eq!(repaired(lang, &source, &source, &target, Kinds::default(), &know), None);
        let Some(repair) = repaired(lang, &query, &source, &target, Kinds::default(), &know) else { continue };
        let text = repair.target.text();
        let (mut stored, mut end) = (text.clone(), text.len());
        assert!(!repair.edits.is_empty());
        for edit in repair.edits.iter().rev() {
            assert!(edit.range.end <= end);
            assert_eq!(text[edit.range.clone()], edit.to);
            stored.replace_range(edit.range.clone(), &edit.from);
            end = edit.range.start;
        }
        assert_eq!(stored, target.text());
    }
}
