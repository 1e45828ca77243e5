//! PO in: the catalogues of GNU gettext, read entry by entry into units.
//!
//! Source: GNU gettext manual, "The Format of PO Files", and what `msgfmt` accepts. Decisions where PO and a memory differ:
//!
//! - Obsolete entries (`#~`) and previous texts (`#|`) are not read.
//! - A fuzzy entry is no translation that anyone has confirmed: left out, or on request a unit with the prop `x-status`
//!   `fuzzy`.
//! - An entry with a plural is two units: the `msgid` with the form for one (which form that is `Plural-Forms` tells), and
//!   the `msgid_plural` with all other forms as variants, each with its number as the prop `x-pluralform`. Forms with the
//!   same text are one variant.
//! - `msgctxt` is the prop `x-context`, references `x-reference`, other flags `x-flags`; comments are notes.
//! - Placeholders (`%s`, `{name}`) are text.
//! - `Language` in the header is the target. The source is what `X-Source-Language` says, or the other language; where the
//!   header names no language, the script of the texts does.

use std::collections::{HashSet, VecDeque};
use std::io::BufRead;
use std::path::PathBuf;

use encoding_rs::Encoding;

use super::plural::Plural;
use super::po_entry::{Entries, Entry};
use super::whole::Whole;
use super::{Item, LeftOut, ReadOptions};
use crate::error::Error;
use crate::lang::{Lang, LangTag};
use crate::unit::{Meta, Seg, Unit, Variant};

/// How many entries are looked at for the language of a file whose header does not name it.
const LOOK: usize = 50;

/// Reads the entries of a PO text: an iterator over units and, as errors, what had to be set aside.
#[derive(Debug)]
pub(super) struct Reader {
    entries: Entries,
    /// The source language, where the file does not say it.
    source: Option<LangTag>,
    fuzzy: bool,
    header: Option<Header>,
    ready: VecDeque<Item>,
    left_out: LeftOut,
}

/// What holds for all entries of a file.
#[derive(Debug, Clone)]
struct Header {
    source: LangTag,
    target: LangTag,
    /// Whether the languages are others than ours.
    foreign: bool,
    plural: Plural,
}

impl Reader {
    /// Reads the file whole.
    pub(super) fn open(input: impl BufRead, path: PathBuf, options: &ReadOptions) -> Result<Reader, Error> {
        let whole = Whole::open(input, path, options.encoding, charset)?;
        Ok(Reader {
            entries: Entries { whole, at: 0 },
            source: options.source.map(LangTag::from),
            fuzzy: options.fuzzy,
            header: None,
            ready: VecDeque::new(),
            left_out: LeftOut::default(),
        })
    }

    /// What was left out so far though nothing is wrong with it.
    pub(super) fn left_out(&self) -> LeftOut {
        self.left_out
    }

    /// Finds languages and plural rule in the header entry, else in the first entries; an error item where they are not
    /// ours.
    fn begin(&mut self) -> Header {
        // The header is by rule the first entry; it is looked for among the first ones, and read again in its turn.
        let at = self.entries.at;
        let mut fields = String::new();
        let (mut sources, mut targets) = (String::new(), String::new());
        let mut seen = 0;
        while let Some(entry) = self.entries.next_entry().filter(|_| seen < LOOK) {
            let Ok(entry) = entry else { continue };
            if entry.is_header() {
                fields = entry.strs.into_iter().next().map(|(_, text)| text).unwrap_or_default();
            } else if entry.strs.iter().any(|(_, text)| !text.is_empty()) {
                seen += 1;
                sources.push_str(&entry.id);
                targets.extend(entry.strs.iter().map(|(_, text)| text.as_str()));
            }
        }
        self.entries.at = at;
        let field = |name: &str| {
            let value = |l: &str| {
                l.split_once(':').filter(|(n, _)| n.trim().eq_ignore_ascii_case(name)).map(|(_, v)| v.trim().to_owned())
            };
            fields.lines().find_map(value).filter(|v| !v.is_empty())
        };
        let told = field("Language").map(|l| LangTag::new(locale(&l)));
        let target = told.or_else(|| Some(self.source.as_ref()?.lang()?.other().into()));
        let target = target.or_else(|| Lang::of_script(&targets).map(LangTag::from));
        let source = field("X-Source-Language").map(|l| LangTag::new(locale(&l))).or_else(|| self.source.clone());
        let source = source.or_else(|| {
            let written = Lang::of_script(&sources);
            let other = target.as_ref().and_then(LangTag::lang).map(Lang::other);
            // en.po of an English program: its ids are English too, whatever the other language would be.
            written.filter(|_| other != written).or(other).map(LangTag::from)
        });
        let plural = Plural::of(field("Plural-Forms").as_deref().unwrap_or_default());
        let languages = (source.as_ref().and_then(LangTag::lang), target.as_ref().and_then(LangTag::lang));
        let foreign = !matches!(languages, (Some(a), Some(b)) if a != b);
        if foreign && (source.is_some() || target.is_some() || seen > 0) {
            let name = |tag: &Option<LangTag>| {
                tag.as_ref().map_or("an unnamed language".to_owned(), |t| format!("{:?}", t.as_str()))
            };
            let reason = format!(
                "from {} to {}: only Arabic and English are read, one from the other; the units of this file are left \
                 out (its header says so under Language and X-Source-Language)",
                name(&source),
                name(&target)
            );
            let error = self.entries.whole.error(at, reason);
            self.ready.push_back(Err(error));
        }
        let unnamed = || LangTag::new("und");
        Header { source: source.unwrap_or_else(unnamed), target: target.unwrap_or_else(unnamed), foreign, plural }
    }

