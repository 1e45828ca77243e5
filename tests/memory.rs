//! The live memory: units come, change and go while readers read, and nothing that was acknowledged is ever lost.

use dhakira::Lang;
use dhakira::matching::{Query, Score};
use dhakira::memory::{Change, CompactOptions, Find, LIVE_UNITS, Memory, Moment, Snapshot, State, content_id, unit_id};
use dhakira::tmx;
use dhakira::unit::{Seg, Unit, Variant};
use proptest::prelude::*;
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The `n`th second of a day.
fn at(n: u64) -> Moment {
    Moment::new(&format!("20260101T{:02}{:02}{:02}Z", n / 3600 % 24, n / 60 % 60, n % 60)).unwrap()
}

fn pair(ar: &str, en: &str) -> Unit {
    Unit {
        variants: vec![Variant::new(Lang::Ar, Seg::plain(ar)), Variant::new(Lang::En, Seg::plain(en))],
        ..Unit::default()
    }
}

fn with_id(id: &str, ar: &str, en: &str) -> Unit {
    let mut unit = pair(ar, en);
    unit.set_attr("tuid", id);
    unit
}

fn memory() -> (tempfile::TempDir, Memory) {
    let folder = tempfile::tempdir().unwrap();
    let memory = Memory::open(folder.path()).unwrap();
    (folder, memory)
}

/// `<tu>` elements as a file of another tool.
fn foreign(folder: &Path, name: &str, units: &str) {
    let text = format!("<tmx version=\"1.4\"><header creationtool=\"other\"/><body>\n{units}\n</body></tmx>");
    fs::write(folder.join(name), text).unwrap();
}

fn tu(attrs: &str, ar: &str, en: &str) -> String {
    format!("<tu {attrs}><tuv xml:lang=\"ar\"><seg>{ar}</seg></tuv><tuv xml:lang=\"en\"><seg>{en}</seg></tuv></tu>\n")
}

/// The English sides that stand, sorted.
fn english(snapshot: &Snapshot) -> Vec<String> {
    let mut texts: Vec<String> = snapshot.units().filter_map(|(_, unit)| unit.text_of(Lang::En)).collect();
    texts.sort();
    assert_eq!(texts.len(), snapshot.len());
    texts
}

fn now(memory: &Memory) -> Vec<String> {
    english(&memory.snapshot().unwrap())
}

#[test]
fn units_are_added_replaced_and_deleted_while_held_snapshots_stay() {
    let (_folder, memory) = memory();
    let mut writer = memory.writer().unwrap();
    let before = memory.snapshot().unwrap();
    let id = writer.add(pair("نعم", "yes"), at(1)).unwrap();
    let other = writer.add(pair("لا", "no"), at(1)).unwrap();
    let first = memory.refresh(&before).unwrap();
    assert_eq!(english(&first), ["no", "yes"]);
    writer.replace(&id, pair("نعم", "indeed"), at(2)).unwrap();
    let second = memory.refresh(&first).unwrap();
    writer.delete(&other, at(3)).unwrap();
    let third = memory.refresh(&second).unwrap();
    assert_eq!(english(&before), [""; 0]);
    assert_eq!(english(&first), ["no", "yes"]);
    assert_eq!(english(&second), ["indeed", "no"]);
    assert_eq!(english(&third), ["indeed"]);
    assert_eq!(now(&memory), ["indeed"]);
    let found =
        third.find(&Query::new(Lang::Ar, "نعم"), &Find { top: 5, min: Score::from_percent(0.0), ..Find::default() });
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].target.as_str(), &*found[0].id(), found[0].changed()),
        ("indeed", &*id, Some("20260101T000002Z"))
    );
    let states: Vec<State> = third.history(&other).iter().map(|v| v.state).collect();
    assert_eq!(states, [State::Superseded, State::Deleted]);
    let unit = third.unit_of(&id).unwrap();
    assert_eq!((unit.attr("creationdate"), unit.id()), (Some("20260101T000001Z"), Some(&*id)));
}

#[test]
fn the_same_unit_twice_is_two_units() {
    let (_folder, memory) = memory();
    let mut writer = memory.writer().unwrap();
    let ids: HashSet<String> = (0..3).map(|_| writer.add(pair("نعم", "yes"), at(1)).unwrap()).collect();
    assert_eq!((ids.len(), now(&memory).len()), (3, 3));
    let ids = writer.apply((0..3).map(|_| Change::Add(pair("لا", "no"))), at(1)).unwrap();
    assert_eq!((ids.into_iter().collect::<HashSet<_>>().len(), now(&memory).len()), (3, 6));
}

