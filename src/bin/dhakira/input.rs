//! Where input comes from: files by name, `-` for stdin.

use crate::options::Reading;
use crate::talk::Talk;
use anyhow::{Result, bail};
use dhakira::task::{Source, SourceOptions};
use dhakira::{Error, corpus};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// The files as named, or stdin if none is.
pub fn or_stdin(files: &[PathBuf]) -> Vec<PathBuf> {
    if files.is_empty() { vec![PathBuf::from("-")] } else { files.to_vec() }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// All bytes of a file or of stdin, as text.
pub fn text(path: &Path, encoding: Option<&str>) -> Result<String, Error> {
    let mut bytes = Vec::new();
    let read = if is_stdin(path) {
        io::stdin().lock().read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    read.map_err(|e| Error::io("read", path, e))?;
    corpus::decode(path, &bytes, encoding).map(|(text, _)| text)
}

/// The lines of a file or of stdin, as they come, without their ends. A line that is not UTF-8 is an error of its own.
pub fn lines(path: &Path) -> Result<Box<dyn Iterator<Item = io::Result<String>>>, Error> {
    if is_stdin(path) {
        return Ok(Box::new(Lines(io::stdin().lock())));
    }
    let file = File::open(path).map_err(|e| Error::io("read", path, e))?;
    Ok(Box::new(Lines(BufReader::new(file))))
}

/// Lines of bytes, each decoded on its own: `BufRead::lines` ends at the first one that is not UTF-8.
struct Lines<R>(R);

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<String>;

    fn next(&mut self) -> Option<io::Result<String>> {
        let mut line = Vec::new();
        match self.0.read_until(b'\n', &mut line) {
            Ok(0) => None,
            Ok(_) => {
                while line.last().is_some_and(|b| matches!(b, b'\n' | b'\r')) {
                    line.pop();
                }
                Some(String::from_utf8(line).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e)))
            }
            Err(error) => Some(Err(error)),
        }
    }
}

/// The encoding of that label, if there is one.
pub fn encoding(label: Option<&str>) -> Result<Option<&'static encoding_rs::Encoding>> {
    let Some(label) = label else { return Ok(None) };
    match encoding_rs::Encoding::for_label(label.as_bytes()) {
        None => bail!("--encoding {label}: no such encoding (for example utf-8, utf-16le, windows-1256)"),
        found => Ok(found),
    }
}

/// How files are read, as the command line says it.
pub fn source_options(reading: &Reading) -> Result<SourceOptions> {
    let mut options = SourceOptions::default();
    let encoding = encoding(reading.encoding.as_deref())?;
    (options.tmx.encoding, options.bitext.encoding) = (encoding, encoding);
    if let Some(columns) = &reading.columns {
        options.bitext.columns = columns.split(',').map(|name| name.trim().to_owned()).collect();
    }
    options.bitext.fuzzy = reading.fuzzy;
    options.bitext.formulas_guarded = reading.formulas_guarded;
    Ok(options)
}

/// Those of the inputs that can be opened. The others are said; they end nothing.
pub fn readable(files: &[PathBuf], options: &SourceOptions, talk: &Talk) -> Vec<PathBuf> {
    let opens = |path: &&PathBuf| match Source::open(path, options) {
        Ok(_) => true,
        Err(error) => {
            talk.error(error);
            false
        }
    };
    files.iter().filter(opens).cloned().collect()
}
