//! Looking at an issuer before anything is saved: its discovery document and its keys as they are
//! now, past every cache, and everything in them that would keep people from signing in. Each
//! finding names the member of the document, the reason and the cure. Nothing is stored; what a
//! sign-in makes of the document is `endpoints`'.

use std::time::Duration;

use outbound::{Budget, Limits, Outbound, OutboundError, Request};
use protocol::catalogue;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::Upstreams;
use crate::answer::sentence;
use crate::endpoints::{document_url, readable};
use crate::id_token::ALGORITHMS;
use crate::keys;

mod check;

/// What the document and the keys may take together.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest document, in bytes.
const LONGEST: usize = 512 << 10;
/// Most entries of a list that are kept.
const MOST: usize = 60;

/// What was found at an issuer.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LookUp {
    /// Where its document was looked for.
    pub url: String,
    /// The issuer, as the document has it.
    pub issuer: String,
    /// Where people are sent.
    pub authorization: String,
    /// Where codes are exchanged.
    pub token: String,
    /// Where the profile is asked for; empty without one.
    pub userinfo: String,
    /// Where the keys are.
    pub keys_url: String,
    /// What may be asked for; empty when the document does not say.
    pub scopes: Vec<String>,
    /// How clients prove who they are; the standard's choice when the document does not say.
    pub auth_methods: Vec<String>,
    /// What ID tokens are signed with.
    pub algorithms: Vec<String>,
    /// How codes are bound to who asked for them; empty when the document does not say.
    pub pkce: Vec<String>,
    /// Name and algorithm of each key that ID tokens can be verified with.
    pub keys: Vec<(String, String)>,
    /// What is in the way.
    pub findings: Vec<Finding>,
}

/// Something that keeps people from signing in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The member of the document; `issuer` where there is no document.
    pub member: &'static str,
    /// The catalogue's code.
    pub code: &'static str,
    /// What is wrong.
    pub reason: String,
    /// What helps.
    pub cure: String,
}

impl LookUp {
    /// Whether people could sign in there, as far as documents tell.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    /// The ways to prove who we are that both sides know, the safest first; empty for none.
    pub fn methods(&self) -> Vec<&'static str> {
        let said = |method: &&str| self.auth_methods.iter().any(|said| said == method);
        check::METHODS.into_iter().filter(said).collect()
    }

    fn wrong(&mut self, member: &'static str, reason: impl Into<String>, cure: impl Into<String>) {
        let code = catalogue::UPSTREAM_DISCOVERY;
        self.findings.push(Finding { member, code, reason: reason.into(), cure: cure.into() });
    }

    fn unreached(&mut self, member: &'static str, error: &OutboundError) {
        let entry = catalogue::entry(error.code());
        let told = error.to_string();
        // Most of these sentences end with what helps.
        let (reason, cure) = match told.split_once("; ") {
            Some((reason, cure)) => (reason, format!("{}.", capital(cure))),
            None => (told.as_str(), entry.fix.to_owned()),
        };
        let reason = format!("{}.", capital(reason));
        self.findings.push(Finding { member, code: entry.code, reason, cure });
    }
}

/// Looks at an issuer: at most two requests, each through the guard.
pub async fn look_up(upstreams: &Upstreams, issuer: &str) -> LookUp {
    let (outbound, budget) = (&upstreams.outbound, Budget::of(PATIENCE));
    let mut look = LookUp { url: document_url(issuer), ..LookUp::default() };
    let document = match fetch(outbound, &look.url, budget).await {
        Ok(document) => document,
        Err(error) => {
            look.unreached("issuer", &error);
            return look;
        }
    };
    let Value::Object(document) = document else {
        let cure = "Check the issuer: a discovery document is a JSON object.";
        look.wrong("issuer", format!("{} holds no JSON object.", look.url), cure);
        return look;
    };
    look.read(&document);
    check::check(&mut look, &document, issuer, outbound);
    if look.is_sound()
        && let Err(why) = readable(&Value::Object(document))
    {
        let cure = "Ask the provider to mend its discovery document.";
        look.wrong("issuer", format!("The document cannot be read: {}.", sentence(&why)), cure);
    }
    if !look.findings.iter().any(|finding| finding.member == "jwks_uri") {
        look.see_keys(outbound, budget).await;
    }
    look
}

impl LookUp {
    /// What is shown of the document, clipped.
    fn read(&mut self, document: &Map<String, Value>) {
        let text = |name: &str| {
            let value = document.get(name).and_then(Value::as_str).unwrap_or_default();
            sentence(value)
        };
        let list = |name: &str| -> Vec<String> {
            let entries = document.get(name).and_then(Value::as_array).into_iter().flatten();
            entries.filter_map(Value::as_str).take(MOST).map(sentence).collect()
        };
        self.issuer = text("issuer");
        self.authorization = text("authorization_endpoint");
        self.token = text("token_endpoint");
        self.userinfo = text("userinfo_endpoint");
        self.keys_url = text("jwks_uri");
        self.scopes = list("scopes_supported");
        self.algorithms = list("id_token_signing_alg_values_supported");
        self.pkce = list("code_challenge_methods_supported");
        // OpenID Connect Discovery 1.0 §3: what is meant when nothing is said.
        self.auth_methods = match document.contains_key("token_endpoint_auth_methods_supported") {
            true => list("token_endpoint_auth_methods_supported"),
            false => vec!["client_secret_basic".to_owned()],
        };
    }

    async fn see_keys(&mut self, outbound: &Outbound, budget: Budget) {
        let set = match fetch(outbound, &self.keys_url, budget).await {
            Ok(set) => set,
            Err(error) => return self.unreached("jwks_uri", &error),
        };
        let usable = |alg: &str| ALGORITHMS.contains(&alg);
        let keys = keys::usable(&set);
        let keys = keys.iter().filter(|key| usable(key.algorithm().as_str()));
        self.keys = keys
            .take(MOST)
            .map(|key| (sentence(key.kid()), key.algorithm().as_str().to_owned()))
            .collect();
        if self.keys.is_empty() {
            let reason = format!("{} has no key for {}.", self.keys_url, ALGORITHMS.join(", "));
            let cure = "Ask the provider to publish the key its ID tokens are signed with.";
            self.wrong("jwks_uri", reason, cure);
        }
    }
}

async fn fetch(outbound: &Outbound, url: &str, budget: Budget) -> Result<Value, OutboundError> {
    let limits = Limits { body: LONGEST, ..Limits::default() };
    let request = Request::get(url).header("accept", "application/json");
    let answer = outbound.send(request.limits(limits).budget(budget)).await?;
    if answer.status != 200 {
        let host = outbound.check_url(url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let (host, status) = (host.unwrap_or_default(), answer.status);
        return Err(OutboundError::Status { host, status });
    }
    answer.json()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
