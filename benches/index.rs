//! Searching an index of a million units: how long a query takes, what it touches, what the index weighs, and how long
//! making it takes.
//!
//! The units are those of `tm/software.tsv` and `tm/general.tsv` beside the project, enlarged to `UNITS` by seeded edits: in
//! each copy one to three words are replaced by, dropped for, or followed by words of the same corpus. So one query has more near
//! neighbours than in life, which is the harder case. Queries are real strings that are not in it.
//!
//! Times of a query are the least of three runs, so that what else the machine does is left out. Arguments: how many units,
//! then `ar` or `en`.

use dhakira::Lang;
use dhakira::index::{Builder, Effort, Index, Likeness, Scratch};
use dhakira::matching::{Query, Rank, Ranking, Score};
use dhakira::text::key;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const UNITS: usize = 1_000_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let units = arguments.iter().find_map(|a| a.parse().ok()).unwrap_or(UNITS);
    let Some(folder) = shared() else { return println!("skipped: ../shared/data is not there") };
    for (lang, column, name) in [(Lang::Ar, 0, "ar"), (Lang::En, 1, "en")] {
        if arguments.iter().any(|a| a == "ar" || a == "en") && !arguments.iter().any(|a| a == name) {
            continue;
        }
        println!("## {name}, {units} units");
        let keys = keys(&folder, lang, column, units);
        let index = build(lang, &keys);
        let queries = column_of(&folder.join(format!("queries/queries.{name}.tsv")), 2);
        let queries: Vec<Query> = queries.iter().skip(1).map(|text| Query::new(lang, text)).collect();
        for (top, percent) in [(5, 70.0), (1, 70.0), (5, 50.0), (1, 50.0)] {
            measure(&index, &queries, top, Score::from_percent(percent));
        }
        threads(&index, &queries);
    }
}

fn shared() -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    let data = std::env::var_os("DHAKIRA_SHARED").map_or_else(beside, PathBuf::from).join("data");
    data.exists().then_some(data)
}

fn column_of(path: &Path, column: usize) -> Vec<String> {
    let text = std::fs::read_to_string(path).expect("the file can be read");
    text.lines().filter_map(|line| line.split('\t').nth(column)).map(str::to_owned).collect()
}

fn keys(folder: &Path, lang: Lang, column: usize, units: usize) -> Vec<String> {
    let mut texts = column_of(&folder.join("tm/software.tsv"), column);
    texts.extend(column_of(&folder.join("tm/general.tsv"), column));
    let words: Vec<String> = texts.iter().flat_map(|text| text.split(' ')).map(str::to_owned).collect();
    let real = texts.len();
    let mut seed = 1u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below.max(1)
    };
    while texts.len() < units {
        let mut edited: Vec<&str> = texts[random(real)].split(' ').collect();
        for _ in 0..1 + random(3) {
            let (at, word) = (random(edited.len()), words[random(words.len())].as_str());
            match random(3) {
                0 if edited.len() > 1 => _ = edited.remove(at),
                1 => edited.insert(at, word),
                _ => edited[at] = word,
            }
        }
        let edited = edited.join(" ");
        texts.push(edited);
    }
    texts.iter().take(units).map(|text| key(lang, text).as_str().to_owned()).collect()
}

/// Processor time of this process in seconds, from `/proc`, in hundredths; wall time where there is none.
fn processor_time(start: Instant) -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> =
        stat.rsplit(") ").next().unwrap_or_default().split(' ').filter_map(|f| f.parse().ok()).collect();
    // utime and stime, the 14th and 15th field; the first three, up to the state, are cut off or no numbers.
    match fields.get(10..12) {
        Some(ticks) => ticks.iter().sum::<f64>() / 100.0,
        None => start.elapsed().as_secs_f64(),
    }
}

fn build(lang: Lang, keys: &[String]) -> Index<Vec<u8>> {
    let (start, before) = (Instant::now(), processor_time(Instant::now()));
    let mut builder = Builder::new(lang);
    keys.iter().for_each(|key| builder.add(key));
    let added = processor_time(start) - before;
    let bytes = builder.finish();
    let took = processor_time(start) - before;
    let each = |total: f64| total / keys.len() as f64;
    println!(
        "build: {:.2} µs of processor a unit ({:.2} adding), {:.2} µs by the clock; {:.1} bytes a unit",
        each(took * 1e6),
        each(added * 1e6),
        each(start.elapsed().as_secs_f64() * 1e6),
        each(bytes.len() as f64)
    );
    let start = Instant::now();
    let index = Index::open(bytes).expect("just made");
    println!("open: {:?}; {} different keys", start.elapsed(), index.entries());
    println!("sections: {:?}", index.sizes());
    index
}

/// How many were found, and what it took.
fn find(index: &Index<Vec<u8>>, query: &Query, top: usize, cutoff: Score, scratch: &mut Scratch) -> (usize, Effort) {
    let mut ranking = Ranking::new(top, cutoff);
    let effort = index.search(query, cutoff, scratch, |hit| {
        let score = match hit.likeness {
            Likeness::EqualKey => Score::EXACT,
            Likeness::Fuzzy(score) => score,
        };
        hit.sources
            .take(top)
            .for_each(|source| ranking.push(Rank { score, changed: 0, place: source.into(), ..Rank::default() }));
        ranking.cutoff()
    });
    (ranking.into_sorted().len(), effort)
}

fn measure(index: &Index<Vec<u8>>, queries: &[Query], top: usize, cutoff: Score) {
    let mut scratch = Scratch::default();
    let mut times: Vec<Duration> = Vec::new();
    let (mut answered, mut total) = (0, Effort::default());
    for query in queries {
        let mut least = Duration::MAX;
        for _ in 0..3 {
            let start = Instant::now();
            let (found, effort) = find(index, query, top, cutoff, &mut scratch);
            if least == Duration::MAX {
                answered += usize::from(found > 0);
                total.postings += effort.postings;
                total.survivors += effort.survivors;
                total.compared += effort.compared;
            }
            least = least.min(start.elapsed());
        }
        times.push(least);
    }
    times.sort();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1e3;
    let mean = times.iter().sum::<Duration>().as_secs_f64() * 1e3 / times.len() as f64;
    let each = |n: u64| n / queries.len() as u64;
    println!(
        "top {top} at {cutoff}: p50 {:.3} ms, p90 {:.3}, p99 {:.3}, most {:.3}, mean {mean:.3}; {answered} of {} answered; a query: \
         {} postings, {} survivors, {} compared",
        at(50),
        at(90),
        at(99),
        at(100),
        queries.len(),
        each(total.postings),
        each(total.survivors),
        each(total.compared),
    );
}

/// All queries by one thread, then by two.
fn threads(index: &Index<Vec<u8>>, queries: &[Query]) {
    let run = |part: &[Query]| {
        let mut scratch = Scratch::default();
        part.iter().for_each(|query| _ = find(index, query, 5, Score::from_percent(70.0), &mut scratch));
    };
    let timed = |threads: usize| {
        let start = Instant::now();
        std::thread::scope(|scope| {
            queries.chunks(queries.len().div_ceil(threads)).for_each(|part| _ = scope.spawn(move || run(part)));
        });
        start.elapsed()
    };
    let (one, two) = (timed(1), timed(2));
    println!("one thread {one:?}, two {two:?}: {:.2} times as fast", one.as_secs_f64() / two.as_secs_f64());
}
