//! Mappings, fields and profiles made by chance, most of them wrong in some way.
//!
//! What must hold for them is the parent module's.

use mapping::Mapping;
use mapping::schema::{FieldClaim, FieldDefinition, FieldKind, Schema};
use proptest::prelude::*;
use serde_json::{Value, json};

const NAMES: &[&str] = &[
    "email",
    "email_verified",
    "name",
    "id",
    "roles",
    "groups",
    "user",
    "value",
    "type",
    "primary",
    "sub",
    "password",
    "https://acme.example/x",
    "",
    "a b",
    "0",
    "-1",
    "\u{202e}",
    "\u{0}",
    "日本",
];
const TARGETS: &[&str] = &[
    "email",
    "name",
    "picture",
    "locale",
    "birthdate",
    "phone_number",
    "address.country",
    "website",
    "department",
    "level",
    "staff",
    "teams",
    "plan",
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
    "custom",
    "",
];
const PATHS: &[&str] = &[
    "email",
    "name",
    "user.value",
    "groups[*]",
    "groups[*].name",
    "groups[?type==\"work\"].value",
    "user.0",
    "/user/value",
    "groups[?@!=null]",
    "[\"https://acme.example/x\"]",
    "",
    "a..b",
    "[",
];

/// Texts, some with a meaning.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(NAMES).prop_map(str::to_owned),
        "[ -~]{0,20}",
        proptest::collection::vec(any::<char>(), 0..12)
            .prop_map(|chars| chars.into_iter().collect()),
        Just("Ann@Example.com".to_owned()),
        Just("https://x.test/a".to_owned()),
        Just("1990-12-10".to_owned()),
    ]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![proptest::sample::select(NAMES).prop_map(str::to_owned), text()]
}

/// Any JSON.
pub fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        // Eighths: they survive being written and read, which not all fractions do.
        any::<i32>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map(name(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Any object.
pub fn object() -> impl Strategy<Value = Value> {
    proptest::collection::btree_map(name(), value(), 0..8)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![3 => proptest::sample::select(PATHS).prop_map(str::to_owned), 1 => text()]
}

fn transform() -> impl Strategy<Value = Value> {
    let plain = [
        "trim",
        "lower",
        "upper",
        "first",
        "to_string",
        "to_number",
        "to_bool",
        "to_locale",
        "to_date",
        "hash",
    ];
    prop_oneof![
        4 => proptest::sample::select(plain.to_vec()).prop_map(Value::from),
        1 => value().prop_map(|value| json!({ "default": value })),
        1 => text().prop_map(|text| json!({ "template": format!("{{value}} {text} {{name}}") })),
        1 => text().prop_map(|by| json!({ "join": by })),
        1 => (text(), -3..3_i64).prop_map(|(by, index)| json!({"split": {"by": by, "index": index}})),
        1 => text().prop_map(|by| json!({"split": {"by": by}})),
        1 => ("[a-z(|)*+?.\\[\\]]{0,8}", 0..3_u32)
            .prop_map(|(pattern, group)| json!({"regex": {"pattern": pattern, "group": group}})),
        1 => (text(), value()).prop_map(|(key, value)| json!({"table": {"map": {key: value}}})),
        1 => Just(json!({"to_date": ["DD.MM.YYYY", "epoch", "epoch_ms"]})),
    ]
}

fn rule() -> impl Strategy<Value = Value> {
    let source = prop_oneof![
        4 => path().prop_map(Value::from),
        1 => value().prop_map(|value| json!({ "const": value })),
        1 => path().prop_map(|path| json!({ "template": format!("{{{path}}} x {{name}}") })),
    ];
    let if_missing = prop_oneof![
        Just(json!("skip")),
        value().prop_map(|value| json!({ "default": value })),
        text().prop_map(|text| json!({ "block": text })),
    ];
    let trust = prop_oneof![
        3 => Just(json!("never")),
        1 => Just(json!("always")),
        1 => Just(json!("verified")),
        1 => path().prop_map(|path| json!({ "verified": path })),
    ];
    let target =
        prop_oneof![4 => proptest::sample::select(TARGETS).prop_map(str::to_owned), 1 => text()];
    let update = proptest::sample::select(vec!["always", "first", "if_empty", "never"]);
    let chain = proptest::collection::vec(transform(), 0..4);
    (target, source, chain, if_missing, update, trust).prop_map(
        |(target, source, transforms, if_missing, update, trust)| {
            json!({"target": target, "source": source, "transforms": transforms,
                "if_missing": if_missing, "update": update, "trust": trust})
        },
    )
}

/// Rules of the right form.
pub fn mapping() -> impl Strategy<Value = Mapping> {
    proptest::collection::vec(rule(), 0..8).prop_map(|rules| {
        Mapping::from_value(&json!({ "rules": rules })).expect("rules of the right form")
    })
}

fn field() -> impl Strategy<Value = FieldDefinition> {
    let kinds = vec![
        FieldKind::Text,
        FieldKind::Email,
        FieldKind::Phone,
        FieldKind::Url,
        FieldKind::Bool,
        FieldKind::Integer,
        FieldKind::Date,
        FieldKind::Locale,
        FieldKind::Timezone,
        FieldKind::List,
        FieldKind::Choice(vec!["a".into(), "b".into()]),
    ];
    let key = prop_oneof![proptest::sample::select(TARGETS).prop_map(str::to_owned), text()];
    let claim = proptest::option::of(prop_oneof![
        proptest::sample::select(vec![
            "sub",
            "iss",
            "roles",
            "email",
            "tenant",
            "department",
            "amr"
        ])
        .prop_map(str::to_owned),
        text(),
    ]);
    (key, proptest::sample::select(kinds), claim, any::<Option<i8>>(), any::<Option<i8>>())
        .prop_map(|(key, kind, claim, min, max)| FieldDefinition {
            claim: claim.map(|name| FieldClaim { name, scope: "profile".into() }),
            min: min.map(i64::from),
            max: max.map(i64::from),
            ..FieldDefinition::new(&key, "Label", kind)
        })
}

/// Definitions as nobody would let them be saved: the engine does not rely on that check.
pub fn schema() -> impl Strategy<Value = Schema> {
    proptest::collection::vec(field(), 0..6).prop_map(|custom| Schema { custom })
}
