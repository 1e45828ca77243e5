//! How rare a trigram is in real text: weights 1 to 15 from a table that ships with the crate.
//!
//! A rare trigram tells more about a sentence than a frequent one; that is *inverse document frequency* (Spärck Jones 1972,
//! J. Documentation 28:1). The table is fixed, so that the score of two texts does not depend on what else is in a memory:
//! for a trigram that occurs in `f` of the lines that it was made from, `N` pairs of lines, it is `15 · ln(1 + N / (1 + f)) /
//! ln(1 + N)`, rounded, at least 1. What never occurs has 15.
//!
//! Trigrams are counted by the classes of their characters ([`class`]), Arabic and English lines together. The lines:
//! UI strings of free software, Tatoeba (CC BY 2.0 FR), NTREX-128 (CC BY-SA 4.0), TICO-19 (CC0), FLORES-200 and XQuAD
//! (CC BY-SA 4.0), the Debian handbook (GPL-2+ or CC BY-SA 3.0) and old tales (public domain); `rarity.txt` beside the table
//! says more, and how it is made. It holds how often three letters meet, no text.

/// Classes of characters: six bits, so that three of them number the table.
const CLASSES: usize = 64;

/// Two weights of four bits in each byte, the even one low.
static TABLE: &[u8; CLASSES * CLASSES * CLASSES / 2] = include_bytes!("rarity.bin");

/// The class of a key's character: 1 the space, 2 every digit, 3 to 28 `a` to `z`, 29 to 53 U+0621 to U+063A (ghain
/// shares the class of ain), 54 to 63 U+0641 to U+064A, 0 all others.
fn class(c: char) -> usize {
    let from = |first: char| c as usize - first as usize;
    match c {
        ' ' => 1,
        '0'..='9' => 2,
        'a'..='z' => 3 + from('a'),
        '\u{0621}'..='\u{063A}' => (29 + from('\u{0621}')).min(53), // hamza to ghain
        '\u{0641}'..='\u{064A}' => 54 + from('\u{0641}'),           // feh to yeh
        _ => 0,
    }
}

/// The sum of the weights of all threes of consecutive characters.
pub(super) fn weigh(chars: impl Iterator<Item = char>) -> u64 {
    let mut at = 0;
    let places = chars.map(|c| {
        at = (at << 6 | class(c)) % (CLASSES * CLASSES * CLASSES);
        at
    });
    places.skip(2).map(|place| u64::from(weight(place))).sum()
}

/// Where three characters stand in the table.
pub(super) fn place([a, b, c]: [char; 3]) -> usize {
    class(a) << 12 | class(b) << 6 | class(c)
}

/// The weight at a [`place`], 1 to 15.
#[inline]
pub(super) fn weight(place: usize) -> u8 {
    let both = TABLE[place / 2 % TABLE.len()];
    if place.is_multiple_of(2) { both & 15 } else { both >> 4 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(gram: &str) -> u8 {
        let chars: Vec<char> = gram.chars().collect();
        weight(place([chars[0], chars[1], chars[2]]))
    }

    #[test]
    fn classes_fill_six_bits() {
        let all = (' '..='\u{06FF}').chain(['\u{FFFC}', '漢', char::MAX]);
        let mut seen: Vec<usize> = all.map(class).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, (0..CLASSES).collect::<Vec<_>>());
        assert_eq!(class('غ'), class('ع'));
        assert_ne!(class('ف'), class('ع'));
    }

    #[test]
    fn every_weight_is_from_1_to_15() {
        assert!((0..CLASSES * CLASSES * CLASSES).all(|place| (1..=15).contains(&weight(place))));
    }

    #[test]
    fn frequent_weighs_less_than_rare() {
        assert!(of(" ال") < of("الم") && of("الم") < of("خضر"));
        assert!(of(" th") < of("the") + 1 && of("the") < of("xyl"));
        assert_eq!(of("ضظض"), 15);
        assert_eq!(of("123"), of("987"));
    }
}
