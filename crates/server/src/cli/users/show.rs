//! A user and what hangs on them, as JSON and as lines.

use directory::users::{access, fields};
use serde_json::{Value, json};
use store::Timestamp;
use store::users::UserRow;

use crate::args::PageArgs;
use crate::cli::Session;
use crate::cli::output::{answer, moment, table};
use crate::fail::Fail;

/// A user in a list.
pub fn shown(user: &UserRow) -> Value {
    json!({
        "id": user.id,
        "email": user.email,
        "email_verified": user.email_verified,
        "name": user.name,
        "external_id": user.external_id,
        "blocked": user.blocked,
        "has_password": user.password.is_some(),
        "version": user.version,
        "created_at": moment(user.created_at),
        "last_sign_in_at": user.last_sign_in_at.map(moment),
    })
}

/// A user with every field and its source.
pub fn whole(user: &UserRow) -> Value {
    let mut value = shown(user);
    value["fields"] = Value::Object(fields::read(user));
    value["sources"] = json!(fields::sources(user));
    value
}

/// `tessera user identities`.
pub fn identities(session: &Session, id: &str) -> Result<(), Fail> {
    let tenant = session.owner("user", id)?;
    let found = access::identities(&session.ctx, &session.actor, &tenant, id)?;
    let row = |one: &access::Identity| {
        json!({
            "id": one.id,
            "connection": one.connection,
            "name": one.name,
            "issuer": one.issuer,
            "subject": one.subject,
            "label": one.label,
            "linked_by": one.linked_by,
            "created_at": moment(Timestamp(one.created_at)),
            "signed_in_at": moment(Timestamp(one.signed_in_at)),
        })
    };
    let rows: Vec<Value> = found.iter().map(row).collect();
    let all = json!({ "items": rows });
    answer(session.json, &all, || table(&["id", "name", "label", "signed_in_at"], &rows));
    Ok(())
}

/// `tessera user sessions`.
pub fn sessions(session: &Session, id: &str, page: &PageArgs) -> Result<(), Fail> {
    let tenant = session.owner("user", id)?;
    let (ctx, actor, after) = (&session.ctx, &session.actor, page.after.as_deref());
    let found = directory::sessions::list(ctx, actor, &tenant, Some(id), after, page.limit)?;
    let rows: Vec<Value> = found.items.iter().map(|one| json!(one)).collect();
    let all = json!({ "items": rows, "next": found.next });
    answer(session.json, &all, || table(&["id", "ip", "user_agent", "seen_at"], &rows));
    Ok(())
}
