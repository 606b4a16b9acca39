//! What the console asks beside the commands: its own sign-in, what somebody may do and where, and
//! the few facts its first pages show. Signing in itself is `issuer`'s; pages are the console's.

use context::Ctx;
use store::audit::AuditRow;
use store::sessions::SessionRow;
use store::tenants::Tenant;
use store::traces::TraceRow;
use store::{ApplicationId, AuditId, Error as StoreError, SessionId, TenantId, Timestamp, UserId};
use vault::SecretString;

use crate::actor::Actor;
use crate::error::Error;
use crate::rights::{Action, Role, allowed};

/// `kind` of the console's rows in the sessions table.
pub const SESSION_KIND: &str = "console";
/// How long a console session lives unused, in seconds.
pub const IDLE_S: i64 = 2 * 3_600;
/// How long it lives in any case, in seconds.
pub const ABSOLUTE_S: i64 = 12 * 3_600;
/// How many steps are looked through for the last failures.
const RECENT_STEPS: i64 = 200;

/// What somebody may do on one tenant, read once for a page.
#[derive(Debug, Clone, Default)]
pub struct Rights {
    roles: Vec<Role>,
}

impl Rights {
    /// Whether any of the roles allows it.
    pub fn may(&self, action: Action) -> bool {
        self.roles.iter().any(|role| allowed(*role, action))
    }

    /// The roles by name, for a sentence.
    pub fn names(&self) -> Vec<&'static str> {
        self.roles.iter().map(|role| role.as_str()).collect()
    }
}

impl Actor {
    /// What the actor may do on a tenant as it stands now. Pages use it to leave out what would be
    /// refused; the commands check on their own.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn rights(&self, ctx: &Ctx, tenant: &TenantId) -> Result<Rights, Error> {
        let mut roles: Vec<Role> = Vec::new();
        if self.operator {
            roles.push(Role::Operator);
        }
        if let Some(id) = UserId::parse(&self.id) {
            let held = ctx.db.read(tenant, |tx| tx.list_roles(&id))?;
            // The operator role counts on the system tenant only, and came with the actor.
            let here = held.iter().filter_map(|role| Role::parse(role));
            roles.extend(here.filter(|role| *role != Role::Operator));
        }
        Ok(Rights { roles })
    }
}

/// What a sign-in at the system tenant proved.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub user: UserId,
    /// The session it was proved in.
    pub session: SessionId,
    /// The address they come from.
    pub ip: String,
    /// The browser's own name for itself.
    pub user_agent: String,
    /// The request it came with.
    pub request: String,
}

/// Makes a console session out of a sign-in that stands: its session is open, its user is not
/// blocked and has not signed out everywhere since. Answers the token for the cookie.
///
/// # Errors
/// [`Error::NotFound`] when the sign-in does not stand any more, or whatever the database reports.
pub fn begin(ctx: &Ctx, proof: &SignedIn) -> Result<SecretString, Error> {
    let (system, now) = (TenantId::system(), ctx.now());
    let token = vault::new_session_token(&ctx.vault);
    let id = SessionId::new(now, ctx.vault.random());
    ctx.db.write(&system, |tx| {
        let gone = || Error::NotFound("sign-in");
        let from = tx.find_session(&proof.session)?.ok_or_else(gone)?;
        let user = tx.find_user(&proof.user)?.ok_or_else(gone)?;
        let stands = from.ended_at.is_none() && from.user_id == user.id;
        if !stands || user.blocked || from.epoch != user.epoch {
            return Err(gone());
        }
        tx.insert_session(&row(proof, &id, token.expose(), &from, now))?;
        tx.insert_audit(&sign_in_audit(ctx, proof, &id, now))?;
        Ok(())
    })?;
    Ok(token)
}

fn row(
    proof: &SignedIn,
    id: &SessionId,
    token: &str,
    from: &SessionRow,
    now: Timestamp,
) -> SessionRow {
    SessionRow {
        tenant: TenantId::system(),
        id: id.clone(),
        user_id: proof.user.clone(),
        kind: SESSION_KIND.into(),
        token_hash: vault::session_token_hash(token).to_vec(),
        amr: from.amr.clone(),
        epoch: from.epoch,
        remember: false,
        ip: proof.ip.clone(),
        user_agent: proof.user_agent.clone(),
        created_at: now,
        authenticated_at: from.authenticated_at,
        seen_at: now,
        idle_us: IDLE_S * 1_000_000,
        expires_at: now.plus_seconds(ABSOLUTE_S),
        ended_at: None,
        connection: String::new(),
    }
}

fn sign_in_audit(ctx: &Ctx, proof: &SignedIn, id: &SessionId, now: Timestamp) -> AuditRow {
    AuditRow {
        tenant: TenantId::system(),
        id: AuditId::new(now, ctx.vault.random()),
        at: now,
        actor: proof.user.as_str().into(),
        actor_kind: "user".into(),
        action: "console.sign_in".into(),
        object: id.as_str().into(),
        detail: "{}".into(),
        request: proof.request.clone(),
        ip: proof.ip.clone(),
    }
}

/// The tenants somebody may look into, at most `limit`: by slug for an operator, who may look into
/// all; by tenant id for everybody else, who has a role on each of them.
///
/// # Errors
/// Whatever the database reports.
pub fn tenants_of(ctx: &Ctx, actor: &Actor, limit: i64) -> Result<Vec<Tenant>, Error> {
    Ok(ctx.db.system_read(|tx| {
        if actor.operator {
            return tx.list_tenants(None, limit);
        }
        let Some(id) = UserId::parse(&actor.id) else { return Ok(Vec::new()) };
        let mut tenants: Vec<Tenant> = Vec::new();
        for role in tx.list_roles_of(&id, limit)? {
            if tenants.iter().any(|tenant| tenant.id == role.tenant) {
                continue;
            }
            tenants.extend(tx.find_tenant(&role.tenant)?);
        }
        Ok::<_, StoreError>(tenants)
    })?)
}

/// When somebody last signed in to an application, or to any of the tenant.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn last_sign_in(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    application: Option<&ApplicationId>,
) -> Result<Option<Timestamp>, Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::ApplicationRead)?;
        Ok(tx.find_newest_grant(application)?)
    })
}

/// The last sign-ins that failed, newest first, at most `limit` of the last
/// 200 steps.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn failures(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    limit: usize,
) -> Result<Vec<TraceRow>, Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::UserRead)?;
        let steps = tx.list_traces(RECENT_STEPS)?;
        Ok(steps.into_iter().filter(|step| step.code != "ok").take(limit).collect())
    })
}
