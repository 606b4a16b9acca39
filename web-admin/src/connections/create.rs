//! Adding a connection from a preset or from one of the two open forms. An issuer is looked at
//! before anything is saved: first the issuer alone is asked for, then what was found there is
//! shown beside the rest of the form, and saving looks again. A form that is sent twice adds one.
//! A connection begins switched off: the guide leads on to testing and offering it.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use directory::Error;
use directory::connections::{self, CreateConnection, Creation};
use directory::presets::{self, Preset};
use federation::LookUp;
use protocol::Params;
use web::{Fault, QueryParams};

use super::form::{Draft, METHODS};
use super::{HERE, callback_url, guide, kept, look};
use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::fields::{self, Press};
use crate::views::new_connection::{Input, NewConnection};
use crate::views::{Problems, Twin};
use crate::visit::{Before, Posted, Visit};

/// `GET …/connections/new?preset=CODE`.
pub(crate) async fn ask(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let code = query.0.get("preset").unwrap_or_default().to_owned();
    visit
        .tenant(move |desk| {
            let Some(preset) = presets::find(&code) else { return desk.go(desk.url(HERE)) };
            desk.show(&page(desk, &Asked::blank(preset, desk)?, false, Problems::default())?)
        })
        .await
}

/// `POST …/connections/new`.
pub(crate) async fn submit(posted: Posted) -> Result<HttpResponse, Fault> {
    let upstreams = posted.visit.state.upstreams.clone();
    let ask = |issuer: String| async move { federation::look_up(&upstreams, &issuer).await };
    posted.tenant_asking(before, ask, after).await
}

fn read(desk: &InTenant, form: &Params) -> Result<Asked, Stop> {
    let preset = presets::find(form.get("preset").unwrap_or_default());
    Ok(Asked::read(desk, preset.ok_or_else(Fault::not_found)?, form))
}

/// What can be answered at once: everything but the form of any issuer.
fn before(desk: &InTenant, form: &Params) -> Result<Before<String>, Stop> {
    let asked = read(desk, form)?;
    let answer = match Press::of(form) {
        _ if asked.looks() => {
            let issuer = asked.draft.fields.issuer.clone();
            match connections::check_issuer(&issuer, &desk.ctx.settings.plain_hosts) {
                None => return Ok(Before::Ask(issuer)),
                Some(error) => {
                    desk.again(&page(desk, &asked, false, Problems::of_errors(&[error]))?)
                }
            }
        }
        Press::Command => desk.show(&page(desk, &asked, true, Problems::default())?),
        _ => add(desk, form, &asked),
    };
    answer.map(Before::Answer)
}

/// The form of any issuer, with what was found there.
fn after(desk: &InTenant, form: &Params, found: LookUp) -> Outcome {
    let mut asked = read(desk, form)?;
    let problems = look::problems(&found);
    asked.changed = form.get("looked_up").is_some_and(|at| at != asked.draft.fields.issuer);
    if form.has("look_up") || asked.changed {
        look::suit(&mut asked.draft.fields, &found);
    }
    asked.found = Some(found);
    match Press::of(form) {
        _ if !problems.is_empty() => desk.again(&page(desk, &asked, false, problems)?),
        Press::Command => desk.show(&page(desk, &asked, true, problems)?),
        Press::Fix(_) => desk.show(&page(desk, &asked, false, problems)?),
        _ if form.has("look_up") || asked.changed || !form.has("looked_up") => {
            desk.show(&page(desk, &asked, false, problems)?)
        }
        _ => add(desk, form, &asked),
    }
}

/// What stands in the form.
struct Asked {
    preset: &'static Preset,
    inputs: BTreeMap<String, String>,
    draft: Draft,
    secret: String,
    expires: String,
    found: Option<LookUp>,
    /// Whether another issuer was looked at than the one that stands in the form.
    changed: bool,
}

impl Asked {
    fn blank(preset: &'static Preset, desk: &InTenant) -> Result<Asked, Stop> {
        let inputs = preset.inputs.iter().map(|i| (i.name.clone(), i.default.clone())).collect();
        let standing = connections::list(desk.ctx, &desk.actor, &desk.tenant.id)?;
        let code = free(&preset.code, |code| standing.iter().any(|c| c.row.code == code));
        let name = if preset.is_open() { "" } else { preset.name.as_str() };
        let mut draft = Draft::of(name, &code, 0, &preset.config);
        if preset.is_open() {
            draft.fields.code = String::new();
        }
        let (secret, expires) = (String::new(), String::new());
        Ok(Asked { preset, inputs, draft, secret, expires, found: None, changed: false })
    }

    fn read(desk: &InTenant, preset: &'static Preset, form: &Params) -> Asked {
        let value = |input: &presets::PresetInput| {
            (input.name.clone(), fields::text(form, &format!("inputs.{}", input.name)))
        };
        let secret = match fields::text(form, "client_secret") {
            none if none.is_empty() => kept::open(desk, form.get("kept").unwrap_or_default()),
            typed => typed,
        };
        let inputs = preset.inputs.iter().map(value).collect();
        let mut draft = Draft::read(form);
        if Press::of(form) == Press::Fix("scopes".to_owned()) {
            draft.fields.scopes = format!("openid {}", draft.fields.scopes);
        }
        let expires = fields::text(form, "secret_expires");
        Asked { preset, inputs, draft, secret, expires, found: None, changed: false }
    }

