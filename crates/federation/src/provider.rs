//! The provider is asked: code for tokens, the ID token's checks, the profile. All requests of one
//! sign-in share ten seconds.

use std::time::Duration;

use context::ConnectionKind;
use mapping::Profile;
use outbound::Budget;
use protocol::catalogue;
use serde_json::{Map, Value, json};

use crate::Upstreams;
use crate::answer::sentence;
use crate::arrive::Arrived;
use crate::client::Tokens;
use crate::endpoints::{Endpoints, endpoints};
use crate::exchange::exchange;
use crate::failure::Failure;
use crate::profile::{Asker, profile};
use crate::run::Run;
use crate::wire::Wire;
use crate::{id_token, label};

/// What all requests of one sign-in may take together.
const PATIENCE: Duration = Duration::from_secs(10);

/// Somebody for whom the provider vouches.
#[derive(Debug)]
pub struct Verified {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) label: String,
    pub(crate) profile: Profile,
}

/// Asks the provider who came back.
///
/// # Errors
/// [`Failure`] names the first check that failed; nothing of what was read before it counts.
pub async fn ask_provider(
    upstreams: &Upstreams,
    arrived: &Arrived,
    run: &mut Run,
) -> Result<Verified, Failure> {
    run.ok("callback", || json!({ "state": "ours", "iss": arrived.iss, "code": "received" }));
    let budget = Budget::of(PATIENCE);
    let endpoints = endpoints(upstreams, &arrived.connection, run).await?;
    named(arrived, &endpoints).map_err(|failure| run.fail("callback", failure))?;
    let wire = Wire::new(&upstreams.outbound, budget);
    let exchanged = exchange(arrived, &endpoints, &wire).await;
    let exchanged = run.step("token_request", exchanged, |done| done.evidence.clone())?;
    let claims = claims(upstreams, arrived, &endpoints, &exchanged.tokens, run).await?;
    let asker = Asker {
        outbound: &upstreams.outbound,
        connection: &arrived.connection,
        access: exchanged.tokens.access(),
        budget,
    };
    let vouched = claims.as_ref().and_then(|c| c.get("sub")).and_then(Value::as_str);
    let vouched = vouched.map(str::to_owned);
    let profile = profile(&asker, &endpoints, claims, run).await?;
    let path = &arrived.connection.config.subject_path;
    let subject = vouched.or_else(|| label::subject(profile.value(), path));
    let subject = subject.ok_or_else(|| {
        let why = format!("the profile has no subject at {path:?}");
        run.fail("userinfo", Failure::because(catalogue::UPSTREAM_PROFILE, why))
    })?;
    let label = label::label(profile.value(), &arrived.connection.config.label_path, &subject);
    Ok(Verified { issuer: endpoints.issuer, subject, label, profile })
}

/// RFC 9207 §2.4: a provider that says whose its answers are must say so, and it must be the one
/// that was asked. Before any secret is sent. // R66
fn named(arrived: &Arrived, endpoints: &Endpoints) -> Result<(), Failure> {
    match arrived.iss.as_deref() {
        Some(iss) if arrived.connection.kind == ConnectionKind::Oidc && iss != endpoints.issuer => {
            let evidence = json!({ "iss": sentence(iss), "issuer": endpoints.issuer });
            Err(Failure::new(catalogue::UPSTREAM_MIX_UP, evidence))
        }
        None if endpoints.says_issuer => {
            let why = "the provider says it names itself in its answers, and this one has no iss";
            Err(Failure::because(catalogue::UPSTREAM_MIX_UP, why))
        }
        _ => Ok(()),
    }
}

/// The claims of the ID token; OAuth 2.0 has none.
async fn claims(
    upstreams: &Upstreams,
    arrived: &Arrived,
    endpoints: &Endpoints,
    tokens: &Tokens,
    run: &mut Run,
) -> Result<Option<Map<String, Value>>, Failure> {
    if arrived.connection.kind != ConnectionKind::Oidc {
        return Ok(None);
    }
    let Some(token) = tokens.id_token.as_deref() else {
        let why = "the answer of the token endpoint has no id_token";
        return Err(run.fail("id_token", Failure::because(catalogue::ID_TOKEN_MISSING, why)));
    };
    id_token::verify(upstreams, arrived, endpoints, token, tokens.access(), run).await.map(Some)
}
