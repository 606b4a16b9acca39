//! Mappings of connections: showing, saving under the version that was edited, going back, trying
//! out. Each save is a version that is kept. What rules mean is `mapping`'s; here is who may, and
//! what a tenant's own fields make of a rule.

mod seen;

use context::Ctx;
use mapping::rules::RuleChange;
use mapping::{CurrentUser, Mapping, Preview, Profile, Schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::connections::ConnectionRow;
use store::mapping_versions::MappingVersionRow;
use store::settings::UserFields;
use store::{TenantId, Timestamp, Tx};

use crate::actor::Actor;
use crate::audit;
use crate::connections::{find, to_json, untested};
use crate::error::{Error, FieldError};
use crate::page::{self, Page};
use crate::rights::Action;

pub use seen::{Seen, last_seen, last_tested};

/// A mapping to be saved.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateMapping {
    /// The version of the mapping that the change is based on.
    pub version: i64,
    /// The rules.
    pub mapping: Mapping,
}

/// A mapping as it stands.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Its connection.
    pub connection: ConnectionRow,
    /// The rules.
    pub mapping: Mapping,
    /// The fields of the tenant that rules may write.
    pub schema: Schema,
}

/// A version in the history.
#[derive(Debug, Clone, Serialize)]
pub struct Version {
    /// Its number.
    pub version: i64,
    /// Who saved it.
    pub author: String,
    /// When, in microseconds since 1970 UTC.
    pub created_at: i64,
    /// How it differs from the version before; empty for the first.
    pub changes: Vec<RuleChange>,
}

/// The mapping of a connection with the fields it may write.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn show(ctx: &Ctx, actor: &Actor, tenant: &TenantId, id: &str) -> Result<Shown, Error> {
    ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::ConnectionRead)?;
        let connection = find(tx, id)?;
        let schema = schema(tx)?;
        Ok(Shown { mapping: stored(&connection.mapping)?, connection, schema })
    })
}

/// Saves a mapping as the next version.
///
/// # Errors
/// [`Error::Form`] with a field `rules.N.MEMBER` (N from 0) for each mistake, [`Error::Stale`],
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn set(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    input: &UpdateMapping,
) -> Result<ConnectionRow, Error> {
    let json = input.mapping.to_value().to_string();
    save(ctx, actor, tenant, id, "mapping.update", |tx, before| {
        if input.version != before.mapping_version {
            return Err(Error::Stale { current: before.mapping_version });
        }
        fits(tx, &input.mapping)?;
        Ok(json.clone())
    })
}

/// Makes an earlier version the next one. It has to fit the fields as they are now.
///
/// # Errors
/// As [`set`]; [`Error::NotFound`] when there is no such version.
pub fn roll_back(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    version: i64,
) -> Result<ConnectionRow, Error> {
    save(ctx, actor, tenant, id, "mapping.rollback", |tx, before| {
        let row = tx.find_mapping_version(&before.id, version)?;
        let row = row.ok_or(Error::NotFound("version"))?;
        fits(tx, &stored(&row.mapping)?)?;
        Ok(row.mapping)
    })
}

fn save(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    action: &'static str,
    next: impl Fn(&mut Tx, &ConnectionRow) -> Result<String, Error>,
) -> Result<ConnectionRow, Error> {
    let now = ctx.now();
    ctx.db.write(tenant, |tx| {
        actor.check(tx, Action::ConnectionUpdate)?;
        let before = find(tx, id)?;
        let mapping = next(tx, &before)?;
        if mapping == before.mapping {
            return Ok(before);
        }
        let mut after = before.clone();
        after.mapping = mapping;
        after.mapping_version += 1;
        after.updated_at = now;
        untested(&mut after);
        if !tx.update_connection(&after, before.version)? {
            return Err(Error::Stale { current: before.mapping_version + 1 });
        }
        after.version = before.version + 1;
        tx.insert_mapping_version(&version_row(&after, &actor.name, now))?;
        let changes = mapping::difference(&stored(&before.mapping)?, &stored(&after.mapping)?);
        let detail = serde_json::json!({
            "mapping_version": [before.mapping_version, after.mapping_version],
            "rules": told(&changes),
        });
        audit::record(tx, ctx, actor, action, after.id.as_str(), &detail)?;
        tx.changed("connection", after.id.as_str());
        Ok(after)
    })
}

fn version_row(after: &ConnectionRow, author: &str, now: Timestamp) -> MappingVersionRow {
    MappingVersionRow {
        tenant: after.tenant.clone(),
        connection: after.id.clone(),
        version: after.mapping_version,
        mapping: after.mapping.clone(),
        author: author.to_owned(),
        created_at: now,
    }
}

