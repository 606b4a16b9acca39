//! Where somebody is signed in, and ending it: one, the others, or all.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::account::sessions;
use issuer::portal::Person;
use store::sessions::SessionRow;
use web::{Fault, FormParams, cookies};

use super::{done, enter, frame, genuine, me, token, was_done};
use crate::refusals;
use crate::views::{AccountSession, AccountSessions};
use crate::visit::Visit;
use crate::{device, moments};

const HERE: &str = "/account/sessions";
/// The values of the button beside an id.
const OTHERS: &str = "others";
const EVERYWHERE: &str = "everywhere";

/// `GET /account/sessions`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let person = match enter(&visit, HERE).await? {
        Ok(person) => person,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let who = me(&visit, &person);
    let rows = visit.ask(move |ctx, tenant, _| sessions::list(ctx, tenant, &who)).await?;
    let rows = rows.map_err(refusals::fault)?;
    let page = AccountSessions {
        account: frame(&visit, &person, "/sessions"),
        action: visit.path(HERE),
        csrf: token(&visit, &person, HERE),
        sessions: rows.into_iter().map(|row| shown(row, &person)).collect(),
        done: was_done(
            &visit,
            &[("ended", "It is signed out."), ("others", "All other browsers are signed out.")],
        ),
    };
    visit.page(StatusCode::OK, &page, Vec::new())
}

/// `POST /account/sessions`: `session` is an id, `others` or `everywhere`.
pub(crate) async fn end(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let person = match enter(&visit, HERE).await? {
        Ok(person) => person,
        Err(elsewhere) => return Ok(elsewhere),
    };
    if !genuine(&visit, &person, &form.0, HERE)? {
        return visit.redirect(&visit.url(HERE));
    }
    let (who, wanted) = (me(&visit, &person), form.0.get("session").unwrap_or_default().to_owned());
    let own = wanted == person.session.id.as_str() || wanted == EVERYWHERE;
    let what = if wanted == OTHERS { "others" } else { "ended" };
    let ended = visit.ask(move |ctx, tenant, _| match wanted.as_str() {
        OTHERS => sessions::end_others(ctx, tenant, &who, false),
        EVERYWHERE => sessions::end_others(ctx, tenant, &who, true),
        id => sessions::end(ctx, tenant, &who, id),
    });
    ended.await?.map_err(refusals::fault)?;
    if !own {
        return done(&visit, HERE, what);
    }
    signed_out(&visit, &person)
}

/// This browser is signed out: only the tokens of others who use it stay.
fn signed_out(visit: &Visit, person: &Person) -> Result<HttpResponse, Fault> {
    let other = |token: &&String| {
        vault::session_token_hash(token).as_slice() != person.session.token_hash.as_slice()
    };
    let left: Vec<String> = visit.visitor.browser.tokens.iter().filter(other).cloned().collect();
    let mut response = visit.redirect(&visit.url("/logout/done"))?;
    cookies::set(&mut response, &visit.visitor.jar.keep_sessions(&left, None));
    Ok(response)
}

fn shown(row: SessionRow, person: &Person) -> AccountSession {
    AccountSession {
        this: row.id == person.session.id,
        id: row.id.as_str().to_owned(),
        device: device::words(&row.user_agent),
        phone: device::is_phone(&row.user_agent),
        ip: row.ip,
        since: moments::both(row.created_at),
        seen: moments::both(row.seen_at),
    }
}
