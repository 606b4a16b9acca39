//! Origins and form targets, also of texts that are no addresses: nothing of those may enter a
//! header.
//! The header itself is tested in `web`.

use super::super::*;

#[test]
fn origins_and_form_targets() {
    let table = [
        ("https://RP.test:443/cb", Some("https://rp.test"), "https://rp.test"),
        ("http://127.0.0.1:3000/cb", Some("http://127.0.0.1:3000"), "http://127.0.0.1:3000"),
        ("http://[::1]:3000/cb", Some("http://[::1]:3000"), "http:"),
        ("com.example.app:/cb", None, "com.example.app:"),
        ("javascript:x", None, "'none'"),
        ("data:x;script-src", None, "'none'"),
        ("blob:https://rp.test/x", None, "'none'"),
        ("no address; script-src *", None, "'none'"),
        ("", None, "'none'"),
    ];
    for (uri, origin, source) in table {
        assert_eq!(origin_of(uri).as_deref(), origin, "{uri}");
        assert_eq!(form_action_of(uri), source, "{uri}");
    }
}
