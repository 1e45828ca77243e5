//! The articles of `corpora/`, the whole road over them, and the memory in `tmx/` that is made from them.

use dhakira::Lang;
use dhakira::align::{LogLinear, align};
use dhakira::corpus::{self, ReadOptions};
use dhakira::lexicon::Lexicon;
use dhakira::pairing::{self, Pairing, Partner};
use dhakira::segment;
use dhakira::task::{self, Reading};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pairs() -> Vec<corpus::Pair> {
    let pairs: Result<Vec<_>, _> = corpus::pairs(&root().join("corpora")).unwrap().into_iter().collect();
    pairs.expect("every article of corpora/ has its other side")
}

/// A link: sentence numbers of both sides.
type Link = (Vec<usize>, Vec<usize>);

fn ladder(text: &str) -> Vec<Link> {
    let numbers = |side: &str| -> Vec<usize> {
        let inner = side.trim().trim_start_matches('[').trim_end_matches(']');
        inner.split(',').filter(|n| !n.trim().is_empty()).map(|n| n.trim().parse().unwrap()).collect()
    };
    text.lines().map(|line| line.split_once(':').unwrap()).map(|(ar, en)| (numbers(ar), numbers(en))).collect()
}

fn gold(name: &str) -> Vec<Link> {
    ladder(&fs::read_to_string(root().join("corpora").join(format!("{name}.gold"))).unwrap())
}

#[test]
fn at_least_twelve_pairs_each_with_gold_links_that_tile_both_sides() {
    let pairs = pairs();
    assert!(pairs.len() >= 12);
    for pair in pairs {
        let gold = gold(&pair.name);
        let (ar, en): (Vec<_>, Vec<_>) = gold.into_iter().unzip();
        for side in [ar.concat(), en.concat()] {
            assert_eq!(side, (0..side.len()).collect::<Vec<_>>(), "{}", pair.name);
            assert!((15..=45).contains(&side.len()), "{}: {} sentences", pair.name, side.len());
        }
    }
}

