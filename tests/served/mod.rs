//! The server as its clients meet it: the real binary on a free port, over a memory in a folder of its own.
#![allow(dead_code)]

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A server, killed when nobody holds it.
pub struct Served {
    pub folder: TempDir,
    pub address: String,
    pub child: Child,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {} {}", self.head, self.text()))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

pub const MEMORY: [(&str, &str); 6] = [
    ("وصلت السفينة إلى الميناء صباح اليوم.", "The ship reached the port this morning."),
    ("تعذّر حفظ الملف.", "Could not save the file."),
    ("افتح الملف / المجلد؟", "Open the file / folder?"),
    ("اعتمد المجلس القرار.", "The council adopted the resolution."),
    ("<script>alert(1)</script> نص", "<script>alert(1)</script> text"),
    ("=1+1 صيغة", "=1+1 formula"),
];

impl Served {
    /// With [`MEMORY`].
    pub fn new(arguments: &[&str]) -> Served {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("tmx")).unwrap();
        let lines: Vec<String> = MEMORY.iter().map(|(ar, en)| format!("{ar}\t{en}\n")).collect();
        std::fs::write(folder.path().join("memory.tsv"), format!("ar\ten\n{}", lines.concat())).unwrap();
        let imported = Command::new(env!("CARGO_BIN_EXE_dhakira"))
            .current_dir(folder.path())
            .args(["import", "memory.tsv", "--memory", "tmx", "--quiet"])
            .status();
        assert!(imported.unwrap().success());
        Served::over(folder, arguments)
    }

    /// Over the folder `tmx` of a folder.
    pub fn over(folder: TempDir, arguments: &[&str]) -> Served {
        let mut child = command(folder.path(), arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
        assert!(!address.is_empty(), "it did not start");
        Served { folder, address, child }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"")
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, &[("Content-Type", "application/json")], body.to_string().as_bytes())
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        if !headers.iter().any(|(name, _)| *name == "Host") {
            request += &format!("Host: {}\r\n", self.address);
        }
        headers.iter().for_each(|(name, value)| request += &format!("{name}: {value}\r\n"));
        request += "\r\n";
        self.send(&[request.as_bytes(), body].concat())
    }

    /// Sends bytes as they are.
    pub fn send(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        // Who refuses a long body does not wait for its end.
        let _ = stream.write_all(request);
        answer(stream)
    }
}

/// `dhakira serve` over `tmx`, on a free port.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dhakira"));
    command.current_dir(folder).args(["serve", "--memory", "tmx"]).args(arguments);
    if !arguments.contains(&"--listen") {
        command.args(["--listen", "127.0.0.1:0"]);
    }
    command
}

/// Reads an answer to the end of the connection.
pub fn answer(mut stream: TcpStream) -> Answer {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_else(|| {
        panic!("no answer: {}", String::from_utf8_lossy(&bytes));
    });
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
    let answer = Answer { status, head, body: bytes.split_off(end + 4) };
    match answer.header("transfer-encoding") {
        Some("chunked") => Answer { body: unchunked(&answer.body), ..answer },
        _ => answer,
    }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap().trim(), 16).unwrap();
        if size == 0 {
            break;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 2 + size + 2..];
    }
    body
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Percent-encodes everything but letters and digits of ASCII, as Weblate does (`safe=""`).
pub fn encoded(text: &str) -> String {
    let byte = |b: u8| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(byte).collect()
}

/// Files of the memory that are not whole TMX.
pub fn broken_files(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder.join("tmx")).unwrap().map(|entry| entry.unwrap().path());
    let is_tmx = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "tmx");
    files.filter(is_tmx).filter(|path| !std::fs::read_to_string(path).unwrap().trim_end().ends_with("</tmx>")).collect()
}
