//! Programs of others that talk to the server: Weblate's own classes, deep-translator and translate, translate-toolkit's
//! tmserver beside ours, schemathesis against the OpenAPI document, a client of the Model Context Protocol.
//!
//! They are Python packages: `DHAKIRA_CLIENTS` names the Python that has them (`weblate`, `deep-translator`, `translate`,
//! `schemathesis`, `mcp`), `DHAKIRA_TMSERVER` the one with `translate-toolkit==3.18.1`. Without them the tests skip.
#![cfg(feature = "serve")]

mod served;

use serde_json::{Value, json};
use served::{MEMORY, Served, encoded};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A program of the environment, or none and a line that says so.
fn python(variable: &str, module: &str) -> Option<PathBuf> {
    let python = std::env::var_os(variable).map(PathBuf::from);
    let has = |python: &PathBuf| {
        let code = format!("import {module}");
        let ran = Command::new(python).args(["-c", &code]).stderr(Stdio::null()).status();
        ran.is_ok_and(|status| status.success())
    };
    let found = python.filter(has);
    if found.is_none() {
        eprintln!("skipped: {variable} names no Python that has {module}");
    }
    found
}

/// A script that is not part of the project.
fn script(name: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("DHAKIRA_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let path = shared.join("tools/clients").join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

fn run(python: &Path, arguments: &[&str]) -> String {
    let ran = Command::new(python).args(arguments).env("PYTHONUTF8", "1").output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{out}\n{err}");
    out.into_owned()
}

#[test]
fn weblate_asks_both_protocols() {
    let (Some(python), Some(script)) = (python("DHAKIRA_CLIENTS", "weblate"), script("drive_weblate.py")) else {
        return;
    };
    let served = Served::new(&[]);
    let script = script.display().to_string();
    for (kind, path) in [("tmserver", "tmserver"), ("tmserver", "api/v1"), ("mymemory", "get")] {
        for (source, target, from, to) in [
            ("Could not save the file.", "تعذّر حفظ الملف.", "en", "ar"),
            ("Open the file / folder?", "افتح الملف / المجلد؟", "en_US", "ar_EG"),
            ("اعتمد المجلس قراره.", "The council adopted the resolution.", "ar", "en"),
        ] {
            let said = run(&python, &[&script, kind, &format!("http://{}/{path}", served.address), source, from, to]);
            let found: Value = serde_json::from_str(&said[said.rfind("\n[").map_or(0, |at| at + 1)..]).unwrap();
            assert_eq!(found[0]["text"], target, "{kind} {path}: {said}");
            assert!(found[0]["quality"].as_u64().unwrap() >= 75);
        }
    }
}

#[test]
fn clients_of_mymemory_translate() {
    let (Some(python), Some(script)) = (
        python("DHAKIRA_CLIENTS", "deep_translator; from translate import Translator"),
        script("drive_mymemory_pip.py"),
    ) else {
        return;
    };
    let served = Served::new(&[]);
    let url = format!("http://{}/get", served.address);
    let said = run(&python, &[&script.display().to_string(), &url, "Could not save the files.", "en", "ar"]);
    assert!(said.matches("تعذّر حفظ الملف.").count() >= 3, "{said}");
}

/// Where tmserver still answers, both name the same best suggestion, with the same fields.
#[test]
fn answers_as_tmserver_did() {
    let Some(python) = python("DHAKIRA_TMSERVER", "translate.services.tmserver") else { return };
    let served = Served::new(&[]);
    let folder = served.folder.path();
    let units = MEMORY.map(|(ar, en)| {
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
        format!(
            "<tu><tuv xml:lang=\"en\"><seg>{}</seg></tuv><tuv xml:lang=\"ar\"><seg>{}</seg></tuv></tu>",
            escaped(en),
            escaped(ar)
        )
    });
    let head = "<header creationtool=\"t\" creationtoolversion=\"1\" segtype=\"sentence\" o-tmf=\"t\" adminlang=\"en\" srclang=\"en\" datatype=\"plaintext\"/>";
    std::fs::write(
        folder.join("memory.tmx"),
        format!("<tmx version=\"1.4\">{head}<body>{}</body></tmx>", units.concat()),
    )
    .unwrap();
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let mut theirs = Command::new(python)
        .current_dir(folder)
        .args([
            "-m",
            "translate.services.tmserver",
            "-d",
            "t.db",
            "-f",
            "memory.tmx",
            "-s",
            "en",
            "-t",
            "ar",
            "-b",
            "127.0.0.1",
            "-p",
            &port,
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let there = |path: &str| -> Option<Value> {
        for _ in 0..100 {
            if let Ok(mut stream) = std::net::TcpStream::connect(format!("127.0.0.1:{port}")) {
                use std::io::Write;
                let _ = write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
                return serde_json::from_slice(&served::answer(stream).body).ok();
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        None
    };
    let compared: Vec<(Option<Value>, Value)> =
        ["Could not save the file.", "The ship reached the port in the morning.", "zzzzz"]
            .map(|text| format!("/tmserver/en/ar/unit/{}", encoded(text)))
            .map(|path| (there(&path), served.get(&path).json()))
            .into();
    theirs.kill().unwrap();
    let _ = theirs.wait();
    for (theirs, ours) in compared {
        let theirs = theirs.expect("it answers");
        assert_eq!(theirs[0]["target"], ours[0]["target"], "{theirs} {ours}");
        let Some(fields) = theirs[0].as_object() else { continue };
        assert!(fields.keys().all(|field| ours[0].get(field).is_some()), "{fields:?}");
    }
}

#[test]
fn schemathesis_finds_no_undocumented_answer() {
    let Some(python) = python("DHAKIRA_CLIENTS", "schemathesis") else { return };
    let served = Served::new(&[]);
    let url = format!("http://{}/openapi.json", served.address);
    let checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance";
    let program = python.with_file_name("schemathesis");
    let ran = Command::new(program)
        .current_dir(served.folder.path())
        .args(["run", &url, "--checks", checks, "--max-examples", "25", "--seed", "1"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}");
    assert_eq!(served.get("/health").json()["status"], json!("ok"));
}

#[test]
fn a_client_of_the_model_context_protocol_lists_and_calls() {
    let Some(python) = python("DHAKIRA_CLIENTS", "mcp") else { return };
    let served = Served::new(&[]);
    let code = r#"
import asyncio, sys
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
async def main():
    server = StdioServerParameters(command=sys.argv[1], args=["mcp", "--memory", sys.argv[2]])
    async with stdio_client(server) as (read, write):
        async with ClientSession(read, write) as session:
            await session.initialize()
            print(sorted(tool.name for tool in (await session.list_tools()).tools))
            answer = await session.call_tool("lookup", {"source": "تعذر حفظ الملف"})
            content = getattr(answer, "structured_content", None) or answer.structuredContent
            print(content["matches"][0]["target"])
asyncio.run(main())
"#;
    let memory = served.folder.path().join("tmx").display().to_string();
    let said = run(&python, &["-c", code, env!("CARGO_BIN_EXE_dhakira"), &memory]);
    assert_eq!(said, "['analyse', 'concordance', 'lookup']\nCould not save the file.\n");
}