#[test]
fn a_clock_that_goes_backwards_loses_nothing() {
    let (_folder, memory) = memory();
    let mut writer = memory.writer().unwrap();
    writer.add(with_id("a", "نعم", "yes"), at(100)).unwrap();
    writer.replace("a", pair("نعم", "indeed"), at(50)).unwrap();
    assert_eq!(now(&memory), ["indeed"]);
    writer.add(with_id("a", "نعم", "so it is"), at(10)).unwrap();
    assert_eq!(now(&memory), ["so it is"]);
    writer.delete("a", at(5)).unwrap();
    assert!(now(&memory).is_empty());
    writer.add(with_id("a", "نعم", "yes again"), at(1)).unwrap();
    assert_eq!(now(&memory), ["yes again"]);
    assert_eq!(memory.snapshot().unwrap().history("a").len(), 5);
}

#[test]
fn what_is_not_there_is_an_error_and_changes_nothing() {
    let (folder, memory) = memory();
    let mut writer = memory.writer().unwrap();
    let id = writer.add(pair("نعم", "yes"), at(1)).unwrap();
    let error = writer.delete("nobody", at(2)).unwrap_err();
    assert_eq!(error.code(), "id");
    assert!(error.to_string().contains("\"nobody\""), "{error}");
    let wrong = [Change::Delete(id.clone()), Change::Replace(id.clone(), pair("لا", "no"))];
    assert_eq!(writer.apply(wrong, at(2)).unwrap_err().code(), "id");
    assert_eq!(now(&memory), ["yes"]);
    for unit in [Unit::default(), pair("نعم", " "), pair("نعم", "\u{1}yes"), with_id("\u{2}", "نعم", "yes")] {
        assert_eq!(writer.add(unit, at(3)).unwrap_err().code(), "format");
    }
    assert_eq!(now(&memory), ["yes"]);
    fs::remove_dir_all(folder.path()).unwrap();
    assert_eq!(writer.add(pair("لا", "no"), at(4)).unwrap_err().code(), "io");
}

