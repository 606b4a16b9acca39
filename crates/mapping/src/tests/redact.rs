//! Profiles are shown without secrets, and to some people without values.

use serde_json::{Value, json};

use crate::redact::REDACTED;
use crate::*;

#[test]
fn secrets_are_masked_at_any_depth() {
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
    let value = json!({
        "access_token": "a", "refreshToken": "b", "id-token": "c", "client_secret": {"x": 1},
        "password": ["p"], "passwordHash": "h", "code": "SplxlOBeZQQYbYS6WxSbIA",
        "api_key": "k", "Authorization": "x", "private_key": "-----BEGIN",
        "nested": {"list": [{"csrfToken": "t", "name": "Ann"}, token]},
        "note": token, "header": "Bearer abc", "basic": "Basic YTpi",
    });
    let shown = redact_value(&value);
    for (name, value) in shown.as_object().unwrap().iter().filter(|(name, _)| *name != "nested") {
        assert_eq!(value, REDACTED, "{name}");
    }
    assert_eq!(
        shown["nested"],
        json!({"list": [{"csrfToken": REDACTED, "name": "Ann"}, REDACTED]})
    );
}

#[test]
fn what_is_no_secret_stays() {
    let value = json!({
        "email": "a@x.test", "email_verified": true, "token_type": "Bearer", "country_code": "AT",
        "postal_code": "1010", "locale": {"code": "de"}, "password_set": true, "secret": null,
        "bio": "I like eyJ and bearer bonds", "n": 1, "monkey": "see", "zip": [1, 2.5, null],
    });
    assert_eq!(redact_value(&value), value);
    let mut deep = json!("x");
    (0..100).for_each(|_| deep = json!([deep]));
    assert!(redact_value(&deep).to_string().contains(REDACTED));
    let profile = Profile::parse(br#"{"token":"x","name":"Ann"}"#).unwrap();
    assert_eq!(redact(&profile), json!({"token": REDACTED, "name": "Ann"}));
}

#[test]
fn outlines_name_members_without_values() {
    let profile =
        json!({"name": "Ann", "a.b": {"c": null}, "teams": [{"id": 1}, {"x": 1}], "ok": true});
    let outline = Profile::from_value(&profile).unwrap().outline();
    let said: Vec<_> = outline.iter().map(|member| (member.path.as_str(), member.kind)).collect();
    assert_eq!(
        said,
        [
            ("[\"a.b\"]", "object"),
            ("[\"a.b\"].c", "null"),
            ("name", "text"),
            ("ok", "boolean"),
            ("teams", "list"),
            ("teams.0", "object"),
            ("teams.0.id", "number"),
        ]
    );
    assert!(!format!("{said:?}").contains("Ann"));
}

#[test]
fn documents_are_joined_without_replacing() {
    let parse = |value: Value| Profile::from_value(&value).unwrap();
    let joined = parse(json!({"sub": "1", "name": "A", "email": null}))
        .with(parse(json!({"sub": "2", "email": "a@x.test", "locale": null})))
        .with_member("emails", b"[1]")
        .unwrap();
    assert_eq!(
        *joined.value(),
        json!({"sub": "1", "name": "A", "email": "a@x.test", "emails": [1]})
    );
    let problem = joined.with_member("emails", br#"[{"a":1,"a":2}]"#).unwrap_err();
    assert_eq!(problem.path.as_deref(), Some("emails.0.a"));
}
