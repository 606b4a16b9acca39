//! Linking an identity to an account that exists. The owner has just proven the account, in the
//! same browser, and confirms on a page that names provider, identity and account. One use, one
//! hour, dead when the connection is switched off.

use std::sync::Arc;

use context::{Connection, Ctx, Tenant};
use directory::Actor;
use directory::mail::{self, Message, Prepared, Template};
use protocol::catalogue;
use store::identities::{IdentityKey, IdentityRow};
use store::users::UserRow;
use store::{Error, SessionId, Tx, UserId};

use super::Pending;
use super::write::{audit, identity_row, spend};
use crate::browser::Browser;
use crate::trace::{self, About};

/// What the page asks.
#[derive(Debug)]
pub struct Question {
    /// The account.
    pub user: UserRow,
    /// The connection the identity came through.
    pub connection: Arc<Connection>,
    /// The session in which the account was proven, if it was: then it can be confirmed.
    pub proven: Option<SessionId>,
    /// Whether a password is a way to prove it.
    pub password: bool,
    /// Other connections that are.
    pub others: Vec<Arc<Connection>>,
    /// Whether a mail to the account's address is.
    pub mail: bool,
}

/// What came of a confirmation.
#[derive(Debug)]
pub enum Connected {
    /// Linked; the flow goes on in this session.
    Done(SessionId),
    /// The account must be proven first.
    NotProven,
    /// Refused, with the catalogue's code.
    Refused(&'static str),
}

/// What is asked; none when there is nothing to ask any more.
///
/// # Errors
/// Whatever the database reports.
pub fn question(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    pending: &Pending,
) -> Result<Option<Question>, Error> {
    let Some((id, connection)) = parties(ctx, tenant, pending)? else { return Ok(None) };
    let all = ctx.snapshots.connections(ctx, &tenant.id)?;
    ctx.db.read(&tenant.id, |tx| {
        let Some(user) = tx.find_user(&id)? else { return Ok(None) };
        let proven = proven(tx, ctx, browser, pending, &user)?;
        let linked = tx.list_identities_of(&id)?;
        let usable = |c: &&Arc<Connection>| {
            c.enabled && c.id != connection.id && linked.iter().any(|i| i.connection == c.id)
        };
        let others: Vec<_> = all.iter().filter(usable).cloned().collect();
        let password = tenant.sign_in.password && user.password.is_some();
        // A password that somebody chose before the address was proven proves nothing.
        let mail = !user.email_verified || (!password && others.is_empty());
        let password = password && user.email_verified;
        Ok(Some(Question {
            user,
            connection: Arc::clone(&connection),
            proven,
            password,
            others,
            mail,
        }))
    })
}

/// The account and the connection, while both may be linked.
pub(super) fn parties(
    ctx: &Ctx,
    tenant: &Tenant,
    pending: &Pending,
) -> Result<Option<(UserId, Arc<Connection>)>, Error> {
    let Some(user) = pending.user.as_deref().and_then(UserId::parse) else { return Ok(None) };
    let all = ctx.snapshots.connections(ctx, &tenant.id)?;
    let connection = all.iter().find(|c| c.id.as_str() == pending.connection && c.enabled);
    Ok(connection.map(|connection| (user, Arc::clone(connection))))
}

/// The session of this browser in which the account was proven: since the identity arrived, or the
/// one from which linking was asked for.
fn proven(
    tx: &mut Tx,
    ctx: &Ctx,
    browser: &Browser,
    pending: &Pending,
    user: &UserRow,
) -> Result<Option<SessionId>, Error> {
    let hashes = browser.token_hashes();
    if hashes.is_empty() || user.blocked {
        return Ok(None);
    }
    let sessions = tx.list_browser_sessions(&hashes, "", ctx.now())?;
    let counts = |s: &&store::sessions::BrowserSession| {
        let asked = pending.session.as_deref() == Some(s.id.as_str());
        s.user_id == user.id && !s.blocked && (asked || s.authenticated_at >= pending.at)
    };
    Ok(sessions.iter().find(counts).map(|session| session.id.clone()))
}

/// Links, if the account was proven in this browser.
///
/// # Errors
/// Whatever the database reports.
pub fn connect(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    pending: &Pending,
) -> Result<Connected, Error> {
    let over = Connected::Refused(catalogue::LINK_PROOF_OVER);
    let Some((id, connection)) = parties(ctx, tenant, pending)? else { return Ok(over) };
    let Some(user) = ctx.db.read(&tenant.id, |tx| tx.find_user(&id))? else { return Ok(over) };
    let linking = Linking::new(ctx, tenant, browser, pending, &connection, &user)?;
    let how = if pending.session.is_some() { "account" } else { "sign_in" };
    let written = ctx.db.write(&tenant.id, |tx| {
        let user = tx.find_user(&id)?.ok_or(Error::Conflict("key"))?;
        let Some(session) = proven(tx, ctx, browser, pending, &user)? else {
            return Ok(Connected::NotProven);
        };
        Ok(match linking.put(tx, ctx, &user, how)? {
            Ok(()) => Connected::Done(session),
            Err(code) => Connected::Refused(code),
        })
    });
    let connected = match written {
        Err(Error::Conflict(_)) => over,
        other => other?,
    };
    let code = match &connected {
        Connected::Done(_) => trace::OK,
        Connected::NotProven => catalogue::LINK_NEEDS_PROOF,
        Connected::Refused(code) => code,
    };
    note(ctx, tenant, pending, code);
    Ok(connected)
}

pub(super) fn note(ctx: &Ctx, tenant: &Tenant, pending: &Pending, code: &'static str) {
    let about = About {
        flow: &pending.flow,
        user: pending.user.as_deref().unwrap_or_default(),
        connection: &pending.connection,
        ..About::default()
    };
    trace::note(ctx, tenant, "link", code, about);
}

/// Everything that linking writes, made before the write.
pub(super) struct Linking<'a> {
    pending: &'a Pending,
    browser: &'a Browser,
    identity: IdentityRow,
    notice: Prepared,
}

