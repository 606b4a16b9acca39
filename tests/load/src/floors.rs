//! Starts the floors.

use crate::process::{Running, SERVER_CORE, pinned, sibling};
use crate::target::Target;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::Stdio;

/// The running floor server.
pub struct Floors {
    process: Running,
    address: SocketAddr,
}

impl Floors {
    /// Starts it on the server core.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start() -> Floors {
        let mut command = pinned(&sibling("floor"), SERVER_CORE);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the floor starts");
        let mut line = String::new();
        let output = child.stdout.take().expect("a pipe");
        BufReader::new(output).read_line(&mut line).expect("the floor prints its port");
        let port: u16 = line.trim().parse().expect("a port");
        Floors { process: Running(child), address: SocketAddr::from(([127, 0, 0, 1], port)) }
    }

    /// `number` 0 or 1, asked with the same bytes as the real thing apart from the path.
    pub fn target(&self, number: u8, like: &[Vec<u8>]) -> Target {
        let requests =
            like.iter().map(|request| with_path(request, &format!("/{number}"))).collect();
        Target { pid: self.process.0.id(), address: self.address, requests }
    }
}

/// The same request to another path.
fn with_path(request: &[u8], path: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(request);
    let mut parts = text.splitn(3, ' ');
    let (method, rest) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
    format!("{method} {path} {rest}").into_bytes()
}
