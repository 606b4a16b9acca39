//! Connecting a provider to an account that exists: the proof first, in this browser, then the
//! confirmation, which names provider, identity and account.
//!
//! What counts as a proof is `issuer::upstream`'s; the password is checked like any other.

pub(crate) mod mail;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use issuer::login::Outcome;
use issuer::upstream::{self, Connected, Pending, PendingError, Question};
use issuer::{Flow, FlowError};
use protocol::form::append_query;
use protocol::{Params, catalogue};
use web::views::Problems;
use web::{Fault, FormParams};

use crate::sign_in::{self, Tried};
use crate::views::{Connect, connect::Provider, messages};
use crate::visit::Visit;
use crate::{flow, upstream as pages};

const FORM: &str = "connect";
const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// What the address stands for.
struct Asked {
    pending: Pending,
    question: Question,
    flow: Option<Flow>,
}

/// `GET /connect/{pending}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    match open(&visit).await? {
        Ok(asked) => page(&visit, StatusCode::OK, &asked, Problems::none()),
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// `POST /connect/{pending}`: Connect, Cancel, a password, or a mail.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let asked = match open(&visit).await? {
        Ok(asked) => asked,
        Err(elsewhere) => return Ok(elsewhere),
    };
    if !visit.genuine(&form.0, FORM, &asked.pending.id)? {
        return page(&visit, REFUSED, &asked, Problems::none());
    }
    match form.0.get("answer").unwrap_or_default() {
        "connect" if asked.question.proven.is_some() => confirm(&visit, asked).await,
        "password" if asked.question.password => proof(&visit, asked, &form.0).await,
        "mail" if asked.question.mail => send(&visit, asked).await,
        "cancel" => cancel(&visit, &asked),
        _ => page(&visit, REFUSED, &asked, Problems::none()),
    }
}

/// What waits, or where somebody goes for whom nothing waits here.
async fn open(visit: &Visit) -> Result<Result<Asked, HttpResponse>, Fault> {
    let text = visit.segment("pending");
    let found = visit.ask(move |ctx, tenant, browser| {
        let pending = upstream::open_pending(ctx, tenant, browser, &text)?;
        let question = upstream::question(ctx, tenant, browser, &pending)?;
        let question = question.ok_or(PendingError::Over)?;
        let flow = match pending.tx.as_str() {
            "" => None,
            tx => match issuer::flow::open(ctx, tenant, tx, &browser.bid) {
                Ok(flow) => Some(flow),
                Err(FlowError::Store(error)) => return Err(PendingError::Store(error)),
                Err(_) => return Err(PendingError::Over),
            },
        };
        Ok::<_, PendingError>(Asked { pending, question, flow })
    });
    match found.await? {
        Ok(asked) => Ok(Ok(asked)),
        Err(error) => over(visit, error).map(Err),
    }
}

/// The page for what does not open.
fn over(visit: &Visit, error: PendingError) -> Result<HttpResponse, Fault> {
    let code = match error {
        PendingError::Over => catalogue::LINK_PROOF_OVER,
        PendingError::Foreign => catalogue::FLOW_FOREIGN_BROWSER,
        PendingError::Store(error) => return Err(error.into()),
    };
    pages::refused(visit, federation::Refusal { code, ..federation::Refusal::default() })
}

fn page(
    visit: &Visit,
    status: StatusCode,
    asked: &Asked,
    problems: Problems,
) -> Result<HttpResponse, Fault> {
    let Asked { pending, question, .. } = asked;
    let here = visit.segment("pending");
    let with = |code: &str| {
        let query = [("tx", pending.tx.as_str()), ("then", here.as_str())];
        append_query(&visit.path(&format!("/login/with/{code}")), &query)
    };
    let usable = question.others.iter().filter(|_| !pending.tx.is_empty());
    let page = Connect {
        frame: visit.frame(),
        action: visit.path(&format!("/connect/{here}")),
        csrf: visit.token(FORM, &pending.id),
        provider: question.connection.name.clone(),
        label: pending.label.clone(),
        name: question.user.name.clone(),
        email: question.user.email.clone(),
        vouched: pending.verified,
        proven: question.proven.is_some(),
        password: question.password,
        others: usable
            .map(|c| Provider { name: c.name.clone(), code: c.code.clone(), url: with(&c.code) })
            .collect(),
        mail: question.mail,
        problems,
    };
    visit.page(status, &page, Vec::new())
}

async fn confirm(visit: &Visit, asked: Asked) -> Result<HttpResponse, Fault> {
    let pending = asked.pending.clone();
    let connected =
        visit.ask(move |ctx, tenant, browser| upstream::connect(ctx, tenant, browser, &pending));
    match (connected.await??, asked.flow) {
        (Connected::Done(session), Some(flow)) => {
            let next = visit.ask(move |ctx, tenant, browser| {
                issuer::choose::pick(ctx, tenant, &flow, browser, session.as_str())
            });
            flow::answer(visit, next.await??)
        }
        (Connected::Done(_), None) => visit.redirect(&visit.url("/account/identities")),
        (Connected::NotProven, _) => {
            visit.redirect(&visit.url(&format!("/connect/{}", visit.segment("pending"))))
        }
        (Connected::Refused(code), _) => {
            let (support, noted) = (asked.pending.flow, true);
            let refusal = federation::Refusal { code, support, noted, ..Default::default() };
            pages::refused(visit, refusal)
        }
    }
}

/// The password of the existing account: an ordinary sign-in, after which this page asks again.
async fn proof(visit: &Visit, asked: Asked, form: &Params) -> Result<HttpResponse, Fault> {
    let Some(flow) = &asked.flow else { return page(visit, REFUSED, &asked, Problems::none()) };
    let email = asked.question.user.email.as_str();
    match sign_in::attempt(visit, flow, Some(email), form).await? {
        Tried::Refused(problems) => {
            let mut said = Problems::none();
            for field in ["username", "password"] {
                if let Some(message) = problems.of(field) {
                    said.add("password", message);
                }
            }
            page(visit, REFUSED, &asked, said)
        }
        Tried::Outcome(Outcome::SignedIn(signed_in)) => {
            let here = format!("/connect/{}", visit.segment("pending"));
            let mut response = visit.redirect(&visit.url(&here))?;
            visit.visitor.signed_in(&mut response, &signed_in);
            Ok(response)
        }
        Tried::Outcome(Outcome::Blocked) => {
            visit.page(StatusCode::FORBIDDEN, &messages::blocked(visit.frame()), Vec::new())
        }
        Tried::Outcome(_) => over(visit, PendingError::Over),
    }
}

async fn send(visit: &Visit, asked: Asked) -> Result<HttpResponse, Fault> {
    let (pending, provider) = (asked.pending.clone(), asked.question.connection.name.clone());
    let sent =
        visit.ask(move |ctx, tenant, browser| upstream::send_mail(ctx, tenant, browser, &pending));
    match sent.await?? {
        true => {
            visit.page(StatusCode::OK, &messages::link_sent(visit.frame(), &provider), Vec::new())
        }
        false => page(visit, REFUSED, &asked, Problems::none()),
    }
}

fn cancel(visit: &Visit, asked: &Asked) -> Result<HttpResponse, Fault> {
    let path = match asked.pending.tx.as_str() {
        "" => "/account/identities".to_owned(),
        tx => format!("/login/{tx}"),
    };
    visit.redirect(&visit.url(&path))
}
