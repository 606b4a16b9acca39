//! What a row of an import comes to, as the users stand now. The dry run and the run itself ask the
//! same question, so the one cannot promise what the other does not do.

use context::Ctx;
use mapping::Schema;
use serde_json::Value;
use store::users::UserRow;
use store::{TenantId, Tx};

use super::{IfExists, InRow, Order, PASSWORD_HASH};
use crate::batches::parts::Problem;
use crate::error::Error;
use crate::users::fields::{self, EMAIL, EXTERNAL_ID, Source, Values};
use crate::users::{CreateUser, new_row};

/// What happens.
pub(super) enum Verdict {
    /// A new user.
    Create(Box<UserRow>),
    /// A user who changes: before, after, what differs, and a password's hash if they had none.
    Update(Box<(UserRow, UserRow, Values, Option<String>)>),
    /// A user who stays as they are.
    Keep,
    /// Nothing, because of these.
    Refuse(Vec<Problem>),
}

/// Judges a row.
pub(super) fn judge(
    ctx: &Ctx,
    tx: &mut Tx,
    schema: &Schema,
    order: &Order,
    row: &InRow,
) -> Result<Verdict, Error> {
    if !row.problems.is_empty() {
        return Ok(Verdict::Refuse(row.problems.clone()));
    }
    let mut values = row.values.clone();
    let hash = match password(values.remove(PASSWORD_HASH)) {
        Ok(hash) => hash,
        Err(why) => return Ok(refuse(row, PASSWORD_HASH, "password_hash", why)),
    };
    let existing = match whose(tx, &values)? {
        Whose::Nobody => None,
        Whose::One(user) => Some(user),
        Whose::Two(column, why) => return Ok(refuse(row, column, "taken", why)),
    };
    let judged = match existing {
        Some(_) if order.if_exists == IfExists::Skip => return Ok(Verdict::Keep),
        Some(user) => update(schema, *user, &values, hash),
        None => create(ctx, tx.tenant(), schema, &values, hash),
    };
    match judged {
        Err(Error::Form(errors)) => {
            let problem = |e: crate::error::FieldError| Problem {
                row: row.row,
                column: e.field.into_owned(),
                code: e.code.into(),
                message: e.message,
            };
            Ok(Verdict::Refuse(errors.into_iter().map(problem).collect()))
        }
        other => other,
    }
}

fn refuse(row: &InRow, column: &str, code: &str, message: &str) -> Verdict {
    let (column, code, message) = (column.to_owned(), code.to_owned(), message.to_owned());
    Verdict::Refuse(vec![Problem { row: row.row, column, code, message }])
}

fn password(value: Option<Value>) -> Result<Option<String>, &'static str> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) => {
            let phc = text.trim().to_owned();
            vault::check_imported(&phc).map(|()| Some(phc))
        }
        Some(_) => Err("A hash is a text."),
    }
}

enum Whose {
    Nobody,
    One(Box<UserRow>),
    /// The row means two users: the column and why.
    Two(&'static str, &'static str),
}

/// Whom a row is about: the external id says it, else the address.
fn whose(tx: &mut Tx, values: &Values) -> Result<Whose, Error> {
    let external = match values.get(EXTERNAL_ID) {
        Some(Value::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let typed = values.get(EMAIL).and_then(Value::as_str).unwrap_or_default();
    let email = protocol::email::canonical_email(typed).ok();
    let by_external = match &external {
        Some(id) => tx.find_user_by_external_id(id)?,
        None => None,
    };
    let by_email = match &email {
        Some(email) => tx.find_user_by_email(&email.key)?,
        None => None,
    };
    Ok(match (by_external, by_email) {
        (None, None) => Whose::Nobody,
        (Some(one), Some(other)) if one.id != other.id => {
            Whose::Two(EMAIL, "Somebody else in this tenant has this address.")
        }
        (Some(one), _) => Whose::One(Box::new(one)),
        (None, Some(one)) if external.is_some() && one.external_id.is_some() => {
            Whose::Two(EXTERNAL_ID, "The user with this address has another external ID.")
        }
        (None, Some(one)) => Whose::One(Box::new(one)),
    })
}

fn create(
    ctx: &Ctx,
    tenant: &TenantId,
    schema: &Schema,
    values: &Values,
    hash: Option<String>,
) -> Result<Verdict, Error> {
    let email = values.get(EMAIL).and_then(Value::as_str).unwrap_or_default().to_owned();
    let input = CreateUser { email, ..CreateUser::default() };
    let mut user = new_row(ctx, tenant, &input, hash.as_deref())?;
    fields::apply(schema, &mut user, values, Source::Import)?;
    let have = fields::read(&user);
    let needed = schema.custom.iter().filter(|f| f.required && !have.contains_key(&f.key));
    let missing = needed.map(|field| {
        let message = format!("{} is needed.", field.label);
        crate::error::FieldError::new(field.key.clone(), "required", message)
    });
    crate::error::none(missing.collect())?;
    Ok(Verdict::Create(Box::new(user)))
}

fn update(
    schema: &Schema,
    user: UserRow,
    values: &Values,
    hash: Option<String>,
) -> Result<Verdict, Error> {
    let mut to = user.clone();
    let differs = fields::apply(schema, &mut to, values, Source::Import)?;
    // A password that somebody chose here is never replaced by one from elsewhere.
    let hash = hash.filter(|_| user.password.is_none());
    if differs.is_empty() && hash.is_none() {
        return Ok(Verdict::Keep);
    }
    Ok(Verdict::Update(Box::new((user, to, differs, hash))))
}
