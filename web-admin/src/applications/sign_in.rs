//! What the sign-in page of an application shows where it differs from the tenant's, with the real
//! page beside the form. Everything may be as the tenant has it, and says how that is.

mod draft;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::applications::{self, Shown};
use directory::{Action, Error, sign_in};
use store::settings::SignInSettings;
use web::Fault;

use super::{HERE, find, head};
use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::fields::Press;
use crate::stage::{self, Scene};
use crate::views::branding::{ApplicationWays, ApplicationWaysConflict};
use crate::views::stage::{Image, ImageField, Reading, Way};
use crate::views::{Problems, Twin};
use crate::visit::{Posted, Visit};
use crate::ways::{Known, chosen, connections_of};
use draft::{Draft, PASSWORD};

/// `GET …/applications/{id}/sign-in`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("id");
    visit
        .tenant(move |desk| {
            let (shown, known) = (find(desk, &id)?, connections_of(desk)?);
            let draft = Draft::of(&shown, &known);
            desk.show(&page(desk, &shown, &draft, &Press::Save, Problems::default())?)
        })
        .await
}

/// `POST …/applications/{id}/sign-in`.
pub(crate) async fn submit(mut posted: Posted) -> Result<HttpResponse, Fault> {
    let (id, files) = (posted.visit.segment("id"), std::mem::take(&mut posted.files));
    posted
        .tenant(move |desk, form| {
            let (shown, known, press) = (find(desk, &id)?, connections_of(desk)?, Press::of(form));
            let mut draft = Draft::read(form, &known, &press);
            let mut problems = Problems::default();
            draft.logo = stage::take(desk, &files, "logo", &mut problems)?.unwrap_or(draft.logo);
            match press {
                _ if !problems.is_empty() => {
                    desk.again(&page(desk, &shown, &draft, &press, problems)?)
                }
                Press::Save => save(desk, &shown, &draft, &known),
                _ => desk.show(&page(desk, &shown, &draft, &press, problems)?),
            }
        })
        .await
}

fn save(desk: &InTenant, shown: &Shown, draft: &Draft, known: &[Known]) -> Outcome {
    let (ctx, actor, tenant, id) = (desk.ctx, &desk.actor, &desk.tenant.id, shown.row.id.as_str());
    match applications::set_sign_in(ctx, actor, tenant, id, &draft.input()) {
        Ok(_) => {
            desk.done(&desk.url(&format!("{HERE}/{id}/sign-in")), "The sign-in page is saved.")
        }
        Err(Error::Form(errors)) => {
            let problems = Problems::of_errors(&errors);
            desk.again(&page(desk, shown, draft, &Press::Save, problems)?)
        }
        Err(Error::Stale { .. }) => conflict(desk, id, draft, known),
        Err(other) => Err(other.into()),
    }
}

fn page(
    desk: &InTenant,
    shown: &Shown,
    draft: &Draft,
    press: &Press,
    problems: Problems,
) -> Result<ApplicationWays, Stop> {
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let (known, house) = (connections_of(desk)?, sign_in::show(ctx, actor, tenant)?.settings);
    let needs = sign_in::fields(ctx, actor, tenant)?;
    let (head, logo) = (head(desk, &shown.row, "sign_in"), stage::picture(desk, &draft.logo)?);
    let image = stage::image(desk, tenant, logo.as_ref());
    let scene = scene(desk, shown, draft, &known, logo)?;
    let brand = if draft.brand.is_empty() { scene.brand.clone() } else { draft.brand.clone() };
    Ok(ApplicationWays {
        shell: desk.shell(HERE)?,
        may: desk.may(Action::ApplicationUpdate) && !head.built_in,
        version: draft.version.to_string(),
        own_ways: draft.own_ways,
        ways: ways(draft, &known, &house),
        order: draft.order.join(" "),
        house_ways: house_ways(&known, &house),
        sign_ups: sign_ups(&house),
        sign_up: draft.sign_up_word(),
        own_needs: draft.own_needs,
        needs: chosen(needs, &draft.needs),
        house_needs: house_needs(&house),
        image: logo_field(draft, image),
        readings: readings(draft, &brand),
        brand: draft.brand.clone(),
        house_brand: scene.brand.clone(),
        privacy_url: draft.privacy_url.clone(),
        terms_url: draft.terms_url.clone(),
        stage: scene.stage(desk),
        pending: *press != Press::Save || !problems.is_empty(),
        twin: (*press == Press::Command).then(|| twin(shown, draft)),
        head,
        problems,
    })
}

