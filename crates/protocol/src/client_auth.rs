//! How an application presents itself at the token endpoint (RFC 6749 §2.3): which credentials it
//! sent, by which method, and whether that is the method it registered.
//!
//! Whether a secret is right is decided in `issuer` with the hashes of `vault`. A secret in a URL
//! never reaches this module, because it is given the body alone.

mod presented;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::UnknownValue;

pub use presented::{Presented, parse};

/// The one method an application registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenEndpointAuthMethod {
    /// A secret by Basic header or in the body, never both at once.
    ClientSecret,
    /// A secret by Basic header only.
    ClientSecretBasic,
    /// A secret in the body only.
    ClientSecretPost,
    /// No secret: a public application.
    None,
}

impl TokenEndpointAuthMethod {
    /// Every method, in the order in which forms offer them.
    pub const ALL: [TokenEndpointAuthMethod; 4] =
        [Self::ClientSecret, Self::ClientSecretBasic, Self::ClientSecretPost, Self::None];

    /// The stored and serialized name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecret => "client_secret",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::None => "none",
        }
    }

    /// Whether credentials presented this way fit the registered method. Says nothing about
    /// whether the secret is right.
    pub fn accepts(&self, presented: &Presented) -> bool {
        match (self, presented) {
            (Self::None, Presented::None { .. }) => true,
            (Self::ClientSecret | Self::ClientSecretBasic, Presented::Basic { .. }) => true,
            (Self::ClientSecret | Self::ClientSecretPost, Presented::Post { .. }) => true,
            (_, Presented::None { .. } | Presented::Basic { .. } | Presented::Post { .. }) => false,
        }
    }
}

impl fmt::Display for TokenEndpointAuthMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for TokenEndpointAuthMethod {
    type Err = UnknownValue;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|method| method.as_str() == text);
        found.ok_or(UnknownValue("client authentication method"))
    }
}

#[cfg(test)]
mod tests;
