//! Names: words that the lexicon does not know and that sound alike.

use crate::lang::Lang;
use crate::text::{name_similarity, name_skeletons, skeleton};
use std::collections::BTreeMap;

/// Similarity from which two skeletons may be one name.
const ALIKE: f64 = 0.86;

/// Which Arabic words sound like which English ones, and how surely (0 to 1) they are one name. Words come with a number;
/// the English ones have a capital letter, and `true` if they have it inside of a sentence.
pub(super) fn names(ar: &[(u32, &str)], en: &[(u32, &str, bool)]) -> Vec<(u32, u32, f32)> {
    let mut by_first: BTreeMap<u8, Vec<(u32, String, Classes)>> = BTreeMap::new();
    for &(number, word, inside) in en {
        let skeleton = skeleton(Lang::En, word);
        // At the beginning of a sentence any word has a capital letter.
        if skeleton.len() >= 2 && (inside || skeleton.len() > 3) {
            let classes = Classes::of(&skeleton);
            by_first.entry(first_class(&skeleton)).or_default().push((number, skeleton, classes));
        }
    }
    let mut found = Vec::new();
    for &(number, word) in ar {
        let mut links: BTreeMap<u32, f32> = BTreeMap::new();
        for skeleton in name_skeletons(word).iter().filter(|s| s.len() >= 2) {
            let own = Classes::of(skeleton);
            for (other, name, classes) in by_first.get(&first_class(skeleton)).into_iter().flatten() {
                let shared = (own.set & classes.set).count_ones();
                if shared + 1 < own.count.min(classes.count)
                    || most_alike((skeleton, own.set), (name, classes.set)) < ALIKE
                {
                    continue;
                }
                let similarity = name_similarity(skeleton, name);
                if similarity >= ALIKE {
                    let sure = sureness(similarity, skeleton.len().min(name.len()));
                    let best = links.entry(*other).or_insert(0.0);
                    *best = best.max(sure);
                }
            }
        }
        found.extend(links.into_iter().map(|(other, sure)| (number, other, sure)));
    }
    found
}

/// More than [`name_similarity`] can be of two skeletons with these sets of classes: what it would be if all consonants with a kindred one on
/// the other side were matched in order.
fn most_alike((a, a_set): (&str, u32), (b, b_set): (&str, u32)) -> f64 {
    let matched = |side: &str, alone: u32| side.len() - alone.count_ones() as usize;
    let matches = matched(a, a_set & !b_set).min(matched(b, b_set & !a_set)) as f64;
    let jaro = (matches / a.len() as f64 + matches / b.len() as f64 + 1.0) / 3.0;
    let common = a.bytes().zip(b.bytes()).take(4).take_while(|(x, y)| kindred(*x) == kindred(*y)).count();
    jaro + 0.1 * common as f64 * (1.0 - jaro)
}

/// How surely two words with skeletons this alike are one name: long skeletons say more.
fn sureness(similarity: f64, consonants: usize) -> f32 {
    let length = match consonants {
        0..=2 => 0.35,
        3 => 0.7,
        4 => 0.9,
        _ => 1.0,
    };
    length * ((similarity - 0.7) / 0.3) as f32
}

/// The first consonant's class, kindred ones as one.
fn first_class(skeleton: &str) -> u8 {
    kindred(skeleton.as_bytes().first().copied().unwrap_or_default())
}

fn kindred(class: u8) -> u8 {
    match class {
        b'j' | b'k' => b'g',
        b'z' | b'S' => b's',
        b'd' => b't',
        class => class,
    }
}

/// The consonant classes of a skeleton, kindred ones as one.
#[derive(Debug, Clone, Copy)]
struct Classes {
    /// A bit for each.
    set: u32,
    /// How many there are.
    count: u32,
}

impl Classes {
    fn of(skeleton: &str) -> Classes {
        let set = skeleton.bytes().fold(0, |set, b| set | 1 << (u32::from(kindred(b)) & 31));
        Classes { set, count: u32::count_ones(set) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Slow twin: the similarity itself.
        #[test]
        fn none_is_more_alike_than_it_can_be(a in "[bdfgjklmnrstzS]{2,9}", b in "[bdfgjklmnrstzS]{2,9}") {
            let most = most_alike((&a, Classes::of(&a).set), (&b, Classes::of(&b).set));
            prop_assert!(name_similarity(&a, &b) <= most + 1e-9, "{a} {b}: {most}");
        }
    }

    #[test]
    fn names_meet_by_their_sound() {
        let ar = [(0, "ونتنياهو"), (1, "طاولة"), (2, "شكسبير")];
        let en = [(7, "Shakespeare", true), (8, "Netanyahu", true), (9, "The", false)];
        let found: Vec<(u32, u32)> = names(&ar, &en).into_iter().map(|(a, e, _)| (a, e)).collect();
        assert_eq!(found, [(0, 8), (2, 7)]);
    }
}
