//! Client credentials: one method, form-decoded halves, nothing secret in `Debug`. Whether a
//! secret is right is tested where the hashes are.
//! Names of tests begin with the section they show.

use super::*;
use crate::error::ErrorCode;
use crate::form::Params;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

fn read(header: Option<&str>, body: &str) -> Result<Presented, ErrorCode> {
    let params = Params::parse(body.as_bytes()).unwrap();
    parse(header, &params).map_err(|error| error.code)
}

fn basic(pair: impl AsRef<[u8]>) -> Result<Presented, ErrorCode> {
    read(Some(&format!("Basic {}", STANDARD.encode(pair))), "")
}

fn is(client_id: &str, secret: &str) -> Result<Presented, ErrorCode> {
    Ok(Presented::Basic { client_id: client_id.into(), secret: secret.into() })
}

#[test]
fn rfc6749_2_3_1_halves_are_form_decoded() {
    assert_eq!(basic("app:secret"), is("app", "secret"));
    assert_eq!(basic("app:se:cr:et"), is("app", "se:cr:et"), "the first colon separates");
    assert_eq!(basic("a%3Ab:s%3At"), is("a:b", "s:t"));
    assert_eq!(basic("app:a+b"), is("app", "a b"));
    assert_eq!(basic("app:a%2Bb"), is("app", "a+b"));
    assert_eq!(basic("app:100%25"), is("app", "100%"));
    assert_eq!(basic("app:%C3%BC"), is("app", "\u{fc}"));
    assert_eq!(basic("app:\u{fc}"), is("app", "\u{fc}"), "raw UTF-8 is read as it is");
    assert_eq!(basic("a%252e:x"), is("a%2e", "x"), "decoded once");
}

#[test]
fn rfc7617_2_scheme_and_padding() {
    for scheme in ["Basic", "basic", "BASIC"] {
        let header = format!("{scheme} {}", STANDARD.encode("app:s1"));
        assert_eq!(read(Some(&header), ""), is("app", "s1"));
    }
    let unpadded = format!("Basic {}", STANDARD_NO_PAD.encode("app:s1"));
    assert_eq!(read(Some(&unpadded), ""), is("app", "s1"));
    let spaced = format!("Basic  {} ", STANDARD.encode("app:s1"));
    assert_eq!(read(Some(&spaced), ""), is("app", "s1"));
}

#[test]
fn rfc6749_5_2_malformed_basic_is_invalid_client() {
    for bad in ["app", "", ":", ":s", "app:", "a%:s", "a:%zz", "a:s%0", "a:%00", "a\u{0}:s"] {
        assert_eq!(basic(bad), Err(ErrorCode::InvalidClient), "{bad}");
    }
    assert_eq!(basic(b"app:\xff"), Err(ErrorCode::InvalidClient));
    assert_eq!(basic(b"a%ff:x"), Err(ErrorCode::InvalidClient));
    for header in ["Basic", "Basic ", "Basic !!!", "", "Bearer x", "Digest x", "Basic\tYTpi", "x"] {
        assert_eq!(read(Some(header), "client_id=app"), Err(ErrorCode::InvalidClient), "{header}");
    }
    let long = format!("Basic {}", STANDARD.encode(format!("a:{}", "s".repeat(8000))));
    assert_eq!(read(Some(&long), ""), Err(ErrorCode::InvalidClient));
}

#[test]
fn rfc6749_2_3_one_method_only() {
    let header = format!("Basic {}", STANDARD.encode("app:s1"));
    let with = |body: &str| read(Some(&header), body);
    assert_eq!(with("client_id=app&client_secret=s1"), Err(ErrorCode::InvalidRequest));
    assert_eq!(with("client_secret=s1"), Err(ErrorCode::InvalidRequest));
    assert_eq!(with("client_assertion=x"), Err(ErrorCode::InvalidRequest));
    assert_eq!(with("client_id=other"), Err(ErrorCode::InvalidRequest));
    assert_eq!(with("client_id=app"), is("app", "s1"));
    assert_eq!(with("client_secret="), is("app", "s1"), "empty counts as absent");
    let both = "client_id=app&client_secret=s&client_assertion=x";
    assert_eq!(read(None, both), Err(ErrorCode::InvalidRequest));
    let assertion = "client_id=app&client_assertion_type=y&client_assertion=x";
    assert_eq!(read(None, assertion), Err(ErrorCode::InvalidClient));
}

#[test]
fn rfc6749_2_3_1_credentials_in_the_body() {
    let post = Presented::Post { client_id: "app".into(), secret: "s+1".into() };
    assert_eq!(read(None, "client_id=app&client_secret=s%2B1"), Ok(post));
    let none = Presented::None { client_id: "app".into() };
    assert_eq!(read(None, "client_id=app"), Ok(none.clone()));
    assert_eq!(read(None, "client_id=app&client_secret="), Ok(none));
    assert_eq!(read(None, ""), Err(ErrorCode::InvalidClient));
    assert_eq!(read(None, "client_secret=s"), Err(ErrorCode::InvalidClient));
}

#[test]
fn registered_method_decides() {
    let none = Presented::None { client_id: "a".into() };
    let header = Presented::Basic { client_id: "a".into(), secret: "s".into() };
    let post = Presented::Post { client_id: "a".into(), secret: "s".into() };
    use TokenEndpointAuthMethod::*;
    let table = [
        (ClientSecret, [false, true, true]),
        (ClientSecretBasic, [false, true, false]),
        (ClientSecretPost, [false, false, true]),
        (None, [true, false, false]),
    ];
    for (method, expected) in table {
        let found = [&none, &header, &post].map(|presented| method.accepts(presented));
        assert_eq!(found, expected, "{method}");
        assert_eq!(method.as_str().parse(), Ok(method));
        assert_eq!(serde_json::to_value(method).unwrap(), method.as_str());
    }
    assert!(header.used_header() && !post.used_header() && !none.used_header());
    assert_eq!((none.secret(), post.secret()), (Option::None, Some("s")));
}

#[test]
fn debug_shows_no_secret() {
    for presented in
        [basic("app:hush").unwrap(), read(None, "client_id=app&client_secret=hush").unwrap()]
    {
        let text = format!("{presented:?}");
        assert!(text.contains("app") && !text.contains("hush"), "{text}");
    }
}
