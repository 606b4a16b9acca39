//! "Test this connection": starting a run, and what it saw, step by step. The run itself is
//! `federation`'s; nothing here signs anybody in.

use std::sync::Arc;

use actix_web::HttpResponse;
use context::{Connection, Tenant, TenantAddress};
use directory::connection_tests::{self, Mark, Test, TestState, TestStep};
use directory::{Action, Error};
use serde_json::Value;
use store::Timestamp;
use web::Fault;

use super::{HERE, find, head};
use crate::desk::{InTenant, Outcome, Stop};
use crate::views::State;
use crate::views::testing::{Report, ReportStep, RunLine, Runs};
use crate::visit::{Posted, Visit};

/// Longest evidence on a page, in characters.
const LONGEST: usize = 6_000;

/// `GET …/connections/{connection}/test`.
pub(crate) async fn list(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("connection");
    visit.tenant(move |desk| show_list(desk, &id, String::new())).await
}

/// `POST …/connections/{connection}/test`: begins a run. The page leads on by a link, for a form
/// of the console may not end at another host.
pub(crate) async fn start(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("connection");
    posted.tenant(move |desk, _| begin(desk, &id)).await
}

fn begin(desk: &InTenant, id: &str) -> Outcome {
    let shown = find(desk, id)?;
    let (tenant, connection) = snapshot(desk, shown.row.id.as_str())?;
    let base = &desk.ctx.settings.base_url;
    let report = |test: &str| format!("{base}{}/{test}", desk.url(&format!("{HERE}/{id}/test")));
    let url = federation::start_test(desk.ctx, &desk.actor, &tenant, &connection, report)?;
    show_list(desk, id, url)
}

pub(super) fn snapshot(desk: &InTenant, id: &str) -> Result<(Arc<Tenant>, Arc<Connection>), Stop> {
    let (ctx, store_fault) = (desk.ctx, |e: store::Error| Stop::from(Error::Store(e)));
    let at = TenantAddress::Id(desk.tenant.id.clone());
    let tenant = ctx.snapshots.tenant(ctx, &at).map_err(store_fault)?;
    let all = ctx.snapshots.connections(ctx, &desk.tenant.id).map_err(store_fault)?;
    let connection = all.iter().find(|connection| connection.id.as_str() == id).cloned();
    Ok((tenant.ok_or_else(Fault::not_found)?, connection.ok_or_else(Fault::not_found)?))
}

fn show_list(desk: &InTenant, id: &str, ready: String) -> Outcome {
    let shown = find(desk, id)?;
    let head = head(desk, &shown.row, "test");
    let may = desk.may(Action::ConnectionUpdate);
    let all = match may {
        true => connection_tests::list(desk.ctx, &desk.actor, &desk.tenant.id, &shown.row.id)?,
        false => Vec::new(),
    };
    let line = |test: &Test| RunLine {
        url: format!("{}/test/{}", head.url, test.id),
        state: state(test),
        when: desk.when(Timestamp(test.created_at)),
        said: said(&test.report.code),
    };
    desk.show(&Runs {
        shell: desk.shell(HERE)?,
        runs: all.iter().map(line).collect(),
        may,
        ready,
        head,
    })
}

fn state(test: &Test) -> State {
    match test.report.state {
        TestState::Ok => State::new("ok", "Passed"),
        TestState::Failed => State::new("bad", "Failed"),
        TestState::Running if test.abandoned => State::new("off", "Never came back"),
        TestState::Running => State::new("warn", "Waiting for the provider"),
    }
}

fn said(code: &str) -> String {
    if code.is_empty() { String::new() } else { protocol::catalogue::entry(code).admin.to_owned() }
}

/// `GET …/connections/{connection}/test/{test}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let (id, test) = (visit.segment("connection"), visit.segment("test"));
    visit.tenant(move |desk| report(desk, &id, &test)).await
}

fn report(desk: &InTenant, id: &str, test: &str) -> Outcome {
    let shown = find(desk, id)?;
    let test = connection_tests::read(desk.ctx, &desk.actor, &desk.tenant.id, test)?;
    if test.connection != shown.row.id {
        return Err(Fault::not_found().into());
    }
    let seen = &test.report;
    desk.show(&Report {
        shell: desk.shell(HERE)?,
        head: head(desk, &shown.row, "test"),
        state: state(&test),
        running: seen.state == TestState::Running && !test.abandoned,
        when: desk.when(Timestamp(test.created_at)),
        cause: said(&seen.code),
        fix: if seen.code.is_empty() { "" } else { protocol::catalogue::entry(&seen.code).fix },
        steps: seen.steps.iter().map(step).collect(),
        profile: pretty(&seen.profile),
        user: user(&seen.outcome),
    })
}

fn step(step: &TestStep) -> ReportStep {
    let (class, word) = match step.mark {
        Mark::Ok => ("ok", "Worked"),
        Mark::Warn => ("warn", "Worth a look"),
        Mark::Fail => ("bad", "Failed"),
    };
    let entry = (!step.code.is_empty()).then(|| protocol::catalogue::entry(&step.code));
    ReportStep {
        state: State::new(class, word),
        name: step.name.replace('_', " "),
        ms: step.ms,
        cause: entry.map_or("", |entry| entry.admin),
        fix: entry.map_or("", |entry| entry.fix),
        evidence: pretty(&step.evidence),
        open: step.mark == Mark::Fail,
    }
}

/// What the mapping made of the profile: field, value, what became of it.
fn user(outcome: &Value) -> Vec<(String, String, String)> {
    let line = |field: &Value| {
        let text = |value: &Value| match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let why = match text(&field["action"]["message"]) {
            none if none.is_empty() => text(&field["action"]["do"]),
            why => why,
        };
        (text(&field["target"]), text(&field["value"]), why)
    };
    outcome["fields"].as_array().into_iter().flatten().map(line).collect()
}

fn pretty(value: &Value) -> String {
    if value.is_null() {
        return String::new();
    }
    let text = format!("{value:#}");
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}\n…", &text[..at]),
        None => text,
    }
}
