//! One's own address: the new one is proven by mail before anything changes, the old one is told,
//! and for a week a link that lies there brings it back.

use context::{Ctx, Tenant};
use protocol::email::canonical_email;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::links::LinkRow;
use store::users::UserRow;
use store::{Error as StoreError, Tx};
use vault::SecretString;

use super::Me;
use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::links::{self, LinkKind};
use crate::mail::{self, Prepared, Template};
use crate::notices::Notice;
use crate::quota::Quota;
use crate::recovery::{Asked, pretend};

/// The address that a link carries.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Carried {
    #[serde(rename = "e")]
    email: String,
}

/// A change that waits, or one that can be undone.
#[derive(Debug)]
pub struct Change {
    /// Whose address it is.
    pub user: UserRow,
    /// The address that the link brings.
    pub email: String,
}

/// Asks for a mail to the new address. An address that somebody has gets the same answer, and its
/// owner the news.
///
/// # Errors
/// [`Error::Form`] for what is no address or is theirs already, or whatever the database reports.
pub fn ask(ctx: &Ctx, tenant: &Tenant, me: &Me, typed: &str) -> Result<Asked, Error> {
    let email = canonical_email(typed)
        .map_err(|problem| Error::field("email", "email", problem.to_string()))?;
    if email.key == me.user.email_key && me.user.email_verified {
        return Err(Error::field("email", "same", "This is your address already."));
    }
    let theirs = ctx.db.read(&tenant.id, |tx| tx.find_user_by_email(&email.key))?;
    let other = theirs.filter(|user| user.id != me.user.id);
    let (mut row, token) = links::make(ctx, &tenant.id, LinkKind::ChangeEmail, me.user.id.as_str());
    row.payload = links::seal(ctx, &row, &Carried { email: email.display.clone() })?;
    let link = format!("{}/account/email/confirm/{}", tenant.issuer, token.expose());
    let (prove, known) = mails(ctx, tenant, me, &email.display, other.as_ref(), &link)?;
    ctx.db.write(&tenant.id, |tx| {
        if Quota::From.is_over(tx, ctx, &me.actor.ip)? {
            return Ok(Asked::TooMany);
        }
        // Whoever is signed in asks for a few addresses, whatever each of them gets.
        let quiet = Quota::MailTo.is_over(tx, ctx, &email.key)?
            || Quota::MailTo.is_over(tx, ctx, me.user.id.as_str())?;
        match &other {
            _ if quiet => pretend(tx, ctx, &row)?,
            Some(_) => {
                pretend(tx, ctx, &row)?;
                known.put(tx)?;
            }
            None => {
                tx.void_links(&row.kind, &row.user_id, ctx.now())?;
                tx.insert_link(&row)?;
                prove.put(tx)?;
            }
        }
        let detail = json!({ "email": email.display });
        audit::record(tx, ctx, &me.actor, "user.ask_email", me.user.id.as_str(), &detail)?;
        Ok(Asked::Taken)
    })
}

/// The mail that proves the new address, and the one that its owner gets instead. Both are made
/// whichever is sent, so that the work is the same.
fn mails(
    ctx: &Ctx,
    tenant: &Tenant,
    me: &Me,
    email: &str,
    other: Option<&UserRow>,
    link: &str,
) -> Result<(Prepared, Prepared), Error> {
    let notice = Notice::new(ctx, &me.actor);
    let prove = notice.clone().link(link).with("name", &me.user.name);
    let prove = prove.message(Template::ChangeEmail, email, None);
    let prove = mail::prepare(ctx, &tenant.id, &prove)?;
    let known = notice.link(&format!("{}/account", tenant.issuer));
    let to = other.map_or(email, |user| user.email.as_str());
    let known = known.message(Template::AlreadyRegistered, to, other);
    let known = mail::prepare(ctx, &tenant.id, &known)?;
    Ok((prove, known))
}

/// Looks at a link of [`ask`] without using it. It counts for its owner alone: whoever reads a
/// mailbox that somebody mistyped gets nothing.
///
/// # Errors
/// [`Error::Link`] with the catalogue's code when it does not work for this person.
pub fn open(ctx: &Ctx, tenant: &Tenant, me: &Me, token: &str) -> Result<Change, Error> {
    let change = look(ctx, tenant, LinkKind::ChangeEmail, token)?;
    match change.user.id == me.user.id {
        true => Ok(change),
        false => Err(Error::Link("link_unknown")),
    }
}

fn look(ctx: &Ctx, tenant: &Tenant, kind: LinkKind, token: &str) -> Result<Change, Error> {
    let (row, user) = ctx.db.read(&tenant.id, |tx| links::usable(ctx, tx, kind, token))?;
    let carried: Carried = links::carried(ctx, &row).ok_or(Error::Link("link_unknown"))?;
    Ok(Change { user, email: carried.email })
}

