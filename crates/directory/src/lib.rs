//! What admins can do: commands on tenants, applications, users and sessions. A command is a plain
//! function over a serializable input; the console form and the CLI are two spellings of it. It
//! checks the right, judges the input, and writes the change, its audit row and its feed entry in
//! one write. How people sign in is `issuer`'s.

pub mod account;
pub mod actor;
pub mod admins;
pub mod applications;
pub mod assets;
pub mod audit;
pub mod batches;
pub mod branding;
pub mod colour;
pub mod connection_tests;
pub mod connections;
pub mod console;
pub mod domains;
pub mod error;
pub mod fields;
pub mod guesses;
pub mod installation;
pub mod invitations;
pub mod keys;
pub mod links;
pub mod logs;
pub mod mail;
pub mod mappings;
mod notices;
pub mod organizations;
pub mod page;
pub mod presets;
pub mod quota;
pub mod recovery;
pub mod rights;
pub mod sessions;
pub mod setup;
pub mod sign_in;
pub mod sign_up;
pub mod tenants;
pub mod users;

pub use actor::{Actor, ActorKind};
pub use error::{Error, FieldError};
pub use page::Page;
pub use rights::{Action, Role};
