//! The right to write: a lock of the operating system, which dies with its process.

use crate::error::Error;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// The lock on the file `.lock` of a folder, held until it is dropped. A lock file that is left behind means nothing. While
/// it is held, the file names the process that has it.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

/// How long to sleep between two tries: not to be felt by a person, not to be seen in a load.
const PAUSE: Duration = Duration::from_millis(20);

impl Lock {
    /// Takes the lock, waiting up to `patience` for it.
    pub(super) fn take(folder: &Path, patience: Duration) -> Result<Lock, Error> {
        let path = folder.join(".lock");
        let refuse = |e| Error::io("lock", &path, e);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(refuse)?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if start.elapsed() < patience => {
                    std::thread::sleep(PAUSE.min(patience.saturating_sub(start.elapsed())));
                }
                Err(TryLockError::WouldBlock) => {
                    // The name is a courtesy: without it the refusal stands as well.
                    let mut name = Vec::new();
                    let _ = (&file).take(100).read_to_end(&mut name);
                    let name = String::from_utf8_lossy(&name);
                    let name = name.trim();
                    let holder = if name.is_empty() { String::new() } else { format!(" ({name})") };
                    return Err(Error::Locked { path, holder });
                }
                Err(TryLockError::Error(error)) => return Err(refuse(error)),
            }
        }
        // A full disk must not keep anybody from deleting: that nobody is named then does no harm.
        let _ = file.set_len(0).and_then(|()| file.rewind());
        let _ = writeln!(file, "process {}", std::process::id());
        Ok(Lock { file })
    }
}

impl Drop for Lock {
    /// Closing the file would not do: a process that is being started holds a copy of it until its program runs.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}
