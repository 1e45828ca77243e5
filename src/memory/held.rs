//! The units of one TMX file in memory: of a small file, or a live one.

use super::live::is_live;
use super::sides::{candidate, sources};
use super::surroundings::{Surroundings, Told};
use super::traits::{Traits, region_of};
use super::{identity, moment};
use crate::lang::Lang;
use crate::matching::{Candidate, Context};
use crate::tmx::Header;
use crate::unit::Unit;
use rayon::prelude::*;
use std::sync::{Arc, OnceLock};

/// A unit with what was found out about it. It is shared between states of a file: of a live file, of which all but one unit
/// stay the same with each change, nothing is found out twice.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) unit: Arc<Unit>,
    date: u64,
    tuid: Option<u64>,
    content: OnceLock<u64>,
    marks: OnceLock<[u8; 2]>,
    candidates: OnceLock<[Box<[Candidate]>; 2]>,
}

/// What the order of suggestions asks about a source.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Said {
    /// When its unit was changed.
    pub(super) date: u64,
    pub(super) traits: Traits,
    /// The number of its region.
    pub(super) region: u16,
    /// Where it stands; nothing if that was not asked.
    pub(super) context: Context,
}

impl Held {
    pub(super) fn new(unit: Unit) -> Held {
        let (date, tuid) = (moment::changed_number(&unit), identity::tuid(&unit).map(identity::number));
        let (content, marks, candidates) = Default::default();
        Held { unit: Arc::new(unit), date, tuid, content, marks, candidates }
    }

    fn content(&self) -> u64 {
        *self.content.get_or_init(|| identity::content(&self.unit))
    }

    /// What can be searched for in each language, in the order of [`Lang::BOTH`].
    fn candidates(&self) -> &[Box<[Candidate]>; 2] {
        self.candidates
            .get_or_init(|| Lang::BOTH.map(|lang| sources(&self.unit, lang).map(|v| candidate(lang, v)).collect()))
    }
}

/// All units of a file.
#[derive(Debug, Default)]
pub(super) struct Holding {
    pub(super) header: Option<Header>,
    pub(super) units: Vec<Arc<Held>>,
    /// The number of each unit's `tuid` with the unit, sorted; units without one are not in it.
    ids: Vec<(u64, u32)>,
    /// The units that stand for deleted ones.
    deleted: Vec<u32>,
    /// What units say that they supersede, with the unit, sorted.
    supersedes: Vec<(u64, u32)>,
    /// What units say, with the unit, sorted; made when first asked for.
    contents: OnceLock<Vec<(u64, u32)>>,
    /// Unit and variant of each source in each language; made when first asked for.
    sources: OnceLock<[Vec<(u32, u32)>; 2]>,
    /// Where each source stands, made when first asked for; an empty list where nothing is known.
    contexts: OnceLock<[Vec<Context>; 2]>,
}

impl Holding {
    pub(super) fn new(header: Header, units: Vec<Arc<Held>>) -> Holding {
        let mut holding = Holding { header: Some(header), ..Holding::default() };
        for (at, held) in (0..).zip(&units) {
            holding.ids.extend(held.tuid.map(|id| (id, at)));
            holding.supersedes.extend(identity::supersedes(&held.unit).map(|content| (content, at)));
            if identity::is_deleted(&held.unit) {
                holding.deleted.push(at);
            }
        }
        holding.ids.sort_unstable();
        holding.supersedes.sort_unstable();
        holding.units = units;
        holding
    }

    fn held(&self, unit: u32) -> Option<&Held> {
        self.units.get(unit as usize).map(|held| &**held)
    }

    pub(super) fn unit(&self, unit: u32) -> Option<Arc<Unit>> {
        self.held(unit).map(|held| held.unit.clone())
    }

    pub(super) fn date(&self, unit: u32) -> u64 {
        self.held(unit).map_or(0, |held| held.date)
    }

