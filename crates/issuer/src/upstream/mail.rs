//! Proof by mail, for an account that has no other: a link to its address, opened in the browser
//! in which the provider vouched. Where the address was not proven before, whoever set up the
//! account may have been somebody else: what they could get in with is void.

use context::{Ctx, Tenant};
use directory::links;
use directory::mail::{self, Message, Template};
use directory::users::claim::claim;
use protocol::catalogue;
use store::spent::{Spend, SpentKind};
use store::users::UserRow;
use store::{Error, Tx, UserId};

use super::link::{Linking, note, parties, question, store_error};
use super::pending::{Pending, PendingError};
use crate::browser::Browser;
use crate::flow::{self, Flow, fingerprint};
use crate::login::SignedIn;
use crate::login::finish::{self, Entry, Given};
use crate::trace;

/// What came of a proof by mail.
#[derive(Debug)]
pub enum MailProof {
    /// Linked and signed in; the flow goes on.
    SignedIn(Box<SignedIn>, Box<Flow>),
    /// The person is kept out.
    Blocked,
    /// Refused, with the catalogue's code.
    Refused(&'static str),
}

/// Sends the link, once for each pending identity. `false` when a mail is no way to prove it.
///
/// # Errors
/// Whatever the database reports.
pub fn send_mail(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    pending: &Pending,
) -> Result<bool, Error> {
    let Some(asked) = question(ctx, tenant, browser, pending)?.filter(|q| q.mail) else {
        return Ok(false);
    };
    let user = asked.user.id.as_str();
    let (row, token) = links::confirm(ctx, &tenant.id, user, pending).map_err(store_error)?;
    let values = [
        ("name", asked.user.name.clone()),
        ("email", asked.user.email.clone()),
        ("provider", asked.connection.name.clone()),
        ("ip", browser.ip.clone()),
        ("link", format!("{}/connect/mail/{}", tenant.issuer, token.expose())),
    ];
    let message = Message {
        template: Template::ConfirmLink,
        to: asked.user.email.clone(),
        language: None,
        values: values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        flow: pending.flow.clone(),
    };
    let prepared = mail::prepare(ctx, &tenant.id, &message).map_err(store_error)?;
    let once = format!("mail-{}", pending.id);
    ctx.db.write(&tenant.id, |tx| {
        if tx.spend(SpentKind::Upstream, &once, "", pending.expires_at())? == Spend::Fresh {
            tx.void_links(&row.kind, user, ctx.now())?;
            tx.insert_link(&row)?;
            prepared.put(tx)?;
        }
        Ok::<_, Error>(())
    })?;
    Ok(true)
}

/// Looks at a link without using it.
///
/// # Errors
/// [`PendingError`] says why it does not open here.
pub fn by_mail(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    token: &str,
) -> Result<Pending, PendingError> {
    let link = ctx.db.read(&tenant.id, |tx| usable(tx, ctx, token))?.ok_or(PendingError::Over)?;
    let pending: Pending = links::confirmed(ctx, &link).ok_or(PendingError::Over)?;
    match vault::ct_eq(pending.browser.as_bytes(), fingerprint(&browser.bid).as_bytes()) {
        true => Ok(pending),
        false => Err(PendingError::Foreign),
    }
}

fn usable(tx: &mut Tx, ctx: &Ctx, token: &str) -> Result<Option<store::links::LinkRow>, Error> {
    let link = tx.find_link(&vault::link_token_hash(token))?;
    Ok(link.filter(|link| {
        link.kind == links::CONFIRM && link.used_at.is_none() && link.expires_at > ctx.now()
    }))
}

/// Uses the link up, links the identity and signs in, in one write.
///
/// # Errors
/// [`PendingError`] says why the link does not open here.
pub fn connect_by_mail(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    token: &str,
) -> Result<MailProof, PendingError> {
    let pending = by_mail(ctx, tenant, browser, token)?;
    let over = Ok(MailProof::Refused(catalogue::LINK_PROOF_OVER));
    let Some((id, connection)) = parties(ctx, tenant, &pending)? else { return over };
    let Ok(flow) = flow::open(ctx, tenant, &pending.tx, &browser.bid) else { return over };
    let Some(user) = ctx.db.read(&tenant.id, |tx| tx.find_user(&id))? else { return over };
    let linking = Linking::new(ctx, tenant, browser, &pending, &connection, &user)?;
    let entry = Entry {
        flow: &flow,
        browser,
        remember: false,
        amr: "",
        connection: connection.id.as_str(),
    };
    let (session_token, session) = finish::prepare(ctx, tenant, &entry);
    let written = ctx.db.write(&tenant.id, |tx| {
        let user = match taken_over(tx, ctx, &id, token, &linking)? {
            Ok(user) => user,
            Err(code) => return Ok(Err(code)),
        };
        Ok::<_, Error>(Ok(finish::open(tx, ctx, &entry, &user, &session)?))
    })?;
    note(ctx, tenant, &pending, written.as_ref().err().copied().unwrap_or(trace::OK));
    let written = match written {
        Ok(written) => written,
        Err(code) => return Ok(MailProof::Refused(code)),
    };
    Ok(match finish::given(ctx, tenant, &entry, &user, session_token, written) {
        Given::SignedIn(signed_in) => MailProof::SignedIn(signed_in, Box::new(flow)),
        Given::Blocked => MailProof::Blocked,
        Given::Over => MailProof::Refused(catalogue::LINK_PROOF_OVER),
    })
}

/// Uses the link up and links the identity. The inner error is the catalogue's code.
fn taken_over(
    tx: &mut Tx,
    ctx: &Ctx,
    id: &UserId,
    token: &str,
    linking: &Linking,
) -> Result<Result<UserRow, &'static str>, Error> {
    let Some(link) = usable(tx, ctx, token)? else { return Ok(Err(catalogue::LINK_PROOF_OVER)) };
    let user = tx.find_user(id)?.ok_or(Error::Conflict("key"))?;
    if user.blocked {
        return Ok(Ok(user));
    }
    if !tx.spend_link(&link.id, ctx.now())? {
        return Ok(Err(catalogue::LINK_USED));
    }
    match linking.put(tx, ctx, &user, "mail")? {
        Ok(()) => cleared(tx, ctx, user, linking).map(Ok),
        Err(code) => Ok(Err(code)),
    }
}

/// The account as its proven owner takes it over: nothing of an unproven one before stays.
fn cleared(tx: &mut Tx, ctx: &Ctx, user: UserRow, linking: &Linking) -> Result<UserRow, Error> {
    if user.email_verified {
        return Ok(user);
    }
    let actor = linking.actor(&user);
    claim(tx, ctx, &actor, &user, Some(linking.key())).map_err(store_error)?;
    tx.find_user(&user.id)?.ok_or(Error::Conflict("key"))
}
