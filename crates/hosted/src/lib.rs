//! The pages that end users see: signing in, choosing an account, consent, signing out, setting
//! a password. Owns their addresses, templates and texts; what happens is decided by `issuer`.

pub mod views;
