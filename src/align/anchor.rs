//! Anchors: what two sentences share across the scripts, and what a shared or missing one says.

use crate::lang::Lang;
use crate::segment::Document;
use crate::text::{
    Month, Number, TokenKind, dates, key, name_similarity, name_skeletons, number_word_runs, skeleton, tokens, weekday,
};
use std::collections::{BTreeMap, HashMap};

/// What kind of thing an anchor is: how surely a translator keeps it depends on this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AnchorKind {
    /// A number in digits.
    Number,
    /// A number in words.
    NumberWord,
    /// A month or a weekday.
    Date,
    /// A word in Latin letters that stands in the Arabic, too.
    Latin,
    /// A web or e-mail address.
    Address,
    /// A question mark.
    Question,
    /// Any other mark or symbol.
    Mark,
    /// A name, by its consonants.
    Name,
}

impl AnchorKind {
    /// Whether it says something that the other side does not have it at all: words for numbers and names are many.
    pub(super) fn is_missed(self) -> bool {
        matches!(self, AnchorKind::Number | AnchorKind::Question | AnchorKind::Mark | AnchorKind::Address)
    }
}

/// How often a translation keeps an anchor, by kind: P(the other side has it | the other side is the translation).
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The probabilities, in the order of [`AnchorKind`].
    pub by_kind: [f32; 8],
}

impl Default for Kept {
    /// Set by judgement, then tried by coordinate descent of strict F1 on the documents that
    /// [`super::LengthModel::default`] names; none of the steps gained enough to keep.
    fn default() -> Kept {
        Kept { by_kind: [0.85, 0.6, 0.85, 0.85, 0.95, 0.9, 0.6, 0.75] }
    }
}

/// What an anchor is compared by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Sign {
    Number(Number),
    Month(Month),
    Weekday(u8),
    Word(String),
    Address(String),
    Mark(char),
}

/// One anchor type of one side, and where the other side has it.
#[derive(Debug, Clone)]
pub(super) struct Anchor {
    pub kind: AnchorKind,
    /// The sentences of its own side that have it, rising.
    pub own: Vec<u32>,
    /// The sentences of the other side that have it, rising, and how surely it is the same thing (0 to 1).
    pub other: Vec<(u32, f32)>,
}

/// The anchors of one side: for each sentence the numbers of its anchor types.
#[derive(Debug, Clone, Default)]
pub(super) struct Side {
    pub anchors: Vec<Anchor>,
    pub sentences: Vec<Vec<u32>>,
}

/// What one sentence shows, before the sides are compared.
#[derive(Debug, Default)]
struct Traits {
    signs: Vec<(AnchorKind, Sign)>,
    /// Arabic words; English words with a capital, `true` inside of a sentence.
    words: Vec<(String, bool)>,
}

/// Compares the two documents; both sides' anchors.
pub(super) fn anchors(ar: &Document, en: &Document) -> (Side, Side) {
    let ar_traits: Vec<Traits> = (0..ar.len()).map(|i| traits(Lang::Ar, ar.sentence(i))).collect();
    let en_traits: Vec<Traits> = (0..en.len()).map(|j| traits(Lang::En, en.sentence(j))).collect();
    let (mut ar_side, mut en_side) = (Side::new(ar.len()), Side::new(en.len()));
    link_signs(&ar_traits, &en_traits, &mut ar_side, &mut en_side);
    link_names(&ar_traits, &en_traits, &mut ar_side, &mut en_side);
    (ar_side, en_side)
}

impl Side {
    fn new(sentences: usize) -> Side {
        Side { anchors: Vec::new(), sentences: vec![Vec::new(); sentences] }
    }

    fn push(&mut self, anchor: Anchor) {
        let number = self.anchors.len() as u32;
        for &sentence in &anchor.own {
            self.sentences[sentence as usize].push(number);
        }
        self.anchors.push(anchor);
    }
}

fn traits(lang: Lang, sentence: &str) -> Traits {
    let tokens = tokens(sentence);
    let mut found = Traits::default();
    for (date, _) in dates(lang, &tokens) {
        found.signs.push((AnchorKind::Date, Sign::Month(date.month)));
    }
    for number in number_word_runs(lang, &tokens) {
        found.signs.push((AnchorKind::NumberWord, Sign::Number(number)));
    }
    let mut inside = false;
    for token in &tokens {
        match token.kind {
            TokenKind::Number => {
                // A version or a section has no value, but it is written alike on both sides.
                let sign = match Number::parse(token.text) {
                    Some(number) => Sign::Number(number),
                    None => Sign::Address(key(lang, token.text).as_str().to_owned()),
                };
                found.signs.push((AnchorKind::Number, sign));
            }
            TokenKind::Url | TokenKind::Email => {
                found.signs.push((AnchorKind::Address, Sign::Address(token.text.to_lowercase())));
            }
            TokenKind::Mark(mark) => {
                let kind = if mark == '?' { AnchorKind::Question } else { AnchorKind::Mark };
                found.signs.push((kind, Sign::Mark(mark)));
            }
            TokenKind::Word(script) => {
                if let Some(day) = weekday(script, token.text) {
                    found.signs.push((AnchorKind::Date, Sign::Weekday(day)));
                } else if script == Lang::En {
                    let mut word = token.text.to_lowercase().replace('\u{2019}', "'");
                    if let Some(bare) = word.strip_suffix("'s") {
                        word.truncate(bare.len());
                    }
                    if word.chars().count() > 1 {
                        found.signs.push((AnchorKind::Latin, Sign::Word(word)));
                    }
                }
                if script == lang && (lang == Lang::Ar || token.text.starts_with(char::is_uppercase)) {
                    found.words.push((token.text.to_owned(), inside));
                }
                inside = true;
            }
        }
    }
    found.signs.sort();
    found.signs.dedup_by(|a, b| a.1 == b.1);
    found
}

