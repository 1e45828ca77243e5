//! Plain text and subtitles as documents: a line is a paragraph, a cue a segment.

use super::encoded::Encoded;
use super::prose::{Paragraph, Role, What};
use crate::error::Error;
use std::ops::Range;

/// The lines of a plain text.
pub(super) fn lines(text: &str) -> Vec<Paragraph> {
    let mut paragraphs = Vec::new();
    for range in ranges(text) {
        let mut paragraph = Paragraph::default();
        paragraph.text(&text[range.clone()], range);
        paragraphs.push(paragraph);
    }
    paragraphs
}

/// The cues of a SubRip file (`.srt`): a number, a line of times, lines of text up to a blank line. Tags (`<i>`, `{\an8}`) are
/// codes, line breaks text.
pub(super) fn cues(file: &Encoded) -> Result<Vec<Paragraph>, Error> {
    let text = &file.text;
    let mut cues = Vec::new();
    let mut lines = ranges(text).peekable();
    while let Some(line) = lines.next() {
        let said = text[line.clone()].trim();
        if said.is_empty() {
            continue;
        }
        // The number may be missing, the times may not.
        let (id, times) = match said.contains("-->") {
            true => (None, line),
            false => {
                let wrong = || {
                    file.error_at(line.start, format!("{said:?} where a cue should begin with its number and, on the next line, its times (00:00:01,000 --> 00:00:02,000)"))
                };
                let times = lines.next_if(|next| text[next.clone()].contains("-->")).ok_or_else(wrong)?;
                if !said.chars().all(|c| c.is_ascii_digit()) {
                    return Err(wrong());
                }
                (Some(said.to_owned()), times)
            }
        };
        let halves = text[times.clone()].split_once("-->");
        if !halves.is_some_and(|(from, to)| is_time(from) && is_time(to.split_whitespace().next().unwrap_or_default()))
        {
            return Err(file.error_at(times.start, "times that are none (00:00:01,000 --> 00:00:02,000)".to_owned()));
        }
        let mut cue = Paragraph { whole: true, id, ..Paragraph::default() };
        let mut end = None;
        while let Some(line) = lines.next_if(|line| !text[line.clone()].trim().is_empty()) {
            if let Some(end) = end {
                cue.text("\n", end..line.start);
            }
            tagged(&mut cue, text, line.clone());
            end = Some(line.end);
        }
        cues.push(paired(cue));
    }
    Ok(cues)
}

/// `00:00:01,000`; a point in the place of the comma and fewer digits are seen too.
fn is_time(text: &str) -> bool {
    let text = text.trim();
    text.matches(':').count() == 2 && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | ',' | '.'))
}

/// A line of a cue.
fn tagged(cue: &mut Paragraph, text: &str, line: Range<usize>) {
    let mut at = line.start;
    while at < line.end {
        let rest = &text[at..line.end];
        let tag = match rest.as_bytes()[0] {
            b'<' => rest.find('>').filter(|&n| {
                rest[1..n].trim_start_matches('/').starts_with(|c: char| c.is_ascii_alphabetic())
                    && !rest[1..n].contains('<')
            }),
            b'{' => rest.find('}').filter(|_| rest.starts_with("{\\")),
            _ => None,
        };
        let len = match tag {
            Some(n) => {
                cue.code(Role::Single, &rest[..=n], at..at + n + 1);
                n + 1
            }
            None => {
                let first = rest.chars().next().map_or(0, char::len_utf8);
                let len = rest[first..].find(['<', '{']).map_or(rest.len(), |n| first + n);
                cue.text(&rest[..len], at..at + len);
                len
            }
        };
        at += len;
    }
}

/// Tags of the same name become pairs.
fn paired(mut cue: Paragraph) -> Paragraph {
    let mut open: Vec<(String, usize)> = Vec::new();
    for at in 0..cue.atoms.len() {
        let What::Code(_, native, _) = &cue.atoms[at].what else { continue };
        let name = native.trim_start_matches(['<', '/']);
        let name = name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())].to_ascii_lowercase();
        if !native.starts_with("</") {
            open.push((name, at));
        } else if let Some((_, start)) = open.pop_if(|(n, _)| *n == name) {
            for (at, role) in [(start, Role::Open(start + 1)), (at, Role::Close(start + 1))] {
                if let What::Code(old, ..) = &mut cue.atoms[at].what {
                    *old = role;
                }
            }
        }
    }
    cue
}

/// The lines of a text without their ends.
fn ranges(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut next = 0;
    text.split_inclusive('\n').map(move |line| {
        let from = next;
        next += line.len();
        from..from + line.trim_end_matches(['\n', '\r']).len()
    })
}
