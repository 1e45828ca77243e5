//! Alignment as its user sees it: what comes out of whole documents, and how good it is on documents with gold links.

#[path = "../examples/weights/gold.rs"]
mod gold;

use dhakira::align::{Alignment, LengthModel, LogLinear, Notes, align, align_at_first, ladder, reconsider};
use dhakira::lang::Lang;
use dhakira::lexicon::Lexicon;
use dhakira::pairing::Pairing;
use dhakira::segment::Document;
use gold::{Gold, Score};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

fn aligned(ar: &str, en: &str) -> Alignment {
    align(&Document::from_lines(Lang::Ar, ar), &Document::from_lines(Lang::En, en), &LogLinear::default())
}

fn check(ar: &str, en: &str, expected: &str) {
    assert_eq!(ladder(&aligned(ar, en)), expected, "{ar}\n{en}");
}

#[test]
fn anchors_find_what_belongs_together() {
    check("", "", "");
    check("مرحبًا.", "Hello.", "[0]:[0]\n");
    check(
        "وصل الوزير سامح شكري إلى لندن في 3 آذار 2021.\nوقّع اتفاقًا مع شركة Siemens قيمته 450 مليون يورو.",
        "On 3 March 2021 minister Sameh Shoukry arrived in London.\nHe signed a 450 million euro deal with Siemens.",
        "[0]:[0]\n[1]:[1]\n",
    );
    // A line that only the Arabic has, and an English sentence that takes two Arabic ones.
    check(
        "اقرأ أيضًا: أسعار الذهب والفضة والعملات الأجنبية في البنوك المحلية اليوم\nوُلد نجيب محفوظ في القاهرة عام ١٩١١.\nنال جائزة نوبل في عام ١٩٨٨.\n\
         ترجمت روايته إلى 30 لغة.",
        "Naguib Mahfouz was born in Cairo in 1911, and he won the Nobel Prize in 1988.\n\
         His novel was translated into 30 languages.",
        "[0]:[]\n[1, 2]:[0]\n[3]:[1]\n",
    );
}

/// Slow twin: what reads the texts again. Notes of other texts are no help, and no harm.
#[test]
fn what_was_noted_changes_no_link() {
    let lines = |n: usize, text: &dyn Fn(usize) -> String| (0..n).map(|i| text(i) + "\n").collect::<String>();
    let ar = Document::from_lines(Lang::Ar, &lines(40, &|i| format!("وصل القطار رقم {} إلى محطة المدينة.", i / 2)));
    let en = Document::from_lines(Lang::En, &lines(33, &|i| format!("Train {} arrived at the station.", i / 2)));
    let (mut known, notes) = align_at_first(&ar, &en, &LogLinear::default());
    let words = notes.words(&ar, &en).expect("something is noted");
    assert!(notes.words(&en, &en).is_none(), "noted of other texts");
    assert_eq!(words.map(dhakira::lexicon::Words::len), [40, 33]);
    known.confidence = 1.0;
    known.beads.iter_mut().for_each(|bead| bead.confidence = 0.5);
    let scorer = LogLinear::default();
    let read_again = reconsider(&ar, &en, &known, &Notes::default(), &scorer);
    assert_eq!(reconsider(&ar, &en, &known, &notes, &scorer), read_again);
    let others = align_at_first(&Document::from_lines(Lang::Ar, "نص آخر."), &en, &scorer).1;
    assert_eq!(reconsider(&ar, &en, &known, &others, &scorer), read_again);
}

#[test]
fn a_side_may_be_empty() {
    check("جملة.\nجملة ثانية.", "", "[0]:[]\n[1]:[]\n");
    check("", "One.\nTwo.", "[]:[0]\n[]:[1]\n");
    assert!(!aligned("جملة.\nجملة ثانية.", "").is_translation());
}

