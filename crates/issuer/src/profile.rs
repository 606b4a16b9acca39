//! Fields that somebody must have before they get in: whoever signs in without one is asked for it
//! on the way, once, and goes on.

use std::sync::Arc;

use context::{Application, Ctx, Tenant};
use directory::users::fields;
use mapping::schema::Who;
use store::users::UserRow;
use store::{SessionId, UserId};

use crate::authorize::{sessions, still_valid};
use crate::browser::Browser;
use crate::error::PageError;
use crate::flow::{Flow, lacking};
use crate::portal;

/// Who is asked, and for what.
#[derive(Debug)]
pub struct Lacking {
    /// The user as they stand.
    pub user: UserRow,
    /// Their session.
    pub session: SessionId,
    /// Keys of what is missing.
    pub keys: Vec<String>,
}

/// The keys of fields that an application's people must have. A field that nobody can fill in
/// themselves, or that is gone, keeps nobody out; nor does any at the account pages, where fields
/// are looked after.
pub fn required(tenant: &Tenant, application: &Application) -> Vec<String> {
    if portal::is(application.id.as_str()) {
        return Vec::new();
    }
    let (own, house) = (&application.config.sign_in.required_fields, &tenant.sign_in);
    let wanted = own.as_ref().unwrap_or(&house.required_fields);
    if wanted.is_empty() && tenant.user_fields.fields.is_empty() {
        return Vec::new();
    }
    let schema = fields::schema(tenant);
    let theirs = |key: &str| schema.field(key).is_some_and(|field| field.editable_by == Who::User);
    let mut keys: Vec<String> = wanted.iter().filter(|key| theirs(key)).cloned().collect();
    for field in schema.custom.iter().filter(|field| field.required) {
        if field.editable_by == Who::User && !keys.contains(&field.key) {
            keys.push(field.key.clone());
        }
    }
    keys
}

/// What the person in a session of the flow lacks; `None` when they are not signed in any more or
/// lack nothing.
///
/// # Errors
/// [`PageError`] when the application was switched off or changed meanwhile.
pub fn of(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    flow: &Flow,
    browser: &Browser,
    session: &SessionId,
) -> Result<Option<Lacking>, PageError> {
    let application = still_valid(ctx, tenant, flow)?;
    let rows = sessions(ctx, tenant, flow, browser)?;
    let Some(row) = rows.into_iter().find(|row| row.id == *session) else { return Ok(None) };
    let keys = lacking(&row, &required(tenant, &application));
    let user = find(ctx, tenant, &row.user_id)?;
    Ok(user.filter(|_| !keys.is_empty()).map(|user| Lacking { user, session: row.id, keys }))
}

fn find(ctx: &Ctx, tenant: &Tenant, id: &UserId) -> Result<Option<UserRow>, store::Error> {
    ctx.db.read(&tenant.id, |tx| tx.find_user(id))
}
