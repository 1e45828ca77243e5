//! The search: the best suggestions that a snapshot has for a sentence.
//!
//! Large files are searched by their index, one after the other, each with what is wanted after the one before; then the
//! units of small and live files are compared one by one. Both are exact: what is found is what comparing all would find.

use super::Snapshot;
use super::held::{Holding, Said};
use super::identity::unit_id;
use super::moment;
use super::shard::{Searched, Shard};
use super::sides::{candidate, filled};
use super::snapshot::soundly;
use super::stored::Stored;
use super::traits::region_number;
use crate::index::{Likeness, Scratch};
use crate::matching::{
    Candidate, Coverage, Explanation, Found, LEAST_FOUND, MatchKind, Neighbours, Preference, Query, Rank, Ranking,
    Region, SCORE_ALONE, Score, Why, order,
};
use crate::text::{Key, key};
use crate::unit::{Seg, Unit};
use rayon::prelude::*;
use std::borrow::Cow;
use std::cell::{LazyCell, RefCell};
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
    /// How like the query its source is, its penalty taken off.
    pub score: Score,
    /// What is taken off for where it stands, in hundredths of a percent.
    pub penalty: u16,
    /// Which kind of match.
    pub kind: MatchKind,
    /// What keeps it from 100.
    pub why: Vec<Why>,
    /// The source text, a U+FFFC for each inline code.
    pub source: String,
    /// The translation, likewise.
    pub target: String,
    /// Both with their inline codes.
    pub segments: [Seg; 2],
    /// How the score of the text came to be, context and penalty aside.
    pub explanation: Explanation,
    /// How much of the query the translation says, in hundredths of a percent, where that decides: below [`SCORE_ALONE`].
    pub coverage: Option<u16>,
    /// How like the translation is to the others found, in millionths, where that decided.
    pub agreement: Option<u64>,
    /// The unit that both belong to.
    pub unit: Arc<Unit>,
    /// The file of the memory that holds it.
    pub file: &'a Path,
    /// What decides where it stands among suggestions of the same score.
    pub preference: Preference,
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
    /// They are the best by [`Rank`]: score, penalties taken off, then preference, then the unit changed last, then the order
    /// of files and units, at least [`LEAST_FOUND`] of them as far as there are so many; in the order of [`order`], as many as
    /// asked for.
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
        find(&[Volume { snapshot: self, order: 0, penalty: 0 }], query, options, scratch)
    }
}

/// One of the memories that are searched as one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Volume<'a> {
    pub(super) snapshot: &'a Snapshot,
    /// Its number in the order of memories.
    pub(super) order: u32,
    /// What is taken off the score of all that it holds.
    pub(super) penalty: u16,
}

/// The best suggestions of several memories; see [`Snapshot::find`].
pub(super) fn find<'a>(volumes: &[Volume<'a>], query: &Query, options: &Find, scratch: &mut Scratch) -> Vec<Match<'a>> {
    let scratch = RefCell::new(scratch);
    let snapshots: Vec<&Snapshot> = volumes.iter().map(|volume| volume.snapshot).collect();
    soundly(&snapshots, || {
        let search = Search::new(volumes, query);
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

/// A query to some memories.
struct Search<'a, 'q> {
    query: &'q Query,
    /// The files of all of them, each with where it belongs.
    files: Vec<Searchable<'a>>,
    /// The number of the region that is asked for.
    region: u16,
}

/// A file that is searched.
#[derive(Clone, Copy)]
struct Searchable<'a> {
    volume: Volume<'a>,
    /// Its number in its memory.
    at: u32,
    shard: &'a Shard,
    /// What is taken off for its memory and its path.
    penalty: u16,
}

impl Searchable<'_> {
    fn stands(&self, unit: u32) -> bool {
        self.volume.snapshot.tables().stands((self.at, unit))
    }

    /// What a source must score to reach `cutoff`, if any can.
    fn before(&self, cutoff: Score) -> Option<Score> {
        cutoff.before(self.penalty)
    }
}

