//! Values of options that are one of a few words.

use clap::ValueEnum;
use dhakira::Lang;
use dhakira::matching::Measure;
use dhakira::task::{Dialect, Duplicates};

/// `ar` or `en`, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    Ar,
    En,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Lang {
        match language {
            Language::Ar => Lang::Ar,
            Language::En => Lang::En,
        }
    }
}

/// What becomes of other translations of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DuplicatesName {
    Keep,
    Overwrite,
    Both,
}

impl From<DuplicatesName> for Duplicates {
    fn from(duplicates: DuplicatesName) -> Duplicates {
        match duplicates {
            DuplicatesName::Keep => Duplicates::Keep,
            DuplicatesName::Overwrite => Duplicates::Overwrite,
            DuplicatesName::Both => Duplicates::Both,
        }
    }
}

/// For which program TMX is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DialectName {
    Omegat,
    OmegatLevel1,
    Trados,
    Memoq,
    Matecat,
}

impl From<DialectName> for Dialect {
    fn from(name: DialectName) -> Dialect {
        match name {
            DialectName::Omegat => Dialect::Omegat,
            DialectName::OmegatLevel1 => Dialect::OmegatLevel1,
            DialectName::Trados => Dialect::Trados,
            DialectName::Memoq => Dialect::Memoq,
            DialectName::Matecat => Dialect::Matecat,
        }
    }
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    Auto,
    Always,
    Never,
}

/// Whether to isolate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Bidi {
    On,
    Off,
}

/// What an alignment is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AlignForm {
    /// TMX 1.4, links with both sides.
    Tmx,
    /// Arabic, English and score, a link a line.
    Tsv,
    /// One object: every link with its sentence numbers and score.
    Json,
    /// `[0]:[0]` lines, sentence numbers from 0, Arabic first.
    Ladder,
    /// JSON lines, one a unit, with its props; for units put together.
    Jsonl,
    /// A Moses pair, NAME.ar beside NAME.en; for units put together.
    Moses,
    /// Apache Parquet, a row a unit; for units put together.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// What a worker is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TaskName {
    Align,
    Split,
    Match,
    Pair,
    Check,
}

/// The form of units that stand in an answer, a line each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum UnitForm {
    /// `<tu>…</tu>` of TMX 1.4.
    Tmx,
    /// A JSON object with the unit's props.
    Jsonl,
}

impl AlignForm {
    /// Whether it is for units put together only.
    pub fn is_for_many(self) -> bool {
        match self {
            AlignForm::Tmx | AlignForm::Tsv | AlignForm::Json | AlignForm::Ladder => false,
            AlignForm::Jsonl | AlignForm::Moses => true,
            #[cfg(feature = "parquet")]
            AlignForm::Parquet => true,
        }
    }
}

/// A form of an analysis for other programs' eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AnalysisForm {
    /// The text of OmegaT's match statistics.
    Omegat,
}

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProgressForm {
    /// A bar on a terminal, nothing elsewhere.
    Auto,
    /// JSON lines on stderr, one a second.
    Json,
    Never,
}

/// Displays an option's value as it is typed.
macro_rules! shown_as_typed {
    ($($name:ty),*) => {$(
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let value = self.to_possible_value().expect("no value is skipped");
                f.write_str(value.get_name())
            }
        }
    )*};
}
shown_as_typed!(Language, Colour, Bidi, AlignForm, ProgressForm, DuplicatesName);

/// What the score of `match` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MeasureName {
    Letters,
    Words,
}

impl From<MeasureName> for Measure {
    fn from(name: MeasureName) -> Measure {
        match name {
            MeasureName::Letters => Measure::Letters,
            MeasureName::Words => Measure::Words,
        }
    }
}
