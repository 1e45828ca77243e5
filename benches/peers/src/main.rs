//! What others need to find the suggestions that Dhakira finds, and how many of them they find.
//!
//! ```text
//! dhakira-peers PEER MEMORY QUERIES OURS [MOST]
//! ```
//!
//! `MEMORY` has one source a line, `QUERIES` one query a line, `OURS` a line for each query: the numbers of the lines that
//! are the exact five best at 70 or better, parted by spaces (`cargo bench --bench find` writes all three). Prints one row
//! of a table: time a query in milliseconds on one thread, memory built in seconds, and how many of the best, and of the
//! five best, the peer has among the five that it names. Peers search the keys, not the texts: spelling is forgiven them.

use dhakira::matching::{Candidate, Query, Score};
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
    let [name, memory, queries, ours, rest @ ..] = &arguments[..] else {
        eprintln!("dhakira-peers strsim|rapidfuzz|simstring|tantivy MEMORY QUERIES OURS [MOST]");
        process::exit(2);
    };
    let most = rest.first().and_then(|most| most.parse().ok()).unwrap_or(usize::MAX);
    let lang = if name.ends_with(":en") { Lang::En } else { Lang::Ar };
    let lines = |path: &str| -> Vec<String> {
        fs::read_to_string(path).expect("a file of lines").lines().map(str::to_string).collect()
    };
    let keys = |texts: Vec<String>| -> Vec<String> {
        texts.par_iter().map(|t| text::key(lang, t).as_str().to_string()).collect()
    };
    let (memory, queries) = (keys(lines(memory)), keys(lines(queries)));
    let ours: Vec<Vec<usize>> =
        lines(ours).iter().map(|line| line.split_whitespace().map(|n| n.parse().expect("a number")).collect()).collect();

    let start = Instant::now();
    let mut peer: Peer<'_> = match name.split(':').next() {
        Some("strsim") => strsim_and_rayon(&memory),
        Some("rapidfuzz") => rapidfuzz(&memory),
        Some("simstring") => simstring(&memory),
        Some("tantivy") => tantivy(lang, &memory),
        _ => panic!("no peer {name}"),
    };
    let built = start.elapsed();

    let mut times: Vec<Duration> = Vec::new();
    let (mut first, mut firsts, mut five, mut fives) = (0, 0, 0, 0);
    for (query, ours) in queries.iter().zip(&ours).take(most) {
        let start = Instant::now();
        let found = peer(query);
        times.push(start.elapsed());
        // Lines with one key are one suggestion.
        let found: HashSet<&str> = found.iter().map(|line| memory[*line].as_str()).collect();
        let best: Vec<&str> = ours.iter().map(|line| memory[*line].as_str()).collect();
        firsts += usize::from(!best.is_empty());
        first += usize::from(best.first().is_some_and(|best| found.contains(best)));
        fives += best.len();
        five += best.iter().filter(|best| found.contains(*best)).count();
    }
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    let mean = times.iter().sum::<Duration>().as_secs_f64() / times.len() as f64;
    println!(
        "| {name} | {:.3} | {:.3} | {:.0} | {:.1} | {:.1} % | {:.1} % | {} |",
        at(0.5),
        at(0.99),
        1.0 / mean,
        built.as_secs_f64(),
        share(first, firsts),
        share(five, fives),
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
