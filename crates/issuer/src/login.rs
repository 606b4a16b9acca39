//! Signing in. A guess is counted in the write that records its outcome; one counter per
//! identifier, over all its spellings, for people who exist and people who do not. Every way to
//! prove who one is ends in `finish`.

pub(crate) mod finish;
mod guesses;

use context::{Ctx, Tenant};
use protocol::catalogue;
use protocol::email::canonical_email;
use store::users::UserRow;
use store::{Error, SessionId};
use vault::{HashTicket, SecretString};

pub use guesses::{FIRST_REFUSAL_S, LIMIT, LONGEST_REFUSAL_S};

use crate::browser::Browser;
use crate::flow::Flow;
use crate::trace::{self, About};

/// What is being tried, as it stood before the password was hashed.
#[derive(Debug)]
pub struct Attempt {
    /// The user, if there is one.
    user: Option<UserRow>,
    /// The key of the counter.
    key: String,
}

impl Attempt {
    /// What to verify the password against; without a user the same work is done for nothing.
    pub fn phc(&self) -> Option<String> {
        self.user.as_ref().and_then(|user| user.password.clone())
    }
}

/// What came of it.
#[derive(Debug)]
pub enum Outcome {
    /// Signed in: the token goes into the cookie.
    SignedIn(Box<SignedIn>),
    /// Wrong, one way or the other: nobody is told which.
    Refused {
        /// The catalogue's code: wrong, or too many guesses.
        code: &'static str,
        /// Seconds until the next guess is looked at; 0 when it is now.
        retry_after_s: i64,
    },
    /// Right, but the person is kept out.
    Blocked,
    /// This page has done its work before: go to where the flow stands.
    AlreadyDone,
}

/// A fresh session.
#[derive(Debug)]
pub struct SignedIn {
    /// The session.
    pub session: SessionId,
    /// The token for the cookie.
    pub token: SecretString,
    /// How many seconds the cookie outlives the browser's windows; none for not at all.
    pub max_age_s: Option<i64>,
    /// A proof for this browser that the person signed in from it.
    pub known: String,
    /// The token this one replaces in the browser's cookie.
    pub replaces: Option<String>,
}

/// Which slot a guess waits in: one guess per identifier is looked at at a time on each node.
pub fn slot_key(ctx: &Ctx, tenant: &Tenant, identifier: &str) -> [u8; 32] {
    directory::guesses::mac(ctx, &tenant.id, &canonical(identifier), b"")
}

/// One form for all spellings; what is no address is folded as it stands.
fn canonical(identifier: &str) -> String {
    match canonical_email(identifier) {
        Ok(email) => email.key,
        Err(_) => identifier.trim().to_lowercase().chars().take(256).collect(),
    }
}

/// Looks at the counter and finds the user. Called while the slot is held.
///
/// # Errors
/// [`Outcome::Refused`] as the inner error while guesses are refused; else whatever the database
/// reports.
pub fn begin(
    ctx: &Ctx,
    tenant: &Tenant,
    flow: &Flow,
    browser: &Browser,
    identifier: &str,
) -> Result<Result<Attempt, Outcome>, Error> {
    let address = canonical(identifier);
    let now = ctx.now();
    let (user, counter, key) = ctx.db.read(&tenant.id, |tx| {
        let user = tx.find_user_by_email(&address)?;
        let device = user.as_ref().and_then(|u| guesses::known_device(ctx, tenant, u, browser));
        let device = device.unwrap_or_default();
        let mac = directory::guesses::mac(ctx, &tenant.id, &address, device.as_bytes());
        let key = directory::guesses::key(&mac);
        let counter = tx.find_guesses(&key)?;
        Ok::<_, Error>((user, counter, key))
    })?;
    if counter.refused_until > now {
        let code = catalogue::TOO_MANY_ATTEMPTS;
        note(ctx, tenant, flow, code, user.as_ref());
        let retry_after_s = counter.refused_until.seconds() - now.seconds() + 1;
        return Ok(Err(Outcome::Refused { code, retry_after_s }));
    }
    Ok(Ok(Attempt { user, key }))
}

