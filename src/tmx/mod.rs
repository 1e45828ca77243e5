//! TMX in and out with nothing lost: any TMX 1.1 to 1.4b in any encoding is read unit by unit, what is broken is set aside
//! with its place and reason, and what is written is strict 1.4 that every tool accepts.

mod block;
mod content;
mod dtd;
mod header;
mod line;
mod mend;
mod parse;
mod reader;
mod scan;
mod transcribe;
mod writer;

pub use crate::file::{NewFile, WriteError, replace};
pub use block::{Ahead, Block, Blocks, Lines, Selection};
pub(crate) use content::joined;
pub use content::{Content, PLACE_PROPS};
pub use header::{Header, Ude};
pub use line::Line;
pub use mend::{Mend, Mended, mend};
pub use parse::{Flaw, parse_unit};
pub use reader::{Entry, ReadOptions, Reader, Reject, Report};
pub use writer::{Writer, unit_xml};
