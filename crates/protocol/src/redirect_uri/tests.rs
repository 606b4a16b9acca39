//! Attacks on redirect URIs: texts that we and a browser could read differently.

mod matching;
mod registration;
