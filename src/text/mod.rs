//! What text is underneath its spelling: the key that two spellings share, words, numbers, dates and names.

mod key;

pub use key::{KEY_VERSION, Key, key};
