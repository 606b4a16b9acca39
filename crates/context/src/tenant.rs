//! A tenant as use cases see it: its canonical address, its keys, and the two documents that are
//! asked for most, already rendered.

use std::sync::Arc;

use bytes::Bytes;
use mapping::Schema;
use protocol::discovery::Metadata;
use protocol::redirect_uri::Environment;
use store::settings::{Branding, MailSender, SettingRow, SignInSettings, UserFields, find_in};
use store::{Error, TenantId, Timestamp};

use crate::keys::KeySet;
use crate::settings::Settings;

/// The authentication context class of a sign-in with one factor.
pub const ACR: &str = "1";

/// Whether a tenant serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TenantStatus {
    /// It does.
    Active,
    /// The operator has switched it off for a while.
    Suspended,
}

/// A rendered document and its entity tag.
#[derive(Debug, Clone)]
pub struct Document {
    /// The bytes; shared, not copied, by every answer.
    pub body: Bytes,
    /// A strong entity tag, quotes included; ASCII text.
    pub etag: Bytes,
}

impl Document {
    fn new(text: String) -> Document {
        let etag = format!("\"{}\"", vault::fingerprint(text.as_bytes()));
        Document { body: text.into(), etag: etag.into() }
    }
}

/// A snapshot of a tenant.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its short name.
    pub slug: String,
    /// The name people read.
    pub name: String,
    /// What it is used for.
    pub environment: Environment,
    /// Whether it serves.
    pub status: TenantStatus,
    /// Its own host, if the operator gave it one.
    pub host: Option<String>,
    /// Its canonical address: the issuer and the prefix of all its URLs.
    pub issuer: String,
    /// Brand colour, `#rrggbb`.
    pub brand: String,
    /// Its keys.
    pub keys: Arc<KeySet>,
    /// The discovery document.
    pub discovery: Document,
    /// The JWKS document.
    pub jwks: Document,
    /// How people get in.
    pub sign_in: SignInSettings,
    /// How its pages look.
    pub branding: Branding,
    /// Who its mails come from.
    pub mail: MailSender,
    /// The fields of users that it defined itself.
    pub user_fields: UserFields,
    /// The same as they are read: each token asks.
    pub schema: Schema,
}

/// The fields of a document. A definition that this version cannot read is left out: its values
/// stay in the rows.
pub fn schema_of(fields: &UserFields) -> Schema {
    let read = |value: &serde_json::Value| serde_json::from_value(value.clone()).ok();
    Schema { custom: fields.fields.iter().filter_map(read).collect() }
}

/// What every tenant offers.
fn discovery(issuer: &str) -> Result<String, Error> {
    let mut metadata = Metadata::new(issuer);
    metadata.acr_values_supported = vec![ACR.to_owned()];
    serde_json::to_string(&metadata).map_err(|e| Error::Internal(format!("discovery: {e}")))
}

impl Tenant {
    /// Builds the snapshot of a row and its keys.
    ///
    /// # Errors
    /// [`Error::Internal`] when the row holds what this version cannot read.
    pub fn new(
        row: store::tenants::Tenant,
        keys: KeySet,
        documents: &[SettingRow],
        settings: &Settings,
    ) -> Result<Tenant, Error> {
        let issuer = settings.issuer(&row.slug, row.host.as_deref());
        let environment = row
            .environment
            .parse()
            .map_err(|_| Error::Internal(format!("tenant {}: unknown environment", row.id)))?;
        let discovery = discovery(&issuer)?;
        let user_fields = find_in(documents)?;
        let status = match row.status.as_str() {
            "active" => TenantStatus::Active,
            _ => TenantStatus::Suspended,
        };
        Ok(Tenant {
            id: row.id,
            slug: row.slug,
            name: row.name,
            environment,
            status,
            host: row.host,
            issuer,
            brand: row.brand,
            discovery: Document::new(discovery),
            jwks: Document::new(keys.jwks().to_owned()),
            keys: Arc::new(keys),
            sign_in: find_in(documents)?,
            branding: find_in(documents)?,
            mail: find_in(documents)?,
            schema: schema_of(&user_fields),
            user_fields,
        })
    }

    /// The path part of the canonical address: `/t/acme`, or nothing on a host of its own.
    pub fn path(&self) -> &str {
        let after_scheme = self.issuer.find("://").map_or(0, |at| at + 3);
        self.issuer[after_scheme..].find('/').map_or("", |at| &self.issuer[after_scheme + at..])
    }

    /// Scheme, host and port of the canonical address.
    pub fn origin(&self) -> &str {
        &self.issuer[..self.issuer.len() - self.path().len()]
    }

    /// Host and port of the canonical address.
    pub fn authority(&self) -> &str {
        self.origin().split("://").nth(1).unwrap_or_default()
    }

    /// Whether it is the built-in tenant of operators and admins.
    pub fn is_system(&self) -> bool {
        self.id == TenantId::system()
    }

    /// Whether the snapshot still tells the truth about time.
    pub(crate) fn current(&self, now: impl FnOnce() -> Timestamp) -> bool {
        self.keys.changes_at.is_none_or(|at| now() < at)
    }

    /// Roughly how many bytes it takes in memory.
    pub(crate) fn weight(&self) -> u32 {
        let bytes = self.keys.weight() + self.discovery.body.len() + self.jwks.body.len() + 512;
        u32::try_from(bytes).unwrap_or(u32::MAX)
    }
}
