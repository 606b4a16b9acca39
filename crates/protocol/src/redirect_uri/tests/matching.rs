//! Comparison of sent and registered URIs, and what is said about a mismatch. Each refused text is
//! one that some product or browser has taken for the registered one.
//! What may be registered at all is tested in `registration`.

use super::super::*;
use ApplicationType::{Machine, Native, Spa, Web};

const R: &str = "https://rp.test/cb";

fn registered(uris: &[&str]) -> Vec<String> {
    uris.iter().map(|uri| (*uri).to_owned()).collect()
}

#[test]
fn rfc9700_2_1_equal_text_matches_for_every_kind() {
    let list = registered(&["https://other.test/", R]);
    for app in ApplicationType::ALL {
        assert!(matches(R, &list, app));
    }
    let private = registered(&["com.example.app:/cb"]);
    assert!(matches("com.example.app:/cb", &private, Native));
}

#[test]
fn rfc9700_2_1_anything_but_equal_text_is_refused() {
    let list = registered(&[R, "https://rp.test/cb?tenant=1"]);
    let suffixes = [
        "/..;/x",
        "/%2e%2e/x",
        "/%252e%252e/x",
        "/..%5cx",
        "/../x",
        "/.",
        "/./",
        "/",
        "//",
        "?",
        "?x=1",
        "#",
        "#x",
        "%00",
        "%0a",
        "\n",
        "\r\n",
        "\t",
        " ",
        "%20",
        "\\",
        ";x",
        ".",
        "&x=1",
        "\u{0}",
        "\u{200b}",
        "\u{2025}",
    ];
    let others = [
        "",
        "/",
        "//rp.test/cb",
        "https:rp.test/cb",
        "https:/rp.test/cb",
        "https:///rp.test/cb",
        "https:\\\\rp.test\\cb",
        "https://rp.test",
        "https://rp.test/",
        "https://rp.test/CB",
        "https://RP.test/cb",
        "HTTPS://rp.test/cb",
        "http://rp.test/cb",
        "https://rp.test:443/cb",
        "https://rp.test./cb",
        "https://rpxtest/cb",
        "https://rp.test.evil.test/cb",
        "https://evil.test/https://rp.test/cb",
        "https://rp.test@evil.test/cb",
        "https://user@rp.test/cb",
        "https://rp.test\\@evil.test/cb",
        "https://evil.test#https://rp.test/cb",
        "https://rp.test/%63b",
        "https://rp%2etest/cb",
        "https://rp.test/cb?tenant=2",
        "https://rp.test/cb?tenant=1&x=2",
        "https://rp.test/c",
        " https://rp.test/cb",
        "ht\ttps://rp.test/cb",
        "https://rp\u{3002}test/cb",
        "javascript:alert(1)//https://rp.test/cb",
    ];
    let appended = suffixes.iter().map(|suffix| format!("{R}{suffix}"));
    for sent in appended.chain(others.iter().map(|other| (*other).to_owned())) {
        for app in [Web, Spa, Native, Machine] {
            assert!(!matches(&sent, &list, app), "{sent:?}");
        }
    }
}

#[test]
fn rfc9700_2_1_an_empty_list_matches_nothing() {
    for sent in ["", R, "*", "https://*"] {
        assert!(!matches(sent, &[], Native), "{sent}");
    }
    assert!(!matches(R, &registered(&["https://*.test/cb", "https://rp.test/*", "*"]), Native));
}

#[test]
fn rfc8252_7_3_the_port_of_a_loopback_literal_is_free() {
    let list = registered(&["http://127.0.0.1/cb", "http://[::1]:8080/cb?x=1"]);
    for sent in [
        "http://127.0.0.1/cb",
        "http://127.0.0.1:9/cb",
        "http://127.0.0.1:65535/cb",
        "http://[::1]/cb?x=1",
        "http://[::1]:51004/cb?x=1",
    ] {
        assert!(matches(sent, &list, Native), "{sent}");
    }
    for app in [Web, Spa, Machine] {
        assert!(!matches("http://127.0.0.1:9/cb", &list, app));
    }
}

#[test]
fn rfc8252_7_3_nothing_else_of_a_loopback_uri_is_free() {
    let list = registered(&["http://127.0.0.1/cb", "http://[::1]:8080/cb", "http://localhost/cb"]);
    for sent in [
        "http://127.0.0.1.evil.test/cb",
        "http://127.0.0.1:9@evil.test/cb",
        "http://127.0.0.1@evil.test/cb",
        "http://127.0.0.1:9/other",
        "http://127.0.0.1:9/cb/",
        "http://127.0.0.1:9/cb?x",
        "http://127.0.0.1:9/cb#x",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:09/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:99999999999999999999/cb",
        "http://127.0.0.1:+9/cb",
        "http://127.0.0.1:-9/cb",
        "http://127.0.0.1:9\\cb",
        "http://127.0.0.1:9 /cb",
        "http://127.0.0.1:9:9/cb",
        "http://127.0.0.1:\u{0669}/cb",
        "https://127.0.0.1:9/cb",
        "http://127.0.0.2:9/cb",
        "http://127.1:9/cb",
        "http://2130706433:9/cb",
        "http://0x7f.0.0.1:9/cb",
        "HTTP://127.0.0.1:9/cb",
        "http://localhost:9/cb",
        "http://127.0.0.1.:9/cb",
        "http://[::1]x:9/cb",
        "http://[::1]@evil.test:9/cb",
        "http://[0::1]:9/cb",
        "http://[::ffff:127.0.0.1]:9/cb",
        "http://127.0.0.1%3a9/cb",
        "http://user@127.0.0.1:9/cb",
        "http://127.0.0.1:9",
        "http://127.0.0.1",
    ] {
        assert!(!matches(sent, &list, Native), "{sent}");
    }
}

#[test]
fn nearest_helps_without_guessing_wildly() {
    let list = registered(&["https://other.test/", "http://localhost:3000/callback"]);
    let near = nearest("http://localhost:3000/callback/", &list);
    assert_eq!(near, Some("http://localhost:3000/callback"));
    assert_eq!(nearest("https://localhost:3000/callback", &list), near);
    assert_eq!(nearest("completely-else", &list), None);
    assert_eq!(nearest("x", &[]), None);
    let long = "a".repeat(100_000);
    assert_eq!(nearest(&long, &registered(&[&long])), Some(long.as_str()));
}

#[test]
fn differences_are_named() {
    let base = "http://localhost:3000/callback";
    let table = [
        ("http://localhost:3000/callback/", Some("the last /")),
        ("https://localhost:3000/callback", Some("http and https")),
        ("http://localhost:3000/Callback", Some("upper and lower case")),
        ("http://127.0.0.1:3000/callback", Some("localhost and 127.0.0.1")),
        ("http://localhost:3001/callback", Some("the port")),
        ("http://localhost/callback", Some("the port")),
        ("http://localhost:3000/callback?x=1", Some("the part after the question mark")),
        ("http://localhost:3000/cb", None),
        ("https://elsewhere.test/callback", None),
        (base, None),
    ];
    for (sent, expected) in table {
        assert_eq!(difference(sent, base), expected, "{sent}");
    }
}

#[test]
fn kinds_have_one_name_everywhere() {
    for kind in ApplicationType::ALL {
        assert_eq!(kind.as_str().parse(), Ok(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
    for environment in Environment::ALL {
        assert_eq!(environment.as_str().parse(), Ok(environment));
        assert_eq!(serde_json::to_value(environment).unwrap(), environment.as_str());
    }
    assert!("WEB".parse::<ApplicationType>().is_err() && "".parse::<Environment>().is_err());
}
