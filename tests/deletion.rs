//! What was deleted and comes in again: seen beforehand, and brought back without harm to anything else.

#[cfg(feature = "cli")]
mod desk;

use dhakira::Lang;
use dhakira::memory::{Change, Memory, Moment, State, Writer, content_id};
use dhakira::task::{Duplicates, ImportOptions, Imported, Known, import};
use dhakira::tmx::{self, parse_unit};
use dhakira::unit::Unit;
use proptest::prelude::*;
use std::fs;
use std::path::Path;

fn at(n: u32) -> Moment {
    Moment::new(&format!("202601{:02}T000000Z", n + 1)).unwrap()
}

fn unit(attrs: &str, ar: &str, en: &str) -> Unit {
    let side = |lang: &str, text: &str| format!("<tuv xml:lang=\"{lang}\"><seg>{text}</seg></tuv>");
    parse_unit(&format!("<tu {attrs}>{}{}</tu>", side("ar", ar), side("en", en))).unwrap()
}

fn write(path: &Path, units: &[Unit]) {
    let mut writer = tmx::Writer::new(fs::File::create(path).unwrap(), &tmx::Header::new("ar")).unwrap();
    units.iter().for_each(|unit| writer.write_unit(unit).unwrap());
    writer.finish().unwrap();
}

/// What stands, as `tuid arabic english`, sorted.
fn standing(memory: &Memory) -> Vec<String> {
    let snapshot = memory.snapshot().unwrap();
    let text = |unit: &Unit, lang| unit.text_of(lang).unwrap_or_default();
    let shown = snapshot
        .units()
        .map(|(_, u)| format!("{} {} {}", u.id().unwrap_or("-"), text(&u, Lang::Ar), text(&u, Lang::En)));
    let mut shown: Vec<String> = shown.collect();
    shown.sort();
    shown
}

/// Takes the file in once as a dry run and once in earnest, which must agree.
fn take(memory: &Memory, writer: &mut Writer, file: &Path, duplicates: Duplicates) -> Imported {
    let options = ImportOptions { duplicates, ..ImportOptions::default() };
    let known = || match duplicates {
        Duplicates::Overwrite => Known::of(&memory.snapshot().unwrap(), duplicates),
        _ => Known::of_memory(memory, duplicates, |problem| panic!("{problem}")).unwrap(),
    };
    let tried = import(file, &options, None, &mut known()).unwrap();
    let done = import(file, &options, Some((writer, at(20))), &mut known()).unwrap();
    let counts = |i: &Imported| [i.read, i.new, i.kept, i.updated, i.refused, i.returned];
    assert_eq!(counts(&tried), counts(&done));
    done
}

#[test]
fn what_was_deleted_comes_back_with_the_next_import() {
    let texts = [("tuid=\"1\"", "نعم", "yes"), ("", "لا", "no"), ("tuid=\"3\"", "ربما", "maybe")];
    let units = texts.map(|(attrs, ar, en)| unit(attrs, ar, en));
    for ending in ["tmx", "jsonl"] {
        for (duplicates, returned, stands) in [
            (Duplicates::Both, 2, 3),
            (Duplicates::Overwrite, 2, 3),
            // What is in the memory stays as it is, a deletion too.
            (Duplicates::Keep, 0, 1),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let memory = Memory::open(folder.path()).unwrap();
            write(&folder.path().join("old.tmx"), &units);
            let mut writer = memory.writer().unwrap();
            writer.delete("1", at(1)).unwrap();
            writer.delete(&content_id(&units[1]), at(1)).unwrap();
            assert_eq!(standing(&memory), ["3 ربما maybe"]);
            let outside = tempfile::tempdir().unwrap();
            let file = outside.path().join(format!("again.{ending}"));
            if ending == "tmx" {
                write(&file, &units);
            } else {
                // Without ids: what a deletion names by its content is meant too.
                let line = |(_, ar, en): (&str, &str, &str)| format!("{{\"ar\":\"{ar}\",\"en\":\"{en}\"}}\n");
                fs::write(&file, texts.map(line).concat()).unwrap();
            }
            let imported = take(&memory, &mut writer, &file, duplicates);
            assert_eq!(
                (imported.new, imported.returned, imported.refused, imported.kept),
                (0, returned, 2 - returned, 1),
                "{ending} {duplicates:?}"
            );
            assert_eq!((standing(&memory).len(), imported.output), (stands, None));
            if returned > 0 {
                let snapshot = memory.snapshot().unwrap();
                let states: Vec<State> = snapshot.history("1").iter().map(|version| version.state).collect();
                assert_eq!(states, [State::Superseded, State::Deleted, State::Current]);
                // Again there is nothing to do, and it can be deleted again.
                assert_eq!(take(&memory, &mut writer, &file, duplicates).kept, 3);
                writer.delete("1", at(21)).unwrap();
                assert_eq!(standing(&memory).len(), 2);
            }
        }
    }
}

