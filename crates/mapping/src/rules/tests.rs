//! The JSON form of mappings: what is read, what is written, and how mistakes are named.

mod change;
mod checked;

use serde_json::{Value, json};

use super::*;

fn codes(result: Result<Mapping, Vec<RuleProblem>>) -> Vec<(usize, String, &'static str)> {
    let list = result.err().unwrap_or_default();
    list.into_iter().map(|problem| (problem.row, problem.member, problem.code)).collect()
}

fn one(row: Value) -> Vec<(usize, String, &'static str)> {
    codes(Mapping::from_value(&json!({ "rules": [row] })))
}

#[test]
fn every_form_is_read_and_written_again() {
    let text = json!({"rules": [
        {"target": "email", "source": "email", "transforms": ["trim", "lower"],
         "if_missing": {"block": "Add an address first."}, "update": "first",
         "trust": {"verified": "email_verified"}},
        {"target": "email", "source": "mail", "update": "if_empty", "trust": "verified"},
        {"target": "email", "source": "upn", "update": "never", "trust": "always"},
        {"target": "name", "source": {"template": "{given_name} {family_name}"},
         "if_missing": {"default": "Guest"}, "update": "always"},
        {"target": "nickname", "source": {"const": ["a", "b"]}, "update": "always", "transforms": [
            "first", "upper", "to_string", "to_number", "to_bool", "to_locale", "to_date", "hash",
            {"to_date": ["DD.MM.YYYY"]}, {"default": 1}]},
        {"target": "gender", "source": "sex", "update": "always", "transforms": [
            {"template": "{value}!"}, {"join": ", "}, {"split": {"by": ","}},
            {"split": {"by": ",", "index": -1}}, {"regex": {"pattern": "a"}},
            {"regex": {"pattern": "(a)", "group": 1}}, {"table": {"map": {"a": 1}}},
            {"table": {"map": {"a": true}, "otherwise": "b"}}]}
    ]});
    let mapping = Mapping::from_value(&text).unwrap();
    assert_eq!(mapping.to_value(), text);
    let stored = serde_json::to_string(&mapping).unwrap();
    assert_eq!(serde_json::from_str::<Mapping>(&stored).unwrap(), mapping);
    assert_eq!(Mapping::parse(stored.as_bytes()).unwrap(), mapping);
}

