//! What a sign-in offers: the tenant's settings, narrowed and ordered by those of the application.
//!
//! Pages show it, and every way to sign in asks it again before it does anything: a button that is
//! not there is no protection.

use std::sync::Arc;

use context::{Application, Connection, Ctx, Tenant};
use store::settings::SignInSettings;
use store::{Error, TenantId};

use crate::{portal, profile};

/// The name of the password among the ways an application lists.
pub const PASSWORD: &str = "password";

/// What a sign-in offers.
#[derive(Debug, Clone, Default)]
pub struct Offer {
    /// Whether a password is a way in.
    pub password: bool,
    /// Whether the password stands before the connections.
    pub password_first: bool,
    /// The connections, in the order they are shown.
    pub connections: Vec<Arc<Connection>>,
    /// Whether strangers may create an account.
    pub sign_up: bool,
    /// Keys of fields that somebody must have before they get in, the address excepted.
    pub required: Vec<String>,
}

/// What is offered for an application of the tenant, the account pages included.
///
/// # Errors
/// Whatever the database reports.
pub fn of(ctx: &Ctx, tenant: &Tenant, application: &Application) -> Result<Offer, Error> {
    let connections = ctx.snapshots.connections(ctx, &tenant.id)?;
    let mut offer = choose(&tenant.sign_in, application, &connections);
    if !portal::is(application.id.as_str()) {
        offer.required = profile::required(tenant, application);
    }
    Ok(offer)
}

impl Offer {
    /// The connection of this code, if it is offered.
    pub fn connection(&self, code: &str) -> Option<&Arc<Connection>> {
        self.connections.iter().find(|connection| connection.code == code)
    }
}

fn choose(house: &SignInSettings, application: &Application, known: &[Arc<Connection>]) -> Offer {
    let own = &application.config.sign_in;
    // Whoever got in through any application has to reach their own pages.
    let everywhere = portal::is(application.id.as_str());
    let serves = |c: &&Arc<Connection>| match everywhere {
        true => c.enabled,
        false => c.serves(&application.id),
    };
    let (listed, connections) = match &own.connections {
        None => (true, known.iter().filter(serves).cloned().collect()),
        Some(order) => {
            let find = |code: &String| known.iter().filter(serves).find(|c| c.code == *code);
            let listed = order.iter().any(|code| code == PASSWORD);
            (listed, order.iter().filter_map(find).cloned().collect::<Vec<_>>())
        }
    };
    let first = own.connections.as_ref().and_then(|order| order.first());
    // Nobody becomes an admin's colleague by signing up.
    Offer {
        password: house.password && listed,
        password_first: first.is_none_or(|code| code == PASSWORD),
        connections,
        sign_up: own.sign_up.unwrap_or(house.sign_up) && application.tenant != TenantId::system(),
        required: own.required_fields.clone().unwrap_or_else(|| house.required_fields.clone()),
    }
}

#[cfg(test)]
mod tests;
