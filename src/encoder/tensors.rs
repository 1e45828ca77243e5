//! Tensors by name: a file of safetensors, each read when it is asked for.

use half::{bf16, f16};
use safetensors::tensor::{Dtype, Metadata};
use std::io::{Read, Seek, SeekFrom};

/// No header may be longer: the limit of safetensors itself.
const LONGEST_HEADER: u64 = 100_000_000;
/// How many bytes are read at a time: as many numbers of any kind.
const BLOCK: usize = 1 << 16;

/// The tensors of a file.
pub(super) struct Tensors<R> {
    file: R,
    /// Where the numbers begin.
    start: u64,
    metadata: Metadata,
    /// What stands before all names that are asked for.
    prefix: String,
}

impl<R: Read + Seek> Tensors<R> {
    /// Reads the header, which has to tell of each byte that follows.
    pub(super) fn open(mut file: R) -> Result<Tensors<R>, String> {
        let unread = |error: std::io::Error| format!("not a safetensors file, or not all of it ({error})");
        let length = file.seek(SeekFrom::End(0)).map_err(unread)?;
        file.rewind().map_err(unread)?;
        let mut header_length = [0; 8];
        file.read_exact(&mut header_length).map_err(unread)?;
        let header_length = u64::from_le_bytes(header_length);
        let start = header_length.checked_add(8).filter(|start| *start <= length && header_length <= LONGEST_HEADER);
        let start = start.ok_or("not a safetensors file, or not all of it")?;
        let mut header = Vec::new();
        (&mut file).take(header_length).read_to_end(&mut header).map_err(unread)?;
        let metadata: Metadata =
            serde_json::from_slice(&header).map_err(|error| format!("not a safetensors file ({error})"))?;
        if metadata.data_len() as u64 != length - start {
            return Err("shorter or longer than its header says; fetch it again".to_owned());
        }
        Ok(Tensors { file, start, metadata, prefix: String::new() })
    }

    /// Whatever stands before a name that ends like this stands before all names from now on.
    pub(super) fn begin_where(&mut self, name: &str) {
        let prefix = |full: &String| {
            let prefix = full.strip_suffix(name)?;
            (prefix.is_empty() || prefix.ends_with('.')).then(|| prefix.to_owned())
        };
        // The shortest one, and of two the first, whatever order the names are in.
        let found =
            self.metadata.tensors().keys().filter_map(prefix).min_by_key(|prefix| (prefix.len(), prefix.clone()));
        self.prefix = found.unwrap_or_default();
    }

    /// How many numbers a tensor has in each dimension.
    pub(super) fn shape(&self, name: &str) -> Result<&[usize], String> {
        let info = self.metadata.info(&format!("{}{name}", self.prefix));
        info.map(|info| info.shape.as_slice())
            .ok_or_else(|| format!("no tensor {:?}", format!("{}{name}", self.prefix)))
    }

    /// The numbers of a tensor of this shape, each finite. Of them there are no more than the file has, whatever the shape.
    pub(super) fn floats(&mut self, name: &str, expected: &[usize]) -> Result<Vec<f32>, String> {
        let shape = self.shape(name)?;
        let name = format!("{}{name}", self.prefix);
        if shape != expected {
            return Err(format!("tensor {name:?} has the shape {shape:?}, not {expected:?}"));
        }
        let info = self.metadata.info(&name).ok_or("no such tensor")?;
        let kind = info.dtype;
        if !matches!(kind, Dtype::F32 | Dtype::F16 | Dtype::BF16 | Dtype::F64) {
            return Err(format!("tensor {name:?} is of {kind:?}; numbers of F64, F32, F16 and BF16 are read"));
        }
        let (from, to) = info.data_offsets;
        let broken = |error: std::io::Error| format!("tensor {name:?}: {error}");
        self.file.seek(SeekFrom::Start(self.start + from as u64)).map_err(broken)?;
        let mut floats = Vec::with_capacity(expected.iter().product());
        let mut block = vec![0; BLOCK.min(to - from)];
        let mut left = to - from;
        while left > 0 {
            let block = &mut block[..left.min(BLOCK)];
            self.file.read_exact(block).map_err(broken)?;
            left -= block.len();
            match kind {
                Dtype::F64 => floats.extend(block.as_chunks().0.iter().map(|n| f64::from_le_bytes(*n) as f32)),
                Dtype::F16 => floats.extend(block.as_chunks().0.iter().map(|n| f16::from_le_bytes(*n).to_f32())),
                Dtype::BF16 => floats.extend(block.as_chunks().0.iter().map(|n| bf16::from_le_bytes(*n).to_f32())),
                _ => floats.extend(block.as_chunks().0.iter().map(|n| f32::from_le_bytes(*n))),
            }
        }
        if !floats.iter().all(|n| n.is_finite()) {
            return Err(format!("tensor {name:?}: some of it is not a finite number"));
        }
        Ok(floats)
    }
}
