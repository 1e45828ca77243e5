//! Matching from outside: exact top k against brute force with strsim, form differences, and troublesome input.

use dhakira::Lang;
use dhakira::matching::{Candidate, Gram, MatchKind, Measure, Op, Query, Rank, Ranking, Score, diff};
use dhakira::text::{form_differences, key};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

/// The rules of the score once more, from the documentation, with strsim as the judge.
fn slow_score(lang: Lang, a: &str, b: &str) -> u16 {
    let (ka, kb) = (key(lang, a), key(lang, b));
    if a == b {
        return 10_000;
    }
    if ka == kb && !ka.is_empty() {
        let cost: u16 = form_differences(lang, a, b).into_iter().map(dhakira::matching::form_cost).sum();
        return 10_000 - cost.min(500);
    }
    let longer = ka.as_str().chars().count().max(kb.as_str().chars().count());
    let (grams, mut rest) = (trigrams(ka.as_str()), trigrams(kb.as_str()));
    let weigh =
        |grams: &[[char; 3]]| -> usize { grams.iter().map(|g| usize::from(Gram::weight_of(Gram::code_of(*g)))).sum() };
    let total = weigh(&grams) + weigh(&rest);
    if total == 0 {
        return 0;
    }
    let is_there = |g: &[char; 3]| rest.iter().position(|r| r == g).map(|at| rest.swap_remove(at)).is_some();
    let shared = weigh(&grams.into_iter().filter(is_there).collect::<Vec<_>>());
    let alike = longer - strsim::levenshtein(ka.as_str(), kb.as_str());
    let similarity = (4_000 * alike * total + 6_000 * 2 * shared * longer) / (longer * total);
    (if similarity > 9_000 { 9_000 + (similarity - 9_000) / 2 } else { similarity }) as u16
}

fn trigrams(key: &str) -> Vec<[char; 3]> {
    let padded: Vec<char> = format!(" {key} ").chars().collect();
    padded.windows(3).map(|w| [w[0], w[1], w[2]]).collect()
}

fn slow_top(query: &str, memory: &[(String, u64)], k: usize, least: u16) -> Vec<Rank> {
    let mut ranks: Vec<Rank> = (0..)
        .zip(memory)
        .map(|(place, (text, changed))| {
            let score = Score::from_hundredths(slow_score(Lang::Ar, query, text));
            Rank { score, changed: *changed, place, ..Rank::default() }
        })
        .filter(|rank| rank.score >= Score::from_hundredths(least))
        .collect();
    ranks.sort();
    ranks.truncate(k);
    ranks
}

fn top(query: &str, memory: &[(String, u64)], k: usize, least: u16) -> Vec<Rank> {
    let query = Query::new(Lang::Ar, query);
    // Two halves, as two threads would.
    let half = |parity: u64| {
        let mut ranking = Ranking::new(k, Score::from_hundredths(least));
        for (place, (text, changed)) in (0..).zip(memory).filter(|(place, _)| place % 2 == parity) {
            ranking.offer(&query, &Candidate::new(Lang::Ar, text), *changed, place);
        }
        ranking
    };
    half(1).merge(half(0)).into_sorted()
}

