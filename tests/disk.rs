//! A disk that is full, a folder that can not be written, names that are odd: what is said, and that nothing is lost.
#![cfg(all(unix, feature = "cli"))]

mod desk;

use desk::{Desk, partial_files};
use dhakira::memory::Memory;
use dhakira::tmx;
use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};

/// `say NAME ARGS…` runs the program and keeps what it says and its exit code as files of `$OUT`; `bounded` runs it as
/// `$BOUND` tells.
const PRELUDE: &str = r#"
bounded() { "$BIN" "$@"; }
say() { name=$1; shift; bounded "$@" 2>"$OUT/$name.err" >"$OUT/$name.pipe" ; echo $? >"$OUT/$name.code"; }
fill() {
    n=0
    while [ $n -lt 1000 ]; do
        n=$((n + 1))
        bounded add --memory m --id u$n --ar "الجملة $n $LONG" --en "sentence $n $LONG" >>"$OUT/ids" 2>"$OUT/add.err"
        code=$?
        if [ $code -ne 0 ]; then echo $code >"$OUT/add.code"; return; fi
    done
}
spoil() {
    say replace add --memory m --id u2 --ar "الجملة 2 $LONG" --en "replaced $LONG $LONG $LONG $LONG"
    say remove remove u1 --memory m
    say import import "$OUT/large.tmx" --memory m
    say overwrite import "$OUT/over.tmx" --duplicates overwrite --memory m
    say compact compact --memory m
    say match match "الجملة 1 $LONG" --memory m
    say history history u1 --memory m
}
"#;

/// Runs a script in the folder of the desk, by itself or as what `wrap` names; `false` where that is not permitted.
fn ran(desk: &Desk, wrap: &[&str], script: &str) -> bool {
    let script = format!("{PRELUDE}{script}");
    let words: Vec<&str> = wrap.iter().copied().chain(["sh", "-c", &script]).collect();
    let out = desk.path("out");
    fs::create_dir_all(&out).unwrap();
    let output = Command::new(words[0])
        .args(&words[1..])
        .current_dir(desk.path(""))
        .env("BIN", env!("CARGO_BIN_EXE_dhakira"))
        .env("OUT", &out)
        .env("LONG", "وما بعدها كلام طويل ".repeat(60))
        .env_remove("DHAKIRA_MEMORY")
        .stdin(Stdio::null())
        .output();
    let permitted = output.as_ref().is_ok_and(|output| output.status.success());
    if !permitted {
        eprintln!("skipped: not permitted here: {}: {output:?}", wrap.join(" "));
    }
    permitted
}

fn said(desk: &Desk, name: &str) -> (i32, String) {
    let read = |ending: &str| fs::read_to_string(desk.path(&format!("out/{name}.{ending}"))).unwrap();
    (read("code").trim().parse().unwrap(), read("err"))
}

/// A command failed with exit code 2 and one line that has these words.
fn refused(desk: &Desk, name: &str, words: &[&str]) {
    let (code, err) = said(desk, name);
    assert_eq!(code, 2, "{name}: {err}");
    let error = err.lines().find(|line| words.iter().all(|word| line.contains(word)));
    assert!(error.is_some(), "{name}: no line with {words:?} in:\n{err}");
}

fn pair(id: &str, ar: &str, en: &str) -> String {
    format!(
        "<tu tuid=\"{id}\"><tuv xml:lang=\"ar\"><seg>{ar}</seg></tuv><tuv xml:lang=\"en\"><seg>{en}</seg></tuv></tu>\n"
    )
}

fn tmx_of(units: &[String]) -> String {
    format!("<tmx version=\"1.4\"><header srclang=\"ar\"/><body>\n{}</body></tmx>", units.concat())
}

