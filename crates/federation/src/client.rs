//! The client of `openidconnect` for a connection: its types, the authorization request, and the
//! answer of the token endpoint, read as tolerantly as providers write it.

use std::time::Duration;

use context::{Connection, ConnectionKind};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreResponseType,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessToken, AuthType, AuthUrl, AuthenticationFlow, Client, ClientId, ClientSecret, CsrfToken,
    EmptyAdditionalClaims, EndpointNotSet, EndpointSet, IdToken, IssuerUrl, JsonWebKeySet, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken, Scope,
    StandardErrorResponse, TokenResponse, TokenUrl,
};
use protocol::catalogue;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::UpstreamAuth;

use crate::endpoints::Endpoints;
use crate::failure::Failure;
use crate::transaction::Transaction;

/// What the token endpoint answered. Only the access token has to be there; everything else that
/// providers spell in their own ways is not read.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Tokens {
    access_token: AccessToken,
    #[serde(default)]
    pub id_token: Option<String>,
    #[serde(default, skip_deserializing)]
    scopes: Option<Vec<Scope>>,
    #[serde(default = "bearer", skip)]
    kind: CoreTokenType,
}

fn bearer() -> CoreTokenType {
    CoreTokenType::Bearer
}

impl Tokens {
    pub(crate) fn access(&self) -> &str {
        self.access_token.secret()
    }
}

impl OAuth2TokenResponse for Tokens {
    type TokenType = CoreTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &CoreTokenType {
        &self.kind
    }

    fn expires_in(&self) -> Option<Duration> {
        None
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        None
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        self.scopes.as_ref()
    }
}

type Jwe = CoreJweContentEncryptionAlgorithm;
type Jws = CoreJwsSigningAlgorithm;

impl TokenResponse<EmptyAdditionalClaims, CoreGenderClaim, Jwe, Jws> for Tokens {
    /// The ID token is verified by `vault`, from its text.
    fn id_token(&self) -> Option<&IdToken<EmptyAdditionalClaims, CoreGenderClaim, Jwe, Jws>> {
        None
    }
}

pub(crate) type Ready = Client<
    EmptyAdditionalClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    Jwe,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
    EndpointNotSet,
>;

/// A client that can send people off and exchange codes.
pub(crate) fn client(
    connection: &Connection,
    endpoints: &Endpoints,
    secret: Option<String>,
    callback: &str,
) -> Result<Ready, Failure> {
    let url = |error: openidconnect::url::ParseError| {
        Failure::because(catalogue::UPSTREAM_URL, error.to_string())
    };
    let id = ClientId::new(connection.config.client_id.clone());
    // The issuer is compared elsewhere; a provider without ID tokens has none.
    let issuer = IssuerUrl::new(endpoints.authorization.clone()).map_err(url)?;
    let (auth_type, secret) = match connection.config.token_auth {
        UpstreamAuth::ClientSecretBasic => (AuthType::BasicAuth, secret),
        UpstreamAuth::ClientSecretPost => (AuthType::RequestBody, secret),
        UpstreamAuth::None => (AuthType::RequestBody, None),
    };
    let mut client = Client::new(id, issuer, JsonWebKeySet::new(Vec::new()))
        .disable_openid_scope()
        .set_auth_type(auth_type)
        .set_redirect_uri(RedirectUrl::new(callback.to_owned()).map_err(url)?)
        .set_auth_uri(AuthUrl::new(endpoints.authorization.clone()).map_err(url)?)
        .set_token_uri(TokenUrl::new(endpoints.token.clone()).map_err(url)?);
    if let Some(secret) = secret {
        client = client.set_client_secret(ClientSecret::new(secret));
    }
    Ok(client)
}

/// What the request asks of the provider beyond its settings.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wishes {
    /// Somebody must prove anew who they are.
    pub again: bool,
    /// Who is expected.
    pub hint: Option<String>,
}

/// Where the browser is sent.
pub(crate) fn authorization_url(
    client: &Ready,
    connection: &Connection,
    transaction: &Transaction,
    state: &str,
    wishes: &Wishes,
) -> String {
    let config = &connection.config;
    let (state, nonce) = (state.to_owned(), transaction.nonce.clone());
    let code = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
    let mut request =
        client.authorize_url(code, move || CsrfToken::new(state), move || Nonce::new(nonce));
    let scopes = scopes(connection);
    if !scopes.is_empty() {
        request = request.add_scope(Scope::new(scopes.join(&config.scope_separator)));
    }
    if config.pkce {
        let verifier = PkceCodeVerifier::new(transaction.verifier.clone());
        request =
            request.set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
    }
    for (name, value) in &config.extra_params {
        request = request.add_extra_param(name.clone(), value.clone());
    }
    if connection.kind == ConnectionKind::Oidc {
        if wishes.again && !config.extra_params.contains_key("prompt") {
            request = request.add_extra_param("prompt", "login");
        }
        if let Some(hint) = &wishes.hint {
            request = request.add_extra_param("login_hint", hint.clone());
        }
    }
    request.url().0.to_string()
}

/// What is asked for; OpenID Connect without `openid` would be OAuth alone (Core §3.1.2.1).
fn scopes(connection: &Connection) -> Vec<String> {
    let mut scopes = connection.config.scopes.clone();
    if connection.kind == ConnectionKind::Oidc && !scopes.iter().any(|s| s == "openid") {
        scopes.insert(0, "openid".to_owned());
    }
    scopes
}

/// The URL with its parameters explained, for a test.
pub(crate) fn explained(url: &str) -> Value {
    let Ok(parsed) = url::Url::parse(url) else { return Value::Null };
    let parameters: serde_json::Map<String, Value> =
        parsed.query_pairs().map(|(n, v)| (n.into_owned(), Value::from(v.into_owned()))).collect();
    let mut bare = parsed.clone();
    bare.set_query(None);
    serde_json::json!({ "endpoint": bare.as_str(), "parameters": parameters })
}
