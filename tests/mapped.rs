//! Index files: opened instead of their TMX files, made when missing, and never believed when something is wrong with them.

use dhakira::Lang;
use dhakira::matching::{Query, Score};
use dhakira::memory::{Find, Indexing, Memory, Moment, Snapshot, State, unit_id};
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
        for found in snapshot.find(&Query::new(Lang::Ar, query), &find) {
            told.push(format!("{} {:?} {} {} {}", found.score, found.why, found.source, found.target, found.id()));
        }
    }
    for found in snapshot.find(&Query::new(Lang::En, "The minister visited school 3 with 5 guests"), &find) {
        told.push(format!("{} {:?} {} {} {}", found.score, found.why, found.source, found.target, found.id()));
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
