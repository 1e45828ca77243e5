//! A folder with one TMX file of so many units: how much its index file adds, how soon it is open and answers, how soon a
//! unit that is added is found.

use super::corpus;
use dhakira::Lang;
use dhakira::concordance::{Fit, Pattern, PatternKind, PatternOptions};
use dhakira::matching::{Measure, Query};
use dhakira::memory::{Concordance, Find, Memory, Moment};
use dhakira::tmx::Header;
use dhakira::unit::{Seg, Unit, Variant};
use std::path::Path;
use std::time::Instant;

const OPENED: usize = 21;
const ADDED: usize = 300;

fn unit(ar: &str, en: &str) -> Unit {
    Unit {
        variants: vec![Variant::new(Lang::Ar, Seg::plain(ar)), Variant::new(Lang::En, Seg::plain(en))],
        ..Unit::default()
    }
}

/// Seconds that all threads of this process had a processor, in hundredths; 0 where nobody says it.
fn processor_time() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // utime and stime are the 14th and 15th field; the second one ends with the last parenthesis.
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ').skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Median, least and 99th percentile of times.
fn spread(mut times: Vec<f64>) -> String {
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    format!("{:.2} (least {:.2}, p99 {:.2})", at(50), at(0), at(99))
}

fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let done = work();
    (start.elapsed().as_secs_f64() * 1e3, done)
}

pub fn run(folder: &Path, units: usize) {
    let (ar, en) = (corpus::texts(folder, Lang::Ar, units), corpus::texts(folder, Lang::En, units));
    let place = tempfile::tempdir().expect("a temporary folder");
    let memory = Memory::open(place.path()).expect("a folder");
    let written = memory.writer().expect("nobody else writes").write_file(
        "units",
        &Header::new("*all*"),
        ar.iter().zip(&en).map(|(ar, en)| unit(ar, en)),
    );
    let tmx = std::fs::metadata(written.expect("room on the disk")).expect("just written").len();
    drop((ar, en));

    let before = processor_time();
    let (took, snapshot) = timed(|| memory.snapshot().expect("it can be read"));
    let cpu = processor_time() - before;
    let size: u64 = snapshot.indexes().map(|index| index.1).sum();
    let each = |n: f64| n / units as f64;
    println!(
        "A memory of {units} units in one TMX file of {:.0} MB, both languages:\n\n| | |\n| --- | ---: |",
        tmx as f64 / 1e6
    );
    println!("| index file, both languages, letters, words and tables: bytes a unit | {:.1} |", each(size as f64));
    println!("| made at first sight, two threads, reading the TMX with it: s | {:.1} |", took / 1e3);
    println!("| the same: µs of processor a unit | {:.2} |", each(cpu * 1e6));
    drop(snapshot);

    let queries = corpus::queries(folder, Lang::Ar);
    let options = Find::default();
    for measure in [Measure::Letters, Measure::Words] {
        let opened = queries.iter().take(OPENED).map(|text| {
            timed(|| {
                let snapshot = memory.snapshot().expect("it can be read");
                snapshot.find(&Query::with_measure(Lang::Ar, text, measure), &options).len()
            })
            .0
        });
        println!("| open and first query, {}: ms | {} |", measure.name(), spread(opened.collect()));
    }
    let snapshot = memory.snapshot().expect("it can be read");
    for measure in [Measure::Letters, Measure::Words] {
        let asked = queries
            .iter()
            .map(|text| timed(|| snapshot.find(&Query::with_measure(Lang::Ar, text, measure), &options).len()).0);
        println!("| suggestions with their units, {}: ms | {} |", measure.name(), spread(asked.collect()));
    }
    add(&memory, &queries);
    concordance(&memory);
}

/// Each unit on the disk and found before the next one.
fn add(memory: &Memory, queries: &[String]) {
    let mut writer = memory.writer().expect("nobody else writes");
    let when = Moment::new("20260101T090000Z").expect("a date");
    let mut snapshot = memory.snapshot().expect("it can be read");
    let (mut durable, mut found, mut synced) = (Vec::new(), Vec::new(), Vec::new());
    for (number, text) in (0..ADDED).zip(queries.iter().cycle()) {
        let text = format!("{text} {number}");
        let (took, added) = timed(|| writer.add(unit(&text, "new"), when));
        added.expect("room on the disk");
        durable.push(took);
        let query = Query::new(Lang::Ar, &text);
        let (took, next) = timed(|| {
            let next = memory.refresh(&snapshot).expect("it can be read");
            assert_eq!(next.find(&query, &Find::default())[0].source, text);
            next
        });
        found.push(took);
        snapshot = next;
        // What the disk takes for the same: a file of that size, brought to it.
        synced.push(timed(|| disk(memory.folder(), 300 * (number + 1))).0);
    }
    println!("| a unit added, durable: ms | {} |", spread(durable));
    println!("| the same bytes written, synced and renamed, nothing else: ms | {} |", spread(synced));
    println!("| then seen and found as the best: ms | {} |", spread(found));
}

/// Writes a file whole, as durable as an acknowledged unit.
fn disk(folder: &Path, bytes: usize) {
    let (new, path) = (folder.join("sync.new"), folder.join("sync.old"));
    let mut file = std::fs::File::create(&new).expect("a file");
    std::io::Write::write_all(&mut file, &vec![b'x'; bytes]).expect("room on the disk");
    file.sync_data().expect("a disk");
    std::fs::rename(&new, &path).expect("a rename");
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).expect("a disk");
}

/// All that is found, counted, and the first hundred lines of it.
fn concordance(memory: &Memory) {
    let (phrase, all) = (PatternKind::Phrase, PatternKind::AllWords);
    let asked = [
        ("a rare phrase", "تثبيت الحزمة", phrase, Fit::Part),
        ("a frequent word", "الملف", phrase, Fit::Part),
        ("a frequent whole word", "الملف", phrase, Fit::Word),
        ("all of two words", "حجم الملف", all, Fit::Part),
        ("a stem", "كتاب", phrase, Fit::Stem),
        ("two letters", "في", phrase, Fit::Part),
    ];
    for (what, text, kind, fit) in asked {
        let pattern = Pattern::new(text, &PatternOptions { kind, fit, verbatim: false }).expect("a pattern");
        let options = Concordance::default();
        let snapshot = memory.snapshot().expect("it can be read");
        let (first, _) = timed(|| snapshot.concordance(&pattern, &options).lines.len());
        let lines = (0..5).map(|_| timed(|| snapshot.concordance(&pattern, &options).lines.len()).0).collect();
        let mut segments = 0;
        let counts = (0..5).map(|_| {
            let (took, found) = timed(|| snapshot.occurrences(&pattern, &options));
            segments = found.segments;
            took
        });
        let counts = spread(counts.collect());
        println!(
            "| concordance of {what}, in {segments} segments: ms for the first ask after opening; a hundred lines; counting | {first:.1}; {}; {counts} |",
            spread(lines)
        );
    }
}
