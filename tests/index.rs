//! The index finds what comparing with everything finds, and harm done to its bytes does no more than hide something.

use dhakira::Lang;
use dhakira::index::{Builder, Damage, Hit, Index, Likeness, Scratch};
use dhakira::matching::{Candidate, Query, Rank, Ranking, Score};
use dhakira::text::key;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::PathBuf;

fn index(texts: &[String]) -> Index<Vec<u8>> {
    let mut builder = Builder::new(Lang::Ar);
    texts.iter().for_each(|text| builder.add(key(Lang::Ar, text).as_str()));
    let index = Index::open(builder.finish()).unwrap();
    assert_eq!(index.verify(), Ok(()));
    assert_eq!(index.len(), texts.len());
    index
}

/// What a search with a cutoff that stays finds: each source with its likeness.
fn all(index: &Index<Vec<u8>>, query: &Query, cutoff: Score, scratch: &mut Scratch) -> BTreeMap<u32, Likeness> {
    let mut found = BTreeMap::new();
    index.search(query, cutoff, scratch, |hit| {
        for source in hit.sources {
            assert_eq!(found.insert(source, hit.likeness), None, "a source twice");
        }
        cutoff
    });
    found
}

/// The best `top` at `cutoff`, as a memory would ask for them.
fn best(
    index: &Index<Vec<u8>>,
    query: &Query,
    texts: &[String],
    top: usize,
    cutoff: Score,
    scratch: &mut Scratch,
) -> Vec<Rank> {
    let mut ranking = Ranking::new(top, cutoff);
    index.search(query, cutoff, scratch, |hit| {
        for source in hit.sources.clone() {
            let score = match hit.likeness {
                Likeness::Fuzzy(score) => score,
                Likeness::EqualKey => {
                    query.score(&Candidate::new(Lang::Ar, &texts[source as usize]), Score::ZERO).unwrap()
                }
            };
            ranking.push(Rank { score, changed: 0, place: source.into(), ..Rank::default() });
        }
        ranking.cutoff()
    });
    ranking.into_sorted()
}

fn check(texts: &[String], queries: &[String], cutoff: Score) {
    let index = index(texts);
    let scratch = &mut Scratch::default();
    let candidates: Vec<Candidate> = texts.iter().map(|text| Candidate::new(Lang::Ar, text)).collect();
    for text in queries {
        let query = Query::new(Lang::Ar, text);
        let of = |candidate: &Candidate| {
            if candidate.key() == query.key() {
                return Some(Likeness::EqualKey);
            }
            query.score(candidate, cutoff).map(Likeness::Fuzzy)
        };
        let slow: BTreeMap<u32, Likeness> = (0..).zip(&candidates).filter_map(|(n, c)| Some((n, of(c)?))).collect();
        assert_eq!(all(&index, &query, cutoff, scratch), slow, "{text:?} at {cutoff} in {texts:?}");
        for top in [1, 5] {
            let mut ranking = Ranking::new(top, cutoff);
            (0..).zip(&candidates).for_each(|(place, candidate)| ranking.offer(&query, candidate, 0, place));
            assert_eq!(best(&index, &query, texts, top, cutoff, scratch), ranking.into_sorted(), "{text:?}");
        }
    }
}

/// Sentences of few words and letters, so that much is alike; with marks, in many lengths, with letters of elsewhere.
fn sentence() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::collection::vec("(ال)?[كتبسمعل]{1,3}[اةىأ]?|[0-9١-٣]{1,2}|[،.؟]", 0..8).prop_map(|w| w.join(" ")),
        2 => proptest::collection::vec("([كتبسم][\u{064E}-\u{0652}\u{0640}]{0,1}){1,4}|\u{FFFC}", 0..6).prop_map(|w| w.join(" ")),
        2 => "[اب]{0,9}",
        1 => "[اب ]{60,140}",
        1 => "\\PC{0,12}",
        1 => "[漢字仮名😀ا]{0,6}",
    ]
}

