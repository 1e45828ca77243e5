//! The network of a snapshot: a transformer that reads pieces to both sides.
//!
//! Source: Devlin et al. 2019, "BERT" (<https://aclanthology.org/N19-1423/>), and of XLM-RoBERTa Conneau et al. 2020
//! (<https://aclanthology.org/2020.acl-main.747/>), which is the same but for the numbers of places. The arithmetic is that of
//! `BertModel` and `XLMRobertaModel` in the Python package `transformers` 5.24, whose names for the tensors stand here:
//!
//! 1. A piece, its place and the kind of its text each have a row; they are summed and normalised ("embeddings").
//! 2. In each layer a piece takes of all pieces of its text what is like what it looks for ("attention"): of "query", "key" and "value",
//!    cut into heads, it sums the values by the softmax of the products of its query with their keys, divided by
//!    the root of the width of a head. That is projected, added to what was there, and normalised.
//! 3. Then a layer of its own ("intermediate"), GELU, and one back ("output"), added and normalised as well.
//!
//! Nothing of one text goes into another: texts stand behind each other without padding, products are made of all rows at
//! once, attention text by text. So each row is the same, to the last bit, whatever stands beside its text.

use super::layer::{Dense, Norm, add, dot};
use super::matrix::Matrix;
use super::tensors::Tensors;
use serde_json::Value;
use std::io::{Read, Seek};

/// No width may be larger.
const WIDEST: usize = 1 << 16;
/// The tensor that each such file has.
const PIECES: &str = "embeddings.word_embeddings.weight";

/// What `config.json` says of the network.
struct Settings {
    width: usize,
    layers: usize,
    heads: usize,
    inner: usize,
    epsilon: f32,
    /// The piece that fills up texts, in a network that has a place of its own for it and counts places from behind it.
    filler: Option<u32>,
}

impl Settings {
    fn read(config: &Value) -> Result<Settings, String> {
        let kind = config["model_type"].as_str().unwrap_or("none");
        if !["bert", "xlm-roberta"].contains(&kind) {
            return Err(format!("\"model_type\" is {kind:?}, and \"bert\" and \"xlm-roberta\" are read"));
        }
        let usual = [("hidden_act", "gelu"), ("position_embedding_type", "absolute")];
        for (name, usual) in usual {
            if config[name].as_str().is_some_and(|said| said != usual) {
                return Err(format!("{name:?} is {}, and only {usual:?} is read", config[name]));
            }
        }
        if config["is_decoder"] == true {
            return Err("\"is_decoder\" is true, and only encoders are read".to_owned());
        }
        let number = |name: &str| {
            let number = config[name].as_u64().and_then(|n| usize::try_from(n).ok());
            number.filter(|n| (1..=WIDEST).contains(n)).ok_or_else(|| format!("{name:?} is {}", config[name]))
        };
        let (width, heads) = (number("hidden_size")?, number("num_attention_heads")?);
        if width % heads != 0 {
            return Err(format!("\"hidden_size\" {width} is no multiple of \"num_attention_heads\" {heads}"));
        }
        let epsilon = config["layer_norm_eps"].as_f64().unwrap_or(1e-12) as f32;
        if !(0.0..1.0).contains(&epsilon) {
            return Err(format!("\"layer_norm_eps\" is {}", config["layer_norm_eps"]));
        }
        let filler = config["pad_token_id"].as_u64().map_or(Ok(1), u32::try_from);
        let filler = filler.map_err(|_| format!("\"pad_token_id\" is {}", config["pad_token_id"]))?;
        Ok(Settings {
            width,
            layers: number("num_hidden_layers")?,
            heads,
            inner: number("intermediate_size")?,
            epsilon,
            filler: (kind == "xlm-roberta").then_some(filler),
        })
    }
}

