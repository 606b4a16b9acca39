//! A form whose answer needs the word of somebody else: a provider is asked between two use cases,
//! on no thread and in no transaction of theirs, and only for who may send the form.

use std::future::Future;
use std::sync::Arc;

use actix_web::HttpResponse;
use context::Ctx;
use protocol::Params;
use store::TenantId;
use web::Fault;

use super::Posted;
use crate::desk::{Answer, Desk, Facts, InTenant, Outcome, Reply, Stop};

/// What a form comes to before anybody is asked.
pub(crate) enum Before<P> {
    /// Nobody has to be asked.
    Answer(Reply),
    /// Somebody is asked this.
    Ask(P),
}

impl Posted {
    /// Answers a form of the tenant in the path: `before` runs with the rights of whoever sent it
    /// and says what to ask, `ask` asks, `after` makes the page of what was heard. Rights are
    /// looked at again then, for asking takes seconds.
    pub(crate) async fn tenant_asking<
        P: Send + 'static,
        T: Send + 'static,
        F: Future<Output = T>,
    >(
        self,
        before: impl FnOnce(&InTenant, &Params) -> Result<Before<P>, Stop> + Send + 'static,
        ask: impl FnOnce(P) -> F,
        after: impl FnOnce(&InTenant, &Params, T) -> Outcome + Send + 'static,
    ) -> Result<HttpResponse, Fault> {
        if !self.is_fresh() {
            return self.keep();
        }
        let (visit, form) = (self.visit, Arc::new(self.form));
        let Some(who) = visit.signed_in() else { return visit.to_sign_in() };
        let (facts, slug, sent) = (visit.facts(&who), visit.segment("tenant"), Arc::clone(&form));
        let work = move |ctx: &Ctx| question(ctx, facts, &slug, |inside| before(inside, &sent));
        match web::run(&visit.state, TenantId::system().as_str(), work).await?? {
            Before::Answer(reply) => visit.respond(reply),
            Before::Ask(question) => {
                let heard = ask(question).await;
                visit.tenant(move |desk| after(desk, &form, heard)).await
            }
        }
    }
}

/// What is to be asked, if whoever sent the form may.
fn question<P>(
    ctx: &Ctx,
    facts: Facts,
    slug: &str,
    before: impl FnOnce(&InTenant) -> Result<Before<P>, Stop>,
) -> Result<Before<P>, Fault> {
    let mut question = None;
    let reply = Desk::open(ctx, facts, |desk| {
        desk.in_tenant(slug, |inside| match before(inside)? {
            Before::Answer(reply) => Ok(reply),
            Before::Ask(asked) => {
                question = Some(asked);
                Ok(Reply { answer: Answer::Go(String::new()), note: None })
            }
        })
    })?;
    Ok(question.map_or(Before::Answer(reply), Before::Ask))
}
