//! Index files: opened instead of their TMX files, made when missing, and never believed when something is wrong with them.

use dhakira::Lang;
use dhakira::concordance::{Fit, Pattern, PatternOptions};
use dhakira::matching::{Candidate, Coverage, Found, LEAST_FOUND, Measure, Preference, Query, Score, order};
use dhakira::memory::{Concordance, Find, Indexing, Memory, Moment, Snapshot, State, unit_id};
use dhakira::text::{Key, key};
use proptest::prelude::*;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// A file of another tool with `count` units: most with an id, some with the same source, some in other spellings.
fn file(count: usize) -> String {
    let mut text = "<tmx version=\"1.4\"><header srclang=\"ar\"/><body>\n".to_owned();
    for n in 0..count {
        let id = if n % 7 == 0 { String::new() } else { format!(" tuid=\"{n}\"") };
        let date = format!("changedate=\"20260101T{:02}{:02}{:02}Z\"", n / 3_600 % 24, n / 60 % 60, n % 60);
        let (place, part) = (["الميناء", "المَتحف", "المدرسة", "السوق"][n % 4], n / 4 % 50);
        let (en_place, more) = (["harbour", "museum", "school", "market"][n % 4], n % 11);
        writeln!(
            text,
            "<tu{id} {date}><tuv xml:lang=\"ar\"><seg>زار الوزير {place} رقم {part} مع {more} من الضيوف</seg></tuv>\
             <tuv xml:lang=\"en\"><seg>The minister visited {en_place} {part} with {more} guests</seg></tuv></tu>"
        )
        .unwrap();
    }
    text + "</body></tmx>\n"
}

fn index_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(".index").join(format!("{name}.idx"))
}

const ALL: Indexing = Indexing { least_units: 1, write: true };
const NONE: Indexing = Indexing { least_units: usize::MAX, write: false };

fn memory(folder: &Path, indexing: Indexing) -> Memory {
    Memory::open(folder).unwrap().with_indexing(indexing)
}

/// Files that were changed just now are not believed to be at rest.
fn rest() {
    std::thread::sleep(std::time::Duration::from_millis(45));
}

/// All that a snapshot says, for comparing two.
fn told(snapshot: &Snapshot) -> Vec<String> {
    let mut told: Vec<String> =
        snapshot.units().map(|(file, unit)| format!("{:?} {unit:?}", file.file_name().unwrap())).collect();
    told.push(format!("{} {}", snapshot.len(), snapshot.is_empty()));
    let find = Find { top: 7, min: Score::from_percent(60.0), floor: Score::from_percent(30.0) };
    for query in ["زار الوزير المتحف رقم ٣ مع 4 من الضيوف", "زار الوزير السوق", "ذهب الطبيب إلى البيت", "", "؟"]
    {
        for measure in [Measure::Letters, Measure::Words] {
            for found in snapshot.find(&Query::with_measure(Lang::Ar, query, measure), &find) {
                told.push(format!("{} {:?} {} {} {}", found.score, found.why, found.source, found.target, found.id()));
            }
        }
    }
    for found in snapshot.find(&Query::new(Lang::En, "The minister visited school 3 with 5 guests"), &find) {
        told.push(format!("{} {:?} {} {} {}", found.score, found.why, found.source, found.target, found.id()));
    }
    let phrases = [("رقم ٣", Fit::Part), ("الوزير السوق", Fit::Part), ("مع", Fit::Word), ("متحف", Fit::Stem)];
    for (text, fit) in phrases {
        let pattern = Pattern::new(text, &PatternOptions { fit, ..Default::default() }).unwrap();
        let mut options = Concordance { limit: 5, ..Concordance::default() };
        told.push(format!("{:?}", snapshot.occurrences(&pattern, &options)));
        for _ in 0..3 {
            let found = snapshot.concordance(&pattern, &options);
            told.extend(found.lines.iter().map(|line| format!("{:?} {} {:?}", line.hits, line.target, line.unit.id())));
            told.push(format!("{:?}", found.next));
            options.from = found.next;
        }
    }
    let units: Vec<_> = snapshot.units().step_by(101).map(|(_, unit)| unit).collect();
    for unit in units {
        let id = unit_id(&unit);
        told.push(format!(
            "{:?} {:?}",
            snapshot.unit_of(&id),
            snapshot.history(&id).iter().map(|v| v.state).collect::<Vec<_>>()
        ));
    }
    told.extend(snapshot.problems().iter().map(ToString::to_string));
    told
}

