//! Vault: everything that must stay secret, and everything that proves it.
//!
//! Owns randomness, the master keys and sealing, the wire formats and hashes of secrets, password
//! hashing with its own threads, signing keys and signed tokens. It is the only user of `argon2`,
//! `aws-lc-rs` and `jsonwebtoken`. It knows neither HTTP nor the database nor the wall clock:
//! callers pass the time in seconds since 1970 UTC, store what is returned and decide what a
//! refusal means.

pub mod jwk;
pub mod jwt;
pub mod key_pool;
pub mod keys;
pub mod masters;
pub mod passwords;
pub mod random;
pub mod refresh;
pub mod sealing;
pub mod secrets;

mod cache;
mod fair_queue;
mod hash_pool;
mod hash_work;
mod provider;
mod slots;
mod threads;
mod vault;

#[cfg(test)]
mod tests;

pub use hash_pool::{Busy, HashPool, HashStats, HashTicket};
pub use jwk::VerifyingKey;
pub use jwt::{Expect, JwtError, sign, verify, verify_foreign};
pub use key_pool::RsaPool;
pub use keys::{Algorithm, KeyError, SigningKey, generate};
pub use masters::{Master, MasterError, Masters};
pub use passwords::check_imported;
pub use provider::install_crypto;
pub use random::{NameRandom, Random, SeededRandom, SystemRandom};
pub use refresh::{RefreshToken, refresh_token};
pub use sealing::{OpenError, Purpose};
pub use secrets::{
    SecretString, csrf_token, ct_eq, fingerprint, hash_client_secret, link_token_hash,
    new_client_secret, new_link_token, new_session_token, session_token_hash,
};
pub use slots::Slot;
pub use vault::Vault;
