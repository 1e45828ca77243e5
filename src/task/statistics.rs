//! What a memory holds, in numbers.

use super::inspection::RepeatFinder;
use super::source::{Placed, SetAside, Source};
use super::workers::Workers;
use crate::check::{Checks, FindingKind};
use crate::text::{TokenKind, tokens};
use crate::unit::{Piece, Unit};
use std::collections::{BTreeMap, HashSet};

/// What a memory holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Units.
    pub units: u64,
    /// What could not be read.
    pub set_aside: u64,
    /// The variants of each language tag, as files write it.
    pub languages: BTreeMap<String, LanguageStatistics>,
    /// How often each type of prop stands in units and variants.
    pub props: BTreeMap<String, u64>,
    /// How many notes.
    pub notes: u64,
    /// How many different values `x-document` has.
    pub documents: u64,
    /// The earliest and the latest date of `creationdate`, `changedate` and `lastusagedate`, as files write them.
    pub dates: Option<(String, String)>,
    /// How many units each `creationtool` made: the unit's, else the header's.
    pub tools: BTreeMap<String, u64>,
    /// Units that say the same as an earlier one, spelling aside ([`FindingKind::Duplicate`]).
    pub duplicates: u64,
    /// Units whose source an earlier one translates otherwise ([`FindingKind::Inconsistent`]).
    pub inconsistent: u64,
    /// How many units have an `x-align-score` from 0.0, 0.1, … 0.9 up; 1 belongs to the last.
    pub scores: [u64; 10],
}

/// What a memory holds of one language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LanguageStatistics {
    /// Variants.
    pub variants: u64,
    /// Of these, without text.
    pub empty: u64,
    /// Words: [`TokenKind::Word`] and [`TokenKind::Number`].
    pub words: u64,
    /// Characters: Unicode scalar values, codes aside.
    pub characters: u64,
    /// Inline codes.
    pub codes: u64,
}

const DATES: [&str; 3] = ["creationdate", "changedate", "lastusagedate"];

impl Statistics {
    /// Counts one unit; `tool` is its file's `creationtool`. What takes the other units into account is not counted.
    ///
    /// ```
    /// use dhakira::task::Statistics;
    /// use dhakira::tmx::parse_unit;
    /// let unit = parse_unit("<tu><tuv xml:lang=\"ar\"><seg>عاد <ph/>في ١٩٩٩</seg></tuv></tu>").unwrap();
    /// let mut statistics = Statistics::default();
    /// statistics.add(&unit, Some("OmegaT"));
    /// let arabic = statistics.languages["ar"];
    /// assert_eq!((arabic.words, arabic.characters, arabic.codes), (3, 11, 1));
    /// ```
    pub fn add(&mut self, unit: &Unit, tool: Option<&str>) {
        self.units += 1;
        let mut tool = unit.attr("creationtool").or(tool);
        let metas = unit.meta.iter().chain(unit.variants.iter().flat_map(|v| &v.meta));
        for meta in metas {
            match &meta.kind {
                Some(kind) => *self.props.entry(kind.clone()).or_default() += 1,
                None => self.notes += 1,
            }
        }
        for variant in &unit.variants {
            let language = self.languages.entry(variant.tag.as_str().to_owned()).or_default();
            let text = variant.seg.text();
            language.variants += 1;
            language.empty += u64::from(variant.seg.is_blank());
            let is_word = |kind: TokenKind| matches!(kind, TokenKind::Word(_) | TokenKind::Number);
            language.words += tokens(&text).iter().filter(|t| is_word(t.kind)).count() as u64;
            let codes = variant.seg.pieces.iter().filter(|p| matches!(p, Piece::Code(_))).count() as u64;
            language.codes += codes;
            language.characters += text.chars().count() as u64 - codes;
            tool = tool.or(variant.attr("creationtool"));
        }
        if let Some(tool) = tool {
            *self.tools.entry(tool.to_owned()).or_default() += 1;
        }
        let attrs = unit.attrs.iter().chain(unit.variants.iter().flat_map(|v| &v.attrs));
        for (_, date) in attrs.filter(|(name, _)| DATES.contains(&name.as_str())) {
            self.date(date, date);
        }
        if let Some(score) = unit.prop("x-align-score").and_then(|s| s.trim().parse::<f64>().ok())
            && (0.0..=1.0).contains(&score)
        {
            self.scores[((score * 10.0) as usize).min(9)] += 1;
        }
    }

