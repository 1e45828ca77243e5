//! What the readers of the single kinds hand on: lines in order, before any furniture rule.

use super::{BlockKind, Date, Removed, Source};

/// What a reader of one kind hands on: lines in order, before any furniture rule.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub lines: Vec<Line>,
    pub removed: Vec<Removed>,
    pub date: Option<Date>,
    pub source: Source,
}

/// A block to be.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub text: String,
    /// What the markup says it is; `None` leaves it to the sieve.
    pub kind: Option<BlockKind>,
    /// 1-based line of the source, or 0.
    pub line: usize,
    /// The whole line is a link to somewhere else.
    pub link: bool,
}

/// A text with every run of white space as one space.
pub(super) fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a line ends like a sentence, quotation marks and brackets behind the stop aside. A question mark is no such
/// end: headlines ask.
pub(super) fn ends_sentence(line: &str) -> bool {
    let end = line.trim_end().trim_end_matches(['"', '\'', '”', '’', '»', '›', ')', ']', '\u{200F}', '\u{200E}']);
    end.ends_with(['.', '!', '…', '۔', ':']) && !end.ends_with(':')
        || end.len() < line.trim_end().len() && end.ends_with('؟')
}
