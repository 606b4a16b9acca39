//! The queries of every table, on both databases: what they find, change and forget, that nobody
//! reaches into another tenant, that one of two wins, and that an index serves them.

mod common;

#[path = "tables/calls.rs"]
mod calls;
#[path = "tables/conflicts.rs"]
mod conflicts;
#[path = "tables/dump.rs"]
mod dump;
#[path = "tables/installation.rs"]
mod installation;
#[path = "tables/isolation.rs"]
mod isolation;
#[path = "tables/kit.rs"]
mod kit;
#[path = "tables/lists.rs"]
mod lists;
#[path = "tables/many.rs"]
mod many;
#[path = "tables/people.rs"]
mod people;
#[path = "tables/plans.rs"]
mod plans;
#[path = "tables/races.rs"]
mod races;
#[path = "tables/remembered.rs"]
mod remembered;
#[path = "tables/state.rs"]
mod state;
#[path = "tables/sweeps.rs"]
mod sweeps;
#[path = "tables/system_calls.rs"]
mod system_calls;
