//! Queries and memories that nobody writes on purpose: nothing, next to nothing, far too much of one thing.

mod desk;

use desk::{Desk, json_lines};
use dhakira::Lang;
use dhakira::concordance::{Pattern, PatternOptions};
use dhakira::matching::{Measure, Query};
use dhakira::memory::{Concordance, Find, Memory};
use std::fmt::Write;

/// A file of `count` units, in which these stand last.
fn file(count: usize, others: &[(&str, &str)]) -> String {
    let mut text = "<tmx version=\"1.4\"><header srclang=\"ar\"/><body>\n".to_owned();
    let mut unit = |ar: &str, en: &str| {
        writeln!(text, "<tu><tuv xml:lang=\"ar\"><seg>{ar}</seg></tuv><tuv xml:lang=\"en\"><seg>{en}</seg></tuv></tu>")
            .unwrap();
    };
    (0..count)
        .for_each(|n| unit(&format!("وصلت الحافلة رقم {n} إلى المحطة"), &format!("Bus {n} arrived at the station")));
    others.iter().for_each(|(ar, en)| unit(ar, en));
    text + "</body></tmx>\n"
}

#[test]
fn odd_queries_are_answered_in_their_place() {
    let desk = Desk::new();
    // The one file has an index, the other has not.
    desk.file("tmx/large.tmx", file(4_200, &[("؟!…", "?!…"), ("\u{064E}", "(a fatha)")]));
    desk.file("tmx/small.tmx", file(3, &[]));
    let long = "وصلت الحافلة رقم ٧ إلى المحطة ثم ".repeat(3_100);
    assert!(long.chars().count() > 100_000);
    let ask = |id: usize, source: &str| serde_json::json!({"id": id, "source": source}).to_string();
    let lines = [
        ask(0, ""),
        ask(1, " \u{200F}\u{2003} "), // right-to-left mark, em space
        ask(2, &long),
        ask(3, "؟!…"),
        ask(4, "\u{064E}\u{0651}"), // fatha, shadda
        r#"{"id": 5, "source": "\ud83d"}"#.to_owned(),
        r#"{"id": 6, "source": "وصلت \udc00\ud800 الحافلة"}"#.to_owned(),
        ask(7, "وصلت الحافلة رقم ٧ إلى المحطة"),
    ];
    for score in ["letters", "words"] {
        let ran = desk.run_with(&["match", "--json", "--score", score], lines.join("\n"));
        let answers = json_lines(&ran.out);
        assert_eq!((answers.len(), ran.code), (lines.len(), Some(2)), "{}", ran.err);
        for (at, answer) in answers.iter().enumerate() {
            let found = answer["matches"].as_array().map(|matches| matches.len());
            match at {
                // Half of a pair is no character: it is said, and the next ones are answered.
                5 | 6 => assert!(answer["error"]["message"].is_string(), "{answer}"),
                3 => assert_eq!(answer["matches"][0]["score"], 100.0, "{answer}"),
                7 => {
                    assert_eq!((found, &answer["matches"][0]["score"]), (Some(5), &serde_json::json!(99.5)), "{answer}")
                }
                _ => assert_eq!(found, Some(0), "{at}: {answer}"),
            }
        }
    }
}

#[test]
fn a_unit_of_a_million_characters_is_found_and_in_nobodys_way() {
    let folder = tempfile::tempdir().unwrap();
    let long = "خبر طويل جدًا عن كل شيء، ".repeat(40_000);
    std::fs::write(folder.path().join("a.tmx"), file(4_200, &[(&long, "A very long story")])).unwrap();
    let snapshot = Memory::open(folder.path()).unwrap().snapshot().unwrap();
    for measure in [Measure::Letters, Measure::Words] {
        let find = |text: &str| {
            let found = snapshot.find(&Query::with_measure(Lang::Ar, text, measure), &Find::default());
            found.into_iter().map(|m| (m.target, m.score.to_string())).next()
        };
        assert_eq!(find(&long), Some(("A very long story".into(), "100".into())));
        let (target, _) = find(&format!("{long} ثم انتهى")).unwrap();
        assert_eq!(target, "A very long story");
        assert_eq!(find("وصلت الحافلة رقم 12 إلى المحطة").unwrap().1, "100");
    }
    let pattern = Pattern::new("كل شيء", &PatternOptions::default()).unwrap();
    let found = snapshot.concordance(&pattern, &Concordance::default());
    assert_eq!((found.lines.len(), found.lines[0].hits.len()), (1, 40_000));
    assert_eq!(snapshot.occurrences(&pattern, &Concordance::default()).hits, 40_000);
}

#[test]
fn many_copies_of_one_unit_are_one_sentence() {
    // A million in the index: see tests/index.rs.
    let folder = tempfile::tempdir().unwrap();
    let copies = vec![("نفس الجملة مرة أخرى", "The same sentence again"); 30_000];
    std::fs::write(folder.path().join("a.tmx"), file(10, &copies)).unwrap();
    let snapshot = Memory::open(folder.path()).unwrap().snapshot().unwrap();
    for measure in [Measure::Letters, Measure::Words] {
        let ask = |text: &str| snapshot.find(&Query::with_measure(Lang::Ar, text, measure), &Find::default());
        let found = ask("نفس الجملة مرّة أخرى");
        assert!((1..=5).contains(&found.len()) && found.iter().all(|m| m.score.to_string() == "99"), "{found:?}");
        let found = ask("نفس الجملة مرة ثانية");
        assert!(found.iter().all(|m| m.target == "The same sentence again"));
        assert!(!found.is_empty());
    }
}
