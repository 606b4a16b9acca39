//! One-time links: making one, opening one, using one up. A GET only looks; the POST uses the
//! link in the write that has its effect. Only the newest link of its kind works.

use context::{Ctx, TenantAddress};
use protocol::password::{check_password, normalise};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::links::LinkRow;
use store::users::UserRow;
use store::{LinkId, TenantId, Tx, UserId};
use vault::Purpose;

use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::rights::Action;

/// How long a link to set a first password lives, in seconds.
pub const SET_PASSWORD_S: i64 = 7 * 86_400;
/// How long a link to reset a password lives, in seconds.
pub const RESET_S: i64 = 3_600;
/// How long a set-up link lives, in seconds.
pub const SETUP_S: i64 = 86_400;
/// How long a link that proves the address of a sign-up lives, in seconds.
pub const SIGN_UP_S: i64 = 86_400;
/// How long a link that proves a new address lives, in seconds.
pub const CHANGE_EMAIL_S: i64 = 86_400;
/// How long a change of address can be undone, in seconds.
pub const UNDO_EMAIL_S: i64 = 7 * 86_400;
/// How long a link that proves an account before an identity joins it lives, in seconds.
pub const CONFIRM_LINK_S: i64 = 3_600;

/// The kind of a link that proves an account before an identity is linked to it.
pub const CONFIRM: &str = "confirm_link";

/// A link that proves an account by its address, carrying what waits for the proof.
///
/// # Errors
/// [`Error::Store`] when that cannot be serialized.
pub fn confirm<T: Serialize>(
    ctx: &Ctx,
    tenant: &TenantId,
    user: &str,
    waits: &T,
) -> Result<(LinkRow, vault::SecretString), Error> {
    let (row, token) = make(ctx, tenant, LinkKind::ConfirmLink, user);
    let payload = seal(ctx, &row, waits)?;
    Ok((LinkRow { payload, ..row }, token))
}

/// What waits behind a link of [`confirm`].
pub fn confirmed<T: DeserializeOwned>(ctx: &Ctx, row: &LinkRow) -> Option<T> {
    carried(ctx, row)
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// Creates the first operator.
    Setup,
    /// Sets a first password.
    SetPassword,
    /// Sets a password anew.
    Reset,
    /// Proves the address of somebody who signs up.
    SignUp,
    /// Proves the address somebody changes to.
    ChangeEmail,
    /// Brings the former address back.
    UndoEmail,
    /// Proves an account before an identity joins it.
    ConfirmLink,
}

impl LinkKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            LinkKind::Setup => "setup",
            LinkKind::SetPassword | LinkKind::Reset => "set_password",
            LinkKind::SignUp => "sign_up",
            LinkKind::ChangeEmail => "change_email",
            LinkKind::UndoEmail => "undo_email",
            LinkKind::ConfirmLink => "confirm_link",
        }
    }

    fn lifetime_s(self) -> i64 {
        match self {
            LinkKind::Setup => SETUP_S,
            LinkKind::SetPassword => SET_PASSWORD_S,
            LinkKind::Reset => RESET_S,
            LinkKind::SignUp => SIGN_UP_S,
            LinkKind::ChangeEmail => CHANGE_EMAIL_S,
            LinkKind::UndoEmail => UNDO_EMAIL_S,
            LinkKind::ConfirmLink => CONFIRM_LINK_S,
        }
    }
}

/// A link row and its token, which is kept nowhere.
pub(crate) fn make(
    ctx: &Ctx,
    tenant: &TenantId,
    kind: LinkKind,
    user: &str,
) -> (LinkRow, vault::SecretString) {
    let now = ctx.now();
    let token = vault::new_link_token(&ctx.vault);
    let row = LinkRow {
        tenant: tenant.clone(),
        id: LinkId::new(now, ctx.vault.random()),
        kind: kind.as_str().into(),
        user_id: user.into(),
        token_hash: vault::link_token_hash(token.expose()).to_vec(),
        created_at: now,
        expires_at: now.plus_seconds(kind.lifetime_s()),
        used_at: None,
        payload: String::new(),
    };
    (row, token)
}

