//! Arrays by name: NumPy's `.npz`, a zip of `.npy` files.
//!
//! Source: NEP 1, "A Simple File Format for NumPy Arrays" (<https://numpy.org/neps/nep-0001-npy-format.html>): a magic, a version, the length
//! of a header, the header as a Python dictionary, then the numbers. Read is what weights need: bytes and floats, little-endian, in C order.

use std::io::{Read, Seek};

/// No array may be larger: 1 GiB. The whole model that this is for has 0.08.
const MOST_BYTES: u64 = 1 << 30;

/// What is wrong where an array has not what it promises.
const WRONG_COUNT: &str = "more or fewer numbers than its header says";

/// What is read of an array at once: 16 MiB.
const MOST_AT_ONCE: u64 = 1 << 24;

/// The arrays of a file, each read when it is asked for.
pub(super) struct Npz<R> {
    zip: zip::ZipArchive<R>,
}

/// The numbers of an array.
#[derive(Debug, PartialEq)]
pub(super) enum Numbers {
    /// `u1`, 0 to 255.
    Bytes(Vec<u8>),
    /// `<f4`, and `<f8` brought to the nearest `f32`.
    Floats(Vec<f32>),
}

/// An array: how many numbers it has in each dimension, and all of them, the last dimension running fastest.
#[derive(Debug, PartialEq)]
pub(super) struct Array {
    pub(super) shape: Vec<usize>,
    pub(super) numbers: Numbers,
}

impl<R: Read + Seek> Npz<R> {
    pub(super) fn open(file: R) -> Result<Npz<R>, String> {
        let zip = zip::ZipArchive::new(file).map_err(|error| format!("not an npz file, or not all of it ({error})"))?;
        Ok(Npz { zip })
    }

    /// Whether there is an array of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(&format!("{name}.npy")).is_some()
    }

    /// The array of this name.
    pub(super) fn array(&mut self, name: &str) -> Result<Array, String> {
        self.read(name, |file| read(file))
    }

    /// The shape of the array of this name, whose numbers are not read.
    pub(super) fn shape(&mut self, name: &str) -> Result<Vec<usize>, String> {
        Ok(self.read(name, |file| read_form(file))?.1)
    }

    fn read<T>(&mut self, name: &str, read: impl FnOnce(&mut dyn Read) -> Result<T, String>) -> Result<T, String> {
        let file = self.zip.by_name(&format!("{name}.npy"));
        let mut file = file.map_err(|error| format!("no array {name:?} ({error})"))?;
        read(&mut file).map_err(|reason| format!("array {name:?}: {reason}"))
    }

    /// The floats of an array that has this shape, and at least one.
    pub(super) fn floats(&mut self, name: &str, expected: &[usize]) -> Result<Vec<f32>, String> {
        match self.array(name)? {
            Array { shape, numbers: Numbers::Floats(floats) } if shape == expected && !floats.is_empty() => Ok(floats),
            Array { shape, .. } => Err(format!("array {name:?} has the shape {shape:?}, not {expected:?} in floats")),
        }
    }
}

/// Reads what a `.npy` file says of its numbers: how many bytes each has, and the shape.
fn read_form(mut file: impl Read) -> Result<(u64, Vec<usize>), String> {
    let mut start = [0; 8];
    file.read_exact(&mut start).map_err(|error| error.to_string())?;
    if &start[..6] != b"\x93NUMPY" {
        return Err("not a NumPy array".to_owned());
    }
    let mut length = [0; 4];
    let length_bytes = if start[6] == 1 { 2 } else { 4 };
    file.read_exact(&mut length[..length_bytes]).map_err(|error| error.to_string())?;
    let mut header = Vec::new();
    file.take(u32::from_le_bytes(length).into()).read_to_end(&mut header).map_err(|error| error.to_string())?;
    let header = String::from_utf8_lossy(&header);
    form(&header).ok_or_else(|| format!("numbers in a form not known here: {}", header.trim_end()))
}

/// Reads a `.npy` file.
fn read(mut file: impl Read) -> Result<Array, String> {
    let (bytes_each, shape) = read_form(&mut file)?;
    let count = shape.iter().try_fold(1usize, |count, n| count.checked_mul(*n));
    let expected = count.and_then(|count| (count as u64).checked_mul(bytes_each)).filter(|bytes| *bytes <= MOST_BYTES);
    let expected = expected.ok_or("too large for a model")?;
    // Not much room is taken on the word of the header: the vector grows with what is there.
    let mut numbers = Vec::new();
    while (numbers.len() as u64) < expected {
        let (start, more) = (numbers.len(), (expected - numbers.len() as u64).min(MOST_AT_ONCE));
        numbers.resize(start + more as usize, 0);
        file.read_exact(&mut numbers[start..]).map_err(|_| WRONG_COUNT)?;
    }
    if file.read(&mut [0]).map_err(|error| error.to_string())? > 0 {
        return Err(WRONG_COUNT.to_owned());
    }
    let numbers = match bytes_each {
        1 => Numbers::Bytes(numbers),
        4 => Numbers::Floats(numbers.as_chunks().0.iter().map(|n| f32::from_le_bytes(*n)).collect()),
        _ => Numbers::Floats(numbers.as_chunks().0.iter().map(|n| f64::from_le_bytes(*n) as f32).collect()),
    };
    if let Numbers::Floats(floats) = &numbers
        && !floats.iter().all(|n| n.is_finite())
    {
        return Err("some of it is not a finite number".to_owned());
    }
    Ok(Array { shape, numbers })
}

/// How many bytes a number has, and the shape, if the header is that of an array that can be read here.
fn form(header: &str) -> Option<(u64, Vec<usize>)> {
    let value = |key: &str| Some(header.split_once(&format!("'{key}':"))?.1.trim_start());
    let bytes_each = match value("descr")?.strip_prefix('\'')?.split_once('\'')?.0 {
        "|u1" => 1,
        "<f4" => 4,
        "<f8" => 8,
        _ => return None,
    };
    let shape = value("shape")?.strip_prefix('(')?.split_once(')')?.0;
    let shape: Vec<usize> =
        shape.split(',').map(str::trim).filter(|n| !n.is_empty()).map(|n| n.parse().ok()).collect::<Option<_>>()?;
    // In one dimension both orders are the same.
    let rows_first = value("fortran_order")?.starts_with("False") || shape.len() < 2;
    rows_first.then_some((bytes_each, shape))
}
