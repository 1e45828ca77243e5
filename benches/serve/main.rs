//! The server under load: what a lookup over HTTP costs beside the library call, two hundred translators who type against a
//! million units, and the same while a hundred thousand units are imported. Prints the tables of `benches/results/serve.md`.
//!
//! ```text
//! cargo bench --bench serve -- [UNITS] [--seconds N]
//! ```
//!
//! The server is the real program in a process of its own; the load comes from this one, on the same cores. A translator types a
//! sentence of `queries/queries.{ar,en}.tsv` four letters at a time and asks after each time, four times a second, over a
//! connection that stays: `POST /v1/lookup`, five suggestions at 70. Clients begin at seeded, different moments. A time is from the
//! first byte sent to the last byte read.

mod client;
#[path = "../index/corpus.rs"]
mod corpus;

use client::Client;
use dhakira::Lang;
use dhakira::matching::Query;
use dhakira::memory::{Find, Library, Memory, Shelf};
use dhakira::tmx::Header;
use dhakira::unit::{Seg, Unit, Variant};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const UNITS: usize = 1_000_000;
const TRANSLATORS: usize = 200;
/// How often each asks.
const EVERY: Duration = Duration::from_millis(250);
const LETTERS: usize = 4;
const IMPORTED: usize = 100_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let units = arguments.first().and_then(|a| a.parse().ok()).unwrap_or(UNITS);
    let seconds = arguments.iter().position(|a| a == "--seconds").and_then(|at| arguments.get(at + 1)?.parse().ok());
    let seconds = Duration::from_secs(seconds.unwrap_or(20));
    let Some(shared) = corpus::shared() else { return println!("skipped: ../shared/data is not there") };
    let place = tempfile::tempdir().expect("a temporary folder");
    let texts: Vec<String> = Lang::BOTH.into_iter().flat_map(|lang| corpus::queries(&shared, lang)).collect();
    fill(place.path(), &shared, units);
    let memory = Memory::open(place.path()).expect("a folder");
    let library = Library::new(vec![Shelf { memory, penalty: 0 }]).expect("it can be read");
    let mut server = Server::start(place.path());
    println!("{units} units, two languages; {} queries\n", texts.len());
    alone(&library, &server, &texts);
    drop(library);

    let quiet = type_for(&server, &texts, seconds, &AtomicBool::new(false));
    println!("\n{TRANSLATORS} translators, each asking {} times a second:\n", 1_000 / EVERY.as_millis());
    println!("| | requests | a second | p50 ms | p99 ms | most ms |\n| --- | ---: | ---: | ---: | ---: | ---: |");
    row("typing", &quiet, seconds);
    let file = tsv(&texts);
    let done = AtomicBool::new(false);
    let (busy, took) = std::thread::scope(|scope| {
        let load = scope.spawn(|| type_for(&server, &texts, seconds * 10, &done));
        std::thread::sleep(Duration::from_secs(1));
        let start = Instant::now();
        import(&server, &file);
        let took = start.elapsed();
        done.store(true, Ordering::Relaxed);
        (load.join().expect("no client fails"), took)
    });
    row(
        &format!("typing while {IMPORTED} units are imported ({:.1} s)", took.as_secs_f64()),
        &busy,
        took + Duration::from_secs(1),
    );
    server.child.kill().expect("it runs");
    let _ = server.child.wait();
}

fn unit(ar: &str, en: &str) -> Unit {
    let variants = vec![Variant::new(Lang::Ar, Seg::plain(ar)), Variant::new(Lang::En, Seg::plain(en))];
    Unit { variants, ..Unit::default() }
}

fn fill(folder: &Path, shared: &Path, units: usize) {
    let (ar, en) = (corpus::texts(shared, Lang::Ar, units), corpus::texts(shared, Lang::En, units));
    let memory = Memory::open(folder).expect("a folder");
    let pairs = ar.iter().zip(&en).map(|(ar, en)| unit(ar, en));
    memory
        .writer()
        .expect("nobody else writes")
        .write_file("units", &Header::new("*all*"), pairs)
        .expect("room on the disk");
}