    fn date(&mut self, first: &str, last: &str) {
        let date = self.dates.get_or_insert_with(|| (first.to_owned(), last.to_owned()));
        if first < date.0.as_str() {
            date.0 = first.to_owned();
        }
        if last > date.1.as_str() {
            date.1 = last.to_owned();
        }
    }

    /// Adds what was counted elsewhere.
    fn absorb(&mut self, other: Statistics) {
        self.units += other.units;
        self.set_aside += other.set_aside;
        self.notes += other.notes;
        for (tag, theirs) in other.languages {
            let ours = self.languages.entry(tag).or_default();
            ours.variants += theirs.variants;
            ours.empty += theirs.empty;
            ours.words += theirs.words;
            ours.characters += theirs.characters;
            ours.codes += theirs.codes;
        }
        for (kind, count) in other.props {
            *self.props.entry(kind).or_default() += count;
        }
        for (tool, count) in other.tools {
            *self.tools.entry(tool).or_default() += count;
        }
        if let Some((first, last)) = other.dates {
            self.date(&first, &last);
        }
        self.scores.iter_mut().zip(other.scores).for_each(|(ours, theirs)| *ours += theirs);
    }
}

/// How many units a thread takes at once.
const BATCH: usize = 256;

/// Counts what `sources` hold; what can not be read goes to `aside`.
///
/// ```
/// use dhakira::task::{Source, SourceOptions, Workers, statistics};
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("a.tsv");
/// std::fs::write(&path, "ar\ten\nنعم\tyes\nنعم\taye\n").unwrap();
/// let source = Source::open(&path, &SourceOptions::default()).unwrap();
/// let counted = statistics([source], &Workers::new(1), |_| {});
/// assert_eq!((counted.units, counted.languages["en"].words, counted.inconsistent), (2, 2, 1));
/// ```
pub fn statistics(
    sources: impl IntoIterator<Item = Source>,
    workers: &Workers,
    mut aside: impl FnMut(SetAside),
) -> Statistics {
    let mut statistics = Statistics::default();
    let checks = Checks::none().with(FindingKind::Duplicate).with(FindingKind::Inconsistent);
    let mut repeats = RepeatFinder::new(&checks);
    let mut documents = HashSet::new();
    for mut source in sources {
        let batches = std::iter::from_fn(|| {
            let batch: Vec<_> = source.by_ref().take(BATCH).collect();
            let tool = |placed: &Placed| {
                let header = source.headers().iter().rev().find(|(file, _)| *file == placed.file);
                header.and_then(|(_, header)| header.attr("creationtool")).map(str::to_owned)
            };
            let with_tool = |item: Result<Placed, SetAside>| item.map(|placed| (tool(&placed), placed));
            let batch: Vec<_> = batch.into_iter().map(with_tool).collect();
            (!batch.is_empty()).then_some(batch)
        });
        let work = |batch: Vec<Result<(Option<String>, Placed), SetAside>>| {
            let mut counted = Statistics::default();
            for (tool, placed) in batch.iter().flatten() {
                counted.add(&placed.unit, tool.as_deref());
            }
            (counted, batch)
        };
        let done: Result<(), std::convert::Infallible> = workers.run_all(batches, work, |(counted, batch)| {
            statistics.absorb(counted);
            for item in batch {
                match item {
                    Err(item) => {
                        statistics.set_aside += 1;
                        aside(item);
                    }
                    Ok((_, placed)) => {
                        for repeat in repeats.add(&placed) {
                            match repeat.finding.kind {
                                FindingKind::Duplicate => statistics.duplicates += 1,
                                _ => statistics.inconsistent += 1,
                            }
                        }
                        if let Some(document) = placed.unit.prop("x-document")
                            && !documents.contains(document)
                        {
                            documents.insert(document.to_owned());
                        }
                    }
                }
            }
            Ok(())
        });
        let Ok(()) = done;
    }
    statistics.documents = documents.len() as u64;
    statistics
}
