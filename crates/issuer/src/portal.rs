//! The account pages of a tenant sign people in through an ordinary flow that has no application
//! behind it: it ends at a page of ours, without a code. So settings, guess counters, traces and
//! whatever a sign-in may demand hold here as everywhere.
//!
//! Owns that flow, and who is signed in at those pages. What they change is `directory::account`.

use std::sync::Arc;

use context::{Application, Ctx, Tenant};
use protocol::authorize::{AuthorizeRequest, Prompt, ResponseMode};
use protocol::client_auth::TokenEndpointAuthMethod;
use protocol::redirect_uri::ApplicationType;
use protocol::{Scopes, catalogue};
use store::sessions::BrowserSession;
use store::users::UserRow;
use store::{ApplicationConfig, ApplicationId, Error, Timestamp};

use crate::authorize::{self, AuthorizeResponse, Next};
use crate::browser::Browser;
use crate::error::PageError;
use crate::flow::Flow;

/// How old a proof may be when a page that changes how somebody gets in is opened, in seconds.
pub const FRESH_S: i64 = 300;
/// How old it may be when such a change is sent: whoever takes their time over a form is not asked
/// again.
pub const STILL_FRESH_S: i64 = 900;
/// What begins every path that such a flow may end at.
const PATH: &str = "/account";

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    /// The user as they stand.
    pub user: UserRow,
    /// Their session in this browser.
    pub session: BrowserSession,
}

impl Person {
    /// Whether they proved who they are within so many seconds.
    pub fn is_fresh(&self, within_s: i64, now: Timestamp) -> bool {
        self.session.authenticated_at.plus_seconds(within_s) >= now
    }
}

/// Whether a flow of this `client_id` belongs to the account pages.
pub fn is(client_id: &str) -> bool {
    client_id == ApplicationId::account().as_str()
}

/// What stands in for an application: the tenant's own house, with nothing to consent to.
pub fn application(tenant: &Tenant) -> Application {
    Application {
        id: ApplicationId::account(),
        tenant: tenant.id.clone(),
        name: "your account".to_owned(),
        kind: ApplicationType::Web,
        disabled: false,
        first_party: true,
        secrets: Vec::new(),
        config: ApplicationConfig {
            token_endpoint_auth_method: TokenEndpointAuthMethod::None,
            grant_types: Vec::new(),
            ..ApplicationConfig::default()
        },
    }
}

/// Begins a sign-in that ends at `path` of the tenant, which begins with `/account`. With `again`,
/// that person proves anew who they are.
///
/// # Errors
/// [`PageError`] when the database does not answer.
pub fn start(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    browser: &Browser,
    path: &str,
    again: Option<&Person>,
) -> Result<Next, PageError> {
    authorize::resume(ctx, tenant, &begun(ctx, tenant, browser, path, again), browser)
}

/// The same flow before its first step: what [`start`] goes on with.
pub fn begun(
    ctx: &Ctx,
    tenant: &Tenant,
    browser: &Browser,
    path: &str,
    again: Option<&Person>,
) -> Flow {
    let mut flow = Flow::new(ctx, request(tenant, path, again.is_some()), &browser.bid);
    if let Some(person) = again {
        flow.chosen = Some(person.session.id.as_str().to_owned());
        flow.expected_user = Some(person.user.id.as_str().to_owned());
    }
    flow
}

/// Begins the same again, for a flow that is too old or another browser's.
///
/// # Errors
/// As [`start`].
pub fn restart(
    ctx: &Ctx,
    tenant: &Arc<Tenant>,
    browser: &Browser,
    request: &AuthorizeRequest,
) -> Result<Next, PageError> {
    let path = request.redirect_uri.strip_prefix(&tenant.issuer).filter(|p| p.starts_with(PATH));
    start(ctx, tenant, browser, path.unwrap_or(PATH), None)
}

fn request(tenant: &Tenant, path: &str, again: bool) -> AuthorizeRequest {
    AuthorizeRequest {
        client_id: ApplicationId::account().as_str().to_owned(),
        redirect_uri: format!("{}{path}", tenant.issuer),
        response_mode: ResponseMode::Query,
        scopes: Scopes::default(),
        state: None,
        nonce: None,
        challenge: None,
        prompt: Prompt { login: again, ..Prompt::default() },
        max_age: None,
        login_hint: None,
        ui_locales: None,
        acr_values: None,
        id_token_hint: None,
        display: None,
        claims: None,
        audience: None,
    }
}

/// The tenant may have moved to another host while the flow was open.
pub(crate) fn still_valid(tenant: &Tenant, flow: &Flow) -> Result<Arc<Application>, PageError> {
    let path = flow.request.redirect_uri.strip_prefix(&tenant.issuer);
    match path.is_some_and(|path| path.starts_with(PATH)) {
        true => Ok(Arc::new(application(tenant))),
        false => Err(PageError::new(catalogue::REDIRECT_URI_MISMATCH, &flow.id)),
    }
}

/// The end of the flow: the page, and nothing handed over.
pub(crate) fn arrived(flow: &Flow) -> AuthorizeResponse {
    AuthorizeResponse {
        redirect_uri: flow.request.redirect_uri.clone(),
        mode: ResponseMode::Query,
        params: Vec::new(),
    }
}

/// Who is signed in in this browser: of several, whoever proved it last.
///
/// # Errors
/// Whatever the database reports.
pub fn person(ctx: &Ctx, tenant: &Tenant, browser: &Browser) -> Result<Option<Person>, Error> {
    let hashes = browser.token_hashes();
    if hashes.is_empty() {
        return Ok(None);
    }
    let now = ctx.now();
    ctx.db.read(&tenant.id, |tx| {
        let rows = tx.list_browser_sessions(&hashes, "", now)?;
        let Some(session) = rows.into_iter().find(|s| !s.blocked) else { return Ok(None) };
        Ok(tx.find_user(&session.user_id)?.map(|user| Person { user, session }))
    })
}
