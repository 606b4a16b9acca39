//! The form of a connection as it was typed, and as the commands take it. What cannot be read is
//! kept as it was typed, for the command to say what is wrong with it.

use std::collections::BTreeMap;

use directory::connections::{Shown, UpdateConnection};
use protocol::Params;
use serde::de::DeserializeOwned;
use store::{ApplicationId, ConnectionConfig, ExtraRequest};

use crate::fields;
use crate::views::applications::ConflictRow;
use crate::views::connections::Fields;

/// How we prove who we are.
pub(super) const METHODS: [(&str, &str); 3] = [
    ("client_secret_basic", "Secret in the header (the standard's choice)"),
    ("client_secret_post", "Secret in the body"),
    ("none", "None: a public client with PKCE"),
];

/// Where profiles come from.
pub(super) const SOURCES: [(&str, &str); 3] = [
    ("both", "ID token and userinfo endpoint; the ID token wins"),
    ("id_token", "ID token alone"),
    ("userinfo", "Userinfo endpoint alone"),
];

/// What stands between scopes.
pub(super) const SEPARATORS: [(&str, &str); 4] = [
    (" ", "A space (the standard's)"),
    (",", "A comma"),
    ("+", "A plus sign"),
    (";", "A semicolon"),
];

/// What stands in the form.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) fields: Fields,
    pub(super) applications: Vec<String>,
}

impl Draft {
    /// Settings as they stand.
    pub(super) fn of(name: &str, code: &str, version: i64, config: &ConnectionConfig) -> Draft {
        let url = |url: &Option<String>| url.clone().unwrap_or_default();
        let chosen = config.applications.iter().flatten();
        Draft {
            applications: chosen.map(ToString::to_string).collect(),
            fields: Fields {
                version: version.to_string(),
                name: name.to_owned(),
                code: code.to_owned(),
                issuer: config.issuer.clone(),
                discovery: config.discovery,
                authorization_endpoint: url(&config.authorization_endpoint),
                token_endpoint: url(&config.token_endpoint),
                userinfo_endpoint: url(&config.userinfo_endpoint),
                jwks_uri: url(&config.jwks_uri),
                client_id: config.client_id.clone(),
                token_auth: word(&config.token_auth),
                scopes: config.scopes.join(" "),
                scope_separator: config.scope_separator.clone(),
                pkce: config.pkce,
                profile_from: word(&config.profile_from),
                subject_path: config.subject_path.clone(),
                label_path: config.label_path.clone(),
                extra_params: lines(&config.extra_params, "="),
                headers: lines(&config.headers, ": "),
                extra_requests: requests(&config.extra_requests),
                id_token_algs: config.id_token_algs.join(" "),
                sign_up: config.sign_up,
                email_domains: config.email_domains.join(" "),
                offered: if config.applications.is_some() { "some" } else { "all" }.to_owned(),
            },
        }
    }

    pub(super) fn of_shown(shown: &Shown) -> Draft {
        Draft::of(&shown.row.name, &shown.row.code, shown.row.version, &shown.config)
    }

    /// The form as it was sent.
    pub(super) fn read(form: &Params) -> Draft {
        let text = |name: &str| fields::text(form, name);
        let on = |name: &str| fields::checked(form, name);
        let chosen = form.names().filter(|name| ApplicationId::parse(name).is_some());
        let chosen = chosen.map(str::to_owned).chain(words(&text("applications")));
        Draft {
            applications: chosen.collect(),
            fields: Fields {
                version: text("version"),
                name: text("name"),
                code: text("code"),
                issuer: text("issuer"),
                discovery: on("discovery"),
                authorization_endpoint: text("authorization_endpoint"),
                token_endpoint: text("token_endpoint"),
                userinfo_endpoint: text("userinfo_endpoint"),
                jwks_uri: text("jwks_uri"),
                client_id: text("client_id"),
                token_auth: text("token_auth"),
                scopes: text("scopes"),
                scope_separator: form.get("scope_separator").unwrap_or(" ").to_owned(),
                pkce: on("pkce"),
                profile_from: text("profile_from"),
                subject_path: text("subject_path"),
                label_path: text("label_path"),
                extra_params: text("extra_params"),
                headers: text("headers"),
                extra_requests: text("extra_requests"),
                id_token_algs: text("id_token_algs"),
                sign_up: on("sign_up"),
                email_domains: text("email_domains"),
                offered: text("offered"),
            },
        }
    }

