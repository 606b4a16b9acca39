//! `tessera field …`.

use directory::fields;
use mapping::schema::{FieldClaim, Who};
use mapping::{FieldDefinition, FieldKind};
use serde_json::{Value, json};

use super::Session;
use super::output::{answer, facts, say, table};
use crate::args::{CreateField, FieldCommand};
use crate::fail::Fail;

/// Runs a command on the fields of users.
pub fn run(session: &Session, command: FieldCommand) -> Result<(), Fail> {
    match command {
        FieldCommand::Create(args) => create(session, *args),
        FieldCommand::List { tenant } => {
            let tenant = session.tenant(&tenant)?;
            let shown = fields::list(&session.ctx, &session.actor, &tenant.id)?;
            let rows = shown.schema.custom.iter().map(serde_json::to_value);
            let rows: Vec<Value> =
                rows.collect::<Result<_, _>>().map_err(|e| Fail::new(e.to_string()))?;
            let value = json!({ "items": rows });
            answer(session.json, &value, || table(&["key", "label", "kind", "required"], &rows));
            Ok(())
        }
        FieldCommand::Delete { key, tenant } => {
            let tenant = session.tenant(&tenant)?;
            session.confirm(&format!("This removes the field {key} from all users"))?;
            fields::delete(&session.ctx, &session.actor, &tenant.id, &key)?;
            let value = json!({ "key": key, "deleted": true });
            answer(session.json, &value, || say!("deleted {key}"));
            Ok(())
        }
    }
}

fn create(session: &Session, args: CreateField) -> Result<(), Fail> {
    let tenant = session.tenant(&args.tenant)?;
    let mut field = FieldDefinition::new(&args.key, &args.label, kind(&args)?);
    field.required = args.required;
    field.min = args.min;
    field.max = args.max;
    field.pattern = args.pattern;
    field.help = args.help_text;
    field.editable_by = who(args.user_editable);
    field.visible_to = who(args.user_visible || args.user_editable);
    field.claim = args.claim.map(|name| FieldClaim {
        name,
        scope: args.claim_scope.unwrap_or_else(|| "profile".to_owned()),
    });
    fields::create(&session.ctx, &session.actor, &tenant.id, &field)?;
    let value = serde_json::to_value(&field).map_err(|e| Fail::new(e.to_string()))?;
    answer(session.json, &value, || facts(&value));
    Ok(())
}

fn who(user: bool) -> Who {
    if user { Who::User } else { Who::Admin }
}

fn kind(args: &CreateField) -> Result<FieldKind, Fail> {
    if args.kind == "choice" {
        return Ok(FieldKind::Choice(args.choices.clone()));
    }
    serde_json::from_value(args.kind.as_str().into()).map_err(|_| {
        Fail::usage(
            "--kind: choose text, email, phone, url, bool, integer, date, locale, timezone, \
             choice or list",
        )
    })
}
