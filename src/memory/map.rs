//! Bytes of an index file: mapped from the disk, or held where nothing could be written.
#![allow(unsafe_code)]

use memmap2::Mmap;
use std::fs::File;
use std::io;
use std::ops::Deref;

/// Bytes that stay as they are.
#[derive(Debug)]
pub(super) enum Bytes {
    /// Of this process alone.
    Held(Vec<u8>),
    /// Shared with every process that maps the file.
    Mapped(Mmap),
}

impl Bytes {
    /// The bytes of an index file.
    pub(super) fn map(file: &File) -> io::Result<Bytes> {
        // SAFETY: a mapping is sound while nobody changes or shortens the file. Index files are this program's own, under a
        // hidden folder; they are written beside their name and renamed, never in place, so the file behind a mapping stays
        // as it was when another takes its name or it is removed. Every length and place that is read from it is checked,
        // and its blocks are, so that bytes that change all the same lead to another answer's being asked for, not astray.
        unsafe { Mmap::map(file) }.map(Bytes::Mapped)
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Bytes::Held(bytes) => bytes,
            Bytes::Mapped(map) => map,
        }
    }
}
