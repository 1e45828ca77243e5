//! Where units come from: a file of any kind, or a memory with all its files, as one row of units with their places.

use super::progress::{Progress, Watched};
use crate::bitext::{self, LeftOut};
use crate::error::{Error, Place};
use crate::lang::{Lang, LangTag};
use crate::memory::Memory;
use crate::tmx::{self, Header, Mend, Mended, Reject};
use crate::unit::Unit;
use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How files are read.
#[derive(Debug, Clone, Default)]
pub struct SourceOptions {
    /// For TMX.
    pub tmx: tmx::ReadOptions,
    /// For every other kind.
    pub bitext: bitext::ReadOptions,
}

impl SourceOptions {
    /// Units with an empty side are read too, so that a check can tell them apart from what is broken.
    pub fn keep_empty(mut self) -> SourceOptions {
        self.tmx.keep_empty = true;
        self.bitext.keep_empty = true;
        self
    }
}

/// A unit and where it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The unit.
    pub unit: Unit,
    /// The file: in a memory, one of its files.
    pub file: Arc<Path>,
    /// Where in the file its beginning is: see [`tmx::Entry`] and [`bitext::Reader::place`].
    pub place: Place,
    /// The language that it is translated from: its own `srclang`, else that of its file, else its first variant's.
    pub source: Lang,
}

impl Placed {
    /// `source` is the file's.
    fn of(unit: Unit, file: Arc<Path>, place: Place, source: Option<Lang>) -> Placed {
        let own = unit.attr("srclang").and_then(|tag| LangTag::new(tag).lang());
        let first = || unit.variants.iter().find_map(|v| v.tag.lang());
        let source = own.or(source).or_else(first).unwrap_or(Lang::Ar);
        Placed { unit, file, place, source }
    }
}

/// Something that could not be read; reading goes on behind it.
#[derive(Debug)]
pub struct SetAside {
    /// Where, why, and what to do.
    pub error: Error,
    /// The same as a unit of a rejects file: see [`Reject::to_unit`].
    pub reject: Box<Unit>,
    broken: Option<Box<Broken>>,
}

/// A unit of a TMX file that could not be read, as the file has it.
#[derive(Debug)]
struct Broken {
    raw: Vec<u8>,
    file: Arc<Path>,
    place: Place,
    /// The source language of its file.
    source: Option<Lang>,
}

impl SetAside {
    fn of(reject: Reject) -> SetAside {
        SetAside { reject: Box::new(reject.to_unit()), error: reject.error, broken: None }
    }

    pub(super) fn of_tmx(reject: Reject, file: &Arc<Path>, source: Option<Lang>) -> SetAside {
        let unit = Box::new(reject.to_unit());
        let place = reject.error.place().cloned().unwrap_or_default();
        let broken = Broken { raw: reject.raw, file: file.clone(), place, source };
        SetAside { reject: unit, error: reject.error, broken: Some(Box::new(broken)) }
    }

    /// The unit after all, with what was changed to read it, if [`tmx::mend`] can mend it.
    pub fn mend(&self) -> Option<(Placed, Vec<Mend>)> {
        let Broken { raw, file, place, source } = self.broken.as_deref()?;
        let Mended { unit, changes } = tmx::mend(raw).ok()?;
        let place = Place { tuid: unit.id().map(str::to_owned), ..place.clone() };
        Some((Placed::of(unit, file.clone(), place, *source), changes))
    }

    fn line(error: Error) -> SetAside {
        let byte = error.place().and_then(|p| p.byte).unwrap_or_default();
        SetAside::of(Reject { error, byte, raw: Vec::new() })
    }
}

/// What is wrong with a file as a whole and did no harm: a header that is missing, a declaration that lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The file.
    pub file: Arc<Path>,
    /// 1-based line.
    pub line: u64,
    /// What is wrong.
    pub message: String,
}

