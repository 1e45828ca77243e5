//! A client over one connection that stays (HTTP/1.1, RFC 9112).

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

pub struct Client {
    address: String,
    stream: BufReader<TcpStream>,
}

impl Client {
    pub fn new(address: &str) -> Client {
        let stream = TcpStream::connect(address).expect("it listens");
        stream.set_nodelay(true).expect("a socket");
        Client { address: address.to_owned(), stream: BufReader::new(stream) }
    }

    /// Asks for suggestions; how long it took.
    pub fn look_up(&mut self, text: &str) -> Duration {
        let body = serde_json::json!({ "source": text }).to_string();
        let start = Instant::now();
        std::hint::black_box(self.ask("POST", "/v1/lookup", body.as_bytes()));
        start.elapsed()
    }

    /// The body of a good answer.
    pub fn ask(&mut self, method: &str, path: &str, body: &[u8]) -> Vec<u8> {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        self.stream.get_mut().write_all(&[head.as_bytes(), body].concat()).expect("it reads");
        let mut length = 0;
        for number in 0.. {
            let mut line = String::new();
            self.stream.read_line(&mut line).expect("an answer");
            if number == 0 {
                assert!(line.starts_with("HTTP/1.1 2"), "{line}");
            } else if line == "\r\n" {
                break;
            } else if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().expect("a number");
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("all of it");
        body
    }
}
