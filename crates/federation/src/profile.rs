//! What a provider says about somebody beyond the ID token: userinfo and further requests. Each
//! answer is bounded before it is read, and the profile remembers which member came from which, so
//! that a marker vouches only for the address beside it.

use context::{Connection, ConnectionKind};
use mapping::Profile;
use outbound::{Budget, Limits, Outbound, Request, Response};
use protocol::catalogue;
use serde_json::{Map, Value, json};
use store::ProfileFrom;

use crate::endpoints::Endpoints;
use crate::exchange::millis;
use crate::failure::Failure;
use crate::run::Run;

/// Longest answer, in bytes: what a profile may have, and then some for white space.
const LONGEST: usize = 512 << 10;

/// What a profile is asked for with.
pub(crate) struct Asker<'a> {
    pub outbound: &'a Outbound,
    pub connection: &'a Connection,
    pub access: &'a str,
    pub budget: Budget,
}

/// Puts the profile together. `claims` are those of the verified ID token, if there is one.
pub(crate) async fn profile(
    asker: &Asker<'_>,
    endpoints: &Endpoints,
    claims: Option<Map<String, Value>>,
    run: &mut Run,
) -> Result<Profile, Failure> {
    let from = asker.connection.config.profile_from;
    let vouched = claims.as_ref().and_then(|claims| claims.get("sub")).cloned();
    let first = claims.map(|claims| read(claims_bytes(claims))).transpose()?;
    let url = endpoints.userinfo.as_deref().filter(|_| from != ProfileFrom::IdToken);
    let more = match url {
        Some(url) => {
            let answer = userinfo(asker, url, vouched.as_ref()).await;
            Some(run.step(
                "userinfo",
                answer,
                |(profile, ms)| json!({ "url": url, "ms": ms, "answer": profile.value() }),
            )?)
        }
        None => None,
    };
    let joined = match (first, more) {
        // A provider whose userinfo alone counts still vouches for the subject by its ID token.
        (Some(_), Some((more, _))) if from == ProfileFrom::Userinfo => more,
        (Some(first), Some((more, _))) => first.with(more),
        (Some(first), None) => first,
        (None, Some((more, _))) => more,
        (None, None) => {
            let why = "the connection has no userinfo endpoint";
            return Err(Failure::because(catalogue::UPSTREAM_PROFILE, why));
        }
    };
    extras(asker, joined, run).await
}

fn claims_bytes(claims: Map<String, Value>) -> Vec<u8> {
    Value::Object(claims).to_string().into_bytes()
}

fn read(bytes: Vec<u8>) -> Result<Profile, Failure> {
    Profile::parse(&bytes).map_err(|problem| {
        let evidence = json!({ "code": problem.code, "why": problem.to_string() });
        Failure::new(catalogue::UPSTREAM_PROFILE, evidence)
    })
}

async fn userinfo(
    asker: &Asker<'_>,
    url: &str,
    vouched: Option<&Value>,
) -> Result<(Profile, u64), Failure> {
    let answer = ask(asker, url).await?;
    if !answer.is_success() {
        let evidence = json!({ "url": url, "status": answer.status, "ms": millis(&answer) });
        return Err(Failure::new(catalogue::UPSTREAM_STATUS, evidence));
    }
    let ms = millis(&answer);
    let profile = read(answer.body)?;
    // OpenID Connect Core §5.3.4: it must be about the same person.
    let said = profile.value().get("sub");
    let oidc = asker.connection.kind == ConnectionKind::Oidc;
    if oidc && vouched.is_some() && said != vouched {
        let evidence = json!({ "id_token": vouched, "userinfo": said });
        return Err(Failure::new(catalogue::UPSTREAM_SUBJECT, evidence));
    }
    Ok((profile, ms))
}

/// One GET with the access token and the connection's headers.
async fn ask(asker: &Asker<'_>, url: &str) -> Result<Response, Failure> {
    let limits = Limits { body: LONGEST, ..Limits::default() };
    let mut request = Request::get(url)
        .header("authorization", format!("Bearer {}", asker.access))
        .limits(limits)
        .budget(asker.budget);
    let own = &asker.connection.config.headers;
    if !own.keys().any(|name| name.eq_ignore_ascii_case("accept")) {
        request = request.header("accept", "application/json");
    }
    for (name, value) in own.iter().filter(|(n, _)| !n.eq_ignore_ascii_case("authorization")) {
        request = request.header(name, value);
    }
    Ok(asker.outbound.send(request).await?)
}

/// Further documents. One that is refused leaves its member out: what then is missing, the mapping
/// says.
async fn extras(
    asker: &Asker<'_>,
    mut profile: Profile,
    run: &mut Run,
) -> Result<Profile, Failure> {
    for extra in &asker.connection.config.extra_requests {
        let answer = ask(asker, &extra.url).await.map_err(|f| run.fail("extra_request", f))?;
        let shown = json!({ "url": extra.url, "status": answer.status, "ms": millis(&answer) });
        if !answer.is_success() {
            run.warn("extra_request", catalogue::UPSTREAM_STATUS, || shown);
            continue;
        }
        match profile.clone().with_member(&extra.into, &answer.body) {
            Ok(with) => {
                run.ok("extra_request", || shown);
                profile = with;
            }
            Err(problem) => {
                let why = problem.to_string();
                run.warn(
                    "extra_request",
                    catalogue::UPSTREAM_PROFILE,
                    || json!({ "url": extra.url, "why": why }),
                );
            }
        }
    }
    Ok(profile)
}