#[test]
fn live_files_are_closed_when_full_and_a_large_batch_writes_each_once() {
    let (folder, memory) = memory();
    let mut writer = memory.writer().unwrap();
    let units = (0..2 * LIVE_UNITS + 500).map(|n| Change::Add(pair(&format!("الجملة {n}"), &format!("sentence {n}"))));
    let ids = writer.apply(units, at(1)).unwrap();
    writer.add(pair("نعم", "yes"), at(2)).unwrap();
    let names: Vec<String> =
        memory.files().unwrap().iter().map(|p| p.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(names, ["live-0001.tmx", "live-0002.tmx", "live-0003.tmx"]);
    let count = |name: &str| tmx::Reader::open(folder.path().join(name)).unwrap().map(Result::unwrap).count();
    assert_eq!(names.iter().map(|name| count(name)).collect::<Vec<_>>(), [1_000, 1_000, 501]);
    assert_eq!(now(&memory).len(), ids.len() + 1);
}

#[test]
fn files_of_other_tools_are_superseded_but_never_changed() {
    let (folder, memory) = memory();
    let text =
        tu("tuid=\"7\" changedate=\"20250101T000000Z\"", "نعم", "yes") + &tu("", "لا", "no") + &tu("", "ربما", "maybe");
    foreign(folder.path(), "other.tmx", &text);
    let bytes = fs::read(folder.path().join("other.tmx")).unwrap();
    let mut writer = memory.writer().unwrap();
    let (no, maybe) = (content_id(&pair("لا", "no")), content_id(&pair("ربما", "maybe")));
    writer.replace("7", pair("نعم نعم", "indeed"), at(1)).unwrap();
    writer.replace(&no, pair("كلا", "not at all"), at(1)).unwrap();
    writer.delete(&maybe, at(1)).unwrap();
    assert_eq!(now(&memory), ["indeed", "not at all"]);
    assert_eq!(fs::read(folder.path().join("other.tmx")).unwrap(), bytes);
    let snapshot = memory.snapshot().unwrap();
    assert_eq!(snapshot.unit_of(&no).unwrap().text_of(Lang::En).as_deref(), Some("not at all"));
    let check = |id: &str, states: &[State]| {
        assert_eq!(snapshot.history(id).iter().map(|v| v.state).collect::<Vec<_>>(), states, "{id}");
    };
    check("7", &[State::Superseded, State::Current]);
    check(&no, &[State::Superseded, State::Current]);
    check(&maybe, &[State::Superseded, State::Deleted]);
    // Whatever the file is called and however it is saved again.
    fs::rename(folder.path().join("other.tmx"), folder.path().join("zz.tmx")).unwrap();
    foreign(folder.path(), "again.tmx", &tu("usagecount=\"3\"", "لا", "no"));
    assert_eq!(now(&memory), ["indeed", "not at all"]);
    // Compaction keeps the marks that are needed.
    writer.compact(&CompactOptions::default()).unwrap();
    assert_eq!(now(&memory), ["indeed", "not at all"]);
    writer.replace("7", pair("نعم", "certainly"), at(2)).unwrap();
    writer.delete(&no, at(2)).unwrap();
    assert_eq!(now(&memory), ["certainly"]);
}

#[test]
fn a_newer_unit_with_the_same_id_wins_and_strangers_do_not_meet() {
    let check = |files: &[&str], wanted: &[&str]| {
        let (folder, memory) = memory();
        for (n, units) in files.iter().enumerate() {
            foreign(folder.path(), &format!("{n}.tmx"), units);
        }
        assert_eq!(now(&memory), wanted, "{files:?}");
    };
    let old = tu("tuid=\"x\" creationdate=\"20200101T000000Z\"", "نعم", "old");
    let new = tu("tuid=\"x\" creationdate=\"20190101T000000Z\" changedate=\"20210101T000000Z\"", "نعم", "new");
    check(&[&old, &new], &["new"]);
    check(&[&new, &old], &["new"]);
    check(&[&(new.clone() + &old)], &["new"]);
    // Without dates the later file counts; inside one file nobody knows.
    let (a, b) = (tu("tuid=\"x\"", "نعم", "a"), tu("tuid=\"x\"", "نعم", "b"));
    check(&[&b, &a], &["a"]);
    check(&[&(b + &a)], &["a", "b"]);
    // Most tools count 1, 2, 3 in each file.
    check(&[&tu("tuid=\"1\"", "نعم", "yes"), &tu("tuid=\"1\"", "لا", "no")], &["no", "yes"]);
    // Without an id nothing supersedes.
    check(&[&tu("", "نعم", "yes"), &tu("", "نعم", "yes"), &tu("", "نعم", "indeed")], &["indeed", "yes", "yes"]);
    // Many tools date the variants only.
    let tuv = |date: &str, en: &str| {
        format!(
            "<tu tuid=\"x\"><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv><tuv xml:lang=\"en\" changedate=\"{date}\"><seg>{en}</seg></tuv></tu>"
        )
    };
    check(&[&tuv("20210101T000000Z", "new"), &tuv("20200101T000000Z", "old")], &["new"]);
    // The same id in another pair of languages is another unit.
    let french =
        "<tu tuid=\"x\"><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv><tuv xml:lang=\"fr\"><seg>oui</seg></tuv></tu>";
    let (folder, memory) = memory();
    foreign(folder.path(), "a.tmx", &old);
    foreign(folder.path(), "b.tmx", french);
    assert_eq!(memory.snapshot().unwrap().len(), 2);
}

#[test]
fn an_id_that_means_two_units_is_refused_with_the_ids_of_each() {
    let (folder, memory) = memory();
    foreign(folder.path(), "a.tmx", &tu("tuid=\"1\"", "نعم", "yes"));
    foreign(folder.path(), "b.tmx", &(tu("tuid=\"1\"", "لا", "no") + &tu("tuid=\"2\"", "نعم", "yes")));
    let mut writer = memory.writer().unwrap();
    let error = writer.delete("1", at(1)).unwrap_err().to_string();
    let no = content_id(&pair("لا", "no"));
    assert!(error.contains(&no) && error.contains(&content_id(&pair("نعم", "yes"))), "{error}");
    writer.delete(&no, at(1)).unwrap();
    assert_eq!(now(&memory), ["yes", "yes"]);
    writer.delete("1", at(1)).unwrap();
    assert_eq!(now(&memory), ["yes"]);
    writer.replace("2", pair("نعم", "indeed"), at(1)).unwrap();
    assert_eq!(now(&memory), ["indeed"]);
}

#[test]
fn compaction_drops_history_or_keeps_it() {
    let (_folder, memory) = memory();
    let mut writer = memory.writer().unwrap();
    let ids = writer.apply((0..20).map(|n| Change::Add(pair(&format!("الجملة {n}"), &format!("{n}")))), at(1)).unwrap();
    for round in 0..70 {
        let changes = ids[5..].iter().map(|id| Change::Replace(id.clone(), pair(id, &format!("round {round}"))));
        writer.apply(changes, at(2)).unwrap();
    }
    writer.apply(ids[..5].iter().cloned().map(Change::Delete), at(2)).unwrap();
    let before = now(&memory);
    let compacted = writer.compact(&CompactOptions { history: true }).unwrap();
    assert_eq!((compacted.kept, compacted.dropped, compacted.files_after), (20 + 70 * 15 + 5, 0, 2));
    assert_eq!(now(&memory), before);
    let compacted = writer.compact(&CompactOptions::default()).unwrap();
    assert_eq!((compacted.kept, compacted.dropped), (15, 20 + 69 * 15 + 5));
    assert_eq!((compacted.files_before, compacted.files_after), (2, 1));
    assert_eq!(now(&memory), before);
    assert_eq!(writer.compact(&CompactOptions::default()).unwrap().dropped, 0);
    writer.replace(&ids[7], pair("نعم", "once more"), at(3)).unwrap();
    assert!(now(&memory).contains(&"once more".to_owned()));
}

#[test]
fn imports_named_like_live_files_stay_as_they_are() {
    let (folder, memory) = memory();
    foreign(folder.path(), "live-0001.tmx", &tu("", "نعم", "yes"));
    let bytes = fs::read(folder.path().join("live-0001.tmx")).unwrap();
    let mut writer = memory.writer().unwrap();
    writer.add(pair("لا", "no"), at(1)).unwrap();
    writer.compact(&CompactOptions::default()).unwrap();
    assert_eq!(fs::read(folder.path().join("live-0001.tmx")).unwrap(), bytes);
    assert_eq!(now(&memory), ["no", "yes"]);
}

#[test]
fn a_live_file_that_a_person_edits_is_seen_and_never_lost() {
    let (folder, memory) = memory();
    let mut writer = memory.writer().unwrap();
    let id = writer.add(pair("نعم", "yes"), at(1)).unwrap();
    let path = folder.path().join("live-0001.tmx");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("yes", "yes, edited")).unwrap();
    writer.add(pair("لا", "no"), at(1)).unwrap();
    assert_eq!(now(&memory), ["no", "yes, edited"]);
    // Broken by hand: nothing of it may go with the next write.
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("yes,", "yes & no,")).unwrap();
    let broken = fs::read(&path).unwrap();
    writer.add(pair("ربما", "maybe"), at(1)).unwrap();
    writer.compact(&CompactOptions::default()).unwrap();
    assert_eq!(fs::read(&path).unwrap(), broken);
    let snapshot = memory.snapshot().unwrap();
    assert_eq!((english(&snapshot), snapshot.problems().len()), (vec!["maybe".to_owned(), "no".to_owned()], 1));
    assert!(snapshot.unit_of(&id).is_none());
}

