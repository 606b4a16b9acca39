//! The HTTP side of a provider: one thread per connection, one request each.

use super::{Shared, lock, token};
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A request it received.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The verb.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Seen {
    /// A header; empty without it.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
}

pub(super) fn run(listener: TcpListener, shared: Arc<Shared>, stop: Arc<AtomicBool>) {
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            if stop.load(Ordering::SeqCst) {
                return;
            }
            let shared = Arc::clone(&shared);
            if let Ok(stream) = stream {
                std::thread::spawn(move || drop(one(&shared, stream)));
            }
        }
    });
}

fn one(shared: &Shared, mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let Some(seen) = read(&stream)? else { return Ok(()) };
    lock(&shared.seen).push(seen.clone());
    let script = lock(&shared.script).clone();
    if let Some(delay) = script.delays.get(&seen.path) {
        crate::wait::pause(*delay);
    }
    if let Some((status, location)) = script.redirects.get(&seen.path) {
        return write!(
            stream,
            "HTTP/1.1 {status} Moved\r\nlocation: {location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
    }
    if let Some(bytes) = script.floods.get(&seen.path) {
        return flood(&mut stream, *bytes);
    }
    let (status, kind, body) = match script.answers.get(&seen.path) {
        Some(answer) => answer.clone(),
        None => right(shared, &seen),
    };
    write!(
        stream,
        "HTTP/1.1 {status} Said\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// The answer of a provider that does everything right.
fn right(shared: &Shared, seen: &Seen) -> (u16, String, String) {
    let json = |status, body: String| (status, "application/json".to_owned(), body);
    match seen.path.as_str() {
        "/.well-known/openid-configuration" => json(200, shared.discovery().to_string()),
        "/keys" => json(200, shared.key_set().to_string()),
        "/token" => {
            let (status, body) = token::answer(shared, seen);
            json(status, body)
        }
        "/userinfo" if seen.header("authorization") == "Bearer access-of-the-provider" => {
            json(200, lock(&shared.script).profile.to_string())
        }
        "/userinfo" => json(401, json!({ "error": "invalid_token" }).to_string()),
        _ => json(404, "{}".to_owned()),
    }
}

fn flood(stream: &mut TcpStream, bytes: u64) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{{\"x\":\""
    )?;
    let piece = [b'x'; 64 * 1024];
    let mut left = bytes;
    while left > 0 {
        stream.write_all(&piece)?;
        left = left.saturating_sub(piece.len() as u64);
    }
    Ok(())
}

fn read(stream: &TcpStream) -> std::io::Result<Option<Seen>> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    let (method, path) = (method.to_owned(), target.split('?').next().unwrap_or("").to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut seen = Seen { method, path, headers, body: String::new() };
    let length = seen.header("content-length").parse().unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    seen.body = String::from_utf8_lossy(&body).into_owned();
    Ok(Some(seen))
}
