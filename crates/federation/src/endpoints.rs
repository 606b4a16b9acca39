//! Where a provider is: from its discovery document, or from the connection's own settings. The
//! document must be about the issuer that was asked, letter by letter (OpenID Connect Discovery
//! §4.3), and every address in it is judged like one an admin typed.

use context::{Connection, ConnectionKind};
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{AdditionalProviderMetadata, ProviderMetadata};
use outbound::Ages;
use protocol::catalogue;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Upstreams;
use crate::failure::Failure;
use crate::run::Run;

const PATH: &str = "/.well-known/openid-configuration";

/// Where a provider is.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Endpoints {
    /// Who vouches: compared with every `iss`.
    pub issuer: String,
    pub authorization: String,
    pub token: String,
    pub userinfo: Option<String>,
    pub keys: Option<String>,
    /// Whether answers say whose they are (RFC 9207 §3).
    pub says_issuer: bool,
}

/// Members of the document that the standard type does not know.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct More {
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for More {}

type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// Finds out where the provider of a connection is.
pub(crate) async fn endpoints(
    upstreams: &Upstreams,
    connection: &Connection,
    run: &mut Run,
) -> Result<Endpoints, Failure> {
    let discovers = connection.kind == ConnectionKind::Oidc && connection.config.discovery;
    let found = match discovers {
        true => discovered(upstreams, connection).await,
        false => configured(connection),
    };
    let found = found.and_then(|found| judged(upstreams, found));
    let name = if discovers { "discovery" } else { "configuration" };
    run.step(name, found, |found| json!(found))
}

/// Where the document of an issuer is (OpenID Connect Discovery 1.0 §4).
pub(crate) fn document_url(issuer: &str) -> String {
    format!("{}{PATH}", issuer.trim_end_matches('/'))
}

/// Whether a sign-in could read a document; why not.
pub(crate) fn readable(document: &Value) -> Result<(), String> {
    serde_json::from_value::<Metadata>(document.clone()).map(|_| ()).map_err(|e| e.to_string())
}

async fn discovered(upstreams: &Upstreams, connection: &Connection) -> Result<Endpoints, Failure> {
    let config = &connection.config;
    let url = document_url(&config.issuer);
    let document =
        upstreams.documents.fetch_cached(&url, "application/json", Ages::default()).await?;
    let read: Metadata = document.json().map_err(|error| {
        Failure::because(catalogue::UPSTREAM_DISCOVERY, format!("{url}: {error}"))
    })?;
    let said = read.issuer().as_str();
    if said != config.issuer {
        return Err(Failure::new(
            catalogue::UPSTREAM_DISCOVERY,
            json!({ "url": url, "document": said, "connection": config.issuer }),
        ));
    }
    let token = read.token_endpoint().map(|url| url.as_str().to_owned());
    let token = token.or_else(|| config.token_endpoint.clone()).ok_or_else(|| {
        Failure::because(catalogue::UPSTREAM_DISCOVERY, format!("{url} names no token_endpoint"))
    })?;
    let userinfo = read.userinfo_endpoint().map(|url| url.as_str().to_owned());
    Ok(Endpoints {
        issuer: config.issuer.clone(),
        authorization: read.authorization_endpoint().as_str().to_owned(),
        token,
        userinfo: userinfo.or_else(|| config.userinfo_endpoint.clone()),
        keys: Some(read.jwks_uri().as_str().to_owned()),
        says_issuer: read.additional_metadata().authorization_response_iss_parameter_supported,
    })
}

fn configured(connection: &Connection) -> Result<Endpoints, Failure> {
    let config = &connection.config;
    let need = |endpoint: &Option<String>, name: &str| {
        endpoint.clone().filter(|url| !url.is_empty()).ok_or_else(|| {
            Failure::because(catalogue::UPSTREAM_URL, format!("the connection has no {name}"))
        })
    };
    let authorization = need(&config.authorization_endpoint, "authorization_endpoint")?;
    let issuer = match config.issuer.as_str() {
        "" => authorization.clone(),
        issuer => issuer.to_owned(),
    };
    Ok(Endpoints {
        issuer,
        authorization,
        token: need(&config.token_endpoint, "token_endpoint")?,
        userinfo: config.userinfo_endpoint.clone().filter(|url| !url.is_empty()),
        keys: config.jwks_uri.clone().filter(|url| !url.is_empty()),
        says_issuer: false,
    })
}

/// Addresses are judged by their text at once, where they lead when a connection is made. The
/// browser is sent to the first: never over plain http, never to an address inside. // R70
fn judged(upstreams: &Upstreams, found: Endpoints) -> Result<Endpoints, Failure> {
    let others = [found.userinfo.as_deref(), found.keys.as_deref()];
    let all = [found.authorization.as_str(), found.token.as_str()];
    for url in all.into_iter().chain(others.into_iter().flatten()) {
        upstreams.outbound.check_url(url)?;
    }
    Ok(found)
}
