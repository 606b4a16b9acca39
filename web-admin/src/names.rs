//! Names of what a log or an audit calls by its id, each looked up once for a page. Admins are
//! users of the system tenant; everybody else is a user of the tenant itself.

use std::collections::HashMap;

use directory::{applications, users};
use store::{ApplicationId, ConnectionId, TenantId, UserId};
use web::Fault;

use crate::desk::{InTenant, Stop};

/// Names by id.
pub(crate) struct Names<'a> {
    desk: &'a InTenant<'a>,
    known: HashMap<String, String>,
}

impl<'a> Names<'a> {
    pub(crate) fn new(desk: &'a InTenant<'a>) -> Names<'a> {
        Names { desk, known: HashMap::new() }
    }

    /// The name of something; its id when it is gone.
    pub(crate) fn of(&mut self, id: &str) -> Result<String, Stop> {
        if let Some(name) = self.known.get(id) {
            return Ok(name.clone());
        }
        let name = self.find(id)?.unwrap_or_else(|| id.to_owned());
        self.known.insert(id.to_owned(), name.clone());
        Ok(name)
    }

    fn find(&self, id: &str) -> Result<Option<String>, Stop> {
        let (ctx, tenant) = (self.desk.ctx, &self.desk.tenant.id);
        if id == tenant.as_str() {
            return Ok(Some(self.desk.tenant.name.clone()));
        }
        if ApplicationId::parse(id).is_some() {
            let found = applications::show(ctx, &self.desk.actor, tenant, id);
            return match found {
                Ok(shown) => Ok(Some(shown.row.name)),
                Err(directory::Error::NotFound(_)) => Ok(None),
                Err(other) => Err(other.into()),
            };
        }
        if ConnectionId::parse(id).is_some() {
            let all = ctx.snapshots.connections(ctx, tenant).map_err(Fault::from)?;
            let found = all.iter().find(|connection| connection.id.as_str() == id);
            return Ok(found.map(|connection| connection.name.clone()));
        }
        let Some(user) = UserId::parse(id) else { return Ok(None) };
        match users::name(ctx, tenant, &user)? {
            Some(name) => Ok(Some(name)),
            None => Ok(users::name(ctx, &TenantId::system(), &user)?),
        }
    }
}
