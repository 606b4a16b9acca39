//! The master keys: a short list that an operator keeps in a file or an environment variable.
//!
//! Owns the text format, the choice of the master that seals at a given time, and the words for
//! everything that can be wrong with the text. One line is `kid from-unix-seconds key`, where the
//! key is 32 bytes in base64url and `#` starts a comment. Deriving keys from a master is left to
//! [`crate::sealing`]; reading the file and telling other nodes is left to the server.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::random::{self, Random};

/// Longest name of a master, in bytes.
pub const MAX_KID: usize = 8;

const SHAPE: &str = "`kid from-unix-seconds key`, the key being 32 bytes in base64url";
const KID_ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// One master key with its name and the time from which it seals.
#[derive(Clone)]
pub struct Master {
    kid: String,
    from_s: i64,
    /// Behind a pointer, so that moving a master about leaves no copies of the key in memory.
    key: Arc<Zeroizing<[u8; 32]>>,
}

impl Master {
    /// The name that sealed values carry: 1 to 8 characters of `a-z0-9`.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// First second (since 1970 UTC) at which this master may seal.
    #[must_use]
    pub fn from_s(&self) -> i64 {
        self.from_s
    }

    pub(crate) fn key(&self) -> &[u8; 32] {
        &self.key
    }
}

impl fmt::Debug for Master {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Master({} from {})", self.kid, self.from_s)
    }
}

/// What is wrong with a text of masters: the line, the fault and the cure. Never holds key bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MasterError {
    /// There is no line but comments.
    #[error("no master key found: add a line of the form {SHAPE}")]
    Empty,
    /// A line that cannot be used.
    #[error("master keys, line {line}: {problem}")]
    Line {
        /// Number of the line, counted from 1.
        line: usize,
        /// The fault and its cure, in words.
        problem: String,
    },
}

/// All masters of an installation, at least one, with unique names and keys.
#[derive(Clone, Debug)]
pub struct Masters {
    /// Ordered by (from, kid), so that every node chooses alike whatever the order of the lines.
    list: Vec<Master>,
}

impl Masters {
    /// Reads the text of a file or an environment variable.
    ///
    /// # Errors
    /// [`MasterError`] names the first line that is wrong and how to mend it.
    pub fn parse(text: &str) -> Result<Self, MasterError> {
        let mut masters = Self { list: Vec::new() };
        let text = text.trim_start_matches('\u{feff}');
        for (index, line) in text.lines().enumerate() {
            masters.add_line(index + 1, line)?;
        }
        if masters.list.is_empty() {
            return Err(MasterError::Empty);
        }
        Ok(masters)
    }

    /// A new line for the file, sealing from `now_s` (seconds since 1970 UTC). The text is a secret.
    #[must_use]
    pub fn generate(now_s: i64, random: &dyn Random) -> String {
        let name = random::bytes::<MAX_KID>(random);
        // A letter comes first, so that a name is never taken for a number.
        let letter = char::from(KID_ALPHABET[usize::from(name[0]) % 24]);
        let rest = name[1..].iter().map(|byte| char::from(KID_ALPHABET[usize::from(byte % 32)]));
        let kid: String = std::iter::once(letter).chain(rest).collect();
        let key = random::bytes::<32>(random);
        let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(key.as_slice()));
        format!("{kid} {} {}", now_s.max(0), text.as_str())
    }

    /// Adds one more line, as [`Masters::parse`] would read it; a comment changes nothing.
    ///
    /// # Errors
    /// [`MasterError::Line`] with line 1; the list is then unchanged.
    pub fn add(&mut self, line: &str) -> Result<(), MasterError> {
        self.add_line(1, line)
    }

    /// The master that seals at `now_s`: the newest whose time has come, else the oldest.
    #[must_use]
    pub fn current(&self, now_s: i64) -> &Master {
        let due = self.list.partition_point(|master| master.from_s <= now_s);
        &self.list[due.saturating_sub(1)]
    }

    /// The master of that name.
    #[must_use]
    pub fn get(&self, kid: &str) -> Option<&Master> {
        self.list.iter().find(|master| master.kid == kid)
    }

    /// The masters in the order in which they seal: name, and from which second.
    #[must_use]
    pub fn list(&self) -> Vec<(String, i64)> {
        self.list.iter().map(|master| (master.kid.clone(), master.from_s)).collect()
    }

    /// All names, the oldest master first.
    #[must_use]
    pub fn kids(&self) -> Vec<&str> {
        self.list.iter().map(Master::kid).collect()
    }

    fn add_line(&mut self, number: usize, line: &str) -> Result<(), MasterError> {
        let content = line.split('#').next().unwrap_or_default();
        if content.trim().is_empty() {
            return Ok(());
        }
        let added = read_line(content)
            .and_then(|master| self.check_unique(&master).map(|()| master))
            .map_err(|problem| MasterError::Line { line: number, problem })?;
        self.list.push(added);
        self.list.sort_by(|a, b| (a.from_s, &a.kid).cmp(&(b.from_s, &b.kid)));
        Ok(())
    }

    fn check_unique(&self, new: &Master) -> Result<(), String> {
        for known in &self.list {
            if known.kid == new.kid {
                return Err(format!("the name `{}` is used twice: choose another", new.kid));
            }
            if crate::secrets::ct_eq(known.key(), new.key()) {
                return Err(format!(
                    "`{}` has the same key as `{}`: generate a new one",
                    new.kid, known.kid
                ));
            }
        }
        Ok(())
    }
}

fn read_line(content: &str) -> Result<Master, String> {
    let fields: Vec<&str> = content.split_whitespace().collect();
    let [kid, from, key] = fields[..] else {
        return Err(format!("found {} fields, expected three: {SHAPE}", fields.len()));
    };
    check_kid(kid)?;
    let from_s = from.parse::<i64>().ok().filter(|seconds| *seconds >= 0).ok_or_else(|| {
        format!("the second field of `{kid}` must be whole seconds since 1970, such as 1735689600")
    })?;
    Ok(Master { kid: kid.to_owned(), from_s, key: Arc::new(read_key(kid, key)?) })
}

fn check_kid(kid: &str) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if (1..=MAX_KID).contains(&kid.len()) && kid.bytes().all(allowed) {
        return Ok(());
    }
    // The text is not repeated: in a line with fields in the wrong order it would be the key.
    Err("the name must be 1 to 8 characters of a-z and 0-9, such as `k1`".to_owned())
}

fn read_key(kid: &str, text: &str) -> Result<Zeroizing<[u8; 32]>, String> {
    if text.contains(['+', '/']) {
        return Err(format!(
            "the key of `{kid}` is written in base64, not base64url: put `-` for `+` and `_` for `/`"
        ));
    }
    let decoded = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map(Zeroizing::new);
    let decoded = decoded.map_err(|_| {
        format!(
            "the key of `{kid}` is not base64url: it may have been cut or changed; copy it again"
        )
    })?;
    let mut key = Zeroizing::new([0u8; 32]);
    if decoded.len() != key.len() {
        return Err(format!(
            "the key of `{kid}` has {} bytes, but must have 32 (43 characters): copy it again whole, \
             or generate a new one",
            decoded.len()
        ));
    }
    if decoded.iter().all(|byte| *byte == decoded[0]) {
        return Err(format!("the key of `{kid}` is not random: generate a new one"));
    }
    key.copy_from_slice(&decoded);
    Ok(key)
}
