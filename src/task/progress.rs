//! How far a piece of work is, seen from another thread, and from there told to stop.

use crate::error::Error;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How far a piece of work is; clones are the same one. What is counted the work says: bytes read of a file for
/// [`import`](super::import), units looked at for [`export`](super::export).
///
/// ```
/// use dhakira::memory::Memory;
/// use dhakira::task::{ExportOptions, export};
/// let folder = tempfile::tempdir().unwrap();
/// let unit = "<tu><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv><tuv xml:lang=\"en\"><seg>yes</seg></tuv></tu>";
/// std::fs::write(folder.path().join("a.tmx"), format!("<tmx version=\"1.4\"><header/><body>{unit}</body></tmx>")).unwrap();
/// let memory = Memory::open(folder.path()).unwrap();
/// let (options, out) = (ExportOptions::default(), folder.path().join("out.tsv"));
/// let progress = options.progress.clone();
/// export(&memory, &options, &out, |_| {}).unwrap();
/// assert_eq!(progress.done(), 1);
/// progress.stop();
/// let stopped = export(&memory, &options, &out, |_| {}).unwrap_err();
/// assert_eq!(stopped.code(), "stopped");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Progress {
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    done: AtomicU64,
    is_stopped: AtomicBool,
}

impl Progress {
    /// How much is done.
    pub fn done(&self) -> u64 {
        self.state.done.load(Ordering::Relaxed)
    }

    /// Has the work end at its next step, as an error; what it would have written is not written then. Work that is done stays done.
    pub fn stop(&self) {
        self.state.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Whether it was told to stop.
    pub fn is_stopped(&self) -> bool {
        self.state.is_stopped.load(Ordering::Relaxed)
    }

    /// Counts what was done further.
    pub(super) fn add(&self, more: u64) {
        self.state.done.fetch_add(more, Ordering::Relaxed);
    }

    /// An error about `path`, if it was told to stop.
    pub(super) fn check(&self, path: &Path) -> Result<(), Error> {
        if self.is_stopped() { Err(Error::Stopped { path: path.to_path_buf() }) } else { Ok(()) }
    }

    /// Counts what is read.
    pub(super) fn watch<R: Read>(&self, input: R) -> Watched<R> {
        Watched { input, progress: self.clone() }
    }
}

/// A reader whose bytes are counted.
pub(super) struct Watched<R> {
    input: R,
    progress: Progress,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.progress.add(read as u64);
        Ok(read)
    }
}