/// Few words in many spellings, so that ties, equal keys and near misses abound.
fn sentence() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "أغلق",
        "اغلق",
        "أَغلَق",
        "المكتبة",
        "المكتبه",
        "المكتبــة",
        "في",
        "فى",
        "الساعة",
        "١٠",
        "10",
        "11",
        "\u{FFFC}",
        "؟",
        "?",
        "Linux",
        "linux",
    ]);
    prop::collection::vec(word, 0..7).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn the_same_top_k_as_brute_force(
        query in sentence(),
        memory in prop::collection::vec((sentence(), 0u64..3), 0..30),
        k in 0usize..6,
        least in prop_oneof![Just(0u16), Just(5_000), Just(7_000), Just(9_500), 0u16..=10_100],
    ) {
        prop_assert_eq!(top(&query, &memory, k, least), slow_top(&query, &memory, k, least));
    }

    #[test]
    fn one_ranking_for_several_queries(queries in prop::collection::vec(sentence(), 1..4), memory in prop::collection::vec(sentence(), 1..20)) {
        let mut ranking = Ranking::new(1_000, Score::ZERO);
        let mut slow = Vec::new();
        for (place, (query, text)) in (0..).zip(queries.iter().flat_map(|q| memory.iter().map(move |t| (q, t)))) {
            ranking.offer(&Query::new(Lang::Ar, query), &Candidate::new(Lang::Ar, text), 0, place);
            slow.push(Rank { score: Score::from_hundredths(slow_score(Lang::Ar, query, text)), changed: 0, place, ..Rank::default() });
        }
        slow.sort();
        prop_assert_eq!(ranking.into_sorted(), slow);
    }

    #[test]
    fn symmetric(a in sentence(), b in sentence()) {
        let score = |a, b| Query::new(Lang::Ar, a).score(&Candidate::new(Lang::Ar, b), Score::ZERO);
        prop_assert_eq!(score(&a, &b), score(&b, &a));
        prop_assert_eq!(score(&a, &b) == Some(Score::EXACT), a == b);
    }

    #[test]
    fn codes_are_symmetric_and_cost_a_point(a in sentence(), b in sentence(), codes in prop::collection::vec("[xy]", 14)) {
        let coded = |text: &str, from: usize| {
            let count = text.matches('\u{FFFC}').count();
            codes[from..from + count].iter().map(|code| Box::from(code.as_str())).collect::<Vec<Box<str>>>()
        };
        let score = |a: &str, of_a: usize, b: &str, of_b: usize| {
            let query = Query::new(Lang::Ar, a).with_codes(coded(a, of_a));
            let candidate = Candidate::new(Lang::Ar, b).with_codes(coded(b, of_b));
            (query.score(&candidate, Score::ZERO).unwrap(), query.why(&candidate).is_empty())
        };
        let there = score(&a, 0, &b, 7);
        prop_assert_eq!(there.0, score(&b, 7, &a, 0).0);
        prop_assert_eq!(there.0 == Score::EXACT, a == b && coded(&a, 0) == coded(&b, 7));
        prop_assert_eq!(there.0 == Score::EXACT, there.1);
        let plain = Query::new(Lang::Ar, &a).score(&Candidate::new(Lang::Ar, &b), Score::ZERO).unwrap();
        prop_assert!(there.0 <= plain && plain.hundredths() - there.0.hundredths() <= 100);
    }

    #[test]
    fn what_is_not_a_hundred_has_a_reason(a in sentence(), b in sentence()) {
        let why = Query::new(Lang::Ar, &a).why(&Candidate::new(Lang::Ar, &b));
        prop_assert_eq!(why.is_empty(), a == b, "{:?}", why);
    }

    #[test]
    fn numbers_and_codes_that_differ_are_named(a in sentence(), b in sentence()) {
        let why = Query::new(Lang::Ar, &a).why(&Candidate::new(Lang::Ar, &b));
        let named = |name: &str| why.iter().any(|w| w.name() == name);
        let numbers = |text: &str| {
            let key = key(Lang::Ar, text);
            let mut numbers: Vec<String> = key.as_str().split(' ').filter(|w| matches!(*w, "10" | "11")).map(str::to_owned).collect();
            numbers.sort();
            numbers
        };
        let codes = |text: &str| text.matches('\u{FFFC}').count();
        prop_assert!(codes(&a) == codes(&b) || named("inline-codes"), "{:?}", why);
        prop_assert_eq!(numbers(&a) != numbers(&b), named("number"), "{:?}", why);
    }

    /// A letter that a text has not, wherever it is set, in real words and their neighbours' weights.
    #[test]
    fn each_further_foreign_letter_never_raises_the_score(
        words in prop::collection::vec(prop::sample::select(vec![
            "الكتاب", "على", "المكتبة", "في", "الساعة", "هذا", "كان", "من", "مدينة", "الوزير", "أمس", "سيارة", "the", "house", "of",
        ]), 2..12),
        letter in prop::sample::select(vec!['ض', 'ظ', 'غ', 'q', 'z']),
        at in prop::collection::vec(any::<prop::sample::Index>(), 1..30),
    ) {
        let text = words.join(" ");
        let query = Query::new(Lang::Ar, &text);
        let mut edited: Vec<char> = text.chars().collect();
        let mut before = Score::EXACT;
        for index in at {
            let at = index.index(edited.len());
            edited[at] = letter;
            let now = query.score(&Candidate::new(Lang::Ar, &edited.iter().collect::<String>()), Score::ZERO).unwrap();
            prop_assert!(now <= before, "{} {}", before, now);
            before = now;
        }
    }

    #[test]
    fn words_by_strsim(a in sentence(), b in sentence()) {
        let (ka, kb) = (key(Lang::Ar, &a), key(Lang::Ar, &b));
        prop_assume!(ka != kb);
        let words = |key: &str| dhakira::matching::key_words(key).map(str::to_owned).collect::<Vec<_>>();
        let alike = strsim::generic_levenshtein(&words(ka.as_str()), &words(kb.as_str()));
        let longer = words(ka.as_str()).len().max(words(kb.as_str()).len());
        let percent = 100.0 * (longer - alike) as f64 / longer as f64;
        let percent = if percent > 90.0 { 90.0 + (percent - 90.0) / 2.0 } else { percent };
        let score = Query::with_measure(Lang::Ar, &a, Measure::Words).score(&Candidate::new(Lang::Ar, &b), Score::ZERO);
        prop_assert!((score.unwrap().percent() - percent).abs() < 0.011);
    }

    #[test]
    fn no_text_is_too_strange(a in any::<String>(), b in any::<String>()) {
        let (query, candidate) = (Query::new(Lang::En, &a), Candidate::new(Lang::En, &b));
        let score = query.score(&candidate, Score::ZERO);
        prop_assert_eq!(score.map(Score::hundredths), Some(slow_score(Lang::En, &a, &b)));
        prop_assert_eq!(query.why(&candidate).is_empty(), a == b);
        let joined: String = diff(Lang::En, &a, &b).into_iter().map(|s| a[s.a].to_owned()).collect();
        prop_assert_eq!(joined, a);
    }
}

