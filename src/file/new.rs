//! Files that are there whole or not at all: written beside their name, brought to disk, then renamed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, IoSlice, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use crate::error::Error;

/// A file that takes its name only when [`NewFile::commit`] has brought it to disk.
///
/// It is written in the same folder under a name that ends in `.partial`; dropped without `commit`, it is removed and what
/// stood under the name before stands there still. What is no regular file (`/dev/stdout`, a pipe) is written directly; a
/// symbolic link stays, its target is replaced; the permissions of a replaced file are kept.
#[derive(Debug)]
pub struct NewFile {
    /// The name as the caller gave it, for messages.
    path: PathBuf,
    /// Where it is written, and the name that it takes; `None` for what is written directly.
    rename: Option<(PathBuf, PathBuf)>,
    sink: Option<BufWriter<File>>,
    /// Bytes since the last time that the disk was asked to begin.
    waiting: usize,
    early: Option<Early>,
}

/// Brings a large file to disk while it is still being written, so that little is left to wait for at the end.
#[derive(Debug)]
struct Early {
    ask: SyncSender<()>,
    thread: JoinHandle<io::Result<()>>,
}

/// So much is written before the disk is asked to begin: some tenths of a second of its work.
const EARLY: usize = 32 << 20;

impl Early {
    /// `None` where the system has no thread to give: then all is brought to disk at the end.
    fn new(file: &File) -> Option<Early> {
        let file = file.try_clone().ok()?;
        let (ask, asked) = sync_channel(1);
        let sync = move || asked.iter().try_for_each(|()| file.sync_data());
        Some(Early { ask, thread: Builder::new().spawn(sync).ok()? })
    }

    /// Waits for the end of what was asked for. The system says an error of the disk once only, so it must be heard here.
    fn finish(self) -> io::Result<()> {
        drop(self.ask);
        self.thread.join().map_err(|_| io::Error::other("the thread that brings it to disk ended"))?
    }
}

/// Makes partial names of one process differ.
static COUNTER: AtomicU64 = AtomicU64::new(0);

