//! The one write of a sign-in through a provider.

use context::{Ctx, Tenant};
use protocol::catalogue;
use serde_json::{Map, Value};
use store::audit::AuditRow;
use store::identities::IdentityRow;
use store::spent::{Spend, SpentKind};
use store::users::UserRow;
use store::{AuditId, Error, IdentityId, Timestamp, Tx, UserId};
use vault::Purpose;

use super::decide::{Decision, Found};
use super::{Asking, Outcome, Upstream, fields};
use crate::browser::Browser;
use crate::flow::LIFETIME_S;
use crate::login::finish::{self, Entry, Given};

/// What the database knows of somebody.
pub(super) fn look(tx: &mut Tx, who: &Upstream) -> Result<Found, Error> {
    if let Some(identity) = tx.find_identity(who.key())? {
        let user = tx.find_user(&identity.user_id)?.ok_or(Error::Conflict("key"))?;
        return Ok(Found::Identity(Box::new(user)));
    }
    let Some(address) = &who.address else { return Ok(Found::Nobody) };
    let user = tx.find_user_by_email(&address.email.key)?;
    Ok(user.map_or(Found::Nobody, |user| Found::Address(Box::new(user))))
}

/// Signs in whoever has the identity, or makes the user who then has it.
pub(super) fn sign_in(
    ctx: &Ctx,
    tenant: &Tenant,
    asking: &Asking,
    who: &Upstream,
    mapped: &Map<String, Value>,
    decision: Decision,
) -> Result<Outcome, Error> {
    let connection = who.connection.id.as_str();
    let Asking { flow, browser, .. } = *asking;
    // RFC 8176 has no method for "somebody else vouches": none is claimed, one factor is assumed.
    let entry = Entry { flow, browser, remember: false, amr: "", connection };
    let (token, session) = finish::prepare(ctx, tenant, &entry);
    let identity = identity_row(ctx, tenant, browser, who)?;
    let fresh = new_user(ctx, tenant, who, mapped);
    let written = ctx.db.write(&tenant.id, |tx| {
        let user = match decision {
            Decision::Create => match &fresh {
                Some(user) => create(tx, ctx, browser, user, &identity)?,
                None => return Err(Error::Conflict("email")),
            },
            _ => renew(tx, ctx, who, mapped, &identity)?,
        };
        // A second use takes everything of this write back with it.
        if !spend(tx, &who.transaction, user.id.as_str(), ctx.now())? {
            return Err(Error::NotFound);
        }
        let written = finish::open(tx, ctx, &entry, &user, &session)?;
        Ok((written, user))
    });
    let (written, user) = match written {
        Err(Error::NotFound) => return Ok(Outcome::Refused(catalogue::UPSTREAM_STATE)),
        other => other?,
    };
    Ok(match finish::given(ctx, tenant, &entry, &user, token, written) {
        Given::SignedIn(signed_in) => Outcome::SignedIn(signed_in),
        Given::Blocked => Outcome::Blocked,
        Given::Over => Outcome::AlreadyDone,
    })
}

/// Uses a sign-in at a provider up; `false` when it was used before.
pub(super) fn spend(
    tx: &mut Tx,
    transaction: &str,
    result: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let until = now.plus_seconds(2 * LIFETIME_S);
    Ok(tx.spend(SpentKind::Upstream, transaction, result, until)? == Spend::Fresh)
}

fn create(
    tx: &mut Tx,
    ctx: &Ctx,
    browser: &Browser,
    user: &UserRow,
    identity: &IdentityRow,
) -> Result<UserRow, Error> {
    let identity = IdentityRow { user_id: user.id.clone(), ..identity.clone() };
    tx.insert_user(user)?;
    tx.insert_identity(&identity)?;
    let detail = serde_json::json!({ "email": user.email, "connection": identity.connection });
    tx.insert_audit(&audit(ctx, browser, user, "user.sign_up", user.id.as_str(), detail))?;
    Ok(user.clone())
}

