//! Our secret at the provider: replaced here, shown nowhere.

use actix_web::HttpResponse;
use directory::connections::{self, Shown};
use directory::{Action, Error};
use store::UpstreamAuth;
use web::Fault;

use super::guide::preset_of;
use super::{HERE, find, head};
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
            desk.show(&page(desk, &shown, Problems::default())?)
        })
        .await
}

/// `POST …/connections/{connection}/credentials`: another secret.
pub(crate) async fn submit(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("connection");
    posted
        .tenant(move |desk, form| {
            let secret = fields::text(form, "client_secret");
            let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
            match connections::set_secret(ctx, actor, tenant, &id, &secret) {
                Ok(row) => {
                    let path = desk.url(&format!("{HERE}/{}/credentials", row.id));
                    desk.done(&path, "The secret is replaced and sealed. Test the connection now.")
                }
                Err(Error::Form(errors)) => {
                    let shown = find(desk, &id)?;
                    desk.again(&page(desk, &shown, Problems::of_errors(&errors))?)
                }
                Err(other) => Err(other.into()),
            }
        })
        .await
}

fn page(desk: &InTenant, shown: &Shown, problems: Problems) -> Result<ConnectionCredentials, Stop> {
    let preset = preset_of(&shown.row.preset, &shown.row.kind);
    Ok(ConnectionCredentials {
        shell: desk.shell(HERE)?,
        head: head(desk, &shown.row, "credentials"),
        client_id: shown.config.client_id.clone(),
        has_secret: shown.row.sealed_secret.is_some(),
        public: shown.config.token_auth == UpstreamAuth::None,
        may: desk.may(Action::ConnectionUpdate),
        console: preset.map_or("", |preset| preset.console.as_str()),
        twin: Twin {
            text: "Replaces the secret with what the file holds.",
            command: commands::set_connection_secret(&desk.tenant.slug, &shown.row.code),
        },
        problems,
    })
}
