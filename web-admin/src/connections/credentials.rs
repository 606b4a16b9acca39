//! Our secret at the provider: replaced here, dated, checked, shown nowhere.

use actix_web::HttpResponse;
use directory::connections::{self, Shown};
use directory::{Action, Error};
use protocol::Params;
use store::UpstreamAuth;
use web::Fault;

use super::guide::preset_of;
use super::{HERE, check, find, head, kept};
use crate::commands;
use crate::desk::{InTenant, Stop};
use crate::fields;
use crate::views::connections::ConnectionCredentials;
use crate::views::{Problems, Twin};
use crate::visit::{Posted, Visit};

/// `GET …/connections/{connection}/credentials`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("connection");
    visit
        .tenant(move |desk| {
            let shown = find(desk, &id)?;
            desk.show(&page(desk, &shown, Typed::of(&shown), Problems::default())?)
        })
        .await
}

/// `POST …/connections/{connection}/credentials`: another secret, or another date.
pub(crate) async fn submit(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("connection");
    posted
        .tenant(move |desk, form| {
            let typed = Typed::read(desk, form);
            match typed.save(desk, &id) {
                Ok(text) => {
                    let row = find(desk, &id)?.row;
                    desk.done(&desk.url(&format!("{HERE}/{}/credentials", row.id)), text)
                }
                Err(Error::Form(errors)) => {
                    let shown = find(desk, &id)?;
                    desk.again(&page(desk, &shown, typed, Problems::of_errors(&errors))?)
                }
                Err(other) => Err(other.into()),
            }
        })
        .await
}

/// What was typed.
struct Typed {
    secret: String,
    expires: String,
}

impl Typed {
    fn of(shown: &Shown) -> Typed {
        let expires = connections::expiry_text(shown.row.secret_expires_at);
        Typed { secret: String::new(), expires }
    }

    fn read(desk: &InTenant, form: &Params) -> Typed {
        let secret = match fields::text(form, "client_secret") {
            none if none.is_empty() => kept::open(desk, form.get("kept").unwrap_or_default()),
            typed => typed,
        };
        Typed { secret, expires: fields::text(form, "secret_expires") }
    }

    /// A date alone is saved beside the secret that stands; a secret comes with its own date.
    fn save(&self, desk: &InTenant, id: &str) -> Result<&'static str, Error> {
        let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
        let expires = connections::parse_expiry(&self.expires);
        let expires = expires.map_err(|error| Error::Form(vec![error]))?;
        let standing = connections::show(ctx, actor, tenant, id)?.row;
        let same = expires == standing.secret_expires_at;
        if self.secret.is_empty() && standing.sealed_secret.is_some() && !same {
            connections::set_secret_expiry(ctx, actor, tenant, id, expires)?;
            return Ok("The date is saved.");
        }
        connections::set_secret(ctx, actor, tenant, id, &self.secret, expires)?;
        Ok("The secret is replaced and sealed. Check it now.")
    }
}

fn page(
    desk: &InTenant,
    shown: &Shown,
    typed: Typed,
    problems: Problems,
) -> Result<ConnectionCredentials, Stop> {
    let preset = preset_of(&shown.row.preset, &shown.row.kind);
    Ok(ConnectionCredentials {
        shell: desk.shell(HERE)?,
        head: head(desk, &shown.row, "credentials"),
        client_id: shown.config.client_id.clone(),
        has_secret: shown.row.sealed_secret.is_some(),
        public: shown.config.token_auth == UpstreamAuth::None,
        may: desk.may(Action::ConnectionUpdate),
        kept: kept::seal(desk, &typed.secret),
        expires: typed.expires,
        checked: check::outcome(&shown.row),
        when: shown.row.checked_at.map(|at| desk.when(at)),
        console: preset.map_or("", |preset| preset.console.as_str()),
        twin: Twin {
            text: "Replaces the secret with what the file holds, and checks it.",
            command: commands::set_connection_secret(&desk.tenant.slug, &shown.row.code),
        },
        problems,
    })
}
