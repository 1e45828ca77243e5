//! The packed lexicon: bytes that are read where they lie.
//!
//! All numbers are little-endian. A head of 32 bytes: the signature, how many Arabic and English stems and pairs there are, how many
//! bytes the stems of each side take, zero. Then for Arabic: the hashes of the stems (FNV-1a, 32 bits), rising; where each
//! stem's text ends, where its pairs end, its frequency. For English: hashes, ends of the texts, frequencies. Then the
//! pairs: the English stems' numbers (16 bits), the probabilities of English given Arabic, of Arabic given English. Then
//! the texts. A probability `p` is a byte, `-10 · log2 p` rounded: 0 is certain, 255 is 2·10⁻⁸, and a step is 7 %.

use crate::lang::Lang;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

const SIGNATURE: &[u8; 8] = b"dhakLex1";
const HEAD: usize = 32;

/// A stem that a lexicon knows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Word {
    /// Its number among the stems of its language.
    pub number: u32,
    /// How often it stands in running text, a share of all words.
    pub frequency: f32,
}

/// An English stem as the translation of an Arabic one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Translation {
    /// The English stem's number.
    pub en: u32,
    /// The probability of the English stem, given the Arabic one.
    pub en_given_ar: f32,
    /// The probability of the Arabic stem, given the English one.
    pub ar_given_en: f32,
}

/// A packed probabilistic lexicon.
///
/// ```
/// use dhakira::lang::Lang;
/// use dhakira::lexicon::{Lexicon, stem};
/// let lexicon = Lexicon::shipped();
/// let word = lexicon.word(Lang::Ar, &stem(Lang::Ar, "الكتاب")).unwrap();
/// let english = |t: &dhakira::lexicon::Translation| lexicon.stem(Lang::En, t.en).to_owned();
/// let best = lexicon.translations(word).max_by(|a, b| a.en_given_ar.total_cmp(&b.en_given_ar)).unwrap();
/// assert_eq!(english(&best), "book");
/// ```
#[derive(Debug, Clone)]
pub struct Lexicon {
    bytes: Cow<'static, [u8]>,
    ar: Stems,
    en: Stems,
    /// Where the pairs of each Arabic stem end.
    pair_ends: usize,
    pairs: usize,
    /// Where the pairs lie: numbers, then the two probabilities.
    numbers: usize,
}

/// Where the stems of a language lie.
#[derive(Debug, Clone)]
struct Stems {
    count: usize,
    hashes: usize,
    ends: usize,
    frequencies: usize,
    text: Range<usize>,
}

/// What a byte says.
static PROBABILITIES: LazyLock<[f32; 256]> =
    LazyLock::new(|| std::array::from_fn(|code| (-(code as f32) / 10.0).exp2()));

/// The byte for a probability.
fn code(probability: f64) -> u8 {
    (-10.0 * probability.log2()).round().clamp(0.0, 255.0) as u8
}

/// FNV-1a, 32 bits (Fowler, Noll and Vo, RFC 9923).
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