#[test]
fn one_form_costs_at_most_a_point_and_is_named() {
    let text = "أُعيد فتح مكتبة الحيّ عند الساعة 10 صباحًا، فهل زرتَها في المساء؟ Open";
    let check = |from: &str, to: &str, name: &str| {
        let other = text.replace(from, to);
        assert_ne!(other, text, "{name}");
        let (query, candidate) = (Query::new(Lang::Ar, &other), Candidate::new(Lang::Ar, text));
        let score = query.score(&candidate, Score::from_percent(70.0)).unwrap();
        assert!(score >= Score::from_percent(99.0) && score < Score::EXACT, "{name}: {score}");
        assert_eq!(query.kind(&candidate), MatchKind::Normalized);
        let why = query.why(&candidate);
        assert_eq!(why.iter().map(|w| w.name()).collect::<Vec<_>>(), [name]);
        assert!(diff(Lang::Ar, &other, text).iter().all(|span| matches!(span.op, Op::Equal | Op::Form)), "{name}");
    };
    check("\u{064F}", "", "tashkeel"); // damma
    check("مكتبة", "مكتبــة", "tatweel");
    check("أ", "ا", "hamza");
    check("في", "فى", "yeh");
    check("مكتبة", "مكتبه", "teh-marbuta");
    check("المساء", "المس\u{FE8D}ء", "presentation-forms"); // isolated alef
    check("ك", "\u{06A9}", "persian-letters"); // keheh
    check("10", "١٠", "digits");
    check("فهل", "\u{200F}فهل\u{200E}", "bidi-controls"); // both direction marks
    check("Open", "OPEN", "case");
    check("Open", "Ｏpen", "width");
    check("؟", "?", "punctuation");
    check(" في ", "  في\u{00A0}", "spacing"); // no-break space
    check("أ", "\u{0627}\u{0654}", "normalization"); // alef and hamza above
}

#[test]
fn inline_codes_are_placeables() {
    let score = |query: &Query, candidate: &Candidate| {
        let why: Vec<&str> = query.why(candidate).iter().map(|w| w.name()).collect();
        (query.score(candidate, Score::ZERO).unwrap().percent(), query.kind(candidate).name(), why.join(" "))
    };
    let codes = |codes: &[&str]| codes.iter().map(|code| Box::from(*code)).collect::<Vec<Box<str>>>();
    let bold = "اضغط \u{FFFC}حفظ\u{FFFC} الآن";
    let candidate = Candidate::new(Lang::Ar, bold).with_codes(codes(&["<b>", "</b>"]));
    let check = |query: Query, expected: (f64, &str, &str)| {
        assert_eq!(score(&query, &candidate), (expected.0, expected.1, expected.2.to_owned()), "{query:?}");
    };
    check(Query::new(Lang::Ar, bold), (100.0, "exact", ""));
    check(Query::new(Lang::Ar, bold).with_codes(codes(&["<b>", "</b>"])), (100.0, "exact", ""));
    check(Query::new(Lang::Ar, bold).with_codes(codes(&["<i>", "</i>"])), (99.0, "normalized", "inline-codes"));
    check(Query::new(Lang::Ar, "اضغط حفظ الآن"), (99.0, "normalized", "inline-codes"));
    check(Query::new(Lang::Ar, "\u{FFFC} اضغط حفظ الان"), (98.0, "normalized", "inline-codes hamza"));
    let other = Query::new(Lang::Ar, "اضغط \u{FFFC}فتح\u{FFFC} الآن").with_codes(codes(&["<i>", "</i>"]));
    assert_eq!(score(&other, &candidate).2, "words inline-codes");
    let same = Query::new(Lang::Ar, "اضغط \u{FFFC}فتح\u{FFFC} الآن").with_codes(codes(&["<b>", "</b>"]));
    assert_eq!(score(&same, &candidate).0, score(&other, &candidate).0);
    let alone = Query::new(Lang::Ar, "\u{FFFC}").with_codes(codes(&["<x/>"]));
    let lone = |code: &str| score(&alone, &Candidate::new(Lang::Ar, "\u{FFFC}").with_codes(codes(&[code])));
    assert_eq!(lone("<x/>"), (100.0, "exact", String::new()));
    assert_eq!(lone("%s"), (99.0, "normalized", "inline-codes".to_owned()));
}

