//! Transforms one by one and in chains, and how a value is brought into a field's form.

use serde_json::{Value, json};

use super::applied;

fn made(target: &str, transforms: Value, value: Value) -> (Value, &'static str) {
    let rule = json!({"target": target, "source": "x", "transforms": transforms});
    applied(rule, json!({"x": value, "first": "Ann", "last": "Adler", "n": 7}))
}

#[test]
fn transforms() {
    for (target, transforms, value, expected) in [
        ("name", json!(["trim"]), json!(" a "), json!("a")),
        ("name", json!(["lower"]), json!("ÄB"), json!("äb")),
        ("name", json!(["upper"]), json!("straße"), json!("STRASSE")),
        ("name", json!(["first"]), json!([null, "a", "b"]), json!("a")),
        ("name", json!(["first"]), json!("a"), json!("a")),
        ("name", json!(["to_string"]), json!(12.5), json!("12.5")),
        ("name", json!(["to_string"]), json!(true), json!("true")),
        ("level", json!(["to_number"]), json!(" 42 "), json!(42)),
        ("staff", json!(["to_bool"]), json!("Yes"), json!(true)),
        ("staff", json!(["to_bool"]), json!(0), json!(false)),
        ("staff", json!(["to_bool"]), json!(true), json!(true)),
        ("locale", json!(["to_locale"]), json!("de_AT.UTF-8"), json!("de-AT")),
        ("birthdate", json!(["to_date"]), json!("1990-12-10T08:00:00Z"), json!("1990-12-10")),
        (
            "birthdate",
            json!([{"to_date": ["DD.MM.YYYY"]}]),
            json!("10.12.1990"),
            json!("1990-12-10"),
        ),
        ("birthdate", json!([{"to_date": ["M/D/YYYY"]}]), json!("2/9/1990"), json!("1990-02-09")),
        ("birthdate", json!([{"to_date": ["epoch"]}]), json!(951_782_400), json!("2000-02-29")),
        ("birthdate", json!([{"to_date": ["epoch_ms"]}]), json!(-1), json!("1969-12-31")),
        (
            "birthdate",
            json!([{"to_date": ["DD.MM.YYYY", "YYYYMMDD"]}]),
            json!("19901210"),
            json!("1990-12-10"),
        ),
        (
            "name",
            json!(["hash"]),
            json!("abc"),
            json!("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ),
        ("name", json!([{"default": "d"}]), json!(null), json!("d")),
        ("name", json!([{"default": "d"}]), json!("v"), json!("v")),
        ("name", json!([{"regex": {"pattern": "z"}}, {"default": "d"}]), json!("v"), json!("d")),
        ("name", json!([{"template": "{value} ({first})"}]), json!("v"), json!("v (Ann)")),
        ("name", json!([{"join": ", "}]), json!(["a", 1, "", null, "b"]), json!("a, 1, b")),
        ("name", json!([{"split": {"by": "@", "index": 0}}]), json!("a@b@c"), json!("a")),
        ("name", json!([{"split": {"by": "@", "index": -1}}]), json!("a@b@c"), json!("c")),
        ("teams", json!([{"split": {"by": ","}}]), json!("a, b,,c"), json!(["a", "b", "c"])),
        ("name", json!([{"regex": {"pattern": "^(\\w+)\\."}}]), json!("ann.adler"), json!("ann")),
        ("name", json!([{"regex": {"pattern": "[0-9]+"}}]), json!("a12b"), json!("12")),
        ("name", json!([{"regex": {"pattern": "(a)(b)?", "group": 0}}]), json!("xab"), json!("ab")),
        ("plan", json!([{"table": {"map": {"g": "gold"}}}]), json!("g"), json!("gold")),
        ("level", json!([{"table": {"map": {"1": 5}, "otherwise": 0}}]), json!(1), json!(5)),
        ("level", json!([{"table": {"map": {"1": 5}, "otherwise": 0}}]), json!("x"), json!(0)),
        ("staff", json!([{"table": {"map": {"true": false}}}]), json!(true), json!(false)),
        ("teams", json!(["lower"]), json!(["A", {"x": 1}, "B"]), json!(["a", "b"])),
        (
            "teams",
            json!([{"regex": {"pattern": "^app-(.+)$"}}]),
            json!(["app-a", "other", "app-b"]),
            json!(["a", "b"]),
        ),
    ] {
        let found = made(target, transforms.clone(), value.clone());
        assert_eq!(found, (expected, "set"), "{transforms} on {value}");
    }
}

#[test]
fn transforms_that_find_nothing() {
    for (target, transforms, value) in [
        ("level", json!(["to_number"]), json!("many")),
        ("level", json!(["to_number"]), json!("NaN")),
        ("level", json!(["to_number"]), json!("inf")),
        ("staff", json!(["to_bool"]), json!("perhaps")),
        ("staff", json!(["to_bool"]), json!([true])),
        ("staff", json!(["to_bool"]), json!({"a": true})),
        ("locale", json!(["to_locale"]), json!("?")),
        ("birthdate", json!(["to_date"]), json!("1990-02-30")),
        ("birthdate", json!(["to_date"]), json!("1990-12-10x")),
        ("birthdate", json!([{"to_date": ["DD.MM.YYYY"]}]), json!("1.2.1990")),
        ("birthdate", json!([{"to_date": ["epoch"]}]), json!(1e300)),
        ("name", json!([{"split": {"by": "@", "index": 5}}]), json!("a@b")),
        ("name", json!([{"regex": {"pattern": "(a)(b)?", "group": 2}}]), json!("a")),
        ("plan", json!([{"table": {"map": {"g": "gold"}}}]), json!("x")),
        ("name", json!(["trim"]), json!({"a": 1})),
    ] {
        let found = made(target, transforms.clone(), value.clone());
        assert_eq!(found, (Value::Null, "transform_failed"), "{transforms} on {value}");
    }
    assert_eq!(made("teams", json!(["trim"]), json!([{"a": 1}])).1, "missing");
}

#[test]
fn templates_leave_no_trace_of_what_is_missing() {
    let made = |template: &str| {
        let rule = json!({"target": "name", "source": {"template": template}});
        applied(
            rule,
            json!({"first": " Ann ", "last": "Adler", "n": 7, "l": [1], "o": {"v": true}}),
        )
    };
    for (template, expected) in [
        ("{first} {last}", "Ann Adler"),
        ("{first} {middle} {last}", "Ann Adler"),
        ("{middle}, {first}", "Ann"),
        ("{last}, {middle}", "Adler"),
        ("{{{first}}}", "{Ann}"),
        ("{n}-{o.v}", "7-true"),
        ("{[\"first\"]}", "Ann"),
        ("{l.0}{/first}", "1Ann"),
    ] {
        assert_eq!(made(template), (json!(expected), "set"), "{template}");
    }
    assert_eq!(made("Dear {middle} {l}"), (Value::Null, "missing"));
}

#[test]
fn values_are_brought_into_the_fields_form() {
    for (target, value, expected, code) in [
        ("name", json!("a\u{202e}b\u{0}c\nd"), json!("abc d"), "set"),
        ("name", json!("ä".repeat(300)), json!("ä".repeat(200)), "set"),
        ("name", json!(7), json!("7"), "set"),
        ("name", json!(["a"]), Value::Null, "wrong_kind"),
        ("name", json!({"a": 1}), Value::Null, "wrong_kind"),
        ("email", json!("\u{200f}Ann@X.test"), json!("Ann@x.test"), "set"),
        ("email", json!("ann"), Value::Null, "email"),
        ("picture", json!("https://x.test/\u{202e}a"), json!("https://x.test/a"), "set"),
        ("picture", json!("http://x.test/a"), Value::Null, "url"),
        ("level", json!(3), json!(3), "set"),
        ("level", json!(3.5), Value::Null, "wrong_kind"),
        ("staff", json!("true"), json!(true), "set"),
        ("staff", json!(1), Value::Null, "wrong_kind"),
        ("teams", json!(["a", "a", 7, {}]), json!(["a", "7"]), "set"),
        ("teams", json!([{"name": "a"}]), Value::Null, "wrong_kind"),
        ("teams", json!({"a": 1}), Value::Null, "wrong_kind"),
        ("address.formatted", json!("1 Lane \r\n\n Vienna"), json!("1 Lane\nVienna"), "set"),
        ("plan", json!("GOLD"), json!("gold"), "set"),
    ] {
        assert_eq!(made(target, json!([]), value.clone()), (expected, code), "{target} {value}");
    }
}
