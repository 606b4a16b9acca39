//! The authorization code: a sealed value that says who allowed what to whom, when, in which
//! session. It becomes tokens only while that session lives and the consent stands, and only once.

use context::{Application, Ctx, Tenant};
use protocol::pkce::Challenge;
use serde::{Deserialize, Serialize};
use store::{Error, GrantId, Timestamp};
use vault::Purpose;

use crate::flow::Flow;
use crate::seal;

const PREFIX: &str = "oc_";

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Code {
    /// Its own id, which is spent, and the id of the grant it becomes.
    #[serde(rename = "j")]
    pub id: String,
    #[serde(rename = "f")]
    pub flow: String,
    #[serde(rename = "a")]
    pub application: String,
    #[serde(rename = "r")]
    pub redirect_uri: String,
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Challenge>,
    #[serde(rename = "s")]
    pub scopes: String,
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    #[serde(rename = "q", default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<String>,
    #[serde(rename = "u")]
    pub user: String,
    #[serde(rename = "e")]
    pub session: String,
    #[serde(rename = "m")]
    pub amr: String,
    #[serde(rename = "p")]
    pub authenticated_at: Timestamp,
    #[serde(rename = "t")]
    pub issued_at: Timestamp,
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
}

/// Who stands behind a code.
pub(crate) struct Proof<'a> {
    pub session: &'a str,
    pub user: &'a str,
    pub amr: &'a str,
    pub authenticated_at: Timestamp,
}

pub(crate) fn issue(
    ctx: &Ctx,
    tenant: &Tenant,
    flow: &Flow,
    proof: &Proof,
) -> Result<String, Error> {
    let now = ctx.now();
    let request = &flow.request;
    let code = Code {
        id: GrantId::new(now, ctx.vault.random()).as_str().to_owned(),
        flow: flow.id.clone(),
        application: request.client_id.clone(),
        redirect_uri: request.redirect_uri.clone(),
        challenge: request.challenge.clone(),
        scopes: request.scopes.to_string(),
        nonce: request.nonce.clone(),
        claims: request.claims.clone(),
        user: proof.user.to_owned(),
        session: proof.session.to_owned(),
        amr: proof.amr.to_owned(),
        authenticated_at: proof.authenticated_at,
        issued_at: now,
        audience: request.audience.clone(),
    };
    Ok(format!("{PREFIX}{}", seal::seal(ctx, Purpose::Code, &tenant.id, b"", &code)?))
}

pub(crate) fn open(ctx: &Ctx, tenant: &Tenant, text: &str) -> Option<Code> {
    seal::open(ctx, Purpose::Code, &tenant.id, b"", text.strip_prefix(PREFIX)?)
}

impl Code {
    /// Until when it may be redeemed.
    pub fn expires_at(&self, application: &Application) -> Timestamp {
        self.issued_at.plus_seconds(application.config.code_lifetime_s)
    }
}
