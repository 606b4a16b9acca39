//! What black-box tests stand on: a real `tessera` process per test on a port of its own, a
//! database per test on SQLite or PostgreSQL, an HTTP client that can send what no browser
//! would, a browser with cookies and forms, and a minimal relying party.
//! Nothing here knows how the server is built: only the ready file, HTTP and the CLI.

pub mod answers;
pub mod browser;
pub mod cli;
pub mod clock;
pub mod database;
pub mod html;
pub mod http;
pub mod inbox;
pub mod jwt;
pub mod picture;
pub mod process;
pub mod race;
pub mod ready;
pub mod relying_party;
pub mod server;
pub mod upstream;
pub mod wait;

pub use answers::{Callback, Tokens};
pub use browser::{Browser, Page};
pub use cli::Cli;
pub use clock::ClockFile;
pub use database::Database;
pub use html::Form;
pub use http::{Request, Response};
pub use race::race;
pub use ready::{Application, Ready, User};
pub use relying_party::RelyingParty;
pub use server::{Options, Server};
pub use upstream::Upstream;
pub use wait::until;

/// Makes the two tests `name::sqlite` and `name::postgres` out of one body that takes a fresh
/// [`Database`].
#[macro_export]
macro_rules! on_both {
    ($(#[$meta:meta])* $name:ident, |$database:ident| $body:block) => {
        $(#[$meta])*
        mod $name {
            use super::*;

            fn body($database: $crate::Database) $body

            #[test]
            fn sqlite() {
                body($crate::Database::sqlite());
            }

            #[test]
            fn postgres() {
                body($crate::Database::postgres());
            }
        }
    };
}
