//! The catalogue is complete, and its wording follows the rules: full sentences, no forbidden
//! words, no jargon for people at the browser.
//! That each code can be provoked is shown by the black-box tests.

mod page;

use super::*;
use std::collections::HashSet;

const REQUIRED: &str = "redirect_uri_mismatch application_unknown application_disabled \
    response_type_unsupported request_invalid pkce_missing pkce_mismatch code_unknown code_expired \
    code_reused code_wrong_application code_session_ended client_auth_missing client_secret_wrong \
    client_auth_method grant_type_not_allowed scope_not_allowed refresh_unknown refresh_replayed \
    refresh_expired grant_revoked bad_credentials too_many_attempts user_blocked flow_expired \
    flow_foreign_browser csrf_failed consent_denied login_required consent_required \
    account_selection_required session_expired origin_not_allowed tenant_unknown tenant_suspended \
    link_unknown link_expired link_used password_too_short password_common token_invalid \
    token_expired logout_redirect_unregistered server_busy database_unavailable not_found \
    method_not_allowed payload_too_large form_invalid conflict forbidden setup_closed internal \
    too_many_requests \
    connection_unknown connection_disabled upstream_state upstream_mix_up upstream_denied \
    upstream_error upstream_discovery upstream_client upstream_code upstream_token \
    upstream_profile upstream_subject id_token_missing id_token_malformed id_token_signature \
    id_token_algorithm id_token_issuer id_token_audience id_token_time id_token_nonce \
    mapping_blocked email_domain sign_up_closed email_missing link_needs_proof identity_taken \
    link_proof_over upstream_url upstream_blocked upstream_dns upstream_connect upstream_tls \
    upstream_timeout upstream_too_large upstream_redirect upstream_status upstream_circuit_open \
    upstream_protocol";

#[test]
fn every_required_code_has_its_entry() {
    for code in REQUIRED.split_whitespace() {
        assert_eq!(entry(code).code, code);
    }
    assert_eq!(ALL.iter().map(|entry| entry.code).collect::<HashSet<_>>().len(), ALL.len());
    assert_eq!(ALL.len(), REQUIRED.split_whitespace().count());
    assert_eq!(entry("no_such_code").code, INTERNAL);
    assert_eq!(entry(REDIRECT_URI_MISMATCH).who, Who::Developer);
}

#[test]
fn texts_are_sentences_without_forbidden_words() {
    let banned = ["oops", "invalid", "please", "sorry", "illegal", "fatal", "abort"];
    let jargon = [
        "redirect_uri",
        "oauth",
        "oidc",
        "openid",
        "token",
        "pkce",
        "client_id",
        "scope",
        "csrf",
        "parameter",
        "payload",
        "http",
        "grant",
        "nonce",
    ];
    for entry in ALL {
        for text in [entry.user, entry.admin, entry.fix] {
            assert!(text.ends_with('.') && text.len() > 10, "{}: {text}", entry.code);
            assert!(!text.contains("  ") && !text.contains('\n'), "{}: {text}", entry.code);
            let lower = text.to_lowercase();
            assert!(!banned.iter().any(|word| lower.contains(word)), "{}: {text}", entry.code);
        }
        let lower = entry.user.to_lowercase();
        assert!(!jargon.iter().any(|word| lower.contains(word)), "{}", entry.user);
    }
}

#[test]
fn blocked_users_read_the_same_as_a_wrong_password() {
    assert_eq!(entry(USER_BLOCKED).user, entry(BAD_CREDENTIALS).user);
    assert!(entry(BAD_CREDENTIALS).user.starts_with("Email or password is not correct"));
}
