//! A flow: one run from `/authorize` back to the application, sealed into the URL of each page.
//! It holds what was asked and who asked; what was proven is in the session rows, so a flow can be
//! opened again, copied or kept without becoming worth anything. [`next_step`] decides.

use context::{Ctx, Tenant};
use protocol::authorize::AuthorizeRequest;
use serde::{Deserialize, Serialize};
use store::{Error, RequestId, Timestamp};
use vault::Purpose;

mod step;

pub(crate) use step::lacking;
pub use step::{Candidate, SecondFactor, SignInPolicy, Step, next_step};

use crate::seal;

/// How long a page of a flow works, in seconds.
pub const LIFETIME_S: i64 = 3_600;
/// A sealed flow longer than this is kept as a row and named by its id.
const MAX_SEALED: usize = 1_536;
const ROW: &str = "f.";

/// One run from `/authorize` back to the application.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Flow {
    /// Its id: the support code people see.
    #[serde(rename = "i")]
    pub id: String,
    /// What was asked.
    #[serde(rename = "r")]
    pub request: AuthorizeRequest,
    /// Fingerprint of the browser it belongs to.
    #[serde(rename = "b")]
    pub browser: String,
    /// When it began.
    #[serde(rename = "t")]
    pub started_at: Timestamp,
    /// When this page of it was sealed.
    #[serde(rename = "u")]
    pub sealed_at: Timestamp,
    /// The session the person chose.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<String>,
    /// The user an `id_token_hint` named.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub expected_user: Option<String>,
}

/// Why a page of a flow does not open.
#[derive(Debug)]
pub enum FlowError {
    /// It is too old: the same authorization can be started again.
    Expired(Box<AuthorizeRequest>),
    /// It began in another browser: the same authorization can be started again, in this one.
    ForeignBrowser(Box<AuthorizeRequest>),
    /// It is not ours, or not of this tenant.
    Garbage,
    /// The database.
    Store(Error),
}

/// Whether a fingerprint is that of this browser id.
pub fn is_of(fingerprint_of: &str, bid: &str) -> bool {
    !bid.is_empty() && vault::ct_eq(fingerprint_of.as_bytes(), fingerprint(bid).as_bytes())
}

/// The fingerprint of a browser id.
pub(crate) fn fingerprint(bid: &str) -> String {
    vault::fingerprint(bid.as_bytes())
}

impl Flow {
    pub(crate) fn new(ctx: &Ctx, request: AuthorizeRequest, bid: &str) -> Flow {
        let now = ctx.now();
        Flow {
            id: RequestId::new(now, ctx.vault.random()).as_str().to_owned(),
            request,
            browser: fingerprint(bid),
            started_at: now,
            sealed_at: now,
            chosen: None,
            expected_user: None,
        }
    }
}

/// Seals a flow for a URL; one that is too long becomes a row.
///
/// # Errors
/// Whatever the database reports, when the flow must become a row.
pub(crate) fn seal(ctx: &Ctx, tenant: &Tenant, flow: &Flow) -> Result<String, Error> {
    let flow = Flow { sealed_at: ctx.now(), ..flow.clone() };
    let sealed = seal::seal(ctx, Purpose::Flow, &tenant.id, b"", &flow)?;
    if sealed.len() <= MAX_SEALED {
        return Ok(sealed);
    }
    let id = RequestId::new(ctx.now(), ctx.vault.random());
    let until = ctx.now().plus_seconds(LIFETIME_S);
    ctx.db.write(&tenant.id, |tx| tx.insert_flow(id.as_str(), sealed.as_bytes(), until))?;
    Ok(format!("{ROW}{}", id.as_str()))
}

/// Opens a page of a flow.
///
/// # Errors
/// [`FlowError`] says what the browser is offered instead.
pub fn open(ctx: &Ctx, tenant: &Tenant, tx: &str, bid: &str) -> Result<Flow, FlowError> {
    let flow = read(ctx, tenant, tx)?.ok_or(FlowError::Garbage)?;
    if bid.is_empty() || !vault::ct_eq(flow.browser.as_bytes(), fingerprint(bid).as_bytes()) {
        return Err(FlowError::ForeignBrowser(Box::new(flow.request)));
    }
    if flow.sealed_at.plus_seconds(LIFETIME_S) <= ctx.now() {
        return Err(FlowError::Expired(Box::new(flow.request)));
    }
    Ok(flow)
}

fn read(ctx: &Ctx, tenant: &Tenant, tx: &str) -> Result<Option<Flow>, FlowError> {
    let Some(id) = tx.strip_prefix(ROW) else {
        return Ok(seal::open(ctx, Purpose::Flow, &tenant.id, b"", tx));
    };
    let Some(id) = RequestId::parse(id) else { return Ok(None) };
    let row = ctx
        .db
        .read(&tenant.id, |tx| tx.find_flow(id.as_str(), ctx.now()))
        .map_err(FlowError::Store)?;
    let sealed = row.and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(sealed.and_then(|text| seal::open(ctx, Purpose::Flow, &tenant.id, b"", &text)))
}

/// The parameters with which the same authorization is started again.
pub fn restart_params(request: &AuthorizeRequest) -> Vec<(&'static str, String)> {
    let mut params = vec![
        ("response_type", "code".to_owned()),
        ("client_id", request.client_id.clone()),
        ("redirect_uri", request.redirect_uri.clone()),
        ("scope", request.scopes.to_string()),
    ];
    let prompt = &request.prompt;
    let prompts: Vec<&str> = [
        (prompt.login, "login"),
        (prompt.consent, "consent"),
        (prompt.select_account, "select_account"),
    ]
    .into_iter()
    .filter_map(|(wanted, name)| wanted.then_some(name))
    .collect();
    let optional = [
        ("state", request.state.clone()),
        ("nonce", request.nonce.clone()),
        ("code_challenge", request.challenge.as_ref().map(|c| c.as_str().to_owned())),
        ("code_challenge_method", request.challenge.as_ref().map(|_| "S256".to_owned())),
        ("prompt", (!prompts.is_empty()).then(|| prompts.join(" "))),
        ("max_age", request.max_age.map(|s| s.to_string())),
        ("login_hint", request.login_hint.clone()),
        ("claims", request.claims.clone()),
        ("ui_locales", request.ui_locales.clone()),
        ("response_mode", Some(request.response_mode.as_str().to_owned())),
    ];
    params.extend(optional.into_iter().filter_map(|(name, value)| Some((name, value?))));
    params
}
