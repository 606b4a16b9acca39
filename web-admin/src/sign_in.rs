//! Signing in to the console and out of it. The console is an ordinary application of the `system`
//! tenant: the code flow with PKCE, its state sealed into a cookie of this browser, the code
//! redeemed in this process. What it keeps is a session of its own (`directory::console`).

mod flow;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web as actix};
use context::{Ctx, TenantAddress};
use directory::{console, setup};
use protocol::catalogue;
use protocol::form::append_query;
use store::TenantId;
use vault::SecretString;
use web::sessions::ConsoleSession;
use web::views::{Frame, Message, Mood};
use web::{Fault, QueryParams, State, cookies, page};

use crate::theme;
use crate::visit::{Posted, Visit};
use flow::{Answered, SignIn};

/// Where signing in begins, and begins again.
const LOGIN: &str = "/console/login";

enum Start {
    SetUpFirst,
    Authorize { url: String, sealed: String },
}

/// `GET /console/login`: on to the sign-in page of the system tenant.
pub(crate) async fn login(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let to = theme::back(query.0.get("to").unwrap_or_default());
    if visit.signed_in().is_some() {
        return visit.go(&to);
    }
    match web::run(&visit.state, TenantId::system().as_str(), move |ctx| start(ctx, to)).await?? {
        Start::SetUpFirst => set_up_first(&visit),
        Start::Authorize { url, sealed } => {
            let mut response = page::redirect(&visit.req, &url)?;
            cookies::set(&mut response, &flow::cookie(visit.settings(), &sealed));
            Ok(response)
        }
    }
}

fn start(ctx: &Ctx, to: String) -> Result<Start, Fault> {
    if setup::open(ctx).map_err(directory_fault)? {
        return Ok(Start::SetUpFirst);
    }
    let system = system(ctx)?;
    let sign_in = SignIn::new(ctx, to);
    let url = sign_in.authorize_url(&system.issuer, &ctx.settings.console_url());
    Ok(Start::Authorize { url, sealed: sign_in.seal(ctx)? })
}

fn system(ctx: &Ctx) -> Result<std::sync::Arc<context::Tenant>, Fault> {
    let found = ctx.snapshots.tenant(ctx, &TenantAddress::Id(TenantId::system()))?;
    found.ok_or_else(|| Fault::internal("the system tenant is missing"))
}

fn set_up_first(visit: &Visit) -> Result<HttpResponse, Fault> {
    let frame = Frame::installation(visit.settings().authority());
    let title = "Nobody can sign in yet";
    let body = "The first operator makes their account with the set-up link, which the server \
        printed when it started.";
    let message = Message::new(frame, Mood::Note, "Set-up is open", title, body)
        .and("To see it again, run this on the server: tessera admin setup-link")
        .link("I have made my account", LOGIN);
    page::html(StatusCode::OK, &message, &web::headers::PageHeaders::default())
}

/// `GET /console/callback`: back from the system tenant with a code.
pub(crate) async fn callback(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let sealed = visit.req.cookie(flow::cookie_name(visit.settings()));
    let sealed = sealed.map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    let Some(sign_in) = SignIn::open(&visit.state.ctx, &sealed) else {
        return without_flow(&visit);
    };
    let to = sign_in.to.clone();
    let answered = sign_in.answered(&query.0).map_err(again)?;
    let token = redeem(&visit, sign_in, answered).await?;
    ConsoleSession::begin(&visit.session, token.expose());
    let mut response = visit.go(&to)?;
    cookies::set(&mut response, &flow::cookie(visit.settings(), ""));
    Ok(response)
}

/// Another tab was first, or the browser kept no cookie; only the first may go on by itself.
fn without_flow(visit: &Visit) -> Result<HttpResponse, Fault> {
    match visit.signed_in() {
        Some(_) => visit.go("/console"),
        None => Err(again(Fault::bad_request(catalogue::FLOW_EXPIRED))),
    }
}

fn again(fault: Fault) -> Fault {
    fault.try_again(LOGIN)
}

async fn redeem(visit: &Visit, sign_in: SignIn, answered: Answered) -> Result<SecretString, Fault> {
    let (ip, user_agent) = (visit.ip(), visit.user_agent());
    let request = visit.arrival.request().to_string();
    let state: &actix::Data<State> = &visit.state;
    let work = move |ctx: &Ctx| {
        let system = system(ctx)?;
        let (user, session) = sign_in.redeem(ctx, &system, &answered)?;
        let proof = console::SignedIn { user, session, ip, user_agent, request };
        console::begin(ctx, &proof).map_err(directory_fault)
    };
    web::run(state, TenantId::system().as_str(), work).await?.map_err(again)
}

fn directory_fault(error: directory::Error) -> Fault {
    match error {
        directory::Error::Store(error) => error.into(),
        // The sign-in ended between the code and its redemption.
        _ => Fault::bad_request(catalogue::SESSION_EXPIRED),
    }
}

/// `POST /console/sign-out`: ends this session and goes on to the system tenant's own sign-out.
pub(crate) async fn sign_out(posted: Posted) -> Result<HttpResponse, Fault> {
    let visit = &posted.visit;
    if visit.signed_in().is_none() {
        return visit.go("/console/signed-out");
    }
    if !posted.is_fresh() {
        return posted.keep();
    }
    ConsoleSession::end(&visit.session);
    let system = web::run(&visit.state, TenantId::system().as_str(), system).await??;
    let back = format!("{}/signed-out", visit.settings().console_url());
    let application = setup::console_application();
    let params = [("client_id", application.as_str()), ("post_logout_redirect_uri", back.as_str())];
    let end = format!("{}{}", system.issuer, protocol::discovery::paths::LOGOUT);
    page::redirect(&visit.req, &append_query(&end, &params))
}

/// `GET /console/signed-out`.
pub(crate) async fn signed_out(visit: Visit) -> Result<HttpResponse, Fault> {
    let frame = Frame::installation(visit.settings().authority());
    let body = "This browser is no longer signed in to the console.";
    let message = Message::new(frame, Mood::Done, "Signed out", "You are signed out", body)
        .link("Sign in again", LOGIN);
    page::ok(&message)
}
