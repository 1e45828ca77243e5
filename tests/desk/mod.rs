//! A desk for tests of the program: a folder of its own, the real binary, and what it said.
#![allow(dead_code)]

use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// What the program printed and how it ended.
pub struct Ran {
    pub out: String,
    pub err: String,
    pub code: Option<i32>,
}

/// A folder of its own for each test.
pub struct Desk(tempfile::TempDir);

impl Desk {
    pub fn new() -> Desk {
        Desk(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, "")
    }

    pub fn run_with(&self, args: &[&str], stdin: impl AsRef<[u8]>) -> Ran {
        self.run_all(args, None, stdin)
    }

    /// With these folders in `DHAKIRA_MEMORY`.
    pub fn run_in(&self, memories: &[&str], args: &[&str]) -> Ran {
        self.run_all(args, Some(memories), "")
    }

    fn command(&self, args: &[&str], memories: Option<&[&str]>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dhakira"));
        command.args(args).current_dir(self.0.path()).env_remove("DHAKIRA_MEMORY");
        if let Some(memories) = memories {
            command.env("DHAKIRA_MEMORY", std::env::join_paths(memories).unwrap());
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command
    }

    /// The program with an open end, for line by line.
    pub fn talk(&self, args: &[&str]) -> Talk {
        let mut child = self.command(args, None).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Talk { child, input: Some(input), output }
    }

    fn run_all(&self, args: &[&str], memories: Option<&[&str]>, stdin: impl AsRef<[u8]>) -> Ran {
        let mut child = self.command(args, memories).stderr(Stdio::piped()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let bytes = stdin.as_ref().to_vec();
        // The program may end before it has read everything: that is its right.
        let feeder = std::thread::spawn(move || drop(input.write_all(&bytes)));
        let output = child.wait_with_output().unwrap();
        feeder.join().unwrap();
        Ran {
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code(),
        }
    }
}

/// A program that is asked line by line.
pub struct Talk {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Talk {
    pub fn ask(&mut self, line: &str) -> Value {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
        let mut answer = String::new();
        self.output.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).expect(&answer)
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        self.input.take();
        let _ = self.child.wait();
    }
}

/// Each line as JSON.
pub fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

/// Files of the tree that are not whole: what an interrupted or failed write would leave.
pub fn partial_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries.filter(|p| p.to_string_lossy().contains("partial")).collect()
}
