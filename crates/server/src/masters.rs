//! The master key file: reading it, making it, adding to it, and following it while the server
//! runs. Production never makes one by itself.

use std::io::Write;
use std::path::{Path, PathBuf};

use vault::{Masters, SystemRandom};

use crate::config::Config;
use crate::fail::Fail;

/// How long a new master is known before nodes seal with it, in seconds: every node reads the file
/// each second.
pub const AHEAD_S: i64 = 5;

/// Where the masters come from.
#[derive(Debug, Clone)]
pub enum Source {
    File(PathBuf),
    Text(String),
}

/// The configured source.
///
/// # Errors
/// Says how to make a master key when none is configured.
pub fn source(config: &Config) -> Result<Source, Fail> {
    match (&config.master_key, &config.master_key_file) {
        (Some(text), _) => Ok(Source::Text(text.clone())),
        (None, Some(path)) => Ok(Source::File(config.path(path))),
        (None, None) => Err(Fail::usage(
            "no master key is configured; without one nothing is kept safe. \
             Set master_key_file = \"/etc/tessera/master.key\" and make the file with \
             `tessera key rotate-master`, then keep a copy of it apart from the database",
        )),
    }
}

/// Reads the masters.
///
/// # Errors
/// Names the file and what is wrong with it.
pub fn read(source: &Source) -> Result<Masters, Fail> {
    let (text, place) = match source {
        Source::Text(text) => (text.clone(), "TESSERA_MASTER_KEY".to_owned()),
        Source::File(path) => {
            let text = std::fs::read_to_string(path).map_err(|e| {
                Fail::new(format!(
                    "the master key file {} cannot be read: {e}. Make one with `tessera key rotate-master`, or restore the copy you kept",
                    path.display()
                ))
            })?;
            (text, path.display().to_string())
        }
    };
    Masters::parse(&text).map_err(|e| Fail::new(format!("{place}: {e}")))
}

/// Adds a master to the file, or makes the file with a first one that counts at once.
///
/// # Errors
/// Names the file and why it cannot be written.
pub fn add(path: &Path, now_s: i64) -> Result<String, Fail> {
    let broken = |e: std::io::Error| Fail::new(format!("{}: {e}", path.display()));
    let exists = path.exists();
    let line = Masters::generate(if exists { now_s + AHEAD_S } else { 0 }, &SystemRandom);
    let mut text =
        if exists { std::fs::read_to_string(path).map_err(broken)? } else { String::new() };
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(line.trim_end());
    text.push('\n');
    Masters::parse(&text).map_err(|e| Fail::new(format!("{}: {e}", path.display())))?;
    write_private(path, &text).map_err(broken)?;
    Ok(line.split(' ').next().unwrap_or_default().to_owned())
}

/// Replaces a file as a whole, readable by its owner alone.
pub fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let temporary = path.with_extension(format!("new-{}", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&temporary, path)
}
