//! Adding a connection: with its first mapping, its secret sealed, at the end of the others.

use std::collections::BTreeMap;

use context::{ConnectionKind, Ctx};
use mapping::Mapping;
use serde::{Deserialize, Serialize};
use store::connections::ConnectionRow;
use store::mapping_versions::MappingVersionRow;
use store::spent::{Spend, SpentKind};
use store::{ConnectionConfig, ConnectionId, TenantId, Tx};

use super::{check, parse_expiry, secrets, to_json};
use crate::actor::Actor;
use crate::audit;
use crate::error::{Error, FieldError, none};
use crate::mappings;
use crate::presets::{self, Preset};
use crate::rights::Action;
use crate::tenants::check_name;

/// How long it is remembered that a form was sent, in seconds.
const FORM_S: i64 = 86_400;

/// What a new connection needs. Its secret travels beside it, so that nothing that prints or stores
/// the input can leak it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateConnection {
    /// The short name in URLs; it cannot be changed later.
    pub code: String,
    /// The name people read on its button.
    pub name: String,
    /// `oidc` or `oauth2`.
    pub kind: String,
    /// The preset it comes from; empty for none.
    #[serde(default)]
    pub preset: String,
    /// Whether it is offered from the start.
    #[serde(default)]
    pub enabled: bool,
    /// All settings.
    pub config: ConnectionConfig,
    /// When its secret expires, `YYYY-MM-DD`; empty when it does not.
    #[serde(default)]
    pub secret_expires: String,
    /// Its first mapping; the preset's without one.
    #[serde(default)]
    pub mapping: Option<serde_json::Value>,
}

impl CreateConnection {
    /// A connection as a preset suggests it.
    ///
    /// # Errors
    /// [`Error::Form`] naming what the preset has to ask.
    pub fn of_preset(
        preset: &Preset,
        inputs: &BTreeMap<String, String>,
    ) -> Result<CreateConnection, Error> {
        let config = preset.config(inputs).map_err(Error::Form)?;
        Ok(CreateConnection {
            code: preset.code.clone(),
            name: preset.name.clone(),
            kind: preset.kind.clone(),
            preset: preset.code.clone(),
            enabled: false,
            config,
            secret_expires: String::new(),
            mapping: None,
        })
    }
}

/// What became of a form that adds a connection.
#[derive(Debug)]
pub enum Creation {
    /// It added one now.
    New(Box<ConnectionRow>),
    /// It was sent before, and added this one then.
    Before(String),
}

/// Adds a connection.
///
/// # Errors
/// [`Error::Form`] naming each field, [`Error::Forbidden`], or whatever the database reports.
pub fn create(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    input: &CreateConnection,
    secret: Option<&str>,
) -> Result<ConnectionRow, Error> {
    let prepared = prepare(ctx, actor, tenant, input, secret)?;
    ctx.db.write(tenant, |tx| insert(tx, ctx, actor, &prepared)).map_err(taken)
}

/// Adds a connection unless the form with this id has done so before.
///
/// # Errors
/// As [`create`]; a refused form may be sent again.
pub fn create_once(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    input: &CreateConnection,
    secret: Option<&str>,
    form: &str,
) -> Result<Creation, Error> {
    let prepared = prepare(ctx, actor, tenant, input, secret)?;
    let until = ctx.now().plus_seconds(FORM_S);
    let made = ctx.db.write(tenant, |tx| {
        let spent = tx.spend(SpentKind::Form, form, prepared.row.id.as_str(), until)?;
        if let Spend::Replayed { result } = spent {
            return Ok(Creation::Before(result));
        }
        Ok(Creation::New(Box::new(insert(tx, ctx, actor, &prepared)?)))
    });
    made.map_err(taken)
}

struct Prepared {
    row: ConnectionRow,
    config: ConnectionConfig,
    mapping: Mapping,
}

