//! Splitting the articles of `corpora/` into sentences, in bytes a second.

use dhakira::Lang;
use dhakira::corpus::{self, ReadOptions};
use dhakira::segment::split;
use divan::counter::BytesCount;
use std::path::Path;

fn main() {
    divan::main();
}

fn texts(lang: Lang) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora");
    let pairs = corpus::pairs(&folder).expect("corpora/ is there").into_iter().flatten();
    let paths = pairs.map(|pair| if lang == Lang::Ar { pair.ar } else { pair.en });
    let read = |path: std::path::PathBuf| corpus::read(&path, lang, &ReadOptions::default()).expect("our own article");
    paths.map(|path| read(path).text).collect::<Vec<_>>().join("\n")
}

#[divan::bench(args = [Lang::Ar, Lang::En])]
fn articles(bencher: divan::Bencher, lang: Lang) {
    let text = texts(lang);
    bencher.counter(BytesCount::of_str(&text)).bench(|| split(lang, divan::black_box(&text)));
}
