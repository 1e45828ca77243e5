//! PO: the catalogues of GNU gettext, read entry by entry and written.
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

use std::collections::{HashMap, HashSet, VecDeque};
use std::io::BufRead;
use std::path::PathBuf;

use encoding_rs::Encoding;

use super::inline;
use super::plural::Plural;
use super::whole::{MALFORMED, Whole};
use super::xliff::{NOT_TEXT, pairs};
use super::{LeftOut, ReadOptions};
use crate::error::Error;
use crate::lang::{Lang, LangTag};
use crate::unit::{Meta, Piece, Seg, Unit, Variant};

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
    ready: VecDeque<Result<Unit, Error>>,
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
            self.ready.extend(entry.units(header).into_iter().map(Ok));
        }
    }
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
    type Item = Result<Unit, Error>;

    fn next(&mut self) -> Option<Self::Item> {
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

/// An entry as it is written.
#[derive(Debug, Default)]
struct Entry {
    notes: Vec<String>,
    references: Vec<String>,
    flags: Vec<String>,
    obsolete: bool,
    context: Option<String>,
    id: String,
    plural: Option<String>,
    /// The translations with their numbers, 0 without one.
    strs: Vec<(usize, String)>,
}

impl Entry {
    fn is_header(&self) -> bool {
        self.id.is_empty() && self.context.is_none()
    }

    fn is_fuzzy(&self) -> bool {
        self.flags.iter().any(|f| f == "fuzzy")
    }

    fn units(self, header: &Header) -> Vec<Unit> {
        let mut meta = Vec::new();
        meta.extend(self.context.as_deref().map(|c| Meta::prop("x-context", c)));
        if self.is_fuzzy() {
            meta.push(Meta::prop("x-status", "fuzzy"));
        }
        let flags: Vec<&str> = self.flags.iter().map(String::as_str).filter(|f| *f != "fuzzy").collect();
        for (prop, list) in [("x-flags", flags.join(", ")), ("x-reference", self.references.join(" "))] {
            if !list.is_empty() {
                meta.push(Meta::prop(prop, list));
            }
        }
        meta.extend(self.notes.into_iter().map(Meta::note));
        let variant = |tag: &LangTag, text: String| Variant::new(tag.clone(), Seg::plain(text));
        let Some(plural) = self.plural else {
            let text = self.strs.into_iter().next().map(|(_, text)| text).unwrap_or_default();
            let variants = vec![variant(&header.source, self.id), variant(&header.target, text)];
            return vec![Unit { attrs: Vec::new(), meta, variants }];
        };
        let one = header.plural.form_for_one(self.strs.len());
        let mut singular = vec![variant(&header.source, self.id)];
        let mut others = vec![variant(&header.source, plural)];
        let mut seen = HashSet::new();
        for (number, text) in self.strs {
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
}

/// The entries of a text, one after the other.
#[derive(Debug)]
struct Entries {
    whole: Whole,
    /// Where the next line begins.
    at: usize,
}

/// A line taken apart.
#[derive(Debug, PartialEq, Eq)]
enum Line<'a> {
    Blank,
    /// A comment: its mark (`.`, `:`, `,`, `|`, or a space for a translator's), and its text.
    Comment(char, &'a str),
    /// A keyword, the number in its brackets, and the strings behind; a continuation's keyword is empty.
    Text(&'a str, Option<usize>, &'a str),
}

impl Entries {
    /// The next entry, or why it can not be read.
    fn next_entry(&mut self) -> Option<Result<Entry, Error>> {
        let from = self.next_lines()?;
        let entry = Entry::read(&self.whole.text[from..self.at]);
        Some(entry.map_err(|(at, reason)| {
            let cut = if self.at == self.whole.text.len() { "; the file may have lost its end" } else { "" };
            self.whole.error(from + at, format!("{reason}{cut}"))
        }))
    }

    /// Goes behind the lines of the next entry, told by keywords alone so that what is broken ends where it should;
    /// returns where they begin. Blank lines before and comments of no entry are passed over.
    fn next_lines(&mut self) -> Option<usize> {
        let mut start = self.at;
        let (mut has_key, mut has_id, mut has_str, mut gap, mut obsolete) = (false, false, false, false, false);
        while self.at < self.whole.text.len() {
            let rest = &self.whole.text[self.at..];
            let len = rest.find('\n').map_or(rest.len(), |n| n + 1);
            let (old, line) = taken_apart(&rest[..len]);
            let ends = match line {
                Line::Blank => has_str,
                Line::Comment('|', _) => has_str,
                Line::Comment(..) => has_str || (has_key && gap),
                Line::Text("msgctxt" | "domain", ..) => has_key,
                Line::Text("msgid", ..) => has_id,
                Line::Text(..) => has_str && old != obsolete,
            };
            if ends {
                return Some(start);
            }
            match line {
                Line::Blank if !has_key => start = self.at + len,
                Line::Blank => gap = true,
                Line::Comment(..) => {}
                Line::Text("domain", ..) => start = self.at + len,
                Line::Text(keyword, ..) => {
                    (has_key, gap, obsolete) = (true, false, old);
                    has_id |= keyword == "msgid";
                    has_str |= keyword == "msgstr";
                }
            }
            self.at += len;
        }
        has_key.then_some(start)
    }
}

/// What is wrong with an entry: at which byte of it, and the reason.
type Flaw = (usize, String);

/// Where the strings of a keyword go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Nothing,
    Context,
    Id,
    Plural,
    Str(usize),
}

impl Entry {
    /// Reads the lines of one entry.
    fn read(lines: &str) -> Result<Entry, Flaw> {
        let mut entry = Entry::default();
        let mut field = Field::Nothing;
        let mut has_id = false;
        // The bytes of the string that is read, and where its keyword stands: escapes may give parts of characters.
        let mut bytes: Vec<u8> = Vec::new();
        let mut begun = 0;
        let mut at = 0;
        for raw in lines.split_inclusive('\n') {
            let (obsolete, line) = taken_apart(raw);
            match line {
                Line::Blank => {}
                Line::Comment(mark, text) => entry.comment(mark, text),
                Line::Text(keyword, index, rest) => {
                    let wrong = |reason: String| Err((at, reason));
                    if !keyword.is_empty() {
                        entry.put(field, &mut bytes).map_err(|reason| (begun, reason))?;
                        begun = at;
                        field = match keyword {
                            "msgctxt" if !has_id => Field::Context,
                            "msgid" => Field::Id,
                            "msgid_plural" if has_id && entry.strs.is_empty() && entry.plural.is_none() => {
                                Field::Plural
                            }
                            "msgstr" if has_id => Field::Str(index.unwrap_or(0)),
                            "msgctxt" | "msgid_plural" | "msgstr" => {
                                return wrong(format!("a {keyword} that has no place here"));
                            }
                            _ => {
                                let shown: String = keyword.chars().take(30).collect();
                                return wrong(format!(
                                    "{shown:?} is no keyword of PO (msgctxt, msgid, msgid_plural, msgstr)"
                                ));
                            }
                        };
                        has_id |= field == Field::Id;
                        entry.obsolete |= obsolete;
                    } else if field == Field::Nothing {
                        return wrong("a string without a keyword".to_owned());
                    }
                    if let Err((part, reason)) = push_strings(&mut bytes, rest) {
                        let before = raw.trim_end_matches(SPACE).len() - rest.len();
                        return Err((at + before + part, reason));
                    }
                }
            }
            at += raw.len();
        }
        entry.put(field, &mut bytes).map_err(|reason| (begun, reason))?;
        match (has_id, entry.strs.is_empty()) {
            (true, false) => Ok(entry),
            (true, true) => Err((0, "a msgid without a msgstr".to_owned())),
            _ => Err((0, "an entry without a msgid".to_owned())),
        }
    }

    /// Puts a string where its keyword says.
    fn put(&mut self, field: Field, bytes: &mut Vec<u8>) -> Result<(), String> {
        let text = String::from_utf8(std::mem::take(bytes)).map_err(|_| "escapes that give no character in UTF-8")?;
        match field {
            Field::Nothing => {}
            Field::Context => self.context = Some(text),
            Field::Id => self.id = text,
            Field::Plural => self.plural = Some(text),
            Field::Str(number) => self.strs.push((number, text)),
        }
        Ok(())
    }

    fn comment(&mut self, mark: char, text: &str) {
        match mark {
            ',' => self.flags.extend(text.split(',').map(str::trim).filter(|f| !f.is_empty()).map(str::to_owned)),
            ':' => self.references.extend(text.split_whitespace().map(str::to_owned)),
            '|' => {}
            _ if text.trim().is_empty() => {}
            _ => self.notes.push(text.trim().to_owned()),
        }
    }
}

/// White space between the parts of a line; the last two are vertical tab and form feed.
const SPACE: [char; 6] = [' ', '\t', '\r', '\n', '\u{B}', '\u{C}'];

/// Takes a line apart; whether it is obsolete (`#~`), and what it is.
fn taken_apart(raw: &str) -> (bool, Line<'_>) {
    let line = raw.trim_matches(SPACE);
    let (obsolete, line) =
        line.strip_prefix("#~").map_or((false, line), |rest| (true, rest.trim_start_matches([' ', '\t'])));
    if line.is_empty() {
        return (obsolete, if obsolete { Line::Comment(' ', "") } else { Line::Blank });
    }
    if let Some(comment) = line.strip_prefix(if obsolete { '|' } else { '#' }) {
        return match comment.chars().next() {
            _ if obsolete => (true, Line::Comment('|', comment)),
            Some(mark @ ('.' | ':' | ',' | '|')) => (false, Line::Comment(mark, &comment[1..])),
            // Since gettext 0.24: flags that stay (`#=`).
            Some('=') => (false, Line::Comment(',', &comment[1..])),
            _ => (false, Line::Comment(' ', comment)),
        };
    }
    let end = line.find([' ', '\t', '[', '"']).unwrap_or(line.len());
    let (keyword, rest) = line.split_at(end);
    let bracket = rest
        .trim_start_matches(SPACE)
        .strip_prefix('[')
        .and_then(|r| r.split_once(']'))
        .and_then(|(n, r)| Some((n.trim().parse().ok()?, r)));
    match bracket {
        Some((number, rest)) => (obsolete, Line::Text(keyword, Some(number), rest.trim_start())),
        None => (obsolete, Line::Text(keyword, None, rest.trim_start())),
    }
}

/// Appends the strings in `rest` (`"…" "…"`), escapes resolved; where and why not.
fn push_strings(out: &mut Vec<u8>, rest: &str) -> Result<(), (usize, String)> {
    let bytes = rest.as_bytes();
    let mut at = 0;
    if bytes.is_empty() {
        return Err((0, "a keyword without a string".to_owned()));
    }
    while let Some(&b) = bytes.get(at) {
        match b {
            b' ' | b'\t' => at += 1,
            b'"' => {
                at += 1;
                loop {
                    match bytes.get(at) {
                        None => return Err((at, "a string without its closing quotation mark".to_owned())),
                        Some(b'"') => break,
                        Some(b'\\') => at += push_escape(out, &bytes[at + 1..]).map_err(|reason| (at, reason))? + 1,
                        Some(0) => return Err((at, "a NUL character; remove it".to_owned())),
                        Some(0xEF) if rest.get(at..).is_some_and(|r| r.starts_with(MALFORMED)) => {
                            return Err((at, NOT_TEXT.to_owned()));
                        }
                        Some(&b) => {
                            out.push(b);
                            at += 1;
                        }
                    }
                }
                at += 1;
            }
            _ => return Err((at, "text outside quotation marks".to_owned())),
        }
    }
    Ok(())
}

/// Appends what the escape behind a backslash means; its length.
fn push_escape(out: &mut Vec<u8>, escape: &[u8]) -> Result<usize, String> {
    let digits = |from: usize, most: usize, base: u32| {
        let number = escape[from..].iter().take(most).map_while(|b| (*b as char).to_digit(base));
        number.fold((0, 0), |(len, value), digit| (len + 1, value * base + digit))
    };
    let (byte, len) = match escape.first().copied() {
        Some(b'n') => (b'\n', 1),
        Some(b't') => (b'\t', 1),
        Some(b'r') => (b'\r', 1),
        Some(b'a') => (7, 1),
        Some(b'b') => (8, 1),
        Some(b'v') => (0xB, 1),
        Some(b'f') => (0xC, 1),
        Some(b @ (b'\\' | b'"' | b'\'' | b'?')) => (b, 1),
        Some(b'0'..=b'7') => {
            let (len, value) = digits(0, 3, 8);
            (u8::try_from(value).unwrap_or(0), len)
        }
        Some(b'x') => {
            let (len, value) = digits(1, 2, 16);
            (u8::try_from(value).unwrap_or(0), len + 1)
        }
        _ => return Err("an escape that PO does not know (write \\\\ for a backslash)".to_owned()),
    };
    if byte == 0 {
        return Err("a NUL character; remove it".to_owned());
    }
    out.push(byte);
    Ok(len)
}

/// Writes entries: keeps each key (`msgctxt`, `msgid`) to one entry, as PO demands.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    used: HashSet<Key>,
    /// The translations that a key was given, and how many of them got a context of their own.
    given: HashMap<Key, (HashSet<String>, usize)>,
}

/// `msgctxt` and `msgid`.
type Key = (Option<String>, String);

/// The header entry of a catalogue in UTF-8. It names no date: the same units give the same bytes.
pub(super) fn head(source: &LangTag, target: &LangTag) -> String {
    let tag = |t: &LangTag| t.as_str().replace('-', "_");
    let plural = match target.lang() {
        Some(Lang::Ar) => {
            "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
        }
        _ => "nplurals=2; plural=(n != 1);",
    };
    let fields = [
        "Project-Id-Version: dhakira".to_owned(),
        "PO-Revision-Date: 1970-01-01 00:00+0000".to_owned(),
        "Last-Translator: Automatically generated".to_owned(),
        "Language-Team: none".to_owned(),
        format!("Language: {}", tag(target)),
        format!("X-Source-Language: {}", tag(source)),
        "MIME-Version: 1.0".to_owned(),
        "Content-Type: text/plain; charset=UTF-8".to_owned(),
        "Content-Transfer-Encoding: 8bit".to_owned(),
        format!("Plural-Forms: {plural}"),
    ];
    let mut out = String::from("msgid \"\"\n");
    push_field(&mut out, "msgstr", &fields.map(|f| f + "\n").concat());
    out
}

impl Catalogue {
    /// Appends the entries of a unit: one for each translation. A key that has another translation already gets a
    /// `msgctxt` of its own; one that has the same is not repeated.
    pub(super) fn push(&mut self, out: &mut String, unit: &Unit, source: Lang) {
        for (from, to) in pairs(unit, source) {
            let (id, text) = (native_text(&from.seg), native_text(&to.seg));
            let mut key: Key = (unit.prop("x-context").map(str::to_owned), id);
            let (texts, number) = self.given.entry(key.clone()).or_default();
            if !texts.insert(text.clone()) {
                continue;
            }
            let base = key.0.as_deref().or(unit.id()).unwrap_or_default().to_owned();
            while !self.used.insert(key.clone()) {
                *number += 1;
                let own = *number + 1;
                key.0 = Some(if base.is_empty() { own.to_string() } else { format!("{base} ({own})") });
            }
            out.push('\n');
            for note in unit.meta.iter().filter(|m| m.kind.is_none()) {
                for line in note.text.lines().filter(|l| !l.trim().is_empty()) {
                    out.push_str("# ");
                    out.extend(line.chars().filter(|c| !c.is_control()));
                    out.push('\n');
                }
            }
            if unit.prop("x-status") == Some("fuzzy") {
                out.push_str("#, fuzzy\n");
            }
            if let Some(context) = &key.0 {
                push_field(out, "msgctxt", context);
            }
            push_field(out, "msgid", &key.1);
            push_field(out, "msgstr", &text);
        }
    }
}

/// The text of a segment, codes as their native code.
fn native_text(seg: &Seg) -> String {
    let codes = inline::codes(seg);
    let pieces = seg.pieces.iter().zip(codes);
    pieces
        .map(|(piece, code)| match (piece, code) {
            (Piece::Text(text), _) => text.clone(),
            (_, code) => code.map(|c| c.native).unwrap_or_default(),
        })
        .collect()
}

/// Appends a keyword with its string, a line for each line of the text.
fn push_field(out: &mut String, keyword: &str, text: &str) {
    out.push_str(keyword);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    if lines.len() > 1 {
        out.push_str(" \"\"\n");
    } else {
        out.push(' ');
    }
    for line in lines.iter().copied().chain(lines.is_empty().then_some("")) {
        out.push('"');
        for c in line.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                '\r' => out.push_str("\\r"),
                // A C string ends there.
                '\0' => {}
                c if c.is_ascii_control() => out.push_str(&format!("\\{:03o}", c as u32)),
                c => out.push(c),
            }
        }
        out.push_str("\"\n");
    }
}