impl Lexicon {
    /// The lexicon that is part of the crate.
    pub fn shipped() -> &'static Lexicon {
        static SHIPPED: LazyLock<Lexicon> = LazyLock::new(|| {
            let bytes: &'static [u8] = include_bytes!("lexicon.bin");
            // A test looks whether it is sound.
            Lexicon::of(bytes.into()).expect("a test opens the lexicon that ships")
        });
        &SHIPPED
    }

    /// The lexicon in `bytes`, as [`Lexicon::as_bytes`] gave them; `None` if they are none. What comes out is safe to use
    /// whatever the bytes are.
    pub fn from_bytes(bytes: impl Into<Cow<'static, [u8]>>) -> Option<Lexicon> {
        Lexicon::of(bytes.into()).filter(Lexicon::is_sound)
    }

    /// The lexicon in bytes that are sound.
    fn of(bytes: Cow<'static, [u8]>) -> Option<Lexicon> {
        if bytes.get(..8)? != SIGNATURE {
            return None;
        }
        let head = |at: usize| -> Option<usize> {
            let four = bytes.get(at..at + 4)?;
            usize::try_from(u32::from_le_bytes(four.try_into().ok()?)).ok()
        };
        let (ar, en, pairs, ar_text, en_text) = (head(8)?, head(12)?, head(16)?, head(20)?, head(24)?);
        // Every part is smaller than the whole, so that no sum overflows.
        if [ar, en, pairs, ar_text, en_text].into_iter().any(|part| part > bytes.len()) {
            return None;
        }
        let mut at = HEAD;
        let mut part = |size: usize| {
            at += size;
            at - size
        };
        let (ar_hashes, ar_ends, pair_ends, ar_frequencies) = (part(4 * ar), part(4 * ar), part(4 * ar), part(ar));
        let (en_hashes, en_ends, en_frequencies) = (part(4 * en), part(4 * en), part(en));
        let numbers = part(4 * pairs);
        let (ar_start, en_start) = (part(ar_text), part(en_text));
        if part(0) != bytes.len() {
            return None;
        }
        let ar_text = ar_start..ar_start + ar_text;
        let en_text = en_start..en_start + en_text;
        let ar = Stems { count: ar, hashes: ar_hashes, ends: ar_ends, frequencies: ar_frequencies, text: ar_text };
        let en = Stems { count: en, hashes: en_hashes, ends: en_ends, frequencies: en_frequencies, text: en_text };
        Some(Lexicon { bytes, ar, en, pair_ends, pairs, numbers })
    }

    /// Whether every place that a look-up may go to is there.
    fn is_sound(&self) -> bool {
        let rising = |ends: usize, count: usize, last: usize| {
            let mut ends = (0..count).map(|n| self.number(ends + 4 * n));
            ends.clone().is_sorted() && ends.next_back().unwrap_or(0) as usize == last
        };
        let texts = |stems: &Stems| {
            let text = std::str::from_utf8(&self.bytes[stems.text.clone()]);
            text.is_ok_and(|text| {
                (0..stems.count).all(|n| text.is_char_boundary(self.number(stems.ends + 4 * n) as usize))
            })
        };
        [&self.ar, &self.en].into_iter().all(|stems| {
            (0..stems.count).map(|n| self.number(stems.hashes + 4 * n)).is_sorted()
                && rising(stems.ends, stems.count, stems.text.len())
                && texts(stems)
        }) && rising(self.pair_ends, self.ar.count, self.pairs)
            && (0..self.pairs).all(|n| usize::from(self.short(self.numbers + 2 * n)) < self.en.count)
    }

    /// The bytes, for a file.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many pairs of stems it has.
    pub fn len(&self) -> usize {
        self.pairs
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.pairs == 0
    }

    /// How many stems of a language it has.
    pub fn stems(&self, lang: Lang) -> usize {
        self.side(lang).count
    }

    /// The stem with this number, `""` if there is none.
    pub fn stem(&self, lang: Lang, number: u32) -> &str {
        let stems = self.side(lang);
        if number as usize >= stems.count {
            return "";
        }
        std::str::from_utf8(self.text(stems, number)).unwrap_or_default()
    }

    /// The bytes of a stem that is there.
    fn text(&self, stems: &Stems, number: u32) -> &[u8] {
        let end = |n: u32| self.number(stems.ends + 4 * n as usize) as usize;
        let start = number.checked_sub(1).map_or(0, end);
        &self.bytes[stems.text.start + start..stems.text.start + end(number)]
    }

    /// What it knows of a stem.
    pub fn word(&self, lang: Lang, stem: &str) -> Option<Word> {
        let (stems, wanted) = (self.side(lang), hash(stem));
        let known = |n: usize| self.number(stems.hashes + 4 * n);
        // Hashes are spread evenly: the place is near where it would be if they were so exactly (interpolation search; Perl, Itai and Avni,
        // "Interpolation search – a log log N search", 1978). Doubling steps from there find two places between which it is.
        let guess = ((u64::from(wanted) * stems.count as u64) >> 32) as usize;
        let (mut low, mut high, mut step) = (guess + 1, stems.count, 16);
        if guess < stems.count && known(guess) < wanted {
            while low + step < high && known(low + step) < wanted {
                (low, step) = (low + step + 1, step * 2);
            }
            high = (low + step).min(high);
        } else {
            high = guess.min(high);
            while step < high && known(high - step) >= wanted {
                (high, step) = (high - step, step * 2);
            }
            low = high.saturating_sub(step);
        }
        while low < high {
            let middle = low.midpoint(high);
            if known(middle) < wanted {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let alike = (low..stems.count).take_while(|n| known(*n) == wanted);
        let found = alike.map(|n| n as u32).find(|number| self.text(stems, *number) == stem.as_bytes())?;
        let frequency = PROBABILITIES[usize::from(self.bytes[stems.frequencies + found as usize])];
        Some(Word { number: found, frequency })
    }

    /// The English translations of an Arabic word, by their numbers.
    pub fn translations(&self, ar: Word) -> impl Iterator<Item = Translation> + '_ {
        let number = (ar.number as usize).min(self.ar.count);
        let end = |n: usize| self.number(self.pair_ends + 4 * n) as usize;
        let start = number.checked_sub(1).map_or(0, end);
        let last = if number < self.ar.count { end(number) } else { start };
        let probability = |at: usize| PROBABILITIES[usize::from(self.bytes[at])];
        (start..last).map(move |n| Translation {
            en: u32::from(self.short(self.numbers + 2 * n)),
            en_given_ar: probability(self.numbers + 2 * self.pairs + n),
            ar_given_en: probability(self.numbers + 3 * self.pairs + n),
        })
    }

    /// For each English stem the sum of P(Arabic | English) over all its Arabic stems.
    pub(super) fn en_sums(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.en.count];
        let numbers = self.bytes[self.numbers..].chunks_exact(2).take(self.pairs);
        let codes = &self.bytes[self.numbers + 3 * self.pairs..];
        for (number, code) in numbers.zip(codes) {
            sums[usize::from(u16::from_le_bytes([number[0], number[1]]))] +=
                f64::from(PROBABILITIES[usize::from(*code)]);
        }
        sums
    }

    fn side(&self, lang: Lang) -> &Stems {
        match lang {
            Lang::Ar => &self.ar,
            Lang::En => &self.en,
        }
    }

    fn number(&self, at: usize) -> u32 {
        let b = &self.bytes[at..at + 4];
        u32::from_le_bytes([b[0], b[1], b[2], b[3]])
    }

    fn short(&self, at: usize) -> u16 {
        u16::from_le_bytes([self.bytes[at], self.bytes[at + 1]])
    }
}

