//! Tenants are apart: a matrix made from the route table itself, so that a new route cannot be
//! forgotten. Every route is asked by everybody who has no business there, and with another
//! tenant's ids, and must answer exactly as for ids that do not exist.

mod actors;
mod matrix;
mod table;
mod world;
