//! Which units stand and which are hidden: superseded by a newer one, or deleted.
//!
//! Order of age: by date (the latest `changedate`, else `creationdate`; none is oldest), then files of other tools before
//! live files, then by name of the file (live files by number), then by place in the file. So any two units have one order.
//!
//! A unit is hidden if
//!
//! 1. it stands for a deleted one (`x-status` is `deleted`), or
//! 2. both it and a newer one are in live files under one `tuid`, or
//! 3. one with the same `tuid` and languages, of which one side says the same, is newer; inside one file of another tool
//!    only a later date makes newer, since such a file may use a `tuid` twice and mean it, or
//! 4. it is in a file of another tool, and one in a live file that is not dated before it names it in an `x-supersedes`; if
//!    it has a `tuid` then only one with the same `tuid`, or with what addresses it as its own.

use super::identity;
use super::shard::Shard;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

/// Where a unit stands: shard and unit. Shards of other tools come before live ones, so that places have the order of age
/// among units of one date.
pub(super) type Place = (u32, u32);

/// A table from numbers to places, sorted.
type Table = Vec<(u64, u32, u32)>;

/// Hidden units of each shard; `None` where there are none.
type Hidden = Vec<Option<Arc<Vec<bool>>>>;

/// What can be known of the files of other tools alone; kept while they do not change.
#[derive(Debug, Default)]
pub(super) struct Base {
    ids: Table,
    contents: OnceLock<Table>,
    hidden: Hidden,
}

/// Which units of a snapshot stand.
#[derive(Debug, Default)]
pub(super) struct Standing {
    hidden: Hidden,
    count: usize,
}

impl Base {
    /// `foreign` are the shards of other tools.
    pub(super) fn new(foreign: &[Arc<Shard>]) -> Base {
        let table = |(at, shard): (usize, &Arc<Shard>)| {
            shard.ids.iter().map(|&(id, unit)| (id, at as u32, unit)).collect::<Table>()
        };
        let mut ids: Table = foreign.par_iter().enumerate().flat_map_iter(table).collect();
        ids.par_sort_unstable();
        let mut base = Base { ids, contents: OnceLock::new(), hidden: vec![None; foreign.len()] };
        for (at, shard) in foreign.iter().enumerate() {
            shard.deleted.iter().for_each(|&unit| hide(&mut base.hidden, foreign, (at as u32, unit)));
        }
        for group in base.ids.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
            let places: Vec<Place> = group.iter().map(|&(_, shard, unit)| (shard, unit)).collect();
            hide_older(foreign, &places, &mut |place| hide(&mut base.hidden, foreign, place));
        }
        base
    }

    fn contents(&self, foreign: &[Arc<Shard>]) -> &Table {
        self.contents.get_or_init(|| {
            let table = |(at, shard): (usize, &Arc<Shard>)| {
                let contents = shard.contents().iter().enumerate();
                contents.map(|(unit, &content)| (content, at as u32, unit as u32)).collect::<Table>()
            };
            let mut contents: Table = foreign.iter().enumerate().flat_map(table).collect();
            contents.sort_unstable();
            contents
        })
    }

    /// The units of other tools that say this.
    pub(super) fn with_content<'a>(
        &'a self,
        foreign: &'a [Arc<Shard>],
        content: u64,
    ) -> impl Iterator<Item = Place> + 'a {
        run(self.contents(foreign), content)
    }
}

/// The places under a number.
fn run(table: &Table, number: u64) -> impl Iterator<Item = Place> + '_ {
    let from = table.partition_point(|entry| entry.0 < number);
    table[from..].iter().take_while(move |entry| entry.0 == number).map(|&(_, shard, unit)| (shard, unit))
}

impl Standing {
    /// `base` is that of the first `foreign` shards; the others are live.
    pub(super) fn new(shards: &[Arc<Shard>], foreign: usize, base: &Base) -> Standing {
        let mut hidden = base.hidden.clone();
        hidden.resize(shards.len(), None);
        let mut groups: HashMap<u64, Vec<Place>> = HashMap::new();
        // The latest date at which each content was superseded under each `tuid`.
        let mut superseded: HashMap<(u64, Option<&str>), u64> = HashMap::new();
        for (at, shard) in shards.iter().enumerate().skip(foreign) {
            for &(id, unit) in &shard.ids {
                groups.entry(id).or_default().push((at as u32, unit));
            }
            shard.deleted.iter().for_each(|&unit| hide(&mut hidden, shards, (at as u32, unit)));
            for &(content, unit) in &shard.supersedes {
                let by = identity::tuid(&shard.units[unit as usize]);
                let latest = superseded.entry((content, by)).or_default();
                *latest = shard.dates[unit as usize].max(*latest);
            }
        }
        for (id, mut group) in groups {
            hide_older_of_one_id(shards, &group, &mut |place| hide(&mut hidden, shards, place));
            let live = group.len();
            group.extend(run(&base.ids, id));
            if group.len() > live {
                hide_older(shards, &group, &mut |place| hide(&mut hidden, shards, place));
            }
        }
        for ((content, by), date) in superseded {
            for place in base.with_content(&shards[..foreign], content) {
                let own = identity::tuid(&shards[place.0 as usize].units[place.1 as usize]);
                if age(shards, place).0 <= date && identity::is_meant(own, content, by) {
                    hide(&mut hidden, shards, place);
                }
            }
        }
        let total: usize = shards.iter().map(|shard| shard.units.len()).sum();
        let gone: usize = hidden.iter().flatten().map(|hidden| hidden.iter().filter(|h| **h).count()).sum();
        Standing { hidden, count: total - gone }
    }

