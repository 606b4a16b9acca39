//! Everything about the database, and nothing else: the only user of diesel.
//!
//! The engine first (connections, transactions, the change feed, migrations), then one module per
//! table with its queries as methods on `Tx`. Leaves deciding to the rooms on its left.

mod conn;
pub mod db;
pub mod error;
pub mod feed;
pub mod ids;
mod instrument;
mod lane;
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
