//! A TMX file in blocks that can be read side by side: stretches of its window with the units in them as canonical lines.
//!
//! Where a unit ends is only sure when all before it has been read: `</tu>` may stand in a comment that opened far above. So
//! blocks are cut where it is likely and read as if it were sure; each says how far it came and stops where it would have to
//! guess. The blocks before it, taken in order, then show whether it began where a unit may begin; if not, what it read is
//! dropped and the [`Reader`] reads on from the place that is sure.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use encoding_rs::Encoding;

use super::content::Content;
use super::line::Line;
use super::parse::{Flaw, parse_unit};
use super::reader::{Reader, Reject, Report, read_unit};
use super::scan::{State, opens};
use super::transcribe::transcribe;
use super::writer::push_unit;
use crate::file::{self, breaks};
use crate::unit::Unit;
use crate::xml;

/// About how long a block is: long enough that handing it to a thread costs nothing beside reading it, and short enough for
/// the cache that is near a core.
const BLOCK: usize = 128 * 1024;

/// A stretch of a file's window, to be read by [`Block::read`] on any thread.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    bytes: &'a [u8],
    /// Where it begins in the decoded text.
    from: u64,
    rules: Rules,
}

#[derive(Debug, Clone, Copy)]
struct Rules {
    keep_empty: bool,
    max_unit: usize,
    encoding: &'static Encoding,
}

/// What a block held: its units as lines, in their order.
#[derive(Debug)]
pub struct Lines {
    from: u64,
    to: u64,
    /// How far it was read; the rest is for the [`Reader`].
    done: u64,
    /// Line breaks in the bytes of the whole block.
    breaks: u64,
    text: String,
    items: Vec<Item>,
    rejects: usize,
}

/// Some of the units of a block, as stretches of its text that go out as they are.
#[derive(Debug)]
pub struct Selection<'a> {
    stretches: Vec<&'a str>,
    units: u64,
}

impl Selection<'_> {
    /// Lines, one behind the other, each with its line break.
    pub(super) fn stretches(&self) -> &[&str] {
        &self.stretches
    }

    /// The units, taken apart.
    pub fn units(&self) -> impl Iterator<Item = Unit> {
        let lines = self.stretches.iter().flat_map(|stretch| stretch.lines());
        lines.map(|line| parse_unit(line).expect("what is written canonically can be read"))
    }

    /// How many units there are in it.
    pub fn len(&self) -> u64 {
        self.units
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.units == 0
    }
}

#[derive(Debug)]
enum Item {
    /// A line that ends at this place of the text.
    Line { end: usize, content: Content },
    /// A unit of `len` bytes from this place of the decoded text that can not be read.
    Flaw { from: u64, len: usize, flaw: Flaw },
}

impl Block<'_> {
    /// Reads the block's units: each as [`parse_unit`](super::parse_unit) and [`unit_xml`](super::unit_xml) give it.
    pub fn read(&self) -> Lines {
        let (from, to) = (self.from, self.from + self.bytes.len() as u64);
        let mut lines = Lines {
            from,
            to,
            done: from,
            breaks: breaks(self.bytes),
            text: String::with_capacity(self.bytes.len()),
            items: Vec::new(),
            rejects: 0,
        };
        // Almost always the whole block is text; otherwise each unit is looked at by itself.
        let text = simdutf8::basic::from_utf8(self.bytes).ok().filter(|text| xml::forbidden(text).is_none());
        let mut at = 0;
        while let Some(next) = self.bytes[at..].iter().position(|b| !b.is_ascii_whitespace()) {
            at += next;
            let rest = &self.bytes[at..];
            if !opens(rest, b"<tu") {
                break;
            }
            match self.unit(text, at, &mut lines) {
                Some(end) => at = end,
                None => break,
            }
            lines.done = from + at as u64;
        }
        if self.bytes[at..].trim_ascii().is_empty() {
            lines.done = to;
        }
        lines
    }

    /// Reads the unit at `at`; its end, if that is sure.
    fn unit(&self, text: Option<&str>, at: usize, lines: &mut Lines) -> Option<usize> {
        let Rules { keep_empty, max_unit, encoding } = self.rules;
        let read = match text {
            Some(text) => transcribe(text, at, keep_empty, &mut lines.text),
            None => {
                let slice = &self.bytes[at..at + sure_len(&self.bytes[at..])?];
                let text = std::str::from_utf8(slice).ok().filter(|text| xml::forbidden(text).is_none());
                let read = text.and_then(|text| transcribe(text, 0, keep_empty, &mut lines.text));
                read.map(|(end, content)| (at + end, content))
            }
        };
        if let Some((end, content)) = read
            && end - at <= max_unit
        {
            lines.text.push('\n');
            lines.items.push(Item::Line { end: lines.text.len(), content });
            return Some(end);
        }
        if read.is_some() {
            lines.text.truncate(lines.end());
            return None;
        }
        let len = sure_len(&self.bytes[at..]).filter(|&len| len <= max_unit)?;
        match read_unit(&self.bytes[at..at + len], encoding, keep_empty) {
            Ok(unit) => {
                push_unit(&mut lines.text, &unit).ok()?;
                lines.text.push('\n');
                lines.items.push(Item::Line { end: lines.text.len(), content: Content::of(&unit) });
            }
            Err(flaw) => {
                lines.items.push(Item::Flaw { from: self.from + at as u64, len, flaw });
                lines.rejects += 1;
            }
        }
        Some(at + len)
    }
}