/// A file of any kind that is read here, or a folder: a memory, whose TMX files come in the order of their names, without
/// the units that were superseded or deleted in it (a memory with live files is held in memory for that).
///
/// Iterates over the units. What can not be read is an item of its own, in its place; a file of a memory that can not be
/// opened is one, and the next file follows. Read in a stream: TMX, tables, JSON lines and Moses pairs may be larger than
/// memory.
///
/// ```
/// use dhakira::Lang;
/// use dhakira::task::{Source, SourceOptions};
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("مسرد.tsv");
/// std::fs::write(&path, "ar\ten\nنعم\tyes\nلا\n").unwrap();
/// let items: Vec<_> = Source::open(&path, &SourceOptions::default()).unwrap().collect();
/// let placed = items[0].as_ref().unwrap();
/// assert_eq!((placed.unit.text_of(Lang::En).as_deref(), placed.source), (Some("yes"), Lang::Ar));
/// assert_eq!((placed.place.line, placed.place.byte), (Some(2), Some(6)));
/// let aside = items[1].as_ref().unwrap_err();
/// assert_eq!(aside.reject.prop("x-reject-line"), Some("3"));
/// ```
pub struct Source {
    files: std::vec::IntoIter<PathBuf>,
    options: SourceOptions,
    current: Option<Current>,
    headers: Vec<(Arc<Path>, Header)>,
    left_out: LeftOut,
    warnings: Vec<Warning>,
    comments: u64,
    /// Of a memory with live files: what stands of each file, in order. The other units were superseded or deleted.
    standing: Option<HashMap<PathBuf, VecDeque<Arc<Unit>>>>,
    progress: Progress,
}

struct Current {
    file: Arc<Path>,
    source: Option<Lang>,
    units: Units,
}

enum Units {
    Tmx(Box<tmx::Reader<BufReader<Watched<File>>>>),
    Bitext(Box<bitext::Reader>),
}

impl Source {
    /// Opens a file or a folder.
    ///
    /// # Errors
    ///
    /// The file can not be read at all, its ending is unknown, or the folder can not be listed.
    pub fn open(path: impl AsRef<Path>, options: &SourceOptions) -> Result<Source, Error> {
        Source::watched(path.as_ref(), options, &Progress::default())
    }

    /// The same; the bytes that are read are counted.
    pub(super) fn watched(path: &Path, options: &SourceOptions, progress: &Progress) -> Result<Source, Error> {
        let mut source = Source {
            files: Vec::new().into_iter(),
            options: options.clone(),
            current: None,
            headers: Vec::new(),
            left_out: LeftOut::default(),
            warnings: Vec::new(),
            comments: 0,
            standing: None,
            progress: progress.clone(),
        };
        if path.is_dir() {
            let memory = Memory::open(path)?;
            let files = memory.files()?;
            if files.iter().any(|file| is_live(file)) {
                let mut standing: HashMap<PathBuf, VecDeque<Arc<Unit>>> = HashMap::new();
                for (file, unit) in memory.snapshot()?.units() {
                    standing.entry(file.to_path_buf()).or_default().push_back(unit);
                }
                source.standing = Some(standing);
            }
            source.files = files.into_iter();
        } else {
            source.enter(path)?;
        }
        Ok(source)
    }

    /// The headers of the TMX files that were opened so far.
    pub fn headers(&self) -> &[(Arc<Path>, Header)] {
        &self.headers
    }

    /// Units of XLIFF and PO files that were left out so far though nothing is wrong with them.
    pub fn left_out(&self) -> LeftOut {
        match &self.current {
            Some(Current { units: Units::Bitext(reader), .. }) => reader.left_out(),
            _ => self.left_out,
        }
    }

    /// What was found wrong with files that were read to their end.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Comments and processing instructions outside the units of TMX files that were read to their end, which are no part of
    /// what was read.
    pub fn comments(&self) -> u64 {
        self.comments
    }

