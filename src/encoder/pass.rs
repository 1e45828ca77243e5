//! The way of texts through the network, with every part of it done once.
//!
//! What a piece is before the windows depends on the piece alone, and what it is behind them on the four pieces to each side
//! (two layers of a window of five). So the first part is done once for each piece of a batch, the second once for each
//! place with other surroundings: the sentences of a text, alone and joined with their neighbours, cost little more than the
//! sentences. The numbers are the same to the last bit, since the same sums are made of the same numbers.

use super::layer::add;
use super::matrix::Matrix;
use super::network::{Network, ORDERS};
use std::collections::HashMap;

/// How far a place sees: the widest window reaches two pieces to each side, twice.
const REACH: usize = 4;
/// How many rows of windows are put together at a time: 1.3 MB, which stay near the processor.
const BLOCK: usize = 256;
/// Stands for what is outside a text.
const OUTSIDE: u32 = u32::MAX;

/// A batch has at least so many places with other surroundings, or places at all, if there are texts enough: the products are
/// large enough to be quick, the texts enough to have much in common, and the memory for all of it below 40 MB.
const FULL: [usize; 2] = [2048, 8192];

/// A batch of texts before a network, with memory that is used again for the next one.
pub(super) struct Pass<'a> {
    network: &'a Network,
    /// How many pieces each text has.
    lengths: Vec<usize>,
    /// Each piece of the batch once, and which of them stands at each place.
    pieces: Vec<u32>,
    piece_at: Vec<u32>,
    number_of_piece: HashMap<u32, u32>,
    /// Where each surrounding stands first, and which one each place has.
    firsts: Vec<usize>,
    surrounding_at: Vec<u32>,
    number_of_surrounding: HashMap<[u32; 2 * REACH + 1], u32>,
    rows: Rows,
}

/// The numbers of a batch on their way.
#[derive(Default)]
struct Rows {
    /// The projections of each piece.
    projected: Vec<f32>,
    /// What the first layer of a branch makes of each piece at each place of its window, place by place.
    tapped: Vec<f32>,
    /// The rows behind the first layer, for each place that a surrounding needs.
    layer: Vec<f32>,
    windows: Vec<f32>,
    read: Vec<f32>,
    /// The features of each surrounding.
    features: Vec<f32>,
}

