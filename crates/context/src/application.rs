//! An application as use cases see it: settings read, secrets reduced to what a comparison needs.

use protocol::redirect_uri::ApplicationType;
use store::applications::{ApplicationRow, SecretRow};
use store::{ApplicationConfig, ApplicationId, Error, GrantType, TenantId, Timestamp};

/// A secret that may still work.
#[derive(Debug, Clone)]
pub struct KnownSecret {
    /// HMAC of the secret.
    pub hash: Vec<u8>,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
}

/// A snapshot of an application.
#[derive(Debug, Clone)]
pub struct Application {
    /// Its id, the `client_id` on the wire.
    pub id: ApplicationId,
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// The name people read.
    pub name: String,
    /// What kind of program it is.
    pub kind: ApplicationType,
    /// Whether it is switched off.
    pub disabled: bool,
    /// Whether nobody is asked for consent.
    pub first_party: bool,
    /// Its live secrets.
    pub secrets: Vec<KnownSecret>,
    /// Its settings.
    pub config: ApplicationConfig,
}

impl Application {
    /// Reads a row and its secrets.
    ///
    /// # Errors
    /// [`Error::Internal`] when the row holds what this version cannot read.
    pub fn from_rows(row: &ApplicationRow, secrets: &[SecretRow]) -> Result<Application, Error> {
        let kind = row
            .kind()
            .ok_or_else(|| Error::Internal(format!("application {}: unknown type", row.id)))?;
        let known = |s: &SecretRow| KnownSecret { hash: s.hash.clone(), expires_at: s.expires_at };
        Ok(Application {
            id: row.id.clone(),
            tenant: row.tenant.clone(),
            name: row.name.clone(),
            kind,
            disabled: row.disabled,
            first_party: row.first_party,
            secrets: secrets.iter().map(known).collect(),
            config: row.config()?,
        })
    }

    /// Whether it may ask the token endpoint for this.
    pub fn may(&self, grant: GrantType) -> bool {
        self.config.grant_types.contains(&grant)
    }

    /// Whether it cannot keep a secret.
    pub fn is_public(&self) -> bool {
        matches!(self.kind, ApplicationType::Spa | ApplicationType::Native)
    }

    /// Roughly how many bytes it takes in memory.
    pub(crate) fn weight(&self) -> u32 {
        let uris = self.config.redirect_uris.iter().chain(&self.config.post_logout_redirect_uris);
        let text: usize = uris.map(String::len).sum::<usize>() + self.name.len();
        u32::try_from(text + 768 + self.secrets.len() * 96).unwrap_or(u32::MAX)
    }
}
