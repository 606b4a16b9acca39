//! Hosts of a tenant's own: adding one, the record that proves it, making it the tenant's address.
//! The commands are `directory::domains`; DNS is looked up by a job of the server.

use actix_web::HttpResponse;
use directory::domains::{self, AddDomain, Domain};
use directory::{Action, Error, applications};
use store::TenantId;
use store::Timestamp;
use web::{Fault, QueryParams};

use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::fields;
use crate::home::issuer;
use crate::views::domains::{DomainLine, DomainPage, Domains};
use crate::views::{Confirm, Problems, State, Twin, capped};
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

/// `GET …/use`: what the change of address breaks, before it is made.
pub(crate) async fn ask_use(visit: Visit) -> Result<HttpResponse, Fault> {
    let host = visit.segment("host");
    visit
        .tenant(move |desk| {
            desk.must(Action::DomainUpdate)?;
            domains::show(desk.ctx, &desk.actor, &desk.tenant.id, &host)?;
            desk.show(&confirm(desk, Some(&host))?)
        })
        .await
}

/// `GET /console/t/{tenant}/domains/usual`: back to the address every tenant has.
pub(crate) async fn ask_usual(visit: Visit) -> Result<HttpResponse, Fault> {
    visit
        .tenant(|desk| {
            desk.must(Action::DomainUpdate)?;
            desk.show(&confirm(desk, None)?)
        })
        .await
}

fn confirm(desk: &InTenant, host: Option<&str>) -> Result<Confirm, Stop> {
    let tenant = &desk.tenant;
    let from = issuer(desk)?;
    let to = desk.ctx.settings.issuer(&tenant.slug, host);
    let programs = applications::count(desk.ctx, &desk.actor, &tenant.id)?;
    let connections = desk.ctx.snapshots.connections(desk.ctx, &tenant.id).map_err(Fault::from)?;
    let path = match host {
        Some(host) => desk.url(&format!("{HERE}/{host}")),
        None => desk.url(HERE),
    };
    let mut effects = vec![
        format!("The issuer changes from {from} to {to}: tokens issued before are refused."),
        format!("{} applications have to be told the new issuer.", capped(programs)),
        "People have to sign in again; password managers offer what they kept at the old host."
            .to_owned(),
        "Links in mails that are on their way stay good only while the old host leads here."
            .to_owned(),
    ];
    for connection in connections.iter() {
        effects.push(format!(
            "{}: its callback becomes {to}/federation/{}/callback and has to be registered there.",
            connection.name, connection.code
        ));
    }
    let command = commands::domain("set", &tenant.slug, host.unwrap_or_default());
    Ok(Confirm {
        shell: desk.shell(HERE)?,
        title: format!("Make {to} the address of {}?", tenant.name),
        lead: "DNS and TLS for it have to lead here before.".to_owned(),
        effects,
        action: format!("{path}/{}", if host.is_some() { "use" } else { "usual" }),
        button: "Change the address".to_owned(),
        danger: true,
        expected: tenant.slug.clone(),
        back: path,
        twin: Some(Twin { text: "Does the same.", command }),
        ..Confirm::default()
    })
}

/// `POST …/use`.
pub(crate) async fn make_address(posted: Posted) -> Result<HttpResponse, Fault> {
    let host = posted.visit.segment("host");
    posted
        .tenant(move |desk, form| {
            choose(desk, Some(&host), form.get("confirm").unwrap_or_default())
        })
        .await
}

/// `POST /console/t/{tenant}/domains/usual`.
pub(crate) async fn make_usual(posted: Posted) -> Result<HttpResponse, Fault> {
    posted.tenant(|desk, form| choose(desk, None, form.get("confirm").unwrap_or_default())).await
}

fn choose(desk: &InTenant, host: Option<&str>, typed: &str) -> Outcome {
    desk.must(Action::DomainUpdate)?;
    let mut problems = Problems::default();
    if typed.trim() != desk.tenant.slug {
        problems.add("confirm", &format!("Type {} to change the address.", desk.tenant.slug));
    } else {
        match domains::choose(desk.ctx, &desk.actor, &desk.tenant.id, host) {
            Ok(_) => return desk.done(&desk.url(HERE), "The address is changed."),
            Err(Error::Form(errors)) => {
                let said: Vec<String> = errors.into_iter().map(|e| e.message).collect();
                problems.add("confirm", &said.join(" "));
            }
            Err(other) => return Err(other.into()),
        }
    }
    let page = Confirm { problems, typed: typed.to_owned(), ..confirm(desk, host)? };
    desk.again(&page)
}

/// `GET …/remove`.
pub(crate) async fn ask_remove(visit: Visit) -> Result<HttpResponse, Fault> {
    let host = visit.segment("host");
    visit
        .tenant(move |desk| {
            desk.must(Action::DomainUpdate)?;
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
