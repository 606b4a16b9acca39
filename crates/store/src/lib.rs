//! Everything about the database, and nothing else: the only user of diesel.
//!
//! The engine first (connections, transactions, the change feed, migrations), then one module per
//! table with its queries as methods on `Tx`. Leaves deciding to the rooms on its left.

mod command;
mod conn;
pub mod db;
pub mod error;
#[cfg(any(test, feature = "faults"))]
pub mod faults;
pub mod feed;
mod hooks;
pub mod ids;
mod instrument;
mod lane;
pub mod migrate;
mod pg;
mod pool;
mod read;
pub mod time;
mod tx;

pub use db::{Config, Db, Kind, SystemTx, Tx};
pub use error::Error;
pub use feed::Change;
pub use ids::*;
pub use instrument::Counters;
pub use time::Timestamp;

// Tables.
mod application_config;
pub mod applications;
pub mod assets;
pub mod audit;
pub mod batches;
mod connection_config;
pub mod connection_tests;
pub mod connections;
pub mod consents;
pub mod daily_counts;
mod deletions;
pub mod domains;
pub mod flows;
pub mod grants;
pub mod guesses;
pub mod identities;
pub mod invitations;
pub mod jobs;
pub mod links;
pub mod mail_templates;
pub mod mails;
pub mod mapping_versions;
pub mod members;
mod meta;
pub mod nodes;
pub mod organizations;
pub mod outbox;
pub mod roles;
mod schema;
pub mod sessions;
pub mod settings;
pub mod signing_keys;
pub mod spent;
pub mod tenants;
pub mod traces;
pub mod users;
mod ways;

pub use application_config::{ApplicationConfig, ApplicationSignIn};
pub use connection_config::{ConnectionConfig, ExtraRequest, ProfileFrom, UpstreamAuth};
pub use protocol::token_request::GrantType;
