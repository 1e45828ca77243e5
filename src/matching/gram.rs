//! The trigrams of a key, each with its weight: what two sentences share, wherever in them it stands.
//!
//! A key of `n` characters has `n` trigrams: a space is set before it and behind it, so that the first and last letter of a
//! sentence count as those of a word. An empty key has none.

use super::rarity;

/// A trigram of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gram {
    /// Its three characters, 21 bits each, the first one highest.
    pub code: u64,
    /// How often it stands in the key.
    pub count: u32,
    /// What it weighs, from 1 (everywhere) to 15 (hardly ever seen); the same for the same code always.
    pub weight: u8,
}

impl Gram {
    /// The code of three characters.
    pub fn code_of(chars: [char; 3]) -> u64 {
        chars.into_iter().fold(0, |code, c| code << BITS | u64::from(c as u32))
    }

    /// The weight of the trigram with this code. A code that stands for no characters weighs as much as any other sign.
    #[inline]
    pub fn weight_of(code: u64) -> u8 {
        rarity::weight(Gram::place_of(code))
    }

    /// Where the trigram stands in the table of weights: what the command that makes the table counts by.
    #[inline]
    pub fn place_of(code: u64) -> usize {
        // Three characters' bits; what is none (a surrogate, too large) is like any other sign, U+FFFD.
        let at = |shift: u32| char::from_u32((code >> shift) as u32 & ONE).unwrap_or(char::REPLACEMENT_CHARACTER);
        rarity::place([at(2 * BITS), at(BITS), at(0)])
    }
}

/// Bits of a character.
const BITS: u32 = 21;
/// One character.
const ONE: u32 = (1 << BITS) - 1;
/// Three characters.
const THREE: u64 = (1 << (3 * BITS)) - 1;

/// The codes of a key's trigrams in their order, one for each of its characters.
///
/// ```
/// use dhakira::matching::{Gram, gram_codes};
/// let codes: Vec<u64> = gram_codes("كتب".chars()).collect();
/// assert_eq!(codes, [[' ', 'ك', 'ت'], ['ك', 'ت', 'ب'], ['ت', 'ب', ' ']].map(Gram::code_of));
/// ```
pub fn gram_codes(key: impl Iterator<Item = char>) -> impl Iterator<Item = u64> {
    let mut code = u64::from(' ');
    let roll = move |c: char| {
        code = (code << BITS | u64::from(c as u32)) & THREE;
        code
    };
    key.chain([' ']).map(roll).skip(1)
}

/// The sum of the weights of a key's trigrams: [`Grams::total`] without making them.
pub fn gram_weight(key: &str) -> u64 {
    rarity::weigh([' '].into_iter().chain(key.chars()).chain([' ']))
}

/// The trigrams of a key, in order of their codes, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grams {
    grams: Box<[Gram]>,
    total: u64,
}

impl Grams {
    /// The trigrams of the key `key`.
    ///
    /// ```
    /// use dhakira::matching::Grams;
    /// let (a, b) = (Grams::of("كتاب"), Grams::of("كتب"));
    /// assert_eq!((a.count(), b.count()), (4, 3));
    /// assert_eq!(a.shared(&a), a.total());
    /// assert!(a.shared(&b) > 0 && a.shared(&b) < b.total()); // " كت"
    /// ```
    pub fn of(key: &str) -> Grams {
        let mut codes: Vec<u64> = gram_codes(key.chars()).collect();
        codes.sort_unstable();
        let mut grams: Vec<Gram> = Vec::with_capacity(codes.len());
        for code in codes {
            match grams.last_mut() {
                Some(last) if last.code == code => last.count = last.count.saturating_add(1),
                _ => grams.push(Gram { code, count: 1, weight: Gram::weight_of(code) }),
            }
        }
        let total = grams.iter().map(|g| u64::from(g.weight) * u64::from(g.count)).sum();
        Grams { grams: grams.into(), total }
    }

    /// Each trigram once, in order of their codes.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Gram> {
        self.grams.iter()
    }

    /// How many trigrams there are, repetitions too: the length of the key in characters.
    pub fn count(&self) -> usize {
        self.grams.iter().map(|g| g.count as usize).sum()
    }

    /// The sum of their weights, repetitions too.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The weight of what both have, each trigram as often as both have it.
    pub fn shared(&self, other: &Grams) -> u64 {
        let (mut ours, mut theirs) = (self.grams.iter().peekable(), other.grams.iter().peekable());
        let mut shared = 0;
        while let (Some(a), Some(b)) = (ours.peek(), theirs.peek()) {
            if a.code == b.code {
                shared += u64::from(a.weight) * u64::from(a.count.min(b.count));
            }
            let (step_a, step_b) = (a.code <= b.code, b.code <= a.code);
            if step_a {
                ours.next();
            }
            if step_b {
                theirs.next();
            }
        }
        shared
    }
}

