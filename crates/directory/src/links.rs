//! One-time links: making one, opening one, using one up. A GET only looks; the POST uses the
//! link in the write that has its effect. Only the newest link of its kind works.

use context::{Ctx, TenantAddress};
use protocol::password::{check_password, normalise};
use store::links::LinkRow;
use store::users::UserRow;
use store::{LinkId, TenantId, Tx, UserId};

use crate::actor::Actor;
use crate::audit;
use crate::error::Error;
use crate::guesses;
use crate::rights::Action;

/// How long a link to set a first password lives, in seconds.
pub const SET_PASSWORD_S: i64 = 7 * 86_400;
/// How long a link to reset a password lives, in seconds.
pub const RESET_S: i64 = 3_600;
/// How long a set-up link lives, in seconds.
pub const SETUP_S: i64 = 86_400;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// Creates the first operator.
    Setup,
    /// Sets a first password.
    SetPassword,
    /// Sets a password anew.
    Reset,
}

impl LinkKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            LinkKind::Setup => "setup",
            LinkKind::SetPassword | LinkKind::Reset => "set_password",
        }
    }

    fn lifetime_s(self) -> i64 {
        match self {
            LinkKind::Setup => SETUP_S,
            LinkKind::SetPassword => SET_PASSWORD_S,
            LinkKind::Reset => RESET_S,
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

/// Looks at a link without using it: whose password it sets.
///
/// # Errors
/// [`Error::Link`] with the catalogue's code when it does not work.
pub fn open_set_password(ctx: &Ctx, tenant: &TenantId, token: &str) -> Result<UserRow, Error> {
    ctx.db.read(tenant, |tx| usable(ctx, tx, LinkKind::SetPassword, token).map(|(_, user)| user))
}

/// The link behind a token, if it works, and its user.
fn usable(
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

/// Sets a password with a link: the link is used up, the address counts as proven when the link
/// was the tenant's way to reach it, and everything signed in before ends.
///
/// # Errors
/// [`Error::Link`] with the catalogue's code when the link does not work.
pub fn set_password(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    token: &str,
    phc: &str,
) -> Result<UserRow, Error> {
    let now = ctx.now();
    ctx.db.write(tenant, |tx| {
        let (link, user) = usable(ctx, tx, LinkKind::SetPassword, token)?;
        if !tx.spend_link(&link.id, now)? {
            return Err(Error::Link("link_used"));
        }
        tx.set_user_password(&user.id, phc, now)?;
        tx.end_sessions_of(&user.id, None, now)?;
        tx.reset_guesses(&guesses::key(&guesses::mac(ctx, tenant, &user.email_key, b"")))?;
        let who = Actor { id: user.id.as_str().into(), ..actor.clone() };
        audit::record(
            tx,
            ctx,
            &who,
            "user.set_password",
            user.id.as_str(),
            &serde_json::json!({}),
        )?;
        tx.changed("user", user.id.as_str());
        Ok(user)
    })
}
