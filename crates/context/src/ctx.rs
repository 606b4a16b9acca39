//! The one argument every use case takes first.

use std::sync::Arc;

use store::{Db, Timestamp};
use vault::{HashPool, RsaPool, Vault};

use crate::clock::Clock;
use crate::settings::Settings;
use crate::snapshots::Snapshots;
use crate::traces::TraceSink;

/// What a use case may use. Cheap to clone.
#[derive(Clone)]
pub struct Ctx {
    /// The database.
    pub db: Db,
    /// Sealing, secrets and randomness.
    pub vault: Vault,
    /// The time.
    pub clock: Clock,
    /// Settings of the installation.
    pub settings: Arc<Settings>,
    /// Tenants and applications, cached.
    pub snapshots: Snapshots,
    /// Where the steps of sign-ins are noted.
    pub traces: TraceSink,
    /// Password hashing.
    pub hashes: HashPool,
    /// RSA keys made in advance.
    pub rsa: RsaPool,
}

impl Ctx {
    /// The present time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The present time in whole seconds.
    pub fn now_s(&self) -> i64 {
        self.clock.now().seconds()
    }
}
