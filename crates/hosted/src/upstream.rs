//! Signing in through a provider: sending the browser there, and receiving it again. What is
//! checked and decided is `federation`'s and the issuer's; here are the addresses, the cookies and
//! the pages of refusals.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use federation::{Answer, Arrived, Conclusion, Ready, Refusal, Run};
use issuer::{Flow, PageError};
use protocol::catalogue;
use protocol::form::append_query;
use store::support_code;
use web::views::{Details, Message, headline};
use web::{Fault, FormParams, QueryParams};

use crate::views::messages;
use crate::visit::Visit;
use crate::{flow, sign_in};

/// The query parameter that names a flow, and the one that names what waits for this sign-in.
const TX: &str = "tx";
const THEN: &str = "then";
/// The query parameter of an answer that was posted.
const POSTED: &str = "posted";

/// `GET /login/with/{code}?tx=…`: off to the provider.
pub(crate) async fn start(visit: Visit) -> Result<HttpResponse, Fault> {
    let tx = visit.query(TX).unwrap_or_default();
    let (code, then, name) = (visit.segment("code"), visit.query(THEN), tx.clone());
    let begun = flow::within_tx(&visit, tx, move |ctx, tenant, browser, flow: Flow| {
        let application = issuer::upstream::application(ctx, tenant, &flow)?;
        let application =
            application.ok_or_else(|| PageError::new(catalogue::APPLICATION_DISABLED, &flow.id))?;
        let flow = (&flow, name.as_str());
        Ok(federation::begin(ctx, tenant, browser, flow, &application, &code, then)?)
    });
    match begun.await? {
        Err(elsewhere) => Ok(elsewhere),
        Ok(Err(refusal)) => refused(&visit, *refusal),
        Ok(Ok(ready)) => leave(&visit, ready).await,
    }
}

/// Sends the browser to the provider of what [`federation::begin_link`] and others prepared.
pub(crate) async fn leave(visit: &Visit, ready: Ready) -> Result<HttpResponse, Fault> {
    let mut run = Run::new(false);
    match federation::send_off(&visit.state.upstreams, &ready, &mut run).await {
        Ok(url) => visit.redirect(&url),
        Err(failure) => {
            ready.note(&visit.state.ctx, &visit.tenant, &failure, &run);
            refused(visit, ready.refusal(&failure))
        }
    }
}

/// A page with the way to the provider, in answer to a form: a form of ours may not itself end at
/// another origin (Content Security Policy, `form-action`).
pub(crate) async fn show_the_way(visit: &Visit, ready: Ready) -> Result<HttpResponse, Fault> {
    let mut run = Run::new(false);
    match federation::send_off(&visit.state.upstreams, &ready, &mut run).await {
        Ok(url) => {
            let page = messages::leaving(visit.frame(), ready.provider(), &url);
            visit.page(StatusCode::OK, &page, Vec::new())
        }
        Err(failure) => refused(visit, ready.refusal(&failure)),
    }
}

/// `GET /federation/{code}/test?run=…`: a test of the connection, begun in the console.
pub(crate) async fn test(visit: Visit) -> Result<HttpResponse, Fault> {
    let sealed = visit.query("run").unwrap_or_default();
    let begun = visit
        .ask(move |ctx, tenant, browser| federation::begin_test(ctx, tenant, browser, &sealed));
    let Some(ready) = begun.await?? else { return Err(Fault::not_found()) };
    let mut run = Run::new(true);
    match federation::send_off(&visit.state.upstreams, &ready, &mut run).await {
        Ok(url) => visit.redirect(&url),
        Err(failure) => {
            let ended = visit.ask(move |ctx, tenant, _| ready.end_test(ctx, tenant, &failure, run));
            let back = ended.await??.ok_or_else(Fault::not_found)?;
            visit.redirect(&back)
        }
    }
}

/// `POST /federation/{code}/callback`: a provider that posts across sites. The browser's cookies
/// are not here, so nothing is looked at; our own GET is where they are.
pub(crate) async fn posted(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let answer = Answer::read(&form.0);
    let sealed = visit.ask(move |ctx, tenant, _| federation::seal_posted(ctx, tenant, &answer));
    let path = format!("/federation/{}/callback", visit.segment("code"));
    let url = append_query(&visit.url(&path), &[(POSTED, &sealed.await??)]);
    // Not dressed: a browser without its cookies here keeps the ones it has.
    web::page::redirect(&visit.req, &url)
}

/// `GET /federation/{code}/callback`: back from the provider.
pub(crate) async fn callback(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let code = visit.segment("code");
    let sealed = query.0.get(POSTED).map(str::to_owned);
    let read = Answer::read(&query.0);
    let arrived = visit.ask(move |ctx, tenant, browser| {
        let answer = match sealed {
            Some(sealed) => federation::open_posted(ctx, tenant, &sealed)?.unwrap_or_default(),
            None => read,
        };
        federation::arrive(ctx, tenant, browser, &code, answer)
    });
    match arrived.await?? {
        Err(conclusion) => conclude(&visit, conclusion).await,
        Ok(arrived) => asked(&visit, *arrived).await,
    }
}

