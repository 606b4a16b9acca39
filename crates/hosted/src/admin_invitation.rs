//! Accepting an invitation to administer a tenant. Who has an account accepts in the console, signed
//! in; who has none makes one here. The page exists at the built-in tenant only.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::admins::{self, Opened};
use protocol::Params;
use web::views::Problems;
use web::{Fault, FormParams, page};

use crate::new_password;
use crate::refusals::{self, Refusal};
use crate::views::{AdminInvitation, sign_in};
use crate::visit::Visit;

const FORM: &str = "admin-invitation";
const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// `GET /admin-invitation/{tenant}/{token}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let opened = open(&visit).await?;
    if opened.account {
        return visit.redirect(&accept_url(&visit));
    }
    visit.page(StatusCode::OK, &blank(&visit, opened), Vec::new())
}

/// `POST /admin-invitation/{tenant}/{token}`.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let mut page = blank(&visit, open(&visit).await?);
    page.name = form.0.get("name").unwrap_or_default().trim().to_owned();
    if !visit.genuine(&form.0, FORM, &visit.segment("token"))? {
        page.notice = sign_in::REFRESHED.to_owned();
        return visit.page(REFUSED, &page, Vec::new());
    }
    match complete(&visit, &page, &form.0).await {
        Ok(slug) => {
            let console = visit.state.ctx.settings.console_url();
            visit.redirect(&format!("{console}/t/{slug}"))
        }
        Err(Refusal::Fault(fault)) => Err(fault),
        Err(Refusal::Form(problems)) => {
            page.problems = problems;
            visit.page(REFUSED, &page, Vec::new())
        }
    }
}

/// Where somebody with an account accepts.
fn accept_url(visit: &Visit) -> String {
    let console = visit.state.ctx.settings.console_url();
    format!("{console}/invitations/{}/{}", visit.segment("tenant"), visit.segment("token"))
}

async fn open(visit: &Visit) -> Result<Opened, Fault> {
    if !visit.tenant.is_system() {
        return Err(Fault::not_found());
    }
    let (slug, token) = (visit.segment("tenant"), visit.segment("token"));
    let console = visit.state.ctx.settings.console_url();
    let opened = visit.ask(move |ctx, _, _| admins::open(ctx, &slug, &token)).await?;
    opened.map_err(|error| refusals::fault(error).back("Open the console", console))
}

fn blank(visit: &Visit, opened: Opened) -> AdminInvitation {
    let token = visit.segment("token");
    let settings = &visit.state.ctx.settings;
    AdminInvitation {
        frame: page::installation_frame(settings),
        action: visit.path(&format!("/admin-invitation/{}/{token}", opened.tenant.slug)),
        csrf: visit.token(FORM, &token),
        tenant: opened.tenant.name,
        role: opened.role.as_str(),
        email: opened.email,
        name: String::new(),
        least: settings.password_min,
        notice: String::new(),
        problems: Problems::none(),
    }
}

async fn complete(visit: &Visit, page: &AdminInvitation, form: &Params) -> Result<String, Refusal> {
    if page.name.is_empty() {
        return Err(Refusal::Form(Problems::one("name", "Enter your name")));
    }
    let password = form.get("password").unwrap_or_default();
    let phc = new_password::hash(visit, &page.email, password).await?;
    let (slug, token, name) = (visit.segment("tenant"), visit.segment("token"), page.name.clone());
    let made = visit.ask(move |ctx, _, browser| {
        let visitor = directory::Actor::visitor(&browser.request, &browser.ip);
        admins::accept_new(ctx, &visitor, &slug, &token, &name, &phc).map(|(tenant, _)| tenant.slug)
    });
    Ok(made.await??)
}
