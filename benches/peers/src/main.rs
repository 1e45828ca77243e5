//! What others need to find the suggestions that Dhakira finds, and how many of them they find.
//!
//! ```text
//! dhakira-peers PEER FOLDER ar|en [MOST]
//! ```
//!
//! `FOLDER` is what `cargo bench --bench index -- --lines FOLDER` writes: `memory`, `queries`, and by `letters` and by `words` what
//! is best for each query at 70 or better: how many, five or fewer, and then all lines that are as good. Prints one row of a
//! table: median and 99th percentile of the time of a query in milliseconds, queries a second, seconds to build what is
//! searched, and how many of the best five by letters, and by words, are among the five that the peer names. Peers search the
//! keys, not the texts: spelling is forgiven them.

use dhakira::index::{Builder, Index, Likeness, Scratch};
use dhakira::matching::{Candidate, Measure, Query, Rank, Ranking, Score};
use dhakira::{Lang, text};
use rayon::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs, process};

/// The five best lines for a key, best first, as far as the peer finds them.
type Peer<'a> = Box<dyn FnMut(&str) -> Vec<usize> + 'a>;

const BEST: usize = 5;
const LEAST: f64 = 0.7;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [name, folder, lang, rest @ ..] = &arguments[..] else {
        eprintln!("dhakira-peers dhakira|dhakira-words|strsim|rapidfuzz|simstring|tantivy FOLDER ar|en [MOST]");
        process::exit(2);
    };
    let most = rest.first().and_then(|most| most.parse().ok()).unwrap_or(usize::MAX);
    let lines = |name: &str| -> Vec<String> {
        let path = format!("{folder}/{name}.{lang}.txt");
        fs::read_to_string(path).expect("a file of lines").lines().map(str::to_string).collect()
    };
    let lang = if lang == "en" { Lang::En } else { Lang::Ar };
    let keys = |texts: Vec<String>| -> Vec<String> {
        texts.par_iter().map(|t| text::key(lang, t).as_str().to_string()).collect()
    };
    let (memory, queries) = (keys(lines("memory")), keys(lines("queries")));
    let best = ["letters", "words"].map(|measure| -> Vec<Vec<usize>> {
        let numbers = |line: &String| line.split_whitespace().map(|n| n.parse().expect("a number")).collect();
        lines(measure).iter().map(numbers).collect()
    });

    let start = Instant::now();
    let mut peer: Peer<'_> = match name.as_str() {
        "dhakira" => dhakira(lang, Measure::Letters, &memory),
        "dhakira-words" => dhakira(lang, Measure::Words, &memory),
        "strsim" => strsim_and_rayon(&memory),
        "rapidfuzz" => rapidfuzz(&memory),
        "simstring" => simstring(&memory),
        "tantivy" => tantivy(lang, &memory),
        _ => panic!("no peer {name}"),
    };
    let built = start.elapsed();

    let mut times: Vec<Duration> = Vec::new();
    let mut shares = [(0, 0); 2];
    for (at, query) in queries.iter().enumerate().take(most) {
        let start = Instant::now();
        let found = peer(query);
        times.push(start.elapsed());
        // Lines with one key are one suggestion to a peer that keeps them once.
        let found: HashSet<&str> = found.iter().map(|line| memory[*line].as_str()).collect();
        for ((named, wanted), best) in shares.iter_mut().zip(&best) {
            let [count, lines @ ..] = &best[at][..] else { continue };
            *wanted += count;
            *named += lines.iter().filter(|line| found.contains(memory[**line].as_str())).count().min(*count);
        }
    }
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    let share = |(part, whole): (usize, usize)| 100.0 * part as f64 / whole.max(1) as f64;
    let mean = times.iter().sum::<Duration>().as_secs_f64() / times.len() as f64;
    println!(
        "| {name} | {:.3} | {:.3} | {:.1} | {:.1} | {:.1} % | {:.1} % | {} |",
        at(0.5),
        at(0.99),
        1.0 / mean,
        built.as_secs_f64(),
        share(shares[0]),
        share(shares[1]),
        times.len()
    );
}

/// Keeps the best five of what is scored.
fn best(scored: impl Iterator<Item = (f64, usize)>) -> Vec<usize> {
    let mut kept: Vec<(f64, usize)> = Vec::with_capacity(BEST + 1);
    for (score, line) in scored {
        if kept.len() < BEST || score > kept[BEST - 1].0 {
            let at = kept.partition_point(|(other, _)| *other >= score);
            kept.insert(at, (score, line));
            kept.truncate(BEST);
        }
    }
    kept.into_iter().map(|(_, line)| line).collect()
}

