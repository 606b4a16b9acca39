//! What is stored of a password: Argon2id (RFC 9106) as a PHC string.
//!
//! Owns the parameters, the reading of older and imported hashes, and the same work for users that
//! do not exist. It computes on the caller's thread and memory; threads and queues are in
//! [`crate::HashPool`]. Normalising and judging passwords is left to the callers.

use argon2::{Algorithm, Argon2, Block, Params, PasswordHash, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

use crate::random::{Random, SystemRandom};
use crate::secrets::ct_eq;

/// Memory in KiB.
pub const MEMORY_KIB: u32 = 19_456;
/// Passes over the memory.
pub const PASSES: u32 = 2;
/// Lanes.
pub const LANES: u32 = 1;
/// Longest password that is hashed, in bytes.
pub const MAX_PASSWORD: usize = 1024;

const SALT_LEN: usize = 16;
const HASH_LEN: usize = 32;
/// Imported hashes beyond these bounds are refused: one of them would stall all others.
const MAX_MEMORY_KIB: u32 = 256 * 1024;
const MAX_PASSES: u32 = 16;
const MAX_LANES: u32 = 16;

/// The memory that Argon2 fills, kept between hashes. It is not wiped in between: what remains in
/// it tells a password only to who computes a whole pass for each guess, as the stored hash does.
#[derive(Default)]
pub(crate) struct Memory(Vec<Block>);

impl Memory {
    /// At least `count` blocks of 1 KiB. More than ours are given back afterwards by `trim`.
    fn blocks(&mut self, count: usize) -> &mut [Block] {
        if self.0.len() < count {
            self.0.resize(count, Block::new());
        }
        &mut self.0
    }

    fn trim(&mut self) {
        if self.0.len() > MEMORY_KIB as usize {
            self.0 = Vec::new();
        }
    }
}

#[cfg(test)]
impl Memory {
    pub(crate) fn kib(&self) -> usize {
        self.0.len()
    }
}

/// A new PHC string for a password with a fresh salt; `None` if Argon2 refuses.
pub(crate) fn hash(password: &str, memory: &mut Memory) -> Option<String> {
    let mut salt = [0u8; SALT_LEN];
    SystemRandom.fill(&mut salt);
    let hash = compute(&current()?, password, &salt, HASH_LEN, memory)?;
    let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash.as_slice()));
    Some(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${hash}"))
}

/// Whether `password` belongs to `phc`, and if so a new PHC string where the old one is weaker than
/// today's. Without a readable PHC string, the same work is done and the answer is no.
pub(crate) fn verify(
    password: &str,
    phc: Option<&str>,
    memory: &mut Memory,
) -> (bool, Option<String>) {
    let Some(stored) = phc.and_then(Stored::parse) else {
        let dummy =
            current().and_then(|argon2| compute(&argon2, password, &[0; 16], HASH_LEN, memory));
        // Nothing reads the result, so the compiler must be kept from leaving the work out.
        std::hint::black_box(dummy);
        return (false, None);
    };
    let computed = compute(&stored.argon2, password, &stored.salt, stored.hash.len(), memory);
    memory.trim();
    let right = computed.is_some_and(|computed| ct_eq(&computed, &stored.hash));
    let upgraded = if right && stored.is_weak { hash(password, memory) } else { None };
    (right, upgraded)
}

/// Whether a hash from elsewhere may be kept: Argon2id in PHC form, with a salt, at a cost that a
/// sign-in can afford. What is below today's cost is accepted: it is renewed at the next sign-in.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn check_imported(phc: &str) -> Result<(), &'static str> {
    if !phc.starts_with("$argon2id$") {
        return Err("Only Argon2id hashes in PHC form ($argon2id$v=19$m=…) can be taken over.");
    }
    match Stored::parse(phc) {
        None => Err("The hash is not whole, or costs more than 256 MiB, 16 passes or 16 lanes."),
        Some(stored) if stored.salt.len() < 8 || stored.hash.len() < 16 => {
            Err("The salt has to be at least 8 bytes and the hash at least 16.")
        }
        Some(_) => Ok(()),
    }
}

/// A PHC string taken apart.
struct Stored {
    argon2: Argon2<'static>,
    salt: Vec<u8>,
    hash: Vec<u8>,
    is_weak: bool,
}

impl Stored {
    fn parse(phc: &str) -> Option<Self> {
        let parsed = PasswordHash::new(phc).ok()?;
        let algorithm = Algorithm::new(parsed.algorithm.as_str()).ok()?;
        let version = match parsed.version {
            Some(version) => Version::try_from(version).ok()?,
            // A string without version is of the time before there was one.
            None => Version::V0x10,
        };
        let params = Params::try_from(&parsed).ok()?;
        let (m, t, p) = (params.m_cost(), params.t_cost(), params.p_cost());
        if m > MAX_MEMORY_KIB || t > MAX_PASSES || p > MAX_LANES {
            return None;
        }
        let (salt, hash) = (parsed.salt?.as_ref().to_vec(), parsed.hash?.as_bytes().to_vec());
        let is_weak = m < MEMORY_KIB
            || t < PASSES
            || algorithm != Algorithm::Argon2id
            || version != Version::V0x13
            || salt.len() < SALT_LEN
            || hash.len() < HASH_LEN;
        Some(Self { argon2: Argon2::new(algorithm, version, params), salt, hash, is_weak })
    }
}

fn current() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH_LEN)).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn compute(
    argon2: &Argon2<'_>,
    password: &str,
    salt: &[u8],
    len: usize,
    memory: &mut Memory,
) -> Option<Zeroizing<Vec<u8>>> {
    let mut out = Zeroizing::new(vec![0u8; len]);
    let blocks = memory.blocks(argon2.params().block_count());
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut out, blocks).ok()?;
    Some(out)
}
