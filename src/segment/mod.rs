//! Sentences: a text becomes a [`Document`] of [`Segment`]s, byte ranges that joined are the text again.

use crate::lang::Lang;
use std::ops::Range;

/// A text and its sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    lang: Lang,
    text: String,
    segments: Vec<Segment>,
}

/// A sentence: a byte range of its document's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The bytes of the sentence with the white space that follows it (the first one also has what precedes it): these
    /// ranges tile the text.
    pub span: Range<usize>,
    /// The bytes of the sentence alone, without white space at either end; never empty.
    pub core: Range<usize>,
    /// The number of its paragraph, from 0.
    pub paragraph: usize,
}

impl Document {
    /// A document whose segments are given: each a span and a paragraph number, tiling `text` in order.
    ///
    /// For sides that come already split (`align --lines`).
    pub fn from_lines(lang: Lang, text: &str) -> Document {
        let _ = (lang, text);
        todo!()
    }

    /// The language of the text.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The segments in order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// How many segments there are.
    pub fn len(&self) -> usize {
        self.segments.len()
    }

    /// Whether the text has no segment, being empty or white space.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// The sentence with this number, without the white space around it.
    pub fn sentence(&self, index: usize) -> &str {
        &self.text[self.segments[index].core.clone()]
    }
}

/// Splits `text` into sentences; a line break always ends one.
pub fn split(lang: Lang, text: &str) -> Document {
    let mut segments: Vec<Segment> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let core_start = at + (line.len() - line.trim_start().len());
        let core_end = at + line.trim_end().len();
        if core_start < core_end {
            let start = if segments.is_empty() { 0 } else { at };
            segments.push(Segment {
                span: start..at + line.len(),
                core: core_start..core_end,
                paragraph: segments.len(),
            });
        } else if let Some(last) = segments.last_mut() {
            last.span.end = at + line.len();
        }
        at += line.len();
    }
    Document { lang, text: text.to_owned(), segments }
}