/// Seals what a link carries; it opens for this link alone.
pub(crate) fn seal<T: Serialize>(ctx: &Ctx, row: &LinkRow, carried: &T) -> Result<String, Error> {
    let plain = serde_json::to_vec(carried)
        .map_err(|e| Error::Store(store::Error::Internal(e.to_string())))?;
    let (tenant, extra) = (row.tenant.as_str(), row.id.as_str().as_bytes());
    Ok(ctx.vault.seal_text(Purpose::Link, tenant, extra, ctx.now_s(), &plain))
}

/// What a link carries; `None` for one that carries nothing, or nothing that this version reads.
pub(crate) fn carried<T: DeserializeOwned>(ctx: &Ctx, row: &LinkRow) -> Option<T> {
    let (tenant, extra) = (row.tenant.as_str(), row.id.as_str().as_bytes());
    let plain = ctx.vault.open_text(Purpose::Link, tenant, extra, &row.payload).ok()?;
    serde_json::from_slice(&plain).ok()
}

pub(crate) fn set_password_url(
    ctx: &Ctx,
    tenant: &TenantId,
    token: &vault::SecretString,
) -> Result<String, Error> {
    let tenant = ctx
        .snapshots
        .tenant(ctx, &TenantAddress::Id(tenant.clone()))?
        .ok_or(Error::NotFound("tenant"))?;
    Ok(format!("{}/set-password/{}", tenant.issuer, token.expose()))
}

/// Makes a link with which a user sets their password; links made before stop working.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn create_set_password(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    user: &UserId,
    kind: LinkKind,
) -> Result<String, Error> {
    let (row, token) = make(ctx, tenant, kind, user.as_str());
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::UserHelp)?;
        tx.find_user(user)?.ok_or(Error::NotFound("user"))?;
        tx.void_links(row.kind.as_str(), user.as_str(), ctx.now())?;
        tx.insert_link(&row)?;
        let detail = serde_json::json!({ "expires_at": row.expires_at.0 });
        audit::record(tx, ctx, actor, "user.set_password_link", user.as_str(), &detail)?;
        Ok::<_, Error>(())
    })?;
    set_password_url(ctx, tenant, &token)
}

/// The link behind a token, if it works, and its user.
pub(crate) fn usable(
    ctx: &Ctx,
    tx: &mut Tx,
    kind: LinkKind,
    token: &str,
) -> Result<(LinkRow, UserRow), Error> {
    let link = usable_link(ctx, tx, kind, token)?;
    let id = UserId::parse(&link.user_id).ok_or(Error::Link("link_unknown"))?;
    let user = tx.find_user(&id)?.ok_or(Error::Link("link_unknown"))?;
    Ok((link, user))
}

pub(crate) fn usable_link(
    ctx: &Ctx,
    tx: &mut Tx,
    kind: LinkKind,
    token: &str,
) -> Result<LinkRow, Error> {
    let hash = vault::link_token_hash(token);
    let link = tx
        .find_link(&hash)?
        .filter(|link| link.kind == kind.as_str())
        .ok_or(Error::Link("link_unknown"))?;
    if link.used_at.is_some() {
        return Err(Error::Link("link_used"));
    }
    if link.expires_at <= ctx.now() {
        return Err(Error::Link("link_expired"));
    }
    Ok(link)
}

/// Judges a new password before it is hashed: length, common ones, words of its surroundings.
///
/// # Errors
/// [`Error::Form`] for field `password`.
pub fn check_new_password(
    ctx: &Ctx,
    tenant_name: &str,
    email: &str,
    password: &str,
) -> Result<String, Error> {
    let local = email.split('@').next().unwrap_or_default();
    let words = ["tessera", tenant_name, email, local];
    let password = normalise(password);
    check_password(&password, ctx.settings.password_min, &words)
        .map_err(|problem| Error::field("password", problem.code(), problem.to_string()))?;
    Ok(password)
}
