//! "Check credentials": whether the provider takes our client ID and secret, found out without
//! anybody signing in. What is kept is when, and what it came to; here it is put into words.

use actix_web::HttpResponse;
use directory::connections::{self, Expiry};
use federation::{Failure, Question, Run};
use protocol::catalogue;
use store::Timestamp;
use store::connections::ConnectionRow;
use web::Fault;

use super::testing::snapshot;
use super::{HERE, find};
use crate::desk::{InTenant, Outcome, Stop};
use crate::views::State;
use crate::visit::{Before, Posted};

/// `POST …/connections/{connection}/check`.
pub(crate) async fn submit(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("connection");
    let upstreams = posted.visit.state.upstreams.clone();
    let ask = |(row, question): (ConnectionRow, Question)| async move {
        let mut run = Run::new(false);
        let told = federation::check_credentials(&upstreams, &question, &mut run).await;
        (row, told)
    };
    let before = move |desk: &InTenant, _: &_| prepare(desk, &id).map(Before::Ask);
    posted.tenant_asking(before, ask, |desk, _, (row, told)| done(desk, &row, told)).await
}

fn prepare(desk: &InTenant, id: &str) -> Result<(ConnectionRow, Question), Stop> {
    let row = find(desk, id)?.row;
    let (tenant, connection) = snapshot(desk, row.id.as_str())?;
    Ok((row, federation::question(desk.ctx, &tenant, &connection)))
}

fn done(desk: &InTenant, row: &ConnectionRow, told: Result<(), Failure>) -> Outcome {
    let code = told.as_ref().err().map_or("ok", |failure| failure.code);
    connections::note_check(desk.ctx, &desk.actor, &desk.tenant.id, row, code)?;
    let said = told.err().and_then(|failure| {
        let said = ["error_description", "error", "why"];
        let said = said.iter().find_map(|name| failure.evidence.get(*name)?.as_str());
        said.filter(|said| !said.is_empty()).map(|said| format!(" The provider said: {said}"))
    });
    let path = desk.url(&format!("{HERE}/{}/credentials", row.id));
    desk.done(&path, format!("{}{}", words(code).1, said.unwrap_or_default()))
}

/// What the last check came to: its state, a sentence, what helps.
pub(super) fn outcome(row: &ConnectionRow) -> (State, String, &'static str) {
    match row.checked_at {
        Some(_) => words(&row.check_code),
        None => {
            let text = "Asks the provider with a code that was never issued. Nobody signs in.";
            (State::new("off", "Not checked"), text.to_owned(), "")
        }
    }
}

fn words(code: &str) -> (State, String, &'static str) {
    let entry = catalogue::entry(code);
    match code {
        "ok" => {
            let text = "The provider took client ID and secret: it refused only the made-up code.";
            (State::new("ok", "Accepted"), text.to_owned(), "")
        }
        catalogue::UPSTREAM_CLIENT => {
            (State::new("bad", "Refused"), entry.admin.to_owned(), entry.fix)
        }
        _ => {
            let text = format!("Whether they are right could not be found out. {}", entry.admin);
            (State::new("warn", "Not known"), text, entry.fix)
        }
    }
}

/// A word about the date of the secret, where it is worth one.
pub(super) fn expires(row: &ConnectionRow, now: Timestamp) -> Option<State> {
    Some(match connections::expiry(row, now)? {
        Expiry::Past => State::new("bad", "Secret expired"),
        Expiry::Soon(1) => State::new("warn", "Secret expires tomorrow"),
        Expiry::Soon(days) => State::new("warn", &format!("Secret expires in {days} days")),
    })
}
