//! XLIFF in: the units of an XLIFF 1.x or 2.x text one after the other, each broken one set aside by itself.
//!
//! The text is searched for units by their tags, so that what is wrong in one of them, or between them, costs no other.
//! What a unit holds is read by [`xliff1`](super::xliff1) and [`xliff2`](super::xliff2); this file knows where units stand
//! and in which file. Left out by decision: proposals (`alt-trans`, `mtc:matches`), which nobody has accepted; binary units;
//! skeletons.

use std::collections::VecDeque;
use std::io::BufRead;
use std::path::PathBuf;

use super::markup::{Markup, Scanner};
use super::tree::{self, Tree};
use super::whole::{MALFORMED, NOT_TEXT, Whole};
use super::xliff_file::{File, not_ours};
use super::{Item, LeftOut, ReadOptions, xliff1, xliff2};
use crate::error::Error;
use crate::lang::LangTag;
use crate::xml;

/// Reads the units of an XLIFF text: an iterator over units and, as errors, what had to be set aside.
#[derive(Debug)]
pub(super) struct Reader {
    whole: Whole,
    /// The language of the source, where the file does not say it.
    source: Option<LangTag>,
    fuzzy: bool,
    scanner: Scanner,
    /// The prefix of XLIFF's own names (`xlf:`), mostly none.
    prefix: String,
    root: Root,
    /// The languages that a 2.x root names.
    root_languages: (Option<LangTag>, Option<LangTag>),
    file: File,
    ready: VecDeque<Item>,
    left_out: LeftOut,
    units: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Root {
    Unseen,
    Open,
    Closed,
    Done,
}

impl Reader {
    /// Reads the file whole.
    pub(super) fn open(input: impl BufRead, path: PathBuf, options: &ReadOptions) -> Result<Reader, Error> {
        let whole = Whole::open(input, path, options.encoding, |_| None)?;
        Ok(Reader {
            whole,
            source: options.source.map(LangTag::from),
            fuzzy: options.fuzzy,
            scanner: Scanner::new(0),
            prefix: String::new(),
            root: Root::Unseen,
            root_languages: (None, None),
            file: File { source: options.source.map(LangTag::from), fuzzy: options.fuzzy, ..File::default() },
            ready: VecDeque::new(),
            left_out: LeftOut::default(),
            units: 0,
        })
    }

    /// What was left out so far though nothing is wrong with it.
    pub(super) fn left_out(&self) -> LeftOut {
        self.left_out
    }

    /// Reads up to the next unit and lays what it gave ready; false at the end.
    fn step(&mut self) -> bool {
        let Some((span, markup)) = self.scanner.next(&self.whole.text) else {
            self.end();
            return false;
        };
        let (Markup::Start(name) | Markup::Empty(name) | Markup::End(name)) = markup;
        if self.root == Root::Unseen && name.rsplit(':').next() == Some("xliff") {
            self.prefix = name[..name.len() - "xliff".len()].to_owned();
        }
        match (tree::local(name, &self.prefix), markup) {
            ("xliff", Markup::Start(_)) => {
                self.root = Root::Open;
                let attrs = self.attributes(span.start, span.end, name.len());
                self.root_languages = (language(&attrs, "srcLang"), language(&attrs, "trgLang"));
                self.file_begins(Vec::new());
            }
            ("xliff", _) => self.root = Root::Closed,
            ("file", Markup::Start(_)) => {
                let attrs = self.attributes(span.start, span.end, name.len());
                self.file_begins(attrs);
                if self.file.foreign {
                    let reason = not_ours(self.file.source.as_ref(), self.file.target.as_ref());
                    let error = self.whole.error(span.start, format!("{reason}; the units of this file are left out"));
                    self.ready.push_back(Err(error));
                }
            }
            (kind @ ("trans-unit" | "unit"), Markup::Start(_)) => {
                let two = kind == "unit";
                self.unit(span.start, span.end, two);
            }
            (kind @ ("trans-unit" | "unit"), Markup::Empty(_)) => {
                self.units += 1;
                let error = self.whole.error(span.start, format!("a <{kind}> without a <source>"));
                self.ready.push_back(Err(error));
            }
            _ => {}
        }
        true
    }