/// The length of the unit that `bytes` open with, where no comment, no other unit and no end of the file makes it doubtful.
fn sure_len(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        let next = at + memchr::memchr(b'<', bytes.get(at..)?)?;
        if at == 1 && bytes[..next].windows(2).any(|w| w == b"/>") {
            return None;
        }
        let rest = &bytes[next..];
        match rest {
            [b'<', b'!' | b'?', ..] => return None,
            [b'<', b't', ..] if opens(rest, b"<tu") => return None,
            [b'<', b'/', ..] if opens(rest, b"</body") || opens(rest, b"</tmx") => return None,
            [b'<', b'/', b't', b'u', b'>', ..] => return Some(next + 5),
            [b'<', b'/', b't', ..] if opens(rest, b"</tu") => return None,
            _ => at = next + 1,
        }
    }
}

impl Lines {
    /// Where the last line ends in the text.
    fn end(&self) -> usize {
        let last = self.items.iter().rev().find_map(|item| match item {
            Item::Line { end, .. } => Some(*end),
            Item::Flaw { .. } => None,
        });
        last.unwrap_or(0)
    }

    /// How many units there are in it that could be read.
    pub fn len(&self) -> usize {
        self.items.len() - self.rejects
    }

    /// Whether there is no such unit.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The units that are wanted, to be written by [`Writer::write_selection`](super::Writer::write_selection).
    pub fn select(&self, mut is_wanted: impl FnMut(&Line<'_>) -> bool) -> Selection<'_> {
        let mut selection = Selection { stretches: Vec::new(), units: 0 };
        // The stretch of wanted lines that goes on.
        let (mut from, mut to) = (0, 0);
        for item in &self.items {
            let &Item::Line { end, content } = item else { continue };
            if is_wanted(&Line::new(&self.text[to..end], content)) {
                selection.units += 1;
            } else {
                if from < to {
                    selection.stretches.push(&self.text[from..to]);
                }
                from = end;
            }
            to = end;
        }
        if from < to {
            selection.stretches.push(&self.text[from..to]);
        }
        selection
    }

    /// The units.
    pub fn iter(&self) -> impl Iterator<Item = Line<'_>> {
        let mut start = 0;
        self.items.iter().filter_map(move |item| match item {
            &Item::Line { end, content } => {
                let line = Line::new(&self.text[start..end], content);
                start = end;
                Some(line)
            }
            Item::Flaw { .. } => None,
        })
    }
}

/// The next bytes of a file, to be read by [`Ahead::read`] on any thread.
pub struct Ahead<'a, R>(file::Ahead<'a, R>);

impl<R: BufRead> Ahead<'_, R> {
    /// Reads them. What comes of it, an error too, is found by [`Blocks::fill`].
    pub fn read(self) {
        self.0.read();
    }
}

