//! Parameters come once, decode fully and are bounded. What single parameters mean is tested in
//! the modules that read them.
//! Encoding and decoding are tried on every character of the first planes.

use super::*;
use crate::error::ErrorCode;

fn parse(raw: &str) -> Result<Params, FormError> {
    Params::parse(raw.as_bytes())
}

#[test]
fn rfc6749_3_1_repeated_parameter_is_refused_and_named() {
    for raw in ["a=1&a=1", "a=1&b=2&a=3", "a=&a=1", "a=1&a", "a=1&%61=1", "state=x&st%61te=y"] {
        let name = if raw.starts_with('s') { "state" } else { "a" };
        assert_eq!(parse(raw).err(), Some(FormError::Duplicate(name.into())), "{raw}");
    }
    let both = Params::parse_both(b"client_id=x", b"client_id=x");
    assert_eq!(both.err(), Some(FormError::Duplicate("client_id".into())));
    let error = OauthError::from(FormError::Duplicate("re\"direct\r\n\u{e9}".into()));
    assert_eq!(error.code, ErrorCode::InvalidRequest);
    assert_eq!(error.hint, "parameter sent more than once: re'direct  ?");
}

#[test]
fn rfc6749_3_1_empty_value_counts_as_absent() {
    let params = parse("a=&b&c=1&&d=%20").unwrap();
    assert_eq!(params.get("a"), None);
    assert!(!params.has("b"));
    assert_eq!(params.get("c"), Some("1"));
    assert_eq!(params.get("d"), Some(" "));
    assert_eq!(params.names().collect::<Vec<_>>(), ["c", "d"]);
}

#[test]
fn values_decode_once_and_keep_further_equal_signs() {
    let params = parse("a=b=c%3D&s=x+y%2By&u=%E2%82%AC&twice=%252e&code_verifier%5B%5D=v").unwrap();
    assert_eq!(params.get("a"), Some("b=c="));
    assert_eq!(params.get("s"), Some("x y+y"));
    assert_eq!(params.get("u"), Some("\u{20ac}"));
    assert_eq!(params.get("twice"), Some("%2e"));
    assert_eq!(params.get("code_verifier"), None);
}

#[test]
fn broken_bytes_are_refused() {
    for raw in ["a=%", "a=%4", "a=%zz", "%=1", "a=%+1"] {
        assert_eq!(parse(raw).err(), Some(FormError::BadEscape), "{raw}");
    }
    for raw in ["a=%ff", "a=%c0%80", "a=%ed%a0%80", "a=%00", "%00=1"] {
        assert_eq!(parse(raw).err(), Some(FormError::NotUtf8), "{raw}");
    }
    assert_eq!(Params::parse(b"a=\xff").err(), Some(FormError::NotUtf8));
}

#[test]
fn size_is_capped() {
    let many = |n: usize| (0..n).map(|i| format!("p{i}=1")).collect::<Vec<_>>().join("&");
    assert!(parse(&many(MAX_PARAMETERS)).is_ok());
    assert_eq!(parse(&many(MAX_PARAMETERS + 1)).err(), Some(FormError::TooLarge));
    assert!(parse(&format!("{}=1", "n".repeat(MAX_NAME))).is_ok());
    assert_eq!(parse(&"n".repeat(MAX_NAME + 1)).err(), Some(FormError::TooLarge));
    assert!(parse(&format!("a={}", "v".repeat(MAX_TOTAL - 2))).is_ok());
    assert_eq!(parse(&format!("a={}", "v".repeat(MAX_TOTAL - 1))).err(), Some(FormError::TooLarge));
}

#[test]
fn every_text_survives_encode_and_decode() {
    let all: Vec<char> = (1u32..0x2000).filter_map(char::from_u32).collect();
    for piece in all.chunks(61) {
        let text: String = piece.iter().collect();
        assert_eq!(decode(encode(&text).as_bytes()).unwrap(), text);
        let params = parse(&format!("k={}", encode(&text))).unwrap();
        assert_eq!(params.get("k"), Some(text.as_str()));
    }
}

#[test]
fn rfc6749_3_1_2_registered_query_is_kept() {
    let add = |uri| append_query(uri, &[("code", "a&b"), ("state", "x y")]);
    assert_eq!(add("https://rp.test/cb"), "https://rp.test/cb?code=a%26b&state=x%20y");
    assert_eq!(add("https://rp.test/cb?k=1"), "https://rp.test/cb?k=1&code=a%26b&state=x%20y");
    assert_eq!(add("https://rp.test/cb?"), "https://rp.test/cb?code=a%26b&state=x%20y");
    assert_eq!(append_query("app.test:/cb", &[]), "app.test:/cb");
}

#[test]
fn debug_shows_no_values() {
    assert_eq!(
        format!("{:?}", parse("client_secret=hush&a=1").unwrap()),
        r#"["client_secret", "a"]"#
    );
}
