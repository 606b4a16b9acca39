//! The fields of users that a tenant defined itself: the list, a new one, one of them, one less. The
//! commands are `directory::fields`; what a definition may say is `mapping`'s.

mod form;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::fields::{self as commands, Shown};
use directory::{Action, Error};
use mapping::schema::standard_fields;
use mapping::{FieldDefinition, FieldKind};
use protocol::Params;
use web::Fault;

use crate::desk::{InTenant, Outcome, Stop};
use crate::views::applications::ConflictRow;
use crate::views::user_fields::{FieldConflict, FieldFields, FieldForm, FieldLine, FieldList};
use crate::views::{Confirm, Problems, Twin};
use crate::visit::{Posted, Visit};
use form::{Told, definition, of, read, told};

/// The entry of the navigation.
const HERE: &str = "/user-fields";

/// The kinds, with what they are called.
const KINDS: [(&str, &str); 11] = [
    ("text", "Text"),
    ("choice", "One of a few texts"),
    ("list", "List of texts"),
    ("bool", "Yes or no"),
    ("integer", "Whole number"),
    ("date", "Date"),
    ("email", "E-mail address"),
    ("phone", "Phone number"),
    ("url", "Web address"),
    ("locale", "Language"),
    ("timezone", "Time zone"),
];

/// `GET …/user-fields`.
pub(crate) async fn list(visit: Visit) -> Result<HttpResponse, Fault> {
    visit.tenant(show_list).await
}

fn load(desk: &InTenant) -> Result<Shown, Stop> {
    Ok(commands::list(desk.ctx, &desk.actor, &desk.tenant.id)?)
}

fn show_list(desk: &InTenant) -> Outcome {
    let shown = load(desk)?;
    let line = |field: &FieldDefinition, own: bool| FieldLine {
        url: if own { desk.url(&format!("{HERE}/{}", field.key)) } else { String::new() },
        key: field.key.clone(),
        label: field.label.clone(),
        kind: kind_label(&field.kind),
        required: field.required,
        claim: field.claim.as_ref().map(|c| c.name.clone()).unwrap_or_default(),
    };
    let slug = &desk.tenant.slug;
    desk.show(&FieldList {
        shell: desk.shell(HERE)?,
        path: desk.url(HERE),
        own: shown.schema.custom.iter().map(|field| line(field, true)).collect(),
        standard: standard_fields().iter().map(|field| line(field, false)).collect(),
        may: desk.may(Action::SignInUpdate),
        example: format!(
            "tessera field create --tenant {slug} \\\n  --key department \\\n  \
             --label Department \\\n  --kind text"
        ),
    })
}

fn kind_label(kind: &FieldKind) -> &'static str {
    let name = form::kind_name(kind);
    KINDS.iter().find(|(known, _)| *known == name).map_or("", |(_, label)| label)
}

/// `GET …/user-fields/new`.
pub(crate) async fn ask(visit: Visit) -> Result<HttpResponse, Fault> {
    visit
        .tenant(|desk| {
            let blank = FieldFields { kind: "text".to_owned(), ..FieldFields::default() };
            desk.show(&form(desk, blank, true, Vec::new(), Problems::default())?)
        })
        .await
}

/// `POST …/user-fields/new`.
pub(crate) async fn create(posted: Posted) -> Result<HttpResponse, Fault> {
    posted
        .tenant(|desk, sent| {
            let typed = read(sent);
            match commands::create(desk.ctx, &desk.actor, &desk.tenant.id, &definition(&typed)) {
                Ok(()) => {
                    desk.done(&desk.url(HERE), format!("The field {} is defined.", typed.label))
                }
                Err(Error::Form(errors)) => {
                    let problems = Problems::of_errors(&errors);
                    desk.again(&form(desk, typed, true, Vec::new(), problems)?)
                }
                Err(other) => Err(other.into()),
            }
        })
        .await
}

/// `GET …/user-fields/{field}`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let key = visit.segment("field");
    visit
        .tenant(move |desk| {
            let (typed, writers) = standing(desk, &key)?;
            desk.show(&form(desk, typed, false, writers, Problems::default())?)
        })
        .await
}

fn standing(desk: &InTenant, key: &str) -> Result<(FieldFields, Vec<String>), Stop> {
    let shown = load(desk)?;
    let field = shown.schema.custom.iter().find(|field| field.key == key);
    let field = field.ok_or_else(Fault::not_found)?;
    let writers = commands::written_by(desk.ctx, &desk.actor, &desk.tenant.id, key)?;
    Ok((of(field, shown.version), writers))
}

