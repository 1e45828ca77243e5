//! What stands around a sentence, and whether two sentences stand in the same place: the context match.
//!
//! A *context match* is a text equal as written between the same neighbours: a translator need not even look. Tools tell it
//! in two ways, by the sentences before and after (memoQ, MateCat, OmegaT) or by an id that the format gives (Trados `x-IdContext`,
//! memoQ, gettext `msgctxt`); either is enough here:
//!
//! - both neighbours are those of the query, or the id is: the score is [`Score::CONTEXT`](super::Score::CONTEXT), 101, less
//!   penalties, and the kind is `context`;
//! - one neighbour is: the score stays [`Score::EXACT`](super::Score::EXACT), but it comes before units with none.
//!
//! Neighbours are compared by their keys, so that their spelling and their inline codes do not count; "there is nothing
//! before" is a neighbour like any other. What nobody knows is equal to nothing.

use crate::lang::Lang;
use crate::text::{Key, key};

/// The place of a sentence, as numbers: the keys of two neighbours are taken to be the same if their 32-bit numbers are (by
/// chance once in four thousand million). 0 is what nobody knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Context {
    /// The sentence before.
    pub before: u32,
    /// The sentence after.
    pub after: u32,
    /// The id that a file format gives to the place.
    pub id: u32,
}

/// How many of the neighbours are the same. More is preferred, so it is smaller.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Neighbours {
    /// Both, or the id is the same.
    Both,
    /// The one before or the one after.
    One,
    /// Neither, or nobody knows.
    #[default]
    Neither,
}

impl Neighbours {
    /// A stable name: `both`, `one`, `neither`.
    pub fn name(self) -> &'static str {
        match self {
            Neighbours::Both => "both",
            Neighbours::One => "one",
            Neighbours::Neither => "neither",
        }
    }
}

impl Context {
    /// The number of a place without a neighbour: the begin or end of a document.
    pub const NOTHING: u32 = 1;

    /// Of texts in a language; `None` is what is not known, a text without a key is no neighbour.
    ///
    /// ```
    /// use dhakira::Lang;
    /// use dhakira::matching::{Context, Neighbours};
    /// let query = Context::of(Lang::Ar, Some("أُغلق الميناء."), Some(""), None);
    /// let meets = |before, after| query.meets(Context::of(Lang::Ar, before, after, None));
    /// assert_eq!(meets(Some("اغلق الميناء."), Some("")), Neighbours::Both);
    /// assert_eq!(meets(Some("اغلق الميناء."), Some("ثم عاد.")), Neighbours::One);
    /// assert_eq!(meets(Some("اغلق الميناء."), None), Neighbours::One);
    /// assert_eq!(meets(None, None), Neighbours::Neither);
    /// ```
    pub fn of(lang: Lang, before: Option<&str>, after: Option<&str>, id: Option<&str>) -> Context {
        let number = |text: Option<&str>| text.map_or(0, |text| Context::number(&key(lang, text)));
        let id = id.map(str::trim).filter(|id| !id.is_empty());
        Context { before: number(before), after: number(after), id: id.map_or(0, hash) }
    }

    /// The number of a neighbour's key.
    pub fn number(key: &Key) -> u32 {
        if key.is_empty() { Context::NOTHING } else { hash(key.as_str()) }
    }

    /// Whether nothing is known.
    pub fn is_unknown(self) -> bool {
        self == Context::default()
    }

    /// How far two places are the same.
    pub fn meets(self, other: Context) -> Neighbours {
        let same = |a: u32, b: u32| a != 0 && a == b;
        let (before, after) = (same(self.before, other.before), same(self.after, other.after));
        if same(self.id, other.id) || before && after {
            Neighbours::Both
        } else if before || after {
            Neighbours::One
        } else {
            Neighbours::Neither
        }
    }
}

/// 64-bit FNV-1a (draft-eastlake-fnv-17 §3), folded to 32 bits by exclusive or (§4); neither unknown nor nothing.
fn hash(text: &str) -> u32 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    ((hash >> 32) as u32 ^ hash as u32).max(Context::NOTHING + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_meets_nothing() {
        let unknown = Context::default();
        assert!(unknown.is_unknown() && Context::of(Lang::Ar, None, None, Some(" ")).is_unknown());
        assert_eq!(unknown.meets(unknown), Neighbours::Neither);
        let alone = Context::of(Lang::Ar, Some(""), Some("\u{064E}"), None); // a lone fatha
        assert_eq!(alone, Context { before: Context::NOTHING, after: Context::NOTHING, id: 0 });
        assert_eq!(alone.meets(unknown), Neighbours::Neither);
        assert_eq!(alone.meets(alone), Neighbours::Both);
    }

    #[test]
    fn an_id_is_enough() {
        let place = |before, id| Context::of(Lang::En, Some(before), None, Some(id));
        assert_eq!(place("Open", "menu.file").meets(place("Close", "menu.file")), Neighbours::Both);
        assert_eq!(place("Open", "menu.file").meets(place("Open", "menu.edit")), Neighbours::One);
        assert_eq!(place("Open", "menu.file").meets(place("Close", "menu.edit")), Neighbours::Neither);
    }
}
