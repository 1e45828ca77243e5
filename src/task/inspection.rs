//! Checking the units of files: many in parallel, handed on in order, with what repeats across all of them.

use super::source::{Placed, SetAside, Source};
use super::workers::Workers;
use crate::check::{self, Change, Checks, Finding, FindingKind, Repeats, Severity};
use crate::glossary::{BreachKind, Glossary};
use crate::lang::Lang;
use crate::tmx::Mend;
use crate::unit::{Meta, Unit};
use std::path::Path;
use std::sync::Arc;

/// How units are checked.
#[derive(Debug, Clone, Default)]
pub struct InspectOptions {
    /// What is looked for.
    pub checks: Checks,
    /// Whether what the checks [mend](Checks::mends) is mended before the unit is looked at.
    pub repair: bool,
    /// The terms that units are held against.
    pub glossary: Option<Arc<Glossary>>,
}

/// A unit with what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// The unit, mended where that was asked for.
    pub placed: Placed,
    /// What was mended in its XML, without which it could not be read.
    pub mends: Vec<Mend>,
    /// What was mended in its texts, tags and dates.
    pub changes: Vec<Change>,
    /// What is wrong with it (still).
    pub findings: Vec<Finding>,
}

impl Inspected {
    /// The unit as one of a rejects file: its file, line and byte and one reason for each of `reasons` as props
    /// (`x-reject-file`, `x-reject-line`, `x-reject-byte`, `x-reject-reason`), the unit itself as it is.
    pub fn reject<'a>(&self, reasons: impl IntoIterator<Item = &'a str>) -> Unit {
        let mut unit = self.placed.unit.clone();
        let mut prop = |name: &str, text: String| unit.meta.push(Meta::prop(format!("x-reject-{name}"), text));
        reasons.into_iter().for_each(|reason| prop("reason", reason.to_owned()));
        prop("file", self.placed.file.display().to_string());
        if let Some(line) = self.placed.place.line {
            prop("line", line.to_string());
        }
        if let Some(byte) = self.placed.place.byte {
            prop("byte", byte.to_string());
        }
        unit
    }
}

/// How many units a thread takes at once: some milliseconds of work, so that handing out costs nothing beside.
const BATCH: usize = 64;

/// Checks every unit of `source`, and hands them to `take` in their order, between them what could not be read.
///
/// [`FindingKind::Duplicate`] and [`FindingKind::Inconsistent`] are not among the findings: whether a unit repeats one
/// depends on which are kept, so it is the caller's [`RepeatFinder`] that tells.
///
/// # Errors
///
/// The first error of `take`.
///
/// ```
/// use dhakira::check::FindingKind;
/// use dhakira::task::{InspectOptions, Source, SourceOptions, Workers, inspect};
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("a.tsv");
/// std::fs::write(&path, "ar\ten\nعاد في ١٩٩٩.\tHe came back in 1998.\n").unwrap();
/// let mut source = Source::open(&path, &SourceOptions::default()).unwrap();
/// let mut kinds = Vec::new();
/// inspect(&mut source, &InspectOptions::default(), &Workers::new(1), |item| {
///     kinds.extend(item.unwrap().findings.iter().map(|f| f.kind));
///     Ok::<(), ()>(())
/// }).unwrap();
/// assert_eq!(kinds, [FindingKind::NumbersDiffer]);
/// ```
pub fn inspect<E>(
    source: &mut Source,
    options: &InspectOptions,
    workers: &Workers,
    mut take: impl FnMut(Result<Inspected, SetAside>) -> Result<(), E>,
) -> Result<(), E> {
    let batches = std::iter::from_fn(|| {
        let batch: Vec<_> = source.by_ref().take(BATCH).collect();
        (!batch.is_empty()).then_some(batch)
    });
    let work = |batch: Vec<Result<Placed, SetAside>>| -> Vec<Result<Inspected, SetAside>> {
        let inspected = |(mut placed, mends): (Placed, Vec<Mend>)| {
            let changes = if options.repair { check::repair(&mut placed.unit, &options.checks) } else { Vec::new() };
            let mut findings = check::check(&placed.unit, &options.checks);
            if let Some(glossary) = &options.glossary {
                findings.extend(inspect_terms(&placed.unit, glossary, &options.checks));
            }
            Inspected { placed, mends, changes, findings }
        };
        let read = |item: Result<Placed, SetAside>| match item {
            Ok(placed) => Ok((placed, Vec::new())),
            Err(aside) if options.repair => aside.mend().ok_or(aside),
            Err(aside) => Err(aside),
        };
        batch.into_iter().map(|item| read(item).map(inspected)).collect()
    };
    workers.run_all(batches, work, |batch| batch.into_iter().try_for_each(&mut take))
}

