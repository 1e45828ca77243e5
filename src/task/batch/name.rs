//! The names of pairs: each once, and what a file of one is called.

use super::super::pair::fnv1a;
use crate::corpus::Entry;
use crate::error::{Error, Place};
use std::collections::HashSet;

/// The longest stem in bytes: file systems allow 255, and an ending and the mark of a half-written file follow.
const MAX_STEM: usize = 180;

/// The name of a pair's file without its ending: folders become dots, for a memory is one flat folder, and what a file name can not
/// hold becomes `_`. Two names rarely have one stem; a [`Batch`](super::Batch) refuses the second.
///
/// ```
/// use dhakira::task::batch::file_stem;
/// assert_eq!(file_stem("news/ميناء"), "news.ميناء");
/// assert_eq!(file_stem("https://a.example/?id=7"), "https_..a.example._id=7");
/// assert_eq!(file_stem("../.hidden"), "_...hidden");
/// ```
pub fn file_stem(name: &str) -> String {
    let safe = |c: char| if c.is_control() || "\\:*?\"<>|".contains(c) { '_' } else { c };
    let mut stem: String = name.replace('/', ".").chars().map(safe).collect();
    // A leading dot hides a file, and `live-` is what a memory calls its own.
    if stem.starts_with('.') {
        stem.replace_range(..1, "_");
    } else if stem.is_empty() || stem.starts_with("live-") {
        stem.insert(0, '_');
    }
    if stem.len() > MAX_STEM {
        let hash = format!("-{:016x}", fnv1a(&[name]));
        while stem.len() > MAX_STEM - hash.len() {
            stem.pop();
        }
        stem += &hash;
    }
    stem
}

/// The stems that are taken, as hashes: also where case makes no difference, no two pairs share a file.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<u64>);

impl Names {
    pub(super) fn take(&mut self, entry: &Entry) -> Result<(), Error> {
        if self.0.insert(fnv1a(&[&file_stem(&entry.name).to_lowercase()])) {
            return Ok(());
        }
        let reason = format!("an earlier pair is called {:?}, or nearly so; give each a name of its own", entry.name);
        let (path, place) = match &entry.listed {
            Some(listed) => (listed.path.to_path_buf(), listed.place()),
            None => (entry.ar.path().to_path_buf(), Place::default()),
        };
        Err(Error::Format { path, place, reason })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stem_is_what_a_file_can_be_called() {
        assert_eq!(file_stem(""), "_");
        assert_eq!(file_stem("live-0001"), "_live-0001");
        assert_eq!(file_stem("خبر\n١"), "خبر_١");
        let (one, other) = ("ذ".repeat(300), "ذ".repeat(301));
        assert!(file_stem(&one).len() <= MAX_STEM);
        assert_ne!(file_stem(&one), file_stem(&other));
    }
}
