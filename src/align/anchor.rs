//! Anchors: what two sentences share across the scripts, and what a shared or missing one says.

use crate::lang::Lang;
use crate::text::{
    FoldedWords, Month, Number, Token, TokenKind, date_places_among, folded_weekday, key, number_word_runs_among,
};
use std::collections::{BTreeMap, HashSet};

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
}

impl AnchorKind {
    /// Whether it says something that the other side does not have it at all: words for numbers are many.
    pub(super) fn is_missed(self) -> bool {
        matches!(self, AnchorKind::Number | AnchorKind::Question | AnchorKind::Mark | AnchorKind::Address)
    }
}

/// How often a translation keeps an anchor, by kind: P(the other side has it | the other side is the translation).
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The probabilities, in the order of [`AnchorKind`].
    pub by_kind: [f32; 7],
}

impl Default for Kept {
    /// Set by judgement, then tried by coordinate descent of strict F1 on the documents that
    /// [`super::LengthModel::default`] names; none of the steps gained enough to keep.
    fn default() -> Kept {
        Kept { by_kind: [0.85, 0.6, 0.85, 0.85, 0.95, 0.9, 0.6] }
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
    /// The sentences of the other side that have it, rising.
    pub other: Vec<u32>,
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
}

/// Compares the two documents; both sides' anchors.
pub(super) fn anchors(ar: &[Vec<Token<'_>>], en: &[Vec<Token<'_>>]) -> (Side, Side) {
    let ar_traits: Vec<Traits> = ar.iter().map(|tokens| traits(Lang::Ar, tokens, |_| true)).collect();
    // Of the English words only those tell something that stand in the Arabic, too.
    let latin = ar_traits.iter().flat_map(|traits| &traits.signs).filter_map(|(_, sign)| match sign {
        Sign::Word(word) => Some(word.as_str()),
        _ => None,
    });
    let latin: HashSet<&str> = latin.collect();
    let sizes: HashSet<usize> = latin.iter().map(|word| word.len()).collect();
    let shared = |word: &str| sizes.contains(&word.len()) && latin.contains(word);
    let en_traits: Vec<Traits> = en.iter().map(|tokens| traits(Lang::En, tokens, shared)).collect();
    let (mut ar_side, mut en_side) = (Side::new(ar.len()), Side::new(en.len()));
    link_signs(&ar_traits, &en_traits, &mut ar_side, &mut en_side);
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

/// What a sentence shows; of words in Latin letters those that `wanted` knows.
fn traits(lang: Lang, tokens: &[Token<'_>], wanted: impl Fn(&str) -> bool) -> Traits {
    let mut found = Traits::default();
    let words = FoldedWords::new(tokens);
    for place in date_places_among(lang, tokens, &words) {
        found.signs.push((AnchorKind::Date, Sign::Month(place.date.month)));
    }
    for number in number_word_runs_among(lang, tokens, &words) {
        found.signs.push((AnchorKind::NumberWord, Sign::Number(number)));
    }
    for (at, token) in tokens.iter().enumerate() {
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
                let folded = words.get(at).unwrap_or_default();
                if let Some(day) = folded_weekday(script, token.text, folded) {
                    found.signs.push((AnchorKind::Date, Sign::Weekday(day)));
                } else if script == Lang::En {
                    let word = folded.strip_suffix("'s").unwrap_or(folded);
                    if word.chars().nth(1).is_some() && wanted(word) {
                        found.signs.push((AnchorKind::Latin, Sign::Word(word.to_owned())));
                    }
                }
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
    let nowhere = (AnchorKind::Mark, Vec::new());
    for (own, other, side) in [(&ar, &en, ar_side), (&en, &ar, en_side)] {
        for (sign, (kind, sentences)) in own {
            let (other_kind, found) = other.get(sign).unwrap_or(&nowhere);
            if found.is_empty() && !kind.is_missed() {
                continue;
            }
            let kind = if found.is_empty() { *kind } else { *kind.max(other_kind) };
            side.push(Anchor { kind, own: sentences.clone(), other: found.clone() });
        }
    }
}
