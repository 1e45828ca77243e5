//! What the network is built of: embeddings, products with a bias, normalisation.

use super::matrix::Matrix;

/// The embedding of each piece, in bytes.
pub(super) struct Table {
    pub(super) width: usize,
    pub(super) chunks: Vec<Chunk>,
}

/// A part of the embeddings: the number that byte `b` stands for is `b · scale + least`.
pub(super) struct Chunk {
    pub(super) rows: Vec<u8>,
    pub(super) scale: f32,
    pub(super) least: f32,
}

impl Table {
    /// Writes the embedding of a piece.
    pub(super) fn embed(&self, piece: u32, out: &mut [f32]) {
        let piece = piece as usize;
        let chunk = &self.chunks[piece % self.chunks.len()];
        let row = &chunk.rows[piece / self.chunks.len() * self.width..][..self.width];
        out.iter_mut().zip(row).for_each(|(value, byte)| *value = f32::from(*byte) * chunk.scale + chunk.least);
    }
}

/// A product and what is added to it.
pub(super) struct Dense {
    pub(super) matrix: Matrix,
    pub(super) bias: Vec<f32>,
}

impl Dense {
    pub(super) fn apply(&self, rows: &[f32], step: usize, out: &mut [f32]) {
        out.chunks_exact_mut(self.bias.len()).for_each(|row| row.copy_from_slice(&self.bias));
        self.matrix.product(rows, step, out);
    }
}

/// Layer normalisation: what a row is multiplied with, and what is added, once its mean is 0 and its variance 1.
pub(super) struct Norm {
    pub(super) gain: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

impl Norm {
    pub(super) fn apply(&self, row: &mut [f32], epsilon: f32) {
        let n = row.len() as f32;
        let mean = sum_of(row, |value| value) / n;
        let variance = sum_of(row, |value| (value - mean) * (value - mean)) / n;
        let scale = 1.0 / (variance + epsilon).sqrt();
        for ((value, gain), bias) in row.iter_mut().zip(&self.gain).zip(&self.bias) {
            *value = (*value - mean) * scale * gain + bias;
        }
    }
}

/// The sum of `f` over a row, in sixteen partial sums: a fixed order, and one that vector registers follow.
pub(super) fn sum_of(row: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0f32; 16];
    let (parts, rest) = row.as_chunks::<16>();
    for part in parts {
        lanes.iter_mut().zip(part).for_each(|(lane, value)| *lane += f(*value));
    }
    lanes.iter_mut().zip(rest).for_each(|(lane, value)| *lane += f(*value));
    lanes.iter().sum()
}

/// The sum of the products of two rows, in the order of [`sum_of`].
#[cfg(feature = "hugging-face")]
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 16];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    for (a, b) in a.iter().zip(b) {
        lanes.iter_mut().zip(a.iter().zip(b)).for_each(|(lane, (a, b))| *lane += a * b);
    }
    lanes.iter_mut().zip(a_rest.iter().zip(b_rest)).for_each(|(lane, (a, b))| *lane += a * b);
    lanes.iter().sum()
}

/// Adds a row to another.
pub(super) fn add(sum: &mut [f32], row: &[f32]) {
    sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
}