/// What there is to import: more than fits, the beginning of the same, and another translation of what is there.
fn newcomers(desk: &Desk) {
    let long = "وكلام طويل ".repeat(40);
    let large: Vec<String> = (0..400).map(|n| pair(&format!("n{n}"), &format!("جديد {n} {long}"), "new")).collect();
    desk.file("out/large.tmx", tmx_of(&large));
    desk.file("out/small.tmx", tmx_of(&large[..3]));
    let source = format!("الجملة 1 {}", "وما بعدها كلام طويل ".repeat(60));
    desk.file("out/over.tmx", tmx_of(&[pair("o", &source, &format!("another {}", long.repeat(20)))]));
}

/// Every file is whole, and what stands is what was acknowledged, as it was.
fn nothing_lost(desk: &Desk, folder: &str) -> usize {
    let path = desk.path(folder);
    assert!(partial_files(&path).is_empty(), "{:?}", partial_files(&path));
    let memory = Memory::open(&path).unwrap();
    for file in memory.files().unwrap() {
        let mut reader = tmx::Reader::open(&file).unwrap();
        reader.by_ref().for_each(|entry| drop(entry.unwrap()));
        assert!(reader.report().warnings.is_empty() && !reader.report().truncated, "{}", file.display());
    }
    let snapshot = memory.snapshot().unwrap();
    assert!(snapshot.problems().is_empty(), "{:?}", snapshot.problems());
    let stands: BTreeSet<String> = snapshot.units().map(|(_, unit)| unit.id().unwrap().to_owned()).collect();
    let acknowledged: BTreeSet<String> =
        fs::read_to_string(desk.path("out/ids")).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(stands, acknowledged);
    for (_, unit) in snapshot.units() {
        let english = unit.text_of(dhakira::Lang::En).unwrap();
        assert!(english.starts_with(&format!("sentence {} ", &unit.id().unwrap()[1..])), "{english}");
    }
    acknowledged.len()
}

/// What a full disk and a limit of the system have in common.
fn check_spoiled(desk: &Desk, reason: &str, way_out: &str) {
    for name in ["add", "replace", "remove", "overwrite"] {
        refused(desk, name, &["cannot write m/live-0001.tmx", reason, way_out]);
    }
    refused(desk, "import", &["cannot write m/large.tmx", reason, way_out]);
    for name in ["match", "history"] {
        assert_eq!(said(desk, name).0, 0, "{name}: {}", said(desk, name).1);
    }
    assert!(nothing_lost(desk, "out/m") > 5);
    let export = fs::read_to_string(desk.path("out/export.tmx")).unwrap();
    assert_eq!(export.matches("<tu ").count(), nothing_lost(desk, "out/m"));
}

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let desk = Desk::new();
    newcomers(&desk);
    let script = r#"
        set -e; mkdir disk; mount -t tmpfs -o size=256k none disk; cd disk; set +e
        head -c 65536 /dev/zero >filler
        "$BIN" add --memory m --id u2 --ar "قديمة" --en "older" >"$OUT/ids" 2>/dev/null
        fill
        head -c 300000 /dev/zero >rest 2>/dev/null
        spoil
        "$BIN" export --memory m -o - >"$OUT/export.tmx"
        cp -r m "$OUT/m"
        say there export --memory m -o there.tmx
        [ -e there.tmx ] && echo "it is there" >"$OUT/there.err"
        rm filler rest
        bounded add --memory m --id u9999 --ar "أخيرًا" --en "sentence 9999 at last" >>"$OUT/ids"
        cp -r m "$OUT/later""#;
    if !ran(&desk, &["unshare", "-rm"], script) {
        return;
    }
    refused(&desk, "compact", &["cannot write m/live-0002.tmx", "No space left", "make room"]);
    refused(&desk, "there", &["there.tmx", "No space left", "make room"]);
    nothing_lost(&desk, "out/later");
    // The one that came when there was room again.
    let ids = fs::read_to_string(desk.path("out/ids")).unwrap();
    assert!(ids.ends_with("\nu9999\n"), "{ids}");
    fs::write(desk.path("out/ids"), ids.trim_end_matches("u9999\n")).unwrap();
    check_spoiled(&desk, "No space left on device", "make room there and do it again");
}

