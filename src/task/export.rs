//! A memory out again, as one file.

use super::output::{Delivered, Output, OutputOptions};
use super::progress::Progress;
use super::stream::{Standing, stream_standing};
use crate::error::Error;
use crate::memory::Memory;
use crate::tmx::{Header, Line};
use std::path::Path;

/// What of a memory goes out, and how.
#[derive(Debug, Clone)]
pub struct ExportOptions {
    /// How units are written.
    pub output: OutputOptions,
    /// The header of a TMX file; other forms take their source language from it.
    pub header: Header,
    /// Only units of this document (their prop `x-document`).
    pub document: Option<String>,
    /// How far it is: units that stand, whether they go out or not.
    pub progress: Progress,
}

impl Default for ExportOptions {
    /// Everything, as it is, from Arabic.
    fn default() -> ExportOptions {
        let (output, header) = (OutputOptions::default(), Header::new("ar"));
        ExportOptions { output, header, document: None, progress: Progress::default() }
    }
}

/// Writes the units that stand in a memory into one file: those of files of other tools in the order of these files' names,
/// then those of live files by number, each as it is. `None`, and no file, if there are none.
///
/// What can not be read goes to `problem`, once, and the rest is written. The files are read by the threads of the pool that
/// this is called in ([`Workers::run`](super::Workers::run)); the bytes are the same with any number. Memory as for
/// [`stream_memory`](super::stream_memory), whatever the size of the memory.
///
/// # Errors
///
/// The folder can not be listed, the file can not be written, a file of the memory changed while it was read, it was told to
/// stop; nothing is written then.
///
/// ```
/// use dhakira::memory::Memory;
/// use dhakira::task::{ExportOptions, export};
/// let folder = tempfile::tempdir().unwrap();
/// let unit = "<tu tuid=\"1\"><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv><tuv xml:lang=\"en\"><seg>yes</seg></tuv></tu>";
/// std::fs::write(folder.path().join("a.tmx"), format!("<tmx version=\"1.4\"><header/><body>{unit}</body></tmx>")).unwrap();
/// let out = folder.path().join("out.tsv");
/// let delivered = export(&Memory::open(folder.path()).unwrap(), &ExportOptions::default(), &out, |_| {}).unwrap();
/// assert_eq!(delivered.unwrap().units, 1);
/// assert_eq!(std::fs::read_to_string(out).unwrap(), "ar\ten\nنعم\tyes\n");
/// ```
pub fn export(
    memory: &Memory,
    options: &ExportOptions,
    path: &Path,
    problem: impl FnMut(&Error) + Send,
) -> Result<Option<Delivered>, Error> {
    write(memory, options, problem, true, || Output::create(path, &options.header, &options.output))
}

/// As [`export`], into a stream that `open` gives. What went into it can not be taken back: the memory is read twice.
///
/// # Errors
///
/// As [`export`].
pub fn export_to(
    memory: &Memory,
    options: &ExportOptions,
    open: impl FnMut() -> Result<Output, Error> + Send,
    problem: impl FnMut(&Error) + Send,
) -> Result<Option<Delivered>, Error> {
    write(memory, options, problem, false, open)
}

fn write(
    memory: &Memory,
    options: &ExportOptions,
    mut problem: impl FnMut(&Error) + Send,
    may_begin_anew: bool,
    mut open: impl FnMut() -> Result<Output, Error> + Send,
) -> Result<Option<Delivered>, Error> {
    let mut roll = memory.roll()?;
    roll.problems().iter().for_each(|error| problem(error));
    let is_wanted = |line: &Line<'_>| {
        options.progress.add(1);
        let Some(document) = &options.document else { return true };
        line.may_have_prop("x-document") && line.to_unit().is_ok_and(|unit| unit.prop("x-document") == Some(document))
    };
    let mut is_first = true;
    loop {
        let mut output: Option<Output> = None;
        let writes = may_begin_anew || roll.is_final();
        let again = stream_standing(&mut roll, |portion| {
            options.progress.check(memory.folder())?;
            match portion {
                Standing::Lines(lines, stands) => {
                    let mut is_wanted = |line: &Line<'_>| stands(line) && writes && is_wanted(line);
                    let selection = lines.select(&mut is_wanted);
                    match selection.is_empty() {
                        true => Ok(()),
                        false => opened(&mut output, &mut open)?.write_selection(&selection),
                    }
                }
                Standing::Item(Ok(line)) if writes && is_wanted(&line) => {
                    opened(&mut output, &mut open)?.write_line(&line)
                }
                Standing::Item(Ok(_)) => Ok(()),
                Standing::Item(Err(error)) => {
                    if is_first {
                        problem(&error);
                    }
                    Ok(())
                }
            }
        })?;
        is_first = false;
        if !again && writes {
            return output.map(Output::finish).transpose();
        }
    }
}

/// The output, opened for the first unit: where there is none, nothing is written.
fn opened<'a>(
    output: &'a mut Option<Output>,
    open: &mut impl FnMut() -> Result<Output, Error>,
) -> Result<&'a mut Output, Error> {
    match output {
        Some(output) => Ok(output),
        None => Ok(output.insert(open()?)),
    }
}
