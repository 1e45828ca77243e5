//! What becomes of a large TMX file when it is first seen: the tables that its index file holds.

use super::layout::{Head, SECTIONS, Section, assemble};
use super::sides::sources;
use super::stamp::Stamp;
use super::stored::problems_json;
use super::surroundings::{Surroundings, Told};
use super::traits::{Traits, region_of};
use super::{identity, moment};
use crate::error::Error;
use crate::index::Builder;
use crate::lang::Lang;
use crate::matching::Context;
use crate::text::{Key, key};
use crate::tmx::Entry;
use crate::unit::Unit;
use encoding_rs::Encoding;
use rayon::prelude::*;
use std::path::Path;
use std::sync::Arc;

/// The tables of a file while it is read.
pub(super) struct Build {
    places: Vec<u64>,
    dates: Vec<u64>,
    contents: Vec<u64>,
    tuids: Vec<u64>,
    marks: Vec<[u8; 2]>,
    deleted: Vec<u32>,
    /// The unit of each source in each language.
    sources: [Vec<u32>; 2],
    /// Their keys.
    indexes: [Builder; 2],
    traits: Vec<u8>,
    /// The region of each source.
    regions: [Vec<u16>; 2],
    surroundings: Surroundings,
    /// Whether something does not fit into the tables.
    is_too_large: bool,
}

/// What the tables take of a unit.
struct Row {
    place: Option<u64>,
    date: u64,
    content: u64,
    tuid: u64,
    marks: [u8; 2],
    is_deleted: bool,
    /// The keys of its sources in each language.
    sources: [Vec<Key>; 2],
    traits: Traits,
    regions: [Vec<u16>; 2],
    told: Told,
}

impl Row {
    fn of(entry: &Entry) -> Row {
        let unit: &Unit = &entry.unit;
        let tuid = identity::tuid(unit).map_or(0, identity::number);
        let keys = Lang::BOTH.map(|lang| sources(unit, lang).map(|v| key(lang, &v.seg.text())).collect::<Vec<Key>>());
        Row {
            place: (entry.byte < 1 << 40 && entry.len < 1 << 24).then_some(entry.byte << 24 | entry.len),
            date: moment::changed_number(unit),
            content: identity::content(unit),
            tuid,
            marks: if tuid == 0 { [0, 0] } else { identity::side_marks(unit) },
            is_deleted: identity::is_deleted(unit),
            traits: Traits::of(unit),
            regions: Lang::BOTH.map(|lang| sources(unit, lang).map(|v| region_of(&v.tag)).collect()),
            told: Told::of(unit, [&keys[0], &keys[1]]),
            sources: keys,
        }
    }
}

impl Default for Build {
    fn default() -> Build {
        Build {
            places: Vec::new(),
            dates: Vec::new(),
            contents: Vec::new(),
            tuids: Vec::new(),
            marks: Vec::new(),
            deleted: Vec::new(),
            sources: Default::default(),
            indexes: Lang::BOTH.map(Builder::new),
            traits: Vec::new(),
            regions: Default::default(),
            surroundings: Surroundings::new(true),
            is_too_large: false,
        }
    }
}

impl Build {
    /// Takes up the next units of the file.
    pub(super) fn add(&mut self, entries: &[Entry]) {
        let rows: Vec<Row> = entries.par_iter().with_min_len(64).map(Row::of).collect();
        for row in rows {
            let at = self.places.len() as u32;
            self.is_too_large |= row.place.is_none() || at == u32::MAX || row.date >= 1 << 48;
            self.places.push(row.place.unwrap_or(0));
            self.dates.push(row.date);
            self.contents.push(row.content);
            self.tuids.push(row.tuid);
            self.marks.push(row.marks);
            if row.is_deleted {
                self.deleted.push(at);
            }
            self.traits.push(row.traits.0);
            self.regions.iter_mut().zip(row.regions).for_each(|(all, regions)| all.extend(regions));
            self.surroundings.push(&row.told);
            for ((sources, index), keys) in self.sources.iter_mut().zip(&mut self.indexes).zip(row.sources) {
                sources.extend(std::iter::repeat_n(at, keys.len()));
                keys.iter().for_each(|key| index.add(key.as_str()));
            }
        }
    }

    /// The bytes of the index file; `None` if it cannot hold this file.
    pub(super) fn finish(
        self,
        path: &Path,
        stamp: &Stamp,
        encoding: &'static Encoding,
        problems: &[Arc<Error>],
    ) -> Option<Vec<u8>> {
        if self.is_too_large {
            return None;
        }
        let head = Head {
            units: self.places.len() as u64,
            sources: [self.sources[0].len() as u64, self.sources[1].len() as u64],
            encoding,
        };
        let mut sections: [Vec<u8>; SECTIONS] = Default::default();
        let [ar, en] = self.indexes;
        let (ar, en) = rayon::join(|| ar.finish(), || en.finish());
        let mut set = |section: Section, bytes: Vec<u8>| sections[section as usize] = bytes;
        set(Section::Problems, problems_json(problems)?);
        set(Section::IndexAr, ar);
        set(Section::IndexEn, en);
        let long = |numbers: &[u64]| numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
        let short = |numbers: &[u32]| numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
        set(Section::Places, long(&self.places));
        set(Section::DatesLow, self.dates.iter().flat_map(|date| (*date as u32).to_le_bytes()).collect());
        set(Section::DatesHigh, self.dates.iter().flat_map(|date| ((date >> 32) as u16).to_le_bytes()).collect());
        set(Section::Contents, long(&self.contents));
        set(Section::ByContent, short(&order(&self.contents)));
        set(Section::Tuids, long(&self.tuids));
        set(Section::ByTuid, short(&order(&self.tuids)));
        set(Section::Sides, self.marks.iter().flatten().copied().collect());
        set(Section::Deleted, short(&self.deleted));
        for (section, sources) in [Section::SourcesAr, Section::SourcesEn].into_iter().zip(&self.sources) {
            let is_plain = sources.len() == self.places.len() && (0..).zip(sources).all(|(at, unit)| at == *unit);
            set(section, if is_plain { Vec::new() } else { short(sources) });
        }
        set(Section::Traits, if self.traits.iter().all(|traits| *traits == 0) { Vec::new() } else { self.traits });
        for (section, regions) in [Section::RegionsAr, Section::RegionsEn].into_iter().zip(&self.regions) {
            let any = regions.iter().any(|region| *region != 0);
            set(section, regions.iter().filter(|_| any).flat_map(|region| region.to_le_bytes()).collect());
        }
        for (section, contexts) in
            [Section::ContextsAr, Section::ContextsEn].into_iter().zip(self.surroundings.finish())
        {
            let bytes = |context: &Context| [context.before, context.after, context.id].map(u32::to_le_bytes);
            set(section, contexts.iter().flat_map(bytes).flatten().collect());
        }
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        Some(assemble(name, &stamp.bytes(), &head, &sections))
    }
}

/// The places of numbers that are not 0, in the order of the numbers.
fn order(numbers: &[u64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..).zip(numbers).filter(|(_, number)| **number != 0).map(|(at, _)| at).collect();
    order.par_sort_unstable_by_key(|&at| (numbers[at as usize], at));
    order
}
