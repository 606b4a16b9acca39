//! The syntax of the allow-list, and what an entry covers.

use super::*;

fn host(text: &str) -> Host<String> {
    Host::parse(text).unwrap()
}

#[test]
fn entries_name_a_host_and_perhaps_a_port() {
    let covers = |entry: &str, name: &str, port| {
        AllowedHost::parse(entry).unwrap().covers(&host(name), port)
    };
    assert!(covers("idp.test", "idp.test", 443) && covers("idp.test", "idp.test", 8443));
    assert!(covers("IDP.test:8443", "idp.test", 8443));
    assert!(!covers("idp.test:8443", "idp.test", 443));
    assert!(!covers("idp.test", "sub.idp.test", 443));
    assert!(!covers("idp.test", "idp.test.", 443));
    assert!(!covers("idp.test", "idp.test.example", 443));
    assert!(covers("127.0.0.1:9000", "127.0.0.1", 9000));
    assert!(covers("127.0.0.1:9000", "0x7f.1", 9000));
    assert!(!covers("127.0.0.1:9000", "127.0.0.2", 9000));
    assert!(!covers("127.0.0.1:9000", "[::ffff:127.0.0.1]", 9000));
    assert!(covers("[::1]:9000", "[::1]", 9000));
    assert!(covers("[::1]", "[::1]", 1) && covers("::1", "[::1]", 2));
    assert!(!covers("127.0.0.1", "localhost", 80));
}

#[test]
fn other_texts_are_refused_in_words() {
    for text in [
        "",
        ":443",
        "*",
        "*.test",
        "idp.test:0",
        "idp.test:65536",
        "idp.test:+1",
        "idp.test:",
        "https://idp.test",
        "idp.test/path",
        "user@idp.test",
        "idp test",
        "[::1",
        "[::1]:x",
        "idp.test:443:443",
        "300.1.1.1",
        "idp,other",
    ] {
        let error = AllowedHost::parse(text).unwrap_err();
        assert!(error.contains("is not a"), "{text}: {error}");
    }
}
