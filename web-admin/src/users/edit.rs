//! Editing a user: every field in one form, which keeps what was typed whatever happens: a mistake,
//! or somebody else's change in between.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use directory::Error;
use directory::users::change;
use directory::users::fields::{self, FieldDefinition, FieldKind, Schema};
use protocol::Params;
use serde_json::Value;
use store::users::UserRow;
use web::Fault;

use super::{HERE, find, head, schema, text};
use crate::commands;
use crate::desk::{InTenant, Outcome, Stop};
use crate::fields::{Press, checked};
use crate::views::applications::ConflictRow;
use crate::views::users::{EditUser, FormField, UserConflict};
use crate::views::{Problems, Twin};
use crate::visit::{Posted, Visit};

/// Fields that stand open in the form.
const BASICS: [&str; 4] = ["email", "name", "given_name", "family_name"];

/// `GET …/users/{user}/edit`.
pub(crate) async fn show(visit: Visit) -> Result<HttpResponse, Fault> {
    let id = visit.segment("user");
    visit
        .tenant(move |desk| {
            let user = find(desk, &id)?;
            let draft = Draft::of(&schema(desk)?, &user);
            desk.show(&page(desk, &user, &draft, &Press::Save, Problems::default())?)
        })
        .await
}

/// `POST …/users/{user}/edit`.
pub(crate) async fn submit(posted: Posted) -> Result<HttpResponse, Fault> {
    let id = posted.visit.segment("user");
    posted
        .tenant(move |desk, form| {
            let user = find(desk, &id)?;
            let draft = Draft::read(&schema(desk)?, form);
            match Press::of(form) {
                Press::Save => save(desk, &user, &draft),
                press => desk.show(&page(desk, &user, &draft, &press, Problems::default())?),
            }
        })
        .await
}

/// What stands in the form: a text per field.
struct Draft {
    version: i64,
    verified: bool,
    values: Vec<(String, String)>,
    schema: Schema,
}

fn keys(schema: &Schema) -> impl Iterator<Item = &str> {
    schema.fields().map(|field| field.key.as_str()).chain([fields::EXTERNAL_ID])
}

impl Draft {
    fn of(schema: &Schema, user: &UserRow) -> Draft {
        let sheet = fields::read(user);
        let value = |key: &str| match sheet.get(key) {
            Some(Value::Bool(yes)) => yes.to_string(),
            other => text(other),
        };
        let values = keys(schema).map(|key| (key.to_owned(), value(key))).collect();
        let (version, verified) = (user.version, user.email_verified);
        Draft { version, verified, values, schema: schema.clone() }
    }

    fn read(schema: &Schema, form: &Params) -> Draft {
        let value = |key: &str| form.get(key).unwrap_or_default().trim().replace("\r\n", "\n");
        Draft {
            version: form.get("version").and_then(|v| v.parse().ok()).unwrap_or_default(),
            verified: checked(form, fields::EMAIL_VERIFIED),
            values: keys(schema).map(|key| (key.to_owned(), value(key))).collect(),
            schema: schema.clone(),
        }
    }

    fn get(&self, key: &str) -> &str {
        self.values.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value)
    }

    /// What the command takes: what differs from the user as they stood.
    fn changes(&self, from: &Draft) -> fields::Values {
        let mut changes = fields::Values::new();
        for (key, typed) in self.values.iter().filter(|(key, typed)| typed != from.get(key)) {
            let kind = self.schema.field(key).map(|field| &field.kind);
            let value = match kind {
                _ if typed.is_empty() => Value::Null,
                Some(FieldKind::List) => typed.lines().map(str::trim).collect(),
                _ => Value::from(typed.as_str()),
            };
            changes.insert(key.clone(), value);
        }
        // A new address is proven only if somebody says so now.
        if self.verified != from.verified || changes.contains_key(fields::EMAIL) {
            changes.insert(fields::EMAIL_VERIFIED.into(), self.verified.into());
        }
        changes
    }
}

fn save(desk: &InTenant, user: &UserRow, draft: &Draft) -> Outcome {
    if user.version != draft.version {
        return conflict(desk, user, draft);
    }
    let (id, standing) = (user.id.as_str(), Draft::of(&draft.schema, user));
    let changes = draft.changes(&standing);
    let (ctx, actor, tenant) = (desk.ctx, &desk.actor, &desk.tenant.id);
    match change::update(ctx, actor, tenant, id, &changes, draft.version) {
        Ok(_) => desk.done(&desk.url(&format!("{HERE}/{id}")), "The user is saved."),
        Err(Error::Form(errors)) => {
            let problems = Problems::of_errors(&errors);
            desk.again(&page(desk, user, draft, &Press::Save, problems)?)
        }
        Err(Error::Stale { .. }) => conflict(desk, &find(desk, id)?, draft),
        Err(other) => Err(other.into()),
    }
}

