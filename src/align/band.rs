//! The band: which cells of the sentence grid the search may enter, row by row around a guide line.

use std::ops::Range;

/// A band of the grid of `(ar, en)` sentence boundaries: for each Arabic boundary a range of English ones.
///
/// It holds both corners, and its rows overlap and never step back, so that at least one way leads through it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    rows: Vec<Range<usize>>,
    starts: Vec<usize>,
}

impl Band {
    /// The whole grid of `ar` × `en` sentences.
    pub fn whole(ar: usize, en: usize) -> Band {
        Band::from_rows(vec![0..en + 1; ar + 1], en)
    }

    /// A band of `half_width(gap)` cells to both sides of the line through `guide`, where `gap` is how many sentences lie
    /// between the two guide points around a row. `guide` begins with `(0, 0)`, ends with the other corner, and rises.
    pub fn around(guide: &[(usize, usize)], half_width: impl Fn(usize) -> usize) -> Band {
        let &(ar, en) = guide.last().unwrap_or(&(0, 0));
        let mut rows = vec![0..1; ar + 1];
        for pair in guide.windows(2) {
            let ((i0, j0), (i1, j1)) = (pair[0], pair[1]);
            let width = half_width((i1 - i0).max(j1 - j0));
            for (i, row) in rows.iter_mut().enumerate().take(i1 + 1).skip(i0) {
                let low = if i1 == i0 { j0 } else { j0 + (j1 - j0) * (i - i0) / (i1 - i0) };
                let high = if i1 == i0 { j1 } else { low };
                let wider = low.saturating_sub(width)..(high + width + 1).min(en + 1);
                *row = if i == i0 && i0 > 0 { row.start.min(wider.start)..row.end.max(wider.end) } else { wider };
            }
        }
        Band::from_rows(rows, en)
    }

    /// The band of all cells that a bead of at most four sentences a side may touch inside of its two ends.
    pub(super) fn touched(&self) -> Band {
        let rows = (0..self.rows.len()).map(|i| {
            let last = &self.rows[(i + 3).min(self.rows.len() - 1)];
            self.rows[i].start.saturating_sub(3)..self.rows[i].end.max(last.end)
        });
        Band::from_rows(rows.collect(), self.en())
    }

    /// What of this band lies within `width` cells of `way`, which leads through it.
    pub(super) fn along(&self, way: &[(Range<usize>, Range<usize>)], width: usize) -> Band {
        let mut guide = vec![(0, 0)];
        guide.extend(way.iter().map(|(ar, en)| (ar.end, en.end)));
        let near = Band::around(&guide, |_| width);
        let rows = self.rows.iter().zip(&near.rows).map(|(a, b)| a.start.max(b.start)..a.end.min(b.end));
        Band::from_rows(rows.collect(), self.en())
    }

    /// What of this band lies within some rectangles of boundaries, Arabic and English, or on `way`, which leads through it.
    pub(super) fn within<'r>(
        &self,
        rectangles: impl IntoIterator<Item = (&'r Range<usize>, &'r Range<usize>)>,
        way: &[(Range<usize>, Range<usize>)],
    ) -> Band {
        let mut rows = self.along(way, 0).rows;
        for (ar, en) in rectangles {
            for (row, own) in rows[ar.start..=ar.end].iter_mut().zip(&self.rows[ar.start..]) {
                let inside = own.start.max(en.start)..own.end.min(en.end + 1);
                if !inside.is_empty() {
                    *row = row.start.min(inside.start)..row.end.max(inside.end);
                }
            }
        }
        Band::from_rows(rows, self.en())
    }

    /// Repairs the rows until the promises of the type hold.
    fn from_rows(mut rows: Vec<Range<usize>>, en: usize) -> Band {
        rows[0].start = 0;
        if let Some(last) = rows.last_mut() {
            last.end = en + 1;
        }
        for i in 1..rows.len() {
            rows[i].end = rows[i].end.max(rows[i - 1].end);
        }
        for i in (0..rows.len().saturating_sub(1)).rev() {
            rows[i].start = rows[i].start.min(rows[i + 1].start);
        }
        for i in 1..rows.len() {
            // A row begins where the one before still is, at the latest.
            rows[i].start = rows[i].start.min(rows[i - 1].end - 1);
        }
        let mut starts = Vec::with_capacity(rows.len() + 1);
        let mut cells = 0;
        for row in &rows {
            starts.push(cells);
            cells += row.len();
        }
        starts.push(cells);
        Band { rows, starts }
    }

    /// Whether all cells of another band of the same grid are in this one.
    pub(super) fn holds(&self, other: &Band) -> bool {
        self.rows.iter().zip(&other.rows).all(|(own, row)| own.start <= row.start && row.end <= own.end)
    }

    /// How many Arabic sentences the grid has.
    pub fn ar(&self) -> usize {
        self.rows.len() - 1
    }

    /// How many English sentences the grid has.
    pub fn en(&self) -> usize {
        self.rows.last().map_or(0, |r| r.end - 1)
    }

    /// Whether tables of it should be small: from 8 MB for each figure of a cell on.
    pub(super) fn is_large(&self) -> bool {
        self.cells() >= 1 << 21
    }

    /// The English boundaries that may go with the Arabic boundary `i`.
    pub fn row(&self, i: usize) -> Range<usize> {
        self.rows[i].clone()
    }

    /// The number of the cell among all cells of the band, `None` outside of it.
    pub fn cell(&self, i: usize, j: usize) -> Option<usize> {
        let row = self.rows.get(i)?;
        row.contains(&j).then(|| self.starts[i] + j - row.start)
    }

    /// How many cells there are.
    pub fn cells(&self) -> usize {
        self.starts[self.rows.len()]
    }

    /// Whether the cell lies at an edge of the band that is not an edge of the grid.
    pub fn is_edge(&self, i: usize, j: usize) -> bool {
        let row = &self.rows[i];
        (j == row.start && j > 0) || (j + 1 == row.end && j < self.en())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_way_leads_through(
            steps in prop::collection::vec((0usize..9, 0usize..9), 0..8),
            width in 0usize..4,
        ) {
            let mut guide = vec![(0, 0)];
            for (a, b) in steps {
                let &(i, j) = guide.last().unwrap();
                guide.push((i + a, j + b));
            }
            let &(ar, en) = guide.last().unwrap();
            let band = Band::around(&guide, |_| width);
            prop_assert_eq!((band.ar(), band.en()), (ar, en));
            prop_assert_eq!(band.cell(0, 0), Some(0));
            prop_assert_eq!(band.cell(ar, en), Some(band.cells() - 1));
            for i in 0..ar {
                let (here, next) = (band.row(i), band.row(i + 1));
                prop_assert!(next.start >= here.start && next.end >= here.end && next.start < here.end);
            }
            prop_assert!(band.holds(&band) && Band::whole(ar, en).holds(&band));
            prop_assert_eq!(band.holds(&Band::whole(ar, en)), band == Band::whole(ar, en));
            for (i, j) in guide {
                prop_assert!(band.cell(i, j).is_some(), "({i}, {j}) outside {band:?}");
            }
        }
    }
}
