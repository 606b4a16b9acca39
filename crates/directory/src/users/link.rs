//! The link with which a user sets a password, sent to them by mail. To show it instead is
//! `links::create_set_password`'s.

use context::Ctx;
use store::{TenantId, UserId};

use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::links::{self, LinkKind};
use crate::mail::{self, Message, Template};
use crate::rights::Action;

/// Sends a user a link to set a password; links made before stop working.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn send(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    user: &UserId,
    kind: LinkKind,
) -> Result<(), Error> {
    let (row, token) = links::make(ctx, tenant, kind, user.as_str());
    let url = links::set_password_url(ctx, tenant, &token)?;
    let found = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::UserHelp)?;
        tx.find_user(user)?.ok_or(Error::NotFound("user"))
    })?;
    let template = match kind {
        LinkKind::Reset => Template::ResetPassword,
        _ => Template::SetPassword,
    };
    let values = [("name", found.name.as_str()), ("email", found.email.as_str()), ("link", &url)];
    let message = Message {
        template,
        to: found.email.clone(),
        language: super::language(&found),
        values: values.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
        flow: String::new(),
    };
    let prepared = mail::prepare(ctx, tenant, &message)?;
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::UserHelp)?;
        let standing = tx.find_user(user)?.ok_or(Error::NotFound("user"))?;
        if standing.email_key != found.email_key {
            return Err(Error::Stale { current: standing.version });
        }
        tx.void_links(&row.kind, user.as_str(), ctx.now())?;
        tx.insert_link(&row)?;
        prepared.put(tx)?;
        let detail = serde_json::json!({ "expires_at": row.expires_at.0, "mail": true });
        audit::record(tx, ctx, actor, "user.set_password_link", user.as_str(), &detail)
    })
}
