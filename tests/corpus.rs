//! Articles out of files: golden files of whole pages, encodings, pairs, bad input.

use dhakira::Lang;
use dhakira::corpus::{self, Article, BlockKind, Kind, ReadOptions};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/corpus").join(name)
}

/// The folder of shared data, if this machine has one.
fn shared(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("DHAKIRA_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = folder.join(name);
    if !path.exists() {
        eprintln!("skipped: no {}", path.display());
        return None;
    }
    Some(path)
}

fn show(article: &Article) -> String {
    let mut shown = String::new();
    let source = &article.source;
    for (name, value) in [
        ("url", source.url.as_deref()),
        ("site", source.site.as_deref()),
        ("author", source.author.as_deref()),
        ("date", article.date.as_ref().and_then(|d| d.iso.as_deref())),
        ("time", article.date.as_ref().and_then(|d| d.time.as_deref())),
    ] {
        if let Some(value) = value {
            writeln!(shown, "{name}: {value}").unwrap();
        }
    }
    writeln!(shown, "encoding: {}\n", article.encoding).unwrap();
    for block in &article.blocks {
        writeln!(shown, "{}\t{}", block.kind.name(), article.block_text(block)).unwrap();
    }
    writeln!(shown).unwrap();
    for removed in &article.removed {
        writeln!(shown, "- {}\t{}\t{}", removed.line, removed.rule, removed.text).unwrap();
    }
    shown
}

fn lang_of(name: &str) -> Lang {
    if name.contains(".ar.") { Lang::Ar } else { Lang::En }
}

/// What holds for every article.
fn check_form(article: &Article) {
    let lines: Vec<&str> = article.blocks.iter().map(|b| article.block_text(b)).collect();
    assert_eq!(article.text, lines.join("\n"));
    for line in lines {
        assert!(!line.trim().is_empty() && !line.contains(['\n', '\r']), "{line:?}");
    }
}

/// Each file of tests/data/corpus is read and compared with NAME.blocks beside it; DHAKIRA_BLESS=1 writes those anew.
#[test]
fn golden_files() {
    let mut names: Vec<String> = std::fs::read_dir(data(""))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|n| Kind::of_path(n.as_ref()).is_some())
        .collect();
    names.sort();
    let mut wrong = String::new();
    for name in names {
        let article = corpus::read(&data(&name), lang_of(&name), &ReadOptions::default()).unwrap();
        check_form(&article);
        let golden = data(&format!("{name}.blocks"));
        if std::env::var_os("DHAKIRA_BLESS").is_some() {
            std::fs::write(&golden, show(&article)).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        if show(&article) != expected {
            write!(wrong, "{name}: expected\n{expected}\nfound\n{}", show(&article)).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The page that this module was started for.
#[test]
fn the_page_of_the_seed() {
    let Some(folder) = shared("seed") else { return };
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if Kind::of_path(&path) != Some(Kind::Text) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let lang = Lang::of_script(&text).unwrap();
        let article = corpus::read(&path, lang, &ReadOptions::default()).unwrap();
        check_form(&article);
        let kinds: Vec<BlockKind> = article.blocks.iter().take(4).map(|b| b.kind).collect();
        assert_eq!(kinds, [BlockKind::Title, BlockKind::Caption, BlockKind::Byline, BlockKind::Paragraph], "{path:?}");
        let date = article.date.as_ref().unwrap();
        assert_eq!(date.iso.as_deref(), Some("2021-08-31"));
        let rules: Vec<&str> = article.removed.iter().map(|r| r.rule.as_str()).collect();
        if lang == Lang::Ar {
            assert_eq!(date.time.as_deref(), Some("22:49"));
            assert_eq!(rules.len(), 7, "{rules:?}");
            assert!(article.text.starts_with("بعد حرب") && article.text.trim_end().ends_with('.'));
        } else {
            assert_eq!(rules, ["date"]);
        }
    }
}
