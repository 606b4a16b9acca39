//! How `jsonwebtoken` signs and verifies: with key pairs that were parsed once.
//!
//! Its stock providers parse the private key again for every signature, which costs more than an
//! ES256 signature itself. Here the bytes of an `EncodingKey` or `DecodingKey` are a number under
//! which the parsed aws-lc key is registered for as long as its owner lives. Which algorithms exist
//! is left to [`crate::keys`]; what a token must contain to [`crate::jwt`].

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Once};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    EcdsaKeyPair, Ed25519KeyPair, ParsedPublicKey, RSA_PKCS1_SHA256, RsaKeyPair,
};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, aws_lc};
use jsonwebtoken::errors::{ErrorKind, Result as JoseResult};
use jsonwebtoken::{Algorithm as Jose, DecodingKey, EncodingKey};
use parking_lot::RwLock;
use signature::{Error as SignatureError, Signer, Verifier};

static SIGNERS: LazyLock<Registry<Pair>> = LazyLock::new(Registry::default);
static VERIFIERS: LazyLock<Registry<Public>> = LazyLock::new(Registry::default);
static PROVIDER: LazyLock<CryptoProvider> = LazyLock::new(|| CryptoProvider {
    signer_factory: find_signer,
    verifier_factory: find_verifier,
    ..aws_lc::DEFAULT_PROVIDER.clone()
});

/// Makes `jsonwebtoken` use the registered keys. May be called any number of times; signing and
/// verifying call it themselves.
pub fn install_crypto() {
    static ONCE: Once = Once::new();
    // An error means that a provider is installed already. If it is not ours, it takes our numbers
    // for malformed keys, and every signature and verification fails closed.
    ONCE.call_once(|| _ = PROVIDER.install_default());
}

/// A parsed private key.
pub(crate) enum Pair {
    Es256(EcdsaKeyPair),
    Rs256(RsaKeyPair),
    EdDsa(Ed25519KeyPair),
}

/// A parsed public key and the one algorithm it is for.
pub(crate) struct Public {
    pub(crate) algorithm: Jose,
    pub(crate) key: ParsedPublicKey,
}

/// A registered private key; the registration ends when this is dropped.
pub(crate) type SignerHandle = Handle<Pair>;
/// A registered public key; the registration ends when this is dropped.
pub(crate) type VerifierHandle = Handle<Public>;

pub(crate) fn register_signer(pair: Arc<Pair>) -> SignerHandle {
    SIGNERS.register(pair)
}

pub(crate) fn register_verifier(public: Public) -> VerifierHandle {
    VERIFIERS.register(Arc::new(public))
}

impl Pair {
    pub(crate) fn jose(&self) -> Jose {
        match self {
            Self::Es256(_) => Jose::ES256,
            Self::Rs256(_) => Jose::RS256,
            Self::EdDsa(_) => Jose::EdDSA,
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, aws_lc_rs::error::Unspecified> {
        match self {
            Self::Es256(pair) => Ok(pair.sign(&SystemRandom::new(), message)?.as_ref().to_vec()),
            Self::EdDsa(pair) => Ok(pair.try_sign(message)?.as_ref().to_vec()),
            Self::Rs256(pair) => {
                let mut signature = vec![0u8; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)?;
                Ok(signature)
            }
        }
    }
}

struct Registry<T> {
    next: AtomicU64,
    entries: RwLock<HashMap<u64, Arc<T>>>,
}

impl<T> Default for Registry<T> {
    fn default() -> Self {
        Self { next: AtomicU64::new(0), entries: RwLock::default() }
    }
}

impl<T> Registry<T> {
    fn register(&'static self, entry: Arc<T>) -> Handle<T> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        self.entries.write().insert(id, entry);
        Handle { id, registry: self }
    }

    fn find(&self, handle: &[u8]) -> Option<Arc<T>> {
        let id = u64::from_be_bytes(handle.try_into().ok()?);
        self.entries.read().get(&id).cloned()
    }
}

/// Keeps one entry of a registry alive.
pub(crate) struct Handle<T: 'static> {
    id: u64,
    registry: &'static Registry<T>,
}

impl<T> Handle<T> {
    pub(crate) fn as_bytes(&self) -> [u8; 8] {
        self.id.to_be_bytes()
    }
}

impl<T> Drop for Handle<T> {
    fn drop(&mut self) {
        self.registry.entries.write().remove(&self.id);
    }
}

struct CachedSigner(Arc<Pair>);

impl Signer<Vec<u8>> for CachedSigner {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        self.0.sign(message).map_err(SignatureError::from_source)
    }
}

impl JwtSigner for CachedSigner {
    fn algorithm(&self) -> Jose {
        self.0.jose()
    }
}

struct CachedVerifier(Arc<Public>);

impl Verifier<Vec<u8>> for CachedVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        self.0.key.verify_sig(message, signature).map_err(SignatureError::from_source)
    }
}

impl JwtVerifier for CachedVerifier {
    fn algorithm(&self) -> Jose {
        self.0.algorithm
    }
}

fn find_signer(algorithm: &Jose, key: &EncodingKey) -> JoseResult<Box<dyn JwtSigner>> {
    let pair = SIGNERS.find(key.as_bytes()).ok_or(ErrorKind::InvalidKeyFormat)?;
    if pair.jose() != *algorithm {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    Ok(Box::new(CachedSigner(pair)))
}

fn find_verifier(algorithm: &Jose, key: &DecodingKey) -> JoseResult<Box<dyn JwtVerifier>> {
    let public = VERIFIERS.find(key.try_get_as_bytes()?).ok_or(ErrorKind::InvalidKeyFormat)?;
    if public.algorithm != *algorithm {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    Ok(Box::new(CachedVerifier(public)))
}

#[cfg(test)]
pub(crate) fn is_registered(handle: [u8; 8]) -> bool {
    SIGNERS.find(&handle).is_some()
}
