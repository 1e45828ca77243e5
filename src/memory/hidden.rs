//! The rules of [`standing`](super::standing) word by word, each unit against each: the slow twin for tests.

use super::standing::Place;
use super::{identity, moment};
use crate::unit::Unit;
use std::sync::Arc;

/// Whether the unit at `place` is hidden, where the first `foreign` of the files are of other tools.
pub(super) fn is_hidden(files: &[Vec<Arc<Unit>>], foreign: usize, place: Place) -> bool {
    let at = |place: Place| &*files[place.0 as usize][place.1 as usize];
    let is_live = |place: Place| place.0 as usize >= foreign;
    let age = |place: Place| (moment::changed_number(at(place)), place);
    let unit = at(place);
    let share_side = |other: &Unit| {
        let sides: Vec<u64> = identity::sides(other).collect();
        identity::sides(unit).any(|side| sides.contains(&side))
    };
    let hides = |other: Place| {
        let by = at(other);
        let tuid = identity::tuid(unit);
        let same_tuid = tuid.is_some() && tuid == identity::tuid(by);
        let is_newer = age(other) > age(place);
        let second = is_live(place) && is_live(other) && same_tuid && is_newer;
        let in_one_file = place.0 == other.0 && age(other).0 == age(place).0;
        let third = same_tuid && share_side(by) && is_newer && !in_one_file;
        let content = identity::content(unit);
        let fourth = !is_live(place)
            && is_live(other)
            && age(other).0 >= age(place).0
            && identity::supersedes(by).any(|named| named == content)
            && identity::is_meant(tuid.map(identity::number), content, identity::tuid(by));
        second || third || fourth
    };
    let all = (0..).zip(files).flat_map(|(shard, units)| (0..units.len() as u32).map(move |unit| (shard, unit)));
    identity::is_deleted(unit) || all.filter(|other| *other != place).any(hides)
}
