//! Signing up: what was typed waits, sealed, in a link that goes to the address. There is no user
//! before the address is proven, so nobody can prepare an account for somebody else.
//!
//! Whoever signs up learns nothing about others: an address that has an account costs the same work
//! and gets the same answer; its owner is told by mail. What a sign-up asks for is `issuer::offer`'s.

use context::{Ctx, Tenant};
use mapping::Schema;
use protocol::email::{CanonicalEmail, canonical_email};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::links::LinkRow;
use store::spent::SpentKind;
use store::users::UserRow;
use store::{Error as StoreError, RequestId, Timestamp, Tx};

use crate::actor::Actor;
use crate::audit;
use crate::error::{Error, FieldError, none};
use crate::guesses;
use crate::links::{self, LinkKind};
use crate::mail::{self, Prepared, Template};
use crate::notices::Notice;
use crate::quota::Quota;
use crate::recovery::{Asked, Back, pretend};
use crate::users::fields::{self, Source, Values};
use crate::users::{self, CreateUser};

/// What somebody who signs up has typed.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The address they will sign in with.
    pub email: String,
    /// Fields by key.
    pub values: Values,
    /// Keys of the fields that must have a value.
    pub required: Vec<String>,
}

/// A sign-up that waits for the proof of its address.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Waiting {
    /// The address.
    #[serde(rename = "e")]
    pub email: String,
    /// Fields by key.
    #[serde(rename = "v", default)]
    pub values: Values,
    /// The password, Argon2id in PHC form; none for somebody who comes through a provider.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub phc: Option<String>,
    /// The application it is for.
    #[serde(rename = "a")]
    pub application: String,
    /// The terms that were agreed to.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
    /// The sign-in it was asked from.
    #[serde(rename = "k", default)]
    pub back: Back,
    /// When it was asked.
    #[serde(rename = "t")]
    pub at: Timestamp,
    /// The browser that asked, by its own name.
    #[serde(rename = "u", default)]
    pub user_agent: String,
    /// The network address that asked.
    #[serde(rename = "i", default)]
    pub ip: String,
    /// The identity at a provider that joins the account, as the issuer keeps it.
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub upstream: Option<serde_json::Value>,
    /// The provider's name; empty for a sign-up with a password.
    #[serde(rename = "n", default, skip_serializing_if = "String::is_empty")]
    pub provider: String,
}

/// Judges what was typed, all of it at once; answers the address in canonical form and the fields
/// as they will be kept.
///
/// # Errors
/// [`Error::Form`] naming every field to correct.
pub fn check(
    ctx: &Ctx,
    tenant: &Tenant,
    wanted: &Wanted,
) -> Result<(CanonicalEmail, Values), Error> {
    let mut errors = Vec::new();
    let email = canonical_email(&wanted.email)
        .map_err(|problem| errors.push(FieldError::new("email", "email", problem.to_string())));
    let schema = fields::schema(tenant);
    for key in &wanted.required {
        if wanted.values.get(key).is_none_or(is_empty) {
            errors.push(FieldError::new(key.clone(), "required", needed(&schema, key)));
        }
    }
    let mut scratch = blank(ctx, tenant)?;
    let kept = match fields::apply(&schema, &mut scratch, &wanted.values, Source::User) {
        Ok(_) => fields::read(&scratch),
        Err(Error::Form(more)) => {
            let known: Vec<_> = errors.iter().map(|e| e.field.clone()).collect();
            errors.extend(more.into_iter().filter(|e| !known.contains(&e.field)));
            Values::new()
        }
        Err(other) => return Err(other),
    };
    none(errors)?;
    let email = email.map_err(|()| Error::field("email", "email", "Enter an email address."))?;
    let typed = |key: &String| wanted.values.contains_key(key);
    Ok((email, kept.into_iter().filter(|(key, _)| typed(key)).collect()))
}

