//! What may be registered, and what browsers make of it. The URL parser used here for comparison
//! follows the same standard as theirs.
//! Comparison with sent addresses is tested in `matching`.

use super::super::*;
use ApplicationType::{Machine, Native, Spa, Web};
use Environment::{Development, Production, Staging};

fn problem(uri: &str, app: ApplicationType, env: Environment) -> Option<UriProblem> {
    check_registration(uri, app, env).err()
}

#[test]
fn https_is_open_to_all_but_machines() {
    for uri in [
        "https://rp.test/cb",
        "https://rp.test",
        "https://rp.test/",
        "https://rp.test:8443/cb",
        "https://rp.test/cb?tenant=1&x=%2F",
        "https://localhost:3000/cb",
        "https://127.0.0.1/cb",
        "https://[::1]:3000/cb",
        "https://[2001:db8::1]/cb",
        "https://xn--bcher-kva.test/cb",
        "https://App.Example.test/Callback",
        "https://rp.test/a/b-c_d.e~f/(g);h=i,j/@k:l",
        "https://rp.test?x=1",
        "https://a_b.test/",
        "https://192.0.2.1/cb",
    ] {
        for app in [Web, Spa, Native] {
            for env in Environment::ALL {
                assert_eq!(problem(uri, app, env), None, "{uri}");
            }
        }
        assert_eq!(problem(uri, Machine, Development), Some(UriProblem::Machine));
    }
}

#[test]
fn schemes_that_run_code_are_refused_in_any_spelling() {
    for uri in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "javascript://rp.test/%0aalert(1)",
        "data:text/html,x",
        "DATA:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "FILE:/x",
        "blob:https://rp.test/x",
        "about:blank",
        "filesystem:https://rp.test/x",
        "ftp://rp.test/",
        "view-source:https://rp.test/",
        "intent://x",
        "ws://rp.test/",
        "wss://rp.test/cb",
    ] {
        for app in [Web, Spa, Native] {
            assert_eq!(problem(uri, app, Development), Some(UriProblem::DangerousScheme), "{uri}");
        }
    }
    for uri in [
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "java\r\nscript:alert(1)",
        " javascript:alert(1)",
        "\u{1}javascript:alert(1)",
        "javascript\u{0}:alert(1)",
        "https\t://rp.test/cb",
        "https://rp.test/cb\n",
        "https://rp.test/c b",
        "https:\\\\rp.test",
        "https://rp.test\\@evil.test/cb",
        "https://rp\u{3002}test/cb",
        "https://r\u{440}.test/",
        "https://rp.test/\u{202e}",
        "https://rp.test/\"",
        "https://rp.test/<x>",
        "https://rp.test/`",
        "\u{feff}https://rp.test/",
        "https://rp.test/\u{7f}",
    ] {
        for app in [Web, Native] {
            assert_eq!(problem(uri, app, Development), Some(UriProblem::Character), "{uri:?}");
        }
    }
}

#[test]
fn rfc8252_7_1_private_schemes() {
    for uri in ["com.example.app:/cb", "com.example.app://cb", "com.example-x.a+b:/a/b?c=d"] {
        assert_eq!(problem(uri, Native, Production), None, "{uri}");
        assert_eq!(problem(uri, Web, Development), Some(UriProblem::SchemeNotNative));
        assert_eq!(problem(uri, Spa, Development), Some(UriProblem::SchemeNotNative));
    }
    let table = [
        ("myapp:/cb", UriProblem::SchemeWithoutDot),
        ("myapp://cb", UriProblem::SchemeWithoutDot),
        ("Com.Example.App:/cb", UriProblem::SchemeCase("com.example.app:/cb".into())),
        ("com.example.app://user@cb", UriProblem::UserInfo),
        ("com.example.app:", UriProblem::Host),
        ("com.example.app:cb", UriProblem::Host),
        ("com.example.app:/cb#x", UriProblem::Fragment("com.example.app:/cb".into())),
        ("1com.example.app:/cb", UriProblem::NoScheme(None)),
        (".com.example:/cb", UriProblem::NoScheme(None)),
    ];
    for (uri, expected) in table {
        assert_eq!(problem(uri, Native, Production), Some(expected), "{uri}");
    }
}

#[test]
fn rfc8252_7_3_plain_http_only_on_loopback() {
    let loopback = [
        "http://127.0.0.1/cb",
        "http://127.0.0.1:3000/cb",
        "http://[::1]:1/cb",
        "http://localhost:3000/cb",
    ];
    for uri in loopback {
        for env in [Development, Staging, Production] {
            assert_eq!(problem(uri, Native, env), None, "{uri}");
        }
        for app in [Web, Spa] {
            assert_eq!(problem(uri, app, Development), None, "{uri}");
            for env in [Staging, Production] {
                let fix = uri.replacen("http", "https", 1);
                assert_eq!(problem(uri, app, env), Some(UriProblem::Insecure(fix)), "{uri}");
            }
        }
    }
    for uri in [
        "http://rp.test/cb",
        "http://localhost.evil.test/cb",
        "http://127.0.0.1.evil.test/cb",
        "http://127.0.0.2/cb",
        "http://10.0.0.1/cb",
        "http://localhost./cb",
        "http://xlocalhost/",
        "http://0.0.0.0/",
        "http://LOCALHOST/",
        "http://[::]/",
        "http://[::ffff:7f00:1]/",
    ] {
        for app in [Web, Spa, Native] {
            assert!(problem(uri, app, Development).is_some(), "{uri}");
        }
    }
}

