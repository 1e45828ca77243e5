//! Suggestions repaired for the sentence: with its own numbers, dates, names and codes, and words that the memory knows.

use super::{Find, Library, Match};
use crate::lang::Lang;
use crate::matching::{Candidate, MatchKind, Query, Score};
use crate::repair::{Kind, Kinds, Knowledge, Repair, repair};
use crate::text::{Key, key};
use crate::unit::Seg;
use std::cell::RefCell;
use std::collections::HashMap;

/// A suggestion repaired for the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// What was changed, and what came of it.
    pub repair: Repair,
    /// How like the sentence the stored source would be with the same changes, the penalty of the suggestion taken off: never more than
    /// [`Repaired::BEST`].
    pub score: Score,
}

impl Repaired {
    /// The most that a repaired suggestion scores: nobody has read it.
    pub const BEST: Score = Score::from_hundredths(9_900);
}

/// So many translations of a word are looked at.
const MOST_TRANSLATIONS: usize = 10;

impl Library {
    /// Each of `matches`, which were found for `query`, repaired as far as that is sure, or `None` where nothing is
    /// ([`repair()`](crate::repair::repair())). `asked` is the sentence with its inline codes; if it is not known what they say, leave
    /// [`Kind::Code`] out of `kinds`. What a changed word is in the other language `glossary` says (`&()` knows nothing), or else the units
    /// that consist of nothing else.
    ///
    /// Matches keep their order and their scores.
    pub fn repaired(
        &self,
        query: &Query,
        asked: &Seg,
        matches: &[Match<'_>],
        kinds: Kinds,
        glossary: &dyn Knowledge,
    ) -> Vec<Option<Repaired>> {
        let known: RefCell<HashMap<Key, Vec<String>>> = RefCell::default();
        let look_up = |lang: Lang, term: &str| match glossary.translations(lang, term) {
            terms if terms.is_empty() => self.translations(lang, term),
            terms => terms,
        };
        let knowledge = |lang: Lang, term: &str| {
            let mut known = known.borrow_mut();
            known.entry(key(lang, term)).or_insert_with(|| look_up(lang, term)).clone()
        };
        let mend = |found: &Match<'_>| {
            let [source, target] = &found.segments;
            let repair = repair(query.lang(), asked, source, target, kinds, &knowledge)?;
            let candidate = Candidate::new(query.lang(), &repair.source);
            let codes = !repair.edits.iter().any(|edit| edit.kind == Kind::Code) && source.has_codes();
            let candidate = if codes { candidate.with_codes(source.codes()) } else { candidate };
            let score = query.score(&candidate, Score::ZERO).unwrap_or_default().less(found.penalty);
            Some(Repaired { repair, score: score.max(found.score).min(Repaired::BEST) })
        };
        matches.iter().map(mend).collect()
    }

    /// What the units that say nothing but `term` say in the other language.
    fn translations(&self, lang: Lang, term: &str) -> Vec<String> {
        self.units_of(lang, term).into_iter().map(|found| found.target).collect()
    }

    /// The units that say nothing but `term`, without inline codes in their translation; the ten that stand first.
    pub(super) fn units_of(&self, lang: Lang, term: &str) -> Vec<Match<'_>> {
        let find = Find { top: MOST_TRANSLATIONS, min: Score::NORMALIZED_FLOOR, floor: Score::NORMALIZED_FLOOR };
        let found = self.find(&Query::new(lang, term), &find);
        let plain = |found: &Match<'_>| found.kind != MatchKind::Fuzzy && !found.segments[1].has_codes();
        found.into_iter().filter(plain).collect()
    }
}
