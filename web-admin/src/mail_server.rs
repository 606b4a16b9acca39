//! The mail server of the installation, for operators: setting it, and a test mail that shows what
//! it answers.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::mail::log::{self, Entry};
use directory::mail::server::{self, SetServer, Shown, Tls};
use directory::{Action, Error};
use protocol::Params;
use store::{TenantId, Timestamp};
use web::{Fault, QueryParams};

use crate::commands;
use crate::desk::{Desk, Outcome, Stop};
use crate::fields::{self, Press};
use crate::mails::banner;
use crate::views::applications::ConflictRow;
use crate::views::mails::{Banner, ServerPage, TestResult};
use crate::views::{Conflict, Problems, State, Twin};
use crate::visit::{Posted, Visit};

/// The page.
const HERE: &str = "/console/system/mail";
/// How often the outcome of a test mail is looked for, and how long between.
const LOOKS: u32 = 40;
const PAUSE: std::time::Duration = std::time::Duration::from_millis(200);

/// `GET /console/system/mail`.
pub(crate) async fn show(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let mail = query.0.get("mail").map(str::to_owned);
    if let Some(id) = mail.clone() {
        settled(&visit, &id).await;
    }
    visit
        .system(move |desk| {
            let standing = server::show(desk.ctx, &desk.actor)?;
            let mut page = page(desk, &standing, input_of(&standing), Problems::default())?;
            page.test = mail.and_then(|id| outcome(desk, &id));
            desk.show(&page)
        })
        .await
}

/// Waits a while for what becomes of a test mail, so that the page can say it.
async fn settled(visit: &Visit, id: &str) {
    for _ in 0..LOOKS {
        let id = id.to_owned();
        let state = web::run(&visit.state, "", move |ctx| {
            let id = store::MailId::parse(&id)?;
            let found = ctx.db.read(&TenantId::system(), |tx| tx.find_mail(&id)).ok()??;
            Some(found.state)
        });
        match state.await {
            Ok(Some(state)) if state == "queued" || state == "sending" => {}
            _ => return,
        }
        actix_web::rt::time::sleep(PAUSE).await;
    }
}

fn outcome(desk: &Desk, id: &str) -> Option<TestResult> {
    let entry = log::show(desk.ctx, &desk.actor, &TenantId::system(), id).ok()?;
    let (state, text) = words(&entry);
    Some(TestResult {
        state,
        text,
        to: entry.recipient,
        answer: entry.answer,
        when: desk.when(Timestamp(entry.updated_at)),
    })
}

fn words(entry: &Entry) -> (State, &'static str) {
    match entry.state.as_str() {
        "sent" => (State::new("ok", "Sent"), "The server took the mail."),
        "given_up" => (State::new("bad", "Refused"), "The server refused the mail."),
        "retrying" => (State::new("warn", "Not sent"), "It is tried again for an hour."),
        "suppressed" => (State::new("off", "Held back"), "It was not sent."),
        _ => (State::new("off", "Waiting"), "The server has not answered yet. Look again."),
    }
}

fn input_of(standing: &Shown) -> SetServer {
    SetServer {
        version: standing.version,
        host: standing.host.clone(),
        port: standing.port,
        tls: standing.tls.clone(),
        user: standing.user.clone(),
        password: None,
        from: standing.from.clone(),
    }
}

fn read(form: &Params) -> SetServer {
    SetServer {
        version: fields::text(form, "version").parse().unwrap_or_default(),
        host: fields::text(form, "host"),
        port: fields::text(form, "port").parse().unwrap_or_default(),
        tls: fields::text(form, "tls"),
        user: fields::text(form, "user"),
        password: form.get("password").filter(|p| !p.is_empty()).map(str::to_owned),
        from: fields::text(form, "from"),
    }
}

