//! Concordance over a snapshot: every segment in which a pattern occurs, in the order of the memory.

use super::Snapshot;
use super::held::Holding;
use super::live::live_number;
use super::moment;
use super::shard::{Searched, Shard};
use super::sides::filled;
use super::stored::Stored;
use crate::concordance::Pattern;
use crate::index::Scratch;
use crate::lang::Lang;
use crate::matching::Candidate;
use crate::unit::Unit;
use rayon::prelude::*;
use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// What to look through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concordance {
    /// The side that the pattern is looked for in.
    pub side: Lang,
    /// Only these units.
    pub filter: Filter,
    /// At most so many segments; none at all is no place to go on from.
    pub limit: usize,
    /// Only what comes behind this segment.
    pub from: Option<Position>,
}

impl Default for Concordance {
    /// The first hundred segments of the Arabic side.
    fn default() -> Concordance {
        Concordance { side: Lang::Ar, filter: Filter::default(), limit: 100, from: None }
    }
}

/// Which units; every condition that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Its `x-document` prop.
    pub document: Option<String>,
    /// Who changed or made the unit or a variant of it (`changeid`, `creationid`).
    pub author: Option<String>,
    /// Its `x-origin` prop.
    pub origin: Option<String>,
    /// The file that holds it: its name with or without `.tmx`.
    pub file: Option<String>,
    /// When it was changed, or else made; where nobody wrote that, the date of its document (`x-document-date`).
    pub dates: DateRange,
}

/// From one date to another, both in it. A unit without a date is in no range but the one without bounds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DateRange {
    since: Option<u64>,
    until: Option<u64>,
}

impl DateRange {
    /// From `since` to `until`, each a year, month, day or moment as ISO 8601 or TMX write them (`2021`, `2021-08`,
    /// `2021-08-31`, `20210831T120000Z`); `until` is in it to its end. `None` if one of them is no such date.
    ///
    /// ```
    /// use dhakira::memory::DateRange;
    /// assert!(DateRange::new(Some("2021-08"), Some("2022")).is_some());
    /// assert!(DateRange::new(Some("آب"), None).is_none());
    /// ```
    pub fn new(since: Option<&str>, until: Option<&str>) -> Option<DateRange> {
        let bound = |date: Option<&str>, fill: char| date.map(|date| digits(date, fill)).transpose().ok();
        Some(DateRange { since: bound(since, '0')?, until: bound(until, '9')? })
    }

    fn contains(&self, unit: &Unit) -> bool {
        if *self == DateRange::default() {
            return true;
        }
        let document = || unit.prop("x-document-date").and_then(|date| digits(date, '0').ok());
        let date = Some(moment::changed_number(unit)).filter(|date| *date > 0).or_else(document);
        date.is_some_and(|date| self.since.is_none_or(|s| s <= date) && self.until.is_none_or(|u| date <= u))
    }
}

/// `YYYYMMDDhhmmss` of a date, what it leaves open filled up with a digit.
fn digits(date: &str, fill: char) -> Result<u64, ()> {
    let digits: String = date.chars().filter(char::is_ascii_digit).collect();
    let known = date.chars().all(|c| c.is_ascii_digit() || "-:TZ".contains(c));
    if !known || ![4, 6, 8, 10, 12, 14].contains(&digits.len()) {
        return Err(());
    }
    format!("{digits}{}", fill.to_string().repeat(14 - digits.len())).parse().map_err(|_| ())
}

impl Filter {
    fn fits(&self, unit: &Unit, file: &Path) -> bool {
        let is = |wanted: &Option<String>, is: &dyn Fn(&str) -> bool| wanted.as_deref().is_none_or(is);
        let attrs = || std::iter::once(&unit.attrs).chain(unit.variants.iter().map(|v| &v.attrs)).flatten();
        is(&self.document, &|name| unit.prop("x-document") == Some(name))
            && is(&self.origin, &|name| unit.prop("x-origin") == Some(name))
            && is(&self.author, &|who| {
                attrs().any(|(name, value)| matches!(name.as_str(), "changeid" | "creationid") && value == who)
            })
            && is(&self.file, &|name| is_named(file, name))
            && self.dates.contains(unit)
    }

    fn fits_file(&self, file: &Path) -> bool {
        self.file.as_deref().is_none_or(|name| is_named(file, name))
    }

    fn is_of_file_only(&self) -> bool {
        *self == Filter { file: self.file.clone(), ..Filter::default() }
    }
}

fn is_named(file: &Path, name: &str) -> bool {
    file.file_name().is_some_and(|n| n.to_string_lossy() == name)
        || file.file_stem().is_some_and(|n| n.to_string_lossy() == name)
}

/// A segment's place in the memory: a string for programs to give back, not to read. It stays as long as its file does; if
/// the file is gone, it stands for where it was in the order of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Of several memories, its number.
    memory: u32,
    unit: u32,
    variant: u32,
    file: String,
}

