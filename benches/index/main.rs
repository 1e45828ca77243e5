//! Searching a million units: how long a query takes, by letters and by words, what the index weighs, how long making it takes,
//! and how soon a memory of that size is open and has what was added. Prints the table of `benches/results/find.md`.
//!
//! ```text
//! cargo bench --bench index -- [UNITS] [ar|en] [--detail] [--lines FOLDER]
//! ```
//!
//! Times of a query are the least of three runs, so that what else the machine does is left out; the query is prepared
//! before, which takes the time said beside. Two threads take the queries in turn; the ratio is the median of seven rounds, in each of
//! which both ways ran, by the clock and by the processor time of the slower thread. `--lines` writes what `benches/peers`
//! reads: texts, queries, and for each query the exact five best.

mod corpus;
mod memory;

use dhakira::Lang;
use dhakira::index::{Builder, Effort, Index, Likeness, Scratch};
use dhakira::matching::{Measure, Query, Rank, Ranking, Score};
use dhakira::text::key;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const UNITS: usize = 1_000_000;
const ROUNDS: usize = 7;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let units = arguments.iter().find_map(|a| a.parse().ok()).unwrap_or(UNITS);
    let has = |name: &str| arguments.iter().any(|a| a == name);
    let lines = arguments.iter().position(|a| a == "--lines").and_then(|at| arguments.get(at + 1));
    let Some(folder) = corpus::shared() else { return println!("skipped: ../shared/data is not there") };
    let mut table = Table::default();
    for lang in Lang::BOTH.into_iter().filter(|lang| has(lang.code()) || !has("ar") && !has("en")) {
        let texts = corpus::texts(&folder, lang, units);
        let index = build(lang, &texts, &mut table, has("--detail"));
        let queries = corpus::queries(&folder, lang);
        if let Some(folder) = lines {
            write_lines(Path::new(folder), lang, &texts, &queries, &index);
        }
        drop(texts);
        for measure in [Measure::Letters, Measure::Words] {
            let column = format!("{} {}", lang.code(), measure.name());
            let mut times = Vec::new();
            let mut prepare = |text: &String| {
                let start = Instant::now();
                let query = Query::with_measure(lang, text, measure);
                times.push(start.elapsed());
                query
            };
            let queries: Vec<Query> = queries.iter().map(&mut prepare).collect();
            times.sort();
            let median = times[times.len() / 2].as_secs_f64() * 1e6;
            table.put(&column, "preparing a query, p50, µs", format!("{median:.1}"));
            for (top, percent) in [(5, 70.0), (5, 50.0)] {
                time(&index, &queries, top, Score::from_percent(percent), &column, &mut table, has("--detail"));
            }
            threads(&index, &queries, &column, &mut table);
        }
    }
    println!("{units} units\n\n{table}");
    if !has("ar") && !has("en") {
        memory::run(&folder, units);
    }
}

/// Rows and columns in the order in which they came.
#[derive(Default)]
struct Table {
    columns: Vec<String>,
    rows: Vec<(String, Vec<(String, String)>)>,
}

impl Table {
    fn put(&mut self, column: &str, row: &str, value: String) {
        if !self.columns.iter().any(|c| c == column) {
            self.columns.push(column.into());
        }
        let at = self.rows.iter().position(|r| r.0 == row).unwrap_or_else(|| {
            self.rows.push((row.into(), Vec::new()));
            self.rows.len() - 1
        });
        self.rows[at].1.push((column.into(), value));
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "| | {} |", self.columns.join(" | "))?;
        writeln!(f, "| --- |{}", " ---: |".repeat(self.columns.len()))?;
        for (row, values) in &self.rows {
            let of = |column: &String| values.iter().find(|v| v.0 == *column).map_or("", |v| v.1.as_str());
            let values: Vec<&str> = self.columns.iter().map(of).collect();
            writeln!(f, "| {row} | {} |", values.join(" | "))?;
        }
        Ok(())
    }
}

/// Nanoseconds that this thread had a processor; the clock where nobody says it.
fn processor_time(start: Instant) -> f64 {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let taken = stat.split(' ').next().and_then(|ns| ns.parse().ok());
    taken.unwrap_or(start.elapsed().as_nanos() as f64)
}

fn build(lang: Lang, texts: &[String], table: &mut Table, detail: bool) -> Index<Vec<u8>> {
    let keys: Vec<String> = texts.iter().map(|text| key(lang, text).as_str().to_owned()).collect();
    let now = Instant::now();
    let before = processor_time(now);
    let mut builder = Builder::new(lang);
    keys.iter().for_each(|key| builder.add(key));
    let bytes = builder.finish();
    let took = processor_time(now) - before;
    let each = |total: f64| total / keys.len() as f64;
    let index = Index::open(bytes).expect("just made");
    let (mut letters, mut words, mut both) = (0, 0, 0);
    for (name, size) in index.sizes() {
        match name {
            "word slots" | "word lists" | "signatures" | "wide signatures" => words += size,
            "weights" | "chunks" | "blocks" | "lists" => letters += size,
            _ => both += size,
        }
    }
    for (measure, own) in [("letters", letters), ("words", words)] {
        let column = format!("{} {measure}", lang.code());
        table.put(&column, "bytes a unit, its own", format!("{:.1}", each(own as f64)));
        table.put(&column, "bytes a unit, keys and sources of both", format!("{:.1}", each(both as f64)));
    }
    let column = format!("{} letters", lang.code());
    table.put(&column, "build of both, µs of processor a unit", format!("{:.2}", each(took / 1e3)));
    if detail {
        println!("{} different keys; sections: {:?}", index.entries(), index.sizes());
    }
    index
}

