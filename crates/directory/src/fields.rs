//! The fields of users that a tenant defined itself: adding, changing, removing. What a definition
//! may say is `mapping::schema`'s; here is who may, and what would miss a field that goes.

use context::Ctx;
use mapping::{FieldDefinition, Mapping, Schema};
use store::settings::UserFields;
use store::{TenantId, Tx};

use crate::actor::Actor;
use crate::audit;
use crate::error::{Error, FieldError};
use crate::mappings::schema_of;
use crate::rights::Action;

/// The fields of a tenant with the version under which they are changed.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The tenant's own fields, in the order of forms.
    pub schema: Schema,
    /// The optimistic lock of the whole list.
    pub version: i64,
}

/// The fields that a tenant defined.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn list(ctx: &Ctx, actor: &Actor, tenant: &TenantId) -> Result<Shown, Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::ConnectionRead)?;
        let (fields, version) = tx.find_setting::<UserFields>()?;
        Ok(Shown { schema: schema_of(&fields), version })
    })
}

/// Which connections' rules write a field: their codes.
///
/// # Errors
/// [`Error::Forbidden`], or whatever the database reports.
pub fn written_by(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    key: &str,
) -> Result<Vec<String>, Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::ConnectionRead)?;
        writers(tx, key)
    })
}

fn writers(tx: &mut Tx, key: &str) -> Result<Vec<String>, Error> {
    let mut codes = Vec::new();
    for row in tx.list_connections()? {
        let mapping: Mapping = serde_json::from_str(&row.mapping).unwrap_or_default();
        if mapping.rules.iter().any(|rule| rule.target == key) {
            codes.push(row.code);
        }
    }
    Ok(codes)
}

/// Defines a field.
///
/// # Errors
/// [`Error::Form`] naming each member, [`Error::Forbidden`], or whatever the database reports.
pub fn create(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    field: &FieldDefinition,
) -> Result<(), Error> {
    change(ctx, actor, tenant, None, ("field.create", &field.key), |_, schema| {
        if schema.is_custom(&field.key) {
            let message = "There is a field with this key. Choose another.";
            return Err(Error::field("key", "taken", message));
        }
        schema.custom.push(field.clone());
        Ok(())
    })
}

/// Changes a field; its key and its kind stay, for users have values under them.
///
/// # Errors
/// [`Error::Stale`] when the fields are not at `version` any more, [`Error::NotFound`], and as
/// [`create`].
pub fn update(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    version: i64,
    field: &FieldDefinition,
) -> Result<(), Error> {
    let what = ("field.update", field.key.as_str());
    change(ctx, actor, tenant, Some(version), what, |_, schema| {
        let standing = schema.custom.iter_mut().find(|known| known.key == field.key);
        let standing = standing.ok_or(Error::NotFound("field"))?;
        if std::mem::discriminant(&standing.kind) != std::mem::discriminant(&field.kind) {
            let message = "Users have values of this kind. Define another field instead.";
            return Err(Error::field("kind", "kind", message));
        }
        *standing = field.clone();
        Ok(())
    })
}

/// Removes a field. Values that users have stay where they are, unseen, until the user is changed.
///
/// # Errors
/// [`Error::Form`] when rules of a connection write it, [`Error::NotFound`], [`Error::Forbidden`],
/// or whatever the database reports.
pub fn delete(ctx: &Ctx, actor: &Actor, tenant: &TenantId, key: &str) -> Result<(), Error> {
    change(ctx, actor, tenant, None, ("field.delete", key), |tx, schema| {
        if !schema.is_custom(key) {
            return Err(Error::NotFound("field"));
        }
        let codes = writers(tx, key)?;
        if !codes.is_empty() {
            let message =
                format!("Rules of {} write it. Take it out of them first.", codes.join(", "));
            return Err(Error::field("key", "in_use", message));
        }
        schema.custom.retain(|field| field.key != key);
        Ok(())
    })
}

fn change(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    version: Option<i64>,
    (action, key): (&str, &str),
    edit: impl Fn(&mut Tx, &mut Schema) -> Result<(), Error>,
) -> Result<(), Error> {
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::SignInUpdate)?;
        let (fields, current) = tx.find_setting::<UserFields>()?;
        if version.is_some_and(|v| v != current) {
            return Err(Error::Stale { current });
        }
        let before = schema_of(&fields);
        let mut after = before.clone();
        edit(tx, &mut after)?;
        refuse(&after, key)?;
        if !tx.put_setting(&document(&after)?, current, ctx.now())? {
            return Err(Error::Stale { current: current + 1 });
        }
        let of = |schema: &Schema| serde_json::to_value(schema.field(key)).unwrap_or_default();
        let detail = serde_json::json!({ "field": [of(&before), of(&after)] });
        audit::record(tx, ctx, actor, action, key, &detail)?;
        let id = tx.tenant().as_str().to_owned();
        tx.changed("tenant", &id);
        Ok(())
    })
}

fn refuse(schema: &Schema, key: &str) -> Result<(), Error> {
    let problems = schema.check();
    let mine = problems.iter().filter(|problem| problem.key == key || problem.key.is_empty());
    let error = |problem: &mapping::schema::DefinitionProblem| {
        FieldError::new(
            problem.member,
            problem.code,
            format!("{} {}", problem.message, problem.fix),
        )
    };
    crate::error::none(mine.map(error).collect())
}

fn document(schema: &Schema) -> Result<UserFields, Error> {
    let value = |field: &FieldDefinition| {
        serde_json::to_value(field)
            .map_err(|e| Error::Store(store::Error::Internal(format!("field {}: {e}", field.key))))
    };
    Ok(UserFields { fields: schema.custom.iter().map(value).collect::<Result<_, _>>()? })
}
