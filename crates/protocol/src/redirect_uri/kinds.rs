//! The kinds of application and of tenant environment, on which the rules for addresses depend.
//!
//! What else a kind implies (client secret, PKCE) is decided in `directory` and `issuer`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::UnknownValue;

/// What an application is, which decides how it keeps secrets and where it is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ApplicationType {
    /// Runs on a server and can keep a secret.
    Web,
    /// Runs in the browser and cannot keep a secret.
    Spa,
    /// Runs on a phone or desktop and cannot keep a secret (RFC 8252).
    Native,
    /// Acts for itself, without a user.
    Machine,
}

impl ApplicationType {
    /// Every kind, in the order in which forms offer them.
    pub const ALL: [ApplicationType; 4] = [Self::Web, Self::Spa, Self::Native, Self::Machine];

    /// The stored and serialized name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Spa => "spa",
            Self::Native => "native",
            Self::Machine => "machine",
        }
    }

    /// The name shown to people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Web => "Web application",
            Self::Spa => "Single-page application",
            Self::Native => "Native application",
            Self::Machine => "Machine",
        }
    }

    /// Whether the application cannot keep a secret (RFC 6749 §2.1).
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Spa | Self::Native)
    }
}

impl fmt::Display for ApplicationType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ApplicationType {
    type Err = UnknownValue;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or(UnknownValue("application type"))
    }
}

/// What a tenant is used for; development relaxes the rule for plain `http` on loopback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Building and trying out.
    Development,
    /// Rehearsal of production, with the same rules.
    Staging,
    /// Real users.
    Production,
}

impl Environment {
    /// Every environment, in the order in which forms offer them.
    pub const ALL: [Environment; 3] = [Self::Development, Self::Staging, Self::Production];

    /// The stored and serialized name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Staging => "staging",
            Self::Production => "production",
        }
    }

    /// The name shown to people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Development => "Development",
            Self::Staging => "Staging",
            Self::Production => "Production",
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Environment {
    type Err = UnknownValue;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or(UnknownValue("environment"))
    }
}
