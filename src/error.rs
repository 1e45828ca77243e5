//! What can go wrong with files: one error type, which says where it happened and what to do about it.
//!
//! Splitting, keys, alignment and matching take text and cannot fail; only files and wires return [`Error`].

use std::io;
use std::path::{Path, PathBuf};

/// A place in a file: 1-based line, 0-based byte offset, and for TMX the unit's `tuid`, as far as each is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// 1-based line.
    pub line: Option<u64>,
    /// 0-based offset in bytes from the file's start.
    pub byte: Option<u64>,
    /// The `tuid` of the translation unit.
    pub tuid: Option<String>,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        match (self.byte, &self.tuid) {
            (Some(byte), Some(tuid)) => write!(f, " (byte {byte}, tuid {tuid:?})"),
            (Some(byte), None) => write!(f, " (byte {byte})"),
            (None, Some(tuid)) => write!(f, " (tuid {tuid:?})"),
            (None, None) => Ok(()),
        }
    }
}

/// Why a file could not be read or written. The message names the path, the place and the way out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused to `doing` the path.
    #[error("cannot {doing} {path}: {source}{}", way_out(source), path = in_line(path))]
    Io {
        /// What was tried: `read`, `write`, `lock`, …
        doing: &'static str,
        /// On which path.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The bytes are not text in the encoding that was told or found.
    #[error("{path}{place}: not text in {encoding}; name the right one with --encoding (for example windows-1256)", path = in_line(path))]
    Encoding {
        /// The file.
        path: PathBuf,
        /// The first byte that does not fit.
        place: Place,
        /// The encoding that was tried.
        encoding: &'static str,
    },
    /// The file holds no text at all: a picture, an archive, a program.
    #[error("{path}: not a text file (binary bytes from byte {byte}); give text, Markdown or HTML", path = in_line(path))]
    Binary {
        /// The file.
        path: PathBuf,
        /// Where the first binary byte stands.
        byte: u64,
    },
    /// The file holds nothing to work on.
    #[error("{path}: no text in it", path = in_line(path))]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The file breaks its own format.
    #[error("{path}{place}: {reason}", path = in_line(path))]
    Format {
        /// The file.
        path: PathBuf,
        /// Where.
        place: Place,
        /// What is wrong and what to do, in one sentence.
        reason: String,
    },
    /// The ending of a file name says nothing that this program knows.
    #[error("{path}: unknown kind of file; known endings: {known}", path = in_line(path))]
    UnknownKind {
        /// The file.
        path: PathBuf,
        /// The endings that would do.
        known: &'static str,
    },
    /// One side of an article pair is missing.
    #[error("{path}: no {missing} side beside it; name the pair NAME.ar.txt and NAME.en.txt", path = in_line(path))]
    Unpaired {
        /// The side that is there.
        path: PathBuf,
        /// The language that is missing.
        missing: crate::lang::Lang,
    },
    /// What a line of a manifest lists can not be used.
    #[error("{path}{place}: {source}", path = in_line(path))]
    Listed {
        /// The manifest.
        path: PathBuf,
        /// The line.
        place: Place,
        /// What is wrong.
        source: Box<Error>,
    },
    /// The text is in the other language than the side it was given for.
    #[error("{path}: {} is wanted here, and this is in {} letters; are the two sides swapped?", wanted.name(), wanted.other().script(), path = in_line(path))]
    Language {
        /// The file.
        path: PathBuf,
        /// The language of its side.
        wanted: crate::lang::Lang,
    },
    /// Another process writes to the memory.
    #[error("{path}: another process is writing to this memory{holder}; wait for it or stop it", path = in_line(path))]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// What is known of the holder, with a space before it, or nothing.
        holder: String,
    },
    /// Somebody had the work stopped before its end.
    #[error("{path}: stopped before the end; nothing was written", path = in_line(path))]
    Stopped {
        /// The file or folder that was worked on.
        path: PathBuf,
    },
    /// An id names no unit of the memory, or more than one.
    #[error("{path}: {}", unknown_id(id, candidates), path = in_line(path))]
    Id {
        /// The folder of the memory.
        path: PathBuf,
        /// The id.
        id: String,
        /// The ids of the units that it may mean, each naming one; empty if there is none.
        candidates: Vec<String>,
    },
}

/// A path as it stands in a message: control characters in it as escapes (`\n`), so that a message stays one line.
///
/// ```
/// use dhakira::error::in_line;
/// assert_eq!(in_line("ذاكرة\nأخرى.tmx".as_ref()).to_string(), "ذاكرة\\nأخرى.tmx");
/// assert_eq!(in_line("ذاكرة \\ أخرى.tmx".as_ref()).to_string(), "ذاكرة \\ أخرى.tmx");
/// ```
pub fn in_line(path: &Path) -> String {
    let name = path.to_string_lossy();
    if !name.contains(char::is_control) {
        return name.into_owned();
    }
    let escaped = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    name.chars().map(escaped).collect()
}

/// What a person can do about it, where the system's own words do not tell.
fn way_out(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "; make room there and do it again",
        io::ErrorKind::FileTooLarge => "; allow larger files (ulimit -f) and do it again",
        io::ErrorKind::ReadOnlyFilesystem => "; nothing can be written there, name another folder",
        io::ErrorKind::PermissionDenied => "; change its rights or name another path",
        _ => "",
    }
}

fn unknown_id(id: &str, candidates: &[String]) -> String {
    if candidates.is_empty() {
        return format!("no unit has the id {id:?}; `match --json` and `export` show ids");
    }
    format!("{} units have the id {id:?}; name one of them: {}", candidates.len(), candidates.join(" "))
}

impl Error {
    /// An [`Error::Io`] for `path`.
    pub fn io(doing: &'static str, path: impl AsRef<Path>, source: io::Error) -> Error {
        Error::Io { doing, path: path.as_ref().to_path_buf(), source }
    }

    /// The path that the error is about.
    pub fn path(&self) -> &Path {
        match self {
            Error::Io { path, .. }
            | Error::Encoding { path, .. }
            | Error::Binary { path, .. }
            | Error::Empty { path }
            | Error::Format { path, .. }
            | Error::UnknownKind { path, .. }
            | Error::Unpaired { path, .. }
            | Error::Listed { path, .. }
            | Error::Language { path, .. }
            | Error::Locked { path, .. }
            | Error::Stopped { path }
            | Error::Id { path, .. } => path,
        }
    }

    /// The place in the file, where one is known.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Error::Encoding { place, .. } | Error::Format { place, .. } | Error::Listed { place, .. } => Some(place),
            _ => None,
        }
    }

    /// A short stable name for programs: `io`, `encoding`, `binary`, `empty`, `format`, `unknown-kind`, `unpaired`,
    /// `language`, `locked`, `stopped`, `id`; of what a manifest lists, that of what is wrong with it.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Io { .. } => "io",
            Error::Encoding { .. } => "encoding",
            Error::Binary { .. } => "binary",
            Error::Empty { .. } => "empty",
            Error::Format { .. } => "format",
            Error::UnknownKind { .. } => "unknown-kind",
            Error::Unpaired { .. } => "unpaired",
            Error::Listed { source, .. } => source.code(),
            Error::Language { .. } => "language",
            Error::Locked { .. } => "locked",
            Error::Stopped { .. } => "stopped",
            Error::Id { .. } => "id",
        }
    }
}
