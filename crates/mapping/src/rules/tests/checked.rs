//! What may be saved for a tenant's fields, and what may not.

use serde_json::{Value, json};

use crate::rules::*;
use crate::schema::{FieldDefinition, FieldKind, Schema};

fn schema() -> Schema {
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

fn found(rules: Value) -> Vec<(usize, String, &'static str)> {
    let mapping = Mapping::from_value(&json!({ "rules": rules })).expect("readable rules");
    let list = check(&mapping, &schema()).into_iter();
    list.map(|problem| (problem.row, problem.member, problem.code)).collect()
}

fn rule(target: &str, members: Value) -> Value {
    let mut row = json!({"target": target, "source": "x"});
    let (Value::Object(row_members), Value::Object(members)) = (&mut row, members) else {
        unreachable!("both are objects");
    };
    row_members.extend(members);
    row
}

#[track_caller]
fn refused(target: &str, members: Value, member: &str, code: &'static str) {
    let list = found(json!([rule(target, members.clone())]));
    assert_eq!(list, [(1, member.to_owned(), code)], "{target} {members}");
}

#[track_caller]
fn allowed(target: &str, members: Value) {
    assert_eq!(found(json!([rule(target, members.clone())])), [], "{target} {members}");
}

#[test]
fn targets_are_fields_that_rules_may_write() {
    for target in ["name", "email", "address.locality", "department", "teams", "phone_number"] {
        allowed(target, json!({}));
    }
    for target in [
        "id",
        "sub",
        "tenant",
        "status",
        "password",
        "email_verified",
        "phone_number_verified",
        "roles",
        "updated_at",
        "iss",
        "aud",
        "exp",
        "amr",
        "acr",
        "azp",
        "blocked",
        "roles.0",
        "SUB",
    ] {
        refused(target, json!({}), "target", "target_forbidden");
    }
    for target in ["Name", "nmae", "address", "custom.department", "address.planet", "x.y"] {
        refused(target, json!({}), "target", "target_unknown");
    }
    refused(" ", json!({}), "target", "target_blank");
    let mapping = Mapping { rules: vec![MappingRule::new("familyname", "x")] };
    assert_eq!(check(&mapping, &schema())[0].fix, "Did you mean family_name?");
}

#[test]
fn a_field_called_like_something_reserved_is_no_target() {
    let field = FieldDefinition::new("roles", "Roles", FieldKind::List);
    let mapping = Mapping { rules: vec![MappingRule::new("roles", "x")] };
    assert_eq!(check(&mapping, &Schema { custom: vec![field] })[0].code, "target_forbidden");
}

#[test]
fn sources_can_be_read() {
    refused("name", json!({"source": ""}), "source", "source_blank");
    refused("name", json!({"source": "  "}), "source", "source_blank");
    refused("name", json!({"source": "a..b"}), "source", "path_invalid");
    refused("name", json!({"source": {"template": "none"}}), "source.template", "template_invalid");
    for template in ["{a", "a}", "{}", "{a[*]}", "{a b}"] {
        let source = json!({"source": {"template": template}});
        refused("name", source, "source.template", "template_invalid");
    }
    for value in [json!(null), json!({"a": 1}), json!([1]), json!("x".repeat(1_001))] {
        let list = found(json!([rule("department", json!({"source": {"const": value}}))]));
        assert!(matches!(list[0].2, "value_invalid" | "too_long"), "{value}: {list:?}");
    }
    refused("locale", json!({"source": {"const": "?"}}), "source.const", "value_invalid");
    refused("level", json!({"source": {"const": "high"}}), "transforms", "type_clash");
    allowed("level", json!({"source": {"const": 3}}));
    allowed("plan", json!({"source": {"const": "gold"}}));
}

#[test]
fn transforms_are_sound() {
    for (transform, code) in [
        (json!({"regex": {"pattern": "("}}), "regex_invalid"),
        (json!({"regex": {"pattern": "(?=a)"}}), "regex_invalid"),
        (json!({"regex": {"pattern": "(a)", "group": 2}}), "regex_invalid"),
        (json!({"regex": {"pattern": "a".repeat(301)}}), "regex_invalid"),
        (json!({"regex": {"pattern": "(\\w{50}){50}"}}), "regex_invalid"),
        (json!({"split": {"by": ""}}), "split_invalid"),
        (json!({"split": {"by": ",", "index": 100_000}}), "split_invalid"),
        (json!({"table": {"map": {}}}), "table_invalid"),
        (json!({"table": {"map": {"a": null}}}), "value_invalid"),
        (json!({"to_date": ["YY"]}), "date_format_invalid"),
        (json!({"to_date": ["YYYY-MM"]}), "date_format_invalid"),
        (json!({"template": "none"}), "template_invalid"),
        (json!({"default": {}}), "value_invalid"),
        (json!({"join": "x".repeat(1_001)}), "too_long"),
    ] {
        let name = transform.as_object().unwrap().keys().next().unwrap().clone();
        let member = format!("transforms[0].{name}");
        let source = if name == "join" { "a[*]" } else { "x" };
        refused("name", json!({"source": source, "transforms": [transform]}), &member, code);
    }
    for pattern in
        ["^(\\w+)@", "^[\\p{L} '-]+$", "(?i)^cn=([^,]+),.*$", "\\d{4}-\\d{2}", "^team-(.+)$"]
    {
        allowed("name", json!({"transforms": [{"regex": {"pattern": pattern}}]}));
    }
    let regex = json!({"regex": {"pattern": "a"}});
    let rows = vec![rule("name", json!({"transforms": vec![regex; 7]})); 3];
    assert!(found(json!(rows)).contains(&(0, "rules".to_owned(), "too_many")));
}

#[test]
fn kinds_have_to_meet() {
    for (target, chain) in [
        ("name", json!(["to_number"])),
        ("name", json!(["first", "trim"])),
        ("name", json!([{"split": {"by": ","}}, {"join": ";"}])),
        ("teams", json!([{"split": {"by": ","}}, "lower"])),
        ("teams", json!(["trim"])),
        ("level", json!(["trim", "to_number"])),
        ("level", json!([{"table": {"map": {"a": 1}, "otherwise": 0}}])),
        ("staff", json!([{"table": {"map": {"admin": true}, "otherwise": false}}])),
        ("staff", json!(["lower", "to_bool"])),
        ("birthdate", json!([{"to_date": ["epoch"]}])),
    ] {
        allowed(target, json!({ "transforms": chain }));
    }
    for (target, chain, member) in [
        ("name", json!([{"split": {"by": ","}}]), "transforms"),
        ("staff", json!(["lower"]), "transforms"),
        ("level", json!(["trim"]), "transforms"),
        ("level", json!(["to_bool"]), "transforms"),
        ("email", json!(["to_bool"]), "transforms"),
        ("teams", json!(["to_bool"]), "transforms"),
        ("name", json!(["to_bool", "lower"]), "transforms[1].lower"),
        ("name", json!(["lower", "first", {"join": ","}]), "transforms[2].join"),
    ] {
        refused(target, json!({ "transforms": chain }), member, "type_clash");
    }
    refused("name", json!({"source": "groups[*].name"}), "transforms", "type_clash");
    refused(
        "staff",
        json!({"source": "a[*]", "transforms": ["to_bool"]}),
        "transforms[0].to_bool",
        "type_clash",
    );
}

#[test]
fn what_happens_without_a_value_is_said_in_full() {
    for message in ["", "  ", "a\nb", &"x".repeat(301)] {
        let block = json!({"if_missing": {"block": message}});
        refused("name", block, "if_missing.block", "message_missing");
    }
    for (target, value) in [
        ("level", json!("many")),
        ("plan", json!("bronze")),
        ("picture", json!("http://x.test")),
        ("name", json!(" ")),
        ("name", json!(null)),
        ("teams", json!([1])),
    ] {
        let default = json!({"if_missing": {"default": value}});
        refused(target, default, "if_missing.default", "value_invalid");
    }
    allowed("teams", json!({"if_missing": {"default": ["a"]}}));
}

#[test]
fn proof_stays_with_the_address_that_was_proven() {
    let marked =
        |source: &str, marker: &str| json!({"source": source, "trust": {"verified": marker}});
    allowed(
        "email",
        json!({"source": "email", "transforms": ["trim", "lower"], "trust": "verified"}),
    );
    allowed("email", marked("emails[?primary==true].email", "emails[?primary==true].verified"));
    refused("name", json!({"trust": "always"}), "trust", "trust_unused");
    refused("email", marked("email", "a b"), "trust.verified", "path_invalid");
    refused(
        "email",
        marked("emails.0.email", "emails.1.verified"),
        "trust.verified",
        "marker_elsewhere",
    );
    for changed in [
        json!({"source": {"template": "{login}@x.test"}, "trust": "verified"}),
        json!({"source": {"const": "a@x.test"}, "trust": "verified"}),
        json!({"transforms": [{"default": "a@x.test"}], "trust": "verified"}),
        json!({"transforms": [{"regex": {"pattern": "(.*)"}}], "trust": "verified"}),
        json!({"transforms": ["first"], "trust": "verified"}),
    ] {
        refused("email", changed, "trust", "trust_changed");
    }
}

#[test]
fn rules_of_one_target_are_alternatives_in_order() {
    let plain = |source: &str| rule("name", json!({ "source": source }));
    assert_eq!(found(json!([plain("a"), plain("b"), plain("c")])), []);
    let twice = found(json!([plain("a"), plain("a")]));
    assert_eq!(twice, [(2, String::new(), "duplicate")]);
    for certain in [
        json!({"source": {"const": "x"}}),
        json!({"if_missing": {"default": "x"}}),
        json!({"transforms": [{"default": "x"}]}),
        json!({"if_missing": {"block": "Ask an admin."}}),
    ] {
        let rules = json!([rule("name", certain.clone()), plain("b")]);
        assert_eq!(found(rules), [(2, String::new(), "unreachable")], "{certain}");
        let mut off = certain.clone();
        off["update"] = json!("never");
        assert_eq!(found(json!([rule("name", off), plain("b")])), [], "{certain}");
    }
}

#[test]
fn advice_is_no_mistake() {
    let row = json!({"target": "email", "source": "mail", "trust": "always"});
    let mapping = Mapping::from_value(&json!({ "rules": [row] })).unwrap();
    assert_eq!(check(&mapping, &schema()), []);
    let codes: Vec<_> = advice(&mapping).iter().map(|advice| advice.code).collect();
    assert_eq!(codes, ["trust_always", "email_stays"]);
}
