//! What a unit says, as numbers by which its like is found.

use super::writer::seg_xml;
use crate::lang::{Lang, LangTag};
use crate::unit::Unit;
use crate::xml::{self, Spot};

/// The props that say where a unit stands: the sentences around it or a message's context, and at last its document.
pub const PLACE_PROPS: [&str; 4] = ["x-context", "x-context-pre", "x-context-post", "x-document"];

/// What a unit says: languages and segments with their codes, and the place that it names, not its ids, dates and other props.
///
/// Numbers over canonical XML, only ever to be compared within one run: among ten million units the chance that any two
/// share one by accident is below 3 in 10⁶. [`Line::content`](super::Line::content) is the same without a [`Unit`].
///
/// ```
/// use dhakira::tmx::{Content, parse_unit};
/// let of = |xml: &str| Content::of(&parse_unit(xml).unwrap());
/// let one = of("<tu><tuv xml:lang=\"ar-EG\"><seg>نعم &amp; لا</seg></tuv></tu>");
/// let other = of("<tu tuid=\"7\"><prop type=\"x-context\">3</prop><tuv lang='AR_eg'><seg>نعم &#38; لا</seg></tuv></tu>");
/// assert_eq!((one.whole, one.sides), (other.whole, other.sides));
/// assert_ne!(one.context, other.context);
/// assert_ne!(one.whole, of("<tu><tuv xml:lang=\"ar-EG\"><seg>نعم &amp;  لا</seg></tuv></tu>").whole);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// All languages, however they are spelled, with all segments.
    pub whole: u64,
    /// For each language of [`Lang::BOTH`] the first segment that has text.
    pub sides: [Option<u64>; 2],
    /// The unit's props `x-context`, `x-context-pre` and `x-context-post`.
    pub context: Option<u64>,
    /// The unit's prop `x-document`.
    pub document: Option<u64>,
    /// The language that the unit's own `srclang` names.
    pub srclang: Option<Lang>,
    /// The language of the first variant that is of either.
    pub first: Option<Lang>,
}

impl Content {
    /// The numbers of a unit.
    pub fn of(unit: &Unit) -> Content {
        let mut gather = Gather::default();
        gather.srclang(unit.attr("srclang").unwrap_or_default());
        for kind in PLACE_PROPS {
            if let Some(text) = unit.prop(kind) {
                gather.prop(kind, &xml::escaped(text, Spot::Text));
            }
        }
        for variant in &unit.variants {
            gather.variant(variant.tag.as_str(), &seg_xml(&variant.seg), !variant.seg.is_blank());
        }
        gather.finish()
    }
}

/// The numbers while a unit is read.
#[derive(Default)]
pub(super) struct Gather {
    whole: u64,
    sides: [Option<u64>; 2],
    places: [Option<u64>; PLACE_PROPS.len()],
    srclang: Option<Lang>,
    first: Option<Lang>,
}

impl Gather {
    /// The unit's attribute `srclang`.
    pub(super) fn srclang(&mut self, tag: &str) {
        self.srclang = lang_of(tag);
    }

    /// A prop of the unit, its text as canonical XML; of several of one type the first speaks.
    pub(super) fn prop(&mut self, kind: &str, text: &str) {
        if kind.starts_with("x-")
            && let Some(at) = PLACE_PROPS.iter().position(|&place| place == kind)
        {
            self.places[at] = self.places[at].or(Some(number(text.as_bytes())));
        }
    }

    /// A variant, its segment as canonical XML, and whether there is text in it that is not white space.
    pub(super) fn variant(&mut self, tag: &str, seg: &str, has_text: bool) {
        let seg = number(seg.as_bytes());
        // FNV-1a, 64 bits (draft-eastlake-fnv-17 §3): nothing is faster on two letters.
        let fold = |b: u8| if b == b'_' { b'-' } else { b.to_ascii_lowercase() };
        let tag_number = tag
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, b| (hash ^ u64::from(fold(b))).wrapping_mul(0x0100_0000_01b3));
        self.whole = mix(mix(self.whole ^ tag_number, KEYS[0]) ^ seg, KEYS[1]);
        let lang = lang_of(tag);
        self.first = self.first.or(lang);
        if has_text && let Some(lang) = lang {
            let side = &mut self.sides[lang as usize];
            *side = side.or(Some(seg));
        }
    }

    pub(super) fn finish(self) -> Content {
        let [before @ .., document] = self.places;
        let context = before
            .iter()
            .any(Option::is_some)
            .then(|| before.iter().fold(0, |all, place| mix(all ^ place.unwrap_or(KEYS[2]) ^ KEYS[0], KEYS[1])));
        Content { whole: self.whole, sides: self.sides, context, document, srclang: self.srclang, first: self.first }
    }
}

/// [`LangTag::lang`] without its allocations for the usual spellings, `ar` and `ar-EG`.
fn lang_of(tag: &str) -> Option<Lang> {
    match *tag.as_bytes() {
        [a, b] | [a, b, b'-' | b'_', _, _] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() && tag.is_ascii() => {
            match [a.to_ascii_lowercase(), b.to_ascii_lowercase()] {
                [b'a', b'r'] => Some(Lang::Ar),
                [b'e', b'n'] => Some(Lang::En),
                _ => None,
            }
        }
        _ => LangTag::new(tag).lang(),
    }
}

/// Odd numbers with as many ones as zeros, from the digits of π (its fraction, bits 0 to 191).
const KEYS: [u64; 3] = [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7345, 0xa409_3822_299f_31d1];

/// The folded product that wyhash and its kin are made of (Wang Yi, wyhash final version 4): 128 bits, halves joined.
fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

/// One number for two, in this order.
pub(crate) fn joined(a: u64, b: u64) -> u64 {
    mix(mix(a ^ KEYS[0], KEYS[1]) ^ b, KEYS[2])
}

/// A number for bytes, 16 at a step.
fn number(bytes: &[u8]) -> u64 {
    let step = |state: u64, chunk: [u8; 16]| {
        let chunk = u128::from_le_bytes(chunk);
        mix(state ^ chunk as u64 ^ KEYS[0], (chunk >> 64) as u64 ^ KEYS[1])
    };
    let (chunks, rest) = bytes.as_chunks::<16>();
    let mut last = [0; 16];
    last[..rest.len()].copy_from_slice(rest);
    let state = step(chunks.iter().fold(KEYS[2], |state, &chunk| step(state, chunk)), last);
    mix(state ^ bytes.len() as u64, KEYS[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_counts() {
        let text = "كتابٌ على الطاولة، and one more on the shelf".as_bytes();
        let mut numbers = vec![number(text)];
        for len in 0..text.len() {
            numbers.push(number(&text[..len]));
        }
        for bit in 0..text.len() * 8 {
            let mut other = text.to_vec();
            other[bit / 8] ^= 1 << (bit % 8);
            numbers.push(number(&other));
        }
        for zeros in 1..40 {
            numbers.push(number(&vec![0; zeros]));
        }
        let count = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), count);
        let halves: std::collections::HashSet<u32> = numbers.iter().map(|n| *n as u32).collect();
        assert!(halves.len() + 1 >= count);
    }

    #[test]
    fn languages_as_their_tags_say() {
        for tag in ["ar", "AR", "ar-EG", "en_us", "eng", "ar-Latn", "fr", "fr-FR", "", " ar", "é", "ar-أ", "ar-Arab-EG"]
        {
            assert_eq!(lang_of(tag), LangTag::new(tag).lang(), "{tag}");
        }
    }
}
