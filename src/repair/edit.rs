//! What a repair changes, and how the changes come into the segment.

use super::{Case, Change};
use crate::unit::{Piece, Seg};
use std::fmt;
use std::ops::Range;

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A number in digits, a time, a version.
    Number,
    /// A date or a day of the week.
    Date,
    /// A name or an address that both languages write in Latin letters.
    Name,
    /// An inline code or a placeholder.
    Code,
    /// A word, or a few, of which both translations are known.
    Word,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 5] = [Kind::Number, Kind::Date, Kind::Name, Kind::Code, Kind::Word];

    /// The stable name: `number`, `date`, `name`, `code` or `word`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Number => "number",
            Kind::Date => "date",
            Kind::Name => "name",
            Kind::Code => "code",
            Kind::Word => "word",
        }
    }

    /// The kind of that name.
    ///
    /// ```
    /// use dhakira::repair::Kind;
    /// assert_eq!(Kind::of_name("date"), Some(Kind::Date));
    /// assert_eq!(Kind::of_name("تاريخ"), None);
    /// ```
    pub fn of_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Which kinds of changes are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// None.
    pub const NONE: Kinds = Kinds(0);

    /// These and no others.
    ///
    /// ```
    /// use dhakira::repair::{Kind, Kinds};
    /// let kinds = Kinds::of([Kind::Number, Kind::Date]);
    /// assert!(kinds.has(Kind::Date) && !kinds.has(Kind::Word));
    /// ```
    pub fn of(kinds: impl IntoIterator<Item = Kind>) -> Kinds {
        Kinds(kinds.into_iter().fold(0, |bits, kind| bits | 1 << kind as u8))
    }

    /// These and one more.
    pub fn with(self, kind: Kind) -> Kinds {
        Kinds(self.0 | 1 << kind as u8)
    }

    /// These less one.
    pub fn without(self, kind: Kind) -> Kinds {
        Kinds(self.0 & !(1 << kind as u8))
    }

    /// Whether this kind is among them.
    pub fn has(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }
}

impl Default for Kinds {
    /// All.
    fn default() -> Kinds {
        Kinds::of(Kind::ALL)
    }
}

/// A change of the translation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Where the new one stands: bytes of the repaired target's text, in which each inline code is one U+FFFC. Empty for what was
    /// taken out.
    pub range: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// What stood there in the stored target; of a code what it says.
    pub from: String,
    /// What stands there now.
    pub to: String,
    /// How the stored source has it.
    pub stored: String,
    /// How the sentence has it.
    pub asked: String,
}

impl fmt::Display for Edit {
    /// A short English phrase: why it was changed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Edit { kind, from, to, stored, asked, .. } = self;
        let name = kind.name();
        match (from.is_empty(), to.is_empty()) {
            (true, _) => write!(f, "{name}: {to} is new in the sentence"),
            (_, true) => write!(f, "{name}: {from} is not in the sentence"),
            _ => write!(f, "{name}: {from} became {to}, for the sentence has {asked} and the stored source {stored}"),
        }
    }
}

/// What takes the place of a range of the target's text.
#[derive(Debug, Clone)]
pub(super) struct Splice {
    pub range: Range<usize>,
    pub to: New,
}

/// What is new.
#[derive(Debug, Clone)]
pub(super) enum New {
    Text(String),
    /// A code or several, with what each says.
    Codes(Vec<Piece>),
}

impl New {
    fn pieces(&self) -> Vec<Piece> {
        match self {
            New::Text(text) if text.is_empty() => Vec::new(),
            New::Text(text) => vec![Piece::Text(text.clone())],
            New::Codes(codes) => codes.clone(),
        }
    }
}