#[test]
fn refresh_reads_only_what_changed_and_sees_every_change() {
    let (folder, memory) = memory();
    foreign(folder.path(), "a.tmx", &tu("", "نعم", "aa"));
    let mut snapshot = memory.snapshot().unwrap();
    // Same length, within one tick of any clock.
    for text in ["bb", "cc", "dd", "ee"] {
        foreign(folder.path(), "a.tmx", &tu("", "نعم", text));
        snapshot = memory.refresh(&snapshot).unwrap();
        assert_eq!(english(&snapshot), [text]);
    }
    fs::remove_file(folder.path().join("a.tmx")).unwrap();
    assert!(memory.refresh(&snapshot).unwrap().is_empty());
}

#[test]
fn what_dead_writers_left_is_swept_and_nothing_else() {
    let (folder, memory) = memory();
    let touch = |name: &str| fs::write(folder.path().join(name), "half").unwrap();
    touch("live-0001.tmx.999999-3.partial");
    touch("download.partial");
    touch("mine.tmx.partial");
    let writer = memory.writer().unwrap();
    let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [".lock", "download.partial", "mine.tmx.partial"]);
    assert!(memory.snapshot().unwrap().problems().is_empty());
    drop(writer);
}

#[cfg(unix)]
#[test]
fn odd_entries_are_said_or_passed_over_and_the_rest_works() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let (folder, memory) = memory();
    foreign(folder.path(), "good.tmx", &tu("", "نعم", "yes"));
    foreign(folder.path(), "two\nlines.tmx", &tu("", "لا", "no"));
    let latin = std::ffi::OsStr::from_bytes(b"caf\xE9.tmx");
    fs::copy(folder.path().join("good.tmx"), folder.path().join(latin)).unwrap();
    symlink("loop.tmx", folder.path().join("loop.tmx")).unwrap();
    symlink("nowhere", folder.path().join("dangling.tmx")).unwrap();
    symlink(".", folder.path().join("folder.tmx")).unwrap();
    fs::create_dir(folder.path().join("sub.tmx")).unwrap();
    fs::write(folder.path().join("empty.tmx"), "").unwrap();
    fs::write(folder.path().join("binary.tmx"), [0u8; 100]).unwrap();
    let snapshot = memory.snapshot().unwrap();
    assert_eq!(english(&snapshot), ["no", "yes", "yes"]);
    let mut named: Vec<_> =
        snapshot.problems().iter().map(|p| p.path().file_stem().unwrap().to_str().unwrap()).collect();
    named.sort();
    named.dedup();
    assert_eq!(named, ["binary", "dangling", "empty", "loop"]);
    let mut writer = memory.writer().unwrap();
    writer.delete(&content_id(&pair("لا", "no")), at(1)).unwrap();
    assert_eq!(now(&memory), ["yes", "yes"]);
}