    /// Whether the unit is neither superseded nor deleted.
    pub(super) fn stands(&self, place: Place) -> bool {
        self.hidden[place.0 as usize].as_ref().is_none_or(|hidden| !hidden[place.1 as usize])
    }

    /// How many units stand.
    pub(super) fn count(&self) -> usize {
        self.count
    }
}

/// Those that stand among all units of one `tuid`, or of one unit without: what [`Standing`] says, told without the others.
pub(super) fn standing_among(shards: &[Arc<Shard>], foreign: usize, base: &Base, group: &[Place]) -> Vec<Place> {
    let is_live = |place: &Place| place.0 as usize >= foreign;
    let shard = |place: &Place| &shards[place.0 as usize];
    let is_gone = |place: &Place| match is_live(place) {
        true => shard(place).deleted.binary_search(&place.1).is_ok(),
        false => base.hidden[place.0 as usize].as_ref().is_some_and(|hidden| hidden[place.1 as usize]),
    };
    let mut gone: HashSet<Place> = group.iter().copied().filter(is_gone).collect();
    let (live, others): (Vec<Place>, Vec<Place>) = group.iter().copied().partition(is_live);
    if let [first, ..] = live[..]
        && identity::tuid(&shard(&first).units[first.1 as usize]).is_some()
    {
        hide_older_of_one_id(shards, &live, &mut |place| {
            gone.insert(place);
        });
        if !others.is_empty() {
            hide_older(shards, group, &mut |place| {
                gone.insert(place);
            });
        }
    }
    for place in others {
        let unit = &shard(&place).units[place.1 as usize];
        let content = identity::content(unit);
        let is_superseded = shards[foreign..].iter().any(|live| {
            let from = live.supersedes.partition_point(|(n, _)| *n < content);
            let same = live.supersedes[from..].iter().take_while(|(n, _)| *n == content);
            same.map(|(_, by)| *by as usize).any(|by| {
                live.dates[by] >= age(shards, place).0
                    && identity::is_meant(identity::tuid(unit), content, identity::tuid(&live.units[by]))
            })
        });
        if is_superseded {
            gone.insert(place);
        }
    }
    group.iter().copied().filter(|place| !gone.contains(place)).collect()
}

/// A unit's place in the order of age.
pub(super) fn age(shards: &[Arc<Shard>], place: Place) -> (u64, Place) {
    (shards[place.0 as usize].dates[place.1 as usize], place)
}

fn hide(hidden: &mut Hidden, shards: &[Arc<Shard>], (shard, unit): Place) {
    let count = shards[shard as usize].units.len();
    let of_shard = hidden[shard as usize].get_or_insert_with(|| Arc::new(vec![false; count]));
    Arc::make_mut(of_shard)[unit as usize] = true;
}

/// Rule 2, for live units whose ids have one number.
fn hide_older_of_one_id(shards: &[Arc<Shard>], group: &[Place], hide: &mut dyn FnMut(Place)) {
    let tuid = |&(shard, unit): &Place| identity::tuid(&shards[shard as usize].units[unit as usize]);
    let mut newest: HashMap<Option<&str>, Place> = HashMap::new();
    for &place in group {
        let newest = newest.entry(tuid(&place)).or_insert(place);
        let older = if age(shards, place) > age(shards, *newest) { std::mem::replace(newest, place) } else { place };
        if older != *newest {
            hide(older);
        }
    }
}

/// Rule 3, for units whose ids have one number.
fn hide_older(shards: &[Arc<Shard>], group: &[Place], hide: &mut dyn FnMut(Place)) {
    let unit = |&(shard, unit): &Place| &shards[shard as usize].units[unit as usize];
    let mut newest: HashMap<u64, (u64, Place)> = HashMap::new();
    for place in group {
        for side in identity::sides(unit(place)) {
            let newest = newest.entry(side).or_default();
            *newest = age(shards, *place).max(*newest);
        }
    }
    for &place in group {
        let (date, _) = age(shards, place);
        if identity::sides(unit(&place)).any(|side| newest.get(&side).is_some_and(|best| is_newer(*best, date, place)))
        {
            hide(place);
        }
    }
}

/// Whether the newest unit of one side takes the place of another one of this date and place.
pub(super) fn is_newer((newest_date, newest): (u64, Place), date: u64, place: Place) -> bool {
    (newest_date, newest) > (date, place) && (newest_date > date || newest.0 != place.0)
}