/// A pair of stems before it is packed: places in the lists of stems, the two probabilities.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub ar: usize,
    pub en: usize,
    pub en_given_ar: f64,
    pub ar_given_en: f64,
}

/// Packs a lexicon: stems with their frequencies, and pairs of them. Stems without pair are left out unless `whole`, and so are pairs
/// of all but the most frequent 65,535 English stems.
pub(super) fn pack(ar: &[(String, f64)], en: &[(String, f64)], pairs: &[Pair], whole: bool) -> Lexicon {
    let named = |stems: &[(String, f64)]| stems.iter().map(|stem| whole && !stem.0.is_empty()).collect();
    let mut used: [Vec<bool>; 2] = [named(ar), named(en)];
    pairs.iter().for_each(|pair| (used[0][pair.ar], used[1][pair.en]) = (true, true));
    let mut english: Vec<usize> = (0..en.len()).filter(|n| used[1][*n]).collect();
    english.sort_by(|a, b| en[*b].1.total_cmp(&en[*a].1).then(en[*a].0.cmp(&en[*b].0)));
    english.truncate(usize::from(u16::MAX));
    let mut kept = vec![false; en.len()];
    english.iter().for_each(|n| kept[*n] = true);
    let pairs: Vec<&Pair> = pairs.iter().filter(|pair| kept[pair.en]).collect();
    let mut arabic: Vec<usize> = pairs.iter().map(|pair| pair.ar).collect();
    if whole {
        arabic.extend((0..ar.len()).filter(|n| used[0][*n]));
    }
    arabic.sort_by_cached_key(|n| (hash(&ar[*n].0), &ar[*n].0));
    arabic.dedup();
    english.sort_by_cached_key(|n| (hash(&en[*n].0), &en[*n].0));
    let places = |order: &[usize], all: usize| {
        let mut places = vec![0usize; all];
        order.iter().enumerate().for_each(|(place, n)| places[*n] = place);
        places
    };
    let (ar_places, en_places) = (places(&arabic, ar.len()), places(&english, en.len()));
    let mut pairs: Vec<(usize, usize, &Pair)> =
        pairs.into_iter().map(|pair| (ar_places[pair.ar], en_places[pair.en], pair)).collect();
    pairs.sort_by_key(|(ar, en, _)| (*ar, *en));

    let mut bytes = SIGNATURE.to_vec();
    let text =
        |order: &[usize], stems: &[(String, f64)]| order.iter().map(|n| stems[*n].0.as_str()).collect::<String>();
    let (ar_text, en_text) = (text(&arabic, ar), text(&english, en));
    for number in [arabic.len(), english.len(), pairs.len(), ar_text.len(), en_text.len(), 0] {
        bytes.extend((number as u32).to_le_bytes());
    }
    let ends = |bytes: &mut Vec<u8>, sizes: &mut dyn Iterator<Item = usize>| {
        let mut end = 0u32;
        for size in sizes {
            end += size as u32;
            bytes.extend(end.to_le_bytes());
        }
    };
    for (order, stems) in [(&arabic, ar), (&english, en)] {
        order.iter().for_each(|n| bytes.extend(hash(&stems[*n].0).to_le_bytes()));
        ends(&mut bytes, &mut order.iter().map(|n| stems[*n].0.len()));
        if std::ptr::eq(order, &arabic) {
            let mut counts = vec![0usize; arabic.len()];
            pairs.iter().for_each(|pair| counts[pair.0] += 1);
            ends(&mut bytes, &mut counts.into_iter());
        }
        bytes.extend(order.iter().map(|n| code(stems[*n].1)));
    }
    pairs.iter().for_each(|pair| bytes.extend((pair.1 as u16).to_le_bytes()));
    bytes.extend(pairs.iter().map(|pair| code(pair.2.en_given_ar)));
    bytes.extend(pairs.iter().map(|pair| code(pair.2.ar_given_en)));
    bytes.extend(ar_text.as_bytes());
    bytes.extend(en_text.as_bytes());
    Lexicon::of(bytes.into()).expect("what was packed is a lexicon")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_stem_is_found_where_it_is() {
        let shipped = Lexicon::shipped();
        assert!(shipped.is_sound());
        for lang in Lang::BOTH {
            for number in 0..shipped.stems(lang) as u32 {
                let stem = shipped.stem(lang, number);
                assert_eq!(shipped.word(lang, stem).map(|word| word.number), Some(number), "{stem}");
                assert!(shipped.word(lang, &format!("{stem}ّ#")).is_none());
            }
        }
    }

    /// Slow twin: one stem after the other.
    #[test]
    fn small_lexicons_are_searched_right() {
        for count in 0..40 {
            let side =
                |letter: &str| -> Vec<(String, f64)> { (0..count).map(|n| (format!("{letter}{n}"), 0.1)).collect() };
            let lexicon = pack(&side("س"), &side("w"), &[], true);
            for n in 0..60 {
                let word = format!("w{n}");
                let found = (0..count as u32).find(|number| lexicon.stem(Lang::En, *number) == word);
                assert_eq!(lexicon.word(Lang::En, &word).map(|word| word.number), found);
            }
        }
    }

    fn small() -> Lexicon {
        let ar = [("كتاب".to_owned(), 0.01), ("قلم".to_owned(), 0.001), ("لا".to_owned(), 0.1)];
        let en = [("pen".to_owned(), 0.002), ("book".to_owned(), 0.01), ("unused".to_owned(), 0.3)];
        let pair = |ar, en, p| Pair { ar, en, en_given_ar: p, ar_given_en: p / 2.0 };
        pack(&ar, &en, &[pair(1, 0, 0.5), pair(0, 1, 0.8), pair(0, 0, 0.05)], false)
    }

    #[test]
    fn what_is_packed_is_found() {
        let lexicon = small();
        assert_eq!((lexicon.len(), lexicon.stems(Lang::Ar), lexicon.stems(Lang::En)), (3, 2, 2));
        assert!(lexicon.word(Lang::Ar, "لا").is_none() && lexicon.word(Lang::En, "unused").is_none());
        let book = lexicon.word(Lang::Ar, "كتاب").unwrap();
        assert!((book.frequency / 0.01 - 1.0).abs() < 0.05);
        let mut found: Vec<(String, f32)> =
            lexicon.translations(book).map(|t| (lexicon.stem(Lang::En, t.en).to_owned(), t.en_given_ar)).collect();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        assert!(found[0].0 == "book" && (found[0].1 / 0.8 - 1.0).abs() < 0.05, "{found:?}");
        assert!(found[1].0 == "pen" && (found[1].1 / 0.05 - 1.0).abs() < 0.05, "{found:?}");
        assert_eq!(Lexicon::from_bytes(lexicon.as_bytes().to_vec()).unwrap().len(), 3);
    }

    #[test]
    fn the_shipped_one_is_the_one_that_the_text_beside_it_tells_of() {
        let lexicon = Lexicon::shipped();
        let bytes = lexicon.as_bytes();
        let sum =
            bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |sum, b| (sum ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3));
        let told = format!("{} bytes, {} pairs, FNV-1a {sum:016x}", bytes.len(), lexicon.len());
        assert!(include_str!("lexicon.txt").contains(&told), "lexicon.txt must say: {told}");
        assert!(bytes.len() < 4 << 20);
    }

    proptest! {
        #[test]
        fn broken_bytes_are_none_or_harmless(at in 0usize..400, byte: u8, cut in 0usize..400) {
            let mut bytes = small().as_bytes().to_vec();
            let at = at % bytes.len();
            bytes[at] = byte;
            bytes.truncate(bytes.len().max(cut));
            if let Some(lexicon) = Lexicon::from_bytes(bytes) {
                for number in 0..3 {
                    lexicon.stem(Lang::Ar, number);
                    lexicon.translations(Word { number, frequency: 0.0 }).for_each(|t| { lexicon.stem(Lang::En, t.en); });
                }
            }
        }
    }
}