/// `POST …/user-fields/{field}`.
pub(crate) async fn update(posted: Posted) -> Result<HttpResponse, Fault> {
    let key = posted.visit.segment("field");
    posted.tenant(move |desk, sent| save(desk, &key, sent)).await
}

fn save(desk: &InTenant, key: &str, sent: &Params) -> Outcome {
    let mut typed = read(sent);
    typed.key = key.to_owned();
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    let version = typed.version.parse().unwrap_or_default();
    match commands::update(ctx, actor, tenant, version, &definition(&typed)) {
        Ok(()) => desk.done(&desk.url(HERE), format!("The field {} is saved.", typed.label)),
        Err(Error::Form(errors)) => {
            let (_, writers) = standing(desk, key)?;
            desk.again(&form(desk, typed, false, writers, Problems::of_errors(&errors))?)
        }
        Err(Error::Stale { .. }) => conflict(desk, key, &typed),
        Err(other) => Err(other.into()),
    }
}

fn conflict(desk: &InTenant, key: &str, mine: &FieldFields) -> Outcome {
    let (theirs, _) = standing(desk, key)?;
    let rows = told(mine).into_iter().zip(told(&theirs)).filter(|(a, b)| a.2 != b.2);
    let row = |((_, label, yours), (.., theirs)): (Told, Told)| ConflictRow {
        label: String::from(label),
        yours,
        theirs,
    };
    let mut fields: Vec<(String, String)> = told(mine)
        .into_iter()
        .filter(|(.., value)| !value.is_empty())
        .map(|(name, _, value)| (name.to_owned(), value))
        .collect();
    fields.push(("version".to_owned(), theirs.version.clone()));
    let page = FieldConflict {
        shell: desk.shell(HERE)?,
        changed: desk.when(desk.now()),
        rows: rows.map(row).collect(),
        fields,
        action: desk.url(&format!("{HERE}/{key}")),
        list: desk.url(HERE),
        label: theirs.label,
    };
    desk.page(StatusCode::CONFLICT, &page)
}

fn form(
    desk: &InTenant,
    typed: FieldFields,
    new: bool,
    writers: Vec<String>,
    problems: Problems,
) -> Result<FieldForm, Stop> {
    let rest = if new { "new" } else { typed.key.as_str() };
    Ok(FieldForm {
        shell: desk.shell(HERE)?,
        path: desk.url(&format!("{HERE}/{rest}")),
        list: desk.url(HERE),
        may: desk.may(Action::SignInUpdate),
        kinds: KINDS,
        fields: typed,
        new,
        writers,
        problems,
    })
}

/// `GET …/user-fields/{field}/delete`.
pub(crate) async fn ask_delete(visit: Visit) -> Result<HttpResponse, Fault> {
    let key = visit.segment("field");
    visit.tenant(move |desk| desk.show(&confirm(desk, &key)?)).await
}

fn confirm(desk: &InTenant, key: &str) -> Result<Confirm, Stop> {
    let (field, writers) = standing(desk, key)?;
    let mut effects = vec![
        "Forms, imports and tokens leave it out at once.".to_owned(),
        "Values that users have are dropped when the user is next changed.".to_owned(),
    ];
    if !writers.is_empty() {
        effects.push(format!("First take it out of the rules of {}.", writers.join(", ")));
    }
    let command = format!("tessera field delete {key} --tenant {}", desk.tenant.slug);
    Ok(Confirm {
        shell: desk.shell(HERE)?,
        title: format!("Remove the field {}?", field.label),
        lead: "This cannot be undone.".to_owned(),
        effects,
        action: desk.url(&format!("{HERE}/{key}/delete")),
        button: format!("Remove {}", field.label),
        danger: true,
        twin: Some(Twin { text: "Does the same.", command }),
        back: desk.url(&format!("{HERE}/{key}")),
        ..Confirm::default()
    })
}

/// `POST …/user-fields/{field}/delete`.
pub(crate) async fn delete(posted: Posted) -> Result<HttpResponse, Fault> {
    let key = posted.visit.segment("field");
    posted
        .tenant(move |desk, _| {
            match commands::delete(desk.ctx, &desk.actor, &desk.tenant.id, &key) {
                Ok(()) => desk.done(&desk.url(HERE), format!("The field {key} is removed.")),
                Err(Error::Form(errors)) => {
                    let mut problems = Problems::default();
                    errors.iter().for_each(|e| problems.add("confirm-button", &e.message));
                    desk.again(&Confirm { problems, ..confirm(desk, &key)? })
                }
                Err(other) => Err(other.into()),
            }
        })
        .await
}
