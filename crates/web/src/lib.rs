//! The actix kit that every face shares.
//!
//! Owns how a request becomes a tenant, an actor's cookies and checked parameters, and how a value
//! or a `Fault` becomes an answer with the right headers; the route table and its mounting; and the
//! bounded threads that use cases run on. It decides nothing about people, applications or tokens:
//! that is `issuer` and `directory`. Faces add routes, handlers and templates.

pub mod arrival;
pub mod assets;
pub mod cookies;
pub mod cors;
pub mod csrf;
pub mod documents;
pub mod fault;
pub mod forms;
pub mod headers;
pub mod next;
pub mod page;
pub mod preview;
pub mod routes;
pub mod runner;
pub mod sessions;
pub mod upload;
pub mod views;

mod dispatch;
mod draw;
mod edge;
mod host;
mod mount;
mod peer;
mod state;
mod tenant_at;
mod visitor;

#[cfg(any(test, feature = "fixture"))]
pub mod testing;

pub use arrival::Arrival;
pub use edge::edge;
pub use fault::Fault;
pub use forms::{AllParams, FormParams, QueryParams};
pub use mount::mount;
pub use routes::{Cors, Face, Permission, Route, RouteKind, RouteRow, RouteScope, table};
pub use runner::{Busy, Runner, RunnerStats, run};
pub use state::State;
pub use tenant_at::TenantAt;
pub use upload::{FileForm, Files, SentFile};
pub use visitor::Visitor;
