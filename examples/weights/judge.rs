//! The figures by which documents are told apart that are no translations of each other.

use super::FITTED;
use super::gold;
use dhakira::align::{LogLinear, Signs, align};
use dhakira::segment::Document;
use std::error::Error;
use std::path::Path;

/// Sentences of the pieces that documents are cut into, too.
const PIECES: [usize; 4] = [4, 8, 16, 40];

fn piece(document: &Document, sentences: usize) -> Document {
    let lines: Vec<&str> = document.sentences().take(sentences).collect();
    Document::from_lines(document.lang(), &lines.join("\n"))
}

/// Fits the figures of [`dhakira::align::Judge`] to even documents, as many true pairs as false ones, and prints them; and how
/// many of the odd ones they judge right.
pub fn fit(scorer: &LogLinear, folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut signs: [Vec<(Signs, bool)>; 2] = Default::default();
    for name in FITTED {
        let documents = gold::set(&folder.join(name))?;
        for (number, gold) in documents.iter().enumerate() {
            let other = &documents[(number + 2) % documents.len()];
            for size in PIECES.iter().copied().chain([usize::MAX]).filter(|s| *s == usize::MAX || *s < gold.ar.len()) {
                let ar = piece(&gold.plain_ar, size);
                let own = align(&ar, &piece(&gold.plain_en, size), scorer).signs;
                let foreign = align(&ar, &piece(&other.plain_en, size), scorer).signs;
                signs[number % 2].extend([(own, true), (foreign, false)]);
            }
        }
    }
    let input = |signs: &Signs| f64::from(signs.gain.clamp(0.0, 12.0));
    let (mut prior, mut weight) = (0.0f64, 0.0f64);
    let said = |sign: &Signs, prior: f64, weight: f64| 1.0 / (1.0 + (-(prior + weight * input(sign))).exp());
    // Newton's method, both figures held near nought a little.
    for _ in 0..30 {
        let (mut slope, mut curve) = ([-0.1 * prior, -0.1 * weight], [0.1, 0.0, 0.1]);
        for (sign, truth) in &signs[0] {
            let (x, p) = (input(sign), said(sign, prior, weight));
            let miss = f64::from(u8::from(*truth)) - p;
            slope = [slope[0] + miss, slope[1] + miss * x];
            let w = p * (1.0 - p);
            curve = [curve[0] + w, curve[1] + w * x, curve[2] + w * x * x];
        }
        let determinant = curve[0] * curve[2] - curve[1] * curve[1];
        prior += (curve[2] * slope[0] - curve[1] * slope[1]) / determinant;
        weight += (curve[0] * slope[1] - curve[1] * slope[0]) / determinant;
    }
    println!("prior: {:.2} (with ln 9), gain: {weight:.2}", prior + 9.0f64.ln());
    for (name, half) in ["even", "odd"].iter().zip(&signs) {
        let right = half.iter().filter(|(sign, truth)| (said(sign, prior, weight) > 0.5) == *truth);
        println!("{name}: {} of {} judged right", right.count(), half.len());
    }
    Ok(())
}