#[test]
fn a_second_writer_waits_or_is_told_who_holds_the_lock() {
    let (_folder, memory) = memory();
    let mut writer = memory.writer().unwrap();
    let error = memory.writer().unwrap_err();
    assert_eq!(error.code(), "locked");
    assert!(error.to_string().contains(&format!("process {}", std::process::id())), "{error}");
    assert!(memory.writer_waiting(Duration::from_millis(50)).is_err());
    std::thread::scope(|scope| {
        let second = scope.spawn(|| {
            let mut writer = memory.writer_waiting(Duration::from_secs(60)).unwrap();
            writer.add(pair("لا", "no"), at(1)).unwrap();
        });
        writer.add(pair("نعم", "yes"), at(1)).unwrap();
        drop(writer);
        second.join().unwrap();
    });
    assert_eq!(now(&memory), ["no", "yes"]);
}

/// Not a test but the program of the tests below: makes the changes that stdin names, a line each, and says `ok` when each
/// is on disk. With `DHAKIRA_TEST_PATIENT` it takes the lock for each change anew.
#[test]
#[ignore = "run by other tests as a process of its own"]
fn helper() {
    let Some(folder) = std::env::var_os("DHAKIRA_TEST_FOLDER") else { return };
    let memory = Memory::open(folder).unwrap();
    let lock = || memory.writer_waiting(Duration::from_secs(60)).unwrap();
    let patient = std::env::var_os("DHAKIRA_TEST_PATIENT").is_some();
    let mut writer = Some(lock());
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let words: Vec<&str> = line.split(' ').collect();
        let mut own = writer.take().unwrap_or_else(lock);
        let text = |id: &str, version: &str| pair(&format!("الجملة {id} {version}"), &format!("{id} {version}"));
        let add =
            |id: &str, version: &str| Change::Add(with_id(id, &format!("الجملة {id}"), &format!("{id} {version}")));
        match words[..] {
            ["add", id, version] => drop(own.apply([add(id, version)], at(1)).unwrap()),
            ["addall", ref ids @ .., version] => drop(own.apply(ids.iter().map(|id| add(id, version)), at(1)).unwrap()),
            ["replace", id, version] => own.replace(id, text(id, version), at(1)).unwrap(),
            ["delete", id, _] => own.delete(id, at(1)).unwrap(),
            ["compact", _] => drop(own.compact(&CompactOptions::default()).unwrap()),
            ["merge", _] => drop(own.compact(&CompactOptions { history: true }).unwrap()),
            _ => panic!("{line}"),
        }
        println!("ok");
        writer = (!patient).then_some(own);
    }
}

