//! The JSON forms, lines of UTF-8: what programs write to us and read from us. An API: names and meanings stay.
//!
//! One object a line. Unknown keys are ignored. A line that cannot be understood is answered in its place by an
//! [`ErrorRecord`]. Offsets are bytes, ranges half-open. Scores are 0 to 100 (101 for a context match), of links 0 to 1.

mod articles;
mod error;
mod files;
mod job;
mod memory;
mod search;
mod worker;

pub use articles::*;
pub use error::*;
pub use files::*;
pub use job::*;
pub use memory::*;
pub use search::*;
pub use worker::*;
