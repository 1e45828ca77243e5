//! Near duplicates: units that say nearly what a unit of an earlier document says, by MinHash.
//!
//! Broder, "On the resemblance and containment of documents", 1997; bands after Leskovec, Rajaraman and Ullman, *Mining of Massive
//! Datasets*, §3.4. A text is the set of its shingles (four letters of its key in a row, both sides in one set); a signature of 48
//! minima, in 6 bands of 8, of which one must be equal. Two texts that share the part s of their shingles meet with the probability
//! 1 − (1 − s⁸)⁶: 0.05 at one half, 0.67 at 0.8, 0.97 at 0.9. Only a hash of each band is kept, some 120 bytes a unit, and no text.
//! Wins where the question is whether something was there before; loses where one must know what exactly differs.

use super::super::pair::fnv1a;
use crate::lang::Lang;
use crate::text::key;
use crate::unit::Unit;
use std::collections::HashMap;

const BANDS: usize = 6;
const ROWS: usize = 8;
/// Letters of a shingle.
const SHINGLE: usize = 4;
/// Texts with fewer shingles than this on both sides together have no near duplicates: a date, a heading.
const LEAST_SHINGLES: usize = 24;

/// What of a unit is compared with others: a hash of its keys, and those of its bands, if it is long enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Print {
    whole: u64,
    bands: Option<[u64; BANDS]>,
}

impl Print {
    /// The print of a unit with both sides.
    pub(super) fn of(unit: &Unit) -> Print {
        let keys = Lang::BOTH
            .map(|lang| unit.text_of(lang).map(|text| key(lang, &text).as_str().to_owned()).unwrap_or_default());
        let whole = fnv1a(&[&keys[0], "\0", &keys[1]]);
        let mut minima = [u64::MAX; BANDS * ROWS];
        let mut shingles = 0;
        for key in &keys {
            let starts: Vec<usize> = key.char_indices().map(|(at, _)| at).chain([key.len()]).collect();
            for ends in starts.windows(SHINGLE + 1) {
                let mut hash = fnv1a(&[&key[ends[0]..ends[SHINGLE]]]);
                shingles += 1;
                for minimum in &mut minima {
                    hash = mixed(hash);
                    *minimum = hash.min(*minimum);
                }
            }
        }
        let band = |at: usize| {
            let rows = &minima[at * ROWS..(at + 1) * ROWS];
            rows.iter().fold(at as u64, |band, row| mixed(band ^ row))
        };
        Print { whole, bands: (shingles >= LEAST_SHINGLES).then(|| std::array::from_fn(band)) }
    }
}

/// The next hash of a family: Splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
fn mixed(hash: u64) -> u64 {
    let mut z = hash.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// How a unit repeats an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// The keys of both sides are the same.
    Same,
    /// They are nearly so.
    Near,
}

/// The units so far. What it says depends on their order, and on nothing else.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    /// Of each hash, whole or of a band, the document that had it first.
    documents: HashMap<u64, u32>,
}

impl Earlier {
    /// Whether a unit of an earlier document is like this one. Within one document a sentence may come again.
    pub(super) fn like(&self, print: &Print, document: u32) -> Option<Likeness> {
        let has = |hash: &u64| self.documents.get(hash).is_some_and(|first| *first != document);
        if has(&print.whole) {
            return Some(Likeness::Same);
        }
        print.bands.iter().flatten().any(has).then_some(Likeness::Near)
    }

    pub(super) fn add(&mut self, print: &Print, document: u32) {
        for hash in std::iter::once(&print.whole).chain(print.bands.iter().flatten()) {
            self.documents.entry(*hash).or_insert(document);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::LangTag;
    use crate::unit::{Seg, Variant};
    use std::collections::BTreeSet;

    fn unit(ar: &str, en: &str) -> Unit {
        let variant = |lang: Lang, text: &str| Variant::new(LangTag::from(lang), Seg::plain(text));
        Unit { variants: vec![variant(Lang::Ar, ar), variant(Lang::En, en)], ..Unit::default() }
    }

    const AR: &str =
        "أعلنت وزارة الزراعة في مدينة الرمانة أن موسم الزيتون بدأ هذا العام قبل موعده بأسبوعين بسبب الأمطار.";
    const EN: &str = "The ministry of agriculture in the city of Rummana announced that the olive season began two weeks early this year because of the rain.";

    fn like(one: (&str, &str), other: (&str, &str), documents: [u32; 2]) -> Option<Likeness> {
        let mut earlier = Earlier::default();
        earlier.add(&Print::of(&unit(one.0, one.1)), documents[0]);
        earlier.like(&Print::of(&unit(other.0, other.1)), documents[1])
    }

    #[test]
    fn what_differs_little_is_near() {
        let with_tashkeel = AR.replace("أعلنت وزارة", "أَعْلَنَتْ وِزَارَةُ");
        assert_eq!(like((AR, EN), (&with_tashkeel, EN), [0, 1]), Some(Likeness::Same));
        let (ar, en) = (AR.replace("بأسبوعين", "بأسبوع"), EN.replace("two weeks", "a week"));
        assert_eq!(like((AR, EN), (&ar, &en), [0, 1]), Some(Likeness::Near));
        assert_eq!(like((AR, EN), (&ar, &en), [1, 1]), None);
        let other = (
            "عاد القطار إلى المحطة القديمة بعد غياب دام عشرين سنة.",
            "The train came back to the old station after an absence of twenty years.",
        );
        assert_eq!(like((AR, EN), other, [0, 1]), None);
        assert_eq!(like(("١٢ مايو", "12 May"), ("١٣ مايو", "13 May"), [0, 1]), None);
        assert_eq!(like(("١٢ مايو", "12 May"), ("12 مايو", "12 May"), [0, 1]), Some(Likeness::Same));
    }

    /// The share of equal minima is an estimate of the share of common shingles.
    #[test]
    fn bands_meet_as_often_as_the_shared_part_says() {
        let words: Vec<String> = (0..40).map(|n| format!("كلمة{}", n * 7919 % 1000)).collect();
        let (mut near, mut far) = (0, 0);
        for seed in 0..200usize {
            let own: Vec<&str> = (0..24).map(|n| words[(n + seed) % 40].as_str()).collect();
            let text = format!("{} {seed}", own.join(" "));
            let mut changed = own.clone();
            changed[seed % 24] = "جديد";
            let mut half = own.clone();
            half[..12].iter_mut().for_each(|word| *word = "آخر");
            let set = |text: &str| -> BTreeSet<String> {
                let letters: Vec<char> = key(Lang::Ar, text).as_str().chars().collect();
                letters.windows(SHINGLE).map(|w| w.iter().collect()).collect()
            };
            let shared = |other: &str| {
                let (a, b) = (set(&text), set(other));
                a.intersection(&b).count() as f64 / a.union(&b).count() as f64
            };
            let changed = format!("{} {seed}", changed.join(" "));
            let half = format!("{} {seed}", half.join(" "));
            assert!(shared(&changed) > 0.85 && shared(&half) < 0.65, "{} {}", shared(&changed), shared(&half));
            near += usize::from(like((&text, ""), (&changed, ""), [0, 1]).is_some());
            far += usize::from(like((&text, ""), (&half, ""), [0, 1]).is_some());
        }
        assert!(near >= 160, "{near} of 200");
        assert!(far <= 60, "{far} of 200");
    }
}