#[test]
fn articles_split_into_the_sentences_that_the_gold_counts() {
    let mut wrong = String::new();
    for pair in pairs() {
        let (ar, en): (Vec<_>, Vec<_>) = gold(&pair.name).into_iter().unzip();
        for (lang, path, numbers) in [(Lang::Ar, &pair.ar, ar.concat()), (Lang::En, &pair.en, en.concat())] {
            let article = corpus::read(path, lang, &ReadOptions::default()).unwrap();
            let document = segment::split(lang, &article.text);
            let sentences: Vec<&str> = (0..document.len()).map(|i| document.sentence(i)).collect();
            if sentences.len() != numbers.len() {
                wrong += &format!("{}: {} sentences, not {}:\n", path.display(), sentences.len(), numbers.len());
                sentences.iter().enumerate().for_each(|(i, s)| wrong += &format!("{i}\t{s}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Strict F1 over all articles: a link counts if both its sides are right.
///
/// As Xu, Max and Yvon (2015) measure it: precision over all links given, recall over gold links with both sides.
#[test]
fn alignment_is_not_worse_than_it_was() {
    const FLOOR: f64 = 0.88;
    let (mut right, mut given, mut wanted, mut found) = (0, 0, 0, 0);
    let mut wrong = String::new();
    for pair in pairs() {
        let gold: BTreeSet<Link> = gold(&pair.name).into_iter().collect();
        let aligned =
            task::align_pair(&pair.name, &pair.ar, &pair.en, &Reading::default(), &LogLinear::default()).unwrap();
        let links: BTreeSet<Link> =
            aligned.alignment.beads.iter().map(|b| (b.ar.clone().collect(), b.en.clone().collect())).collect();
        right += links.intersection(&gold).count();
        given += links.len();
        let full: BTreeSet<&Link> = gold.iter().filter(|(ar, en)| !ar.is_empty() && !en.is_empty()).collect();
        wanted += full.len();
        found += full.iter().filter(|link| links.contains(link)).count();
        for link in links.difference(&gold) {
            wrong += &format!("{} {:?}\n", pair.name, link);
        }
    }
    let (precision, recall) = (right as f64 / given as f64, found as f64 / wanted as f64);
    let f1 = 2.0 * precision * recall / (precision + recall);
    eprintln!("corpora: strict precision {precision:.4}, recall {recall:.4}, F1 {f1:.4}");
    assert!(f1 >= FLOOR, "strict F1 {f1:.4} is below {FLOOR}; wrong links:\n{wrong}");
}

/// All articles against all translations: the true pairs are said to be translations, and surer than any other, which are said
/// to be none; so are halves of them.
#[test]
fn other_articles_are_no_translations() {
    let scorer = LogLinear::default();
    let documents: Vec<[segment::Document; 2]> = pairs()
        .iter()
        .map(|pair| {
            let (ar, en) = pair.read(&ReadOptions::default()).unwrap();
            [segment::split(Lang::Ar, &ar.text), segment::split(Lang::En, &en.text)]
        })
        .collect();
    let half = |document: &segment::Document| {
        let lines: Vec<&str> = document.sentences().take(document.len() / 2).collect();
        segment::Document::from_lines(document.lang(), &lines.join("\n"))
    };
    let halves: Vec<[segment::Document; 2]> = documents.iter().map(|sides| sides.each_ref().map(half)).collect();
    for documents in [documents, halves] {
        let (mut least_true, mut most_false) = (1.0f32, 0.0f32);
        for (a, [ar, _]) in documents.iter().enumerate() {
            for (e, [_, en]) in documents.iter().enumerate() {
                let found = align(ar, en, &scorer);
                assert_eq!(found.is_translation(), a == e, "{a} {e}: {}", found.confidence);
                if a == e {
                    least_true = least_true.min(found.confidence);
                } else {
                    most_false = most_false.max(found.confidence);
                }
            }
        }
        eprintln!("true pairs from {least_true:.3} on, others up to {most_false:.3}: AUC 1");
        assert!(least_true > most_false);
    }
}

/// Every article finds its translation among the others, and those without one find none.
#[test]
fn articles_find_their_translations() {
    let texts: Vec<[String; 2]> = pairs()
        .iter()
        .map(|pair| pair.read(&ReadOptions::default()).unwrap())
        .map(|(ar, en)| [ar.text, en.text])
        .collect();
    for gone in [0, texts.len() / 3] {
        let mut pairing = Pairing::new(Lexicon::shipped());
        let document = |text| pairing::Document { text, ..pairing::Document::default() };
        texts.iter().for_each(|[ar, _]| pairing.add(Lang::Ar, &document(ar)));
        texts[gone..].iter().rev().for_each(|[_, en]| pairing.add(Lang::En, &document(en)));
        let believed: Vec<Partner> = pairing.ready().partners().into_iter().filter(|p| p.confidence >= 0.5).collect();
        assert_eq!(believed.len(), texts.len() - gone);
        for partner in believed {
            assert_eq!(partner.ar as usize, texts.len() - 1 - partner.en as usize, "{partner:?}");
        }
    }
}

#[test]
fn the_memory_in_tmx_is_what_the_readme_command_makes() {
    let made = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_dhakira"))
        .args(["align", "corpora/", "--quiet", "-o"])
        .arg(made.path())
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let files = |folder: &Path| -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        files.retain(|p| p.extension().is_some_and(|e| e == "tmx"));
        files.sort();
        files
    };
    let names = |files: &[PathBuf]| files.iter().map(|f| f.file_name().unwrap().to_owned()).collect::<Vec<_>>();
    let (here, there) = (files(&root().join("tmx")), files(made.path()));
    assert_eq!(names(&here), names(&there), "run `dhakira align corpora/ -o tmx/` again");
    for (here, there) in here.iter().zip(&there) {
        let same = fs::read(here).unwrap() == fs::read(there).unwrap();
        assert!(same, "{} is stale: run `dhakira align corpora/ -o tmx/` again", here.display());
    }
}