    fn enter(&mut self, path: &Path) -> Result<(), Error> {
        let file: Arc<Path> = path.into();
        if !is_tmx(path) {
            let reader = match bitext::Kind::of(path) {
                Ok(kind) if kind != bitext::Kind::Moses => {
                    let input = File::open(path).map_err(|e| Error::io("read", path, e))?;
                    let input = BufReader::with_capacity(64 * 1024, self.progress.watch(input));
                    bitext::read_from(kind, input, path, &self.options.bitext)?
                }
                // Two files, or what only a pair's common name tells.
                _ => bitext::read(path, &self.options.bitext).map_err(with_tmx_among_the_kinds)?,
            };
            self.current = Some(Current { file, source: None, units: Units::Bitext(Box::new(reader)) });
            return Ok(());
        }
        let input = File::open(path).map_err(|e| Error::io("read", path, e))?;
        let input = BufReader::with_capacity(256 * 1024, self.progress.watch(input));
        let reader = tmx::Reader::new(input, path, self.options.tmx.clone())?;
        let source = reader.header().srclang().and_then(|tag| LangTag::new(tag).lang());
        self.headers.push((file.clone(), reader.header().clone()));
        self.current = Some(Current { file, source, units: Units::Tmx(Box::new(reader)) });
        Ok(())
    }

    fn leave(&mut self) {
        let Some(current) = self.current.take() else { return };
        match current.units {
            Units::Tmx(reader) => {
                self.comments += reader.report().comments;
                let warnings = reader.report().warnings.iter();
                self.warnings.extend(warnings.map(|(line, message)| Warning {
                    file: current.file.clone(),
                    line: *line,
                    message: message.clone(),
                }));
            }
            Units::Bitext(reader) => self.left_out = reader.left_out(),
        }
    }
}

impl Current {
    fn next(&mut self) -> Option<Result<Placed, SetAside>> {
        let (unit, place) = match &mut self.units {
            Units::Tmx(reader) => match reader.next()? {
                Ok(entry) => {
                    let place = Place { line: Some(entry.line), byte: Some(entry.byte), tuid: None };
                    (entry.unit, place)
                }
                Err(reject) => return Some(Err(SetAside::of_tmx(reject, &self.file, self.source))),
            },
            Units::Bitext(reader) => match reader.next()? {
                Ok(unit) => (unit, reader.place().clone()),
                Err(error) => return Some(Err(SetAside::line(error))),
            },
        };
        let place = Place { tuid: unit.id().map(str::to_owned), ..place };
        Some(Ok(Placed::of(unit, self.file.clone(), place, self.source)))
    }
}

impl Iterator for Source {
    type Item = Result<Placed, SetAside>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(current) = &mut self.current {
                match current.next() {
                    Some(item) => {
                        if let (Ok(placed), Some(standing)) = (&item, &mut self.standing)
                            && !stands(standing, placed)
                        {
                            continue;
                        }
                        return Some(item);
                    }
                    None => self.leave(),
                }
            }
            let path = self.files.next()?;
            if let Err(error) = self.enter(&path) {
                return Some(Err(SetAside::line(error)));
            }
        }
    }
}

/// Whether the unit stands in its memory. Units with an empty side no snapshot has: they are for checks to find.
fn stands(standing: &mut HashMap<PathBuf, VecDeque<Arc<Unit>>>, placed: &Placed) -> bool {
    let queue = standing.get_mut(&*placed.file);
    match queue {
        Some(queue) if queue.front().is_some_and(|unit| **unit == placed.unit) => queue.pop_front().is_some(),
        _ => placed.unit.variants.iter().any(|variant| variant.seg.is_blank()),
    }
}

/// Whether the file name is that of a live file of a memory.
pub(super) fn is_live(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("live-"))
}

/// Whether the file name says TMX.
pub(super) fn is_tmx(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("tmx"))
}

pub(super) fn with_tmx_among_the_kinds(error: Error) -> Error {
    match error {
        Error::UnknownKind { path, .. } => Error::UnknownKind { path, known: IMPORT_ENDINGS },
        error => error,
    }
}

/// The endings that are known, for messages.
pub const IMPORT_ENDINGS: &str =
    ".tmx, .tsv, .tab, .csv, .jsonl, .ndjson, .ar with .en (Moses), .xlf, .xliff, .sdlxliff, .mqxliff, .mxliff, .po";
