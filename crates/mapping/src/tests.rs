//! Scopes and the claims parameter give exactly the claims they name, in the types of the
//! specification.
//! Where the claims go is tested in `issuer`.

mod preview;
mod redact;

use super::*;
use protocol::claims::StandardClaims;
use serde_json::json;

fn full() -> UserProfile {
    let mut source = Map::new();
    for claim in StandardClaims::all() {
        let value = match claim {
            "updated_at" => json!(1_790_000_000),
            "email_verified" | "phone_number_verified" => json!(true),
            "address" => json!({
                "formatted": "f", "street_address": "s", "locality": "l", "region": "r",
                "postal_code": "p", "country": "c",
            }),
            other => json!(format!("some {other}")),
        };
        source.insert(claim.to_owned(), value);
    }
    serde_json::from_value(Value::Object(source)).unwrap()
}

fn claims(user: &UserProfile, scopes: &str) -> Map<String, Value> {
    user_claims(user, &Scopes::parse(scopes).unwrap())
}

fn keys(map: &Map<String, Value>) -> Vec<&str> {
    map.keys().map(String::as_str).collect()
}

#[test]
fn oidc_core_5_4_each_scope_gives_exactly_its_claims() {
    let user = full();
    for (scope, expected) in StandardClaims::TABLE {
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        let found = claims(&user, &format!("openid {scope}"));
        let mut found = keys(&found);
        found.sort_unstable();
        assert_eq!(found, expected, "{scope}");
    }
    assert!(claims(&user, "openid offline_access orders:read").is_empty());
    assert_eq!(claims(&user, "profile email address phone").len(), 19);
}

#[test]
fn rules_and_claim_table_agree_and_reserved_claims_are_no_target() {
    let known: Vec<_> = StandardClaims::all().collect();
    let targets: Vec<_> = STANDARD_RULES.iter().map(|rule| rule.target).collect();
    assert_eq!(targets.len(), known.len());
    for rule in STANDARD_RULES {
        assert_eq!(StandardClaims::scope_of(rule.target), Some(rule.scope), "{}", rule.target);
    }
    for reserved in ["sub", "iss", "aud", "exp", "iat", "amr", "acr", "azp", "roles", "tenant"] {
        assert!(!targets.contains(&reserved));
    }
}

#[test]
fn claims_are_what_the_rules_say() {
    let empty =
        UserProfile { email_verified: Some(true), name: Some("".into()), ..Default::default() };
    let nowhere = UserProfile { address: Some(Address::default()), ..Default::default() };
    for user in [full(), UserProfile::default(), empty, nowhere] {
        let by_rules = apply(STANDARD_RULES, &user.to_source(), |_| true);
        assert_eq!(claims(&user, "profile email phone address"), by_rules);
    }
}

#[test]
fn oidc_core_5_1_types() {
    let found = claims(&full(), "profile email phone address");
    assert!(found["updated_at"].is_i64());
    assert_eq!(found["email_verified"], json!(true));
    assert_eq!(found["phone_number_verified"], json!(true));
    assert_eq!(found["address"]["postal_code"], json!("p"));
    assert_eq!(found["address"].as_object().unwrap().len(), 6);
}

#[test]
fn oidc_core_5_3_2_empty_fields_give_no_claim() {
    assert!(claims(&UserProfile::default(), "profile email address phone").is_empty());
    let user = UserProfile {
        name: Some(String::new()),
        nickname: Some("Ada".into()),
        email_verified: Some(true),
        phone_number: Some(String::new()),
        phone_number_verified: Some(false),
        address: Some(Address { region: Some(String::new()), ..Address::default() }),
        ..UserProfile::default()
    };
    assert_eq!(keys(&claims(&user, "profile email address phone")), ["nickname"]);
    let user = UserProfile { email: Some("a@b.test".into()), ..user };
    assert_eq!(claims(&user, "email").len(), 2);
}

#[test]
fn oidc_core_5_5_claims_by_name() {
    let requested = requested_claims(
        r#"{"userinfo":{"name":{"essential":true},"email":null,"x":null},"id_token":{"acr":{}}}"#,
    );
    assert_eq!(requested.userinfo.len(), 3);
    assert_eq!(requested.id_token, ["acr"]);
    let found = claims_by_name(&full(), &requested.userinfo);
    let mut found = keys(&found);
    found.sort_unstable();
    assert_eq!(found, ["email", "name"]);
}

#[test]
fn oidc_core_5_5_malformed_and_huge_requests_ask_for_nothing() {
    let deep = format!("{}1{}", r#"{"userinfo":"#.repeat(300), "}".repeat(300));
    let long = format!(r#"{{"userinfo":{{"{}":null}}}}"#, "a".repeat(MAX_REQUESTED + 1));
    let huge = format!(r#"{{"userinfo":{{"name":null}},"x":"{}"}}"#, "x".repeat(5000));
    for text in [
        "",
        "null",
        "[]",
        "1",
        "{",
        "\"userinfo\"",
        r#"{"userinfo":["name"]}"#,
        r#"{"userinfo":{"name":true,"email":"x","phone_number":[]}}"#,
        &deep,
        &long,
        &huge,
    ] {
        assert!(requested_claims(text).is_empty(), "{text}");
    }
    let many: Vec<_> = (0..200).map(|i| format!(r#""c{i}":null"#)).collect();
    let many = requested_claims(&format!(r#"{{"userinfo":{{{}}}}}"#, many.join(",")));
    assert_eq!(many.userinfo.len(), MAX_REQUESTED);
}

#[test]
fn requested_claims_travel_in_compact_form() {
    let requested = requested_claims(r#"{ "userinfo": { "name": null } }"#);
    assert_eq!(serde_json::to_string(&requested).unwrap(), r#"{"u":["name"]}"#);
    assert_eq!(serde_json::from_str::<RequestedClaims>("{}").unwrap(), RequestedClaims::default());
}

#[test]
fn profiles_survive_storage_and_ignore_unknown_fields() {
    let user = full();
    let text = serde_json::to_string(&user).unwrap();
    assert_eq!(serde_json::from_str::<UserProfile>(&text).unwrap(), user);
    assert!(serde_json::from_str::<UserProfile>(r#"{"name":"Ada","later":1}"#).is_ok());
    assert_eq!(serde_json::to_string(&UserProfile::default()).unwrap(), "{}");
}

#[test]
fn oidc_core_5_5_1_wanted_values_of_sub_and_acr() {
    let requested = requested_claims(
        r#"{"id_token":{"sub":{"value":"usr_1"},"acr":{"essential":true,"values":["2","3"]}}}"#,
    );
    assert_eq!(requested.sub.as_deref(), Some("usr_1"));
    assert_eq!(requested.essential_acr, ["2", "3"]);
    let voluntary = requested_claims(r#"{"id_token":{"acr":{"values":["2"]},"sub":null}}"#);
    assert!(voluntary.essential_acr.is_empty() && voluntary.sub.is_none());
    let odd = r#"{"id_token":{"acr":{"essential":"true","value":"2"},"sub":{"value":1}}}"#;
    assert!(requested_claims(odd).essential_acr.is_empty() && requested_claims(odd).sub.is_none());
}
