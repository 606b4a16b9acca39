//! Registering an application: what it is, what it is called, where people come back to. A form
//! that is sent twice registers one.

use actix_web::HttpResponse;
use directory::Error;
use directory::applications::{self, CreateApplication, Creation};
use protocol::Params;
use protocol::redirect_uri::{ApplicationType, Environment};
use web::{Fault, QueryParams};

use super::HERE;
use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::fields::{self, Press};
use crate::views::applications::{Register, RegisterType};
use crate::views::{Problems, Twin, UriList};
use crate::visit::{Posted, Visit};

const REDIRECTS: &str = "redirect_uris";
const LOGOUTS: &str = "post_logout_redirect_uris";

/// `GET …/applications/new`: the first question, or with `?type=` the other two.
pub(crate) async fn ask(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let kind = query.0.get("type").and_then(|kind| kind.parse().ok());
    visit
        .tenant(move |desk| match kind {
            Some(kind) => desk.show(&page(desk, &blank(kind), &Press::Save)?),
            None => desk.show(&RegisterType {
                shell: desk.shell(HERE)?,
                path: desk.url("/applications/new"),
                list: desk.url(HERE),
            }),
        })
        .await
}

/// `POST …/applications/new`.
pub(crate) async fn submit(posted: Posted) -> Result<HttpResponse, Fault> {
    posted
        .tenant(|desk, form| {
            let press = Press::of(form);
            let input = read(desk, form, &press);
            match press {
                Press::Save => register(desk, form, &input),
                _ => desk.show(&page(desk, &input, &press)?),
            }
        })
        .await
}

fn register(desk: &InTenant, form: &Params, input: &CreateApplication) -> Outcome {
    let once = form.get("form").unwrap_or_default();
    if once.is_empty() || once.len() > 64 {
        return Err(Fault::bad_request(protocol::catalogue::FORM_INVALID).into());
    }
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    match applications::create_once(ctx, actor, tenant, input, once) {
        Ok(Creation::New(made)) => {
            let path = desk.url(&format!("{HERE}/{}", made.row.id));
            match made.secret {
                Some(secret) => desk.reveal(&path, "Client secret", secret.expose()),
                None => desk.done(&path, format!("{} is registered.", made.row.name)),
            }
        }
        Ok(Creation::Before(id)) => {
            let path = desk.url(&format!("{HERE}/{id}"));
            desk.done(&path, "This form was sent before. This is the application it registered.")
        }
        Err(Error::Form(errors)) => {
            let mut page = page(desk, input, &Press::Save)?;
            page.problems = Problems::of_errors(&errors);
            desk.again(&page)
        }
        Err(other) => Err(other.into()),
    }
}

fn blank(kind: ApplicationType) -> CreateApplication {
    CreateApplication {
        kind,
        name: String::new(),
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        first_party: false,
    }
}

/// What the empty list suggests to type.
pub(super) fn example() -> CreateApplication {
    CreateApplication {
        name: "My app".to_owned(),
        redirect_uris: vec!["https://app.example.com/callback".to_owned()],
        ..blank(ApplicationType::Web)
    }
}

fn read(desk: &InTenant, form: &Params, press: &Press) -> CreateApplication {
    let kind = form.get("type").and_then(|kind| kind.parse().ok()).unwrap_or(ApplicationType::Web);
    let environment: Environment =
        desk.tenant.environment.parse().unwrap_or(Environment::Production);
    let list = |name: &str| {
        let mut uris = fields::uris(form, name, press);
        press.fix_in(name, &mut uris, kind, environment);
        uris
    };
    CreateApplication {
        kind,
        name: fields::text(form, "name"),
        redirect_uris: list(REDIRECTS),
        post_logout_redirect_uris: list(LOGOUTS),
        first_party: fields::checked(form, "first_party"),
    }
}

fn page(desk: &InTenant, input: &CreateApplication, press: &Press) -> Result<Register, Stop> {
    let machine = input.kind == ApplicationType::Machine;
    let list = |name: &str, legend, hint, uris: &[String]| {
        UriList::new(name, legend, hint, uris, press.adds(name))
    };
    let lists = vec![
        list(REDIRECTS, "Redirect URI", redirect_hint(input.kind), &input.redirect_uris),
        list(
            LOGOUTS,
            "Sign-out URI",
            "Optional. Where people may land after signing out.",
            &input.post_logout_redirect_uris,
        ),
    ];
    Ok(Register {
        shell: desk.shell(HERE)?,
        path: desk.url("/applications/new"),
        list: desk.url(HERE),
        kind: input.kind.as_str(),
        kind_label: input.kind.label(),
        form: vault::new_session_token(&desk.ctx.vault).expose().to_owned(),
        name: input.name.clone(),
        first_party: input.first_party,
        lists: if machine { Vec::new() } else { lists },
        twin: (*press == Press::Command).then(|| Twin {
            text: "Registers what the form below says.",
            command: commands::create_application(&desk.tenant.slug, input),
        }),
        problems: Problems::default(),
    })
}

fn redirect_hint(kind: ApplicationType) -> &'static str {
    match kind {
        ApplicationType::Native => {
            "Where people come back to: http://127.0.0.1/callback (any port), a claimed https \
             address, or a private scheme such as com.example.app:/callback."
        }
        _ => "Where people come back to after signing in. Compared letter by letter.",
    }
}
