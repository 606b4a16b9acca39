//! One sign-in at the system tenant, from its first redirect to the redeemed code. What has to be
//! remembered meanwhile (state, nonce, PKCE verifier, where to go then) is sealed into a cookie,
//! so that an answer counts only in the browser that asked.

use std::sync::Arc;

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use context::{Ctx, Settings, Tenant};
use directory::setup;
use issuer::{TokenError, token_requests};
use protocol::claims::{ID_TOKEN_TYPE, IdToken};
use protocol::client_auth::Presented;
use protocol::form::append_query;
use protocol::pkce::Challenge;
use protocol::token_request::TokenRequest;
use protocol::{Params, catalogue};
use serde::{Deserialize, Serialize};
use store::{SessionId, TenantId, UserId};
use vault::{Expect, Purpose};
use web::Fault;

/// How long somebody may take to sign in, in seconds; as long as the flow itself.
const LIFETIME_S: i64 = 3_600;
const EXTRA: &[u8] = b"console-sign-in";

/// What is remembered while somebody signs in.
#[derive(Serialize, Deserialize)]
pub(super) struct SignIn {
    #[serde(rename = "s")]
    state: String,
    #[serde(rename = "n")]
    nonce: String,
    #[serde(rename = "v")]
    verifier: String,
    #[serde(rename = "a")]
    at: i64,
    /// The page of the console that was asked for.
    #[serde(rename = "t")]
    pub(super) to: String,
}

/// A code that came back to the browser that asked.
pub(super) struct Answered {
    code: String,
    issuer: String,
}

impl SignIn {
    pub(super) fn new(ctx: &Ctx, to: String) -> SignIn {
        let random = || vault::new_session_token(&ctx.vault).expose().to_owned();
        SignIn { state: random(), nonce: random(), verifier: random(), at: ctx.now_s(), to }
    }

    /// The authorization request (OIDC Core §3.1.2.1, RFC 7636 §4.3).
    pub(super) fn authorize_url(&self, issuer: &str, console: &str) -> String {
        let application = setup::console_application();
        let (callback, challenge) = (callback(console), Challenge::of_verifier(&self.verifier));
        let params = [
            ("client_id", application.as_str()),
            ("redirect_uri", &callback),
            ("response_type", "code"),
            ("scope", protocol::scope::OPENID),
            ("state", &self.state),
            ("nonce", &self.nonce),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        append_query(&format!("{issuer}{}", protocol::discovery::paths::AUTHORIZE), &params)
    }

    pub(super) fn seal(&self, ctx: &Ctx) -> Result<String, Fault> {
        let plain = serde_json::to_vec(self).map_err(Fault::internal)?;
        let system = TenantId::system();
        Ok(ctx.vault.seal_text(Purpose::Cookie, system.as_str(), EXTRA, self.at, &plain))
    }

    /// `None` for a cookie that is not there, not ours or too old.
    pub(super) fn open(ctx: &Ctx, sealed: &str) -> Option<SignIn> {
        let system = TenantId::system();
        let plain = ctx.vault.open_text(Purpose::Cookie, system.as_str(), EXTRA, sealed).ok()?;
        let sign_in: SignIn = serde_json::from_slice(&plain).ok()?;
        (-60..LIFETIME_S).contains(&(ctx.now_s() - sign_in.at)).then_some(sign_in)
    }

    /// Reads the answer (RFC 6749 §4.1.2, RFC 9207 §2).
    pub(super) fn answered(&self, params: &Params) -> Result<Answered, Fault> {
        let state = params.get("state").unwrap_or_default();
        if !vault::ct_eq(state.as_bytes(), self.state.as_bytes()) {
            return Err(Fault::bad_request(catalogue::FLOW_FOREIGN_BROWSER));
        }
        if let Some(error) = params.get("error") {
            let text = params.get("error_description").unwrap_or(error);
            return Err(Fault::bad_request(catalogue::LOGIN_REQUIRED).detail(text));
        }
        match (params.get("code"), params.get("iss")) {
            (Some(code), Some(issuer)) => {
                Ok(Answered { code: code.to_owned(), issuer: issuer.to_owned() })
            }
            _ => Err(Fault::bad_request(catalogue::REQUEST_INVALID)),
        }
    }

    /// Redeems the code and reads who signed in, and in which session.
    pub(super) fn redeem(
        &self,
        ctx: &Ctx,
        system: &Arc<Tenant>,
        answered: &Answered,
    ) -> Result<(UserId, SessionId), Fault> {
        // RFC 9207 §2.4: an answer of another issuer is not for us.
        if answered.issuer != system.issuer {
            return Err(Fault::bad_request(catalogue::REQUEST_INVALID));
        }
        let application = setup::console_application();
        let presented = Presented::None { client_id: application.as_str().to_owned() };
        let request = TokenRequest::AuthorizationCode {
            code: answered.code.clone(),
            redirect_uri: Some(callback(&ctx.settings.console_url())),
            verifier: Some(self.verifier.clone()),
            audience: None,
        };
        let support = store::RequestId::new(ctx.now(), ctx.vault.random());
        let tokens = token_requests::exchange(ctx, system, &presented, request, support.as_str())
            .map_err(refused)?;
        let id_token = tokens.id_token.unwrap_or_default();
        let token = self.read(ctx, system, application.as_str(), &id_token)?;
        let session = token.sid.as_deref().and_then(SessionId::parse);
        UserId::parse(&token.sub)
            .zip(session)
            .ok_or_else(|| Fault::internal("an ID token of the system tenant without sub or sid"))
    }

    /// Checks the ID token (OIDC Core §3.1.3.7): signature, issuer, audience, life and nonce.
    fn read(
        &self,
        ctx: &Ctx,
        system: &Tenant,
        application: &str,
        token: &str,
    ) -> Result<IdToken, Fault> {
        let expect = Expect {
            typ: &[ID_TOKEN_TYPE],
            issuer: &system.issuer,
            audience: Some(application),
            now_s: ctx.now_s(),
            allow_expired: false,
            leeway_s: 60,
        };
        let read: IdToken =
            vault::verify(system.keys.verifying(), token, expect).map_err(Fault::internal)?;
        let nonce = read.nonce.as_deref().unwrap_or_default();
        if vault::ct_eq(nonce.as_bytes(), self.nonce.as_bytes()) {
            Ok(read)
        } else {
            Err(Fault::bad_request(catalogue::FLOW_FOREIGN_BROWSER))
        }
    }
}

fn refused(error: TokenError) -> Fault {
    match error {
        TokenError::Store(error) => error.into(),
        TokenError::Oauth { oauth, code } => Fault::bad_request(code).detail(oauth.to_string()),
    }
}

fn callback(console: &str) -> String {
    format!("{console}/callback")
}

pub(super) fn cookie_name(settings: &Settings) -> &'static str {
    if settings.https() { "__Host-console-flow" } else { "console-flow" }
}

/// The cookie of a sign-in under way; with nothing it removes itself.
pub(super) fn cookie(settings: &Settings, sealed: &str) -> Cookie<'static> {
    let life = if sealed.is_empty() { 0 } else { LIFETIME_S };
    Cookie::build(cookie_name(settings), sealed.to_owned())
        .path("/")
        .http_only(true)
        .secure(settings.https())
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(life))
        .finish()
}
