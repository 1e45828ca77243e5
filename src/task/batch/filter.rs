//! The filter of a batch: which units are left out, each verdict with its reason.

use super::near::{Earlier, Likeness, Print};
use crate::check::{Checks, FindingKind, check};
use crate::lang::Lang;
use crate::unit::{Meta, Unit};
use whatlang::{Lang as Tongue, detect};

/// Why a unit is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The link is less sure than was asked for.
    Confidence,
    /// What [`check`](mod@crate::check) finds: `length-ratio`, `wrong-script`, `numbers-differ` (by value), `untranslated` (a copy), …
    Finding(FindingKind),
    /// A side is in a language that is neither Arabic nor English, by whatlang, which must be sure of it.
    Language,
    /// A unit of an earlier document has the same keys on both sides.
    Duplicate,
    /// A unit of an earlier document says nearly the same, by MinHash.
    NearDuplicate,
}

impl Reason {
    /// As it is typed and as it stands in reports.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Confidence => "confidence",
            Reason::Finding(kind) => kind.name(),
            Reason::Language => "language",
            Reason::Duplicate => "duplicate",
            Reason::NearDuplicate => "near-duplicate",
        }
    }

    /// The reason of that name, but for confidence, which needs a number.
    ///
    /// ```
    /// use dhakira::check::FindingKind;
    /// use dhakira::task::batch::Reason;
    /// assert_eq!(Reason::named("numbers-differ"), Some(Reason::Finding(FindingKind::NumbersDiffer)));
    /// assert_eq!(Reason::named("near-duplicate"), Some(Reason::NearDuplicate));
    /// assert_eq!(Reason::named("boring"), None);
    /// ```
    pub fn named(name: &str) -> Option<Reason> {
        match name {
            "language" => Some(Reason::Language),
            "duplicate" => Some(Reason::Duplicate),
            "near-duplicate" => Some(Reason::NearDuplicate),
            _ => FindingKind::from_name(name).filter(|kind| *kind != FindingKind::Inconsistent).map(Reason::Finding),
        }
    }

    /// Those that most corpora want.
    pub fn usual() -> Vec<Reason> {
        use FindingKind::{LengthRatio, NumbersDiffer, Untranslated, WrongScript};
        let found = [LengthRatio, WrongScript, NumbersDiffer, Untranslated].map(Reason::Finding);
        found.into_iter().chain([Reason::Language, Reason::Duplicate, Reason::NearDuplicate]).collect()
    }
}

/// A reason and what exactly it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The reason.
    pub reason: Reason,
    /// What is said of it, its name first.
    pub message: String,
}

/// What is left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FilterOptions {
    /// Links that are less sure than this.
    pub min_confidence: Option<f32>,
    /// Units of which one of these is true.
    pub reasons: Vec<Reason>,
}

impl FilterOptions {
    /// Whether everything stays.
    pub fn is_none(&self) -> bool {
        self.min_confidence.is_none() && self.reasons.is_empty()
    }

    fn wants(&self, reason: Reason) -> bool {
        self.reasons.contains(&reason)
    }
}

/// A unit with all that can be said of it alone; what it repeats, only a [`Filter`] knows, which sees the others.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The unit, as it is.
    pub unit: Unit,
    verdicts: Vec<Verdict>,
    print: Option<Print>,
}

