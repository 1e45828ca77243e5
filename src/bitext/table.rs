//! Tables: TSV and CSV, with or without a header line.

use std::io::BufRead;
use std::path::PathBuf;

use super::columns::{Column, Rows, name_both_sides};
use super::{Item, Kind, Quoting, ReadOptions, format_error, not_text, place, unguard_formulas};
use crate::error::Error;
use crate::file::Lines;

/// A quoted field that has no end within so many bytes has none: its line is set aside and the next one is read.
const MAX_QUOTED: usize = 64 * 1024;

pub(super) struct Table<R> {
    lines: Lines<R>,
    path: PathBuf,
    columns: Vec<Column>,
    /// Whether cells beyond the columns are a flaw: in a file with a header they are, and by a comma that was not quoted.
    strict: bool,
    delimiter: char,
    quoting: Quoting,
    formulas_guarded: bool,
    rows: Rows,
    /// The first row, where it was no header.
    first: Option<Record>,
    done: bool,
}

/// A row: where it begins, and its cells or why there are none.
struct Record {
    line: u64,
    byte: u64,
    cells: Result<Vec<String>, Flaw>,
}

enum Flaw {
    NotText(u64),
    Wrong(&'static str),
}

impl<R: BufRead> Table<R> {
    pub(super) fn open(kind: Kind, input: R, path: PathBuf, options: &ReadOptions) -> Result<Table<R>, Error> {
        let failed = |e| Error::io("read", &path, e);
        let mut lines = Lines::new(input, options.encoding).map_err(failed)?;
        let first_line = match lines.find_break(0).map_err(failed)? {
            Some((len, skip)) => (String::from_utf8_lossy(lines.peek(len)).into_owned(), len, skip),
            None => return Err(Error::Empty { path }),
        };
        // Excel's own way to name the delimiter.
        let told =
            first_line.0.strip_prefix("sep=").filter(|rest| rest.chars().count() == 1).and_then(|r| r.chars().next());
        if told.is_some() {
            lines.take(first_line.1, first_line.2);
        }
        let delimiter = options.delimiter.or(told).unwrap_or(match kind {
            Kind::Csv => commonest_delimiter(&first_line.0),
            _ => '\t',
        });
        let quoting = options.quoting.unwrap_or(if kind == Kind::Csv { Quoting::Quoted } else { Quoting::Plain });
        let mut table = Table {
            lines,
            path,
            columns: options.columns.iter().map(|name| Column::named(name)).collect(),
            strict: options.columns.is_empty(),
            delimiter,
            quoting,
            formulas_guarded: options.formulas_guarded,
            rows: Rows::new(options),
            first: None,
            done: false,
        };
        if table.strict {
            table.find_columns()?;
        }
        Ok(table)
    }

    /// Takes the columns from the first row that is not blank, be it a header or two columns of text.
    fn find_columns(&mut self) -> Result<(), Error> {
        let record = loop {
            match self.record()? {
                Some(record) if record.cells.as_ref().is_ok_and(|cells| cells.iter().all(|c| c.trim().is_empty())) => {}
                Some(record) => break record,
                None => return Err(Error::Empty { path: self.path.clone() }),
            }
        };
        let cells: &[String] = record.cells.as_deref().unwrap_or_default();
        let columns: Vec<Column> = cells.iter().map(|cell| Column::named(cell)).collect();
        if name_both_sides(&columns) {
            self.columns = columns;
        } else if cells.len() == 2 {
            self.columns = vec![Column::Source, Column::Target];
            self.first = Some(record);
        } else {
            let reason = format!(
                "{} columns and no header line that names the languages; name the columns, for example ar,en",
                cells.len()
            );
            return Err(format_error(&self.path, place(record.line, record.byte), reason));
        }
        Ok(())
    }

    fn record(&mut self) -> Result<Option<Record>, Error> {
        let failed = |e| Error::io("read", &self.path, e);
        let Some((mut len, mut skip)) = self.lines.find_break(0).map_err(failed)? else { return Ok(None) };
        let (first_len, first_skip) = (len, skip);
        let mut wrong = None;
        if self.quoting == Quoting::Quoted {
            let mut scan = Scan::new(self.delimiter);
            loop {
                match scan.run(self.lines.peek(len)) {
                    State::Open if len < MAX_QUOTED => match self.lines.find_break(skip).map_err(failed)? {
                        // The break belongs to the field: scanned as part of the next stretch.
                        Some(more) => (len, skip) = more,
                        None => wrong = Some("a field's quotation mark is not closed"),
                    },
                    State::Open => wrong = Some("a field's quotation mark is not closed"),
                    State::Stray => {
                        wrong = Some("text behind a closing quotation mark (a mark inside is written twice)")
                    }
                    _ => break,
                }
                if wrong.is_some() {
                    (len, skip) = (first_len, first_skip);
                    break;
                }
            }
        }
        let line = self.lines.take(len, skip);
        let cells = match (wrong, line.text) {
            (Some(reason), _) => Err(Flaw::Wrong(reason)),
            (None, Err(at)) => Err(Flaw::NotText(at)),
            (None, Ok(text)) => Ok(self.cells(&text)),
        };
        Ok(Some(Record { line: line.line, byte: line.byte, cells }))
    }

