//! The providers somebody signs in with. Linking is `issuer::upstream`'s: only a provider proves an
//! identity.

use std::sync::Arc;

use context::{Connection, Ctx, Tenant};
use serde_json::json;
use store::identities::IdentityRow;
use store::users::UserRow;
use store::{IdentityId, Timestamp};

use super::Me;
use crate::audit;
use crate::error::Error;
use crate::mail::Template;

/// So many sessions are looked through.
const ROWS: i64 = 100;

/// An identity, as its owner reads it.
#[derive(Debug, Clone)]
pub struct Linked {
    /// Its id.
    pub id: IdentityId,
    /// The connection's name; empty when the connection is gone.
    pub provider: String,
    /// What the provider calls them.
    pub label: String,
    /// When it was linked.
    pub since: Timestamp,
    /// When it was last used.
    pub last: Timestamp,
}

/// What somebody signs in with.
#[derive(Debug, Clone, Default)]
pub struct Ways {
    /// Whether a password is one.
    pub password: bool,
    /// Identities at providers.
    pub linked: Vec<Linked>,
    /// Connections without an identity of theirs, in the tenant's order.
    pub more: Vec<Arc<Connection>>,
}

/// The ways in that somebody has, and those they could have.
///
/// # Errors
/// Whatever the database reports.
pub fn list(ctx: &Ctx, tenant: &Tenant, me: &Me) -> Result<Ways, Error> {
    let connections = ctx.snapshots.connections(ctx, &tenant.id)?;
    let rows = ctx.db.read(&tenant.id, |tx| tx.list_identities_of(&me.user.id))?;
    let name = |row: &IdentityRow| {
        let found = connections.iter().find(|c| c.id == row.connection);
        found.map(|c| c.name.clone()).unwrap_or_default()
    };
    let linked = |row: &IdentityRow| Linked {
        id: row.id.clone(),
        provider: name(row),
        label: row.label.clone(),
        since: row.created_at,
        last: row.signed_in_at,
    };
    let free = |c: &&Arc<Connection>| c.enabled && !rows.iter().any(|row| row.connection == c.id);
    Ok(Ways {
        password: by_password(tenant, &me.user),
        linked: rows.iter().map(linked).collect(),
        more: connections.iter().filter(free).cloned().collect(),
    })
}

fn by_password(tenant: &Tenant, user: &UserRow) -> bool {
    tenant.sign_in.password && user.password.is_some()
}

/// Unlinks an identity. Refused for the last way to sign in; the sessions of it end, this one
/// excepted, and the person is told by mail.
///
/// # Errors
/// [`Error::NotFound`] for what is not theirs, [`Error::Form`] for the last way in, or whatever the
/// database reports.
pub fn unlink(ctx: &Ctx, tenant: &Tenant, me: &Me, id: &str) -> Result<(), Error> {
    let id = IdentityId::parse(id).ok_or(Error::NotFound("identity"))?;
    let connections = ctx.snapshots.connections(ctx, &tenant.id)?;
    let found = ctx.db.read(&tenant.id, |tx| tx.list_identities_of(&me.user.id))?;
    let row = found.into_iter().find(|row| row.id == id).ok_or(Error::NotFound("identity"))?;
    let named = connections.iter().find(|c| c.id == row.connection);
    let provider = named.map(|c| c.name.clone()).unwrap_or_default();
    let told = me.told(
        ctx,
        tenant,
        Template::IdentityChanged,
        &[("provider", &provider), ("change", "unlinked")],
    )?;
    let works = |row: &IdentityRow| connections.iter().any(|c| c.id == row.connection && c.enabled);
    ctx.db.write(&tenant.id, |tx| {
        // Two of the last two at one moment: the second waits for the first here.
        tx.lock_user(&me.user.id)?;
        let user = me.stands(tx)?;
        let all = tx.list_identities_of(&user.id)?;
        let others = all.iter().filter(|row| row.id != id && works(row)).count();
        if others == 0 && !by_password(tenant, &user) {
            let message = "This is the only way you sign in. Set a password or link another \
                           account first.";
            return Err(Error::field("identity", "last_way", message));
        }
        if !tx.delete_identity(&user.id, &id)? {
            return Err(Error::NotFound("identity"));
        }
        end_sessions(tx, ctx, me, &row)?;
        told.put(tx)?;
        let detail = json!({
            "identity": id.as_str(), "connection": row.connection.as_str(), "label": row.label,
        });
        audit::record(tx, ctx, &me.actor, "identity.unlink", user.id.as_str(), &detail)?;
        tx.changed("user", user.id.as_str());
        Ok(())
    })
}

/// Ends the other sessions that began with an identity.
fn end_sessions(tx: &mut store::Tx, ctx: &Ctx, me: &Me, row: &IdentityRow) -> Result<(), Error> {
    for session in tx.list_sessions(Some(&me.user.id), None, ROWS)? {
        let began = session.connection == row.connection.as_str() && session.id != me.session;
        if began && tx.end_session(&session.id, ctx.now())? {
            tx.revoke_session_grants(&session.id, "user", ctx.now())?;
            tx.changed("session", session.id.as_str());
        }
    }
    Ok(())
}
