//! The one writer of a memory: files that are there whole or not at all, behind a lock that dies with its process.

use crate::error::Error;
use crate::file;
use crate::tmx::{self, Header};
use crate::unit::Unit;
use std::borrow::Borrow;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

/// The right to write to a memory, held until it is dropped.
///
/// The lock is the operating system's, on the file `.lock` of the folder: a process that dies cannot hold it, and a lock
/// file that is left behind means nothing. While it is held, the file names the process that has it.
#[derive(Debug)]
pub struct Writer {
    folder: PathBuf,
    _lock: File,
}

impl Writer {
    pub(super) fn lock(folder: &Path) -> Result<Writer, Error> {
        let path = folder.join(".lock");
        let refuse = |e| Error::io("lock", &path, e);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(refuse)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut name = String::new();
                // The name is a courtesy: without it the refusal stands as well.
                let _ = file.read_to_string(&mut name);
                let name = name.trim();
                let holder = if name.is_empty() { String::new() } else { format!(" ({name})") };
                return Err(Error::Locked { path, holder });
            }
            Err(TryLockError::Error(error)) => return Err(refuse(error)),
        }
        file.set_len(0).and_then(|()| file.rewind()).map_err(refuse)?;
        writeln!(file, "process {}", std::process::id()).map_err(refuse)?;
        Ok(Writer { folder: folder.to_path_buf(), _lock: file })
    }

    /// Writes `units` as the file `NAME.tmx`, in place of one that is there. At every moment the name stands for a complete
    /// file: the old one, then the new one.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; the memory is then as it was.
    pub fn replace(
        &self,
        name: &str,
        header: &Header,
        units: impl IntoIterator<Item = impl Borrow<Unit>>,
    ) -> Result<PathBuf, Error> {
        let path = self.folder.join(format!("{name}.tmx"));
        file::replace(&path, |file| {
            let mut writer = tmx::Writer::new(file, header)?;
            units.into_iter().try_for_each(|unit| writer.write_unit(unit.borrow()))?;
            writer.finish()?;
            Ok(())
        })?;
        Ok(path)
    }

    /// A name that no file of the memory has: `wanted`, or `wanted-2`, `wanted-3`, …
    pub fn free_name(&self, wanted: &str) -> String {
        let taken = |name: &str| self.folder.join(format!("{name}.tmx")).exists();
        let numbered = (2..).map(|n| format!("{wanted}-{n}"));
        let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
        names.find(|name| !taken(name)).expect("no folder holds that many files")
    }
}