    /// Whether its issuer is looked at before it is saved.
    fn looks(&self) -> bool {
        self.preset.is_open() && self.preset.kind == "oidc" && self.found.is_none()
    }

    /// What the command takes: what the preset knows, and what the form asks.
    fn input(&self) -> Result<CreateConnection, Error> {
        let mut input = CreateConnection::of_preset(self.preset, &self.inputs)?;
        let (typed, open) = (self.draft.config(&input.config), self.preset.is_open());
        input.config.client_id = typed.client_id;
        if open {
            input.config.issuer = typed.issuer;
            input.config.scopes = typed.scopes;
            input.config.token_auth = typed.token_auth;
            input.preset = String::new();
        }
        if open && self.preset.kind == "oauth2" {
            input.config.authorization_endpoint = typed.authorization_endpoint;
            input.config.token_endpoint = typed.token_endpoint;
            input.config.userinfo_endpoint = typed.userinfo_endpoint;
            input.config.subject_path = typed.subject_path;
            input.config.issuer = origin(&self.draft.fields.authorization_endpoint);
        }
        input.code = self.draft.fields.code.clone();
        input.name = self.draft.fields.name.clone();
        input.secret_expires = self.expires.clone();
        Ok(input)
    }
}

/// The first code that nobody has: `google`, `google-2` …
fn free(code: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..100).map(|n| format!("{code}-{n}"));
    std::iter::once(code.to_owned()).chain(numbered).find(|c| !taken(c)).unwrap_or_default()
}

/// Scheme and host: the name that the people of a provider without an issuer are kept under.
fn origin(url: &str) -> String {
    let after = url.find("://").map_or(0, |at| at + 3);
    let end = url[after..].find(['/', '?', '#']).map_or(url.len(), |at| after + at);
    url[..end].to_owned()
}

fn add(desk: &InTenant, form: &Params, asked: &Asked) -> Outcome {
    let once = form.get("form").unwrap_or_default();
    if once.is_empty() || once.len() > 64 {
        return Err(Fault::bad_request(protocol::catalogue::FORM_INVALID).into());
    }
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let secret = Some(asked.secret.as_str()).filter(|secret| !secret.is_empty());
    let made = asked
        .input()
        .and_then(|input| connections::create_once(ctx, actor, tenant, &input, secret, once));
    match made {
        Ok(Creation::New(row)) => {
            let path = desk.url(&format!("{HERE}/{}", row.id));
            desk.done(&path, format!("{} is added. It is not offered yet.", row.name))
        }
        Ok(Creation::Before(id)) => {
            let path = desk.url(&format!("{HERE}/{id}"));
            desk.done(&path, "This form was sent before. This is the connection it added.")
        }
        Err(Error::Form(errors)) => {
            desk.again(&page(desk, asked, false, Problems::of_errors(&errors))?)
        }
        Err(other) => Err(other.into()),
    }
}

fn page(
    desk: &InTenant,
    asked: &Asked,
    twin: bool,
    problems: Problems,
) -> Result<NewConnection, Stop> {
    let preset = asked.preset;
    let input = |input: &'static presets::PresetInput| Input {
        id: format!("inputs.{}", input.name),
        label: &input.label,
        hint: &input.hint,
        value: asked.inputs.get(&input.name).cloned().unwrap_or_default(),
    };
    let code = &asked.draft.fields.code;
    let url = callback_url(desk, if code.is_empty() { "CODE" } else { code });
    Ok(NewConnection {
        shell: desk.shell(HERE)?,
        path: desk.url("/connections/new"),
        list: desk.url(HERE),
        preset: &preset.code,
        title: &preset.name,
        about: &preset.about,
        note: &preset.note,
        docs: &preset.docs,
        glyph: &preset.glyph,
        open: preset.is_open(),
        oidc: preset.kind == "oidc",
        found: asked.found.as_ref().map(look::shown),
        changed: asked.changed,
        kept: kept::seal(desk, &asked.secret),
        expires: asked.expires.clone(),
        form: vault::new_session_token(&desk.ctx.vault).expose().to_owned(),
        inputs: preset.inputs.iter().map(input).collect(),
        fields: asked.draft.fields.clone(),
        steps: guide::steps(preset, &url),
        methods: METHODS,
        twin: twin.then(|| self::twin(desk, asked)),
        problems,
    })
}

fn twin(desk: &InTenant, asked: &Asked) -> Twin {
    let fields = &asked.draft.fields;
    Twin {
        text: "Adds what the form below says. The secret is read from a file.",
        command: commands::create_connection(
            &desk.tenant.slug,
            asked.preset,
            &asked.inputs,
            fields,
        ),
    }
}
