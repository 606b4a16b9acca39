//! The form of a field as it was typed, and as the command takes it.

use mapping::schema::{FieldClaim, Who};
use mapping::{FieldDefinition, FieldKind};
use protocol::Params;

use crate::fields;
use crate::views::user_fields::FieldFields;

/// Name, label and value of a field of the form.
pub(super) type Told = (&'static str, &'static str, String);

pub(super) fn told(f: &FieldFields) -> Vec<Told> {
    let yes = |on: bool| if on { "1" } else { "" }.to_owned();
    vec![
        ("label", "Label", f.label.clone()),
        ("kind", "Kind", f.kind.clone()),
        ("choices", "Choices", f.choices.clone()),
        ("required", "Required", yes(f.required)),
        ("min", "Least", f.min.clone()),
        ("max", "Most", f.max.clone()),
        ("pattern", "Pattern", f.pattern.clone()),
        ("help", "Help", f.help.clone()),
        ("user_visible", "Users see it", yes(f.user_visible)),
        ("user_editable", "Users change it", yes(f.user_editable)),
        ("claim", "Claim", f.claim.clone()),
        ("claim_scope", "Scope", f.claim_scope.clone()),
    ]
}

pub(super) fn of(field: &FieldDefinition, version: i64) -> FieldFields {
    let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    let claim = field.claim.as_ref();
    FieldFields {
        version: version.to_string(),
        key: field.key.clone(),
        label: field.label.clone(),
        kind: kind_name(&field.kind),
        choices: match &field.kind {
            FieldKind::Choice(texts) => texts.join("\n"),
            _ => String::new(),
        },
        required: field.required,
        min: number(field.min),
        max: number(field.max),
        pattern: field.pattern.clone().unwrap_or_default(),
        help: field.help.clone(),
        user_visible: field.visible_to == Who::User,
        user_editable: field.editable_by == Who::User,
        claim: claim.map(|claim| claim.name.clone()).unwrap_or_default(),
        claim_scope: claim.map(|claim| claim.scope.clone()).unwrap_or_default(),
    }
}

pub(super) fn read(form: &Params) -> FieldFields {
    let text = |name: &str| fields::text(form, name);
    let on = |name: &str| fields::checked(form, name);
    FieldFields {
        version: text("version"),
        key: text("key"),
        label: text("label"),
        kind: text("kind"),
        choices: text("choices"),
        required: on("required"),
        min: text("min"),
        max: text("max"),
        pattern: text("pattern"),
        help: text("help"),
        user_visible: on("user_visible"),
        user_editable: on("user_editable"),
        claim: text("claim"),
        claim_scope: text("claim_scope"),
    }
}

pub(super) fn definition(typed: &FieldFields) -> FieldDefinition {
    let lines = typed.choices.lines().map(|line| line.trim().to_owned());
    let kind = match typed.kind.as_str() {
        "choice" => FieldKind::Choice(lines.filter(|line| !line.is_empty()).collect()),
        other => serde_json::from_value(other.into()).unwrap_or(FieldKind::Text),
    };
    let who = |user: bool| if user { Who::User } else { Who::Admin };
    let mut field = FieldDefinition::new(&typed.key, &typed.label, kind);
    field.required = typed.required;
    field.min = typed.min.parse().ok();
    field.max = typed.max.parse().ok();
    field.pattern = Some(typed.pattern.clone()).filter(|pattern| !pattern.is_empty());
    field.help = typed.help.clone();
    field.visible_to = who(typed.user_visible || typed.user_editable);
    field.editable_by = who(typed.user_editable);
    let scope = if typed.claim_scope.is_empty() { "profile" } else { &typed.claim_scope };
    field.claim = (!typed.claim.is_empty())
        .then(|| FieldClaim { name: typed.claim.clone(), scope: scope.to_owned() });
    field
}

/// The name of a kind in forms.
pub(super) fn kind_name(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Choice(_) => "choice".to_owned(),
        other => {
            let json = serde_json::to_value(other).unwrap_or_default();
            json.as_str().unwrap_or_default().to_owned()
        }
    }
}
