//! The fields of a user as one flat sheet, and the one function that changes them. The console, the
//! command line, an import, a person's own page and a provider's mapping all go through it, so that
//! what a value may be, who may write it and where it came from is decided once.
//!
//! The address of a person is changed here by an admin or an import alone: a person proves a new
//! one by mail, and a provider's word never overwrites one.

use std::collections::BTreeMap;

use context::Tenant;
use mapping::schema::{Checker, Who};
use protocol::email::canonical_email;
use serde_json::{Map, Value};
use store::users::{UserRow, fold};
use store::{ConnectionId, Error as StoreError};

use crate::error::{Error, FieldError, none};

pub use context::tenant::schema_of;
pub use mapping::schema::standard_fields;
pub use mapping::{FieldDefinition, FieldKind, Schema};

/// Values by field key: `email`, `name`, `given_name`, `address.locality`, the tenant's own.
pub type Values = Map<String, Value>;

/// The address.
pub const EMAIL: &str = "email";
/// Whether the address is proven.
pub const EMAIL_VERIFIED: &str = "email_verified";
/// The key by which other systems know the person.
pub const EXTERNAL_ID: &str = "external_id";
/// Longest external id in bytes.
pub const MAX_EXTERNAL_ID: usize = 200;

/// Where values come from. It is kept with each of them, and decides what may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'a> {
    /// The person.
    User,
    /// An admin.
    Admin,
    /// An import.
    Import,
    /// A provider, through its mapping.
    Connection(&'a ConnectionId),
}

impl Source<'_> {
    /// Its name in the row: `user`, `admin`, `import` or the id of a connection.
    pub fn as_str(&self) -> &str {
        match self {
            Source::User => "user",
            Source::Admin => "admin",
            Source::Import => "import",
            Source::Connection(id) => id.as_str(),
        }
    }

    /// Whether it may write what identifies a person.
    fn trusted(self) -> bool {
        matches!(self, Source::Admin | Source::Import)
    }
}

/// The fields that users of a tenant have.
pub fn schema(tenant: &Tenant) -> Schema {
    tenant.schema.clone()
}

/// All that is known about a user, as one flat sheet. Fields without a value are left out.
pub fn read(row: &UserRow) -> Values {
    let mut sheet = Values::new();
    sheet.insert(EMAIL.into(), row.email.clone().into());
    sheet.insert(EMAIL_VERIFIED.into(), row.email_verified.into());
    if !row.name.is_empty() {
        sheet.insert("name".into(), row.name.clone().into());
    }
    if let Some(external) = &row.external_id {
        sheet.insert(EXTERNAL_ID.into(), external.clone().into());
    }
    let profile = object(&row.profile);
    for field in standard_fields() {
        if !matches!(field.key.as_str(), "email" | "name")
            && let Some(value) = part(&profile, &field.key).filter(|value| !value.is_null())
        {
            sheet.insert(field.key.clone(), value.clone());
        }
    }
    sheet.extend(object(&row.custom).into_iter().filter(|(_, value)| !value.is_null()));
    sheet
}

/// Where the fields of a user came from, by key. A field that is not in it came with the user.
pub fn sources(row: &UserRow) -> BTreeMap<String, String> {
    serde_json::from_str(&row.sources).unwrap_or_default()
}

/// Changes fields of a user: all of them, or none. `null` and an empty text take a value away.
/// Answers what differs now, as `{key: [before, after]}`; a value that stays keeps its source.
///
/// # Errors
/// [`Error::Form`] naming every field that cannot be written so; the row is as it was.
pub fn apply(
    schema: &Schema,
    row: &mut UserRow,
    changes: &Values,
    source: Source,
) -> Result<Values, Error> {
    let mut sheet = Sheet::open(row, schema, source);
    let mut errors = Vec::new();
    // A new address is an unproven one, unless the same change says otherwise.
    let first = changes.get_key_value(EMAIL);
    let rest = changes.iter().filter(|(key, _)| *key != EMAIL);
    for (key, value) in first.into_iter().chain(rest) {
        if let Err(problem) = sheet.set(key, value) {
            errors.push(problem);
        }
    }
    none(errors)?;
    let (changed, differs) = sheet.close()?;
    *row = changed;
    Ok(differs)
}

/// A user row opened up.
struct Sheet<'a> {
    row: UserRow,
    profile: Values,
    custom: Values,
    sources: BTreeMap<String, String>,
    schema: &'a Schema,
    source: Source<'a>,
    before: Values,
}

