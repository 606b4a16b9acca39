//! Signing in through a provider: sending somebody there, checking what comes back, and handing
//! the issuer data about whom the provider vouches for. It decides nothing about accounts; that is
//! `issuer::upstream`.
//!
//! A sign-in has three parts. [`begin()`] and [`arrive()`] are synchronous and read the database,
//! [`send_off`] and [`ask_provider`] are asynchronous and talk to the provider, [`conclude()`] is
//! synchronous again and writes once. Between them nothing is stored: what must come back is sealed
//! into `state`. Only user of `openidconnect`, which builds and reads the requests; signatures are
//! verified by `vault`.

mod answer;
mod arrive;
mod begin;
mod client;
mod conclude;
mod connection_test;
mod credentials;
mod discovery;
mod endpoints;
mod exchange;
mod failure;
mod id_token;
mod keys;
mod label;
mod mapped;
mod profile;
mod provider;
mod run;
mod transaction;
mod wire;

pub use answer::{Answer, open_posted, seal_posted};
pub use arrive::{Arrived, arrive};
pub use begin::{Ready, begin, begin_link, send_off};
pub use conclude::{Conclusion, conclude};
pub use connection_test::{TestStart, begin_test, start_test};
pub use credentials::{Question, check_credentials, question};
pub use discovery::{Finding, LookUp, look_up};
pub use failure::{Failure, Refusal};
pub use provider::{Verified, ask_provider};
pub use run::Run;
pub use transaction::Intent;

use outbound::{DocumentPolicy, Documents, Outbound};

/// What providers are reached through. Clones share it.
#[derive(Clone, Debug)]
pub struct Upstreams {
    /// The HTTP client.
    pub outbound: Outbound,
    /// Discovery documents and key sets, kept.
    pub documents: Documents,
}

impl Upstreams {
    /// Through this client.
    pub fn new(outbound: Outbound) -> Upstreams {
        let documents = Documents::new(outbound.clone(), DocumentPolicy::default());
        Upstreams { outbound, documents }
    }
}

/// The one callback address of a connection (RFC 9700 §4.4.2.1: one per provider, so that an
/// answer says by its address whose it is).
pub fn callback_url(issuer: &str, code: &str) -> String {
    format!("{issuer}/federation/{code}/callback")
}
