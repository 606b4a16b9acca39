//! The listener itself.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What a server does with a request: its head is given, the answer is written. An error ends
/// the connection.
pub type Answer = dyn Fn(&str, &mut dyn Write) -> io::Result<()> + Send + Sync;

/// A listener on loopback.
pub struct Server {
    pub port: u16,
    ip: IpAddr,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    record: Mutex<Record>,
    changed: Condvar,
    sent: AtomicU64,
}

#[derive(Default)]
struct Record {
    peers: Vec<SocketAddr>,
    own: usize,
    heads: Vec<String>,
    ended: usize,
}

trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

impl Server {
    /// Answers over plain HTTP.
    pub fn start<F>(answer: F) -> Self
    where
        F: Fn(&str, &mut dyn Write) -> io::Result<()> + Send + Sync + 'static,
    {
        Self::listen(Ipv4Addr::LOCALHOST.into(), 0, None, Arc::new(answer)).unwrap()
    }

    /// Answers over TLS.
    pub fn tls<F>(config: Arc<ServerConfig>, answer: F) -> Self
    where
        F: Fn(&str, &mut dyn Write) -> io::Result<()> + Send + Sync + 'static,
    {
        let ip = Ipv4Addr::LOCALHOST.into();
        Self::listen(ip, 0, Some(config), Arc::new(answer)).unwrap()
    }

    /// Something that nobody should reach.
    pub fn sink() -> Self {
        Self::start(|_, out| ok(out, "inside"))
    }

    /// The same on IPv6 and this port, where the machine has it.
    pub fn sink_v6(port: u16) -> Option<Self> {
        let answer: Arc<Answer> = Arc::new(|_, out| ok(out, "inside"));
        Self::listen(std::net::Ipv6Addr::LOCALHOST.into(), port, None, answer).ok()
    }

    fn listen(
        ip: IpAddr,
        port: u16,
        tls: Option<Arc<ServerConfig>>,
        answer: Arc<Answer>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((ip, port))?;
        let port = listener.local_addr()?.port();
        let seen = Arc::new(Seen::default());
        let shared = seen.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Ok(peer) = stream.peer_addr() else { continue };
                shared.note(|record| record.peers.push(peer));
                let (seen, answer, tls) = (shared.clone(), answer.clone(), tls.clone());
                thread::spawn(move || {
                    _ = converse(stream, tls, &seen, &*answer);
                    seen.note(|record| record.ended += 1);
                });
            }
        });
        Ok(Self { port, ip, seen })
    }

    /// `ADDRESS:PORT`.
    pub fn address(&self) -> String {
        SocketAddr::new(self.ip, self.port).to_string()
    }

    /// A plain URL of this server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }

    /// How many connections were made. Asks with a connection of its own: those before it have
    /// been accepted when that one is, for they queue in order.
    pub fn connects(&self) -> usize {
        let own = TcpStream::connect((self.ip, self.port)).unwrap();
        let name = own.local_addr().unwrap();
        let record = self.seen.wait(|record| record.peers.contains(&name));
        let (peers, before) = (record.peers.len(), record.own);
        drop(record);
        self.seen.note(|record| record.own += 1);
        peers - before - 1
    }

    /// The heads of all requests.
    pub fn heads(&self) -> Vec<String> {
        self.seen.record.lock().unwrap().heads.clone()
    }

    /// Waits until so many connections have ended and says how many bytes were written on all.
    pub fn sent_after(&self, ended: usize) -> u64 {
        drop(self.seen.wait(|record| record.ended >= ended));
        self.seen.sent.load(Ordering::SeqCst)
    }
}

impl Seen {
    fn note(&self, change: impl FnOnce(&mut Record)) {
        change(&mut self.record.lock().unwrap());
        self.changed.notify_all();
    }

    fn wait(&self, until: impl Fn(&Record) -> bool) -> std::sync::MutexGuard<'_, Record> {
        let record = self.record.lock().unwrap();
        let limit = Duration::from_secs(20);
        let (record, late) =
            self.changed.wait_timeout_while(record, limit, |record| !until(record)).unwrap();
        assert!(!late.timed_out(), "the server did not come so far");
        record
    }
}

fn converse(
    stream: TcpStream,
    tls: Option<Arc<ServerConfig>>,
    seen: &Seen,
    answer: &Answer,
) -> io::Result<()> {
    let mut stream: Box<dyn Stream> = match tls {
        None => Box::new(stream),
        Some(config) => {
            let connection = ServerConnection::new(config).map_err(io::Error::other)?;
            Box::new(StreamOwned::new(connection, stream))
        }
    };
    loop {
        let head = read_head(&mut stream)?;
        seen.note(|record| record.heads.push(head.clone()));
        answer(&head, &mut Counted { stream: &mut stream, sent: &seen.sent })?;
        stream.flush()?;
    }
}

/// The head of a request; its body is read and thrown away.
fn read_head(stream: &mut dyn Read) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    stream.read_exact(&mut vec![0; length.unwrap_or(0)])?;
    Ok(head)
}

struct Counted<'a> {
    stream: &'a mut dyn Write,
    sent: &'a AtomicU64,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.stream.write(bytes)?;
        self.sent.fetch_add(written as u64, Ordering::SeqCst);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// A complete answer with status 200.
pub fn ok(out: &mut dyn Write, text: &str) -> io::Result<()> {
    body(out, "", text.as_bytes())
}

/// A complete answer with more headers, each ended by CRLF.
pub fn body(out: &mut dyn Write, headers: &str, body: &[u8]) -> io::Result<()> {
    write!(out, "HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n", body.len())?;
    out.write_all(body)
}

/// One chunk of a chunked body.
pub fn chunked(out: &mut dyn Write, bytes: &[u8]) -> io::Result<()> {
    write!(out, "{:x}\r\n", bytes.len())?;
    out.write_all(bytes)?;
    out.write_all(b"\r\n")
}

/// Lets so much time pass for the client at once. Its clock runs on after that: what the network
/// does takes the time it takes.
pub async fn forward(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// The server takes its time.
pub fn pause(time: Duration) {
    let (_kept, never) = mpsc::channel::<()>();
    _ = never.recv_timeout(time);
}
