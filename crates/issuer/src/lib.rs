//! What a tenant's authority does: it decides sign-ins and issues tokens. Two places decide
//! everything: [`flow::next_step`] for the browser, [`token_requests::exchange`] for the token
//! endpoint. Plain synchronous functions; HTTP and pages are the faces'.

pub mod authorize;
pub mod browser;
pub mod choose;
pub mod client_auth;
mod code;
pub mod consent;
pub mod error;
pub mod flow;
mod id_token_hint;
pub mod introspect;
pub mod login;
pub mod logout;
pub mod offer;
pub mod portal;
pub mod profile;
pub mod revoke;
mod seal;
pub mod sign_up;
pub mod token_requests;
mod tokens;
mod trace;
pub mod upstream;
pub mod userinfo;

pub use authorize::{AuthorizeResponse, Next};
pub use browser::Browser;
pub use error::{PageError, TokenError};
pub use flow::{Flow, FlowError, Step};
pub use offer::Offer;
pub use token_requests::TokenResponse;