#[test]
fn large_files_get_an_index_which_is_opened_instead() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("large.tmx"), file(4_200)).unwrap();
    fs::write(folder.path().join("small.tmx"), file(40)).unwrap();
    rest();
    let slow = told(&memory(folder.path(), NONE).snapshot().unwrap());
    assert!(!folder.path().join(".index").exists());
    let plain = Memory::open(folder.path()).unwrap();
    assert!(told(&plain.snapshot().unwrap()) == slow);
    assert!(index_file(folder.path(), "large.tmx").exists());
    assert!(!index_file(folder.path(), "small.tmx").exists());
    let made = fs::metadata(index_file(folder.path(), "large.tmx")).unwrap().modified().unwrap();
    let opened = plain.snapshot().unwrap();
    assert!(told(&opened) == slow);
    assert_eq!(fs::metadata(index_file(folder.path(), "large.tmx")).unwrap().modified().unwrap(), made);
    // What is held goes on when everything is replaced or removed.
    fs::remove_dir_all(folder.path().join(".index")).unwrap();
    fs::remove_file(folder.path().join("large.tmx")).unwrap();
    fs::write(folder.path().join("large.tmx"), file(4_100)).unwrap();
    assert!(told(&opened) == slow);
    rest();
    assert_eq!(plain.refresh(&opened).unwrap().len(), 4_140 - 34);
    assert!(index_file(folder.path(), "large.tmx").exists());
    // The index of a file that is gone goes with the next writer.
    fs::remove_file(folder.path().join("large.tmx")).unwrap();
    drop(plain.writer().unwrap());
    assert!(!index_file(folder.path(), "large.tmx").exists());
}

#[test]
fn every_encoding_and_every_flaw_is_as_without_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let broken = file(60).replacen("<tu tuid=\"9\"", "<tu tuid=\"9", 1).replacen("مع 5 من", "مع & من", 1);
    let truncated = file(50);
    let utf16: Vec<u8> = "\u{FEFF}".encode_utf16().chain(file(70).encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let windows = encoding_rs::WINDOWS_1256.encode(&file(30)).0.into_owned();
    let several = file(10).replace("</tu>", "<tuv xml:lang=\"ar-EG\"><seg>زار الوزير السوق اليوم</seg></tuv></tu>");
    let empty_side = file(5).replace("<seg>The", "<seg></seg></tuv><tuv xml:lang=\"fr\"><seg>The");
    fs::write(folder.path().join("broken.tmx"), broken).unwrap();
    fs::write(folder.path().join("truncated.tmx"), &truncated[..truncated.len() - 60]).unwrap();
    fs::write(folder.path().join("utf16.tmx"), utf16).unwrap();
    fs::write(folder.path().join("windows.tmx"), windows).unwrap();
    fs::write(folder.path().join("several.tmx"), several).unwrap();
    fs::write(folder.path().join("side.tmx"), empty_side).unwrap();
    fs::write(folder.path().join("empty.tmx"), "").unwrap();
    fs::write(folder.path().join("none.tmx"), "<tmx version=\"1.4\"><header/><body></body></tmx>").unwrap();
    rest();
    let slow = told(&memory(folder.path(), NONE).snapshot().unwrap());
    assert!(slow.iter().any(|line| line.contains("utf16")) && slow.iter().any(|line| line.contains("bare &")));
    for _ in 0..2 {
        assert_eq!(told(&memory(folder.path(), ALL).snapshot().unwrap()), slow);
        let files = fs::read_dir(folder.path().join(".index")).unwrap().count();
        assert_eq!(files, 6);
    }
}