fn page(
    desk: &InTenant,
    user: &UserRow,
    draft: &Draft,
    press: &Press,
    problems: Problems,
) -> Result<EditUser, Stop> {
    let field = |definition: &FieldDefinition| form_field(definition, draft.get(&definition.key));
    let standard = fields::standard_fields();
    let basic = |f: &&FieldDefinition| BASICS.contains(&f.key.as_str());
    let mut basics: Vec<FormField> = standard.iter().filter(basic).map(field).collect();
    basics.push(FormField {
        hint: "The key other systems know them by.".to_owned(),
        optional: true,
        ..plain(fields::EXTERNAL_ID, "External ID", draft.get(fields::EXTERNAL_ID))
    });
    Ok(EditUser {
        shell: desk.shell(HERE)?,
        head: head(desk, user, "profile"),
        version: draft.version.to_string(),
        verified: draft.verified,
        basics,
        own: draft.schema.custom.iter().map(field).collect(),
        more: standard.iter().filter(|f| !basic(f)).map(field).collect(),
        twin: (*press == Press::Command).then(|| {
            let changes = draft.changes(&Draft::of(&draft.schema, user));
            let command = commands::set_user(user.id.as_str(), &changes);
            Twin { text: "Saves what is changed in the form below.", command }
        }),
        problems,
    })
}

fn plain(id: &str, label: &str, value: &str) -> FormField {
    FormField {
        id: id.to_owned(),
        label: label.to_owned(),
        hint: String::new(),
        value: value.to_owned(),
        kind: "text",
        options: Vec::new(),
        optional: false,
    }
}

fn form_field(definition: &FieldDefinition, value: &str) -> FormField {
    let pair = |value: &str, text: &str| (value.to_owned(), text.to_owned());
    let nothing = || pair("", "–");
    let (kind, options) = match &definition.kind {
        FieldKind::Email => ("email", Vec::new()),
        FieldKind::Url => ("url", Vec::new()),
        FieldKind::Phone => ("tel", Vec::new()),
        FieldKind::Bool => ("select", vec![nothing(), pair("true", "Yes"), pair("false", "No")]),
        FieldKind::Choice(values) => {
            let chosen = values.iter().map(|value| pair(value, value));
            ("select", std::iter::once(nothing()).chain(chosen).collect())
        }
        FieldKind::List => ("lines", Vec::new()),
        // One line of input would lose the breaks of an address.
        _ if definition.key == "address.formatted" || value.contains('\n') => ("lines", Vec::new()),
        _ => ("text", Vec::new()),
    };
    FormField {
        hint: match definition.kind {
            FieldKind::Date if definition.help.is_empty() => "Like 1990-12-31.".to_owned(),
            FieldKind::List if definition.help.is_empty() => "One per line.".to_owned(),
            _ => definition.help.clone(),
        },
        kind,
        options,
        optional: !definition.required && definition.key != fields::EMAIL,
        ..plain(&definition.key, &definition.label, value)
    }
}

/// Somebody else saved in between: both versions beside each other, and what was typed in a form
/// that can be saved over theirs.
fn conflict(desk: &InTenant, theirs: &UserRow, draft: &Draft) -> Outcome {
    let standing = Draft::of(&draft.schema, theirs);
    let label = |key: &str| match draft.schema.field(key) {
        Some(field) => field.label.clone(),
        None => "External ID".to_owned(),
    };
    let differs = draft.values.iter().filter(|(key, mine)| mine != standing.get(key));
    let mut rows: Vec<ConflictRow> = differs
        .map(|(key, mine)| ConflictRow {
            label: label(key),
            yours: mine.clone(),
            theirs: standing.get(key).to_owned(),
        })
        .collect();
    if draft.verified != standing.verified {
        let word = |yes: bool| if yes { "Proven" } else { "Not proven" }.to_owned();
        let (yours, theirs) = (word(draft.verified), word(standing.verified));
        rows.push(ConflictRow { label: "The address".to_owned(), yours, theirs });
    }
    let mut posted = draft.values.clone();
    posted.push(("version".to_owned(), theirs.version.to_string()));
    if draft.verified {
        posted.push((fields::EMAIL_VERIFIED.to_owned(), "1".to_owned()));
    }
    let page = UserConflict {
        shell: desk.shell(HERE)?,
        head: head(desk, theirs, "profile"),
        changed: desk.when(theirs.updated_at),
        rows,
        fields: posted,
        action: desk.url(&format!("{HERE}/{}/edit", theirs.id)),
    };
    desk.page(StatusCode::CONFLICT, &page)
}