impl<'a> Search<'a, '_> {
    fn new<'q>(volumes: &[Volume<'a>], query: &'q Query) -> Search<'a, 'q> {
        let files = volumes.iter().flat_map(|&volume| {
            (0..).zip(volume.snapshot.shards()).map(move |(at, shard)| {
                let penalty = volume.penalty.saturating_add(shard.penalty);
                Searchable { volume, at, shard, penalty }
            })
        });
        Search { query, files: files.collect(), region: query.region().map_or(0, region_number) }
    }

    /// The best `top` that score at least `min`, in their order.
    fn best(&self, top: usize, min: Score, scratch: &mut Scratch) -> Vec<Match<'a>> {
        // The order, and so which one is first, shall not depend on how many are asked for.
        let mut ranking = Ranking::new(if top == 0 { 0 } else { top.max(LEAST_FOUND) }, min);
        let mut held = Vec::new();
        // What has an index raises the cutoff for the rest.
        for (at, file) in (0..).zip(&self.files) {
            match file.shard.searched() {
                Searched::One(holding) => held.push((at, holding)),
                Searched::Index(stored) => self.look_up(at, stored, &mut ranking, scratch),
            }
        }
        let ranks = self.compare(&held, ranking).into_sorted();
        let read: Vec<(Rank, Read)> = ranks.into_iter().filter_map(|rank| Some((rank, self.read(rank)?))).collect();
        let coverage = LazyCell::new(|| Coverage::new(self.query));
        let found = read.iter().map(|(rank, read)| Found {
            score: rank.score,
            source: read.candidate.key(),
            target: &read.target_key,
            coverage: if rank.score < SCORE_ALONE { coverage.of(&read.target_key) } else { 0 },
            preference: rank.preference,
            changed: rank.changed,
            place: rank.place,
        });
        let found: Vec<Found<'_>> = found.collect();
        let positions = order(&found);
        let shown_at = |index: usize| positions.iter().position(|p| p.index == index);
        let shown = positions.iter().take(top).map(|position| {
            let (rank, read) = &read[position.index];
            let file = &self.files[read.file as usize];
            let mut why = self.query.why(&read.candidate);
            if rank.preference.region == Region::Other {
                why.push(Why::Region);
            }
            if file.penalty > 0 {
                why.push(Why::Penalty(file.penalty));
            }
            let kind = match rank.preference.neighbours {
                Neighbours::Both => MatchKind::Context,
                _ => self.query.kind(&read.candidate),
            };
            Match {
                score: rank.score,
                penalty: file.penalty,
                kind,
                why,
                source: read.candidate.text().to_owned(),
                target: read.target.text(),
                segments: [read.source.clone(), read.target.clone()],
                explanation: self.query.explain(&read.candidate),
                coverage: Some(found[position.index].coverage).filter(|_| rank.score < SCORE_ALONE),
                agreement: position.agreement,
                unit: read.unit.clone(),
                file: &file.shard.path,
                preference: rank.preference,
                alternative_to: position.alternative_to.and_then(shown_at),
            }
        });
        shown.collect()
    }

    /// The rank of a source whose text scores `score`.
    fn rank(&self, at: u32, source: u32, score: Score, said: &Said) -> Rank {
        let file = &self.files[at as usize];
        let neighbours = match score {
            Score::EXACT => self.query.context().meets(said.context),
            _ => Neighbours::Neither,
        };
        let known = |region: u16| Some(region).filter(|region| *region != 0);
        let preference = Preference {
            neighbours,
            memory: file.volume.order,
            region: Region::of(known(said.region), known(self.region)),
            origin: said.traits.origin(),
            status: said.traits.status(),
        };
        let score = if neighbours == Neighbours::Both { Score::CONTEXT } else { score };
        Rank { score: score.less(file.penalty), preference, changed: said.date, place: place(at, source) }
    }

    /// Whether it matters where the text stands that is looked for.
    fn in_context(&self) -> bool {
        !self.query.context().is_unknown()
    }

    /// Shows the ranking what an index finds.
    fn look_up(&self, at: u32, stored: &Stored, ranking: &mut Ranking, scratch: &mut Scratch) {
        let (file, lang) = (&self.files[at as usize], self.query.lang());
        let Some(index) = stored.index(lang) else { return };
        let Some(cutoff) = file.before(ranking.cutoff()) else { return };
        // The scores of texts that differ from the query in form only; units that say the same have the same text.
        let mut forms: HashMap<(u64, u32), Option<Score>> = HashMap::new();
        index.search(self.query, cutoff, scratch, |hit| {
            let equal = hit.likeness == Likeness::EqualKey;
            for source in hit.sources {
                let (unit, variant) = stored.source(lang, source as usize);
                let said = stored.said(lang, source as usize, unit, equal && self.in_context());
                let best = match hit.likeness {
                    Likeness::Fuzzy(score) => score,
                    Likeness::EqualKey => Score::EXACT,
                };
                let mut rank = self.rank(at, source, best, &said);
                // Whether a unit stands takes longer to tell.
                if !ranking.takes(&rank) || !file.stands(unit) {
                    continue;
                }
                if equal {
                    let read = || {
                        let candidate = self.source(at, unit, variant)?;
                        ranking.score(self.query, &candidate, Score::ZERO)
                    };
                    let known = forms.entry((stored.content(unit), variant)).or_insert_with(read);
                    let Some(score) = *known else { continue };
                    rank = self.rank(at, source, score, &said);
                }
                ranking.push(rank);
            }
            // No text reaches a hundred and one.
            file.before(ranking.cutoff()).unwrap_or(Score::CONTEXT)
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
            let file = &self.files[at as usize];
            for source in sources {
                let Some(cutoff) = file.before(ranking.cutoff()) else { break };
                let Some((unit, _, candidate)) = holding.source(lang, source) else { continue };
                let Some(score) = ranking.score(self.query, candidate, cutoff.min(Score::EXACT)) else { continue };
                let said = holding.said(lang, source, score == Score::EXACT && self.in_context());
                let rank = self.rank(at, source as u32, score, &said);
                if ranking.takes(&rank) && file.stands(unit) {
                    ranking.push(rank);
                }
            }
            ranking
        };
        let empty = ranking.emptied();
        parts.into_par_iter().fold(|| empty.clone(), show).reduce(|| empty.clone(), Ranking::merge).merge(ranking)
    }

    /// A source as it is written.
    fn source(&self, at: u32, unit: u32, variant: u32) -> Option<Candidate> {
        let unit = self.files[at as usize].shard.unit(unit)?;
        let variant = filled(&unit, self.query.lang()).nth(variant as usize)?;
        Some(candidate(self.query.lang(), variant))
    }

    /// What is needed of a source to show it.
    fn read(&self, rank: Rank) -> Option<Read> {
        let lang = self.query.lang();
        let (at, source) = ((rank.place >> 32) as u32, rank.place as u32);
        let file = &self.files[at as usize];
        let (number, variant) = file.shard.source(lang, source as usize);
        let unit = file.shard.unit(number)?;
        let variant = filled(&unit, lang).nth(variant as usize)?;
        let (candidate, source) = (candidate(lang, variant), variant.seg.clone());
        // What an index says is believed when the unit says it too.
        let wanted = file.before(rank.score).map(|score| score.min(Score::EXACT));
        let score = wanted.and_then(|wanted| self.query.score(&candidate, wanted));
        let in_place =
            |score: Score| if rank.preference.neighbours == Neighbours::Both { Score::CONTEXT } else { score };
        if score.map(|score| in_place(score).less(file.penalty)) != Some(rank.score) {
            file.shard.damage();
            return None;
        }
        let target = filled(&unit, lang.other()).next().map(|v| v.seg.clone()).unwrap_or_default();
        let target_key = key(lang.other(), &target.text());
        Some(Read { file: at, unit, candidate, source, target, target_key })
    }
}

/// A suggestion before it has its place.
struct Read {
    file: u32,
    unit: Arc<Unit>,
    candidate: Candidate,
    source: Seg,
    target: Seg,
    target_key: Key,
}

/// The place of a source among all: first by file.
fn place(file: u32, source: u32) -> u64 {
    u64::from(file) << 32 | u64::from(source)
}

/// How many units a thread takes at once: some tenths of a millisecond of work, so that handing out costs nothing beside.
const BLOCK: usize = 2_048;
