//! One's own password.

use context::{Ctx, Tenant};
use serde_json::json;

use super::Me;
use crate::audit;
use crate::error::Error;
use crate::guesses;
use crate::links::LinkKind;
use crate::mail::Template;

/// Sets a new password: this browser stays signed in, every other session ends, and so does what
/// was issued to applications. Links to set a password stop working.
///
/// # Errors
/// [`Error::NotFound`] when the person or their session is gone, or whatever the database reports.
pub fn change(ctx: &Ctx, tenant: &Tenant, me: &Me, phc: &str) -> Result<(), Error> {
    let told = me.told(ctx, tenant, Template::PasswordChanged, &[])?;
    let now = ctx.now();
    ctx.db.write(&tenant.id, |tx| {
        let user = me.stands(tx)?;
        tx.set_user_password(&user.id, phc, now)?;
        tx.end_sessions_of(&user.id, Some(&me.session), now)?;
        tx.carry_sessions(&user.id, Some(&me.session), user.epoch, user.epoch + 1)?;
        tx.void_links(LinkKind::Reset.as_str(), user.id.as_str(), now)?;
        tx.reset_guesses(&guesses::key(&guesses::mac(ctx, &tenant.id, &user.email_key, b"")))?;
        told.put(tx)?;
        let detail = json!({ "by": "account", "first": user.password.is_none() });
        audit::record(tx, ctx, &me.actor, "user.set_password", user.id.as_str(), &detail)?;
        tx.changed("user", user.id.as_str());
        Ok(())
    })
}