#[test]
fn rfc6749_3_1_2_absolute_and_without_fragment() {
    let table = [
        ("", UriProblem::Empty),
        ("rp.test/cb", UriProblem::NoScheme(Some("https://rp.test/cb".into()))),
        ("//rp.test/cb", UriProblem::NoScheme(Some("https://rp.test/cb".into()))),
        ("localhost:3000/cb", UriProblem::NoScheme(Some("http://localhost:3000/cb".into()))),
        ("app.rp.test:8080/cb", UriProblem::NoScheme(Some("https://app.rp.test:8080/cb".into()))),
        ("/cb", UriProblem::NoScheme(None)),
        ("https://rp.test/cb#", UriProblem::Fragment("https://rp.test/cb".into())),
        ("https://rp.test/cb#a#b", UriProblem::Fragment("https://rp.test/cb".into())),
        ("HTTPS://rp.test/cb", UriProblem::SchemeCase("https://rp.test/cb".into())),
        ("https://rp.test/*", UriProblem::Wildcard),
        ("https://*.rp.test/", UriProblem::Wildcard),
        ("https://rp.test/%", UriProblem::Escape),
        ("https://rp.test/%4", UriProblem::Escape),
        ("https://rp.test/%zz", UriProblem::Escape),
    ];
    for (uri, expected) in table {
        assert_eq!(problem(uri, Native, Production), Some(expected), "{uri}");
    }
    let long = |n: usize| format!("https://rp.test/{}", "a".repeat(n));
    assert_eq!(problem(&long(MAX_URI - 16), Web, Production), None);
    assert_eq!(problem(&long(MAX_URI - 15), Web, Production), Some(UriProblem::TooLong));
}

#[test]
fn hosts_are_what_browsers_read() {
    for uri in ["https://user@rp.test/", "https://rp.test@evil.test/", "https://a:b@rp.test/cb"] {
        assert_eq!(problem(uri, Web, Production), Some(UriProblem::UserInfo), "{uri}");
    }
    for uri in [
        "https:rp.test/cb",
        "https:/rp.test/cb",
        "https:///rp.test/cb",
        "https://",
        "https://:443/",
        "https://rp.test:/",
        "https://rp.test:0/",
        "https://rp.test:65536/",
        "https://rp.test:4x/",
        "https://rp.test:+1/",
        "https://rp%2etest/",
        "https://rp..test/",
        "https://-rp.test/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://127.1/",
        "https://[::1/",
        "https://[]/",
        "https://[0:0:0:0:0:0:0:1]/",
        "https://[::1]x/",
        "https://rp.test./",
        "https://.rp.test/",
        "https://xn--a/",
        "https://256.256.256.256/",
        "https://rp,test/",
        "https://rp.test;x/",
    ] {
        assert_eq!(problem(uri, Web, Production), Some(UriProblem::Host), "{uri}");
    }
}

#[test]
fn paths_that_browsers_rewrite_are_refused_with_their_form() {
    let table = [
        ("https://rp.test/a/../cb", "https://rp.test/cb"),
        ("https://rp.test/./cb?x=1", "https://rp.test/cb?x=1"),
        ("https://rp.test/%2e%2E/cb", "https://rp.test/cb"),
        ("https://rp.test:8443/a/..", "https://rp.test:8443/"),
    ];
    for (uri, fixed) in table {
        let found = problem(uri, Web, Production).unwrap();
        assert_eq!(found, UriProblem::Rewritten(fixed.into()), "{uri}");
        assert_eq!(problem(fixed, Web, Production), None);
    }
    assert_eq!(problem("https://rp.test/..;/cb", Web, Production), None, "no dot segment");
}

#[test]
fn every_fix_can_be_registered_and_every_message_is_a_sentence() {
    for uri in [
        "rp.test/cb",
        "HTTPS://rp.test/cb",
        "http://rp.test/cb",
        "https://rp.test/#x",
        "//rp.test",
        "https://rp.test/a/../b",
        "http://rp.test:80/cb",
    ] {
        let found = problem(uri, Web, Production).unwrap();
        assert_eq!(problem(&found.fix().unwrap(), Web, Production), None, "{uri}");
    }
    for uri in ["", "x", "a:b", "https://rp.test/*", "https://a@b", "https://x y", "https://%"] {
        let message = problem(uri, Web, Production).unwrap().message();
        assert!(message.ends_with('.') && !message.to_lowercase().contains("invalid"), "{uri}");
    }
    assert_eq!(problem("https://rp.test/*", Web, Production).unwrap().fix(), None);
}

#[test]
fn accepted_addresses_mean_the_same_to_a_browser() {
    // Every byte at every place of a good address: either refused, or read by the URL parser of
    // browsers as the very same text, with the same host.
    let good = "https://rp.test:8443/a/cb?x=1";
    for at in 0..=good.len() {
        for byte in 0u8..128 {
            let mut uri = good.to_owned();
            uri.insert(at, char::from(byte));
            if check_registration(&uri, Web, Production).is_ok() {
                let parsed = url::Url::parse(&uri).unwrap();
                // Browsers write an empty path as / and, in a query, an apostrophe as %27.
                let (rootless, parsed_text) = (uri.replacen("/?", "?", 1), parsed.as_str());
                let parsed_text = parsed_text.replace("%27", "'").replacen("/?", "?", 1);
                let same = parsed_text.eq_ignore_ascii_case(&rootless);
                assert!(same, "{uri} is {parsed}");
                assert!(parsed.username().is_empty() && parsed.fragment().is_none());
            }
        }
    }
}

#[test]
fn other_addresses_of_an_application_obey_the_same_rules() {
    assert_eq!(check_web_uri("https://rp.test/bye", Web, Production), Ok(()));
    assert_eq!(check_web_uri("https://rp.test/bye", Machine, Production), Ok(()));
    assert!(check_web_uri("http://rp.test/bye", Web, Development).is_err());
    assert!(check_web_uri("javascript:x", Native, Development).is_err());
}
