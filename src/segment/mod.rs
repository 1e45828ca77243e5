//! Sentences: a text becomes a [`Document`] of [`Segment`]s, byte ranges that joined are the text again.
//!
//! One engine (`splitter`) finds the stops and what belongs to them; `ar` and `en` say whether a sentence ends there;
//! word lists as text files (`abbrev/ar.txt`, `abbrev/en.txt`) tell abbreviations. The bias is declared: where neither
//! answer is sure, the sentence goes on, because a translator joins two units less gladly than reading a long one, and an
//! aligner can pair a long one with two.
//!
//! - A line break always ends a sentence, and each line that is not blank is a paragraph. Line breaks are those of
//!   UAX #14: LF, CR, CR LF, form feed, vertical tab, NEL, U+2028, U+2029.
//! - Ends of sentences: `.` `!` `?` `؟` `۔` `…` and rows of them, with the closing brackets and quotation marks behind
//!   them, also in the other order (`”.`). Never: `،` `,` `:`; `؛` and `;` only when [`Rules::semicolon`] says so.
//! - A headline that runs into the news behind it is parted from it when both show ([`Rules::joined_title`]).
//! - Not an end: titles (`د.`, `Mr.`), initials (`J. K.`, `جون سي.`), numbers, dates, addresses, file names, numbers of
//!   headings and list items, dots as a pause in Arabic (`..`, `...`), a stop without white space behind it.

mod abbreviation;
mod ar;
mod character;
mod en;
mod splitter;
mod stop;
mod title;

pub use abbreviation::{AbbreviationError, Abbreviations};

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
    /// A document that comes already split: one sentence a line, a blank line ends a paragraph (`align --lines`).
    ///
    /// Only LF and CR LF part lines here, so that sentence `n` is the `n`th line that is not blank.
    ///
    /// ```
    /// use dhakira::{lang::Lang, segment::Document};
    /// let document = Document::from_lines(Lang::Ar, "وصل د. سامي. ثم جلس.\nلم يتكلم.\n\nفي الصباح عاد.\n");
    /// assert_eq!(document.len(), 3);
    /// assert_eq!(document.sentence(0), "وصل د. سامي. ثم جلس.");
    /// assert_eq!(document.segments()[2].paragraph, 1);
    /// ```
    pub fn from_lines(lang: Lang, text: &str) -> Document {
        let mut segments: Vec<Segment> = Vec::new();
        let mut paragraph = 0;
        let mut parted = false;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let next = at + line.len();
            let lead = line.len() - line.trim_start().len();
            let core = at + lead..at + line.trim_end().len();
            if core.start < core.end {
                paragraph += usize::from(parted && !segments.is_empty());
                parted = false;
                let start = segments.last().map_or(0, |s| s.span.end);
                segments.push(Segment { span: start..next, core, paragraph });
            } else {
                parted = true;
                if let Some(last) = segments.last_mut() {
                    last.span.end = next;
                }
            }
            at = next;
        }
        Document { lang, text: text.to_owned(), segments }
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
    ///
    /// # Panics
    ///
    /// When there are not that many, as indexing a slice does.
    pub fn sentence(&self, index: usize) -> &str {
        &self.text[self.segments[index].core.clone()]
    }

    /// The sentences in order, without the white space around them.
    pub fn sentences(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().map(|s| &self.text[s.core.clone()])
    }
}

/// What a user may change about splitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Whether `؛` and `;` with white space behind them end a segment; off by default.
    pub semicolon: bool,
    /// Whether a full stop between two plain words without white space ("تم.ثم", "done.Next") ends a segment; off by
    /// default, because addresses and file names look alike.
    pub glued_stop: bool,
    /// Whether a headline whose line break was lost is parted from the news behind it; on by default.
    ///
    /// The first sentence of a paragraph of several is cut before a word that opens news when two content words of the part
    /// before come again behind it. Most headlines stay joined; hardly a sentence is cut that is one.
    ///
    /// ```
    /// use dhakira::{lang::Lang, segment::{Rules, split_with}};
    /// let text = "بلدية الميناء تفتح حديقة جديدة أمام الأطفال أعلنت بلدية الميناء يوم الأحد أن حديقة الأطفال ستفتح. الدخول مجاني.";
    /// assert_eq!(split_with(Lang::Ar, text, &Rules::default()).sentence(0), "بلدية الميناء تفتح حديقة جديدة أمام الأطفال");
    /// let mut rules = Rules::default();
    /// rules.joined_title = false;
    /// assert_eq!(split_with(Lang::Ar, text, &rules).len(), 2);
    /// ```
    pub joined_title: bool,
    added: Abbreviations,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { semicolon: false, glued_stop: false, joined_title: true, added: Abbreviations::default() }
    }
}

impl Rules {
    /// Adds abbreviations in the form of the shipped lists (see [`Abbreviations`]).
    ///
    /// ```
    /// use dhakira::{lang::Lang, segment::{Rules, split_with}};
    /// let text = "حضر الفر. حسن إلى المقر.";
    /// assert_eq!(split_with(Lang::Ar, text, &Rules::default()).len(), 2);
    /// let rules = Rules::default().with_abbreviations("[never]\nالفر. // rank").unwrap();
    /// assert_eq!(split_with(Lang::Ar, text, &rules).len(), 1);
    /// ```
    pub fn with_abbreviations(mut self, list: &str) -> Result<Rules, AbbreviationError> {
        self.added.extend(Abbreviations::parse(list)?);
        Ok(self)
    }

    fn abbreviations(&self) -> &Abbreviations {
        &self.added
    }
}

/// Splits `text` into sentences by the usual rules; a line break always ends one.
///
/// ```
/// use dhakira::{lang::Lang, segment::split};
/// let document = split(Lang::Ar, "وصل د. سامي في 12.08.2014. سأل: «أين الكتاب؟» ثم جلس، ولم يتكلم...");
/// let sentences: Vec<&str> = document.sentences().collect();
/// assert_eq!(sentences, ["وصل د. سامي في 12.08.2014.", "سأل: «أين الكتاب؟»", "ثم جلس، ولم يتكلم..."]);
/// ```
pub fn split(lang: Lang, text: &str) -> Document {
    split_with(lang, text, &Rules::default())
}

/// Splits `text` into sentences; see [`split`].
pub fn split_with(lang: Lang, text: &str, rules: &Rules) -> Document {
    Document { lang, text: text.to_owned(), segments: splitter::segments(lang, text, rules) }
}
