//! The memory for an LLM, as a client of the Model Context Protocol meets it: lines of JSON-RPC over stdin and stdout.
#![cfg(feature = "serve")]

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

struct Client {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    id: u64,
}

impl Client {
    fn new(folder: &std::path::Path, arguments: &[&str]) -> Client {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dhakira"))
            .current_dir(folder)
            .args(["mcp", "--memory", "tmx"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut client = Client { child, to, from, id: 0 };
        let hello = client.ask(
            "initialize",
            json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}),
        );
        assert_eq!(hello["result"]["serverInfo"]["name"], "dhakira", "{hello}");
        client.say(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        client
    }

    fn say(&mut self, message: &Value) {
        writeln!(self.to, "{message}").unwrap();
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.id += 1;
        self.say(&json!({"jsonrpc": "2.0", "id": self.id, "method": method, "params": params}));
        loop {
            let mut line = String::new();
            assert!(self.from.read_line(&mut line).unwrap() > 0, "it ended");
            let said: Value = serde_json::from_str(&line).unwrap();
            if said["id"] == self.id {
                return said;
            }
        }
    }

    fn tools(&mut self) -> Vec<String> {
        let listed = self.ask("tools/list", json!({}));
        let tools = listed["result"]["tools"].as_array().unwrap().iter();
        let mut names: Vec<String> = tools.map(|tool| tool["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    }

    fn call(&mut self, tool: &str, arguments: Value) -> Value {
        self.ask("tools/call", json!({"name": tool, "arguments": arguments}))["result"].clone()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn memory() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let unit = |ar: &str, en: &str| {
        format!("<tu><tuv xml:lang=\"ar\"><seg>{ar}</seg></tuv><tuv xml:lang=\"en\"><seg>{en}</seg></tuv></tu>\n")
    };
    let units = unit("تعذّر حفظ الملف.", "Could not save the file.") + &unit(&"كتاب ".repeat(2_000), "books");
    std::fs::create_dir(folder.path().join("tmx")).unwrap();
    let tmx = format!("<tmx version=\"1.4\"><header/><body>{units}</body></tmx>");
    std::fs::write(folder.path().join("tmx/a.tmx"), tmx).unwrap();
    folder
}

#[test]
fn tools_are_listed_and_called() {
    let folder = memory();
    let mut client = Client::new(folder.path(), &[]);
    assert_eq!(client.tools(), ["analyse", "concordance", "lookup"]);
    let found = client.call("lookup", json!({"source": "تعذر حفظ الملف."}));
    let best = &found["structuredContent"]["matches"][0];
    assert_eq!((&best["target"], &best["kind"]), (&json!("Could not save the file."), &json!("normalized")));
    assert_eq!(best["repaired"], json!(null));
    let found = client.call("analyse", json!({"text": "تعذر حفظ الملف.\nتعذر حفظ الملف.\n\nشيء آخر تمامًا"}));
    let rows = [("repetition", 1, 3), ("95-99", 1, 3), ("new", 1, 3)];
    let rows = rows.map(|(band, segments, words)| json!({"band": band, "segments": segments, "words": words}));
    assert_eq!(found["structuredContent"], json!({"rows": rows, "words": 9}));
    let found = client.call("concordance", json!({"query": "كتاب"}));
    let line = &found["structuredContent"]["lines"][0];
    assert_eq!(found["structuredContent"]["segments"], 1);
    assert!(line["text"].as_str().unwrap().chars().count() <= 1_001, "bounded");
    let wrong = [
        ("lookup", json!({"source": "x", "lang": "fr"}), "format"),
        ("concordance", json!({"query": "(", "kind": "regex"}), "pattern-regex"),
    ];
    for (tool, wrong, code) in wrong {
        let said = client.call(tool, wrong);
        assert_eq!((&said["isError"], &said["structuredContent"]["error"]["code"]), (&json!(true), &json!(code)));
    }
    let parted = client.call("lookup", json!({"source": "بعد ساعة من العمل تعذر حفظ الملف كما قيل لنا أمس"}));
    let part = &parted["structuredContent"]["parts"][0];
    assert_eq!((&part["text"], &part["target"]), (&json!("تعذر حفظ الملف"), &json!("Could not save the file")));
    let ways = json!({"query": "حفظ الملف", "side": "ar", "kind": "all-words", "fit": "word", "verbatim": true});
    assert_eq!(client.call("concordance", ways)["structuredContent"]["segments"], 1);
}

#[test]
fn terms_of_a_glossary_are_told() {
    let folder = memory();
    std::fs::write(folder.path().join("terms.tsv"), "ar\ten\nملف|ملفات\tfile|!document\n").unwrap();
    let mut client = Client::new(folder.path(), &["--glossary", "terms.tsv"]);
    let found = client.call("lookup", json!({"source": "تعذر حفظ الملفات."}));
    let term = &found["structuredContent"]["terms"][0];
    assert_eq!((&term["term"], &term["targets"]), (&json!("ملف"), &json!(["file"])));
}

#[test]
fn units_are_added_only_where_that_is_allowed() {
    let folder = memory();
    let unit = json!({"ar": "جملة جديدة", "en": "A new sentence"});
    let mut reader = Client::new(folder.path(), &[]);
    let refused = reader.ask("tools/call", json!({"name": "add_unit", "arguments": unit}));
    assert!(refused["error"].is_object() || refused["result"]["isError"] == true, "{refused}");
    let mut client = Client::new(folder.path(), &["--writable"]);
    assert_eq!(client.tools(), ["add_unit", "analyse", "concordance", "lookup"]);
    assert_eq!(client.call("add_unit", unit.clone())["structuredContent"]["added"], true);
    assert_eq!(client.call("add_unit", unit)["structuredContent"]["added"], false);
    assert_eq!(
        client.call("lookup", json!({"source": "جملة جديدة"}))["structuredContent"]["matches"][0]["score"],
        100.0
    );
    assert_eq!(
        reader.call("lookup", json!({"source": "جملة جديدة"}))["structuredContent"]["matches"][0]["score"],
        100.0
    );
}
