//! What text is underneath its spelling: the key that two spellings share, words, numbers, dates and names.

mod fold;
mod key;

pub use fold::Form;
pub use key::{KEY_VERSION, Key, KeyMap, form_differences, key, key_mapped};