#[test]
fn what_is_left_out_has_a_meaning() {
    let mapping = Mapping::parse(br#"{"rules":[{"target":"name","source":"n"}]}"#).unwrap();
    assert_eq!(mapping.rules, [MappingRule::new("name", "n")]);
    let spelled = json!({"target": "name", "source": "n", "transforms": [], "if_missing": "skip",
        "update": "always", "trust": "never"});
    assert_eq!(MappingRule::from_value(&spelled, 1), Ok(MappingRule::new("name", "n")));
}

#[test]
fn unknown_names_are_refused_with_the_nearest_known_one() {
    let fix = |row: Value| {
        let list = Mapping::from_value(&json!({ "rules": [row] })).unwrap_err();
        (list[0].member.clone(), list[0].fix.clone())
    };
    for (row, member, name) in [
        (json!({"target": "name", "source": "n", "if_mising": "skip"}), "if_mising", "if_missing"),
        (json!({"target": "name", "source": "n", "ifMissing": "skip"}), "ifMissing", "if_missing"),
        (json!({"target": "name", "source": "n", "update": "allways"}), "update", "always"),
        (json!({"target": "name", "source": "n", "trust": "verifed"}), "trust", "verified"),
        (json!({"target": "name", "source": "n", "if_missing": "blok"}), "if_missing", "block"),
        (json!({"target": "name", "source": {"templat": "x"}}), "source", "template"),
        (
            json!({"target": "name", "source": "n", "transforms": ["trim", "toLower"]}),
            "transforms[1]",
            "lower",
        ),
        (
            json!({"target": "name", "source": "n",
                "transforms": [{"split": {"by": ",", "indx": 0}}]}),
            "transforms[0].split.indx",
            "index",
        ),
    ] {
        let (found, words) = fix(row);
        assert_eq!(found, member);
        assert!(words.contains(name), "{member}: {words}");
    }
}

#[test]
fn wrong_types_name_row_and_member() {
    let rule = |member: &str, value: Value| {
        let mut row = json!({"target": "name", "source": "n"});
        row[member] = value;
        one(row)
    };
    for (member, value, at) in [
        ("target", json!(1), "target"),
        ("source", json!(null), "source"),
        ("source", json!({"template": 1}), "source.template"),
        ("source", json!({"const": 1, "template": "x"}), "source"),
        ("transforms", json!("trim"), "transforms"),
        ("transforms", json!([1]), "transforms[0]"),
        ("transforms", json!([{"trim": {}}]), "transforms[0].trim"),
        ("transforms", json!([{"to_date": "YYYY"}]), "transforms[0].to_date"),
        ("transforms", json!([{"split": {"index": 0}}]), "transforms[0].split"),
        ("transforms", json!([{"regex": {"pattern": "a", "group": -1}}]), "transforms[0].regex"),
        ("transforms", json!([{"table": {"map": []}}]), "transforms[0].table"),
        ("if_missing", json!(1), "if_missing"),
        ("if_missing", json!({"block": true}), "if_missing.block"),
        ("update", json!(true), "update"),
        ("trust", json!(true), "trust"),
        ("trust", json!({"verified": true}), "trust.verified"),
    ] {
        assert_eq!(rule(member, value.clone()), [(1, at.to_owned(), "wrong_type")], "{value}");
    }
    for (member, value) in [("transforms", json!(["split"])), ("if_missing", json!("block"))] {
        assert_eq!(rule(member, value.clone())[0].2, "missing_member", "{value}");
    }
    assert_eq!(
        one(json!({})).iter().map(|(_, member, _)| member.as_str()).collect::<Vec<_>>(),
        ["target", "source"]
    );
    for whole in [json!([]), json!({"rules": {}}), json!({}), json!({"rules": [1]}), json!(null)] {
        assert_eq!(Mapping::from_value(&whole).unwrap_err().len(), 1, "{whole}");
    }
}

#[test]
fn mappings_are_bounded() {
    let row = json!({"target": "name", "source": "n"});
    let many = json!({"rules": vec![row.clone(); MAX_RULES + 1]});
    assert_eq!(codes(Mapping::from_value(&many)), [(0, "rules".to_owned(), "too_many")]);
    let mut long = row;
    long["transforms"] = json!(vec!["trim"; MAX_TRANSFORMS + 1]);
    assert_eq!(one(long), [(1, "transforms".to_owned(), "too_many")]);
    let deep = "[".repeat(100_000);
    assert_eq!(codes(Mapping::parse(deep.as_bytes()))[0].2, "too_deep");
    let large = format!(r#"{{"rules":"{}"}}"#, "x".repeat(600_000));
    assert_eq!(codes(Mapping::parse(large.as_bytes()))[0].2, "too_large");
    let twice = br#"{"rules":[{"target":"name","target":"nickname","source":"n"}]}"#;
    assert_eq!(codes(Mapping::parse(twice)), [(0, "rules.0.target".to_owned(), "duplicate")]);
    for bad in ["", "{", "{'rules': []}", "\u{feff}{", "{\"rules\": [],}"] {
        let found = codes(Mapping::parse(bad.as_bytes()));
        assert!(matches!(found[0].2, "empty" | "not_json"), "{bad}: {found:?}");
    }
}

#[test]
fn problems_are_sentences() {
    let list = Mapping::from_value(&json!({"rules": [{"target": "name", "source": "n",
        "update": "alway"}]}));
    let words = list.unwrap_err()[0].to_string();
    assert_eq!(words, "Row 1, update: There is no update policy alway. Did you mean always?");
}

#[test]
fn standard_rules_may_be_saved() {
    let mapping = standard_oidc();
    assert_eq!(check(&mapping, &crate::Schema::default()), []);
    assert_eq!(advice(&mapping), []);
    assert_eq!(Mapping::from_value(&mapping.to_value()), Ok(mapping));
}

#[test]
fn each_transform_is_in_the_catalogue_as_it_is_written() {
    for entry in TRANSFORMS {
        let written: Value = serde_json::from_str(entry.example).expect(entry.name);
        let row = json!({"target": "name", "source": "n", "transforms": [written]});
        let rule = MappingRule::from_value(&row, 1).expect(entry.name);
        assert_eq!(rule.transforms[0].name(), entry.name);
        assert_eq!(rule.transforms[0].to_value(), written);
    }
}
