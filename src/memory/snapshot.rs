//! A memory as it was at one moment: its units, their history, and the search over them.
//!
//! First form of the search: a query is compared with every unit, in parallel, each comparison cut off as soon as it cannot
//! be among the best. Exact by construction; time grows with the memory.

use super::identity::{self, unit_id};
use super::moment;
use super::shard::{Shard, Source, filled};
use super::standing::{Base, Place, Standing, age, standing_among};
use crate::error::Error;
use crate::matching::{MatchKind, Query, Ranking, Score, Why};
use crate::unit::Unit;
use rayon::prelude::*;
use std::borrow::Cow;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// What was in the memory when it was read, without what was superseded or deleted. Nothing that happens to the files
/// afterwards changes it. A clone is cheap.
///
/// Which of two units supersedes the other is told by [`Snapshot::history`].
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Files of other tools by name, then live files by number.
    shards: Arc<Vec<Arc<Shard>>>,
    /// How many of them are of other tools.
    foreign: usize,
    base: Arc<OnceLock<Base>>,
    standing: Arc<OnceLock<Standing>>,
    problems: Vec<Arc<Error>>,
}

/// A version of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version<'a> {
    /// What it says; of a deleted unit, what it said at last.
    pub unit: &'a Unit,
    /// The file of the memory that holds it.
    pub file: &'a Path,
    /// What became of it.
    pub state: State,
}

impl<'a> Version<'a> {
    /// When it was written, as its file says it.
    pub fn changed(&self) -> Option<&'a str> {
        moment::changed(self.unit)
    }
}

/// What became of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It stands: searches find it.
    Current,
    /// A newer one has its place.
    Superseded,
    /// It says that the unit was deleted.
    Deleted,
}

impl State {
    /// A stable name for programs: `current`, `superseded`, `deleted`.
    pub fn name(self) -> &'static str {
        match self {
            State::Current => "current",
            State::Superseded => "superseded",
            State::Deleted => "deleted",
        }
    }
}

/// How to search.
#[derive(Debug, Clone, PartialEq)]
pub struct Find {
    /// At most so many suggestions.
    pub top: usize,
    /// None below this score, if there is any above it.
    pub min: Score,
    /// If there is none, the best one that scores at least this, marked [`Why::BelowThreshold`]: a translator would rather
    /// see it than nothing. As high as `min`, it is never used.
    pub floor: Score,
}

impl Default for Find {
    /// Five at 70 or better, what translators see in most tools; else the best one at 50 or better.
    fn default() -> Find {
        Find { top: 5, min: Score::from_percent(70.0), floor: Score::from_percent(50.0) }
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

    /// How the unit is addressed: its `tuid`, or what stands for it.
    pub fn id(&self) -> Cow<'_, str> {
        unit_id(self.unit)
    }

    /// When the unit was last changed or else made, as its file says it.
    pub fn changed(&self) -> Option<&str> {
        moment::changed(self.unit)
    }
}

impl Snapshot {
    /// Of these shards, in any order. What `old` knows of files that are the same is taken over.
    pub(super) fn new(mut shards: Vec<Arc<Shard>>, mut problems: Vec<Arc<Error>>, old: &Snapshot) -> Snapshot {
        shards.sort_by(|a, b| (a.live, &a.path).cmp(&(b.live, &b.path)));
        let foreign = shards.partition_point(|shard| shard.live.is_none());
        let known = foreign == old.foreign
            && shards[..foreign].iter().zip(old.shards.iter()).all(|(new, old)| Arc::ptr_eq(new, old));
        let same = known
            && shards.len() == old.shards.len()
            && shards.iter().zip(old.shards.iter()).all(|(new, old)| Arc::ptr_eq(new, old));
        problems.extend(shards.iter().flat_map(|shard| shard.problems.iter().cloned()));
        Snapshot {
            shards: Arc::new(shards),
            foreign,
            base: if known { old.base.clone() } else { Arc::default() },
            standing: if same { old.standing.clone() } else { Arc::default() },
            problems,
        }
    }

    pub(super) fn shards(&self) -> &[Arc<Shard>] {
        &self.shards
    }

    /// The shards of other tools.
    pub(super) fn foreign(&self) -> &[Arc<Shard>] {
        &self.shards[..self.foreign]
    }

    /// The live shards.
    pub(super) fn live(&self) -> &[Arc<Shard>] {
        &self.shards[self.foreign..]
    }

    fn base(&self) -> &Base {
        self.base.get_or_init(|| Base::new(self.foreign()))
    }

    fn standing(&self) -> &Standing {
        self.standing.get_or_init(|| Standing::new(&self.shards, self.foreign, self.base()))
    }

    pub(super) fn stands(&self, place: Place) -> bool {
        self.standing().stands(place)
    }

    pub(super) fn unit(&self, (shard, unit): Place) -> &Unit {
        &self.shards[shard as usize].units[unit as usize]
    }

    /// The date of a unit as a number.
    pub(super) fn date(&self, place: Place) -> u64 {
        age(&self.shards, place).0
    }

    pub(super) fn is_live(&self, place: Place) -> bool {
        place.0 as usize >= self.foreign
    }

    /// All units with this `tuid`, hidden ones too, oldest first.
    pub(super) fn with_tuid(&self, id: &str) -> Vec<Place> {
        let shards = self.shards.iter().enumerate();
        let mut places: Vec<Place> = shards
            .flat_map(|(at, shard)| shard.with_tuid(id).map(move |unit| (at as u32, unit as u32)).collect::<Vec<_>>())
            .collect();
        places.sort_by_key(|&place| age(&self.shards, place));
        places
    }

