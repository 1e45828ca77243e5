//! A catalogue of GNU gettext as a document: entries in order, `msgstr` filled, what is not sure marked fuzzy with the source it
//! was made for as the previous one.
//!
//! Source: GNU gettext manual, "The Format of PO Files". Entries with a plural are segments that are counted and not filled: six
//! forms of Arabic do not come out of one sentence. The header and obsolete entries are no segments.

use super::edit::Edit;
use super::encoded::Encoded;
use super::fill::Fill;
use super::part::Part;
use super::segment::{Segment, State};
use crate::bitext::po_catalogue::push_field;
use crate::bitext::po_entry::{Entries, Entry};
use crate::bitext::whole::Whole;
use crate::error::Error;
use crate::lang::{Lang, LangTag};
use crate::unit::Seg;
use encoding_rs::UTF_8;
use std::collections::HashMap;
use std::ops::Range;

/// Where the parts of an entry stand.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    /// Where the line of its first keyword begins.
    key: usize,
    /// Where the last line of flags ends.
    flags: Option<usize>,
    /// The lines of previous texts.
    previous: Range<usize>,
    /// The strings of `msgstr`, their keyword in front.
    target: Range<usize>,
    fuzzy: bool,
}

/// Reads the text of a catalogue.
pub(super) fn read(file: &Encoded, from: Option<Lang>) -> Result<(Vec<Segment>, Lang, Vec<Slot>), Error> {
    let whole = Whole::open(file.text.as_bytes(), file.path.clone(), Some(UTF_8), |_| None)?;
    let mut entries = Entries { whole, at: 0 };
    let mut fields = String::new();
    let mut sources = String::new();
    let (mut segments, mut slots) = (Vec::new(), Vec::new());
    while let Some(entry) = entries.next_entry() {
        let entry = entry?;
        if entry.is_header() {
            fields = entry.strs.into_iter().next().map(|(_, text)| text).unwrap_or_default();
            continue;
        }
        if entry.obsolete || entry.id.trim().is_empty() {
            continue;
        }
        let slot = slot(&file.text, entry.at..entries.at, &entry);
        let texts: Vec<&String> = entry.strs.iter().map(|(_, text)| text).collect();
        let is_empty = texts.iter().all(|text| text.trim().is_empty());
        let state = match (is_empty, entry.is_fuzzy()) {
            (true, _) => State::Untranslated,
            (false, true) => State::Draft,
            (false, false) => State::Translated,
        };
        sources.push_str(&entry.id);
        for source in std::iter::once(&entry.id).chain(&entry.plural) {
            let mut segment = Segment::new(Seg::plain(source), Vec::new(), slot.key..slot.target.start);
            segment.context.clone_from(&entry.context);
            segment.state = state;
            segment.target = texts.first().filter(|_| !is_empty).map(|text| Seg::plain(text.as_str()));
            segment.fillable = entry.plural.is_none();
            segments.push(segment);
            slots.push(slot.clone());
        }
    }
    let field = |name: &str| {
        let value = |line: &str| {
            line.split_once(':').filter(|(n, _)| n.trim().eq_ignore_ascii_case(name)).map(|(_, v)| v.trim().to_owned())
        };
        let value = fields.lines().find_map(value).filter(|v| !v.is_empty());
        value.map(|v| LangTag::new(v.split(['.', '@']).next().unwrap_or_default()))
    };
    let target = field("Language");
    let source = field("X-Source-Language").map(|tag| tag.lang()).or(from.map(Some));
    let other = |tag: &LangTag| tag.lang().map(Lang::other);
    let source = source.or_else(|| target.as_ref().map(other)).unwrap_or_else(|| Lang::of_script(&sources));
    match source {
        // English to English: the ids of an English program.
        Some(lang) if target.as_ref().is_none_or(|tag| other(tag) == Some(lang)) => Ok((segments, lang, slots)),
        _ => {
            let reason = "only catalogues from Arabic into English or from English into Arabic are translated; the header says it \
                          under Language and X-Source-Language";
            Err(file.error_at(0, reason.to_owned()))
        }
    }
}

/// Finds the parts of an entry in its lines.
fn slot(text: &str, range: Range<usize>, entry: &Entry) -> Slot {
    let mut slot = Slot { key: range.start, flags: None, previous: 0..0, target: 0..0, fuzzy: entry.is_fuzzy() };
    let (mut has_key, mut in_target) = (false, false);
    let mut at = range.start;
    for line in text[range].split_inclusive('\n') {
        let said = line.trim_start_matches([' ', '\t']);
        let end = at + line.trim_end_matches(['\n', '\r', ' ', '\t']).len();
        if said.starts_with("#,") || said.starts_with("#=") {
            if said.starts_with("#,") {
                slot.flags = Some(end);
            }
        } else if said.starts_with("#|") {
            let from = if slot.previous.is_empty() { at } else { slot.previous.start };
            slot.previous = from..at + line.len();
        } else if said.starts_with("msg") {
            if !has_key {
                (has_key, slot.key) = (true, at);
            }
            in_target = said.starts_with("msgstr");
            if in_target && slot.target.is_empty() {
                slot.target = at..end;
            }
        } else if said.starts_with('"') && in_target {
            slot.target.end = end;
        }
        at += line.len();
    }
    slot
}

/// The edits that put these fills in.
pub(super) fn edits(file: &Encoded, segments: &[Segment], slots: &[Slot], fills: &HashMap<usize, &Fill>) -> Vec<Edit> {
    let newline = file.newline();
    let mut edits = Vec::new();
    for (number, fill) in fills {
        let (Some(slot), Some(parts)) = (slots.get(*number), &fill.target) else { continue };
        if !segments[*number].fillable {
            continue;
        }
        let text: String =
            parts.iter().filter_map(|p| if let Part::Text(t) = p { Some(t.as_str()) } else { None }).collect();
        let source = segments[*number].source.text();
        edits.push(Edit { range: slot.target.clone(), with: field("msgstr", &fitted(&source, &text), newline) });
        if fill.confirmed {
            continue;
        }
        let mut above = String::new();
        if !slot.fuzzy {
            match slot.flags {
                Some(at) => edits.push(Edit::insert(at, ", fuzzy")),
                None => above = format!("#, fuzzy{newline}"),
            }
        }
        let previous = fill.proposals.first().map(|proposal| field("msgid", &proposal.source, newline));
        if let Some(previous) = previous {
            for line in previous.split(newline) {
                above.push_str(&format!("#| {line}{newline}"));
            }
            if !slot.previous.is_empty() {
                edits.push(Edit { range: slot.previous.clone(), with: String::new() });
            }
        }
        edits.push(Edit::insert(slot.key, above));
    }
    edits
}

/// The translation with a line break at either end where the source has one, which `msgfmt` demands.
fn fitted(source: &str, text: &str) -> String {
    let inner = text.trim_matches('\n');
    let edge = |has: bool| if has { "\n" } else { "" };
    format!("{}{inner}{}", edge(source.starts_with('\n')), edge(source.ends_with('\n') && source.len() > 1))
}

/// A keyword with its string, a line for each line of the text, without the last line's end.
fn field(keyword: &str, text: &str, newline: &str) -> String {
    let mut out = String::new();
    push_field(&mut out, keyword, text);
    out.trim_end_matches('\n').replace('\n', newline)
}
