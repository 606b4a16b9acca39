//! Hosts of a tenant's own: adding one, the record that proves it, making it the tenant's address.
//! The commands are `directory::domains`; DNS is looked up by a job of the server.

pub(crate) mod address;

use actix_web::HttpResponse;
use directory::domains::{self, AddDomain, Domain};
use directory::{Action, Error};
use store::TenantId;
use store::Timestamp;
use web::{Fault, QueryParams};

use crate::commands;
use crate::desk::{InTenant, Stop};
use crate::fields;
use crate::home::issuer;
use crate::views::domains::{DomainLine, DomainPage, Domains};
use crate::views::{Confirm, Problems, State, Twin};
use crate::visit::{Posted, Visit};

/// The entry of the navigation.
const HERE: &str = "/domains";
/// How often the outcome of a look-up is looked for, and how long between.
const LOOKS: u32 = 30;
const PAUSE: std::time::Duration = std::time::Duration::from_millis(200);

/// `GET /console/t/{tenant}/domains`.
pub(crate) async fn list(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let twin = query.0.has("command");
    visit
        .tenant(move |desk| {
            let page = list_page(desk, twin, String::new(), Problems::default())?;
            desk.show(&page)
        })
        .await
}

fn list_page(
    desk: &InTenant,
    twin: bool,
    typed: String,
    problems: Problems,
) -> Result<Domains, Stop> {
    let all = domains::list(desk.ctx, &desk.actor, &desk.tenant.id)?;
    let usual = desk.ctx.settings.issuer(&desk.tenant.slug, None);
    // An operator may have set a host that is in no list.
    let listed = all.iter().any(|domain| domain.canonical);
    Ok(Domains {
        shell: desk.shell(HERE)?,
        path: desk.url(HERE),
        issuer: issuer(desk)?,
        by_operator: desk.tenant.host.is_some() && !listed,
        on_own_host: desk.tenant.host.is_some(),
        usual,
        rows: all.iter().map(|domain| line(desk, domain)).collect(),
        may: desk.may(Action::DomainUpdate),
        may_vouch: desk.may(Action::TenantOperate),
        built_in: desk.tenant.id == TenantId::system(),
        typed,
        twin: twin.then(|| Twin {
            text: "Prints the same list.",
            command: commands::list("domain", &desk.tenant.slug),
        }),
        problems,
    })
}

fn line(desk: &InTenant, domain: &Domain) -> DomainLine {
    let when = |at: Option<i64>| at.map(|at| desk.when(Timestamp(at)));
    DomainLine {
        host: domain.host.clone(),
        url: desk.url(&format!("{HERE}/{}", domain.host)),
        state: state(domain),
        canonical: domain.canonical,
        checked: when(domain.checked_at),
        error: domain.last_error.clone(),
    }
}

fn state(domain: &Domain) -> State {
    match (domain.state, domain.proven_by.as_str()) {
        ("proven", "operator") => State::new("ok", "Set by an operator"),
        ("proven", _) => State::new("ok", "Proven"),
        ("failing", _) => State::new("bad", "Record is missing"),
        _ => State::new("warn", "Not proven yet"),
    }
}

/// `POST /console/t/{tenant}/domains`.
pub(crate) async fn add(posted: Posted) -> Result<HttpResponse, Fault> {
    posted
        .tenant(|desk, form| {
            let input = AddDomain {
                host: fields::text(form, "host"),
                without_proof: fields::checked(form, "without_proof"),
            };
            match domains::add(desk.ctx, &desk.actor, &desk.tenant.id, &input) {
                Ok(domain) => desk.done(
                    &desk.url(&format!("{HERE}/{}", domain.host)),
                    format!("{} is added.", domain.host),
                ),
                Err(Error::Form(errors)) => {
                    let problems = Problems::of_errors(&errors);
                    desk.again(&list_page(desk, false, input.host, problems)?)
                }
                Err(other) => Err(other.into()),
            }
        })
        .await
}

