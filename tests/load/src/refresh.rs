//! Durable refreshes: virtual users that each rotate their own token as fast as they can.

use crate::generator::{Connection, Round, summarise};
use crate::process::cpu_ns;
use crate::target::post;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Virtual users of one application.
#[derive(Clone, Debug)]
pub struct Users {
    /// The server's process.
    pub pid: u32,
    /// Where it listens.
    pub address: SocketAddr,
    /// Path of the token endpoint.
    pub path: String,
    /// Host header.
    pub host: String,
    /// Basic credentials of the application, encoded.
    pub basic: String,
    /// The current token of each user.
    pub tokens: Vec<String>,
}

/// Lets every user rotate for `time`; their tokens go on with the next call.
///
/// # Panics
/// When the server cannot be reached.
pub fn run(users: &mut Users, time: Duration) -> Round {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let own = std::process::id();
    let (server_before, own_before) = (cpu_ns(users.pid), cpu_ns(own));
    let start = Instant::now();
    let local = tokio::task::LocalSet::new();
    let results = local.block_on(&runtime, async {
        let tasks: Vec<_> = (0..users.tokens.len())
            .map(|index| tokio::task::spawn_local(rotate(users.clone(), index, start + time)))
            .collect();
        let mut results = Vec::new();
        for task in tasks {
            results.push(task.await.expect("a user's task ends"));
        }
        results
    });
    let seconds = start.elapsed().as_secs_f64();
    let server = cpu_ns(users.pid) - server_before;
    let generator = (cpu_ns(own) - own_before) as f64 / 1e9 / seconds;
    let (tokens, outcomes): (Vec<_>, Vec<_>) = results.into_iter().unzip();
    users.tokens = tokens;
    summarise(outcomes, seconds, server, generator)
}

async fn rotate(users: Users, index: usize, deadline: Instant) -> (String, (Vec<f32>, u64)) {
    let mut token = users.tokens[index].clone();
    let (mut times, mut wrong) = (Vec::new(), 0);
    let mut connection = Connection::open(users.address).await.expect("the server listens");
    while Instant::now() < deadline {
        let body = format!("grant_type=refresh_token&refresh_token={token}");
        let request = post(&users.path, &users.host, &users.basic, &body);
        let sent = Instant::now();
        let answer = connection.exchange(&request).await;
        match answer.ok().and_then(|(status, body)| next_token(status, body)) {
            Some(next) => {
                token = next;
                times.push(sent.elapsed().as_secs_f32() * 1e6);
            }
            None => {
                wrong += 1;
                break;
            }
        }
    }
    (token, (times, wrong))
}

fn next_token(status: u16, body: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    (status == 200).then(|| value["refresh_token"].as_str().map(str::to_owned))?
}
