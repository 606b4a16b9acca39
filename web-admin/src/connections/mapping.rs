//! The mapping editor: rules as a table with one row open, and beside it what they make of a
//! profile. Every button sends the whole form, so that nothing typed is lost and all of it works
//! without a script; nothing is saved before the differences were shown.

mod against;
mod board;
mod draft;
mod rule;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::mappings::{self, Shown, UpdateMapping};
use directory::{Action, Error};
use mapping::Mapping;
use protocol::Params;
use web::Fault;

use super::{HERE, head};
use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::views::mapping::{MappingConflict, MappingEditor, MappingReview};
use crate::views::{Problems, Twin};
use crate::visit::{Posted, Visit};
use draft::{Draft, Press};

pub(super) use board::changes;

/// `GET …/connections/{connection}/mapping`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("connection");
    visit
        .tenant(move |desk| {
            let shown = open(desk, &id)?;
            let draft = Draft::of(&shown);
            desk.show(&editor(desk, &shown, &draft, Problems::default())?)
        })
        .await
}

/// `POST …/connections/{connection}/mapping`.
pub(crate) async fn submit(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("connection");
    posted.tenant(move |desk, form| answer(desk, &id, form)).await
}

fn open(desk: &InTenant, id: &str) -> Result<Shown, Stop> {
    Ok(mappings::show(desk.ctx, &desk.actor, &desk.tenant.id, id)?)
}

fn answer(desk: &InTenant, id: &str, form: &Params) -> Outcome {
    let shown = open(desk, id)?;
    let mut draft = Draft::read(form);
    let press = Press::of(form);
    draft.apply(&press, &shown);
    let told = match &press {
        Press::Fill(source) => against::fill(desk, id, source, &mut draft)?,
        _ => String::new(),
    };
    match press {
        Press::Review | Press::Save => match draft.checked(&shown) {
            Ok(mapping) if press == Press::Save => save(desk, &shown, &draft, mapping),
            Ok(mapping) => review(desk, &shown, &draft, &mapping),
            Err(problems) => wrong(desk, &shown, draft, problems),
        },
        _ => {
            let page = editor(desk, &shown, &draft, Problems::default())?;
            desk.show(&MappingEditor { told, ..page })
        }
    }
}

/// The editor again, with the first wrong row open.
fn wrong(
    desk: &InTenant,
    shown: &Shown,
    mut draft: Draft,
    problems: Vec<mapping::RuleProblem>,
) -> Outcome {
    draft.open = problems.iter().find(|p| p.row > 0).map(|p| p.row - 1).or(draft.open);
    let problems = rule::problems(&problems, draft.open);
    desk.again(&editor(desk, shown, &draft, problems)?)
}

fn save(desk: &InTenant, shown: &Shown, draft: &Draft, mapping: Mapping) -> Outcome {
    let id = shown.connection.id.as_str();
    let input = UpdateMapping { version: draft.version, mapping };
    match mappings::set(desk.ctx, &desk.actor, &desk.tenant.id, id, &input) {
        Ok(row) => {
            let path = desk.url(&format!("{HERE}/{id}/mapping"));
            desk.done(&path, format!("The mapping is saved as version {}.", row.mapping_version))
        }
        Err(Error::Stale { .. }) => conflict(desk, id, draft, &input.mapping),
        Err(Error::Form(errors)) => {
            let problems = Problems::of_errors(&errors);
            desk.again(&editor(desk, shown, draft, problems)?)
        }
        Err(other) => Err(other.into()),
    }
}

fn review(desk: &InTenant, shown: &Shown, draft: &Draft, mapping: &Mapping) -> Outcome {
    let head = head(desk, &shown.connection, "mapping");
    let changes = changes(&mapping::difference(&shown.mapping, mapping));
    if changes.is_empty() {
        return desk.done(&format!("{}/mapping", head.url), "Nothing was changed.");
    }
    desk.show(&MappingReview {
        shell: desk.shell(HERE)?,
        version: shown.connection.mapping_version,
        advice: mapping::rules::advice(mapping).iter().map(ToString::to_string).collect(),
        changes,
        fields: draft.posted(draft.version),
        head,
    })
}

/// Somebody else saved in between: what they changed, and what saving over it would change.
fn conflict(desk: &InTenant, id: &str, draft: &Draft, mine: &Mapping) -> Outcome {
    let theirs = open(desk, id)?;
    let page = MappingConflict {
        shell: desk.shell(HERE)?,
        head: head(desk, &theirs.connection, "mapping"),
        changed: desk.when(theirs.connection.updated_at),
        changes: changes(&mapping::difference(&theirs.mapping, mine)),
        fields: draft.posted(theirs.connection.mapping_version),
    };
    desk.page(StatusCode::CONFLICT, &page)
}

fn editor(
    desk: &InTenant,
    shown: &Shown,
    draft: &Draft,
    problems: Problems,
) -> Result<MappingEditor, Stop> {
    let (who, stranger) = against::user(desk, &draft.who)?;
    let board = board::of(shown, draft, who.as_ref());
    Ok(MappingEditor {
        shell: desk.shell(HERE)?,
        head: head(desk, &shown.connection, "mapping"),
        may: desk.may(Action::ConnectionUpdate),
        version: draft.version,
        stored: shown.connection.mapping_version,
        pending: draft.differs(shown),
        rules: draft.json(),
        sources: draft.sources(shown),
        from: draft.from.clone(),
        told: String::new(),
        who: draft.who.clone(),
        may_compare: desk.may(Action::UserRead),
        stranger,
        pasted: draft.pasted.clone(),
        twin: twin(desk, shown),
        board,
        problems,
    })
}

fn twin(desk: &InTenant, shown: &Shown) -> Twin {
    let (slug, code) = (&desk.tenant.slug, &shown.connection.code);
    Twin {
        text: "The same rules as a file: print it, change it, try it, save it.",
        command: format!(
            "{}\n{}\n{}",
            commands::mapping(slug, "show", code, " > mapping.json"),
            commands::mapping(slug, "preview", code, " --profile profile.json --file mapping.json"),
            commands::mapping(slug, "set", code, " --file mapping.json"),
        ),
    }
}
