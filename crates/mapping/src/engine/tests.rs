//! What a mapping makes of profiles: values, policies, trust, blocks.

mod chains;
mod hostile;
mod trust;

use serde_json::{Value, json};

use super::*;
use crate::rules::Mapping;
use crate::schema::{FieldDefinition, FieldKind, Schema};

pub(super) fn schema() -> Schema {
    let field = |key: &str, kind| FieldDefinition::new(key, key, kind);
    Schema {
        custom: vec![
            field("department", FieldKind::Text),
            field("level", FieldKind::Integer),
            field("staff", FieldKind::Bool),
            field("teams", FieldKind::List),
            field("plan", FieldKind::Choice(vec!["gold".into(), "silver".into()])),
        ],
    }
}

pub(super) fn compiled(rules: Value) -> Compiled {
    let mapping = Mapping::from_value(&json!({ "rules": rules })).expect("readable rules");
    let compiled = Compiled::new(&mapping, &schema());
    assert_eq!(compiled.problems(), []);
    compiled
}

pub(super) fn profile(value: Value) -> Profile {
    Profile::from_value(&value).expect("a profile")
}

// Value and name of what happens, of one rule on one profile.
pub(super) fn applied(rule: Value, value: Value) -> (Value, &'static str) {
    let outcome = compiled(json!([rule])).apply(&profile(value), None, Occasion::Create);
    let field = &outcome.fields[0];
    let code = match &field.action {
        Action::Keep(reason) | Action::Skip(reason) => reason.code(),
        other => other.name(),
    };
    (field.value.clone().unwrap_or(Value::Null), code)
}

#[test]
fn update_policies() {
    let user = |name: Option<&str>| {
        let mut user = UserProfile::default();
        user.set("name", name.map(Value::from));
        CurrentUser::of(&user)
    };
    let (none, same, other) = (user(None), user(Some("Ann")), user(Some("Bea")));
    let code = |update: &str, current: Option<&CurrentUser>, occasion| {
        let rules = compiled(json!([{"target": "name", "source": "n", "update": update}]));
        let outcome = rules.apply(&profile(json!({"n": "Ann"})), current, occasion);
        match &outcome.fields[0].action {
            Action::Keep(reason) | Action::Skip(reason) => reason.code(),
            other => other.name(),
        }
    };
    for (update, create, empty, same_value, other_value) in [
        ("always", "set", "set", "same", "set"),
        ("first", "set", "only_first", "only_first", "only_first"),
        ("if_empty", "set", "set", "same", "not_empty"),
        ("never", "off", "off", "off", "off"),
    ] {
        assert_eq!(code(update, None, Occasion::Create), create, "{update}");
        assert_eq!(code(update, Some(&none), Occasion::SignIn), empty, "{update}");
        assert_eq!(code(update, Some(&same), Occasion::SignIn), same_value, "{update}");
        assert_eq!(code(update, Some(&other), Occasion::SignIn), other_value, "{update}");
    }
}

#[test]
fn without_a_value() {
    let rule =
        |if_missing: Value| json!({"target": "name", "source": "n", "if_missing": if_missing});
    assert_eq!(applied(rule(json!("skip")), json!({})), (Value::Null, "missing"));
    assert_eq!(applied(rule(json!({"default": " Guest "})), json!({})), (json!("Guest"), "set"));
    assert_eq!(applied(rule(json!({"block": "No."})), json!({})), (Value::Null, "blocked"));
    for nothing in [json!(null), json!(""), json!("  "), json!([]), json!({}), json!("\u{200b}")] {
        assert_eq!(applied(rule(json!("skip")), json!({"n": nothing})).1, "missing", "{nothing}");
    }
    // What the field cannot hold counts as missing too.
    let picture = json!({"target": "picture", "source": "p", "if_missing": {"block": "No."}});
    assert_eq!(applied(picture, json!({"p": "javascript:alert(1)"})).1, "blocked");
}