/// Copies of others, changed a little.
fn memory() -> impl Strategy<Value = Vec<String>> {
    let edit = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), "[اب0]{0,2}");
    (proptest::collection::vec(sentence(), 1..40), proptest::collection::vec(edit, 0..60)).prop_map(
        |(mut texts, edits)| {
            for (which, at, with) in edits {
                let mut chars: Vec<char> = texts[which.index(texts.len())].chars().collect();
                let at = at.index(chars.len() + 1);
                chars.splice(at..(at + 1).min(chars.len()), with.chars());
                texts.push(chars.into_iter().collect());
            }
            texts
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn as_comparing_with_everything(texts in memory(), others in proptest::collection::vec(sentence(), 0..4), at in 0usize..100, cutoff in 0u16..=10_100) {
        let queries: Vec<String> = others.into_iter().chain(texts.iter().skip(at).step_by(17).cloned()).collect();
        check(&texts, &queries, Score::from_hundredths(cutoff));
        check(&texts, &queries, Score::from_percent(70.0));
    }

    #[test]
    fn phrases_as_looking_everywhere(texts in memory(), phrase in "[كتباسم ]{0,4}") {
        let index = index(&texts);
        let keys: Vec<_> = texts.iter().map(|text| key(Lang::Ar, text)).collect();
        let mut found = Vec::new();
        index.containing(&phrase, &mut Scratch::default(), |entry| {
            for source in entry.sources {
                assert_eq!(keys[source as usize].as_str(), entry.key);
                found.push(source as usize);
            }
            true
        });
        found.sort();
        prop_assert_eq!(found, (0..keys.len()).filter(|n| keys[*n].as_str().contains(&phrase)).collect::<Vec<_>>());
    }

    #[test]
    fn harm_does_no_harm(texts in memory(), query in sentence(), flips in proptest::collection::vec((any::<prop::sample::Index>(), 0u8..8), 1..20), cut in any::<prop::sample::Index>()) {
        let mut bytes = { let mut builder = Builder::new(Lang::Ar); texts.iter().for_each(|text| builder.add(key(Lang::Ar, text).as_str())); builder.finish() };
        prop_assert!(Index::open(&bytes[..cut.index(bytes.len())]).is_err());
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            survive(&bytes, texts.len(), &query);
        }
    }
}

/// Searches bytes that may be damaged: what is found has the score that it says.
fn survive(bytes: &[u8], sources: usize, text: &str) {
    let Ok(index) = Index::open(bytes) else { return };
    let scratch = &mut Scratch::default();
    let query = Query::new(Lang::Ar, text);
    for cutoff in [0.0, 50.0, 95.0].map(Score::from_percent) {
        index.search(&query, cutoff, scratch, |hit: Hit| {
            match hit.likeness {
                Likeness::EqualKey => assert_eq!(hit.key, query.key().as_str()),
                Likeness::Fuzzy(score) => assert_eq!(query.score_of_key(hit.key, cutoff), Some(score)),
            }
            assert!(
                hit.sources.clone().count() == hit.sources.len()
                    && hit.sources.into_iter().all(|s| (s as usize) < sources)
            );
            cutoff
        });
    }
    index.containing("الم", scratch, |_| true);
    index.each(scratch, |_| true);
    let _ = index.verify();
}

#[test]
fn as_comparing_with_everything_when_there_are_many_chunks() {
    let mut seed = 7u64;
    let mut random = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let words: Vec<String> =
        (0..60).map(|_| (0..2 + random(5)).map(|_| ['ا', 'ل', 'م', 'ن', 'ي', 'و', 'ت'][random(7)]).collect()).collect();
    let texts: Vec<String> = (0..6_000)
        .map(|_| (0..1 + random(9)).map(|_| words[random(60)].as_str()).collect::<Vec<_>>().join(" "))
        .collect();
    let queries: Vec<String> = texts.iter().step_by(400).map(|text| text.replacen('م', "", 1)).collect();
    for cutoff in [20.0, 50.0, 70.0, 90.0] {
        check(&texts, &queries, Score::from_percent(cutoff));
    }
}

#[test]
fn nothing_and_next_to_nothing() {
    check(&[], &["".into(), "نعم".into()], Score::ZERO);
    check(&["".into(), "\u{064E}".into(), "نعم".into()], &["".into(), "نعم".into(), "لا".into()], Score::ZERO);
}