    fn cells(&self, text: &str) -> Vec<String> {
        match self.quoting {
            Quoting::Plain => text.split(self.delimiter).map(str::to_owned).collect(),
            Quoting::Escaped => text.split(self.delimiter).map(unescaped).collect(),
            Quoting::Quoted => {
                let mut cells = Vec::new();
                let mut rest = text;
                loop {
                    let (cell, behind) = match rest.strip_prefix('"') {
                        Some(inside) => quoted(inside),
                        None => {
                            let end = rest.find(self.delimiter).unwrap_or(rest.len());
                            (rest[..end].to_owned(), &rest[end..])
                        }
                    };
                    cells.push(cell);
                    match behind.strip_prefix(self.delimiter) {
                        Some(next) => rest = next,
                        None => return cells,
                    }
                }
            }
        }
    }

    fn unit(&mut self, record: Record) -> Option<Item> {
        let at = place(record.line, record.byte);
        let cells = match record.cells {
            Ok(cells) => cells,
            Err(Flaw::NotText(byte)) => {
                return Some(Err(not_text(self.path.clone(), record.line, byte, self.lines.encoding())));
            }
            Err(Flaw::Wrong(reason)) => return Some(Err(format_error(&self.path, at, reason.to_owned()))),
        };
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return None;
        }
        let wanted = self.columns.len();
        if self.strict && cells.iter().skip(wanted).any(|cell| !cell.is_empty()) {
            let reason = format!("{} columns where the header has {wanted}", cells.len());
            return Some(Err(format_error(&self.path, at, reason)));
        }
        let bare = |cell: String| if self.formulas_guarded { unguard_formulas(&cell).into_owned() } else { cell };
        let named = self.columns.iter().cloned().zip(cells.into_iter().map(bare)).collect();
        Some(match self.rows.unit(named) {
            Ok(unit) => Ok((unit, at)),
            Err(reason) => Err(format_error(&self.path, at, reason)),
        })
    }
}

impl<R: BufRead> Iterator for Table<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        while !self.done {
            let record = match self.first.take().map_or_else(|| self.record(), |first| Ok(Some(first))) {
                Ok(Some(record)) => record,
                Ok(None) => break,
                Err(error) => {
                    self.done = true;
                    return Some(Err(error));
                }
            };
            if let Some(item) = self.unit(record) {
                return Some(item);
            }
        }
        self.done = true;
        None
    }
}

/// Where in a quoted row a scan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the start of a field.
    Start,
    /// In a field without quotation marks.
    Bare,
    /// Behind an opening mark.
    Open,
    /// Behind a mark that closes the field, or that the next one doubles.
    Closed,
    /// Behind text that may not follow a closing mark.
    Stray,
}

/// Scans a row that may grow by further lines, each byte once.
struct Scan {
    delimiter: Vec<u8>,
    state: State,
    at: usize,
}

impl Scan {
    fn new(delimiter: char) -> Scan {
        Scan { delimiter: delimiter.to_string().into_bytes(), state: State::Start, at: 0 }
    }

    fn run(&mut self, bytes: &[u8]) -> State {
        while self.at < bytes.len() && self.state != State::Stray {
            let rest = &bytes[self.at..];
            let mut step = 1;
            self.state = match self.state {
                State::Open if rest[0] == b'"' => State::Closed,
                State::Open => State::Open,
                State::Closed if rest[0] == b'"' => State::Open,
                _ if rest.starts_with(&self.delimiter) => {
                    step = self.delimiter.len();
                    State::Start
                }
                State::Start if rest[0] == b'"' => State::Open,
                State::Start | State::Bare => State::Bare,
                State::Closed | State::Stray => State::Stray,
            };
            self.at += step;
        }
        self.state
    }
}

/// The text of a quoted field, and what stands behind its closing mark.
fn quoted(inside: &str) -> (String, &str) {
    let mut cell = String::new();
    let mut rest = inside;
    loop {
        let Some(end) = rest.find('"') else {
            cell.push_str(rest);
            return (cell, "");
        };
        cell.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None => return (cell, rest),
        }
    }
}

fn unescaped(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    let mut chars = cell.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('\\') => out.push('\\'),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

/// The delimiter that stands most often outside quotation marks.
fn commonest_delimiter(line: &str) -> char {
    let mut best = (0, ',');
    for candidate in [',', ';', '\t'] {
        let outside = line.split('"').step_by(2);
        let count = outside.map(|part| part.matches(candidate).count()).sum();
        if count > best.0 {
            best = (count, candidate);
        }
    }
    best.1
}
