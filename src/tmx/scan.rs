//! Where the units of a TMX file begin and end, found by their tags alone, so that one unit's damage ends where the next begins.

use std::io::{self, BufRead};

use crate::file::Source;

/// Walks over a file's window from unit to unit.
pub(super) struct Scanner<R> {
    pub(super) source: Source<R>,
    pub(super) root: Root,
    pub(super) state: State,
    max_unit: usize,
    /// Up to which byte of the window each terminator is known not to be there: keeps a file of unclosed comments linear.
    absent: [(u64, usize); 3],
    /// Comments and instructions passed over outside units, the XML declaration aside.
    pub(super) comments: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Reading,
    /// Behind a unit that was too long: its remaining children are passed over.
    Skipping,
    Done,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Root {
    Unseen,
    Open,
    Closed,
}

/// Markup that is passed over: what opens it, what closes it.
const ASIDE: [(&[u8], &[u8]); 3] = [(b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>")];

/// How far the end of a comment is looked for before its start is taken for a mistake.
const MAX_ASIDE: usize = 16 << 20;

/// The longest opening that [`opens`] looks at, and one byte more.
const LOOK: usize = 10;

impl<R: BufRead> Scanner<R> {
    pub(super) fn new(source: Source<R>, max_unit: usize) -> Scanner<R> {
        Scanner { source, root: Root::Unseen, state: State::Reading, max_unit, absent: [(0, 0); 3], comments: 0 }
    }

    /// The next thing of interest outside a unit, at the window's start; `None` at the end of the file.
    pub(super) fn outside(&mut self) -> io::Result<Option<Mark>> {
        loop {
            let Some(at) = memchr::memchr(b'<', self.source.window()) else {
                self.source.consume(self.source.window().len());
                if self.fill()? {
                    continue;
                }
                return Ok(None);
            };
            self.source.consume(at);
            self.ensure(LOOK)?;
            let window = self.source.window();
            if opens(window, b"<tu") {
                return Ok(Some(Mark::Unit));
            } else if opens(window, b"<tuv") && self.state != State::Skipping {
                return Ok(Some(Mark::Orphan));
            } else if opens(window, b"</tu") {
                self.state = State::Reading;
            } else if opens(window, b"</tmx") {
                self.root = Root::Closed;
            } else if opens(window, b"<tmx") {
                let first = self.root == Root::Unseen;
                self.root = Root::Open;
                if first {
                    return Ok(Some(Mark::Root));
                }
            } else if opens(window, b"<header") {
                return Ok(Some(Mark::Header));
            } else if opens(window, b"<body") {
                self.source.consume(1);
                return Ok(Some(Mark::Body));
            } else if window.starts_with(b"<!DOCTYPE") {
                let len = self.doctype_len()?;
                self.source.consume(len);
                continue;
            } else if let Some(len) = self.aside_len(0)? {
                let window = self.source.window();
                let is_declaration = window.starts_with(b"<?xml") && !window.starts_with(b"<?xml-");
                self.comments += u64::from(!is_declaration && !window.starts_with(b"<![CDATA["));
                self.source.consume(len);
                continue;
            }
            self.source.consume(1);
        }
    }

    /// The length of the comment, CDATA section or instruction at `at`; `None` if there is none or it has no end.
    fn aside_len(&mut self, at: usize) -> io::Result<Option<usize>> {
        let Some(kind) = ASIDE.iter().position(|(open, _)| self.source.window()[at..].starts_with(open)) else {
            return Ok(None);
        };
        let (open, close) = ASIDE[kind];
        let consumed = self.source.consumed();
        let (known_from, known_len) = self.absent[kind];
        let mut from = at + open.len();
        // What an earlier search found without a terminator needs no second search.
        if known_from <= consumed + from as u64 && known_from + known_len as u64 > consumed + from as u64 {
            from = (known_from + known_len as u64 - consumed) as usize;
        }
        loop {
            let window = self.source.window();
            let limit = window.len().min(at + MAX_ASIDE);
            if from < limit
                && let Some(found) = memchr::memmem::find(&window[from..limit], close)
            {
                let end = from + found;
                // XML forbids `--` inside a comment: an end behind another comment's start belongs to that one.
                if kind == 0 && memchr::memmem::find(&window[at + open.len()..end], open).is_some() {
                    return Ok(None);
                }
                return Ok(Some(end + close.len() - at));
            }
            from = limit.saturating_sub(close.len() - 1).max(at + open.len());
            if limit == at + MAX_ASIDE || !self.fill()? {
                let start = consumed + (at + open.len()) as u64;
                self.absent[kind] = (start, from - at - open.len());
                return Ok(None);
            }
        }
    }

    /// The length of a DOCTYPE with its internal subset, quotes and comments in it jumped over; of its opening alone if it has
    /// no end.
    fn doctype_len(&mut self) -> io::Result<usize> {
        let mut at = b"<!DOCTYPE".len();
        let mut brackets = 0usize;
        loop {
            if at >= self.source.window().len() && !self.fill()? || at > MAX_ASIDE {
                return Ok(b"<!DOCTYPE".len());
            }
            let window = self.source.window();
            match window[at] {
                quote @ (b'"' | b'\'') => {
                    let closed = memchr::memchr(quote, &window[at + 1..]);
                    match closed {
                        Some(n) => at += n + 2,
                        None if self.fill()? => {}
                        None => at += 1,
                    }
                    continue;
                }
                b'[' => brackets += 1,
                b']' => brackets = brackets.saturating_sub(1),
                b'>' if brackets == 0 => return Ok(at + 1),
                b'<' => {
                    if let Some(len) = self.aside_len(at)? {
                        at += len;
                        continue;
                    }
                    if brackets == 0 {
                        return Ok(at);
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// The length of the header at the window's start: to its end tag, or to where something else begins.
    pub(super) fn header_len(&mut self) -> io::Result<usize> {
        if let Some(len) = self.tag_len()?
            && self.source.window()[..len].ends_with(b"/>")
        {
            return Ok(len);
        }
        let mut at = 1;
        loop {
            let Some(found) = memchr::memchr(b'<', &self.source.window()[at..]) else {
                at = self.source.window().len();
                if self.fill()? {
                    continue;
                }
                return Ok(at);
            };
            at += found;
            self.ensure(at + LOOK)?;
            let window = &self.source.window()[at..];
            if opens(window, b"</header") {
                return Ok(at + memchr::memchr(b'>', window).map_or(b"</header".len(), |n| n + 1));
            }
            if [&b"<tu"[..], b"<body", b"</tmx", b"<tuv"].iter().any(|o| opens(window, o)) || at > self.max_unit {
                return Ok(at);
            }
            at += self.aside_len(at)?.unwrap_or(1);
        }
    }

    /// The length of the tag at the window's start, quotes jumped over; `None` if another tag begins in it.
    pub(super) fn tag_len(&mut self) -> io::Result<Option<usize>> {
        let mut at = 1;
        let mut quote = None;
        loop {
            if at >= self.source.window().len() && !self.fill()? {
                return Ok(None);
            }
            match (quote, self.source.window()[at]) {
                (_, b'<') => return Ok(None),
                (None, b'>') => return Ok(Some(at + 1)),
                (None, b @ (b'"' | b'\'')) => quote = Some(b),
                (Some(q), b) if b == q => quote = None,
                _ => {}
            }
            at += 1;
        }
    }

    /// Where the unit at the window's start ends.
    pub(super) fn unit_end(&mut self) -> io::Result<End> {
        if let Some(len) = self.tag_len()?
            && self.source.window()[..len].ends_with(b"/>")
            && opens(self.source.window(), b"<tu")
        {
            return Ok(End::Whole(len));
        }
        let mut at = 1;
        loop {
            let Some(found) = memchr::memchr(b'<', &self.source.window()[at..]) else {
                at = self.source.window().len();
                if at > self.max_unit {
                    return Ok(End::TooLong(at));
                }
                if self.fill()? {
                    continue;
                }
                return Ok(End::Truncated(at));
            };
            at += found;
            if at > self.max_unit {
                return Ok(End::TooLong(at));
            }
            self.ensure(at + LOOK)?;
            let window = &self.source.window()[at..];
            match window {
                [b'<', b't', b'u', ..] if opens(window, b"<tu") => return Ok(End::Unclosed(at)),
                [b'<', b'/', b't', b'u', ..] if opens(window, b"</tu") => {
                    let close = window.iter().skip(4).position(|b| !b.is_ascii_whitespace());
                    match close.map(|n| (4 + n, window[4 + n])) {
                        Some((n, b'>')) => return Ok(End::Whole(at + n + 1)),
                        Some((n, _)) => return Ok(End::Whole(at + n)),
                        None if self.fill()? => {}
                        None => return Ok(End::Truncated(self.source.window().len())),
                    }
                }
                [b'<', b'/', b'b' | b't', ..] if opens(window, b"</body") || opens(window, b"</tmx") => {
                    return Ok(End::Unclosed(at));
                }
                [b'<', b'!' | b'?', ..] => at += self.aside_len(at)?.unwrap_or(1),
                _ => at += 1,
            }
        }
    }

    fn fill(&mut self) -> io::Result<bool> {
        self.source.fill()
    }

    /// Fills until the window holds `len` bytes or the input ends.
    fn ensure(&mut self, len: usize) -> io::Result<()> {
        while self.source.window().len() < len && self.fill()? {}
        Ok(())
    }
}

/// What stands at the window's start outside units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Root,
    Header,
    Body,
    Unit,
    /// A `<tuv>` whose `<tu>` is not there.
    Orphan,
}

/// How a unit ends, with its length in the window.
#[derive(Debug, Clone, Copy)]
pub(super) enum End {
    Whole(usize),
    Unclosed(usize),
    TooLong(usize),
    Truncated(usize),
}

/// Whether `bytes` begin with a tag of this name (`<tu`, not `<tuv`).
pub(super) fn opens(bytes: &[u8], tag: &[u8]) -> bool {
    bytes.starts_with(tag) && bytes.get(tag.len()).is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'))
}