/// `GET /console/t/{tenant}/domains/{host}`.
pub(crate) async fn show(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let host = visit.segment("host");
    if let Some(asked) = query.0.get("asked").and_then(|at| at.parse::<i64>().ok()) {
        looked_up(&visit, &host, asked).await;
    }
    visit.tenant(move |desk| desk.show(&page(desk, &host, Problems::default())?)).await
}

/// Waits a while for the look-up that was asked for, so that the page can say what it found.
async fn looked_up(visit: &Visit, host: &str, asked: i64) {
    let slug = visit.segment("tenant");
    for _ in 0..LOOKS {
        let (slug, host) = (slug.clone(), host.to_owned());
        let done = web::run(&visit.state, "", move |ctx| {
            let tenant = ctx.db.system_read(|tx| tx.find_tenant_by_slug(&slug)).ok()??;
            let row = ctx.db.read(&tenant.id, |tx| tx.find_domain(&host)).ok()??;
            Some(row.checked_at.is_some_and(|at| at.0 >= asked))
        });
        match done.await {
            Ok(Some(false)) => actix_web::rt::time::sleep(PAUSE).await,
            _ => return,
        }
    }
}

fn page(desk: &InTenant, host: &str, problems: Problems) -> Result<DomainPage, Stop> {
    let domain = domains::show(desk.ctx, &desk.actor, &desk.tenant.id, host)?;
    let when = |at: Option<i64>| at.map(|at| desk.when(Timestamp(at)));
    Ok(DomainPage {
        shell: desk.shell(HERE)?,
        list: desk.url(HERE),
        path: desk.url(&format!("{HERE}/{host}")),
        state: state(&domain),
        vouched: domain.proven_by == "operator",
        usable: domain.state == "proven",
        canonical: domain.canonical,
        proven: when(domain.proven_at),
        checked: when(domain.checked_at),
        lapses: domain.lapses_at.map(|at| desk.when(Timestamp(at)).human).unwrap_or_default(),
        error: domain.last_error,
        record: domain.record,
        value: domain.value,
        may: desk.may(Action::DomainUpdate),
        twin: Some(Twin {
            text: "Looks the record up.",
            command: commands::domain("check", &desk.tenant.slug, &domain.host),
        }),
        host: domain.host,
        problems,
    })
}

/// `POST …/check`.
pub(crate) async fn check(posted: Posted) -> Result<HttpResponse, Fault> {
    let host = posted.visit.segment("host");
    posted
        .tenant(move |desk, _| {
            domains::ask(desk.ctx, &desk.actor, &desk.tenant.id, &host)?;
            let asked = desk.now().0;
            desk.go(desk.url(&format!("{HERE}/{host}?asked={asked}")))
        })
        .await
}

/// `GET …/remove`.
pub(crate) async fn ask_remove(visit: Visit) -> Result<HttpResponse, Fault> {
    let host = visit.segment("host");
    visit
        .tenant(move |desk| {
            domains::show(desk.ctx, &desk.actor, &desk.tenant.id, &host)?;
            let path = desk.url(&format!("{HERE}/{host}"));
            desk.show(&Confirm {
                shell: desk.shell(HERE)?,
                title: format!("Remove {host}?"),
                lead: "Adding it again needs a new record.".to_owned(),
                effects: vec!["Its proof is forgotten.".to_owned()],
                action: format!("{path}/remove"),
                button: format!("Remove {host}"),
                danger: true,
                back: path,
                ..Confirm::default()
            })
        })
        .await
}

/// `POST …/remove`.
pub(crate) async fn remove(posted: Posted) -> Result<HttpResponse, Fault> {
    let host = posted.visit.segment("host");
    posted
        .tenant(move |desk, _| {
            match domains::remove(desk.ctx, &desk.actor, &desk.tenant.id, &host) {
                Ok(()) => desk.done(&desk.url(HERE), format!("{host} is removed.")),
                Err(Error::Form(errors)) => {
                    desk.again(&page(desk, &host, Problems::of_errors(&errors))?)
                }
                Err(other) => Err(other.into()),
            }
        })
        .await
}
