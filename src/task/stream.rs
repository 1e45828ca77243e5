//! A TMX file through the threads: blocks of it are read side by side while what was read before is used in its order.

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
pub fn stream<R: BufRead, E: Send>(
    blocks: &mut Blocks<R>,
    mut take: impl FnMut(Result<Line<'_>, Reject>) -> Result<(), E> + Send,
) -> Result<(), E> {
    let count = BLOCKS_PER_THREAD * rayon::current_num_threads();
    let mut read: VecDeque<Lines> = VecDeque::new();
    while blocks.fill(count) {
        let sure = blocks.sure(&read);
        let next = blocks.cut(count);
        let (used, ahead) = rayon::join(
            || read.iter().take(sure).flat_map(Lines::iter).try_for_each(|line| take(Ok(line))),
            || next.par_iter().map(Block::read).collect::<VecDeque<Lines>>(),
        );
        used?;
        blocks.pass(&mut read, sure);
        blocks.settle(read, &mut take)?;
        read = ahead;
    }
    Ok(())
}