/// Reads a TMX file in blocks: the same units and rejects in the same order as its [`Reader`], as canonical lines, for a
/// caller that has threads.
///
/// ```
/// use dhakira::tmx::{Block, Blocks, Reader};
/// let file = "<tmx version=\"1.4\"><header/><body>
///   <tu tuid='1'>
///     <tuv lang=\"ar\">
///       <seg>نعم &amp; لا</seg>
///     </tuv>
///   </tu>
///   <tu><tuv xml:lang=\"ar\"><seg>R&D</seg></tuv></tu>
/// </body></tmx>";
/// let mut blocks = Blocks::new(Reader::from_bytes(file.as_bytes(), "ذاكرة.tmx").unwrap());
/// let (mut units, mut rejects) = (Vec::new(), 0);
/// while blocks.fill(2) {
///     let read: Vec<_> = blocks.cut(2).iter().map(Block::read).collect(); // here come the threads
///     blocks.settle(read.into(), &mut |item| {
///         match item {
///             Ok(line) => units.push(line.xml().to_owned()),
///             Err(_) => rejects += 1,
///         }
///         Ok::<(), ()>(())
///     }).unwrap();
/// }
/// assert_eq!(units, ["<tu tuid=\"1\"><tuv xml:lang=\"ar\"><seg>نعم &amp; لا</seg></tuv></tu>"]);
/// assert_eq!((rejects, blocks.report().read), (1, 1));
/// ```
pub struct Blocks<R> {
    reader: Reader<R>,
    /// About how long a block is.
    len: usize,
    /// Where the blocks that were cut last end; what is before and not settled yet is being read.
    cut: u64,
    failed: Option<io::Error>,
}

impl<R: BufRead> Blocks<R> {
    /// Takes over from a reader, behind the units that it has read already.
    pub fn new(reader: Reader<R>) -> Blocks<R> {
        Blocks::with_len(reader, BLOCK)
    }

    /// Blocks of about `len` bytes; at least one unit each.
    pub fn with_len(reader: Reader<R>, len: usize) -> Blocks<R> {
        let cut = reader.scanner.source.consumed();
        Blocks { reader, len: len.max(1), cut, failed: None }
    }

    /// What was read so far.
    pub fn report(&self) -> &Report {
        self.reader.report()
    }

    /// Reads on in the file, so that `count` new blocks can be cut; `false` when all has been read.
    pub fn fill(&mut self, count: usize) -> bool {
        let source = &mut self.reader.scanner.source;
        let ahead = self.cut.saturating_sub(source.consumed()) as usize;
        while self.failed.is_none() && source.window().len() < ahead + count * self.len {
            match source.fill() {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => self.failed = Some(error),
            }
        }
        self.reader.scanner.state != State::Done
    }

