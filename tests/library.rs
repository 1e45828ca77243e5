//! Several memories as one: penalties, contexts, regions, and the order of what is found, held against comparing everything.

use dhakira::matching::{
    Candidate, Context, Coverage, Found, LEAST_FOUND, MatchKind, Neighbours, Origin, Preference, Query, Region, Score,
    Status, order,
};
use dhakira::memory::{Concordance, Find, Indexing, Library, Memory, Moment, Shelf};
use dhakira::text::{Key, key};
use dhakira::unit::{Meta, Seg, Unit, Variant};
use dhakira::{Lang, LangTag};
use proptest::prelude::*;
use std::cmp::Reverse;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// A unit as it is written to a file, and all that is to be known of it.
#[derive(Debug, Clone)]
struct Sample {
    ar: &'static str,
    /// The native code of an inline code before the text.
    code: Option<&'static str>,
    en: u8,
    region: Option<&'static str>,
    origin: Option<&'static str>,
    status: Option<&'static str>,
    day: u8,
    document: Option<&'static str>,
    before: Option<&'static str>,
    after: Option<&'static str>,
    id: Option<&'static str>,
}

const TEXTS: [&str; 6] = ["زار الوزير المتحف", "زار الوَزير المتحف", "زار الوزير السوق", "غادر", "عاد الوفد", "عاد وفد"];

fn sample() -> impl Strategy<Value = Sample> {
    let some = |of: &'static [&'static str], p: f64| proptest::option::weighted(p, prop::sample::select(of));
    let text = || prop::sample::select(&TEXTS[..]);
    let neighbour = || proptest::option::weighted(0.2, prop::sample::select(&TEXTS[..]));
    (
        (text(), 0..3u8, some(&["EG", "SA"], 0.3), some(&["%s", "%d"], 0.2)),
        (some(&["align", "mt"], 0.2), some(&["draft", "final", "reviewed"], 0.2), 0..3u8),
        (some(&["a", "b"], 0.6), neighbour(), neighbour(), some(&["m1", "m2"], 0.1)),
    )
        .prop_map(|((ar, en, region, code), (origin, status, day), (document, before, after, id))| Sample {
            ar,
            code,
            en,
            region,
            origin,
            status,
            day,
            document,
            before,
            after,
            id,
        })
}

fn write(path: &Path, units: &[Sample], place: &str) {
    let mut text = "<tmx version=\"1.4\"><header/><body>\n".to_owned();
    for (n, unit) in units.iter().enumerate() {
        let date = if unit.day == 0 { String::new() } else { format!(" changedate=\"2026010{}T000000Z\"", unit.day) };
        write!(text, "<tu{date}>").unwrap();
        let props = [
            ("x-origin", unit.origin),
            ("x-status", unit.status),
            ("x-document", unit.document),
            ("x-context-pre", unit.before),
            ("x-context-post", unit.after),
            ("x-context", unit.id),
        ];
        for (kind, value) in props.iter().filter_map(|(kind, value)| Some((kind, (*value)?))) {
            write!(text, "<prop type=\"{kind}\">{value}</prop>").unwrap();
        }
        let tag = unit.region.map_or("ar".to_owned(), |region| format!("ar-{region}"));
        let (ar, en) = (unit.markup(), unit.en);
        writeln!(text, "<tuv xml:lang=\"{tag}\"><seg>{ar}</seg></tuv><tuv xml:lang=\"en\"><seg>word {en} of {place} {n}</seg></tuv></tu>").unwrap();
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text + "</body></tmx>").unwrap();
}

impl Sample {
    fn markup(&self) -> String {
        self.code.map_or_else(|| self.ar.to_owned(), |code| format!("<ph>{code}</ph> {}", self.ar))
    }

    fn candidate(&self) -> Candidate {
        match self.code {
            Some(code) => Candidate::new(Lang::Ar, &coded(self.ar)).with_codes(vec![code.into()]),
            None => Candidate::new(Lang::Ar, self.ar),
        }
    }
}

/// A text behind an inline code.
fn coded(text: &str) -> String {
    format!("\u{FFFC} {text}")
}

/// What is asked.
#[derive(Debug, Clone)]
struct Asked {
    text: &'static str,
    code: Option<&'static str>,
    before: Option<&'static str>,
    after: Option<&'static str>,
    id: Option<&'static str>,
    region: Option<&'static str>,
}

