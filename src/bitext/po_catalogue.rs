//! PO out: units as the entries of a catalogue of GNU gettext.

use std::collections::{HashMap, HashSet};

use super::inline;
use super::sides::pairs;
use crate::lang::{Lang, LangTag};
use crate::unit::{Piece, Seg, Unit};

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
    /// `msgctxt` of its own; one that has the same is not repeated. Whether there was any entry to write.
    pub(super) fn push(&mut self, out: &mut String, unit: &Unit, source: Lang) -> bool {
        let before = out.len();
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
        out.len() > before
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
pub(crate) fn push_field(out: &mut String, keyword: &str, text: &str) {
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
