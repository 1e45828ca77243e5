//! Holds the house together: the module table of ARCHITECTURE.md, and habits that a compiler does not check.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The table: module → modules that it may use.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(Path::new(ROOT).join("ARCHITECTURE.md")).unwrap();
    let names = |cell: &str| -> BTreeSet<String> { cell.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    text.lines()
        .filter(|line| line.starts_with("| ") && line.as_bytes()[2].is_ascii_digit())
        .map(|line| {
            let cells: Vec<&str> = line.split('|').collect();
            let module = names(cells[2]).pop_first().expect("the second column names the module");
            let mut allowed = names(cells[3]);
            allowed.extend(["lang".to_owned(), "error".to_owned()]);
            (module, allowed)
        })
        .collect()
}

fn sources(under: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(ROOT).join(under)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The first path segment below `src/` without its ending: the module that a file belongs to.
fn module_of(path: &Path) -> String {
    let relative = path.strip_prefix(Path::new(ROOT).join("src")).unwrap();
    relative.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// The modules that a source names behind `crate::`, doc comments left aside.
fn named_behind_crate(source: &str) -> BTreeSet<String> {
    let code: String = source.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let word = |s: &str| -> String { s.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let mut named = BTreeSet::new();
    for part in code.split("crate::").skip(1) {
        match part.strip_prefix('{') {
            None => {
                named.insert(word(part));
            }
            Some(list) => {
                let mut depth = 0;
                let mut item = String::new();
                for c in list.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => {
                            named.insert(word(item.trim()));
                            item.clear();
                        }
                        _ if depth == 0 => item.push(c),
                        _ => {}
                    }
                }
                named.insert(word(item.trim()));
            }
        }
    }
    // Names that `lib.rs` re-exports, and macros, are no modules.
    named.retain(|n| n.chars().next().is_some_and(|c| c.is_lowercase()));
    named
}

#[test]
fn arrows_are_those_of_the_table() {
    let table = table();
    let mut wrong = Vec::new();
    for path in sources("src") {
        let module = module_of(&path);
        if module == "lib" || module == "bin" {
            continue;
        }
        let Some(allowed) = table.get(&module) else {
            wrong.push(format!("{}: module `{module}` is not in the table of ARCHITECTURE.md", path.display()));
            continue;
        };
        for named in named_behind_crate(&fs::read_to_string(&path).unwrap()) {
            if named != module && !allowed.contains(&named) {
                wrong.push(format!("{}: `{module}` may not use `{named}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_names_no_module_that_is_gone() {
    for module in table().keys() {
        let here = ["src/NAME.rs", "src/NAME/mod.rs", "src/NAME"]
            .iter()
            .any(|p| Path::new(ROOT).join(p.replace("NAME", module)).exists());
        assert!(here, "ARCHITECTURE.md names `{module}`, which is not there");
    }
}

#[test]
fn the_table_is_without_circles() {
    let table = table();
    let order: Vec<&String> = table.keys().collect();
    for start in order {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&String> = table[start].iter().filter(|n| *n != "lang" && *n != "error").collect();
        while let Some(next) = open.pop() {
            assert_ne!(next, start, "`{start}` reaches itself");
            if seen.insert(next)
                && let Some(on) = table.get(next)
            {
                open.extend(on.iter().filter(|n| *n != "lang" && *n != "error"));
            }
        }
    }
}

/// The files beside this one that it names behind `super::`, tests left aside.
fn neighbours(path: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code: String = code.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut names = BTreeSet::new();
    for part in code.split("super::").skip(1) {
        let end =
            if part.starts_with('{') { part.find(';') } else { part.find(|c: char| !c.is_alphanumeric() && c != '_') };
        let list = part[..end.unwrap_or(part.len())].split(|c: char| !c.is_alphanumeric() && c != '_');
        names.extend(list.map(str::to_owned));
    }
    let files = names.iter().map(|name| path.with_file_name(format!("{name}.rs")));
    files.filter(|file| file != path && file.is_file()).collect()
}

#[test]
fn files_of_a_module_are_without_circles() {
    let mut files: BTreeMap<PathBuf, Vec<PathBuf>> =
        sources("src").into_iter().map(|path| (path.clone(), neighbours(&path))).collect();
    // The one that is left: blocks and contents need the form of a unit, which the writer has, and the writer takes both.
    // It ends when that form is a file of its own.
    files.insert(Path::new(ROOT).join("src/tmx/writer.rs"), Vec::new());
    let mut circles = Vec::new();
    for start in files.keys() {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&PathBuf> = files[start].iter().collect();
        while let Some(next) = open.pop() {
            if seen.insert(next) {
                open.extend(&files[next]);
            }
        }
        if seen.contains(start) {
            circles.push(start.display().to_string());
        }
    }
    assert!(circles.is_empty(), "these reach themselves:\n{}", circles.join("\n"));
}

#[test]
fn a_file_is_one_noun() {
    for path in sources("src") {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        assert!(
            !["util", "utils", "common", "helpers", "misc", "manager"].contains(&stem),
            "{}: name the noun",
            path.display()
        );
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 900, "{}: {lines} lines; look for the second noun", path.display());
    }
}

#[test]
fn each_file_opens_with_what_it_is() {
    for path in sources("src") {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//! "), "{}: the first line says what the file is", path.display());
    }
}

#[test]
fn only_task_and_memory_use_threads() {
    for path in sources("src") {
        let module = module_of(&path);
        let text = fs::read_to_string(&path).unwrap();
        let uses = text.lines().any(|l| !l.trim_start().starts_with("//") && l.contains("rayon::"));
        assert!(
            !uses || ["task", "memory", "bin"].contains(&module.as_str()),
            "{}: rayon only in task and memory",
            path.display()
        );
    }
}