/// The trigrams of a query, laid out for finding those of many keys among them.
#[derive(Debug, Clone)]
pub(super) struct Sought {
    grams: Grams,
    /// For each hash 1 + the number of its trigram, 0 where there is none; a power of two, at most half full.
    slots: Box<[u32]>,
}

/// What a key shares with a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Overlap {
    /// How many trigrams.
    pub(super) count: usize,
    /// What they weigh.
    pub(super) weight: u64,
}

impl Sought {
    pub(super) fn new(key: &str) -> Sought {
        let grams = Grams::of(key);
        let mut slots = vec![0; (2 * grams.grams.len()).next_power_of_two().max(2)].into_boxed_slice();
        for (number, gram) in (1..).zip(&grams.grams) {
            let mut at = hash(gram.code, slots.len());
            while slots[at] != 0 {
                at = (at + 1) % slots.len();
            }
            slots[at] = number;
        }
        Sought { grams, slots }
    }

    pub(super) fn total(&self) -> u64 {
        self.grams.total
    }

    #[inline]
    fn find(&self, code: u64) -> Option<usize> {
        let mut at = hash(code, self.slots.len());
        loop {
            match self.slots[at] {
                0 => return None,
                number if self.grams.grams[number as usize - 1].code == code => return Some(number as usize - 1),
                _ => at = (at + 1) & (self.slots.len() - 1),
            }
        }
    }

    /// What `key` shares with the query.
    pub(super) fn overlap(&self, key: &str) -> Overlap {
        // Nearly every query fits on the stack.
        let (mut few, mut many) = ([0u32; FEW], Vec::new());
        let taken: &mut [u32] = if self.grams.grams.len() <= FEW {
            &mut few
        } else {
            many.resize(self.grams.grams.len(), 0);
            &mut many
        };
        let mut overlap = Overlap { count: 0, weight: 0 };
        for code in gram_codes(key.chars()) {
            if let Some(number) = self.find(code) {
                let gram = &self.grams.grams[number];
                if taken[number] < gram.count {
                    taken[number] += 1;
                    overlap.count += 1;
                    overlap.weight += u64::from(gram.weight);
                }
            }
        }
        overlap
    }
}

/// Up to so many different trigrams of a query are counted on the stack.
const FEW: usize = 128;

/// Fibonacci hashing (Knuth, TAOCP 3, 6.4) into `size` slots, a power of two.
#[inline]
fn hash(code: u64, size: usize) -> usize {
    (code.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & (size - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All windows of three, unsorted.
    fn windows(key: &str) -> Vec<[char; 3]> {
        if key.is_empty() {
            return Vec::new();
        }
        let padded: Vec<char> = format!(" {key} ").chars().collect();
        padded.windows(3).map(|w| [w[0], w[1], w[2]]).collect()
    }

    /// The specification: what is left of one multiset is taken out of the other one by one.
    fn slow_shared(a: &str, b: &str) -> Vec<[char; 3]> {
        let mut rest = windows(b);
        windows(a)
            .into_iter()
            .filter(|w| rest.iter().position(|r| r == w).map(|at| rest.remove(at)).is_some())
            .collect()
    }

    fn weigh(grams: &[[char; 3]]) -> u64 {
        grams.iter().map(|g| u64::from(rarity::weight(rarity::place(*g)))).sum()
    }

    #[test]
    fn codes_that_are_no_characters_do_no_harm() {
        assert!((1..=15).contains(&Gram::weight_of(u64::MAX)));
        assert_eq!(Gram::place_of(0xD800), Gram::place_of(Gram::code_of(['\0', '\0', '\u{FFFD}'])));
    }

    #[test]
    fn many_different_trigrams() {
        let text: String = ('\u{4E00}'..'\u{5200}').collect();
        assert_eq!(Sought::new(&text).overlap(&text).count, text.chars().count());
        assert_eq!(Grams::of("").count(), 0);
    }

    proptest! {
        #[test]
        fn as_the_specification_says(a in "[ابت\u{064E}12 ]{0,30}|\\PC{0,20}", b in "[ابت\u{064E}12 ]{0,30}|\\PC{0,20}") {
            let (of_a, of_b) = (Grams::of(&a), Grams::of(&b));
            let shared = slow_shared(&a, &b);
            prop_assert_eq!(of_a.shared(&of_b), weigh(&shared));
            prop_assert_eq!(of_b.shared(&of_a), weigh(&shared));
            prop_assert_eq!(Sought::new(&a).overlap(&b), Overlap { count: shared.len(), weight: weigh(&shared) });
            prop_assert_eq!((of_a.total(), of_a.count()), (weigh(&windows(&a)), a.chars().count()));
            prop_assert_eq!(gram_weight(&a), of_a.total());
            prop_assert!(of_a.iter().is_sorted());
            let spelled = windows(&a).into_iter().map(Gram::code_of).collect::<Vec<_>>();
            prop_assert_eq!(gram_codes(a.chars()).collect::<Vec<_>>(), spelled);
        }
    }
}