#[test]
fn form_differences_come_before_other_numbers_and_words() {
    let memory = [
        "قررت الشركة تسليم 182 سيارة إلى فروعها في المدن الكبرى",
        "قرّرت الشركه تسليم ۱۸۱ سيارة الى فروعها فى المدن الكبرى",
        "قررت الشركة تسليم 181 سيارة إلى فروعنا في المدن الكبرى",
    ];
    let memory: Vec<(String, u64)> = memory.map(|text| (text.to_owned(), 0)).into();
    let ranks = top("قررت الشركة تسليم ١٨١ سيارة إلى فروعها في المدن الكبرى", &memory, 5, 7_000);
    assert_eq!(ranks[0].place, 1);
    assert!(ranks[0].score >= Score::NORMALIZED_FLOOR && ranks[1].score < Score::NORMALIZED_FLOOR);
    assert_eq!(ranks.len(), 3);
}

#[test]
fn troublesome_texts() {
    let long = "كلمة طويلة جدًا ".repeat(6_250); // 100,000 characters
    let longest = "مليون حرف في جملة ".repeat(56_000); // a million
    let texts = ["", " ", "؟!؟", "\u{064B}\u{0651}", "\u{FFFC}", "\u{FFFC}\u{FFFC}", "ا", &long, &longest];
    let candidates: Vec<Candidate> = texts.iter().map(|text| Candidate::new(Lang::Ar, text)).collect();
    for (i, a) in texts.iter().enumerate() {
        let query = Query::new(Lang::Ar, a);
        for (j, (b, candidate)) in texts.iter().zip(&candidates).enumerate() {
            let score = query.score(candidate, Score::from_percent(70.0));
            assert_eq!(score == Some(Score::EXACT), i == j, "{i} {j}");
            if a.len().min(b.len()) < 1_000 {
                assert_eq!(query.why(candidate).is_empty(), i == j, "{i} {j}");
            }
        }
    }
    let mut edited = long.clone();
    edited.push('ب');
    let score = Query::new(Lang::Ar, &long).score(&Candidate::new(Lang::Ar, &edited), Score::from_percent(70.0));
    assert_eq!(score, Some(Score::from_hundredths(9_499)));
    assert!(!diff(Lang::Ar, &long, &edited).is_empty());
}

/// A file of the shared data, if this machine has it.
fn shared(path: &str) -> Option<String> {
    let folder = std::env::var_os("DHAKIRA_SHARED").map(PathBuf::from);
    let path = folder.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared")).join(path);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("skipped: no {}", path.display());
    }
    text
}

#[test]
fn real_queries_find_what_brute_force_finds() {
    let (Some(memory), Some(queries)) = (shared("data/tm/software.tsv"), shared("data/queries/queries.ar.tsv")) else {
        return;
    };
    let column = |file: &str, column: usize, step: usize| -> Vec<String> {
        file.lines().skip(1).step_by(step).filter_map(|line| line.split('\t').nth(column).map(str::to_owned)).collect()
    };
    let memory: Vec<(String, u64)> = column(&memory, 0, 97).into_iter().map(|text| (text, 0)).collect();
    for query in column(&queries, 2, 41) {
        for least in [5_000, 7_000] {
            assert_eq!(top(&query, &memory, 5, least), slow_top(&query, &memory, 5, least), "{query:?}");
        }
    }
}

#[test]
fn real_sentences_in_another_form_keep_95() {
    let Some(synthetic) = shared("data/queries/synthetic.tsv") else { return };
    let forms =
        ["alef", "arabdig", "bidi", "case", "nfd", "presentation", "quote", "space", "tatweel", "teh", "undia", "yeh"];
    for line in synthetic.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let lang = if fields[1] == "ar" { Lang::Ar } else { Lang::En };
        let (query, base) = (Query::new(lang, fields[3]), Candidate::new(lang, fields[4]));
        let score = query.score(&base, Score::ZERO).unwrap();
        if query.text() != base.text() && fields[2].split('+').all(|op| forms.contains(&op)) {
            assert!(score >= Score::NORMALIZED_FLOOR && score < Score::EXACT, "{}: {score}", fields[0]);
        }
    }
}