fn spawn_helper(folder: &Path, patient: bool) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "helper", "--ignored", "--nocapture"]).env("DHAKIRA_TEST_FOLDER", folder);
    if patient {
        command.env("DHAKIRA_TEST_PATIENT", "1");
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// What is known of each unit: the version that was acknowledged last (`None`: deleted), by number of the command.
type Known = BTreeMap<String, (u64, Option<u64>)>;

/// The version of each unit that stands, after checking that there is none twice and nothing is broken.
fn versions(snapshot: &Snapshot) -> BTreeMap<String, u64> {
    assert!(snapshot.problems().is_empty(), "{:?}", snapshot.problems());
    let mut versions = BTreeMap::new();
    for (_, unit) in snapshot.units() {
        let text = unit.text_of(Lang::En).unwrap();
        let (id, version) = text.split_once(' ').unwrap();
        assert_eq!(unit.id(), Some(id));
        assert_eq!(versions.insert(id.to_owned(), version.parse().unwrap()), None, "{id} stands twice");
    }
    versions
}

/// Random, but the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// A command, the units that it is about, and the version that they have afterwards.
type Order = (String, Vec<String>, Option<u64>);

/// So many commands a process gets; it is killed before it has made them all, on most machines.
const ORDERS: usize = 200;

/// Commands that follow from what stands.
fn orders(dice: &mut Dice, stands: &mut BTreeMap<String, bool>, number: &mut u64, count: usize) -> Vec<Order> {
    let order = |_| {
        *number += 1;
        let version = *number;
        let ids: Vec<String> = stands.iter().filter(|(_, s)| **s).map(|(id, _)| id.clone()).collect();
        let any = ids.get(dice.below(ids.len().max(1) as u64) as usize).cloned();
        match (dice.below(24), any) {
            (0..7, Some(id)) => (format!("replace {id} {version}"), vec![id], Some(version)),
            (7..13, Some(id)) => {
                stands.insert(id.clone(), false);
                (format!("delete {id} {version}"), vec![id], None)
            }
            (13, _) => (format!("compact {version}"), Vec::new(), None),
            (14, _) => (format!("merge {version}"), Vec::new(), None),
            (15, _) => {
                let ids: Vec<String> = (0..300).map(|n| format!("b{n}")).collect();
                stands.extend(ids.iter().map(|id| (id.clone(), true)));
                (format!("addall {} {version}", ids.join(" ")), ids, Some(version))
            }
            _ => {
                let id = format!("u{}", dice.below(400));
                stands.insert(id.clone(), true);
                (format!("add {id} {version}"), vec![id], Some(version))
            }
        }
    };
    (0..count).map(order).collect()
}

/// Reads all the time: nothing is ever broken or twice, no acknowledged version is ever missing, and none comes back.
fn read_all_the_time(memory: &Memory, known: &Mutex<Known>, ordered: &Mutex<(u64, Known)>, done: &AtomicBool) -> u64 {
    let mut snapshot = Snapshot::default();
    let mut reads = 0;
    while !done.load(Ordering::Relaxed) {
        let generation = ordered.lock().unwrap().0;
        let acknowledged = known.lock().unwrap().clone();
        snapshot = if reads % 8 == 0 { memory.snapshot() } else { memory.refresh(&snapshot) }.unwrap();
        let versions = versions(&snapshot);
        let ordered = ordered.lock().unwrap();
        reads += 1;
        // While it is odd, what is known is being sorted out.
        if ordered.0 != generation || generation % 2 == 1 {
            continue;
        }
        for (id, (number, state)) in acknowledged {
            let newer = ordered.1.get(&id).is_some_and(|(newer, _)| *newer > number);
            match versions.get(&id) {
                Some(version) => {
                    assert!(Some(*version) == state || newer && *version > number, "{id}: {version} after {number}")
                }
                None => assert!(state.is_none() || newer, "{id}: version {number} is gone"),
            }
        }
    }
    reads
}

#[test]
fn killed_at_any_moment_nothing_acknowledged_is_lost() {
    let kills: u64 = std::env::var("DHAKIRA_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(40);
    let (folder, memory) = memory();
    let units: String =
        (0..50).map(|n| tu(&format!("tuid=\"f{n}\""), &format!("الجملة f{n}"), &format!("f{n} 0"))).collect();
    foreign(folder.path(), "other.tmx", &units);
    let known: Mutex<Known> = Mutex::new((0..50).map(|n| (format!("f{n}"), (0, Some(0)))).collect());
    let ordered = Mutex::new((0, Known::new()));
    let (mut dice, mut number, mut acknowledged) = (Dice(1), 0, 0);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let readers: Vec<_> =
            (0..2).map(|_| scope.spawn(|| read_all_the_time(&memory, &known, &ordered, &done))).collect();
        // A failed check must end the readers too.
        let checks = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for _ in 0..kills {
                acknowledged += kill_once(folder.path(), &memory, &known, &ordered, &mut dice, &mut number);
            }
        }));
        done.store(true, Ordering::Relaxed);
        let reads: u64 = readers.into_iter().map(|reader| reader.join().unwrap()).sum();
        eprintln!("{kills} kills, {acknowledged} changes acknowledged, {reads} snapshots read beside them");
        if let Err(panic) = checks {
            std::panic::resume_unwind(panic);
        }
    });
    assert!(acknowledged > kills);
}

/// One process that is killed; gives how many of its changes were acknowledged.
fn kill_once(
    folder: &Path,
    memory: &Memory,
    known: &Mutex<Known>,
    ordered: &Mutex<(u64, Known)>,
    dice: &mut Dice,
    number: &mut u64,
) -> u64 {
    let mut stands: BTreeMap<String, bool> =
        known.lock().unwrap().iter().map(|(id, (_, state))| (id.clone(), state.is_some())).collect();
    let orders = orders(dice, &mut stands, number, ORDERS);
    let first = *number + 1 - ORDERS as u64;
    let numbered = || (first..).zip(&orders);
    for (number, (_, ids, state)) in numbered() {
        ordered.lock().unwrap().1.extend(ids.iter().map(|id| (id.clone(), (number, *state))));
    }
    let mut child = spawn_helper(folder, false);
    let mut input = child.stdin.take().unwrap();
    let lines: String = orders.iter().map(|(line, _, _)| format!("{line}\n")).collect();
    let feeder = std::thread::spawn(move || drop(input.write_all(lines.as_bytes())));
    let output = BufReader::new(child.stdout.take().unwrap());
    let (delay, child) = (Duration::from_micros(dice.below(120_000)), Mutex::new(child));
    let mut made = 0;
    std::thread::scope(|scope| {
        let acknowledgements = output.lines().map_while(Result::ok).filter(|line| line == "ok");
        for ((number, (_, ids, state)), _) in numbered().zip(acknowledgements) {
            known.lock().unwrap().extend(ids.iter().map(|id| (id.clone(), (number, *state))));
            if made == 0 {
                scope.spawn(|| {
                    std::thread::sleep(delay);
                    child.lock().unwrap().kill().unwrap();
                });
            }
            made += 1;
        }
    });
    child.lock().unwrap().wait().unwrap();
    feeder.join().unwrap();
    // Every file is whole.
    for path in memory.files().unwrap() {
        let mut reader = tmx::Reader::open(&path).unwrap();
        reader.by_ref().for_each(|entry| drop(entry.unwrap()));
        assert!(reader.report().warnings.is_empty() && !reader.report().truncated);
    }
    // What readers know is sorted out from here on, and they wait: something may have been made that nobody acknowledged.
    let generation = |generation: &mut (u64, Known)| *generation = (generation.0 + 1, Known::new());
    generation(&mut ordered.lock().unwrap());
    // Of what was not acknowledged the first change may have been made, wholly or as far as one file goes.
    let unsure: Option<&Order> = orders.get(made as usize);
    let mut known = known.lock().unwrap();
    let versions = versions(&memory.snapshot().unwrap());
    for (id, (number, state)) in known.iter_mut() {
        let stands = versions.get(id).copied();
        if stands != *state {
            let (line, ids, unsure) = unsure.expect("all was acknowledged");
            assert!(ids.contains(id) && stands == *unsure, "{id}: {stands:?} instead of {state:?}, {line:.80}");
            (*number, *state) = (first + made, stands);
        }
    }
    for (id, version) in &versions {
        let state = known.entry(id.clone()).or_insert((first + made, Some(*version))).1;
        assert_eq!(state, Some(*version), "{id}");
    }
    drop(known);
    generation(&mut ordered.lock().unwrap());
    made
}