impl<'a> Linking<'a> {
    pub(super) fn new(
        ctx: &Ctx,
        tenant: &Tenant,
        browser: &'a Browser,
        pending: &'a Pending,
        connection: &Arc<Connection>,
        user: &UserRow,
    ) -> Result<Linking<'a>, Error> {
        let identity = identity_row(ctx, tenant, browser, &pending.vouched(connection))?;
        let notice = notice(ctx, tenant, browser, connection, user, &pending.flow)?;
        Ok(Linking { pending, browser, identity, notice })
    }

    /// The identity.
    pub(super) fn key(&self) -> IdentityKey<'_> {
        let row = &self.identity;
        IdentityKey { connection: &row.connection, issuer: &row.issuer, subject: &row.subject }
    }

    /// The person at the browser, as commands know them.
    pub(super) fn actor(&self, user: &UserRow) -> Actor {
        Actor::visitor(&self.browser.request, &self.browser.ip).known_as(user)
    }

    /// Uses the pending identity up and links it. The inner error is the catalogue's code.
    pub(super) fn put(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        user: &UserRow,
        how: &str,
    ) -> Result<Result<(), &'static str>, Error> {
        let row = IdentityRow {
            user_id: user.id.clone(),
            linked_by: how.to_owned(),
            ..self.identity.clone()
        };
        if let Some(standing) = tx.find_identity(self.key())? {
            let own = standing.user_id == user.id;
            return Ok(if own { Ok(()) } else { Err(catalogue::IDENTITY_TAKEN) });
        }
        if !spend(tx, &self.pending.id, user.id.as_str(), ctx.now())? {
            return Ok(Err(catalogue::LINK_PROOF_OVER));
        }
        tx.insert_identity(&row)?;
        self.notice.put(tx)?;
        let detail = serde_json::json!({
            "identity": row.id, "connection": row.connection, "issuer": row.issuer,
            "label": row.label, "by": how,
        });
        let object = user.id.as_str();
        tx.insert_audit(&audit(ctx, self.browser, user, "identity.link", object, detail))?;
        tx.changed("user", object);
        Ok(Ok(()))
    }
}

fn notice(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    connection: &Connection,
    user: &UserRow,
    flow: &str,
) -> Result<Prepared, Error> {
    let values = [
        ("name", user.name.clone()),
        ("email", user.email.clone()),
        ("provider", connection.name.clone()),
        ("ip", browser.ip.clone()),
    ];
    let message = Message {
        template: Template::IdentityChanged,
        to: user.email.clone(),
        language: None,
        values: values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        flow: flow.to_owned(),
    };
    mail::prepare(ctx, &tenant.id, &message).map_err(store_error)
}

/// What `directory` reports where only the database can be the cause.
pub(super) fn store_error(error: directory::Error) -> Error {
    match error {
        directory::Error::Store(error) => error,
        other => Error::Internal(other.to_string()),
    }
}
