//! The link that lies in the mailbox of before: it brings the former address back, for whoever
//! reads that mailbox. Nobody has to be signed in, since an account that was taken over is what it
//! is for.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::account::email::{self, Change};
use web::{Fault, FormParams};

use crate::refusals::{self, Refusal};
use crate::views::{UndoEmail, sign_in as texts};
use crate::visit::Visit;

const FORM: &str = "undo-email";

/// `GET /undo-email/{token}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let change = open(&visit).await?;
    visit.page(StatusCode::OK, &question(&visit, &change), Vec::new())
}

/// `POST /undo-email/{token}`: from here to a new password.
pub(crate) async fn submit(visit: Visit, form: FormParams) -> Result<HttpResponse, Fault> {
    let token = visit.segment("token");
    let mut page = question(&visit, &open(&visit).await?);
    if !visit.genuine(&form.0, FORM, &token)? {
        page.notice = texts::REFRESHED.to_owned();
        return visit.page(StatusCode::UNPROCESSABLE_ENTITY, &page, Vec::new());
    }
    let actor = visit.actor();
    let undone = visit.ask(move |ctx, tenant, _| email::undo(ctx, tenant, &actor, &token)).await?;
    match undone.map_err(Refusal::from) {
        Ok(reset) => visit.redirect(&visit.url(&format!("/set-password/{}", reset.expose()))),
        Err(Refusal::Fault(fault)) => Err(fault),
        Err(Refusal::Form(problems)) => {
            page.notice = problems.0.into_iter().map(|problem| problem.message).collect();
            visit.page(StatusCode::CONFLICT, &page, Vec::new())
        }
    }
}

async fn open(visit: &Visit) -> Result<Change, Fault> {
    let token = visit.segment("token");
    let found = visit.ask(move |ctx, tenant, _| email::open_undo(ctx, tenant, &token));
    found.await?.map_err(refusals::fault)
}

fn question(visit: &Visit, change: &Change) -> UndoEmail {
    let token = visit.segment("token");
    UndoEmail {
        frame: visit.frame(),
        action: visit.path(&format!("/undo-email/{token}")),
        csrf: visit.token(FORM, &token),
        from: change.user.email.clone(),
        to: change.email.clone(),
        notice: String::new(),
    }
}
