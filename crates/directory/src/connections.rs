//! Connections: finding, changing, ordering, switching, deleting. Adding one is in `create`, what
//! settings may be in `check`, the secret in `secrets`. How somebody signs in through one is
//! `federation`'s; whom that makes them is `issuer`'s.

mod check;
mod create;
mod difference;
mod expiry;
mod secrets;
mod urls;

use context::Ctx;
use serde::{Deserialize, Serialize};
use store::connections::{ConnectionRow, ConnectionUse};
use store::{ConnectionConfig, ConnectionId, TenantId, Tx};

pub(crate) use check::check_config;
pub use check::{MAX_CONNECTIONS, PROTOCOL_PARAMS, check_issuer};
pub use create::{CreateConnection, Creation, create, create_once};
use difference::difference;
pub(crate) use difference::to_json;
pub use expiry::{Expiry, SOON_DAYS, expiry, expiry_text, parse_expiry, set_secret_expiry};
pub use secrets::{note_check, set_secret};
pub(crate) use urls::check_origin;
pub use urls::check_upstream_url;

use crate::actor::Actor;
use crate::audit;
use crate::error::{Error, none};
use crate::page::COUNT_CAP;
use crate::rights::Action;
use crate::tenants::check_name;

/// The days of [`usage`]'s recent sign-ins, in seconds.
const RECENT_S: i64 = 7 * 86_400;

/// What may change about a connection. Its code may not: it stands in the callback URL that the
/// provider knows.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateConnection {
    /// The version the change is based on.
    pub version: i64,
    /// The name people read on its button.
    pub name: String,
    /// All settings.
    pub config: ConnectionConfig,
}

/// A connection with its settings.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The connection.
    pub row: ConnectionRow,
    /// Its settings.
    pub config: ConnectionConfig,
}

/// Every connection of a tenant, in the order in which they are offered.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn list(ctx: &Ctx, actor: &Actor, tenant: &TenantId) -> Result<Vec<Shown>, Error> {
    let rows = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::ConnectionRead)?;
        Ok::<_, Error>(tx.list_connections()?)
    })?;
    rows.into_iter().map(|row| Ok(Shown { config: row.config()?, row })).collect()
}

/// As [`list`], each with what hangs on it.
///
/// # Errors
/// As [`list`].
pub fn overview(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
) -> Result<Vec<(Shown, ConnectionUse)>, Error> {
    let since = ctx.now().plus_seconds(-RECENT_S);
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::ConnectionRead)?;
        let mut all = Vec::new();
        for row in tx.list_connections()? {
            let used = tx.count_connection_use(&row.id, since, COUNT_CAP)?;
            all.push((Shown { config: row.config()?, row }, used));
        }
        Ok(all)
    })
}

/// A connection by its id or its code.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn show(ctx: &Ctx, actor: &Actor, tenant: &TenantId, id: &str) -> Result<Shown, Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::ConnectionRead)?;
        let row = find(tx, id)?;
        Ok(Shown { config: row.config()?, row })
    })
}

/// What hangs on a connection; each number stops at 1,001. Recent are the last seven days.
///
/// # Errors
/// As [`show`].
pub fn usage(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
) -> Result<ConnectionUse, Error> {
    let since = ctx.now().plus_seconds(-RECENT_S);
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::ConnectionRead)?;
        let row = find(tx, id)?;
        Ok(tx.count_connection_use(&row.id, since, COUNT_CAP)?)
    })
}

/// Changes a connection's name and settings. What a test found out of it no longer counts.
///
/// # Errors
/// [`Error::Form`], [`Error::Stale`], [`Error::NotFound`], [`Error::Forbidden`], or whatever the
/// database reports.
pub fn update(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    input: &UpdateConnection,
) -> Result<ConnectionRow, Error> {
    let config = check::tidy(&input.config);
    let json = to_json(&config)?;
    change(ctx, actor, tenant, id, Some(input.version), "connection.update", |tx, row| {
        let mut errors = Vec::new();
        check_name(&input.name, &mut errors);
        errors.extend(check_config(&row.kind, &ctx.settings.plain_hosts, &config));
        errors.extend(check::secret_fits(&config, row.sealed_secret.is_some()));
        errors.extend(check::applications(tx, &config)?);
        none(errors)?;
        row.name = input.name.trim().to_owned();
        if row.config != json {
            secrets::unchecked(row);
        }
        row.config = json.clone();
        untested(row);
        Ok(())
    })
}

/// Offers a connection, or no longer: then nobody new gets in through it, and those who did before
/// stay signed in.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn set_enabled(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    enabled: bool,
) -> Result<ConnectionRow, Error> {
    let action = if enabled { "connection.enable" } else { "connection.disable" };
    change(ctx, actor, tenant, id, None, action, |_, row| {
        row.enabled = enabled;
        Ok(())
    })
}