fn is_empty(value: &serde_json::Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// What a field without a value says.
pub fn needed(schema: &Schema, key: &str) -> String {
    let label = schema.field(key).map_or(key, |field| field.label.as_str());
    format!("{label} is missing. Enter it.")
}

/// A row without anybody, to see what fields come to.
fn blank(ctx: &Ctx, tenant: &Tenant) -> Result<UserRow, Error> {
    let input = CreateUser { email: "nobody@example.com".into(), ..CreateUser::default() };
    users::new_row(ctx, &tenant.id, &input, None)
}

/// Asks for an account: a mail to the address goes out, with a link that makes the account or with
/// the news that there is one.
///
/// # Errors
/// Whatever the database reports.
pub fn request(
    ctx: &Ctx,
    tenant: &Tenant,
    visitor: &Actor,
    email: &CanonicalEmail,
    waiting: &Waiting,
) -> Result<Asked, Error> {
    let existing = ctx.db.read(&tenant.id, |tx| tx.find_user_by_email(&email.key))?;
    let owner = owner(ctx, tenant, &email.key);
    let (mut row, token) = links::make(ctx, &tenant.id, LinkKind::SignUp, &owner);
    if waiting.upstream.is_some() {
        // It opens in the browser that asked alone, which does not keep its sign-in for longer.
        row.expires_at = ctx.now().plus_seconds(links::CONFIRM_LINK_S);
    }
    row.payload = links::seal(ctx, &row, waiting)?;
    let mails = Mails::prepare(ctx, tenant, visitor, email, waiting, &token, existing.as_ref())?;
    ctx.db.write(&tenant.id, |tx| {
        if Quota::From.is_over(tx, ctx, &visitor.ip)? {
            return Ok(Asked::TooMany);
        }
        let quiet = Quota::MailTo.is_over(tx, ctx, &email.key)?;
        match &existing {
            _ if quiet => pretend(tx, ctx, &row)?,
            // The link leads to the proof that the account is theirs.
            Some(_) if waiting.upstream.is_some() => send(tx, ctx, &row, &mails.known)?,
            Some(_) => {
                send(tx, ctx, &LinkRow { kind: "nobody".into(), ..row.clone() }, &mails.known)?;
            }
            None => send(tx, ctx, &row, &mails.verify)?,
        }
        Ok(Asked::Taken)
    })
}

/// The mail for a new address and the one for an address that has an account: both are made, so
/// that neither answer takes longer.
struct Mails {
    verify: Prepared,
    known: Prepared,
}

impl Mails {
    fn prepare(
        ctx: &Ctx,
        tenant: &Tenant,
        visitor: &Actor,
        email: &CanonicalEmail,
        waiting: &Waiting,
        token: &vault::SecretString,
        existing: Option<&UserRow>,
    ) -> Result<Mails, Error> {
        let notice = Notice::new(ctx, visitor).about(Some(&waiting.back));
        let name = waiting.values.get("name").and_then(|v| v.as_str()).unwrap_or_default();
        let link = format!("{}/verify/{}", tenant.issuer, token.expose());
        let verify = notice.clone().link(&link).with("name", name);
        let verify = verify.message(Template::VerifyEmail, &email.display, None);
        let to = existing.map_or(email.display.as_str(), |user| user.email.as_str());
        let known = match waiting.upstream {
            Some(_) => notice.link(&link).with("provider", &waiting.provider).message(
                Template::ConfirmLink,
                to,
                existing,
            ),
            None => notice.link(&format!("{}/account", tenant.issuer)).message(
                Template::AlreadyRegistered,
                to,
                existing,
            ),
        };
        Ok(Mails {
            verify: mail::prepare(ctx, &tenant.id, &verify)?,
            known: mail::prepare(ctx, &tenant.id, &known)?,
        })
    }
}

/// Whose a pending sign-up is: only the newest of an address works.
fn owner(ctx: &Ctx, tenant: &Tenant, email_key: &str) -> String {
    let parts = [tenant.id.as_str().as_bytes(), email_key.as_bytes()];
    guesses::key(&ctx.vault.lookup_mac("sign-up", &parts))
}

/// The same statements whether the link is one or only looks like one.
fn send(tx: &mut Tx, ctx: &Ctx, row: &LinkRow, mail: &Prepared) -> Result<(), StoreError> {
    let now = ctx.now();
    tx.void_links(&row.kind, &row.user_id, now)?;
    tx.insert_link(row)?;
    mail.put(tx)?;
    let id = RequestId::new(now, ctx.vault.random());
    tx.spend(SpentKind::Form, id.as_str(), "", now).map(|_| ())
}

/// Looks at a sign-up that waits, without using its link.
///
/// # Errors
/// [`Error::Link`] with the catalogue's code when the link does not work.
pub fn open(ctx: &Ctx, tenant: &Tenant, token: &str) -> Result<Waiting, Error> {
    let row = ctx.db.read(&tenant.id, |tx| links::usable_link(ctx, tx, LinkKind::SignUp, token))?;
    links::carried(ctx, &row).ok_or(Error::Link("link_unknown"))
}

/// The user that a sign-up makes, with a proven address.
///
/// # Errors
/// [`Error::Form`] when fields do not fit any more: the tenant changed them meanwhile.
pub fn row(ctx: &Ctx, tenant: &Tenant, waiting: &Waiting) -> Result<UserRow, Error> {
    let input =
        CreateUser { email: waiting.email.clone(), email_verified: true, ..CreateUser::default() };
    let mut user = users::new_row(ctx, &tenant.id, &input, waiting.phc.as_deref())?;
    fields::apply(&fields::schema(tenant), &mut user, &waiting.values, Source::User)?;
    user.name_key = store::users::fold(&user.name);
    Ok(user)
}

/// Uses the link up and makes the user, in the caller's write; `false` when somebody has the
/// address by now.
///
/// # Errors
/// [`Error::Link`] with the catalogue's code when the link does not work any more, or
/// [`StoreError::Conflict`] when somebody gets the address at the same moment.
pub fn complete(
    tx: &mut Tx,
    ctx: &Ctx,
    visitor: &Actor,
    token: &str,
    user: &UserRow,
    waiting: &Waiting,
) -> Result<bool, Error> {
    let link = links::usable_link(ctx, tx, LinkKind::SignUp, token)?;
    if !tx.spend_link(&link.id, ctx.now())? {
        return Err(Error::Link("link_used"));
    }
    if tx.find_user_by_email(&user.email_key)?.is_some() {
        return Ok(false);
    }
    tx.insert_user(user)?;
    let detail = json!({
        "email": user.email, "terms": waiting.terms, "flow": waiting.back.flow,
        "provider": waiting.provider,
    });
    audit::record(tx, ctx, &visitor.known_as(user), "user.sign_up", user.id.as_str(), &detail)?;
    tx.changed("user", user.id.as_str());
    Ok(true)
}