    /// Lays the units of an entry ready.
    fn take(&mut self, entry: Entry, header: &Header) {
        if entry.is_header() || entry.obsolete {
            return;
        }
        if header.foreign {
            self.left_out.foreign += 1;
        } else if entry.strs.iter().all(|(_, text)| text.trim().is_empty()) || entry.id.trim().is_empty() {
            self.left_out.untranslated += 1;
        } else if entry.is_fuzzy() && !self.fuzzy {
            self.left_out.fuzzy += 1;
        } else {
            let place = self.entries.whole.place(entry.at);
            self.ready.extend(units(entry, header).into_iter().map(|unit| Ok((unit, place.clone()))));
        }
    }
}

/// The units of an entry.
fn units(entry: Entry, header: &Header) -> Vec<Unit> {
    let mut meta = Vec::new();
    meta.extend(entry.context.as_deref().map(|c| Meta::prop("x-context", c)));
    if entry.is_fuzzy() {
        meta.push(Meta::prop("x-status", "fuzzy"));
    }
    let flags: Vec<&str> = entry.flags.iter().map(String::as_str).filter(|f| *f != "fuzzy").collect();
    for (prop, list) in [("x-flags", flags.join(", ")), ("x-reference", entry.references.join(" "))] {
        if !list.is_empty() {
            meta.push(Meta::prop(prop, list));
        }
    }
    meta.extend(entry.notes.into_iter().map(Meta::note));
    let variant = |tag: &LangTag, text: String| Variant::new(tag.clone(), Seg::plain(text));
    let Some(plural) = entry.plural else {
        let text = entry.strs.into_iter().next().map(|(_, text)| text).unwrap_or_default();
        let variants = vec![variant(&header.source, entry.id), variant(&header.target, text)];
        return vec![Unit { attrs: Vec::new(), meta, variants }];
    };
    let one = header.plural.form_for_one(entry.strs.len());
    let mut singular = vec![variant(&header.source, entry.id)];
    let mut others = vec![variant(&header.source, plural)];
    let mut seen = HashSet::new();
    for (number, text) in entry.strs {
        let is_one = Some(number) == one;
        let list = if is_one { &mut singular } else { &mut others };
        if text.trim().is_empty() || !seen.insert((is_one, text.clone())) {
            continue;
        }
        let mut form = variant(&header.target, text);
        form.meta.push(Meta::prop("x-pluralform", number.to_string()));
        list.push(form);
    }
    let full = [singular, others].into_iter().filter(|variants| variants.len() > 1);
    full.map(|variants| Unit { attrs: Vec::new(), meta: meta.clone(), variants }).collect()
}

/// The encoding that the header names.
fn charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
    let label =
        head.split_once("charset=")?.1.split(|c: char| c.is_whitespace() || matches!(c, '\\' | '"' | ';')).next()?;
    Encoding::for_label(label.as_bytes())
}

/// How far the header is looked for.
const HEAD: usize = 16 * 1024;

/// A locale name (`ar_SA.UTF-8`, `sr@latin`) without encoding and variant.
fn locale(name: &str) -> &str {
    name.split(['.', '@']).next().unwrap_or_default()
}

impl Iterator for Reader {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let header = match self.header.take() {
            Some(header) => header,
            None => self.begin(),
        };
        while self.ready.is_empty() {
            match self.entries.next_entry() {
                Some(Ok(entry)) => self.take(entry, &header),
                Some(Err(error)) => self.ready.push_back(Err(error)),
                None => break,
            }
        }
        self.header = Some(header);
        self.ready.pop_front()
    }
}
