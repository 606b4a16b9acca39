//! One flow: the sentence that says what happened, the cause, the setting to change, and every step
//! with what is known of it.

use actix_web::HttpResponse;
use directory::logs::{self, LogEntry};
use protocol::catalogue::{self, Entry, Who};
use protocol::form::append_query;
use serde_json::Value;
use store::Timestamp;
use web::Fault;

use super::{HERE, link, user, words};
use crate::desk::{InTenant, Outcome, Stop};
use crate::names::Names;
use crate::views::logs::{Link, LogFlow, Step};
use crate::views::{When, capped};
use crate::visit::Visit;

/// Longer values of evidence are cut.
const LONGEST: usize = 300;

/// `GET /console/t/{tenant}/logs/{flow}`; a support code will do.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let flow = visit.segment("flow");
    visit.tenant(move |desk| show_flow(desk, &flow)).await
}

fn show_flow(desk: &InTenant, flow: &str) -> Outcome {
    let steps = logs::show(desk.ctx, &desk.actor, &desk.tenant.id, flow)?;
    let mut names = Names::new(desk);
    let last = |part: fn(&LogEntry) -> &String| {
        steps.iter().rev().map(part).find(|id| !id.is_empty()).cloned().unwrap_or_default()
    };
    let who = user(desk, &mut names, &last(|s| &s.user))?;
    let application = link(desk, &mut names, &last(|s| &s.application), "/applications")?;
    let connection = link(desk, &mut names, &last(|s| &s.connection), "/connections")?;
    // A flow that went well in the end is no failure, whatever was tried before.
    let end = steps.iter().rev().find(|step| !step.outcome.is_empty()).unwrap_or(&steps[0]);
    let failed = end.outcome == "failed";
    let entry = failed.then(|| catalogue::entry(&end.code));
    let first = Timestamp(steps[0].at);
    desk.show(&LogFlow {
        shell: desk.shell(HERE)?,
        list: desk.url(HERE),
        title: title(end, &who, &application),
        why: entry.map_or("", |e| e.admin),
        fix: entry.map_or("", |e| e.fix),
        versus: versus(&end.detail),
        setting: entry.map(|e| setting(desk, e, end)).unwrap_or_default(),
        code: if failed { end.code.clone() } else { String::new() },
        same: same(desk, end, failed)?,
        steps: steps.iter().map(|step| told(desk, step, first)).collect(),
        user: who,
        application,
        connection,
        when: When::new(first, desk.now()),
        flow: steps[0].flow.clone(),
        support: steps[0].support.clone(),
    })
}

fn title(end: &LogEntry, user: &Link, application: &Link) -> String {
    let who = if user.name.is_empty() { "Somebody" } else { &user.name };
    let place = match application.name.as_str() {
        "" => String::new(),
        name => format!(" to {name}"),
    };
    match end.outcome.as_str() {
        "failed" => format!("{who} could not sign in{place}"),
        "signed_up" => format!("{who} signed up"),
        "signed_out" => format!("{who} signed out"),
        "" => format!("{who} began to sign in{place}"),
        _ => format!("{who} signed in{place}"),
    }
}

/// What was asked for and the nearest that is allowed, where a failure was a matter of letters.
fn versus(detail: &Value) -> Option<(String, String)> {
    let text = |name: &str| detail.get(name).and_then(Value::as_str).map(cut);
    Some((text("redirect_uri")?, text("nearest")?))
}

/// The page on which the cause can be removed, for whoever looks at the log.
fn setting(desk: &InTenant, entry: &Entry, end: &LogEntry) -> Link {
    let to = |name: &str, rest: String| Link { name: name.to_owned(), url: desk.url(&rest) };
    let (application, connection) = (&end.application, &end.connection);
    if !connection.is_empty() && entry.code.starts_with("mapping_") {
        return to("Open the mapping", format!("/connections/{connection}/mapping"));
    }
    if !connection.is_empty() {
        return to("Open the connection", format!("/connections/{connection}"));
    }
    if entry.code.starts_with("client_") && !application.is_empty() {
        return to("Open the credentials", format!("/applications/{application}/credentials"));
    }
    match entry.who {
        Who::Developer if !application.is_empty() => {
            to("Open the application's settings", format!("/applications/{application}/settings"))
        }
        Who::User | Who::Admin if !end.user.is_empty() => {
            to("Open the user", format!("/users/{}", end.user))
        }
        _ => Link::default(),
    }
}

fn same(desk: &InTenant, end: &LogEntry, failed: bool) -> Result<Link, Stop> {
    if !failed {
        return Ok(Link::default());
    }
    let count = logs::same_code(desk.ctx, &desk.actor, &desk.tenant.id, &end.code)?;
    let name =
        if count == 1 { "Only this once".to_owned() } else { format!("{} times", capped(count)) };
    Ok(Link { name, url: append_query(&desk.url(HERE), &[("code", &end.code)]) })
}

fn told(desk: &InTenant, step: &LogEntry, first: Timestamp) -> Step {
    let bad = step.code != "ok";
    let at = When::new(Timestamp(step.at), desk.now());
    Step {
        class: if bad { "bad" } else { "" },
        title: if bad { words::title_of(&step.code) } else { words::step(&step.step) },
        at: match step.at - first.0 {
            0 => at.human.clone(),
            later => after(later),
        },
        machine: at.machine,
        said: if bad { catalogue::entry(&step.code).admin } else { "" },
        evidence: evidence(&step.detail),
        times: step.times,
    }
}

/// A length of time in microseconds, as people say it.
fn after(us: i64) -> String {
    match us {
        ..1_000_000 => format!("+ {} ms", us / 1_000),
        1_000_000..60_000_000 => format!("+ {}.{} s", us / 1_000_000, us / 100_000 % 10),
        _ => format!("+ {} min", us / 60_000_000),
    }
}

fn evidence(detail: &Value) -> String {
    let Some(members) = detail.as_object() else { return String::new() };
    let width = members.keys().map(|name| name.chars().count()).max().unwrap_or(0);
    let line = |(name, value): (&String, &Value)| match value {
        Value::Null => None,
        Value::String(text) => Some(format!("{name:width$} = {}", cut(text))),
        other => Some(format!("{name:width$} = {}", cut(&other.to_string()))),
    };
    members.iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_after_the_first_step_are_short() {
        assert_eq!(after(12_400), "+ 12 ms");
        assert_eq!(after(4_120_000), "+ 4.1 s");
        assert_eq!(after(125_000_000), "+ 2 min");
    }

    #[test]
    fn evidence_is_aligned_and_leaves_nothing_out_but_nothing() {
        let detail = serde_json::json!({ "hint": "x", "redirect_uri": null, "status": 400 });
        assert_eq!(evidence(&detail), "hint         = x\nstatus       = 400");
        assert_eq!(evidence(&Value::Null), "");
    }
}