impl Position {
    /// Reads what [`Position`] writes; `None` if it is something else.
    ///
    /// ```
    /// use dhakira::memory::Position;
    /// assert_eq!(Position::new("1f.0.الميناء.tmx").unwrap().to_string(), "1f.0.الميناء.tmx");
    /// assert_eq!(Position::new("2:1f.0.الميناء.tmx").unwrap().to_string(), "2:1f.0.الميناء.tmx");
    /// assert_eq!(Position::new("الميناء"), None);
    /// ```
    pub fn new(text: &str) -> Option<Position> {
        let (memory, text) = match text.split_once(':') {
            Some((memory, rest)) if !memory.contains('.') => (memory.parse().ok()?, rest),
            _ => (0, text),
        };
        let mut parts = text.splitn(3, '.');
        let mut number = || u32::from_str_radix(parts.next()?, 16).ok();
        let (unit, variant) = (number()?, number()?);
        Some(Position { memory, unit, variant, file: parts.next()?.to_owned() })
    }

    /// Which one of several memories it is in.
    pub(super) fn memory(&self) -> u32 {
        self.memory
    }

    pub(super) fn in_memory(self, memory: u32) -> Position {
        Position { memory, ..self }
    }

    /// Before all that a memory has.
    pub(super) fn start_of(memory: u32) -> Position {
        Position { memory, unit: 0, variant: 0, file: String::new() }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.memory > 0 {
            write!(f, "{}:", self.memory)?;
        }
        write!(f, "{:x}.{:x}.{}", self.unit, self.variant, self.file)
    }
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    /// The segments, in the order of the memory: files by name, live files last, units in the order of their file.
    pub lines: Vec<ConcordanceLine<'a>>,
    /// Where the next ones begin, if there are more.
    pub next: Option<Position>,
}

/// A segment with hits.
#[derive(Debug, Clone)]
pub struct ConcordanceLine<'a> {
    /// Its text, a U+FFFC for each inline code.
    pub text: String,
    /// The hits in it: see [`Pattern::hits`].
    pub hits: Vec<Range<usize>>,
    /// The translation.
    pub target: String,
    /// The unit that it belongs to.
    pub unit: Arc<Unit>,
    /// The file of the memory that holds it.
    pub file: &'a Path,
}

impl ConcordanceLine<'_> {
    /// When the unit was last changed or else made, as its file says it.
    pub fn changed(&self) -> Option<&str> {
        moment::changed(&self.unit)
    }
}

/// How often a pattern occurs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Occurrences {
    /// Segments with hits.
    pub segments: usize,
    /// Hits in them.
    pub hits: usize,
}

/// A source: shard, and its number there.
type Source = (u32, u32);

/// A source with a hit.
#[derive(Debug, Clone, Copy)]
struct Hit {
    source: Source,
    /// Whether it is known that there is no other one in it.
    is_only_one: bool,
}

/// So many segments a thread takes at once, and so many such blocks are looked through before it is asked whether there
/// are enough.
const BLOCK: usize = 4_096;
const BLOCKS: usize = 32;

