//! Promises of articles: every text is some article, and its blocks are lines.

use dhakira::Lang;
use dhakira::corpus::{Article, BlockKind, Furniture, Kind, ReadOptions, Sieve, decode as decode_bytes, parse};
use dhakira::segment::Rules;
use std::path::Path;

fn article(kind: Kind, data: &[u8]) {
    let source = String::from_utf8_lossy(data);
    for lang in Lang::BOTH {
        let keep = ReadOptions { sieve: Sieve::Keep, ..ReadOptions::default() };
        for options in [ReadOptions::default(), keep] {
            form(&parse(kind, lang, &source, &options));
        }
    }
}

fn form(article: &Article) {
    let lines: Vec<&str> = article.blocks.iter().map(|b| article.block_text(b)).collect();
    assert_eq!(article.text, lines.join("\n"), "blocks are the lines of the text");
    for (block, line) in article.blocks.iter().zip(lines) {
        assert!(!line.trim().is_empty() && !line.contains(['\n', '\r']), "{line:?}");
        assert!(block.kind == BlockKind::Verbatim || line.trim() == line, "{:?} {line:?}", block.kind);
    }
    for removed in &article.removed {
        assert!(!removed.rule.is_empty(), "{removed:?}");
    }
}

/// Any text as a page.
pub fn html(data: &[u8]) {
    article(Kind::Html, data);
}

/// Any text as Markdown.
pub fn markdown(data: &[u8]) {
    article(Kind::Markdown, data);
}

/// Any text as plain text.
pub fn plain(data: &[u8]) {
    article(Kind::Text, data);
}

/// Any bytes: text or an error with its place, and UTF-8 stays as it is.
pub fn decode(data: &[u8]) {
    let path = Path::new("f.txt");
    for label in [None, Some("windows-1256"), Some("utf-16"), Some("utf-8"), Some("iso-8859-6"), Some("iso-2022-jp")] {
        match decode_bytes(path, data, label) {
            Ok((text, encoding)) => {
                assert!(!text.trim().is_empty());
                if let (Ok(own), "UTF-8") = (std::str::from_utf8(data), encoding) {
                    assert_eq!(own.strip_prefix('\u{FEFF}').unwrap_or(own), text);
                }
            }
            Err(error) => {
                let byte = error.place().and_then(|p| p.byte);
                assert!(byte.is_none_or(|b| b <= data.len() as u64), "{error}");
            }
        }
    }
}

/// Any text as a list of abbreviations and as rules for furniture.
pub fn rule_lists(data: &[u8]) {
    let list = String::from_utf8_lossy(data);
    let sample = "قال د. سامي. ثم جلس.\nإعلان\nMr. Smith left. He sat.";
    if let Ok(rules) = Rules::default().with_abbreviations(&list) {
        for text in [sample, &list] {
            super::text::document(&dhakira::segment::split_with(Lang::Ar, text, &rules));
        }
    }
    if let Ok(furniture) = Furniture::parse(Path::new("f.txt"), &list) {
        let options = ReadOptions { furniture, ..ReadOptions::default() };
        for text in [sample, &list] {
            form(&parse(Kind::Text, Lang::Ar, text, &options));
            form(&parse(Kind::Html, Lang::Ar, text, &options));
        }
    }
}
