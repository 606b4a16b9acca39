//! Known attacks on identity platforms, each a regression test: one file per class, named after
//! the list in docs/reference/attacks.md.

mod brute_force;
mod code_and_client_auth;
mod cross_tenant;
mod csrf_and_sessions;
mod enumeration;
mod fail_open;
mod federation;
mod identifiers;
mod injection;
mod input_dos;
mod leakage;
mod logout;
mod looks;
mod one_time_races;
mod open_redirect;
mod password_hashes;
mod redirect_uri;
mod refresh_rotation;
mod self_service;
mod token_confusion;
mod xss;
