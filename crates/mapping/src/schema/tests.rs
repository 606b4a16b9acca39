//! What fields may hold, and how a user keeps it.

mod definitions;

use serde_json::{Value, json};

use super::*;

fn custom(key: &str, kind: FieldKind) -> FieldDefinition {
    FieldDefinition::new(key, "Label", kind)
}

#[test]
fn values_have_one_form() {
    let choice = || FieldKind::Choice(vec!["Gold".into(), "silver".into()]);
    for (kind, value, expected) in [
        (FieldKind::Text, json!("  Ann  "), json!("Ann")),
        (FieldKind::Text, json!("e\u{301}"), json!("\u{e9}")),
        (FieldKind::Text, json!(" "), Value::Null),
        (FieldKind::Text, json!("نص\u{200c}"), json!("نص\u{200c}")),
        (FieldKind::Email, json!(" Ann@EXAMPLE.com"), json!("Ann@example.com")),
        (FieldKind::Phone, json!("+43 (1) 234-567"), json!("+431234567")),
        (FieldKind::Url, json!("HTTPS://Example.com"), json!("https://example.com/")),
        (FieldKind::Bool, json!(true), json!(true)),
        (FieldKind::Bool, json!("false"), json!(false)),
        (FieldKind::Integer, json!(-7), json!(-7)),
        (FieldKind::Integer, json!(" 42 "), json!(42)),
        (FieldKind::Date, json!("2024-02-29"), json!("2024-02-29")),
        (FieldKind::Locale, json!("DE_at"), json!("de-AT")),
        (FieldKind::Locale, json!("zh-hant-tw"), json!("zh-Hant-TW")),
        (FieldKind::Timezone, json!("America/Argentina/Salta"), json!("America/Argentina/Salta")),
        (choice(), json!("gold"), json!("Gold")),
        (FieldKind::List, json!(["a ", "b", "a", ""]), json!(["a", "b"])),
        (FieldKind::List, json!("a"), json!(["a"])),
        (FieldKind::List, json!([]), Value::Null),
        (FieldKind::Date, Value::Null, Value::Null),
    ] {
        let field = custom("x", kind);
        let canonical = check_value(&field, &value).unwrap_or_else(|why| panic!("{value}: {why}"));
        assert_eq!(canonical, expected, "{value}");
        assert_eq!(check_value(&field, &canonical).as_ref(), Ok(&canonical), "{value} again");
    }
}

#[test]
fn values_that_do_not_fit_are_refused_with_a_cure() {
    let choice = || FieldKind::Choice(vec!["Gold".into(), "silver".into()]);
    let many: Value = (0..201).map(|at| at.to_string()).collect::<Vec<_>>().into();
    for (kind, value, code) in [
        (FieldKind::Text, json!("a\u{0}b"), "characters"),
        (FieldKind::Text, json!("a\nb"), "characters"),
        (FieldKind::Text, json!("a\u{202e}b"), "characters"),
        (FieldKind::Text, json!("a\u{200b}b"), "characters"),
        (FieldKind::Text, json!("ä".repeat(501)), "too_long"),
        (FieldKind::Text, json!(1), "wrong_kind"),
        (FieldKind::Text, json!(["a"]), "wrong_kind"),
        (FieldKind::Text, json!({"a": 1}), "wrong_kind"),
        (FieldKind::Email, json!("ann"), "email"),
        (FieldKind::Email, json!("ann＠example.com"), "email"),
        (FieldKind::Phone, json!("01 234567"), "phone"),
        (FieldKind::Phone, json!("+1234"), "phone"),
        (FieldKind::Phone, json!("+12345678901234567"), "phone"),
        (FieldKind::Url, json!("http://example.com"), "url"),
        (FieldKind::Url, json!("javascript:alert(1)"), "url"),
        (FieldKind::Url, json!("JavaScript:alert(1)"), "url"),
        (FieldKind::Url, json!("data:text/html,x"), "url"),
        (FieldKind::Url, json!("https://bank.example@evil.example/"), "url"),
        (FieldKind::Url, json!("//example.com"), "url"),
        (FieldKind::Url, json!(format!("https://x.test/{}", "a".repeat(2_000))), "url"),
        (FieldKind::Bool, json!("yes"), "wrong_kind"),
        (FieldKind::Bool, json!(1), "wrong_kind"),
        (FieldKind::Integer, json!(1.5), "wrong_kind"),
        (FieldKind::Integer, json!("1e3"), "wrong_kind"),
        (FieldKind::Integer, json!(1_i64 << 53), "out_of_bounds"),
        (FieldKind::Date, json!("2023-02-29"), "date"),
        (FieldKind::Date, json!("1990"), "date"),
        (FieldKind::Date, json!("0000-01-01"), "date"),
        (FieldKind::Date, json!("19900101"), "date"),
        (FieldKind::Locale, json!("d"), "locale"),
        (FieldKind::Locale, json!("de--AT"), "locale"),
        (FieldKind::Timezone, json!("../etc/passwd"), "timezone"),
        (choice(), json!("bronze"), "choice"),
        (FieldKind::List, json!([1]), "wrong_kind"),
        (FieldKind::List, json!(["a\u{0}"]), "characters"),
        (FieldKind::List, json!(["a".repeat(201)]), "too_long"),
        (FieldKind::List, many, "too_many"),
    ] {
        let problem = check_value(&custom("x", kind), &value).expect_err(&value.to_string());
        assert_eq!(problem.code, code, "{value}: {problem}");
        assert!(problem.message.ends_with('.') && problem.fix.ends_with('.'), "{problem}");
    }
}

