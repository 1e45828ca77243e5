//! Neighbours: words of the two languages that a sentence encoder puts near each other, as guesses for the lexicon.

use dhakira::Lang;
use dhakira::encoder::Encoder;
use dhakira::lexicon::{Guess, Knowledge, stem};
use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::path::Path;

/// Words that are taken of each language, the most frequent ones.
const WORDS: [usize; 2] = [90_000, 60_000];
/// Neighbours whose mean likeness is taken off, so that words that are near to everything are no better than others: cross-domain
/// similarity local scaling (Conneau et al., "Word Translation Without Parallel Data", 2018, §2.3).
const AROUND: usize = 10;
/// Nearest ones by cosine among which the nearest by the scaled measure are looked for, and how many of these are kept.
const LOOKED_AT: usize = 40;
const KEPT: usize = 8;
/// Below this cosine two words are strangers.
const LEAST_COSINE: f32 = 0.5;
/// Guesses that both directions think less probable than this are left out.
const LEAST: f64 = 0.04;

/// The probability that the neighbour of this rank (0 is the nearest) and likeness is a translation: lines through what Model
/// 1 says of such neighbours of words that it has often seen, by bins of likeness.
fn probability(rank: usize, likeness: f32) -> f64 {
    let likeness = f64::from(likeness);
    match rank {
        0 => (0.02 + 1.3 * likeness).min(0.6),
        1 => (0.02 + 0.35 * likeness).min(0.3),
        _ => (0.02 + 0.15 * likeness).min(0.3),
    }
}

/// The stems of one language.
struct Stems {
    texts: Vec<String>,
    /// A row a stem, of length 1.
    vectors: Vec<f32>,
    frequencies: HashMap<String, f64>,
}

/// Reads `word<TAB>frequency` lines, the most frequent first; only words of the language's own letters count.
fn stems(lang: Lang, path: &Path, most: usize, encoder: &Encoder) -> Result<Stems, Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    let letters = |word: &str| match lang {
        Lang::Ar => word.chars().all(|c| matches!(c, '\u{0621}'..='\u{064A}')),
        Lang::En => word.chars().all(|c| c.is_ascii_lowercase() || c == '\''),
    };
    let fields = text.lines().filter_map(|line| line.split_once('\t'));
    let words: Vec<(&str, f64)> = fields
        .filter(|(word, _)| word.chars().count() > 1 && letters(word))
        .map(|(word, frequency)| Ok((word, frequency.trim().parse::<f64>()?)))
        .take(most)
        .collect::<Result<_, std::num::ParseFloatError>>()?;
    let size = encoder.dimensions();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let (mut texts, mut vectors, mut frequencies) = (Vec::new(), Vec::new(), HashMap::new());
    let all: f64 = words.iter().map(|(_, frequency)| frequency).sum();
    for chunk in words.chunks(1024) {
        let list: Vec<&str> = chunk.iter().map(|(word, _)| *word).collect();
        let encoded = encoder.encode(&list);
        for ((word, frequency), vector) in chunk.iter().zip(encoded.chunks_exact(size)) {
            let stem = stem(lang, word);
            if stem.is_empty() {
                continue;
            }
            let number = *numbers.entry(stem.clone()).or_insert_with(|| {
                texts.push(stem.clone());
                vectors.resize(vectors.len() + size, 0.0);
                texts.len() - 1
            });
            *frequencies.entry(stem).or_insert(0.0) += frequency / all;
            let weight = frequency.sqrt() as f32;
            let row = &mut vectors[number * size..(number + 1) * size];
            row.iter_mut().zip(vector).for_each(|(sum, x)| *sum += weight * x);
        }
    }
    // Each language has a direction of its own, which says nothing of words.
    unit(&mut vectors, size);
    let mut mean = vec![0.0f32; size];
    vectors.chunks_exact(size).for_each(|row| mean.iter_mut().zip(row).for_each(|(sum, x)| *sum += x));
    mean.iter_mut().for_each(|sum| *sum /= texts.len().max(1) as f32);
    vectors.chunks_exact_mut(size).for_each(|row| row.iter_mut().zip(&mean).for_each(|(x, mean)| *x -= mean));
    unit(&mut vectors, size);
    Ok(Stems { texts, vectors, frequencies })
}

fn unit(vectors: &mut [f32], size: usize) {
    for row in vectors.chunks_exact_mut(size) {
        let length = row.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-9);
        row.iter_mut().for_each(|x| *x /= length);
    }
}