/// All weights.
pub(super) struct Transformer {
    width: usize,
    heads: usize,
    inner: usize,
    epsilon: f32,
    filler: Option<u32>,
    pieces: Vec<f32>,
    /// The rows of places, that of the first kind of text added.
    places: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

/// One layer.
struct Layer {
    /// Query, key and value side by side.
    attention: Dense,
    attended: Dense,
    attended_norm: Norm,
    inner: Dense,
    outer: Dense,
    outer_norm: Norm,
}

impl Transformer {
    /// Reads the weights that `config.json` tells of, and holds their shapes against it.
    pub(super) fn read(config: &Value, tensors: &mut Tensors<impl Read + Seek>) -> Result<Transformer, Refusal> {
        let settings = Settings::read(config).map_err(Refusal::Config)?;
        Transformer::read_tensors(&settings, tensors).map_err(Refusal::Weights)
    }

    fn read_tensors(settings: &Settings, tensors: &mut Tensors<impl Read + Seek>) -> Result<Transformer, String> {
        let &Settings { width, inner, epsilon, .. } = settings;
        tensors.begin_where(PIECES);
        let rows = |tensors: &mut Tensors<_>, name: &str| {
            let rows = tensors.shape(name)?.first().copied().unwrap_or_default();
            if rows == 0 {
                return Err(format!("tensor {name:?} is empty"));
            }
            tensors.floats(name, &[rows, width])
        };
        let pieces = rows(tensors, PIECES)?;
        let mut places = rows(tensors, "embeddings.position_embeddings.weight")?;
        let kinds = rows(tensors, "embeddings.token_type_embeddings.weight")?;
        places.chunks_exact_mut(width).for_each(|row| add(row, &kinds[..width]));
        let norm = norm(tensors, "embeddings.LayerNorm", width)?;

        let mut layers = Vec::new();
        for layer in 0..settings.layers {
            let name = |part: &str| format!("encoder.layer.{layer}.{part}");
            let (mut weights, mut bias) = (Vec::new(), Vec::new());
            for part in ["query", "key", "value"] {
                weights.extend(tensors.floats(&name(&format!("attention.self.{part}.weight")), &[width, width])?);
                bias.extend(tensors.floats(&name(&format!("attention.self.{part}.bias")), &[width])?);
            }
            layers.push(Layer {
                attention: Dense { matrix: Matrix::of_columns(width, 3 * width, &weights), bias },
                attended: dense(tensors, &name("attention.output.dense"), width, width)?,
                attended_norm: self::norm(tensors, &name("attention.output.LayerNorm"), width)?,
                inner: dense(tensors, &name("intermediate.dense"), width, inner)?,
                outer: dense(tensors, &name("output.dense"), inner, width)?,
                outer_norm: self::norm(tensors, &name("output.LayerNorm"), width)?,
            });
        }
        let transformer = Transformer {
            width,
            heads: settings.heads,
            inner,
            epsilon,
            filler: settings.filler,
            pieces,
            places,
            norm,
            layers,
        };
        if transformer.longest() == 0 {
            return Err("\"embeddings.position_embeddings.weight\" has no place for a text".to_owned());
        }
        Ok(transformer)
    }

    /// How many numbers the row of a piece has.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// How many pieces there are.
    pub(super) fn pieces(&self) -> usize {
        self.pieces.len() / self.width
    }

    /// How many pieces a text may have.
    pub(super) fn longest(&self) -> usize {
        (self.places.len() / self.width).saturating_sub(self.filler.map_or(0, |filler| filler as usize + 1))
    }

    /// The rows of the pieces of texts that stand behind each other and have these lengths, none above
    /// [`longest`](Transformer::longest). A piece that there is not has an empty row.
    pub(super) fn run(&self, pieces: &[u32], lengths: &[usize]) -> Vec<f32> {
        let (width, count) = (self.width, pieces.len());
        let mut rows = self.embed(pieces, lengths);
        let mut heads = vec![0.0; count * 3 * width];
        let mut attended = vec![0.0; count * width];
        let mut inner = vec![0.0; count * self.inner];
        let mut out = vec![0.0; count * width];
        let mut shares = Vec::new();
        for layer in &self.layers {
            layer.attention.apply(&rows, width, &mut heads);
            let mut at = 0;
            for length in lengths {
                let text = at..at + length;
                let heads = &heads[text.start * 3 * width..text.end * 3 * width];
                self.attend(heads, &mut shares, &mut attended[text.start * width..text.end * width]);
                at = text.end;
            }
            layer.attended.apply(&attended, width, &mut out);
            self.add_and_normalise(&mut rows, &out, &layer.attended_norm);
            layer.inner.apply(&rows, width, &mut inner);
            inner.iter_mut().for_each(|value| *value = gelu(*value));
            layer.outer.apply(&inner, self.inner, &mut out);
            self.add_and_normalise(&mut rows, &out, &layer.outer_norm);
        }
        rows
    }