#[test]
fn keys_too_long_for_postings() {
    let long = "وقال المتحدث إن الأمر قيد الدراسة ".repeat(200);
    let texts =
        [long.clone(), format!("{long}١٢"), format!("ثم {long}"), long[..long.len() / 2].to_owned(), "نعم".to_owned()];
    check(
        &texts,
        &[long.clone(), long.replacen("قيد", "", 3), "نعم".to_owned(), long[..8_000].to_owned()],
        Score::from_percent(30.0),
    );
}

#[test]
fn a_million_copies_and_a_million_characters() {
    let mut builder = Builder::new(Lang::Ar);
    (0..1_000_000).for_each(|_| builder.add("نفس الجمله"));
    let long = "ابتثجح خدذ ".repeat(100_000);
    builder.add(&long);
    builder.add(&"ا".repeat(1_000_000));
    let bytes = builder.finish();
    assert!(bytes.len() < 10_000_000, "{}", bytes.len());
    let index = Index::open(bytes).unwrap();
    assert_eq!((index.len(), index.entries()), (1_000_002, 3));
    let found = all(&index, &Query::new(Lang::Ar, "نفس الجملة"), Score::from_percent(70.0), &mut Scratch::default());
    assert_eq!(found.len(), 1_000_000);
    let query = Query::new(Lang::Ar, &long.replacen("خدذ", "خد", 5));
    let found = all(&index, &query, Score::from_percent(70.0), &mut Scratch::default());
    assert_eq!(found.keys().collect::<Vec<_>>(), [&1_000_000]);
}

#[test]
fn what_is_no_index_is_refused() {
    assert_eq!(Index::open(&b""[..]).unwrap_err(), Damage::NotAnIndex);
    assert_eq!(Index::open(&b"<?xml version"[..]).unwrap_err(), Damage::NotAnIndex);
    assert_eq!(Index::open(&b"dhk-idx\n"[..]).unwrap_err(), Damage::Damaged);
}

fn shared(name: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let path = std::env::var_os("DHAKIRA_SHARED").map_or_else(beside, PathBuf::from).join("data").join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

#[test]
#[ignore = "some minutes: real queries against a whole memory, one by one"]
fn real_queries_as_comparing_with_everything() {
    let Some(memory) = shared("tm/software.tsv") else { return };
    for (lang, column, queries) in [(Lang::Ar, 0, "queries/queries.ar.tsv"), (Lang::En, 1, "queries/queries.en.tsv")] {
        let memory = std::fs::read_to_string(&memory).unwrap();
        let texts: Vec<&str> = memory.lines().filter_map(|line| line.split('\t').nth(column)).collect();
        let Some(queries) = shared(queries) else { return };
        let queries = std::fs::read_to_string(queries).unwrap();
        let mut builder = Builder::new(lang);
        texts.iter().for_each(|text| builder.add(key(lang, text).as_str()));
        let index = Index::open(builder.finish()).unwrap();
        let candidates: Vec<Candidate> = texts.iter().map(|text| Candidate::new(lang, text)).collect();
        let mut scratch = Scratch::default();
        let edited = texts.iter().step_by(texts.len() / 200).map(|text| text.replacen(' ', "", 1));
        let queries: Vec<String> =
            queries.lines().skip(1).filter_map(|l| l.split('\t').nth(2)).map(str::to_owned).chain(edited).collect();
        for text in &queries {
            let query = Query::new(lang, text);
            let cutoff = Score::from_percent(50.0);
            let mut found = BTreeMap::new();
            index.search(&query, cutoff, &mut scratch, |hit| {
                hit.sources.for_each(|source| _ = found.insert(source, hit.likeness));
                cutoff
            });
            let of = |candidate: &Candidate| match candidate.key() == query.key() {
                true => Some(Likeness::EqualKey),
                false => query.score(candidate, cutoff).map(Likeness::Fuzzy),
            };
            let slow: BTreeMap<u32, Likeness> = (0..).zip(&candidates).filter_map(|(n, c)| Some((n, of(c)?))).collect();
            assert_eq!(found, slow, "{text:?}");
        }
        eprintln!("{lang:?}: {} queries, {} sources, no difference", queries.len(), texts.len());
    }
}