#[test]
fn bounds_patterns_and_need() {
    let text = FieldDefinition {
        min: Some(2),
        max: Some(4),
        pattern: Some("[a-z]+|x".into()),
        required: true,
        ..custom("x", FieldKind::Text)
    };
    let code = |value: Value| check_value(&text, &value).map_err(|problem| problem.code);
    assert_eq!(code(json!("abc")), Ok(json!("abc")));
    assert_eq!(code(json!("a")), Err("too_short"));
    assert_eq!(code(json!("abcde")), Err("too_long"));
    assert_eq!(code(json!("ab1")), Err("pattern"));
    assert_eq!(code(json!("")), Err("required"));
    assert_eq!(code(Value::Null), Err("required"));
    let number = FieldDefinition { min: Some(1), max: Some(9), ..custom("x", FieldKind::Integer) };
    assert_eq!(check_value(&number, &json!(10)).unwrap_err().code, "out_of_bounds");
    assert!(check_value(&number, &json!(9)).is_ok());
    // A definition that was never checked still matches in linear time, or not at all.
    let hostile = FieldDefinition { pattern: Some("(".into()), ..custom("x", FieldKind::Text) };
    assert_eq!(check_value(&hostile, &json!("a")).unwrap_err().code, "pattern");
}

#[test]
fn standard_fields_are_fields_of_a_user() {
    let mut user = crate::UserProfile::default();
    let schema = Schema::default();
    for (key, value) in [
        ("birthdate", "0000-02-29"),
        ("birthdate", "1990"),
        ("address.formatted", "1 Mosaic Lane\n1010 Vienna"),
        ("address.country", "Austria"),
        ("phone_number", "+15550100"),
    ] {
        let field = schema.field(key).unwrap();
        let value = check_value(field, &json!(value)).unwrap_or_else(|why| panic!("{why}"));
        assert!(user.set(key, Some(value.clone())), "{key}");
        assert_eq!(user.get(key), Some(value), "{key}");
    }
    for field in standard_fields() {
        assert!(user.set(&field.key, Some(json!("x"))), "{}", field.key);
        assert!(!is_forbidden_target(&field.key), "{}", field.key);
    }
    assert_eq!(user.fields().len(), standard_fields().len());
    for marker in ["email_verified", "phone_number_verified", "updated_at", "custom", "address.x"] {
        assert!(!user.set(marker, Some(json!(true))), "{marker}");
        assert_eq!(schema.field(marker), None, "{marker}");
    }
    assert!(!user.set("name", Some(json!(1))));
    standard_fields().iter().for_each(|field| assert!(user.set(&field.key, None)));
    assert_eq!(user, crate::UserProfile::default());
}

#[test]
fn another_address_or_number_is_not_proven() {
    let proven = || crate::UserProfile {
        email: Some("a@x.test".into()),
        email_verified: Some(true),
        phone_number: Some("+15550100".into()),
        phone_number_verified: Some(true),
        ..crate::UserProfile::default()
    };
    let mut user = proven();
    user.set("email", Some(json!("a@x.test")));
    user.set("phone_number", Some(json!("+15550100")));
    assert_eq!(user, proven());
    user.set("email", Some(json!("b@x.test")));
    user.set("phone_number", None);
    assert_eq!((user.email_verified, user.phone_number_verified), (None, None));
}

#[test]
fn own_fields_are_checked_as_a_whole() {
    let needed = FieldDefinition { required: true, ..custom("team", FieldKind::Text) };
    let schema = Schema { custom: vec![needed, custom("level", FieldKind::Integer)] };
    let check = |value: Value| schema.check_custom(value.as_object().unwrap());
    assert_eq!(
        check(json!({"team": " blue ", "level": "3"})).map(Value::Object),
        Ok(json!({"team": "blue", "level": 3}))
    );
    let problems = check(json!({"level": "x", "teem": "blue"})).unwrap_err();
    let codes: Vec<_> = problems.iter().map(|(key, why)| (key.as_str(), why.code)).collect();
    assert_eq!(codes, [("level", "wrong_kind"), ("team", "required"), ("teem", "field_unknown")]);
    assert_eq!(problems["teem"].fix, "Did you mean team?");
}

#[test]
fn schemas_travel_as_json() {
    let text = r#"{"custom":[{"key":"plan","label":"Plan","kind":{"choice":["a","b"]},
        "editable_by":"user","claim":{"name":"plan"}},{"key":"tags","label":"Tags","kind":"list"}]}"#;
    let schema: Schema = serde_json::from_str(text).unwrap();
    assert_eq!(schema.check(), []);
    assert_eq!(schema.custom[0].claim.as_ref().unwrap().scope, "profile");
    let again = serde_json::to_string(&schema).unwrap();
    assert_eq!(serde_json::from_str::<Schema>(&again).unwrap(), schema);
    assert!(serde_json::from_str::<Schema>(r#"{"custm":[]}"#).is_err());
}

#[test]
fn days_of_the_epoch() {
    for (seconds, date) in [
        (0, Some("1970-01-01")),
        (-1, Some("1969-12-31")),
        (951_782_400, Some("2000-02-29")),
        (1_790_000_000, Some("2026-09-21")),
        (-62_135_596_800, Some("0001-01-01")),
        (253_402_300_799, Some("9999-12-31")),
        (253_402_300_800, None),
        (i64::MAX, None),
        (i64::MIN, None),
    ] {
        assert_eq!(epoch_date(seconds).as_deref(), date, "{seconds}");
    }
}
