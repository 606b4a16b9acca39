//! What the preview says: results, differences, what is missing and unused, claims, mistakes.

use protocol::Scopes;
use serde_json::{Value, json};

use crate::engine::CurrentField;
use crate::schema::{FieldClaim, FieldDefinition, FieldKind, Schema};
use crate::*;

fn schema() -> Schema {
    let claim = |name: &str, scope: &str| {
        Some(FieldClaim { name: name.to_owned(), scope: scope.to_owned() })
    };
    let field = |key: &str| FieldDefinition::new(key, key, FieldKind::Text);
    Schema {
        custom: vec![
            FieldDefinition {
                required: true,
                claim: claim("https://acme.example/department", "profile"),
                ..field("department")
            },
            FieldDefinition { claim: claim("badge", "hr"), ..field("badge") },
            // As nobody can save it: the engine does not rely on that.
            FieldDefinition { claim: claim("roles", "profile"), ..field("nothing") },
        ],
    }
}

fn shown(rules: Value, profile: Value, current: Option<&CurrentUser>, scopes: &str) -> Preview {
    let mapping = Mapping::from_value(&json!({ "rules": rules })).unwrap();
    let profile = Profile::from_value(&profile).unwrap();
    preview(&mapping, &schema(), &profile, current, &Scopes::parse(scopes).unwrap())
}

#[test]
fn a_new_user() {
    let rules = json!([
        {"target": "email", "source": "mail", "trust": {"verified": "mail_ok"}},
        {"target": "name", "source": {"template": "{first} {last}"}},
        {"target": "department", "source": "org.dept", "transforms": ["trim", "upper"]},
        {"target": "badge", "source": {"const": "B1"}},
        {"target": "nickname", "source": "nick", "update": "never"}
    ]);
    let profile = json!({"mail": "Ann@X.test", "mail_ok": true, "first": "Ann", "last": "Adler",
        "org": {"dept": " hr ", "site": "W"}, "nick": "a", "tags": ["x"], "teams": [{"id": 1}]});
    let page = shown(rules, profile, None, "openid profile email");
    assert_eq!(
        Value::Object(page.user.clone()),
        json!({"email": "Ann@x.test", "name": "Ann Adler", "department": "HR", "badge": "B1"})
    );
    assert_eq!(
        Value::Object(page.claims.clone()),
        json!({"email": "Ann@x.test", "email_verified": true, "name": "Ann Adler",
            "https://acme.example/department": "HR"})
    );
    assert_eq!(page.unused, ["nick", "org.site", "tags", "teams"]);
    assert_eq!((page.missing.len(), page.diff.len(), page.required.len()), (0, 0, 0));
    let row = serde_json::to_value(&page.rows[2]).unwrap();
    assert_eq!(
        row,
        json!({"row": 3, "target": "department", "value": "HR", "action": {"do": "set"},
            "provenance": {"taken": ["/org/dept"], "kind": "text", "raw": " hr ", "steps": [
                {"name": "trim", "value": "hr"}, {"name": "upper", "value": "HR"}]}})
    );
    let off = serde_json::to_value(&page.rows[4].action).unwrap();
    assert_eq!(off, json!({"do": "skip", "code": "off", "message": "The rule is switched off."}));
}

#[test]
fn a_known_user() {
    let mut user = UserProfile::default();
    user.set("name", Some(json!("Ann")));
    user.set("email", Some(json!("ann@x.test")));
    let mut current = CurrentUser::of(&user);
    let by_hand = CurrentField { value: json!("Ann"), source: Some("user".into()) };
    current.fields.insert("name".into(), by_hand);
    let rules = json!([
        {"target": "name", "source": "n"},
        {"target": "email", "source": "mail"},
        {"target": "gender", "source": "g", "if_missing": {"block": "Tell us."}}
    ]);
    let profile = json!({"n": "Ann Adler", "mail": "other@x.test"});
    let page = shown(rules, profile, Some(&current), "openid profile hr");
    let diff = serde_json::to_value(&page.diff).unwrap();
    assert_eq!(
        diff,
        json!([{"field": "name", "before": "Ann", "source": "user", "after": "Ann Adler", "row": 1}])
    );
    assert_eq!(page.user["email"], "ann@x.test");
    assert_eq!(page.email.unwrap().address, "other@x.test");
    assert_eq!(page.blocked.unwrap().message, "Tell us.");
    assert_eq!(page.required, ["department"]);
    assert_eq!(page.advice[0].code, "email_stays");
}

#[test]
fn what_is_missing_comes_with_like_names() {
    let near = |path: &str, profile: Value| {
        let page = shown(json!([{"target": "name", "source": path}]), profile, None, "openid");
        assert_eq!(page.missing.len(), 1, "{path}");
        page.missing[0].near.clone()
    };
    let azure = json!({"upn": "a@x.test", "mail": "a@x.test", "displayName": "Ann", "oid": "1"});
    assert_eq!(near("email", azure.clone()), ["mail", "upn"]);
    assert_eq!(near("name", azure), ["displayName"]);
    assert_eq!(near("username", json!({"login": "ann"})), ["login"]);
    assert_eq!(near("picture", json!({"user": {"avatar_url": "x"}})), ["user.avatar_url"]);
    assert_eq!(near("given_nme", json!({"given_name": "Ann"})), ["given_name"]);
    assert_eq!(near("familyName", json!({"user": {"family_name": "A"}})), ["user.family_name"]);
    assert_eq!(near("emails.0.value", json!({"emails": [{"vaule": "x"}]})), ["emails.0.vaule"]);
    assert_eq!(near("colour", json!({"a": 1, "email": null})), [""; 0]);
    let page = shown(
        json!([{"target": "name", "source": "user.name.first"}]),
        json!({"user": {"name": "Ann"}}),
        None,
        "openid",
    );
    assert_eq!(page.missing[0].reached, "user.name is a text");
}

#[test]
fn mistakes_are_shown_and_do_nothing() {
    let rules = json!([{"target": "roles", "source": "r"}, {"target": "name", "source": "n"}]);
    let page = shown(rules, json!({"r": ["admin"], "n": "Ann"}), None, "openid profile");
    assert_eq!(page.problems[0].code, "target_forbidden");
    assert_eq!(Value::Object(page.user), json!({"name": "Ann"}));
    assert_eq!(page.unused, ["r"]);
}

#[test]
fn own_fields_are_claims_under_their_scope() {
    let mut user = UserProfile::default();
    for key in ["department", "badge", "nothing"] {
        user.set(key, Some(json!("v")));
    }
    let claims = |scopes: &str| {
        let claims = user_claims_with(&schema(), &user, &Scopes::parse(scopes).unwrap());
        claims.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(claims("openid"), [""; 0]);
    assert_eq!(claims("openid profile"), ["https://acme.example/department"]);
    assert_eq!(claims("openid hr"), ["badge"]);
    let named = ["badge", "roles", "department"].map(str::to_owned);
    let named = claims_by_name_with(&schema(), &user, &named);
    assert_eq!(Value::Object(named), json!({"badge": "v"}));
    assert_eq!(user_claims(&user, &Scopes::parse("openid profile hr").unwrap()).len(), 0);
    let stored = serde_json::to_value(&user).unwrap();
    assert_eq!(stored, json!({"custom": {"badge": "v", "department": "v", "nothing": "v"}}));
    assert_eq!(serde_json::from_value::<UserProfile>(stored).unwrap(), user);
}