#[test]
fn odd_shapes_come_through() {
    let lines = |n: usize| (0..n).map(|i| format!("Sentence number {i} of the text.\n")).collect::<String>();
    for (ar, en) in [(1, 30), (30, 1), (3, 200), (400, 350)] {
        tiled(&aligned(&lines(ar), &lines(en)), ar, en);
    }
    // The same text on both sides.
    let same = aligned(&lines(300), &lines(300));
    assert!(same.beads.iter().all(|b| b.ar == b.en), "{}", ladder(&same));
    assert!(same.is_translation());
    // Thousands of sentences against half of them: memory follows the band, not the grid.
    let (ar, en) = (lines(6000), lines(3000));
    tiled(&aligned(&ar, &en), 6000, 3000);
    // One sentence of 100,000 words.
    let long = "كلمة ".repeat(100_000);
    tiled(&aligned(&long, &"word ".repeat(100_000)), 1, 1);
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
    assert!((0.0..=1.0).contains(&alignment.confidence));
}

fn document(lang: Lang, lines: &[String]) -> Document {
    Document::from_lines(lang, &lines.join("\n"))
}

proptest! {
    #[test]
    fn beads_tile_both_sides(
        ar in prop::collection::vec("[ابتثجحخد \u{064E}٠-٩؟\"A-C]{1,12}", 0..12),
        en in prop::collection::vec("[A-Ca-h 0-9?\"]{1,12}", 0..12),
    ) {
        let (ar, en) = (document(Lang::Ar, &ar), document(Lang::En, &en));
        let first = align(&ar, &en, &LogLinear::default());
        tiled(&first, ar.len(), en.len());
        prop_assert_eq!(align(&ar, &en, &LogLinear::default()), first);
    }
}

// ---- documents with gold links: they are no part of the project, and without them these tests pass.

fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("DHAKIRA_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from)
        .join("data/align");
    if !folder.is_dir() {
        eprintln!("skipped: {} is not there (set DHAKIRA_SHARED)", folder.display());
        return None;
    }
    Some(folder)
}

fn set(folder: &Path, name: &str) -> Vec<Gold> {
    gold::set(&folder.join(name)).unwrap()
}

/// The sets with the floors of their strict F1, on all documents, without blank lines.
const FLOORS: &[(&str, f64)] = &[
    ("ntrex", 99.8),
    ("ntrex-hard", 99.0),
    ("ntrex-harder", 97.8),
    ("tico19", 99.9),
    ("tico19-hard", 99.4),
    ("xquad", 99.3),
    ("debian-handbook", 99.7),
    ("flores", 99.9),
    ("john", 99.5),
    ("john-hard", 97.0),
];

#[test]
fn gold_links_are_found() {
    let Some(folder) = shared() else { return };
    let scorer = LogLinear::default();
    eprintln!("F1: strict         all   even   odd | with blank lines: all | lax");
    let mut low = Vec::new();
    for &(name, floor) in FLOORS {
        let (mut halves, mut blank) = ([Score::default(), Score::default()], Score::default());
        let mut all = Score::default();
        for (number, gold) in set(&folder, name).iter().enumerate() {
            let plain = align(&gold.plain_ar, &gold.plain_en, &scorer);
            halves[number % 2].add(&gold.links, &plain);
            all.add(&gold.links, &plain);
            blank.add(&gold.links, &align(&gold.ar, &gold.en, &scorer));
        }
        let (f1, even, odd) = (all.strict(), halves[0].strict(), halves[1].strict());
        eprintln!("{name:16} {f1:6.2} {even:6.2} {odd:6.2} | {:6.2} | {:6.2}", blank.strict(), all.lax());
        if f1 < floor || blank.strict() < floor {
            low.push(format!("{name}: {f1:.2} or {:.2} under {floor}", blank.strict()));
        }
    }
    assert!(low.is_empty(), "{}", low.join("\n"));
}