#[test]
fn two_processes_that_write_at_once_lose_nothing() {
    let (folder, memory) = memory();
    let mut children: Vec<(Child, Vec<String>)> = (0..2)
        .map(|process| {
            let mut child = spawn_helper(folder.path(), true);
            let ids: Vec<String> = (0..40).map(|n| format!("p{process}n{n}")).collect();
            let lines: String = ids.iter().map(|id| format!("add {id} 1\nreplace {id} 2\n")).collect();
            child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
            (child, ids)
        })
        .collect();
    for (child, _) in &mut children {
        assert!(child.wait().unwrap().success());
    }
    let wanted: BTreeMap<String, u64> = children.into_iter().flat_map(|(_, ids)| ids).map(|id| (id, 2)).collect();
    assert_eq!(versions(&memory.snapshot().unwrap()), wanted);
    assert_eq!(memory.snapshot().unwrap().history("p0n0").len(), 2);
}

/// Run with `--release --ignored --nocapture`: how long a durable change takes.
#[test]
#[ignore = "measures"]
fn time_of_a_durable_change() {
    let (_folder, memory) = memory();
    let mut writer = memory.writer().unwrap();
    let sentence = |n: usize| {
        pair(
            &format!("وصل الوزير إلى المدينة رقم {n} صباح أمس والتقى عددا من سكانها في الميدان"),
            &format!(
                "The minister arrived in city number {n} yesterday morning and met some of its people in the square"
            ),
        )
    };
    let time = |name: &str, change: &mut dyn FnMut(usize)| {
        let mut times: Vec<Duration> = (0..1_000)
            .map(|n| {
                let start = Instant::now();
                change(n);
                start.elapsed()
            })
            .collect();
        times.sort();
        eprintln!("{name}: p50 {:?}, p95 {:?}, max {:?}", times[500], times[950], times[999]);
    };
    let mut ids = Vec::new();
    time("add", &mut |n| ids.push(writer.add(sentence(n), at(1)).unwrap()));
    time("replace", &mut |n| writer.replace(&ids[n], sentence(n + 1), at(2)).unwrap());
    time("delete", &mut |n| writer.delete(&ids[n], at(3)).unwrap());
    let start = Instant::now();
    writer.apply((0..100_000).map(|n| Change::Add(sentence(n))), at(4)).unwrap();
    eprintln!("100,000 in one batch: {:?}", start.elapsed());
    let mut snapshot = memory.snapshot().unwrap();
    let start = Instant::now();
    snapshot = memory.refresh(&snapshot).unwrap();
    eprintln!("refresh of {} units, nothing changed: {:?}", snapshot.len(), start.elapsed());
    time("add to 100,000", &mut |n| drop(writer.add(sentence(n), at(5)).unwrap()));
    let start = Instant::now();
    snapshot = memory.refresh(&snapshot).unwrap();
    eprintln!("refresh to {} units, 1,000 new: {:?}", snapshot.len(), start.elapsed());
    let ids: Vec<String> = snapshot.units().take(1_000).map(|(_, unit)| unit_id(&unit).into_owned()).collect();
    time("replace in 100,000", &mut |n| writer.replace(&ids[n], sentence(n), at(6)).unwrap());
    let start = Instant::now();
    let done = writer.compact(&CompactOptions::default()).unwrap();
    eprintln!("compact {done:?}: {:?}", start.elapsed());
}