fn prepare(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    input: &CreateConnection,
    secret: Option<&str>,
) -> Result<Prepared, Error> {
    // Nobody learns what is wrong with what they may not send.
    ctx.db.read(tenant, |tx| actor.check(tx, Action::ConnectionCreate))?;
    let config = check::tidy(&input.config);
    let mut errors: Vec<FieldError> = check::check_code(&input.code).into_iter().collect();
    check_name(&input.name, &mut errors);
    let preset = presets::find(&input.preset);
    if !input.preset.is_empty() && preset.is_none_or(|p| p.kind != input.kind) {
        errors.push(FieldError::new("preset", "unknown", "There is no such preset."));
    }
    if ConnectionKind::parse(&input.kind).is_none() {
        errors.push(FieldError::new("kind", "unknown", "Choose oidc or oauth2."));
    }
    errors.extend(check::check_config(&input.kind, &ctx.settings.plain_hosts, &config));
    errors.extend(secret.and_then(secrets::check_secret));
    errors.extend(parse_expiry(&input.secret_expires).err());
    errors.extend(check::secret_fits(&config, secret.is_some()));
    none(errors)?;
    let standard = presets::find(&input.kind).map(|open| &open.mapping);
    let mapping = input.mapping.as_ref().or(preset.map(|p| &p.mapping)).or(standard);
    let mapping = mappings::read(mapping.unwrap_or(&serde_json::Value::Null))?;
    let row = new_row(ctx, tenant, input, &config, secret, mapping.to_value().to_string())?;
    Ok(Prepared { row, config, mapping })
}

fn new_row(
    ctx: &Ctx,
    tenant: &TenantId,
    input: &CreateConnection,
    config: &ConnectionConfig,
    secret: Option<&str>,
    mapping: String,
) -> Result<ConnectionRow, Error> {
    let now = ctx.now();
    let id = ConnectionId::new(now, ctx.vault.random());
    Ok(ConnectionRow {
        tenant: tenant.clone(),
        code: input.code.clone(),
        name: input.name.trim().to_owned(),
        kind: input.kind.clone(),
        preset: input.preset.clone(),
        enabled: input.enabled,
        position: 0,
        config: to_json(config)?,
        sealed_secret: secret.map(|secret| secrets::seal(ctx, tenant, &id, secret)),
        mapping,
        mapping_version: 1,
        tested_at: None,
        test_code: String::new(),
        checked_at: None,
        check_code: String::new(),
        secret_expires_at: parse_expiry(&input.secret_expires).unwrap_or_default(),
        version: 1,
        created_at: now,
        updated_at: now,
        id,
    })
}

fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    prepared: &Prepared,
) -> Result<ConnectionRow, Error> {
    actor.check(tx, Action::ConnectionCreate)?;
    // The tenant's row is the lock under which the last place and the limit are decided.
    tx.lock_tenant()?;
    let standing = tx.list_connections()?;
    none(check::room(standing.len()))?;
    none(check::applications(tx, &prepared.config)?)?;
    mappings::fits(tx, &prepared.mapping)?;
    let mut row = prepared.row.clone();
    row.position = standing.last().map_or(1, |last| last.position + 1);
    tx.insert_connection(&row)?;
    tx.insert_mapping_version(&MappingVersionRow {
        tenant: row.tenant.clone(),
        connection: row.id.clone(),
        version: 1,
        mapping: row.mapping.clone(),
        author: actor.name.clone(),
        created_at: row.created_at,
    })?;
    let detail = serde_json::json!({
        "code": row.code, "name": row.name, "kind": row.kind, "preset": row.preset,
        "enabled": row.enabled, "config": prepared.config,
        "client_secret": if row.sealed_secret.is_some() { "set" } else { "none" },
    });
    audit::record(tx, ctx, actor, "connection.create", row.id.as_str(), &detail)?;
    tx.changed("connection", row.id.as_str());
    Ok(row)
}

fn taken(error: Error) -> Error {
    match error {
        Error::Store(store::Error::Conflict("code")) => Error::field(
            "code",
            "taken",
            "Another connection of this tenant has this code. Choose another.",
        ),
        other => other,
    }
}
