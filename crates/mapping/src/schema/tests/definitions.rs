//! What a tenant's own fields may be called and look like.

use super::custom;
use crate::schema::*;

fn codes(field: &FieldDefinition) -> Vec<&'static str> {
    check_definition(field).iter().map(|problem| problem.code).collect()
}

#[test]
fn keys_have_one_form_and_some_are_taken() {
    for key in ["department", "a", "cost_center_2", "groups", &"a".repeat(40)] {
        assert_eq!(codes(&custom(key, FieldKind::Text)), [""; 0], "{key}");
    }
    for key in ["", "A", "1a", "_a", "a-b", "a.b", "ä", "a b", &"a".repeat(41)] {
        assert_eq!(codes(&custom(key, FieldKind::Text)), ["key_invalid"], "{key}");
    }
    for key in [
        "id",
        "sub",
        "tenant",
        "status",
        "password",
        "email_verified",
        "phone_number_verified",
        "roles",
        "email",
        "name",
        "address",
        "updated_at",
        "iss",
        "aud",
        "amr",
        "sid",
        "scope",
    ] {
        assert_eq!(codes(&custom(key, FieldKind::Text)), ["key_reserved"], "{key}");
    }
}

#[test]
fn definitions_are_bounded() {
    let text = || custom("x", FieldKind::Text);
    for (field, code) in [
        (FieldDefinition { label: " ".into(), ..text() }, "label_invalid"),
        (FieldDefinition { label: "a\u{202e}b".into(), ..text() }, "label_invalid"),
        (FieldDefinition { label: "a".repeat(61), ..text() }, "label_invalid"),
        (FieldDefinition { help: "a".repeat(201), ..text() }, "help_invalid"),
        (FieldDefinition { min: Some(5), max: Some(4), ..text() }, "bounds_invalid"),
        (FieldDefinition { max: Some(MAX_TEXT + 1), ..text() }, "bounds_invalid"),
        (FieldDefinition { min: Some(-1), ..text() }, "bounds_invalid"),
        (FieldDefinition { max: Some(1), ..custom("x", FieldKind::Bool) }, "bounds_unused"),
        (FieldDefinition { pattern: Some("(".into()), ..text() }, "pattern_invalid"),
        (FieldDefinition { pattern: Some("a)|(b".into()), ..text() }, "pattern_invalid"),
        (FieldDefinition { pattern: Some("(a)\\1".into()), ..text() }, "pattern_invalid"),
        (FieldDefinition { pattern: Some("a{500}{500}".into()), ..text() }, "pattern_invalid"),
        (FieldDefinition { pattern: Some("a".repeat(201)), ..text() }, "pattern_invalid"),
        (
            FieldDefinition { pattern: Some("a".into()), ..custom("x", FieldKind::Date) },
            "pattern_unused",
        ),
        (custom("x", FieldKind::Choice(vec![])), "choices_invalid"),
        (custom("x", FieldKind::Choice(vec!["a".into(), "a".into()])), "choices_invalid"),
        (custom("x", FieldKind::Choice(vec!["".into()])), "choices_invalid"),
        (custom("x", FieldKind::Choice(vec!["a".into(); 101])), "choices_invalid"),
    ] {
        assert_eq!(codes(&field), [code], "{field:?}");
    }
}

#[test]
fn claims_of_the_platform_are_not_for_fields() {
    let with = |name: &str, scope: &str| FieldDefinition {
        claim: Some(FieldClaim { name: name.into(), scope: scope.into() }),
        ..custom("x", FieldKind::Text)
    };
    for (name, scope) in
        [("department", "profile"), ("https://acme.example/team", "hr"), ("custom:x", "hr:read")]
    {
        assert_eq!(codes(&with(name, scope)), [""; 0], "{name} {scope}");
    }
    for name in [
        "iss",
        "sub",
        "aud",
        "exp",
        "iat",
        "nonce",
        "amr",
        "acr",
        "azp",
        "roles",
        "tenant",
        "sid",
        "client_id",
        "scope",
        "jti",
        "at_hash",
        "c_hash",
        "auth_time",
        "cnf",
        "act",
        "SUB",
        "email",
        "email_verified",
        "name",
        "nbf",
        "permissions",
    ] {
        assert_eq!(codes(&with(name, "profile")), ["claim_reserved"], "{name}");
    }
    for name in ["", "1a", "a b", "a\"b", "ä", &"a".repeat(129)] {
        assert_eq!(codes(&with(name, "profile")), ["claim_invalid"], "{name}");
    }
    for scope in ["", "openid", "offline_access", "a b", "ä", &"a".repeat(101)] {
        assert_eq!(codes(&with("x", scope)), ["scope_invalid"], "{scope}");
    }
}

#[test]
fn fields_of_one_tenant_differ() {
    let claim = Some(FieldClaim { name: "team".into(), scope: "profile".into() });
    let field = FieldDefinition { claim, ..custom("team", FieldKind::Text) };
    let schema = Schema { custom: vec![field.clone(), field] };
    let found: Vec<_> = schema.check().iter().map(|problem| problem.code).collect();
    assert_eq!(found, ["key_twice", "claim_twice"]);
    let many = (0..=MAX_CUSTOM).map(|at| custom(&format!("f{at}"), FieldKind::Text)).collect();
    let found = Schema { custom: many }.check();
    assert_eq!((found.len(), found[0].code), (1, "too_many"));
}
