//! Which units stand and which are hidden: superseded by a newer one, or deleted. Decided for one unit at a time, by a few
//! looks into the tables of the files.
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

use super::held::{Holding, under};
use super::identity;
use super::shard::Shard;
use rayon::prelude::*;
use std::sync::{Arc, OnceLock};

/// Where a unit stands: shard and unit. Shards of other tools come before live ones, so that places have the order of age
/// among units of one date.
pub(super) type Place = (u32, u32);

/// A table from numbers to places, sorted.
type Table = Vec<(u64, u32, u32)>;

/// One table for all small files of other tools, which may be many thousands; kept while they do not change.
#[derive(Debug, Default)]
pub(super) struct Base {
    ids: OnceLock<Table>,
    contents: OnceLock<Table>,
    /// The files of other tools that are not in the tables, having their own.
    stored: Vec<u32>,
}

impl Base {
    /// `foreign` are the shards of other tools.
    pub(super) fn new(foreign: &[Arc<Shard>]) -> Base {
        let stored = (0..).zip(foreign).filter(|(_, shard)| shard.holding().is_none()).map(|(at, _)| at).collect();
        Base { stored, ..Base::default() }
    }

    fn ids(&self, foreign: &[Arc<Shard>]) -> &Table {
        self.ids.get_or_init(|| table(foreign, Holding::ids))
    }

    fn contents(&self, foreign: &[Arc<Shard>]) -> &Table {
        self.contents.get_or_init(|| table(foreign, Holding::contents))
    }
}

fn table(foreign: &[Arc<Shard>], list: fn(&Holding) -> &[(u64, u32)]) -> Table {
    let of = |(at, shard): (usize, &Arc<Shard>)| {
        let list = shard.holding().map_or(&[][..], list).iter();
        list.map(|&(number, unit)| (number, at as u32, unit)).collect::<Vec<_>>()
    };
    let mut table: Table = foreign.par_iter().enumerate().flat_map_iter(of).collect();
    table.par_sort_unstable();
    table
}

/// The places under a number.
fn run(table: &Table, number: u64) -> impl Iterator<Item = Place> + '_ {
    let from = table.partition_point(|entry| entry.0 < number);
    table[from..].iter().take_while(move |entry| entry.0 == number).map(|&(_, shard, unit)| (shard, unit))
}

/// The files of a memory in the order of age, and how to look into them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Files<'a> {
    /// Those of other tools, then live ones.
    pub(super) shards: &'a [Arc<Shard>],
    /// How many are of other tools.
    pub(super) foreign: usize,
    pub(super) base: &'a Base,
}

impl<'a> Files<'a> {
    fn shard(&self, place: Place) -> &'a Shard {
        &self.shards[place.0 as usize]
    }

    pub(super) fn is_live(&self, place: Place) -> bool {
        place.0 as usize >= self.foreign
    }

    /// A unit's place in the order of age.
    pub(super) fn age(&self, place: Place) -> (u64, Place) {
        (self.shard(place).date(place.1), place)
    }

    /// The units whose `tuid` has this number.
    pub(super) fn with_tuid(&self, number: u64) -> Vec<Place> {
        let base = self.base.ids(&self.shards[..self.foreign]);
        let mut places: Vec<Place> = run(base, number).collect();
        for at in self.own_tables() {
            places.extend(self.shards[at as usize].with_tuid(number).into_iter().map(|unit| (at, unit)));
        }
        places
    }

    /// The units that say this.
    pub(super) fn with_content(&self, content: u64) -> Vec<Place> {
        let base = self.base.contents(&self.shards[..self.foreign]);
        let mut places: Vec<Place> = run(base, content).collect();
        for at in self.own_tables() {
            places.extend(self.shards[at as usize].with_content(content).into_iter().map(|unit| (at, unit)));
        }
        places
    }

    fn own_tables(&self) -> impl Iterator<Item = u32> + 'a {
        let live = self.foreign as u32..self.shards.len() as u32;
        self.base.stored.iter().copied().chain(live)
    }

    /// Whether the unit is neither superseded nor deleted.
    pub(super) fn stands(&self, place: Place) -> bool {
        let shard = self.shard(place);
        let tuid = shard.tuid(place.1);
        !shard.is_deleted(place.1)
            && !tuid.is_some_and(|tuid| self.has_newer(place, tuid))
            && (self.is_live(place) || !self.is_named(place, tuid))
    }

    /// Rules 2 and 3.
    fn has_newer(&self, place: Place, tuid: u64) -> bool {
        let own = self.age(place);
        let takes_place = |&other: &Place| {
            let age = self.age(other);
            other != place
                && age > own
                && (self.is_live(place) && self.is_live(other) && self.share_tuid(place, other)
                    || is_newer(age, own.0, place) && self.share_side(place, other))
        };
        self.with_tuid(tuid).iter().any(takes_place)
    }

    /// Numbers of ids may be equal by chance.
    fn share_tuid(&self, a: Place, b: Place) -> bool {
        let unit = |place: Place| self.shard(place).unit(place.1);
        unit(a).zip(unit(b)).is_some_and(|(a, b)| identity::tuid(&a) == identity::tuid(&b))
    }

    fn share_side(&self, a: Place, b: Place) -> bool {
        let marks = |place: Place| self.shard(place).marks(place.1);
        if !identity::may_share(marks(a), marks(b)) {
            return false;
        }
        let sides = |(shard, unit): Place| {
            let unit = self.shards[shard as usize].unit(unit);
            unit.map_or(Vec::new(), |unit| identity::sides(&unit).collect())
        };
        let (a, b): (Vec<u64>, Vec<u64>) = (sides(a), sides(b));
        a.iter().any(|side| b.contains(side))
    }

    /// Rule 4.
    fn is_named(&self, place: Place, tuid: Option<u64>) -> bool {
        let live = &self.shards[self.foreign..];
        let live = live.iter().filter_map(|shard| shard.holding());
        let mut live = live.filter(|live| !live.supersedes().is_empty()).peekable();
        if live.peek().is_none() {
            return false;
        }
        let (date, content) = (self.age(place).0, self.shard(place).content(place.1));
        live.any(|live| {
            under(live.supersedes(), content).any(|by| {
                let unit = live.unit(by);
                live.date(by) >= date
                    && unit.is_some_and(|unit| identity::is_meant(tuid, content, identity::tuid(&unit)))
            })
        })
    }
}

