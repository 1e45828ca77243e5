//! What text is underneath its spelling: the key that two spellings share, words and their count, numbers, dates and names.

mod count;
mod date;
mod fold;
mod key;
mod name;
mod number;
mod stem;
mod token;

pub use count::Count;
pub use date::{Date, DatePlace, Month, date_places, dates, weekday};
pub use fold::Form;
pub use key::{KEY_VERSION, Key, KeyMap, form_differences, key, key_mapped, whole_clusters};
pub use name::{name_similarity, name_skeletons, skeleton};
pub use number::{Number, number_word_runs};
pub use stem::Stem;
pub use token::{Token, TokenKind, digit, tokens};

pub(crate) use date::{date_places_among, folded_weekday};
pub(crate) use number::number_word_runs_among;
pub(crate) use token::FoldedWords;
