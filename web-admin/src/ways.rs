//! How people get in at a tenant: passwords, the order of the connections, sign-up, what is asked
//! for, links; with the real page beside the form, and what people will see differently.

mod draft;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::sign_in::{self, Shown};
use directory::{Action, Error};
use store::settings::SignInSettings;
use web::Fault;

use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::fields::Press;
use crate::stage::Scene;
use crate::views::applications::ConflictRow;
use crate::views::branding::{WaysConflict, WaysPage};
use crate::views::stage::{Change, Need, Way};
use crate::views::{Problems, Twin, capped};
use crate::visit::{Posted, Visit};
use draft::Draft;
pub(crate) use draft::{needs, order};

const HERE: &str = "/sign-in";

/// A connection of the tenant: code, name, whether it is on.
pub(crate) type Known = (String, String, bool);

/// `GET /console/t/{tenant}/sign-in`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    visit
        .tenant(|desk| {
            let (shown, known) = (standing(desk)?, connections_of(desk)?);
            let draft = Draft::of(&shown, &known);
            desk.show(&page(desk, &draft, &Press::Save, Problems::default())?)
        })
        .await
}

/// `POST /console/t/{tenant}/sign-in`.
pub(crate) async fn submit(posted: Posted) -> Result<HttpResponse, Fault> {
    posted
        .tenant(|desk, form| {
            let (press, known) = (Press::of(form), connections_of(desk)?);
            let draft = Draft::read(form, &known, &press);
            match press {
                Press::Save => save(desk, &draft, &known),
                _ => desk.show(&page(desk, &draft, &press, Problems::default())?),
            }
        })
        .await
}

fn standing(desk: &InTenant) -> Result<Shown, Stop> {
    Ok(sign_in::show(desk.ctx, &desk.actor, &desk.tenant.id)?)
}

/// The connections of the tenant in their order.
pub(crate) fn connections_of(desk: &InTenant) -> Result<Vec<Known>, Stop> {
    let known = desk.ctx.snapshots.connections(desk.ctx, &desk.tenant.id).map_err(Fault::from)?;
    Ok(known.iter().map(|c| (c.code.clone(), c.name.clone(), c.enabled)).collect())
}

fn save(desk: &InTenant, draft: &Draft, known: &[Known]) -> Outcome {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    if alone(desk, draft)?.is_some() && !draft.understood {
        let mut problems = Problems::default();
        problems
            .add("understood", "Say that you know who cannot sign in any more, or keep passwords.");
        return desk.again(&page(desk, draft, &Press::Save, problems)?);
    }
    match sign_in::update(ctx, actor, tenant, &draft.input()) {
        Ok(_) => {}
        Err(Error::Form(errors)) => {
            let problems = Problems::of_errors(&errors);
            return desk.again(&page(desk, draft, &Press::Save, problems)?);
        }
        Err(Error::Stale { .. }) => return conflict(desk, draft, known),
        Err(other) => return Err(other.into()),
    }
    desk.done(&desk.url(HERE), "The settings are saved. Sign-in pages show them from now on.")
}

/// People who would have no way in, while passwords are being switched off.
fn alone(desk: &InTenant, draft: &Draft) -> Result<Option<String>, Stop> {
    if draft.settings.password || !standing(desk)?.settings.password {
        return Ok(None);
    }
    let count = sign_in::only_by_password(desk.ctx, &desk.actor, &desk.tenant.id)?;
    Ok(match count {
        0 => None,
        1 => Some("1 person".to_owned()),
        many => Some(format!("{} people", capped(many))),
    })
}

fn page(
    desk: &InTenant,
    draft: &Draft,
    press: &Press,
    problems: Problems,
) -> Result<WaysPage, Stop> {
    let (shown, known) = (standing(desk)?, connections_of(desk)?);
    let changes = draft.changes(&Draft::of(&shown, &known));
    let needs = sign_in::fields(desk.ctx, &desk.actor, &desk.tenant.id)?;
    let settings = &draft.settings;
    Ok(WaysPage {
        shell: desk.shell(HERE)?,
        path: desk.url(HERE),
        may: desk.may(Action::SignInUpdate),
        version: draft.version.to_string(),
        password: settings.password,
        sign_up: settings.sign_up,
        alone: alone(desk, draft)?,
        understood: draft.understood,
        ways: draft.order.iter().filter_map(|code| way(code, &known)).collect(),
        order: draft.order.join(" "),
        needs: chosen(needs, &settings.required_fields),
        links: links(settings),
        pending: *press != Press::Save || !problems.is_empty() || !changes.is_empty(),
        changes,
        stage: scene(desk, draft, &known)?.stage(desk),
        twin: (*press == Press::Command).then(|| Twin {
            text: "Sets what the form below says.",
            command: commands::set_sign_in(&desk.tenant.slug, settings, &draft.order),
        }),
        problems,
    })
}

/// The real page as the form would have it.
fn scene(desk: &InTenant, draft: &Draft, known: &[Known]) -> Result<Scene, Stop> {
    let mut scene = Scene::standing(desk)?;
    scene.password = draft.settings.password;
    scene.sign_up = draft.settings.sign_up;
    scene.links = draft.words();
    scene.connections = draft.enabled(known);
    Ok(scene)
}

/// The fields of links: name, label, hint, value.
fn links(settings: &SignInSettings) -> [(&'static str, &'static str, &'static str, String); 3] {
    let link = |url: &Option<String>| url.clone().unwrap_or_default();
    let (privacy, terms, help) =
        (link(&settings.privacy_url), link(&settings.terms_url), link(&settings.help_url));
    [
        ("privacy_url", "Privacy notice", "Linked below every page.", privacy),
        ("terms_url", "Terms", "Agreed to when signing up.", terms),
        ("help_url", "Help", "Where people find somebody to ask.", help),
    ]
}

fn way(code: &str, known: &[Known]) -> Option<Way> {
    let (code, name, on) = known.iter().find(|(known, ..)| known == code)?;
    Some(Way {
        code: code.clone(),
        monogram: web::views::monogram(name, 1),
        name: name.clone(),
        remark: if *on { "" } else { "Switched off" },
        on: *on,
    })
}

/// The fields that may be asked for, those that are ticked.
pub(crate) fn chosen(fields: Vec<(String, String)>, keys: &[String]) -> Vec<Need> {
    let need = |(key, label): (String, String)| Need { on: keys.contains(&key), key, label };
    fields.into_iter().map(need).collect()
}

fn conflict(desk: &InTenant, draft: &Draft, known: &[Known]) -> Outcome {
    let theirs = standing(desk)?;
    let row = |change: Change| ConflictRow {
        label: change.what.to_owned(),
        yours: change.after,
        theirs: change.before,
    };
    let page = WaysConflict {
        shell: desk.shell(HERE)?,
        changed: desk.when(desk.now()),
        rows: draft.changes(&Draft::of(&theirs, known)).into_iter().map(row).collect(),
        fields: draft.posted(theirs.version),
        action: desk.url(HERE),
    };
    desk.page(StatusCode::CONFLICT, &page)
}
