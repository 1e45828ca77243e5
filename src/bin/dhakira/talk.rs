//! What is said on stderr: errors that do not end the work, warnings, and a last line about what was done.

use crate::options::General;
use std::fmt::Display;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The voice on stderr, and the count of what failed: a failed item never ends a batch, but it is in the exit code.
#[derive(Debug)]
pub struct Talk {
    quiet: bool,
    failures: AtomicUsize,
}

impl Talk {
    pub fn new(general: &General) -> Talk {
        Talk { quiet: general.quiet, failures: AtomicUsize::new(0) }
    }

    /// Something failed; said always, and counted.
    pub fn error(&self, error: impl Display) {
        self.failures.fetch_add(1, Ordering::Relaxed);
        anstream::eprintln!("dhakira: {error}");
    }

    /// Something to know.
    pub fn note(&self, message: impl Display) {
        if !self.quiet {
            anstream::eprintln!("dhakira: {message}");
        }
    }

    /// How many things failed so far.
    pub fn failures(&self) -> usize {
        self.failures.load(Ordering::Relaxed)
    }
}

/// A number of things: `1 unit`, `0 units`.
pub fn counted(n: impl TryInto<u64>, one: &str) -> String {
    named(n.try_into().unwrap_or(u64::MAX), one, &format!("{one}s"))
}

/// A number of things whose name has two forms.
pub fn named(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
