//! Articles out of files: golden files of whole pages, encodings, pairs, bad input.

use dhakira::Lang;
use dhakira::corpus::{self, Article, BlockKind, Furniture, Kind, ReadOptions, Sieve};
use proptest::prelude::*;
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

fn parse(kind: Kind, lang: Lang, source: &str) -> Article {
    let article = corpus::parse(kind, lang, source, &ReadOptions::default());
    check_form(&article);
    article
}

fn blocks(article: &Article) -> Vec<(&'static str, &str)> {
    article.blocks.iter().map(|b| (b.kind.name(), article.block_text(b))).collect()
}

/// Words that name furniture are words of articles too.
#[test]
fn sentences_about_furniture_stay() {
    for (lang, lines) in [
        (
            Lang::Ar,
            [
                "نشرت الصحيفة إعلان الحكومة عن المشروع على صفحتها الأولى أمس.",
                "وصدر إعلان الحكومة صباح أمس.",
                "تطبيق القانون الجديد",
                "وقالت إن التعليقات التي وصلتها كانت كثيرة، وإنها قرأتها كلها في ليلة واحدة.",
                "جميع الحقوق محفوظة للمتهم حتى يصدر الحكم النهائي من المحكمة العليا في العاصمة بعد الاستئناف.",
                "اقرأ أيضا ما كتبه القدماء عن البحر قبل أن تحكم عليه.",
                "كــان يا ما كان",
            ],
        ),
        (
            Lang::En,
            [
                "The advertisement appeared on Monday, and nobody in the town could say who had paid for it.",
                "Home prices rose.",
                "Comments from readers were kind.",
                "Share prices fell in early trade.",
                "Follow us, said the guide, and do not look back.",
                "Related parties signed the deal.",
                "Print is not dead",
            ],
        ),
    ] {
        for kind in [Kind::Text, Kind::Markdown] {
            let source = lines.join("\n\n");
            assert_eq!(parse(kind, lang, &source).text, lines.join("\n"));
        }
    }
}

/// A heading over running text is no furniture, whatever it says.
#[test]
fn headings_that_sound_like_furniture_stay() {
    let source = "# دليل الموقع\n\n## بحث\n\nتكتب الكلمة في المربع ثم تضغط المفتاح، فتظهر النتائج مرتبة حسب التاريخ من الأحدث.\n\n## إعلان\n";
    let article = parse(Kind::Markdown, Lang::Ar, source);
    let texts: Vec<&str> = blocks(&article).into_iter().map(|b| b.1).collect();
    assert_eq!(texts.len(), 3, "{texts:?}");
    assert_eq!(texts[1], "بحث");
}

#[test]
fn dates_of_a_chronicle_are_headings() {
    let source = "# Diary\n\n## 3 May 1921\n\nThe first snow fell on the pass today and the mules were sent back down.\n\n## 4 May 1921\n\nIt snowed all night, and in the morning the hut could not be seen from the path.\n";
    let article = parse(Kind::Markdown, Lang::En, source);
    assert!(article.text.contains("4 May 1921"), "{}", article.text);
}

