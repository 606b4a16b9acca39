//! RSA keys in stock: making one takes some 100 ms, which no admin should wait for.
//!
//! A thread of low priority keeps two keys ready. Sealing and storing them is left to the callers.

use crossbeam_channel::{Receiver, bounded};
use zeroize::Zeroizing;

use crate::keys::{self, Algorithm, KeyError};
use crate::random::SystemRandom;
use crate::threads;

/// A stock of two RSA-2048 private keys. Cheap to clone; the thread ends with the last clone.
#[derive(Clone)]
pub struct RsaPool {
    ready: Receiver<Zeroizing<Vec<u8>>>,
}

impl RsaPool {
    /// Starts filling the stock.
    #[must_use]
    pub fn start() -> Self {
        // One waits in the channel and one in the hands of the thread, which makes two.
        let (sender, ready) = bounded(1);
        threads::spawn("rsa-keys", move || {
            while let Ok(key) = keys::generate(Algorithm::Rs256, &SystemRandom) {
                if sender.send(key).is_err() {
                    return;
                }
            }
        });
        Self { ready }
    }

    /// A stock that is always empty, for a process that is soon over: keys are made when asked for.
    #[must_use]
    pub fn empty() -> Self {
        Self { ready: bounded(1).1 }
    }

    /// A new RSA-2048 key as PKCS#8 DER: from the stock, or made on the spot if that is empty.
    ///
    /// # Errors
    /// [`KeyError::Generate`], as [`keys::generate`].
    pub fn take(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        self.ready.try_recv().or_else(|_| keys::generate(Algorithm::Rs256, &SystemRandom))
    }
}

impl std::fmt::Debug for RsaPool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RsaPool")
    }
}
