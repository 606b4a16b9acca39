//! The link of a mail that proves an account before a provider is connected to it. Opening it
//! changes nothing; the button uses it up. It works in the browser in which the provider vouched.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use issuer::upstream::{self, MailProof, PendingError, Question};
use web::views::Problems;
use web::{Fault, FormParams};

use super::over;
use crate::sign_in;
use crate::upstream as pages;
use crate::views::{Connect, messages};
use crate::visit::Visit;

const FORM: &str = "connect-mail";

/// `GET /connect/mail/{token}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let token = visit.segment("token");
    let found = visit.ask(move |ctx, tenant, browser| {
        let pending = upstream::by_mail(ctx, tenant, browser, &token)?;
        let question = upstream::question(ctx, tenant, browser, &pending)?;
        Ok::<_, PendingError>((pending.label, question.ok_or(PendingError::Over)?))
    });
    match found.await? {
        Ok((label, question)) => page(&visit, StatusCode::OK, label, question),
        Err(error) => over(&visit, error),
    }
}

/// `POST /connect/mail/{token}`.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let token = visit.segment("token");
    if !visit.genuine(&form.0, FORM, &token)? {
        return show(visit).await;
    }
    let done = visit
        .ask(move |ctx, tenant, browser| upstream::connect_by_mail(ctx, tenant, browser, &token));
    match done.await? {
        Ok(MailProof::SignedIn(signed_in, flow)) => {
            sign_in::go_on(&visit, *flow, *signed_in, "").await
        }
        Ok(MailProof::Blocked) => {
            visit.page(StatusCode::FORBIDDEN, &messages::blocked(visit.frame()), Vec::new())
        }
        Ok(MailProof::Refused(code)) => {
            pages::refused(&visit, federation::Refusal { code, ..federation::Refusal::default() })
        }
        Err(error) => over(&visit, error),
    }
}

fn page(
    visit: &Visit,
    status: StatusCode,
    label: String,
    question: Question,
) -> Result<HttpResponse, Fault> {
    let token = visit.segment("token");
    let page = Connect {
        frame: visit.frame(),
        action: visit.path(&format!("/connect/mail/{token}")),
        csrf: visit.token(FORM, &token),
        provider: question.connection.name.clone(),
        label,
        name: question.user.name.clone(),
        email: question.user.email.clone(),
        vouched: true,
        proven: true,
        password: false,
        others: Vec::new(),
        mail: false,
        problems: Problems::none(),
    };
    visit.page(status, &page, Vec::new())
}
