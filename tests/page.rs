//! The page in a real browser: what a translator does with it, for everybody, in both languages and both themes.
//!
//! Skips without node, Chromium, and a folder with playwright-core and axe-core (`DHAKIRA_PLAYWRIGHT`); `.ci/run` installs
//! them.
#![cfg(feature = "serve")]

mod served;

use served::Served;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder whose `node_modules` has what drives the browser, and the browser.
fn browser() -> Option<(PathBuf, PathBuf)> {
    let Some(folder) = std::env::var_os("DHAKIRA_PLAYWRIGHT").map(PathBuf::from) else {
        eprintln!("skipped: DHAKIRA_PLAYWRIGHT names no folder with playwright-core and axe-core");
        return None;
    };
    let chromium =
        std::env::var_os("DHAKIRA_CHROMIUM").map_or_else(|| PathBuf::from("/usr/bin/chromium"), PathBuf::from);
    let needed = ["playwright-core", "axe-core"].map(|name| folder.join("node_modules").join(name));
    if let Some(missing) = needed.iter().chain([&chromium]).find(|path| !path.exists()) {
        eprintln!("skipped: there is no {}", missing.display());
        return None;
    }
    Some((folder, chromium))
}

fn has_node() -> bool {
    let found = Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("skipped: node is not installed");
    }
    found
}

/// Runs a script of `tests/page`; what it says is told if it fails.
fn run(script: &str, address: &str, environment: &[(&str, &Path)]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page").join(script);
    let output = Command::new("node").arg(path).arg(address).envs(environment.iter().copied()).output().unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(output.status.success(), "{script}:\n{said}");
}

/// A server over a copy of our own memory, and a script that looks at its page.
fn look(script: &str) {
    let Some((playwright, chromium)) = browser().filter(|_| has_node()) else { return };
    let folder = tempfile::tempdir().unwrap();
    let memory = folder.path().join("tmx");
    fs::create_dir(&memory).unwrap();
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tmx")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "tmx") {
            fs::copy(&path, memory.join(path.file_name().unwrap())).unwrap();
        }
    }
    fs::write(folder.path().join("terms.tsv"), "ar\ten\nميناء|موانئ\tport|!harbour\nقارب|قوارب\tboat\n").unwrap();
    let served = Served::over(folder, &["--glossary", "terms.tsv"]);
    let address = format!("http://{}/", served.address);
    run(script, &address, &[("DHAKIRA_PLAYWRIGHT", &playwright), ("DHAKIRA_CHROMIUM", &chromium)]);
}

#[test]
fn a_translator_works_with_it() {
    look("tasks.mjs");
}

#[test]
fn nobody_is_kept_out() {
    look("access.mjs");
}

#[test]
fn beads_tile_both_sides_whatever_is_done_to_them() {
    if has_node() {
        run("beads.mjs", "", &[]);
    }
}
