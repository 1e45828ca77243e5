//! What a result is made of: programs, lexicons, options and texts, as one hash.

use crate::corpus::{Body, Kind};
use crate::error::Error;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// All that decides what a pair's links are, but for its texts: results are used again only where it is the same.
///
/// SHA-256 (FIPS 180-4) over names, lengths and bytes of the parts, in the order in which they are added.
///
/// ```
/// use dhakira::task::batch::Recipe;
/// let recipe = |lexicon: &str| Recipe::default().with("program", b"1.0").with("lexicon", lexicon.as_bytes());
/// assert_eq!(recipe("ميناء port"), recipe("ميناء port"));
/// assert_ne!(recipe("ميناء port"), recipe("ميناء harbour"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipe(Vec<u8>);

/// The identity of a pair's result.
pub(super) type Key = [u8; 16];

impl Recipe {
    /// With one more part.
    #[must_use]
    pub fn with(self, name: &str, part: &[u8]) -> Recipe {
        self.with_digest(name, &Sha256::digest(part))
    }

    /// With what a file holds, or all files of a folder and their names.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn with_file(self, name: &str, path: &Path) -> Result<Recipe, Error> {
        let mut hash = Sha256::new();
        let files = if path.is_dir() { files_below(path)? } else { vec![path.to_path_buf()] };
        for file in files {
            let relative = file.strip_prefix(path).unwrap_or(&file).to_string_lossy().into_owned();
            hash.update(Sha256::digest(relative.as_bytes()));
            hash.update(hash_of_file(&file)?);
        }
        Ok(self.with_digest(name, &hash.finalize()))
    }

    fn with_digest(mut self, name: &str, digest: &[u8]) -> Recipe {
        self.0.extend_from_slice(&Sha256::digest(name.as_bytes()));
        self.0.extend_from_slice(digest);
        self
    }

    /// The identity of what this makes of two texts, of which only what they hold counts, and of which kind they are.
    pub(super) fn key(&self, sides: [(&Body, &[u8]); 2]) -> Key {
        let mut hash = Sha256::new();
        hash.update(Sha256::digest(&self.0));
        for (body, bytes) in sides {
            let kind = match body.kind() {
                Ok(Kind::Text) => 1u8,
                Ok(Kind::Markdown) => 2,
                Ok(Kind::Html) => 3,
                Err(_) => 0,
            };
            let is_inline = matches!(body, Body::Inline { .. });
            hash.update([kind, u8::from(is_inline)]);
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        }
        shortened(hash)
    }
}

/// The identity of what becomes of a pair's first links, by the name of how it does.
pub(super) fn further(first: &Key, how: &[u8]) -> Key {
    let mut hash = Sha256::new();
    hash.update(first);
    hash.update(how);
    shortened(hash)
}

/// The half of a hash that is enough to tell pairs apart.
fn shortened(hash: Sha256) -> Key {
    let mut key = Key::default();
    key.copy_from_slice(&hash.finalize()[..16]);
    key
}

/// The SHA-256 of a file's bytes.
pub(super) fn hash_of_file(path: &Path) -> Result<[u8; 32], Error> {
    let mut hash = Sha256::new();
    let mut read = || io::copy(&mut File::open(path)?, &mut Hashed(&mut hash));
    read().map_err(|e| Error::io("read", path, e))?;
    Ok(hash.finalize().into())
}

/// The SHA-256 of bytes.
pub(super) fn hash_of(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// In lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A hash as something that is written to.
struct Hashed<'a>(&'a mut Sha256);

impl io::Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Every file below a folder, sorted.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let (mut files, mut open) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = open.pop() {
        let refused = |e| Error::io("list", &folder, e);
        for entry in fs::read_dir(&folder).map_err(refused)? {
            let path = entry.map_err(refused)?.path();
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}
