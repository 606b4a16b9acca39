//! Outbound: the one HTTP client. Everything this process fetches from somewhere else goes
//! through [`Outbound::send`], and documents that are fetched again and again through
//! [`Documents`].
//!
//! Owns the address guard (judged where the connection is made, so a name that changes its
//! answer gains nothing), the allow-list, extra certificate authorities, limits of time and size,
//! and the circuits of hosts that are down. It is the only user of `reqwest`. What is fetched,
//! when, and what an answer means is decided by its callers (`federation`, `web`, `server`).
//!
//! The rules, for every request:
//! - `https` only; plain `http` for allow-listed hosts in development.
//! - An address that is not globally reachable is refused unless the host is allow-listed, in
//!   every spelling; one such answer among others refuses the name as a whole.
//! - Redirects are never followed, proxies of the environment never used, no cookie and no
//!   `Referer` is sent, no request is repeated.
//! - Connecting, the whole exchange, the head and the (decompressed) body are bounded.
//!
//! Errors say to admins and logs what happened and what helps. People at a browser are shown one
//! and the same error for all of them, or the difference would be a map of the inside.

mod address;
mod circuit;
mod client;
mod clock;
mod connect;
mod documents;
mod error;
mod failure;
mod freshness;
mod json;
mod message;
mod policy;
mod resolver;
mod shelf;
mod target;
mod tls;

pub use client::Outbound;
pub use documents::{Document, Documents};
pub use error::{OutboundError, Phase};
pub use freshness::Ages;
pub use message::{Budget, Limits, Method, Request, Response};
pub use policy::{AllowedHost, CircuitPolicy, DocumentPolicy, Policy};
pub use url::Url;
