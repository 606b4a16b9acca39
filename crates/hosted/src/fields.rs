//! Fields of a person between a form and a command: which are asked for, what was typed into them,
//! and which control a problem belongs to.

use directory::users::fields::{self, Values};
use mapping::schema::{FieldKind, Who};
use mapping::{FieldDefinition, Schema};
use protocol::Params;
use serde_json::Value;
use web::views::Problems;

use crate::views::Field;

/// The fields of a sign-up: those that must have a value, and the name.
pub(crate) fn asked(schema: &Schema, required: &[String]) -> Vec<Field> {
    let parts = ["given_name", "family_name"];
    let by_parts = required.iter().any(|key| parts.contains(&key.as_str()));
    let wanted = |field: &&FieldDefinition| {
        required.contains(&field.key) || (field.key == "name" && !by_parts)
    };
    let shown = |field: &FieldDefinition| {
        let shown = Field::new(field, schema.is_custom(&field.key));
        if required.contains(&field.key) { shown } else { shown.optional() }
    };
    schema.fields().filter(|f| f.key != fields::EMAIL).filter(wanted).map(shown).collect()
}

/// The fields a person sees on their own page, filled in; `locked` says where one comes from that
/// is not changed there.
pub(crate) fn own(
    schema: &Schema,
    values: &Values,
    locked: impl Fn(&FieldDefinition) -> Option<String>,
) -> Vec<Field> {
    // The postal address is asked for in parts; as a whole it has several lines.
    let elsewhere = [fields::EMAIL, "address.formatted"];
    let visible = |field: &&FieldDefinition| {
        !elsewhere.contains(&field.key.as_str()) && field.visible_to == Who::User
    };
    let shown = |field: &FieldDefinition| {
        let mut shown = Field::new(field, schema.is_custom(&field.key));
        shown.value = values.get(&field.key).map(text).unwrap_or_default();
        shown.locked = locked(field);
        shown
    };
    schema.fields().filter(visible).map(shown).collect()
}

/// A value as it stands in a form.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(entries) => {
            let texts: Vec<&str> = entries.iter().filter_map(Value::as_str).collect();
            texts.join(", ")
        }
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// What was typed, into the fields and as values; a field that cannot be changed gives none.
pub(crate) fn typed(schema: &Schema, shown: &mut [Field], form: &Params) -> Values {
    let mut values = Values::new();
    for field in shown.iter_mut().filter(|field| field.locked.is_none()) {
        field.value = form.get(&field.id).unwrap_or_default().trim().to_owned();
        let list = schema.field(&field.key).is_some_and(|f| f.kind == FieldKind::List);
        let value = match (list, field.value.is_empty()) {
            (_, true) => Value::Null,
            (true, false) => entries(&field.value),
            (false, false) => Value::String(field.value.clone()),
        };
        values.insert(field.key.clone(), value);
    }
    values
}

fn entries(text: &str) -> Value {
    let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    Value::Array(entries.map(|entry| Value::String(entry.to_owned())).collect())
}

/// Problems of fields, moved to the controls of the form.
pub(crate) fn at_controls(problems: Problems, shown: &[Field]) -> Problems {
    let control = |key: String| {
        shown.iter().find(|field| field.key == key).map_or(key, |field| field.id.clone())
    };
    let mut moved = Problems::none();
    for problem in problems.0 {
        moved.add(&control(problem.field), problem.message);
    }
    moved
}