#[test]
fn a_limit_on_files_loses_nothing_that_was_acknowledged() {
    let desk = Desk::new();
    newcomers(&desk);
    // A write beyond the limit is an error for a process that ignores the signal, and the end for one that does not.
    let script = r#"
        bounded() { ( trap '' XFSZ; ulimit -f 256; exec "$BIN" "$@" ); }
        fill; spoil
        say both import "$OUT/large.tmx" "$OUT/small.tmx" --memory both
        "$BIN" export --memory m -o - >"$OUT/export.tmx"
        bounded() { ( ulimit -f 256; exec "$BIN" "$@" ); }
        say killed add --memory m --id u5000 --ar "الجملة $LONG" --en "sentence 5000 $LONG $LONG $LONG $LONG"
        [ "$(cat "$OUT/killed.code")" -gt 128 ] || exit 77
        ls m/*.partial >/dev/null || exit 78
        "$BIN" remove none --memory m 2>/dev/null
        cp -r m "$OUT/m""#;
    if !ran(&desk, &[], script) {
        return;
    }
    check_spoiled(&desk, "File too large", "ulimit -f");
    // What a file that failed would have brought is still new in the next one.
    refused(&desk, "both", &["cannot write both/large.tmx", "File too large"]);
    let memory = Memory::open(desk.path("both")).unwrap();
    assert_eq!(memory.snapshot().unwrap().len(), 3, "{}", said(&desk, "both").1);
}

/// What all commands say to a memory that can not be written.
const READ_ONLY: &str = r#"
    say add add --memory m --ar "لا" --en "no"
    say remove remove u1 --memory m
    say import import "$OUT/small.tmx" --memory m
    say compact compact --memory m
    say output export --memory m -o m/new.tmx
    say made add --memory m/new --ar "لا" --en "no"
    say match match "نعم" --memory m
    say export export --memory m
    say check check m
    say dry import "$OUT/small.tmx" --memory m --dry-run
"#;

fn check_read_only(desk: &Desk, of_memory: &str, reason: &str, way_out: &str) {
    for name in ["add", "remove", "import", "compact"] {
        if name != "compact" || of_memory.ends_with(".lock") {
            refused(desk, name, &["m/", of_memory, reason, way_out]);
        }
    }
    refused(desk, "output", &["m/new.tmx", reason, way_out]);
    refused(desk, "made", &["make the folder m/new", reason, way_out]);
    for name in ["match", "export", "check", "dry"] {
        assert_eq!(said(desk, name).0, 0, "{name}: {}", said(desk, name).1);
    }
}

#[test]
fn a_disk_that_is_read_only_is_read_and_named() {
    let desk = Desk::new();
    newcomers(&desk);
    let script = r#"
        set -e; mkdir disk; mount -t tmpfs none disk; cd disk
        "$BIN" add --memory m --id u1 --ar "نعم" --en "yes" 2>/dev/null
        mount -o remount,ro none .; set +e"#;
    if ran(&desk, &["unshare", "-rm"], &format!("{script}\n{READ_ONLY}")) {
        check_read_only(&desk, ".lock", "Read-only file system", "name another folder");
    }
}

#[test]
fn a_folder_without_the_right_to_write_is_read_and_named() {
    let desk = Desk::new();
    newcomers(&desk);
    let added = desk.run(&["add", "--memory", "m", "--id", "u1", "--ar", "نعم", "--en", "yes"]);
    assert_eq!(added.code, Some(0), "{}", added.err);
    // Root may write everywhere, but not as a user whom nothing is mapped to.
    let wrap: &[&str] = if fs::File::create(desk.path("m/probe")).is_ok() { &[] } else { &["false"] };
    fs::remove_file(desk.path("m/probe")).unwrap();
    let script = format!("chmod 555 m; touch m/x 2>/dev/null && exit 77\n{READ_ONLY}\nchmod 755 m");
    let permitted = ran(&desk, wrap, &script) || ran(&desk, &["unshare", "-U"], &script);
    Command::new("chmod").args(["755", "m"]).current_dir(desk.path("")).status().unwrap();
    if permitted {
        check_read_only(&desk, ".tmx", "Permission denied", "change its rights or name another path");
        assert_eq!(Memory::open(desk.path("m")).unwrap().snapshot().unwrap().len(), 1);
    }
}

#[test]
fn a_name_with_a_line_break_stays_in_its_line() {
    let desk = Desk::new();
    let name = "ذاكرة\nb.tmx:9: mojibake.tmx";
    let units = [pair("1", "عاد الوفد في عام ١٩٩٩.", "The delegation returned in 1998."), pair("2", "R&D", "x")];
    desk.file(name, tmx_of(&units));
    desk.file("m/a\nb.tmx", tmx_of(&units[..1]));
    for args in [
        &["check", name][..],
        &["check", "m"],
        &["check", "m", name],
        &["diff", "m", name],
        &["import", name, "--memory", "new\nmemory"],
        &["stats", "gone\ngone.tmx"],
        &["clean", name, "-o", "new\nfile.tmx"],
        &["export", "--memory", "m", "-o", "x/\ny.tmx"],
        &["align", "no\nar.txt"],
        &["split", "no\nfile.txt"],
    ] {
        let ran = desk.run(args);
        let lines: Vec<&str> = ran.err.lines().collect();
        assert!(lines.iter().all(|line| line.starts_with("dhakira: ")), "{args:?}: {}", ran.err);
        assert!(!ran.out.lines().any(|line| line.starts_with("b.tmx")), "{args:?}: {}", ran.out);
    }
    let found = desk.run(&["check", name, "--only", "numbers-differ"]).out;
    assert!(found.starts_with("ذاكرة\\nb.tmx:9: mojibake.tmx:2 (tuid \"1\"): numbers-differ"), "{found}");
}

#[test]
fn links_in_a_circle_end() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new();
    for side in ["ar", "en"] {
        desk.file(
            &format!("c/نهر.{side}.txt"),
            if side == "ar" { "هذا نهر كبير.\n" } else { "This is a big river.\n" },
        );
    }
    symlink(".", desk.path("c/circle")).unwrap();
    symlink("loop.ar.txt", desk.path("c/loop.ar.txt")).unwrap();
    symlink("loop.tmx", desk.path("loop.tmx")).unwrap();
    let ran = desk.run(&["align", "c", "-o", "tmx", "--force"]);
    let made: Vec<_> = fs::read_dir(desk.path("tmx"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name != ".lock" && name != ".align-journal")
        .collect();
    assert_eq!(made, ["نهر.tmx"], "{}", ran.err);
    for args in [
        &["check", "loop.tmx"][..],
        &["import", "loop.tmx"],
        &["merge", "loop.tmx", "-o", "x.tmx"],
        &["export", "--memory", "tmx", "-o", "loop.tmx"],
        &["add", "--memory", "loop.tmx", "--ar", "لا", "--en", "no"],
    ] {
        let ran = desk.run(args);
        assert_eq!(ran.code, Some(2), "{args:?}: {}", ran.out);
        assert!(ran.err.contains("loop.tmx") || ran.out.contains("loop.tmx"), "{args:?}: {}", ran.err);
    }
    // What is there already is worth more than an empty file.
    desk.file("mine.tmx", tmx_of(&[pair("1", "نعم", "yes")]));
    let before = fs::read(desk.path("mine.tmx")).unwrap();
    for args in [
        &["merge", "loop.tmx", "gone.tmx", "-o", "mine.tmx"][..],
        &["clean", "gone.tmx", "-o", "mine.tmx"],
        &["check", "gone.tmx", "--repair", "-o", "mine.tmx"],
    ] {
        let ran = desk.run(args);
        assert_eq!(
            (ran.code, ran.err.contains("gone.tmx") || ran.out.contains("gone.tmx")),
            (Some(2), true),
            "{args:?}"
        );
        assert_eq!(fs::read(desk.path("mine.tmx")).unwrap(), before, "{args:?}");
    }
}