#[test]
fn a_block_guards_what_it_would_write() {
    let mut ann = UserProfile::default();
    ann.set("name", Some(json!("Ann")));
    let ann = CurrentUser::of(&ann);
    let blocked = |update: &str, current: Option<&CurrentUser>, occasion| {
        let rules = compiled(json!([{"target": "name", "source": "n", "update": update,
            "if_missing": {"block": "Ask an admin."}}]));
        let outcome = rules.apply(&profile(json!({})), current, occasion);
        assert_eq!(outcome.blocked.is_some(), outcome.fields[0].action.name() == "blocked");
        outcome.blocked.map(|blocked| (blocked.row, blocked.message))
    };
    let by = Some((1, "Ask an admin.".to_owned()));
    for (update, create, empty, filled) in [
        ("always", true, true, true),
        ("first", true, false, false),
        ("if_empty", true, true, false),
        ("never", false, false, false),
    ] {
        let expected = |blocks: bool| if blocks { by.clone() } else { None };
        assert_eq!(blocked(update, None, Occasion::Create), expected(create), "{update}");
        assert_eq!(blocked(update, None, Occasion::SignIn), expected(empty), "{update}");
        assert_eq!(blocked(update, Some(&ann), Occasion::SignIn), expected(filled), "{update}");
    }
}

#[test]
fn the_first_rule_with_a_value_gives_it() {
    let rules = compiled(json!([
        {"target": "name", "source": "display_name"},
        {"target": "name", "source": {"template": "{first} {last}"}},
        {"target": "name", "source": "login", "if_missing": {"block": "No name."}}
    ]));
    for (value, name, row) in [
        (json!({"display_name": "A", "first": "B", "login": "C"}), "A", 1),
        (json!({"first": "B", "login": "C"}), "B", 2),
        (json!({"login": "C"}), "C", 3),
    ] {
        let outcome = rules.apply(&profile(value), None, Occasion::Create);
        assert_eq!(outcome.blocked, None);
        let set: Vec<_> = outcome.fields.iter().filter(|f| f.action == Action::Set).collect();
        assert_eq!((set.len(), set[0].row), (1, row));
        assert_eq!(outcome.changes()["name"], name);
    }
    let outcome = rules.apply(&profile(json!({})), None, Occasion::Create);
    assert_eq!(outcome.blocked.unwrap().row, 3);
}

#[test]
fn a_deleted_field_does_not_break_sign_ins() {
    let rules = json!({"rules": [{"target": "department", "source": "d"}, {"target": "name", "source": "n"}]});
    let mapping = Mapping::from_value(&rules).unwrap();
    let compiled = Compiled::new(&mapping, &Schema::default());
    assert_eq!(compiled.problems()[0].code, "target_unknown");
    let outcome = compiled.apply(&profile(json!({"d": "hr", "n": "Ann"})), None, Occasion::Create);
    assert_eq!(outcome.fields[0].action, Action::Skip(Reason::Broken));
    assert_eq!(Value::Object(outcome.changes()), json!({"name": "Ann"}));
}

#[test]
fn outcomes_are_written_into_users() {
    let rules = compiled(json!([
        {"target": "email", "source": "mail", "trust": "always"},
        {"target": "name", "source": "n"},
        {"target": "address.locality", "source": "city"},
        {"target": "phone_number", "source": "phone"},
        {"target": "teams", "source": "teams"}
    ]));
    let value = json!({"mail": "a@x.test", "n": "Ann", "city": "Wien", "phone": "+43 1 234567",
        "teams": ["a", "b"]});
    let mut user = UserProfile {
        phone_number: Some("+15550100".into()),
        phone_number_verified: Some(true),
        ..UserProfile::default()
    };
    rules.apply(&profile(value), None, Occasion::Create).write_to(&mut user);
    assert_eq!(user.email, None, "the address is linking's to decide");
    assert_eq!(
        (user.phone_number.as_deref(), user.phone_number_verified),
        (Some("+431234567"), None)
    );
    assert_eq!(user.get("address.locality"), Some(json!("Wien")));
    assert_eq!(user.custom["teams"], json!(["a", "b"]));
}
