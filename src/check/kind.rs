//! The kinds of findings: each with its stable name, its severity, and what a machine may do about it.

use std::fmt;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; often right as it is.
    Info,
    /// Probably wrong; somebody should look.
    Warning,
    /// Wrong: the unit is of no use, or other programs will stumble over it.
    Error,
}

impl Severity {
    /// `error`, `warning` or `info`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether [`repair`](super::repair()) mends a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mending {
    /// Only a person can say what is right.
    Never,
    /// By default, where the one right text can be told.
    Safe,
    /// Only when asked for by name, because the text may be meant as it is.
    OnRequest,
}

/// What can be wrong with a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FindingKind {
    /// A side without text: nothing, white space, invisible characters, or only codes where the other side has words.
    EmptySide,
    /// No variant in Arabic, or none in English.
    MissingSide,
    /// The tag of a variant is no language (`xx-unknown`, `Arabic`); names of languages in letters are mended to their code.
    UnknownLanguage,
    /// Two variants of one language and region: other programs take the first, or the last.
    SameLanguageTwice,
    /// Arabic text under `en` and English text under `ar`; mended by exchanging the tags.
    SwappedSides,
    /// One side is a copy of the other in words that need a translation; numbers, addresses, code and names do not.
    Untranslated,
    /// The Arabic side is written in Latin letters, or the English side in Arabic ones.
    WrongScript,
    /// Inline codes without their partner: `bpt` without `ept` of the same `i`, `it` without `pos`, an open `hi`.
    CodesUnbalanced,
    /// Inline codes that the other side does not have.
    CodesDiffer,
    /// Placeholders in the text (`%s`, `{0}`, `{name}`, `${x}`, `<b>`) that the other side does not have.
    PlaceholdersDiffer,
    /// A number that the other side does not have, by value, whatever its digits.
    NumbersDiffer,
    /// One side is far longer than translations of that length are.
    LengthRatio,
    /// Text decoded in the wrong encoding (`ÇáÚÑÈíÉ`, `Ø§Ù„Ø¹`, `ط§ظ„ط¹`); mended where decoding again gives clean text.
    Mojibake,
    /// Letters that are lost: U+FFFD, or question marks in the place of letters.
    ReplacementCharacters,
    /// Control characters and other code points that are no text; mended by removal, a line break by a space.
    ControlCharacters,
    /// Arabic letters stored in reverse, as they stand on a line from left to right.
    VisualOrder,
    /// Shapes (U+FB50–FDFF, U+FE70–FEFC) stored for letters; mended to the letters, unless the order is visual.
    PresentationForms,
    /// A bidi embedding or isolate that is not closed, or closed without being open; mended.
    BidiUnbalanced,
    /// Bidi marks, embeddings or isolates in the text.
    BidiControls,
    /// Character references left in the text (`&nbsp;`, `&amp;quot;`).
    Entities,
    /// White space at the beginning or end of one side only.
    LeadingTrailingSpace,
    /// Two spaces between two words.
    DoubleSpace,
    /// A tatweel between two letters of a word.
    Tatweel,
    /// A Persian or Urdu letter in an Arabic word (`ک`, `ی`).
    PersianLetters,
    /// A Latin comma, semicolon or question mark behind an Arabic word.
    LatinPunctuation,
    /// One side asks a question or ends in a colon, the other does not.
    EndPunctuation,
    /// A date that is not `YYYYMMDDThhmmssZ`; mended where it can be read.
    BadDate,
    /// The same source and translation as an earlier unit of the memory.
    Duplicate,
    /// The same source as an earlier unit of the memory, translated otherwise.
    Inconsistent,
    /// A term of the glossary on one side, and none of what it has for it on the other; looked for where there is a glossary.
    TermMissing,
    /// A term that the glossary forbids; likewise.
    TermForbidden,
}

/// One line of the table.
struct Row {
    kind: FindingKind,
    name: &'static str,
    severity: Severity,
    mending: Mending,
    default: bool,
}

const fn row(kind: FindingKind, name: &'static str, severity: Severity, mending: Mending, default: bool) -> Row {
    Row { kind, name, severity, mending, default }
}

/// In the order of the enum, so that a kind's number is its row.
const TABLE: [Row; 31] = {
    use FindingKind as K;
    use Mending::{Never, OnRequest, Safe};
    use Severity::{Error, Info, Warning};
    [
        row(K::EmptySide, "empty-side", Error, Never, true),
        row(K::MissingSide, "missing-side", Error, Never, true),
        row(K::UnknownLanguage, "unknown-language", Error, Safe, true),
        row(K::SameLanguageTwice, "same-language-twice", Info, Never, true),
        row(K::SwappedSides, "swapped-sides", Error, Safe, true),
        row(K::Untranslated, "untranslated", Warning, Never, true),
        row(K::WrongScript, "wrong-script", Error, Never, true),
        row(K::CodesUnbalanced, "codes-unbalanced", Error, Never, true),
        row(K::CodesDiffer, "codes-differ", Warning, Never, true),
        row(K::PlaceholdersDiffer, "placeholders-differ", Warning, Never, true),
        row(K::NumbersDiffer, "numbers-differ", Warning, Never, true),
        row(K::LengthRatio, "length-ratio", Warning, Never, true),
        row(K::Mojibake, "mojibake", Error, Safe, true),
        row(K::ReplacementCharacters, "replacement-characters", Error, Never, true),
        row(K::ControlCharacters, "control-characters", Error, Safe, true),
        row(K::VisualOrder, "visual-order", Error, Never, true),
        row(K::PresentationForms, "presentation-forms", Warning, Safe, true),
        row(K::BidiUnbalanced, "bidi-unbalanced", Warning, Safe, true),
        row(K::BidiControls, "bidi-controls", Info, OnRequest, false),
        row(K::Entities, "entities", Warning, OnRequest, true),
        row(K::LeadingTrailingSpace, "leading-trailing-space", Info, OnRequest, true),
        row(K::DoubleSpace, "double-space", Info, OnRequest, false),
        row(K::Tatweel, "tatweel", Info, OnRequest, false),
        row(K::PersianLetters, "persian-letters", Info, OnRequest, true),
        row(K::LatinPunctuation, "latin-punctuation", Info, OnRequest, false),
        row(K::EndPunctuation, "end-punctuation", Info, Never, true),
        row(K::BadDate, "bad-date", Warning, Safe, true),
        row(K::Duplicate, "duplicate", Warning, Never, true),
        row(K::Inconsistent, "inconsistent", Info, Never, true),
        row(K::TermMissing, "term-missing", Warning, Never, true),
        row(K::TermForbidden, "term-forbidden", Warning, Never, true),
    ]
};