    /// All units that say this, hidden ones too, oldest first.
    pub(super) fn with_content(&self, content: u64) -> Vec<Place> {
        let mut places: Vec<Place> = self.base().with_content(self.foreign(), content).collect();
        for (at, shard) in self.shards.iter().enumerate().skip(self.foreign) {
            let units = shard.contents().iter().enumerate().filter(|(_, c)| **c == content);
            places.extend(units.map(|(unit, _)| (at as u32, unit as u32)));
        }
        places.sort_by_key(|&place| age(&self.shards, place));
        places
    }

    /// What could not be read: whole files, and units that were set aside.
    pub fn problems(&self) -> &[Arc<Error>] {
        &self.problems
    }

    /// All units with the file that holds each: files in the order of their names, live files last, units in the order of
    /// their file.
    pub fn units(&self) -> impl Iterator<Item = (&Path, &Unit)> {
        let standing = self.standing();
        self.shards.iter().enumerate().flat_map(move |(at, shard)| {
            let units = shard.units.iter().enumerate();
            let units = units.filter(move |(unit, _)| standing.stands((at as u32, *unit as u32)));
            units.map(|(_, unit)| (shard.path.as_path(), unit))
        })
    }

    /// How many units there are.
    pub fn len(&self) -> usize {
        self.standing().count()
    }

    /// Whether there is no unit.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The unit with this id, if there is exactly one: by its `tuid`, or by [`content_id`](super::content_id).
    pub fn unit_of(&self, id: &str) -> Option<&Unit> {
        match self.standing_of(id)[..] {
            [place] => Some(self.unit(place)),
            _ => None,
        }
    }

    /// The units that stand and are addressed by this id, oldest first: those with this `tuid`, or if there are none those
    /// that say this.
    pub(super) fn standing_of(&self, id: &str) -> Vec<Place> {
        let among = |group: &[Place]| standing_among(&self.shards, self.foreign, self.base(), group);
        let mut places = among(&self.with_tuid(id));
        if places.is_empty()
            && let Some(content) = identity::content_of_id(id)
        {
            places = self.with_content(content);
            places.retain(|&place| match identity::tuid(self.unit(place)) {
                Some(tuid) => among(&self.with_tuid(tuid)).contains(&place),
                None => among(&[place]).contains(&place),
            });
        }
        places
    }

    /// All that the files have of the unit with this id, oldest first. Empty if there was never such a unit.
    ///
    /// Any two units have one order of age: by date (the latest `changedate` or else `creationdate` of unit and variants,
    /// none is oldest), then files of other tools before live files, then by name of the file, then by place in the file. A
    /// unit is superseded if
    ///
    /// - a newer one is in the live files under the same `tuid`, itself being in them, or
    /// - a newer one has the same `tuid` and languages, and one side says the same. A `tuid` alone proves nothing: most
    ///   tools count 1, 2, 3 in each file. Inside one file of another tool only a later date counts, or
    /// - it is in a file of another tool, and one in the live files that is not dated before it names it in an
    ///   `x-supersedes` prop, by [`content_id`](super::content_id).
    pub fn history(&self, id: &str) -> Vec<Version<'_>> {
        let mut places = self.with_tuid(id);
        let mut contents: Vec<u64> = places
            .iter()
            .filter(|&&place| self.is_live(place))
            .flat_map(|&place| identity::supersedes(self.unit(place)).collect::<Vec<_>>())
            .collect();
        contents.extend(identity::content_of_id(id));
        contents.sort_unstable();
        contents.dedup();
        for content in contents {
            places.extend(self.with_content(content));
        }
        places.sort_by_key(|&place| age(&self.shards, place));
        places.dedup();
        let version = |&place: &Place| {
            let unit = self.unit(place);
            let state = match self.stands(place) {
                true => State::Current,
                false if identity::is_deleted(unit) => State::Deleted,
                false => State::Superseded,
            };
            Version { unit, file: &self.shards[place.0 as usize].path, state }
        };
        places.iter().map(version).collect()
    }

    /// The best suggestions for `query`, best first: by score, then the unit changed last, then the order of files and
    /// units. The same with any number of threads.
    pub fn find(&self, query: &Query, options: &Find) -> Vec<Match<'_>> {
        let side = query.lang() as usize;
        let standing = self.standing();
        self.shards.par_iter().for_each(|shard| {
            shard.sources();
        });
        let sources: Vec<(&Shard, &Source)> = self
            .shards
            .iter()
            .enumerate()
            .flat_map(|(at, shard)| {
                let sources = shard.sources()[side].iter();
                let sources = sources.filter(move |source| standing.stands((at as u32, source.unit as u32)));
                sources.map(move |source| (shard.as_ref(), source))
            })
            .collect();
        let found = best(query, &sources, options.top, options.min);
        if !found.is_empty() || options.floor >= options.min {
            return found;
        }
        let mut found = best(query, &sources, options.top.min(1), options.floor);
        found.iter_mut().for_each(|m| m.why.push(Why::BelowThreshold));
        found
    }
}

/// The best `top` of `sources` that score at least `min`.
fn best<'a>(query: &Query, sources: &[(&'a Shard, &'a Source)], top: usize, min: Score) -> Vec<Match<'a>> {
    let empty = || Ranking::new(top, min);
    let offer = |mut ranking: Ranking, (place, (shard, source)): (usize, &(&Shard, &Source))| {
        ranking.offer(query, &source.candidate, shard.dates[source.unit], place as u64);
        ranking
    };
    let ranking = sources.par_iter().enumerate().with_min_len(BLOCK).fold(empty, offer).reduce(empty, Ranking::merge);
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

/// How many units a thread takes at once: some tenths of a millisecond of work, so that handing out costs nothing beside.
const BLOCK: usize = 2_048;