/// What the first text of each language has against the glossary: terms that the other side lacks, and forbidden ones.
///
/// ```
/// use dhakira::check::Checks;
/// use dhakira::glossary::Glossary;
/// use dhakira::task::inspect_terms;
/// use dhakira::tmx::parse_unit;
/// let glossary = Glossary::read_table("terms.tsv".as_ref(), "ar\ten\nميناء\tport|!harbour\n").unwrap();
/// let unit = parse_unit("<tu><tuv xml:lang=\"ar\"><seg>وصلنا إلى الميناء</seg></tuv><tuv xml:lang=\"en\"><seg>We reached the harbour</seg></tuv></tu>");
/// let found = inspect_terms(&unit.unwrap(), &glossary, &Checks::default());
/// assert_eq!(found[0].kind.name(), "term-forbidden");
/// ```
pub fn inspect_terms(unit: &Unit, glossary: &Glossary, checks: &Checks) -> Vec<Finding> {
    let first = |lang: Lang| unit.variants.iter().position(|variant| variant.tag.lang() == Some(lang));
    let (Some(ar), Some(en)) = (first(Lang::Ar), first(Lang::En)) else { return Vec::new() };
    let [ar_text, en_text] = [ar, en].map(|at| unit.variants[at].seg.text());
    if ar_text.trim().is_empty() || en_text.trim().is_empty() {
        return Vec::new();
    }
    let finding = |breach: crate::glossary::Breach<'_>| {
        let kind = match breach.kind {
            BreachKind::Missing => FindingKind::TermMissing,
            BreachKind::Forbidden => FindingKind::TermForbidden,
        };
        Finding {
            kind,
            severity: kind.severity(),
            lang: Some(breach.lang),
            variant: Some(if breach.lang == Lang::Ar { ar } else { en }),
            range: Some(breach.range.clone()),
            message: breach.to_string(),
            mendable: false,
        }
    };
    let mut found: Vec<Finding> = glossary.breaches(&ar_text, &en_text).into_iter().map(finding).collect();
    found.retain(|finding| checks.looks_for(finding.kind));
    found.sort_by_key(|finding| finding.kind);
    found
}

/// What was found, counted by kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally([u64; FindingKind::COUNT]);

impl Default for Tally {
    fn default() -> Tally {
        Tally([0; FindingKind::COUNT])
    }
}

impl Tally {
    /// Counts one finding.
    pub fn add(&mut self, kind: FindingKind) {
        self.0[kind as usize] += 1;
    }

    /// The kinds that were found, the worst first, and among equals the most frequent.
    ///
    /// ```
    /// use dhakira::check::FindingKind::{Duplicate, EmptySide};
    /// use dhakira::task::Tally;
    /// let mut tally = Tally::default();
    /// [Duplicate, EmptySide, Duplicate].into_iter().for_each(|kind| tally.add(kind));
    /// assert_eq!(tally.kinds(), [(EmptySide, 1), (Duplicate, 2)]);
    /// ```
    pub fn kinds(&self) -> Vec<(FindingKind, u64)> {
        let mut kinds: Vec<_> =
            FindingKind::all().map(|kind| (kind, self.0[kind as usize])).filter(|(_, count)| *count > 0).collect();
        kinds.sort_by_key(|&(kind, count)| std::cmp::Reverse((kind.severity(), count)));
        kinds
    }

    /// How many findings of this severity.
    pub fn of(&self, severity: Severity) -> u64 {
        self.kinds().iter().filter(|(kind, _)| kind.severity() == severity).map(|(_, count)| count).sum()
    }
}

/// Which units repeat an earlier one, each told with the earlier one's place. Some 100 bytes for each unit.
#[derive(Debug, Clone)]
pub struct RepeatFinder {
    checks: Checks,
    /// For each source language, in the order of [`Lang::BOTH`].
    repeats: [Repeats; 2],
    places: Vec<(Arc<Path>, Option<u64>)>,
}

/// A repeat, and the file and line of the unit that it repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// [`FindingKind::Duplicate`] or [`FindingKind::Inconsistent`].
    pub finding: Finding,
    /// The earlier unit's file.
    pub file: Arc<Path>,
    /// Its 1-based line.
    pub line: Option<u64>,
}

impl RepeatFinder {
    /// For the kinds that `checks` look for.
    pub fn new(checks: &Checks) -> RepeatFinder {
        let repeats = Lang::BOTH.map(|lang| Repeats::new(lang, checks));
        RepeatFinder { checks: *checks, repeats, places: Vec::new() }
    }

    /// Adds a unit and says which earlier ones it repeats, of those with the same source language.
    pub fn add(&mut self, placed: &Placed) -> Vec<Repeated> {
        let wanted = |kind| self.checks.looks_for(kind);
        if !wanted(FindingKind::Duplicate) && !wanted(FindingKind::Inconsistent) {
            return Vec::new();
        }
        let repeats = self.repeats[placed.source as usize].add(self.places.len(), &placed.unit);
        self.places.push((placed.file.clone(), placed.place.line));
        let with_place = |repeat: check::Repeat| {
            let (file, line) = self.places[repeat.earlier].clone();
            Repeated { finding: repeat.finding, file, line }
        };
        repeats.into_iter().map(with_place).collect()
    }
}
