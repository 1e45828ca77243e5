//! The searchable form of many sources, as bytes: all that are like a query, without comparing it with each.
//!
//! A [`Builder`] makes an index of keys, one side of one file or part of it; an [`Index`] over its bytes, wherever they are,
//! finds what a [`Query`](crate::matching::Query) would find by comparing itself with every key. It is exact: whatever
//! scores as much as wanted is found.
//!
//! *Entries* are the different keys in order of their weight (the sum of the weights of their trigrams); each has its
//! *sources*, the numbers in which they were added. For each trigram the index has the entries that hold it. A search adds up, for
//! the rarest trigrams of the query, what each entry shares with it, until entries that gathered too little could not
//! reach the wanted score even if they had all the others; what is left is compared, most promising first, and what is wanted
//! rises with what was found. (Inverted lists with a threshold on the overlap, and the rarest first: Sarawagi and Kirpal
//! 2004, "Efficient set joins on similarity predicates"; lists by weight and bounds by prefix: Chaudhuri, Ganti and
//! Kaushik 2006, "A primitive operator for similarity joins in data cleaning".)
//!
//! A query that counts words is looked for by its rarest words, see `word_search`: the index has both.

mod bound;
mod builder;
mod dictionary;
mod hash;
mod keys;
mod layout;
mod number;
mod phrase;
mod postings;
mod search;
mod sources;
mod word_search;
mod words;

pub use crate::matching::SCORE_VERSION;
pub use builder::Builder;
pub use layout::{Damage, INDEX_VERSION};
pub use phrase::Shortlist;
pub use search::{Effort, Hit, Likeness, Scratch};
pub use sources::Sources;

use crate::lang::Lang;
use keys::{Alphabet, Keys};
use layout::{Header, Section};

/// Keys of more characters have no postings: each search compares what they weigh, one by one. So a key has at most so
/// many trigrams, what they weigh fits into 16 bits, and a segment as long as a book costs no more than its bytes.
pub const MOST_CHARS: usize = 4_096;

/// A chunk has at least and at most two to the power of so many entries: what it gathers, two bytes an entry, stays close to
/// the processor.
const CHUNK_BITS_LEAST: u32 = 8;
const CHUNK_BITS_MOST: u32 = 15;

/// An entry: a key, and the sources that have it.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The key.
    pub key: &'a str,
    /// The numbers of its sources, ascending.
    pub sources: Sources<'a>,
}

/// An index over bytes that a [`Builder`] made.
#[derive(Debug, Clone)]
pub struct Index<B> {
    bytes: B,
    header: Header,
    alphabet: Alphabet,
}

impl<B: AsRef<[u8]>> Index<B> {
    /// Looks at the header only, so it takes microseconds however many bytes there are. Bytes of another version, and such
    /// as end early, are refused.
    ///
    /// Damage elsewhere does no harm but that something is not found, or a source is named that has another key: whoever
    /// reads the source sees that. [`Index::verify`] finds all of it.
    ///
    /// ```
    /// use dhakira::Lang;
    /// use dhakira::index::{Builder, Damage, Index};
    /// let mut bytes = Builder::new(Lang::Ar).finish();
    /// assert_eq!(Index::open(&bytes).unwrap().len(), 0);
    /// bytes[9] ^= 1;
    /// assert_eq!(Index::open(&bytes).unwrap_err(), Damage::Version);
    /// assert_eq!(Index::open("ذاكرة").unwrap_err(), Damage::NotAnIndex);
    /// ```
    pub fn open(bytes: B) -> Result<Index<B>, Damage> {
        let header = Header::read(bytes.as_ref())?;
        let alphabet = Alphabet::read(&bytes.as_ref()[header.sections[Section::Alphabet as usize].clone()]);
        Ok(Index { bytes, header, alphabet })
    }

    /// Reads all bytes, some gigabytes a second, and tells whether they are those that were written.
    pub fn verify(&self) -> Result<(), Damage> {
        if self.header.holds(self.bytes.as_ref()) { Ok(()) } else { Err(Damage::Damaged) }
    }

    /// The language of the sources.
    pub fn lang(&self) -> Lang {
        self.header.lang
    }

    /// How many sources there are.
    pub fn len(&self) -> usize {
        self.header.sources
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many different keys there are.
    pub fn entries(&self) -> usize {
        self.header.entries + self.header.longs
    }

    /// The bytes of each part: its name and size, for measuring.
    pub fn sizes(&self) -> Vec<(&'static str, usize)> {
        Section::NAMES.into_iter().zip(self.header.sections.iter().map(|section| section.len())).collect()
    }

    fn section(&self, section: Section) -> &[u8] {
        self.bytes.as_ref().get(self.header.sections[section as usize].clone()).unwrap_or(&[])
    }

    fn keys(&self) -> Keys<'_> {
        Keys {
            lengths: self.section(Section::Lengths),
            samples: self.section(Section::KeySamples),
            bytes: self.section(Section::Keys),
        }
    }

    fn runs(&self) -> sources::Runs<'_> {
        sources::Runs {
            boundaries: self.section(Section::Boundaries),
            selects: self.section(Section::Selects),
            sources: self.section(Section::Sources),
        }
    }

    fn dictionary(&self) -> dictionary::Dictionary<'_> {
        dictionary::Dictionary { blocks: self.section(Section::Blocks), lists: self.section(Section::Lists) }
    }
}