#[test]
fn an_index_that_is_wrong_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.tmx"), file(300)).unwrap();
    fs::write(folder.path().join("b.tmx"), file(200)).unwrap();
    rest();
    let slow = told(&memory(folder.path(), NONE).snapshot().unwrap());
    let memory = memory(folder.path(), ALL);
    assert!(told(&memory.snapshot().unwrap()) == slow);
    let index = index_file(folder.path(), "a.tmx");
    let good = fs::read(&index).unwrap();
    let check = |bytes: &[u8], what: &str| {
        fs::remove_file(&index).unwrap();
        fs::write(&index, bytes).unwrap();
        assert!(told(&memory.snapshot().unwrap()) == slow, "{what}");
        // Whatever was found wrong is right afterwards.
        assert!(told(&memory.snapshot().unwrap()) == slow, "{what}, again");
    };
    for at in (0..good.len()).step_by(good.len() / 150) {
        let mut flipped = good.clone();
        flipped[at] ^= 0x10;
        check(&flipped, &format!("flipped at {at}"));
    }
    for len in (0..good.len()).step_by(good.len() / 20) {
        check(&good[..len], &format!("truncated to {len}"));
    }
    check(&fs::read(index_file(folder.path(), "b.tmx")).unwrap(), "of another file");
    check(&vec![0; good.len()], "zeros");
    // Behind eight bytes that say what it is stand its versions and a number in the order of the machine's bytes.
    for (field, what) in
        (0..5).zip(["of another format", "of other keys", "of other scores", "of another search", "of another machine"])
    {
        let mut other = good.clone();
        other[8 + 4 * field..][..4].reverse();
        check(&other, what);
    }
    check(b"not an index", "something else");
    check(&good, "good");
    // Of another state of the file.
    fs::write(folder.path().join("a.tmx"), file(301)).unwrap();
    rest();
    assert_eq!(memory.snapshot().unwrap().len(), told_len(folder.path()));
}

fn told_len(folder: &Path) -> usize {
    memory(folder, NONE).snapshot().unwrap().len()
}

#[test]
fn a_folder_that_takes_no_index_answers_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.tmx"), file(300)).unwrap();
    fs::write(folder.path().join(".index"), "no folder").unwrap();
    rest();
    let slow = told(&memory(folder.path(), NONE).snapshot().unwrap());
    assert_eq!(told(&memory(folder.path(), ALL).snapshot().unwrap()), slow);
    assert_eq!(fs::read(folder.path().join(".index")).unwrap(), b"no folder");
}

#[cfg(unix)]
#[test]
fn a_file_that_is_changed_in_place_under_an_old_date_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tmx");
    fs::write(&path, file(300)).unwrap();
    rest();
    let memory = memory(folder.path(), ALL);
    let held = memory.snapshot().unwrap();
    let date = fs::metadata(&path).unwrap().modified().unwrap();
    fs::write(&path, file(300).replace("museum", "palace")).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(date).unwrap();
    let english = |snapshot: &Snapshot| {
        snapshot.units().filter(|(_, unit)| unit.text_of(Lang::En).unwrap().contains("palace")).count()
    };
    assert_eq!(english(&memory.snapshot().unwrap()), 75);
    // What was held sees that its file is not the same under it, and says what there is.
    assert_eq!(english(&held), 75);
    assert_eq!(told(&held), told(&memory.refresh(&held).unwrap()));
}

/// A sentence from few words, with and without tashkeel.
fn sentence() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "كتاب",
        "كِتَاب",
        "الكتاب",
        "مدرسة",
        "مدرسه",
        "في",
        "١٢",
        "12",
        "بيت",
        "،",
        "إلى",
        "الى",
    ]);
    prop::collection::vec(word, 0..7).prop_map(|words| words.join(" "))
}

