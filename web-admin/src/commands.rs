//! The same action as a command of the `tessera` program, written from the very struct that the
//! form becomes. Secrets are never part of one.

mod looks;

use std::collections::BTreeMap;

use directory::applications::CreateApplication;
use directory::mail::sender::SetSender;
use directory::mail::server::SetServer;
use directory::mail::templates::SetTemplate;
use directory::organizations::OrganizationInput;
use directory::presets::Preset;
use directory::tenants::CreateTenant;
use directory::users::CreateUser;
use directory::users::fields::Values;
use directory::users::list::{Order, Query};

pub(crate) use looks::{set_application_sign_in, set_branding, set_sign_in};

use crate::views::connections::Fields;

/// A command with its arguments, each quoted for a POSIX shell where it has to be.
struct Line(String);

impl Line {
    fn new(start: &str) -> Line {
        Line(start.to_owned())
    }

    fn word(mut self, value: &str) -> Line {
        self.0.push(' ');
        self.0.push_str(&quoted(value));
        self
    }

    /// An option on a line of its own; left out when it is empty.
    fn option(mut self, name: &str, value: &str) -> Line {
        if !value.is_empty() {
            self.0.push_str(" \\\n  ");
            self.0.push_str(name);
            self.0.push(' ');
            self.0.push_str(&quoted(value));
        }
        self
    }

    fn options(self, name: &str, values: &[String]) -> Line {
        values.iter().fold(self, |line, value| line.option(name, value))
    }

    fn flag(mut self, name: &str, on: bool) -> Line {
        if on {
            self.0.push_str(" \\\n  ");
            self.0.push_str(name);
        }
        self
    }
}

/// A value as one word of a POSIX shell.
fn quoted(value: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&b);
    if !value.is_empty() && value.bytes().all(plain) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', "'\\''"))
}

pub(crate) fn create_application(tenant: &str, input: &CreateApplication) -> String {
    Line::new("tessera app create --tenant")
        .word(tenant)
        .option("--type", input.kind.as_str())
        .option("--name", if input.name.is_empty() { "NAME" } else { &input.name })
        .options("--redirect-uri", &input.redirect_uris)
        .options("--post-logout-redirect-uri", &input.post_logout_redirect_uris)
        .flag("--first-party", input.first_party)
        .0
}

pub(crate) fn create_tenant(input: &CreateTenant) -> String {
    Line::new("tessera tenant create --slug")
        .word(if input.slug.is_empty() { "SLUG" } else { &input.slug })
        .option("--name", if input.name.is_empty() { "NAME" } else { &input.name })
        .option("--host", input.host.as_deref().unwrap_or_default())
        .option("--environment", input.environment.as_str())
        .0
}

pub(crate) fn create_user(tenant: &str, input: &CreateUser) -> String {
    let verb = if input.invite { "invite" } else { "create" };
    Line::new(&format!("tessera user {verb} --tenant"))
        .word(tenant)
        .option("--email", if input.email.is_empty() { "EMAIL" } else { &input.email })
        .option("--name", input.name.as_deref().unwrap_or_default())
        .0
}

pub(crate) fn set_mail_text(
    tenant: &str,
    template: &str,
    language: &str,
    input: &SetTemplate,
) -> String {
    Line::new("tessera mail template set --tenant")
        .word(tenant)
        .option("--template", template)
        .option("--language", language)
        .option("--subject", input.subject.trim())
        .option("--file", "mail.txt")
        .0
}

pub(crate) fn set_mail_sender(tenant: &str, input: &SetSender) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    Line::new("tessera mail sender set --tenant")
        .word(tenant)
        .option("--name", &input.name)
        .option("--address", &text(&input.address))
        .option("--reply-to", &text(&input.reply_to))
        .option("--language", &text(&input.language))
        .0
}

pub(crate) fn set_mail_server(input: &SetServer) -> String {
    let line = Line::new("tessera mail server set --host")
        .word(&input.host)
        .option("--port", &input.port.to_string())
        .option("--tls", &input.tls)
        .option("--user", &input.user)
        .option("--from", &input.from);
    if input.user.is_empty() { line.0 } else { line.option("--password-file", "-").0 }
}

/// `tessera domain {verb}` on a host of a tenant.
pub(crate) fn domain(verb: &str, tenant: &str, host: &str) -> String {
    let line = Line::new(&format!("tessera domain {verb} --tenant")).word(tenant);
    if host.is_empty() { line.0 } else { line.word(host).0 }
}

/// `tessera user list` with what the page was asked for.
pub(crate) fn list_users(tenant: &str, asked: &Query) -> String {
    let sort = match asked.order {
        Order::Email => "",
        Order::Name => "name",
        Order::Created => "created",
    };
    Line::new("tessera user list --tenant")
        .word(tenant)
        .option("--query", asked.text.trim())
        .option("--filter", asked.filter.as_str())
        .option("--sort", sort)
        .flag("--desc", asked.descending)
        .flag("--json", true)
        .0
}

/// `tessera user set` with what a form changes.
pub(crate) fn set_user(id: &str, changes: &Values) -> String {
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let start = Line::new("tessera user set").word(id);
    let line = changes
        .iter()
        .fold(start, |line, (key, value)| line.word(&format!("{key}={}", text(value))));
    if changes.is_empty() { line.word("FIELD=VALUE").0 } else { line.0 }
}