    pub(super) fn tuid(&self, unit: u32) -> Option<u64> {
        self.held(unit)?.tuid
    }

    pub(super) fn content(&self, unit: u32) -> u64 {
        self.held(unit).map_or(0, Held::content)
    }

    pub(super) fn marks(&self, unit: u32) -> [u8; 2] {
        self.held(unit).map_or([0, 0], |held| *held.marks.get_or_init(|| identity::side_marks(&held.unit)))
    }

    pub(super) fn is_deleted(&self, unit: u32) -> bool {
        self.deleted.binary_search(&unit).is_ok()
    }

    /// Numbers of `tuid`s with their units, sorted.
    pub(super) fn ids(&self) -> &[(u64, u32)] {
        &self.ids
    }

    /// What units say, with the unit, sorted.
    pub(super) fn contents(&self) -> &[(u64, u32)] {
        self.contents.get_or_init(|| {
            let mut contents: Vec<(u64, u32)> = self.units.iter().map(|held| held.content()).zip(0..).collect();
            contents.sort_unstable();
            contents
        })
    }

    /// What units say that they supersede, with the unit, sorted.
    pub(super) fn supersedes(&self) -> &[(u64, u32)] {
        &self.supersedes
    }

    /// Unit and variant of each source of a language.
    pub(super) fn sources(&self, lang: Lang) -> &[(u32, u32)] {
        let sources = self.sources.get_or_init(|| {
            self.units.par_iter().with_min_len(BLOCK).for_each(|held| {
                held.candidates();
            });
            Lang::BOTH.map(|lang| {
                let of = |(at, held): (u32, &Arc<Held>)| {
                    let count = held.candidates()[lang as usize].len() as u32;
                    (0..count).map(move |variant| (at, variant))
                };
                (0..).zip(&self.units).flat_map(of).collect()
            })
        });
        &sources[lang as usize]
    }

    /// What the order of suggestions asks about the `at`th source of a language.
    pub(super) fn said(&self, lang: Lang, at: usize, context: bool) -> Said {
        let Some(&(unit, variant)) = self.sources(lang).get(at) else { return Said::default() };
        let Some(held) = self.held(unit) else { return Said::default() };
        let contexts = || self.contexts.get_or_init(|| self.find_contexts())[lang as usize].get(at).copied();
        Said {
            date: held.date,
            traits: Traits::of(&held.unit),
            region: sources(&held.unit, lang).nth(variant as usize).map_or(0, |variant| region_of(&variant.tag)),
            context: if context { contexts().unwrap_or_default() } else { Context::default() },
        }
    }

    fn find_contexts(&self) -> [Vec<Context>; 2] {
        let by_order = !self.header.as_ref().is_some_and(is_live);
        let mut surroundings = Surroundings::new(by_order);
        for held in &self.units {
            let keys = held.candidates().each_ref().map(|c| c.iter().map(|c| c.key().clone()).collect::<Vec<_>>());
            surroundings.push(&Told::of(&held.unit, [&keys[0], &keys[1]]));
        }
        surroundings.finish()
    }

    /// The `at`th source of a language.
    pub(super) fn candidate(&self, lang: Lang, at: usize) -> Option<&Candidate> {
        self.source(lang, at).map(|(_, _, candidate)| candidate)
    }

    /// The same with its unit and variant.
    pub(super) fn source(&self, lang: Lang, at: usize) -> Option<(u32, u32, &Candidate)> {
        let &(unit, variant) = self.sources(lang).get(at)?;
        Some((unit, variant, self.held(unit)?.candidates()[lang as usize].get(variant as usize)?))
    }
}

/// How many units a thread prepares at once.
const BLOCK: usize = 256;

/// The units under a number in a sorted list.
pub(super) fn under(list: &[(u64, u32)], number: u64) -> impl Iterator<Item = u32> + '_ {
    let from = list.partition_point(|entry| entry.0 < number);
    list[from..].iter().take_while(move |entry| entry.0 == number).map(|entry| entry.1)
}