    /// Cuts up to `count` blocks behind those that were cut before; none where no unit ends in what was read. All of them must
    /// come back to [`Blocks::settle`] or [`Blocks::pass`].
    pub fn cut(&mut self, count: usize) -> Vec<Block<'_>> {
        self.cut_and_ahead(count).0
    }

    /// [`Blocks::cut`], and a way to read on in the file while the blocks are read.
    pub fn cut_and_ahead(&mut self, count: usize) -> (Vec<Block<'_>>, Ahead<'_, R>) {
        let rules = rules(&self.reader);
        let is_reading = self.reader.scanner.state == State::Reading;
        let source = &mut self.reader.scanner.source;
        let mut from = self.cut.max(source.consumed());
        let before = (from - source.consumed()) as usize;
        // With what is behind these blocks it is enough for as many again.
        let behind = source.window().len().saturating_sub(before + count * self.len);
        let more = if is_reading { (count * self.len).saturating_sub(behind) } else { 0 };
        let (window, ahead) = source.window_and_ahead(more);
        let mut blocks = Vec::with_capacity(count);
        let mut rest = &window[before..];
        while is_reading && blocks.len() < count && !rest.is_empty() {
            let near = &rest[..rest.len().min(self.len)];
            let len = match memchr::memmem::rfind(near, b"</tu>") {
                Some(at) => at + 5,
                // A unit that is longer than a block.
                None => {
                    let seen = near.len().saturating_sub(4);
                    match memchr::memmem::find(&rest[seen..], b"</tu>") {
                        Some(at) => seen + at + 5,
                        None => break,
                    }
                }
            };
            blocks.push(Block { bytes: &rest[..len], from, rules });
            from += len as u64;
            rest = &rest[len..];
        }
        self.cut = from;
        (blocks, Ahead(ahead))
    }

    /// How many of the blocks, the next in the file, hold nothing but lines and begin where it is sure: these lines may be
    /// used, and [`Blocks::pass`] takes note of it.
    pub fn sure(&self, read: &VecDeque<Lines>) -> usize {
        let mut at = self.reader.scanner.source.consumed();
        let sure = read.iter().take_while(|lines| {
            let sure = lines.from == at && lines.done == lines.to && lines.rejects == 0;
            at = lines.to;
            sure
        });
        sure.count()
    }

    /// Goes behind the blocks that `read` begins with, `count` of them, which are [sure](Blocks::sure).
    pub fn pass(&mut self, read: &VecDeque<Lines>, count: usize) {
        for lines in read.iter().take(count) {
            let source = &mut self.reader.scanner.source;
            source.consume_counted((lines.to - source.consumed()) as usize, lines.breaks);
            self.reader.report.read += lines.len() as u64;
        }
    }

    /// Hands the units of these blocks and what is set aside to `take`, in the order of the file; where the blocks stopped or
    /// began wrongly, reads on from the place that is sure. Without any block outstanding, reads one unit.
    ///
    /// # Errors
    ///
    /// The first error of `take` ends it.
    pub fn settle<E>(
        &mut self,
        read: VecDeque<Lines>,
        take: &mut impl FnMut(Result<Line<'_>, Reject>) -> Result<(), E>,
    ) -> Result<(), E> {
        if read.is_empty() && self.cut <= self.reader.scanner.source.consumed() {
            if let Some(error) = self.failed.take() {
                return take(Err(self.reader.fatal(error)));
            }
            return self.step(take);
        }
        for lines in read {
            let to = lines.to;
            if lines.from == self.reader.scanner.source.consumed() && self.reader.scanner.state == State::Reading {
                self.give(&lines, take)?;
            }
            while self.reader.scanner.source.consumed() < to && self.reader.scanner.state != State::Done {
                if self.reader.scanner.state == State::Reading {
                    let source = &self.reader.scanner.source;
                    let from = source.consumed();
                    let bytes = &source.window()[..(to - from) as usize];
                    let lines = Block { bytes, from, rules: rules(&self.reader) }.read();
                    self.give(&lines, take)?;
                }
                if self.reader.scanner.source.consumed() < to {
                    self.step(take)?;
                }
            }
        }
        Ok(())
    }

    /// One unit by the reader.
    fn step<E>(&mut self, take: &mut impl FnMut(Result<Line<'_>, Reject>) -> Result<(), E>) -> Result<(), E> {
        match self.reader.next() {
            None => Ok(()),
            Some(Err(reject)) => take(Err(reject)),
            Some(Ok(entry)) => {
                let mut text = String::new();
                push_unit(&mut text, &entry.unit).expect("a unit that was read has a variant");
                text.push('\n');
                take(Ok(Line::new(&text, Content::of(&entry.unit))))
            }
        }
    }

    /// Hands out what a block that begins where it is sure holds, and goes as far as it came.
    fn give<E>(
        &mut self,
        lines: &Lines,
        take: &mut impl FnMut(Result<Line<'_>, Reject>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut start = 0;
        for item in &lines.items {
            match item {
                &Item::Line { end, content } => {
                    self.reader.report.read += 1;
                    take(Ok(Line::new(&lines.text[start..end], content)))?;
                    start = end;
                }
                Item::Flaw { from, len, flaw } => {
                    self.consume_to(*from);
                    let reject = self.reader.set_aside(flaw.clone(), *len, *len);
                    take(Err(reject))?;
                }
            }
        }
        self.consume_to(lines.done);
        Ok(())
    }

    fn consume_to(&mut self, at: u64) {
        let source = &mut self.reader.scanner.source;
        source.consume((at - source.consumed()) as usize);
    }
}

fn rules<R: BufRead>(reader: &Reader<R>) -> Rules {
    Rules {
        keep_empty: reader.options.keep_empty,
        max_unit: reader.options.max_unit,
        encoding: reader.scanner.source.encoding(),
    }
}
