//! Which applications somebody uses with their account, and taking an application's access away.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::account::applications::{self, Connected};
use issuer::consent::sentence;
use web::views::Link;
use web::{Fault, FormParams};

use super::{done, enter, frame, genuine, me, token, was_done};
use crate::moments;
use crate::refusals;
use crate::views::{AccountApplication, AccountApplications};
use crate::visit::Visit;

const HERE: &str = "/account/applications";

/// `GET /account/applications`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let person = match enter(&visit, HERE).await? {
        Ok(person) => person,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let who = me(&visit, &person);
    let list = visit.ask(move |ctx, tenant, _| applications::list(ctx, tenant, &who)).await?;
    let list = list.map_err(refusals::fault)?;
    let page = AccountApplications {
        account: frame(&visit, &person, "/applications"),
        action: visit.path(HERE),
        csrf: token(&visit, &person, HERE),
        applications: list.into_iter().map(shown).collect(),
        done: was_done(&visit, &[("removed", "Its access is removed.")]),
    };
    visit.page(StatusCode::OK, &page, Vec::new())
}

/// `POST /account/applications`: `application` loses its access.
pub(crate) async fn remove(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let person = match enter(&visit, HERE).await? {
        Ok(person) => person,
        Err(elsewhere) => return Ok(elsewhere),
    };
    if !genuine(&visit, &person, &form.0, HERE)? {
        return visit.redirect(&visit.url(HERE));
    }
    let (who, id) = (me(&visit, &person), form.0.get("application").unwrap_or_default().to_owned());
    let removed = visit.ask(move |ctx, tenant, _| applications::remove(ctx, tenant, &who, &id));
    removed.await?.map_err(refusals::fault)?;
    done(&visit, HERE, "removed")
}

fn shown(one: Connected) -> AccountApplication {
    let may = one.scopes.split(' ').filter_map(sentence).map(str::to_owned).collect();
    AccountApplication {
        id: one.id.as_str().to_owned(),
        home: one.home.as_deref().and_then(|url| Link::new(one.name.clone(), url)),
        name: one.name,
        first_party: one.first_party,
        may,
        since: moments::both(one.since),
        last: moments::both(one.last),
    }
}
