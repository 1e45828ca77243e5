//! The entries of a PO text as they are written, each broken one told with its place.
//!
//! Source: GNU gettext manual, "The Format of PO Files", and what `msgfmt` accepts.

use super::whole::{MALFORMED, NOT_TEXT, Whole};
use crate::error::Error;

/// An entry as it is written.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    /// Where it begins in the text, its comments with it.
    pub(crate) at: usize,
    pub(crate) notes: Vec<String>,
    pub(crate) references: Vec<String>,
    pub(crate) flags: Vec<String>,
    pub(crate) obsolete: bool,
    pub(crate) context: Option<String>,
    pub(crate) id: String,
    pub(crate) plural: Option<String>,
    /// The translations with their numbers, 0 without one.
    pub(crate) strs: Vec<(usize, String)>,
}

impl Entry {
    pub(crate) fn is_header(&self) -> bool {
        self.id.is_empty() && self.context.is_none()
    }

    pub(crate) fn is_fuzzy(&self) -> bool {
        self.flags.iter().any(|f| f == "fuzzy")
    }
}

/// The entries of a text, one after the other.
#[derive(Debug)]
pub(crate) struct Entries {
    pub(crate) whole: Whole,
    /// Where the next line begins.
    pub(crate) at: usize,
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
    pub(crate) fn next_entry(&mut self) -> Option<Result<Entry, Error>> {
        let from = self.next_lines()?;
        let entry = Entry::read(&self.whole.text[from..self.at]).map(|entry| Entry { at: from, ..entry });
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