#[test]
fn other_peoples_translations_are_told_apart() {
    let Some(folder) = shared() else { return };
    let scorer = LogLinear::default();
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for (name, _) in FLOORS {
        let documents = set(&folder, name);
        let odd: Vec<&Gold> = documents.iter().skip(1).step_by(2).collect();
        for (number, gold) in odd.iter().enumerate() {
            own.push(align(&gold.plain_ar, &gold.plain_en, &scorer));
            for step in [1, 2] {
                let other = odd[(number + step) % odd.len()];
                others.push(align(&gold.plain_ar, &other.plain_en, &scorer));
            }
        }
    }
    let above = |a: &Alignment, others: &[Alignment]| -> f64 {
        let score = |b: &Alignment| match a.confidence.total_cmp(&b.confidence) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        };
        others.iter().map(score).sum::<f64>() / others.len() as f64
    };
    let auc = own.iter().map(|a| above(a, &others)).sum::<f64>() / own.len() as f64;
    own.sort_by(|a, b| a.confidence.total_cmp(&b.confidence));
    others.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    own.iter().take(4).for_each(|a| eprintln!("true  {:.4} {:?}", a.confidence, a.signs));
    others.iter().take(4).for_each(|a| eprintln!("false {:.4} {:?}", a.confidence, a.signs));
    let missed = own.iter().filter(|a| !a.is_translation()).count();
    let believed = others.iter().filter(|a| a.is_translation()).count();
    eprintln!("AUC {auc:.4}; {missed} of {} taken for none, {believed} of {} for one", own.len(), others.len());
    assert!(auc > 0.999 && missed * 50 < own.len() && believed * 100 < others.len());
}

/// Issue: 64 documents, shuffled and without names; then a third of the English ones taken away.
#[test]
fn documents_find_their_translations() {
    let Some(folder) = shared() else { return };
    let documents = set(&folder, "ntrex");
    for gone in [0, documents.len() / 3] {
        let mut pairing = Pairing::new(Lexicon::shipped());
        let document = |text| dhakira::pairing::Document { text, ..Default::default() };
        documents.iter().for_each(|gold| pairing.add(Lang::Ar, &document(gold.plain_ar.text())));
        // 37 and 64 have no common factor: the order is another one.
        let order: Vec<usize> = (0..documents.len()).map(|n| n * 37 % documents.len()).skip(gone).collect();
        order.iter().for_each(|n| pairing.add(Lang::En, &document(documents[*n].plain_en.text())));
        let found = pairing.ready().partners();
        let believed: Vec<_> = found.iter().filter(|p| p.confidence >= 0.5).collect();
        let right = believed.iter().filter(|p| order[p.en as usize] == p.ar as usize).count();
        eprintln!("{} documents there, {} believed, {right} right", order.len(), believed.len());
        assert!(right * 100 >= 99 * order.len() && right * 100 >= 99 * believed.len());
    }
}

/// `cargo test --test align the_length_model -- --nocapture` prints the fit.
#[test]
fn the_length_model_is_the_one_of_the_data() {
    let Some(folder) = shared() else { return };
    let mut pairs = Vec::new();
    let sets = ["ntrex", "ntrex-hard", "ntrex-harder", "tico19", "tico19-hard", "xquad", "debian-handbook"];
    for name in sets {
        for gold in set(&folder, name).iter().step_by(2) {
            let length = |document: &Document, numbers: &[usize]| -> f32 {
                numbers.iter().map(|&n| LengthModel::length(document.sentence(n))).sum()
            };
            let full = gold.links.iter().filter(|l| !l.0.is_empty() && !l.1.is_empty());
            pairs.extend(full.map(|l| (length(&gold.ar, &l.0), length(&gold.en, &l.1))));
        }
    }
    let (fitted, shipped) = (LengthModel::fit(&pairs), LengthModel::default());
    eprintln!("{} pairs: {fitted:?}", pairs.len());
    let near = |a: f32, b: f32| (a / b - 1.0).abs() < 0.05;
    assert!(near(fitted.ratio, shipped.ratio) && near(fitted.chance, shipped.chance), "{fitted:?}");
    assert!(near(fitted.variance, shipped.variance) && near(fitted.settling, shipped.settling), "{fitted:?}");
}
