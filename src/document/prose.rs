//! A paragraph that is written in its file as it is read: its text with inline markup, cut into sentences, each of which knows
//! its bytes.

use super::segment::Segment;
use crate::lang::Lang;
use crate::segment::split;
use crate::unit::{Piece, Seg};
use crate::xml::{Spot, escaped};
use std::ops::Range;

/// A paragraph while it is gathered.
#[derive(Debug, Clone, Default)]
pub(super) struct Paragraph {
    pub(super) atoms: Vec<Atom>,
    /// Whether it is one segment, however many sentences it has.
    pub(super) whole: bool,
    /// Its id in the file.
    pub(super) id: Option<String>,
}

/// A text or a code, and its bytes in the file's text. The ranges of a paragraph's atoms come one behind the other.
#[derive(Debug, Clone)]
pub(super) struct Atom {
    pub(super) range: Range<usize>,
    pub(super) what: What,
}

#[derive(Debug, Clone)]
pub(super) enum What {
    /// Text with its references resolved; as long as its range, or one character.
    Text(String),
    /// A code: what it is, what it is compared by, and what is written for it.
    Code(Role, String, String),
}

/// What a code does. The numbers of pairs are unique in a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Open(usize),
    Close(usize),
    Single,
}

impl Paragraph {
    pub(super) fn text(&mut self, text: impl Into<String>, range: Range<usize>) {
        let text = text.into();
        if !text.is_empty() {
            self.atoms.push(Atom { range, what: What::Text(text) });
        }
    }

    /// A code that is written as it stands in the file.
    pub(super) fn code(&mut self, role: Role, raw: &str, range: Range<usize>) {
        self.atoms.push(Atom { range, what: What::Code(role, raw.to_owned(), raw.to_owned()) });
    }

    /// The text without codes.
    pub(super) fn plain(&self) -> String {
        self.atoms.iter().filter_map(|a| if let What::Text(t) = &a.what { Some(t.as_str()) } else { None }).collect()
    }

    /// Its sentences that have a letter or a digit, and which atoms each has. Codes at either end of a sentence stay outside,
    /// unless the other half of their pair is inside.
    pub(super) fn sentences(&self, lang: Lang) -> Vec<(Segment, Range<usize>)> {
        let text = self.plain();
        if text.trim().is_empty() {
            return Vec::new();
        }
        let mut starts = Vec::with_capacity(self.atoms.len());
        let mut at = 0;
        for atom in &self.atoms {
            starts.push(at);
            at += if let What::Text(text) = &atom.what { text.len() } else { 0 };
        }
        let trimmed = text.len() - text.trim_start().len()..text.trim_end().len();
        let mut cores = match self.whole {
            true => vec![trimmed.clone()],
            false => split(lang, &text).segments().iter().map(|s| s.core.clone()).collect(),
        };
        // No sentence ends inside an atom whose letters are not those of the file.
        let inside_other = |at: usize| {
            let number = starts.partition_point(|start| *start <= at).saturating_sub(1);
            self.atoms.get(number).is_some_and(|atom| match &atom.what {
                What::Text(text) => {
                    text.len() != atom.range.len() && at > starts[number] && at < starts[number] + text.len()
                }
                What::Code(..) => false,
            })
        };
        if cores.iter().any(|core| inside_other(core.start) || inside_other(core.end)) {
            cores = vec![trimmed];
        }
        let speaks = |core: &Range<usize>| text[core.clone()].chars().any(char::is_alphanumeric);
        cores.into_iter().filter(speaks).filter_map(|core| self.sentence(core, &starts)).collect()
    }