impl Asked {
    fn query(&self) -> Query {
        let context = Context::of(Lang::Ar, self.before, self.after, self.id);
        let tag = LangTag::new(&format!("ar-{}", self.region.unwrap_or("Arab")));
        let query = match self.code {
            Some(code) => Query::new(Lang::Ar, &coded(self.text)).with_codes(vec![code.into()]),
            None => Query::new(Lang::Ar, self.text).with_codes(Vec::new()),
        };
        query.with_context(context).with_region(&tag)
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    let neighbour = || proptest::option::weighted(0.7, prop::sample::select(vec!["", TEXTS[1], TEXTS[2], TEXTS[3]]));
    let id = proptest::option::weighted(0.2, prop::sample::select(vec!["m1", "m2"]));
    let region = proptest::option::weighted(0.5, prop::sample::select(vec!["EG", "SA", "MA"]));
    let code = proptest::option::weighted(0.2, prop::sample::select(vec!["%s", "%d"]));
    (prop::sample::select(&TEXTS[..]), code, neighbour(), neighbour(), id, region)
        .prop_map(|(text, code, before, after, id, region)| Asked { text, code, before, after, id, region })
}

/// A folder's units in their order, with all that is taken off.
struct Folder {
    penalty: u16,
    files: Vec<(String, Vec<Sample>)>,
}

/// The rules once more: all that there is, in the order that the documentation tells.
fn slow_find(folders: &[Folder], asked: &Asked, find: &Find) -> Vec<(Score, String, MatchKind)> {
    let query = asked.query();
    let same = |a: Option<&str>, b: Option<&str>| a.zip(b).is_some_and(|(a, b)| key(Lang::Ar, a) == key(Lang::Ar, b));
    let mut all = Vec::new();
    for (memory, folder) in (0..).zip(folders) {
        for (name, units) in &folder.files {
            for (n, unit) in units.iter().enumerate() {
                // The neighbours by the order of a document.
                let beside = |other: Option<&Sample>| match (unit.document, other) {
                    (None, _) => None,
                    (Some(document), Some(other)) if other.document == Some(document) => Some(other.ar),
                    _ => Some(""),
                };
                let before = unit.before.or_else(|| beside(n.checked_sub(1).map(|n| &units[n])));
                let after = unit.after.or_else(|| beside(units.get(n + 1)));
                let equal = unit.ar == asked.text && unit.code == asked.code;
                let (before, after) = (same(before, asked.before), same(after, asked.after));
                let both = before && after || unit.id.is_some() && unit.id == asked.id;
                let neighbours = match equal {
                    true if both => Neighbours::Both,
                    true if before || after => Neighbours::One,
                    _ => Neighbours::Neither,
                };
                let score = query.score(&unit.candidate(), Score::ZERO).unwrap();
                let (score, kind) = match neighbours {
                    Neighbours::Both => (Score::CONTEXT, MatchKind::Context),
                    _ => (score, query.kind(&unit.candidate())),
                };
                let preference = Preference {
                    neighbours,
                    memory,
                    region: match (unit.region, asked.region) {
                        (Some(a), Some(b)) if a == b => Region::Same,
                        (Some(_), Some(_)) => Region::Other,
                        _ => Region::Unsaid,
                    },
                    origin: Origin::from_name(unit.origin.unwrap_or_default()),
                    status: Status::from_name(unit.status.unwrap_or_default()),
                };
                let changed = if unit.day == 0 { 0 } else { 20_260_100_000_000 + u64::from(unit.day) * 1_000_000 };
                let target = format!("word {} of {name} {n}", unit.en);
                let place = all.len();
                all.push((
                    (Reverse(score.less(folder.penalty)), preference, Reverse(changed), place),
                    unit.ar,
                    target,
                    kind,
                ));
            }
        }
    }
    all.sort_by_key(|entry| entry.0);
    let best = |top: usize, min: Score| -> Vec<_> {
        let good: Vec<_> = all.iter().filter(|entry| entry.0.0.0 >= min).take(top.max(LEAST_FOUND)).collect();
        let keys: Vec<(Key, Key)> = good.iter().map(|e| (key(Lang::Ar, e.1), key(Lang::En, &e.2))).collect();
        let found = good.iter().zip(&keys).map(|(entry, (source, target))| {
            let (Reverse(score), preference, Reverse(changed), place) = entry.0;
            let coverage = Coverage::new(&query).of(target);
            Found { score, source, target, coverage, preference, changed, place: place as u64 }
        });
        let positions = order(&found.collect::<Vec<_>>());
        positions.iter().take(top).map(|p| (good[p.index].0.0.0, good[p.index].2.clone(), good[p.index].3)).collect()
    };
    let found = best(find.top, find.min);
    if found.is_empty() && find.floor < find.min { best(find.top.min(1), find.floor) } else { found }
}

const EACH: Indexing = Indexing { least_units: 1, write: true };
const NONE: Indexing = Indexing { least_units: usize::MAX, write: false };

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn finds_what_comparing_all_finds(
        first in prop::collection::vec(prop::collection::vec(sample(), 1..30), 0..3),
        below in prop::collection::vec(sample(), 0..20),
        second in prop::collection::vec(sample(), 0..30),
        (own, theirs) in (prop_oneof![Just(0u16), 0u16..3_000], prop_oneof![Just(0u16), 0u16..12_000]),
        asked in prop::collection::vec(asked(), 1..8),
        (top, min, floor) in (0..8usize, prop_oneof![Just(7_000u16), 0u16..=10_100], 0u16..=10_000),
        some in 2..20usize,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (mine, other) = (folder.path().join("mine"), folder.path().join("other"));
        fs::create_dir_all(&mine).unwrap();
        fs::create_dir_all(&other).unwrap();
        let mut folders = vec![
            Folder { penalty: own, files: Vec::new() },
            Folder { penalty: own + 1_200, files: Vec::new() },
            Folder { penalty: theirs, files: Vec::new() },
        ];
        let mut put = |number: usize, path: &Path, name: String, units: &[Sample]| {
            write(&path.join(format!("{name}.tmx")), units, &name);
            folders[number].files.push((name, units.to_vec()));
        };
        first.iter().enumerate().for_each(|(n, units)| put(0, &mine, format!("f{n}"), units));
        put(1, &mine.join("penalty-012"), "below".to_owned(), &below);
        put(2, &other, "second".to_owned(), &second);
        let find = Find { top, min: Score::from_hundredths(min), floor: Score::from_hundredths(floor) };
        for indexing in [NONE, EACH, Indexing { least_units: some, write: true }] {
            let shelf = |path: &Path, penalty| Shelf { memory: Memory::open(path).unwrap().with_indexing(indexing), penalty };
            let library = Library::new(vec![shelf(&mine, own), shelf(&other, theirs)]).unwrap();
            let queries: Vec<Query> = asked.iter().map(Asked::query).collect();
            for (asked, found) in asked.iter().zip(library.find_many(&queries, &find)) {
                let found: Vec<_> = found.into_iter().map(|m| (m.score, m.target, m.kind)).collect();
                prop_assert_eq!(&found, &slow_find(&folders, asked, &find), "{:?} {:?}", asked, indexing);
            }
        }
    }
}

