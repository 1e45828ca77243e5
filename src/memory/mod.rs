//! The memory: a folder of TMX files, read as one snapshot, written by one writer at a time.

mod folder;
mod snapshot;
mod writer;

pub use folder::Memory;
pub use snapshot::{Find, Match, Snapshot};
pub use writer::Writer;