    fn sentence(&self, core: Range<usize>, starts: &[usize]) -> Option<(Segment, Range<usize>)> {
        let place_of =
            |wanted: Role| self.atoms.iter().position(|atom| matches!(&atom.what, What::Code(r, ..) if *r == wanted));
        let within = |at: usize| match &self.atoms[at].what {
            What::Text(text) => starts[at] < core.end && starts[at] + text.len() > core.start,
            What::Code(role, ..) => {
                let here = starts[at];
                let partner = match role {
                    Role::Open(pair) => place_of(Role::Close(*pair)),
                    Role::Close(pair) => place_of(Role::Open(*pair)),
                    Role::Single => None,
                };
                let strictly = |at: usize| core.start < at && at < core.end;
                strictly(here)
                    || (core.start == here || here == core.end) && partner.is_some_and(|p| strictly(starts[p]))
            }
        };
        let first = (0..self.atoms.len()).find(|&at| within(at))?;
        let last = (0..self.atoms.len()).rev().find(|&at| within(at))?;
        let numbers = first..last + 1;
        let mut seg = Seg::default();
        let mut raws = Vec::new();
        let mut span = self.atoms[first].range.start..self.atoms[last].range.end;
        let has = |role: Role| place_of(role).is_some_and(|at| numbers.contains(&at));
        for at in numbers.clone() {
            let atom = &self.atoms[at];
            match &atom.what {
                What::Text(text) => {
                    let from = core.start.saturating_sub(starts[at]).min(text.len());
                    let to = (core.end - starts[at].min(core.end)).min(text.len());
                    if text.len() == atom.range.len() {
                        if at == first {
                            span.start = atom.range.start + from;
                        }
                        if at == last {
                            span.end = atom.range.start + to;
                        }
                    }
                    match seg.pieces.last_mut() {
                        Some(Piece::Text(before)) => before.push_str(&text[from..to]),
                        _ => seg.pieces.push(Piece::Text(text[from..to].to_owned())),
                    }
                }
                What::Code(role, native, raw) => {
                    let native = escaped(native, Spot::Text);
                    seg.pieces.push(Piece::Code(match *role {
                        Role::Open(pair) if has(Role::Close(pair)) => format!("<bpt i=\"{pair}\">{native}</bpt>"),
                        Role::Close(pair) if has(Role::Open(pair)) => format!("<ept i=\"{pair}\">{native}</ept>"),
                        Role::Open(_) => format!("<it pos=\"begin\">{native}</it>"),
                        Role::Close(_) => format!("<it pos=\"end\">{native}</it>"),
                        Role::Single => format!("<ph>{native}</ph>"),
                    }));
                    raws.push(raw.clone());
                }
            }
        }
        let mut segment = Segment::new(seg, raws, span);
        segment.id.clone_from(&self.id);
        Some((segment, numbers))
    }
}

/// The language that most letters of the paragraphs speak for.
pub(super) fn language<'a>(paragraphs: impl IntoIterator<Item = &'a Paragraph>) -> Option<Lang> {
    let text: Vec<String> = paragraphs.into_iter().map(Paragraph::plain).collect();
    Lang::of_script(&text.join("\n"))
}

/// Runs of white space as one space.
pub(super) fn squeezed(segment: &mut Segment) {
    for piece in &mut segment.source.pieces {
        if let Piece::Text(text) = piece {
            let mut out = String::with_capacity(text.len());
            for c in text.chars() {
                let space = matches!(c, ' ' | '\t' | '\n' | '\r');
                if !space || !out.ends_with(' ') {
                    out.push(if space { ' ' } else { c });
                }
            }
            *text = out;
        }
    }
}

/// Holds the sentences of an English text's paragraphs, as the file writes them, against those expected.
#[cfg(test)]
#[track_caller]
pub(super) fn assert_sentences(source: &str, paragraphs: &[Paragraph], expected: &[&str]) {
    let sentences = paragraphs.iter().flat_map(|paragraph| paragraph.sentences(Lang::En));
    let found: Vec<&str> = sentences.map(|(segment, _)| &source[segment.span]).collect();
    assert_eq!(found, expected, "{source}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(parts: &[(&str, Option<Role>)]) -> Paragraph {
        let mut paragraph = Paragraph::default();
        let mut at = 0;
        for (text, role) in parts {
            let range = at..at + text.len();
            at = range.end;
            match role {
                Some(role) => paragraph.code(*role, text, range),
                None => paragraph.text(*text, range),
            }
        }
        paragraph
    }

    #[track_caller]
    fn check(parts: &[(&str, Option<Role>)], expected: &[&str]) {
        let whole: String = parts.iter().map(|(text, _)| *text).collect();
        let paragraph = paragraph(parts);
        let found: Vec<&str> = paragraph.sentences(Lang::En).iter().map(|(s, _)| &whole[s.span.clone()]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn codes_at_the_ends_stay_outside() {
        let (open, close, single) = (Some(Role::Open(1)), Some(Role::Close(1)), Some(Role::Single));
        check(&[("<b>", open), ("All of it.", None), ("</b>", close)], &["All of it."]);
        check(&[("<b>", open), ("Note:", None), ("</b>", close), (" it rains.", None)], &["<b>Note:</b> it rains."]);
        check(
            &[("<b>", open), ("One went. Two", None), ("</b>", close), (" came.", None)],
            &["One went.", "Two</b> came."],
        );
        check(
            &[("<i>", single), ("Here.", None), ("<i>", single), (" There it", None), ("<i>", single), ("is. …", None)],
            &["Here.", "There it<i>is. …"],
        );
        check(&[("…", None), ("<b>", open), (" ", None), ("</b>", close)], &[]);
    }
}
