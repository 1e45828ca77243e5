//! Aligning the articles of `corpora/`, in Arabic sentences a second: reading and splitting are done before.

use dhakira::Lang;
use dhakira::align::{LogLinear, Semantic, align};
use dhakira::corpus::{self, ReadOptions};
use dhakira::encoder::Encoder;
use dhakira::segment::{Document, split};
use divan::counter::ItemsCount;
use std::path::{Path, PathBuf};

fn main() {
    divan::main();
}

fn documents() -> Vec<(Document, Document)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora");
    let pairs = corpus::pairs(&folder).expect("corpora/ is there").into_iter().flatten();
    let both = |pair: corpus::Pair| {
        let (ar, en) = pair.read(&ReadOptions::default()).expect("our own article");
        (split(Lang::Ar, &ar.text), split(Lang::En, &en.text))
    };
    pairs.map(both).collect()
}

#[divan::bench]
fn articles(bencher: divan::Bencher) {
    let documents = documents();
    let sentences: usize = documents.iter().map(|(ar, _)| ar.len()).sum();
    let scorer = LogLinear::default();
    bencher.counter(ItemsCount::new(sentences)).bench(|| {
        let beads = documents.iter().map(|(ar, en)| align(ar, en, &scorer).beads.len());
        beads.sum::<usize>()
    });
}

/// The same with the sentence model that `.ci/run` fetches, or `DHAKIRA_MODEL`; nothing where there is none.
#[divan::bench]
fn articles_with_a_model(bencher: divan::Bencher) {
    let folder = std::env::var_os("DHAKIRA_MODEL").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/model"));
    if !folder.exists() {
        eprintln!("skipped: no {}; .ci/run fetches it", folder.display());
        return;
    }
    let encoder = Encoder::open(&folder).expect("a model");
    let documents = documents();
    let sentences: usize = documents.iter().map(|(ar, _)| ar.len()).sum();
    let scorer = Semantic::new(LogLinear::default(), &encoder);
    bencher.counter(ItemsCount::new(sentences)).bench(|| {
        let beads = documents.iter().map(|(ar, en)| align(ar, en, &scorer).beads.len());
        beads.sum::<usize>()
    });
}

/// One long text against its translation: what a book costs.
#[divan::bench(args = [1_000, 4_000], sample_count = 10)]
fn book(bencher: divan::Bencher, sentences: usize) {
    let text = |lang: Lang, of: fn(&(Document, Document)) -> &Document| {
        let documents = documents();
        let all: Vec<&str> = documents.iter().flat_map(|pair| of(pair).sentences()).collect();
        let lines: Vec<&str> = all.iter().copied().cycle().take(sentences).collect();
        Document::from_lines(lang, &lines.join("\n"))
    };
    let (ar, en) = (text(Lang::Ar, |pair| &pair.0), text(Lang::En, |pair| &pair.1));
    let scorer = LogLinear::default();
    bencher.counter(ItemsCount::new(sentences)).bench(|| align(&ar, &en, &scorer).beads.len());
}
