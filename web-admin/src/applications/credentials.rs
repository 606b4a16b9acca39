//! The client secrets of an application: another one, shown once; one less.

use actix_web::HttpResponse;
use directory::Action;
use directory::Error;
use directory::applications::{self, MAX_SECRETS, Shown};
use store::applications::SecretRow;
use web::Fault;

use super::{HERE, find, head};
use crate::desk::{InTenant, Outcome, Stop};
use crate::views::applications::{Credentials, SecretLine};
use crate::views::{Confirm, Problems, State};
use crate::visit::{Posted, Visit};

/// `GET …/applications/{id}/credentials`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("id");
    visit
        .tenant(move |desk| {
            let shown = find(desk, &id)?;
            desk.show(&page(desk, &shown, Problems::default())?)
        })
        .await
}

/// `POST …/applications/{id}/credentials`: another secret.
pub(crate) async fn rotate(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("id");
    posted
        .tenant(move |desk, _| {
            let made = applications::rotate_secret(desk.ctx, &desk.actor, &desk.tenant.id, &id);
            match made {
                Ok((_, secret)) => {
                    let path = desk.url(&format!("{HERE}/{id}/credentials"));
                    desk.reveal(&path, "New client secret", secret.expose())
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

fn page(desk: &InTenant, shown: &Shown, problems: Problems) -> Result<Credentials, Stop> {
    let head = head(desk, &shown.row, "credentials");
    let may = desk.may(Action::SecretRotate) && !head.built_in;
    let full = shown.secrets.len() >= MAX_SECRETS;
    Ok(Credentials {
        shell: desk.shell(HERE)?,
        public: shown.row.kind().is_some_and(|kind| kind.is_public()),
        secrets: shown.secrets.iter().map(|secret| line(desk, &head.url, secret)).collect(),
        may,
        full,
        most: MAX_SECRETS,
        method: shown.config.token_endpoint_auth_method.as_str(),
        head,
        problems,
    })
}

fn line(desk: &InTenant, url: &str, secret: &SecretRow) -> SecretLine {
    let over = secret.expires_at.is_some_and(|at| at <= desk.now());
    SecretLine {
        hint: secret.hint.clone(),
        state: if over { State::new("off", "Ended") } else { State::new("ok", "Works") },
        created: desk.when(secret.created_at),
        revoke: format!("{url}/credentials/{}/revoke", secret.id),
    }
}

/// `GET …/credentials/{secret}/revoke`.
pub(crate) async fn ask_revoke(visit: Visit) -> Result<HttpResponse, Fault> {
    let (id, secret) = (visit.segment("id"), visit.segment("secret"));
    visit
        .tenant(move |desk| {
            let shown = find(desk, &id)?;
            desk.show(&confirm_revoke(desk, &shown, &secret)?)
        })
        .await
}

fn confirm_revoke(desk: &InTenant, shown: &Shown, secret: &str) -> Result<Confirm, Stop> {
    let found = shown.secrets.iter().find(|row| row.id.as_str() == secret);
    let row = found.ok_or_else(Fault::not_found)?;
    let back = desk.url(&format!("{HERE}/{}/credentials", shown.row.id));
    let name = &shown.row.name;
    let mut effects = vec![format!("Whatever still uses {}… stops working at once.", row.hint)];
    if shown.secrets.len() == 1 {
        effects.push(format!(
            "It is the only secret: {name} cannot get tokens until it has another one."
        ));
    }
    Ok(Confirm {
        shell: desk.shell(HERE)?,
        title: format!("Revoke the secret {}…?", row.hint),
        lead: format!("It belongs to {name}. This cannot be undone."),
        effects,
        action: format!("{back}/{secret}/revoke"),
        button: "Revoke secret".to_owned(),
        danger: true,
        back,
        ..Confirm::default()
    })
}

/// `POST …/credentials/{secret}/revoke`.
pub(crate) async fn revoke(posted: Posted) -> Result<HttpResponse, Fault> {
    let (id, secret) = (posted.visit.segment("id"), posted.visit.segment("secret"));
    posted.tenant(move |desk, _| end(desk, &id, &secret)).await
}

fn end(desk: &InTenant, id: &str, secret: &str) -> Outcome {
    applications::revoke_secret(desk.ctx, &desk.actor, &desk.tenant.id, id, secret)?;
    desk.done(&desk.url(&format!("{HERE}/{id}/credentials")), "The secret is revoked.")
}