fn renew(
    tx: &mut Tx,
    ctx: &Ctx,
    who: &Upstream,
    mapped: &Map<String, Value>,
    identity: &IdentityRow,
) -> Result<UserRow, Error> {
    let standing = tx.find_identity(who.key())?.ok_or(Error::Conflict("key"))?;
    let mut user = tx.find_user(&standing.user_id)?.ok_or(Error::Conflict("key"))?;
    tx.renew_identity(&IdentityRow { user_id: user.id.clone(), ..identity.clone() })?;
    if user.blocked {
        return Ok(user);
    }
    let version = user.version;
    if fields::apply(&mut user, mapped, who.connection.id.as_str()) {
        user.updated_at = ctx.now();
        if tx.update_user(&user, version)? {
            user.version = version + 1;
            tx.changed("user", user.id.as_str());
        }
    }
    Ok(user)
}

/// The identity as it will stand; whose it is is set in the write.
pub(super) fn identity_row(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    who: &Upstream,
) -> Result<IdentityRow, Error> {
    let now = ctx.now();
    Ok(IdentityRow {
        tenant: tenant.id.clone(),
        connection: who.connection.id.clone(),
        issuer: who.issuer.clone(),
        subject: who.subject.clone(),
        id: IdentityId::new(now, ctx.vault.random()),
        user_id: UserId::new(now, ctx.vault.random()),
        label: who.label.clone(),
        sealed_profile: seal_profile(ctx, tenant, who.connection.id.as_str(), &who.profile)?,
        mapping_version: who.connection.mapping_version,
        linked_by: "sign_up".into(),
        linked_from: browser.ip.clone(),
        created_at: now,
        signed_in_at: now,
    })
}

/// Seals what a provider said; `directory::identities` opens it.
pub(super) fn seal_profile(
    ctx: &Ctx,
    tenant: &Tenant,
    connection: &str,
    profile: &Value,
) -> Result<Vec<u8>, Error> {
    let plain = serde_json::to_vec(profile).map_err(|e| Error::Internal(e.to_string()))?;
    let (id, extra) = (tenant.id.as_str(), connection.as_bytes());
    Ok(ctx.vault.seal(Purpose::Profile, id, extra, ctx.now_s(), &plain))
}

/// The user that a stranger with a proven address becomes.
fn new_user(
    ctx: &Ctx,
    tenant: &Tenant,
    who: &Upstream,
    mapped: &Map<String, Value>,
) -> Option<UserRow> {
    let address = who.address.as_ref().filter(|address| address.verified)?;
    let now = ctx.now();
    let mut user = UserRow {
        tenant: tenant.id.clone(),
        id: UserId::new(now, ctx.vault.random()),
        email: address.email.display.clone(),
        email_key: address.email.key.clone(),
        email_verified: true,
        name: String::new(),
        profile: "{}".into(),
        password: None,
        blocked: false,
        epoch: 1,
        version: 1,
        created_at: now,
        updated_at: now,
        last_sign_in_at: None,
        name_key: String::new(),
        custom: "{}".into(),
        sources: "{}".into(),
        external_id: None,
    };
    fields::apply(&mut user, mapped, who.connection.id.as_str());
    Some(user)
}

pub(super) fn audit(
    ctx: &Ctx,
    browser: &Browser,
    user: &UserRow,
    action: &str,
    object: &str,
    detail: Value,
) -> AuditRow {
    let now = ctx.now();
    AuditRow {
        tenant: user.tenant.clone(),
        id: AuditId::new(now, ctx.vault.random()),
        at: now,
        actor: user.id.as_str().into(),
        actor_kind: "user".into(),
        action: action.to_owned(),
        object: object.to_owned(),
        detail: detail.to_string(),
        request: browser.request.clone(),
        ip: browser.ip.clone(),
    }
}
