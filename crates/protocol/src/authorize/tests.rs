//! Authorization requests: what is read, what is refused, and in which order. Attacks on the
//! redirect URI itself are in `redirect_uri::tests`.
//! Names of tests begin with the section they show.

use super::*;
use crate::form::encode;

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const R: &str = "https://rp.test/cb";

fn params(raw: &str) -> Params {
    Params::parse(format!("client_id=app_1&{raw}").as_bytes()).unwrap()
}

fn read(raw: &str) -> Result<AuthorizeRequest, AuthorizeRefusal> {
    parse(&params(&format!("response_type=code&{raw}")), R)
}

fn code_of(raw: &str) -> Option<ErrorCode> {
    read(raw).err().map(|refusal| refusal.error.code)
}

#[test]
fn rfc6749_4_1_1_full_request() {
    let state = "s".repeat(128);
    let request = read(&format!(
        "scope=openid+email&state={state}&nonce=n&code_challenge={CHALLENGE}\
         &code_challenge_method=S256&prompt=login+consent&max_age=0&login_hint=ada%40rp.test\
         &ui_locales=de+en&acr_values=1&id_token_hint=x.y.z&display=popup&claims_locales=de\
         &claims=%7B%22userinfo%22%3A+%7B%7D%7D&resource=urn%3Aapi&response_mode=form_post&foo=bar"
    ))
    .unwrap();
    assert_eq!((request.client_id.as_str(), request.redirect_uri.as_str()), ("app_1", R));
    assert_eq!(request.response_mode, ResponseMode::FormPost);
    assert_eq!(request.scopes.to_string(), "openid email");
    assert_eq!(request.state.as_deref(), Some(state.as_str()));
    assert_eq!(request.challenge.as_ref().map(Challenge::as_str), Some(CHALLENGE));
    assert!(request.prompt.login && request.prompt.consent && !request.prompt.none);
    assert_eq!(request.max_age, Some(0));
    assert_eq!(request.login_hint.as_deref(), Some("ada@rp.test"));
    assert_eq!(request.claims.as_deref(), Some(r#"{"userinfo":{}}"#));
    assert_eq!(request.audience.as_deref(), Some("urn:api"));
    assert_eq!(request.display.as_deref(), Some("popup"));
    let text = serde_json::to_string(&request).unwrap();
    assert_eq!(serde_json::from_str::<AuthorizeRequest>(&text).unwrap(), request);
}

#[test]
fn minimal_request_is_short_when_serialized() {
    let request = read("").unwrap();
    assert!(request.scopes.is_empty() && request.challenge.is_none() && request.prompt.is_empty());
    let text = serde_json::to_string(&request).unwrap();
    assert_eq!(text, r#"{"c":"app_1","r":"https://rp.test/cb"}"#);
    let newer = r#"{"c":"app_1","r":"https://rp.test/cb","later":1}"#;
    assert_eq!(serde_json::from_str::<AuthorizeRequest>(newer).unwrap(), request);
}

#[test]
fn rfc6749_4_1_2_1_first_stage() {
    let only = |raw: &str| {
        let params = Params::parse(raw.as_bytes()).unwrap();
        client_and_redirect(&params)
            .map(|(id, uri)| (id.to_owned(), uri.map(str::to_owned)))
            .map_err(|error| error.code)
    };
    let found = only("client_id=a&redirect_uri=https%3A%2F%2Frp.test%2Fcb").unwrap();
    assert_eq!(found, ("a".to_owned(), Some(R.to_owned())));
    assert_eq!(only("client_id=a").unwrap().1, None);
    for bad in ["", "client_id=", "redirect_uri=x"] {
        assert_eq!(only(bad), Err(ErrorCode::InvalidRequest), "{bad}");
    }
    let long = format!("client_id={}", "a".repeat(MAX_CLIENT_ID + 1));
    assert_eq!(only(&long), Err(ErrorCode::InvalidRequest));
    let long = format!("client_id=a&redirect_uri={}", "a".repeat(MAX_REDIRECT_URI + 1));
    assert_eq!(only(&long), Err(ErrorCode::InvalidRequest));
}

#[test]
fn rfc6749_3_1_1_response_type_is_code() {
    let of = |raw: &str| parse(&params(raw), R).err().map(|refusal| refusal.error.code);
    assert_eq!(of(""), Some(ErrorCode::InvalidRequest));
    assert_eq!(of("response_type="), Some(ErrorCode::InvalidRequest));
    for other in ["token", "id_token", "code+id_token", "CODE", "code+", "none", "code%2Ctoken"] {
        let raw = format!("response_type={other}");
        assert_eq!(of(&raw), Some(ErrorCode::UnsupportedResponseType), "{other}");
    }
}

#[test]
fn refusals_keep_state_and_mode() {
    let refusal = parse(&params("state=x%20y%2F%3D&response_mode=form_post"), R).unwrap_err();
    assert_eq!(refusal.state.as_deref(), Some("x y/="));
    assert_eq!(refusal.response_mode, ResponseMode::FormPost);
    let long = "s".repeat(MAX_STATE + 1);
    let refusal = read(&format!("state={long}")).unwrap_err();
    assert_eq!((refusal.error.code, refusal.state), (ErrorCode::InvalidRequest, None));
    assert!(read(&format!("state={}", "s".repeat(MAX_STATE))).is_ok());
}

#[test]
fn response_modes_that_are_not_offered_are_refused_by_query() {
    for mode in ["fragment", "jwt", "query.jwt", "web_message", "QUERY", "x"] {
        let refusal = read(&format!("response_mode={mode}&state=s")).unwrap_err();
        assert_eq!(refusal.error.code, ErrorCode::InvalidRequest, "{mode}");
        assert_eq!(refusal.response_mode, ResponseMode::Query);
        assert_eq!(refusal.state.as_deref(), Some("s"));
    }
    assert_eq!(read("response_mode=query").unwrap().response_mode.as_str(), "query");
}

#[test]
fn oidc_core_3_1_2_6_unsupported_parameters() {
    let table = [
        ("request=eyJ", ErrorCode::RequestNotSupported),
        ("request_uri=https%3A%2F%2Fx", ErrorCode::RequestUriNotSupported),
        ("registration=%7B%7D", ErrorCode::RegistrationNotSupported),
    ];
    for (raw, code) in table {
        assert_eq!(code_of(raw), Some(code));
        // Also where the request object would have to say the response type.
        let refusal = parse(&params(raw), R).unwrap_err();
        assert_eq!(refusal.error.code, code);
    }
}

#[test]
fn rfc7636_4_3_challenge_needs_s256() {
    for raw in [
        format!("code_challenge={CHALLENGE}"),
        format!("code_challenge={CHALLENGE}&code_challenge_method=plain"),
        "code_challenge=short&code_challenge_method=S256".to_owned(),
        "code_challenge_method=S256".to_owned(),
        "code_challenge=&code_challenge_method=S256".to_owned(),
    ] {
        assert_eq!(code_of(&raw), Some(ErrorCode::InvalidRequest), "{raw}");
    }
}

#[test]
fn oidc_core_3_1_2_1_prompt() {
    assert!(read("prompt=none").unwrap().prompt.none);
    assert!(read("prompt=select_account").unwrap().prompt.select_account);
    assert!(read("prompt=create").unwrap().prompt.is_empty(), "unknown values are ignored");
    for bad in ["none+login", "consent+none", "none+none", "none+create"] {
        assert_eq!(code_of(&format!("prompt={bad}")), Some(ErrorCode::InvalidRequest), "{bad}");
    }
}

#[test]
fn oidc_core_3_1_2_1_max_age_and_display() {
    assert_eq!(read("max_age=10000").unwrap().max_age, Some(10_000));
    for bad in ["-1", "1.5", "x", "+1", "1e3", "99999999999", "%201"] {
        assert_eq!(code_of(&format!("max_age={bad}")), Some(ErrorCode::InvalidRequest), "{bad}");
    }
    assert_eq!(read("display=hologram").unwrap().display, None);
    assert_eq!(read("display=page").unwrap().display.as_deref(), Some("page"));
}

#[test]
fn sizes_and_forms_are_bounded() {
    let over = |name: &str, max: usize| format!("{name}={}", "a".repeat(max + 1));
    for (name, max) in [
        ("nonce", MAX_NONCE),
        ("login_hint", 512),
        ("ui_locales", 512),
        ("acr_values", 512),
        ("id_token_hint", 16 * 1024),
        ("claims", MAX_CLAIMS),
    ] {
        assert_eq!(code_of(&over(name, max)), Some(ErrorCode::InvalidRequest), "{name}");
    }
    assert_eq!(code_of(&over("scope", 1000)), Some(ErrorCode::InvalidScope));
    assert_eq!(code_of("scope=%22"), Some(ErrorCode::InvalidScope));
    assert_eq!(code_of("resource=x"), Some(ErrorCode::InvalidTarget));
    for bad in ["[]", "1", "{", "null", "x", &format!("{{\"a\":{}", "[".repeat(2000))] {
        let raw = format!("claims={}", encode(bad));
        assert_eq!(code_of(&raw), Some(ErrorCode::InvalidRequest), "{bad}");
    }
}
