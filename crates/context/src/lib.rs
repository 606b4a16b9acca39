//! What a use case is given: the database, the clock, randomness, settings, and snapshots of
//! tenants and applications that the change feed keeps honest. Nothing here decides anything;
//! rights are in `directory`, sign-ins in `issuer`.

pub mod application;
pub mod clock;
pub mod connection;
pub mod ctx;
pub mod feed;
pub mod installation;
pub mod keys;
pub mod settings;
pub mod snapshots;
pub mod tenant;
pub mod traces;

mod epochs;
mod near;

pub use application::Application;
pub use clock::Clock;
pub use connection::{Connection, ConnectionKind};
pub use ctx::Ctx;
pub use keys::KeySet;
pub use settings::{Addressing, PlainHosts, Settings};
pub use snapshots::{Connections, Snapshots, TenantAddress};
pub use tenant::{Tenant, TenantStatus};
pub use traces::{TraceEvent, TraceSink};