impl FindingKind {
    /// How many kinds there are.
    pub const COUNT: usize = TABLE.len();

    /// Every kind, in the order in which findings of one unit are told.
    pub fn all() -> impl Iterator<Item = FindingKind> {
        TABLE.iter().map(|row| row.kind)
    }

    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The stable name, in kebab case.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The kind of a [name](FindingKind::name).
    ///
    /// ```
    /// use dhakira::check::FindingKind;
    /// assert_eq!(FindingKind::from_name("numbers-differ"), Some(FindingKind::NumbersDiffer));
    /// assert_eq!(FindingKind::from_name("numbers"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<FindingKind> {
        TABLE.iter().find(|row| row.name == name).map(|row| row.kind)
    }

    /// How bad a finding of this kind is.
    pub fn severity(self) -> Severity {
        self.row().severity
    }

    /// Whether [`repair`](super::repair()) mends it.
    pub fn mending(self) -> Mending {
        self.row().mending
    }

    /// Whether it is looked for by default.
    pub fn is_default(self) -> bool {
        self.row().default
    }
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which kinds are looked for, and which of them are mended.
///
/// ```
/// use dhakira::check::{Checks, FindingKind};
/// let checks = Checks::default().without(FindingKind::LengthRatio).mending(FindingKind::Tatweel);
/// assert!(!checks.looks_for(FindingKind::LengthRatio));
/// assert!(checks.looks_for(FindingKind::Tatweel) && checks.mends(FindingKind::Tatweel));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checks {
    /// One bit for each kind.
    on: u64,
    mended: u64,
}

impl Default for Checks {
    /// What is worth a translator's attention: all kinds but those that are as often meant as not (`bidi-controls`,
    /// `double-space`, `tatweel`, `latin-punctuation`); mended is what is [safe](Mending::Safe).
    fn default() -> Checks {
        FindingKind::all().filter(|k| k.is_default()).fold(Checks::none(), Checks::with)
    }
}

impl Checks {
    /// No kind at all, to add to.
    pub fn none() -> Checks {
        Checks { on: 0, mended: 0 }
    }

    /// Every kind; mended is what is [safe](Mending::Safe).
    pub fn all() -> Checks {
        FindingKind::all().fold(Checks::none(), Checks::with)
    }

    /// Looks for `kind` too, and mends it if that is [safe](Mending::Safe).
    pub fn with(mut self, kind: FindingKind) -> Checks {
        self.on |= 1 << kind as u64;
        if kind.mending() == Mending::Safe {
            self.mended |= 1 << kind as u64;
        }
        self
    }

    /// Neither looks for `kind` nor mends it.
    pub fn without(mut self, kind: FindingKind) -> Checks {
        self.on &= !(1 << kind as u64);
        self.not_mending(kind)
    }

    /// Looks for `kind` and mends it, if it is not one that only a person can mend.
    pub fn mending(mut self, kind: FindingKind) -> Checks {
        self = self.with(kind);
        if kind.mending() != Mending::Never {
            self.mended |= 1 << kind as u64;
        }
        self
    }

    /// Leaves what it finds of `kind` as it is.
    pub fn not_mending(mut self, kind: FindingKind) -> Checks {
        self.mended &= !(1 << kind as u64);
        self
    }

    /// Whether `kind` is looked for.
    pub fn looks_for(&self, kind: FindingKind) -> bool {
        self.on & (1 << kind as u64) != 0
    }

    /// Whether `kind` is mended.
    pub fn mends(&self, kind: FindingKind) -> bool {
        self.mended & (1 << kind as u64) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kinds_number_is_its_row_and_its_name_leads_back() {
        for (at, kind) in FindingKind::all().enumerate() {
            assert_eq!(kind as usize, at);
            assert_eq!(FindingKind::from_name(kind.name()), Some(kind));
            assert!(kind.name().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
        }
    }

    #[test]
    fn checks_are_switched_by_kind() {
        let kind = FindingKind::Entities;
        assert!(Checks::default().looks_for(kind) && !Checks::default().mends(kind));
        assert!(Checks::default().mending(kind).mends(kind));
        assert!(!Checks::default().mending(kind).without(kind).mends(kind));
        assert!(!Checks::default().mending(FindingKind::NumbersDiffer).mends(FindingKind::NumbersDiffer));
        assert!(!Checks::default().not_mending(FindingKind::BadDate).mends(FindingKind::BadDate));
    }
}
