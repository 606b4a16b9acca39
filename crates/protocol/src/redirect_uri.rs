//! Redirect URIs and every other address an application registers: what may be registered, and
//! whether an address that a request names is one of the registered ones.
//!
//! Comparison is on the raw text (`matching`); parsing happens only when an address is registered
//! (`registration`). Nothing here redirects or looks anything up.

mod kinds;
mod matching;
mod problem;
mod registration;
mod sources;

pub use kinds::{ApplicationType, Environment};
pub use matching::{difference, matches, nearest};
pub use problem::UriProblem;
pub use registration::{MAX_URI, check_registration, check_web_uri};
pub use sources::{form_action_of, origin_of};

#[cfg(test)]
mod tests;
