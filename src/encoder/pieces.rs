//! Texts as numbers of pieces: a SentencePiece unigram model.
//!
//! Source: Kudo 2018, "Subword Regularization" (<https://aclanthology.org/P18-1007/>), section 3.2: of all ways to cut a text into
//! pieces that with the greatest sum of log probabilities, found by Viterbi in time linear in the text. The file is a protobuf
//! message (`sentencepiece_model.proto`): field 1 the pieces, field 3 the normaliser with its rules in field 2.

use super::normaliser::Normaliser;
use super::trie::Trie;

/// The piece of a character that no piece begins with.
const UNKNOWN: u32 = 0;
/// What a text begins with, `<s>`.
const BEGIN: u32 = 1;
/// What a text ends with, `</s>`.
const END: u32 = 2;
/// How much less probable than the least probable piece an unknown character is (`kUnkPenalty` in `unigram_model.cc`).
const UNKNOWN_PENALTY: f64 = 10.0;

/// The pieces of a model with their scores.
pub(super) struct Pieces {
    trie: Trie,
    scores: Vec<f32>,
    unknown_score: f64,
    normaliser: Normaliser,
}

/// Memory that is used again for each text.
#[derive(Default)]
pub(super) struct Scratch {
    normalised: Vec<u8>,
    /// For each place in the text the best way to it: its score, where its last piece begins, and which it is.
    best: Vec<(f64, u32, u32)>,
}

impl Pieces {
    /// Reads a model file; else says what is wrong with it.
    pub(super) fn read(file: &[u8]) -> Result<Pieces, &'static str> {
        const BROKEN: &str = "not a SentencePiece model, or not all of it";
        let mut pieces: Vec<&[u8]> = Vec::new();
        let mut scores = Vec::new();
        let mut charsmap: &[u8] = &[];
        for field in Message(file) {
            match field.ok_or(BROKEN)? {
                (1, Value::Bytes(piece)) => {
                    let (mut text, mut score): (&[u8], f32) = (&[], 0.0);
                    for field in Message(piece) {
                        match field.ok_or(BROKEN)? {
                            (1, Value::Bytes(bytes)) => text = bytes,
                            (2, Value::Four(bytes)) => score = f32::from_le_bytes(bytes),
                            _ => {}
                        }
                    }
                    if !score.is_finite() || std::str::from_utf8(text).is_err() {
                        return Err("a piece of this SentencePiece model is no text, or its score no number");
                    }
                    pieces.push(text);
                    scores.push(score);
                }
                (3, Value::Bytes(normaliser)) => {
                    for field in Message(normaliser) {
                        match field.ok_or(BROKEN)? {
                            (2, Value::Bytes(bytes)) => charsmap = bytes,
                            (3..=5, Value::Number(0)) => {
                                return Err(
                                    "this SentencePiece model treats white space in another way than is done here",
                                );
                            }
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        if pieces.len() <= END as usize {
            return Err(BROKEN);
        }
        let normaliser =
            Normaliser::read(charsmap).ok_or("the rules of this SentencePiece model's normaliser are broken")?;
        let least = scores.iter().copied().fold(f32::INFINITY, f32::min);
        Ok(Pieces { trie: Trie::new(&pieces), scores, unknown_score: f64::from(least) - UNKNOWN_PENALTY, normaliser })
    }

    /// How many pieces there are.
    pub(super) fn len(&self) -> usize {
        self.scores.len()
    }

    /// Appends the numbers of the pieces of `text`: at least three, `<s>`, one or more, `</s>`.
    pub(super) fn cut(&self, text: &str, scratch: &mut Scratch, ids: &mut Vec<u32>) {
        ids.push(BEGIN);
        self.normaliser.normalise(text, &mut scratch.normalised);
        let text = &scratch.normalised[..];
        if text.is_empty() {
            ids.push(UNKNOWN);
        }

        let best = &mut scratch.best;
        best.clear();
        best.resize(text.len() + 1, (f64::NEG_INFINITY, 0, UNKNOWN));
        best[0].0 = 0.0;
        for start in 0..text.len() {
            let (so_far, ..) = best[start];
            if so_far == f64::NEG_INFINITY {
                continue;
            }
            let mut reach = |length: usize, score: f64, piece: u32| {
                let end = &mut best[start + length];
                if so_far + score > end.0 {
                    *end = (so_far + score, start as u32, piece);
                }
            };
            let character = 1 + text[start + 1..].iter().take_while(|byte| **byte & 0xC0 == 0x80).count();
            let mut known = false;
            self.trie.prefixes(&text[start..], |length, piece| {
                known |= length == character;
                reach(length, f64::from(self.scores[piece as usize]), piece);
            });
            if !known {
                reach(character, self.unknown_score, UNKNOWN);
            }
        }

        let first = ids.len();
        let mut end = text.len();
        while end > 0 {
            let (_, start, piece) = best[end];
            ids.push(piece);
            end = start as usize;
        }
        ids[first..].reverse();
        ids.push(END);
    }
}

/// A protobuf message, read field by field; an item is none where it breaks off, and the last one then.
struct Message<'a>(&'a [u8]);

/// What a field holds, as far as models use it.
enum Value<'a> {
    Number(u64),
    Four([u8; 4]),
    Eight,
    Bytes(&'a [u8]),
}

impl<'a> Message<'a> {
    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn bytes(&mut self, length: u64) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(bytes)
    }

    fn field(&mut self) -> Option<(u64, Value<'a>)> {
        let tag = self.varint()?;
        let value = match tag & 7 {
            0 => Value::Number(self.varint()?),
            1 => self.bytes(8).map(|_| Value::Eight)?,
            2 => {
                let length = self.varint()?;
                Value::Bytes(self.bytes(length)?)
            }
            5 => Value::Four(self.bytes(4)?.try_into().ok()?),
            _ => return None,
        };
        Some((tag >> 3, value))
    }
}

impl<'a> Iterator for Message<'a> {
    type Item = Option<(u64, Value<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}