/// What the search must find: all that stands, each compared, sorted, and of the best as many as the order looks at.
fn slow_find(snapshot: &Snapshot, query: &Query, find: &Find) -> Vec<(Score, String, String)> {
    let mut all = Vec::new();
    for (place, (_, unit)) in snapshot.units().enumerate() {
        let texts = |lang: Lang| -> Vec<String> {
            unit.variants_of(lang).filter(|v| !v.seg.is_blank()).map(|v| v.seg.text()).collect()
        };
        let Some(target) = texts(query.lang().other()).into_iter().next() else { continue };
        for source in texts(query.lang()) {
            let candidate = Candidate::new(query.lang(), &source);
            let score = query.score(&candidate, Score::ZERO).unwrap();
            let date: String =
                unit.attr("changedate").unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
            let (place, date) = (place as u64, date.parse().unwrap_or(0u64));
            all.push((std::cmp::Reverse(score), std::cmp::Reverse(date), place, source, target.clone()));
        }
    }
    all.sort();
    let best = |top: usize, min: Score| -> Vec<_> {
        let good: Vec<_> = all.iter().filter(|entry| entry.0.0 >= min).take(top.max(LEAST_FOUND)).collect();
        let lang = query.lang();
        let keys: Vec<(Key, Key)> =
            good.iter().map(|entry| (key(lang, &entry.3), key(lang.other(), &entry.4))).collect();
        let found = good.iter().zip(&keys).map(|(entry, (source, target))| Found {
            score: entry.0.0,
            source,
            target,
            coverage: Coverage::new(query).of(target),
            preference: Preference::default(),
            changed: entry.1.0,
            place: entry.2,
        });
        let positions = order(&found.collect::<Vec<_>>());
        let shown = positions.into_iter().take(top).map(|position| good[position.index]);
        shown.map(|entry| (entry.0.0, entry.3.clone(), entry.4.clone())).collect()
    };
    let found = best(find.top, find.min);
    if found.is_empty() && find.floor < find.min { best(find.top.min(1), find.floor) } else { found }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn finds_what_comparing_all_finds(
        files in prop::collection::vec(prop::collection::vec((sentence(), 0..3u8, 0..4u8), 1..40), 1..4),
        queries in prop::collection::vec(sentence(), 1..6),
        (top, min, floor) in (0..8usize, 0u16..=10_000, 0u16..=10_000),
        least_units in 1..30usize,
    ) {
        let folder = tempfile::tempdir().unwrap();
        for (n, units) in files.iter().enumerate() {
            let mut text = "<tmx version=\"1.4\"><header/><body>\n".to_owned();
            for (m, (ar, date, id)) in units.iter().enumerate() {
                let date = if *date == 0 { String::new() } else { format!(" changedate=\"2026010{date}T000000Z\"") };
                let id = if *id == 0 { format!(" tuid=\"{}\"", m % 3) } else { String::new() };
                writeln!(text, "<tu{id}{date}><tuv xml:lang=\"ar\"><seg>{ar}</seg></tuv><tuv xml:lang=\"en\"><seg>e{n} {m}</seg></tuv></tu>").unwrap();
            }
            fs::write(folder.path().join(format!("{n}.tmx")), text + "</body></tmx>").unwrap();
        }
        let find = Find { top, min: Score::from_hundredths(min), floor: Score::from_hundredths(floor) };
        let queries: Vec<Query> = queries.iter().map(|text| Query::new(Lang::Ar, text)).collect();
        let slow = memory(folder.path(), NONE).snapshot().unwrap();
        for indexing in [NONE, Indexing { least_units, write: false }, ALL] {
            let snapshot = memory(folder.path(), indexing).snapshot().unwrap();
            let many = snapshot.find_many(&queries, &find);
            for (query, found) in queries.iter().zip(many) {
                let found: Vec<_> = found.into_iter().map(|m| (m.score, m.source, m.target)).collect();
                prop_assert_eq!(&found, &slow_find(&slow, query, &find), "{:?} {:?}", query.text(), indexing);
                let alone: Vec<_> = snapshot.find(query, &find).into_iter().map(|m| (m.score, m.source, m.target)).collect();
                prop_assert_eq!(&alone, &found);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Changes by the writer, over files with and without an index.
    #[test]
    fn live_units_meet_indexed_ones(changes in proptest::collection::vec((0..90usize, 0..4u8), 1..12)) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.tmx"), file(60)).unwrap();
        fs::write(folder.path().join("b.tmx"), file(90)).unwrap();
        rest();
        let (plain, indexed) = (memory(folder.path(), NONE), memory(folder.path(), ALL));
        let mut held = indexed.snapshot().unwrap();
        for (number, (n, what)) in changes.into_iter().enumerate() {
            let mut writer = indexed.writer().unwrap();
            let when = Moment::new(&format!("20260201T0000{number:02}Z")).unwrap();
            let unit = held.units().nth(n).map(|(_, unit)| unit);
            if let Some(unit) = unit {
                let id = unit_id(&unit).into_owned();
                let mut other = (*unit).clone();
                other.variants[0].seg = dhakira::unit::Seg::plain(format!("زار الوزير المتحف رقم {n}"));
                // An id may mean two units; that is told then, and nothing changes.
                let _ = match what {
                    0 => writer.delete(&id, when).map(drop),
                    1 | 2 => writer.replace(&id, other, when).map(drop),
                    _ => writer.add(other, when).map(drop),
                };
            }
            drop(writer);
            held = indexed.refresh(&held).unwrap();
            let slow = told(&plain.snapshot().unwrap());
            prop_assert_eq!(&told(&held), &slow);
            prop_assert_eq!(&told(&indexed.snapshot().unwrap()), &slow);
        }
        prop_assert!(held.history("1").iter().any(|version| version.state != State::Deleted));
    }
}

/// Run with `--release --ignored --nocapture` and the environment variable `DHAKIRA_MEMORY`, a folder with a large memory:
/// how long it takes to make its indexes, to open them, and to answer the queries of the shared data.
#[test]
#[ignore = "measures"]
fn time_of_a_large_memory() {
    let Some(folder) = std::env::var_os("DHAKIRA_MEMORY") else { return };
    let shared = std::env::var_os("DHAKIRA_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let memory = Memory::open(&folder).unwrap();
    let time = |name: &str, run: &mut dyn FnMut()| {
        let start = std::time::Instant::now();
        run();
        eprintln!("{name}: {:?}", start.elapsed());
    };
    let _ = fs::remove_dir_all(Path::new(&folder).join(".index"));
    rest();
    time("made", &mut || drop(memory.snapshot().unwrap()));
    let (units, size) = {
        let snapshot = memory.snapshot().unwrap();
        (snapshot.len(), snapshot.indexes().map(|(_, size)| size).sum::<u64>())
    };
    eprintln!("{units} units, {:.0} bytes of index a unit", size as f64 / units as f64);
    let find = Find::default();
    let first = Query::new(Lang::Ar, "افتتح الوزير الميناء الجديد صباح أمس");
    time("opened, and one query answered", &mut || {
        let snapshot = memory.snapshot().unwrap();
        eprintln!("{} suggestions", snapshot.find(&first, &find).len());
    });
    let snapshot = memory.snapshot().unwrap();
    for (lang, name) in [(Lang::Ar, "queries.ar.tsv"), (Lang::En, "queries.en.tsv")] {
        let Ok(text) = fs::read_to_string(shared.join("data/queries").join(name)) else { return };
        let queries: Vec<Query> =
            text.lines().skip(1).filter_map(|line| Some(Query::new(lang, line.split('\t').nth(2)?))).collect();
        for floor in [70.0, 50.0] {
            let min = Score::from_percent(floor);
            let find = Find { min, floor: min, ..find.clone() };
            let mut scratch = dhakira::index::Scratch::default();
            let mut times: Vec<_> = queries
                .iter()
                .map(|query| {
                    let start = std::time::Instant::now();
                    std::hint::black_box(snapshot.find_with(query, &find, &mut scratch));
                    start.elapsed()
                })
                .collect();
            times.sort();
            let at = |part: usize| times[(times.len() * part / 1_000).min(times.len() - 1)];
            let total: std::time::Duration = times.iter().sum();
            eprintln!(
                "{name} at {floor}: {} queries, p50 {:?}, p90 {:?}, p99 {:?}, max {:?}, all {total:?}",
                times.len(),
                at(500),
                at(900),
                at(990),
                at(1_000)
            );
            for threads in [1, 2] {
                let workers = dhakira::task::Workers::new(threads);
                let name = format!("{threads} threads, all of them");
                time(&name, &mut || drop(workers.run(|| snapshot.find_many(&queries, &find))));
            }
        }
    }
}
