//! Attacks on redirect URIs: texts that we and a browser could read differently.
//!
//! What the endpoints answer to them is shown by the black-box tests.

mod matching;
mod registration;
mod sources;