/// The segment with all changes, which lie apart, and the edits in their order. A change that would cross a code or a highlight is
/// left out.
pub(super) fn spliced(target: &Seg, case: &Case<'_>, changes: &[Change]) -> (Seg, Vec<Edit>) {
    let mut splices: Vec<(&Change, &Splice)> =
        changes.iter().flat_map(|c| c.splices.iter().map(move |s| (c, s))).collect();
    splices.sort_by_key(|(_, splice)| (splice.range.start, splice.range.end));
    let mut next = splices.into_iter().peekable();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut edits = Vec::new();
    // Where the old piece begins in the old text, and how long the new text is.
    let (mut old, mut new) = (0, 0);
    let mut put = |pieces: &mut Vec<Piece>, new: &mut usize, (change, splice): (&Change, &Splice)| {
        let start = *new;
        for piece in splice.to.pieces() {
            *new += length(&piece);
            push(pieces, piece);
        }
        let said = |seg: &Seg| if seg.has_codes() { seg.codes().concat() } else { seg.text() };
        let from = match case.texts.target.get(splice.range.clone()).unwrap_or_default() {
            text if text.contains('\u{FFFC}') => case.code_in_target(splice.range.start),
            text => text.to_owned(),
        };
        edits.push(Edit {
            range: start..*new,
            kind: change.kind,
            from,
            to: said(&Seg { pieces: splice.to.pieces() }),
            stored: case.said(&case.texts.source[change.source.clone()], change.source.start, false),
            asked: case.said(&case.texts.query[change.query.clone()], change.query.start, true),
        });
    };
    for piece in &target.pieces {
        let end = old + length(piece);
        match piece {
            Piece::Text(text) => {
                let mut at = 0;
                while let Some(splice) = next.next_if(|(_, splice)| {
                    splice.range.start < end || splice.range.start == end && splice.range.is_empty()
                }) {
                    let range = splice.1.range.clone();
                    if range.start < old + at || range.end > end {
                        continue;
                    }
                    let before = &text[at..range.start - old];
                    new += before.len();
                    push(&mut pieces, Piece::Text(before.to_owned()));
                    put(&mut pieces, &mut new, splice);
                    at = range.end - old;
                }
                new += text.len() - at;
                push(&mut pieces, Piece::Text(text[at..].to_owned()));
            }
            Piece::Code(_) => {
                while let Some(splice) = next.next_if(|(_, splice)| splice.range == (old..old)) {
                    put(&mut pieces, &mut new, splice);
                }
                match next.next_if(|(_, splice)| splice.range == (old..end)) {
                    Some(splice) => put(&mut pieces, &mut new, splice),
                    None => {
                        new += end - old;
                        pieces.push(piece.clone());
                    }
                }
            }
            Piece::Highlight(_) => pieces.push(piece.clone()),
        }
        old = end;
    }
    for splice in next.filter(|(_, splice)| splice.range == (old..old)) {
        put(&mut pieces, &mut new, splice);
    }
    (Seg { pieces }, edits)
}

/// The bytes of a piece in the segment's text.
fn length(piece: &Piece) -> usize {
    match piece {
        Piece::Text(text) => text.len(),
        Piece::Code(_) => '\u{FFFC}'.len_utf8(),
        Piece::Highlight(_) => 0,
    }
}

/// Adds a piece, text to text.
fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    match (pieces.last_mut(), piece) {
        (_, Piece::Text(text)) if text.is_empty() => {}
        (Some(Piece::Text(last)), Piece::Text(text)) => last.push_str(&text),
        (_, piece) => pieces.push(piece),
    }
}

impl Case<'_> {
    /// What the code at a byte of the target's text says.
    fn code_in_target(&self, at: usize) -> String {
        let number = self.texts.target[..at].matches('\u{FFFC}').count();
        self.codes.target.get(number).map(|code| code.to_string()).unwrap_or_default()
    }

    /// A part of the sentence or of the source that begins at a byte, each code by what it says.
    fn said(&self, part: &str, at: usize, query: bool) -> String {
        let (text, codes) =
            if query { (self.texts.query, &self.codes.query) } else { (self.texts.source, &self.codes.source) };
        let mut number = text[..at].matches('\u{FFFC}').count();
        let mut said = String::new();
        for c in part.chars() {
            match c {
                '\u{FFFC}' => {
                    said.push_str(codes.get(number).map_or("", |code| code));
                    number += 1;
                }
                c => said.push(c),
            }
        }
        said
    }
}
