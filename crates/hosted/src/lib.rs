//! The pages that end users see: signing in, choosing an account, consent, signing out, setting a
//! password, and the first operator's set-up.
//!
//! Owns their addresses, templates and texts. A handler opens what the address names, calls one use
//! case of `issuer` or `directory` on the bounded threads, and answers: 303 after success, 422 with
//! the form as it was (without its password) after a refusal. Which step follows is decided by
//! `issuer::flow::next_step` and put into an answer by `web::next`.

mod account;
mod admin_invitation;
mod assets;
mod choose;
mod complete;
mod connect;
mod consent;
mod device;
mod fields;
mod flow;
mod invitation;
mod logout;
mod missing;
mod moments;
mod new_password;
mod preview;
mod recover;
mod refusals;
mod routes;
mod sent;
mod set_password;
mod setup;
mod sign_in;
mod sign_up;
#[cfg(test)]
mod tests;
mod theme;
mod upstream;
mod verify;
pub mod views;
mod visit;

pub use routes::routes;
