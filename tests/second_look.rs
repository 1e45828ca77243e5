//! The second look, with a sentence model: what it may change and what not, with a small model; and, where the real one and
//! documents with gold links are at hand, that it helps.

#[path = "../examples/weights/gold.rs"]
mod gold;
#[path = "../fuzz/src/model.rs"]
mod model;

use dhakira::align::{Alignment, LogLinear, Scorer, Semantic, align, ladder};
use dhakira::encoder::Encoder;
use dhakira::lang::Lang;
use dhakira::segment::Document;
use dhakira::task::{Reading, align_pair};
use gold::Score;
use proptest::prelude::*;
use std::path::{Path, PathBuf};

/// A model as small as can be; its vectors mean nothing.
fn small(seed: u64) -> Encoder {
    Encoder::from_bytes(&model::sp_model(), &model::npz(&model::weights(seed))).unwrap()
}

fn document(lang: Lang, lines: &[String]) -> Document {
    Document::from_lines(lang, &lines.join("\n"))
}

fn tiled(alignment: &Alignment, ar: usize, en: usize) {
    let mut at = (0, 0);
    for bead in &alignment.beads {
        assert_eq!((bead.ar.start, bead.en.start), at);
        assert!(bead.ar.len() + bead.en.len() > 0);
        assert!((0.0..=1.0).contains(&bead.confidence), "{bead:?}");
        at = (bead.ar.end, bead.en.end);
    }
    assert_eq!(at, (ar, en));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn beads_tile_both_sides_and_sure_ones_stay(
        seed in 0u64..4,
        ar in prop::collection::vec("(كتاب|الكِتاب|لندن|١٢|بايدن|ا|تا| ){1,5}[١-٩]?", 0..24),
        en in prop::collection::vec("(book|the book|London|12|Biden|o| ){1,5}[1-9]?", 0..24),
    ) {
        let (ar, en) = (document(Lang::Ar, &ar), document(Lang::En, &en));
        let encoder = small(seed);
        let scorer = Semantic::new(LogLinear::default(), &encoder);
        let second = align(&ar, &en, &scorer);
        tiled(&second, ar.len(), en.len());
        let first = align(&ar, &en, &LogLinear::default());
        prop_assert_eq!((first.confidence, first.signs), (second.confidence, second.signs));
        for bead in &first.beads {
            prop_assert!(bead.confidence < 0.99 || second.beads.contains(bead), "{bead:?} {second:?}");
        }
        prop_assert_eq!(align(&ar, &en, &scorer), second);
    }
}

#[test]
fn a_long_unsure_text_is_looked_at_in_parts() {
    // Every sentence like every other: nothing is sure anywhere.
    let lines = |n: usize, text: &str| vec![text.to_owned(); n];
    let (ar, en) =
        (document(Lang::Ar, &lines(300, "كتاب كتاب.")), document(Lang::En, &lines(280, "the book, a book.")));
    let encoder = small(1);
    tiled(&align(&ar, &en, &Semantic::new(LogLinear::default(), &encoder)), 300, 280);
}

// ---- the real model and documents with gold links: no part of the project, and without them these tests pass.

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

/// What the tests look at that is no part of the project, if it is here.
fn shared(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("DHAKIRA_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from)
        .join(name);
    if !folder.is_dir() {
        eprintln!("skipped: {} is not there (set DHAKIRA_SHARED)", folder.display());
        return None;
    }
    Some(folder)
}

#[test]
fn the_seed_is_aligned_as_without_a_model() {
    let (Some(encoder), Some(folder)) = (real(), shared("seed")) else { return };
    let side = |lang: &str| folder.join(format!("masrawy-2021-08-31.{lang}.txt"));
    let ladder_by = |scorer: &dyn Scorer| {
        let reading = Reading::default();
        ladder(&align_pair("seed", &side("ar"), &side("en"), &reading, scorer).unwrap().alignment)
    };
    let first = ladder_by(&LogLinear::default());
    // The sentence that either side has alone stays alone.
    assert!(first.contains("[18]:[]\n") && first.contains("[]:[20]\n"), "{first}");
    assert_eq!(ladder_by(&Semantic::new(LogLinear::default(), &encoder)), first);
}

/// The sets with the floors of their strict F1, on all documents, without blank lines.
const FLOORS: &[(&str, f64)] = &[
    ("ntrex", 99.9),
    ("ntrex-hard", 99.5),
    ("ntrex-harder", 98.3),
    ("tico19", 99.9),
    ("tico19-hard", 99.6),
    ("xquad", 99.6),
    ("debian-handbook", 99.7),
    ("flores", 99.9),
    ("john", 99.9),
    ("john-hard", 98.9),
];

#[test]
fn no_set_is_aligned_worse_than_without_a_model() {
    let (Some(encoder), Some(folder)) = (real(), shared("data/align")) else { return };
    let first = LogLinear::default();
    let second = Semantic::new(first.clone(), &encoder);
    eprintln!("strict F1: built-in, with a model | with blank lines | lax");
    let mut low = Vec::new();
    for &(name, floor) in FLOORS {
        let mut scores = [Score::default(); 4];
        for gold in &gold::set(&folder.join(name)).unwrap() {
            scores[0].add(&gold.links, &align(&gold.plain_ar, &gold.plain_en, &first));
            scores[1].add(&gold.links, &align(&gold.plain_ar, &gold.plain_en, &second));
            scores[2].add(&gold.links, &align(&gold.ar, &gold.en, &first));
            scores[3].add(&gold.links, &align(&gold.ar, &gold.en, &second));
        }
        let [plain, plain_second, blank, blank_second] = scores.map(|score| score.strict());
        let lax = [scores[0].lax(), scores[1].lax()];
        eprintln!(
            "{name:16} {plain:6.2} {plain_second:6.2} | {blank:6.2} {blank_second:6.2} | {:6.2} {:6.2}",
            lax[0], lax[1]
        );
        if plain_second < plain.max(floor) || blank_second < blank.max(floor) {
            low.push(format!("{name}: {plain_second:.2}, {blank_second:.2} under {plain:.2}, {blank:.2} or {floor}"));
        }
    }
    assert!(low.is_empty(), "{}", low.join("\n"));
}