impl<'a> Pass<'a> {
    pub(super) fn new(network: &'a Network) -> Pass<'a> {
        Pass {
            network,
            lengths: Vec::new(),
            pieces: Vec::new(),
            piece_at: Vec::new(),
            number_of_piece: HashMap::new(),
            firsts: Vec::new(),
            surrounding_at: Vec::new(),
            number_of_surrounding: HashMap::new(),
            rows: Rows::default(),
        }
    }

    /// Takes a text, as the numbers of its pieces, into the batch.
    pub(super) fn push(&mut self, text: &[u32]) {
        let start = self.piece_at.len();
        let mut surrounding = [OUTSIDE; 2 * REACH + 1];
        for at in 0..text.len() + REACH {
            surrounding.rotate_left(1);
            surrounding[2 * REACH] = text.get(at).copied().unwrap_or(OUTSIDE);
            if let Some(piece) = text.get(at) {
                let number = *self.number_of_piece.entry(*piece).or_insert_with(|| {
                    self.pieces.push(*piece);
                    self.pieces.len() as u32 - 1
                });
                self.piece_at.push(number);
            }
            if let Some(middle) = at.checked_sub(REACH) {
                let number = *self.number_of_surrounding.entry(surrounding).or_insert_with(|| {
                    self.firsts.push(start + middle);
                    self.firsts.len() as u32 - 1
                });
                self.surrounding_at.push(number);
            }
        }
        self.lengths.push(text.len());
    }

    /// Whether it is time to [`run`](Pass::run).
    pub(super) fn is_full(&self) -> bool {
        self.firsts.len() >= FULL[0] || self.piece_at.len() >= FULL[1]
    }

    /// Appends the vectors of the texts of the batch to `out`, and empties it.
    pub(super) fn run(&mut self, out: &mut Vec<f32>) {
        if self.lengths.is_empty() {
            return;
        }
        let Network { table, norm, epsilon, .. } = self.network;
        let width = norm.gain.len();
        self.project();
        resize(&mut self.rows.features, self.firsts.len() * width);
        for (first, row) in self.firsts.iter().zip(self.rows.features.chunks_exact_mut(width)) {
            table.embed(self.pieces[self.piece_at[*first] as usize], &mut row[..table.width]);
        }
        for branch in 0..ORDERS.len() {
            self.branch(branch);
        }
        self.rows.features.chunks_exact_mut(width).for_each(|row| norm.apply(row, *epsilon));

        let mut sums = vec![0.0; self.lengths.len() * width];
        let mut places = self.surrounding_at.iter();
        for (sum, length) in sums.chunks_exact_mut(width).zip(&self.lengths) {
            for number in places.by_ref().take(*length) {
                add(sum, &self.rows.features[*number as usize * width..][..width]);
            }
        }
        finish(self.network, &sums, &self.lengths, out);

        self.lengths.clear();
        self.pieces.clear();
        self.piece_at.clear();
        self.number_of_piece.clear();
        self.firsts.clear();
        self.surrounding_at.clear();
        self.number_of_surrounding.clear();
    }

    /// Step 2, the projections: each piece of the batch once.
    fn project(&mut self) {
        let Network { table, projection, projection_norm, epsilon, .. } = self.network;
        let width = projection.bias.len();
        resize(&mut self.rows.projected, self.pieces.len() * width);
        for (pieces, rows) in self.pieces.chunks(BLOCK).zip(self.rows.projected.chunks_mut(BLOCK * width)) {
            resize(&mut self.rows.windows, pieces.len() * table.width);
            for (piece, row) in pieces.iter().zip(self.rows.windows.chunks_exact_mut(table.width)) {
                table.embed(*piece, row);
            }
            projection.apply(&self.rows.windows, table.width, rows);
            rows.chunks_exact_mut(width).for_each(|row| projection_norm.apply(row, *epsilon));
        }
    }

    /// Step 2, the two layers of a branch: its part of the features of each surrounding.
    fn branch(&mut self, number: usize) {
        let Network { table, branches, projection, norm, .. } = self.network;
        let branch = &branches[number];
        let (order, left) = (branch.order, (branch.order - 1) / 2);
        let channel = branch.taps_bias.len();
        let (step, from) = (projection.bias.len(), number * channel);

        let one_tap = self.pieces.len() * channel;
        self.rows.tapped.clear();
        self.rows.tapped.resize(order * one_tap, 0.0);
        for (tap, rows) in branch.taps.iter().zip(self.rows.tapped.chunks_exact_mut(one_tap)) {
            tap.product(&self.rows.projected[from..], step, rows);
        }

        // The first layer, at the places that the first stand of a surrounding looks at.
        let mut firsts = self.firsts.iter().copied().peekable();
        resize(&mut self.rows.layer, self.piece_at.len() * channel);
        let mut text_start = 0;
        let mut text_of_first = Vec::with_capacity(self.firsts.len());
        for length in &self.lengths {
            let text = text_start..text_start + length;
            let mut done = text.start;
            while let Some(first) = firsts.next_if(|first| *first < text.end) {
                text_of_first.push(text.clone());
                let needed = first.saturating_sub(left).max(done)..(first + order - left).min(text.end);
                done = done.max(needed.end);
                for at in needed {
                    let row = &mut self.rows.layer[at * channel..][..channel];
                    row.copy_from_slice(&branch.taps_bias);
                    for tap in 0..order {
                        let seen = at + tap;
                        if (text.start + left..text.end + left).contains(&seen) {
                            let piece = self.piece_at[seen - left] as usize;
                            add(row, &self.rows.tapped[tap * one_tap + piece * channel..][..channel]);
                        }
                    }
                    let own = &self.rows.projected[self.piece_at[at] as usize * step + from..][..channel];
                    row.iter_mut().zip(own).for_each(|(value, own)| *value = value.max(0.0) + own);
                }
            }
            text_start = text.end;
        }

        // The second layer, block by block.
        let into = table.width + from;
        let width = norm.gain.len();
        let blocks = self.firsts.chunks(BLOCK).zip(text_of_first.chunks(BLOCK));
        for ((firsts, texts), features) in blocks.zip(self.rows.features.chunks_mut(BLOCK * width)) {
            resize(&mut self.rows.windows, firsts.len() * order * channel);
            let windows = self.rows.windows.chunks_exact_mut(order * channel);
            for ((first, text), window) in firsts.iter().zip(texts).zip(windows) {
                for (tap, part) in window.chunks_exact_mut(channel).enumerate() {
                    match (*first + tap).checked_sub(left) {
                        Some(at) if text.contains(&at) => {
                            part.copy_from_slice(&self.rows.layer[at * channel..][..channel])
                        }
                        _ => part.fill(0.0),
                    }
                }
            }
            resize(&mut self.rows.read, firsts.len() * channel);
            branch.second.apply(&self.rows.windows, order * channel, &mut self.rows.read);
            let rows = features.chunks_exact_mut(width).zip(self.rows.read.chunks_exact(channel));
            for ((row, read), first) in rows.zip(firsts) {
                let own = &self.rows.layer[first * channel..][..channel];
                for ((value, read), own) in row[into..into + channel].iter_mut().zip(read).zip(own) {
                    *value = read.max(0.0) + own;
                }
            }
        }
    }
}

/// Room for `length` numbers, all of which will be written.
fn resize(numbers: &mut Vec<f32>, length: usize) {
    numbers.resize(length, 0.0);
}

/// Steps 3 and 4, from the sums of the normalised features of each text on.
fn finish(network: &Network, sums: &[f32], lengths: &[usize], out: &mut Vec<f32>) {
    let n = lengths.len();
    let product = |matrix: &Matrix, rows: &[f32], sum: &mut Vec<f32>| {
        sum.resize(n * matrix.columns(), 0.0);
        matrix.product(rows, matrix.rows(), sum);
    };
    let relu = |rows: &mut [f32]| rows.iter_mut().for_each(|value| *value = value.max(0.0));
    let (mut text, mut y0, mut y1, mut y2, mut z) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());

    product(&network.collect.matrix, sums, &mut text);
    for (row, length) in text.chunks_exact_mut(network.collect.bias.len()).zip(lengths) {
        let length = *length as f32;
        let root = 1.0 / length.sqrt();
        row.iter_mut().zip(&network.collect.bias).for_each(|(value, bias)| *value = (*value + length * bias) * root);
    }
    product(&network.d0, &text, &mut y0);
    relu(&mut y0);
    product(&network.p1, &text, &mut y1);
    product(&network.d1, &y0, &mut y1);
    relu(&mut y1);
    product(&network.d2, &y1, &mut y2);
    relu(&mut y2);
    product(&network.p3, &y1, &mut z);
    product(&network.d3, &y2, &mut z);
    for row in z.chunks_exact_mut(network.dimensions()) {
        row.iter_mut().for_each(|value| *value = value.tanh());
        let length = row.iter().map(|value| value * value).sum::<f32>().max(network.epsilon).sqrt();
        row.iter_mut().for_each(|value| *value /= length);
    }
    out.append(&mut z);
}
