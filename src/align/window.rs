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
    /// 1 if a paragraph begins inside, else 0.
    pub crossed: f32,
    /// 1 if a paragraph begins with it, else 0.
    pub opens: f32,
}

impl Window {
    pub fn new(noted: &Noted, words: &WordSide, sentences: &Range<usize>, log: impl Fn(f32) -> f32) -> Window {
        let length = noted.length(sentences);
        let one_if = |is: bool| f32::from(u8::from(is));
        Window {
            length,
            log: log(length),
            words: words.count(sentences),
            splits: noted.splits(sentences) as f32,
            crossed: one_if(noted.is_crossed(sentences)),
            opens: one_if(noted.opens(sentences.start)),
        }
    }
}

/// Four windows, figure by figure, to be held against another one all at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Windows {
    pub length: [f32; 4],
    pub log: [f32; 4],
    pub words: [f32; 4],
    pub splits: [f32; 4],
    pub crossed: [f32; 4],
    pub opens: [f32; 4],
}

impl From<[Window; 4]> for Windows {
    fn from(windows: [Window; 4]) -> Windows {
        Windows {
            length: windows.map(|window| window.length),
            log: windows.map(|window| window.log),
            words: windows.map(|window| window.words),
            splits: windows.map(|window| window.splits),
            crossed: windows.map(|window| window.crossed),
            opens: windows.map(|window| window.opens),
        }
    }
}
