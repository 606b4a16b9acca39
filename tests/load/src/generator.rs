//! Closed-loop load: a number of kept connections on one thread, each sending the next prepared
//! request when the last answer is complete. Answers are checked, not only counted.

use crate::process::cpu_ns;
use crate::target::Target;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What one round of load showed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Round {
    /// Right answers.
    pub good: u64,
    /// Anything else.
    pub wrong: u64,
    /// Length in seconds.
    pub seconds: f64,
    /// CPU time of the server in microseconds per right answer.
    pub cpu_us: f64,
    /// How busy the generator's core was, 0 to 1.
    pub generator: f64,
    /// Median and 99th percentile of the answer time, in microseconds.
    pub p50_us: f64,
    /// See `p50_us`.
    pub p99_us: f64,
}

impl Round {
    /// Right answers per second.
    pub fn rate(&self) -> f64 {
        self.good as f64 / self.seconds
    }
}

/// One connection with its read buffer.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// Whatever the socket says.
    pub async fn open(address: std::net::SocketAddr) -> std::io::Result<Connection> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, buffer: Vec::with_capacity(8192) })
    }

    /// Sends a request and reads the answer; status and body.
    ///
    /// # Errors
    /// Whatever the socket says, also an answer without a length.
    pub async fn exchange(&mut self, request: &[u8]) -> std::io::Result<(u16, &[u8])> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if let Some((status, start, end)) = complete(&self.buffer) {
                return Ok((status, &self.buffer[start..end]));
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// Status and the range of the body, once the answer is whole.
fn complete(bytes: &[u8]) -> Option<(u16, usize, usize)> {
    let head = bytes.windows(4).position(|part| part == b"\r\n\r\n")?;
    let text = std::str::from_utf8(&bytes[..head]).ok()?;
    let status = text.get(9..12)?.parse().ok()?;
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let start = head + 4;
    let end = start + length.unwrap_or(0);
    (bytes.len() >= end).then_some((status, start, end))
}

/// Runs `connections` for `time` against a target.
///
/// # Panics
/// When the target cannot be reached at all.
pub fn run(target: &Target, connections: usize, time: Duration) -> Round {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let own = std::process::id();
    let (server_before, own_before) = (cpu_ns(target.pid), cpu_ns(own));
    let start = Instant::now();
    let deadline = start + time;
    let local = tokio::task::LocalSet::new();
    let outcomes = local.block_on(&runtime, async {
        let tasks: Vec<_> = (0..connections)
            .map(|number| tokio::task::spawn_local(drive(target.clone(), number, deadline)))
            .collect();
        let mut outcomes = Vec::new();
        for task in tasks {
            outcomes.push(task.await.expect("a connection's task ends"));
        }
        outcomes
    });
    let seconds = start.elapsed().as_secs_f64();
    let server = cpu_ns(target.pid) - server_before;
    let generator = (cpu_ns(own) - own_before) as f64 / 1e9 / seconds;
    summarise(outcomes, seconds, server, generator)
}

/// Times of the right answers in microseconds, and the number of wrong ones.
type Outcome = (Vec<f32>, u64);

async fn drive(target: Target, number: usize, deadline: Instant) -> Outcome {
    let (mut times, mut wrong) = (Vec::new(), 0);
    let mut connection = Connection::open(target.address).await.expect("the target listens");
    let mut next = number;
    while Instant::now() < deadline {
        let request = &target.requests[next % target.requests.len()];
        next += 1;
        let sent = Instant::now();
        match connection.exchange(request).await {
            Ok((200, body)) if !body.is_empty() => times.push(sent.elapsed().as_secs_f32() * 1e6),
            Ok(_) => wrong += 1,
            Err(_) => {
                wrong += 1;
                match Connection::open(target.address).await {
                    Ok(fresh) => connection = fresh,
                    Err(_) => break,
                }
            }
        }
    }
    (times, wrong)
}

/// Puts the connections' outcomes together.
pub fn summarise(outcomes: Vec<Outcome>, seconds: f64, server_ns: u64, generator: f64) -> Round {
    let wrong = outcomes.iter().map(|(_, wrong)| wrong).sum();
    let mut times: Vec<f32> = outcomes.into_iter().flat_map(|(times, _)| times).collect();
    times.sort_by(f32::total_cmp);
    let at = |share: f64| {
        let index = (times.len() as f64 * share) as usize;
        f64::from(times.get(index.min(times.len().saturating_sub(1))).copied().unwrap_or_default())
    };
    let good = times.len() as u64;
    let cpu_us = server_ns as f64 / 1e3 / good.max(1) as f64;
    Round { good, wrong, seconds, cpu_us, generator, p50_us: at(0.5), p99_us: at(0.99) }
}