pub(crate) fn create_organization(tenant: &str, input: &OrganizationInput) -> String {
    Line::new("tessera org create --tenant")
        .word(tenant)
        .option("--slug", if input.slug.is_empty() { "SLUG" } else { &input.slug })
        .option("--name", if input.name.is_empty() { "NAME" } else { &input.name })
        .0
}

pub(crate) fn create_connection(
    tenant: &str,
    preset: &Preset,
    inputs: &BTreeMap<String, String>,
    fields: &Fields,
) -> String {
    let or = |text: &str, else_: &str| {
        if text.is_empty() { else_.to_owned() } else { text.to_owned() }
    };
    let mut line = Line::new("tessera connection create --tenant").word(tenant);
    line = line.option("--code", &or(&fields.code, "CODE"));
    line = line.option("--name", &or(&fields.name, "NAME"));
    if !preset.is_open() {
        line = line.option("--preset", &preset.code);
        let set: Vec<String> = inputs.iter().map(|(n, v)| format!("{n}={}", or(v, "…"))).collect();
        line = line.options("--set", &set);
    } else if preset.kind == "oidc" {
        line = line.option("--issuer", &or(&fields.issuer, "URL"));
    } else {
        line = line
            .option("--authorization-endpoint", &or(&fields.authorization_endpoint, "URL"))
            .option("--token-endpoint", &or(&fields.token_endpoint, "URL"))
            .option("--userinfo-endpoint", &or(&fields.userinfo_endpoint, "URL"))
            .option("--subject-path", &fields.subject_path);
    }
    if preset.is_open() {
        let scopes: Vec<String> = fields.scopes.split_whitespace().map(str::to_owned).collect();
        line = line.options("--scope", &scopes).option("--token-auth", &fields.token_auth);
    }
    line.option("--client-id", &or(&fields.client_id, "ID"))
        .option("--client-secret-file", "secret.txt")
        .flag("--disabled", true)
        .0
}

/// `tessera connection {verb}` of a connection by its code.
pub(crate) fn one_connection(tenant: &str, verb: &str, code: &str) -> String {
    Line::new(&format!("tessera connection {verb}")).word(code).word("--tenant").word(tenant).0
}

pub(crate) fn set_connection(tenant: &str, code: &str) -> String {
    format!("{} \\\n  --file settings.json", one_connection(tenant, "set", code))
}

pub(crate) fn set_connection_secret(tenant: &str, code: &str) -> String {
    let set = one_connection(tenant, "set", code);
    let test = Line::new("tessera connection test --connection").word(code);
    let test = test.word("--tenant").word(tenant).0;
    format!("{set} \\\n  --client-secret-file secret.txt --secret-expires YYYY-MM-DD\n{test}")
}

/// `tessera mapping {verb}` of a connection by its code; `rest` is written as it is.
pub(crate) fn mapping(tenant: &str, verb: &str, code: &str, rest: &str) -> String {
    let start = Line::new(&format!("tessera mapping {verb} --connection")).word(code);
    format!("{}{rest}", start.word("--tenant").word(tenant).0)
}

/// `tessera {noun} list` of a tenant.
pub(crate) fn list(noun: &str, tenant: &str) -> String {
    Line::new(&format!("tessera {noun} list --tenant")).word(tenant).word("--json").0
}

/// `tessera {noun} list` of a tenant with filters.
pub(crate) fn filtered(noun: &str, tenant: &str, filters: &[(&str, &str)]) -> String {
    let start = Line::new(&format!("tessera {noun} list --tenant")).word(tenant);
    let named = |line: Line, (name, value): &(&str, &str)| line.option(&format!("--{name}"), value);
    filters.iter().fold(start, named).0
}

/// `tessera {noun} {verb} --tenant {tenant} {id}`: a command on one thing of a tenant.
pub(crate) fn in_tenant(noun: &str, verb: &str, tenant: &str, id: &str) -> String {
    Line::new(&format!("tessera {noun} {verb} --tenant")).word(tenant).word(id).0
}

/// `tessera {noun} {verb} {id}`: a command on one thing.
pub(crate) fn one(noun: &str, verb: &str, id: &str) -> String {
    Line::new(&format!("tessera {noun} {verb}")).word(id).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::redirect_uri::ApplicationType;

    #[test]
    fn values_stay_one_word_of_the_shell() {
        assert_eq!(quoted("https://a.example/cb"), "https://a.example/cb");
        assert_eq!(quoted("Acme Web"), "'Acme Web'");
        assert_eq!(quoted("it's; rm -rf $HOME `x`"), "'it'\\''s; rm -rf $HOME `x`'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn a_form_becomes_its_command() {
        let input = CreateApplication {
            kind: ApplicationType::Web,
            name: "Acme Web".into(),
            redirect_uris: vec!["https://a.example/cb".into()],
            post_logout_redirect_uris: Vec::new(),
            first_party: true,
        };
        assert_eq!(
            create_application("acme", &input),
            "tessera app create --tenant acme \\\n  --type web \\\n  --name 'Acme Web' \\\n  \
             --redirect-uri https://a.example/cb \\\n  --first-party"
        );
        assert_eq!(one("app", "disable", "app_1"), "tessera app disable app_1");
        assert_eq!(list("app", "acme"), "tessera app list --tenant acme --json");
    }
}
