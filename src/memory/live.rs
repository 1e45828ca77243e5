//! Which files are live: those that the writer of the memory makes and rewrites, told by name and header.

use crate::tmx::Header;
use crate::unit::Meta;
use std::path::Path;

/// The prop in the header of a live file: only files that have it are ever rewritten.
const LIVE: (&str, &str) = ("x-dhakira", "live");

/// The header of a live file.
pub(super) fn live_header() -> Header {
    let mut header = Header::new("*all*");
    header.meta.push(Meta::prop(LIVE.0, LIVE.1));
    header
}

pub(super) fn is_live(header: &Header) -> bool {
    header.meta.iter().any(|meta| meta.kind.as_deref() == Some(LIVE.0) && meta.text == LIVE.1)
}

/// The name of a live file: `live-0001.tmx`.
pub(super) fn live_name(number: u32) -> String {
    format!("live-{number:04}.tmx")
}

/// Its number, if a file is named like a live file.
pub(super) fn live_number(path: &Path) -> Option<u32> {
    let number = path.file_name()?.to_str()?.strip_prefix("live-")?.strip_suffix(".tmx")?;
    let number: u32 = number.parse().ok().filter(|_| number.bytes().all(|b| b.is_ascii_digit()))?;
    (path.file_name()? == live_name(number).as_str()).then_some(number)
}