impl NewFile {
    /// Opens the partial file.
    ///
    /// # Errors
    ///
    /// The folder is not there or not writable, or the name is a folder.
    pub fn create(path: impl AsRef<Path>) -> Result<NewFile, Error> {
        let path = path.as_ref();
        let failed = |source| Error::io("write", path, source);
        let old = match fs::metadata(path) {
            Ok(meta) => Some(meta),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(error)),
        };
        if old.as_ref().is_some_and(|meta| !meta.is_file()) {
            let file = OpenOptions::new().write(true).open(path).map_err(failed)?;
            let sink = Some(BufWriter::new(file));
            return Ok(NewFile { path: path.to_owned(), rename: None, sink, waiting: 0, early: None });
        }
        let target = if old.is_some() { fs::canonicalize(path).map_err(failed)? } else { path.to_owned() };
        let name = target.file_name().ok_or_else(|| failed(io::Error::from(io::ErrorKind::InvalidInput)))?;
        let (partial, file) = loop {
            let mut partial_name = name.to_owned();
            let count = COUNTER.fetch_add(1, Ordering::Relaxed);
            partial_name.push(format!(".{}-{count}.partial", std::process::id()));
            let partial = target.with_file_name(partial_name);
            match OpenOptions::new().write(true).create_new(true).open(&partial) {
                Ok(file) => break (partial, file),
                // Left by a dead process that had this process's number.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(failed(error)),
            }
        };
        let new = NewFile {
            path: path.to_owned(),
            rename: Some((partial, target)),
            // Whole blocks of lines go past it.
            sink: Some(BufWriter::with_capacity(64 * 1024, file)),
            waiting: 0,
            early: None,
        };
        if let (Some(meta), Some((partial, _))) = (old, &new.rename) {
            fs::set_permissions(partial, meta.permissions()).map_err(failed)?;
        }
        Ok(new)
    }

    /// Brings everything to disk and gives the file its name.
    ///
    /// # Errors
    ///
    /// The disk is full or failed; the partial file is then removed and the name is as it was.
    pub fn commit(self) -> Result<(), Error> {
        self.finish(true)
    }

    /// Gives the file its name, and leaves it to the system when it is brought to disk: for one of very many that can be made again. Whoever
    /// kills the process finds it whole or not at all; after a power failure of the machine it may be empty.
    ///
    /// # Errors
    ///
    /// Those of [`NewFile::commit`].
    pub fn commit_for_now(self) -> Result<(), Error> {
        self.finish(false)
    }

    fn finish(mut self, to_disk: bool) -> Result<(), Error> {
        let result = self.take_name(to_disk);
        result.map_err(|source| Error::io("write", &self.path, source))
    }

    /// Counts what was written, and has the disk begin from time to time.
    fn written(&mut self, len: usize) {
        self.waiting += len;
        let (Some(sink), true, true) = (&self.sink, self.waiting >= EARLY, self.rename.is_some()) else { return };
        self.waiting = 0;
        if self.early.is_none() {
            self.early = Early::new(sink.get_ref());
        }
        if let Some(early) = &self.early {
            // Whoever is at it still, will be asked again.
            let _ = early.ask.try_send(());
        }
    }

    fn take_name(&mut self, to_disk: bool) -> io::Result<()> {
        let Some(sink) = self.sink.take() else { return Ok(()) };
        let file = sink.into_inner().map_err(io::IntoInnerError::into_error)?;
        let Some((partial, target)) = self.rename.clone() else { return Ok(()) };
        self.early.take().map_or(Ok(()), Early::finish)?;
        if to_disk {
            file.sync_data()?;
        }
        drop(file);
        fs::rename(&partial, &target)?;
        self.rename = None;
        if !to_disk {
            return Ok(());
        }
        let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // The new name is on disk when its folder is; where folders can not be opened (Windows) the system sees to it.
        match File::open(folder) {
            Ok(folder) if cfg!(unix) => folder.sync_all(),
            _ => Ok(()),
        }
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.sink {
            Some(sink) => {
                let len = sink.write(bytes)?;
                self.written(len);
                Ok(len)
            }
            None => Err(io::Error::from(io::ErrorKind::BrokenPipe)),
        }
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        match &mut self.sink {
            Some(sink) => {
                let len = sink.write_vectored(slices)?;
                self.written(len);
                Ok(len)
            }
            None => Err(io::Error::from(io::ErrorKind::BrokenPipe)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if let Some(sink) = self.sink.take() {
            // Into parts: dropping the writer would write its buffer first, for nothing.
            drop(sink.into_parts());
        }
        if let Some((partial, _)) = &self.rename {
            let _ = fs::remove_file(partial);
        }
    }
}

/// Writes `path` whole or not at all: `write` fills it, and only if that went well does it take its name.
///
/// # Errors
///
/// Those of `write`, with the path where they have none, and those of [`NewFile`].
///
/// ```
/// use std::io::Write;
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("ذاكرة.tmx");
/// let wrong = dhakira::file::replace(&path, |file| {
///     file.write_all("نصف".as_bytes())?;
///     Err::<(), _>(std::io::Error::other("no more").into())
/// });
/// assert!(wrong.is_err_and(|e| e.to_string().contains("ذاكرة.tmx: no more")));
/// assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
/// let units = dhakira::file::replace(&path, |file| {
///     file.write_all("كامل".as_bytes())?;
///     Ok(1)
/// });
/// assert_eq!((units.unwrap(), std::fs::read_to_string(&path).unwrap().as_str()), (1, "كامل"));
/// ```
pub fn replace<T>(
    path: impl AsRef<Path>,
    write: impl FnOnce(&mut NewFile) -> Result<T, WriteError>,
) -> Result<T, Error> {
    let path = path.as_ref();
    let mut file = NewFile::create(path)?;
    let value = write(&mut file).map_err(|error| match error {
        WriteError::Io(source) => Error::io("write", path, source),
        WriteError::Other(error) => error,
    })?;
    file.commit()?;
    Ok(value)
}

/// What can go wrong while a file is filled: its own writing, or where its content comes from.
#[derive(Debug)]
pub enum WriteError {
    /// The file could not be written; [`replace`] adds its path.
    Io(io::Error),
    /// Something else, for example the file that is read meanwhile.
    Other(Error),
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> WriteError {
        WriteError::Io(error)
    }
}

impl From<Error> for WriteError {
    fn from(error: Error) -> WriteError {
        WriteError::Other(error)
    }
}