impl Snapshot {
    /// Every segment with a hit, from a position on, up to a limit; the same with any number of threads, and with index files
    /// or without. Large files are searched by their index, the units of others one by one.
    pub fn concordance(&self, pattern: &Pattern, options: &Concordance) -> Found<'_> {
        self.soundly(|| {
            let mut found = self.segments(pattern, options, options.limit.saturating_add(1));
            let more = found.len() > options.limit;
            found.truncate(options.limit);
            let next = found.last().filter(|_| more).map(|hit| {
                let (at, source) = hit.source;
                let shard = &self.shards()[at as usize];
                let (unit, variant) = shard.source(options.side, source as usize);
                Position { memory: 0, unit, variant, file: name(shard) }
            });
            let lines = found.into_par_iter().filter_map(|hit| self.line(hit, pattern, options.side));
            Found { lines: lines.collect(), next }
        })
    }

    /// How often a pattern occurs from a position on, without limit.
    pub fn occurrences(&self, pattern: &Pattern, options: &Concordance) -> Occurrences {
        self.soundly(|| {
            let found = self.segments(pattern, options, usize::MAX);
            let count = |hit: &Hit| {
                if hit.is_only_one {
                    return 1;
                }
                let count = |candidate: &Candidate| pattern.count(candidate.text(), candidate.key());
                match self.shards()[hit.source.0 as usize].searched() {
                    Searched::One(holding) => holding.candidate(options.side, hit.source.1 as usize).map_or(0, count),
                    Searched::Index(_) => self
                        .text(hit.source, options.side)
                        .map_or(0, |text| count(&Candidate::new(options.side, &text))),
                }
            };
            Occurrences { segments: found.len(), hits: found.par_iter().map(count).sum() }
        })
    }

    /// The first segments with hits in the order of the memory, `most` of them or some more.
    fn segments(&self, pattern: &Pattern, options: &Concordance, most: usize) -> Vec<Hit> {
        let mut found = Vec::new();
        let mut blocks: Vec<(u32, &Holding, Range<usize>)> = Vec::new();
        let fitting = (0u32..).zip(self.shards()).filter(|(_, shard)| options.filter.fits_file(&shard.path));
        for (at, shard) in fitting {
            let first = |count| options.from.as_ref().map_or(0, |from| behind(from, shard, options.side, count));
            match shard.searched() {
                Searched::One(holding) => {
                    let count = holding.sources(options.side).len();
                    let starts = (first(count)..count).step_by(BLOCK);
                    blocks.extend(starts.map(|from| (at, holding, from..count.min(from + BLOCK))));
                }
                Searched::Index(stored) => {
                    self.compare(&std::mem::take(&mut blocks), pattern, options, most, &mut found);
                    if found.len() < most {
                        self.look_up(at, stored, first, pattern, options, &mut found);
                    }
                }
            }
        }
        self.compare(&blocks, pattern, options, most, &mut found);
        found
    }

    /// Looks through these sources one by one, until there are enough.
    fn compare<'h>(
        &self,
        blocks: &[(u32, &'h Holding, Range<usize>)],
        pattern: &Pattern,
        options: &Concordance,
        most: usize,
        found: &mut Vec<Hit>,
    ) {
        for blocks in blocks.chunks(BLOCKS) {
            if found.len() >= most {
                return;
            }
            let sources = |(at, holding, range): &(u32, &'h Holding, Range<usize>)| {
                let (at, holding) = (*at, *holding);
                let hits = range.clone().filter(move |source| {
                    let candidate = holding.candidate(options.side, *source);
                    candidate.is_some_and(|candidate| pattern.is_in(candidate.text(), candidate.key()))
                });
                hits.map(move |source| Hit { source: (at, source as u32), is_only_one: false })
                    .filter(|hit| self.fits(hit.source, options))
            };
            found.par_extend(blocks.par_iter().flat_map_iter(sources));
        }
    }

    /// Looks up the sources of a file in its index.
    fn look_up(
        &self,
        at: u32,
        stored: &Stored,
        first: impl Fn(usize) -> usize,
        pattern: &Pattern,
        options: &Concordance,
        found: &mut Vec<Hit>,
    ) {
        let Some(index) = stored.index(options.side) else { return };
        let first = first(index.len());
        let list = index.shortlist(pattern.literal());
        let parts: Vec<usize> = (0..list.len()).step_by(BLOCK).collect();
        let look = |from: usize| {
            let mut hits = Vec::new();
            index.look(&list, from..from + BLOCK, &mut Scratch::default(), |entry| {
                if pattern.may_be_in(entry.key) {
                    let is_only_one = pattern.is_once_in(entry.key);
                    let sources = entry.sources.filter(|source| *source as usize >= first);
                    hits.extend(sources.map(|source| Hit { source: (at, source), is_only_one }));
                }
                true
            });
            // Of patterns that are verbatim the key does not tell all.
            let is_in = |source| self.text(source, options.side).is_some_and(|text| !pattern.hits(&text).is_empty());
            hits.retain(|hit| self.fits(hit.source, options) && (!pattern.options().verbatim || is_in(hit.source)));
            hits
        };
        let start = found.len();
        found.par_extend(parts.into_par_iter().flat_map_iter(look));
        found[start..].par_sort_unstable_by_key(|hit| hit.source);
    }

    /// Whether the unit of a source stands and is wanted.
    fn fits(&self, (at, source): Source, options: &Concordance) -> bool {
        let (shard, filter) = (&self.shards()[at as usize], &options.filter);
        let place = (at, shard.source(options.side, source as usize).0);
        self.tables().stands(place)
            && (filter.is_of_file_only() || self.unit(place).is_some_and(|unit| filter.fits(&unit, &shard.path)))
    }

    /// The text of a source.
    fn text(&self, (at, source): Source, side: Lang) -> Option<String> {
        let (number, variant) = self.shards()[at as usize].source(side, source as usize);
        let unit = self.unit((at, number))?;
        Some(filled(&unit, side).nth(variant as usize)?.seg.text())
    }

    fn line(&self, hit: Hit, pattern: &Pattern, side: Lang) -> Option<ConcordanceLine<'_>> {
        let (at, source) = hit.source;
        let shard = &self.shards()[at as usize];
        let (number, variant) = shard.source(side, source as usize);
        let unit = self.unit((at, number))?;
        let text = filled(&unit, side).nth(variant as usize)?.seg.text();
        let target = filled(&unit, side.other()).next().map(|v| v.seg.text()).unwrap_or_default();
        let hits = pattern.hits(&text);
        if hits.is_empty() {
            // What an index says is believed when the unit says it too.
            shard.damage();
        }
        Some(ConcordanceLine { hits, text, target, unit, file: &shard.path })
    }
}

fn name(shard: &Shard) -> String {
    shard.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The number of the first of `count` sources behind a position, in the order of the memory.
fn behind(from: &Position, shard: &Shard, side: Lang, count: usize) -> usize {
    let own = name(shard);
    if own != from.file {
        let order = |name: &str| (live_number(Path::new(name)), name.to_owned());
        return if order(&own) < order(&from.file) { count } else { 0 };
    }
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        match shard.source(side, middle) <= (from.unit, from.variant) {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    low
}
