//! XLIFF in: the units of an XLIFF 1.x or 2.x text one after the other, each broken one set aside by itself.
//!
//! The text is searched for units by their tags, so that what is wrong in one of them, or between them, costs no other.
//! What a unit holds is read by [`xliff1`](super::xliff1) and [`xliff2`](super::xliff2); this file knows files, languages
//! and places. Left out by decision: proposals (`alt-trans`, `mtc:matches`), which nobody has accepted; binary units;
//! skeletons.

use std::collections::{HashSet, VecDeque};
use std::io::BufRead;
use std::path::PathBuf;

use super::whole::{MALFORMED, Whole};
use super::xml::{self, Markup, Scanner, Tree};
use super::{LeftOut, ReadOptions, xliff1, xliff2};
use crate::error::Error;
use crate::lang::{Lang, LangTag};
use crate::unit::{Meta, Seg, Unit, Variant};

/// What a unit of the file gave.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) units: Vec<Unit>,
    pub(super) untranslated: u64,
    pub(super) fuzzy: u64,
}

/// What holds for all units of a `<file>`.
#[derive(Debug, Clone, Default)]
pub(super) struct File {
    /// `original`
    original: Option<String>,
    source: Option<LangTag>,
    target: Option<LangTag>,
    /// Whether the languages are others than ours.
    foreign: bool,
    /// Whether fuzzy translations are wanted.
    pub(super) fuzzy: bool,
}

/// The side of a unit as its file has it.
pub(super) struct Side<'a> {
    /// `xml:lang` of the element.
    pub(super) lang: Option<&'a str>,
    pub(super) seg: Seg,
}

impl File {
    /// A unit of these two sides; the document it stands in is its first prop.
    pub(super) fn unit(&self, source: Side, target: Side, mut meta: Vec<Meta>) -> Result<Unit, String> {
        let own = |of: Option<&str>, file: &Option<LangTag>| match of {
            // What an element says holds as long as it is a language of ours; `xml:lang` is often copied from a template.
            Some(lang) if file.is_none() || LangTag::new(lang).lang() == file.as_ref().and_then(LangTag::lang) => {
                Some(LangTag::new(lang))
            }
            _ => file.clone(),
        };
        let source_tag =
            own(source.lang, &self.source).ok_or("no source language; name it with the file's other tags")?;
        let target_tag = match own(target.lang, &self.target) {
            Some(tag) => tag,
            None => guessed_target(&source_tag, &target.seg)?,
        };
        match (source_tag.lang(), target_tag.lang()) {
            (Some(a), Some(b)) if a != b => {}
            _ => return Err(not_ours(Some(&source_tag), Some(&target_tag))),
        }
        if let Some(original) = self.original.as_deref().filter(|o| !o.is_empty()) {
            meta.insert(0, Meta::prop("x-document", original));
        }
        // A tuid that went out as a prop comes back as what it was.
        let mut unit = Unit::default();
        if let Some(at) = meta.iter().position(|m| m.kind.as_deref() == Some(TUID_PROP)) {
            unit.set_attr("tuid", meta.remove(at).text);
        }
        unit.meta = meta;
        unit.variants = vec![Variant::new(source_tag, source.seg), Variant::new(target_tag, target.seg)];
        Ok(unit)
    }
}

/// Why a unit with [`MALFORMED`] in it is set aside.
pub(super) const NOT_TEXT: &str = "bytes that are no text in the file's encoding; name another encoding";

/// Carries a unit's `tuid` through XLIFF, whose own ids are unique in one file only and so are no `tuid`.
pub(super) const TUID_PROP: &str = "x-tuid";

/// A file that does not name its target: the other language, if the target's letters do not speak against it.
fn guessed_target(source: &LangTag, target: &Seg) -> Result<LangTag, String> {
    let other = source.lang().map(Lang::other).ok_or_else(|| not_ours(Some(source), None))?;
    match Lang::of_script(&target.text()) {
        Some(lang) if lang != other => Err(format!("the file names no target language, and this text is not {other}")),
        _ => Ok(other.into()),
    }
}

fn not_ours(source: Option<&LangTag>, target: Option<&LangTag>) -> String {
    let name = |tag: Option<&LangTag>| tag.map_or("an unnamed language".to_owned(), |t| format!("{:?}", t.as_str()));
    format!("from {} to {}: only Arabic and English are read, one from the other", name(source), name(target))
}

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
    ready: VecDeque<Result<Unit, Error>>,
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
        match (xml::local(name, &self.prefix), markup) {
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
        match xml::attributes(&self.whole.text[from..to], name_len) {
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
            match (xml::local(found, &self.prefix), markup) {
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
                self.ready.extend(found.units.into_iter().map(Ok));
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
    type Item = Result<Unit, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() && self.root != Root::Done && self.step() {}
        self.ready.pop_front()
    }
}

/// A name as a prop's type: props that are not TMX's own begin with `x-`.
pub(super) fn prop_type(name: &str) -> String {
    if name.starts_with("x-") { name.to_owned() } else { format!("x-{name}") }
}

/// Which of a unit's props and notes each of its segments gets: all, unless that would be so many copies that a small file
/// fills the memory of the machine; then only the first segment has them.
pub(super) fn shared(meta: &[Meta], segments: usize) -> &[Meta] {
    if meta.len().saturating_mul(segments) <= MOST_COPIES { meta } else { &[] }
}

/// No honest unit comes near.
const MOST_COPIES: usize = 100_000;

/// The pairs of a unit that are written: the first source with each target, each further source with the first target.
pub(super) fn pairs(unit: &Unit, source: Lang) -> Vec<(&Variant, &Variant)> {
    let side = |lang: Lang| -> Vec<&Variant> { unit.variants_of(lang).filter(|v| !v.seg.is_blank()).collect() };
    let (sources, targets) = (side(source), side(source.other()));
    let (Some(first_source), Some(first_target)) = (sources.first(), targets.first()) else { return Vec::new() };
    let first = targets.iter().map(|&target| (*first_source, target));
    first.chain(sources[1..].iter().map(|&source| (source, *first_target))).collect()
}

/// The ids that a written file has used.
#[derive(Debug, Default)]
pub(super) struct UnitIds {
    used: HashSet<String>,
    number: usize,
}

impl UnitIds {
    /// The id that the unit had in an XLIFF file, if it is still free and `fits`; else a number.
    pub(super) fn of(&mut self, unit: &Unit, fits: impl Fn(&str) -> bool) -> String {
        if let Some(id) = unit.prop("x-xliff-id").filter(|id| fits(id))
            && self.used.insert(id.to_owned())
        {
            return id.to_owned();
        }
        loop {
            self.number += 1;
            let id = self.number.to_string();
            if self.used.insert(id.clone()) {
                return id;
            }
        }
    }
}

/// A language tag as XML wants it: `ar_SA` is `ar-SA`.
pub(super) fn xml_tag(tag: &LangTag) -> String {
    tag.as_str().trim().replace('_', "-")
}

/// The tag of the markup that `native` begins with, if it is a tag with one of these names.
pub(super) fn first_tag(native: &str, names: &[&str]) -> Option<usize> {
    if !native.starts_with('<') {
        return None;
    }
    let (span, Markup::Start(name) | Markup::Empty(name) | Markup::End(name)) = Scanner::new(0).next(native)?;
    (span.start == 0 && names.contains(&name)).then_some(span.end)
}
