//! The search: the best suggestions that a snapshot has for a sentence.
//!
//! Large files are searched by their index, one after the other, each with what is wanted after the one before; then the
//! units of small and live files are compared one by one. Both are exact: what is found is what comparing all would find.

use super::Snapshot;
use super::held::{Holding, filled};
use super::identity::unit_id;
use super::moment;
use super::shard::Searched;
use super::stored::Stored;
use crate::index::{Likeness, Scratch};
use crate::matching::{
    Candidate, Found, LEAST_FOUND, MatchKind, Measure, Origin, Preference, Query, Rank, Ranking, Region, Score, Status,
    Why, order,
};
use crate::text::{Key, key};
use crate::unit::Unit;
use rayon::prelude::*;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
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
    /// Which one of the list, before this, has the same source (but for its form) with another translation: the first such.
    pub alternative_to: Option<usize>,
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

impl Snapshot {
    /// The best suggestions for `query`, best first. The same with any number of threads, and with index files or without.
    ///
    /// They are the best by score, then the unit changed last, then the order of files and units, at least
    /// [`LEAST_FOUND`] of them as far as there are so many; in the order of [`order`], as many as asked for.
    ///
    /// A score in words ([`Measure::Words`]) has no index: then all units are compared one by one.
    pub fn find(&self, query: &Query, options: &Find) -> Vec<Match<'_>> {
        self.find_with(query, options, &mut Scratch::default())
    }

    /// [`Snapshot::find`] for many queries, shared out among the threads of the pool that this is called in.
    pub fn find_many(&self, queries: &[Query], options: &Find) -> Vec<Vec<Match<'_>>> {
        let find = |scratch: &mut Scratch, query: &Query| self.find_with(query, options, scratch);
        queries.par_iter().map_init(Scratch::default, find).collect()
    }

    /// [`Snapshot::find`] with room from an earlier search.
    pub fn find_with(&self, query: &Query, options: &Find, scratch: &mut Scratch) -> Vec<Match<'_>> {
        let scratch = RefCell::new(scratch);
        self.soundly(|| {
            let search = Search { snapshot: self, query };
            let best = |top, min| search.best(top, min, &mut scratch.borrow_mut());
            let found = best(options.top, options.min);
            if !found.is_empty() || options.floor >= options.min {
                return found;
            }
            let mut found = best(options.top.min(1), options.floor);
            found.iter_mut().for_each(|m| m.why.push(Why::BelowThreshold));
            found
        })
    }
}

/// A query to a snapshot.
#[derive(Clone, Copy)]
struct Search<'a, 'q> {
    snapshot: &'a Snapshot,
    query: &'q Query,
}

