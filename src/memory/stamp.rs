//! What tells two states of a file apart without reading it.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A file's length, times and inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
    /// On Unix device, inode, and seconds and nanoseconds of the last change of the inode, which no program can set back.
    node: [i64; 4],
}

impl Stamp {
    pub(super) fn new(meta: &Metadata) -> Stamp {
        #[cfg(unix)]
        let node = {
            use std::os::unix::fs::MetadataExt;
            [meta.dev().cast_signed(), meta.ino().cast_signed(), meta.ctime(), meta.ctime_nsec()]
        };
        #[cfg(not(unix))]
        let node = [0; 4];
        Stamp { len: meta.len(), modified: meta.modified().ok(), node }
    }

    pub(super) fn of(path: &Path) -> io::Result<Stamp> {
        fs::metadata(path).map(|meta| Stamp::new(&meta))
    }

    /// That of a file that is about to be read. One that is being written in place is waited for: a change within this step of
    /// the clock would not show.
    pub(super) fn rested(file: &File) -> io::Result<Stamp> {
        let stamp = Stamp::new(&file.metadata()?);
        if stamp.modified.is_none_or(|time| age(time) >= STEP) {
            return Ok(stamp);
        }
        std::thread::sleep(STEP);
        Ok(Stamp::new(&file.metadata()?))
    }

    /// Whether another file has taken the name.
    pub(super) fn is_other_file(&self, other: &Stamp) -> bool {
        self.node[..2] != other.node[..2]
    }

    /// Whether the file was at rest when it was looked at. Clocks of file systems go in steps: two changes within one step
    /// have one stamp, and the second would never be seen.
    pub(super) fn settled(&self) -> bool {
        let Some(modified) = self.modified else { return false };
        // Where a time has parts of a second, steps are those of the kernel's clock, 10 ms at most; FAT has two seconds.
        let is_fine = modified.duration_since(UNIX_EPOCH).is_ok_and(|since| since.subsec_nanos() != 0);
        let step = if is_fine { STEP } else { Duration::from_secs(2) };
        age(modified) > step
    }

    /// Whether the content is the same: not the node, which changes when another file takes the name.
    pub(super) fn has_content_of(&self, other: &Stamp) -> bool {
        (self.len, self.modified) == (other.len, other.modified)
    }

    /// The stamp for an index file, which another process may read after another start of the machine: without the device,
    /// whose number may be another then.
    pub(super) fn bytes(&self) -> [u8; 48] {
        let since = self.modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let (seconds, nanos) = since.map_or((u64::MAX, 0), |since| (since.as_secs(), since.subsec_nanos().into()));
        let [_, inode, changed, changed_nanos] = self.node.map(i64::cast_unsigned);
        let mut bytes = [0; 48];
        for (field, number) in bytes.chunks_exact_mut(8).zip([self.len, seconds, nanos, inode, changed, changed_nanos])
        {
            field.copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }
}

/// More than one step of the clock of a file system that knows parts of a second.
const STEP: Duration = Duration::from_millis(20);

/// How far a time is from now; the clock of another machine may be ahead.
fn age(time: SystemTime) -> Duration {
    SystemTime::now().duration_since(time).unwrap_or_else(|ahead| ahead.duration())
}
