//! Hashes of bytes and of numbers.

use std::hash::Hasher;

/// A hash that notices what happens to files: words of eight bytes in four lanes, each multiplied by an odd number, which
/// loses nothing. No defence against someone who means it.
pub(super) fn checksum(bytes: &[u8]) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |lane: u64, word: u64| (lane ^ word).wrapping_mul(ODD).rotate_left(29);
    let word = |eight: &[u8]| u64::from_le_bytes(eight.try_into().expect("eight bytes"));
    let mut lanes = [1u64, 2, 3, 4];
    let mut blocks = bytes.chunks_exact(32);
    for block in &mut blocks {
        for (lane, eight) in lanes.iter_mut().zip(block.chunks_exact(8)) {
            *lane = mix(*lane, word(eight));
        }
    }
    let mut sum = lanes.into_iter().fold(bytes.len() as u64, mix);
    for rest in blocks.remainder().chunks(8) {
        let mut eight = [0; 8];
        eight[..rest.len()].copy_from_slice(rest);
        sum = mix(sum, u64::from_le_bytes(eight));
    }
    mix(sum, sum >> 32)
}

/// Fibonacci hashing (Knuth, TAOCP 3, 6.4) for numbers that are spread already, or are the codes of trigrams.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0 ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ mixed >> 32;
    }
}