#[test]
fn rules_of_the_user_and_none_at_all() {
    let source = "رسالة البريد\nنسيم الصباح\nنزل المطر على القرية طوال الليل، ثم أشرقت الشمس.\nإعلان\n";
    let furniture = Furniture::parse("mine.txt".as_ref(), "[line]\nنسيمُ الصباح\n").unwrap();
    let article = corpus::parse(Kind::Text, Lang::Ar, source, &ReadOptions { furniture, ..ReadOptions::default() });
    let rules: Vec<(usize, &str)> = article.removed.iter().map(|r| (r.line, r.rule.as_str())).collect();
    assert_eq!(rules, [(2, "line: نسيمُ الصباح"), (4, "line: إعلان")]);
    let options = ReadOptions { sieve: Sieve::Keep, ..ReadOptions::default() };
    let article = corpus::parse(Kind::Text, Lang::Ar, source, &options);
    assert_eq!((article.blocks.len(), article.removed.len()), (4, 0));
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, bytes: Option<&[u8]>, code: &str| {
        let path = folder.path().join(name);
        if let Some(bytes) = bytes {
            std::fs::write(&path, bytes).unwrap();
        }
        let error = corpus::read(&path, Lang::Ar, &ReadOptions::default()).unwrap_err();
        assert_eq!((error.code(), error.path()), (code, path.as_path()), "{error}");
    };
    check("gone.txt", None, "io");
    check("empty.txt", Some(b""), "empty");
    check("white.html", Some(b" \n\n "), "empty");
    check("nothing.html", Some(b"<html><script>x</script></html>"), "empty");
    check("only.txt", Some("إعلان\n".as_bytes()), "empty");
    check("picture.txt", Some(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"), "binary");
    check("article.pdf", Some(b"%PDF-1.4"), "unknown-kind");
}

#[test]
fn pairs_of_both_arrangements_in_order() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "b.ar.txt",
        "b.en.html",
        "news/ar/a.md",
        "news/en/a.md",
        "c.en.txt",
        "notes.txt",
        ".x.ar.txt",
        "d.ar.txt",
        "d.ar.md",
        "d.en.md",
    ] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "نص").unwrap();
    }
    let found: Vec<String> = corpus::pairs(folder.path())
        .unwrap()
        .into_iter()
        .map(|item| match item {
            Ok(pair) => pair.name,
            Err(error) => format!("{}: {}", error.code(), error.path().file_name().unwrap().display()),
        })
        .collect();
    assert_eq!(found, ["b", "unpaired: c.en.txt", "d", "unpaired: d.ar.txt", "news/a"]);
    assert_eq!(corpus::pairs(&folder.path().join("nowhere")).unwrap_err().code(), "io");
}

/// Sizes at which anything but linear time or a recursion would show.
#[test]
fn sizes_without_mercy() {
    let line = "كلمة ".repeat(100_000);
    assert_eq!(parse(Kind::Text, Lang::Ar, &line).blocks.len(), 1);
    assert_eq!(parse(Kind::Markdown, Lang::Ar, &line).blocks.len(), 1);
    assert_eq!(parse(Kind::Html, Lang::Ar, &line).blocks.len(), 1);
    parse(Kind::Text, Lang::Ar, &"إعلان\n".repeat(100_000));
    parse(Kind::Html, Lang::Ar, &"<p>إعلان<td><a href=x>".repeat(20_000));
    parse(Kind::Html, Lang::Ar, &format!("{}نص", "<div class=\"a b\"><ul>".repeat(100_000)));
    parse(Kind::Html, Lang::Ar, &"<p class='x' id=\"".repeat(20_000));
    parse(Kind::Html, Lang::Ar, &"<!--".repeat(100_000));
    parse(Kind::Html, Lang::Ar, &"<script>".repeat(100_000));
    parse(Kind::Markdown, Lang::Ar, &"> ".repeat(2_000));
    parse(Kind::Markdown, Lang::Ar, &"[".repeat(50_000));
    parse(Kind::Markdown, Lang::Ar, &"<div>\n\n".repeat(5_000));
}

proptest! {
    #[test]
    fn every_string_is_an_article(source: String, lang in prop::sample::select(&Lang::BOTH[..])) {
        for kind in [Kind::Text, Kind::Markdown, Kind::Html] {
            parse(kind, lang, &source);
        }
    }

    #[test]
    fn every_page_is_an_article(
        source in r#"(<(p|div|ul|li|h1|h2|nav|a href=x|table|td|br|pre|b|article|time|figure|sup)( class="(ad|share|byline)")?>|</(p|div|ul|h1|nav|a|table|pre|b|article)>|إعلان|كتب- سمير|نزل المطر على القرية طوال الليل. |31 أغسطس 2021|\n|- |# |> |\|[a-z ]{1,9}){0,50}"#,
    ) {
        for kind in [Kind::Text, Kind::Markdown, Kind::Html] {
            parse(kind, Lang::Ar, &source);
        }
    }

    /// Without rules no word of a plain text is lost, whatever its lines.
    #[test]
    fn plain_text_keeps_its_words(source in "([ا-ي]{1,6}[ \u{064E}]|[a-z]{1,8}[ .]|\n|\r\n|1[.] |- ){0,80}") {
        let options = ReadOptions { sieve: Sieve::Keep, ..ReadOptions::default() };
        let article = corpus::parse(Kind::Text, Lang::Ar, &source, &options);
        let words = |s: &str| s.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let mut all = words(&article.text);
        all.extend(article.removed.iter().flat_map(|r| words(&r.text)));
        prop_assert_eq!(all.len(), words(&source).len());
    }
}
