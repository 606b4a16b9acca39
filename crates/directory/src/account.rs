//! What people do with their own account, at the pages of their tenant. No right is asked: whoever
//! is signed in owns it. What protects it is here all the same: every command takes the person from
//! their session, looks for their own rows alone, leaves an audit entry and, where somebody else
//! might be behind it, tells them by mail.
//!
//! Whether the proof in the session is fresh enough is asked before, by `issuer::portal`.

pub mod applications;
pub mod email;
pub mod identities;
pub mod password;
pub mod profile;
pub mod sessions;

use context::{Ctx, Tenant};
use store::users::UserRow;
use store::{SessionId, Tx};

use crate::actor::Actor;
use crate::error::Error;
use crate::mail::{self, Prepared, Template};
use crate::notices::Notice;

/// Whoever is signed in, and from where.
#[derive(Debug, Clone)]
pub struct Me {
    /// The user as they stood when the page was asked for.
    pub user: UserRow,
    /// Their session in this browser.
    pub session: SessionId,
    /// The same as commands and the audit know them.
    pub actor: Actor,
}

impl Me {
    /// Somebody in their session; `visitor` says where they come from.
    pub fn new(user: UserRow, session: SessionId, visitor: &Actor) -> Me {
        let actor = visitor.known_as(&user);
        Me { user, session, actor }
    }

    /// The user as they stand in this write.
    fn stands(&self, tx: &mut Tx) -> Result<UserRow, Error> {
        tx.find_user(&self.user.id)?.filter(|user| !user.blocked).ok_or(Error::NotFound("user"))
    }

    /// A mail to the address they have.
    fn told(
        &self,
        ctx: &Ctx,
        tenant: &Tenant,
        template: Template,
        more: &[(&str, &str)],
    ) -> Result<Prepared, Error> {
        let mut notice = Notice::new(ctx, &self.actor);
        for (name, value) in more {
            notice = notice.with(name, value);
        }
        let message = notice.message(template, &self.user.email, Some(&self.user));
        mail::prepare(ctx, &tenant.id, &message)
    }
}
