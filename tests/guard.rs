//! Who may, and what bad input does: nothing but a clear answer.
#![cfg(feature = "serve")]

mod served;

use serde_json::json;
use served::{Served, answer, broken_files, command, encoded};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::Duration;

const READER: &str = "reader-0123456789abcdef";
const WRITER: &str = "writer-0123456789abcdef";

fn guarded() -> Served {
    let folder = Served::new(&[]);
    let tokens = folder.folder.path().join("tokens");
    std::fs::write(&tokens, format!("# who\nCAT read {READER}\nAmal write {WRITER}\n")).unwrap();
    let path = tokens.display().to_string();
    let mut folder = folder;
    folder.child.kill().unwrap();
    folder.child.wait().unwrap();
    let place = std::mem::replace(&mut folder.folder, tempfile::tempdir().unwrap());
    Served::over(place, &["--tokens", &path])
}

#[test]
fn it_listens_elsewhere_only_with_tokens() {
    let folder = tempfile::tempdir().unwrap();
    let ran = command(folder.path(), &["--listen", "0.0.0.0:0"]).stdin(Stdio::null()).output().unwrap();
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("--tokens"));
    std::fs::write(folder.path().join("tokens"), "a read short\n").unwrap();
    let ran = command(folder.path(), &["--tokens", "tokens"]).output().unwrap();
    assert!(String::from_utf8_lossy(&ran.stderr).contains("tokens:1: a token has at least 16 characters"));
}

#[test]
fn tokens_have_a_scope() {
    let served = guarded();
    let lookup = json!({"source": "تعذر حفظ الملف."}).to_string();
    let ask = |method: &str, path: &str, said: &str, body: &str| {
        let headers = [("Content-Type", "application/json"), ("Authorization", said)];
        served.ask(method, path, &headers[..if said.is_empty() { 1 } else { 2 }], body.as_bytes()).status
    };
    let (reader, writer) = (format!("Bearer {READER}"), format!("Bearer {WRITER}"));
    assert_eq!(ask("POST", "/v1/lookup", "", &lookup), 401);
    assert_eq!(ask("POST", "/v1/lookup", "Bearer reader-0123456789abcdeX", &lookup), 401);
    assert_eq!(ask("POST", "/v1/lookup", &reader, &lookup), 200);
    // Basic, as an address with a password gives it: base64 of `x:` and the token.
    assert_eq!(ask("GET", "/tmserver/en/ar/unit/x", "Basic eDpyZWFkZXItMDEyMzQ1Njc4OWFiY2RlZg==", ""), 200);
    for (path, body) in [("/v1/exports", ""), ("/v1/diff", "{\"pairs\":[]}"), ("/v1/analyse", "{\"documents\":[]}")] {
        assert!(matches!(ask("POST", path, &reader, body), 200 | 202), "{path}");
    }
    assert_eq!(ask("DELETE", "/v1/jobs/x", &reader, ""), 403);
    let unit = json!({"ar": "نعم", "en": "Yes"}).to_string();
    assert_eq!(ask("POST", "/v1/units", &reader, &unit), 403);
    assert_eq!(ask("POST", "/v1/units", &writer, &unit), 201);
    let sent = json!({"source": "No", "target": "لا"}).to_string();
    assert_eq!(ask("PUT", "/tmserver/en/ar/unit/No", &reader, &sent), 403);
    // MyMemory shows its key in the query, and writes by GET.
    let set = format!("langpair=en%7Car&seg=Up&tra={}", encoded("فوق"));
    assert_eq!(served.get(&format!("/set?{set}&key={READER}")).status, 403);
    assert_eq!(served.get(&format!("/set?{set}&key={WRITER}")).status, 200);
    assert_eq!(
        served.get(&format!("/get?q=Up&langpair=en%7Car&key={READER}")).json()["responseData"]["match"],
        json!(1.0)
    );
    // t5memory reads by POST, too; nothing of it is there without a token.
    for (method, path, status) in [
        ("POST", "/t5memory/tmx/getentry", 500),
        ("POST", "/t5memory/tmx/concordancesearch", 200),
        ("POST", "/t5memory/tmx/entrydelete", 403),
        ("POST", "/t5memory/tmx/clone", 403),
        ("DELETE", "/t5memory/tmx", 403),
    ] {
        assert_eq!(ask(method, path, &reader, "{}"), status, "{path}");
        assert_eq!(ask(method, path, "", "{}"), 401, "{path}");
    }
    for open in ["/", "/health", "/openapi.json"] {
        assert_eq!(served.get(open).status, 200, "{open}");
    }
    assert_eq!(served.get("/metrics").status, 401);
}

