//! The window: sentences in a row, as one side of a bead, before anything is known of the other side.

use super::notes::Noted;
use super::words::WordSide;
use std::ops::Range;

/// What some sentences in a row bring to every bead that has them as one side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub length: f32,
    /// That of [`super::length::LengthModel::logs`].
    pub log: f32,
    pub words: f32,
    /// How many sentences splitting would find.
    pub splits: f32,
    /// Whether a paragraph begins inside.
    pub is_crossed: bool,
    /// Whether a paragraph begins with it.
    pub opens: bool,
}

impl Window {
    pub fn new(noted: &Noted, words: &WordSide, sentences: &Range<usize>, log: impl Fn(f32) -> f32) -> Window {
        let length = noted.length(sentences);
        Window {
            length,
            log: log(length),
            words: words.count(sentences),
            splits: noted.splits(sentences) as f32,
            is_crossed: noted.is_crossed(sentences),
            opens: noted.opens(sentences.start),
        }
    }
}

/// The windows of one to four sentences with one last sentence, each figure of theirs by their width (from 1).
#[derive(Debug, Clone, Copy)]
pub(super) struct Windows {
    pub lengths: [f32; 4],
    pub logs: [f32; 4],
    pub words: [f32; 4],
    pub splits: [f32; 4],
    /// 1 or 0.
    pub are_crossed: [f32; 4],
    /// 1 or 0.
    pub open: [f32; 4],
}

impl Windows {
    pub fn of(windows: [Window; 4]) -> Windows {
        let one = |is: bool| f32::from(u8::from(is));
        Windows {
            lengths: windows.map(|window| window.length),
            logs: windows.map(|window| window.log),
            words: windows.map(|window| window.words),
            splits: windows.map(|window| window.splits),
            are_crossed: windows.map(|window| one(window.is_crossed)),
            open: windows.map(|window| one(window.opens)),
        }
    }

    /// The window of so many sentences, if that is at most four.
    pub fn get(&self, sentences: usize) -> Option<Window> {
        let at = (1..=4).contains(&sentences).then(|| sentences - 1)?;
        Some(Window {
            length: self.lengths[at],
            log: self.logs[at],
            words: self.words[at],
            splits: self.splits[at],
            is_crossed: self.are_crossed[at] > 0.0,
            opens: self.open[at] > 0.0,
        })
    }
}
