//! What the specifications demand of a provider, section by section. Tests are named after the
//! section they prove.

mod access_token;
mod authorize;
mod client_auth;
mod cors;
mod discovery;
mod id_token;
mod introspection;
mod pkce;
mod revocation;
mod rp_logout;
mod token;
mod userinfo;
mod writes;