fn twin(shown: &Shown, draft: &Draft) -> Twin {
    Twin {
        text: "Sets what the form below says; a logo goes by a command of its own.",
        command: commands::set_application_sign_in(shown.row.id.as_str(), &draft.input()),
    }
}

/// What the tenant asks for, in words.
fn house_needs(house: &SignInSettings) -> String {
    match house.required_fields.as_slice() {
        [] => "the email alone".to_owned(),
        keys => keys.join(", "),
    }
}

/// The tenant's colour is put right where it stands.
fn readings(draft: &Draft, brand: &str) -> Vec<Reading> {
    let mut readings = stage::readings(brand, "", "");
    if draft.brand.is_empty() {
        readings.iter_mut().for_each(|reading| reading.fix = None);
    }
    readings
}

fn logo_field(draft: &Draft, image: Option<Image>) -> ImageField {
    ImageField {
        name: "logo",
        label: "Logo",
        hint: "In place of the tenant's. PNG, JPEG or WebP, at most 512 KB.",
        id: draft.logo.clone(),
        image,
        dark: false,
    }
}

fn scene(
    desk: &InTenant,
    shown: &Shown,
    draft: &Draft,
    known: &[Known],
    logo: Option<store::settings::Picture>,
) -> Result<Scene, Stop> {
    let mut scene = Scene::standing(desk)?;
    scene.application.clone_from(&shown.row.name);
    scene.own_brand = Some(draft.brand.clone()).filter(|brand| !brand.is_empty());
    scene.own_logo = logo;
    if draft.own_ways {
        let ways = draft.chosen_ways();
        scene.password &= ways.iter().any(|way| way == PASSWORD);
        scene.password_first = ways.first().is_some_and(|way| way == PASSWORD);
        let on = |way: &String| known.iter().find(|(code, _, on)| code == way && *on);
        let pair = |(code, name, _): &Known| (code.clone(), name.clone());
        scene.connections = ways.iter().filter_map(on).map(pair).collect();
    }
    scene.sign_up = draft.sign_up.unwrap_or(scene.sign_up);
    for (word, url) in [("Terms", &draft.terms_url), ("Privacy", &draft.privacy_url)] {
        if !url.is_empty() && !scene.links.iter().any(|there| there == word) {
            scene.links.insert(0, word.to_owned());
        }
    }
    Ok(scene)
}

fn ways(draft: &Draft, known: &[Known], house: &SignInSettings) -> Vec<Way> {
    let way = |code: &String| {
        let found = known.iter().find(|(known, ..)| known == code);
        let (name, remark) = match found {
            Some((_, name, on)) => (name.as_str(), if *on { "" } else { "Switched off" }),
            None if house.password => ("Password", ""),
            None => ("Password", "Switched off for the tenant"),
        };
        Way {
            code: code.clone(),
            monogram: web::views::monogram(name, 1),
            name: name.to_owned(),
            remark,
            on: draft.ticked.contains(code),
        }
    };
    draft.order.iter().map(way).collect()
}

fn house_ways(known: &[Known], house: &SignInSettings) -> String {
    let password = house.password.then_some("Password");
    let on = known.iter().filter(|(.., on)| *on).map(|(_, name, _)| name.as_str());
    let all: Vec<&str> = password.into_iter().chain(on).collect();
    if all.is_empty() { "nothing".to_owned() } else { all.join(", ") }
}

fn sign_ups(house: &SignInSettings) -> [(&'static str, String); 3] {
    let word = if house.sign_up { "open" } else { "closed" };
    [
        ("tenant", format!("As the tenant has it: {word}")),
        ("open", "Open: anybody may create an account".to_owned()),
        ("closed", "Closed: only people who have one".to_owned()),
    ]
}

fn conflict(desk: &InTenant, id: &str, draft: &Draft, known: &[Known]) -> Outcome {
    let theirs = find(desk, id)?;
    let page = ApplicationWaysConflict {
        shell: desk.shell(HERE)?,
        head: head(desk, &theirs.row, "sign_in"),
        changed: desk.when(theirs.row.updated_at),
        rows: draft.against(&Draft::of(&theirs, known)),
        fields: draft.posted(theirs.row.version),
        action: desk.url(&format!("{HERE}/{id}/sign-in")),
    };
    desk.page(StatusCode::CONFLICT, &page)
}