/// The best, and what it took.
fn find(
    index: &Index<Vec<u8>>,
    query: &Query,
    top: usize,
    cutoff: Score,
    scratch: &mut Scratch,
) -> (Vec<Rank>, Effort) {
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
    (ranking.into_sorted(), effort)
}

fn time(
    index: &Index<Vec<u8>>,
    queries: &[Query],
    top: usize,
    cutoff: Score,
    column: &str,
    table: &mut Table,
    detail: bool,
) {
    let mut scratch = Scratch::default();
    let mut times: Vec<Duration> = Vec::new();
    let (mut answered, mut total) = (0, Effort::default());
    for query in queries {
        let mut least = Duration::MAX;
        for _ in 0..3 {
            let start = Instant::now();
            let (found, effort) = find(index, query, top, cutoff, &mut scratch);
            let took = start.elapsed();
            if least == Duration::MAX {
                answered += usize::from(!found.is_empty());
                total.postings += effort.postings;
                total.survivors += effort.survivors;
                total.compared += effort.compared;
            }
            least = least.min(took);
        }
        times.push(least);
    }
    times.sort();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1e3;
    for percent in [50, 99, 100] {
        let name = if percent == 100 { "most".to_owned() } else { format!("p{percent}") };
        table.put(column, &format!("top {top} at {cutoff}, {name}, ms"), format!("{:.3}", at(percent)));
    }
    if detail {
        let each = |n: u64| n / queries.len() as u64;
        println!(
            "{column}, top {top} at {cutoff}: {answered} of {} answered; a query: {} postings, {} survivors, {} compared",
            queries.len(),
            each(total.postings),
            each(total.survivors),
            each(total.compared),
        );
    }
}

/// One thread and two: seconds by the clock, and of processor.
type Round = ((f64, f64), (f64, f64));

/// All queries by one thread, then by two.
fn threads(index: &Index<Vec<u8>>, queries: &[Query], column: &str, table: &mut Table) {
    const AT_ONCE: usize = 4;
    // Enough of them for some tenths of a second.
    let timed_once = |queries: &mut dyn Iterator<Item = &Query>| {
        let mut scratch = Scratch::default();
        queries.for_each(|query| _ = find(index, query, 5, Score::from_percent(70.0), &mut scratch));
    };
    let start = Instant::now();
    timed_once(&mut queries.iter());
    let passes = (0.3 / start.elapsed().as_secs_f64()).ceil() as usize;
    let count = passes * queries.len();
    // By the clock, and the processor time of the thread that had most of it, in seconds.
    let run = |threads: usize| {
        let next = AtomicUsize::new(0);
        let work = || {
            let now = Instant::now();
            let before = processor_time(now);
            let mine = std::iter::from_fn(|| {
                let from = next.fetch_add(AT_ONCE, Ordering::Relaxed);
                (from < count).then(|| from..count.min(from + AT_ONCE))
            });
            timed_once(&mut mine.flatten().map(|at| &queries[at % queries.len()]));
            processor_time(now) - before
        };
        let start = Instant::now();
        let busy: Vec<f64> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            threads.into_iter().map(|thread| thread.join().expect("no search panics")).collect()
        });
        let total: f64 = busy.iter().sum();
        // Who gets more of a busy processor takes more of the queries: what counts is how much all of them cost.
        (start.elapsed().as_secs_f64(), total / 1e9)
    };
    let rounds: Vec<Round> = (0..ROUNDS).map(|_| (run(1), run(2))).collect();
    let median = |of: &dyn Fn(&Round) -> f64| {
        let mut all: Vec<f64> = rounds.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let per_second = |seconds: f64| format!("{:.0}", count as f64 / seconds);
    table.put(column, "queries a second, one thread", per_second(median(&|r| r.0.0)));
    table.put(column, "queries a second, two threads", per_second(median(&|r| r.1.0)));
    table.put(column, "two threads to one, by the clock", format!("{:.2}", median(&|r| r.0.0 / r.1.0)));
    table.put(column, "queries a second of processor, one thread", per_second(median(&|r| r.0.1)));
    table.put(column, "two threads to one, by processor time", format!("{:.2}", median(&|r| 2.0 * r.0.1 / r.1.1)));
}

/// What `benches/peers` reads.
fn write_lines(folder: &Path, lang: Lang, texts: &[String], queries: &[String], index: &Index<Vec<u8>>) {
    // Of so many that are equally good, no more are told.
    const TIES: usize = 1_000;
    fs::create_dir_all(folder).expect("the folder can be made");
    let write = |name: &str, lines: &[String]| {
        let path = folder.join(format!("{name}.{}.txt", lang.code()));
        fs::write(path, lines.join("\n") + "\n").expect("lines can be written");
    };
    write("memory", texts);
    write("queries", queries);
    let mut scratch = Scratch::default();
    for measure in [Measure::Letters, Measure::Words] {
        let mut best = |text: &String| {
            let query = Query::with_measure(lang, text, measure);
            let (found, _) = find(index, &query, 5, Score::from_percent(70.0), &mut scratch);
            let mut line = vec![found.len().to_string()];
            if let Some(last) = found.last() {
                index.search(&query, last.score, &mut scratch, |hit| {
                    line.extend(hit.sources.take(TIES).map(|source| source.to_string()));
                    last.score
                });
            }
            line.join(" ")
        };
        write(measure.name(), &queries.iter().map(&mut best).collect::<Vec<_>>());
    }
}
