//! Documents of settings of a tenant: JSON by name, each with its own optimistic lock. A document
//! that was never saved stands at version 0. Which values are allowed is decided in `directory`.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::error::Error;
use crate::ids::TenantId;
use crate::schema::settings;
use crate::time::Timestamp;

/// A document as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = settings)]
pub struct SettingRow {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// Its name, such as `sign_in`.
    pub name: String,
    /// The document.
    pub body: String,
    /// Raised by each change; the optimistic lock.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A document that has a type. Unknown members are ignored, missing ones take their default, so two
/// versions of the server can read the same row.
pub trait Document: Serialize + DeserializeOwned + Default {
    /// Its name in the table.
    const NAME: &'static str;
}

/// How people get in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignInSettings {
    /// Whether a password is a way to sign in.
    pub password: bool,
    /// Whether strangers may create an account.
    pub sign_up: bool,
    /// Keys of fields that somebody must have before they get in; the address always is one.
    pub required_fields: Vec<String>,
    /// The tenant's terms, agreed to when signing up.
    pub terms_url: Option<String>,
    /// Its privacy notice.
    pub privacy_url: Option<String>,
    /// Where to find help.
    pub help_url: Option<String>,
}

impl Default for SignInSettings {
    fn default() -> Self {
        SignInSettings {
            password: true,
            sign_up: true,
            required_fields: Vec::new(),
            terms_url: None,
            privacy_url: None,
            help_url: None,
        }
    }
}

impl Document for SignInSettings {
    const NAME: &'static str = "sign_in";
}

/// An image that was uploaded, with the size that its place on a page is kept free for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Picture {
    /// Which: an [`crate::AssetId`].
    pub id: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

/// How a tenant's pages look, beside its brand colour.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Branding {
    /// The logo.
    pub logo: Option<Picture>,
    /// The logo on dark pages; the other one when unset.
    pub logo_dark: Option<Picture>,
    /// Brand colour on dark pages, `#rrggbb`; computed from the light one when unset.
    pub brand_dark: Option<String>,
    /// Roundness of corners in pixels, 0 to 16; the style sheet's own when unset.
    pub radius: Option<u8>,
}

impl Document for Branding {
    const NAME: &'static str = "branding";
}

/// Who a tenant's mails come from. The server they go through is the installation's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailSender {
    /// The name before the address; the tenant's name when empty.
    pub name: String,
    /// The address; the installation's when unset.
    pub address: Option<String>,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// The language of mails to people whose language is unknown: `en` or `de`.
    pub language: Option<String>,
}

impl Document for MailSender {
    const NAME: &'static str = "mail";
}

/// The server that mails go through: a document of the system tenant, the operator's alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailServer {
    /// Its host name or address; none is set up when empty.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// `starttls`, `tls` or `none`.
    pub tls: String,
    /// The user to sign in as; nobody when empty.
    pub user: String,
    /// The sealed password.
    pub password: String,
    /// The address mails come from when a tenant has none of its own.
    pub from: String,
}

impl Document for MailServer {
    const NAME: &'static str = "mail_server";
}

/// The fields of users that a tenant defined itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserFields {
    /// Definitions in the order of forms; their form is `mapping`'s.
    pub fields: Vec<serde_json::Value>,
}

impl Document for UserFields {
    const NAME: &'static str = "user_fields";
}

impl Tx<'_> {
    /// A document and its version; the default at version 0 when it was never saved.
    ///
    /// # Errors
    /// [`Error::Internal`] when the row holds what this version cannot read.
    pub fn find_setting<D: Document>(&mut self) -> Result<(D, i64), Error> {
        let row: Option<SettingRow> =
            settings::table.find((&self.tenant, D::NAME)).first(self.conn).optional()?;
        match row {
            Some(row) => Ok((read(&row)?, row.version)),
            None => Ok((D::default(), 0)),
        }
    }

    /// Every document of the tenant; they are few.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn list_settings(&mut self) -> Result<Vec<SettingRow>, Error> {
        Ok(settings::table
            .filter(settings::tenant.eq(&self.tenant))
            .order(settings::name)
            .limit(50)
            .load(self.conn)?)
    }

    /// Replaces a document if it still stands at `version` (0: never saved); `false` when it does
    /// not.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn put_setting<D: Document>(
        &mut self,
        to: &D,
        version: i64,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let body = serde_json::to_string(to).map_err(|e| Error::Internal(e.to_string()))?;
        let changed = if version == 0 {
            diesel::sql_query(
                "INSERT INTO settings (tenant, name, body, version, updated_at) \
                 VALUES ($1, $2, $3, 1, $4) ON CONFLICT (tenant, name) DO NOTHING",
            )
            .bind::<Text, _>(self.tenant.as_str().to_owned())
            .bind::<Text, _>(D::NAME)
            .bind::<Text, _>(body)
            .bind::<BigInt, _>(now.0)
            .execute(self.conn)?
        } else {
            let standing = settings::table.find((&self.tenant, D::NAME));
            diesel::update(standing.filter(settings::version.eq(version)))
                .set((
                    settings::body.eq(body),
                    settings::version.eq(version + 1),
                    settings::updated_at.eq(now),
                ))
                .execute(self.conn)?
        };
        Ok(changed == 1)
    }
}

/// Reads a document out of its row.
///
/// # Errors
/// [`Error::Internal`] when the row holds what this version cannot read.
pub fn read<D: Document>(row: &SettingRow) -> Result<D, Error> {
    serde_json::from_str(&row.body)
        .map_err(|e| Error::Internal(format!("settings {}: {e}", D::NAME)))
}

/// Finds a document among those of a tenant.
///
/// # Errors
/// As [`read`].
pub fn find_in<D: Document>(rows: &[SettingRow]) -> Result<D, Error> {
    rows.iter().find(|row| row.name == D::NAME).map_or_else(|| Ok(D::default()), read)
}
