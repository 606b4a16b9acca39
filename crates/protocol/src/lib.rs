//! The words of OAuth 2.0 and OpenID Connect, and every check on them that needs nothing but its
//! input: no clock, no I/O, no database, no keys.
//!
//! One module per specification or per kind of text. What a request *means* for a tenant, an
//! application or a user is decided in `issuer`; what a secret or signature proves, in `vault`.

pub mod authorize;
pub mod bearer;
pub mod catalogue;
pub mod claims;
pub mod client_auth;
pub mod discovery;
pub mod email;
pub mod error;
pub mod form;
pub mod jwt;
pub mod password;
pub mod pkce;
pub mod redirect_uri;
pub mod scope;
pub mod slug;
pub mod target;
pub mod token_request;

pub use error::{ErrorCode, OauthError, UnknownValue};
pub use form::Params;
pub use scope::Scopes;