#[test]
fn strangers_and_alternatives_stay_when_a_unit_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let memory = Memory::open(folder.path()).unwrap();
    write(&folder.path().join("a.tmx"), &[unit("tuid=\"1\"", "نعم", "yes")]);
    let mut writer = memory.writer().unwrap();
    writer.delete("1", at(1)).unwrap();
    // Another file counts from 1 too.
    write(&folder.path().join("b.tmx"), &[unit("tuid=\"1\"", "بيت", "house")]);
    let file = folder.path().join("c.txt.tmx");
    // And a file that has one id twice, meaning it.
    let outside = tempfile::tempdir().unwrap();
    let twice = outside.path().join("twice.tmx");
    write(&twice, &[unit("tuid=\"1\"", "نعم", "yes"), unit("tuid=\"1\"", "نعم", "aye")]);
    let imported = take(&memory, &mut writer, &twice, Duplicates::Both);
    assert_eq!((imported.returned, imported.new, file.exists()), (2, 0, false));
    let stands = standing(&memory);
    assert!(stands.contains(&"1 بيت house".to_owned()), "{stands:?}");
    assert_eq!(stands.iter().filter(|s| s.ends_with("yes") || s.ends_with("aye")).count(), 2, "{stands:?}");
    // What is dated behind its deletion needs no help.
    let later = outside.path().join("later.tmx");
    write(&later, &[unit("tuid=\"9\" changedate=\"20270101T000000Z\"", "نعم", "indeed")]);
    assert_eq!(take(&memory, &mut writer, &later, Duplicates::Keep).refused, 1);
    assert_eq!(take(&memory, &mut writer, &later, Duplicates::Both).new, 1);
}

#[cfg(feature = "cli")]
#[test]
fn the_command_line_says_what_came_back() {
    let desk = desk::Desk::new();
    let file = "<tmx version=\"1.4\"><header srclang=\"ar\"/><body><tu tuid=\"1\"><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv><tuv xml:lang=\"en\"><seg>yes</seg></tuv></tu></body></tmx>";
    desk.file("old.tmx", file);
    desk.run(&["import", "old.tmx"]);
    assert_eq!(desk.run(&["remove", "1"]).code, Some(0));
    let kept = desk.run(&["import", "old.tmx", "--duplicates", "keep"]);
    assert!(
        kept.err.contains("0 new, 0 there already, 1 translated otherwise or deleted in the memory"),
        "{}",
        kept.err
    );
    assert_eq!(desk.run(&["match", "نعم"]).code, Some(1));
    let back = desk.run(&["import", "old.tmx", "--json"]);
    assert!(back.err.contains("1 unit read, 0 new, 0 there already, 1 brought back that were deleted"), "{}", back.err);
    assert_eq!(desk::json_lines(&back.out)[0]["returned"], 1);
    assert_eq!(desk.run(&["match", "نعم"]).code, Some(0));
}

