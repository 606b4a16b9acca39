//! Who is acting. A person of the system tenant with roles, or the command line of whoever can
//! read the configuration. The right is checked inside the transaction that uses it.

use context::Ctx;
use store::users::UserRow;
use store::{RequestId, TenantId, Tx, UserId};

use crate::error::Error;
use crate::rights::{Action, Role, allowed};

/// What kind of actor it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// A person of the system tenant.
    User,
    /// Somebody at the command line of the server.
    Cli,
    /// The server itself.
    System,
}

impl ActorKind {
    /// Its name in the audit.
    pub fn as_str(self) -> &'static str {
        match self {
            ActorKind::User => "user",
            ActorKind::Cli => "cli",
            ActorKind::System => "system",
        }
    }
}

/// Who is acting.
#[derive(Debug, Clone)]
pub struct Actor {
    /// A user id of the system tenant, or `cli`, `system`.
    pub id: String,
    /// What kind of actor it is.
    pub kind: ActorKind,
    /// The name people read.
    pub name: String,
    /// Whether it has all rights on the installation.
    pub operator: bool,
    /// The request it acts in.
    pub request: String,
    /// The address it comes from.
    pub ip: String,
}

impl Actor {
    /// The command line.
    pub fn cli(ctx: &Ctx) -> Actor {
        Actor::builtin(ctx, ActorKind::Cli)
    }

    /// The server itself, setting up what it needs.
    pub fn system(ctx: &Ctx) -> Actor {
        Actor::builtin(ctx, ActorKind::System)
    }

    /// Somebody who is not signed in, at a page of a tenant: without any right.
    pub fn visitor(request: &str, ip: &str) -> Actor {
        Actor {
            id: "visitor".into(),
            kind: ActorKind::User,
            name: "visitor".into(),
            operator: false,
            request: request.into(),
            ip: ip.into(),
        }
    }

    /// The same visitor, known to be this user of the tenant: for what people do with their own
    /// account, which needs no right.
    #[must_use]
    pub fn known_as(&self, user: &UserRow) -> Actor {
        let name = if user.name.is_empty() { &user.email } else { &user.name };
        Actor { id: user.id.as_str().into(), name: name.clone(), ..self.clone() }
    }

    fn builtin(ctx: &Ctx, kind: ActorKind) -> Actor {
        Actor {
            id: kind.as_str().into(),
            kind,
            name: kind.as_str().into(),
            operator: true,
            request: RequestId::new(ctx.now(), ctx.vault.random()).as_str().into(),
            ip: String::new(),
        }
    }

    /// A person of the system tenant, with what they may do as it stands now.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such person any more or they are blocked.
    pub fn load(ctx: &Ctx, user: &UserId, request: &str, ip: &str) -> Result<Actor, Error> {
        let (row, roles) = ctx.db.read(&TenantId::system(), |tx| {
            Ok::<_, store::Error>((tx.find_user(user)?, tx.list_roles(user)?))
        })?;
        let row = row.filter(|row| !row.blocked).ok_or(Error::NotFound("person"))?;
        Ok(Actor {
            id: row.id.as_str().into(),
            kind: ActorKind::User,
            name: if row.name.is_empty() { row.email } else { row.name },
            operator: roles.iter().any(|role| role == Role::Operator.as_str()),
            request: request.into(),
            ip: ip.into(),
        })
    }

    /// Whether the actor may do this in the tenant of the transaction.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when not.
    pub(crate) fn check(&self, tx: &mut Tx, action: Action) -> Result<(), Error> {
        if self.check_installation(action).is_ok() {
            return Ok(());
        }
        let Some(id) = UserId::parse(&self.id) else {
            return Err(Error::Forbidden(action.as_str()));
        };
        let roles = tx.list_roles(&id)?;
        // The operator role counts on the system tenant only, and came with the actor.
        let may = roles
            .iter()
            .filter_map(|role| Role::parse(role))
            .filter(|role| *role != Role::Operator)
            .any(|role| allowed(role, action));
        if may { Ok(()) } else { Err(Error::Forbidden(action.as_str())) }
    }

    /// Whether the actor may do this anywhere.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when not.
    pub(crate) fn check_installation(&self, action: Action) -> Result<(), Error> {
        if self.operator && allowed(Role::Operator, action) {
            Ok(())
        } else {
            Err(Error::Forbidden(action.as_str()))
        }
    }
}
