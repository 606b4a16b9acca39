//! The installation's own secret: 32 random bytes, sealed under the master key, made by whichever
//! node starts first. Lookups (secret hashes, guess counters, form tokens) hang on it, so they
//! survive a rotation of the master key. Opening it proves that the master key is the right one.

use store::{Db, Error};
use vault::{Purpose, Vault};

const NAME: &str = "installation_key";

/// Opens the installation's key, or makes it in an empty database, and gives it to the vault.
///
/// # Errors
/// [`Error::Schema`] with what to do when the master key is not the one of this database.
pub fn open(db: &Db, vault: &Vault, now_s: i64) -> Result<(), Error> {
    let stored = db.system_read(|tx| tx.find_meta(NAME))?;
    let sealed = match stored {
        Some(sealed) => sealed,
        None => {
            let mut key = [0u8; 32];
            vault.random().fill(&mut key);
            let sealed = vault.seal(Purpose::InstallationKey, "", b"", now_s, &key);
            db.system_write(|tx| tx.init_meta(NAME, &sealed))?
        }
    };
    let key = vault
        .open_secret(Purpose::InstallationKey, "", b"", &sealed)
        .map_err(|_| wrong_master())?;
    let key: [u8; 32] = key.as_slice().try_into().map_err(|_| wrong_master())?;
    vault.set_installation_key(key);
    Ok(())
}

/// Seals the installation's key anew under the present master key.
///
/// # Errors
/// As [`open`].
pub fn reseal(db: &Db, vault: &Vault, now_s: i64) -> Result<(), Error> {
    let Some(sealed) = db.system_read(|tx| tx.find_meta(NAME))? else { return Ok(()) };
    let key = vault
        .open_secret(Purpose::InstallationKey, "", b"", &sealed)
        .map_err(|_| wrong_master())?;
    let sealed = vault.seal(Purpose::InstallationKey, "", b"", now_s, &key);
    db.system_write(|tx| tx.put_meta(NAME, &sealed))
}

fn wrong_master() -> Error {
    Error::Schema(
        "the master key does not fit this database: it was sealed with another one. \
         Start with the master key file this database was created with (setting master_key_file)"
            .into(),
    )
}