/// Whether the newest unit of one side takes the place of another one of this date and place.
pub(super) fn is_newer((newest_date, newest): (u64, Place), date: u64, place: Place) -> bool {
    (newest_date, newest) > (date, place) && (newest_date > date || newest.0 != place.0)
}

#[cfg(test)]
mod tests {
    use super::super::hidden::is_hidden;
    use super::super::live::live_header;
    use super::super::{Indexing, Memory, Moment, content_id};
    use super::*;
    use crate::lang::Lang;
    use crate::tmx::{self, Header};
    use crate::unit::{Meta, Seg, Unit, Variant};
    use proptest::prelude::*;

    /// A unit from few ids, dates and texts, so that all of them meet; what it supersedes is the unit of these numbers.
    type Sample = (u8, u8, u8, u8, bool, Option<(u8, u8)>);

    fn unit(&(id, date, ar, en, is_deleted, supersedes): &Sample) -> Unit {
        let variant = |lang, text: String| Variant::new(lang, Seg::plain(text));
        let mut unit = Unit {
            variants: vec![variant(Lang::Ar, format!("نص {ar}")), variant(Lang::En, format!("text {en}"))],
            ..Unit::default()
        };
        if ar == 2 {
            unit.variants.push(variant(Lang::Ar, "نص 0".to_owned()));
        }
        if let Some((ar, en)) = supersedes {
            let named = content_id(&self::unit(&(0, 0, ar, en, false, None)));
            unit.meta.push(Meta::prop("x-supersedes", named));
        }
        match id {
            0 => {}
            3 => unit.set_attr("tuid", content_id(&self::unit(&(0, 0, 0, 0, false, None)))),
            _ => unit.set_attr("tuid", id.to_string()),
        }
        if date > 0 {
            unit.set_attr("changedate", Moment::from_number(20_260_101_000_000 + u64::from(date)).to_string());
        }
        if is_deleted {
            unit.meta.push(Meta::prop("x-status", "deleted"));
        }
        unit
    }

    fn sample() -> impl Strategy<Value = Sample> {
        let named = proptest::option::weighted(0.3, (0..2u8, 0..2u8));
        (0..4u8, 0..3u8, 0..3u8, 0..2u8, prop::bool::weighted(0.1), named)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

        #[test]
        fn as_the_rules_say(files in proptest::collection::vec(proptest::collection::vec(sample(), 1..6), 1..6), foreign in 0..6usize) {
            let folder = tempfile::tempdir().unwrap();
            for (n, units) in files.iter().enumerate() {
                let (name, header) = match n < foreign {
                    true => (format!("f{n}.tmx"), Header::new("ar")),
                    false => (format!("live-{n:04}.tmx"), live_header()),
                };
                tmx::replace(folder.path().join(name), |file| {
                    let mut writer = tmx::Writer::new(file, &header)?;
                    units.iter().try_for_each(|sample| writer.write_unit(&unit(sample)))?;
                    writer.finish()?;
                    Ok(())
                }).unwrap();
            }
            for indexing in [Indexing::default(), Indexing { least_units: 1, write: false }, Indexing { least_units: 3, write: true }] {
                let snapshot = Memory::open(folder.path()).unwrap().with_indexing(indexing).snapshot().unwrap();
                let units: Vec<Vec<Arc<Unit>>> = snapshot.shards().iter()
                    .map(|shard| (0..shard.len()).map(|at| shard.unit(at).unwrap()).collect())
                    .collect();
                let foreign = foreign.min(files.len());
                prop_assert_eq!(snapshot.foreign().len(), foreign);
                let mut count = 0;
                for (shard, units_of_file) in (0..).zip(&units) {
                    for at in 0..units_of_file.len() as u32 {
                        let slow = !is_hidden(&units, foreign, (shard, at));
                        prop_assert_eq!(snapshot.tables().stands((shard, at)), slow, "{} {} {:?}", shard, at, indexing);
                        count += usize::from(slow);
                    }
                }
                prop_assert_eq!(snapshot.len(), count);
                prop_assert_eq!(snapshot.units().count(), count);
            }
        }
    }
}
