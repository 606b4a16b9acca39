//! Requests hold nothing that the client decides, and print nothing that is secret.

use super::*;

#[test]
fn the_clients_own_headers_are_refused() {
    for name in ["Host", "user-agent", "Cookie", "Content-Length", "Transfer-Encoding", "Referer"] {
        let request = Request::get("https://a.example/").header(name, "x");
        assert_eq!(request.header_map().unwrap_err().code(), "upstream_protocol", "{name}");
    }
    for (name, value) in [("a b", "x"), ("", "x"), ("x-a", "1\r\nx-b: 2"), ("x-a", "\u{0}")] {
        let request = Request::get("https://a.example/").header(name, value);
        let error = request.header_map().unwrap_err().to_string();
        assert!(!error.contains("x-b"), "{error}");
    }
}

#[test]
fn secrets_are_not_printed() {
    let request =
        Request::post_form("https://a.example/t?k=hidden", &[("client_secret", "hidden")])
            .header("authorization", "Bearer hidden");
    let shown = format!("{request:?}");
    assert!(shown.contains("a.example/t") && !shown.contains("hidden"), "{shown}");
    let map = request.header_map().unwrap();
    assert!(map["authorization"].is_sensitive() && !map["content-type"].is_sensitive());
}

#[test]
fn forms_are_encoded() {
    let request = Request::post_form("https://a.example/", &[("a b", "ä&="), ("c", "")]);
    assert_eq!(request.body.unwrap(), b"a+b=%C3%A4%26%3D&c=");
}

#[test]
fn headers_are_found_whatever_their_case() {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let headers = vec![pair("link", "1"), pair("link", "2")];
    let response = Response { status: 200, headers, body: vec![], took: Duration::ZERO };
    assert_eq!(response.header("Link"), Some("1"));
    assert_eq!(response.header_values("LINK").collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(response.header("x"), None);
}

#[test]
fn a_budget_runs_out() {
    assert!(Budget::of(Duration::ZERO).remaining().is_zero());
    assert!(Budget::of(Duration::from_secs(60)).remaining() > Duration::from_secs(59));
    assert!(Budget::of(Duration::MAX).remaining().is_zero());
}

#[test]
fn methods_are_known_by_name() {
    assert_eq!(Method::from_name("GET"), Some(Method::Get));
    assert_eq!(Method::from_name("DELETE"), Some(Method::Delete));
    assert_eq!(Method::from_name("get"), None);
    assert_eq!(Method::from_name("CONNECT"), None);
}