    fn attributes(&mut self, from: usize, to: usize, name_len: usize) -> Vec<(String, String)> {
        match xml::tag_attributes(&self.whole.text[from..to], name_len) {
            Ok(mut attrs) => {
                // What the units inherit may hold no more than they may themselves.
                attrs.retain(|(_, v)| v.chars().all(xml::is_char));
                attrs.into_iter().map(|(n, v)| (n.to_owned(), v.into_owned())).collect()
            }
            Err((at, reason)) => {
                let error = self.whole.error(from + at, reason);
                self.ready.push_back(Err(error));
                Vec::new()
            }
        }
    }

    fn file_begins(&mut self, attrs: Vec<(String, String)>) {
        let (root_source, root_target) = self.root_languages.clone();
        let source = language(&attrs, "source-language").or(root_source).or_else(|| self.source.clone());
        let target = language(&attrs, "target-language").or(root_target);
        let of = |tag: &Option<LangTag>| tag.as_ref().map(LangTag::lang);
        let foreign = match (of(&source), of(&target)) {
            (Some(None), _) | (_, Some(None)) => true,
            (Some(a), Some(b)) => a == b,
            _ => false,
        };
        let original = attrs.into_iter().find(|(n, _)| n == "original").map(|(_, v)| v);
        self.file = File { original, source, target, foreign, fuzzy: self.fuzzy };
    }

    /// The unit whose start tag stands there.
    fn unit(&mut self, from: usize, tag_end: usize, two: bool) {
        let name = if two { "unit" } else { "trans-unit" };
        self.scanner.at = tag_end;
        let (to, whole) = loop {
            let mut ahead = self.scanner.clone();
            let Some((span, markup)) = ahead.next(&self.whole.text) else {
                break (self.whole.text.len(), None);
            };
            let (Markup::Start(found) | Markup::Empty(found) | Markup::End(found)) = markup;
            match (tree::local(found, &self.prefix), markup) {
                (n, Markup::End(_)) if n == name => {
                    self.scanner = ahead;
                    break (span.end, Some(true));
                }
                // What can not stand in a unit: its end is missing. The other is read for itself.
                ("trans-unit" | "unit" | "file" | "body" | "xliff", _) | ("group", Markup::End(_)) => {
                    break (span.start, Some(false));
                }
                _ => self.scanner = ahead,
            }
        };
        self.units += 1;
        match whole {
            Some(true) => {}
            Some(false) => {
                let error = self.whole.error(from, format!("a <{name}> that has no end"));
                self.ready.push_back(Err(error));
                return;
            }
            None => {
                self.units -= 1;
                self.scanner.at = to;
                return;
            }
        }
        if self.file.foreign {
            self.left_out.foreign += 1;
            return;
        }
        let parsed = Tree::parse(&self.whole.text[from..to], &self.prefix);
        let read =
            parsed.and_then(|tree| if two { xliff2::read(&tree, &self.file) } else { xliff1::read(&tree, &self.file) });
        match read {
            Ok(found) => {
                self.left_out.untranslated += found.untranslated;
                self.left_out.fuzzy += found.fuzzy;
                for (at, unit) in found.units {
                    let place = self.whole.place(from + at);
                    self.ready.push_back(Ok((unit, place)));
                }
            }
            Err((at, reason)) => {
                let malformed = self.whole.text[from + at..].starts_with(MALFORMED);
                let reason = if malformed { NOT_TEXT.to_owned() } else { reason };
                let error = self.whole.error(from + at, reason);
                self.ready.push_back(Err(error));
            }
        }
    }

    /// The end of the text: fine, or too early.
    fn end(&mut self) {
        let reason = match self.root {
            Root::Unseen if self.units == 0 => "no <xliff> in it: not an XLIFF file".to_owned(),
            Root::Unseen | Root::Open => {
                format!("the file stops before </xliff>: {} complete units, what followed is missing", self.units)
            }
            Root::Closed | Root::Done => {
                self.root = Root::Done;
                return;
            }
        };
        self.root = Root::Done;
        let error = self.whole.error(self.whole.text.len(), reason);
        self.ready.push_back(Err(error));
    }
}

fn language(attrs: &[(String, String)], name: &str) -> Option<LangTag> {
    attrs.iter().find(|(n, v)| n == name && !v.trim().is_empty()).map(|(_, v)| LangTag::new(v))
}

impl Iterator for Reader {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        while self.ready.is_empty() && self.root != Root::Done && self.step() {}
        self.ready.pop_front()
    }
}
