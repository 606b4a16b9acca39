//! URLs judged from their text: the closed guard in every spelling, and what the allow-list opens.

use super::*;

fn closed() -> Policy {
    Policy::default()
}

fn open(allow: &[&str], dev: bool) -> Policy {
    let allow = allow.iter().map(|entry| AllowedHost::parse(entry).unwrap()).collect();
    Policy { allow, dev, ..Policy::default() }
}

fn code(policy: &Policy, url: &str) -> &'static str {
    Target::judge(policy, url).map_or_else(|error| error.code(), |_| "ok")
}

#[test]
fn ordinary_urls_pass() {
    for url in [
        "https://idp.example/.well-known/openid-configuration",
        "https://idp.example:8443/a?b=c%20d",
        "https://8.8.8.8/",
        "https://[2606:4700:4700::1111]/",
        "https://[64:ff9b::808:808]/",
        "https://bücher.example/",
        "HTTPS://IDP.EXAMPLE",
    ] {
        assert_eq!(code(&closed(), url), "ok", "{url}");
    }
}

#[test]
fn addresses_that_are_not_public_are_refused_in_every_spelling() {
    for host in [
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "0x7f000001",
        "0X7F.0.0.1",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "127.0.0.1.",
        "127。0。0。1",
        "１２７.0.0.1",
        "%31%32%37.0.0.1",
        "0",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[::ffff:0:127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:7f00:1::]",
        "[fd00::1]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[2001:db8::1]",
        "[fd00:ec2::254]",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "ⓛocalhost",
        "a.localhost",
        "a.localhost.",
    ] {
        for policy in [closed(), open(&["idp.test", "127.0.0.1:9000"], true)] {
            let url = format!("https://{host}/");
            assert_eq!(code(&policy, &url), "upstream_blocked", "{url}");
        }
    }
}

#[test]
fn other_urls_are_refused() {
    for url in [
        "http://idp.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/_x",
        "ftp://a.example/",
        "data:,x",
        "javascript:alert(1)",
        "ws://a.example/",
        "//idp.example/",
        "idp.example",
        "",
        "https://",
        "https:///",
        "https://user@idp.example/",
        "https://user:pass@idp.example/",
        "https://:pass@idp.example/",
        "https://idp.example/#f",
        "https://idp.example/#",
        "https://idp.example:22/",
        "https://idp.example:0/",
        "https://idp.example:25/",
        "https://idp.example:6379/",
        "https://idp.example:99999/",
        " https://idp.example/",
        "https://idp.example/\n",
        "ht\ntps://idp.example/",
        "https:\\\\idp.example\\",
        "https://idp.example\\@127.0.0.1/",
        "https://idp.example/\u{0}",
        "https://idp .example/",
        "https://[fe80::1%25eth0]/",
        "https://[::1",
        "https://256.1.1.1/",
        "https://1.2.3.4.5/",
    ] {
        assert_eq!(code(&closed(), url), "upstream_url", "{url:?}");
    }
    let long = format!("https://idp.example/{}", "a".repeat(5000));
    assert_eq!(code(&closed(), &long), "upstream_url");
}

#[test]
fn the_allow_list_opens_exactly_its_host_and_port() {
    let policy = open(&["127.0.0.1:9000", "[::1]:9000", "idp.test"], true);
    for url in [
        "http://127.0.0.1:9000/",
        "https://127.0.0.1:9000/",
        "http://[::1]:9000/",
        "http://idp.test/",
        "http://idp.test:8080/",
    ] {
        assert_eq!(code(&policy, url), "ok", "{url}");
        assert!(Target::judge(&policy, url).unwrap().allowed);
    }
    for url in ["https://127.0.0.1:9001/", "https://127.0.0.1/", "https://127.0.0.2:9000/"] {
        assert_eq!(code(&policy, url), "upstream_blocked", "{url}");
    }
    for url in ["http://other.test/", "http://127.0.0.1:9001/", "http://idp.test:22/"] {
        assert_eq!(code(&policy, url), "upstream_url", "{url}");
    }
    assert!(!Target::judge(&policy, "https://other.example/").unwrap().allowed);
    // An entry with a port has been thought about.
    assert_eq!(code(&open(&["idp.test:6379"], false), "https://idp.test:6379/"), "ok");
}

#[test]
fn plain_http_needs_development_and_the_allow_list() {
    assert_eq!(code(&open(&["idp.test"], false), "http://idp.test/"), "upstream_url");
    assert_eq!(code(&open(&["idp.test"], false), "https://idp.test/"), "ok");
    assert_eq!(code(&open(&[], true), "http://idp.test/"), "upstream_url");
}

#[test]
fn messages_name_the_host_and_the_cure() {
    let error =
        Target::judge(&closed(), "https://127.1:8443/secret?code=1").map(|_| ()).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("127.0.0.1:8443") && text.contains("loopback"), "{text}");
    assert!(text.contains("--allow-host") && !text.contains("secret"), "{text}");
}
