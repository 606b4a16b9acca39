//! The client against real listeners on this machine: what reaches them, what does not, and what
//! a caller is told.
//!
//! One module per promise of the crate. Nothing leaves the machine, except where an address
//! nobody has is tried on purpose.

mod certificates;
mod circuits;
mod documents;
mod guard;
mod http2;
mod limits;
mod requests;
mod support;
