//! The memory: a folder of TMX files, read as snapshots, changed by one writer at a time.
//!
//! Every file of the folder is a complete, valid TMX at every moment. Files of other tools are never changed: what is added,
//! replaced and deleted here is written to live files (`live-0001.tmx`, …), of which the newest grows until it has
//! [`LIVE_UNITS`] units. There is no journal, and nothing to repair: a file has its old content or its new one.
//!
//! Of a file with [`INDEXED_UNITS`] units or more, `.index/NAME.tmx.idx` says what is where, so that opening the memory reads
//! none of it. Index files are made when they are missing and not used where they do not fit their TMX file.

mod build;
mod compact;
mod concordance;
mod deletions;
mod find;
mod folder;
mod fragments;
mod held;
#[cfg(test)]
mod hidden;
mod identity;
mod layout;
mod library;
mod live;
mod lock;
mod map;
mod moment;
mod numbers;
mod repaired;
mod roll;
mod shard;
mod sides;
mod snapshot;
mod stamp;
mod standing;
mod stored;
mod surroundings;
mod traits;
mod writer;

pub use compact::{CompactOptions, Compacted};
pub use concordance::{Concordance, ConcordanceLine, DateRange, Filter, Found, Occurrences, Position};
pub use deletions::Deletions;
pub use find::{Find, Match};
pub use folder::{Indexing, Memory};
pub use fragments::Fragment;
pub use identity::{content_id, unit_id};
pub use library::{Library, Shelf};
pub use moment::Moment;
pub(crate) use numbers::Numbers;
pub use repaired::Repaired;
pub use roll::Roll;
pub use snapshot::{Snapshot, State, Version};
pub use stored::INDEXED_UNITS;
pub use writer::{Change, LIVE_UNITS, Writer};
