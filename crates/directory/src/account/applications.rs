//! Which applications somebody uses with their account, and taking that back.

use std::collections::BTreeMap;

use context::{Ctx, Tenant};
use serde_json::json;
use store::{ApplicationId, Timestamp};

use super::Me;
use crate::audit;
use crate::error::Error;

/// So many consents and grants are looked through.
const ROWS: i64 = 200;
/// So many grants end at once; without its consent none of the rest is redeemed.
const GRANTS: i64 = 400;

/// An application with access.
#[derive(Debug, Clone)]
pub struct Connected {
    /// The application.
    pub id: ApplicationId,
    /// Its name.
    pub name: String,
    /// Its home page.
    pub home: Option<String>,
    /// Whether it belongs to the house: nobody is asked for consent.
    pub first_party: bool,
    /// What it may, space-separated scopes.
    pub scopes: String,
    /// When it was first used.
    pub since: Timestamp,
    /// When it was last used.
    pub last: Timestamp,
}

/// The applications somebody allowed something or is signed in to, by name.
///
/// # Errors
/// Whatever the database reports.
pub fn list(ctx: &Ctx, tenant: &Tenant, me: &Me) -> Result<Vec<Connected>, Error> {
    let now = ctx.now();
    ctx.db.read(&tenant.id, |tx| {
        let mut found: BTreeMap<ApplicationId, (String, Timestamp, Timestamp)> = BTreeMap::new();
        for row in tx.list_consents(&me.user.id, None, ROWS)? {
            found.insert(row.application, (row.scopes, row.created_at, row.updated_at));
        }
        for grant in tx.list_user_grants(&me.user.id, now, ROWS)? {
            let used = grant.rotated_at;
            let entry = found
                .entry(grant.application)
                .or_insert_with(|| (grant.scopes, grant.created_at, used));
            entry.1 = entry.1.min(grant.created_at);
            entry.2 = entry.2.max(used);
        }
        let mut shown = Vec::new();
        for (id, (scopes, since, last)) in found {
            let Some(row) = tx.find_application(&id)? else { continue };
            let home = row.config()?.home_url;
            let (name, first_party) = (row.name, row.first_party);
            shown.push(Connected { id, name, home, first_party, scopes, since, last });
        }
        shown.sort_by_key(|one| one.name.to_lowercase());
        Ok(shown)
    })
}

/// Takes an application's access away: consent, and all that was issued to it for this person.
///
/// # Errors
/// [`Error::NotFound`] when it has none, or whatever the database reports.
pub fn remove(ctx: &Ctx, tenant: &Tenant, me: &Me, id: &str) -> Result<(), Error> {
    let id = ApplicationId::parse(id).ok_or(Error::NotFound("application"))?;
    let now = ctx.now();
    ctx.db.write(&tenant.id, |tx| {
        let consent = tx.delete_consent(&me.user.id, &id)?;
        let grants = tx.revoke_user_grants(&me.user.id, &id, now, GRANTS)?;
        if !consent && grants == 0 {
            return Err(Error::NotFound("application"));
        }
        let detail = json!({ "application": id.as_str(), "grants": grants });
        audit::record(tx, ctx, &me.actor, "consent.remove", me.user.id.as_str(), &detail)?;
        tx.changed("user", me.user.id.as_str());
        Ok(())
    })
}