/// Records the outcome of a guess, in one write, and signs in if it was right.
///
/// # Errors
/// Whatever the database reports.
pub fn finish_password(
    ctx: &Ctx,
    tenant: &Tenant,
    flow: &Flow,
    browser: &Browser,
    attempt: Attempt,
    ticket: HashTicket,
    remember: bool,
) -> Result<Outcome, Error> {
    let (right, upgraded) = match ticket {
        HashTicket::Verified { ok, upgraded } => (ok, upgraded),
        HashTicket::Hashed(_) | HashTicket::TooLong => (false, None),
    };
    let Attempt { user, key } = attempt;
    let has_password = user.as_ref().is_some_and(|user| user.password.is_some());
    let Some(user) = user.clone().filter(|_| right && has_password) else {
        return refused(ctx, tenant, flow, &key, user.as_ref());
    };
    finish::with_user(
        ctx,
        tenant,
        finish::Proven { flow, browser, user, key, upgraded, remember, amr: "pwd" },
    )
}

/// Records the outcome of a guess at the password of somebody who is signed in: a wrong one counts
/// as at the sign-in page, a right one signs nobody in. Whether it was right.
///
/// # Errors
/// Whatever the database reports.
pub fn check_password(
    ctx: &Ctx,
    tenant: &Tenant,
    flow: &Flow,
    attempt: Attempt,
    ticket: HashTicket,
) -> Result<bool, Error> {
    let right = matches!(ticket, HashTicket::Verified { ok: true, .. });
    let Attempt { user, key } = attempt;
    let has_password = user.as_ref().is_some_and(|user| user.password.is_some());
    if !right || !has_password {
        refused(ctx, tenant, flow, &key, user.as_ref())?;
        return Ok(false);
    }
    ctx.db.write(&tenant.id, |tx| tx.reset_guesses(&key))?;
    note(ctx, tenant, flow, trace::OK, user.as_ref());
    Ok(true)
}

/// Signs in somebody whose account was just made in this browser's own flow: they chose the
/// password in it, and the link proved the address.
///
/// # Errors
/// Whatever the database reports.
pub fn signed_up(
    ctx: &Ctx,
    tenant: &Tenant,
    flow: &Flow,
    browser: &Browser,
    user: UserRow,
) -> Result<Outcome, Error> {
    let mac = directory::guesses::mac(ctx, &tenant.id, &user.email_key, b"");
    let key = directory::guesses::key(&mac);
    let proven =
        finish::Proven { flow, browser, user, key, upgraded: None, remember: false, amr: "pwd" };
    finish::with_user(ctx, tenant, proven)
}

fn refused(
    ctx: &Ctx,
    tenant: &Tenant,
    flow: &Flow,
    key: &str,
    user: Option<&UserRow>,
) -> Result<Outcome, Error> {
    let now = ctx.now();
    let wait = ctx.db.write(&tenant.id, |tx| {
        let counter = tx.raise_guesses(key, now)?;
        let wait = guesses::refusal_s(counter.failures);
        if wait > 0 {
            tx.refuse_guesses(key, now.plus_seconds(wait))?;
        }
        Ok::<_, Error>(wait)
    })?;
    let code = if wait > 0 { catalogue::TOO_MANY_ATTEMPTS } else { catalogue::BAD_CREDENTIALS };
    note(ctx, tenant, flow, code, user);
    Ok(Outcome::Refused { code, retry_after_s: wait })
}

fn note(ctx: &Ctx, tenant: &Tenant, flow: &Flow, code: &'static str, user: Option<&UserRow>) {
    let user = user.map_or("", |u| u.id.as_str());
    let about = About { user, ..crate::authorize::about(flow) };
    trace::note(ctx, tenant, "password", code, about);
}
