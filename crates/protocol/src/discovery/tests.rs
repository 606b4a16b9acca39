//! Metadata holds what is offered, under the issuer, and nothing else. That the endpoints really
//! answer is shown by the black-box tests.
//! Paths and aliases are checked for collisions here.

use super::*;

#[test]
fn rfc8414_2_endpoints_hang_under_the_issuer() {
    let metadata = Metadata::new("https://op.test/t/acme");
    assert_eq!(metadata.issuer, "https://op.test/t/acme");
    let json = serde_json::to_value(&metadata).unwrap();
    let mut endpoints = 0;
    for (name, value) in json.as_object().unwrap() {
        if name.ends_with("_endpoint") || name == "jwks_uri" {
            endpoints += 1;
            assert!(value.as_str().unwrap().starts_with("https://op.test/t/acme/"), "{name}");
        }
    }
    assert_eq!(endpoints, 7);
    let slashed = Metadata::new("https://op.test/");
    assert_eq!(slashed.issuer, "https://op.test/");
    assert_eq!(slashed.token_endpoint, "https://op.test/oauth/token");
}

#[test]
fn rfc8414_2_only_what_is_offered_is_published() {
    let mut metadata = Metadata::new("https://op.test");
    metadata.introspection_endpoint = None;
    let json = serde_json::to_value(metadata).unwrap();
    let absent = ["introspection_endpoint", "acr_values_supported", "registration_endpoint"];
    for name in absent {
        assert!(json.get(name).is_none(), "{name}");
    }
    assert!(json.as_object().unwrap().values().all(|value| !value.is_null()));
    assert_eq!(json["request_parameter_supported"], false);
    assert_eq!(json["request_uri_parameter_supported"], false);
    assert!(serde_json::from_value::<Metadata>(json).is_ok());
}

#[test]
fn rfc9207_3_iss_is_announced_and_rfc7636_s256_alone() {
    let metadata = Metadata::new("https://op.test");
    assert!(metadata.authorization_response_iss_parameter_supported);
    assert_eq!(metadata.code_challenge_methods_supported, ["S256"]);
    assert_eq!(metadata.response_types_supported, ["code"]);
    assert!(metadata.id_token_signing_alg_values_supported.contains(&"RS256".to_owned()));
    let known: Vec<_> = GrantType::ALL.iter().map(|grant| grant.as_str()).collect();
    assert_eq!(metadata.grant_types_supported, known);
}

#[test]
fn paths_are_distinct() {
    use super::paths::*;
    let primary = [
        AUTHORIZE,
        TOKEN,
        USERINFO,
        JWKS,
        OPENID_CONFIGURATION,
        OAUTH_METADATA,
        LOGOUT,
        REVOKE,
        INTROSPECT,
    ];
    let aliases = [
        AUTHORIZE_ALIASES,
        TOKEN_ALIASES,
        USERINFO_ALIASES,
        JWKS_ALIASES,
        LOGOUT_ALIASES,
        REVOKE_ALIASES,
        INTROSPECT_ALIASES,
    ];
    let mut all: Vec<_> = aliases.concat().into_iter().chain(primary).collect();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
    assert!(all.iter().all(|path| path.starts_with('/') && !path.ends_with('/')));
}
