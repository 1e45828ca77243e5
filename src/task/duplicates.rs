//! When two units are the same, when one contradicts the other, and what becomes of them then.

use crate::lang::Lang;
use crate::tmx::{self, Content};
use crate::unit::Unit;
use std::collections::HashMap;

/// What becomes of a unit whose source is there already with another translation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// What is there stays, the newcomer is left out.
    Keep,
    /// The newcomer takes the place of what is there.
    Overwrite,
    /// Both stay. A unit that says the same as one that is there is still left out.
    #[default]
    Both,
}

/// What a unit is known by: a number for it in its own place, and one for it in any place.
///
/// A unit that names no place speaks for its text everywhere, so its two numbers are equal. The numbers are
/// [`Content`]'s, only ever compared within one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) here: u64,
    pub(super) anywhere: u64,
}

impl Identity {
    fn new(anywhere: u64, places: &[Option<u64>]) -> Identity {
        if places.iter().all(Option::is_none) {
            return Identity { here: anywhere, anywhere };
        }
        Identity {
            here: places.iter().fold(anywhere, |all, place| tmx::joined(all, place.unwrap_or_default())),
            anywhere,
        }
    }

    /// Of what the unit says: languages and segments with their codes, not its dates, ids and other props. Its place is
    /// its context and its document.
    pub(super) fn of_content(unit: &Unit) -> Identity {
        Identity::whole(&Content::of(unit))
    }

    /// [`Identity::of_content`] of a unit whose numbers are known.
    pub(super) fn whole(content: &Content) -> Identity {
        Identity::new(content.whole, &[content.context, content.document])
    }

    /// Of its source in one language, with its codes; `None` without text in it. Its place is its context.
    pub(super) fn of_source(unit: &Unit, source: Lang) -> Option<Identity> {
        Identity::side(&Content::of(unit), source)
    }

    /// [`Identity::of_source`] of a unit whose numbers are known.
    pub(super) fn side(content: &Content, source: Lang) -> Option<Identity> {
        let side = tmx::joined(content.sides[source as usize]?, source as u64);
        Some(Identity::new(side, &[content.context]))
    }
}

/// Which of several inputs had a unit first, or last.
#[derive(Debug, Default)]
pub(super) struct Seen(HashMap<u64, u32>);

impl Seen {
    /// Takes note of a unit of input number `input`, unless an earlier one had it; says that earlier one's number.
    pub(super) fn first(&mut self, identity: Identity, input: u32) -> Option<u32> {
        let earlier = self.0.get(&identity.here).copied().filter(|&n| n < input);
        if earlier.is_none() {
            self.0.entry(identity.here).or_insert(input);
            self.0.entry(identity.anywhere).or_insert(input);
        }
        earlier
    }

    /// Takes note of a unit of input number `input`, which speaks for all before it.
    pub(super) fn last(&mut self, identity: Identity, input: u32) {
        self.0.insert(identity.here, input);
    }

    /// Whether an input after number `input` speaks for this unit.
    pub(super) fn is_overridden(&self, identity: Identity, input: u32) -> bool {
        [identity.here, identity.anywhere].iter().any(|key| self.0.get(key).is_some_and(|&n| n > input))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::LangTag;
    use crate::unit::{Meta, Seg, Variant};

    fn unit(ar: &str, en: &str, props: &[(&str, &str)]) -> Unit {
        let variant = |tag: &str, text: &str| Variant::new(LangTag::new(tag), Seg::plain(text));
        let meta = props.iter().map(|(kind, text)| Meta::prop(*kind, *text)).collect();
        Unit { attrs: Vec::new(), meta, variants: vec![variant("ar", ar), variant("en", en)] }
    }

    #[test]
    fn a_unit_without_a_place_speaks_for_every_place() {
        let content = |props| Identity::of_content(&unit("نعم", "yes", props));
        let (plain, news, menu) = (content(&[]), content(&[("x-document", "news")]), content(&[("x-context", "menu")]));
        assert_eq!(plain.here, plain.anywhere);
        assert_eq!(plain.anywhere, news.anywhere);
        assert_ne!(news.here, menu.here);
        let mut seen = Seen::default();
        assert_eq!(seen.first(news, 0), None);
        assert_eq!((seen.first(plain, 1), seen.first(news, 1), seen.first(menu, 1)), (Some(0), Some(0), None));

        let mut seen = Seen::default();
        seen.last(plain, 1);
        assert!(seen.is_overridden(news, 0) && seen.is_overridden(menu, 0) && !seen.is_overridden(menu, 1));
        let mut seen = Seen::default();
        seen.last(menu, 1);
        assert!(!seen.is_overridden(plain, 0));
    }

    #[test]
    fn a_source_is_its_letters_and_its_context_not_its_document() {
        let source = |ar, props| Identity::of_source(&unit(ar, "yes", props), Lang::Ar);
        assert_eq!(source("نعم", &[("x-document", "a")]), source("نعم", &[("x-document", "b")]));
        assert_ne!(source("نعم", &[]), source("نَعَم", &[]));
        assert_ne!(source("نعم", &[("x-context", "a")]), source("نعم", &[("x-context", "b")]));
        assert_eq!(source(" ", &[]), None);
    }
}