/// The nearest ones of a stem so far, the worst first.
#[derive(Clone, Default)]
struct Nearest(Vec<(f32, u32)>);

impl Nearest {
    fn push(&mut self, cosine: f32, other: u32) {
        if self.0.len() == LOOKED_AT {
            if cosine <= self.0[0].0 {
                return;
            }
            self.0.remove(0);
        }
        let at = self.0.partition_point(|(worse, _)| *worse < cosine);
        self.0.insert(at, (cosine, other));
    }

    /// The mean of the nearest.
    fn around(&self) -> f32 {
        let best = self.0.iter().rev().take(AROUND);
        best.map(|(cosine, _)| cosine).sum::<f32>() / AROUND as f32
    }
}

/// All cosines of stems, rows by rows; only the nearest of each stem are kept.
fn nearest(ar: &Stems, en: &Stems, size: usize) -> (Vec<Nearest>, Vec<Nearest>) {
    const ROWS: usize = 64;
    let mut rows = vec![Nearest::default(); ar.texts.len()];
    let mut columns = vec![Nearest::default(); en.texts.len()];
    let width = en.texts.len();
    let mut cosines = vec![0.0f32; ROWS * width];
    for (block, vectors) in ar.vectors.chunks(ROWS * size).enumerate() {
        let height = vectors.len() / size;
        // SAFETY: the strides describe `height` × `size` numbers of `vectors`, `width` × `size` of the English vectors read
        // as their transpose, and `height` × `width` of `cosines`, which has room for ROWS rows of them.
        unsafe {
            matrixmultiply::sgemm(
                height,
                size,
                width,
                1.0,
                vectors.as_ptr(),
                size as isize,
                1,
                en.vectors.as_ptr(),
                1,
                size as isize,
                0.0,
                cosines.as_mut_ptr(),
                width as isize,
                1,
            );
        }
        for (at, row) in cosines.chunks_exact(width).take(height).enumerate() {
            let number = block * ROWS + at;
            for (column, &cosine) in row.iter().enumerate() {
                rows[number].push(cosine, column as u32);
                columns[column].push(cosine, number as u32);
            }
        }
    }
    (rows, columns)
}

/// What an encoder in `model` guesses of the words in `ar.tsv` and `en.tsv` of the folder `words`.
pub fn knowledge(model: &Path, words: &Path) -> Result<Knowledge, Box<dyn Error>> {
    let encoder = Encoder::open(model)?;
    let ar = stems(Lang::Ar, &words.join("ar.tsv"), WORDS[0], &encoder)?;
    let en = stems(Lang::En, &words.join("en.tsv"), WORDS[1], &encoder)?;
    let (rows, columns) = nearest(&ar, &en, encoder.dimensions());
    let around = |side: &[Nearest]| -> Vec<f32> { side.iter().map(Nearest::around).collect() };
    let (around_ar, around_en) = (around(&rows), around(&columns));
    let mut found: HashMap<(u32, u32), (f64, f64)> = HashMap::new();
    let ranked = |side: &[Nearest], own: &[f32], others: &[f32], add: &mut dyn FnMut(u32, u32, f64)| {
        for ((number, near), own) in (0u32..).zip(side).zip(own) {
            let scaled = |(cosine, other): &(f32, u32)| (2.0 * cosine - own - others[*other as usize], *cosine, *other);
            let mut likely: Vec<(f32, f32, u32)> = near.0.iter().map(scaled).collect();
            likely.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
            for (rank, (likeness, cosine, other)) in likely.into_iter().take(KEPT).enumerate() {
                if likeness > 0.0 && cosine > LEAST_COSINE {
                    add(number, other, probability(rank, likeness));
                }
            }
        }
    };
    ranked(&rows, &around_ar, &around_en, &mut |a, e, p| found.entry((a, e)).or_default().0 = p);
    ranked(&columns, &around_en, &around_ar, &mut |e, a, p| found.entry((a, e)).or_default().1 = p);
    let mut guesses: Vec<Guess> = found
        .into_iter()
        .filter(|(_, (p, q))| p.max(*q) >= LEAST)
        .map(|((a, e), (p, q))| Guess {
            ar: ar.texts[a as usize].clone(),
            en: en.texts[e as usize].clone(),
            en_given_ar: p.max(0.005),
            ar_given_en: q.max(0.005),
        })
        .collect();
    guesses.sort_by(|a, b| (&a.ar, &a.en).cmp(&(&b.ar, &b.en)));
    Ok(Knowledge { guesses, frequencies: [ar.frequencies, en.frequencies] })
}