/// The server, and where it listens.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(folder: &Path) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dhakira"))
            .args(["serve", "--listen", "127.0.0.1:0", "--quiet", "--memory"])
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
        Server { child, address }
    }
}

/// One after the other: the library in this process and the server, in turn.
fn alone(library: &Library, server: &Server, texts: &[String]) {
    let mut client = Client::new(&server.address);
    let (mut inside, mut over) = (Vec::new(), Vec::new());
    let ask = |text: &String| {
        let lang = Lang::of_script(text).unwrap_or(Lang::Ar);
        library.find(&Query::new(lang, text), &Find::default()).len()
    };
    for text in texts.iter().chain(texts) {
        let start = Instant::now();
        std::hint::black_box(ask(text));
        inside.push(start.elapsed());
        over.push(client.look_up(text));
    }
    println!("| one client | p50 ms | p99 ms |\n| --- | ---: | ---: |");
    for (name, times) in [("library call, all threads", &mut inside), ("over HTTP", &mut over)] {
        times.sort();
        println!("| {name} | {:.2} | {:.2} |", at(times, 50), at(times, 99));
    }
}

fn at(sorted: &[Duration], percent: usize) -> f64 {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)].as_secs_f64() * 1e3
}

fn row(name: &str, times: &[Duration], during: Duration) {
    let mut sorted = times.to_vec();
    sorted.sort();
    let rate = sorted.len() as f64 / during.as_secs_f64();
    println!(
        "| {name} | {} | {rate:.0} | {:.1} | {:.1} | {:.1} |",
        sorted.len(),
        at(&sorted, 50),
        at(&sorted, 99),
        at(&sorted, 100)
    );
}

/// All translators, until the time is over or something is done.
fn type_for(server: &Server, texts: &[String], time: Duration, done: &AtomicBool) -> Vec<Duration> {
    let end = Instant::now() + time;
    let translate = |number: usize| {
        let mut client = Client::new(&server.address);
        let mut times = Vec::new();
        // Each begins at its own moment and with its own sentence.
        let mut next = Instant::now() + EVERY * (number as u32 * 7 % TRANSLATORS as u32) / TRANSLATORS as u32;
        for text in texts.iter().cycle().skip(number * 37 % texts.len()) {
            let chars: Vec<char> = text.chars().collect();
            for typed in (LETTERS..chars.len() + LETTERS).step_by(LETTERS) {
                std::thread::sleep(next.saturating_duration_since(Instant::now()));
                if Instant::now() > end || done.load(Ordering::Relaxed) {
                    return times;
                }
                next += EVERY;
                times.push(client.look_up(&chars[..typed.min(chars.len())].iter().collect::<String>()));
            }
        }
        times
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..TRANSLATORS).map(|number| scope.spawn(move || translate(number))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no client fails")).collect()
    })
}

/// New units: the queries, each with a number.
fn tsv(texts: &[String]) -> Vec<u8> {
    let mut file = b"ar\ten\n".to_vec();
    for (number, text) in (0..IMPORTED).zip(texts.iter().cycle()) {
        let text = text.replace(['\t', '\n', '\r'], " ");
        writeln!(file, "نص {number} {text}\ttext {number} {text}").expect("room in memory");
    }
    file
}

fn import(server: &Server, file: &[u8]) {
    let mut client = Client::new(&server.address);
    let job = client.ask("POST", "/v1/imports?name=more.tsv", file);
    let job: serde_json::Value = serde_json::from_slice(&job).expect("a job");
    let path = format!("/v1/jobs/{}", job["id"].as_str().expect("an id"));
    loop {
        let job: serde_json::Value = serde_json::from_slice(&client.ask("GET", &path, b"")).expect("a job");
        match job["state"].as_str() {
            Some("done") => return assert_eq!(job["report"]["new"], IMPORTED),
            Some("failed") => panic!("{job}"),
            _ => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}
