//! What a person means who presses Ctrl-C: end cleanly; and pressed again: now.

use anyhow::{Context, Result};
use std::sync::atomic::{AtomicBool, Ordering};

static STOP: AtomicBool = AtomicBool::new(false);

/// A flag that goes up with the first Ctrl-C (or the signal to terminate); the second one ends the program.
pub fn watch() -> Result<&'static AtomicBool> {
    let act = || {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(2);
        }
        anstream::eprintln!("dhakira: stopping; press Ctrl-C again to stop at once");
    };
    ctrlc::set_handler(act).context("cannot wait for Ctrl-C")?;
    Ok(&STOP)
}