/// Puts connections in this order; those that are not named follow in the order they had.
///
/// # Errors
/// [`Error::NotFound`] for an id that is none, [`Error::Forbidden`], or whatever the database
/// reports.
pub fn reorder(ctx: &Ctx, actor: &Actor, tenant: &TenantId, ids: &[String]) -> Result<(), Error> {
    ctx.db.write(tenant, |tx| place(tx, ctx, actor, ids))
}

/// The same inside a write that does more. An order that stands already changes nothing.
pub(crate) fn place(tx: &mut Tx, ctx: &Ctx, actor: &Actor, ids: &[String]) -> Result<(), Error> {
    actor.check(tx, Action::ConnectionUpdate)?;
    // The tenant's row is the lock under which places are given.
    tx.lock_tenant()?;
    let standing = tx.list_connections()?;
    let mut after: Vec<&ConnectionRow> = Vec::with_capacity(standing.len());
    for id in ids {
        let row = standing.iter().find(|row| row.id.as_str() == id || row.code == *id);
        let row = row.ok_or(Error::NotFound("connection"))?;
        if !after.iter().any(|known| known.id == row.id) {
            after.push(row);
        }
    }
    let named =
        |row: &&ConnectionRow| ids.iter().any(|id| row.id.as_str() == id || row.code == *id);
    after.extend(standing.iter().filter(|row| !named(row)));
    let codes = |rows: &[&ConnectionRow]| -> Vec<String> {
        rows.iter().map(|row| row.code.clone()).collect()
    };
    let before: Vec<&ConnectionRow> = standing.iter().collect();
    if codes(&before) == codes(&after) {
        return Ok(());
    }
    for (place, row) in (1_i64..).zip(&after).filter(|(place, row)| row.position != *place) {
        tx.place_connection(&row.id, place)?;
    }
    let tenant = tx.tenant().clone();
    let detail = serde_json::json!({ "order": [codes(&before), codes(&after)] });
    audit::record(tx, ctx, actor, "connection.reorder", tenant.as_str(), &detail)?;
    tx.changed("connection", tenant.as_str());
    Ok(())
}

/// Deletes a connection once its code was typed, with the identities that were made through it.
///
/// # Errors
/// [`Error::Form`] when `confirm` is not the code, [`Error::NotFound`], [`Error::Forbidden`], or
/// whatever the database reports.
pub fn delete(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    confirm: &str,
) -> Result<(), Error> {
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::ConnectionDelete)?;
        let row = find(tx, id)?;
        if row.code != confirm.trim() {
            let message = format!("Type {} to delete it.", row.code);
            return Err(Error::field("confirm", "confirm", message));
        }
        tx.delete_connection(&row.id)?;
        let detail = serde_json::json!({ "code": row.code, "name": row.name });
        audit::record(tx, ctx, actor, "connection.delete", row.id.as_str(), &detail)?;
        tx.changed("connection", row.id.as_str());
        Ok(())
    })
}

/// Where this connection's provider sends people back to: what an admin registers there.
pub fn callback_url(issuer: &str, code: &str) -> String {
    format!("{issuer}/federation/{code}/callback")
}

/// Changes a row under its version, with audit and feed entry.
pub(crate) fn change(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    version: Option<i64>,
    action: &'static str,
    edit: impl Fn(&mut Tx, &mut ConnectionRow) -> Result<(), Error>,
) -> Result<ConnectionRow, Error> {
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::ConnectionUpdate)?;
        let before = find(tx, id)?;
        if version.is_some_and(|v| v != before.version) {
            return Err(Error::Stale { current: before.version });
        }
        let mut after = before.clone();
        edit(tx, &mut after)?;
        after.updated_at = ctx.now();
        if !tx.update_connection(&after, before.version)? {
            return Err(Error::Stale { current: before.version + 1 });
        }
        after.version = before.version + 1;
        let detail = difference(&before, &after)?;
        audit::record(tx, ctx, actor, action, after.id.as_str(), &detail)?;
        tx.changed("connection", after.id.as_str());
        Ok(after)
    })
}

/// The connection with this id or code.
pub(crate) fn find(tx: &mut Tx, id_or_code: &str) -> Result<ConnectionRow, Error> {
    let found = match ConnectionId::parse(id_or_code) {
        Some(id) => tx.find_connection(&id)?,
        None => tx.find_connection_by_code(id_or_code)?,
    };
    found.ok_or(Error::NotFound("connection"))
}

/// A test counts for what was tested.
pub(crate) fn untested(row: &mut ConnectionRow) {
    row.tested_at = None;
    row.test_code = String::new();
}

#[cfg(test)]
mod tests;
