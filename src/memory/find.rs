//! The search: the best suggestions that a snapshot has for a sentence.
//!
//! First form: a query is compared with every unit, in parallel, each comparison cut off as soon as it cannot be among the
//! best. Exact by construction; time grows with the memory.

use super::Snapshot;
use super::held::filled;
use super::identity::unit_id;
use super::moment;
use super::standing::Place;
use crate::matching::{Candidate, MatchKind, Query, Ranking, Score, Why};
use crate::unit::Unit;
use rayon::prelude::*;
use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

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
    pub source: String,
    /// The translation, likewise.
    pub target: String,
    /// The unit that both belong to.
    pub unit: Arc<Unit>,
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
        unit_id(&self.unit)
    }

    /// When the unit was last changed or else made, as its file says it.
    pub fn changed(&self) -> Option<&str> {
        moment::changed(&self.unit)
    }
}

/// A source: shard, and its number there.
type Source = (u32, u32);

impl Snapshot {
    /// The best suggestions for `query`, best first: by score, then the unit changed last, then the order of files and
    /// units. The same with any number of threads.
    pub fn find(&self, query: &Query, options: &Find) -> Vec<Match<'_>> {
        self.soundly(|| {
            let found = self.best(query, options.top, options.min);
            if !found.is_empty() || options.floor >= options.min {
                return found;
            }
            let mut found = self.best(query, options.top.min(1), options.floor);
            found.iter_mut().for_each(|m| m.why.push(Why::BelowThreshold));
            found
        })
    }

    /// The best `top` that score at least `min`.
    fn best(&self, query: &Query, top: usize, min: Score) -> Vec<Match<'_>> {
        let lang = query.lang();
        let counts: Vec<usize> = self.shards().par_iter().map(|shard| shard.compared().sources(lang).len()).collect();
        let counted = counts.iter().enumerate();
        let all = counted.flat_map(|(shard, &count)| (0..count as u32).map(move |source| (shard as u32, source)));
        let sources: Vec<Source> = all.collect();
        let empty = || Ranking::new(top, min);
        let offer = |mut ranking: Ranking, (number, &(shard, source)): (usize, &Source)| {
            let holding = self.shards()[shard as usize].compared();
            let (unit, _) = holding.sources(lang).get(source as usize).copied().unwrap_or_default();
            if let Some(candidate) = holding.candidate(lang, source as usize)
                && query.score(candidate, ranking.cutoff()).is_some()
                && self.tables().stands((shard, unit))
            {
                ranking.offer(query, candidate, self.date((shard, unit)), number as u64);
            }
            ranking
        };
        let ranking =
            sources.par_iter().enumerate().with_min_len(BLOCK).fold(empty, offer).reduce(empty, Ranking::merge);
        let found = ranking.into_sorted().into_iter().filter_map(|rank| {
            let (shard, source) = sources[rank.place as usize];
            self.suggestion(query, rank.score, shard, source)
        });
        found.collect()
    }

    /// What a source becomes as a suggestion.
    fn suggestion(&self, query: &Query, score: Score, shard: u32, source: u32) -> Option<Match<'_>> {
        let lang = query.lang();
        let (number, variant) = self.shards()[shard as usize].source(lang, source as usize);
        let place: Place = (shard, number);
        let unit = self.unit(place)?;
        let source = filled(&unit, lang).nth(variant as usize)?.seg.text();
        let candidate = Candidate::new(lang, &source);
        let target = filled(&unit, lang.other()).next().map(|v| v.seg.text()).unwrap_or_default();
        Some(Match {
            score,
            kind: query.kind(&candidate),
            why: query.why(&candidate),
            source,
            target,
            unit,
            file: &self.shards()[shard as usize].path,
        })
    }
}

/// How many units a thread takes at once: some tenths of a millisecond of work, so that handing out costs nothing beside.
const BLOCK: usize = 2_048;
