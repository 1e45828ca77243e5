//! Moses pairs: two files, a line of one for the same line of the other.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::columns::{Column, Rows};
use super::{Item, ReadOptions, format_error, not_text, place};
use crate::error::{Error, in_line};
use crate::file::{Line, Lines};
use crate::lang::{Lang, LangTag};

pub(super) struct Moses {
    sides: [Side; 2],
    /// The side whose file was named; the first if it was the stem of both.
    named: usize,
    rows: Rows,
    done: bool,
}

struct Side {
    tag: LangTag,
    path: PathBuf,
    lines: Lines<BufReader<File>>,
}

/// The language tag that a file name ends in.
fn tag_of(path: &Path) -> Option<LangTag> {
    let tag = LangTag::new(path.extension()?.to_str()?);
    tag.lang().map(|_| tag)
}

/// Whether `NAME.ar` and `NAME.en` are there for `NAME`.
pub(super) fn is_stem(path: &Path) -> bool {
    !path.exists() && Lang::BOTH.iter().all(|lang| with_ending(path, lang.code()).is_file())
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

pub(super) fn open(path: &Path, options: &ReadOptions) -> Result<Moses, Error> {
    let named = usize::from(tag_of(path).and_then(|tag| tag.lang()) == Some(Lang::En));
    let paths = match tag_of(path).and_then(|tag| tag.lang()) {
        None => Lang::BOTH.map(|lang| with_ending(path, lang.code())),
        Some(lang) => {
            let other = sibling(path, lang.other())
                .ok_or_else(|| Error::Unpaired { path: path.to_path_buf(), missing: lang.other() })?;
            if lang == Lang::Ar { [path.to_path_buf(), other] } else { [other, path.to_path_buf()] }
        }
    };
    let side = |path: &PathBuf| -> Result<Side, Error> {
        let failed = |e| Error::io("read", path, e);
        let lines = Lines::new(BufReader::new(File::open(path).map_err(failed)?), options.encoding).map_err(failed)?;
        let tag = tag_of(path).unwrap_or_else(|| LangTag::new("und"));
        Ok(Side { tag, path: path.clone(), lines })
    };
    Ok(Moses { sides: [side(&paths[0])?, side(&paths[1])?], named, rows: Rows::new(options), done: false })
}

/// The file of the same stem whose ending is a tag of the other language: the plain code first, then by name.
fn sibling(path: &Path, lang: Lang) -> Option<PathBuf> {
    let plain = path.with_extension(lang.code());
    if plain.is_file() {
        return Some(plain);
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let found = fs::read_dir(folder).ok()?.filter_map(|entry| Some(folder.join(entry.ok()?.file_name())));
    found
        .filter(|p| p.file_stem() == path.file_stem() && tag_of(p).and_then(|t| t.lang()) == Some(lang) && p.is_file())
        .min()
}

impl Moses {
    fn pair(&mut self, ar: Line, en: Line) -> Option<Item> {
        let mut cells = Vec::new();
        let at = [&ar, &en].map(|line| place(line.line, line.byte));
        for (side, line) in self.sides.iter().zip([ar, en]) {
            match line.text {
                Ok(text) => cells.push((Column::Text(side.tag.clone()), text)),
                Err(byte) => {
                    return Some(Err(not_text(side.path.clone(), line.line, byte, side.lines.encoding())));
                }
            }
        }
        if cells.iter().all(|(_, text)| text.trim().is_empty()) {
            return None;
        }
        let [ar, _] = &at;
        Some(match self.rows.unit(cells) {
            Ok(unit) => Ok((unit, at[self.named].clone())),
            Err(reason) => Err(format_error(&self.sides[0].path, ar.clone(), reason)),
        })
    }
}

impl Iterator for Moses {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        while !self.done {
            let mut read = |side: usize| {
                let side = &mut self.sides[side];
                side.lines.next_line().map_err(|e| Error::io("read", &side.path, e))
            };
            let lines = match (read(0), read(1)) {
                (Ok(ar), Ok(en)) => (ar, en),
                (Err(error), _) | (_, Err(error)) => {
                    self.done = true;
                    return Some(Err(error));
                }
            };
            match lines {
                (Some(ar), Some(en)) => {
                    if let Some(item) = self.pair(ar, en) {
                        return Some(item);
                    }
                }
                (None, None) => break,
                (ar, en) => {
                    self.done = true;
                    let (longer, shorter) = if ar.is_some() { (0, 1) } else { (1, 0) };
                    let line = ar.or(en).map_or(0, |line| line.line);
                    let reason = format!(
                        "{} has no line {line}: the two files are not of one length, so the pairs before may be shifted too",
                        in_line(&self.sides[shorter].path)
                    );
                    let at = crate::error::Place { line: Some(line), byte: None, tuid: None };
                    return Some(Err(format_error(&self.sides[longer].path, at, reason)));
                }
            }
        }
        self.done = true;
        None
    }
}
