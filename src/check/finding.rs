//! A finding: what is wrong, where, and in one sentence why.

use super::kind::{FindingKind, Severity};
use crate::lang::Lang;
use std::fmt;
use std::ops::Range;

/// Something that is wrong with a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// How bad.
    pub severity: Severity,
    /// The language of the side, if it is about one.
    pub lang: Option<Lang>,
    /// The number of the variant in the unit, if it is about one.
    pub variant: Option<usize>,
    /// Bytes in the variant's [`text`](crate::unit::Seg::text), if it is about a part of it: the first place of several.
    pub range: Option<Range<usize>>,
    /// One sentence that a translator understands, with the values.
    pub message: String,
    /// Whether [`repair`](super::repair()) knows how to mend it (at least in part), if its kind is asked for.
    pub mendable: bool,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

impl Finding {
    /// A finding about the whole unit.
    pub(super) fn of_unit(kind: FindingKind, message: impl Into<String>) -> Finding {
        Finding {
            kind,
            severity: kind.severity(),
            lang: None,
            variant: None,
            range: None,
            message: message.into(),
            mendable: false,
        }
    }

    /// A finding about one variant.
    pub(super) fn of_variant(
        kind: FindingKind,
        variant: usize,
        lang: Option<Lang>,
        message: impl Into<String>,
    ) -> Finding {
        Finding { lang, variant: Some(variant), ..Finding::of_unit(kind, message) }
    }
}

/// A place in a text where something is wrong, and the edit that mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub kind: FindingKind,
    pub range: Range<usize>,
    pub message: String,
    /// What stands there afterwards; `None` where nobody knows.
    pub fix: Option<String>,
}

/// The name of a side in a sentence.
pub(super) fn side_name(lang: Lang) -> &'static str {
    match lang {
        Lang::Ar => "the Arabic side",
        Lang::En => "the English side",
    }
}

/// The start of a text, short enough for a sentence.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("“{}…”", &text[..end]),
        None => format!("“{text}”"),
    }
}
