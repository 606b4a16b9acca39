//! The providers somebody signs in with: linking one more after a fresh proof, unlinking one that
//! is not the last way in.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::account::identities::{self, Ways};
use issuer::portal::{FRESH_S, Person, STILL_FRESH_S};
use web::views::Problems;
use web::{Fault, FormParams};

use super::{done, enter_fresh, frame, genuine, me, token, was_done};
use crate::moments;
use crate::refusals::{self, Refusal};
use crate::upstream;
use crate::views::{AccountIdentities, AccountIdentity};
use crate::visit::Visit;

const HERE: &str = "/account/identities";

/// `GET /account/identities`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let person = match enter_fresh(&visit, HERE, FRESH_S).await? {
        Ok(person) => person,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let page = page(&visit, &person).await?;
    visit.page(StatusCode::OK, &page, Vec::new())
}

/// `POST /account/identities/unlink`: `identity` is unlinked.
pub(crate) async fn unlink(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let person = match enter_fresh(&visit, HERE, STILL_FRESH_S).await? {
        Ok(person) => person,
        Err(elsewhere) => return Ok(elsewhere),
    };
    if !genuine(&visit, &person, &form.0, HERE)? {
        return visit.redirect(&visit.url(HERE));
    }
    let (who, id) = (me(&visit, &person), form.0.get("identity").unwrap_or_default().to_owned());
    let unlinked = visit.ask(move |ctx, tenant, _| identities::unlink(ctx, tenant, &who, &id));
    match unlinked.await?.map_err(Refusal::from) {
        Ok(()) => done(&visit, HERE, "unlinked"),
        Err(Refusal::Fault(fault)) => Err(fault),
        Err(Refusal::Form(problems)) => {
            let mut page = page(&visit, &person).await?;
            page.problems = problems;
            visit.page(StatusCode::UNPROCESSABLE_ENTITY, &page, Vec::new())
        }
    }
}

/// `POST /account/identities/link`: an account at the provider `connection` is linked, once it is
/// proven there and confirmed here.
pub(crate) async fn link(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let person = match enter_fresh(&visit, HERE, STILL_FRESH_S).await? {
        Ok(person) => person,
        Err(elsewhere) => return Ok(elsewhere),
    };
    if !genuine(&visit, &person, &form.0, HERE)? {
        return visit.redirect(&visit.url(HERE));
    }
    let code = form.0.get("connection").unwrap_or_default().to_owned();
    let (user, session) = (person.user.id.clone(), person.session.id.clone());
    let begun = visit.ask(move |ctx, tenant, browser| {
        federation::begin_link(ctx, tenant, browser, &code, user.as_str(), session.as_str())
    });
    match begun.await?? {
        Some(ready) => upstream::show_the_way(&visit, ready).await,
        None => Err(Fault::not_found()),
    }
}

async fn page(visit: &Visit, person: &Person) -> Result<AccountIdentities, Fault> {
    let who = me(visit, person);
    let ways = visit.ask(move |ctx, tenant, _| identities::list(ctx, tenant, &who)).await?;
    let Ways { password, linked, more } = ways.map_err(refusals::fault)?;
    Ok(AccountIdentities {
        account: frame(visit, person, "/identities"),
        link: visit.path(&format!("{HERE}/link")),
        unlink: visit.path(&format!("{HERE}/unlink")),
        csrf: token(visit, person, HERE),
        password,
        identities: linked
            .into_iter()
            .map(|one| AccountIdentity {
                id: one.id.as_str().to_owned(),
                provider: one.provider,
                label: one.label,
                since: moments::both(one.since),
                last: moments::both(one.last),
            })
            .collect(),
        more: more.iter().map(|c| (c.code.clone(), c.name.clone())).collect(),
        done: was_done(visit, &[("linked", "It is linked."), ("unlinked", "It is unlinked.")]),
        problems: Problems::none(),
    })
}
