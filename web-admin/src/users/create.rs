//! A new user. Nobody chooses a password for somebody else: they get a link to set one, by mail or
//! from the admin's hand.

use actix_web::HttpResponse;
use directory::Error;
use directory::users::{self, CreateUser};
use protocol::Params;
use web::Fault;

use super::HERE;
use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::fields::{self, Press};
use crate::views::users::NewUser;
use crate::views::{Problems, Twin};
use crate::visit::{Posted, Visit};

/// `GET /console/t/{tenant}/users/new`.
pub(crate) async fn ask(visit: Visit) -> Result<HttpResponse, Fault> {
    visit.tenant(|desk| desk.show(&page(desk, &CreateUser::default(), &Press::Save)?)).await
}

/// `POST /console/t/{tenant}/users/new`.
pub(crate) async fn submit(posted: Posted) -> Result<HttpResponse, Fault> {
    posted
        .tenant(|desk, form| {
            let (press, input) = (Press::of(form), read(form));
            match press {
                Press::Save => create(desk, &input),
                _ => desk.show(&page(desk, &input, &press)?),
            }
        })
        .await
}

fn read(form: &Params) -> CreateUser {
    CreateUser {
        email: fields::text(form, "email"),
        name: fields::optional(form, "name"),
        invite: fields::checked(form, "invite"),
        ..CreateUser::default()
    }
}

fn create(desk: &InTenant, input: &CreateUser) -> Outcome {
    match users::create(desk.ctx, &desk.actor, &desk.tenant.id, input, None) {
        Ok(made) => {
            let path = desk.url(&format!("{HERE}/{}", made.user.id));
            match made.set_password_url {
                Some(url) => desk.reveal(&path, "Link to set a password", &url),
                None => {
                    desk.done(&path, format!("An invitation is on its way to {}.", input.email))
                }
            }
        }
        Err(Error::Form(errors)) => {
            let mut page = page(desk, input, &Press::Save)?;
            page.problems = Problems::of_errors(&errors);
            desk.again(&page)
        }
        Err(other) => Err(other.into()),
    }
}

fn page(desk: &InTenant, input: &CreateUser, press: &Press) -> Result<NewUser, Stop> {
    Ok(NewUser {
        shell: desk.shell(HERE)?,
        path: desk.url("/users/new"),
        list: desk.url(HERE),
        email: input.email.clone(),
        name: input.name.clone().unwrap_or_default(),
        invite: input.invite,
        twin: (*press == Press::Command).then(|| Twin {
            text: "Creates who the form below says.",
            command: commands::create_user(&desk.tenant.slug, input),
        }),
        problems: Problems::default(),
    })
}
