//! Face 1: the protocol endpoints of each tenant.
//!
//! A handler reads a request, calls one use case of `issuer` and puts its value or refusal into the
//! answer that the specifications ask for. Nothing is decided here; pages belong to `hosted`, and
//! tenants, headers, CORS and error bodies to `web`.

mod authorize;
mod client;
mod documents;
mod introspect;
mod revoke;
mod routes;
mod token;
mod userinfo;

pub use routes::routes;

#[cfg(test)]
mod tests;