    /// Step 1.
    fn embed(&self, pieces: &[u32], lengths: &[usize]) -> Vec<f32> {
        let width = self.width;
        let mut rows = vec![0.0; pieces.len() * width];
        let mut rest = pieces.iter().zip(rows.chunks_exact_mut(width));
        for length in lengths {
            let mut counted = 0;
            for (&piece, row) in rest.by_ref().take(*length) {
                let place = match self.filler {
                    Some(filler) if piece == filler => filler as usize,
                    Some(filler) => {
                        counted += 1;
                        filler as usize + counted
                    }
                    None => {
                        counted += 1;
                        counted - 1
                    }
                };
                let piece = piece as usize;
                if let Some(own) = self.pieces.get(piece * width..(piece + 1) * width) {
                    add(row, own);
                }
                add(row, &self.places[place * width..][..width]);
                self.norm.apply(row, self.epsilon);
            }
        }
        rows
    }

    /// Step 2 of one text, before the projection: `heads` has the query, key and value of each piece.
    fn attend(&self, heads: &[f32], shares: &mut Vec<f32>, out: &mut [f32]) {
        let (width, each) = (self.width, self.width / self.heads);
        let scale = 1.0 / (each as f32).sqrt();
        out.fill(0.0);
        for head in 0..self.heads {
            let [query, key, value] = [0, 1, 2].map(|which| which * width + head * each);
            for (own, out) in heads.chunks_exact(3 * width).zip(out.chunks_exact_mut(width)) {
                let query = &own[query..][..each];
                shares.clear();
                shares.extend(heads.chunks_exact(3 * width).map(|row| dot(query, &row[key..][..each]) * scale));
                softmax(shares);
                let out = &mut out[head * each..][..each];
                for (share, row) in shares.iter().zip(heads.chunks_exact(3 * width)) {
                    out.iter_mut().zip(&row[value..][..each]).for_each(|(sum, part)| *sum += share * part);
                }
            }
        }
    }

    fn add_and_normalise(&self, rows: &mut [f32], more: &[f32], norm: &Norm) {
        for (row, more) in rows.chunks_exact_mut(self.width).zip(more.chunks_exact(self.width)) {
            add(row, more);
            norm.apply(row, self.epsilon);
        }
    }
}

/// Which file a network can not be read from, and why.
#[derive(Debug)]
pub(super) enum Refusal {
    /// `config.json`.
    Config(String),
    /// The tensors.
    Weights(String),
}

/// A layer as torch keeps it.
pub(super) fn dense(
    tensors: &mut Tensors<impl Read + Seek>,
    name: &str,
    rows: usize,
    columns: usize,
) -> Result<Dense, String> {
    let weights = tensors.floats(&format!("{name}.weight"), &[columns, rows])?;
    let bias = tensors.floats(&format!("{name}.bias"), &[columns])?;
    Ok(Dense { matrix: Matrix::of_columns(rows, columns, &weights), bias })
}

fn norm(tensors: &mut Tensors<impl Read + Seek>, name: &str, width: usize) -> Result<Norm, String> {
    Ok(Norm {
        gain: tensors.floats(&format!("{name}.weight"), &[width])?,
        bias: tensors.floats(&format!("{name}.bias"), &[width])?,
    })
}

/// Hendrycks and Gimpel 2016, "Gaussian Error Linear Units" (<https://arxiv.org/abs/1606.08415>), by the error function.
fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + libm::erff(x * std::f32::consts::FRAC_1_SQRT_2))
}

/// Makes shares of the whole of logarithms.
fn softmax(values: &mut [f32]) {
    let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    values.iter_mut().for_each(|value| *value = (*value - most).exp());
    let sum: f32 = values.iter().sum();
    values.iter_mut().for_each(|value| *value /= sum);
}
