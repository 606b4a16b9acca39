//! Signing in as somebody a provider vouches for. What the provider said was checked by
//! `federation` and arrives here as data; here it is decided whose it is, and the decision takes
//! effect in one write: the provider's answer is used up, identity and user are made or renewed,
//! and the session begins. An address never finds an account.

mod complete;
mod decide;
mod fields;
mod link;
mod mail;
mod pending;
mod state;
mod write;

use std::sync::Arc;

use context::{Application, Connection, Ctx, Tenant};
use protocol::catalogue;
use protocol::email::CanonicalEmail;
use serde_json::{Map, Value};
use store::identities::IdentityKey;
use store::users::UserRow;
use store::{Error, TenantId};

pub(crate) use complete::complete;
pub use complete::{Arrival, Completion, allows, arrival, lacking, sign_up_connection};
pub use fields::profile_of;
pub use link::{Connected, Question, connect, question};
pub use mail::{MailProof, by_mail, connect_by_mail, send_mail};
pub use pending::{Pending, PendingError, open_pending, seal_pending};
pub use state::{
    application, fetch_state, open_posted_state, open_test_state, seal_posted_state, seal_state,
    seal_test_state, spend_state, state_is_spent,
};

use crate::browser::Browser;
use crate::flow::Flow;
use crate::login::SignedIn;
use crate::offer;
use crate::trace::{self, About};
use decide::{Decision, Terms, decide};

/// Somebody as a provider vouches for them.
#[derive(Debug, Clone)]
pub struct Upstream {
    /// The connection they came through.
    pub connection: Arc<Connection>,
    /// The upstream issuer.
    pub issuer: String,
    /// The upstream subject.
    pub subject: String,
    /// The name the identity is listed under; may be empty.
    pub label: String,
    /// What the provider said, secrets left out.
    pub profile: Value,
    /// The address the mapping made of it.
    pub address: Option<Address>,
    /// The id of the sign-in at the provider: used up with its effect.
    pub transaction: String,
}

/// An address, and whether the provider is trusted to have proven it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The address.
    pub email: CanonicalEmail,
    /// Whether it counts as proven.
    pub verified: bool,
}

impl Upstream {
    fn key(&self) -> IdentityKey<'_> {
        IdentityKey {
            connection: &self.connection.id,
            issuer: &self.issuer,
            subject: &self.subject,
        }
    }
}

/// What came of it.
#[derive(Debug)]
pub enum Outcome {
    /// Signed in: the token goes into the cookie.
    SignedIn(Box<SignedIn>),
    /// The address belongs to an account: the person proves that it is theirs.
    NeedProof(Box<Pending>),
    /// No address of theirs is proven: the person completes their sign-up.
    NeedAddress(Box<Pending>),
    /// The person is kept out.
    Blocked,
    /// Refused, with the catalogue's code.
    Refused(&'static str),
    /// The flow has been used up: go to where it stands.
    AlreadyDone,
}

/// Whose identity this is; none for a stranger.
///
/// # Errors
/// Whatever the database reports.
pub fn find(ctx: &Ctx, tenant: &TenantId, who: &Upstream) -> Result<Option<UserRow>, Error> {
    ctx.db.read(tenant, |tx| match tx.find_identity(who.key())? {
        Some(identity) => tx.find_user(&identity.user_id),
        None => Ok(None),
    })
}

/// The sign-in that asks.
pub struct Asking<'a> {
    /// The flow.
    pub flow: &'a Flow,
    /// Its page's name in URLs, to come back to it.
    pub tx: &'a str,
    /// The application it is for.
    pub application: &'a Application,
    /// The browser.
    pub browser: &'a Browser,
}

