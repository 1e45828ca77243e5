//! A memory as it was at one moment: its units, and the search over them.
//!
//! First form: everything is read into memory, and a query is compared with every unit, in parallel, each comparison cut
//! off as soon as it cannot be among the best. Exact by construction; time grows with the memory.

use crate::error::Error;
use crate::lang::Lang;
use crate::matching::{Candidate, MatchKind, Query, Ranking, Score, Why};
use crate::tmx;
use crate::unit::{Unit, Variant};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// What was in the memory when it was read. Nothing that happens to the files afterwards changes it.
#[derive(Debug, Default)]
pub struct Snapshot {
    shards: Vec<Shard>,
    problems: Vec<Error>,
}

/// One TMX file of the memory.
#[derive(Debug)]
pub struct Shard {
    path: PathBuf,
    units: Vec<Unit>,
    /// What can be searched for in each language, in the order of [`Lang::BOTH`].
    sources: [Vec<Source>; 2],
}

/// A variant that can be searched for: it has text, and so has a variant of the other language.
#[derive(Debug)]
struct Source {
    unit: usize,
    candidate: Candidate,
}

/// How to search.
#[derive(Debug, Clone, PartialEq)]
pub struct Find {
    /// At most so many suggestions.
    pub top: usize,
    /// None below this score.
    pub min: Score,
}

impl Default for Find {
    /// Five at 70 or better, what translators see in most tools.
    fn default() -> Find {
        Find { top: 5, min: Score::from_percent(70.0) }
    }
}

/// A suggestion.
#[derive(Debug, Clone)]
pub struct Match<'a> {
    /// How like the query its source is.
    pub score: Score,
    /// Which kind of match.
    pub kind: MatchKind,
    /// What keeps it from 100.
    pub why: Vec<Why>,
    /// The source text, a U+FFFC for each inline code.
    pub source: &'a str,
    /// The translation, likewise.
    pub target: String,
    /// The unit that both belong to.
    pub unit: &'a Unit,
    /// The file of the memory that holds it.
    pub file: &'a Path,
}

impl Match<'_> {
    /// The unit's `tuid`.
    pub fn tuid(&self) -> Option<&str> {
        self.unit.id()
    }

    /// When the unit was last changed or else made, as its file says it.
    pub fn changed(&self) -> Option<&str> {
        changed(self.unit)
    }
}

impl Snapshot {
    /// Reads these files in parallel. One that cannot be read, and a unit that is broken, is a problem, not an end.
    pub(super) fn read(files: &[PathBuf]) -> Snapshot {
        let read: Vec<(Option<Shard>, Vec<Error>)> = files.par_iter().map(|path| Shard::read(path)).collect();
        let mut snapshot = Snapshot::default();
        for (shard, problems) in read {
            snapshot.shards.extend(shard);
            snapshot.problems.extend(problems);
        }
        snapshot
    }

    /// What could not be read: whole files, and units that were set aside.
    pub fn problems(&self) -> &[Error] {
        &self.problems
    }

    /// All units with the file that holds each, files in the order of their names, units in the order of their file.
    pub fn units(&self) -> impl Iterator<Item = (&Path, &Unit)> {
        self.shards.iter().flat_map(|shard| shard.units.iter().map(|unit| (shard.path.as_path(), unit)))
    }

    /// How many units there are.
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.units.len()).sum()
    }

    /// Whether there is no unit.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The best suggestions for `query`, best first: by score, then the unit changed last, then the order of files and
    /// units. The same with any number of threads.
    pub fn find(&self, query: &Query, options: &Find) -> Vec<Match<'_>> {
        let side = query.lang() as usize;
        let sources: Vec<(&Shard, &Source)> =
            self.shards.iter().flat_map(|s| s.sources[side].iter().map(move |source| (s, source))).collect();
        let ranking = sources
            .par_iter()
            .enumerate()
            .with_min_len(BLOCK)
            .fold(
                || Ranking::new(options.top, options.min),
                |mut ranking, (place, (shard, source))| {
                    let when = changed(&shard.units[source.unit]).map_or(0, time_as_number);
                    ranking.offer(query, &source.candidate, when, place as u64);
                    ranking
                },
            )
            .reduce(|| Ranking::new(options.top, options.min), Ranking::merge);
        let found = ranking.into_sorted().into_iter().map(|rank| {
            let (shard, source) = sources[rank.place as usize];
            let unit = &shard.units[source.unit];
            Match {
                score: rank.score,
                kind: query.kind(&source.candidate),
                why: query.why(&source.candidate),
                source: source.candidate.text(),
                target: filled(unit, query.lang().other()).next().map(|v| v.seg.text()).unwrap_or_default(),
                unit,
                file: &shard.path,
            }
        });
        found.collect()
    }
}

/// How many units a thread takes at once: some tenths of a millisecond of work, so that handing out costs nothing beside.
const BLOCK: usize = 2_048;

impl Shard {
    fn read(path: &Path) -> (Option<Shard>, Vec<Error>) {
        let mut problems = Vec::new();
        let reader = match tmx::Reader::open(path) {
            Ok(reader) => reader,
            Err(error) => return (None, vec![error]),
        };
        let mut shard = Shard { path: path.to_path_buf(), units: Vec::new(), sources: [Vec::new(), Vec::new()] };
        for entry in reader {
            match entry {
                Ok(entry) => shard.add(entry.unit),
                Err(reject) => problems.push(reject.error),
            }
        }
        (Some(shard), problems)
    }

    fn add(&mut self, unit: Unit) {
        for lang in Lang::BOTH {
            if filled(&unit, lang.other()).next().is_some() {
                let sources = filled(&unit, lang).map(|variant| Source {
                    unit: self.units.len(),
                    candidate: Candidate::new(lang, &variant.seg.text()),
                });
                self.sources[lang as usize].extend(sources);
            }
        }
        self.units.push(unit);
    }
}

/// The variants of a language that have text.
fn filled(unit: &Unit, lang: Lang) -> impl Iterator<Item = &Variant> {
    unit.variants_of(lang).filter(|variant| !variant.seg.is_blank())
}

fn changed(unit: &Unit) -> Option<&str> {
    unit.attr("changedate").or_else(|| unit.attr("creationdate"))
}

/// The digits of a TMX date (`20210831T224900Z`) as one number that grows with time; 0 where there is none to read.
fn time_as_number(date: &str) -> u64 {
    let digits: String = date.chars().filter(char::is_ascii_digit).take(14).collect();
    // A date without a time is that day's beginning.
    format!("{digits:0<14}").parse().unwrap_or(0)
}
