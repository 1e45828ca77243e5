//! Suggestions for real sentences: ours against the slow twin (strsim on every unit), in queries a second.
//!
//! The memory is that of `tmx/`, made larger by seeded edits: each copy of a unit lacks one word and has another one
//! twice, so that lengths and letters stay those of real sentences.

use dhakira::Lang;
use dhakira::matching::{Candidate, Query, Ranking, Score};
use dhakira::memory::Memory;
use dhakira::text::key;
use divan::counter::ItemsCount;
use std::path::Path;

fn main() {
    divan::main();
}

const UNITS: usize = 20_000;

fn sources() -> Vec<String> {
    let memory = Memory::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("tmx")).expect("tmx/ is there");
    let snapshot = memory.snapshot().expect("tmx/ can be listed");
    let real: Vec<String> = snapshot.units().filter_map(|(_, unit)| unit.text_of(Lang::Ar)).collect();
    let mut seed = 1u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below.max(1)
    };
    let edited = |text: &String| {
        let mut words: Vec<&str> = text.split(' ').collect();
        let (from, to) = (random(words.len()), random(words.len()));
        words[to] = words[from];
        words.remove(random(words.len()));
        words.join(" ")
    };
    real.iter().cycle().take(UNITS).map(edited).collect()
}

fn queries() -> Vec<String> {
    sources().into_iter().step_by(UNITS / 20).map(|text| text.replacen(' ', " قد ", 1)).collect()
}

#[divan::bench(args = [50, 70, 90])]
fn ours(bencher: divan::Bencher, min: u32) {
    let candidates: Vec<Candidate> = sources().iter().map(|text| Candidate::new(Lang::Ar, text)).collect();
    let queries = queries();
    bencher.counter(ItemsCount::new(queries.len())).bench(|| {
        let found = queries.iter().map(|text| {
            let query = Query::new(Lang::Ar, text);
            let mut ranking = Ranking::new(5, Score::from_percent(f64::from(min)));
            (0..).zip(&candidates).for_each(|(place, candidate)| ranking.offer(&query, candidate, 0, place));
            ranking.into_sorted().len()
        });
        found.sum::<usize>()
    });
}

#[divan::bench(sample_count = 3)]
fn strsim_on_every_unit(bencher: divan::Bencher) {
    let keys: Vec<_> = sources().iter().map(|text| key(Lang::Ar, text)).collect();
    let queries: Vec<_> = queries().iter().map(|text| key(Lang::Ar, text)).collect();
    bencher.counter(ItemsCount::new(queries.len())).bench(|| {
        let alike = |a: &str, b: &str| strsim::normalized_levenshtein(a, b) >= 0.7;
        queries.iter().map(|q| keys.iter().filter(|k| alike(q.as_str(), k.as_str())).count()).sum::<usize>()
    });
}