async fn asked(visit: &Visit, arrived: Arrived) -> Result<HttpResponse, Fault> {
    let mut run = arrived.run();
    let verified = federation::ask_provider(&visit.state.upstreams, &arrived, &mut run).await;
    let concluded = visit.ask(move |ctx, tenant, browser| {
        federation::conclude(ctx, tenant, browser, &arrived, verified, run)
    });
    conclude(visit, concluded.await??).await
}

async fn conclude(visit: &Visit, conclusion: Conclusion) -> Result<HttpResponse, Fault> {
    match conclusion {
        Conclusion::SignedIn { flow, signed_in, then: None } => {
            sign_in::go_on(visit, *flow, *signed_in, &visit.segment("code")).await
        }
        Conclusion::SignedIn { signed_in, then: Some(pending), .. } => {
            let mut response = visit.redirect(&visit.url(&format!("/connect/{pending}")))?;
            visit.visitor.signed_in(&mut response, &signed_in);
            Ok(response)
        }
        Conclusion::Prove(pending) => visit.redirect(&visit.url(&format!("/connect/{pending}"))),
        Conclusion::Complete(pending) => {
            visit.redirect(&visit.url(&format!("/complete/{pending}")))
        }
        Conclusion::AlreadyDone(open) => {
            let stand = visit.ask(move |ctx, tenant, browser| {
                flow::stand(ctx, tenant, browser, Flow { chosen: None, ..*open })
            });
            flow::overtaken(visit, stand.await??)
        }
        Conclusion::Report(url) => visit.redirect(&url),
        Conclusion::Refused(refusal) => refused(visit, *refusal),
    }
}

/// The page of a refusal: what happened, what helps, the support code, and the ways on.
pub(crate) fn refused(visit: &Visit, refusal: Refusal) -> Result<HttpResponse, Fault> {
    let entry = catalogue::entry(refusal.code);
    let provider = refusal.connection.as_ref().map(|(_, name)| name.as_str());
    let support = match refusal.support.as_str() {
        "" => visit.visitor.browser.request.as_str(),
        flow => flow,
    };
    if !refusal.noted {
        note(visit, refusal.code, support);
    }
    let details = details(visit, &refusal, support);
    let own = (refusal.code == catalogue::FLOW_FOREIGN_BROWSER).then_some(FOREIGN);
    let said = refusal.message.as_deref().or(own).unwrap_or(entry.user);
    let title = headline(refusal.code, provider);
    let mut page = Message::error(visit.frame(), &title, said, details)
        .and(&format!("Support code: {}", support_code(support)));
    if let (Some((code, name)), Some(tx)) = (&refusal.connection, &refusal.tx) {
        let again = append_query(&visit.path(&format!("/login/with/{code}")), &[(TX, tx)]);
        page = page.link(&format!("Try {name} again"), &again);
    }
    page = match (&refusal.tx, &refusal.message) {
        (Some(tx), _) => page.link("Sign in another way", &visit.path(&format!("/login/{tx}"))),
        // No sign-in is left to go back to: whoever has an account reaches it all the same.
        (None, None) => page.link("Go to your account", &visit.path("/account")),
        (None, Some(_)) => page,
    };
    visit.page(status(refusal.code), &page, Vec::new())
}

/// The support code that the person reads is found in the log, whatever it was that failed.
fn note(visit: &Visit, code: &'static str, flow: &str) {
    let ctx = &visit.state.ctx;
    ctx.traces.record(context::TraceEvent {
        tenant: visit.tenant.id.clone(),
        flow: flow.to_owned(),
        at: ctx.now(),
        step: "upstream",
        code,
        application: String::new(),
        user: String::new(),
        connection: String::new(),
        detail: serde_json::Value::Null,
    });
}

fn details(visit: &Visit, refusal: &Refusal, support: &str) -> Details {
    let mut what = catalogue::entry(refusal.code).admin.to_owned();
    if let Some(word) = &refusal.upstream {
        what = format!("{what} Its code: {word}.");
    }
    Details {
        code: refusal.code.to_owned(),
        what,
        application: None,
        request: support.to_owned(),
        at: visit.state.ctx.now().0,
    }
}

/// What somebody reads whose sign-in belongs to another browser: there is nothing to press here.
const FOREIGN: &str = "This sign-in was started in another browser, or cookies are switched off \
                       here. Go back to the application and sign in again.";

/// The status of a refusal: whose fault it is.
fn status(code: &str) -> StatusCode {
    match code {
        catalogue::CONNECTION_UNKNOWN => StatusCode::NOT_FOUND,
        catalogue::CONNECTION_DISABLED
        | catalogue::MAPPING_BLOCKED
        | catalogue::EMAIL_DOMAIN
        | catalogue::SIGN_UP_CLOSED
        | catalogue::USER_BLOCKED
        | catalogue::UPSTREAM_DENIED => StatusCode::FORBIDDEN,
        catalogue::IDENTITY_TAKEN => StatusCode::CONFLICT,
        catalogue::UPSTREAM_STATE
        | catalogue::UPSTREAM_MIX_UP
        | catalogue::FLOW_FOREIGN_BROWSER
        | catalogue::FLOW_EXPIRED
        | catalogue::LINK_PROOF_OVER => StatusCode::BAD_REQUEST,
        _ => StatusCode::BAD_GATEWAY,
    }
}