#[derive(Debug, Clone)]
enum Op {
    Add(u8),
    AddWithId(u8, u8),
    Replace(u8, u8),
    Delete(u8),
    Compact(bool),
    Reopen,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => any::<u8>().prop_map(|text| Op::Add(text % 4)),
        2 => (0..6u8, any::<u8>()).prop_map(|(id, text)| Op::AddWithId(id, text)),
        4 => (any::<u8>(), any::<u8>()).prop_map(|(id, text)| Op::Replace(id, text)),
        3 => any::<u8>().prop_map(Op::Delete),
        1 => any::<bool>().prop_map(Op::Compact),
        1 => Just(Op::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Against a map from ids to texts. Times go forwards and backwards, several changes share a batch.
    #[test]
    fn the_memory_is_a_map(batches in proptest::collection::vec((proptest::collection::vec(op(), 1..6), 0..5u64), 1..12)) {
        let (folder, memory) = memory();
        // Three units of another tool, one without id, two with the same text.
        foreign(folder.path(), "other.tmx", &(tu("tuid=\"1\"", "نعم", "yes") + &tu("tuid=\"2\"", "نعم", "yes") + &tu("", "لا", "no")));
        let mut model: BTreeMap<String, String> = BTreeMap::new();
        model.insert("1".into(), "yes".into());
        model.insert("2".into(), "yes".into());
        model.insert(content_id(&pair("لا", "no")), "no".into());
        let mut writer = memory.writer().unwrap();
        let mut snapshot = memory.snapshot().unwrap();
        for (ops, when) in batches {
            let mut changes = Vec::new();
            let mut ids: Vec<Option<String>> = Vec::new();
            let mut texts: Vec<Option<String>> = Vec::new();
            let mut after: BTreeMap<String, Option<String>> = model.iter().map(|(i, t)| (i.clone(), Some(t.clone()))).collect();
            let mut compact = None;
            for op in ops {
                let standing: Vec<String> = after.iter().filter(|(_, t)| t.is_some()).map(|(i, _)| i.clone()).collect();
                let chosen = |n: u8| standing.get(n as usize % standing.len().max(1)).cloned();
                match op {
                    Op::Add(text) => {
                        changes.push(Change::Add(pair("جديد", &text.to_string())));
                        ids.push(None);
                        texts.push(Some(text.to_string()));
                    }
                    Op::AddWithId(id, text) => {
                        changes.push(Change::Add(with_id(&id.to_string(), &format!("نص {text}"), &text.to_string())));
                        after.insert(id.to_string(), Some(text.to_string()));
                        ids.push(Some(id.to_string()));
                        texts.push(Some(text.to_string()));
                    }
                    Op::Replace(id, text) => if let Some(id) = chosen(id) {
                        changes.push(Change::Replace(id.clone(), pair(&format!("نص {text}"), &text.to_string())));
                        after.insert(id.clone(), Some(text.to_string()));
                        ids.push(Some(id));
                        texts.push(Some(text.to_string()));
                    }
                    Op::Delete(id) => if let Some(id) = chosen(id) {
                        changes.push(Change::Delete(id.clone()));
                        after.insert(id.clone(), None);
                        ids.push(Some(id));
                        texts.push(None);
                    }
                    Op::Compact(history) => compact = Some(CompactOptions { history }),
                    Op::Reopen => {
                        drop(writer);
                        writer = memory.writer().unwrap();
                    }
                }
            }
            let got = writer.apply(changes, at(when)).unwrap();
            prop_assert_eq!(got.len(), ids.len());
            for ((got, id), text) in got.into_iter().zip(ids).zip(texts) {
                if let Some(id) = id {
                    prop_assert_eq!(&got, &id);
                } else {
                    prop_assert!(!model.contains_key(&got), "{} was given twice", got);
                }
                match text {
                    Some(text) => model.insert(got, text),
                    None => model.remove(&got),
                };
            }
            if let Some(options) = compact {
                writer.compact(&options).unwrap();
            }
            snapshot = memory.refresh(&snapshot).unwrap();
            for snapshot in [&snapshot, &memory.snapshot().unwrap()] {
                let mut read: BTreeMap<String, String> = BTreeMap::new();
                for (_, unit) in snapshot.units() {
                    let twice = read.insert(unit_id(&unit).into_owned(), unit.text_of(Lang::En).unwrap());
                    prop_assert!(twice.is_none(), "{} stands twice", unit_id(&unit));
                }
                prop_assert_eq!(&read, &model);
                prop_assert_eq!(snapshot.len(), model.len());
                prop_assert!(snapshot.problems().is_empty());
                // One unit told by itself is the slow twin's.
                for (id, text) in &model {
                    let alone = snapshot.unit_of(id).and_then(|unit| unit.text_of(Lang::En));
                    prop_assert_eq!(alone.as_ref(), Some(text));
                }
            }
        }
    }
}
