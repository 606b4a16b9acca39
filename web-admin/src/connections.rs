//! Connections of a tenant: the list with the gallery of presets, their order, and what the tabs of
//! one have in common. Each tab has a file of its own; the commands are `directory::connections`.

pub(crate) mod check;
pub(crate) mod create;
pub(crate) mod credentials;
pub(crate) mod danger;
mod form;
pub(crate) mod guide;
mod kept;
mod look;
pub(crate) mod mapping;
pub(crate) mod settings;
pub(crate) mod testing;
pub(crate) mod versions;

use actix_web::HttpResponse;
use directory::audit::AuditQuery;
use directory::connections::{self, Shown};
use directory::presets::{self, Preset};
use directory::{Action, audit};
use protocol::Params;
use store::connections::{ConnectionRow, ConnectionUse};
use web::views::monogram;
use web::{Fault, QueryParams};

use crate::audit as audit_page;
use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::views::connections::{
    ConnectionAudit, ConnectionHead, ConnectionLine, ConnectionList, PresetCard,
};
use crate::views::{Pager, State, Twin, capped};
use crate::visit::{Posted, Visit};

/// The entry of the navigation.
pub(crate) const HERE: &str = "/connections";

/// `GET /console/t/{tenant}/connections`.
pub(crate) async fn list(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let twin = query.0.has("command");
    visit.tenant(move |desk| show_list(desk, twin)).await
}

fn show_list(desk: &InTenant, twin: bool) -> Outcome {
    let all = connections::overview(desk.ctx, &desk.actor, &desk.tenant.id)?;
    let last = all.len().saturating_sub(1);
    let lines = all.iter().enumerate().map(|(at, (shown, used))| {
        let mut line = line(desk, shown, used);
        (line.first, line.last) = (at == 0, at == last);
        line
    });
    let path = desk.url(HERE);
    desk.show(&ConnectionList {
        shell: desk.shell(HERE)?,
        slug: desk.tenant.slug.clone(),
        count: all.len(),
        rows: lines.collect(),
        presets: presets::all().iter().map(|preset| card(preset, &path)).collect(),
        may_create: desk.may(Action::ConnectionCreate),
        may_order: desk.may(Action::ConnectionUpdate) && all.len() > 1,
        twin: twin.then(|| Twin {
            text: "Prints the same list.",
            command: commands::list("connection", &desk.tenant.slug),
        }),
        path,
    })
}

fn line(desk: &InTenant, shown: &Shown, used: &ConnectionUse) -> ConnectionLine {
    let row = &shown.row;
    ConnectionLine {
        url: desk.url(&format!("{HERE}/{}", row.id)),
        id: row.id.to_string(),
        tile: tile(row),
        name: row.name.clone(),
        kind: kind(row),
        state: state(row),
        expires: check::expires(row, desk.now()),
        tested: tested(row),
        when: row.tested_at.map(|at| desk.when(at)),
        recent: capped(used.recent),
        people: capped(used.identities),
        first: false,
        last: false,
    }
}

fn card(preset: &'static Preset, path: &str) -> PresetCard {
    PresetCard {
        url: format!("{path}/new?preset={}", preset.code),
        glyph: &preset.glyph,
        name: &preset.name,
        about: &preset.about,
    }
}

/// Its sign: the preset's, or the letters of its name.
fn tile(row: &ConnectionRow) -> (String, &'static str) {
    let glyph = presets::find(&row.preset).filter(|preset| !preset.is_open());
    (monogram(&row.name, 2), glyph.map_or("", |preset| preset.glyph.as_str()))
}

fn kind(row: &ConnectionRow) -> &'static str {
    if row.kind == "oidc" { "OpenID Connect" } else { "OAuth 2.0" }
}

fn state(row: &ConnectionRow) -> State {
    if row.enabled { State::new("ok", "Offered") } else { State::new("off", "Not offered") }
}

/// What the last test of it as it stands came to.
fn tested(row: &ConnectionRow) -> State {
    match (row.tested_at, row.test_code.as_str()) {
        (None, _) => State::new("off", "Not tested"),
        (_, "ok") => State::new("ok", "Working"),
        (_, code) => State::new("bad", protocol::catalogue::entry(code).user),
    }
}

/// `POST …/connections/order`: one connection a place up or down.
pub(crate) async fn order(posted: Posted) -> Result<HttpResponse, Fault> {
    posted.tenant(reorder).await
}

fn reorder(desk: &InTenant, form: &Params) -> Outcome {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let all = connections::list(ctx, actor, tenant)?;
    let mut ids: Vec<String> = all.iter().map(|shown| shown.row.id.to_string()).collect();
    let place = |name: &str| ids.iter().position(|id| Some(id.as_str()) == form.get(name));
    match (place("up"), place("down")) {
        (Some(at), _) if at > 0 => ids.swap(at, at - 1),
        (_, Some(at)) if at + 1 < ids.len() => ids.swap(at, at + 1),
        _ => return desk.go(desk.url(HERE)),
    }
    connections::reorder(ctx, actor, tenant, &ids)?;
    desk.done(&desk.url(HERE), "The order is saved. Sign-in pages show it at once.")
}

/// The head and the tabs of a connection's pages.
pub(crate) fn head(desk: &InTenant, row: &ConnectionRow, tab: &'static str) -> ConnectionHead {
    ConnectionHead {
        url: desk.url(&format!("{HERE}/{}", row.id)),
        list: desk.url(HERE),
        code: row.code.clone(),
        tile: tile(row),
        name: row.name.clone(),
        state: state(row),
        tested: tested(row),
        expires: check::expires(row, desk.now()),
        kind: kind(row),
        tab,
    }
}

/// A connection with its settings; unknown, foreign and malformed ids are the same 404.
pub(crate) fn find(desk: &InTenant, id: &str) -> Result<Shown, Stop> {
    Ok(connections::show(desk.ctx, &desk.actor, &desk.tenant.id, id)?)
}

/// Where this connection's provider sends people back to.
fn callback_url(desk: &InTenant, code: &str) -> String {
    let issuer = desk.ctx.settings.issuer(&desk.tenant.slug, desk.tenant.host.as_deref());
    connections::callback_url(&issuer, code)
}

/// `GET …/connections/{connection}/audit`.
pub(crate) async fn changes(visit: Visit, query: QueryParams) -> Result<HttpResponse, Fault> {
    let (id, after) = (visit.segment("connection"), query.0.get("after").map(str::to_owned));
    visit.tenant(move |desk| show_changes(desk, &id, after.as_deref())).await
}

fn show_changes(desk: &InTenant, id: &str, after: Option<&str>) -> Outcome {
    let shown = find(desk, id)?;
    let query = AuditQuery::of_object(shown.row.id.as_str());
    let page = audit::list(desk.ctx, &desk.actor, &desk.tenant.id, &query, after, None)?;
    let head = head(desk, &shown.row, "audit");
    let path = format!("{}/audit", head.url);
    desk.show(&ConnectionAudit {
        shell: desk.shell(HERE)?,
        pager: Pager::new(&path, "", after, page.next.as_deref()),
        entries: audit_page::entries(desk, page.items)?,
        head,
    })
}
