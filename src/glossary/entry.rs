//! An entry: one concept with its terms in both languages.

use crate::lang::Lang;

/// A concept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its name in the file.
    pub id: Option<String>,
    /// Its terms in the order of the file.
    pub terms: Vec<Term>,
    /// What the file says about it: a note, or the definition.
    pub note: Option<String>,
}

/// A term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its language.
    pub lang: Lang,
    /// As the file writes it.
    pub text: String,
    /// Whether it may be used.
    pub standing: Standing,
}

/// Whether a term may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// It is the one to use.
    Preferred,
    /// It may be used.
    Admitted,
    /// It may not.
    Forbidden,
}

impl Standing {
    /// `preferred`, `admitted` or `forbidden`.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Preferred => "preferred",
            Standing::Admitted => "admitted",
            Standing::Forbidden => "forbidden",
        }
    }

    /// By a value of TBX's `administrativeStatus` (`preferredTerm-admn-sts`, …) or `normativeAuthorization`; what is neither preferred nor
    /// deprecated is admitted.
    pub(super) fn of_status(value: &str) -> Standing {
        let value = value.trim().to_ascii_lowercase();
        let begins = |names: &[&str]| names.iter().any(|name| value.starts_with(name));
        if begins(&["preferred", "standardized", "legal", "regulated"]) {
            Standing::Preferred
        } else if begins(&["deprecated", "superseded", "forbidden", "obsolete", "rejected"]) {
            Standing::Forbidden
        } else {
            Standing::Admitted
        }
    }
}

impl Entry {
    /// The terms of a language that may be used, the preferred ones first.
    pub fn allowed(&self, lang: Lang) -> impl Iterator<Item = &Term> {
        let of = move |standing: Standing| {
            self.terms.iter().filter(move |term| term.lang == lang && term.standing == standing)
        };
        of(Standing::Preferred).chain(of(Standing::Admitted))
    }
}
