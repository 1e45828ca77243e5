//! The index finds what comparing with everything finds, and harm done to its bytes does no more than hide something.

use dhakira::Lang;
use dhakira::index::{Builder, Damage, Hit, Index, Likeness, Scratch};
use dhakira::matching::{Candidate, Measure, Query, Rank, Ranking, Score};
use dhakira::text::key;
use proptest::prelude::*;
use rayon::prelude::*;
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
    let both = |text: &String| [Measure::Letters, Measure::Words].map(|m| Query::with_measure(Lang::Ar, text, m));
    for query in queries.iter().flat_map(both) {
        let text = (query.text(), query.measure());
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
    let queries = [Measure::Letters, Measure::Words].map(|measure| Query::with_measure(Lang::Ar, text, measure));
    for (query, cutoff) in queries.iter().flat_map(|q| [0.0, 50.0, 95.0].map(|c| (q, Score::from_percent(c)))) {
        index.search(query, cutoff, scratch, |hit: Hit| {
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

/// Real and edited strings against real memories, by letters and by words: a part of them, or with `DHAKIRA_EXACT=all` in the
/// environment every query and every unit, which takes some minutes (`cargo test --release --test index real -- --nocapture`).
#[test]
fn real_queries_as_comparing_with_everything() {
    let (units_step, queries_step) = if std::env::var_os("DHAKIRA_EXACT").is_some() { (1, 1) } else { (16, 40) };
    let [Some(software), Some(general), Some(synthetic)] =
        ["tm/software.tsv", "tm/general.tsv", "queries/synthetic.tsv"].map(shared)
    else {
        return;
    };
    let column = |path: &PathBuf, column: usize, only: &str| -> Vec<String> {
        let text = std::fs::read_to_string(path).unwrap();
        let lines = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
        lines.filter(|line| only.is_empty() || line[1] == only).map(|line| line[column].to_owned()).collect()
    };
    for (lang, at) in [(Lang::Ar, 0), (Lang::En, 1)] {
        let Some(queries) = shared(&format!("queries/queries.{}.tsv", lang.code())) else { return };
        let mut texts = column(&software, at, "");
        texts.extend(column(&general, at, ""));
        let texts: Vec<&String> = texts.iter().step_by(units_step).collect();
        let mut queries = column(&queries, 2, "").split_off(1);
        queries.extend(column(&synthetic, 3, lang.code()));
        let queries: Vec<&String> = queries.iter().step_by(queries_step).collect();
        let mut builder = Builder::new(lang);
        texts.iter().for_each(|text| builder.add(key(lang, text).as_str()));
        let index = Index::open(builder.finish()).unwrap();
        let candidates: Vec<Candidate> = texts.par_iter().map(|text| Candidate::new(lang, text)).collect();
        let cutoff = Score::from_percent(50.0);
        let asked = queries.par_iter().flat_map_iter(|text| {
            [Measure::Letters, Measure::Words].map(|measure| Query::with_measure(lang, text, measure))
        });
        let hits = asked.map_init(Scratch::default, |scratch, query| {
            let mut found = BTreeMap::new();
            index.search(&query, cutoff, scratch, |hit| {
                hit.sources.for_each(|source| _ = found.insert(source, hit.likeness));
                cutoff
            });
            let of = |candidate: &Candidate| match candidate.key() == query.key() {
                true => Some(Likeness::EqualKey),
                false => query.score(candidate, cutoff).map(Likeness::Fuzzy),
            };
            let slow: BTreeMap<u32, Likeness> = (0..).zip(&candidates).filter_map(|(n, c)| Some((n, of(c)?))).collect();
            assert_eq!(found, slow, "{:?} by {:?}", query.text(), query.measure());
            // The best five are found when each that is found raises what is wanted.
            let mut best = Ranking::new(5, cutoff);
            index.search(&query, cutoff, scratch, |hit| {
                let score = if let Likeness::Fuzzy(score) = hit.likeness { score } else { Score::EXACT };
                hit.sources
                    .for_each(|source| best.push(Rank { score, changed: 0, place: source.into(), ..Rank::default() }));
                best.cutoff()
            });
            let mut all = Ranking::new(5, cutoff);
            for (source, likeness) in &slow {
                let score = if let Likeness::Fuzzy(score) = likeness { *score } else { Score::EXACT };
                all.push(Rank { score, changed: 0, place: (*source).into(), ..Rank::default() });
            }
            assert_eq!(best.into_sorted(), all.into_sorted(), "{:?} by {:?}", query.text(), query.measure());
            slow.len()
        });
        let hits: usize = hits.sum();
        eprintln!(
            "{lang:?}: {} queries by letters and by words, {} sources, {hits} hits at 50, no difference",
            queries.len(),
            texts.len()
        );
    }
}
