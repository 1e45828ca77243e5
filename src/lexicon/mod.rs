//! The lexicon: which words of the two languages translate each other, and how probably.
//!
//! It knows stems ([`stem()`]) and two probabilities for each pair of them, that of the one word given the other and back, as
//! IBM Model 1 learns them from translated lines ([`Training`]). The one that ships, [`Lexicon::shipped`], is made by
//! `examples/lexicon.rs`; `lexicon.txt` beside it names what it was made from, with licences.

mod model;
mod pack;
mod stem;
mod words;

pub use model::{Guess, Knowledge, Training};
pub use pack::{Lexicon, Translation, Word};
pub use stem::stem;
pub use words::Words;
