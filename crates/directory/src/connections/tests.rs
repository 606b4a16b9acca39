//! What settings of connections may be.

use store::{ConnectionConfig, ExtraRequest};

use super::check::{check_code, tidy};
use super::check_config;

fn good() -> ConnectionConfig {
    ConnectionConfig {
        issuer: "https://up.example".into(),
        client_id: "client".into(),
        scopes: vec!["openid".into()],
        ..ConnectionConfig::default()
    }
}

fn fields(kind: &str, edit: impl Fn(&mut ConnectionConfig)) -> Vec<String> {
    let mut config = good();
    edit(&mut config);
    check_config(kind, &context::PlainHosts::default(), &tidy(&config))
        .iter()
        .map(|e| e.field.to_string())
        .collect()
}

#[test]
fn codes_are_short_and_plain() {
    for good in ["g", "google", "acme-entra-2"] {
        assert!(check_code(good).is_none(), "{good}");
    }
    let long = "x".repeat(41);
    for bad in ["", "-a", "a-", "Google", "a_b", "a/b", "a.b", "ä", "a b", "..", &long] {
        assert!(check_code(bad).is_some(), "{bad}");
    }
}

#[test]
fn an_issuer_needs_discovery_or_all_endpoints() {
    assert_eq!(fields("oidc", |_| ()), Vec::<String>::new());
    let missing = fields("oidc", |c| c.discovery = false);
    assert_eq!(missing, ["authorization_endpoint", "token_endpoint", "jwks_uri"]);
    assert_eq!(fields("oidc", |c| c.issuer = "http://up.example".into()), ["issuer"]);
    assert_eq!(fields("oidc", |c| c.issuer = "https://up.example?x".into()), ["issuer"]);
    assert_eq!(fields("oidc", |c| c.scopes = vec!["email".into()]), ["scopes"]);
    let blank = fields("oauth2", |c| c.subject_path = " ".into());
    assert_eq!(
        blank,
        ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "subject_path"]
    );
}

#[test]
fn what_the_protocol_sends_cannot_be_replaced() {
    for name in super::PROTOCOL_PARAMS {
        let twisted = name.to_ascii_uppercase();
        for name in [name.to_owned(), twisted] {
            let wrong = fields("oidc", |c| {
                c.extra_params.insert(name.clone(), "x".into());
            });
            assert_eq!(wrong, ["extra_params"], "{name}");
        }
    }
    for (name, value) in [("prompt", "select_account"), ("hd", "example.com")] {
        let none = fields("oidc", |c| {
            c.extra_params.insert(name.into(), value.into());
        });
        assert!(none.is_empty(), "{name}");
    }
    for (name, value) in [("a b", "x"), ("", "x"), ("ok", "line\r\nbreak"), ("ok", "ä")] {
        let wrong = fields("oidc", |c| {
            c.extra_params.insert(name.into(), value.into());
        });
        assert_eq!(wrong, ["extra_params"], "{name}={value}");
    }
}

#[test]
fn headers_cannot_carry_credentials_or_lines() {
    for (name, value) in [
        ("Authorization", "Bearer x"),
        ("cookie", "a=b"),
        ("Host", "evil.test"),
        ("Content-Length", "0"),
        ("Transfer-Encoding", "chunked"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("Proxy-Authorization", "x"),
        ("X-Ok", "a\r\nX-Bad: b"),
        ("X-Bad\r\nX", "a"),
        ("X-Ok", ""),
        ("", "x"),
    ] {
        let wrong = fields("oidc", |c| {
            c.headers.insert(name.into(), value.into());
        });
        assert_eq!(wrong, ["headers"], "{name}: {value}");
    }
}

#[test]
fn more_requests_are_few_named_and_to_https() {
    let request = |into: &str, url: &str| ExtraRequest { into: into.into(), url: url.into() };
    let with = |list: Vec<ExtraRequest>| fields("oidc", |c| c.extra_requests = list.clone());
    assert!(with(vec![request("emails", "https://up.example/emails")]).is_empty());
    assert_eq!(with(vec![request("emails", "file:///etc/passwd")]), ["extra_requests"]);
    assert_eq!(with(vec![request("__proto__", "https://up.example/")]), ["extra_requests"]);
    let twice = vec![request("a", "https://up.example/1"), request("a", "https://up.example/2")];
    assert_eq!(with(twice), ["extra_requests"]);
    let many = (0..6).map(|n| request(&format!("a{n}"), "https://up.example/")).collect();
    assert_eq!(with(many), ["extra_requests"]);
}

#[test]
fn scopes_fit_their_separator_and_algorithms_are_asymmetric() {
    let commas = |scope: &str| {
        fields("oidc", |c| {
            c.scope_separator = ",".into();
            c.scopes = vec!["openid".into(), scope.into()];
        })
    };
    assert!(commas("email").is_empty());
    assert_eq!(commas("a,b"), ["scopes"]);
    assert_eq!(fields("oidc", |c| c.scope_separator = "&x=".into()), ["scope_separator"]);
    for alg in ["none", "HS256", "RS1", "es256"] {
        assert_eq!(fields("oidc", |c| c.id_token_algs = vec![alg.into()]), ["id_token_algs"]);
    }
    assert!(fields("oidc", |c| c.id_token_algs = vec!["ES256".into()]).is_empty());
    for domain in ["localhost", "a..b", "a b.test", "x/y.test"] {
        let wrong = fields("oidc", |c| c.email_domains = vec![domain.into()]);
        assert!(wrong == ["email_domains"] || domain == "a b.test", "{domain}");
    }
    assert!(fields("oidc", |c| c.email_domains = vec!["@Example.COM".into()]).is_empty());
}