/// Decides and signs in. `fields` is what the mapping makes of the profile for this person.
///
/// # Errors
/// Whatever the database reports.
pub fn finish(
    ctx: &Ctx,
    tenant: &Tenant,
    asking: &Asking,
    who: &Upstream,
    fields: &Map<String, Value>,
) -> Result<Outcome, Error> {
    let offer = offer::of(ctx, tenant, asking.application)?;
    let terms = Terms::of(tenant, &offer, &who.connection);
    let decide = || -> Result<(Decision, Option<UserRow>), Error> {
        let found = ctx.db.read(&tenant.id, |tx| write::look(tx, who))?;
        let decision = decide(&found, who.address.as_ref(), &terms);
        Ok((decision, found.user()))
    };
    let (mut decision, mut user) = decide()?;
    let mut outcome = None;
    // Two first sign-ins at one moment: the second finds what the first made.
    for _ in 0..2 {
        match act(ctx, tenant, asking, who, fields, decision) {
            Err(Error::Conflict(_)) => (decision, user) = decide()?,
            other => {
                outcome = Some(other?);
                break;
            }
        }
    }
    let outcome = match outcome {
        Some(Some(done)) => done,
        Some(None) => unsettled(ctx, asking, who, fields, decision, user),
        None => Outcome::Refused(catalogue::CONFLICT),
    };
    note(ctx, tenant, asking.flow, who, &outcome);
    Ok(outcome)
}

/// What a sign-in would come to.
#[derive(Debug, Clone)]
pub struct Foreseen {
    /// In words, completing "a sign-in would".
    pub words: &'static str,
    /// The catalogue's code, when somebody would have to do something.
    pub code: Option<&'static str>,
}

/// What a sign-in through a connection would come to, at the tenant's own terms. Changes nothing.
///
/// # Errors
/// Whatever the database reports.
pub fn foresee(ctx: &Ctx, tenant: &Tenant, who: &Upstream) -> Result<Foreseen, Error> {
    let found = ctx.db.read(&tenant.id, |tx| write::look(tx, who))?;
    let blocked = matches!(&found, decide::Found::Identity(user) if user.blocked);
    let terms = Terms::of_tenant(tenant, &who.connection);
    let (words, code) = match decide(&found, who.address.as_ref(), &terms) {
        _ if blocked => ("be refused: the user is blocked", Some(catalogue::USER_BLOCKED)),
        Decision::SignIn => ("sign in the user who has this identity", None),
        Decision::Create => ("create a user", None),
        Decision::Prove => {
            ("ask for a proof of the account with this address", Some(catalogue::LINK_NEEDS_PROOF))
        }
        Decision::Complete => {
            ("ask for an email address and prove it by mail", Some(catalogue::EMAIL_MISSING))
        }
        Decision::Refuse(code) => ("be refused", Some(code)),
    };
    Ok(Foreseen { words, code })
}

/// Does what has an effect; none for a decision without one.
fn act(
    ctx: &Ctx,
    tenant: &Tenant,
    asking: &Asking,
    who: &Upstream,
    fields: &Map<String, Value>,
    decision: Decision,
) -> Result<Option<Outcome>, Error> {
    match decision {
        Decision::SignIn | Decision::Create => {
            write::sign_in(ctx, tenant, asking, who, fields, decision).map(Some)
        }
        Decision::Prove | Decision::Complete | Decision::Refuse(_) => Ok(None),
    }
}

fn unsettled(
    ctx: &Ctx,
    asking: &Asking,
    who: &Upstream,
    fields: &Map<String, Value>,
    decision: Decision,
    user: Option<UserRow>,
) -> Outcome {
    let pending = || Pending::new(ctx, asking, who, fields);
    match (decision, user) {
        (Decision::Prove, Some(user)) => {
            let user = Some(user.id.as_str().to_owned());
            Outcome::NeedProof(Box::new(Pending { user, ..pending() }))
        }
        (Decision::Complete, _) => Outcome::NeedAddress(Box::new(pending())),
        (Decision::Refuse(code), _) => Outcome::Refused(code),
        _ => Outcome::Refused(catalogue::CONFLICT),
    }
}

fn note(ctx: &Ctx, tenant: &Tenant, flow: &Flow, who: &Upstream, outcome: &Outcome) {
    let code = match outcome {
        Outcome::SignedIn(_) => trace::OK,
        Outcome::NeedProof(_) => catalogue::LINK_NEEDS_PROOF,
        Outcome::NeedAddress(_) => catalogue::EMAIL_MISSING,
        Outcome::Blocked => catalogue::USER_BLOCKED,
        Outcome::Refused(code) => code,
        Outcome::AlreadyDone => return,
    };
    let detail = serde_json::json!({ "issuer": who.issuer, "label": who.label });
    let connection = who.connection.id.as_str();
    let about = About { connection, detail, ..crate::authorize::about(flow) };
    trace::note(ctx, tenant, "upstream", code, about);
}