/// Ourselves, preparing the query included.
fn dhakira<'a>(lang: Lang, measure: Measure, memory: &[String]) -> Peer<'a> {
    let mut builder = Builder::new(lang);
    memory.iter().for_each(|key| builder.add(key));
    let index = Index::open(builder.finish()).expect("just made");
    let mut scratch = Scratch::default();
    Box::new(move |key| {
        let query = Query::with_measure(lang, key, measure);
        let mut ranking = Ranking::new(BEST, Score::from_percent(LEAST * 100.0));
        index.search(&query, ranking.cutoff(), &mut scratch, |hit| {
            let score = match hit.likeness {
                Likeness::EqualKey => Score::EXACT,
                Likeness::Fuzzy(score) => score,
            };
            for source in hit.sources.take(BEST) {
                ranking.push(Rank { score, changed: 0, place: source.into(), ..Rank::default() });
            }
            ranking.cutoff()
        });
        ranking.into_sorted().into_iter().map(|rank| rank.place as usize).collect()
    })
}

/// Every unit, on all threads.
fn strsim_and_rayon(memory: &[String]) -> Peer<'_> {
    Box::new(move |query| {
        let scored: Vec<(f64, usize)> = memory
            .par_iter()
            .enumerate()
            .map(|(line, key)| (strsim::normalized_levenshtein(query, key), line))
            .filter(|(score, _)| *score >= LEAST)
            .collect();
        best(scored.into_iter())
    })
}

/// Every unit on one thread, bit-parallel, cut off below the threshold.
fn rapidfuzz(memory: &[String]) -> Peer<'_> {
    use rapidfuzz::distance::levenshtein::{Args, BatchComparator};
    Box::new(move |query| {
        let comparator = BatchComparator::new(query.chars());
        let args = Args::default().score_cutoff(LEAST);
        best(memory.iter().enumerate().filter_map(|(line, key)| {
            comparator.normalized_similarity_with_args(key.chars(), &args).map(|score| (score, line))
        }))
    })
}

/// Words, cosine.
fn simstring(memory: &[String]) -> Peer<'_> {
    use simstring_rust::{Cosine, HashDb, Searcher, WordNgrams};
    let mut db = HashDb::new(Arc::new(WordNgrams::new(1, " ", "")));
    for key in memory {
        db.insert(key.clone());
    }
    let lines: std::collections::HashMap<&str, usize> =
        memory.iter().enumerate().rev().map(|(line, key)| (key.as_str(), line)).collect();
    let db: &'static HashDb = Box::leak(Box::new(db));
    Box::new(move |query| {
        let searcher = Searcher::new(db, Cosine);
        let mut found = searcher.ranked_search(query, LEAST).unwrap_or_default();
        found.dedup();
        found.into_iter().take(BEST).map(|(key, _)| lines[key]).collect()
    })
}

/// A search engine's fifty best by BM25, and of these the best by our score.
fn tantivy(lang: Lang, memory: &[String]) -> Peer<'_> {
    use tantivy::collector::TopDocs;
    use tantivy::query::{BooleanQuery, Occur, TermQuery};
    use tantivy::schema::{FAST, IndexRecordOption, SchemaBuilder, TEXT, Value};
    use tantivy::{Index, IndexWriter, TantivyDocument, Term};
    let mut schema = SchemaBuilder::new();
    let body = schema.add_text_field("key", TEXT);
    let number = schema.add_u64_field("line", FAST | tantivy::schema::STORED);
    let index = Index::create_in_ram(schema.build());
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 200_000_000).expect("a writer");
    for (line, key) in memory.iter().enumerate() {
        let mut document = TantivyDocument::default();
        document.add_text(body, key);
        document.add_u64(number, line as u64);
        writer.add_document(document).expect("a document");
    }
    writer.commit().expect("a commit");
    let searcher = index.reader().expect("a reader").searcher();
    let mut analyzer = index.tokenizers().get("default").expect("the default analyzer");
    Box::new(move |key| {
        let mut terms: Vec<(Occur, Box<dyn tantivy::query::Query>)> = Vec::new();
        let mut stream = analyzer.token_stream(key);
        stream.process(&mut |token| {
            let term = Term::from_field_text(body, &token.text);
            terms.push((Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))));
        });
        drop(stream);
        let top = searcher.search(&BooleanQuery::new(terms), &TopDocs::with_limit(50).order_by_score());
        let query = Query::new(lang, key);
        best(top.unwrap_or_default().into_iter().filter_map(|(_, address)| {
            let document: TantivyDocument = searcher.doc(address).ok()?;
            let line = document.get_first(number)?.as_u64()? as usize;
            let score = query.score(&Candidate::new(lang, &memory[line]), Score::from_percent(LEAST * 100.0))?;
            Some((score.percent(), line))
        }))
    })
}
