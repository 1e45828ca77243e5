//! Lists: many short ones in one piece of memory, and how far each has been read.

use std::ops::Range;

/// Lists one behind the other.
#[derive(Debug, Clone)]
pub(super) struct Lists<T> {
    pub items: Vec<T>,
    pub ends: Vec<usize>,
}

impl<T> Lists<T> {
    /// The items of a list.
    pub fn of(&self, number: usize) -> &[T] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.items[start..self.ends[number]]
    }

    /// All lists.
    pub fn iter(&self) -> impl Iterator<Item = &[T]> {
        (0..self.ends.len()).map(|number| self.of(number))
    }
}

impl<T: Copy + Default> Lists<T> {
    /// So many lists out of items that come with the number of theirs; in each they stay in their order.
    pub fn gather(lists: usize, items: impl Iterator<Item = (u32, T)> + Clone) -> Lists<T> {
        let mut ends = vec![0; lists];
        items.clone().for_each(|(list, _)| ends[list as usize] += 1);
        let mut all = 0;
        ends.iter_mut().for_each(|end| {
            all += *end;
            *end = all - *end;
        });
        // Each end is where the next item of the list goes.
        let mut gathered = vec![T::default(); all];
        items.for_each(|(list, item)| {
            let end = &mut ends[list as usize];
            gathered[*end] = item;
            *end += 1;
        });
        Lists { items: gathered, ends }
    }
}

/// How far each list of places of one side has been read. Sentences are asked for one after the other, and so are the places that they reach.
#[derive(Debug, Default)]
pub(super) struct Cursors {
    start: usize,
    /// Of each list an item before which all are before `start`.
    at: Vec<usize>,
}

impl Cursors {
    /// From now on no place before `start` is asked for, until this is called with an earlier one.
    pub fn go_to(&mut self, places: &Lists<u32>, start: usize) {
        if start < self.start || self.at.len() != places.ends.len() {
            self.at.clear();
            self.at.push(0);
            self.at.extend_from_slice(&places.ends[..places.ends.len().saturating_sub(1)]);
            self.at.truncate(places.ends.len());
        }
        self.start = start;
    }

    /// Those of one list in a window that begins at `start`.
    pub fn within<'p>(
        &mut self,
        places: &'p Lists<u32>,
        list: u32,
        window: &Range<usize>,
    ) -> impl Iterator<Item = &'p u32> {
        let (at, end) = (&mut self.at[list as usize], places.ends[list as usize]);
        let rest = &places.items[..end];
        while rest.get(*at).is_some_and(|place| (*place as usize) < window.start) {
            *at += 1;
        }
        let end = window.end;
        rest[*at..].iter().take_while(move |place| (**place as usize) < end)
    }
}
