//! Keyword in context: a hit with as much around it as a line has room for, cut between words.

use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// A line of a concordance: three ranges of the text, each beginning where the one before it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kwic {
    /// What stands before the hit, in the order of the text: of Arabic on its right.
    pub before: Range<usize>,
    /// The hit in whole words: Arabic letters join, and half a word in colour would tear its shape.
    pub hit: Range<usize>,
    /// What stands behind it.
    pub after: Range<usize>,
    /// Whether there is more before.
    pub cut_before: bool,
    /// Whether there is more behind.
    pub cut_after: bool,
}

/// A line around `hit`, a range of `text`, at most `cells` wide on a terminal, the same room on both sides. Cut only where
/// words end (UAX #29), so neither a joined shape nor a grapheme cluster is torn. A hit that is wider stands alone.
///
/// ```
/// use dhakira::concordance::kwic;
/// let text = "افتتح الوزير صباح أمس الميناء الجديد";
/// let at = text.find("صباح").unwrap();
/// let line = kwic(text, at..at + "صباح".len(), 18);
/// assert_eq!((&text[line.before], &text[line.after]), ("الوزير ", " أمس "));
/// assert!(line.cut_before && line.cut_after);
/// ```
pub fn kwic(text: &str, hit: Range<usize>, cells: usize) -> Kwic {
    let hit = whole_words(text, hit);
    let room = cells.saturating_sub(width(&text[hit.clone()])) / 2;
    let before = text[..hit.start].split_word_bounds().rev();
    let start = hit.start - taken(before, room);
    let after = text[hit.end..].split_word_bounds();
    let end = hit.end + taken(after, room);
    Kwic { before: start..hit.start, after: hit.end..end, cut_before: start > 0, cut_after: end < text.len(), hit }
}

/// As much of the beginning of `text` as `cells` have room for, cut between words: the bytes of it.
///
/// ```
/// use dhakira::concordance::fitting;
/// assert_eq!(&"افتتح الوزير الميناء"[..fitting("افتتح الوزير الميناء", 13)], "افتتح الوزير ");
/// ```
pub fn fitting(text: &str, cells: usize) -> usize {
    taken(text.split_word_bounds(), cells)
}

/// How many cells of a terminal `text` takes: two for wide characters, none for marks (UAX #11 as the crate
/// `unicode-width` reads it).
///
/// ```
/// use dhakira::concordance::width;
/// assert_eq!(width("كِتَاب"), 4);
/// ```
pub fn width(text: &str) -> usize {
    // Lam and alef share a cell there; terminals that do not join letters give them two.
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// The bytes of those words that fit into `room` cells.
fn taken<'t>(words: impl Iterator<Item = &'t str>, room: usize) -> usize {
    let (mut bytes, mut cells) = (0, 0);
    for word in words {
        cells += width(word);
        if cells > room {
            break;
        }
        bytes += word.len();
    }
    bytes
}

/// `range` widened to where words begin and end. Looked for between the white space before it and the one behind it:
/// there words end, and a run of spaces is one word to UAX #29.
fn whole_words(text: &str, range: Range<usize>) -> Range<usize> {
    let from = text[..range.start].rfind(' ').map_or(0, |space| text[..space].trim_end().len());
    let rest = &text[range.end..];
    let dense = rest.len() - rest.trim_start().len();
    let to = rest[dense..].find(' ').map_or(text.len(), |space| range.end + dense + space);
    let (mut start, mut end) = (range.start, range.end);
    for (at, word) in text[from..to].split_word_bound_indices() {
        let (at, next) = (from + at, from + at + word.len());
        if at < range.start && range.start < next {
            start = at;
        }
        if at < range.end && range.end < next {
            end = next;
        }
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cut_between_words() {
        let check = |text: &str, hit: &str, cells, expected: &str| {
            let at = text.find(hit).unwrap();
            let line = kwic(text, at..at + hit.len(), cells);
            let dots = |cut: bool| if cut { "…" } else { "" };
            let (before, found, after) = (&text[line.before], &text[line.hit], &text[line.after]);
            let shown = format!("{}{before}[{found}]{after}{}", dots(line.cut_before), dots(line.cut_after));
            assert_eq!(shown, expected);
        };
        check("قرأت الكتاب أمس", "كتاب", 80, "قرأت [الكتاب] أمس");
        check("قرأت الكتاب أمس", "كتاب", 0, "…[الكتاب]…");
        check("كَتَبَ كِتابًا جديدًا", "كِتابًا", 12, "… [كِتابًا] …");
        check("one two three", "two", 11, "one [two] …");
        check("", "", 10, "[]");
    }

    proptest! {
        #[test]
        fn lines_are_whole_words(text in "([ابت][\u{064E}\u{0640}]?|[a, .1']|e\u{0301}|\u{FF21}){0,24}", at: prop::sample::Index, to: prop::sample::Index, cells in 0usize..20) {
            let clusters: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
            let (a, b) = (clusters[at.index(clusters.len())], clusters[to.index(clusters.len())]);
            let hit = a.min(b)..a.max(b);
            let borders: Vec<usize> = text.split_word_bound_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let line = kwic(&text, hit.clone(), cells);
            prop_assert_eq!((line.before.end, line.hit.end), (line.hit.start, line.after.start));
            let start = *borders.iter().rev().find(|b| **b <= hit.start).unwrap();
            let end = *borders.iter().find(|b| **b >= hit.end).unwrap();
            prop_assert_eq!(line.hit.clone(), start..end);
            prop_assert!(clusters.contains(&line.before.start) && clusters.contains(&line.after.end));
            let whole = width(&text[line.before.start..line.after.end]);
            prop_assert!(whole <= cells.max(width(&text[line.hit])) + 1, "{whole}");
        }
    }
}
