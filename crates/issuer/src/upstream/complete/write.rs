//! The one write of a sign-up that is completed: link and provider's answer are used up, user and
//! identity are made, and the session begins; or none of it.

use context::{Ctx, Tenant};
use directory::Actor;
use directory::sign_up::{self, Waiting};
use protocol::catalogue;
use store::identities::{IdentityKey, IdentityRow};
use store::sessions::SessionRow;
use store::users::UserRow;
use store::{Error, Tx};

use super::super::write::{audit, identity_row, spend};
use super::super::{Pending, fields};
use super::{Completion, Parties, parties, taken};
use crate::browser::Browser;
use crate::flow::Flow;
use crate::login::finish::{self, Entry, Given, Written};
use crate::trace::{self, About};

/// Uses the link up and makes the user with the identity, signed in, in one write.
///
/// # Errors
/// [`directory::Error::Link`] with the catalogue's code when the link does not work any more, or
/// whatever the database reports.
pub(crate) fn complete(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    token: &str,
    waiting: &Waiting,
) -> Result<Completion, directory::Error> {
    let (connection, completion) = match parties(ctx, tenant, browser, waiting)? {
        Ok(parties) => {
            let completion = written(ctx, tenant, browser, token, waiting, &parties)?;
            (parties.pending.connection, completion)
        }
        Err(code) => (String::new(), Completion::Refused(code)),
    };
    let code = match &completion {
        Completion::SignedIn(..) => trace::OK,
        Completion::Prove(_) => catalogue::LINK_NEEDS_PROOF,
        Completion::Refused(code) => code,
    };
    let about = About {
        flow: &waiting.back.flow,
        application: &waiting.application,
        connection: &connection,
        ..About::default()
    };
    trace::note(ctx, tenant, "sign_up", code, about);
    Ok(completion)
}

fn written(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    token: &str,
    waiting: &Waiting,
    parties: &Parties,
) -> Result<Completion, directory::Error> {
    let Parties { pending, connection, flow } = parties;
    let user = person(ctx, tenant, waiting, pending)?;
    let identity = IdentityRow {
        user_id: user.id.clone(),
        ..identity_row(ctx, tenant, browser, &pending.vouched(connection))?
    };
    let connection = connection.id.as_str();
    let entry = Entry { flow, browser, remember: false, amr: "", connection };
    let (session_token, session) = finish::prepare(ctx, tenant, &entry);
    let sheet = Sheet { browser, token, waiting, user: &user, identity, entry, session };
    let made = match ctx.db.write(&tenant.id, |tx| sheet.put(tx, ctx, &pending.id)) {
        // Somebody got the address, or the identity, at this very moment.
        Err(directory::Error::Store(Error::Conflict(_))) => Made::Taken,
        Err(directory::Error::Store(Error::NotFound)) => Made::Over,
        other => other?,
    };
    let code = match made {
        Made::User(done) => {
            let given = finish::given(ctx, tenant, &sheet.entry, &user, session_token, done);
            return Ok(entered(given, flow));
        }
        Made::Taken => match taken(ctx, tenant, pending, waiting)? {
            Some(pending) => return Ok(Completion::Prove(pending)),
            None => catalogue::IDENTITY_TAKEN,
        },
        Made::Connected => catalogue::IDENTITY_TAKEN,
        Made::Over => catalogue::UPSTREAM_STATE,
    };
    Ok(Completion::Refused(code))
}

fn entered(given: Given, flow: &Flow) -> Completion {
    match given {
        Given::SignedIn(signed_in) => Completion::SignedIn(signed_in, Box::new(flow.clone())),
        Given::Blocked => Completion::Refused(catalogue::USER_BLOCKED),
        Given::Over => Completion::Refused(catalogue::UPSTREAM_STATE),
    }
}

/// The user: what the provider said, and what the person typed where it said nothing.
fn person(
    ctx: &Ctx,
    tenant: &Tenant,
    waiting: &Waiting,
    pending: &Pending,
) -> Result<UserRow, directory::Error> {
    let mut user = sign_up::row(ctx, tenant, waiting)?;
    let mut mapped = pending.fields.clone();
    mapped.retain(|key, _| !waiting.values.contains_key(key));
    fields::apply(&mut user, &mapped, &pending.connection);
    Ok(user)
}

/// What a write came to.
enum Made {
    User(Written),
    /// Somebody has the address.
    Taken,
    /// Somebody has the identity.
    Connected,
    /// The sign-in at the provider was used up before.
    Over,
}

/// Everything that is written, made before the write.
struct Sheet<'a> {
    browser: &'a Browser,
    token: &'a str,
    waiting: &'a Waiting,
    user: &'a UserRow,
    identity: IdentityRow,
    entry: Entry<'a>,
    session: SessionRow,
}

impl Sheet<'_> {
    fn put(&self, tx: &mut Tx, ctx: &Ctx, transaction: &str) -> Result<Made, directory::Error> {
        let Sheet { identity: row, user, .. } = self;
        let key =
            IdentityKey { connection: &row.connection, issuer: &row.issuer, subject: &row.subject };
        if tx.find_identity(key)?.is_some() {
            return Ok(Made::Connected);
        }
        let visitor = Actor::visitor(&self.browser.request, &self.browser.ip);
        if !sign_up::complete(tx, ctx, &visitor, self.token, user, self.waiting)? {
            return Ok(Made::Taken);
        }
        // A second use takes everything of this write back with it.
        if !spend(tx, transaction, user.id.as_str(), ctx.now())? {
            return Err(Error::NotFound.into());
        }
        tx.insert_identity(row)?;
        let detail = serde_json::json!({
            "identity": row.id, "connection": row.connection, "issuer": row.issuer,
            "label": row.label, "by": "sign_up",
        });
        let object = user.id.as_str();
        tx.insert_audit(&audit(ctx, self.browser, user, "identity.link", object, detail))?;
        Ok(Made::User(finish::open(tx, ctx, &self.entry, user, &self.session)?))
    }
}
