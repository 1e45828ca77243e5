//! Files as such: written whole or not at all, read as UTF-8 whatever their encoding.

mod lines;
mod new;
mod source;

pub(crate) use lines::{Line, Lines};
pub use new::{NewFile, WriteError, replace};
pub(crate) use source::{Ahead, Source, breaks};
