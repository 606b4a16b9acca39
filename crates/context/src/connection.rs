//! A connection as use cases see it: settings read, the secret still sealed.

use store::connections::ConnectionRow;
use store::{ApplicationId, ConnectionConfig, ConnectionId, Error};

/// Which protocol a connection speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionKind {
    /// OpenID Connect.
    Oidc,
    /// OAuth 2.0 with a profile endpoint.
    Oauth2,
}

impl ConnectionKind {
    /// Its name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            ConnectionKind::Oidc => "oidc",
            ConnectionKind::Oauth2 => "oauth2",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<ConnectionKind> {
        [ConnectionKind::Oidc, ConnectionKind::Oauth2].into_iter().find(|k| k.as_str() == name)
    }
}

/// A snapshot of a connection.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// The short name in URLs.
    pub code: String,
    /// The name people read on its button.
    pub name: String,
    /// Which protocol it speaks.
    pub kind: ConnectionKind,
    /// The preset it was made from; empty for none.
    pub preset: String,
    /// Whether it is offered.
    pub enabled: bool,
    /// Its settings.
    pub config: ConnectionConfig,
    /// Our secret at the provider, sealed.
    pub sealed_secret: Option<Vec<u8>>,
    /// The mapping that counts, as JSON.
    pub mapping: String,
    /// Its version.
    pub mapping_version: i64,
}

impl Connection {
    /// Reads a row.
    ///
    /// # Errors
    /// [`Error::Internal`] when the row holds what this version cannot read.
    pub fn from_row(row: ConnectionRow) -> Result<Connection, Error> {
        let config = row.config()?;
        let kind = ConnectionKind::parse(&row.kind)
            .ok_or_else(|| Error::Internal(format!("connection {}: unknown kind", row.id)))?;
        Ok(Connection {
            id: row.id,
            code: row.code,
            name: row.name,
            kind,
            preset: row.preset,
            enabled: row.enabled,
            config,
            sealed_secret: row.sealed_secret,
            mapping: row.mapping,
            mapping_version: row.mapping_version,
        })
    }

    /// Whether this application may offer it.
    pub fn serves(&self, application: &ApplicationId) -> bool {
        self.enabled
            && self.config.applications.as_ref().is_none_or(|list| list.contains(application))
    }

    /// Roughly how many bytes it takes in memory.
    pub(crate) fn weight(&self) -> usize {
        self.mapping.len() * 3 + 2_048
    }
}
