//! A TMX file, or all of a memory, through the threads: blocks are read side by side while what was read before is used in its
//! order.

use crate::error::Error;
use crate::memory::Roll;
use crate::tmx::{Block, Blocks, Line, Lines, Reject};
use rayon::prelude::*;
use std::collections::VecDeque;
use std::io::BufRead;

/// How many blocks are read at once for each thread: enough that one thread can use the lines of the last ones meanwhile.
const BLOCKS_PER_THREAD: usize = 4;

/// Hands every unit of a file as its canonical line, and what has to be set aside, to `take` in the order of the file, the
/// same with any number of threads: those of the pool that it is called in ([`Workers::run`](super::Workers::run)). Memory is
/// bounded: some blocks of 128 KiB for each thread, or the longest unit.
///
/// # Errors
///
/// The first error of `take` ends the run.
///
/// ```
/// use dhakira::task::{Workers, stream};
/// use dhakira::tmx::{Blocks, Line, Reader, Reject};
/// let file = "<tmx version=\"1.4\"><header/><body>\n  <tu>\n    <tuv lang='ar'><seg>نعم</seg></tuv>\n  </tu>\n</body></tmx>";
/// let mut blocks = Blocks::new(Reader::from_bytes(file.as_bytes(), "ذاكرة.tmx").unwrap());
/// let mut lines = Vec::new();
/// let mut take = |item: Result<Line<'_>, Reject>| {
///     lines.push(item.map_err(|reject| reject.error)?.xml().to_owned());
///     Ok::<(), dhakira::Error>(())
/// };
/// Workers::new(2).run(|| stream(&mut blocks, &mut take)).unwrap();
/// assert_eq!(lines, ["<tu><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv></tu>"]);
/// ```
pub fn stream<R: BufRead + Send, E: Send>(
    blocks: &mut Blocks<R>,
    mut take: impl FnMut(Result<Line<'_>, Reject>) -> Result<(), E> + Send,
) -> Result<(), E> {
    stream_blocks(blocks, |portion| match portion {
        Portion::Lines(lines) => lines.iter().try_for_each(|line| take(Ok(line))),
        Portion::Item(item) => take(item),
    })
}

/// What comes next in a file: almost always a whole block.
pub(super) enum Portion<'a> {
    Lines(&'a Lines),
    Item(Result<Line<'a>, Reject>),
}

/// [`stream`], with whole blocks where it can be.
pub(super) fn stream_blocks<R: BufRead + Send, E: Send>(
    blocks: &mut Blocks<R>,
    mut take: impl FnMut(Portion<'_>) -> Result<(), E> + Send,
) -> Result<(), E> {
    let count = BLOCKS_PER_THREAD * rayon::current_num_threads();
    // Blocks that have been read and passed, to be used while the next are read.
    let mut sure: VecDeque<Lines> = VecDeque::new();
    while blocks.fill(count) {
        let (next, ahead) = blocks.cut_and_ahead(count);
        let read_next = || next.par_iter().map(Block::read).collect::<VecDeque<Lines>>();
        let (used, (mut read, ())) = rayon::join(
            || sure.iter().try_for_each(|lines| take(Portion::Lines(lines))),
            || rayon::join(read_next, || ahead.read()),
        );
        used?;
        let count = blocks.sure(&read);
        blocks.pass(&read, count);
        let unsure = read.split_off(count);
        sure = read;
        if !unsure.is_empty() || sure.is_empty() {
            sure.drain(..).try_for_each(|lines| take(Portion::Lines(&lines)))?;
            blocks.settle(unsure, &mut |item| take(Portion::Item(item)))?;
        }
    }
    sure.iter().try_for_each(|lines| take(Portion::Lines(lines)))
}

/// Hands every unit of a memory that stands as its canonical line, and what can not be read, to `take`, in the order of
/// [`Memory::snapshot`](crate::memory::Memory::snapshot): the same with any number of threads, in the bounded memory of
/// [`stream`] and that of the [`Roll`].
///
/// `true` if what was handed out is to be dropped and all must be read again, which is hardly ever needed: see
/// [`Roll`].
///
/// # Errors
///
/// The first error of `take`; a file that changed while it was read.
///
/// ```
/// use dhakira::memory::Memory;
/// use dhakira::task::stream_memory;
/// use dhakira::tmx::Line;
/// let folder = tempfile::tempdir().unwrap();
/// let unit = |date: &str, en: &str| format!("<tu tuid=\"1\" changedate=\"{date}\"><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv><tuv xml:lang=\"en\"><seg>{en}</seg></tuv></tu>");
/// let text = format!("<tmx version=\"1.4\"><header/><body>{}{}</body></tmx>", unit("20250101", "Yes"), unit("20260101", "yes"));
/// std::fs::write(folder.path().join("a.tmx"), text).unwrap();
/// let mut roll = Memory::open(folder.path()).unwrap().roll().unwrap();
/// let mut lines = Vec::new();
/// while stream_memory(&mut roll, |item: Result<Line<'_>, dhakira::Error>| Ok::<(), dhakira::Error>(lines.push(item?.xml().to_owned()))).unwrap() {
///     lines.clear();
/// }
/// assert_eq!(lines, [unit("20260101", "yes")]);
/// ```
pub fn stream_memory<E: Send + From<Error>>(
    roll: &mut Roll,
    mut take: impl FnMut(Result<Line<'_>, Error>) -> Result<(), E> + Send,
) -> Result<bool, E> {
    stream_standing(roll, |portion| match portion {
        Standing::Lines(lines, stands) => lines.iter().filter(|line| stands(line)).try_for_each(|line| take(Ok(line))),
        Standing::Item(item) => take(item),
    })
}

/// What comes next in a memory.
pub(super) enum Standing<'a> {
    /// Lines, and which of them stand; to be asked once for each, in their order.
    Lines(&'a Lines, &'a mut dyn FnMut(&Line<'_>) -> bool),
    Item(Result<Line<'a>, Error>),
}

/// [`stream_memory`], with whole blocks where it can be.
pub(super) fn stream_standing<E: Send + From<Error>>(
    roll: &mut Roll,
    mut take: impl FnMut(Standing<'_>) -> Result<(), E> + Send,
) -> Result<bool, E> {
    for file in 0..roll.files() {
        let reader = match roll.open(file) {
            Ok(reader) => reader,
            Err(error) => {
                take(Standing::Item(Err(error)))?;
                continue;
            }
        };
        let mut unit = 0;
        let mut stands = |line: &Line<'_>| {
            unit += 1;
            roll.stands(file, unit - 1, line)
        };
        stream_blocks(&mut Blocks::new(reader), |portion| match portion {
            Portion::Lines(lines) => take(Standing::Lines(lines, &mut stands)),
            Portion::Item(Ok(line)) if stands(&line) => take(Standing::Item(Ok(line))),
            Portion::Item(Ok(_)) => Ok(()),
            Portion::Item(Err(reject)) => take(Standing::Item(Err(reject.error))),
        })?;
        roll.close(file)?;
    }
    Ok(roll.advance())
}