fn unit(ar: &str, en: &str) -> Unit {
    let variants = vec![Variant::new(Lang::Ar, Seg::plain(ar)), Variant::new(Lang::En, Seg::plain(en))];
    Unit { variants, ..Unit::default() }
}

fn now() -> Moment {
    Moment::new("20260101T000000Z").unwrap()
}

#[test]
fn what_is_added_anywhere_is_found_after_a_look() {
    let folder = tempfile::tempdir().unwrap();
    let memory = |name: &str| Memory::create(folder.path().join(name)).unwrap();
    let shelf = |name: &str| Shelf { memory: memory(name), penalty: 0 };
    let mut library = Library::new(vec![shelf("a"), shelf("b")]).unwrap();
    let find = |library: &Library| -> Vec<String> {
        let found = library.find(&Query::new(Lang::Ar, "نعم"), &Find::default());
        found.into_iter().map(|m| format!("{} {}", m.target, m.score)).collect()
    };
    assert!(library.is_empty() && find(&library).is_empty());
    let id = memory("b").writer().unwrap().add(unit("نعم", "yes"), now()).unwrap();
    let held = library.clone();
    library.refresh().unwrap();
    assert_eq!((find(&library), find(&held)), (vec!["yes 100".to_owned()], vec![]));
    memory("a").writer().unwrap().add(unit("نعم", "indeed"), now()).unwrap();
    memory("a/penalty-5/old").writer().unwrap().add(unit("نعم", "yea"), now()).unwrap();
    library.refresh().unwrap();
    assert_eq!(find(&library), ["indeed 100", "yes 100", "yea 95"]);
    memory("b").writer().unwrap().delete(&id, now()).unwrap();
    fs::remove_dir_all(folder.path().join("a/penalty-5")).unwrap();
    library.refresh().unwrap();
    assert_eq!(find(&library), ["indeed 100"]);
    // A folder that is gone is an error, and what was there stays.
    fs::remove_dir_all(folder.path().join("b")).unwrap();
    assert_eq!(library.refresh().unwrap_err().code(), "io");
    assert_eq!(find(&library), ["indeed 100"]);
}

