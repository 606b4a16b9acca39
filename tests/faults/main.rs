//! What a crash, a slow or missing dependency, and two nodes at once may do, and what they never
//! may: lose what was acknowledged, revive what was replaced, or skip a check.

mod database;
mod disk_full;
mod graceful_stop;
mod kill_node_pg;
mod kill_sqlite;
mod ledger;
mod other_node;
mod postgres_tls;
mod races;
mod rotation;
mod start;