impl<'a> Sheet<'a> {
    fn open(row: &UserRow, schema: &'a Schema, source: Source<'a>) -> Sheet<'a> {
        Sheet {
            profile: object(&row.profile),
            custom: object(&row.custom),
            sources: sources(row),
            before: read(row),
            row: row.clone(),
            schema,
            source,
        }
    }

    fn set(&mut self, key: &str, value: &Value) -> Result<(), FieldError> {
        match key {
            EMAIL => self.set_email(value),
            EMAIL_VERIFIED => self.set_verified(value),
            EXTERNAL_ID => self.set_external_id(value),
            _ => self.set_field(key, value),
        }
    }

    fn refused(&self, key: &str) -> FieldError {
        let message = match self.source {
            Source::Connection(_) => "A provider does not write this field.",
            _ => "You cannot change this field. An admin can.",
        };
        FieldError::new(key.to_owned(), "field_not_editable", message)
    }

    fn set_email(&mut self, value: &Value) -> Result<(), FieldError> {
        if !self.source.trusted() {
            return Err(self.refused(EMAIL));
        }
        let email = canonical_email(value.as_str().unwrap_or_default())
            .map_err(|problem| FieldError::new(EMAIL, "email", problem.to_string()))?;
        if email.key != self.row.email_key {
            self.row.email_verified = false;
        }
        (self.row.email, self.row.email_key) = (email.display, email.key);
        Ok(())
    }

    fn set_verified(&mut self, value: &Value) -> Result<(), FieldError> {
        if !self.source.trusted() {
            return Err(self.refused(EMAIL_VERIFIED));
        }
        self.row.email_verified = match value {
            Value::Bool(proven) => *proven,
            Value::String(text) if text == "true" => true,
            Value::String(text) if text == "false" || text.is_empty() => false,
            Value::Null => false,
            _ => {
                let message = "Write true or false.";
                return Err(FieldError::new(EMAIL_VERIFIED, "wrong_kind", message));
            }
        };
        Ok(())
    }

    fn set_external_id(&mut self, value: &Value) -> Result<(), FieldError> {
        if !self.source.trusted() {
            return Err(self.refused(EXTERNAL_ID));
        }
        let text = match value {
            Value::Null => String::new(),
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => {
                let message = "An external ID is a text.";
                return Err(FieldError::new(EXTERNAL_ID, "wrong_kind", message));
            }
        };
        if text.len() > MAX_EXTERNAL_ID || text.chars().any(char::is_control) {
            let message = format!("Write at most {MAX_EXTERNAL_ID} visible characters.");
            return Err(FieldError::new(EXTERNAL_ID, "external_id", message));
        }
        self.row.external_id = Some(text).filter(|text| !text.is_empty());
        Ok(())
    }

    fn set_field(&mut self, key: &str, value: &Value) -> Result<(), FieldError> {
        let Some(field) = self.schema.field(key) else {
            let message = format!("Users of this tenant have no field {key:?}.");
            return Err(FieldError::new(key.to_owned(), "field_unknown", message));
        };
        if self.source == Source::User && field.editable_by != Who::User {
            return Err(self.refused(key));
        }
        let value = Checker::new(field)
            .check(value)
            .map_err(|why| FieldError::new(key.to_owned(), why.code, why.to_string()))?;
        if key == "name" {
            self.row.name = value.as_str().unwrap_or_default().to_owned();
            self.row.name_key = fold(&self.row.name);
        } else if self.schema.is_custom(key) {
            put(&mut self.custom, key, value);
        } else if let Some((outer, inner)) = key.split_once('.') {
            let mut object = self.profile.get(outer).and_then(Value::as_object).cloned();
            put(object.get_or_insert_default(), inner, value);
            let object = object.filter(|object| !object.is_empty());
            put(&mut self.profile, outer, object.map_or(Value::Null, Value::Object));
        } else {
            put(&mut self.profile, key, value);
        }
        Ok(())
    }

    /// The row as it is now, and what differs.
    fn close(mut self) -> Result<(UserRow, Values), Error> {
        let text = |value: &Values| {
            serde_json::to_string(value).map_err(|e| StoreError::Internal(e.to_string()))
        };
        self.row.profile = text(&self.profile)?;
        self.row.custom = text(&self.custom)?;
        let after = read(&self.row);
        let mut differs = Values::new();
        let keys = self.before.keys().chain(after.keys()).cloned().collect::<Vec<_>>();
        for key in keys {
            let (old, new) = (self.before.get(&key), after.get(&key));
            if old == new {
                continue;
            }
            match new {
                Some(_) => self.sources.insert(key.clone(), self.source.as_str().to_owned()),
                None => self.sources.remove(&key),
            };
            let pair = |value: Option<&Value>| value.cloned().unwrap_or_default();
            differs.insert(key, Value::Array(vec![pair(old), pair(new)]));
        }
        self.row.sources = serde_json::to_string(&self.sources)
            .map_err(|e| StoreError::Internal(e.to_string()))?;
        Ok((self.row, differs))
    }
}

fn put(into: &mut Values, key: &str, value: Value) {
    match value {
        Value::Null => into.remove(key),
        value => into.insert(key.to_owned(), value),
    };
}

fn object(text: &str) -> Values {
    serde_json::from_str(text).unwrap_or_default()
}

fn part<'v>(profile: &'v Values, key: &str) -> Option<&'v Value> {
    match key.split_once('.') {
        Some((outer, inner)) => profile.get(outer)?.get(inner),
        None => profile.get(key),
    }
}

#[cfg(test)]
mod tests;
