//! The memory: a folder of TMX files, read as snapshots, changed by one writer at a time.
//!
//! Every file of the folder is a complete, valid TMX at every moment. Files of other tools are never changed: what is added,
//! replaced and deleted here is written to live files (`live-0001.tmx`, …), of which the newest grows until it has
//! [`LIVE_UNITS`] units. There is no journal, and nothing to repair: a file has its old content or its new one.

mod compact;
mod deletions;
mod folder;
mod identity;
mod lock;
mod moment;
mod numbers;
mod roll;
mod shard;
mod snapshot;
mod standing;
mod writer;

pub use compact::{CompactOptions, Compacted};
pub use deletions::Deletions;
pub use folder::Memory;
pub use identity::{content_id, unit_id};
pub use moment::Moment;
pub(crate) use numbers::Numbers;
pub use roll::Roll;
pub use snapshot::{Find, Match, Snapshot, State, Version};
pub use writer::{Change, LIVE_UNITS, Writer};