fn page(
    desk: &Desk,
    standing: &Shown,
    input: SetServer,
    problems: Problems,
) -> Result<ServerPage, Stop> {
    let label = |tls: Tls| match tls {
        Tls::Starttls => "STARTTLS, usually port 587",
        Tls::Tls => "TLS from the first byte, usually port 465",
        Tls::None => "None: only to this machine, or in development",
    };
    Ok(ServerPage {
        shell: desk.shell(HERE)?,
        // Here is where it would lead.
        banner: banner(desk)?.map(|found| match found.class {
            "" => found,
            _ => Banner { link: None, ..found },
        }),
        path: HERE,
        fixed: standing.origin == "configuration",
        has_password: standing.has_password,
        version: input.version,
        host: input.host,
        port: input.port.to_string(),
        tls: input.tls,
        ways: Tls::ALL.into_iter().map(|tls| (tls.as_str(), label(tls))).collect(),
        user: input.user,
        from: input.from,
        me: own_address(desk)?,
        test: None,
        twin: None,
        problems,
    })
}

fn own_address(desk: &Desk) -> Result<String, Stop> {
    let me = &desk.facts.user;
    let row = desk.ctx.db.read(&TenantId::system(), |tx| tx.find_user(me)).map_err(Fault::from)?;
    Ok(row.map(|row| row.email).unwrap_or_default())
}

/// `POST /console/system/mail`.
pub(crate) async fn submit(posted: Posted) -> Result<HttpResponse, Fault> {
    posted
        .system(|desk, form| {
            let input = read(form);
            if Press::of(form) != Press::Command {
                return save(desk, input);
            }
            let standing = server::show(desk.ctx, &desk.actor)?;
            let command = commands::set_mail_server(&input);
            let mut page = page(desk, &standing, input, Problems::default())?;
            page.twin = Some(Twin { text: "Saves what the form below says.", command });
            desk.show(&page)
        })
        .await
}

fn save(desk: &Desk, input: SetServer) -> Outcome {
    match server::set(desk.ctx, &desk.actor, &input) {
        Ok(_) => desk.done(HERE, "The mail server is saved. Send a test mail to see it work."),
        Err(Error::Form(errors)) => {
            let standing = server::show(desk.ctx, &desk.actor)?;
            desk.again(&page(desk, &standing, input, Problems::of_errors(&errors))?)
        }
        Err(Error::Stale { .. }) => conflict(desk, &input),
        Err(other) => Err(other.into()),
    }
}

/// A password that was typed is not in the page; it is asked for again.
fn conflict(desk: &Desk, input: &SetServer) -> Outcome {
    let theirs = input_of(&server::show(desk.ctx, &desk.actor)?);
    let told = |of: &SetServer| {
        [
            ("Host", "host", of.host.clone()),
            ("Port", "port", of.port.to_string()),
            ("Security", "tls", of.tls.clone()),
            ("User", "user", of.user.clone()),
            ("From", "from", of.from.clone()),
        ]
    };
    let mut fields = vec![("version".to_owned(), theirs.version.to_string())];
    let mut rows = Vec::new();
    for ((label, name, yours), (_, _, theirs)) in told(input).into_iter().zip(told(&theirs)) {
        fields.push((name.to_owned(), yours.clone()));
        if yours != theirs {
            rows.push(ConflictRow { label: label.to_owned(), yours, theirs });
        }
    }
    let page = Conflict {
        shell: desk.shell(HERE)?,
        title: "Mail server".to_owned(),
        what: "the mail server",
        changed: desk.when(desk.now()),
        rows,
        fields,
        action: HERE.to_owned(),
    };
    desk.page(StatusCode::CONFLICT, &page)
}

/// `POST /console/system/mail/test`.
pub(crate) async fn test(posted: Posted) -> Result<HttpResponse, Fault> {
    posted
        .system(|desk, form| {
            if !desk.actor.operator {
                return Err(Stop::Forbidden(Action::InstallationUpdate.as_str()));
            }
            let to = fields::text(form, "to");
            let system = TenantId::system();
            match log::send_example(desk.ctx, &desk.actor, &system, ("test", "en"), &to) {
                Ok(id) => desk.go(format!("{HERE}?mail={id}#test")),
                Err(Error::Form(errors)) => {
                    let standing = server::show(desk.ctx, &desk.actor)?;
                    let problems = Problems::of_errors(&errors);
                    let mut page = page(desk, &standing, input_of(&standing), problems)?;
                    page.me = to;
                    desk.again(&page)
                }
                Err(other) => Err(other.into()),
            }
        })
        .await
}