/// What changed, in a line per row, for the audit.
fn told(changes: &[RuleChange]) -> Vec<String> {
    let line = |change: &RuleChange| {
        let kind = to_json(&change.kind).unwrap_or_default();
        let members: Vec<&str> = change.members.iter().map(|m| m.name.as_str()).collect();
        let what = if change.members.is_empty() { String::new() } else { members.join(", ") };
        format!("{} {}: {what}", kind.trim_matches('"'), change.target)
    };
    changes.iter().take(100).map(line).collect()
}

/// Versions of a mapping, the newest first, each with what it changed.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn versions(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    after: Option<&str>,
    limit: Option<i64>,
) -> Result<Page<Version>, Error> {
    let limit = page::limit(limit);
    let scope_of = |row: &ConnectionRow| format!("mapping {}", row.id);
    let (rows, scope) = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::ConnectionRead)?;
        let row = find(tx, id)?;
        let scope = scope_of(&row);
        let before = page::open(ctx, (tenant.as_str(), &scope), after)?;
        let before = before.and_then(|key| key.parse().ok());
        // One more for whether there is a next page, and one to compare the last one with.
        Ok::<_, Error>((tx.list_mapping_versions(&row.id, before, limit + 1)?, scope))
    })?;
    let mut listed = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let changes = match rows.get(at + 1) {
            Some(before) => mapping::difference(&stored(&before.mapping)?, &stored(&row.mapping)?),
            None => Vec::new(),
        };
        listed.push(Version {
            version: row.version,
            author: row.author.clone(),
            created_at: row.created_at.0,
            changes,
        });
    }
    let scope = (tenant.as_str(), scope.as_str());
    Ok(page::cut(ctx, scope, listed, limit, |v: &Version| v.version.to_string()))
}

/// One version of a mapping.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], or whatever the database reports.
pub fn version(
    ctx: &Ctx,
    actor: &Actor,
    tenant: &TenantId,
    id: &str,
    version: i64,
) -> Result<Mapping, Error> {
    let row = ctx.db.read(tenant, |tx| {
        actor.check(tx, Action::ConnectionRead)?;
        let row = find(tx, id)?;
        Ok::<_, Error>(tx.find_mapping_version(&row.id, version)?)
    })?;
    stored(&row.ok_or(Error::NotFound("version"))?.mapping)
}

/// What a mapping would do to a profile, for the scopes `openid profile email` and those that the
/// tenant's own fields ask for. Nothing is written.
pub fn preview(
    mapping: &Mapping,
    schema: &Schema,
    profile: &Profile,
    current: Option<&CurrentUser>,
) -> Preview {
    let claims = schema.custom.iter().filter_map(|field| field.claim.as_ref());
    let scopes: Vec<&str> = ["openid", "profile", "email", "address", "phone"]
        .into_iter()
        .chain(claims.map(|claim| claim.scope.as_str()))
        .collect();
    let scopes = scopes.join(" ").parse().unwrap_or_default();
    mapping::preview(mapping, schema, profile, current, &scopes)
}

/// Reads a mapping from its JSON form.
///
/// # Errors
/// [`Error::Form`] with a field `rules.N.MEMBER` for each mistake.
pub fn read(value: &Value) -> Result<Mapping, Error> {
    Mapping::from_value(value).map_err(|problems| Error::Form(errors(&problems)))
}

/// Whether rules fit the fields of the tenant.
pub(crate) fn fits(tx: &mut Tx, mapping: &Mapping) -> Result<(), Error> {
    let problems = mapping::check(mapping, &schema(tx)?);
    if problems.is_empty() { Ok(()) } else { Err(Error::Form(errors(&problems))) }
}

/// Mistakes in rules as those of a form.
pub fn errors(problems: &[mapping::RuleProblem]) -> Vec<FieldError> {
    let error = |problem: &mapping::RuleProblem| {
        let member = if problem.member.is_empty() { "target" } else { problem.member.as_str() };
        let field = match problem.row {
            0 => "rules".to_owned(),
            row => format!("rules.{}.{member}", row - 1),
        };
        FieldError::new(field, problem.code, problem.to_string())
    };
    problems.iter().map(error).collect()
}

/// The fields of a tenant's users.
pub(crate) fn schema(tx: &mut Tx) -> Result<Schema, Error> {
    let (fields, _) = tx.find_setting::<UserFields>()?;
    Ok(schema_of(&fields))
}

/// The fields of a document. A definition that this version cannot read is left out.
pub fn schema_of(fields: &UserFields) -> Schema {
    let read = |value: &Value| serde_json::from_value(value.clone()).ok();
    Schema { custom: fields.fields.iter().filter_map(read).collect() }
}

/// Reads a stored mapping.
fn stored(json: &str) -> Result<Mapping, Error> {
    serde_json::from_str(json)
        .map_err(|e| Error::Store(store::Error::Internal(format!("mapping: {e}"))))
}