impl<'a> Search<'a, '_> {
    /// The best `top` that score at least `min`, in their order.
    fn best(&self, top: usize, min: Score, scratch: &mut Scratch) -> Vec<Match<'a>> {
        // The order, and so which one is first, shall not depend on how many are asked for.
        let mut ranking = Ranking::new(if top == 0 { 0 } else { top.max(LEAST_FOUND) }, min);
        let mut held = Vec::new();
        // What has an index raises the cutoff for the rest.
        for (at, shard) in (0..).zip(self.snapshot.shards()) {
            match shard.searched() {
                Searched::Index(_) if self.query.measure() == Measure::Words => held.push((at, shard.compared())),
                Searched::One(holding) => held.push((at, holding)),
                Searched::Index(stored) => self.look_up(at, stored, &mut ranking, scratch),
            }
        }
        let ranks = self.compare(&held, ranking).into_sorted();
        let read: Vec<(Rank, Read)> = ranks.into_iter().filter_map(|rank| Some((rank, self.read(rank)?))).collect();
        let found = read.iter().map(|(rank, read)| Found {
            score: rank.score,
            source: read.candidate.key(),
            target: &read.target_key,
            preference: read.preference(),
            changed: rank.changed,
            place: rank.place,
        });
        let positions = order(&found.collect::<Vec<_>>());
        let shown_at = |index: usize| positions.iter().position(|p| p.index == index);
        let shown = positions.iter().take(top).map(|position| {
            let (rank, read) = &read[position.index];
            Match {
                score: rank.score,
                kind: self.query.kind(&read.candidate),
                why: self.query.why(&read.candidate),
                source: read.candidate.text().to_owned(),
                target: read.target.clone(),
                unit: read.unit.clone(),
                file: &self.snapshot.shards()[read.shard as usize].path,
                alternative_to: position.alternative_to.and_then(shown_at),
            }
        });
        shown.collect()
    }

    /// Shows the ranking what an index finds.
    fn look_up(&self, at: u32, stored: &Stored, ranking: &mut Ranking, scratch: &mut Scratch) {
        let lang = self.query.lang();
        let Some(index) = stored.index(lang) else { return };
        // The scores of texts that differ from the query in form only; units that say the same have the same text.
        let mut forms: HashMap<(u64, u32), Option<Score>> = HashMap::new();
        index.search(self.query, ranking.cutoff(), scratch, |hit| {
            for source in hit.sources {
                let (unit, variant) = stored.source(lang, source as usize);
                let changed = stored.date(unit);
                let best = match hit.likeness {
                    Likeness::Fuzzy(score) => score,
                    Likeness::EqualKey => Score::EXACT,
                };
                let mut rank = Rank { score: best, changed, place: place(at, source) };
                // Whether a unit stands takes longer to tell.
                if !ranking.takes(&rank) || !self.snapshot.tables().stands((at, unit)) {
                    continue;
                }
                if hit.likeness == Likeness::EqualKey {
                    let read = || {
                        let candidate = self.source(at, unit, variant)?;
                        ranking.score(self.query, &candidate)
                    };
                    let known = forms.entry((stored.content(unit), variant)).or_insert_with(read);
                    let Some(score) = *known else { continue };
                    rank.score = score;
                }
                ranking.push(rank);
            }
            ranking.cutoff()
        });
    }

    /// Shows the ranking each source of these files.
    fn compare(&self, held: &[(u32, &'a Holding)], ranking: Ranking) -> Ranking {
        let lang = self.query.lang();
        let parts = |&(at, holding): &(u32, &'a Holding)| {
            let count = holding.sources(lang).len();
            (0..count).step_by(BLOCK).map(move |from| (at, holding, from..count.min(from + BLOCK)))
        };
        let parts: Vec<_> = held.iter().flat_map(parts).collect();
        let show = |mut ranking: Ranking, (at, holding, sources): (u32, &Holding, Range<usize>)| {
            for source in sources {
                let Some((unit, _, candidate)) = holding.source(lang, source) else { continue };
                let Some(score) = ranking.score(self.query, candidate) else { continue };
                let rank = Rank { score, changed: holding.date(unit), place: place(at, source as u32) };
                if ranking.takes(&rank) && self.snapshot.tables().stands((at, unit)) {
                    ranking.push(rank);
                }
            }
            ranking
        };
        let empty = ranking.emptied();
        parts.into_par_iter().fold(|| empty.clone(), show).reduce(|| empty.clone(), Ranking::merge).merge(ranking)
    }

    /// A source as it is written.
    fn source(&self, shard: u32, unit: u32, variant: u32) -> Option<Candidate> {
        let unit = self.snapshot.unit((shard, unit))?;
        let variant = filled(&unit, self.query.lang()).nth(variant as usize)?;
        Some(Candidate::new(self.query.lang(), &variant.seg.text()))
    }

    /// What is needed of a source to show it.
    fn read(&self, rank: Rank) -> Option<Read> {
        let lang = self.query.lang();
        let (at, source) = ((rank.place >> 32) as u32, rank.place as u32);
        let shard = &self.snapshot.shards()[at as usize];
        let (number, variant) = shard.source(lang, source as usize);
        let unit = self.snapshot.unit((at, number))?;
        let source = filled(&unit, lang).nth(variant as usize)?.seg.text();
        let candidate = Candidate::new(lang, &source);
        // What an index says is believed when the unit says it too.
        if self.query.score(&candidate, rank.score) != Some(rank.score) {
            shard.damage();
            return None;
        }
        let target = filled(&unit, lang.other()).next().map(|v| v.seg.text()).unwrap_or_default();
        let target_key = key(lang.other(), &target);
        Some(Read { shard: at, unit, candidate, target, target_key })
    }
}

/// A suggestion before it has its place.
struct Read {
    shard: u32,
    unit: Arc<Unit>,
    candidate: Candidate,
    target: String,
    target_key: Key,
}

impl Read {
    fn preference(&self) -> Preference {
        let prop = |kind: &str| self.unit.prop(kind).unwrap_or_default();
        let status = ["x-ConfirmationLevel", "x-status"].map(prop).into_iter().find(|status| !status.is_empty());
        Preference {
            region: Region::Unsaid,
            origin: Origin::from_name(prop("x-origin")),
            status: Status::from_name(status.unwrap_or_default()),
        }
    }
}

/// The place of a source among all: first by file.
fn place(shard: u32, source: u32) -> u64 {
    u64::from(shard) << 32 | u64::from(source)
}

/// How many units a thread takes at once: some tenths of a millisecond of work, so that handing out costs nothing beside.
const BLOCK: usize = 2_048;
