//! A segment of a document: what is to be translated, and what of it is translated already.

use crate::text::Count;
use crate::unit::Seg;
use std::ops::Range;

/// What is to be translated at once: a sentence, a cue, an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The id that the file gives it, as the context of its like elsewhere (`msgctxt`).
    pub context: Option<String>,
    /// The id in its file (of a unit in XLIFF, of a cue), for people.
    pub id: Option<String>,
    /// The source with its inline codes.
    pub source: Seg,
    /// The translation that the file has, if any.
    pub target: Option<Seg>,
    /// How far it is translated.
    pub state: State,
    /// Whether [`Document::fill`](super::Document::fill) can fill it: not the plural entries of PO.
    pub fillable: bool,
    /// The line of the file where the source stands, from 1; 0 in an archive.
    pub line: u64,
    /// The bytes of the source in the file's text; in an archive, in the text of its paragraph.
    pub span: Range<usize>,
    /// Each inline code of the source as the file writes it, in their order.
    pub(super) raws: Vec<String>,
}

/// How far a segment is translated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It waits for its translation.
    Untranslated,
    /// It has one that nobody has confirmed: fuzzy, to be reviewed.
    Draft,
    /// It is translated.
    Translated,
}

impl Segment {
    /// A segment without a translation.
    pub(super) fn new(source: Seg, raws: Vec<String>, span: Range<usize>) -> Segment {
        let (context, id, target) = (None, None, None);
        Segment { context, id, source, target, state: State::Untranslated, fillable: true, line: 0, span, raws }
    }

    /// Words and characters of the source. Codes that come in pairs stand inside words and are nothing; others part them.
    ///
    /// ```
    /// use dhakira::document::{Document, Kind, Options};
    /// let page = "<p>الـ<b>كتاب</b> الجديد<br>نفد</p>";
    /// let document = Document::parse(Kind::Html, page.as_bytes(), "page.html", &Options::default())?;
    /// assert_eq!(document.segments()[0].count().words, 2);
    /// # Ok::<(), dhakira::Error>(())
    /// ```
    pub fn count(&self) -> Count {
        Count::of(&self.source.plain_text())
    }
}
