//! Profiles made to hurt: large, deep, full of characters that lie, of the wrong kinds. Each is
//! refused with a sentence or mapped without harm.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{applied, compiled, profile};
use crate::engine::{Action, Occasion};
use crate::profile::Profile;
use crate::rules::{Mapping, standard_oidc};
use crate::schema::{FieldDefinition, FieldKind, Schema, is_forbidden_target};
use crate::{Compiled, UserProfile};

#[track_caller]
fn refused(bytes: &[u8], code: &str) -> crate::ProfileProblem {
    let problem = Profile::parse(bytes).expect_err(code);
    assert_eq!(problem.code, code, "{problem}");
    assert!(problem.message.ends_with('.') && problem.fix.ends_with('.'), "{problem}");
    problem
}

#[test]
fn documents_are_bounded() {
    let large = format!(r#"{{"bio":"{}"}}"#, "x".repeat(1 << 20));
    assert!(refused(large.as_bytes(), "too_large").message.contains("262144"));
    refused("[".repeat(100_000).as_bytes(), "too_deep");
    let deep = format!("{}1{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
    let problem = refused(deep.as_bytes(), "too_deep");
    assert!(problem.path.unwrap().starts_with("a.a.a"));
    let groups = vec!["\"g\""; 10_000].join(",");
    let many = format!(r#"{{"user":{{"groups":[{groups}]}}}}"#);
    assert!(refused(many.as_bytes(), "too_many").path.unwrap().starts_with("user.groups.99"));
    let twice = r#"{"email":"a@x.test","user":{"email":1,"email":2}}"#;
    assert_eq!(refused(twice.as_bytes(), "duplicate").path.as_deref(), Some("user.email"));
    let escaped = r#"{"email":"a@x.test","\u0065mail":"b@x.test"}"#;
    refused(escaped.as_bytes(), "duplicate");
}

#[test]
fn what_is_no_object_is_named() {
    for (bytes, code) in [
        (&b""[..], "empty"),
        (b" \n", "empty"),
        (b"[]", "not_an_object"),
        (b"null", "not_an_object"),
        (b"\"x\"", "not_an_object"),
        (b"1", "not_an_object"),
        (b"{", "not_json"),
        (b"{} {}", "not_json"),
        (b"{\"a\":1,}", "not_json"),
        (b"{\"a\":\"\x00\"}", "not_json"),
        (b"{\"a\":\"\\ud800\"}", "not_json"),
        (b"{\"a\":1e999}", "not_json"),
        (b"{\"a\":NaN}", "not_json"),
        (b"<html></html>", "not_json"),
        (b"{\"a\":\"\xff\"}", "not_utf8"),
        (b"\xff\xfe{\x00}\x00", "not_utf8"),
    ] {
        refused(bytes, code);
    }
    assert!(Profile::parse(b"\xef\xbb\xbf{\"name\":\"Ann\"}").is_ok());
}

#[test]
fn lists_and_texts_beyond_the_bounds_give_nothing() {
    let teams =
        |transforms: Value| json!({"target": "teams", "source": "g", "transforms": transforms});
    let many: Vec<String> = (0..5_000).map(|at| format!("g{at}")).collect();
    assert_eq!(applied(teams(json!([])), json!({ "g": many })).1, "too_large");
    assert_eq!(applied(teams(json!(["trim"])), json!({ "g": many })).1, "transform_failed");
    assert_eq!(applied(teams(json!([])), json!({ "g": many[..500] })).1, "too_many");
    let all = json!({"target": "teams", "source": "g[*]"});
    assert_eq!(applied(all, json!({ "g": many })).1, "too_large");
    let text = "x".repeat(100_000);
    for transforms in [json!([]), json!(["trim"]), json!(["hash"])] {
        let rule = json!({"target": "department", "source": "t", "transforms": transforms});
        let code = applied(rule, json!({ "t": text })).1;
        assert!(matches!(code, "too_large" | "transform_failed"), "{code}");
    }
    let template = json!({"target": "department", "source": {"template": "{t} {u}"}});
    assert_eq!(applied(template, json!({ "t": text, "u": "u" })), (json!("u"), "set"));
}

#[test]
fn every_kind_in_every_place_is_survived() {
    let compiled = Compiled::new(&standard_oidc(), &Schema::default());
    let claims: Vec<String> =
        standard_oidc().rules.iter().map(|rule| rule.target.clone()).collect();
    let odd = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e308),
        json!(u64::MAX),
        json!(""),
        json!([]),
        json!({}),
        json!([[[]]]),
        json!("\u{0}\u{1b}[31m\u{202e}\u{feff}"),
        json!("\u{10ffff}"),
        json!("<script>alert(1)</script>"),
        json!({"value": "x"}),
        json!(["x", 1, null]),
    ];
    for value in odd {
        let members = claims.iter().map(|claim| (claim.clone(), value.clone())).collect();
        let profile = profile(Value::Object(members));
        let outcome = compiled.explain(&profile, None, Occasion::Create);
        let mut user = UserProfile::default();
        outcome.write_to(&mut user);
        for (key, value) in user.fields() {
            assert!(!is_forbidden_target(&key));
            let text = value.as_str().expect("standard fields are texts");
            assert!(!text.chars().any(|c| c.is_control() || c == '\u{202e}'), "{key}: {text:?}");
        }
        assert!(outcome.email.is_none());
    }
}

#[test]
fn costly_expressions_stay_cheap() {
    // The classic that takes a backtracking engine longer than the universe is old.
    let rule = json!({"target": "department", "source": "t",
        "transforms": [{"regex": {"pattern": "^(a+)+$"}}]});
    let text = format!("{}!", "a".repeat(8_000));
    assert_eq!(applied(rule, json!({ "t": text })).1, "transform_failed");
}

#[test]
fn markup_and_formulas_stay_data() {
    let rules = compiled(
        json!([{"target": "name", "source": "n"}, {"target": "department", "source": "d"}]),
    );
    let value = profile(json!({"n": "<img src=x onerror=alert(1)>", "d": "=HYPERLINK(\"x\")"}));
    let changes = rules.apply(&value, None, Occasion::Create).changes();
    assert_eq!(changes["name"], "<img src=x onerror=alert(1)>");
    assert_eq!(changes["department"], "=HYPERLINK(\"x\")");
}

#[test]
fn all_bounds_at_once_are_bounded() {
    let fields = (0..50).map(|at| FieldDefinition::new(&format!("f{at}"), "x", FieldKind::List));
    let schema = Schema { custom: fields.collect() };
    let entries: Vec<String> = (0..900).map(|at| format!("{at}{}", "x".repeat(60))).collect();
    let objects: Vec<Value> = entries.iter().map(|name| json!({ "n": name, "k": 1 })).collect();
    let profile = profile(json!({ "g": entries, "o": objects }));
    let placeholder = "{o[?k==2].n}".repeat(19) + "{value}";
    for transform in [json!("hash"), json!({ "template": placeholder })] {
        let rule = |at: usize| {
            let source = if at < 50 { "g" } else { "o[*].n" };
            json!({"target": format!("f{}", at % 50), "source": source,
                "transforms": vec![transform.clone(); 10]})
        };
        let rules: Vec<Value> = (0..100).map(rule).collect();
        let mapping = Mapping::from_value(&json!({ "rules": rules })).unwrap();
        let compiled = Compiled::new(&mapping, &schema);
        assert_eq!(compiled.problems(), []);
        let outcome = compiled.explain(&profile, None, Occasion::Create);
        let codes: BTreeSet<&str> = outcome
            .fields
            .iter()
            .map(|field| match &field.action {
                Action::Skip(reason) | Action::Keep(reason) => reason.code(),
                other => other.name(),
            })
            .collect();
        assert!(codes.contains("too_large"), "{codes:?}");
    }
}
