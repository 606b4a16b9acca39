//! What hangs on a user and can be taken back: identities at providers, what they allowed
//! applications; and what they did lately.

use context::Ctx;
use serde::Serialize;
use serde_json::json;
use store::audit::{AuditFilter, AuditRow};
use store::consents::ConsentRow;
use store::identities::IdentityRow;
use store::members::Membership;
use store::traces::{LogFilter, TraceRow};
use store::{ApplicationId, IdentityId, TenantId, Timestamp, Tx};

use super::find;
use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::rights::Action;

/// So many rows a page of this shows.
const ROWS: i64 = 100;
/// So many grants a revocation ends at once; without its consent none of the rest is redeemed.
const GRANTS: i64 = 400;

/// What a user allowed an application.
#[derive(Debug, Clone, Serialize)]
pub struct Consent {
    /// The application.
    pub application: ApplicationId,
    /// Its name; empty if it is gone.
    pub name: String,
    /// What was allowed, space-separated.
    pub scopes: String,
    /// When it was first given, in microseconds since 1970 UTC.
    pub created_at: i64,
    /// When it was last given.
    pub updated_at: i64,
}

/// An identity of a user as people read it.
#[derive(Debug, Clone, Serialize)]
pub struct Identity {
    /// Its id.
    pub id: IdentityId,
    /// The connection's id.
    pub connection: String,
    /// The connection's name; empty if it is gone.
    pub name: String,
    /// The upstream issuer.
    pub issuer: String,
    /// Who they are there.
    pub subject: String,
    /// What the provider calls them.
    pub label: String,
    /// How it was linked.
    pub linked_by: String,
    /// When it was linked, in microseconds since 1970 UTC.
    pub created_at: i64,
    /// When somebody last signed in with it.
    pub signed_in_at: i64,
}

/// What a user can sign in with through providers.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn identities(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    who: &str,
) -> Result<Vec<Identity>, Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::UserRead)?;
        let user = find(tx, who)?;
        let rows = tx.list_identities_of(&user.id)?;
        rows.into_iter().map(|row| identity(tx, row)).collect()
    })
}

fn identity(tx: &mut Tx, row: IdentityRow) -> Result<Identity, Error> {
    let connection = tx.find_connection(&row.connection)?;
    Ok(Identity {
        id: row.id,
        name: connection.map(|found| found.name).unwrap_or_default(),
        connection: row.connection.as_str().into(),
        issuer: row.issuer,
        subject: row.subject,
        label: row.label,
        linked_by: row.linked_by,
        created_at: row.created_at.0,
        signed_in_at: row.signed_in_at.0,
    })
}

/// Unlinks an identity: its sessions end with all that was issued in them.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn unlink(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    who: &str,
    id: &str,
) -> Result<(), Error> {
    let id = IdentityId::parse(id).ok_or(Error::NotFound("identity"))?;
    let now = ctx.now();
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::UserUpdate)?;
        let user = find(tx, who)?;
        let all = tx.list_identities_of(&user.id)?;
        let row = all.into_iter().find(|row| row.id == id).ok_or(Error::NotFound("identity"))?;
        tx.delete_identity(&user.id, &id)?;
        for session in tx.list_sessions(Some(&user.id), None, ROWS)? {
            if session.connection == row.connection.as_str() && tx.end_session(&session.id, now)? {
                tx.revoke_session_grants(&session.id, "admin", now)?;
                tx.changed("session", session.id.as_str());
            }
        }
        let detail = json!({
            "identity": id.as_str(), "connection": row.connection.as_str(), "label": row.label,
        });
        audit::record(tx, ctx, actor, "identity.unlink", user.id.as_str(), &detail)?;
        tx.changed("user", user.id.as_str());
        Ok(())
    })
}

/// What a user allowed, by application; at most 100.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn consents(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    who: &str,
) -> Result<Vec<Consent>, Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::UserRead)?;
        let user = find(tx, who)?;
        let rows = tx.list_consents(&user.id, None, ROWS)?;
        rows.into_iter().map(|row| consent(tx, row)).collect()
    })
}

fn consent(tx: &mut Tx, row: ConsentRow) -> Result<Consent, Error> {
    let application = tx.find_application(&row.application)?;
    Ok(Consent {
        name: application.map(|found| found.name).unwrap_or_default(),
        application: row.application,
        scopes: row.scopes,
        created_at: row.created_at.0,
        updated_at: row.updated_at.0,
    })
}

/// Takes back what a user allowed one application, or all of them: the consent goes, and what was
/// issued on it ends. Answers how many consents went.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn revoke_consents(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    who: &str,
    application: Option<&str>,
) -> Result<usize, Error> {
    let one = application
        .map(|id| ApplicationId::parse(id).ok_or(Error::NotFound("consent")))
        .transpose()?;
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::UserUpdate)?;
        let user = find(tx, who)?;
        let mut gone = 0;
        for row in tx.list_consents(&user.id, None, ROWS)? {
            if one.as_ref().is_some_and(|one| *one != row.application) {
                continue;
            }
            tx.delete_consent(&user.id, &row.application)?;
            tx.revoke_user_grants(&user.id, &row.application, ctx.now(), GRANTS)?;
            let detail = json!({ "application": row.application.as_str(), "scopes": row.scopes });
            audit::record(tx, ctx, actor, "consent.revoke", user.id.as_str(), &detail)?;
            gone += 1;
        }
        if one.is_some() && gone == 0 {
            return Err(Error::NotFound("consent"));
        }
        tx.changed("user", user.id.as_str());
        Ok(gone)
    })
}

/// The organizations a user belongs to; at most 100.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn memberships(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    who: &str,
) -> Result<Vec<Membership>, Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::OrganizationRead)?;
        let user = find(tx, who)?;
        Ok(tx.list_memberships(&user.id, ROWS)?)
    })
}

/// Something that a user did, or that was done to them.
#[derive(Debug, Clone)]
pub enum Event {
    /// An admin changed something.
    Change(AuditRow),
    /// A step of a sign-in.
    Step(TraceRow),
}

impl Event {
    /// When.
    pub fn at(&self) -> Timestamp {
        match self {
            Event::Change(row) => row.at,
            Event::Step(row) => row.at,
        }
    }
}

/// What happened to a user lately, newest first: the last changes and the last steps of sign-ins,
/// up to 50 of each.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn activity(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    who: &str,
) -> Result<Vec<Event>, Error> {
    let mut events: Vec<Event> = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::UserRead)?;
        actor.check(tx, Action::LogRead)?;
        let user = find(tx, who)?;
        let id = Some(user.id.as_str().to_owned());
        let about = AuditFilter { object: id.clone(), ..AuditFilter::default() };
        let changes = tx.list_audit(None, &about, ROWS / 2)?;
        let theirs = LogFilter { user: id, ..LogFilter::default() };
        let steps = tx.list_log(&theirs, None, ROWS / 2)?;
        let changes = changes.into_iter().map(Event::Change);
        Ok::<_, Error>(changes.chain(steps.into_iter().map(Event::Step)).collect())
    })?;
    events.sort_by_key(|event| std::cmp::Reverse(event.at()));
    Ok(events)
}
