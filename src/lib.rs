//! Dhakira (ذاكرة, "memory"): Arabic articles and their English translations become a sentence-aligned corpus stored as
//! TMX, and every new sentence gets its earlier translations back.
//!
//! The road, from left to right: [`corpus`] reads an article, [`segment`] splits it into sentences, [`align`] links them
//! with those of the translation, [`unit`](mod@unit) holds a linked pair, [`tmx`] stores it, [`memory`] is a folder of such files,
//! [`matching`] finds what is like a new sentence, [`document`] is what is to be translated. [`task`] is one unit of that work, whoever brings it.
//!
//! The library prints nothing and never exits. What takes text cannot fail; what takes files returns [`Error`].

#![deny(missing_docs)]
// Two functions may: one maps an index file, `memory/map.rs`, one multiplies matrices, `encoder/matrix.rs`.
#![deny(unsafe_code)]
#![warn(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used, clippy::dbg_macro)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod align;
pub mod bitext;
pub mod check;
pub mod concordance;
pub mod corpus;
pub mod document;
pub mod encoder;
pub mod error;
pub mod file;
pub mod glossary;
pub mod index;
pub mod lang;
pub mod lexicon;
pub mod matching;
pub mod memory;
pub mod pairing;
pub mod phrase;
pub mod repair;
pub mod segment;
pub mod task;
pub mod text;
pub mod tmx;
pub mod unit;
mod xml;

pub use error::Error;
pub use lang::{Lang, LangTag};
