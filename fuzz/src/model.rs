//! A sentence model as small as can be, in the form of the files of a real one: some pieces, random weights.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

/// An array of weights: its shape, and the numbers behind each other.
pub struct Array {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
}

/// The arrays of a model by name.
pub type Arrays = BTreeMap<String, Array>;

/// The pieces of the small model: three that stand for themselves, then text.
pub const PIECES: [&str; 14] =
    ["<unk>", "<s>", "</s>", "▁", "▁ال", "كتاب", "ك", "تا", "تاب", "ا", "▁book", "o", "▁the", "\u{64E}"];

/// Embeddings of 4 numbers in 3 tables, branches of 3 numbers, vectors of 5.
pub fn weights(seed: u64) -> Arrays {
    let mut state = seed;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / f64::from(1 << 23) - 1.0
    };
    let mut arrays = Arrays::new();
    let mut array = |name: &str, shape: &[usize]| {
        let count = shape.iter().product();
        let bytes = name.starts_with('q');
        let values =
            (0..count).map(|_| if bytes { (random() * 31.5 + 31.5).floor() } else { f64::from(random() as f32) });
        arrays.insert(name.to_owned(), Array { shape: shape.to_vec(), values: values.collect() });
    };
    (1..=3).for_each(|n| array(&format!("q{n}"), &[5, 4]));
    array("scale", &[3]);
    array("lo", &[3]);
    for order in [2, 3, 5] {
        array(&format!("proj{order}"), &[4, 3]);
        ["proj_b", "ln_g", "ln_b", "b1_", "b2_"].iter().for_each(|name| array(&format!("{name}{order}"), &[3]));
        ["w1_", "w2_"].iter().for_each(|name| array(&format!("{name}{order}"), &[order * 3, 3]));
    }
    array("ln_g", &[13]);
    array("ln_b", &[13]);
    array("cnn_W", &[13, 6]);
    array("cnn_b", &[6]);
    array("d0", &[6, 4]);
    array("p1", &[6, 7]);
    array("d1", &[4, 7]);
    array("d2", &[7, 3]);
    array("p3", &[7, 5]);
    array("d3", &[3, 5]);
    arrays.insert("eps".to_owned(), Array { shape: Vec::new(), values: vec![1e-12] });
    arrays
}

/// A `.npy` file.
pub fn npy(name: &str, array: &Array) -> Vec<u8> {
    let descr = match name {
        "eps" => "<f8",
        _ if name.starts_with('q') => "|u1",
        _ => "<f4",
    };
    let shape: String = array.shape.iter().map(|n| format!("{n}, ")).collect();
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}\n");
    let mut file = b"\x93NUMPY\x01\0".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    for value in &array.values {
        match descr {
            "<f8" => file.extend(value.to_le_bytes()),
            "|u1" => file.push(*value as u8),
            _ => file.extend((*value as f32).to_le_bytes()),
        }
    }
    file
}

/// A zip of files.
pub fn zip<'a>(files: impl IntoIterator<Item = (&'a str, Vec<u8>)>) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (at, (name, bytes)) in files.into_iter().enumerate() {
        let method = [zip::CompressionMethod::Stored, zip::CompressionMethod::Deflated][at % 2];
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        zip.start_file(format!("{name}.npy"), options).expect("into memory");
        zip.write_all(&bytes).expect("into memory");
    }
    zip.finish().expect("into memory").into_inner()
}

/// The file of weights.
pub fn npz(arrays: &Arrays) -> Vec<u8> {
    zip(arrays.iter().map(|(name, array)| (name.as_str(), npy(name, array))))
}

/// How probable each piece is, as its logarithm.
pub fn score(piece: &str) -> f32 {
    -(piece.len() as f32).sqrt()
}

/// The file of pieces; longer ones are a little more probable than their parts.
pub fn sp_model() -> Vec<u8> {
    let mut file = Vec::new();
    for piece in PIECES {
        let mut message = vec![0x0A, piece.len() as u8];
        message.extend(piece.as_bytes());
        message.push(0x15);
        message.extend(score(piece).to_le_bytes());
        file.extend([0x0A, message.len() as u8]);
        file.extend(message);
    }
    file
}
