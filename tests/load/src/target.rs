//! What a round of load is sent to: a process, its address and prepared requests.

use std::net::SocketAddr;

/// A process under load.
#[derive(Clone, Debug)]
pub struct Target {
    /// For its CPU time.
    pub pid: u32,
    /// Where it listens.
    pub address: SocketAddr,
    /// Whole requests, sent round-robin over kept connections.
    pub requests: Vec<Vec<u8>>,
}

/// A GET request as bytes.
pub fn get(path: &str, host: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n\r\n").into_bytes()
}

/// A form POST with Basic authentication as bytes.
pub fn post(path: &str, host: &str, basic: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic {basic}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    head.into_bytes()
}
