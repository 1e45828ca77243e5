//! Fuzzy repair against golden files: `tests/data/repair/*.tsv`, and what holds for any text.

use dhakira::Lang;
use dhakira::repair::{Kind, Kinds, Repair, repair};
use dhakira::unit::{Piece, Seg};
use proptest::prelude::*;
use std::fs;
use std::path::Path;

/// A segment whose codes stand in `[[…]]`.
fn segment(text: &str) -> Seg {
    let mut pieces = Vec::new();
    for part in text.split("[[") {
        let (code, text) = part.split_once("]]").map_or((None, part), |(code, text)| (Some(code), text));
        let escaped = |code: &str| code.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        pieces.extend(code.map(|code| Piece::Code(format!("<ph>{}</ph>", escaped(code)))));
        if !text.is_empty() {
            pieces.push(Piece::Text(text.to_owned()));
        }
    }
    Seg { pieces }
}

fn written(seg: &Seg) -> String {
    let mut codes = seg.codes().into_iter();
    let mut text = String::new();
    for c in seg.text().chars() {
        match c {
            '\u{FFFC}' => text.push_str(&format!("[[{}]]", codes.next().unwrap_or_default())),
            c => text.push(c),
        }
    }
    text
}

/// What a case's fifth column knows.
fn known(column: &str) -> impl Fn(Lang, &str) -> Vec<String> {
    let pairs: Vec<(String, String)> =
        column.split(';').filter_map(|pair| pair.split_once('=')).map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
    move |lang, term| {
        let key = |text: &str| dhakira::text::key(lang, text);
        pairs.iter().filter(|(a, _)| key(a) == key(term)).map(|(_, b)| b.clone()).collect()
    }
}

/// Everything that must hold of a repair, whatever it is of.
fn sound(query: &Seg, target: &Seg, repaired: &Repair) {
    let text = repaired.target.text();
    assert!(!repaired.edits.is_empty());
    // Undone, the edits give the stored target again.
    let mut stored = text.clone();
    let mut end = text.len();
    for edit in repaired.edits.iter().rev() {
        assert!(edit.range.start <= edit.range.end && edit.range.end <= end, "{repaired:?}");
        assert!(!edit.to_string().is_empty());
        let has_codes = |text: &str| text.contains('\u{FFFC}');
        let here = &text[edit.range.clone()];
        assert!(edit.to == here || has_codes(here), "{edit:?}");
        let from = if has_codes(here) || edit.kind == Kind::Code && target.has_codes() {
            None
        } else {
            Some(edit.from.as_str())
        };
        if let Some(from) = from {
            stored.replace_range(edit.range.clone(), from);
        }
        end = edit.range.start;
    }
    if !query.has_codes() && !target.has_codes() {
        assert_eq!(stored, target.text());
    }
}

#[test]
fn golden_cases_come_out_as_they_must() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/repair");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "tsv"));
    files.sort();
    let (mut cases, mut wrong) = ([0, 0], Vec::new());
    for path in &files {
        for (number, line) in fs::read_to_string(path).unwrap().lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let columns: Vec<&str> = line.split('\t').collect();
            let ([query, source, target, expected], knowledge) = match columns[..] {
                [a, b, c, d] => ([a, b, c, d], ""),
                [a, b, c, d, known] => ([a, b, c, d], known),
                _ => panic!("{}:{}: {} columns", path.display(), number + 1, columns.len()),
            };
            let to = Lang::of_script(target).unwrap_or_else(|| Lang::of_script(source).map_or(Lang::En, Lang::other));
            let lang = Lang::of_script(&source.replace(|c: char| c.is_ascii(), "")).map_or(to.other(), |_| Lang::Ar);
            cases[lang as usize] += 1;
            let segments = [query, source, target].map(segment);
            let [query, source, target] = &segments;
            let repaired = repair(lang, query, source, target, Kinds::default(), &known(knowledge));
            let found = repaired.as_ref().map_or("=".to_owned(), |repaired| written(&repaired.target));
            if found != expected {
                let place = format!("{}:{}", path.file_name().unwrap().to_string_lossy(), number + 1);
                wrong.push(format!("{place}: {line}\n    {found}"));
            }
            if let Some(repaired) = &repaired {
                sound(query, target, repaired);
                for edit in &repaired.edits {
                    let others = Kinds::of(Kind::ALL.into_iter().filter(|kind| *kind != edit.kind));
                    let less = repair(lang, query, source, target, others, &known(knowledge));
                    assert!(less.is_none_or(|less| less.edits.iter().all(|e| e.kind != edit.kind)), "{line}");
                }
            }
        }
    }
    println!("{} cases from Arabic, {} from English", cases[0], cases[1]);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cases.iter().sum::<usize>() >= 200);
}

#[test]
fn the_whole_is_told() {
    let whole = |query: &str, source: &str, target: &str| {
        let [query, source, target] = [query, source, target].map(Seg::plain);
        repair(Lang::Ar, &query, &source, &target, Kinds::default(), &()).unwrap()
    };
    let repaired = whole("في الميناء ٣٢٠ قاربا", "في الميناء ٣١٢ قَارِبًا", "The port has 312 boats");
    assert!(repaired.complete);
    assert_eq!(repaired.source, "في الميناء ٣٢٠ قَارِبًا");
    let [edit] = &repaired.edits[..] else { panic!() };
    assert_eq!(
        (edit.range.clone(), edit.kind, edit.from.as_str(), edit.to.as_str()),
        (13..16, Kind::Number, "312", "320")
    );
    assert_eq!((edit.stored.as_str(), edit.asked.as_str()), ("٣١٢", "٣٢٠"));
    assert!(!whole("في الميناء ٣٢٠ سفينة", "في الميناء ٣١٢ قاربا", "The port has 312 boats").complete);
}

/// Sentences of few words, numbers and codes, so that much is alike.
fn sentence() -> impl Strategy<Value = String> {
    let word = "كتاب|الكتابُ|book|a|في|[١-٣]{1,2}|[1-3]{1,2}|3rd|12 مايو 2021|12 May 2021|10:15|صباحا|am|%1|\\$1|<b>|</b>|\\{x\\}|\\[\\[<b>\\]\\]|\\[\\[</b>\\]\\]|,|-|%|Firefox|GIMP|الأحد|Sunday";
    prop::collection::vec(word, 0..7).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn any_texts_give_a_sound_repair(query in sentence(), source in sentence(), target in sentence(), other in "\\PC{0,20}") {
        for lang in Lang::BOTH {
            let know = |_: Lang, term: &str| vec![term.to_owned(), "كتاب".to_owned()];
            for (query, source, target) in [(&query, &source, &target), (&query, &source, &source), (&other, &source, &target)] {
                let [query, source, target] = [query, source, target].map(|text| segment(text));
                if let Some(repaired) = repair(lang, &query, &source, &target, Kinds::default(), &know) {
                    sound(&query, &target, &repaired);
                }
                prop_assert_eq!(repair(lang, &source, &source, &target, Kinds::default(), &know), None);
                prop_assert_eq!(repair(lang, &query, &source, &target, Kinds::NONE, &know), None);
            }
        }
    }
}
