//! A forgotten password: asking for a link, and choosing a new password with it or with the link of
//! an admin.
//!
//! Whoever asks learns nothing: an address that nobody has costs the same work and gets the same
//! answer. The link goes to the address that is stored, never to the one that was typed.

use context::{Ctx, Tenant};
use protocol::email::canonical_email;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::links::LinkRow;
use store::spent::SpentKind;
use store::users::UserRow;
use store::{Error as StoreError, RequestId, Tx, UserId};

use crate::actor::Actor;
use crate::error::Error;
use crate::links::{self, LinkKind};
use crate::mail::{self, Prepared, Template};
use crate::notices::Notice;
use crate::quota::Quota;
use crate::users::claim::claim;
use crate::{audit, guesses};

/// The sign-in somebody was in when they asked, so that the same browser can go on with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Back {
    /// The sealed flow.
    #[serde(rename = "t")]
    pub tx: String,
    /// The fingerprint of the browser it belongs to.
    #[serde(rename = "b")]
    pub browser: String,
    /// The flow's id.
    #[serde(rename = "f")]
    pub flow: String,
    /// The application's name, for the mail.
    #[serde(rename = "a")]
    pub application: String,
}

/// What came of a request that anybody may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// It was taken; nobody is told more.
    Taken,
    /// Too many came from this network address within the hour.
    TooMany,
}

/// A link to set a password, opened without using it.
#[derive(Debug)]
pub struct Opened {
    /// Whose password it sets.
    pub user: UserRow,
    /// Whether they asked for it themselves, by mail.
    pub mailed: bool,
    /// The sign-in to go on with.
    pub back: Option<Back>,
}

/// What the link of somebody who asked carries.
#[derive(Debug, Serialize, Deserialize)]
struct Carried {
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    back: Option<Back>,
}

/// Asks for a link to choose a new password.
///
/// # Errors
/// [`Error::Form`] for what is no address, or whatever the database reports.
pub fn request(
    ctx: &Ctx,
    tenant: &Tenant,
    visitor: &Actor,
    email: &str,
    back: Option<&Back>,
) -> Result<Asked, Error> {
    let email = canonical_email(email)
        .map_err(|problem| Error::field("username", "email", problem.to_string()))?;
    let user = ctx.db.read(&tenant.id, |tx| tx.find_user_by_email(&email.key))?;
    let nobody = UserId::new(ctx.now(), ctx.vault.random());
    let owner = user.as_ref().map_or(&nobody, |user| &user.id);
    let (mut row, token) = links::make(ctx, &tenant.id, LinkKind::Reset, owner.as_str());
    row.payload = links::seal(ctx, &row, &Carried { back: back.cloned() })?;
    let link = format!("{}/set-password/{}", tenant.issuer, token.expose());
    let notice = Notice::new(ctx, visitor).link(&link).about(back);
    let to = user.as_ref().map_or(email.display.as_str(), |user| user.email.as_str());
    let mail = mail::prepare(
        ctx,
        &tenant.id,
        &notice.message(Template::ResetPassword, to, user.as_ref()),
    )?;
    ctx.db.write(&tenant.id, |tx| {
        if Quota::From.is_over(tx, ctx, &visitor.ip)? {
            return Ok(Asked::TooMany);
        }
        let quiet = Quota::MailTo.is_over(tx, ctx, &email.key)?;
        match user.as_ref().filter(|user| !quiet && !user.blocked) {
            Some(user) => send(tx, ctx, visitor, user, &row, &mail)?,
            None => pretend(tx, ctx, &row)?,
        }
        Ok(Asked::Taken)
    })
}

fn send(
    tx: &mut Tx,
    ctx: &Ctx,
    visitor: &Actor,
    user: &UserRow,
    row: &LinkRow,
    mail: &Prepared,
) -> Result<(), Error> {
    tx.void_links(&row.kind, user.id.as_str(), ctx.now())?;
    tx.insert_link(row)?;
    mail.put(tx)?;
    audit::record(tx, ctx, visitor, "user.recovery", user.id.as_str(), &json!({}))
}

/// As many statements as [`send`], for an address that gets no mail.
pub(crate) fn pretend(tx: &mut Tx, ctx: &Ctx, row: &LinkRow) -> Result<(), StoreError> {
    let (now, random) = (ctx.now(), ctx.vault.random());
    let nobody = UserId::new(now, random);
    tx.void_links(&row.kind, nobody.as_str(), now)?;
    let row = LinkRow { kind: "nobody".into(), expires_at: now, used_at: Some(now), ..row.clone() };
    tx.insert_link(&row)?;
    for _ in 0..2 {
        tx.spend(SpentKind::Form, RequestId::new(now, random).as_str(), "", now)?;
    }
    Ok(())
}

/// Looks at a link without using it.
///
/// # Errors
/// [`Error::Link`] with the catalogue's code when it does not work.
pub fn open(ctx: &Ctx, tenant: &Tenant, token: &str) -> Result<Opened, Error> {
    let (row, user) =
        ctx.db.read(&tenant.id, |tx| links::usable(ctx, tx, LinkKind::Reset, token))?;
    let carried: Option<Carried> = links::carried(ctx, &row);
    Ok(Opened { user, mailed: carried.is_some(), back: carried.and_then(|c| c.back) })
}

/// Sets a password with a link: the link is used up, what was issued before ends, and the person is
/// told. With `everywhere` every session ends too. A link that came by mail proves the address; if
/// nobody had proven it before, nothing of whoever used the account until then stays.
///
/// # Errors
/// [`Error::Link`] with the catalogue's code when the link does not work.
pub fn reset(
    ctx: &Ctx,
    tenant: &Tenant,
    visitor: &Actor,
    token: &str,
    phc: &str,
    everywhere: bool,
) -> Result<UserRow, Error> {
    let opened = open(ctx, tenant, token)?;
    let actor = visitor.known_as(&opened.user);
    let told = news(ctx, tenant, visitor, &opened.user)?;
    let now = ctx.now();
    ctx.db.write(&tenant.id, |tx| {
        let (link, user) = links::usable(ctx, tx, LinkKind::Reset, token)?;
        // The mail is written for the address as it was read.
        if !tx.spend_link(&link.id, now)? || user.email_key != opened.user.email_key {
            return Err(Error::Link("link_used"));
        }
        let claimed = opened.mailed && !user.email_verified;
        if claimed {
            claim(tx, ctx, &actor, &user, None)?;
        }
        tx.set_user_password(&user.id, phc, now)?;
        match everywhere || claimed {
            true => tx.end_sessions_of(&user.id, None, now)?,
            false => tx.carry_sessions(&user.id, None, user.epoch, user.epoch + 1)?,
        };
        tx.reset_guesses(&guesses::key(&guesses::mac(ctx, &tenant.id, &user.email_key, b"")))?;
        if user.password.is_some() {
            told.put(tx)?;
        }
        let detail = json!({ "by": if opened.mailed { "mail" } else { "link" } });
        audit::record(tx, ctx, &actor, "user.set_password", user.id.as_str(), &detail)?;
        tx.changed("user", user.id.as_str());
        Ok(user)
    })
}

/// The mail that tells somebody of their new password.
fn news(ctx: &Ctx, tenant: &Tenant, visitor: &Actor, user: &UserRow) -> Result<Prepared, Error> {
    let notice = Notice::new(ctx, visitor);
    let told = notice.message(Template::PasswordChanged, &user.email, Some(user));
    mail::prepare(ctx, &tenant.id, &told)
}
