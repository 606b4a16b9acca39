//! The first of the account pages: what there is, and what deserves a look.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::account::{applications, identities, sessions};
use web::Fault;

use super::{enter, frame, me};
use crate::views::AccountHome;
use crate::visit::Visit;

/// `GET /account`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let person = match enter(&visit, "/account").await? {
        Ok(person) => person,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let who = me(&visit, &person);
    let counted = visit.ask(move |ctx, tenant, _| {
        let ways = identities::list(ctx, tenant, &who)?;
        let sessions = sessions::list(ctx, tenant, &who)?.len();
        let applications = applications::list(ctx, tenant, &who)?.len();
        Ok::<_, directory::Error>((ways, sessions, applications))
    });
    let (ways, sessions, applications) = counted.await?.map_err(crate::refusals::fault)?;
    let page = AccountHome {
        account: frame(&visit, &person, ""),
        name: person.user.name.clone(),
        email: person.user.email.clone(),
        verified: person.user.email_verified,
        password: ways.password,
        providers: ways.linked.into_iter().map(|one| one.provider).collect(),
        sessions,
        applications,
    };
    visit.page(StatusCode::OK, &page, Vec::new())
}
