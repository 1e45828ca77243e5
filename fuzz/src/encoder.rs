//! Promises of the reader of sentence models, and of what it reads.

use super::model;
use dhakira::encoder::Encoder;

/// Input: a text, and behind the first NUL damage to a small model, four bytes each: which file, two for the place, one for
/// what it is changed by. The files are packed after the damage, so that no checksum finds it.
pub fn open(data: &[u8]) {
    let (text, damage) = data.split_at(data.iter().position(|byte| *byte == 0).unwrap_or(data.len()));
    let text = String::from_utf8_lossy(text);
    let mut pieces = model::sp_model();
    let weights = model::weights(7);
    let mut files: Vec<(&str, Vec<u8>)> =
        weights.iter().map(|(name, a)| (name.as_str(), model::npy(name, a))).collect();

    let whole = model::npz(&weights);
    let _ = Encoder::from_bytes(data, &whole);
    let _ = Encoder::from_bytes(&pieces, data);
    encode(&Encoder::from_bytes(&pieces, &whole).expect("a whole model"), &text);

    for change in damage.get(1..).unwrap_or_default().chunks_exact(4) {
        let number = usize::from(change[0]) % (files.len() + 1);
        let file = files.get_mut(number).map_or(&mut pieces, |(_, file)| file);
        let at = usize::from(u16::from_le_bytes([change[1], change[2]])) % file.len();
        file[at] ^= change[3];
    }
    if let Ok(encoder) = Encoder::from_bytes(&pieces, &model::zip(files)) {
        encode(&encoder, &text);
    }
}

/// As many numbers as there should be; each text as it is alone.
fn encode(encoder: &Encoder, text: &str) {
    let lines: Vec<&str> = text.split('\n').collect();
    let vectors = encoder.encode(&lines);
    assert_eq!(vectors.len(), lines.len() * encoder.dimensions());
    for (line, vector) in lines.iter().zip(vectors.chunks_exact(encoder.dimensions())) {
        let alone = encoder.encode(&[line]);
        assert!(alone.iter().zip(vector).all(|(a, b)| a.to_bits() == b.to_bits()), "{line:?} alone and among others");
        assert!(vector.iter().all(|n| n.is_nan() || n.abs() <= 1.001), "{line:?}");
    }
}
