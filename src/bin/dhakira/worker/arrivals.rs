//! Lines as they arrive: a thread of its own reads ahead, never more bytes than a line may have.

use memchr::memchr;
use std::collections::VecDeque;
use std::io::{self, BufRead};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// A line without its end.
#[derive(Debug)]
pub struct Arrival {
    /// 1-based.
    pub line: u64,
    pub text: io::Result<Text>,
}

/// What a line holds.
#[derive(Debug)]
pub enum Text {
    Whole(Vec<u8>),
    /// The beginning of one that is too long.
    TooLong(Vec<u8>),
}

impl Arrival {
    fn len(&self) -> usize {
        match &self.text {
            Ok(Text::Whole(text) | Text::TooLong(text)) => text.len(),
            Err(_) => 0,
        }
    }
}

/// How much is kept of a line that is too long: its id stands there, if it comes early.
const KEPT: usize = 4096;

#[derive(Debug, Default)]
struct State {
    lines: VecDeque<Arrival>,
    /// Of these.
    bytes: usize,
    ended: bool,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing is changed in two steps: what a panic left behind is still good.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}

/// The lines of an input, in their order.
pub struct Arrivals {
    shared: Arc<Shared>,
}

impl Arrivals {
    /// Begins to read what `open` opens; it is opened in the reading thread, for a lock of stdin can not change threads.
    pub fn of<R: BufRead>(open: impl FnOnce() -> R + Send + 'static, longest: usize) -> Arrivals {
        let shared = Arc::<Shared>::default();
        let there = Arc::clone(&shared);
        std::thread::spawn(move || {
            let mut input = open();
            let mut line = 0;
            loop {
                let text = next_line(&mut input, longest).transpose();
                line += 1;
                let failed = matches!(text, Some(Err(_)));
                let mut state = there.state();
                if let Some(text) = text {
                    let arrival = Arrival { line, text };
                    while !state.lines.is_empty() && state.bytes + arrival.len() > longest {
                        state = there.wait(state);
                    }
                    state.bytes += arrival.len();
                    state.lines.push_back(arrival);
                    state.ended = failed;
                } else {
                    state.ended = true;
                }
                there.changed.notify_all();
                if state.ended {
                    return;
                }
            }
        });
        Arrivals { shared }
    }

    /// The next line, as soon as it is there; `None` at the end.
    pub fn wait(&self) -> Option<Arrival> {
        let mut state = self.shared.state();
        while state.lines.is_empty() && !state.ended {
            state = self.shared.wait(state);
        }
        self.take(&mut state)
    }

    /// The next line, if it is there already and has not more bytes than `room`, of which it takes its own.
    pub fn ready(&self, room: &mut usize) -> Option<Arrival> {
        let mut state = self.shared.state();
        let len = state.lines.front()?.len();
        *room = room.checked_sub(len)?;
        self.take(&mut state)
    }

    fn take(&self, state: &mut State) -> Option<Arrival> {
        let arrival = state.lines.pop_front()?;
        state.bytes -= arrival.len();
        self.shared.changed.notify_all();
        Some(arrival)
    }
}

/// Reads a line; of one that is longer than `longest` bytes the rest is passed over.
fn next_line(input: &mut impl BufRead, longest: usize) -> io::Result<Option<Text>> {
    let (mut line, mut begun, mut too_long) = (Vec::new(), false, false);
    loop {
        let chunk = match input.fill_buf() {
            Ok([]) => break,
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        begun = true;
        let end = memchr(b'\n', chunk);
        let part = &chunk[..end.unwrap_or(chunk.len())];
        if !too_long {
            line.extend_from_slice(&part[..part.len().min(longest + 1 - line.len())]);
        }
        if line.len() > longest {
            too_long = true;
            line.truncate(KEPT.min(longest));
            line.shrink_to_fit();
        }
        let used = end.map_or(chunk.len(), |end| end + 1);
        input.consume(used);
        if end.is_some() {
            break;
        }
    }
    if line.last() == Some(&b'\r') && !too_long {
        line.pop();
    }
    Ok(begun.then_some(if too_long { Text::TooLong(line) } else { Text::Whole(line) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_input_whatever_the_chunks() {
        let input = "نص\r\n\nabcdefgh\nabcdefghi\nrest";
        for chunk in 1..20 {
            let mut reader = io::BufReader::with_capacity(chunk, input.as_bytes());
            let mut seen = Vec::new();
            while let Some(text) = next_line(&mut reader, 8).unwrap() {
                seen.push(match text {
                    Text::Whole(text) => String::from_utf8(text).unwrap(),
                    Text::TooLong(text) => format!("{}…", String::from_utf8(text).unwrap()),
                });
            }
            assert_eq!(seen, ["نص", "", "abcdefgh", "abcdefgh…", "rest"], "{chunk}");
        }
    }

    #[test]
    fn what_is_ready_has_room() {
        let arrivals = Arrivals::of(|| "abc\nde\nfgh\n".as_bytes(), 100);
        assert_eq!(arrivals.wait().unwrap().line, 1);
        while !arrivals.shared.state().ended {
            std::thread::yield_now();
        }
        let mut room = 4;
        assert_eq!(arrivals.ready(&mut room).unwrap().line, 2);
        assert!(arrivals.ready(&mut room).is_none());
        assert_eq!(arrivals.wait().unwrap().line, 3);
        assert!(arrivals.wait().is_none());
    }
}