    /// All settings, as the form of a connection that exists has them.
    pub(super) fn config(&self, before: &ConnectionConfig) -> ConnectionConfig {
        let f = &self.fields;
        let url = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let chosen = self.applications.iter().filter_map(|id| ApplicationId::parse(id)).collect();
        ConnectionConfig {
            issuer: f.issuer.clone(),
            discovery: f.discovery,
            authorization_endpoint: url(&f.authorization_endpoint),
            token_endpoint: url(&f.token_endpoint),
            userinfo_endpoint: url(&f.userinfo_endpoint),
            jwks_uri: url(&f.jwks_uri),
            client_id: f.client_id.clone(),
            token_auth: read_word(&f.token_auth).unwrap_or(before.token_auth),
            scopes: words(&f.scopes),
            scope_separator: f.scope_separator.clone(),
            pkce: f.pkce,
            profile_from: read_word(&f.profile_from).unwrap_or(before.profile_from),
            subject_path: f.subject_path.clone(),
            label_path: f.label_path.clone(),
            extra_params: pairs(&f.extra_params, '='),
            headers: pairs(&f.headers, ':'),
            extra_requests: pairs(&f.extra_requests, '=')
                .into_iter()
                .map(|(into, url)| ExtraRequest { into, url })
                .collect(),
            id_token_algs: words(&f.id_token_algs),
            sign_up: f.sign_up,
            email_domains: words(&f.email_domains.replace(',', " ")),
            applications: (f.offered == "some").then_some(chosen),
        }
    }

    pub(super) fn input(&self, before: &ConnectionConfig) -> UpdateConnection {
        UpdateConnection {
            version: self.fields.version.parse().unwrap_or_default(),
            name: self.fields.name.clone(),
            config: self.config(before),
        }
    }

    /// Where the form differs from what stands.
    pub(super) fn against(&self, standing: &Draft) -> Vec<ConflictRow> {
        let rows = self.told().into_iter().zip(standing.told()).filter(|(a, b)| a.2 != b.2);
        rows.map(|((_, label, yours), (.., theirs))| ConflictRow {
            label: String::from(label),
            yours,
            theirs,
        })
        .collect()
    }

    /// Name, label and value of each field.
    fn told(&self) -> Vec<(&'static str, &'static str, String)> {
        let f = &self.fields;
        let yes = |on: bool| if on { "1" } else { "" }.to_owned();
        vec![
            ("name", "Name", f.name.clone()),
            ("issuer", "Issuer", f.issuer.clone()),
            ("discovery", "Discovery", yes(f.discovery)),
            ("authorization_endpoint", "Authorization endpoint", f.authorization_endpoint.clone()),
            ("token_endpoint", "Token endpoint", f.token_endpoint.clone()),
            ("userinfo_endpoint", "Userinfo endpoint", f.userinfo_endpoint.clone()),
            ("jwks_uri", "Keys", f.jwks_uri.clone()),
            ("client_id", "Client ID", f.client_id.clone()),
            ("token_auth", "Client authentication", f.token_auth.clone()),
            ("scopes", "Scopes", f.scopes.clone()),
            ("scope_separator", "Scope separator", f.scope_separator.clone()),
            ("pkce", "PKCE", yes(f.pkce)),
            ("profile_from", "Profile", f.profile_from.clone()),
            ("subject_path", "Subject", f.subject_path.clone()),
            ("label_path", "Label", f.label_path.clone()),
            ("extra_params", "Parameters", f.extra_params.clone()),
            ("headers", "Headers", f.headers.clone()),
            ("extra_requests", "Requests", f.extra_requests.clone()),
            ("id_token_algs", "ID token signatures", f.id_token_algs.clone()),
            ("sign_up", "Sign-up", yes(f.sign_up)),
            ("email_domains", "Mail domains", f.email_domains.clone()),
            ("offered", "Offered to", f.offered.clone()),
            ("", "Applications", self.applications.join(" ")),
        ]
    }

    /// The form as hidden fields, based on another version.
    pub(super) fn posted(&self, version: i64) -> Vec<(String, String)> {
        let boxes = ["discovery", "pkce", "sign_up"];
        let sent = |(name, _, value): &(&str, &str, String)| {
            !name.is_empty() && (!value.is_empty() || !boxes.contains(name))
        };
        let told = self.told().into_iter().filter(sent);
        let mut posted: Vec<(String, String)> =
            told.map(|(name, _, value)| (name.to_owned(), value)).collect();
        posted.push(("version".to_owned(), version.to_string()));
        posted.extend(self.applications.iter().map(|id| (id.clone(), "1".to_owned())));
        posted
    }
}

fn word<T: serde::Serialize>(value: &T) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    json.as_str().unwrap_or_default().to_owned()
}

fn read_word<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(text.into()).ok()
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn lines(pairs: &BTreeMap<String, String>, between: &str) -> String {
    let lines: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}{between}{value}")).collect();
    lines.join("\n")
}

fn requests(requests: &[ExtraRequest]) -> String {
    let lines: Vec<String> = requests.iter().map(|r| format!("{}={}", r.into, r.url)).collect();
    lines.join("\n")
}

/// Lines of a name and a value. A line without the sign between is a name without a value, which
/// the command refuses by that name.
fn pairs(text: &str, between: char) -> BTreeMap<String, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let pair = |line: &str| {
        let (name, value) = line.split_once(between).unwrap_or((line, ""));
        (name.trim().to_owned(), value.trim().to_owned())
    };
    lines.map(pair).collect()
}