#[test]
fn other_hosts_and_other_pages_are_refused() {
    let served = Served::new(&["--host", "tm.example.org"]);
    let port = served.address.rsplit(':').next().unwrap().to_owned();
    for (host, status) in [
        ("evil.example:80", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
        ("tm.example.org", 200),
        ("TM.example.org:8080", 200),
        (&format!("localhost:{port}"), 200),
        (&format!("[::1]:{port}"), 200),
    ] {
        assert_eq!(served.ask("GET", "/health", &[("Host", host)], b"").status, status, "{host}");
    }
    let unit = json!({"ar": "نعم", "en": "Yes"}).to_string();
    for (name, value, status) in [
        ("Origin", "https://evil.example".to_owned(), 403),
        ("Origin", "null".to_owned(), 403),
        ("Sec-Fetch-Site", "cross-site".to_owned(), 403),
        ("Origin", format!("http://{}", served.address), 201),
    ] {
        let headers = [("Content-Type", "application/json"), (name, value.as_str())];
        let said = served.ask("POST", "/v1/units", &headers, unit.as_bytes());
        assert_eq!(said.status, status, "{name}: {value}");
        assert!(said.header("access-control-allow-origin").is_none());
    }
    // What a form of another page could send without asking first is no JSON.
    let said = served.ask("POST", "/v1/units", &[("Content-Type", "text/plain")], unit.as_bytes());
    assert_eq!(said.status, 415);
}

#[test]
fn who_only_reads_writes_nothing() {
    let served = Served::new(&["--read-only"]);
    assert_eq!(served.post("/v1/units", &json!({"ar": "نعم", "en": "Yes"})).status, 403);
    assert_eq!(served.ask("POST", "/v1/imports?name=a.tmx", &[], b"x").status, 403);
    assert_eq!(served.post("/t5memory", &json!({"name": "new"})).status, 403);
    assert!(!served.folder.path().join("tmx/new").exists());
    assert_eq!(served.get("/v1/memories").json()[0]["writable"], json!(false));
}

#[test]
fn each_token_has_its_rate() {
    let served = Served::new(&["--rate", "2"]);
    let statuses: Vec<u16> = (0..12).map(|_| served.get("/health").status).collect();
    assert!(statuses[..4].iter().all(|status| *status == 200), "{statuses:?}");
    assert!(statuses.contains(&429), "{statuses:?}");
}

#[test]
fn bad_input_gets_a_clear_answer() {
    let served = Served::new(&["--max-upload", "1"]);
    let host = format!("Host: {}\r\nConnection: close\r\n", served.address);
    // Not UTF-8 in a path, a path without end, no HTTP at all.
    assert_eq!(served.send(format!("GET /tmserver/en/ar/unit/%FF%FE HTTP/1.1\r\n{host}\r\n").as_bytes()).status, 400);
    let long = format!("GET /tmserver/en/ar/unit/{} HTTP/1.1\r\n{host}\r\n", "x".repeat(10_000_000));
    assert!(matches!(served.send(long.as_bytes()).status, 414 | 431));
    assert_eq!(served.send(b"what\r\n\r\n").status, 400);
    // A query of ten megabytes, an empty one, a bomb.
    let kind = [("Content-Type", "application/json")];
    let long = json!({"source": "x".repeat(10_000_000)}).to_string();
    assert_eq!(served.ask("POST", "/v1/lookup", &kind, long.as_bytes()).status, 413);
    assert_eq!(served.post("/v1/lookup", &json!({"source": ""})).json()["matches"], json!([]));
    let bomb = "[".repeat(500_000);
    assert!(matches!(served.ask("POST", "/v1/lookup", &kind, bomb.as_bytes()).status, 400 | 422));
    let bomb = format!("{{\"source\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(served.ask("POST", "/v1/lookup", &kind, bomb.as_bytes()).status, 400 | 422));
    assert_eq!(served.ask("POST", "/v1/lookup", &kind, b"{\"source\":\"\xff\"}").status, 400);
    assert_eq!(served.ask("POST", "/v1/lookup", &kind, br#"{"source":"\ud800"}"#).status, 400);
    // A file that is too long, one that is none, one of a kind that nobody knows.
    assert_eq!(served.ask("POST", "/v1/imports?name=a.tmx", &[], &vec![b'x'; 2_000_000]).status, 413);
    for name in ["a.tmx", "a.docx", "..%2F..%2Fup.tmx", "%D8%B0", ""] {
        let said = served.ask("POST", &format!("/v1/imports?name={name}"), &[], b"no file of ours");
        assert_eq!(said.status, 202, "{name}");
        let id = said.json()["id"].as_str().unwrap().to_owned();
        let job = loop {
            let job = served.get(&format!("/v1/jobs/{id}")).json();
            if job["state"] == "failed" || job["state"] == "done" {
                break job;
            }
        };
        let said = job.to_string();
        assert!(!said.contains(&*std::env::temp_dir().to_string_lossy()), "{said}");
    }
    assert!(!served.folder.path().join("up.tmx").exists());
    // An upload that is cut in its middle adds nothing.
    let mut cut = TcpStream::connect(&served.address).unwrap();
    let head = format!(
        "POST /v1/imports?name=cut.tmx HTTP/1.1\r\n{host}Content-Length: 5000\r\n\r\n<tmx version=\"1.4\"><header/><body>"
    );
    cut.write_all(head.as_bytes()).unwrap();
    cut.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(answer(cut).status, 400);
    assert!(!served.folder.path().join("tmx/cut.tmx").exists());
    // Text is text.
    let page = served.post("/v1/lookup", &json!({"source": "<script>alert(1)</script> نص"}));
    assert_eq!(page.header("content-type"), Some("application/json"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    let index = served.get("/");
    assert!(index.header("content-security-policy").is_some_and(|policy| policy.contains("default-src 'none'")));
}

#[test]
fn no_answer_names_a_place_on_the_server() {
    let served = Served::new(&[]);
    let place = served.folder.path().display().to_string();
    let lookup = json!({"source": "تعذر حفظ الملف.", "explain": true});
    let mut answers =
        vec![served.post("/v1/lookup", &lookup), served.post("/v1/units", &json!({"ar": "أ", "en": "b"}))];
    let paths = [
        "/v1/units",
        "/v1/units/none",
        "/v1/units/none/history",
        "/v1/memories",
        "/v1/concordance?q=file",
        "/v1/export",
        "/metrics",
        "/openapi.json",
        "/t5memory/",
        "/t5memory/none/flush",
        "/get?q=file&langpair=en%7Car",
        "/none",
    ];
    answers.extend(paths.map(|path| served.get(path)));
    // A memory that can not be read any more.
    std::fs::remove_dir_all(served.folder.path().join("tmx")).unwrap();
    std::thread::sleep(Duration::from_millis(1_000));
    answers.push(served.post("/v1/lookup", &lookup));
    assert_eq!(answers.last().unwrap().status, 500);
    for answer in answers {
        assert!(!answer.text().contains(&place), "{}", answer.text());
    }
}

#[test]
fn a_thousand_silent_connections_keep_nobody_out() {
    let served = Served::new(&[]);
    let silent: Vec<_> = (0..1_000).map_while(|_| TcpStream::connect(&served.address).ok()).collect();
    assert!(silent.len() > 900, "{}", silent.len());
    assert_eq!(served.get("/health").status, 200);
    assert_eq!(
        served.post("/v1/lookup", &json!({"source": "Could not save the file."})).json()["matches"][0]["score"],
        json!(100.0)
    );
}

/// Ten seconds, which are waited for.
#[test]
fn who_sends_slowly_is_cut_off() {
    let served = Served::new(&[]);
    let connect = |first: &[u8]| {
        let mut stream = TcpStream::connect(&served.address).unwrap();
        stream.write_all(first).unwrap();
        // Far longer than it takes: only a connection that stays open fails.
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    };
    let (silent, stuck, mut dripping) =
        (connect(b""), connect(b"GET /health HTTP/1.1\r\nHost:"), connect(b"GET /health HTTP/1.1\r\n"));
    let drip = std::thread::spawn(move || {
        // A byte now and then does not keep the connection.
        let sent = (0..200).take_while(|_| {
            std::thread::sleep(Duration::from_millis(300));
            dripping.write_all(b"x").is_ok()
        });
        sent.count()
    });
    assert_eq!(served.get("/health").status, 200);
    for mut stream in [silent, stuck] {
        let mut said = Vec::new();
        let ended = stream.read_to_end(&mut said);
        let is_cut = ended.is_ok() || ended.as_ref().is_err_and(|e| e.kind() == ErrorKind::ConnectionReset);
        assert!(is_cut, "{ended:?}");
    }
    assert!(drip.join().unwrap() < 200, "it is cut off as well");
    assert_eq!(served.get("/health").status, 200);
}

#[test]
fn an_import_that_is_killed_leaves_a_whole_memory() {
    let mut served = Served::new(&[]);
    let said = served.post("/v1/units", &json!({"ar": "قبل الاستيراد", "en": "Before the import"}));
    assert_eq!(said.status, 201);
    let unit = |n: usize| {
        format!(
            "<tu tuid=\"bus-{n}\"><tuv xml:lang=\"ar\"><seg>وصلت الحافلة {n}</seg></tuv><tuv xml:lang=\"en\"><seg>Bus {n} arrived</seg></tuv></tu>\n"
        )
    };
    let units: String = (0..60_000).map(unit).collect();
    let file = format!("<tmx version=\"1.4\"><header srclang=\"ar\"/><body>\n{units}</body></tmx>\n");
    let import = |served: &Served| {
        let job = served.ask("POST", "/v1/imports?name=buses.tmx", &[], file.as_bytes());
        assert_eq!(job.status, 202);
        format!("/v1/jobs/{}", job.json()["id"].as_str().unwrap())
    };
    for least in [0.0, 20.0, 60.0] {
        let path = import(&served);
        // Killed at once, in its midst, near its end; what is faster than we look is killed when it is done.
        while {
            let job = served.get(&path).json();
            job["state"] == "waiting" || (job["state"] == "running" && job["percent"].as_f64().unwrap() < least)
        } {}
        served.child.kill().unwrap();
        served.child.wait().unwrap();
        let place = std::mem::replace(&mut served.folder, tempfile::tempdir().unwrap());
        assert_eq!(broken_files(place.path()), Vec::<std::path::PathBuf>::new());
        served = Served::over(place, &[]);
        let found = served.post("/v1/lookup", &json!({"source": "Before the import", "min": 100})).json();
        assert_eq!(found["matches"][0]["target"], "قبل الاستيراد");
    }
    // It goes on as if nothing had been.
    let path = import(&served);
    let job = loop {
        let job = served.get(&path).json();
        if !["waiting", "running"].contains(&job["state"].as_str().unwrap()) {
            break job;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(
        (&job["state"], &job["percent"], &job["report"]["read"]),
        (&json!("done"), &json!(100.0), &json!(60_000)),
        "{job}"
    );
    let units = served.get("/v1/memories").json()[0]["units"].as_u64().unwrap() as usize;
    assert_eq!(units, served::MEMORY.len() + 1 + 60_000);
}

#[test]
fn what_was_acknowledged_outlives_a_kill() {
    let mut served = Served::new(&[]);
    let add = |served: &Served, round: usize, number: usize| {
        let unit = json!({"ar": format!("جملة {round} {number}"), "en": format!("Sentence {round} {number}")});
        let mut stream = TcpStream::connect(&served.address).ok()?;
        let body = unit.to_string();
        let head = format!(
            "POST /v1/units HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            served.address,
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).ok()?;
        let mut said = String::new();
        stream.read_to_string(&mut said).ok()?;
        said.starts_with("HTTP/1.1 201").then(|| format!("Sentence {round} {number}"))
    };
    let mut acknowledged = Vec::new();
    for round in 0..5 {
        let child = served.child.id().to_string();
        let killer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(150));
            std::process::Command::new("kill").args(["-9", &child]).status().unwrap();
        });
        acknowledged.extend((0..).map_while(|number| add(&served, round, number)));
        killer.join().unwrap();
        served.child.wait().unwrap();
        let place = std::mem::replace(&mut served.folder, tempfile::tempdir().unwrap());
        assert_eq!(broken_files(place.path()), Vec::<std::path::PathBuf>::new());
        served = Served::over(place, &[]);
    }
    assert!(!acknowledged.is_empty());
    for text in &acknowledged {
        let found = served.post("/v1/lookup", &json!({"source": text, "min": 100})).json();
        let exact = found["matches"].as_array().unwrap().iter().filter(|one| one["source"] == json!(text)).count();
        assert_eq!(exact, 1, "{text}");
    }
    // Asked to stop, it finishes what it does and ends well.
    std::process::Command::new("kill").args(["-TERM", &served.child.id().to_string()]).status().unwrap();
    assert_eq!(served.child.wait().unwrap().code(), Some(0));
}