#[test]
fn live_units_have_no_neighbours_but_those_they_name() {
    let folder = tempfile::tempdir().unwrap();
    let memory = Memory::open(folder.path()).unwrap();
    let mut writer = memory.writer().unwrap();
    for (ar, before) in [("وصل", None), ("نعم", None), ("نعم", Some("وصل"))] {
        let mut unit = unit(ar, "…");
        unit.meta.push(Meta::prop("x-document", "a"));
        unit.meta.extend(before.map(|text| Meta::prop("x-context-pre", text)));
        unit.meta.extend(before.map(|_| Meta::prop("x-context-post", "ثم غادر")));
        writer.add(unit, now()).unwrap();
    }
    let snapshot = memory.snapshot().unwrap();
    let kinds = |before: &str, after: &str| -> Vec<&str> {
        let query = Query::new(Lang::Ar, "نعم").with_context(Context::of(Lang::Ar, Some(before), Some(after), None));
        snapshot.find(&query, &Find::default()).iter().map(|m| m.kind.name()).collect()
    };
    assert_eq!(kinds("وصل", "نعم"), ["exact", "exact"]);
    assert_eq!(kinds("وصل", "ثم غادر"), ["context", "exact"]);
}

#[test]
fn a_concordance_goes_from_memory_to_memory() {
    let folder = tempfile::tempdir().unwrap();
    let mut shelves = Vec::new();
    for (name, count) in [("a", 3), ("b", 0), ("c", 2)] {
        let memory = Memory::create(folder.path().join(name)).unwrap();
        let mut writer = memory.writer().unwrap();
        (0..count).for_each(|n| drop(writer.add(unit(&format!("نعم {n}"), &format!("{name}{n}")), now()).unwrap()));
        shelves.push(Shelf { memory, penalty: 0 });
    }
    let library = Library::new(shelves).unwrap();
    let pattern = dhakira::concordance::Pattern::new("نعم", &Default::default()).unwrap();
    let all = Concordance { limit: 100, ..Concordance::default() };
    let texts = |options: &Concordance| -> Vec<String> {
        library.concordance(&pattern, options).lines.into_iter().map(|line| line.target).collect()
    };
    assert_eq!(texts(&all), ["a0", "a1", "a2", "c0", "c1"]);
    assert_eq!(library.occurrences(&pattern, &all).segments, 5);
    for limit in 1..7 {
        let (mut seen, mut from) = (Vec::new(), None);
        loop {
            let options = Concordance { limit, from, ..all.clone() };
            let found = library.concordance(&pattern, &options);
            assert!(found.lines.len() <= limit && !found.lines.is_empty());
            seen.extend(found.lines.into_iter().map(|line| line.target));
            match found.next {
                Some(next) => from = dhakira::memory::Position::new(&next.to_string()),
                None => break,
            }
        }
        assert_eq!(seen, texts(&all), "{limit}");
    }
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_end() {
    let folder = tempfile::tempdir().unwrap();
    let memory = Memory::create(folder.path().join("a/b")).unwrap();
    memory.writer().unwrap().add(unit("نعم", "yes"), now()).unwrap();
    for name in ["x", "y"] {
        std::os::unix::fs::symlink(folder.path().join("a"), folder.path().join("a/b").join(name)).unwrap();
    }
    let shelf = Shelf { memory: Memory::open(folder.path().join("a")).unwrap(), penalty: 0 };
    let library = Library::new(vec![shelf]).unwrap();
    assert_eq!(library.snapshots().count(), 2);
    assert_eq!(library.find(&Query::new(Lang::Ar, "نعم"), &Find::default()).len(), 1);
}