impl Candidate {
    /// Looks at a unit whose link has this probability.
    ///
    /// ```
    /// use dhakira::task::batch::{Candidate, Filter, FilterOptions, Reason};
    /// let unit = "<tu><tuv xml:lang=\"ar\"><seg>عاد في ١٩٩٩.</seg></tuv><tuv xml:lang=\"en\"><seg>He came back in 1998.</seg></tuv></tu>";
    /// let options = FilterOptions { min_confidence: Some(0.5), reasons: Reason::usual() };
    /// let candidate = Candidate::new(dhakira::tmx::parse_unit(unit).unwrap(), 0.4, &options);
    /// let verdicts = Filter::default().judge(&candidate, 0);
    /// assert_eq!(verdicts.iter().map(|v| v.reason.name()).collect::<Vec<_>>(), ["confidence", "numbers-differ"]);
    /// ```
    pub fn new(unit: Unit, confidence: f32, options: &FilterOptions) -> Candidate {
        let mut verdicts = Vec::new();
        if let Some(least) = options.min_confidence.filter(|least| confidence < *least) {
            let message = format!("confidence: the link is {confidence:.2} sure, less than {least}");
            verdicts.push(Verdict { reason: Reason::Confidence, message });
        }
        let mut checks = Checks::none();
        for reason in &options.reasons {
            if let Reason::Finding(kind) = reason {
                checks = checks.with(*kind);
            }
        }
        for finding in check(&unit, &checks) {
            let reason = Reason::Finding(finding.kind);
            if options.wants(reason) && verdicts.iter().all(|verdict| verdict.reason != reason) {
                verdicts.push(Verdict { reason, message: finding.to_string() });
            }
        }
        if options.wants(Reason::Language) {
            verdicts.extend(foreign(&unit));
        }
        let compared = options.wants(Reason::Duplicate) || options.wants(Reason::NearDuplicate);
        Candidate { print: compared.then(|| Print::of(&unit)), unit, verdicts }
    }

    /// The unit with its verdicts as props, `x-verdict`.
    pub fn marked(&self, verdicts: &[Verdict]) -> Unit {
        self.with("x-verdict", verdicts)
    }

    /// The unit as one of a rejects file: its verdicts as props, `x-reject-reason`.
    pub fn rejected(&self, verdicts: &[Verdict]) -> Unit {
        self.with("x-reject-reason", verdicts)
    }

    fn with(&self, prop: &str, verdicts: &[Verdict]) -> Unit {
        let mut unit = self.unit.clone();
        unit.meta.extend(verdicts.iter().map(|verdict| Meta::prop(prop, verdict.message.clone())));
        unit
    }
}

/// Letters of a text below which its language is not asked for: of short ones it can not be told.
const LEAST_LETTERS: usize = 60;

/// Sides in a third language.
fn foreign(unit: &Unit) -> Option<Verdict> {
    for (lang, own) in [(Lang::Ar, Tongue::Ara), (Lang::En, Tongue::Eng)] {
        let Some(text) = unit.text_of(lang) else { continue };
        if text.chars().filter(|c| c.is_alphabetic()).count() < LEAST_LETTERS {
            continue;
        }
        if let Some(found) = detect(&text).filter(|found| found.is_reliable() && found.lang() != own) {
            let name = found.lang().eng_name();
            let message = format!(
                "language: the side in {} looks like {name}",
                if lang == Lang::Ar { "Arabic" } else { "English" }
            );
            return Some(Verdict { reason: Reason::Language, message });
        }
    }
    None
}

/// Says which units are left out, in the order in which it sees them: those that stay are what later ones are compared with.
#[derive(Debug, Default)]
pub struct Filter {
    options: FilterOptions,
    earlier: Earlier,
}

impl Filter {
    /// With nothing seen.
    pub fn new(options: FilterOptions) -> Filter {
        Filter { options, earlier: Earlier::default() }
    }

    /// Why a unit of the document with this number is left out; empty if it stays.
    pub fn judge(&mut self, candidate: &Candidate, document: u32) -> Vec<Verdict> {
        let mut verdicts = candidate.verdicts.clone();
        if let Some(print) = &candidate.print {
            let (reason, what) = match self.earlier.like(print, document) {
                Some(Likeness::Same) if self.options.wants(Reason::Duplicate) => (Reason::Duplicate, "the same"),
                Some(_) if self.options.wants(Reason::NearDuplicate) => (Reason::NearDuplicate, "nearly the same"),
                _ => {
                    if verdicts.is_empty() {
                        self.earlier.add(print, document);
                    }
                    return verdicts;
                }
            };
            let message = format!("{}: a unit of an earlier document says {what}", reason.name());
            verdicts.push(Verdict { reason, message });
        }
        verdicts
    }
}
