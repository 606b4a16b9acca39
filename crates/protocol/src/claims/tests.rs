//! Claim tables, hashes and token bodies against the examples of the specifications.
//! Signatures are tested in `vault`.
//! Names of tests begin with the section they show.

use super::*;
use serde_json::json;

#[test]
fn oidc_core_5_4_scope_claims() {
    assert_eq!(StandardClaims::of_scope("profile").len(), 14);
    assert_eq!(StandardClaims::of_scope("email"), ["email", "email_verified"]);
    assert_eq!(StandardClaims::of_scope("address"), ["address"]);
    assert_eq!(StandardClaims::of_scope("phone"), ["phone_number", "phone_number_verified"]);
    assert!(StandardClaims::of_scope("openid").is_empty());
    assert!(StandardClaims::of_scope("Profile").is_empty());
    assert_eq!(StandardClaims::all().count(), 19);
    assert_eq!(StandardClaims::scope_of("email_verified"), Some("email"));
    for reserved in ["sub", "iss", "aud", "exp", "amr", "acr", "azp", "roles"] {
        assert_eq!(StandardClaims::scope_of(reserved), None);
    }
}

#[test]
fn oidc_core_3_1_3_6_at_hash() {
    // Example of OpenID Connect Core appendix A.3 and A.4.
    let access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    assert_eq!(at_hash("RS256", access_token), "77QmUPtjPfzWtF2AnpK9RQ");
    assert_eq!(at_hash("ES256", access_token), "77QmUPtjPfzWtF2AnpK9RQ");
    let code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
    assert_eq!(at_hash("RS256", code), "LDktKdoQak3Pk0cnXxCltA");
    // 32 and 24 bytes: halves of SHA-512 and SHA-384.
    assert_eq!(at_hash("EdDSA", access_token).len(), 43);
    assert_eq!(at_hash("ES384", access_token).len(), 32);
}

#[test]
fn id_token_leaves_out_what_is_absent() {
    let body = json!({"iss": "i", "sub": "s", "aud": "a", "exp": 2, "iat": 1});
    let token: IdToken = serde_json::from_value(body.clone()).unwrap();
    assert_eq!(serde_json::to_value(&token).unwrap(), body);
    let mut token = token;
    token.extra.insert("name".into(), json!("Ada"));
    assert_eq!(serde_json::to_value(&token).unwrap()["name"], "Ada");
}

#[test]
fn rfc9068_2_2_access_token_body() {
    let body = json!({
        "iss": "i", "sub": "s", "aud": ["a", "b"], "exp": 2, "iat": 1, "jti": "j",
        "client_id": "c", "scope": "openid", "sid": "ses_1", "gid": "gra_1", "amr": ["pwd"],
    });
    let token: AccessToken = serde_json::from_value(body.clone()).unwrap();
    assert_eq!(serde_json::to_value(&token).unwrap(), body);
    assert!(token.aud.contains("b") && !token.aud.contains("c") && !token.aud.is_only("a"));
    assert!(Audience::from("a").is_only("a"));
    let missing =
        json!({"iss": "i", "sub": "s", "aud": "a", "iat": 1, "jti": "j", "client_id": "c"});
    assert!(serde_json::from_value::<AccessToken>(missing).is_err(), "exp is mandatory");
}
