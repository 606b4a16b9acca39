//! Listeners on loopback that count what reaches them, and the policies that lead to them.
//!
//! A server runs an answer for every request on a thread per connection; the answer writes raw
//! bytes, so it can break every rule of HTTP.

pub mod authority;
mod server;

use std::net::IpAddr;
use std::time::Duration;

use outbound::{AllowedHost, Limits, Outbound, OutboundError, Policy, Request, Response};

pub use server::{Server, body, chunked, forward, ok, pause};

/// A policy in development with these hosts allowed.
pub fn allowing<S: AsRef<str>>(hosts: &[S]) -> Policy {
    let allow = hosts.iter().map(|host| AllowedHost::parse(host.as_ref()).unwrap()).collect();
    Policy { allow, dev: true, ..Policy::default() }
}

/// A client that may reach this server by its address, over plain HTTP.
pub fn client_for(server: &Server) -> Outbound {
    Outbound::new(allowing(&[server.address()])).unwrap()
}

/// The same policy with answers for a name.
pub fn resolving(mut policy: Policy, name: &str, lists: &[&[&str]]) -> Policy {
    for list in lists {
        let list: Vec<IpAddr> = list.iter().map(|address| address.parse().unwrap()).collect();
        policy.resolve.push((name.to_owned(), list));
    }
    policy
}

/// Limits short enough to be waited for.
pub fn short() -> Limits {
    Limits { total: Duration::from_millis(400), connect: Duration::from_millis(250), body: 1 << 20 }
}

/// Sends a `GET` and waits.
pub async fn get(outbound: &Outbound, url: &str) -> Result<Response, OutboundError> {
    outbound.send(Request::get(url)).await
}

/// Sends a `GET` within short limits and waits.
pub async fn get_short(outbound: &Outbound, url: &str) -> Result<Response, OutboundError> {
    outbound.send(Request::get(url).limits(short())).await
}
