//! The setup guide of a connection: what to do at the provider, with our exact callback URL.

use actix_web::HttpResponse;
use directory::Action;
use directory::connections;
use directory::presets::{self, Preset};
use web::Fault;

use super::{HERE, callback_url, find, head};
use crate::desk::{InTenant, Outcome};
use crate::views::capped;
use crate::views::connections::{Guide, Step};
use crate::visit::Visit;

/// `GET …/connections/{connection}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("connection");
    visit.tenant(move |desk| page(desk, &id)).await
}

fn page(desk: &InTenant, id: &str) -> Outcome {
    let shown = find(desk, id)?;
    let used = connections::usage(desk.ctx, &desk.actor, &desk.tenant.id, id)?;
    let url = callback_url(desk, &shown.row.code);
    let preset = preset_of(&shown.row.preset, &shown.row.kind);
    desk.show(&Guide {
        shell: desk.shell(HERE)?,
        head: head(desk, &shown.row, "guide"),
        steps: preset.map(|preset| steps(preset, &url)).unwrap_or_default(),
        note: preset.map_or("", |preset| preset.note.as_str()),
        docs: preset.map_or("", |preset| preset.docs.as_str()),
        callback_url: url,
        issuer: shown.config.issuer,
        client_id: shown.config.client_id,
        scopes: shown.config.scopes.join(" "),
        enabled: shown.row.enabled,
        may: desk.may(Action::ConnectionUpdate),
        people: capped(used.identities),
        recent: capped(used.recent),
    })
}

/// The preset of a connection; the open form of its kind where it has none.
pub(super) fn preset_of(preset: &str, kind: &str) -> Option<&'static Preset> {
    presets::find(preset).or_else(|| presets::find(kind))
}

/// What to do, with the callback URL filled in.
pub(super) fn steps(preset: &'static Preset, callback_url: &str) -> Vec<Step> {
    let step = |step: &'static presets::GuideStep| Step {
        text: &step.text,
        link: if step.link { &preset.console } else { "" },
        copy: if step.copy.is_empty() { String::new() } else { callback_url.to_owned() },
    };
    preset.guide.iter().map(step).collect()
}