/// Anchors whose signs are equal.
fn link_signs(ar: &[Traits], en: &[Traits], ar_side: &mut Side, en_side: &mut Side) {
    let gather = |side: &[Traits]| {
        let mut where_is: BTreeMap<Sign, (AnchorKind, Vec<u32>)> = BTreeMap::new();
        for (number, traits) in side.iter().enumerate() {
            for (kind, sign) in &traits.signs {
                let entry = where_is.entry(sign.clone()).or_insert((*kind, Vec::new()));
                entry.0 = entry.0.min(*kind);
                entry.1.push(number as u32);
            }
        }
        where_is
    };
    let (ar, en) = (gather(ar), gather(en));
    let nowhere = (AnchorKind::Name, Vec::new());
    for (own, other, side) in [(&ar, &en, ar_side), (&en, &ar, en_side)] {
        for (sign, (kind, sentences)) in own {
            let (other_kind, found) = other.get(sign).unwrap_or(&nowhere);
            if found.is_empty() && !kind.is_missed() {
                continue;
            }
            let kind = if found.is_empty() { *kind } else { *kind.max(other_kind) };
            let other = found.iter().map(|&s| (s, 1.0)).collect();
            side.push(Anchor { kind, own: sentences.clone(), other });
        }
    }
}

/// Similarity from which two skeletons may be one name.
const ALIKE: f64 = 0.86;

/// Anchors whose consonants sound alike: any Arabic word and an English word with a capital.
fn link_names(ar: &[Traits], en: &[Traits], ar_side: &mut Side, en_side: &mut Side) {
    // English words by skeleton: the sentences, and whether one of them has the word inside.
    let mut en_names: BTreeMap<String, (Vec<u32>, bool)> = BTreeMap::new();
    for (number, traits) in en.iter().enumerate() {
        for (word, inside) in &traits.words {
            let skeleton = skeleton(Lang::En, word);
            if skeleton.len() >= 2 {
                let entry = en_names.entry(skeleton).or_default();
                entry.1 |= inside;
                if entry.0.last() != Some(&(number as u32)) {
                    entry.0.push(number as u32);
                }
            }
        }
    }
    en_names.retain(|skeleton, (_, inside)| *inside || skeleton.len() > 3);
    // Arabic words by their set of skeletons.
    let mut known: HashMap<&str, usize> = HashMap::new();
    let mut ar_sets: Vec<(Vec<String>, Vec<u32>)> = Vec::new();
    let mut by_set: HashMap<Vec<String>, usize> = HashMap::new();
    for (number, traits) in ar.iter().enumerate() {
        for (word, _) in &traits.words {
            let set = *known.entry(word).or_insert_with(|| {
                let skeletons: Vec<String> = name_skeletons(word).into_iter().filter(|s| s.len() >= 2).collect();
                *by_set.entry(skeletons.clone()).or_insert_with(|| {
                    ar_sets.push((skeletons, Vec::new()));
                    ar_sets.len() - 1
                })
            });
            if ar_sets[set].1.last() != Some(&(number as u32)) {
                ar_sets[set].1.push(number as u32);
            }
        }
    }
    let en_names: Vec<(String, Vec<u32>)> = en_names.into_iter().map(|(s, (at, _))| (s, at)).collect();
    let mut by_first: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
    for (number, (skeleton, _)) in en_names.iter().enumerate() {
        by_first.entry(first_class(skeleton)).or_default().push(number);
    }
    let masks: Vec<u32> = en_names.iter().map(|(s, _)| letter_mask(s)).collect();
    let mut en_links: Vec<Vec<(u32, f32)>> = vec![Vec::new(); en_names.len()];
    for (skeletons, own) in ar_sets {
        let mut other: Vec<(u32, f32)> = Vec::new();
        let mut links: BTreeMap<usize, f32> = BTreeMap::new();
        for skeleton in &skeletons {
            let mask = letter_mask(skeleton);
            for &name in by_first.get(&first_class(skeleton)).map_or(&[][..], Vec::as_slice) {
                let shared = (mask & masks[name]).count_ones();
                if shared + 1 < mask.count_ones().min(masks[name].count_ones()) {
                    continue;
                }
                let similarity = name_similarity(skeleton, &en_names[name].0);
                if similarity >= ALIKE {
                    let weight = sureness(similarity, skeleton.len().min(en_names[name].0.len()));
                    let best = links.entry(name).or_insert(0.0);
                    *best = best.max(weight);
                }
            }
        }
        for (name, weight) in links {
            other.extend(en_names[name].1.iter().map(|&s| (s, weight)));
            en_links[name].extend(own.iter().map(|&s| (s, weight)));
        }
        if !other.is_empty() {
            ar_side.push(Anchor { kind: AnchorKind::Name, own, other: strongest(other) });
        }
    }
    for ((_, own), other) in en_names.into_iter().zip(en_links) {
        if !other.is_empty() {
            en_side.push(Anchor { kind: AnchorKind::Name, own, other: strongest(other) });
        }
    }
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

fn strongest(mut places: Vec<(u32, f32)>) -> Vec<(u32, f32)> {
    places.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    places.dedup_by_key(|place| place.0);
    places
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

/// The consonant classes of a skeleton as a set, kindred ones as one.
fn letter_mask(skeleton: &str) -> u32 {
    skeleton.bytes().fold(0, |mask, b| mask | 1 << (u32::from(kindred(b)) & 31))
}
