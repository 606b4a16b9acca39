//! Fields that change with their sources, all or none, and who may not write which.

use serde_json::json;
use store::settings::UserFields;
use store::{TenantId, Timestamp, UserId};

use super::*;

fn row() -> UserRow {
    UserRow {
        tenant: TenantId::system(),
        id: UserId::parse("usr_00000000000000000000000001").expect("an id"),
        email: "ann@example.com".into(),
        email_key: "ann@example.com".into(),
        email_verified: true,
        name: "Ann".into(),
        profile: r#"{"given_name":"Ann","address":{"country":"AT"},"kept":1}"#.into(),
        password: None,
        blocked: false,
        epoch: 1,
        version: 1,
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
        last_sign_in_at: None,
        name_key: "ann".into(),
        custom: "{}".into(),
        sources: "{}".into(),
        external_id: None,
    }
}

fn schema() -> Schema {
    let field = |key: &str, kind: &str, by: &str| json!({ "key": key, "label": key, "kind": kind, "editable_by": by });
    schema_of(&UserFields {
        fields: vec![
            field("department", "text", "user"),
            field("staff", "bool", "admin"),
            json!({ "a definition": "of another version" }),
        ],
    })
}

fn values(json: Value) -> Values {
    json.as_object().cloned().expect("an object")
}

fn codes(error: Error) -> Vec<(String, &'static str)> {
    let Error::Form(errors) = error else { panic!("{error}") };
    errors.into_iter().map(|e| (e.field.into_owned(), e.code)).collect()
}

#[test]
fn fields_change_with_their_sources_and_what_stays_keeps_its_own() {
    let (mut row, schema) = (row(), schema());
    let changes = values(json!({
        "given_name": "Ann", "family_name": " Bo ", "address.locality": "Graz",
        "department": "R&D", "staff": "true", "name": "Ann Bo",
    }));
    let differs = apply(&schema, &mut row, &changes, Source::Admin).unwrap();
    assert_eq!(differs["family_name"], json!([null, "Bo"]));
    assert_eq!(differs["staff"], json!([null, true]));
    assert!(!differs.contains_key("given_name"), "it is what it was");
    assert_eq!((row.name.as_str(), row.name_key.as_str()), ("Ann Bo", "ann bo"));
    assert_eq!(
        row.profile,
        r#"{"address":{"country":"AT","locality":"Graz"},"family_name":"Bo","given_name":"Ann","kept":1}"#
    );
    let from = sources(&row);
    assert_eq!(from.get("department").map(String::as_str), Some("admin"));
    assert!(!from.contains_key("given_name"));

    let con = ConnectionId::parse("con_00000000000000000000000001").unwrap();
    let changes = values(json!({ "department": "R&D", "family_name": null, "nickname": "A" }));
    let differs = apply(&schema, &mut row, &changes, Source::Connection(&con)).unwrap();
    assert_eq!(differs.keys().collect::<Vec<_>>(), ["family_name", "nickname"]);
    let from = sources(&row);
    assert_eq!(from["department"], "admin", "the same value from elsewhere is no change");
    assert_eq!(from["nickname"], con.as_str());
    assert!(!from.contains_key("family_name"));
}

#[test]
fn nothing_is_written_when_one_field_is_wrong() {
    let (mut row, schema) = (row(), schema());
    let changes = values(json!({
        "given_name": "New", "email": "no address", "website": "javascript:alert(1)",
        "staff": "perhaps", "nonsense": "x", "external_id": "a\u{7}b", "role": "owner",
    }));
    let wrong = codes(apply(&schema, &mut row, &changes, Source::Admin).unwrap_err());
    let fields: Vec<&str> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["email", "external_id", "nonsense", "role", "staff", "website"]);
    assert_eq!(read(&row)["given_name"], "Ann");
}

#[test]
fn a_new_address_is_unproven_unless_it_is_said_to_be_proven() {
    let schema = schema();
    let change = |json: Value| {
        let mut row = row();
        apply(&schema, &mut row, &values(json), Source::Admin).unwrap();
        (row.email_key, row.email_verified)
    };
    assert_eq!(change(json!({ "email": "Bo@Example.com" })), ("bo@example.com".into(), false));
    assert_eq!(change(json!({ "email": "ANN@example.com" })), ("ann@example.com".into(), true));
    let both = json!({ "email": "bo@example.com", "email_verified": true });
    assert_eq!(change(both), ("bo@example.com".into(), true));
}

/// Self-service writes what the person may write, and nothing that says who they are.
#[test]
fn a_person_and_a_provider_do_not_write_what_identifies() {
    let (mut row, schema) = (row(), schema());
    let con = ConnectionId::parse("con_00000000000000000000000001").unwrap();
    for source in [Source::User, Source::Connection(&con)] {
        for key in ["email", "email_verified", "external_id"] {
            let changes = values(json!({ key: "true" }));
            let wrong = codes(apply(&schema, &mut row, &changes, source).unwrap_err());
            assert_eq!(wrong, [(key.to_owned(), "field_not_editable")]);
        }
    }
    let changes = values(json!({ "staff": true }));
    let wrong = codes(apply(&schema, &mut row, &changes, Source::User).unwrap_err());
    assert_eq!(wrong[0].1, "field_not_editable");
    let changes = values(json!({ "department": "Sales", "locale": "de-at" }));
    apply(&schema, &mut row, &changes, Source::User).unwrap();
    assert_eq!(
        (read(&row)["locale"].as_str(), sources(&row)["locale"].as_str()),
        (Some("de-AT"), "user")
    );
}