fn some_unit() -> impl Strategy<Value = Unit> {
    let id = prop::sample::select(vec!["", "tuid=\"1\"", "tuid=\"2\""]);
    let date = prop::sample::select(vec!["", "changedate=\"20260103T000000Z\"", "changedate=\"20260108T000000Z\""]);
    let ar = prop::sample::select(vec!["نعم", "نَعَم", "لا"]);
    let en = prop::sample::select(vec!["yes", "no", "aye"]);
    (id, date, ar, en).prop_map(|(id, date, ar, en)| {
        // A twin without an id that is dated behind a deletion is one that every later version would hide: see `history`.
        let date = if id.is_empty() { "" } else { date };
        unit(&format!("{id} {date}"), ar, en)
    })
}

#[derive(Debug, Clone)]
enum Op {
    Add(Unit),
    Replace(usize, Unit),
    Delete(usize),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        1 => some_unit().prop_map(Op::Add),
        1 => (0..8usize, some_unit()).prop_map(|(n, unit)| Op::Replace(n, unit)),
        3 => (0..8usize).prop_map(Op::Delete),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// What deletions hide does not stand as a file, and stands once it is brought back, with all that stood before. What
    /// they do not hide stands as a file, unless another version of it does or did in a file.
    #[test]
    fn hidden_is_what_does_not_stand(
        foreign in prop::collection::vec(some_unit(), 0..4),
        ops in prop::collection::vec((op(), 0..9u32), 1..7),
        newcomer in some_unit(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::open(folder.path()).unwrap();
        write(&folder.path().join("m.tmx"), &foreign);
        let mut writer = memory.writer().unwrap();
        for (op, when) in ops {
            let snapshot = memory.snapshot().unwrap();
            let ids: Vec<String> =
                snapshot.units().map(|(_, unit)| dhakira::memory::unit_id(&unit).into_owned()).collect();
            let chosen = |n: usize| ids.get(n % ids.len().max(1)).cloned();
            // An id that means several is refused, which is not the matter here.
            let _ = match op {
                Op::Add(unit) => writer.apply([Change::Add(unit)], at(when)),
                Op::Replace(n, unit) => writer.apply(chosen(n).map(|id| Change::Replace(id, unit)), at(when)),
                Op::Delete(n) => writer.apply(chosen(n).map(Change::Delete), at(when)),
            };
        }
        let before = standing(&memory);
        let snapshot = memory.snapshot().unwrap();
        let hidden = snapshot.deletions().hides(&newcomer);
        let stands_already = snapshot.units().any(|(_, unit)| content_id(&unit) == content_id(&newcomer));
        let file = folder.path().join("z.tmx");
        write(&file, std::slice::from_ref(&newcomer));
        let with_file = memory.snapshot().unwrap();
        let stands = with_file.units().any(|(path, _)| path == file);
        drop(with_file);
        if hidden {
            prop_assert!(!stands, "said to be hidden, but stands");
            fs::remove_file(&file).unwrap();
            if !stands_already {
                writer.apply([Change::Return(newcomer.clone())], at(12)).unwrap();
                let mut after = standing(&memory);
                prop_assert_eq!(after.len(), before.len() + 1, "{:?} {:?}", before, after);
                for shown in &before {
                    let Some(at) = after.iter().position(|s| s == shown) else {
                        return Err(TestCaseError::fail(format!("{shown} stands no more: {after:?}")));
                    };
                    after.remove(at);
                }
                let (ar, en) = (newcomer.text_of(Lang::Ar).unwrap(), newcomer.text_of(Lang::En).unwrap());
                let comes = format!(" {ar} {en}");
                prop_assert!(after[0].ends_with(&comes), "{:?}", after);
            }
        } else if !stands {
            let same_id = |unit: &Unit| unit.id().is_some() && unit.id() == newcomer.id();
            let elsewhere = snapshot.units().any(|(_, unit)| same_id(&unit) || content_id(&unit) == content_id(&newcomer))
                || foreign.iter().any(same_id)
                || !snapshot.history(&content_id(&newcomer)).is_empty();
            prop_assert!(elsewhere, "said to stand, but does not");
        }
    }
}