/// Changes the address with a link: the old one is told, with a link that undoes it.
///
/// # Errors
/// [`Error::Link`] when the link does not work, [`Error::Form`] when somebody has the address by
/// now, or whatever the database reports.
pub fn confirm(ctx: &Ctx, tenant: &Tenant, me: &Me, token: &str) -> Result<(), Error> {
    let change = open(ctx, tenant, me, token)?;
    let from = change.user;
    let email = canonical_email(&change.email).map_err(|_| Error::Link("link_unknown"))?;
    let (mut undo, undo_token) =
        links::make(ctx, &tenant.id, LinkKind::UndoEmail, from.id.as_str());
    undo.payload = links::seal(ctx, &undo, &Carried { email: from.email.clone() })?;
    let link = format!("{}/undo-email/{}", tenant.issuer, undo_token.expose());
    let told = Notice::new(ctx, &me.actor).link(&link).with("new_email", &email.display);
    let told = mail::prepare(
        ctx,
        &tenant.id,
        &told.message(Template::EmailChanged, &from.email, Some(&from)),
    )?;
    let mut to = from.clone();
    (to.email, to.email_key, to.email_verified) = (email.display, email.key, true);
    to.updated_at = ctx.now();
    let changed = ctx.db.write(&tenant.id, |tx| {
        let (link, _) = links::usable(ctx, tx, LinkKind::ChangeEmail, token)?;
        if !tx.spend_link(&link.id, ctx.now())? {
            return Err(Error::Link("link_used"));
        }
        replace(tx, ctx, &me.actor, &from, &to, "user.change_email")?;
        if to.email_key != from.email_key {
            tx.insert_link(&undo)?;
            told.put(tx)?;
        }
        Ok(())
    });
    changed.map_err(taken)
}

fn taken(error: Error) -> Error {
    match error {
        Error::Store(StoreError::Conflict(_)) => {
            Error::field("email", "taken", "This address belongs to another account.")
        }
        other => other,
    }
}

/// Writes the row with another address; links that lie in the mailbox of before stop working.
fn replace(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &Actor,
    from: &UserRow,
    to: &UserRow,
    action: &str,
) -> Result<(), Error> {
    if !tx.update_user(to, from.version)? {
        return Err(Error::Stale { current: from.version });
    }
    tx.void_links(LinkKind::Reset.as_str(), to.id.as_str(), ctx.now())?;
    let detail = json!({ "email": [from.email, to.email] });
    audit::record(tx, ctx, actor, action, to.id.as_str(), &detail)?;
    tx.changed("user", to.id.as_str());
    Ok(())
}

/// Looks at a link that undoes a change, without using it.
///
/// # Errors
/// [`Error::Link`] with the catalogue's code when it does not work.
pub fn open_undo(ctx: &Ctx, tenant: &Tenant, token: &str) -> Result<Change, Error> {
    look(ctx, tenant, LinkKind::UndoEmail, token)
}

/// Brings the former address back and locks out whoever changed it: the password of before is gone,
/// as are identities that were linked since, all sessions, and later links of the same kind.
/// Answers the token of a link to set a new password.
///
/// # Errors
/// [`Error::Link`] when the link does not work, [`Error::Form`] when somebody has the address by
/// now, or whatever the database reports.
pub fn undo(
    ctx: &Ctx,
    tenant: &Tenant,
    visitor: &Actor,
    token: &str,
) -> Result<SecretString, Error> {
    let change = open_undo(ctx, tenant, token)?;
    let email = canonical_email(&change.email).map_err(|_| Error::Link("link_unknown"))?;
    let id = change.user.id.as_str();
    let (mut reset, reset_token) = links::make(ctx, &tenant.id, LinkKind::Reset, id);
    reset.payload = links::seal(ctx, &reset, &json!({}))?;
    let actor = visitor.known_as(&change.user);
    let undone = ctx.db.write(&tenant.id, |tx| {
        let (link, from) = links::usable(ctx, tx, LinkKind::UndoEmail, token)?;
        if !tx.spend_link(&link.id, ctx.now())? {
            return Err(Error::Link("link_used"));
        }
        let mut to = from.clone();
        (to.email, to.email_key) = (email.display.clone(), email.key.clone());
        to.updated_at = ctx.now();
        replace(tx, ctx, &actor, &from, &to, "user.undo_email")?;
        lock_out(tx, ctx, &from, &link)?;
        tx.insert_link(&reset)?;
        Ok(())
    });
    undone.map_err(taken)?;
    Ok(reset_token)
}

/// What somebody may have made their own since the address was changed.
fn lock_out(tx: &mut Tx, ctx: &Ctx, user: &UserRow, since: &LinkRow) -> Result<(), Error> {
    let now = ctx.now();
    tx.claim_user(&user.id, now)?;
    tx.end_sessions_of(&user.id, None, now)?;
    tx.void_links(LinkKind::ChangeEmail.as_str(), user.id.as_str(), now)?;
    let later =
        |row: &LinkRow| row.kind == since.kind && row.id > since.id && row.used_at.is_none();
    for row in tx.list_links(&user.id)?.into_iter().filter(later) {
        tx.spend_link(&row.id, now)?;
    }
    for row in tx.list_identities_of(&user.id)? {
        if row.created_at >= since.created_at {
            tx.delete_identity(&user.id, &row.id)?;
        }
    }
    Ok(())
}
